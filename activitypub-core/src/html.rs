//! HTML that somebody else wrote: what `content` and `summary` are, and how it comes onto a page.
//!
//! An [`UntrustedHtml`] can be kept, compared and handed on, not shown. With the feature `html` it becomes [`SafeHtml`],
//! which cannot act, load anything or pass for a part of the page, or plain text.
//!
//! <https://www.w3.org/TR/activitystreams-vocabulary/#dfn-content>, <https://www.w3.org/TR/activitypub/#security-sanitizing-content>

#[cfg(feature = "html")]
mod plain;
#[cfg(feature = "html")]
mod rules;
#[cfg(feature = "html")]
mod sanitize;
pub(crate) mod tokens;

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;

use ref_cast::RefCast;

/// HTML of a stranger, exactly as it was written; borrowed, like `str`.
///
/// It has no `Display` and does not turn into a `str` by itself, so it cannot come onto a page by mistake.
///
/// ```
/// # use activitypub_core::UntrustedHtml;
/// let html = UntrustedHtml::new("<script>steal()</script>");
/// assert_eq!(format!("{html:?}"), "UntrustedHtml(24 bytes)");
/// ```
#[derive(PartialEq, Eq, Hash, RefCast)]
#[repr(transparent)]
pub struct UntrustedHtml(str);

impl UntrustedHtml {
    /// This text as HTML of a stranger.
    #[must_use]
    pub fn new(html: &str) -> &Self {
        Self::ref_cast(html)
    }

    /// The HTML as it was written, for storing or handing on: never for a page.
    #[must_use]
    pub fn as_untrusted_str(&self) -> &str {
        &self.0
    }

    /// The length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Showing it, with the feature `html`.
#[cfg(feature = "html")]
impl UntrustedHtml {
    /// The longest HTML that is shown, in bytes; what is longer is cut there.
    ///
    /// A text of 30 000 words with its markup. FEP-b2b8 says of itself that it is not for books.
    pub const LIMIT: usize = 256 * 1024;

    /// What is left when only text and its structure may stay: paragraphs, headings, lists, quotes, code, ruby, emphasis,
    /// and links to the web.
    ///
    /// That is what Mastodon and FEP-b2b8 name, except that nothing is loaded: no pictures, because opening a page must
    /// not tell a stranger's server who reads it. Of attributes, `lang`, `dir` and `translate` stay, the numbering of
    /// lists, and the classes that mean something between servers (`mention`, `hashtag`, `u-url`, `h-card`, `invisible`,
    /// `ellipsis`, `quote-inline`). Links lead to `https` and `http` without user information, and carry
    /// `rel="nofollow noopener noreferrer ugc"`. Elements that begin lines of their own and are not on the list become
    /// `<div>`, so that what stood in two table cells is still two words.
    ///
    /// Takes time and room in proportion to the input. Every element is closed and none is nested deeper than 64, but the
    /// text may turn its own direction: give it an element of its own, as in `<div dir="auto">`.
    ///
    /// ```
    /// # use activitypub_core::UntrustedHtml;
    /// let html = UntrustedHtml::new(r#"<p onclick="x()">Hi <a href="https://b.example/@bob" class="u-url top">bob</a>"#);
    /// assert_eq!(
    ///     html.sanitize().as_str(),
    ///     r#"<p>Hi <a href="https://b.example/@bob" class="u-url" rel="nofollow noopener noreferrer ugc">bob</a></p>"#
    /// );
    /// ```
    #[must_use]
    pub fn sanitize(&self) -> SafeHtml {
        SafeHtml(sanitize::sanitize(&self.0))
    }

    /// The text alone: for a notification, a preview, a search index.
    ///
    /// Line breaks and the ends of blocks become line ends, paragraphs are set off by an empty line, entities are decoded,
    /// and what a link shows is there in full, also where pages shorten it. This is text, not HTML: on a page it has to be
    /// escaped like any other.
    ///
    /// ```
    /// # use activitypub_core::UntrustedHtml;
    /// let html = UntrustedHtml::new("<p>One<br>two &amp; <b>three</b></p><p>four</p>");
    /// assert_eq!(html.to_plain_text(), "One\ntwo & three\n\nfour");
    /// ```
    #[must_use]
    pub fn to_plain_text(&self) -> String {
        plain::plain_text(&sanitize::sanitize(&self.0))
    }
}

impl PartialEq<str> for UntrustedHtml {
    fn eq(&self, other: &str) -> bool {
        self.0 == *other
    }
}

impl ToOwned for UntrustedHtml {
    type Owned = UntrustedHtmlBuf;

    fn to_owned(&self) -> UntrustedHtmlBuf {
        UntrustedHtmlBuf(self.0.into())
    }
}

impl fmt::Debug for UntrustedHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UntrustedHtml({} bytes)", self.0.len())
    }
}

/// An owned [`UntrustedHtml`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UntrustedHtmlBuf(Box<str>);

impl Deref for UntrustedHtmlBuf {
    type Target = UntrustedHtml;

    fn deref(&self) -> &UntrustedHtml {
        UntrustedHtml::new(&self.0)
    }
}

impl Borrow<UntrustedHtml> for UntrustedHtmlBuf {
    fn borrow(&self) -> &UntrustedHtml {
        self
    }
}

impl From<String> for UntrustedHtmlBuf {
    fn from(html: String) -> Self {
        Self(html.into())
    }
}

impl fmt::Debug for UntrustedHtmlBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// HTML that may stand on a page: what [`UntrustedHtml::sanitize`] gives, and nothing else makes one.
#[cfg(feature = "html")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeHtml(String);

#[cfg(feature = "html")]
impl SafeHtml {
    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(feature = "html")]
impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
