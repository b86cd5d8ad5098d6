//! Lanes in virtual time.

use std::collections::HashMap;
use std::ops::Range;
use std::time::UNIX_EPOCH;

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn start() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX)
    }

    fn jitter(&mut self) -> f64 {
        0.8 + 0.5 * self.roll()
    }
}

/// A host, and everything that is ever sent to it.
struct Host {
    lane: Lane,
    /// What waits, with how often it has failed as itself.
    queue: Vec<(Waiting, u32)>,
    /// Item, order, begin and end of what is under way.
    under_way: Vec<(i64, i64, SystemTime, SystemTime)>,
    /// When it does not answer.
    down: Vec<Range<SystemTime>>,
    /// What is heard from it then.
    silence: Outcome,
    /// What it answers with status 500, always.
    poison: Option<i64>,
    delivered: Vec<i64>,
    undelivered: Vec<i64>,
    attempts: u32,
    widest: usize,
    dice: Dice,
}

impl Host {
    fn new(seed: u64, down: Vec<Range<SystemTime>>) -> Self {
        Self {
            lane: Lane::default(),
            queue: Vec::new(),
            under_way: Vec::new(),
            down,
            // Nothing, or a proxy that says so.
            silence: if seed.is_multiple_of(2) {
                Outcome::Unreachable("refused".into())
            } else {
                Outcome::Failed(502)
            },
            poison: None,
            delivered: Vec::new(),
            undelivered: Vec::new(),
            attempts: 0,
            widest: 0,
            dice: Dice(seed),
        }
    }

    fn is_down(&self, at: SystemTime) -> bool {
        self.down.iter().any(|outage| outage.contains(&at))
    }

    /// Runs until `end`. `posts` says what is enqueued when, as its order; items are numbered as they come.
    fn run(&mut self, posts: &[(SystemTime, i64)], end: SystemTime) {
        let mut posts = posts.iter().zip(1_i64..).peekable();
        let mut now = start();
        while now < end {
            while let Some((&(_, order), item)) = posts.next_if(|((at, _), _)| *at <= now) {
                self.queue.push((
                    Waiting { item, order, not_before: UNIX_EPOCH, expires: now + 7 * DAY, withdrawn: false },
                    0,
                ));
            }
            self.finish(now);
            let later = self.begin(now);
            let enqueued = posts.peek().map(|((at, _), _)| *at);
            let ended = self.under_way.iter().map(|(.., end)| *end).min();
            let retry = self.lane.retry_at.filter(|retry_at| *retry_at > now && !self.queue.is_empty());
            let Some(next) = [enqueued, ended, retry, later].into_iter().flatten().min() else { return };
            assert!(next > now, "nothing waits for a moment that is past");
            now = next;
        }
    }

    fn finish(&mut self, now: SystemTime) {
        for (item, _, began, _) in self.under_way.extract_if(.., |(.., end)| *end <= now).collect::<Vec<_>>()
        {
            let outcome = if self.is_down(began) {
                self.silence.clone()
            } else if self.poison == Some(item) {
                Outcome::Failed(500)
            } else {
                Outcome::Delivered
            };
            let jitter = self.dice.jitter();
            let at = self.queue.iter().position(|(waiting, _)| waiting.item == item).unwrap();
            self.lane.note(&outcome, self.queue[at].1, began, now, jitter);
            match Fate::of(&outcome, self.queue[at].1, now, jitter) {
                Fate::Delivered => self.delivered.push(self.queue.remove(at).0.item),
                Fate::Undelivered => self.undelivered.push(self.queue.remove(at).0.item),
                Fate::Again { attempts, not_before } => {
                    self.queue[at].0.not_before = not_before.unwrap_or(UNIX_EPOCH);
                    self.queue[at].1 = attempts;
                }
            }
        }
    }

    fn begin(&mut self, now: SystemTime) -> Option<SystemTime> {
        let known: Vec<_> = self.under_way.iter().map(|(item, order, ..)| (*item, *order)).collect();
        let mut pick = Pick::new(now, self.lane.width(now).saturating_sub(known.len()), &known);
        let took = if self.is_down(now) { 10 * SECOND } else { SECOND / 5 };
        let mut dropped = Vec::new();
        for (waiting, _) in &self.queue {
            match pick.offer(waiting) {
                Choice::Leave => {}
                Choice::Drop => dropped.push(waiting.item),
                Choice::Take => {
                    self.attempts += 1;
                    self.under_way.push((waiting.item, waiting.order, now, now + took));
                }
            }
        }
        self.queue.retain(|(waiting, _)| !dropped.contains(&waiting.item));
        self.undelivered.append(&mut dropped);
        self.widest = self.widest.max(self.under_way.len());
        pick.later()
    }
}

/// Twenty posts a day for ten days; every third is about the same as the one before.
fn posts() -> Vec<(SystemTime, i64)> {
    (0..200).map(|n| (start() + n * (DAY / 20), i64::from(n - u32::from(n % 3 == 1)))).collect()
}

#[test]
fn thousands_of_hosts_get_everything_once_they_are_back_and_dead_ones_cost_little() {
    let posts = posts();
    let end = start() + 17 * DAY;
    let (mut attempts, mut on_dead, mut worst) = (0, 0, 0);
    for seed in 0..2000 {
        let mut dice = Dice(seed);
        let fortune = dice.roll();
        let outage = start() + DAY.mul_f64(9.0 * dice.roll());
        let down = match fortune {
            f if f < 0.12 => vec![start()..end],
            f if f < 0.42 => {
                vec![outage..outage + Duration::from_secs(60).mul_f64(1.0 + 4000.0 * dice.roll())]
            }
            _ => vec![],
        };
        let dead = fortune < 0.12;
        let mut host = Host::new(seed, down);
        host.run(&posts, end);
        attempts += host.attempts;
        assert!(host.widest <= WIDTH, "host {seed} was given {} at once", host.widest);
        if dead {
            on_dead += host.attempts;
            assert!(host.delivered.is_empty());
            worst = worst.max(host.attempts);
            assert!(host.lane.is_dormant(end));
            continue;
        }
        assert_eq!(host.delivered.len(), posts.len(), "host {seed} missed something");
        let mut last = HashMap::new();
        for item in host.delivered {
            let order = posts[usize::try_from(item - 1).unwrap()].1;
            assert!(
                last.insert(order, item).is_none_or(|before| before < item),
                "host {seed} got {item} too late"
            );
        }
    }
    // A ladder per item would have made some 17 attempts for each of the 48 000 that went to dead hosts.
    assert!(worst <= 120, "one was tried {worst} times");
    assert!(on_dead < 30_000, "{on_dead} attempts on dead hosts");
    assert!(attempts < 400_000, "{attempts} attempts for 352 000 deliveries");
}

#[test]
fn one_activity_that_a_host_chokes_on_holds_up_only_what_is_about_the_same() {
    let posts: Vec<_> =
        (0..100).map(|n| (start() + n * HOUR / 2, if n == 7 { 3 } else { i64::from(n) })).collect();
    let mut host = Host::new(1, vec![]);
    host.poison = Some(4);
    host.run(&posts, start() + 9 * DAY);
    assert_eq!(host.delivered.len(), 99);
    assert_eq!(host.undelivered, [4], "until its time had passed");
    let after: Vec<_> = host.delivered.iter().skip(97).collect();
    assert_eq!(after, [&100, &8], "the eighth is about the same as the fourth");
    assert!(host.attempts < 140, "{} attempts", host.attempts);
}

#[test]
fn a_host_that_is_always_busy_is_not_hurried() {
    let mut lane = Lane::default();
    for (wish, pause) in [
        (Some(Duration::from_secs(1_000_000_000)), DAY),
        (Some(Duration::ZERO), SECOND),
        (Some(Duration::from_secs(300)), Duration::from_secs(300)),
        (None, Duration::from_secs(60)),
    ] {
        lane.retry_at = None;
        lane.note(&Outcome::Slow { retry_after: wish }, 0, start(), start(), 1.0);
        assert_eq!(lane.retry_at, Some(start() + pause), "{wish:?}");
        assert_eq!(lane.width(start()), 0);
        assert_eq!(lane.width(start() + pause), WIDTH, "busy is not down");
    }
    lane.note(&Outcome::Slow { retry_after: Some(HOUR) }, 0, start(), start(), 1.0);
    lane.note(&Outcome::Slow { retry_after: Some(SECOND) }, 0, start(), start(), 1.0);
    lane.note(&Outcome::Delivered, 0, start(), start() + SECOND, 1.0);
    assert_eq!(lane.retry_at, Some(start() + HOUR), "a wish is only ever lengthened");
}

#[test]
fn what_fails_together_counts_once() {
    let mut lane = Lane::default();
    let began = start();
    for n in 1..=4 {
        lane.note(&Outcome::Failed(502), 0, began, start() + n * SECOND, 1.0);
    }
    assert_eq!(lane.failures, 1);
    assert_eq!(lane.retry_at, Some(start() + 16 * SECOND));
    // One that took longer than the pause it was cut off by.
    lane.note(&Outcome::Unreachable("time".into()), 0, began, start() + 30 * SECOND, 1.0);
    assert_eq!(lane.failures, 1);
    lane.note(&Outcome::Unreachable("time".into()), 0, start() + 31 * SECOND, start() + 41 * SECOND, 1.0);
    assert_eq!(lane.failures, 2);
    assert_eq!(lane.width(start() + 200 * SECOND), 1, "one finds out whether it is back");
    lane.note(&Outcome::Rejected(422), 0, start() + 200 * SECOND, start() + 201 * SECOND, 1.0);
    assert_eq!((lane.failures, lane.down_since), (0, None), "a refusal is a sign of life");
    assert_eq!(lane.width(start() + 201 * SECOND), WIDTH);
}

#[test]
fn pauses_grow_to_half_a_day_and_no_further() {
    let mut lane = Lane::default();
    let mut now = start();
    let mut pauses = Vec::new();
    for _ in 0..40 {
        lane.note(&Outcome::Unreachable("refused".into()), 0, now, now, 1.0);
        let next = lane.retry_at.unwrap();
        pauses.push(next.duration_since(now).unwrap());
        now = next;
    }
    assert!(pauses.is_sorted());
    assert_eq!((pauses.first().unwrap(), pauses.last().unwrap()), (&(15 * SECOND), &(12 * HOUR)));
    assert_eq!(lane.down_since, Some(start()));
    for jitter in [0.8, 1.0, 1.3, f64::INFINITY, -1.0] {
        for failures in [0, 1, 8, u32::MAX] {
            assert!(pause(failures, jitter) < LONGEST_PAUSE);
        }
    }
}

#[test]
fn answers_are_read_for_what_they_mean() {
    let later = Some(HOUR);
    for (status, retry_after, body, outcome) in [
        (200, None, "", Outcome::Delivered),
        (202, None, "", Outcome::Delivered),
        (202, None, "<ok/>", Outcome::Delivered),
        (200, None, " \n<!DOCTYPE HTML><title>Buy this domain", Outcome::Failed(200)),
        (200, None, "<html lang=en>", Outcome::Failed(200)),
        (302, None, "", Outcome::Failed(302)),
        (400, None, "", Outcome::Rejected(400)),
        (404, None, "", Outcome::Gone(404)),
        (408, None, "", Outcome::Failed(408)),
        (410, None, "", Outcome::Gone(410)),
        (422, later, "", Outcome::Rejected(422)),
        (429, later, "", Outcome::Slow { retry_after: later }),
        (429, None, "", Outcome::Slow { retry_after: None }),
        (500, None, "", Outcome::Failed(500)),
        (503, later, "", Outcome::Slow { retry_after: later }),
        (503, None, "", Outcome::Failed(503)),
        (999, None, "", Outcome::Failed(999)),
    ] {
        assert_eq!(Outcome::of_response(status, retry_after, body.as_bytes()), outcome, "{status} {body}");
    }
}

#[test]
fn our_own_faults_are_tried_three_times_and_do_not_count_against_the_host() {
    let fault = Outcome::Unsendable("the key cannot be read".into());
    let mut lane = Lane::default();
    lane.note(&fault, 0, start(), start(), 1.0);
    assert_eq!(lane, Lane::default());
    let again = |attempts, pause| Fate::Again { attempts, not_before: Some(start() + pause) };
    assert_eq!(Fate::of(&fault, 0, start(), 1.0), again(1, Duration::from_secs(60)));
    assert_eq!(Fate::of(&fault, 1, start(), 1.0), again(2, Duration::from_secs(240)));
    assert_eq!(Fate::of(&fault, 2, start(), 1.0), Fate::Undelivered);
    assert_eq!(Fate::of(&Outcome::Refused("blocked".into()), 0, start(), 1.0), Fate::Undelivered);
}

#[test]
fn a_dialect_is_remembered_for_a_week() {
    let lane = Lane { dialect: Some((Dialect::Rfc9421, start())), ..Lane::default() };
    assert_eq!(lane.dialect(Dialect::Cavage, start() + 6 * DAY), Dialect::Rfc9421);
    assert_eq!(lane.dialect(Dialect::Cavage, start() + 8 * DAY), Dialect::Cavage);
    assert_eq!(Lane::default().dialect(Dialect::Rfc9421, start()), Dialect::Rfc9421);
}

#[test]
fn nothing_overtakes_what_is_about_the_same() {
    let waiting = |item, order| Waiting {
        item,
        order,
        not_before: UNIX_EPOCH,
        expires: start() + DAY,
        withdrawn: false,
    };
    let queue = [
        waiting(1, 10),
        waiting(2, 10),
        Waiting { not_before: start() + HOUR, ..waiting(3, 11) },
        waiting(4, 11),
        Waiting { withdrawn: true, ..waiting(5, 12) },
        waiting(6, 12),
        Waiting { expires: start(), ..waiting(7, 13) },
        waiting(8, 14),
        waiting(9, 15),
        waiting(10, 16),
    ];
    let mut pick = Pick::new(start(), 2, &[(8, 14)]);
    let choices: Vec<_> = queue.iter().map(|waiting| pick.offer(waiting)).collect();
    use Choice::{Drop, Leave, Take};
    assert_eq!(choices, [Take, Leave, Leave, Leave, Drop, Take, Drop, Leave, Leave, Leave]);
    assert!(pick.is_full());
    assert_eq!(pick.later(), Some(start() + HOUR));
}
