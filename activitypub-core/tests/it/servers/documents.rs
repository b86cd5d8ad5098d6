//! A document of each kind, as its server writes it; what they have in common with others is left out.

/// A Mastodon account, and a poll and a picture of it.
pub(super) const MASTODON: &str = r#"{"type":"Person","id":"https://m.example/users/iris","inbox":"https://m.example/users/iris/inbox",
    "featured":"https://m.example/users/iris/collections/featured","discoverable":true,"indexable":false,
    "featuredTags":"https://m.example/users/iris/collections/tags","memorial":true,"suspended":false,
    "attributionDomains":["blog.example","news.example"],"showFeatured":true,"showMedia":true,
    "showRepliesInMedia":false,"attachment":[{"type":"PropertyValue","name":"Pronouns","value":"she"}]}"#;
pub(super) const MASTODON_POLL: &str = r#"{"type":"Question","votersCount":7,"atomUri":"https://m.example/users/iris/statuses/1",
    "inReplyToAtomUri":"https://m.example/users/iris/statuses/0",
    "conversation":"tag:m.example,2025-01-02:objectId=1:objectType=Conversation",
    "attachment":[{"type":"Document","mediaType":"image/png","url":"https://m.example/1.png",
        "blurhash":"UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH","focalPoint":[-0.55,0.43]}]}"#;

/// Accounts of Misskey and its forks, a note, a reaction and an emoji.
pub(super) const SHARKEY: &str = r##"{"type":"Person","id":"https://k.example/users/9","inbox":"https://k.example/users/9/inbox",
    "summary":"<p>I am <i>neko</i></p>","_misskey_summary":"I am $[tada neko]","_misskey_followedMessage":"Nya!",
    "_misskey_requireSigninToViewContents":true,"_misskey_makeNotesFollowersOnlyBefore":-86400000,
    "_misskey_makeNotesHiddenBefore":1735787040000,"isCat":true,"speakAsCat":false,"listenbrainz":"neko",
    "backgroundUrl":{"type":"Image","url":"https://k.example/bg.png"},"hideOnlineStatus":true,"enableRss":false,
    "vcard:bday":"2001-02-22","vcard:Address":"Kyoto",
    "tag":[{"type":"Emoji","name":":blobcat:","icon":{"type":"Image","url":"https://k.example/blobcat"},
        "_misskey_license":{"freeText":"CC0"}}]}"##;
pub(super) const MISSKEY_POLL: &str = r#"{"type":"Question","_misskey_content":"cats?","_misskey_quote":"https://k.example/notes/1",
    "oneOf":[{"type":"Note","name":"yes","_misskey_votes":2,"replies":{"type":"Collection","totalItems":2}}]}"#;
pub(super) const MISSKEY_REACTION: &str = r#"{"type":"Like","id":"https://k.example/likes/1","actor":"https://k.example/users/9",
    "object":"https://m.example/users/iris/statuses/1","content":":blobcat:","_misskey_reaction":":blobcat:"}"#;

/// A note of Fedibird, and an account there.
pub(super) const FEDIBIRD: &str = r#"{"type":"Note","quoteUri":"https://m.example/users/iris/statuses/1","expiry":"2026-01-02T03:04:05Z",
    "references":{"type":"Collection","id":"https://f.example/1/references"},
    "emojiReactions":"https://f.example/1/emoji_reactions","searchableBy":"https://www.w3.org/ns/activitystreams#Public"}"#;
pub(super) const FEDIBIRD_ACCOUNT: &str = r##"{"type":"Person","id":"https://f.example/users/bo","vcard:Address":"",
    "searchableBy":["https://f.example/users/bo/followers"],
    "otherSetting":[{"type":"PropertyValue","name":"birth_year","value":null},
        {"type":"PropertyValue","name":"cat_ears_color","value":"#9d9996"}]}"##;

/// An account of Akkoma, a reaction, a message and an edited note.
pub(super) const AKKOMA: &str = r#"{"type":"Person","id":"https://p.example/users/al","inbox":"https://p.example/users/al/inbox",
    "capabilities":{"acceptsChatMessages":true},"invisible":false,
    "endpoints":{"oauthRegistrationEndpoint":"https://p.example/api/v1/apps","sharedInbox":"https://p.example/inbox"}}"#;
pub(super) const AKKOMA_REACTION: &str = r#"{"type":"EmojiReact","actor":"https://p.example/users/al","content":"🧡",
    "object":"https://m.example/users/iris/statuses/1"}"#;
pub(super) const PLEROMA_CHAT: &str = r#"{"type":"Create","actor":"https://p.example/users/al","directMessage":true,
    "object":{"type":"ChatMessage","attributedTo":"https://p.example/users/al","content":"Hi!","to":["https://m.example/users/iris"]}}"#;
pub(super) const AKKOMA_NOTE: &str = r#"{"type":"Note","content":"new","directMessage":false,"listMessage":"https://p.example/lists/1",
    "formerRepresentations":{"type":"OrderedCollection","totalItems":1,"orderedItems":[{"type":"Note","content":"old"}]}}"#;

/// A community of Lemmy and one of PieFed, posts in them, and what moderators do.
pub(super) const LEMMY_COMMUNITY: &str = r#"{"type":"Group","id":"https://l.example/c/ferns","inbox":"https://l.example/c/ferns/inbox",
    "description":"All about ferns","postingRestrictedToMods":false,"featured":"https://l.example/c/ferns/featured",
    "attributedTo":"https://l.example/c/ferns/moderators","language":[{"identifier":"fr","name":"Français"},
    {"identifier":"de","name":"Deutsch"}],"tag":[{"type":"CommunityPostTag","id":"https://l.example/c/ferns/tag/news",
        "preferredUsername":"news","color":"color01"}]}"#;
pub(super) const PIEFED_COMMUNITY: &str = r##"{"type":"Group","id":"https://pf.example/c/rdf","inbox":"https://pf.example/c/rdf/inbox",
    "moderators":"https://pf.example/c/rdf/moderators","lemmy:tagsForPosts":[{"type":"lemmy:CommunityTag",
    "id":"https://pf.example/c/rdf/tag/1","display_name":"RDF","text_color":"#000000","background_color":"#eeeeee",
    "blur_images":true}]}"##;
pub(super) const LEMMY_USER: &str = r#"{"type":"Person","id":"https://l.example/u/iris","inbox":"https://l.example/u/iris/inbox",
    "matrixUserId":"@iris:chat.example"}"#;
pub(super) const LEMMY_POST: &str = r#"{"type":"Page","id":"https://l.example/post/1","name":"Ferns","stickied":true,"commentsEnabled":true,
    "language":{"identifier":"fr","name":"Français"}}"#;
pub(super) const LEMMY_COMMENT: &str = r#"{"type":"Note","id":"https://l.example/comment/1","distinguished":true,
    "inReplyTo":"https://l.example/post/1","content":"<p>First</p>"}"#;
pub(super) const LEMMY_BAN: &str = r#"{"type":"Block","actor":"https://l.example/u/mod","object":"https://l.example/u/bo",
    "target":"https://l.example/c/ferns","removeData":true,"summary":"spam","expires":"2026-01-02T03:04:05Z"}"#;
pub(super) const LEMMY_LOCK: &str =
    r#"{"type":"Lock","actor":"https://l.example/u/mod","object":"https://l.example/comment/1"}"#;
pub(super) const LEMMY_WARNING: &str =
    r#"{"type":"Warn","actor":"https://l.example/u/mod","object":"https://l.example/comment/1"}"#;
pub(super) const LEMMY_FEED: &str = r#"{"type":"Feed","id":"https://l.example/m/plants","inbox":"https://l.example/m/plants/inbox",
    "following":"https://l.example/m/plants/following"}"#;

/// A video of PeerTube, where it stands, and what else its servers tell each other.
pub(super) const PEERTUBE_VIDEO: &str = r#"{"type":"Video","id":"https://v.example/videos/watch/1","name":"Ferns","duration":"PT113S",
    "uuid":"9c9de5e8-0a1e-484a-b099-e80766180a6d","category":{"identifier":"15","name":"Science & Technology"},
    "licence":{"identifier":"2","name":"Attribution - Share Alike"},"language":{"identifier":"en","name":"English"},
    "views":53137,"sensitive":true,"waitTranscoding":true,"state":1,"commentsEnabled":true,"commentsPolicy":3,
    "canReply":"https://www.w3.org/ns/activitystreams#Public","downloadEnabled":true,"isLiveBroadcast":false,
    "liveSaveReplay":true,"permanentLive":false,"latencyMode":1,"dvrWindow":3600,"aspectRatio":1.7778,
    "published":"2018-10-01T10:52:46.396Z","originallyPublishedAt":"2015-06-07T00:00:00.000Z",
    "uploadDate":"2018-10-01T10:52:46.396Z","support":"Buy me a fern","playerSettings":"https://v.example/1/player-settings",
    "hasParts":"https://v.example/videos/watch/1/chapters","tag":[{"type":"Hashtag","name":"ferns"},
        {"type":"SensitiveTag","name":"violence"}],
    "subtitleLanguage":[{"identifier":"ca","name":"Catalan","automaticallyGenerated":true,"url":"https://v.example/ca.vtt"}],
    "preview":[{"type":"Image","rel":["storyboard"],"url":[{"mediaType":"image/jpeg","href":"https://v.example/s.jpg",
        "width":2112,"height":1188,"tileWidth":192,"tileHeight":108,"tileDuration":"PT3S"}]}],
    "url":[{"type":"Link","mediaType":"video/mp4","href":"https://v.example/1.mp4","height":1080,"size":72000000000,"fps":24,
        "tag":[{"type":"Infohash","name":"f7428214539626e062f300f2ca4cf9154575144e"}]}],
    "dislikes":"https://v.example/videos/watch/1/dislikes","comments":"https://v.example/videos/watch/1/comments"}"#;
pub(super) const PEERTUBE_CHANNEL: &str = r#"{"type":"Group","id":"https://v.example/video-channels/ferns","support":null,
    "inbox":"https://v.example/video-channels/ferns/inbox","playlists":"https://v.example/video-channels/ferns/playlists",
    "postingRestrictedToMods":true,"email":"ferns@v.example"}"#;
pub(super) const PEERTUBE_CHAPTERS: &str = r#"{"id":"https://v.example/videos/watch/1/chapters",
    "hasPart":[{"name":"Intro","startOffset":0,"endOffset":30.5}]}"#;
pub(super) const PEERTUBE_PLAYLIST: &str = r#"{"type":"Playlist","id":"https://v.example/video-playlists/1","name":"Ferns","totalItems":1,
    "uuid":"73804a40-da9a-40c2-b1eb-2c6d9eec8f0a","videoChannelPosition":1,"first":"https://v.example/video-playlists/1?page=1"}"#;
pub(super) const PEERTUBE_ELEMENT: &str = r#"{"type":"PlaylistElement","id":"https://v.example/video-playlists/1/videos/1",
    "url":"https://v.example/videos/watch/1","startTimestamp":15,"stopTimestamp":90,"position":1}"#;
pub(super) const PEERTUBE_COPY: &str = r#"{"type":"CacheFile","id":"https://v.example/redundancy/1","object":"https://v.example/videos/watch/1",
    "expires":"2026-02-01T00:00:00.000Z","url":{"type":"Link","href":"https://v.example/r.mp4","size":1,"fps":60}}"#;
pub(super) const PEERTUBE_VIEW: &str = r#"{"type":"View","actor":"https://v.example/accounts/peertube","expires":"2026-01-01T00:01:00.000Z",
    "object":"https://v.example/videos/watch/1",
    "result":{"type":"InteractionCounter","interactionType":"WatchAction","userInteractionCount":12}}"#;
pub(super) const PEERTUBE_WATCH: &str = r#"{"type":"WatchAction","id":"https://v.example/watch-action/1","object":"https://v.example/videos/watch/1",
    "uuid":"1a0d3a4e-3a5f-4c0a-9a37-3f6ad1b0a0b1","actionStatus":"CompletedActionStatus","duration":"PT600S",
    "location":{"addressCountry":"FR","addressRegion":"Brittany"},
    "watchSections":[{"startTimestamp":1.5,"endTimestamp":60.25}]}"#;
pub(super) const PEERTUBE_SETTINGS: &str = r#"{"type":"PlayerSettings","id":"https://v.example/1/player-settings",
    "object":"https://v.example/videos/watch/1","theme":"lucide"}"#;
pub(super) const PEERTUBE_APPROVAL: &str = r#"{"type":"ApproveReply","id":"https://v.example/comments/5/approve-reply",
    "actor":"https://v.example/accounts/fern","object":"https://m.example/users/iris/statuses/5",
    "inReplyTo":"https://v.example/videos/watch/1"}"#;
pub(super) const PEERTUBE_REFUSAL: &str =
    r#"{"type":"RejectReply","actor":"https://v.example/accounts/fern"}"#;
pub(super) const PEERTUBE_COMMENT: &str = r#"{"type":"Note","inReplyTo":"https://v.example/videos/watch/1",
    "replyApproval":"https://v.example/comments/5/approve-reply"}"#;

/// A post and a story of Pixelfed.
pub(super) const PIXELFED: &str = r#"{"type":"Note","commentsEnabled":false,"capabilities":{
    "announce":"https://www.w3.org/ns/activitystreams#Public","like":"https://www.w3.org/ns/activitystreams#Public","reply":"[]"},
    "location":{"type":"Place","name":"Kyoto","longitude":"135.7681","latitude":"35.0116","country":"Japan"}}"#;
pub(super) const PIXELFED_STORY: &str = r#"{"type":"Story","id":"https://px.example/stories/lin/1","object":"bear:?t=tok&u=https://px.example/s",
    "expiresAt":"2026-01-11T07:13:25+00:00","duration":5,"can_reply":true,"can_react":false,
    "attachment":{"type":"Image","url":"https://px.example/a.jpg","mediaType":"image/jpeg"}}"#;

/// Posts of GoToSocial, requests, and what answers them.
pub(super) const GOTOSOCIAL_ACCOUNT: &str = r#"{"type":"Person","id":"https://g.example/users/al","inbox":"https://g.example/users/al/inbox",
    "hidesToPublicFromUnauthedWeb":true,"hidesCcPublicFromUnauthedWeb":false,
    "interactionPolicy":{"canFeature":{"automaticApproval":["https://g.example/users/al"]}}}"#;
pub(super) const GOTOSOCIAL: &str = r#"{"type":"Note","id":"https://g.example/statuses/1","interactionPolicy":{
    "canLike":{"automaticApproval":"https://www.w3.org/ns/activitystreams#Public","manualApproval":[]},
    "canReply":{"automaticApproval":["https://g.example/users/al/followers"],
        "manualApproval":["https://www.w3.org/ns/activitystreams#Public"]},
    "canAnnounce":{"always":["https://g.example/users/al"],"approvalRequired":["https://www.w3.org/ns/activitystreams#Public"]},
    "canQuote":{"automaticApproval":["https://g.example/users/al"]},
    "canFeature":{"manualApproval":"https://www.w3.org/ns/activitystreams#Public"}}}"#;
pub(super) const GOTOSOCIAL_REPLY: &str = r#"{"type":"Note","inReplyTo":"https://g.example/statuses/1","approvedBy":"https://g.example/approvals/1",
    "likeAuthorization":"https://g.example/approvals/0","replyAuthorization":"https://g.example/approvals/1",
    "announceAuthorization":{"type":"AnnounceAuthorization","id":"https://g.example/approvals/2"}}"#;
pub(super) const GOTOSOCIAL_REQUEST: &str = r#"{"type":"ReplyRequest","actor":"https://m.example/users/iris",
    "object":"https://g.example/statuses/1","instrument":{"type":"Note","id":"https://m.example/users/iris/statuses/2"}}"#;
pub(super) const GOTOSOCIAL_AUTHORIZATION: &str = r#"{"type":"LikeAuthorization","id":"https://g.example/approvals/0",
    "attributedTo":"https://g.example/users/al","interactingObject":"https://m.example/users/iris/likes/1",
    "interactionTarget":"https://g.example/statuses/1"}"#;
pub(super) const GOTOSOCIAL_APPROVAL: &str = r#"{"type":"LikeApproval","id":"https://g.example/approvals/0","actor":"https://g.example/users/al",
    "object":"https://m.example/users/iris/likes/1","target":"https://g.example/statuses/1"}"#;

/// Keys, a signature and a proof.
pub(super) const KEYS: &str = r#"{"type":"Person","id":"https://a.example/iris","inbox":"https://a.example/iris/inbox",
    "publicKey":{"id":"https://a.example/iris#main-key","owner":"https://a.example/iris","publicKeyPem":"PEM"},
    "assertionMethod":[{"type":"Multikey","id":"https://a.example/iris#ed25519","controller":"https://a.example/iris",
        "publicKeyMultibase":"z6Mk","expires":"2027-01-01T00:00:00Z","revoked":"2026-01-01T00:00:00Z"}],
    "authentication":["https://a.example/iris#ed25519"]}"#;
pub(super) const SIGNED: &str = r#"{"type":"Create","actor":"https://a.example/iris","object":{"type":"Note",
    "attachment":[{"type":"Image","url":"https://a.example/cow.jpg","size":9045,"digestMultibase":"zQmaeDPzhNL32WQ",
        "exifData":[{"type":"PropertyValue","name":"FNumber","value":"2.8"}]}],"license":"CC0-1.0"},
    "signature":{"type":"RsaSignature2017","creator":"https://a.example/iris#main-key","created":"2026-01-02T03:04:05Z",
        "signatureValue":"c2ln"},
    "proof":{"type":"DataIntegrityProof","cryptosuite":"eddsa-jcs-2022","verificationMethod":"https://a.example/iris#ed25519",
        "proofPurpose":"assertionMethod","proofValue":"z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjg",
        "created":"2026-01-02T03:04:05Z","expires":"2027-01-01T00:00:00Z","domain":"b.example","challenge":"c","nonce":"n",
        "previousProof":["urn:uuid:1"]}}"#;

/// An event, as Mobilizon and Gancio have them.
pub(super) const EVENT: &str = r#"{"type":"Event","id":"https://e.example/events/1","category":"MEETING","inLanguage":"en",
    "maximumAttendeeCapacity":20,"remainingAttendeeCapacity":3,"eventStatus":"EventScheduled","commentsEnabled":true,
    "location":[{"type":"Place","name":"Hall","address":{"type":"PostalAddress","streetAddress":"10 Rue Jangot",
        "postalCode":"69007","addressLocality":"Lyon","addressRegion":"Rhône","addressCountry":"France"}},
      {"type":"Place","name":"Online","address":{"type":"VirtualLocation","url":"https://e.example/room"}}]}"#;

pub(super) const DOCUMENTS: [&str; 45] = [
    MASTODON,
    MASTODON_POLL,
    SHARKEY,
    MISSKEY_POLL,
    MISSKEY_REACTION,
    FEDIBIRD,
    FEDIBIRD_ACCOUNT,
    AKKOMA,
    AKKOMA_REACTION,
    PLEROMA_CHAT,
    AKKOMA_NOTE,
    LEMMY_COMMUNITY,
    PIEFED_COMMUNITY,
    LEMMY_USER,
    LEMMY_POST,
    LEMMY_COMMENT,
    LEMMY_BAN,
    LEMMY_LOCK,
    LEMMY_WARNING,
    LEMMY_FEED,
    PEERTUBE_VIDEO,
    PEERTUBE_CHANNEL,
    PEERTUBE_CHAPTERS,
    PEERTUBE_PLAYLIST,
    PEERTUBE_ELEMENT,
    PEERTUBE_COPY,
    PEERTUBE_VIEW,
    PEERTUBE_WATCH,
    PEERTUBE_SETTINGS,
    PEERTUBE_APPROVAL,
    PEERTUBE_REFUSAL,
    PEERTUBE_COMMENT,
    PIXELFED,
    PIXELFED_STORY,
    GOTOSOCIAL_ACCOUNT,
    GOTOSOCIAL,
    GOTOSOCIAL_REPLY,
    GOTOSOCIAL_REQUEST,
    GOTOSOCIAL_AUTHORIZATION,
    GOTOSOCIAL_APPROVAL,
    KEYS,
    SIGNED,
    EVENT,
    // Keys that are documents of their own.
    r#"{"type":"CryptographicKey","owner":"https://a.example/iris","publicKeyPem":"PEM"}"#,
    r#"{"type":"Key","owner":"https://a.example/iris","publicKeyPem":"PEM"}"#,
];
