//! A policy that changes while it is in use.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;

use crate::{Decision, FederationPolicy, Message};

/// A policy behind a handle: clones share it, readers see one version or the next and never wait for a writer's work.
///
/// ```
/// # use activitypub_policy::{Hosts, Live};
/// let live = Live::new(Hosts::new());
/// let in_use = live.clone();            // handed to the federation; `live` stays with the admin page
/// live.update(|hosts| hosts.block("spam.example", "nothing but spam"))?;
/// assert!(in_use.load().rule_for("www.spam.example").is_some());
/// # Ok::<(), activitypub_policy::HostError>(())
/// ```
#[derive(Debug, Default)]
pub struct Live<P>(Arc<Shared<P>>);

#[derive(Debug, Default)]
struct Shared<P> {
    current: RwLock<Arc<P>>,
    /// Held while a change is being made, so that no other change gets lost; readers do not wait for it.
    changing: Mutex<()>,
}

impl<P> Live<P> {
    /// A live policy that begins as this one.
    #[must_use]
    pub fn new(policy: P) -> Self {
        Self(Arc::new(Shared { current: RwLock::new(Arc::new(policy)), changing: Mutex::new(()) }))
    }

    /// The policy as it is now.
    #[must_use]
    pub fn load(&self) -> Arc<P> {
        Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another in its place.
    pub fn replace(&self, policy: P) {
        let _changing = self.0.changing.lock().unwrap_or_else(PoisonError::into_inner);
        self.put(policy);
    }

    fn put(&self, policy: P) {
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
    }
}

impl<P: Clone> Live<P> {
    /// Changes a copy and puts it in place. Of two updates at once, the later one starts from the other's result.
    ///
    /// # Errors
    /// What `change` returns; the policy then stays as it was.
    pub fn update<T, E>(&self, change: impl FnOnce(&mut P) -> Result<T, E>) -> Result<T, E> {
        let _changing = self.0.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = P::clone(&self.load());
        let outcome = change(&mut next)?;
        self.put(next);
        Ok(outcome)
    }
}

impl<P> Clone for Live<P> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[async_trait]
impl<P: FederationPolicy> FederationPolicy for Live<P> {
    async fn decide(&self, message: &Message<'_>) -> Decision {
        self.load().decide(message).await
    }
}
