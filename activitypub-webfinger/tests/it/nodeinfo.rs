//! NodeInfo in every version, from those who follow the schema and those who do not (NI-1 to NI-6).

use activitypub_core::Origin;
use activitypub_webfinger::nodeinfo::{self, NodeInfo};
use activitypub_webfinger::{Jrd, MAX_BYTES};

fn url_of(links: &str) -> Option<String> {
    let jrd = Jrd::parse(format!(r#"{{"links": [{links}]}}"#).as_bytes()).unwrap();
    nodeinfo::document_url(&jrd, &Origin::parse("https://example.org").unwrap()).map(String::from)
}

fn link(version: &str, href: &str) -> String {
    format!(r#"{{"rel": "http://nodeinfo.diaspora.software/ns/schema/{version}", "href": "{href}"}}"#)
}

#[test]
fn the_highest_version_is_chosen() {
    let links = ["1.0", "2.0", "2.2", "2.1"]
        .map(|version| link(version, &format!("https://example.org/{version}")))
        .join(",");
    assert_eq!(url_of(&links).as_deref(), Some("https://example.org/2.2"));
    let links = [link("9.9", "https://example.org/new"), link("1.0", "https://example.org/old")].join(",");
    assert_eq!(url_of(&links).as_deref(), Some("https://example.org/old"));
    assert_eq!(url_of(""), None);
    assert_eq!(url_of(&link("2.1.0", "https://example.org/")), None);
}

#[test]
fn duplicates_and_relative_links_are_accepted_and_http_is_not() {
    let links = [
        link("2.1", "http://example.org/a"),
        link("2.1", "ftp://example.org/b"),
        link("2.1", "/nodeinfo/c"),
        link("2.1", "/d"),
    ]
    .join(",");
    assert_eq!(url_of(&links).as_deref(), Some("https://example.org/nodeinfo/c"));
    assert_eq!(
        url_of(&[link("2.1", "http://example.org/a"), link("2.0", "https://example.org/b")].join(","))
            .as_deref(),
        Some("https://example.org/b")
    );
    assert_eq!(url_of(&link("2.1", "https://user@example.org/")), None);
}

#[test]
fn what_is_written_has_every_member_the_schema_requires_and_no_made_up_figure() {
    let mut info = NodeInfo::new("My Blog!", "0.1.0");
    info.software.repository = Some("https://example.org/source".into());
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&info.to_json()).unwrap(),
        serde_json::json!({
            "version": "2.1",
            "software": {"name": "myblog", "version": "0.1.0", "repository": "https://example.org/source"},
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": false,
            "usage": {"users": {}},
            "metadata": {},
        })
    );
    assert!(nodeinfo::CONTENT_TYPE.contains("/schema/2.1#"));
}

#[test]
fn unknown_names_and_strange_figures_are_read() {
    let info = NodeInfo::parse(
        br#"{"version": "2.0", "software": {"name": "MyServer", "version": 7}, "protocols": ["activitypub", "carrier-pigeon", 7],
             "services": [], "openRegistrations": "yes", "usage": {"users": {"total": -1, "activeMonth": 3.5, "activeHalfyear": 12},
             "localPosts": null}, "metadata": []}"#,
    )
    .unwrap();
    assert_eq!((info.software.name.as_str(), info.software.version.as_str()), ("MyServer", ""));
    assert_eq!(info.protocols, ["activitypub", "carrier-pigeon"]);
    assert_eq!(
        (info.usage.users.total, info.usage.users.active_month, info.usage.users.active_halfyear),
        (None, None, Some(12))
    );
    assert!(!info.open_registrations && info.metadata.is_empty());
}

#[test]
fn version_1_names_protocols_by_direction() {
    let info = NodeInfo::parse(br#"{"version": "1.0", "protocols": {"inbound": ["diaspora", "activitypub"], "outbound": ["diaspora", "smtp"]}}"#).unwrap();
    assert_eq!(info.protocols, ["diaspora", "activitypub", "smtp"]);
}

#[test]
fn reading_is_bounded() {
    assert!(NodeInfo::parse(b"{}").is_ok());
    assert!(NodeInfo::parse(b"[]").is_err());
    assert!(NodeInfo::parse(b"").is_err());
    assert!(NodeInfo::parse(&vec![b' '; MAX_BYTES + 1]).is_err());
}
