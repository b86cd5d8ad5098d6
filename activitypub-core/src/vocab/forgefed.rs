//! ForgeFed: repositories, tickets and patches between code forges: <https://forgefed.org/spec/#vocabulary>.
//!
//! This is what the [published context](https://forgefed.org/ns) defines. What the specification has beyond
//! it is in [`draft`].

use super::as2::{
    Activity, Actor, Collection, Object, ObjectOrLink, OrderedCollection, Relationship, Transitive,
};
use crate::iri::Iri;
use crate::item::{List, Many, One};
use crate::scalar::{Sequence, Values};
use crate::time::Timestamp;
use crate::vocabulary;

vocabulary! {
    inherent namespace "https://forgefed.org/ns#" as "forge" in "https://forgefed.org/ns";

    /// A repository of a version control system.
    Repository: Actor + Object {
        /// Where it can be cloned from.
        clone_uri = "cloneUri": Values<Iri>,
        /// Where merge requests for it are sent: a patch tracker.
        send_patches_to = "sendPatchesTo": One<Actor>,
        /// The repository it is a copy of, which it keeps pulling from.
        mirrors = "mirrors": One<Repository>,
        /// Repositories that keep pulling from it.
        mirrored_by = "mirroredBy": Many<Repository>,
        /// Repositories it keeps pushing to.
        mirrors_to = "mirrorsTo": Many<Repository>,
        /// The repository that keeps pushing to it.
        mirrored_from = "mirroredFrom": One<Repository>,
    }

    /// A line of development in the repository that is its `context`.
    Branch: Object {
        /// Its name in the repository, such as `refs/heads/main`.
        branch_ref = "ref": str,
    }

    /// A change in the history of the repository that is its `context`; `summary` is its title.
    Commit: Object {
        /// Its name in the repository, hexadecimal.
        commit_hash = "hash": str,
        /// What is said about it below its title: an object with `content` and `mediaType`.
        commit_description = "description": One<Object>,
        /// Who put it into the repository, where that is not who wrote it.
        committed_by = "committedBy": One<Object>,
        /// When it came into the repository.
        committed = "committed": Timestamp,
        /// Paths of files that came with it, from the top of the repository.
        files_added = "filesAdded": Values<str>,
        /// Paths of files it changed.
        files_modified = "filesModified": Values<str>,
        /// Paths of files it took away.
        files_removed = "filesRemoved": Values<str>,
    }

    /// `actor` pushed the commits `object` to the branch or repository `target`.
    Push: Activity + Object + Transitive {}

    /// Work to be done: an issue, or a merge request if an Offer of patches is its `attachment`.
    Ticket: Resolvable + Object {
        /// Those who are to do it.
        assigned_to = "assignedTo": Many<Actor>,
        /// Tickets that have to be resolved before it.
        depends_on = "dependsOn": Many<Ticket>,
        /// Tickets that cannot be resolved before it.
        depended_by = "dependedBy": Many<Ticket>,
        /// The dependencies on other tickets, as TicketDependency objects.
        dependencies = "dependencies": One<Collection>,
        /// The dependencies of other tickets on it, as TicketDependency objects.
        dependants = "dependants": One<Collection>,
    }

    /// That the ticket `subject` cannot be resolved before the ticket `object`.
    TicketDependency: Relationship + Object + Transitive {}

    /// What can be open or resolved.
    abstract Resolvable: Object {
        /// Whether the work is done.
        is_resolved = "isResolved": bool,
        /// Who resolved it, or the activity that did.
        resolved_by = "resolvedBy": One<Object>,
        /// When it was resolved.
        resolved = "resolved": Timestamp,
    }

    /// Properties of every object.
    extend Object {
        /// Those who work on it.
        team = "team": One<Collection>,
        /// Where tickets about it are opened.
        tickets_tracked_by = "ticketsTrackedBy": One<Actor>,
        /// What it takes tickets for.
        tracks_tickets_for = "tracksTicketsFor": Many<Object>,
        /// The repositories it takes merge requests for.
        tracks_patches_for = "tracksPatchesFor": Many<Repository>,
        /// What it is a fork of.
        forked_from = "forkedFrom": One<Object>,
        /// Its forks.
        forks = "forks": One<Collection>,
        /// Versions of it that a newer one has replaced, the newest first.
        previous_versions = "previousVersions": Sequence<Iri>,
        /// The version that has replaced it.
        current_version = "currentVersion": One<Object>,
    }

    /// Properties of every ordered collection.
    extend OrderedCollection {
        /// The items at its other end, the oldest ones.
        early_items = "earlyItems": List<ObjectOrLink>,
    }
}

/// What the specification defines and the published context does not have yet, so that documents define it
/// themselves. The part about code review is not here: no forge speaks it so far.
pub mod draft {
    use super::{
        Activity, Actor, Collection, Commit, Iri, Many, Object, One, Push, Repository, Resolvable, Ticket,
        Timestamp, Transitive, Values,
    };
    use crate::value::Value;
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "https://forgefed.org/ns#" as "forge";

        // Activities.

        /// `actor` asks to change `object`, which belongs to somebody else.
        Edit: Activity + Object + Transitive {}
        /// `actor` gives `target` the role `object` on the resource `context`.
        Grant: Activity + Object + Transitive {
            /// What `target` may do with it: `invoke` it, or one of the ways of passing it on.
            allows = "allows": Values<str>,
            /// The Grant that this one passes on.
            delegates = "delegates": One<Grant>,
        }
        /// `actor` takes back the Grant `object`.
        Revoke: Activity + Object + Transitive {}
        /// `actor` assigns the ticket `object` to `target`.
        Assign: Activity + Object + Transitive {}
        /// `actor` resolves the ticket `object`.
        Resolve: Activity + Object + Transitive {}
        /// `actor` asks to apply the patches `object` to the branch or repository `target`.
        Apply: Activity + Object + Transitive {}

        // Actors.

        /// Takes tickets.
        TicketTracker: Actor + Object {}
        /// Takes merge requests.
        PatchTracker: Actor + Object {}
        /// Publishes releases.
        ReleaseTracker: Actor + Object {
            /// The releases it has published.
            releases = "releases": One<Collection>,
            /// The repositories whose releases they are.
            tracks_releases_for = "tracksReleasesFor": Many<Repository>,
        }
        /// Repositories and trackers that belong together.
        Project: Actor + Object {
            /// Its repositories and trackers.
            components = "components": One<Collection>,
            /// Projects that are parts of it.
            subprojects = "subprojects": One<Collection>,
        }
        /// People and what they have access to together.
        Team: Actor + Object {
            /// Its members: Relationships that have the role as `tag`.
            team_members = "members": One<Collection>,
            /// Teams whose members have what its own members have.
            subteams = "subteams": One<Collection>,
        }
        /// Makes new actors for those who may ask for it.
        Factory: Actor + Object {
            /// The types of actors it makes.
            available_actor_types = "availableActorTypes": Values<str>,
        }
        /// What trackers ask about their tickets.
        Workflow: Actor + Object {
            /// The lists of values its fields choose from.
            workflow_enums = "workflowEnums": One<Collection>,
            /// The fields its tickets have.
            workflow_fields = "workflowFields": One<Collection>,
            /// The trackers that use it.
            workflow_trackers = "workflowTrackers": One<Collection>,
        }
        /// Milestones in order.
        Roadmap: Actor + Object {
            /// Its milestones.
            roadmap_milestones = "roadmapMilestones": One<Collection>,
            /// The trackers that use it.
            roadmap_trackers = "roadmapTrackers": One<Collection>,
        }

        // Objects.

        /// What somebody may do with a resource, such as `maintain`.
        Role: Object {}
        /// A change that could be applied; `content` is the change itself in the format that `mediaType`
        /// says.
        Patch: Object {}
        /// A goal that tickets lead to.
        Milestone: Resolvable + Object {
            /// The tickets that lead to it.
            milestone_tickets = "milestoneTickets": One<Collection>,
            /// The releases that reach it.
            milestone_releases = "milestoneReleases": One<Collection>,
        }
        /// A version that was published.
        Release: Object {
            /// Whether it is for testing only.
            is_pre_release = "isPreRelease": bool,
            /// The milestones it reaches.
            release_milestones = "releaseMilestones": One<Collection>,
        }
        /// Values that a field of a workflow chooses from.
        Enum: Object {
            /// Its values, as EnumValue objects.
            enum_values = "enumValues": One<Collection>,
            /// Whether their order means something.
            enum_is_ordered = "enumIsOrdered": bool,
        }
        /// A value of an Enum.
        EnumValue: Object {
            /// The color to show it in.
            enum_value_color = "enumValueColor": str,
        }
        /// A field of the tickets of a workflow.
        Field: Object {
            /// What values it has: a name such as `fieldTypeText`, or an Enum.
            field_type = "fieldType": str,
            /// The color to show it in.
            field_color = "fieldColor": str,
        }
        /// What a ticket has in a field.
        FieldValue: Object {
            /// The value, of the type its Field says.
            field_value = "fieldValue": Value,
        }

        /// Properties of every object.
        extend Object {
            /// The actor to ask for changes of it.
            managed_by = "managedBy": One<Actor>,
        }

        /// Properties of every activity.
        extend Activity {
            /// The Grant by which `actor` may do it.
            capability = "capability": One<Grant>,
            /// The activities it is the answer to.
            fulfills = "fulfills": Many<Activity>,
        }

        /// Properties of every actor.
        extend Actor {
            /// Those who have access to it.
            collaborators = "collaborators": One<Collection>,
            /// The teams that have access to it.
            teams = "teams": One<Collection>,
        }

        /// More about a push.
        extend Push {
            /// The last commit of the branch before, hexadecimal.
            hash_before = "hashBefore": str,
            /// The last commit of the branch afterwards, hexadecimal.
            hash_after = "hashAfter": str,
        }

        /// More about a repository.
        extend Repository {
            /// Where to push to.
            push_uri = "pushUri": Values<Iri>,
            /// Where its releases are published.
            releases_tracked_by = "releasesTrackedBy": One<ReleaseTracker>,
        }

        /// More about a commit.
        extend Commit {
            /// When it was written.
            commit_created = "created" @ "http://purl.org/dc/terms/created": Timestamp,
        }

        /// More about a ticket.
        extend Ticket {
            /// The goal it leads to.
            ticket_milestone = "ticketMilestone": One<Milestone>,
            /// What its workflow asks about it.
            custom_fields = "customFields": Many<FieldValue>,
        }
    }
}
