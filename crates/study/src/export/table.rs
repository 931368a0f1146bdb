//! A table of a study as it is exported: its fields, and their values row by row.

use std::collections::BTreeMap;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Float64Type, Int32Type, Int64Type, Schema};
use spiral_model::outcome::MobilisationMotive;
use spiral_model::table_row::{ColumnDefinition, ColumnType};
use spiral_model::{Ended, EventKind, Motive};
use spiral_scenario::import::cow_number;

use super::ExportUnit;
use super::units::{HOSTILITY, Make, contiguity};
use crate::Error;
use crate::files::Pending;
use crate::tables::Writer;

/// Longest label of a variable in Stata, in characters.
const LONGEST_LABEL: usize = 80;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// Text that is one of a few names: Stata holds its place among them, from 1, with the names as labels.
    Named,
    /// An integer.
    Integer,
    /// A number.
    Number,
}

/// A value of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    /// None.
    Missing,
    Text(&'a str),
    Integer(i64),
    Number(f64),
}

/// A field of an exported table.
#[derive(Debug, Clone)]
pub(super) struct ExportField {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) kind: Kind,
    /// Numbers with their labels; for [`Kind::Named`] the labels are the texts.
    pub(super) values: Vec<(i32, &'static str)>,
    /// Column of the study.
    column: usize,
    make: Make,
    /// Where the field belongs to one of the two states of a pair: how to find the same of the other one.
    mirror: Option<Mirror>,
}

/// Users of conflict data expect the state with the lower number first, and rows of a study have the states in the order of their codes:
/// where the two orders differ, the columns of both states change places.
#[derive(Debug, Clone, Copy)]
struct Mirror {
    /// The column of the other state.
    column: usize,
    /// Columns with the numbers of both states.
    numbers: (usize, usize),
}

impl Mirror {
    /// The mirror of a column of a unit, if it has one.
    fn of(column: &str, columns: &[ColumnDefinition]) -> Option<Self> {
        let place = |name: &str| columns.iter().position(|other| other.name == name);
        let other = match column {
            "ccode1" => "ccode2".to_string(),
            "ccode2" => "ccode1".to_string(),
            name => match name.strip_suffix("_a") {
                Some(stem) => format!("{stem}_b"),
                None => format!("{}_a", name.strip_suffix("_b")?),
            },
        };
        Some(Self { column: place(&other)?, numbers: (place("ccode1")?, place("ccode2")?) })
    }

    /// Whether the states of a row change places.
    fn applies(self, batch: &RecordBatch, row: usize) -> bool {
        let number = |column: usize| {
            let column = batch.column(column).as_primitive_opt::<Int32Type>()?;
            (!column.is_null(row)).then(|| column.value(row))
        };
        number(self.numbers.0).zip(number(self.numbers.1)).is_some_and(|(one, other)| one > other)
    }
}

/// A table that is exported.
pub(super) struct ExportTable {
    directory: PathBuf,
    unit: ExportUnit,
    pub(super) fields: Vec<ExportField>,
}

/// The names that a text column can hold, where they are few.
fn names(column: &str) -> Vec<(i32, &'static str)> {
    let numbered = |names: &[&'static str]| (1..).zip(names.iter().copied()).collect();
    match column {
        "motive" => numbered(&Motive::ALL.map(Motive::name)),
        "mobilisation_motive" => numbered(&MobilisationMotive::ALL.map(MobilisationMotive::name)),
        "kind" => numbered(&EventKind::ALL.map(EventKind::name)),
        "ended" => numbered(&Ended::ALL.map(Ended::name)),
        "hostility" => numbered(&HOSTILITY),
        _ => Vec::new(),
    }
}

/// The beginning of a meaning, with the unit: short enough for Stata.
fn short_label(column: &ColumnDefinition) -> String {
    let end = column.meaning.find([';', ':', '(']).unwrap_or(column.meaning.len());
    let mut label = column.meaning[..end].trim().trim_end_matches('.').to_string();
    if !column.unit.is_empty() && label.chars().count() + column.unit.len() + 3 <= LONGEST_LABEL {
        label = format!("{label} ({})", column.unit);
    }
    if label.chars().count() > LONGEST_LABEL {
        let kept: String = label.chars().take(LONGEST_LABEL - 1).collect();
        label = format!("{}…", kept.rsplit_once(' ').map_or(kept.as_str(), |(kept, _)| kept));
    }
    label
}

/// The fields of a unit.
pub(super) fn fields(unit: ExportUnit) -> Vec<ExportField> {
    let mut fields = Vec::new();
    let columns = unit.table().definition().columns;
    for (position, column) in columns.iter().enumerate() {
        let mirror = if unit == ExportUnit::DyadYear { Mirror::of(column.name, &columns) } else { None };
        let own: Vec<_> = unit.special().iter().filter(|special| special.from == column.name).collect();
        if own.is_empty() {
            fields.push(ExportField { mirror, ..field(column.name, short_label(column), position, Make::Same, column) });
        }
        for special in own {
            let label = if special.label.is_empty() { short_label(column) } else { special.label.to_string() };
            fields.push(ExportField { mirror, ..field(special.name, label, position, special.make, column) });
        }
    }
    fields
}

fn field(name: &'static str, label: String, position: usize, make: Make, column: &ColumnDefinition) -> ExportField {
    const YES_OR_NO: [(i32, &str); 2] = [(0, "no"), (1, "yes")];
    let (kind, values) = match (make, column.holds) {
        (Make::Year | Make::CowNumber | Make::Contiguity, _) => (Kind::Integer, Vec::new()),
        (Make::Dispute, _) | (Make::Same, ColumnType::Boolean) => (Kind::Integer, YES_OR_NO.to_vec()),
        (Make::Same, ColumnType::Text | ColumnType::State | ColumnType::Failure) => match names(column.name) {
            none if none.is_empty() => (Kind::Text, none),
            named => (Kind::Named, named),
        },
        (Make::Same, ColumnType::Float64) => (Kind::Number, Vec::new()),
        (Make::Same, ColumnType::CowCode | ColumnType::Int32 | ColumnType::Int64) => (Kind::Integer, names(column.name)),
    };
    ExportField { name, label, kind, values, column: position, make, mirror: None }
}

impl ExportField {
    /// The value in a row of a batch of the study's table.
    pub(super) fn value<'a>(&self, batch: &'a RecordBatch, row: usize) -> Value<'a> {
        let mirror = self.mirror.filter(|mirror| mirror.applies(batch, row));
        let column = batch.column(mirror.map_or(self.column, |mirror| mirror.column));
        if column.is_null(row) {
            return Value::Missing;
        }
        let raw = match column.data_type() {
            DataType::Utf8 => Value::Text(column.as_string::<i32>().value(row)),
            DataType::Boolean => Value::Integer(i64::from(column.as_boolean().value(row))),
            DataType::Int32 => Value::Integer(i64::from(column.as_primitive::<Int32Type>().value(row))),
            DataType::Int64 => Value::Integer(column.as_primitive::<Int64Type>().value(row)),
            DataType::Float64 => Value::Number(column.as_primitive::<Float64Type>().value(row)),
            // No column of a study is of another type.
            _ => Value::Missing,
        };
        match (self.make, raw) {
            (Make::Same, raw) => raw,
            // Decimal years are sums of fractions such as 1/12, whose rounding may not hide the start of a year.
            (Make::Year, Value::Number(date)) => Value::Integer((date + 1e-6).floor() as i64),
            (Make::CowNumber, Value::Text(code)) => {
                cow_number(code).map_or(Value::Missing, |number| Value::Integer(number.into()))
            }
            (Make::Contiguity, Value::Number(contact)) => Value::Integer(contiguity(contact)),
            (Make::Dispute, Value::Integer(level)) => Value::Integer(i64::from(level > 1)),
            _ => Value::Missing,
        }
    }

    /// The place of a name among the labels.
    pub(super) fn place(&self, name: &str) -> Option<i32> {
        self.values.iter().find(|(_, label)| *label == name).map(|(place, _)| *place)
    }
}

impl ExportTable {
    pub(super) fn new(directory: &Path, unit: ExportUnit) -> Result<Self, Error> {
        let table = Self { directory: directory.to_path_buf(), unit, fields: fields(unit) };
        // The columns are those of the list, or the file is of another program.
        let (path, batches) = unit.table().open(directory)?;
        let found: Vec<String> =
            arrow::array::RecordBatchReader::schema(&batches).fields().iter().map(|f| f.name().clone()).collect();
        let listed: Vec<&str> = unit.table().definition().columns.iter().map(|column| column.name).collect();
        if found == listed {
            Ok(table)
        } else {
            Err(Error::damaged(&path, "its columns are not those that `spiral columns` lists"))
        }
    }

    /// What a row is.
    pub(super) fn unit(&self) -> ExportUnit {
        self.unit
    }

    /// Gives the batches of the study's table to `take`.
    pub(super) fn for_each_batch(&self, mut take: impl FnMut(&RecordBatch) -> Result<(), Error>) -> Result<(), Error> {
        let (path, batches) = self.unit.table().open(&self.directory)?;
        for batch in batches {
            take(&batch.map_err(|error| Error::damaged(&path, error))?)?;
        }
        Ok(())
    }

    /// Writes comma-separated text: a header, nothing where there is no value, numbers with as many digits as give them back exactly, 1
    /// and 0 for yes and no. Returns the number of rows.
    pub(super) fn write_csv(&self, folder: &Path, file: &str) -> Result<u64, Error> {
        let path = folder.join(file);
        let mut writer = csv::Writer::from_writer(BufWriter::new(Pending::create(folder, file)?));
        let failed = |error: csv::Error| Error::io("write", &path)(std::io::Error::other(error));
        writer.write_record(self.fields.iter().map(|field| field.name)).map_err(failed)?;
        let mut rows = 0;
        self.for_each_batch(|batch| {
            for row in 0..batch.num_rows() {
                for field in &self.fields {
                    let text = match field.value(batch, row) {
                        Value::Missing => String::new(),
                        Value::Text(text) => text.to_string(),
                        Value::Integer(value) => value.to_string(),
                        Value::Number(value) => format!("{value:?}"),
                    };
                    writer.write_field(text).map_err(failed)?;
                }
                writer.write_record(None::<&[u8]>).map_err(failed)?;
            }
            rows += batch.num_rows() as u64;
            Ok(())
        })?;
        let buffer = writer.into_inner().map_err(|error| Error::io("write", &path)(error.into_error()))?;
        buffer.into_inner().map_err(|error| Error::io("write", &path)(error.into_error()))?.publish()?;
        Ok(rows)
    }

    /// Writes Parquet; the label of a column is in its metadata under `label`. Returns the number of rows.
    pub(super) fn write_parquet(&self, folder: &Path, file: &str) -> Result<u64, Error> {
        let arrow = |field: &ExportField| {
            let data_type = match field.kind {
                Kind::Text | Kind::Named => DataType::Utf8,
                Kind::Integer => DataType::Int64,
                Kind::Number => DataType::Float64,
            };
            Field::new(field.name, data_type, true).with_metadata(BTreeMap::from([("label".to_string(), field.label.clone())]))
        };
        let schema = Arc::new(Schema::new(self.fields.iter().map(arrow).collect::<Vec<Field>>()));
        let mut writer = Writer::named(self.unit.name(), &schema, folder)?;
        let mut rows = 0;
        self.for_each_batch(|batch| {
            let columns = self.fields.iter().map(|field| array(field, batch)).collect();
            let made =
                RecordBatch::try_new(schema.clone(), columns).map_err(|error| Error::damaged(&folder.join(file), error))?;
            rows += made.num_rows() as u64;
            writer.add(&made)
        })?;
        writer.finish()?;
        Ok(rows)
    }
}

fn array(field: &ExportField, batch: &RecordBatch) -> ArrayRef {
    let values = (0..batch.num_rows()).map(|row| field.value(batch, row));
    match field.kind {
        Kind::Text | Kind::Named => {
            let text = |value| if let Value::Text(text) = value { Some(text) } else { None };
            Arc::new(values.map(text).collect::<StringArray>())
        }
        Kind::Integer => {
            let integer = |value| if let Value::Integer(value) = value { Some(value) } else { None };
            Arc::new(values.map(integer).collect::<Int64Array>())
        }
        Kind::Number => {
            let number = |value| if let Value::Number(value) = value { Some(value) } else { None };
            Arc::new(values.map(number).collect::<Float64Array>())
        }
    }
}
