//! `spiral compare`.

use clap::Args;

use crate::arguments::{Changes, Sampling};
use crate::call::Call;
use crate::directory;
use crate::failure::Failure;
use crate::terminal::progress::Bar;
use crate::terminal::summary;

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
        let names: Vec<&str> = self.scenarios.iter().map(String::as_str).collect();
        let directory = directory::of_scenarios("compare", &names, &self.sampling, &self.changes)?;
        let results = Bar::during(call.console, |bar| {
            spiral_results::compare(&names, &self.sampling.options(directory.clone(), &self.changes, bar))
        })?;
        summary::print(&results, &self.sampling, &self.changes, &directory, call.console)
    }
}
