//! AWS-LC: constant time, and several times faster than what is written in Rust.
//!
//! <https://docs.rs/aws-lc-rs>

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ED25519, Ed25519KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::EncodePrivateKey;
use rsa::{RsaPrivateKey, RsaPublicKey};

use super::Failed;

/// A private key, ready to sign.
pub(crate) enum SigningKey {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl SigningKey {
    pub(crate) fn rsa(key: &RsaPrivateKey) -> Result<Self, Failed> {
        let der = key.to_pkcs8_der().map_err(|_| Failed)?;
        let pair = RsaKeyPair::from_pkcs8(der.as_bytes()).map_err(|_| Failed)?;
        Ok(Self::Rsa(Box::new(pair)))
    }

    pub(crate) fn ed25519(key: &ed25519_dalek::SigningKey) -> Result<Self, Failed> {
        let public = key.verifying_key();
        let pair = Ed25519KeyPair::from_seed_and_public_key(key.as_bytes(), public.as_bytes());
        pair.map(Self::Ed25519).map_err(|_| Failed)
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| Failed)?;
                Ok(signature)
            }
            Self::Ed25519(pair) => {
                pair.try_sign(message).map(|signature| signature.as_ref().to_vec()).map_err(|_| Failed)
            }
        }
    }
}

/// A public key, ready to verify.
pub(crate) struct VerifyingKey(ParsedPublicKey);

impl VerifyingKey {
    pub(crate) fn rsa(key: &RsaPublicKey) -> Result<Self, Failed> {
        let der = key.to_pkcs1_der().map_err(|_| Failed)?;
        let parsed = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_bytes());
        parsed.map(Self).map_err(|_| Failed)
    }

    pub(crate) fn ed25519(key: &ed25519_dalek::VerifyingKey) -> Result<Self, Failed> {
        ParsedPublicKey::new(&ED25519, key.as_bytes()).map(Self).map_err(|_| Failed)
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Failed> {
        self.0.verify_sig(message, signature).map_err(|_| Failed)
    }
}
