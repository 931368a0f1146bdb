//! `spiral calibrate`.

use std::path::Path;

use clap::Args;

use crate::arguments::{InPlaceOfTheFile, Keeping};
use crate::call::Call;
use crate::directory;
use crate::failure::Failure;
use crate::terminal::progress::Bar;
use crate::terminal::{calibration, together};

/// Fit numbers of a scenario to observed targets, and test the fit on others
#[derive(Debug, Args)]
pub(crate) struct Calibrate {
    /// Path of the calibration file. Several files, which fit the same numbers to
    /// different targets, are set side by side
    #[arg(value_name = "CALIBRATION.ron", required = true)]
    pub(crate) files: Vec<String>,
    #[command(flatten)]
    pub(crate) in_place: InPlaceOfTheFile,
    #[command(flatten)]
    pub(crate) keeping: Keeping,
}

impl Calibrate {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let (first, more) = self.files.split_first().ok_or_else(|| Failure::Usage("no calibration file is named".to_string()))?;
        let others = more.iter().filter_map(|file| Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        let directory = directory::of_file("calibrate", first, &self.in_place, others.collect(), &self.keeping)?;
        let json = self.keeping.json.asked;
        if more.is_empty() {
            let results = Bar::during(call.console, |bar| {
                spiral_results::calibrate(first, &self.in_place.options(self.keeping.options(directory.clone(), bar)))
            })?;
            return calibration::print(&results, &directory, json, call.console);
        }
        let results = Bar::during(call.console, |bar| {
            let options = self.in_place.options(self.keeping.options(directory.clone(), bar));
            spiral_results::calibrate_together(&self.files, &options)
        })?;
        together::print(&results, &directory, json, call.console)
    }
}
