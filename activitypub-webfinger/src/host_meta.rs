//! host-meta in its JSON form: where a host that cannot answer WebFinger itself sends those who ask.
//!
//! The older XML form is neither read nor written: a parser of XML is too much surface for one link.
//!
//! <https://www.rfc-editor.org/rfc/rfc6415#appendix-A>

use activitypub_core::Origin;

use crate::{Acct, Jrd, Link};

/// Where a host serves it.
pub const PATH: &str = "/.well-known/host-meta.json";

/// The relation of the link that leads to descriptors.
pub const LRDD: &str = "lrdd";

/// The document of an origin that answers WebFinger itself.
///
/// ```
/// # use activitypub_core::Origin;
/// # use activitypub_webfinger::host_meta;
/// let document = host_meta::document(&Origin::parse("https://example.org")?);
/// assert_eq!(
///     document.link(host_meta::LRDD).unwrap().template.as_deref(),
///     Some("https://example.org/.well-known/webfinger?resource={uri}"),
/// );
/// # Ok::<(), activitypub_core::OriginError>(())
/// ```
#[must_use]
pub fn document(origin: &Origin) -> Jrd {
    let template = format!("{}?resource={{uri}}", origin.url(crate::PATH));
    Jrd::default().with_link(Link::by_template(LRDD, template).media_type(crate::CONTENT_TYPE))
}

/// Where a document says that the descriptor of `acct` is.
pub(crate) fn descriptor_url(document: &Jrd, acct: &Acct) -> Option<String> {
    let template = document.link(LRDD)?.template.as_deref()?;
    let resource: String = url::form_urlencoded::byte_serialize(acct.to_string().as_bytes()).collect();
    Some(template.replace("{uri}", &resource))
}
