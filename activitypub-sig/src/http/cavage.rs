//! draft-cavage-http-signatures-12, as the fediverse speaks it.
//!
//! <https://datatracker.ietf.org/doc/html/draft-cavage-http-signatures-12>
//!
//! `hs2019` is read as everybody writes it: the algorithm is that of the key, and with an RSA key it is
//! PKCS#1 v1.5 over SHA-256, not what the draft's registry says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};

use super::{Claim, Covered, MAX_FIELD, Message, SIGNATURE, Times, check_names};
use crate::digest::DIGEST;
use crate::error::{Refusal, SignError};
use crate::key::{KeyType, PrivateKey};

/// What the list of covered components is where a signature has none (§2.1.6).
const DEFAULT_HEADERS: &str = "(created)";

/// The signature of a request, if it has one in this dialect.
pub(crate) fn parse(message: &Message<'_>) -> Result<Option<Claim>, Refusal> {
    let Some(field) = find(message)? else { return Ok(None) };
    let parameters = Parameters::parse(field)?;
    let key_id = parameters.key_id.ok_or(Refusal::MissingParameter("keyId"))?;
    let key_type = key_type(parameters.algorithm)?;
    let signature = parameters.signature.ok_or(Refusal::MissingParameter("signature"))?;
    let signature =
        STANDARD.decode(signature).map_err(|_| Refusal::parameter("signature", "it is not base64"))?;
    let (base, covered, times) = base(message, &parameters)?;
    Ok(Some(Claim { key_id: key_id.into(), key_type, covered, times, base, signature }))
}

/// The text that is signed (§2.3), and what it binds.
fn base(message: &Message<'_>, parameters: &Parameters<'_>) -> Result<(String, Covered, Times), Refusal> {
    let names = parameters.headers.unwrap_or(DEFAULT_HEADERS);
    if names.is_empty() {
        return Err(Refusal::parameter("headers", "it is empty"));
    }
    let mut covered = Covered::default();
    let mut times = Times { expires: seconds("expires", parameters.expires, true)?, ..Times::default() };
    let created = seconds("created", parameters.created, false)?;
    if matches!((created, times.expires), (Some(created), Some(expires)) if expires < created) {
        return Err(Refusal::parameter("expires", "it lies before created"));
    }
    check_names(&names.split(' '))?;

    let mut base = String::with_capacity(512);
    for name in names.split(' ') {
        if !base.is_empty() {
            base.push('\n');
        }
        base.push_str(name);
        base.push_str(": ");
        match name {
            "(request-target)" => {
                base.extend(message.method.as_str().chars().map(|c| c.to_ascii_lowercase()));
                base.push(' ');
                base.push_str(message.target);
                covered.add(Covered::METHOD);
                covered.add(Covered::TARGET);
            }
            "(created)" => {
                base.push_str(own_time("created", parameters.created, parameters.algorithm)?);
                times.created = created;
                covered.add(Covered::TIME);
            }
            "(expires)" => base.push_str(own_time("expires", parameters.expires, parameters.algorithm)?),
            pseudo if pseudo.starts_with('(') => return Err(Refusal::UnsupportedComponent(pseudo.into())),
            upper if upper.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                return Err(Refusal::parameter("headers", "the names in it are not in lower case"));
            }
            field => {
                message.write_field(field, &mut base)?;
                covered.add(Covered::field(field));
                if field == "date" {
                    times.date = message.date()?;
                }
            }
        }
    }
    Ok((base, covered, times))
}

/// The Signature field for a request whose other fields are in place.
pub(crate) fn sign(message: &Message<'_>, key_id: &str, key: &PrivateKey) -> Result<String, SignError> {
    let (digest, content_type) = (message.has(&DIGEST), message.has(&CONTENT_TYPE));
    // The sets that every server was seen to accept. What has no body usually has no type either.
    let names = match (digest, content_type) {
        (true, true) => "(request-target) host date digest content-type",
        (true, false) => "(request-target) host date digest",
        (false, _) => "(request-target) host date",
    };
    // Everyone knows `rsa-sha256`; for Ed25519 there is only `hs2019`, which says that the key knows.
    let algorithm = match key.public_key().algorithm() {
        KeyType::Rsa => "rsa-sha256",
        KeyType::Ed25519 => "hs2019",
    };
    let parameters = Parameters { headers: Some(names), algorithm: Some(algorithm), ..Parameters::default() };
    let (base, ..) = base(message, &parameters).map_err(SignError::Field)?;
    let signature = STANDARD.encode(key.sign(base.as_bytes())?);
    Ok(format!(r#"keyId="{key_id}",algorithm="{algorithm}",headers="{names}",signature="{signature}""#))
}

/// The field that holds the signature: `Signature`, or `Authorization` with that scheme (§3.1).
fn find<'a>(message: &Message<'a>) -> Result<Option<&'a str>, Refusal> {
    let authorization = message.text(&AUTHORIZATION)?.and_then(|credentials| {
        let (scheme, parameters) = credentials.split_once(' ')?;
        scheme.eq_ignore_ascii_case("signature").then_some(parameters)
    });
    let mut fields = message.lines(SIGNATURE).chain(authorization.map(Ok));
    let field = fields.next().transpose()?;
    if fields.next().is_some() {
        return Err(Refusal::RepeatedField(SIGNATURE));
    }
    if field.is_some_and(|field| field.len() > MAX_FIELD) {
        return Err(Refusal::malformed(SIGNATURE, "it is longer than 8 KiB"));
    }
    Ok(field)
}

/// What type of key the named algorithm is for.
fn key_type(algorithm: Option<&str>) -> Result<Option<KeyType>, Refusal> {
    match algorithm {
        None | Some("hs2019") => Ok(None),
        Some("rsa-sha256") => Ok(Some(KeyType::Rsa)),
        Some("ed25519") => Ok(Some(KeyType::Ed25519)),
        Some(other) => Err(Refusal::UnsupportedAlgorithm(other.into())),
    }
}

/// A time that is a parameter, as `(created)` and `(expires)` put it into the base (§2.3).
fn own_time<'a>(
    name: &'static str,
    value: Option<&'a str>,
    algorithm: Option<&str>,
) -> Result<&'a str, Refusal> {
    // The draft keeps them from the algorithms that are older than they are.
    if algorithm.is_some_and(|name| ["rsa", "hmac", "ecdsa"].iter().any(|old| name.starts_with(old))) {
        return Err(Refusal::parameter(name, "it does not go with the named algorithm"));
    }
    value.ok_or(Refusal::MissingParameter(name))
}

/// Seconds since 1970; `expires` may have a fraction, which is dropped.
fn seconds(name: &'static str, text: Option<&str>, fraction: bool) -> Result<Option<u64>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let malformed = || Refusal::parameter(name, "it is not a time in whole seconds");
    let whole = match text.split_once('.') {
        Some((whole, rest)) if fraction && !rest.is_empty() && is_digits(rest) => whole,
        Some(_) => return Err(malformed()),
        None => text,
    };
    // As many digits as a structured field has, for the same bounds in both dialects.
    if !is_digits(whole) || whole.len() > 15 {
        return Err(malformed());
    }
    whole.parse().map(Some).map_err(|_| malformed())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The parameters of a signature, each at most once; unknown ones are read and dropped.
#[derive(Debug, Default)]
struct Parameters<'a> {
    key_id: Option<&'a str>,
    algorithm: Option<&'a str>,
    headers: Option<&'a str>,
    signature: Option<&'a str>,
    created: Option<&'a str>,
    expires: Option<&'a str>,
}

impl<'a> Parameters<'a> {
    /// More than any peer sends.
    const MAX: usize = 16;

    /// Reads `name=value` pairs between commas, values quoted or not (RFC 7235 §2.1). Times are not to be
    /// quoted, and Lemmy quotes them; algorithms are, and some do not. Names are the same in upper and lower
    /// case.
    ///
    /// A backslash is an error: nothing in a signature needs one, and readers differ about what it means.
    fn parse(field: &'a str) -> Result<Self, Refusal> {
        let malformed = |flaw| Refusal::malformed(SIGNATURE, flaw);
        let mut parameters = Self::default();
        let mut seen: Vec<&str> = Vec::with_capacity(Self::MAX);
        let mut rest = field;
        loop {
            let (name, value, tail) =
                parameter(rest).ok_or_else(|| malformed("it is not a list of parameters, name=value"))?;
            if value.contains('\\') {
                return Err(malformed("it has a backslash"));
            }
            if seen.iter().any(|other| other.eq_ignore_ascii_case(name)) {
                return Err(Refusal::RepeatedParameter(name.into()));
            }
            if seen.len() == Self::MAX {
                return Err(Refusal::TooMany("signature parameters"));
            }
            seen.push(name);
            if let Some(slot) = parameters.slot(name) {
                *slot = Some(value);
            }
            rest = tail.trim_ascii_start();
            if rest.is_empty() {
                return Ok(parameters);
            }
            rest = rest.strip_prefix(',').ok_or_else(|| malformed("there is no comma between parameters"))?;
        }
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<&'a str>> {
        let slots = [
            ("keyId", &mut self.key_id),
            ("algorithm", &mut self.algorithm),
            ("headers", &mut self.headers),
            ("signature", &mut self.signature),
            ("created", &mut self.created),
            ("expires", &mut self.expires),
        ];
        slots.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, slot)| slot)
    }
}

/// One `name=value`, and what follows it.
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = token(text.trim_ascii_start())?;
    let value = rest.trim_ascii_start().strip_prefix('=')?.trim_ascii_start();
    let (value, rest) = match value.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => token(value)?,
    };
    Some((name, value, rest))
}

/// A token (RFC 7230 §3.2.6), and what follows it.
fn token(text: &str) -> Option<(&str, &str)> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let end = text.bytes().position(|byte| !is_token(byte)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}
