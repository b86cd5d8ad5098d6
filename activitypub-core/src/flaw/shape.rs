//! Whether the value of each property has the shape that its vocabulary gives it. Activity Streams 2.0
//! Vocabulary §4.

use super::{Flaws, Node, Rule, Severity, described, each};
use crate::value::{Number, Value};
use crate::vocab::{Row, Terms};

/// From here on not every integer is a double: readers that have nothing else read another one.
const UNSAFE: u64 = 1 << 53;

pub(super) fn check(node: &Node<'_>, flaws: &mut Flaws) {
    let terms = Terms::of(node.object, node.vocabularies);
    for (name, value) in node.object.members() {
        let Some(row) = terms.get(name).filter(|_| !value.is_null() && !is_empty(value)) else {
            continue;
        };
        let place = node.place.member(name);
        if is_of_duration(row) {
            if !value.as_str().is_some_and(is_duration) {
                let message = format!("{} is no duration; five minutes are \"PT5M\"", described(value));
                // Some servers count seconds.
                let severity = if value.as_number().is_some() { Severity::Hint } else { Severity::Warning };
                flaws.add(&place, Rule::Duration, severity, message);
            }
        } else if !(row.fits)(value) {
            let (rule, wanted) = wanted(row);
            // No array stands in an array.
            let is_wrong = |value: &Value| value.as_array().is_some() || !(row.fits)(value);
            let wrong = each(&place, value).find(|(_, value)| is_wrong(value));
            let (place, value) = wrong.unwrap_or((place, value));
            let message =
                format!("`{}` is {}, which nobody reads; write {wanted}", row.term.name, described(value));
            flaws.warning(&place, rule, message);
        } else if row.is_reference {
            for (place, _) in each(&place, value).filter(|(_, value)| is_empty_object(value)) {
                let decides = matches!(row.term.name, "actor" | "object" | "target" | "attributedTo");
                let severity = if decides { Severity::Warning } else { Severity::Hint };
                let message = format!("`{}` is an empty object; write an id, or leave it out", row.term.name);
                flaws.add(&place, Rule::Reference, severity, message);
            }
        }
        for (place, value) in each(&place, value) {
            if value.as_number().is_some_and(is_unsafe) {
                let message = format!("{} is too large; write a smaller number, or a text", described(value));
                flaws.warning(&place, Rule::Number, message);
            }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Array(values) if values.is_empty())
}

fn is_empty_object(value: &Value) -> bool {
    value.as_object().is_some_and(|object| object.members().next().is_none())
}

fn is_of_duration(row: &Row) -> bool {
    row.term.name == "duration" && (row.fits)(&Value::from("PT5M"))
}

/// What a property takes, in words, told from what it takes of these.
fn wanted(row: &Row) -> (Rule, &'static str) {
    let takes = |value: Value| (row.fits)(&value);
    if row.is_reference {
        (Rule::Reference, "an id (a URL, as a text) or an object")
    } else if takes(Value::Bool(true)) {
        (Rule::Range, "true or false")
    } else if takes(Value::from(1.5)) {
        (Rule::Range, "a number")
    } else if takes(Value::from(1)) {
        (Rule::Range, "a whole number, not below zero")
    } else if row.is_text {
        (Rule::NaturalLanguage, "a text; texts by language stand in its twin, such as `nameMap`")
    } else if takes(Value::from("-")) {
        (Rule::Range, "a text")
    } else if takes(Value::from("2025-01-02T03:04:05Z")) {
        (Rule::Date, "a date and time that exists, such as \"2025-01-02T03:04:05Z\"")
    } else {
        (Rule::Range, "a value of the form that its vocabulary gives it")
    }
}

fn is_unsafe(number: &Number) -> bool {
    match (number.as_u64(), number.as_i64()) {
        (Some(number), _) => number > UNSAFE,
        (None, Some(number)) => number.unsigned_abs() > UNSAFE,
        (None, None) => number.as_f64().is_none_or(|number| number.abs() > UNSAFE as f64),
    }
}

/// `-P1Y2M3DT4H5M6.7S`, any part of it missing, but not all.
fn is_duration(text: &str) -> bool {
    let Some(text) = text.strip_prefix('-').unwrap_or(text).strip_prefix('P') else { return false };
    let (days, time) = match text.split_once('T') {
        Some((days, time)) => (days, Some(time)),
        None => (text, None),
    };
    let days_fit = are_parts(days, "YMWD", false);
    match time {
        None => !days.is_empty() && days_fit,
        Some(time) => !time.is_empty() && days_fit && are_parts(time, "HMS", true),
    }
}

/// Numbers, each followed by one of `units`, in their order; a fraction only before seconds.
fn are_parts(text: &str, units: &str, seconds: bool) -> bool {
    let (mut rest, mut units) = (text, units);
    while !rest.is_empty() {
        let Some(end) = rest.find(|c: char| !c.is_ascii_digit() && c != '.') else { return false };
        let (number, after) = rest.split_at(end);
        let Some(unit) = after.chars().next() else { return false };
        let Some(at) = units.find(unit) else { return false };
        let fraction = number.matches('.').count();
        if number.is_empty() || number.starts_with('.') || number.ends_with('.') || fraction > 1 {
            return false;
        }
        if fraction == 1 && !(seconds && unit == 'S') {
            return false;
        }
        units = units.get(at + 1..).unwrap_or_default();
        rest = after.get(1..).unwrap_or_default();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_duration;

    #[test]
    fn durations_are_those_of_xml_schema() {
        for duration in ["PT5M", "P1Y2M3DT4H5M6.7S", "-P1D", "PT0S", "PT1.5S", "P3W", "P0D"] {
            assert!(is_duration(duration), "{duration}");
        }
        for other in
            ["", "P", "PT", "P1DT", "5M", "P1S", "PT1D", "PT1.5M", "PT.5S", "P1M2Y", "PT5", "PTM", "P1.5.1D"]
        {
            assert!(!is_duration(other), "{other}");
        }
    }
}
