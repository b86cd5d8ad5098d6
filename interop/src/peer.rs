//! The Fedify peer: one actor, `alice`, and what she can be asked to do.

use std::fmt;
use std::path::Path;

use serde_json::{Value, json};

use crate::node;
use crate::process::{Log, Process};
use crate::proxy::{Backend, Proxy};
use crate::scene::Scene;
use crate::trouble::{Trouble, expect};
use crate::wait::eventually;

/// How a server signs a request before it knows what the other side understands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Knock {
    Cavage,
    Rfc9421,
}

impl Knock {
    /// Every story is told once with each.
    pub(crate) const BOTH: [Self; 2] = [Self::Cavage, Self::Rfc9421];
}

impl fmt::Display for Knock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cavage => "cavage",
            Self::Rfc9421 => "rfc9421",
        })
    }
}

/// A running Fedify server behind its proxy.
pub(crate) struct Fedify {
    name: &'static str,
    process: Process,
    proxy: Proxy,
    server: Backend,
    control: String,
    client: reqwest::Client,
}

impl Fedify {
    /// Installs Fedify where it is missing and starts it as `NAME.localhost`.
    pub(crate) async fn start(name: &'static str, scene: &Scene, knock: Knock) -> Result<Self, Trouble> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fedify");
        node::install(&folder).await?;
        let proxy = Proxy::start(scene.authority(), &format!("{name}.localhost")).await?;
        let arguments = [proxy.origin(), knock.to_string()];
        let mut process = node::start(
            name,
            &folder,
            "peer.mjs",
            &arguments.each_ref().map(String::as_str),
            &scene.certificate(),
        )?;
        let hello = process.hello().await?;
        let port = |name: &str| u16::try_from(hello.get(name)?.as_u64()?).ok();
        let (Some(federation), Some(control)) = (port("federation"), port("control")) else {
            return Err(Trouble::Garbled {
                what: "the first line of peer.mjs".to_owned(),
                found: hello.to_string(),
            });
        };
        let server = Backend::Port(federation);
        proxy.set(server);
        Ok(Self {
            name,
            process,
            proxy,
            server,
            control: format!("http://127.0.0.1:{control}"),
            client: reqwest::Client::builder().no_proxy().build()?,
        })
    }

    /// Where alice can be found by name.
    pub(crate) fn handle(&self) -> String {
        format!("@alice@{}", self.proxy.authority())
    }

    /// The id of alice.
    pub(crate) fn actor(&self) -> String {
        format!("{}/users/alice", self.proxy.origin())
    }

    /// The name of her server.
    pub(crate) fn host(&self) -> String {
        format!("{}.localhost", self.name)
    }

    /// From now on requests from outside reach `backend`, which is not this server.
    pub(crate) fn hide_behind(&self, backend: Backend) {
        self.proxy.set(backend);
    }

    /// Requests from outside reach this server again.
    pub(crate) fn come_back(&self) {
        self.proxy.set(self.server);
    }

    /// How many requests from outside did not reach this server.
    pub(crate) fn missed(&self) -> usize {
        self.proxy.unanswered()
    }

    /// Asks alice to do something; her answer is the activity she sent.
    pub(crate) async fn ask(&self, control: &str, arguments: Value) -> Result<Value, Trouble> {
        let response = self
            .client
            .post(format!("{}/{control}", self.control))
            .body(arguments.to_string())
            .send()
            .await?;
        let status = response.status();
        let body = response.text().await?;
        let answer: Value = serde_json::from_str(&body).map_err(|_| Trouble::Garbled {
            what: format!("the answer of {} to {control}", self.name),
            found: body.clone(),
        })?;
        if status.is_success() {
            return Ok(answer);
        }
        let refused = answer.get("refused").and_then(Value::as_u64);
        Err(Trouble::Status {
            what: format!("{control} by {}", self.name),
            status: refused.and_then(|status| u16::try_from(status).ok()).unwrap_or_else(|| status.as_u16()),
            body: text(&answer, "/error").to_owned(),
        })
    }

    /// Waits for an activity of this type whose object has this id to be received and verified.
    pub(crate) async fn receives(&self, kind: &str, object: &str) -> Result<Value, Trouble> {
        let what = format!("{} to receive {kind} of {object}", self.name);
        eventually(what, || self.received(kind, object)).await
    }

    /// The activity of this type whose object has this id, if it was received and verified.
    pub(crate) async fn received(&self, kind: &str, object: &str) -> Result<Value, Trouble> {
        let state = self.ask("state", json!({})).await?;
        let received = items(&state, "/received");
        let found = received.iter().find(|event| is_of(event, kind, object));
        found.cloned().ok_or_else(|| Trouble::Otherwise {
            what: format!("{kind} of {object} should be among what was received"),
            found: summary(received),
        })
    }

    /// How many activities of this type about this object took effect so far.
    pub(crate) async fn times_received(&self, kind: &str, object: &str) -> Result<usize, Trouble> {
        let state = self.ask("state", json!({})).await?;
        Ok(items(&state, "/received").iter().filter(|event| is_of(event, kind, object)).count())
    }

    /// The ids of those who follow alice.
    pub(crate) async fn followers(&self) -> Result<Vec<String>, Trouble> {
        let state = self.ask("state", json!({})).await?;
        Ok(items(&state, "/followers").iter().map(|id| text(id, "").to_owned()).collect())
    }

    /// Everything alice delivered so far was signed in this dialect and taken at the first knock.
    pub(crate) async fn delivered_only(&self, dialect: Knock) -> Result<(), Trouble> {
        self.posts_only("/sent", dialect).await
    }

    /// Everything delivered to alice so far was signed in this dialect and taken at the first knock.
    pub(crate) async fn was_delivered_only(&self, dialect: Knock) -> Result<(), Trouble> {
        self.posts_only("/arrived", dialect).await
    }

    async fn posts_only(&self, direction: &str, dialect: Knock) -> Result<(), Trouble> {
        let state = self.ask("state", json!({})).await?;
        let posts = || items(&state, direction).iter().filter(|entry| text(entry, "/method") == "POST");
        expect(posts().next().is_some(), "there should be deliveries to look at", "none")?;
        for post in posts() {
            let taken = post.get("status").and_then(Value::as_u64).is_some_and(|status| status / 100 == 2);
            expect(
                taken && text(post, "/dialect") == dialect.to_string(),
                format!("every delivery should be signed as {dialect} and taken at once"),
                post,
            )?;
        }
        Ok(())
    }

    /// What it wrote to standard error.
    pub(crate) fn log(&self) -> &Log {
        self.process.log()
    }
}

/// The string at a JSON pointer, empty where there is none.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The array at a JSON pointer, empty where there is none.
pub(crate) fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn is_of(event: &Value, kind: &str, object: &str) -> bool {
    text(event, "/type") == kind && text(event, "/object/id") == object
}

fn summary(received: &[Value]) -> String {
    let each =
        received.iter().map(|event| format!("{} of {}", text(event, "/type"), text(event, "/object/id")));
    each.collect::<Vec<_>>().join(", ")
}
