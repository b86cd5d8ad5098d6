//! Real documents of many systems, which are not part of the project: `FEDI_SHARED` says where they are.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{env, fs, io};

use activitypub_core::Parsed;

/// The folder of shared test data, if this machine has it.
pub(crate) fn shared() -> Option<&'static Path> {
    static SHARED: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || {
        let Some(shared) = env::var_os("FEDI_SHARED") else {
            // Past the test harness, which keeps what passing tests print to itself.
            let _ = writeln!(io::stderr(), "FEDI_SHARED is not set: the tests over real documents see none");
            return None;
        };
        let shared = PathBuf::from(shared);
        assert!(shared.is_absolute(), "FEDI_SHARED must be an absolute path, not {}", shared.display());
        Some(shared)
    };
    SHARED.get_or_init(find).as_deref()
}

/// Every document of the corpus, by its path there; folders that begin with `_` hold something else.
pub(crate) fn documents() -> BTreeMap<String, Vec<u8>> {
    let mut documents = BTreeMap::new();
    for folder in shared().into_iter().flat_map(|shared| entries(&shared.join("corpus"))) {
        let system = name(&folder);
        if folder.is_dir() && !system.starts_with('_') {
            for document in entries(&folder) {
                let bytes = fs::read(&document).expect("a file can be read");
                documents.insert(format!("{system}/{}", name(&document)), bytes);
            }
        }
    }
    documents
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("a folder can be listed").path()).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The documents that are known to be refused: the beginning of each path, and what the refusal says.
fn exceptions() -> Vec<(&'static str, &'static str)> {
    let lines = include_str!("exceptions.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once('\t').expect("a path, a tab and the words")).collect()
}

#[test]
fn every_real_document_is_read_and_written_back_as_the_same_json() {
    let exceptions = exceptions();
    let documents = documents();
    let mut refused = Vec::new();
    for (path, bytes) in &documents {
        let parsed = match Parsed::parse(bytes.clone()) {
            Ok(parsed) => parsed,
            Err(error) => {
                let known = exceptions.iter().find(|(known, _)| path.starts_with(known));
                let (known, words) = known.unwrap_or_else(|| panic!("{path} is refused: {error}"));
                assert!(error.to_string().contains(words), "{path} is refused for another reason: {error}");
                refused.push(*known);
                continue;
            }
        };
        let written = parsed.to_json();
        let theirs = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).expect("JSON");
        assert_eq!(theirs(written.as_bytes()), theirs(bytes), "{path} is written as other JSON");
        let again = Parsed::parse(written).expect("what we write we read");
        assert_eq!(*again, *parsed, "{path} is read back as another object");
        assert_eq!(parsed.bytes(), bytes, "{path} lost its bytes");
    }
    println!("{} documents, {} refused as expected", documents.len(), refused.len());
    if !documents.is_empty() {
        let expected: Vec<&str> = exceptions.iter().map(|(path, _)| *path).collect();
        refused.sort_by_key(|path| expected.iter().position(|other| other == path));
        assert_eq!(refused, expected, "each exception is one document");
    }
}
