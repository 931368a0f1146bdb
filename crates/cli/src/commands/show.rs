//! `spiral show`.

use clap::Args;

use crate::arguments::{Changes, Json};
use crate::call::Call;
use crate::failure::Failure;
use crate::listing;

/// Print every number of a scenario: value, unit, meaning and source
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Built-in name or path; of a file with members, all are shown
    pub(crate) scenario: String,
    /// Only numbers whose path begins so, such as `technology` or `states.GER`
    pub(crate) path: Option<String>,
    /// Print instead the step of the model: its systems in the order in which they run
    #[arg(long)]
    pub(crate) schedule: bool,
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

impl Show {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        listing::show(self, call.console)
    }
}
