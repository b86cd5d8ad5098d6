//! What leaves: an activity made whole, its recipients, and [`Outgoing`], in which `bto` and `bcc` do not exist.
//! ActivityPub §6 and §7.1.

use std::collections::BTreeSet;
use std::fmt;
use std::time::SystemTime;

use activitypub_core::{Audience, Iri, IriBuf, Object, Timestamp, Value, Visibility, is_public};
use bytes::Bytes;

use crate::error::{HereFault, Result};
use crate::local::Local;

/// An activity as it may be sent and shown: whole, in its final bytes, without `bto` and `bcc` at any depth.
///
/// Nothing but [`Outgoing::seal`] makes one, and nothing but one is delivered, served or stored in an outbox.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub(crate) id: IriBuf,
    pub(crate) kind: String,
    /// What it is about: the order of deliveries is kept among activities about the same. An object for what makes,
    /// changes and deletes it, an activity for itself and for what undoes it.
    pub(crate) about: IriBuf,
    /// The embedded object, where it has an id of its own.
    pub(crate) object: Option<Published>,
    pub(crate) is_public: bool,
    pub(crate) body: Bytes,
}

/// An object that an activity publishes.
#[derive(Clone)]
pub(crate) struct Published {
    pub(crate) id: IriBuf,
    pub(crate) kind: String,
    pub(crate) body: Bytes,
}

/// Whom an activity is for.
#[derive(Debug, Default)]
pub(crate) struct Recipients {
    /// The followers of its actor.
    pub(crate) followers: bool,
    /// Others, by their ids.
    pub(crate) actors: BTreeSet<IriBuf>,
}

impl Outgoing {
    /// Makes an activity whole and closes it: what is missing is filled in, whom it is for is read from it, and
    /// what nobody may see is taken out.
    ///
    /// `new_id` makes the ids of what has none, for `"activities"` or `"objects"`.
    pub(crate) fn seal(
        mut activity: Object,
        local: &Local,
        now: SystemTime,
        mut new_id: impl FnMut(&str) -> IriBuf,
    ) -> Result<(Self, Recipients)> {
        complete(&mut activity, local, now, &mut new_id)?;
        let recipients = Recipients::of(&activity, local);
        let followers = local.collection("followers");
        let is_for_all = |object: &Object| {
            let visibility = Audience::of(object).visibility(Some(&followers));
            matches!(visibility, Visibility::Public | Visibility::Unlisted)
        };
        let object = activity.member("object").and_then(Value::as_object);
        let is_addressed = |object: &&Object| Audience::of(*object).addresses().next().is_some();
        let is_public = is_for_all(&activity) && object.filter(is_addressed).is_none_or(is_for_all);
        activity.strip_blind();

        let id = activity.id().map_or_else(|| new_id("activities"), ToOwned::to_owned);
        let kind = activity.types().next().unwrap_or_default().to_owned();
        let object = activity.member("object");
        let about = match kind.as_str() {
            "Create" | "Update" | "Delete" | "Undo" => object.and_then(id_of).unwrap_or(&id),
            _ => &id,
        };
        let about = about.to_owned();
        let object = object.and_then(Value::as_object).and_then(|object| {
            let kind = object.types().next().unwrap_or_default().to_owned();
            let mut whole = object.clone();
            if let Some(context) = activity.member("@context") {
                let members: Vec<_> =
                    whole.members().map(|(name, value)| (name.to_owned(), value.clone())).collect();
                let mut with_context = Object::new();
                with_context.insert("@context", context.clone());
                for (name, value) in members {
                    with_context.insert(&name, value);
                }
                whole = with_context;
            }
            Some(Published { id: object.id()?.to_owned(), kind, body: whole.to_json().into() })
        });
        Ok((Self { id, kind, about, object, is_public, body: activity.to_json().into() }, recipients))
    }
}

fn id_of(value: &Value) -> Option<&Iri> {
    match value {
        Value::String(id) => Some(Iri::new(id)),
        value => value.as_object()?.id(),
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

impl Recipients {
    /// Everybody addressed, here and in an object that is published: what is addressed blind counts too. Public is nobody in
    /// particular (ActivityPub §5.6), and nobody sends to themselves.
    fn of(activity: &Object, local: &Local) -> Self {
        let followers = local.collection("followers");
        let mut recipients = Self::default();
        let speaks = activity.types().any(|name| name == "Create" || name == "Update");
        let object = activity.member("object").and_then(Value::as_object).filter(|_| speaks);
        for address in
            std::iter::once(activity).chain(object).flat_map(|object| Audience::of(object).addresses())
        {
            if *address == *followers {
                recipients.followers = true;
            } else if !is_public(address) && *address != *local.id {
                recipients.actors.insert(address.to_owned());
            }
        }
        recipients
    }
}

/// Fills in what an activity cannot do without: `id`, `actor`, `published`; for a Create the `id`,
/// `attributedTo` and `published` of its object too, and to both the addressing of the other (ActivityPub §6.2).
fn complete(
    activity: &mut Object,
    local: &Local,
    now: SystemTime,
    new_id: &mut impl FnMut(&str) -> IriBuf,
) -> Result<()> {
    let published = Timestamp::try_from(now).map(|now| now.to_string()).unwrap_or_default();
    if activity.id().is_none() {
        activity.insert("id", new_id("activities"));
    }
    match activity.member("actor").and_then(Value::as_str) {
        None => activity.insert("actor", &*local.id),
        Some(actor) if actor == local.id.as_str() => {}
        Some(actor) => {
            let named = Iri::new(actor).to_owned();
            return Err(HereFault::NotOurActor { named, actor: local.id.clone() }.into());
        }
    }
    if activity.member("published").is_none() {
        activity.insert("published", published.as_str());
    }
    let is_create = activity.types().any(|name| name == "Create");
    if !is_create && !activity.types().any(|name| name == "Update") {
        return Ok(());
    }
    let Some(Value::Object(object)) = activity.member("object") else { return Ok(()) };
    let mut object = object.clone();
    if object.id().is_some_and(|id| *id == *local.id) {
        // An actor is nobody's but its own.
        return Ok(());
    }
    if object.id().is_none() {
        object.insert("id", new_id("objects"));
    }
    if object.member("attributedTo").is_none() {
        object.insert("attributedTo", &*local.id);
    }
    if is_create && object.member("published").is_none() {
        object.insert("published", published.as_str());
    }
    share_addressing(activity, &mut object);
    activity.insert("object", Value::Object(object));
    Ok(())
}

/// What only one of the two says about whom it is for, the other says too.
fn share_addressing(activity: &mut Object, object: &mut Object) {
    const TERMS: [&str; 5] = ["to", "cc", "bto", "bcc", "audience"];
    let is_addressed = |object: &Object| TERMS.iter().any(|term| object.member(term).is_some());
    let (from, to) = match (is_addressed(activity), is_addressed(object)) {
        (true, false) => (activity, object),
        (false, true) => (object, activity),
        _ => return,
    };
    for term in TERMS {
        if let Some(value) = from.member(term) {
            to.insert(term, value.clone());
        }
    }
}
