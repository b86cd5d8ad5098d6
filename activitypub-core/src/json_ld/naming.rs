//! What IRIs are called in a document that is read: [JSON-LD 1.1 Processing Algorithms and
//! API](https://www.w3.org/TR/json-ld11-api/) §6.2, to names that are known beforehand.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::definition::continues;
use super::{Budget, JsonLdError};
use crate::Object;
use crate::context;
use crate::context::iris::{PREFIXES, canonical, is_ours};
use crate::vocab::{self, Row, Vocabulary, vcard};

/// Names that a document may define for itself beyond the vocabularies. PeerTube's have about fifty.
const OWN: usize = 256;

/// The context of Activity Streams has a prefix for it, under which documents use it.
const VCARD: &str = vcard::VOCABULARY.namespace;

/// What an IRI is called here.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) name: Arc<str>,
    /// Whether a bare text under the name is an id.
    pub(super) reference: bool,
    /// Whether there is a twin for texts in languages.
    pub(super) text: bool,
    /// What a vocabulary has under it; `None` for a name that is the document's own, or is an IRI.
    declared: Option<Declared>,
}

/// A name of a vocabulary.
#[derive(Clone, Copy, Debug)]
enum Declared {
    Type(&'static Vocabulary),
    Property(&'static Row),
}

impl Target {
    /// Whether a vocabulary has it.
    pub(super) fn is_declared(&self) -> bool {
        self.declared.is_some()
    }
}

/// The names that a document was found to use.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Those of the document for what no vocabulary here has, with their IRIs and whether they are references.
    own: HashMap<Arc<str>, (Arc<str>, bool)>,
    /// Those of the vocabularies.
    used: HashMap<Arc<str>, Target>,
}

impl Names {
    /// What an IRI is called here: by our name for it, by the document's own where that is nobody else's, or by
    /// itself.
    pub(super) fn target(
        &mut self,
        iri: &Arc<str>,
        written: &str,
        reference: bool,
        budget: &mut Budget,
    ) -> Result<Target, JsonLdError> {
        if let Some(target) = declared(iri) {
            self.used.entry(target.name.clone()).or_insert_with(|| target.clone());
            return Ok(target.clone());
        }
        let target = self.undeclared(iri, written, reference)?;
        budget.write(target.name.len())?;
        Ok(target)
    }

    fn undeclared(&mut self, iri: &Arc<str>, written: &str, reference: bool) -> Result<Target, JsonLdError> {
        let mut target = Target { name: iri.clone(), reference: false, text: false, declared: None };
        // What the context of Activity Streams makes of a name that nothing defines.
        if let Some(bare) = iri.strip_prefix("_:") {
            if !is_ours(bare) && !bare.contains([':', '@']) {
                target.name = bare.into();
            }
            return Ok(target);
        }
        if let Some(local) = iri.strip_prefix(VCARD) {
            target.name = format!("vcard:{local}").into();
            return Ok(target);
        }
        // What would be a prefix as well would give other names of the document another meaning.
        let is_no_name = written.contains([':', '@', '/']) || continues(iri);
        if is_no_name || is_ours(written) || PREFIXES.contains_key(written) {
            return Ok(target);
        }
        if self.own.len() == OWN && !self.own.contains_key(written) {
            return Err(JsonLdError::TooMany { what: "names of its own", limit: OWN });
        }
        let own = self.own.entry(written.into()).or_insert_with(|| (iri.clone(), reference));
        if own.0 == *iri {
            target.name = written.into();
            target.reference = own.1;
        }
        Ok(target)
    }

    /// The context that the names need which were used, and no more.
    pub(super) fn write_context(&self, object: &mut Object) {
        context::begin(object);
        let mut used: Vec<_> = self.used.values().collect();
        used.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        for target in used {
            match target.declared {
                Some(Declared::Type(vocabulary)) => context::require_type(object, &target.name, vocabulary),
                Some(Declared::Property(row)) => {
                    context::require(object, &row.term, row.is_reference, row.is_ordered);
                }
                None => {}
            }
        }
        let mut own: Vec<_> = self.own.iter().collect();
        own.sort_unstable();
        for (name, (iri, reference)) in own {
            context::define(object, name, iri, *reference, None);
        }
    }
}

/// The names of the vocabularies, by their IRIs. A name that two of them have is that of the first.
static DECLARED: LazyLock<HashMap<String, Target>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    let mut taken = HashMap::new();
    let mut add = |namespace: &'static str, iri: String, target: Target| {
        if *taken.entry(target.name.clone()).or_insert(namespace) == namespace {
            names.entry(iri).or_insert(target);
        }
    };
    for vocabulary in vocab::ALL {
        let namespace = vocabulary.namespace;
        for of in vocabulary.types.iter().filter(|of| !of.is_abstract) {
            let declared = Some(Declared::Type(vocabulary));
            let target = Target { name: of.name.into(), reference: false, text: false, declared };
            add(namespace, format!("{namespace}{}", of.name), target);
        }
        for row in vocabulary.rows() {
            let (reference, text) = (row.is_reference, row.is_text);
            let declared = Some(Declared::Property(row));
            let target = Target { name: row.term.name.into(), reference, text, declared };
            add(namespace, row.term.iri(), target);
        }
    }
    names
});

/// The name of a vocabulary that an IRI stands for.
fn declared(iri: &str) -> Option<&'static Target> {
    let meant = canonical(iri);
    DECLARED.get(&format!("{}{}", meant.namespace, meant.local))
}
