//! `spiral figures`.

use clap::Args;

use crate::arguments::Finished;
use crate::call::Call;
use crate::failure::Failure;
use crate::reports;

/// Draw the figures of a study again
#[derive(Debug, Args)]
pub(crate) struct Figures {
    #[command(flatten)]
    pub(crate) study: Finished,
}

impl Figures {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        reports::figures(&self.study, call.console)
    }
}
