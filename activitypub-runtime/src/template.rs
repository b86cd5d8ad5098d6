//! [`Template`]: the form of the URLs under which an application serves its actors or objects.

use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// The form of a path, such as `/users/{name}`: each `{…}` stands for one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Fixed(String),
    Named(String),
}

/// The text is not a template of a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{template:?} is not a URL template: {problem}")]
pub struct TemplateError {
    template: String,
    problem: &'static str,
}

/// What the `{…}` of a template stood for in a URL, percent-decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

/// What does not stand in a segment of a path as it is (RFC 3986 §3.3).
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'|');

impl Template {
    pub(crate) fn parse(template: &str) -> Result<Self, TemplateError> {
        let error = |problem| TemplateError { template: template.to_owned(), problem };
        let path = template.strip_prefix('/').ok_or_else(|| error("it does not begin with '/'"))?;
        let segments = path.split('/').map(|segment| {
            match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(name) if !name.is_empty() => Ok(Segment::Named(name.to_owned())),
                _ if segment.is_empty() => Err(error("it has an empty segment")),
                _ if segment.contains(['{', '}', '?', '#', '%']) => {
                    Err(error("a segment is either a plain word or one name in braces"))
                }
                _ => Ok(Segment::Fixed(segment.to_owned())),
            }
        });
        let template = Self { segments: segments.collect::<Result<_, _>>()? };
        let mut names: Vec<_> = template.names().collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| matches!(pair, [one, other] if one == other)) {
            return Err(error("it has the same name twice"));
        }
        Ok(template)
    }

    /// The names in braces.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Named(name) => Some(name.as_str()),
            Segment::Fixed(_) => None,
        })
    }

    /// What the names stand for in a path of this form, and what of the path comes after it.
    pub(crate) fn matches<'p>(&self, path: &'p str) -> Option<(Params, Option<&'p str>)> {
        let mut rest = Some(path.strip_prefix('/')?);
        let mut params = Vec::new();
        for expected in &self.segments {
            let here = rest?;
            let (segment, after) = match here.split_once('/') {
                Some((segment, after)) => (segment, Some(after)),
                None => (here, None),
            };
            rest = after;
            let text = percent_decode_str(segment).decode_utf8().ok()?;
            match expected {
                Segment::Fixed(fixed) if *fixed == text => {}
                Segment::Named(name) if !text.is_empty() => params.push((name.clone(), text.into_owned())),
                _ => return None,
            }
        }
        Some((Params(params), rest))
    }

    /// The path with `value` for its only name.
    pub(crate) fn path(&self, value: &str) -> String {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            match segment {
                Segment::Fixed(fixed) => path.push_str(fixed),
                Segment::Named(_) => path.extend(utf8_percent_encode(value, SEGMENT)),
            }
        }
        path
    }
}

impl Params {
    /// What `{name}` stood for; `""` for a name that is not in the template.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    /// What the first name stood for.
    pub(crate) fn into_first(self) -> String {
        self.0.into_iter().next().map_or_else(String::new, |(_, value)| value)
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments.iter().try_for_each(|segment| match segment {
            Segment::Fixed(fixed) => write!(f, "/{fixed}"),
            Segment::Named(name) => write!(f, "/{{{name}}}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn a_template_reads_back_what_it_writes() {
        let template = Template::parse("/people/{name}").unwrap();
        for name in ["ada", "a b", "ü", "50%", "x/y"] {
            let path = template.path(name);
            let (params, rest) = template.matches(&path).unwrap();
            assert_eq!((params.get("name"), rest), (name, None), "{path}");
        }
        let (params, rest) = template.matches("/people/ada/inbox").unwrap();
        assert_eq!((params.get("name"), rest), ("ada", Some("inbox")));
        for path in ["/people", "/people/", "/persons/ada", "people/ada", "/people/%ff", ""] {
            assert!(template.matches(path).is_none(), "{path}");
        }
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for text in ["", "users", "/", "/a//b", "/{a}/{a}", "/x{a}", "/{}", "/a?b", "/%41"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }
}
