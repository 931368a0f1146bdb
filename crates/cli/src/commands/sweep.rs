//! `spiral sweep`.

use clap::Args;

use crate::arguments::{InPlaceOfTheFile, Keeping};
use crate::call::Call;
use crate::failure::Failure;
use crate::sweep;

/// Simulate a designed study: parameters, mechanisms, interventions
#[derive(Debug, Args)]
pub(crate) struct Sweep {
    /// Path of the study file
    #[arg(value_name = "STUDY.ron")]
    pub(crate) file: String,
    #[command(flatten)]
    pub(crate) in_place: InPlaceOfTheFile,
    #[command(flatten)]
    pub(crate) keeping: Keeping,
}

impl Sweep {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        sweep::sweep(&self.file, &self.in_place, &self.keeping, false, call)
    }
}
