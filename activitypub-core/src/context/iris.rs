//! The IRIs that the names of the vocabularies stand for, in all the ways in which contexts write them.
//! [Activity Streams 2.0 §2.1](https://www.w3.org/TR/activitystreams-core/#jsonld).

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::property::Defined;
use crate::vocab::{self, as2, security};

/// The namespace of Activity Streams.
pub(crate) const NAMESPACE: &str = as2::VOCABULARY.namespace;

/// The namespaces for whose names another IRI is a finding. The context of Activity Streams takes `inbox` from the
/// second.
const GUARDED: [&str; 3] = [NAMESPACE, as2::ldp::VOCABULARY.namespace, security::VOCABULARY.namespace];

/// The IRI that a name of ours stands for, as namespace and local name: `as2` and `actor` for `actor`.
pub(crate) static OURS: LazyLock<HashMap<&str, Parts<'static>>> = LazyLock::new(|| {
    let mut ours = HashMap::new();
    for vocabulary in vocab::ALL.iter().filter(|vocabulary| GUARDED.contains(&vocabulary.namespace)) {
        let namespace = vocabulary.namespace;
        for of in vocabulary.types.iter().filter(|of| !of.is_abstract) {
            ours.entry(of.name).or_insert(Parts { namespace, local: of.name });
        }
        for row in vocabulary.rows() {
            let meant = match row.term.defined {
                Defined::By(_) => Parts { namespace, local: row.term.name },
                Defined::Within(_, iri) | Defined::As(iri) => parts(iri),
            };
            ours.entry(row.term.name).or_insert(meant);
            if row.is_text {
                ours.entry(row.names.twin).or_insert(meant);
            }
        }
    }
    ours
});

/// The prefixes that everybody means alike, and the namespaces they stand for.
pub(crate) static PREFIXES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    // What stands under `_:` has no IRI.
    let declared = vocab::ALL.iter().filter(|vocabulary| vocabulary.namespace != "_:");
    declared.map(|vocabulary| (vocabulary.prefix, vocabulary.namespace)).collect()
});

/// What counts as what the vocabulary says: a name, and an IRI that real servers give it.
const AS_GOOD: [(&str, &str); 9] = [
    // The published context has it as a list of `items`, and some servers under its own name.
    ("orderedItems", "https://www.w3.org/ns/activitystreams#orderedItems"),
    // The published context of the security vocabulary has its type under this name.
    ("CryptographicKey", "https://w3id.org/security#Key"),
    // The published context has it from the Linked Data Platform, the vocabulary as its own.
    ("inbox", "https://www.w3.org/ns/activitystreams#inbox"),
    // Mobilizon declares places as those of schema.org and writes those of Activity Streams.
    ("location", "http://schema.org#location"),
    ("Place", "http://schema.org#Place"),
    // Lemmy: when a ban ends.
    ("expires", "https://www.w3.org/ns/activitystreams#endTime"),
    // PeerTube: how long a cache or a view counts.
    ("expires", "http://schema.org#expires"),
    // Channels of PeerTube, which say `icon` too.
    ("icons", "https://www.w3.org/ns/activitystreams#icon"),
    // Misskey, before it moved.
    ("misskey", "https://misskey.io/ns#"),
];

/// An IRI in two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) local: &'a str,
}

/// Namespace and local name of an IRI, by one spelling of the namespaces that have several.
pub(crate) fn parts(iri: &str) -> Parts<'_> {
    let at = iri.rfind(['#', '/']).map_or(0, |at| at + 1);
    let (namespace, local) = iri.split_at_checked(at).unwrap_or_default();
    let namespace = match namespace {
        "http://www.w3.org/ns/activitystreams#" => NAMESPACE,
        // Mastodon declares the first, schema.org itself the others.
        "http://schema.org/" | "https://schema.org/" | "https://schema.org#" => "http://schema.org#",
        other => other,
    };
    Parts { namespace, local }
}

/// The same for an IRI that real servers use for what a name of ours means: that of the name.
#[cfg(feature = "json-ld")]
pub(crate) fn canonical(iri: &str) -> Parts<'_> {
    let written = parts(iri);
    let own = OURS.get(written.local).filter(|_| is_as_good(written.local, iri));
    own.map_or(written, |own| Parts { local: written.local, ..*own })
}

/// Whether a name is read as one of ours, whose meaning no document may change.
#[cfg(feature = "json-ld")]
pub(crate) fn is_ours(name: &str) -> bool {
    matches!(name, "id" | "type") || OURS.contains_key(name)
}

/// The name of ours that an IRI is the meaning of.
pub(crate) fn name_of(iri: &str) -> Option<&str> {
    let meant = parts(iri);
    let is_ours = OURS.get(meant.local) == Some(&meant);
    (is_ours || (meant.local == "inbox" && is_as_good("inbox", iri))).then_some(meant.local)
}

/// Whether an IRI is in one of the namespaces that are ours alone. Others have names in common with everybody.
pub(crate) fn is_guarded(iri: &str) -> bool {
    GUARDED.contains(&parts(iri).namespace)
}

pub(crate) fn is_as_good(name: &str, iri: &str) -> bool {
    AS_GOOD.iter().any(|(known, meaning)| *known == name && parts(meaning) == parts(iri))
}

/// Whether an IRI is a namespace as documents write it. Of extensions, servers have it with http or https and with
/// other signs at its end.
pub(crate) fn is_namespace(iri: &str, namespace: &str) -> bool {
    let strict = GUARDED.contains(&namespace);
    let bare = |iri: &str| {
        let iri = iri.strip_prefix("https://").or_else(|| iri.strip_prefix("http://")).unwrap_or(iri);
        iri.trim_end_matches(['#', '/']).to_owned()
    };
    if strict {
        parts(iri).namespace == namespace && parts(iri).local.is_empty()
    } else {
        bare(iri) == bare(namespace)
    }
}
