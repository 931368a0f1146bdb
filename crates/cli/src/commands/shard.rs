//! `spiral shard`.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::{COUNT, InPlaceOfTheFile, NUMBER, Resume, Threads, whole};
use crate::call::Call;
use crate::failure::Failure;
use crate::shards;

/// Simulate one part of a study, as one machine of a cluster does
#[derive(Debug, Args)]
pub(crate) struct Shard {
    /// Path of a study file, or directory of a study of any kind
    #[arg(value_name = "PLAN")]
    pub(crate) plan: String,
    /// Number of this shard, from 0
    #[arg(long, value_name = "I", allow_negative_numbers = true, value_parser = whole(NUMBER))]
    pub(crate) index: u32,
    /// Number of shards
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(COUNT))]
    pub(crate) of: u32,
    #[command(flatten)]
    pub(crate) in_place: InPlaceOfTheFile,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Directory of the shard
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) resume: Resume,
}

impl Shard {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        shards::shard(self, call.console, call.words)
    }
}
