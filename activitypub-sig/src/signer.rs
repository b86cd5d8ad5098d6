//! [`Signer`]: an actor's key, and the name that others know it by.

use std::time::{SystemTime, UNIX_EPOCH};

use activitypub_core::{Iri, IriBuf, Origin};
use http::header::{AUTHORIZATION, DATE, HOST};
use http::{HeaderName, HeaderValue, request};

use crate::digest::{Body, CONTENT_DIGEST, DIGEST};
use crate::error::{Refusal, SignError};
use crate::http::{Dialect, Message, SIGNATURE, SIGNATURE_INPUT, cavage, needs_digest, rfc9421, wire_target};
use crate::key::PrivateKey;

/// Signs requests for one actor.
#[derive(Clone, Debug)]
pub struct Signer {
    key_id: IriBuf,
    key: PrivateKey,
}

impl Signer {
    /// A signer whose key the actor publishes under `key_id`. Some servers want a `#` in it:
    /// `https://…/users/ada#main-key`.
    pub fn new(key_id: IriBuf, key: PrivateKey) -> Self {
        Self { key_id, key }
    }

    /// The id of the key.
    pub fn key_id(&self) -> &Iri {
        &self.key_id
    }

    /// Signs a request to the absolute URI in `parts`.
    ///
    /// This sets Host, Date, the digest of the body, and the signature, and replaces what the request had of
    /// them: a retry is signed afresh, and so is a second try in the other dialect. Content-Type is signed if
    /// it is there. After this, nothing of the request may change.
    ///
    /// # Errors
    ///
    /// If the URI has no host, key id or Content-Type cannot stand in a header, or the key operation fails.
    pub fn sign(
        &self,
        parts: &mut request::Parts,
        body: &[u8],
        dialect: Dialect,
        now: SystemTime,
    ) -> Result<(), SignError> {
        let origin = origin(&parts.uri)?;
        // A header could be split by a quotation mark or a line end in the key id.
        if self.key_id.as_str().bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'"' || byte == b'\\')
        {
            return Err(SignError::KeyId(self.key_id.clone()));
        }
        let created = now.duration_since(UNIX_EPOCH).map_err(|_| SignError::Time)?.as_secs();
        // `fmt_http_date` does not go beyond the year 9999.
        if created >= 253_402_300_800 {
            return Err(SignError::Time);
        }
        for stale in [SIGNATURE, SIGNATURE_INPUT, DIGEST, CONTENT_DIGEST, AUTHORIZATION] {
            parts.headers.remove(stale);
        }
        set(parts, HOST, origin.authority())?;
        set(parts, DATE, &httpdate::fmt_http_date(now))?;
        if needs_digest(&parts.method, body) {
            let mut body = Body::new(body);
            match dialect {
                Dialect::Cavage => set(parts, DIGEST, &body.digest())?,
                Dialect::Rfc9421 => set(parts, CONTENT_DIGEST, &body.content_digest())?,
            }
        }
        let uri = parts.uri.clone();
        let target = wire_target(&uri);
        let message = Message::outgoing(parts, &target, &origin);
        match dialect {
            Dialect::Cavage => {
                let signature = cavage::sign(&message, self.key_id.as_str(), &self.key)?;
                set(parts, SIGNATURE, &signature)
            }
            Dialect::Rfc9421 => {
                let (input, signature) = rfc9421::sign(&message, self.key_id.as_str(), &self.key, created)?;
                set(parts, SIGNATURE_INPUT, &input)?;
                set(parts, SIGNATURE, &signature)
            }
        }
    }
}

/// Where a request goes.
fn origin(uri: &http::Uri) -> Result<Origin, SignError> {
    let origin =
        uri.scheme_str().zip(uri.authority()).map(|(scheme, authority)| format!("{scheme}://{authority}"));
    origin
        .and_then(|origin| Origin::parse(&origin).ok())
        .ok_or_else(|| SignError::RelativeUri(uri.to_string().into()))
}

fn set(parts: &mut request::Parts, name: HeaderName, value: &str) -> Result<(), SignError> {
    let value = HeaderValue::from_str(value).map_err(|_| SignError::Field(Refusal::NotText(name.clone())))?;
    parts.headers.insert(name, value);
    Ok(())
}
