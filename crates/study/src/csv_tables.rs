//! The tables as CSV, from the Parquet files.

use std::io::{self, BufWriter};
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchReader};
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type};

use crate::Error;
use crate::files::Pending;
use crate::tables::{self, Table};

/// Writes `name.csv` next to `name.parquet`: a header, then one line for each row; nothing between the commas where there is no
/// value; numbers with as many digits as give them back exactly.
pub(crate) fn write(table: Table, directory: &Path) -> Result<(), Error> {
    write_named(table.name(), directory)
}

/// [`write`] for any table.
pub(crate) fn write_named(name: &str, directory: &Path) -> Result<(), Error> {
    let (source, batches) = tables::open(name, directory)?;
    let name = format!("{name}.csv");
    let path = directory.join(&name);
    let output = Pending::create(directory, &name)?;
    let mut writer = csv::Writer::from_writer(BufWriter::new(output));
    let failed = |error: csv::Error| {
        let source = match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            // Rows of one table have one length, and text needs no other care.
            other => io::Error::other(format!("{other:?}")),
        };
        Error::io("write", &path)(source)
    };
    writer.write_record(batches.schema().fields().iter().map(|field| field.name())).map_err(failed)?;
    let mut text = String::new();
    for batch in batches {
        let batch = batch.map_err(|error| Error::damaged(&source, error))?;
        for row in 0..batch.num_rows() {
            write_row(&mut writer, &batch, row, &mut text).map_err(failed)?;
        }
    }
    let buffer = writer.into_inner().map_err(|error| Error::io("write", &path)(error.into_error()))?;
    let output = buffer.into_inner().map_err(|error| Error::io("write", &path)(error.into_error()))?;
    output.publish()
}

/// Name of the CSV file of a table.
pub(crate) fn file(table: Table) -> String {
    format!("{}.csv", table.name())
}

fn write_row(
    writer: &mut csv::Writer<BufWriter<Pending>>,
    batch: &RecordBatch,
    row: usize,
    text: &mut String,
) -> Result<(), csv::Error> {
    for column in batch.columns() {
        text.clear();
        field(column, row, text);
        writer.write_field(&*text)?;
    }
    writer.write_record(None::<&[u8]>)
}

fn field(column: &ArrayRef, row: usize, text: &mut String) {
    use std::fmt::Write as _;
    if column.is_null(row) {
        return;
    }
    let written = match column.data_type() {
        DataType::Utf8 => write!(text, "{}", column.as_string::<i32>().value(row)),
        DataType::Boolean => write!(text, "{}", column.as_boolean().value(row)),
        DataType::Int32 => write!(text, "{}", column.as_primitive::<Int32Type>().value(row)),
        DataType::Int64 => write!(text, "{}", column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => write!(text, "{:?}", column.as_primitive::<Float64Type>().value(row)),
        other => unreachable!("no column of a study is of type {other}"),
    };
    written.expect("writing to a String cannot fail");
}
