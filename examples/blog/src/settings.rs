//! What the author says about the blog as a whole: `blog.yaml`, and the origin it lives at.

use std::path::Path;

use serde::Deserialize;
use url::Url;

use crate::error::Error;
use crate::front_matter::is_language;

/// `blog.yaml`. Every field may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Settings {
    /// The blog's name, and its actor's.
    pub title: String,
    /// Who writes it.
    pub author: String,
    /// A sentence about it, on the first page and in the profile.
    pub description: String,
    /// The language of posts that name none: a BCP 47 tag.
    pub language: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: "A small blog".to_owned(),
            author: String::new(),
            description: String::new(),
            language: "en".to_owned(),
        }
    }
}

impl Settings {
    /// Reads `path`; a file that is not there says nothing, and nothing is the default.
    ///
    /// # Errors
    /// [`Error::Settings`] when it is there and not understood.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Error::File { path: path.to_owned(), error }),
        };
        let wrong = |reason: String| Error::Settings { path: path.to_owned(), reason };
        let settings: Self =
            serde_saphyr::from_str(&text).map_err(|error| wrong(error.without_snippet().to_string()))?;
        if !is_language(&settings.language) {
            return Err(wrong(format!(
                "`language: {}` is not a language tag such as en, de or pt-BR",
                settings.language
            )));
        }
        Ok(settings)
    }
}

/// The origin the blog lives at, and the addresses below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    origin: Url,
}

impl Site {
    /// `https://blog.example`, with a port where it needs one.
    ///
    /// # Errors
    /// [`Error::Origin`] when it has a path, a user name or anything else behind the host.
    pub fn new(origin: &str) -> Result<Self, Error> {
        let wrong = || Error::Origin(origin.to_owned());
        let url = Url::parse(origin).map_err(|_| wrong())?;
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        (matches!(url.scheme(), "http" | "https") && url.has_host() && bare)
            .then_some(Self { origin: url })
            .ok_or_else(wrong)
    }

    /// `https://blog.example`, without a slash behind it.
    pub fn origin(&self) -> &str {
        self.origin.as_str().trim_end_matches('/')
    }

    /// The address of `path`, which begins with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// The post at `slug`: its page and its identity.
    pub fn post(&self, slug: &str) -> String {
        self.url(&format!("/posts/{slug}"))
    }

    /// The slug in `id`, when it is the identity of a post here.
    pub fn slug<'a>(&self, id: &'a str) -> Option<&'a str> {
        let slug = id.strip_prefix(self.origin())?.strip_prefix("/posts/")?;
        (!slug.is_empty() && slug.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')).then_some(slug)
    }

    /// The host, with a port where it needs one: what stands behind the second `@` of the handle.
    pub fn authority(&self) -> String {
        let host = self.origin.host_str().unwrap_or_default();
        self.origin.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// `@blog@blog.example`.
    pub fn handle(&self) -> String {
        format!("@{}@{}", crate::ACTOR, self.authority())
    }

    /// Whether only this machine can reach it.
    pub fn is_loopback(&self) -> bool {
        match self.origin.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        }
    }

    /// Whether browsers reach it over TLS.
    pub fn is_https(&self) -> bool {
        self.origin.scheme() == "https"
    }

    /// The base that relative links of a post resolve against.
    pub(crate) fn post_base(&self, slug: &str) -> Url {
        Url::parse(&self.post(slug)).unwrap_or_else(|_| self.origin.clone())
    }
}
