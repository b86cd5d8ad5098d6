//! Collections and their pages. Activity Streams 2.0 §5.

use super::{Flaws, Node, Rule, id_of};
use crate::item::Items;
use crate::vocab::as2::{Collection, CollectionPage, Link, OrderedCollection};

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    if !node.is::<Collection>() {
        return;
    }
    check_items(node, flaws);
    check_pages(node, flaws);
}

fn check_items(node: &Node<'_>, flaws: &mut Flaws) {
    let (right, wrong) = match node.is::<OrderedCollection>() {
        true => ("orderedItems", "items"),
        false => ("items", "orderedItems"),
    };
    if let Some((place, value)) = node.property(wrong)
        && !Items::new(Some(value)).is_empty()
    {
        let kind = if right == "items" { "a Collection" } else { "an OrderedCollection" };
        flaws.warning(
            &place,
            Rule::Items,
            format!("{kind} has no `{wrong}`; write `{right}`, or change the type"),
        );
    }
    if let Some((place, total)) = node.property("totalItems")
        && let Some(total) = total.as_u64()
    {
        let count = Items::new(node.object.member(right)).count();
        if usize::try_from(total).is_ok_and(|total| total < count) {
            let message =
                format!("there are {count} items here, so `totalItems` is at least that, not {total}");
            flaws.hint(&place, Rule::Items, message);
        }
    }
}

fn check_pages(node: &Node<'_>, flaws: &mut Flaws) {
    let own = node.object.id();
    for term in ["first", "last", "current", "next", "prev"] {
        let Some((place, value)) = node.single(term) else { continue };
        if let (Some(own), Some(id)) = (own, id_of(value))
            && own == id
        {
            let message =
                format!("`{term}` leads back to where it stands; write the id of another, or leave it out");
            flaws.warning(&place, Rule::Loop, message);
        }
        if let Some(object) = value.as_object()
            && object.types().next().is_some()
            && !(object.is::<CollectionPage>() || object.is::<Link>())
        {
            let message =
                format!("`{term}` is a page; give it the type CollectionPage or OrderedCollectionPage");
            flaws.warning(&place, Rule::Items, message);
        }
    }
}
