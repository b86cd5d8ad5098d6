//! The rules: for each its code, where it comes from, and what it wants. Everything that is said about a rule
//! as such stands here.

use std::fmt;

/// One list makes the enum, its documentation and what its methods return.
macro_rules! rules {
    ($($name:ident = $code:literal, $section:literal: $explanation:literal;)*) => {
        /// A rule that documents are checked against. Its [code](Self::code) stays the same for ever.
        ///
        /// ```
        /// # use activitypub_core::Rule;
        /// for rule in Rule::ALL {
        ///     println!("{}, {}: {}", rule.code(), rule.section(), rule.explanation());
        /// }
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(
                #[doc = concat!("`", $code, "` (", $section, "). ", $explanation)]
                $name,
            )*
        }

        impl Rule {
            /// Every rule there is.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its short name: `AS-` for the form of documents, `AP-` for what ActivityPub wants to be there,
            /// `FEP-` for an enhancement proposal, `KEY-` for keys, `SEC-` for who may say what, `T` for a
            /// known way to attack.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The specification and the section of it that the rule comes from.
            #[must_use]
            pub const fn section(self) -> &'static str {
                match self {
                    $(Self::$name => $section,)*
                }
            }

            /// What it wants, and why.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$name => $explanation,)*
                }
            }
        }
    };
}

rules! {
    // The form of a document.

    Meaning = "AS-3", "Activity Streams 2.0 §2.1, JSON-LD 1.1 §4.1":
        "No context gives the terms of Activity Streams another meaning or another name, and no keyword of JSON-LD hides or \
        moves what a document says. Readers of plain JSON and of JSON-LD would understand two documents.";
    Context = "AS-4", "Activity Streams 2.0 §2.1":
        "A document names the context `https://www.w3.org/ns/activitystreams`. Readers of plain JSON assume \
        it, readers of JSON-LD understand nothing without it.";
    Range = "AS-7", "Activity Streams 2.0 Vocabulary §4":
        "A property holds a value of its range, or an array of such. Anything else reads as if it were \
        absent.";
    Reference = "AS-8", "Activity Streams 2.0 §4":
        "A property that refers to something holds its id, the object itself, or a Link. A number, or an \
        object with nothing in it, refers to nothing.";
    Id = "AS-9", "Activity Streams 2.0 §4.1":
        "An `id` is one absolute IRI, written as a string. What is empty or relative names something else \
        to each who reads it.";
    Relative = "AS-10", "Activity Streams 2.0 §2.1":
        "References are absolute IRIs. A relative one leads nowhere once the document is copied to another \
        server.";
    Date = "AS-11", "Activity Streams 2.0 §2.3, RFC 3339":
        "A date and time is a text such as `2025-01-02T03:04:05Z`, with its offset, of a day and hour that \
        exist.";
    Duration = "AS-12", "Activity Streams 2.0 Vocabulary §4, XML Schema 2 §3.3.6":
        "A duration is written as in XML Schema: `PT5M` for five minutes.";
    NaturalLanguage = "AS-13", "Activity Streams 2.0 §4.7, BCP 47":
        "`name` is a text without markup, `content` and `summary` are texts in HTML; each has a twin, such \
        as `nameMap`, with a text for each language tag.";
    Type = "AS-15", "Activity Streams 2.0 §4.2, §5.2":
        "A `type` is a name or several, one of which the reader knows. What has none is nothing in \
        particular to anyone.";
    Choice = "AS-18", "Activity Streams 2.0 Vocabulary §3.2":
        "A Question has its options in `oneOf` or in `anyOf`, never in both: one reader would take one vote \
        where another takes several.";
    Items = "AS-23", "Activity Streams 2.0 §5":
        "A Collection has `items`, an OrderedCollection has `orderedItems`, and `first`, `last`, `current`, \
        `next` and `prev` are pages.";

    // What ActivityPub wants to be there.

    Anonymous = "AP-1", "ActivityPub §3.1":
        "An activity that is sent has an `id` on the server of its actor. Without one nobody can know it \
        again or ask whether it was really said.";
    Plaintext = "AP-2", "ActivityPub §3.1":
        "An id is an https URL. Over http, anybody on the way can answer for it.";
    Actor = "AP-7", "ActivityPub §4.1":
        "An actor has an `inbox`, where it is reached, an `outbox`, and for many servers a \
        `preferredUsername`, without which it has no handle.";
    Incomplete = "AP-41", "ActivityPub §7":
        "An activity says who did it, what it was done to, and for Add and Remove where: `actor`, `object`, \
        `target`.";

    // Proposals that everybody follows.

    Event = "FEP-8a8e", "FEP-8a8e":
        "An Event has a `name` and a `startTime`, a Place a `name`: calendars show nothing else of it.";
    Emoji = "FEP-9098", "FEP-9098":
        "A custom emoji is called `:name:`, of letters, digits and underscores; everything else may end up \
        in a page as markup.";
    Option = "FEP-9967", "FEP-9967":
        "A poll has two options or more, each with a `name` of its own, because a vote names its option by \
        that.";

    // Keys.

    Pem = "KEY-1", "Security Vocabulary, RFC 7468":
        "A `publicKeyPem` is a public key as PEM: `-----BEGIN PUBLIC KEY-----`, base64, `-----END PUBLIC \
        KEY-----`.";
    Multikey = "KEY-3", "Controlled Identifiers 1.0 §2.2.2, FEP-521a":
        "A `publicKeyMultibase` is a public key in base58 after a `z`, or in base64url after a `u`.";
    KeyOwner = "T1", "ActivityPub §B.1, FEP-fe34":
        "A key belongs to the actor whose document lists it, names that actor as its owner, and stands on \
        the same server. A key that says so alone is anybody's.";
    PrivateKey = "T52", "FEP-521a":
        "A private key is never published. What was signed with one that has been is anybody's word.";

    // Who may say what.

    Class = "SEC-2", "FEP-2277":
        "A thing is an activity, an actor, a collection, a link or some other object, and one of these \
        only. Of several, each reader picks another.";
    Authority = "SEC-3", "FEP-fe34":
        "What has an id on a server is by somebody of that server: no other can speak for its `actor` or \
        `attributedTo`.";
    Create = "SEC-5", "ActivityPub §6.2, FEP-fe34":
        "What somebody creates is on their own server and attributed to them.";
    Answer = "SEC-6", "ActivityPub §6.5, FEP-fe34":
        "A Follow is accepted or rejected by who is to be followed, and a quote by the server of what is \
        quoted.";
    Move = "SEC-7", "FEP-7628":
        "A Move is believed when both sides say so: the old account in `movedTo`, the new one in \
        `alsoKnownAs`.";
    Embedded = "SEC-8", "ActivityPub §B.1, FEP-fe34":
        "A copy of what another server has is that server's word only when it is fetched from there.";
    Change = "T16", "ActivityPub §6.3, §6.4, §6.10":
        "Update, Delete and Undo are about what is the actor's own.";
    Nested = "T18", "FEP-1b12":
        "An activity inside an activity is a claim of whoever sent the outer one. More than three levels of \
        them mean nothing to anyone.";
    Audience = "T20", "ActivityPub §6.2":
        "An activity and the object in it are for the same people. What is for some alone does not become \
        public by an activity that is.";
    Collections = "T22", "ActivityPub §6.6, FEP-fe34":
        "Add and Remove change a collection of the actor, and what an object has collected about it is on \
        its own server.";
    Moving = "T23", "FEP-7628":
        "An account is moved by itself: the `object` of a Move is its `actor`, and its `target` another \
        account.";

    // How readers are deceived or kept busy.

    DeceptiveId = "T13", "RFC 3986 §3.2.1, WHATWG URL §4.4":
        "An id says plainly whose it is. User information, a backslash or a control character makes one \
        reader see one host and the next another; `data:` and `javascript:` are of no host at all.";
    Host = "T26", "RFC 3986 §6.2.2, UTS #46":
        "A host, and what follows it, is written in its one normal form: lower case, ASCII, no trailing \
        dot, no default port, nothing encoded that need not be. Ids are compared byte by byte.";
    Lookalike = "T27", "UTS #39":
        "A name is what it looks like: no letters of two alphabets in one host, no direction overrides, \
        nothing invisible, no tower of accents.";
    Blind = "T30", "ActivityPub §6":
        "`bto` and `bcc` are taken out before anything is shown or sent: they name who was not to be named.";
    Endpoint = "T33", "ActivityPub §4.1":
        "Deliveries go to https URLs. Over http they can be read on the way, and other schemes lead to the \
        files and sockets of who delivers.";
    Local = "T34", "RFC 6890":
        "Deliveries go to hosts with a public name. An IP address or `localhost` is a machine beside the \
        one that delivers, or that machine itself.";
    Loop = "T41", "Activity Streams 2.0 §5":
        "The pages of a collection lead on. One that is its own next page keeps a reader busy for ever.";
    Size = "T42", "ActivityPub §B.4":
        "A document has no more recipients, tags, attachments, options and text than anybody means; each of \
        them makes work for every reader.";
    Number = "T44", "RFC 8259 §6":
        "A number is below 2^53 (9007199254740992). Many readers turn a larger one into another.";
    LongId = "T49", "RFC 3986 §2":
        "An id has at most 2048 bytes and no blank, quotation mark, angle bracket or backslash in it: \
        databases cut off the one and pages trip over the other.";
    Markup = "T50", "ActivityPub §B.10":
        "Text does nothing: no script, no handlers, no form, no link that runs code. Every reader has to \
        take these out, and one will not.";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Rule;

    #[test]
    fn every_code_is_of_one_rule() {
        let codes: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        assert_eq!(codes.len(), Rule::ALL.len());
    }
}
