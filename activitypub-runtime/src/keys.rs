//! The keys that strangers sign with.
//!
//! Whoever can reach the inbox can name a key that was never seen, and make us ask for it. So keys are remembered, and
//! so are failures; one key is read once however many requests name it, and all keys together at a bounded rate. A key
//! counts when its owner lists it, whatever the key itself says: see [`OwnedKey`].
//!
//! <https://swicg.github.io/activitypub-http-signature/#key-retrieval>

mod flight;
mod rate;

use std::sync::Arc;
use std::time::Duration;

use activitypub_core::{Iri, IriBuf};
use activitypub_sig::{OwnedKey, Refusal};
use thiserror::Error;
use tokio::time::Instant;

use self::flight::Flights;
use self::rate::Rate;
use crate::client::{TargetError, target};
use crate::fetch::{BoundedTtl, Budget, FetchError, Fetcher};

/// Finds keys and remembers them. Cheap to clone; clones remember together.
#[derive(Clone, Debug)]
pub struct Keys(Arc<Ring>);

#[derive(Debug)]
struct Ring {
    fetcher: Fetcher,
    known: BoundedTtl<IriBuf, Known>,
    /// Apart from the known ones, so that keys nobody has cannot drive those out.
    failed: BoundedTtl<IriBuf, Failure>,
    flights: Flights,
    rate: Rate,
}

#[derive(Clone)]
struct Known {
    key: OwnedKey,
    /// When it was last read again, or that was tried.
    refreshed: Option<Instant>,
}

#[derive(Clone)]
struct Failure {
    /// Small, whatever the documents said that led to it: strangers choose how many there are.
    remembered: KeyError,
    /// Until then nobody asks again.
    until: Instant,
    /// How often in a row.
    times: u32,
}

impl Keys {
    /// Reads keys by this gateway.
    #[must_use]
    pub fn new(fetcher: Fetcher) -> Self {
        const REMEMBERED: usize = 10_000;
        Self(Arc::new(Ring {
            fetcher,
            known: BoundedTtl::new(REMEMBERED),
            failed: BoundedTtl::new(REMEMBERED),
            flights: Flights::default(),
            rate: Rate::new(),
        }))
    }

    /// The key with this id, and who owns it.
    ///
    /// # Errors
    /// When it cannot be read, is nobody's, or could not be read a moment ago.
    pub async fn find(&self, key_id: &Iri, budget: &mut Budget) -> Result<OwnedKey, KeyError> {
        let ring = &*self.0;
        if let Some(remembered) = ring.remembered(key_id) {
            return remembered;
        }
        let _flight = ring.flights.board(key_id, budget.deadline()).await.ok_or(KeyError::Busy)?;
        match ring.remembered(key_id) {
            Some(remembered) => remembered,
            None => ring.read(key_id, None, budget).await,
        }
    }

    /// Reads a key again that a signature does not verify with, because its owner may have a new one.
    ///
    /// # Errors
    /// As for [`find`](Self::find), and [`KeyError::Fresh`] within five minutes of the last such time: then the signature is
    /// wrong, not the key.
    pub async fn refresh(&self, key_id: &Iri, budget: &mut Budget) -> Result<OwnedKey, KeyError> {
        const AT_MOST_EVERY: Duration = Duration::from_secs(5 * 60);

        let ring = &*self.0;
        let _flight = ring.flights.board(key_id, budget.deadline()).await.ok_or(KeyError::Busy)?;
        if let Some(mut known) = ring.known.get(key_id) {
            if known.refreshed.is_some_and(|refreshed| refreshed.elapsed() < AT_MOST_EVERY) {
                return Err(KeyError::Fresh);
            }
            // Whatever comes of it: an owner who is unreachable is not asked more often.
            known.refreshed = Some(Instant::now());
            ring.known.insert(key_id.to_owned(), known, KNOWN_FOR);
        } else if let Some(remembered) = ring.remembered(key_id) {
            return remembered;
        }
        ring.read(key_id, Some(Instant::now()), budget).await
    }

    /// Forgets the keys of an owner who is gone, or whom nobody here wants to hear of.
    pub fn forget(&self, owner: &Iri) {
        self.0.known.retain(|known| known.key.owner() != owner);
    }
}

/// How long a key counts after it was read.
const KNOWN_FOR: Duration = Duration::from_secs(6 * 3600);

impl Ring {
    fn remembered(&self, key_id: &Iri) -> Option<Result<OwnedKey, KeyError>> {
        if let Some(known) = self.known.get(key_id) {
            return Some(Ok(known.key));
        }
        let failure = self.failed.get(key_id)?;
        (Instant::now() < failure.until).then_some(Err(failure.remembered))
    }

    async fn read(
        &self,
        key_id: &Iri,
        refreshed: Option<Instant>,
        budget: &mut Budget,
    ) -> Result<OwnedKey, KeyError> {
        // What is no URL costs nothing, and has no place in any memory.
        let origin = target(key_id)
            .and_then(|_| key_id.origin().ok_or(TargetError::Origin))
            .map_err(FetchError::Target)?;
        let fare = self.rate.pay(&origin).ok_or(KeyError::Busy)?;
        let affordable = budget.requests();
        let read = self.confirm(key_id, budget).await;
        fare.pay_more(affordable.saturating_sub(budget.requests()).saturating_sub(1));

        match &read {
            Ok(key) => {
                self.failed.remove(key_id);
                self.known.insert(key_id.to_owned(), Known { key: key.clone(), refreshed }, KNOWN_FOR);
            }
            Err(error) if error.is_about_key() => {
                if !error.is_transient() {
                    self.known.remove(key_id);
                }
                self.remember_failure(key_id, error);
            }
            Err(_) => {}
        }
        read
    }

    async fn confirm(&self, key_id: &Iri, budget: &mut Budget) -> Result<OwnedKey, KeyError> {
        let key_document = self.fetcher.fetch(key_id, budget).await?;
        let key = match OwnedKey::confirm(&key_document.document, &key_document.document, key_id) {
            // The document is not its owner's: a key on its own, which says whom to ask.
            Err(Refusal::OtherOwner { claimed, .. }) if claimed != key_document.id => {
                // Asking another server could not help it.
                if claimed.origin() != key_id.origin() {
                    return Err(Refusal::ForeignKey { id: key_id.to_owned(), owner: claimed }.into());
                }
                let owner_document = self.fetcher.fetch(&claimed, budget).await?;
                OwnedKey::confirm(&key_document.document, &owner_document.document, key_id)?
            }
            confirmed => confirmed?,
        };
        match self.known.get(key_id) {
            // Both owners list it, so both have a say; the first to come is served.
            Some(known) if known.key.owner() != key.owner() => Err(KeyError::OtherOwner {
                known: known.key.owner().to_owned(),
                claimed: key.owner().to_owned(),
            }),
            _ => Ok(key),
        }
    }

    /// Ten minutes, twenty, and so on to a day; ten seconds to begin with, where the host may just be restarting.
    fn remember_failure(&self, key_id: &Iri, error: &KeyError) {
        const LONGEST: Duration = Duration::from_secs(24 * 3600);

        let first = Duration::from_secs(if error.is_transient() { 10 } else { 600 });
        let times = self.failed.get(key_id).map_or(0, |failure| failure.times);
        let wait = first.saturating_mul(1 << times.min(16)).min(LONGEST);
        let failure =
            Failure { remembered: error.to_remember(), until: Instant::now() + wait, times: times + 1 };
        // Longer than it counts, so that the next failure is known to be one more.
        self.failed.insert(key_id.to_owned(), failure, LONGEST * 2);
    }
}

/// Why there is no key to verify with.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key or its owner is gone (404, 410): who is deleted cannot sign that they are.
    #[error("the owner of the key is gone")]
    Gone,
    /// The key has been read again less than five minutes ago.
    #[error("the key has just been read")]
    Fresh,
    /// More keys are asked for than are read.
    #[error("too many keys are asked for")]
    Busy,
    /// The key belonged to somebody else until now.
    #[error("the key is that of {known}, and claims to be that of {claimed}")]
    OtherOwner {
        /// Whose it is.
        known: IriBuf,
        /// Who lists it now.
        claimed: IriBuf,
    },
    /// The key's document or its owner's cannot be read.
    #[error("the key cannot be read: {0}")]
    Fetch(FetchError),
    /// It could not be had when it was last tried, and it is too early to try again.
    #[error("lately: {reason}")]
    Lately {
        /// Why not, in short.
        reason: Box<str>,
        /// Whether that may be different later.
        transient: bool,
    },
    /// The documents do not agree on whose it is, or the key is unusable.
    #[error(transparent)]
    Refused(Arc<Refusal>),
}

impl KeyError {
    /// Whether there is no such key or owner any more.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Gone)
    }

    /// Whether the same request may be verified later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Fetch(error) => error.is_transient(),
            Self::Lately { transient, .. } => *transient,
            Self::Gone | Self::Fresh | Self::OtherOwner { .. } | Self::Refused(_) => false,
        }
    }

    /// Whether it says something of the key, for everybody; and not of this cause, our policy or our hurry.
    fn is_about_key(&self) -> bool {
        match self {
            Self::Gone | Self::OtherOwner { .. } | Self::Refused(_) => true,
            Self::Busy | Self::Fresh | Self::Lately { .. } => false,
            Self::Fetch(error) => !matches!(
                error,
                FetchError::Budget(_)
                    | FetchError::Waiting
                    | FetchError::Deferred(_)
                    | FetchError::Refused(_)
                    | FetchError::Unsigned(_)
            ),
        }
    }

    fn to_remember(&self) -> Self {
        const LENGTH: usize = 200;
        match self {
            Self::Gone => Self::Gone,
            error => Self::Lately {
                reason: error.to_string().chars().take(LENGTH).collect(),
                transient: error.is_transient(),
            },
        }
    }
}

impl From<FetchError> for KeyError {
    fn from(error: FetchError) -> Self {
        if error.is_gone() { Self::Gone } else { Self::Fetch(error) }
    }
}

impl From<Refusal> for KeyError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Arc::new(refusal))
    }
}
