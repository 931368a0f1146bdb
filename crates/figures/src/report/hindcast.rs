//! The page of a hindcast.

use maud::{Markup, html};
use spiral_analysis::Estimate;
use spiral_analysis::hindcast::{EraScores, GrowthScores, Hindcast, OutcomeScores};

use super::tables::{plain, section, strings, table};
use super::{Picture, Section, page};
use crate::Figure;

/// Forecasts whose scores are set out; the simulation with each baseline stands in the table of what it adds.
const EXPLAINED: &str = "AUC is the chance that a pair with the event stands above a pair without it, within a start year: 0.5 says nothing, \
    1 is perfect. Average precision is the mean precision at the events. Brier score (mean squared error of the chance) and log score (mean \
    of −ln of the chance given to what came) are better when they are smaller. Expected / came is the sum of the chances divided by the number of \
    events: 1 is calibrated. Brackets are 95 % intervals over start years; with few start years they are too narrow.";

/// The page as one HTML file.
pub(super) fn html(found: &Hindcast, facts: &[(String, String)], notes: &[String], figures: &[Figure]) -> String {
    let pictures: Vec<Picture> =
        figures.iter().map(|figure| Picture { name: figure.name.clone(), svg: figure.svg.clone() }).collect();
    let mut sections = vec![section("read", "How to read it", how(found, notes))];
    for outcome in &found.outcomes {
        sections.push(scores(outcome));
        sections.push(adds(outcome));
    }
    sections.push(growth(&found.growth));
    if !pictures.is_empty() {
        sections.push(super::figures(&pictures));
    }
    page(
        ("hindcast", "Chances of crises and wars beside what came"),
        facts,
        &sections,
        &pictures,
        "hindcast.json (all scores), dyads.csv (every pair of states with its chances and what came), states.csv (growth of arms)",
    )
}

fn how(found: &Hindcast, notes: &[String]) -> Markup {
    html! {
        p {
            "For each start year a scenario was made from the data up to the year before, and simulated for " (found.horizon)
            " years. The chance of an event for a pair of states is the share of histories in which the pair had it. It stands beside what \
             came, and beside baselines: logits of what every student of conflict knows."
        }
        p {
            "Nothing of the simulation is fitted to the years that are scored here by this command. The rules by which data become a \
             scenario use base rates of disputes from 1821 to 1938. Every baseline is fitted on other start years only: those that have no \
             year of forecast in common with the year that is scored."
        }
        p { (EXPLAINED) }
        @if let Some(era) = found.outcomes.first().and_then(|outcome| outcome.eras.first()) {
            p { "The forecasts, and what is fitted in each:" }
            ul { @for score in &era.scores { li { (score.forecast) ": " (score.fitted) } } }
        }
        @for note in notes { p.warning { (note) } }
    }
}

/// An estimate with its interval.
fn written(estimate: &Estimate, digits: usize) -> String {
    let Some(value) = estimate.estimate else { return "–".to_string() };
    match (estimate.lower, estimate.upper) {
        (Some(lower), Some(upper)) => format!("{value:.digits$} [{lower:.digits$}, {upper:.digits$}]"),
        _ => format!("{value:.digits$}"),
    }
}

/// An estimate in a cell, with its interval under it.
fn stacked(estimate: &Estimate, digits: usize) -> Markup {
    let text = written(estimate, digits);
    match text.split_once(' ') {
        Some((value, interval)) => html! { (value) br; small { (interval) } },
        None => plain(text),
    }
}

fn counted(era: &EraScores) -> String {
    format!(
        "{}: {} pairs of states in {} start years, {} with the event, in {} start years",
        era.era,
        era.dyads,
        era.start_years.len(),
        era.events,
        era.years_with_events
    )
}

fn scores(outcome: &OutcomeScores) -> Section {
    let header = strings(["forecast", "AUC", "expected / came", "average precision", "Brier score", "log score"]);
    let body = html! {
        p { "The event is " (outcome.label) "." }
        @for era in &outcome.eras {
            @let rows: Vec<Vec<Markup>> = era.scores.iter().map(|score| vec![
                plain(&score.forecast),
                stacked(&score.auc, 3),
                stacked(&score.expected_over_observed, 2),
                stacked(&score.average_precision, 3),
                stacked(&score.brier, 4),
                stacked(&score.log_score, 4),
            ]).collect();
            (table(&counted(era), &header, &rows))
        }
    };
    section(&format!("scores-{}", outcome.forecast.name()), &format!("Scores: {}", outcome.forecast.title()), body)
}

fn adds(outcome: &OutcomeScores) -> Section {
    let header = strings(["baseline", "coefficient of the simulated log-odds", "log score gained, nats an event"]);
    let body = html! {
        p {
            "The coefficient is fitted on the years of the era: 0 means that the simulation adds nothing to the baseline, 1 that it counts in \
             full. The gain is measured on years that were in no fit: above 0 the simulation helps."
        }
        @for era in &outcome.eras {
            @let rows: Vec<Vec<Markup>> = era.additions.iter().map(|addition| vec![
                plain(&addition.baseline), plain(written(&addition.coefficient, 2)), plain(written(&addition.gain, 3)),
            ]).collect();
            (table(&era.era, &header, &rows))
        }
    };
    let heading = format!("Does the simulation add? {}", outcome.forecast.title());
    section(&format!("adds-{}", outcome.forecast.name()), &heading, body)
}

fn growth(rows: &[GrowthScores]) -> Section {
    let header = strings(["era", "states", "simulated growth of arms", "growth over as many years before"]);
    let cells: Vec<Vec<Markup>> = rows
        .iter()
        .map(|row| {
            let states = row.states.to_string();
            vec![plain(&row.era), plain(states), plain(written(&row.simulated, 2)), plain(written(&row.before, 2))]
        })
        .collect();
    let body = html! {
        p {
            "Spearman's rank correlation, within each start year, with the growth of military expenditure in the same years. Arms are a \
             stock and expenditure is a flow, so even a perfect forecast stays below 1."
        }
        (table("Rank correlation with what came", &header, &cells))
    };
    section("growth", "Growth of arms", body)
}
