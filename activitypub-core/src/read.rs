//! Reading JSON, strictly: [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259) with everything refused that two
//! readers could understand differently, or that no honest document has.
//!
//! Refused beyond the grammar: what is not UTF-8, a byte order mark, lone surrogates, one property twice in one
//! object (after unescaping, and in any of its spellings), and whatever passes the [`Limits`].

use crate::Object;
use crate::error::ParseError;
use crate::value::{Member, Members, Name, Number, Value};

/// How large a document may be. Beyond one of these it is refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the document: 1 MiB by default.
    pub size: usize,
    /// Levels of arrays and objects inside one another: 64 by default.
    pub depth: u8,
    /// Items of one array: 4096 by default.
    pub array: usize,
    /// Properties of one object: 256 by default.
    pub object: usize,
    /// Bytes of one text, unescaped: 256 KiB by default.
    pub text: usize,
    /// Characters of one number: 128 by default.
    pub number: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { size: 1 << 20, depth: 64, array: 4096, object: 256, text: 256 << 10, number: 128 }
    }
}

impl Value {
    /// Reads a JSON text.
    ///
    /// # Errors
    /// What is not JSON, or more than the default [`Limits`].
    pub fn parse(text: &[u8]) -> Result<Self, ParseError> {
        read(text, &Limits::default())
    }
}

impl Object {
    /// Reads a JSON text that is an object. [`Parsed`](crate::Parsed) keeps the text beside it.
    ///
    /// # Errors
    /// What is not a JSON object, or more than the default [`Limits`].
    pub fn parse(text: &[u8]) -> Result<Self, ParseError> {
        read_object(text, &Limits::default())
    }
}

pub(crate) fn read_object(bytes: &[u8], limits: &Limits) -> Result<Object, ParseError> {
    match read(bytes, limits)? {
        Value::Object(object) => Ok(object),
        _ => Err(ParseError::NotAnObject),
    }
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Value, ParseError> {
    if bytes.len() > limits.size {
        return Err(ParseError::TooLarge { size: bytes.len(), limit: limits.size });
    }
    let text = str::from_utf8(bytes).map_err(|error| ParseError::NotUtf8 { at: error.valid_up_to() })?;
    if text.starts_with('\u{feff}') {
        return Err(ParseError::ByteOrderMark);
    }
    let mut reader = Reader::new(text, limits);
    reader.skip_space();
    let value = reader.value()?;
    reader.skip_space();
    if reader.at < bytes.len() {
        return Err(ParseError::TrailingData { at: reader.at });
    }
    Ok(value)
}

/// A text, how far it is read, and what is not finished yet.
///
/// Items and properties gather on two stacks that all arrays and objects share; a finished one takes its own off
/// the top, into one allocation of the exact size.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
    limits: &'a Limits,
    items: Vec<Value>,
    members: Vec<Member>,
    unescaped: String,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, limits: &'a Limits) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            limits,
            items: Vec::new(),
            // As many as a usual document has unfinished at once.
            members: Vec::with_capacity(64),
            unescaped: String::new(),
        }
    }

    fn value(&mut self) -> Result<Value, ParseError> {
        match self.peek() {
            Some(b'"') => Ok(Value::String(self.string()?.into())),
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => Err(self.expected("a value")),
        }
    }

    fn object(&mut self) -> Result<Value, ParseError> {
        let start = self.at;
        let base = self.members.len();
        self.enter()?;
        if !self.take(b'}') {
            loop {
                if self.peek() != Some(b'"') {
                    return Err(self.expected("a quoted name"));
                }
                let name = Name::new(self.string()?);
                self.skip_space();
                if !self.take(b':') {
                    return Err(self.expected("a colon"));
                }
                self.skip_space();
                let value = self.value()?;
                self.members.push(Member { name, value });
                if self.members.len() - base > self.limits.object {
                    return Err(self.too_long("object", self.limits.object));
                }
                self.skip_space();
                if self.take(b'}') {
                    break;
                }
                self.comma("a comma or the end of an object")?;
            }
        }
        self.depth -= 1;
        match Members::new(self.members.split_off(base)) {
            Ok(members) => Ok(Value::Object(Object::from_members(members))),
            Err(clash) if clash.first == clash.again => {
                Err(ParseError::DuplicateKey { name: clash.again, at: start })
            }
            Err(clash) => {
                Err(ParseError::TwoSpellings { first: clash.first, second: clash.again, at: start })
            }
        }
    }

    fn array(&mut self) -> Result<Value, ParseError> {
        let base = self.items.len();
        self.enter()?;
        if !self.take(b']') {
            loop {
                let value = self.value()?;
                self.items.push(value);
                if self.items.len() - base > self.limits.array {
                    return Err(self.too_long("array", self.limits.array));
                }
                self.skip_space();
                if self.take(b']') {
                    break;
                }
                self.comma("a comma or the end of an array")?;
            }
        }
        self.depth -= 1;
        Ok(Value::Array(self.items.split_off(base)))
    }

    /// Takes the bracket that opens an array or object.
    fn enter(&mut self) -> Result<(), ParseError> {
        if self.depth == self.limits.depth {
            return Err(ParseError::TooDeep { limit: self.limits.depth, at: self.at });
        }
        self.depth += 1;
        self.at += 1;
        self.skip_space();
        Ok(())
    }

    fn comma(&mut self, expected: &'static str) -> Result<(), ParseError> {
        if !self.take(b',') {
            return Err(self.expected(expected));
        }
        self.skip_space();
        Ok(())
    }

    fn literal(&mut self, literal: &str, value: Value) -> Result<Value, ParseError> {
        if !self.rest().starts_with(literal) {
            return Err(self.expected("a value"));
        }
        self.at += literal.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, ParseError> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'-') || self.take(b'+');
            self.digits()?;
        }
        if self.at - start > self.limits.number {
            return Err(self.too_long("number", self.limits.number));
        }
        Ok(Value::Number(Number::new(self.since(start))))
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(self.expected("a digit")) } else { Ok(()) }
    }

    /// A text, at whose opening quote the reader stands.
    fn string(&mut self) -> Result<&str, ParseError> {
        self.at += 1;
        let start = self.at;
        self.at += plain(self.rest().as_bytes());
        if self.peek() != Some(b'"') {
            return self.escaped_string(start);
        }
        let text = self.since(start);
        self.at += 1;
        self.check_length(text)
    }

    /// The same of a text that is not plain to its end.
    #[inline(never)]
    fn escaped_string(&mut self, start: usize) -> Result<&str, ParseError> {
        let mut start = start;
        self.unescaped.clear();
        // Serves all escaped texts of a usual document.
        self.unescaped.reserve(512);
        loop {
            let run = self.since(start);
            self.unescaped.push_str(run);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                _ => return Err(self.expected("a character of a text, or its closing quote")),
            }
            start = self.at;
            self.at += plain(self.rest().as_bytes());
        }
        self.at += 1;
        self.check_length(&self.unescaped)
    }

    fn escape(&mut self) -> Result<(), ParseError> {
        self.at += 1;
        let character = match self.peek() {
            Some(character @ (b'"' | b'\\' | b'/')) => char::from(character),
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.expected("an escape")),
        };
        self.at += 1;
        self.unescaped.push(character);
        Ok(())
    }

    /// One code unit of UTF-16 at the `u` of its escape, or two that make one character.
    fn unicode_escape(&mut self) -> Result<(), ParseError> {
        let first = self.code_unit()?;
        let mut units = [first, 0];
        let mut length = 1;
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 1;
            units = [first, self.code_unit()?];
            length = 2;
        }
        let mut characters = char::decode_utf16(units.into_iter().take(length));
        match (characters.next(), characters.next()) {
            (Some(Ok(character)), None) => {
                self.unescaped.push(character);
                Ok(())
            }
            _ => Err(ParseError::LoneSurrogate { at: self.at }),
        }
    }

    fn code_unit(&mut self) -> Result<u16, ParseError> {
        self.at += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit << 4 | digit.ok_or_else(|| self.expected("a hexadecimal digit"))?;
            self.at += 1;
        }
        Ok(unit as u16)
    }

    fn check_length<'t>(&self, text: &'t str) -> Result<&'t str, ParseError> {
        if text.len() > self.limits.text { Err(self.too_long("text", self.limits.text)) } else { Ok(text) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    #[cold]
    fn expected(&self, expected: &'static str) -> ParseError {
        match self.peek() {
            Some(_) => ParseError::Unexpected { expected, at: self.at },
            None => ParseError::UnexpectedEnd { expected },
        }
    }

    #[cold]
    fn too_long(&self, what: &'static str, limit: usize) -> ParseError {
        ParseError::TooLong { what, limit, at: self.at }
    }
}

/// How many bytes come before a quote, a backslash or a control character.
///
/// Looks at eight bytes at once: the usual arithmetic that sets the highest bit of a byte where it is zero or
/// below a bound. A borrow can set bits above the first such byte, never below it.
pub(crate) fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20);
        let quote = (word ^ (ONES * b'"' as u64)).wrapping_sub(ONES);
        let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
        let found = (control | quote | backslash) & !word & HIGH;
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
    words.len() * 8 + rest.iter().position(special).unwrap_or(rest.len())
}
