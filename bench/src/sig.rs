//! The figures of signing and verifying a delivery, beside SHA-256 of its body and the bare RSA-2048
//! operation of the same engine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use activitypub_core::{Origin, Parsed};
use activitypub_sig::{Candidate, Dialect, OwnedKey, PrivateKey, Signer};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use bytes::Bytes;
use http::request::Parts;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use sha2::{Digest, Sha256};

use crate::measure::{Figure, compare};

const BODY: &[u8] = include_bytes!("../fixtures/create-note.json");
const ADA: &str = "https://mastodon.example/users/ada";

/// As long as what is signed of such a request, about.
const BASE: [u8; 300] = [b'x'; 300];

pub(crate) fn sign_cavage() -> Figure {
    sign(Dialect::Cavage)
}

pub(crate) fn sign_rfc9421() -> Figure {
    sign(Dialect::Rfc9421)
}

pub(crate) fn verify_cavage() -> Figure {
    verify(Dialect::Cavage)
}

pub(crate) fn verify_rfc9421() -> Figure {
    verify(Dialect::Rfc9421)
}

fn sign(dialect: Dialect) -> Figure {
    let keys = Keys::new();
    let mut parts = delivery();
    compare(
        || keys.signer.sign(&mut parts, BODY, dialect, now()).expect("the request can be signed"),
        || (Sha256::digest(BODY), keys.bare_signature()),
    )
}

fn verify(dialect: Dialect) -> Figure {
    let keys = Keys::new();
    let mut parts = delivery();
    keys.signer.sign(&mut parts, BODY, dialect, now()).expect("the request can be signed");
    parts.uri = "/users/bea/inbox".parse().expect("a path");
    let (body, origin) = (Bytes::from_static(BODY), Origin::parse("https://us.example").expect("an origin"));
    let signature = keys.bare_signature();
    compare(
        || {
            let candidate = Candidate::parse(&parts, body.clone(), &origin).expect("the request is signed");
            candidate.verify(&keys.owned, now()).expect("the signature is good")
        },
        || {
            keys.bare_public.verify_sig(&BASE, &signature).expect("the signature is good");
            Sha256::digest(BODY)
        },
    )
}

/// One key, as ours and as the engine's own.
struct Keys {
    signer: Signer,
    owned: OwnedKey,
    bare: RsaKeyPair,
    bare_public: ParsedPublicKey,
}

impl Keys {
    fn new() -> Self {
        let key = PrivateKey::generate_rsa(2048).expect("a key");
        let pem = key.to_pem().expect("a key can be written");
        let der = rsa::RsaPrivateKey::from_pkcs8_pem(&pem).and_then(|key| key.to_pkcs8_der());
        let bare = RsaKeyPair::from_pkcs8(der.expect("a key can be read").as_bytes()).expect("an RSA key");
        let bare_public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, bare.public_key().as_ref());
        let id = format!("{ADA}#main-key");
        let owner = serde_json::json!({
            "id": ADA,
            "type": "Person",
            "publicKey": {
                "id": id,
                "owner": ADA,
                "publicKeyPem": key.public_key().to_pem().expect("a key can be written"),
            },
        });
        let owner = Parsed::parse(owner.to_string()).expect("an actor");
        let owned = OwnedKey::confirm(&owner, &owner, id.as_str().into()).expect("the actor's key");
        Self {
            signer: Signer::new(id.into(), key),
            owned,
            bare,
            bare_public: bare_public.expect("an RSA key"),
        }
    }

    fn bare_signature(&self) -> Vec<u8> {
        let mut signature = vec![0; self.bare.public_modulus_len()];
        self.bare
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &BASE, &mut signature)
            .expect("the key signs");
        signature
    }
}

fn delivery() -> Parts {
    let request = http::Request::post("https://us.example/users/bea/inbox")
        .header("content-type", "application/activity+json")
        .header("user-agent", "bench/1.0")
        .header("accept-encoding", "gzip");
    request.body(()).expect("a request").into_parts().0
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_787_392_800)
}
