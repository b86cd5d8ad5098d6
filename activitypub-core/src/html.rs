//! [`UntrustedHtml`]: HTML that somebody else wrote.

use std::fmt;

use ref_cast::RefCast;

/// HTML that somebody else wrote. It can be kept and compared, not shown.
#[derive(PartialEq, Eq, Hash, RefCast)]
#[repr(transparent)]
pub struct UntrustedHtml(str);

impl UntrustedHtml {
    /// This text as HTML of somebody else.
    #[must_use]
    pub fn new(html: &str) -> &Self {
        Self::ref_cast(html)
    }

    /// The HTML as it came, for keeping it.
    #[must_use]
    pub fn as_untrusted_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for UntrustedHtml {
    fn eq(&self, other: &str) -> bool {
        self.0 == *other
    }
}

impl fmt::Debug for UntrustedHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UntrustedHtml({:?})", &self.0)
    }
}
