//! Test vectors of other projects. They lie outside of this repository, as the captures do.

use std::time::{SystemTime, UNIX_EPOCH};

use activitypub_core::{Iri, Origin, Timestamp};
use activitypub_sig::{Candidate, OwnedKey, PrivateKey, Refusal};
use serde_json::{Value, json};

use crate::captures::{json_file, owned, request, shared};
use crate::scene::document;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn time(value: &Value) -> SystemTime {
    let seconds = text(value).parse::<Timestamp>().unwrap().as_second();
    UNIX_EPOCH + std::time::Duration::from_secs(seconds.try_into().unwrap())
}

/// Verifies a request that arrived at its own Host.
fn verify(value: &Value, key: &OwnedKey, clock: SystemTime) -> Result<(), Refusal> {
    let (parts, body) = request(value);
    let origin = format!("https://{}", parts.headers["host"].to_str().unwrap());
    Candidate::parse(&parts, body, &Origin::parse(&origin).unwrap())?.verify(key, clock).map(|_| ())
}

#[test]
fn mastodon_agrees() {
    let Some(shared) = shared() else { return };
    for (file, exceptions) in [
        // A key id that is a handle, which nobody sends any more; and a query that was not signed.
        ("cavage12/mastodon.json", &["with an acct key ID", "when the query string is missing"][..]),
        ("rfc9421/mastodon.json", &[]),
    ] {
        let file = json_file(&shared.join("vectors").join(file));
        let owner = text(&file["owner"]);
        let of = |key: &Value| owned(text(&key["key_id"]), owner, text(&key["public_pem"]));
        let mut excepted = 0;
        for case in file["cases"].as_array().unwrap() {
            let key = match case["alg"].as_str() {
                Some("ed25519") => of(&file["keys"]["ed25519"]),
                Some(_) => of(&file["keys"]["rsa"]),
                None => of(&file["key"]),
            };
            let valid = text(&case["expect"]).starts_with("valid");
            let name = text(&case["id"]);
            let result = verify(case, &key, time(&file["clock"]));
            if exceptions.iter().any(|exception| name.contains(exception)) {
                assert!(matches!(result, Err(Refusal::KeyId(_) | Refusal::SignatureMismatch(_))), "{name}");
                excepted += 1;
            } else {
                assert_eq!(result.is_ok(), valid, "{name}: {result:?}");
            }
        }
        assert_eq!(excepted, exceptions.len());
    }
}

#[test]
fn fedify_agrees() {
    let Some(shared) = shared() else { return };
    let file = json_file(&shared.join("captures/fedify/vectors.json"));
    let keys = json_file(&shared.join("captures/fedify/vector-keys.json"));
    let private = PrivateKey::from_pem(text(&keys["rsa"]["privatePem"])).unwrap();
    let id = text(&file["key_id"]);
    let key = owned(id, id.split('#').next().unwrap(), &private.public_key().to_pem().unwrap());
    for vector in file["http"].as_array().unwrap() {
        let mut case = vector.clone();
        let headers = vector["headers"].as_object().unwrap();
        case["headers"] = headers.iter().map(|(name, value)| json!([name, value])).collect();
        let uri: http::Uri = text(&vector["url"]).parse().unwrap();
        case["target"] = uri.path_and_query().unwrap().as_str().into();
        let result = verify(&case, &key, time(&file["time"]));
        let name = format!("{} {}", vector["spec"], vector["name"]);
        if text(&vector["spec"]).starts_with("draft") && name.contains("signs the path only") {
            assert!(matches!(result, Err(Refusal::SignatureMismatch(_))), "{name}: {result:?}");
        } else {
            result.unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        }
    }
}

#[test]
fn deliveries_that_others_collected_verify() {
    let Some(shared) = shared() else { return };
    let vectors = shared.join("vectors/cavage12");

    let fedify = json_file(&vectors.join("fedify.json"));
    let oeee = &fedify["vectors"][1];
    let actor = document(&oeee["actor"]);
    let id = text(&oeee["actor"]["publicKey"]["id"]);
    let key = OwnedKey::confirm(&actor, &actor, Iri::new(id)).unwrap();
    verify(oeee, &key, time(&oeee["clock"])).unwrap();
    let plain = &fedify["vectors"][0];
    let key_document = &plain["key_document"];
    let key =
        owned(text(&key_document["id"]), text(&key_document["owner"]), text(&key_document["publicKeyPem"]));
    verify(plain, &key, time(&plain["clock"])).unwrap();

    let lemmy = json_file(&vectors.join("lemmy.json"));
    let id = text(&lemmy["key"]["key_id"]);
    let key = owned(id, id.split('#').next().unwrap(), text(&lemmy["key"]["public_pem"]));
    let (parts, _) = request(&lemmy);
    verify(&lemmy, &key, crate::captures::date(&parts)).unwrap();

    let mastodon = json_file(&vectors.join("mastodon-2.5.0-delivery.json"));
    let mut delivery = mastodon.clone();
    let body = std::fs::read_to_string(vectors.join("mastodon-2.5.0-body.json")).unwrap();
    delivery["body"] = body.into();
    let id = "http://localhost:3000/users/ronan2#main-key";
    let key = owned(id, "http://localhost:3000/users/ronan2", text(&mastodon["public_key_pem"]));
    verify(&delivery, &key, time(&mastodon["clock"])).unwrap();
}
