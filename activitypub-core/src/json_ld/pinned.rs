//! The contexts that documents name by address, made from the tables of this crate: nothing is ever fetched.
//! [Activity Streams 2.0 §2.1](https://www.w3.org/TR/activitystreams-core/#jsonld) defines the one that all have.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::definition::Definitions;
use crate::Object;
use crate::context::iris::NAMESPACE;
use crate::context::{ACTIVITY_STREAMS, is_activity_streams};
use crate::value::{Member, Members, Name, Value};
use crate::vocab::{self, Vocabulary, as2, fep, forgefed, gotosocial, lemmy, mastodon, security, vcard};

const SECURITY: &str = security::VOCABULARY.namespace;

/// Addresses of contexts, and the namespace whose names they define. What a vocabulary says is defined at an address
/// is defined there besides.
///
/// The one of Activity Streams has all of its namespace here, which is more than was published: that much everybody
/// uses. Miscellany has what was not published.
const ADDRESSES: &[(&str, Option<&str>)] = &[
    (ACTIVITY_STREAMS, Some(NAMESPACE)),
    ("https://w3id.org/security/v1", None),
    ("https://w3id.org/security/v2", Some(SECURITY)),
    ("https://w3id.org/security/multikey/v1", None),
    ("https://w3id.org/security/data-integrity/v1", Some(SECURITY)),
    ("https://w3id.org/security/data-integrity/v2", Some(SECURITY)),
    ("https://w3id.org/security/suites/ed25519-2020/v1", Some(SECURITY)),
    ("https://w3id.org/identity/v1", Some(SECURITY)),
    ("https://www.w3.org/ns/did/v1", Some(SECURITY)),
    ("https://www.w3.org/ns/cid/v1", Some(SECURITY)),
    ("https://purl.archive.org/miscellany", Some(NAMESPACE)),
    ("https://purl.archive.org/socialweb/webfinger", Some(fep::webfinger::VOCABULARY.namespace)),
    ("https://gotosocial.org/ns", Some(gotosocial::VOCABULARY.namespace)),
    ("https://join-lemmy.org/context.json", Some(lemmy::VOCABULARY.namespace)),
    ("http://joinmastodon.org/ns", Some(mastodon::VOCABULARY.namespace)),
    ("https://forgefed.org/ns", Some(forgefed::VOCABULARY.namespace)),
    ("https://w3id.org/fep/044f", Some(fep::quotes::VOCABULARY.namespace)),
    ("https://w3id.org/fep/5711", Some(fep::inverse::VOCABULARY.namespace)),
    ("https://w3id.org/fep/7628", Some(fep::migration::VOCABULARY.namespace)),
    ("https://funkwhale.audio/ns", None),
    ("https://w3id.org/fep/844e", None),
    ("https://w3id.org/fep/7aa9", Some(fep::featured::VOCABULARY.namespace)),
    ("https://w3id.org/fep/ef61", Some(fep::portable::VOCABULARY.namespace)),
];

/// Contexts that stand on others.
const ON_TOP_OF: &[(&str, &[&str])] = &[
    ("https://w3id.org/security/v2", &["https://w3id.org/security/v1"]),
    (
        "https://join-lemmy.org/context.json",
        &[
            "https://w3id.org/security/v1",
            "https://purl.archive.org/miscellany",
            "http://joinmastodon.org/ns",
        ],
    ),
];

static DEFINITIONS: LazyLock<HashMap<&str, Definitions>> = LazyLock::new(|| {
    let defined = |address| Some((address, Definitions::of_pinned(&context(address)?)));
    ADDRESSES.iter().filter_map(|(address, _)| defined(*address)).collect()
});

/// What the context at an address defines, if it is one of those known here.
pub(super) fn definitions(address: &str) -> Option<&'static Definitions> {
    let address = match address.strip_suffix('#').unwrap_or(address) {
        address if is_activity_streams(address) => ACTIVITY_STREAMS,
        "http://w3id.org/security/v1" => "https://w3id.org/security/v1",
        address => address,
    };
    DEFINITIONS.get(address)
}

/// The context at an address, as a document would write it in place.
pub(super) fn context(address: &str) -> Option<Object> {
    let (_, namespace) = ADDRESSES.iter().find(|(known, _)| *known == address)?;
    let mut terms = Terms::default();
    if address == ACTIVITY_STREAMS {
        terms.push("@vocab", Value::from("_:"));
        terms.push("xsd", Value::from("http://www.w3.org/2001/XMLSchema#"));
        terms.push("ldp", Value::from(as2::ldp::VOCABULARY.namespace));
        terms.push("vcard", Value::from(vcard::VOCABULARY.namespace));
    }
    if address == ACTIVITY_STREAMS || namespace.is_none_or(|namespace| namespace == SECURITY) {
        terms.push("id", Value::from("@id"));
        terms.push("type", Value::from("@type"));
    }
    // What stands under `_:` is what no context defines.
    for vocabulary in vocab::ALL.iter().filter(|vocabulary| vocabulary.namespace != "_:") {
        let is_elsewhere = vocabulary.context == Some(ACTIVITY_STREAMS);
        if vocabulary.context == Some(address) || (*namespace == Some(vocabulary.namespace) && !is_elsewhere)
        {
            terms.vocabulary(vocabulary);
        }
    }
    let below = ON_TOP_OF.iter().filter(|(top, _)| *top == address).flat_map(|(_, below)| *below);
    for below in below.filter_map(|below| context(below)) {
        below.members().for_each(|(name, definition)| terms.push(name, definition.clone()));
    }
    Some(terms.into_object())
}

/// Names and their definitions, each name once: the first definition counts.
#[derive(Default)]
struct Terms {
    seen: HashSet<String>,
    members: Vec<Member>,
}

impl Terms {
    fn vocabulary(&mut self, vocabulary: &Vocabulary) {
        let prefix = vocabulary.prefix;
        self.push(prefix, Value::from(vocabulary.namespace));
        for of in vocabulary.types.iter().filter(|of| !of.is_abstract) {
            self.push(of.name, Value::from(format!("{prefix}:{}", of.name)));
        }
        // A name that brings its prefix needs no definition.
        for row in vocabulary.rows().filter(|row| !row.term.name.contains(':')) {
            let (name, iri) = (row.term.name, row.term.iri());
            if row.is_text {
                self.push(row.names.twin, definition(&iri, &[("@container", "@language")]));
            }
            let reference = row.is_reference.then_some(("@type", "@id"));
            let ordered = (row.is_ordered || name == "orderedItems").then_some(("@container", "@list"));
            let more: Vec<_> = reference.into_iter().chain(ordered).collect();
            let written = if more.is_empty() { Value::from(iri) } else { definition(&iri, &more) };
            self.push(name, written);
        }
    }

    fn push(&mut self, name: &str, value: Value) {
        if self.seen.insert(name.to_owned()) {
            self.members.push(Member { name: Name::new(name), value });
        }
    }

    fn into_object(self) -> Object {
        Object::from_members(Members::first_of(self.members))
    }
}

fn definition(iri: &str, more: &[(&str, &str)]) -> Value {
    let mut definition = Object::new();
    definition.insert("@id", iri);
    more.iter().for_each(|(key, value)| definition.insert(key, *value));
    Value::Object(definition)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;
    use std::{env, fs};

    use super::{ADDRESSES, ON_TOP_OF, context, definitions};
    use crate::context::meaning::renamed;
    use crate::json_ld::definition::Definitions;
    use crate::value::Value;
    use crate::{ACTIVITY_STREAMS, Object};

    #[test]
    fn every_context_that_is_known_defines_what_its_vocabularies_say() {
        for (address, _) in ADDRESSES {
            let context = context(address).unwrap();
            let members = context.members().filter(|(name, _)| *name != "@vocab").count();
            assert_eq!(definitions(address).unwrap().names().count(), members, "{address}");
            let mut document = Object::new();
            document.insert("@context", Value::Object(context));
            assert_eq!(renamed(&document), [], "{address}");
        }
        let known = |address: &str| ADDRESSES.iter().any(|(known, _)| *known == address);
        assert!(ON_TOP_OF.iter().all(|(top, below)| known(top) && below.iter().all(|below| known(below))));
        let vocabularies = crate::vocab::ALL.iter().filter_map(|vocabulary| vocabulary.context);
        assert_eq!(vocabularies.filter(|address| !known(address)).collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn activity_streams_is_known_by_all_its_addresses() {
        for address in [
            ACTIVITY_STREAMS,
            "http://www.w3.org/ns/activitystreams",
            "http://www.w3.org/ns/activitystreams#",
        ] {
            assert!(
                definitions(address).is_some_and(|known| known.names().any(|name| name == "actor")),
                "{address}"
            );
        }
        assert!(definitions("https://www.w3.org/ns/activitystreams.jsonld").is_none());
    }

    /// The published context that the shared test data has of an address.
    fn published(address: &str) -> Option<Definitions> {
        let folder = PathBuf::from(env::var_os("FEDI_SHARED")?).join("vectors/jsonld-contexts");
        let read = |file: &str| Object::parse(&fs::read(folder.join(file)).unwrap()).unwrap();
        let document = read(read("index.json").member(address)?.as_str()?);
        Some(Definitions::of_pinned(document.member("@context")?.as_object()?))
    }

    /// The names that two contexts both have and do not define alike, and those that only the second has.
    fn compare(address: &str, theirs: &Definitions) -> (BTreeSet<String>, BTreeSet<String>) {
        let ours = definitions(address).unwrap();
        let names = theirs.names().map(str::to_owned);
        let (both, missing): (BTreeSet<_>, BTreeSet<_>) =
            names.partition(|name| ours.names().any(|ours| ours == name));
        (both.into_iter().filter(|name| !ours.define_alike(theirs, name)).collect(), missing)
    }

    #[test]
    fn activity_streams_is_as_it_was_published() {
        let Some(theirs) = published(ACTIVITY_STREAMS) else { return };
        let (different, missing) = compare(ACTIVITY_STREAMS, &theirs);
        // A type is a name and no id; the source of a text is an object.
        assert_eq!(different, ["formerType", "source"].map(str::to_owned).into());
        let unused = ["IsContact", "IsFollowedBy", "IsFollowing", "IsMember", "Public", "uploadMedia"];
        assert!(missing.iter().all(|name| unused.contains(&&**name)), "{missing:?}");
    }

    #[test]
    fn keys_are_as_they_were_published() {
        let address = "https://w3id.org/security/v1";
        let Some(theirs) = published(address) else { return };
        // The context calls the type `Key` so, and has no references under `signature`.
        assert_eq!(compare(address, &theirs).0, ["CryptographicKey", "signature"].map(str::to_owned).into());
    }
}
