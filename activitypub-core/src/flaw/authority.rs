//! Who speaks for what: an id is spoken for by its own server alone. [FEP-fe34](https://w3id.org/fep/fe34),
//! ActivityPub §B.1.
//!
//! What is found here can be told from the document alone. Whether it is true, only its own server can tell.

use super::{Flaws, Node, Rule, Severity, each, id_of, ids_in, quoted};
use crate::iri::{Iri, Origin};
use crate::spelling;
use crate::value::Value;
use crate::vocab::as2::{Accept, Actor, Create, Delete, Link, Object, Reject, Undo, Update};

/// Who speaks for an id.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Authority {
    /// A server.
    Server(Origin),
    /// Whoever holds a key, whichever server the document comes from. [FEP-ef61](https://w3id.org/fep/ef61)
    Key(Box<str>),
}

/// How two ids stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// One authority speaks for both.
    Same,
    /// The same host by http and by https.
    OtherScheme,
    /// Neither speaks for the other.
    Other,
    /// It cannot be told whose one of them is.
    Unknown,
}

impl Authority {
    pub(super) fn of(iri: &str) -> Option<Self> {
        let portable = iri.strip_prefix("ap://").or_else(|| iri.strip_prefix("ap+ef61://"));
        let portable = portable.or_else(|| {
            // Nowhere but at the beginning of the path.
            let (_, path) = iri.split_once("://")?.1.split_once('/')?;
            path.strip_prefix(".well-known/apgateway/")
        });
        match portable.filter(|portable| portable.starts_with("did:")) {
            Some(portable) => portable.split(['/', '?', '#']).next().map(|did| Self::Key(did.into())),
            None => Iri::new(iri).origin().map(Self::Server),
        }
    }

    /// Who speaks for an object, by its own word.
    pub(super) fn of_object(object: &Object) -> Option<Self> {
        object.id().and_then(|id| Self::of(id.as_str()))
    }

    pub(super) fn relation(one: &str, other: &str) -> Relation {
        match (Self::of(one), Self::of(other)) {
            (Some(one), Some(other)) => one.to(&other),
            _ => Relation::Unknown,
        }
    }

    fn to(&self, other: &Self) -> Relation {
        match other {
            other if self == other => Relation::Same,
            other if self.by_other_scheme().as_ref() == Some(other) => Relation::OtherScheme,
            _ => Relation::Other,
        }
    }

    /// The same host by http instead of https, or the other way round.
    pub(super) fn by_other_scheme(&self) -> Option<Self> {
        let Self::Server(origin) = self else { return None };
        let scheme = if origin.is_https() { "http" } else { "https" };
        Origin::parse(&format!("{scheme}://{}", origin.authority())).ok().map(Self::Server)
    }
}

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    check_attribution(node, flaws);
    check_embedded(node, flaws);
    check_blind(node, flaws);
    check_collections(node, flaws);
}

/// Whether an id and its `actor` or `attributedTo` are of one server.
fn check_attribution(node: &Node<'_>, flaws: &mut Flaws) {
    let Some(id) = node.object.id() else { return };
    let Some(own) = Authority::of(id.as_str()) else { return };
    // Who moderates a group or runs a service may live anywhere.
    let terms: &[&str] =
        if node.is::<Actor>() || node.is::<Link>() { &["actor"] } else { &["actor", "attributedTo"] };
    for term in terms {
        let Some((place, value)) = node.property(term) else { continue };
        let relation = |value: &Value| id_of(value).and_then(Authority::of).map(|by| by.to(&own));
        let shared = each(&place, value).any(|(_, value)| relation(value) == Some(Relation::Same));
        for (place, value) in each(&place, value) {
            let severity = match relation(value) {
                // One of several authors may be elsewhere; an activity has one actor.
                Some(Relation::Other) if shared && *term == "attributedTo" => Severity::Warning,
                Some(Relation::Other) => Severity::Danger,
                Some(Relation::OtherScheme) => Severity::Warning,
                _ => continue,
            };
            let message = format!(
                "{} is not on the server of {}, and nothing can be said in its name there; use one server for both",
                quoted(id_of(value).unwrap_or_default()),
                quoted(id.as_str())
            );
            flaws.add(&place, Rule::Authority, severity, message);
        }
    }
}

/// A copy of what another server has.
fn check_embedded(node: &Node<'_>, flaws: &mut Flaws) {
    const REFERENCE: [&str; 8] = ["id", "type", "@context", "name", "url", "href", "mediaType", "icon"];
    let Some(parent) = node.parent else { return };
    let is_copy = |name: &str| spelling::term(name).is_none_or(|known| !REFERENCE.contains(&known.name));
    if matches!(node.term, "tag" | "publicKey" | "assertionMethod")
        || (node.term == "object" && judges_object(parent))
        || !node.object.members().any(|(name, _)| is_copy(name))
    {
        return;
    }
    if let (Some(own), Some(speaker)) = (Authority::of_object(node.object), node.speaker)
        && own.to(speaker) == Relation::Other
    {
        let message =
            "this is a copy of what another server has; believe what its id leads to, and send the id alone";
        flaws.warning(&node.place, Rule::Embedded, message);
    }
}

/// Whether an activity is one whose object has rules of its own, or is repeated by who answers it.
fn judges_object(node: &Node<'_>) -> bool {
    node.is::<Create>()
        || node.is::<Update>()
        || node.is::<Delete>()
        || node.is::<Undo>()
        || node.is::<Accept>()
        || node.is::<Reject>()
}

fn check_blind(node: &Node<'_>, flaws: &mut Flaws) {
    for term in ["bto", "bcc"] {
        if ids_in(node.object, term).next().is_some()
            && let Some((place, _)) = node.property(term)
        {
            let message =
                format!("`{term}` names who was not to be named; take it out before anybody sees it");
            flaws.warning(&place, Rule::Blind, message);
        }
    }
}

/// What is collected about an object, or of an actor, is where it is.
fn check_collections(node: &Node<'_>, flaws: &mut Flaws) {
    // Some actors keep their document at home, and inbox and outbox with somebody who runs a server.
    let terms: &[&str] = match node.is::<Actor>() {
        true => &["followers", "following", "liked", "featured"],
        false => &["likes", "shares", "replies"],
    };
    let Some(own) = Authority::of_object(node.object) else { return };
    for term in terms {
        let Some((place, value)) = node.property(term) else { continue };
        for (place, value) in each(&place, value) {
            let theirs = id_of(value).and_then(Authority::of);
            if theirs.is_some_and(|theirs| theirs.to(&own) == Relation::Other) {
                let message = format!(
                    "`{term}` is on another server, which alone knows what is in it; use one of its own"
                );
                flaws.warning(&place, Rule::Collections, message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Authority, Relation};

    #[test]
    fn an_id_is_spoken_for_by_its_server_or_its_key() {
        for (one, other, expected) in [
            ("https://a.example/1", "https://A.example:443/2#x", Relation::Same),
            ("https://a.example/1", "http://a.example/2", Relation::OtherScheme),
            ("https://a.example/1", "https://b.example/1", Relation::Other),
            ("https://a.example/1", "https://a.example:8443/1", Relation::Other),
            ("https://a.example/1", "https://b.a.example/1", Relation::Other),
            (
                "ap://did:key:z6Mk/actor",
                "https://a.example/.well-known/apgateway/did:key:z6Mk/1?x",
                Relation::Same,
            ),
            ("ap://did:key:z6Mk/actor", "ap://did:key:z6Ml/actor", Relation::Other),
            (
                "https://a.example/?/.well-known/apgateway/did:key:z6Mk",
                "ap://did:key:z6Mk/1",
                Relation::Other,
            ),
            ("https://a.example/1", "did:key:z6Mk", Relation::Unknown),
            ("https://a.example/1", "", Relation::Unknown),
        ] {
            assert!(Authority::relation(one, other) == expected, "{one} {other}");
        }
    }
}
