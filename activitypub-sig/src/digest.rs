//! Digests of a body: `Digest` (RFC 3230), which goes with cavage, and `Content-Digest` (RFC 9530), which
//! goes with RFC 9421.
//!
//! A digest field is a list. Every algorithm in it that is strong must match the body, and one at least must
//! be there; the others (`md5`, `sha`, `unixsum`, `adler`, `crc32c`, and whatever is not known) are never
//! relied on.
//!
//! <https://www.rfc-editor.org/rfc/rfc3230#section-4.3.2>, <https://www.rfc-editor.org/rfc/rfc9530#section-2>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderName;
use sha2::{Digest as _, Sha256, Sha512};

use crate::error::Refusal;
use crate::structured;

pub(crate) const DIGEST: HeaderName = HeaderName::from_static("digest");
pub(crate) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// Longer than every useful combination of algorithms.
const MAX_ALGORITHMS: usize = 8;

/// A body and what it hashes to, each hash computed at most once.
pub(crate) struct Body<'a> {
    bytes: &'a [u8],
    sha256: Option<[u8; 32]>,
    sha512: Option<[u8; 64]>,
}

impl<'a> Body<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, sha256: None, sha512: None }
    }

    /// The `Digest` field of this body. `SHA-256=`, in upper case and alone, is the one form that everyone
    /// accepts.
    pub(crate) fn digest(&mut self) -> String {
        format!("SHA-256={}", STANDARD.encode(self.sha256()))
    }

    /// The `Content-Digest` field of this body.
    pub(crate) fn content_digest(&mut self) -> String {
        format!("sha-256=:{}:", STANDARD.encode(self.sha256()))
    }

    /// Compares the body with a `Digest` field.
    pub(crate) fn check_digest(&mut self, field: &str) -> Result<(), Refusal> {
        let mut seen = [""; MAX_ALGORITHMS];
        let mut strong = false;
        for (index, instance) in field.split(',').enumerate() {
            let (algorithm, value) = instance
                .trim()
                .split_once('=')
                .ok_or_else(|| Refusal::malformed(DIGEST, "a digest is written algorithm=value"))?;
            if seen.iter().any(|other| other.eq_ignore_ascii_case(algorithm)) {
                return Err(Refusal::malformed(DIGEST, "it names an algorithm twice"));
            }
            *seen.get_mut(index).ok_or(Refusal::TooMany("digests"))? = algorithm;
            let Some(algorithm) = Strong::named(algorithm) else { continue };
            let digest =
                STANDARD.decode(value).map_err(|_| Refusal::malformed(DIGEST, "the value is not base64"))?;
            self.compare(DIGEST, algorithm, &digest)?;
            strong = true;
        }
        if strong { Ok(()) } else { Err(Refusal::NoStrongDigest(DIGEST)) }
    }

    /// Compares the body with a `Content-Digest` field.
    pub(crate) fn check_content_digest(&mut self, field: &str) -> Result<(), Refusal> {
        let members = structured::dictionary(field).ok_or_else(|| {
            Refusal::malformed(CONTENT_DIGEST, "it is no dictionary, too long, or has a name twice")
        })?;
        if members.len() > MAX_ALGORITHMS {
            return Err(Refusal::TooMany("digests"));
        }
        let mut strong = false;
        for (algorithm, value) in members {
            let Some(algorithm) = Strong::named(algorithm.as_str()) else { continue };
            let digest = value
                .into_bytes()
                .ok_or_else(|| Refusal::malformed(CONTENT_DIGEST, "the value is not a byte sequence"))?;
            self.compare(CONTENT_DIGEST, algorithm, &digest)?;
            strong = true;
        }
        if strong { Ok(()) } else { Err(Refusal::NoStrongDigest(CONTENT_DIGEST)) }
    }

    fn compare(&mut self, field: HeaderName, algorithm: Strong, digest: &[u8]) -> Result<(), Refusal> {
        let same = match algorithm {
            Strong::Sha256 => self.sha256()[..] == *digest,
            Strong::Sha512 => self.sha512()[..] == *digest,
        };
        if same { Ok(()) } else { Err(Refusal::DigestMismatch { field, algorithm: algorithm.name() }) }
    }

    fn sha256(&mut self) -> &[u8; 32] {
        self.sha256.get_or_insert_with(|| Sha256::digest(self.bytes).into())
    }

    fn sha512(&mut self) -> &[u8; 64] {
        self.sha512.get_or_insert_with(|| Sha512::digest(self.bytes).into())
    }
}

/// The algorithms that can be relied on.
#[derive(Clone, Copy)]
enum Strong {
    Sha256,
    Sha512,
}

impl Strong {
    /// Algorithms are named `SHA-256` in one field and `sha-256` in the other, and by some peers the other
    /// way round.
    fn named(name: &str) -> Option<Self> {
        [Self::Sha256, Self::Sha512].into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha512 => "SHA-512",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Body;
    use crate::error::Refusal;

    // `{"hello": "world"}` with a line end, RFC 9530 §2 and §D.1.
    const HELLO: &[u8] = b"{\"hello\": \"world\"}\n";
    const SHA256: &str = "RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=";
    const SHA512: &str =
        "YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg==";

    fn digest(field: &str) -> Result<(), Refusal> {
        Body::new(HELLO).check_digest(field)
    }

    fn content_digest(field: &str) -> Result<(), Refusal> {
        Body::new(HELLO).check_content_digest(field)
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let mut body = Body::new(HELLO);
        let (old, new) = (body.digest(), body.content_digest());
        assert_eq!(old, format!("SHA-256={SHA256}"));
        assert_eq!(new, format!("sha-256=:{SHA256}:"));
        body.check_digest(&old).unwrap();
        body.check_content_digest(&new).unwrap();
    }

    #[test]
    fn every_strong_algorithm_counts_and_no_other() {
        digest(&format!("sha-256={SHA256}")).unwrap();
        digest(&format!("unixsum=30637, SHA-512={SHA512} ,SHA-256={SHA256}")).unwrap();
        content_digest(&format!("sha-512=:{SHA512}:")).unwrap();
        content_digest(&format!("unixsum=:GQU=:, sha-256=:{SHA256}:;x=1, new=(1 2)")).unwrap();

        let wrong = SHA256.replace('R', "S");
        for field in [
            format!("SHA-256={wrong}"),
            format!("SHA-256={wrong},SHA-512={SHA512}"),
            format!("SHA-256={SHA512}"),
        ] {
            assert!(matches!(digest(&field), Err(Refusal::DigestMismatch { .. })), "{field}");
        }
        let field = format!("sha-256=:{wrong}:, sha-512=:{SHA512}:");
        assert!(matches!(content_digest(&field), Err(Refusal::DigestMismatch { .. })));
    }

    #[test]
    fn weak_algorithms_alone_are_refused() {
        for field in [
            "MD5=Sd/dVLAcvNLSq16eXua5uQ==",
            "unixsum=30637",
            "SHA=thvDyvhfIqlvFe+A9MYgxAfm1q5=",
            "id-sha-256=x",
        ] {
            assert!(matches!(digest(field), Err(Refusal::NoStrongDigest(_))), "{field}");
        }
        for field in ["md5=:Sd/dVLAcvNLSq16eXua5uQ==:", "unixsum=:GQU=:", ""] {
            assert!(matches!(content_digest(field), Err(Refusal::NoStrongDigest(_))), "{field}");
        }
    }

    #[test]
    fn what_is_not_a_digest_is_refused() {
        for field in [
            String::new(),
            SHA256.replace('=', ""),
            format!("SHA-256={SHA256},SHA-256={SHA256}"),
            format!("SHA-256={SHA256},sha-256={SHA256}"),
            format!("SHA-256={SHA256}="),
            format!("SHA-256=\"{SHA256}\""),
            format!("SHA-256={}", SHA256.replace('=', "")),
            "SHA-256=????".to_owned(),
        ] {
            assert!(matches!(digest(&field), Err(Refusal::Malformed { .. })), "{field}");
        }
        for field in [
            format!("sha-256=:{SHA256}:, sha-256=:{SHA256}:"),
            format!("sha-256=\"{SHA256}\""),
            format!("sha-256={SHA256}"),
            format!("SHA-256=:{SHA256}:"),
            format!("sha-256=:{SHA256}=:"),
        ] {
            assert!(matches!(content_digest(&field), Err(Refusal::Malformed { .. })), "{field}");
        }
        let many = "x=1,y=1,z=1,a=1,b=1,c=1,d=1,e=1,f=1";
        assert!(matches!(digest(many), Err(Refusal::TooMany(_))));
        assert!(matches!(content_digest(many), Err(Refusal::TooMany(_))));
    }
}
