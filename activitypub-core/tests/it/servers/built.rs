//! What is built with the vocabularies of servers, and what `@context` comes of it.

use activitypub_core::vocab::lemmy::CommunityTag;
use activitypub_core::vocab::pixelfed::PostCapabilities;
use activitypub_core::{
    AnnounceRequest, DataIntegrityProof, EmojiReact, Group, InteractionPolicy, InteractionRule, LikeRequest,
    Link, Multikey, Note, Object, PUBLIC, Person, Place, PostalAddress, PropertyValue, Question,
    RsaSignature2017, Typed, Video,
};

#[test]
fn what_is_built_says_what_its_names_mean() {
    let as2 = "https://www.w3.org/ns/activitystreams";
    let table: Vec<(Object, String)> = vec![
        (
            Question::builder().voters_count(7).focal_point([0.5, -1.0]).build().into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"toot":"http://joinmastodon.org/ns#","votersCount":"toot:votersCount","focalPoint":{{"@id":"toot:focalPoint","@container":"@list"}}}}],"type":"Question","votersCount":7,"focalPoint":[0.5,-1.0]}}"#
            ),
        ),
        (
            Person::builder().attribution_domains("blog.example").build().into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"toot":"http://joinmastodon.org/ns#","attributionDomains":"toot:attributionDomains"}}],"type":"Person","attributionDomains":["blog.example"]}}"#
            ),
        ),
        (
            Note::builder().conversation("tag:a.example,2026:1").build().into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"ostatus":"http://ostatus.org#","conversation":"ostatus:conversation"}}],"type":"Note","conversation":"tag:a.example,2026:1"}}"#
            ),
        ),
        (
            Place::builder().address(PostalAddress::builder().postal_code("69007")).build().into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"sc":"http://schema.org/","PostalAddress":"sc:PostalAddress","postalCode":"sc:postalCode","address":{{"@id":"sc:address","@type":"@id"}}}}],"type":"Place","address":{{"type":"PostalAddress","postalCode":"69007"}}}}"#
            ),
        ),
        (
            Person::builder().attachment(PropertyValue::builder().name("A").value("b")).build().into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"schema":"http://schema.org#","PropertyValue":"schema:PropertyValue","value":"schema:value"}}],"type":"Person","attachment":[{{"type":"PropertyValue","name":"A","value":"b"}}]}}"#
            ),
        ),
        (
            Person::builder().vcard_bday("2001-02-22").build().into_object(),
            format!(r#"{{"@context":"{as2}","type":"Person","vcard:bday":"2001-02-22"}}"#),
        ),
        (
            Person::builder()
                .is_cat(true)
                .speak_as_cat(true)
                .listenbrainz("neko")
                .misskey_make_notes_hidden_before(-1)
                .build()
                .into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"misskey":"https://misskey-hub.net/ns#","isCat":"misskey:isCat","firefish":"https://joinfirefish.org/ns#","speakAsCat":"firefish:speakAsCat","sharkey":"https://joinsharkey.org/ns#","listenbrainz":"sharkey:listenbrainz","_misskey_makeNotesHiddenBefore":"misskey:_misskey_makeNotesHiddenBefore"}}],"type":"Person","isCat":true,"speakAsCat":true,"listenbrainz":"neko","_misskey_makeNotesHiddenBefore":-1}}"#
            ),
        ),
        (
            Note::builder().searchable_by(PUBLIC).build().into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"fedibird":"http://fedibird.com/ns#","searchableBy":{{"@id":"fedibird:searchableBy","@type":"@id"}}}}],"type":"Note","searchableBy":["{PUBLIC}"]}}"#
            ),
        ),
        (
            EmojiReact::builder().content("🧡").object("https://a.example/1").build().into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"litepub":"http://litepub.social/ns#","EmojiReact":"litepub:EmojiReact"}}],"type":"EmojiReact","content":"🧡","object":"https://a.example/1"}}"#
            ),
        ),
        (
            Note::builder()
                .interaction_policy(
                    InteractionPolicy::untyped()
                        .can_like(InteractionRule::untyped().automatic_approval(PUBLIC)),
                )
                .build()
                .into_object(),
            format!(
                r#"{{"@context":["{as2}","https://gotosocial.org/ns"],"type":"Note","interactionPolicy":{{"canLike":{{"automaticApproval":["{PUBLIC}"]}}}}}}"#
            ),
        ),
        (
            LikeRequest::builder().object("https://a.example/1").build().into_object(),
            format!(
                r#"{{"@context":["{as2}","https://gotosocial.org/ns"],"type":"LikeRequest","object":"https://a.example/1"}}"#
            ),
        ),
        (
            AnnounceRequest::builder().instrument("https://a.example/2").build().into_object(),
            format!(
                r#"{{"@context":["{as2}","https://gotosocial.org/ns"],"type":"AnnounceRequest","instrument":"https://a.example/2"}}"#
            ),
        ),
        (
            Group::builder()
                .spoken_languages(Object::untyped().identifier("fr"))
                .posting_restricted_to_mods(true)
                .build()
                .into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"sc":"http://schema.org/","identifier":"sc:identifier","language":{{"@id":"http://schema.org/inLanguage","@type":"@id"}},"lemmy":"https://join-lemmy.org/ns#","postingRestrictedToMods":"lemmy:postingRestrictedToMods"}}],"type":"Group","language":[{{"identifier":"fr"}}],"postingRestrictedToMods":true}}"#
            ),
        ),
        (
            Group::builder()
                .tags_for_posts(CommunityTag::builder().display_name("RDF"))
                .build()
                .into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"lemmy":"https://join-lemmy.org/ns#","CommunityTag":"lemmy:CommunityTag","display_name":"lemmy:display_name"}}],"type":"Group","lemmy:tagsForPosts":[{{"type":"CommunityTag","display_name":"RDF"}}]}}"#
            ),
        ),
        (
            Video::builder()
                .views(1)
                .url(Link::builder().href("https://v.example/1.mp4").size(2))
                .build()
                .into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"pt":"https://joinpeertube.org/ns#","views":"pt:views","size":"pt:size"}}],"type":"Video","views":1,"url":{{"type":"Link","href":"https://v.example/1.mp4","size":2}}}}"#
            ),
        ),
        (
            Note::builder()
                .post_capabilities(PostCapabilities::untyped().may_like(PUBLIC))
                .build()
                .into_object(),
            format!(
                r#"{{"@context":["{as2}",{{"like":{{"@id":"http://pixelfed.org/ns#canLike","@type":"@id"}},"pixelfed":"http://pixelfed.org/ns#","capabilities":{{"@id":"pixelfed:capabilities","@type":"@id"}}}}],"type":"Note","capabilities":{{"like":"{PUBLIC}"}}}}"#
            ),
        ),
        (
            Person::builder()
                .authentication(Multikey::builder().public_key_multibase("z6Mk"))
                .build()
                .into_object(),
            format!(
                r#"{{"@context":["{as2}","https://w3id.org/security/multikey/v1","https://www.w3.org/ns/did/v1"],"type":"Person","authentication":[{{"type":"Multikey","publicKeyMultibase":"z6Mk"}}]}}"#
            ),
        ),
        (
            Note::builder().proof(DataIntegrityProof::builder().proof_value("z3")).build().into_object(),
            format!(
                r#"{{"@context":["{as2}","https://w3id.org/security/data-integrity/v1"],"type":"Note","proof":{{"type":"DataIntegrityProof","proofValue":"z3"}}}}"#
            ),
        ),
        (
            Note::builder()
                .signature(RsaSignature2017::builder().signature_value("c2ln"))
                .build()
                .into_object(),
            format!(
                r#"{{"@context":["{as2}","https://w3id.org/security/v1"],"type":"Note","signature":{{"type":"RsaSignature2017","signatureValue":"c2ln"}}}}"#
            ),
        ),
    ];
    for (built, json) in table {
        assert_eq!(built.to_json(), json);
        assert_eq!(crate::check::unreadable(&built), [], "{json}");
    }
}
