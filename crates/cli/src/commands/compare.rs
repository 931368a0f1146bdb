//! `spiral compare`.

use clap::Args;

use crate::arguments::{Changes, Sampling};
use crate::call::Call;
use crate::failure::Failure;
use crate::studies;

/// Compare scenarios on the same random draws, with intervals
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// Built-in names or paths; all later ones are compared with the first
    #[arg(required = true, num_args = 1.., value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<String>,
    #[command(flatten)]
    pub(crate) sampling: Sampling,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

impl Compare {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        studies::compare(self, call.console, call.words)
    }
}
