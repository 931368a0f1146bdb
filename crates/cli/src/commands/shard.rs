//! `spiral shard`.

use std::path::PathBuf;

use clap::Args;
use spiral_results::Options;

use crate::arguments::{COUNT, InPlaceOfTheFile, NUMBER, Panel, Resume, Threads, whole};
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::progress::Bar;

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
    pub(crate) panel: Panel,
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
        let shard = spiral_results::Shard { index: self.index, of: self.of };
        Bar::during(call.console, |bar| {
            let options = Options {
                threads: self.threads.number,
                directory: Some(self.out.clone()),
                resume: self.resume.asked,
                panel: self.panel.options(),
                progress: bar,
                ..Options::default()
            };
            spiral_results::shard(&self.plan, shard, &self.in_place.options(options))
        })?;
        if call.console.quiet {
            return Ok(());
        }
        let (index, of, out) = (self.index, self.of, self.out.display());
        let next = format!("spiral merge, with all {of} directories and --out DIR");
        call.console.print(&format!("Shard {index} of {of} is done: {out}\nNext   {next}"))
    }
}
