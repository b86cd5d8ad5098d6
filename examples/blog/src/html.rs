//! Which HTML may reach a page: strangers' through [`foreign`], the author's through [`own`].
//!
//! A reply is HTML written by somebody else on somebody else's server. It has no `Display`, so the only way it gets on
//! a page is as [`SafeHtml`], which nothing but this file can make.

use std::collections::HashSet;
use std::sync::LazyLock;

use activitypub::as2::{UntrustedHtml, UntrustedHtmlBuf};
use ammonia::{Builder, UrlRelative};
use maud::{PreEscaped, Render};
use url::Url;

/// The longest HTML of others that is kept, in bytes. Mastodon's longest common limit, 5,000 characters, is far below.
pub const LIMIT: usize = 32 * 1024;

/// HTML that came from another server, to be kept as it came; `None` when it is longer than [`LIMIT`].
pub fn kept(html: &UntrustedHtml) -> Option<UntrustedHtmlBuf> {
    (html.len() <= LIMIT).then(|| html.to_owned())
}

/// HTML that may stand on a page of the blog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Render for SafeHtml {
    fn render(&self) -> PreEscaped<String> {
        PreEscaped(self.0.clone())
    }
}

/// HTML that came from another server, as pages show it: text, links, lists, quotes and code.
pub fn foreign(html: &UntrustedHtml) -> SafeHtml {
    SafeHtml(html.sanitize().into_string())
}

/// The author's own HTML, as pages show it: everything a text needs, no scripts, no styles, no forms.
pub fn own(html: &str) -> SafeHtml {
    SafeHtml(OWN.clean(html).to_string())
}

/// [`own`] with every relative link and image made absolute against `base`, for feeds and other servers.
pub fn own_absolute(html: &str, base: &Url) -> SafeHtml {
    let mut builder = own_rules();
    builder.url_relative(UrlRelative::RewriteWithBase(base.clone()));
    SafeHtml(builder.clean(html).to_string())
}

/// A link another server gave us, when a browser may be sent there: `http` or `https`, a host, no user name.
pub fn web_url(text: &str) -> Option<Url> {
    if text.len() > 2048 {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.has_host();
    (plain && url.username().is_empty() && url.password().is_none()).then_some(url)
}

static OWN: LazyLock<Builder<'static>> = LazyLock::new(own_rules);

fn own_rules() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .link_rel(None)
        .url_schemes(HashSet::from(["http", "https", "mailto", "xmpp", "tel"]))
        .add_tag_attributes("div", ["id"])
        .add_allowed_classes("div", ["footnote-definition"])
        .add_allowed_classes("sup", ["footnote-reference", "footnote-definition-label"]);
    builder
}
