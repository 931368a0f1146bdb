//! A comma separated file with the places of its cells, so that an error can be shown at its place.

use csv::{ReaderBuilder, StringRecord};

use super::codes::{Coding, ONLY_GLEDITSCH_WARD};
use super::kinds::{Kind, Role, fits, of, position, recognise};
use super::source::Source;

use crate::syntax::problem::{Error, Finding, Span};
use crate::syntax::words::{advice, nearest, quote};

/// Findings after which reading of broken rows stops.
const MOST_FINDINGS: usize = 20;

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

/// The names of columns in a header, as they are compared.
pub(crate) fn header(line: &str) -> Vec<String> {
    line.split(',').map(named).collect()
}

fn named(name: &str) -> String {
    name.trim().trim_matches('"').to_lowercase().replace(['.', '-', ' '], "_")
}

impl<'a> Table<'a> {
    /// Reads a file that should be of this role, whichever its kind.
    pub(crate) fn of(source: &'a Source, role: Role) -> Result<(Self, &'static Kind), Error> {
        let names = header(source.text.lines().next().unwrap_or_default());
        // The usual kind stands for all of the role in the message about a header that is none of them.
        let usual = of(role).max_by_key(|kind| kind.columns.iter().filter(|column| position(&names, column).is_some()).count());
        let found = recognise(&names).filter(|kind| kind.role == role).or_else(|| of(role).find(|kind| fits(kind, &names)));
        let kind = found.or(usual).ok_or_else(|| source.error(vec![Finding::new("this kind of file is not known")]))?;
        Ok((Self::read(source, kind)?, kind))
    }

    /// Reads a file that should be of this kind.
    pub(crate) fn read(source: &'a Source, kind: &Kind) -> Result<Self, Error> {
        let mut reader = ReaderBuilder::new().flexible(true).has_headers(false).from_reader(source.text.as_bytes());
        let mut records = reader.records();
        let broken = |error: csv::Error| {
            source.error(vec![Finding::new(format!("the file cannot be read as comma separated text: {error}"))])
        };
        let header = match records.next() {
            Some(header) => header.map_err(broken)?,
            None => return Err(source.error(vec![Finding::new("the file is empty")])),
        };
        let names: Vec<String> = header.iter().map(named).collect();
        let mut positions: Vec<Option<usize>> = kind.columns.iter().map(|column| position(&names, column)).collect();
        if positions.iter().any(Option::is_none) {
            return Err(wrong_header(source, kind, &names, &positions));
        }
        positions.extend(kind.optional.iter().map(|column| position(&names, column)));
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

    /// The number of a state in the Correlates of War list, whichever way the column names states; `None` where the cell is empty or
    /// names no state of the list.
    pub(crate) fn state(&self, row: usize, column: usize, year: i32) -> Result<Option<u16>, Finding> {
        let cell = self.cell(row, column);
        if is_missing(cell) {
            return Ok(None);
        }
        let name = self.name(column);
        let found = Coding::of(name).number(cell, year).map_err(|finding| {
            let placed = self.finding(row, column, &finding.message);
            finding.help.into_iter().fold(placed, Finding::help)
        })?;
        if let Some(number) = found.filter(|number| ONLY_GLEDITSCH_WARD.contains(number)) {
            let message = format!("{number} is a number of Gleditsch and Ward, which the Correlates of War list does not have");
            return Err(self
                .finding(row, column, &message)
                .help("call the column gwcode, gwcode1 or gwcode2, and it is translated"));
        }
        Ok(found)
    }

    /// A year from 1500 to 2500.
    pub(crate) fn year(&self, row: usize, column: usize) -> Result<i32, Finding> {
        let year = i32::try_from(self.integer(row, column)?).ok().filter(|year| (1500..=2500).contains(year));
        year.ok_or_else(|| self.finding(row, column, "a year is from 1500 to 2500"))
    }

    /// A number; `None` where it is missing: −9, −8, empty, `NA` or a dot. It is not negative unless `signed`.
    fn any_number(&self, row: usize, column: usize, signed: bool) -> Result<Option<f64>, Finding> {
        let cell = self.cell(row, column);
        if cell.is_empty() || (!signed && is_missing(cell)) || is_word_for_missing(cell) {
            return Ok(None);
        }
        let help = "write numbers as 1234.5; -9, -8, NA and an empty cell mean missing";
        let value = cell.parse::<f64>().ok().or_else(|| without_separators(cell));
        match value {
            Some(value) if value.is_finite() && (signed || value >= 0.0) => Ok(Some(value)),
            Some(_) => Err(self.finding(row, column, &format!("{} must be a finite number, 0 or above", quote(cell))).help(help)),
            None => Err(self.finding(row, column, &format!("{} is not a number", quote(cell))).help(help)),
        }
    }

    /// A number that must not be negative; `None` where it is missing: −9, −8, empty, `NA` or a dot.
    pub(crate) fn number(&self, row: usize, column: usize) -> Result<Option<f64>, Finding> {
        self.any_number(row, column, false)
    }

    /// A number that may be negative, such as a longitude.
    pub(crate) fn signed(&self, row: usize, column: usize) -> Result<Option<f64>, Finding> {
        self.any_number(row, column, true)
    }
}

/// Whether a cell says that nothing is known.
pub(crate) fn is_missing(cell: &str) -> bool {
    cell.is_empty() || is_word_for_missing(cell) || matches!(cell.parse::<f64>(), Ok(value) if value == -9.0 || value == -8.0)
}

fn is_word_for_missing(cell: &str) -> bool {
    cell == "." || ["na", "nan", "n/a", "null", "none", "missing"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// A number whose thousands are set apart: `12,500`, `12 500`, `12'500`.
fn without_separators(cell: &str) -> Option<f64> {
    let separator = cell.chars().find(|character| matches!(character, ',' | ' ' | '\'' | '\u{a0}' | '\u{202f}' | '’'))?;
    let (whole, rest) = cell.split_once('.').unwrap_or((cell, ""));
    let groups: Vec<&str> = whole.split(separator).collect();
    let sound = groups.iter().enumerate().all(|(position, group)| {
        let length = if position == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
        length && group.bytes().all(|byte| byte.is_ascii_digit())
    });
    if sound { format!("{}.{rest}", groups.concat()).parse().ok() } else { None }
}

/// What is wrong with a header that lacks columns.
fn wrong_header(source: &Source, kind: &Kind, names: &[String], positions: &[Option<usize>]) -> Error {
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
    if let Some(other) = recognise(names).filter(|other| other.name != kind.name) {
        let message = format!("row 1: this is {}, by its columns; {} takes {}", other.name, kind.role.option(), kind.name);
        let finding = Finding::at(whole, message);
        let instead = if other.instead.is_empty() {
            format!("give this file with {}", other.role.option())
        } else {
            other.instead.to_string()
        };
        return source.error(vec![finding.help(instead)]);
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

    const KIND: Kind =
        Kind { name: "Numbers", role: Role::Contiguity, columns: &[&["a"], &["b", "beta"]], optional: &[&["c"]], instead: "" };

    fn source(text: &str) -> Source {
        Source::new("n.csv".to_string(), text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
    }

    fn message(text: &str) -> String {
        let source = source(text);
        Table::read(&source, &KIND).map_or_else(|error| flat(&error), |_| panic!("{text} is read"))
    }

    /// What an error says, in one line: where it is wrapped does not matter.
    fn flat(error: &impl ToString) -> String {
        error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn cells_are_read_whatever_their_order_and_quotes() {
        let source = source("\u{feff}\"Beta\",\"extra, column\",a\r\n\"1.5\",\"x,\"\"y\"\"\",-9\r\n2,,7\r\n,,\r\n");
        let table = Table::read(&source, &KIND).unwrap_or_else(|error| panic!("{error}"));
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
            (
                "countrycode,year,gdppc\n1,2,3\n",
                "this is Output a head by state and year, by its columns; --contiguity takes Numbers",
            ),
            ("a,betta\n1,2\n", "no column `b`"),
            ("a,b\n1,2\n1\n", "row 3 has 1 cells, the header has 2"),
        ] {
            let told = message(text);
            assert!(told.contains(part), "{text:?} should say {part:?}: {told}");
        }
        let table = source("a,b\n1e400,two\n-3,1\n");
        let table = Table::read(&table, &KIND).unwrap_or_else(|error| panic!("{error}"));
        for (row, column) in [(0, 0), (0, 1), (1, 0)] {
            assert!(table.number(row, column).is_err(), "row {row}, column {column}");
        }
    }

    #[test]
    fn numbers_are_read_as_programs_write_them() {
        let table = source("a,b\n\"60,000\",1e3\n\"1,234,567.5\",12 500\n-8,-9.0\nNA,.\n,N/A\n");
        let table = Table::read(&table, &KIND).unwrap_or_else(|error| panic!("{error}"));
        let found: Vec<[Option<f64>; 2]> =
            (0..table.len()).map(|row| [0, 1].map(|column| table.number(row, column).unwrap_or(Some(f64::NAN)))).collect();
        let expected = [[Some(60_000.0), Some(1000.0)], [Some(1_234_567.5), Some(12_500.0)], [None; 2], [None; 2], [None; 2]];
        assert_eq!(found, expected);
        for cell in ["12,5", "1,2345", ",500", "12.500,0"] {
            assert_eq!(without_separators(cell), None, "{cell}");
        }
    }
}
