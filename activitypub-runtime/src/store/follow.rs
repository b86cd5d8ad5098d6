//! Who follows local actors, and whom they follow.
//!
//! "Following" is reached only by an Accept of a Follow that was sent, from the actor it was sent to.

use std::time::SystemTime;

use activitypub_core::{Iri, IriBuf};
use rusqlite::{OptionalExtension, Row, Transaction};

use super::column::{Id, Moment};
use super::{Committed, Page, Sqlite, StoreError};

/// One who follows a local actor, or has asked to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Follower {
    /// The local actor's name.
    pub(crate) local: String,
    /// Who follows.
    pub(crate) id: IriBuf,
    /// Their own inbox.
    pub(crate) inbox: IriBuf,
    /// The inbox of their whole server.
    pub(crate) shared_inbox: Option<IriBuf>,
    /// The id of their Follow.
    pub(crate) follow: IriBuf,
    /// Whether it was granted.
    pub(crate) accepted: bool,
}

/// One whom a local actor follows, or has asked to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Following {
    /// The local actor's name.
    pub(crate) local: String,
    /// Whom they follow.
    pub(crate) target: IriBuf,
    /// Where the Follow went, and its Undo would go.
    pub(crate) inbox: IriBuf,
    /// The id of our Follow.
    pub(crate) follow: IriBuf,
    /// What became of it.
    pub(crate) state: FollowState,
}

/// What became of a Follow we sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FollowState {
    /// Not answered yet.
    Pending,
    /// Granted.
    Accepted,
    /// Refused, or taken back later.
    Rejected,
}

/// An Accept or Reject that came.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The local actor whose Follow it answers.
    pub(crate) local: String,
    /// The verified actor who answers.
    pub(crate) target: IriBuf,
    /// The id of the Follow, where the answer names it. Some servers embed the Follow without its id.
    pub(crate) follow: Option<IriBuf>,
    /// Accept, or Reject.
    pub(crate) accepted: bool,
}

impl FollowState {
    fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }

    fn of_name(name: &str) -> Self {
        match name {
            "accepted" => Self::Accepted,
            "rejected" => Self::Rejected,
            _ => Self::Pending,
        }
    }
}

const FOLLOWER: &str = "SELECT seq, local, id, inbox, shared_inbox, follow, accepted FROM ap_follower";
const FOLLOWING: &str = "SELECT seq, local, target, inbox, follow, state FROM ap_following";

impl Sqlite {
    /// One follower of a local actor, accepted or not.
    pub(crate) async fn follower(&self, local: &str, id: &Iri) -> Result<Option<Follower>, StoreError> {
        let (local, id) = (local.to_owned(), id.to_owned());
        self.read(move |connection| {
            let mut select =
                connection.prepare_cached(&format!("{FOLLOWER} WHERE local = ?1 AND id = ?2"))?;
            Ok(select
                .query_row((local, id.as_str()), read_follower)
                .optional()?
                .map(|(_, follower)| follower))
        })
        .await
    }

    /// The accepted followers of a local actor, the latest first.
    pub(crate) async fn followers(
        &self,
        local: &str,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Page<Follower>, StoreError> {
        let local = local.to_owned();
        self.read(move |connection| {
            let mut select = connection.prepare_cached(&format!(
                "{FOLLOWER} WHERE local = ?1 AND accepted = 1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3"
            ))?;
            let rows =
                select.query_map((local, before.unwrap_or(i64::MAX), rows_for(limit)), read_follower)?;
            Ok(Page::of(rows.collect::<Result<_, _>>()?, limit))
        })
        .await
    }

    /// How many followers a local actor has accepted.
    pub(crate) async fn follower_count(&self, local: &str) -> Result<u64, StoreError> {
        self.count("SELECT COUNT(*) FROM ap_follower WHERE local = ?1 AND accepted = 1", local).await
    }

    /// Where a local actor's followers are reached, each inbox once, shared inboxes preferred; in the order of their
    /// text, those after `after`.
    pub(crate) async fn follower_inboxes(
        &self,
        local: &str,
        after: Option<IriBuf>,
        limit: usize,
    ) -> Result<Vec<IriBuf>, StoreError> {
        let local = local.to_owned();
        self.read(move |connection| {
            let mut select = connection.prepare_cached(
                "SELECT DISTINCT COALESCE(shared_inbox, inbox) FROM ap_follower
                 WHERE local = ?1 AND accepted = 1 AND COALESCE(shared_inbox, inbox) > ?2
                 ORDER BY COALESCE(shared_inbox, inbox) LIMIT ?3",
            )?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let after = after.as_ref().map_or("", |inbox| inbox.as_str());
            let rows = select.query_map((local, after, limit), |row| Ok(row.get::<_, Id>(0)?.0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// What is known of a local actor's following someone.
    pub(crate) async fn following(&self, local: &str, target: &Iri) -> Result<Option<Following>, StoreError> {
        let (local, target) = (local.to_owned(), target.to_owned());
        self.read(move |connection| {
            let mut select =
                connection.prepare_cached(&format!("{FOLLOWING} WHERE local = ?1 AND target = ?2"))?;
            Ok(select
                .query_row((local, target.as_str()), read_following)
                .optional()?
                .map(|(_, following)| following))
        })
        .await
    }

    /// Whose Follow has this id.
    pub(crate) async fn following_by_follow(&self, follow: &Iri) -> Result<Option<Following>, StoreError> {
        let follow = follow.to_owned();
        self.read(move |connection| {
            let mut select = connection.prepare_cached(&format!("{FOLLOWING} WHERE follow = ?1"))?;
            Ok(select
                .query_row([follow.as_str()], read_following)
                .optional()?
                .map(|(_, following)| following))
        })
        .await
    }

    /// Whom a local actor follows with their consent, the latest first.
    pub(crate) async fn followings(
        &self,
        local: &str,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Page<Following>, StoreError> {
        let local = local.to_owned();
        self.read(move |connection| {
            let mut select = connection.prepare_cached(&format!(
                "{FOLLOWING} WHERE local = ?1 AND state = 'accepted' AND seq < ?2 ORDER BY seq DESC LIMIT ?3"
            ))?;
            let rows =
                select.query_map((local, before.unwrap_or(i64::MAX), rows_for(limit)), read_following)?;
            Ok(Page::of(rows.collect::<Result<_, _>>()?, limit))
        })
        .await
    }

    /// How many a local actor follows with their consent.
    pub(crate) async fn following_count(&self, local: &str) -> Result<u64, StoreError> {
        self.count("SELECT COUNT(*) FROM ap_following WHERE local = ?1 AND state = 'accepted'", local).await
    }

    pub(super) async fn count(&self, select: &'static str, local: &str) -> Result<u64, StoreError> {
        let local = local.to_owned();
        self.read(move |connection| {
            let count: i64 = connection.prepare_cached(select)?.query_row([local], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
        .await
    }
}

pub(super) fn put_follower(
    tx: &Transaction<'_>,
    follower: &Follower,
    now: SystemTime,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO ap_follower (local, id, inbox, shared_inbox, follow, accepted, since)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (local, id) DO UPDATE SET inbox = excluded.inbox, shared_inbox = excluded.shared_inbox,
             follow = excluded.follow, accepted = MAX(accepted, excluded.accepted)",
    )?
    .execute((
        &follower.local,
        follower.id.as_str(),
        follower.inbox.as_str(),
        follower.shared_inbox.as_ref().map(|inbox| inbox.as_str()),
        follower.follow.as_str(),
        follower.accepted,
        Moment(now),
    ))?;
    Ok(())
}

pub(super) fn accept_follower(tx: &Transaction<'_>, local: &str, id: &Iri) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE ap_follower SET accepted = 1 WHERE local = ?1 AND id = ?2")?
        .execute((local, id.as_str()))?;
    Ok(())
}

pub(super) fn remove_follower(tx: &Transaction<'_>, local: &str, id: &Iri) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM ap_follower WHERE local = ?1 AND id = ?2")?
        .execute((local, id.as_str()))?;
    Ok(())
}

pub(super) fn put_following(
    tx: &Transaction<'_>,
    following: &Following,
    now: SystemTime,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO ap_following (local, target, inbox, follow, state, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (local, target) DO UPDATE SET inbox = excluded.inbox, follow = excluded.follow,
             state = excluded.state, since = excluded.since",
    )?
    .execute((
        &following.local,
        following.target.as_str(),
        following.inbox.as_str(),
        following.follow.as_str(),
        following.state.name(),
        Moment(now),
    ))?;
    Ok(())
}

pub(super) fn answer_following(tx: &Transaction<'_>, answer: &Answer) -> Result<Committed, StoreError> {
    let mut select = tx.prepare_cached(&format!("{FOLLOWING} WHERE local = ?1 AND target = ?2"))?;
    let asked = select.query_row((&answer.local, answer.target.as_str()), read_following).optional()?;
    let Some((seq, asked)) =
        asked.filter(|(_, asked)| answer.follow.as_ref().is_none_or(|id| *id == asked.follow))
    else {
        return Ok(Committed::Unasked);
    };
    let state = match (asked.state, answer.accepted) {
        (FollowState::Accepted, true) | (FollowState::Rejected, false) => return Ok(Committed::Repeat),
        // A refusal ends that Follow; only a new one can be granted.
        (FollowState::Rejected, true) => return Ok(Committed::Unasked),
        (_, true) => FollowState::Accepted,
        (_, false) => FollowState::Rejected,
    };
    tx.prepare_cached("UPDATE ap_following SET state = ?2 WHERE seq = ?1")?.execute((seq, state.name()))?;
    Ok(Committed::Done)
}

pub(super) fn remove_following(tx: &Transaction<'_>, local: &str, target: &Iri) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM ap_following WHERE local = ?1 AND target = ?2")?
        .execute((local, target.as_str()))?;
    Ok(())
}

pub(super) fn forget_actor(tx: &Transaction<'_>, actor: &Iri) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM ap_follower WHERE id = ?1")?.execute([actor.as_str()])?;
    tx.prepare_cached("DELETE FROM ap_following WHERE target = ?1")?.execute([actor.as_str()])?;
    Ok(())
}

/// One more than a page holds tells whether another one follows.
pub(super) fn rows_for(limit: usize) -> i64 {
    i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX)
}

fn read_follower(row: &Row<'_>) -> rusqlite::Result<(i64, Follower)> {
    let follower = Follower {
        local: row.get(1)?,
        id: row.get::<_, Id>(2)?.0,
        inbox: row.get::<_, Id>(3)?.0,
        shared_inbox: row.get::<_, Option<Id>>(4)?.map(|Id(inbox)| inbox),
        follow: row.get::<_, Id>(5)?.0,
        accepted: row.get(6)?,
    };
    Ok((row.get(0)?, follower))
}

fn read_following(row: &Row<'_>) -> rusqlite::Result<(i64, Following)> {
    let following = Following {
        local: row.get(1)?,
        target: row.get::<_, Id>(2)?.0,
        inbox: row.get::<_, Id>(3)?.0,
        follow: row.get::<_, Id>(4)?.0,
        state: FollowState::of_name(&row.get::<_, String>(5)?),
    };
    Ok((row.get(0)?, following))
}
