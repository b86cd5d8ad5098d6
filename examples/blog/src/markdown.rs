//! From Markdown (CommonMark, with tables, footnotes and strikethrough) to HTML.

use activitypub::as2::one_line;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A text, rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The HTML that Markdown gives, the author's own HTML in it included; sanitise it before it is shown.
    pub html: String,
    /// The first paragraph as plain text, at most 240 characters.
    pub excerpt: String,
    /// The pictures in it, in order.
    pub pictures: Vec<Picture>,
}

/// A picture in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it is, as the author wrote it: often relative.
    pub url: String,
    /// What it shows, for whoever cannot see it.
    pub alt: String,
}

/// Renders `text`.
pub fn render(text: &str) -> Rendered {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_SMART_PUNCTUATION;
    let mut excerpt = Excerpt::default();
    let mut pictures = Vec::new();
    let mut picture: Option<Picture> = None;
    let mut html = String::with_capacity(text.len() * 3 / 2);
    let events = Parser::new_ext(text, options).map(demote_heading).inspect(|event| {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => {
                picture = Some(Picture { url: dest_url.to_string(), alt: String::new() });
            }
            Event::End(TagEnd::Image) => pictures.extend(picture.take()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(picture) = &mut picture {
                    picture.alt.push_str(words);
                }
            }
            _ => {}
        }
        if picture.is_none() {
            excerpt.read(event);
        }
    });
    pulldown_cmark::html::push_html(&mut html, events);
    Rendered { html, excerpt: one_line(&excerpt.text, 240), pictures }
}

/// The page's only first-level heading is the post's title.
fn demote_heading(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Heading { level: HeadingLevel::H1, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, id, classes, attrs })
        }
        Event::End(TagEnd::Heading(HeadingLevel::H1)) => Event::End(TagEnd::Heading(HeadingLevel::H2)),
        other => other,
    }
}

#[derive(Default)]
struct Excerpt {
    text: String,
    state: Reading,
}

#[derive(Default, PartialEq, Eq)]
enum Reading {
    #[default]
    Before,
    Inside,
    After,
}

impl Excerpt {
    fn read(&mut self, event: &Event<'_>) {
        match (&self.state, event) {
            (Reading::Before, Event::Start(Tag::Paragraph)) => self.state = Reading::Inside,
            // A paragraph that is only a picture says nothing.
            (Reading::Inside, Event::End(TagEnd::Paragraph)) if self.text.trim().is_empty() => {
                self.state = Reading::Before
            }
            (Reading::Inside, Event::End(TagEnd::Paragraph)) => self.state = Reading::After,
            (Reading::Inside, Event::Text(words) | Event::Code(words)) => self.push(words),
            (Reading::Inside, Event::SoftBreak | Event::HardBreak) => self.text.push(' '),
            _ => {}
        }
    }

    fn push(&mut self, words: &CowStr<'_>) {
        self.text.push_str(words);
    }
}
