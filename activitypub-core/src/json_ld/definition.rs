//! What names mean where a context defines them: [JSON-LD 1.1 Processing Algorithms and
//! API](https://www.w3.org/TR/json-ld11-api/) §4.1 (contexts), §4.2 (definitions) and §5.2 (IRIs).
//!
//! Definitions that move what stands under a name elsewhere, and containers that put something between, are errors
//! here: the vocabularies need none, and reshaping is what a hostile context would want them for.

use std::collections::HashMap;
use std::sync::Arc;

use super::written::Written;
use super::{Budget, JsonLdError, pinned};
use crate::Object;
use crate::context::iris::PREFIXES;
use crate::spelling;
use crate::value::Value;

/// How many definitions a name may stand on, one after the other. Real ones stand on a prefix, so on one.
const CHAIN: usize = 8;

/// How many contexts may be in force in one place, those of the objects around it included. Real documents name up to
/// nine in one object, and repeat some in an object inside.
const IN_FORCE: usize = 64;

/// The longest IRI that a name may stand for, in bytes: much longer than those of real terms. A name is one byte, and
/// each time it is used something is done with the whole IRI.
const LONGEST: usize = 1024;

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) meaning: Meaning,
    pub(super) coercion: Coercion,
    pub(super) container: Container,
    /// Whether it may stand before a colon.
    is_prefix: bool,
}

/// What a name or another text stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Keyword(&'static str),
    Iri(Arc<str>),
    Nothing,
}

/// What a bare text under a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coercion {
    /// A text.
    None,
    /// An id: `"@type": "@id"`.
    Id,
    /// A name or an id: `"@type": "@vocab"`.
    Name,
}

/// What an array or a map under a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    None,
    /// An array in order.
    List,
    /// A text for each language.
    Language,
}

/// The definitions of one context.
#[derive(Clone, Debug, Default)]
pub(super) struct Definitions {
    terms: HashMap<Box<str>, Definition>,
    /// What gives names that nothing defines a namespace. Set to `None` by a `null`.
    vocabulary: Option<Option<Arc<str>>>,
    base: Option<Option<url::Url>>,
}

impl Definitions {
    /// Those of a context made from the tables, which stands on no other.
    pub(super) fn of_pinned(context: &Object) -> Self {
        let mut scope = Scope::default();
        // Made by us, and small: there is nothing to refuse, and a test reads every one.
        let _made_by_us = scope.define_all(context, &mut Budget::of(usize::MAX));
        match scope.layers.pop() {
            Some(Layer::Own(own)) => own,
            _ => Self::default(),
        }
    }

    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.terms.keys().map(|name| &**name)
    }

    #[cfg(test)]
    pub(super) fn define_alike(&self, other: &Self, name: &str) -> bool {
        self.terms.get(name) == other.terms.get(name)
    }
}

/// What the names in an object mean: by its own context, and by those of the objects around it.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    around: Option<&'a Self>,
    layers: Vec<Layer>,
    /// How many layers there are, those around included.
    in_force: usize,
}

#[derive(Debug)]
enum Layer {
    Pinned(&'static Definitions),
    Own(Definitions),
}

impl Layer {
    fn definitions(&self) -> &Definitions {
        match self {
            Self::Pinned(definitions) => definitions,
            Self::Own(definitions) => definitions,
        }
    }
}

/// A context in the making.
struct Open<'a> {
    /// What it defines that has no meaning yet.
    terms: HashMap<&'a str, &'a Value>,
    /// The names that stand on one another, of which the last is being defined.
    chain: Vec<&'a str>,
}

impl<'a> Scope<'a> {
    /// The scope of an object inside.
    pub(super) fn inside(around: &'a Self) -> Self {
        Self { around: Some(around), layers: Vec::new(), in_force: around.in_force }
    }

    /// Takes a `@context` into force.
    pub(super) fn enter(&mut self, context: &Value, budget: &mut Budget) -> Result<(), JsonLdError> {
        for entry in context.one_or_many() {
            budget.context()?;
            match entry {
                Value::Null => *self = Self::default(),
                Value::String(address) => {
                    let known = pinned::definitions(address);
                    let pinned = known.ok_or_else(|| JsonLdError::UnknownContext(address.clone()))?;
                    self.push(Layer::Pinned(pinned))?;
                }
                Value::Object(terms) => self.define_all(terms, budget)?,
                _ => return Err(JsonLdError::invalid("@context", "an address, an object, or several")),
            }
        }
        Ok(())
    }

    /// What a name is defined as.
    pub(super) fn definition(&self, name: &str) -> Option<&Definition> {
        self.layers().find_map(|definitions| definitions.terms.get(name))
    }

    /// The keyword that a name is, or stands for.
    pub(super) fn keyword(&self, name: &str) -> Option<&'static str> {
        match self.definition(name) {
            Some(Definition { meaning: Meaning::Keyword(keyword), .. }) => Some(keyword),
            Some(_) => None,
            None => KEYWORDS.into_iter().find(|keyword| *keyword == name),
        }
    }

    /// What a text stands for as a name: of a property, or in `type`.
    pub(super) fn name(&self, text: &str, budget: &mut Budget) -> Result<Meaning, JsonLdError> {
        match self.definition(text) {
            Some(definition) => Ok(definition.meaning.clone()),
            None => self.expand(text, true, budget),
        }
    }

    /// What a text stands for as an id.
    pub(super) fn id(&self, text: &str, budget: &mut Budget) -> Result<Meaning, JsonLdError> {
        match self.definition(text) {
            Some(Definition { meaning: Meaning::Keyword(keyword), .. }) => Ok(Meaning::Keyword(keyword)),
            _ => self.expand(text, false, budget),
        }
    }

    fn layers(&self) -> impl Iterator<Item = &Definitions> {
        let around = std::iter::successors(Some(self), |scope| scope.around);
        around.flat_map(|scope| scope.layers.iter().rev().map(Layer::definitions))
    }

    fn push(&mut self, layer: Layer) -> Result<(), JsonLdError> {
        self.in_force += 1;
        if self.in_force > IN_FORCE {
            return Err(JsonLdError::TooMany { what: "contexts in force in one place", limit: IN_FORCE });
        }
        self.layers.push(layer);
        Ok(())
    }

    /// The definitions that the next ones join.
    fn own(&mut self) -> Option<&mut Definitions> {
        match self.layers.last_mut() {
            Some(Layer::Own(own)) => Some(own),
            _ => None,
        }
    }

    fn define_all(&mut self, context: &Object, budget: &mut Budget) -> Result<(), JsonLdError> {
        if self.own().is_none() {
            self.push(Layer::Own(Definitions::default()))?;
        }
        for (name, value) in context.members() {
            match name {
                "@base" => self.set_base(value)?,
                "@vocab" => self.set_vocabulary(value, budget)?,
                // Which language a bare text is in is nothing that a reading asks for.
                "@language" | "@direction" | "@version" | "@protected" => {}
                _ if is_keyword(name) && name != "@type" => return Err(JsonLdError::unsupported(name)),
                _ => {}
            }
        }
        let terms = context.members().filter(|(name, _)| !name.starts_with('@')).collect();
        let mut open = Open { terms, chain: Vec::new() };
        for (name, _) in context.members() {
            self.define(name, &mut open, budget)?;
        }
        Ok(())
    }

    fn set_base(&mut self, value: &Value) -> Result<(), JsonLdError> {
        let invalid = || JsonLdError::invalid("@base", "an absolute IRI or null");
        let base = match value {
            Value::Null => None,
            value => Some(value.as_str().and_then(|base| base.parse().ok()).ok_or_else(invalid)?),
        };
        if let Some(own) = self.own() {
            own.base = Some(base);
        }
        Ok(())
    }

    fn set_vocabulary(&mut self, value: &Value, budget: &mut Budget) -> Result<(), JsonLdError> {
        let vocabulary = match value {
            Value::Null => None,
            Value::String(text) if text.is_empty() => return Ok(()),
            value => {
                let text = value.as_str().unwrap_or_default();
                match self.name(text, budget)? {
                    Meaning::Iri(iri) => Some(iri),
                    _ => return Err(JsonLdError::invalid("@vocab", "an IRI, \"_:\" or null")),
                }
            }
        };
        if let Some(own) = self.own() {
            own.vocabulary = Some(vocabulary);
        }
        Ok(())
    }

    /// Gives a name of the context its meaning, after the names it stands on.
    fn define(&mut self, name: &str, open: &mut Open<'_>, budget: &mut Budget) -> Result<(), JsonLdError> {
        if open.chain.contains(&name) {
            return Err(JsonLdError::invalid(name, "defined by something else than itself"));
        }
        let Some((name, value)) = open.terms.remove_entry(name) else { return Ok(()) };
        if open.chain.len() == CHAIN {
            return Err(JsonLdError::TooMany { what: "definitions that stand on one another", limit: CHAIN });
        }
        open.chain.push(name);
        let written = Written::of(name, value)?;
        let meaning = match written.iri {
            None => Meaning::Nothing,
            Some(iri) => {
                let prefix = iri.split_once(':').map(|(prefix, _)| prefix);
                for other in [Some(iri).filter(|iri| *iri != name), prefix].into_iter().flatten() {
                    self.define(other, open, budget)?;
                }
                self.meaning_of(name, iri, budget)?
            }
        };
        if matches!(&meaning, Meaning::Iri(iri) if iri.len() > LONGEST) {
            return Err(JsonLdError::TooMany {
                what: "bytes of one IRI that a name stands for",
                limit: LONGEST,
            });
        }
        let is_prefix = match &meaning {
            Meaning::Iri(iri) => {
                !name.contains([':', '/']) && (written.is_prefix || (written.is_simple && continues(iri)))
            }
            _ => false,
        };
        let definition =
            Definition { meaning, coercion: written.coercion, container: written.container, is_prefix };
        if let Some(own) = self.own() {
            own.terms.insert(name.into(), definition);
        }
        open.chain.pop();
        Ok(())
    }

    fn meaning_of(&self, name: &str, iri: &str, budget: &mut Budget) -> Result<Meaning, JsonLdError> {
        if iri != name {
            let meaning = self.name(iri, budget)?;
            // A name that looks like an IRI stands for that one and no other.
            if name.contains([':', '/']) && self.expand(name, true, budget)? != meaning {
                return Err(JsonLdError::invalid(name, "what it looks like: it is a compact IRI or an IRI"));
            }
            return Ok(meaning);
        }
        match self.expand(name, true, budget)? {
            Meaning::Iri(iri) => Ok(Meaning::Iri(iri)),
            _ => Err(JsonLdError::invalid(name, "defined with an \"@id\", or where there is a \"@vocab\"")),
        }
    }

    /// What a text stands for that no definition stands for as a whole.
    fn expand(&self, text: &str, is_name: bool, budget: &mut Budget) -> Result<Meaning, JsonLdError> {
        if text.starts_with('@') {
            let keyword = KEYWORDS.iter().find(|keyword| **keyword == text);
            return Ok(keyword.map_or(Meaning::Nothing, |keyword| Meaning::Keyword(keyword)));
        }
        let concatenate = |namespace: &str, local: &str, budget: &mut Budget| {
            budget.write(namespace.len() + local.len())?;
            Ok(Meaning::Iri(format!("{namespace}{local}").into()))
        };
        if let Some((prefix, local)) = text.split_once(':').filter(|(prefix, _)| !prefix.is_empty()) {
            if !local.starts_with("//")
                && let Some(Definition { meaning: Meaning::Iri(namespace), is_prefix: true, .. }) =
                    self.definition(prefix)
            {
                return concatenate(namespace, local, budget);
            }
            // Readers would take it for ours, whose prefix is not declared here or is declared to be none. Of ids
            // that is `as:Public`; others that begin like a prefix may have a scheme, as `did:` is.
            let looks_like_ours = match is_name {
                true => PREFIXES.contains_key(prefix) || spelling::canonical(text).is_some(),
                false => prefix == "as",
            };
            if looks_like_ours && !local.starts_with("//") {
                return Ok(Meaning::Nothing);
            }
            return concatenate("", text, budget);
        }
        if is_name {
            let vocabulary = self.layers().find_map(|definitions| definitions.vocabulary.as_ref());
            return match vocabulary {
                Some(Some(vocabulary)) => concatenate(vocabulary, text, budget),
                _ => Ok(Meaning::Nothing),
            };
        }
        let base = self.layers().find_map(|definitions| definitions.base.as_ref()).and_then(Option::as_ref);
        match base.and_then(|base| base.join(text).ok()) {
            Some(iri) => concatenate("", iri.as_str(), budget),
            None => concatenate("", text, budget),
        }
    }
}

/// Whether a name that stands for this IRI may stand before a colon, without saying so: whether names continue it.
pub(super) fn continues(iri: &str) -> bool {
    iri.starts_with("_:") || iri.ends_with([':', '/', '?', '#', '[', ']', '@'])
}

/// The keywords of JSON-LD that names may stand for.
const KEYWORDS: [&str; 18] = [
    "@base",
    "@container",
    "@context",
    "@direction",
    "@graph",
    "@id",
    "@import",
    "@included",
    "@index",
    "@language",
    "@list",
    "@nest",
    "@propagate",
    "@reverse",
    "@set",
    "@type",
    "@value",
    "@vocab",
];

fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}
