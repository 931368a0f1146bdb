//! The three ways in which data files name states, told apart by the column and translated into numbers of the Correlates of War list:
//! those numbers themselves, the numbers of Gleditsch and Ward, and the codes of ISO 3166. `AUS` is Austria in one of them and Australia
//! in another, 260 the German Federal Republic or all of Germany.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::states;

use crate::syntax::problem::Finding;

/// How a column names states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Numbers or abbreviations of the Correlates of War list, or names.
    CorrelatesOfWar,
    /// Numbers of Gleditsch and Ward.
    GleditschWard,
    /// Three letters of ISO 3166.
    Iso,
}

impl Coding {
    /// What a column's name says.
    pub(crate) fn of(column: &str) -> Self {
        if column.starts_with("gw") || column.contains("_gw") {
            Self::GleditschWard
        } else if column.starts_with("iso") || column == "countrycode" || column == "country_code" || column == "code" {
            Self::Iso
        } else {
            Self::CorrelatesOfWar
        }
    }

    /// The number of a state in the Correlates of War list in a year. `None` where the cell names a state that the list does not have.
    ///
    /// # Errors
    /// The cell is no name of a state.
    pub(crate) fn number(self, cell: &str, year: i32) -> Result<Option<u16>, Finding> {
        let whole = cell.parse::<u16>().ok().or_else(|| {
            let value: f64 = cell.parse().ok()?;
            (value.fract() == 0.0 && (1.0..=1000.0).contains(&value)).then_some(value as u16)
        });
        match (self, whole) {
            (_, Some(0)) => Err(Finding::new("a state has a number from 2 to 990")),
            (Self::GleditschWard, Some(number)) => Ok(Some(from_gleditsch_ward(number, year))),
            (_, Some(number)) if number <= 999 => Ok(Some(number)),
            (_, Some(_)) => Err(Finding::new("a state has a number from 2 to 990")),
            (_, None) if cell.parse::<f64>().is_ok() => Err(Finding::new("a state has a number from 2 to 990")),
            (Self::Iso, None) => match iso(&cell.to_uppercase(), year) {
                Some(number) => Ok(Some(number)),
                None if cell.len() == 3 => Ok(None),
                None => named(cell, year),
            },
            (_, None) => named(cell, year),
        }
    }
}

/// The number of a state by its name, which two states may have had one after the other.
fn named(cell: &str, year: i32) -> Result<Option<u16>, Finding> {
    let number = states::named(cell)?;
    Ok(Some(match number {
        300 if year >= 1919 => 305,
        255 if (1949..1990).contains(&year) => 260,
        other => other,
    }))
}

/// Numbers that Gleditsch and Ward give to states which the Correlates of War list numbers otherwise: theirs, first year, its own.
/// After Gleditsch and Ward (1999), "Interstate system membership: a revised list of the independent states since 1816".
const GLEDITSCH_WARD: &[(u16, i32, u16)] = &[
    // Germany after 1990 goes on as the Federal Republic, Yemen as the Arab Republic.
    (260, 1990, 255),
    (678, 1990, 679),
    (340, 0, 345),
    (970, 0, 946),
    (971, 0, 970),
    (972, 0, 955),
    (973, 0, 947),
];

/// Numbers that only Gleditsch and Ward have.
pub(crate) const ONLY_GLEDITSCH_WARD: &[u16] = &[340, 971, 972, 973];

/// The number of a state of Gleditsch and Ward in the Correlates of War list.
pub(crate) fn from_gleditsch_ward(number: u16, year: i32) -> u16 {
    let other = GLEDITSCH_WARD.iter().find(|(theirs, first, _)| *theirs == number && year >= *first);
    other.map_or(number, |(_, _, own)| *own)
}

/// The number of a state by its code of ISO 3166 in a year.
fn iso(code: &str, year: i32) -> Option<u16> {
    static CODES: OnceLock<BTreeMap<&'static str, u16>> = OnceLock::new();
    let codes = CODES.get_or_init(|| {
        let lines = include_str!("iso.csv").lines().skip(1);
        lines.filter_map(|line| line.split_once(',').and_then(|(code, number)| Some((code, number.parse().ok()?)))).collect()
    });
    let number = *codes.get(code)?;
    // The state that used the code between the end of one Germany and the beginning of the other.
    Some(if number == 255 && (1949..1990).contains(&year) { 260 } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(column: &str, cell: &str, year: i32) -> Option<u16> {
        Coding::of(column).number(cell, year).ok().flatten()
    }

    #[test]
    fn the_three_codings_are_told_apart() {
        for (column, cell, year, expected) in [
            ("ccode1", "260", 2000, 260),
            ("gwcode1", "260", 2000, 255),
            ("gwcode", "260", 1970, 260),
            ("gwno_a", "340", 1900, 345),
            ("gwcode", "972", 2010, 955),
            ("stateabb", "AUS", 1950, 305),
            ("countrycode", "AUS", 1950, 900),
            ("iso3c", "AUT", 1950, 305),
            ("countrycode", "DEU", 1913, 255),
            ("countrycode", "DEU", 1970, 260),
            ("ccode", "255.0", 1913, 255),
            ("ccode", "UKG", 1913, 200),
            ("country", "United Kingdom", 1913, 200),
            ("statenme", "Austria-Hungary", 1913, 300),
            ("country", "Côte d'Ivoire", 2000, 437),
            ("country", "St. Lucia", 2000, 56),
        ] {
            assert_eq!(number(column, cell, year), Some(expected), "{column} {cell} {year}");
        }
        assert_eq!(Coding::Iso.number("HKG", 2000), Ok(None), "a territory that is no state of the list");
        for cell in ["-3", "0", "12.5", "100000", "nowhere at all"] {
            assert!(Coding::CorrelatesOfWar.number(cell, 1900).is_err(), "{cell}");
        }
    }

    #[test]
    fn every_code_of_iso_is_a_state_of_the_list() {
        for line in include_str!("iso.csv").lines().skip(1) {
            let (code, number) = line.split_once(',').expect("two cells");
            let number: u16 = number.parse().expect("a number");
            assert!(code.len() == 3 && states::seats().iter().any(|seat| seat.number == number), "{line}");
        }
    }
}
