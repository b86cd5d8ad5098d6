//! Two servers of this library: follow, answer, publish, change, delete, undo.

use std::sync::{Arc, Mutex};

use activitypub::as2::{
    Activity, Article, Create, Delete, Follow, IriBuf, Like, Note, PUBLIC, Person, Typed, Undo,
    UntrustedHtml, Update,
};
use activitypub::{Context, Error, Result, Served, Sqlite, Verified};

use crate::server::{Server, eventually};

/// What a server's handlers saw, in order: type and object.
type Seen = Arc<Mutex<Vec<String>>>;

fn recorder(seen: &Seen) -> impl Fn(Context, Verified<Activity>) -> std::future::Ready<Result<()>> + use<> {
    let seen = seen.clone();
    move |_, activity| {
        let kind = activity.types().next().unwrap_or_default().to_owned();
        let object = activity.object().first();
        let text = object.and_then(|object| object.of::<Note>()?.content().as_html());
        let text = text.map(UntrustedHtml::as_untrusted_str).unwrap_or_default();
        seen.lock().unwrap().push(format!("{kind} {text}").trim_end().to_owned());
        std::future::ready(Ok(()))
    }
}

async fn greet(ctx: Context, follow: Verified<Follow>) -> Result<()> {
    ctx.accept(&follow).await?;
    let note = Note::builder().content("Hello, fediverse!").to(PUBLIC);
    ctx.reply(&follow, Create::builder().object(note)).await?;
    Ok(())
}

#[tokio::test]
async fn a_greeter_accepts_and_says_hello_and_its_posts_arrive_until_unfollowed() {
    let seen = Seen::default();
    let greeter =
        Server::start(|builder| builder.actor("greeter", Person::builder().name("G")).on(greet)).await;
    let reader =
        Server::start(|builder| builder.actor("ada", Person::builder().name("Ada")).on(recorder(&seen)))
            .await;
    let ada = &reader.federation;
    let g = greeter.federation.actor_id("greeter").await.unwrap();

    let found = ada.lookup(&greeter.federation.handle("greeter").await.unwrap()).await.unwrap();
    assert_eq!(found, g);
    ada.work("ada", async |ctx: Context| ctx.follow(&g).await).await.unwrap();
    eventually("the hello arrives", async || {
        seen.lock().unwrap().iter().any(|s| s == "Create Hello, fediverse!")
    })
    .await;
    eventually("the Accept arrives", async || seen.lock().unwrap().iter().any(|s| s == "Accept")).await;
    assert_eq!(greeter.federation.follower_count("greeter").await.unwrap(), 1);

    let followers = greeter.iri("/users/greeter/followers");
    let note = Note::builder().id(greeter.iri("/notes/1")).content("First").to(PUBLIC).cc(&followers);
    greeter.federation.publish("greeter", Create::builder().object(note)).await.unwrap();
    let note = Note::builder().id(greeter.iri("/notes/1")).content("Better").to(PUBLIC).cc(&followers);
    greeter.federation.publish("greeter", Update::builder().object(note)).await.unwrap();
    let delete = Delete::builder().object(greeter.iri("/notes/1")).to(PUBLIC).cc(&followers);
    eventually("both arrive", async || {
        seen.lock().unwrap().ends_with(&["Create First".into(), "Update Better".into()])
    })
    .await;
    greeter.federation.publish("greeter", delete).await.unwrap();
    eventually("the Delete arrives", async || seen.lock().unwrap().last().unwrap() == "Delete").await;

    ada.work("ada", async |ctx: Context| ctx.unfollow(&g).await).await.unwrap();
    eventually("nobody follows", async || greeter.federation.follower_count("greeter").await.unwrap() == 0)
        .await;
}

#[tokio::test]
async fn an_undo_tells_the_handler_what_was_undone() {
    let undone = Arc::new(Mutex::new(None));
    let blog = Server::start(|builder| {
        let undone = undone.clone();
        builder.actor("blog", Person::builder()).on(move |ctx: Context, _: Verified<Undo>| {
            *undone.lock().unwrap() = ctx.undone().map(|undone| (undone.kind.clone(), undone.object.clone()));
            std::future::ready(Ok(()))
        })
    })
    .await;
    let fan = Server::start(|builder| builder.actor("fan", Person::builder())).await;
    let blog_id = blog.federation.actor_id("blog").await.unwrap();
    let post = blog.iri("/posts/1");

    let like = fan
        .federation
        .work("fan", async |ctx: Context| ctx.send(&blog_id, Like::builder().object(&post)).await)
        .await
        .unwrap();
    eventually("nothing waits", async || fan.federation.waiting().await.unwrap() == 0).await;
    fan.federation
        .work("fan", async |ctx: Context| ctx.send(&blog_id, Undo::builder().object(&like)).await)
        .await
        .unwrap();
    eventually("it is undone", async || undone.lock().unwrap().is_some()).await;
    assert_eq!(*undone.lock().unwrap(), Some(("Like".to_owned(), Some(post))));
}

#[tokio::test]
async fn the_most_specific_handler_gets_an_activity() {
    let seen = Seen::default();
    let blog = Server::start(|builder| {
        let only_creates = seen.clone();
        builder.actor("blog", Person::builder()).on(recorder(&seen)).on(
            move |_: Context, create: Verified<Create>| {
                only_creates.lock().unwrap().push(format!("specific {}", create.types().next().unwrap()));
                std::future::ready(Ok(()))
            },
        )
    })
    .await;
    let fan = Server::start(|builder| builder.actor("fan", Person::builder())).await;
    let blog_id = blog.federation.actor_id("blog").await.unwrap();
    fan.federation
        .work("fan", async |ctx: Context| {
            ctx.send(&blog_id, Create::builder().object(Note::builder().content("x"))).await?;
            ctx.send(&blog_id, Like::builder().object(&blog_id)).await
        })
        .await
        .unwrap();
    eventually("both arrive", async || seen.lock().unwrap().len() == 2).await;
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    assert_eq!(seen, ["Like", "specific Create"]);
}

#[tokio::test]
async fn nothing_of_a_handler_that_fails_is_left() {
    let store = Sqlite::in_memory().unwrap();
    let blog = Server::with(store.clone(), |builder| {
        builder.actor("blog", Person::builder()).on(async |ctx: Context, follow: Verified<Follow>| {
            ctx.accept(&follow).await?;
            Err(Error::here("the disk of the application is full"))
        })
    })
    .await;
    let fan = Server::start(|builder| builder.actor("fan", Person::builder())).await;
    let blog_id = blog.federation.actor_id("blog").await.unwrap();
    fan.federation.work("fan", async |ctx: Context| ctx.follow(&blog_id).await).await.unwrap();
    eventually("somebody can look at it", async || {
        !blog.federation.dead_letters(None, 10).await.unwrap().items.is_empty()
    })
    .await;
    assert_eq!(blog.federation.follower_count("blog").await.unwrap(), 0);
    assert_eq!(blog.federation.waiting().await.unwrap(), 0, "no Accept is on its way");
}

#[tokio::test]
async fn a_unit_of_work_that_fails_leaves_nothing_of_either_side() {
    let store = Sqlite::in_memory().unwrap();
    let blog = Server::with(store.clone(), |builder| builder.actor("blog", Person::builder())).await;
    let failed = blog
        .federation
        .work("blog", async |ctx: Context| {
            ctx.publish(Create::builder().object(Note::builder().content("x").to(PUBLIC))).await?;
            ctx.write(|tx| tx.execute("INSERT INTO nowhere VALUES (1)", []).map(drop))
        })
        .await;
    assert!(failed.is_err());
    let outbox = fetch(&blog, "/users/blog/outbox").await;
    assert!(outbox.contains(r#""totalItems":0"#), "{outbox}");
}

#[tokio::test]
async fn blind_recipients_get_it_and_nobody_sees_them() {
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let reader = Server::start(|builder| {
        let bodies = bodies.clone();
        builder.actor("ada", Person::builder()).on(move |_: Context, create: Verified<Create>| {
            bodies.lock().unwrap().push(String::from_utf8(create.bytes().to_vec()).unwrap());
            std::future::ready(Ok(()))
        })
    })
    .await;
    let blog = Server::start(|builder| builder.actor("blog", Person::builder())).await;
    let ada = reader.federation.actor_id("ada").await.unwrap();
    let note = Note::builder().content("psst").to(PUBLIC).bto(&ada).bcc("https://secret.example/x");
    blog.federation.publish("blog", Create::builder().object(note)).await.unwrap();
    eventually("it arrives", async || !bodies.lock().unwrap().is_empty()).await;
    let arrived = bodies.lock().unwrap().join("");
    let outbox = fetch(&blog, "/users/blog/outbox?page=true").await;
    for text in [arrived, outbox] {
        assert!(text.contains("psst"), "{text}");
        for hidden in ["\"bto\"", "\"bcc\"", "secret.example"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
    }
}

#[tokio::test]
async fn what_the_application_serves_is_served_if_it_is_public_and_a_tombstone_after() {
    let blog = Server::start(|builder| {
        builder.actor("blog", Person::builder()).objects("/posts/{slug}", async |params| {
            let article = Article::builder().name(params.get("slug"));
            Ok(match params.get("slug") {
                "hello" => Served::from(article.to(PUBLIC)),
                "draft" => Served::from(article),
                "gone" => Served::Gone,
                _ => Served::Missing,
            })
        })
    })
    .await;
    for (path, status) in
        [("/posts/hello", 200), ("/posts/draft", 404), ("/posts/gone", 410), ("/posts/x", 404)]
    {
        assert_eq!(get(&blog, path).await.status(), status, "{path}");
    }
    assert_eq!(get(&blog, "/users/blog").await.headers()["content-type"], "application/activity+json");
    assert_eq!(get(&blog, "/users/nobody").await.status(), 404);
}

#[tokio::test]
async fn a_published_note_is_served_until_it_is_deleted() {
    let blog = Server::start(|builder| builder.actor("blog", Person::builder())).await;
    let note = Note::builder().id(blog.iri("/notes/1")).content("x").to(PUBLIC);
    let id = blog.federation.publish("blog", Create::builder().object(note)).await.unwrap();
    let served = fetch(&blog, "/notes/1").await;
    assert!(served.starts_with(r#"{"@context":"#), "{served}");
    assert_eq!(get(&blog, id.as_str().strip_prefix(&blog.origin).unwrap()).await.status(), 200);
    blog.federation.publish("blog", Delete::builder().object(blog.iri("/notes/1")).to(PUBLIC)).await.unwrap();
    assert_eq!(get(&blog, "/notes/1").await.status(), 410);
}

#[tokio::test]
async fn what_becomes_private_is_not_to_be_read_in_the_outbox_any_more() {
    let blog = Server::start(|builder| builder.actor("blog", Person::builder())).await;
    let note = |content: &str| Note::builder().id(blog.iri("/notes/1")).content(content);
    let create = Create::builder().object(note("for all").to(PUBLIC));
    let create = blog.federation.publish("blog", create).await.unwrap();
    assert!(fetch(&blog, "/users/blog/outbox?page=true").await.contains("for all"));
    let update = Update::builder().object(note("for some").to(blog.iri("/users/blog/followers")));
    blog.federation.publish("blog", update).await.unwrap();
    let create = create.as_str().strip_prefix(&blog.origin).unwrap();
    for path in ["/users/blog/outbox?page=true", "/notes/1", create] {
        let answer = fetch(&blog, path).await;
        assert!(!answer.contains("for all") && !answer.contains("for some"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_rotated_key_is_found_by_those_who_have_the_old_one() {
    let seen = Seen::default();
    let reader = Server::start(|builder| builder.actor("ada", Person::builder()).on(recorder(&seen))).await;
    let blog = Server::start(|builder| builder.actor("blog", Person::builder())).await;
    let ada = reader.federation.actor_id("ada").await.unwrap();
    let document = async || blog.federation.actor_document("blog").await.unwrap();
    let pem = |document: &activitypub::as2::Object| {
        let actor: &Person = Typed::of(document);
        actor.public_key().objects().next().unwrap().member("publicKeyPem").unwrap().clone()
    };
    let send = async |text: &str| {
        let note = Create::builder().object(Note::builder().content(text));
        blog.federation.work("blog", async |ctx: Context| ctx.send(&ada, note).await).await.unwrap();
    };
    send("before").await;
    eventually("it arrives", async || seen.lock().unwrap().len() == 1).await;
    let before = pem(&document().await);
    blog.federation.rotate_key("blog").await.unwrap();
    assert_ne!(before, pem(&document().await));
    send("after").await;
    eventually("it arrives", async || seen.lock().unwrap().len() == 2).await;
}

#[tokio::test]
async fn deliveries_survive_the_end_of_the_program() {
    let folder = std::env::temp_dir().join(format!("activitypub-story-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("blog.db");
    let seen = Seen::default();
    let reader = Server::start(|builder| builder.actor("ada", Person::builder()).on(recorder(&seen))).await;
    let ada: IriBuf = reader.federation.actor_id("ada").await.unwrap();

    let mut blog =
        Server::with(Sqlite::open(&file).unwrap(), |builder| builder.actor("blog", Person::builder())).await;
    // Nothing delivers when it is killed first.
    blog.kill();
    let create = Create::builder().object(Note::builder().content("late"));
    blog.federation.work("blog", async |ctx: Context| ctx.send(&ada, create).await).await.unwrap();
    let (origin, waiting) = (blog.origin.clone(), blog.federation.waiting().await.unwrap());
    assert_eq!(waiting, 1);
    drop(blog);

    let listener = tokio::net::TcpListener::bind(origin.strip_prefix("http://").unwrap()).await.unwrap();
    let federation = activitypub::Federation::builder(&origin)
        .store(Sqlite::open(&file).unwrap())
        .guard(activitypub::guard::Guard::loopback(activitypub::guard::danger::Loopback))
        .actor("blog", Person::builder())
        .build()
        .unwrap();
    let router = federation.router();
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let running = tokio::spawn(async move { federation.run().await });
    eventually("it arrives", async || seen.lock().unwrap().contains(&"Create late".to_owned())).await;
    assert_eq!(seen.lock().unwrap().len(), 1);
    serving.abort();
    running.abort();
    std::fs::remove_dir_all(&folder).unwrap();
}

async fn get(server: &Server, path: &str) -> reqwest::Response {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request =
        client.get(format!("{}{path}", server.origin)).header("accept", "application/activity+json");
    request.send().await.unwrap()
}

async fn fetch(server: &Server, path: &str) -> String {
    get(server, path).await.text().await.unwrap()
}
