//! Lists as they were published, where the shared data is at hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use activitypub_policy::{Blocklist, ListError, Oddity};

/// The directory `FEDI_SHARED` names; without it, these tests say so once and have nothing to read.
fn shared() -> Option<PathBuf> {
    static SAID: Once = Once::new();
    let Some(shared) = std::env::var_os("FEDI_SHARED") else {
        SAID.call_once(|| eprintln!("FEDI_SHARED is not set: published lists are not read"));
        return None;
    };
    let shared = PathBuf::from(shared);
    assert!(shared.is_absolute(), "FEDI_SHARED must be an absolute path");
    Some(shared.join("blocklists"))
}

fn read(path: &Path) -> Result<Blocklist, ListError> {
    Blocklist::mastodon_csv(&fs::read_to_string(path).unwrap())
}

fn csv_files(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    files.sort();
    assert!(!files.is_empty(), "nothing in {}", directory.display());
    files
}

#[test]
fn published_lists_are_read_and_every_row_is_accounted_for() {
    let Some(lists) = shared() else { return };
    // An audit of how many lists name a host, and lists of hosts never to be blocked.
    let not_blocklists = ["2023-08-22_be3cd5a_domain_audit_file.csv", "demo-allowlist-02.csv"];
    for directory in [
        "mastodon",
        "oliphant",
        "gardenfence",
        "fediblockhole",
        "history",
        "history/tier0-monthly",
        "mastodon-de",
    ] {
        for path in csv_files(&lists.join(directory)) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let list = match read(&path) {
                Err(error) if name == "mastodon__seirdy-tier0.csv" => {
                    assert_eq!(error, ListError::ColumnShift { line: 2 });
                    continue;
                }
                Err(error) if not_blocklists.contains(&name.as_str()) => {
                    assert_eq!(error, ListError::NoSeverityColumn);
                    continue;
                }
                outcome => outcome.unwrap_or_else(|error| panic!("{name}: {error}")),
            };
            assert!(!list.hosts().is_empty(), "{name}");
            for odd in list.diagnostics() {
                assert!(
                    matches!(
                        odd.oddity,
                        Oddity::Canary
                            | Oddity::Masked
                            | Oddity::TopLevel
                            | Oddity::Blank
                            | Oddity::Duplicate
                            | Oddity::NotAHost
                    ),
                    "{name}: {odd}"
                );
            }
            let exported = Blocklist::mastodon_csv(&list.hosts().to_mastodon_csv()).unwrap();
            assert_eq!(exported.hosts(), list.hosts(), "{name}");
        }
    }
}

#[test]
fn masked_names_are_counted_and_not_enforced() {
    let Some(lists) = shared() else { return };
    for (file, hosts, masked) in [("mastodon.social.csv", 266, 130), ("mastodon.online.csv", 217, 108)] {
        let list = read(&lists.join("oliphant").join(file)).unwrap();
        let found = list.diagnostics().iter().filter(|odd| odd.oddity == Oddity::Masked).count();
        assert_eq!((list.hosts().len(), found), (hosts, masked), "{file}");
    }
}

#[test]
fn a_list_made_to_be_odd_says_what_is() {
    let Some(lists) = shared() else { return };
    let list = read(&lists.join("synthetic/SYNTHETIC-pathological.csv")).unwrap();
    let oddities: Vec<_> = list.diagnostics().iter().map(|odd| odd.oddity).collect();
    assert_eq!(
        oddities,
        [
            Oddity::Blank,
            Oddity::Masked,
            Oddity::TopLevel,
            Oddity::Masked,
            Oddity::Url,
            Oddity::NotAHost,
            Oddity::Actor,
            Oddity::Canary,
            Oddity::Duplicate,
            Oddity::UnknownSeverity,
        ]
    );
    let shifted = read(&lists.join("synthetic/SYNTHETIC-column-shift.csv"));
    assert_eq!(shifted.unwrap_err(), ListError::ColumnShift { line: 2 });
}
