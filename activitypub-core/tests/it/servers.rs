//! Documents in the shapes that servers send, with the vocabularies of their own.

mod built;
mod documents;

use std::collections::BTreeSet;

use activitypub_core::vocab::gotosocial::{LikeApproval, ReplyApproval};
use activitypub_core::vocab::lemmy::{CommunityPostTag, CommunityTag, Warn};
use activitypub_core::vocab::litepub::ActorCapabilities;
use activitypub_core::vocab::misskey::EmojiLicense;
use activitypub_core::vocab::peertube::{
    ApproveReply, CacheFile, Infohash, PlayerSettings, RejectReply, Section, SensitiveTag, Subtitles,
    WatchSection,
};
use activitypub_core::vocab::pixelfed::PostCapabilities;
use activitypub_core::vocab::schema::{Chapter, InteractionCounter, WatchAction};
use activitypub_core::vocab::security::CryptographicKey;
use activitypub_core::vocab::{
    Vocabulary, fedibird, gotosocial, lemmy, litepub, mastodon, misskey, ostatus, peertube, pixelfed, schema,
    security, vcard,
};
use activitypub_core::{
    AnnounceAuthorization, Block, ChatMessage, Create, DataIntegrityProof, Emoji, EmojiReact, Endpoints,
    Event, Feed, Group, Image, InteractionAuthorization, InteractionPolicy, InteractionRule, Iri, Item,
    Items, Key, Kind, Like, LikeAuthorization, Link, Lock, Multikey, Note, Object, PUBLIC, Page, Person,
    Place, Playlist, PlaylistElement, PostalAddress, PropertyValue, Question, ReplyRequest, RsaSignature2017,
    Story, Typed, Video, View, VirtualLocation,
};
use documents::*;

const TABLES: [&Vocabulary; 18] = [
    &mastodon::VOCABULARY,
    &ostatus::VOCABULARY,
    &schema::VOCABULARY,
    &schema::fields::VOCABULARY,
    &vcard::VOCABULARY,
    &misskey::VOCABULARY,
    &misskey::firefish::VOCABULARY,
    &misskey::sharkey::VOCABULARY,
    &fedibird::VOCABULARY,
    &litepub::VOCABULARY,
    &gotosocial::VOCABULARY,
    &lemmy::VOCABULARY,
    &peertube::VOCABULARY,
    &pixelfed::VOCABULARY,
    &security::VOCABULARY,
    &security::multikey::VOCABULARY,
    &security::did::VOCABULARY,
    &security::data_integrity::VOCABULARY,
];

/// A document that is a `V` and has no flaw.
pub(crate) fn read<V>(json: &str) -> V
where
    V: Typed<Kind: Kind> + Clone,
{
    let object = Object::parse(json.as_bytes()).unwrap();
    assert_eq!(crate::check::unreadable(&object), [], "{json}");
    object.cast::<V>().unwrap_or_else(|| panic!("{json} is something else")).clone()
}

/// The object that a property holds, seen as a `V`, of whatever type.
fn part<'a, V: Typed>(item: Option<Item<'a>>) -> &'a V {
    V::of(item.and_then(Item::object).expect("an object stands there"))
}

pub(crate) fn id(item: Option<Item<'_>>) -> &str {
    item.and_then(Item::id).map_or("", Iri::as_str)
}

pub(crate) fn ids<'a>(items: &Items<'a>) -> Vec<&'a str> {
    items.ids().map(Iri::as_str).collect()
}

pub(crate) fn iri(iri: Option<&Iri>) -> &str {
    iri.map_or("", Iri::as_str)
}

#[test]
fn every_property_stands_in_a_document_and_is_read() {
    fn visit<'a>(object: &'a Object, found: &mut Vec<&'a Object>) {
        found.push(object);
        for (_, value) in object.members() {
            let values = value.as_array().unwrap_or_else(|| std::slice::from_ref(value));
            values
                .iter()
                .filter_map(activitypub_core::Value::as_object)
                .for_each(|inner| visit(inner, found));
        }
    }
    let documents: Vec<Object> = DOCUMENTS.iter().map(|json| read::<Object>(json)).collect();
    let mut objects = Vec::new();
    documents.iter().for_each(|document| visit(document, &mut objects));
    let types: BTreeSet<&str> = objects.iter().flat_map(|object| object.types()).collect();
    for table in TABLES {
        for row in table.rows() {
            let reads = objects
                .iter()
                .filter(|object| object.member(row.term.name).is_some())
                .map(|object| row.read(object))
                .any(|read| !["None", "[]"].contains(&read.as_str()));
            assert!(reads, "{} of {} is read nowhere", row.term.name, row.domain);
        }
        for of in table.types.iter().filter(|of| !of.is_abstract) {
            let is_seen = types.iter().any(|name| table.local_name(name) == of.name);
            // Like those that stand here.
            let is_alike =
                ["AnnounceApproval", "AnnounceRequest", "LikeRequest", "ReplyApproval", "ReplyAuthorization"];
            assert!(is_seen != is_alike.contains(&of.name), "{} stands in a document: {is_seen}", of.name);
        }
    }
}

#[test]
fn mastodon_tells_what_it_shows() {
    let person = read::<Person>(MASTODON);
    assert_eq!(iri(person.featured_tags()), "https://m.example/users/iris/collections/tags");
    assert_eq!((person.memorial(), person.suspended()), (Some(true), Some(false)));
    assert_eq!(person.attribution_domains().collect::<Vec<_>>(), ["blog.example", "news.example"]);
    assert_eq!(
        (person.show_featured(), person.show_media(), person.show_replies_in_media()),
        (Some(true), Some(true), Some(false))
    );
    let field = person.attachment().of::<PropertyValue>().next().unwrap();
    assert_eq!(field.value().as_html().unwrap(), "she");
    let poll = read::<Question>(MASTODON_POLL);
    assert_eq!(poll.voters_count(), Some(7));
    assert_eq!(poll.atom_uri(), Some("https://m.example/users/iris/statuses/1"));
    assert_eq!(poll.in_reply_to_atom_uri(), Some("https://m.example/users/iris/statuses/0"));
    assert!(poll.conversation().unwrap().starts_with("tag:m.example,"));
    let picture = poll.attachment().objects().next().unwrap();
    assert_eq!(picture.focal_point().collect::<Vec<_>>(), [-0.55, 0.43]);
}

#[test]
fn misskey_and_its_forks_tell_of_cats() {
    let person = read::<Person>(SHARKEY);
    assert_eq!(person.misskey_summary(), Some("I am $[tada neko]"));
    assert_eq!(person.misskey_followed_message(), Some("Nya!"));
    assert_eq!(person.misskey_require_signin_to_view_contents(), Some(true));
    assert_eq!(person.misskey_make_notes_followers_only_before(), Some(-86_400_000));
    assert_eq!(person.misskey_make_notes_hidden_before(), Some(1_735_787_040_000));
    assert_eq!((person.is_cat(), person.speak_as_cat()), (Some(true), Some(false)));
    assert_eq!((person.listenbrainz(), person.enable_rss()), (Some("neko"), Some(false)));
    assert_eq!(person.hide_online_status(), Some(true));
    assert!(person.background_url().unwrap().of::<Image>().is_some());
    assert_eq!((person.vcard_bday(), person.vcard_address()), (Some("2001-02-22"), Some("Kyoto")));
    let emoji = person.tag().of::<Emoji>().next().unwrap();
    assert_eq!(part::<EmojiLicense>(emoji.misskey_license()).free_text(), Some("CC0"));
    let poll = read::<Question>(MISSKEY_POLL);
    assert_eq!(poll.misskey_content(), Some("cats?"));
    assert_eq!(id(poll.quote()), "https://k.example/notes/1");
    assert_eq!(poll.one_of().objects().next().unwrap().misskey_votes(), Some(2));
    assert_eq!(read::<Like>(MISSKEY_REACTION).misskey_reaction(), Some(":blobcat:"));
}

#[test]
fn fedibird_tells_who_may_search() {
    let note = read::<Note>(FEDIBIRD);
    assert_eq!(ids(&note.searchable_by()), [PUBLIC]);
    assert_eq!(id(note.emoji_reactions()), "https://f.example/1/emoji_reactions");
    assert_eq!(id(note.references()), "https://f.example/1/references");
    assert_eq!(note.expiry().unwrap().to_string(), "2026-01-02T03:04:05Z");
    let person = read::<Person>(FEDIBIRD_ACCOUNT);
    assert_eq!(ids(&person.searchable_by()), ["https://f.example/users/bo/followers"]);
    let color = person.other_setting().of::<PropertyValue>().nth(1).unwrap();
    assert_eq!(color.value().as_html().unwrap(), "#9d9996");
}

#[test]
fn litepub_chats_and_reacts() {
    let person = read::<Person>(AKKOMA);
    assert_eq!(part::<ActorCapabilities>(person.capabilities()).accepts_chat_messages(), Some(true));
    assert_eq!(person.invisible(), Some(false));
    let endpoints = part::<Endpoints>(person.endpoints());
    assert_eq!(iri(endpoints.oauth_registration_endpoint()), "https://p.example/api/v1/apps");
    let reaction = read::<EmojiReact>(AKKOMA_REACTION);
    assert_eq!(reaction.content().as_html().unwrap(), "🧡");
    assert_eq!(ids(&reaction.object()), ["https://m.example/users/iris/statuses/1"]);
    let create = read::<Create>(PLEROMA_CHAT);
    assert_eq!(create.direct_message(), Some(true));
    assert!(create.object().of::<ChatMessage>().next().is_some());
    let note = read::<Note>(AKKOMA_NOTE);
    assert_eq!(iri(note.list_message()), "https://p.example/lists/1");
    let before = note.former_representations().unwrap().of::<activitypub_core::OrderedCollection>().unwrap();
    assert_eq!(before.ordered_items().of::<Note>().next().unwrap().content().as_html().unwrap(), "old");
}

#[test]
fn lemmy_tells_of_communities_and_moderators() {
    let group = read::<Group>(LEMMY_COMMUNITY);
    assert_eq!(
        (group.description(), group.posting_restricted_to_mods()),
        (Some("All about ferns"), Some(false))
    );
    let languages: Vec<_> = group.spoken_languages().objects().filter_map(|of| of.identifier()).collect();
    assert_eq!(languages, ["fr", "de"]);
    let tag = group.tag().of::<CommunityPostTag>().next().unwrap();
    assert_eq!((tag.post_tag_name(), tag.color()), (Some("news"), Some("color01")));
    let group = read::<Group>(PIEFED_COMMUNITY);
    assert_eq!(iri(group.moderators()), "https://pf.example/c/rdf/moderators");
    let tag = group.tags_for_posts().of::<CommunityTag>().next().unwrap();
    assert_eq!((tag.display_name(), tag.blur_images()), (Some("RDF"), Some(true)));
    assert_eq!((tag.text_color(), tag.background_color()), (Some("#000000"), Some("#eeeeee")));
    assert_eq!(read::<Person>(LEMMY_USER).matrix_user_id(), Some("@iris:chat.example"));
    let page = read::<Page>(LEMMY_POST);
    assert_eq!((page.stickied(), page.comments_enabled()), (Some(true), Some(true)));
    assert_eq!(part::<Object>(page.language()).identifier(), Some("fr"));
    assert_eq!(read::<Note>(LEMMY_COMMENT).distinguished(), Some(true));
    let ban = read::<Block>(LEMMY_BAN);
    assert_eq!(ban.remove_data(), Some(true));
    assert_eq!(ban.ban_expires().unwrap().to_string(), "2026-01-02T03:04:05Z");
    assert_eq!(ids(&read::<Lock>(LEMMY_LOCK).object()), ["https://l.example/comment/1"]);
    assert_eq!(ids(&read::<Warn>(LEMMY_WARNING).object()), ["https://l.example/comment/1"]);
    assert_eq!(iri(read::<Feed>(LEMMY_FEED).following()), "https://l.example/m/plants/following");
}

#[test]
fn peertube_tells_of_videos() {
    let video = read::<Video>(PEERTUBE_VIDEO);
    assert_eq!(video.uuid(), Some("9c9de5e8-0a1e-484a-b099-e80766180a6d"));
    for (object, identifier) in [(video.category(), "15"), (video.licence(), "2"), (video.language(), "en")] {
        assert_eq!(part::<Object>(object).identifier(), Some(identifier));
    }
    assert_eq!((video.views(), video.state(), video.comments_policy()), (Some(53137), Some(1), Some(3)));
    assert_eq!(iri(video.reply_approved_for()), PUBLIC);
    assert_eq!((video.wait_transcoding(), video.download_enabled()), (Some(true), Some(true)));
    assert_eq!((video.is_live_broadcast(), video.permanent_live()), (Some(false), Some(false)));
    assert_eq!((video.live_save_replay(), video.latency_mode()), (Some(true), Some(1)));
    assert_eq!((video.dvr_window(), video.aspect_ratio()), (Some(3600), Some(1.7778)));
    assert_eq!(video.originally_published_at().unwrap().to_string(), "2015-06-07T00:00:00Z");
    assert!(video.upload_date() > video.originally_published_at());
    assert_eq!((video.support(), video.comments_enabled()), (Some("Buy me a fern"), Some(true)));
    assert_eq!(id(video.player_settings()), "https://v.example/1/player-settings");
    assert_eq!(id(video.has_parts()), "https://v.example/videos/watch/1/chapters");
    assert_eq!(id(video.dislikes()), "https://v.example/videos/watch/1/dislikes");
    assert_eq!(id(video.comments()), "https://v.example/videos/watch/1/comments");
    assert_eq!(video.tag().of::<SensitiveTag>().next().unwrap().name().as_str(), Some("violence"));
    let subtitles = part::<Subtitles>(video.subtitle_language().first());
    assert_eq!((subtitles.identifier(), subtitles.automatically_generated()), (Some("ca"), Some(true)));
    let storyboard = part::<Link>(part::<Image>(video.preview().first()).url().first());
    assert_eq!((storyboard.tile_width(), storyboard.tile_height()), (Some(192), Some(108)));
    assert_eq!(storyboard.tile_duration().unwrap().as_secs(), 3);
    let file = video.url().of::<Link>().next().unwrap();
    assert_eq!((file.size(), file.fps()), (Some(72_000_000_000), Some(24.0)));
    let hash = Object::parse(file.to_json().as_bytes()).unwrap();
    assert_eq!(hash.tag().of::<Infohash>().count(), 1);
    let chapters = read::<Object>(PEERTUBE_CHAPTERS);
    let chapter = part::<Chapter>(chapters.has_part().first());
    assert_eq!((chapter.start_offset(), chapter.end_offset()), (Some(0.0), Some(30.5)));
}

#[test]
fn peertube_servers_tell_each_other_what_they_do() {
    let channel = read::<Group>(PEERTUBE_CHANNEL);
    assert_eq!(iri(channel.playlists()), "https://v.example/video-channels/ferns/playlists");
    assert_eq!((channel.support(), channel.email()), (None, Some("ferns@v.example")));
    let playlist = read::<Playlist>(PEERTUBE_PLAYLIST);
    assert_eq!((playlist.video_channel_position(), playlist.total_items()), (Some(1), Some(1)));
    let element = read::<PlaylistElement>(PEERTUBE_ELEMENT);
    assert_eq!((element.position(), element.start_timestamp()), (Some(1), Some(15.0)));
    assert_eq!(element.stop_timestamp(), Some(90.0));
    let copy = read::<CacheFile>(PEERTUBE_COPY);
    assert_eq!(ids(&copy.object()), ["https://v.example/videos/watch/1"]);
    assert_eq!(copy.cache_expires().unwrap().to_string(), "2026-02-01T00:00:00Z");
    let view = read::<View>(PEERTUBE_VIEW);
    assert_eq!(view.view_expires().unwrap().to_string(), "2026-01-01T00:01:00Z");
    let counter = view.result().of::<InteractionCounter>().next().unwrap();
    assert_eq!(counter.interaction_type(), Some("WatchAction"));
    assert_eq!(counter.user_interaction_count(), Some(12));
    let watched = read::<WatchAction>(PEERTUBE_WATCH);
    assert_eq!(watched.action_status(), Some("CompletedActionStatus"));
    assert_eq!(part::<PostalAddress>(watched.location().first()).address_country(), Some("FR"));
    let section = part::<WatchSection>(watched.watch_sections().first());
    assert_eq!((section.start_timestamp(), section.end_timestamp()), (Some(1.5), Some(60.25)));
    assert_eq!(Section::of(section.as_object()).start_timestamp(), Some(1.5));
    assert_eq!(read::<PlayerSettings>(PEERTUBE_SETTINGS).theme(), Some("lucide"));
    let approval = read::<ApproveReply>(PEERTUBE_APPROVAL);
    assert_eq!(ids(&approval.in_reply_to()), ["https://v.example/videos/watch/1"]);
    assert!(read::<RejectReply>(PEERTUBE_REFUSAL).object().is_empty());
    assert_eq!(
        iri(read::<Note>(PEERTUBE_COMMENT).reply_approval()),
        "https://v.example/comments/5/approve-reply"
    );
}

#[test]
fn pixelfed_tells_who_may_reply() {
    let note = read::<Note>(PIXELFED);
    let capabilities = part::<PostCapabilities>(note.post_capabilities());
    assert_eq!((iri(capabilities.may_announce()), iri(capabilities.may_like())), (PUBLIC, PUBLIC));
    assert_eq!(iri(capabilities.may_reply()), "[]");
    assert_eq!(note.comments_enabled(), Some(false));
    let place = note.location().of::<Place>().next().unwrap();
    assert_eq!((place.country(), place.latitude()), (Some("Japan"), Some(35.0116)));
    let story = read::<Story>(PIXELFED_STORY);
    assert_eq!(story.expires_at().unwrap().to_string(), "2026-01-11T07:13:25Z");
    assert_eq!(story.story_duration(), Some(5));
    assert_eq!((story.story_can_reply(), story.story_can_react()), (Some(true), Some(false)));
    assert_eq!(ids(&story.object()), ["bear:?t=tok&u=https://px.example/s"]);
}

#[test]
fn gotosocial_tells_who_may_do_what() {
    let note = read::<Note>(GOTOSOCIAL);
    let policy = part::<InteractionPolicy>(note.interaction_policy());
    let rule = |item| part::<InteractionRule>(item);
    let own = "https://g.example/users/al";
    for (rule, automatic, manual) in [
        (rule(policy.can_like()), vec![PUBLIC], vec![]),
        (rule(policy.can_reply()), vec!["https://g.example/users/al/followers"], vec![PUBLIC]),
        // As older versions write it.
        (rule(policy.can_announce()), vec![own], vec![PUBLIC]),
        (rule(policy.can_quote()), vec![own], vec![]),
        (rule(policy.can_feature()), vec![], vec![PUBLIC]),
    ] {
        assert_eq!((ids(&rule.automatic_approval()), ids(&rule.manual_approval())), (automatic, manual));
    }
    assert_eq!(ids(&rule(policy.can_announce()).always()), [own]);
    assert_eq!(ids(&rule(policy.can_announce()).approval_required()), [PUBLIC]);
    let reply = read::<Note>(GOTOSOCIAL_REPLY);
    assert_eq!(id(reply.like_authorization()), "https://g.example/approvals/0");
    assert_eq!(id(reply.reply_authorization()), iri(reply.approved_by()));
    assert!(reply.announce_authorization().unwrap().of::<AnnounceAuthorization>().is_some());
    let request = read::<ReplyRequest>(GOTOSOCIAL_REQUEST);
    assert_eq!(ids(&request.instrument()), ["https://m.example/users/iris/statuses/2"]);
    let person = read::<Person>(GOTOSOCIAL_ACCOUNT);
    assert_eq!(person.hides_to_public_from_unauthed_web(), Some(true));
    assert_eq!(person.hides_cc_public_from_unauthed_web(), Some(false));
    for json in [GOTOSOCIAL_AUTHORIZATION, GOTOSOCIAL_APPROVAL] {
        let authorization = read::<LikeAuthorization>(json);
        assert!(authorization.is::<InteractionAuthorization>(), "{json}");
        assert_eq!(id(authorization.interacting_object()), "https://m.example/users/iris/likes/1", "{json}");
        assert_eq!(id(authorization.interaction_target()), "https://g.example/statuses/1", "{json}");
    }
    assert!(read::<LikeApproval>(GOTOSOCIAL_APPROVAL).is::<LikeAuthorization>());
    assert!(!read::<Object>(GOTOSOCIAL_AUTHORIZATION).is::<ReplyApproval>());
}

#[test]
fn keys_signatures_and_proofs_are_read() {
    let person = read::<Person>(KEYS);
    assert_eq!(part::<Key>(person.public_key().first()).public_key_pem(), Some("PEM"));
    let key = person.assertion_method().of::<Multikey>().next().unwrap();
    assert_eq!(key.key_expires().unwrap().to_string(), "2027-01-01T00:00:00Z");
    assert!(key.revoked() < key.key_expires());
    assert_eq!(ids(&person.authentication()), ids(&person.assertion_method()));
    let create = read::<Create>(SIGNED);
    let signature = part::<RsaSignature2017>(create.signature());
    assert_eq!(iri(signature.signature_creator()), "https://a.example/iris#main-key");
    assert_eq!(signature.signature_created().unwrap().to_string(), "2026-01-02T03:04:05Z");
    assert_eq!(signature.signature_value(), Some("c2ln"));
    let proof = create.proof().of::<DataIntegrityProof>().next().unwrap();
    assert_eq!(
        (proof.cryptosuite(), proof.proof_purpose()),
        (Some("eddsa-jcs-2022"), Some("assertionMethod"))
    );
    assert_eq!(iri(proof.verification_method()), "https://a.example/iris#ed25519");
    assert!(proof.proof_value().unwrap().starts_with('z'));
    assert_eq!(proof.proof_created(), signature.signature_created());
    assert!(proof.proof_expires() > proof.proof_created());
    assert_eq!(proof.proof_domain().collect::<Vec<_>>(), ["b.example"]);
    assert_eq!((proof.challenge(), proof.nonce()), (Some("c"), Some("n")));
    assert_eq!(proof.previous_proof().map(Iri::as_str).collect::<Vec<_>>(), ["urn:uuid:1"]);
    let note = create.object().of::<Note>().next().unwrap();
    assert_eq!(note.license(), Some("CC0-1.0"));
    let image = note.attachment().of::<Image>().next().unwrap();
    assert_eq!((image.size(), image.digest_multibase()), (Some(9045), Some("zQmaeDPzhNL32WQ")));
    let aperture = image.exif_data().of::<PropertyValue>().next().unwrap();
    assert_eq!(aperture.value().as_html().unwrap(), "2.8");
    assert!(CryptographicKey::builder().build().is::<Key>());
}

#[test]
fn events_take_place_somewhere() {
    let event = read::<Event>(EVENT);
    assert_eq!((event.event_category().next(), event.in_language()), (Some("MEETING"), Some("en")));
    assert_eq!(event.maximum_attendee_capacity(), Some(20));
    assert_eq!(event.remaining_attendee_capacity(), Some(3));
    assert_eq!(event.event_status(), Some("EventScheduled"));
    let places: Vec<_> = event.location().of::<Place>().collect();
    let address = places[0].address().unwrap().of::<PostalAddress>().unwrap();
    assert_eq!((address.street_address(), address.postal_code()), (Some("10 Rue Jangot"), Some("69007")));
    assert_eq!((address.address_locality(), address.address_region()), (Some("Lyon"), Some("Rhône")));
    assert_eq!(address.address_country(), Some("France"));
    let room = places[1].address().unwrap().of::<VirtualLocation>().unwrap();
    assert_eq!(ids(&room.url()), ["https://e.example/room"]);
}
