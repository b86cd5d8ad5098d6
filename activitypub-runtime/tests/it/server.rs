//! A server of this library on loopback, as others find it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use activitypub::guard::{Guard, danger};
use activitypub::{Federation, FederationBuilder, Sqlite};
use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) federation: Federation,
    pub(crate) origin: String,
    tasks: Vec<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on a port that is free, with a store in memory.
    pub(crate) async fn start(make: impl FnOnce(FederationBuilder) -> FederationBuilder) -> Self {
        Self::with(Sqlite::in_memory().unwrap(), make).await
    }

    /// Starts a server over a store.
    pub(crate) async fn with(
        store: Sqlite,
        make: impl FnOnce(FederationBuilder) -> FederationBuilder,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let origin = format!("http://{address}");
        let builder = Federation::builder(&origin).store(store).guard(Guard::loopback(danger::Loopback));
        let federation = make(builder).build().unwrap();
        let router: Router = federation.router();
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let delivering = tokio::spawn({
            let federation = federation.clone();
            async move { federation.run().await }
        });
        Self { federation, origin, tasks: vec![serving, delivering] }
    }

    /// An IRI of this server.
    pub(crate) fn iri(&self, path: &str) -> activitypub::as2::IriBuf {
        format!("{}{path}", self.origin).into()
    }

    /// Stops serving and delivering, as a killed program does.
    pub(crate) fn kill(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until something is so; a minute at most, for machines with much else to do.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let start = Instant::now();
    while !is_so().await {
        assert!(start.elapsed() < Duration::from_secs(60), "it never happened: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
