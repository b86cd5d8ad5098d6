//! How many requests all strangers together can make us send for keys.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use activitypub_core::Origin;
use tokio::time::Instant;

use crate::fetch::BoundedTtl;

/// Two buckets for every request: one for all keys, one for the keys of an origin, so that who floods us with one
/// server's keys, or floods that server through us, leaves room for the others.
#[derive(Debug)]
pub(super) struct Rate {
    all: Mutex<Bucket>,
    origins: BoundedTtl<Origin, Arc<Mutex<Bucket>>>,
}

impl Rate {
    pub(super) fn new() -> Self {
        Self { all: Mutex::new(Bucket::new(ALL)), origins: BoundedTtl::new(10_000) }
    }

    /// Pays for one request to this origin; nothing when it cannot be afforded.
    pub(super) fn pay(&self, origin: &Origin) -> Option<Fare<'_>> {
        // As long as a bucket takes to be full again, when forgetting it changes nothing.
        const REMEMBERED: Duration = Duration::from_secs(60);

        let bucket = self.origins.get(origin).unwrap_or_else(|| Arc::new(Mutex::new(Bucket::new(ORIGIN))));
        let now = Instant::now();
        let paid = {
            let mut origin = bucket.lock().unwrap_or_else(PoisonError::into_inner);
            let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
            // Neither is charged where the other has nothing.
            let affordable = origin.has_one(now) && all.has_one(now);
            if affordable {
                origin.take(1.0);
                all.take(1.0);
            }
            affordable
        };
        self.origins.insert(origin.clone(), Arc::clone(&bucket), REMEMBERED);
        paid.then_some(Fare { rate: self, origin: bucket })
    }
}

/// What was paid for one key.
pub(super) struct Fare<'a> {
    rate: &'a Rate,
    origin: Arc<Mutex<Bucket>>,
}

impl Fare<'_> {
    /// Pays for the requests that it took besides the first; on credit, if need be.
    pub(super) fn pay_more(self, requests: u32) {
        let requests = f64::from(requests);
        self.origin.lock().unwrap_or_else(PoisonError::into_inner).take(requests);
        self.rate.all.lock().unwrap_or_else(PoisonError::into_inner).take(requests);
    }
}

/// Requests per second, and how many at once after a pause.
#[derive(Clone, Copy, Debug)]
struct Flow {
    per_second: f64,
    at_once: f64,
}

const ALL: Flow = Flow { per_second: 50.0, at_once: 100.0 };
const ORIGIN: Flow = Flow { per_second: 20.0, at_once: 40.0 };

#[derive(Debug)]
struct Bucket {
    flow: Flow,
    left: f64,
    filled: Instant,
}

impl Bucket {
    fn new(flow: Flow) -> Self {
        Self { flow, left: flow.at_once, filled: Instant::now() }
    }

    fn has_one(&mut self, now: Instant) -> bool {
        let gained = now.saturating_duration_since(self.filled).as_secs_f64() * self.flow.per_second;
        self.left = (self.left + gained).min(self.flow.at_once);
        self.filled = now;
        self.left >= 1.0
    }

    fn take(&mut self, requests: f64) {
        self.left -= requests;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(rate: &Rate, hosts: usize, requests: usize) -> usize {
        let origin = |n: usize| Origin::parse(&format!("https://h{}.example", n % hosts)).unwrap();
        (0..requests).filter(|&n| rate.pay(&origin(n)).is_some()).count()
    }

    #[tokio::test(start_paused = true)]
    async fn no_flood_of_hosts_makes_more_requests_than_flow() {
        let rate = Rate::new();
        assert_eq!(paid(&rate, 1_000_000, 10_000), 100, "after a pause");
        for _ in 0..10 {
            tokio::time::advance(Duration::from_secs(1)).await;
            assert_eq!(paid(&rate, 1_000_000, 10_000), 50, "and then each second");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_host_leaves_room_for_others() {
        let rate = Rate::new();
        assert_eq!(paid(&rate, 1, 10_000), 40);
        assert!(rate.pay(&Origin::parse("https://other.example").unwrap()).is_some());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(paid(&rate, 1, 10_000), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_that_took_more_requests_is_paid_in_full() {
        let rate = Rate::new();
        rate.pay(&Origin::parse("https://a.example").unwrap()).unwrap().pay_more(7);
        assert_eq!(paid(&rate, 1_000_000, 10_000), 92);
    }
}
