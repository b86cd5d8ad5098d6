//! `check_with`: what is wrong with documents of another crate's vocabularies, by their tables.

use activitypub_core::Object;
use vocabulary::{books, clubs};

/// Where the document has flaws by the vocabularies that the core has, and by ours besides.
fn check(members: &str) -> [Vec<String>; 2] {
    let context = r#""@context":"https://www.w3.org/ns/activitystreams""#;
    let document = Object::parse(format!("{{{context},{members}}}").as_bytes()).unwrap();
    let ours = document.check_with(&[&books::VOCABULARY, &clubs::VOCABULARY]);
    [document.check(), ours]
        .map(|flaws| flaws.into_iter().map(|flaw| format!("{} {}", flaw.rule, flaw.path)).collect())
}

#[test]
fn a_property_of_ours_has_the_shape_that_our_table_gives_it() {
    for (members, flaw) in [
        (r#""stars":"many""#, "AS-7 /stars"),
        (r#""books:stars":"many""#, "AS-7 /books:stars"),
        (r#""https://books.example/ns#stars":"many""#, "AS-7 /https:~1~1books.example~1ns#stars"),
        (r#""https://schema.org/numberOfPages":"many""#, "AS-7 /https:~1~1schema.org~1numberOfPages"),
        (r#""isbn":"978-0-306-40615-8""#, "AS-7 /isbn"),
        (r#""blurb":7"#, "AS-13 /blurb"),
        (r#""writtenBy":[7]"#, "AS-8 /writtenBy/0"),
        (r#""writtenBy":"iris""#, "AS-10 /writtenBy"),
    ] {
        assert_eq!(
            check(&format!(r#""type":"Book",{members}"#)),
            [listed(&[]), listed(&[flaw])],
            "{members}"
        );
    }
}

#[test]
fn what_is_sound_by_our_tables_has_no_flaw() {
    for (members, flaws) in [
        (r#""type":"Book","stars":4.5,"titleMap":{"id":"Laut"}"#, &["AS-9 /titleMap/id"][..]),
        // Nothing of a Book.
        (r#""type":"Note","stars":"many","isbn":7"#, &[]),
        (r#""type":"Note","shelf":"https://a.example/1","other:shelf":7"#, &[]),
    ] {
        assert_eq!(check(members), [listed(flaws), listed(&[])], "{members}");
    }
}

#[test]
fn a_type_of_ours_is_what_its_ancestors_are() {
    let id = r#""id":"https://a.example/1""#;
    for (members, by_the_core, by_ours) in [
        (r#""type":"clubs:Club","name":"The Tide""#, &["AS-15 /type"][..], &["AP-7 ", "AP-7 ", "AP-7 "][..]),
        (r#""type":["Recommend","Note"],"object":"https://a.example/2""#, &[], &["SEC-2 /type", "AP-41 "]),
        // A property of Activity Streams.
        (
            r#""type":"Recommend","actor":"https://a.example/2","object":7"#,
            &["AS-15 /type"],
            &["AS-8 /object"],
        ),
    ] {
        assert_eq!(check(&format!("{id},{members}")), [listed(by_the_core), listed(by_ours)], "{members}");
    }
}

fn listed(flaws: &[&str]) -> Vec<String> {
    flaws.iter().map(ToString::to_string).collect()
}
