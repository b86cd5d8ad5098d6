//! [`Timestamp`]: a moment, read as RFC 3339 writes it and real servers bend it; how long something lasts.
//! Activity Streams 2.0 §2.3.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use crate::scalar::{Scalar, literal};
use crate::value::Value;

/// A moment in time, to the nanosecond.
///
/// The document keeps the form it was written in; this is what that form means. It is read leniently: seconds
/// may be missing, any offset and a lower-case `t` and `z` are taken. It is written as every server reads it,
/// in UTC with seconds and a `Z`.
///
/// ```
/// use activitypub_core::{Note, Timestamp};
/// use std::time::SystemTime;
///
/// let moment: Timestamp = "2026-02-01T12:30:00+01:00".parse()?;
/// let now = Timestamp::try_from(SystemTime::now())?;
/// let note = Note::builder().published(moment).updated(now).build();
/// assert_eq!(note.published().unwrap().to_string(), "2026-02-01T11:30:00Z");
/// # Ok::<(), activitypub_core::TimestampError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

/// The text is not a date and time as RFC 3339 has them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date and time of RFC 3339: {text:?}")]
pub struct TimestampError {
    text: Box<str>,
}

/// Whether and when a poll was [closed](crate::Question::closed): servers say the one or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Closed {
    /// It closes, or was closed, at this moment.
    At(Timestamp),
    /// It is closed, or still open.
    Flag(bool),
}

impl Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z, negative before.
    pub fn as_second(self) -> i64 {
        self.0.as_second()
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        // A date-time has at most some forty characters; nothing longer need be looked at.
        let timestamp = if text.len() <= 64 { text.trim().parse().ok() } else { None };
        timestamp.map(Self).ok_or_else(|| TimestampError { text: text.chars().take(64).collect() })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Timestamp> for Value {
    fn from(timestamp: Timestamp) -> Self {
        Self::from(timestamp.to_string())
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = TimestampError;

    /// Whole seconds: what is after the second is of no use to anyone and trips strict readers.
    fn try_from(time: SystemTime) -> Result<Self, TimestampError> {
        let error = || TimestampError { text: "a time outside the years -9999 to 9999".into() };
        let exact = jiff::Timestamp::try_from(time).map_err(|_| error())?;
        jiff::Timestamp::from_second(exact.as_second()).map(Self).map_err(|_| error())
    }
}

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.0.into()
    }
}

impl Scalar for Timestamp {
    type Read<'a> = Self;

    fn read(value: &Value) -> Option<Self> {
        literal(value).as_str()?.parse().ok()
    }
}

impl Scalar for Closed {
    type Read<'a> = Self;

    fn read(value: &Value) -> Option<Self> {
        match bool::read(value) {
            Some(closed) => Some(Self::Flag(closed)),
            None => Timestamp::read(value).map(Self::At),
        }
    }
}

impl From<Closed> for Value {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::At(timestamp) => timestamp.into(),
            Closed::Flag(closed) => closed.into(),
        }
    }
}

/// An `xsd:duration` of weeks, days, hours, minutes and seconds: `PT5M30S`, `P1DT12H`. Years and months have no
/// fixed length, and what is negative lasts no time; both are not read. Funkwhale and Castopod send a number of seconds.
impl Scalar for Duration {
    type Read<'a> = Self;

    fn read(value: &Value) -> Option<Self> {
        if let Value::Number(seconds) = literal(value) {
            return Self::try_from_secs_f64(seconds.as_f64()?).ok();
        }
        let text = literal(value).as_str().filter(|text| text.starts_with('P') && text.len() <= 64)?;
        let span: jiff::Span = text.parse().ok()?;
        span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?.try_into().ok()
    }
}

impl From<Duration> for Value {
    /// In seconds, which every server reads: `PT90S`.
    fn from(duration: Duration) -> Self {
        Self::from(format!("PT{}S", duration.as_secs_f64()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Scalar, Timestamp, Value};

    #[test]
    fn a_duration_is_read_where_its_length_is_known() {
        for (text, seconds) in [
            ("PT5M", 300.0),
            ("PT1145S", 1145.0),
            ("PT0S", 0.0),
            ("PT1.5S", 1.5),
            ("P1DT12H", 129_600.0),
            ("P2W", 1_209_600.0),
        ] {
            let duration = Duration::read(&Value::from(text)).unwrap();
            assert_eq!(duration.as_secs_f64(), seconds, "{text}");
            assert_eq!(Duration::read(&Value::from(duration)), Some(duration), "{text}");
        }
        assert_eq!(Duration::read(&Value::from(1145)), Some(Duration::from_secs(1145)));
        assert_eq!(Duration::read(&Value::from(-1)), None);
        for text in ["", "P1M", "P1Y", "-PT5M", "P1e9Y", "5 minutes", "PT99999999999999999999S"] {
            assert_eq!(Duration::read(&Value::from(text)), None, "{text}");
        }
    }

    #[test]
    fn forms_of_real_servers_are_read_and_one_form_is_written() {
        for (text, written) in [
            ("2025-01-02T03:04:05Z", "2025-01-02T03:04:05Z"),
            ("2025-01-02T03:04:05.678Z", "2025-01-02T03:04:05.678Z"),
            ("2025-01-02T03:04Z", "2025-01-02T03:04:00Z"),
            ("2025-01-02t03:04:05z", "2025-01-02T03:04:05Z"),
            ("2025-01-02T05:04:05+02:00", "2025-01-02T03:04:05Z"),
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), written, "{text}");
        }
        for text in ["", "2025", "yesterday", "-0001-11-30T00:00:00Z", "2025-01-02T03:04:05"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }
}
