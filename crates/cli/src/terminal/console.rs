//! The terminal: what may be written where, how wide, in which colours.

use std::io::{self, IsTerminal, Write};

use anstyle::Style;
use clap::ColorChoice;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle, Width};

use spiral_results::Estimate;
pub(crate) use spiral_scenario::wrapped;

use crate::failure::Failure;

/// Columns where the width is not known: what a piped table or chronicle is set in.
const COLUMNS: usize = 80;
/// Lines longer than this are hard to read.
const MOST_COLUMNS: usize = 120;

/// Tables have a line under their header and no other.
pub(crate) const HEADED: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none().junction(' '));

/// Standard output and standard error of one command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    /// Whether standard output takes colours.
    pub(crate) colour: bool,
    /// Whether only results are wanted.
    pub(crate) quiet: bool,
    /// Columns of a text on standard output.
    pub(crate) columns: usize,
    /// Whether standard output is a terminal.
    pub(crate) terminal: bool,
}

impl Console {
    /// Output to a file has the same width and no colours everywhere.
    pub(crate) const FILE: Self = Self { colour: false, quiet: false, columns: COLUMNS, terminal: false };

    pub(crate) fn new(colour: ColorChoice, quiet: bool) -> Self {
        let terminal = io::stdout().is_terminal();
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let width = if terminal { terminal_size::terminal_size() } else { None };
        Self {
            colour: match colour {
                ColorChoice::Always => true,
                ColorChoice::Never => false,
                ColorChoice::Auto => terminal && !dumb && !set("NO_COLOR"),
            },
            quiet,
            columns: width.map_or(COLUMNS, |(width, _)| usize::from(width.0).clamp(40, MOST_COLUMNS)),
            terminal,
        }
    }

    /// Writes a text to standard output, with a line end.
    #[allow(clippy::unused_self, reason = "printing is a method of the console, like the others")]
    pub(crate) fn print(self, text: &str) -> Result<(), Failure> {
        let mut output = io::stdout().lock();
        output.write_all(text.trim_end_matches('\n').as_bytes())?;
        output.write_all(b"\n")?;
        Ok(output.flush()?)
    }

    /// Writes JSON to standard output.
    pub(crate) fn print_json(self, value: &impl serde::Serialize) -> Result<(), Failure> {
        self.print(&spiral_results::to_json(value)?)
    }

    /// Text in a style, where colours are taken.
    pub(crate) fn styled(self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    /// Prints which files a study has, and which of them to look at first.
    pub(crate) fn print_files(self, files: &str, look: Option<String>) -> Result<(), Failure> {
        if self.quiet {
            return Ok(());
        }
        let look = look.map_or_else(String::new, |look| format!("\nLook   {look}"));
        self.print(&format!("\n{}{look}", wrapped(files, self.columns, "Files  ", "       ")))
    }

    /// A heading, in lines of the console's width.
    pub(crate) fn heading(self, text: &str) -> String {
        self.bold(&wrapped(text, self.columns, "", ""))
    }

    /// Text that is emphasised.
    pub(crate) fn bold(self, text: &str) -> String {
        self.styled(Style::new().bold(), text)
    }
}

/// The kind of content of a column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cells {
    /// Words: on the left, folded between words where room is short.
    Words,
    /// Figures: on the right, never folded.
    Figures,
}

/// The first column contains names, the others figures.
pub(crate) fn columns<'a>(header: impl IntoIterator<Item = &'a str>) -> Vec<(String, Cells)> {
    let cells = |position: usize| if position == 0 { Cells::Words } else { Cells::Figures };
    header.into_iter().enumerate().map(|(position, name)| (name.to_string(), cells(position))).collect()
}

/// Fewest characters of words on a line.
const FEWEST_CHARACTERS: usize = 16;

/// Columns that a table takes beside the content of each of its own: a blank on either side, and one between.
const PADDING: usize = 3;

/// Characters of the longest line of a column.
fn longest(columns: &[(String, Cells)], rows: &[Vec<String>], position: usize) -> usize {
    let cells = rows.iter().filter_map(|row| row.get(position)).map(String::as_str);
    let lines = std::iter::once(columns[position].0.as_str()).chain(cells).flat_map(str::lines);
    lines.map(|line| line.chars().count()).max().unwrap_or(0)
}

/// Columns that the figures of a table take.
fn figures_take(columns: &[(String, Cells)], rows: &[Vec<String>]) -> usize {
    let figures = (0..columns.len()).filter(|position| columns[*position].1 == Cells::Figures);
    figures.map(|position| longest(columns, rows, position) + PADDING).sum()
}

/// A name in lines of a width, broken where its parts meet and not inside words.
fn folded_name(name: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for part in name.split_inclusive(['.', '_', '-', ' ', '/']) {
        let full =
            lines.last().is_some_and(|line| !line.is_empty() && line.chars().count() + part.trim_end().chars().count() > width);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(part);
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

/// Every row as a name with its figures below it, for a terminal in which no table has room.
fn stacked(columns: &[(String, Cells)], rows: &[Vec<String>], console: Console) -> String {
    let block = |row: &Vec<String>| {
        let mut lines = Vec::new();
        for ((name, cells), cell) in columns.iter().zip(row) {
            let cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
            match cells {
                Cells::Words if lines.is_empty() => lines.push(folded_name(&cell, console.columns)),
                _ if cell.is_empty() => {}
                _ => lines.push(wrapped(&cell, console.columns, &format!("  {name} "), "    ")),
            }
        }
        lines.join("\n")
    };
    rows.iter().map(block).collect::<Vec<_>>().join("\n")
}

/// A table in the width of the console. A cell may hold lines of its own. Where it would be too wide, intervals go below their
/// estimates; where that does not help, figures go below names.
pub(crate) fn table(columns: &[(String, Cells)], mut rows: Vec<Vec<String>>, console: Console) -> String {
    let words: Vec<usize> = (0..columns.len()).filter(|position| columns[*position].1 == Cells::Words).collect();
    let fits = |rows: &[Vec<String>]| {
        let least = words.iter().map(|position| longest(columns, rows, *position).min(FEWEST_CHARACTERS) + PADDING);
        figures_take(columns, rows) + least.sum::<usize>() <= console.columns
    };
    if !fits(&rows) {
        for cell in rows.iter_mut().flatten() {
            *cell = cell.replace(" [", "\n[");
        }
    }
    if !fits(&rows) {
        return stacked(columns, &rows, console);
    }
    // Short words keep their width; long ones share what is left.
    let (short, long): (Vec<usize>, Vec<usize>) =
        words.iter().partition(|position| longest(columns, &rows, **position) <= FEWEST_CHARACTERS);
    let kept: usize = short.iter().map(|position| longest(columns, &rows, *position) + PADDING).sum();
    let left = console.columns.saturating_sub(figures_take(columns, &rows) + kept);
    let width = (left / long.len().max(1)).saturating_sub(PADDING).max(FEWEST_CHARACTERS);
    for row in &mut rows {
        for position in &long {
            if let Some(cell) = row.get_mut(*position).filter(|cell| !cell.contains('\n') && cell.chars().count() > width) {
                *cell = folded_name(cell, width);
            }
        }
    }
    let header: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let longest = |position: usize| longest(columns, &rows, position);
    let fewest: Vec<usize> = (0..columns.len()).map(|position| longest(position).min(FEWEST_CHARACTERS)).collect();
    let mut table = Table::new();
    table.load_style(HEADED).set_header(header).add_rows(rows);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(console.columns as u16);
    for ((column, (_, cells)), fewest) in table.column_iter_mut().zip(columns).zip(fewest) {
        if *cells == Cells::Words {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(fewest as u16 + 2)));
        } else {
            column.set_cell_alignment(CellAlignment::Right);
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.trim_fmt()
}

/// A value and its ends to two decimals, in two lines; `–` where there is none.
pub(crate) fn hundredths(estimate: &Estimate) -> String {
    let figure = |value: f64| if value.abs() < 9.95 { format!("{value:.2}") } else { format!("{value:.0}") };
    let middle = estimate.estimate.map_or_else(|| "–".to_string(), figure);
    match (estimate.lower, estimate.upper) {
        (Some(low), Some(high)) => format!("{middle}\n[{}, {}]", figure(low), figure(high)),
        _ => middle,
    }
}

/// Writes a line to standard error. If standard error is closed, the line is lost.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Wraps lines that are wider than the terminal; a continued line is indented like its beginning.
pub(crate) fn folded(text: &str) -> String {
    let line = |line: &str| {
        let indent = &line[..line.len() - line.trim_start().len()];
        wrapped(line.trim_start(), COLUMNS, indent, &format!("{indent}  "))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table as Morris's, with names as long as those of judgements.
    #[test]
    fn a_table_fits_from_forty_columns_up_and_breaks_no_word() {
        let columns = columns(["", "μ*", "μ", "σ"]);
        let names = ["arming.sensitivity", "technology.first_strike", "states.GER.perceived_balance (factor)"];
        let figure = |value: f64| format!("{value:.3} [{:.3}, {:.3}]", value - 0.1, value + 0.1);
        let row = |name: &&str| vec![(*name).to_string(), figure(0.541), figure(-0.123), figure(0.9)];
        for width in [40, 50, 60, 72, 80, 87, 100, 120] {
            let console = Console { colour: false, quiet: false, columns: width, terminal: true };
            let text = table(&columns, names.iter().map(row).collect(), console);
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= width, "{width}: a line of {widest}\n{text}");
            for word in ["sensitivity", "technology.", "strike", "balance", "(factor)"] {
                assert!(text.contains(word), "{width}: {word} is broken\n{text}");
            }
            for name in ["0.541", "-0.123", "[0.800, 1.000]"] {
                assert_eq!(text.matches(name).count(), 3, "{width}: {name}\n{text}");
            }
        }
    }

    #[test]
    fn names_break_where_their_parts_meet() {
        assert_eq!(folded_name("technology.first_strike", 16), "technology.\nfirst_strike");
        assert_eq!(folded_name("short", 16), "short");
        assert_eq!(folded_name("a.b.c", 3), "a.\nb.c");
    }
}
