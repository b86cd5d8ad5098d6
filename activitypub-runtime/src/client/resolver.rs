//! From a name to the addresses that were judged.
//!
//! The addresses handed over are the ones the connection is made to: nobody asks a second time, so a name cannot mean
//! one host when it is judged and another when it is used. One bad answer spoils all: a server that is on the internet
//! and on our loopback at once is not to be tried in turn.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::guard::Guard;

/// Who knows the addresses of names.
#[async_trait]
pub(super) trait Names: Send + Sync + 'static {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The resolver of the operating system.
pub(super) struct System {
    at_once: Arc<Semaphore>,
}

impl System {
    pub(super) fn new() -> Self {
        // The call blocks a thread of the pool that the store works on too, for as long as a stranger's name server likes.
        const AT_ONCE: usize = 128;
        Self { at_once: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

#[async_trait]
impl Names for System {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let permit = Arc::clone(&self.at_once).acquire_owned().await.map_err(io::Error::other)?;
        let host = host.to_owned();
        let lookup = move || {
            // Given back when the thread is free, not when the caller has lost patience.
            let _permit = permit;
            Ok((host.as_str(), 0).to_socket_addrs()?.map(|address| address.ip()).collect())
        };
        tokio::task::spawn_blocking(lookup).await.map_err(io::Error::other)?
    }
}

/// Names, as far as the guard lets their addresses through.
pub(super) struct Judged<N> {
    guard: Guard,
    names: Arc<N>,
}

impl<N: Names> Judged<N> {
    pub(super) fn new(guard: Guard, names: N) -> Self {
        Self { guard, names: Arc::new(names) }
    }
}

impl<N: Names> Resolve for Judged<N> {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, names) = (self.guard.clone(), Arc::clone(&self.names));
        Box::pin(async move {
            let addresses = judged(&guard, &*names, name.as_str()).await?;
            // The port comes from the URL.
            Ok(Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

async fn judged(
    guard: &Guard,
    names: &impl Names,
    host: &str,
) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
    /// More are not tried: each costs a connection attempt.
    const TRIED: usize = 16;

    if let Some(addresses) = guard.own_addresses(host) {
        return Ok(addresses.to_vec());
    }
    let mut addresses = names.addresses(host).await.map_err(|error| Unresolved(error.to_string().into()))?;
    for &address in &addresses {
        guard.address(address)?;
    }
    if addresses.is_empty() {
        return Err(Unresolved("no answer".into()).into());
    }
    addresses.truncate(TRIED);
    Ok(addresses)
}

/// A name without addresses; how it reaches our side of the HTTP client.
#[derive(Debug, Error)]
#[error("{0}")]
pub(super) struct Unresolved(pub(super) Box<str>);

#[cfg(test)]
pub(super) mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;

    use super::*;
    use crate::guard::{Blocked, danger};

    /// Answers every question with the next of its answers, and the last one for ever.
    pub(in crate::client) struct Script(Mutex<VecDeque<Vec<IpAddr>>>);

    impl Script {
        pub(in crate::client) fn new(answers: &[&[&str]]) -> Self {
            let answers = answers.iter().map(|answer| answer.iter().map(|ip| ip.parse().unwrap()).collect());
            Self(Mutex::new(answers.collect()))
        }
    }

    #[async_trait]
    impl Names for Script {
        async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
            let mut answers = self.0.lock().unwrap();
            if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
                .ok_or_else(|| io::Error::other("no such name"))
        }
    }

    async fn ask(guard: &Guard, script: &Script, host: &str) -> Result<Vec<String>, String> {
        match judged(guard, script, host).await {
            Ok(addresses) => Ok(addresses.iter().map(ToString::to_string).collect()),
            Err(error) => Err(match error.downcast_ref::<Blocked>() {
                Some(Blocked::Address { address, .. }) => format!("blocked {address}"),
                _ => error.to_string(),
            }),
        }
    }

    #[tokio::test]
    async fn exactly_the_judged_addresses_are_handed_over() {
        let script = Script::new(&[&["1.1.1.1", "2606:4700::1111"]]);
        assert_eq!(
            ask(&Guard::strict(), &script, "a.example").await.unwrap(),
            ["1.1.1.1", "2606:4700::1111"]
        );
    }

    #[tokio::test]
    async fn one_bad_answer_spoils_all() {
        for bad in [
            "127.0.0.1",
            "::1",
            "::ffff:127.0.0.1",
            "10.0.0.1",
            "169.254.169.254",
            "fe80::1",
            "0.0.0.0",
            "64:ff9b::a00:1",
        ] {
            for answer in [[bad, "1.1.1.1"], ["1.1.1.1", bad]] {
                for guard in [Guard::strict(), Guard::loopback(danger::Loopback)] {
                    let bad: IpAddr = bad.parse().unwrap();
                    assert_eq!(
                        ask(&guard, &Script::new(&[&answer]), "a.example").await,
                        Err(format!("blocked {bad}"))
                    );
                }
            }
        }
    }

    #[tokio::test]
    async fn a_name_that_changes_its_mind_is_judged_again() {
        let script = Script::new(&[&["1.1.1.1"], &["127.0.0.1"]]);
        assert_eq!(ask(&Guard::strict(), &script, "a.example").await.unwrap(), ["1.1.1.1"]);
        assert_eq!(ask(&Guard::strict(), &script, "a.example").await.unwrap_err(), "blocked 127.0.0.1");
    }

    #[tokio::test]
    async fn of_three_hundred_answers_all_are_judged_and_sixteen_tried() {
        let mut answers = vec!["1.1.1.1"; 300];
        assert_eq!(ask(&Guard::strict(), &Script::new(&[&answers]), "a.example").await.unwrap().len(), 16);
        answers[299] = "127.0.0.1";
        assert!(ask(&Guard::strict(), &Script::new(&[&answers]), "a.example").await.is_err());
    }

    #[tokio::test]
    async fn no_answer_is_an_error() {
        assert_eq!(ask(&Guard::strict(), &Script::new(&[&[]]), "a.example").await.unwrap_err(), "no answer");
        assert_eq!(ask(&Guard::strict(), &Script::new(&[]), "a.example").await.unwrap_err(), "no such name");
    }

    #[tokio::test]
    async fn localhost_means_loopback_whatever_dns_says() {
        let script = Script::new(&[&["1.1.1.1"]]);
        let guard = Guard::loopback(danger::Loopback);
        assert_eq!(ask(&guard, &script, "a.localhost").await.unwrap(), ["127.0.0.1", "::1"]);
    }
}
