//! National Material Capabilities: the resources of each state in each year.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Faults;
use super::kinds::Role;
use super::source::Source;
use super::table::Table;

use crate::syntax::problem::{Error, Finding};
use crate::syntax::words::quote;

const CODE: usize = 0;
const YEAR: usize = 1;
/// Military expenditure, thousands of current pounds to 1913, of current dollars from 1914.
pub(crate) const SPENDING: usize = 2;
/// Primary energy, thousands of tons of coal equivalent.
pub(crate) const ENERGY: usize = 3;
/// Population, thousands.
pub(crate) const PEOPLE: usize = 4;
/// Military personnel, thousands.
pub(crate) const PERSONNEL: usize = 5;
const INDEX: usize = 6;
const VERSION: usize = 7;

/// What a column holds, in words.
pub(crate) const fn called(column: usize) -> &'static str {
    match column {
        SPENDING => "military expenditure",
        ENERGY => "primary energy",
        PEOPLE => "population",
        _ => "military personnel",
    }
}

/// The file with its rows by state and year.
#[derive(Debug)]
pub(crate) struct Capabilities<'a> {
    table: Table<'a>,
    rows: BTreeMap<(u16, i32), usize>,
    /// Years in which any state has a row.
    years: BTreeSet<i32>,
}

impl<'a> Capabilities<'a> {
    /// Reads the file; rows after `as_of` are not looked at.
    pub(crate) fn read(source: &'a Source, as_of: Option<i32>) -> Result<Self, Error> {
        let (table, _) = Table::of(source, Role::Capabilities)?;
        let mut rows: BTreeMap<(u16, i32), usize> = BTreeMap::new();
        let mut faults = Faults::default();
        for row in 0..table.len() {
            match key(&table, row) {
                Ok(Some((_, year))) if as_of.is_some_and(|last| year > last) => {}
                Ok(Some((number, year))) => {
                    if let Some(first) = rows.insert((number, year), row) {
                        let message = format!("state {number} has {year} a second time; the first is row {}", table.line(first));
                        faults.add(table.finding(row, YEAR, &message).help("keep one of the two rows"));
                    }
                }
                Ok(None) => {}
                Err(finding) => faults.add(finding),
            }
        }
        if !faults.is_empty() {
            return Err(source.error(faults.findings()));
        }
        let years = rows.keys().map(|(_, year)| *year).collect();
        Ok(Self { table, rows, years })
    }

    /// First and last year of the file.
    pub(crate) fn years(&self) -> (i32, i32) {
        (self.years.first().copied().unwrap_or(0), self.years.last().copied().unwrap_or(0))
    }

    /// Whether any state has a row in a year.
    pub(crate) fn has_year(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// Whether a state has a row in a year.
    pub(crate) fn has(&self, number: u16, year: i32) -> bool {
        self.rows.contains_key(&(number, year))
    }

    /// Numbers of the states of a year.
    pub(crate) fn states(&self, year: i32) -> Vec<u16> {
        self.rows.keys().filter(|(_, own)| *own == year).map(|(number, _)| *number).collect()
    }

    /// Numbers of all states, with the first year of each.
    pub(crate) fn first_years(&self) -> BTreeMap<u16, i32> {
        let mut first = BTreeMap::new();
        for (number, year) in self.rows.keys() {
            first.entry(*number).or_insert(*year);
        }
        first
    }

    /// Years of a state, as spells: from year to year, each year of the file between them being there.
    pub(crate) fn spells(&self, number: u16) -> Vec<(i32, i32)> {
        let mut spells: Vec<(i32, i32)> = Vec::new();
        let mut open = false;
        for year in &self.years {
            match (self.has(number, *year), spells.last_mut()) {
                (true, Some(last)) if open => last.1 = *year,
                (true, _) => {
                    spells.push((*year, *year));
                    open = true;
                }
                (false, _) => open = false,
            }
        }
        spells
    }

    /// The last year of the spell of a state that holds a year, and the first year of the file after it; `None` where the spell lasts as
    /// long as the file.
    pub(crate) fn ends(&self, number: u16, year: i32) -> Option<(i32, i32)> {
        let (_, last) = self.spells(number).into_iter().find(|(first, last)| (*first..=*last).contains(&year))?;
        Some((last, *self.years.range(last + 1..).next()?))
    }

    /// A cell of a state in a year; `None` where the row or the cell is missing.
    pub(crate) fn cell(&self, number: u16, year: i32, column: usize) -> Result<Option<f64>, Finding> {
        self.rows.get(&(number, year)).map_or(Ok(None), |row| self.table.number(*row, column))
    }

    /// A cell as [`Self::cell`]; what is wrong counts as missing.
    pub(crate) fn known(&self, number: u16, year: i32, column: usize) -> Option<f64> {
        self.cell(number, year, column).ok().flatten()
    }

    /// The values of a column of a state by year.
    pub(crate) fn series(&self, number: u16, column: usize) -> BTreeMap<i32, f64> {
        let own = self.rows.range((number, i32::MIN)..=(number, i32::MAX));
        own.filter_map(|((_, year), row)| Some((*year, self.table.number(*row, column).ok().flatten()?))).collect()
    }

    /// Composite index of a state in a year, where the file has it.
    pub(crate) fn index(&self, number: u16, year: i32) -> Option<f64> {
        if self.table.has(INDEX) { self.known(number, year, INDEX) } else { None }
    }

    /// Version that the file states.
    pub(crate) fn version(&self) -> Option<&str> {
        let cell = if self.table.has(VERSION) { self.table.cell(0, VERSION) } else { "" };
        (!cell.is_empty()).then_some(cell)
    }

    /// A finding about a cell that is missing.
    pub(crate) fn missing(&self, number: u16, year: i32, column: usize) -> Finding {
        let Some(row) = self.rows.get(&(number, year)) else {
            return Finding::new(format!("no row of state {number} in {year}"));
        };
        let cell = self.table.cell(*row, column);
        let finding = self.table.finding(*row, column, &format!("{} is missing ({})", called(column), quote(cell)));
        let known = |at: i32| self.known(number, at, column).map(|_| at);
        let near = (1..=50).find_map(|years| known(year - years).or_else(|| known(year + years)));
        finding.help(match near {
            Some(near) => format!("the nearest year with a value is {near}; or leave the state out of --states"),
            None => "no nearby year has a value: leave the state out of --states".to_string(),
        })
    }

    /// A finding about a cell that is there and cannot be used.
    pub(crate) fn wrong(&self, number: u16, year: i32, column: usize, message: &str) -> Finding {
        self.rows.get(&(number, year)).map_or_else(|| Finding::new(message), |row| self.table.finding(*row, column, message))
    }
}

fn key(table: &Table<'_>, row: usize) -> Result<Option<(u16, i32)>, Finding> {
    let year = table.year(row, YEAR)?;
    Ok(table.state(row, CODE, year)?.map(|number| (number, year)))
}
