//! What stands at the head of a file, and what is wrong with it.

use blog::post::{Post, PostError, Problem, slug};

fn problem(text: &str) -> String {
    Problem { file: "hello".to_owned(), error: Post::parse(text).expect_err("a problem") }.to_string()
}

#[test]
fn every_field_is_read() {
    let post = Post::parse(
        "---\ntitle: 'On: colons'\ndate: 2026-11-23 14:05\ntags: [Open Web, \"#rust\"]\nlanguage: en-GB\nsummary: Short.\ndraft: true\n---\nText.\n",
    )
    .unwrap();
    assert_eq!(post.matter.title.as_deref(), Some("On: colons"));
    assert_eq!(post.matter.date.unwrap().to_string(), "2026-11-23T14:05:00Z");
    let tags: Vec<_> = post.matter.tags.iter().map(|tag| (tag.name.as_str(), tag.key.as_str())).collect();
    assert_eq!(tags, [("Open Web", "openweb"), ("rust", "rust")]);
    assert_eq!(post.matter.language.as_deref(), Some("en-GB"));
    assert_eq!(post.matter.summary.as_deref(), Some("Short."));
    assert!(post.matter.draft);
    assert_eq!(post.body.html, "<p>Text.</p>\n");
}

#[test]
fn a_text_without_front_matter_is_all_text() {
    for text in
        ["Just text.\n", "\u{feff}Just text.\n", "---\n---\nJust text.\n", "---\r\n---\r\nJust text.\r\n"]
    {
        assert_eq!(Post::parse(text).unwrap().body.html.trim(), "<p>Just text.</p>", "{text:?}");
    }
}

#[test]
fn dates_are_read_as_people_write_them() {
    for (written, read) in [
        ("2026-11-23", "2026-11-23T00:00:00Z"),
        ("2026-11-23 14:05", "2026-11-23T14:05:00Z"),
        ("2026-11-23T14:05:09", "2026-11-23T14:05:09Z"),
        ("2026-11-23T14:05:00+01:00", "2026-11-23T13:05:00Z"),
        ("2026-11-23T14:05:00Z", "2026-11-23T14:05:00Z"),
    ] {
        let post = Post::parse(&format!("---\ndate: {written}\n---\nText.")).unwrap();
        assert_eq!(post.matter.date.unwrap().to_string(), read, "{written}");
    }
}

#[test]
fn tags_may_stand_between_commas() {
    let post = Post::parse("---\ntags: rust, open web\n---\nText.").unwrap();
    assert_eq!(post.matter.tags.len(), 2);
}

#[test]
fn a_title_that_looks_like_a_number_is_a_title() {
    assert_eq!(Post::parse("---\ntitle: 1984\n---\nText.").unwrap().matter.title.as_deref(), Some("1984"));
}

#[test]
fn a_problem_names_file_line_and_field() {
    let said = problem("---\ntitle: Fine\ndate: tomorrow\n---\nText.");
    assert!(said.starts_with("posts/hello.md, line 3, field `date`: `tomorrow` is not a date"), "{said}");
    let said = problem("---\ntitle: Fine\ndraft: perhaps\n---\nText.");
    assert!(said.starts_with("posts/hello.md, line 3, field `draft`: "), "{said}");
    let said = problem("---\nlanguage: the language of love\n---\nText.");
    assert!(said.starts_with("posts/hello.md, line 2, field `language`: "), "{said}");
    let said = problem("---\ntags: ['!!']\n---\nText.");
    assert!(said.starts_with("posts/hello.md, line 2, field `tags`: "), "{said}");
    let said = problem("---\ntitle: [not, a, title]\n---\nText.");
    assert!(said.starts_with("posts/hello.md, line 2, field `title`: "), "{said}");
    assert_eq!(said.matches("line").count(), 1, "one place and not two: {said}");
    let said = problem("---\ntitle: Open\nText without an end");
    assert!(said.starts_with("posts/hello.md, line 1: "), "{said}");
}

#[test]
fn a_misspelt_field_publishes_nothing() {
    let said = problem("---\ntitle: Not yet\ndarft: true\n---\nText.");
    assert!(said.contains("line 3") && said.contains("darft"), "{said}");
}

#[test]
fn a_field_given_twice_is_a_problem() {
    let said = problem("---\ntitle: One\ntitle: Two\n---\nText.");
    assert!(said.contains("title"), "{said}");
}

#[test]
fn an_empty_file_is_a_problem_and_not_a_post() {
    for text in ["", "\n\n", "---\ntitle: Only a head\n---\n"] {
        assert_eq!(Post::parse(text), Err(PostError::Empty), "{text:?}");
    }
}

#[test]
fn yaml_that_unfolds_without_end_is_refused() {
    let mut bomb = "---\na: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (now, next) in ('a'..'i').zip('b'..='i') {
        bomb.push_str(&format!(
            "{next}: &{next} [*{now}, *{now}, *{now}, *{now}, *{now}, *{now}, *{now}, *{now}, *{now}]\n"
        ));
    }
    bomb.push_str("---\nText.");
    assert!(matches!(Post::parse(&bomb), Err(PostError::FrontMatter(_))));
}

#[test]
fn addresses_have_only_what_every_server_spells_alike() {
    for (stem, address) in [
        ("hello", Some("hello")),
        ("2026-11-23 Hello, World!", Some("2026-11-23-hello-world")),
        ("Ünïcode", Some("n-code")),
        ("../../etc/passwd", Some("etc-passwd")),
        ("日本語", None),
        ("--", None),
    ] {
        assert_eq!(slug(stem).as_deref(), address, "{stem}");
    }
    assert_eq!(slug(&"a".repeat(300)).unwrap().len(), 80);
}

#[test]
fn the_excerpt_is_the_first_paragraph_in_plain_words() {
    let post = Post::parse(
        "# Heading\n\n![only a picture](a.png)\n\nThe *first* [words](https://x.example),\nhere.\n\nMore.",
    )
    .unwrap();
    assert_eq!(post.summary(), "The first words, here.");
    assert_eq!(post.body.pictures[0].alt, "only a picture");
    assert!(post.body.html.contains("<h2>Heading</h2>"), "the page's first heading is the title");
}
