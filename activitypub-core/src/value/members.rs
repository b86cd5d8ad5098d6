//! [`Members`]: the properties of one object, in the order written.

use std::collections::HashSet;
use std::fmt;

use super::Value;
use super::names::{self, Known};
use crate::spelling;

/// The properties of one object, in the order written. No two have the same name, nor two spellings of one.
///
/// A boxed slice, exact in size: objects are read far more often than they are built.
#[derive(Clone, Default)]
#[expect(unnameable_types, reason = "inside a view, which derives a cast from it")]
pub struct Members(Box<[Member]>);

/// A property and its value.
#[derive(Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: Name,
    pub(crate) value: Value,
}

/// The name of a property, as written.
#[derive(Clone)]
pub(crate) enum Name {
    /// One of the list. Never held as `Other`.
    Known(&'static Known),
    Other(Box<str>),
}

impl Name {
    pub(crate) fn new(name: &str) -> Self {
        names::known(name).map_or_else(|| Self::Other(name.into()), Self::Known)
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Known(known) => known.name,
            Self::Other(name) => name,
        }
    }

    /// The known name that this is, or is a spelling of.
    pub(crate) fn term(&self) -> Option<&'static Known> {
        match self {
            Self::Known(known) => Some(known),
            Self::Other(name) => spelling::canonical(name),
        }
    }
}

impl Name {
    /// The known name that this is or spells, else what is written.
    pub(crate) fn term_or_written(&self) -> &str {
        self.term().map_or_else(|| self.as_str(), |known| known.name)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(one), Self::Known(other)) => one.index == other.index,
            (Self::Other(one), Self::Other(other)) => one == other,
            _ => false,
        }
    }
}

/// Two names in one object that are the same property.
pub(crate) struct Clash {
    pub(crate) first: Box<str>,
    pub(crate) again: Box<str>,
}

impl Members {
    /// The members of one object, unless two of them are the same property.
    pub(crate) fn new(members: Vec<Member>) -> Result<Self, Clash> {
        match clash(&members) {
            Some(clash) => Err(clash),
            None => Ok(Self(members.into_boxed_slice())),
        }
    }

    /// The members of one object, of those that are the same property only the first.
    pub(crate) fn first_of(mut members: Vec<Member>) -> Self {
        let mut seen = Seen::default();
        let mut others = HashSet::new();
        members.retain(|member| match (member.name.term(), &member.name) {
            (Some(known), _) => seen.insert(known),
            (None, Name::Other(name)) => others.insert(name.clone()),
            (None, Name::Known(_)) => true,
        });
        Self(members.into_boxed_slice())
    }

    /// The value of a property, by any of its spellings.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(self.position(name)?).map(|member| &member.value)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let at = self.position(name)?;
        self.0.get_mut(at).map(|member| &mut member.value)
    }

    /// Gives a property a value: in its place and spelling if it is there, else as the last one.
    pub(crate) fn insert(&mut self, name: &str, value: Value) {
        match self.get_mut(name) {
            Some(place) => *place = value,
            None => self.put(self.len(), name, value),
        }
    }

    /// Gives a property a value and makes it the first one, where readers expect `@context`.
    pub(crate) fn insert_first(&mut self, name: &str, value: Value) {
        self.remove(name);
        self.put(0, name, value);
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.position(name)?;
        let mut members = std::mem::take(self).into_vec();
        let removed = members.remove(at);
        self.0 = members.into_boxed_slice();
        Some(removed.value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|member| (member.name.as_str(), &member.value))
    }

    pub(crate) fn as_slice(&self) -> &[Member] {
        &self.0
    }

    pub(crate) fn into_vec(self) -> Vec<Member> {
        self.0.into_vec()
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str, &Value) -> bool) {
        let mut members = std::mem::take(self).into_vec();
        members.retain(|member| keep(member.name.as_str(), &member.value));
        self.0 = members.into_boxed_slice();
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|member| (member.name.as_str(), &mut member.value))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    fn put(&mut self, at: usize, name: &str, value: Value) {
        let mut members = std::mem::take(self).into_vec();
        members.reserve_exact(1);
        members.insert(at, Member { name: Name::new(name), value });
        self.0 = members.into_boxed_slice();
    }

    fn position(&self, name: &str) -> Option<usize> {
        match spelling::term(name) {
            Some(known) => self.position_of(known),
            None => self
                .0
                .iter()
                .position(|member| matches!(&member.name, Name::Other(other) if **other == *name)),
        }
    }

    /// Where a known name stands: nearly always as listed, or not at all. Other spellings are looked for last.
    fn position_of(&self, wanted: &Known) -> Option<usize> {
        let is = |known: &Known| known.index == wanted.index;
        let mut listed = true;
        for (at, member) in self.0.iter().enumerate() {
            match &member.name {
                Name::Known(known) if is(known) => return Some(at),
                Name::Known(_) => {}
                Name::Other(_) => listed = false,
            }
        }
        if listed { None } else { self.0.iter().position(|member| member.name.term().is_some_and(is)) }
    }
}

impl PartialEq for Members {
    /// Equal as JSON: names are compared as written, and their order does not count.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.0.iter().all(|member| other.0.contains(member))
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Which of the known names there are.
struct Seen([u64; names::COUNT.div_ceil(64)]);

impl Default for Seen {
    fn default() -> Self {
        Self([0; names::COUNT.div_ceil(64)])
    }
}

impl Seen {
    /// Adds a name; `false` if it was there.
    fn insert(&mut self, known: &Known) -> bool {
        let bit = 1 << (known.index % 64);
        let word = self.0.get_mut(known.index / 64);
        word.is_some_and(|word| std::mem::replace(word, *word | bit) & bit == 0)
    }
}

/// The first two members that are the same property, by name or by another spelling of it.
fn clash(members: &[Member]) -> Option<Clash> {
    let mut seen = Seen::default();
    let mut others = 0;
    for (at, member) in members.iter().enumerate() {
        others += usize::from(matches!(member.name, Name::Other(_)));
        let Some(known) = member.name.term() else { continue };
        if !seen.insert(known) {
            let same = |earlier: &&Member| earlier.name.term().is_some_and(|term| term.index == known.index);
            let first = members.iter().take(at).find(same)?;
            return Some(Clash { first: first.name.as_str().into(), again: member.name.as_str().into() });
        }
    }
    if others < 2 {
        return None;
    }
    let mut others: Vec<&str> = members
        .iter()
        .filter_map(|member| match &member.name {
            Name::Other(name) => Some(&**name),
            Name::Known(_) => None,
        })
        .collect();
    others.sort_unstable();
    let twice = others.array_windows().find_map(|[one, next]| (one == next).then_some(*one))?;
    Some(Clash { first: twice.into(), again: twice.into() })
}

#[cfg(test)]
mod tests {
    use super::{Clash, Member, Members, Name};
    use crate::value::Value;

    fn members(names: &[&str]) -> Result<Members, Clash> {
        Members::new(names.iter().map(|name| Member { name: Name::new(name), value: Value::Null }).collect())
    }

    fn names(members: &Members) -> Vec<&str> {
        members.iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_name_and_a_value_are_small() {
        assert_eq!(size_of::<Name>(), 16);
        assert_eq!(size_of::<Value>(), 24);
    }

    #[test]
    fn insertion_replaces_in_place_or_appends() {
        let mut object = Members::default();
        object.insert("a", Value::from(1));
        object.insert("actor", Value::from(2));
        object.insert("a", Value::from(3));
        object.insert_first("@context", Value::from(4));
        assert_eq!(names(&object), ["@context", "a", "actor"]);
        assert_eq!(object.get("a"), Some(&Value::from(3)));
        assert_eq!(object.remove("a"), Some(Value::from(3)));
        assert_eq!(object.remove("a"), None);
        assert_eq!(names(&object), ["@context", "actor"]);
    }

    #[test]
    fn every_spelling_finds_the_one_that_is_there() {
        let mut object = Members::default();
        object.insert("as:actor", Value::from(1));
        for spelling in ["actor", "as:actor", "https://www.w3.org/ns/activitystreams#actor"] {
            assert_eq!(object.get(spelling), Some(&Value::from(1)), "{spelling}");
        }
        object.insert("actor", Value::from(2));
        assert_eq!(names(&object), ["as:actor"], "the spelling stays as it came");
        assert_eq!(object.remove("actor"), Some(Value::from(2)));
    }

    #[test]
    fn a_property_stands_in_an_object_once() {
        assert!(members(&["id", "type", "x", "y"]).is_ok());
        assert!(members(&["schema:name", "name"]).is_ok(), "two properties");
        for twice in [&["id", "x", "id"][..], &["x", "y", "x"], &["@id", "id"], &["as:actor", "y", "actor"]] {
            let clash = members(twice).err();
            let clash = clash.as_ref().map(|clash| (&*clash.first, &*clash.again));
            assert_eq!(clash, twice.first().copied().zip(twice.last().copied()));
        }
    }

    #[test]
    fn of_what_stands_there_twice_the_first_is_kept() {
        for (all, kept) in [
            (&["id", "x", "@id", "y", "x"][..], &["id", "x", "y"][..]),
            (&["as:actor", "actor", "schema:name", "name"], &["as:actor", "schema:name", "name"]),
        ] {
            let member = |name: &&str| Member { name: Name::new(name), value: Value::Null };
            assert_eq!(names(&Members::first_of(all.iter().map(member).collect())), kept);
        }
    }

    #[test]
    fn equality_is_of_json() {
        let same = |one: &[&str], other: &[&str]| members(one).ok() == members(other).ok();
        assert!(same(&["id", "x"], &["x", "id"]));
        assert!(!same(&["id"], &["@id"]));
        assert!(!same(&["id", "x"], &["id", "y"]));
        assert!(!same(&["id"], &["id", "x"]));
    }
}
