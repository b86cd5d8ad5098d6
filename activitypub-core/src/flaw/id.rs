//! Ids and other IRIs: what each of them says about whose it is. Activity Streams 2.0 §4.1, RFC 3986.

use super::{Flaws, Node, Place, Rule, Severity, described, each, host, markup, quoted};
use crate::audience::is_public;
use crate::iri::Iri;
use crate::value::Value;
use crate::vocab::Terms;

/// The most bytes of an id that databases keep.
const LONGEST: usize = 2048;

/// Schemes in which no server says anything: the text itself is what it leads to, or a file of the reader.
pub(super) const ACTING: [&str; 6] = ["javascript", "vbscript", "data", "blob", "file", "about"];

/// Properties that refer to something by their shape, and hold plain words: the source of a text as some
/// servers write it, and how two are related.
const IN_WORDS: [&str; 2] = ["source", "relationship"];

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    if let Some((place, id)) = node.property("id") {
        match id.as_str() {
            Some(id) => check_id(&place, id, flaws),
            None => {
                let message = format!("{} is no id; write one absolute URL, as a text", described(id));
                flaws.warning(&place, Rule::Id, message);
            }
        }
    }
    let terms = Terms::of(node.object, node.vocabularies);
    for (name, value) in node.object.members() {
        if !terms.get(name).is_some_and(|row| row.is_reference && !IN_WORDS.contains(&row.term.name)) {
            continue;
        }
        let place = node.place.member(name);
        for (place, value) in each(&place, value) {
            if let Value::String(iri) = value {
                check_reference(&place, iri, flaws);
            }
        }
    }
}

fn check_id(place: &Place<'_>, id: &str, flaws: &mut Flaws) {
    if check_authority(place, id, true, flaws) {
        return;
    }
    match scheme(id) {
        None => {
            let message =
                format!("{} is no absolute URL, and so names nothing; begin with https://", described_id(id));
            flaws.warning(place, Rule::Id, message);
        }
        Some("ap" | "ap+ef61") => {}
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => {}
        Some(scheme) if is_web(scheme) => {
            flaws.hint(
                place,
                Rule::Plaintext,
                "over http, anybody on the way can answer for this id; use https",
            );
        }
        Some(scheme) => {
            let message = format!("many servers take no id with the scheme {}; use https", quoted(scheme));
            flaws.warning(place, Rule::Plaintext, message);
        }
    }
    if id.len() > LONGEST {
        let message = format!("an id of {} bytes is too long; the most is {LONGEST}", id.len());
        flaws.warning(place, Rule::LongId, message);
    }
    if id.contains([' ', '"', '<', '>', '`', '\\']) {
        let message = format!(
            "there is a blank, quotation mark, angle bracket or backslash in {}; encode it",
            quoted(id)
        );
        flaws.warning(place, Rule::LongId, message);
    }
    if let Some(message) = host::misspelling(id) {
        flaws.warning(place, Rule::Host, message);
    }
    if let Some(message) = host::lookalike(id) {
        flaws.warning(place, Rule::Lookalike, message);
    }
}

fn check_reference(place: &Place<'_>, iri: &str, flaws: &mut Flaws) {
    if is_public(Iri::new(iri)) || check_authority(place, iri, false, flaws) {
        return;
    }
    if scheme(iri).is_none() {
        let message =
            format!("{} is no absolute URL, and leads nowhere; begin with https://", described_id(iri));
        flaws.warning(place, Rule::Relative, message);
    }
}

/// What makes an IRI deceive who reads it; whether there was such a thing. What is only pointed at may be a
/// picture that stands in its own URL, or a link for a page.
fn check_authority(place: &Place<'_>, iri: &str, is_id: bool, flaws: &mut Flaws) -> bool {
    let scheme = scheme(iri).unwrap_or_default();
    if ACTING.iter().any(|acting| acting.eq_ignore_ascii_case(scheme)) {
        let is_picture = iri.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("data:image/"));
        let (rule, severity) = match () {
            () if is_id => (Rule::DeceptiveId, Severity::Danger),
            () if is_picture => (Rule::Markup, Severity::Hint),
            () if markup::acts(iri) => (Rule::Markup, Severity::Warning),
            () => (Rule::DeceptiveId, Severity::Warning),
        };
        let message =
            format!("no server stands behind {}; write the https URL of what is meant", quoted(iri));
        flaws.add(place, rule, severity, message);
        return true;
    }
    let is_web = is_web(scheme);
    let rest = iri.get(scheme.len() + 1..).unwrap_or_default();
    let deceit = if !scheme.is_empty() && iri.contains(char::is_control) {
        "a control character"
    } else if authority(iri).contains('\\') {
        "a backslash before the host's end"
    } else if is_web && authority(iri).contains('@') {
        "something before an `@`, which is not the host,"
    } else if is_web && !rest.starts_with("//") && !rest.starts_with(':') {
        "no `//` before the host"
    } else {
        return false;
    };
    let message = format!(
        "there is {deceit} in {}: readers disagree about whose it is; write the plain URL",
        quoted(iri)
    );
    flaws.danger(place, Rule::DeceptiveId, message);
    true
}

/// The scheme of an absolute IRI.
pub(super) fn scheme(iri: &str) -> Option<&str> {
    let (scheme, rest) = iri.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    (is_scheme && !rest.is_empty()).then_some(scheme)
}

/// Whether a scheme is that of a server's documents.
pub(super) fn is_web(scheme: &str) -> bool {
    ["https", "http"].iter().any(|web| web.eq_ignore_ascii_case(scheme))
}

/// What stands between `//` and the path.
pub(super) fn authority(iri: &str) -> &str {
    let rest = iri.split_once("//").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn described_id(id: &str) -> String {
    if id.is_empty() { "an empty text".to_owned() } else { quoted(id) }
}

#[cfg(test)]
mod tests {
    use super::{authority, scheme};

    #[test]
    fn schemes_and_authorities_are_told_from_what_looks_like_them() {
        for (iri, expected) in [
            ("https://a.example/", Some("https")),
            ("did:key:z6Mk", Some("did")),
            ("http+unix://x", Some("http+unix")),
            ("//a.example", None),
            ("/users/ada", None),
            ("users/a:b", None),
            ("https:", None),
            ("_:b0", None),
            ("", None),
        ] {
            assert_eq!(scheme(iri), expected, "{iri}");
        }
        assert_eq!(authority("https://a.example:1/x//y@z"), "a.example:1");
        assert_eq!(authority(r"https://a.example\@b.example/x"), r"a.example\@b.example");
        assert_eq!(authority("tag:a@b.example,2025:x"), "");
    }
}
