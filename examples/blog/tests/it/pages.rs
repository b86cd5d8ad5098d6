//! The pages, over HTTP.

use activitypub::as2::UntrustedHtml;
use std::fs;

use blog::db::responses::{self, Kind, Person, Reaction, Reply};
use jiff::Timestamp;

use crate::running::Running;

fn person(name: &str, host: &str) -> Person {
    Person {
        actor: format!("https://{host}/users/{name}"),
        name: name.to_owned(),
        handle: format!("@{name}@{host}"),
        profile: format!("https://{host}/@{name}"),
    }
}

pub(crate) fn reply(id: &str, in_reply_to: &str, author: Person, html: &str) -> Reply {
    Reply {
        id: id.to_owned(),
        post: "welcome".to_owned(),
        in_reply_to: in_reply_to.to_owned(),
        author,
        content: UntrustedHtml::new(html).to_owned(),
        url: id.to_owned(),
        published: Timestamp::now(),
        updated: None,
        hidden: false,
        ours: false,
    }
}

#[tokio::test]
async fn a_first_run_shows_two_posts_on_pages_without_scripts() {
    let blog = Running::new().await;
    for path in
        ["/", "/posts/welcome", "/posts/your-turn", "/tags", "/tags/fediverse", "/feed.atom", "/admin/login"]
    {
        let response = blog.response(path).await;
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let text = response.text().await.unwrap();
        assert!(!text.contains("<script") && !text.contains(" style="), "{path}");
    }
    let (_, index) = blog.get("/").await;
    assert!(index.contains("A letterbox, not a platform"));
    let (_, style) = blog.get("/style.css").await;
    assert!(style.contains("prefers-color-scheme: dark"));
}

#[tokio::test]
async fn saving_publishes_editing_updates_and_deleting_deletes() {
    let blog = Running::new().await;
    blog.write("hello.md", "---\ntitle: First\n---\nOne.\n");
    blog.until("/posts/hello", |status, text| status == 200 && text.contains("First")).await;

    blog.write("hello.md", "---\ntitle: Second\n---\nTwo.\n");
    let page = blog.until("/posts/hello", |_, text| text.contains("Second")).await;
    assert!(page.contains("updated"));

    fs::remove_file(blog.post_file("hello.md")).unwrap();
    blog.until("/posts/hello", |status, _| status == 410).await;
    let (_, feed) = blog.get("/feed.atom").await;
    assert!(!feed.contains("/posts/hello"));

    // Whoever obeyed the deletion takes nothing at the old address any more.
    blog.write("hello.md", "Back again.\n");
    blog.until("/posts/hello-2", |status, text| status == 200 && text.contains("Back again")).await;
    assert_eq!(blog.get("/posts/hello").await.0, 410);
}

#[tokio::test]
async fn a_broken_file_keeps_the_post_and_is_shown_to_the_author() {
    let blog = Running::new().await;
    blog.write("welcome.md", "---\ntitle: [\n---\nText\n");
    let (cookie, _) = blog.log_in().await;
    let start = std::time::Instant::now();
    while !blog.with_cookie("/admin", &cookie).await.1.contains("posts/welcome.md, line") {
        assert!(start.elapsed().as_secs() < 20, "the problem is not shown");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let (status, page) = blog.get("/posts/welcome").await;
    assert!(status == 200 && page.contains("A letterbox, not a platform"));
}

#[tokio::test]
async fn drafts_are_on_no_page_in_no_form() {
    let blog = Running::new().await;
    blog.write("secret.md", "---\ntitle: Hush\ndraft: true\n---\nHush.\n");
    blog.write("public.md", "Said.\n");
    blog.until("/posts/public", |status, _| status == 200).await;
    assert_eq!(blog.get("/posts/secret").await.0, 404);
    let request = blog
        .client
        .get(format!("{}/posts/secret", blog.origin))
        .header("accept", "application/activity+json");
    assert_eq!(request.send().await.unwrap().status(), 404);
    for path in ["/", "/feed.atom"] {
        assert!(!blog.get(path).await.1.contains("Hush"), "{path}");
    }
}

#[tokio::test]
async fn answers_from_other_servers_are_shown_and_harmless() {
    let blog = Running::new().await;
    let post = format!("{}/posts/welcome", blog.origin);
    let hostile =
        Person { profile: "javascript:alert(1)".to_owned(), ..person("<b>Eve</b>\u{202e}", "evil.example") };
    blog.app
        .shelves
        .db
        .write(move |tx| {
            responses::add_reply(
                tx,
                &reply("https://a.example/1", &post, person("ada", "a.example"), "<p>First!</p>"),
            )?;
            responses::add_reply(
                tx,
                &reply(
                    "https://b.example/2",
                    "https://a.example/1",
                    person("bo", "b.example"),
                    "<p>Below.</p>",
                ),
            )?;
            responses::add_reply(
                tx,
                &reply(
                    "javascript:1",
                    &post,
                    hostile,
                    "<p>x<script>alert(1)</script><img src=//evil.example/a.png></p>",
                ),
            )?;
            // Two that claim to answer each other.
            responses::add_reply(
                tx,
                &reply(
                    "https://c.example/1",
                    "https://c.example/2",
                    person("cy", "c.example"),
                    "<p>round</p>",
                ),
            )?;
            responses::add_reply(
                tx,
                &reply(
                    "https://c.example/2",
                    "https://c.example/1",
                    person("cy", "c.example"),
                    "<p>and round</p>",
                ),
            )?;
            for (kind, name) in [(Kind::Like, "ada"), (Kind::Like, "bo"), (Kind::Boost, "ada")] {
                let activity = format!("https://{name}.example/{kind:?}");
                let reaction = Reaction {
                    kind,
                    post: "welcome".to_owned(),
                    person: person(name, "a.example"),
                    activity,
                };
                responses::add_reaction(tx, &reaction, Timestamp::now())?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let (status, page) = blog.get("/posts/welcome").await;
    assert_eq!(status, 200);
    for shown in [
        "First!",
        "Below.",
        "2 likes",
        "1 boost",
        "data-replies=\"5\"",
        "&lt;b&gt;Eve&lt;/b&gt;",
        "round",
        "and round",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    for never in ["<script", "evil.example/a.png", "href=\"javascript", "<b>Eve", "\u{202e}"] {
        assert!(!page.contains(never), "{never}");
    }
    let (_, index) = blog.get("/").await;
    assert!(index.contains("5 replies, 2 likes, 1 boost"), "{index}");
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_not_there() {
    let blog = Running::new().await;
    for path in [
        "/posts/nothing",
        "/tags/nothing",
        "/page/2",
        "/page/0",
        "/page/x",
        "/nothing",
        "/media/nothing.png",
        "/media/..%2fblog.db",
        "/media/blog.db",
        "/posts/..%2f..%2fblog.db",
    ] {
        assert_eq!(blog.get(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_reader_that_has_the_feed_is_told_so() {
    let blog = Running::new().await;
    let response = blog.response("/feed.atom").await;
    assert_eq!(response.headers()["content-type"], "application/atom+xml; charset=utf-8");
    let tag = response.headers()["etag"].clone();
    let again = blog
        .client
        .get(format!("{}/feed.atom", blog.origin))
        .header("if-none-match", tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(again.text().await.unwrap(), "");
}

#[tokio::test]
async fn many_posts_are_spread_over_pages() {
    let blog = Running::new().await;
    for number in 0..12 {
        blog.write(
            &format!("post-{number}.md"),
            &format!("---\ndate: 2020-01-{:02}\n---\nNumber {number}.", number + 1),
        );
    }
    blog.until("/page/2", |status, text| status == 200 && text.contains("Number 0.")).await;
    let (_, first) = blog.get("/").await;
    assert!(first.contains("A letterbox") && first.contains("/page/2") && !first.contains("Number 0."));
}
