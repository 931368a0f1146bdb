//! `spiral compare`.

use clap::Args;
use spiral_results::Options;

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
    /// Leave out the palest band of the figures: 200 more histories of each scenario that draw their judgements
    #[arg(long, conflicts_with = "uncertain")]
    pub(crate) no_uncertain: bool,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

impl Compare {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let names: Vec<&str> = self.scenarios.iter().map(String::as_str).collect();
        let directory = directory::of_scenarios("compare", &names, &self.sampling, &self.changes)?;
        let results = Bar::during(call.console, |bar| {
            let options = self.sampling.options(directory.clone(), &self.changes, bar);
            spiral_results::compare(&names, &Options { judgement_band: !self.no_uncertain, ..options })
        })?;
        summary::print(&results, &self.sampling, &self.changes, &directory, call.console)
    }
}
