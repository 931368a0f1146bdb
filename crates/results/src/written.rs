//! Results as files: tables, JSON, figures, page.

use std::path::Path;

use spiral_figures::Figure;
use spiral_study::{Progress, Study};

use crate::options::Options;
use crate::{Continuation, Error, page};

/// The operations of all kinds of results.
pub trait Results {
    /// The figures, by name.
    ///
    /// # Errors
    /// Tables that cannot be read.
    fn figures(&self) -> Result<Vec<Figure>, Error>;

    /// Writes tables and JSON files into the directory of the study; with `csv` the tables as CSV too.
    ///
    /// # Errors
    /// What the file system refuses.
    fn write(&self, directory: &Path, csv: bool) -> Result<(), Error>;
}

/// Writes results that were just computed, where a directory is asked for, and gives them back.
pub(crate) fn ended<R: Results>(results: R, options: &Options<'_>) -> Result<R, Error> {
    if let Some(directory) = &options.directory {
        write(&results, directory, options.csv, options.progress)?;
    }
    Ok(results)
}

/// Writes everything that is made from results: files, figures, page. Returns how many figures there are.
pub(crate) fn write(results: &dyn Results, directory: &Path, csv: bool, progress: &dyn Progress) -> Result<usize, Error> {
    results.write(directory, csv)?;
    if progress.cancelled() {
        let kept = format!("the tables in {} are complete, its figures are not", directory.display());
        return Err(Error::Interrupted { kept, next: Continuation::Resume });
    }
    progress.stage("drawing");
    let figures = results.figures()?;
    spiral_figures::write(&figures, directory)?;
    page::write(directory, Study::open(directory)?.manifest())?;
    Ok(figures.len())
}
