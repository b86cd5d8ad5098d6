//! Descriptors as clients must accept them (RFC 7033 §4.4), and the one actor they may name (T25).

use activitypub_core::Origin;
use activitypub_webfinger::{Acct, Jrd, JrdError, Link, MAX_BYTES};

fn links(links: &str) -> Jrd {
    Jrd::parse(format!(r#"{{"links": [{links}]}}"#).as_bytes()).unwrap()
}

#[test]
fn the_example_of_the_rfc_is_read() {
    let jrd = Jrd::parse(
        br#"{
          "subject": "http://blog.example.com/article/id/314",
          "aliases": ["http://blog.example.com/cool_new_thing", "http://blog.example.com/steve/article/7"],
          "properties": {"http://blgx.example.net/ns/version": "1.3", "http://blgx.example.net/ns/ext": null},
          "links": [
            {"rel": "copyright", "href": "http://www.example.com/copyright"},
            {"rel": "author", "href": "http://blog.example.com/author/steve",
             "titles": {"en-us": "The Magical World of Steve", "fr": "Le Monde Magique de Steve"},
             "properties": {"http://example.com/role": "editor"}}
          ]
        }"#,
    )
    .unwrap();
    assert_eq!(jrd.aliases.len(), 2);
    assert_eq!(jrd.properties.get("http://blgx.example.net/ns/ext"), Some(&None));
    let author = jrd.link("author").unwrap();
    assert_eq!(author.titles.get("fr").map(String::as_str), Some("Le Monde Magique de Steve"));
    assert_eq!(author.properties.get("http://example.com/role"), Some(&Some("editor".to_owned())));
    assert_eq!(jrd.actor(), None);
    assert_eq!(Jrd::parse(jrd.to_json().as_bytes()), Ok(jrd));
}

#[test]
fn every_member_may_be_absent_empty_or_unknown() {
    for json in [
        "{}",
        r#" {"aliases": [], "links": [], "properties": {}} "#,
        r#"{"expires": "2010-01-30T09:30:00Z", "x": {"y": [1, {"z": null}]}}"#,
        r#"{"subject": null, "aliases": null, "links": null, "properties": null}"#,
        // PHP writes an empty map as an array.
        r#"{"properties": [], "links": [{"rel": "x", "titles": [], "properties": []}]}"#,
    ] {
        let jrd = Jrd::parse(json.as_bytes()).unwrap();
        assert_eq!(jrd.subject, None, "{json}");
        assert!(jrd.aliases.is_empty() && jrd.properties.is_empty(), "{json}");
    }
}

#[test]
fn a_bad_member_costs_only_itself() {
    let jrd = Jrd::parse(
        br#"{"subject": 7, "aliases": ["a:b", 1], "properties": "none", "links": [
            7, {"href": "https://example.org/without-rel"},
            {"rel": "self", "type": "application/activity+json", "href": "https://example.org/a", "template": null, "titles": 3}]}"#,
    )
    .unwrap();
    assert_eq!(jrd.subject, None);
    assert_eq!(jrd.aliases, ["a:b"]);
    assert_eq!(jrd.links.len(), 1);
    assert_eq!(jrd.actor().unwrap(), "https://example.org/a");
}

#[test]
fn long_arrays_are_read_within_the_cap() {
    let aliases: Vec<String> = (0..2_000).map(|n| format!(r#""https://example.org/{n}""#)).collect();
    let json = format!(r#"{{"aliases": [{}]}}"#, aliases.join(","));
    assert_eq!(Jrd::parse(json.as_bytes()).unwrap().aliases.len(), 2_000);

    let mut json = b"{}".to_vec();
    json.resize(MAX_BYTES, b' ');
    assert!(Jrd::parse(&json).is_ok());
    json.push(b' ');
    assert_eq!(Jrd::parse(&json), Err(JrdError::TooLong(MAX_BYTES + 1)));
}

#[test]
fn what_is_no_json_object_is_refused() {
    for json in [
        "",
        "{",
        "[]",
        "null",
        r#""{}""#,
        "7",
        r#"{"subject": }"#,
        "{} {}",
        r#"{"subject": "\ud800"}"#,
        r#"{"subject": "a:b", "subject": "c:d"}"#,
        "<?xml version=\"1.0\"?><!DOCTYPE XRD [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><XRD>&x;</XRD>",
    ] {
        assert!(matches!(Jrd::parse(json.as_bytes()), Err(JrdError::NotJson { .. })), "{json}");
    }
    assert!(Jrd::parse(b"{\"subject\": \"\xff\"}").is_err(), "not UTF-8");
    assert!(Jrd::parse(format!("{{\"x\": {}", "[".repeat(60_000)).as_bytes()).is_err(), "deep");
    assert!(Jrd::parse(format!("{{\"x\": {}", "{\"x\":".repeat(10_000)).as_bytes()).is_err(), "deep");
}

#[test]
fn the_actor_is_the_self_link_of_an_activitystreams_type() {
    for media_type in [
        "application/activity+json",
        "Application/Activity+JSON; charset=utf-8",
        r#"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""#,
        r#"application/ld+json;profile=https://www.w3.org/ns/activitystreams"#,
        r#"application/ld+json; charset=utf-8; Profile=\"https://w3id.org/x https://www.w3.org/ns/activitystreams\""#,
    ] {
        let jrd =
            links(&format!(r#"{{"rel": "self", "type": "{media_type}", "href": "https://example.org/a"}}"#));
        assert_eq!(jrd.actor().unwrap(), "https://example.org/a", "{media_type}");
    }
    for link in [
        r#"{"rel": "self", "href": "https://example.org/a"}"#,
        r#"{"rel": "self", "type": "application/activity+json"}"#,
        r#"{"rel": "self", "type": "application/activity+json", "href": "/a"}"#,
        r#"{"rel": "self", "type": "application/json", "href": "https://example.org/a"}"#,
        r#"{"rel": "self", "type": "application/ld+json", "href": "https://example.org/a"}"#,
        r#"{"rel": "self", "type": "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams.evil\"", "href": "https://example.org/a"}"#,
        r#"{"rel": "alternate", "type": "application/activity+json", "href": "https://example.org/a"}"#,
        r#"{"rel": "self", "type": "application/activity+json", "href": "javascript:alert(1)"}"#,
    ] {
        assert_eq!(links(link).actor(), None, "{link}");
    }
}

#[test]
fn two_actors_are_no_actor() {
    let one = r#"{"rel": "self", "type": "application/activity+json", "href": "https://example.org/a"}"#;
    let again = r#"{"rel": "self", "type": "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"", "href": "https://example.org/a"}"#;
    let other = r#"{"rel": "self", "type": "application/activity+json", "href": "https://example.org/b"}"#;
    let ipns = r#"{"rel": "self", "type": "application/activity+json", "href": "ipns://example.org/a"}"#;
    assert_eq!(links(&format!("{one},{again},{ipns}")).actor().unwrap(), "https://example.org/a");
    assert_eq!(links(&format!("{one},{other}")).actor(), None);
}

#[test]
fn a_descriptor_is_written_without_what_it_does_not_have() {
    let ada = Acct::new("ada", Origin::parse("https://example.org").unwrap()).unwrap();
    let jrd = Jrd::of_actor(&ada, "https://example.org/users/ada")
        .with_link(
            Link::to("http://webfinger.net/rel/profile-page", "https://example.org/@ada")
                .media_type("text/html"),
        )
        .with_link(Link::by_template(
            "http://ostatus.org/schema/1.0/subscribe",
            "https://example.org/interact?uri={uri}",
        ));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&jrd.to_json()).unwrap(),
        serde_json::json!({
            "subject": "acct:ada@example.org",
            "aliases": ["https://example.org/users/ada"],
            "links": [
                {"rel": "self", "type": "application/activity+json", "href": "https://example.org/users/ada"},
                {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": "https://example.org/@ada"},
                {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": "https://example.org/interact?uri={uri}"},
            ],
        })
    );
}
