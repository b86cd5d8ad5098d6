//! The running blog: what its pages, its admin and its watcher can do.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use activitypub::as2::{Create, Iri, UntrustedHtml, Update};
use activitypub::policy::Blocklist;
use activitypub::webfinger::Acct;
use activitypub::{Context, Federation};
use jiff::Timestamp;
use maud::html;

use crate::auth::{self, Door};
use crate::db::posts::{self, Row};
use crate::db::responses::{self, Person, Reply};
use crate::db::{self, blocks, blocks::Block, reading};
use crate::error::Error;
use crate::federation::person;
use crate::folder::Folder;
use crate::html::{kept, own_absolute};
use crate::library::Library;
use crate::pages::post::{Answers, REPLIES};
use crate::plan::{self, Change, Plan};
use crate::shelf::Entry;
use crate::{ACTOR, markdown};

/// The blog. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Shared>);

/// What clones of [`App`] share.
#[derive(Debug)]
pub struct Shared {
    /// What things are looked up in.
    pub shelves: Arc<Library>,
    /// The other servers.
    pub federation: Federation,
    /// Where the pictures are.
    pub media: PathBuf,
    /// Who guesses passwords.
    pub door: Door,
    folder: Mutex<Folder>,
    desk: RwLock<Arc<Desk>>,
}

/// What the author has to know about the folder.
#[derive(Debug, Default)]
pub struct Desk {
    /// The last plan's problems, waiting files and held deletions.
    pub plan: Plan,
    /// Why the folder cannot be listed.
    pub unreadable: Option<String>,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// The blog with its folders.
    pub fn new(library: Arc<Library>, federation: Federation, posts: PathBuf, media: PathBuf) -> Self {
        let (door, folder, desk) = (Door::default(), Mutex::new(Folder::new(posts)), RwLock::default());
        Self(Arc::new(Shared { shelves: library, federation, media, door, folder, desk }))
    }

    /// What the author has to know about the folder.
    pub fn desk(&self) -> Arc<Desk> {
        Arc::clone(&self.desk.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Watches the folder, a look each second, until the task is dropped.
    pub async fn watch(&self) {
        let mut clock = tokio::time::interval(Duration::from_secs(1));
        loop {
            clock.tick().await;
            if let Err(error) = self.look().await {
                tracing::error!(%error, "the folder could not be compared with what is published; trying again");
            }
        }
    }

    /// Looks at the folder once, and publishes, updates and deletes what has settled.
    ///
    /// # Errors
    /// The database's. A change that fails is logged, and the next look finds it again.
    pub async fn look(&self) -> Result<(), Error> {
        let published = self.shelves.db.read(posts::published).await?;
        let app = self.clone();
        let looked = tokio::task::spawn_blocking(move || -> io::Result<Plan> {
            let mut folder = app.folder.lock().unwrap_or_else(PoisonError::into_inner);
            folder.look()?;
            Ok(plan::plan(&folder, &published, Timestamp::now()))
        });
        let desk = match looked.await.map_err(|_| Error::Stopped)? {
            Ok(plan) => Desk { plan, unreadable: None },
            Err(error) => Desk { plan: Plan::default(), unreadable: Some(error.to_string()) },
        };
        self.say(&desk);
        let changes = desk.plan.changes.clone();
        *self.desk.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(desk);
        if changes.is_empty() {
            return Ok(());
        }
        for change in changes {
            if let Err(error) = self.apply(&change).await {
                tracing::error!(%error, ?change, "not done; trying again");
            }
        }
        self.shelves.fill_shelf().await
    }

    /// Does what the plan says: the tables and the fediverse learn of it in one transaction.
    async fn apply(&self, change: &Change) -> Result<(), Error> {
        let Library { db, writer, site, .. } = &*self.shelves;
        let now = Timestamp::now();
        match change.clone() {
            Change::Publish { file, slug, source } => {
                let slug = db.read(move |c| posts::free_slug(c, &slug)).await?;
                let row = Row { slug, file, source, published: now, updated: None, deleted: None };
                let Some(entry) = Entry::new(row.clone()) else { return Ok(()) };
                let create = writer.create(site, &entry);
                self.work(|context| async move {
                    context.write(move |tx| posts::publish(tx, &row.slug, &row.file, &row.source, now))?;
                    context.publish(create).await
                })
                .await?;
                tracing::info!(url = site.post(&entry.slug), "published");
            }
            Change::Edit { slug, source } => {
                let found = slug.clone();
                let Some(row) = db.read(move |c| posts::find(c, &found)).await? else { return Ok(()) };
                let Some(entry) = Entry::new(Row { source: source.clone(), updated: Some(now), ..row })
                else {
                    return Ok(());
                };
                let update = writer.update(site, &entry);
                self.work(|context| async move {
                    context.write(move |tx| posts::edit(tx, &slug, &source, now))?;
                    context.publish(update).await
                })
                .await?;
                tracing::info!(url = site.post(&entry.slug), "updated");
            }
            Change::Delete { slug } => {
                let url = site.post(&slug);
                let delete = writer.delete(&url);
                self.work(|context| async move {
                    context.write(move |tx| posts::delete(tx, &slug, now))?;
                    context.publish(delete).await
                })
                .await?;
                tracing::info!(url, "deleted");
            }
        }
        Ok(())
    }

    /// Tells the followers when the blog's title or description are not what they were.
    ///
    /// # Errors
    /// The federation's.
    pub async fn tell_profile(&self) -> Result<(), Error> {
        let settings = &self.shelves.settings;
        let now = format!("{}\n{}", settings.title, settings.description);
        let was = self.shelves.db.read(|c| db::meta(c, "profile")).await?;
        if was.as_ref() == Some(&now) {
            return Ok(());
        }
        let document = self.federation.actor_document(ACTOR).await?;
        let update = self.shelves.writer.public(Update::builder()).object(document);
        self.work(|context| async move {
            context.write(move |tx| db::set_meta(tx, "profile", &now))?;
            // Nobody knows a profile that has just been made.
            if was.is_some() {
                context.publish(update).await?;
            }
            Ok(())
        })
        .await
    }

    /// Puts in the log what was not there at the last look.
    fn say(&self, now: &Desk) {
        let before = self.desk();
        if now.unreadable != before.unreadable {
            match &now.unreadable {
                Some(error) => {
                    tracing::warn!(%error, "the folder of posts cannot be read; everything stays as it is")
                }
                None => tracing::info!("the folder of posts can be read again"),
            }
        }
        for problem in now.plan.problems.iter().filter(|problem| !before.plan.problems.contains(problem)) {
            tracing::warn!("{problem}");
        }
        for file in now.plan.held.iter().filter(|file| !before.plan.held.contains(file)) {
            tracing::warn!(
                file,
                "is gone, but so is {}, which marks the folder as the blog's own; the post stays",
                Folder::MARK
            );
        }
    }

    /// What readers answered to the post at `slug`, without those from blocked servers.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn answers(&self, slug: String) -> Result<Answers, Error> {
        let read = self.shelves.db.read(move |c| {
            Ok(Answers {
                replies: responses::replies_to(c, &slug, REPLIES)?,
                reactions: responses::reactions_to(c, &slug)?,
            })
        });
        read.await
    }

    /// How many follow the blog.
    ///
    /// # Errors
    /// The store's.
    pub async fn followers(&self) -> Result<u64, Error> {
        Ok(self.federation.follower_count(ACTOR).await?)
    }

    /// Writes an answer, in Markdown, to the reply `to`. `false` when there is no such reply.
    ///
    /// # Errors
    /// The federation's.
    pub async fn reply(&self, to: String, text: &str) -> Result<bool, Error> {
        let Library { db, settings, site, writer, .. } = &*self.shelves;
        let Some(parent) = db.read(move |c| responses::reply(c, &to)).await? else { return Ok(false) };
        let id = site.url(&format!("/replies/{}", auth::secret()?.get(..16).unwrap_or_default()));
        let text = own_absolute(&markdown::render(text).html, &site.post_base(&parent.post));
        // Mastodon and others show who is meant only where the text itself says it.
        let handle = parent.author.handle.trim_start_matches('@');
        let user = handle.split_once('@').map_or(handle, |(user, _)| user);
        let mention = html! { a href=(parent.author.profile) { "@" (user) } " " }.into_string();
        let content = match text.as_str().strip_prefix("<p>") {
            Some(rest) => format!("<p>{mention}{rest}"),
            None => format!("<p>{mention}</p>{}", text.as_str()),
        };
        let Some(content) = kept(UntrustedHtml::new(&content)) else { return Ok(false) };
        let name = if settings.author.is_empty() { &settings.title } else { &settings.author };
        let author = Person {
            actor: writer.actor.clone(),
            name: name.clone(),
            handle: site.handle(),
            profile: site.url("/"),
        };
        let answer = Reply {
            url: format!("{}#answers", site.post(&parent.post)),
            post: parent.post.clone(),
            in_reply_to: parent.id.clone(),
            author,
            content,
            published: Timestamp::now(),
            updated: None,
            hidden: false,
            ours: true,
            id,
        };
        let create = Create::builder().object(writer.answer(&answer, Some(&parent)));
        self.work(|context| async move {
            context.write(move |tx| responses::add_reply(tx, &answer).map(drop))?;
            context.publish(create).await
        })
        .await?;
        Ok(true)
    }

    /// Deletes an answer of the author's own.
    ///
    /// # Errors
    /// The federation's.
    pub async fn take_back(&self, id: String) -> Result<(), Error> {
        let Library { db, writer, .. } = &*self.shelves;
        let found = id.clone();
        let (ours, parent) = db
            .read(move |c| {
                let ours = responses::reply(c, &found)?.filter(|reply| reply.ours);
                let parent = ours.as_ref().map(|ours| responses::parent(c, ours)).transpose()?.flatten();
                Ok((ours, parent))
            })
            .await?;
        if ours.is_none() {
            return Ok(());
        }
        let mut delete = writer.delete(&id);
        if let Some(parent) = parent {
            delete = delete.cc(parent.author.actor.as_str());
        }
        let actor = writer.actor.clone();
        self.work(|context| async move {
            context.write(move |tx| responses::delete_reply(tx, &id, &actor, Timestamp::now()).map(drop))?;
            context.publish(delete).await?;
            Ok(())
        })
        .await
    }

    /// Asks to follow somebody, by `@user@host` or by the address of their actor.
    ///
    /// # Errors
    /// The federation's: no such handle, or nobody who can be followed.
    pub async fn follow(&self, whom: &str) -> Result<(), Error> {
        let whom = whom.trim();
        let actor = if whom.starts_with("https://") || whom.starts_with("http://") {
            Iri::new(whom).to_owned()
        } else {
            let handle = Acct::parse(whom).map_err(activitypub::Error::from)?;
            self.federation.lookup(&handle).await?
        };
        self.work(|context| async move {
            let found = context.fetch(&actor).await?;
            let person = person(&found.document);
            context.follow(&found.id).await?;
            context.write(move |tx| reading::ask(tx, &person, Timestamp::now()))
        })
        .await
    }

    /// Ends following somebody.
    ///
    /// # Errors
    /// The federation's.
    pub async fn unfollow(&self, actor: String) -> Result<(), Error> {
        self.work(|context| async move {
            context.unfollow(Iri::new(&actor)).await?;
            context.write(move |tx| reading::forget(tx, &actor))
        })
        .await
    }

    /// Blocks a server.
    ///
    /// # Errors
    /// The database's.
    pub async fn block(&self, block: Block) -> Result<(), Error> {
        self.shelves.db.write(move |tx| blocks::add(tx, &block)).await?;
        self.shelves.enforce_blocks().await
    }

    /// Lets a server in again.
    ///
    /// # Errors
    /// The database's.
    pub async fn unblock(&self, host: String) -> Result<(), Error> {
        self.shelves.db.write(move |tx| blocks::remove(tx, &host)).await?;
        self.shelves.enforce_blocks().await
    }

    /// Puts `list`, a `domain_blocks.csv` as Mastodon exports it, in place of the one there was. Gives what was odd
    /// about it, or why it is refused as a whole; an empty text takes the list away.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_list(&self, list: String) -> Result<Result<Vec<String>, String>, Error> {
        let read = match Blocklist::mastodon_csv(&list) {
            Ok(read) => read,
            Err(error) => return Ok(Err(error.to_string())),
        };
        if read.hosts().is_empty() && !read.diagnostics().is_empty() {
            return Ok(Err("none of its rows is a rule about a server".to_owned()));
        }
        self.shelves.db.write(move |tx| db::set_meta(tx, "blocklist", &list)).await?;
        self.shelves.enforce_blocks().await?;
        Ok(Ok(read.diagnostics().iter().map(ToString::to_string).collect()))
    }

    async fn work<T, F>(&self, work: impl FnOnce(Context) -> F) -> Result<T, Error>
    where
        F: Future<Output = activitypub::Result<T>>,
    {
        Ok(self.federation.work(ACTOR, work).await?)
    }
}
