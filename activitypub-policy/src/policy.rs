//! [`FederationPolicy`], and how policies combine.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Decision, Message};

/// What decides about messages.
///
/// It is asked about one message at several [stages](crate::Stage), and may know less at an earlier one than at a later one. It
/// should answer from what it holds: a request waits for it.
///
/// The crate's documentation shows one in full.
#[async_trait]
pub trait FederationPolicy: Send + Sync {
    /// The decision about a message. What no rule objects to passes.
    async fn decide(&self, message: &Message<'_>) -> Decision;
}

/// Everything passes.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Open;

impl Open {
    /// The open policy.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

#[async_trait]
impl FederationPolicy for Open {
    async fn decide(&self, _: &Message<'_>) -> Decision {
        Decision::pass()
    }
}

#[async_trait]
impl<P: FederationPolicy + ?Sized> FederationPolicy for Arc<P> {
    async fn decide(&self, message: &Message<'_>) -> Decision {
        (**self).decide(message).await
    }
}

/// Both, joined.
#[async_trait]
impl<A: FederationPolicy, B: FederationPolicy> FederationPolicy for (A, B) {
    async fn decide(&self, message: &Message<'_>) -> Decision {
        self.0.decide(message).await.join(self.1.decide(message).await)
    }
}

/// All, joined.
#[async_trait]
impl<P: FederationPolicy> FederationPolicy for Vec<P> {
    async fn decide(&self, message: &Message<'_>) -> Decision {
        let mut decision = Decision::pass();
        for policy in self {
            decision = decision.join(policy.decide(message).await);
        }
        decision
    }
}
