//! What a decision is about: a message at a stage, and everyone who has a part in it.

use activitypub_core::{Activity, Iri, Object, Origin, Typed};

/// A message, as far as it is known at its stage.
///
/// ```
/// # use activitypub_core::{Iri, Origin, Parsed};
/// # use activitypub_policy::{Message, Role, Stage};
/// let here = Origin::parse("https://hello.example")?;
/// let follow = Parsed::parse(r#"{"type": "Follow", "id": "https://example.org/1",
///     "actor": "https://example.org/users/ada", "object": "https://hello.example/greeter"}"#)?;
/// let message = Message::new(Stage::Receive)
///     .at(&here)
///     .party(Role::Signer, Iri::new("https://example.org/users/ada#main-key"))
///     .about(&follow);
/// assert_eq!(message.iris(Role::Actor).next().unwrap(), "https://example.org/users/ada");
/// assert_eq!(message.origins(Role::Signer).next().unwrap().host(), "example.org");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Message<'a> {
    stage: Stage,
    here: Option<&'a Origin>,
    parties: Vec<Party<'a>>,
    activity: Option<&'a Object>,
}

/// When a policy is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// A request has arrived, and nothing of it has been verified: everything in it is a claim.
    Preauth,
    /// An activity has arrived, and its signature is good.
    Receive,
    /// A document is about to be fetched; asked again for every redirect.
    Fetch,
    /// An activity is about to be delivered to an inbox.
    Deliver,
    /// A document is about to be served.
    Serve,
}

/// The part somebody has in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The key that signed, or claims to have.
    Signer,
    /// The owner of that key.
    KeyOwner,
    /// The actor of the activity.
    Actor,
    /// The activity itself.
    ActivityId,
    /// What the activity is done to.
    ObjectId,
    /// Whom that is attributed to.
    ObjectAuthor,
    /// The document to be fetched.
    Target,
    /// The inbox to be delivered to.
    TargetInbox,
    /// Whoever asks for a document.
    Requester,
}

/// Somebody who has a part in a message.
#[derive(Clone, Debug)]
pub struct Party<'a> {
    role: Role,
    iri: Option<&'a Iri>,
    origin: Option<Origin>,
}

impl<'a> Message<'a> {
    /// A message at a stage, of which nothing else is known.
    #[must_use]
    pub fn new(stage: Stage) -> Self {
        Self { stage, here: None, parties: Vec::new(), activity: None }
    }

    /// Our own origin, whom no rule about hosts matches.
    #[must_use]
    pub fn at(mut self, here: &'a Origin) -> Self {
        self.here = Some(here);
        self
    }

    /// Somebody who has a part in it. Several may have the same.
    #[must_use]
    pub fn party(mut self, role: Role, iri: &'a Iri) -> Self {
        self.parties.push(Party { role, iri: Some(iri), origin: iri.origin() });
        self
    }

    /// Somebody of whom only the origin is known.
    #[must_use]
    pub fn origin(mut self, role: Role, origin: &Origin) -> Self {
        self.parties.push(Party { role, iri: None, origin: Some(origin.clone()) });
        self
    }

    /// What it says, with everyone it names as its actor, id, object, or author of the object.
    #[must_use]
    pub fn about(mut self, activity: &'a Object) -> Self {
        self.activity = Some(activity);
        let view = Activity::of(activity);
        let authors: Vec<_> =
            view.object().objects().flat_map(|object| object.attributed_to().ids()).collect();
        let named = (view.actor().ids().map(|iri| (Role::Actor, iri)))
            .chain(activity.id().map(|iri| (Role::ActivityId, iri)))
            .chain(view.object().ids().map(|iri| (Role::ObjectId, iri)))
            .chain(authors.into_iter().map(|iri| (Role::ObjectAuthor, iri)));
        named.fold(self, |message, (role, iri)| message.party(role, iri))
    }

    /// When it is asked about.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Our own origin, if it was given.
    #[must_use]
    pub fn here(&self) -> Option<&'a Origin> {
        self.here
    }

    /// What it says. At [`Stage::Preauth`] it need not be by whom it says it is; at [`Stage::Fetch`] it is the activity on
    /// whose account something is fetched.
    #[must_use]
    pub fn activity(&self) -> Option<&'a Object> {
        self.activity
    }

    /// Everyone who has a part in it.
    #[must_use]
    pub fn parties(&self) -> &[Party<'a>] {
        &self.parties
    }

    /// The IRIs of those who have this part.
    pub fn iris(&self, role: Role) -> impl Iterator<Item = &'a Iri> {
        self.parties.iter().filter(move |party| party.role == role).filter_map(|party| party.iri)
    }

    /// The origins of those who have this part.
    pub fn origins(&self, role: Role) -> impl Iterator<Item = &Origin> {
        self.parties.iter().filter(move |party| party.role == role).filter_map(Party::origin)
    }

    /// Whether it only takes something back that its own actor had put into the world: an Undo, Delete, Reject, Block,
    /// Remove, Leave, or an Update to a Tombstone.
    ///
    /// Such a message is worth hearing from anybody, however little else is wanted from them, or what they took back stands
    /// for ever. An Undo of one that takes back gives, except that an Undo of a Block only ends it.
    #[must_use]
    pub fn takes_back(&self) -> bool {
        self.activity.is_some_and(takes_back) && self.speaks_for_itself()
    }

    /// Whether all who speak in it, by key or by name, are of one origin.
    fn speaks_for_itself(&self) -> bool {
        let mut speakers = self.parties.iter().filter(|party| party.role.speaks()).map(Party::origin);
        match speakers.next() {
            Some(Some(first)) => speakers.all(|other| other == Some(first)),
            _ => false,
        }
    }
}

impl<'a> Party<'a> {
    /// The part.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Who has it, if known.
    #[must_use]
    pub fn iri(&self) -> Option<&'a Iri> {
        self.iri
    }

    /// On which server; `None` for an IRI that has none, a DID for instance.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }
}

impl Role {
    /// Whether who has this part says what the message says.
    pub(crate) fn speaks(self) -> bool {
        matches!(self, Self::Signer | Self::KeyOwner | Self::Actor | Self::ActivityId)
    }
}

fn takes_back(activity: &Object) -> bool {
    let is = |object: &Object, names: &[&str]| {
        let mut types = object.types().peekable();
        types.peek().is_some() && types.all(|name| names.contains(&name))
    };
    let mut objects = Activity::of(activity).object().objects();
    if is(activity, &["Undo"]) {
        return objects.all(|undone| is(undone, &["Block"]) || !takes_back(undone));
    }
    if is(activity, &["Update"]) {
        return objects.next().is_some_and(|object| is(object, &["Tombstone"]));
    }
    is(activity, &["Delete", "Reject", "Block", "Remove", "Leave"])
}
