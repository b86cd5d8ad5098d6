//! The head of a post's file: YAML between two lines `---`.
//!
//! Unknown fields are an error, not a shrug: `darft: true` would otherwise publish to the whole world what its author
//! meant to keep.

use activitypub::as2::one_line;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

/// What the author says about a post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// `title`; a post without one is a short post.
    pub title: Option<String>,
    /// `date`: `2026-11-23`, `2026-11-23 14:05` (UTC) or RFC 3339. A post with a date to come waits for it.
    pub date: Option<Timestamp>,
    /// `tags`: a list, or words between commas.
    pub tags: Vec<Tag>,
    /// `language`: a BCP 47 tag such as `en` or `pt-BR`.
    pub language: Option<String>,
    /// `summary`: a sentence or two, for lists and previews.
    pub summary: Option<String>,
    /// `draft`: not for others yet.
    pub draft: bool,
}

/// A tag, as the author wrote it and as it compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// As written, without `#`.
    pub name: String,
    /// Its letters, digits and underscores in lower case: its page's address, and the hashtag of other servers.
    pub key: String,
}

/// What is wrong with a front matter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrontMatterError {
    /// The head begins with `---` and never ends.
    #[error("the front matter that begins with `---` on line 1 is not closed by another line `---`")]
    Unclosed,
    /// Not the YAML that is expected here.
    #[error("{reason}")]
    Yaml {
        /// The line in the file, from 1.
        line: Option<u64>,
        /// The field it stands in.
        field: Option<String>,
        /// What the YAML reader says.
        reason: String,
    },
    /// A field's value makes no sense.
    #[error("`{value}` is not {expected}")]
    Value {
        /// The line in the file, from 1.
        line: Option<u64>,
        /// The field.
        field: &'static str,
        /// What stands there.
        value: String,
        /// What should.
        expected: &'static str,
    },
}

impl FrontMatterError {
    /// The line of the file it is on, from 1.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Unclosed => Some(1),
            Self::Yaml { line, .. } | Self::Value { line, .. } => *line,
        }
    }

    /// The field it is in.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Unclosed => None,
            Self::Yaml { field, .. } => field.as_deref(),
            Self::Value { field, .. } => Some(field),
        }
    }
}

/// Reads the front matter of `text`; gives it and the body that follows. A text without one is all body.
///
/// # Errors
/// [`FrontMatterError`] when there is a front matter and it cannot be understood.
pub fn read(text: &str) -> Result<(FrontMatter, &str), FrontMatterError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some((yaml, body)) = split(text)? else {
        return Ok((FrontMatter::default(), text));
    };
    if yaml.trim().is_empty() {
        return Ok((FrontMatter::default(), body));
    }
    let fields = parse(yaml)?;
    let value = |field: &'static str, value: &str, expected: &'static str| FrontMatterError::Value {
        line: line_of(yaml, field),
        field,
        value: value.to_owned(),
        expected,
    };
    let date = match fields.date.as_deref() {
        Some(text) => Some(moment(text).ok_or_else(|| {
            value("date", text, "a date such as 2026-11-23, 2026-11-23 14:05 or 2026-11-23T14:05:00+01:00")
        })?),
        None => None,
    };
    if let Some(tag) = fields.language.as_deref().filter(|tag| !is_language(tag)) {
        return Err(value("language", tag, "a language tag such as en, de or pt-BR"));
    }
    let tags = fields
        .tags
        .iter()
        .map(|name| Tag::new(name).ok_or_else(|| value("tags", name, "a tag: it needs a letter or a digit")))
        .collect::<Result<_, _>>()?;
    let said = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let matter = FrontMatter {
        title: said(fields.title),
        date,
        tags,
        language: fields.language,
        summary: said(fields.summary),
        draft: fields.draft,
    };
    Ok((matter, body))
}

impl Tag {
    /// `None` when there is neither a letter nor a digit in it.
    pub fn new(name: &str) -> Option<Self> {
        let name = name.trim().trim_start_matches('#').trim();
        let key: String =
            name.chars().filter(|c| c.is_alphanumeric() || *c == '_').flat_map(char::to_lowercase).collect();
        key.chars().any(char::is_alphanumeric).then(|| Self { name: name.to_owned(), key })
    }
}

/// Whether `text` looks like a BCP 47 language tag: letters first, then parts of letters and digits.
pub fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn parse(yaml: &str) -> Result<Fields, FrontMatterError> {
    serde_saphyr::from_str(yaml).map_err(|error| {
        let at = error.location();
        let reason = error.without_snippet().to_string();
        // The reader counts from where the YAML begins; the author counts from where the file does, a line before.
        let told = at.map(|at| format!(" at line {}, column {}", at.line(), at.column())).unwrap_or_default();
        FrontMatterError::Yaml {
            line: at.map(|at| at.line() + 1),
            field: at.and_then(|at| field_at(yaml, at.line())),
            reason: one_line(reason.strip_suffix(&told).unwrap_or(&reason), 300),
        }
    })
}

fn split(text: &str) -> Result<Option<(&str, &str)>, FrontMatterError> {
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == "---") else {
        return Ok(None);
    };
    let mut end = first.len();
    for line in lines {
        if line.trim_end() == "---" {
            let yaml = text.get(first.len()..end).unwrap_or_default();
            let body = text.get(end + line.len()..).unwrap_or_default();
            return Ok(Some((yaml, body)));
        }
        end += line.len();
    }
    Err(FrontMatterError::Unclosed)
}

fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let utc = |at: DateTime| at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    // An RFC 3339 time has an offset and is taken as it stands; a date or time without one is UTC, so that a post
    // means the same on every machine.
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| {
            text.parse::<Date>()
                .ok()
                .filter(|_| !text.contains(':'))
                .and_then(|date| utc(date.at(0, 0, 0, 0)))
        })
        .or_else(|| text.parse::<DateTime>().ok().and_then(utc))
}

/// The line in the file of `field`, from 1.
fn line_of(yaml: &str, field: &str) -> Option<u64> {
    yaml.lines().zip(2..).find(|(line, _)| key(line) == Some(field)).map(|(_, number)| number)
}

/// The field that line `line` of `yaml` (from 1) belongs to.
fn field_at(yaml: &str, line: u64) -> Option<String> {
    let lines: Vec<_> = yaml.lines().take(usize::try_from(line).ok()?).collect();
    lines.iter().rev().find_map(|line| key(line)).map(str::to_owned)
}

fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(':')?;
    (!key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'))
        .then_some(key)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    title: Option<String>,
    date: Option<String>,
    #[serde(default, deserialize_with = "words")]
    tags: Vec<String>,
    language: Option<String>,
    summary: Option<String>,
    #[serde(default)]
    draft: bool,
}

/// `[a, b]` or `a, b`.
fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Words;
    impl<'de> Visitor<'de> for Words {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("tags: a list, or words between commas")
        }

        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok(text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect())
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut words = Vec::new();
            while let Some(word) = list.next_element()? {
                words.push(word);
            }
            Ok(words)
        }
    }
    deserializer.deserialize_any(Words)
}
