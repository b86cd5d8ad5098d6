//! PEM, in the forms that keys have in the wild.
//!
//! <https://www.rfc-editor.org/rfc/rfc7468>, with SPKI (RFC 5280 §4.1), PKCS#8 (RFC 5958) and PKCS#1 (RFC
//! 8017 §A.1)

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::KeypairBytes;
use rsa::RsaPrivateKey;
use rsa::pkcs1::{self, DecodeRsaPrivateKey};
use rsa::pkcs8::{
    DecodePrivateKey, EncodePrivateKey, EncodePublicKey, LineEnding, ObjectIdentifier, PrivateKeyInfo,
    SubjectPublicKeyInfoRef,
};
use zeroize::Zeroizing;

use super::{KeyError, Material, PrivateKey, PublicKey, Secret};

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Longer than the PEM of any key that is not refused for its size.
const MAX_LENGTH: usize = 16 * 1024;

pub(super) fn decode_public(text: &str) -> Result<PublicKey, KeyError> {
    let (label, der) = unarmor(text)?;
    match label {
        "PUBLIC KEY" => {
            let spki = SubjectPublicKeyInfoRef::try_from(der.as_slice()).map_err(|_| KeyError::Malformed)?;
            let key = spki.subject_public_key.as_bytes().ok_or(KeyError::Malformed)?;
            match spki.algorithm.oid {
                RSA_ENCRYPTION => decode_rsa_public(key),
                ED25519 => PublicKey::ed25519_from_bytes(key),
                other => Err(KeyError::Unsupported(other.to_string().into())),
            }
        }
        "RSA PUBLIC KEY" => decode_rsa_public(&der),
        other => Err(KeyError::Label(other.into())),
    }
}

/// PKCS#1 `RSAPublicKey`.
pub(super) fn decode_rsa_public(der: &[u8]) -> Result<PublicKey, KeyError> {
    let key = pkcs1::RsaPublicKey::try_from(der).map_err(|_| KeyError::Malformed)?;
    PublicKey::rsa_from_parts(key.modulus.as_bytes(), key.public_exponent.as_bytes())
}

pub(super) fn encode_public(material: &Material) -> Result<String, KeyError> {
    match material {
        Material::Rsa(key) => key.to_public_key_pem(LineEnding::LF),
        Material::Ed25519(key) => key.to_public_key_pem(LineEnding::LF),
    }
    .map_err(|_| KeyError::Malformed)
}

pub(super) fn decode_private(text: &str) -> Result<PrivateKey, KeyError> {
    let (label, der) = unarmor(text)?;
    match label {
        "PRIVATE KEY" => {
            let info = PrivateKeyInfo::try_from(der.as_slice()).map_err(|_| KeyError::Malformed)?;
            match info.algorithm.oid {
                RSA_ENCRYPTION => RsaPrivateKey::from_pkcs8_der(&der)
                    .map_err(|_| KeyError::Malformed)
                    .and_then(PrivateKey::rsa),
                ED25519 => ed25519_dalek::SigningKey::from_pkcs8_der(&der)
                    .map_err(|_| KeyError::Malformed)
                    .and_then(PrivateKey::ed25519),
                other => Err(KeyError::Unsupported(other.to_string().into())),
            }
        }
        "RSA PRIVATE KEY" => {
            RsaPrivateKey::from_pkcs1_der(&der).map_err(|_| KeyError::Malformed).and_then(PrivateKey::rsa)
        }
        other => Err(KeyError::Label(other.into())),
    }
}

pub(super) fn encode_private(secret: &Secret) -> Result<Zeroizing<String>, KeyError> {
    match secret {
        Secret::Rsa(key) => key.to_pkcs8_pem(LineEnding::LF),
        // Without the public half (version 1), because that is the form that everything reads.
        Secret::Ed25519(key) => {
            KeypairBytes { secret_key: key.to_bytes(), public_key: None }.to_pkcs8_pem(LineEnding::LF)
        }
    }
    .map_err(|_| KeyError::Malformed)
}

/// The label of a block of PEM, and the bytes in it. The block must be all there is.
///
/// RFC 7468 asks writers for lines of 64 characters. Readers of keys that came through JSON, environment
/// variables and database columns had better not insist.
fn unarmor(text: &str) -> Result<(&str, Zeroizing<Vec<u8>>), KeyError> {
    if text.len() > MAX_LENGTH {
        return Err(KeyError::Pem("it is longer than a key"));
    }
    let (label, rest) = text
        .trim()
        .strip_prefix("-----BEGIN ")
        .and_then(|rest| rest.split_once("-----"))
        .ok_or(KeyError::Pem("it does not begin with -----BEGIN"))?;
    let (body, end) = rest.split_once("-----END ").ok_or(KeyError::Pem("there is no -----END"))?;
    // The two characters `\n` may stand behind the block as well.
    if end.trim_end_matches("\\n").trim_end_matches("\\r").strip_suffix("-----") != Some(label) {
        return Err(KeyError::Pem("it does not end as it begins"));
    }
    let mut compact = Zeroizing::new(String::with_capacity(body.len()));
    for line in body.split("\\n").flat_map(|line| line.split("\\r")) {
        compact.extend(line.chars().filter(|c| !c.is_ascii_whitespace()));
    }
    let der = STANDARD.decode(compact.as_bytes()).map_err(|_| KeyError::Pem("its content is not base64"))?;
    Ok((label, Zeroizing::new(der)))
}
