//! The three tables: their columns, their rows, and how they are written and read.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnPath;
use spiral_analysis::table::CurveRow;
use spiral_ensemble::Broken;
use spiral_model::audit::QUANTITIES;
use spiral_model::outcome::{Failure, NOBODY};
use spiral_model::quoted::described;
use spiral_model::{Event, Outcome};

use crate::Error;
use crate::files::Pending;
use crate::plan::Plan;

/// A table of a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// One row for each history.
    Outcomes,
    /// One row for each point, date, state and metric.
    Curves,
    /// One row for each event of the histories whose events are kept.
    Events,
    /// One row for each history that blew up.
    Failures,
}

/// Kind of a column; those marked `optional` hold nulls.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    OptionalText,
    Flag,
    /// 32-bit integer.
    Integer,
    OptionalInteger,
    /// 64-bit integer.
    Count,
    /// Floating point; null where there is no number.
    Number,
}

const OUTCOMES: &[(&str, Kind)] = &[
    ("scenario", Kind::Text),
    ("point", Kind::Integer),
    ("history", Kind::Count),
    ("inert", Kind::Flag),
    ("crises", Kind::Integer),
    ("wars", Kind::Integer),
    ("war", Kind::Flag),
    ("first_war_date", Kind::Number),
    ("general_war", Kind::Flag),
    ("general_war_date", Kind::Number),
    ("motive", Kind::OptionalText),
    ("initiator", Kind::OptionalText),
    ("target", Kind::OptionalText),
    ("belligerents_30d", Kind::OptionalInteger),
    ("great_powers_30d", Kind::OptionalInteger),
    ("days_crisis_to_war", Kind::Number),
    ("peak_burden", Kind::Number),
    ("arms_growth", Kind::Number),
    ("spiral_rate", Kind::Number),
    ("entrapments", Kind::Integer),
    ("abandonments", Kind::Integer),
    ("ended", Kind::Text),
    ("great_power_crises", Kind::Integer),
    ("days_crisis_to_general_war", Kind::Number),
    ("passed", Kind::Integer),
    ("great_power_dyad_years", Kind::Number),
    ("war_years", Kind::Number),
    ("end_date", Kind::Number),
    ("failure", Kind::OptionalText),
    ("conquests", Kind::Integer),
    ("concentration", Kind::Number),
];

const CURVES: &[(&str, Kind)] = &[
    ("scenario", Kind::Text),
    ("point", Kind::Integer),
    ("date", Kind::Number),
    ("state", Kind::Text),
    ("metric", Kind::Text),
    ("at_risk", Kind::Count),
    ("mean", Kind::Number),
    ("sd", Kind::Number),
    ("q05", Kind::Number),
    ("q25", Kind::Number),
    ("q50", Kind::Number),
    ("q75", Kind::Number),
    ("q95", Kind::Number),
];

const EVENTS: &[(&str, Kind)] = &[
    ("scenario", Kind::Text),
    ("point", Kind::Integer),
    ("history", Kind::Count),
    ("crisis", Kind::Integer),
    ("date", Kind::Number),
    ("day", Kind::Integer),
    ("kind", Kind::Text),
    ("actor", Kind::OptionalText),
    ("target", Kind::OptionalText),
    ("fear", Kind::Number),
    ("first_strike_win", Kind::Number),
    ("strike_advantage", Kind::Number),
    ("motive", Kind::OptionalText),
];

/// What a column of the curves is, and what the tables share; columns of outcomes and events are the fields of their types.
const MEANINGS: &[(&str, &str)] = &[
    ("scenario", "Name of the scenario."),
    ("point", "Position in the design of the study, from 0."),
    ("war", "Whether there was a war."),
    ("general_war", "Whether there was a general war."),
    ("date", "Decimal year."),
    ("state", "Code of the state; `*` for the system."),
    ("metric", "What is measured."),
    ("at_risk", "Histories that entered: those without a war so far, or all with `--through-war`."),
    ("mean", "Mean over the histories at risk."),
    ("sd", "Standard deviation over them."),
    ("q05", "Their 5 % quantile."),
    ("q25", "Their 25 % quantile."),
    ("q50", "Their median."),
    ("q75", "Their 75 % quantile."),
    ("q95", "Their 95 % quantile."),
    ("history", "Number of the history, from 0."),
    ("seed", "Seed of the study."),
    ("stage", "Where the history broke."),
    ("message", "What was found there."),
    ("replay", "Command that runs the history again."),
];

const FAILURES: &[(&str, Kind)] = &[
    ("scenario", Kind::Text),
    ("point", Kind::Integer),
    ("history", Kind::Count),
    ("seed", Kind::Text),
    ("stage", Kind::Text),
    ("message", Kind::Text),
    ("replay", Kind::Text),
];

impl Table {
    /// Every table.
    pub const ALL: [Self; 4] = [Self::Outcomes, Self::Curves, Self::Events, Self::Failures];

    /// Its name: the file without its ending.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outcomes => "outcomes",
            Self::Curves => "curves",
            Self::Events => "events",
            Self::Failures => "failures",
        }
    }

    const fn columns(self) -> &'static [(&'static str, Kind)] {
        match self {
            Self::Outcomes => OUTCOMES,
            Self::Curves => CURVES,
            Self::Events => EVENTS,
            Self::Failures => FAILURES,
        }
    }

    /// Its columns with their types.
    #[must_use]
    pub fn schema(self) -> SchemaRef {
        let fields: Vec<Field> = self
            .columns()
            .iter()
            .map(|(name, kind)| match kind {
                Kind::Text => Field::new(*name, DataType::Utf8, false),
                Kind::OptionalText => Field::new(*name, DataType::Utf8, true),
                Kind::Flag => Field::new(*name, DataType::Boolean, false),
                Kind::Integer => Field::new(*name, DataType::Int32, false),
                Kind::OptionalInteger => Field::new(*name, DataType::Int32, true),
                Kind::Count => Field::new(*name, DataType::Int64, false),
                Kind::Number => Field::new(*name, DataType::Float64, true),
            })
            .collect();
        Arc::new(Schema::new(fields))
    }

    /// What a column holds; none where the table has no such column.
    #[must_use]
    pub fn meaning(self, column: &str) -> Option<String> {
        self.columns().iter().find(|(name, _)| *name == column)?;
        let fields = match self {
            Self::Outcomes => described("Outcome"),
            Self::Curves | Self::Failures => None,
            Self::Events => described("Event"),
        };
        let field = fields.as_ref().and_then(|fields| fields.member(column));
        field.or_else(|| MEANINGS.iter().find(|(name, _)| *name == column).map(|(_, about)| *about)).map(str::to_string)
    }

    /// Opens its file for reading, batch by batch.
    pub(crate) fn open(self, directory: &Path) -> Result<(PathBuf, ParquetRecordBatchReader), Error> {
        open(self.name(), directory)
    }
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn same(text: &str, rows: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, rows)))
}

fn flags(values: impl Iterator<Item = bool>) -> ArrayRef {
    Arc::new(values.map(Some).collect::<BooleanArray>())
}

pub(crate) fn integers(values: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(values))
}

fn counts(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

/// A column of numbers: what is not finite is null.
pub(crate) fn numbers(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.map(|value| value.filter(|value| value.is_finite())).collect::<Float64Array>())
}

/// Code of a state, or nothing for [`NOBODY`].
fn code(states: &[String], state: u32) -> Option<&str> {
    states.get(state as usize).map(String::as_str)
}

/// What blew up, in words: `threat of GBR in tick 12`.
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

fn batch(table: Table, columns: Vec<ArrayRef>) -> Result<RecordBatch, Error> {
    RecordBatch::try_new(table.schema(), columns).map_err(|error| Error::damaged(Path::new(table.name()), error))
}

/// Rows of `outcomes` for histories of one point.
pub(crate) fn outcome_batch(scenario: &str, point: u32, states: &[String], outcomes: &[Outcome]) -> Result<RecordBatch, Error> {
    let rows = || outcomes.iter();
    let at_war = |outcome: &Outcome, count: u8| outcome.first_war_date.map(|_| i32::from(count));
    let failures: Vec<Option<String>> = rows().map(|o| o.failure.map(|failure| failure_text(states, failure))).collect();
    let columns = vec![
        same(scenario, outcomes.len()),
        integers(rows().map(|_| point.cast_signed())),
        counts(rows().map(|o| i64::from(o.history))),
        flags(rows().map(|o| o.inert)),
        integers(rows().map(|o| o.crises.cast_signed())),
        integers(rows().map(|o| o.wars.cast_signed())),
        flags(rows().map(|o| o.first_war_date.is_some())),
        numbers(rows().map(|o| o.first_war_date)),
        flags(rows().map(|o| o.general_war_date.is_some())),
        numbers(rows().map(|o| o.general_war_date)),
        texts(rows().map(|o| o.motive.map(spiral_model::Motive::name))),
        texts(rows().map(|o| code(states, o.initiator))),
        texts(rows().map(|o| code(states, o.target))),
        Arc::new(rows().map(|o| at_war(o, o.belligerents_30d)).collect::<Int32Array>()),
        Arc::new(rows().map(|o| at_war(o, o.great_powers_30d)).collect::<Int32Array>()),
        numbers(rows().map(|o| o.days_crisis_to_war)),
        numbers(rows().map(|o| Some(o.peak_burden))),
        numbers(rows().map(|o| Some(o.arms_growth))),
        numbers(rows().map(|o| Some(o.spiral_rate))),
        integers(rows().map(|o| o.entrapments.cast_signed())),
        integers(rows().map(|o| o.abandonments.cast_signed())),
        texts(rows().map(|o| Some(o.ended.name()))),
        integers(rows().map(|o| o.great_power_crises.cast_signed())),
        numbers(rows().map(|o| o.days_crisis_to_general_war)),
        integers(rows().map(|o| o.passed.cast_signed())),
        numbers(rows().map(|o| Some(o.great_power_dyad_years))),
        numbers(rows().map(|o| Some(o.war_years))),
        numbers(rows().map(|o| Some(o.end_date))),
        texts(failures.iter().map(Option::as_deref)),
        integers(rows().map(|o| o.conquests.cast_signed())),
        numbers(rows().map(|o| Some(o.concentration))),
    ];
    batch(Table::Outcomes, columns)
}

/// Rows of `events` for histories of one point.
pub(crate) fn event_batch(scenario: &str, point: u32, states: &[String], events: &[Event]) -> Result<RecordBatch, Error> {
    let rows = || events.iter();
    let columns = vec![
        same(scenario, events.len()),
        integers(rows().map(|_| point.cast_signed())),
        counts(rows().map(|e| i64::from(e.history))),
        integers(rows().map(|e| e.crisis.cast_signed())),
        numbers(rows().map(|e| Some(e.date))),
        integers(rows().map(|e| i32::from(e.day))),
        texts(rows().map(|e| Some(e.kind.name()))),
        texts(rows().map(|e| code(states, e.actor))),
        texts(rows().map(|e| code(states, e.target))),
        numbers(rows().map(|e| Some(e.fear))),
        numbers(rows().map(|e| Some(e.first_strike_win))),
        numbers(rows().map(|e| Some(e.strike_advantage))),
        texts(rows().map(|e| e.motive.map(spiral_model::Motive::name))),
    ];
    batch(Table::Events, columns)
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
    let mut rows: Vec<(u32, String, String)> = broken
        .iter()
        .map(|broken| (broken.history, "the simulator stopped".to_string(), broken.message.clone()))
        .chain(outcomes.iter().filter_map(|outcome| {
            let failure = outcome.failure?;
            let stage = format!("audit of tick {}, {:.2}", failure.tick, horizon.date(failure.tick + 1));
            Some((outcome.history, stage, format!("{} is not finite", failure_text(states, failure))))
        }))
        .collect();
    rows.sort();
    let columns = vec![
        same(&point.scenario, rows.len()),
        integers(rows.iter().map(|_| number.cast_signed())),
        counts(rows.iter().map(|row| i64::from(row.0))),
        same(&plan.seed.to_string(), rows.len()),
        texts(rows.iter().map(|row| Some(row.1.as_str()))),
        texts(rows.iter().map(|row| Some(row.2.as_str()))),
        // From within the directory of the study, which may be moved.
        Arc::new(StringArray::from_iter_values(
            rows.iter().map(|row| format!("spiral replay . --point {number} --history {}", row.0)),
        )),
    ];
    batch(Table::Failures, columns)
}

/// Rows of `curves`.
pub(crate) fn curve_batch(curves: &[CurveRow]) -> Result<RecordBatch, Error> {
    let rows = || curves.iter();
    let columns = vec![
        texts(rows().map(|row| Some(row.scenario.as_str()))),
        integers(rows().map(|row| row.point.cast_signed())),
        numbers(rows().map(|row| Some(row.date))),
        texts(rows().map(|row| Some(row.state.as_str()))),
        texts(rows().map(|row| Some(row.metric.as_str()))),
        counts(rows().map(|row| row.at_risk.cast_signed())),
        numbers(rows().map(|row| Some(row.mean))),
        numbers(rows().map(|row| Some(row.sd))),
        numbers(rows().map(|row| Some(row.q05))),
        numbers(rows().map(|row| Some(row.q25))),
        numbers(rows().map(|row| Some(row.q50))),
        numbers(rows().map(|row| Some(row.q75))),
        numbers(rows().map(|row| Some(row.q95))),
    ];
    batch(Table::Curves, columns)
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
    let column = OUTCOMES.iter().position(|(name, _)| *name == "point").unwrap_or(0);
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

/// A Parquet file on its way: invisible under its own name until it is whole.
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
            // One part, whatever dots are in the name of a factor.
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
