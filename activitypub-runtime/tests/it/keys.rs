//! Whose key it is, asked of servers that lie, and how often they are asked.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use activitypub::client::ClientError;
use activitypub::fetch::{Budget, FetchError, Fetcher};
use activitypub::keys::{KeyError, Keys};
use activitypub::policy::Open;
use activitypub::sig::{Dialect, OwnedKey, PrivateKey, Refusal};
use activitypub_core::Iri;
use http::StatusCode;
use serde_json::{Value, json};

use crate::network::{self, Network};
use crate::peer::{Peer, client, document, redirect, status};

static PEM: LazyLock<String> = LazyLock::new(pem);
static OTHER_PEM: LazyLock<String> = LazyLock::new(pem);

fn pem() -> String {
    PrivateKey::generate_ed25519().unwrap().public_key().to_pem().unwrap()
}

fn key(id: &str, owner: impl Into<Value>, pem: &str) -> Value {
    json!({ "id": id, "owner": owner.into(), "publicKeyPem": pem })
}

fn actor(id: &str, key: impl Into<Value>) -> Value {
    json!({ "id": id, "type": "Person", "publicKey": key.into() })
}

fn keys() -> Keys {
    Keys::new(Fetcher::new(Arc::new(client()), Arc::new(Open::new()), None, Dialect::Cavage))
}

fn keys_of(network: &Network) -> Keys {
    Keys::new(Fetcher::new(Arc::new(network.clone()), Arc::new(Open::new()), None, Dialect::Cavage))
}

async fn find(keys: &Keys, id: &str) -> Result<OwnedKey, KeyError> {
    keys.find(Iri::new(id), &mut Budget::new()).await
}

async fn refresh(keys: &Keys, id: &str) -> Result<OwnedKey, KeyError> {
    keys.refresh(Iri::new(id), &mut Budget::new()).await
}

#[tokio::test]
async fn a_key_within_its_owner_takes_one_request_and_is_remembered() {
    let peer = Peer::new(|asked| {
        let id = asked.url();
        document(actor(&id, key(&format!("{id}#main-key"), &*id, &PEM)).to_string())
    })
    .await;
    let keys = keys();
    for _ in 0..3 {
        let found = find(&keys, &peer.url("/users/ada#main-key")).await.unwrap();
        assert_eq!(found.owner(), Iri::new(&peer.url("/users/ada")));
        assert_eq!(found.id(), Iri::new(&peer.url("/users/ada#main-key")));
        assert_eq!(found.public().to_pem().unwrap(), *PEM);
    }
    assert_eq!(peer.count(), 1);

    keys.forget(Iri::new(&peer.url("/users/ada")));
    find(&keys, &peer.url("/users/ada#main-key")).await.unwrap();
    assert_eq!(peer.count(), 2);
}

#[tokio::test]
async fn a_key_on_its_own_is_asked_of_its_owner() {
    let peer = Peer::new(|asked| {
        let (id, key_id) = (asked.url_of("/users/ada"), asked.url_of("/users/ada/main-key"));
        let key = key(&key_id, &*id, &PEM);
        document(if asked.path() == "/users/ada" { actor(&id, key) } else { key }.to_string())
    })
    .await;
    let found = find(&keys(), &peer.url("/users/ada/main-key")).await.unwrap();
    assert_eq!(found.owner(), Iri::new(&peer.url("/users/ada")));
    assert_eq!(peer.count(), 2);
}

#[tokio::test]
async fn a_stub_of_the_actor_at_the_url_of_the_key_leads_to_the_actor() {
    // As GoToSocial serves it.
    let peer = Peer::new(|asked| {
        let (id, key_id) = (asked.url_of("/users/ada"), asked.url_of("/users/ada/main-key"));
        document(actor(&id, key(&key_id, &*id, &PEM)).to_string())
    })
    .await;
    let found = find(&keys(), &peer.url("/users/ada/main-key")).await.unwrap();
    assert_eq!(found.owner(), Iri::new(&peer.url("/users/ada")));
}

#[tokio::test]
async fn a_key_cannot_take_an_owner_from_another_server() {
    let victim = Peer::new(|asked| {
        let id = asked.url();
        document(actor(&id, key(&format!("{id}#main-key"), &*id, &OTHER_PEM)).to_string())
    })
    .await;
    let ada = victim.url_as("victim", "/users/ada");
    let evil = Peer::new(move |asked| {
        let id = asked.url();
        let ada = json!(ada);
        document(
            match asked.path() {
                "/bare" => key(&id, ada, &PEM),
                "/within" => actor(&id, key(&format!("{id}#k"), ada, &PEM)),
                "/embedded" => key(&id, actor(ada.as_str().unwrap(), key(&id, ada.clone(), &PEM)), &PEM),
                "/controller" => json!({ "id": id, "controller": ada, "publicKeyPem": *PEM }),
                "/two" => key(&id, json!([ada, id]), &PEM),
                "/posing" => actor(ada.as_str().unwrap(), key(&format!("{id}#k"), ada.clone(), &PEM)),
                _ => json!({ "id": id }),
            }
            .to_string(),
        )
    })
    .await;
    for path in ["/bare", "/within#k", "/embedded", "/controller", "/two", "/posing#k", "/nothing"] {
        let refused = find(&keys(), &evil.url_as("evil", path)).await.unwrap_err();
        let is_expected = match &refused {
            KeyError::Refused(refusal) => match **refusal {
                Refusal::ForeignKey { .. } => ["/bare", "/within#k", "/embedded"].contains(&path),
                Refusal::NoOwner(_) => ["/controller", "/two"].contains(&path),
                Refusal::NoKey(_) => path == "/nothing",
                _ => false,
            },
            KeyError::Fetch(FetchError::OtherId { .. }) => path == "/posing#k",
            _ => false,
        };
        assert!(is_expected, "{path}: {refused:?}");
    }
    // By redirect: what arrives is the victim's actor, who has no such key.
    let to = victim.url_as("victim", "/users/ada");
    let evil = Peer::new(move |_| redirect(&to)).await;
    assert_eq!(victim.count(), 0, "nobody was sent to the victim so far");
    let refused = find(&keys(), &evil.url_as("evil", "/k")).await.unwrap_err();
    assert!(matches!(&refused, KeyError::Refused(_)), "{refused:?}");
}

#[tokio::test]
async fn a_key_cannot_take_an_owner_from_its_own_server() {
    let peer = Peer::new(|asked| {
        let (ada, eve) = (asked.url_of("/ada"), asked.url_of("/eve"));
        let adas = key(&format!("{ada}#k"), &*ada, &PEM);
        document(
            match asked.path() {
                "/ada" => actor(&ada, json!([adas, key(&asked.url_of("/swapped"), &*ada, &PEM)])),
                // Eve names Ada as the owner of a key that Ada does not have.
                "/eve" => actor(&eve, key(&format!("{eve}#k"), &*ada, &OTHER_PEM)),
                // And of one that Ada has with other bytes.
                "/swapped" => key(&asked.url(), &*ada, &OTHER_PEM),
                // And lists Ada's key as her own.
                _ => actor(&asked.url(), key(&format!("{ada}#k"), asked.url(), &PEM)),
            }
            .to_string(),
        )
    })
    .await;
    let refused = |path: &'static str| {
        let url = peer.url(path);
        async move { find(&keys(), &url).await.unwrap_err() }
    };
    let error = refused("/eve#k").await;
    assert!(
        matches!(&error, KeyError::Refused(refusal) if matches!(**refusal, Refusal::NotListed { .. })),
        "{error:?}"
    );
    let error = refused("/swapped").await;
    assert!(
        matches!(&error, KeyError::Refused(refusal) if matches!(**refusal, Refusal::OtherMaterial { .. })),
        "{error:?}"
    );
    let error = refused("/thief#k").await;
    assert!(
        matches!(&error, KeyError::Refused(refusal) if matches!(**refusal, Refusal::NoKey(_))),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_owner_who_is_gone_has_no_key() {
    let peer = Peer::new(|asked| match asked.path() {
        "/410" => status("410 Gone"),
        "/404" => status("404 Not Found"),
        _ => document(key(&asked.url(), asked.url_of("/410"), &PEM).to_string()),
    })
    .await;
    let keys = keys();
    for path in ["/410#k", "/404#k", "/key", "/410#k"] {
        let error = find(&keys, &peer.url(path)).await.unwrap_err();
        assert!(error.is_gone() && !error.is_transient(), "{path}: {error:?}");
    }
    assert_eq!(peer.count(), 4, "the last was remembered");
}

#[tokio::test]
async fn what_is_no_url_is_not_asked_for() {
    let network = Network::new(|_| Ok(network::status(StatusCode::OK)));
    let keys = keys_of(&network);
    for id in [
        "",
        "main-key",
        "did:key:z6Mk",
        "acct:ada@example.org",
        "https://",
        "https://user@example.org/k",
        "file:///k",
    ] {
        assert!(matches!(find(&keys, id).await, Err(KeyError::Fetch(FetchError::Target(_)))), "{id}");
    }
    assert_eq!(network.count(), 0);
}

/// An actor at every URL, with a key each.
fn actors() -> Network {
    Network::new(|url| Ok(network::document(&actor(url, key(&format!("{url}#k"), url, &PEM)))))
}

#[tokio::test]
async fn many_who_ask_for_one_key_cause_one_request() {
    let network = actors();
    let keys = keys_of(&network);
    let asking: Vec<_> = (0..100)
        .map(|_| {
            let keys = keys.clone();
            tokio::spawn(async move { find(&keys, "https://a.example/ada#k").await })
        })
        .collect();
    for found in asking {
        found.await.unwrap().unwrap();
    }
    assert_eq!(network.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn thousands_of_keys_that_are_not_there_cause_few_requests() {
    let network = Network::new(|_| Ok(network::status(StatusCode::INTERNAL_SERVER_ERROR)));
    let keys = keys_of(&network);
    let mut busy = 0;
    for n in 0..1000 {
        let error = find(&keys, &format!("https://h{n}.example/u#k")).await.unwrap_err();
        assert!(error.is_transient());
        busy += usize::from(matches!(error, KeyError::Busy));
    }
    assert_eq!((network.count(), busy), (100, 900), "by name of a thousand hosts");

    tokio::time::advance(Duration::from_secs(60)).await;
    for n in 0..1000 {
        find(&keys, &format!("https://victim.example/u/{n}#k")).await.unwrap_err();
    }
    assert_eq!(network.count(), 140, "at one host");

    tokio::time::advance(Duration::from_secs(1)).await;
    for n in 0..1000 {
        find(&keys, &format!("https://i{n}.example/u#k")).await.unwrap_err();
    }
    assert_eq!(network.count(), 140 + 100, "the flow of a second, and what one host had left over");
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_remembered_longer_each_time() {
    for (answer, first) in [(StatusCode::GONE, 600), (StatusCode::BAD_GATEWAY, 10)] {
        let network = Network::new(move |_| Ok(network::status(answer)));
        let keys = keys_of(&network);
        let mut wait = first;
        for times in 1..=20 {
            find(&keys, "https://a.example/u#k").await.unwrap_err();
            assert_eq!(network.count(), times);
            tokio::time::advance(Duration::from_secs(wait - 1)).await;
            find(&keys, "https://a.example/u#k").await.unwrap_err();
            assert_eq!(network.count(), times, "{answer}: {wait} seconds are not over");
            tokio::time::advance(Duration::from_secs(1)).await;
            wait = (wait * 2).min(24 * 3600);
        }
    }
}

#[tokio::test]
async fn a_failure_that_is_remembered_is_small() {
    // A key with an owner of a quarter of a mebibyte.
    let network = Network::new(|url| {
        Ok(network::document(&key(url, format!("https://b.example/{}", "x".repeat(250_000)), &PEM)))
    });
    let keys = keys_of(&network);
    assert!(matches!(find(&keys, "https://a.example/k").await, Err(KeyError::Refused(_))));
    let remembered = find(&keys, "https://a.example/k").await.unwrap_err();
    assert!(matches!(remembered, KeyError::Lately { transient: false, .. }), "{remembered:?}");
    assert!(remembered.to_string().len() < 300);
    assert_eq!(network.count(), 1);

    // And a key id that long is not remembered at all.
    let long = format!("https://a.example/{}", "x".repeat(250_000));
    for _ in 0..2 {
        assert!(matches!(find(&keys, &long).await, Err(KeyError::Fetch(FetchError::Target(_)))));
    }
    assert_eq!(network.count(), 1);
}

#[tokio::test]
async fn hurry_and_poverty_are_not_remembered() {
    let network = actors();
    let keys = keys_of(&network);
    let poor = keys
        .find(Iri::new("https://a.example/u#k"), &mut Budget::limited(0, 0, Duration::from_secs(1)))
        .await;
    assert!(poor.unwrap_err().is_transient());
    find(&keys, "https://a.example/u#k").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_key_is_read_again_every_six_hours() {
    let network = actors();
    let keys = keys_of(&network);
    find(&keys, "https://a.example/u#k").await.unwrap();
    tokio::time::advance(Duration::from_secs(6 * 3600 - 1)).await;
    find(&keys, "https://a.example/u#k").await.unwrap();
    assert_eq!(network.count(), 1);
    tokio::time::advance(Duration::from_secs(1)).await;
    find(&keys, "https://a.example/u#k").await.unwrap();
    assert_eq!(network.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_fails_is_read_again_once_in_five_minutes() {
    let is_new = Arc::new(AtomicBool::new(false));
    let rotated = Arc::clone(&is_new);
    let network = Network::new(move |url| {
        let pem = if rotated.load(Ordering::Relaxed) { &*OTHER_PEM } else { &*PEM };
        Ok(network::document(&actor(url, key(&format!("{url}#k"), url, pem))))
    });
    let keys = keys_of(&network);
    let id = "https://a.example/u#k";
    let old = find(&keys, id).await.unwrap();
    is_new.store(true, Ordering::Relaxed);
    let new = refresh(&keys, id).await.unwrap();
    assert_ne!(new.public(), old.public());
    assert_eq!(find(&keys, id).await.unwrap().public(), new.public());
    for _ in 0..10 {
        assert!(matches!(refresh(&keys, id).await, Err(KeyError::Fresh)));
    }
    assert_eq!(network.count(), 2);
    tokio::time::advance(Duration::from_secs(300)).await;
    refresh(&keys, id).await.unwrap();
    assert_eq!(network.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_owner_who_does_not_answer_keeps_the_key_and_one_who_withdraws_it_does_not() {
    let state = Arc::new(AtomicUsize::new(0));
    let now = Arc::clone(&state);
    let network = Network::new(move |url| match now.load(Ordering::Relaxed) {
        0 => Ok(network::document(&actor(url, key(&format!("{url}#k"), url, &PEM)))),
        1 => Err(ClientError::Connect("refused".into())),
        _ => Ok(network::document(&actor(url, json!([])))),
    });
    let keys = keys_of(&network);
    let id = "https://a.example/u#k";
    find(&keys, id).await.unwrap();

    state.store(1, Ordering::Relaxed);
    tokio::time::advance(Duration::from_secs(300)).await;
    assert!(refresh(&keys, id).await.unwrap_err().is_transient());
    assert!(matches!(refresh(&keys, id).await, Err(KeyError::Fresh)), "it has been tried");
    find(&keys, id).await.unwrap();

    state.store(2, Ordering::Relaxed);
    tokio::time::advance(Duration::from_secs(300)).await;
    assert!(matches!(refresh(&keys, id).await, Err(KeyError::Refused(_))));
    assert!(matches!(find(&keys, id).await, Err(KeyError::Lately { transient: false, .. })));
    assert_eq!(network.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_key_does_not_change_hands() {
    let hers = Arc::new(AtomicBool::new(false));
    let is_hers = Arc::clone(&hers);
    let network = Network::new(move |url| {
        let owner =
            if is_hers.load(Ordering::Relaxed) { "https://a.example/eve" } else { "https://a.example/ada" };
        let key = key("https://a.example/k", owner, &PEM);
        Ok(network::document(&if url.ends_with("/k") { key } else { actor(url, key) }))
    });
    let keys = keys_of(&network);
    assert_eq!(find(&keys, "https://a.example/k").await.unwrap().owner(), Iri::new("https://a.example/ada"));
    hers.store(true, Ordering::Relaxed);
    tokio::time::advance(Duration::from_secs(300)).await;
    assert!(matches!(refresh(&keys, "https://a.example/k").await, Err(KeyError::OtherOwner { .. })));
}
