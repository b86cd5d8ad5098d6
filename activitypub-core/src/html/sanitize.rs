//! Writes HTML anew from what may stay of a stranger's.
//!
//! No tree is built, since a tree can be much larger than its text: elements that were left open are opened again in every
//! paragraph that follows, by <https://html.spec.whatwg.org/#reconstruct-the-active-formatting-elements>. Instead the
//! elements that are open stand on a short stack. What would not be read back as it is written is not written: a
//! paragraph in a paragraph, a link in a link.

use std::borrow::Cow;

use super::UntrustedHtml;
use super::rules::{self, Element, Kind, REL};
use super::tokens::{Attributes, Token, Tokens};

/// How many elements may be open at once, as many as a document of ours has levels. What is nested deeper loses its tags
/// and keeps its text; browsers stop too, at 512.
const DEPTH: usize = 64;

/// What may stay of `html`, and its closing tags.
pub(super) fn sanitize(html: &str) -> String {
    let end = html.floor_char_boundary(UntrustedHtml::LIMIT);
    let mut tokens = Tokens::new(html.get(..end).unwrap_or_default());
    let mut page = Page { html: String::new(), open: Vec::new(), begins: false };
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => page.text(&htmlize::unescape(text)),
            Token::Start { name, attributes } if rules::is_skipped(name) => {
                // Only what is not HTML can close itself, but what does so anyway has no end tag to be waited for.
                if !attributes.close_their_tag() {
                    tokens.skip_to_end_of(name);
                }
            }
            Token::Start { name, attributes } => {
                if let Some(element) = rules::element(name) {
                    page.start(element, attributes);
                }
            }
            Token::End(name) => {
                if let Some(element) = rules::element(name) {
                    page.end(element);
                }
            }
        }
    }
    page.close_from(0);
    page.html
}

struct Page {
    html: String,
    /// The elements that are open, the innermost last.
    open: Vec<Element>,
    /// Whether nothing stands yet in a `<pre>`: a line end there is not part of its text.
    begins: bool,
}

impl Page {
    fn start(&mut self, element: Element, attributes: Attributes<'_>) {
        let kept = rules::kept(element, attributes);
        match element.kind {
            Kind::Inline | Kind::Ruby | Kind::Break => {}
            Kind::Link => self.close(Kind::Link, None),
            Kind::Reading => {
                if let Some(word) = self.open.iter().rposition(|open| open.kind == Kind::Ruby) {
                    self.close_from(word + 1);
                }
            }
            Kind::Item => {
                self.close(Kind::Paragraph, None);
                self.close(Kind::Item, Some(Kind::List));
            }
            Kind::Heading => {
                self.close(Kind::Paragraph, None);
                self.close(Kind::Heading, None);
            }
            _ => self.close(Kind::Paragraph, None),
        }
        let Some(kept) = kept else { return };
        if self.open.len() >= DEPTH && !element.kind.is_void() {
            return;
        }
        self.html.push('<');
        self.html.push_str(element.name);
        for (name, value) in kept {
            self.attribute(name, &value);
        }
        if element.kind == Kind::Link {
            self.attribute("rel", REL);
        }
        self.html.push('>');
        self.begins = element.kind == Kind::Preformatted;
        if !element.kind.is_void() {
            self.open.push(element);
        }
    }

    fn end(&mut self, element: Element) {
        if element.kind == Kind::Break {
            // Browsers read `</br>` as `<br>`, and some servers write it.
            self.html.push_str("<br>");
            self.begins = false;
        }
        // The end of one heading ends another.
        let is_it =
            |open: &Element| *open == element || (open.kind, element.kind) == (Kind::Heading, Kind::Heading);
        if let Some(at) = self.open.iter().rposition(is_it) {
            self.close_from(at);
        }
    }

    fn text(&mut self, text: &str) {
        // Line ends are as HTML reads them, also those that came as `&#13;`.
        let text = match text.contains('\r') {
            true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
            false => Cow::Borrowed(text),
        };
        // Of the controls only these two have a meaning in a text, and a byte order mark has none.
        let means = |c: char| !c.is_control() && c != '\u{feff}' || matches!(c, '\t' | '\n');
        for c in text.chars().filter(|&c| means(c)) {
            match c {
                '\n' if self.begins => continue,
                '"' => self.html.push(c),
                c => self.escaped(c),
            }
            self.begins = false;
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.html.push(' ');
        self.html.push_str(name);
        self.html.push_str("=\"");
        value.chars().for_each(|c| self.escaped(c));
        self.html.push('"');
    }

    /// <https://html.spec.whatwg.org/#escapingString>
    fn escaped(&mut self, c: char) {
        match c {
            '&' => self.html.push_str("&amp;"),
            '<' => self.html.push_str("&lt;"),
            '>' => self.html.push_str("&gt;"),
            '"' => self.html.push_str("&quot;"),
            '\u{a0}' => self.html.push_str("&nbsp;"),
            c => self.html.push(c),
        }
    }

    /// Closes the innermost open element of a kind, unless one of the kind `around` is open in it.
    fn close(&mut self, kind: Kind, around: Option<Kind>) {
        let nearest = self.open.iter().rposition(|open| open.kind == kind || Some(open.kind) == around);
        if let Some(at) = nearest.filter(|&at| self.open.get(at).is_some_and(|open| open.kind == kind)) {
            self.close_from(at);
        }
    }

    /// Closes all open elements from this one on.
    fn close_from(&mut self, at: usize) {
        self.begins &= at >= self.open.len();
        for element in self.open.drain(at..).rev() {
            self.html.push_str("</");
            self.html.push_str(element.name);
            self.html.push('>');
        }
    }
}
