//! A calibration as tables.

use std::path::Path;

use spiral_results::{AS_IT_STOOD, Calibration, Estimate, Fitted, TargetRow, TargetScore, Use};

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
    parts.push(fitted_targets(found, console));
    if found.targets.iter().any(|target| target.role == Use::Fit && !target.skills.is_empty()) {
        parts.push(skills(found, Use::Fit, console));
    }
    if found.targets.iter().any(|target| target.role == Use::HoldOut) {
        parts.push(skills(found, Use::HoldOut, console));
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

/// The name of a target with its unit, and the factor by which its numbers are shown.
fn named(target: &TargetScore) -> (String, f64) {
    if target.unit == "share" { (format!("{}, %", target.label), 100.0) } else { (target.label.clone(), 1.0) }
}

/// Means over the dates of a target that have a simulated value.
fn mean(target: &TargetScore, factor: f64, of: fn(&TargetRow) -> Option<f64>) -> String {
    let shown: Vec<&TargetRow> = target.rows.iter().filter(|row| row.simulated.is_some()).collect();
    let values: Vec<f64> = shown.iter().filter_map(|row| of(row)).collect();
    let sum = values.iter().fold(0.0, |sum, value| sum + value);
    short((values.len() == shown.len() && !shown.is_empty()).then(|| factor * sum / values.len() as f64))
}

/// What is fitted, and how far it is missed.
fn fitted_targets(found: &Calibration, console: Console) -> String {
    let header = columns(["Fitted", "observed", "before", "now", "misses by"]);
    let scales = |residual: Option<f64>| residual.map_or("–".to_string(), |residual| format!("{:.1}", residual.abs()));
    let rows = found.targets.iter().filter(|target| target.role == Use::Fit).map(|target| {
        let (name, factor) = named(target);
        vec![
            name,
            mean(target, factor, |row| Some(row.observed)),
            mean(target, factor, |row| row.before),
            mean(target, factor, |row| row.simulated),
            format!("{} → {}", scales(target.residual_before), scales(target.residual)),
        ]
    });
    let text = table(&header, rows.collect(), console);
    let note = "Means over the dates of a series. Misses: residual in scales, before the fit → now.";
    format!("{text}\n{}", wrapped(note, console.columns, "", ""))
}

/// The skills of what is held out, or of what is fitted.
fn skills(found: &Calibration, role: Use, console: Console) -> String {
    let held_out = role == Use::HoldOut;
    let title = if held_out { "Held out" } else { "Fitted: no test" };
    let all = columns([title, "now\n(seen)", "skill on\nnaive", "skill on\ntrend", "skill on\nbefore"]);
    // What is fitted is better than the scenario before: that is no news.
    let forecasts = if held_out { &FORECASTS[..] } else { &FORECASTS[..2] };
    let header = &all[..2 + forecasts.len()];
    let shown = |target: &&TargetScore| target.role == role && (held_out || !target.skills.is_empty());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for target in found.targets.iter().filter(shown) {
        let (name, factor) = named(target);
        let now = mean(target, factor, |row| row.simulated);
        let mut row = vec![name, format!("{now}\n({})", mean(target, factor, |row| Some(row.observed)))];
        row.extend(forecasts.iter().map(|names| {
            let own = target.skills.iter().find(|own| names.contains(&own.naive.as_str()));
            own.map_or_else(|| "–".to_string(), |own| hundredths(&own.skill))
        }));
        rows.push(row);
    }
    for (metric, scenario) in metrics(found, role) {
        let several = found.pooled.iter().any(|pooled| pooled.scenario != scenario);
        let name = if several { format!("{metric}, all, {scenario}") } else { format!("{metric}, all") };
        let mut row = vec![name, String::new()];
        row.extend(forecasts.iter().map(|names| {
            let pooled = found.pooled.iter().find(|pooled| {
                pooled.metric == metric
                    && pooled.scenario == scenario
                    && pooled.role == role
                    && names.contains(&pooled.naive.as_str())
            });
            pooled.map_or_else(|| "–".to_string(), |pooled| hundredths(&pooled.skill))
        }));
        rows.push(row);
    }
    let text = table(header, rows, console);
    let standings: Vec<&str> = found.targets.iter().filter_map(|target| target.standing.as_deref()).collect();
    let known = if held_out && standings.iter().any(|standing| *standing != "held out") {
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
    let note = format!(
        "Skill is 1 - error / error of the forecast: 1 perfect, 0 no better, below 0 worse; in brackets {brackets}, and the observed value.{known}"
    );
    format!("{text}\n{}", wrapped(&note, console.columns, "", ""))
}

/// The metrics of the series that are taken together, each with its scenario.
fn metrics(found: &Calibration, role: Use) -> Vec<(&str, &str)> {
    let mut metrics: Vec<(&str, &str)> = Vec::new();
    for pooled in found.pooled.iter().filter(|pooled| pooled.role == role) {
        let one = (pooled.metric.as_str(), pooled.scenario.as_str());
        if !metrics.contains(&one) {
            metrics.push(one);
        }
    }
    metrics
}
