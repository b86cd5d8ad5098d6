//! The worker: claims what is due, has it carried, and writes down what came of it.
//!
//! It holds in memory what is under way and nothing else. It never polls: it sleeps until the first lane is due, until
//! something is enqueued, or until something comes back.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use activitypub_core::IriBuf;
use activitypub_sig::Dialect;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};

use super::lanes::{Fate, Outcome};
use super::{Courier, Recipient};
use crate::store::{Claim, Hot, Settled, Settlement, Sqlite};

/// How many deliveries are under way at once.
const UNDER_WAY: usize = 256;

/// How many of them may be to hosts that were down: the dead never crowd out the living.
const PROBES: usize = UNDER_WAY / 4;

/// How long after being asked to stop what is under way may take to end.
const GRACE: Duration = Duration::from_secs(10);

/// Longer than any courier takes, in two dialects.
const LOST: Duration = Duration::from_secs(90);

/// How long to wait when the store fails.
const STORE_RETRY: Duration = Duration::from_secs(1);

/// How often what has had its time is swept out of the store.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// The longest sleep. The clock on the wall may be set while the worker sleeps by another one.
const NAP: Duration = Duration::from_secs(60);

/// What delivers a store's queue. One per store: what is under way is known to it alone.
pub(crate) struct Worker {
    store: Sqlite,
    courier: Arc<dyn Courier>,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    usual: Dialect,
    hot: HashMap<i64, Hot>,
    tasks: JoinSet<Attempt>,
    claims: HashMap<Id, (Claim, SystemTime)>,
    stop: watch::Sender<bool>,
    random: RandomState,
    drawn: u64,
}

/// What carrying one item came to.
enum Attempt {
    Answered {
        outcome: Outcome,
        /// The dialect that was understood after the first was not.
        learned: Option<Dialect>,
    },
    Found(IriBuf),
}

impl Worker {
    /// A worker that tries the dialect `usual` first where it does not know better.
    pub(crate) fn new(
        store: Sqlite,
        courier: Arc<dyn Courier>,
        clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
        usual: Dialect,
    ) -> Self {
        Self {
            store,
            courier,
            clock,
            usual,
            hot: HashMap::new(),
            tasks: JoinSet::new(),
            claims: HashMap::new(),
            stop: watch::Sender::new(false),
            random: RandomState::new(),
            drawn: 0,
        }
    }

    /// Delivers until `shutdown` resolves, and then for as long as what is under way takes, within bounds. What had not
    /// ended by then is due again at the next start.
    pub(crate) async fn run(self, shutdown: impl Future<Output = ()>) {
        let stop = self.stop.clone();
        let watch = async {
            shutdown.await;
            stop.send_replace(true);
        };
        tokio::join!(watch, self.work());
    }

    async fn work(mut self) {
        let mut stopped = self.stop.subscribe();
        let mut sweep = (self.clock)();
        while !*stopped.borrow() {
            if sweep <= (self.clock)() {
                sweep = self.sweep().await;
            }
            let next = self.claim().await.min(sweep);
            let nap = next.duration_since((self.clock)()).unwrap_or_default().min(NAP);
            tokio::select! {
                _ = stopped.changed() => {}
                Some(ended) = self.tasks.join_next_with_id() => self.take_in(ended).await,
                () = self.store.rung() => self.hot.values_mut().for_each(|hot| hot.drained = false),
                () = tokio::time::sleep(nap) => {}
            }
        }
        let winding_up = async {
            while let Some(ended) = self.tasks.join_next_with_id().await {
                self.take_in(ended).await;
            }
        };
        if tokio::time::timeout(GRACE, winding_up).await.is_err() {
            tracing::warn!(
                under_way = self.claims.len(),
                "stopped with deliveries under way; they will be sent again"
            );
        }
    }

    /// Starts what can be started; when to look again.
    async fn claim(&mut self) -> SystemTime {
        loop {
            let now = (self.clock)();
            let room = UNDER_WAY.saturating_sub(self.claims.len());
            if room == 0 {
                return now + NAP;
            }
            let probing = |hot: &&Hot| hot.lane.failures > 0;
            let probes: usize = self.hot.values().filter(probing).map(|hot| hot.under_way.len()).sum();
            let claimed = self.store.claim(now, self.hot.clone(), room, PROBES.saturating_sub(probes)).await;
            let claims = match claimed {
                Ok(claims) => claims,
                Err(error) => {
                    tracing::error!(%error, "the delivery queue could not be read");
                    return now + STORE_RETRY;
                }
            };
            self.hot.extend(claims.lanes);
            for claim in claims.items {
                self.start(claim, now);
            }
            if claims.settlement.is_empty() {
                return claims.next.unwrap_or(now + NAP);
            }
            self.settle(claims.settlement).await;
        }
    }

    fn start(&mut self, claim: Claim, now: SystemTime) {
        let usual = self.hot.get(&claim.lane).map_or(self.usual, |hot| hot.lane.dialect(self.usual, now));
        let task = self.tasks.spawn(attempt(Arc::clone(&self.courier), claim.clone(), usual));
        self.claims.insert(task.id(), (claim, now));
    }

    /// Writes down one result and whatever else has ended meanwhile: while the disk takes one batch, the next gathers.
    async fn take_in(&mut self, ended: Result<(Id, Attempt), JoinError>) {
        let mut settlement = Settlement::default();
        let mut back = Vec::new();
        let mut next = Some(ended);
        while let Some(ended) = next {
            let (id, attempt) = match ended {
                Ok(ended) => ended,
                Err(error) => {
                    // A body that makes the courier panic is not sent for ever.
                    let outcome = Outcome::Unsendable("the courier panicked".to_owned());
                    (error.id(), Attempt::Answered { outcome, learned: None })
                }
            };
            if let Some((claim, began)) = self.claims.remove(&id) {
                self.judge(&claim, began, attempt, &mut settlement);
                back.push((claim.lane, claim.item));
            }
            next = self.tasks.try_join_next_with_id();
        }
        self.settle(settlement).await;
        // Only now that the result is on disk may the store be asked for these lanes again.
        for (lane, item) in back {
            if let Some(hot) = self.hot.get_mut(&lane) {
                hot.under_way.retain(|(under_way, _)| *under_way != item);
                hot.drained = false;
                if hot.under_way.is_empty() {
                    self.hot.remove(&lane);
                }
            }
        }
    }

    fn judge(&mut self, claim: &Claim, began: SystemTime, attempt: Attempt, settlement: &mut Settlement) {
        let now = (self.clock)();
        let (lane_jitter, item_jitter) = (self.jitter(), self.jitter());
        let Some(hot) = self.hot.get_mut(&claim.lane) else { return };
        let settled = match attempt {
            Attempt::Found(inbox) => Settled::Readdressed(inbox),
            Attempt::Answered { outcome, learned } => {
                hot.lane.note(&outcome, claim.attempts, began, now, lane_jitter);
                if let Some(dialect) = learned {
                    hot.lane.dialect = Some((dialect, now));
                }
                match Fate::of(&outcome, claim.attempts, now, item_jitter) {
                    Fate::Delivered => Settled::Done,
                    Fate::Undelivered => Settled::Undelivered(outcome.describe()),
                    Fate::Again { attempts, not_before } => Settled::Again { attempts, not_before },
                }
            }
        };
        settlement.items.push((claim.item, settled));
        settlement.lanes.insert(claim.lane, hot.lane.clone());
    }

    /// Tries until the store takes it: what is not on disk is still under way, and is not sent again meanwhile.
    async fn settle(&self, settlement: Settlement) {
        let mut stopped = self.stop.subscribe();
        while let Err(error) = self.store.settle((self.clock)(), settlement.clone()).await {
            tracing::error!(%error, "the results of deliveries could not be written");
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return,
                () = tokio::time::sleep(STORE_RETRY) => {}
            }
        }
    }

    /// When to sweep again.
    async fn sweep(&self) -> SystemTime {
        let now = (self.clock)();
        match self.store.sweep(now).await {
            Ok(true) => now + STORE_RETRY,
            Ok(false) => now + SWEEP,
            Err(error) => {
                tracing::error!(%error, "the store could not be swept");
                now + SWEEP
            }
        }
    }

    /// Between 0.8 and 1.3, evenly.
    fn jitter(&mut self) -> f64 {
        self.drawn = self.drawn.wrapping_add(1);
        let drawn = u32::try_from(self.random.hash_one(self.drawn) >> 32).unwrap_or(0);
        0.8 + 0.5 * f64::from(drawn) / f64::from(u32::MAX)
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("under_way", &self.claims.len()).finish_non_exhaustive()
    }
}

async fn attempt(courier: Arc<dyn Courier>, claim: Claim, usual: Dialect) -> Attempt {
    let carried = tokio::time::timeout(LOST, carry(&*courier, &claim, usual)).await;
    carried.unwrap_or_else(|_| Attempt::Answered {
        outcome: Outcome::Unreachable("nothing came back".to_owned()),
        learned: None,
    })
}

async fn carry(courier: &dyn Courier, claim: &Claim, usual: Dialect) -> Attempt {
    let inbox = match &claim.to {
        Recipient::Inbox(inbox) => inbox,
        Recipient::Actor(actor) => {
            return match courier.inbox_of(actor, &claim.local).await {
                Ok(inbox) => Attempt::Found(inbox),
                Err(outcome) => Attempt::Answered { outcome, learned: None },
            };
        }
    };
    let outcome = courier.post(inbox, &claim.local, &claim.bytes, usual).await;
    if outcome.asks_for_another_dialect() {
        let other = match usual {
            Dialect::Cavage => Dialect::Rfc9421,
            _ => Dialect::Cavage,
        };
        if courier.post(inbox, &claim.local, &claim.bytes, other).await == Outcome::Delivered {
            return Attempt::Answered { outcome: Outcome::Delivered, learned: Some(other) };
        }
    }
    Attempt::Answered { outcome, learned: None }
}

#[cfg(test)]
mod tests;
