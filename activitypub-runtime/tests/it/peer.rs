//! Servers on loopback that answer as they are told, byte for byte: what a well-behaved HTTP library would not send.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use activitypub::client::Reqwest;
use activitypub::guard::{Guard, danger};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `GET /path?query HTTP/1.1`
    pub(crate) line: String,
    pub(crate) fields: HashMap<String, String>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn path(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// The URL that was asked for.
    pub(crate) fn url(&self) -> String {
        self.url_of(self.path())
    }

    /// Another URL of the host that was asked.
    pub(crate) fn url_of(&self, path: &str) -> String {
        format!("http://{}{path}", self.field("host").unwrap_or_default())
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }
}

/// A server; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Peer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

impl Peer {
    /// Answers each request with these bytes, and closes the connection.
    pub(crate) async fn new(answer: impl Fn(&Asked) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::serve(move |asked, mut stream| {
            let answer = answer(&asked);
            async move {
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        })
        .await
    }

    /// Hands each connection over after the first request on it.
    pub(crate) async fn serve<F>(answer: impl Fn(Asked, TcpStream) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<Asked>>>::default();
        let (answer, asked) = (Arc::new(answer), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (answer, seen) = (Arc::clone(&answer), Arc::clone(&seen));
                tokio::spawn(async move {
                    if let Some(asked) = read(&mut stream).await {
                        seen.lock().unwrap().push(asked.clone());
                        answer(asked, stream).await;
                    }
                });
            }
        });
        Self { address, asked, task }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// `http://127.0.0.1:port/path`
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// `http://name.localhost:port/path`: the same server by another name.
    pub(crate) fn url_as(&self, name: &str, path: &str) -> String {
        format!("http://{name}.localhost:{}{path}", self.port())
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How often it was asked.
    pub(crate) fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A client that may reach the servers of a test.
pub(crate) fn client() -> Reqwest {
    Reqwest::builder(Guard::loopback(danger::Loopback)).build().unwrap()
}

/// An answer with this status line, these fields and this body.
pub(crate) fn answer(status: &str, fields: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let fields: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head =
        format!("HTTP/1.1 {status}\r\n{fields}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// An ActivityPub document.
pub(crate) fn document(body: impl AsRef<[u8]>) -> Vec<u8> {
    answer("200 OK", &[("content-type", "application/activity+json")], body)
}

pub(crate) fn redirect(location: &str) -> Vec<u8> {
    answer("302 Found", &[("location", location)], "")
}

pub(crate) fn status(status: &str) -> Vec<u8> {
    answer(status, &[], "")
}

/// One request, or nothing when the connection ends before it does.
pub(crate) async fn read(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let mut fields = HashMap::new();
    for field in lines {
        let (name, value) = field.split_once(':').unwrap();
        let again = fields.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        assert_eq!(again, None, "{name} is sent once");
    }
    let length = fields.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = bytes.split_off(end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Asked { line, fields, body: String::from_utf8(body).unwrap() })
}
