//! Structured fields, as signatures read them.
//!
//! `sfv` parses; this keeps what it parsed. It differs from a general reader in one thing: a name that
//! appears twice is an error, where the specification lets the last one win. Two readers of one signature
//! must not have a choice.
//!
//! <https://www.rfc-editor.org/rfc/rfc8941>

use std::borrow::Cow;
use std::convert::Infallible;

use sfv::visitor::{DictionaryVisitor, EntryVisitor, InnerListVisitor, ItemVisitor, ParameterVisitor};
use sfv::{BareItemFromInput, KeyRef, Parser, Version};
use thiserror::Error;

/// The members of a dictionary, in their order, borrowed from the field.
pub(crate) fn dictionary(field: &str) -> Option<Vec<(&KeyRef, Member<'_>)>> {
    Parser::new(field)
        .with_version(Version::Rfc8941)
        .parse_dictionary_with_visitor(Dictionary(Vec::new()))
        .ok()
}

/// What stands behind a name in a dictionary.
pub(crate) enum Member<'a> {
    Item(Item<'a>),
    InnerList(InnerList<'a>),
}

/// A value with its parameters.
pub(crate) struct Item<'a> {
    pub(crate) value: BareItemFromInput<'a>,
    pub(crate) parameters: Parameters<'a>,
}

/// Values in parentheses, with the parameters of the whole.
pub(crate) struct InnerList<'a> {
    pub(crate) items: Vec<Item<'a>>,
    pub(crate) parameters: Parameters<'a>,
}

/// Parameters in their order; no name twice.
pub(crate) type Parameters<'a> = Vec<(&'a KeyRef, BareItemFromInput<'a>)>;

impl<'a> Member<'a> {
    /// The bytes, where the member is a byte sequence.
    pub(crate) fn into_bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Item(Item { value: BareItemFromInput::ByteSequence(bytes), .. }) => Some(bytes),
            _ => None,
        }
    }
}

impl<'a> InnerList<'a> {
    /// The value of a parameter of the list.
    pub(crate) fn parameter(&self, name: &str) -> Option<&BareItemFromInput<'a>> {
        self.parameters.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value)
    }
}

/// More members, items or parameters than any signature has. Names are compared with each other, so a
/// stranger's are counted first.
const MAX_LENGTH: usize = 64;

#[derive(Debug, Error)]
#[error("a name appears twice, or there are too many")]
struct Unreadable;

/// Whether one more of this name may follow those already there.
fn may_follow<T>(key: &KeyRef, seen: &[(&KeyRef, T)]) -> Result<(), Unreadable> {
    let fits = seen.len() < MAX_LENGTH && seen.iter().all(|(other, _)| *other != key);
    if fits { Ok(()) } else { Err(Unreadable) }
}

struct Dictionary<'a>(Vec<(&'a KeyRef, Member<'a>)>);

impl<'a> DictionaryVisitor<'a> for Dictionary<'a> {
    type Out = Vec<(&'a KeyRef, Member<'a>)>;
    type Error = Unreadable;

    fn entry(&mut self, key: &'a KeyRef) -> Result<impl EntryVisitor<'a>, Unreadable> {
        may_follow(key, &self.0)?;
        Ok(Entry { key, members: &mut self.0 })
    }

    fn finish(self) -> Result<Self::Out, Unreadable> {
        Ok(self.0)
    }
}

struct Entry<'v, 'a> {
    key: &'a KeyRef,
    members: &'v mut Vec<(&'a KeyRef, Member<'a>)>,
}

impl<'a> EntryVisitor<'a> for Entry<'_, 'a> {
    type Error = Infallible;

    fn item(self) -> Result<impl ItemVisitor<'a>, Infallible> {
        Ok(Value(move |item| self.members.push((self.key, Member::Item(item)))))
    }

    fn inner_list(self) -> Result<impl InnerListVisitor<'a>, Infallible> {
        Ok(List { entry: self, items: Vec::with_capacity(8) })
    }
}

struct List<'v, 'a> {
    entry: Entry<'v, 'a>,
    items: Vec<Item<'a>>,
}

impl<'a> InnerListVisitor<'a> for List<'_, 'a> {
    type Error = Unreadable;

    fn item(&mut self) -> Result<impl ItemVisitor<'a>, Unreadable> {
        if self.items.len() == MAX_LENGTH {
            return Err(Unreadable);
        }
        Ok(Value(|item| self.items.push(item)))
    }

    fn finish(self) -> Result<impl ParameterVisitor<'a>, Unreadable> {
        let Self { entry: Entry { key, members }, items } = self;
        let done = move |parameters| members.push((key, Member::InnerList(InnerList { items, parameters })));
        Ok(Tail { parameters: Vec::new(), done })
    }
}

/// Hands on an item when it is complete.
struct Value<F>(F);

impl<'a, F: FnOnce(Item<'a>)> ItemVisitor<'a> for Value<F> {
    type Out = ();
    type Error = Infallible;

    fn bare_item(
        self,
        value: BareItemFromInput<'a>,
    ) -> Result<impl ParameterVisitor<'a, Out = ()>, Infallible> {
        Ok(Tail { parameters: Vec::new(), done: move |parameters| (self.0)(Item { value, parameters }) })
    }
}

/// Hands on parameters when they are complete.
struct Tail<'a, F> {
    parameters: Parameters<'a>,
    done: F,
}

impl<'a, F: FnOnce(Parameters<'a>)> ParameterVisitor<'a> for Tail<'a, F> {
    type Out = ();
    type Error = Unreadable;

    fn parameter(&mut self, key: &'a KeyRef, value: BareItemFromInput<'a>) -> Result<(), Unreadable> {
        may_follow(key, &self.parameters)?;
        self.parameters.push((key, value));
        Ok(())
    }

    fn finish(self) -> Result<(), Unreadable> {
        (self.done)(self.parameters);
        Ok(())
    }
}

/// The lines of a field as one: what a list or dictionary over several lines means.
pub(crate) fn join<'a>(mut lines: impl Iterator<Item = &'a str>) -> Cow<'a, str> {
    let first = lines.next().unwrap_or_default();
    lines.fold(Cow::Borrowed(first), |joined, line| Cow::Owned(joined.into_owned() + ", " + line))
}

#[cfg(test)]
mod tests {
    use super::{Member, dictionary, join};

    #[test]
    fn a_dictionary_keeps_names_values_and_parameters_in_order() {
        let members = dictionary(r#"sig1=("@method" "date";bs);created=1;keyid="a", b=:AQI=:;x"#).unwrap();
        assert_eq!(members.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["sig1", "b"]);
        let Some((_, Member::InnerList(list))) = members.first() else { panic!("an inner list") };
        assert_eq!(list.items.len(), 2);
        assert_eq!(list.items[1].parameters[0].0.as_str(), "bs");
        assert_eq!(
            list.parameters.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
            ["created", "keyid"]
        );
        let (_, b) = members.into_iter().nth(1).unwrap();
        assert_eq!(b.into_bytes().unwrap(), [1, 2]);
    }

    #[test]
    fn no_name_may_appear_twice_anywhere() {
        for field in ["a=1, a=1", "a=();x=1;x=1", "a=(1;x;x)", "a=1;x;x", r#"a=("b"), a=("c")"#] {
            assert!(dictionary(field).is_none(), "{field}");
        }
    }

    #[test]
    fn everything_is_bounded() {
        let names = |count: usize| (0..count).map(|n| format!("a{n}")).collect::<Vec<_>>();
        for (longest, too_long) in [
            (names(64).join(", "), names(65).join(", ")),
            (format!("a=1;{}", names(64).join(";")), format!("a=1;{}", names(65).join(";"))),
            (format!("a=({})", names(64).join(" ")), format!("a=({})", names(65).join(" "))),
        ] {
            assert!(dictionary(&longest).is_some(), "{longest}");
            assert!(dictionary(&too_long).is_none(), "{too_long}");
        }
    }

    #[test]
    fn what_is_not_a_dictionary_is_none() {
        for field in ["a=", "a=(", "a=:AQ:x", "a=1,", "\"a\"=1", "a=\"\u{e9}\"", "A=1", "a=1 b=2", "a=@1"] {
            assert!(dictionary(field).is_none(), "{field}");
        }
        assert!(dictionary("").is_some_and(|members| members.is_empty()));
    }

    #[test]
    fn lines_are_joined_by_commas() {
        assert_eq!(join(["a=1"].into_iter()), "a=1");
        assert_eq!(join(["a=1", "b=2"].into_iter()), "a=1, b=2");
        assert_eq!(join([].into_iter()), "");
    }
}
