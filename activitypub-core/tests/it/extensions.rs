//! Documents of the extensions, in the shapes their servers send.

use activitypub_core::vocab::bite::Bite;
use activitypub_core::vocab::bookwyrm::{Author, BookList, ListItem, Shelf};
use activitypub_core::vocab::event::fep_8a8e::OrganizersCollection;
use activitypub_core::vocab::event::{Member, Todo};
use activitypub_core::vocab::forgefed::TicketDependency;
use activitypub_core::vocab::forgefed::draft::{Factory, FieldValue, Patch, TicketTracker};
use activitypub_core::vocab::valueflows::om2::Measure;
use activitypub_core::vocab::valueflows::{Agreement, Commitment, Intent, Proposal};
use activitypub_core::{
    Activity, Actor, Album, Artist, Audio, Branch, Collection, Comment, Commit, Edition, Event, Grant, Image,
    Iri, Join, Library, Link, Note, Offer, OrderedCollection, Person, Podcast, PodcastEpisode, Project, Push,
    Quotation, Repository, Review, Team, Ticket, Track, Typed, Value,
};

use crate::servers::{id, ids, iri, read};

#[test]
fn a_forge_speaks_of_repositories_commits_and_tickets() {
    let repository = read::<Repository>(
        r#"{"type":["Repository","TicketTracker"],"id":"https://forge.example/sim",
            "inbox":"https://forge.example/sim/inbox","cloneUri":"https://forge.example/sim.git",
            "pushUri":["https://forge.example/sim.git","ssh://git@forge.example/sim.git"],
            "ticketsTrackedBy":"https://forge.example/sim","sendPatchesTo":"https://forge.example/sim",
            "team":"https://forge.example/sim/team","forks":"https://forge.example/sim/forks",
            "mirroredBy":["https://other.example/sim"]}"#,
    );
    assert!(repository.is::<TicketTracker>() && repository.is::<Actor>());
    assert_eq!(repository.clone_uri().next().unwrap(), "https://forge.example/sim.git");
    assert_eq!(repository.push_uri().count(), 2);
    assert_eq!(id(repository.tickets_tracked_by()), "https://forge.example/sim");
    assert_eq!(id(repository.send_patches_to()), id(repository.tickets_tracked_by()));
    assert_eq!(id(repository.team()), "https://forge.example/sim/team");
    assert_eq!(id(repository.forks()), "https://forge.example/sim/forks");
    assert_eq!(ids(&repository.mirrored_by()), ["https://other.example/sim"]);

    let push = read::<Push>(
        r#"{"type":"Push","actor":"https://forge.example/iris","target":"https://forge.example/sim/main",
            "hashBefore":"017cbb","hashAfter":"be9f48",
            "object":{"type":"OrderedCollection","totalItems":1,"orderedItems":[
                {"type":"Commit","context":"https://forge.example/sim","hash":"be9f48",
                 "created":"2019-07-11T12:34:56Z","committed":"2019-07-26T23:45:01Z",
                 "committedBy":"https://forge.example/lin","summary":"Fix the title","filesAdded":["a","b"],
                 "filesModified":"c","description":{"mediaType":"text/plain","content":"It was wrong."}}],
              "earlyItems":["https://forge.example/sim/commits/1"]}}"#,
    );
    assert_eq!((push.hash_before(), push.hash_after()), (Some("017cbb"), Some("be9f48")));
    let commits = push.object().of::<OrderedCollection>().next().unwrap();
    assert_eq!(ids(&commits.early_items()), ["https://forge.example/sim/commits/1"]);
    let commit = commits.ordered_items().of::<Commit>().next().unwrap();
    assert_eq!(commit.commit_hash(), Some("be9f48"));
    assert!(commit.commit_created().unwrap() < commit.committed().unwrap());
    assert_eq!(id(commit.committed_by()), "https://forge.example/lin");
    assert_eq!(commit.files_added().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!((commit.files_modified().count(), commit.files_removed().count()), (1, 0));
    let description = commit.commit_description().unwrap().object().unwrap();
    assert_eq!(description.media_type(), Some("text/plain"));

    let ticket = read::<Ticket>(
        r#"{"type":"Ticket","context":"https://forge.example/sim","isResolved":true,
            "resolved":"2022-09-28T16:03:54.327751Z","resolvedBy":"https://forge.example/lin",
            "assignedTo":["https://forge.example/lin"],"dependsOn":"https://forge.example/sim/tickets/1",
            "dependencies":{"type":"Collection","items":[{"type":["Relationship","TicketDependency"],
                "subject":"https://forge.example/sim/tickets/2","relationship":"dependsOn",
                "object":"https://forge.example/sim/tickets/1"}]},
            "customFields":{"type":"FieldValue","fieldValue":{"any":1}},
            "attachment":{"type":"Offer","origin":{"type":"Branch","name":"fix","ref":"refs/heads/fix"},
                "object":{"type":"OrderedCollection","previousVersions":["https://forge.example/b/2",
                    "https://forge.example/b/1"],"orderedItems":[
                    {"type":"Patch","mediaType":"application/x-git-patch","content":"From c9ae"}]}}}"#,
    );
    assert_eq!((ticket.is_resolved(), ticket.resolved().is_some()), (Some(true), true));
    assert_eq!(id(ticket.resolved_by()), "https://forge.example/lin");
    assert_eq!(ids(&ticket.assigned_to()), ["https://forge.example/lin"]);
    assert_eq!(ids(&ticket.depends_on()), ["https://forge.example/sim/tickets/1"]);
    let dependencies = ticket.dependencies().unwrap().of::<Collection>().unwrap();
    assert_eq!(dependencies.items().of::<TicketDependency>().count(), 1);
    let field = ticket.custom_fields().of::<FieldValue>().next().unwrap();
    assert_eq!(field.field_value().map(Value::to_json).as_deref(), Some(r#"{"any":1}"#));
    let offer = ticket.attachment().of::<Offer>().next().unwrap();
    assert_eq!(offer.origin().of::<Branch>().next().unwrap().branch_ref(), Some("refs/heads/fix"));
    let patches = offer.object().of::<OrderedCollection>().next().unwrap();
    assert_eq!(patches.previous_versions().map(Iri::as_str).next(), Some("https://forge.example/b/2"));
    assert_eq!(patches.ordered_items().of::<Patch>().count(), 1);
}

#[test]
fn a_forge_says_who_may_do_what() {
    let grant = read::<Grant>(
        r#"{"type":"Grant","actor":"https://forge.example/sim","object":"maintain",
            "context":"https://forge.example/sim","target":"https://forge.example/lin","allows":"invoke",
            "fulfills":"https://forge.example/outbox/1","delegates":"https://forge.example/outbox/0",
            "capability":"https://forge.example/outbox/2"}"#,
    );
    assert!(grant.is::<Activity>());
    assert_eq!(grant.allows().collect::<Vec<_>>(), ["invoke"]);
    assert_eq!(ids(&grant.fulfills()), ["https://forge.example/outbox/1"]);
    assert_eq!(id(grant.delegates()), "https://forge.example/outbox/0");
    assert_eq!(id(grant.capability()), "https://forge.example/outbox/2");

    let team = read::<Team>(
        r#"{"type":"Team","inbox":"https://forge.example/t/inbox",
            "members":{"type":"Collection","totalItems":3},"subteams":"https://forge.example/t/subteams"}"#,
    );
    assert_eq!(team.team_members().unwrap().of::<Collection>().unwrap().total_items(), Some(3));
    assert_eq!(id(team.subteams()), "https://forge.example/t/subteams");
    let project = read::<Project>(
        r#"{"type":"Project","components":{"type":"Collection","items":["https://forge.example/sim"]},
            "subprojects":"https://forge.example/p/subprojects"}"#,
    );
    assert_eq!(ids(&project.components().unwrap().of::<Collection>().unwrap().items()).len(), 1);
    let factory = read::<Factory>(
        r#"{"type":"Factory","availableActorTypes":["Repository","Team"],
            "collaborators":"https://forge.example/f/collaborators","teams":"https://forge.example/f/teams"}"#,
    );
    assert_eq!(factory.available_actor_types().count(), 2);
    assert_eq!(id(factory.collaborators()), "https://forge.example/f/collaborators");
}

#[test]
fn an_event_says_how_one_takes_part() {
    let event = read::<Event>(
        r#"{"type":"Event","name":"Picnic","ical:status":"CONFIRMED","joinMode":"external",
            "externalParticipationUrl":"https://tickets.example/7","repliesModerationOption":"allow_all",
            "anonymousParticipationEnabled":true,"timezone":"Europe/Rome","isOnline":false,"draft":false,
            "participantCount":7,"contacts":["https://events.example/@iris"],"displayEndTime":false,
            "attendees":{"type":"Collection","totalItems":84},"previousStartTime":"2025-06-01T12:00:00Z",
            "organizers":{"type":"OrganizersCollection","items":[{"type":"sc:Person","name":"Iris"}]},
            "requiredJoinVisibility":["https://events.example/@iris"],
            "image":{"type":"Image","isBannerImage":true}}"#,
    );
    assert_eq!(event.ical_status(), Some("CONFIRMED"));
    assert_eq!(event.join_mode(), Some("external"));
    assert_eq!(iri(event.external_participation_url()), "https://tickets.example/7");
    assert_eq!(event.replies_moderation_option(), Some("allow_all"));
    assert_eq!(event.anonymous_participation_enabled(), Some(true));
    assert_eq!(event.timezone(), Some("Europe/Rome"));
    assert_eq!((event.is_online(), event.is_draft()), (Some(false), Some(false)));
    assert_eq!(event.participant_count(), Some(7));
    assert_eq!(ids(&event.contacts()), ["https://events.example/@iris"]);
    assert_eq!(event.display_end_time(), Some(false));
    assert_eq!(event.attendees().unwrap().of::<Collection>().unwrap().total_items(), Some(84));
    assert!(event.organizers().unwrap().of::<OrganizersCollection>().is_some());
    assert!(event.previous_start_time().is_some());
    assert_eq!(event.required_join_visibility().count(), 1);
    assert_eq!(event.image().of::<Image>().next().unwrap().is_banner_image(), Some(true));

    let join = read::<Join>(r#"{"type":"Join","participationMessage":"I bring cake"}"#);
    assert_eq!(join.participation_message(), Some("I bring cake"));
    let member = read::<Member>(
        r#"{"type":"Member","actor":"https://events.example/@iris","object":"https://events.example/@g",
            "role":"moderator"}"#,
    );
    assert_eq!(ids(&member.actor()), ["https://events.example/@iris"]);
    assert_eq!(member.member_role(), Some("moderator"));
    let todo = read::<Todo>(r#"{"type":"Todo","todoList":"https://events.example/l","status":false}"#);
    assert_eq!((id(todo.todo_list()), todo.is_done()), ("https://events.example/l", Some(false)));
    let group = read::<Actor>(
        r#"{"type":"Group","openness":"open","memberCount":13,"members":"https://events.example/@g/members",
            "events":"https://events.example/@g/events","posts":null,
            "upcomingEvents":{"type":"OrderedCollection","items":[{"type":"Event"}]}}"#,
    );
    assert_eq!((group.openness(), group.member_count()), (Some("open"), Some(13)));
    assert_eq!(iri(group.group_members()), "https://events.example/@g/members");
    assert_eq!(iri(group.group_events()), "https://events.example/@g/events");
    assert!(group.group_posts().is_none() && group.group_todos().is_none());
    assert!(group.group_resources().is_none() && group.group_discussions().is_none());
    assert!(group.upcoming_events().unwrap().of::<Collection>().is_some());
}

#[test]
fn a_recording_says_what_it_is_of() {
    let audio = read::<Audio>(
        r#"{"type":"Audio","size":8656581,"bitrate":320000,
            "library":"https://music.example/libraries/1","copyright":"1984 Iris",
            "track":{"type":"Track","name":"Bells","position":3,"disc":1,
                "musicbrainzId":"771ab043-8821-44f9-b8e0-2733c3126c6d",
                "artists":[{"type":"Artist","name":"Iris"}],
                "album":{"type":"Album","name":"Lightning","released":"1984-01-01",
                    "cover":{"type":"Link","href":"https://music.example/covers/1.jpg"}}},
            "url":{"type":"Link","href":"https://music.example/1.ogg","bitrate":192000}}"#,
    );
    assert_eq!((audio.file_size(), audio.bitrate()), (Some(8_656_581), Some(320_000)));
    assert_eq!(id(audio.music_library()), "https://music.example/libraries/1");
    assert_eq!(audio.copyright(), Some("1984 Iris"));
    assert_eq!(audio.url().of::<Link>().next().unwrap().bitrate(), Some(192_000));
    let track = audio.track().unwrap().of::<Track>().unwrap();
    assert_eq!((track.track_position(), track.track_disc()), (Some(3), Some(1)));
    assert_eq!(track.musicbrainz_id(), Some("771ab043-8821-44f9-b8e0-2733c3126c6d"));
    assert_eq!(track.artists().of::<Artist>().count(), 1);
    let album = track.album().unwrap().of::<Album>().unwrap();
    assert_eq!(album.album_released(), Some("1984-01-01"));
    assert_eq!(iri(album.album_cover().unwrap().href()), "https://music.example/covers/1.jpg");

    let upload = read::<Audio>(r#"{"type":"Audio","album":"https://music.example/a","position":4,"disc":2}"#);
    assert_eq!(id(upload.audio_album()), "https://music.example/a");
    assert_eq!((upload.audio_position(), upload.audio_disc()), (Some(4), Some(2)));
    let library = read::<Library>(
        r#"{"type":"Library","followers":"https://music.example/libraries/1/followers","totalItems":12}"#,
    );
    assert_eq!(iri(library.collection_followers()), "https://music.example/libraries/1/followers");
    assert_eq!(library.total_items(), Some(12));
}

#[test]
fn what_is_written_about_a_book_is_a_note() {
    let quotation = read::<Quotation>(
        r#"{"type":"Quotation","content":"<p>Ha</p>","quote":"<p>It was the best of times</p>",
            "inReplyToBook":"https://books.example/book/2","position":7,"positionMode":"PG"}"#,
    );
    assert!(quotation.is::<Note>());
    assert_eq!(quotation.quoted_text().as_html().unwrap(), "<p>It was the best of times</p>");
    assert_eq!(id(quotation.in_reply_to_book()), "https://books.example/book/2");
    assert_eq!((quotation.quoted_position(), quotation.quoted_position_mode()), (Some(7), Some("PG")));
    let comment = read::<Comment>(
        r#"{"type":"Comment","inReplyToBook":"https://books.example/book/2","readingStatus":"reading",
            "progress":40,"progressMode":"PCT"}"#,
    );
    assert_eq!((comment.reading_status(), comment.reading_progress()), (Some("reading"), Some(40)));
    assert_eq!(comment.reading_progress_mode(), Some("PCT"));
    for kind in ["Review", "Rating"] {
        let review = read::<Review>(&format!(r#"{{"type":"{kind}","rating":4.5}}"#));
        assert_eq!(review.rating(), Some(4.5), "{kind}");
    }
}

#[test]
fn a_book_has_editions_authors_and_places_it_stands() {
    let edition = read::<Edition>(
        r#"{"type":"Edition","title":"Two Cities","work":"https://books.example/book/1","isbn13":"9780000000002",
            "authors":["https://books.example/author/1"],"publishedDate":"1859","languages":["English"],
            "pages":341,"physicalFormat":"Paperback","publishers":["All"],"openlibraryKey":"OL1M",
            "description":"<p>Of two cities</p>","series":"","seriesNumber":"","subjects":[],
            "cover":{"type":"Document","url":"https://books.example/1.jpg"},
            "lastEditedBy":"https://books.example/user/iris"}"#,
    );
    assert_eq!(edition.book_title(), Some("Two Cities"));
    assert_eq!(id(edition.work()), "https://books.example/book/1");
    assert_eq!((edition.isbn13(), edition.pages()), (Some("9780000000002"), Some(341)));
    assert_eq!(ids(&edition.authors()), ["https://books.example/author/1"]);
    assert_eq!(edition.published_date(), Some("1859"));
    assert_eq!(edition.languages().chain(edition.publishers()).collect::<Vec<_>>(), ["English", "All"]);
    assert_eq!((edition.physical_format(), edition.openlibrary_key()), (Some("Paperback"), Some("OL1M")));
    assert_eq!(edition.book_description().as_html().unwrap(), "<p>Of two cities</p>");
    assert!(edition.book_cover().is_some());
    assert_eq!(iri(edition.last_edited_by()), "https://books.example/user/iris");
    let author = read::<Author>(r#"{"type":"Author","name":"Iris","born":"1812","aliases":["I."]}"#);
    assert_eq!((author.born(), author.aliases().next()), (Some("1812"), Some("I.")));

    let shelf = read::<Shelf>(
        r#"{"type":"Shelf","owner":"https://books.example/user/iris","totalItems":3,"name":"Read"}"#,
    );
    assert_eq!(iri(shelf.collection_owner()), "https://books.example/user/iris");
    assert_eq!(shelf.total_items(), Some(3));
    let list = read::<BookList>(r#"{"type":"BookList","curation":"curated"}"#);
    assert_eq!(list.curation(), Some("curated"));
    let item = read::<ListItem>(
        r#"{"type":"ListItem","actor":"https://books.example/user/iris","book":"https://books.example/book/2",
            "order":1,"approved":true,"notes":"<p>Read it</p>"}"#,
    );
    assert_eq!(id(item.book()), "https://books.example/book/2");
    assert_eq!((item.list_order(), item.is_approved()), (Some(1), Some(true)));
    assert_eq!(ids(&item.actor()), ["https://books.example/user/iris"]);
    let person = read::<Person>(r#"{"type":"Person","bookwyrmUser":true,"hideFollows":false}"#);
    assert_eq!((person.bookwyrm_user(), person.hide_follows()), (Some(true), Some(false)));
}

#[test]
fn a_podcast_has_episodes() {
    let podcast = read::<Podcast>(
        r#"{"type":"Podcast","inbox":"https://pod.example/@p/inbox","rss":"https://pod.example/@p/feed.xml",
            "episodes":"https://pod.example/@p/episodes","explicit":false,"complete":false,"locked":true,
            "owner":{"@type":"Person","name":"Iris"},"copyrightNotice":"(CC BY)","copyrightYear":2021}"#,
    );
    assert!(podcast.is::<Actor>());
    assert_eq!(iri(podcast.rss()), "https://pod.example/@p/feed.xml");
    assert_eq!(iri(podcast.episodes()), "https://pod.example/@p/episodes");
    assert_eq!(podcast.podcast_owner().unwrap().object().unwrap().name().as_str(), Some("Iris"));
    assert_eq!(
        (podcast.is_explicit(), podcast.is_complete(), podcast.is_locked()),
        (Some(false), Some(false), Some(true))
    );
    assert_eq!((podcast.copyright_notice(), podcast.copyright_year()), (Some("(CC BY)"), Some(2021)));
    let episode = read::<PodcastEpisode>(
        r#"{"type":"PodcastEpisode","attributedTo":"https://pod.example/@p","episodeNumber":1,
            "partOfSeason":"https://pod.example/@p/seasons/1","comments":"https://pod.example/@p/1/comments",
            "description":{"type":"Note","contentMap":{"en":"<p>Hello</p>"}},
            "audio":{"type":"Audio","size":1962804,"transcript":"https://pod.example/1.srt",
                "chapters":"https://pod.example/1.json"}}"#,
    );
    assert_eq!(episode.episode_number(), Some(1));
    assert_eq!(iri(episode.part_of_season()), "https://pod.example/@p/seasons/1");
    assert_eq!(iri(episode.episode_comments()), "https://pod.example/@p/1/comments");
    assert!(episode.episode_description().unwrap().of::<Note>().is_some());
    let audio = episode.audio().unwrap().of::<Audio>().unwrap();
    assert_eq!(iri(audio.transcript()), "https://pod.example/1.srt");
    assert_eq!((iri(audio.chapters()), audio.caption()), ("https://pod.example/1.json", None));
}

#[test]
fn a_proposal_becomes_an_agreement() {
    let proposal = read::<Proposal>(
        r#"{"type":"Proposal","purpose":"offer","unitBased":false,
            "publishes":{"type":"Intent","action":"transfer","resourceConformsTo":"https://things.example/bike",
                "resourceQuantity":{"hasUnit":"one","hasNumericalValue":"1"}},
            "reciprocal":{"type":"Intent","action":"transfer","availableQuantity":{"hasUnit":"one"},
                "minimumQuantity":{"hasUnit":"one","hasNumericalValue":"30"}}}"#,
    );
    assert_eq!((proposal.purpose(), proposal.unit_based()), (Some("offer"), Some(false)));
    let intent = proposal.publishes().unwrap().of::<Intent>().unwrap();
    assert_eq!(intent.economic_action(), Some("transfer"));
    assert_eq!(iri(intent.resource_conforms_to()), "https://things.example/bike");
    let quantity = Measure::of(intent.resource_quantity().unwrap().object().unwrap());
    assert_eq!((quantity.has_unit(), quantity.has_numerical_value()), (Some("one"), Some("1")));
    let wanted = proposal.reciprocal().unwrap().of::<Intent>().unwrap();
    assert!(wanted.available_quantity().is_some() && wanted.minimum_quantity().is_some());
    let agreement = read::<Agreement>(
        r#"{"type":"Agreement","stipulates":{"type":"Commitment","satisfies":"https://market.example/p#1"},
            "stipulatesReciprocal":"https://market.example/a#2"}"#,
    );
    let commitment = agreement.stipulates().of::<Commitment>().next().unwrap();
    assert_eq!(id(commitment.satisfies()), "https://market.example/p#1");
    assert_eq!(ids(&agreement.stipulates_reciprocal()), ["https://market.example/a#2"]);
}

#[test]
fn a_bite_is_an_activity() {
    for name in ["Bite", "mia:Bite", "https://ns.mia.jetzt/as#Bite", "https://ns.mia.jetzt/as/#Bite"] {
        let bite = read::<Bite>(&format!(r#"{{"type":"{name}","target":"https://b.example/@bo"}}"#));
        assert!(bite.is::<Activity>());
        assert_eq!(ids(&bite.target()), ["https://b.example/@bo"], "{name}");
    }
}
