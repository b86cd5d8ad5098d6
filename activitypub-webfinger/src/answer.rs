//! The server's side of WebFinger: reading what is asked, and what an answer carries.
//!
//! <https://www.rfc-editor.org/rfc/rfc7033#section-4.2>

use activitypub_core::{Iri, IriBuf, Origin};
use thiserror::Error;
use url::form_urlencoded;

use crate::{Acct, AcctError, Jrd};

/// Where a host answers.
pub const PATH: &str = "/.well-known/webfinger";

/// The content type of an answer, and of host-meta and the NodeInfo links.
pub const CONTENT_TYPE: &str = "application/jrd+json";

/// The header with which every answer lets pages of other origins read it (RFC 7033 §5).
pub const CORS: (&str, &str) = ("access-control-allow-origin", "*");

/// What is asked.
///
/// ```
/// # use activitypub_core::Origin;
/// # use activitypub_webfinger::{Acct, Jrd, Query, Resource};
/// let origin = Origin::parse("https://example.org")?;
/// // An error is to be answered with 400.
/// let query = Query::parse("resource=acct%3Aada%40example.org&rel=self", &origin)?;
///
/// let ada = Acct::new("ada", origin)?;
/// let actor = "https://example.org/users/ada";
/// let known = match &query.resource {
///     Resource::Acct(acct) => *acct == ada,
///     Resource::Uri(uri) => *uri == actor,
/// };
/// assert!(known, "else 404");
/// let answer = query.select(Jrd::of_actor(&ada, actor));
/// assert_eq!(answer.actor().unwrap(), actor);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Query {
    /// Of whom.
    pub resource: Resource,
    /// Only links of these relations are wanted; when there are none, all are.
    pub rels: Vec<String>,
}

/// Of whom something is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "what is no handle is another URI")]
pub enum Resource {
    /// A handle. It may be one of another host.
    Acct(Acct),
    /// Any other URI: the id of an actor, for Akkoma, Pleroma and Iceshrimp, which ask by it.
    Uri(IriBuf),
}

impl Query {
    /// Reads the query string of a request to `origin`, our own.
    ///
    /// # Errors
    /// To be answered with 400: when there is not exactly one `resource`, or it is no URI.
    pub fn parse(query: &str, origin: &Origin) -> Result<Self, QueryError> {
        /// A handle or an id, some relations, all percent-encoded.
        const LONGEST: usize = 8 * 1024;

        if query.len() > LONGEST {
            return Err(QueryError::TooLong);
        }
        let mut resource = None;
        let mut rels = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "resource" if resource.is_some() => return Err(QueryError::ManyResources),
                "resource" => resource = Some(Resource::parse(&value, origin)?),
                "rel" => rels.push(value.into_owned()),
                _ => {}
            }
        }
        Ok(Self { resource: resource.ok_or(QueryError::NoResource)?, rels })
    }

    /// The descriptor with only the links that are wanted.
    #[must_use]
    pub fn select(&self, mut jrd: Jrd) -> Jrd {
        if !self.rels.is_empty() {
            jrd.links.retain(|link| self.rels.contains(&link.rel));
        }
        jrd
    }
}

impl Resource {
    fn parse(text: &str, origin: &Origin) -> Result<Self, QueryError> {
        let (scheme, rest) = text.split_once(':').ok_or(QueryError::NotUri)?;
        if !is_scheme(scheme)
            || rest.is_empty()
            || text.contains(|c: char| c.is_whitespace() || c.is_control())
        {
            return Err(QueryError::NotUri);
        }
        if scheme.eq_ignore_ascii_case("acct") {
            return Ok(Self::Acct(Acct::parse_beside(text, origin)?));
        }
        let uri = Iri::new(text);
        let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
        if is_web && uri.origin().is_none() {
            return Err(QueryError::NotUri);
        }
        Ok(Self::Uri(uri.to_owned()))
    }
}

/// Why a query is answered with 400.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QueryError {
    /// No `resource`.
    #[error("the query has no resource")]
    NoResource,
    /// More than one `resource`.
    #[error("the query has more than one resource")]
    ManyResources,
    /// The resource is no URI.
    #[error("the resource is no URI")]
    NotUri,
    /// The resource is an `acct:` URI that names nobody.
    #[error("the resource: {0}")]
    Acct(#[from] AcctError),
    /// The query is longer than 8 KiB.
    #[error("the query is too long")]
    TooLong,
}

/// RFC 3986 §3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}
