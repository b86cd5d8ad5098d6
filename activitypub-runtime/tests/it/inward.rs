//! Every way out, tried against every way in: no URL of a stranger leads to where only we can go.

use std::net::IpAddr;
use std::sync::Arc;

use activitypub::client::{ClientError, HttpClient, Limits, Reqwest, target};
use activitypub::fetch::{Budget, FetchError, Fetcher};
use activitypub::guard::{Blocked, Guard};
use activitypub::keys::{KeyError, Keys};
use activitypub::policy::Open;
use activitypub::sig::Dialect;
use activitypub::webfinger::Acct;
use activitypub_core::{Iri, Origin};
use http::Request;

use crate::peer::{Peer, client, redirect};

/// Hosts that are this machine, its neighbours, or nobody's: in all the ways they can be written.
const INWARD: &[&str] = &[
    "0.0.0.0",
    "0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "012.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.000.000.001",
    "127.255.255.255",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "１２７.0.0.1",
    "127。0。0。1",
    "169.254.169.254",
    "0xa9fea9fe",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::a00:1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[100::1]",
    "[2001::1]",
    "[2001:0:7f00:1::]",
    "[2001:db8::1]",
    "[2002:7f00:1::]",
    "[3fff::1]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fec0::1]",
    "[ff02::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ｌocalhost",
    "app.localhost",
    "metadata",
    "intranet.",
    "example.org:22",
    "example.org:25",
    "example.org:80",
    "example.org:6379",
    "user@example.org",
    "example.org.",
    "",
];

fn strict() -> Arc<Reqwest> {
    Arc::new(Reqwest::builder(Guard::strict()).build().unwrap())
}

fn is_refused(error: &FetchError) -> bool {
    matches!(
        error,
        FetchError::Target(_) | FetchError::Client(ClientError::Blocked(_) | ClientError::Target(_))
    )
}

#[tokio::test]
async fn no_way_out_leads_inward() {
    let client = strict();
    let fetcher = Fetcher::new(client.clone(), Arc::new(Open::new()), None, Dialect::Cavage);
    for host in INWARD {
        for scheme in ["https", "http"] {
            let url = format!("{scheme}://{host}/users/ada");
            let iri = Iri::new(&url);

            let error = fetcher.fetch(iri, &mut Budget::new()).await.unwrap_err();
            assert!(is_refused(&error), "document {url}: {error:?}");
            let error = fetcher.fetch_page(iri, &mut Budget::new()).await.unwrap_err();
            assert!(is_refused(&error), "page {url}: {error:?}");
            let error = Keys::new(fetcher.clone()).find(iri, &mut Budget::new()).await.unwrap_err();
            assert!(matches!(&error, KeyError::Fetch(error) if is_refused(error)), "key {url}: {error:?}");
            if let Ok(uri) = target(iri) {
                let request = Request::post(uri).body("{}".into()).unwrap();
                let error = client.send(request, &Limits::DELIVERY).await.unwrap_err();
                assert!(matches!(error, ClientError::Blocked(_)), "delivery {url}: {error:?}");
            }
            if let Ok(origin) = Origin::parse(&format!("{scheme}://{host}")) {
                let acct = Acct::new("ada", origin).unwrap();
                // Origin has no trailing dot: this one is a public name, and would be asked for.
                if *host == "example.org." && scheme == "https" {
                    continue;
                }
                let error = fetcher.webfinger(&acct, &mut Budget::new()).await.unwrap_err();
                assert!(is_refused(&error), "handle {url}: {error:?}");
            }
        }
    }
}

#[tokio::test]
async fn no_redirect_leads_inward() {
    // With loopback open, all but loopback stays closed.
    let fetcher = Fetcher::new(Arc::new(client()), Arc::new(Open::new()), None, Dialect::Cavage);
    for host in INWARD {
        let is_loopback = Origin::parse(&format!("http://{host}")).is_ok_and(|origin| {
            let host = origin.host();
            host.ends_with("localhost")
                || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        });
        if is_loopback {
            continue;
        }
        let location = format!("http://{host}/latest/meta-data");
        let peer = Peer::new(move |_| {
            // A field cannot hold what is not ASCII; such a host arrives percent-encoded, if at all.
            redirect(&location.replace(|c: char| !c.is_ascii(), "%EF"))
        })
        .await;
        let error = fetcher.fetch(Iri::new(&peer.url("/")), &mut Budget::new()).await.unwrap_err();
        assert!(is_refused(&error) || matches!(error, FetchError::Location), "{host}: {error:?}");
        assert_eq!(peer.count(), 1);
    }
}

#[tokio::test]
async fn other_schemes_are_no_urls() {
    let client = strict();
    let fetcher = Fetcher::new(client.clone(), Arc::new(Open::new()), None, Dialect::Cavage);
    for url in [
        "file:///etc/passwd",
        "data:application/activity+json,1",
        "gopher://example.org/",
        "ftp://example.org/",
        "unix:/run/x",
        "javascript:1",
        "about:blank",
        "//example.org/",
    ] {
        let error = fetcher.fetch(Iri::new(url), &mut Budget::new()).await.unwrap_err();
        assert!(matches!(error, FetchError::Target(_)), "{url}: {error:?}");
    }
    let error = fetcher.fetch(Iri::new("http://example.org/"), &mut Budget::new()).await.unwrap_err();
    assert!(matches!(error, FetchError::Client(ClientError::Blocked(Blocked::Scheme))), "{error:?}");
}
