//! The blog among other servers: who it is there, what it takes in, and what it sends.

use std::sync::Arc;

use activitypub::as2::{
    Accept, Activity, Announce, Article, Audience, Builder, Create, Delete, Iri, Item, Like, Note, Object,
    Page, Person as Actor, Question, Reject, Typed, Undo, UntrustedHtmlBuf, Update, Visibility, kind,
    one_line,
};
use activitypub::client::HttpClient;
use activitypub::guard::{Guard, danger};
use activitypub::sig::Dialect;
use activitypub::{Context, Federation, Params, Result, Served, Sqlite, Verified};
use jiff::Timestamp;

use crate::db;
use crate::db::posts::Row;
use crate::db::reading::{self, Received, Standing};
use crate::db::responses::{self, Kind, Person, Reaction, Reply};
use crate::html::kept;
use crate::library::Library;
use crate::shelf::Entry;

/// Joins the blog to the fediverse. Requests are made by `client`, or by the usual one; a server is tried with
/// signatures of `first_knock` first.
///
/// # Errors
/// The federation's: an origin it cannot have, a store it cannot use.
pub fn join(
    library: &Arc<Library>,
    store: Sqlite,
    client: Option<Arc<dyn HttpClient>>,
    first_knock: Dialect,
) -> Result<Federation> {
    let origin = library.site.origin();
    let mut builder = Federation::builder(origin)
        .store(store)
        .first_knock(first_knock)
        .policy(library.hosts.clone())
        .software(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
        .actor(crate::ACTOR, profile(library))
        .objects("/posts/{slug}", {
            let library = Arc::clone(library);
            move |at: Params| post(Arc::clone(&library), at.get("slug").to_owned())
        })
        .objects("/replies/{id}", {
            let library = Arc::clone(library);
            move |at: Params| answer(Arc::clone(&library), at.get("id").to_owned())
        })
        .on(with(library, created))
        .on(with(library, updated))
        .on(with(library, deleted))
        .on(with(library, liked))
        .on(with(library, boosted))
        .on(with(library, undone))
        .on(with(library, accepted))
        .on(with(library, rejected));
    if let Some(client) = client {
        builder = builder.client(client);
    } else if library.site.is_loopback() {
        // Tried out on one machine: everybody it could talk to is on it as well.
        builder = builder.guard(Guard::loopback(danger::Loopback));
    }
    builder.build()
}

/// A handler with the library at hand.
fn with<V, F>(
    library: &Arc<Library>,
    handler: fn(Arc<Library>, Context, Verified<V>) -> F,
) -> impl Fn(Context, Verified<V>) -> F + Send + Sync + 'static
where
    V: 'static,
    F: Future<Output = Result<()>> + Send + 'static,
{
    let library = Arc::clone(library);
    move |context, activity| handler(Arc::clone(&library), context, activity)
}

/// The blog's actor, as its author describes it.
fn profile(library: &Library) -> Builder<kind::Person> {
    let Library { settings, site, .. } = library;
    let summary = maud::html! { @if !settings.description.is_empty() { p { (settings.description) } } };
    Actor::builder()
        .name(settings.title.as_str())
        .summary(summary.into_string().as_str())
        .url(site.url("/").as_str())
        .discoverable(true)
        .indexable(true)
        .manually_approves_followers(false)
}

/// The post at `/posts/{slug}`. From the tables and not from the shelf: a server may ask for a post in the moment in which it
/// is told of it.
async fn post(library: Arc<Library>, slug: String) -> Result<Served> {
    let row = library.db.read(move |c| db::posts::find(c, &slug)).await.map_err(activitypub::Error::here)?;
    Ok(match row {
        None => Served::Missing,
        Some(Row { deleted: Some(_), .. }) => Served::Gone,
        Some(row) => match Entry::new(row) {
            Some(entry) => Served::Found(library.writer.object(&library.site, &entry)),
            None => Served::Missing,
        },
    })
}

/// The author's answer at `/replies/{id}`.
async fn answer(library: Arc<Library>, name: String) -> Result<Served> {
    let id = library.site.url(&format!("/replies/{name}"));
    let found = library
        .db
        .read(move |c| {
            let ours = responses::reply(c, &id)?.filter(|reply| reply.ours);
            let parent = match &ours {
                Some(reply) => responses::parent(c, reply)?,
                None => None,
            };
            Ok((ours, parent, responses::is_grave(c, &id)?))
        })
        .await
        .map_err(activitypub::Error::here)?;
    Ok(match found {
        (Some(ours), parent, _) => library.writer.answer(&ours, parent.as_ref()).into(),
        (None, _, true) => Served::Gone,
        (None, _, false) => Served::Missing,
    })
}

/// A reply to a post, or something to read from somebody the blog follows.
async fn created(library: Arc<Library>, context: Context, create: Verified<Create>) -> Result<()> {
    let Some(object) = create.object().objects().next() else { return Ok(()) };
    let Some(text) = text(object) else { return Ok(()) };
    let author = author(&context).await?;
    let silenced = library.hides(&author.actor);
    let answers: Vec<String> = object.in_reply_to().ids().map(|id| id.as_str().to_owned()).take(4).collect();
    let site = library.site.clone();
    context.write(move |tx| {
        if silenced {
            responses::silence(tx, &author.actor)?;
        }
        for id in answers {
            let post = match site.slug(&id) {
                Some(slug) => Some(slug.to_owned()),
                None => responses::thread_of(tx, &id)?,
            };
            if let Some(post) = post {
                let Text { id: own, content, url, published } = text;
                let (updated, hidden, ours) = (None, false, false);
                let reply = Reply {
                    id: own,
                    post,
                    in_reply_to: id,
                    author,
                    content,
                    url,
                    published,
                    updated,
                    hidden,
                    ours,
                };
                responses::add_reply(tx, &reply)?;
                return Ok(());
            }
        }
        if reading::follows(tx, &author.actor)? {
            let Text { id, content, url, published } = text;
            reading::add(tx, &Received { id, author, content, url, published })?;
        }
        Ok(())
    })
}

/// Somebody changed what they wrote, or what they are called.
async fn updated(_: Arc<Library>, context: Context, update: Verified<Update>) -> Result<()> {
    let Some(object) = update.object().objects().next() else { return Ok(()) };
    let Some(actor) = actor(&update) else { return Ok(()) };
    let Some(id) = object.id().map(|id| id.as_str().to_owned()) else { return Ok(()) };
    if id == actor {
        let person = person(object);
        return context.write(move |tx| {
            reading::rename(tx, &person)?;
            responses::rename(tx, &person)
        });
    }
    let text = text(object);
    context.write(move |tx| match text {
        Some(text) => {
            responses::edit_reply(tx, &id, &actor, &text.content, Timestamp::now())?;
            reading::edit(tx, &id, &actor, &text.content)
        }
        // What is not for everybody any more is not shown any more.
        None => {
            responses::delete_reply(tx, &id, &actor, Timestamp::now())?;
            reading::delete(tx, &id, &actor)
        }
    })
}

/// Somebody took back what they wrote, or themselves.
async fn deleted(_: Arc<Library>, context: Context, delete: Verified<Delete>) -> Result<()> {
    let Some(id) = delete.object().only().and_then(Item::id).map(|id| id.as_str().to_owned()) else {
        return Ok(());
    };
    let Some(actor) = actor(&delete) else { return Ok(()) };
    context.write(move |tx| {
        let now = Timestamp::now();
        if id == actor {
            reading::forget(tx, &actor)?;
            return responses::forget(tx, &actor, now);
        }
        responses::delete_reply(tx, &id, &actor, now)?;
        reading::delete(tx, &id, &actor)
    })
}

async fn liked(library: Arc<Library>, context: Context, like: Verified<Like>) -> Result<()> {
    react(&library, &context, Kind::Like, like.id(), like.object().ids().next()).await
}

async fn boosted(library: Arc<Library>, context: Context, announce: Verified<Announce>) -> Result<()> {
    react(&library, &context, Kind::Boost, announce.id(), announce.object().ids().next()).await
}

async fn react(
    library: &Library,
    context: &Context,
    kind: Kind,
    activity: Option<&Iri>,
    object: Option<&Iri>,
) -> Result<()> {
    let Some(post) = object.and_then(|object| library.site.slug(object.as_str())) else { return Ok(()) };
    let Some(activity) = activity.map(|id| id.as_str().to_owned()) else { return Ok(()) };
    let person = author(context).await?;
    let silenced = library.hides(&person.actor);
    let reaction = Reaction { kind, post: post.to_owned(), person, activity };
    context.write(move |tx| {
        if silenced {
            responses::silence(tx, &reaction.person.actor)?;
        }
        responses::add_reaction(tx, &reaction, Timestamp::now()).map(drop)
    })
}

/// Somebody took back a like or a boost.
async fn undone(library: Arc<Library>, context: Context, undo: Verified<Undo>) -> Result<()> {
    let Some(actor) = actor(&undo) else { return Ok(()) };
    let Some(item) = undo.object().only() else { return Ok(()) };
    let id = item.id().map(|id| id.as_str().to_owned());
    // What we know of it, or where it never arrived under that id, what the Undo says of it.
    let said = item.object().and_then(|object| {
        let kind =
            if object.is::<Like>() { Kind::Like } else { object.is::<Announce>().then_some(Kind::Boost)? };
        let target = Activity::of(object).object().ids().next()?;
        Some((kind, library.site.slug(target.as_str())?.to_owned()))
    });
    context.write(move |tx| {
        if let Some(id) = id
            && responses::undo_reaction(tx, &id, &actor)?
        {
            return Ok(());
        }
        if let Some((kind, post)) = said {
            responses::undo_reaction_to(tx, kind, &post, &actor)?;
        }
        Ok(())
    })
}

/// Somebody lets the blog follow them.
async fn accepted(_: Arc<Library>, context: Context, accept: Verified<Accept>) -> Result<()> {
    answered(&context, actor(&accept), Standing::Accepted)
}

/// Somebody does not, or no more.
async fn rejected(_: Arc<Library>, context: Context, reject: Verified<Reject>) -> Result<()> {
    answered(&context, actor(&reject), Standing::Rejected)
}

/// The federation has checked by now that they were asked.
fn answered(context: &Context, actor: Option<String>, standing: Standing) -> Result<()> {
    let Some(actor) = actor else { return Ok(()) };
    context.write(move |tx| reading::set_standing(tx, &actor, standing))
}

/// A text for everybody: what of an object is shown.
struct Text {
    id: String,
    content: UntrustedHtmlBuf,
    url: String,
    published: Timestamp,
}

/// The text of `object`, if it is one, for everybody to read, and not too long.
fn text(object: &Object) -> Option<Text> {
    let readable =
        object.is::<Note>() || object.is::<Article>() || object.is::<Page>() || object.is::<Question>();
    // Whoever writes to the blog alone, or to their followers, does not write for its pages.
    let public = matches!(Audience::of(object).visibility(None), Visibility::Public | Visibility::Unlisted);
    let id = object.id()?.as_str().to_owned();
    if !readable || !public {
        return None;
    }
    let url =
        object.url().filter_map(Item::href).next().map_or_else(|| id.clone(), |url| url.as_str().to_owned());
    let content = kept(object.content().as_html()?)?;
    let now = Timestamp::now();
    // What claims to come from the future would stay on top.
    let published = object
        .published()
        .and_then(|at| Timestamp::from_second(at.as_second()).ok())
        .map_or(now, |at| at.min(now));
    Some(Text { id, content, url, published })
}

/// Whoever sent the activity that is being handled.
async fn author(context: &Context) -> Result<Person> {
    Ok(person(&context.sender().await?))
}

/// An actor's document, as the blog shows people.
pub(crate) fn person(document: &Object) -> Person {
    let actor = activitypub::as2::Actor::of(document);
    let id = document.id().map_or("", Iri::as_str);
    let user = actor.preferred_username().as_str().unwrap_or_default();
    let host = Iri::new(id).origin().map(|origin| origin.authority().to_owned()).unwrap_or_default();
    let profile = document.url().filter_map(Item::href).next().map_or(id, Iri::as_str);
    Person {
        actor: id.to_owned(),
        name: one_line(document.name().as_str().unwrap_or_default(), 200),
        handle: one_line(&format!("@{user}@{host}"), 300),
        profile: profile.to_owned(),
    }
}

/// The id of who did it.
fn actor<K: activitypub::as2::Is<Activity>>(activity: &activitypub::as2::As<K>) -> Option<String> {
    activity.actor().only().and_then(Item::id).map(|id| id.as_str().to_owned())
}
