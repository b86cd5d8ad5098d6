//! Actors: what has to be there, and where their deliveries go. ActivityPub §4.1, RFC 6890.

use super::{Flaws, Node, Place, Rule, Severity, id, quoted};
use crate::iri::Iri;
use crate::item::link_href;
use crate::value::Value;
use crate::vocab::as2::Actor;

/// Where others send to, or ask.
const ENDPOINTS: [&str; 2] = ["inbox", "outbox"];

/// The same below `endpoints`.
const MORE_ENDPOINTS: [&str; 4] =
    ["sharedInbox", "proxyUrl", "oauthAuthorizationEndpoint", "oauthTokenEndpoint"];

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    if node.is::<Actor>() {
        if node.is_document() {
            check_members(node, flaws);
        }
        check_endpoints(node, node.object.id(), &ENDPOINTS, flaws);
        check_username(node, flaws);
    } else if let Some(actor) = node.parent_by("endpoints") {
        check_endpoints(node, actor.object.id(), &MORE_ENDPOINTS, flaws);
    }
}

fn check_members(node: &Node<'_>, flaws: &mut Flaws) {
    if node.object.member("inbox").is_none() {
        let message =
            "the actor has no `inbox`, so nothing reaches it and most servers refuse it; write its URL";
        flaws.warning(&node.place, Rule::Actor, message);
    }
    for term in ["outbox", "preferredUsername"] {
        if node.object.member(term).is_none() {
            let message = format!("the actor has no `{term}`; some servers take no actor without one");
            flaws.hint(&node.place, Rule::Actor, message);
        }
    }
}

fn check_username(node: &Node<'_>, flaws: &mut Flaws) {
    if let Some((place, Value::String(name))) = node.single("preferredUsername")
        && name.contains(|c: char| c.is_whitespace() || matches!(c, '@' | '/' | '<' | '>' | '"' | '\''))
    {
        let message = format!(
            "{} cannot stand before the @ of a handle; write letters, digits and underscores",
            quoted(name)
        );
        flaws.warning(&place, Rule::Actor, message);
    }
}

fn check_endpoints(node: &Node<'_>, actor: Option<&Iri>, terms: &[&str], flaws: &mut Flaws) {
    for term in terms {
        if let Some((place, url)) =
            node.single(term).and_then(|(place, value)| Some((place, link_href(value)?.as_str())))
        {
            check_endpoint(&place, url, actor, flaws);
        }
    }
}

fn check_endpoint(place: &Place<'_>, url: &str, actor: Option<&Iri>, flaws: &mut Flaws) {
    let Some(scheme) = id::scheme(url) else { return };
    match scheme.to_ascii_lowercase().as_str() {
        "https" | "ap" | "ap+ef61" => {}
        "http" => flaws.hint(place, Rule::Endpoint, "what goes here can be read on the way; use https"),
        other => {
            let message = format!("{} leads out of the web; write an https URL", quoted(url));
            let is_local = id::ACTING.contains(&other) || other.ends_with("unix");
            let severity = if is_local { Severity::Danger } else { Severity::Warning };
            flaws.add(place, Rule::Endpoint, severity, message);
            return;
        }
    }
    let Some(origin) = Iri::new(url).origin().filter(|origin| !origin.is_public_name()) else { return };
    let message = format!(
        "{} is no public name: to who delivers it is a machine of their own; write the name of the server",
        quoted(origin.host())
    );
    // A network that lives on one machine is a test, not an attack on it.
    match actor.and_then(Iri::origin).is_some_and(|actor| !actor.is_public_name()) {
        true => flaws.warning(place, Rule::Local, message),
        false => flaws.danger(place, Rule::Local, message),
    }
}
