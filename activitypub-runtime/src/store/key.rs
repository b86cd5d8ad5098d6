//! The private keys of local actors.

use std::fmt;
use std::time::SystemTime;

use rusqlite::{Connection, Transaction};
use zeroize::Zeroizing;

use super::column::Moment;
use super::{Sqlite, StoreError};

/// A key of a local actor. Its `Debug` does not show the key.
#[derive(Clone)]
pub(crate) struct StoredKey {
    /// The local actor's name.
    pub(crate) local: String,
    /// What it signs with.
    pub(crate) kind: KeyKind,
    /// The private key, PKCS#8 in PEM.
    pub(crate) pem: Zeroizing<String>,
    /// Since when it signs.
    pub(crate) created: SystemTime,
    /// Since when it does no longer.
    pub(crate) retired: Option<SystemTime>,
}

/// What a key signs with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum KeyKind {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what every server verifies.
    Rsa,
    /// Ed25519.
    Ed25519,
}

impl KeyKind {
    fn name(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }
}

impl Sqlite {
    /// All keys a local actor has had, the newest first.
    pub(crate) async fn keys(&self, local: &str) -> Result<Vec<StoredKey>, StoreError> {
        let local = local.to_owned();
        self.read(move |connection| select(connection, &local)).await
    }
}

pub(super) fn add(tx: &Transaction<'_>, key: &StoredKey) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO ap_key (local, kind, pem, created, retired) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((
            &key.local,
            key.kind.name(),
            key.pem.as_str(),
            Moment(key.created),
            key.retired.map(Moment),
        ))?;
    Ok(())
}

pub(super) fn retire(tx: &Transaction<'_>, local: &str, now: SystemTime) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE ap_key SET retired = ?2 WHERE local = ?1 AND retired IS NULL")?
        .execute((local, Moment(now)))?;
    Ok(())
}

fn select(connection: &Connection, local: &str) -> Result<Vec<StoredKey>, StoreError> {
    let mut select = connection.prepare_cached(
        "SELECT kind, pem, created, retired FROM ap_key WHERE local = ?1 ORDER BY created DESC, id DESC",
    )?;
    let mut rows = select.query([local])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        let kind = match kind.as_str() {
            "rsa" => KeyKind::Rsa,
            "ed25519" => KeyKind::Ed25519,
            // A kind of a later version, which this one cannot sign with.
            _ => continue,
        };
        keys.push(StoredKey {
            local: local.to_owned(),
            kind,
            pem: Zeroizing::new(row.get(1)?),
            created: row.get::<_, Moment>(2)?.0,
            retired: row.get::<_, Option<Moment>>(3)?.map(|Moment(time)| time),
        });
    }
    Ok(keys)
}

impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredKey")
            .field("local", &self.local)
            .field("kind", &self.kind)
            .field("created", &self.created)
            .field("retired", &self.retired)
            .finish_non_exhaustive()
    }
}
