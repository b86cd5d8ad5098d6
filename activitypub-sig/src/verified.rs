//! [`Verified`]: a document, and the proof of who said it.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;
use std::time::SystemTime;

use activitypub_core::{Iri, IriBuf, Kind, Object, Parsed, Typed, Value};
use bytes::Bytes;

use crate::error::Refusal;
use crate::http::Dialect;
use crate::owner::one_id;

/// A request whose signature was verified: these bytes are from [`owner`](Self::owner), and meant for us.
///
/// What the bytes say is another matter, until they are read [as an activity](Self::of).
#[derive(Clone, Debug)]
pub struct Authentic {
    signature: HttpSignature,
    body: Bytes,
}

impl Authentic {
    pub(crate) fn new(signature: HttpSignature, body: Bytes) -> Self {
        Self { signature, body }
    }

    /// The id of the actor who sent the request.
    pub fn owner(&self) -> &Iri {
        &self.signature.owner
    }

    /// The body: exactly the bytes that were signed.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// How we know.
    pub fn signature(&self) -> &HttpSignature {
        &self.signature
    }

    /// Reads the body as an activity of the kind `V`, done by the actor who signed it.
    ///
    /// # Errors
    ///
    /// If the body is not a document, or not a `V`; if it names another actor than the owner of the key, or
    /// not exactly one; or if its id is of another origin than its actor. It may have no id at all, as
    /// WordPress sends some.
    pub fn of<V: Typed<Kind: Kind>>(self) -> Result<Verified<V>, Refusal> {
        let document = Parsed::parse(self.body.clone())?;
        self.of_document(document)
    }

    /// As [`of`](Self::of), for who has parsed the body already.
    ///
    /// # Errors
    ///
    /// As of [`of`](Self::of); and if the document was parsed from other bytes than those that were signed.
    pub fn of_document<V: Typed<Kind: Kind>>(self, document: Parsed) -> Result<Verified<V>, Refusal> {
        if *document.bytes() != self.body {
            return Err(Refusal::OtherBytes);
        }
        if !document.is::<V>() {
            return Err(Refusal::OtherType(V::Kind::NAME));
        }
        let actor = one_id(document.member("actor")).ok_or(Refusal::NoActor)?;
        if *actor != *self.signature.owner {
            return Err(Refusal::OtherActor { actor: actor.into(), owner: self.signature.owner });
        }
        match (document.member("id"), document.id()) {
            (_, Some(id)) if id.origin().is_none() || id.origin() != actor.origin() => {
                return Err(Refusal::ForeignId { id: id.into(), actor: actor.into() });
            }
            (Some(_), None) => return Err(Refusal::MalformedId),
            _ => {}
        }
        let referring = refer(&document, actor);
        let bytes = document.bytes().clone();
        let document = referring.unwrap_or_else(|| document.into_object());
        let evidence = Evidence::HttpSignature(self.signature);
        Ok(Verified::new(Arc::new(Witnessed { document, bytes, evidence })))
    }
}

/// Leaves of every embedded object that the actor does not answer for no more than its id, however deep it
/// stands: whoever wants to know what it says asks its own server. Nothing, where all is the actor's own.
///
/// An actor answers for what has no id, and for what is on its own server and by nobody else.
fn refer(object: &Object, actor: &Iri) -> Option<Object> {
    let mut referring: Option<Object> = None;
    for term in ["object", "target", "result", "origin", "instrument"] {
        if let Some(value) = object.member(term).and_then(|value| reference(value, actor)) {
            referring.get_or_insert_with(|| object.clone()).insert(term, value);
        }
    }
    referring
}

/// What to put in place of a value, so that the actor answers for all of it.
fn reference(value: &Value, actor: &Iri) -> Option<Value> {
    match value {
        Value::Object(object) => match object.id() {
            Some(id) if !is_own(object, id, actor) => Some(Value::from(id)),
            // What has no id and is said to be another's is nobody's.
            None if !is_by(object, "attributedTo", actor) => Some(Value::Null),
            _ => refer(object, actor).map(Value::Object),
        },
        Value::Array(values) => {
            let references: Vec<_> = values.iter().map(|value| reference(value, actor)).collect();
            references.iter().any(Option::is_some).then(|| {
                let both = references.into_iter().zip(values);
                Value::Array(
                    both.map(|(reference, value)| reference.unwrap_or_else(|| value.clone())).collect(),
                )
            })
        }
        _ => None,
    }
}

fn is_own(object: &Object, id: &Iri, actor: &Iri) -> bool {
    id == actor
        || id.origin().is_some()
            && id.origin() == actor.origin()
            && is_by(object, "attributedTo", actor)
            && is_by(object, "actor", actor)
}

/// Whether a property that names who made something names `actor`, or nobody.
fn is_by(object: &Object, term: &str, actor: &Iri) -> bool {
    object.member(term).is_none_or(|by| names(by, actor))
}

/// Whether `actor` is one of those named.
fn names(by: &Value, actor: &Iri) -> bool {
    match by {
        Value::String(id) => id.as_ref() == actor.as_str(),
        Value::Object(object) => object.id() == Some(actor),
        Value::Array(values) => values.iter().any(|value| names(value, actor)),
        _ => false,
    }
}

/// A document that is known to be said by the one who is said to have said it.
///
/// It reads as the view `V`, is cheap to clone, and keeps the bytes it came as and the [`Evidence`] for it.
/// Of an embedded object that is somebody else's it has only the id: the signature says nothing about others.
/// There is no way to make one but to verify a request:
///
/// ```compile_fail
/// # use activitypub_core::{Follow, Parsed};
/// # use activitypub_sig::Verified;
/// fn forge(document: Parsed) -> Verified<Follow> {
///     document.into()
/// }
/// ```
///
/// … or to take the blame, with [`danger::assume`].
pub struct Verified<V> {
    witnessed: Arc<Witnessed>,
    view: PhantomData<fn() -> V>,
}

struct Witnessed {
    document: Object,
    bytes: Bytes,
    evidence: Evidence,
}

impl<V: Typed<Kind: Kind>> Verified<V> {
    fn new(witnessed: Arc<Witnessed>) -> Self {
        Self { witnessed, view: PhantomData }
    }

    /// The bytes of the document, as they came. Unlike the document they may hold what others are said to
    /// have said.
    pub fn bytes(&self) -> &Bytes {
        &self.witnessed.bytes
    }

    /// How we know who said it.
    pub fn evidence(&self) -> &Evidence {
        &self.witnessed.evidence
    }

    /// The same document as another view, if it is one.
    pub fn cast<W: Typed<Kind: Kind>>(&self) -> Option<Verified<W>> {
        self.witnessed.document.is::<W>().then(|| Verified::new(Arc::clone(&self.witnessed)))
    }
}

impl<V: Typed<Kind: Kind>> Deref for Verified<V> {
    type Target = V;

    fn deref(&self) -> &V {
        V::of(&self.witnessed.document)
    }
}

impl<V> Clone for Verified<V> {
    fn clone(&self) -> Self {
        Self { witnessed: Arc::clone(&self.witnessed), view: PhantomData }
    }
}

impl<V> fmt::Debug for Verified<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("document", &self.witnessed.document)
            .field("evidence", &self.witnessed.evidence)
            .finish()
    }
}

/// How we know who said something.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Evidence {
    /// They signed the request that brought it.
    HttpSignature(HttpSignature),
    /// Nobody checked: [`danger::assume`].
    Assumed,
}

/// A signature that was verified.
#[derive(Clone, Debug)]
pub struct HttpSignature {
    pub(crate) dialect: Dialect,
    pub(crate) key_id: IriBuf,
    pub(crate) owner: IriBuf,
    pub(crate) signed_at: SystemTime,
}

impl HttpSignature {
    /// How the request was signed.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The id of the key that signed it.
    pub fn key_id(&self) -> &Iri {
        &self.key_id
    }

    /// The id of the actor whose key it is.
    pub fn owner(&self) -> &Iri {
        &self.owner
    }

    /// When it says it was signed.
    pub fn signed_at(&self) -> SystemTime {
        self.signed_at
    }
}

/// Ways around verification. Whoever writes `danger` answers for what comes in.
pub mod danger {
    use std::sync::Arc;

    use activitypub_core::{Kind, Object, Parsed, Typed};

    use super::{Evidence, Verified, Witnessed, one_id, refer};

    /// Takes a document for verified because the caller knows who said it: it was written here, or a test
    /// plays the peer.
    ///
    /// `None` if the document is not a `V`.
    ///
    /// ```
    /// use activitypub_core::{Follow, Parsed};
    /// use activitypub_sig::danger;
    ///
    /// let document = Parsed::parse(r#"{"type":"Follow","actor":"https://peer.example/ada"}"#)?;
    /// let follow = danger::assume::<Follow>(document).unwrap();
    /// assert_eq!(follow.actor().ids().next().unwrap(), "https://peer.example/ada");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn assume<V: Typed<Kind: Kind>>(document: Parsed) -> Option<Verified<V>> {
        let bytes = document.bytes().clone();
        let document = document.into_object();
        document
            .is::<V>()
            .then(|| Verified::new(Arc::new(Witnessed { document, bytes, evidence: Evidence::Assumed })))
    }

    /// Puts an object into an activity in place of its id, because the caller has fetched it from where the
    /// id leads.
    pub fn embed<V: Typed<Kind: Kind>>(activity: &Verified<V>, object: Object) -> Verified<V> {
        let witnessed = &*activity.witnessed;
        let mut document = witnessed.document.clone();
        let actor = one_id(document.member("actor")).map(ToOwned::to_owned);
        let own = actor.and_then(|actor| refer(&object, &actor));
        document.insert("object", own.unwrap_or(object));
        let (bytes, evidence) = (witnessed.bytes.clone(), witnessed.evidence.clone());
        Verified::new(Arc::new(Witnessed { document, bytes, evidence }))
    }
}
