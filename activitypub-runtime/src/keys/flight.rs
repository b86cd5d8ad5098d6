//! One reader per key: the others wait for what it finds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use activitypub_core::{Iri, IriBuf};
use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, timeout_at};

/// Keys that are being read. No more than there are readers.
#[derive(Debug, Default)]
pub(super) struct Flights(Mutex<HashMap<IriBuf, Arc<tokio::sync::Mutex<()>>>>);

impl Flights {
    /// Waits until nobody else reads this key, or nothing when that takes until the deadline.
    ///
    /// A reader that is dropped half way lets the next one on.
    pub(super) async fn board(&self, key_id: &Iri, deadline: Instant) -> Option<Flight<'_>> {
        let seat = {
            let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(flights.entry(key_id.to_owned()).or_default())
        };
        let mut flight = Flight { flights: self, key_id: key_id.to_owned(), seat: None };
        flight.seat = Some(timeout_at(deadline, seat.lock_owned()).await.ok()?);
        Some(flight)
    }
}

/// The right to read one key.
pub(super) struct Flight<'a> {
    flights: &'a Flights,
    key_id: IriBuf,
    seat: Option<OwnedMutexGuard<()>>,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.seat = None;
        let mut flights = self.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever waits holds the lock's other reference; new ones come by the map, which is locked.
        if flights.get(&*self.key_id).is_some_and(|seat| Arc::strong_count(seat) == 1) {
            flights.remove(&*self.key_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(1)
    }

    #[tokio::test(start_paused = true)]
    async fn one_reads_and_the_others_wait() {
        let flights = Flights::default();
        let (a, b) = (Iri::new("https://a.example/#k"), Iri::new("https://b.example/#k"));
        let first = flights.board(a, soon()).await.unwrap();
        assert!(flights.board(b, soon()).await.is_some(), "another key");
        assert!(flights.board(a, soon()).await.is_none(), "not before the first is done");
        let waiting = flights.board(a, soon());
        drop(first);
        assert!(waiting.await.is_some());
        assert!(flights.0.lock().unwrap().is_empty(), "nothing is left of what is over");
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_leaves_nothing() {
        let flights = Flights::default();
        let key = Iri::new("https://a.example/#k");
        let first = flights.board(key, soon()).await.unwrap();
        assert!(
            timeout_at(Instant::now() + Duration::from_millis(1), flights.board(key, soon())).await.is_err()
        );
        drop(first);
        assert!(flights.0.lock().unwrap().is_empty());
    }
}
