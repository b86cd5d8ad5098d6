//! A map that strangers may write to.

use std::borrow::Borrow;
use std::fmt;
use std::hash::Hash;
use std::time::Duration;

use quick_cache::sync::Cache;
use tokio::time::Instant;

/// A cache with a bounded number of entries, each for a bounded time.
///
/// Whoever fills it with keys that are never asked for again evicts those keys, not the ones in use.
pub(crate) struct BoundedTtl<K, V> {
    entries: Cache<K, (V, Instant)>,
}

impl<K: Clone + Eq + Hash, V: Clone> BoundedTtl<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: Cache::new(capacity) }
    }

    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (value, until) = self.entries.get(key)?;
        (Instant::now() < until).then_some(value)
    }

    pub(crate) fn insert(&self, key: K, value: V, lifetime: Duration) {
        self.entries.insert(key, (value, Instant::now() + lifetime));
    }

    pub(crate) fn remove<Q: Eq + Hash + ?Sized>(&self, key: &Q)
    where
        K: Borrow<Q>,
    {
        self.entries.remove(key);
    }

    /// Removes the entries that `keep` is false for.
    pub(crate) fn retain(&self, keep: impl Fn(&V) -> bool) {
        self.entries.retain(|_, (value, _)| keep(value));
    }
}

impl<K, V> fmt::Debug for BoundedTtl<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundedTtl").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn entries_end() {
        let map = BoundedTtl::new(10);
        map.insert("a".to_owned(), 1, Duration::from_secs(60));
        assert_eq!(map.get("a"), Some(1));
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(map.get("a"), None);
    }

    #[test]
    fn a_flood_neither_grows_it_nor_drives_out_what_is_used() {
        let map = BoundedTtl::new(1000);
        map.insert("used".to_owned(), 0, Duration::from_secs(3600));
        for flood in 0..100_000 {
            map.insert(flood.to_string(), flood, Duration::from_secs(3600));
            if flood % 100 == 0 {
                assert_eq!(map.get("used"), Some(0), "after {flood}");
            }
        }
        assert!(map.entries.len() <= 1000);
    }
}
