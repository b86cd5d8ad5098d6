//! From a handle to its actor, as a state machine without I/O: it asks for requests and is given responses.
//!
//! A handle is only as good as the agreement of three: the host of the handle, which names the actor; the actor, which
//! claims a handle; and the host of the actor, which must lead to the same handle where it is another host. A
//! [`Lookup`] hears the first, [`Found::confirm`] the other two.
//!
//! <https://www.rfc-editor.org/rfc/rfc7033#section-4>, <https://swicg.github.io/activitypub-webfinger/>

use activitypub_core::{Iri, IriBuf, Object, Origin};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Request, Response, StatusCode};
use thiserror::Error;
use url::Url;

use crate::{Acct, AcctError, Jrd, JrdError, host_meta};

/// How many redirects one lookup follows, all its requests together.
pub const MAX_REDIRECTS: u8 = 3;

/// The lookup of one handle.
///
/// It speaks https and nothing else (http and nothing else when the handle was [made](Acct::new) with an http origin, on
/// loopback), so there is no downgrade by a redirect, a template or a subject. At most 3 redirects, one detour by
/// host-meta and one hop to another host are made; the caller's client must follow no redirects by itself.
///
/// ```
/// use activitypub_webfinger::{Acct, Lookup, Step};
/// # use bytes::Bytes;
/// # fn send(request: http::Request<()>) -> http::Response<Bytes> {
/// #     assert_eq!(request.uri(), "https://example.org/.well-known/webfinger?resource=acct%3Aada%40example.org");
/// #     http::Response::builder().header("content-type", "application/jrd+json").body(Bytes::from_static(br#"{
/// #         "subject": "acct:ada@example.org",
/// #         "links": [{"rel": "self", "type": "application/activity+json", "href": "https://example.org/users/ada"}]
/// #     }"#)).unwrap()
/// # }
///
/// let mut lookup = Lookup::of(&Acct::parse("@ada@example.org")?);
/// let found = loop {
///     match lookup.step()? {
///         Step::Send(request) => lookup.receive(send(request)),
///         Step::Found(found) => break found,
///     }
/// };
/// assert_eq!(found.actor, "https://example.org/users/ada");
/// // Now fetch the actor, and ask it: found.confirm(&actor)?
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Lookup {
    asked: Acct,
    /// Whom the next descriptor must be about: the one asked for, then the subject its host named instead.
    subject: Acct,
    redirects_left: u8,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Waiting for the response to a request for this URL.
    Asking(Document, Url),
    Over(Result<Found, LookupError>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Document {
    WebFinger,
    HostMeta,
    /// A descriptor where host-meta said it would be.
    Detour,
}

/// What a lookup wants next.
#[derive(Debug)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a lookup wants a response or nothing, and its caller handles both"
)]
pub enum Step {
    /// This sent, and its response [received](Lookup::receive).
    Send(Request<()>),
    /// Nothing: this is what it found.
    Found(Found),
}

impl Lookup {
    /// Begins the lookup of a handle.
    #[must_use]
    pub fn of(acct: &Acct) -> Self {
        Self {
            asked: acct.clone(),
            subject: acct.clone(),
            redirects_left: MAX_REDIRECTS,
            state: webfinger_url(acct)
                .map_or_else(|error| State::Over(Err(error)), |url| State::Asking(Document::WebFinger, url)),
        }
    }

    /// What is to be done next; the same until a response is received.
    ///
    /// # Errors
    /// When the handle leads to no actor.
    pub fn step(&self) -> Result<Step, LookupError> {
        match &self.state {
            State::Asking(_, url) => request(url).map(Step::Send),
            State::Over(outcome) => outcome.clone().map(Step::Found),
        }
    }

    /// Takes the response to the last request. Its body need not be longer than [`MAX_BYTES`](crate::MAX_BYTES).
    #[expect(clippy::needless_pass_by_value, reason = "a response is received once")]
    pub fn receive(&mut self, response: Response<Bytes>) {
        let State::Asking(document, url) = &self.state else {
            return;
        };
        self.state = match self.next(*document, url, &response) {
            Ok(Next::Ask(document, url)) => State::Asking(document, url),
            Ok(Next::Redirected(document, url)) => match self.redirects_left.checked_sub(1) {
                Some(left) => {
                    self.redirects_left = left;
                    State::Asking(document, url)
                }
                None => State::Over(Err(LookupError::Redirects)),
            },
            Ok(Next::AskHostOf(subject)) => match webfinger_url(&subject) {
                Ok(url) => {
                    self.subject = subject;
                    State::Asking(Document::WebFinger, url)
                }
                Err(error) => State::Over(Err(error)),
            },
            Ok(Next::Found(found)) => State::Over(Ok(found)),
            Err(error) => State::Over(Err(error)),
        };
    }

    fn next(&self, document: Document, url: &Url, response: &Response<Bytes>) -> Result<Next, LookupError> {
        match response.status() {
            StatusCode::OK => match document {
                Document::WebFinger | Document::Detour => self.descriptor(&read(response)?),
                Document::HostMeta => {
                    // Whatever else stands there, a page for people as a rule, the host did not know the handle.
                    let host_meta = read(response).map_err(|_| LookupError::NotFound)?;
                    let template =
                        host_meta::descriptor_url(&host_meta, &self.subject).ok_or(LookupError::NotFound)?;
                    Ok(Next::Ask(Document::Detour, self.follow(None, &template)?))
                }
            },
            StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT => {
                let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
                Ok(Next::Redirected(document, self.follow(Some(url), location.ok_or(LookupError::Url)?)?))
            }
            StatusCode::NOT_FOUND if document == Document::WebFinger => {
                Ok(Next::Ask(Document::HostMeta, url_of(&self.subject.origin().url(host_meta::PATH))?))
            }
            status if document == Document::HostMeta && status.is_client_error() => {
                Err(LookupError::NotFound)
            }
            StatusCode::NOT_FOUND => Err(LookupError::NotFound),
            StatusCode::GONE => Err(LookupError::Gone),
            status => Err(LookupError::Status(status)),
        }
    }

    fn descriptor(&self, jrd: &Jrd) -> Result<Next, LookupError> {
        let subject = match &jrd.subject {
            // The host was asked for one handle, and answered.
            None => self.subject.clone(),
            Some(subject) => {
                Acct::parse_beside(subject, self.asked.origin()).map_err(LookupError::Subject)?
            }
        };
        if subject != self.subject {
            let first_hop = self.subject == self.asked;
            return if first_hop {
                Ok(Next::AskHostOf(subject))
            } else {
                Err(LookupError::Disagree(Box::new(subject)))
            };
        }
        match jrd.actor() {
            Some(actor) => {
                let origin = actor.origin().ok_or(LookupError::NoActor)?;
                self.allow(&origin)?;
                Ok(Next::Found(Found { subject, actor: actor.to_owned(), asked: self.asked.clone() }))
            }
            None if jrd.actors().next().is_some() => Err(LookupError::ManyActors),
            None => Err(LookupError::NoActor),
        }
    }

    /// The URL that a host named, if it may be asked.
    fn follow(&self, base: Option<&Url>, reference: &str) -> Result<Url, LookupError> {
        // `Url` would mend these; a host that needs it is not worth an answer that other readers give differently.
        if reference.contains(['\\', '\t', '\r', '\n']) {
            return Err(LookupError::Url);
        }
        let mut url = Url::options().base_url(base).parse(reference).map_err(|_| LookupError::Url)?;
        url.set_fragment(None);
        self.allow(&Iri::new(url.as_str()).origin().ok_or(LookupError::Url)?)?;
        Ok(url)
    }

    /// No downgrade, and no way from a public name to a private one.
    fn allow(&self, target: &Origin) -> Result<(), LookupError> {
        let start = self.asked.origin();
        if target.scheme() != start.scheme() {
            return Err(LookupError::Scheme);
        }
        if start.is_public_name() && !target.is_public_name() {
            return Err(LookupError::Private);
        }
        Ok(())
    }
}

enum Next {
    Ask(Document, Url),
    Redirected(Document, Url),
    AskHostOf(Acct),
    Found(Found),
}

/// What a host says about a handle: not yet what is so, see [`confirm`](Self::confirm).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// The handle in the form its host prefers.
    pub subject: Acct,
    /// The id of its actor.
    pub actor: IriBuf,
    /// The handle that was asked for and led here.
    asked: Acct,
}

impl Found {
    /// Confirms the handle from the side of the actor, which the caller has fetched by [its id](Self::actor).
    ///
    /// Where an actor lives on another host than its handle and does not name the handle itself (FEP-2c59), the actor's
    /// own host must lead to the handle as well; [`ConfirmError::Ask`] then carries the handle whose lookup settles it.
    ///
    /// # Errors
    /// When the actor is another, or claims another handle.
    pub fn confirm(&self, actor: &Object) -> Result<Handle, ConfirmError> {
        if actor.id() != Some(&*self.actor) {
            return Err(ConfirmError::OtherActor);
        }
        let claim = Acct::claimed_by(actor)?;
        if claim == self.subject || claim == self.asked {
            return Ok(Handle { acct: self.subject.clone(), actor: self.actor.clone() });
        }
        if actor.member("webfinger").is_none() && claim.origin() != self.subject.origin() {
            return Err(ConfirmError::Ask(Box::new(claim)));
        }
        Err(ConfirmError::OtherHandle(Box::new(claim)))
    }
}

/// A handle on which its host and its actor agree. Made by [`Found::confirm`] only.
///
/// It names an actor to people. It carries no authority: who may do what is decided by ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Handle {
    acct: Acct,
    actor: IriBuf,
}

impl Handle {
    /// The handle.
    #[must_use]
    pub fn acct(&self) -> &Acct {
        &self.acct
    }

    /// The id of its actor.
    #[must_use]
    pub fn actor(&self) -> &Iri {
        &self.actor
    }
}

/// Why a handle leads to no actor.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LookupError {
    /// Neither WebFinger nor host-meta knows the handle.
    #[error("the host does not know this handle")]
    NotFound,
    /// The host says that the account is gone (410).
    #[error("the account is gone")]
    Gone,
    /// Any other answer.
    #[error("the host answered {0}")]
    Status(StatusCode),
    /// The answer is not `application/jrd+json` or `application/json`.
    #[error("the answer is no JSON Resource Descriptor by its content type")]
    ContentType,
    /// The answer is labelled a descriptor and is none.
    #[error("the descriptor: {0}")]
    Descriptor(#[from] JrdError),
    /// More than [`MAX_REDIRECTS`].
    #[error("the host redirects more than {MAX_REDIRECTS} times")]
    Redirects,
    /// A redirect or a template leads to no URL with a sound host.
    #[error("the host leads to something that is no URL")]
    Url,
    /// A redirect, a template or the actor's link changes the scheme.
    #[error("the host leads from https to something else")]
    Scheme,
    /// A public host leads to an IP address or a local name.
    #[error("the host leads to an address that is not public")]
    Private,
    /// The subject is no handle.
    #[error("the subject of the descriptor: {0}")]
    Subject(AcctError),
    /// The host that was named as the subject's own names yet another subject.
    #[error("the host of the subject names another subject, {0}")]
    Disagree(Box<Acct>),
    /// No `self` link of an ActivityStreams type.
    #[error("the descriptor links no actor")]
    NoActor,
    /// `self` links of an ActivityStreams type that lead to different places.
    #[error("the descriptor links more than one actor")]
    ManyActors,
}

impl LookupError {
    /// Whether asking again later may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Status(status) if status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS)
    }
}

/// Why an actor does not confirm a handle.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ConfirmError {
    /// The document's id is not, byte for byte, where the handle leads.
    #[error("the handle leads to another actor than this")]
    OtherActor,
    /// The actor claims another handle.
    #[error("the actor claims another handle, {0}")]
    OtherHandle(Box<Acct>),
    /// The actor claims no handle.
    #[error("{0}")]
    NoHandle(#[from] AcctError),
    /// The actor lives on another host: look this handle up too, and confirm what that finds.
    #[error("the actor's own host must confirm the handle: ask for {0}")]
    Ask(Box<Acct>),
}

fn webfinger_url(acct: &Acct) -> Result<Url, LookupError> {
    let mut url = url_of(&acct.origin().url(crate::PATH))?;
    url.query_pairs_mut().append_pair("resource", &acct.to_string());
    Ok(url)
}

fn url_of(iri: &Iri) -> Result<Url, LookupError> {
    Url::parse(iri.as_str()).map_err(|_| LookupError::Url)
}

fn request(url: &Url) -> Result<Request<()>, LookupError> {
    let mut request = Request::new(());
    *request.uri_mut() = url.as_str().parse().map_err(|_| LookupError::Url)?;
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/jrd+json, application/json"));
    Ok(request)
}

fn read(response: &Response<Bytes>) -> Result<Jrd, LookupError> {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    if !essence.is_some_and(|it| {
        it.eq_ignore_ascii_case(crate::CONTENT_TYPE) || it.eq_ignore_ascii_case("application/json")
    }) {
        return Err(LookupError::ContentType);
    }
    Ok(Jrd::parse(response.body())?)
}
