//! Keys, as actors publish them: the security vocabulary <https://w3id.org/security/v1>, and as Multikeys
//! ([FEP-521a](https://w3id.org/fep/521a)).

use super::as2::{Actor, Object};
use crate::iri::Iri;
use crate::item::{List, Many};
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

    /// Properties of every actor.
    extend Actor {
        /// The keys its requests are signed with.
        public_key = "publicKey": Many<Key>,
    }
}

/// Multikeys: [Controlled Identifiers](https://www.w3.org/TR/cid-1.0/#multikey) §2.2.2.
pub mod multikey {
    use super::{Iri, Object};
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/security#" as "sec" in "https://w3id.org/security/multikey/v1";

        /// A public key of any kind.
        Multikey: Object {
            /// Whose key it is.
            controller = "controller": Iri,
            /// The key, in multibase.
            public_key_multibase = "publicKeyMultibase": str,
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
        }
    }
}
