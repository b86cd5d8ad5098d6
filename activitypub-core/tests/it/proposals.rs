//! Documents that use Fediverse Enhancement Proposals.

use activitypub_core::vocab::fep::services::DidService;
use activitypub_core::{
    Application, Collection, FeatureAuthorization, FeatureRequest, FeaturedCollection, FeaturedItem, Iri,
    Link, Note, Person, QuoteAuthorization, QuoteRequest, Typed, VerifiableIdentityStatement,
};

use crate::servers::{id, ids, iri, read};

#[test]
fn a_quote_is_asked_for_and_authorized() {
    let request = read::<QuoteRequest>(
        r#"{"type":"QuoteRequest","actor":"https://b.example/@bo","object":"https://a.example/1",
            "instrument":{"type":"Note","quote":"https://a.example/1",
                "quoteAuthorization":"https://a.example/stamps/1","htmlMfm":true,
                "contextHistory":"https://a.example/contexts/1/history"}}"#,
    );
    let note = request.instrument().of::<Note>().next().unwrap();
    assert_eq!(id(note.quote()), "https://a.example/1");
    assert_eq!(id(note.quote_authorization()), "https://a.example/stamps/1");
    assert_eq!(note.html_mfm(), Some(true));
    assert_eq!(iri(note.context_history()), "https://a.example/contexts/1/history");
    let stamp = read::<QuoteAuthorization>(
        r#"{"type":"QuoteAuthorization","attributedTo":"https://a.example/@al",
            "interactingObject":"https://b.example/1","interactionTarget":"https://a.example/1"}"#,
    );
    assert_eq!(id(stamp.interacting_object()), "https://b.example/1");
    assert_eq!(id(stamp.interaction_target()), "https://a.example/1");
}

#[test]
fn a_collection_recommends_with_consent() {
    let collection = read::<FeaturedCollection>(
        r##"{"type":"FeaturedCollection","name":"Cats","totalItems":1,"topic":{"type":"Hashtag","name":"#cats"},
            "orderedItems":[{"type":"FeaturedItem","featuredObject":"https://b.example/@bo",
                "featureAuthorization":"https://b.example/stamps/1"}]}"##,
    );
    assert_eq!(collection.collection_topic().unwrap().object().unwrap().name().as_str(), Some("#cats"));
    let item = collection.ordered_items().of::<FeaturedItem>().next().unwrap();
    assert_eq!(id(item.featured_object()), "https://b.example/@bo");
    assert_eq!(id(item.feature_authorization()), "https://b.example/stamps/1");
    let stamp = read::<FeatureAuthorization>(
        r#"{"type":"FeatureAuthorization","interactingObject":"https://a.example/c",
            "interactionTarget":"https://b.example/@bo"}"#,
    );
    assert_eq!(id(stamp.interaction_target()), "https://b.example/@bo");
    let request = read::<FeatureRequest>(
        r#"{"type":"FeatureRequest","actor":"https://a.example/@al","object":"https://b.example/@bo"}"#,
    );
    assert_eq!(ids(&request.object()), ["https://b.example/@bo"]);
}

#[test]
fn an_actor_has_what_the_proposals_give_it() {
    let person = read::<Person>(
        r#"{"type":"Person","webfinger":"iris@a.example","copiedTo":"https://b.example/@iris",
            "gateways":["https://a.example","https://b.example"],
            "featuredCollections":"https://a.example/@iris/collections",
            "service":[{"id":"https://a.example/@iris#storage","serviceEndpoint":"https://s.example/1"}],
            "attachment":[{"type":"VerifiableIdentityStatement","subject":"did:key:z6Mk",
                "alsoKnownAs":"https://a.example/@iris"}],
            "generator":{"type":"Application","implements":[{"href":"https://datatracker.ietf.org/doc/html/rfc9421"}]}}"#,
    );
    assert_eq!(person.webfinger(), Some("iris@a.example"));
    assert_eq!(ids(&person.copied_to()), ["https://b.example/@iris"]);
    assert_eq!(
        person.gateways().map(Iri::as_str).collect::<Vec<_>>(),
        ["https://a.example", "https://b.example"]
    );
    assert_eq!(iri(person.featured_collections()), "https://a.example/@iris/collections");
    let service = DidService::of(person.service().objects().next().unwrap());
    assert_eq!(iri(service.service_endpoint()), "https://s.example/1");
    let statement = person.attachment().of::<VerifiableIdentityStatement>().next().unwrap();
    assert_eq!(iri(statement.identity_subject()), "did:key:z6Mk");
    assert_eq!(iri(statement.identity_actor()), "https://a.example/@iris");
    let program = person.generator().of::<Application>().next().unwrap();
    let implemented = Link::of(program.implements().objects().next().unwrap());
    assert_eq!(iri(implemented.href()), "https://datatracker.ietf.org/doc/html/rfc9421");
}

#[test]
fn a_collection_says_whose_it_is() {
    let whose = r#"{"type":"Collection","likesOf":"urn:1","sharesOf":"urn:2","repliesOf":"urn:3","inboxOf":"urn:4",
        "outboxOf":"urn:5","followersOf":"urn:6","followingOf":"urn:7","likedOf":"urn:8","collectionOf":"Note"}"#;
    let collection = read::<Collection>(whose);
    let getters = [
        collection.likes_of(),
        collection.shares_of(),
        collection.replies_of(),
        collection.inbox_of(),
        collection.outbox_of(),
        collection.followers_of(),
        collection.following_of(),
        collection.liked_of(),
    ];
    for (at, of) in getters.into_iter().enumerate() {
        assert_eq!(iri(of), format!("urn:{}", at + 1));
    }
    assert_eq!(collection.collection_of(), Some("Note"));
}
