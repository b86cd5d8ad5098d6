//! The one spelling of a host, and hosts that look like others. RFC 3986 §6.2.2, UTS #39, RFC 3492.

use super::{id, quoted};
use crate::iri::{Iri, Origin};

/// What is not in its normal form in an http or https IRI, and what to write instead.
pub(super) fn misspelling(iri: &str) -> Option<String> {
    id::scheme(iri).filter(|scheme| id::is_web(scheme))?;
    let written = id::authority(iri);
    let Some(origin) = Iri::new(iri).origin() else {
        return Some(format!("{} is no host, and so nobody's id", quoted(written)));
    };
    let normal = origin.to_string();
    if !iri.starts_with(&normal) || written != origin.authority() {
        return Some(format!(
            "{} and {} are one host, but two ids; write the latter",
            quoted(written),
            quoted(&normal)
        ));
    }
    let path = iri.get(normal.len()..).unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Some(
            "readers take the dots out of this path, and so see another id; write the path they lead to"
                .into(),
        );
    }
    let encoded = encoded_needlessly(path)?;
    Some(format!("%{encoded} need not be encoded, and some readers decode it; write the character itself"))
}

/// The two digits of the first percent-encoded letter, digit, `-`, `.`, `_` or `~`.
fn encoded_needlessly(path: &str) -> Option<&str> {
    path.match_indices('%').find_map(|(at, _)| {
        let digits = path.get(at + 1..at + 3)?;
        let byte = u8::from_str_radix(digits, 16).ok()?;
        (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')).then_some(digits)
    })
}

/// What a host looks like and is not: a label of it that mixes alphabets with letters alike.
pub(super) fn lookalike(iri: &str) -> Option<String> {
    let origin = Iri::new(iri).origin()?;
    let label = labels(&origin).find(|label| mixes_alphabets(label))?;
    Some(format!("the host has letters of two alphabets in {}, and may be taken for another", quoted(&label)))
}

/// The labels of a host, as they are shown.
fn labels(origin: &Origin) -> impl Iterator<Item = String> {
    let shown = |label: &str| label.strip_prefix("xn--").and_then(decoded);
    origin.host().split('.').filter_map(shown)
}

fn mixes_alphabets(label: &str) -> bool {
    let alphabet = |c: char| match c {
        'a'..='z' | '\u{c0}'..='\u{24f}' => Some(0),
        '\u{370}'..='\u{3ff}' => Some(1),
        '\u{400}'..='\u{52f}' => Some(2),
        '\u{530}'..='\u{58f}' => Some(3),
        '\u{13a0}'..='\u{13ff}' => Some(4),
        _ => None,
    };
    let mut alphabets = label.chars().filter_map(alphabet);
    alphabets.next().is_some_and(|first| alphabets.any(|other| other != first))
}

/// What a label stands for that Punycode wrote. RFC 3492 §6.2. A label has at most 63 bytes.
fn decoded(label: &str) -> Option<String> {
    const BASE: u32 = 36;
    const MIN: u32 = 1;
    const MAX: u32 = 26;
    let (plain, extended) = label.rsplit_once('-').unwrap_or(("", label));
    let mut text: Vec<char> = plain.chars().collect();
    let (mut code, mut at, mut bias, mut first) = (128_u32, 0_u32, 72_u32, true);
    let mut digits = extended.bytes();
    while let Some(digit) = digits.next() {
        let before = at;
        let (mut weight, mut k, mut digit) = (1_u32, BASE, digit);
        loop {
            let value = match digit {
                b'a'..=b'z' => u32::from(digit - b'a'),
                b'0'..=b'9' => u32::from(digit - b'0') + 26,
                _ => return None,
            };
            at = at.checked_add(value.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(MIN, MAX);
            if value < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            k += BASE;
            digit = digits.next()?;
        }
        let length = u32::try_from(text.len()).ok()? + 1;
        let mut delta = (at - before) / if first { 700 } else { 2 };
        delta += delta / length;
        let mut steps = 0;
        while delta > (BASE - MIN) * MAX / 2 {
            delta /= BASE - MIN;
            steps += BASE;
        }
        bias = steps + (BASE - MIN + 1) * delta / (delta + 38);
        first = false;
        code = code.checked_add(at / length)?;
        at %= length;
        text.insert(usize::try_from(at).ok()?, char::from_u32(code)?);
        at += 1;
    }
    Some(text.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::{decoded, lookalike, misspelling};

    #[test]
    fn punycode_is_decoded() {
        for (label, text) in [
            ("bcher-kva", "bücher"),
            ("vctim-n2e", "vіctim"),
            ("egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"),
        ] {
            assert_eq!(decoded(label).as_deref(), Some(text), "{label}");
        }
        for label in ["99999999", "a-9", "-", "ü", "9999999999999999999999999999999999"] {
            let _ = decoded(label);
        }
    }

    #[test]
    fn a_host_has_one_spelling() {
        for iri in [
            "https://a.example/users/ada",
            "https://a.example:8443/%40ada?%61#%61",
            "https://xn--bcher-kva.example/",
            "http://localhost:3000",
            "https://a.example/%E2%82%AC/.well-known/x..y",
            "did:key:%61",
        ] {
            assert_eq!(misspelling(iri), None, "{iri}");
        }
        for iri in [
            "HTTPS://a.example/",
            "https://A.example/",
            "https://a.example./",
            "https://a.example:443/",
            "https://a.example:/",
            "https://bücher.example/",
            "https://a..example/",
            "https://a.example/%7Eada",
            "https://a.example/x/../y",
            "https://2130706433/",
            "https:://a.example/",
        ] {
            assert!(misspelling(iri).is_some(), "{iri}");
        }
    }

    #[test]
    fn letters_of_two_alphabets_in_one_label_are_seen_through_punycode() {
        assert!(lookalike("https://xn--vctim-n2e.example/").is_some());
        assert!(lookalike("https://vіctim.example/").is_some());
        for iri in [
            "https://bücher.example/",
            "https://россия.рф/",
            "https://россия.example/",
            "https://a.example/і",
        ] {
            assert_eq!(lookalike(iri), None, "{iri}");
        }
    }
}
