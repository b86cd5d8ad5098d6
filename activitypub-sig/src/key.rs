//! Keys: RSA and Ed25519, the two that the fediverse signs requests with.
//!
//! A key is parsed once, checked once, and prepared once for the engine; after that it is a pointer, cheap to
//! clone.

mod multikey;
mod pem;

use std::fmt;
use std::sync::Arc;

use rsa::rand_core::{OsRng, RngCore};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::engine;
use crate::error::SignError;

/// The smallest RSA modulus that is believed, in bits.
const RSA_BITS_MIN: usize = 2048;
/// The largest RSA modulus that is worked with, in bits: verifying costs the square of it, and a stranger
/// chooses it.
const RSA_BITS_MAX: usize = 8192;
/// The smallest public exponent that is believed (FIPS 186-5 §A.1.1).
const RSA_EXPONENT_MIN: u32 = 65537;

/// A private key. `Debug` shows its public half only.
#[derive(Clone)]
pub struct PrivateKey(Arc<Private>);

struct Private {
    secret: Secret,
    engine: engine::SigningKey,
    public: PublicKey,
}

/// What is kept to write the key down again; both wipe themselves when dropped.
enum Secret {
    Rsa(Box<RsaPrivateKey>),
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

impl PrivateKey {
    /// Makes an RSA key of so many bits. 2048 is what the fediverse expects, and what everyone accepts.
    ///
    /// This takes seconds of a processor: not a thing to do on an asynchronous thread.
    ///
    /// # Errors
    ///
    /// If `bits` is not between 2048 and 8192, or there is no entropy.
    pub fn generate_rsa(bits: usize) -> Result<Self, KeyError> {
        check_rsa_bits(bits)?;
        RsaPrivateKey::new(&mut OsRng, bits).map_err(|_| KeyError::Entropy).and_then(Self::rsa)
    }

    /// Makes an Ed25519 key.
    ///
    /// # Errors
    ///
    /// If there is no entropy.
    pub fn generate_ed25519() -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        OsRng.try_fill_bytes(&mut *seed).map_err(|_| KeyError::Entropy)?;
        Self::ed25519(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// Reads a key from PEM: PKCS#8 (`PRIVATE KEY`), or PKCS#1 (`RSA PRIVATE KEY`).
    ///
    /// # Errors
    ///
    /// If the text is not the PEM of a key of a supported type, or the key is too weak.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        pem::decode_private(text)
    }

    /// Writes the key as PEM, in PKCS#8.
    ///
    /// # Errors
    ///
    /// If the key cannot be encoded, which only a broken key cannot.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        pem::encode_private(&self.0.secret)
    }

    /// Its public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public
    }

    /// Signs bytes, with the one algorithm that [the key's type](KeyType) stands for.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.0.engine.sign(message).map_err(|_| SignError::Engine)
    }

    fn rsa(key: RsaPrivateKey) -> Result<Self, KeyError> {
        let public = PublicKey::rsa(key.to_public_key())?;
        let engine = engine::SigningKey::rsa(&key).map_err(|_| KeyError::Malformed)?;
        Ok(Self(Arc::new(Private { secret: Secret::Rsa(Box::new(key)), engine, public })))
    }

    fn ed25519(key: ed25519_dalek::SigningKey) -> Result<Self, KeyError> {
        let public = PublicKey::ed25519(key.verifying_key())?;
        let engine = engine::SigningKey::ed25519(&key).map_err(|_| KeyError::Malformed)?;
        Ok(Self(Arc::new(Private { secret: Secret::Ed25519(Box::new(key)), engine, public })))
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.0.public).finish_non_exhaustive()
    }
}

/// A public key. Two are equal when their key material is.
#[derive(Clone)]
pub struct PublicKey(Arc<Public>);

struct Public {
    material: Material,
    engine: engine::VerifyingKey,
}

#[derive(PartialEq, Eq)]
enum Material {
    Rsa(RsaPublicKey),
    Ed25519(ed25519_dalek::VerifyingKey),
}

impl PublicKey {
    /// Reads a key from PEM: SPKI (`PUBLIC KEY`), or PKCS#1 (`RSA PUBLIC KEY`), which old servers send. Line
    /// ends may be CRLF, absent, or the two characters `\n`: what PEM goes through when it travels as a JSON
    /// string.
    ///
    /// # Errors
    ///
    /// If the text is not the PEM of a key of a supported type, or the key is too weak.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        pem::decode_public(text)
    }

    /// Writes the key as PEM, in SPKI: the one form that every server reads.
    ///
    /// # Errors
    ///
    /// If the key cannot be encoded, which only a broken key cannot.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        pem::encode_public(&self.0.material)
    }

    /// Reads a key from the `publicKeyMultibase` of a Multikey: `z6Mk…` for Ed25519.
    ///
    /// # Errors
    ///
    /// If the text is not the Multikey of a supported type, or the key is too weak.
    pub fn from_multibase(text: &str) -> Result<Self, KeyError> {
        multikey::decode(text)
    }

    /// Writes the key as the `publicKeyMultibase` of a Multikey.
    ///
    /// # Errors
    ///
    /// If the key cannot be encoded, which only a broken key cannot.
    pub fn to_multibase(&self) -> Result<String, KeyError> {
        multikey::encode(&self.0.material)
    }

    /// Its type, which is also what decides the signature algorithm.
    pub fn algorithm(&self) -> KeyType {
        match self.0.material {
            Material::Rsa(_) => KeyType::Rsa,
            Material::Ed25519(_) => KeyType::Ed25519,
        }
    }

    /// Whether this key signed exactly these bytes.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), engine::Failed> {
        self.0.engine.verify(message, signature)
    }

    /// Modulus and exponent as they arrive: big-endian, and of any size a stranger likes.
    fn rsa_from_parts(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        // First, so that no arithmetic is done on what is refused anyway.
        if modulus.len() > RSA_BITS_MAX / 8 {
            return Err(KeyError::TooLarge { bits: modulus.len().saturating_mul(8) });
        }
        let (modulus, exponent) = (BigUint::from_bytes_be(modulus), BigUint::from_bytes_be(exponent));
        RsaPublicKey::new_with_max_size(modulus, exponent, RSA_BITS_MAX)
            .map_err(|error| match error {
                rsa::Error::InvalidModulus => KeyError::Modulus,
                _ => KeyError::Exponent,
            })
            .and_then(Self::rsa)
    }

    fn rsa(key: RsaPublicKey) -> Result<Self, KeyError> {
        check_rsa_bits(key.n().bits())?;
        if *key.e() < BigUint::from(RSA_EXPONENT_MIN) {
            return Err(KeyError::Exponent);
        }
        let engine = engine::VerifyingKey::rsa(&key).map_err(|_| KeyError::Malformed)?;
        Ok(Self(Arc::new(Public { material: Material::Rsa(key), engine })))
    }

    fn ed25519_from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes = bytes.try_into().map_err(|_| KeyError::Malformed)?;
        ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Point).and_then(Self::ed25519)
    }

    fn ed25519(key: ed25519_dalek::VerifyingKey) -> Result<Self, KeyError> {
        // A point of small order "verifies" one signature for many messages.
        if key.is_weak() {
            return Err(KeyError::Point);
        }
        let engine = engine::VerifyingKey::ed25519(&key).map_err(|_| KeyError::Malformed)?;
        Ok(Self(Arc::new(Public { material: Material::Ed25519(key), engine })))
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.material == other.0.material
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.material {
            Material::Rsa(key) => write!(f, "PublicKey(RSA, {} bits)", key.n().bits()),
            Material::Ed25519(_) => f.write_str("PublicKey(Ed25519)"),
        }
    }
}

/// What kind of key it is. The kind decides the algorithm, and nothing a peer writes beside a signature does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// RSA, which signs with RSASSA-PKCS1-v1_5 and SHA-256.
    Rsa,
    /// Ed25519.
    Ed25519,
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rsa => "RSA",
            Self::Ed25519 => "Ed25519",
        })
    }
}

/// Why a key is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text is not one block of PEM.
    #[error("the key is not PEM: {0}")]
    Pem(&'static str),
    /// The PEM holds something else than a key of this kind.
    #[error("the PEM holds a {0:?}, which is not the key asked for")]
    Label(Box<str>),
    /// The text is not a Multikey in base58btc.
    #[error("the key is not a Multikey: {0}")]
    Multikey(&'static str),
    /// The encoding inside is broken.
    #[error("the key is not encoded as its type demands")]
    Malformed,
    /// The key is of a type that is not supported: its object identifier, or its multicodec.
    #[error("keys of type {0} are not supported")]
    Unsupported(Box<str>),
    /// The RSA modulus is too short to be believed.
    #[error("an RSA key of {bits} bits is too weak; 2048 are needed")]
    TooSmall {
        /// Its length.
        bits: usize,
    },
    /// The RSA modulus is longer than anyone needs.
    #[error("an RSA key of {bits} bits is too large; 8192 are allowed")]
    TooLarge {
        /// Its length.
        bits: usize,
    },
    /// The RSA modulus is even, or not larger than the exponent.
    #[error("the RSA modulus is even, or not larger than the exponent")]
    Modulus,
    /// The RSA exponent is even, below 65537, or larger than 33 bits.
    #[error("the RSA exponent is even, too small or too large")]
    Exponent,
    /// The bytes are no point on the curve, or one of small order.
    #[error("the Ed25519 key is not a point of large order")]
    Point,
    /// The operating system has no randomness to give.
    #[error("there is no entropy to make a key from")]
    Entropy,
}

fn check_rsa_bits(bits: usize) -> Result<(), KeyError> {
    match bits {
        ..RSA_BITS_MIN => Err(KeyError::TooSmall { bits }),
        RSA_BITS_MIN..=RSA_BITS_MAX => Ok(()),
        _ => Err(KeyError::TooLarge { bits }),
    }
}
