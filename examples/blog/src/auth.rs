//! The author's password, and who is logged in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::db::{self, sessions};
use crate::error::Error;
use crate::settings::Site;

/// How long a login lasts, in seconds: thirty days.
pub const SESSION_SECONDS: i64 = 30 * 24 * 60 * 60;

/// A login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What every form carries, so that no other site can send one in the author's name.
    pub form: String,
    token: Vec<u8>,
}

/// Makes a password, keeps its hash, and ends every session. The password is given back, to be shown once.
///
/// # Errors
/// SQLite's, or the lack of randomness.
pub fn new_password(connection: &Connection) -> Result<String, Error> {
    // 32 signs that are not mistaken for each other, 20 of them: 100 bits.
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes)?;
    let mut password = String::new();
    for (place, byte) in bytes.iter().enumerate() {
        if place > 0 && place % 5 == 0 {
            password.push('-');
        }
        password.extend(SIGNS.get(usize::from(byte % 32)).map(|&sign| char::from(sign)));
    }
    // A plain hash is enough for a password that no person chose: there are 2^100 of them to try.
    db::set_meta(connection, "password", &URL_SAFE_NO_PAD.encode(hash(&password)))?;
    sessions::clear(connection)?;
    Ok(password)
}

/// Whether there is a password yet.
///
/// # Errors
/// SQLite's.
pub fn has_password(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(db::meta(connection, "password")?.is_some())
}

/// Begins a session when `password` is right; gives the cookie's value.
///
/// # Errors
/// SQLite's.
pub fn log_in(
    connection: &Connection,
    password: &str,
    fresh: &Fresh,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let known = db::meta(connection, "password")?;
    // Hashes are compared, so how long the comparison takes tells nothing about the password.
    if known.is_none_or(|known| known != URL_SAFE_NO_PAD.encode(hash(password.trim()))) {
        return Ok(false);
    }
    let expires =
        Timestamp::from_second(now.as_second().saturating_add(SESSION_SECONDS)).unwrap_or(Timestamp::MAX);
    sessions::add(connection, &hash(&fresh.cookie), &fresh.form, expires, now)?;
    Ok(true)
}

/// The session of `cookie`, if there is one at `now`.
///
/// # Errors
/// SQLite's.
pub fn session(connection: &Connection, cookie: &str, now: Timestamp) -> rusqlite::Result<Option<Session>> {
    let token = hash(cookie);
    Ok(sessions::find(connection, &token, now)?.map(|form| Session { form, token }))
}

impl Session {
    /// Whether a form of this session sent `form`.
    pub fn made(&self, form: &str) -> bool {
        hash(form) == hash(&self.form)
    }

    /// Ends it.
    ///
    /// # Errors
    /// SQLite's.
    pub fn end(&self, connection: &Connection) -> rusqlite::Result<()> {
        sessions::remove(connection, &self.token)
    }
}

/// The secrets of a session to be.
#[derive(Debug)]
pub struct Fresh {
    /// The cookie's value.
    pub cookie: String,
    form: String,
}

impl Fresh {
    /// Two new ones.
    ///
    /// # Errors
    /// The lack of randomness.
    pub fn new() -> Result<Self, Error> {
        Ok(Self { cookie: secret()?, form: secret()? })
    }
}

/// The cookie's name and what it is bound to.
///
/// Over TLS the name itself forbids that a neighbouring host sets it.
pub fn cookie_name(site: &Site) -> &'static str {
    if site.is_https() { "__Host-blog" } else { "blog" }
}

/// The header that sets the cookie; an empty `value` takes it away.
pub fn set_cookie(site: &Site, value: &str) -> String {
    let secure = if site.is_https() { "; Secure" } else { "" };
    let age = if value.is_empty() { 0 } else { SESSION_SECONDS };
    format!("{}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}", cookie_name(site))
}

/// The cookie's value in a `Cookie` header.
pub fn cookie<'a>(site: &Site, header: &'a str) -> Option<&'a str> {
    header.split(';').find_map(|pair| pair.trim().strip_prefix(cookie_name(site))?.strip_prefix('='))
}

/// A random secret of 256 bits, in URL-safe signs.
///
/// # Errors
/// The lack of randomness.
pub fn secret() -> Result<String, Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Keeps whoever guesses passwords waiting.
///
/// It goes by the address of the connection. Headers that claim another are not believed, so behind a proxy everybody
/// shares one budget; a minute after the guessing stops, the author gets in again.
#[derive(Debug, Default)]
pub struct Door {
    wrong: Mutex<HashMap<IpAddr, (u32, Instant)>>,
}

impl Door {
    /// Wrong passwords that one address may send within [`Self::WINDOW`].
    pub const TRIES: u32 = 8;
    /// How long they count.
    pub const WINDOW: Duration = Duration::from_secs(60);
    /// Addresses remembered; when there are more, all are forgotten.
    const ADDRESSES: usize = 4096;

    /// Whether `from` may try a password at `now`.
    pub fn admits(&self, from: IpAddr, now: Instant) -> bool {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong
            .get(&network(from))
            .is_none_or(|&(tries, since)| tries < Self::TRIES || now.duration_since(since) >= Self::WINDOW)
    }

    /// `from` sent a wrong one.
    pub fn count(&self, from: IpAddr, now: Instant) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= Self::ADDRESSES {
            wrong.clear();
        }
        let (tries, since) = wrong.entry(network(from)).or_insert((0, now));
        if now.duration_since(*since) >= Self::WINDOW {
            (*tries, *since) = (0, now);
        }
        *tries += 1;
    }
}

/// Whoever has one IPv6 address has the /64 around it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        v4 => v4,
    }
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}
