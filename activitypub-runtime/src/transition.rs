//! Who may do what: an object belongs to its owner, a Follow to its two ends. What an activity changes in the books
//! of the federation is staged here; the store decides by the owner it has on record, never by what the activity says
//! of one. ActivityPub §7.

use activitypub_core::{Accept, Activity, Actor, Any, Follow, Iri, Item, Object, Reject, Timestamp, Update};
use activitypub_sig::{Verified, danger};

use crate::context::{Context, Undone, actor_of};
use crate::error::{PeerFault, Result};
use crate::federation::Federation;
use crate::fetch::Budget;
use crate::handler::Handlers;
use crate::local::Local;
use crate::store::{Answer, RemoteObject, Unit};

/// Sees to it that a Create or Update carries its object: one that is only named is fetched from its server, one that
/// is on another server than its author is refused.
pub(crate) async fn complete(
    federation: &Federation,
    activity: Verified<Activity>,
    budget: &mut Budget,
) -> Result<Verified<Activity>> {
    if !matches!(Any::from(activity.as_object()), Any::Create(_) | Any::Update(_)) {
        return Ok(activity);
    }
    let actor = actor_of(&activity)?;
    let object = activity.object().only().ok_or(PeerFault::Missing("object"))?;
    if let Some(object) = object.object() {
        may_speak_for(actor, object)?;
    }
    let Some(id) = object.id() else {
        // Without an id it lives and dies with the activity (ActivityPub §3.1).
        return Ok(activity);
    };
    if id.origin().is_none() || id.origin() != actor.origin() {
        return Err(PeerFault::ForeignObject { object: id.to_owned(), actor: actor.to_owned() }.into());
    }
    let is_news = activity.is::<Update>() && id != actor && federation.store().owner_of(id).await?.is_none();
    if object.object().is_some() && !is_news {
        return Ok(activity);
    }
    // Of what is only named, and of changes to what was never seen here, its own server knows best.
    let fetched = federation.inner().fetcher.fetch(id, budget).await?;
    if *fetched.id != *id {
        return Err(PeerFault::ForeignObject { object: fetched.id, actor: actor.to_owned() }.into());
    }
    may_speak_for(actor, &fetched.document)?;
    Ok(danger::embed(&activity, fetched.document.into_object()))
}

/// An object is its author's: who is said to have made it is who made this activity, and nobody of another server
/// beside (PeerTube names the channel beside the account). An actor is its own.
fn may_speak_for(actor: &Iri, object: &Object) -> Result<()> {
    let id = match (object.member("id"), object.id()) {
        (Some(_), None) => return Err(PeerFault::Missing("object with an id that is a string").into()),
        (_, id) => id,
    };
    let authors = object.attributed_to();
    let is_author = authors.is_empty()
        || authors.ids().any(|author| author == actor)
            && authors.ids().all(|author| author.origin() == actor.origin());
    let is_somebody = object.is::<Actor>() || object.member("publicKey").is_some();
    if id == Some(actor) || is_author && !is_somebody {
        return Ok(());
    }
    let object = id.unwrap_or_else(|| Iri::new("an object without an id")).to_owned();
    Err(PeerFault::NotOwner { object, actor: actor.to_owned() }.into())
}

/// What of an Undo was received before.
pub(crate) async fn undone(federation: &Federation, activity: &Activity) -> Result<Option<Undone>> {
    let Any::Undo(undo) = Any::from(activity.as_object()) else { return Ok(None) };
    let Some(id) = undo.object().only().and_then(Item::id) else { return Ok(None) };
    let seen = federation.store().sight(id, actor_of(activity)?).await?;
    Ok(seen.map(|seen| Undone { id: id.to_owned(), kind: seen.kind, object: seen.object }))
}

/// What a handler gets of an Undo of something that never arrived under its id: what it says was done, which its actor
/// may say of itself, and no id, which could be that of somebody else's. Some servers make up a new id for it.
pub(crate) fn without_unknown(activity: Verified<Activity>, undone: Option<&Undone>) -> Verified<Activity> {
    let Any::Undo(undo) = Any::from(activity.as_object()) else { return activity };
    match (undone, undo.object().only().and_then(Item::object)) {
        (None, Some(object)) => {
            let mut object = object.clone();
            object.remove("id");
            danger::embed(&activity, object)
        }
        _ => activity,
    }
}

/// Whether an activity is about nothing that is known here to be its actor's: an Undo of what was never done, a Delete
/// of what was never made. It is noted, lest what it takes back arrives late, and otherwise nobody's business.
pub(crate) async fn is_moot(
    federation: &Federation,
    activity: &Activity,
    undone: Option<&Undone>,
) -> Result<bool> {
    Ok(match Any::from(activity.as_object()) {
        // One that is repeated in full says what it was, by whatever id.
        Any::Undo(undo) => undone.is_none() && undo.object().objects().next().is_none(),
        Any::Delete(delete) => match delete.object().only().and_then(Item::id) {
            Some(id) if id != actor_of(activity)? => federation.store().owner_of(id).await?.is_none(),
            _ => false,
        },
        _ => false,
    })
}

/// Stages what an activity changes in the books.
pub(crate) async fn stage(
    federation: &Federation,
    activity: &Activity,
    local: &Local,
    unit: &mut Unit,
) -> Result<()> {
    let actor = actor_of(activity)?;
    let any = Any::from(activity.as_object());
    if matches!(any, Any::Create(_) | Any::Update(_) | Any::Delete(_)) {
        // The store decides this again when it writes; here it keeps handlers from what is not so.
        for id in activity.object().ids() {
            if federation.store().owner_of(id).await?.is_some_and(|owner| *owner != *actor) {
                return Err(PeerFault::NotOwner { object: id.to_owned(), actor: actor.to_owned() }.into());
            }
        }
    }
    match any {
        Any::Create(create) => {
            let object = create.object().first().and_then(Item::object);
            if let Some(remote) = object.and_then(|object| remote(actor, object)) {
                unit.create_remote(remote);
            }
        }
        Any::Update(update) => {
            let object = update.object().first().and_then(Item::object);
            let remote = object.and_then(|object| remote(actor, object));
            if let Some(remote) = remote.filter(|remote| *remote.id != *actor) {
                unit.update_remote(remote);
            }
        }
        Any::Delete(delete) => {
            let id = delete.object().only().and_then(Item::id).ok_or(PeerFault::Missing("object"))?;
            if id == actor {
                unit.forget_actor(actor.to_owned());
            } else {
                unit.delete_remote(id.to_owned(), actor.to_owned());
            }
        }
        Any::Undo(undo) => {
            let object = undo.object().only().ok_or(PeerFault::Missing("object"))?;
            if let Some(id) = object.id() {
                unit.undo(id.to_owned(), actor.to_owned());
            }
            if let Some(followed) = unfollowed(federation, object, actor).await? {
                unit.remove_follower(&followed, actor);
            }
        }
        Any::Follow(follow) => {
            let followed = follow.object().only().and_then(Item::id).ok_or(PeerFault::Missing("object"))?;
            if *followed != *local.id {
                return Err(PeerFault::NobodyHere(followed.to_owned()).into());
            }
        }
        _ => {}
    }
    if activity.is::<Accept>() || activity.is::<Reject>() {
        answered(federation, activity.object().first(), actor, activity.is::<Accept>(), unit).await?;
    }
    Ok(())
}

/// Answers a Follow that no handler was asked to answer: it is accepted, unless a person is to decide.
pub(crate) async fn answer(context: &Context, activity: &Activity, handlers: &Handlers) -> Result<()> {
    let Any::Follow(follow) = Any::from(activity.as_object()) else { return Ok(()) };
    if handlers.has("Follow") {
        return Ok(());
    }
    if context.approves_followers() {
        context.put_follower(follow, false).await
    } else {
        context.accept(follow).await
    }
}

/// Drops what is cached of an actor who changed or deleted itself.
pub(crate) async fn forget(federation: &Federation, activity: &Activity, actor: &Iri) -> Result<()> {
    let changed = matches!(Any::from(activity.as_object()), Any::Update(_) | Any::Delete(_))
        && activity.object().ids().any(|id| id == actor);
    if changed {
        federation.inner().keys.forget(actor);
        federation.inner().actors.forget(actor).await?;
    }
    Ok(())
}

fn remote(actor: &Iri, object: &Object) -> Option<RemoteObject> {
    Some(RemoteObject {
        id: object.id()?.to_owned(),
        owner: actor.to_owned(),
        kind: object.types().next().unwrap_or_default().to_owned(),
        updated: object.updated().or_else(|| object.published()).map(Timestamp::into),
    })
}

/// Who here is no longer followed by an Undo of this: by the Follow that was received, or by what the Undo says of it
/// where its id was never seen.
async fn unfollowed(federation: &Federation, object: Item<'_>, actor: &Iri) -> Result<Option<String>> {
    let locals = &federation.inner().locals;
    let seen = match object.id() {
        Some(id) => federation.store().sight(id, actor).await?,
        None => None,
    };
    let followed = match seen {
        Some(seen) if seen.kind == "Follow" => seen.object,
        Some(_) => None,
        None => {
            let follow = object.of::<Follow>();
            follow.and_then(|follow| follow.object().only()?.id()).map(ToOwned::to_owned)
        }
    };
    Ok(followed.and_then(|followed| locals.name_of_id(&followed)))
}

/// An answer to a Follow of ours. Anything else that can be accepted or rejected is the application's business.
async fn answered(
    federation: &Federation,
    object: Option<Item<'_>>,
    actor: &Iri,
    accepted: bool,
    unit: &mut Unit,
) -> Result<()> {
    let Some(object) = object else { return Err(PeerFault::Missing("object").into()) };
    let following = match object.id() {
        Some(id) => federation.store().following_by_follow(id).await?,
        None => None,
    };
    let (local, follow) = match (following, object.of::<Follow>()) {
        (Some(following), _) => (following.local, object.id().map(ToOwned::to_owned)),
        // Some servers leave out the id of the Follow they answer.
        (None, Some(follow)) => {
            let asker = follow.actor().only().and_then(Item::id);
            match asker.and_then(|asker| federation.inner().locals.name_of_id(asker)) {
                Some(local) => (local, None),
                None => return Err(PeerFault::Unasked(actor.to_owned()).into()),
            }
        }
        (None, None) => return Ok(()),
    };
    unit.answer_following(Answer { local, target: actor.to_owned(), follow, accepted });
    Ok(())
}
