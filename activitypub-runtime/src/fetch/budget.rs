//! What one cause may cost.
//!
//! A document leads to others, and those to more, as long as their author likes; a wildcard in the DNS makes as many
//! servers as he likes, too. So the activity that came in, or the user who clicked, is given one purse, and all
//! requests it leads to are paid from that.

use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;

use crate::client::Limits;

/// Requests, bytes and time that are left for one cause: an activity in the inbox, an action of a user.
#[derive(Debug)]
pub struct Budget {
    requests: u32,
    bytes: usize,
    deadline: Instant,
}

impl Budget {
    /// 20 requests, 4 MiB, 30 seconds from now.
    #[must_use]
    pub fn new() -> Self {
        Self::limited(20, 4 << 20, Duration::from_secs(30))
    }

    /// As many requests and bytes as this, from now until `time` has passed.
    #[must_use]
    pub fn limited(requests: u32, bytes: usize, time: Duration) -> Self {
        Self { requests, bytes, deadline: Instant::now() + time }
    }

    /// When time is up.
    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// How many requests are left.
    pub(crate) fn requests(&self) -> u32 {
        self.requests
    }

    /// Pays for one request: the limits it is to be made under, none of them beyond what is left.
    pub(super) fn request(&mut self, limits: &Limits) -> Result<Limits, BudgetError> {
        let time = self.deadline.saturating_duration_since(Instant::now());
        if time.is_zero() {
            return Err(BudgetError::Time);
        }
        if self.bytes == 0 {
            return Err(BudgetError::Bytes);
        }
        self.requests = self.requests.checked_sub(1).ok_or(BudgetError::Requests)?;
        Ok(Limits { body: limits.body.min(self.bytes), time: limits.time.min(time), ..*limits })
    }

    /// Pays for a body that was read.
    pub(super) fn body(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new()
    }
}

/// What of a [`Budget`] is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BudgetError {
    /// No more requests.
    #[error("too many requests for one cause")]
    Requests,
    /// No more bytes.
    #[error("too many bytes for one cause")]
    Bytes,
    /// No more time.
    #[error("too much time for one cause")]
    Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_budget_ends() {
        let mut budget = Budget::limited(2, 100, Duration::from_secs(5));
        let limits = budget.request(&Limits::DOCUMENT).unwrap();
        assert_eq!((limits.body, limits.time), (100, Duration::from_secs(5)));
        budget.body(99);
        assert_eq!(budget.request(&Limits::DOCUMENT).unwrap().body, 1);
        assert_eq!(budget.request(&Limits::DOCUMENT).unwrap_err(), BudgetError::Requests);

        let mut budget = Budget::limited(2, 100, Duration::from_secs(5));
        budget.body(1000);
        assert_eq!(budget.request(&Limits::DOCUMENT).unwrap_err(), BudgetError::Bytes);

        let mut budget = Budget::new();
        tokio::time::advance(Duration::from_secs(25)).await;
        assert_eq!(budget.request(&Limits::DOCUMENT).unwrap().time, Duration::from_secs(5));
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(budget.request(&Limits::DOCUMENT).unwrap_err(), BudgetError::Time);
    }
}
