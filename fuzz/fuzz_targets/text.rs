//! Natural language: a first line with a language tag, then a document. Its texts read as a simple reading of
//! Activity Streams 2.0 §4.7 has them.

#![no_main]

use activitypub_core::{Note, Object, TextRef, Typed, UntrustedHtml, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some(end) = input.iter().position(|byte| *byte == b'\n') else { return };
    let (tag, document) = (&input[..end], &input[end + 1..]);
    let (Ok(tag), Ok(object)) = (str::from_utf8(tag), Object::parse(document)) else { return };
    let note = Note::of(&object);
    let (name, content) = (note.name(), note.content());
    agree(&name, name.as_str(), &Texts::of(&object, "name"), tag, |text| text);
    let as_html = content.as_html().map(UntrustedHtml::as_untrusted_str);
    agree(&content, as_html, &Texts::of(&object, "content"), tag, UntrustedHtml::as_untrusted_str);
    content.as_html().into_iter().chain(content.languages().map(|(_, html)| html)).for_each(html);
});

/// What must hold of all HTML of strangers.
fn html(html: &UntrustedHtml) {
    assert_eq!(UntrustedHtml::new(html.as_untrusted_str()), html, "kept as it came");
    let clean = html.sanitize().into_string();
    assert!(clean.len() <= 6 * html.len(), "{} bytes became {clean:?}", html.len());
    assert_eq!(UntrustedHtml::new(&clean).sanitize().as_str(), clean, "what is clean stays as it is");
    // Every tag was written by the library, so none is of any other element, and every `<` begins one.
    for tag in clean.split('<').skip(1) {
        let name = tag.trim_start_matches('/').split([' ', '>']).next();
        assert!(name.is_some_and(|name| ELEMENTS.contains(&name)), "{tag:?} in {clean:?}");
    }
    _ = html.to_plain_text();
}

/// The elements that may stand in a page.
const ELEMENTS: [&str; 37] = [
    "a",
    "b",
    "bdi",
    "blockquote",
    "br",
    "cite",
    "code",
    "del",
    "div",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
];

fn agree<T: ?Sized>(
    ours: &TextRef<'_, T>,
    first: Option<&str>,
    simple: &Texts<'_>,
    tag: &str,
    read: fn(&T) -> &str,
) {
    assert_eq!(first, simple.first());
    assert_eq!(ours.in_language(tag).map(read), simple.in_language(tag), "in {tag:?}");
    let languages: Vec<_> = ours.languages().map(|(language, text)| (language, read(text))).collect();
    assert_eq!(languages, simple.by_language);
}

/// The texts of a property, read in the simplest way.
struct Texts<'a> {
    plain: Vec<&'a str>,
    by_language: Vec<(&'a str, &'a str)>,
}

impl<'a> Texts<'a> {
    fn of(object: &'a Object, name: &str) -> Self {
        let plain = member(object, name).map_or_else(Vec::new, values);
        let mut by_language = Vec::new();
        if let Some(Value::Object(map)) = member(object, &format!("{name}Map")) {
            for (language, value) in map.members() {
                by_language.extend(values(value).into_iter().find_map(text).map(|text| (language, text)));
            }
        }
        for literal in plain.iter().filter_map(|value| value.as_object()) {
            let language = literal.member("@language").and_then(Value::as_str);
            let value = literal.member("@value").and_then(Value::as_str);
            by_language.extend(language.zip(value));
        }
        Self { plain: plain.into_iter().filter_map(text).collect(), by_language }
    }

    fn first(&self) -> Option<&'a str> {
        self.plain.first().copied().or_else(|| Some(self.by_language.first()?.1))
    }

    /// RFC 4647 §3.4, without what it says of extensions of one letter, which end no tag.
    fn in_language(&self, tag: &str) -> Option<&'a str> {
        let parts: Vec<&str> = tag.split('-').collect();
        (1..=parts.len()).rev().map(|count| parts[..count].join("-")).find_map(|range| {
            let found = self.by_language.iter().find(|(language, _)| language.eq_ignore_ascii_case(&range));
            found.map(|(_, text)| *text)
        })
    }
}

/// The one member that has this name in one of its spellings.
fn member<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    let prefixes =
        ["", "as:", "https://www.w3.org/ns/activitystreams#", "http://www.w3.org/ns/activitystreams#"];
    let spellings = prefixes.map(|prefix| format!("{prefix}{name}"));
    object
        .members()
        .find(|(name, _)| spellings.iter().any(|spelling| spelling == name))
        .map(|(_, value)| value)
}

/// Several values, or one; of a list or set what is in it.
fn values(value: &Value) -> Vec<&Value> {
    let listed = match value {
        Value::Object(object) => list(object),
        Value::Array(several) => match several.as_slice() {
            [Value::Object(only)] => list(only),
            _ => None,
        },
        _ => None,
    };
    match (listed, value) {
        (Some(inside), _) => values(inside),
        (None, Value::Null) => Vec::new(),
        (None, Value::Array(several)) => several.iter().collect(),
        (None, value) => vec![value],
    }
}

fn list(object: &Object) -> Option<&Value> {
    let held = ["@list", "@set"].into_iter().find(|name| object.member(name).is_some())?;
    let alone = object.members().all(|(name, _)| name == held || name == "@index");
    object.member(held).filter(|_| alone)
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(object) => object.member("@value")?.as_str(),
        _ => None,
    }
}
