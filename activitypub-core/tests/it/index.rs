//! What the index of the real documents says of each, read through the views: its kind, its principal properties,
//! and the forms it was collected for. A naive reading of the same JSON is the judge.

use std::collections::BTreeMap;
use std::fs;

use activitypub_core::{
    Activity, Actor, Html, Item, Items, Object, Parsed, TextRef, UntrustedHtml, is_public,
};
use serde_json::Value as Json;

use crate::corpus::{documents, shared};

/// A line of the index.
struct Line {
    path: String,
    kind: String,
    notes: Vec<String>,
}

fn index() -> Vec<Line> {
    let Some(shared) = shared() else { return Vec::new() };
    let index = fs::read_to_string(shared.join("corpus/INDEX.tsv")).unwrap();
    let line = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let notes = fields[7].split("; ").map(|note| note.trim().to_owned()).collect();
        Line { path: fields[0].to_owned(), kind: fields[2].to_owned(), notes }
    };
    index.lines().skip(1).map(line).collect()
}

/// Every document that the index names and that is read, with its JSON.
fn indexed() -> Vec<(Line, Parsed, Json)> {
    let mut documents = documents();
    let read = |line: Line| {
        let bytes = documents.remove(&line.path)?;
        let json = serde_json::from_slice(&bytes).unwrap();
        Some((line, Parsed::parse(bytes).ok()?, json))
    };
    index().into_iter().filter_map(read).collect()
}

/// `create-note` of a Create of a Note.
fn kind(object: &Object) -> String {
    let names: Vec<String> = object.types().take(2).map(kebab).collect();
    let inner = Activity::object(typed(object)).first().and_then(Item::object);
    let inner = inner.filter(|inner| inner.types().next().is_some()).map(kind);
    match names.is_empty() {
        true => "untyped".to_owned(),
        false => names.into_iter().chain(inner).collect::<Vec<_>>().join("-"),
    }
}

/// `CollectionPage` as `collection-page`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for character in name.rsplit(['#', '/', ':']).next().unwrap_or(name).chars() {
        if character.is_uppercase()
            && out.ends_with(|before: char| before.is_lowercase() || before.is_numeric())
        {
            out.push('-');
        }
        out.extend(character.to_lowercase());
    }
    out
}

fn typed<V: activitypub_core::Typed>(object: &Object) -> &V {
    V::of(object)
}

#[test]
fn every_document_is_of_the_kind_that_its_index_says() {
    let mut systems: BTreeMap<String, usize> = BTreeMap::new();
    for (line, parsed, _) in indexed() {
        let (read, expected) = (kind(&parsed), line.kind.trim_start_matches("as-"));
        // The index names the embedded object only of some.
        let is_said = read == expected || read.starts_with(&format!("{expected}-"));
        assert!(is_said || expected.ends_with(&read), "{}: {read}, not {expected}", line.path);
        let system = line.path.split('/').next().unwrap().to_owned();
        *systems.entry(system).or_default() += 1;
        for name in parsed.types() {
            let known = format!("{:?}", activitypub_core::Any::from(&*parsed));
            if activitypub_core::vocab::as2::VOCABULARY
                .types
                .iter()
                .any(|of| of.name == name && !of.is_abstract)
            {
                assert!(!known.starts_with("Other"), "{}: {name} is cast to {known}", line.path);
            }
        }
    }
    let counts: Vec<String> = systems.iter().map(|(system, count)| format!("{system} {count}")).collect();
    println!("{} documents are of their kind: {}", systems.values().sum::<usize>(), counts.join(", "));
}

/// Every object in a document with the same in JSON, from the outside in.
fn objects<'a>(object: &'a Object, json: &'a Json, found: &mut Vec<(&'a Object, &'a Json)>) {
    found.push((object, json));
    for (name, value) in object.members().filter(|(name, _)| *name != "@context") {
        inside(value, &json[name], found);
    }
}

fn inside<'a>(value: &'a activitypub_core::Value, json: &'a Json, found: &mut Vec<(&'a Object, &'a Json)>) {
    match value {
        activitypub_core::Value::Object(object) => objects(object, json, found),
        activitypub_core::Value::Array(values) => {
            values.iter().zip(json.as_array().unwrap()).for_each(|(value, json)| inside(value, json, found));
        }
        _ => {}
    }
}

/// The values of a property, read as simply as can be: under its own name only.
fn naive<'a>(json: &'a Json, name: &str) -> Vec<&'a Json> {
    match &json[name] {
        Json::Null => Vec::new(),
        Json::Array(values) => values.iter().filter(|value| !value.is_null()).collect(),
        value => vec![value],
    }
}

fn naive_ids(json: &Json, name: &str) -> Vec<String> {
    let id = |value: &&Json| value.as_str().or_else(|| value["id"].as_str()).map(str::to_owned);
    naive(json, name).iter().filter_map(id).collect()
}

fn ids(items: &Items<'_>) -> Vec<String> {
    items.ids().map(ToString::to_string).collect()
}

#[test]
fn the_principal_properties_of_every_object_read_as_a_naive_reader_reads_them() {
    let mut compared = 0;
    for (line, parsed, json) in indexed() {
        let mut found = Vec::new();
        objects(&parsed, &json, &mut found);
        for (object, json) in found {
            let is_expanded = json.as_object().unwrap().keys().any(|name| name.contains([':', '@']));
            if is_expanded {
                continue;
            }
            compared += 1;
            let path = &line.path;
            assert_eq!(object.id().map(|id| id.as_str()), json["id"].as_str(), "{path}: id");
            let types: Vec<&str> = naive(json, "type").iter().filter_map(|name| name.as_str()).collect();
            assert_eq!(object.types().collect::<Vec<_>>(), types, "{path}: type");
            let activity: &Activity = typed(object);
            let actor: &Actor = typed(object);
            for (name, items) in [
                ("actor", activity.actor()),
                ("object", activity.object()),
                ("target", activity.target()),
                ("attributedTo", object.attributed_to()),
                ("to", object.to()),
                ("cc", object.cc()),
                ("audience", object.audience()),
                ("inReplyTo", object.in_reply_to()),
                ("context", object.context()),
                ("attachment", object.attachment()),
                ("tag", object.tag()),
                ("icon", object.icon()),
                ("image", object.image()),
                ("alsoKnownAs", actor.also_known_as()),
            ] {
                assert_eq!(ids(&items), naive_ids(json, name), "{path}: {name}");
                assert_eq!(items.count(), naive(json, name).len(), "{path}: {name}");
            }
            let hrefs: Vec<&str> = object.url().filter_map(Item::href).map(|href| href.as_str()).collect();
            let url = naive(json, "url");
            let theirs: Vec<&str> =
                url.iter().filter_map(|value| value.as_str().or_else(|| value["href"].as_str())).collect();
            assert_eq!(hrefs, theirs, "{path}: url");
            for (name, text) in [("content", object.content()), ("summary", object.summary())] {
                same_text(path, name, text, json);
            }
            let name = object.name().as_str();
            assert!(name.is_none() || name == first_text(json, "name"), "{path}: name");
            for (term, time) in [
                ("published", object.published()),
                ("updated", object.updated()),
                ("startTime", object.start_time()),
                ("endTime", object.end_time()),
            ] {
                let written = json[term].as_str();
                assert!(time.is_some() || !written.is_some_and(is_rfc3339), "{path}: {term} {written:?}");
                let is_digit = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
                assert!(time.is_none() || written.is_some_and(is_digit), "{path}: {term} {written:?}");
            }
        }
    }
    println!("{compared} objects read as they are");
}

fn first_text<'a>(json: &'a Json, name: &str) -> Option<&'a str> {
    let of_map = || json[format!("{name}Map")].as_object()?.values().find_map(Json::as_str);
    naive(json, name).iter().find_map(|value| value.as_str()).or_else(of_map)
}

fn same_text(path: &str, name: &str, text: TextRef<'_, UntrustedHtml>, json: &Json) {
    let ours = text.as_html().map(UntrustedHtml::as_untrusted_str);
    // `serde_json` forgets in which order the languages stand.
    if naive(json, name).is_empty() {
        assert_eq!(ours.is_some(), first_text(json, name).is_some(), "{path}: {name}");
    } else {
        assert_eq!(ours, first_text(json, name), "{path}: {name}");
    }
    if let Some(map) = json[format!("{name}Map")].as_object() {
        for (language, expected) in map {
            let ours = text.in_language(language).map(UntrustedHtml::as_untrusted_str);
            assert_eq!(ours, expected.as_str(), "{path}: {name} in {language}");
        }
    }
}

/// Whether a text is a date and time of RFC 3339 with an offset, by the places of its marks.
fn is_rfc3339(text: &str) -> bool {
    let (Some(date), Some(rest)) = (text.get(..10), text.get(10..)) else { return false };
    let marks = |text: &str, format: &str| {
        text.len() >= format.len()
            && text
                .bytes()
                .zip(format.bytes())
                .all(|(byte, mark)| if mark == b'0' { byte.is_ascii_digit() } else { byte == mark })
    };
    let offset =
        rest.trim_start_matches(|character: char| character.is_ascii_digit() || "T:.".contains(character));
    marks(date, "0000-00-00")
        && !date.contains("-00")
        && marks(rest, "T00:00")
        && (offset == "Z" || marks(offset, "+00:00"))
}

/// The forms that the index names, and what a document with one must read as: `None` where it says nothing about
/// an object.
#[expect(clippy::type_complexity, reason = "a table")]
const FORMS: &[(&str, fn(&Object, &Json) -> bool)] = &[
    ("to is a string", |object, json| json["to"].is_string() && object.to().only().is_some()),
    ("cc is a string", |object, json| json["cc"].is_string() && object.cc().only().is_some()),
    ("audience is a string", |object, json| {
        json["audience"].is_string() && object.audience().only().is_some()
    }),
    ("tag is an object not array", |object, json| {
        json["tag"].is_object() && object.tag().objects().count() == 1
    }),
    ("attachment is an object not array", |object, json| {
        json["attachment"].is_object()
            && object.attachment().count() == json["attachment"]["@set"].as_array().map_or(1, Vec::len)
    }),
    ("icon is an array", |object, json| {
        json["icon"].is_array() && object.icon().count() == naive(json, "icon").len()
    }),
    ("image is an array", |object, json| {
        json["image"].is_array() && object.image().count() == naive(json, "image").len()
    }),
    ("image is a bare IRI", |object, json| {
        json["image"].is_string() && object.image().first().unwrap().href().is_some()
    }),
    ("image is null", |object, json| {
        json.get("image").is_some_and(Json::is_null) && object.image().is_empty()
    }),
    ("url is an array of Links", |object, json| {
        json["url"].is_array() && object.url().filter_map(Item::href).count() > 0
    }),
    ("url is an object", |object, json| json["url"].is_object() && object.url().only().is_some()),
    ("url is an array", |object, json| json["url"].is_array() && !object.url().is_empty()),
    ("attributedTo is an array", |object, json| {
        json["attributedTo"].is_array() && !object.attributed_to().is_empty()
    }),
    ("attributedTo is inline object", |object, json| {
        json["attributedTo"].is_object() && object.attributed_to().only().is_some()
    }),
    ("inReplyTo is inline object", |object, json| {
        json["inReplyTo"].is_object() && object.in_reply_to().objects().count() == 1
    }),
    ("actor is inline object", |object, json| {
        json["actor"].is_object() && typed::<Activity>(object).actor().objects().count() == 1
    }),
    ("object is an array", |object, json| {
        json["object"].is_array() && typed::<Activity>(object).object().count() == naive(json, "object").len()
    }),
    ("replies is an array", |object, json| json["replies"].is_array() == object.member("replies").is_some()),
    ("type is an array", |object, json| {
        json["type"].is_array() && object.types().count() == naive(json, "type").len()
    }),
    ("@type used", |object, json| {
        json["@type"].is_string() && object.types().count() == 1
            || json["@type"].is_array() && object.types().next().is_some()
    }),
    ("@id used", |object, json| {
        json["@id"].is_string() && object.id().unwrap() == json["@id"].as_str().unwrap()
    }),
    ("summary is null", |object, json| {
        json.get("summary").is_some_and(Json::is_null) && object.summary().as_html().is_none()
    }),
    ("content is null", |object, json| {
        json.get("content").is_some_and(Json::is_null) && object.get(CONTENT).languages().next().is_none()
    }),
    ("name is null", |object, json| {
        json.get("name").is_some_and(Json::is_null) && object.name().as_str().is_none()
    }),
    ("contentMap", |object, json| {
        languages(json, "contentMap") == Some(object.content().languages().count())
    }),
    ("nameMap", |object, json| languages(json, "nameMap") == Some(object.name().languages().count())),
    ("contentMap without content", |object, json| {
        json["contentMap"].is_object()
            && json.get("content").is_none()
            && object.content().as_html().is_some()
    }),
    ("bare Public / as:Public", |object, json| {
        let bare = |name: &str| {
            naive(json, name)
                .iter()
                .any(|value| value.as_str().is_some_and(|value| matches!(value, "Public" | "as:Public")))
        };
        (bare("to") && object.to().ids().any(is_public)) || (bare("cc") && object.cc().ids().any(is_public))
    }),
    ("published milliseconds", |object, json| {
        has_fraction(json, "published") && object.published().is_some()
    }),
    ("published microseconds", |object, json| {
        has_fraction(json, "published") && object.published().is_some()
    }),
    ("published with numeric offset", |object, json| {
        has_offset(json, "published") && object.published().is_some()
    }),
    ("updated milliseconds", |object, json| has_fraction(json, "updated") && object.updated().is_some()),
    ("updated microseconds", |object, json| has_fraction(json, "updated") && object.updated().is_some()),
    ("updated with numeric offset", |object, json| has_offset(json, "updated") && object.updated().is_some()),
    ("startTime with numeric offset", |object, json| {
        has_offset(json, "startTime") && object.start_time().is_some()
    }),
    ("endTime with numeric offset", |object, json| {
        has_offset(json, "endTime") && object.end_time().is_some()
    }),
    ("source", |object, json| {
        json.get("source").is_some_and(|source| source.is_null() == object.source().is_none())
    }),
    ("formerType", |object, json| {
        json["formerType"].is_string() && typed::<activitypub_core::Tombstone>(object).former_type().is_some()
    }),
    ("alsoKnownAs", |object, json| {
        json.get("alsoKnownAs").is_some()
            && typed::<Actor>(object).also_known_as().count() == naive(json, "alsoKnownAs").len()
    }),
    ("movedTo", |object, json| json["movedTo"].is_string() && typed::<Actor>(object).moved_to().is_some()),
    ("assertionMethod", |object, json| {
        !json["assertionMethod"].is_null() && !typed::<Actor>(object).assertion_method().is_empty()
    }),
    ("publicKey is an array", |object, json| {
        json["publicKey"].is_array() && !typed::<Actor>(object).public_key().is_empty()
    }),
    ("quote", |object, json| !json["quote"].is_null() && object.quote().is_some()),
    ("quoteUrl", |object, json| !json["quoteUrl"].is_null() && object.quote().is_some()),
    ("quoteUri", |object, json| !json["quoteUri"].is_null() && object.quote().is_some()),
    ("_misskey_quote", |object, json| !json["_misskey_quote"].is_null() && object.quote().is_some()),
    ("first page inline", |object, json| {
        json["first"].is_object()
            && typed::<activitypub_core::Collection>(object).first().unwrap().object().is_some()
    }),
    ("nested @context", |object, json| json.get("@context").is_some() && object.member("@context").is_some()),
];

const CONTENT: activitypub_core::Property<Html> =
    activitypub_core::Property::new("content", "https://www.w3.org/ns/activitystreams#content");

fn languages(json: &Json, name: &str) -> Option<usize> {
    Some(json[name].as_object()?.values().filter(|text| text.is_string()).count())
}

fn has_fraction(json: &Json, name: &str) -> bool {
    json[name].as_str().is_some_and(|time| time.contains('.'))
}

fn has_offset(json: &Json, name: &str) -> bool {
    json[name].as_str().is_some_and(|time| time.get(16..).is_some_and(|end| end.contains(['+', '-'])))
}

#[test]
fn every_form_that_the_index_names_is_read_in_the_document_it_names() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut missed = Vec::new();
    for (line, parsed, json) in indexed() {
        for (form, reads) in FORMS {
            if line.notes.iter().any(|note| note == form) {
                let mut found = Vec::new();
                objects(&parsed, &json, &mut found);
                if !found.iter().any(|(object, json)| reads(object, json)) {
                    missed.push(format!("{}: {form}", line.path));
                }
                *seen.entry(form).or_default() += 1;
            }
        }
        for note in &line.notes {
            // The index cuts long names off.
            if let Some(name) = note.strip_prefix("extension type ") {
                let mut found = Vec::new();
                objects(&parsed, &json, &mut found);
                let is_there = |(object, _): &(&Object, &Json)| object.types().any(|of| of.starts_with(name));
                assert!(found.iter().any(is_there), "{}: {note}", line.path);
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    println!("{} forms in {} places", seen.len(), seen.values().sum::<usize>());
    if shared().is_some() {
        let unseen: Vec<_> =
            FORMS.iter().map(|(form, _)| form).filter(|form| !seen.contains_key(*form)).collect();
        assert!(unseen.is_empty(), "the index names no {unseen:?}");
    }
}

/// A getter and its `Row` are one reading: the row's name is where the value stands.
#[test]
fn a_row_reads_what_its_getter_reads() {
    let note =
        Object::parse(br#"{"content":"x","to":["https://a.example/1"],"published":"2025-01-02T03:04:05Z"}"#)
            .unwrap();
    let rows = || activitypub_core::vocab::as2::VOCABULARY.rows();
    let read = |name: &str| rows().find(|row| row.term.name == name).unwrap().read(&note);
    assert_eq!(read("content"), format!("{:?}", note.content()));
    assert_eq!(read("to"), format!("{:?}", note.to()));
    assert_eq!(read("published"), format!("{:?}", note.published()));
}
