//! A blog on loopback, with a folder of its own.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use blog::app::App;
use blog::{Blog, Config};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A running blog. It ends when this is dropped.
pub(crate) struct Running {
    pub(crate) app: App,
    /// Where it answers.
    pub(crate) origin: String,
    pub(crate) password: String,
    pub(crate) client: Client,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
}

impl Running {
    /// A new one with the two sample posts.
    pub(crate) async fn new() -> Self {
        Self::start(|_| None).await
    }

    /// One that others know by a name, which browsers and servers alike take for this machine.
    pub(crate) async fn named(name: &str) -> Self {
        Self::start(|port| Some(format!("http://{name}.localhost:{port}"))).await
    }

    async fn start(origin: impl FnOnce(u16) -> Option<String>) -> Self {
        let folder = TempDir::new().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut config = Config::new(free, folder.path());
        config.origin = origin(free.port());
        let blog = Blog::open(config).await.unwrap();
        let origin = format!("http://{free}");
        let password = blog.password().unwrap().to_owned();
        let app = blog.app().clone();
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(blog.serve(async {
            let _ = stopped.await;
        }));
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        let running = Self { app, origin, password, client, folder, stop: Some(stop) };
        running.until("/posts/welcome", |status, _| status == 200).await;
        running
    }

    pub(crate) fn post_file(&self, name: &str) -> PathBuf {
        self.folder.path().join("posts").join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.post_file(name), text).unwrap();
    }

    pub(crate) async fn response(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.origin)).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let response = self.response(path).await;
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Asks for `path` until the answer is as it should be.
    pub(crate) async fn until(&self, path: &str, good: impl Fn(u16, &str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let (status, text) = self.get(path).await;
            if good(status, &text) {
                return text;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{path} stays {status}: {text}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Sends a form with a cookie.
    pub(crate) async fn send(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Response {
        let request = self.client.post(format!("{}{path}", self.origin)).header("cookie", cookie);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap()
    }

    /// Logs in; gives the cookie and what the forms carry.
    pub(crate) async fn log_in(&self) -> (String, String) {
        let response = self.send("/admin/login", "", &[("password", &self.password)]).await;
        assert_eq!(response.status(), 303);
        let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let page = self.with_cookie("/admin", &cookie).await.1;
        let form = page.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        (cookie, form)
    }

    pub(crate) async fn with_cookie(&self, path: &str, cookie: &str) -> (u16, String) {
        let response =
            self.client.get(format!("{}{path}", self.origin)).header("cookie", cookie).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}
