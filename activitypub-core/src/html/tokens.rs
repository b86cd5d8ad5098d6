//! HTML as a stream of tags and text: <https://html.spec.whatwg.org/#tokenization>.
//!
//! What strangers got wrong is read nearly as browsers read it, so that nothing is lost. That it is not exactly so harms
//! nobody: what is written in the end does not hold a byte of markup that came. Whoever looks for what acts finds it in
//! the same tags.

/// A piece of HTML.
#[derive(Debug)]
#[cfg_attr(not(feature = "html"), expect(dead_code, reason = "what acts is found in the tags that begin"))]
pub(crate) enum Token<'a> {
    /// Text as written, its entities not decoded.
    Text(&'a str),
    /// `<name attributes>`
    Start { name: &'a str, attributes: Attributes<'a> },
    /// `</name>`
    End(&'a str),
}

/// The tags and texts of some HTML, one after the other; comments and declarations are passed over.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(html: &'a str) -> Self {
        Self { rest: html }
    }

    /// Goes on at the next end tag of this name, or at the end where there is none.
    #[cfg(feature = "html")]
    pub(crate) fn skip_to_end_of(&mut self, name: &str) {
        let is_end = |&(at, _): &(usize, &str)| {
            let after = self.rest.get(at + 2..).unwrap_or_default();
            let named = after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
            named
                && after
                    .get(name.len()..)
                    .is_some_and(|after| after.is_empty() || after.starts_with(ends_name))
        };
        let end = self.rest.match_indices("</").find(is_end).map_or(self.rest.len(), |(at, _)| at);
        self.rest = self.rest.get(end..).unwrap_or_default();
    }

    /// The name and the attributes at the beginning of a text. `None` where the tag has no end.
    fn tag(&mut self, from_name: &'a str) -> Option<(&'a str, Attributes<'a>)> {
        let (name, after) = from_name.split_at(from_name.find(ends_name).unwrap_or(from_name.len()));
        let attributes = Attributes { rest: after };
        let end = attributes.end();
        self.rest = end.strip_prefix('>').unwrap_or_default();
        (!end.is_empty()).then_some((name, attributes))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let html = self.rest;
            let mut after = html.chars();
            let first = after.next()?;
            let after = after.as_str();
            let is_name = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
            let end_tag = after.strip_prefix('/');
            if first != '<' || !(is_name(after) || after.starts_with(['/', '!', '?'])) {
                let end = after.find('<').map_or(html.len(), |at| at + first.len_utf8());
                let (text, rest) = html.split_at(end);
                self.rest = rest;
                return Some(Token::Text(text));
            } else if is_name(after) {
                let (name, attributes) = self.tag(after)?;
                return Some(Token::Start { name, attributes });
            } else if let Some(name) = end_tag.filter(|name| is_name(name)) {
                let (name, ..) = self.tag(name)?;
                return Some(Token::End(name));
            }
            self.rest = match after.strip_prefix("!--") {
                Some(comment) => after_comment(comment),
                None => after.split_once('>').map_or("", |(_, rest)| rest),
            };
        }
    }
}

/// The attributes of a tag with their values as written, entities not decoded; several may have one name.
#[derive(Clone, Debug)]
pub(crate) struct Attributes<'a> {
    /// Ends up at the `>` of the tag, or empty where it has none.
    rest: &'a str,
}

impl<'a> Attributes<'a> {
    /// Whether there is a `/` before the `>`.
    #[cfg(feature = "html")]
    pub(crate) fn close_their_tag(&self) -> bool {
        let inside = self.rest.len() - self.end().len();
        self.rest.get(..inside).unwrap_or_default().ends_with('/')
    }

    /// The text from the `>` of the tag on.
    fn end(&self) -> &'a str {
        let mut all = self.clone();
        all.by_ref().for_each(drop);
        all.rest
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let blank = |c: char| c.is_ascii_whitespace();
        let text = self.rest.trim_start_matches(|c| blank(c) || c == '/');
        self.rest = text;
        let first = text.chars().next().filter(|&c| c != '>')?;
        // An equals sign begins a name and ends every other.
        let (_, after) = text.split_at(first.len_utf8());
        let length = after.find(|c| ends_name(c) || c == '=').unwrap_or(after.len());
        let (name, after) = text.split_at(first.len_utf8() + length);
        let Some(value) = after.trim_start_matches(blank).strip_prefix('=') else {
            self.rest = after;
            return Some((name, ""));
        };
        let value = value.trim_start_matches(blank);
        let quoted = value.strip_prefix('"').map(|value| (value, '"'));
        let (value, rest) = match quoted.or_else(|| value.strip_prefix('\'').map(|value| (value, '\''))) {
            Some((value, quote)) => value.split_once(quote).unwrap_or_default(),
            None => value.split_at(value.find(|c| blank(c) || c == '>').unwrap_or(value.len())),
        };
        self.rest = rest;
        Some((name, value))
    }
}

fn ends_name(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, '/' | '>')
}

/// What follows a comment; `<!-->` and `<!--->` are whole ones.
fn after_comment(comment: &str) -> &str {
    let ends = |before: &str| matches!(before, "" | "-") || before.ends_with("--") || before.ends_with("--!");
    let end = comment.match_indices('>').find(|&(at, _)| comment.get(..at).is_some_and(ends));
    end.and_then(|(at, _)| comment.get(at + 1..)).unwrap_or_default()
}
