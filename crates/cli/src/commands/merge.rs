//! `spiral merge`.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::{Csv, Json};
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::progress::Bar;
use crate::terminal::results;

/// Join the parts of a study
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// Directories of the shards, or a directory that holds them; they are not changed
    #[arg(required = true, num_args = 1.., value_name = "DIR")]
    pub(crate) shards: Vec<PathBuf>,
    /// Directory of the whole study
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(flatten)]
    pub(crate) csv: Csv,
}

impl Merge {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let report = Bar::during(call.console, |bar| spiral_results::merge(&self.shards, &self.out, self.csv.asked, bar))?;
        results::print(&report, self.json.asked, call.console)
    }
}
