//! A Parquet table that somebody else wrote, as comma separated text: how a list of points is read.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// The columns of numbers of a Parquet file as comma separated text, rows in their order, each number with as many digits as give it back
/// exactly. Columns of other types, such as an index of text, are left out.
///
/// # Errors
/// What is wrong with the file.
pub fn table_as_csv(path: &Path) -> Result<String, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
    let schema = builder.schema().clone();
    let numeric = |data_type: &DataType| data_type.is_numeric() || *data_type == DataType::Boolean;
    // The index that pandas writes is no column of the user's.
    let own = |name: &str| !name.starts_with("__index_level");
    let kept: Vec<usize> = (0..schema.fields().len())
        .filter(|position| numeric(schema.field(*position).data_type()) && own(schema.field(*position).name()))
        .collect();
    let mut text = String::new();
    let names: Vec<String> =
        kept.iter().map(|position| format!("\"{}\"", schema.field(*position).name().replace('"', "\"\""))).collect();
    text.push_str(&names.join(","));
    text.push('\n');
    for batch in builder.build().map_err(|error| error.to_string())? {
        let batch = batch.map_err(|error| error.to_string())?;
        let columns: Result<Vec<_>, _> = kept.iter().map(|position| cast(batch.column(*position), &DataType::Float64)).collect();
        let columns = columns.map_err(|error| error.to_string())?;
        for row in 0..batch.num_rows() {
            for (position, column) in columns.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                if column.is_valid(row) {
                    // Writing to a String cannot fail.
                    let _ = write!(text, "{}", column.as_primitive::<Float64Type>().value(row));
                }
            }
            text.push('\n');
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float32Array, Float64Array, Int32Array, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;

    use super::*;

    #[test]
    fn a_table_of_any_numbers_is_text_in_its_order() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("points.parquet");
        let columns: [(&str, ArrayRef); 5] = [
            ("technology.balance", Arc::new(Float64Array::from(vec![Some(0.1), None, Some(1.0 / 3.0)]))),
            ("half", Arc::new(Float32Array::from(vec![0.5, 0.25, 2.0]))),
            ("levels", Arc::new(Int32Array::from(vec![3, 1, 2]))),
            ("name", Arc::new(StringArray::from(vec!["a", "b", "c"]))),
            ("__index_level_0__", Arc::new(Int32Array::from(vec![0, 1, 2]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
        let mut writer = ArrowWriter::try_new(File::create(&path).expect("a file"), batch.schema(), None).expect("a writer");
        writer.write(&batch).expect("rows");
        writer.close().expect("the end");
        let expected = "\"technology.balance\",\"half\",\"levels\"\n0.1,0.5,3\n,0.25,1\n0.3333333333333333,2,2\n";
        assert_eq!(table_as_csv(&path).as_deref(), Ok(expected));
        std::fs::write(&path, "no table").expect("a file");
        assert!(table_as_csv(&path).is_err());
    }
}
