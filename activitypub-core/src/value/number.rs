//! [`Number`]: a JSON number as written. [RFC 8259 §6](https://www.rfc-editor.org/rfc/rfc8259#section-6)

use std::fmt;

/// A JSON number, kept as it was written: `1`, `1.0` and `1e0` are three numbers.
///
/// A document that is signed over its canonical form, or whose ids are larger than 2⁵³, does not survive a trip
/// through floating point; so nothing is converted before someone asks for a type. Two numbers are equal when
/// they are written alike.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Written);

/// Most numbers of the fediverse are widths, heights and counts: they need no allocation.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Written {
    Short { length: u8, digits: [u8; SHORT] },
    Long(Box<str>),
}

const SHORT: usize = 7;

impl Number {
    /// A number from its JSON text, which the caller has checked.
    pub(crate) fn new(text: &str) -> Self {
        let mut digits = [0; SHORT];
        Self(match (digits.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(start), Ok(length)) => {
                start.copy_from_slice(text.as_bytes());
                Written::Short { length, digits }
            }
            _ => Written::Long(text.into()),
        })
    }

    /// The number as written.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // Never falls back: the bytes came from text.
            Written::Short { length, digits } => {
                digits.get(..usize::from(*length)).and_then(|text| str::from_utf8(text).ok()).unwrap_or("0")
            }
            Written::Long(text) => text,
        }
    }

    /// The number, if it is written as an integer that a `u64` holds.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_str().parse().ok()
    }

    /// The number, if it is written as an integer that an `i64` holds.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_str().parse().ok()
    }

    /// The nearest `f64`, if the number is in its range.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_str().parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The shortest number that reads back as this one. `None` for infinities and for what is not a number,
    /// which JSON cannot write.
    pub fn from_f64(number: f64) -> Option<Self> {
        // The debug form, unlike the display form, has an exponent where 300 zeros would stand.
        number.is_finite().then(|| Self::new(&format!("{number:?}")))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => { $(
        impl From<$integer> for Number {
            fn from(number: $integer) -> Self {
                Self::new(&number.to_string())
            }
        }
    )* };
}

from_integers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn a_number_stays_as_written() {
        for text in ["0", "-0", "1.0", "1E+2", "1234567", "12345678", "9007199254740993", "1e400"] {
            assert_eq!(Number::new(text).as_str(), text);
        }
        assert_ne!(Number::new("1"), Number::new("1.0"));
    }

    #[test]
    fn a_type_is_given_only_what_it_can_hold() {
        assert_eq!(Number::new("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(Number::new("18446744073709551616").as_u64(), None);
        assert_eq!(Number::new("-1").as_u64(), None);
        assert_eq!(Number::new("-9223372036854775808").as_i64(), Some(i64::MIN));
        assert_eq!(Number::new("1.0").as_i64(), None);
        assert_eq!(Number::new("9007199254740993").as_i64(), Some(9_007_199_254_740_993));
        assert_eq!(Number::new("2.5e-1").as_f64(), Some(0.25));
        assert_eq!(Number::new("1e400").as_f64(), None);
    }

    #[test]
    fn floats_are_written_as_json() {
        assert_eq!(Number::from_f64(1.0).unwrap().as_str(), "1.0");
        assert_eq!(Number::from_f64(1e300).unwrap().as_str(), "1e300");
        assert_eq!(Number::from_f64(5e-324).unwrap().as_str(), "5e-324");
        assert_eq!(Number::from_f64(f64::NAN), None);
        assert_eq!(Number::from_f64(f64::INFINITY), None);
    }
}
