//! The gateway to other servers' documents, and servers that pose as others.

use std::sync::Arc;
use std::time::Duration;

use activitypub::client::{ClientError, Limits};
use activitypub::fetch::{Budget, BudgetError, FetchError, Fetched, Fetcher};
use activitypub::policy::{Decision, FederationPolicy, Message, Open, Role, Stage, Why};
use activitypub::sig::Dialect;
use activitypub::webfinger::{Acct, LookupError};
use activitypub_core::{Iri, Origin};
use async_trait::async_trait;
use http::StatusCode;

use crate::peer::{Asked, Peer, answer, client, document, redirect, status};

fn unsigned() -> Fetcher {
    Fetcher::new(Arc::new(client()), Arc::new(Open::new()), None, Dialect::Cavage)
}

async fn fetch(url: &str) -> Result<Fetched, FetchError> {
    unsigned().fetch(Iri::new(url), &mut Budget::new()).await
}

/// A document whose id is where it was asked for.
pub(crate) fn itself(asked: &Asked) -> Vec<u8> {
    named(&asked.url())
}

fn named(id: &str) -> Vec<u8> {
    document(serde_json::json!({ "id": id, "type": "Note" }).to_string())
}

#[tokio::test]
async fn a_document_is_what_its_server_says_it_is() {
    let peer = Peer::new(itself).await;
    let url = peer.url("/notes/1?x=y");
    let fetched = fetch(&url).await.unwrap();
    assert_eq!(fetched.id, *url);
    assert_eq!(fetched.document.id(), Some(Iri::new(&url)));
    let accept = peer.asked()[0].field("accept").unwrap().to_owned();
    assert!(
        accept.starts_with("application/activity+json") && accept.contains("ld+json; profile="),
        "{accept}"
    );
    assert_eq!(peer.asked()[0].field("signature"), None);

    // The fragment is part of the id of what is in the document, not of the document.
    assert_eq!(fetch(&format!("{url}#main-key")).await.unwrap().id, *url);
}

#[tokio::test]
async fn what_is_not_labelled_a_document_is_an_upload() {
    for content_type in [
        "text/html",
        "application/json",
        "application/ld+json",
        "text/plain; x=\"application/activity+json\"",
    ] {
        let peer = Peer::new(move |asked| {
            let body = serde_json::json!({ "id": asked.url() }).to_string();
            answer("200 OK", &[("content-type", content_type)], body)
        })
        .await;
        let refused = fetch(&peer.url("/media/1.json")).await.unwrap_err();
        assert!(matches!(refused, FetchError::ContentType), "{content_type}: {refused:?}");
    }
    let twice = [("content-type", "application/activity+json"), ("content-type", "text/html")];
    let peer = Peer::new(move |_| answer("200 OK", &twice, "{}")).await;
    assert!(matches!(fetch(&peer.url("/")).await, Err(FetchError::ContentType)));
}

#[tokio::test]
async fn a_document_with_the_id_of_another_server_is_refused_without_asking_it() {
    let victim = Peer::new(itself).await;
    let id = victim.url_as("victim", "/users/ada");
    let evil = Peer::new(move |_| named(&id)).await;
    let refused = fetch(&evil.url_as("evil", "/1")).await.unwrap_err();
    assert!(matches!(refused, FetchError::OtherId { .. }), "{refused:?}");
    assert_eq!(victim.count(), 0);
}

#[tokio::test]
async fn a_redirect_does_not_lend_the_first_url_to_the_last() {
    // The victim serves an upload as a document; it says it is one of the victim's actors.
    let victim = Peer::new(|asked| match asked.path() {
        "/users/ada" => document(serde_json::json!({ "id": asked.url(), "name": "Ada" }).to_string()),
        _ => document(serde_json::json!({ "id": asked.url_of("/users/ada"), "name": "Eve" }).to_string()),
    })
    .await;
    let upload = victim.url_as("victim", "/media/1");
    let evil = Peer::new(move |_| redirect(&upload)).await;
    let fetched = fetch(&evil.url_as("evil", "/1")).await.unwrap();
    assert_eq!(fetched.id, *victim.url_as("victim", "/users/ada"));
    assert_eq!(fetched.document.member("name").and_then(|name| name.as_str()), Some("Ada"));
    assert_eq!(victim.count(), 2, "the upload, and then the id it claims");
}

#[tokio::test]
async fn an_id_is_asked_once_and_must_then_confirm_itself() {
    let peer = Peer::new(|asked| match asked.path() {
        "/@ada" => named(&asked.url_of("/users/ada")),
        "/users/ada" => named(&asked.url()),
        "/ping" => named(&asked.url_of("/pong")),
        "/pong" => named(&asked.url_of("/ping")),
        _ => named(&asked.url_of("/ping")),
    })
    .await;
    assert_eq!(fetch(&peer.url("/@ada")).await.unwrap().id, *peer.url("/users/ada"));
    for path in ["/ping", "/x"] {
        let before = peer.count();
        assert!(matches!(fetch(&peer.url(path)).await, Err(FetchError::OtherId { .. })), "{path}");
        assert_eq!(peer.count() - before, 2);
    }
}

#[tokio::test]
async fn an_id_that_nearly_is_the_url_is_another() {
    let peer = Peer::new(|asked| {
        let url = asked.url();
        let id = match asked.path() {
            "/case" => url.replace("localhost", "LOCALHOST"),
            "/dot" => url.replace("localhost", "localhost."),
            "/slash" => format!("{url}/"),
            "/encoded" => url.replace("encoded", "%65ncoded"),
            "/parent" => url.replace("parent", "x/../parent"),
            "/fragment" => format!("{url}#x"),
            "/user" => url.replace("http://", "http://a@"),
            "/blank" => format!("{url} "),
            "/https" => url.replace("http://", "https://"),
            _ => String::new(),
        };
        named(&id)
    })
    .await;
    for path in
        ["/case", "/dot", "/slash", "/encoded", "/parent", "/fragment", "/user", "/blank", "/https", "/empty"]
    {
        let refused = fetch(&peer.url_as("a", path)).await.unwrap_err();
        assert!(matches!(refused, FetchError::OtherId { .. } | FetchError::Target(_)), "{path}: {refused:?}");
    }
}

#[tokio::test]
async fn a_document_has_one_id() {
    for body in [
        "{}",
        "{\"id\": null}",
        "{\"id\": [\"http://a.localhost/\"]}",
        "{\"id\": {\"id\": \"http://a.localhost/\"}}",
    ] {
        let peer = Peer::new(move |_| document(body)).await;
        assert!(matches!(fetch(&peer.url("/")).await, Err(FetchError::NoId)), "{body}");
    }
    for body in ["", "[]", "{\"id\": \"a\", \"id\": \"b\"}", "{} {}"] {
        let peer = Peer::new(move |_| document(body)).await;
        assert!(matches!(fetch(&peer.url("/")).await, Err(FetchError::Document(_))), "{body}");
    }
    let peer = Peer::new(|_| document("[".repeat(100_000))).await;
    assert!(matches!(fetch(&peer.url("/")).await, Err(FetchError::Document(_))));
}

#[tokio::test]
async fn redirects_are_followed_three_times() {
    let peer = Peer::new(|asked| match asked.path()[1..].parse::<u32>() {
        Ok(0) | Err(_) => itself(asked),
        Ok(left) => redirect(&format!("./{}", left - 1)),
    })
    .await;
    assert_eq!(fetch(&peer.url("/3")).await.unwrap().id, *peer.url("/0"));
    assert_eq!(peer.count(), 4);
    assert!(matches!(fetch(&peer.url("/1000")).await, Err(FetchError::Hops)));
    assert_eq!(peer.count(), 8);
}

#[tokio::test]
async fn redirects_do_not_go_in_circles() {
    let peer = Peer::new(|asked| match asked.path() {
        "/self" => redirect("/self"),
        "/one" => redirect("/two#x"),
        _ => redirect("/one"),
    })
    .await;
    assert!(matches!(fetch(&peer.url("/self")).await, Err(FetchError::Circle)));
    assert_eq!(peer.count(), 1);
    assert!(matches!(fetch(&peer.url("/one")).await, Err(FetchError::Circle)));
    assert_eq!(peer.count(), 3);
}

#[tokio::test]
async fn redirects_lead_to_urls_that_may_be_requested() {
    for location in [
        "file:///etc/passwd",
        "ftp://a.localhost/",
        "data:application/activity+json,",
        "javascript:alert(1)",
        "//user@a.localhost/",
        "\\\\a.localhost/",
        "http:\\\\a.localhost/",
        "http://a.localhost:0/",
        "http://a.localhost:99999/",
        "/a b",
        "http://",
    ] {
        let peer = Peer::new(move |_| redirect(location)).await;
        let refused = fetch(&peer.url("/")).await.unwrap_err();
        assert!(matches!(refused, FetchError::Location), "{location}: {refused:?}");
    }
    for fields in [&[][..], &[("location", "/a"), ("location", "/b")]] {
        let fields = fields.to_vec();
        let peer = Peer::new(move |_| answer("307 Temporary Redirect", &fields, "")).await;
        assert!(matches!(fetch(&peer.url("/")).await, Err(FetchError::Location)));
    }
    for location in [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "https://[::]/",
        "http://example.org/",
        "https://a.example:22/",
    ] {
        let peer = Peer::new(move |_| redirect(location)).await;
        let refused = fetch(&peer.url("/")).await.unwrap_err();
        assert!(matches!(refused, FetchError::Client(ClientError::Blocked(_))), "{location}: {refused:?}");
    }
}

/// Lets nothing in from one host.
struct Without(&'static str);

#[async_trait]
impl FederationPolicy for Without {
    async fn decide(&self, message: &Message<'_>) -> Decision {
        assert_eq!(message.stage(), Stage::Fetch);
        let refused = message.origins(Role::Target).any(|origin| origin.host() == self.0);
        if refused { Decision::refuse(Why::new("without", "host")) } else { Decision::pass() }
    }
}

#[tokio::test]
async fn the_policy_is_asked_before_every_hop() {
    let blocked = Peer::new(itself).await;
    let to = blocked.url_as("blocked", "/1");
    let friend = Peer::new(move |_| redirect(&to)).await;
    let policy = Arc::new(Without("blocked.localhost"));
    let fetcher = Fetcher::new(Arc::new(client()), policy, None, Dialect::Cavage);
    for url in
        [blocked.url_as("blocked", "/1"), blocked.url_as("BLOCKED", "/1"), friend.url_as("friend", "/1")]
    {
        let refused = fetcher.fetch(Iri::new(&url), &mut Budget::new()).await.unwrap_err();
        assert!(matches!(refused, FetchError::Refused(_)), "{url}: {refused:?}");
    }
    let handle = Acct::new("ada", Origin::parse(&blocked.url_as("blocked", "")).unwrap()).unwrap();
    assert!(matches!(fetcher.webfinger(&handle, &mut Budget::new()).await, Err(FetchError::Refused(_))));
    assert_eq!((blocked.count(), friend.count()), (0, 1));
}

#[tokio::test]
async fn a_cause_has_one_budget() {
    let peer = Peer::new(|asked| {
        document(serde_json::json!({ "id": asked.url(), "x": "y".repeat(1000) }).to_string())
    })
    .await;
    let fetcher = unsigned();
    let url = |n: u32| peer.url(&format!("/{n}"));

    let mut budget = Budget::new();
    for n in 0..20 {
        fetcher.fetch(Iri::new(&url(n)), &mut budget).await.unwrap();
    }
    let refused = fetcher.fetch(Iri::new(&url(20)), &mut budget).await.unwrap_err();
    assert!(
        matches!(refused, FetchError::Budget(BudgetError::Requests)) && refused.is_transient(),
        "{refused:?}"
    );
    assert_eq!(peer.count(), 20);

    let mut budget = Budget::limited(10, 1500, Duration::from_secs(5));
    fetcher.fetch(Iri::new(&url(0)), &mut budget).await.unwrap();
    let refused = fetcher.fetch(Iri::new(&url(1)), &mut budget).await.unwrap_err();
    assert!(matches!(refused, FetchError::Budget(BudgetError::Bytes)), "{refused:?}");

    // What was too long has been paid for, too.
    let long = Peer::new(|_| document(vec![b'x'; 1 << 21])).await;
    let mut budget = Budget::limited(10, 3 << 19, Duration::from_secs(5));
    let refused = fetcher.fetch(Iri::new(&long.url("/")), &mut budget).await.unwrap_err();
    assert!(matches!(refused, FetchError::Client(ClientError::TooLong(_))), "{refused:?}");
    let refused = fetcher.fetch(Iri::new(&long.url("/")), &mut budget).await.unwrap_err();
    assert!(matches!(refused, FetchError::Budget(BudgetError::Bytes)), "{refused:?}");

    let silent = Peer::serve(|_, stream| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(stream);
    })
    .await;
    let mut budget = Budget::limited(10, 1500, Duration::from_millis(200));
    for _ in 0..2 {
        let refused = fetcher.fetch(Iri::new(&silent.url("/")), &mut budget).await.unwrap_err();
        assert!(matches!(refused, FetchError::Budget(BudgetError::Time)), "{refused:?}");
    }
}

#[tokio::test]
async fn pages_may_be_larger_than_objects() {
    let peer = Peer::new(|asked| {
        document(serde_json::json!({ "id": asked.url(), "items": vec!["x".repeat(1000); 1500] }).to_string())
    })
    .await;
    let url = peer.url("/outbox?page=1");
    let refused = fetch(&url).await.unwrap_err();
    assert!(
        matches!(refused, FetchError::Client(ClientError::TooLong(limit)) if limit == Limits::DOCUMENT.body),
        "{refused:?}"
    );
    unsigned().fetch_page(Iri::new(&url), &mut Budget::new()).await.unwrap();
}

#[tokio::test]
async fn who_asks_for_a_pause_gets_one() {
    let peer = Peer::new(|asked| match asked.path() {
        "/busy" => answer("429 Too Many Requests", &[("retry-after", "1000000000")], ""),
        "/later" => answer("503 Service Unavailable", &[], ""),
        _ => itself(asked),
    })
    .await;
    let fetcher = unsigned();
    let refused = fetcher.fetch(Iri::new(&peer.url_as("a", "/later")), &mut Budget::new()).await.unwrap_err();
    assert!(refused.is_transient(), "{refused:?}");
    fetcher.fetch(Iri::new(&peer.url_as("a", "/1")), &mut Budget::new()).await.unwrap();
    let refused = fetcher.fetch(Iri::new(&peer.url_as("a", "/busy")), &mut Budget::new()).await.unwrap_err();
    assert!(matches!(refused, FetchError::Status(StatusCode::TOO_MANY_REQUESTS)), "{refused:?}");
    let refused = fetcher.fetch(Iri::new(&peer.url_as("a", "/1")), &mut Budget::new()).await.unwrap_err();
    assert!(matches!(refused, FetchError::Waiting) && refused.is_transient(), "{refused:?}");
    assert_eq!(peer.count(), 3);
    fetcher.fetch(Iri::new(&peer.url_as("b", "/1")), &mut Budget::new()).await.unwrap();
}

#[tokio::test]
async fn a_handle_leads_to_its_actor() {
    let jrd = [("content-type", "application/jrd+json")];
    let peer = Peer::new(move |asked| {
        let host = asked.field("host").unwrap();
        let link = |href: String| serde_json::json!({ "rel": "self", "type": "application/activity+json", "href": href });
        let about = |user: &str, links: Vec<serde_json::Value>| {
            serde_json::json!({ "subject": format!("acct:{user}@{host}"), "links": links }).to_string()
        };
        match asked.path().split_once("acct%3A").and_then(|(_, acct)| acct.split_once("%40")).map(|(user, _)| user) {
            Some("ada") => answer("200 OK", &jrd, about("ada", vec![link(asked.url_of("/users/ada"))])),
            Some("moved") => redirect(&asked.path().replace("moved", "loop")),
            Some("loop") => redirect(&asked.path().replace("loop", "moved")),
            Some("bomb") => answer("200 OK", &jrd, about("bomb", vec![link("x".repeat(100_000))])),
            Some("inward") => answer("302 Found", &[("location", "http://10.0.0.1/")], ""),
            _ => status("404 Not Found"),
        }
    })
    .await;
    let origin = Origin::parse(&peer.url_as("a", "")).unwrap();
    let fetcher = crate::knock::signed(Dialect::Cavage);
    let acct = |user| Acct::new(user, origin.clone()).unwrap();

    let found = fetcher.webfinger(&acct("ada"), &mut Budget::new()).await.unwrap();
    assert_eq!(found.actor, *peer.url_as("a", "/users/ada"));
    assert_eq!(peer.asked()[0].field("signature"), None, "WebFinger is not signed");

    let before = peer.count();
    let refused = fetcher.webfinger(&acct("moved"), &mut Budget::new()).await.unwrap_err();
    assert!(matches!(refused, FetchError::Lookup(LookupError::Redirects)), "{refused:?}");
    assert_eq!(peer.count() - before, 4);
    let refused = fetcher.webfinger(&acct("bomb"), &mut Budget::new()).await.unwrap_err();
    assert!(matches!(refused, FetchError::Client(ClientError::TooLong(65536))), "{refused:?}");
    let refused = fetcher.webfinger(&acct("inward"), &mut Budget::new()).await.unwrap_err();
    assert!(matches!(refused, FetchError::Client(ClientError::Blocked(_))), "{refused:?}");
    assert!(fetcher.webfinger(&acct("nobody"), &mut Budget::new()).await.unwrap_err().is_gone());
}
