//! Militarised disputes and wars, as years: which pairs had the onset of a dispute, which states were at war.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Faults;
use super::kinds::{self, Role};
use super::source::Source;
use super::table::{Table, is_missing};

use crate::syntax::problem::{Error, Finding};

/// Onsets of disputes by pair, the lower number first.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Disputes {
    onsets: BTreeMap<(u16, u16), Vec<i32>>,
    /// First and last year of the file.
    pub(crate) years: (i32, i32),
    /// Which file it is.
    pub(crate) form: &'static str,
}

impl Disputes {
    /// Reads the onsets between the states of a list; nothing after `as_of` is used.
    pub(crate) fn read(source: &Source, states: &[u16], as_of: Option<i32>) -> Result<Self, Error> {
        let (table, kind) = Table::of(source, Role::Disputes)?;
        let by_state = kind.name == kinds::DISPUTES_BY_STATE.name;
        let mut faults = Faults::default();
        let mut years = (i32::MAX, i32::MIN);
        let states: BTreeSet<u16> = states.iter().copied().collect();
        // Of each dispute: for each pair, or each state with its side, the first year.
        let mut pairs: BTreeMap<(String, u16, u16), i32> = BTreeMap::new();
        let mut sides: BTreeMap<String, Vec<(u16, bool, i32)>> = BTreeMap::new();
        for row in 0..table.len() {
            let mut read = || -> Result<(), Finding> {
                let column = if by_state { 2 } else { 3 };
                if is_missing(table.cell(row, column)) {
                    return Ok(());
                }
                let year = table.year(row, column)?;
                if as_of.is_some_and(|last| year > last) {
                    return Ok(());
                }
                years = (years.0.min(year), years.1.max(year));
                let Some(one) = table.state(row, 1, year)?.filter(|state| states.contains(state)) else { return Ok(()) };
                let dispute = table.cell(row, 0).to_string();
                if by_state {
                    sides.entry(dispute).or_default().push((one, table.integer(row, 3)? == 1, year));
                    return Ok(());
                }
                let Some(other) = table.state(row, 2, year)?.filter(|state| states.contains(state)) else { return Ok(()) };
                let first = pairs.entry((dispute, one.min(other), one.max(other))).or_insert(year);
                *first = (*first).min(year);
                Ok(())
            };
            if let Err(finding) = read() {
                faults.add(finding);
            }
        }
        for (dispute, parties) in sides {
            for (one, side, begins) in &parties {
                for (other, opposite, joins) in &parties {
                    if one < other && side != opposite {
                        pairs.insert((dispute.clone(), *one, *other), *begins.max(joins));
                    }
                }
            }
        }
        if faults.is_empty() && years.0 > years.1 {
            faults.add(Finding::new("no dispute in the years that are looked at"));
        }
        if !faults.is_empty() {
            return Err(source.error(faults.findings()));
        }
        let mut onsets: BTreeMap<(u16, u16), Vec<i32>> = BTreeMap::new();
        for ((_, one, other), year) in pairs {
            onsets.entry((one, other)).or_default().push(year);
        }
        Ok(Self { onsets, years, form: kind.name })
    }

    /// Number of onsets between two states in the years before a year.
    pub(crate) fn before(&self, one: u16, other: u16, year: i32, years: i32) -> usize {
        let own = self.onsets.get(&(one.min(other), one.max(other)));
        own.map_or(0, |own| own.iter().filter(|at| (year - years..year).contains(*at)).count())
    }

    /// Pairs with onsets from a year to another, with the years.
    pub(crate) fn between(&self, first: i32, last: i32) -> Vec<((u16, u16), Vec<i32>)> {
        let inside = |years: &Vec<i32>| years.iter().copied().filter(|year| (first..=last).contains(year)).collect::<Vec<_>>();
        let mut found: Vec<_> = self.onsets.iter().map(|(pair, years)| (*pair, inside(years))).collect();
        found.retain(|(_, years)| !years.is_empty());
        for (_, years) in &mut found {
            years.sort_unstable();
        }
        found
    }
}

/// Years in which states were at war.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Wars {
    years: BTreeSet<(u16, i32)>,
    /// Number, name and first year of each war, with its participants.
    wars: BTreeMap<String, (String, i32, BTreeSet<u16>)>,
}

impl Wars {
    /// Reads the file; nothing after `as_of` is used.
    pub(crate) fn read(source: &Source, as_of: Option<i32>) -> Result<Self, Error> {
        let (table, kind) = Table::of(source, Role::Wars)?;
        let optional = kind.columns.len();
        let mut wars = Self::default();
        let mut faults = Faults::default();
        let spell = |row: usize, begin: usize, end: usize| -> Result<Option<(i32, i32)>, Finding> {
            let none = |column: usize| !table.has(column) || is_missing(table.cell(row, column));
            if none(begin) {
                return Ok(None);
            }
            let first = table.year(row, begin)?;
            // −7: the war goes on.
            let goes_on = none(end) || table.integer(row, end).is_ok_and(|year| year == -7);
            let last = if goes_on { first } else { table.year(row, end)? };
            if last < first {
                return Err(table.finding(row, end, &format!("the war ends in {last}, before it begins in {first}")));
            }
            Ok(Some((first, last)))
        };
        for row in 0..table.len() {
            let mut read = || -> Result<(), Finding> {
                for (begin, end) in [(2, 3), (optional, optional + 1)] {
                    let Some((first, last)) = spell(row, begin, end)? else { continue };
                    if as_of.is_some_and(|limit| first > limit) {
                        continue;
                    }
                    let Some(state) = table.state(row, 1, first)? else { continue };
                    wars.years.extend((first..=last).map(|year| (state, year)));
                    let name = if table.has(optional + 3) { table.cell(row, optional + 3) } else { "" };
                    let number = table.cell(row, 0).to_string();
                    let known = wars.wars.entry(number).or_insert_with(|| (name.to_string(), first, BTreeSet::new()));
                    known.1 = known.1.min(first);
                    known.2.insert(state);
                }
                Ok(())
            };
            if let Err(finding) = read() {
                faults.add(finding);
            }
        }
        if faults.is_empty() { Ok(wars) } else { Err(source.error(faults.findings())) }
    }

    /// Whether a state was at war in a year.
    pub(crate) fn at_war(&self, state: u16, year: i32) -> bool {
        self.years.contains(&(state, year))
    }

    /// Name, first year and participants of the wars that began from a year to another.
    pub(crate) fn between(&self, first: i32, last: i32) -> Vec<(&str, i32, &BTreeSet<u16>)> {
        let mut found: Vec<_> = self.wars.values().map(|(name, year, states)| (name.as_str(), *year, states)).collect();
        found.retain(|(_, year, _)| (first..=last).contains(year));
        found.sort_by_key(|(_, year, _)| *year);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("m.csv".to_string(), text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
    }

    fn disputes(text: &str) -> Disputes {
        Disputes::read(&source(text), &[200, 220, 255, 365], Some(1914)).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn every_form_of_disputes_gives_the_same_onsets() {
        let dyadic = disputes(
            "disno,statea,stateb,strtyr,year,endyear,hihost\n1,220,255,1905,1905,1906,3\n1,255,220,1905,1905,1906,3\n\
             1,220,255,1905,1906,1906,3\n2,255,365,1912,1912,1912,2\n3,255,365,1920,1920,1920,2\n",
        );
        let yearly = disputes(
            "dispnum,ccode1,ccode2,year,hostlev1\n1,220,255,1905,3\n1,220,255,1906,3\n2,365,255,1912,2\n3,255,365,1920,1\n",
        );
        let states = disputes(
            "dispnum,stabb,ccode,styear,endyear,sidea,hostlev\n1,FRN,220,1905,1906,1,3\n1,GMY,255,1905,1906,0,3\n\
             2,GMY,255,1912,1912,1,2\n2,RUS,365,1912,1912,0,2\n3,GMY,255,1920,1920,1,2\n3,RUS,365,1920,1920,0,2\n",
        );
        let onsets = [((220, 255), vec![1905]), ((255, 365), vec![1912])];
        for found in [&dyadic, &yearly, &states] {
            assert_eq!(found.between(1900, 1914), onsets, "{}", found.form);
            assert_eq!((found.before(365, 255, 1913, 5), found.before(255, 220, 1913, 5)), (1, 0));
        }
    }

    #[test]
    fn wars_are_years_of_states() {
        let text = "WarNum,WarName,ccode,Side,StartYear1,EndYear1,StartYear2,EndYear2\n\
            85,Russo-Japanese,365,2,1904,1905,-8,-8\n85,Russo-Japanese,740,1,1904,1905,-8,-8\n\
            100,First Balkan,640,2,1912,1912,1913,1913\n106,World War I,220,1,1914,1918,-8,-8\n139,World War II,220,1,1939,1940,1944,1945\n";
        let wars = Wars::read(&source(text), Some(1930)).unwrap_or_else(|error| panic!("{error}"));
        let at_war = |state| (1900..1950).filter(|year| wars.at_war(state, *year)).collect::<Vec<_>>();
        assert_eq!((at_war(365), at_war(640)), (vec![1904, 1905], vec![1912, 1913]));
        assert_eq!(at_war(220), [1914, 1915, 1916, 1917, 1918], "the war of 1939 is after what was known");
        let names: Vec<&str> = wars.between(1900, 1913).iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, ["Russo-Japanese", "First Balkan"]);
    }
}
