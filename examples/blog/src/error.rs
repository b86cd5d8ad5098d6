//! What can go wrong for the whole blog, as opposed to one post or one request.

use std::io;
use std::path::PathBuf;

/// Why the blog cannot start, or cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder of the data folder.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// `blog.yaml` is not understood.
    #[error("{path}: {reason}")]
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the line.
        reason: String,
    },
    /// `--origin` is not an origin.
    #[error("`{0}` is not an origin such as https://blog.example: a scheme, a host, and nothing behind it")]
    Origin(String),
    /// The data folder belongs to another origin.
    #[error(
        "this data folder belongs to {was}, and every server that heard of it knows its posts by that name; run it with \
         `--origin {was}`, or begin a new folder for {now} and copy posts/, media/ and blog.yaml into it"
    )]
    Moved {
        /// The origin it was made with.
        was: String,
        /// The origin asked for.
        now: String,
    },
    /// The database was written by a later version.
    #[error("blog.db has schema {version}, which a later version of the blog has written")]
    Newer {
        /// Its schema.
        version: usize,
    },
    /// The address to listen on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Which.
        address: std::net::SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// Requests cannot be taken any more.
    #[error("cannot go on answering: {0}")]
    Serve(io::Error),
    /// The database.
    #[error("blog.db: {0}")]
    Database(#[from] rusqlite::Error),
    /// The other servers, or what is kept of them.
    #[error("federation: {0}")]
    Federation(#[from] activitypub::Error),
    /// The system has no randomness to give.
    #[error("no randomness: {0}")]
    Entropy(#[from] getrandom::Error),
    /// The program is being stopped.
    #[error("stopped in the middle of it")]
    Stopped,
}
