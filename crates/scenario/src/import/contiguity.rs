//! Direct Contiguity: who borders whom, by land or by how wide a sea.

use std::collections::BTreeMap;

use super::dates::year_of;
use super::faults::Faults;
use super::kinds::{self, Role};
use super::source::Source;
use super::table::{Table, is_missing};

use crate::syntax::problem::{Error, Finding};

const FIRST: usize = 0;
const SECOND: usize = 1;
const TYPE: usize = 2;
const YEAR: usize = 3;
const END: usize = 4;

/// Types of contiguity in a year, by pair with the lower number first: 1 land or river, 2 to 5 a sea of at most 12, 24, 150 and
/// 400 miles.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contiguity {
    pairs: BTreeMap<(u16, u16), u8>,
    /// Which form the file has.
    pub(crate) form: &'static str,
}

impl Contiguity {
    /// Reads what holds in a year. Rows that say "no contiguity" (0, 6 or missing) are passed over.
    pub(crate) fn read(source: &Source, year: i32) -> Result<Self, Error> {
        let (table, kind) = Table::of(source, Role::Contiguity)?;
        let spells = kind.name == kinds::CONTIGUITY_BY_SPELL.name;
        let mut pairs: BTreeMap<(u16, u16), u8> = BTreeMap::new();
        let mut faults = Faults::default();
        let (mut first, mut last) = (i32::MAX, i32::MIN);
        for row in 0..table.len() {
            match entry(&table, row, spells) {
                Ok(entry) => {
                    first = first.min(entry.years.0);
                    last = last.max(entry.years.1);
                    if let (Some(kind), Some(pair)) = (entry.kind, entry.pair)
                        && (entry.years.0..=entry.years.1).contains(&year)
                    {
                        // Where a spell ends and another begins in the same year, the closer one counts.
                        let closest = pairs.entry(pair).or_insert(kind);
                        *closest = (*closest).min(kind);
                    }
                }
                Err(finding) => faults.add(finding),
            }
        }
        let mut findings = faults.findings();
        if findings.is_empty() && !(first..=last).contains(&year) {
            let finding = Finding::new(format!("no row of {year}: the years of {} are {first} to {last}", kind.name));
            findings.push(finding.help(format!("choose a --year from {first} to {last}")));
        }
        if findings.is_empty() { Ok(Self { pairs, form: kind.name }) } else { Err(source.error(findings)) }
    }

    /// Type of a pair, where it is contiguous.
    pub(crate) fn of(&self, one: u16, other: u16) -> Option<u8> {
        self.pairs.get(&(one.min(other), one.max(other))).copied()
    }
}

struct Entry {
    pair: Option<(u16, u16)>,
    kind: Option<u8>,
    years: (i32, i32),
}

fn entry(table: &Table<'_>, row: usize, spells: bool) -> Result<Entry, Finding> {
    let years = if spells {
        let begin = year_of(table, row, YEAR)?;
        // A spell without an end holds until today.
        let end = if is_missing(table.cell(row, END)) { 2500 } else { year_of(table, row, END)? };
        if end < begin {
            return Err(table.finding(row, END, "the spell ends before it begins"));
        }
        (begin, end)
    } else {
        let year = table.year(row, YEAR)?;
        (year, year)
    };
    let (one, other) = (table.state(row, FIRST, years.0)?, table.state(row, SECOND, years.0)?);
    let kind = if is_missing(table.cell(row, TYPE)) { 0 } else { table.integer(row, TYPE)? };
    let kind = match kind {
        0 | 6 => None,
        1..=5 => Some(kind as u8),
        _ => {
            let help = "1 is land or a river, 2 to 5 a sea of at most 12, 24, 150 and 400 miles; 0, 6 and NA mean none";
            return Err(table.finding(row, TYPE, "a type of contiguity is from 0 to 6").help(help));
        }
    };
    let pair = one.zip(other).filter(|(one, other)| one != other).map(|(one, other)| (one.min(other), one.max(other)));
    Ok(Entry { pair, kind, years })
}
