//! Waiting for what another process does in its own time, with a deadline and a word on what was awaited.

use std::time::{Duration, Instant};

use crate::trouble::Trouble;

/// How long anything takes that does not have to wait for a second try.
const LIMIT: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(100);

/// Looks again and again until a look succeeds; the trouble of the last look is part of the complaint.
pub(crate) async fn eventually<T>(
    what: impl Into<String>,
    look: impl AsyncFn() -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    within(LIMIT, what, look).await
}

/// [`eventually`], with a limit of one's own.
pub(crate) async fn within<T>(
    limit: Duration,
    what: impl Into<String>,
    look: impl AsyncFn() -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let end = Instant::now() + limit;
    loop {
        match look().await {
            Ok(found) => return Ok(found),
            Err(trouble) if Instant::now() >= end => {
                return Err(Trouble::Late { what: what.into(), limit, last: trouble.to_string() });
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
