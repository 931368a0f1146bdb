//! A calibration as tables.

use std::path::Path;

use spiral_results::{AS_IT_STOOD, Calibration, Estimate, Fitted, TargetRow, Use};

use super::console::{Console, columns, hundredths, table, wrapped};
use crate::failure::Failure;

/// Prints the results of `spiral calibrate`.
pub(crate) fn print(found: &Calibration, directory: &Path, json: bool, console: Console) -> Result<(), Failure> {
    if json {
        return console.print_json(found);
    }
    console.print(&text(found, console))?;
    let posterior = if found.is_posterior() { ", posterior" } else { "" };
    let place = directory.display();
    let files =
        format!("{place}: calibration.json; candidates, simulated{posterior} as Parquet; figures in figures/; report.html");
    console.print_files(&files, None)
}

/// A number with few digits, as many as its neighbours have.
fn short(value: Option<f64>) -> String {
    let Some(value) = value else { return "–".to_string() };
    let size = value.abs();
    let decimals = match size {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size if size >= 0.1 || size == 0.0 => 3,
        _ => 4,
    };
    format!("{value:.decimals$}")
}

/// A number with few digits, without zeros at its end.
fn plain(value: f64) -> String {
    let written = short(Some(value));
    if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.').to_string() } else { written }
}

fn with_interval(estimate: &Estimate) -> String {
    match (estimate.lower, estimate.upper) {
        (Some(low), Some(high)) => {
            format!("{}\n[{}, {}]", short(estimate.estimate), plain(low), plain(high))
        }
        _ => short(estimate.estimate),
    }
}

fn text(found: &Calibration, console: Console) -> String {
    let posterior = found.is_posterior();
    let heading = format!(
        "{}: {} candidates of {} histories by {}, seed {}",
        found.title, found.candidates, found.histories, found.method, found.seed
    );
    let mut parts = vec![console.heading(&heading)];
    let of = match (posterior, found.distance) {
        (true, _) => "Posterior means with 95 % intervals",
        (false, Some(_)) => "Optimum with 95 % intervals",
        (false, None) => {
            "No optimum: in new histories, which the search did not use, the best candidate has no value for some fitted target. This is the best candidate"
        }
    };
    parts.push(wrapped(
        &format!(
            "{of}, if every target was observed with a normal error of its scale. Distance from the fitted targets, in scales: {} \
             with the scenario's own values, {} now. A fitted target cannot validate the model; only a target that was held out is a \
             test. Search: {}{}.",
            short(found.distance_before),
            short(found.distance),
            found.ended,
            found.effective_sample.map_or_else(String::new, |size| format!("; effective sample size {size:.0} particles"))
        ),
        console.columns,
        "",
        "",
    ));
    parts.push(parameters(&found.parameters, console));
    parts.push(targets(found, Use::Fit, console));
    if found.targets.iter().any(|target| target.role == Use::HoldOut) {
        parts.push(targets(found, Use::HoldOut, console));
    }
    parts.extend(found.notes.iter().map(|note| wrapped(note, console.columns, "Note   ", "       ")));
    parts.join("\n\n")
}

fn parameters(parameters: &[Fitted], console: Console) -> String {
    let header = columns(["", "range", "before", "fitted", "spread\nleft"]);
    let rows = parameters.iter().map(|parameter| {
        let at = parameter.at_bound.as_ref().map_or_else(String::new, |bound| format!("\nat {bound} bound"));
        let scale = if parameter.logarithmic { "\n(log)" } else { "" };
        vec![
            parameter.name.clone(),
            format!("{} to {}{scale}", plain(parameter.low), plain(parameter.high)),
            parameter.before.map_or_else(|| "–".to_string(), plain),
            format!("{}{at}", with_interval(&parameter.estimate)),
            parameter.narrowed_to.map_or_else(|| "–".to_string(), |share| format!("{:.0} %", 100.0 * share)),
        ]
    });
    table(&header, rows.collect(), console)
}

/// Columns of skills: against the naive forecast (for a series no change, for a number the forecast that the file gives), the
/// trend, and the scenario before
/// calibration.
const FORECASTS: [&[&str]; 3] = [&["no change", "naive"], &["linear trend"], &[AS_IT_STOOD]];

fn targets(found: &Calibration, role: Use, console: Console) -> String {
    let held_out = role == Use::HoldOut;
    let first = if held_out { "Held out" } else { "Fitted" };
    let header = if held_out {
        columns([first, "now\n(seen)", "skill on\nnaive", "skill on\ntrend", "skill on\nbefore"])
    } else {
        columns([first, "observed", "before", "now", "misses by"])
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for target in found.targets.iter().filter(|target| target.role == role) {
        let (unit, factor) = if target.unit == "share" { (", %", 100.0) } else { ("", 1.0) };
        // Means over the same dates: those that have a simulated value.
        let shown: Vec<&TargetRow> = target.rows.iter().filter(|row| row.simulated.is_some()).collect();
        let mean = |of: fn(&TargetRow) -> Option<f64>| {
            let values: Vec<f64> = shown.iter().filter_map(|row| of(row)).collect();
            let sum = values.iter().fold(0.0, |sum, value| sum + value);
            short((values.len() == shown.len() && !shown.is_empty()).then(|| factor * sum / values.len() as f64))
        };
        let (observed, now) = (mean(|row| Some(row.observed)), mean(|row| row.simulated));
        let mut row = vec![format!("{}{unit}", target.label)];
        if held_out {
            row.push(format!("{now}\n({observed})"));
            row.extend(FORECASTS.map(|names| {
                let own = target.skills.iter().find(|own| names.contains(&own.naive.as_str()));
                own.map_or_else(|| "–".to_string(), |own| hundredths(&own.skill))
            }));
        } else {
            let scales = |residual: Option<f64>| residual.map_or("–".to_string(), |residual| format!("{:.1}", residual.abs()));
            row.extend([observed, mean(|row| row.before), now]);
            row.push(format!("{} → {}", scales(target.residual_before), scales(target.residual)));
        }
        rows.push(row);
    }
    for metric in metrics(found).into_iter().filter(|_| held_out) {
        let mut row = vec![format!("{metric}, all"), String::new()];
        row.extend(FORECASTS.map(|names| {
            let pooled = found.pooled.iter().find(|pooled| pooled.metric == metric && names.contains(&pooled.naive.as_str()));
            pooled.map_or_else(|| "–".to_string(), |pooled| hundredths(&pooled.skill))
        }));
        rows.push(row);
    }
    let text = table(&header, rows, console);
    let note = if held_out {
        let standings: Vec<&str> = found.targets.iter().filter_map(|target| target.standing.as_deref()).collect();
        let known = standings.iter().any(|standing| *standing != "held out");
        let known = if known {
            " This calibration did not use it; but the other values of the scenario were chosen by people who knew these years."
        } else {
            ""
        };
        // An optimum has no posterior sample, so its brackets contain a range over candidates.
        let brackets = if found.is_posterior() {
            "95 % intervals over the posterior"
        } else {
            "the range over the candidates in the 95 % region of the optimum"
        };
        format!(
            "Skill is 1 - error / error of the forecast: 1 perfect, 0 no better, below 0 worse; in brackets {brackets}, and the observed value.{known}"
        )
    } else {
        "Means over the dates of a series. Misses: residual in scales, before the fit → now.".to_string()
    };
    format!("{text}\n{}", wrapped(&note, console.columns, "", ""))
}

fn metrics(found: &Calibration) -> Vec<&str> {
    let mut metrics: Vec<&str> = Vec::new();
    for pooled in &found.pooled {
        if !metrics.contains(&pooled.metric.as_str()) {
            metrics.push(&pooled.metric);
        }
    }
    metrics
}
