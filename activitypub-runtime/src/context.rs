//! [`Context`]: a unit of work, and what can be done in one.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use activitypub_core::{
    Accept, Activity, Actor, As, Builder, Follow, Iri, IriBuf, Is, Item, Kind, Object, Reject, Typed, Undo,
    kind,
};

use crate::delivery::{Class, Delivery, Recipient};
use crate::error::{HereFault, PeerFault, Result};
use crate::federation::Federation;
use crate::fetch::{Budget, Fetched};
use crate::local::Local;
use crate::outbox::{Outgoing, Recipients};
use crate::store::{FollowState, Follower, Following, LocalObject, OutboxEntry, Unit};

/// A unit of work on behalf of a local actor.
///
/// What is staged here (activities, follows, rows of the application) happens all at once when the handler, or the
/// closure given to [`Federation::work`], returns `Ok`; after `Err` nothing of it happens. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    federation: Federation,
    local: Local,
    work: Arc<Work>,
}

struct Work {
    now: SystemTime,
    unit: Mutex<Option<Unit>>,
    budget: tokio::sync::Mutex<Budget>,
    sender: Option<IriBuf>,
    undone: Option<Undone>,
}

/// The activity that an Undo takes back, as it was received. Its actor is the one who undoes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "made by transitions")]
pub struct Undone {
    /// Its id.
    pub id: IriBuf,
    /// Its type.
    pub kind: String,
    /// What it was done to.
    pub object: Option<IriBuf>,
}

impl Context {
    pub(crate) fn new(federation: Federation, local: Local, unit: Unit, now: SystemTime) -> Self {
        let budget = tokio::sync::Mutex::new(Budget::new());
        let work = Work { now, unit: Mutex::new(Some(unit)), budget, sender: None, undone: None };
        Self { federation, local, work: Arc::new(work) }
    }

    /// A context for an activity that arrived, with what is left of its budget.
    pub(crate) fn received(
        federation: Federation,
        local: Local,
        unit: Unit,
        now: SystemTime,
        budget: Budget,
        sender: &Iri,
        undone: Option<Undone>,
    ) -> Self {
        let unit = Mutex::new(Some(unit));
        let budget = tokio::sync::Mutex::new(budget);
        let work = Work { now, unit, budget, sender: Some(sender.to_owned()), undone };
        Self { federation, local, work: Arc::new(work) }
    }

    /// Takes what was staged; nothing can be staged any more.
    pub(crate) fn finish(&self) -> Option<Unit> {
        self.work.unit.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The name of the local actor this is done for.
    pub fn actor(&self) -> &str {
        &self.local.name
    }

    /// The id of the local actor this is done for.
    pub fn actor_id(&self) -> &Iri {
        &self.local.id
    }

    /// The federation this happens in.
    pub fn federation(&self) -> &Federation {
        &self.federation
    }

    /// When this unit of work began.
    pub fn now(&self) -> SystemTime {
        self.work.now
    }

    /// The document of the actor whose activity is being handled, from the cache or from its server.
    ///
    /// # Errors
    /// When no activity is being handled, or the document is not to be had.
    pub async fn sender(&self) -> Result<Object> {
        let sender = self.work.sender.as_deref().ok_or(PeerFault::NotFound)?;
        self.actor_document(sender).await
    }

    /// In a handler of Undo: the activity that is undone, which is one that arrived here from the same actor. `None` where
    /// none of its id did; then the Undo says itself what was done, in an embedded object without an id.
    pub fn undone(&self) -> Option<&Undone> {
        self.work.undone.as_ref()
    }

    /// Publishes an activity: it goes into the actor's outbox and to everybody it is addressed to. What it cannot do
    /// without is filled in; a Create and its object share their addressing. Returns its id.
    ///
    /// # Errors
    /// When it names another actor than this one, or an id on another server.
    pub async fn publish<K: Is<Activity> + Kind>(&self, activity: Builder<K>) -> Result<IriBuf> {
        let (outgoing, recipients) = self.seal(Typed::into_object(activity.build()))?;
        let mut to = self.inboxes(&recipients).await?;
        to.extend(recipients.actors.into_iter().map(Recipient::Actor));
        let id = outgoing.id.clone();
        self.stage(|unit| {
            if outgoing.kind == "Update" {
                // What it said before is not to be read any more.
                unit.withdraw(outgoing.about.clone());
            }
            unit.append_outbox(OutboxEntry {
                local: self.local.name.clone(),
                id: outgoing.id.clone(),
                object: outgoing.object.as_ref().map(|object| object.id.clone()),
                public: outgoing.is_public,
                body: outgoing.body.clone(),
            });
            self.stage_object(unit, &outgoing);
            unit.deliver(self.delivery(outgoing, to));
        })?;
        Ok(id)
    }

    /// Sends an activity to one actor, whomever it is addressed to, and to nobody else. It is addressed to them if it
    /// is addressed to nobody. Returns its id.
    ///
    /// # Errors
    /// When it names another actor than this one, or an id on another server.
    pub async fn send<K: Is<Activity> + Kind>(&self, to: &Iri, activity: Builder<K>) -> Result<IriBuf> {
        self.send_to(to, Recipient::Actor(to.to_owned()), Typed::into_object(activity.build()))
    }

    /// Sends an activity to whoever did `activity`, like [`send`](Self::send).
    ///
    /// # Errors
    /// When it names another actor than this one, or an id on another server.
    pub async fn reply<A, K: Is<Activity> + Kind>(
        &self,
        activity: &As<A>,
        reply: Builder<K>,
    ) -> Result<IriBuf> {
        self.send(actor_of(activity)?, reply).await
    }

    /// Accepts a Follow: whoever sent it is a follower from now on, and is told so. ActivityPub §7.5.
    ///
    /// # Errors
    /// When the document of the follower is not to be had, or names no inbox.
    pub async fn accept(&self, follow: &Follow) -> Result<()> {
        self.put_follower(follow, true).await?;
        let accept = Accept::builder().object(bare(follow)?);
        self.reply(follow, accept).await.map(drop)
    }

    /// Rejects a Follow, or ends one that was accepted before. ActivityPub §7.7.
    ///
    /// # Errors
    /// None but those of [`reply`](Self::reply).
    pub async fn reject(&self, follow: &Follow) -> Result<()> {
        let follower = actor_of(follow)?;
        self.stage(|unit| unit.remove_follower(&self.local.name, follower))?;
        let reject = Reject::builder().object(bare(follow)?);
        self.reply(follow, reject).await.map(drop)
    }

    /// Accepts somebody who has asked to follow and was made to wait, since the actor approves its followers. Nothing
    /// happens if nobody of this id waits.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn approve(&self, follower: &Iri) -> Result<()> {
        let waiting = self.federation.store().follower(&self.local.name, follower).await?;
        let Some(waiting) = waiting.filter(|waiting| !waiting.accepted) else { return Ok(()) };
        self.stage(|unit| unit.accept_follower(&self.local.name, follower))?;
        let follow = Follow::builder().id(&waiting.follow).actor(follower).object(&self.local.id);
        let accept = Accept::builder().object(follow);
        self.send_to(follower, Recipient::Inbox(waiting.inbox), Typed::into_object(accept.build())).map(drop)
    }

    /// Asks to follow an actor. It is followed once it accepts.
    ///
    /// # Errors
    /// When the document of the actor is not to be had, or names no inbox on its server.
    pub async fn follow(&self, actor: &Iri) -> Result<()> {
        // Whoever is to be followed may be asked for by another address.
        let document = self.fetch(actor).await?.document;
        let target = document.id().ok_or(PeerFault::Missing("id"))?.to_owned();
        let inbox = inbox_of(&document)?;
        let follow = Follow::builder().object(&target).to(&target);
        let id =
            self.send_to(&target, Recipient::Inbox(inbox.clone()), Typed::into_object(follow.build()))?;
        let local = self.local.name.clone();
        self.stage(|unit| {
            unit.put_following(Following { local, target, inbox, follow: id, state: FollowState::Pending });
        })
    }

    /// Ends following an actor, or takes back the wish to. Nothing happens if there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unfollow(&self, actor: &Iri) -> Result<()> {
        let Some(following) = self.federation.store().following(&self.local.name, actor).await? else {
            return Ok(());
        };
        let follow = Follow::builder().id(&following.follow).actor(&self.local.id).object(&following.target);
        let undo = Undo::builder().object(follow).to(&following.target);
        let inbox = Recipient::Inbox(following.inbox.clone());
        self.send_to(&following.target, inbox, Typed::into_object(undo.build()))?;
        self.stage(|unit| unit.remove_following(&self.local.name, &following.target))
    }

    /// Pins an object to the actor's profile: puts it into its `featured` collection.
    ///
    /// # Errors
    /// When the unit of work is over.
    pub fn feature(&self, object: &Iri) -> Result<()> {
        self.stage(|unit| unit.feature(&self.local.name, object))
    }

    /// Takes an object out of the actor's `featured` collection.
    ///
    /// # Errors
    /// When the unit of work is over.
    pub fn unfeature(&self, object: &Iri) -> Result<()> {
        self.stage(|unit| unit.unfeature(&self.local.name, object))
    }

    /// Fetches a document, whose id may be another than the one asked for, within the budget of this unit of work: twenty requests, 4 MiB, 30 seconds.
    ///
    /// # Errors
    /// When it is not to be had, or is not what its address says.
    pub async fn fetch(&self, id: &Iri) -> Result<Fetched> {
        let mut budget = self.work.budget.lock().await;
        Ok(self.federation.inner().fetcher.fetch(id, &mut budget).await?)
    }

    /// Stages rows of the application's own, written in the same transaction as everything else; its error undoes
    /// everything else too.
    ///
    /// # Errors
    /// When the unit of work is over.
    pub fn write(
        &self,
        write: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<()> {
        self.stage(|unit| unit.write(write))
    }

    /// Whether a person decides who may follow the local actor.
    pub(crate) fn approves_followers(&self) -> bool {
        self.local.approves_followers()
    }

    /// Notes who wants to follow, as a follower or as one who waits to be.
    pub(crate) async fn put_follower(&self, follow: &Follow, accepted: bool) -> Result<()> {
        let document = self.sender().await?;
        let actor: &Actor = Typed::of(&document);
        let follow_id = follow.id().ok_or(PeerFault::Missing("id"))?.to_owned();
        let follower = Follower {
            local: self.local.name.clone(),
            id: actor_of(follow)?.to_owned(),
            inbox: inbox_of(&document)?,
            shared_inbox: actor
                .shared_inbox()
                .filter(|inbox| inbox.origin() == actor.id().and_then(Iri::origin))
                .map(ToOwned::to_owned),
            follow: follow_id,
            accepted,
        };
        self.stage(|unit| unit.put_follower(follower))
    }

    pub(crate) fn stage<T>(&self, stage: impl FnOnce(&mut Unit) -> T) -> Result<T> {
        let mut unit = self.work.unit.lock().unwrap_or_else(PoisonError::into_inner);
        unit.as_mut().map(stage).ok_or_else(|| HereFault::WorkIsOver.into())
    }

    fn send_to(&self, to: &Iri, recipient: Recipient, mut activity: Object) -> Result<IriBuf> {
        if ["to", "cc", "bto", "bcc", "audience"].iter().all(|term| activity.member(term).is_none()) {
            activity.insert("to", vec![to.as_str()]);
        }
        let (outgoing, _) = self.seal(activity)?;
        let id = outgoing.id.clone();
        self.stage(|unit| {
            self.stage_object(unit, &outgoing);
            unit.deliver(self.delivery(outgoing, vec![recipient]));
        })?;
        Ok(id)
    }

    fn seal(&self, activity: Object) -> Result<(Outgoing, Recipients)> {
        let locals = &self.federation.inner().locals;
        let (outgoing, recipients) =
            Outgoing::seal(activity, &self.local, self.work.now, |under| self.federation.new_id(under))?;
        if locals.path_of(&outgoing.id).is_none() {
            return Err(HereFault::NotOurId(outgoing.id).into());
        }
        Ok((outgoing, recipients))
    }

    /// The inboxes of the followers, if they are meant; one for each server that has a shared inbox.
    async fn inboxes(&self, recipients: &Recipients) -> Result<Vec<Recipient>> {
        const AT_ONCE: usize = 5000;
        let mut inboxes = Vec::new();
        if recipients.followers {
            let mut after = None;
            loop {
                let page = self.federation.store().follower_inboxes(&self.local.name, after, AT_ONCE).await?;
                after = page.last().cloned();
                let is_last = page.len() < AT_ONCE;
                inboxes.extend(page.into_iter().map(Recipient::Inbox));
                if is_last {
                    break;
                }
            }
        }
        Ok(inboxes)
    }

    /// Keeps an object that is published here, unless the application serves it itself; or that it is gone.
    fn stage_object(&self, unit: &mut Unit, outgoing: &Outgoing) {
        let inner = self.federation.inner();
        match outgoing.kind.as_str() {
            "Create" | "Update" => {
                let Some(object) = &outgoing.object else { return };
                let path = inner.locals.path_of(&object.id);
                if path.is_some_and(|path| inner.is_kept(path)) {
                    unit.put_object(LocalObject {
                        id: object.id.clone(),
                        local: self.local.name.clone(),
                        kind: object.kind.clone(),
                        body: object.body.clone(),
                    });
                }
            }
            "Delete" if inner.locals.path_of(&outgoing.about).is_some() => {
                unit.delete_object(outgoing.about.clone());
            }
            _ => {}
        }
    }

    fn delivery(&self, outgoing: Outgoing, to: Vec<Recipient>) -> Delivery {
        Delivery {
            activity: outgoing.id,
            body: outgoing.body,
            local: self.local.name.clone(),
            order: outgoing.about,
            class: Class::of(&outgoing.kind),
            to,
        }
    }

    async fn actor_document(&self, id: &Iri) -> Result<Object> {
        let mut budget = self.work.budget.lock().await;
        self.federation.inner().actors.find(id, self.work.now, &mut budget).await
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("actor", &self.local.id).field("sender", &self.work.sender).finish()
    }
}

/// Who did an activity.
pub(crate) fn actor_of<K>(activity: &As<K>) -> Result<&Iri> {
    let activity: &Activity = Typed::of(activity.as_object());
    let actor = activity.actor().only().and_then(Item::id);
    Ok(actor.ok_or(PeerFault::Missing("actor"))?)
}

/// The inbox of an actor. One on another server is none: whoever says so would have us send there, in our name and
/// for as long as it fails.
pub(crate) fn inbox_of(document: &Object) -> Result<IriBuf> {
    let actor: &Actor = Typed::of(document);
    let id = actor.id().ok_or(PeerFault::Missing("id"))?;
    let inbox = actor.inbox().ok_or(PeerFault::Missing("inbox"))?;
    if inbox.origin().is_none() || inbox.origin() != id.origin() {
        return Err(PeerFault::ForeignInbox { inbox: inbox.to_owned(), actor: id.to_owned() }.into());
    }
    Ok(inbox.to_owned())
}

/// A Follow as it is answered: what identifies it, and nothing else that a stranger may have written there.
fn bare(follow: &Follow) -> Result<Builder<kind::Follow>> {
    let object = follow.object().only().and_then(Item::id).ok_or(PeerFault::Missing("object"))?;
    let bare = Follow::builder().actor(actor_of(follow)?).object(object);
    Ok(match follow.id() {
        Some(id) => bare.id(id),
        None => bare,
    })
}
