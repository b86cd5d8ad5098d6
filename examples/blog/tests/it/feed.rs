//! The feed.

use blog::db::posts::Row;
use blog::feed::atom;
use blog::settings::{Settings, Site};
use blog::shelf::Shelf;
use jiff::Timestamp;

const ATOM: &str = "http://www.w3.org/2005/Atom";

fn feed(posts: &[(&str, &str)]) -> String {
    let published = Timestamp::from_second(1_780_000_000).unwrap();
    let rows = posts.iter().map(|(slug, source)| Row {
        slug: (*slug).to_owned(),
        file: (*slug).to_owned(),
        source: (*source).to_owned(),
        published,
        updated: None,
        deleted: None,
    });
    let mut settings = Settings::default();
    settings.title = "Q&A <\"quotes\">\u{8}".to_owned();
    atom(&settings, &Site::new("https://blog.example").unwrap(), &Shelf::new(rows.collect(), Vec::new()))
}

#[test]
fn it_is_well_formed_whatever_stands_in_it() {
    let xml = feed(&[
        (
            "one",
            "---\ntitle: \"<&>'\\\" ]]>\"\ntags: [\"a&b\"]\nsummary: 1 < 2\n---\nText & <b>more</b> ]]> \u{1} \u{fffe}\n",
        ),
        ("two", "<!-- comment --> plain"),
    ]);
    let document = roxmltree::Document::parse(&xml).unwrap();
    let root = document.root_element();
    assert!(root.has_tag_name((ATOM, "feed")));
    let titles: Vec<_> = root
        .children()
        .filter(|node| node.has_tag_name((ATOM, "title")))
        .filter_map(|node| node.text())
        .collect();
    assert_eq!(titles, ["Q&A <\"quotes\">"]);
    let entries: Vec<_> = root.children().filter(|node| node.has_tag_name((ATOM, "entry"))).collect();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        for needed in ["id", "title", "updated"] {
            assert!(
                entry.children().any(|node| node.has_tag_name((ATOM, needed))),
                "RFC 4287 §4.1.2 wants {needed}"
            );
        }
    }
}

#[test]
fn links_and_pictures_are_absolute() {
    let xml = feed(&[("one", "[tags](/tags) ![a](pic.png) [note](#x)")]);
    let document = roxmltree::Document::parse(&xml).unwrap();
    let content =
        document.descendants().find(|node| node.has_tag_name((ATOM, "content"))).unwrap().text().unwrap();
    for url in [
        "https://blog.example/tags",
        "https://blog.example/posts/pic.png",
        "https://blog.example/posts/one#x",
    ] {
        assert!(content.contains(&format!("\"{url}\"")), "{content}");
    }
}

#[test]
fn a_blog_without_posts_has_a_feed() {
    let xml = feed(&[]);
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert!(document.descendants().any(|node| node.has_tag_name((ATOM, "updated"))));
}
