//! Polls: the options of a Question. Activity Streams 2.0 Vocabulary §3.2,
//! [FEP-9967](https://w3id.org/fep/9967).

use std::collections::HashSet;

use super::{Flaws, Node, Rule, each, quoted};
use crate::value::Value;
use crate::vocab::as2::Question;

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    let [one, any] = ["oneOf", "anyOf"].map(|term| node.property(term));
    if let (Some((_, one)), Some((place, any))) = (one, any)
        && [one, any].iter().all(|options| !matches!(options, Value::Array(values) if values.is_empty()))
    {
        let message =
            "there are options in `oneOf` and in `anyOf`; keep one: `oneOf` where a voter has a single vote";
        flaws.warning(&place, Rule::Choice, message);
    }
    for (place, options) in [one, any].into_iter().flatten() {
        check_options(node, &place, options, flaws);
    }
}

fn check_options(node: &Node<'_>, place: &super::Place<'_>, options: &Value, flaws: &mut Flaws) {
    let mut names = HashSet::new();
    let mut count = 0;
    for (place, option) in each(place, options) {
        count += 1;
        let Some(object) = option.as_object() else { continue };
        match object.member("name").and_then(Value::as_str).filter(|name| !name.is_empty()) {
            None => {
                let message = "an option without a `name` gets no vote; write what it says into `name`";
                flaws.warning(&place, Rule::Option, message);
            }
            Some(name) if !names.insert(name) => {
                let message =
                    format!("a second option is called {}; votes cannot tell them apart", quoted(name));
                flaws.warning(&place, Rule::Option, message);
            }
            Some(_) => {}
        }
    }
    if count == 1 && node.is::<Question>() {
        flaws.hint(place, Rule::Option, "there is one option; some servers take no poll with fewer than two");
    }
}
