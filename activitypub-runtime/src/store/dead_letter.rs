//! Activities that a handler could not deal with, kept for someone to look at.

use std::time::SystemTime;

use activitypub_core::IriBuf;
use bytes::Bytes;

use super::column::{Id, Moment};
use super::follow::rows_for;
use super::{Page, Sqlite, StoreError};

/// How many are kept.
const KEPT: i64 = 1000;

/// An activity that was verified and then failed here.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(clippy::exhaustive_structs, reason = "an activity and what became of it")]
pub struct DeadLetter {
    /// Its id.
    pub activity: IriBuf,
    /// Who sent it.
    pub actor: IriBuf,
    /// The bytes that were verified.
    pub body: Bytes,
    /// What went wrong.
    pub error: String,
    /// When.
    pub at: SystemTime,
}

impl Sqlite {
    /// Keeps an activity that failed; the oldest make room.
    pub(crate) async fn bury(&self, letter: DeadLetter) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.prepare_cached(
                "INSERT INTO ap_dead_letter (activity, actor, error, at, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((
                letter.activity.as_str(),
                letter.actor.as_str(),
                letter.error,
                Moment(letter.at),
                &*letter.body,
            ))?;
            tx.prepare_cached("DELETE FROM ap_dead_letter WHERE seq <= ?1")?
                .execute([tx.last_insert_rowid().saturating_sub(KEPT)])?;
            Ok(())
        })
        .await
    }

    /// The activities that failed, the latest first.
    pub(crate) async fn dead_letters(
        &self,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Page<DeadLetter>, StoreError> {
        self.read(move |connection| {
            let mut select = connection.prepare_cached(
                "SELECT seq, activity, actor, error, at, body FROM ap_dead_letter WHERE seq < ?1
                 ORDER BY seq DESC LIMIT ?2",
            )?;
            let rows = select.query_map((before.unwrap_or(i64::MAX), rows_for(limit)), |row| {
                let letter = DeadLetter {
                    activity: row.get::<_, Id>(1)?.0,
                    actor: row.get::<_, Id>(2)?.0,
                    error: row.get(3)?,
                    at: row.get::<_, Moment>(4)?.0,
                    body: row.get::<_, Vec<u8>>(5)?.into(),
                };
                Ok((row.get(0)?, letter))
            })?;
            Ok(Page::of(rows.collect::<Result<_, _>>()?, limit))
        })
        .await
    }
}
