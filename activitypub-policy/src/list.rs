//! Lists of hosts as servers exchange them.

mod mastodon_csv;

use std::fmt;

use async_trait::async_trait;
use thiserror::Error;

use crate::{Decision, FederationPolicy, Hosts, Message};

/// A list of rules about hosts that somebody else made, and what was odd about it.
///
/// A list is read for what it says and no more: a row that is unclear is left out and named in the
/// [diagnostics](Self::diagnostics), a file that is unclear as a whole is refused. Nothing is ever read more strictly than it
/// is written.
#[derive(Clone, Debug, Default)]
pub struct Blocklist {
    hosts: Hosts,
    diagnostics: Vec<Diagnostic>,
}

impl Blocklist {
    /// The rules.
    #[must_use]
    pub fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// The rules, to add to.
    #[must_use]
    pub fn into_hosts(self) -> Hosts {
        self.hosts
    }

    /// What was odd, in the order of the rows.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

#[async_trait]
impl FederationPolicy for Blocklist {
    async fn decide(&self, message: &Message<'_>) -> Decision {
        self.hosts.decide(message).await
    }
}

/// Something odd about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The line of the row, counted from 1.
    pub line: u64,
    /// The domain as written there; the first 255 bytes of it, if it is longer.
    pub domain: String,
    /// What is odd.
    pub oddity: Oddity,
}

/// What can be odd about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Oddity {
    /// No domain. The row is left out.
    Blank,
    /// A row that is there to be noticed, not to be enforced. It is left out.
    Canary,
    /// The name has `*` in it. The row is left out.
    Masked,
    /// A URL. The row is left out.
    Url,
    /// An actor, not a host. The row is left out.
    Actor,
    /// A name of one label: a whole top-level domain, if anything. The row is left out.
    TopLevel,
    /// No host. The row is left out.
    NotAHost,
    /// A severity that is none of Mastodon's. The row is left out.
    UnknownSeverity,
    /// The cell of a flag is neither true nor false. The flag counts as not set.
    NotABool,
    /// The domain stands in an earlier row. The strictest of each counts.
    Duplicate,
}

impl Oddity {
    /// Whether the row is left out.
    #[must_use]
    pub fn is_left_out(self) -> bool {
        !matches!(self, Self::NotABool | Self::Duplicate)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.oddity {
            Oddity::Blank => return write!(f, "line {}: no domain", self.line),
            Oddity::Canary => "a row to be noticed, not enforced",
            Oddity::Masked => "the name is masked, and masks are not guessed at",
            Oddity::Url => "a URL, not a host",
            Oddity::Actor => "an actor, not a host",
            Oddity::TopLevel => "a whole top-level domain is not blocked by a list",
            Oddity::NotAHost => "no host",
            Oddity::UnknownSeverity => "an unknown severity is not taken for another",
            Oddity::NotABool => "a flag is neither true nor false",
            Oddity::Duplicate => "listed before; the strictest counts",
        };
        write!(f, "line {}: {}: {what}", self.line, self.domain)
    }
}

/// Why a file is refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ListError {
    /// More rows than 1,000,000.
    #[error("more than {} rows", mastodon_csv::MAX_ROWS)]
    TooManyRows,
    /// The first row has several cells and none of them is `domain` or `#domain`.
    #[error("the first row names no column 'domain', and columns are read by their names")]
    NoDomainColumn,
    /// Two columns of one name.
    #[error("two columns are named {0:?}")]
    TwoColumns(&'static str),
    /// There are columns, but none for the severity: this is a list of something else.
    #[error("there is no column 'severity': this may be no blocklist")]
    NoSeverityColumn,
    /// A text where a flag should be, and a flag where the comment should be: the cells do not stand under their names.
    #[error("line {line}: the cells do not stand under the names of their columns")]
    ColumnShift {
        /// Counted from 1.
        line: u64,
    },
    /// A quotation mark is opened and never closed: the end of the file is missing, or hidden.
    #[error("line {line}: a quotation mark is never closed")]
    Unclosed {
        /// Counted from 1.
        line: u64,
    },
}
