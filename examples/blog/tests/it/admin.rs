//! The author's pages: who gets in, and what forms do.

use blog::auth::Door;
use blog::db::responses::{self, Person};
use std::time::{Duration, Instant};

use crate::pages::reply;
use crate::running::Running;

const FORMS: &[&str] = &[
    "/admin/logout",
    "/admin/reply",
    "/admin/delete",
    "/admin/hide",
    "/admin/show",
    "/admin/follow",
    "/admin/unfollow",
    "/admin/block",
    "/admin/unblock",
];

#[tokio::test]
async fn nothing_opens_without_the_password() {
    let blog = Running::new().await;
    for path in ["/admin", "/admin/reading", "/admin/servers"] {
        let response = blog.response(path).await;
        assert_eq!(
            (response.status().as_u16(), response.headers()["location"].to_str().unwrap()),
            (303, "/admin/login"),
            "{path}"
        );
        assert_eq!(blog.with_cookie(path, "blog=guess").await.0, 303, "{path}");
    }
    for path in FORMS {
        let response = blog.send(path, "blog=guess", &[("form", "x"), ("host", "a.example")]).await;
        assert_eq!(response.headers()["location"], "/admin/login", "{path}");
    }
    assert_eq!(blog.send("/admin/login", "", &[("password", "wrong")]).await.status(), 401);
}

#[tokio::test]
async fn the_cookie_is_for_this_site_and_no_script() {
    let blog = Running::new().await;
    let response = blog.send("/admin/login", "", &[("password", &blog.password)]).await;
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn a_form_without_the_sessions_secret_does_nothing() {
    let blog = Running::new().await;
    let (cookie, _) = blog.log_in().await;
    let (_, other) = blog.log_in().await;
    for path in FORMS {
        for form in ["", "guess", &other] {
            let fields = [
                ("form", form),
                ("host", "a.example"),
                ("id", "x"),
                ("to", "x"),
                ("text", "x"),
                ("handle", "@a@b.example"),
                ("actor", "x"),
            ];
            assert_eq!(blog.send(path, &cookie, &fields).await.status(), 403, "{path}");
        }
    }
    assert_eq!(blog.app.shelves.hosts.load().len(), 0);
    assert_eq!(blog.with_cookie("/admin", &cookie).await.0, 200, "still logged in");
}

#[tokio::test]
async fn leaving_ends_the_session() {
    let blog = Running::new().await;
    let (cookie, form) = blog.log_in().await;
    assert_eq!(blog.send("/admin/logout", &cookie, &[("form", &form)]).await.status(), 303);
    assert_eq!(blog.with_cookie("/admin", &cookie).await.0, 303);
}

#[tokio::test]
async fn whoever_guesses_has_to_wait() {
    let blog = Running::new().await;
    for _ in 0..Door::TRIES {
        assert_eq!(blog.send("/admin/login", "", &[("password", "wrong")]).await.status(), 401);
    }
    let response = blog.send("/admin/login", "", &[("password", &blog.password)]).await;
    assert_eq!(response.status(), 429);
    assert!(response.headers().contains_key("retry-after"));
}

#[test]
fn the_door_forgets_after_a_minute_and_counts_networks() {
    let (door, start) = (Door::default(), Instant::now());
    for _ in 0..Door::TRIES {
        door.count("2001:db8::1".parse().unwrap(), start);
    }
    assert!(!door.admits("2001:db8::ffff".parse().unwrap(), start));
    assert!(door.admits("2001:db8:0:1::1".parse().unwrap(), start));
    assert!(door.admits("2001:db8::1".parse().unwrap(), start + Door::WINDOW));
    door.count("2001:db8::1".parse().unwrap(), start + Door::WINDOW);
    assert!(door.admits("2001:db8::1".parse().unwrap(), start + Door::WINDOW + Duration::from_secs(1)));
}

#[tokio::test]
async fn a_blocked_server_is_gone_from_the_page_and_back_when_it_is_let_in() {
    let blog = Running::new().await;
    let (cookie, form) = blog.log_in().await;
    let post = format!("{}/posts/welcome", blog.origin);
    let person = Person {
        actor: "https://sub.loud.example/u".to_owned(),
        name: "Loud".to_owned(),
        handle: "@u@sub.loud.example".to_owned(),
        profile: String::new(),
    };
    let noise = reply("https://sub.loud.example/1", &post, person, "<p>NOISE</p>");
    blog.app.shelves.db.write(move |tx| responses::add_reply(tx, &noise)).await.unwrap();
    assert!(blog.get("/posts/welcome").await.1.contains("NOISE"));

    let fields = [("form", form.as_str()), ("host", "https://Loud.Example/about"), ("reason", "noise")];
    assert_eq!(blog.send("/admin/block", &cookie, &fields).await.status(), 303);
    assert!(!blog.get("/posts/welcome").await.1.contains("NOISE"));
    assert!(!blog.get("/").await.1.contains("1 reply"));
    assert!(blog.with_cookie("/admin/servers", &cookie).await.1.contains("loud.example"));

    assert_eq!(
        blog.send("/admin/unblock", &cookie, &[("form", &form), ("host", "loud.example")]).await.status(),
        303
    );
    assert!(blog.get("/posts/welcome").await.1.contains("NOISE"));
    assert!(blog.get("/").await.1.contains("1 reply"));
    assert_eq!(
        blog.send("/admin/block", &cookie, &[("form", &form), ("host", "not a host")]).await.status(),
        400
    );
}

#[tokio::test]
async fn a_block_list_is_taken_with_its_oddities_or_refused_whole() {
    let blog = Running::new().await;
    let (cookie, form) = blog.log_in().await;
    let upload = async |form: &str, list: &str| {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\n{form}\r\n--b\r\nContent-Disposition: form-data; name=\"list\"; filename=\"domain_blocks.csv\"\r\nContent-Type: text/csv\r\n\r\n{list}\r\n--b--\r\n"
        );
        let request = blog.client.post(format!("{}/admin/list", blog.origin)).header("cookie", &cookie);
        let response = request
            .header("content-type", "multipart/form-data; boundary=b")
            .body(body)
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let good = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\nspam.example,suspend,true,true,spam,false\nm***d.example,suspend,false,false,,false\n";
    assert_eq!(upload("guess", good).await.0, 403);
    let (status, page) = upload(&form, good).await;
    assert_eq!(status, 200);
    assert!(page.contains("in force") && page.contains("line 3"), "{page}");
    assert!(blog.app.shelves.hosts.load().rule_for("spam.example").is_some());

    for wrong in ["#domain,#nothing\nx.example,1\n", "{\n\"domain\": \"x.example\"\n}\n"] {
        let (status, page) = upload(&form, wrong).await;
        assert!(status == 400 && page.contains("not taken"), "{page}");
    }
    assert!(blog.app.shelves.hosts.load().rule_for("spam.example").is_some(), "the list before stays");
}

#[tokio::test]
async fn the_author_answers_and_takes_the_answer_back() {
    let blog = Running::new().await;
    let (cookie, form) = blog.log_in().await;
    let post = format!("{}/posts/welcome", blog.origin);
    let person = Person {
        actor: "https://a.example/u".to_owned(),
        name: "Ada".to_owned(),
        handle: "@ada@a.example".to_owned(),
        profile: "https://a.example/@ada".to_owned(),
    };
    let question = reply("https://a.example/1", &post, person, "<p>Why?</p>");
    blog.app.shelves.db.write(move |tx| responses::add_reply(tx, &question)).await.unwrap();

    let fields = [("form", form.as_str()), ("to", "https://a.example/1"), ("text", "Because **it can**.")];
    assert_eq!(blog.send("/admin/reply", &cookie, &fields).await.status(), 303);
    let (_, page) = blog.get("/posts/welcome").await;
    assert!(page.contains("Because <strong>it can</strong>."), "{page}");

    let replies = blog.app.shelves.db.read(|c| responses::latest_replies(c, 10)).await.unwrap();
    let ours = replies.iter().find(|reply| reply.ours).unwrap();
    let path = ours.id.strip_prefix(&blog.origin).unwrap().to_owned();
    let object = async || {
        let request = blog.client.get(&ours.id).header("accept", "application/activity+json");
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let (status, json) = object().await;
    assert_eq!(status, 200, "{path}");
    for needed in [
        "\"inReplyTo\":\"https://a.example/1\"",
        "https://a.example/u",
        "Mention",
        "https://www.w3.org/ns/activitystreams#Public",
    ] {
        assert!(json.contains(needed), "{needed}: {json}");
    }

    let fields = [("form", form.as_str()), ("id", ours.id.as_str())];
    assert_eq!(blog.send("/admin/delete", &cookie, &fields).await.status(), 303);
    assert_eq!(object().await.0, 410);
    assert!(!blog.get("/posts/welcome").await.1.contains("Because"));
}

#[tokio::test]
async fn a_hidden_reply_is_off_the_page_until_it_is_shown() {
    let blog = Running::new().await;
    let (cookie, form) = blog.log_in().await;
    let post = format!("{}/posts/welcome", blog.origin);
    let person = Person {
        actor: "https://a.example/u".to_owned(),
        name: "Ada".to_owned(),
        handle: "@ada@a.example".to_owned(),
        profile: String::new(),
    };
    let text = reply("https://a.example/1", &post, person, "<p>MUMBLE</p>");
    blog.app.shelves.db.write(move |tx| responses::add_reply(tx, &text)).await.unwrap();
    for (path, shown) in [("/admin/hide", false), ("/admin/show", true)] {
        blog.send(path, &cookie, &[("form", &form), ("id", "https://a.example/1")]).await;
        assert_eq!(blog.get("/posts/welcome").await.1.contains("MUMBLE"), shown, "{path}");
        assert!(blog.with_cookie("/admin", &cookie).await.1.contains("MUMBLE"));
    }
}
