//! The canonical form of a value, byte for byte the same for everybody:
//! [RFC 8785](https://www.rfc-editor.org/rfc/rfc8785), the JSON Canonicalization Scheme. What is signed inside a
//! document is signed in this form.

use std::cmp::Ordering;
use std::fmt::Write as _;

use thiserror::Error;

use crate::As;
use crate::value::{Member, Members, Number, Value};
use crate::write::write_text;

/// Why a value has no canonical form: one of its numbers is beyond the range of an IEEE double, in whose
/// precision the scheme writes all of them. RFC 8785 §3.2.2.3.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the number {number} is beyond the range of a double and has no canonical form")]
#[non_exhaustive]
pub struct JcsError {
    /// The number, as written.
    pub number: Number,
}

impl Value {
    /// The value in its canonical form: names in order, nothing between the tokens, one way to write each text
    /// and each number.
    ///
    /// ```
    /// use activitypub_core::Value;
    ///
    /// let value = Value::parse(br#"{"b": 1.50, "a": ["\u00e9", 1E3]}"#)?;
    /// assert_eq!(value.to_jcs().as_deref(), Ok(r#"{"a":["é",1000],"b":1.5}"#));
    /// # Ok::<(), activitypub_core::ParseError>(())
    /// ```
    ///
    /// # Errors
    /// A number beyond the range of a double.
    pub fn to_jcs(&self) -> Result<String, JcsError> {
        let mut writer = Writer::default();
        writer.value(self)?;
        Ok(writer.out)
    }
}

impl<K> As<K> {
    /// The object in its [canonical form](Value::to_jcs). Names are the ones written: `as:actor` and `actor` are
    /// two names here, though one property.
    ///
    /// # Errors
    /// A number beyond the range of a double.
    pub fn to_jcs(&self) -> Result<String, JcsError> {
        let mut writer = Writer { out: String::with_capacity(1024), ..Writer::default() };
        writer.object(self.as_members())?;
        Ok(writer.out)
    }
}

/// What is written, and what serves all of the document: the members of the objects that are not finished, and
/// the digits of one number.
#[derive(Default)]
struct Writer<'a> {
    out: String,
    sorted: Vec<&'a Member>,
    digits: String,
}

impl<'a> Writer<'a> {
    fn value(&mut self, value: &'a Value) -> Result<(), JcsError> {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Number(number) => return self.number(number),
            // The escapes of RFC 8785 §3.2.2.2 are the ones that every text of ours has.
            Value::String(text) => write_text(&mut self.out, text),
            Value::Array(values) => {
                self.out.push('[');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        self.out.push(',');
                    }
                    self.value(value)?;
                }
                self.out.push(']');
            }
            Value::Object(object) => return self.object(object.as_members()),
        }
        Ok(())
    }

    fn object(&mut self, members: &'a Members) -> Result<(), JcsError> {
        let base = self.sorted.len();
        self.sorted.extend(members.as_slice());
        let own = self.sorted.get_mut(base..).unwrap_or_default();
        own.sort_unstable_by(|one, other| utf16_order(one.name.as_str(), other.name.as_str()));
        self.out.push('{');
        let mut at = base;
        while let Some(member) = self.sorted.get(at).copied() {
            if at > base {
                self.out.push(',');
            }
            member.name.write(&mut self.out);
            self.value(&member.value)?;
            at += 1;
        }
        self.out.push('}');
        self.sorted.truncate(base);
        Ok(())
    }

    fn number(&mut self, number: &Number) -> Result<(), JcsError> {
        let text = number.as_str();
        if is_plain_integer(text) {
            self.out.push_str(text);
            return Ok(());
        }
        let Some(double) = number.as_f64() else { return Err(JcsError { number: number.clone() }) };
        self.double(double);
        Ok(())
    }

    /// Writes a finite double as [ECMAScript](https://tc39.es/ecma262/#sec-numeric-types-number-tostring) does,
    /// whose names `n` and `k` these are: the point stands after `n` of the `k` digits.
    fn double(&mut self, double: f64) {
        digits(double.abs(), &mut self.digits);
        let (mantissa, exponent) = self.digits.split_once('e').unwrap_or((&self.digits, "0"));
        let (first, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        let (n, k) = (exponent + 1, 1 + rest.len() as i32);
        let out = &mut self.out;
        if double < 0.0 {
            out.push('-');
        }
        let zeros = |out: &mut String, count: i32| out.extend((0..count).map(|_| '0'));
        match n {
            1..=21 => {
                let (whole, fraction) = rest.split_at_checked(exponent as usize).unwrap_or((rest, ""));
                out.extend([first, whole]);
                zeros(out, n - k);
                if !fraction.is_empty() {
                    out.extend([".", fraction]);
                }
            }
            -5..=0 => {
                out.push_str("0.");
                zeros(out, -n);
                out.extend([first, rest]);
            }
            _ => {
                out.push_str(first);
                if !rest.is_empty() {
                    out.extend([".", rest]);
                }
                let _ = write!(out, "e{exponent:+}");
            }
        }
    }
}

/// Writes the shortest digits that read back as `double`, in the form `1.25e-7`; of several the nearest to it, of
/// two that are as near the one that ends in an even digit.
fn digits(double: f64, out: &mut String) {
    out.clear();
    // The shortest and nearest, but of two that are as near the greater.
    let _ = write!(out, "{double:e}");
    let shortest = out.len();
    let decimals = out.find('e').unwrap_or(shortest).saturating_sub(2);
    // As many digits, rounded to even; next to a power of two they may read back as another number.
    let _ = write!(out, "{double:.decimals$e}");
    let (up, even) = out.split_at(shortest);
    if up == even || even.parse() != Ok(double) {
        out.truncate(shortest);
    } else {
        out.drain(..shortest);
    }
}

/// Whether a number is written as an integer that a double surely holds, and that ECMAScript would write alike:
/// nearly every number of a document is.
fn is_plain_integer(text: &str) -> bool {
    // 2⁵³ has sixteen digits.
    const DIGITS: usize = 15;
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.len() <= DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) && text != "-0"
}

/// The order of two names by their UTF-16 code units. RFC 8785 §3.2.3.
fn utf16_order(one: &str, other: &str) -> Ordering {
    // The first byte of a character beyond U+FFFF, and of one from U+E000 on, in UTF-8.
    const BEYOND: u8 = 0xf0;
    const HIGH: u8 = 0xee;
    let difference = one.bytes().zip(other.bytes()).find(|(one, other)| one != other);
    match difference {
        None => one.len().cmp(&other.len()),
        // Surrogates come before U+E000: here alone bytes are in another order.
        Some((one @ HIGH.., other @ HIGH..)) => (one < BEYOND, one).cmp(&(other < BEYOND, other)),
        Some((one, other)) => one.cmp(&other),
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::utf16_order;
    use crate::{Object, Value};

    fn jcs(text: &str) -> String {
        Value::parse(text.as_bytes()).unwrap().to_jcs().unwrap()
    }

    #[test]
    fn the_sample_of_the_rfc_is_written_as_the_rfc_writes_it() {
        assert_eq!(
            jcs(r#"{
                "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
                "literals": [null, true, false]
            }"#),
            r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        );
    }

    #[test]
    fn names_are_sorted_by_utf16_code_units_at_every_depth() {
        let members = r#"{
            "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"
        }"#;
        let sorted = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
                      \"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\
                      \"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
        assert_eq!(jcs(members), sorted);
        assert_eq!(
            jcs(&format!(r#"{{"b":[1,{members},[{members}]],"a":{members}}}"#)),
            format!(r#"{{"a":{sorted},"b":[1,{sorted},[{sorted}]]}}"#)
        );
    }

    #[test]
    fn the_quick_order_of_names_is_the_order_of_their_code_units() {
        let names = ["", "a", "ab", "\u{7f}", "é", "a\u{d7ff}", "\u{e000}", "\u{ffff}", "\u{10000}", "a😀"];
        for one in names {
            for other in names {
                let units: Ordering = one.encode_utf16().cmp(other.encode_utf16());
                assert_eq!(utf16_order(one, other), units, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn numbers_are_written_as_in_the_table_of_the_rfc() {
        for (bits, expected) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0x41b3_de43_5555_5556, "333333333.3333334"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            assert_eq!(Value::from(f64::from_bits(bits)).to_jcs().as_deref(), Ok(expected), "{bits:016x}");
        }
    }

    #[test]
    fn every_way_to_write_a_number_comes_to_one() {
        for (canonical, ways) in [
            ("0", &["0", "-0", "0.0", "-0e5", "0E-9", "1e-400"][..]),
            ("17", &["17", "17.0", "1.7e1", "170E-1"]),
            ("-5", &["-5", "-5.00", "-50e-1"]),
            ("100", &["100", "1e2", "1E+2"]),
            ("999999999999999", &["999999999999999", "999999999999999.0"]),
            // Beyond 2⁵³ the nearest double is what is written.
            ("9007199254740992", &["9007199254740992", "9007199254740993"]),
            ("1e+21", &["1000000000000000000000", "1e21"]),
            ("0.1", &["0.1", "0.10000000000000000555"]),
        ] {
            for way in ways {
                assert_eq!(jcs(way), canonical, "{way}");
            }
        }
    }

    #[test]
    fn a_number_beyond_a_double_has_no_canonical_form() {
        let object = Object::parse(br#"{"b":[{"c":-1e309}],"a":1}"#).unwrap();
        let error = object.to_jcs().unwrap_err();
        assert_eq!(error.number.as_str(), "-1e309");
        assert!(error.to_string().contains("-1e309"), "{error}");
        assert_eq!(Value::parse(b"1e400").unwrap().to_jcs().unwrap_err().number.as_str(), "1e400");
    }

    #[test]
    fn names_are_the_ones_that_are_written() {
        assert_eq!(
            jcs(r#"{"type":"Note","as:actor":2,"@id":1,"\"":0}"#),
            r#"{"\"":0,"@id":1,"as:actor":2,"type":"Note"}"#
        );
        assert_eq!(jcs("[{}, [], \"\"]"), r#"[{},[],""]"#);
    }
}
