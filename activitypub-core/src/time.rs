//! [`Timestamp`]: a moment, read as RFC 3339 writes it and real servers bend it. Activity Streams 2.0 §2.3.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use crate::value::Value;

/// A moment in time, to the nanosecond.
///
/// The document keeps the form it was written in; this is what that form means. It is read leniently: seconds
/// may be missing, any offset and a lower-case `t` and `z` are taken. It is written as every server reads it,
/// in UTC with seconds and a `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

/// The text is not a date and time as RFC 3339 has them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date and time of RFC 3339: {text:?}")]
pub struct TimestampError {
    text: Box<str>,
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

#[cfg(test)]
mod tests {
    use super::Timestamp;

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
