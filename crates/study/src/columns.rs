//! Tables of named columns that are written at once: the points of a sweep, what they give, the candidates of a calibration.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::Schema;
use spiral_analysis::Estimate;

use crate::definitions::{arrow_field, table_definitions};
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
    /// Text, as each value is displayed.
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

impl Column {
    fn array(&self) -> ArrayRef {
        match self {
            Self::Text(values) => Arc::new(StringArray::from_iter_values(values)),
            Self::Integer(values) => integers(values.iter().copied()),
            Self::Number(values) => numbers(values.iter().copied().map(Some)),
        }
    }
}

/// One of the [tables](crate::table_definitions) in memory. The columns are of one length.
///
/// # Errors
/// A table or column that is not in the list of tables, or whose type or place differs from the list.
pub fn named_table(name: &str, columns: &[(impl AsRef<str>, Column)]) -> Result<RecordBatch, Error> {
    let unlisted = |what: &str| Error::damaged(Path::new(name), format!("{what} in the list of tables"));
    let table = table_definitions().into_iter().find(|table| table.name == name).ok_or_else(|| unlisted("it is not"))?;
    let mut fields = Vec::with_capacity(columns.len());
    for (position, (name, _)) in columns.iter().enumerate() {
        let name = name.as_ref();
        let listed = match table.columns.get(position) {
            Some(column) => (column.name == name).then_some(column),
            None => table.repeated.as_ref(),
        };
        let column = listed.ok_or_else(|| unlisted(&format!("its column `{name}` does not stand at this place")))?;
        fields.push(arrow_field(name, column));
    }
    if let Some(missing) = table.columns.get(columns.len()) {
        return Err(unlisted(&format!("it lacks the column `{}`, which is", missing.name)));
    }
    let schema = Arc::new(Schema::new(fields));
    let arrays = columns.iter().map(|(_, column)| column.array()).collect();
    RecordBatch::try_new(schema, arrays).map_err(|error| Error::damaged(Path::new(name), error))
}

/// Writes one of the [tables](crate::table_definitions) as `name.parquet`, and as `name.csv` if asked for. The columns are of one length.
///
/// # Errors
/// As [`named_table`]; what the file system refuses.
pub fn write_table(directory: &Path, name: &str, columns: &[(impl AsRef<str>, Column)], csv: bool) -> Result<(), Error> {
    let rows = named_table(name, columns)?;
    let mut writer = Writer::named(name, &rows.schema(), directory)?;
    writer.add(&rows)?;
    writer.finish()?;
    if csv { csv_tables::write_named(name, directory) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_in_the_list_of_tables_is_not_written() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let write = |name: &str, columns: &[(&str, Column)]| {
            write_table(directory.path(), name, columns, false).map_err(|error| error.to_string())
        };
        let point = || ("point", Column::Integer(vec![0]));
        let scenario = || ("scenario", Column::Text(vec!["two-states".to_string()]));
        let factor = || ("technology.balance", Column::Number(vec![0.5]));
        assert_eq!(write("points", &[point(), scenario(), factor()]), Ok(()));
        for (name, columns, reason) in [
            ("dots", vec![point()], "it is not in the list"),
            ("points", vec![scenario(), point()], "its column `scenario` does not stand at this place"),
            ("points", vec![point()], "it lacks the column `scenario`"),
            ("points", vec![("point", Column::Number(vec![0.0])), scenario()], "expected Int32"),
        ] {
            let refused = write(name, &columns).expect_err(reason);
            assert!(refused.contains(reason), "{refused}");
        }
    }
}
