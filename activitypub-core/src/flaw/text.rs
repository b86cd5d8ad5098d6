//! Text: its languages, and characters that deceive. Activity Streams 2.0 §4.7, BCP 47, UTS #39.

use super::{Flaws, Node, Place, Rule, described, each, markup, quoted};
use crate::value::Value;
use crate::vocab::as2::Link;
use crate::vocab::mastodon::Emoji;

/// The texts of a document, and what each of them is.
const TEXTS: [(&str, &str, Kind); 5] = [
    ("name", "nameMap", Kind::Plain),
    ("preferredUsername", "preferredUsernameMap", Kind::Plain),
    ("summary", "summaryMap", Kind::Html),
    ("content", "contentMap", Kind::Html),
    // The text of a field of a profile.
    ("value", "valueMap", Kind::Html),
];

/// Marks on one letter before nobody can read it: no language needs half as many.
const MOST_MARKS: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Html,
}

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    for (term, map, kind) in TEXTS {
        if let Some((place, value)) = node.property(term) {
            check_text(node, &place, value, kind, flaws);
        }
        if let Some((place, value)) = node.property(map) {
            check_map(node, &place, map, value, kind, flaws);
        }
    }
    if let Some((place, Value::String(tag))) = node.property("hreflang")
        && !is_language(tag)
    {
        flaws.hint(
            &place,
            Rule::NaturalLanguage,
            format!("{} is no language tag; write one such as \"en\"", quoted(tag)),
        );
    }
    check_emoji(node, flaws);
}

fn check_text(node: &Node<'_>, place: &Place<'_>, value: &Value, kind: Kind, flaws: &mut Flaws) {
    for (place, value) in each(place, value) {
        if let Value::String(text) = value {
            check_characters(node, &place, text, kind, flaws);
        }
    }
}

fn check_map(node: &Node<'_>, place: &Place<'_>, map: &str, value: &Value, kind: Kind, flaws: &mut Flaws) {
    let Value::Object(texts) = value else {
        // Some languages have no maps without anything in them but empty arrays.
        if !matches!(value, Value::Array(values) if values.is_empty()) {
            let term = map.trim_end_matches("Map");
            let message =
                format!("{} is no text by language; write {{\"en\": …}}, or `{term}`", described(value));
            flaws.warning(place, Rule::NaturalLanguage, message);
        }
        return;
    };
    for (tag, text) in texts.members() {
        let place = place.member(tag);
        if !is_language(tag) {
            let message =
                format!("{} is no language tag of BCP 47; write one such as \"en\" or \"und\"", quoted(tag));
            flaws.warning(&place, Rule::NaturalLanguage, message);
        }
        match text {
            Value::String(text) => check_characters(node, &place, text, kind, flaws),
            Value::Null => {}
            other => {
                let message = format!("{} is no text, and nobody reads it; write one text", described(other));
                flaws.warning(&place, Rule::NaturalLanguage, message);
            }
        }
    }
}

fn check_characters(node: &Node<'_>, place: &Place<'_>, text: &str, kind: Kind, flaws: &mut Flaws) {
    if text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        flaws.warning(place, Rule::Lookalike, "there is a control character in this text; take it out");
    }
    if kind == Kind::Plain {
        if text.contains(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
            let message =
                "characters that turn the direction make this name look like another; take them out";
            flaws.warning(place, Rule::Lookalike, message);
        }
        if text.contains(['\u{200b}', '\u{2060}', '\u{feff}', '\u{ad}']) {
            flaws.hint(
                place,
                Rule::Lookalike,
                "there are characters in this name that nobody sees; take them out",
            );
        }
    }
    if most_marks(text) > MOST_MARKS {
        let message =
            format!("more than {MOST_MARKS} marks on one letter cover what stands around it; take them out");
        flaws.hint(place, Rule::Lookalike, message);
    }
    let is_html = match node.object.member("mediaType").and_then(Value::as_str) {
        Some(media_type) => media_type.starts_with("text/html"),
        None => node.term != "source",
    };
    if kind == Kind::Html && !is_html {
        return;
    }
    if let Some(what) = markup::what_acts(text) {
        let message = format!("{what} does something where it is shown; write text that does nothing");
        flaws.warning(place, Rule::Markup, message);
    } else if kind == Kind::Plain && !node.is::<Link>() && markup::has_elements(text) {
        flaws.hint(
            place,
            Rule::NaturalLanguage,
            "this text is plain, and its markup is shown as it stands; take it out",
        );
    }
}

/// The longest run of marks that stand on one letter.
fn most_marks(text: &str) -> usize {
    let (mut most, mut run) = (0, 0);
    for c in text.chars() {
        let is_mark = matches!(
            c,
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
                | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
        );
        run = if is_mark { run + 1 } else { 0 };
        most = most.max(run);
    }
    most
}

/// Whether a tag is well-formed, as BCP 47 calls it; nothing is looked up. `@none` is JSON-LD's.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-').peekable();
    let first = parts.next().unwrap_or_default();
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if matches!(first, "x" | "X" | "i" | "I") {
        return parts.peek().is_some() && parts.all(is_part);
    }
    if tag == "@none" {
        return true;
    }
    if !(2..=8).contains(&first.len()) || !first.bytes().all(|b| b.is_ascii_alphabetic()) {
        return false;
    }
    // Language and its extensions, script, region, variants, further extensions: in this order.
    let mut stage = 0;
    while let Some(part) = parts.next() {
        let letters = part.bytes().all(|b| b.is_ascii_alphabetic());
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        stage = match part.len() {
            1 if matches!(part, "x" | "X") => return parts.peek().is_some() && parts.all(is_part),
            1 => {
                let mut values = 0;
                while parts.next_if(|part| part.len() > 1 && is_part(part)).is_some() {
                    values += 1;
                }
                if values == 0 {
                    return false;
                }
                4
            }
            3 if stage == 0 && letters => 0,
            4 if stage < 1 && letters => 1,
            2 if stage < 2 && letters => 2,
            3 if stage < 2 && digits => 2,
            4 if stage < 4 && part.starts_with(|c: char| c.is_ascii_digit()) && is_part(part) => 3,
            5..=8 if stage < 4 && is_part(part) => 3,
            _ => return false,
        };
    }
    true
}

fn check_emoji(node: &Node<'_>, flaws: &mut Flaws) {
    if !node.is::<Emoji>() {
        return;
    }
    let Some((place, Value::String(name))) = node.property("name") else { return };
    let bare = name.trim_matches(':');
    // Some servers have hyphens, dots and letters of all languages in it, others the host that the emoji is
    // from.
    if bare.is_empty()
        || bare.contains(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.' | '+' | '@'))
    {
        let message = format!(
            "{} is no name of an emoji; write letters, digits and underscores between colons",
            quoted(name)
        );
        flaws.warning(&place, Rule::Emoji, message);
    } else if name.len() != bare.len() + 2 {
        flaws.hint(&place, Rule::Emoji, format!("an emoji is named with its colons: \":{bare}:\""));
    }
}

#[cfg(test)]
mod tests {
    use super::is_language;

    #[test]
    fn language_tags_are_well_formed() {
        for tag in [
            "en",
            "de-AT",
            "zh-Hans-CN",
            "und",
            "x-klingon",
            "i-default",
            "sl-rozaj-biske-1994",
            "@none",
            "yue",
            "es-419",
            "zh-cmn-Hans-CN",
            "en-u-ca-buddhist-x-a",
        ] {
            assert!(is_language(tag), "{tag}");
        }
        for tag in [
            "",
            "e",
            "en_US",
            "en-",
            "-en",
            "x",
            "english language",
            "12",
            "en-toolongsubtag",
            "@nil",
            "日本語",
            "de-419-DE",
            "en-u",
            "en-x",
            "en-US-Latn",
        ] {
            assert!(!is_language(tag), "{tag}");
        }
    }
}
