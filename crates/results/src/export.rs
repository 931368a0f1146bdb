//! The tables of a study in the form of other programs: what `spiral export` writes.

use std::path::Path;

use spiral_study::{ExportFormat, ExportUnit, Exported};

use crate::Error;

/// Writes the histories, events, state-years or dyad-years of a finished study as a file for R, Stata or pandas into the folder `export` of
/// its directory, with scripts that load every file that is there.
///
/// # Errors
/// A directory without a finished study; a unit that it does not hold; what the file system refuses.
pub fn export(directory: &Path, unit: ExportUnit, to: ExportFormat) -> Result<Exported, Error> {
    Ok(spiral_study::export(directory, unit, to)?)
}
