//! Interaction policies and what else GoToSocial has added: <https://docs.gotosocial.org/en/latest/federation/interaction_controls/>,
//! <https://gotosocial.org/ns>.
//!
//! An author says by an [InteractionPolicy] who may do what with a post. Who may only ask sends a request, as
//! [LikeRequest]; the answer is an Accept whose `result` is an authorization, as [LikeAuthorization], that the
//! interaction names from then on. Quotes have theirs from [FEP-044f](https://w3id.org/fep/044f).

use super::as2::{Activity, Actor, Object, ObjectOrLink, Transitive};
use crate::iri::Iri;
use crate::item::{List, One};
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://gotosocial.org/ns#" as "gts" in "https://gotosocial.org/ns";

    /// `actor` asks whether `instrument`, a Like, may be of `object`.
    LikeRequest: Activity + Object + Transitive {}
    /// `actor` asks whether `instrument` may be a reply to `object`.
    ReplyRequest: Activity + Object + Transitive {}
    /// `actor` asks whether `instrument`, an Announce, may be of `object`.
    AnnounceRequest: Activity + Object + Transitive {}

    /// That `interactionTarget` may be liked by `interactingObject`, said by who the former is attributed to.
    LikeAuthorization: InteractionAuthorization + Object {}
    /// That `interactionTarget` may be replied to by `interactingObject`.
    ReplyAuthorization: InteractionAuthorization + Object {}
    /// That `interactionTarget` may be announced by `interactingObject`.
    AnnounceAuthorization: InteractionAuthorization + Object {}

    /// A [LikeAuthorization] as older versions call it.
    LikeApproval: LikeAuthorization + InteractionAuthorization + Object {}
    /// A [ReplyAuthorization] as older versions call it.
    ReplyApproval: ReplyAuthorization + InteractionAuthorization + Object {}
    /// An [AnnounceAuthorization] as older versions call it.
    AnnounceApproval: AnnounceAuthorization + InteractionAuthorization + Object {}

    /// What says that something of somebody else's may be interacted with in some way.
    abstract InteractionAuthorization: Object {
        /// What interacts with it; older versions call that `object`.
        interacting_object = "interactingObject" | "object": One<Object>,
        /// What is interacted with; older versions call that `target`.
        interaction_target = "interactionTarget" | "target": One<Object>,
    }

    /// Who may do what with an object. For a rule that is missing or empty the default holds: everybody may
    /// like, reply and announce, while nothing is said about quotes and features.
    abstract InteractionPolicy {
        /// Who may like it.
        can_like = "canLike": One<InteractionRule>,
        /// Who may reply to it.
        can_reply = "canReply": One<InteractionRule>,
        /// Who may announce it.
        can_announce = "canAnnounce": One<InteractionRule>,
        /// Who may quote it.
        can_quote = "canQuote": One<InteractionRule>,
        /// Who may have it in a collection of what they recommend ([FEP-7aa9](https://w3id.org/fep/7aa9)).
        can_feature = "canFeature" @ "https://w3id.org/fep/7aa9#canFeature": One<InteractionRule>,
    }

    /// Who may do something, as Public, actors, and the author's followers or followed. Of two entries that
    /// somebody comes under, the more specific one counts.
    abstract InteractionRule {
        /// Those who may without asking.
        automatic_approval = "automaticApproval" | "always": List<ObjectOrLink>,
        /// Those who may ask.
        manual_approval = "manualApproval" | "approvalRequired": List<ObjectOrLink>,
        /// What older versions have for [`automaticApproval`](crate::As::automatic_approval), which reads it.
        always = "always": List<ObjectOrLink>,
        /// What older versions have for [`manualApproval`](crate::As::manual_approval), which reads it.
        approval_required = "approvalRequired": List<ObjectOrLink>,
    }

    /// Properties of every object.
    extend Object {
        /// Who may do what with it.
        interaction_policy = "interactionPolicy": One<InteractionPolicy>,
        /// What says that this Like may be.
        like_authorization = "likeAuthorization": One<LikeAuthorization>,
        /// What says that this reply may be.
        reply_authorization = "replyAuthorization": One<ReplyAuthorization>,
        /// What says that this Announce may be.
        announce_authorization = "announceAuthorization": One<AnnounceAuthorization>,
        /// What older versions have for these three.
        approved_by = "approvedBy": Iri,
    }

    /// Properties of every actor.
    extend Actor {
        /// Whether its public posts are hidden from those who are not logged in.
        hides_to_public_from_unauthed_web = "hidesToPublicFromUnauthedWeb": bool,
        /// Whether its unlisted posts are.
        hides_cc_public_from_unauthed_web = "hidesCcPublicFromUnauthedWeb": bool,
    }
}
