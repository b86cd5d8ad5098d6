//! The CSV that Mastodon exports, and its relatives with other columns and without `#`.
//!
//! <https://docs.joinmastodon.org/admin/moderation/#server-wide-moderation>

use csv::{Position, ReaderBuilder, StringRecord, Terminator, Trim, WriterBuilder};

use super::{Blocklist, Diagnostic, ListError, Oddity};
use crate::hosts::canonical;
use crate::{HostRule, Hosts, Matching, Severity};

/// The most rows of a list.
pub(super) const MAX_ROWS: usize = 1_000_000;

impl Blocklist {
    /// Reads a list in the format of Mastodon's export, or a list with the same names of columns in another order, with or
    /// without `#`. A file of one column needs no header; a row, or a file of one column, that names no severity means
    /// `suspend`. A name stands for itself and all below it.
    ///
    /// # Errors
    /// When the file as a whole is not what it should be.
    pub fn mastodon_csv(text: &str) -> Result<Self, ListError> {
        // Spreadsheets put a byte order mark before everything.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        // The bytes are UTF-8 and any number of cells will do: the reader has nothing left to complain of.
        let mut next = |record: &mut StringRecord| reader.read_record(record).unwrap_or(false);

        let mut list = Self::default();
        let mut columns = None;
        let mut rows = 0;
        let mut last = (0, false);
        while next(&mut record) {
            let line = record.position().map_or(0, Position::line);
            last = (line, record.iter().any(|cell| cell.contains('\n')));
            let columns = match &columns {
                Some(columns) => columns,
                // A header may come after rows of nothing but commas.
                None if record.iter().all(str::is_empty) => &Columns::SINGLE,
                None => match Columns::of(&record)? {
                    Some(named) => {
                        columns = Some(named);
                        continue;
                    }
                    None => columns.insert(Columns::SINGLE),
                },
            };
            rows += 1;
            if rows > MAX_ROWS {
                return Err(ListError::TooManyRows);
            }
            list.row(&Row { record: &record, columns }, line)?;
        }
        // A mark that is never closed makes one cell of every line after it.
        let (line, spans_lines) = last;
        if spans_lines && text.bytes().filter(|&byte| byte == b'"').count() % 2 == 1 {
            return Err(ListError::Unclosed { line });
        }
        Ok(list)
    }

    fn row(&mut self, row: &Row<'_>, line: u64) -> Result<(), ListError> {
        let domain = row.cell(row.columns.domain);
        let (domain, _) = domain.split_at(domain.floor_char_boundary(255));
        let odd = |oddity| Diagnostic { line, domain: domain.to_owned(), oddity };

        if row.is_shifted() {
            return Err(ListError::ColumnShift { line });
        }
        if row.columns.severity.is_none() && row.record.iter().filter(|cell| !cell.is_empty()).count() > 1 {
            return Err(ListError::NoSeverityColumn);
        }
        let (name, rule) = match row.name().and_then(|name| Ok((name, row.rule()?))) {
            Ok(entry) => entry,
            Err(oddity) => {
                self.diagnostics.push(odd(oddity));
                return Ok(());
            }
        };
        if row.flags().contains(&None) {
            self.diagnostics.push(odd(Oddity::NotABool));
        }
        let rule = match self.hosts.rules.remove(&name) {
            None => rule,
            Some(earlier) => {
                self.diagnostics.push(odd(Oddity::Duplicate));
                earlier.join(rule)
            }
        };
        self.hosts.rules.insert(name, rule);
        Ok(())
    }
}

impl Hosts {
    /// The rules in the format of Mastodon's export, sorted by name. Rules that match one host and none below it cannot be
    /// said in it and are left out.
    ///
    /// ```
    /// # use activitypub_policy::{Blocklist, Hosts};
    /// let mut hosts = Hosts::new();
    /// hosts.block("spam.example", "nothing but spam")?;
    /// let csv = hosts.to_mastodon_csv();
    /// assert_eq!(csv, "\
    /// #domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
    /// spam.example,suspend,false,false,nothing but spam,false
    /// ");
    /// assert_eq!(Blocklist::mastodon_csv(&csv)?.hosts(), &hosts);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_mastodon_csv(&self) -> String {
        let header =
            ["#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate"];
        let flag = |set| if set { "true" } else { "false" };
        let rows = self.iter().filter(|(_, rule)| rule.matching == Matching::Suffix).map(|(name, rule)| {
            let severity = match rule.severity {
                Severity::Noop => "noop",
                Severity::Silence => "silence",
                Severity::Suspend => "suspend",
            };
            let [media, reports, obfuscate] =
                [rule.reject_media, rule.reject_reports, rule.obfuscate].map(flag);
            [name, severity, media, reports, &rule.public_comment, obfuscate]
        });
        let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new());
        for row in std::iter::once(header).chain(rows) {
            #[expect(clippy::expect_used, reason = "every row has six cells, and memory takes them all")]
            writer.write_record(row).expect("a row is written to memory");
        }
        #[expect(clippy::expect_used, reason = "what was written are strings")]
        String::from_utf8(writer.into_inner().expect("memory is flushed")).expect("strings are UTF-8")
    }
}

/// Which cell of a row is what.
#[derive(Default)]
struct Columns {
    domain: Option<usize>,
    severity: Option<usize>,
    reject_media: Option<usize>,
    reject_reports: Option<usize>,
    public_comment: Option<usize>,
    obfuscate: Option<usize>,
}

impl Columns {
    const SINGLE: Self = Self {
        domain: Some(0),
        severity: None,
        reject_media: None,
        reject_reports: None,
        public_comment: None,
        obfuscate: None,
    };

    /// The columns that the first row names; `None` if it is a row like any other, of a file of one column.
    fn of(first: &StringRecord) -> Result<Option<Self>, ListError> {
        let mut columns = Self::default();
        let mut cells = 0;
        for (index, cell) in first.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            cells += 1;
            let name = cell.strip_prefix('#').unwrap_or(cell).trim_start().to_ascii_lowercase();
            let (name, column) = match &*name {
                "domain" => ("domain", &mut columns.domain),
                "severity" => ("severity", &mut columns.severity),
                "reject_media" => ("reject_media", &mut columns.reject_media),
                "reject_reports" => ("reject_reports", &mut columns.reject_reports),
                "public_comment" => ("public_comment", &mut columns.public_comment),
                "obfuscate" => ("obfuscate", &mut columns.obfuscate),
                _ => continue,
            };
            if column.replace(index).is_some() {
                return Err(ListError::TwoColumns(name));
            }
        }
        match (columns.domain, columns.severity) {
            (Some(_), Some(_)) => Ok(Some(columns)),
            (Some(_), None) if cells == 1 => Ok(Some(columns)),
            (Some(_), None) => Err(ListError::NoSeverityColumn),
            (None, None) if cells <= 1 => Ok(None),
            (None, _) => Err(ListError::NoDomainColumn),
        }
    }
}

struct Row<'a> {
    record: &'a StringRecord,
    columns: &'a Columns,
}

impl<'a> Row<'a> {
    /// Empty where the row has no such cell.
    fn cell(&self, column: Option<usize>) -> &'a str {
        column.and_then(|index| self.record.get(index)).unwrap_or_default()
    }

    fn name(&self) -> Result<Box<str>, Oddity> {
        let domain = self.cell(self.columns.domain);
        for (is_odd, oddity) in [
            (domain.is_empty(), Oddity::Blank),
            (domain.contains('*'), Oddity::Masked),
            (domain.contains('/'), Oddity::Url),
            (domain.contains('@'), Oddity::Actor),
        ] {
            if is_odd {
                return Err(oddity);
            }
        }
        // `.cf` is how some write a top-level domain.
        let undotted = domain.strip_prefix('.').unwrap_or(domain);
        let name = canonical(undotted).map_err(|_| Oddity::NotAHost)?;
        if !name.contains('.') && !name.starts_with('[') {
            return Err(Oddity::TopLevel);
        }
        if undotted != domain {
            return Err(Oddity::NotAHost);
        }
        let comment = self.cell(self.columns.public_comment);
        if is_canary(&name, comment) { Err(Oddity::Canary) } else { Ok(name) }
    }

    fn rule(&self) -> Result<HostRule, Oddity> {
        let severity = match &*self.cell(self.columns.severity).to_ascii_lowercase() {
            "" | "suspend" => Severity::Suspend,
            "silence" => Severity::Silence,
            "noop" => Severity::Noop,
            _ => return Err(Oddity::UnknownSeverity),
        };
        let [reject_media, reject_reports, obfuscate] = self.flags().map(Option::unwrap_or_default);
        let public_comment = self.cell(self.columns.public_comment).to_owned();
        Ok(HostRule { reject_media, reject_reports, obfuscate, public_comment, ..HostRule::new(severity) })
    }

    /// `None` for what is neither true nor false; an empty cell is false.
    fn flags(&self) -> [Option<bool>; 3] {
        let columns = self.columns;
        [columns.reject_media, columns.reject_reports, columns.obfuscate].map(|column| {
            match self.cell(column) {
                "" => Some(false),
                cell => as_bool(cell),
            }
        })
    }

    fn is_shifted(&self) -> bool {
        self.flags().contains(&None) && as_bool(self.cell(self.columns.public_comment)).is_some()
    }
}

/// As Ruby, Python, spreadsheets and PostgreSQL write them.
fn as_bool(cell: &str) -> Option<bool> {
    let is = |names: &[&str]| names.iter().any(|name| cell.eq_ignore_ascii_case(name));
    if is(&["true", "t", "1", "yes"]) {
        Some(true)
    } else if is(&["false", "f", "0", "no"]) {
        Some(false)
    } else {
        None
    }
}

/// Names under which nobody can have a server, labels that say so, and the first row of one list, which asks to be deleted
/// by whoever has read its documentation.
fn is_canary(name: &str, comment: &str) -> bool {
    let reserved = [".example.com", ".example.net", ".example.org"];
    let labels = comment.strip_prefix("iftas:").unwrap_or_default();
    labels.split(';').any(|label| label.trim() == "canary")
        || name.ends_with(".invalid")
        || name.starts_with("canary.") && reserved.iter().any(|reserved| name.ends_with(reserved))
        || name.starts_with("000delete.this.line.")
}
