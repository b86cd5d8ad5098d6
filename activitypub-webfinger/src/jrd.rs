//! The JSON Resource Descriptor: what a host says about a resource.
//!
//! <https://www.rfc-editor.org/rfc/rfc7033#section-4.4>

use std::collections::BTreeMap;

use activitypub_core::{Iri, IriBuf};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::Acct;

/// The most bytes of a descriptor, or of a NodeInfo document, that are read.
pub const MAX_BYTES: usize = 64 * 1024;

/// A descriptor. Every member may be absent; one that is not what the RFC says counts as absent, and members it does not
/// know are ignored.
///
/// ```
/// # use activitypub_webfinger::{Jrd, Link};
/// let jrd = Jrd::parse(br#"{"subject": "acct:ada@example.org", "links": [
///     {"rel": "self", "type": "application/activity+json", "href": "https://example.org/users/ada"}]}"#)?;
/// assert_eq!(jrd.subject.as_deref(), Some("acct:ada@example.org"));
/// assert_eq!(jrd.actor().unwrap(), "https://example.org/users/ada");
/// # Ok::<(), activitypub_webfinger::JrdError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Jrd {
    /// The URI the descriptor is about; it may be another than was asked for.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Other URIs of the subject.
    #[serde(default, deserialize_with = "lenient_items", skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Facts, by URI.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Option<String>>,
    /// Links, the preferred one of each relation first.
    #[serde(default, deserialize_with = "lenient_items", skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// One link of a descriptor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Link {
    /// How the target relates to the subject: a URI or a registered name.
    pub rel: String,
    /// The media type of the target.
    #[serde(default, rename = "type", deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The target.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub href: Option<IriBuf>,
    /// A target with `{uri}` in it, where something is to be filled in (RFC 6415 §4.4.2).
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Names of the target, by language; `und` where the language is unknown.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
    /// Facts about the link, by URI.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Option<String>>,
}

impl Jrd {
    /// Reads a descriptor.
    ///
    /// # Errors
    /// When it is longer than [`MAX_BYTES`] or no JSON object.
    pub fn parse(json: &[u8]) -> Result<Self, JrdError> {
        parse_json(json)
    }

    /// The descriptor of an actor: its handle, its id as an alias, and the `self` link that leads to it.
    #[must_use]
    pub fn of_actor(acct: &Acct, actor: impl Into<IriBuf>) -> Self {
        let actor = actor.into();
        Self { subject: Some(acct.to_string()), aliases: vec![actor.to_string()], ..Self::default() }
            .with_link(Link::to("self", actor).media_type(ACTIVITY_JSON))
    }

    /// The same with one more link.
    #[must_use]
    pub fn with_link(mut self, link: Link) -> Self {
        self.links.push(link);
        self
    }

    /// The first link of a relation.
    #[must_use]
    pub fn link(&self, rel: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.rel == rel)
    }

    /// The actor: where the `self` links that promise ActivityStreams lead, if they all lead to one place.
    #[must_use]
    pub fn actor(&self) -> Option<&Iri> {
        let mut actors = self.actors();
        let actor = actors.next()?;
        actors.all(|other| other == actor).then_some(actor)
    }

    /// Where the `self` links lead that promise ActivityStreams over https or http; other schemes (`ipns:`) stand beside
    /// them in some descriptors and are no rivals.
    pub(crate) fn actors(&self) -> impl Iterator<Item = &Iri> {
        self.links
            .iter()
            .filter(|link| link.rel == "self" && link.media_type.as_deref().is_some_and(is_activity_streams))
            .filter_map(|link| link.href.as_deref())
            .filter(|href| href.origin().is_some())
    }

    /// The descriptor as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

impl Link {
    /// A link to a target.
    #[must_use]
    pub fn to(rel: impl Into<String>, href: impl Into<IriBuf>) -> Self {
        Self { href: Some(href.into()), ..Self::bare(rel) }
    }

    /// A link to something that has yet to be filled in at `{uri}`.
    #[must_use]
    pub fn by_template(rel: impl Into<String>, template: impl Into<String>) -> Self {
        Self { template: Some(template.into()), ..Self::bare(rel) }
    }

    /// The same with a media type.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    fn bare(rel: impl Into<String>) -> Self {
        Self {
            rel: rel.into(),
            media_type: None,
            href: None,
            template: None,
            titles: BTreeMap::new(),
            properties: BTreeMap::new(),
        }
    }
}

/// Why bytes are no descriptor and no NodeInfo document.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JrdError {
    /// Longer than [`MAX_BYTES`].
    #[error("{0} bytes are more than the {MAX_BYTES} that are read")]
    TooLong(usize),
    /// Not a JSON object, from here on.
    #[error("not a JSON object (line {line}, column {column})")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
}

const ACTIVITY_JSON: &str = "application/activity+json";

/// `application/activity+json`, or `application/ld+json` with the profile of ActivityStreams.
fn is_activity_streams(media_type: &str) -> bool {
    let mut parts = media_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case(ACTIVITY_JSON)
        || essence.eq_ignore_ascii_case("application/ld+json")
            && parts.filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
                name.trim_end().eq_ignore_ascii_case("profile")
                    && value
                        .trim()
                        .trim_matches('"')
                        .split_whitespace()
                        .any(|profile| profile == "https://www.w3.org/ns/activitystreams")
            })
}

pub(crate) fn parse_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, JrdError> {
    if json.len() > MAX_BYTES {
        return Err(JrdError::TooLong(json.len()));
    }
    // serde would also take an array for a struct.
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err(JrdError::NotJson { line: 1, column: 1 });
    }
    serde_json::from_slice(json)
        .map_err(|error| JrdError::NotJson { line: error.line(), column: error.column() })
}

pub(crate) fn to_json(document: &impl Serialize) -> String {
    #[expect(
        clippy::expect_used,
        reason = "strings, booleans and integers under string keys always serialize"
    )]
    serde_json::to_string(document).expect("our own types serialize")
}

/// A member that is not what it should be costs itself and nothing else.
pub(crate) fn lenient<'de, T: DeserializeOwned + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// The same for each item of an array.
pub(crate) fn lenient_items<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let serde_json::Value::Array(items) = serde_json::Value::deserialize(deserializer)? else {
        return Ok(Vec::new());
    };
    Ok(items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect())
}
