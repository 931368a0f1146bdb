//! `spiral ensemble`.

use clap::Args;

use crate::arguments::{Changes, Sampling};
use crate::call::Call;
use crate::directory;
use crate::failure::Failure;
use crate::terminal::progress::Bar;
use crate::terminal::summary;

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
        let directory = directory::of_scenarios("ensemble", &[&self.scenario], &self.sampling, &self.changes)?;
        let results = Bar::during(call.console, |bar| {
            spiral_results::ensemble(&self.scenario, &self.sampling.options(directory.clone(), &self.changes, bar))
        })?;
        summary::print(&results, &self.sampling, &self.changes, &directory, call.console)
    }
}
