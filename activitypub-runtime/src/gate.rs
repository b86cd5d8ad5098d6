//! The gate: where policy is asked, and what its decision means for what was to happen.

use std::sync::Arc;

use activitypub_core::{Activity, Iri, Object, Origin};
use activitypub_policy::{Admission, Decision, Disclosure, FederationPolicy, Message, Role, Stage};
use activitypub_sig::{Evidence, Verified};

use crate::error::{Error, NetworkFault, Result};

/// Asks policy, at the stages where it has a say.
pub(crate) struct Gate {
    policy: Arc<dyn FederationPolicy>,
    here: Origin,
}

/// What is to become of a message that is not refused out loud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes on.
    Pass,
    /// It is kept for somebody to look at, and has no effect until then.
    Hold,
    /// It is done with: refused, and nobody is told.
    Drop,
}

impl Gate {
    pub(crate) fn new(policy: Arc<dyn FederationPolicy>, here: Origin) -> Self {
        Self { policy, here }
    }

    /// Before anything of a request is verified: by the key it claims to be signed with
    /// and by what it says.
    pub(crate) async fn preauth(&self, key_id: &Iri, claim: &Object) -> Result<Verdict> {
        self.ask(Message::new(Stage::Preauth).party(Role::Signer, key_id).about(claim)).await
    }

    /// When it is known who sent an activity.
    pub(crate) async fn receive(&self, activity: &Verified<Activity>) -> Result<Verdict> {
        let mut message = Message::new(Stage::Receive).about(activity.as_object());
        if let Evidence::HttpSignature(signature) = activity.evidence() {
            message =
                message.party(Role::Signer, signature.key_id()).party(Role::KeyOwner, signature.owner());
        }
        self.ask(message).await
    }

    /// Before something is sent to an inbox.
    pub(crate) async fn deliver(&self, inbox: &Iri) -> Result<Verdict> {
        self.ask(Message::new(Stage::Deliver).party(Role::TargetInbox, inbox)).await
    }

    async fn ask(&self, message: Message<'_>) -> Result<Verdict> {
        verdict(self.policy.decide(&message.at(&self.here)).await)
    }
}

fn verdict(decision: Decision) -> Result<Verdict> {
    match (decision.admission(), decision.disclosure()) {
        (Admission::Pass, _) => Ok(Verdict::Pass),
        (Admission::Hold, _) => Ok(Verdict::Hold),
        (Admission::Defer, _) => Err(NetworkFault::Deferred.into()),
        (_, Disclosure::Silent) => Ok(Verdict::Drop),
        _ => Err(Error::refused(decision)),
    }
}
