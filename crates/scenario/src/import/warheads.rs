//! Nuclear warheads by state and year: the Nuclear Notebook of the Bulletin of the Atomic Scientists, through Our World in Data
//! (CC BY 4.0).

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Where the numbers come from.
pub(crate) const SOURCE: &str = "Bulletin of the Atomic Scientists, Nuclear Notebook, through Our World in Data (CC BY 4.0)";
/// Numbers of the states in the order of the columns.
const STATES: [u16; 5] = [2, 365, 200, 220, 710];
/// States that had warheads and are not in the table, with the year from which they are thought to have had them.
const OTHERS: &[(u16, i32)] = &[(666, 1967), (750, 1998), (770, 1998), (731, 2006)];

fn table() -> &'static BTreeMap<i32, [f64; 5]> {
    static TABLE: OnceLock<BTreeMap<i32, [f64; 5]>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = include_str!("warheads.csv").lines().skip(1).filter_map(|line| {
            let cells: Vec<f64> = line.split(',').filter_map(|cell| cell.parse().ok()).collect();
            let (year, counts) = cells.split_first()?;
            Some((*year as i32, <[f64; 5]>::try_from(counts).ok()?))
        });
        rows.collect()
    })
}

/// Last year of the table.
pub(crate) fn last_year() -> i32 {
    table().keys().next_back().copied().unwrap_or(0)
}

/// Warheads of a state from a year to another, by date; empty where it has none in those years. A year after the table has its last
/// number. The series stops at `as_of`.
pub(crate) fn series(number: u16, (first, last): (i32, i32), as_of: Option<i32>) -> Vec<(i32, f64)> {
    let Some(column) = STATES.iter().position(|state| *state == number) else { return Vec::new() };
    let last = last.min(last_year()).min(as_of.unwrap_or(i32::MAX));
    if first > last {
        let count = table().get(&last).map_or(0.0, |row| row[column]);
        return if count > 0.0 { vec![(first, count)] } else { Vec::new() };
    }
    let counts = (first..=last).map(|year| (year, table().get(&year).map_or(0.0, |row| row[column])));
    let points: Vec<(i32, f64)> = counts.collect();
    if points.iter().all(|(_, count)| *count == 0.0) { Vec::new() } else { points }
}

/// Whether a state has warheads in some year to `last` that are in no table here.
pub(crate) fn unknown(number: u16, last: i32) -> bool {
    OTHERS.iter().any(|(state, year)| *state == number && *year <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warheads_are_facts_by_date() {
        assert_eq!(table().len(), 47, "1945 to 1991");
        let points = series(2, (1960, 1964), None);
        assert_eq!(points.first().zip(points.last()), Some((&(1960, 18_638.0), &(1964, 29_463.0))));
        assert_eq!(series(365, (1946, 1948), None), []);
        assert_eq!(series(365, (1948, 1950), None), [(1948, 0.0), (1949, 1.0), (1950, 5.0)]);
        assert_eq!(series(365, (1948, 1950), Some(1948)), [], "what comes later is not known");
        assert_eq!(series(220, (2000, 2020), None), [(2000, 540.0)]);
        assert_eq!((series(255, (1960, 1970), None), series(2, (1900, 1920), None)), (vec![], vec![]));
        assert!(unknown(666, 1970) && !unknown(666, 1960) && !unknown(2, 2000));
    }
}
