//! What may stand in sanitized HTML: elements, attributes and their values.
//!
//! FEP-b2b8 (`content`) without its media, and what Mastodon lets through. Nothing here loads, runs, takes input, sits in
//! another namespace, or is read by any other rule of a parser than plain text is.
//!
//! <https://codeberg.org/fediverse/fep/src/branch/main/fep/b2b8/fep-b2b8.md>,
//! <https://docs.joinmastodon.org/spec/activitypub/#sanitization>

use std::borrow::Cow;

use super::tokens::Attributes;
use crate::Iri;

/// What an element is to the elements around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Part of a line.
    Inline,
    /// A link, in which there is no other.
    Link,
    /// A word with its reading.
    Ruby,
    /// The reading, which ends everything in its word before it.
    Reading,
    /// A line end.
    Break,
    /// Ends a paragraph, like all that follow.
    Paragraph,
    /// In a heading there is no other.
    Heading,
    List,
    /// Ends the item of the same list before it.
    Item,
    /// Lines of their own, as a part of something.
    Division,
    /// Lines of their own, set off from the rest.
    Block,
    /// As [`Kind::Block`], with every blank in it.
    Preformatted,
    /// A line across.
    Rule,
}

impl Kind {
    /// Whether it has neither content nor an end tag.
    pub(super) fn is_void(self) -> bool {
        matches!(self, Self::Break | Self::Rule)
    }

    /// Whether it is a part of a line.
    pub(super) fn is_inline(self) -> bool {
        matches!(self, Self::Inline | Self::Link | Self::Ruby | Self::Reading | Self::Break)
    }
}

/// An element that may stay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Element {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

/// The element of a name; `None` where its tags go and its content stays.
pub(super) fn element(name: &str) -> Option<Element> {
    let is_it = |known: &str| known.eq_ignore_ascii_case(name);
    let listed = ELEMENTS.iter().find(|(known, _)| is_it(known));
    let division = || DIVISIONS.iter().any(|known| is_it(known)).then_some(&("div", Kind::Division));
    listed.or_else(division).map(|&(name, kind)| Element { name, kind })
}

/// Whether the content of this element goes with it: no text, or none without what is made of it elsewhere.
pub(super) fn is_skipped(name: &str) -> bool {
    SKIPPED.iter().any(|known| known.eq_ignore_ascii_case(name))
}

const ELEMENTS: [(&str, Kind); 37] = [
    ("a", Kind::Link),
    ("b", Kind::Inline),
    ("bdi", Kind::Inline),
    ("blockquote", Kind::Block),
    ("br", Kind::Break),
    ("cite", Kind::Inline),
    ("code", Kind::Inline),
    ("del", Kind::Inline),
    ("div", Kind::Division),
    ("em", Kind::Inline),
    ("figcaption", Kind::Division),
    ("figure", Kind::Block),
    ("h1", Kind::Heading),
    ("h2", Kind::Heading),
    ("h3", Kind::Heading),
    ("h4", Kind::Heading),
    ("h5", Kind::Heading),
    ("h6", Kind::Heading),
    ("hr", Kind::Rule),
    ("i", Kind::Inline),
    ("ins", Kind::Inline),
    ("li", Kind::Item),
    ("ol", Kind::List),
    ("p", Kind::Paragraph),
    ("pre", Kind::Preformatted),
    ("q", Kind::Inline),
    ("rp", Kind::Reading),
    ("rt", Kind::Reading),
    ("ruby", Kind::Ruby),
    ("s", Kind::Inline),
    ("small", Kind::Inline),
    ("span", Kind::Inline),
    ("strong", Kind::Inline),
    ("sub", Kind::Inline),
    ("sup", Kind::Inline),
    ("u", Kind::Inline),
    ("ul", Kind::List),
];

/// Others that begin lines of their own.
const DIVISIONS: [&str; 25] = [
    "address", "article", "aside", "caption", "center", "dd", "details", "dl", "dt", "fieldset", "footer",
    "form", "header", "legend", "main", "nav", "option", "section", "summary", "table", "tbody", "td", "th",
    "thead", "tr",
];

const SKIPPED: [&str; 14] = [
    "audio", "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "style", "svg",
    "template", "textarea", "title", "video",
];

/// The classes that mean something between servers.
const CLASSES: [&str; 7] = ["ellipsis", "h-card", "hashtag", "invisible", "mention", "quote-inline", "u-url"];

/// A link of a stranger: not vouched for, and told neither where it was followed nor by which window.
pub(super) const REL: &str = "nofollow noopener noreferrer ugc";

/// The longest language tag that is kept, in bytes: RFC 5646 §4.4.1 recommends room for 35.
const LANGUAGE_LIMIT: usize = 35;

/// The attributes an element keeps, in the order in which they are written, with their values, not escaped. `None` where
/// the element is nothing without the one it lost: a link that leads nowhere.
pub(super) fn kept<'a>(
    element: Element,
    attributes: Attributes<'a>,
) -> Option<Vec<(&'static str, Cow<'a, str>)>> {
    let names: &[&'static str] = match element.name {
        "a" => &["href", "class", "dir", "lang", "translate"],
        "ol" => &["class", "dir", "lang", "reversed", "start", "translate"],
        "li" => &["class", "dir", "lang", "translate", "value"],
        _ => &["class", "dir", "lang", "translate"],
    };
    // One slot for each, so that a tag of a hundred thousand attributes costs no more than its length.
    let mut found = vec![None; names.len()];
    for (name, value) in attributes {
        let slot = names.iter().position(|known| known.eq_ignore_ascii_case(name));
        if let Some(slot) = slot.and_then(|at| found.get_mut(at)) {
            slot.get_or_insert(value);
        }
    }
    let kept: Vec<_> = std::iter::zip(names, found)
        .filter_map(|(&name, value)| Some((name, allowed(name, htmlize::unescape_attribute(value?))?)))
        .collect();
    let leads_nowhere = element.kind == Kind::Link && kept.first().is_none_or(|(name, _)| *name != "href");
    (!leads_nowhere).then_some(kept)
}

/// The value that an attribute may have in place of `value`.
fn allowed<'a>(name: &str, value: Cow<'a, str>) -> Option<Cow<'a, str>> {
    match name {
        "href" => link(value),
        "class" => classes(&value),
        "dir" => one_of(&["auto", "ltr", "rtl"], &value),
        "translate" => one_of(&["no"], &value),
        "reversed" => Some(Cow::Borrowed("")),
        "start" | "value" => value.parse().ok().map(|number: i32| Cow::Owned(number.to_string())),
        "lang" => {
            let is_tag = value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            (is_tag && !value.is_empty() && value.len() <= LANGUAGE_LIMIT).then_some(value)
        }
        _ => None,
    }
}

/// A link as written, if every reader sees the same web address in it.
fn link(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let trimmed = value.trim_ascii();
    Iri::new(trimmed).origin()?;
    if trimmed.contains(char::is_control) {
        return None;
    }
    Some(if trimmed.len() == value.len() { value } else { Cow::Owned(trimmed.to_owned()) })
}

fn classes(value: &str) -> Option<Cow<'static, str>> {
    let mut kept: Vec<&str> = Vec::new();
    for class in value.split_ascii_whitespace() {
        if let Some(&class) = CLASSES.iter().find(|&&known| known == class)
            && !kept.contains(&class)
        {
            kept.push(class);
        }
    }
    (!kept.is_empty()).then(|| Cow::Owned(kept.join(" ")))
}

fn one_of(known: &[&'static str], value: &str) -> Option<Cow<'static, str>> {
    known.iter().find(|known| known.eq_ignore_ascii_case(value)).map(|&known| Cow::Borrowed(known))
}
