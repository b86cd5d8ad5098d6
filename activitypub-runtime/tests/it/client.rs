//! The door to the network against servers that do not mean well.

use std::io::Write as _;
use std::time::{Duration, Instant};

use activitypub::client::{ClientError, HttpClient, Limits, Overflow, Reqwest};
use activitypub::guard::{Blocked, Guard, danger};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{Request, Response, StatusCode};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::peer::{Peer, answer, client, document, redirect};

const SMALL: Limits = Limits { body: 10_000, time: Duration::from_secs(5), overflow: Overflow::Refuse };

async fn get(url: &str, limits: &Limits) -> Result<Response<Bytes>, ClientError> {
    client().send(Request::get(url).body(Bytes::new()).unwrap(), limits).await
}

#[tokio::test]
async fn a_request_goes_out_as_it_was_made() {
    let peer = Peer::new(|_| document("{}")).await;
    let authority = format!("a.localhost:{}", peer.port());
    let request = Request::post(peer.url_as("a", "/in%20box/@ada;x='y'?a=%7B&b=[1]"))
        .header("host", &authority)
        .header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
        .header("content-type", "application/activity+json")
        .body(Bytes::from_static(b"{\"a\":1}"))
        .unwrap();
    let client =
        Reqwest::builder(Guard::loopback(danger::Loopback)).user_agent("hello/1.0 (+https://hello.example)");
    let response = client.build().unwrap().send(request, &Limits::DELIVERY).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);

    let asked = &peer.asked()[0];
    assert_eq!(asked.line, "POST /in%20box/@ada;x='y'?a=%7B&b=[1] HTTP/1.1");
    assert_eq!(asked.body, "{\"a\":1}");
    assert_eq!(asked.field("host"), Some(&*authority));
    assert_eq!(asked.field("date"), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_eq!(asked.field("user-agent"), Some("hello/1.0 (+https://hello.example)"));
    assert_eq!(asked.field("referer"), None);
    assert_eq!(asked.field("cookie"), None);
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let peer = Peer::new(|_| redirect("/elsewhere")).await;
    let response = get(&peer.url("/"), &SMALL).await.unwrap();
    assert_eq!(response.status(), StatusCode::FOUND);
    assert_eq!(response.headers()["location"], "/elsewhere");
    assert_eq!(peer.count(), 1);
}

#[tokio::test]
async fn an_error_is_an_answer_and_little_of_it_is_read() {
    let peer = Peer::new(|_| answer("500 Oops", &[], vec![b'x'; 3_000_000])).await;
    let response = get(&peer.url("/"), &SMALL).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(response.body().len(), 1024);
}

#[tokio::test]
async fn what_an_inbox_answers_is_cut() {
    let peer = Peer::new(|_| answer("202 Accepted", &[], vec![b'x'; 3_000_000])).await;
    let response = get(&peer.url("/inbox"), &Limits::DELIVERY).await.unwrap();
    assert_eq!((response.status(), response.body().len()), (StatusCode::ACCEPTED, 1024));
}

#[tokio::test]
async fn a_body_may_be_as_long_as_the_limit_and_not_longer() {
    let peer = Peer::new(|asked| document(vec![b'x'; asked.path()[1..].parse().unwrap()])).await;
    assert_eq!(get(&peer.url("/10000"), &SMALL).await.unwrap().body().len(), 10_000);
    assert_eq!(get(&peer.url("/10001"), &SMALL).await.unwrap_err(), ClientError::TooLong(10_000));
    assert_eq!(get(&peer.url("/0"), &SMALL).await.unwrap().body().len(), 0);
}

#[tokio::test]
async fn a_body_without_end_is_left() {
    let peer = Peer::serve(|_, mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
        while stream.write_all(b"400\r\n").await.is_ok()
            && stream.write_all(&[b'x'; 0x400]).await.is_ok()
            && stream.write_all(b"\r\n").await.is_ok()
        {}
    })
    .await;
    assert_eq!(get(&peer.url("/"), &SMALL).await.unwrap_err(), ClientError::TooLong(10_000));
}

#[tokio::test]
async fn a_length_that_lies_is_no_reason_to_wait_or_to_allocate() {
    // One that announces ten gibibytes and sends none of them.
    let peer = Peer::serve(|_, mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n").await;
        tokio::time::sleep(Duration::from_secs(60)).await;
    })
    .await;
    let begun = Instant::now();
    assert_eq!(get(&peer.url("/"), &SMALL).await.unwrap_err(), ClientError::TooLong(10_000));
    assert!(begun.elapsed() < Duration::from_secs(2));

    // One that ends early: half a document is no document.
    let peer = Peer::new(|_| b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}".to_vec()).await;
    let broken = get(&peer.url("/"), &SMALL).await.unwrap_err();
    assert!(matches!(broken, ClientError::Broken(_)), "{broken:?}");
    assert!(broken.is_transient());

    // One with two lengths, and one with a length that is no number.
    for lengths in [
        "content-length: 2\r\ncontent-length: 3",
        "content-length: -1",
        "content-length: 99999999999999999999999",
    ] {
        let head = format!("HTTP/1.1 200 OK\r\n{lengths}\r\n\r\n{{}}x");
        let peer = Peer::new(move |_| head.clone().into_bytes()).await;
        let broken = get(&peer.url("/"), &SMALL).await.unwrap_err();
        assert!(matches!(broken, ClientError::Broken(_)), "{lengths}: {broken:?}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn bytes_are_counted_as_they_come_out_of_the_coding() {
    let small = answer("200 OK", &[("content-encoding", "gzip")], gzip(&[b'x'; 10_000]));
    let peer = Peer::new(move |_| small.clone()).await;
    let response = get(&peer.url("/"), &SMALL).await.unwrap();
    assert_eq!(response.body().len(), 10_000);
    assert_eq!(response.headers().get("content-encoding"), None);
    assert_eq!(response.headers().get("content-length"), None);
    assert_eq!(peer.asked()[0].field("accept-encoding"), Some("gzip,br"));

    // 64 MiB in 64 KiB, well below the limit for what is on the wire.
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 100_000);
    let bomb = answer("200 OK", &[("content-encoding", "gzip")], bomb);
    let peer = Peer::new(move |_| bomb.clone()).await;
    assert_eq!(get(&peer.url("/"), &Limits::DOCUMENT).await.unwrap_err(), ClientError::TooLong(1 << 20));
    assert_eq!(get(&peer.url("/"), &Limits::DELIVERY).await.unwrap().body().len(), 1024);
}

#[tokio::test]
async fn one_coding_that_was_asked_for_and_no_more() {
    let twice = gzip(&gzip(b"{}"));
    for coding in ["gzip, gzip", "gzip, br", "deflate", "zstd", "compress", "x"] {
        let sent = answer("200 OK", &[("content-encoding", coding)], &twice);
        let peer = Peer::new(move |_| sent.clone()).await;
        assert_eq!(get(&peer.url("/"), &SMALL).await.unwrap_err(), ClientError::Coding, "{coding}");
    }
    let garbage = answer("200 OK", &[("content-encoding", "gzip")], b"not gzip");
    let peer = Peer::new(move |_| garbage.clone()).await;
    assert!(matches!(get(&peer.url("/"), &SMALL).await, Err(ClientError::Broken(_))));
}

#[tokio::test]
async fn a_flood_of_fields_is_refused() {
    // A hundred are taken, counting the two that every answer of this server has.
    let peer =
        Peer::new(|asked| answer("200 OK", &vec![("x", "y"); asked.path()[1..].parse().unwrap()], "")).await;
    assert!(get(&peer.url("/98"), &SMALL).await.is_ok());
    for fields in [99, 1_000_000] {
        let refused = get(&peer.url(&format!("/{fields}")), &SMALL).await;
        assert!(matches!(refused, Err(ClientError::Broken(_))), "{fields}: {refused:?}");
    }

    let long = "y".repeat(10_000_000);
    let peer = Peer::new(move |_| format!("HTTP/1.1 200 OK\r\nx: {long}\r\n\r\n").into_bytes()).await;
    assert!(matches!(get(&peer.url("/"), &SMALL).await, Err(ClientError::Broken(_))));
}

/// A byte, and another, and another.
async fn drip(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) {
    for byte in bytes {
        if stream.write_all(&[*byte]).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_time_is_that_of_the_whole_exchange() {
    let limits = Limits { time: Duration::from_millis(400), ..SMALL };
    let head = Peer::serve(|_, mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx: ").await;
        drip(&mut stream, &[b'y'; 9000]).await;
    })
    .await;
    let body = Peer::serve(|_, mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        drip(&mut stream, &[b'x'; 9000]).await;
    })
    .await;
    let extension = Peer::serve(|_, mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;").await;
        drip(&mut stream, &[b'x'; 9000]).await;
    })
    .await;
    let silent = Peer::serve(|_, stream| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(stream);
    })
    .await;
    // Accepts, and never says hello.
    let handshake = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let https = format!("https://{}/", handshake.local_addr().unwrap());

    for url in [head.url("/"), body.url("/"), extension.url("/"), silent.url("/"), https] {
        let begun = Instant::now();
        assert_eq!(get(&url, &limits).await.unwrap_err(), ClientError::Timeout(limits.time), "{url}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{url}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn an_inbox_that_has_answered_has_answered() {
    // It drips its page, breaks off, or sends something nobody can read: the delivery is done.
    let slow = Peer::serve(|_, mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 202 Accepted\r\n\r\n").await;
        drip(&mut stream, &[b'x'; 9000]).await;
    })
    .await;
    let broken = Peer::new(|_| b"HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\nx".to_vec()).await;
    let coded = Peer::new(|_| answer("202 Accepted", &[("content-encoding", "zstd")], "x")).await;
    let limits = Limits { time: Duration::from_millis(400), ..Limits::DELIVERY };
    for peer in [slow, broken, coded] {
        assert_eq!(get(&peer.url("/inbox"), &limits).await.unwrap().status(), StatusCode::ACCEPTED);
    }
}

#[tokio::test]
async fn nobody_there_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let error = get(&url, &SMALL).await.unwrap_err();
    assert!(matches!(error, ClientError::Connect(_)), "{error:?}");
    assert!(error.is_transient());
}

#[tokio::test]
async fn no_proxy_of_the_environment_is_used() {
    // A process cannot change its environment safely; its child can have another. It runs the first test of this file.
    let proxy = Peer::new(|_| document("{}")).await;
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "client::a_request_goes_out_as_it_was_made"]);
    for variable in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(variable, proxy.url("/"));
    }
    let output = child.output().await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!(proxy.count(), 0);
}

#[tokio::test]
async fn a_strict_client_does_not_reach_loopback() {
    let peer = Peer::new(|_| document("{}")).await;
    let strict = Reqwest::builder(Guard::strict()).build().unwrap();
    for url in [
        peer.url("/"),
        peer.url_as("a", "/"),
        format!("https://127.0.0.1:{}/", peer.port()),
        format!("https://localhost:{}/", peer.port()),
    ] {
        let error = strict.send(Request::get(&url).body(Bytes::new()).unwrap(), &SMALL).await.unwrap_err();
        assert!(
            matches!(error, ClientError::Blocked(Blocked::Literal(_) | Blocked::Name(_))),
            "{url}: {error:?}"
        );
    }
    assert_eq!(peer.count(), 0);
}
