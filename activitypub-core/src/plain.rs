//! Plain text that somebody else wrote: what `name` and `preferredUsername` are, on one line of a page.
//!
//! <https://www.w3.org/TR/activitystreams-vocabulary/#dfn-name>, <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>

/// A stranger's plain text on one line, no longer than `limit` characters; cut with an ellipsis.
///
/// Control characters go, and so do the marks that turn the direction of the text around them: a name must not be able to
/// rewrite the sentence that it stands in. It is still text: on a page it has to be escaped.
///
/// ```
/// # use activitypub_core::one_line;
/// assert_eq!(one_line("Ada\u{202e}\n Lovelace", 80), "Ada Lovelace");
/// assert_eq!(one_line("Ada Lovelace", 4), "Ada…");
/// ```
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = !line.is_empty();
        } else if !c.is_control() && !turns(c) {
            length += if blank { 2 } else { 1 };
            if length > limit {
                line.push('…');
                break;
            }
            if std::mem::take(&mut blank) {
                line.push(' ');
            }
            line.push(c);
        }
    }
    line
}

/// Whether a character shows nothing and changes the direction or the shape of others.
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_name_stays_on_its_line_and_within_its_limit() {
        for (text, line) in [
            ("", ""),
            (" \n\u{2028}\u{0} ", ""),
            ("ad\u{202e}a\n\tL\u{0}", "ada L"),
            ("a \u{2067} b\u{85}c\r\n", "a b c"),
            ("\u{200f}\u{61c}א ב", "א ב"),
            ("12345678", "12345678"),
            ("123456789", "12345678…"),
            ("1234567 9", "1234567…"),
            ("12345678 \u{202e}", "12345678"),
            ("<b>x</b>", "<b>x</b>"),
        ] {
            assert_eq!(one_line(text, 8), line, "{text:?}");
        }
    }
}
