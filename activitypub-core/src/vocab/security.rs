//! Keys, as actors publish them: the security vocabulary <https://w3id.org/security/v1>, and as Multikeys
//! ([FEP-521a](https://w3id.org/fep/521a)). What is signed with them: integrity proofs
//! ([FEP-8b32](https://w3id.org/fep/8b32)) and the older signatures of Linked Data.
//!
//! These are properties to be read. Only verification says whether a proof or signature holds, and it reads
//! the bytes that came.

use super::as2::{Actor, Object};
use crate::iri::Iri;
use crate::item::{List, Many, One};
use crate::scalar::Values;
use crate::time::Timestamp;
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://w3id.org/security#" as "sec" in "https://w3id.org/security/v1";

    /// A public key. Real servers leave the `type` out.
    Key: Object {
        /// Whose key it is.
        owner = "owner": Iri,
        /// The key, a PEM text.
        public_key_pem = "publicKeyPem": str,
    }

    /// A [Key], as the context calls it.
    CryptographicKey: Key + Object {}

    /// A signature over a document as Linked Data, by an RSA key. Mastodon makes and checks these where a
    /// document reaches it by others than its author.
    RsaSignature2017: Object {
        /// The key.
        signature_creator = "creator" @ "http://purl.org/dc/terms/creator": Iri,
        /// When it was made.
        signature_created = "created" @ "http://purl.org/dc/terms/created": Timestamp,
        /// The signature, in Base64.
        signature_value = "signatureValue": str,
    }

    /// Properties of every object.
    extend Object {
        /// A signature over it.
        signature = "signature": One<RsaSignature2017>,
    }

    /// Properties of every actor.
    extend Actor {
        /// The keys its requests are signed with.
        public_key = "publicKey": Many<Key>,
    }
}

/// Multikeys: [Controlled Identifiers](https://www.w3.org/TR/cid-1.0/#multikey) §2.2.2.
///
/// The property for a secret key is not here: a secret key is no part of a document.
pub mod multikey {
    use super::{Iri, Object, Timestamp};
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/security#" as "sec" in "https://w3id.org/security/multikey/v1";

        /// A public key of any kind.
        Multikey: Object {
            /// Whose key it is.
            controller = "controller": Iri,
            /// The key, in multibase.
            public_key_multibase = "publicKeyMultibase": str,
            /// When it ends to be of use.
            key_expires = "expires" @ "https://w3id.org/security#expiration": Timestamp,
            /// When it was taken back; what it was used for since then does not count.
            revoked = "revoked": Timestamp,
        }
    }
}

/// What Multikeys are for: [Controlled Identifiers](https://www.w3.org/TR/cid-1.0/#verification-relationships) §2.3.
pub mod did {
    use super::multikey::Multikey;
    use super::{Actor, List};
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/security#" as "sec" in "https://www.w3.org/ns/did/v1";

        /// Properties of every actor.
        extend Actor {
            /// The keys its claims are signed with.
            assertion_method = "assertionMethod": List<Multikey>,
            /// The keys it logs in with.
            authentication = "authentication" @ "https://w3id.org/security#authenticationMethod": List<Multikey>,
        }
    }
}

/// Integrity proofs: [Data Integrity](https://www.w3.org/TR/vc-data-integrity/#proofs) §2.1.
///
/// Builders name the first version of the context, as nearly all documents do. The second differs in
/// `previousProof`, which it alone defines.
pub mod data_integrity {
    use super::{Iri, Many, Object, Timestamp, Values};
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/security#" as "sec" in "https://w3id.org/security/data-integrity/v1";

        /// That the object it stands in is as somebody has signed it.
        DataIntegrityProof: Object {
            /// How it was made, such as `eddsa-jcs-2022`.
            cryptosuite = "cryptosuite": str,
            /// The key.
            verification_method = "verificationMethod": Iri,
            /// What it is for: `assertionMethod`.
            proof_purpose = "proofPurpose": str,
            /// The signature, in multibase.
            proof_value = "proofValue": str,
            /// When it was made.
            proof_created = "created" @ "http://purl.org/dc/terms/created": Timestamp,
            /// When it ends to hold.
            proof_expires = "expires" @ "https://w3id.org/security#expiration": Timestamp,
            /// Where alone it holds.
            proof_domain = "domain": Values<str>,
            /// What whoever asked for it had chosen at random.
            challenge = "challenge": str,
            /// What whoever made it has chosen at random.
            nonce = "nonce": str,
            /// Other proofs of the object, by their ids, that have to hold first.
            previous_proof = "previousProof": Values<Iri>,
        }

        /// Properties of every object.
        extend Object {
            /// What proves that it is as somebody has signed it.
            proof = "proof": Many<DataIntegrityProof>,
        }
    }
}
