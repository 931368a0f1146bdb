//! `spiral shard`.

use std::path::PathBuf;

use clap::Args;
use spiral_results::Options;

use crate::arguments::{COUNT, InPlaceOfTheFile, Json, NUMBER, Panel, Resume, Rows, Threads, whole};
use crate::array_index;
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::progress::Bar;

/// Simulate one part of a study, as one machine of a cluster does
#[derive(Debug, Args)]
pub(crate) struct Shard {
    /// Path of a study file, or directory of a study of any kind
    #[arg(value_name = "PLAN")]
    pub(crate) plan: String,
    /// Number of this shard, from 0; `auto` takes the number of the task from the batch system
    #[arg(long, value_name = "I", allow_negative_numbers = true, value_parser = index)]
    pub(crate) index: Index,
    /// Number of shards
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(COUNT))]
    pub(crate) of: u32,
    #[command(flatten)]
    pub(crate) in_place: InPlaceOfTheFile,
    #[command(flatten)]
    pub(crate) panel: Panel,
    #[command(flatten)]
    pub(crate) rows: Rows,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Directory of the shard; `{index}` in it stands for the number of the shard
    #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) resume: Resume,
    /// Print what the shard would simulate, and simulate nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Which shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    /// This one.
    Number(u32),
    /// The task that the batch system says this is.
    Auto,
}

fn index(text: &str) -> Result<Index, String> {
    if text == "auto" {
        return Ok(Index::Auto);
    }
    whole(NUMBER)(text).map(Index::Number).map_err(|error| format!("{error}, or auto"))
}

impl Shard {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let index = match self.index {
            Index::Number(index) => index,
            Index::Auto => array_index::task(&|name| std::env::var(name).ok()).map_err(Failure::Usage)?,
        };
        let shard = spiral_results::Shard { index, of: self.of };
        if self.dry_run {
            return self.outline(shard, call);
        }
        if self.json.asked {
            return Err(Failure::Usage("--json belongs to --dry-run: a shard has no results of its own".to_string()));
        }
        let out = directory(self.out.clone().unwrap_or_default(), index);
        Bar::during(call.console, |bar| {
            let options = Options {
                threads: self.threads.number,
                directory: Some(out.clone()),
                resume: self.resume.asked,
                panel: self.panel.options(),
                rows: self.rows.options(),
                progress: bar,
                ..Options::default()
            };
            spiral_results::shard(&self.plan, shard, &self.in_place.options(options))
        })?;
        if call.console.quiet {
            return Ok(());
        }
        let (of, out) = (self.of, out.display());
        let next = format!("spiral merge, with all {of} directories and --out DIR");
        call.console.print(&format!("Shard {index} of {of} is done: {out}\nNext   {next}"))
    }

    fn outline(&self, shard: spiral_results::Shard, call: &Call<'_>) -> Result<(), Failure> {
        let rows = self.rows.options();
        let options = self.in_place.options(Options { panel: self.panel.options(), rows, ..Options::default() });
        let outline = spiral_results::shard_outline(&self.plan, Some(shard), &options)?;
        if self.json.asked {
            return call.console.print_json(&outline);
        }
        let Some(work) = &outline.shard else { return Ok(()) };
        let mut lines = vec![format!(
            "Shard {} of {} has {} of {} histories, in {} parts; at most {} shards are of use",
            work.index,
            work.of,
            work.histories,
            outline.histories,
            work.parts.len(),
            outline.most_shards
        )];
        lines.extend(work.parts.iter().map(|part| {
            let last = part.first + part.histories - 1;
            format!("  point {}, histories {} to {last}", part.point, part.first)
        }));
        call.console.print(&lines.join("\n"))
    }
}

/// The directory of a shard, whose number replaces `{index}`.
fn directory(out: PathBuf, index: u32) -> PathBuf {
    match out.to_str() {
        Some(text) if text.contains("{index}") => PathBuf::from(text.replace("{index}", &format!("{index:04}"))),
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_the_shard_stands_in_its_directory() {
        assert_eq!(directory(PathBuf::from("shards/{index}"), 7), PathBuf::from("shards/0007"));
        assert_eq!(directory(PathBuf::from("shards/seven"), 7), PathBuf::from("shards/seven"));
        assert_eq!((index("auto"), index("7")), (Ok(Index::Auto), Ok(Index::Number(7))));
        assert_eq!(index("x"), Err("write a whole number from 0 to 4294967295, in digits, or auto".to_string()));
    }
}
