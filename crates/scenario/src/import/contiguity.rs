//! Direct Contiguity: who borders whom, by land or by how wide a sea.

use std::collections::BTreeMap;

use super::table::{Kind, Source, Table};

use crate::syntax::problem::{Error, Finding};

/// The file by dyad and year.
pub(crate) const BY_YEAR: Kind = Kind {
    name: "Direct Contiguity by dyad-year",
    option: "--contiguity",
    columns: &[&["state1no", "ccode1"], &["state2no", "ccode2"], &["conttype"], &["year"]],
    optional: &[],
};
/// The file by spell, with first and last month.
pub(crate) const BY_SPELL: Kind = Kind {
    name: "Direct Contiguity by spell",
    option: "--contiguity",
    columns: &[&["statelno", "state1no", "ccode1"], &["statehno", "state2no", "ccode2"], &["conttype"], &["begin"], &["end"]],
    optional: &[],
};
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
    /// Reads what holds in a year.
    pub(crate) fn read(source: &Source, year: i32, kinds: &[Kind]) -> Result<Self, Error> {
        let header = source.text.lines().next().unwrap_or_default().to_lowercase();
        let spells = header.contains("begin") && header.contains("end");
        let kind = if spells { BY_SPELL } else { BY_YEAR };
        let table = Table::read(source, &kind, kinds)?;
        let mut pairs: BTreeMap<(u16, u16), u8> = BTreeMap::new();
        let mut findings = Vec::new();
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for row in 0..table.len() {
            match entry(&table, row, spells) {
                Ok(entry) => {
                    first = first.min(entry.years.0);
                    last = last.max(entry.years.1);
                    if entry.years.0 <= i64::from(year) && i64::from(year) <= entry.years.1 {
                        // Where a spell ends and another begins in the same year, the closer one counts.
                        let closest = pairs.entry(entry.pair).or_insert(entry.kind);
                        *closest = (*closest).min(entry.kind);
                    }
                }
                Err(finding) => findings.push(finding),
            }
            if findings.len() >= 20 {
                break;
            }
        }
        if findings.is_empty() && !(first..=last).contains(&i64::from(year)) {
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
    pair: (u16, u16),
    kind: u8,
    years: (i64, i64),
}

fn entry(table: &Table<'_>, row: usize, spells: bool) -> Result<Entry, Finding> {
    let state = |column| {
        let number = table.integer(row, column)?;
        u16::try_from(number).map_err(|_| table.finding(row, column, "a state has a number from 2 to 990"))
    };
    let (one, other) = (state(FIRST)?, state(SECOND)?);
    let kind = u8::try_from(table.integer(row, TYPE)?).ok().filter(|kind| (1..=5).contains(kind));
    let kind = kind.ok_or_else(|| {
        let help = "1 is land or a river, 2 to 5 a sea of at most 12, 24, 150 and 400 miles";
        table.finding(row, TYPE, "a type of contiguity is from 1 to 5").help(help)
    })?;
    let years = if spells {
        let month = |column| {
            let month = table.integer(row, column)?;
            let sound = (150_000..=250_012).contains(&month) && (1..=12).contains(&(month % 100));
            let wrong = || table.finding(row, column, "a month is written YEARMONTH, such as 192001");
            if sound { Ok(month / 100) } else { Err(wrong()) }
        };
        let years = (month(YEAR)?, month(END)?);
        if years.1 < years.0 {
            return Err(table.finding(row, END, "the spell ends before it begins"));
        }
        years
    } else {
        let year = table.integer(row, YEAR)?;
        (year, year)
    };
    Ok(Entry { pair: (one.min(other), one.max(other)), kind, years })
}
