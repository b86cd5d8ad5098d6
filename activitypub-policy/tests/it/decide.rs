//! Deciding in a test: a policy does no I/O, so its future is ready at once.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use activitypub_core::{Iri, Object, Origin, Parsed};
use activitypub_policy::{Decision, FederationPolicy, Message, Role, Stage};

pub(crate) fn decide(policy: &impl FederationPolicy, message: &Message<'_>) -> Decision {
    match pin!(policy.decide(message)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(decision) => decision,
        Poll::Pending => unreachable!("a policy waited for something"),
    }
}

/// The decision about an activity that was received, signed by its own actor.
pub(crate) fn receive(policy: &impl FederationPolicy, activity: &str) -> Decision {
    let activity = object(activity);
    let here = Origin::parse("https://here.example").unwrap();
    let actor = activity.member("actor").and_then(|actor| actor.as_str()).unwrap();
    decide(
        policy,
        &Message::new(Stage::Receive).at(&here).party(Role::KeyOwner, Iri::new(actor)).about(&activity),
    )
}

/// The decision about delivering to a host.
pub(crate) fn deliver(policy: &impl FederationPolicy, host: &str) -> Decision {
    let inbox = format!("https://{host}/inbox");
    decide(policy, &Message::new(Stage::Deliver).party(Role::TargetInbox, Iri::new(&inbox)))
}

pub(crate) fn object(json: &str) -> Object {
    Parsed::parse(json.to_owned()).unwrap().into_object()
}
