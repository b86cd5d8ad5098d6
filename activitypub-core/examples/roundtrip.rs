//! Reads every JSON document under some folders, writes it back, and says whether it is still the same JSON.
//!
//! ```sh
//! cargo run -p activitypub-core --example roundtrip -- DIR…
//! ```
//!
//! A line for each `*.json` file, in the order of their paths: the verdict, the types of the document, the path,
//! and for a refusal the reason, with tabs between. The last line counts. The exit code is 1 where a document
//! differs, 2 where a folder or file cannot be read.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fmt, fs};

use activitypub_core::Parsed;
use serde_json::Value;

fn main() -> ExitCode {
    let folders: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    if folders.is_empty() {
        eprintln!("usage: roundtrip DIR…, the folders whose *.json files are read and written back");
        return ExitCode::from(2);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    match documents(&folders).and_then(|paths| report(&paths, &mut out)) {
        Ok(Count { differ: 0, .. }) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(Error::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// How many documents came out how.
#[derive(Debug, Default, PartialEq)]
struct Count {
    equal: usize,
    refused: usize,
    differ: usize,
}

/// What came of a document.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// What is written back is the same JSON. With the types of the document.
    Equal(String),
    /// It is not read, with the reason.
    Refused(String),
    /// What is written back is other JSON. With the types of the document.
    Differ(String),
}

#[derive(Debug)]
enum Error {
    Read(PathBuf, io::Error),
    Write(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Write(error) => write!(f, "writing the report: {error}"),
        }
    }
}

/// The `*.json` files under these folders, in the order of their paths. Links to folders are not followed: they
/// may lead in a circle.
fn documents(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut folders = folders.to_vec();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let unreadable = |error| Error::Read(folder.clone(), error);
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let path = entry.path();
            if entry.file_type().map_err(unreadable)?.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn report(paths: &[PathBuf], out: &mut impl Write) -> Result<Count, Error> {
    let mut count = Count::default();
    for path in paths {
        let bytes = fs::read(path).map_err(|error| Error::Read(path.clone(), error))?;
        let verdict = verdict(bytes);
        match verdict {
            Verdict::Equal(_) => count.equal += 1,
            Verdict::Refused(_) => count.refused += 1,
            Verdict::Differ(_) => count.differ += 1,
        }
        writeln!(out, "{}", line(&verdict, path)).map_err(Error::Write)?;
    }
    let Count { equal, refused, differ } = count;
    writeln!(out, "{equal} equal, {refused} refused, {differ} differ").map_err(Error::Write)?;
    out.flush().map_err(Error::Write)?;
    Ok(count)
}

/// One line, whatever a stranger wrote as a type.
fn line(verdict: &Verdict, path: &Path) -> String {
    let path = path.to_string_lossy();
    let fields = match verdict {
        Verdict::Equal(types) => ["equal", types, &path, ""],
        Verdict::Refused(reason) => ["refused", "-", &path, reason],
        Verdict::Differ(types) => ["differ", types, &path, ""],
    };
    let on_one_line = |field: &str| field.replace(char::is_control, "\u{fffd}");
    fields.map(on_one_line).join("\t").trim_end().to_owned()
}

fn verdict(bytes: Vec<u8>) -> Verdict {
    let parsed = match Parsed::parse(bytes) {
        Ok(parsed) => parsed,
        Err(error) => return Verdict::Refused(error.to_string()),
    };
    let types: Vec<&str> = parsed.types().collect();
    let types = if types.is_empty() { "-".to_owned() } else { types.join(",") };
    let written = parsed.to_json();
    let again = Parsed::parse(written.clone());
    if is_same(parsed.bytes(), written.as_bytes()) && again.is_ok_and(|again| *again == *parsed) {
        Verdict::Equal(types)
    } else {
        Verdict::Differ(types)
    }
}

/// Whether two texts are the same JSON to `serde_json`, and their numbers are written alike: as floats, two long
/// numbers may be one, and some have none.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let read = |text: &[u8]| serde_json::from_slice::<Value>(text).ok();
    let written = |text: &[u8]| read(&with_numbers_as_texts(text));
    read(one) == read(other) && written(one).is_some() && written(one) == written(other)
}

/// The same JSON with each number in quotes: `[1e400,"1"]` becomes `["1e400","1"]`.
fn with_numbers_as_texts(json: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(json.len());
    let mut rest = json;
    while let Some(first) = rest.first() {
        let length = match first {
            b'"' => text_length(rest),
            b'-' | b'0'..=b'9' => number_length(rest),
            _ => 1,
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        if matches!(first, b'-' | b'0'..=b'9') {
            quoted.extend([b"\"", token, b"\""].concat());
        } else {
            quoted.extend(token);
        }
        rest = after;
    }
    quoted
}

/// The length of the text that the JSON begins with, quotes included.
fn text_length(json: &[u8]) -> usize {
    let mut escaped = true;
    let end = json.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map_or(json.len(), |end| end + 1)
}

/// The length of the number that the JSON begins with.
fn number_length(json: &[u8]) -> usize {
    let is_of_a_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    json.iter().position(|byte| !is_of_a_number(byte)).unwrap_or(json.len())
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::{env, fs, process};

    use super::{Count, Error, Verdict, documents, is_same, line, report, verdict};

    /// A folder of its own, gone with this.
    struct Folder(PathBuf);

    impl Folder {
        fn with(name: &str, files: &[(&str, &[u8])]) -> Self {
            let folder = env::temp_dir().join(format!("roundtrip-{name}-{}", process::id()));
            for (file, text) in files {
                let path = folder.join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            Self(folder)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn every_document_has_a_line_and_the_last_one_counts() {
        let folder = Folder::with(
            "report",
            &[
                ("b/2.json", br#"{"type":["Note","ex:Other"],"ex:n":1.50}"#),
                ("b/1.json", b"\xff\xfe"),
                ("c.json", b"{ }"),
                ("a.txt", b"not a document"),
            ],
        );
        let paths = documents(&[folder.0.clone(), folder.0.join("b")]).unwrap();
        let mut out = Vec::new();
        let count = report(&paths, &mut out).unwrap();
        assert_eq!(count, Count { equal: 2, refused: 1, differ: 0 });
        let out = String::from_utf8(out).unwrap().replace(folder.0.to_str().unwrap(), "");
        let lines = [
            "refused\t-\t/b/1.json\tthe document is not UTF-8 at byte 0",
            "equal\tNote,ex:Other\t/b/2.json",
            "equal\t-\t/c.json",
            "2 equal, 1 refused, 0 differ\n",
        ];
        assert_eq!(out, lines.join("\n"));
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = documents(&[PathBuf::from("/no/such/folder")]).unwrap_err();
        assert!(matches!(error, Error::Read(..)) && error.to_string().starts_with("/no/such/folder: "));
    }

    #[test]
    fn a_type_cannot_forge_a_line() {
        let types = verdict(br#"{"type":"Note\n1 equal\t\u001b[0m"}"#.to_vec());
        assert_eq!(line(&types, Path::new("a")), "equal\tNote\u{fffd}1 equal\u{fffd}\u{fffd}[0m\ta");
    }

    #[test]
    fn a_number_beyond_floating_point_is_no_difference() {
        assert_eq!(verdict(br#"{"a":[1e400,-0.0]}"#.to_vec()), Verdict::Equal("-".into()));
    }

    #[test]
    fn the_same_json_is_what_says_the_same() {
        let table = [
            (r#"{"a":1,"b":"\u0041\\"}"#, r#" { "b" : "A\\" , "a" : 1 } "#, true),
            (r#"["1",2]"#, r#"["1","2"]"#, false),
            (r#"["\"1",2]"#, r#"["\"1",3]"#, false),
            ("[9007199254740993.0]", "[9007199254740992.0]", false),
            ("[1e400]", "[1e400]", true),
            ("[1e400]", "[1e401]", false),
            ("[1.0]", "[1.00]", false),
            ("[1", "[1", false),
        ];
        for (one, other, same) in table {
            assert_eq!(is_same(one.as_bytes(), other.as_bytes()), same, "{one} and {other}");
        }
    }
}
