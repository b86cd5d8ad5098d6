//! Terms from Fediverse Enhancement Proposals, a module for each: <https://codeberg.org/fediverse/fep>.
//!
//! Those that belong to one family of servers are with its vocabulary.

/// Quotes that who is quoted consents to: [FEP-044f](https://w3id.org/fep/044f).
pub mod quotes {
    use crate::item::One;
    use crate::vocab::as2::{Activity, Object, Transitive};
    use crate::vocab::gotosocial::InteractionAuthorization;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/fep/044f#" as "fep044f";

        /// `actor` asks whether `instrument` may quote `object`.
        QuoteRequest: Activity + Object + Transitive {}

        /// That `interactingObject` may quote `interactionTarget`, said by who the latter is attributed to.
        QuoteAuthorization: InteractionAuthorization + Object {}

        /// Properties of every object.
        extend Object {
            /// What it quotes. Servers from before that proposal have other names for it, which are read, and
            /// written too.
            quote = "quote" & "quoteUrl" & "quoteUri" & "_misskey_quote": One<Object>,
            /// What says that it may.
            quote_authorization = "quoteAuthorization": One<QuoteAuthorization>,
        }
    }
}

/// Collections of actors that one recommends, with their consent: [FEP-7aa9](https://w3id.org/fep/7aa9).
pub mod featured {
    use crate::iri::Iri;
    use crate::item::One;
    use crate::vocab::as2::{Activity, Actor, Collection, Object, OrderedCollection, Transitive};
    use crate::vocab::gotosocial::InteractionAuthorization;
    use crate::vocab::miscellany::Hashtag;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/fep/7aa9#" as "fep7aa9" in "https://w3id.org/fep/7aa9";

        /// What somebody recommends, as FeaturedItems.
        FeaturedCollection: OrderedCollection + Collection + Object {
            /// The hashtag that says what it is about.
            collection_topic = "topic": One<Hashtag>,
        }

        /// Something recommended.
        FeaturedItem: Object {
            /// What is recommended.
            featured_object = "featuredObject": One<Object>,
            /// What says that it may be.
            feature_authorization = "featureAuthorization": One<FeatureAuthorization>,
        }

        /// `actor` asks whether `object` may be recommended in the collection `instrument`.
        FeatureRequest: Activity + Object + Transitive {}

        /// That `interactionTarget` may be recommended in the collection `interactingObject`.
        FeatureAuthorization: InteractionAuthorization + Object {}
    }

    /// What the published context does not have.
    pub mod actors {
        use super::{Actor, Iri};
        use crate::vocabulary;

        vocabulary! {
            inherent namespace "https://w3id.org/fep/7aa9#" as "fep7aa9";

            /// Properties of every actor.
            extend Actor {
                /// Its FeaturedCollections.
                featured_collections = "featuredCollections": Iri,
            }
        }
    }
}

/// The handle of an actor: [FEP-2c59](https://w3id.org/fep/2c59).
pub mod webfinger {
    use crate::vocab::as2::Actor;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://purl.archive.org/socialweb/webfinger#" as "wf"
            in "https://purl.archive.org/socialweb/webfinger";

        /// Properties of every actor.
        extend Actor {
            /// Its handle, `user@host`, sometimes with `acct:` before it. A claim until WebFinger confirms
            /// it.
            webfinger = "webfinger": str,
        }
    }
}

/// Whose collection it is: [FEP-5711](https://w3id.org/fep/5711).
pub mod inverse {
    use crate::iri::Iri;
    use crate::vocab::as2::Collection;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/fep/5711#" as "fep5711" in "https://w3id.org/fep/5711";

        /// Properties of every collection.
        extend Collection {
            /// The object whose `likes` these are.
            likes_of = "likesOf": Iri,
            /// The object whose `shares` these are.
            shares_of = "sharesOf": Iri,
            /// The object whose `replies` these are.
            replies_of = "repliesOf": Iri,
            /// The actor whose `inbox` it is.
            inbox_of = "inboxOf": Iri,
            /// The actor whose `outbox` it is.
            outbox_of = "outboxOf": Iri,
            /// The actor whose `followers` these are.
            followers_of = "followersOf": Iri,
            /// The actor whose `following` these are.
            following_of = "followingOf": Iri,
            /// The actor whose `liked` these are.
            liked_of = "likedOf": Iri,
        }
    }
}

/// An actor in several places: [FEP-7628](https://w3id.org/fep/7628). Where it has moved is `movedTo`, which
/// everybody writes as an extension of Activity Streams.
pub mod migration {
    use crate::item::Many;
    use crate::vocab::as2::{Actor, Object};
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/fep/7628#" as "fep7628";

        /// Properties of every actor.
        extend Actor {
            /// Where it is too.
            copied_to = "copiedTo": Many<Object>,
        }
    }
}

/// What a server can do: [FEP-844e](https://w3id.org/fep/844e).
pub mod discovery {
    use crate::item::List;
    use crate::vocab::as2::{Application, Link};
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/fep/844e/" as "fep844e" in "https://w3id.org/fep/844e";

        /// More about the program that is the `generator` of an actor.
        extend Application {
            /// Links to the specifications it implements, often without a `type`.
            implements = "implements": List<Link>,
        }
    }
}

/// Conversations that somebody keeps: [FEP-171b](https://w3id.org/fep/171b).
pub mod conversations {
    use crate::iri::Iri;
    use crate::vocab::as2::{Collection, Object};
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/fep/171b/" as "fep171b";

        /// Properties of every object.
        extend Object {
            /// The collection of the activities that make up its `context`.
            context_history = "contextHistory": Iri,
        }

        /// Properties of every collection.
        extend Collection {
            /// The type of its items.
            collection_of = "collectionOf": str,
        }
    }
}

/// That an actor and a key belong to the same somebody: [FEP-c390](https://w3id.org/fep/c390).
pub mod identity {
    use crate::iri::Iri;
    use crate::vocab::as2::Object;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/fep/c390/" as "fepc390";

        /// That `subject` is the actor `alsoKnownAs`, proven by an integrity proof of the former.
        VerifiableIdentityStatement: Object {
            /// The identity, a DID.
            identity_subject = "subject" @ "https://www.w3.org/ns/activitystreams#subject": Iri,
            /// The actor.
            identity_actor = "alsoKnownAs" @ "https://www.w3.org/ns/activitystreams#alsoKnownAs": Iri,
        }
    }
}

/// Actors and objects that no server owns: [FEP-ef61](https://w3id.org/fep/ef61).
pub mod portable {
    use crate::iri::Iri;
    use crate::scalar::Sequence;
    use crate::vocab::as2::{Actor, ObjectOrLink};
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/fep/ef61/" as "fepef61" in "https://w3id.org/fep/ef61";

        /// Properties of every actor.
        extend Actor {
            /// The origins that serve it, the preferred one first.
            gateways = "gateways": Sequence<Iri>,
        }

        /// Properties of files, and of Links to files.
        extend ObjectOrLink {
            /// The hash of the file, a multihash in multibase;
            /// [FEP-1311](https://w3id.org/fep/1311) has it too.
            digest_multibase = "digestMultibase" @ "https://www.w3.org/ns/credentials/v2#digestMultibase": str,
        }
    }
}

/// Misskey's markup as HTML: [FEP-c16b](https://w3id.org/fep/c16b).
pub mod mfm {
    use crate::vocab::as2::Object;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://w3id.org/fep/c16b#" as "fepc16b";

        /// Properties of every object.
        extend Object {
            /// Whether its `content` has the classes of that proposal, so that nobody needs to parse its
            /// `source`.
            html_mfm = "htmlMfm": bool,
        }
    }
}

/// What else serves an actor: [DID Core §5.4](https://www.w3.org/TR/did-core/#services), as
/// [FEP-9091](https://w3id.org/fep/9091) uses it.
pub mod services {
    use crate::iri::Iri;
    use crate::item::List;
    use crate::vocab::as2::Actor;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://www.w3.org/ns/did#" as "did" in "https://www.w3.org/ns/did/v1";

        /// Something that serves an actor; its `type` says for what.
        abstract DidService {
            /// Its address.
            service_endpoint = "serviceEndpoint": Iri,
        }

        /// Properties of every actor.
        extend Actor {
            /// What else serves it, such as its storage.
            service = "service": List<DidService>,
        }
    }
}
