//! Lanes: when to send to a host, how much at once, and what an answer means. No clock, no network, no store.
//!
//! Retry state belongs to the host, not to the item: with a thousand items waiting for a dead host, it is probed as
//! often as with one. What belongs to the item is whether *it* is acceptable: a host that answers everything but one
//! activity goes on being served while that one waits on a ladder of its own.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use activitypub_sig::Dialect;

/// How many deliveries a healthy host is given at once.
pub(crate) const WIDTH: usize = 4;

/// How often something that fails on our side is tried before it is given up.
const OWN_FAULTS: u32 = 3;

/// How long a host that was never heard of again is still given everything. After that, one item at a time waits for
/// it, as a probe, and what takes something back.
pub(crate) const DORMANT_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long the dialect a host understood is tried first.
const DIALECT_REMEMBERED: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The pause after the first, second, … failure of a host; the last one repeats.
const LADDER: [Duration; 8] = [
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(4 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(4 * 60 * 60),
    Duration::from_secs(8 * 60 * 60),
    Duration::from_secs(12 * 60 * 60),
];

/// What a host that says "later" without saying when is given.
const LATER: Duration = Duration::from_secs(60);

/// The least and the most of a host's own wish to be left alone: nobody parks a lane for ever.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(24 * 60 * 60));

/// No pause is longer than this, so one that is was written by a clock that was wrong.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(25 * 60 * 60);

/// What one attempt came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// 2xx: it is theirs now.
    Delivered,
    /// 4xx: this activity is not wanted, now or later. The host is well.
    Rejected(u16),
    /// 404, 410: there is no such inbox. Says nothing of other inboxes of the host, nor of the actor.
    Gone(u16),
    /// 429, or 503 with `Retry-After`: the host is well and busy.
    Slow {
        /// What it asked for.
        retry_after: Option<Duration>,
    },
    /// An answer that no inbox gives: 5xx, a redirect, a page for people. It may be the host or the activity.
    Failed(u16),
    /// No answer: DNS, connection, TLS, time.
    Unreachable(String),
    /// It was not sent, and never will be: policy, or an address that may not be called.
    Refused(String),
    /// It could not be sent for a reason of our own, such as a key that cannot be read.
    Unsendable(String),
}

impl Outcome {
    /// What a response means. `body_start` is as much of its body as was read.
    pub(crate) fn of_response(status: u16, retry_after: Option<Duration>, body_start: &[u8]) -> Self {
        match status {
            // A domain that was left to a parking service answers everything with success.
            200..=299 if is_page(body_start) => Self::Failed(status),
            200..=299 => Self::Delivered,
            404 | 410 => Self::Gone(status),
            429 => Self::Slow { retry_after },
            503 if retry_after.is_some() => Self::Slow { retry_after },
            408 | 425 => Self::Failed(status),
            400..=499 => Self::Rejected(status),
            _ => Self::Failed(status),
        }
    }

    /// Whether the signature may be what was not understood: then it is worth saying it once more in the other dialect.
    pub(crate) fn asks_for_another_dialect(&self) -> bool {
        matches!(self, Self::Rejected(400 | 401 | 403))
    }

    /// In a line, for whoever looks at what was not delivered.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Delivered => "delivered".to_owned(),
            Self::Rejected(status) => format!("the activity was rejected with status {status}"),
            Self::Gone(status) => format!("there is no such inbox: status {status}"),
            Self::Slow { .. } => "the host asked for a pause".to_owned(),
            Self::Failed(status) => format!("the host answered with status {status}, which no inbox does"),
            Self::Unreachable(why) => format!("the host was not reached: {}", line(why)),
            Self::Refused(why) => format!("not sent: {}", line(why)),
            Self::Unsendable(why) => format!("could not be sent: {}", line(why)),
        }
    }
}

/// What becomes of an item after an attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It leaves the queue.
    Delivered,
    /// It leaves the queue for the list of what was not delivered.
    Undelivered,
    /// It stays, and is not looked at before then.
    Again {
        /// How often it has failed as itself, rather than with its host.
        attempts: u32,
        /// When it may be sent again; `None` as soon as its lane may.
        not_before: Option<SystemTime>,
    },
}

impl Fate {
    /// After an attempt at `now`, of an item that has failed as itself `attempts` times before.
    pub(crate) fn of(outcome: &Outcome, attempts: u32, now: SystemTime, jitter: f64) -> Self {
        let failed = attempts.saturating_add(1);
        // One rung above the host's: when the host is probed, it is with something else, if there is anything else.
        let later = Some(now + pause(failed.saturating_add(1), jitter));
        match outcome {
            Outcome::Delivered => Self::Delivered,
            Outcome::Rejected(_) | Outcome::Gone(_) | Outcome::Refused(_) => Self::Undelivered,
            Outcome::Slow { .. } | Outcome::Unreachable(_) => Self::Again { attempts, not_before: None },
            Outcome::Unsendable(_) if failed >= OWN_FAULTS => Self::Undelivered,
            Outcome::Failed(_) | Outcome::Unsendable(_) => {
                Self::Again { attempts: failed, not_before: later }
            }
        }
    }
}

/// What is remembered of a host.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Lane {
    /// Backoff windows since the last success.
    pub(crate) failures: u32,
    /// Nothing is sent before then.
    pub(crate) retry_at: Option<SystemTime>,
    /// When it first failed after the last success.
    pub(crate) down_since: Option<SystemTime>,
    /// The last success.
    pub(crate) last_ok: Option<SystemTime>,
    /// The last failure, in a line.
    pub(crate) last_error: Option<String>,
    /// The dialect it understood when the usual one was not, and when that was.
    pub(crate) dialect: Option<(Dialect, SystemTime)>,
    /// When the current backoff window began. Only matters while attempts from before it are under way, so it is not
    /// stored.
    pub(crate) failed_at: Option<SystemTime>,
}

impl Lane {
    /// How many deliveries may be under way at `now`: none during a pause, one to find out whether a host is back.
    pub(crate) fn width(&self, now: SystemTime) -> usize {
        match self.retry_at {
            Some(retry_at) if retry_at > now => 0,
            _ if self.failures > 0 => 1,
            _ => WIDTH,
        }
    }

    /// The dialect to try first.
    pub(crate) fn dialect(&self, usual: Dialect, now: SystemTime) -> Dialect {
        let fresh = |since: SystemTime| now.duration_since(since).is_ok_and(|age| age < DIALECT_REMEMBERED);
        self.dialect.filter(|(_, since)| fresh(*since)).map_or(usual, |(dialect, _)| dialect)
    }

    /// Whether so little is to be hoped from the host that nothing more should wait for it.
    pub(crate) fn is_dormant(&self, now: SystemTime) -> bool {
        self.down_since
            .and_then(|since| now.duration_since(since).ok())
            .is_some_and(|down| down > DORMANT_AFTER)
    }

    /// Takes in what an attempt came to that began at `began` and ended at `now`, of an item that had failed as itself
    /// `attempts` times before. `jitter`, between 0.8 and 1.3, spreads the pauses of hosts that failed together.
    pub(crate) fn note(
        &mut self,
        outcome: &Outcome,
        attempts: u32,
        began: SystemTime,
        now: SystemTime,
        jitter: f64,
    ) {
        match outcome {
            Outcome::Delivered | Outcome::Rejected(_) | Outcome::Gone(_) => {
                self.failures = 0;
                self.down_since = None;
                self.last_ok = Some(now);
            }
            Outcome::Slow { retry_after } => {
                let wish = retry_after.map_or(LATER, |wish| wish.clamp(PAUSE.0, PAUSE.1));
                self.retry_at = self.retry_at.max(Some(now + wish));
                self.last_error = Some(outcome.describe());
            }
            // An item that failed before proves nothing: it may be the item. A host that is well goes on, and one in
            // doubt is given the same pause once more, not the next one.
            Outcome::Failed(_) if attempts > 0 => {
                if self.failures > 0 {
                    self.retry_at = self.retry_at.max(Some(now + pause(self.failures, jitter)));
                }
            }
            Outcome::Failed(_) | Outcome::Unreachable(_) => {
                self.last_error = Some(outcome.describe());
                // What was under way together fails together, and counts once.
                if self.failed_at.is_none_or(|failed_at| began >= failed_at) {
                    self.failures = self.failures.saturating_add(1);
                    self.down_since.get_or_insert(now);
                    self.failed_at = Some(now);
                    self.retry_at = self.retry_at.max(Some(now + pause(self.failures, jitter)));
                }
            }
            Outcome::Refused(_) | Outcome::Unsendable(_) => {}
        }
    }
}

/// An item that waits in a lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Waiting {
    /// Its number; lower ones came earlier.
    pub(crate) item: i64,
    /// Within one of these, what came earlier goes earlier.
    pub(crate) order: i64,
    /// Not before then.
    pub(crate) not_before: SystemTime,
    /// Not after then.
    pub(crate) expires: SystemTime,
    /// Something that was enqueued later takes it back.
    pub(crate) withdrawn: bool,
}

/// What is to be done about an item that waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Choice {
    /// Send it.
    Take,
    /// Never send it.
    Drop,
    /// Not now.
    Leave,
}

/// Goes through a lane's items, in the order in which they came, and says which are to be sent now.
///
/// Two items of one [`order`](Waiting::order) are never under way at once, and none overtakes another.
#[derive(Debug)]
pub(crate) struct Pick<'a> {
    now: SystemTime,
    room: usize,
    /// Item and order of what is under way.
    under_way: &'a [(i64, i64)],
    /// Orders in which something earlier has to go first.
    held: HashSet<i64>,
    later: Option<SystemTime>,
}

impl<'a> Pick<'a> {
    /// For at most `room` items, beside those under way.
    pub(crate) fn new(now: SystemTime, room: usize, under_way: &'a [(i64, i64)]) -> Self {
        let held = under_way.iter().map(|(_, order)| *order).collect();
        Self { now, room, under_way, held, later: None }
    }

    /// The choice for the next item.
    pub(crate) fn offer(&mut self, waiting: &Waiting) -> Choice {
        if self.under_way.iter().any(|(item, _)| *item == waiting.item) {
            return Choice::Leave;
        }
        if waiting.withdrawn || waiting.expires <= self.now {
            return Choice::Drop;
        }
        if !self.held.insert(waiting.order) {
            return Choice::Leave;
        }
        if waiting.not_before > self.now {
            let due = waiting.not_before.min(waiting.expires);
            self.later = Some(self.later.map_or(due, |later| later.min(due)));
            return Choice::Leave;
        }
        if self.room == 0 {
            return Choice::Leave;
        }
        self.room -= 1;
        Choice::Take
    }

    /// Whether no more can be taken.
    pub(crate) fn is_full(&self) -> bool {
        self.room == 0
    }

    /// When the first of the items that were left becomes due by itself.
    pub(crate) fn later(&self) -> Option<SystemTime> {
        self.later
    }
}

/// The pause after so many failures.
fn pause(failures: u32, jitter: f64) -> Duration {
    let rung = usize::try_from(failures).unwrap_or(usize::MAX).saturating_sub(1);
    let [.., longest] = LADDER;
    LADDER.get(rung).copied().unwrap_or(longest).mul_f64(jitter.clamp(0.8, 1.3))
}

/// As much of a reason as is worth keeping; a stranger may have had a hand in it.
fn line(why: &str) -> String {
    why.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Whether this is HTML for people. The content type does not tell: some servers send that of a page with no page.
fn is_page(body_start: &[u8]) -> bool {
    let text = body_start.trim_ascii_start();
    ["<!doctype html", "<html"].iter().any(|opening| {
        text.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening.as_bytes()))
    })
}

#[cfg(test)]
mod tests;
