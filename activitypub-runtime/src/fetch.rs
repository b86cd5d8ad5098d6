//! Reading documents of other servers.
//!
//! What a server says is true of itself only: a document counts when its `id` is the very URL it came from, by a content
//! type that its server chose. A [`Fetched`] is such a document, and nothing else makes one. On the way there, every
//! request is asked of the policy, paid from one [`Budget`], and signed for the host it goes to.
//!
//! <https://www.w3.org/TR/activitypub/#retrieving-objects>, <https://swicg.github.io/activitypub-http-signature/>

mod bounded;
mod budget;
mod knock;
mod media_type;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use activitypub_core::{Iri, IriBuf, Origin, ParseError, Parsed};
use activitypub_policy::{Admission, FederationPolicy, Message, Role, Stage};
use activitypub_sig::{Dialect, SignError, Signer};
use activitypub_webfinger::{Acct, Found, Lookup, LookupError, Step};
use bytes::Bytes;
use http::header::{ACCEPT, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri};
use thiserror::Error;
use url::Url;

pub(crate) use self::bounded::BoundedTtl;
pub use self::budget::{Budget, BudgetError};
use self::knock::Knock;
use crate::client::{ClientError, HttpClient, Limits, TargetError, target};

/// The gateway to other servers' documents. Cheap to clone; clones remember together.
#[derive(Clone)]
pub struct Fetcher(Arc<Gateway>);

struct Gateway {
    client: Arc<dyn HttpClient>,
    policy: Arc<dyn FederationPolicy>,
    signer: Option<Signer>,
    knock: Knock,
    /// Origins that asked to be left alone for a while.
    waiting: BoundedTtl<Origin, ()>,
}

impl Fetcher {
    /// A gateway that signs its requests as `signer`, and at a server it does not know in the dialect `first`.
    ///
    /// The signer's actor must be readable by unsigned requests, or two servers that both insist on signatures wait for
    /// each other's key.
    #[must_use]
    pub fn new(
        client: Arc<dyn HttpClient>,
        policy: Arc<dyn FederationPolicy>,
        signer: Option<Signer>,
        first: Dialect,
    ) -> Self {
        let (knock, waiting) = (Knock::new(first), BoundedTtl::new(10_000));
        Self(Arc::new(Gateway { client, policy, signer, knock, waiting }))
    }

    /// The document that an IRI leads to; its id may be another, on another server even.
    ///
    /// # Errors
    /// When there is none, or it does not count as said above.
    pub async fn fetch(&self, iri: &Iri, budget: &mut Budget) -> Result<Fetched, FetchError> {
        self.0.document(iri, &Limits::DOCUMENT, budget).await
    }

    /// As [`fetch`](Self::fetch), for the page of a collection, which may be larger.
    ///
    /// # Errors
    /// As for [`fetch`](Self::fetch).
    pub async fn fetch_page(&self, iri: &Iri, budget: &mut Budget) -> Result<Fetched, FetchError> {
        self.0.document(iri, &Limits::PAGE, budget).await
    }

    /// The actor that the host of a handle names. The actor has its say by [`Found::confirm`].
    ///
    /// # Errors
    /// When the handle leads to no actor.
    pub async fn webfinger(&self, acct: &Acct, budget: &mut Budget) -> Result<Found, FetchError> {
        let mut lookup = Lookup::of(acct);
        loop {
            match lookup.step()? {
                Step::Found(found) => return Ok(found),
                Step::Send(request) => {
                    lookup.receive(self.0.send(request.map(|()| Bytes::new()), &Limits::JRD, budget).await?);
                }
            }
        }
    }
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetcher").field("client", &self.0.client).finish_non_exhaustive()
    }
}

/// A document that confirms itself: it is what its server says it is.
///
/// Made by a [`Fetcher`] only.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fetched {
    /// The document's id, which is the URL it came from. Under this it may be kept, and under no other.
    pub id: IriBuf,
    /// The document.
    pub document: Parsed,
}

impl Gateway {
    async fn document(&self, iri: &Iri, limits: &Limits, budget: &mut Budget) -> Result<Fetched, FetchError> {
        let mut hops = Hops::new();
        let mut asked_again = false;
        let mut uri = target(iri)?;
        loop {
            hops.visit(&uri)?;
            let response = self.get(&uri, limits, budget, &mut hops).await?;
            if let Some(next) = redirect(&uri, &response)? {
                hops.spend()?;
                uri = next;
                continue;
            }
            if !response.status().is_success() {
                return Err(FetchError::Status(response.status()));
            }
            if !media_type::is_document(response.headers()) {
                return Err(FetchError::ContentType);
            }
            let document = read(response.into_body(), limits)?;
            let id = document.id().ok_or(FetchError::NoId)?.to_owned();
            let url = IriBuf::from(uri.to_string());
            if id == url {
                return Ok(Fetched { id, document });
            }
            // A server may give its documents several URLs. Then the id is asked, once; but what a server says about an
            // id of another server is not even worth that question, and an id that is not written as it is requested
            // could never be confirmed.
            let other = target(&id)?;
            if asked_again || id.origin() != url.origin() || id != IriBuf::from(other.to_string()) {
                return Err(FetchError::OtherId { id, url });
            }
            asked_again = true;
            hops.spend()?;
            uri = other;
        }
    }

    /// Asks for a document, in the other dialect too where the first is not understood.
    async fn get(
        &self,
        uri: &Uri,
        limits: &Limits,
        budget: &mut Budget,
        hops: &mut Hops,
    ) -> Result<Response<Bytes>, FetchError> {
        let Some(signer) = &self.signer else {
            return self.send(question(uri), limits, budget).await;
        };
        let origin = origin(uri)?;
        let first = self.knock.first(&origin);
        let response = self.send(signed(uri, signer, first)?, limits, budget).await?;
        if !refuses_signature(response.status()) || hops.spend().is_err() {
            return Ok(response);
        }
        let second = knock::other(first);
        let response = self.send(signed(uri, signer, second)?, limits, budget).await?;
        if !refuses_signature(response.status()) && !response.status().is_server_error() {
            self.knock.understood(origin, second);
        }
        Ok(response)
    }

    /// One request, if the policy lets it go and the budget pays for it.
    async fn send(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
        budget: &mut Budget,
    ) -> Result<Response<Bytes>, FetchError> {
        let origin = origin(request.uri())?;
        if self.waiting.get(&origin).is_some() {
            return Err(FetchError::Waiting);
        }
        self.permit(Iri::new(&request.uri().to_string())).await?;
        let afforded = budget.request(limits)?;
        let answer = self.client.send(request, &afforded).await;
        budget.body(match &answer {
            Ok(response) => response.body().len(),
            // It was read up to there.
            Err(ClientError::TooLong(limit)) => *limit,
            Err(_) => 0,
        });
        let response = match answer {
            Err(ClientError::TooLong(_)) if afforded.body < limits.body => {
                return Err(BudgetError::Bytes.into());
            }
            Err(ClientError::Timeout(_)) if afforded.time < limits.time => {
                return Err(BudgetError::Time.into());
            }
            answer => answer?,
        };
        if matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
            && let Some(wait) = retry_after(response.headers())
        {
            self.waiting.insert(origin, (), wait);
        }
        Ok(response)
    }

    async fn permit(&self, url: &Iri) -> Result<(), FetchError> {
        let decision = self.policy.decide(&Message::new(Stage::Fetch).party(Role::Target, url)).await;
        match decision.admission() {
            // What is held for review has to be read to be reviewed.
            Admission::Pass | Admission::Hold => Ok(()),
            Admission::Defer => Err(FetchError::Deferred(decision.reason().into())),
            Admission::Refuse => Err(FetchError::Refused(decision.reason().into())),
        }
    }
}

/// How often a document may lead elsewhere before it is read: by redirect, by its id, by a second knock.
struct Hops {
    left: u8,
    visited: Vec<Uri>,
}

impl Hops {
    fn new() -> Self {
        Self { left: 3, visited: Vec::new() }
    }

    fn spend(&mut self) -> Result<(), FetchError> {
        self.left = self.left.checked_sub(1).ok_or(FetchError::Hops)?;
        Ok(())
    }

    fn visit(&mut self, uri: &Uri) -> Result<(), FetchError> {
        if self.visited.contains(uri) {
            return Err(FetchError::Circle);
        }
        self.visited.push(uri.clone());
        Ok(())
    }
}

/// Where the answer redirects to, if it does.
fn redirect(from: &Uri, response: &Response<Bytes>) -> Result<Option<Uri>, FetchError> {
    // 300 and 304 are no redirects, and nothing that was asked for.
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let mut fields = response.headers().get_all(LOCATION).iter();
    let (Some(location), None) = (fields.next(), fields.next()) else {
        return Err(FetchError::Location);
    };
    let location = location.to_str().map_err(|_| FetchError::Location)?;
    // `Url` mends these without a word, and `target` sees only what `Url` has made of them.
    if location.contains(['\\', '\t', '\r', '\n', ' ']) {
        return Err(FetchError::Location);
    }
    let base = Url::parse(&from.to_string()).map_err(|_| FetchError::Location)?;
    let url = base.join(location).map_err(|_| FetchError::Location)?;
    let to = target(Iri::new(url.as_str())).map_err(|_| FetchError::Location)?;
    if from.scheme_str() == Some("https") && to.scheme_str() != Some("https") {
        return Err(FetchError::Downgrade);
    }
    Ok(Some(to))
}

fn question(uri: &Uri) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = uri.clone();
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static(media_type::ACCEPTED));
    request
}

fn signed(uri: &Uri, signer: &Signer, dialect: Dialect) -> Result<Request<Bytes>, FetchError> {
    let (mut parts, body) = question(uri).into_parts();
    signer.sign(&mut parts, &body, dialect, SystemTime::now()).map_err(Arc::new)?;
    Ok(Request::from_parts(parts, body))
}

/// What servers answer to a signature they cannot read: 401 as they should, 400 and 403 as some do.
fn refuses_signature(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

fn read(body: Bytes, limits: &Limits) -> Result<Parsed, ParseError> {
    let mut structure = activitypub_core::Limits::default();
    structure.size = limits.body;
    Parsed::parse_with(body, &structure)
}

fn origin(uri: &Uri) -> Result<Origin, TargetError> {
    Iri::new(&uri.to_string()).origin().ok_or(TargetError::Origin)
}

/// How long a server wants to be left alone: at least a second, at most five minutes, whatever it says: others may have brought it about.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let wait = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let wait = match wait.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(wait).ok()?.duration_since(SystemTime::now()).ok()?,
    };
    Some(wait.clamp(Duration::from_secs(1), Duration::from_secs(300)))
}

/// Why there is no document.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The IRI is no URL that is requested.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// There is no answer.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The policy lets nothing in from there.
    #[error("the policy refuses it: {0}")]
    Refused(Box<str>),
    /// The policy wants it to be tried later.
    #[error("the policy defers it: {0}")]
    Deferred(Box<str>),
    /// The origin has asked for a pause (429 or 503), which is not over.
    #[error("the host has asked not to be asked for a while")]
    Waiting,
    /// The cause has used up its budget.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// The request could not be signed.
    #[error("the request cannot be signed: {0}")]
    Unsigned(#[from] Arc<SignError>),
    /// More than three redirects, ids and second knocks.
    #[error("the document leads elsewhere too often")]
    Hops,
    /// A URL leads back to itself.
    #[error("the document leads in a circle")]
    Circle,
    /// A redirect leads to no URL that is requested.
    #[error("the redirect leads to no URL")]
    Location,
    /// A redirect leads from https to http.
    #[error("the redirect leads from https to http")]
    Downgrade,
    /// Not a success.
    #[error("the host answered {0}")]
    Status(StatusCode),
    /// Not labelled as an ActivityPub document.
    #[error("the answer is no ActivityPub document by its content type")]
    ContentType,
    /// Labelled a document, and none.
    #[error("the document: {0}")]
    Document(#[from] ParseError),
    /// The document has no id to confirm.
    #[error("the document has no id")]
    NoId,
    /// The document has the id of another.
    #[error("the document at {url} has the id {id}")]
    OtherId {
        /// What it says.
        id: IriBuf,
        /// Where it was.
        url: IriBuf,
    },
    /// WebFinger leads to no actor.
    #[error(transparent)]
    Lookup(#[from] LookupError),
}

impl FetchError {
    /// Whether the host says that there is no such thing, or no longer: 404 and 410.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        match self {
            Self::Status(status) => matches!(*status, StatusCode::NOT_FOUND | StatusCode::GONE),
            Self::Lookup(error) => matches!(error, LookupError::NotFound | LookupError::Gone),
            _ => false,
        }
    }

    /// Whether the same question may be answered later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Client(error) => error.is_transient(),
            Self::Waiting | Self::Deferred(_) | Self::Budget(_) => true,
            Self::Status(status) => {
                status.is_server_error()
                    || matches!(*status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
            }
            Self::Lookup(error) => error.is_transient(),
            _ => false,
        }
    }
}
