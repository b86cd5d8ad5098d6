//! [`HttpClient`] for the internet, on `reqwest` and `rustls`.

use std::error::Error as _;
use std::time::Duration;

use activitypub_core::Iri;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, HOST};
use http::{HeaderValue, Method, Request, Response};
use reqwest::dns::Resolve;
use reqwest::{Certificate, Client, redirect};
use thiserror::Error;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::resolver::{Judged, System, Unresolved};
use super::{ClientError, HttpClient, Limits, Overflow, TargetError};
use crate::guard::{Blocked, Guard};

/// Requests over the network, as far as its [`Guard`] lets them go.
///
/// Certificates are verified against the system's roots, and there is no way to turn that off. Proxies of the
/// environment are not used, cookies are not kept, redirects are not followed. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub struct Reqwest {
    client: Client,
    guard: Guard,
}

impl Reqwest {
    /// A client behind this guard.
    ///
    /// ```
    /// # use activitypub::client::Reqwest;
    /// # use activitypub::guard::Guard;
    /// let client = Reqwest::builder(Guard::strict()).user_agent("hello/1.0 (+https://hello.example)").build()?;
    /// # Ok::<(), activitypub::client::BuildError>(())
    /// ```
    #[must_use]
    pub fn builder(guard: Guard) -> ReqwestBuilder {
        ReqwestBuilder {
            guard,
            user_agent: concat!("activitypub-rs/", env!("CARGO_PKG_VERSION")).to_owned(),
            roots: Vec::new(),
        }
    }

    /// The request as it goes out, if it may.
    fn admit(&self, request: Request<Bytes>) -> Result<reqwest::Request, ClientError> {
        let (parts, body) = request.into_parts();
        if parts.method != Method::GET && parts.method != Method::POST {
            return Err(ClientError::Method(parts.method));
        }
        let text = parts.uri.to_string();
        let origin = Iri::new(&text).origin().ok_or(TargetError::Origin)?;
        self.guard.origin(&origin)?;
        let url = Url::parse(&text).map_err(|_| TargetError::Origin)?;
        // Then the host that was judged is the host that is dialled, and the URL that was signed the one that is sent.
        if url.as_str() != text || url.host_str() != Some(origin.host()) {
            return Err(TargetError::NotNormal.into());
        }
        let mut headers = parts.headers;
        // It was signed; from here on the authority of the URL takes its place, in HTTP/1.1 and HTTP/2 alike.
        if headers.get_all(HOST).iter().any(|host| host.as_bytes() != origin.authority().as_bytes()) {
            return Err(ClientError::Host);
        }
        headers.remove(HOST);

        let mut admitted = reqwest::Request::new(parts.method, url);
        *admitted.headers_mut() = headers;
        *admitted.body_mut() = (!body.is_empty()).then(|| body.into());
        Ok(admitted)
    }

    /// The answer as far as its head.
    async fn answer(&self, request: reqwest::Request) -> Result<reqwest::Response, ClientError> {
        self.client.execute(request).await.map_err(|error| fault(&error))
    }
}

/// Adds the body of an answer to `body`, at most `limit` bytes of it.
async fn read(
    answer: &mut reqwest::Response,
    limit: usize,
    overflow: Overflow,
    body: &mut BytesMut,
) -> Result<(), ClientError> {
    // A coding that was asked for has been taken off, and its header with it.
    if answer.headers().get_all(CONTENT_ENCODING).iter().any(|coding| coding != "identity") {
        return Err(ClientError::Coding);
    }
    if overflow == Overflow::Refuse && answer.content_length().is_some_and(|length| length > limit as u64) {
        return Err(ClientError::TooLong(limit));
    }
    while let Some(chunk) = answer.chunk().await.map_err(|error| fault(&error))? {
        let room = limit - body.len();
        let overflows = chunk.len() > room;
        if overflows && overflow == Overflow::Refuse {
            return Err(ClientError::TooLong(limit));
        }
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if overflows {
            break;
        }
    }
    Ok(())
}

#[async_trait]
impl HttpClient for Reqwest {
    async fn send(&self, request: Request<Bytes>, limits: &Limits) -> Result<Response<Bytes>, ClientError> {
        let deadline = Instant::now() + limits.time;
        let late = ClientError::Timeout(limits.time);
        let request = self.admit(request)?;
        let mut answer = timeout_at(deadline, self.answer(request)).await.map_err(|_| late.clone())??;

        let (limit, overflow) = limits.for_status(answer.status());
        let mut body = BytesMut::new();
        let read = timeout_at(deadline, read(&mut answer, limit, overflow, &mut body)).await;
        // Where only the status matters, it has been read by now: an inbox that takes a delivery and then breaks off has
        // taken it.
        if overflow == Overflow::Refuse {
            read.map_err(|_| late)??;
        }
        let mut response = Response::new(body.freeze());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

/// Makes a [`Reqwest`].
#[derive(Clone, Debug)]
pub struct ReqwestBuilder {
    guard: Guard,
    user_agent: String,
    roots: Vec<Certificate>,
}

impl ReqwestBuilder {
    /// What the client calls itself; by custom `name/version (+https://origin)`, so that others know whom to ask.
    #[must_use]
    pub fn user_agent(mut self, user_agent: &str) -> Self {
        user_agent.clone_into(&mut self.user_agent);
        self
    }

    /// Trusts the certificates of this PEM text besides the system's: for a network with an authority of its own.
    ///
    /// # Errors
    /// When it is not PEM, or holds no certificate.
    pub fn root_certificate(mut self, pem: &[u8]) -> Result<Self, BuildError> {
        let certificates = Certificate::from_pem_bundle(pem).map_err(|_| BuildError::RootCertificate)?;
        if certificates.is_empty() {
            return Err(BuildError::RootCertificate);
        }
        self.roots.extend(certificates);
        Ok(self)
    }

    /// The client.
    ///
    /// # Errors
    /// When the user agent cannot stand in a header, a root certificate is not one, or the system has no roots.
    pub fn build(self) -> Result<Reqwest, BuildError> {
        let resolver = Judged::new(self.guard.clone(), System::new());
        self.build_with(resolver)
    }

    fn build_with(self, resolver: impl Resolve + 'static) -> Result<Reqwest, BuildError> {
        let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|_| BuildError::UserAgent)?;
        // What a feature of `reqwest` could turn on by default, when somebody else in the program enables it, is set here.
        let client = Client::builder()
            .user_agent(user_agent)
            .dns_resolver(std::sync::Arc::new(resolver))
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .tls_backend_rustls()
            .tls_certs_merge(self.roots)
            .gzip(true)
            .brotli(true)
            .no_deflate()
            .no_zstd()
            .http1_max_headers(100)
            .http2_max_header_list_size(64 << 10)
            // Less than any limit of time, so that a dead address leaves some for the next.
            .connect_timeout(Duration::from_secs(5))
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(4)
            .build()
            .map_err(|error| BuildError::Tls(innermost(&error)))?;
        Ok(Reqwest { client, guard: self.guard })
    }
}

/// Why there is no client.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The user agent has characters that cannot stand in a header.
    #[error("the user agent cannot stand in a header")]
    UserAgent,
    /// Not a certificate in PEM.
    #[error("the root certificate is not a certificate in PEM")]
    RootCertificate,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(Box<str>),
}

/// Our own reasons come back out of the HTTP client as sources of its error.
fn fault(error: &reqwest::Error) -> ClientError {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(blocked) = error.downcast_ref::<Blocked>() {
            return blocked.clone().into();
        }
        if let Some(Unresolved(reason)) = error.downcast_ref() {
            return ClientError::Unresolved(reason.clone());
        }
        source = error.source();
    }
    if error.is_connect() {
        ClientError::Connect(innermost(error))
    } else {
        ClientError::Broken(innermost(error))
    }
}

/// The outer texts say little more than that there was an error, and name the URL.
fn innermost(error: &reqwest::Error) -> Box<str> {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string().into()
}

#[cfg(test)]
mod tests {
    use super::super::resolver::tests::Script;
    use super::*;

    fn get(url: &str) -> Request<Bytes> {
        Request::get(url).body(Bytes::new()).unwrap()
    }

    #[tokio::test]
    async fn a_public_name_at_a_private_address_is_not_connected_to() {
        for address in ["127.0.0.1", "::1", "10.1.2.3", "169.254.169.254"] {
            let guard = Guard::strict();
            let resolver = Judged::new(guard.clone(), Script::new(&[&[address]]));
            let client = Reqwest::builder(guard).build_with(resolver).unwrap();
            for request in [
                get("https://peer.example/"),
                Request::post("https://peer.example/inbox").body("{}".into()).unwrap(),
            ] {
                let refused = client.send(request, &Limits::DOCUMENT).await.unwrap_err();
                assert!(
                    matches!(&refused, ClientError::Blocked(Blocked::Address { .. })),
                    "{address}: {refused:?}"
                );
                assert!(!refused.is_transient());
            }
        }
    }

    #[tokio::test]
    async fn a_name_without_address_is_unresolved() {
        let resolver = Judged::new(Guard::strict(), Script::new(&[]));
        let client = Reqwest::builder(Guard::strict()).build_with(resolver).unwrap();
        let error = client.send(get("https://peer.example/"), &Limits::DOCUMENT).await.unwrap_err();
        assert_eq!(error, ClientError::Unresolved("no such name".into()));
        assert!(error.is_transient());
    }

    #[test]
    fn only_the_request_that_was_signed_goes_out() {
        let client = Reqwest::builder(Guard::strict()).build().unwrap();
        assert!(client.admit(get("https://peer.example/a?b=c")).is_ok());
        for url in [
            "https://peer.example/a/../b",
            "https://peer.example:443/",
            "https://PEER.example/",
            "https://peer.example./",
        ] {
            assert_eq!(client.admit(get(url)).unwrap_err(), TargetError::NotNormal.into(), "{url}");
        }
        for url in ["https://user@peer.example/", "/inbox", "ftp://peer.example/"] {
            assert_eq!(client.admit(get(url)).unwrap_err(), TargetError::Origin.into(), "{url}");
        }
        let mut request = get("https://peer.example/");
        request.headers_mut().insert(HOST, HeaderValue::from_static("victim.example"));
        assert_eq!(client.admit(request).unwrap_err(), ClientError::Host);
        let request = Request::builder()
            .method(Method::CONNECT)
            .uri("https://peer.example/")
            .body(Bytes::new())
            .unwrap();
        assert_eq!(client.admit(request).unwrap_err(), ClientError::Method(Method::CONNECT));
    }

    #[test]
    fn a_builder_says_what_is_wrong() {
        let builder = Reqwest::builder(Guard::strict());
        assert_eq!(builder.clone().user_agent("a\r\nX: y").build().unwrap_err(), BuildError::UserAgent);
        for pem in [&b""[..], b"not pem", b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"] {
            assert_eq!(builder.clone().root_certificate(pem).unwrap_err(), BuildError::RootCertificate);
        }
    }
}
