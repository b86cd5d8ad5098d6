//! The actors who live here: static ones, those of the application's own data, and the one that stands for the
//! server; their documents and their keys.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use activitypub_core::{Actor, Application, As, Endpoints, Iri, IriBuf, Key, Object, Origin, Typed, kind};
use activitypub_sig::{PrivateKey, Signer};
use activitypub_webfinger::Acct;
use zeroize::Zeroizing;

use crate::error::{Error, HereFault, Result};
use crate::store::{KeyKind, Sqlite, StoredKey, Unit};
use crate::template::Template;

/// Finds an actor of the application's own by name.
pub(crate) type Source =
    Box<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<Option<Object>>> + Send>> + Send + Sync>;

/// Everybody who lives here.
pub(crate) struct Locals {
    origin: Origin,
    /// Where the static ones live.
    pub(crate) users: Template,
    statics: HashMap<String, Object>,
    sources: Vec<(Template, Source)>,
    keys: Keyring,
}

/// Somebody who lives here.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) name: String,
    pub(crate) id: IriBuf,
    /// What the application says of it.
    profile: Object,
}

/// The path of the actor that stands for the server. Its name is the server's host, as no user's can be.
pub(crate) const SERVER: &str = "/actor";

impl Locals {
    pub(crate) fn new(
        origin: Origin,
        users: Template,
        statics: HashMap<String, Object>,
        sources: Vec<(Template, Source)>,
        store: Sqlite,
    ) -> Self {
        Self { origin, users, statics, sources, keys: Keyring::new(store) }
    }

    /// The name of the actor that stands for the server.
    pub(crate) fn server_name(&self) -> &str {
        self.origin.host()
    }

    /// The only static actor, where there is but one.
    pub(crate) fn only(&self) -> Option<&str> {
        let mut names = self.statics.keys();
        names.next().filter(|_| names.next().is_none() && self.sources.is_empty()).map(String::as_str)
    }

    /// How many there are, as far as that is known without asking the application.
    pub(crate) fn count(&self) -> Option<u64> {
        self.sources.is_empty().then_some(self.statics.len() as u64)
    }

    /// Who lives here under a name.
    pub(crate) async fn find(&self, name: &str) -> Result<Option<Local>> {
        if let Some(profile) = self.statics.get(name) {
            return Ok(Some(self.local(&self.users.path(name), name, profile.clone())));
        }
        if name == self.server_name() {
            let profile = Application::builder().name(name).manually_approves_followers(true).build();
            return Ok(Some(self.local(SERVER, name, Typed::into_object(profile))));
        }
        for (template, source) in &self.sources {
            if let Some(profile) = source(name.to_owned()).await? {
                return Ok(Some(self.local(&template.path(name), name, profile)));
            }
        }
        Ok(None)
    }

    /// Who lives here under a name, or the error that nobody does.
    pub(crate) async fn expect(&self, name: &str) -> Result<Local> {
        let found = self.find(name).await?;
        found.ok_or_else(|| HereFault::NoActor(name.to_owned()).into())
    }

    /// Whose id this is, or whose collection or inbox; and what of the path comes after the id. Whether somebody
    /// of that name lives here is not said.
    pub(crate) fn name_of_path<'p>(&self, path: &'p str) -> Option<(String, Option<&'p str>)> {
        if let Some(rest) = path.strip_prefix(SERVER)
            && (rest.is_empty() || rest.starts_with('/'))
        {
            return Some((self.server_name().to_owned(), rest.strip_prefix('/')));
        }
        let templates = std::iter::once(&self.users).chain(self.sources.iter().map(|(template, _)| template));
        templates.into_iter().find_map(|template| {
            let (params, rest) = template.matches(path)?;
            Some((params.into_first(), rest))
        })
    }

    /// The name of the actor whose id this is.
    pub(crate) fn name_of_id(&self, id: &Iri) -> Option<String> {
        match self.name_of_path(self.path_of(id)?)? {
            (name, None) => Some(name),
            _ => None,
        }
    }

    /// The path of an IRI of this server.
    pub(crate) fn path_of<'i>(&self, iri: &'i Iri) -> Option<&'i str> {
        if iri.origin()? != self.origin {
            return None;
        }
        let rest = iri.as_str().strip_prefix(&self.origin.to_string())?;
        rest.split(['?', '#']).next()
    }

    /// The handle of an actor.
    pub(crate) fn handle(&self, local: &Local) -> Result<Acct> {
        Ok(Acct::new(&local.name, self.origin.clone())?)
    }

    /// What signs for an actor, made when it is first needed.
    pub(crate) async fn signer(&self, local: &Local) -> Result<Arc<LocalKey>> {
        self.keys.current(local).await
    }

    /// What signs for the server itself, made now if there is none yet.
    pub(crate) async fn server_signer(&self) -> Result<Signer> {
        let local = self.local(SERVER, self.server_name(), Object::new());
        Ok(self.signer(&local).await?.signer.clone())
    }

    /// Gives an actor a new key.
    pub(crate) async fn rotate(&self, local: &Local, now: SystemTime) -> Result<()> {
        self.keys.rotate(local, now).await
    }

    /// The whole document of an actor: what the application says of it, and what federation needs.
    pub(crate) async fn document(&self, local: &Local) -> Result<Object> {
        let key = self.signer(local).await?;
        let profile: &As<kind::Actor> = Typed::of(&local.profile);
        let mut actor = profile.clone();
        let path = |rest: &str| IriBuf::from(format!("{}/{rest}", local.id));
        let is_server = local.name == self.server_name();
        let edit = actor.edit().id(&local.id).inbox(path("inbox")).outbox(path("outbox"));
        let edit = if is_server {
            edit
        } else {
            edit.followers(path("followers")).following(path("following")).featured(path("featured"))
        };
        let shared_inbox = self.origin.url("/inbox").to_string();
        let main_key =
            Key::untyped().id(key.signer.key_id()).owner(&local.id).public_key_pem(key.public_pem.as_str());
        edit.endpoints(Endpoints::untyped().inbox_of_all(shared_inbox)).public_key(main_key);
        if actor.preferred_username().as_str().is_none() {
            actor.edit().preferred_username(local.name.as_str());
        }
        Ok(Typed::into_object(actor))
    }

    fn local(&self, path: &str, name: &str, profile: Object) -> Local {
        Local { name: name.to_owned(), id: self.origin.url(path).to_string().into(), profile }
    }
}

impl Local {
    /// One of its collections.
    pub(crate) fn collection(&self, which: &str) -> IriBuf {
        format!("{}/{which}", self.id).into()
    }

    /// Where people can look at it: its `url`, or else its id.
    pub(crate) fn page(&self) -> IriBuf {
        let actor: &Actor = Typed::of(&self.profile);
        actor.url().find_map(|url| url.href()).unwrap_or(&self.id).to_owned()
    }

    /// Whether a person decides who may follow it.
    pub(crate) fn approves_followers(&self) -> bool {
        let actor: &Actor = Typed::of(&self.profile);
        actor.manually_approves_followers().unwrap_or(false)
    }
}

/// What signs for a local actor.
pub(crate) struct LocalKey {
    pub(crate) signer: Signer,
    pub(crate) public_pem: String,
}

/// The keys of those who live here: made when first needed, kept in the store, parsed once.
struct Keyring {
    store: Sqlite,
    parsed: Mutex<HashMap<String, Arc<LocalKey>>>,
    making: tokio::sync::Mutex<()>,
}

/// How many parsed keys are kept at most.
const PARSED: usize = 4096;

/// What others take: RSA of 2048 bits.
const RSA_BITS: usize = 2048;

impl Keyring {
    fn new(store: Sqlite) -> Self {
        Self { store, parsed: Mutex::default(), making: tokio::sync::Mutex::default() }
    }

    async fn current(&self, local: &Local) -> Result<Arc<LocalKey>> {
        if let Some(key) = self.parsed(&local.name) {
            return Ok(key);
        }
        let _making = self.making.lock().await;
        if let Some(key) = self.parsed(&local.name) {
            return Ok(key);
        }
        let pem = match usable(self.store.keys(&local.name).await?) {
            Some(pem) => pem,
            None => {
                let pem = generate_aside(local).await?;
                self.keep(local, &pem, SystemTime::now(), false).await?;
                pem
            }
        };
        self.parse(local, &pem)
    }

    async fn rotate(&self, local: &Local, now: SystemTime) -> Result<()> {
        let _making = self.making.lock().await;
        let pem = generate_aside(local).await?;
        self.keep(local, &pem, now, true).await?;
        self.parse(local, &pem).map(drop)
    }

    async fn keep(
        &self,
        local: &Local,
        pem: &Zeroizing<String>,
        now: SystemTime,
        instead: bool,
    ) -> Result<()> {
        let mut unit = Unit::at(now);
        if instead {
            unit.retire_keys(&local.name);
        }
        unit.add_key(StoredKey {
            local: local.name.clone(),
            kind: KeyKind::Rsa,
            pem: pem.clone(),
            created: now,
            retired: None,
        });
        // A key contradicts nothing on record.
        let _ = self.store.commit(unit).await?;
        Ok(())
    }

    fn parse(&self, local: &Local, pem: &str) -> Result<Arc<LocalKey>> {
        let error = |source| HereFault::Key { actor: local.name.clone(), source };
        let key = PrivateKey::from_pem(pem).map_err(error)?;
        let public_pem = key.public_key().to_pem().map_err(error)?;
        let signer = Signer::new(IriBuf::from(format!("{}#main-key", local.id)), key);
        let key = Arc::new(LocalKey { signer, public_pem });
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        if parsed.len() >= PARSED {
            parsed.clear();
        }
        parsed.insert(local.name.clone(), key.clone());
        Ok(key)
    }

    fn parsed(&self, name: &str) -> Option<Arc<LocalKey>> {
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

/// The newest key that is in use.
fn usable(stored: Vec<StoredKey>) -> Option<Zeroizing<String>> {
    stored.into_iter().find(|key| key.kind == KeyKind::Rsa && key.retired.is_none()).map(|key| key.pem)
}

fn generate(local: &Local) -> Result<Zeroizing<String>> {
    let made = PrivateKey::generate_rsa(RSA_BITS).and_then(|key| key.to_pem());
    Ok(made.map_err(|source| HereFault::Key { actor: local.name.clone(), source })?)
}

/// Generates a key where it holds nothing else up.
async fn generate_aside(local: &Local) -> Result<Zeroizing<String>> {
    let local = local.clone();
    tokio::task::spawn_blocking(move || generate(&local)).await.map_err(Error::here)?
}
