//! The blog of `examples/blog`, run as a process of its own, written to as its author does and read as a visitor does.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use http::{StatusCode, header};
use serde_json::Value;
use tokio::process::Command;

use crate::peer::{Knock, text};
use crate::process::{Log, Process};
use crate::proxy::{Backend, Proxy};
use crate::scene::Scene;
use crate::trouble::{Trouble, expect};

/// A running blog behind its proxy.
pub(crate) struct Blog {
    process: Process,
    arguments: Vec<String>,
    proxy: Proxy,
    data: PathBuf,
    password: String,
    client: reqwest::Client,
}

impl Blog {
    /// Starts the blog with a new data folder.
    pub(crate) async fn start(scene: &Scene, knock: Knock) -> Result<Self, Trouble> {
        let proxy = Proxy::start(scene.authority(), "blog.localhost").await?;
        let data = scene.folder().join(proxy.authority().replace(':', "-"));
        let arguments = vec![
            "blog".to_owned(),
            data.display().to_string(),
            proxy.origin(),
            scene.certificate().display().to_string(),
            knock.to_string(),
        ];
        let (process, hello) = begin(&arguments, Log::default()).await?;
        proxy.set(backend(&hello)?);
        Ok(Self {
            process,
            arguments,
            client: visitor(scene)?,
            proxy,
            data,
            password: text(&hello, "/password").to_owned(),
        })
    }

    /// Ends it as `kill -9` does.
    pub(crate) async fn kill(&mut self) -> Result<(), Trouble> {
        self.proxy.set(Backend::Away);
        self.process.kill().await
    }

    /// Starts it again with what it left on disk.
    pub(crate) async fn restart(&mut self) -> Result<(), Trouble> {
        let (process, hello) = begin(&self.arguments, self.log().clone()).await?;
        self.process = process;
        self.proxy.set(backend(&hello)?);
        Ok(())
    }

    /// Where the blog can be found by name.
    pub(crate) fn handle(&self) -> String {
        format!("@blog@{}", self.proxy.authority())
    }

    /// The id of a post, which is the address of its page too.
    pub(crate) fn post(&self, slug: &str) -> String {
        self.address(&format!("/posts/{slug}"))
    }

    /// Writes or changes the file of a post, as its author would.
    pub(crate) fn write(&self, slug: &str, title: &str, body: &str) -> Result<(), Trouble> {
        std::fs::write(self.file(slug), format!("---\ntitle: {title}\n---\n\n{body}\n"))
            .map_err(Trouble::during("writing a post"))
    }

    /// Deletes the file of a post, as its author would.
    pub(crate) fn remove(&self, slug: &str) -> Result<(), Trouble> {
        std::fs::remove_file(self.file(slug)).map_err(Trouble::during("deleting a post"))
    }

    /// The page of a post shows a reply with this HTML in it; the answer is the page.
    pub(crate) async fn shows_reply(&self, slug: &str, html: &str) -> Result<String, Trouble> {
        let page = self.page(&format!("/posts/{slug}")).await?;
        let replies = attribute(&page, "data-replies").unwrap_or("no");
        expect(
            page.contains(html),
            format!("a reply with `{html}` should be shown"),
            format!("{replies} replies"),
        )?;
        Ok(page)
    }

    /// The page of a post says that this many people like it.
    pub(crate) async fn counts_likes(&self, slug: &str, likes: u32) -> Result<(), Trouble> {
        self.counts(&format!("/posts/{slug}"), "data-likes", likes).await
    }

    /// The page of a post says that this many people boosted it.
    pub(crate) async fn counts_boosts(&self, slug: &str, boosts: u32) -> Result<(), Trouble> {
        self.counts(&format!("/posts/{slug}"), "data-boosts", boosts).await
    }

    /// The first page says that this many people follow.
    pub(crate) async fn counts_followers(&self, followers: u32) -> Result<(), Trouble> {
        self.counts("/", "data-followers", followers).await
    }

    /// There was a post once, and its address says so.
    pub(crate) async fn is_gone(&self, slug: &str) -> Result<(), Trouble> {
        let path = format!("/posts/{slug}");
        let (status, _) = self.visit(&path).await?;
        expect(status == StatusCode::GONE, format!("{path} should be gone"), status)
    }

    /// Follows somebody from the author's desk.
    pub(crate) async fn follow(&self, handle: &str) -> Result<(), Trouble> {
        self.submit("/admin/reading", "/admin/follow", &[("handle", handle)]).await
    }

    /// The desk says that this actor has accepted our Follow.
    pub(crate) async fn follows(&self, actor: &str) -> Result<(), Trouble> {
        let page = self.reading().await?;
        let state = page
            .split_once(&format!("data-actor=\"{actor}\""))
            .and_then(|(_, rest)| attribute(rest, "data-state"))
            .unwrap_or("unknown");
        expect(state == "accepted", format!("{actor} should have accepted"), state)
    }

    /// The desk shows a note of somebody we follow.
    pub(crate) async fn has_read(&self, note: &str) -> Result<(), Trouble> {
        let page = self.reading().await?;
        let notes = page.matches("class=\"received\"").count();
        expect(
            page.contains(note),
            format!("`{note}` should be among what we read"),
            format!("{notes} notes"),
        )
    }

    /// The desk's page with whom we follow and what they wrote.
    pub(crate) async fn reading(&self) -> Result<String, Trouble> {
        let cookie = self.log_in().await?;
        self.desk("/admin/reading", &cookie).await
    }

    /// Blocks a server from the author's desk.
    pub(crate) async fn block(&self, host: &str) -> Result<(), Trouble> {
        self.submit("/admin/servers", "/admin/block", &[("host", host), ("reason", "the story ends")]).await
    }

    /// What it wrote to standard error, over all its lives.
    pub(crate) fn log(&self) -> &Log {
        self.process.log()
    }

    async fn counts(&self, path: &str, name: &str, count: u32) -> Result<(), Trouble> {
        let page = self.page(path).await?;
        let told = attribute(&page, name).unwrap_or("nothing");
        expect(told == count.to_string(), format!("{path} should have {name}={count}"), told)
    }

    async fn page(&self, path: &str) -> Result<String, Trouble> {
        let (status, page) = self.visit(path).await?;
        expect(status.is_success(), format!("{path} should be there"), status)?;
        Ok(page)
    }

    async fn visit(&self, path: &str) -> Result<(StatusCode, String), Trouble> {
        let request = self.client.get(self.address(path));
        let response = request.header(header::ACCEPT, "text/html").send().await?;
        Ok((response.status(), response.text().await?))
    }

    /// Fills in a form of the author's desk, as a browser does: the form's secret comes from its page.
    async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Result<(), Trouble> {
        let cookie = self.log_in().await?;
        let page = self.desk(page, &cookie).await?;
        let secret = page.split_once(r#"name="form""#).and_then(|(_, rest)| attribute(rest, "value"));
        let Some(secret) = secret else {
            return Err(Trouble::Otherwise {
                what: format!("a form for {action} should be on the desk"),
                found: "none".to_owned(),
            });
        };
        let mut fields = fields.to_vec();
        fields.push(("form", secret));
        let response = self
            .client
            .post(self.address(action))
            .header(header::COOKIE, cookie)
            .form(&fields)
            .send()
            .await?;
        let status = response.status();
        expect(status.is_redirection(), format!("{action} should be done"), status)
    }

    /// The session's cookie, as it goes into a request.
    async fn log_in(&self) -> Result<String, Trouble> {
        let response = self
            .client
            .post(self.address("/admin/login"))
            .form(&[("password", &self.password)])
            .send()
            .await?;
        let cookie = response
            .headers()
            .get(header::SET_COOKIE)
            .and_then(|cookie| cookie.to_str().ok())
            .and_then(|cookie| cookie.split(';').next());
        match cookie {
            Some(cookie) => Ok(cookie.to_owned()),
            None => Err(Trouble::Otherwise {
                what: "the desk should open to the password".to_owned(),
                found: response.status().to_string(),
            }),
        }
    }

    async fn desk(&self, path: &str, cookie: &str) -> Result<String, Trouble> {
        let request = self.client.get(self.address(path)).header(header::COOKIE, cookie);
        let response = request.send().await?;
        let status = response.status();
        expect(status.is_success(), format!("{path} should be there"), status)?;
        Ok(response.text().await?)
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.proxy.origin())
    }

    fn file(&self, slug: &str) -> PathBuf {
        self.data.join("posts").join(format!("{slug}.md"))
    }
}

/// The value of the first attribute of this name.
fn attribute<'a>(html: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = html.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// Starts this very program again, as the blog.
async fn begin(arguments: &[String], log: Log) -> Result<(Process, Value), Trouble> {
    let program = std::env::current_exe().map_err(Trouble::during("finding this program"))?;
    let mut command = Command::new(program);
    command.args(arguments);
    let mut process = Process::start("the blog", command, log)?;
    let hello = process.hello().await?;
    Ok((process, hello))
}

fn backend(hello: &Value) -> Result<Backend, Trouble> {
    let port = hello.get("port").and_then(Value::as_u64);
    match port.and_then(|port| u16::try_from(port).ok()) {
        Some(port) => Ok(Backend::Port(port)),
        None => {
            Err(Trouble::Garbled { what: "the first line of the blog".to_owned(), found: hello.to_string() })
        }
    }
}

/// Somebody with a browser: trusts the authority of the run, and asks the proxy.
fn visitor(scene: &Scene) -> Result<reqwest::Client, Trouble> {
    let certificate = reqwest::Certificate::from_pem(scene.authority().pem().as_bytes())?;
    Ok(reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_only([certificate])
        .resolve("blog.localhost", (Ipv4Addr::LOCALHOST, 0).into())
        .build()?)
}
