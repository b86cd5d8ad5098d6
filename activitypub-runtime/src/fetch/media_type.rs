//! Whether an answer says of itself that it is an ActivityPub document.
//!
//! A server lets its users upload files, and serves them from the same origin as its actors. What tells the two apart is
//! the content type, which the server chooses and not the user: so plain JSON, a type that merely resembles the right
//! one, and a field that two readers could read differently are all somebody's upload.
//!
//! <https://www.w3.org/TR/activitypub/#retrieving-objects>, <https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1>

use activitypub_core::ACTIVITY_STREAMS;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// What a document is asked for with. The profile is what ActivityPub §3.2 wants, the first is what all servers know.
pub(super) const ACCEPTED: &str =
    "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

/// Whether the answer is labelled `application/activity+json`, or `application/ld+json` with the profile of
/// ActivityStreams; exactly once.
pub(super) fn is_document(headers: &HeaderMap) -> bool {
    let mut fields = headers.get_all(CONTENT_TYPE).iter();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        return false;
    };
    let Some((name, parameters)) = field.to_str().ok().and_then(parse) else {
        return false;
    };
    if name.eq_ignore_ascii_case("application/activity+json") {
        return true;
    }
    let mut profiles = parameters.iter().filter(|(name, _)| name.eq_ignore_ascii_case("profile"));
    let (Some((_, profile)), None) = (profiles.next(), profiles.next()) else {
        return false;
    };
    // RFC 6906: a list of URIs.
    name.eq_ignore_ascii_case("application/ld+json") && profile.split(' ').any(|uri| uri == ACTIVITY_STREAMS)
}

/// The name `type/subtype` and the parameters, or nothing where the grammar is broken anywhere.
fn parse(field: &str) -> Option<(&str, Vec<(&str, String)>)> {
    let (name, mut rest) = field.split_once(';').map_or((field, None), |(name, rest)| (name, Some(rest)));
    let name = name.trim_matches(BLANK);
    let (kind, subtype) = name.split_once('/')?;
    if !is_token(kind) || !is_token(subtype) {
        return None;
    }
    let mut parameters = Vec::new();
    while let Some(text) = rest {
        let text = text.trim_start_matches(BLANK);
        // RFC 9110 §5.6.6: nothing between two semicolons is nothing.
        if text.is_empty() || text.starts_with(';') {
            rest = text.strip_prefix(';');
            continue;
        }
        let (name, text) = text.split_once('=')?;
        let (value, text) = match text.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let (value, text) = text.split_at(text.find(';').unwrap_or(text.len()));
                let value = value.trim_end_matches(BLANK);
                is_token(value).then(|| (value.to_owned(), text))?
            }
        };
        if !is_token(name) {
            return None;
        }
        parameters.push((name, value));
        let text = text.trim_start_matches(BLANK);
        rest = text.strip_prefix(';');
        if rest.is_none() && !text.is_empty() {
            return None;
        }
    }
    Some((name, parameters))
}

/// The value of a quoted string whose opening quote is gone, and what follows its closing one.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => value.push(characters.next()?.1),
            _ => value.push(c),
        }
    }
    None
}

const BLANK: [char; 2] = [' ', '\t'];

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn accepts(fields: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(CONTENT_TYPE, HeaderValue::from_bytes(field.as_bytes()).unwrap());
        }
        is_document(&headers)
    }

    #[test]
    fn documents_are_taken() {
        for field in [
            "application/activity+json",
            "application/activity+json; charset=utf-8",
            "Application/Activity+JSON;charset=\"utf-8\"",
            "application/activity+json;",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\"; charset=utf-8",
            "application/ld+json; charset=utf-8 ; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=\"http://www.w3.org/ns/json-ld#compacted https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; PROFILE=\"https://www.w3.org/ns/activity\\streams\"",
            "application/activity+json; profile=\"https://www.w3.org/ns/activitystreams\"",
        ] {
            assert!(accepts(&[field]), "{field}");
        }
    }

    #[test]
    fn uploads_are_not() {
        for field in [
            "",
            "text/html",
            "application/json",
            "application/jrd+json",
            "application/ld+json",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreamsx\"",
            "application/ld+json; profile=\"http://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=https://www.w3.org/ns/activitystreams",
            "application/ld+json; x=\"profile=https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=\"\"; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams",
            "text/plain; x=\"application/activity+json\"",
            "text/plain; application/activity+json",
            "text/plain, application/activity+json",
            "application/activity+json, text/plain",
            "application/activity+json x",
            "application/activity+json; charset=\"utf-8\"x",
            "application/activity+json; charset",
            "application/activity+jsonp",
            "application/activity json",
            "/activity+json",
            "application/activity+json; b\u{e9}=1",
        ] {
            assert!(!accepts(&[field]), "{field}");
        }
        assert!(!accepts(&[]));
        assert!(!accepts(&["application/activity+json", "text/html"]));
        assert!(!accepts(&["application/activity+json", "application/activity+json"]));
    }
}
