//! Lookups: where they go, where they do not, and what they believe (T25, T36, T37).

use activitypub_core::Origin;
use activitypub_webfinger::{Acct, Lookup, LookupError, Step};
use http::StatusCode;

use crate::network::{Network, webfinger};

const ADA: &str = "https://example.org/users/ada";
const HOST_META: &str = "https://example.org/.well-known/host-meta.json";

fn ada() -> String {
    webfinger("ada@example.org")
}

fn descriptor(subject: &str, actor: &str) -> String {
    format!(
        r#"{{"subject": "{subject}", "links": [{{"rel": "self", "type": "application/activity+json", "href": "{actor}"}}]}}"#
    )
}

#[test]
fn a_lookup_asks_the_host_of_the_handle_over_https() {
    let network = Network::default().account("ada@example.org", "acct:ada@example.org", ADA);
    let (found, asked) = network.look_up(&Acct::parse("@Ada@EXAMPLE.org.").unwrap());
    // The user is asked for as it was written, and the answer decides how it is written from here on.
    assert_eq!(
        asked.first().unwrap(),
        "https://example.org/.well-known/webfinger?resource=acct%3AAda%40example.org"
    );
    assert_eq!(found, Err(LookupError::NotFound));

    let found = network.find("ada@example.org").unwrap();
    assert_eq!((found.subject.to_string().as_str(), found.actor.as_str()), ("acct:ada@example.org", ADA));
}

#[test]
fn a_request_says_what_it_accepts_and_is_the_same_until_answered() {
    let lookup = Lookup::of(&Acct::parse("ada@example.org").unwrap());
    for _ in 0..2 {
        let Step::Send(request) = lookup.step().unwrap() else { panic!("nothing was received yet") };
        assert_eq!(request.headers()["accept"], "application/jrd+json, application/json");
        assert_eq!(request.uri(), ada().as_str());
    }
}

#[test]
fn a_descriptor_without_subject_answers_what_was_asked() {
    let link =
        r#"{"rel": "self", "type": "application/activity+json", "href": "https://example.org/users/ada"}"#;
    let found =
        Network::default().jrd(&ada(), format!(r#"{{"links": [{link}]}}"#)).find("ada@example.org").unwrap();
    assert_eq!(found.subject, Acct::parse("ada@example.org").unwrap());
}

#[test]
fn the_content_type_must_be_a_descriptors() {
    for content_type in ["application/jrd+json", "application/json", "Application/JRD+json;charset=utf-8"] {
        let network = Network::default().page(
            &ada(),
            200,
            &[("content-type", content_type)],
            descriptor("acct:ada@example.org", ADA),
        );
        assert!(network.find("ada@example.org").is_ok(), "{content_type}");
    }
    for headers in [
        &[][..],
        &[("content-type", "text/html")],
        &[("content-type", "application/xrd+xml")],
        &[("content-type", "application/activity+json")],
    ] {
        let network = Network::default().page(&ada(), 200, headers, descriptor("acct:ada@example.org", ADA));
        assert_eq!(network.find("ada@example.org"), Err(LookupError::ContentType), "{headers:?}");
    }
}

#[test]
fn an_answer_that_is_no_descriptor_is_refused() {
    assert!(matches!(
        Network::default().jrd(&ada(), "<html>").find("ada@example.org"),
        Err(LookupError::Descriptor(_))
    ));
    let long = format!(r#"{{"x": "{}"}}"#, "a".repeat(64 * 1024));
    assert!(matches!(
        Network::default().jrd(&ada(), long).find("ada@example.org"),
        Err(LookupError::Descriptor(_))
    ));
    assert_eq!(Network::default().jrd(&ada(), "{}").find("ada@example.org"), Err(LookupError::NoActor));
}

#[test]
fn statuses_mean_what_they_mean() {
    let with = |status| Network::default().page(&ada(), status, &[], "").find("ada@example.org").unwrap_err();
    assert_eq!(with(410), LookupError::Gone);
    assert_eq!(with(404), LookupError::NotFound);
    assert_eq!(with(400), LookupError::Status(StatusCode::BAD_REQUEST));
    assert_eq!(with(304), LookupError::Status(StatusCode::NOT_MODIFIED));
    for (status, transient) in
        [(400, false), (401, false), (404, false), (410, false), (429, true), (500, true), (503, true)]
    {
        assert_eq!(with(status).is_transient(), transient, "{status}");
    }
}

#[test]
fn redirects_are_followed_three_times() {
    let chain = |length: usize| {
        let mut network = Network::default();
        let mut url = ada();
        for n in 0..length {
            let next = format!("https://hop{n}.example.net/");
            network = network.redirect(&url, [301, 302, 303, 307, 308][n % 5], &next);
            url = next;
        }
        network
            .jrd(&url, descriptor("acct:ada@example.org", ADA))
            .look_up(&Acct::parse("ada@example.org").unwrap())
    };
    assert!(chain(3).0.is_ok());
    let (outcome, asked) = chain(4);
    assert_eq!(outcome, Err(LookupError::Redirects));
    assert_eq!(asked.len(), 4);
    assert_eq!(chain(15).1.len(), 4);
}

#[test]
fn redirects_do_not_go_in_circles_for_ever() {
    let network = Network::default().redirect(&ada(), 302, &ada());
    let (outcome, asked) = network.look_up(&Acct::parse("ada@example.org").unwrap());
    assert_eq!((outcome, asked.len()), (Err(LookupError::Redirects), 4));
}

#[test]
fn a_relative_redirect_stays_on_its_host() {
    let network = Network::default()
        .redirect(&ada(), 302, "../wf?resource=x#fragment")
        .jrd("https://example.org/wf?resource=x", descriptor("acct:ada@example.org", ADA));
    assert!(network.find("ada@example.org").is_ok());
}

#[test]
fn a_redirect_leads_neither_down_nor_inside_nor_astray() {
    for (location, error) in [
        ("http://example.org/", LookupError::Scheme),
        ("https://127.0.0.1/", LookupError::Private),
        ("https://2130706433/", LookupError::Private),
        ("https://[::1]/", LookupError::Private),
        ("https://localhost/", LookupError::Private),
        ("https://db.localhost/", LookupError::Private),
        ("//intranet/", LookupError::Private),
        ("https://user@example.net/", LookupError::Url),
        ("https://example.org@example.net/", LookupError::Url),
        ("\\\\example.net", LookupError::Url),
        ("file:///etc/passwd", LookupError::Url),
        ("data:application/jrd+json,{}", LookupError::Url),
        ("gopher://example.net/", LookupError::Url),
        ("https://", LookupError::Url),
        ("https://exa%00mple.net/", LookupError::Url),
    ] {
        let (outcome, asked) = Network::default()
            .redirect(&ada(), 302, location)
            .look_up(&Acct::parse("ada@example.org").unwrap());
        assert_eq!(outcome, Err(error), "{location}");
        assert_eq!(asked.len(), 1, "{location}");
    }
    assert_eq!(
        Network::default().page(&ada(), 302, &[], "").find("ada@example.org"),
        Err(LookupError::Url),
        "no location"
    );
}

#[test]
fn after_a_404_host_meta_is_asked_once() {
    let template = |template: &str| {
        format!(
            r#"{{"links": [{{"rel": "lrdd", "type": "application/xrd+xml", "template": "{template}"}}]}}"#
        )
    };
    let (found, asked) = Network::default()
        .jrd(HOST_META, template("https://example.net/wf?q={uri}"))
        .jrd("https://example.net/wf?q=acct%3Aada%40example.org", descriptor("acct:ada@example.org", ADA))
        .look_up(&Acct::parse("ada@example.org").unwrap());
    assert_eq!(found.unwrap().actor, ADA);
    assert_eq!(
        asked,
        [ada(), HOST_META.to_owned(), "https://example.net/wf?q=acct%3Aada%40example.org".to_owned()]
    );

    for (template, error) in [
        (template("http://example.net/wf?q={uri}"), LookupError::Scheme),
        (template("https://127.0.0.1/wf?q={uri}"), LookupError::Private),
        (template("https://169.254.169.254/{uri}"), LookupError::Private),
        (template("https://{uri}/"), LookupError::Url),
        (template("https://x@{uri}/"), LookupError::Url),
        (template("/wf?q={uri}"), LookupError::Url),
        (template("https://example.net/wf?q={uri}"), LookupError::NotFound),
        (r#"{"links": [{"rel": "lrdd", "href": "https://example.net/"}]}"#.to_owned(), LookupError::NotFound),
        ("<XRD/>".to_owned(), LookupError::NotFound),
    ] {
        let (outcome, asked) = Network::default()
            .jrd(HOST_META, template.as_str())
            .look_up(&Acct::parse("ada@example.org").unwrap());
        assert_eq!(outcome, Err(error), "{template}");
        assert!(asked.len() <= 3, "{asked:?}");
    }
}

#[test]
fn the_host_of_another_subject_is_asked_once_and_must_agree() {
    let (found, asked) = Network::default()
        .account("ada@social.example.org", "acct:ada@example.org", ADA)
        .account("ada@example.org", "acct:ada@example.org", ADA)
        .look_up(&Acct::parse("ada@social.example.org").unwrap());
    let found = found.unwrap();
    assert_eq!(found.subject, Acct::parse("ada@example.org").unwrap());
    assert_eq!(asked, [webfinger("ada@social.example.org"), ada()]);

    let (outcome, asked) = Network::default()
        .account("ada@one.example", "acct:ada@two.example", ADA)
        .account("ada@two.example", "acct:ada@three.example", ADA)
        .account("ada@three.example", "acct:ada@three.example", ADA)
        .look_up(&Acct::parse("ada@one.example").unwrap());
    assert_eq!(outcome, Err(LookupError::Disagree(Box::new(Acct::parse("ada@three.example").unwrap()))));
    assert_eq!(asked.len(), 2);
}

#[test]
fn a_stranger_cannot_answer_for_a_victim() {
    // evil.test claims that its handle is really the victim's: only the victim's own host is believed about that.
    let network = Network::default()
        .account("a@evil.test", "acct:a@victim.test", "https://evil.test/users/a")
        .account("a@victim.test", "acct:a@victim.test", "https://victim.test/users/a");
    let found = network.find("a@evil.test").unwrap();
    assert_eq!(found.actor, "https://victim.test/users/a");

    let network =
        Network::default().account("a@evil.test", "acct:a@victim.test", "https://evil.test/users/a");
    assert_eq!(network.find("a@evil.test"), Err(LookupError::NotFound));
}

#[test]
fn a_subject_that_is_no_handle_is_refused() {
    for subject in ["acct:ada", "https://example.org/users/ada", "acct:a@localhost:22/x?#", "acct:a@b@c", ""]
    {
        let network = Network::default().jrd(&ada(), descriptor(subject, ADA));
        assert!(matches!(network.find("ada@example.org"), Err(LookupError::Subject(_))), "{subject}");
    }
}

#[test]
fn a_descriptor_must_link_one_actor_over_https() {
    let with = |links: &str| {
        Network::default().jrd(&ada(), format!(r#"{{"links": [{links}]}}"#)).find("ada@example.org")
    };
    let link =
        |href: &str| format!(r#"{{"rel": "self", "type": "application/activity+json", "href": "{href}"}}"#);
    assert_eq!(with(""), Err(LookupError::NoActor));
    assert_eq!(with(&link("http://example.org/users/ada")), Err(LookupError::Scheme));
    assert_eq!(with(&link("https://127.0.0.1/users/ada")), Err(LookupError::Private));
    assert_eq!(
        with(&[link(ADA), link("https://example.org/users/eve")].join(",")),
        Err(LookupError::ManyActors)
    );
    assert!(with(&[link(ADA), link(ADA)].join(",")).is_ok());
}

#[test]
fn http_is_spoken_on_loopback_only_when_the_handle_was_made_so() {
    let acct = Acct::new("ada", Origin::parse("http://127.0.0.1:8080").unwrap()).unwrap();
    let url = "http://127.0.0.1:8080/.well-known/webfinger?resource=acct%3Aada%40127.0.0.1%3A8080";
    let actor = "http://127.0.0.1:8080/users/ada";
    let network = Network::default().jrd(url, descriptor("acct:ada@127.0.0.1:8080", actor));
    let (found, _) = network.look_up(&acct);
    let found = found.unwrap();
    assert_eq!((found.subject, found.actor.as_str()), (acct.clone(), actor));

    let network = Network::default().redirect(url, 302, "https://example.org/");
    assert_eq!(network.look_up(&acct).0, Err(LookupError::Scheme));
}

#[test]
fn a_response_after_the_end_changes_nothing() {
    let mut lookup = Lookup::of(&Acct::parse("ada@example.org").unwrap());
    lookup.receive(http::Response::builder().status(410).body(bytes::Bytes::new()).unwrap());
    lookup.receive(http::Response::builder().status(200).body(bytes::Bytes::new()).unwrap());
    assert_eq!(lookup.step().unwrap_err(), LookupError::Gone);
}
