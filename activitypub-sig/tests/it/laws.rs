//! What holds for every request, whatever is in it.

use activitypub_core::Origin;
use activitypub_sig::{Candidate, Dialect, PrivateKey, Signer};
use proptest::prelude::*;

use crate::scene::{
    ADA, ED25519, KEY_ID, add, arrived, by_hand_cavage, delivery, follow, now, parts, put, signed, us,
};

/// Ada, with a key that signs faster.
fn quick() -> (Signer, activitypub_sig::OwnedKey) {
    let key = PrivateKey::from_pem(ED25519).unwrap();
    let actor = crate::scene::document(&serde_json::json!({
        "id": ADA,
        "publicKey": {"id": KEY_ID, "owner": ADA, "publicKeyPem": key.public_key().to_pem().unwrap()},
    }));
    let owned = activitypub_sig::OwnedKey::confirm(&actor, &actor, KEY_ID.into()).unwrap();
    (Signer::new(KEY_ID.into(), key), owned)
}

fn dialect() -> impl Strategy<Value = Dialect> {
    prop_oneof![Just(Dialect::Cavage), Just(Dialect::Rfc9421)]
}

/// Pieces of signatures, so that what is put together of them gets further than noise would.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("keyId=".to_owned()),
        Just(format!("\"{KEY_ID}\"")),
        Just("headers=\"(request-target) host date digest\"".to_owned()),
        Just("signature=\"AAAA\"".to_owned()),
        Just("sig1=".to_owned()),
        Just("(\"@method\" \"@target-uri\" \"content-digest\")".to_owned()),
        Just(";created=1787392800".to_owned()),
        Just(format!(";keyid=\"{KEY_ID}\"")),
        Just(":AAAA:".to_owned()),
        Just(",".to_owned()),
        "[ -~]{0,12}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_is_signed_verifies(
        dialect in dialect(),
        post in any::<bool>(),
        host in "[a-z]{1,8}\\.example(:[1-9][0-9]{2})?",
        target in "(/[a-zA-Z0-9._~%-]{0,8}){1,3}(\\?[a-z0-9=&/?%]{0,12})?",
        body in prop::collection::vec(any::<u8>(), 0..200),
        field in "[ -~]{0,20}",
    ) {
        let (signer, key) = quick();
        let method = if post { "POST" } else { "GET" };
        let mut parts = parts(method, &format!("https://{host}{target}"), &[("content-type", &field)]);
        signer.sign(&mut parts, &body, dialect, now()).unwrap();
        let origin = Origin::parse(&format!("https://{host}")).unwrap();
        let candidate = Candidate::parse(&arrived(parts), body.into(), &origin).unwrap();
        candidate.verify(&key, now()).unwrap();
    }

    #[test]
    fn one_other_byte_and_it_is_refused(dialect in dialect(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (signer, key) = quick();
        let mut parts = delivery();
        signer.sign(&mut parts, &follow(), dialect, now()).unwrap();
        let mut body = follow().to_vec();
        let at = at.index(body.len());
        prop_assume!(body[at] != byte);
        body[at] = byte;
        let verified = Candidate::parse(&arrived(parts), body.into(), &us())
            .and_then(|candidate| candidate.verify(&key, now()));
        prop_assert!(verified.is_err());
    }

    #[test]
    fn nothing_that_is_made_up_is_believed(one in pieces(), two in pieces(), three in pieces()) {
        let (_, key) = quick();
        for (name, others) in [("signature", &[][..]), ("authorization", &[]), ("signature-input", &["signature"])] {
            let mut parts = arrived(delivery());
            for field in ["host", "date", "digest", "content-digest"] {
                let dialect = if field == "content-digest" { Dialect::Rfc9421 } else { Dialect::Cavage };
                let value = signed(dialect).headers[field].clone();
                parts.headers.insert(field, value);
            }
            put(&mut parts, name, &one);
            for other in others {
                put(&mut parts, other, &two);
                add(&mut parts.headers, other, &three);
            }
            let verified = Candidate::parse(&parts, follow(), &us())
                .and_then(|candidate| candidate.verify(&key, now()));
            prop_assert!(verified.is_err());
        }
    }

    #[test]
    fn a_digest_that_is_made_up_is_not_believed(digest in "[ -~]{0,60}") {
        let target = ("(request-target)", "post /users/bea/inbox");
        let lines = [target, ("host", "us.example"), ("date", crate::scene::DATE), ("digest", &*digest)];
        prop_assert!(crate::scene::receive(&by_hand_cavage(&lines, ""), follow()).is_err());
    }
}
