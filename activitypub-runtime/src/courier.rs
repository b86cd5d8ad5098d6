//! The courier: how one delivery leaves, signed at the last moment and through the guarded client.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use activitypub_core::{Iri, IriBuf};
use activitypub_sig::Dialect;
use async_trait::async_trait;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, Request};

use crate::client::{Limits, target};
use crate::context::inbox_of;
use crate::delivery::{self, Outcome};
use crate::federation::Inner;
use crate::fetch::Budget;
use crate::gate::Verdict;
use crate::negotiate::ACTIVITY_JSON;

/// Carries deliveries out in the name of the actors of a federation.
pub(crate) struct Courier {
    inner: Arc<Inner>,
}

impl Courier {
    pub(crate) fn new(inner: Arc<Inner>) -> Self {
        Self { inner }
    }

    async fn send(
        &self,
        inbox: &Iri,
        local: &str,
        body: &Bytes,
        dialect: Dialect,
    ) -> Result<Outcome, String> {
        let uri = match target(inbox) {
            Ok(uri) => uri,
            Err(error) => return Ok(Outcome::Refused(error.to_string())),
        };
        match self.inner.gate.deliver(inbox).await {
            Ok(Verdict::Pass) => {}
            Ok(_) => return Ok(Outcome::Refused("policy sends nothing there".to_owned())),
            Err(error) if error.is_transient() => return Ok(Outcome::Slow { retry_after: None }),
            Err(error) => return Ok(Outcome::Refused(error.to_string())),
        }
        let local = self.inner.locals.expect(local).await.map_err(|error| error.to_string())?;
        let key = self.inner.locals.signer(&local).await.map_err(|error| error.to_string())?;

        let mut request = Request::new(body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(ACTIVITY_JSON));
        let (mut parts, body) = request.into_parts();
        // An RSA signature takes a third of a millisecond: short enough to be made where it is needed.
        let now = SystemTime::now();
        key.signer.sign(&mut parts, &body, dialect, now).map_err(|error| error.to_string())?;

        let request = Request::from_parts(parts, body);
        Ok(match self.inner.client.send(request, &Limits::DELIVERY).await {
            Ok(response) => {
                let retry_after =
                    response.headers().get(RETRY_AFTER).and_then(|value| retry_after(value, now));
                Outcome::of_response(response.status().as_u16(), retry_after, response.body())
            }
            Err(error) if error.is_transient() => Outcome::Unreachable(error.to_string()),
            Err(error) => Outcome::Refused(error.to_string()),
        })
    }
}

#[async_trait]
impl delivery::Courier for Courier {
    async fn post(&self, inbox: &Iri, local: &str, body: &Bytes, dialect: Dialect) -> Outcome {
        self.send(inbox, local, body, dialect).await.unwrap_or_else(Outcome::Unsendable)
    }

    async fn inbox_of(&self, actor: &Iri, _local: &str) -> Result<IriBuf, Outcome> {
        match self.inner.actors.find(actor, SystemTime::now(), &mut Budget::new()).await {
            Ok(document) => inbox_of(&document).map_err(|error| Outcome::Refused(error.to_string())),
            Err(error) if error.is_transient() => Err(Outcome::Unreachable(error.to_string())),
            Err(error) => Err(Outcome::Refused(error.to_string())),
        }
    }
}

/// `Retry-After`, in seconds or as a date (RFC 9110 §10.2.3).
fn retry_after(value: &HeaderValue, now: SystemTime) -> Option<Duration> {
    let value = value.to_str().ok()?.trim();
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => httpdate::parse_http_date(value).ok()?.duration_since(now).ok(),
    }
}
