//! Which HTML may reach a page: strangers' through [`UntrustedHtml::sanitise`], the author's through [`own`].
//!
//! A reply is HTML written by somebody else on somebody else's server. It has no `Display`, so the only way it gets on
//! a page is as [`SafeHtml`], which nothing but this file can make.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use maud::{PreEscaped, Render};
use url::Url;

/// HTML that came from another server.
///
/// It can be stored and sanitised, not shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UntrustedHtml(String);

impl UntrustedHtml {
    /// The longest HTML that is kept, in bytes. Mastodon's longest common limit, 5,000 characters, is far below.
    pub const LIMIT: usize = 32 * 1024;

    /// Takes `html` as it came, or `None` when it is longer than [`Self::LIMIT`].
    pub fn new(html: impl Into<String>) -> Option<Self> {
        let html = html.into();
        (html.len() <= Self::LIMIT).then_some(Self(html))
    }

    /// What is left when only text, links, lists, quotes and code may stay.
    ///
    /// No images, because opening a page must not tell a stranger's server who reads it; no classes and no styles,
    /// because a reply must not be able to dress up as a part of the blog; links to `http` and `https` only.
    pub fn sanitise(&self) -> SafeHtml {
        SafeHtml(FOREIGN.clean(&self.0).to_string())
    }

    /// The bytes as they came, for the database.
    pub(crate) fn as_stored(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UntrustedHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UntrustedHtml({} bytes)", self.0.len())
    }
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

/// A name another server gave us, on one line and no longer than `limit` characters.
///
/// Control characters go, and so do the marks that turn the direction of the text around them: a name must not be able
/// to rewrite the sentence that it stands in.
pub fn one_line(text: &str, limit: usize) -> String {
    let calm = |c: char| {
        !c.is_control()
            && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let words: Vec<_> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().filter(|&c| calm(c)).collect();
    match line.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

static FOREIGN: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "a",
            "b",
            "bdi",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "i",
            "ins",
            "li",
            "ol",
            "p",
            "pre",
            "rp",
            "rt",
            "ruby",
            "s",
            "strong",
            "sub",
            "sup",
            "u",
            "ul",
        ]))
        .clean_content_tags(HashSet::from([
            "script", "style", "template", "textarea", "title", "noscript", "iframe",
        ]))
        .add_tag_attributes("a", ["href"])
        .generic_attributes(HashSet::from(["lang"]))
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer ugc"))
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("a", "href") => web_url(value).map(|_| Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        });
    builder
});

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
