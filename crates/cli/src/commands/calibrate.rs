//! `spiral calibrate`.

use clap::Args;

use crate::arguments::{InPlaceOfTheFile, Keeping};
use crate::call::Call;
use crate::directory;
use crate::failure::Failure;
use crate::terminal::calibration;
use crate::terminal::progress::Bar;

/// Fit numbers of a scenario to observed targets, and test the fit on others
#[derive(Debug, Args)]
pub(crate) struct Calibrate {
    /// Path of the calibration file
    #[arg(value_name = "CALIBRATION.ron")]
    pub(crate) file: String,
    #[command(flatten)]
    pub(crate) in_place: InPlaceOfTheFile,
    #[command(flatten)]
    pub(crate) keeping: Keeping,
}

impl Calibrate {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let directory = directory::of_file("calibrate", &self.file, &self.in_place, Vec::new(), &self.keeping)?;
        let results = Bar::during(call.console, |bar| {
            spiral_results::calibrate(&self.file, &self.in_place.options(self.keeping.options(directory.clone(), bar)))
        })?;
        calibration::print(&results, &directory, self.keeping.json.asked, call.console)
    }
}
