//! The inbox, top to bottom: limits, headers, digest, policy before the signature, key, signature, envelope,
//! repetition, policy, dispatch. ActivityPub §5.2, §7.
//!
//! Each step is cheaper than the next or can only be done after the one before; what a step finds wrong ends the
//! request, and nothing of it is left.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use activitypub_core::{Activity, Delete, Iri, IriBuf, Item, Object, Parsed, Value, vocab};
use activitypub_sig::{Authentic, Candidate, Refusal, Verified, danger};
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http::request::Parts;

use crate::context::{Context, actor_of};
use crate::error::{Error, HereFault, PeerFault, Result};
use crate::federation::Federation;
use crate::fetch::{Budget, FetchError};
use crate::gate::Verdict;
use crate::keys::KeyError;
use crate::local::Local;
use crate::negotiate;
use crate::store::{Committed, DeadLetter, Sight, Unit};
use crate::transition;

/// How many bytes an activity may have.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// Takes in an activity that was posted to the inbox of `inbox`, or to the shared one.
///
/// `Ok` means that it is done with: it had its effect, or it had it before, or nothing had to be done.
pub(crate) async fn receive(
    federation: &Federation,
    inbox: Option<Local>,
    parts: &Parts,
    body: Bytes,
) -> Result<()> {
    let now = SystemTime::now();
    if body.len() > MAX_BODY {
        return Err(PeerFault::TooLarge { limit: MAX_BODY }.into());
    }
    let content_type =
        parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !negotiate::is_activity(content_type) {
        return Err(PeerFault::MediaType(content_type.chars().take(100).collect()).into());
    }

    let inner = federation.inner();
    let candidate = Candidate::parse(parts, body.clone(), &inner.origin)?;
    candidate.is_timely(now)?;
    let key_id = candidate.key_id().to_owned();
    let document = Parsed::parse(body).map_err(Refusal::Document)?;
    match inner.gate.preauth(&key_id, &document).await? {
        Verdict::Pass | Verdict::Hold => {}
        Verdict::Drop => return Ok(()),
    }

    let mut budget = Budget::new();
    let activity = match authenticate(federation, &candidate, &key_id, now, &mut budget).await {
        Ok(authentic) => authentic.of_document::<Activity>(document)?,
        Err(Error::Peer(PeerFault::Key(error))) if error.is_gone() => {
            let Some(actor) = deletes_itself(&document, &key_id) else {
                return Err(PeerFault::Key(error).into());
            };
            // Whoever is gone has no key any more, but a server that says so (ActivityPub §6.4). One that only does
            // not find them says nothing.
            match inner.fetcher.fetch(&actor, &mut budget).await {
                Err(FetchError::Status(StatusCode::GONE)) => {}
                _ => return Ok(()),
            }
            danger::assume::<Activity>(document).ok_or(PeerFault::Missing("type"))?
        }
        Err(error) => return Err(error),
    };
    let kind = kind_of(&activity)?;
    check_counts(&activity)?;
    let id = activity.id().ok_or(PeerFault::Missing("id"))?.to_owned();
    let _turn = inner.turns.take(&id).await;
    let actor = actor_of(&activity)?.to_owned();
    if inner.store.sight(&id, &actor).await?.is_some() {
        return Ok(());
    }
    if let Some(origin) = id.origin() {
        inner.store.wake(&origin, now).await?;
    }
    match inner.gate.receive(&activity).await? {
        Verdict::Pass => {}
        Verdict::Hold => {
            // Seen, so that it is held once however often it comes.
            let mut unit = Unit::at(now);
            unit.first_sight(sight(&activity, &id, &actor, &kind));
            return match inner.store.commit(unit).await? {
                Committed::Done => {
                    bury(federation, &activity, &id, "held for review by policy".to_owned(), now).await
                }
                _ => Ok(()),
            };
        }
        Verdict::Drop => return Ok(()),
    }
    dispatch(federation, inbox, activity, Named { id, kind, actor }, now, budget).await
}

/// Fetches the key and verifies. What does not verify with a key from the cache is tried once more with a fresh one:
/// keys rotate, and the new one may be of another kind.
async fn authenticate(
    federation: &Federation,
    candidate: &Candidate,
    key_id: &Iri,
    now: SystemTime,
    budget: &mut Budget,
) -> Result<Authentic> {
    let keys = &federation.inner().keys;
    let key = keys.find(key_id, budget).await?;
    match candidate.verify(&key, now) {
        Err(refusal @ (Refusal::SignatureMismatch(_) | Refusal::AlgorithmMismatch { .. })) => {
            match keys.refresh(key_id, budget).await {
                Ok(fresh) if fresh.public() != key.public() => Ok(candidate.verify(&fresh, now)?),
                Ok(_) | Err(KeyError::Fresh) => Err(refusal.into()),
                Err(error) => Err(error.into()),
            }
        }
        other => Ok(other?),
    }
}

/// The one type of Activity Streams that an activity is of, or else the first it names.
fn kind_of(activity: &Activity) -> Result<String> {
    let vocabulary = &vocab::as2::VOCABULARY;
    let is_declared = |name: &&str| vocabulary.types.iter().any(|of| of.name == *name);
    let mut declared = activity.types().map(|name| vocabulary.local_name(name)).filter(is_declared);
    match (declared.next(), declared.next()) {
        (Some(_), Some(_)) => {
            Err(PeerFault::SeveralTypes(activity.types().take(4).collect::<Vec<_>>().join(", ")).into())
        }
        (Some(kind), None) => Ok(kind.to_owned()),
        _ => Ok(activity.types().next().unwrap_or_default().to_owned()),
    }
}

/// One activity must not make unbounded work: each address is looked up, each mention told, each answer counted.
fn check_counts(activity: &Activity) -> Result<()> {
    const LIMITS: [(&str, usize); 9] = [
        ("to", 1000),
        ("cc", 1000),
        ("bto", 1000),
        ("bcc", 1000),
        ("audience", 1000),
        ("tag", 500),
        ("attachment", 64),
        ("oneOf", 64),
        ("anyOf", 64),
    ];
    for object in std::iter::once(activity.as_object()).chain(activity.object().objects()) {
        for (property, limit) in LIMITS {
            let count = object.member(property).and_then(Value::as_array).map_or(0, <[Value]>::len);
            if count > limit {
                return Err(PeerFault::TooMany { property, count, limit }.into());
            }
        }
    }
    Ok(())
}

/// Who of the owner's server deleted itself, if that is what a document says that nobody vouches for.
fn deletes_itself(document: &Object, key_id: &Iri) -> Option<IriBuf> {
    let delete = document.cast::<Delete>()?;
    let actor = delete.actor().only()?.id()?;
    let object = delete.object().only()?.id()?;
    let origin = actor.origin()?;
    let is_theirs =
        Some(&origin) == key_id.origin().as_ref() && Some(&origin) == delete.id()?.origin().as_ref();
    (actor == object && is_theirs).then(|| actor.to_owned())
}

/// What an activity is called, what it is, and whose.
struct Named {
    id: IriBuf,
    kind: String,
    actor: IriBuf,
}

async fn dispatch(
    federation: &Federation,
    inbox: Option<Local>,
    activity: Verified<Activity>,
    Named { id, kind, actor }: Named,
    now: SystemTime,
    mut budget: Budget,
) -> Result<()> {
    let inner = federation.inner();
    let activity = transition::complete(federation, activity, &mut budget).await?;
    let local = addressee(federation, inbox, &activity).await?;

    let mut unit = Unit::at(now);
    unit.first_sight(sight(&activity, &id, &actor, &kind));
    let undone = transition::undone(federation, &activity).await?;
    let is_moot = transition::is_moot(federation, &activity, undone.as_ref()).await?;
    transition::stage(federation, &activity, &local, &mut unit).await?;
    let activity = transition::without_unknown(activity, undone.as_ref());
    let context = Context::received(federation.clone(), local, unit, now, budget, &actor, undone);
    let handled = async {
        transition::answer(&context, &activity, &inner.handlers).await?;
        if is_moot {
            return Ok(());
        }
        inner.handlers.dispatch(context.clone(), &activity).await
    };
    let handled = handled.await;
    // From here on nothing can be staged, whatever the handler left running.
    let unit = context.finish();
    match handled {
        Ok(()) => {}
        Err(error @ Error::Here(_)) => {
            tracing::error!(%id, %error, "a handler failed");
            bury(federation, &activity, &id, error.to_string(), now).await?;
            return Err(error);
        }
        Err(error) => return Err(error),
    }

    let unit = unit.ok_or(HereFault::WorkIsOver)?;
    match inner.store.commit(unit).await? {
        Committed::NotTheirs => {
            let object = activity.object().first().and_then(Item::id).unwrap_or(&id).to_owned();
            Err(PeerFault::NotOwner { object, actor }.into())
        }
        Committed::Unasked => Err(PeerFault::Unasked(id).into()),
        // Seen before, of something deleted, or overtaken by something newer: nothing is left to do.
        _ => {
            transition::forget(federation, &activity, &actor).await?;
            Ok(())
        }
    }
}

/// That an activity was seen.
fn sight(activity: &Activity, id: &Iri, actor: &Iri, kind: &str) -> Sight {
    Sight {
        id: id.to_owned(),
        actor: actor.to_owned(),
        kind: kind.to_owned(),
        object: activity.object().first().and_then(Item::id).map(ToOwned::to_owned),
    }
}

/// For whom of those who live here an activity is: the owner of the inbox; else who is followed, addressed or replied
/// to; else the only actor there is.
async fn addressee(federation: &Federation, inbox: Option<Local>, activity: &Activity) -> Result<Local> {
    let locals = &federation.inner().locals;
    let object = activity.object().objects().next();
    let about = activity.object().ids();
    let addressed = activity.to().ids().chain(activity.cc().ids());
    let replied = object.into_iter().flat_map(|object: &Object| object.in_reply_to().ids());
    let named: Vec<String> =
        about.chain(addressed).chain(replied).filter_map(|id| locals.name_of_id(id)).take(10).collect();
    if let Some(local) = inbox {
        return Ok(local);
    }
    for name in named {
        if let Some(local) = locals.find(&name).await? {
            return Ok(local);
        }
    }
    locals.expect(locals.only().unwrap_or_else(|| locals.server_name())).await
}

/// Keeps an activity that nothing came of, so that somebody can look at it.
async fn bury(
    federation: &Federation,
    activity: &Verified<Activity>,
    id: &Iri,
    error: String,
    at: SystemTime,
) -> Result<()> {
    let letter = DeadLetter {
        activity: id.to_owned(),
        actor: actor_of(activity)?.to_owned(),
        body: activity.bytes().clone(),
        error,
        at,
    };
    Ok(federation.inner().store.bury(letter).await?)
}

/// Sees to it that what arrives several times at once is handled by one after the other.
#[derive(Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<IriBuf, Arc<tokio::sync::Mutex<()>>>>>);

/// The turn of one request; the next one's comes when it is dropped.
pub(crate) struct Turn {
    turns: Arc<Mutex<HashMap<IriBuf, Arc<tokio::sync::Mutex<()>>>>>,
    id: IriBuf,
    guard: Option<tokio::sync::OwnedMutexGuard<()>>,
}

impl Turns {
    async fn take(&self, id: &Iri) -> Turn {
        let waiting = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            turns.entry(id.to_owned()).or_default().clone()
        };
        let guard = waiting.lock_owned().await;
        Turn { turns: self.0.clone(), id: id.to_owned(), guard: Some(guard) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard = None;
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // The map holds one; whoever waits holds another.
        if turns.get(&self.id).is_some_and(|waiting| Arc::strong_count(waiting) == 1) {
            turns.remove(&self.id);
        }
    }
}
