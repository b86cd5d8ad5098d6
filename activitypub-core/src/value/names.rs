//! The names that properties have in real documents, known before any document comes.
//!
//! Whoever reads a document meets the same few hundred names again and again. A known name costs the tree no
//! allocation and compares as one number. They are the names of all properties that the vocabularies declare,
//! and some more that real documents have. Being known changes nothing else: a name nobody listed reads,
//! writes and is found the same way.

use crate::vocab::{ALL, Vocabulary};

/// A known name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) name: &'static str,
    /// The name as it is written before its value: quoted, with its colon.
    pub(crate) quoted: &'static str,
    /// Its place in the list.
    pub(crate) index: usize,
    /// Whether it is the twin of a text, which holds one for each language: the names in there are tags.
    pub(crate) is_twin: bool,
    /// A bit for each of the vocabularies, in the order of [`ALL`], that declare it.
    declared: u64,
}

impl Known {
    /// The vocabularies that declare a property of this name.
    pub(crate) fn vocabularies(&self) -> impl Iterator<Item = &'static Vocabulary> {
        let mut left = self.declared;
        std::iter::from_fn(move || {
            let vocabulary = ALL.get(left.trailing_zeros() as usize).copied()?;
            left &= left - 1;
            Some(vocabulary)
        })
    }

    /// Whether this very vocabulary declares it.
    pub(crate) fn is_of(&self, vocabulary: &'static Vocabulary) -> bool {
        self.vocabularies().any(|of| std::ptr::eq(of, vocabulary))
    }
}

const _: () = assert!(ALL.len() <= 64, "a bit for each vocabulary");

/// How many names there are.
pub(crate) const COUNT: usize = LIST.count;

/// A power of two at least twice [`COUNT`], so that most searches end at the first slot.
const SLOTS: usize = 2048;

const _: () = assert!(COUNT * 2 <= SLOTS, "the table of names needs more slots");

/// Stands for "no name here" in [`List::table`].
const EMPTY: u16 = u16::MAX;

/// The names, and where to look for one.
struct List {
    /// The names, then nothing.
    names: [Known; SLOTS / 2],
    count: usize,
    /// For each hash the place of the first name that has it, as far as that slot was free, else the next free
    /// one.
    table: [u16; SLOTS],
}

const LIST: List = list();

static NAMES: [Known; COUNT] = {
    let mut names = [UNSET; COUNT];
    names.copy_from_slice(LIST.names.split_at(COUNT).0);
    names
};

static TABLE: [u16; SLOTS] = LIST.table;

const UNSET: Known = Known { name: "", quoted: "", index: 0, is_twin: false, declared: 0 };

/// The known name that is spelled like this.
pub(crate) fn known(name: &str) -> Option<&'static Known> {
    let mut slot = hash(name.as_bytes());
    loop {
        let known = NAMES.get(usize::from(*TABLE.get(slot)?))?;
        if known.name == name {
            return Some(known);
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// Mixes the length, the first and the last bytes: names differ in these, and reading them costs no loop.
const fn hash(name: &[u8]) -> usize {
    let (first, last) = if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        (u32::from_le_bytes(*first) as u64, u32::from_le_bytes(*last) as u64)
    } else if let (Some(first), Some(last)) = (name.first(), name.last()) {
        (*first as u64, *last as u64)
    } else {
        (0, 0)
    };
    let mixed = (first ^ last.rotate_left(23) ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (u64::BITS - SLOTS.trailing_zeros())) as usize
}

#[expect(clippy::indexing_slicing, reason = "runs at compile time, where a panic is an error of the build")]
impl List {
    const fn insert(&mut self, name: &'static str, quoted: &'static str, is_twin: bool, declared: u64) {
        let mut slot = hash(name.as_bytes());
        while self.table[slot] != EMPTY {
            let known = &mut self.names[self.table[slot] as usize];
            if same(known.name.as_bytes(), name.as_bytes()) {
                known.declared |= declared;
                known.is_twin |= is_twin;
                return;
            }
            slot = (slot + 1) % SLOTS;
        }
        self.names[self.count] = Known { name, quoted, index: self.count, is_twin, declared };
        self.table[slot] = self.count as u16;
        self.count += 1;
    }
}

#[expect(clippy::indexing_slicing, reason = "runs at compile time, where a panic is an error of the build")]
const fn list() -> List {
    let mut list = List { names: [UNSET; SLOTS / 2], count: 0, table: [EMPTY; SLOTS] };
    let mut at = 0;
    while at < ALL.len() {
        let mut group = 0;
        while group < ALL[at].terms.len() {
            let mut row = 0;
            while row < ALL[at].terms[group].len() {
                let of = &ALL[at].terms[group][row];
                list.insert(of.term.name, of.names.quoted, false, 1 << at);
                if of.is_text {
                    list.insert(of.names.twin, of.names.twin_quoted, true, 1 << at);
                }
                row += 1;
            }
            group += 1;
        }
        at += 1;
    }
    let mut at = 0;
    while at < UNDECLARED.len() {
        list.insert(UNDECLARED[at].0, UNDECLARED[at].1, false, 0);
        at += 1;
    }
    list
}

#[expect(clippy::indexing_slicing, reason = "runs at compile time, where a panic is an error of the build")]
const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len()
}

macro_rules! names {
    ($($name:literal)*) => { &[$( ($name, concat!("\"", $name, "\":")) ),*] };
}

/// What stands in real documents, or in their contexts, and is no property of a vocabulary.
const UNDECLARED: &[(&str, &str)] = names! {
    "id" "type" "@context" "@value" "@language" "@list" "@set" "@graph" "@vocab" "@container"
    "uploadMedia" "Hashtag" "Emoji" "PropertyValue" "claim" "deviceId" "devices" "cipherText" "fingerprintKey"
    "identityKey" "publicKeyBase64" "messageFranking" "messageType" "en" "de" "fr" "es" "ja" "ostatus" "toot"
    "misskey" "schema" "vcard" "litepub" "as" "lemmy" "pt" "sc" "mz" "noindex" "mimeType" "nickname"
};

#[cfg(test)]
mod tests {
    use super::{NAMES, known};

    #[test]
    fn every_name_is_found_and_stands_there_as_it_is_written() {
        for (index, listed) in NAMES.iter().enumerate() {
            assert_eq!(known(listed.name).map(|known| known.index), Some(index), "{}", listed.name);
            assert_eq!(listed.quoted, format!("{:?}:", listed.name));
            assert_eq!(listed.is_twin, listed.name.ends_with("Map"), "{}", listed.name);
        }
    }

    #[test]
    fn a_name_that_is_nearly_known_is_not_known() {
        for listed in &NAMES {
            assert!(known(&format!("{} ", listed.name)).is_none());
            assert!(known(&format!("X{}", listed.name)).is_none());
        }
        assert!(known("").is_none());
    }
}
