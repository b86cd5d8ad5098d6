//! What can go wrong in a story, said so that the reader need not look at the code.

use std::time::Duration;

use tokio_rustls::rustls;

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The operating system said no.
    #[error("{what}: {source}")]
    System { what: String, source: std::io::Error },
    /// A program the story needs is not installed.
    #[error("`{program}` was not found: {remedy}")]
    Missing { program: &'static str, remedy: &'static str },
    /// A program ended when it should have gone on, or with a failure.
    #[error("{program} ended with {status}")]
    Ended { program: String, status: String },
    /// No certificate could be made.
    #[error("no certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("no TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The blog cannot make requests.
    #[error("no client for the blog: {0}")]
    Client(#[from] activitypub::client::BuildError),
    /// The blog cannot start or go on.
    #[error("the blog: {0}")]
    Blog(#[from] ::blog::Error),
    /// A request was not answered.
    #[error("no answer: {}", chain(.0))]
    Http(#[from] reqwest::Error),
    /// An answer came with a status that was not hoped for.
    #[error("{what} was answered with {status}: {body}")]
    Status { what: String, status: u16, body: String },
    /// A program printed or answered something that is not the JSON agreed on.
    #[error("{what} is not the JSON agreed on: {found}")]
    Garbled { what: String, found: String },
    /// Something did not happen in time.
    #[error("waited {} s for {what}; last seen: {last}", .limit.as_secs())]
    Late { what: String, limit: Duration, last: String },
    /// Something happened, and was not what the story tells.
    #[error("{what}, but found: {found}")]
    Otherwise { what: String, found: String },
}

impl Trouble {
    /// For `map_err`: what was being done when the operating system refused.
    pub(crate) fn during(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::System { what: what.into(), source }
    }
}

/// `Ok` where `holds`, or the complaint that `what` should be so, with what was `found` instead.
pub(crate) fn expect(
    holds: bool,
    what: impl Into<String>,
    found: impl std::fmt::Display,
) -> Result<(), Trouble> {
    if holds {
        return Ok(());
    }
    Err(Trouble::Otherwise { what: what.into(), found: found.to_string() })
}

/// reqwest prints only the outermost error; the reason stands further in.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
