//! [`FederationBuilder`]: what a federation is made of.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use activitypub_core::{Actor, Builder, Is, Kind, Object, Origin, Typed};
use activitypub_policy::{FederationPolicy, Open};
use activitypub_sig::Dialect;
use tokio::sync::{Semaphore, watch};

use crate::actors::Actors;
use crate::client::{HttpClient, Reqwest};
use crate::error::{HereFault, Result};
use crate::federation::{Federation, Inner};
use crate::fetch::Fetcher;
use crate::gate::Gate;
use crate::guard::Guard;
use crate::handler::{Handler, Handlers};
use crate::inbox::Turns;
use crate::keys::Keys;
use crate::local::{Locals, Source};
use crate::objects::{Objects, Served};
use crate::store::Sqlite;
use crate::template::{Params, Template};

/// Where static actors live.
const USERS: &str = "/users/{name}";

/// How many bytes of bodies are held in memory at once, until what they say is done.
const ROOM: usize = 256 * 1024 * 1024;

/// What a federation is made of. Made by [`Federation::builder`].
#[must_use = "a builder builds nothing until it is built"]
pub struct FederationBuilder {
    origin: String,
    store: Option<Sqlite>,
    policy: Arc<dyn FederationPolicy>,
    client: Option<Arc<dyn HttpClient>>,
    guard: Guard,
    first_knock: Dialect,
    software: (String, String),
    behind_proxy: bool,
    actors: Vec<(String, Object)>,
    sources: Vec<(String, Source)>,
    objects: Vec<(String, AddObjects)>,
    handlers: Handlers,
}

type AddObjects = Box<dyn FnOnce(&mut Objects, Template) + Send>;

impl FederationBuilder {
    pub(crate) fn new(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            store: None,
            policy: Arc::new(Open::new()),
            client: None,
            guard: Guard::strict(),
            first_knock: Dialect::Cavage,
            software: (env!("CARGO_PKG_NAME").to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            behind_proxy: false,
            actors: Vec::new(),
            sources: Vec::new(),
            objects: Vec::new(),
            handlers: Handlers::default(),
        }
    }

    /// Where everything is kept. Needed.
    pub fn store(mut self, store: Sqlite) -> Self {
        self.store = Some(store);
        self
    }

    /// Whom to federate with. By default, everybody.
    pub fn policy(mut self, policy: impl FederationPolicy + 'static) -> Self {
        self.policy = Arc::new(policy);
        self
    }

    /// How requests are made. By default with [`Reqwest`], and under the [guard](Self::guard).
    pub fn client(mut self, client: Arc<dyn HttpClient>) -> Self {
        self.client = Some(client);
        self
    }

    /// Where the default client may go. By default to https on port 443 of public hosts, and nowhere else.
    pub fn guard(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    /// The dialect of HTTP signatures that a server is first tried with. By default the older one, which nearly every
    /// server takes; one that does not is tried with the other.
    pub fn first_knock(mut self, dialect: Dialect) -> Self {
        self.first_knock = dialect;
        self
    }

    /// Name and version of the application, for NodeInfo.
    pub fn software(mut self, name: &str, version: &str) -> Self {
        self.software = (name.to_owned(), version.to_owned());
        self
    }

    /// Says that requests come through a reverse proxy and no other way, so that its `X-Forwarded-Host` stands for the
    /// `Host` that the peer sent and signed. Without this the field is not looked at: anybody can send it.
    pub fn behind_proxy(mut self) -> Self {
        self.behind_proxy = true;
        self
    }

    /// An actor at `/users/{name}`. What federation needs (inbox, keys and so on) is filled in.
    pub fn actor<K: Is<Actor> + Kind>(mut self, name: &str, actor: Builder<K>) -> Self {
        self.actors.push((name.to_owned(), Typed::into_object(actor.build())));
        self
    }

    /// Actors from the application's own data, under its own URL template with one name in braces: `find` is given the
    /// name. A name stands for one actor, whatever the template.
    ///
    /// ```
    /// use activitypub::{Federation, Sqlite, as2::Person};
    ///
    /// # async fn example(file: &std::path::Path) -> activitypub::Result<()> {
    /// let database = rusqlite::Connection::open(file)?;
    /// database.execute_batch(
    ///     "CREATE TABLE people (name TEXT PRIMARY KEY, bio TEXT NOT NULL);
    ///      INSERT INTO people VALUES ('ada', 'I count.');",
    /// )?;
    ///
    /// let store = Sqlite::open(file)?;
    /// let people = store.clone();
    /// let federation = Federation::builder("https://hello.example")
    ///     .store(store)
    ///     .actors("/people/{name}", move |name| {
    ///         let people = people.clone();
    ///         async move {
    ///             let find = "SELECT bio FROM people WHERE name = ?";
    ///             let bios: Vec<String> = people
    ///                 .with(move |db| db.prepare(find)?.query_map([name], |row| row.get(0))?.collect())
    ///                 .await?;
    ///             Ok(bios.first().map(|bio| Person::builder().summary(bio.as_str())))
    ///         }
    ///     })
    ///     .build()?;
    ///
    /// assert_eq!(federation.actor_id("ada").await?, "https://hello.example/people/ada");
    /// assert!(federation.actor_id("eve").await.is_err());
    /// # Ok(())
    /// # }
    /// # let file = std::env::temp_dir().join(format!("activitypub-actors-{}.db", std::process::id()));
    /// # let done = tokio::runtime::Runtime::new().unwrap().block_on(example(&file));
    /// # for name in ["", "-wal", "-shm"] {
    /// #     let _ = std::fs::remove_file(format!("{}{name}", file.display()));
    /// # }
    /// # done.unwrap();
    /// ```
    pub fn actors<F, K>(mut self, template: &str, find: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Option<Builder<K>>>> + Send + 'static,
        K: Is<Actor> + Kind,
    {
        let source: Source = Box::new(move |name| {
            let found = find(name);
            Box::pin(async move { Ok(found.await?.map(|actor| Typed::into_object(actor.build()))) })
        });
        self.sources.push((template.to_owned(), source));
        self
    }

    /// Objects from the application's own data, under its own URL template: `find` is given what the names in braces
    /// stand for. What the application does not serve itself (activities, objects under other URLs) is served as it was
    /// published.
    pub fn objects<F, S>(mut self, template: &str, find: impl Fn(Params) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<S>> + Send + 'static,
        S: Into<Served> + 'static,
    {
        let add: AddObjects = Box::new(move |objects, template| objects.add(template, find));
        self.objects.push((template.to_owned(), add));
        self
    }

    /// What to do about an activity: any `async fn(Context, Verified<V>) -> Result<()>`. It gets those that are a `V`,
    /// unless another handler asks for something more specific: one for `Verified<Activity>` gets what nobody else
    /// wanted.
    pub fn on<V: Typed<Kind: Kind> + Send + Sync>(mut self, handler: impl Handler<V>) -> Self {
        self.handlers.add(handler);
        self
    }

    /// The federation. Makes the key of the server if there is none yet.
    ///
    /// # Errors
    /// When something is missing or contradicts itself, or the store fails.
    pub fn build(self) -> Result<Federation> {
        let origin: Origin = self.origin.parse().map_err(HereFault::Origin)?;
        let store = self.store.ok_or(HereFault::NoStore)?;
        let client = match self.client {
            Some(client) => client,
            None => {
                let agent = format!("{}/{} (+{origin})", self.software.0, self.software.1);
                let client = Reqwest::builder(self.guard).user_agent(&agent).build();
                Arc::new(client.map_err(HereFault::Client)?)
            }
        };

        let mut statics = HashMap::new();
        for (name, actor) in self.actors {
            if name == origin.host() || statics.insert(name.clone(), actor).is_some() {
                return Err(HereFault::SameName(name).into());
            }
        }
        let mut sources = Vec::new();
        for (text, source) in self.sources {
            let template = Template::parse(&text).map_err(HereFault::Template)?;
            if template.names().count() != 1 {
                return Err(HereFault::ActorTemplate(text).into());
            }
            sources.push((template, source));
        }
        let mut objects = Objects::default();
        for (text, add) in self.objects {
            add(&mut objects, Template::parse(&text).map_err(HereFault::Template)?);
        }
        let users = Template::parse(USERS).map_err(HereFault::Template)?;
        let locals = Locals::new(origin.clone(), users, statics, sources, store.clone());

        let signer = wait_for(locals.server_signer())?;
        let fetcher = Fetcher::new(client.clone(), self.policy.clone(), Some(signer), self.first_knock);
        let inner = Inner {
            gate: Gate::new(self.policy, origin.clone()),
            keys: Keys::new(fetcher.clone()),
            actors: Actors::new(store.clone(), fetcher.clone()),
            origin,
            store,
            client,
            fetcher,
            locals,
            objects,
            handlers: self.handlers,
            turns: Turns::default(),
            room: Semaphore::new(ROOM),
            software: self.software,
            behind_proxy: self.behind_proxy,
            first_knock: self.first_knock,
            shutdown: watch::Sender::new(false),
        };
        Ok(Federation::new(inner))
    }
}

/// Waits for what takes a moment, on a thread of its own: the caller may be on one that must not wait.
fn wait_for<T: Send>(future: impl Future<Output = Result<T>> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            runtime.map_err(crate::Error::here)?.block_on(future)
        });
        waiting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

impl fmt::Debug for FederationBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FederationBuilder").field("origin", &self.origin).finish_non_exhaustive()
    }
}
