//! `spiral calibrate`.

use clap::Args;

use crate::arguments::{InPlaceOfTheFile, Keeping};
use crate::calibrate;
use crate::call::Call;
use crate::failure::Failure;

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
        calibrate::calibrate(&self.file, &self.in_place, &self.keeping, call)
    }
}
