//! Cells that a file lacks, filled by a method that the user chooses; what is filled is a judgement with a range.

use std::collections::BTreeMap;

use spiral_kernel::maths::{exp, ln};

use super::capabilities::{Capabilities, ENERGY, PEOPLE, PERSONNEL, SPENDING, called};
use super::rules;

use crate::syntax::problem::Finding;

/// What is done about missing cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// Between the years before and after that have a value; else the nearest year; else, for military expenditure, from personnel.
    #[default]
    Interpolate,
    /// The nearest year with a value; else, for military expenditure, from personnel.
    Nearest,
    /// For military expenditure, from personnel at the median spending a soldier of the year; for other cells, the nearest year.
    Personnel,
    /// Nothing: states with missing cells are refused where they are named, and left out of `all`.
    LeaveOut,
}

impl Missing {
    /// Every choice with its name.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("interpolate", Self::Interpolate),
        ("nearest", Self::Nearest),
        ("personnel", Self::Personnel),
        ("leave-out", Self::LeaveOut),
    ];
}

/// Furthest year that a missing cell is taken from, years.
const FURTHEST: i32 = 10;

/// A number of a state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    /// Value.
    pub(crate) value: f64,
    /// Where it was filled: the factor by which it may be wrong, either way, and how it was filled.
    pub(crate) filled: Option<(f64, String)>,
}

/// What a state had in a year.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Means {
    /// Thousands of current pounds to 1913, of current dollars from 1914.
    pub(crate) spending: Cell,
    /// Thousands.
    pub(crate) personnel: Option<f64>,
    /// Thousands of tons of coal equivalent.
    pub(crate) energy: Cell,
    /// Thousands.
    pub(crate) people: Cell,
}

impl Means {
    /// What was filled: the column's name and how.
    pub(crate) fn filled(&self) -> Vec<(&'static str, &str)> {
        let cells = [(SPENDING, &self.spending), (ENERGY, &self.energy), (PEOPLE, &self.people)];
        cells.into_iter().filter_map(|(column, cell)| Some((called(column), cell.filled.as_ref()?.1.as_str()))).collect()
    }
}

/// What a state had in a year, with missing cells filled; the columns that cannot be, or what is wrong with a cell.
///
/// `energy_needed` is false where output is known from another file.
pub(crate) fn means(
    file: &Capabilities<'_>,
    number: u16,
    year: i32,
    missing: Missing,
    energy_needed: bool,
) -> Result<Means, Vec<(usize, Finding)>> {
    let mut wrong = Vec::new();
    let mut get = |column: usize| match file.cell(number, year, column) {
        Ok(Some(value)) => Cell { value, filled: None },
        Ok(None) if column == ENERGY && !energy_needed => Cell { value: 0.0, filled: None },
        Ok(None) => fill(file, number, year, column, missing).unwrap_or_else(|| {
            wrong.push((column, file.missing(number, year, column)));
            Cell { value: f64::NAN, filled: None }
        }),
        Err(finding) => {
            wrong.push((column, finding));
            Cell { value: f64::NAN, filled: None }
        }
    };
    let (spending, energy, people) = (get(SPENDING), get(ENERGY), get(PEOPLE));
    if people.value == 0.0 {
        let finding = file.wrong(number, year, PEOPLE, "population is 0, so the state has no people");
        wrong.push((PEOPLE, finding.help("the column is in thousands")));
    }
    let personnel = file.known(number, year, PERSONNEL);
    if wrong.is_empty() { Ok(Means { spending, personnel, energy, people }) } else { Err(wrong) }
}

fn fill(file: &Capabilities<'_>, number: u16, year: i32, column: usize, missing: Missing) -> Option<Cell> {
    if missing == Missing::LeaveOut {
        return None;
    }
    let mut series = file.series(number, column);
    if column == SPENDING {
        // Pounds and dollars of different years are compared by what they buy.
        for (at, value) in &mut series {
            *value *= rules::purchasing_power(*at) / rules::purchasing_power(year);
        }
    }
    let from_personnel = || if column == SPENDING { by_personnel(file, number, year) } else { None };
    let interpolated = || between(&series, year);
    let near = || nearest(&series, year);
    match missing {
        Missing::Interpolate => interpolated().or_else(near).or_else(from_personnel),
        Missing::Nearest => near().or_else(from_personnel),
        Missing::Personnel => from_personnel().or_else(near),
        Missing::LeaveOut => None,
    }
}

/// How far a value may be off after some years, as a factor either way: spending of great powers at peace changes by some 13 % a year.
fn drift(years: i32) -> f64 {
    exp(0.13 * f64::from(years)).clamp(1.15, 3.0)
}

fn between(series: &BTreeMap<i32, f64>, year: i32) -> Option<Cell> {
    let (from, low) = series.range(year - FURTHEST..year).next_back()?;
    let (to, high) = series.range(year + 1..=year + FURTHEST).next()?;
    let share = f64::from(year - from) / f64::from(to - from);
    let value =
        if *low > 0.0 && *high > 0.0 { exp(ln(*low) + share * (ln(*high) - ln(*low))) } else { low + share * (high - low) };
    let nearer = (year - from).min(to - year);
    Some(Cell { value, filled: Some((drift(nearer), format!("interpolated between {from} and {to}"))) })
}

fn nearest(series: &BTreeMap<i32, f64>, year: i32) -> Option<Cell> {
    let at = (1..=FURTHEST).find_map(|years| [year - years, year + years].into_iter().find(|at| series.contains_key(at)))?;
    Some(Cell { value: *series.get(&at)?, filled: Some((drift((at - year).abs()), format!("taken from {at}"))) })
}

/// Personnel times the median spending a soldier of the states of the year.
fn by_personnel(file: &Capabilities<'_>, number: u16, year: i32) -> Option<Cell> {
    let men = file.known(number, year, PERSONNEL).filter(|men| *men > 0.0)?;
    let a_head = |number: u16| {
        let men = file.known(number, year, PERSONNEL).filter(|men| *men > 0.0)?;
        file.known(number, year, SPENDING).filter(|spending| *spending > 0.0).map(|spending| spending / men)
    };
    let mut all: Vec<f64> = file.states(year).into_iter().filter_map(a_head).collect();
    all.sort_by(f64::total_cmp);
    let median = *all.get(all.len() / 2)?;
    let how = format!("from {men} thousand soldiers, at the median spending a soldier of {year}");
    Some(Cell { value: men * median, filled: Some((3.0, how)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::source::Source;

    const FILE: &str = "ccode,year,milex,milper,pec,tpop\n\
        640,1848,1000,100,50,20000\n640,1850,-9,100,50,20000\n640,1852,4000,100,50,20000\n\
        200,1850,9000,300,50,20000\n220,1850,6000,200,-9,20000\n731,1850,-9,50,-9,-9\n300,1835,7,1,1,1\n300,1850,-9,-9,-9,9\n";

    fn found(number: u16, missing: Missing) -> Result<(f64, f64, String), Vec<usize>> {
        let source = Source::new("n.csv".to_string(), FILE.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        let file = Capabilities::read(&source, None).unwrap_or_else(|error| panic!("{error}"));
        let columns = |wrong: Vec<(usize, Finding)>| wrong.into_iter().map(|(column, _)| column).collect::<Vec<usize>>();
        let spending = means(&file, number, 1850, missing, false).map_err(columns)?.spending;
        let (factor, how) = spending.filled.unwrap_or_default();
        Ok((spending.value, factor, how))
    }

    #[test]
    fn a_missing_cell_is_filled_as_asked() {
        let (value, factor, how) = found(640, Missing::Interpolate).unwrap_or_default();
        assert!((value / 2000.0 - 1.0).abs() < 1e-12, "the geometric mean of 1000 and 4000, not {value}");
        assert!((factor / exp(0.26) - 1.0).abs() < 1e-12 && how == "interpolated between 1848 and 1852", "{factor} {how}");
        assert_eq!(found(640, Missing::Nearest).map(|found| (found.0, found.2)), Ok((1000.0, "taken from 1848".to_string())));
        // Thirty a soldier in both states that have both.
        assert_eq!(found(640, Missing::Personnel).map(|found| (found.0, found.1)), Ok((3000.0, 3.0)));
        assert_eq!(found(640, Missing::LeaveOut), Err(vec![SPENDING]));
        assert_eq!(found(200, Missing::Interpolate), Ok((9000.0, 0.0, String::new())), "what is there is kept");
    }

    #[test]
    fn what_cannot_be_filled_is_named() {
        assert_eq!(found(731, Missing::Interpolate), Err(vec![PEOPLE]), "no year has its population");
        assert_eq!(found(300, Missing::Nearest), Err(vec![SPENDING]), "1835 is too far");
    }
}
