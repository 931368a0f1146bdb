//! What explains the difference between two scenarios, as tables.

use std::path::Path;

use spiral_results::{Attribution, Explanation, ExplanationResults, Measure, figures_in, format_difference, format_estimate};
use spiral_scenario::Role;

use super::console::{Console, columns, table, wrapped};
use crate::failure::Failure;

/// Width of the names of groups, and of an outcome, in characters.
const NAME_COLUMNS: usize = 16;
const OUTCOME_COLUMNS: usize = 28;
/// Pairs of groups that are printed for each outcome.
const MOST_PAIRS: usize = 3;

/// Prints the results of `spiral explain`.
pub(crate) fn print(results: &ExplanationResults, directory: &Path, json: bool, console: Console) -> Result<(), Failure> {
    let explanation = &results.explanation;
    if json {
        return console.print_json(explanation);
    }
    console.print(&text(explanation, console))?;
    let (place, figures) = (directory.display(), figures_in(directory));
    let files =
        format!("{place}: explain.json, explain, coalitions and outcomes as Parquet; {figures} figures in figures/; report.html");
    let first = explanation.outcomes.first().map_or_else(String::new, |found| found.outcome.replace('_', "-"));
    console.print_files(&files, Some(directory.join(format!("figures/explain-{first}.png")).display().to_string()))
}

fn text(explanation: &Explanation, console: Console) -> String {
    let (a, b) = (&explanation.a, &explanation.b);
    let heading = format!("From {a} to {b}: what each group of differences contributes");
    let about = format!(
        "{} histories of each of {} worlds, seed {}; {}Shapley shares with 95 % intervals",
        explanation.histories,
        explanation.worlds,
        explanation.seed,
        if explanation.uncertain { "judgements drawn; " } else { "" }
    );
    let abreast = (console.columns.saturating_sub(NAME_COLUMNS) / OUTCOME_COLUMNS).max(1);
    let mut parts = vec![format!("{}\n{about}", console.heading(&heading))];
    parts.extend(explanation.outcomes.chunks(abreast).map(|outcomes| shares(outcomes, explanation, console)));
    let mut notes: Vec<String> = explanation.outcomes.iter().filter_map(together).collect();
    notes.extend(roles(explanation));
    notes.extend(explanation.outcomes.iter().filter_map(Attribution::caveat));
    if explanation.failures > 0 {
        notes.push(format!("{} histories failed numerically and are left out of every estimate.", explanation.failures));
    }
    parts.push(notes.iter().map(|note| wrapped(note, console.columns, "", "  ")).collect::<Vec<_>>().join("\n"));
    parts.join("\n\n")
}

/// Characters of the name of an outcome on a line.
const LABEL: usize = 24;

/// The shares of some outcomes side by side.
fn shares(outcomes: &[Attribution], explanation: &Explanation, console: Console) -> String {
    let labels: Vec<String> = outcomes.iter().map(|found| textwrap::fill(&found.label, LABEL)).collect();
    let columns = columns(std::iter::once("").chain(labels.iter().map(String::as_str)));
    let ends: Vec<[Measure; 2]> = outcomes.iter().map(|found| found.ends(&explanation.a, &explanation.b)).collect();
    let row = |name: &str, cells: Vec<String>| std::iter::once(name.to_string()).chain(cells).collect::<Vec<_>>();
    let mut rows = vec![row(&explanation.a, ends.iter().map(|ends| format_estimate(&ends[0])).collect())];
    let shares: Vec<Vec<Measure>> = outcomes.iter().map(|found| found.shares().collect()).collect();
    for (position, group) in explanation.groups.iter().enumerate() {
        rows.push(row(&group.name, shares.iter().map(|shares| format_difference(&shares[position])).collect()));
    }
    rows.push(row("together", outcomes.iter().map(|found| format_difference(&found.whole())).collect()));
    rows.push(row(&explanation.b, ends.iter().map(|ends| format_estimate(&ends[1])).collect()));
    table(&columns, rows, console)
}

/// The pairs of groups with the strongest interactions, among those whose interval does not contain zero.
fn together(found: &Attribution) -> Option<String> {
    let pairs: Vec<String> = found
        .strongest_interactions()
        .iter()
        .filter(|pair| pair.estimate.excludes_zero())
        .take(MOST_PAIRS)
        .map(|pair| format!("{} {}", pair.name, format_difference(pair)))
        .collect();
    (!pairs.is_empty())
        .then(|| format!("{}, joint effects of two groups beyond their single effects: {}.", found.label, pairs.join("; ")))
}

/// Which states have the same role, where the codes differ.
fn roles(explanation: &Explanation) -> Option<String> {
    let others = explanation.states.iter().filter(|pair| pair.role != Role::Same.words());
    let parts: Vec<String> = others
        .map(|pair| match (&pair.a, &pair.b) {
            (Some(a), Some(b)) => format!("{a} for {b} ({})", pair.role),
            (code, other) => format!(
                "{} has no counterpart; it belongs to the group of the system",
                code.as_ref().or(other.as_ref()).map_or("–", String::as_str)
            ),
        })
        .collect();
    (!parts.is_empty()).then(|| format!("States in the same role: {}.", parts.join("; ")))
}
