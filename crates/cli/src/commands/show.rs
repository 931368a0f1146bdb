//! `spiral show`.

use clap::Args;
use serde_json::{Value, json};
use spiral_results::{World, worlds};
use spiral_scenario::{ResolvedRow, resolved};

use crate::arguments::{Changes, Json};
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::{numbers, schedule};

/// Print every number of a scenario: value, unit, meaning and source
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Built-in name or path; of a file with members, all are shown
    pub(crate) scenario: String,
    /// Only numbers whose path begins so, such as `technology` or `states.GER`
    pub(crate) path: Option<String>,
    /// Print instead the step of the model: its systems in the order in which they run
    #[arg(long)]
    pub(crate) schedule: bool,
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

impl Show {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let console = call.console;
        let worlds = worlds(&self.scenario, &self.changes.overrides())?;
        if self.schedule {
            return schedule::print(&worlds, self.json.asked, console);
        }
        let prefix = self.path.as_deref().unwrap_or_default();
        let mut shown = Vec::new();
        for world in &worlds {
            let rows: Vec<ResolvedRow> = resolved(&world.scenario).into_iter().filter(|row| matches(&row.path, prefix)).collect();
            if rows.is_empty() {
                return Err(nothing_there(world, prefix));
            }
            shown.push((world, rows));
        }
        if self.json.asked {
            let values: Vec<Value> = shown
                .iter()
                .map(|(world, rows)| json!({ "scenario": world.scenario.name, "values": rows.iter().map(numbers::row_json).collect::<Vec<_>>() }))
                .collect();
            return console.print_json(&values);
        }
        let parts: Vec<String> = shown
            .iter()
            .map(|(world, rows)| format!("{}\n{}", numbers::header(world, console), numbers::table(rows, console)))
            .collect();
        console.print(&parts.join("\n\n"))
    }
}

/// Whether a path is the prefix or lies under it.
fn matches(path: &str, prefix: &str) -> bool {
    prefix.is_empty()
        || path.strip_prefix(prefix.trim_end_matches('.')).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn nothing_there(world: &World, prefix: &str) -> Failure {
    let mut groups: Vec<String> = Vec::new();
    for row in resolved(&world.scenario) {
        let group = row.path.split('.').next().unwrap_or_default().to_string();
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    Failure::Usage(format!("{} has no number under `{prefix}`\n  = it has: {}", world.scenario.name, groups.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_at_a_dot() {
        assert!(matches("technology.balance", "technology"));
        assert!(matches("technology.balance", "technology.balance"));
        assert!(matches("technology.balance", "technology."));
        assert!(!matches("technology.balance", "tech"));
        assert!(matches("anything", ""));
    }
}
