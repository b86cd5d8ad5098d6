//! Names that several vocabularies have, and the `@context` of what is built with those of extensions.

use activitypub_core::vocab::bite::Bite;
use activitypub_core::vocab::valueflows::Intent;
use activitypub_core::vocab::valueflows::om2::Measure;
use activitypub_core::{
    Artist, Collection, Create, Event, Grant, Note, Object, Person, PodcastEpisode, Push, Quotation,
    QuoteAuthorization, Ticket, Track, Typed,
};

#[test]
fn one_name_means_to_each_type_what_its_vocabulary_says() {
    for (json, flaws) in [
        // A text on a quotation of BookWyrm, a reference everywhere else.
        (r#"{"type":"Quotation","quote":{"@value":"<p>a</p>"}}"#, 0),
        (r#"{"type":"Quotation","quote":{"id":"https://a.example/1"}}"#, 1),
        (r#"{"type":"Note","quote":{"id":"https://a.example/1"}}"#, 0),
        // Who owns a podcast, an address on a collection.
        (r#"{"type":"Podcast","owner":{"name":"Iris"}}"#, 0),
        (r#"{"type":"Shelf","owner":7}"#, 1),
        // Done or not in a list of things to do; anything on what nobody declared it for.
        (r#"{"type":"Todo","status":"half"}"#, 1),
        (r#"{"type":"Event","status":"half"}"#, 0),
        (r#"{"type":"Event","ical:status":"CONFIRMED"}"#, 0),
        (r#"{"type":"Event","ical:status":{}}"#, 1),
        // What has no type is what the name stands for.
        (r#"{"isbn13":7}"#, 1),
        (r#"{"type":"Note","isbn13":7}"#, 0),
    ] {
        let found = crate::check::unreadable(&Object::parse(json.as_bytes()).unwrap());
        assert_eq!(found.len(), flaws, "{found:?} in {json}");
    }
}

#[test]
fn the_context_of_what_is_built_defines_what_the_extension_needs() {
    let as2 = r#""https://www.w3.org/ns/activitystreams""#;
    for (built, context) in [
        (
            Ticket::builder().is_resolved(false).assigned_to("https://a.example/@iris").build().into_object(),
            format!(r#"[{as2},"https://forgefed.org/ns"]"#),
        ),
        (
            Grant::builder().allows("invoke").target("https://a.example/@iris").build().into_object(),
            format!(
                r#"[{as2},{{"forge":"https://forgefed.org/ns#","Grant":"forge:Grant","allows":"forge:allows"}}]"#
            ),
        ),
        (
            Push::builder().hash_after("be9f48").build().into_object(),
            format!(
                r#"[{as2},"https://forgefed.org/ns",{{"forge":"https://forgefed.org/ns#","hashAfter":"forge:hashAfter"}}]"#
            ),
        ),
        (
            Event::builder().ical_status("CONFIRMED").timezone("Europe/Rome").build().into_object(),
            format!(
                r#"[{as2},{{"ical":"http://www.w3.org/2002/12/cal/ical#","mz":"https://joinmobilizon.org/ns#","timezone":"mz:timezone"}}]"#
            ),
        ),
        (
            Event::builder()
                .display_end_time(true)
                .attendees("https://a.example/e/attendees")
                .build()
                .into_object(),
            format!(
                r#"[{as2},{{"fep8a8e":"https://w3id.org/fep/8a8e/","displayEndTime":"fep8a8e:displayEndTime","attendees":{{"@id":"fep8a8e:attendees","@type":"@id"}}}}]"#
            ),
        ),
        (
            Track::builder().track_position(3).artists(Artist::builder().name("Iris")).build().into_object(),
            format!(r#"[{as2},"https://funkwhale.audio/ns"]"#),
        ),
        (Quotation::builder().quoted_text("<p>a</p>").content("b").build().into_object(), as2.to_owned()),
        (PodcastEpisode::builder().episode_number(1).build().into_object(), as2.to_owned()),
        (
            Note::builder().quote_authorization("https://a.example/stamps/1").build().into_object(),
            format!(
                r#"[{as2},{{"fep044f":"https://w3id.org/fep/044f#","quoteAuthorization":{{"@id":"fep044f:quoteAuthorization","@type":"@id"}}}}]"#
            ),
        ),
        (
            QuoteAuthorization::builder().interaction_target("https://a.example/1").build().into_object(),
            format!(
                r#"[{as2},"https://gotosocial.org/ns",{{"fep044f":"https://w3id.org/fep/044f#","QuoteAuthorization":"fep044f:QuoteAuthorization"}}]"#
            ),
        ),
        (
            Person::builder()
                .webfinger("iris@a.example")
                .gateways("https://a.example")
                .featured_collections("https://a.example/c")
                .copied_to("https://b.example/@iris")
                .build()
                .into_object(),
            format!(
                r#"[{as2},"https://purl.archive.org/socialweb/webfinger","https://w3id.org/fep/ef61",{{"fep7aa9":"https://w3id.org/fep/7aa9#","featuredCollections":{{"@id":"fep7aa9:featuredCollections","@type":"@id"}},"fep7628":"https://w3id.org/fep/7628#","copiedTo":{{"@id":"fep7628:copiedTo","@type":"@id"}}}}]"#
            ),
        ),
        (
            Collection::builder().likes_of("https://a.example/1").build().into_object(),
            format!(r#"[{as2},"https://w3id.org/fep/5711"]"#),
        ),
        (
            Create::builder()
                .object(Intent::builder().resource_quantity(Measure::untyped().has_unit("one")))
                .build()
                .into_object(),
            format!(
                r#"[{as2},{{"vf":"https://w3id.org/valueflows/ont/vf#","Intent":"vf:Intent","om2":"http://www.ontology-of-units-of-measure.org/resource/om-2/","hasUnit":"om2:hasUnit","resourceQuantity":{{"@id":"vf:resourceQuantity","@type":"@id"}}}}]"#
            ),
        ),
        (
            Bite::builder().target("https://b.example/@bo").build().into_object(),
            format!(r#"[{as2},{{"mia":"https://ns.mia.jetzt/as#","Bite":"mia:Bite"}}]"#),
        ),
    ] {
        assert_eq!(built.member("@context").unwrap().to_json(), context);
        assert_eq!(crate::check::unreadable(&built), []);
        assert_eq!(Object::parse(built.to_json().as_bytes()).unwrap(), built);
    }
}
