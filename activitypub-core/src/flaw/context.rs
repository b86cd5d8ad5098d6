//! What a document says its names mean: `@context`. Activity Streams 2.0 §2.1.

use super::{Flaws, Node, Rule, Severity, described, each, quoted};
use crate::ACTIVITY_STREAMS;
use crate::Iri;
use crate::context::{is_activity_streams, meaning};
use crate::value::Value;
use crate::vocab::security::Key;

/// For the whole document at once, since what a context says holds for the objects inside.
pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    if node.is_document() {
        check_names(node, flaws);
        check_meaning(node, flaws);
    }
}

/// Whether the names mean what they are read as.
fn check_meaning(document: &Node<'_>, flaws: &mut Flaws) {
    for renaming in meaning::renamed(document.object) {
        let message = format!(
            "{} {}; servers that process JSON-LD read another document",
            quoted(&renaming.name),
            renaming.change
        );
        flaws.add_at(|| renaming.path, Rule::Meaning, Severity::Danger, message);
    }
    let Some((place, context)) = document.property("@context") else { return };
    for (place, entry) in each(&place, context) {
        if entry.as_str().is_some() && entry.as_str() == document.object.id().map(Iri::as_str) {
            let message = "the context is this document itself, which says nothing until it is read";
            flaws.danger(&place, Rule::Meaning, message);
        }
    }
}

/// Whether the context is one, and Activity Streams is in it.
fn check_names(document: &Node<'_>, flaws: &mut Flaws) {
    // A key by itself needs the vocabulary of keys alone.
    if document.is::<Key>() {
        return;
    }
    let Some((place, context)) = document.property("@context") else {
        let message = format!("there is no `@context`; write \"{ACTIVITY_STREAMS}\"");
        flaws.hint(&document.place, Rule::Context, message);
        return;
    };
    let entries = context.one_or_many();
    let is_context = |entry: &&Value| matches!(entry, Value::String(_) | Value::Object(_) | Value::Null);
    if let Some(entry) = entries.iter().find(|entry| !is_context(entry)) {
        let message = format!("{} is no context; write \"{ACTIVITY_STREAMS}\"", described(entry));
        flaws.warning(&place, Rule::Context, message);
    } else if !entries.iter().filter_map(Value::as_str).any(is_activity_streams) {
        let message = format!("Activity Streams is not among the contexts; add \"{ACTIVITY_STREAMS}\"");
        flaws.hint(&place, Rule::Context, message);
    }
}
