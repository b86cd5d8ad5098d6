//! [`Parsed`]: a document and the bytes it came as.

use std::ops::Deref;

use bytes::Bytes;

use crate::Object;
use crate::error::ParseError;
use crate::read::Limits;
use crate::read::read_object;

/// A document and the bytes it came as: what a signature covers and what is understood are one thing.
#[derive(Clone, Debug)]
pub struct Parsed {
    bytes: Bytes,
    object: Object,
}

impl Parsed {
    /// Reads a document.
    ///
    /// # Errors
    /// What is not a JSON object, or more than the default [`Limits`].
    pub fn parse(bytes: impl Into<Bytes>) -> Result<Self, ParseError> {
        Self::parse_with(bytes, &Limits::default())
    }

    /// Reads a document, within these limits.
    ///
    /// # Errors
    /// What is not a JSON object, or more than the limits.
    pub fn parse_with(bytes: impl Into<Bytes>, limits: &Limits) -> Result<Self, ParseError> {
        let bytes = bytes.into();
        let object = read_object(&bytes, limits)?;
        Ok(Self { bytes, object })
    }

    /// The same bytes, understood as another object.
    #[cfg(feature = "json-ld")]
    pub(crate) fn with_object(self, object: Object) -> Self {
        Self { object, ..self }
    }

    /// The bytes, as they came.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Gives up the bytes.
    pub fn into_object(self) -> Object {
        self.object
    }
}

impl Deref for Parsed {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.object
    }
}
