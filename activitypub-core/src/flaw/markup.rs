//! HTML that does something where it is shown: scripts, handlers, links that run code. ActivityPub §B.10.
//!
//! This finds what stands there plainly, in one pass; it cleans nothing. What goes into a page passes a
//! sanitizer.

/// Elements that act, or that change the page around them.
const ACTING: [&str; 11] =
    ["script", "style", "iframe", "object", "embed", "base", "meta", "link", "form", "svg", "applet"];

/// Whether a URL runs code when it is followed.
pub(super) fn acts(url: &str) -> bool {
    // Browsers take blanks and control characters out first.
    let mut plain =
        url.chars().filter(|c| !c.is_control() && !c.is_whitespace()).map(|c| c.to_ascii_lowercase());
    let start: String = plain.by_ref().take(14).collect();
    ["javascript:", "vbscript:", "data:text/html"].iter().any(|acting| start.starts_with(acting))
}

/// The first thing in a text that acts, in words.
pub(super) fn what_acts(text: &str) -> Option<String> {
    tags(text).find_map(|tag| {
        let (name, mut attributes) = tag.name_and_attributes();
        if let Some(acting) = ACTING.iter().find(|acting| acting.eq_ignore_ascii_case(name)) {
            return Some(format!("the element <{acting}>"));
        }
        attributes.find_map(|(name, value)| {
            let is_handler = name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on")) && name.len() > 4;
            match () {
                () if is_handler => Some("an attribute that handles events".to_owned()),
                () if acts(value) => Some("a link that runs code".to_owned()),
                () => None,
            }
        })
    })
}

/// Whether there is any element in a text.
pub(super) fn has_elements(text: &str) -> bool {
    tags(text).next().is_some()
}

/// A tag without its angle brackets.
struct Tag<'a>(&'a str);

/// The tags of a text, one after another; an end tag and a comment are none.
fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (_, after) = rest.split_once('<')?;
            if let Some(comment) = after.strip_prefix("!--") {
                rest = comment.split_once("-->")?.1;
                continue;
            }
            rest = after;
            if !after.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let end = end_of_tag(after)?;
            let (tag, after) = after.split_at(end);
            rest = after;
            return Some(Tag(tag));
        }
    })
}

/// Where a tag ends: at the first `>` that is not quoted. `None` where the text ends before.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') if before == '=' || before.is_whitespace() => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        before = c;
    }
    None
}

impl<'a> Tag<'a> {
    fn name_and_attributes(&self) -> (&'a str, impl Iterator<Item = (&'a str, &'a str)> + use<'a>) {
        let is_blank = |c: char| c.is_whitespace() || c == '/';
        let end = self.0.find(is_blank).unwrap_or(self.0.len());
        let (name, mut rest) = self.0.split_at(end);
        let attributes = std::iter::from_fn(move || {
            rest = rest.trim_start_matches(is_blank);
            let end = rest.find(|c: char| is_blank(c) || c == '=')?;
            let (name, after) = rest.split_at(end);
            let after = after.trim_start();
            let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
                rest = after;
                return Some((name, ""));
            };
            let (value, after) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let value = value.get(1..).unwrap_or_default();
                    value.split_once(quote).unwrap_or((value, ""))
                }
                _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
            };
            rest = after;
            Some((name, value))
        });
        (name, attributes)
    }
}

#[cfg(test)]
mod tests {
    use super::{has_elements, what_acts};

    #[test]
    fn what_does_something_is_found() {
        for text in [
            "<script>alert(1)</script>",
            "<p>a<SCRIPT src=x></p>",
            "<img src=x onerror=alert(1)>",
            "<p onclick=\"alert(1)\">",
            "<a class='x' href=\"javascript:alert(1)\">",
            "<a href=' java\tscript:alert(1)'>",
            "<a href=javascript:alert(1)>",
            "<svg/onload=alert(1)>",
            "<b/onmouseover=alert(1)>",
            "<!-- <p> --><style>*{}</style>",
            "<form action=x>",
            "a < b <script>",
        ] {
            assert!(what_acts(text).is_some(), "{text}");
        }
    }

    #[test]
    fn text_that_does_nothing_is_left_alone() {
        for text in [
            "",
            "<p>Hello <a href=\"https://a.example/?onclick=1\" class='mention u-url' rel=nofollow>@<span>ada</span></a></p>",
            "1 < 2 and onerror=3",
            "<3",
            "<p>javascript: the good parts</p>",
            "<!-- <script> -->",
            "<",
            "<p",
            "<a title=\"<script>\">",
            "<p one=1>",
            "&lt;script&gt;",
        ] {
            assert_eq!(what_acts(text), None, "{text}");
        }
        assert!(!has_elements("a <3 b <- c") && has_elements("<b>a</b>"));
    }
}
