//! `spiral replay`.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::{Json, NUMBER, whole};
use crate::call::Call;
use crate::failure::Failure;
use crate::replay;

/// Simulate one history of a study again, bit for bit, and print it as a text
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// Directory of the study, finished or not
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// Number of the history
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = whole(NUMBER))]
    pub(crate) history: u32,
    /// Number of the point
    #[arg(long, value_name = "P", allow_negative_numbers = true, default_value_t = 0, value_parser = whole(NUMBER))]
    pub(crate) point: u32,
    /// Print every crisis one by one, also those that did not come near to war
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

impl Replay {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        replay::replay(self, call.console)
    }
}
