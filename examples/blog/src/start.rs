//! From a data folder to a blog that answers.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use activitypub::Sqlite;
use activitypub::client::HttpClient;
use activitypub::sig::Dialect;
use tokio::net::TcpListener;

use crate::app::App;
use crate::auth;
use crate::db::{self, Db};
use crate::error::Error;
use crate::federation;
use crate::folder::Folder;
use crate::library::Library;
use crate::settings::{Settings, Site};
use crate::web;

/// How to run a blog.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// The address to answer on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of everything: `posts/`, `media/`, `blog.yaml` and `blog.db`.
    pub data: PathBuf,
    /// The origin other servers know it by; without one, the address it answers on.
    pub origin: Option<String>,
    /// Make a new password even if there is one.
    pub new_password: bool,
    /// Makes the requests to other servers, in place of the usual client.
    pub client: Option<Arc<dyn HttpClient>>,
    /// The dialect of signatures that a server is tried with first.
    pub first_knock: Dialect,
}

impl Config {
    /// A blog in `data`, on `listen`.
    pub fn new(listen: SocketAddr, data: impl Into<PathBuf>) -> Self {
        Self {
            listen,
            data: data.into(),
            origin: None,
            new_password: false,
            client: None,
            first_knock: Dialect::Cavage,
        }
    }
}

/// A blog that is ready to answer.
#[derive(Debug)]
pub struct Blog {
    app: App,
    listener: TcpListener,
    password: Option<String>,
}

impl Blog {
    /// Makes the folder and the samples where there is none, opens the database, and takes the address.
    ///
    /// # Errors
    /// [`Error`] says which part of it went wrong.
    pub async fn open(config: Config) -> Result<Self, Error> {
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|error| Error::Listen { address: config.listen, error })?;
        let address =
            listener.local_addr().map_err(|error| Error::Listen { address: config.listen, error })?;
        let site = Site::new(&config.origin.unwrap_or_else(|| format!("http://{address}")))?;
        let posts = config.data.join("posts");
        let media = config.data.join("media");
        let database = config.data.join("blog.db");
        if !database.exists() {
            begin(&config.data, &posts, &media)?;
        }
        let settings = Settings::read(&config.data.join("blog.yaml"))?;
        let db = Db::open(&database)?;
        keep_origin(&db, &site).await?;
        let password = db
            .with(move |c| {
                if config.new_password || !auth::has_password(c)? {
                    auth::new_password(c).map(Some)
                } else {
                    Ok(None)
                }
            })
            .await?;
        let library = Arc::new(Library::open(settings, site, db).await?);
        let store = Sqlite::open(&database).map_err(activitypub::Error::from)?;
        let federation = federation::join(&library, store, config.client, config.first_knock)?;
        let app = App::new(library, federation, posts, media);
        app.tell_profile().await?;
        Ok(Self { app, listener, password })
    }

    /// The running blog.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The address it answers on.
    ///
    /// # Errors
    /// The system's.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The author's password, when it was made just now. It is nowhere else.
    pub fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    /// Answers, and watches the folder, until `stop` is done.
    ///
    /// # Errors
    /// The listener's.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        let watcher = tokio::spawn({
            let app = self.app.clone();
            async move { app.watch().await }
        });
        let deliveries = tokio::spawn({
            let federation = self.app.federation.clone();
            async move { federation.run().await }
        });
        let federation = self.app.federation.clone();
        let router = web::router(self.app).into_make_service_with_connect_info::<SocketAddr>();
        let served = axum::serve(self.listener, router).with_graceful_shutdown(stop).await;
        watcher.abort();
        federation.shutdown();
        // What is on its way is waited for; it fails only by panicking, which the log has.
        let _ = deliveries.await;
        served.map_err(Error::Serve)
    }
}

/// Opens the blog, says what to open, and serves until it is told to end.
///
/// # Errors
/// Those of [`Blog::open`] and [`Blog::serve`].
pub async fn run(config: Config) -> Result<(), Error> {
    let data = config.data.clone();
    let blog = Blog::open(config).await?;
    greet(&blog, &data);
    blog.serve(told_to_end()).await
}

/// Waits for Ctrl-C, or for SIGTERM, which is how a service is told to end.
async fn told_to_end() {
    let interrupt = async {
        // Where it cannot be listened for, Ctrl-C ends the program by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            () = interrupt => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    interrupt.await;
}

fn greet(blog: &Blog, data: &Path) {
    let site = &blog.app.shelves.site;
    println!("\n  {} is at {}/", blog.app.shelves.settings.title, site.origin());
    println!("  Its name in the fediverse: {}", site.handle());
    if let Some(password) = blog.password() {
        println!(
            "\n  Your password for {}/admin (shown only now; `--new-password` makes another):",
            site.origin()
        );
        println!("\n      {password}");
    }
    println!("\n  Try next:");
    println!(
        "    · write {}/posts/hello.md and save it: it is published; delete it: it is deleted",
        data.display()
    );
    println!("    · change the title in {}/blog.yaml and start again", data.display());
    if data.join("posts/welcome.md").exists() {
        println!("    · curl -H 'Accept: application/activity+json' {}", site.post("welcome"));
    }
    if !site.is_https() {
        println!("    · for other servers to find it, put it behind TLS and say --origin https://your.name");
    }
    println!("\n  Ctrl-C stops it.\n");
}

/// The first run: folders, samples, and a commented `blog.yaml`.
fn begin(data: &Path, posts: &Path, media: &Path) -> Result<(), Error> {
    let file = |path: &Path| {
        let path = path.to_owned();
        move |error| Error::File { path, error }
    };
    let fresh = !posts.exists();
    // The database holds the blog's private keys.
    make_private(data).map_err(file(data))?;
    fs::create_dir_all(posts).map_err(file(posts))?;
    fs::create_dir_all(media).map_err(file(media))?;
    let mark = posts.join(Folder::MARK);
    fs::write(&mark, "This folder holds the posts of a blog. Without this file, a missing post is not taken for deleted.\n").map_err(file(&mark))?;
    let settings = data.join("blog.yaml");
    if !settings.exists() {
        fs::write(&settings, include_str!("samples/blog.yaml")).map_err(file(&settings))?;
    }
    if fresh {
        for (name, text) in [
            ("welcome.md", include_str!("samples/welcome.md")),
            ("your-turn.md", include_str!("samples/your-turn.md")),
        ] {
            let path = posts.join(name);
            fs::write(&path, text).map_err(file(&path))?;
        }
    }
    Ok(())
}

/// A folder for its owner alone, unless it is there already.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The identities of posts and people contain the origin, so a data folder has one for life.
async fn keep_origin(db: &Db, site: &Site) -> Result<(), Error> {
    let now = site.origin().to_owned();
    let was = db
        .write(move |tx| {
            let was = db::meta(tx, "origin")?;
            if was.is_none() {
                db::set_meta(tx, "origin", &now)?;
            }
            Ok(was)
        })
        .await?;
    match was {
        Some(was) if was != site.origin() => Err(Error::Moved { was, now: site.origin().to_owned() }),
        _ => Ok(()),
    }
}
