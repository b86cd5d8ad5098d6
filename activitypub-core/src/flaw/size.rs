//! How much there is of what makes work: recipients, tags, mentions, attachments, options, objects, text.
//! ActivityPub §B.4.

use super::{Flaws, Node, Rule};
use crate::item::Items;
use crate::value::Value;
use crate::vocab::as2::Mention;

/// The most there may be of what these properties hold together. The largest honest ones have a tenth of it.
const MOST: [(&str, &[&str], usize); 5] = [
    ("recipients", &["to", "cc", "bto", "bcc", "audience"], 1000),
    ("tags", &["tag"], 500),
    ("attachments", &["attachment"], 64),
    ("options", &["oneOf", "anyOf"], 64),
    ("objects", &["object"], 100),
];

/// The most people whom anybody means to mention; some servers drop what mentions more.
const MOST_MENTIONED: usize = 50;

/// The most bytes of one text, as the reader has it: 256 KiB.
const LONGEST_TEXT: usize = 256 << 10;

/// The most bytes of a text that is not for reading at length: 8 KiB.
const LONGEST_NAME: usize = 8 << 10;

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    for (what, terms, most) in MOST {
        let count: usize = terms.iter().map(|term| Items::new(node.object.member(term)).count()).sum();
        if count > most {
            let message = format!(
                "{count} {what} are more than anybody means; servers refuse what has more than {most}"
            );
            let place = terms.iter().find_map(|term| node.property(term)).map(|(place, _)| place);
            flaws.warning(&place.unwrap_or(node.place), Rule::Size, message);
        }
    }
    if let Some((place, tags)) = node.property("tag") {
        let mentioned = Items::new(Some(tags)).of::<Mention>().count();
        if mentioned >= MOST_MENTIONED {
            let message =
                format!("{mentioned} are mentioned; servers take it for spam from {MOST_MENTIONED} on");
            flaws.warning(&place, Rule::Size, message);
        }
    }
    for (name, value) in node.object.members() {
        let longest = if matches!(name, "name" | "preferredUsername") { LONGEST_NAME } else { LONGEST_TEXT };
        if let Value::String(text) = value
            && text.len() > longest
        {
            let message = format!("a text of {} bytes is not kept; the most is {longest}", text.len());
            flaws.warning(&node.place.member(name), Rule::Size, message);
        }
    }
}
