//! `spiral check`.

use clap::Args;

use crate::call::Call;
use crate::failure::Failure;
use crate::listing;

/// Check a scenario file
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Path of a scenario file, or the name of a built-in scenario
    pub(crate) file: String,
}

impl Check {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        listing::check(self, call.console)
    }
}
