//! Numbers of a scenario that are fitted to targets, and what was held out: what `spiral calibrate` reports.

use std::path::Path;

use spiral_analysis::calibration::Calibration;
use spiral_figures::Figure;
use spiral_scenario::CalibrationFile;
use spiral_study::{Calibrating, KeptHistories, Study, known_measures};

use crate::options::Options;
use crate::written::Results;
use crate::{Continuation, Error, files, page};

/// Most bytes that the curves of one candidate's histories may take.
const MOST_BYTES: u64 = 500_000_000;

/// Fits numbers of a scenario to the targets of a calibration file, and scores what the file holds out. The search keeps its candidates
/// in [`Options::directory`].
///
/// # Errors
/// The file is not a calibration; there is no directory, or it holds something else; the work was interrupted.
pub fn calibrate(file: &str, options: &Options<'_>) -> Result<Calibration, Error> {
    let Some(directory) = &options.directory else {
        return Err(Error::request("a calibration needs a directory for its candidates"));
    };
    let progress = options.progress;
    let file = CalibrationFile::load(file, &known_measures(), options.histories, options.seed)?;
    if let Some(large) = file.worlds.iter().find(|world| KeptHistories::bytes(&world.base.setup, file.histories) > MOST_BYTES) {
        let message = format!("the histories of {} do not fit into memory: use fewer with -n", large.base.name);
        return Err(Error::Request(message));
    }
    progress.begin((u64::from(file.budget) + 2) * u64::from(file.histories) * file.worlds.len() as u64);
    let searched = match options.on_threads(|| spiral_study::calibrate(&file, directory, options.resume, progress))?? {
        Calibrating::Interrupted { done } => {
            let kept = format!("{done} of at most {} candidates are kept in {}", file.budget, directory.display());
            return Err(Error::Interrupted { kept, next: Continuation::Resume });
        }
        Calibrating::Complete => {
            if !directory.join(files::PAGE).exists() {
                page::write(directory, Study::open(directory)?.manifest())?;
            }
            if options.csv {
                spiral_study::calibration_csv(directory)?;
            }
            return stored(directory);
        }
        Calibrating::Searched(searched) => searched,
    };
    progress.stage("drawing");
    searched.write_tables(options.csv)?;
    files::write_json(directory, files::CALIBRATION, &searched.result)?;
    spiral_figures::write(&searched.result.figures()?, directory)?;
    let found = searched.result.clone();
    searched.complete()?;
    page::write(directory, Study::open(directory)?.manifest())?;
    Ok(found)
}

/// Reads the results of a calibration from its directory.
pub(crate) fn stored(directory: &Path) -> Result<Calibration, Error> {
    files::json(&directory.join(files::CALIBRATION))
}

impl Results for Calibration {
    fn figures(&self) -> Result<Vec<Figure>, Error> {
        Ok(spiral_figures::calibration(self))
    }

    /// Its files are written before the calibration counts as finished, so nothing is left to write.
    fn write(&self, _: &Path, _: bool) -> Result<(), Error> {
        Ok(())
    }
}
