//! [`Candidate`]: a signed request whose signer is not known yet.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use activitypub_core::{Iri, IriBuf, Origin};
use bytes::Bytes;
use http::request;

use crate::digest::{Body, CONTENT_DIGEST, DIGEST};
use crate::error::Refusal;
use crate::http::{Claim, Dialect, Message, cavage, needs_digest, rfc9421};
use crate::owner::OwnedKey;
use crate::verified::{Authentic, HttpSignature};

/// A request that says who signed it. Everything that can be checked without the key has been:
///
/// - it is for us, and no field that decides anything is there twice;
/// - its signature covers method, path and query, host, and the time of signing, and with a body the digest
///   of that body;
/// - every digest in it is the digest of these bytes.
///
/// What is left is to find the key that [`key_id`](Self::key_id) names, to have its owner
/// [confirmed](OwnedKey::confirm), and to [`verify`](Self::verify).
///
/// A request of HTTP Message Signatures (RFC 9421) has a `Signature-Input` field; without one, it is read as
/// the draft before it. Several signatures by RFC 9421 are tried in turn, as long as they name one key.
#[derive(Debug)]
pub struct Candidate {
    dialect: Dialect,
    key_id: IriBuf,
    claims: Vec<Claim>,
    body: Bytes,
}

impl Candidate {
    /// Reads the signature of a request that arrived at `origin`, and holds the body to its digest.
    ///
    /// `origin` is the server's own, by configuration: a Host field that names another is refused, whatever a
    /// proxy or the sender meant by it. The target in `parts` must be the one that came over the wire, not
    /// what a router left of it.
    ///
    /// # Errors
    ///
    /// If the request is unsigned, its signature is malformed or unsupported or covers too little, the body
    /// is not what the digest says, or the request is for somebody else.
    pub fn parse(parts: &request::Parts, body: Bytes, origin: &Origin) -> Result<Self, Refusal> {
        let message = Message::incoming(parts, origin)?;
        let with_digest = needs_digest(message.method, &body);
        let (dialect, claims) = match rfc9421::parse(&message)? {
            Some(claims) => (Dialect::Rfc9421, usable(claims, with_digest)?),
            None => {
                let claim = cavage::parse(&message)?.ok_or(Refusal::Unsigned)?;
                (Dialect::Cavage, usable(vec![Ok(claim)], with_digest)?)
            }
        };
        let key_id = one_key(&claims)?;
        let mut hashed = Body::new(&body);
        if let Some(digest) = message.text(&DIGEST)? {
            hashed.check_digest(digest)?;
        }
        if let Some(digest) = message.text(&CONTENT_DIGEST)? {
            hashed.check_content_digest(digest)?;
        }
        Ok(Self { dialect, key_id, claims, body })
    }

    /// The id of the key that is said to have signed the request.
    pub fn key_id(&self) -> &Iri {
        &self.key_id
    }

    /// How the request is signed.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether a signature of the request could be good at `now`, within the [usual](Window::DEFAULT) hours:
    /// what is known before anybody is asked for the key.
    ///
    /// # Errors
    ///
    /// If every signature is too old, expired, or from the future.
    pub fn is_timely(&self, now: SystemTime) -> Result<(), Refusal> {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let mut checked = self.claims.iter().map(|claim| check_times(claim, now, Window::DEFAULT));
        let first = checked.next().unwrap_or(Err(Refusal::Unsigned));
        if checked.any(|other| other.is_ok()) { Ok(()) } else { first }
    }

    /// Verifies that the owner of `key` sent this request, within the [usual](Window::DEFAULT) hours around
    /// `now`.
    ///
    /// # Errors
    ///
    /// If the key is not the one that the request names, the request is too old or from the future, or the
    /// key did not sign it.
    pub fn verify(&self, key: &OwnedKey, now: SystemTime) -> Result<Authentic, Refusal> {
        self.verify_within(key, now, Window::DEFAULT)
    }

    /// [Verifies](Self::verify) with a window of one's own.
    ///
    /// # Errors
    ///
    /// As for [`verify`](Self::verify).
    pub fn verify_within(
        &self,
        key: &OwnedKey,
        now: SystemTime,
        window: Window,
    ) -> Result<Authentic, Refusal> {
        if *self.key_id != *key.id() {
            return Err(Refusal::OtherKey { named: self.key_id.clone(), given: key.id().to_owned() });
        }
        let mut first_flaw = None;
        for claim in &self.claims {
            match verify_claim(claim, key, now, window) {
                Ok(signed_at) => {
                    let signature = HttpSignature {
                        dialect: self.dialect,
                        key_id: self.key_id.clone(),
                        owner: key.owner().to_owned(),
                        signed_at,
                    };
                    return Ok(Authentic::new(signature, self.body.clone()));
                }
                Err(flaw) => _ = first_flaw.get_or_insert(flaw),
            }
        }
        Err(first_flaw.unwrap_or(Refusal::Unsigned))
    }
}

/// How old a signature may be, and how far ahead of our clock.
///
/// ```
/// use std::time::Duration;
/// use activitypub_sig::Window;
///
/// let strict = Window::new(Duration::from_secs(3600), Duration::from_secs(300));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    past: Duration,
    future: Duration,
}

impl Window {
    /// Twelve hours back and one ahead: what Mastodon documents, and wide enough for clocks and queues as
    /// they are.
    ///
    /// It is wide, and may be: what a replayed delivery says was said, and an inbox takes every activity id
    /// once. An `expires` that the sender put into the signature holds besides, to the second.
    pub const DEFAULT: Self = Self::new(Duration::from_secs(12 * 3600), Duration::from_secs(3600));

    /// A window of so much time before now and after now.
    pub const fn new(past: Duration, future: Duration) -> Self {
        Self { past, future }
    }

    fn check(self, signed: u64, now: u64) -> Result<(), Refusal> {
        let (age, lead) = (now.saturating_sub(signed), signed.saturating_sub(now));
        if age > self.past.as_secs() {
            Err(Refusal::Stale { seconds: age })
        } else if lead > self.future.as_secs() {
            Err(Refusal::Future { seconds: lead })
        } else {
            Ok(())
        }
    }
}

impl Default for Window {
    fn default() -> Self {
        Self::DEFAULT
    }
}

fn verify_claim(
    claim: &Claim,
    key: &OwnedKey,
    now: SystemTime,
    window: Window,
) -> Result<SystemTime, Refusal> {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    check_times(claim, now, window)?;
    let key_type = key.public().algorithm();
    if let Some(named) = claim.key_type.filter(|&named| named != key_type) {
        return Err(Refusal::AlgorithmMismatch { named, key: key_type });
    }
    key.public()
        .verify(claim.base.as_bytes(), &claim.signature)
        .map_err(|_| Refusal::SignatureMismatch(key.id().to_owned()))?;
    let signed = claim.times.created.or(claim.times.date).unwrap_or(now);
    Ok(UNIX_EPOCH.checked_add(Duration::from_secs(signed)).unwrap_or(UNIX_EPOCH))
}

/// Every time that the signature covers must hold; where it covers two, an attacker has no choice between
/// them.
fn check_times(claim: &Claim, now: u64, window: Window) -> Result<(), Refusal> {
    for signed in [claim.times.created, claim.times.date].into_iter().flatten() {
        window.check(signed, now)?;
    }
    match claim.times.expires.and_then(|expires| now.checked_sub(expires)) {
        Some(seconds @ 1..) => Err(Refusal::Expired { seconds }),
        _ => Ok(()),
    }
}

/// The signatures that are worth a look at their key; if there is none, what is wrong with the first.
fn usable(claims: Vec<Result<Claim, Refusal>>, with_digest: bool) -> Result<Vec<Claim>, Refusal> {
    let mut good = Vec::with_capacity(claims.len());
    let mut first_flaw = None;
    for claim in claims {
        match claim.and_then(|claim| claim.covered.check(with_digest).map(|()| claim)) {
            Ok(claim) => good.push(claim),
            Err(flaw) => _ = first_flaw.get_or_insert(flaw),
        }
    }
    if good.is_empty() { Err(first_flaw.unwrap_or(Refusal::Unsigned)) } else { Ok(good) }
}

/// The one key that all signatures name.
fn one_key(claims: &[Claim]) -> Result<IriBuf, Refusal> {
    let mut keys = claims.iter().map(|claim| &*claim.key_id);
    let first = keys.next().ok_or(Refusal::Unsigned)?;
    if let Some(other) = keys.find(|other| *other != first) {
        return Err(Refusal::SeveralKeys(first.into(), other.into()));
    }
    match Iri::new(first).origin() {
        Some(_) => Ok(first.into()),
        None => Err(Refusal::KeyId(first.into())),
    }
}
