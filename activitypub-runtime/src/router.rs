//! What a request asks the federation for, and its answer. Knows no web framework.
//!
//! ActivityPub §3.2 (objects), §5 (collections), §7 (inboxes); RFC 7033 (WebFinger); NodeInfo.

use std::borrow::Cow;

use activitypub_core::{
    Audience, Iri, Object, OrderedCollection, OrderedCollectionPage, Tombstone, Value, Visibility,
};
use activitypub_webfinger::nodeinfo::{self, NodeInfo};
use activitypub_webfinger::{self as webfinger, Jrd, Link, Query, Resource, host_meta};
use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST, RETRY_AFTER, VARY};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};

use crate::error::{Error, NetworkFault, PeerFault, Result};
use crate::federation::Federation;
use crate::inbox;
use crate::keys::KeyError;
use crate::local::Local;
use crate::negotiate::{ACTIVITY_JSON, wants_activity};
use crate::objects::Served;

/// Where the document of NodeInfo is.
const NODEINFO: &str = "/nodeinfo/2.1";

/// Where activities of everybody may be sent.
const SHARED_INBOX: &str = "/inbox";

/// How many items are on a page of a collection.
const PAGE: usize = 20;

const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

impl Federation {
    /// Whether a request is for the federation rather than for the application's pages, as far as can be told without
    /// its body: everything that only federation knows, and what else the client wants as ActivityPub.
    ///
    /// With `alone` there are no pages, and `Accept` does not matter.
    pub(crate) fn is_asked(&self, parts: &Parts, alone: bool) -> bool {
        let path = parts.uri.path();
        if is_own(path) {
            return true;
        }
        let inner = self.inner();
        match inner.locals.name_of_path(path) {
            Some((_, Some("inbox" | "outbox" | "followers" | "following" | "featured"))) => true,
            Some((_, Some(_))) => inner.objects.serves(path) && self.speaks(parts, alone),
            _ => self.speaks(parts, alone),
        }
    }

    fn speaks(&self, parts: &Parts, alone: bool) -> bool {
        (alone || wants_activity(&parts.headers))
            && (parts.method == Method::GET || parts.method == Method::HEAD)
    }

    /// Answers a request that is [for the federation](Self::is_asked).
    pub(crate) async fn answer(&self, mut parts: Parts, body: Bytes) -> Response<Bytes> {
        if self.inner().behind_proxy
            && let Some(host) = parts.headers.remove(X_FORWARDED_HOST)
        {
            parts.headers.insert(HOST, host);
        }
        let answered = match parts.method {
            Method::POST => self.post(&parts, body).await,
            Method::GET | Method::HEAD => self.get(&parts).await,
            _ => Ok(not_allowed()),
        };
        answered.unwrap_or_else(|error| problem(&error))
    }

    async fn post(&self, parts: &Parts, body: Bytes) -> Result<Response<Bytes>> {
        let path = parts.uri.path();
        let inbox = match self.inner().locals.name_of_path(path) {
            _ if path == SHARED_INBOX => None,
            Some((name, Some("inbox"))) => {
                Some(self.inner().locals.find(&name).await?.ok_or(PeerFault::NotFound)?)
            }
            _ => return Ok(not_allowed()),
        };
        inbox::receive(self, inbox, parts, body).await?;
        Ok(respond(StatusCode::ACCEPTED, None, Bytes::new()))
    }

    async fn get(&self, parts: &Parts) -> Result<Response<Bytes>> {
        let path = parts.uri.path();
        let query = parts.uri.query().unwrap_or_default();
        match path {
            webfinger::PATH => return self.webfinger(query).await,
            host_meta::PATH => return Ok(jrd(&host_meta::document(self.origin()))),
            nodeinfo::PATH => return Ok(jrd(&nodeinfo::links(self.origin().url(NODEINFO).to_string()))),
            NODEINFO => return self.nodeinfo().await,
            SHARED_INBOX => return Ok(not_allowed()),
            _ => {}
        }
        let locals = &self.inner().locals;
        if let Some((name, rest)) = locals.name_of_path(path) {
            let local = locals.find(&name).await?;
            match (local, rest) {
                (Some(local), None) => return Ok(activity(&locals.document(&local).await?)),
                (Some(_), Some("inbox")) => return Ok(not_allowed()),
                (Some(local), Some(which)) => {
                    if let Some(collection) = self.collection(&local, which, query).await? {
                        return Ok(activity(&collection));
                    }
                }
                (None, _) => {}
            }
        }
        self.object(path).await
    }

    async fn webfinger(&self, query: &str) -> Result<Response<Bytes>> {
        let locals = &self.inner().locals;
        let query = match Query::parse(query, self.origin()) {
            Ok(query) => query,
            Err(error) => return Ok(problem_of(StatusCode::BAD_REQUEST, &error.to_string())),
        };
        let name = match &query.resource {
            Resource::Acct(acct) if acct.origin() == self.origin() => Some(acct.user().to_owned()),
            Resource::Acct(_) => None,
            Resource::Uri(uri) => locals.name_of_id(uri),
        };
        let local = match name {
            Some(name) => locals.find(&name).await?,
            None => None,
        };
        let local = local.ok_or(PeerFault::NotFound)?;
        let profile_page = Link::to("http://webfinger.net/rel/profile-page", local.page());
        let answer = Jrd::of_actor(&locals.handle(&local)?, local.id.clone())
            .with_link(profile_page.media_type("text/html"));
        Ok(jrd(&query.select(answer)))
    }

    async fn nodeinfo(&self) -> Result<Response<Bytes>> {
        let (name, version) = &self.inner().software;
        let mut nodeinfo = NodeInfo::new(name, version);
        nodeinfo.usage.users.total = self.inner().locals.count();
        let body = nodeinfo.to_json().into();
        Ok(respond(StatusCode::OK, Some(HeaderValue::from_static(nodeinfo::CONTENT_TYPE)), body))
    }

    /// A collection of an actor, or a page of it.
    async fn collection(&self, local: &Local, which: &str, query: &str) -> Result<Option<Object>> {
        let page = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "page");
        let before: Option<Option<i64>> = match page.map(|(_, value)| value) {
            None => None,
            Some(Cow::Borrowed("true" | "1")) => Some(None),
            Some(text) => Some(Some(text.parse().map_err(|_| PeerFault::NotFound)?)),
        };
        let store = self.store();
        let id = local.collection(which);
        let total = match which {
            "outbox" => store.outbox_count(&local.name).await?,
            "followers" => store.follower_count(&local.name).await?,
            "following" => store.following_count(&local.name).await?,
            "featured" => {
                let featured = store.featured(&local.name).await?;
                let total = featured.len() as u64;
                let collection =
                    OrderedCollection::builder().id(&id).total_items(total).ordered_items(featured);
                return Ok(Some(activitypub_core::Typed::into_object(collection.build())));
            }
            _ => return Ok(None),
        };
        let Some(before) = before else {
            let first = format!("{id}?page=true");
            let collection = OrderedCollection::builder().id(&id).total_items(total).first(first);
            return Ok(Some(activitypub_core::Typed::into_object(collection.build())));
        };
        let (items, next): (Vec<Value>, _) = match which {
            "outbox" => {
                let page = store.outbox(&local.name, before, PAGE).await?;
                let items = page.items.into_iter().filter_map(|entry| Object::parse(&entry.body).ok());
                (items.map(Value::Object).collect(), page.next)
            }
            "followers" => {
                let page = store.followers(&local.name, before, PAGE).await?;
                (page.items.into_iter().map(|follower| Value::from(follower.id)).collect(), page.next)
            }
            _ => {
                let page = store.followings(&local.name, before, PAGE).await?;
                (page.items.into_iter().map(|following| Value::from(following.target)).collect(), page.next)
            }
        };
        let this = before.map_or_else(|| format!("{id}?page=true"), |before| format!("{id}?page={before}"));
        let mut page = OrderedCollectionPage::builder().id(this).part_of(&id).total_items(total);
        if let Some(next) = next {
            page = page.next(format!("{id}?page={next}"));
        }
        let mut page = activitypub_core::Typed::into_object(page.build());
        page.insert("orderedItems", Value::Array(items));
        Ok(Some(page))
    }

    /// An object or activity, from the application or from the store. What is not for everybody is not there.
    async fn object(&self, path: &str) -> Result<Response<Bytes>> {
        let id = self.origin().url(path).to_string();
        let stored = self.store().object(Iri::new(&id)).await?;
        if let Some(found) = self.inner().objects.find(path).await {
            match found? {
                Served::Found(object) => {
                    return Ok(if is_public(&object) { activity(&object) } else { missing() });
                }
                Served::Gone => return Ok(tombstone(&id, None)),
                // What the application deleted may be forgotten there, but is remembered here.
                Served::Missing => {}
            }
        }
        if let Some(stored) = stored {
            return Ok(match stored.state {
                crate::store::ObjectState::Live(body) => match Object::parse(&body) {
                    Ok(object) if is_public(&object) => served(body),
                    _ => missing(),
                },
                crate::store::ObjectState::Gone(_) => tombstone(&id, Some(&stored.kind)),
            });
        }
        match self.store().outbox_entry(Iri::new(&id)).await? {
            Some(entry) if entry.public => Ok(served(entry.body)),
            _ => Ok(missing()),
        }
    }
}

/// Paths that only federation knows.
fn is_own(path: &str) -> bool {
    matches!(path, webfinger::PATH | host_meta::PATH | nodeinfo::PATH | NODEINFO | SHARED_INBOX)
        || path.strip_prefix("/activities/").is_some_and(|rest| !rest.contains('/'))
}

fn is_public(object: &Object) -> bool {
    matches!(Audience::of(object).visibility(None), Visibility::Public | Visibility::Unlisted)
}

fn activity(object: &Object) -> Response<Bytes> {
    // Whatever the application left in it, bto and bcc are nobody's business.
    let mut object = object.clone();
    object.strip_blind();
    served(object.to_json().into())
}

fn served(body: Bytes) -> Response<Bytes> {
    let mut response = respond(StatusCode::OK, Some(HeaderValue::from_static(ACTIVITY_JSON)), body);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    response
}

fn jrd(jrd: &Jrd) -> Response<Bytes> {
    let content_type = HeaderValue::from_static(webfinger::CONTENT_TYPE);
    let mut response = respond(StatusCode::OK, Some(content_type), jrd.to_json().into());
    let (name, value) = webfinger::CORS;
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

fn tombstone(id: &str, kind: Option<&str>) -> Response<Bytes> {
    let mut tombstone = Tombstone::builder().id(id);
    if let Some(kind) = kind.filter(|kind| !kind.is_empty()) {
        tombstone = tombstone.former_type(kind);
    }
    let body = tombstone.build().to_json().into();
    respond(StatusCode::GONE, Some(HeaderValue::from_static(ACTIVITY_JSON)), body)
}

fn missing() -> Response<Bytes> {
    problem(&PeerFault::NotFound.into())
}

fn not_allowed() -> Response<Bytes> {
    let mut response =
        problem_of(StatusCode::METHOD_NOT_ALLOWED, "an inbox is for posting to, everything else for getting");
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}

/// The answer to a request that was not done: RFC 9457, the reason in the words of the error. What failed here is
/// nobody else's business.
pub(crate) fn problem(error: &Error) -> Response<Bytes> {
    let status = error.status();
    let detail = match error {
        Error::Here(_) => "something failed here".to_owned(),
        // What another server or our own network says is between them and us.
        Error::Peer(PeerFault::Key(KeyError::Fetch(_) | KeyError::Lately { .. }))
        | Error::Network(NetworkFault::Key(_)) => "the key cannot be read".to_owned(),
        Error::Network(NetworkFault::Fetch(_)) => "a document cannot be read".to_owned(),
        Error::Refused(refused) => refused.public_reason(),
        error => with_sources(error),
    };
    let mut response = problem_of(status, &detail);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}

/// What went wrong, and what was wrong underneath.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

fn problem_of(status: StatusCode, detail: &str) -> Response<Bytes> {
    let mut problem = Object::new();
    problem.insert("title", status.canonical_reason().unwrap_or_default());
    problem.insert("status", u64::from(status.as_u16()));
    problem.insert("detail", detail);
    respond(status, Some(HeaderValue::from_static("application/problem+json")), problem.to_json().into())
}

fn respond(status: StatusCode, content_type: Option<HeaderValue>, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    if let Some(content_type) = content_type {
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    response
}
