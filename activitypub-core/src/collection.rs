//! What is here of a collection, however its server writes it, and where the rest is: Activity Streams 2.0
//! [§2.1.5](https://www.w3.org/TR/activitystreams-core/#collections), ActivityPub
//! [§5](https://www.w3.org/TR/activitypub/#collections).

use crate::iri::Iri;
use crate::item::{Item, Items, container, link_href};
use crate::value::Value;
use crate::view::{As, Is, Typed};
use crate::vocab::as2::{Collection, CollectionPage, Object, OrderedCollection};

/// What is here of a collection, and where the rest is: one reading of all there is where a collection belongs.
///
/// A whole collection, a collection with its first page inside, a page, a bare array of items, a mere reference:
/// in each there may be some items, and perhaps the id of a page to ask for next. Nothing is fetched; whoever
/// does goes from page to page by [`next`](Self::next), within a budget, and remembers where it has been.
///
/// ```
/// use activitypub_core::{Contents, Iri, Item, Object};
///
/// let note = Object::parse(br#"{
///     "id": "https://a.example/notes/1",
///     "replies": {
///         "id": "https://a.example/notes/1/replies",
///         "type": "Collection",
///         "first": {
///             "type": "CollectionPage",
///             "items": ["https://b.example/notes/2"],
///             "next": "https://a.example/notes/1/replies?page=2"
///         }
///     }
/// }"#)?;
/// let replies = Contents::of(note.member("replies").expect("it has some"));
/// assert!(replies.items().filter_map(Item::id).eq([Iri::new("https://b.example/notes/2")]));
/// assert_eq!(replies.next().unwrap(), "https://a.example/notes/1/replies?page=2");
/// # Ok::<(), activitypub_core::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Contents<'a> {
    own: Items<'a>,
    paged: Items<'a>,
    ordered: bool,
    total: Option<u64>,
    next: Option<&'a Iri>,
}

impl<'a> Contents<'a> {
    /// What is here of `value`, which stands in another object where a collection belongs: as `replies`, say.
    ///
    /// A collection that is only named, by its id, by a Link or by an object that says nothing else, has nothing
    /// here, and itself to ask for next.
    pub fn of(value: &'a Value) -> Self {
        match value {
            Value::Array(values) => match values.as_slice() {
                [Value::Object(object)] if tells(object) => Self::of_collection(object),
                _ => Self::of_array(value),
            },
            Value::Object(object) if tells(object) => Self::of_collection(object),
            value if container(value).is_some() => Self::of_array(value),
            value => Self { next: link_href(value), ..Self::of_array(&Value::Null) },
        }
    }

    /// The items that are here, in the order written: the collection's own, then those of the first page, where it
    /// is embedded.
    pub fn items(&self) -> impl Iterator<Item = Item<'a>> + use<'a> {
        self.own.clone().chain(self.paged.clone())
    }

    /// Whether their order means something: the collection is of an ordered type, or has `orderedItems`.
    pub fn is_ordered(&self) -> bool {
        self.ordered
    }

    /// How many items there are in all, as `totalItems` claims: a number to show, never one to allocate for.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// The id of the page to ask for next.
    ///
    /// `None` where there is none, where it would be this very document again, and where a collection with items
    /// holds as many as it claims there are.
    pub fn next(&self) -> Option<&'a Iri> {
        self.next
    }

    fn of_array(value: &'a Value) -> Self {
        let (own, ordered) = listed(value);
        Self { own, paged: Items::new(None), ordered, total: None, next: None }
    }

    fn of_collection(object: &'a Object) -> Self {
        let collection = Collection::of(object);
        let first = collection.first();
        let page = first.and_then(Item::object).filter(|page| is_embedded_page(page)).map(Collection::of);
        let (own, ordered) = items_of(collection);
        let (paged, paged_ordered) = page.map_or_else(|| (Items::new(None), false), items_of);

        let total = collection.total_items().or_else(|| page?.total_items());
        let here = own.clone().chain(paged.clone()).count() as u64;
        let is_whole = !is_page(object) && here > 0 && total.is_some_and(|total| here >= total);
        let next = page.and_then(next_of).or_else(|| next_of(collection));
        // A page names the first one too.
        let is_to_begin = page.is_none() && !is_page(object);
        let next = next.or_else(|| first.filter(|_| is_to_begin)?.href());
        let is_this = |id: &Iri| {
            let ids = [object.id(), page.and_then(As::id)];
            ids.into_iter().flatten().any(|this| this.without_fragment() == id.without_fragment())
        };
        let next = next.filter(|next| !is_whole && !is_this(next));
        Self { own, paged, ordered: ordered || paged_ordered, total, next }
    }
}

impl<K: Is<Collection>> As<K> {
    /// What is here of this document, a collection or one of its pages.
    ///
    /// Of an object whose type does not make it a collection, `Collection::of(object).contents()`.
    pub fn contents(&self) -> Contents<'_> {
        Contents::of_collection(self.as_object())
    }
}

/// Whether an object says something of what is in it, and is not just named.
fn tells(object: &Object) -> bool {
    has_one_of(object, &["items", "orderedItems", "totalItems", "first", "next"])
}

/// Whether what stands as `first` is the page itself, and not just named. Empty arrays may be left out.
fn is_embedded_page(page: &Object) -> bool {
    has_one_of(page, &["items", "orderedItems", "next"])
}

fn has_one_of(object: &Object, terms: &[&str]) -> bool {
    terms.iter().any(|term| object.member(term).is_some())
}

fn is_page(object: &Object) -> bool {
    object.is::<CollectionPage>() || object.member("partOf").is_some()
}

fn next_of(page: &Collection) -> Option<&Iri> {
    CollectionPage::of(page.as_object()).next()?.href()
}

/// The items of a collection or page, and whether they are in order. Some servers write `items` into an ordered
/// collection, some `orderedItems` into one that is not, some one of them empty beside the other.
fn items_of(collection: &Collection) -> (Items<'_>, bool) {
    let in_term = |term| collection.member(term).map(listed).filter(|(items, _)| !items.is_empty());
    let by_type = collection.is::<OrderedCollection>();
    match (in_term("orderedItems"), in_term("items")) {
        (Some((items, _)), _) => (items, true),
        (None, Some((items, ordered))) => (items, ordered || by_type),
        (None, None) => (Items::new(None), by_type || collection.member("orderedItems").is_some()),
    }
}

/// The items of a value, and whether JSON-LD says that they are in order.
fn listed(value: &Value) -> (Items<'_>, bool) {
    (Items::new(Some(value)), container(value).is_some_and(|(_, ordered)| ordered))
}

#[cfg(test)]
mod tests {
    use super::Contents;
    use crate::item::Item;
    use crate::view::Typed;
    use crate::{Collection, Object, Value};

    type Expected<'a> = (&'a [&'a str], bool, Option<u64>, Option<&'a str>);

    fn check(contents: &Contents<'_>, (ids, ordered, total, next): Expected<'_>, shown: &str) {
        let found: Vec<&str> = contents.items().filter_map(Item::id).map(|id| id.as_str()).collect();
        assert_eq!(found, ids, "{shown}");
        assert_eq!(contents.is_ordered(), ordered, "{shown}");
        assert_eq!(contents.total(), total, "{shown}");
        assert_eq!(contents.next().map(|next| next.as_str()), next, "{shown}");
    }

    #[test]
    fn a_document_tells_what_is_in_it_and_what_to_ask_for_next() {
        let table: &[(&str, Expected<'_>)] = &[
            // Collections, whole.
            (r#""type":"Collection","totalItems":2,"items":["x","y"]"#, (&["x", "y"], false, Some(2), None)),
            (
                r#""type":"OrderedCollection","orderedItems":["x",{"id":"y"}]"#,
                (&["x", "y"], true, None, None),
            ),
            (r#""type":"OrderedCollection","items":["x"]"#, (&["x"], true, None, None)),
            (r#""type":"Collection","orderedItems":["x"]"#, (&["x"], true, None, None)),
            (r#""type":"Collection","items":"x""#, (&["x"], false, None, None)),
            (r#""type":"Collection","items":{"id":"x"}"#, (&["x"], false, None, None)),
            (r#""type":"Collection","items":[null,"x",null]"#, (&["x"], false, None, None)),
            (r#""type":"Collection","items":["x"],"orderedItems":[]"#, (&["x"], false, None, None)),
            (
                r#""type":"OrderedCollection","orderedItems":{"@list":["x","y"]}"#,
                (&["x", "y"], true, None, None),
            ),
            (r#""items":[{"@list":["x","y"]}]"#, (&["x", "y"], true, None, None)),
            (r#""as:items":{"@set":["x"]}"#, (&["x"], false, None, None)),
            (r#""items":{"@set":"x"}"#, (&["x"], false, None, None)),
            // Some hide what is in it.
            (r#""type":"Collection","totalItems":3"#, (&[], false, Some(3), None)),
            (r#""type":"OrderedCollection","totalItems":"3","orderedItems":[]"#, (&[], true, Some(3), None)),
            (r#""type":"Collection","totalItems":-5"#, (&[], false, None, None)),
            (r#""type":"Collection","totalItems":"many","items":null"#, (&[], false, None, None)),
            // The first page is named.
            (r#""type":"Collection","totalItems":9,"first":"p1""#, (&[], false, Some(9), Some("p1"))),
            (
                r#""type":"OrderedCollection","first":{"type":"Link","href":"p1"}"#,
                (&[], true, None, Some("p1")),
            ),
            (r#""first":{"id":"p1","type":"CollectionPage"}"#, (&[], false, None, Some("p1"))),
            (r#""first":["p1"],"items":[],"totalItems":0"#, (&[], false, Some(0), Some("p1"))),
            (r#""first":{"type":"Create"}"#, (&[], false, None, None)),
            (r#""first":"c""#, (&[], false, None, None)),
            (r##""first":"c#first""##, (&[], false, None, None)),
            // Beside items of its own the first page is asked for as long as not all are here.
            (r#""items":["x"],"totalItems":1,"first":"p1""#, (&["x"], false, Some(1), None)),
            (r#""items":["x"],"totalItems":2,"first":"p1""#, (&["x"], false, Some(2), Some("p1"))),
            (r#""items":["x"],"first":"p1""#, (&["x"], false, None, Some("p1"))),
            // The first page is embedded.
            (
                r#""type":"OrderedCollection","totalItems":9,"first":{"id":"p1","orderedItems":["x"],"next":"p2"}"#,
                (&["x"], true, Some(9), Some("p2")),
            ),
            (
                r#""type":"Collection","first":{"totalItems":9,"items":["x"],"next":{"id":"p2"}}"#,
                (&["x"], false, Some(9), Some("p2")),
            ),
            (r#""items":["x"],"first":{"items":["y"]}"#, (&["x", "y"], false, None, None)),
            (r#""first":{"id":"p1","orderedItems":["x"]}"#, (&["x"], true, None, None)),
            (r#""first":{"id":"p1","items":[]}"#, (&[], false, None, None)),
            (r#""first":{"id":"p1","next":"p2"}"#, (&[], false, None, Some("p2"))),
            (r#""first":{"id":"p1","items":["x"],"next":"p1"}"#, (&["x"], false, None, None)),
            (r#""first":{"id":"p1","items":["x"],"next":"c"}"#, (&["x"], false, None, None)),
            (r#""totalItems":1,"first":{"items":["x"],"next":"p2"}"#, (&["x"], false, Some(1), None)),
            // Pages; some count what is on the page.
            (r#""type":"CollectionPage","items":["x"],"next":"p2""#, (&["x"], false, None, Some("p2"))),
            (
                r#""type":"OrderedCollectionPage","totalItems":1,"orderedItems":["x"],"next":"p2","first":"p1""#,
                (&["x"], true, Some(1), Some("p2")),
            ),
            (r#""type":"CollectionPage","items":["x"],"first":"p1""#, (&["x"], false, None, None)),
            (r#""partOf":"whole","items":["x"],"first":"p1","prev":"p1""#, (&["x"], false, None, None)),
            (r#""type":"CollectionPage","items":["x"],"next":"c""#, (&["x"], false, None, None)),
            (r#""type":"CollectionPage","items":["x"],"next":null"#, (&["x"], false, None, None)),
            (
                r#""type":"Collection","items":["x"],"first":"c","next":"p2""#,
                (&["x"], false, None, Some("p2")),
            ),
        ];
        for (members, expected) in table {
            let document = Object::parse(format!(r#"{{"id":"c",{members}}}"#).as_bytes()).unwrap();
            check(&Collection::of(&document).contents(), *expected, members);
        }
    }

    #[test]
    fn what_stands_where_a_collection_belongs_is_read_as_one() {
        let table: &[(&str, Expected<'_>)] = &[
            (r#""c""#, (&[], false, None, Some("c"))),
            (r#"{"id":"c"}"#, (&[], false, None, Some("c"))),
            (r#"{"id":"c","type":"Collection"}"#, (&[], false, None, Some("c"))),
            (r#"{"type":"Link","href":"c"}"#, (&[], false, None, Some("c"))),
            (r#"{"id":"c","totalItems":3}"#, (&[], false, Some(3), None)),
            (r#"{"id":"c","first":"p1"}"#, (&[], false, None, Some("p1"))),
            (r#"{"id":"c","first":{"items":["x"],"next":"p2"}}"#, (&["x"], false, None, Some("p2"))),
            (r#"[{"id":"c","type":"Collection","items":["x"]}]"#, (&["x"], false, None, None)),
            (r#"["x",{"id":"y"},null]"#, (&["x", "y"], false, None, None)),
            (r#"[{"id":"x","type":"Note"}]"#, (&["x"], false, None, None)),
            (r#"{"@list":["x","y"]}"#, (&["x", "y"], true, None, None)),
            (r#"[{"@set":["x","y"]}]"#, (&["x", "y"], false, None, None)),
            ("[]", (&[], false, None, None)),
            ("null", (&[], false, None, None)),
            ("true", (&[], false, None, None)),
            ("{}", (&[], false, None, None)),
        ];
        for (text, expected) in table {
            check(&Contents::of(&Value::parse(text.as_bytes()).unwrap()), *expected, text);
        }
    }
}
