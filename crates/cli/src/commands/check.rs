//! `spiral check`.

use clap::Args;
use spiral_results::{Overrides, worlds};

use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::console::wrapped;

/// Check a scenario file
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Path of a scenario file, or the name of a built-in scenario
    pub(crate) file: String,
}

impl Check {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let console = call.console;
        let worlds = worlds(&self.file, &Overrides::default())?;
        let mut lines = Vec::new();
        for world in &worlds {
            let scenario = &world.scenario;
            let setup = &scenario.setup;
            let bare = scenario.sources.iter().filter(|sourced| sourced.basis.is_bare()).count();
            let text = format!(
                "{} is valid: {} states, {} to {} in {} ticks; {} numbers from the file, {bare} of them without source or range; {} \
                 judgements, including those of defaults",
                scenario.name,
                setup.states.len(),
                setup.horizon.start,
                setup.horizon.end,
                setup.horizon.ticks(),
                scenario.sources.len(),
                scenario.judgements.len(),
            );
            lines.push(wrapped(&text, console.columns, "", "  "));
        }
        console.print(&lines.join("\n"))
    }
}
