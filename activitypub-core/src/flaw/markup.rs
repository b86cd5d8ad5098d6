//! HTML that does something where it is shown: scripts, handlers, links that run code. ActivityPub §B.10.
//!
//! This finds what stands there plainly, in one pass; it cleans nothing. What goes into a page passes a
//! sanitizer.

use crate::html::tokens::{Token, Tokens};

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
    Tokens::new(text).find_map(|token| {
        let Token::Start { name, mut attributes } = token else { return None };
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
    Tokens::new(text).any(|token| matches!(token, Token::Start { .. }))
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
            "<a \"><script>x()</script>",
            "<a =\"><script>x()</script>",
            "<!--><script>x()</script>-->",
            "<!-- --!><script>x()</script>-->",
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
