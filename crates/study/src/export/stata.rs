//! Stata files of format 118, which Stata 14 and later, R and pandas read. The format is documented in Stata's help file `dta_118`: a
//! header, a map of the sections, descriptions of the variables, rows of fixed width, and the labels of values. The library `dta` (0.6)
//! reads such files, and the tests of this folder use it for that; it has no public way to make labels of values, so this file writes.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::table::{ExportField, ExportTable, Kind, Value};
use crate::Error;
use crate::files::Pending;

/// Longest text of a fixed width, in bytes.
const LONGEST_TEXT: usize = 2045;
/// Bytes of a name: 32 characters of at most four bytes, and the zero at the end.
const NAME: usize = 129;
/// Bytes of a format.
const FORMAT: usize = 57;
/// Bytes of a label of a variable: 80 characters of at most four bytes, and the zero at the end.
const LABEL: usize = 321;
/// Most variables of the format.
const MOST_VARIABLES: usize = 32_767;

/// How a variable is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Storage {
    /// Text of so many bytes, at least one.
    Text(u16),
    Byte,
    Int,
    Long,
    Double,
}

impl Storage {
    /// Its number in the file.
    fn code(self) -> u16 {
        match self {
            Self::Text(width) => width,
            Self::Double => 65_526,
            Self::Long => 65_528,
            Self::Int => 65_529,
            Self::Byte => 65_530,
        }
    }

    fn width(self) -> u64 {
        match self {
            Self::Text(width) => u64::from(width),
            Self::Byte => 1,
            Self::Int => 2,
            Self::Long => 4,
            Self::Double => 8,
        }
    }

    fn format(self) -> String {
        match self {
            Self::Text(width) => format!("%-{}s", width.max(9)),
            Self::Byte | Self::Int => "%8.0g".to_string(),
            Self::Long => "%12.0g".to_string(),
            Self::Double => "%10.0g".to_string(),
        }
    }

    /// The smallest storage of integers from `low` to `high`. The largest numbers of each width stand for missing values.
    fn of_integers(low: i64, high: i64) -> Self {
        match (low, high) {
            (-127.., ..=100) => Self::Byte,
            (-32_767.., ..=32_740) => Self::Int,
            (-2_147_483_647.., ..=2_147_483_620) => Self::Long,
            _ => Self::Double,
        }
    }
}

/// What the rows of a field hold.
#[derive(Debug, Clone, Copy)]
struct Extent {
    text: usize,
    low: i64,
    high: i64,
}

impl Extent {
    fn storage(self, field: &ExportField) -> Storage {
        match field.kind {
            Kind::Text => Storage::Text(self.text.max(1) as u16),
            Kind::Named => Storage::Byte,
            Kind::Number => Storage::Double,
            Kind::Integer => Storage::of_integers(self.low.min(0), self.high.max(0)),
        }
    }
}

/// Writes a table, and returns the number of its rows.
pub(super) fn write(table: &ExportTable, folder: &Path, file: &str) -> Result<u64, Error> {
    let fields = &table.fields;
    let mut extents = vec![Extent { text: 0, low: 0, high: 0 }; fields.len()];
    let mut rows: u64 = 0;
    table.for_each_batch(|batch| {
        rows += batch.num_rows() as u64;
        for (field, extent) in fields.iter().zip(&mut extents) {
            for row in 0..batch.num_rows() {
                match field.value(batch, row) {
                    Value::Text(text) => extent.text = extent.text.max(text.len()),
                    Value::Integer(value) => (extent.low, extent.high) = (extent.low.min(value), extent.high.max(value)),
                    Value::Number(_) | Value::Missing => {}
                }
            }
        }
        Ok(())
    })?;
    if let Some((field, extent)) = fields.iter().zip(&extents).find(|(_, extent)| extent.text > LONGEST_TEXT) {
        let (name, long) = (field.name, extent.text);
        let reason =
            format!("`{name}` has a text of {long} bytes, and Stata holds at most {LONGEST_TEXT}: use --to csv or parquet");
        return Err(Error::Plan { reason });
    }
    debug_assert!(fields.len() <= MOST_VARIABLES, "the tables have some dozens of columns");
    let storages: Vec<Storage> = fields.iter().zip(&extents).map(|(field, extent)| extent.storage(field)).collect();
    let before = before_data(table, &storages, rows);
    let labels = value_labels(fields);
    let width: u64 = storages.iter().map(|storage| storage.width()).sum();

    let mut output = Output { file: BufWriter::new(Pending::create(folder, file)?), path: folder.join(file) };
    output.put(&before.finished(rows * width, labels.len() as u64))?;
    output.put(b"<data>")?;
    let mut line = Vec::new();
    table.for_each_batch(|batch| {
        for row in 0..batch.num_rows() {
            line.clear();
            for (field, storage) in fields.iter().zip(&storages) {
                put_value(field, *storage, field.value(batch, row), &mut line);
            }
            output.put(&line)?;
        }
        Ok(())
    })?;
    output.put(b"</data><strls></strls>")?;
    output.put(&labels)?;
    output.put(b"</stata_dta>")?;
    output.publish()?;
    Ok(rows)
}

/// The file that is being written.
struct Output {
    file: BufWriter<Pending>,
    path: PathBuf,
}

impl Output {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(Error::io("write", &self.path))
    }

    fn publish(self) -> Result<(), Error> {
        self.file.into_inner().map_err(|error| Error::io("write", &self.path)(error.into_error()))?.publish()
    }
}

/// Everything before the rows, with the places of its sections.
struct Before {
    bytes: Vec<u8>,
    /// Where the map begins.
    map: usize,
    /// Where each section begins, in order, up to the characteristics.
    sections: Vec<usize>,
}

impl Before {
    /// The bytes with the map filled in, for rows and labels of these lengths.
    fn finished(mut self, data: u64, labels: u64) -> Vec<u8> {
        let mut places: Vec<u64> = vec![0, self.map as u64];
        places.extend(self.sections.iter().map(|place| *place as u64));
        let rows = self.bytes.len() as u64;
        let strls = rows + "<data>".len() as u64 + data + "</data>".len() as u64;
        let value_labels = strls + "<strls></strls>".len() as u64;
        let end = value_labels + labels;
        places.extend([rows, strls, value_labels, end, end + "</stata_dta>".len() as u64]);
        let start = self.map + "<map>".len();
        for (place, bytes) in places.iter().zip(self.bytes[start..].chunks_exact_mut(8)) {
            bytes.copy_from_slice(&place.to_le_bytes());
        }
        self.bytes
    }
}

/// Number of places in the map.
const PLACES: usize = 14;

fn before_data(table: &ExportTable, storages: &[Storage], rows: u64) -> Before {
    let fields = &table.fields;
    let mut bytes = Vec::new();
    let title = format!("spiral {}: one row is one {}", env!("CARGO_PKG_VERSION"), table.unit().name());
    bytes.extend(b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>");
    bytes.extend((fields.len() as u16).to_le_bytes());
    bytes.extend(b"</K><N>");
    bytes.extend(rows.to_le_bytes());
    bytes.extend(b"</N><label>");
    bytes.extend((title.len() as u16).to_le_bytes());
    bytes.extend(title.as_bytes());
    // No time: the same study gives the same file.
    bytes.extend(b"</label><timestamp>\0</timestamp></header>");
    let map = bytes.len();
    bytes.extend(b"<map>");
    bytes.extend([0; 8 * PLACES]);
    bytes.extend(b"</map>");
    let mut sections = Vec::new();
    let mut section = |name: &str, content: Vec<u8>| {
        sections.push(bytes.len());
        bytes.extend(format!("<{name}>").as_bytes());
        bytes.extend(content);
        bytes.extend(format!("</{name}>").as_bytes());
    };
    section("variable_types", storages.iter().flat_map(|storage| storage.code().to_le_bytes()).collect());
    section("varnames", fields.iter().flat_map(|field| padded(field.name, NAME)).collect());
    section("sortlist", vec![0; 2 * (fields.len() + 1)]);
    section("formats", storages.iter().flat_map(|storage| padded(&storage.format(), FORMAT)).collect());
    let label_of = |field: &ExportField| if field.values.is_empty() { "" } else { field.name };
    section("value_label_names", fields.iter().flat_map(|field| padded(label_of(field), NAME)).collect());
    section("variable_labels", fields.iter().flat_map(|field| padded(&field.label, LABEL)).collect());
    section("characteristics", Vec::new());
    Before { bytes, map, sections }
}

/// A text in so many bytes, with zeros after it.
fn padded(text: &str, width: usize) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(width, 0);
    bytes
}

/// The section of the labels of values: one table for each variable that has them, under the name of the variable.
fn value_labels(fields: &[ExportField]) -> Vec<u8> {
    let mut bytes = b"<value_labels>".to_vec();
    for field in fields.iter().filter(|field| !field.values.is_empty()) {
        let (mut offsets, mut values, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (value, label) in &field.values {
            offsets.extend((texts.len() as u32).to_le_bytes());
            values.extend(value.to_le_bytes());
            texts.extend(label.as_bytes());
            texts.push(0);
        }
        let number = field.values.len() as u32;
        let length = 8 + offsets.len() + values.len() + texts.len();
        bytes.extend(b"<lbl>");
        bytes.extend((length as u32).to_le_bytes());
        bytes.extend(padded(field.name, NAME));
        bytes.extend([0; 3]);
        bytes.extend(number.to_le_bytes());
        bytes.extend((texts.len() as u32).to_le_bytes());
        bytes.extend(offsets);
        bytes.extend(values);
        bytes.extend(texts);
        bytes.extend(b"</lbl>");
    }
    bytes.extend(b"</value_labels>");
    bytes
}

/// Adds a value of a row.
fn put_value(field: &ExportField, storage: Storage, value: Value<'_>, line: &mut Vec<u8>) {
    /// Stata's missing value, the first number beyond those that a double may hold.
    const MISSING: f64 = f64::from_bits(0x7FE0_0000_0000_0000);
    let integer = match value {
        Value::Integer(value) => Some(value),
        Value::Text(name) if field.kind == Kind::Named => field.place(name).map(i64::from),
        _ => None,
    };
    match storage {
        Storage::Text(width) => {
            let text = if let Value::Text(text) = value { text } else { "" };
            line.extend(padded(text, usize::from(width)));
        }
        Storage::Byte => line.extend((integer.unwrap_or(101) as i8).to_le_bytes()),
        Storage::Int => line.extend((integer.unwrap_or(32_741) as i16).to_le_bytes()),
        Storage::Long => line.extend((integer.unwrap_or(2_147_483_621) as i32).to_le_bytes()),
        Storage::Double => {
            let number = match value {
                Value::Number(value) if value.abs() < MISSING => value,
                Value::Integer(value) => value as f64,
                _ => MISSING,
            };
            line.extend(number.to_le_bytes());
        }
    }
}
