//! The vectors of both specifications. They cover less than a [`Candidate`](crate::Candidate) must, so they
//! are tested below it.

use activitypub_core::Origin;
use http::request::Parts;
use rsa::pkcs8::DecodePublicKey;
use rsa::sha2::Sha256;
use rsa::signature::Verifier;
use serde_json::{Value, json};

use super::{Claim, Message, cavage, rfc9421};
use crate::error::Refusal;
use crate::key::{KeyError, PublicKey};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn parts(request: &Value, signature: &[(&str, String)]) -> Parts {
    let mut builder = http::Request::builder().method(text(&request["method"])).uri(text(&request["target"]));
    for field in request["headers"].as_array().unwrap() {
        builder = builder.header(text(&field[0]), text(&field[1]));
    }
    for (name, value) in signature {
        builder = builder.header(*name, value);
    }
    builder.body(()).unwrap().into_parts().0
}

fn origin(parts: &Parts) -> Origin {
    Origin::parse(&format!("https://{}", parts.headers["host"].to_str().unwrap())).unwrap()
}

fn rfc9421_claim(case: &Value, input: &str) -> Result<Claim, Refusal> {
    let label = text(&case["label"]);
    let input = format!("{label}={input}");
    let signature = format!("{label}=:{}:", text(&case["signature"]));
    let parts = parts(case, &[("signature-input", input), ("signature", signature)]);
    let origin = origin(&parts);
    let message = Message::incoming(&parts, &origin).unwrap();
    rfc9421::parse(&message).unwrap().unwrap().pop().unwrap()
}

#[test]
fn the_examples_of_rfc_9421_read_and_verify() {
    let file: Value = serde_json::from_str(include_str!("../../testdata/rfc9421.json")).unwrap();
    let (mut verified, mut forged, mut unsupported) = (0, 0, 0);
    for case in file["cases"].as_array().unwrap() {
        let name = text(&case["section"]);
        let claim = match rfc9421_claim(case, text(&case["input"])) {
            Ok(claim) => claim,
            Err(Refusal::UnsupportedComponent(component)) => {
                assert_eq!((name, &*component), ("B.2.2", r#""@query-param";name"#));
                unsupported += 1;
                continue;
            }
            Err(refusal) => panic!("{name}: {refusal}"),
        };
        if let Some(base) = case["base"].as_str() {
            assert_eq!(claim.base, base, "{name}");
        }
        match (text(&case["key"]), file["keys"][text(&case["key"])].as_str().map(PublicKey::from_pem)) {
            // Nothing in these requests names RSA-PSS; where something does, it is refused by its name.
            ("test-key-rsa-pss", Some(Ok(key))) => {
                assert!(key.verify(claim.base.as_bytes(), &claim.signature).is_err(), "{name}");
                let input = format!("{};alg=\"rsa-pss-sha512\"", text(&case["input"]));
                let refusal = rfc9421_claim(case, &input).unwrap_err();
                assert!(matches!(refusal, Refusal::UnsupportedAlgorithm(_)), "{name}: {refusal}");
                unsupported += 1;
            }
            (_, Some(Ok(key))) => {
                let valid = key.verify(claim.base.as_bytes(), &claim.signature).is_ok();
                assert_eq!(valid, case["valid"] == true, "{name}");
                *(if valid { &mut verified } else { &mut forged }) += 1;
            }
            ("test-key-ecc-p256", Some(Err(KeyError::Unsupported(_)))) | ("test-shared-secret", None) => {
                unsupported += 1;
            }
            (key, _) => panic!("{name}: {key}"),
        }
    }
    assert_eq!((verified, forged, unsupported), (6, 2, 10));
}

#[test]
fn the_examples_of_cavage_read_and_verify() {
    let file: Value = serde_json::from_str(include_str!("../../testdata/cavage12.json")).unwrap();
    // 1024 bits: no key that we would take, so it is not one of ours.
    let key = rsa::RsaPublicKey::from_public_key_pem(text(&file["key"])).unwrap();
    let key = rsa::pkcs1v15::VerifyingKey::<Sha256>::new(key);
    for case in file["cases"].as_array().unwrap() {
        let field = format!(
            r#"keyId="Test",algorithm="rsa-sha256",headers="{}",signature="{}""#,
            text(&case["names"]),
            text(&case["signature"])
        );
        let parts = parts(&file["request"], &[("signature", field)]);
        let origin = origin(&parts);
        let claim = cavage::parse(&Message::incoming(&parts, &origin).unwrap()).unwrap().unwrap();
        assert_eq!(claim.base, text(&case["base"]));
        assert_eq!(&*claim.key_id, "Test");
        let signature = rsa::pkcs1v15::Signature::try_from(&claim.signature[..]).unwrap();
        key.verify(claim.base.as_bytes(), &signature).unwrap();
    }
}

#[test]
fn a_cavage_base_is_built_as_the_draft_shows() {
    // §2.3, except for two things: its folded line is unfolded, as every HTTP parser of today would have it
    // or refuse it, and its day was a Saturday.
    let file: Value = serde_json::from_str(include_str!("../../testdata/cavage12.json")).unwrap();
    let example = &file["section_2_3"];
    let request = json!({"method": "GET", "target": "/foo", "headers": [
        ["Host", "example.org"],
        ["Date", "Sat, 07 Jun 2014 20:51:35 GMT"],
        ["X-Example", "Example header with some whitespace."],
        ["X-EmptyHeader", ""],
        ["Cache-Control", "max-age=60"],
        ["Cache-Control", "must-revalidate"],
    ]});
    let names = text(&example["headers_param"]);
    let field = format!(r#"keyId="Test",created=1402170695,headers="{names}",signature="AA==""#);
    let parts = parts(&request, &[("signature", field)]);
    let origin = origin(&parts);
    let claim = cavage::parse(&Message::incoming(&parts, &origin).unwrap()).unwrap().unwrap();
    assert_eq!(claim.base, text(&example["signing_string"]).replace("Tue, ", "Sat, "));
}
