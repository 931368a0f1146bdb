//! Alliances: of the Correlates of War project or of ATOP, by dyad-year, by dyad, by member, directed or not.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Faults;
use super::kinds::{self, Kind, Role};
use super::source::Source;
use super::table::{Table, is_missing};

use crate::syntax::problem::{Error, Finding};
use crate::syntax::words::quote;

/// What a state has promised another, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pledge {
    /// Not to fight it.
    Nonaggression,
    /// To stay neutral when it fights.
    Neutrality,
    /// To consult with it.
    Consultation,
    /// An entente in the sense of the Correlates of War project: to consult or to work together in a crisis.
    Entente,
    /// To attack with it.
    Offence,
    /// To defend it.
    Defence,
}

/// Whole years, first and last.
type Years = (i32, i32);

/// Strongest pledge of one state to another, by year.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alliances {
    pledges: BTreeMap<(u16, u16), BTreeMap<i32, Pledge>>,
    /// First and last year of the file, as far as it is read.
    pub(crate) years: Years,
    /// Which file it is.
    pub(crate) form: &'static str,
}

/// The file and the places of its columns.
struct Form<'a> {
    table: Table<'a>,
    kind: &'static Kind,
    /// First of the four columns of pledges, and the column of offence.
    pledges: usize,
    offence: Option<usize>,
    /// Last year that is looked at.
    last: i32,
}

impl Alliances {
    /// Reads the pledges between the states of a list; nothing after `as_of` is used.
    pub(crate) fn read(source: &Source, states: &[u16], as_of: Option<i32>) -> Result<Self, Error> {
        let (table, kind) = Table::of(source, Role::Alliances)?;
        let by_year = kind.name == kinds::ATOP_BY_YEAR.name || kind.name == kinds::COW_BY_YEAR.name;
        let member_year = kind.name == kinds::COW_BY_MEMBER_YEAR.name;
        let offence = (!kind.optional.is_empty()).then_some(kind.columns.len());
        let pledges = if by_year || member_year { 3 } else { 4 };
        let form = Form { table, kind, pledges, offence, last: as_of.unwrap_or(i32::MAX) };
        let mut alliances = Self { pledges: BTreeMap::new(), years: (i32::MAX, i32::MIN), form: kind.name };
        let mut faults = Faults::default();
        let states: BTreeSet<u16> = states.iter().copied().collect();
        let members = [kinds::COW_BY_MEMBER.name, kinds::ATOP_BY_MEMBER.name, kinds::COW_BY_MEMBER_YEAR.name];
        if members.contains(&kind.name) {
            alliances.by_member(&form, &states, member_year, &mut faults);
        } else {
            alliances.by_dyad(&form, &states, by_year, &mut faults);
        }
        if faults.is_empty() && alliances.years.0 > alliances.years.1 {
            faults.add(Finding::new(format!("no row of {} or before", form.last)));
        }
        if faults.is_empty() { Ok(alliances) } else { Err(source.error(faults.findings())) }
    }

    fn by_dyad(&mut self, form: &Form<'_>, states: &BTreeSet<u16>, by_year: bool, faults: &mut Faults) {
        let table = &form.table;
        let mut rows: Vec<(u16, u16, Years, Pledge)> = Vec::new();
        for row in 0..table.len() {
            let years = if by_year { form.year(row, 2) } else { form.spell(row, 2) };
            let read = years.and_then(|years| {
                let Some(years) = years else { return Ok(()) };
                self.widen(years);
                let (Some(one), Some(other)) = (table.state(row, 0, years.0)?, table.state(row, 1, years.0)?) else {
                    return Ok(());
                };
                if one == other || !states.contains(&one) || !states.contains(&other) {
                    return Ok(());
                }
                rows.extend(form.pledge(row)?.map(|pledge| (one, other, years, pledge)));
                Ok(())
            });
            if let Err(finding) = read {
                faults.add(finding);
            }
        }
        // A file with a pair in both orders says what each has promised; with one order only, the pledges are mutual.
        let orders: BTreeSet<(u16, u16)> = rows.iter().map(|(one, other, ..)| (*one, *other)).collect();
        let directed = orders.iter().any(|(one, other)| orders.contains(&(*other, *one)));
        for (one, other, years, pledge) in rows {
            self.add(one, other, years, pledge);
            if !directed {
                self.add(other, one, years, pledge);
            }
        }
    }

    fn by_member(&mut self, form: &Form<'_>, states: &BTreeSet<u16>, by_year: bool, faults: &mut Faults) {
        let table = &form.table;
        let mut alliances: BTreeMap<String, Vec<(u16, Years, Option<Pledge>)>> = BTreeMap::new();
        for row in 0..table.len() {
            let years = if by_year { form.year(row, 2) } else { form.spell(row, 2) };
            let read = years.and_then(|years| {
                let Some(years) = years else { return Ok(()) };
                self.widen(years);
                let Some(state) = table.state(row, 1, years.0)?.filter(|state| states.contains(state)) else { return Ok(()) };
                let pledge = form.pledge(row)?;
                alliances.entry(table.cell(row, 0).to_string()).or_default().push((state, years, pledge));
                Ok(())
            });
            if let Err(finding) = read {
                faults.add(finding);
            }
        }
        for members in alliances.values() {
            for (one, own, pledge) in members {
                for (other, others, _) in members {
                    let years = (own.0.max(others.0), own.1.min(others.1));
                    if let Some(pledge) = pledge
                        && one != other
                        && years.0 <= years.1
                    {
                        self.add(*one, *other, years, *pledge);
                    }
                }
            }
        }
    }

    fn widen(&mut self, years: Years) {
        self.years = (self.years.0.min(years.0), self.years.1.max(years.1.min(MOST_YEAR)));
    }

    fn add(&mut self, from: u16, to: u16, years: Years, pledge: Pledge) {
        let known = self.pledges.entry((from, to)).or_default();
        for year in years.0..=years.1.min(self.years.1) {
            let strongest = known.entry(year).or_insert(pledge);
            *strongest = (*strongest).max(pledge);
        }
    }

    /// What a state has promised another in a year.
    pub(crate) fn of(&self, from: u16, to: u16, year: i32) -> Option<Pledge> {
        self.pledges.get(&(from, to))?.get(&year).copied()
    }
}

/// Last year that a file can mean; an open end is later.
const MOST_YEAR: i32 = 2500;

impl Form<'_> {
    /// The year of a row twice; `None` where it is after what is looked at.
    fn year(&self, row: usize, column: usize) -> Result<Option<Years>, Finding> {
        let year = self.table.year(row, column)?;
        Ok((year <= self.last).then_some((year, year)))
    }

    /// First and last year of a spell, which may be open; `None` where it begins after what is looked at.
    fn spell(&self, row: usize, column: usize) -> Result<Option<Years>, Finding> {
        let begin = self.table.year(row, column)?;
        let cell = self.table.cell(row, column + 1);
        // 0 and a missing year: it still held when the file was made.
        let open = is_missing(cell) || matches!(cell, "0" | "0.0");
        let end = if open { self.version_ends() } else { self.table.year(row, column + 1)? };
        if end < begin {
            let message = format!("the alliance ends in {end}, before it begins in {begin}");
            return Err(self.table.finding(row, column + 1, &message));
        }
        Ok((begin <= self.last).then_some((begin, end.min(self.last))))
    }

    /// The last year that the file knows, which an open spell reaches: that of the releases in use.
    fn version_ends(&self) -> i32 {
        if self.kind.name == kinds::ATOP_BY_MEMBER.name { 2018 } else { 2012 }
    }

    fn pledge(&self, row: usize) -> Result<Option<Pledge>, Finding> {
        let entente = self.kind.columns[self.pledges + 3].contains(&"entente");
        let has = |column: usize| -> Result<bool, Finding> {
            let cell = self.table.cell(row, column);
            if is_missing(cell) {
                return Ok(false);
            }
            match cell.parse::<f64>() {
                Ok(0.0) => Ok(false),
                Ok(1.0) => Ok(true),
                // Some releases count the alliances, or tell kinds of consultation apart.
                Ok(value) if value.fract() == 0.0 && (1.0..=10.0).contains(&value) => Ok(true),
                _ => match cell.to_lowercase().as_str() {
                    "true" | "t" | "yes" => Ok(true),
                    "false" | "f" | "no" => Ok(false),
                    _ => Err(self.table.finding(row, column, &format!("{} is neither 1 (pledged) nor 0", quote(cell)))),
                },
            }
        };
        let weaker = if entente { Pledge::Entente } else { Pledge::Consultation };
        let offence = match self.offence {
            Some(column) => has(column)?,
            None => false,
        };
        Ok(if has(self.pledges)? {
            Some(Pledge::Defence)
        } else if offence {
            Some(Pledge::Offence)
        } else if has(self.pledges + 3)? {
            Some(weaker)
        } else if has(self.pledges + 1)? {
            Some(Pledge::Neutrality)
        } else if has(self.pledges + 2)? {
            Some(Pledge::Nonaggression)
        } else {
            None
        })
    }
}
