//! Which of the two that live at one URL a request asks for: the page or the ActivityPub object. ActivityPub
//! §3.2, RFC 9110 §12.5.1.

use http::HeaderMap;
use http::header::ACCEPT;

/// The media type of what we serve and send. Everybody takes it; some take nothing else.
pub(crate) const ACTIVITY_JSON: &str = "application/activity+json";

/// Whether a request asks for the ActivityPub object rather than for the page.
///
/// It has to name one of the two ActivityPub media types, and not prefer HTML. A browser names neither, `*/*` is
/// what every program sends that has not thought about it.
pub(crate) fn wants_activity(headers: &HeaderMap) -> bool {
    let mut activity = 0;
    let mut html = 0;
    for range in headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(ranges) {
        let (name, quality) = range;
        match name {
            Media::Activity => activity = activity.max(quality),
            Media::Html => html = html.max(quality),
            Media::Other => {}
        }
    }
    activity > 0 && activity >= html
}

/// Whether the body of a request is what an inbox takes: `application/activity+json`, or `application/ld+json`.
///
/// The profile that ActivityPub §7 wants on the latter is not insisted on: what is in an inbox is signed, so
/// nobody can pass off an upload as an activity.
pub(crate) fn is_activity(content_type: &str) -> bool {
    let name = content_type.split(';').next().unwrap_or_default().trim();
    name.eq_ignore_ascii_case(ACTIVITY_JSON) || name.eq_ignore_ascii_case("application/ld+json")
}

#[derive(Clone, Copy)]
enum Media {
    Activity,
    Html,
    Other,
}

/// The media ranges of an `Accept` value with their quality in thousandths.
fn ranges(value: &str) -> impl Iterator<Item = (Media, u16)> + '_ {
    // A comma inside a quoted parameter does not occur in what is told apart here.
    value.split(',').map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let media = if is_activity(name) {
            Media::Activity
        } else if name.eq_ignore_ascii_case("text/html") || name.eq_ignore_ascii_case("application/xhtml+xml")
        {
            Media::Html
        } else {
            Media::Other
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        (media, quality.map_or(1000, thousandths))
    })
}

fn thousandths(quality: &str) -> u16 {
    let quality: f32 = quality.trim().parse().unwrap_or(0.0);
    // Between 0 and 1000 by the clamp.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1000")]
    let thousandths = (quality.clamp(0.0, 1.0) * 1000.0) as u16;
    thousandths
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header::ACCEPT};

    use super::wants_activity;

    #[test]
    fn servers_get_the_object_and_browsers_the_page() {
        for (accept, expected) in [
            ("application/activity+json", true),
            ("application/activity+json, application/ld+json", true),
            (r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#, true),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false),
            ("text/html, application/activity+json;q=0.5", false),
            ("application/activity+json, text/html;q=0.1", true),
            ("application/activity+json;q=0", false),
            ("*/*", false),
            ("application/json", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(wants_activity(&headers), expected, "{accept}");
        }
        assert!(!wants_activity(&HeaderMap::new()));
    }
}
