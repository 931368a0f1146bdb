//! The scores of a hindcast, as tables.

use spiral_results::{EraScores, Estimate, HindcastResults, OutcomeScores};

use super::console::{Console, columns, table, wrapped};

/// Forecasts that are shown: the others are in the files.
const SHOWN: [usize; 5] = [0, 1, 3, 4, 5];

fn figure(estimate: &Estimate, digits: usize) -> String {
    let Some(value) = estimate.estimate else { return "–".to_string() };
    match (estimate.lower, estimate.upper) {
        (Some(lower), Some(upper)) => format!("{value:.digits$}\n[{lower:.digits$}, {upper:.digits$}]"),
        _ => format!("{value:.digits$}"),
    }
}

pub(crate) fn text(found: &HindcastResults, console: Console) -> String {
    let scores = &found.scores;
    let years = scores.start_years.first().zip(scores.start_years.last());
    let years = years.map_or(String::new(), |(first, last)| format!(", {first} to {last}"));
    let title = format!(
        "Hindcast: {} start years{years}, {} years ahead, {} histories each, seed {}",
        scores.start_years.len(),
        scores.horizon,
        scores.histories,
        found.seed
    );
    let mut parts = vec![console.heading(&title)];
    parts.push(wrapped(
        "AUC: the chance that a pair of states with the event stands above one without it (0.5 says nothing). Expected / came: 1 is \
         calibrated. Baselines are logits fitted on other start years. Brackets are 95 % intervals over start years.",
        console.columns,
        "",
        "",
    ));
    parts.extend(scores.outcomes.iter().map(|outcome| of_outcome(outcome, console)));
    if !scores.growth.is_empty() {
        let rows: Vec<Vec<String>> = scores
            .growth
            .iter()
            .map(|row| vec![row.era.clone(), row.states.to_string(), figure(&row.simulated, 2), figure(&row.before, 2)])
            .collect();
        let head = columns(["years", "states", "simulated", "growth before"]);
        parts.push(format!(
            "{}\n{}",
            console.bold("Growth of arms: rank correlation with what came"),
            table(&head, rows, console)
        ));
    }
    parts.extend(found.notes.iter().map(|note| wrapped(note, console.columns, "Note   ", "       ")));
    parts.join("\n\n")
}

fn of_outcome(outcome: &OutcomeScores, console: Console) -> String {
    let mut parts = vec![console.bold(&wrapped(&outcome.label, console.columns, "", ""))];
    let Some(all) = outcome.eras.first() else { return parts.remove(0) };
    let row = |position: usize| {
        let score = all.scores.get(position)?;
        Some(vec![
            score.forecast.clone(),
            figure(&score.auc, 3),
            figure(&score.average_precision, 3),
            figure(&score.brier, 4),
            figure(&score.expected_over_observed, 2),
        ])
    };
    let rows: Vec<Vec<String>> = SHOWN.into_iter().filter_map(row).collect();
    let head = columns(["forecast", "AUC", "average precision", "Brier", "expected / came"]);
    parts.push(format!("{} pairs, {} with the event\n{}", all.dyads, all.events, table(&head, rows, console)));
    let rows: Vec<Vec<String>> = all
        .additions
        .iter()
        .map(|addition| vec![addition.baseline.clone(), figure(&addition.coefficient, 2), figure(&addition.gain, 3)])
        .collect();
    let head = columns(["the simulation adds to", "coefficient", "nats an event"]);
    parts.push(table(&head, rows, console));
    if outcome.eras.len() > 1 {
        let era = |era: &EraScores| {
            let score = era.scores.first()?;
            let own = vec![era.era.clone(), era.start_years.len().to_string(), era.events.to_string()];
            Some([own, vec![figure(&score.auc, 3), figure(&score.expected_over_observed, 2)]].concat())
        };
        let rows: Vec<Vec<String>> = outcome.eras.iter().skip(1).filter_map(era).collect();
        parts.push(table(&columns(["the simulation in", "start years", "events", "AUC", "expected / came"]), rows, console));
    }
    parts.join("\n")
}
