//! `spiral scenarios`, `show` and `check`.

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};
use spiral_model::Simulation;
use spiral_model::mechanisms::{Entry, REGISTRY};
use spiral_model::step::Step;
use spiral_scenario::{Origin, ResolvedRow, catalogue, resolved};

use crate::arguments::Changes;
use crate::commands::check::Check;
use crate::commands::scenarios::Scenarios as Listing;
use crate::commands::show::Show;
use crate::console::{Console, wrapped};
use crate::dates;
use crate::failure::Failure;
use crate::worlds::{self, World};

pub(crate) fn scenarios(arguments: &Listing, console: Console) -> Result<(), Failure> {
    let entries = catalogue();
    if arguments.json.asked {
        let list =
            entries.iter().map(|entry| json!({ "name": entry.name, "question": entry.question, "members": entry.members }));
        return console.print_json(&list.collect::<Vec<Value>>());
    }
    let mut lines = Vec::new();
    for entry in &entries {
        lines.push(console.bold(entry.name));
        lines.push(wrapped(&entry.question, console.columns, "  ", "  "));
        if !entry.members.is_empty() {
            let members: Vec<String> = entry.members.iter().map(|member| format!("{}/{member}", entry.name)).collect();
            lines.push(wrapped(&format!("members: {}", members.join(", ")), console.columns, "  ", "  "));
        }
    }
    if !console.quiet {
        let next = "spiral run NAME tells one history; spiral show NAME lists every number and its source.";
        lines.push(format!("\n{}", wrapped(next, console.columns, "", "")));
    }
    console.print(&lines.join("\n"))
}

pub(crate) fn show(arguments: &Show, console: Console) -> Result<(), Failure> {
    let worlds = worlds::named(&arguments.scenario, &arguments.changes)?;
    if arguments.schedule {
        return show_schedule(&worlds, arguments.json.asked, console);
    }
    let prefix = arguments.path.as_deref().unwrap_or_default();
    let mut shown = Vec::new();
    for world in &worlds {
        let rows: Vec<ResolvedRow> = resolved(&world.scenario).into_iter().filter(|row| matches(&row.path, prefix)).collect();
        if rows.is_empty() {
            return Err(nothing_there(world, prefix));
        }
        shown.push((world, rows));
    }
    if arguments.json.asked {
        let values: Vec<Value> = shown
            .iter()
            .map(|(world, rows)| json!({ "scenario": world.scenario.name, "values": rows.iter().map(row_json).collect::<Vec<_>>() }))
            .collect();
        return console.print_json(&values);
    }
    let parts: Vec<String> =
        shown.iter().map(|(world, rows)| format!("{}\n{}", header(world, console), table(rows, console))).collect();
    console.print(&parts.join("\n\n"))
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

/// What is not a number: years, rules, what is switched off.
fn header(world: &World, console: Console) -> String {
    let scenario = &world.scenario;
    let setup = &scenario.setup;
    let mut lines = vec![console.bold(&scenario.name)];
    if !scenario.question.is_empty() {
        lines.push(wrapped(&scenario.question, console.columns, "", ""));
    }
    if let Some(look_at) = &scenario.look_at {
        lines.push(wrapped(look_at, console.columns, "Look at: ", "         "));
    }
    let named =
        |pairs: &[(&str, String)]| pairs.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(" · ");
    let rule =
        spiral_model::setup::ArmingRule::NAMES.iter().find(|(_, rule)| *rule == setup.arming_rule).map_or("", |(name, _)| name);
    let ending =
        spiral_model::setup::Ending::NAMES.iter().find(|(_, ending)| *ending == setup.ending).map_or("", |(name, _)| name);
    let rules = named(&[
        ("years", format!("{} to {}", setup.horizon.start, setup.horizon.end)),
        ("ticks a year", setup.horizon.ticks_per_year.to_string()),
        ("arming rule", rule.to_string()),
        ("ending", ending.to_string()),
    ]);
    lines.push(wrapped(&rules, console.columns, "", "  "));
    if !setup.without.is_empty() {
        let off: Vec<&str> = setup.without.iter().map(String::as_str).collect();
        lines.push(wrapped(&off.join(", "), console.columns, "Switched off: ", "  "));
    }
    lines.join("\n")
}

/// Columns of a terminal from which six cells stand beside each other without words being broken.
const WIDE: usize = 120;

/// On a wide terminal the cells are folded into its width, on a narrow one what is said of a number stands below it; in a pipe every
/// number is one line.
fn table(rows: &[ResolvedRow], console: Console) -> String {
    if console.terminal && console.columns < WIDE {
        return rows.iter().map(|row| paragraph(row, console)).collect::<Vec<_>>().join("\n");
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["path", "value", "unit", "symbol", "origin", "meaning"]);
    if console.terminal {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(console.columns as u16);
    }
    for row in rows {
        table.add_row([
            dated(row),
            row.value.clone(),
            row.unit.clone(),
            row.symbol.to_string(),
            origin(row),
            row.meaning.to_string(),
        ]);
    }
    table.trim_fmt()
}

/// A number with what it means and where it comes from, in lines of the terminal.
fn paragraph(row: &ResolvedRow, console: Console) -> String {
    let symbol = if row.symbol.is_empty() { String::new() } else { format!("({})", row.symbol) };
    // A plain number has no unit.
    let unit = if row.unit == "1" { "" } else { row.unit.as_str() };
    let value: Vec<&str> = [row.value.as_str(), unit, &symbol].into_iter().filter(|part| !part.is_empty()).collect();
    let below = [row.meaning.to_string(), origin(row)].into_iter().filter(|text| !text.is_empty());
    let mut lines = vec![wrapped(&format!("{}  {}", dated(row), value.join(" ")), console.columns, "", "    ")];
    lines.extend(below.map(|text| wrapped(&text, console.columns, "    ", "    ")));
    lines.join("\n")
}

/// The path of a number, with the date from which it holds.
fn dated(row: &ResolvedRow) -> String {
    row.date.map_or(row.path.clone(), |date| format!("{} from {}", row.path, dates::day(date)))
}

/// Where a number comes from, in words.
pub(crate) fn origin(row: &ResolvedRow) -> String {
    // A series is judged as a whole: the range is one of factors.
    let range = |low: f64, high: f64| {
        let times = if row.value.contains(" in ") { "times " } else { "" };
        format!("judgement, {times}{low} to {high}")
    };
    match &row.origin {
        Origin::Default => "default".to_string(),
        Origin::File => "the file, without a source".to_string(),
        Origin::Judgement { low, high, why } if why.is_empty() => range(*low, *high),
        Origin::Judgement { low, high, why } => format!("{}: {why}", range(*low, *high)),
        Origin::Source(source) => source.clone(),
        Origin::Capitals => "distance of the capitals".to_string(),
        Origin::Generated(basis) => basis.as_ref().map_or("made by generate".to_string(), |basis| format!("drawn: {basis}")),
        Origin::Set => "--set".to_string(),
    }
}

fn row_json(row: &ResolvedRow) -> Value {
    let origin = match &row.origin {
        Origin::Default => json!({ "kind": "default" }),
        Origin::File => json!({ "kind": "file" }),
        Origin::Judgement { low, high, why } => json!({ "kind": "judgement", "low": low, "high": high, "why": why }),
        Origin::Source(source) => json!({ "kind": "source", "source": source }),
        Origin::Capitals => json!({ "kind": "capitals" }),
        Origin::Generated(basis) => json!({ "kind": "generated", "basis": basis }),
        Origin::Set => json!({ "kind": "set" }),
    };
    json!({
        "path": row.path,
        "date": row.date,
        "value": row.value.parse::<f64>().map_or_else(|_| json!(row.value), |number| json!(number)),
        "unit": row.unit,
        "symbol": row.symbol,
        "meaning": row.meaning,
        "origin": origin,
    })
}

/// The step as it runs: each system with its phase, its mechanism, what it writes and reads.
fn show_schedule(worlds: &[World], as_json: bool, console: Console) -> Result<(), Failure> {
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

/// The mechanism that a system belongs to; none where every world needs it.
pub(crate) fn mechanism(step: &Step) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.name == step.file)
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

pub(crate) fn check(arguments: &Check, console: Console) -> Result<(), Failure> {
    let worlds = worlds::named(&arguments.file, &Changes { set: Vec::new(), without: Vec::new(), years: None })?;
    let mut lines = Vec::new();
    for world in &worlds {
        let scenario = &world.scenario;
        let setup = &scenario.setup;
        let bare = scenario.sources.iter().filter(|sourced| sourced.basis.is_bare()).count();
        let told = format!(
            "{} is valid: {} states, {} to {} in {} ticks; {} numbers from the file, {bare} of them without source or range; {} \
             judgements, those of defaults included",
            scenario.name,
            setup.states.len(),
            setup.horizon.start,
            setup.horizon.end,
            setup.horizon.ticks(),
            scenario.sources.len(),
            scenario.judgements.len(),
        );
        lines.push(wrapped(&told, console.columns, "", "  "));
    }
    console.print(&lines.join("\n"))
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

    /// Every number of a scenario with its value, what it means and where it comes from, in whole words.
    #[test]
    fn a_narrow_terminal_breaks_no_word() {
        let scenario =
            spiral_scenario::load("pre-wwi", &spiral_scenario::Overrides::default()).expect("a built-in scenario").remove(0);
        let rows = resolved(&scenario);
        for columns in [60, 80, 119] {
            let told = table(&rows, Console { colour: false, quiet: false, columns, terminal: true });
            let words: std::collections::BTreeSet<&str> = told.split_whitespace().collect();
            let missing = rows.iter().flat_map(|row| row.meaning.split_whitespace().chain([row.path.as_str()]));
            let missing: Vec<&str> = missing.filter(|word| !words.contains(word)).collect();
            assert!(missing.is_empty(), "{columns} columns: not in whole {missing:?}");
            let wide: Vec<&str> =
                told.lines().filter(|line| textwrap::core::display_width(line) > columns && line.trim().contains(' ')).collect();
            assert!(wide.is_empty(), "{columns} columns: {wide:#?}");
        }
    }
}
