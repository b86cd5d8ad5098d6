//! Two blogs on one machine that know each other only by what they send.

use std::time::{Duration, Instant};

use activitypub::as2::{
    Activity, Announce, Builder, Create, Delete, IriBuf, Is, Kind, Like, Note, PUBLIC, Undo, Update,
};
use blog::ACTOR;
use blog::db::reading;

use crate::running::Running;

/// Asks until the answer is yes.
async fn eventually<F: Future<Output = bool>>(what: &str, ask: impl Fn() -> F) {
    let start = Instant::now();
    while !ask().await {
        assert!(start.elapsed() < Duration::from_secs(30), "never: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

impl Running {
    fn actor(&self) -> String {
        self.app.shelves.writer.actor.clone()
    }

    async fn publishes<K: Is<Activity> + Kind>(&self, activity: Builder<K>) -> IriBuf {
        self.app.federation.publish(ACTOR, activity).await.unwrap()
    }

    async fn reads(&self, text: &str) -> bool {
        let (cookie, _) = self.log_in().await;
        self.with_cookie("/admin/reading", &cookie).await.1.contains(text)
    }

    async fn shows(&self, text: &str) -> bool {
        self.get("/posts/welcome").await.1.contains(text)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_followed_read_answered_liked_and_taken_back() {
    let (ada, bo) = (Running::named("ada").await, Running::named("bo").await);
    let post = ada.app.shelves.site.post("welcome");

    // Bo follows Ada, who is told so, and accepts.
    let (cookie, form) = bo.log_in().await;
    let asked = bo.send("/admin/follow", &cookie, &[("form", &form), ("handle", &ada.actor())]).await;
    assert_eq!(asked.status(), 303, "{}", asked.text().await.unwrap());
    eventually("the follow is accepted", || async {
        bo.app
            .shelves
            .db
            .read({
                let ada = ada.actor();
                move |c| reading::follows(c, &ada)
            })
            .await
            .unwrap()
    })
    .await;
    assert!(ada.get("/").await.1.contains("1 follower<"));

    // What Ada writes, Bo reads; edits and deletions as well.
    ada.write("news.md", "---\ntitle: News\n---\nTea is ready.\n");
    eventually("a new post arrives", || bo.reads("Tea is ready.")).await;
    ada.write("news.md", "---\ntitle: News\n---\nCoffee is ready.\n");
    eventually("an edit arrives", || bo.reads("Coffee is ready.")).await;
    std::fs::remove_file(ada.post_file("news.md")).unwrap();
    eventually("a deletion arrives", || async { !bo.reads("Coffee is ready.").await }).await;

    // What Bo answers, Ada shows; edits and deletions as well.
    let id = bo.app.shelves.site.url("/notes/1");
    let note = |text: &str| {
        Note::builder()
            .id(&id)
            .attributed_to(bo.actor())
            .in_reply_to(post.as_str())
            .to(PUBLIC)
            .cc(ada.actor())
            .content(text)
    };
    bo.publishes(Create::builder().object(note("<p>Well said.<img src=x onerror=alert(1)></p>"))).await;
    eventually("a reply arrives", || ada.shows("Well said.")).await;
    assert!(!ada.shows("onerror").await);
    assert!(
        ada.shows("A small blog").await && ada.shows("@blog@bo.localhost:").await,
        "the reply has its author"
    );
    bo.publishes(Update::builder().to(PUBLIC).cc(ada.actor()).object(note("<p>Badly said.</p>"))).await;
    eventually("an edited reply arrives", || ada.shows("Badly said.")).await;

    // Ada answers in turn, and Bo's server can read that she did.
    let (cookie, form) = ada.log_in().await;
    ada.send("/admin/reply", &cookie, &[("form", &form), ("to", &id), ("text", "Thank you.")]).await;
    eventually("the author's answer arrives", || bo.reads("Thank you.")).await;

    // Likes and boosts come and go.
    let like = bo.publishes(Like::builder().object(post.as_str()).to(ada.actor())).await;
    let boost = bo.publishes(Announce::builder().object(post.as_str()).to(PUBLIC).cc(ada.actor())).await;
    eventually("a like and a boost arrive", || async {
        ada.shows("1 like").await && ada.shows("1 boost").await
    })
    .await;
    for undone in [like, boost] {
        bo.publishes(Undo::builder().object(undone).to(ada.actor())).await;
    }
    eventually("both are taken back", || async { !ada.shows("1 like").await && !ada.shows("1 boost").await })
        .await;

    bo.publishes(Delete::builder().object(id.as_str()).to(PUBLIC).cc(ada.actor())).await;
    eventually("a deleted reply is gone", || async { !ada.shows("Badly said.").await }).await;

    // Bo has had enough.
    let (cookie, form) = bo.log_in().await;
    bo.send("/admin/unfollow", &cookie, &[("form", &form), ("actor", &ada.actor())]).await;
    eventually("the follower is gone", || async { ada.get("/").await.1.contains("0 followers<") }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_and_blocked_servers_are_not_shown() {
    let (ada, bo) = (Running::named("ada").await, Running::named("bo").await);
    let post = ada.app.shelves.site.post("welcome");
    let reply = |number: u32, to: &str, text: &str| {
        let id = bo.app.shelves.site.url(&format!("/notes/{number}"));
        let note = Note::builder()
            .id(id)
            .attributed_to(bo.actor())
            .in_reply_to(post.as_str())
            .to(to)
            .cc(ada.actor())
            .content(text);
        Create::builder().object(note)
    };

    let letter = reply(1, &ada.actor(), "Between us.");
    bo.publishes(letter).await;
    let public = reply(2, PUBLIC, "For all.");
    bo.publishes(public).await;
    eventually("the public reply arrives", || ada.shows("For all.")).await;

    let (cookie, form) = ada.log_in().await;
    ada.send("/admin/block", &cookie, &[("form", &form), ("host", "bo.localhost")]).await;
    assert!(!ada.shows("For all.").await);
    let late = reply(3, PUBLIC, "Too late.");
    bo.publishes(late).await;
    eventually("the delivery is given up", || async {
        let undelivered = bo.app.federation.undelivered(None, 10).await.unwrap();
        undelivered.items.iter().any(|given_up| given_up.error.contains("403"))
    })
    .await;
    ada.send("/admin/unblock", &cookie, &[("form", &form), ("host", "bo.localhost")]).await;
    assert!(ada.shows("For all.").await && !ada.shows("Too late.").await);
    assert!(!ada.shows("Between us.").await, "a letter is never shown");
}
