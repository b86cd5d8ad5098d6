//! The reverse proxy in front of a server: TLS on a loopback port, plain HTTP behind it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::ca::Authority;
use crate::trouble::Trouble;

type Body = BoxBody<Bytes, hyper::Error>;

/// What stands behind a proxy at the moment.
#[derive(Clone, Copy)]
pub(crate) enum Backend {
    /// Nobody, as if there were no proxy either: connections are cut.
    Away,
    /// A server on this port of 127.0.0.1.
    Port(u16),
    /// Somebody who takes requests and never answers.
    Silent,
}

/// A running proxy; it ends when dropped.
pub(crate) struct Proxy {
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

struct Shared {
    authority: String,
    backend: watch::Sender<Backend>,
    unanswered: AtomicUsize,
}

impl Proxy {
    /// Listens on a free port under `name`, which is `localhost` or ends so, with nobody behind it yet.
    pub(crate) async fn start(ca: &Authority, name: &str) -> Result<Self, Trouble> {
        let during = || Trouble::during(format!("listening for {name}"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(during())?;
        let port = listener.local_addr().map_err(during())?.port();
        let shared = Arc::new(Shared {
            authority: format!("{name}:{port}"),
            backend: watch::Sender::new(Backend::Away),
            unanswered: AtomicUsize::new(0),
        });
        let tls = TlsAcceptor::from(ca.server(name)?);
        let accepting = tokio::spawn(accept(listener, tls, Arc::clone(&shared)));
        Ok(Self { shared, accepting })
    }

    /// Changes what stands behind the proxy, for the requests to come.
    pub(crate) fn set(&self, backend: Backend) {
        self.shared.backend.send_replace(backend);
    }

    /// How many connections or requests found nobody, or nobody who answers.
    pub(crate) fn unanswered(&self) -> usize {
        self.shared.unanswered.load(Ordering::Relaxed)
    }

    /// The host and port the world knows the server by.
    pub(crate) fn authority(&self) -> &str {
        &self.shared.authority
    }

    /// The origin the world knows the server by.
    pub(crate) fn origin(&self) -> String {
        format!("https://{}", self.shared.authority)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, tls: TlsAcceptor, shared: Arc<Shared>) {
    while let Ok((stream, client)) = listener.accept().await {
        if matches!(*shared.backend.borrow(), Backend::Away) {
            shared.unanswered.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        let tls = tls.clone();
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            // A client that fails its handshake or breaks off is that client's loss.
            let Ok(stream) = tls.accept(stream).await else {
                return;
            };
            let service = service_fn(|request| answer(request, client, &shared));
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    client: SocketAddr,
    shared: &Shared,
) -> Result<Response<Body>, io::Error> {
    let backend = *shared.backend.borrow();
    if !matches!(backend, Backend::Port(_)) {
        shared.unanswered.fetch_add(1, Ordering::Relaxed);
    }
    match backend {
        Backend::Port(port) => {
            let request = forwarded(request, client, &shared.authority);
            Ok(exchange(request, port).await.unwrap_or_else(|error| bad_gateway(&error.to_string())))
        }
        Backend::Silent => std::future::pending().await,
        // An error cuts the connection.
        Backend::Away => Err(io::ErrorKind::ConnectionReset.into()),
    }
}

fn forwarded(mut request: Request<Incoming>, client: SocketAddr, authority: &str) -> Request<Incoming> {
    for (name, value) in [
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", authority),
        ("x-forwarded-for", &client.ip().to_string()),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    request
}

/// One connection for one request: slower than a pool, and nothing to go stale when the server is killed.
async fn exchange(
    request: Request<Incoming>,
    port: u16,
) -> Result<Response<Body>, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    Ok(response.map(BodyExt::boxed))
}

fn bad_gateway(reason: &str) -> Response<Body> {
    let text = format!("the server behind this proxy does not answer: {reason}\n");
    let body = Full::from(text).map_err(|never| match never {}).boxed();
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}
