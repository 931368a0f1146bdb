//! Alliances by dyad and year: of the Correlates of War project, or of ATOP.

use std::collections::BTreeMap;

use super::table::{Kind, Source, Table};

use crate::syntax::problem::{Error, Finding};
use crate::syntax::words::quote;

/// Formal Alliances of the Correlates of War project, by dyad-year (directed or not).
pub(crate) const COW: Kind = Kind {
    name: "COW Formal Alliances by dyad-year",
    option: "--alliances",
    columns: &[&["ccode1"], &["ccode2"], &["year"], &["defense"], &["neutrality"], &["nonaggression"], &["entente"]],
    optional: &[],
};
/// ATOP by dyad-year, directed or not.
pub(crate) const ATOP: Kind = Kind {
    name: "ATOP alliances by dyad-year",
    option: "--alliances",
    columns: &[
        &["mem1", "statea", "ccode1"],
        &["mem2", "stateb", "ccode2"],
        &["year"],
        &["defense", "atop_defense"],
        &["neutral", "atop_neutral"],
        &["nonagg", "atop_nonagg"],
        &["consul", "atop_consul"],
    ],
    optional: &["offense", "atop_offense"],
};
const FIRST: usize = 0;
const SECOND: usize = 1;
const YEAR: usize = 2;
/// Columns of pledges: defence, neutrality, nonaggression, consultation or entente; then offence under either name.
const DEFENCE: usize = 3;
const NEUTRALITY: usize = 4;
const NONAGGRESSION: usize = 5;
const CONSULTATION: usize = 6;
const OFFENCE: [usize; 2] = [7, 8];

/// What two states have promised each other, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pledge {
    /// Not to fight each other, or to stay neutral.
    Nonaggression,
    /// To consult: an entente.
    Consultation,
    /// To defend each other, or to attack together.
    Defence,
}

/// Strongest pledge by pair, the lower number first, and year.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alliances {
    pledges: BTreeMap<(u16, u16), BTreeMap<i32, Pledge>>,
    /// First and last year of the file.
    pub(crate) years: (i32, i32),
    /// Which project the file is of.
    pub(crate) form: &'static str,
}

impl Alliances {
    /// Reads the pledges between the states of a list.
    pub(crate) fn read(source: &Source, states: &[u16], kinds: &[Kind]) -> Result<Self, Error> {
        let header = source.text.lines().next().unwrap_or_default().to_lowercase();
        let kind = if header.contains("nonagg") && !header.contains("nonaggression") { ATOP } else { COW };
        let table = Table::read(source, &kind, kinds)?;
        let mut alliances = Self { pledges: BTreeMap::new(), years: (i32::MAX, i32::MIN), form: kind.name };
        let mut findings = Vec::new();
        for row in 0..table.len() {
            if let Err(finding) = alliances.add(&table, row, states) {
                findings.push(finding);
            }
            if findings.len() >= 20 {
                break;
            }
        }
        if findings.is_empty() { Ok(alliances) } else { Err(source.error(findings)) }
    }

    fn add(&mut self, table: &Table<'_>, row: usize, states: &[u16]) -> Result<(), Finding> {
        let state = |column| {
            let number = table.integer(row, column)?;
            u16::try_from(number).map_err(|_| table.finding(row, column, "a state has a number from 2 to 990"))
        };
        let (one, other) = (state(FIRST)?, state(SECOND)?);
        let year = i32::try_from(table.integer(row, YEAR)?).ok().filter(|year| (1500..=2500).contains(year));
        let year = year.ok_or_else(|| table.finding(row, YEAR, "a year is from 1500 to 2500"))?;
        self.years = (self.years.0.min(year), self.years.1.max(year));
        if one == other || !states.contains(&one) || !states.contains(&other) {
            return Ok(());
        }
        let has = |column: usize| -> Result<bool, Finding> {
            if !table.has(column) {
                return Ok(false);
            }
            match table.cell(row, column) {
                "1" | "1.0" => Ok(true),
                "0" | "0.0" | "" | "." | "-9" | "NA" => Ok(false),
                cell => Err(table.finding(row, column, &format!("{} is neither 1 (pledged) nor 0", quote(cell)))),
            }
        };
        let pledge = if has(DEFENCE)? || has(OFFENCE[0])? || has(OFFENCE[1])? {
            Pledge::Defence
        } else if has(CONSULTATION)? {
            Pledge::Consultation
        } else if has(NEUTRALITY)? || has(NONAGGRESSION)? {
            Pledge::Nonaggression
        } else {
            return Ok(());
        };
        let years = self.pledges.entry((one.min(other), one.max(other))).or_default();
        let strongest = years.entry(year).or_insert(pledge);
        *strongest = (*strongest).max(pledge);
        Ok(())
    }

    /// What holds between two states in a year.
    pub(crate) fn of(&self, one: u16, other: u16, year: i32) -> Option<Pledge> {
        self.pledges.get(&(one.min(other), one.max(other)))?.get(&year).copied()
    }
}
