//! A summary as tables on a terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table};
use spiral_analysis::table::{Contrast, Measure, ScenarioSummary};
use spiral_analysis::{Summary, format_difference, format_estimate};

use crate::console::{Console, HEADED, wrapped};
use crate::worlds::World;

/// Measures of the first table, in its order, with shorter words where those of the analysis are long.
const MEASURES: &[(&str, &str)] = &[
    ("war", "War"),
    ("general_war", "General war"),
    ("median_first_war", "First war, median date"),
    ("median_general_war", "General war, median date"),
    ("preemption", "First wars from preemption"),
    ("prevention", "… from prevention"),
    ("predation", "… from predation"),
    ("accident", "… from accident"),
    ("great_powers_30d", "Great powers at war on day 30"),
    ("days_crisis_to_war", "Days from crisis to war"),
    ("days_crisis_to_general_war", "Days from crisis to general war"),
    ("crises", "Crises in a history"),
    ("great_power_crisis_rate", "Crises of two great powers, a dyad"),
    ("peak_burden", "Largest burden before war"),
    ("spiral_rate", "Arms growth beyond output's"),
    ("entrapments", "Allies drawn in, in a history"),
    ("abandonments", "Allies that stayed out"),
    ("inert", "Histories where nothing happens"),
];

/// First pairs told of each scenario.
const PAIRS: usize = 3;

/// The tables of a study: every scenario, then every contrast, then who fought first.
pub(crate) fn summary(summary: &Summary, worlds: &[World], console: Console) -> String {
    let mut parts = vec![scenarios(summary, console)];
    if !summary.contrasts.is_empty() {
        parts.push(contrasts(summary, console));
    }
    parts.push(first_pairs(summary, worlds, console));
    parts.join("\n\n")
}

fn empty(header: Vec<String>, console: Console) -> Table {
    let mut table = Table::new();
    table.load_style(HEADED).set_header(header);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(console.columns as u16);
    table
}

/// Heading of a scenario: its name, cut where lines may break.
fn heading(scenario: &str) -> String {
    scenario.replace('/', "/ ")
}

fn scenarios(summary: &Summary, console: Console) -> String {
    let title = format!("{} histories each, seed {}; estimates with 95 % intervals", summary.histories, summary.seed);
    let header = std::iter::once(String::new()).chain(summary.scenarios.iter().map(|scenario| heading(&scenario.scenario)));
    let mut table = empty(header.collect(), console);
    for (name, label) in MEASURES {
        let cells: Vec<Option<&Measure>> = summary.scenarios.iter().map(|scenario| found(scenario, name)).collect();
        // What no scenario has (no war, so no date of one) is no row.
        if cells.iter().flatten().any(|measure| measure.estimate.estimate.is_some()) {
            let cells = cells.into_iter().map(|measure| measure.map_or(String::new(), format_estimate));
            table.add_row(std::iter::once((*label).to_string()).chain(cells));
        }
    }
    if summary.scenarios.iter().any(|scenario| scenario.failures > 0) {
        let failures = summary.scenarios.iter().map(|scenario| scenario.failures.to_string());
        table.add_row(std::iter::once("Histories in which a number blew up".to_string()).chain(failures));
    }
    align(&mut table);
    format!("{}\n{}", console.bold(&title), table.trim_fmt())
}

fn align(table: &mut Table) {
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

fn found<'a>(scenario: &'a ScenarioSummary, name: &str) -> Option<&'a Measure> {
    scenario.measures.iter().chain(&scenario.motives).find(|measure| measure.name == name)
}

fn contrasts(summary: &Summary, console: Console) -> String {
    let first = summary.contrasts.first().map_or("", |contrast| contrast.a.as_str());
    let title = format!("Difference from {first}, on the same draws of chance");
    let header = std::iter::once(String::new()).chain(summary.contrasts.iter().map(|contrast| heading(&contrast.b)));
    let mut table = empty(header.chain(["interval".to_string()]).collect(), console);
    for (name, label) in MEASURES {
        let cells: Vec<Option<&Measure>> = summary.contrasts.iter().map(|contrast| difference(contrast, name)).collect();
        let known = cells.iter().flatten().find(|measure| measure.estimate.estimate.is_some());
        let Some(method) = known.map(|measure| measure.estimate.method.clone()) else { continue };
        let cells = cells.into_iter().map(|measure| measure.map_or(String::new(), format_difference));
        table.add_row(std::iter::once((*label).to_string()).chain(cells).chain([method]));
    }
    align(&mut table);
    let mut notes = Vec::new();
    for contrast in &summary.contrasts {
        let p = |value: Option<f64>| value.map_or("–".to_string(), p_value);
        notes.push(wrapped(
            &format!(
                "{}: p of the difference in war {} and in general war {} (McNemar, exact), in war-free years {} (log-rank).",
                contrast.b,
                p(contrast.war_p),
                p(contrast.general_war_p),
                p(contrast.log_rank_p)
            ),
            console.columns,
            "",
            "  ",
        ));
    }
    notes.push(wrapped("Dates are compared from the first date of each scenario.", console.columns, "", ""));
    format!("{}\n{}\n{}", console.bold(&title), table.trim_fmt(), notes.join("\n"))
}

fn difference<'a>(contrast: &'a Contrast, name: &str) -> Option<&'a Measure> {
    contrast.measures.iter().find(|measure| measure.name == name)
}

fn p_value(p: f64) -> String {
    if p < 0.0001 { "below 0.0001".to_string() } else { format!("{p:.4}") }
}

fn first_pairs(summary: &Summary, worlds: &[World], console: Console) -> String {
    let mut lines = vec![console.bold("Who struck first whom, share of first wars")];
    for (scenario, world) in summary.scenarios.iter().zip(worlds) {
        let pairs: Vec<String> = scenario
            .first_pairs
            .iter()
            .take(PAIRS)
            .map(|measure| format!("{} {}", in_full(&measure.name, world), format_estimate(measure)))
            .collect();
        let told = if pairs.is_empty() { "no war".to_string() } else { pairs.join(" · ") };
        lines.push(wrapped(&format!("{}: {told}", scenario.scenario), console.columns, "", "  "));
    }
    lines.join("\n")
}

/// `AUH → SRB` with the names of the states.
fn in_full(pair: &str, world: &World) -> String {
    let setup = &world.scenario.setup;
    let name = |code: &str| setup.state(code).map_or(code.to_string(), |state| world.state_name(state as u16).to_string());
    pair.split(" → ").map(name).collect::<Vec<_>>().join(" → ")
}
