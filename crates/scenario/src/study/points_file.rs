//! The points of a design of kind list, from a file: comma separated text whose first line has names of factors. A row is a point, in the
//! order of the file; an empty cell leaves a factor as the scenario has it.

use csv::ReaderBuilder;

use crate::study::factor::{Factor, FactorValues};
use crate::syntax::problem::{Error, Finding, Span};
use crate::syntax::words::{advice, figure, quote};

/// Columns that tables of points of this program have beside the factors.
const OTHERS: &[&str] = &["point", "changes", "scenario"];

/// Reads the text of a file.
pub(crate) fn read(text: &str, file: &str, factors: &[Factor]) -> Result<Vec<Vec<f64>>, Error> {
    let text = text.trim_start_matches('\u{feff}');
    let fail = |finding: Finding| Error::new(file, text, vec![finding]);
    let mut reader = ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let broken = |error: csv::Error| fail(Finding::new(format!("the file cannot be read as comma separated text: {error}")));
    let header = reader.headers().map_err(broken)?.clone();
    let head = Span { start: 0, end: text.lines().next().map_or(1, |line| line.len().max(1)) };
    let mut columns: Vec<Option<usize>> = Vec::new();
    for name in &header {
        let factor = factors.iter().position(|factor| factor.name == name);
        if factor.is_none() && !OTHERS.contains(&name) {
            let help = advice(name, factors.iter().map(|factor| factor.name.as_str()));
            return Err(fail(Finding::at(head, format!("no factor {}", quote(name))).help(help)));
        }
        if let Some(factor) = factor
            && columns.contains(&Some(factor))
        {
            return Err(fail(Finding::at(head, format!("the factor {} has two columns", quote(name)))));
        }
        columns.push(factor);
    }
    if columns.iter().all(Option::is_none) {
        let help =
            format!("name them by factor: {}", factors.iter().map(|factor| factor.name.as_str()).collect::<Vec<_>>().join(","));
        return Err(fail(Finding::at(head, "the file has no column of a factor").help(help)));
    }
    let mut points = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let start = record.position().map_or(0, |at| at.byte() as usize);
        let line = record.position().map_or(0, csv::Position::line);
        let mut point = vec![f64::NAN; factors.len()];
        for (cell, factor) in record.iter().zip(&columns) {
            let Some(factor) = *factor else { continue };
            let Factor { name, values, .. } = &factors[factor];
            if cell.is_empty() || cell.eq_ignore_ascii_case("na") || cell.eq_ignore_ascii_case("nan") {
                continue;
            }
            let (low, high) = values.bounds();
            let value = match cell {
                "true" if *values == FactorValues::Switch => Some(1.0),
                "false" if *values == FactorValues::Switch => Some(0.0),
                cell => cell.parse().ok(),
            };
            let Some(value) = value.filter(|value: &f64| (low..=high).contains(value)) else {
                let message = format!(
                    "row {line}, column {}: {} is not a number from {} to {}",
                    quote(name),
                    quote(cell),
                    figure(low),
                    figure(high)
                );
                return Err(fail(Finding::at(Span { start, end: start + 1 }, message).help("that is the range of the factor")));
            };
            point[factor] = value;
        }
        points.push(point);
    }
    if points.is_empty() { Err(fail(Finding::new("the file has no points"))) } else { Ok(points) }
}
