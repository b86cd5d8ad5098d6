//! Posts as other servers read them.

use activitypub::as2::{Article, Audience, Hashtag, Image, Note, Object, Visibility};
use blog::article::Writer;
use blog::db::posts::Row;
use blog::settings::{Settings, Site};
use blog::shelf::Entry;
use jiff::Timestamp;

use crate::running::Running;

fn object(source: &str) -> Object {
    let published = Timestamp::from_second(1_780_000_000).unwrap();
    let row = Row {
        slug: "one".to_owned(),
        file: "one".to_owned(),
        source: source.to_owned(),
        published,
        updated: None,
        deleted: None,
    };
    let site = Site::new("https://blog.example").unwrap();
    Writer::new(&Settings::default(), "https://blog.example/users/blog")
        .object(&site, &Entry::new(row).unwrap())
}

#[test]
fn a_post_with_a_title_is_an_article_with_a_preview() {
    let object = object("---\ntitle: A & B\nsummary: 1 < 2\nlanguage: de\n---\nText with a [link](/tags).");
    let article = object.cast::<Article>().unwrap();
    assert_eq!(article.name().as_str(), Some("A & B"), "a name is plain text");
    assert_eq!(article.summary().as_html().unwrap(), "<p>1 &lt; 2</p>", "a summary is HTML");
    assert!(
        article
            .content()
            .in_language("de")
            .unwrap()
            .as_untrusted_str()
            .contains("href=\"https://blog.example/tags\"")
    );
    let preview = article.preview().of::<Note>().next().unwrap();
    assert!(preview.content().as_html().unwrap().as_untrusted_str().contains("<strong>A &amp; B</strong>"));
    assert_eq!(object.check(), []);
}

#[test]
fn a_post_without_a_title_is_a_note_with_tags_and_pictures() {
    let object = object("---\ntags: [Open Web]\n---\n![A cat](cat.jpg) ![](/media/x.svg)");
    assert!(object.is::<Note>());
    let tag = object.tag().of::<Hashtag>().next().unwrap();
    assert_eq!(tag.name().as_str(), Some("#openweb"));
    let pictures: Vec<_> = object.attachment().of::<Image>().collect();
    assert_eq!(pictures.len(), 1);
    assert_eq!(pictures[0].name().as_str(), Some("A cat"));
    assert_eq!(Audience::of(&object).visibility(None), Visibility::Public);
    assert_eq!(object.check(), []);
}

#[tokio::test]
async fn one_address_gives_a_page_to_people_and_an_object_to_servers() {
    let blog = Running::new().await;
    let address = format!("{}/posts/welcome", blog.origin);
    let page = blog.response("/posts/welcome").await;
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(page.headers().get_all("vary").iter().any(|vary| vary == "Accept"));
    let response =
        blog.client.get(&address).header("accept", "application/activity+json").send().await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/activity+json"));
    let json = response.text().await.unwrap();
    assert!(json.contains(&format!("\"id\":\"{address}\"")), "{json}");
    let actor = blog.app.federation.actor_id(blog::ACTOR).await.unwrap();
    assert!(json.contains(&format!("\"attributedTo\":\"{actor}\"")), "{json}");
    assert!(json.contains(&format!("\"{actor}/followers\"")), "{json}");

    let webfinger =
        format!("/.well-known/webfinger?resource=acct:blog@{}", blog.origin.trim_start_matches("http://"));
    let (status, jrd) = blog.get(&webfinger).await;
    assert!(status == 200 && jrd.contains("/users/blog"), "{jrd}");
}
