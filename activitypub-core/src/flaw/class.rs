//! What class of thing an object is by each of its types, and that it is of one class only.
//! [FEP-2277](https://w3id.org/fep/2277)

use super::{Flaws, Node, Rule, quoted};
use crate::value::Value;
use crate::vocab::{self, Type, Vocabulary};

/// What a type is the type of. Readers look for different properties in each.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Activity,
    Actor,
    Collection,
    Link,
    Other,
}

/// Types of no class: whatever it is, it is an Object; a Question is an activity by the book and a kind of
/// Note by custom; a Tombstone stands for anything, an actor that keeps its type included.
const OF_NO_CLASS: [&str; 3] = ["Object", "Question", "Tombstone"];

impl Class {
    fn of(of: &Type) -> Option<Self> {
        let is = |name| of.name == name || of.ancestors.contains(&name);
        match () {
            () if OF_NO_CLASS.contains(&of.name) => None,
            () if is("Activity") => Some(Self::Activity),
            () if is("Actor") => Some(Self::Actor),
            () if is("Collection") => Some(Self::Collection),
            () if is("Link") => Some(Self::Link),
            () => Some(Self::Other),
        }
    }
}

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    let Some((place, types)) = node.property("type") else {
        if node.is_document() {
            let message =
                "there is no `type`, so most readers pass over it; say what it is, such as \"Note\"";
            flaws.hint(&node.place, Rule::Type, message);
        }
        return;
    };
    let names = types.one_or_many();
    if names.iter().any(|name| name.as_str().is_none_or(str::is_empty)) {
        let message =
            "a type is a name, or an array of names: write \"Note\", not a number, an object or nothing";
        flaws.warning(&place, Rule::Type, message);
        return;
    }
    let known = |name| known(name, node.vocabularies);
    let mut classes = names.iter().filter_map(Value::as_str).filter_map(known);
    let Some((first, class)) = classes.next() else {
        let named = names.iter().filter_map(Value::as_str).map(vocab::type_name);
        if node.is_document() && !named.clone().any(|name| OF_NO_CLASS.contains(&name)) {
            let name = named.clone().next().unwrap_or_default();
            let message = format!(
                "no vocabulary known here has the type {}; name the nearest of Activity Streams beside it",
                quoted(name)
            );
            flaws.hint(&place, Rule::Type, message);
        }
        return;
    };
    if let Some((second, _)) = classes.find(|(_, other)| *other != class) {
        let message = format!(
            "this is {first} and {second} at once, and readers disagree about which; make two objects of it"
        );
        flaws.danger(&place, Rule::Class, message);
    }
}

/// The class of a type that is declared, here or in one of these vocabularies, and the type's name.
fn known(name: &str, vocabularies: &[&Vocabulary]) -> Option<(&'static str, Class)> {
    let theirs = || vocabularies.iter().find_map(|vocabulary| vocabulary.declared(name));
    let of = vocab::declared(name).or_else(theirs)?;
    Some((of.name, Class::of(of)?))
}
