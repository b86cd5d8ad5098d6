//! The other spellings of a property: `@id` and `@type`, a prefix everyone declares alike (`as:actor`), and the
//! full IRI. [Activity Streams 2.0 §2.1](https://www.w3.org/TR/activitystreams-core/#jsonld),
//! [§5](https://www.w3.org/TR/activitystreams-core/#compact-iris).

use crate::value::names::{Known, known};

/// The known name that a name of a property is, or is another spelling of.
pub(crate) fn term(name: &str) -> Option<&'static Known> {
    known(name).or_else(|| canonical(name))
}

/// The known name that another spelling stands for: `actor` for `as:actor`.
///
/// `None` for a name that is no such spelling, and for a name in a namespace it does not belong to:
/// `schema:name` is not the `name` of Activity Streams.
pub(crate) fn canonical(name: &str) -> Option<&'static Known> {
    match name {
        "@id" => known("id"),
        "@type" => known("type"),
        _ => {
            let (namespace, term) = name.split_at_checked(name.rfind([':', '#', '/'])? + 1)?;
            known(term)
                .filter(|known| known.vocabularies().any(|vocabulary| vocabulary.is_spelled(namespace)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    fn spelled(name: &str) -> Option<&'static str> {
        canonical(name).map(|known| known.name)
    }

    #[test]
    fn prefixes_full_iris_and_keywords_stand_for_the_term() {
        for (spelling, name) in [
            ("as:actor", "actor"),
            ("https://www.w3.org/ns/activitystreams#actor", "actor"),
            ("http://www.w3.org/ns/activitystreams#actor", "actor"),
            ("as:contentMap", "contentMap"),
            ("@id", "id"),
            ("@type", "type"),
            ("ldp:inbox", "inbox"),
            ("as:inbox", "inbox"),
            ("http://www.w3.org/ns/ldp#inbox", "inbox"),
            ("sec:publicKey", "publicKey"),
            ("https://w3id.org/security#owner", "owner"),
            ("toot:blurhash", "blurhash"),
            ("http://schema.org#value", "value"),
        ] {
            assert_eq!(spelled(spelling), Some(name), "{spelling}");
        }
    }

    #[test]
    fn a_name_of_another_namespace_keeps_its_own_meaning() {
        for name in
            ["schema:name", "as:publicKey", "toot:id", "as:", "as", "actor", "ex:actor", "rdfs:label", ""]
        {
            assert_eq!(spelled(name), None, "{name:?}");
        }
        assert_eq!(spelled("vcard:bday"), None, "known under that very name");
    }

    #[test]
    fn every_declared_property_is_found_under_its_prefix_and_its_iri() {
        for vocabulary in crate::vocab::ALL {
            // A name that has its prefix in it is known under that very name.
            for row in vocabulary.rows().filter(|row| !row.term.name.contains(':')) {
                let name = row.term.name;
                for spelling in
                    [format!("{}:{name}", vocabulary.prefix), format!("{}{name}", vocabulary.namespace)]
                {
                    assert_eq!(spelled(&spelling), Some(name), "{spelling}");
                }
            }
        }
    }
}
