//! The engine in pure Rust, for builds that take no C.
//!
//! `rsa` does not compute in constant time (RUSTSEC-2023-0071). Signing is therefore always blinded, and
//! nothing is ever decrypted, which is what the published attack listens to.

use ed25519_dalek::Signature;
use rsa::pkcs1v15;
use rsa::rand_core::OsRng;
use rsa::sha2::Sha256;
use rsa::signature::{RandomizedSigner, SignatureEncoding, Signer, Verifier};
use rsa::{RsaPrivateKey, RsaPublicKey};

use super::Failed;

/// A private key, ready to sign.
pub(crate) enum SigningKey {
    Rsa(Box<pkcs1v15::SigningKey<Sha256>>),
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

impl SigningKey {
    pub(crate) fn rsa(key: &RsaPrivateKey) -> Result<Self, Failed> {
        Ok(Self::Rsa(Box::new(pkcs1v15::SigningKey::new(key.clone()))))
    }

    pub(crate) fn ed25519(key: &ed25519_dalek::SigningKey) -> Result<Self, Failed> {
        Ok(Self::Ed25519(Box::new(key.clone())))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
        match self {
            Self::Rsa(key) => key
                .try_sign_with_rng(&mut OsRng, message)
                .map(|signature| signature.to_vec())
                .map_err(|_| Failed),
            Self::Ed25519(key) => {
                key.try_sign(message).map(|signature| signature.to_vec()).map_err(|_| Failed)
            }
        }
    }
}

/// A public key, ready to verify.
pub(crate) enum VerifyingKey {
    Rsa(pkcs1v15::VerifyingKey<Sha256>),
    Ed25519(ed25519_dalek::VerifyingKey),
}

impl VerifyingKey {
    pub(crate) fn rsa(key: &RsaPublicKey) -> Result<Self, Failed> {
        Ok(Self::Rsa(pkcs1v15::VerifyingKey::new(key.clone())))
    }

    pub(crate) fn ed25519(key: &ed25519_dalek::VerifyingKey) -> Result<Self, Failed> {
        Ok(Self::Ed25519(*key))
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Failed> {
        match self {
            Self::Rsa(key) => pkcs1v15::Signature::try_from(signature)
                .and_then(|signature| key.verify(message, &signature))
                .map_err(|_| Failed),
            // Not `verify_strict`: what that adds is the refusal of weak keys, which are refused when they
            // are parsed, and a check of R that the other engine does not make. Answers must not depend on
            // the engine.
            Self::Ed25519(key) => Signature::from_slice(signature)
                .and_then(|signature| key.verify(message, &signature))
                .map_err(|_| Failed),
        }
    }
}
