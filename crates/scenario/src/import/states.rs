//! States of the Correlates of War list, with their capitals by date: numbers, names and coordinates, which are facts.
//!
//! Codes are those of the built-in scenarios where they have one (`GBR`, `FRA`, `GER`, `SRB`), else the abbreviation of the list.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::syntax::problem::Finding;
use crate::syntax::words::{nearest, quote};

/// A state from a date on, with its capital.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seat {
    /// Number in the Correlates of War list.
    pub(crate) number: u16,
    /// Abbreviation in that list.
    pub(crate) abbreviation: &'static str,
    /// Code in scenarios.
    pub(crate) code: &'static str,
    /// Name.
    pub(crate) name: &'static str,
    /// First date, decimal year; it holds until that of the next row of the same number.
    pub(crate) from: f64,
    /// Capital.
    pub(crate) city: &'static str,
    /// Latitude and longitude of the capital, degrees.
    pub(crate) place: (f64, f64),
}

/// Number of columns of the table.
const COLUMNS: usize = 8;

/// Every state by number, then by date.
pub(crate) fn seats() -> &'static [Seat] {
    static SEATS: OnceLock<Vec<Seat>> = OnceLock::new();
    SEATS.get_or_init(|| include_str!("states.csv").lines().skip(1).filter_map(seat).collect())
}

fn seat(line: &'static str) -> Option<Seat> {
    let cells: Vec<&'static str> = line.split(',').collect();
    let [number, abbreviation, code, name, from, city, latitude, longitude] = <[&'static str; COLUMNS]>::try_from(cells).ok()?;
    let place = (latitude.parse().ok()?, longitude.parse().ok()?);
    Some(Seat { number: number.parse().ok()?, abbreviation, code, name, from: from.parse().ok()?, city, place })
}

/// Number of a state by its code in scenarios, or by its abbreviation in the Correlates of War list. A code goes before an abbreviation
/// where another state has it as one.
pub(crate) fn number_of(code: &str) -> Option<u16> {
    static NUMBERS: OnceLock<BTreeMap<&'static str, u16>> = OnceLock::new();
    let numbers = NUMBERS.get_or_init(|| {
        let mut numbers = BTreeMap::new();
        for seat in seats() {
            numbers.entry(seat.code).or_insert(seat.number);
        }
        for seat in seats() {
            numbers.entry(seat.abbreviation).or_insert(seat.number);
        }
        numbers
    });
    numbers.get(code).copied()
}

/// A state at a date: the last row that has begun, or the first.
pub(crate) fn at(number: u16, date: f64) -> Option<&'static Seat> {
    let mut own = seats().iter().filter(|seat| seat.number == number);
    let first = own.next()?;
    Some(own.take_while(|seat| seat.from <= date).last().unwrap_or(first))
}

/// A name without case, accents, dots and little words, so that `St. Lucia` is `St Lucia`.
fn plain(name: &str) -> String {
    let letter = |character: char| match character {
        'á' | 'ã' | 'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'î' => 'i',
        'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    let lower = name.to_lowercase().replace('&', "and");
    let kept: String = lower.chars().filter(|character| !matches!(character, '.' | '\'' | '’' | '-' | ',')).map(letter).collect();
    kept.split_whitespace().filter(|word| *word != "the").collect::<Vec<_>>().join(" ")
}

/// Names that other lists give to states, with their numbers.
fn aliases() -> &'static BTreeMap<String, u16> {
    static ALIASES: OnceLock<BTreeMap<String, u16>> = OnceLock::new();
    ALIASES.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("aliases.csv").as_bytes());
        let others = reader.records().filter_map(Result::ok).filter_map(|row| {
            let (name, number) = (row.get(0)?, row.get(1)?.parse().ok()?);
            Some((plain(name), number))
        });
        // A name of the own list comes first.
        let mut all: BTreeMap<String, u16> = others.collect();
        all.extend(seats().iter().rev().map(|seat| (plain(seat.name), seat.number)));
        all
    })
}

/// The number of a state that a user or a file names: number, abbreviation, code or name, in any case.
pub(crate) fn named(text: &str) -> Result<u16, Finding> {
    let wanted = text.trim();
    let same = |other: &str| wanted.eq_ignore_ascii_case(other);
    let fits = |seat: &&Seat| wanted.parse() == Ok(seat.number) || same(seat.abbreviation) || same(seat.code) || same(seat.name);
    if let Some(seat) = seats().iter().find(fits) {
        return Ok(seat.number);
    }
    if let Some(number) = aliases().get(&plain(wanted)) {
        return Ok(*number);
    }
    let upper = wanted.to_uppercase();
    let codes = seats().iter().flat_map(|seat| [seat.code, seat.abbreviation]);
    let near = nearest(&upper, codes).or_else(|| nearest(wanted, seats().iter().map(|seat| seat.name)));
    let of = |near: &str| seats().iter().find(|seat| [seat.code, seat.abbreviation, seat.name].contains(&near));
    let help = match near.and_then(|near| of(near).map(|seat| (near, seat))) {
        Some((near, seat)) if near == seat.name => format!("did you mean `{}` ({near})?", seat.code),
        Some((near, seat)) => format!("did you mean `{near}` ({})?", seat.name),
        None => "a state is named by its code (GBR), its abbreviation (UKG), its number (200) or its name".to_string(),
    };
    Err(Finding::new(format!("no state {}", quote(wanted))).help(help))
}

/// States that are several in some years: the number of the one, first and last year, the numbers of the others.
const PARTS: &[(u16, i32, i32, &[u16])] = &[
    (255, 1946, 1990, &[260, 265]),
    (300, 1919, i32::MAX, &[305, 310]),
    (315, 1993, i32::MAX, &[316, 317]),
    (679, 1926, 1990, &[678, 680]),
    (730, 1948, i32::MAX, &[731, 732]),
    (816, 1954, 1975, &[816, 817]),
];

/// The states that stand in the place of one in a year, where there were several.
pub(crate) fn parts(number: u16, year: i32) -> Option<&'static [u16]> {
    let found = PARTS.iter().find(|(own, first, last, _)| *own == number && (*first..=*last).contains(&year));
    found.map(|(_, _, _, others)| *others)
}

/// Great powers by number with first and last year: the list of major powers of the Correlates of War project.
const GREAT_POWERS: &[(u16, i32, i32)] = &[
    (2, 1898, i32::MAX),
    (200, 1816, i32::MAX),
    (220, 1816, 1940),
    (220, 1945, i32::MAX),
    (255, 1816, 1918),
    (255, 1925, 1945),
    (255, 1991, i32::MAX),
    (300, 1816, 1918),
    (325, 1860, 1943),
    (365, 1816, 1917),
    (365, 1922, i32::MAX),
    (710, 1950, i32::MAX),
    (740, 1895, 1945),
    (740, 1991, i32::MAX),
];

/// Whether a state is a great power in a year.
pub(crate) fn great_power(number: u16, year: i32) -> bool {
    GREAT_POWERS.iter().any(|(own, first, last)| *own == number && (*first..=*last).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_sound() {
        let lines = include_str!("states.csv").lines().count() - 1;
        assert_eq!(seats().len(), lines, "every line is read");
        let numbers: BTreeSet<u16> = seats().iter().map(|seat| seat.number).collect();
        assert_eq!(numbers.len(), 217, "states of the list");
        let mut owners: BTreeMap<&str, u16> = BTreeMap::new();
        for seat in seats() {
            assert!(seat.place.0.abs() <= 90.0 && seat.place.1.abs() <= 180.0, "{seat:?}");
            for word in [seat.abbreviation, seat.code] {
                assert!((2..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase()), "{seat:?}");
                assert_eq!(*owners.entry(word).or_insert(seat.number), seat.number, "{word} names two states");
            }
        }
        for pair in seats().windows(2) {
            let rises = pair[0].number < pair[1].number || (pair[0].number == pair[1].number && pair[0].from < pair[1].from);
            assert!(rises, "{:?} before {:?}", pair[0], pair[1]);
        }
    }

    #[test]
    fn capitals_move_with_their_dates() {
        let city = |number, date| at(number, date).map(|seat| seat.city);
        for (number, date, expected) in [
            (640, 1923.0, "Constantinople"),
            (640, 1924.0, "Ankara"),
            (365, 1917.9, "St Petersburg"),
            (365, 1919.0, "Moscow"),
            (325, 1866.0, "Florence"),
            (325, 1890.0, "Rome"),
            (140, 1950.0, "Rio de Janeiro"),
            (200, 1700.0, "London"),
        ] {
            assert_eq!(city(number, date), Some(expected), "{number} in {date}");
        }
        assert_eq!(at(999, 1900.0), None);
    }

    #[test]
    fn states_are_found_by_any_of_their_names() {
        for text in ["GBR", "ukg", "200", "Britain", " gbr "] {
            assert_eq!(named(text).ok(), Some(200), "{text}");
        }
        for (text, number) in [
            ("United Kingdom", 200),
            ("united states of america", 2),
            ("Germany", 255),
            ("Turkey", 640),
            ("Ottoman Empire", 640),
            ("Antigua & Barbuda", 58),
            ("Ivory Coast", 437),
            ("Sao Tome and Principe", 403),
            ("The Gambia", 420),
        ] {
            assert_eq!(named(text).ok(), Some(number), "{text}");
        }
        assert_eq!((parts(255, 1960), parts(255, 1913)), (Some(&[260, 265][..]), None));
        assert_eq!((named("SRB").ok(), named("YUG").ok()), (Some(345), Some(345)));
        for (text, part) in [("GEER", "GER"), ("Frannce", "FRA"), ("atlantis", "is named by")] {
            let help = named(text).map_or_else(|finding| finding.help.join(" "), |number| number.to_string());
            assert!(help.contains(part), "{text}: {help}");
        }
    }

    #[test]
    fn the_great_powers_of_1914_and_1939() {
        let count = |year| {
            let numbers: BTreeSet<u16> = seats().iter().map(|seat| seat.number).collect();
            numbers.into_iter().filter(|number| great_power(*number, year)).count()
        };
        assert_eq!((count(1914), count(1939), count(1925), count(1985)), (8, 7, 7, 5));
    }
}
