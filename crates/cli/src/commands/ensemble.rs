//! `spiral ensemble`.

use clap::Args;

use crate::arguments::{Changes, Sampling};
use crate::call::Call;
use crate::failure::Failure;
use crate::studies;

/// Simulate many histories of a scenario: tables, summary, figures
#[derive(Debug, Args)]
pub(crate) struct Ensemble {
    /// Built-in name or path; of a file with members, each is simulated
    pub(crate) scenario: String,
    #[command(flatten)]
    pub(crate) sampling: Sampling,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

impl Ensemble {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        studies::ensemble(self, call.console, call.words)
    }
}
