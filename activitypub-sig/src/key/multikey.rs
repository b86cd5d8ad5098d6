//! Multikey: a key as a short string, which says itself what type it is.
//!
//! <https://www.w3.org/TR/cid-1.0/#Multikey>; in actors by FEP-521a, <https://w3id.org/fep/521a>

use rsa::pkcs1::EncodeRsaPublicKey;

use super::{KeyError, Material, PublicKey, pem};

/// `ed25519-pub` as a varint; 32 bytes follow.
const ED25519: [u8; 2] = [0xed, 0x01];
/// `rsa-pub` as a varint; PKCS#1 `RSAPublicKey` follows, and not SPKI.
const RSA: [u8; 2] = [0x85, 0x24];

/// Longer than the largest RSA key. Decoding base58 takes the square of the length, so a stranger's is
/// bounded first.
const MAX_LENGTH: usize = 1600;

pub(super) fn decode(text: &str) -> Result<PublicKey, KeyError> {
    let base58 =
        text.strip_prefix('z').ok_or(KeyError::Multikey("it does not begin with z, for base58btc"))?;
    if base58.len() > MAX_LENGTH {
        return Err(KeyError::Multikey("it is longer than a key"));
    }
    let bytes = bs58::decode(base58).into_vec().map_err(|_| KeyError::Multikey("it is not base58btc"))?;
    match bytes.split_first_chunk() {
        Some((&ED25519, key)) => PublicKey::ed25519_from_bytes(key),
        Some((&RSA, key)) => pem::decode_rsa_public(key),
        Some(([first, second], _)) => Err(KeyError::Unsupported(format!("0x{first:02x}{second:02x}").into())),
        None => Err(KeyError::Multikey("it is too short")),
    }
}

pub(super) fn encode(material: &Material) -> Result<String, KeyError> {
    let bytes = match material {
        Material::Rsa(key) => {
            let der = key.to_pkcs1_der().map_err(|_| KeyError::Malformed)?;
            [&RSA[..], der.as_bytes()].concat()
        }
        Material::Ed25519(key) => [&ED25519[..], key.as_bytes()].concat(),
    };
    Ok(format!("z{}", bs58::encode(bytes).into_string()))
}
