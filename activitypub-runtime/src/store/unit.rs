//! A unit of work: what one activity, or one act of the application, changes. All of it happens, or none.

use std::fmt;
use std::time::SystemTime;

use activitypub_core::{Iri, IriBuf};
use rusqlite::Transaction;

use super::follow::{self, Answer, Follower, Following};
use super::key::{self, StoredKey};
use super::publication::{self, LocalObject, OutboxEntry};
use super::received::{self, RemoteObject, Sight};
use super::thread::Applied;
use super::{StoreError, cache, queue};
use crate::delivery::Delivery;

/// What became of a unit. Anything but [`Done`](Self::Done) means that nothing of it was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub(crate) enum Committed {
    /// Written, and on disk.
    Done,
    /// It has had its effect before.
    Repeat,
    /// Its object was deleted, or the activity itself undone, by whom it belongs to.
    Gone,
    /// The object is known, and someone else's.
    NotTheirs,
    /// What is known of the object is not older.
    Stale,
    /// It answers a request that was never made.
    Unasked,
}

/// Staged writes, in the order in which they are to happen.
pub(crate) struct Unit {
    now: SystemTime,
    steps: Vec<Step>,
}

type ApplicationWrite = Box<dyn FnOnce(&Transaction<'_>) -> rusqlite::Result<()> + Send>;

enum Step {
    FirstSight(Sight),
    CreateRemote(RemoteObject),
    UpdateRemote(RemoteObject),
    DeleteRemote { id: IriBuf, owner: IriBuf },
    Undo { activity: IriBuf, actor: IriBuf },
    ForgetActor(IriBuf),
    PutFollower(Follower),
    AcceptFollower { local: String, id: IriBuf },
    RemoveFollower { local: String, id: IriBuf },
    PutFollowing(Following),
    AnswerFollowing(Answer),
    RemoveFollowing { local: String, target: IriBuf },
    PutObject(LocalObject),
    DeleteObject(IriBuf),
    Withdraw(IriBuf),
    AppendOutbox(OutboxEntry),
    Feature { local: String, object: IriBuf },
    Unfeature { local: String, object: IriBuf },
    AddKey(StoredKey),
    RetireKeys(String),
    Deliver(Delivery),
    Write(ApplicationWrite),
}

impl Unit {
    /// An empty unit that happens at `now`.
    pub(crate) fn at(now: SystemTime) -> Self {
        Self { now, steps: Vec::new() }
    }

    /// This activity has not been seen from this actor: otherwise the unit is a [`Repeat`](Committed::Repeat), or
    /// [`Gone`](Committed::Gone) where its Undo came first. Stage it first.
    pub(crate) fn first_sight(&mut self, sight: Sight) {
        self.steps.push(Step::FirstSight(sight));
    }

    /// An object of someone else comes into being. `Repeat` when it is known, `Gone` when its owner's Delete came first,
    /// `NotTheirs` when it is another's.
    pub(crate) fn create_remote(&mut self, object: RemoteObject) {
        self.steps.push(Step::CreateRemote(object));
    }

    /// An object of someone else changes, or becomes known by its change. `NotTheirs`, `Gone`, or `Stale` when the
    /// version known is as new.
    pub(crate) fn update_remote(&mut self, object: RemoteObject) {
        self.steps.push(Step::UpdateRemote(object));
    }

    /// An object of someone else is deleted, by `owner`; `NotTheirs` when it is another's. An unknown one leaves a
    /// tombstone, which holds against a late Create by the same actor and nobody else.
    pub(crate) fn delete_remote(&mut self, id: IriBuf, owner: IriBuf) {
        self.steps.push(Step::DeleteRemote { id, owner });
    }

    /// `actor` undoes an activity of theirs. An unknown one leaves a mark, so that it has no effect if it comes late.
    pub(crate) fn undo(&mut self, activity: IriBuf, actor: IriBuf) {
        self.steps.push(Step::Undo { activity, actor });
    }

    /// A remote actor is no more: they follow nobody, nobody follows them, and what was fetched of them is forgotten.
    pub(crate) fn forget_actor(&mut self, actor: IriBuf) {
        self.steps.push(Step::ForgetActor(actor));
    }

    /// Someone follows a local actor, or asks to. One who is accepted already stays so.
    pub(crate) fn put_follower(&mut self, follower: Follower) {
        self.steps.push(Step::PutFollower(follower));
    }

    /// A follow request is granted.
    pub(crate) fn accept_follower(&mut self, local: &str, id: &Iri) {
        self.steps.push(Step::AcceptFollower { local: local.to_owned(), id: id.to_owned() });
    }

    /// Someone follows a local actor no longer.
    pub(crate) fn remove_follower(&mut self, local: &str, id: &Iri) {
        self.steps.push(Step::RemoveFollower { local: local.to_owned(), id: id.to_owned() });
    }

    /// A local actor follows someone, or has asked to.
    pub(crate) fn put_following(&mut self, following: Following) {
        self.steps.push(Step::PutFollowing(following));
    }

    /// An Accept or Reject of a Follow we sent. `Unasked` unless that very follow was sent to that very actor; `Repeat`
    /// when it has been answered so before.
    pub(crate) fn answer_following(&mut self, answer: Answer) {
        self.steps.push(Step::AnswerFollowing(answer));
    }

    /// A local actor follows someone no longer.
    pub(crate) fn remove_following(&mut self, local: &str, target: &Iri) {
        self.steps.push(Step::RemoveFollowing { local: local.to_owned(), target: target.to_owned() });
    }

    /// A local object is published, or changed; `Gone` when it has been deleted.
    pub(crate) fn put_object(&mut self, object: LocalObject) {
        self.steps.push(Step::PutObject(object));
    }

    /// A local object becomes a tombstone; it is featured no longer, and the activities that carried it leave the outbox.
    pub(crate) fn delete_object(&mut self, id: IriBuf) {
        self.steps.push(Step::DeleteObject(id));
    }

    /// The activities that carried a local object leave the outbox, since a newer one is about to come.
    pub(crate) fn withdraw(&mut self, object: IriBuf) {
        self.steps.push(Step::Withdraw(object));
    }

    /// A local actor has done something. `Repeat` when an activity has that id.
    pub(crate) fn append_outbox(&mut self, entry: OutboxEntry) {
        self.steps.push(Step::AppendOutbox(entry));
    }

    /// A local actor features an object, after those already featured.
    pub(crate) fn feature(&mut self, local: &str, object: &Iri) {
        self.steps.push(Step::Feature { local: local.to_owned(), object: object.to_owned() });
    }

    /// A local actor features an object no longer.
    pub(crate) fn unfeature(&mut self, local: &str, object: &Iri) {
        self.steps.push(Step::Unfeature { local: local.to_owned(), object: object.to_owned() });
    }

    /// A local actor has a new key. Fails where one of that kind is in use: retire it in the same unit.
    pub(crate) fn add_key(&mut self, key: StoredKey) {
        self.steps.push(Step::AddKey(key));
    }

    /// A local actor's keys sign nothing more.
    pub(crate) fn retire_keys(&mut self, local: &str) {
        self.steps.push(Step::RetireKeys(local.to_owned()));
    }

    /// A body goes to everyone it is addressed to.
    pub(crate) fn deliver(&mut self, delivery: Delivery) {
        self.steps.push(Step::Deliver(delivery));
    }

    /// The application's own rows. Its error, or its panic, is the unit's.
    pub(crate) fn write(
        &mut self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()> + Send + 'static,
    ) {
        self.steps.push(Step::Write(Box::new(write)));
    }

    /// Whether the delivery worker has something to do once this is committed.
    pub(super) fn delivers(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Deliver(_)))
    }

    pub(super) fn apply(self, tx: &Transaction<'_>) -> Result<Applied<Committed>, StoreError> {
        for step in self.steps {
            let committed = step.apply(tx, self.now)?;
            if committed != Committed::Done {
                return Ok(Applied::undo(committed));
            }
        }
        Ok(Applied::keep(Committed::Done))
    }
}

impl Step {
    fn apply(self, tx: &Transaction<'_>, now: SystemTime) -> Result<Committed, StoreError> {
        match self {
            Self::FirstSight(sight) => return received::first_sight(tx, &sight, now),
            Self::CreateRemote(object) => return received::create(tx, &object, now),
            Self::UpdateRemote(object) => return received::update(tx, &object, now),
            Self::DeleteRemote { id, owner } => return received::delete(tx, &id, &owner, now),
            Self::Undo { activity, actor } => return received::undo(tx, &activity, &actor, now),
            Self::ForgetActor(actor) => {
                follow::forget_actor(tx, &actor)?;
                cache::forget_actor(tx, &actor)?;
            }
            Self::PutFollower(follower) => follow::put_follower(tx, &follower, now)?,
            Self::AcceptFollower { local, id } => follow::accept_follower(tx, &local, &id)?,
            Self::RemoveFollower { local, id } => follow::remove_follower(tx, &local, &id)?,
            Self::PutFollowing(following) => follow::put_following(tx, &following, now)?,
            Self::AnswerFollowing(answer) => return follow::answer_following(tx, &answer),
            Self::RemoveFollowing { local, target } => follow::remove_following(tx, &local, &target)?,
            Self::PutObject(object) => return publication::put_object(tx, &object, now),
            Self::DeleteObject(id) => publication::delete_object(tx, &id, now)?,
            Self::Withdraw(object) => publication::withdraw(tx, &object)?,
            Self::AppendOutbox(entry) => return publication::append_outbox(tx, &entry, now),
            Self::Feature { local, object } => publication::feature(tx, &local, &object)?,
            Self::Unfeature { local, object } => publication::unfeature(tx, &local, &object)?,
            Self::AddKey(key) => key::add(tx, &key)?,
            Self::RetireKeys(local) => key::retire(tx, &local, now)?,
            Self::Deliver(delivery) => queue::enqueue(tx, &delivery, now)?,
            Self::Write(write) => write(tx).map_err(StoreError::Application)?,
        }
        Ok(Committed::Done)
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unit").field("now", &self.now).field("steps", &self.steps.len()).finish()
    }
}
