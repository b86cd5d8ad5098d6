//! Whom the client believes to be who they say they are.

use std::convert::Infallible;
use std::sync::Arc;

use activitypub::client::{ClientError, HttpClient, Limits, Reqwest};
use activitypub::fetch::{Budget, FetchError, Fetcher};
use activitypub::guard::{Guard, danger};
use activitypub::policy::Open;
use activitypub::sig::Dialect;
use activitypub_core::Iri;
use bytes::Bytes;
use http::{Request, Response, StatusCode, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::peer::{Peer, document, read, redirect};

/// An authority of our own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server that shows a certificate and then gives this answer.
struct Secure {
    port: u16,
    task: JoinHandle<()>,
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> ServerConfig {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

impl Secure {
    async fn new(certificate: CertificateDer<'static>, key: &KeyPair, answer: Vec<u8>) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(config(certificate, key)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                if read(&mut stream).await.is_some() {
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        Self { port, task }
    }

    /// With a certificate of this authority, good for `name` until the end of `year`.
    async fn of(
        authority: &CertifiedIssuer<'static, KeyPair>,
        name: &str,
        year: i32,
        answer: Vec<u8>,
    ) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, 12, 31);
        let certificate = params.signed_by(&key, authority).unwrap();
        Self::new(certificate.der().clone(), &key, answer).await
    }

    fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/", self.port)
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn trusting(authority: &CertifiedIssuer<'static, KeyPair>) -> Reqwest {
    let pem = authority.pem();
    let builder = Reqwest::builder(Guard::loopback(danger::Loopback));
    builder.root_certificate(pem.as_bytes()).unwrap().build().unwrap()
}

async fn get(client: &Reqwest, url: &str) -> Result<StatusCode, ClientError> {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    client.send(request, &Limits::DOCUMENT).await.map(|response| response.status())
}

#[tokio::test]
async fn a_certificate_of_an_added_root_is_believed() {
    let root = authority();
    let server = Secure::of(&root, "a.localhost", 4000, document("{}")).await;
    assert_eq!(get(&trusting(&root), &server.url("a.localhost")).await, Ok(StatusCode::OK));
}

#[tokio::test]
async fn certificates_of_strangers_of_other_names_and_of_last_year_are_not() {
    let root = authority();
    let good = Secure::of(&root, "a.localhost", 4000, document("{}")).await;
    let expired = Secure::of(&root, "a.localhost", 2020, document("{}")).await;
    let own_key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["a.localhost".to_owned()]).unwrap().self_signed(&own_key).unwrap();
    let self_signed = Secure::new(own.der().clone(), &own_key, document("{}")).await;

    let trusting = trusting(&root);
    let plain = crate::peer::client();
    for (client, url, reason) in [
        (&plain, good.url("a.localhost"), "UnknownIssuer"),
        // It bears the name of the authority, and not its signature.
        (&trusting, self_signed.url("a.localhost"), "BadSignature"),
        (&trusting, good.url("b.localhost"), "not valid for name"),
        (&trusting, good.url("127.0.0.1"), "not valid for name"),
        (&trusting, expired.url("a.localhost"), "expired"),
    ] {
        match get(client, &url).await {
            Err(ClientError::Connect(text)) => assert!(text.contains(reason), "{url}: {text}"),
            other => panic!("{url}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_redirect_does_not_lead_from_https_to_http() {
    let root = authority();
    let plain = Peer::new(|asked| document(format!("{{\"id\": \"{}\"}}", asked.url()))).await;
    let server = Secure::of(&root, "a.localhost", 4000, redirect(&plain.url_as("a", "/"))).await;
    let fetcher = Fetcher::new(Arc::new(trusting(&root)), Arc::new(Open::new()), None, Dialect::Cavage);
    let refused = fetcher.fetch(Iri::new(&server.url("a.localhost")), &mut Budget::new()).await.unwrap_err();
    assert!(matches!(refused, FetchError::Downgrade), "{refused:?}");
    assert_eq!(plain.count(), 0);
}

#[tokio::test]
async fn over_http_2_a_request_goes_out_as_it_was_made_too() {
    let root = authority();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["a.localhost".to_owned()]).unwrap().signed_by(&key, &root).unwrap();
    let mut config = config(certificate.der().clone(), &key);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let authority = format!("a.localhost:{}", listener.local_addr().unwrap().port());

    let (asked, mut asking) = tokio::sync::mpsc::channel(1);
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let stream = TokioIo::new(acceptor.accept(stream).await.unwrap());
        let answer = service_fn(move |request: Request<Incoming>| {
            let asked = asked.clone();
            async move {
                asked.send(request.into_parts().0).await.unwrap();
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(vec![b'x'; 5000]))))
            }
        });
        // It ends with the connection, which ends with the client.
        let _ = http2::Builder::new(TokioExecutor::new()).serve_connection(stream, answer).await;
    });

    let request = Request::post(format!("https://{authority}/in%20box?a=%7B"))
        .header("host", &authority)
        .header("signature", "keyId=\"k\"")
        .body(Bytes::from_static(b"{}"))
        .unwrap();
    let response = trusting(&root).send(request, &Limits::DELIVERY).await.unwrap();
    assert_eq!((response.status(), response.body().len()), (StatusCode::OK, 1024));

    let parts = asking.recv().await.unwrap();
    assert_eq!(parts.version, Version::HTTP_2);
    assert_eq!(parts.uri.to_string(), format!("https://{authority}/in%20box?a=%7B"));
    assert_eq!(parts.headers.get("host"), None, "the authority is said once");
    assert_eq!(parts.headers["signature"], "keyId=\"k\"");
    server.abort();
}
