//! `spiral scenarios`.

use clap::Args;

use crate::arguments::Json;
use crate::call::Call;
use crate::failure::Failure;
use crate::listing;

/// List the built-in scenarios and the question of each
#[derive(Debug, Args)]
pub(crate) struct Scenarios {
    #[command(flatten)]
    pub(crate) json: Json,
}

impl Scenarios {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        listing::scenarios(self, call.console)
    }
}
