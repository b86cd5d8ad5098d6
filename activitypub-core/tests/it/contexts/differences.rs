//! Which contexts are compared with which tables, and where they differ and why.

use activitypub_core::vocab::{
    Vocabulary, event, fedibird, gotosocial, lemmy, litepub, mastodon, miscellany, misskey, ostatus,
    peertube, pixelfed, schema, security,
};

/// Contexts that go together, the tables of what they define, and where these differ and why.
pub(super) struct Contexts {
    /// Published contexts, and documents that bring their own.
    pub(super) files: &'static [&'static str],
    pub(super) tables: &'static [&'static Vocabulary],
    /// In the contexts and in no table of ours: names, or names with their IRI.
    pub(super) absent: &'static [&'static str],
    /// In the tables and in none of the contexts.
    pub(super) beyond: &'static [&'static str],
    /// An IRI in the one and a text or number in the other.
    pub(super) otherwise: &'static [&'static str],
}

/// What Mastodon has given up and some contexts still define: end-to-end encryption, and identity proofs by
/// Keybase.
pub(super) const GIVEN_UP: [&str; 15] = [
    "toot:Curve25519Key",
    "toot:Device",
    "toot:Ed25519Key",
    "toot:Ed25519Signature",
    "toot:EncryptedMessage",
    "toot:IdentityProof",
    "toot:cipherText",
    "toot:claim",
    "toot:deviceId",
    "toot:devices",
    "toot:fingerprintKey",
    "toot:identityKey",
    "toot:messageFranking",
    "toot:messageType",
    "toot:publicKeyBase64",
];

/// Types whose IRI ends in another word, where a published context says so. The tables leave that to the
/// context, which documents name.
pub(super) const OTHER_WORDS: [(&str, &str); 2] = [
    ("CryptographicKey", "https://w3id.org/security#Key"),
    ("LikeAuthorization", "https://gotosocial.org/ns#LikeApproval"),
];

pub(super) static CONTEXTS: [Contexts; 12] = [
    Contexts {
        files: &[
            "vectors/jsonld-contexts/joinmastodon.json",
            "corpus/_contexts/toot.json",
            "corpus/_contexts/inline-mastodon-actor.json",
            "corpus/_contexts/inline-mastodon-note.json",
            "corpus/_contexts/inline-friendica.json",
        ],
        tables: &[&mastodon::VOCABULARY, &ostatus::VOCABULARY, &schema::fields::VOCABULARY],
        absent: &[],
        // Younger than these contexts.
        beyond: &["showFeatured", "showMedia", "showRepliesInMedia"],
        // Domains, whatever the context makes of them.
        otherwise: &["attributionDomains"],
    },
    Contexts {
        files: &[
            "vectors/jsonld-contexts/miscellany.json",
            "corpus/_contexts/inline-mastodon-actor.json",
            "corpus/_contexts/iceshrimp.json",
            "corpus/_contexts/inline-peertube-video.json",
            "corpus/sharkey/person-rendered.json",
            "corpus/_contexts/inline-misskey.json",
            "corpus/fedify/person-vocab-person-to-json-ld-66.json",
        ],
        tables: &[
            &miscellany::VOCABULARY,
            &misskey::VOCABULARY,
            &misskey::firefish::VOCABULARY,
            &misskey::sharkey::VOCABULARY,
        ],
        absent: &[
            // Chats that Misskey had over ActivityPub.
            "_misskey_talk",
            // Another name in the program, never in a document.
            "movedToUri",
            // What `uuid` was called in the beginning.
            "uuid http://schema.org/identifier",
        ],
        // Their own documentation has these, the documents we have do not.
        beyond: &[
            "_misskey_license",
            "_misskey_makeNotesFollowersOnlyBefore",
            "_misskey_makeNotesHiddenBefore",
            "_misskey_requireSigninToViewContents",
            "enableRss",
            "freeText",
            "hideOnlineStatus",
        ],
        otherwise: &[
            // References that are not marked as such.
            "_misskey_quote",
            "backgroundUrl",
            "category",
            "featured",
            "language",
            "licence",
            "quoteUri",
            "quoteUrl",
            "subtitleLanguage",
        ],
    },
    Contexts {
        files: &[
            "corpus/_contexts/inline-fedibird.json",
            "corpus/_contexts/fep-268d-context.json",
            "corpus/fedibird/person-fedibird-com-users-tesaguri.json",
        ],
        tables: &[&fedibird::VOCABULARY],
        absent: &[],
        beyond: &[],
        otherwise: &[
            // References that are not marked as such.
            "otherSetting",
            "quoteUri",
        ],
    },
    Contexts {
        files: &["corpus/_contexts/litepub-0-1-akkoma.json", "corpus/_contexts/litepub-0-1-pleroma.json"],
        tables: &[&litepub::VOCABULARY],
        absent: &[
            // The other half of a text.
            "contentMap",
        ],
        // Inside `capabilities`, and undefined.
        beyond: &["acceptsChatMessages"],
        otherwise: &[
            // References that are not marked as such.
            "capabilities",
            "formerRepresentations",
            "quoteUri",
            "quoteUrl",
            // No IRI: Mastodon has tags there.
            "conversation",
        ],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/gotosocial.json"],
        tables: &[&gotosocial::VOCABULARY],
        absent: &[],
        beyond: &[
            // Names of older versions that the context has no more. `LikeApproval` is the IRI it gives to the
            // younger name.
            "AnnounceApproval",
            "LikeApproval",
            "ReplyApproval",
            // FEP-7aa9 defines it.
            "canFeature",
        ],
        otherwise: &[],
    },
    Contexts {
        files: &[
            "vectors/jsonld-contexts/join-lemmy.json",
            "corpus/_contexts/inline-lemmy-2023.json",
            "corpus/_contexts/inline-wordpress.json",
        ],
        tables: &[&lemmy::VOCABULARY],
        absent: &[
            // Of WebFinger, which is not written in documents.
            "resource",
        ],
        beyond: &[
            // Undefined in every context.
            "CommunityPostTag",
            "CommunityTag",
            "Feed",
            "Lock",
            "Warn",
            "background_color",
            "blur_images",
            "color",
            "display_name",
            "lemmy:tagsForPosts",
            "text_color",
            // The context of Activity Streams has it.
            "preferredUsername",
        ],
        // References that are not marked as such.
        otherwise: &["language"],
    },
    Contexts {
        files: &[
            "corpus/_contexts/inline-peertube-2024.json",
            "corpus/_contexts/inline-peertube-actor.json",
            "corpus/_contexts/inline-peertube-approve-reply.json",
            "corpus/_contexts/inline-peertube-cache-file.json",
            "corpus/_contexts/inline-peertube-chapters.json",
            "corpus/_contexts/inline-peertube-comment.json",
            "corpus/_contexts/inline-peertube-player-settings.json",
            "corpus/_contexts/inline-peertube-playlist.json",
            "corpus/_contexts/inline-peertube-view.json",
            "corpus/_contexts/inline-peertube-watch-action.json",
            "corpus/_contexts/inline-mobilizon-event.json",
        ],
        tables: &[&peertube::VOCABULARY, &schema::VOCABULARY, &event::VOCABULARY],
        absent: &[
            // Classes of values.
            "joinModeType",
            "repliesModerationOptionType",
            // Which of several fields of a profile it is, for Mobilizon itself.
            "propertyID",
            // What Activity Streams has under the same name.
            "location",
            // What `uuid` was called in the beginning, and is with Mobilizon.
            "uuid http://schema.org/identifier",
        ],
        beyond: &[
            // The document that refuses is like the one that approves.
            "RejectReply",
            // Sent by Mobilizon without being defined.
            "Member",
            "Resource",
            "ResourceCollection",
            "Todo",
            "TodoList",
            "contacts",
            "draft",
            "externalParticipationUrl",
            "role",
            "status",
            "todoList",
            // Younger than these contexts.
            "SensitiveTag",
            "dvrWindow",
            // Lemmy has it, and defines it nowhere.
            "description",
            // Of FEP-8a8e, FEP-c118 and FEP-ee3a.
            "VirtualLocation",
            "eventStatus",
            "exifData",
            "license",
        ],
        otherwise: &[
            // References that are not marked as such.
            "canReply",
            "address",
            "category",
            "hasPart",
            "hasParts",
            "language",
            "licence",
            "openness",
            "playerSettings",
            "replyApproval",
            "subtitleLanguage",
        ],
    },
    Contexts {
        files: &["corpus/pixelfed/note-rendered.json"],
        tables: &[&pixelfed::VOCABULARY],
        absent: &[
            // The same as PeerTube's.
            "commentsEnabled",
        ],
        // Undefined in every context.
        beyond: &["Story", "can_react", "can_reply", "country", "expiresAt", "duration"],
        // A reference that is not marked as such.
        otherwise: &["capabilities"],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/w3id.org_security_v1.jsonld"],
        tables: &[&security::VOCABULARY],
        absent: &[
            // Encryption, passwords and secret keys: nothing that documents tell.
            "EncryptedMessage",
            "authenticationTag",
            "cipherAlgorithm",
            "cipherData",
            "cipherKey",
            "encryptionKey",
            "initializationVector",
            "iterationCount",
            "password",
            "privateKey",
            "privateKeyPem",
            "salt",
            // Keys and signatures of other kinds, which nobody sends.
            "EcdsaKoblitzSignature2016",
            "Ed25519Signature2018",
            "GraphSignature2012",
            "LinkedDataSignature2015",
            "LinkedDataSignature2016",
            "canonicalizationAlgorithm",
            "digestAlgorithm",
            "digestValue",
            "normalizationAlgorithm",
            "publicKeyBase58",
            "publicKeyService",
            "publicKeyWif",
            "signatureAlgorithm",
            // The same as `expires`.
            "expiration",
        ],
        beyond: &[
            // The name that is written, where the context has `CryptographicKey`.
            "Key",
            // Forgotten there; those who send it define it themselves.
            "RsaSignature2017",
        ],
        // A reference that is not marked as such.
        otherwise: &["signature"],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/w3id.org_security_multikey_v1.jsonld"],
        tables: &[&security::multikey::VOCABULARY],
        absent: &[
            // A secret key is no part of a document.
            "secretKeyMultibase",
        ],
        beyond: &[],
        otherwise: &[],
    },
    Contexts {
        files: &["vectors/jsonld-contexts/www.w3.org_ns_did_v1.jsonld"],
        tables: &[&security::did::VOCABULARY],
        absent: &[
            // Uses of keys that no actor has.
            "capabilityDelegation",
            "capabilityInvocation",
            "keyAgreement",
        ],
        beyond: &[],
        otherwise: &[],
    },
    Contexts {
        files: &[
            "vectors/jsonld-contexts/w3id.org_security_data-integrity_v1.jsonld",
            "vectors/jsonld-contexts/w3id.org_security_data-integrity_v2.jsonld",
        ],
        tables: &[&security::data_integrity::VOCABULARY],
        absent: &[
            // What a proof may be for, besides what it is for with us.
            "capabilityDelegation",
            "capabilityInvocation",
            "keyAgreement",
        ],
        beyond: &[],
        otherwise: &[],
    },
];
