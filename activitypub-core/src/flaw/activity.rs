//! Whether an activity says all that it has to. ActivityPub §3.1, §7; and what calendars need of an Event.

use super::{Flaws, Node, Rule};
use crate::item::Items;
use crate::vocab::as2::{Activity, Add, Event, IntransitiveActivity, Place, Question, Remove};

/// More activities inside each other than any server sends: Announce, Undo, Follow is three.
const DEEPEST: usize = 3;

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    check_names(node, flaws);
    // What is asked is an object, as every server has it.
    if !node.is::<Activity>() || node.is::<Question>() {
        return;
    }
    if node.is_document() && node.object.id().is_none() {
        let message =
            "the activity has no `id`; give it one on the server of its actor, or most servers refuse it";
        flaws.hint(&node.place, Rule::Anonymous, message);
    }
    let is_absent = |term: &str| Items::new(node.object.member(term)).is_empty();
    let wanted = [
        ("actor", true, "who does it"),
        ("object", !node.is::<IntransitiveActivity>(), "what it is done to"),
        ("target", node.is::<Add>() || node.is::<Remove>(), "the collection that is changed"),
    ];
    for (term, _, what) in wanted.into_iter().filter(|(term, wanted, _)| *wanted && is_absent(term)) {
        let message = format!("the activity has no `{term}`: {what}");
        // What is embedded may be no more than a reminder of what has been sent.
        match node.is_document() {
            true => flaws.warning(&node.place, Rule::Incomplete, message),
            false => flaws.hint(&node.place, Rule::Incomplete, message),
        }
    }
    let around = std::iter::successors(node.parent_by("object"), |outer| outer.parent_by("object"));
    if around.take(DEEPEST + 1).take_while(|outer| outer.is::<Activity>()).count() == DEEPEST {
        let message =
            format!("more than {DEEPEST} activities inside each other; send the inner one by itself");
        flaws.warning(&node.place, Rule::Nested, message);
    }
}

fn check_names(node: &Node<'_>, flaws: &mut Flaws) {
    let is_absent = |terms: &[&str]| terms.iter().all(|term| node.object.member(term).is_none());
    let is_event = node.is::<Event>();
    if (is_event || node.is::<Place>()) && is_absent(&["name", "nameMap"]) {
        flaws.hint(
            &node.place,
            Rule::Event,
            "there is no `name`, and nothing else of it is shown; write one",
        );
    }
    if is_event && is_absent(&["startTime"]) {
        let message = "an Event without `startTime` stands in no calendar; write when it begins";
        flaws.hint(&node.place, Rule::Event, message);
    }
}
