//! A request of a stranger: reading its signature never panics, and what verifies is a request that was
//! signed, whatever else has been done to it.
//!
//! The input is written like HTTP: method and target, fields, a blank line, the body. The seeds are signed
//! with a key that the fuzzer does not have.

#![no_main]

use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use activitypub_core::{Activity, Origin, Parsed};
use activitypub_sig::{Candidate, OwnedKey, PrivateKey};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request};
use libfuzzer_sys::fuzz_target;

const ADA: &str = "https://peer.example/users/ada";
const INBOX: &str = "/users/bea/inbox";
const FOLLOW: &str = r#"{"id":"https://peer.example/follows/1","type":"Follow","actor":"https://peer.example/users/ada","object":"https://us.example/users/bea"}"#;

static US: LazyLock<Origin> = LazyLock::new(|| Origin::parse("https://us.example").expect("an origin"));

static KEY: LazyLock<OwnedKey> = LazyLock::new(|| {
    let key =
        PrivateKey::from_pem(include_str!("../../activitypub-sig/testdata/ed25519.pem")).expect("a key");
    let multibase = key.public_key().to_multibase().expect("a key");
    let ada = serde_json::json!({
        "id": ADA,
        "type": "Person",
        "assertionMethod": {
            "id": format!("{ADA}#key"),
            "type": "Multikey",
            "controller": ADA,
            "publicKeyMultibase": multibase,
        },
    });
    let ada = Parsed::parse(ada.to_string()).expect("an actor");
    OwnedKey::confirm(&ada, &ada, format!("{ADA}#key").as_str().into()).expect("her key")
});

fuzz_target!(|bytes: &[u8]| {
    let Some((parts, body)) = request(bytes) else { return };
    let Ok(candidate) = Candidate::parse(&parts, body, &US) else { return };
    let Ok(authentic) = candidate.verify(&KEY, now()) else { return };
    // The draft signs the method in lower case.
    assert!(parts.method.as_str().eq_ignore_ascii_case("POST"), "{}", parts.method);
    assert_eq!(parts.uri.path_and_query().map(|target| target.as_str()), Some(INBOX));
    assert_eq!(authentic.bytes(), FOLLOW.as_bytes());
    assert_eq!(authentic.owner(), ADA);
    authentic.of::<Activity>().expect("Ada signed her own");
});

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_787_392_800)
}

fn request(bytes: &[u8]) -> Option<(Parts, Bytes)> {
    let end = bytes.windows(2).position(|two| two == b"\n\n")?;
    let mut lines = bytes[..end].split(|&byte| byte == b'\n');
    let line = std::str::from_utf8(lines.next()?).ok()?;
    let (method, target) = line.split_once(' ')?;
    let mut parts = Request::builder().method(method).uri(target).body(()).ok()?.into_parts().0;
    for line in lines {
        let colon = line.iter().position(|&byte| byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        parts.headers.append(name, value);
    }
    Some((parts, Bytes::copy_from_slice(&bytes[end + 2..])))
}
