//! Rows of the tables as values of the model, with errors that name the file.

use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use spiral_model::table_row::{CellValue, ColumnType, Field, TableRow};

use crate::Error;
use crate::tables;

/// A column of a file.
enum Cells {
    Text(StringArray),
    Boolean(BooleanArray),
    Int32(Int32Array),
    Int64(Int64Array),
    Float64(Float64Array),
}

impl Cells {
    /// The column of this name, if there is one that holds this.
    fn of(batch: &RecordBatch, name: &str, holds: ColumnType) -> Option<Self> {
        let array = batch.column_by_name(name)?;
        match holds {
            ColumnType::Text | ColumnType::State | ColumnType::Failure => array.as_string_opt().cloned().map(Self::Text),
            ColumnType::Boolean => array.as_boolean_opt().cloned().map(Self::Boolean),
            ColumnType::Int32 | ColumnType::CowCode => array.as_primitive_opt::<Int32Type>().cloned().map(Self::Int32),
            ColumnType::Int64 => array.as_primitive_opt::<Int64Type>().cloned().map(Self::Int64),
            ColumnType::Float64 => array.as_primitive_opt::<Float64Type>().cloned().map(Self::Float64),
        }
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Text(array) => array.is_null(row),
            Self::Boolean(array) => array.is_null(row),
            Self::Int32(array) => array.is_null(row),
            Self::Int64(array) => array.is_null(row),
            Self::Float64(array) => array.is_null(row),
        }
    }

    /// The cell of a row, in a world of these states; `None` where its text names no state or failure.
    fn value(&self, row: usize, holds: ColumnType, states: &[String]) -> Option<CellValue<'_>> {
        if self.is_null(row) {
            return Some(CellValue::Nothing);
        }
        Some(match self {
            Self::Text(array) => {
                let text = array.value(row);
                match holds {
                    ColumnType::State => CellValue::State(states.iter().position(|state| state == text)? as u32),
                    ColumnType::Failure => CellValue::Failure(tables::failure_from_text(states, text)?),
                    _ => CellValue::Text(text),
                }
            }
            Self::Boolean(array) => CellValue::Boolean(array.value(row)),
            Self::Int32(array) => CellValue::Integer(i64::from(array.value(row))),
            Self::Int64(array) => CellValue::Integer(array.value(row)),
            Self::Float64(array) => CellValue::Number(array.value(row)),
        })
    }
}

/// The columns of a batch of a table, looked up once for all rows.
pub(crate) struct Rows<Row: TableRow> {
    path: PathBuf,
    number: usize,
    point: Int32Array,
    columns: Vec<(&'static Field<Row>, Cells)>,
}

impl<Row: TableRow> Rows<Row> {
    /// # Errors
    /// If a column is missing or holds something else.
    pub(crate) fn new(batch: &RecordBatch, path: &Path) -> Result<Self, Error> {
        let missing = |name: &str| Error::damaged(path, format!("column `{name}` is missing or of another type"));
        let column = |field: &'static Field<Row>| {
            let cells = Cells::of(batch, field.column.name, field.column.holds);
            Ok((field, cells.ok_or_else(|| missing(field.column.name))?))
        };
        let point = batch.column_by_name("point").and_then(|array| array.as_primitive_opt::<Int32Type>());
        Ok(Self {
            path: path.to_path_buf(),
            number: batch.num_rows(),
            point: point.ok_or_else(|| missing("point"))?.clone(),
            // What follows from other columns is not read.
            columns: Row::FIELDS.iter().filter(|field| field.set.is_some()).map(column).collect::<Result<_, Error>>()?,
        })
    }

    /// Rows of the batch.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// The design point of a row.
    pub(crate) fn point(&self, row: usize) -> u32 {
        self.point.value(row).cast_unsigned()
    }

    /// A row, in a world of these states.
    pub(crate) fn row(&self, row: usize, states: &[String]) -> Result<Row, Error> {
        let mut read = Row::BLANK;
        for (field, cells) in &self.columns {
            let value = cells.value(row, field.column.holds, states);
            let set = field.set.zip(value).is_some_and(|(set, value)| set(&mut read, value));
            if !set {
                return Err(self.unknown(field.column.name, row));
            }
        }
        Ok(read)
    }

    /// The error of a column with an invalid value in a row.
    pub(crate) fn unknown(&self, name: &str, row: usize) -> Error {
        Error::damaged(&self.path, format!("column `{name}` holds an unknown value in row {row} of a batch"))
    }
}
