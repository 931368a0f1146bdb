//! A finished study, read back.

use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use spiral_analysis::table::CurveRow;
use spiral_model::outcome::NOBODY;
use spiral_model::{Ended, Event, EventKind, Motive, Outcome};

use crate::Error;
use crate::manifest::Manifest;
use crate::run::completed;
use crate::tables::{self, Table};

/// A finished study: in a directory, or in memory.
#[derive(Debug, Clone)]
pub struct Study {
    manifest: Manifest,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    Directory(PathBuf),
    Memory { outcomes: Vec<Vec<Outcome>>, curves: Vec<CurveRow>, events: Vec<Vec<Event>>, failures: Vec<RecordBatch> },
}

impl Study {
    /// Opens the study in a directory.
    ///
    /// # Errors
    /// If there is none, or it is not finished.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        Ok(Self { manifest: completed(directory)?, source: Source::Directory(directory.to_path_buf()) })
    }

    pub(crate) fn from_memory(
        manifest: Manifest,
        outcomes: Vec<Vec<Outcome>>,
        curves: Vec<CurveRow>,
        events: Vec<Vec<Event>>,
        failures: Vec<RecordBatch>,
    ) -> Self {
        Self { manifest, source: Source::Memory { outcomes, curves, events, failures } }
    }

    /// What the study is.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Outcomes by point, then by history.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn outcomes(&self) -> Result<Vec<Vec<Outcome>>, Error> {
        match &self.source {
            Source::Memory { outcomes, .. } => Ok(outcomes.clone()),
            Source::Directory(directory) => {
                let each = self.manifest.histories as usize;
                let mut points: Vec<Vec<Outcome>> = self.manifest.points.iter().map(|_| Vec::with_capacity(each)).collect();
                each_batch(Table::Outcomes, directory, |columns| {
                    for row in 0..columns.batch.num_rows() {
                        let point = columns.integer("point")?.value(row) as usize;
                        let states = self.states(point).ok_or_else(|| columns.unknown("point", row))?;
                        points[point].push(outcome(columns, row, states)?);
                    }
                    Ok(())
                })?;
                Ok(points)
            }
        }
    }

    /// Gives the outcomes of each point to `take`, point by point, by history: one point in memory at a time.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn for_each_point(&self, mut take: impl FnMut(u32, &[Outcome])) -> Result<(), Error> {
        match &self.source {
            Source::Memory { outcomes, .. } => (0..).zip(outcomes).for_each(|(point, outcomes)| take(point, outcomes)),
            Source::Directory(directory) => {
                let (mut current, mut gathered): (u32, Vec<Outcome>) = (0, Vec::new());
                each_batch(Table::Outcomes, directory, |columns| {
                    for row in 0..columns.batch.num_rows() {
                        let point = columns.integer("point")?.value(row).cast_unsigned();
                        let states = self.states(point as usize).ok_or_else(|| columns.unknown("point", row))?;
                        if point != current {
                            take(current, &gathered);
                            gathered.clear();
                            current = point;
                        }
                        gathered.push(outcome(columns, row, states)?);
                    }
                    Ok(())
                })?;
                take(current, &gathered);
            }
        }
        Ok(())
    }

    /// Rows of the curves: by point, date, state and metric.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn curves(&self) -> Result<Vec<CurveRow>, Error> {
        match &self.source {
            Source::Memory { curves, .. } => Ok(curves.clone()),
            Source::Directory(directory) => {
                let mut rows = Vec::new();
                each_batch(Table::Curves, directory, |columns| {
                    for row in 0..columns.batch.num_rows() {
                        rows.push(curve(columns, row)?);
                    }
                    Ok(())
                })?;
                Ok(rows)
            }
        }
    }

    /// Events by point, then in order of (history, crisis, day).
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn events(&self) -> Result<Vec<Vec<Event>>, Error> {
        match &self.source {
            Source::Memory { events, .. } => Ok(events.clone()),
            Source::Directory(directory) => {
                let mut points: Vec<Vec<Event>> = vec![Vec::new(); self.manifest.points.len()];
                each_batch(Table::Events, directory, |columns| {
                    for row in 0..columns.batch.num_rows() {
                        let point = columns.integer("point")?.value(row) as usize;
                        let states = self.states(point).ok_or_else(|| columns.unknown("point", row))?;
                        points[point].push(event(columns, row, states)?);
                    }
                    Ok(())
                })?;
                Ok(points)
            }
        }
    }

    /// A table as Arrow record batches, with the columns of the file.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn record_batches(&self, table: Table) -> Result<Vec<RecordBatch>, Error> {
        match &self.source {
            Source::Directory(directory) => {
                let mut batches = Vec::new();
                each_batch(table, directory, |columns| {
                    batches.push(columns.batch.clone());
                    Ok(())
                })?;
                Ok(batches)
            }
            Source::Memory { outcomes, curves, events, failures } => {
                if table == Table::Failures {
                    return Ok(failures.clone());
                }
                if table == Table::Curves {
                    return Ok(vec![tables::curve_batch(curves)?]);
                }
                let points = self.manifest.points.iter().zip(outcomes.iter().zip(events));
                points
                    .map(|(point, (outcomes, events))| match table {
                        Table::Events => tables::event_batch(&point.scenario, point.point, &point.states, events),
                        _ => tables::outcome_batch(&point.scenario, point.point, &point.states, outcomes),
                    })
                    .collect()
            }
        }
    }

    fn states(&self, point: usize) -> Option<&[String]> {
        self.manifest.points.get(point).map(|point| point.states.as_slice())
    }
}

/// Reads a table batch by batch.
fn each_batch(table: Table, directory: &Path, mut take: impl FnMut(&Columns<'_>) -> Result<(), Error>) -> Result<(), Error> {
    let (path, batches) = table.open(directory)?;
    for batch in batches {
        let batch = batch.map_err(|error| Error::damaged(&path, error))?;
        take(&Columns { batch: &batch, path: &path })?;
    }
    Ok(())
}

/// Columns by name, with errors that name the file.
struct Columns<'a> {
    batch: &'a RecordBatch,
    path: &'a Path,
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

    fn integer(&self, name: &str) -> Result<&'a Int32Array, Error> {
        self.column(name, |array| array.as_primitive_opt::<Int32Type>())
    }

    fn count(&self, name: &str) -> Result<&'a Int64Array, Error> {
        self.column(name, |array| array.as_primitive_opt::<Int64Type>())
    }

    fn numbers(&self, name: &str) -> Result<&'a Float64Array, Error> {
        self.column(name, |array| array.as_primitive_opt::<Float64Type>())
    }

    /// A count; null is 0.
    fn small(&self, name: &str, row: usize) -> Result<u32, Error> {
        let column = self.integer(name)?;
        if column.is_null(row) {
            return Ok(0);
        }
        u32::try_from(column.value(row)).map_err(|_| self.unknown(name, row))
    }

    fn tiny(&self, name: &str, row: usize) -> Result<u8, Error> {
        u8::try_from(self.small(name, row)?).map_err(|_| self.unknown(name, row))
    }

    fn history(&self, row: usize) -> Result<u32, Error> {
        u32::try_from(self.count("history")?.value(row)).map_err(|_| self.unknown("history", row))
    }

    fn maybe(&self, name: &str, row: usize) -> Result<Option<f64>, Error> {
        let column = self.numbers(name)?;
        Ok((!column.is_null(row)).then(|| column.value(row)))
    }

    /// A number; null is NaN.
    fn number(&self, name: &str, row: usize) -> Result<f64, Error> {
        Ok(self.maybe(name, row)?.unwrap_or(f64::NAN))
    }

    fn word(&self, name: &str, row: usize) -> Result<Option<&'a str>, Error> {
        let column = self.text(name)?;
        Ok((!column.is_null(row)).then(|| column.value(row)))
    }

    fn state(&self, name: &str, row: usize, states: &[String]) -> Result<u32, Error> {
        let Some(code) = self.word(name, row)? else { return Ok(NOBODY) };
        let position = states.iter().position(|state| state == code);
        position.map(|position| position as u32).ok_or_else(|| self.unknown(name, row))
    }

    fn motive(&self, row: usize) -> Result<Option<Motive>, Error> {
        self.word("motive", row)?.map(|name| self.named(Motive::ALL.as_slice(), Motive::name, "motive", name, row)).transpose()
    }

    /// The one of `all` that bears a name.
    fn named<T: Copy>(
        &self,
        all: &[T],
        name_of: impl Fn(T) -> &'static str,
        column: &str,
        name: &str,
        row: usize,
    ) -> Result<T, Error> {
        all.iter().copied().find(|one| name_of(*one) == name).ok_or_else(|| self.unknown(column, row))
    }

    fn unknown(&self, name: &str, row: usize) -> Error {
        Error::damaged(self.path, format!("column `{name}` holds a value that is not known, in row {row} of a batch"))
    }
}

fn outcome(columns: &Columns<'_>, row: usize, states: &[String]) -> Result<Outcome, Error> {
    let ended = columns.word("ended", row)?.unwrap_or_default();
    let failure = columns.word("failure", row)?;
    let failure =
        failure.map(|text| tables::failure_from_text(states, text).ok_or_else(|| columns.unknown("failure", row))).transpose()?;
    Ok(Outcome {
        history: columns.history(row)?,
        inert: columns.flag("inert")?.value(row),
        crises: columns.small("crises", row)?,
        great_power_crises: columns.small("great_power_crises", row)?,
        wars: columns.small("wars", row)?,
        first_war_date: columns.maybe("first_war_date", row)?,
        general_war_date: columns.maybe("general_war_date", row)?,
        motive: columns.motive(row)?,
        initiator: columns.state("initiator", row, states)?,
        target: columns.state("target", row, states)?,
        belligerents_30d: columns.tiny("belligerents_30d", row)?,
        great_powers_30d: columns.tiny("great_powers_30d", row)?,
        days_crisis_to_war: columns.maybe("days_crisis_to_war", row)?,
        days_crisis_to_general_war: columns.maybe("days_crisis_to_general_war", row)?,
        peak_burden: columns.number("peak_burden", row)?,
        arms_growth: columns.number("arms_growth", row)?,
        spiral_rate: columns.number("spiral_rate", row)?,
        entrapments: columns.small("entrapments", row)?,
        abandonments: columns.small("abandonments", row)?,
        passed: columns.small("passed", row)?,
        great_power_dyad_years: columns.number("great_power_dyad_years", row)?,
        war_years: columns.number("war_years", row)?,
        ended: columns.named(&[Ended::Horizon, Ended::War, Ended::Failure], Ended::name, "ended", ended, row)?,
        end_date: columns.number("end_date", row)?,
        failure,
        conquests: columns.small("conquests", row)?,
        concentration: columns.number("concentration", row)?,
    })
}

fn event(columns: &Columns<'_>, row: usize, states: &[String]) -> Result<Event, Error> {
    let kind = columns.word("kind", row)?.unwrap_or_default();
    Ok(Event {
        history: columns.history(row)?,
        crisis: columns.small("crisis", row)?,
        date: columns.number("date", row)?,
        day: u16::try_from(columns.small("day", row)?).map_err(|_| columns.unknown("day", row))?,
        kind: columns.named(EventKind::ALL.as_slice(), EventKind::name, "kind", kind, row)?,
        actor: columns.state("actor", row, states)?,
        target: columns.state("target", row, states)?,
        fear: columns.number("fear", row)?,
        first_strike_win: columns.number("first_strike_win", row)?,
        strike_advantage: columns.number("strike_advantage", row)?,
        motive: columns.motive(row)?,
    })
}

fn curve(columns: &Columns<'_>, row: usize) -> Result<CurveRow, Error> {
    let word = |name| columns.word(name, row).map(|word| word.unwrap_or_default().to_string());
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
