//! Documents that were made to deceive or to break: each is refused by the reader, flagged for its reason, or
//! cannot be told from an honest one by itself.

use std::collections::BTreeSet;
use std::fs;

use activitypub_core::{ParseError, Parsed, Severity};

use crate::corpus::shared;

enum Expected {
    /// The reader refuses it as this.
    Refused(fn(&ParseError) -> bool),
    /// These rules are broken, and at least this badly.
    Flagged(Severity, &'static [&'static str]),
    /// Nobody can tell from the document alone, and why.
    Alike(&'static str),
}

use Expected::{Alike, Flagged, Refused};
use Severity::{Danger, Hint, Warning};

const NOT_JSON: Expected = Refused(|error| matches!(error, ParseError::Unexpected { .. }));
const CUT_OFF: Expected = Refused(|error| matches!(error, ParseError::UnexpectedEnd { .. }));
const TOO_DEEP: Expected = Refused(|error| matches!(error, ParseError::TooDeep { limit: 64, .. }));
const TWO_SPELLINGS: Expected = Refused(|error| matches!(error, ParseError::TwoSpellings { .. }));
const NO_OBJECT: Expected = Refused(|error| matches!(error, ParseError::NotAnObject));

/// Its context gives names other meanings, or it has objects where only JSON-LD looks for them.
const RESHAPED: Expected = Flagged(Danger, &["AS-3"]);
const FETCHED: Expected = Alike("only what its object's id leads to is forged");
const WEBFINGER: Expected = Alike("a descriptor, which the tests of WebFinger read");
const NODEINFO: Expected = Alike("a NodeInfo document, which the tests of WebFinger read");

const TABLE: &[(&str, Expected)] = &[
    (
        "akkoma-containment-contain-child-catches-spoofing-attempts-8.json",
        Flagged(Danger, &["SEC-3", "SEC-5"]),
    ),
    ("akkoma-containment-errors-for-spoofed-actors-2.json", Flagged(Danger, &["SEC-3"])),
    ("akkoma-containment-errors-for-spoofed-attributed-to-3.json", Flagged(Danger, &["SEC-3"])),
    (
        "akkoma-transmogrifier-doesn-t-allow-remote-edits-to-fake-local-likes-6.json",
        Flagged(Warning, &["T22"]),
    ),
    (
        "akkoma-transmogrifier-doesn-t-allow-remote-edits-to-fake-local-likes-7.json",
        Flagged(Warning, &["T22"]),
    ),
    ("akkoma-transmogrifier-it-rejects-activities-which-reference-objects-th-20.json", FETCHED),
    ("akkoma-transmogrifier-it-rejects-activities-which-reference-objects-th-21.json", FETCHED),
    ("akkoma-transmogrifier-it-rejects-activities-which-reference-objects-wi-19.json", FETCHED),
    ("contexts-fep-171b-broken.json", NOT_JSON),
    ("contexts-fep-d8c8-broken.json", NOT_JSON),
    ("dj-actor-mismatch.json", Flagged(Danger, &["SEC-3"])),
    ("dj-create-without-authority.json", Flagged(Danger, &["SEC-5"])),
    ("dj-delete-others-object.json", Flagged(Danger, &["T16"])),
    ("dj-impersonate-attributedto.json", Flagged(Danger, &["SEC-3", "SEC-5"])),
    ("dj-overwrite-existing-reference.json", Flagged(Danger, &["SEC-5"])),
    ("dj-update-others-object.json", Flagged(Danger, &["T16"])),
    ("fedify-cross-origin-actor.json", Flagged(Danger, &["SEC-3"])),
    ("fedify-jsonld-trick-40.json", RESHAPED),
    ("fedify-jsonld-trick-44.json", RESHAPED),
    ("fedify-jsonld-trick-46.json", RESHAPED),
    ("fedify-jsonld-trick-49.json", RESHAPED),
    ("fedify-jsonld-trick-50.json", RESHAPED),
    ("fedify-jsonld-trick-52.json", RESHAPED),
    ("fedify-wrong-type.json", Flagged(Hint, &["AS-15"])),
    ("gancio-bad-location-without-a-name.json", Flagged(Hint, &["FEP-8a8e"])),
    ("hostile-actor-inbox-decimal-ip.json", Flagged(Danger, &["T34"])),
    ("hostile-actor-inbox-file-scheme.json", Flagged(Danger, &["T33"])),
    ("hostile-actor-inbox-localhost.json", Flagged(Danger, &["T34"])),
    ("hostile-actor-inbox-loopback-ip.json", Flagged(Danger, &["T34"])),
    ("hostile-actor-inbox-loopback-ip6.json", Flagged(Danger, &["T34"])),
    ("hostile-actor-inbox-private-ip.json", Flagged(Danger, &["T34"])),
    ("hostile-actor-inbox-unix-socket.json", Flagged(Danger, &["T33"])),
    ("hostile-add-to-foreign-collection.json", Flagged(Danger, &["T22"])),
    ("hostile-announce-embedded-forgery.json", Flagged(Warning, &["SEC-8"])),
    ("hostile-bidi-override.json", Flagged(Warning, &["T27"])),
    ("hostile-both-id-and-at-id.json", TWO_SPELLINGS),
    ("hostile-collection-first-is-collection.json", Flagged(Warning, &["T41"])),
    ("hostile-collection-next-self.json", Flagged(Warning, &["T41"])),
    ("hostile-collection-total-huge.json", Flagged(Warning, &["AS-7", "T44"])),
    ("hostile-collection-total-negative.json", Flagged(Warning, &["AS-7"])),
    ("hostile-collection-total-string.json", Flagged(Warning, &["AS-7"])),
    ("hostile-content-xss.json", Flagged(Warning, &["T50"])),
    ("hostile-create-actor-array-mixed.json", Flagged(Danger, &["SEC-3"])),
    ("hostile-create-attributed-to-victim.json", Flagged(Danger, &["SEC-3", "SEC-5"])),
    ("hostile-create-inline-actor-forged.json", Flagged(Danger, &["SEC-3"])),
    ("hostile-ctx-alias-id.json", RESHAPED),
    ("hostile-ctx-alias-type.json", RESHAPED),
    ("hostile-ctx-base-trick.json", RESHAPED),
    ("hostile-ctx-redefine-as-prefix.json", RESHAPED),
    ("hostile-ctx-remote-loop.json", RESHAPED),
    ("hostile-ctx-swap-actor-object.json", RESHAPED),
    ("hostile-ctx-vocab-hijack.json", RESHAPED),
    ("hostile-date-hostile.json", Flagged(Warning, &["AS-11"])),
    ("hostile-deep-arrays-5000.json", TOO_DEEP),
    ("hostile-deep-nesting-300.json", TOO_DEEP),
    ("hostile-delete-note-other-tombstone.json", Flagged(Danger, &["T16"])),
    ("hostile-delete-person-other.json", Flagged(Danger, &["T16"])),
    (
        "hostile-dup-keys-actor.json",
        Refused(|error| matches!(error, ParseError::DuplicateKey { name, .. } if **name == *"actor")),
    ),
    ("hostile-emoji-xss.json", Flagged(Warning, &["AS-10", "FEP-9098", "T50"])),
    ("hostile-empty-file.json", CUT_OFF),
    ("hostile-flag-huge.json", Flagged(Warning, &["T42"])),
    ("hostile-graph-top-level.json", RESHAPED),
    ("hostile-hellthread-400-mentions.json", Flagged(Warning, &["T42"])),
    ("hostile-html-error-page.json", Refused(|error| matches!(error, ParseError::Unexpected { at: 0, .. }))),
    ("hostile-html-in-jrd.json", WEBFINGER),
    ("hostile-id-backslash.json", Flagged(Danger, &["T13"])),
    ("hostile-id-data.json", Flagged(Danger, &["T13"])),
    ("hostile-id-default-port.json", Flagged(Warning, &["T26"])),
    ("hostile-id-empty.json", Flagged(Warning, &["AS-9"])),
    ("hostile-id-http-downgrade.json", Flagged(Hint, &["AP-2"])),
    ("hostile-id-idn-homograph.json", Flagged(Warning, &["T26", "T27"])),
    ("hostile-id-javascript.json", Flagged(Danger, &["T13"])),
    ("hostile-id-long.json", Flagged(Warning, &["T49"])),
    ("hostile-id-nul.json", Flagged(Danger, &["T13"])),
    ("hostile-id-percent-encoded.json", Flagged(Warning, &["T26"])),
    ("hostile-id-punycode.json", Flagged(Warning, &["T26"])),
    ("hostile-id-relative.json", Flagged(Warning, &["AS-9"])),
    ("hostile-id-trailing-dot.json", Flagged(Warning, &["T26"])),
    ("hostile-id-uppercase-host.json", Flagged(Warning, &["T26"])),
    ("hostile-id-userinfo.json", Flagged(Danger, &["T13"])),
    ("hostile-included-top-level.json", RESHAPED),
    ("hostile-jrd-self-http.json", WEBFINGER),
    ("hostile-key-id-foreign.json", Flagged(Danger, &["T1"])),
    ("hostile-key-owner-mismatch.json", Flagged(Danger, &["T1"])),
    ("hostile-key-private-in-actor.json", Flagged(Warning, &["KEY-1"])),
    ("hostile-move-object-not-actor.json", Flagged(Danger, &["T23"])),
    // What is wrong stands in the other document, and this one says that it has to be asked.
    ("hostile-move-without-back-link.json", Flagged(Hint, &["SEC-7"])),
    ("hostile-name-xss.json", Flagged(Warning, &["AP-7", "T50"])),
    ("hostile-nan-infinity.json", NOT_JSON),
    ("hostile-nodeinfo-loop.json", NODEINFO),
    ("hostile-nodeinfo-types.json", NODEINFO),
    ("hostile-poll-hostile.json", Flagged(Warning, &["AS-7", "AS-11", "AS-18", "FEP-9967", "T44"])),
    ("hostile-polymorph-type.json", Flagged(Danger, &["SEC-2"])),
    ("hostile-trailing-garbage.json", Refused(|error| matches!(error, ParseError::TrailingData { .. }))),
    ("hostile-truncated.json", CUT_OFF),
    ("hostile-undo-block-of-other.json", Flagged(Danger, &["T16"])),
    ("hostile-undo-follow-of-other.json", Flagged(Danger, &["T16"])),
    ("hostile-update-person-other.json", Flagged(Danger, &["T16"])),
    ("hostile-utf16le.json", Refused(|error| matches!(error, ParseError::NotUtf8 { at: 0 }))),
    ("hostile-utf8-bom.json", Refused(|error| matches!(error, ParseError::ByteOrderMark))),
    ("hostile-zalgo-and-long-name.json", Flagged(Hint, &["T27"])),
    ("mastodon-actor-noinbox.json", Flagged(Warning, &["AP-7"])),
    ("mastodon-announce-bogus-embedded-note.json", Flagged(Warning, &["SEC-8"])),
    ("mastodon-ldsig-create-tampered.json", Alike("only its signature is not of what it says")),
    (
        "mastodon-spec-fetch-remote-status-with-a-create-activity-with-a-mismatching-id-9.json",
        Flagged(Danger, &["SEC-3", "SEC-5"]),
    ),
    ("mastodon-spec-process-activity-when-receiving-a-fabricated-status-4.json", TWO_SPELLINGS),
    ("mobilizon-transmogrifier-it-rejects-activities-which-reference-objects-wi-20.json", FETCHED),
    ("pleroma-actor-foreign-keyid.json", Flagged(Danger, &["T1"])),
    ("pleroma-graf-imposter-webfinger.json", WEBFINGER),
    ("pleroma-imposter-webfinger-akkoma.json", WEBFINGER),
    ("pleroma-spoofed-object.json", Alike("it came from another URL than its id")),
    ("pleroma-spoofed-pleroma-note.json", Flagged(Danger, &["SEC-3"])),
    ("pleroma-webfinger-spoof-akkoma.json", WEBFINGER),
    ("pleroma-webfinger-spoof.json", WEBFINGER),
    ("plume-inbox-spoof-comment-3.json", Flagged(Danger, &["SEC-3", "SEC-5"])),
    ("plume-inbox-spoof-comment-by-object-with-id-4.json", Flagged(Danger, &["SEC-3", "SEC-5"])),
    ("plume-inbox-spoof-comment-by-object-without-id-5.json", Flagged(Warning, &["AS-8"])),
    ("plume-inbox-spoof-post-7.json", Flagged(Danger, &["SEC-3", "SEC-5"])),
    ("plume-inbox-spoof-post-by-object-with-id-8.json", Flagged(Danger, &["SEC-3", "SEC-5"])),
    ("plume-inbox-spoof-post-by-object-without-id-9.json", Flagged(Warning, &["AS-8"])),
    ("w3c-array-at-top.json", NO_OBJECT),
    ("w3c-bad-character-set.json", Refused(|error| matches!(error, ParseError::NotUtf8 { .. }))),
    ("w3c-collection-with-non-page-first.json", Flagged(Warning, &["AS-23"])),
    ("w3c-content-map-with-invalid-language-tag.json", Flagged(Warning, &["AS-13"])),
    ("w3c-empty-object.json", Flagged(Hint, &["AS-4", "AS-15"])),
    ("w3c-name-as-namemap.json", Flagged(Warning, &["AS-13"])),
    ("w3c-namemap-as-name.json", Flagged(Warning, &["AS-13"])),
    ("w3c-number-as-actor.json", Flagged(Warning, &["AS-8"])),
    ("w3c-number-as-content.json", Flagged(Warning, &["AS-13"])),
    ("w3c-number-as-context.json", Flagged(Warning, &["AS-4"])),
    ("w3c-number-as-id.json", Flagged(Warning, &["AS-9"])),
    ("w3c-number-as-name.json", Flagged(Warning, &["AS-13"])),
    ("w3c-number-as-object.json", Flagged(Warning, &["AS-8"])),
    ("w3c-number-as-type.json", Flagged(Warning, &["AS-15"])),
    ("w3c-number-at-top.json", NO_OBJECT),
    ("w3c-ordered-collection-with-items.json", Flagged(Warning, &["AS-23"])),
    ("w3c-ordered-collection-with-non-page-first.json", Flagged(Warning, &["AS-23"])),
    ("w3c-other-context.json", Flagged(Hint, &["AS-4"])),
    ("w3c-relative-uri-for-url.json", Flagged(Warning, &["AS-10"])),
    ("w3c-string-at-top.json", NO_OBJECT),
    ("w3c-unordered-collection-with-ordered-items.json", Flagged(Warning, &["AS-23"])),
    ("w3c-vocabulary-ex196.json", NOT_JSON),
    ("wildebeest-handle-object-must-be-an-object-17.json", Flagged(Warning, &["AS-10"])),
    ("wildebeest-handle-object-must-be-an-object-7.json", Flagged(Warning, &["AS-10"])),
    ("wildebeest-handle-object-must-be-an-object-8.json", Flagged(Warning, &["AS-10"])),
    ("wildebeest-handle-object-must-exist-18.json", Alike("what it changes is not known where it arrives")),
    (
        "wildebeest-handle-object-must-have-the-same-origin-19.json",
        Alike("it arrives from another host's actor"),
    ),
];

#[test]
fn hostile_documents_are_refused_or_flagged_for_their_reason() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("corpus/_invalid");
    let (mut refused, mut flagged, mut alike) = (0, 0, 0);
    for (file, expected) in TABLE {
        let parsed = Parsed::parse(fs::read(folder.join(file)).expect("a file can be read"));
        match (expected, parsed) {
            (Refused(expected), Err(error)) => {
                assert!(expected(&error), "{file} is refused as: {error}");
                refused += 1;
            }
            (Flagged(severity, rules), Ok(parsed)) => {
                let flaws = parsed.check();
                for rule in *rules {
                    let is_it = |flaw: &&activitypub_core::Flaw| flaw.rule.code() == *rule;
                    let worst = flaws.iter().filter(is_it).map(|flaw| flaw.severity).max();
                    assert!(worst >= Some(*severity), "{file}: {rule} is not there: {flaws:#?}");
                }
                flagged += 1;
            }
            (Alike(why), Ok(parsed)) => {
                let worst = parsed.check().into_iter().max_by_key(|flaw| flaw.severity);
                let is_danger = worst.as_ref().is_some_and(|flaw| flaw.severity == Danger);
                assert!(!is_danger, "{file} can be told after all, not as is said: {why}: {worst:?}");
                alike += 1;
            }
            (_, Ok(parsed)) => panic!("{file} is not refused: {:#?}", parsed.check()),
            (_, Err(error)) => panic!("{file} is refused: {error}"),
        }
    }
    println!("{refused} refused, {flagged} flagged, {alike} like honest ones");
}

#[test]
fn every_hostile_document_is_in_the_table_once() {
    let Some(shared) = shared() else { return };
    let files = fs::read_dir(shared.join("corpus/_invalid")).expect("a folder can be listed");
    let names = files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
    let table: BTreeSet<String> = TABLE.iter().map(|(file, _)| (*file).to_owned()).collect();
    assert_eq!(table.len(), TABLE.len());
    assert_eq!(table, names.collect());
}
