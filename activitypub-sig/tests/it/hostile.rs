//! What must never get in. Each test is a threat and the inputs that carry it; T1, whose key it is, stands in
//! `owner`.

use std::time::Duration;

use activitypub_core::{Activity, Create, ParseError};
use activitypub_sig::{Candidate, Dialect, KeyType, Part, Refusal};
use http::{HeaderName, HeaderValue, Method};
use serde_json::json;

use crate::scene::{
    ADA, DATE, KEY_ID, add, arrived, by_hand_cavage, by_hand_rfc9421, delivery, follow, key, now, put,
    receive, refusal, rsa_sign, sha256, signed, signer, us,
};

const DIALECTS: [Dialect; 2] = [Dialect::Cavage, Dialect::Rfc9421];
const TARGET: (&str, &str) = ("(request-target)", "post /users/bea/inbox");
const HOST: (&str, &str) = ("host", "us.example");

fn digest() -> String {
    format!("SHA-256={}", sha256(&follow()))
}

fn content_digest() -> String {
    format!("sha-256=:{}:", sha256(&follow()))
}

/// The signature of an ordinary delivery, with something in it replaced.
fn with_signature(from: &str, to: &str) -> Refusal {
    let mut parts = signed(Dialect::Cavage);
    let signature = parts.headers["signature"].to_str().unwrap().replacen(from, to, 1);
    put(&mut parts, "signature", &signature);
    refusal(&parts, follow())
}

fn with_input(from: &str, to: &str) -> Refusal {
    let mut parts = signed(Dialect::Rfc9421);
    let input = parts.headers["signature-input"].to_str().unwrap().replacen(from, to, 1);
    put(&mut parts, "signature-input", &input);
    refusal(&parts, follow())
}

#[test]
fn an_unsigned_request_says_nothing() {
    let mut parts = arrived(delivery());
    put(&mut parts, "host", "us.example");
    assert!(matches!(refusal(&parts, follow()), Refusal::Unsigned));
    put(&mut parts, "authorization", "Bearer token");
    assert!(matches!(refusal(&parts, follow()), Refusal::Unsigned));
    put(&mut parts, "signature-input", "");
    assert!(matches!(refusal(&parts, follow()), Refusal::Unsigned));
}

#[test]
fn t1_a_key_verifies_nothing_but_what_names_it() {
    for dialect in DIALECTS {
        let mut parts = delivery();
        let other = activitypub_sig::Signer::new(
            "https://peer.example/users/eve#main-key".into(),
            activitypub_sig::PrivateKey::from_pem(crate::scene::RSA).unwrap(),
        );
        other.sign(&mut parts, &follow(), dialect, now()).unwrap();
        assert!(matches!(refusal(&arrived(parts), follow()), Refusal::OtherKey { .. }));
    }
}

#[test]
fn t1_an_activity_of_somebody_else_is_refused() {
    let sign = |activity: serde_json::Value| {
        let mut parts = delivery();
        let body = activity.to_string();
        signer().sign(&mut parts, body.as_bytes(), Dialect::Cavage, now()).unwrap();
        receive(&arrived(parts), body).unwrap().of::<Activity>()
    };
    let activity = |actor: serde_json::Value| json!({"id": "https://peer.example/a/1", "type": "Create", "actor": actor, "object": "https://peer.example/n/1"});
    for actor in [json!(ADA), json!([ADA]), json!({"id": ADA, "type": "Person"})] {
        assert_eq!(sign(activity(actor)).unwrap().id().unwrap(), "https://peer.example/a/1");
    }
    for actor in [
        json!("https://victim.example/users/vic"),
        json!("https://peer.example/users/bob"),
        json!("https://PEER.example/users/ada"),
        json!("https://peer.example/users/ada#"),
        json!({"id": "https://victim.example/users/vic", "url": ADA}),
    ] {
        assert!(matches!(sign(activity(actor.clone())), Err(Refusal::OtherActor { .. })), "{actor}");
    }
    for actor in [
        json!(null),
        json!([]),
        json!({}),
        json!(7),
        json!([ADA, "https://victim.example/users/vic"]),
        json!(["https://victim.example/users/vic", ADA]),
        json!([ADA, ADA]),
        json!([[ADA]]),
    ] {
        assert!(matches!(sign(activity(actor.clone())), Err(Refusal::NoActor)), "{actor}");
    }
    for id in [
        "https://victim.example/a/1",
        "http://peer.example/a/1",
        "https://peer.example:8443/a/1",
        "a/1",
        "",
        "urn:x",
    ] {
        let mut activity = activity(json!(ADA));
        activity["id"] = id.into();
        assert!(matches!(sign(activity), Err(Refusal::ForeignId { .. })), "{id}");
    }
    for id in [json!(7), json!([]), json!({"id": "https://peer.example/a/1"})] {
        let mut activity = activity(json!(ADA));
        activity["id"] = id;
        assert!(matches!(sign(activity), Err(Refusal::MalformedId)));
    }
}

#[test]
fn nobody_speaks_for_an_object_of_somebody_else() {
    let sign = |object: &serde_json::Value| {
        let body =
            json!({"id": "https://peer.example/a/1", "type": "Announce", "actor": ADA, "object": object});
        let mut parts = delivery();
        signer().sign(&mut parts, body.to_string().as_bytes(), Dialect::Cavage, now()).unwrap();
        let activity = receive(&arrived(parts), body.to_string()).unwrap().of::<Activity>().unwrap();
        assert_eq!(activity.bytes(), body.to_string().as_bytes());
        serde_json::Value::from(activity.member("object").unwrap().clone())
    };
    for own in [
        json!({"id": "https://peer.example/n/1", "type": "Note"}),
        json!({"id": "https://peer.example/n/1", "type": "Note", "attributedTo": ADA}),
        json!({"id": "https://peer.example/a/0", "type": "Follow", "actor": {"id": ADA}, "object": "https://us.example/"}),
        json!({"type": "Note", "content": "no id"}),
        json!([{"id": ADA, "type": "Person"}, "https://victim.example/n/1"]),
    ] {
        assert_eq!(sign(&own), own);
    }
    let (here, there) = ("https://peer.example/n/1", "https://victim.example/n/1");
    for (foreign, reference) in [
        (json!({"id": there, "type": "Note"}), json!(there)),
        (json!({"id": there, "type": "Note", "attributedTo": ADA}), json!(there)),
        (json!({"id": here, "type": "Note", "attributedTo": "https://peer.example/users/bob"}), json!(here)),
        (json!({"id": here, "type": "Create", "actor": "https://victim.example/users/vic"}), json!(here)),
        (json!({"id": "urn:x", "type": "Note"}), json!("urn:x")),
        (json!([{"id": there, "type": "Note"}, {"type": "Note"}]), json!([there, {"type": "Note"}])),
        // Wrapped in something that is Ada's, or nobody's.
        (json!({"id": here, "object": {"id": there, "type": "Note"}}), json!({"id": here, "object": there})),
        (
            json!({"type": "Undo", "object": {"id": there, "actor": ADA}}),
            json!({"type": "Undo", "object": there}),
        ),
        (
            json!([[{"type": "Undo", "as:object": {"id": there}}]]),
            json!([[{"type": "Undo", "as:object": there}]]),
        ),
    ] {
        assert_eq!(sign(&foreign), reference);
    }
}

#[test]
fn t2_a_signature_reads_in_one_way_only() {
    let victim = r#"keyId="https://victim.example/users/vic#main-key","#;
    for (from, to) in [("keyId=", victim.to_owned() + "keyId="), ("keyId=", victim.to_lowercase() + "keyId=")]
    {
        assert!(matches!(with_signature(from, &to), Refusal::RepeatedParameter(_)), "{to}");
    }
    let after = format!(r#"",keyId="{KEY_ID}",algorithm"#);
    assert!(matches!(with_signature(r#"",algorithm"#, &after), Refusal::RepeatedParameter(_)));
    for unknown in ["x=1,x=2,", "x=1,X=2,", r#"headers="host","#] {
        assert!(
            matches!(with_signature("keyId", &format!("{unknown}keyId")), Refusal::RepeatedParameter(_)),
            "{unknown}"
        );
    }
    for (from, to) in [
        (format!("\"{KEY_ID}\""), KEY_ID.to_owned()),
        (format!("\"{KEY_ID}\""), format!("'{KEY_ID}'")),
        (format!("\"{KEY_ID}\""), format!("\"{KEY_ID}")),
        ("main-key".to_owned(), "main\\\"-key".to_owned()),
        ("\",algorithm".to_owned(), "\" algorithm".to_owned()),
        ("\",algorithm".to_owned(), "\",,algorithm".to_owned()),
        ("keyId=".to_owned(), "keyId".to_owned()),
        ("keyId=".to_owned(), "=".to_owned()),
        ("keyId=".to_owned(), "key Id=".to_owned()),
        ("keyId=".to_owned(), "Signature keyId=".to_owned()),
        ("algorithm=\"rsa-sha256\"".to_owned(), "algorithm=".to_owned()),
    ] {
        assert!(matches!(with_signature(&from, &to), Refusal::Malformed { .. }), "{to}");
    }
    // A comma in quotation marks is part of the key id, not the end of it.
    assert!(matches!(with_signature("main-key", "main-key,"), Refusal::OtherKey { .. }));
    let many: String = (0..20).map(|n| format!("x{n}=1,")).collect();
    assert!(matches!(with_signature("keyId", &format!("{many}keyId")), Refusal::TooMany(_)));
    let long = format!("x=\"{}\",keyId", "x".repeat(10_000));
    assert!(matches!(with_signature("keyId", &long), Refusal::Malformed { .. }));
}

#[test]
fn t2_a_signature_has_all_it_needs() {
    assert!(matches!(with_signature("keyId=", "key="), Refusal::MissingParameter("keyId")));
    assert!(matches!(with_signature("signature=", "sig="), Refusal::MissingParameter("signature")));
    assert!(matches!(
        with_signature(r#"algorithm="rsa-sha256",headers="#, "h="),
        Refusal::MissingParameter("created")
    ));
    assert!(matches!(with_input(";keyid=", ";key="), Refusal::MissingParameter("keyid")));
    assert!(matches!(with_input(";created=", ";made="), Refusal::MissingParameter("created")));
}

#[test]
fn t2_a_key_id_is_an_absolute_iri() {
    for id in [
        "acct:ada@peer.example",
        "main-key",
        "",
        "/users/ada",
        "did:key:z6Mk",
        "https:///users/ada",
        "https://a@b.example/",
    ] {
        assert!(matches!(with_signature(KEY_ID, id), Refusal::KeyId(_)), "{id}");
        assert!(matches!(with_input(KEY_ID, id), Refusal::KeyId(_)), "{id}");
    }
}

#[test]
fn t2_two_signatures_do_not_name_two_keys() {
    let parts = signed(Dialect::Rfc9421);
    let victim = "https://victim.example/users/vic#main-key";
    let (input, signature) = (&parts.headers["signature-input"], &parts.headers["signature"]);
    let (input, signature) = (input.to_str().unwrap(), signature.to_str().unwrap());
    let other_input = input.replace("sig1", "other").replace(KEY_ID, victim);
    let other_signature = signature.replace("sig1", "other");
    for (inputs, signatures) in [
        (format!("{input}, {other_input}"), format!("{signature}, {other_signature}")),
        (format!("{other_input}, {input}"), format!("{other_signature}, {signature}")),
    ] {
        let mut parts = parts.clone();
        put(&mut parts, "signature-input", &inputs);
        put(&mut parts, "signature", &signatures);
        assert!(matches!(refusal(&parts, follow()), Refusal::SeveralKeys(..)));
    }
    // One label twice, and labels that do not match.
    for (inputs, signatures) in [
        (format!("{input}, {input}"), signature.to_owned()),
        (input.to_owned(), format!("{signature}, {signature}")),
        (input.to_owned(), format!("{signature}, {other_signature}")),
        (format!("{input}, {other_input}"), signature.to_owned()),
        (input.to_owned(), other_signature),
        (input.to_owned(), String::new()),
        (input.to_owned(), signature.replace(':', "\"")),
        (input.to_owned(), "sig1=(1 2)".to_owned()),
        ("sig1=1".to_owned(), signature.to_owned()),
        (input.to_owned(), format!(r#"keyId="{KEY_ID}",signature="AAAA""#)),
    ] {
        let mut parts = parts.clone();
        put(&mut parts, "signature-input", &inputs);
        put(&mut parts, "signature", &signatures);
        assert!(matches!(refusal(&parts, follow()), Refusal::Malformed { .. }), "{inputs} {signatures}");
    }
    let inputs: Vec<_> = (0..5).map(|n| input.replace("sig1", &format!("sig{n}"))).collect();
    let signatures: Vec<_> = (0..5).map(|n| signature.replace("sig1", &format!("sig{n}"))).collect();
    let mut parts = parts.clone();
    put(&mut parts, "signature-input", &inputs.join(", "));
    put(&mut parts, "signature", &signatures.join(", "));
    assert!(matches!(refusal(&parts, follow()), Refusal::TooMany(_)));
}

#[test]
fn t3_the_body_is_the_one_that_was_signed() {
    for dialect in DIALECTS {
        // a: another body, or none.
        let parts = signed(dialect);
        assert!(matches!(refusal(&parts, "{}"), Refusal::DigestMismatch { .. }));
        assert!(matches!(refusal(&parts, ""), Refusal::DigestMismatch { .. }));
        // b: the digest is gone.
        let mut parts = signed(dialect);
        parts.headers.remove("digest");
        parts.headers.remove("content-digest");
        assert!(matches!(refusal(&parts, follow()), Refusal::MissingComponent(_)));
    }
    // d: two values; i: weak algorithms; j: the digest of the body before it was compressed.
    for (value, refused) in [
        (format!("{0},SHA-256={1}", digest(), sha256(b"{}")), "twice"),
        (format!("{0},SHA-512={1}", digest(), sha256(b"{}")), "SHA-512"),
        ("MD5=1B2M2Y8AsgTpgAmY7PhCfg==".to_owned(), "neither"),
        ("unixsum=30637".to_owned(), "neither"),
        ("SHA=2jmj7l5rSw0yVb/vlWAYkK/YBwk=".to_owned(), "neither"),
        (format!("SHA-256={}", sha256(b"\x1f\x8b compressed")), "SHA-256"),
    ] {
        let parts = by_hand_cavage(&[TARGET, HOST, ("date", DATE), ("digest", &value)], "");
        let refusal = refusal(&parts, follow()).to_string();
        assert!(refusal.contains(refused), "{value}: {refusal}");
    }
    // Both digests are held to the body, whichever is covered.
    let mut parts = signed(Dialect::Cavage);
    put(&mut parts, "content-digest", &format!("sha-256=:{}:", sha256(b"{}")));
    assert!(matches!(refusal(&parts, follow()), Refusal::DigestMismatch { .. }));
}

#[test]
fn t3_a_signature_binds_the_whole_request() {
    let digest = digest();
    let (date, digest) = (("date", DATE), ("digest", digest.as_str()));
    for (lines, part) in [
        (vec![HOST, date, digest], Part::Method),
        (vec![date], Part::Method),
        (vec![TARGET, date, digest], Part::Authority),
        (vec![TARGET, HOST, digest], Part::Time),
        (vec![TARGET, HOST, date], Part::Digest),
    ] {
        let parts = by_hand_cavage(&lines, "");
        assert!(
            matches!(refusal(&parts, follow()), Refusal::NotCovered(missing) if missing == part),
            "{part:?}"
        );
    }
    let digest = content_digest();
    let (method, digest) = (("@method", "POST"), ("content-digest", digest.as_str()));
    let (uri, path) = (("@target-uri", "https://us.example/users/bea/inbox"), ("@path", "/users/bea/inbox"));
    let (query, authority) = (("@query", "?"), ("@authority", "us.example"));
    for (lines, part) in [
        (vec![], Part::Method),
        (vec![uri, digest], Part::Method),
        (vec![method, authority, digest], Part::Target),
        (vec![method, authority, path, digest], Part::Target),
        (vec![method, authority, query, digest], Part::Target),
        (vec![method, path, query, digest], Part::Authority),
        (vec![method, uri], Part::Digest),
    ] {
        let names: Vec<_> = lines.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let input = format!(r#"({});created=1787392800;keyid="{KEY_ID}""#, names.join(" "));
        let parts = by_hand_rfc9421(&input, &lines);
        assert!(
            matches!(refusal(&parts, follow()), Refusal::NotCovered(missing) if missing == part),
            "{part:?}"
        );
    }
}

#[test]
fn t3_what_was_covered_has_not_changed() {
    for dialect in DIALECTS {
        // f: the query; g: the method.
        for target in [
            "/users/bea/inbox?x=1",
            "/users/bea/inbox?",
            "/users/bea/inbox/",
            "/users/eve/inbox",
            "/users//bea/inbox",
        ] {
            let mut parts = signed(dialect);
            parts.uri = target.parse().unwrap();
            assert!(matches!(refusal(&parts, follow()), Refusal::SignatureMismatch(_)), "{target}");
        }
        for method in [Method::PUT, Method::GET, Method::from_bytes(b"post").unwrap()] {
            let mut parts = signed(dialect);
            let lower_case = method.as_str() == "post" && dialect == Dialect::Cavage;
            parts.method = method;
            // The draft has no case in its methods.
            assert!(lower_case || matches!(refusal(&parts, follow()), Refusal::SignatureMismatch(_)));
        }
        for (name, value) in [("date", "Sat, 22 Aug 2026 10:00:01 GMT"), ("content-type", "text/plain")] {
            let mut parts = signed(dialect);
            put(&mut parts, name, value);
            assert!(matches!(refusal(&parts, follow()), Refusal::SignatureMismatch(_)), "{name}");
        }
    }
}

#[test]
fn t4_a_request_for_another_host_is_not_for_us() {
    for dialect in DIALECTS {
        // What the attacker's own inbox received, sent on to us.
        let mut parts = delivery();
        parts.uri = "https://attacker.example/users/bea/inbox".parse().unwrap();
        signer().sign(&mut parts, &follow(), dialect, now()).unwrap();
        let parts = arrived(parts);
        assert!(matches!(refusal(&parts, follow()), Refusal::ForeignAuthority { .. }));
        let mut claims_us = parts.clone();
        put(&mut claims_us, "host", "us.example");
        assert!(matches!(refusal(&claims_us, follow()), Refusal::SignatureMismatch(_)));
        for trusted in ["x-forwarded-host", "x-original-host", "forwarded"] {
            let mut forwarded = parts.clone();
            put(&mut forwarded, trusted, "us.example");
            assert!(matches!(refusal(&forwarded, follow()), Refusal::ForeignAuthority { .. }), "{trusted}");
        }
        // HTTP/2 and absolute targets: whatever is named must be us.
        for (target, host) in [
            ("https://us.example/users/bea/inbox", Some("attacker.example")),
            ("https://attacker.example/users/bea/inbox", Some("us.example")),
            ("https://attacker.example/users/bea/inbox", None),
        ] {
            let mut parts = signed(dialect);
            parts.uri = target.parse().unwrap();
            parts.headers.remove("host");
            if let Some(host) = host {
                put(&mut parts, "host", host);
            }
            assert!(matches!(refusal(&parts, follow()), Refusal::ForeignAuthority { .. }), "{target}");
        }
        let mut parts = signed(dialect);
        parts.headers.remove("host");
        assert!(matches!(refusal(&parts, follow()), Refusal::NoHost));
    }
    for host in [
        "us.example:80",
        "us.example:8443",
        "us.example@attacker.example",
        "us.example/",
        "us.example#",
        "us.example?",
        "sub.us.example",
        "us.example.attacker.example",
        "",
        "us.example,attacker.example",
        "us.example%00",
    ] {
        let mut parts = signed(Dialect::Cavage);
        put(&mut parts, "host", host);
        assert!(matches!(refusal(&parts, follow()), Refusal::ForeignAuthority { .. }), "{host}");
    }
}

#[test]
fn t5_a_request_is_good_for_some_hours() {
    let hour = Duration::from_secs(3600);
    for dialect in DIALECTS {
        let at = |time| Candidate::parse(&signed(dialect), follow(), &us()).unwrap().verify(&key(), time);
        assert!(matches!(at(now() + 13 * hour), Err(Refusal::Stale { seconds: 46800 })));
        assert!(matches!(at(now() - 2 * hour), Err(Refusal::Future { seconds: 7200 })));
        assert!(matches!(at(std::time::UNIX_EPOCH), Err(Refusal::Future { .. })));
        // Nobody has to be asked for the key to know that.
        let candidate = Candidate::parse(&signed(dialect), follow(), &us()).unwrap();
        candidate.is_timely(now()).unwrap();
        assert!(matches!(candidate.is_timely(now() + 13 * hour), Err(Refusal::Stale { seconds: 46800 })));
        assert!(matches!(candidate.is_timely(now() - 2 * hour), Err(Refusal::Future { seconds: 7200 })));
    }
}

#[test]
fn t5_every_covered_time_counts() {
    let digest = digest();
    let digest = ("digest", digest.as_str());
    let old = "Fri, 21 Aug 2026 10:00:00 GMT";
    // An old Date beside a new `created`, and the reverse.
    let lines = [TARGET, HOST, ("date", old), ("(created)", "1787392800"), digest];
    let parts = by_hand_cavage(&lines, "created=1787392800,");
    assert!(matches!(refusal(&parts, follow()), Refusal::Stale { .. }));
    let lines = [TARGET, HOST, ("date", DATE), ("(created)", "1787300000"), digest];
    let parts = by_hand_cavage(&lines, "created=1787300000,");
    assert!(matches!(refusal(&parts, follow()), Refusal::Stale { .. }));
    let content_digest = content_digest();
    let lines = [
        ("@method", "POST"),
        ("@target-uri", "https://us.example/users/bea/inbox"),
        ("content-digest", content_digest.as_str()),
        ("date", old),
    ];
    let input =
        format!(r#"("@method" "@target-uri" "content-digest" "date");created=1787392800;keyid="{KEY_ID}""#);
    assert!(matches!(refusal(&by_hand_rfc9421(&input, &lines), follow()), Refusal::Stale { .. }));
    // A time that is not covered is no time.
    let lines = [TARGET, HOST, digest];
    let parts = by_hand_cavage(&lines, "created=1787392800,");
    assert!(matches!(refusal(&parts, follow()), Refusal::NotCovered(Part::Time)));
}

#[test]
fn t5_times_are_what_they_should_be() {
    let digest = digest();
    let lines = |date| [TARGET, HOST, ("date", date), ("digest", digest.as_str())];
    for date in [
        "wrong",
        "",
        "0",
        "2026-08-22T10:00:00Z",
        "Sat, 22 Aug 2026 10:00:00",
        "Sat, 32 Aug 2026 10:00:00 GMT",
        "Thu, 01 Jan 1960 00:00:00 GMT",
    ] {
        let parts = by_hand_cavage(&lines(date), "");
        assert!(matches!(refusal(&parts, follow()), Refusal::Malformed { .. }), "{date}");
    }
    for created in ["-1", "1787392800.5", "1e400", "0x10", "\"\"", "1787392800123456", "\" 1\"", "now"] {
        let parts = by_hand_cavage(&lines(DATE), &format!("created={created},"));
        assert!(
            matches!(refusal(&parts, follow()), Refusal::MalformedParameter { name: "created", .. }),
            "{created}"
        );
        if created != "1787392800123456" {
            let with = format!(";created={created}");
            let refusal = with_input(";created=1787392800", &with);
            assert!(
                matches!(refusal, Refusal::MalformedParameter { .. } | Refusal::Malformed { .. }),
                "{created}"
            );
        }
    }
    let parts = by_hand_cavage(&lines(DATE), "created=1787392800,expires=1787392799,");
    assert!(matches!(refusal(&parts, follow()), Refusal::MalformedParameter { name: "expires", .. }));
    let parts = by_hand_cavage(&lines(DATE), "expires=1787392799.9,");
    assert!(matches!(refusal(&parts, follow()), Refusal::Expired { seconds: 1 }));
    assert!(matches!(
        with_input(";created=", ";expires=1;created="),
        Refusal::MalformedParameter { name: "expires", .. }
    ));
    let late = Candidate::parse(&signed(Dialect::Rfc9421), follow(), &us()).unwrap();
    late.verify(&key(), now() + Duration::from_secs(300)).unwrap();
    let digest = content_digest();
    let lines = [
        ("@method", "POST"),
        ("@target-uri", "https://us.example/users/bea/inbox"),
        ("content-digest", digest.as_str()),
    ];
    let input = format!(
        r#"("@method" "@target-uri" "content-digest");created=1787392800;expires=1787392860;keyid="{KEY_ID}""#
    );
    let candidate = Candidate::parse(&by_hand_rfc9421(&input, &lines), follow(), &us()).unwrap();
    assert!(matches!(
        candidate.verify(&key(), now() + Duration::from_secs(300)),
        Err(Refusal::Expired { seconds: 240 })
    ));
}

#[test]
fn t5_created_does_not_go_with_the_algorithms_that_are_older_than_it() {
    let lines = [TARGET, HOST, ("(created)", "1787392800")];
    let parts = by_hand_cavage(&lines, r#"algorithm="rsa-sha256",created=1787392800,"#);
    assert!(matches!(refusal(&parts, follow()), Refusal::MalformedParameter { name: "created", .. }));
    let lines = [TARGET, HOST, ("(created)", "1787392800")];
    let parts = by_hand_cavage(&lines, r#"algorithm="hs2019","#);
    assert!(matches!(refusal(&parts, follow()), Refusal::MissingParameter("created")));
}

#[test]
fn t6_what_is_no_signature_verifies_nothing() {
    for dialect in DIALECTS {
        for bytes in [vec![], vec![0; 256], vec![0xff; 256], vec![1], vec![0; 8192 / 8]] {
            use base64::Engine as _;
            let text = base64::engine::general_purpose::STANDARD.encode(&bytes);
            let mut parts = signed(dialect);
            let signature = parts.headers["signature"].to_str().unwrap();
            let forged = match dialect {
                Dialect::Cavage => {
                    format!("{}signature=\"{text}\"", signature.split("signature=").next().unwrap())
                }
                _ => format!("sig1=:{text}:"),
            };
            put(&mut parts, "signature", &forged);
            assert!(matches!(refusal(&parts, follow()), Refusal::SignatureMismatch(_)), "{forged}");
        }
    }
    for text in ["????", "AAA", "AA==AA==", "AAA=\u{20}", "-_-_"] {
        let lines = [TARGET, HOST, ("date", DATE)];
        let mut parts = by_hand_cavage(&lines, "");
        put(&mut parts, "signature", &format!(r#"keyId="{KEY_ID}",headers="date",signature="{text}""#));
        assert!(
            matches!(refusal(&parts, follow()), Refusal::MalformedParameter { name: "signature", .. }),
            "{text}"
        );
    }
}

#[test]
fn t7_the_key_decides_the_algorithm() {
    for algorithm in
        ["hmac-sha256", "rsa-sha1", "rsa-sha512", "none", "", "RSA-SHA256", "ecdsa-sha256", "hs2019 "]
    {
        let refusal = with_signature("rsa-sha256", algorithm);
        assert!(matches!(refusal, Refusal::UnsupportedAlgorithm(_)), "{algorithm}: {refusal}");
    }
    for algorithm in [
        "hmac-sha256",
        "rsa-pss-sha512",
        "ecdsa-p256-sha256",
        "ecdsa-p384-sha384",
        "rsa-v1_5-sha1",
        "none",
        "",
    ] {
        assert!(
            matches!(with_input("rsa-v1_5-sha256", algorithm), Refusal::UnsupportedAlgorithm(_)),
            "{algorithm}"
        );
    }
    for refusal in [with_signature("rsa-sha256", "ed25519"), with_input("rsa-v1_5-sha256", "ed25519")] {
        assert!(
            matches!(refusal, Refusal::AlgorithmMismatch { named: KeyType::Ed25519, key: KeyType::Rsa }),
            "{refusal}"
        );
    }
    assert!(matches!(
        with_input(r#";alg="rsa-v1_5-sha256""#, ";alg=rsa-v1_5-sha256"),
        Refusal::MalformedParameter { name: "alg", .. }
    ));
}

#[test]
fn components_that_are_not_supported_are_named() {
    for (component, named) in [
        (r#""@query-param";name="x""#, r#""@query-param";name"#),
        (r#""@query-param""#, "@query-param"),
        (r#""@status""#, "@status"),
        (r#""@foo""#, "@foo"),
        (r#""content-digest";sf"#, r#""content-digest";sf"#),
        (r#""content-digest";bs"#, r#""content-digest";bs"#),
        (r#""content-digest";key="sha-256""#, r#""content-digest";key"#),
        (r#""content-digest";req"#, r#""content-digest";req"#),
        (r#""content-digest";tr"#, r#""content-digest";tr"#),
    ] {
        match with_input(r#""content-digest""#, component) {
            Refusal::UnsupportedComponent(name) => assert_eq!(&*name, named),
            other => panic!("{component}: {other}"),
        }
    }
    let lines = [("(request-target-2)", "x")];
    assert!(matches!(refusal(&by_hand_cavage(&lines, ""), follow()), Refusal::UnsupportedComponent(_)));
}

#[test]
fn components_are_covered_once_and_are_there() {
    assert!(matches!(with_input(r#""date""#, r#""date" "date""#), Refusal::RepeatedComponent(_)));
    assert!(matches!(with_input(r#""date""#, r#""date" "x-absent""#), Refusal::MissingComponent(_)));
    assert!(matches!(with_input(r#""date""#, r#""@signature-params""#), Refusal::Malformed { .. }));
    assert!(matches!(with_input(r#""date""#, r#""Date""#), Refusal::Malformed { .. }));
    assert!(matches!(with_input(r#""date""#, "date"), Refusal::Malformed { .. }));
    assert!(matches!(with_signature("host date", "host host date"), Refusal::RepeatedComponent(_)));
    assert!(matches!(with_signature("host date", "host x-absent date"), Refusal::MissingComponent(_)));
    assert!(matches!(
        with_signature("host date", "Host date"),
        Refusal::MalformedParameter { name: "headers", .. }
    ));
    assert!(matches!(with_signature("host date", "host  date"), Refusal::MissingComponent(_)));
    let empty = with_signature("(request-target) host date digest content-type", "");
    assert!(matches!(empty, Refusal::MalformedParameter { name: "headers", .. }));
    let many: Vec<_> = (0..40).map(|n| format!("x{n}")).collect();
    assert!(matches!(with_signature("host date", &many.join(" ")), Refusal::TooMany(_)));
    let many: Vec<_> = (0..40).map(|n| format!("\"x{n}\"")).collect();
    assert!(matches!(with_input(r#""date""#, &many.join(" ")), Refusal::TooMany(_)));
}

#[test]
fn t11_what_readers_could_read_in_two_ways_is_not_read() {
    let sign = |body: &[u8]| {
        let mut parts = delivery();
        signer().sign(&mut parts, body, Dialect::Cavage, now()).unwrap();
        let body = bytes::Bytes::copy_from_slice(body);
        receive(&arrived(parts), body).unwrap().of::<Create>().map(|_| ())
    };
    let activity = |inner: &str| {
        format!(r#"{{"id":"https://peer.example/a/1","type":"Create",{inner},"object":{{"type":"Note"}}}}"#)
    };
    let good = activity(&format!(r#""actor":"{ADA}""#));
    sign(good.as_bytes()).unwrap();
    let victim = "https://victim.example/users/vic";
    for twice in [
        activity(&format!(r#""actor":"{ADA}","actor":"{victim}""#)),
        activity(&format!(r#""actor":"{victim}","actor":"{ADA}""#)),
        activity(&format!(r#""\u0061ctor":"{victim}","actor":"{ADA}""#)),
        activity(&format!(r#""actor":"{ADA}","x":{{"a":1,"a":2}}"#)),
    ] {
        assert!(
            matches!(sign(twice.as_bytes()), Err(Refusal::Document(ParseError::DuplicateKey { .. }))),
            "{twice}"
        );
    }
    let spelled = activity(&format!(r#""as:actor":"{victim}","actor":"{ADA}""#));
    assert!(matches!(sign(spelled.as_bytes()), Err(Refusal::Document(ParseError::TwoSpellings { .. }))));
    assert!(matches!(sign(activity(&format!(r#""Actor":"{ADA}""#)).as_bytes()), Err(Refusal::NoActor)));
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for body in [
        &utf16[..],
        format!("{good}x").as_bytes(),
        format!("{good}{good}").as_bytes(),
        format!("\u{feff}{good}").as_bytes(),
        good.replace("Note", "\\ud800").as_bytes(),
        &[good.as_bytes(), b"\xff"].concat(),
        format!("[{good}]").as_bytes(),
        b"null",
        b"\"string\"",
        b"",
    ] {
        assert!(matches!(sign(body), Err(Refusal::Document(_))), "{}", String::from_utf8_lossy(body));
    }
    assert!(matches!(sign(b"{}"), Err(Refusal::OtherType("Create"))));
}

#[test]
fn t12_fields_that_stand_alone_do_not_come_twice() {
    for name in
        ["host", "date", "digest", "content-digest", "content-type", "content-length", "authorization"]
    {
        for first in [true, false] {
            let mut parts = signed(Dialect::Cavage);
            let good = parts.headers.remove(name);
            let good = good.unwrap_or(HeaderValue::from_static("x"));
            let (one, two) =
                if first { ("evil", good.to_str().unwrap()) } else { (good.to_str().unwrap(), "evil") };
            add(&mut parts.headers, name, one);
            add(&mut parts.headers, name, two);
            match refusal(&parts, follow()) {
                Refusal::RepeatedField(field) => assert_eq!(field, name),
                other => panic!("{name}: {other}"),
            }
        }
    }
    let mut parts = signed(Dialect::Cavage);
    let signature = parts.headers["signature"].to_str().unwrap().to_owned();
    add(&mut parts.headers, "signature", &signature);
    assert!(matches!(refusal(&parts, follow()), Refusal::RepeatedField(_)));
    let mut parts = signed(Dialect::Cavage);
    put(&mut parts, "authorization", &format!("Signature {signature}"));
    assert!(matches!(refusal(&parts, follow()), Refusal::RepeatedField(_)));
}

#[test]
fn t12_fields_are_text() {
    for name in ["host", "date", "digest", "content-type", "signature", "authorization"] {
        let mut parts = signed(Dialect::Cavage);
        let name: HeaderName = name.parse().unwrap();
        parts.headers.insert(name.clone(), HeaderValue::from_bytes(b"\xff").unwrap());
        match refusal(&parts, follow()) {
            Refusal::NotText(field) => assert_eq!(field, name),
            other => panic!("{name}: {other}"),
        }
    }
    let mut parts = signed(Dialect::Rfc9421);
    parts.headers.insert("signature-input", HeaderValue::from_bytes("sig1=\u{fc}".as_bytes()).unwrap());
    assert!(matches!(refusal(&parts, follow()), Refusal::NotText(_)));
}

#[test]
fn a_signature_by_hand_is_what_the_library_signs() {
    let digest = digest();
    let content_type = "application/activity+json";
    let lines = [TARGET, HOST, ("date", DATE), ("digest", digest.as_str()), ("content-type", content_type)];
    let by_hand = by_hand_cavage(&lines, r#"algorithm="rsa-sha256","#);
    assert_eq!(by_hand.headers["signature"], signed(Dialect::Cavage).headers["signature"]);
    assert!(!rsa_sign("anything").is_empty());
}
