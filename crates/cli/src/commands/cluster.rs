//! `spiral cluster`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use spiral_results::{Options, quoted, ranges};

use crate::arguments::{COUNT, InPlaceOfTheFile, Json, NUMBER, Rows, whole};
use crate::batch_script::{Engine, Job, script};
use crate::call::Call;
use crate::failure::Failure;

/// Most tasks of an array: a limit that batch systems have. A shard may hold any number of parts.
const MOST_TASKS: u32 = 1000;

/// Print a script that runs a study on a cluster, or say what is missing
#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Cluster {
    #[command(subcommand)]
    pub(crate) what: What,
}

/// A batch system, or the state of the shards.
#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// A script for Slurm
    Slurm(Script),
    /// A script for OpenPBS and PBS Professional
    Pbs(Script),
    /// A script for Grid Engine
    Sge(Script),
    /// A script for LSF
    Lsf(Script),
    /// A submit description for HTCondor
    Htcondor(Script),
    /// A script for HyperQueue
    Hq(Script),
    /// An indexed job for Kubernetes
    Kubernetes(Script),
    /// A script for GNU parallel
    Parallel(Script),
    /// Which shards are done, not finished and missing
    Status(State),
}

/// What a script runs.
#[derive(Debug, Args)]
pub(crate) struct Script {
    /// Path of a study file, or directory of a study of any kind
    #[arg(value_name = "STUDY")]
    pub(crate) study: String,
    /// Number of shards, each of which is a task; at most 1000
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(1..=MOST_TASKS))]
    pub(crate) shards: u32,
    /// Only these shards, as `spiral cluster status` lists them: 3,7-9
    #[arg(long, value_name = "LIST")]
    pub(crate) only: Option<String>,
    #[command(flatten)]
    pub(crate) in_place: InPlaceOfTheFile,
    #[command(flatten)]
    pub(crate) rows: Rows,
    /// Number of threads of a task
    #[arg(long, value_name = "T", allow_negative_numbers = true, default_value_t = 4, value_parser = whole(1_usize..=4096))]
    pub(crate) threads: usize,
    /// Longest time of a task, in hours
    #[arg(long, value_name = "H", allow_negative_numbers = true, default_value_t = 4, value_parser = whole(COUNT))]
    pub(crate) hours: u32,
    /// Memory of a task, in gigabytes
    #[arg(long, value_name = "GB", allow_negative_numbers = true, default_value_t = 2, value_parser = whole(COUNT))]
    pub(crate) memory: u32,
    /// Directory of the directories of the shards
    #[arg(long, value_name = "DIR", default_value = "shards")]
    pub(crate) out: String,
}

/// Where the shards are.
#[derive(Debug, Args)]
pub(crate) struct State {
    /// Directory that holds the directories of the shards
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    #[command(flatten)]
    pub(crate) json: Json,
}

impl Cluster {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let (engine, arguments) = match &self.what {
            What::Slurm(script) => (Engine::Slurm, script),
            What::Pbs(script) => (Engine::Pbs, script),
            What::Sge(script) => (Engine::Sge, script),
            What::Lsf(script) => (Engine::Lsf, script),
            What::Htcondor(script) => (Engine::Htcondor, script),
            What::Hq(script) => (Engine::Hq, script),
            What::Kubernetes(script) => (Engine::Kubernetes, script),
            What::Parallel(script) => (Engine::Parallel, script),
            What::Status(state) => return state.run(call),
        };
        call.console.print(script(engine, &arguments.job()?).trim_end())
    }
}

impl Script {
    /// Checks that the study can be cut into so many shards, and puts the job together.
    fn job(&self) -> Result<Job, Failure> {
        let last = spiral_results::Shard { index: self.shards - 1, of: self.shards };
        let options = Options { rows: self.rows.options(), ..Options::default() };
        spiral_results::shard_outline(&self.study, Some(last), &self.in_place.options(options))?;
        let mut study = vec![self.study.clone()];
        study.extend(self.in_place.histories.iter().flat_map(|number| ["--histories".to_string(), number.to_string()]));
        study.extend(self.in_place.seed.iter().flat_map(|seed| ["--seed".to_string(), seed.to_string()]));
        study.extend(self.rows.kept.iter().flat_map(|rows| ["--rows".to_string(), rows.name().to_string()]));
        let only = self.only.as_deref().map_or_else(|| Ok(Vec::new()), |list| numbers(list, self.shards))?;
        let (shards, threads, hours) = (self.shards, self.threads, self.hours);
        Ok(Job { study, shards, only, threads, hours, memory_gb: self.memory, directory: self.out.clone() })
    }
}

/// The numbers of a list such as `3,7-9`, each below `shards`.
fn numbers(list: &str, shards: u32) -> Result<Vec<u32>, Failure> {
    let mut found = Vec::new();
    for word in list.split(',') {
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        let read = |text: &str| whole(NUMBER)(text.trim()).ok().filter(|number| *number < shards);
        match (read(first), read(last)) {
            (Some(first), Some(last)) if first <= last => found.extend(first..=last),
            _ => {
                let last = shards - 1;
                return Err(Failure::Usage(format!(
                    "--only has `{word}`: write numbers from 0 to {last}, or ranges, as in 3,7-9"
                )));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

impl State {
    fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let found = spiral_results::shards_in(&self.directory)?;
        let to_run = found.to_run();
        if self.json.asked {
            call.console.print_json(&found)?;
        } else {
            let unfinished: Vec<u32> = found.unfinished.keys().copied().collect();
            let line = |name: &str, numbers: &[u32]| match numbers {
                [] => format!("{name:<13} 0"),
                _ => format!("{name:<13} {:<6} {}", numbers.len(), ranges(numbers)),
            };
            let mut lines =
                vec![line("done", &found.complete), line("not finished", &unfinished), line("missing", &found.missing)];
            let place = quoted(&self.directory.to_string_lossy());
            lines.push(if to_run.is_empty() {
                format!("Next   spiral merge {place} --out whole")
            } else {
                format!("Next   spiral cluster ENGINE STUDY --shards {} --only {} --out {place}", found.of, ranges(&to_run))
            });
            call.console.print(&lines.join("\n"))?;
        }
        if to_run.is_empty() {
            return Ok(());
        }
        Err(Failure::Check(format!("{} of {} shards are still to be run", to_run.len(), found.of)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_shards_is_read() {
        assert_eq!(numbers("3,7-9,8", 10).ok(), Some(vec![3, 7, 8, 9]));
        for wrong in ["", "x", "10", "3-", "9-7", "3,,4"] {
            let told = numbers(wrong, 10).expect_err(wrong).to_string();
            assert!(told.contains("write numbers from 0 to 9"), "{told}");
        }
    }
}
