//! The text of sanitized HTML, laid out by line ends: <https://html.spec.whatwg.org/#the-innertext-idl-attribute>.

use super::rules::{self, Kind};
use super::tokens::{Token, Tokens};

/// The text of `html`, which [`sanitize`](super::sanitize::sanitize) wrote.
pub(super) fn plain_text(html: &str) -> String {
    let mut lines = Lines { text: String::new(), ends: 0, blank: false, preformatted: 0 };
    for token in Tokens::new(html) {
        let (name, depth) = match token {
            Token::Text(text) => {
                lines.write(&htmlize::unescape(text));
                continue;
            }
            Token::Start { name, .. } => (name, 1),
            Token::End(name) => (name, -1),
        };
        match rules::element(name).map(|element| element.kind) {
            None => {}
            Some(Kind::Break) => lines.end_line(),
            Some(kind) if kind.is_inline() => {}
            Some(Kind::Division | Kind::Item) => lines.set_off(1),
            Some(Kind::Preformatted) => {
                lines.set_off(2);
                lines.preformatted += depth;
            }
            Some(_) => lines.set_off(2),
        }
    }
    lines.text
}

struct Lines {
    text: String,
    /// Line ends to be written before more text, at most two.
    ends: usize,
    /// Whether a blank is to be written before more text.
    blank: bool,
    /// How many open elements keep their blanks.
    preformatted: i32,
}

impl Lines {
    fn write(&mut self, text: &str) {
        for c in text.chars() {
            if self.preformatted > 0 && c == '\n' {
                self.end_line();
            } else if self.preformatted == 0 && c.is_ascii_whitespace() {
                self.blank = true;
            } else {
                self.settle();
                self.text.push(c);
            }
        }
    }

    fn end_line(&mut self) {
        self.ends = (self.ends + 1).min(2);
    }

    fn set_off(&mut self, ends: usize) {
        self.ends = self.ends.max(ends);
    }

    /// Writes the line ends that are due, or else the blank; neither before the first text.
    fn settle(&mut self) {
        if !self.text.is_empty() {
            self.text.extend(std::iter::repeat_n('\n', self.ends));
            if self.ends == 0 && self.blank {
                self.text.push(' ');
            }
        }
        self.ends = 0;
        self.blank = false;
    }
}
