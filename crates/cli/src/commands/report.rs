//! `spiral report`.

use clap::Args;

use crate::arguments::Finished;
use crate::call::Call;
use crate::failure::Failure;
use crate::reports;

/// Write report.html: all results of a study in one file
#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) study: Finished,
}

impl Report {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        reports::report(&self.study, call.console)
    }
}
