//! RFC 9421, HTTP Message Signatures, as far as the fediverse uses it.
//!
//! <https://www.rfc-editor.org/rfc/rfc9421>
//!
//! Covered components are fields, whole, and the parts of the request line; `rsa-v1_5-sha256` and `ed25519`
//! are the algorithms. Everything else in the standard (parameters of components, `@query-param`, the other
//! algorithms) is refused by its name.

use std::borrow::Cow;

use activitypub_core::Origin;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_TYPE, DATE};
use sfv::{BareItemFromInput, ListSerializer, StringRef, key_ref};

use super::{Claim, Covered, MAX_FIELD, Message, SIGNATURE, SIGNATURE_INPUT, Times, check_names};
use crate::digest::CONTENT_DIGEST;
use crate::error::{Refusal, SignError};
use crate::key::{KeyType, PrivateKey};
use crate::structured::{InnerList, Item, Member, dictionary, join};

/// Each signature that is tried costs a verification, and a stranger says how many there are.
const MAX_SIGNATURES: usize = 4;

/// The label of our own signatures.
const LABEL: &str = "sig1";

/// The signatures of a request in this dialect, if it has a Signature-Input field.
///
/// A signature that cannot be used (an algorithm nobody asked for, say) does not spoil the others; if none
/// can be used, the first one's flaw is the answer.
pub(crate) fn parse(message: &Message<'_>) -> Result<Option<Vec<Result<Claim, Refusal>>>, Refusal> {
    if !message.has(&SIGNATURE_INPUT) {
        return Ok(None);
    }
    let inputs = message.lines(SIGNATURE_INPUT).collect::<Result<Vec<_>, _>>()?;
    let inputs = join(inputs.into_iter());
    let signatures = message.lines(SIGNATURE).collect::<Result<Vec<_>, _>>()?;
    let signatures = join(signatures.into_iter());
    for (name, field) in [(SIGNATURE_INPUT, &inputs), (SIGNATURE, &signatures)] {
        if field.len() > MAX_FIELD {
            return Err(Refusal::malformed(name, "it is longer than 8 KiB"));
        }
    }
    let not_a_dictionary = "it is no dictionary, too long, or has a name twice";
    let inputs = dictionary(&inputs).ok_or_else(|| Refusal::malformed(SIGNATURE_INPUT, not_a_dictionary))?;
    let mut signatures =
        dictionary(&signatures).ok_or_else(|| Refusal::malformed(SIGNATURE, not_a_dictionary))?;
    if inputs.len() != signatures.len() {
        return Err(Refusal::malformed(SIGNATURE, "its labels are not those of Signature-Input"));
    }
    if inputs.len() > MAX_SIGNATURES {
        return Err(Refusal::TooMany("signatures"));
    }
    let mut claims = Vec::with_capacity(inputs.len());
    for (label, input) in inputs {
        let Member::InnerList(input) = input else {
            return Err(Refusal::malformed(
                SIGNATURE_INPUT,
                "it holds something other than a list of components",
            ));
        };
        let index = signatures.iter().position(|(other, _)| *other == label);
        let index = index
            .ok_or_else(|| Refusal::malformed(SIGNATURE, "its labels are not those of Signature-Input"))?;
        let signature = signatures.swap_remove(index).1.into_bytes();
        let signature =
            signature.ok_or_else(|| Refusal::malformed(SIGNATURE, "it holds something other than bytes"))?;
        claims.push(claim(message, &input, signature));
    }
    Ok(Some(claims))
}

fn claim(message: &Message<'_>, input: &InnerList<'_>, signature: Vec<u8>) -> Result<Claim, Refusal> {
    let key_id = string(input, "keyid")?.ok_or(Refusal::MissingParameter("keyid"))?;
    let key_type = key_type(string(input, "alg")?)?;
    for known in ["nonce", "tag"] {
        string(input, known)?;
    }
    let created = seconds(input, "created")?.ok_or(Refusal::MissingParameter("created"))?;
    let expires = seconds(input, "expires")?;
    if expires.is_some_and(|expires| expires < created) {
        return Err(Refusal::parameter("expires", "it lies before created"));
    }
    let (base, mut covered) = base(message, input)?;
    covered.add(Covered::TIME);
    let date = if input.items.iter().any(|item| name(item).is_ok_and(|name| name == "date")) {
        message.date()?
    } else {
        None
    };
    let times = Times { created: Some(created), date, expires };
    Ok(Claim { key_id: key_id.into(), key_type, covered, times, base, signature })
}

/// The text that is signed (§2.5), and what it binds.
fn base(message: &Message<'_>, input: &InnerList<'_>) -> Result<(String, Covered), Refusal> {
    let mut names = [""; super::MAX_COMPONENTS];
    for (index, item) in input.items.iter().enumerate() {
        *names.get_mut(index).ok_or(Refusal::TooMany("covered components"))? = name(item)?;
    }
    let names = names.iter().copied().take(input.items.len());
    check_names(&names)?;

    let mut covered = Covered::default();
    let mut base = String::with_capacity(768);
    for name in names {
        base.push('"');
        base.push_str(name);
        base.push_str("\": ");
        covered.add(match name {
            "@method" => {
                base.push_str(message.method.as_str());
                Covered::METHOD
            }
            "@target-uri" => {
                write_origin(message.origin, &mut base);
                base.push_str(message.target);
                Covered::TARGET.and(Covered::AUTHORITY)
            }
            "@authority" => {
                base.push_str(message.origin.authority());
                Covered::AUTHORITY
            }
            "@scheme" => {
                base.push_str(message.origin.scheme());
                Covered::default()
            }
            "@request-target" => {
                base.push_str(message.target);
                Covered::TARGET
            }
            "@path" => {
                base.push_str(split_query(message.target).0);
                Covered::PATH
            }
            "@query" => {
                base.push('?');
                base.push_str(split_query(message.target).1);
                Covered::QUERY
            }
            "@signature-params" => {
                return Err(Refusal::malformed(SIGNATURE_INPUT, "a signature covers itself"));
            }
            derived if derived.starts_with('@') => return Err(Refusal::UnsupportedComponent(derived.into())),
            field => {
                message.write_field(field, &mut base)?;
                Covered::field(field)
            }
        });
        base.push('\n');
    }
    base.push_str("\"@signature-params\": ");
    write_parameters(input, &mut base);
    Ok((base, covered))
}

/// The Signature-Input and Signature fields for a request whose other fields are in place.
pub(crate) fn sign(
    message: &Message<'_>,
    key_id: &str,
    key: &PrivateKey,
    created: u64,
) -> Result<(String, String), SignError> {
    const COMPONENTS: [&str; 6] =
        ["@method", "@target-uri", "@authority", "content-digest", "content-type", "date"];
    let items = COMPONENTS.into_iter().filter(|name| match *name {
        "content-digest" => message.has(&CONTENT_DIGEST),
        "content-type" => message.has(&CONTENT_TYPE),
        "date" => message.has(&DATE),
        _ => true,
    });
    let algorithm = match key.public_key().algorithm() {
        KeyType::Rsa => "rsa-v1_5-sha256",
        KeyType::Ed25519 => "ed25519",
    };
    let unquotable = || SignError::KeyId(key_id.into());
    let string = |text| StringRef::from_str(text).map(|text| BareItemFromInput::String(Cow::Borrowed(text)));
    let created = i64::try_from(created).ok().and_then(|created| sfv::Integer::try_from(created).ok());
    let input = InnerList {
        items: items
            .map(|name| string(name).map(|value| Item { value, parameters: Vec::new() }))
            .collect::<Result<_, _>>()
            .map_err(|_| unquotable())?,
        parameters: vec![
            (key_ref("created"), created.ok_or(SignError::Time)?.into()),
            (key_ref("keyid"), string(key_id).map_err(|_| unquotable())?),
            (key_ref("alg"), string(algorithm).map_err(|_| unquotable())?),
        ],
    };
    let (base, _) = base(message, &input).map_err(SignError::Field)?;
    let signature = STANDARD.encode(key.sign(base.as_bytes())?);
    let mut field = format!("{LABEL}=");
    write_parameters(&input, &mut field);
    Ok((field, format!("{LABEL}=:{signature}:")))
}

/// What type of key the named algorithm is for.
fn key_type(algorithm: Option<&str>) -> Result<Option<KeyType>, Refusal> {
    match algorithm {
        None => Ok(None),
        Some("rsa-v1_5-sha256") => Ok(Some(KeyType::Rsa)),
        Some("ed25519") => Ok(Some(KeyType::Ed25519)),
        Some(other) => Err(Refusal::UnsupportedAlgorithm(other.into())),
    }
}

/// The name of a covered component; one with parameters has no short name and is not supported.
fn name<'a>(item: &'a Item<'_>) -> Result<&'a str, Refusal> {
    let BareItemFromInput::String(name) = &item.value else {
        return Err(Refusal::malformed(SIGNATURE_INPUT, "the name of a component is not a string"));
    };
    let name = name.as_str();
    if let Some((parameter, _)) = item.parameters.first() {
        return Err(Refusal::UnsupportedComponent(format!("{name:?};{parameter}").into()));
    }
    if !name
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\' && !byte.is_ascii_uppercase())
    {
        return Err(Refusal::malformed(
            SIGNATURE_INPUT,
            "the name of a component is not a field name in lower case",
        ));
    }
    Ok(name)
}

fn string<'a>(input: &'a InnerList<'_>, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    match input.parameter(name) {
        None => Ok(None),
        Some(BareItemFromInput::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(Refusal::parameter(name, "it is not a string")),
    }
}

fn seconds(input: &InnerList<'_>, name: &'static str) -> Result<Option<u64>, Refusal> {
    let Some(value) = input.parameter(name) else { return Ok(None) };
    let seconds = value.as_integer().and_then(|integer| u64::try_from(i64::from(integer)).ok());
    seconds.map(Some).ok_or_else(|| Refusal::parameter(name, "it is not a time in whole seconds"))
}

fn split_query(target: &str) -> (&str, &str) {
    target.split_once('?').unwrap_or((target, ""))
}

fn write_origin(origin: &Origin, base: &mut String) {
    base.push_str(origin.scheme());
    base.push_str("://");
    base.push_str(origin.authority());
}

/// The canonical form of a signature's input: the components and parameters in the order in which they were
/// received.
fn write_parameters(input: &InnerList<'_>, text: &mut String) {
    let mut list = ListSerializer::with_buffer(text);
    let mut inner = list.inner_list();
    for item in &input.items {
        inner.bare_item(&item.value).parameters(item.parameters.iter().map(|(key, value)| (*key, value)));
    }
    inner.finish().parameters(input.parameters.iter().map(|(key, value)| (*key, value)));
}
