//! `check()`: what is found in documents of our own, one or more for each rule, and none in sound ones.

mod cases;
mod honest;
mod hostile;
mod laws;

use std::collections::BTreeSet;

use Severity::Warning;
use activitypub_core::{As, Create, Flaw, Note, Object, Rule, Severity};

use self::cases::cases;

fn flaws(json: &str) -> Vec<Flaw> {
    let object = Object::parse(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"));
    let flaws = object.check();
    for flaw in &flaws {
        let shown = flaw.to_string();
        assert!(shown.contains(flaw.rule.code()) && !shown.contains('\n'), "one line: {shown}");
    }
    flaws
}

/// The properties of an object that cannot be read, whatever else is wrong with it.
pub(crate) fn unreadable<K>(object: &As<K>) -> Vec<Flaw> {
    let is_of_form = |flaw: &Flaw| {
        matches!(
            flaw.rule,
            Rule::Range | Rule::Reference | Rule::Date | Rule::Duration | Rule::NaturalLanguage
        )
    };
    object.check().into_iter().filter(is_of_form).collect()
}

#[test]
fn each_flaw_is_found_where_it_is() {
    for (code, severity, path, json) in cases() {
        let flaws = flaws(json);
        let found =
            |flaw: &Flaw| flaw.rule.code() == *code && flaw.severity == *severity && flaw.path == *path;
        assert!(flaws.iter().any(found), "{code} {severity} at {path:?} is not in {json}: {flaws:#?}");
    }
}

#[test]
fn every_rule_is_broken_by_some_document() {
    let mut broken: BTreeSet<&str> = cases().map(|(code, ..)| *code).collect();
    // Too large to stand in a table.
    broken.extend(large().map(|(code, ..)| code));
    let all: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(broken, all);
}

/// Documents with one more of something than anybody means.
fn large() -> impl Iterator<Item = (&'static str, &'static str, String)> {
    let many = |count: usize, item: &str| vec![item; count].join(",");
    let id = r#""https://b.example/bob""#;
    let mention = r#"{"type":"Mention","href":"https://b.example/bob"}"#;
    let option = r#"{"name":"a"}"#;
    [
        ("T42", "/cc", format!(r#"{{"type":"Note","cc":[{}]}}"#, many(1001, id))),
        ("T42", "/tag", format!(r#"{{"type":"Note","tag":[{}]}}"#, many(501, id))),
        ("T42", "/tag", format!(r#"{{"type":"Note","tag":[{}]}}"#, many(50, mention))),
        ("T42", "/attachment", format!(r#"{{"type":"Note","attachment":[{}]}}"#, many(65, id))),
        ("T42", "/oneOf", format!(r#"{{"type":"Question","oneOf":[{}]}}"#, many(65, option))),
        ("T42", "/object", format!(r#"{{"type":"Flag","object":[{}]}}"#, many(101, id))),
        ("T42", "/name", format!(r#"{{"type":"Person","name":"{}"}}"#, "a".repeat((8 << 10) + 1))),
        ("T49", "/id", format!(r#"{{"id":"https://a.example/{}"}}"#, "a".repeat(2048))),
    ]
    .into_iter()
}

#[test]
fn one_more_than_the_most_is_too_many() {
    for (code, path, json) in large() {
        let flaws = flaws(&json);
        let found = |flaw: &Flaw| (flaw.rule.code(), flaw.severity, &*flaw.path) == (code, Warning, path);
        assert!(flaws.iter().any(found), "{code} at {path}: {flaws:#?}");
    }
    // One fewer is not.
    let fewer =
        format!(r#"{{"type":"Note","attachment":[{}]}}"#, vec![r#""https://b.example/1""#; 64].join(","));
    assert!(flaws(&fewer).iter().all(|flaw| flaw.rule != Rule::Size));
    let mut note = Object::new();
    note.insert("content", "a".repeat((256 << 10) + 1));
    assert!(
        note.check().iter().any(|flaw| flaw.rule == Rule::Size),
        "only what was built here can be that long"
    );
}

#[test]
fn sound_documents_have_no_flaw() {
    let context = r#""@context":"https://www.w3.org/ns/activitystreams""#;
    for rest in [
        r#""id":"https://a.example/1","type":"Note","attributedTo":"https://a.example/ada","to":"as:Public",
            "cc":[],"inReplyTo":null,"published":"2025-01-02T03:04:05.678+01:00","content":"<p>Hi &amp; <a href=\"https://b.example/\">hello</a></p>",
            "contentMap":{"en":"<p>Hi</p>","id":"<p>Hai</p>"},"sensitive":"true",
            "url":[{"type":"Link","href":"https://a.example/@ada/1","hreflang":"en"}],
            "source":{"content":"<script>","mediaType":"text/markdown"},"ex:any":[{"ex:id":5}],
            "tag":[{"type":"Mention","href":"https://b.example/bob","name":"@bob"},
                {"id":"https://b.example/emoji/x","type":"Emoji","name":":blob_cat:","icon":{"type":"Image","url":"https://b.example/x.png"}}],
            "replies":{"id":"https://a.example/1/replies","type":"Collection","first":{"type":"CollectionPage","partOf":"https://a.example/1/replies","items":[]}}"#,
        r#""id":"https://a.example/ada","type":"Person","inbox":"https://a.example/ada/inbox","outbox":"https://a.example/ada/outbox",
            "preferredUsername":"ada","name":"Ada \u2764\ufe0f\u200d\ud83d\udd25 <3 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645","endpoints":{"sharedInbox":"https://a.example/inbox"},
            "attributedTo":"https://b.example/moderators","followers":"https://a.example/ada/followers",
            "assertionMethod":[{"id":"https://a.example/ada#ed","type":"Multikey","controller":"https://a.example/ada","publicKeyMultibase":"z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"}],
            "publicKey":{"id":"https://a.example/ada#main-key","owner":"https://a.example/ada",
                "publicKeyPem":"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n"}"#,
        r#""id":"https://a.example/2","type":"Accept","actor":"https://a.example/ada","object":{"id":"https://b.example/3",
            "type":"Follow","actor":"https://b.example/bob","object":"https://a.example/ada"}"#,
        r#""id":"https://a.example/2","type":"Accept","actor":"https://a.example/relay","object":{"id":"https://b.example/3",
            "type":"Follow","actor":"https://b.example/actor","object":"https://www.w3.org/ns/activitystreams#Public"}"#,
        r#""id":"https://a.example/2","type":"Undo","actor":"https://a.example/ada","object":{"id":"https://a.example/3",
            "type":"Like","actor":"https://a.example/ada","object":"https://b.example/1"}"#,
        r#""id":"https://a.example/2","type":"Announce","actor":"https://a.example/ada","object":"https://b.example/1""#,
        r#""id":"https://a.example/2","type":"Delete","actor":"https://a.example/ada","object":{"id":"https://a.example/ada","type":["Person","Tombstone"],"inbox":"https://a.example/i"}"#,
        r#""id":"ap://did:key:z6Mk/2","type":"Create","actor":"https://a.example/.well-known/apgateway/did:key:z6Mk/ada",
            "object":{"id":"ap://did:key:z6Mk/1","type":"Note","attributedTo":"ap://did:key:z6Mk/ada","content":"Hi"},"actor:x":1"#,
        r#""id":"https://a.example/q","type":["Question","Note"],"attributedTo":"https://a.example/ada","closed":"2025-01-02T03:04:05Z",
            "oneOf":[{"type":"Note","name":"yes","replies":{"type":"Collection","totalItems":1}},{"type":"Note","name":"no"}]"#,
        r#""id":"https://a.example/u","type":"Update","actor":"https://a.example/ada","object":{"id":"https://a.example/group",
            "type":"Group","inbox":"https://a.example/group/inbox"}"#,
        r#""id":"https://a.example/r","type":"Relationship","relationship":"IsContact","source":"- as written","url":"ssh://git@a.example/r""#,
        r#""id":"https://a.example/s","type":"Note","source":{"content":"<script>"}"#,
        // Names of other namespaces, and names that are languages.
        r#""id":"https://a.example/s","type":"Note","schema:name":7,"dc:object":{"dc:id":5},"bioMap":{"id":"Hai"}"#,
        r#""id":"https://a.example/v","type":"Video","duration":"PT5M","attributedTo":["https://a.example/ada","https://a.example/channel"]"#,
    ] {
        let json = format!("{{{context},{rest}}}");
        let known: &[&str] = if rest.contains("apgateway") { &["SEC-5"] } else { &[] };
        let found: Vec<String> = flaws(&json)
            .iter()
            .filter(|flaw| !known.contains(&flaw.rule.code()))
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, Vec::<String>::new(), "{json}");
    }
}

#[test]
fn a_bad_property_costs_itself_and_is_named() {
    let create = r#"{"@context":"https://www.w3.org/ns/activitystreams","type":"Create","id":7,"published":"yesterday",
        "actor":"https://a.example/ada","object":{"type":"Note","to":5,"name":"fine","cc":[]}}"#;
    let object = Object::parse(create.as_bytes()).unwrap();
    let paths: Vec<_> = object.check().into_iter().map(|flaw| flaw.path).collect();
    assert_eq!(paths, ["/published", "/id", "", "/object/to"]);
    let note = object.cast::<Create>().unwrap().object().of::<Note>().next().unwrap();
    assert_eq!(note.name().as_str(), Some("fine"));
}
