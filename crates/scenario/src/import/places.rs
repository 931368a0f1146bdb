//! Files about states themselves: where their capitals lie, when they entered and left the system of states.

use std::collections::BTreeMap;

use super::dates::year_of;
use super::faults::Faults;
use super::kinds::Role;
use super::source::Source;
use super::table::{Table, is_missing};

use crate::syntax::problem::{Error, Finding};

/// A capital of a state from a year to another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Capital {
    /// First and last year.
    years: (i32, i32),
    /// Latitude and longitude, degrees.
    pub(crate) place: (f64, f64),
    /// Name; empty where the file has none.
    pub(crate) city: String,
}

/// Capitals by state.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Capitals(BTreeMap<u16, Vec<Capital>>);

impl Capitals {
    /// Reads the file.
    pub(crate) fn read(source: &Source) -> Result<Self, Error> {
        let (table, kind) = Table::of(source, Role::Capitals)?;
        let first_optional = kind.columns.len();
        let (from, until, city) = (first_optional, first_optional + 1, first_optional + 2);
        let mut capitals: BTreeMap<u16, Vec<Capital>> = BTreeMap::new();
        let mut faults = Faults::default();
        for row in 0..table.len() {
            let mut read = || -> Result<(), Finding> {
                let date = |column: usize, none: i32| {
                    let there = table.has(column) && !is_missing(table.cell(row, column));
                    if there { year_of(&table, row, column) } else { Ok(none) }
                };
                let years = (date(from, i32::MIN)?, date(until, i32::MAX)?);
                let Some(state) = table.state(row, 0, years.0.max(1816))? else { return Ok(()) };
                let (Some(latitude), Some(longitude)) = (table.signed(row, 1)?, table.signed(row, 2)?) else { return Ok(()) };
                if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
                    let finding = table.finding(row, 1, "this is not a place on Earth");
                    return Err(finding.help("latitude from -90 to 90 and longitude from -180 to 180, in degrees"));
                }
                let city = table.cell(row, city).to_string();
                capitals.entry(state).or_default().push(Capital { years, place: (latitude, longitude), city });
                Ok(())
            };
            if let Err(finding) = read() {
                faults.add(finding);
            }
        }
        if faults.is_empty() { Ok(Self(capitals)) } else { Err(source.error(faults.findings())) }
    }

    /// The capital of a state in a year.
    pub(crate) fn of(&self, state: u16, year: i32) -> Option<&Capital> {
        let own = self.0.get(&state)?;
        own.iter().rev().find(|capital| capital.years.0 <= year && year <= capital.years.1)
    }
}

/// Years in which states are members of the system of states.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Membership(BTreeMap<u16, Vec<(i32, i32)>>);

impl Membership {
    /// Reads the file.
    pub(crate) fn read(source: &Source) -> Result<Self, Error> {
        let (table, _) = Table::of(source, Role::Membership)?;
        let mut members: BTreeMap<u16, Vec<(i32, i32)>> = BTreeMap::new();
        let mut last = i32::MIN;
        let mut faults = Faults::default();
        for row in 0..table.len() {
            let mut read = || -> Result<(), Finding> {
                let begin = year_of(&table, row, 2)?;
                let end = if is_missing(table.cell(row, 3)) { i32::MAX } else { year_of(&table, row, 3)? };
                if end < begin {
                    return Err(table.finding(row, 3, &format!("the state ends in {end}, before it begins in {begin}")));
                }
                last = last.max(if end == i32::MAX { begin } else { end });
                if let Some(state) = table.state(row, 0, begin)? {
                    members.entry(state).or_default().push((begin, end));
                }
                Ok(())
            };
            if let Err(finding) = read() {
                faults.add(finding);
            }
        }
        if !faults.is_empty() {
            return Err(source.error(faults.findings()));
        }
        // The last year of the list is the end of the list, not of the states.
        for end in members.values_mut().flatten().filter(|(_, end)| *end == last) {
            end.1 = i32::MAX;
        }
        Ok(Self(members))
    }

    /// The year in which a state that is there in a year ends; `None` where it does not, or the file does not have it.
    pub(crate) fn ends(&self, state: u16, year: i32) -> Option<i32> {
        let own = self.0.get(&state)?;
        own.iter().find(|(begin, end)| (*begin..=*end).contains(&year)).map(|(_, end)| *end).filter(|end| *end != i32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("f.csv".to_string(), text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn capitals_move_with_their_dates() {
        let text = "ccode,statenme,capital,lat,lng,stdate,enddate\n640,Turkey,Istanbul,41.0,28.9,1816-01-01,1923-10-12\n\
            640,Turkey,Ankara,39.9,32.9,1923-10-13,NA\n200,UK,London,51.5,-0.1,,\n910,Papua,Port Moresby,-9,147.2,1975,\n";
        let capitals = Capitals::read(&source(text)).unwrap_or_else(|error| panic!("{error}"));
        let city = |state, year| capitals.of(state, year).map(|capital| capital.city.as_str());
        assert_eq!(
            (city(640, 1900), city(640, 1950), city(200, 1900), city(910, 1960)),
            (Some("Istanbul"), Some("Ankara"), Some("London"), None)
        );
        assert_eq!(capitals.of(910, 1980).map(|capital| capital.place), Some((-9.0, 147.2)), "-9 degrees is a latitude");
        let wrong =
            Capitals::read(&source("ccode,lat,lng\n200,510,0\n")).map_or_else(|error| error.to_string(), |_| String::new());
        assert!(wrong.contains("not a place on Earth"), "{wrong}");
    }

    #[test]
    fn a_state_ends_where_the_list_says_so() {
        let text = "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version\n\
            AUH,300,Austria-Hungary,1816,1,1,1918,11,12,2016\nUKG,200,United Kingdom,1816,1,1,2016,12,31,2016\n\
            GMY,255,Germany,1816,1,1,1945,5,8,2016\nGMY,255,Germany,1990,10,3,2016,12,31,2016\n";
        let members = Membership::read(&source(text)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((members.ends(300, 1905), members.ends(200, 1905)), (Some(1918), None));
        assert_eq!((members.ends(255, 1905), members.ends(255, 1995)), (Some(1945), None));
    }
}
