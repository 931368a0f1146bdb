//! One scenario or several, as tables.

use std::path::Path;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table};
use spiral_results::{
    Comparison, Contrast, Measure, ScenarioSummary, Summary, VarianceParts, World, figures_in, format_difference,
    format_estimate, quoted,
};

use super::console::{Console, HEADED, wrapped};
use crate::arguments::{Changes, Sampling};
use crate::failure::Failure;

/// A row: name of the measure, short label, and whether it is listed even where it is zero everywhere.
type Row = (&'static str, &'static str, bool);

/// Measures that are listed, in order. The labels give the unit if it is neither a share nor a date.
const MEASURES: &[Row] = &[
    ("war", "War", true),
    ("general_war", "General war", true),
    ("median_first_war", "First war, median date", false),
    ("median_general_war", "General war, median date", false),
    ("preemption", "First wars from preemption", false),
    ("prevention", "… from prevention", false),
    ("predation", "… from predation", false),
    ("accident", "… from accident", false),
    ("great_powers_30d", "Great powers in by day 30", false),
    ("days_crisis_to_war", "Days, crisis to war", false),
    ("days_crisis_to_general_war", "Days, crisis to general war", false),
    ("crises", "Crises in a history", false),
    ("great_power_crisis_rate", "Crises, great-power dyad-year", false),
    ("peak_burden", "Largest burden before war", false),
    ("spiral_rate", "Excess arms growth, a year", false),
    ("entrapments", "Allies drawn in, a history", false),
    ("abandonments", "Allies that stayed out", false),
    ("conquests", "States conquered, a history", false),
    ("concentration", "Concentration of output", false),
    ("inert", "Nothing happens", true),
];

/// First pairs printed of each scenario.
const PAIRS: usize = 3;

/// Prints the results of `spiral ensemble` and `spiral compare`.
pub(crate) fn print(
    results: &Comparison,
    sampling: &Sampling,
    changes: &Changes,
    directory: &Path,
    console: Console,
) -> Result<(), Failure> {
    let scenarios = &results.summary.scenarios;
    let failed = scenarios.iter().all(|scenario| scenario.histories > 0 && scenario.failures == scenario.histories);
    let ended = || if failed { Err(Failure::nothing_succeeded()) } else { Ok(()) };
    if sampling.keeping.json.asked {
        console.print_json(&results.summary)?;
        return ended();
    }
    console.print(&text(results, console))?;
    if console.quiet {
        return ended();
    }
    let csv = if sampling.keeping.csv.asked { " and CSV" } else { "" };
    let (place, figures) = (directory.display(), figures_in(directory));
    let judged = if results.judged.is_some() { "; the sample of the palest band in judgements/" } else { "" };
    let panel = if results.study.manifest().panel.is_some() { ", states, dyads" } else { "" };
    let files = format!(
        "{place}: outcomes, curves{panel} and events as Parquet{csv}; summary.json; {figures} figures in figures/{judged}; report.html"
    );
    let best = if results.summary.contrasts.is_empty() { "war-free.png" } else { "contrast.png" };
    console.print_files(&files, Some(directory.join("figures").join(best).display().to_string()))?;
    console.print(&next(results, sampling, changes, console)?)?;
    ended()
}

/// What is said where a burden leaves the range that a burden can have.
fn runaway(summary: &Summary, console: Console) -> Option<String> {
    let beyond = summary
        .scenarios
        .iter()
        .filter(|scenario| estimate(scenario, "peak_burden").is_some_and(|burden| !(0.0..=1.0).contains(&burden)));
    let names: Vec<&str> = beyond.map(|scenario| scenario.scenario.as_str()).collect();
    let told = format!(
        "The largest burden is more than all output in {}: arms grow there without limit, as some rules of arming let them. Numbers that depend on arms mean nothing from then on.",
        names.join(", ")
    );
    (!names.is_empty()).then(|| wrapped(&told, console.columns, "Remark ", "       "))
}

/// A command that prints a history of the study.
fn next(results: &Comparison, sampling: &Sampling, changes: &Changes, console: Console) -> Result<String, Failure> {
    let typical = results.typical()?;
    let (point, history) = typical.unwrap_or((0, 0));
    let world = &results.worlds[point as usize];
    let mut words = vec!["spiral".to_string(), "run".to_string(), world.request.scenario.clone()];
    words.extend(["--history".to_string(), history.to_string()]);
    if sampling.seed.number != spiral_results::SEED {
        words.extend(["--seed".to_string(), sampling.seed.number.to_string()]);
    }
    if sampling.uncertain.asked {
        words.push("--uncertain".to_string());
    }
    words.extend(changes.set.iter().flat_map(|(path, value)| ["--set".to_string(), format!("{path}={value}")]));
    words.extend(changes.without.iter().flat_map(|name| ["--without".to_string(), name.clone()]));
    words.extend(changes.years.iter().flat_map(|(from, to)| ["--years".to_string(), format!("{from}..{to}")]));
    let command = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    let name = &world.scenario.name;
    let what = match typical {
        Some(_) => format!("prints the history of {name} whose first war has the median date"),
        None => format!("prints a history of {name}"),
    };
    Ok(format!("Next   {command}\n{}", wrapped(&what, console.columns, "       ", "       ")))
}

/// The tables of a study: every scenario, then every contrast, then who fought first.
pub(crate) fn text(results: &Comparison, console: Console) -> String {
    let Comparison { summary, worlds, .. } = results;
    let mut parts = vec![scenarios(summary, console)];
    if summary.uncertain {
        parts.push(judgement_and_chance(summary, console));
    }
    if !summary.contrasts.is_empty() {
        parts.push(contrasts(summary, console));
    }
    parts.push(first_pairs(summary, worlds, console));
    parts.extend(runaway(summary, console));
    parts.join("\n\n")
}

/// Columns that a label takes at most, an estimate with its interval below it, and the number of a method.
const LABEL_COLUMNS: usize = 26;
const ESTIMATE_COLUMNS: usize = 18;
const METHOD_COLUMNS: usize = 8;
/// Largest number of scenarios for which an interval is on the line of its estimate.
const BESIDE: usize = 2;

/// Scenarios that are shown side by side, if `taken` more columns are needed: as many as fit, evenly spread.
fn abreast(scenarios: usize, console: Console, taken: usize) -> usize {
    let most = (console.columns.saturating_sub(LABEL_COLUMNS + taken) / ESTIMATE_COLUMNS).max(BESIDE);
    scenarios.div_ceil(scenarios.div_ceil(most).max(1)).max(1)
}

/// A table in the width of the console. Labels keep their width if intervals are on the line of their estimates; otherwise the
/// estimates keep theirs.
fn table(names: Vec<String>, last: Option<&str>, rows: Vec<Vec<String>>, console: Console) -> String {
    let scenarios = names.len();
    let header = std::iter::once(String::new()).chain(names).chain(last.map(str::to_string));
    let mut table = Table::new();
    table.load_style(HEADED).set_header(header).add_rows(rows);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(console.columns as u16);
    for (position, column) in table.column_iter_mut().enumerate() {
        if position > 0 {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if (position == 0) == (scenarios <= BESIDE) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.trim_fmt().replace(TIED, " ")
}

/// A space at which no line is broken, until the table is set.
const TIED: &str = "\u{a0}";

/// Headings of scenarios: what all begin with (`four-worlds/`) is left out, and long names are cut at a hyphen.
fn headings<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let file = |name: &'a str| name.split_once('/').map(|(file, _)| file);
    let first = names.clone().next().and_then(file);
    let common = first.is_some() && names.clone().all(|name| file(name) == first);
    let member = |name: &'a str| if common { name.split_once('/').map_or(name, |(_, member)| member) } else { name };
    names
        .map(
            |name| if member(name).len() > LONGEST_HEADING { member(name).replace('-', "-\n") } else { member(name).to_string() },
        )
        .collect()
}

/// Names longer than this are cut.
const LONGEST_HEADING: usize = 18;

/// An estimate in a cell. Units are in the label, and rates of growth are written as shares.
fn cell(measure: Option<&Measure>, write: fn(&Measure) -> String, scenarios: usize) -> String {
    let Some(measure) = measure else { return String::new() };
    let unit = match (measure.unit.as_str(), measure.name.as_str()) {
        (_, "spiral_rate") => "share",
        (unit @ ("share" | "year"), _) => unit,
        _ => "count",
    };
    let text = write(&Measure { unit: unit.to_string(), ..measure.clone() }).replace(' ', TIED);
    text.replace(&format!("{TIED}["), if scenarios <= BESIDE { " [" } else { "\n[" })
}

/// The rows that are printed: those with an estimate that is not zero, and those that are always listed.
fn rows(summary: &Summary) -> impl Iterator<Item = &'static Row> + '_ {
    MEASURES.iter().filter(|(name, _, always)| {
        // Concentration is the scenario's own until states are conquered.
        let name = if *name == "concentration" { "conquests" } else { name };
        *always || summary.scenarios.iter().any(|scenario| estimate(scenario, name).is_some_and(|estimate| estimate != 0.0))
    })
}

fn estimate(scenario: &ScenarioSummary, name: &str) -> Option<f64> {
    found(scenario, name).and_then(|measure| measure.estimate.estimate)
}

fn scenarios(summary: &Summary, console: Console) -> String {
    let drawn = if summary.uncertain { "judgements drawn; " } else { "" };
    let title = format!("{} histories each, seed {}; {drawn}estimates with 95 % intervals", summary.histories, summary.seed);
    let names = headings(summary.scenarios.iter().map(|scenario| scenario.scenario.as_str()));
    let size = abreast(names.len(), console, 0);
    let tables = summary.scenarios.chunks(size).zip(names.chunks(size)).map(|(scenarios, names)| {
        let row = |(name, label, _): &Row| {
            let cells = scenarios.iter().map(|scenario| cell(found(scenario, name), format_estimate, scenarios.len()));
            std::iter::once((*label).to_string()).chain(cells).collect()
        };
        let mut rows: Vec<Vec<String>> = rows(summary).map(row).collect();
        if summary.scenarios.iter().any(|scenario| scenario.failures > 0) {
            let failures = scenarios.iter().map(|scenario| scenario.failures.to_string());
            rows.push(std::iter::once("Failed numerically".to_string()).chain(failures).collect());
        }
        table(names.to_vec(), None, rows, console)
    });
    format!("{}\n{}", console.heading(&title), tables.collect::<Vec<_>>().join("\n\n"))
}

/// What part of the variance of each measure the judgements make.
fn judgement_and_chance(summary: &Summary, console: Console) -> String {
    let names = headings(summary.scenarios.iter().map(|scenario| scenario.scenario.as_str()));
    let size = abreast(names.len(), console, 0);
    let part = |scenario: &ScenarioSummary, name: &str| {
        scenario.variance.iter().find(|parts| parts.name == name).map(VarianceParts::measure)
    };
    let tables = summary.scenarios.chunks(size).zip(names.chunks(size)).map(|(scenarios, names)| {
        let row = |(name, label, _): &Row| {
            let parts: Vec<Option<Measure>> = scenarios.iter().map(|scenario| part(scenario, name)).collect();
            let known = parts.iter().flatten().any(|part| part.estimate.estimate.is_some());
            let cells = parts.iter().map(|part| cell(part.as_ref(), format_estimate, scenarios.len()));
            known.then(|| std::iter::once((*label).to_string()).chain(cells).collect::<Vec<String>>())
        };
        table(names.to_vec(), None, rows(summary).filter_map(row).collect(), console)
    });
    let tables = tables.collect::<Vec<_>>().join("\n\n");
    let note = "The share of the variance over histories that comes from the judgements, which every two histories draw from their \
                ranges; the rest is chance.";
    let heading = console.heading("How much is judgement and how much is chance");
    format!("{heading}\n{tables}\n{}", wrapped(note, console.columns, "", ""))
}

fn found<'a>(scenario: &'a ScenarioSummary, name: &str) -> Option<&'a Measure> {
    scenario.measures.iter().chain(&scenario.motives).find(|measure| measure.name == name)
}

fn contrasts(summary: &Summary, console: Console) -> String {
    let first = summary.contrasts.first().map_or("", |contrast| contrast.a.as_str());
    let title = format!("Difference from {first}, on the same random draws");
    let names = headings(summary.contrasts.iter().map(|contrast| contrast.b.as_str()));
    let size = abreast(names.len(), console, METHOD_COLUMNS);
    let mut methods: Vec<String> = Vec::new();
    let mut tables = Vec::new();
    for (contrasts, names) in summary.contrasts.chunks(size).zip(names.chunks(size)) {
        let mut lines = Vec::new();
        for (name, label, _) in rows(summary) {
            let differences: Vec<Option<&Measure>> = contrasts.iter().map(|contrast| difference(contrast, name)).collect();
            let known = differences.iter().flatten().filter(|measure| measure.estimate.estimate.is_some());
            let mut numbers: Vec<String> = known.map(|measure| number_of(&measure.estimate.method, &mut methods)).collect();
            numbers.dedup();
            let method = numbers.join(" ");
            let cells = differences.into_iter().map(|measure| cell(measure, format_difference, contrasts.len()));
            lines.push(std::iter::once((*label).to_string()).chain(cells).chain([method]).collect());
        }
        tables.push(table(names.to_vec(), Some("method"), lines, console));
    }
    let key =
        methods.iter().enumerate().map(|(number, method)| format!("{} {method}", number + 1)).collect::<Vec<_>>().join("; ");
    let mut notes = Vec::new();
    if !methods.is_empty() {
        notes.push(wrapped(&format!("Methods: {key}."), console.columns, "", "  "));
    }
    for contrast in summary.contrasts.iter().filter(|_| !summary.uncertain) {
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
    notes.extend(summary.contrasts.iter().filter_map(|contrast| variance_reduction(contrast, summary, console)));
    notes.push(wrapped("Dates are compared from the first date of each scenario, in years.", console.columns, "", ""));
    format!("{}\n{}\n{}", console.heading(&title), tables.join("\n\n"), notes.join("\n"))
}

/// The variance reduction by common random numbers in a contrast: of the measures that are listed.
fn variance_reduction(contrast: &Contrast, summary: &Summary, console: Console) -> Option<String> {
    let factor = |(name, label, _): &Row| {
        let found = contrast.variance_reductions.iter().find(|measure| measure.name == *name)?;
        Some(format!("{} {:.1}", label.replace(' ', TIED), found.estimate.estimate?).replace(' ', TIED))
    };
    let factors: Vec<String> = rows(summary).filter_map(factor).collect();
    let line = format!(
        "{}: variance reduction by common random draws (how many times more histories independent draws would need): {}.",
        contrast.b,
        factors.join("; ")
    );
    (!factors.is_empty()).then(|| wrapped(&line, console.columns, "", "  ").replace(TIED, " "))
}

/// The number of a method in the list, to which it is added where it is new.
fn number_of(method: &str, methods: &mut Vec<String>) -> String {
    let number = methods.iter().position(|known| known == method).unwrap_or_else(|| {
        methods.push(method.to_string());
        methods.len() - 1
    });
    (number + 1).to_string()
}

fn difference<'a>(contrast: &'a Contrast, name: &str) -> Option<&'a Measure> {
    contrast.measures.iter().find(|measure| measure.name == name)
}

fn p_value(p: f64) -> String {
    if p < 0.0001 { "below 0.0001".to_string() } else { format!("{p:.4}") }
}

fn first_pairs(summary: &Summary, worlds: &[World], console: Console) -> String {
    let mut lines = vec![console.bold("Who most often struck whom first, as a share of first wars")];
    for (scenario, world) in summary.scenarios.iter().zip(worlds) {
        let pairs: Vec<String> = scenario
            .first_pairs
            .iter()
            .take(PAIRS)
            .map(|measure| format!("{} {}", in_full(&measure.name, world), format_estimate(measure)).replace(' ', TIED))
            .collect();
        let note = if !pairs.is_empty() {
            pairs.join(" · ")
        } else if scenario.failures == scenario.histories {
            "all histories failed numerically, so there is no estimate".to_string()
        } else {
            "no war".to_string()
        };
        lines.push(wrapped(&format!("{}: {note}", scenario.scenario), console.columns, "", "  ").replace(TIED, " "));
    }
    lines.join("\n")
}

/// `AUH → SRB` with the names of the states.
fn in_full(pair: &str, world: &World) -> String {
    let setup = &world.scenario.setup;
    let name = |code: &str| setup.state(code).map_or(code.to_string(), |state| world.state_name(state as u32).to_string());
    pair.split(" → ").map(name).collect::<Vec<_>>().join(" → ")
}
