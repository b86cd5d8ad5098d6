//! The scene: we are `us.example`, Ada is on `peer.example`, and signatures are also made here by hand, with
//! nothing of the library in them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use activitypub_core::{Object, Origin, Parsed};
use activitypub_sig::{Authentic, Candidate, Dialect, OwnedKey, PrivateKey, Refusal, Signer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request};
use rsa::pkcs8::DecodePrivateKey;
use rsa::signature::{SignatureEncoding, Signer as _};
use serde_json::json;
use sha2::{Digest as _, Sha256};

pub(crate) const ADA: &str = "https://peer.example/users/ada";
pub(crate) const KEY_ID: &str = "https://peer.example/users/ada#main-key";
pub(crate) const RSA: &str = include_str!("../../testdata/rsa.pem");
pub(crate) const RSA_PUBLIC: &str = include_str!("../../testdata/rsa-public.pem");
pub(crate) const RSA_OF_ANOTHER: &str = include_str!("../../testdata/rsa-of-another.pem");
pub(crate) const ED25519: &str = include_str!("../../testdata/ed25519.pem");
pub(crate) const DATE: &str = "Sat, 22 Aug 2026 10:00:00 GMT";
const SECONDS: u64 = 1_787_392_800;

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(SECONDS)
}

pub(crate) fn us() -> Origin {
    Origin::parse("https://us.example").unwrap()
}

pub(crate) fn document(json: &serde_json::Value) -> Object {
    Parsed::parse(json.to_string()).unwrap().into_object()
}

pub(crate) fn ada() -> serde_json::Value {
    json!({
        "id": ADA,
        "type": "Person",
        "inbox": format!("{ADA}/inbox"),
        "publicKey": {"id": KEY_ID, "owner": ADA, "publicKeyPem": RSA_PUBLIC},
    })
}

pub(crate) fn key() -> OwnedKey {
    OwnedKey::confirm(&document(&ada()), &document(&ada()), KEY_ID.into()).unwrap()
}

pub(crate) fn signer() -> Signer {
    Signer::new(KEY_ID.into(), PrivateKey::from_pem(RSA).unwrap())
}

pub(crate) fn follow() -> Bytes {
    let follow = json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": format!("{ADA}#follows/1"),
        "type": "Follow",
        "actor": ADA,
        "object": "https://us.example/users/bea",
    });
    follow.to_string().into()
}

/// A delivery to us as it leaves a client: with an absolute URI and no signature.
pub(crate) fn delivery() -> Parts {
    parts("POST", "https://us.example/users/bea/inbox", &[("content-type", "application/activity+json")])
}

pub(crate) fn parts(method: &str, uri: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().method(method).uri(uri).body(()).unwrap();
    for (name, value) in headers {
        add(request.headers_mut(), name, value);
    }
    request.into_parts().0
}

pub(crate) fn add(headers: &mut http::HeaderMap, name: &str, value: &str) {
    headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
}

pub(crate) fn put(parts: &mut Parts, name: &str, value: &str) {
    parts
        .headers
        .insert(HeaderName::try_from(name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
}

/// A delivery signed by the library, as it arrives over HTTP/1.1.
pub(crate) fn signed(dialect: Dialect) -> Parts {
    let mut parts = delivery();
    signer().sign(&mut parts, &follow(), dialect, now()).unwrap();
    arrived(parts)
}

/// What is left of the URI on the wire.
pub(crate) fn arrived(mut parts: Parts) -> Parts {
    parts.uri = parts.uri.path_and_query().unwrap().as_str().parse().unwrap();
    parts
}

/// All that we do with a request from Ada.
pub(crate) fn receive(parts: &Parts, body: impl Into<Bytes>) -> Result<Authentic, Refusal> {
    Candidate::parse(parts, body.into(), &us())?.verify(&key(), now())
}

/// As [`receive`], for what must be refused.
pub(crate) fn refusal(parts: &Parts, body: impl Into<Bytes>) -> Refusal {
    match receive(parts, body) {
        Err(refusal) => refusal,
        Ok(_) => panic!("accepted: {parts:#?}"),
    }
}

/// RSASSA-PKCS1-v1_5 with SHA-256 by Ada's key, in base64.
pub(crate) fn rsa_sign(base: &str) -> String {
    let key = rsa::RsaPrivateKey::from_pkcs8_pem(RSA).unwrap();
    STANDARD.encode(rsa::pkcs1v15::SigningKey::<Sha256>::new(key).sign(base.as_bytes()).to_vec())
}

pub(crate) fn sha256(body: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(body))
}

/// A delivery whose signature covers these lines and has these parameters besides `keyId`, `headers` and
/// `signature`. The fields in the lines are put into the request.
pub(crate) fn by_hand_cavage(lines: &[(&str, &str)], parameters: &str) -> Parts {
    let mut parts = arrived(delivery());
    put(&mut parts, "host", "us.example");
    put(&mut parts, "date", DATE);
    put(&mut parts, "digest", &format!("SHA-256={}", sha256(&follow())));
    for (name, value) in lines.iter().filter(|(name, _)| !name.starts_with('(')) {
        put(&mut parts, name, value);
    }
    let base: Vec<_> = lines.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let names: Vec<_> = lines.iter().map(|(name, _)| *name).collect();
    let signature = format!(
        r#"keyId="{KEY_ID}",{parameters}headers="{}",signature="{}""#,
        names.join(" "),
        rsa_sign(&base.join("\n"))
    );
    put(&mut parts, "signature", &signature);
    parts
}

/// A delivery whose signature has this input, over these lines.
pub(crate) fn by_hand_rfc9421(input: &str, lines: &[(&str, &str)]) -> Parts {
    let mut parts = arrived(delivery());
    put(&mut parts, "host", "us.example");
    put(&mut parts, "date", DATE);
    put(&mut parts, "content-digest", &format!("sha-256=:{}:", sha256(&follow())));
    for (name, value) in lines.iter().filter(|(name, _)| !name.starts_with('@')) {
        put(&mut parts, name, value);
    }
    let mut base: Vec<_> = lines.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    base.push(format!("\"@signature-params\": {input}"));
    put(&mut parts, "signature-input", &format!("sig1={input}"));
    put(&mut parts, "signature", &format!("sig1=:{}:", rsa_sign(&base.join("\n"))));
    parts
}
