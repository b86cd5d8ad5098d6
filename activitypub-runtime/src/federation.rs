//! [`Federation`]: a server's part in the fediverse.

use std::fmt;
use std::future::Future;
use std::net::ToSocketAddrs;
use std::sync::Arc;
use std::time::SystemTime;

use activitypub_core::{Activity, Builder, Iri, IriBuf, Is, Kind, Object, Origin, PUBLIC, Update};
use activitypub_sig::Dialect;
use activitypub_webfinger::Acct;
use tokio::sync::{Semaphore, watch};

use crate::actors::Actors;
use crate::builder::FederationBuilder;
use crate::client::HttpClient;
use crate::context::Context;
use crate::courier::Courier;
use crate::delivery::Worker;
use crate::error::{Error, HereFault, NetworkFault, Result};
use crate::fetch::{Budget, Fetcher};
use crate::gate::Gate;
use crate::handler::Handlers;
use crate::inbox::Turns;
use crate::keys::Keys;
use crate::local::Locals;
use crate::objects::Objects;
use crate::store::{Committed, DeadLetter, LaneStatus, Page, Sqlite, Undelivered, Unit};

/// A server's part in the fediverse: its actors, what they receive and what they send. Cheap to clone.
#[derive(Clone)]
pub struct Federation(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) origin: Origin,
    pub(crate) store: Sqlite,
    pub(crate) client: Arc<dyn HttpClient>,
    pub(crate) fetcher: Fetcher,
    pub(crate) keys: Keys,
    pub(crate) actors: Actors,
    pub(crate) gate: Gate,
    pub(crate) locals: Locals,
    pub(crate) objects: Objects,
    pub(crate) handlers: Handlers,
    pub(crate) turns: Turns,
    /// Memory for the bodies of requests, in bytes.
    pub(crate) room: Semaphore,
    pub(crate) software: (String, String),
    pub(crate) behind_proxy: bool,
    pub(crate) first_knock: Dialect,
    pub(crate) shutdown: watch::Sender<bool>,
}

impl Federation {
    /// Starts building the federation of the server at `origin`, such as `https://hello.example`.
    pub fn builder(origin: &str) -> FederationBuilder {
        FederationBuilder::new(origin)
    }

    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// Scheme, host and port that others know this server by.
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    /// Where everything is kept.
    pub fn store(&self) -> &Sqlite {
        &self.0.store
    }

    /// The id of a local actor.
    ///
    /// # Errors
    /// When nobody of this name lives here.
    pub async fn actor_id(&self, name: &str) -> Result<IriBuf> {
        Ok(self.0.locals.expect(name).await?.id)
    }

    /// The handle of a local actor, such as `@greeter@hello.example`.
    ///
    /// # Errors
    /// When nobody of this name lives here.
    pub async fn handle(&self, name: &str) -> Result<Acct> {
        self.0.locals.handle(&self.0.locals.expect(name).await?)
    }

    /// The document of a local actor, as others see it.
    ///
    /// # Errors
    /// When nobody of this name lives here, or its key is unusable.
    pub async fn actor_document(&self, name: &str) -> Result<Object> {
        self.0.locals.document(&self.0.locals.expect(name).await?).await
    }

    /// How many follow a local actor.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn follower_count(&self, name: &str) -> Result<u64> {
        Ok(self.0.store.follower_count(name).await?)
    }

    /// How many deliveries wait to be made.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn waiting(&self) -> Result<u64> {
        Ok(self.0.store.waiting().await?)
    }

    /// The servers that deliveries to are failing, at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn lanes_in_trouble(&self, limit: usize) -> Result<Vec<LaneStatus>> {
        Ok(self.0.store.lanes_in_trouble(limit).await?)
    }

    /// Deliveries that were given up, the latest first, those before `before` (the `next` of another page).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn undelivered(&self, before: Option<i64>, limit: usize) -> Result<Page<Undelivered>> {
        Ok(self.0.store.undelivered(before, limit).await?)
    }

    /// Activities that arrived and came to nothing, since their handler failed or policy held them for review: the
    /// latest first, those before `before` (the `next` of another page).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn dead_letters(&self, before: Option<i64>, limit: usize) -> Result<Page<DeadLetter>> {
        Ok(self.0.store.dead_letters(before, limit).await?)
    }

    /// Does a unit of work on behalf of a local actor, outside of any handler: what is staged in it happens all at
    /// once after `work` returned `Ok`.
    ///
    /// ```no_run
    /// # async fn example(federation: activitypub::Federation) -> activitypub::Result<()> {
    /// use activitypub::{Context, as2::{Create, Note, PUBLIC}};
    ///
    /// federation
    ///     .work("greeter", async |ctx: Context| {
    ///         ctx.write(|tx| tx.execute("INSERT INTO posts (text) VALUES ('Hello')", []).map(drop))?;
    ///         ctx.publish(Create::builder().object(Note::builder().content("Hello").to(PUBLIC))).await?;
    ///         Ok(())
    ///     })
    ///     .await
    /// # }
    /// ```
    ///
    /// # Errors
    /// When nobody of this name lives here, `work` fails, or the store does; nothing has happened then.
    pub async fn work<T, F: Future<Output = Result<T>>>(
        &self,
        actor: &str,
        work: impl FnOnce(Context) -> F,
    ) -> Result<T> {
        let local = self.0.locals.expect(actor).await?;
        let now = SystemTime::now();
        let context = Context::new(self.clone(), local, Unit::at(now), now);
        let done = work(context.clone()).await;
        let unit = context.finish().ok_or(HereFault::WorkIsOver)?;
        let done = done?;
        match self.0.store.commit(unit).await? {
            Committed::Done => Ok(done),
            // The other answers are to what remote actors do.
            _ => Err(HereFault::Deleted.into()),
        }
    }

    /// Publishes an activity of a local actor: a [unit of work](Self::work) of its own. Returns its id.
    ///
    /// # Errors
    /// As [`Context::publish`].
    pub async fn publish<K: Is<Activity> + Kind>(&self, actor: &str, activity: Builder<K>) -> Result<IriBuf> {
        self.work(actor, |context| async move { context.publish(activity).await }).await
    }

    /// Gives a local actor a new key and tells its followers. Whoever still has the old one fetches the new one when
    /// the next signature does not verify.
    ///
    /// # Errors
    /// When nobody of this name lives here, or the store fails.
    pub async fn rotate_key(&self, actor: &str) -> Result<()> {
        let local = self.0.locals.expect(actor).await?;
        self.0.locals.rotate(&local, SystemTime::now()).await?;
        let document = self.0.locals.document(&local).await?;
        let update = Update::builder().object(document).to(PUBLIC).cc(local.collection("followers"));
        self.publish(actor, update).await.map(drop)
    }

    /// Finds the actor that a handle stands for.
    ///
    /// # Errors
    /// When the handle's server does not know it, or actor and handle do not confirm each other.
    pub async fn lookup(&self, handle: &Acct) -> Result<IriBuf> {
        let mut budget = Budget::new();
        let found = self.0.fetcher.webfinger(handle, &mut budget).await?;
        let document = self.0.actors.find(&found.actor, SystemTime::now(), &mut budget).await?;
        found.confirm(&document).map_err(NetworkFault::Handle)?;
        Ok(found.actor)
    }

    /// Delivers what is to be delivered, until [`shutdown`](Self::shutdown); then what is on its way is waited for, ten
    /// seconds at most. To be run once for each store.
    pub async fn run(&self) {
        let courier = Arc::new(Courier::new(self.0.clone()));
        let clock = Arc::new(SystemTime::now);
        let worker = Worker::new(self.0.store.clone(), courier, clock, self.0.first_knock);
        worker.run(self.is_shut_down()).await;
    }

    /// Ends [`run`](Self::run) and [`serve`](Self::serve).
    pub fn shutdown(&self) {
        self.0.shutdown.send_replace(true);
    }

    /// Waits for [`shutdown`](Self::shutdown).
    pub async fn is_shut_down(&self) {
        let mut shutdown = self.0.shutdown.subscribe();
        // Ends with an error only when there is no federation any more.
        let _ = shutdown.wait_for(|is_over| *is_over).await;
    }

    /// Serves the federation alone, with its deliveries, until the program is told to end (Ctrl-C, SIGTERM) or
    /// [`shutdown`](Self::shutdown). An application that has pages of its own [mounts](Self::mount) it instead.
    ///
    /// It is to stand behind a reverse proxy, which brings the TLS that others insist on, and does not hand over what
    /// arrives one byte at a time.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn serve(&self, address: impl ToSocketAddrs) -> Result<()> {
        let addresses: Vec<_> = address.to_socket_addrs().map_err(HereFault::Listen)?.collect();
        let listener =
            tokio::net::TcpListener::bind(addresses.as_slice()).await.map_err(HereFault::Listen)?;
        let deliveries = tokio::spawn({
            let federation = self.clone();
            async move { federation.run().await }
        });
        let federation = self.clone();
        let served = axum::serve(listener, self.router())
            .with_graceful_shutdown(async move {
                tokio::select! {
                    () = federation.is_shut_down() => {}
                    () = told_to_end() => federation.shutdown(),
                }
            })
            .await;
        self.shutdown();
        deliveries.await.map_err(Error::here)?;
        served.map_err(|error| HereFault::Listen(error).into())
    }

    /// A new id under this origin.
    pub(crate) fn new_id(&self, under: &str) -> IriBuf {
        self.0.origin.url(&format!("/{under}/{}", uuid::Uuid::now_v7().simple())).to_string().into()
    }

    /// Whether an IRI is one of this server's.
    pub fn is_ours(&self, iri: &Iri) -> bool {
        self.0.locals.path_of(iri).is_some()
    }
}

impl Inner {
    /// Whether what is published under a path is kept in the store, rather than by the application.
    pub(crate) fn is_kept(&self, path: &str) -> bool {
        !self.objects.serves(path) && self.locals.name_of_path(path).is_none_or(|(_, rest)| rest.is_some())
    }
}

impl fmt::Debug for Federation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Federation").field("origin", &self.0.origin).finish_non_exhaustive()
    }
}

/// Waits until somebody wants the program to end.
async fn told_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
