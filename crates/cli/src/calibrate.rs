//! `spiral calibrate`: numbers of a scenario found from targets, and what was held out.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use spiral_analysis::calibration::Calibration;
use spiral_analysis::calibration::found::{AS_IT_STOOD, Fitted, TargetRow};
use spiral_analysis::calibration::targets::Use;
use spiral_analysis::table::Estimate;
use spiral_scenario::CalibrationFile;
use spiral_study::{Calibrating, Study, Whole, known_measures};

use crate::arguments::{InPlaceOfTheFile, Keeping};
use crate::call::Call;
use crate::console::{self, Console, columns, hundredths, table, wrapped};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::studies::{directory_of_file, interrupted};
use crate::{interrupt, pool, reports};

/// Name of the results in the directory.
pub(crate) const RESULTS: &str = "calibration.json";
/// Most bytes that the curves of one candidate's histories may take.
const MOST_BYTES: u64 = 500_000_000;

pub(crate) fn calibrate(path: &str, in_place: &InPlaceOfTheFile, keeping: &Keeping, call: &Call<'_>) -> Result<(), Failure> {
    let Call { console, words, .. } = *call;
    let file = CalibrationFile::load(path, &known_measures(), in_place.histories, in_place.seed)?;
    if Whole::bytes(&file.base.setup, file.histories) > MOST_BYTES {
        let message = format!("{} is too large for its histories to be held whole: fewer with -n", file.base.name);
        return Err(Failure::Usage(message));
    }
    let directory = match &keeping.out {
        Some(out) => out.clone(),
        None => directory_of_file("calibrate", path, in_place)?,
    };
    interrupt::catch()?;
    let bar = Bar::new((u64::from(file.budget) + 2) * u64::from(file.histories), console);
    let ended = pool::on(keeping.threads.number, || spiral_study::calibrate(&file, &directory, keeping.resume.asked, &bar));
    let searched = match ended.and_then(|ended| Ok(ended?)).inspect_err(|_| bar.clear())? {
        Calibrating::Interrupted { done } => {
            bar.clear();
            let of = file.budget;
            return Err(interrupted(&format!("{done} of at most {of} candidates are kept in {}", directory.display()), words));
        }
        Calibrating::Complete => {
            bar.clear();
            if !directory.join(reports::PAGE).exists() {
                reports::write(&directory, Study::open(&directory)?.manifest())?;
            }
            if keeping.csv.asked {
                spiral_study::calibration_csv(&directory)?;
            }
            let found = results(&directory)?;
            return print(&found, &directory, keeping, console);
        }
        Calibrating::Searched(searched) => searched,
    };
    bar.then("drawing");
    let written = (|| -> Result<Calibration, Failure> {
        searched.write_tables(keeping.csv.asked)?;
        let text = format!("{}\n", console::json(&searched.result)?);
        spiral_study::write_atomically(&directory, RESULTS, text.as_bytes())?;
        draw(&searched.result, &directory)?;
        let found = searched.result.clone();
        searched.complete()?;
        reports::write(&directory, Study::open(&directory)?.manifest())?;
        Ok(found)
    })();
    bar.clear();
    print(&written?, &directory, keeping, console)
}

/// The results that stand in a directory.
pub(crate) fn results(directory: &Path) -> Result<Calibration, Failure> {
    reports::read_json(&directory.join(RESULTS))
}

/// Draws the pictures of a calibration. Returns the paths written.
pub(crate) fn draw(found: &Calibration, directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    Ok(spiral_figures::write(&spiral_figures::calibration(found), directory)?)
}

fn print(found: &Calibration, directory: &Path, keeping: &Keeping, console: Console) -> Result<(), Failure> {
    if keeping.json.asked {
        return console.print_json(found);
    }
    let mut parts = vec![told(found, console)];
    if !console.quiet {
        let posterior = if found.is_posterior() { ", posterior" } else { "" };
        let files = format!(
            "{}: {RESULTS}; candidates, simulated{posterior} as Parquet; pictures in figures/; report.html",
            directory.display()
        );
        parts.push(wrapped(&files, console.columns, "Files  ", "       "));
    }
    console.print(&parts.join("\n\n"))
}

/// A number in few figures, of the size that its neighbours have.
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

/// A number in few figures without noughts at its end.
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

fn told(found: &Calibration, console: Console) -> String {
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
            "No optimum: the best candidate shows no value of some fitted target over other histories than the search's. It stands here"
        }
    };
    parts.push(wrapped(
        &format!(
            "{of}, if every target was observed with a normal error of its scale. Distance from the fitted targets, in scales: {} \
             as the scenario stood, {} now. What was fitted is not validated by it; only what was held out is a test. Search: {}{}.",
            short(found.distance_before),
            short(found.distance),
            found.ended,
            found.effective_sample.map_or_else(String::new, |size| format!("; a sample worth {size:.0} particles"))
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
    let header = columns(["", "range", "stood at", "found", "spread\nleft"]);
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

/// Columns of skills: against the naive forecast (no change, of a number the one that is given), the trend, the scenario as it stood.
const FORECASTS: [&[&str]; 3] = [&["no change", "naive"], &["linear trend"], &[AS_IT_STOOD]];

fn targets(found: &Calibration, role: Use, console: Console) -> String {
    let held_out = role == Use::HoldOut;
    let first = if held_out { "Held out" } else { "Fitted" };
    let header = if held_out {
        columns([first, "now\n(seen)", "skill on\nnaive", "skill on\ntrend", "skill on\nas it stood"])
    } else {
        columns([first, "observed", "stood", "now", "misses by"])
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
    let told = if held_out {
        let standings: Vec<&str> = found.targets.iter().filter_map(|target| target.standing.as_deref()).collect();
        let looked = standings.iter().any(|standing| *standing != "held out");
        let looked = if looked {
            " It was held out of this calibration; the scenario's other values were made with these years in view."
        } else {
            ""
        };
        // An optimum has no sample of worlds that are as likely as it, so its brackets hold a range.
        let brackets = if found.is_posterior() {
            "95 % intervals over the posterior"
        } else {
            "the range over the candidates in the 95 % region of the optimum"
        };
        format!(
            "Skill is 1 - error / error of the forecast: 1 perfect, 0 no better, below 0 worse; in brackets {brackets}, and what was \
             seen.{looked}"
        )
    } else {
        "Means over the dates of a series. Misses: residual in scales, as the scenario stood → now.".to_string()
    };
    format!("{text}\n{}", wrapped(&told, console.columns, "", ""))
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

/// The results as a page tells them, in the order of the alphabet: without the sample, which stands in a table of its own.
pub(crate) fn page(directory: &Path) -> Result<Value, Failure> {
    let found = results(directory)?;
    let parameters: Vec<Value> = found
        .parameters
        .iter()
        .map(|one| {
            json!({ "factor": one.name, "found": one.estimate, "from": one.low, "method": one.estimate.method,
                "near_bound": one.at_bound, "spread_left": one.narrowed_to, "stood_at": one.before, "to": one.high,
                "unit": one.unit })
        })
        .collect();
    let targets = |role: Use| -> Vec<Value> {
        let of_role = found.targets.iter().filter(|target| target.role == role);
        of_role
            .map(|target| {
                let skills: Map<String, Value> =
                    target.skills.iter().map(|skill| (format!("skill on {}", skill.naive), json!(skill.skill))).collect();
                let mut told = json!({ "label": target.label, "unit": target.unit, "scale": target.scale,
                    "missed_by_as_it_stood": target.residual_before, "missed_by_now": target.residual,
                    "source": target.source, "dates": target.rows });
                if let Some(entries) = told.as_object_mut() {
                    entries.extend(skills);
                    entries.extend(
                        target.standing.iter().map(|standing| ("when_the_scenario_was_made".to_string(), json!(standing))),
                    );
                }
                told
            })
            .collect()
    };
    let pooled: Vec<Value> = found
        .pooled
        .iter()
        .map(|pooled| json!({ "metric": pooled.metric, "against": pooled.naive, "skill": pooled.skill }))
        .collect();
    Ok(json!({
        "question": found.question, "method": found.method, "candidates": found.candidates, "search": found.ended,
        "distance_as_it_stood": found.distance_before, "distance_now": found.distance,
        "least_distance_of_a_candidate": found.least_distance, "tolerance": found.tolerance,
        "effective_sample": found.effective_sample, "notes": found.notes, "factors": parameters, "fitted": targets(Use::Fit),
        "held_out": targets(Use::HoldOut), "held_out_together": pooled,
    }))
}
