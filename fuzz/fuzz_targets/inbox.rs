//! What strangers post to an inbox, one request after the other: nothing panics, nothing is our fault, and a handler
//! sees what the signer says of its own and nothing else.
//!
//! The input has a request in each line: two letters that say who signs it how, and what is wrong with it; then the
//! body. Bits of the first letter:
//!
//! | bit | 0 | 1 |
//! |---|---|---|
//! | 1 | signed | not signed |
//! | 2 | by Ada | by Eve, on another server |
//! | 4 | in the older dialect | as RFC 9421 has it |
//! | 8 | to the shared inbox | to Bea's |
//!
//! Every input finds the server as it was at first.

#![no_main]

use std::sync::{Arc, LazyLock, Mutex};
use std::time::SystemTime;

use activitypub::as2::{Activity, Create, Iri, Person, Update};
use activitypub::client::{ClientError, HttpClient, Limits};
use activitypub::sig::{Dialect, PrivateKey, Signer};
use activitypub::{Context, Federation, Sqlite, Verified};
use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use tokio::runtime::Runtime;
use tower::ServiceExt;

const US: &str = "https://us.example";
const ADA: &str = "https://peer.example/users/ada";
const EVE: &str = "https://other.example/users/eve";

/// How many requests there are in an input at most.
const REQUESTS: usize = 8;

static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// Who has signed the request that is under way.
static SIGNER: Mutex<Option<&'static str>> = Mutex::new(None);

fuzz_target!(|bytes: &[u8]| WORLD.runtime.block_on(async {
    let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    for line in lines.take(REQUESTS) {
        WORLD.post(line).await;
    }
    WORLD.forget().await;
}));

struct World {
    runtime: Runtime,
    federation: Federation,
    inbox: Router,
    key: PrivateKey,
}

impl World {
    fn new() -> Self {
        let key = PrivateKey::from_pem(include_str!("../../activitypub-sig/testdata/ed25519.pem"));
        let key = key.expect("a key");
        let federation = Federation::builder(US)
            .store(Sqlite::in_memory().expect("a database"))
            .client(Arc::new(Network { multibase: key.public_key().to_multibase().expect("a key") }))
            .actor("bea", Person::builder())
            .on(handle)
            .build()
            .expect("a federation");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let inbox = federation.router();
        Self { runtime: runtime.expect("a runtime"), federation, inbox, key }
    }

    async fn post(&self, line: &[u8]) {
        let &[how, wrong, ref body @ ..] = line else { return };
        let signer = if how & 2 == 0 { ADA } else { EVE };
        let path = if how & 8 == 0 { "/inbox" } else { "/users/bea/inbox" };
        let request = Request::post(format!("{US}{path}"))
            .header("host", "us.example")
            .header("content-type", "application/activity+json");
        let mut parts = request.body(()).expect("a request").into_parts().0;
        let mut signed_by = None;
        if how & 1 == 0 {
            let dialect = if how & 4 == 0 { Dialect::Cavage } else { Dialect::Rfc9421 };
            let signer_key = Signer::new(format!("{signer}#key").into(), self.key.clone());
            signer_key.sign(&mut parts, body, dialect, SystemTime::now()).expect("the request can be signed");
            signed_by = Some(signer);
        }
        parts.uri = path.parse().expect("a path");
        let mut body = Bytes::copy_from_slice(body);
        if spoil(wrong, &mut parts, &mut body) {
            signed_by = None;
        }
        *SIGNER.lock().expect("nobody panics") = signed_by;

        let answer = self.inbox.clone().oneshot(Request::from_parts(parts, Body::from(body))).await;
        let (answer, said) = answer.expect("there is always an answer").into_parts();
        let said = to_bytes(said, 10_000).await.expect("an answer is short");
        let said = String::from_utf8_lossy(&said);
        let status = answer.status;
        // Who changes is asked for the key again, and a server is not asked as often as a fuzzer can make it change.
        let is_busy = status == StatusCode::SERVICE_UNAVAILABLE && said.contains("the key cannot be read");
        assert!(is_busy || !status.is_server_error(), "{status} {said}: it was our fault");
        assert!(signed_by.is_some() || status != StatusCode::ACCEPTED, "nobody signed it");
    }

    /// Empties every table but that of our own keys.
    async fn forget(&self) {
        let emptied = self.federation.work("bea", async |unit: Context| {
            unit.write(|tx| {
                let tables = "SELECT name FROM sqlite_schema
                    WHERE type = 'table' AND name LIKE 'ap\\_%' ESCAPE '\\' AND name NOT IN ('ap_schema', 'ap_key')";
                let tables: Vec<String> =
                    tx.prepare_cached(tables)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
                tables.iter().try_for_each(|table| tx.prepare_cached(&format!("DELETE FROM {table}"))?.execute([]).map(drop))
            })
        });
        emptied.await.expect("the store forgets");
    }
}

/// Does something to a request that was signed; whether nobody can have signed it as it is now.
fn spoil(wrong: u8, parts: &mut Parts, body: &mut Bytes) -> bool {
    let (name, value) = match wrong {
        b'a' => ("x-forwarded-host", "other.example"),
        b'b' => ("content-encoding", "gzip"),
        b'c' => ("date", "Sat, 01 Jan 2000 00:00:00 GMT"),
        b'd' => ("signature", "sig1=:AAAA:"),
        b'e' => ("authorization", "Signature keyId=\"https://other.example/users/eve#key\""),
        b'f' => ("host", "other.example"),
        // Of an empty body.
        b'g' => ("digest", "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        b'h' => ("content-digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"),
        b'n' => return parts.headers.remove("host").is_some(),
        b'o' => return parts.headers.remove("signature").is_some(),
        b'p' => return parts.headers.remove("signature-input").is_some(),
        b'q' => return parts.headers.remove("content-type").is_some(),
        b'r' => {
            parts.uri = "/inbox?page=1".parse().expect("a path");
            return true;
        }
        b's' => {
            parts.method = Method::PUT;
            return true;
        }
        b't' => {
            *body = [body, &b" "[..]].concat().into();
            return true;
        }
        _ => return false,
    };
    parts.headers.append(name, HeaderValue::from_static(value));
    matches!(wrong, b'f'..=b'h')
}

/// Holds an activity to what a handler may count on.
async fn handle(_: Context, activity: Verified<Activity>) -> activitypub::Result<()> {
    let signer = Iri::new(SIGNER.lock().expect("nobody panics").expect("somebody has signed it"));
    let actors: Vec<&Iri> = activity.actor().ids().collect();
    assert_eq!(actors, [signer], "an activity is its signer's");
    for object in activity.object() {
        let origin = object.id().map(Iri::origin);
        let is_own = origin.is_none_or(|origin| origin.is_some() && origin == signer.origin());
        assert!(is_own || object.object().is_none(), "of what is another's there is only the id");
        assert!(
            is_own || !activity.is::<Create>() && !activity.is::<Update>(),
            "nobody makes what is another's"
        );
    }
    Ok(())
}

/// The other servers: an actor of each, the Notes of that actor, and nothing else.
#[derive(Debug)]
struct Network {
    multibase: String,
}

impl Network {
    fn document(&self, url: &str) -> Option<serde_json::Value> {
        let signer =
            [ADA, EVE].into_iter().find(|signer| Iri::new(signer).origin() == Iri::new(url).origin())?;
        if url == signer {
            return Some(json!({
                "id": signer,
                "type": "Person",
                "inbox": format!("{signer}/inbox"),
                "assertionMethod": {
                    "id": format!("{signer}#key"),
                    "type": "Multikey",
                    "controller": signer,
                    "publicKeyMultibase": self.multibase,
                },
            }));
        }
        url.contains("/notes/")
            .then(|| json!({ "id": url, "type": "Note", "attributedTo": signer, "content": "Hello" }))
    }
}

#[async_trait]
impl HttpClient for Network {
    async fn send(&self, request: Request<Bytes>, _: &Limits) -> Result<Response<Bytes>, ClientError> {
        let mut response = Response::new(Bytes::new());
        match self.document(&request.uri().to_string()) {
            Some(document) => {
                let activity_json = HeaderValue::from_static("application/activity+json");
                response.headers_mut().insert(CONTENT_TYPE, activity_json);
                *response.body_mut() = document.to_string().into();
            }
            None => *response.status_mut() = StatusCode::NOT_FOUND,
        }
        Ok(response)
    }
}
