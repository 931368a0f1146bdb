//! The step of the model, as `spiral show --schedule` prints it.

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};
use spiral_model::Simulation;
use spiral_model::step::Step;
use spiral_results::{World, mechanism};

use super::console::Console;
use crate::failure::Failure;

/// The step as it runs: each system with its phase, its mechanism, what it writes and reads.
pub(crate) fn print(worlds: &[World], as_json: bool, console: Console) -> Result<(), Failure> {
    let steps: Vec<(&str, Vec<Step>)> =
        worlds.iter().map(|world| (world.scenario.name.as_str(), Simulation::<1>::new(&world.scenario.setup).steps())).collect();
    if as_json {
        let json = |(name, steps): &(&str, Vec<Step>)| json!({ "scenario": name, "steps": steps.iter().map(step_json).collect::<Vec<_>>() });
        return console.print_json(&steps.iter().map(json).collect::<Vec<Value>>());
    }
    let mut parts = Vec::new();
    for (name, systems) in &steps {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(["", "phase", "system", "mechanism", "equation", "writes", "reads"]);
        if console.terminal {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(console.columns as u16);
        }
        for (position, step) in systems.iter().enumerate() {
            let entry = mechanism(step);
            let list = |names: &[String]| if step.exclusive { "anything".to_string() } else { names.join(" ") };
            table.add_row([
                (position + 1).to_string(),
                format!("{:?}", step.phase),
                step.system.replace('_', " "),
                entry.map_or_else(|| format!("({})", step.file), |entry| entry.name.to_string()),
                entry.map_or("", |entry| entry.equation).to_string(),
                list(&step.writes),
                list(&step.reads),
            ]);
        }
        parts.push(format!("{}\n{}", console.bold(&format!("One tick of {name}")), table.trim_fmt()));
    }
    console.print(&parts.join("\n\n"))
}

fn step_json(step: &Step) -> Value {
    json!({
        "phase": format!("{:?}", step.phase),
        "system": step.system,
        "mechanism": mechanism(step).map(|entry| entry.name),
        "equation": mechanism(step).map(|entry| entry.equation),
        "file": step.file,
        "reads": step.reads,
        "writes": step.writes,
        "exclusive": step.exclusive,
    })
}
