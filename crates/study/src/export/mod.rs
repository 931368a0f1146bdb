//! Tables of a finished study for other programs: comma-separated, Stata or Parquet files whose columns have the names that users of
//! conflict data know, with labels, and scripts for R and Stata that load them.

mod loaders;
mod stata;
mod table;
mod units;

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Error, Manifest, PanelPeriod, Study};

use table::ExportTable;

/// Folder of the files within the directory of a study.
const FOLDER: &str = "export";

/// What a row of an exported file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportUnit {
    /// A history.
    History,
    /// An event of a history.
    Event,
    /// A state in a year of a history.
    StateYear,
    /// A pair of states in a year of a history.
    DyadYear,
}

impl ExportUnit {
    /// Every unit.
    pub const ALL: [Self; 4] = [Self::History, Self::Event, Self::StateYear, Self::DyadYear];

    /// Its name on the command line and of its files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Event => "event",
            Self::StateYear => "state-year",
            Self::DyadYear => "dyad-year",
        }
    }
}

/// Kind of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated text.
    Csv,
    /// Stata, format 118 (Stata 14 and later).
    Dta,
    /// Parquet.
    Parquet,
}

impl ExportFormat {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Dta, Self::Parquet];

    /// Its name on the command line, and the ending of its files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Dta => "dta",
            Self::Parquet => "parquet",
        }
    }
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The file.
    pub path: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// Its columns.
    pub columns: usize,
}

/// Writes a table of the finished study in `directory` into the folder `export` of that directory, over what an earlier call wrote there,
/// and the scripts `load.R` and `load.do` anew for all files in the folder.
///
/// # Errors
/// A directory without a finished study; a study without the rows that are asked for; what the file system refuses.
pub fn export(directory: &Path, unit: ExportUnit, to: ExportFormat) -> Result<Exported, Error> {
    let study = Study::open(directory)?;
    holds(study.manifest(), directory, unit)?;
    let table = ExportTable::new(directory, unit)?;
    let folder = directory.join(FOLDER);
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    let file = format!("{}.{}", unit.name(), to.name());
    let rows = match to {
        ExportFormat::Csv => table.write_csv(&folder, &file)?,
        ExportFormat::Dta => stata::write(&table, &folder, &file)?,
        ExportFormat::Parquet => table.write_parquet(&folder, &file)?,
    };
    loaders::write(&folder)?;
    Ok(Exported { path: folder.join(file), rows, columns: table.fields.len() })
}

/// Refuses a unit of which the study has no rows.
fn holds(manifest: &Manifest, directory: &Path, unit: ExportUnit) -> Result<(), Error> {
    let place = directory.display();
    let kind = manifest.kind;
    if matches!(unit, ExportUnit::History | ExportUnit::Event) {
        if manifest.rows.is_all() {
            return Ok(());
        }
        let unit = unit.name();
        let reason = format!(
            "{place} was made with --rows none and holds no rows of histories, which {unit} needs: run `spiral {kind}` again without it and \
             with another --out"
        );
        return Err(Error::Plan { reason });
    }
    let reason = match manifest.panel {
        None => format!(
            "{place} holds no rows of states and dyads, which {} needs: run `spiral {kind}` again with --panel N (or --panel all) and another \
             --out",
            unit.name()
        ),
        Some(panel) if panel.by == PanelPeriod::Tick => format!(
            "the rows of states and dyads in {place} are by tick, and {} needs them by year: run `spiral {kind}` again with --panel-by year \
             and another --out",
            unit.name()
        ),
        Some(_) => return Ok(()),
    };
    Err(Error::Plan { reason })
}

#[cfg(test)]
mod tests;
