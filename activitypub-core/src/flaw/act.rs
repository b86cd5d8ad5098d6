//! What activities do to what is whose: each is about what is its actor's. ActivityPub §6,
//! [FEP-fe34](https://w3id.org/fep/fe34).

use std::collections::HashSet;

use super::authority::{Authority, Relation};
use super::{Flaws, Node, Rule, Severity, each, id_of, ids_in, quoted};
use crate::audience::{Audience, is_public};
use crate::iri::Iri;
use crate::value::Value;
use crate::vocab::as2::{
    Accept, Activity, Actor, Add, Announce, Create, Delete, Follow, Move, Object, Person, Reject, Remove,
    Undo, Update,
};

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    if !node.is::<Activity>() {
        return;
    }
    let Some(act) = Act::of(node) else { return };
    if node.is::<Create>() {
        act.check_owned("object", Rule::Create, "creates", flaws);
        act.check_authors(Rule::Create, flaws);
        act.check_audience(flaws);
    } else if node.is::<Update>() {
        act.check_owned("object", Rule::Change, "changes", flaws);
        act.check_authors(Rule::Change, flaws);
        act.check_updated_actor(flaws);
        act.check_audience(flaws);
    } else if node.is::<Delete>() {
        act.check_owned("object", Rule::Change, "deletes", flaws);
    } else if node.is::<Undo>() {
        act.check_undone(flaws);
    } else if node.is::<Accept>() || node.is::<Reject>() {
        act.check_answered(flaws);
    } else if node.is::<Move>() {
        act.check_moved(flaws);
    } else if node.is::<Add>() || node.is::<Remove>() {
        act.check_owned("target", Rule::Collections, "changes", flaws);
    } else if node.is::<Announce>() {
        act.check_announced(flaws);
    }
}

/// An activity, and how what it is about belongs to who does it.
struct Act<'a> {
    node: &'a Node<'a>,
    /// Who does it; one of them, and all.
    actor: &'a str,
    actors: HashSet<&'a str>,
    /// Who speaks for them, as far as that can be told.
    authorities: HashSet<Authority>,
    /// Whether somebody may stand behind an actor who is of another server: the group whose moderator it is
    /// ([FEP-1b12](https://w3id.org/fep/1b12)), or a grant that is shown.
    is_backed: bool,
}

impl<'a> Act<'a> {
    /// Nothing where nobody does it.
    fn of(node: &'a Node<'a>) -> Option<Self> {
        let actors = || ids_in(node.object, "actor");
        let backing = ["audience", "capability"].into_iter().flat_map(|term| ids_in(node.object, term));
        Some(Self {
            node,
            actor: actors().next()?,
            actors: actors().collect(),
            authorities: actors().filter_map(Authority::of).collect(),
            is_backed: backing.into_iter().any(|id| !is_public(Iri::new(id))),
        })
    }

    /// How an id stands to the actors: as to the one who is nearest.
    fn relation(&self, id: &str) -> Relation {
        let ours = &self.authorities;
        match Authority::of(id).filter(|_| !ours.is_empty()) {
            None => Relation::Unknown,
            Some(theirs) if ours.contains(&theirs) => Relation::Same,
            Some(theirs) if theirs.by_other_scheme().is_some_and(|theirs| ours.contains(&theirs)) => {
                Relation::OtherScheme
            }
            Some(_) => Relation::Other,
        }
    }

    /// How bad it is to act on what is another's. A moderator may, but whether it is one, only the group can
    /// tell; and nobody believes an activity without id in the first place.
    fn severity(&self, rule: Rule) -> Severity {
        let may_moderate = self.is_backed && matches!(rule, Rule::Change | Rule::Collections | Rule::Moving);
        if may_moderate || self.node.object.id().is_none() { Severity::Warning } else { Severity::Danger }
    }

    fn actor(&self) -> String {
        quoted(self.actor)
    }

    fn is_actor(&self, id: &str) -> bool {
        self.actors.contains(id)
    }

    fn check_owned(&self, term: &str, rule: Rule, does: &str, flaws: &mut Flaws) {
        let Some((place, value)) = self.node.property(term) else { return };
        for (place, value) in each(&place, value) {
            let Some(id) = id_of(value) else { continue };
            let severity = match self.relation(id) {
                Relation::Other => self.severity(rule),
                Relation::OtherScheme => Severity::Warning,
                Relation::Same | Relation::Unknown => continue,
            };
            let message = format!(
                "{} {does} {}, which is another server's; only what that server says of it counts",
                self.actor(),
                quoted(id)
            );
            flaws.add(&place, rule, severity, message);
        }
    }

    /// What is created or changed is by who does so.
    fn check_authors(&self, rule: Rule, flaws: &mut Flaws) {
        self.each_embedded(|act, node| {
            let Some((place, value)) = node.property("attributedTo").filter(|_| !node.is::<Actor>()) else {
                return;
            };
            let authors = || each(&place, value).filter_map(|(_, value)| id_of(value));
            if authors().next().is_none() || authors().any(|author| act.is_actor(author)) {
                return;
            }
            let is_foreign = authors().all(|author| act.relation(author) == Relation::Other);
            let author = authors().next().unwrap_or_default();
            let severity = if is_foreign { act.severity(rule) } else { Severity::Warning };
            let message = format!(
                "this is attributed to {}, but {} sends it; only who it is attributed to can",
                quoted(author),
                act.actor()
            );
            flaws.add(&place, rule, severity, message);
        });
    }

    /// Nobody but a person changes that person. What a group or a service is called, its moderators may
    /// change.
    fn check_updated_actor(&self, flaws: &mut Flaws) {
        self.each_embedded(|act, node| {
            if let Some(id) = node.object.id()
                && node.is::<Person>()
                && act.relation(id.as_str()) == Relation::Same
                && !act.is_actor(id.as_str())
            {
                let message = format!("{} changes somebody else: {}", act.actor(), quoted(id.as_str()));
                flaws.add(&node.place, Rule::Change, act.severity(Rule::Change), message);
            }
        });
    }

    /// What is for some alone, inside of what is for everybody.
    fn check_audience(&self, flaws: &mut Flaws) {
        let is_for_all = |object: &Object| Audience::of(object).addresses().any(is_public);
        if !is_for_all(self.node.object) {
            return;
        }
        self.each_embedded(|_, node| {
            if Audience::of(node.object).addresses().next().is_some() && !is_for_all(node.object) {
                let message = "the activity is for everybody, this object in it is not; address both alike";
                flaws.warning(&node.place, Rule::Audience, message);
            }
        });
    }

    /// What is undone was done by who undoes it.
    fn check_undone(&self, flaws: &mut Flaws) {
        let Some((place, value)) = self.node.property("object") else { return };
        for (place, value) in each(&place, value) {
            let Some(id) = id_of(value).or_else(|| value.as_object().map(|_| "")) else { continue };
            let undone: Vec<&str> =
                value.as_object().map_or_else(Vec::new, |object| ids_in(object, "actor").collect());
            let whose = match undone.first() {
                None if self.relation(id) == Relation::Other => id,
                Some(first) if !undone.iter().any(|actor| self.is_actor(actor)) => first,
                _ => continue,
            };
            let message =
                format!("{} undoes what another did: {}; only who did it can", self.actor(), quoted(whose));
            flaws.add(&place, Rule::Change, self.severity(Rule::Change), message);
        }
    }

    /// A Follow is answered by who is to be followed, a request to quote by the server of what is quoted.
    fn check_answered(&self, flaws: &mut Flaws) {
        self.each_embedded(|act, node| {
            let is_follow = node.is::<Follow>();
            if !is_follow && !node.has_type("QuoteRequest") {
                return;
            }
            let asked: Vec<&str> = ids_in(node.object, "object").collect();
            let is_theirs = |id: &&str| match is_follow {
                // Relays are followed by following everybody.
                true => act.is_actor(id) || is_public(Iri::new(id)),
                false => act.relation(id) != Relation::Other,
            };
            if let Some(first) = asked.first()
                && !asked.iter().any(is_theirs)
            {
                let message = format!("{} answers for another: {} was asked", act.actor(), quoted(first));
                flaws.add(&node.place, Rule::Answer, act.severity(Rule::Answer), message);
            }
        });
    }

    /// An account moves itself. What has an `origin` is no account: it moves from one collection to another.
    fn check_moved(&self, flaws: &mut Flaws) {
        if self.node.object.member("origin").is_some() {
            self.check_owned("object", Rule::Moving, "moves", flaws);
            return;
        }
        let Some((place, value)) = self.node.property("object") else { return };
        let target = ids_in(self.node.object, "target").next();
        for (place, value) in each(&place, value) {
            let Some(id) = id_of(value) else { continue };
            if !self.is_actor(id) {
                let message = format!(
                    "{} moves another account, {}, which can only move itself",
                    self.actor(),
                    quoted(id)
                );
                flaws.add(&place, Rule::Moving, self.severity(Rule::Moving), message);
            } else if target == Some(id) {
                flaws.warning(
                    &place,
                    Rule::Moving,
                    "the account moves to itself; write the new one into `target`",
                );
            } else {
                let message =
                    "believe this when the old account has `movedTo` and the new one `alsoKnownAs`: ask both";
                flaws.hint(&self.node.place, Rule::Move, message);
            }
        }
    }

    fn check_announced(&self, flaws: &mut Flaws) {
        self.each_embedded(|_, node| {
            if node.is::<Announce>() {
                let message = "this announces an announcement; announce what that one is about";
                flaws.warning(&node.place, Rule::Nested, message);
            }
        });
    }

    /// The objects embedded in `object`.
    fn each_embedded(&self, mut check: impl FnMut(&Self, &Node<'_>)) {
        let Some((place, value)) = self.node.property("object") else { return };
        for (place, value) in each(&place, value) {
            if let Value::Object(object) = value {
                let (parent, vocabularies) = (Some(self.node), self.node.vocabularies);
                check(self, &Node { object, vocabularies, place, parent, term: "object", speaker: None });
            }
        }
    }
}
