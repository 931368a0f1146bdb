//! `spiral scenarios`.

use clap::Args;
use serde_json::{Value, json};
use spiral_scenario::catalogue;

use crate::arguments::Json;
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::console::wrapped;

/// List the built-in scenarios and the question of each
#[derive(Debug, Args)]
pub(crate) struct Scenarios {
    #[command(flatten)]
    pub(crate) json: Json,
}

impl Scenarios {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let console = call.console;
        let entries = catalogue();
        if self.json.asked {
            let list =
                entries.iter().map(|entry| json!({ "name": entry.name, "question": entry.question, "members": entry.members, "variants": entry.variants }));
            return console.print_json(&list.collect::<Vec<Value>>());
        }
        let mut lines = Vec::new();
        for entry in entries {
            lines.push(console.bold(entry.name));
            lines.push(wrapped(&entry.question, console.columns, "  ", "  "));
            for (what, names) in [("members", &entry.members), ("variants", &entry.variants)] {
                if !names.is_empty() {
                    let names: Vec<String> = names.iter().map(|name| format!("{}/{name}", entry.name)).collect();
                    lines.push(wrapped(&format!("{what}: {}", names.join(", ")), console.columns, "  ", "  "));
                }
            }
        }
        if !console.quiet {
            let next = "spiral run NAME prints one history; spiral show NAME lists every number and its source.";
            lines.push(format!("\n{}", wrapped(next, console.columns, "", "")));
        }
        console.print(&lines.join("\n"))
    }
}
