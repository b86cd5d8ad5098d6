//! Requests that are signed as they should be: by us, and by peers with habits of their own.

use std::time::Duration;

use activitypub_core::{Activity, Create, Follow, Note, Origin, Parsed};
use activitypub_sig::{
    Candidate, Dialect, Evidence, OwnedKey, PrivateKey, Refusal, SignError, Signer, Verified, Window, danger,
};
use serde_json::json;

use crate::scene::{
    ADA, DATE, ED25519, KEY_ID, ada, add, arrived, by_hand_cavage, by_hand_rfc9421, delivery, document,
    follow, key, now, parts, put, receive, refusal, sha256, signed, signer, us,
};

#[test]
fn what_we_sign_we_verify() {
    for dialect in [Dialect::Cavage, Dialect::Rfc9421] {
        let parts = signed(dialect);
        let candidate = Candidate::parse(&parts, follow(), &us()).unwrap();
        assert_eq!(candidate.key_id(), KEY_ID);
        assert_eq!(candidate.dialect(), dialect);
        let authentic = candidate.verify(&key(), now()).unwrap();
        assert_eq!(authentic.owner(), ADA);
        assert_eq!(authentic.bytes(), &follow());
        assert_eq!(authentic.signature().signed_at(), now());
    }
}

#[test]
fn a_get_is_signed_without_a_digest() {
    for dialect in [Dialect::Cavage, Dialect::Rfc9421] {
        let mut get =
            parts("GET", "https://us.example/users/bea?page=1", &[("accept", "application/activity+json")]);
        signer().sign(&mut get, b"", dialect, now()).unwrap();
        assert!(!get.headers.contains_key("digest") && !get.headers.contains_key("content-digest"));
        receive(&arrived(get), "").unwrap();
    }
}

#[test]
fn what_we_send_is_what_every_server_accepts() {
    let parts = signed(Dialect::Cavage);
    assert_eq!(parts.headers["host"], "us.example");
    assert_eq!(parts.headers["date"], DATE);
    assert_eq!(parts.headers["digest"], format!("SHA-256={}", sha256(&follow())).as_str());
    let signature = parts.headers["signature"].to_str().unwrap();
    let start = format!(
        r#"keyId="{KEY_ID}",algorithm="rsa-sha256",headers="(request-target) host date digest content-type",signature=""#
    );
    assert!(signature.starts_with(&start), "{signature}");

    let parts = signed(Dialect::Rfc9421);
    assert_eq!(
        parts.headers["signature-input"],
        format!(
            r#"sig1=("@method" "@target-uri" "@authority" "content-digest" "content-type" "date");created=1787392800;keyid="{KEY_ID}";alg="rsa-v1_5-sha256""#
        )
        .as_str()
    );
    assert_eq!(parts.headers["content-digest"], format!("sha-256=:{}:", sha256(&follow())).as_str());
}

#[test]
fn signing_again_replaces_what_was_signed_before() {
    let mut parts = delivery();
    signer().sign(&mut parts, b"another body", Dialect::Rfc9421, now() - Duration::from_secs(86400)).unwrap();
    signer().sign(&mut parts, &follow(), Dialect::Cavage, now()).unwrap();
    assert!(!parts.headers.contains_key("signature-input") && !parts.headers.contains_key("content-digest"));
    receive(&arrived(parts), follow()).unwrap();
}

#[test]
fn ed25519_signs_in_both_dialects() {
    let private = PrivateKey::from_pem(ED25519).unwrap();
    let id = format!("{ADA}#ed25519-key");
    let owner = document(&json!({
        "id": ADA,
        "type": "Person",
        "assertionMethod": [{
            "id": id,
            "type": "Multikey",
            "controller": ADA,
            "publicKeyMultibase": private.public_key().to_multibase().unwrap(),
        }],
    }));
    let key = OwnedKey::confirm(&owner, &owner, id.as_str().into()).unwrap();
    let signer = Signer::new(id.into(), private);
    for dialect in [Dialect::Cavage, Dialect::Rfc9421] {
        let mut parts = delivery();
        signer.sign(&mut parts, &follow(), dialect, now()).unwrap();
        let candidate = Candidate::parse(&arrived(parts), follow(), &us()).unwrap();
        candidate.verify(&key, now()).unwrap();
    }
}

#[test]
fn a_request_over_http2_has_its_host_in_the_target() {
    for dialect in [Dialect::Cavage, Dialect::Rfc9421] {
        let mut parts = delivery();
        signer().sign(&mut parts, &follow(), dialect, now()).unwrap();
        parts.headers.remove("host");
        receive(&parts, follow()).unwrap();
    }
}

#[test]
fn a_port_is_part_of_the_host() {
    let origin = Origin::parse("http://127.0.0.1:8080").unwrap();
    for dialect in [Dialect::Cavage, Dialect::Rfc9421] {
        let mut parts = parts("POST", "http://127.0.0.1:8080/inbox", &[]);
        signer().sign(&mut parts, &follow(), dialect, now()).unwrap();
        assert_eq!(parts.headers["host"], "127.0.0.1:8080");
        Candidate::parse(&arrived(parts), follow(), &origin).unwrap().verify(&key(), now()).unwrap();
    }
}

#[test]
fn an_empty_path_goes_out_as_a_slash() {
    for dialect in [Dialect::Cavage, Dialect::Rfc9421] {
        for (uri, wire) in [("https://us.example", "/"), ("https://us.example?x=1", "/?x=1")] {
            let mut get = parts("GET", uri, &[]);
            signer().sign(&mut get, b"", dialect, now()).unwrap();
            get.uri = wire.parse().unwrap();
            receive(&get, "").unwrap();
        }
    }
}

/// The lines of an ordinary delivery, as peers cover them.
fn ordinary() -> Vec<(&'static str, String)> {
    vec![
        ("(request-target)", "post /users/bea/inbox".to_owned()),
        ("host", "us.example".to_owned()),
        ("date", DATE.to_owned()),
        ("digest", format!("SHA-256={}", sha256(&follow()))),
    ]
}

fn borrowed<'a>(lines: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    lines.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn peers_name_the_algorithm_as_they_like() {
    for algorithm in ["", r#"algorithm="rsa-sha256","#, r#"algorithm="hs2019","#, "algorithm=hs2019,"] {
        receive(&by_hand_cavage(&borrowed(&ordinary()), algorithm), follow()).unwrap();
    }
}

#[test]
fn peers_write_digests_in_lower_case_and_in_any_order() {
    let mut lines = ordinary();
    lines[3].1 = format!("sha-256={}", sha256(&follow()));
    lines.reverse();
    receive(&by_hand_cavage(&borrowed(&lines), ""), follow()).unwrap();
}

#[test]
fn created_stands_in_for_a_date_that_is_not_covered() {
    let mut lines = ordinary();
    lines[2] = ("(created)", "1787392800".to_owned());
    let parts = by_hand_cavage(&borrowed(&lines), r#"algorithm="hs2019",created=1787392800,"#);
    receive(&parts, follow()).unwrap();
}

#[test]
fn times_may_be_quoted() {
    let mut lines = ordinary();
    lines.push(("(created)", "1787392800".to_owned()));
    lines.push(("(expires)", "1787396400".to_owned()));
    let times = r#"algorithm="hs2019",created="1787392800",expires="1787396400","#;
    receive(&by_hand_cavage(&borrowed(&lines), times), follow()).unwrap();
}

#[test]
fn parameters_may_be_spelled_with_blanks_and_capitals() {
    let mut parts = by_hand_cavage(&borrowed(&ordinary()), r#"algorithm = rsa-sha256 , version="2,1", "#);
    let signature = parts.headers["signature"].to_str().unwrap().replace("keyId", "KEYID");
    put(&mut parts, "signature", &signature);
    receive(&parts, follow()).unwrap();
}

#[test]
fn a_signature_may_stand_in_authorization() {
    let mut parts = by_hand_cavage(&borrowed(&ordinary()), "");
    let signature = parts.headers.remove("signature").unwrap();
    put(&mut parts, "authorization", &format!("Signature {}", signature.to_str().unwrap()));
    receive(&parts, follow()).unwrap();
}

#[test]
fn a_get_may_cover_the_digest_of_nothing() {
    let digest = format!("SHA-256={}", sha256(b""));
    let lines = [
        ("(request-target)", "get /users/bea"),
        ("date", DATE),
        ("digest", digest.as_str()),
        ("host", "us.example"),
    ];
    let mut parts = by_hand_cavage(&lines, "");
    parts.method = http::Method::GET;
    parts.uri = "/users/bea".parse().unwrap();
    receive(&parts, "").unwrap();
}

#[test]
fn a_list_field_is_signed_as_one_line() {
    let mut lines = ordinary();
    lines.push(("x-list", "one, two".to_owned()));
    let mut parts = by_hand_cavage(&borrowed(&lines), "");
    parts.headers.remove("x-list");
    add(&mut parts.headers, "x-list", "one");
    add(&mut parts.headers, "x-list", "two");
    receive(&parts, follow()).unwrap();
}

#[test]
fn a_host_may_be_written_in_capitals_and_with_the_default_port() {
    for host in ["US.Example", "us.example:443", "us.example."] {
        let mut lines = ordinary();
        lines[1].1 = host.to_owned();
        receive(&by_hand_cavage(&borrowed(&lines), ""), follow()).unwrap();
    }
}

#[test]
fn every_form_of_http_date_is_read() {
    for date in [DATE, "Saturday, 22-Aug-26 10:00:00 GMT", "Sat Aug 22 10:00:00 2026"] {
        let mut lines = ordinary();
        lines[2].1 = date.to_owned();
        receive(&by_hand_cavage(&borrowed(&lines), ""), follow()).unwrap();
    }
}

const METHOD: (&str, &str) = ("@method", "POST");
const TARGET_URI: (&str, &str) = ("@target-uri", "https://us.example/users/bea/inbox");
const AUTHORITY: (&str, &str) = ("@authority", "us.example");

#[test]
fn the_target_may_be_covered_whole_or_in_parts() {
    let digest = format!("sha-256=:{}:", sha256(&follow()));
    let digest = ("content-digest", digest.as_str());
    for lines in [
        vec![METHOD, TARGET_URI, digest],
        vec![METHOD, ("@request-target", "/users/bea/inbox"), ("host", "us.example"), digest],
        vec![METHOD, AUTHORITY, ("@scheme", "https"), ("@path", "/users/bea/inbox"), ("@query", "?"), digest],
    ] {
        let names: Vec<_> = lines.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let input = format!(r#"({});created=1787392800;keyid="{KEY_ID}""#, names.join(" "));
        receive(&by_hand_rfc9421(&input, &lines), follow()).unwrap();
    }
}

#[test]
fn parameters_keep_the_order_in_which_they_came() {
    let digest = format!("sha-256=:{}:", sha256(&follow()));
    let input = format!(
        r#"("@method" "@target-uri" "content-digest");tag="x";keyid="{KEY_ID}";nonce="n";expires=1787392900;new=?0;alg="rsa-v1_5-sha256";created=1787392800"#
    );
    let lines = [METHOD, TARGET_URI, ("content-digest", digest.as_str())];
    receive(&by_hand_rfc9421(&input, &lines), follow()).unwrap();
    // What is not canonical on the wire is made so before it is verified.
    let mut parts = by_hand_rfc9421(&input, &lines);
    put(
        &mut parts,
        "signature-input",
        &format!("sig1={}", input.replace("\" \"", "\"   \"").replace(";new", "; new")),
    );
    receive(&parts, follow()).unwrap();
}

#[test]
fn a_good_signature_beside_a_bad_one_is_enough() {
    let parts = signed(Dialect::Rfc9421);
    let (input, signature) = (parts.headers["signature-input"].clone(), parts.headers["signature"].clone());
    let (input, signature) = (input.to_str().unwrap(), signature.to_str().unwrap());
    let bad = signature.replace("sig1=:", "bad=:AAAA");
    for (other_input, other_signature) in [
        (input.replace("sig1=", "bad="), bad.as_str()),
        (input.replace("sig1=", "bad=").replace("rsa-v1_5-sha256", "hmac-sha256"), bad.as_str()),
        (format!(r#"bad=("date");created=1787392800;keyid="{KEY_ID}""#), "bad=:AAAA:"),
    ] {
        let mut parts = parts.clone();
        put(&mut parts, "signature-input", &format!("{other_input}, {input}"));
        put(&mut parts, "signature", &format!("{other_signature}, {signature}"));
        receive(&parts, follow()).unwrap();
        // Lists may come in several lines.
        put(&mut parts, "signature-input", &other_input);
        add(&mut parts.headers, "signature-input", input);
        put(&mut parts, "signature", signature);
        add(&mut parts.headers, "signature", other_signature);
        receive(&parts, follow()).unwrap();
    }
}

#[test]
fn the_window_is_an_argument() {
    let candidate = || Candidate::parse(&signed(Dialect::Cavage), follow(), &us()).unwrap();
    let hour = Duration::from_secs(3600);
    let strict = Window::new(hour, Duration::ZERO);
    candidate().verify_within(&key(), now() + hour, strict).unwrap();
    let late = candidate().verify_within(&key(), now() + hour + Duration::from_secs(1), strict);
    assert!(matches!(late, Err(Refusal::Stale { seconds: 3601 })));
    let early = candidate().verify_within(&key(), now() - Duration::from_secs(1), strict);
    assert!(matches!(early, Err(Refusal::Future { seconds: 1 })));
    candidate().verify(&key(), now() + 12 * hour).unwrap();
    candidate().verify(&key(), now() - hour).unwrap();
}

#[test]
fn an_activity_is_read_from_the_bytes_that_were_signed() {
    let authentic = receive(&signed(Dialect::Cavage), follow()).unwrap();
    let follow_of_ada = authentic.clone().of::<Follow>().unwrap();
    assert_eq!(follow_of_ada.bytes(), &follow());
    assert_eq!(follow_of_ada.actor().ids().next().unwrap(), ADA);
    let Evidence::HttpSignature(signature) = follow_of_ada.evidence() else { panic!("no signature") };
    assert_eq!((signature.key_id(), signature.owner()), (KEY_ID.into(), ADA.into()));

    let read_before = Parsed::parse(follow()).unwrap();
    authentic.clone().of_document::<Follow>(read_before).unwrap();
    let of_other_bytes = Parsed::parse(format!("{} ", std::str::from_utf8(&follow()).unwrap())).unwrap();
    let refused = authentic.clone().of_document::<Follow>(of_other_bytes);
    assert!(matches!(refused, Err(Refusal::OtherBytes)));

    let activity: Verified<Activity> = authentic.clone().of().unwrap();
    assert!(activity.cast::<Follow>().is_some());
    assert!(activity.cast::<Create>().is_none());
    assert!(matches!(authentic.of::<Create>(), Err(Refusal::OtherType("Create"))));
}

#[test]
fn what_was_fetched_takes_the_place_of_its_id() {
    let create = json!({"id": "https://peer.example/a/1", "type": "Create", "actor": ADA, "object": "https://peer.example/n/1"});
    let create = danger::assume::<Create>(Parsed::parse(create.to_string()).unwrap()).unwrap();
    assert!(matches!(create.evidence(), Evidence::Assumed));
    let note = document(&json!({"id": "https://peer.example/n/1", "type": "Note", "content": "Hello"}));
    let with_note = danger::embed(&create, note);
    let note = with_note.object().of::<Note>().next().unwrap();
    assert_eq!(note.content().as_html().unwrap(), "Hello");
    assert_eq!(with_note.bytes(), create.bytes(), "what was signed stays what it was");
    assert!(create.object().of::<Note>().next().is_none());
    assert!(danger::assume::<Follow>(Parsed::parse(create.to_json()).unwrap()).is_none());
}

#[test]
fn an_activity_may_have_no_id() {
    let body = json!({"type": "Follow", "actor": ADA, "object": "https://us.example/users/bea"}).to_string();
    let mut parts = delivery();
    signer().sign(&mut parts, body.as_bytes(), Dialect::Cavage, now()).unwrap();
    let follow = receive(&arrived(parts), body).unwrap().of::<Follow>().unwrap();
    assert_eq!(follow.id(), None);
}

#[test]
fn a_verified_activity_goes_where_it_is_needed() {
    fn sendable<T: Send + Sync + Clone + 'static>() {}
    sendable::<Verified<Follow>>();
    sendable::<OwnedKey>();
    sendable::<Signer>();
    fn thrown<T: std::error::Error + Send + Sync + 'static>() {}
    thrown::<Refusal>();
    thrown::<SignError>();
}

#[test]
fn what_cannot_be_verified_is_not_signed() {
    let mut relative = parts("POST", "/inbox", &[]);
    let result = signer().sign(&mut relative, b"", Dialect::Cavage, now());
    assert!(matches!(result, Err(SignError::RelativeUri(_))));
    for id in [
        "https://peer.example/\"",
        "https://peer.example/\r\nX: y",
        "https://peer.example/ü",
        "https://peer.example/\\",
    ] {
        let signer = Signer::new(id.into(), PrivateKey::from_pem(ED25519).unwrap());
        for dialect in [Dialect::Cavage, Dialect::Rfc9421] {
            assert!(
                matches!(signer.sign(&mut delivery(), b"", dialect, now()), Err(SignError::KeyId(_))),
                "{id}"
            );
        }
    }
    for time in [std::time::UNIX_EPOCH - Duration::from_secs(1), now() + Duration::from_secs(1 << 38)] {
        let result = signer().sign(&mut delivery(), b"", Dialect::Cavage, time);
        assert!(matches!(result, Err(SignError::Time)));
    }
}

#[test]
fn a_key_that_was_replaced_may_be_read_again() {
    let mut other = ada();
    let another = PrivateKey::from_pem(crate::scene::RSA_OF_ANOTHER).unwrap();
    other["publicKey"]["publicKeyPem"] = another.public_key().to_pem().unwrap().into();
    let other = document(&other);
    let key = OwnedKey::confirm(&other, &other, KEY_ID.into()).unwrap();
    let candidate = Candidate::parse(&signed(Dialect::Cavage), follow(), &us()).unwrap();
    let refusal_of_old_key = candidate.verify(&key, now()).unwrap_err();
    assert!(matches!(refusal_of_old_key, Refusal::SignatureMismatch(_)));
    assert!(refusal_of_old_key.is_transient());
    assert!(!refusal(&arrived(delivery()), follow()).is_transient());
}
