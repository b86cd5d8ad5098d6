//! `bto` and `bcc`, which nobody but the author may see, so that they leave no server: ActivityPub
//! [§6](https://www.w3.org/TR/activitypub/#client-to-server-interactions),
//! [§7.1](https://www.w3.org/TR/activitypub/#delivery).

use std::collections::BTreeSet;

use crate::context::meaning;
use crate::spelling;
use crate::value::{Members, Value};
use crate::view::As;

impl<K> As<K> {
    /// Takes `bto` and `bcc` out, here and in everything inside, in whatever spelling, and under whatever name a
    /// `@context` in the document gives them. Nothing else changes.
    ///
    /// A text in a map of languages stays: `bcc` is the tag of Southern Balochi too, and `bto` of a Bikol language.
    pub fn strip_blind(&mut self) {
        let object = self.as_object_mut();
        let aliases = meaning::spellings(object, &BLIND);
        strip(object.members_mut(), &Names { aliases });
    }
}

/// What blind recipients are called in full.
const BLIND: [&str; 4] = [
    "https://www.w3.org/ns/activitystreams#bto",
    "https://www.w3.org/ns/activitystreams#bcc",
    "http://www.w3.org/ns/activitystreams#bto",
    "http://www.w3.org/ns/activitystreams#bcc",
];

/// What the contexts of one document call blind recipients.
struct Names {
    aliases: BTreeSet<String>,
}

impl Names {
    fn are_blind(&self, name: &str) -> bool {
        matches!(spelling::term(name), Some(known) if matches!(known.name, "bto" | "bcc"))
            || self.aliases.contains(name)
    }
}

fn strip(members: &mut Members, names: &Names) {
    members.retain(|name, _| !names.are_blind(name));
    for (name, value) in members.iter_mut() {
        match value {
            Value::Object(languages) if spelling::term(name).is_some_and(|known| known.is_twin) => {
                let languages = languages.members_mut();
                languages.retain(|tag, text| text.as_str().is_some() || !names.are_blind(tag));
                languages.iter_mut().for_each(|(_, value)| strip_value(value, names));
            }
            value => strip_value(value, names),
        }
    }
}

fn strip_value(value: &mut Value, names: &Names) {
    match value {
        Value::Object(object) => strip(object.members_mut(), names),
        Value::Array(values) => values.iter_mut().for_each(|value| strip_value(value, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::{Create, Note, Object};

    #[test]
    fn blind_recipients_are_stripped_at_every_depth_in_every_spelling() {
        const AS: &str = "https://www.w3.org/ns/activitystreams#";
        const OLD: &str = "http://www.w3.org/ns/activitystreams#";
        for name in
            ["bto", "bcc", "as:bto", "as:bcc", &format!("{AS}bto"), &format!("{AS}bcc"), &format!("{OLD}bto")]
        {
            for value in [r#""a""#, r#"["a"]"#, r#"{"id":"a"}"#, r#"[{"id":"a","bto":"b"}]"#, "null", "[]"] {
                let blind = format!(r#""{name}":{value}"#);
                for (before, after) in [
                    (format!("{{{blind}}}"), "{}"),
                    (format!(r#"{{"to":"x",{blind},"cc":"y"}}"#), r#"{"to":"x","cc":"y"}"#),
                    (format!(r#"{{"object":{{{blind}}}}}"#), r#"{"object":{}}"#),
                    (
                        format!(r#"{{"object":{{"object":{{"tag":[{{{blind}}}]}}}}}}"#),
                        r#"{"object":{"object":{"tag":[{}]}}}"#,
                    ),
                    (format!(r#"{{"x":[[[{{{blind}}}],1]]}}"#), r#"{"x":[[[{}],1]]}"#),
                    (format!(r#"{{"@context":["y",{{{blind}}}]}}"#), r#"{"@context":["y",{}]}"#),
                    (format!(r#"{{"@graph":[{{{blind}}}]}}"#), r#"{"@graph":[{}]}"#),
                    (format!(r#"{{"contentMap":{{"en":{{{blind}}}}}}}"#), r#"{"contentMap":{"en":{}}}"#),
                ] {
                    let mut object = Object::parse(before.as_bytes()).unwrap();
                    object.strip_blind();
                    assert_eq!(object.to_string(), after, "{before}");
                }
            }
        }
        let mut create =
            Create::builder().bcc("https://b.example/b").object(Note::builder().bto("x")).build();
        create.strip_blind();
        assert!(create.bcc().is_empty());
        assert!(!create.to_string().contains("bto"));
    }

    #[test]
    fn a_name_that_the_context_gives_to_blind_recipients_hides_none() {
        // What the names mean goes with them.
        for (before, after) in [
            (r#"{"@context":{"hidden":"as:bto"},"hidden":"a"}"#, r#"{"@context":{}}"#),
            (
                r#"{"@context":["x",{"s":{"@id":"https://www.w3.org/ns/activitystreams#bcc"}}],"object":{"s":["a"]}}"#,
                r#"{"@context":["x",{}],"object":{}}"#,
            ),
            (
                r#"{"y":{"@context":{"a":"https://www.w3.org/ns/activitystreams#","h":"a:bto"},"a:bcc":1,"h":2,"a:to":3}}"#,
                r#"{"y":{"@context":{"a":"https://www.w3.org/ns/activitystreams#"},"a:to":3}}"#,
            ),
            // One definition stands on another, or on a part of the IRI.
            (r#"{"@context":{"y":"x","x":"as:bto"},"y":1,"x":2}"#, r#"{"@context":{}}"#),
            (
                r#"{"@context":{"a":"as:","b":"a:"},"a:bcc":1,"b:bto":2}"#,
                r#"{"@context":{"a":"as:","b":"a:"}}"#,
            ),
            (
                r#"{"@context":[{"w":"https://www.w3.org/ns/"},{"h":"w:activitystreams#bcc"}],"w:activitystreams#bto":1,"h":2}"#,
                r#"{"@context":[{"w":"https://www.w3.org/ns/"},{}]}"#,
            ),
            (
                r#"{"@context":{"@vocab":"https://www.w3.org/ns/"},"activitystreams#bto":1}"#,
                r#"{"@context":{"@vocab":"https://www.w3.org/ns/"}}"#,
            ),
            // A definition may bring a context of its own.
            (
                r#"{"@context":{"Note":{"@id":"as:Note","@context":{"h":"as:bto"}}},"type":"Note","h":1}"#,
                r#"{"@context":{"Note":{"@id":"as:Note","@context":{}}},"type":"Note"}"#,
            ),
        ] {
            let mut object = Object::parse(before.as_bytes()).unwrap();
            object.strip_blind();
            assert_eq!(object.to_string(), after);
        }
    }

    #[test]
    fn nothing_else_is_stripped() {
        for kept in [
            r#"{"contentMap":{"bcc":"a text in Southern Balochi","bto":"one in Bikol"}}"#,
            r#"{"as:contentMap":{"bcc":"x"},"x:bto":"a","schema:bcc":"b","btos":1,"BTO":2,"to":"bto","cc":["bcc"],"@context":{"a":"x#"},"a:bto":3}"#,
        ] {
            let mut object = Object::parse(kept.as_bytes()).unwrap();
            object.strip_blind();
            assert_eq!(object.to_string(), kept);
        }
    }
}
