//! Who an activity or object is for: ActivityPub [§5.6](https://www.w3.org/TR/activitypub/#public-addressing) and
//! [§6.11](https://www.w3.org/TR/activitypub/#delivery), as real servers write it.

mod blind;

use std::collections::BTreeSet;

use crate::iri::{Iri, Origin};
use crate::item::{Item, Items};
use crate::view::As;
use crate::vocab::as2::{Create, Mention, Object, Update};

/// The collection that everybody is in. ActivityPub §5.6.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Whether an address is [`PUBLIC`], in any of the spellings that are to be treated alike.
pub fn is_public(address: &Iri) -> bool {
    matches!(
        address.as_str(),
        // The last one is from documents whose context is the http one.
        PUBLIC | "as:Public" | "Public" | "http://www.w3.org/ns/activitystreams#Public"
    )
}

/// How widely something may be shown, as its addressing says.
///
/// No property has this; servers agree on what to conclude from the addresses. How most of them write each level:
///
/// | | Mastodon, Misskey, Pixelfed, GoToSocial | Pleroma, Akkoma | Lemmy, PieFed, Mbin |
/// |---|---|---|---|
/// | `Public` | `to` Public, `cc` followers and mentioned | `to` Public and mentioned, `cc` followers | `to` group and Public, `audience` group |
/// | `Unlisted` | `to` followers, `cc` Public and mentioned | `to` followers and mentioned, `cc` Public | |
/// | `Followers` | `to` followers, `cc` mentioned | `to` followers and mentioned | `to` the group's followers |
/// | `Direct` | `to` mentioned | `to` mentioned, `directMessage` | `to` one actor |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Visibility {
    /// For everybody, and to be recommended: Public is in `to` or `bto`.
    Public,
    /// For everybody who comes across it: Public is addressed, but not as one it is primarily for.
    Unlisted,
    /// For the followers of its author or of a group: their collection is addressed, Public is not.
    Followers,
    /// For those who are named alone.
    Direct,
}

/// The addressing of an activity or object.
///
/// ```
/// use activitypub_core::{Audience, Iri, Object, Visibility};
///
/// let note = Object::parse(br#"{
///     "type": "Note",
///     "attributedTo": "https://a.example/users/ada",
///     "to": ["https://a.example/users/ada/followers"],
///     "cc": ["https://b.example/users/bob"],
///     "tag": [{"type": "Mention", "href": "https://b.example/users/bob"}]
/// }"#)?;
/// let audience = Audience::of(&note);
/// assert_eq!(audience.visibility(None), Visibility::Followers);
/// assert!(audience.recipients(None).eq([Iri::new("https://b.example/users/bob")]));
/// assert!(audience.mentions().all(|mention| mention.is_addressed));
/// # Ok::<(), activitypub_core::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Audience<'a> {
    object: &'a Object,
    activity: Option<&'a Object>,
}

/// Somebody who is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mentioned<'a> {
    /// Who: the `href` of the Mention.
    pub actor: &'a Iri,
    /// Whether it is for them too. Some servers tell only those of their mention.
    pub is_addressed: bool,
}

impl<'a> Audience<'a> {
    /// The addressing of `object` itself.
    pub fn of<K>(object: &'a As<K>) -> Self {
        Self { object: object.as_object(), activity: None }
    }

    /// The addressing that counts for what `activity` brings: of a Create or Update that of the object inside,
    /// where it has any, and of everything else its own.
    ///
    /// The two should be the same (ActivityPub §6.2). Where they are not, the activity's says where it is
    /// delivered, and the object's is what stays: whoever reads the object from its own server sees no other.
    /// Mastodon and those who follow it read the object's.
    pub fn effective<K>(activity: &'a As<K>) -> Self {
        let own = Self::of(activity);
        let brings = own.object.cast::<Create>().map(As::as_object);
        let brings = brings.or_else(|| own.object.cast::<Update>().map(As::as_object));
        let inside = brings.and_then(|activity| Items::new(activity.member("object")).only()?.object());
        match inside.map(Self::of).filter(|inside| inside.addresses().next().is_some()) {
            Some(inside) => Self { activity: Some(own.object), ..inside },
            None => own,
        }
    }

    /// Every address in `to`, `cc`, `bto`, `bcc` and `audience`, as often as it stands there.
    pub fn addresses(self) -> impl Iterator<Item = &'a Iri> {
        self.in_terms(&["to", "cc", "bto", "bcc", "audience"])
    }

    /// How widely it may be shown, `followers` being the followers collection of its author.
    ///
    /// Where that is not at hand, an address on the author's own origin counts as one that looks like it:
    /// `…/followers`, `…/followers/NAME`. For the followers of a group, which is known by `audience`
    /// ([FEP-1b12](https://w3id.org/fep/1b12)), that is always so.
    pub fn visibility(self, followers: Option<&Iri>) -> Visibility {
        if self.in_terms(&["to", "bto"]).any(is_public) {
            return Visibility::Public;
        }
        if self.addresses().any(is_public) {
            return Visibility::Unlisted;
        }
        let followers = Followers::of(self, followers);
        if !self.is_direct_message() && self.addresses().any(|address| followers.are(address)) {
            Visibility::Followers
        } else {
            Visibility::Direct
        }
    }

    /// Those it is for by name, each once: neither Public, nor followers (as [`visibility`](Self::visibility) knows
    /// them), nor its author. Whoever is addressed blind is among them.
    pub fn recipients(self, followers: Option<&'a Iri>) -> impl Iterator<Item = &'a Iri> {
        let followers = Followers::of(self, followers);
        let mut seen: BTreeSet<&Iri> = self.authors().collect();
        self.addresses()
            .filter(move |address| !is_public(address) && !followers.are(address) && seen.insert(address))
    }

    /// Those its `tag` mentions, as often as it does.
    pub fn mentions(self) -> impl Iterator<Item = Mentioned<'a>> {
        let addressed: BTreeSet<&Iri> = self.addresses().collect();
        self.mentioned().map(move |actor| Mentioned { actor, is_addressed: addressed.contains(actor) })
    }

    fn in_terms(self, terms: &'static [&'static str]) -> impl Iterator<Item = &'a Iri> {
        terms.iter().flat_map(move |term| Items::new(self.object.member(term)).filter_map(Item::href))
    }

    fn mentioned(self) -> impl Iterator<Item = &'a Iri> {
        self.object.tag().of::<Mention>().filter_map(|mention| mention.href())
    }

    /// Who made it, or does it.
    fn authors(self) -> impl Iterator<Item = &'a Iri> {
        let activity = self.activity.into_iter().flat_map(|activity| Self::of(activity).in_terms(&["actor"]));
        self.in_terms(&["attributedTo", "actor"]).chain(activity)
    }

    fn is_direct_message(self) -> bool {
        let objects = [Some(self.object), self.activity];
        objects.into_iter().flatten().any(|object| object.direct_message() == Some(true))
    }
}

/// What is known of the followers collections that something may be addressed to.
struct Followers<'a> {
    known: Option<&'a Iri>,
    /// Who may have followers collections that are known by how they look.
    owners: BTreeSet<Origin>,
    actors: BTreeSet<&'a Iri>,
}

impl<'a> Followers<'a> {
    fn of(audience: Audience<'a>, known: Option<&'a Iri>) -> Self {
        // What says nothing of its author is at least from its own server.
        let authors = audience.authors().chain(audience.object.id()).filter(|_| known.is_none());
        let owners = audience.in_terms(&["audience"]).chain(authors).filter_map(Iri::origin).collect();
        // Somebody may be called `followers`.
        let actors = audience.mentioned().chain(audience.authors()).collect();
        Self { known, owners, actors }
    }

    fn are(&self, address: &Iri) -> bool {
        self.known == Some(address)
            || looks_like_followers(address)
                && !self.actors.contains(address)
                && address.origin().is_some_and(|origin| self.owners.contains(&origin))
    }
}

/// Whether an address looks like that of a followers collection: `…/followers`, also with a slash, a suffix or a query
/// after it, and `…/followers/NAME`. GNU social has `…/subscribers`.
fn looks_like_followers(address: &Iri) -> bool {
    let url = address.without_fragment().as_str();
    let Some((_, path)) = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')) else {
        return false;
    };
    let mut segments = path.rsplit('/').filter(|segment| !segment.is_empty());
    let last = segments.next().and_then(|last| last.split(['?', '.']).next());
    matches!(last, Some("followers" | "subscribers")) || segments.next() == Some("followers")
}

#[cfg(test)]
mod tests {
    use super::{Audience, Visibility, looks_like_followers};
    use crate::iri::Iri;
    use crate::{Note, Object};

    /// An object by a person on `a.example`. `P` stands for Public, `F` for the author's followers, `B` and `C` for
    /// others.
    fn by_ada(term: &str, members: &str) -> Object {
        let members = members
            .replace("\"P\"", "\"https://www.w3.org/ns/activitystreams#Public\"")
            .replace("\"F\"", "\"https://a.example/users/ada/followers\"")
            .replace("\"B\"", "\"https://b.example/users/bob\"")
            .replace("\"C\"", "\"https://c.example/users/cid\"");
        Object::parse(format!(r#"{{"{term}":"https://a.example/users/ada",{members}}}"#).as_bytes()).unwrap()
    }

    fn note(members: &str) -> Object {
        by_ada("attributedTo", members)
    }

    #[test]
    fn each_family_of_servers_has_its_way_to_say_who_something_is_for() {
        use Visibility::{Direct, Followers, Public, Unlisted};
        let table = [
            // Mastodon, Misskey, Sharkey, Pixelfed, WordPress: arrays, the mentioned in `cc`.
            (r#""to":["P"],"cc":["F","B"]"#, Public),
            (r#""to":["F"],"cc":["P","B"]"#, Unlisted),
            (r#""to":["F"],"cc":["B"]"#, Followers),
            (r#""to":["B"],"cc":[]"#, Direct),
            // Pleroma, Akkoma: the mentioned in `to`.
            (r#""to":["P","B"],"cc":["F"],"bto":[],"bcc":[]"#, Public),
            (r#""to":["F","B"],"cc":["P"]"#, Unlisted),
            (r#""to":["F","B"],"cc":[]"#, Followers),
            (r#""to":["B"],"cc":[],"directMessage":true"#, Direct),
            (r#""to":["F"],"cc":["B"],"litepub:directMessage":true"#, Direct),
            (r#""to":["F"],"directMessage":false"#, Followers),
            (r#""to":["P"],"directMessage":true"#, Public),
            // GoToSocial, Threads: one alone stands bare.
            (r#""to":"P","cc":["F","B"]"#, Public),
            (r#""to":"F","cc":"P""#, Unlisted),
            (r#""to":"F","cc":"B""#, Followers),
            (r#""to":"B""#, Direct),
            // Lemmy, PieFed, Mbin: a group, also as `audience`.
            (r#""to":["https://g.example/c/g","P"],"audience":"https://g.example/c/g""#, Public),
            (r#""to":["https://g.example/c/g/followers"],"audience":"https://g.example/c/g""#, Followers),
            (r#""to":["https://g.example/c/g"],"audience":"https://g.example/c/g""#, Direct),
            (r#""to":["https://g.example/c/g/followers"]"#, Direct),
            // PeerTube: the followers of account and channel.
            (r#""to":["P"],"cc":["F","https://a.example/video-channels/c/followers"]"#, Public),
            (r#""to":["https://a.example/accounts/ada/followers"],"cc":["P"]"#, Unlisted),
            // Public under its other names, as an object, and wherever something can be addressed.
            (r#""to":"as:Public""#, Public),
            (r#""to":["Public"]"#, Public),
            (r#""to":"http://www.w3.org/ns/activitystreams#Public""#, Public),
            (r#""to":{"id":"P"}"#, Public),
            (r#""to":{"id":"P","href":"B"}"#, Public),
            (r#""to":{"id":"B","type":"Person","href":"P"}"#, Direct),
            (r#""to":{"id":"B","type":"Link","href":"P"}"#, Public),
            (r#""as:to":[{"@id":"as:Public","type":"Collection"}]"#, Public),
            (r#""cc":"as:Public""#, Unlisted),
            (r#""audience":"P""#, Unlisted),
            (r#""audience":["Public","B"],"to":[null,"B"]"#, Unlisted),
            (r#""bto":"P""#, Public),
            (r#""bcc":["as:Public"]"#, Unlisted),
            // Nothing that is nearly Public is it.
            (r#""to":"public""#, Direct),
            (r#""to":"https://www.w3.org/ns/activitystreams#public""#, Direct),
            (r#""to":"https://www.w3.org/ns/activitystreams""#, Direct),
            // Followers by how their collection looks: on the author's own server only.
            (r#""to":{"id":"F","type":"OrderedCollection","first":"p1"}"#, Followers),
            (r#""bcc":"F""#, Followers),
            (r#""to":"https://a.example/.ghost/activitypub/followers/index""#, Followers),
            (r#""to":"https://b.example/users/ada/followers""#, Direct),
            (r#""to":"http://a.example/users/ada/followers""#, Direct),
            (r#""to":"https://a.example/users/followers""#, Followers),
            (r#""to":"F","tag":{"type":"Mention","href":"F"}"#, Direct),
            (r#""to":null,"cc":[]"#, Direct),
            (r#""content":"for nobody""#, Direct),
        ];
        for (members, visibility) in table {
            let note = note(members);
            assert_eq!(Audience::of(&note).visibility(None), visibility, "{note}");
        }
    }

    #[test]
    fn the_followers_of_an_author_who_is_known_are_known_by_their_address() {
        let followers = Some(Iri::new("https://a.example/they/who/follow"));
        for (to, visibility) in [
            ("https://a.example/they/who/follow", Visibility::Followers),
            ("https://a.example/users/ada/followers", Visibility::Direct),
        ] {
            let note = Note::builder().attributed_to("https://a.example/users/ada").to(to).build();
            assert_eq!(Audience::of(&note).visibility(followers), visibility, "{to}");
        }
    }

    #[test]
    fn what_names_no_author_is_from_its_own_server() {
        let note = |id| Note::builder().id(id).to("https://a.example/users/ada/followers").build();
        let visibility = |id| Audience::of(&note(id)).visibility(None);
        assert_eq!(visibility("https://a.example/notes/1"), Visibility::Followers);
        assert_eq!(visibility("https://b.example/notes/1"), Visibility::Direct);
    }

    #[test]
    fn the_followers_collections_of_real_servers_look_like_it() {
        for (path, expected) in [
            ("/users/ada/followers", true),
            ("/users/ada/followers/", true),
            ("/followers", true),
            ("/followers.json", true),
            ("/wp-json/activitypub/1.0/actors/0/followers", true),
            ("/?rest_route=/activitypub/1.0/actors/0/followers", true),
            ("/.ghost/activitypub/followers/index", true),
            ("/actor/42/subscribers", true),
            ("/users/ada/followers#all", true),
            ("", false),
            ("/", false),
            ("/users/ada", false),
            ("/users/ada/following", false),
            ("/users/ada/followers/statuses/1", false),
            ("/users/followersclub", false),
            ("/users/ada#followers", false),
        ] {
            // A host is no path.
            let address = format!("https://followers.example{path}");
            assert_eq!(looks_like_followers(Iri::new(&address)), expected, "{address}");
        }
        assert!(!looks_like_followers(Iri::new("followers")));
    }

    #[test]
    fn recipients_are_those_who_are_named_each_once() {
        let note = note(
            r#""to":["P","B",{"type":"Person","id":"C"}],"cc":["F","B","https://a.example/users/ada"],
                "bto":"d","audience":{"type":"Group","id":"g"}"#,
        );
        let recipients: Vec<&Iri> = Audience::of(&note).recipients(None).collect();
        assert_eq!(recipients, ["https://b.example/users/bob", "https://c.example/users/cid", "d", "g"]);
        let known: Vec<&Iri> =
            Audience::of(&note).recipients(Some(Iri::new("https://c.example/users/cid"))).collect();
        assert_eq!(known, ["https://b.example/users/bob", "https://a.example/users/ada/followers", "d", "g"]);
    }

    #[test]
    fn a_mention_says_whether_who_is_mentioned_is_addressed() {
        let note = note(
            r##""to":["P"],"cc":"B","tag":[
                {"type":"Mention","href":"B","name":"@bob@b.example"},{"type":["as:Mention"],"href":"C"},
                {"type":"Hashtag","href":"https://a.example/tags/x"},{"type":"Mention","name":"@nobody"},"B"
            ]"##,
        );
        let mentions: Vec<_> = Audience::of(&note)
            .mentions()
            .map(|mention| (mention.actor.as_str(), mention.is_addressed))
            .collect();
        assert_eq!(mentions, [("https://b.example/users/bob", true), ("https://c.example/users/cid", false)]);
    }

    #[test]
    fn of_a_create_the_addressing_of_its_object_counts() {
        use Visibility::{Direct, Followers, Public};
        for (members, visibility) in [
            (r#""type":"Create","to":"P","object":{"to":"F"}"#, Followers),
            (r#""type":"Update","to":"B","object":{"to":"P"}"#, Public),
            (r#""type":"Create","to":"P","object":{"content":"x","to":[]}"#, Public),
            (r#""type":"Create","to":"P","object":"https://a.example/1""#, Public),
            (r#""type":"Create","to":"F","object":[{"to":"P"},{"to":"B"}]"#, Followers),
            (r#""type":"Announce","to":"F","object":{"to":"P"}"#, Followers),
            (r#""type":"Create","directMessage":true,"object":{"to":"F"}"#, Direct),
        ] {
            let activity = by_ada("actor", members);
            assert_eq!(Audience::effective(&activity).visibility(None), visibility, "{activity}");
        }
    }
}
