//! Requests of real servers, as they came over the wire.
//!
//! They lie outside of this repository; `FEDI_SHARED` is the absolute path of the folder that has them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use activitypub_core::{Activity, Iri, Origin};
use activitypub_sig::{Candidate, Dialect, OwnedKey, Refusal};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::scene::{document, parts};

/// The folder of captures and vectors of others, if there is one.
pub(crate) fn shared() -> Option<PathBuf> {
    static SAID: Once = Once::new();
    let Some(path) = std::env::var_os("FEDI_SHARED").map(PathBuf::from) else {
        SAID.call_once(|| {
            eprintln!("FEDI_SHARED is not set: what other programs signed is not tested");
        });
        return None;
    };
    assert!(path.is_absolute(), "FEDI_SHARED must be an absolute path, and is {}", path.display());
    Some(path)
}

pub(crate) fn json_file(path: &Path) -> Value {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A key whose owner is known from elsewhere.
pub(crate) fn owned(id: &str, owner: &str, pem: &str) -> OwnedKey {
    let actor = document(&json!({
        "id": owner,
        "type": "Person",
        "publicKey": {"id": id, "owner": owner, "publicKeyPem": pem},
    }));
    OwnedKey::confirm(&actor, &actor, id.into()).unwrap()
}

/// A request from its request line, its fields and its body.
pub(crate) fn request(value: &Value) -> (http::request::Parts, Bytes) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (method, target) = match value["request_line"].as_str() {
        Some(line) => {
            let mut words = line.split(' ');
            (words.next().unwrap().to_owned(), words.next().unwrap().to_owned())
        }
        None => (text(&value["method"]), text(&value["target"])),
    };
    let headers = value["headers"].as_array().unwrap();
    let headers: Vec<_> = headers.iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = value["body"].as_str().unwrap_or_default().to_owned();
    (parts(&method, &target, &headers), body.into())
}

#[test]
fn what_real_servers_signed_verifies() {
    const SERVERS: [&str; 8] = [
        "bovine",
        "gancio",
        "gotosocial",
        "lemmy",
        "microblogpub",
        "mitra-rfc9421",
        "snac-2.75",
        "wordpress",
    ];
    /// Signed over an empty path, or over a target without its query: not what the request line says.
    const EXCEPTIONS: [&str; 9] = [
        "gancio/17-out-get-orderedcollectionpage-outbox-signed.json",
        "gancio/18-doc-orderedcollectionpage-outbox.json",
        "gancio/q1-out-get-query-dropped-signed.json",
        "gotosocial/116-doc-orderedcollectionpage-outbox.json",
        "gotosocial/q1-out-get-root-empty-path-signed.json",
        "microblogpub/14-out-get-orderedcollectionpage-outbox-signed.json",
        "microblogpub/15-out-get-orderedcollectionpage-outbox-signed.json",
        "microblogpub/q2-out-get-query-dropped-signed.json",
        "microblogpub/q3-out-get-query-dropped-signed.json",
    ];
    let Some(shared) = shared() else { return };
    let captures = shared.join("captures");
    let mut keys = HashMap::new();
    for server in SERVERS {
        let file = json_file(&captures.join(server).join("keys.json"));
        for (id, key) in file.as_object().unwrap() {
            if let (Some(owner), Some(pem)) = (key["owner"].as_str(), key["pem"].as_str()) {
                keys.insert(id.clone(), owned(id, owner, pem));
            }
        }
    }
    let (mut verified, mut excepted) = (0, Vec::new());
    for server in SERVERS {
        for file in files(&captures.join(server)) {
            let capture = json_file(&file);
            if !matches!(capture["verification"]["scheme"].as_str(), Some("cavage" | "rfc9421")) {
                continue;
            }
            let name = format!("{server}/{}", file.file_name().unwrap().to_string_lossy());
            let Some(key) = capture["verification"]["key_id"].as_str().and_then(|id| keys.get(id)) else {
                assert!(name.contains("-doc-"), "there is no key for {name}");
                continue;
            };
            match verify(&capture, key) {
                Ok(()) => verified += 1,
                Err(Refusal::SignatureMismatch(_)) => excepted.push(name),
                Err(refusal) => panic!("{name}: {refusal}"),
            }
        }
    }
    assert_eq!(excepted, EXCEPTIONS);
    assert!(verified >= 370, "only {verified}");
}

fn verify(capture: &Value, key: &OwnedKey) -> Result<(), Refusal> {
    let origin = Iri::new(capture["url"].as_str().unwrap()).origin().unwrap();
    let (parts, body) = request(capture);
    let now = UNIX_EPOCH + Duration::from_secs_f64(capture["ts"].as_f64().unwrap());
    let authentic = Candidate::parse(&parts, body, &origin)?.verify(key, now)?;
    if parts.method == "POST" {
        authentic.of::<Activity>()?;
    }
    Ok(())
}

#[test]
fn what_fedify_signed_verifies_in_both_dialects() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("captures/fedify");
    let (mut verified, mut excepted) = ([0, 0], Vec::new());
    for run in ["2.3.8", "authorized-fetch"] {
        let requests: Vec<_> = ["inbound-alice", "inbound-bob"]
            .iter()
            .flat_map(|inbox| files(&folder.join(run).join(inbox)))
            .map(|path| (path.clone(), raw_request(&std::fs::read(path).unwrap())))
            .collect();
        // The two actors travel with their keys inside of some activities; the instances' own keys do not.
        let mut keys = HashMap::new();
        for (_, (_, body)) in requests.iter().filter(|(_, (_, body))| !body.is_empty()) {
            collect_keys(&serde_json::from_slice(body).unwrap(), &mut keys);
        }
        for (path, (parts, body)) in requests {
            let host = parts.headers["host"].to_str().unwrap();
            let origin = Origin::parse(&format!("http://{host}")).unwrap();
            let candidate = Candidate::parse(&parts, body, &origin).unwrap();
            let Some(key) = keys.get(candidate.key_id().as_str()) else { continue };
            let dialect = candidate.dialect();
            let Ok(authentic) = candidate.verify(key, date(&parts)) else {
                excepted.push(path.strip_prefix(&folder).unwrap().display().to_string());
                continue;
            };
            if parts.method == "POST" {
                authentic.of::<Activity>().unwrap();
            }
            verified[usize::from(dialect == Dialect::Rfc9421)] += 1;
        }
    }
    // This one verifies by nobody's reading; the answer did not depend on it.
    assert_eq!(excepted, ["2.3.8/inbound-bob/002-to-bob-GET-rfc9421-200.http"]);
    assert!(verified[0] >= 8 && verified[1] >= 8, "{verified:?}");
}

fn collect_keys(value: &Value, keys: &mut HashMap<String, OwnedKey>) {
    if let (Some(id), Some(owner), Some(pem)) =
        (value["id"].as_str(), value["owner"].as_str(), value["publicKeyPem"].as_str())
    {
        keys.insert(id.to_owned(), owned(id, owner, pem));
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect_keys(value, keys)),
        Value::Object(members) => members.values().for_each(|value| collect_keys(value, keys)),
        _ => {}
    }
}

pub(crate) fn date(parts: &http::request::Parts) -> SystemTime {
    httpdate::parse_http_date(parts.headers["date"].to_str().unwrap()).unwrap()
}

/// A request as bytes: request line, fields, blank line, body.
fn raw_request(raw: &[u8]) -> (http::request::Parts, Bytes) {
    let blank = |line_end: &[u8]| {
        let blank = [line_end, line_end].concat();
        raw.windows(blank.len()).position(|window| window == blank).map(|at| (at, at + blank.len()))
    };
    let (head, body) = blank(b"\r\n").or_else(|| blank(b"\n")).unwrap();
    let mut lines = std::str::from_utf8(&raw[..head]).unwrap().lines();
    let mut line = lines.next().unwrap().split(' ');
    let headers: Vec<_> = lines.map(|line| line.split_once(": ").unwrap()).collect();
    let parts = parts(line.next().unwrap(), line.next().unwrap(), &headers);
    (parts, Bytes::copy_from_slice(&raw[body..]))
}
