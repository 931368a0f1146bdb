//! Rows of the tables as what they stand for, with errors that name the file.

use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use spiral_analysis::table::CurveRow;
use spiral_model::outcome::NOBODY;
use spiral_model::{Ended, Event, EventKind, Motive, Outcome};

use crate::Error;
use crate::tables;

/// The columns of a batch of `outcomes`, found once for all rows.
pub(crate) struct OutcomeColumns {
    path: PathBuf,
    rows: usize,
    point: Int32Array,
    history: Int64Array,
    inert: BooleanArray,
    crises: Int32Array,
    great_power_crises: Int32Array,
    wars: Int32Array,
    belligerents_30d: Int32Array,
    great_powers_30d: Int32Array,
    entrapments: Int32Array,
    abandonments: Int32Array,
    passed: Int32Array,
    conquests: Int32Array,
    first_war_date: Float64Array,
    general_war_date: Float64Array,
    days_crisis_to_war: Float64Array,
    days_crisis_to_general_war: Float64Array,
    peak_burden: Float64Array,
    arms_growth: Float64Array,
    spiral_rate: Float64Array,
    great_power_dyad_years: Float64Array,
    war_years: Float64Array,
    end_date: Float64Array,
    concentration: Float64Array,
    motive: StringArray,
    initiator: StringArray,
    target: StringArray,
    ended: StringArray,
    failure: StringArray,
}

impl OutcomeColumns {
    pub(crate) fn new(batch: &RecordBatch, path: &Path) -> Result<Self, Error> {
        let columns = Columns { batch, path };
        Ok(Self {
            path: path.to_path_buf(),
            rows: batch.num_rows(),
            point: columns.integer("point")?.clone(),
            history: columns.count("history")?.clone(),
            inert: columns.flag("inert")?.clone(),
            crises: columns.integer("crises")?.clone(),
            great_power_crises: columns.integer("great_power_crises")?.clone(),
            wars: columns.integer("wars")?.clone(),
            belligerents_30d: columns.integer("belligerents_30d")?.clone(),
            great_powers_30d: columns.integer("great_powers_30d")?.clone(),
            entrapments: columns.integer("entrapments")?.clone(),
            abandonments: columns.integer("abandonments")?.clone(),
            passed: columns.integer("passed")?.clone(),
            conquests: columns.integer("conquests")?.clone(),
            first_war_date: columns.numbers("first_war_date")?.clone(),
            general_war_date: columns.numbers("general_war_date")?.clone(),
            days_crisis_to_war: columns.numbers("days_crisis_to_war")?.clone(),
            days_crisis_to_general_war: columns.numbers("days_crisis_to_general_war")?.clone(),
            peak_burden: columns.numbers("peak_burden")?.clone(),
            arms_growth: columns.numbers("arms_growth")?.clone(),
            spiral_rate: columns.numbers("spiral_rate")?.clone(),
            great_power_dyad_years: columns.numbers("great_power_dyad_years")?.clone(),
            war_years: columns.numbers("war_years")?.clone(),
            end_date: columns.numbers("end_date")?.clone(),
            concentration: columns.numbers("concentration")?.clone(),
            motive: columns.text("motive")?.clone(),
            initiator: columns.text("initiator")?.clone(),
            target: columns.text("target")?.clone(),
            ended: columns.text("ended")?.clone(),
            failure: columns.text("failure")?.clone(),
        })
    }

    /// Rows of the batch.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The design point of a row.
    pub(crate) fn point(&self, row: usize) -> u32 {
        self.point.value(row).cast_unsigned()
    }

    /// The outcome of a row, in a world of these states.
    pub(crate) fn outcome(&self, row: usize, states: &[String]) -> Result<Outcome, Error> {
        let unknown = |name: &str| unknown(&self.path, name, row);
        let small = |name: &str, column: &Int32Array| small(column, row).ok_or_else(|| unknown(name));
        let tiny = |name: &str, column: &Int32Array| small(name, column)?.try_into().map_err(|_| unknown(name));
        let state = |name: &str, column: &StringArray| state(column, row, states).ok_or_else(|| unknown(name));
        let maybe = |column: &Float64Array| (!column.is_null(row)).then(|| column.value(row));
        let number = |column: &Float64Array| maybe(column).unwrap_or(f64::NAN);
        let failure = word(&self.failure, row)
            .map(|text| tables::failure_from_text(states, text).ok_or_else(|| unknown("failure")))
            .transpose()?;
        let ended = word(&self.ended, row).unwrap_or_default();
        let ends = [Ended::Horizon, Ended::War, Ended::Failure];
        Ok(Outcome {
            history: u32::try_from(self.history.value(row)).map_err(|_| unknown("history"))?,
            inert: self.inert.value(row),
            crises: small("crises", &self.crises)?,
            great_power_crises: small("great_power_crises", &self.great_power_crises)?,
            wars: small("wars", &self.wars)?,
            first_war_date: maybe(&self.first_war_date),
            general_war_date: maybe(&self.general_war_date),
            motive: motive(&self.motive, row, &self.path)?,
            initiator: state("initiator", &self.initiator)?,
            target: state("target", &self.target)?,
            belligerents_30d: tiny("belligerents_30d", &self.belligerents_30d)?,
            great_powers_30d: tiny("great_powers_30d", &self.great_powers_30d)?,
            days_crisis_to_war: maybe(&self.days_crisis_to_war),
            days_crisis_to_general_war: maybe(&self.days_crisis_to_general_war),
            peak_burden: number(&self.peak_burden),
            arms_growth: number(&self.arms_growth),
            spiral_rate: number(&self.spiral_rate),
            entrapments: small("entrapments", &self.entrapments)?,
            abandonments: small("abandonments", &self.abandonments)?,
            passed: small("passed", &self.passed)?,
            great_power_dyad_years: number(&self.great_power_dyad_years),
            war_years: number(&self.war_years),
            ended: named(&ends, Ended::name, ended).ok_or_else(|| unknown("ended"))?,
            end_date: number(&self.end_date),
            failure,
            conquests: small("conquests", &self.conquests)?,
            concentration: number(&self.concentration),
        })
    }
}

fn unknown(path: &Path, name: &str, row: usize) -> Error {
    Error::damaged(path, format!("column `{name}` holds a value that is not known, in row {row} of a batch"))
}

/// A count; null is 0. None if it is negative.
fn small(column: &Int32Array, row: usize) -> Option<u32> {
    if column.is_null(row) { Some(0) } else { u32::try_from(column.value(row)).ok() }
}

fn word(column: &StringArray, row: usize) -> Option<&str> {
    (!column.is_null(row)).then(|| column.value(row))
}

/// Position of the state of a code; null is nobody. None if no state has the code.
fn state(column: &StringArray, row: usize, states: &[String]) -> Option<u32> {
    let Some(code) = word(column, row) else { return Some(NOBODY) };
    states.iter().position(|state| state == code).map(|position| position as u32)
}

/// The motive, if there is one; an error if no motive has the name.
fn motive(column: &StringArray, row: usize, path: &Path) -> Result<Option<Motive>, Error> {
    let found = |name| named(&Motive::ALL, Motive::name, name).ok_or_else(|| unknown(path, "motive", row));
    word(column, row).map(found).transpose()
}

/// The one of `all` that bears a name.
fn named<T: Copy>(all: &[T], name_of: impl Fn(T) -> &'static str, name: &str) -> Option<T> {
    all.iter().copied().find(|one| name_of(*one) == name)
}

/// Columns by name, with errors that name the file.
pub(crate) struct Columns<'a> {
    pub(crate) batch: &'a RecordBatch,
    pub(crate) path: &'a Path,
}

impl<'a> Columns<'a> {
    fn column<A: 'static>(&self, name: &str, cast: impl Fn(&'a dyn Array) -> Option<&'a A>) -> Result<&'a A, Error> {
        let missing = || Error::damaged(self.path, format!("column `{name}` is missing or of another type"));
        self.batch.column_by_name(name).and_then(|column| cast(column.as_ref())).ok_or_else(missing)
    }

    fn text(&self, name: &str) -> Result<&'a StringArray, Error> {
        self.column(name, |array| array.as_string_opt::<i32>())
    }

    fn flag(&self, name: &str) -> Result<&'a BooleanArray, Error> {
        self.column(name, |array| array.as_boolean_opt())
    }

    pub(crate) fn integer(&self, name: &str) -> Result<&'a Int32Array, Error> {
        self.column(name, |array| array.as_primitive_opt::<Int32Type>())
    }

    fn count(&self, name: &str) -> Result<&'a Int64Array, Error> {
        self.column(name, |array| array.as_primitive_opt::<Int64Type>())
    }

    fn numbers(&self, name: &str) -> Result<&'a Float64Array, Error> {
        self.column(name, |array| array.as_primitive_opt::<Float64Type>())
    }

    fn small(&self, name: &str, row: usize) -> Result<u32, Error> {
        small(self.integer(name)?, row).ok_or_else(|| self.unknown(name, row))
    }

    fn history(&self, row: usize) -> Result<u32, Error> {
        u32::try_from(self.count("history")?.value(row)).map_err(|_| self.unknown("history", row))
    }

    /// A number; null is NaN.
    fn number(&self, name: &str, row: usize) -> Result<f64, Error> {
        let column = self.numbers(name)?;
        Ok(if column.is_null(row) { f64::NAN } else { column.value(row) })
    }

    fn word(&self, name: &str, row: usize) -> Result<&'a str, Error> {
        Ok(word(self.text(name)?, row).unwrap_or_default())
    }

    fn state(&self, name: &str, row: usize, states: &[String]) -> Result<u32, Error> {
        state(self.text(name)?, row, states).ok_or_else(|| self.unknown(name, row))
    }

    pub(crate) fn unknown(&self, name: &str, row: usize) -> Error {
        unknown(self.path, name, row)
    }
}

/// The event of a row, in a world of these states.
pub(crate) fn event(columns: &Columns<'_>, row: usize, states: &[String]) -> Result<Event, Error> {
    let kind = columns.word("kind", row)?;
    Ok(Event {
        history: columns.history(row)?,
        crisis: columns.small("crisis", row)?,
        date: columns.number("date", row)?,
        day: u16::try_from(columns.small("day", row)?).map_err(|_| columns.unknown("day", row))?,
        kind: named(&EventKind::ALL, EventKind::name, kind).ok_or_else(|| columns.unknown("kind", row))?,
        actor: columns.state("actor", row, states)?,
        target: columns.state("target", row, states)?,
        fear: columns.number("fear", row)?,
        first_strike_win: columns.number("first_strike_win", row)?,
        strike_advantage: columns.number("strike_advantage", row)?,
        motive: motive(columns.text("motive")?, row, columns.path)?,
    })
}

/// The row of a curve.
pub(crate) fn curve(columns: &Columns<'_>, row: usize) -> Result<CurveRow, Error> {
    let word = |name| columns.word(name, row).map(str::to_string);
    let whole = |name: &str, value: i64| u64::try_from(value).map_err(|_| columns.unknown(name, row));
    let point = whole("point", i64::from(columns.integer("point")?.value(row)))?;
    Ok(CurveRow {
        scenario: word("scenario")?,
        point: point as u32,
        date: columns.number("date", row)?,
        state: word("state")?,
        metric: word("metric")?,
        at_risk: whole("at_risk", columns.count("at_risk")?.value(row))?,
        mean: columns.number("mean", row)?,
        sd: columns.number("sd", row)?,
        q05: columns.number("q05", row)?,
        q25: columns.number("q25", row)?,
        q50: columns.number("q50", row)?,
        q75: columns.number("q75", row)?,
        q95: columns.number("q95", row)?,
    })
}
