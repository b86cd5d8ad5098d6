//! Keys in the forms in which they come, and keys that nobody should believe.

use activitypub_sig::{KeyError, KeyType, PrivateKey, PublicKey};

use crate::scene::{ED25519, RSA, RSA_PUBLIC};

macro_rules! testdata {
    ($name:literal) => {
        include_str!(concat!("../../testdata/", $name))
    };
}

#[test]
fn private_keys_are_read_and_written_in_every_form() {
    let key = PrivateKey::from_pem(RSA).unwrap();
    let pkcs1 = PrivateKey::from_pem(testdata!("rsa-pkcs1.pem")).unwrap();
    assert_eq!(key.public_key(), pkcs1.public_key());
    assert_eq!(&*key.to_pem().unwrap(), RSA);
    let key = PrivateKey::from_pem(ED25519).unwrap();
    assert_eq!(&*key.to_pem().unwrap(), ED25519);
    assert_eq!(key.public_key().algorithm(), KeyType::Ed25519);
}

#[test]
fn public_keys_are_read_and_written_in_every_form() {
    let key = PublicKey::from_pem(RSA_PUBLIC).unwrap();
    assert_eq!(key.algorithm(), KeyType::Rsa);
    assert_eq!(key, PublicKey::from_pem(testdata!("rsa-public-pkcs1.pem")).unwrap());
    assert_eq!(&key, PrivateKey::from_pem(RSA).unwrap().public_key());
    assert_eq!(key.to_pem().unwrap(), RSA_PUBLIC);
    let ed25519 = PublicKey::from_pem(testdata!("ed25519-public.pem")).unwrap();
    assert_eq!(&ed25519, PrivateKey::from_pem(ED25519).unwrap().public_key());
    assert_ne!(key, ed25519);
}

#[test]
fn line_ends_do_not_matter() {
    let key = PublicKey::from_pem(RSA_PUBLIC).unwrap();
    for pem in [
        RSA_PUBLIC.replace('\n', "\r\n"),
        RSA_PUBLIC.replace('\n', "\\n"),
        RSA_PUBLIC.replace('\n', "\\r\\n"),
        RSA_PUBLIC.trim_end().to_owned(),
        RSA_PUBLIC.replace('\n', ""),
        format!("\n  {RSA_PUBLIC}\n\n"),
    ] {
        assert_eq!(PublicKey::from_pem(&pem).as_ref(), Ok(&key), "{pem}");
    }
}

#[test]
fn multikeys_say_what_they_are() {
    // The example of <https://www.w3.org/TR/cid-1.0/#Multikey>.
    let key = PublicKey::from_multibase("z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu").unwrap();
    assert_eq!(key.algorithm(), KeyType::Ed25519);
    for key in [key, PublicKey::from_pem(RSA_PUBLIC).unwrap()] {
        let text = key.to_multibase().unwrap();
        assert_eq!(PublicKey::from_multibase(&text), Ok(key), "{text}");
    }
    let unsupported = "zDnaeSWnQVQ8cSCKeTQmwEPPTbQBkUfvpCBmqzPjUFcHQqCgJ"; // P-256
    assert!(matches!(PublicKey::from_multibase(unsupported), Err(KeyError::Unsupported(_))));
    for text in [
        "",
        "z",
        "z1",
        "zIl0O",
        "u7QEA",
        "6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu",
        &"z2".repeat(10_000),
    ] {
        assert!(matches!(PublicKey::from_multibase(text), Err(KeyError::Multikey(_))), "{text}");
    }
    for (prefix, length) in [([0xed, 0x01], 31), ([0xed, 0x01], 33), ([0x85, 0x24], 256)] {
        let text = format!("z{}", bs58::encode([&prefix[..], &vec![7; length]].concat()).into_string());
        assert_eq!(PublicKey::from_multibase(&text), Err(KeyError::Malformed), "{text}");
    }
}

#[test]
fn large_keys_are_read_up_to_a_bound() {
    PublicKey::from_pem(testdata!("rsa-8192-public.pem")).unwrap();
    assert_eq!(
        PublicKey::from_pem(testdata!("rsa-16384-public.pem")),
        Err(KeyError::TooLarge { bits: 16384 })
    );
    assert_eq!(PrivateKey::generate_rsa(16384).unwrap_err(), KeyError::TooLarge { bits: 16384 });
}

#[test]
fn weak_keys_are_refused() {
    let weak = PublicKey::from_pem(testdata!("rsa-1024-public.pem"));
    assert_eq!(weak, Err(KeyError::TooSmall { bits: 1024 }));
    assert_eq!(PublicKey::from_pem(testdata!("rsa-exponent-3-public.pem")), Err(KeyError::Exponent));
    assert_eq!(PrivateKey::generate_rsa(1024).unwrap_err(), KeyError::TooSmall { bits: 1024 });

    let modulus = [0xff; 256];
    assert_eq!(rsa(&modulus, &[1]), Err(KeyError::Exponent));
    assert_eq!(rsa(&modulus, &[3]), Err(KeyError::Exponent));
    assert_eq!(rsa(&modulus, &[1, 0, 0]), Err(KeyError::Exponent), "even, and large enough");
    assert_eq!(rsa(&modulus, &[2, 0, 0, 0, 1]), Err(KeyError::Exponent), "beyond 33 bits");
    assert!(rsa(&modulus, &[1, 0, 1]).is_ok());
    let mut even = modulus;
    even[255] = 0xfe;
    assert_eq!(rsa(&even, &[1, 0, 1]), Err(KeyError::Modulus));
    assert_eq!(rsa(&[0], &[1, 0, 1]), Err(KeyError::Modulus));
    assert_eq!(rsa(&[0xff; 128], &[1, 0, 1]), Err(KeyError::TooSmall { bits: 1024 }));
}

/// The points of small order, in all their encodings: with them, one signature is good for many messages.
#[test]
fn ed25519_keys_of_small_order_are_refused() {
    for hex in [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        let bytes: Vec<u8> =
            (0..64).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        let multikey = format!("z{}", bs58::encode([&[0xed, 0x01], &bytes[..]].concat()).into_string());
        assert_eq!(PublicKey::from_multibase(&multikey), Err(KeyError::Point), "{hex}");
    }
}

#[test]
fn what_is_no_key_is_refused_by_name() {
    assert_eq!(
        PublicKey::from_pem(testdata!("p256-public.pem")),
        Err(KeyError::Unsupported("1.2.840.10045.2.1".into()))
    );
    assert_eq!(PublicKey::from_pem(RSA), Err(KeyError::Label("PRIVATE KEY".into())));
    assert_eq!(PrivateKey::from_pem(RSA_PUBLIC).unwrap_err(), KeyError::Label("PUBLIC KEY".into()));
    assert_eq!(
        PublicKey::from_pem(&RSA_PUBLIC.replace("PUBLIC KEY", "RSA PUBLIC KEY")),
        Err(KeyError::Malformed),
        "SPKI under the label of PKCS#1"
    );
    for pem in [
        String::new(),
        "garbage".to_owned(),
        RSA_PUBLIC.replace("BEGIN", "BEGINS"),
        RSA_PUBLIC.replace("END PUBLIC", "END PRIVATE"),
        RSA_PUBLIC.replace("-----END", ""),
        RSA_PUBLIC.replace('A', "?"),
        RSA_PUBLIC.repeat(2),
        format!("{RSA_PUBLIC}x"),
        RSA_PUBLIC.replace("KEY-----\nM", &format!("KEY-----\n{}M", "A".repeat(20_000))),
    ] {
        assert!(matches!(PublicKey::from_pem(&pem), Err(KeyError::Pem(_))), "{pem}");
    }
    let truncated = RSA_PUBLIC.lines().enumerate().filter(|(line, _)| *line != 2).map(|(_, line)| line);
    let truncated = truncated.collect::<Vec<_>>().join("\n");
    assert_eq!(PublicKey::from_pem(&truncated), Err(KeyError::Malformed));
}

#[test]
fn new_keys_are_keys() {
    let key = PrivateKey::generate_rsa(2048).unwrap();
    assert_eq!(PrivateKey::from_pem(&key.to_pem().unwrap()).unwrap().public_key(), key.public_key());
    let key = PrivateKey::generate_ed25519().unwrap();
    assert_ne!(key.public_key(), PrivateKey::generate_ed25519().unwrap().public_key());
}

#[test]
fn a_private_key_is_not_shown() {
    for pem in [RSA, ED25519] {
        let shown = format!("{:?}", PrivateKey::from_pem(pem).unwrap());
        assert!(shown.len() < 80 && shown.contains(".."), "{shown}");
    }
}

/// A public key of these big-endian numbers, as PKCS#1 in PEM.
fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey, KeyError> {
    use base64::Engine as _;
    use rsa::pkcs1::der::Encode as _;
    let key = rsa::pkcs1::RsaPublicKey {
        modulus: rsa::pkcs1::UintRef::new(modulus).unwrap(),
        public_exponent: rsa::pkcs1::UintRef::new(exponent).unwrap(),
    };
    let base64 = base64::engine::general_purpose::STANDARD.encode(key.to_der().unwrap());
    PublicKey::from_pem(&format!("-----BEGIN RSA PUBLIC KEY-----\n{base64}\n-----END RSA PUBLIC KEY-----"))
}
