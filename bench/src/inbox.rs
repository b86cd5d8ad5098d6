//! The figure of an inbox: deliveries of a Create(Note) from their bytes to the disk, 64 in flight, beside the
//! arithmetic, a `serde_json::Value` and bare inserts of the same rows in transactions of 64.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use activitypub::as2::{Create, IriBuf, Person};
use activitypub::client::{ClientError, HttpClient, Limits};
use activitypub::sig::{Dialect, PrivateKey, Signer};
use activitypub::{Context, Federation, Sqlite, Verified};
use async_trait::async_trait;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use rsa::pkcs8::{LineEnding, SecretDocument};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::measure::{Figure, cpu_time, median};

const BODY: &str = include_str!("../fixtures/create-note.json");
/// The number of the Note in the fixture, which every delivery has a number of its own for.
const NUMBER: &str = "113500218844721903";
const MARIT: &str = "https://harbour.example/users/marit";
/// Where the one lives who is mentioned.
const HERE: &str = "https://quay.example";

const ROUNDS: usize = 41;

const IN_FLIGHT: usize = 64;

/// How many deliveries a side gets in a round.
const TURN: usize = 8 * IN_FLIGHT;

/// As long as what is signed of such a request, about.
const BASE: [u8; 300] = [b'x'; 300];

pub(crate) fn inbox() -> Figure {
    let folder = Folder::new();
    let marit = Marit::new();
    let runtime = Runtime::new().expect("a runtime");
    let inbox = federation(&folder.file("ours.db"), &marit).router();
    let mut floor = Floor::new(&folder.file("floor.db"), &marit);

    let mut number = 0;
    let mut turn = || {
        let bodies: Vec<String> = (number..number + TURN).map(body).collect();
        number += TURN;
        (bodies.iter().map(|body| marit.signs(body)).collect::<Vec<_>>(), bodies)
    };
    // Fetches the key, and prepares every statement on either side.
    let (requests, bodies) = turn();
    runtime.block_on(deliver(&inbox, requests));
    floor.take(&bodies.iter().map(|body| Row::of(body)).collect::<Vec<_>>(), &bodies);

    let mut rounds: Vec<(f64, f64)> = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let (requests, bodies) = turn();
        let rows: Vec<Row> = bodies.iter().map(|body| Row::of(body)).collect();
        let ours = || timed(|| runtime.block_on(deliver(&inbox, requests)));
        let mut floor = || timed(|| floor.take(&rows, &bodies));
        // Whoever goes first finds the caches as the other left them.
        rounds.push(if round % 2 == 0 {
            let ours = ours();
            (ours, floor())
        } else {
            let floor = floor();
            (ours(), floor)
        });
    }

    for table in ["ap_activity", "ap_remote"] {
        let rows = |name| count(&folder.file(name), table);
        assert_eq!(rows("ours.db"), number, "{table}: every delivery had its effect");
        assert_eq!(rows("floor.db"), number, "{table}: and so it had for the floor");
    }
    Figure {
        ours: median(rounds.iter().map(|(ours, _)| *ours)),
        floor: median(rounds.iter().map(|(_, floor)| *floor)),
        ratio: median(rounds.iter().map(|(ours, floor)| ours / floor)),
        unit: "µs",
    }
}

/// Microseconds for each delivery of a turn.
fn timed(work: impl FnOnce()) -> f64 {
    let start = cpu_time();
    work();
    (cpu_time() - start).as_secs_f64() * 1e6 / TURN as f64
}

fn body(number: usize) -> String {
    BODY.replace(NUMBER, &format!("{:018}", 113_500_000_000_000_000 + number))
}

/// The server, with a handler that does nothing.
fn federation(database: &Path, marit: &Marit) -> Federation {
    Federation::builder(HERE)
        .store(Sqlite::open(database).expect("a database"))
        .client(Arc::new(Harbour(marit.document())))
        .actor("oskar", Person::builder())
        .on(|_: Context, _: Verified<Create>| std::future::ready(Ok(())))
        .build()
        .expect("a federation")
}

/// Posts every request, and has as many under way as there may be.
async fn deliver(inbox: &Router, requests: Vec<Request<Body>>) {
    let mut requests = requests.into_iter();
    let mut in_flight = JoinSet::new();
    let post = |request| inbox.clone().oneshot(request);
    for request in requests.by_ref().take(IN_FLIGHT) {
        in_flight.spawn(post(request));
    }
    while let Some(answer) = in_flight.join_next().await {
        let answer = answer.expect("the inbox does not panic").expect("it always answers");
        assert_eq!(answer.status(), StatusCode::ACCEPTED, "a delivery is accepted");
        if let Some(request) = requests.next() {
            in_flight.spawn(post(request));
        }
    }
}

/// Whoever sends, with her key as the engine's own.
struct Marit {
    key: RsaKeyPair,
    signer: Signer,
    public_pem: String,
}

impl Marit {
    fn new() -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der: Pkcs8V1Der<'_> = key.as_der().expect("a key can be written");
        let pem =
            SecretDocument::try_from(der.as_ref()).and_then(|der| der.to_pem("PRIVATE KEY", LineEnding::LF));
        let ours = PrivateKey::from_pem(&pem.expect("a key can be written")).expect("a key can be read");
        let public_pem = ours.public_key().to_pem().expect("a key can be written");
        Self { key, signer: Signer::new(key_id(), ours), public_pem }
    }

    fn document(&self) -> Bytes {
        let actor = serde_json::json!({
            "id": MARIT,
            "type": "Person",
            "inbox": format!("{MARIT}/inbox"),
            "publicKey": { "id": key_id().as_str(), "owner": MARIT, "publicKeyPem": self.public_pem },
        });
        actor.to_string().into()
    }

    /// A delivery to the shared inbox, as it comes out of an HTTP server.
    fn signs(&self, body: &str) -> Request<Body> {
        let request = Request::post(format!("{HERE}/inbox"))
            .header("content-type", "application/activity+json")
            .header("user-agent", "bench/1.0")
            .header("accept-encoding", "gzip");
        let mut parts = request.body(()).expect("a request").into_parts().0;
        let signed = self.signer.sign(&mut parts, body.as_bytes(), Dialect::Cavage, SystemTime::now());
        signed.expect("the request can be signed");
        parts.uri = "/inbox".parse().expect("a path");
        Request::from_parts(parts, Body::from(body.to_owned()))
    }
}

fn key_id() -> IriBuf {
    format!("{MARIT}#main-key").into()
}

/// The network: one server with one actor.
#[derive(Debug)]
struct Harbour(Bytes);

#[async_trait]
impl HttpClient for Harbour {
    async fn send(&self, request: Request<Bytes>, _: &Limits) -> Result<Response<Bytes>, ClientError> {
        assert_eq!(request.uri(), MARIT, "nothing is asked for but the key");
        let answer = Response::builder().header("content-type", "application/activity+json");
        Ok(answer.body(self.0.clone()).expect("an answer"))
    }
}

/// What nobody can avoid: on one thread, with nothing between the steps.
struct Floor {
    public: ParsedPublicKey,
    signature: Vec<u8>,
    database: Connection,
}

impl Floor {
    fn new(path: &Path, marit: &Marit) -> Self {
        let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, marit.key.public_key().as_ref());
        let mut signature = vec![0; marit.key.public_modulus_len()];
        let signed = marit.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &BASE, &mut signature);
        signed.expect("the key signs");
        // The same tables with the same indices.
        drop(Sqlite::open(path).expect("a database"));
        let database = Connection::open(path).expect("a database");
        // As the store has it; that it is a WAL says the file.
        let settings = "PRAGMA synchronous = full; PRAGMA wal_autocheckpoint = 4000";
        database.execute_batch(settings).expect("settings of SQLite");
        Self { public: public.expect("an RSA key"), signature, database }
    }

    fn take(&mut self, rows: &[Row], bodies: &[String]) {
        for (rows, bodies) in rows.chunks(IN_FLIGHT).zip(bodies.chunks(IN_FLIGHT)) {
            for body in bodies {
                self.public.verify_sig(&BASE, &self.signature).expect("the signature is good");
                std::hint::black_box(Sha256::digest(body));
                let value = serde_json::from_str::<serde_json::Value>(body);
                std::hint::black_box(value.expect("the fixture parses"));
            }
            self.insert(rows).expect("the rows can be inserted");
        }
    }

    fn insert(&mut self, rows: &[Row]) -> rusqlite::Result<()> {
        let tx = self.database.transaction()?;
        for row in rows {
            tx.prepare_cached(
                "INSERT INTO ap_activity (mark, kind, object, at, until) VALUES (?, ?, ?, ?, ?)",
            )?
            .execute((row.activity, "Create", &row.object, row.at, row.at + 2_592_000_000))?;
            tx.prepare_cached(
                "INSERT INTO ap_remote (mark, owner, kind, at, updated) VALUES (?, ?, ?, ?, ?)",
            )?
            .execute((row.mark, MARIT, "Note", row.at, row.at))?;
        }
        tx.commit()
    }
}

/// What is stored of a delivery.
struct Row {
    /// Stands for the activity.
    activity: [u8; 16],
    /// Stands for its object.
    mark: [u8; 16],
    object: String,
    /// Milliseconds since 1970.
    at: i64,
}

impl Row {
    fn of(body: &str) -> Self {
        let at = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is later than 1970");
        let create: serde_json::Value = serde_json::from_str(body).expect("the fixture parses");
        let [activity, object] =
            ["/id", "/object/id"].map(|path| create.pointer(path).and_then(|id| id.as_str()));
        let object = object.expect("the Note has an id").to_owned();
        Self {
            activity: mark(activity.expect("the Create has an id")),
            mark: mark(&object),
            object,
            at: i64::try_from(at.as_millis()).expect("it is earlier than that"),
        }
    }
}

fn mark(id: &str) -> [u8; 16] {
    let digest = Sha256::digest(id);
    *digest.first_chunk().expect("a digest is longer")
}

fn count(database: &Path, table: &str) -> usize {
    let database = Connection::open(database).expect("a database");
    let count = database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
    usize::try_from(count.expect("a number")).expect("not less than none")
}

/// A folder for the databases, gone with the figure.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("bench-inbox-{}", std::process::id()));
        fs::create_dir(&path).expect("a folder for the databases");
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}
