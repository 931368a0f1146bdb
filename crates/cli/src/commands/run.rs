//! `spiral run`.

use std::path::PathBuf;

use clap::Args;
use spiral_results::{Options, histories_json};

use crate::arguments::{Changes, Json, NUMBER, Seed, Threads, Uncertain, whole};
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::chronicle;
use crate::terminal::console::Console;
use crate::terminal::progress::Bar;

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
    #[command(flatten)]
    pub(crate) uncertain: Uncertain,
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
        let console = call.console;
        let bar = Bar::hidden(console);
        let options = Options {
            seed: Some(self.seed.number),
            threads: self.threads.number,
            directory: self.out.clone(),
            changes: self.changes.overrides(),
            uncertain: self.uncertain.asked,
            progress: &bar,
            ..Options::default()
        };
        let histories = spiral_results::history(&self.scenario, self.history, self.all, &options)?;
        if let Some(directory) = &self.out {
            let text = format!("{}\n", chronicle::text(&histories, Console::FILE).trim_end());
            spiral_results::write_histories(&histories, &text, directory)?;
        }
        if self.json.asked {
            return console.print_json(&histories_json(&histories));
        }
        console.print(&chronicle::text(&histories, console))?;
        match &self.out {
            Some(directory) if !console.quiet => {
                console.print(&format!("\nWritten: chronicle.txt, history.json and events.csv in {}", directory.display()))
            }
            _ => Ok(()),
        }
    }
}
