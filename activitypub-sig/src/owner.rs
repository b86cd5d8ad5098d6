//! [`OwnedKey`]: whose key it is, by the word of both.
//!
//! Keys stand in documents in two ways: `publicKey` with a PEM, which is what everyone sends, and FEP-521a's
//! `assertionMethod` with Multikeys. <https://w3id.org/fep/521a>,
//! <https://docs.joinmastodon.org/spec/activitypub/#publicKey>

use activitypub_core::{Iri, IriBuf, Object, Value};

use crate::error::Refusal;
use crate::key::{KeyError, PublicKey};

/// More keys than any actor has.
const MAX_KEYS: usize = 32;

/// A public key and its owner, who claim each other.
///
/// Only [`confirm`](Self::confirm) makes one. Neither a key that names an owner nor an actor who names a key
/// is enough: anyone can write either about anybody.
#[derive(Clone, Debug)]
pub struct OwnedKey {
    id: IriBuf,
    owner: IriBuf,
    public: PublicKey,
}

impl OwnedKey {
    /// Confirms that the key `key_id` belongs to the actor in `owner_document`.
    ///
    /// `key_document` is what was fetched for the key id: a document of the key alone, or the actor (or a
    /// stub of it, as GoToSocial serves) with the key inside. `owner_document` is the actor, fetched *by the
    /// id that the key names as its owner*, and from there only; it may be the same document as
    /// `key_document` where it was fetched by its own id. That each was served by the origin of its id is the
    /// fetcher's part, and everything else is checked here:
    ///
    /// - the key names exactly one owner, and that is exactly the id of `owner_document`;
    /// - the owner lists a key of exactly this id, with the same key material;
    /// - key and owner are of one origin.
    ///
    /// # Errors
    ///
    /// If any of that does not hold, or the key is unusable.
    pub fn confirm(key_document: &Object, owner_document: &Object, key_id: &Iri) -> Result<Self, Refusal> {
        let found = Listing::alone(key_document, key_id)
            .map_or_else(|| Listing::within(key_document, key_id), |listing| listing.map(Some))?
            .ok_or_else(|| Refusal::NoKey(key_id.into()))?;

        let owner = owner_document.id().ok_or_else(|| Refusal::NoOwnerId(found.owner.into()))?;
        if found.owner != owner {
            return Err(Refusal::OtherOwner { claimed: found.owner.into(), document: owner.into() });
        }
        if owner.origin().is_none() || key_id.origin() != owner.origin() {
            return Err(Refusal::ForeignKey { id: key_id.into(), owner: owner.into() });
        }
        let listed = Listing::within(owner_document, key_id)?
            .ok_or_else(|| Refusal::NotListed { id: key_id.into(), owner: owner.into() })?;
        if listed.owner != owner {
            return Err(Refusal::OtherOwner { claimed: listed.owner.into(), document: owner.into() });
        }
        if listed.public != found.public {
            return Err(Refusal::OtherMaterial { id: key_id.into(), owner: owner.into() });
        }
        Ok(Self { id: key_id.into(), owner: owner.into(), public: found.public })
    }

    /// The id of the key.
    pub fn id(&self) -> &Iri {
        &self.id
    }

    /// The id of the actor whose key it is.
    pub fn owner(&self) -> &Iri {
        &self.owner
    }

    /// The key.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }
}

/// A key as a document has it.
struct Listing<'a> {
    owner: &'a Iri,
    public: PublicKey,
}

impl<'a> Listing<'a> {
    /// The key that the document is, if it is one of this id.
    fn alone(document: &'a Object, id: &Iri) -> Option<Result<Self, Refusal>> {
        let is_key =
            document.member("publicKeyPem").or_else(|| document.member("publicKeyMultibase")).is_some();
        (is_key && document.id() == Some(id)).then(|| Self::read(document, id))
    }

    /// The key of this id among those that an actor lists. Other entries may be of any kind, and as broken as
    /// they like.
    fn within(actor: &'a Object, id: &Iri) -> Result<Option<Self>, Refusal> {
        let keys = entries(actor, "publicKey").chain(entries(actor, "assertionMethod"));
        let mut found: Option<Self> = None;
        for (index, key) in keys.enumerate() {
            if index == MAX_KEYS {
                return Err(Refusal::TooMany("keys in one document"));
            }
            let Some(key) = key.as_object().filter(|key| key.id() == Some(id)) else { continue };
            let listing = Self::read(key, id)?;
            // Mitra lists its RSA key in both ways under one id; what must not be is two keys under one id.
            if found
                .as_ref()
                .is_some_and(|other| other.public != listing.public || other.owner != listing.owner)
            {
                return Err(Refusal::AmbiguousKey(id.into()));
            }
            found = Some(listing);
        }
        Ok(found)
    }

    fn read(key: &'a Object, id: &Iri) -> Result<Self, Refusal> {
        let (owner, public) = match (key.member("publicKeyPem"), key.member("publicKeyMultibase")) {
            (Some(pem), None) => ("owner", pem.as_str().map(PublicKey::from_pem)),
            (None, Some(multibase)) => ("controller", multibase.as_str().map(PublicKey::from_multibase)),
            (None, None) => return Err(Refusal::NoKey(id.into())),
            (Some(_), Some(_)) => return Err(Refusal::AmbiguousKey(id.into())),
        };
        let public = public.unwrap_or(Err(KeyError::Malformed));
        let public = public.map_err(|source| Refusal::Key { id: id.into(), source })?;
        let owner = one_id(key.member(owner)).ok_or_else(|| Refusal::NoOwner(id.into()))?;
        Ok(Self { owner, public })
    }
}

/// The one id that a property holds: a string, an object with an id, or an array of exactly one of them.
pub(crate) fn one_id(value: Option<&Value>) -> Option<&Iri> {
    let value = match value? {
        Value::Array(values) => match values.as_slice() {
            [value] => value,
            _ => return None,
        },
        value => value,
    };
    let id = value.as_str().map(Iri::new).or_else(|| value.as_object()?.id());
    id.filter(|id| !id.as_str().is_empty())
}

/// The values of a property, be it one or an array.
fn entries<'a>(object: &'a Object, term: &str) -> impl Iterator<Item = &'a Value> {
    match object.member(term) {
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
    .iter()
}
