//! The names that properties have in real documents, known before any document comes.
//!
//! Whoever reads a document meets the same few hundred names again and again. A name from this list costs the
//! tree no allocation and compares as one number. Being listed changes nothing else: a name nobody listed
//! reads, writes and is found the same way. The vocabularies, and which name belongs to which, are those of
//! [Activity Vocabulary](https://www.w3.org/TR/activitystreams-vocabulary/) and of the extensions in use.

/// A name of the list.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) name: &'static str,
    /// The name as it is written before its value: quoted, with its colon.
    pub(crate) quoted: &'static str,
    /// Its place in the list.
    pub(crate) index: usize,
    /// What may stand before it: the prefixes and IRIs of its namespace.
    pub(crate) namespaces: &'static [&'static str],
}

/// How many names there are.
pub(crate) const COUNT: usize = LIST.len();

/// A power of two at least twice [`COUNT`], so that most searches end at the first slot.
const SLOTS: usize = 1024;

const _: () = assert!(COUNT * 2 <= SLOTS, "the table of names needs more slots");

/// Stands for "no name here" in [`TABLE`].
const EMPTY: u16 = u16::MAX;

static NAMES: [Known; COUNT] = numbered();

/// For each hash the place of the first name that has it, as far as that slot was free, else the next free one.
static TABLE: [u16; SLOTS] = table();

/// The known name that is spelled like this.
pub(crate) fn known(name: &str) -> Option<&'static Known> {
    let mut slot = hash(name.as_bytes());
    loop {
        let known = NAMES.get(usize::from(*TABLE.get(slot)?))?;
        if known.name == name {
            return Some(known);
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// Mixes the length, the first and the last bytes: names differ in these, and reading them costs no loop.
const fn hash(name: &[u8]) -> usize {
    let (first, last) = if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        (u32::from_le_bytes(*first) as u64, u32::from_le_bytes(*last) as u64)
    } else if let (Some(first), Some(last)) = (name.first(), name.last()) {
        (*first as u64, *last as u64)
    } else {
        (0, 0)
    };
    let mixed = (first ^ last.rotate_left(23) ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (u64::BITS - SLOTS.trailing_zeros())) as usize
}

#[expect(clippy::indexing_slicing, reason = "runs at compile time, where a panic is an error of the build")]
const fn numbered() -> [Known; COUNT] {
    const UNSET: Known = Known { name: "", quoted: "", index: 0, namespaces: &[] };
    let mut names = [UNSET; COUNT];
    let mut index = 0;
    while index < COUNT {
        names[index] = Known { index, ..LIST[index] };
        index += 1;
    }
    names
}

#[expect(clippy::indexing_slicing, reason = "runs at compile time, where a panic is an error of the build")]
const fn table() -> [u16; SLOTS] {
    let mut table = [EMPTY; SLOTS];
    let mut index = 0;
    while index < COUNT {
        let mut slot = hash(LIST[index].name.as_bytes());
        while table[slot] != EMPTY {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = index as u16;
        index += 1;
    }
    table
}

macro_rules! names {
    ($( $namespaces:expr => $($name:literal)* ;)*) => {
        const LIST: &[Known] = &[$($(
            Known { name: $name, quoted: concat!("\"", $name, "\":"), index: 0, namespaces: $namespaces },
        )*)*];
    };
}

/// What stands before a name of Activity Streams: the prefix its context declares, and the namespace itself,
/// which the W3C's own test documents write with http.
const AS: &[&str] =
    &["as:", "https://www.w3.org/ns/activitystreams#", "http://www.w3.org/ns/activitystreams#"];
/// The W3C's context has `inbox` from the Linked Data Platform, its vocabulary in Activity Streams.
const LDP: &[&str] = &[
    "ldp:",
    "http://www.w3.org/ns/ldp#",
    "as:",
    "https://www.w3.org/ns/activitystreams#",
    "http://www.w3.org/ns/activitystreams#",
];
const SEC: &[&str] = &["sec:", "https://w3id.org/security#"];
const TOOT: &[&str] = &["toot:", "http://joinmastodon.org/ns#"];
/// Mastodon declares `http://schema.org#`, others the namespace as schema.org has it.
const SCHEMA: &[&str] =
    &["schema:", "sc:", "http://schema.org#", "http://schema.org/", "https://schema.org/"];
const OSTATUS: &[&str] = &["ostatus:", "http://ostatus.org#"];
const MISSKEY: &[&str] = &["misskey:", "https://misskey-hub.net/ns#"];
const LITEPUB: &[&str] = &["litepub:", "http://litepub.social/ns#"];
const FEDIBIRD: &[&str] = &["fedibird:", "http://fedibird.com/ns#"];
const GTS: &[&str] = &["gts:", "https://gotosocial.org/ns#"];
const LEMMY: &[&str] = &["lemmy:", "https://join-lemmy.org/ns#"];
const PEERTUBE: &[&str] = &["pt:", "https://joinpeertube.org/ns#"];
const MOBILIZON: &[&str] = &["mz:", "https://joinmobilizon.org/ns#"];
const FORGE: &[&str] = &["forge:", "https://forgefed.org/ns#"];
const QUOTES: &[&str] = &["fep044f:", "https://w3id.org/fep/044f#"];
const VALUEFLOWS: &[&str] = &["vf:", "https://w3id.org/valueflows/ont/vf#"];

/// Nothing stands before these.
const NONE: &[&str] = &[];

names! {
    NONE => "id" "type" "@context" "@value" "@language" "@list" "@set" "@graph" "@vocab" "@container";
    AS => "actor" "object" "target" "result" "origin" "instrument" "attachment" "audience" "context"
        "generator" "inReplyTo" "location" "tag" "attributedTo" "preview" "to" "bto" "cc" "bcc" "icon" "image"
        "replies" "url" "content" "contentMap" "summary" "summaryMap" "name" "nameMap" "mediaType" "published"
        "updated" "startTime" "endTime" "duration" "altitude" "href" "hreflang" "rel" "height" "width" "items"
        "orderedItems" "totalItems" "current" "first" "last" "next" "prev" "partOf" "startIndex" "oneOf"
        "anyOf" "closed" "accuracy" "latitude" "longitude" "radius" "units" "subject" "relationship"
        "describes" "formerType" "deleted" "source" "likes" "shares" "outbox" "following" "followers" "liked"
        "streams" "preferredUsername" "preferredUsernameMap" "endpoints" "proxyUrl"
        "oauthAuthorizationEndpoint" "oauthTokenEndpoint" "provideClientKey" "signClientKey" "sharedInbox"
        "uploadMedia" "sensitive" "movedTo" "copiedTo" "alsoKnownAs" "manuallyApprovesFollowers" "quoteUrl"
        "dislikes" "comments" "Hashtag";
    LDP => "inbox";
    SEC => "publicKey" "publicKeyPem" "owner" "assertionMethod" "controller" "publicKeyMultibase"
        "secretKeyMultibase" "proof" "cryptosuite" "verificationMethod" "proofPurpose" "proofValue" "expires"
        "revoked" "domain" "challenge" "nonce" "previousProof" "signature" "creator" "created"
        "signatureValue" "digestMultibase";
    TOOT => "featured" "featuredTags" "focalPoint" "blurhash" "discoverable" "indexable" "memorial"
        "suspended" "votersCount" "attributionDomains" "showFeatured" "showMedia" "showRepliesInMedia" "claim"
        "deviceId" "devices" "cipherText" "fingerprintKey" "identityKey" "publicKeyBase64" "messageFranking"
        "messageType" "Emoji";
    SCHEMA => "value" "PropertyValue" "inLanguage" "identifier" "license" "category" "subtitleLanguage"
        "datePublished" "uploadDate" "hasParts" "hasPart" "isLiveBroadcast" "address" "streetAddress"
        "addressLocality" "addressRegion" "postalCode" "addressCountry" "maximumAttendeeCapacity"
        "remainingAttendeeCapacity" "exifData" "eventStatus";
    OSTATUS => "atomUri" "inReplyToAtomUri" "conversation";
    MISSKEY => "_misskey_content" "_misskey_quote" "_misskey_reaction" "_misskey_votes" "_misskey_summary"
        "_misskey_followedMessage" "_misskey_requireSigninToViewContents"
        "_misskey_makeNotesFollowersOnlyBefore" "_misskey_makeNotesHiddenBefore" "_misskey_license" "isCat"
        "freeText";
    LITEPUB => "capabilities" "acceptsChatMessages" "invisible" "directMessage" "listMessage"
        "oauthRegistrationEndpoint" "formerRepresentations";
    QUOTES => "quote" "quoteAuthorization";
    FEDIBIRD => "quoteUri" "emojiReactions" "searchableBy";
    GTS => "interactionPolicy" "canLike" "canReply" "canAnnounce" "canQuote" "canFeature" "automaticApproval"
        "manualApproval" "always" "approvalRequired" "approvedBy" "likeAuthorization" "replyAuthorization"
        "announceAuthorization" "interactingObject" "interactionTarget" "hidesToPublicFromUnauthedWeb"
        "hidesCcPublicFromUnauthedWeb";
    LEMMY => "postingRestrictedToMods" "moderators" "matrixUserId" "removeData" "stickied" "distinguished";
    PEERTUBE => "uuid" "views" "state" "waitTranscoding" "downloadEnabled" "commentsEnabled" "commentsPolicy"
        "support" "aspectRatio" "size" "fps" "infoHash" "tileWidth" "tileHeight" "tileDuration"
        "liveSaveReplay" "permanentLive" "latencyMode" "dvrWindow" "automaticallyGenerated" "playlists"
        "position" "startTimestamp" "stopTimestamp" "videoChannelPosition" "replyApproval" "playerSettings"
        "licence";
    MOBILIZON => "repliesModerationOption" "joinMode" "anonymousParticipationEnabled" "participationMessage"
        "timezone" "isOnline" "externalParticipationUrl" "participantCount" "members" "resources" "todos"
        "posts" "events" "discussions" "openness";
    FORGE => "cloneUri" "pushUri" "ref" "hash" "committed" "committedBy" "assignedTo" "isResolved" "resolved"
        "resolvedBy" "dependsOn" "dependedBy" "ticketsTrackedBy" "tracksTicketsFor" "sendPatchesTo" "forks"
        "forkedFrom" "team" "capability" "allows" "fulfills" "components" "currentVersion" "previousVersions";
    VALUEFLOWS => "action" "resourceConformsTo" "resourceQuantity" "effortQuantity" "availableQuantity"
        "minimumQuantity" "purpose" "publishes" "reciprocal" "unitBased" "stipulates" "stipulatesReciprocal"
        "satisfies" "receiver" "provider" "hasUnit" "hasNumericalValue";
    NONE => "vcard:bday" "vcard:Address" "webfinger" "service" "serviceEndpoint" "gateways" "htmlMfm"
        "likesOf" "sharesOf" "repliesOf" "inboxOf" "outboxOf" "followersOf" "followingOf" "likedOf" "nickname"
        "musicbrainzId" "bitrate" "album" "artists" "track" "library" "disc" "rating" "like" "announce"
        "reply" "guid" "en" "de" "fr" "es" "ja" "featuredCollections" "language"
        "description" "email" "author" "copyright" "noindex" "speakAsCat" "backgroundUrl" "listenbrainz"
        "mimeType" "originallyPublishedAt" "ostatus" "toot" "misskey" "schema" "vcard" "litepub";
}

#[cfg(test)]
mod tests {
    use super::{COUNT, NAMES, known};

    #[test]
    fn every_name_is_found_and_none_is_listed_twice() {
        for (index, listed) in NAMES.iter().enumerate() {
            let found = known(listed.name).map(|known| known.index);
            assert_eq!(found, Some(index), "{} is listed twice or lost", listed.name);
            assert_eq!(listed.quoted, format!("{:?}:", listed.name));
        }
        assert_eq!(NAMES.len(), COUNT);
    }

    #[test]
    fn a_name_that_is_nearly_known_is_not_known() {
        for listed in &NAMES {
            assert!(known(&format!("{} ", listed.name)).is_none());
            assert!(known(&format!("X{}", listed.name)).is_none());
        }
        assert!(known("").is_none());
    }
}
