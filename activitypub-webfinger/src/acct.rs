//! `acct:` URIs and handles: a user at a host.
//!
//! <https://www.rfc-editor.org/rfc/rfc7565#section-7>

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use activitypub_core::{Object, Origin, OriginError, Value};
use thiserror::Error;

/// The longest user name any known server allows.
const LONGEST_USER: usize = 128;

/// A user at a host: `acct:ada@example.org`, as people write it `@ada@example.org`.
///
/// The user keeps the case it was written in and compares without it; the host is compared as an [`Origin`]. Both are
/// ASCII once parsed (an internationalized host in its `xn--` form), so what is displayed hides no look-alike letters,
/// no direction marks and no second `@`.
///
/// ```
/// # use activitypub_webfinger::Acct;
/// let acct: Acct = "@Ada@Bücher.example".parse()?;
/// assert_eq!(acct.to_string(), "acct:Ada@xn--bcher-kva.example");
/// assert_eq!(acct, Acct::parse("acct:ada@xn--bcher-kva.example.")?);
///
/// let error = Acct::parse("a@localhost:22/x?#").unwrap_err();
/// assert_eq!(error.to_string(), "the host of the handle: '/' cannot stand in a host");
/// # Ok::<(), activitypub_webfinger::AcctError>(())
/// ```
#[derive(Clone)]
pub struct Acct {
    user: Box<str>,
    origin: Origin,
}

impl Acct {
    /// A user at an origin. An `http` origin makes every lookup of this handle use `http`: for networks on loopback.
    ///
    /// # Errors
    /// When the user is none.
    pub fn new(user: &str, origin: Origin) -> Result<Self, AcctError> {
        check_user(user)?;
        Ok(Self { user: user.into(), origin })
    }

    /// Reads `user@host`, `@user@host` or `acct:user@host`; a port may follow the host.
    ///
    /// # Errors
    /// When any part of it is missing or unsound.
    pub fn parse(text: &str) -> Result<Self, AcctError> {
        let (user, host) = split(text)?;
        Ok(Self { user: user.into(), origin: Origin::of_handle_host(host)? })
    }

    /// The handle an actor claims for itself: its `webfinger` (FEP-2c59), else its `preferredUsername` at the host of its
    /// id. A claim is only that until a [`Lookup`](crate::Lookup) of it leads back to the actor.
    ///
    /// # Errors
    /// When the actor has no id with a host, or claims nothing that is a handle.
    pub fn claimed_by(actor: &Object) -> Result<Self, AcctError> {
        let origin = actor.id().and_then(|id| id.origin()).ok_or(AcctError::NoClaim)?;
        if let Some(claim) = actor.member("webfinger").and_then(Value::as_str) {
            return Self::parse_beside(claim, &origin);
        }
        let user = actor.member("preferredUsername").and_then(Value::as_str).ok_or(AcctError::NoClaim)?;
        Self::new(user, origin)
    }

    /// Reads a handle that was found in the answer of `origin`: its scheme is the scheme of the handle, so that a network
    /// on loopback stays on http, and everybody else on https.
    pub(crate) fn parse_beside(text: &str, origin: &Origin) -> Result<Self, AcctError> {
        let acct = Self::parse(text)?;
        if origin.is_https() {
            return Ok(acct);
        }
        let origin = Origin::parse(&format!("{}://{}", origin.scheme(), acct.origin.authority()))?;
        Ok(Self { origin, ..acct })
    }

    /// The part before the `@`, as written.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The part after the `@`.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The handle as people write it: `@user@host`.
    #[must_use]
    pub fn handle(&self) -> String {
        format!("@{}@{}", self.user, self.origin.authority())
    }
}

impl FromStr for Acct {
    type Err = AcctError;

    fn from_str(text: &str) -> Result<Self, AcctError> {
        Self::parse(text)
    }
}

impl PartialEq for Acct {
    fn eq(&self, other: &Self) -> bool {
        self.user.eq_ignore_ascii_case(&other.user) && self.origin == other.origin
    }
}

impl Eq for Acct {}

impl Hash for Acct {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.user.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        self.origin.hash(state);
    }
}

impl fmt::Display for Acct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "acct:{}@{}", self.user, self.origin.authority())
    }
}

impl fmt::Debug for Acct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Acct({self})")
    }
}

/// Why a text is no handle.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AcctError {
    /// There is no `@` between a user and a host.
    #[error("a handle is written user@host")]
    NoHost,
    /// Nothing stands before the `@`.
    #[error("the handle has no user")]
    NoUser,
    /// Longer than 128 characters.
    #[error("the user of the handle is longer than {LONGEST_USER} characters")]
    UserTooLong,
    /// This character is none of letters, digits, `_`, `-`, `.` and `~`.
    #[error("{0:?} cannot stand in the user of a handle")]
    UserCharacter(char),
    /// A user neither begins nor ends with `.` or `~`: `..` is a path, not a person.
    #[error("the user of a handle cannot begin or end with {0:?}")]
    UserEdge(char),
    /// What stands after the `@` is no host.
    #[error("the host of the handle: {0}")]
    Host(#[from] OriginError),
    /// The actor has neither `webfinger` nor `preferredUsername`, or no id with a host.
    #[error("the actor claims no handle")]
    NoClaim,
}

fn split(text: &str) -> Result<(&str, &str), AcctError> {
    let text = match text.split_at_checked("acct:".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("acct:") => rest,
        _ => text.strip_prefix('@').unwrap_or(text),
    };
    let (user, host) = text.split_once('@').ok_or(AcctError::NoHost)?;
    check_user(user)?;
    Ok((user, host))
}

/// RFC 7565 allows more, but these are the characters of every server's own grammar (Mastodon, Misskey, Lemmy, Pleroma,
/// WordPress) and of the domain names that bridges use as users.
fn check_user(user: &str) -> Result<(), AcctError> {
    if let Some(c) =
        user.chars().find(|&c| !matches!(c, 'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '-' | '.' | '~'))
    {
        return Err(AcctError::UserCharacter(c));
    }
    if user.len() > LONGEST_USER {
        return Err(AcctError::UserTooLong);
    }
    for edge in [user.chars().next(), user.chars().next_back()] {
        match edge {
            None => return Err(AcctError::NoUser),
            Some(c @ ('.' | '~')) => return Err(AcctError::UserEdge(c)),
            Some(_) => {}
        }
    }
    Ok(())
}
