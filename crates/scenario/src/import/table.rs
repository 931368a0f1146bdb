//! A comma separated file with the places of its cells, so that an error can be shown at its place.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord};

use crate::syntax::problem::{Error, Finding, Span};
use crate::syntax::words::{advice, nearest, quote};

/// Largest file that is read, bytes; the files of the project are below 30 MB.
const MOST_BYTES: u64 = 500_000_000;
/// Findings after which reading stops: a wrong file is wrong in every row.
const MOST_FINDINGS: usize = 20;

/// A file as text.
#[derive(Debug)]
pub(crate) struct Source {
    /// The path as the user gave it.
    pub(crate) file: String,
    /// Its content.
    pub(crate) text: String,
}

impl Source {
    /// Reads a file. Bytes that are not UTF-8 are taken for Latin-1, in which older releases were saved.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let file = path.display().to_string();
        let unreadable = |error: std::io::Error| Error::one(&file, Finding::new(format!("the file cannot be read: {error}")));
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        if size > MOST_BYTES {
            let message = format!("the file is too large: {size} bytes, at most {MOST_BYTES} are read");
            return Err(Error::one(&file, Finding::new(message)));
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        Self::new(file.clone(), bytes)
    }

    /// The text of a file's bytes.
    pub(crate) fn new(file: String, bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.starts_with(b"PK") || bytes.iter().take(4096).any(|byte| *byte == 0) {
            let finding = Finding::new(
                "the file is not a text file: it may be an archive, a spreadsheet or a file of a statistics program",
            );
            return Err(Error::one(&file, finding.help("unpack it, or save it as comma separated text (.csv)")));
        }
        let text = String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
        Ok(Self { file, text: text.trim_start_matches('\u{feff}').to_string() })
    }

    /// Findings about this file as an error.
    pub(crate) fn error(&self, findings: Vec<Finding>) -> Error {
        Error::new(&self.file, &self.text, findings)
    }
}

/// A kind of file, recognised by its columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// What it is, for messages.
    pub(crate) name: &'static str,
    /// The option that takes it.
    pub(crate) option: &'static str,
    /// Columns that it must have: all names of each, the first being the usual one.
    pub(crate) columns: &'static [&'static [&'static str]],
    /// Columns that it may have.
    pub(crate) optional: &'static [&'static str],
}

/// A file of a kind: its rows, and the position of each column.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    /// The file.
    pub(crate) source: &'a Source,
    /// Positions of the columns of the kind, in its order; then of the optional columns that exist.
    positions: Vec<Option<usize>>,
    names: Vec<String>,
    /// Byte at which a row begins, its line, its cells.
    rows: Vec<(usize, u64, StringRecord)>,
}

/// What separates cells, and what it is called.
const SEPARATORS: [(char, &str); 3] = [(';', "semicolons"), ('\t', "tabulators"), ('|', "bars")];

impl<'a> Table<'a> {
    /// Reads a file that should be of this kind; `all` are the kinds that it could be instead.
    pub(crate) fn read(source: &'a Source, kind: &Kind, all: &[Kind]) -> Result<Self, Error> {
        let mut reader = ReaderBuilder::new().flexible(true).has_headers(false).from_reader(source.text.as_bytes());
        let mut records = reader.records();
        let broken = |error: csv::Error| {
            source.error(vec![Finding::new(format!("the file cannot be read as comma separated text: {error}"))])
        };
        let header = match records.next() {
            Some(header) => header.map_err(broken)?,
            None => return Err(source.error(vec![Finding::new("the file is empty")])),
        };
        let names: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
        let position = |name: &str| names.iter().position(|found| found == name);
        let wanted = kind.columns.iter().map(|column| column.iter().find_map(|name| position(name)));
        let mut positions: Vec<Option<usize>> = wanted.collect();
        if positions.iter().any(Option::is_none) {
            return Err(wrong_header(source, kind, all, &names, &positions));
        }
        positions.extend(kind.optional.iter().map(|name| position(name)));
        let mut rows = Vec::new();
        let mut findings = Vec::new();
        for record in records {
            let record = record.map_err(broken)?;
            let (mut start, mut line) = record.position().map_or((0, 0), |at| (at.byte() as usize, at.line()));
            // The reader stops between the two characters that end a line under Windows, and passes over empty lines.
            while let Some(end) = source.text.as_bytes().get(start).filter(|byte| matches!(byte, b'\r' | b'\n')) {
                line += u64::from(*end == b'\n');
                start += 1;
            }
            // A last line of nothing, or of separators alone, is what spreadsheets leave behind.
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if let Some(column) = record.iter().position(|cell| cell.contains('\n')) {
                let column = names.get(column).map_or_else(|| format!("{}", column + 1), ToString::to_string);
                let message = format!("row {line}, column {column}: the cell continues in the next line");
                let help = "a quote that is opened must be closed before the end of the line";
                findings.push(Finding::at(Span { start, end: start + 1 }, message).help(help));
                if findings.len() >= MOST_FINDINGS {
                    break;
                }
                continue;
            }
            if record.len() != names.len() {
                let message = format!("row {line} has {} cells, the header has {}", record.len(), names.len());
                findings.push(
                    Finding::at(Span { start, end: start + 1 }, message)
                        .help("every row has one cell for each column, even an empty one"),
                );
                if findings.len() >= MOST_FINDINGS {
                    break;
                }
                continue;
            }
            rows.push((start, line, record));
        }
        if !findings.is_empty() {
            return Err(source.error(findings));
        }
        if rows.is_empty() {
            return Err(source.error(vec![Finding::new(format!("{} has a header and no rows", kind.name))]));
        }
        Ok(Self { source, positions, names, rows })
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The name that a column of the kind has in this file.
    pub(crate) fn name(&self, column: usize) -> &str {
        self.position(column).map_or("", |position| &self.names[position])
    }

    /// Whether the file has a column.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.position(column).is_some()
    }

    fn position(&self, column: usize) -> Option<usize> {
        self.positions.get(column).copied().flatten()
    }

    /// A cell, without blanks around it; empty where the column is missing.
    pub(crate) fn cell(&self, row: usize, column: usize) -> &str {
        self.position(column).and_then(|position| self.rows[row].2.get(position)).map_or("", str::trim)
    }

    /// Line of a row in the file, from 1.
    pub(crate) fn line(&self, row: usize) -> u64 {
        self.rows[row].1
    }

    /// A finding about a cell: names row and column.
    pub(crate) fn finding(&self, row: usize, column: usize, message: &str) -> Finding {
        let (start, line, _) = &self.rows[row];
        let name = self.name(column);
        let span = cell_span(&self.source.text, *start, self.position(column).unwrap_or(0));
        Finding::at(span, format!("row {line}, column {}: {message}", quote(name)))
    }

    /// A whole number.
    pub(crate) fn integer(&self, row: usize, column: usize) -> Result<i64, Finding> {
        let cell = self.cell(row, column);
        let parsed = cell.parse::<i64>().ok();
        // Statistics programs write whole numbers as 1914.0.
        let parsed = parsed.or_else(|| cell.parse::<f64>().ok().filter(|x| x.fract() == 0.0 && x.abs() < 1e9).map(|x| x as i64));
        parsed.ok_or_else(|| self.finding(row, column, &format!("{} is not a whole number", quote(cell))))
    }

    /// A number that must not be negative; `None` where it is missing: −9, empty, `NA` or a dot.
    pub(crate) fn number(&self, row: usize, column: usize) -> Result<Option<f64>, Finding> {
        let cell = self.cell(row, column);
        if matches!(cell, "" | "." | "NA" | "na" | "NaN") {
            return Ok(None);
        }
        let help = "write numbers as 1234.5, without a separator of thousands; -9 means missing";
        match cell.parse::<f64>() {
            Ok(-9.0) => Ok(None),
            Ok(value) if value.is_finite() && value >= 0.0 => Ok(Some(value)),
            Ok(_) => Err(self.finding(row, column, &format!("{} must be a finite number, 0 or above", quote(cell))).help(help)),
            Err(_) => Err(self.finding(row, column, &format!("{} is not a number", quote(cell))).help(help)),
        }
    }
}

/// What is wrong with a header that lacks columns.
fn wrong_header(source: &Source, kind: &Kind, all: &[Kind], names: &[String], positions: &[Option<usize>]) -> Error {
    let line = source.text.lines().next().unwrap_or_default();
    let whole = Span { start: 0, end: line.len().max(1) };
    let wanted: Vec<&str> = kind.columns.iter().map(|column| column[0]).collect();
    if names.len() == 1
        && let Some((separator, called)) = SEPARATORS.iter().find(|(separator, _)| line.contains(*separator))
    {
        let at = line.find(*separator).unwrap_or(0);
        let message = format!("row 1: the cells are separated by {called}; they must be separated by commas");
        let finding = Finding::at(Span { start: at, end: at + 1 }, message);
        return source.error(vec![finding.help("save the file as comma separated text (.csv), with points in decimal numbers")]);
    }
    let fits =
        |other: &Kind| other.columns.iter().all(|column| column.iter().any(|name| names.iter().any(|found| found == name)));
    if let Some(other) = all.iter().find(|other| other.name != kind.name && fits(other)) {
        let message = format!("row 1: this is {}, by its columns; {} takes {}", other.name, kind.option, kind.name);
        let finding = Finding::at(whole, message);
        return source.error(vec![finding.help(format!("give this file with {}", other.option))]);
    }
    let missing = kind.columns.iter().zip(positions).filter(|(_, position)| position.is_none());
    let findings = missing.map(|(column, _)| {
        let message = format!("row 1: no column {}, which {} has", quote(column[0]), kind.name);
        // A column that is another one is not this one misspelt.
        let own = |name: &&String| kind.columns.iter().flat_map(|column| column.iter()).any(|column| column == name);
        let near = nearest(column[0], names.iter().filter(|name| !own(name)).map(String::as_str));
        let help = match near {
            Some(near) => format!("is {} meant? then call it {}", quote(near), quote(column[0])),
            None => format!("columns of {}: {}", kind.name, wanted.join(", ")),
        };
        let finding = Finding::at(whole, message).help(help);
        if column.len() > 1 { finding.help(advice("", column.iter().copied())) } else { finding }
    });
    source.error(findings.collect())
}

/// The place of a cell in the text: the row begins at byte `start`.
fn cell_span(text: &str, start: usize, position: usize) -> Span {
    let (mut cell, mut quoted, mut begin) = (0, false, start);
    let mut end = text.len();
    for (offset, character) in text[start..].char_indices() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                if cell == position {
                    end = start + offset;
                    break;
                }
                cell += 1;
                begin = start + offset + 1;
            }
            '\r' | '\n' if !quoted => {
                end = start + offset;
                break;
            }
            _ => {}
        }
    }
    Span { start: begin, end: end.max(begin + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: Kind = Kind { name: "Numbers", option: "--numbers", columns: &[&["a"], &["b", "beta"]], optional: &["c"] };
    const OTHER: Kind = Kind { name: "Letters", option: "--letters", columns: &[&["x"]], optional: &[] };

    fn source(text: &str) -> Source {
        Source::new("n.csv".to_string(), text.as_bytes().to_vec()).unwrap_or_else(|error| panic!("{error}"))
    }

    fn message(text: &str) -> String {
        let source = source(text);
        Table::read(&source, &KIND, &[KIND, OTHER]).map_or_else(|error| flat(&error), |_| panic!("{text} is read"))
    }

    /// What an error says, in one line: where it is wrapped does not matter.
    fn flat(error: &impl ToString) -> String {
        error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn cells_are_read_whatever_their_order_and_quotes() {
        let source = source("\u{feff}\"Beta\",\"extra, column\",a\r\n\"1.5\",\"x,\"\"y\"\"\",-9\r\n2,,7\r\n,,\r\n");
        let table = Table::read(&source, &KIND, &[KIND]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((table.len(), table.has(2), table.name(1)), (2, false, "beta"));
        assert_eq!((table.number(0, 0), table.number(0, 1), table.number(1, 1)), (Ok(None), Ok(Some(1.5)), Ok(Some(2.0))));
        let finding = table.finding(0, 0, "is odd");
        let told = source.error(vec![finding]).to_string();
        assert!(told.contains("n.csv:2:17: row 2, column `a`: is odd"), "{told}");
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        for (text, part) in [
            ("", "the file is empty"),
            ("a,b\n", "no rows"),
            ("a;b\n1;2\n", "separated by semicolons"),
            ("a\tb\n1\t2\n", "separated by tabulators"),
            ("x,y\n1,2\n", "this is Letters, by its columns; --numbers takes Numbers"),
            ("a,betta\n1,2\n", "no column `b`"),
            ("a,b\n1,2\n1\n", "row 3 has 1 cells, the header has 2"),
        ] {
            let told = message(text);
            assert!(told.contains(part), "{text:?} should say {part:?}: {told}");
        }
        let table = source("a,b\n1e400,two\n-3,1\n");
        let table = Table::read(&table, &KIND, &[KIND]).unwrap_or_else(|error| panic!("{error}"));
        for (row, column) in [(0, 0), (0, 1), (1, 0)] {
            assert!(table.number(row, column).is_err(), "row {row}, column {column}");
        }
        assert!(Source::new("z".to_string(), b"PK\x03\x04".to_vec()).is_err(), "an archive is no text");
    }
}
