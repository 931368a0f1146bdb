//! Militarised disputes and wars, as years: which pairs had the onset of a dispute, which states were at war.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Faults;
use super::kinds::{self, Kind, Role};
use super::source::Source;
use super::table::{Table, is_missing};

use crate::syntax::problem::{Error, Finding};

/// The onset of a dispute between two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Onset {
    /// Year in which the two began to face each other.
    pub(crate) year: i32,
    /// Highest level of hostility that either reached, 1 to 5; `None` where the file does not say.
    pub(crate) level: Option<u8>,
}

/// Onsets of disputes by pair, the lower number first.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Disputes {
    onsets: BTreeMap<(u16, u16), Vec<Onset>>,
    /// First and last year of the file.
    pub(crate) years: (i32, i32),
    /// Which file it is.
    pub(crate) form: &'static str,
    /// Whether the file says how far disputes went.
    pub(crate) levels: bool,
}

/// The columns of a file that say how far a dispute went: those of the two states, else that of the whole dispute.
fn level_columns(table: &Table<'_>, kind: &Kind) -> Vec<usize> {
    let whole = kind.columns.len() + 1;
    let own: Vec<usize> = [whole + 1, whole + 2].into_iter().filter(|column| table.has(*column)).collect();
    match own.as_slice() {
        [_, _] => own,
        _ if table.has(whole) => vec![whole],
        _ => Vec::new(),
    }
}

/// Level of hostility in a cell, 1 to 5; `None` where nothing is known.
fn level(table: &Table<'_>, row: usize, column: usize) -> Result<Option<u8>, Finding> {
    if is_missing(table.cell(row, column)) {
        return Ok(None);
    }
    let found = table.integer(row, column)?;
    match u8::try_from(found) {
        Ok(0) => Ok(None),
        Ok(level @ 1..=5) => Ok(Some(level)),
        _ => Err(table.finding(row, column, &format!("{found} is no level of hostility: it goes from 1 (no action) to 5 (war)"))),
    }
}

impl Disputes {
    /// Reads the onsets between the states of a list; nothing after `as_of` is used.
    pub(crate) fn read(source: &Source, states: &[u16], as_of: Option<i32>) -> Result<Self, Error> {
        let (table, kind) = Table::of(source, Role::Disputes)?;
        let by_state = kind.name == kinds::DISPUTES_BY_STATE.name;
        let mut faults = Faults::default();
        let mut years = (i32::MAX, i32::MIN);
        let states: BTreeSet<u16> = states.iter().copied().collect();
        // Of each dispute: for each pair, or each state with its side, the first year and the highest level.
        let mut pairs: BTreeMap<(String, u16, u16), Onset> = BTreeMap::new();
        let mut sides: BTreeMap<String, Vec<(u16, bool, Onset)>> = BTreeMap::new();
        let levels = level_columns(&table, kind);
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
                let mut onset = Onset { year, level: None };
                for column in &levels {
                    onset.level = onset.level.max(level(&table, row, *column)?);
                }
                let dispute = table.cell(row, 0).to_string();
                if by_state {
                    sides.entry(dispute).or_default().push((one, table.integer(row, 3)? == 1, onset));
                    return Ok(());
                }
                let Some(other) = table.state(row, 2, year)?.filter(|state| states.contains(state)) else { return Ok(()) };
                let first = pairs.entry((dispute, one.min(other), one.max(other))).or_insert(onset);
                *first = Onset { year: first.year.min(year), level: first.level.max(onset.level) };
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
                        let both = Onset { year: begins.year.max(joins.year), level: begins.level.max(joins.level) };
                        // A state can be in a dispute more than once: its first time counts.
                        let known = pairs.entry((dispute.clone(), *one, *other)).or_insert(both);
                        *known = Onset { year: known.year.min(both.year), level: known.level.max(both.level) };
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
        let mut onsets: BTreeMap<(u16, u16), Vec<Onset>> = BTreeMap::new();
        for ((_, one, other), onset) in pairs {
            onsets.entry((one, other)).or_default().push(onset);
        }
        for own in onsets.values_mut() {
            own.sort_unstable();
        }
        Ok(Self { onsets, years, form: kind.name, levels: !levels.is_empty() })
    }

    /// Onsets between two states from a year to another, by year.
    pub(crate) fn of(&self, one: u16, other: u16, first: i32, last: i32) -> impl Iterator<Item = Onset> + '_ {
        let own = self.onsets.get(&(one.min(other), one.max(other)));
        own.into_iter().flatten().copied().filter(move |onset| (first..=last).contains(&onset.year))
    }

    /// Number of onsets between two states in the years before a year.
    pub(crate) fn before(&self, one: u16, other: u16, year: i32, years: i32) -> usize {
        self.of(one, other, year - years, year - 1).count()
    }

    /// Pairs with onsets from a year to another, with the years.
    pub(crate) fn between(&self, first: i32, last: i32) -> Vec<((u16, u16), Vec<i32>)> {
        let years = |pair: &(u16, u16)| self.of(pair.0, pair.1, first, last).map(|onset| onset.year).collect::<Vec<_>>();
        let mut found: Vec<_> = self.onsets.keys().map(|pair| (*pair, years(pair))).collect();
        found.retain(|(_, years)| !years.is_empty());
        found
    }
}

/// Years in which states were at war.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(clippy::struct_field_names, reason = "`wars` is what they are")]
pub(crate) struct Wars {
    years: BTreeSet<(u16, i32)>,
    /// Number, name and first year of each war, with its participants.
    wars: BTreeMap<String, (String, i32, BTreeSet<u16>)>,
    /// By number of the war: who fought on which side, from year to year. Empty where the file names no sides.
    fought: BTreeMap<String, Vec<(u16, i64, i32, i32)>>,
}

impl Wars {
    /// Last year in which the file has somebody at war; `None` without any.
    pub(crate) fn last_year(&self) -> Option<i32> {
        self.years.iter().map(|(_, year)| *year).max()
    }

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
                    if table.has(optional + 2) && !is_missing(table.cell(row, optional + 2)) {
                        let side = table.integer(row, optional + 2)?;
                        let number = table.cell(row, 0).to_string();
                        wars.fought.entry(number).or_default().push((state, side, first, last));
                    }
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

    /// Pairs that began to fight each other, the lower number first, with the year: states on opposite sides of a war in the same year.
    /// A pair has one entry for each war. `None` where the file does not say who stood on which side.
    pub(crate) fn onsets(&self) -> Option<Vec<((u16, u16), i32)>> {
        if self.fought.is_empty() {
            return None;
        }
        let mut found: BTreeMap<(&str, u16, u16), i32> = BTreeMap::new();
        for (war, spells) in &self.fought {
            for (one, side, begins, ends) in spells {
                for (other, opposite, joins, leaves) in spells {
                    let year = *begins.max(joins);
                    if one < other && side != opposite && year <= *ends.min(leaves) {
                        let first = found.entry((war, *one, *other)).or_insert(year);
                        *first = (*first).min(year);
                    }
                }
            }
        }
        Some(found.into_iter().map(|((_, one, other), year)| ((one, other), year)).collect())
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
        for (found, level) in [(&dyadic, 3), (&yearly, 3), (&states, 3)] {
            assert!(found.levels);
            assert_eq!(found.of(255, 220, 1900, 1914).map(|onset| onset.level).collect::<Vec<_>>(), [Some(level)]);
        }
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
        assert_eq!(wars.onsets(), Some(vec![((365, 740), 1904)]), "the others have nobody on the other side");
        let without = Wars::read(&source("warnum,ccode,startyear1,endyear1\n1,365,1904,1905\n1,740,1904,1905\n"), None);
        assert_eq!(without.map(|wars| wars.onsets()).ok(), Some(None), "a file without sides does not say who fought whom");
    }

    #[test]
    fn states_fight_each_other_while_both_are_in_the_war_on_opposite_sides() {
        let text = "WarNum,ccode,Side,StartYear1,EndYear1,StartYear2,EndYear2\n1,220,1,1939,1940,1944,1945\n1,255,2,1939,1945,-8,-8\n\
            1,310,2,1941,1943,-8,-8\n1,365,1,1941,1945,-8,-8\n1,325,2,1940,1943,-8,-8\n1,325,1,1943,1945,-8,-8\n";
        let wars = Wars::read(&source(text), None).unwrap_or_else(|error| panic!("{error}"));
        let expected = [
            ((220, 255), 1939),
            ((220, 325), 1940),
            ((255, 325), 1943),
            ((255, 365), 1941),
            ((310, 325), 1943),
            ((310, 365), 1941),
            ((325, 365), 1941),
        ];
        let mut found = wars.onsets().unwrap_or_default();
        found.sort_unstable();
        assert_eq!(found, expected, "220 was out of the war while 310 was in it");
    }

    #[test]
    fn a_level_that_is_none_is_refused_at_its_place() {
        let text = "dispnum,ccode1,ccode2,year,hostlev1,hostlev2\n1,220,255,1905,3,7\n";
        let error = Disputes::read(&source(text), &[220, 255], None).expect_err("seven is no level");
        assert!(error.problems[0].message.contains("row 2") && error.problems[0].message.contains("from 1"), "{error}");
    }
}
