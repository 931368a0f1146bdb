//! A finished study, read back.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use spiral_analysis::table::CurveRow;
use spiral_analysis::{DyadPanelRow, Outcomes, PanelRows, StatePanelRow, TallyRow};
use spiral_model::table_row::TableRow;
use spiral_model::{Event, Outcome};

use crate::Error;
use crate::manifest::Manifest;
use crate::rows::Rows;
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
    Memory(Tables),
}

/// The tables of a study in memory.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    /// Outcomes by point.
    pub(crate) outcomes: Vec<Vec<Outcome>>,
    /// Rows of curves of all points.
    pub(crate) curves: Vec<CurveRow>,
    /// Events by point.
    pub(crate) events: Vec<Vec<Event>>,
    /// Rows of panels by point.
    pub(crate) panels: Vec<PanelRows>,
    /// Failures of all points.
    pub(crate) failures: Vec<RecordBatch>,
    /// Rows of tallies by point, in a study without rows of histories.
    pub(crate) tallies: Vec<Vec<TallyRow>>,
}

impl Study {
    /// Opens the study in a directory.
    ///
    /// # Errors
    /// If there is none, or it is not finished.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        Ok(Self { manifest: completed(directory)?, source: Source::Directory(directory.to_path_buf()) })
    }

    pub(crate) fn from_memory(manifest: Manifest, tables: Tables) -> Self {
        Self { manifest, source: Source::Memory(tables) }
    }

    /// What the study is.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The outcomes of a point, to be read as often as need be: a batch of them in memory at a time.
    #[must_use]
    pub fn point(&self, point: u32) -> PointOutcomes<'_> {
        PointOutcomes { study: self, point }
    }

    /// Outcomes by point, then by history.
    ///
    /// # Errors
    /// If the table cannot be read, or the study has none.
    pub fn outcomes(&self) -> Result<Vec<Vec<Outcome>>, Error> {
        self.has(Table::Outcomes)?;
        match &self.source {
            Source::Memory(Tables { outcomes, .. }) => Ok(outcomes.clone()),
            Source::Directory(directory) => {
                let each = self.manifest.histories as usize;
                let mut points: Vec<Vec<Outcome>> = self.manifest.points.iter().map(|_| Vec::with_capacity(each)).collect();
                self.by_point(Table::Outcomes, directory, &mut points)?;
                Ok(points)
            }
        }
    }

    /// Gives the outcomes of each point to `take`, point by point, by history: one point in memory at a time.
    ///
    /// # Errors
    /// If the table cannot be read, or the study has none.
    pub fn for_each_point(&self, take: impl FnMut(u32, &[Outcome])) -> Result<(), Error> {
        self.has(Table::Outcomes)?;
        match &self.source {
            Source::Memory(Tables { outcomes, .. }) => (0..).zip(outcomes).for_each(in_turn(take)),
            Source::Directory(directory) => self.in_order(Table::Outcomes, directory, take)?,
        }
        Ok(())
    }

    /// Gives the tally of each point to `take`, point by point: what a study that keeps no rows of histories knows of them.
    ///
    /// # Errors
    /// If the table cannot be read, or the study has none.
    pub fn for_each_tally(&self, take: impl FnMut(u32, &[TallyRow])) -> Result<(), Error> {
        self.has(Table::Tallies)?;
        match &self.source {
            Source::Memory(Tables { tallies, .. }) => (0..).zip(tallies).for_each(in_turn(take)),
            Source::Directory(directory) => self.in_order(Table::Tallies, directory, take)?,
        }
        Ok(())
    }

    /// Gives the rows of each point of a table to `take`, point by point.
    fn in_order<Row: TableRow>(&self, table: Table, directory: &Path, mut take: impl FnMut(u32, &[Row])) -> Result<(), Error> {
        let (mut current, mut gathered): (u32, Vec<Row>) = (0, Vec::new());
        each_batch(table, directory, |batch, path| {
            let rows = Rows::<Row>::new(batch, path)?;
            for row in 0..rows.number() {
                let point = rows.point(row);
                let states = self.states(point as usize).ok_or_else(|| rows.unknown("point", row))?;
                if point != current {
                    take(current, &gathered);
                    gathered.clear();
                    current = point;
                }
                gathered.push(rows.row(row, states)?);
            }
            Ok(())
        })?;
        take(current, &gathered);
        Ok(())
    }

    /// The error if the study has no table of this kind.
    fn has(&self, table: Table) -> Result<(), Error> {
        let Manifest { panel, rows, .. } = &self.manifest;
        if Table::of_study(panel.is_some(), *rows).any(|there| there == table) {
            return Ok(());
        }
        let name = table.name();
        let reason = match table {
            Table::Outcomes | Table::Events => {
                format!("the study was made with --rows none, so it has no table {name}: its numbers by point stand in tallies")
            }
            Table::Tallies => format!("the table {name} belongs to studies that are made with --rows none"),
            _ => format!("the table {name} belongs to studies that are made with --panel"),
        };
        Err(Error::Plan { reason })
    }

    /// Rows of the curves: by point, date, state and metric.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn curves(&self) -> Result<Vec<CurveRow>, Error> {
        match &self.source {
            Source::Memory(Tables { curves, .. }) => Ok(curves.clone()),
            Source::Directory(directory) => {
                let mut rows = Vec::new();
                each_batch(Table::Curves, directory, |batch, path| {
                    let read = Rows::<CurveRow>::new(batch, path)?;
                    for row in 0..read.number() {
                        rows.push(read.row(row, &[])?);
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
        self.has(Table::Events)?;
        match &self.source {
            Source::Memory(Tables { events, .. }) => Ok(events.clone()),
            Source::Directory(directory) => {
                let mut points: Vec<Vec<Event>> = vec![Vec::new(); self.manifest.points.len()];
                self.by_point(Table::Events, directory, &mut points)?;
                Ok(points)
            }
        }
    }

    /// Gives the rows of `states` to `take`, with their point, by point, then by history, date and state. Nothing where no histories are
    /// kept as panels.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn for_each_state_row(&self, take: impl FnMut(u32, &StatePanelRow)) -> Result<(), Error> {
        self.for_each_panel_row(Table::States, |panel| &panel.states, take)
    }

    /// The same for the rows of `dyads`, by point, then by history, date and pair.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn for_each_dyad_row(&self, take: impl FnMut(u32, &DyadPanelRow)) -> Result<(), Error> {
        self.for_each_panel_row(Table::Dyads, |panel| &panel.dyads, take)
    }

    fn for_each_panel_row<Row: TableRow>(
        &self,
        table: Table,
        rows: fn(&PanelRows) -> &Vec<Row>,
        mut take: impl FnMut(u32, &Row),
    ) -> Result<(), Error> {
        if self.manifest.panel.is_none() {
            return Ok(());
        }
        match &self.source {
            Source::Memory(Tables { panels, .. }) => {
                for (point, panel) in (0..).zip(panels) {
                    for row in rows(panel) {
                        take(point, row);
                    }
                }
                Ok(())
            }
            Source::Directory(directory) => each_batch(table, directory, |batch, path| {
                let read = Rows::<Row>::new(batch, path)?;
                for row in 0..read.number() {
                    let point = read.point(row);
                    let states = self.states(point as usize).ok_or_else(|| read.unknown("point", row))?;
                    take(point, &read.row(row, states)?);
                }
                Ok(())
            }),
        }
    }

    /// A table as Arrow record batches, with the columns of the file.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn record_batches(&self, table: Table) -> Result<Vec<RecordBatch>, Error> {
        self.has(table)?;
        match &self.source {
            Source::Directory(directory) => {
                let mut batches = Vec::new();
                each_batch(table, directory, |batch, _| {
                    batches.push(batch.clone());
                    Ok(())
                })?;
                Ok(batches)
            }
            Source::Memory(Tables { outcomes, curves, events, panels, failures, tallies }) => {
                if table == Table::Failures {
                    return Ok(failures.clone());
                }
                if table == Table::Curves {
                    return Ok(vec![tables::curve_batch(curves)?]);
                }
                let rows = outcomes.iter().zip(events).zip(panels).zip(tallies);
                self.manifest
                    .points
                    .iter()
                    .zip(rows)
                    .map(|(point, (((outcomes, events), panel), tallies))| {
                        let (scenario, number, states) = (&point.scenario, point.point, &point.states);
                        match table {
                            Table::Events => tables::event_batch(scenario, number, states, events),
                            Table::Tallies => tables::tally_batch(scenario, number, tallies),
                            Table::States => tables::panel_batch(table, scenario, number, states, &panel.states),
                            Table::Dyads => tables::panel_batch(table, scenario, number, states, &panel.dyads),
                            _ => tables::outcome_batch(scenario, number, states, outcomes),
                        }
                    })
                    .collect()
            }
        }
    }

    /// Adds the rows of a table to those of their points.
    fn by_point<Row: TableRow>(&self, table: Table, directory: &Path, points: &mut [Vec<Row>]) -> Result<(), Error> {
        each_batch(table, directory, |batch, path| {
            let rows = Rows::<Row>::new(batch, path)?;
            for row in 0..rows.number() {
                let point = rows.point(row) as usize;
                let states = self.states(point).ok_or_else(|| rows.unknown("point", row))?;
                points[point].push(rows.row(row, states)?);
            }
            Ok(())
        })
    }

    fn states(&self, point: usize) -> Option<&[String]> {
        self.manifest.points.get(point).map(|point| point.states.as_slice())
    }
}

/// The outcomes of one point of a study.
#[derive(Debug, Clone, Copy)]
pub struct PointOutcomes<'a> {
    study: &'a Study,
    point: u32,
}

impl Outcomes for PointOutcomes<'_> {
    type Error = Error;

    fn read(&self) -> Result<impl Iterator<Item = Result<Outcome, Error>>, Error> {
        self.study.has(Table::Outcomes)?;
        let point = self.point as usize;
        let (kept, reader) = match &self.study.source {
            Source::Memory(Tables { outcomes, .. }) => (outcomes.get(point).map(Vec::as_slice), None),
            Source::Directory(directory) => (None, Some(tables::open_point(directory, self.point)?)),
        };
        let states = self.study.states(point).unwrap_or_default();
        let read = reader.map(|(path, batches)| PointRows { path, batches, point: self.point, states, rows: None, next: 0 });
        Ok(kept.unwrap_or_default().iter().copied().map(Ok).chain(read.into_iter().flatten()))
    }
}

/// Reads the rows of a point in the table of outcomes.
struct PointRows<'a> {
    path: PathBuf,
    batches: ParquetRecordBatchReader,
    point: u32,
    states: &'a [String],
    /// The batch that is being read.
    rows: Option<Rows<Outcome>>,
    /// Its next row.
    next: usize,
}

impl Iterator for PointRows<'_> {
    type Item = Result<Outcome, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            while let Some(rows) = self.rows.as_ref().filter(|rows| self.next < rows.number()) {
                self.next += 1;
                match rows.point(self.next - 1).cmp(&self.point) {
                    Ordering::Less => {}
                    Ordering::Equal => return Some(rows.row(self.next - 1, self.states)),
                    // Rows are by point: no more will come.
                    Ordering::Greater => return None,
                }
            }
            let batch = self.batches.next()?.map_err(|error| Error::damaged(&self.path, error));
            match batch.and_then(|batch| Rows::new(&batch, &self.path)) {
                Ok(rows) => (self.rows, self.next) = (Some(rows), 0),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Takes a point with its rows, as [`Iterator::for_each`] gives them.
fn in_turn<Row>(mut take: impl FnMut(u32, &[Row])) -> impl FnMut((u32, &Vec<Row>)) {
    move |(point, rows)| take(point, rows)
}

/// Reads a table batch by batch; `take` gets each batch and the path of the file.
fn each_batch(
    table: Table,
    directory: &Path,
    mut take: impl FnMut(&RecordBatch, &Path) -> Result<(), Error>,
) -> Result<(), Error> {
    let (path, batches) = table.open(directory)?;
    for batch in batches {
        take(&batch.map_err(|error| Error::damaged(&path, error))?, &path)?;
    }
    Ok(())
}
