//! The server's side: what RFC 7033 §4 asks of it, case by case as the public conformance tests name them.

use activitypub_core::{Origin, OriginError};
use activitypub_webfinger::{
    Acct, AcctError, CONTENT_TYPE, CORS, Jrd, Link, PATH, Query, QueryError, Resource,
};

fn here() -> Origin {
    Origin::parse("https://example.org").unwrap()
}

fn parse(query: &str) -> Result<Query, QueryError> {
    Query::parse(query, &here())
}

/// What a server that knows Ada answers: a status and a descriptor.
fn server(query: &str) -> Result<Jrd, u16> {
    let query = parse(query).map_err(|_| 400_u16)?;
    let ada = Acct::new("ada", here()).unwrap();
    let known = match &query.resource {
        Resource::Acct(acct) => *acct == ada,
        Resource::Uri(uri) => *uri == "https://example.org/users/ada",
    };
    let jrd = Jrd::of_actor(&ada, "https://example.org/users/ada")
        .with_link(Link::to("http://webfinger.net/rel/profile-page", "https://example.org/@ada"));
    if known { Ok(query.select(jrd)) } else { Err(404) }
}

#[test]
fn normal_query() {
    let jrd = server("resource=acct%3Aada%40example.org").unwrap();
    assert_eq!(jrd.subject.as_deref(), Some("acct:ada@example.org"));
    assert_eq!(jrd.links.len(), 2);
}

#[test]
fn the_handle_and_the_actor_id_have_the_same_answer() {
    let by_handle = server("resource=acct:ada@example.org").unwrap();
    for query in [
        "resource=https%3A%2F%2Fexample.org%2Fusers%2Fada",
        "resource=acct%3AADA%40Example.ORG",
        "resource=acct%3Aada%40example.org%3A443",
    ] {
        assert_eq!(server(query).as_ref(), Ok(&by_handle), "{query}");
    }
}

#[test]
fn parameter_ordering() {
    for query in [
        "resource=acct%3Aada%40example.org&rel=self",
        "rel=self&resource=acct%3Aada%40example.org",
        "x=y&rel=self&&resource=acct%3Aada%40example.org&z",
    ] {
        assert_eq!(server(query).unwrap().links.len(), 1, "{query}");
    }
}

#[test]
fn requires_resource_uri() {
    for query in ["", "rel=self", "Resource=acct%3Aada%40example.org", "resource%3Dacct%3Aada%40example.org"]
    {
        assert_eq!(parse(query), Err(QueryError::NoResource), "{query}");
    }
    assert_eq!(parse("resource=acct%3Aa%40b&resource=acct%3Aa%40b"), Err(QueryError::ManyResources));
}

#[test]
fn requires_valid_resource_uri() {
    for resource in [
        "",
        "ada",
        "ada%40example.org",
        "%40ada%40example.org",
        "acct:",
        ":x",
        "1a:b",
        "a%20b:c",
        "https:%2F%2F",
        "https:x",
        "x:a%00b",
        "x:a%20b",
    ] {
        assert_eq!(parse(&format!("resource={resource}")), Err(QueryError::NotUri), "{resource}");
    }
    let error = |resource| parse(&format!("resource={resource}")).unwrap_err();
    assert_eq!(error("acct%3Aada"), QueryError::Acct(AcctError::NoHost));
    assert_eq!(
        error("acct:ada@example.org%2F.."),
        QueryError::Acct(AcctError::Host(OriginError::Character('/')))
    );
    assert_eq!(
        error("acct:ada@example.org@evil.test"),
        QueryError::Acct(AcctError::Host(OriginError::UserInfo))
    );
    assert_eq!(error("acct:%FF@example.org"), QueryError::Acct(AcctError::UserCharacter('\u{fffd}')));
    assert_eq!(error(&"a".repeat(100_000)), QueryError::TooLong);
}

#[test]
fn requires_valid_resource_uri_double_equals() {
    assert_eq!(parse("resource==acct%3Aada%40example.org"), Err(QueryError::NotUri));
}

#[test]
fn status_404_for_nonexisting_resources() {
    for resource in [
        "acct:eve@example.org",
        "acct:ada@example.net",
        "acct:ada@www.example.org",
        "https://example.org/users/ada/",
        "https://example.org/",
    ] {
        assert_eq!(server(&format!("resource={resource}")), Err(404), "{resource}");
    }
}

#[test]
fn any_uri_scheme() {
    for resource in [
        "mailto:ada@example.org",
        "did:key:z6Mk",
        "ap://did:key:z6Mk/actor",
        "device:p1.example.com",
        "xmpp:ada@example.org",
    ] {
        let Resource::Uri(uri) = parse(&format!("resource={resource}")).unwrap().resource else {
            panic!("{resource} is no handle")
        };
        assert_eq!(uri, resource);
        assert_eq!(server(&format!("resource={resource}")), Err(404));
    }
}

#[test]
fn accepts_known_unknown_and_combined_link_rels() {
    let links = |rels: &str| server(&format!("resource=acct%3Aada%40example.org{rels}")).unwrap().links.len();
    assert_eq!(links("&rel=self"), 1);
    assert_eq!(links("&rel=http%3A%2F%2Fwebfinger.net%2Frel%2Fprofile-page"), 1);
    assert_eq!(links("&rel=self&rel=http%3A%2F%2Fwebfinger.net%2Frel%2Fprofile-page"), 2);
    assert_eq!(links("&rel=self&rel=unknown"), 1);
    assert_eq!(links("&rel=unknown"), 0);
    let filtered = server("resource=acct%3Aada%40example.org&rel=unknown").unwrap();
    assert!(filtered.subject.is_some() && !filtered.aliases.is_empty(), "rel filters links and nothing else");
}

#[test]
fn an_answer_says_what_it_is_and_that_pages_may_read_it() {
    assert_eq!(PATH, "/.well-known/webfinger");
    assert_eq!(CONTENT_TYPE, "application/jrd+json");
    assert_eq!(CORS, ("access-control-allow-origin", "*"));
}

#[test]
fn a_server_on_loopback_http_knows_its_own_handles() {
    let here = Origin::parse("http://127.0.0.1:8080").unwrap();
    let query = Query::parse("resource=acct:ada@127.0.0.1:8080", &here).unwrap();
    assert_eq!(query.resource, Resource::Acct(Acct::new("ada", here).unwrap()));
}

proptest::proptest! {
    #[test]
    fn no_query_makes_the_server_panic(query in "(resource=)?\\PC{0,60}") {
        let _ = server(&query);
    }
}
