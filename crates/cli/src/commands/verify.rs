//! `spiral verify`.

use clap::Args;

use crate::arguments::Json;
use crate::call::Call;
use crate::failure::Failure;
use crate::verify;

/// Compare the simulator with closed forms, whose answers are known
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) json: Json,
}

impl Verify {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        verify::verify(self, call.console)
    }
}
