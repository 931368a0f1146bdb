//! `spiral replay`.

use std::panic::catch_unwind;
use std::path::PathBuf;

use clap::Args;
use spiral_results::histories_json;

use crate::arguments::{Json, NUMBER, whole};
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::chronicle;

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
        let replayed = catch_unwind(|| spiral_results::replay(&self.directory, self.point, self.history, self.all));
        let stopped = "the simulator panicked in this history; the message above says where";
        let histories = [replayed.map_err(|_| Failure::Check(stopped.to_string()))??];
        if self.json.asked {
            return call.console.print_json(&histories_json(&histories));
        }
        call.console.print(&chronicle::text(&histories, call.console))
    }
}
