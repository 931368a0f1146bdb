//! National Material Capabilities: the resources of each state in each year.

use std::collections::BTreeMap;

use super::table::{Kind, Source, Table};

use crate::syntax::problem::{Error, Finding};
use crate::syntax::words::quote;

/// The file, versions 5, 6 and 7; other columns are ignored.
pub(crate) const KIND: Kind = Kind {
    name: "National Material Capabilities",
    option: "--nmc",
    columns: &[&["ccode"], &["year"], &["milex"], &["milper"], &["pec"], &["tpop"]],
    optional: &["cinc", "version"],
};
const CODE: usize = 0;
const YEAR: usize = 1;
/// Military expenditure, thousands of current pounds to 1913, of current dollars from 1914.
const SPENDING: usize = 2;
/// Military personnel, thousands.
const PERSONNEL: usize = 3;
/// Primary energy, thousands of tons of coal equivalent.
const ENERGY: usize = 4;
/// Population, thousands.
const PEOPLE: usize = 5;
const INDEX: usize = 6;
const VERSION: usize = 7;

/// The file with its rows by state and year.
#[derive(Debug)]
pub(crate) struct Capabilities<'a> {
    table: Table<'a>,
    rows: BTreeMap<(u16, i32), usize>,
}

/// What a state had in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Means {
    /// Thousands of current pounds to 1913, of current dollars from 1914.
    pub(crate) spending: f64,
    /// Thousands.
    pub(crate) personnel: Option<f64>,
    /// Thousands of tons of coal equivalent.
    pub(crate) energy: f64,
    /// Thousands.
    pub(crate) people: f64,
}

impl<'a> Capabilities<'a> {
    /// Reads the file.
    pub(crate) fn read(source: &'a Source, kinds: &[Kind]) -> Result<Self, Error> {
        let table = Table::read(source, &KIND, kinds)?;
        let mut rows: BTreeMap<(u16, i32), usize> = BTreeMap::new();
        let mut findings = Vec::new();
        for row in 0..table.len() {
            match key(&table, row) {
                Ok((number, year)) => {
                    if let Some(first) = rows.insert((number, year), row) {
                        let message = format!("state {number} has {year} a second time; the first is row {}", table.line(first));
                        findings.push(table.finding(row, YEAR, &message).help("keep one of the two rows"));
                    }
                }
                Err(finding) => findings.push(finding),
            }
            if findings.len() >= 20 {
                break;
            }
        }
        if findings.is_empty() { Ok(Self { table, rows }) } else { Err(source.error(findings)) }
    }

    /// First and last year of the file.
    pub(crate) fn years(&self) -> (i32, i32) {
        let years = self.rows.keys().map(|(_, year)| *year);
        (years.clone().min().unwrap_or(0), years.max().unwrap_or(0))
    }

    /// Whether any state has a row in a year.
    pub(crate) fn has_year(&self, year: i32) -> bool {
        self.rows.keys().any(|(_, own)| *own == year)
    }

    /// Numbers of the states of a year.
    pub(crate) fn states(&self, year: i32) -> Vec<u16> {
        self.rows.keys().filter(|(_, own)| *own == year).map(|(number, _)| *number).collect()
    }

    /// First and last year of a state; `None` where the file lacks it.
    pub(crate) fn span(&self, number: u16) -> Option<(i32, i32)> {
        let mut years = self.rows.range((number, i32::MIN)..=(number, i32::MAX)).map(|((_, year), _)| *year);
        let first = years.next()?;
        Some((first, years.next_back().unwrap_or(first)))
    }

    /// What a state had in a year; `None` where there is no row, and a finding for each cell that is missing or wrong.
    pub(crate) fn means(&self, number: u16, year: i32) -> Option<Result<Means, Vec<Finding>>> {
        let row = *self.rows.get(&(number, year))?;
        let mut findings = Vec::new();
        let mut needed = |column: usize, what: &str| match self.table.number(row, column) {
            Ok(Some(value)) => value,
            Ok(None) => {
                findings.push(self.missing(row, column, number, year, what));
                f64::NAN
            }
            Err(finding) => {
                findings.push(finding);
                f64::NAN
            }
        };
        let (spending, energy) = (needed(SPENDING, "military expenditure"), needed(ENERGY, "primary energy"));
        let people = needed(PEOPLE, "population");
        if people == 0.0 {
            let message = "population is 0, so the state has no people";
            findings.push(self.table.finding(row, PEOPLE, message).help("the column is in thousands"));
        }
        // Only printed, never computed with: a cell that is wrong counts as missing.
        let personnel = self.table.number(row, PERSONNEL).unwrap_or_default();
        Some(if findings.is_empty() { Ok(Means { spending, personnel, energy, people }) } else { Err(findings) })
    }

    /// Military expenditure of a state in a year; `None` where the row or the cell is missing.
    pub(crate) fn spending(&self, number: u16, year: i32) -> Result<Option<f64>, Finding> {
        self.rows.get(&(number, year)).map_or(Ok(None), |row| self.table.number(*row, SPENDING))
    }

    /// Composite index of a state in a year, where the file has it.
    pub(crate) fn index(&self, number: u16, year: i32) -> Option<f64> {
        let row = *self.rows.get(&(number, year))?;
        if self.table.has(INDEX) { self.table.number(row, INDEX).ok().flatten() } else { None }
    }

    /// Version that the file states.
    pub(crate) fn version(&self) -> Option<&str> {
        let cell = if self.table.has(VERSION) { self.table.cell(0, VERSION) } else { "" };
        (!cell.is_empty()).then_some(cell)
    }

    fn missing(&self, row: usize, column: usize, number: u16, year: i32, what: &str) -> Finding {
        let cell = self.table.cell(row, column);
        let finding = self.table.finding(row, column, &format!("{what} is missing ({})", quote(cell)));
        let known = |at: i32| {
            let row = self.rows.get(&(number, at))?;
            self.table.number(*row, column).ok().flatten().map(|_| at)
        };
        let near = (1..=50).find_map(|years| known(year - years).or_else(|| known(year + years)));
        finding.help(match near {
            Some(near) => format!("the nearest year with a value is {near}; or leave the state out of --states"),
            None => "no nearby year has a value: leave the state out of --states".to_string(),
        })
    }
}

fn key(table: &Table<'_>, row: usize) -> Result<(u16, i32), Finding> {
    let code = table.integer(row, CODE)?;
    let number = u16::try_from(code).map_err(|_| table.finding(row, CODE, "a state has a number from 2 to 990"))?;
    let year = table.integer(row, YEAR)?;
    let years = 1500..=2500;
    let year = i32::try_from(year).ok().filter(|year| years.contains(year));
    Ok((number, year.ok_or_else(|| table.finding(row, YEAR, "a year is from 1500 to 2500"))?))
}
