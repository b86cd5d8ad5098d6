//! Signed requests for documents, in the dialect that the other side understands.

use std::sync::Arc;

use activitypub::fetch::{Budget, FetchError, Fetcher};
use activitypub::policy::Open;
use activitypub::sig::{Dialect, PrivateKey, Signer};
use activitypub_core::Iri;
use http::StatusCode;

use crate::fetch::itself;
use crate::peer::{Peer, client, redirect, status};

pub(crate) fn signed(first: Dialect) -> Fetcher {
    let signer =
        Signer::new("https://here.example/actor#main-key".into(), PrivateKey::generate_ed25519().unwrap());
    Fetcher::new(Arc::new(client()), Arc::new(Open::new()), Some(signer), first)
}

#[tokio::test]
async fn every_hop_is_signed_for_itself() {
    let second = Peer::new(itself).await;
    let to = second.url_as("second", "/note");
    let first = Peer::new(move |_| redirect(&to)).await;
    let fetcher = signed(Dialect::Cavage);
    fetcher.fetch(Iri::new(&first.url_as("first", "/note")), &mut Budget::new()).await.unwrap();

    let (first, second) = (&first.asked()[0], &second.asked()[0]);
    assert!(first.field("signature").unwrap().contains("keyId=\"https://here.example/actor#main-key\""));
    assert_ne!(first.field("signature"), second.field("signature"));
    assert!(second.field("host").unwrap().starts_with("second.localhost"));
}

#[tokio::test]
async fn who_does_not_understand_one_dialect_is_asked_in_the_other() {
    for (first, refusal) in [
        (Dialect::Cavage, "401 Unauthorized"),
        (Dialect::Cavage, "400 Bad Request"),
        (Dialect::Rfc9421, "403 Forbidden"),
    ] {
        let modern = first == Dialect::Cavage;
        let peer = Peer::new(move |asked| {
            let is_modern = asked.field("signature-input").is_some();
            if is_modern == modern { itself(asked) } else { status(refusal) }
        })
        .await;
        let fetcher = signed(first);
        fetcher.fetch(Iri::new(&peer.url_as("a", "/1")), &mut Budget::new()).await.unwrap();
        assert_eq!(peer.count(), 2);
        fetcher.fetch(Iri::new(&peer.url_as("a", "/2")), &mut Budget::new()).await.unwrap();
        assert_eq!(peer.count(), 3, "remembered");
        fetcher.fetch(Iri::new(&peer.url_as("b", "/2")), &mut Budget::new()).await.unwrap();
        assert_eq!(peer.count(), 5, "of that host only");
    }
}

#[tokio::test]
async fn who_refuses_both_dialects_is_asked_twice_and_what_is_gone_once() {
    let peer =
        Peer::new(
            |asked| if asked.path() == "/gone" { status("410 Gone") } else { status("401 Unauthorized") },
        )
        .await;
    let fetcher = signed(Dialect::Cavage);
    for _ in 0..2 {
        let refused = fetcher.fetch(Iri::new(&peer.url("/")), &mut Budget::new()).await.unwrap_err();
        assert!(matches!(refused, FetchError::Status(StatusCode::UNAUTHORIZED)), "{refused:?}");
    }
    assert_eq!(peer.count(), 4);
    let gone = fetcher.fetch(Iri::new(&peer.url("/gone")), &mut Budget::new()).await.unwrap_err();
    assert!(gone.is_gone() && !gone.is_transient());
    assert_eq!(peer.count(), 5);
}

#[tokio::test]
async fn redirects_ids_and_knocks_are_paid_from_one_purse() {
    // Every URL wants the other dialect than the last.
    let peer = Peer::new(|asked| match (asked.path(), asked.field("signature-input").is_some()) {
        ("/1", true) => redirect("/2"),
        ("/2", false) => redirect("/3"),
        ("/3", true) => itself(asked),
        _ => status("401 Unauthorized"),
    })
    .await;
    let fetcher = signed(Dialect::Cavage);
    let refused = fetcher.fetch(Iri::new(&peer.url("/1")), &mut Budget::new()).await.unwrap_err();
    assert!(matches!(refused, FetchError::Hops), "{refused:?}");
    assert_eq!(peer.count(), 4, "knock, redirect, knock, and nothing left for the second redirect");
}
