//! Who an activity or object is for: ActivityPub §5.6 and §6.11, the spellings of Public, and `bto` and `bcc`.

use crate::iri::Iri;
use crate::item::Items;
use crate::value::Value;
use crate::view::As;
use crate::vocab;
use crate::vocab::as2::Object;

/// The collection that everybody is in. ActivityPub §5.6.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Whether an address is [`PUBLIC`], in any of the spellings that are to be treated alike.
pub fn is_public(address: &Iri) -> bool {
    matches!(address.as_str(), PUBLIC | "as:Public" | "Public")
}

/// How widely something may be shown, as its addressing says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Visibility {
    /// For everybody, and to be recommended: Public is in `to`.
    Public,
    /// For everybody who comes across it: Public is in `cc`.
    Unlisted,
    /// For the followers of its author: their collection is addressed, Public is not.
    Followers,
    /// For those who are named alone.
    Direct,
}

/// The addressing of an activity or object.
#[derive(Clone, Copy, Debug)]
pub struct Audience<'a> {
    object: &'a Object,
}

impl<'a> Audience<'a> {
    /// The addressing of `object`.
    pub fn of<K>(object: &'a As<K>) -> Self {
        Self { object: object.as_object() }
    }

    /// Every address in `to`, `cc`, `bto`, `bcc` and `audience`, as often as it stands there.
    pub fn addresses(self) -> impl Iterator<Item = &'a Iri> {
        ["to", "cc", "bto", "bcc", "audience"].into_iter().flat_map(move |term| self.in_term(term).ids())
    }

    /// How widely it may be shown, `followers` being the followers collection of its author.
    pub fn visibility(self, followers: Option<&Iri>) -> Visibility {
        if self.in_term("to").ids().any(is_public) {
            Visibility::Public
        } else if self.in_term("cc").ids().chain(self.in_term("audience").ids()).any(is_public) {
            Visibility::Unlisted
        } else if followers.is_some_and(|followers| self.addresses().any(|address| address == followers)) {
            Visibility::Followers
        } else {
            Visibility::Direct
        }
    }

    fn in_term(self, term: &str) -> Items<'a> {
        Items::new(self.object.member(term))
    }
}

impl<K> As<K> {
    /// Takes `bto` and `bcc` out, here and in every object inside, in whatever spelling: nobody but the
    /// author may see them. ActivityPub §6.
    pub fn strip_blind(&mut self) {
        strip(self.as_object_mut());
    }
}

fn strip(object: &mut Object) {
    let members = object.members_mut();
    members.retain(|name| !matches!(vocab::local_name(name), "bto" | "bcc"));
    for value in members.values_mut() {
        strip_value(value);
    }
}

fn strip_value(value: &mut Value) {
    match value {
        Value::Object(object) => strip(object),
        Value::Array(values) => values.iter_mut().for_each(strip_value),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Audience, PUBLIC, Visibility};
    use crate::iri::Iri;
    use crate::{Create, Note, Object};

    const FOLLOWERS: &str = "https://a.example/followers";

    #[test]
    fn visibility_follows_from_the_addressing() {
        let followers = Some(Iri::new(FOLLOWERS));
        for (to, cc, visibility) in [
            (PUBLIC, FOLLOWERS, Visibility::Public),
            ("as:Public", FOLLOWERS, Visibility::Public),
            (FOLLOWERS, PUBLIC, Visibility::Unlisted),
            (FOLLOWERS, "https://b.example/b", Visibility::Followers),
            ("https://b.example/b", "https://c.example/c", Visibility::Direct),
        ] {
            let note = Note::builder().to(to).cc(cc).build();
            assert_eq!(Audience::of(&note).visibility(followers), visibility, "{to} {cc}");
        }
    }

    #[test]
    fn blind_recipients_are_stripped_at_every_depth_in_every_spelling() {
        let mut object = Object::parse(
            br#"{"bto":"a","object":{"as:bcc":["a"],"x":[{"https://www.w3.org/ns/activitystreams#bto":"a"}]}}"#,
        )
        .unwrap();
        object.strip_blind();
        assert_eq!(object.to_string(), r#"{"object":{"x":[{}]}}"#);
        let mut create =
            Create::builder().bcc("https://b.example/b").object(Note::builder().bto("x")).build();
        create.strip_blind();
        assert!(create.bcc().is_empty());
    }
}
