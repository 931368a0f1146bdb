//! Messages about what is wrong with a file: its name, line and column, the line itself with a mark under the place, what is allowed.
//!
//! Marks are drawn here and not by `annotate-snippets` or `miette`: both need three to five more lines a problem, so that twenty problems
//! no longer fit a screen, and neither folds a message at 80 columns.

use std::fmt;

/// A part of the text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A value with its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// Something wrong, before it is known how the file is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) span: Option<Span>,
    pub(crate) message: String,
    pub(crate) help: Vec<String>,
}

impl Finding {
    /// A finding about the whole.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { span: None, message: message.into(), help: Vec::new() }
    }

    /// A finding at a place.
    pub(crate) fn at(span: Span, message: impl Into<String>) -> Self {
        Self { span: Some(span), message: message.into(), help: Vec::new() }
    }

    /// Adds a line of advice.
    pub(crate) fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }
}

/// One thing that is wrong with a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, or the flag such as `--set`, that has the error; empty if neither has.
    pub origin: String,
    /// Line and column, both from 1, columns in characters, where the place is known.
    pub place: Option<(usize, usize)>,
    /// The line of the file, shortened where it is long, and a line with a caret under the place.
    pub excerpt: Option<(String, String)>,
    /// What is wrong.
    pub message: String,
    /// What is allowed, what may have been meant.
    pub help: Vec<String>,
}

/// Why a scenario cannot be used: everything that was found, in the order of the file. Its `Display` is what a user sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What was found; at least one.
    pub problems: Vec<Problem>,
}

impl std::error::Error for Error {}

/// Problems shown by `Display`; the rest are counted.
const MOST_SHOWN: usize = 20;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.problems.iter().take(MOST_SHOWN).enumerate() {
            if position > 0 {
                formatter.write_str("\n\n")?;
            }
            problem.fmt(formatter)?;
        }
        if self.problems.len() > 1 {
            write!(formatter, "\n\n{} problems", self.problems.len())?;
            if self.problems.len() > MOST_SHOWN {
                write!(formatter, ", the first {MOST_SHOWN} are shown")?;
            }
        }
        Ok(())
    }
}

/// Width of a message in characters; a line of the file is not wrapped.
const COLUMNS: usize = 80;
/// Room for the word that a program sets before an error.
const BEFORE: &str = "error: ";

/// A text in lines of this number of columns, the first after `first`, the others after `rest`. No word is broken.
#[must_use]
pub fn wrapped(text: &str, columns: usize, first: &str, rest: &str) -> String {
    let options = textwrap::Options::new(columns).initial_indent(first).subsequent_indent(rest);
    textwrap::fill(text, options.break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation))
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
        let colon = if self.origin.is_empty() { "" } else { ": " };
        let head = format!("{}{place}{colon}{}", self.origin, self.message);
        let head = wrapped(&head, COLUMNS, BEFORE, "  ");
        formatter.write_str(head.strip_prefix(BEFORE).unwrap_or(&head))?;
        let mut margin = 2;
        if let (Some((line, _)), Some((source, caret))) = (self.place, &self.excerpt) {
            let number = line.to_string();
            margin = number.len() + 1;
            write!(formatter, "\n {number} | {source}\n {:margin$}| {caret}", "", margin = margin)?;
        }
        for line in &self.help {
            let (first, rest) = (format!(" {:margin$}= ", ""), format!(" {:margin$}  ", ""));
            write!(formatter, "\n{}", wrapped(line, COLUMNS, &first, &rest))?;
        }
        Ok(())
    }
}

impl Error {
    /// An error of one problem without a place in a file.
    pub(crate) fn one(origin: &str, finding: Finding) -> Self {
        Self::new(origin, "", vec![finding])
    }

    /// Findings about a text, sorted by place, each once.
    pub(crate) fn new(origin: &str, text: &str, mut findings: Vec<Finding>) -> Self {
        findings.sort();
        findings.dedup();
        let problems = findings.into_iter().map(|finding| problem(origin, text, finding)).collect();
        Self { problems }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "each finding becomes one problem")]
fn problem(origin: &str, text: &str, finding: Finding) -> Problem {
    let mut place = None;
    let mut excerpt = None;
    if let Some(span) = finding.span {
        let start = floor(text, span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let line = text[..start].matches('\n').count() + 1;
        let column = text[line_start..start].chars().count() + 1;
        let length = text[start..floor(text, span.end.min(line_end)).max(start)].chars().count();
        place = Some((line, column));
        excerpt = Some(window(&text[line_start..line_end], column, length.max(1)));
    }
    let help = finding.help.iter().map(|line| printable(line)).collect();
    Problem { origin: printable(origin), place, excerpt, message: printable(&finding.message), help }
}

/// A text whose control characters are written as escapes, so that no file can send commands to a terminal.
fn printable(text: &str) -> String {
    let escaped = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(escaped).collect()
}

/// The last character boundary at or before a byte.
fn floor(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// At most 100 characters of a line around a column, and the caret line under them.
fn window(line: &str, column: usize, length: usize) -> (String, String) {
    const WIDTH: usize = 100;
    let from = if column > 80 { column - 40 } else { 0 };
    let characters: Vec<char> = line.trim_end().chars().collect();
    let cut = characters.iter().skip(from).take(WIDTH);
    let mut source: String = cut.map(|c| if c.is_control() { ' ' } else { *c }).collect();
    let mut indent = column - 1 - from;
    if from > 0 {
        source.insert(0, '…');
        indent += 1;
    }
    if characters.len() > from + WIDTH {
        source.push('…');
    }
    let length = length.min(WIDTH.saturating_sub(column - 1 - from)).max(1);
    (source, format!("{}{}", " ".repeat(indent), "^".repeat(length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_no_wider_than_a_terminal() {
        let message = "word ".repeat(60);
        let finding = Finding::at(Span { start: 0, end: 3 }, message.trim_end()).help(message.trim_end());
        let error = Error::new("file.ron", &"x".repeat(95), vec![finding]);
        let told = format!("error: {error}");
        let (excerpt, prose): (Vec<&str>, Vec<&str>) = told.lines().partition(|line| line.contains("xxx"));
        let widest = prose.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(widest <= 80 && widest > 70, "the widest line of prose has {widest} columns:\n{told}");
        assert!(excerpt.len() == 1 && excerpt[0].chars().count() > 95, "a line of the file is not wrapped:\n{told}");
        assert_eq!(told.matches("word").count(), 120, "no word is lost:\n{told}");
    }

    #[test]
    fn the_caret_stands_under_its_column_in_a_long_line() {
        let line = format!("{}X{}", "a".repeat(300), "b".repeat(300));
        let (source, caret) = window(&line, 301, 1);
        let at = caret.chars().count() - 1;
        assert_eq!(source.chars().nth(at), Some('X'), "{source}\n{caret}");
    }

    #[test]
    fn places_count_characters_not_bytes() {
        let text = "äöü\nß: x";
        let error = Error::new("f", text, vec![Finding::at(Span { start: text.len() - 1, end: text.len() }, "m")]);
        assert_eq!(error.problems[0].place, Some((2, 4)));
    }
}
