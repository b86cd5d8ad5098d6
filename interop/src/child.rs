//! This program as the blog: what [`crate::blog`] starts, so that a story can kill it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use ::blog::{Blog, Config};
use activitypub::client::Reqwest;
use activitypub::guard::{Guard, danger};
use activitypub::sig::Dialect;
use serde_json::json;
use tokio::io::AsyncReadExt;

use crate::trouble::Trouble;

/// Serves the blog in `data` as `origin`, trusting the authority in the file `ca`, until standard input ends.
///
/// The one thing that a blog of the real world would not do: it talks to loopback.
pub(crate) async fn serve(data: &str, origin: &str, ca: &str, knock: &str) -> Result<(), Trouble> {
    tracing_subscriber::fmt().with_ansi(false).with_writer(std::io::stderr).init();
    let certificate = std::fs::read(ca).map_err(Trouble::during("reading the certificate"))?;
    let client =
        Reqwest::builder(Guard::loopback(danger::Loopback)).root_certificate(&certificate)?.build()?;
    let mut config = Config::new(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), data);
    config.origin = Some(origin.to_owned());
    config.client = Some(Arc::new(client));
    config.first_knock = if knock == "cavage" { Dialect::Cavage } else { Dialect::Rfc9421 };
    let blog = Blog::open(config).await?;
    let address = blog.address().map_err(Trouble::during("asking for the port"))?;
    println!("{}", json!({"port": address.port(), "password": blog.password()}));
    blog.serve(end_of_input()).await?;
    Ok(())
}

async fn end_of_input() {
    let mut rest = Vec::new();
    // An error ends it as well: the driver is gone either way.
    let _ = tokio::io::stdin().read_to_end(&mut rest).await;
}
