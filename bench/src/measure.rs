//! How a figure is taken: ours and its floor by turns, in one process, by the CPU time of the process.

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// What one measurement found.
pub(crate) struct Figure {
    /// Ours, in `unit`s.
    pub(crate) ours: f64,
    /// What nobody can avoid, in `unit`s.
    pub(crate) floor: f64,
    /// The median of the rounds' ratios, which is steadier than the ratio of the medians.
    pub(crate) ratio: f64,
    pub(crate) unit: &'static str,
}

const ROUNDS: usize = 201;

/// How long one side of one round takes, about: long enough for the clock, short enough that a disturbance of the
/// machine hits both sides of a round alike.
const TURN: Duration = Duration::from_millis(2);

/// Compares two pieces of work, per call.
pub(crate) fn compare<T, U>(mut ours: impl FnMut() -> T, mut floor: impl FnMut() -> U) -> Figure {
    let (ours_calls, floor_calls) = (calls_per_turn(&mut ours), calls_per_turn(&mut floor));
    let mut rounds: Vec<(f64, f64)> = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        // Whoever goes first finds the caches as the other left them.
        let pair = if round % 2 == 0 {
            let ours = turn(&mut ours, ours_calls);
            (ours, turn(&mut floor, floor_calls))
        } else {
            let floor = turn(&mut floor, floor_calls);
            (turn(&mut ours, ours_calls), floor)
        };
        rounds.push(pair);
    }
    Figure {
        ours: median(rounds.iter().map(|(ours, _)| *ours)),
        floor: median(rounds.iter().map(|(_, floor)| *floor)),
        ratio: median(rounds.iter().map(|(ours, floor)| ours / floor)),
        unit: "µs",
    }
}

/// The CPU time this process has taken, of all its threads, user and system.
pub(crate) fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The median of some numbers; zero of none.
pub(crate) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// Microseconds per call.
fn turn<T>(work: &mut impl FnMut() -> T, calls: u32) -> f64 {
    let start = cpu_time();
    for _ in 0..calls {
        black_box(work());
    }
    (cpu_time() - start).as_secs_f64() * 1e6 / f64::from(calls)
}

fn calls_per_turn<T>(work: &mut impl FnMut() -> T) -> u32 {
    let mut calls = 1;
    while turn(work, calls) * f64::from(calls) < TURN.as_secs_f64() * 1e6 {
        calls *= 2;
    }
    calls
}
