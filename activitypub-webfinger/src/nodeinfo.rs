//! NodeInfo: which software a server runs, and how large it is, by its own account.
//!
//! Written is 2.1; read is every version from 1.0 to 2.2. Nothing that is read here should decide what a peer is able to
//! do (FEP-0151): names and versions are opaque text.
//!
//! <https://nodeinfo.diaspora.software/protocol.html>, <https://w3id.org/fep/0151>

use std::collections::BTreeMap;

use activitypub_core::{Iri, IriBuf, Origin};
use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

use crate::jrd::{lenient, lenient_items, parse_json, to_json};
use crate::{Jrd, JrdError, Link};

/// Where a host says where its document is.
pub const PATH: &str = "/.well-known/nodeinfo";

/// The content type of the document.
pub const CONTENT_TYPE: &str =
    "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/2.1#\"";

/// The relation that leads to the actor of a whole server, which can be fetched without a signature (FEP-2677).
pub const APPLICATION: &str = "https://www.w3.org/ns/activitystreams#Application";

const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema/";

/// The versions read, the best first.
const VERSIONS: [&str; 5] = ["2.2", "2.1", "2.0", "1.1", "1.0"];

/// What a host serves at [`PATH`]: where its document is.
///
/// ```
/// # use activitypub_core::Origin;
/// # use activitypub_webfinger::{Link, nodeinfo};
/// let links = nodeinfo::links("https://example.org/nodeinfo/2.1")
///     .with_link(Link::to(nodeinfo::APPLICATION, "https://example.org/actor"));
/// let here = Origin::parse("https://example.org")?;
/// assert_eq!(nodeinfo::document_url(&links, &here).unwrap(), "https://example.org/nodeinfo/2.1");
/// # Ok::<(), activitypub_core::OriginError>(())
/// ```
#[must_use]
pub fn links(document: impl Into<IriBuf>) -> Jrd {
    Jrd::default().with_link(Link::to(format!("{SCHEMA}2.1"), document))
}

/// Where, of the links that `origin` serves, the document of the highest version is. A relative link is resolved; one
/// that leaves the scheme of the origin is not followed.
#[must_use]
pub fn document_url(links: &Jrd, origin: &Origin) -> Option<IriBuf> {
    let base = Url::parse(origin.url(PATH).as_str()).ok()?;
    VERSIONS.iter().find_map(|version| {
        links
            .links
            .iter()
            .filter(|link| link.rel.strip_prefix(SCHEMA) == Some(version))
            .filter_map(|link| base.join(link.href.as_ref()?.as_str()).ok())
            .find(|url| {
                Iri::new(url.as_str()).origin().is_some_and(|target| target.scheme() == origin.scheme())
            })
            .map(|url| String::from(url).into())
    })
}

/// The document.
///
/// What a peer leaves out or gets wrong reads as empty, `false` or `None`.
///
/// ```
/// # use activitypub_webfinger::nodeinfo::NodeInfo;
/// let mut info = NodeInfo::new("letters", "0.1.0");
/// info.usage.users.total = Some(1);
/// info.open_registrations = true;
///
/// let read = NodeInfo::parse(info.to_json().as_bytes())?;
/// assert_eq!(read, info);
/// assert_eq!(read.protocols, ["activitypub"]);
/// # Ok::<(), activitypub_webfinger::JrdError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NodeInfo {
    /// The version of the schema: `2.1` where we write it.
    #[serde(default, deserialize_with = "lenient")]
    pub version: String,
    /// What the server runs.
    #[serde(default, deserialize_with = "lenient")]
    pub software: Software,
    /// What it speaks: `activitypub` and others.
    #[serde(default, deserialize_with = "protocols")]
    pub protocols: Vec<String>,
    /// Other services it exchanges with.
    #[serde(default, deserialize_with = "lenient")]
    pub services: Services,
    /// Whether anybody may open an account.
    #[serde(default, deserialize_with = "lenient")]
    pub open_registrations: bool,
    /// How much it is used.
    #[serde(default, deserialize_with = "lenient")]
    pub usage: Usage,
    /// Anything else.
    #[serde(default, deserialize_with = "lenient")]
    pub metadata: BTreeMap<String, serde_json::Value>,
}

/// What a server runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Software {
    /// Its name; what we write is lower-case letters, digits and hyphens.
    #[serde(default, deserialize_with = "lenient")]
    pub name: String,
    /// Its version.
    #[serde(default, deserialize_with = "lenient")]
    pub version: String,
    /// Where its source is.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Where one reads about it.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
}

/// Other services a server exchanges with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Services {
    /// Those it reads from.
    #[serde(default, deserialize_with = "lenient_items")]
    pub inbound: Vec<String>,
    /// Those it writes to.
    #[serde(default, deserialize_with = "lenient_items")]
    pub outbound: Vec<String>,
}

/// How much a server is used. A figure that is not known is left out, not made up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Usage {
    /// By how many.
    #[serde(default, deserialize_with = "lenient")]
    pub users: Users,
    /// Posts written here.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub local_posts: Option<u64>,
    /// Comments written here.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub local_comments: Option<u64>,
}

/// How many people use a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Users {
    /// All.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Those who were here in the last 180 days.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub active_halfyear: Option<u64>,
    /// Those who were here in the last 30 days.
    #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
    pub active_month: Option<u64>,
}

impl NodeInfo {
    /// A document of version 2.1 for a server that speaks ActivityPub. Of the name stays what the schema lets a name
    /// have: lower-case letters, digits and hyphens.
    #[must_use]
    pub fn new(software: &str, version: &str) -> Self {
        let name = software.chars().map(|c| c.to_ascii_lowercase());
        Self {
            version: "2.1".into(),
            software: Software {
                name: name.filter(|c| matches!(c, 'a'..='z' | '0'..='9' | '-')).collect(),
                version: version.into(),
                ..Software::default()
            },
            protocols: vec!["activitypub".into()],
            ..Self::default()
        }
    }

    /// Reads a document of any version.
    ///
    /// # Errors
    /// When it is longer than [`MAX_BYTES`](crate::MAX_BYTES) or no JSON object.
    pub fn parse(json: &[u8]) -> Result<Self, JrdError> {
        parse_json(json)
    }

    /// The document as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

/// A list since 2.0; before, one list for each direction.
fn protocols<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(match value {
        serde_json::Value::Object(_) => {
            let Services { inbound, outbound } = serde_json::from_value(value).unwrap_or_default();
            let only_out = outbound.into_iter().filter(|name| !inbound.contains(name)).collect::<Vec<_>>();
            inbound.into_iter().chain(only_out).collect()
        }
        value => lenient_items(value).unwrap_or_default(),
    })
}
