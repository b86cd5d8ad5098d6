//! The engines that do the arithmetic, behind one door.
//!
//! Each has the same two types with the same functions: [`SigningKey`] and [`VerifyingKey`], prepared once
//! per key. RSA is RSASSA-PKCS1-v1_5 with SHA-256, the only RSA signature that the fediverse speaks. Nothing
//! of them is public, so one can take the other's place.

#[cfg(feature = "aws-lc")]
mod aws_lc;
#[cfg(any(test, not(feature = "aws-lc")))]
mod rust_crypto;

#[cfg(feature = "aws-lc")]
pub(crate) use aws_lc::{SigningKey, VerifyingKey};
#[cfg(not(feature = "aws-lc"))]
pub(crate) use rust_crypto::{SigningKey, VerifyingKey};

/// The engine will not do this with this key. It does not say why, and nobody should be told.
#[derive(Debug)]
pub(crate) struct Failed;

#[cfg(test)]
#[cfg(feature = "aws-lc")]
mod tests {
    use ed25519_dalek::pkcs8::DecodePrivateKey;
    use rsa::RsaPrivateKey;

    use super::{aws_lc, rust_crypto};

    const MESSAGES: [&[u8]; 3] = [b"", b"(request-target): post /inbox", &[0xff; 5000]];

    /// One key in both engines: the same signatures, each good for the other, and none good for anything
    /// else.
    fn check(
        (one, one_verifies): (aws_lc::SigningKey, aws_lc::VerifyingKey),
        (two, two_verifies): (rust_crypto::SigningKey, rust_crypto::VerifyingKey),
    ) {
        for message in MESSAGES {
            let signature = one.sign(message).unwrap();
            assert_eq!(signature, two.sign(message).unwrap());
            one_verifies.verify(message, &signature).unwrap();
            two_verifies.verify(message, &signature).unwrap();

            let mut bent = signature.clone();
            bent[3] ^= 1;
            let long = [&signature[..], &[0]].concat();
            let zeros = vec![0; signature.len()];
            let ones = vec![0xff; signature.len()];
            for forged in [&bent[..], &long, &zeros, &ones, &signature[1..], &[]] {
                assert!(one_verifies.verify(message, forged).is_err());
                assert!(two_verifies.verify(message, forged).is_err());
            }
            assert!(one_verifies.verify(b"another message", &signature).is_err());
            assert!(two_verifies.verify(b"another message", &signature).is_err());
        }
    }

    #[test]
    fn both_engines_give_the_same_answers_for_rsa() {
        let key = RsaPrivateKey::from_pkcs8_pem(include_str!("../testdata/rsa.pem")).unwrap();
        let public = key.to_public_key();
        check(
            (aws_lc::SigningKey::rsa(&key).unwrap(), aws_lc::VerifyingKey::rsa(&public).unwrap()),
            (rust_crypto::SigningKey::rsa(&key).unwrap(), rust_crypto::VerifyingKey::rsa(&public).unwrap()),
        );
    }

    #[test]
    fn both_engines_give_the_same_answers_for_ed25519() {
        let key = ed25519_dalek::SigningKey::from_pkcs8_pem(include_str!("../testdata/ed25519.pem")).unwrap();
        let public = key.verifying_key();
        check(
            (aws_lc::SigningKey::ed25519(&key).unwrap(), aws_lc::VerifyingKey::ed25519(&public).unwrap()),
            (
                rust_crypto::SigningKey::ed25519(&key).unwrap(),
                rust_crypto::VerifyingKey::ed25519(&public).unwrap(),
            ),
        );
    }

    #[test]
    fn neither_engine_takes_an_ed25519_signature_whose_scalar_is_too_large() {
        // RFC 8032 §5.1.7: S must be below the order of the group, or every signature has a twin.
        const ORDER: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let key = ed25519_dalek::SigningKey::from_pkcs8_pem(include_str!("../testdata/ed25519.pem")).unwrap();
        let mut signature = rust_crypto::SigningKey::ed25519(&key).unwrap().sign(b"message").unwrap();
        let mut carry = 0;
        for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*byte) + u16::from(order) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        let public = key.verifying_key();
        assert!(aws_lc::VerifyingKey::ed25519(&public).unwrap().verify(b"message", &signature).is_err());
        assert!(rust_crypto::VerifyingKey::ed25519(&public).unwrap().verify(b"message", &signature).is_err());
    }
}
