//! `spiral odd`.

use clap::Args;

use crate::arguments::Changes;
use crate::call::Call;
use crate::failure::Failure;
use crate::odd;

/// Describe the model that would run, by the ODD protocol, as Markdown
#[derive(Debug, Args)]
pub(crate) struct Odd {
    /// Built-in name or path; of a file with members, each is described
    pub(crate) scenario: String,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

impl Odd {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        odd::odd(self, call.console)
    }
}
