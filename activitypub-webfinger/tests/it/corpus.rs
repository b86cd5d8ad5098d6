//! Descriptors and NodeInfo documents of real servers, where the shared corpus is at hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use activitypub_core::Origin;
use activitypub_webfinger::nodeinfo::{self, NodeInfo};
use activitypub_webfinger::{Acct, Jrd, Query, Resource};

use crate::network::{Network, webfinger};

/// The directory `FEDI_SHARED` names; without it, these tests say so once and have nothing to read.
fn shared() -> Option<PathBuf> {
    static SAID: Once = Once::new();
    let Some(shared) = std::env::var_os("FEDI_SHARED") else {
        SAID.call_once(|| eprintln!("FEDI_SHARED is not set: real documents are not read"));
        return None;
    };
    let shared = PathBuf::from(shared);
    assert!(shared.is_absolute(), "FEDI_SHARED must be an absolute path");
    Some(shared)
}

fn documents(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut documents: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    documents.sort();
    assert!(!documents.is_empty(), "nothing in {}", directory.display());
    documents
}

#[test]
fn real_descriptors_are_read() {
    let Some(shared) = shared() else { return };
    // These link no actor: what they have as `self` has no type, or they are of before ActivityPub.
    let without_actor = [
        "fedify-docs-url-1.json",
        "kitsune-1.json",
        "mastodon-spec-webfinger-hacker1.json",
        "mastodon-spec-webfinger-hacker2.json",
        "winterdienst-webfinger.json",
    ];
    for (name, json) in documents(&shared.join("corpus/_webfinger")) {
        let jrd = Jrd::parse(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            jrd.actor().is_none(),
            without_actor.contains(&name.as_str()),
            "{name}: {:?}",
            jrd.actor()
        );
        assert_eq!(Jrd::parse(jrd.to_json().as_bytes()).as_ref(), Ok(&jrd), "{name}");
    }
}

#[test]
fn a_descriptor_that_speaks_for_another_host_finds_nobody() {
    let Some(shared) = shared() else { return };
    // Whom one asks the host for that serves the descriptor: its subject or its actor is somebody else's.
    for (name, asked) in [
        ("hostile-html-in-jrd.json", "alice@evil.example"),
        ("hostile-jrd-self-http.json", "alice@evil.example"),
        ("pleroma-graf-imposter-webfinger.json", "graf@fba.ryona.agenc"),
        ("pleroma-imposter-webfinger-akkoma.json", "oopsie@bad.com"),
        ("pleroma-webfinger-spoof-akkoma.json", "oopsie@bad.com"),
        ("pleroma-webfinger-spoof.json", "trump@gleasonator.com"),
    ] {
        let json = fs::read_to_string(shared.join("corpus/_invalid").join(name)).unwrap();
        let url = webfinger(asked);
        let (found, urls) = Network::default().jrd(&url, json).look_up(&Acct::parse(asked).unwrap());
        assert_eq!(urls.first(), Some(&url), "{name}");
        assert!(found.is_err(), "{name}: {found:?}");
    }
}

#[test]
fn nodeinfo_made_to_mislead_reads_as_what_it_leaves_out() {
    let Some(shared) = shared() else { return };
    let read = |name: &str| fs::read(shared.join("corpus/_invalid").join(name)).unwrap();
    let origin = Origin::parse("https://evil.example").unwrap();
    // Neither the link to a metadata service, which is http, nor more than one request: what a caller finds at this URL
    // is a document without a version.
    let links = Jrd::parse(&read("hostile-nodeinfo-loop.json")).unwrap();
    assert_eq!(nodeinfo::document_url(&links, &origin).unwrap(), "https://evil.example/.well-known/nodeinfo");
    let info = NodeInfo::parse(&read("hostile-nodeinfo-types.json")).unwrap();
    assert_eq!((info.version.as_str(), info.software.version.as_str()), ("", ""));
    assert_eq!((info.open_registrations, info.usage.users.total), (false, None));
    assert!(info.metadata.is_empty(), "{info:?}");
}

#[test]
fn real_nodeinfo_is_read() {
    let Some(shared) = shared() else { return };
    let origin = Origin::parse("https://example.org").unwrap();
    for (name, json) in documents(&shared.join("corpus/_nodeinfo")) {
        if name.contains("schema") {
            continue;
        }
        let links = Jrd::parse(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
        let info = NodeInfo::parse(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
        if links.links.is_empty() {
            assert!(!info.software.name.is_empty() && !info.protocols.is_empty(), "{name}: {info:?}");
            assert_eq!(NodeInfo::parse(info.to_json().as_bytes()).unwrap(), info, "{name}");
        } else {
            assert!(nodeinfo::document_url(&links, &origin).is_some(), "{name}");
        }
    }
}

#[test]
fn the_examples_of_the_rfcs_are_understood() {
    let Some(shared) = shared() else { return };
    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(shared.join("vectors/webfinger/webfinger.json")).unwrap()).unwrap();
    let mut read = 0;
    for vector in json["vectors"].as_array().unwrap() {
        let (Some(target), Some(resource)) = (vector["request_target"].as_str(), vector["resource"].as_str())
        else {
            continue;
        };
        let Some((_, query)) = target.split_once('?') else { continue };
        let origin = Origin::of_handle_host(vector["host"].as_str().unwrap()).unwrap();
        let query = Query::parse(query, &origin).unwrap_or_else(|error| panic!("{}: {error}", vector["id"]));
        match query.resource {
            Resource::Acct(acct) => assert_eq!(acct.to_string(), resource),
            Resource::Uri(uri) => assert_eq!(uri, resource),
        }
        if vector["response"]["status"] == 200 {
            let jrd = Jrd::parse(vector["response"]["jrd"].to_string().as_bytes()).unwrap();
            assert_eq!(
                jrd.subject.as_deref(),
                vector["response"]["jrd"]["subject"].as_str(),
                "{}",
                vector["id"]
            );
        }
        read += 1;
    }
    assert!(read > 0, "no vector was read");
}
