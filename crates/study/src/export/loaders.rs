//! `load.R` and `load.do`: scripts that load every exported file of a folder with its labels.

use std::fmt::Write as _;
use std::path::Path;

use super::table::{ExportField, Kind, fields};
use super::{ExportFormat, ExportUnit};
use crate::{Error, files};

/// Kinds of file in the order in which R takes them: text needs no package.
const FOR_R: [ExportFormat; 3] = [ExportFormat::Csv, ExportFormat::Dta, ExportFormat::Parquet];
/// Kinds of file that Stata reads, its own first.
const FOR_STATA: [ExportFormat; 2] = [ExportFormat::Dta, ExportFormat::Csv];

/// Writes both scripts for the files in a folder.
pub(super) fn write(folder: &Path) -> Result<(), Error> {
    let names = files::names(folder)?;
    let first = |formats: &[ExportFormat], unit: ExportUnit| {
        let there = |format: &&ExportFormat| names.contains(&format!("{}.{}", unit.name(), format.name()));
        formats.iter().find(there).copied()
    };
    let found = |formats: &[ExportFormat]| -> Vec<(ExportUnit, ExportFormat)> {
        ExportUnit::ALL.into_iter().filter_map(|unit| Some((unit, first(formats, unit)?))).collect()
    };
    files::write_atomically(folder, "load.R", load_r(&found(&FOR_R)).as_bytes())?;
    files::write_atomically(folder, "load.do", load_do(&found(&FOR_STATA)).as_bytes())
}

/// Name of a table in R, and of a frame in Stata.
fn object(unit: ExportUnit) -> String {
    unit.name().replace('-', "_")
}

/// A text between double quotes. Labels hold no quotes and no backslashes; a test looks.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Fields whose numbers have labels.
fn labelled(fields: &[ExportField]) -> impl Iterator<Item = &ExportField> {
    fields.iter().filter(|field| field.kind == Kind::Integer && !field.values.is_empty())
}

fn load_r(found: &[(ExportUnit, ExportFormat)]) -> String {
    let mut text = "# Loads the tables of this folder, with labels of variables and values.\n\
                    # In R: source(\"load.R\", chdir = TRUE)\n"
        .to_string();
    for (unit, format) in found {
        let (name, file) = (object(*unit), quoted(&format!("{}.{}", unit.name(), format.name())));
        let read = match format {
            ExportFormat::Csv => format!("utils::read.csv({file}, na.strings = \"\", encoding = \"UTF-8\")"),
            ExportFormat::Dta => format!("haven::read_dta({file})"),
            ExportFormat::Parquet => format!("as.data.frame(arrow::read_parquet({file}))"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n# One row is one {}.\n{name} <- {read}", unit.name());
        if *format == ExportFormat::Dta {
            continue;
        }
        let fields = fields(*unit);
        for field in &fields {
            let _ = writeln!(text, "attr({name}${}, \"label\") <- {}", field.name, quoted(&field.label));
        }
        for field in labelled(&fields) {
            let values: Vec<String> = field.values.iter().map(|(value, label)| format!("{} = {value}", quoted(label))).collect();
            let _ = writeln!(text, "attr({name}${}, \"labels\") <- c({})", field.name, values.join(", "));
        }
    }
    text
}

fn load_do(found: &[(ExportUnit, ExportFormat)]) -> String {
    let mut text = "* Loads the tables of this folder, each into a frame of its own (Stata 16 or later), with labels.\n\
                    * In Stata, from this folder: do load.do\n\
                    * Then: frame change NAME\n"
        .to_string();
    for (unit, format) in found {
        let (name, file) = (object(*unit), quoted(&format!("{}.{}", unit.name(), format.name())));
        let read = match format {
            ExportFormat::Csv => format!("import delimited {file}, clear case(preserve) encoding(\"UTF-8\")"),
            _ => format!("use {file}, clear"),
        };
        let _ = writeln!(text, "\n* One row is one {}.\ncapture frame create {name}\nframe {name} {{\n    {read}", unit.name());
        if *format == ExportFormat::Csv {
            let fields = fields(*unit);
            for field in &fields {
                let _ = writeln!(text, "    label variable {} {}", field.name, quoted(&field.label));
            }
            for field in labelled(&fields) {
                let values: Vec<String> =
                    field.values.iter().map(|(value, label)| format!("{value} {}", quoted(label))).collect();
                let _ =
                    writeln!(text, "    label define {0} {1}, replace\n    label values {0} {0}", field.name, values.join(" "));
            }
        }
        text.push_str("}\n");
    }
    text
}
