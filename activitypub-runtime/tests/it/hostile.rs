//! Everything that must not get into an inbox, over real HTTP. Each attack changes nothing, calls no handler, and gets an
//! answer that says what was wrong; a repetition is quietly accepted.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use activitypub::as2::{Activity, Iri, IriBuf, Person};
use activitypub::sig::{Dialect, PrivateKey, Signer};
use activitypub::{Context, Verified};
use http::{HeaderValue, Request};
use serde_json::{Value, json};

use crate::peer::{Asked, Peer, document, status};
use crate::server::Server;

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate_rsa(2048).unwrap());

/// A server of ours that counts what its handlers get, and a peer with an actor on each of its names:
/// `http://mallory.localhost:…/u`, `http://victim.localhost:…/u`.
struct Scene {
    server: Server,
    peer: Peer,
    handled: Arc<AtomicUsize>,
    /// What its handler got last.
    last: Arc<Mutex<String>>,
}

impl Scene {
    async fn new() -> Self {
        Self::serving(|asked| match asked.path() {
            "/u" => document(actor(&asked.url(), &format!("{}#main-key", asked.url())).to_string()),
            _ => status("404 Not Found"),
        })
        .await
    }

    async fn serving(answer: impl Fn(&Asked) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let handled = Arc::new(AtomicUsize::new(0));
        let last = Arc::<Mutex<String>>::default();
        let (count, got) = (handled.clone(), last.clone());
        let server = Server::start(|builder| {
            builder.actor("blog", Person::builder()).on(move |_: Context, activity: Verified<Activity>| {
                count.fetch_add(1, Ordering::SeqCst);
                *got.lock().unwrap() = activity.as_object().to_json();
                std::future::ready(Ok(()))
            })
        })
        .await;
        Self { server, peer: Peer::new(answer).await, handled, last }
    }

    fn mallory(&self) -> String {
        self.peer.url_as("mallory", "/u")
    }

    /// A Like of something here, by mallory.
    fn like(&self, number: usize) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.peer.url_as("mallory", &format!("/likes/{number}")),
            "type": "Like",
            "actor": self.mallory(),
            "object": self.server.iri("/posts/1").as_str(),
        })
    }

    /// A request to the shared inbox, signed now with mallory's key.
    fn signed(&self, body: impl Into<Vec<u8>>, dialect: Dialect) -> Request<Vec<u8>> {
        self.signed_as(&format!("{}#main-key", self.mallory()), body.into(), dialect, SystemTime::now())
    }

    fn signed_as(&self, key_id: &str, body: Vec<u8>, dialect: Dialect, now: SystemTime) -> Request<Vec<u8>> {
        let request = Request::post(format!("{}/inbox", self.server.origin))
            .header("content-type", "application/activity+json")
            .body(())
            .unwrap();
        let (mut parts, ()) = request.into_parts();
        let signer = Signer::new(IriBuf::from(key_id), KEY.clone());
        signer.sign(&mut parts, &body, dialect, now).unwrap();
        Request::from_parts(parts, body)
    }

    /// Sends a request as it is; status and body of the answer.
    async fn send(&self, request: Request<Vec<u8>>) -> (u16, String) {
        let (parts, body) = request.into_parts();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client
            .request(parts.method, parts.uri.to_string())
            .headers(parts.headers)
            .body(body)
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// The attack is refused with this status and these words, and nothing has happened.
    async fn refuses(&self, request: Request<Vec<u8>>, status: u16, words: &str) {
        let (got, answer) = self.send(request).await;
        assert!(got == status && answer.contains(words), "{status} {words:?} expected: {got} {answer}");
        self.is_untouched().await;
    }

    async fn is_untouched(&self) {
        assert_eq!(self.handled.load(Ordering::SeqCst), 0, "a handler was called");
        assert_eq!(self.server.federation.follower_count("blog").await.unwrap(), 0);
        assert_eq!(self.server.federation.waiting().await.unwrap(), 0, "something is sent");
    }
}

fn actor(id: &str, key_id: &str) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": id, "type": "Person", "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"),
        "publicKey": {"id": key_id, "owner": id, "publicKeyPem": KEY.public_key().to_pem().unwrap()},
    })
}

const DIALECTS: [Dialect; 2] = [Dialect::Cavage, Dialect::Rfc9421];

#[tokio::test]
async fn what_is_signed_well_is_handled_once_however_often_it_comes() {
    let scene = Scene::new().await;
    for (number, dialect) in DIALECTS.into_iter().enumerate() {
        let body = scene.like(number).to_string();
        for _ in 0..2 {
            assert_eq!(scene.send(scene.signed(body.clone(), dialect)).await, (202, String::new()));
        }
        assert_eq!(scene.handled.load(Ordering::SeqCst), number + 1);
    }
    let body = scene.like(9).to_string();
    let at_once = || scene.send(scene.signed(body.clone(), Dialect::Cavage));
    let answers = tokio::join!(at_once(), at_once(), at_once());
    assert_eq!([answers.0.0, answers.1.0, answers.2.0], [202; 3]);
    assert_eq!(scene.handled.load(Ordering::SeqCst), 3, "three at once are one");
}

#[tokio::test]
async fn an_unsigned_request_is_refused() {
    let scene = Scene::new().await;
    let mut request = scene.signed(scene.like(1).to_string(), Dialect::Cavage);
    request.headers_mut().remove("signature");
    scene.refuses(request, 401, "no HTTP signature").await;
    assert_eq!(scene.peer.count(), 0, "nobody is asked for a key");
}

#[tokio::test]
async fn a_body_that_was_changed_after_signing_is_refused() {
    let scene = Scene::new().await;
    for dialect in DIALECTS {
        let mut request = scene.signed(scene.like(1).to_string(), dialect);
        *request.body_mut() = scene.like(2).to_string().into_bytes();
        scene.refuses(request, 401, "is not that of the body").await;
    }
    assert_eq!(scene.peer.count(), 0);
}

#[tokio::test]
async fn a_digest_that_is_not_covered_is_refused() {
    let scene = Scene::new().await;
    let mut request = scene.signed(scene.like(1).to_string(), Dialect::Cavage);
    let signature = request.headers()["signature"].to_str().unwrap().replace(" digest", "");
    request.headers_mut().insert("signature", HeaderValue::from_str(&signature).unwrap());
    scene.refuses(request, 401, "does not cover the digest").await;

    let mut request = scene.signed(scene.like(1).to_string(), Dialect::Rfc9421);
    let input = request.headers()["signature-input"].to_str().unwrap().replace(" \"content-digest\"", "");
    request.headers_mut().insert("signature-input", HeaderValue::from_str(&input).unwrap());
    scene.refuses(request, 401, "does not cover the digest").await;
    assert_eq!(scene.peer.count(), 0);
}

#[tokio::test]
async fn a_request_of_thirteen_hours_ago_is_refused() {
    let scene = Scene::new().await;
    let then = SystemTime::now() - Duration::from_secs(13 * 3600);
    for dialect in DIALECTS {
        let key_id = format!("{}#main-key", scene.mallory());
        let request = scene.signed_as(&key_id, scene.like(1).to_string().into_bytes(), dialect, then);
        scene.refuses(request, 401, "seconds ago, which is too long").await;
    }
    assert_eq!(scene.peer.count(), 0);
}

#[tokio::test]
async fn a_key_whose_owner_does_not_list_it_is_refused() {
    // Mallory's server has a key that says it is the victim's; the victim knows nothing of it.
    let scene = Scene::serving(|asked| match (asked.field("host").unwrap_or_default(), asked.path()) {
        (host, "/u") if host.starts_with("victim") => {
            let mut victim = actor(&asked.url(), &format!("{}#main-key", asked.url()));
            victim["publicKey"] = json!([]);
            document(victim.to_string())
        }
        (_, "/key") => document(
            json!({
                "id": asked.url(), "type": "Key", "owner": asked.url().replace("/key", "/u"),
                "publicKeyPem": KEY.public_key().to_pem().unwrap(),
            })
            .to_string(),
        ),
        _ => status("404 Not Found"),
    })
    .await;
    let victim = scene.peer.url_as("victim", "/u");
    let mut like = scene.like(1);
    like["actor"] = json!(victim);
    like["id"] = json!(scene.peer.url_as("victim", "/likes/1"));
    let key_id = scene.peer.url_as("victim", "/key");
    let request = scene.signed_as(&key_id, like.to_string().into_bytes(), Dialect::Cavage, SystemTime::now());
    scene.refuses(request, 401, "does not list the key").await;
}

#[tokio::test]
async fn a_key_on_another_server_than_its_owner_is_refused() {
    let scene = Scene::serving(|asked| match asked.path() {
        "/key" => document(
            json!({
                "id": asked.url(), "type": "Key", "owner": asked.url().replace("mallory", "victim").replace("/key", "/u"),
                "publicKeyPem": KEY.public_key().to_pem().unwrap(),
            })
            .to_string(),
        ),
        _ => status("404 Not Found"),
    })
    .await;
    let mut like = scene.like(1);
    like["actor"] = json!(scene.peer.url_as("victim", "/u"));
    let key_id = scene.peer.url_as("mallory", "/key");
    let request = scene.signed_as(&key_id, like.to_string().into_bytes(), Dialect::Cavage, SystemTime::now());
    scene.refuses(request, 401, "not of the same origin as its owner").await;
}

#[tokio::test]
async fn an_activity_of_somebody_else_than_the_signer_is_refused() {
    let scene = Scene::new().await;
    let mut like = scene.like(1);
    like["actor"] = json!(scene.peer.url_as("victim", "/u"));
    scene.refuses(scene.signed(like.to_string(), Dialect::Cavage), 401, "and signed by").await;
    // Nor does an actor on the same server speak for another.
    like["actor"] = json!(scene.peer.url_as("mallory", "/other"));
    scene.refuses(scene.signed(like.to_string(), Dialect::Cavage), 401, "and signed by").await;
}

#[tokio::test]
async fn an_object_on_somebody_elses_server_is_refused() {
    let scene = Scene::new().await;
    for kind in ["Create", "Update"] {
        let mut create = scene.like(1);
        create["type"] = json!(kind);
        create["object"] = json!({
            "id": scene.peer.url_as("victim", "/notes/1"), "type": "Note", "content": "I am a fool",
            "attributedTo": scene.mallory(),
        });
        let request = scene.signed(create.to_string(), Dialect::Cavage);
        scene.refuses(request, 403, "has no say in it").await;
    }
}

#[tokio::test]
async fn nobody_changes_deletes_or_undoes_what_belongs_to_another_on_the_same_server() {
    let scene = Scene::serving(|asked| match asked.path() {
        "/u" | "/other" => document(actor(&asked.url(), &format!("{}#main-key", asked.url())).to_string()),
        _ => status("404 Not Found"),
    })
    .await;
    let other = scene.peer.url_as("mallory", "/other");
    let note = scene.peer.url_as("mallory", "/notes/1");
    let by_other = |activity: Value| {
        let key_id = format!("{other}#main-key");
        scene.signed_as(&key_id, activity.to_string().into_bytes(), Dialect::Cavage, SystemTime::now())
    };
    let activity = |number: usize, kind: &str, actor: &str, object: Value| {
        json!({
            "id": scene.peer.url_as("mallory", &format!("/activities/{number}")),
            "type": kind, "actor": actor, "object": object,
        })
    };
    // The other one makes a Note and likes something.
    let made = json!({"id": note, "type": "Note", "content": "mine", "attributedTo": other});
    assert_eq!(scene.send(by_other(activity(1, "Create", &other, made))).await.0, 202);
    let liked = json!(scene.server.iri("/posts/1").as_str());
    assert_eq!(scene.send(by_other(activity(2, "Like", &other, liked))).await.0, 202);
    let before = scene.handled.load(Ordering::SeqCst);

    let mallory = scene.mallory();
    let like = scene.peer.url_as("mallory", "/activities/2");
    let forged = json!({"id": note, "type": "Note", "content": "not mine", "attributedTo": mallory});
    for (number, kind, object) in [(3, "Update", forged), (4, "Delete", json!(note))] {
        let request = scene.signed(activity(number, kind, &mallory, object).to_string(), Dialect::Cavage);
        let (status, answer) = scene.send(request).await;
        assert!(status == 403 && answer.contains("does not belong to"), "{kind}: {status} {answer}");
    }
    // To undo what one did not do oneself is to undo nothing; so it is with what is not known here.
    let as_own = json!({"id": like, "type": "Like", "actor": mallory});
    for (number, kind, object) in
        [(5, "Undo", json!(like)), (6, "Delete", json!(other)), (9, "Delete", json!("x:y"))]
    {
        let moot = scene.signed(activity(number, kind, &mallory, object).to_string(), Dialect::Cavage);
        assert_eq!(scene.send(moot).await.0, 202);
    }
    assert_eq!(scene.handled.load(Ordering::SeqCst), before);
    // What one says one did oneself one may take back, and it has not the other's id.
    let own = scene.signed(activity(8, "Undo", &mallory, as_own).to_string(), Dialect::Cavage);
    assert_eq!(scene.send(own).await.0, 202);
    assert_eq!(scene.handled.load(Ordering::SeqCst), before + 1);
    assert!(!scene.last.lock().unwrap().contains(&like), "{}", scene.last.lock().unwrap());
    // The owner still can.
    assert_eq!(scene.send(by_other(activity(7, "Undo", &other, json!(like)))).await.0, 202);
    assert_eq!(scene.handled.load(Ordering::SeqCst), before + 2);
}

#[tokio::test]
async fn an_accept_of_a_follow_that_was_never_sent_is_refused() {
    let scene = Scene::new().await;
    let blog = scene.server.federation.actor_id("blog").await.unwrap();
    let mut accept = scene.like(1);
    accept["type"] = json!("Accept");
    accept["object"] = json!({"type": "Follow", "actor": blog.as_str(), "object": scene.mallory()});
    let (status, answer) = scene.send(scene.signed(accept.to_string(), Dialect::Cavage)).await;
    assert!(status == 403 && answer.contains("never sent"), "{status} {answer}");
}

#[tokio::test]
async fn a_body_of_two_mebibytes_is_refused() {
    let scene = Scene::new().await;
    let mut like = scene.like(1);
    like["content"] = json!("x".repeat(2 * 1024 * 1024));
    let request = scene.signed(like.to_string(), Dialect::Cavage);
    scene.refuses(request, 413, "longer than 1048576 bytes").await;
}

#[tokio::test]
async fn json_nested_ten_thousand_deep_and_duplicate_keys_are_refused() {
    let scene = Scene::new().await;
    let deep = format!("{{\"actor\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    scene.refuses(scene.signed(deep, Dialect::Cavage), 400, "levels of nesting").await;
    let (mallory, victim) = (scene.mallory(), scene.peer.url_as("victim", "/u"));
    for name in ["actor", "\\u0061ctor", "as:actor"] {
        let twice = format!(r#"{{"type":"Like","actor":"{mallory}","{name}":"{victim}","object":"x"}}"#);
        scene.refuses(scene.signed(twice, Dialect::Cavage), 400, "actor").await;
    }
    assert_eq!(scene.peer.count(), 0);
}

#[tokio::test]
async fn more_mentions_than_anybody_means_are_refused() {
    let scene = Scene::new().await;
    let mut create = scene.like(1);
    create["type"] = json!("Create");
    let tags: Vec<_> =
        (0..501).map(|n| json!({"type": "Mention", "href": format!("https://{n}.example/u")})).collect();
    create["object"] = json!({"type": "Note", "content": "x", "tag": tags});
    scene.refuses(scene.signed(create.to_string(), Dialect::Cavage), 400, "tag holds 501 values").await;
}

#[tokio::test]
async fn a_body_that_drips_is_not_waited_for() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let scene = Scene::new().await;
    let mut stream =
        tokio::net::TcpStream::connect(scene.server.origin.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(b"POST /inbox HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{").await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    scene.is_untouched().await;
}

#[tokio::test]
async fn another_media_type_is_refused() {
    let scene = Scene::new().await;
    let mut request = scene.signed(scene.like(1).to_string(), Dialect::Cavage);
    request.headers_mut().insert("content-type", HeaderValue::from_static("text/plain"));
    scene.refuses(request, 415, "application/activity+json").await;
}

#[tokio::test]
async fn an_embedded_object_of_another_is_no_more_than_its_id() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = seen.clone();
    let server = Server::start(|builder| {
        builder.actor("blog", Person::builder()).on(move |_: Context, activity: Verified<Activity>| {
            record.lock().unwrap().push(activity.as_object().to_json());
            std::future::ready(Ok(()))
        })
    })
    .await;
    let peer =
        Peer::new(|asked| document(actor(&asked.url(), &format!("{}#main-key", asked.url())).to_string()))
            .await;
    let scene = Scene { server, peer, handled: Arc::default(), last: Arc::default() };
    let victims = json!({
        "id": scene.peer.url_as("victim", "/1"), "type": "Delete", "actor": scene.peer.url_as("victim", "/u"),
        "object": scene.peer.url_as("victim", "/u"),
    });
    let mut announce = scene.like(1);
    announce["type"] = json!("Announce");
    announce["object"] = victims;
    assert_eq!(scene.send(scene.signed(announce.to_string(), Dialect::Cavage)).await.0, 202);
    let seen = seen.lock().unwrap().join("");
    assert!(!seen.contains("Delete") && seen.contains("/1"), "{seen}");
}

#[tokio::test]
async fn the_delete_of_somebody_who_is_gone_is_believed_if_their_server_says_so() {
    for (answer, handled) in [("410 Gone", 1), ("404 Not Found", 0)] {
        let scene = Scene::serving(move |_| status(answer)).await;
        let mut delete = scene.like(1);
        delete["type"] = json!("Delete");
        delete["object"] = json!(scene.mallory());
        assert_eq!(scene.send(scene.signed(delete.to_string(), Dialect::Cavage)).await.0, 202);
        assert_eq!(scene.handled.load(Ordering::SeqCst), handled, "{answer}");
        let (status, answer) = scene.send(scene.signed(scene.like(2).to_string(), Dialect::Cavage)).await;
        assert!(status == 401 && answer.contains("gone"), "{status} {answer}");
        assert_eq!(scene.handled.load(Ordering::SeqCst), handled);
    }
}

#[tokio::test]
async fn an_activity_of_several_types_is_refused() {
    let scene = Scene::new().await;
    for types in [json!(["Like", "Delete"]), json!(["Note", "Delete"]), json!(["as:Like", "Undo"])] {
        let mut like = scene.like(1);
        like["type"] = types;
        scene.refuses(scene.signed(like.to_string(), Dialect::Cavage), 400, "of several types").await;
    }
    // One that nobody knows beside it does no harm.
    let mut like = scene.like(2);
    like["type"] = json!(["Like", "ex:Cheer"]);
    assert_eq!(scene.send(scene.signed(like.to_string(), Dialect::Cavage)).await.0, 202);
}

#[tokio::test]
async fn nobody_is_somebody_else_by_a_redirect() {
    // The first time mallory's own document is served, for the key; then it leads to the victim's.
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let who = Arc::new(Mutex::new(Vec::new()));
    let seen = who.clone();
    let server = Server::start(|builder| {
        builder.actor("blog", Person::builder()).on(move |ctx: Context, _: Verified<Activity>| {
            let seen = seen.clone();
            async move {
                let sender = ctx.sender().await.map(|sender| sender.id().map(ToOwned::to_owned));
                seen.lock().unwrap().push(sender);
                Ok(())
            }
        })
    })
    .await;
    let peer = Peer::new(move |asked| {
        let host = asked.field("host").unwrap_or_default();
        if host.starts_with("mallory") && count.fetch_add(1, Ordering::SeqCst) > 0 {
            return crate::peer::redirect(&asked.url().replace("mallory", "victim"));
        }
        document(actor(&asked.url(), &format!("{}#main-key", asked.url())).to_string())
    })
    .await;
    let scene = Scene { server, peer, handled: Arc::default(), last: Arc::default() };
    assert_eq!(scene.send(scene.signed(scene.like(1).to_string(), Dialect::Cavage)).await.0, 202);
    let who = who.lock().unwrap();
    assert!(matches!(who.as_slice(), [Err(_)]), "{who:?}");
}

#[tokio::test]
async fn an_object_that_is_named_must_be_where_it_is_named() {
    let scene = Scene::serving(|asked| match asked.path() {
        "/hop" => crate::peer::redirect(&asked.url().replace("mallory", "victim").replace("/hop", "/u")),
        _ => document(actor(&asked.url(), &format!("{}#main-key", asked.url())).to_string()),
    })
    .await;
    let mut create = scene.like(1);
    create["type"] = json!("Create");
    create["object"] = json!(scene.peer.url_as("mallory", "/hop"));
    scene.refuses(scene.signed(create.to_string(), Dialect::Cavage), 403, "has no say in it").await;
}

#[tokio::test]
async fn an_actor_is_changed_by_nobody_else_and_an_author_is_not_made_up() {
    let scene = Scene::new().await;
    let other = scene.peer.url_as("mallory", "/other");
    let victim = scene.peer.url_as("victim", "/u");
    for (kind, object) in [
        ("Update", actor(&other, &format!("{other}#main-key"))),
        ("Create", json!({"type": "Note", "content": "x", "attributedTo": victim})),
        ("Create", json!({"type": "Note", "content": "x", "id": [scene.peer.url_as("victim", "/n")]})),
        (
            "Create",
            json!({"type": "Note", "content": "x", "attributedTo": [victim, scene.mallory()],
            "id": scene.peer.url_as("mallory", "/n")}),
        ),
    ] {
        let mut activity = scene.like(1);
        activity["type"] = json!(kind);
        activity["object"] = object.clone();
        let (status, answer) = scene.send(scene.signed(activity.to_string(), Dialect::Cavage)).await;
        assert!((400..404).contains(&status), "{object}: {status} {answer}");
        scene.is_untouched().await;
    }
}

#[tokio::test]
async fn an_inbox_on_another_server_is_none() {
    let scene = Scene::serving(|asked| {
        let mut mallory = actor(&asked.url(), &format!("{}#main-key", asked.url()));
        mallory["inbox"] = json!(asked.url().replace("mallory", "victim"));
        document(mallory.to_string())
    })
    .await;
    let mut follow = scene.like(1);
    follow["type"] = json!("Follow");
    follow["object"] = json!(scene.server.iri("/users/blog").as_str());
    scene.refuses(scene.signed(follow.to_string(), Dialect::Cavage), 403, "is not on the server of").await;
}

#[tokio::test]
async fn what_a_stranger_writes_into_a_follow_is_not_sent_on() {
    let scene = Scene::new().await;
    let mut follow = scene.like(1);
    follow["type"] = json!("Follow");
    follow["object"] = json!(scene.server.iri("/users/blog").as_str());
    follow["content"] = json!("buy this");
    assert_eq!(scene.send(scene.signed(follow.to_string(), Dialect::Cavage)).await.0, 202);
    crate::server::eventually("the Accept is sent", async || {
        scene.peer.asked().iter().any(|asked| asked.path() == "/u/inbox")
    })
    .await;
    let asked = scene.peer.asked();
    let accept = &asked.iter().find(|asked| asked.path() == "/u/inbox").unwrap().body;
    assert!(accept.contains(r#""type":"Follow""#) && !accept.contains("buy this"), "{accept}");
}

#[tokio::test]
async fn a_blocked_server_is_refused_before_it_is_asked_for_its_key() {
    let mut hosts = activitypub::policy::Hosts::new();
    hosts.block("mallory.localhost", "spam").unwrap();
    let server = Server::start(|builder| builder.actor("blog", Person::builder()).policy(hosts)).await;
    let peer = Peer::new(|_| status("404 Not Found")).await;
    let scene = Scene { server, peer, handled: Arc::default(), last: Arc::default() };
    let like = scene.signed(scene.like(1).to_string(), Dialect::Cavage);
    scene.refuses(like, 403, "refused by policy").await;
    assert_eq!(scene.peer.count(), 0);
}

#[tokio::test]
async fn an_inbox_on_loopback_gets_nothing_when_loopback_is_not_allowed() {
    let peer = Peer::new(|_| status("202 Accepted")).await;
    let federation = activitypub::Federation::builder("https://blog.example")
        .store(activitypub::Sqlite::in_memory().unwrap())
        .actor("blog", Person::builder())
        .build()
        .unwrap();
    let running = tokio::spawn({
        let federation = federation.clone();
        async move { federation.run().await }
    });
    for target in
        [peer.url("/inbox"), peer.url_as("mallory", "/inbox"), format!("https://127.0.0.1:{}/u", peer.port())]
    {
        let like = activitypub::as2::Like::builder().object("https://blog.example/posts/1");
        federation.work("blog", async |ctx: Context| ctx.send(Iri::new(&target), like).await).await.unwrap();
    }
    crate::server::eventually("all are given up", async || {
        federation.undelivered(None, 10).await.unwrap().items.len() == 3
    })
    .await;
    assert_eq!(peer.count(), 0);
    running.abort();
}

#[tokio::test]
async fn a_handle_that_is_more_than_a_handle_is_refused() {
    let refused = activitypub::webfinger::Acct::parse("a@localhost:22/x?#").unwrap_err();
    assert!(refused.to_string().contains("host"), "{refused}");
}
