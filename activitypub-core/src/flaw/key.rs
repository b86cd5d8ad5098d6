//! Keys: whose they are, and that they are public ones. [FEP-521a](https://w3id.org/fep/521a), RFC 7468.

use super::authority::{Authority, Relation};
use super::{Flaws, Node, Rule, quoted};
use crate::iri::Iri;
use crate::item::link_href;
use crate::value::Value;
use crate::vocab;

/// Properties that hold what nobody else may know.
const PRIVATE: [&str; 7] = [
    "privateKeyPem",
    "privateKeyMultibase",
    "privateKeyJwk",
    "secretKeyMultibase",
    "secretKeyJwk",
    "privateKey",
    "secretKey",
];

/// How a private Ed25519 and a private P-256 key begin as a Multikey.
const PRIVATE_MULTIKEY: [&str; 2] = ["z3u2", "z42t"];

/// Properties of an actor that list its keys, and what each key calls that actor.
const LISTS: [(&str, &str); 3] =
    [("publicKey", "owner"), ("assertionMethod", "controller"), ("authentication", "controller")];

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    let is_private = |name: &str| PRIVATE.contains(&vocab::local_name(name));
    for (name, _) in node.object.members().filter(|(name, value)| is_private(name) && !value.is_null()) {
        let message =
            "a private key stands here; take it out, and make a new one, since this one is known now";
        flaws.danger(&node.place.member(name), Rule::PrivateKey, message);
    }
    check_pem(node, flaws);
    check_multikey(node, flaws);
    for (list, owner) in LISTS {
        match node.parent_by(list) {
            Some(actor) => check_owner(node, actor, owner, flaws),
            None if node.is_document() && node.object.member("publicKeyPem").is_some() => {
                check_alone(node, owner, flaws);
            }
            None => {}
        }
    }
}

fn check_pem(node: &Node<'_>, flaws: &mut Flaws) {
    let Some((place, Value::String(pem))) = node.single("publicKeyPem") else { return };
    if pem.contains("PRIVATE KEY-----") {
        let message =
            "this is a private key; write the public one, and make a new pair, since this one is known now";
        flaws.danger(&place, Rule::PrivateKey, message);
    } else if !is_pem(pem) {
        let message =
            format!("{} is no public key as PEM, so no signature will be valid; write it whole", quoted(pem));
        flaws.warning(&place, Rule::Pem, message);
    }
}

/// Whether it has the form of a public key; what is in it only arithmetic can tell.
fn is_pem(pem: &str) -> bool {
    let body = |kind: &str| {
        let rest = pem.trim().strip_prefix("-----BEGIN ")?.strip_prefix(kind)?.strip_prefix("-----")?;
        rest.strip_suffix("-----")?.strip_suffix(kind)?.strip_suffix("-----END ")
    };
    // Some servers write line ends as `\n` in two characters.
    let is_base64 =
        |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || matches!(c, '+' | '/' | '=' | '\\');
    let body = body("PUBLIC KEY").or_else(|| body("RSA PUBLIC KEY"));
    body.is_some_and(|body| body.trim().len() >= SHORTEST && body.chars().all(is_base64))
}

/// Fewer characters of base64 are no key: Ed25519, the shortest, has 60.
const SHORTEST: usize = 60;

fn check_multikey(node: &Node<'_>, flaws: &mut Flaws) {
    let Some((place, Value::String(key))) = node.single("publicKeyMultibase") else { return };
    let is_base58 = |c: char| c.is_ascii_alphanumeric() && !matches!(c, '0' | 'O' | 'I' | 'l');
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_key = match key.split_at_checked(1) {
        Some(("z", rest)) => !rest.is_empty() && rest.chars().all(is_base58),
        Some(("u", rest)) => !rest.is_empty() && rest.chars().all(is_base64),
        _ => false,
    };
    if PRIVATE_MULTIKEY.iter().any(|start| key.starts_with(start)) {
        let message =
            "this is a private key; write the public one, and make a new pair, since this one is known now";
        flaws.danger(&place, Rule::PrivateKey, message);
    } else if !is_key {
        let message = format!("{} is no Multikey; write one such as \"z6Mk…\"", quoted(key));
        flaws.warning(&place, Rule::Multikey, message);
    }
}

/// A key that an actor lists.
fn check_owner(key: &Node<'_>, actor: &Node<'_>, owner: &str, flaws: &mut Flaws) {
    let Some(actor) = actor.object.id() else { return };
    if let Some((place, id)) = key.property("id")
        && let Some(id) = id.as_str()
        && Authority::relation(id, actor.as_str()) == Relation::Other
    {
        let message = format!(
            "the key is on another server than {}; write an id below the actor's own",
            quoted(actor.as_str())
        );
        flaws.danger(&place, Rule::KeyOwner, message);
    }
    match key.single(owner).and_then(|(place, value)| Some((place, link_href(value)?.as_str()))) {
        Some((place, owner)) if *actor != *owner => {
            let message = format!(
                "the key is {}'s, but {} lists it; write who lists it",
                quoted(owner),
                quoted(actor.as_str())
            );
            flaws.danger(&place, Rule::KeyOwner, message);
        }
        Some(_) => {}
        None => {
            let message = format!("the key has no `{owner}`; write {}", quoted(actor.as_str()));
            flaws.warning(&key.place, Rule::KeyOwner, message);
        }
    }
}

/// A key that is a document of its own.
fn check_alone(key: &Node<'_>, owner: &str, flaws: &mut Flaws) {
    let (Some(id), Some((place, value))) = (key.object.id(), key.single(owner)) else { return };
    if let Some(owner) = link_href(value).map(Iri::as_str)
        && Authority::relation(id.as_str(), owner) == Relation::Other
    {
        let message =
            format!("the key is not on the server of {}; only that server can say so", quoted(owner));
        flaws.danger(&place, Rule::KeyOwner, message);
    }
}
