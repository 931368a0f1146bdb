//! `spiral validate`.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::{Changes, Histories, Json, Seed, Threads, whole};
use crate::call::Call;
use crate::failure::Failure;
use crate::validate;

/// Compare a scenario with history: skill scores and figures
#[derive(Debug, Args)]
#[command(mut_arg("histories", |histories| histories.value_parser(whole(2_u32..=100_000))))]
pub(crate) struct Validate {
    /// Built-in name or path; of a file with members, each in turn
    pub(crate) scenario: String,
    /// Your National Material Capabilities file: shares of spending are scored too
    #[arg(long, value_name = "FILE")]
    pub(crate) nmc: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) histories: Histories,
    #[command(flatten)]
    pub(crate) seed: Seed,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Write validation.json and figures/ into this new directory
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

impl Validate {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        validate::validate(self, call.console)
    }
}
