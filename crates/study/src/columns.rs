//! Tables of named columns that are written at once: the points of a sweep, what they give, the candidates of a calibration.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use spiral_analysis::Estimate;

use crate::tables::{Writer, integers, numbers};
use crate::{Error, csv_tables};

/// A column of a table that is written at once.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Text.
    Text(Vec<String>),
    /// 32-bit integers.
    Integer(Vec<i32>),
    /// Numbers; what is not finite is null.
    Number(Vec<f64>),
}

impl Column {
    /// Text, as each value says itself.
    pub fn text(values: impl Iterator<Item = impl ToString>) -> Self {
        Self::Text(values.map(|value| value.to_string()).collect())
    }

    /// Counts and positions, each below 2³¹.
    pub fn count(values: impl Iterator<Item = usize>) -> Self {
        Self::Integer(values.map(|value| (value as u32).cast_signed()).collect())
    }

    /// Numbers; what is missing is null.
    pub fn number(values: impl Iterator<Item = Option<f64>>) -> Self {
        Self::Number(values.map(|value| value.unwrap_or(f64::NAN)).collect())
    }

    /// The columns of estimates: estimate, ends of its interval, size of the sample under the name given here, and method.
    pub fn estimates<'a>(rows: impl Iterator<Item = &'a Estimate> + Clone, size: &'static str) -> [(&'static str, Self); 5] {
        [
            ("estimate", Self::number(rows.clone().map(|row| row.estimate))),
            ("lower", Self::number(rows.clone().map(|row| row.lower))),
            ("upper", Self::number(rows.clone().map(|row| row.upper))),
            (size, Self::count(rows.clone().map(|row| row.n as usize))),
            ("method", Self::text(rows.map(|row| &row.method))),
        ]
    }
}

/// Writes a table of named columns of one length as `name.parquet`, and as `name.csv` if asked for.
///
/// # Errors
/// What the file system refuses; columns of different lengths.
pub fn write_table(directory: &Path, name: &str, columns: &[(impl AsRef<str>, Column)], csv: bool) -> Result<(), Error> {
    let arrays = columns.iter().map(|(name, column)| match column {
        Column::Text(values) => {
            (Field::new(name.as_ref(), DataType::Utf8, false), Arc::new(StringArray::from_iter_values(values)) as ArrayRef)
        }
        Column::Integer(values) => (Field::new(name.as_ref(), DataType::Int32, false), integers(values.iter().copied())),
        Column::Number(values) => (Field::new(name.as_ref(), DataType::Float64, true), numbers(values.iter().copied().map(Some))),
    });
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = arrays.unzip();
    let schema = Arc::new(Schema::new(fields));
    let rows = RecordBatch::try_new(schema.clone(), arrays).map_err(|error| Error::damaged(Path::new(name), error))?;
    let mut writer = Writer::named(name, &schema, directory)?;
    writer.add(&rows)?;
    writer.finish()?;
    if csv { csv_tables::write_named(name, directory) } else { Ok(()) }
}
