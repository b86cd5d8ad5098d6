//! Posts and answers as other servers read them.
//!
//! A post with a title is an `Article` ([FEP-b2b8](https://w3id.org/fep/b2b8)): name, summary and link where a server
//! shows only those, the whole text where it shows more. A post without one is a `Note`, which every server shows in full.

use std::time::SystemTime;

use activitypub::as2::{
    Article, Builder, Create, Delete, Hashtag, Image, Is, Mention, Note, Object, ObjectOrLink, PUBLIC, Text,
    Timestamp, Tombstone, Typed, Update, kind, one_line,
};

use crate::db::responses::{Person, Reply};
use crate::html;
use crate::settings::{Settings, Site};
use crate::shelf::Entry;

/// Who writes, and for whom.
#[derive(Debug, Clone)]
pub struct Writer {
    /// The actor's id.
    pub actor: String,
    /// The collection of its followers.
    pub followers: String,
    /// The blog's language, where a post names none.
    pub language: String,
}

/// A post in one of its two forms.
enum Form {
    Article(Builder<kind::Article>),
    Note(Builder<kind::Note>),
}

impl Writer {
    /// The author of the blog, whose actor is `actor`.
    pub fn new(settings: &Settings, actor: &str) -> Self {
        Self {
            actor: actor.to_owned(),
            followers: format!("{actor}/followers"),
            language: settings.language.clone(),
        }
    }

    /// The post itself.
    pub fn object(&self, site: &Site, entry: &Entry) -> Object {
        match self.form(site, entry) {
            Form::Article(article) => Typed::into_object(article.build()),
            Form::Note(note) => Typed::into_object(note.build()),
        }
    }

    /// Tells the followers of a new post.
    pub fn create(&self, site: &Site, entry: &Entry) -> Builder<kind::Create> {
        match self.form(site, entry) {
            Form::Article(article) => Create::builder().object(article),
            Form::Note(note) => Create::builder().object(note),
        }
    }

    /// Tells whoever has the post that it changed.
    pub fn update(&self, site: &Site, entry: &Entry) -> Builder<kind::Update> {
        let update = self.public(Update::builder());
        match self.form(site, entry) {
            Form::Article(article) => update.object(article),
            Form::Note(note) => update.object(note),
        }
    }

    /// Tells whoever has the object `id` that it is gone.
    pub fn delete(&self, id: &str) -> Builder<kind::Delete> {
        self.public(Delete::builder()).object(Tombstone::builder().id(id))
    }

    /// The author's `answer` to `parent`, addressed to them and mentioning them; to everybody who follows, where what it
    /// answered is gone.
    pub fn answer(&self, answer: &Reply, parent: Option<&Reply>) -> Builder<kind::Note> {
        let content = html::foreign(&answer.content);
        let mut note = self
            .public(Note::builder().id(&answer.id))
            .url(answer.url.as_str())
            .attributed_to(self.actor.as_str())
            .in_reply_to(answer.in_reply_to.as_str())
            .content(Text::in_language(&self.language, content.as_str()))
            .with_published(answer.published);
        if let Some(Person { actor, handle, .. }) = parent.map(|parent| &parent.author) {
            note = note.cc(actor.as_str()).tag(Mention::builder().href(actor.as_str()).name(handle.as_str()));
        }
        note
    }

    fn form(&self, site: &Site, entry: &Entry) -> Form {
        let language = entry.post.matter.language.as_deref().unwrap_or(&self.language);
        let address = site.post(&entry.slug);
        match &entry.post.matter.title {
            None => Form::Note(self.text(Note::builder(), site, entry, language)),
            Some(title) => {
                // For servers that show neither titles nor long texts.
                let teaser = maud::html! {
                    p { strong { (title) } }
                    p { (entry.post.summary()) }
                    p { a href=(address) { (address) } }
                };
                let preview = Note::builder()
                    .attributed_to(self.actor.as_str())
                    .content(Text::in_language(language, &teaser.into_string()))
                    .with_published(entry.published);
                let article = self
                    .text(Article::builder(), site, entry, language)
                    .name(Text::in_language(language, title))
                    // HTML, so what the author wrote as plain text is escaped.
                    .summary(maud::html! { p { (entry.post.summary()) } }.into_string().as_str())
                    .preview(preview);
                Form::Article(article)
            }
        }
    }

    /// What both forms have in common.
    fn text<K: Is<Object> + Is<ObjectOrLink>>(
        &self,
        builder: Builder<K>,
        site: &Site,
        entry: &Entry,
        language: &str,
    ) -> Builder<K> {
        let address = site.post(&entry.slug);
        let content = entry.absolute_html(site);
        let mut builder = self
            .public(builder.id(&address))
            .url(address.as_str())
            .attributed_to(self.actor.as_str())
            .content(Text::in_language(language, content.as_str()))
            .with_published(entry.published);
        if let Some(updated) = entry.updated.and_then(moment) {
            builder = builder.updated(updated);
        }
        for tag in &entry.post.matter.tags {
            let href = site.url(&format!("/tags/{}", tag.key));
            builder =
                builder.tag(Hashtag::builder().name(format!("#{}", tag.key).as_str()).href(href.as_str()));
        }
        // Mastodon takes pictures from here, not from the text.
        let base = site.post_base(&entry.slug);
        for picture in &entry.post.body.pictures {
            let Ok(url) = base.join(&picture.url) else { continue };
            let Some(kind) = picture_kind(url.path()) else { continue };
            let mut image = Image::builder().url(url.as_str()).media_type(kind);
            if !picture.alt.is_empty() {
                image = image.name(one_line(&picture.alt, 1500).as_str());
            }
            builder = builder.attachment(image);
        }
        builder
    }

    /// For everybody, and delivered to the followers.
    pub(crate) fn public<K: Is<Object>>(&self, builder: Builder<K>) -> Builder<K> {
        builder.to(PUBLIC).cc(self.followers.as_str())
    }
}

/// The media type of a picture that a browser shows, by its name's ending.
pub fn picture_kind(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        // Nothing that a browser would run: no SVG.
        _ => return None,
    })
}

/// The time as the vocabulary writes it.
fn moment(at: jiff::Timestamp) -> Option<Timestamp> {
    Timestamp::try_from(SystemTime::from(at)).ok()
}

/// A builder whose time of publication can be set from ours.
trait Published: Sized {
    fn with_published(self, at: jiff::Timestamp) -> Self;
}

impl<K: Is<Object>> Published for Builder<K> {
    fn with_published(self, at: jiff::Timestamp) -> Self {
        match moment(at) {
            Some(at) => self.published(at),
            None => self,
        }
    }
}
