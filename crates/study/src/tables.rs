//! The tables of every study: from rows to Arrow, and how files are written and read.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnPath;
use spiral_analysis::TallyRow;
use spiral_analysis::table::CurveRow;
use spiral_ensemble::Broken;
use spiral_model::audit::QUANTITIES;
use spiral_model::outcome::{Failure, NOBODY};
use spiral_model::table_row::{CellValue, ColumnType, Field, TableRow};
use spiral_model::{Event, Outcome};
use spiral_scenario::import::cow_number;

use crate::Error;
use crate::definitions::{FailureRow, WHICH_POINT, arrow_schema};
use crate::files::Pending;
use crate::plan::{KeptRows, Plan};

/// A table of a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// One row for each history.
    Outcomes,
    /// One row for each point, date, state and metric.
    Curves,
    /// One row for each event of the histories whose events are kept.
    Events,
    /// One row for each history that failed.
    Failures,
    /// One row for each number of an outcome at a point, in a study that keeps no rows of histories.
    Tallies,
    /// One row for each state in each period of the histories that are kept as panels.
    States,
    /// One row for each pair of states in each period of the histories that are kept as panels.
    Dyads,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 7] =
        [Self::Outcomes, Self::Curves, Self::Events, Self::Failures, Self::Tallies, Self::States, Self::Dyads];

    /// The tables of a study, which has `states` and `dyads` only where it keeps histories as panels, and `tallies` in place of `outcomes`
    /// and `events` where it keeps no rows of histories.
    pub fn of_study(panel: bool, rows: KeptRows) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |table| match table {
            Self::Outcomes | Self::Events => rows.is_all(),
            Self::Tallies => !rows.is_all(),
            Self::States | Self::Dyads => panel,
            Self::Curves | Self::Failures => true,
        })
    }

    /// Whether it holds single histories by state or dyad.
    #[must_use]
    pub const fn is_panel(self) -> bool {
        matches!(self, Self::States | Self::Dyads)
    }

    /// Its name: the file without its ending.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outcomes => "outcomes",
            Self::Curves => "curves",
            Self::Events => "events",
            Self::Failures => "failures",
            Self::Tallies => "tallies",
            Self::States => "states",
            Self::Dyads => "dyads",
        }
    }

    /// Its columns with their types.
    #[must_use]
    pub fn schema(self) -> SchemaRef {
        arrow_schema(&self.definition().columns)
    }

    /// What a column holds; none where the table has no such column.
    #[must_use]
    pub fn meaning(self, column: &str) -> Option<&'static str> {
        self.definition().column(column).map(|column| column.meaning)
    }

    /// Opens its file for reading, batch by batch.
    pub(crate) fn open(self, directory: &Path) -> Result<(PathBuf, ParquetRecordBatchReader), Error> {
        open(self.name(), directory)
    }
}

/// The same text in every row.
fn same(text: &str, rows: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, rows)))
}

pub(crate) fn integers(values: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(values))
}

/// A column of numbers: what is not finite is null.
pub(crate) fn numbers(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.map(|value| value.filter(|value| value.is_finite())).collect::<Float64Array>())
}

/// Code of a state, or nothing for [`NOBODY`].
fn code(states: &[String], state: u32) -> Option<&str> {
    states.get(state as usize).map(String::as_str)
}

/// What failed numerically, in words: `threat of GBR in tick 12`.
fn failure_text(states: &[String], failure: Failure) -> String {
    let quantity = QUANTITIES.get(usize::from(failure.quantity)).copied().unwrap_or("a number");
    let state = code(states, failure.state).unwrap_or("no state");
    format!("{quantity} of {state} in tick {}", failure.tick)
}

/// The inverse of [`failure_text`].
pub(crate) fn failure_from_text(states: &[String], text: &str) -> Option<Failure> {
    let (what, tick) = text.rsplit_once(" in tick ")?;
    let (quantity, state) = what.rsplit_once(" of ")?;
    Some(Failure {
        quantity: QUANTITIES.iter().position(|name| *name == quantity).map_or(u16::MAX, |position| position as u16),
        state: states.iter().position(|name| name == state).map_or(NOBODY, |position| position as u32),
        tick: tick.parse().ok()?,
    })
}

/// A column of a table as the rows have it, in a world of these states.
fn array<Row: TableRow>(field: &'static Field<Row>, rows: &[Row], states: &[String]) -> ArrayRef {
    let cells = || rows.iter().map(|row| (field.get)(row));
    let integer = |cell| if let CellValue::Integer(value) = cell { Some(value) } else { None };
    match field.column.holds {
        ColumnType::Text | ColumnType::State => Arc::new(
            cells()
                .map(|cell| match cell {
                    CellValue::Text(text) => Some(text),
                    CellValue::State(state) => code(states, state),
                    _ => None,
                })
                .collect::<StringArray>(),
        ),
        ColumnType::Failure => {
            let text = |cell| if let CellValue::Failure(failure) = cell { Some(failure_text(states, failure)) } else { None };
            Arc::new(cells().map(text).collect::<StringArray>())
        }
        ColumnType::Boolean => Arc::new(cells().map(|cell| Some(cell.is_true())).collect::<BooleanArray>()),
        ColumnType::Int32 => Arc::new(cells().map(|cell| integer(cell).map(|value| value as i32)).collect::<Int32Array>()),
        ColumnType::Int64 => Arc::new(cells().map(integer).collect::<Int64Array>()),
        ColumnType::CowCode => {
            let numbers: Vec<Option<i32>> = states.iter().map(|code| cow_number(code).map(i32::from)).collect();
            let number = |cell| if let CellValue::State(state) = cell { *numbers.get(state as usize)? } else { None };
            Arc::new(cells().map(number).collect::<Int32Array>())
        }
        ColumnType::Float64 => numbers(cells().map(CellValue::number)),
    }
}

/// Rows of a table; `first` are the columns that are no fields of the rows.
fn batch<Row: TableRow>(table: Table, first: Vec<ArrayRef>, rows: &[Row], states: &[String]) -> Result<RecordBatch, Error> {
    let columns = first.into_iter().chain(Row::FIELDS.iter().map(|field| array(field, rows, states))).collect();
    RecordBatch::try_new(table.schema(), columns).map_err(|error| Error::damaged(Path::new(table.name()), error))
}

/// The columns of [`WHICH_POINT`](crate::definitions::WHICH_POINT) for so many rows.
fn which_point(scenario: &str, point: u32, rows: usize) -> Vec<ArrayRef> {
    vec![same(scenario, rows), integers(std::iter::repeat_n(point.cast_signed(), rows))]
}

/// Rows of `outcomes` for histories of one point.
pub(crate) fn outcome_batch(scenario: &str, point: u32, states: &[String], outcomes: &[Outcome]) -> Result<RecordBatch, Error> {
    batch(Table::Outcomes, which_point(scenario, point, outcomes.len()), outcomes, states)
}

/// Rows of `events` for histories of one point.
pub(crate) fn event_batch(scenario: &str, point: u32, states: &[String], events: &[Event]) -> Result<RecordBatch, Error> {
    batch(Table::Events, which_point(scenario, point, events.len()), events, states)
}

/// Rows of `states` or `dyads` for histories of one point.
pub(crate) fn panel_batch<Row: TableRow>(
    table: Table,
    scenario: &str,
    point: u32,
    states: &[String],
    rows: &[Row],
) -> Result<RecordBatch, Error> {
    batch(table, which_point(scenario, point, rows.len()), rows, states)
}

/// Rows of `failures`: what the audit of every tick found, and what stopped the simulator itself.
pub(crate) fn failure_batch(
    plan: &Plan,
    number: u32,
    states: &[String],
    outcomes: &[Outcome],
    broken: &[Broken],
) -> Result<RecordBatch, Error> {
    let point = &plan.points[number as usize];
    let horizon = &point.setup.horizon;
    let row = |history: u32, stage: String, message: String| FailureRow {
        history,
        seed: plan.seed.to_string(),
        stage,
        message,
        // From within the directory of the study, which may be moved.
        replay: format!("spiral replay . --point {number} --history {history}"),
    };
    let mut rows: Vec<FailureRow> = broken
        .iter()
        .map(|broken| row(broken.history, "the simulator stopped".to_string(), broken.message.clone()))
        .chain(outcomes.iter().filter_map(|outcome| {
            let failure = outcome.failure?;
            let stage = format!("audit of tick {}, {:.2}", failure.tick, horizon.date(failure.tick + 1));
            Some(row(outcome.history, stage, format!("{} is not finite", failure_text(states, failure))))
        }))
        .collect();
    rows.sort();
    batch(Table::Failures, which_point(&point.scenario, number, rows.len()), &rows, states)
}

/// Rows of `tallies` of one point.
pub(crate) fn tally_batch(scenario: &str, point: u32, rows: &[TallyRow]) -> Result<RecordBatch, Error> {
    batch(Table::Tallies, which_point(scenario, point, rows.len()), rows, &[])
}

/// Rows of `curves`.
pub(crate) fn curve_batch(curves: &[CurveRow]) -> Result<RecordBatch, Error> {
    batch(Table::Curves, Vec::new(), curves, &[])
}

/// Rows that are read at a time.
const BATCH: usize = 16_384;

/// Opens a Parquet file of a directory for reading, batch by batch.
pub(crate) fn open(name: &str, directory: &Path) -> Result<(PathBuf, ParquetRecordBatchReader), Error> {
    let path = directory.join(format!("{name}.parquet"));
    let file = File::open(&path).map_err(Error::io("read", &path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(|builder| builder.with_batch_size(BATCH).build())
        .map_err(Error::parquet("read", &path))?;
    Ok((path, reader))
}

/// Opens the table of outcomes for reading, batch by batch: the row groups that hold outcomes of a point, and no other.
pub(crate) fn open_point(directory: &Path, point: u32) -> Result<(PathBuf, ParquetRecordBatchReader), Error> {
    let path = directory.join(format!("{}.parquet", Table::Outcomes.name()));
    let file = File::open(&path).map_err(Error::io("read", &path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(Error::parquet("read", &path))?;
    let column = WHICH_POINT.iter().position(|column| column.name == "point").unwrap_or(0);
    let holds = |group: &RowGroupMetaData| match group.columns().get(column).and_then(ColumnChunkMetaData::statistics) {
        Some(Statistics::Int32(points)) => {
            let (least, most) = (points.min_opt(), points.max_opt());
            let point = point.cast_signed();
            least.is_none_or(|least| *least <= point) && most.is_none_or(|most| point <= *most)
        }
        _ => true,
    };
    let groups = builder.metadata().row_groups().iter().enumerate().filter(|(_, group)| holds(group));
    let groups = groups.map(|(position, _)| position).collect();
    let reader = builder.with_row_groups(groups).with_batch_size(BATCH).build().map_err(Error::parquet("read", &path))?;
    Ok((path, reader))
}

/// A Parquet file that is being written: it does not appear under its own name until it is complete.
pub(crate) struct Writer {
    file: String,
    directory: PathBuf,
    inner: ArrowWriter<Pending>,
}

impl Writer {
    /// Rows of a row group: what is held in memory before it is written.
    const ROW_GROUP: usize = 131_072;

    pub(crate) fn start(table: Table, directory: &Path) -> Result<Self, Error> {
        Self::named(table.name(), &table.schema(), directory)
    }

    pub(crate) fn named(name: &str, schema: &SchemaRef, directory: &Path) -> Result<Self, Error> {
        let name = format!("{name}.parquet");
        let path = directory.join(&name);
        let file = Pending::create(directory, &name)?;
        let level = ZstdLevel::try_new(3).map_err(Error::parquet("write", &path))?;
        let mut properties = WriterProperties::builder()
            .set_created_by(concat!("spiral ", env!("CARGO_PKG_VERSION")).to_string())
            .set_compression(Compression::ZSTD(level))
            .set_max_row_group_row_count(Some(Self::ROW_GROUP));
        for field in schema.fields().iter().filter(|field| *field.data_type() == DataType::Float64) {
            // One part, even if the name of a factor contains dots.
            let column = ColumnPath::new(vec![field.name().clone()]);
            properties = properties
                .set_column_encoding(column.clone(), Encoding::BYTE_STREAM_SPLIT)
                .set_column_dictionary_enabled(column, false);
        }
        let inner =
            ArrowWriter::try_new(file, schema.clone(), Some(properties.build())).map_err(Error::parquet("write", &path))?;
        Ok(Self { file: name, directory: directory.to_path_buf(), inner })
    }

    pub(crate) fn add(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let path = self.directory.join(&self.file);
        self.inner.write(batch).map_err(Error::parquet("write", &path))
    }

    /// Completes the file and gives it its name.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let path = self.directory.join(&self.file);
        let file = self.inner.into_inner().map_err(Error::parquet("write", &path))?;
        file.publish()
    }
}
