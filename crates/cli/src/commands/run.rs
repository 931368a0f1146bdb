//! `spiral run`.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::{Changes, Json, NUMBER, Seed, Threads, whole};
use crate::call::Call;
use crate::failure::Failure;
use crate::tell;

/// Simulate one history and print it as a dated text, with a chart of its arms race
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Built-in name or path; of a file with members, one history of each
    pub(crate) scenario: String,
    /// Number of the history, as in the tables of an ensemble with the same seed
    #[arg(long, value_name = "K", allow_negative_numbers = true, default_value_t = 0, value_parser = whole(NUMBER))]
    pub(crate) history: u32,
    #[command(flatten)]
    pub(crate) seed: Seed,
    /// Print every crisis one by one, also those that did not come near to war
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) json: Json,
    /// Write chronicle.txt, history.json and events.csv into this new directory
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) threads: Threads,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

impl Run {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        tell::run(self, call.console)
    }
}
