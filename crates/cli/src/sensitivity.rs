//! `spiral sensitivity`: which factors of a study move its outcomes.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;
use spiral_analysis::sensitivity::{morris, sobol};
use spiral_analysis::table::Estimate;
use spiral_analysis::{FactorSensitivity, Sensitivity};
use spiral_figures::Figure;
use spiral_scenario::{Design, Factor};
use spiral_study::{Column, Plan, Study, Sweep, write_table};

use crate::console::{self, Console, columns, table, wrapped};
use crate::failure::Failure;
use crate::sweep::Responses;
use crate::{reports, sweep_figures};

/// Format of `sensitivity.json`.
const FORMAT: u32 = 1;
/// Factors that are printed of each outcome, those that move it most.
const MOST_PRINTED: usize = 20;

/// Computes, writes and prints the indices of a finished study.
pub(crate) fn tell(plan: &Plan, responses: &Responses, directory: &Path, as_json: bool, console: Console) -> Result<(), Failure> {
    let Some(sweep) = &plan.sweep else { return Err(Failure::Usage("this study is no sweep".to_string())) };
    let found = indices(sweep, plan.seed, responses);
    let whole = json!({ "format": FORMAT, "title": plan.title, "seed": plan.seed, "design": sweep.design.kind(),
        "points": plan.points.len(), "outcomes": found });
    let text = format!("{}\n", console::json(&whole)?);
    spiral_study::write_atomically(directory, reports::SENSITIVITY, text.as_bytes())?;
    spiral_study::write_atomically(directory, "problem.txt", problem(&sweep.factors).as_bytes())?;
    write_indices(&found, directory, plan.csv)?;
    let drawn = sweep_figures::draw(plan, responses, directory)?;
    reports::write(directory, Study::open(directory)?.manifest())?;
    if as_json {
        return console.print_json(&whole);
    }
    let labels = responses.outcomes.iter().map(|(_, label, _)| *label);
    let mut parts: Vec<String> = found.iter().zip(labels).map(|(found, label)| printed(found, label, console)).collect();
    if !console.quiet {
        let files = format!(
            "{}: sensitivity.json, sensitivity.parquet, problem.txt (for SALib), points, responses; {drawn} pictures in figures/; report.html",
            directory.display()
        );
        parts.push(wrapped(&files, console.columns, "Files  ", "       "));
    }
    console.print(&parts.join("\n\n"))
}

/// The bars of every outcome of a design that has indices.
pub(crate) fn figures(plan: &Plan, responses: &Responses) -> Vec<Figure> {
    let Some(sweep) = &plan.sweep else { return Vec::new() };
    let found = indices(sweep, plan.seed, responses);
    let told = found.iter().zip(&responses.outcomes);
    told.map(|(found, (_, label, unit))| spiral_figures::sensitivity(found, label, unit, &plan.title)).collect()
}

/// The indices of every outcome.
fn indices(sweep: &Sweep, seed: u64, responses: &Responses) -> Vec<Sensitivity> {
    let names: Vec<String> = sweep.factors.iter().map(|factor| factor.name.clone()).collect();
    let found = responses.outcomes.iter().enumerate().map(|(position, (outcome, ..))| {
        let points: Vec<Estimate> = responses.estimates.iter().map(|estimates| estimates[position].clone()).collect();
        let outputs: Vec<f64> = points.iter().map(|point| point.estimate.unwrap_or(f64::NAN)).collect();
        let found = match sweep.design {
            Design::Morris { .. } => morris(outcome, &outputs, &sweep.points.places, &names, seed),
            _ => sobol(outcome, &outputs, &names, seed),
        };
        found.with_noise(&points)
    });
    found.collect()
}

/// Names, bounds and distributions as SALib's `read_param_file` takes them: name, lower, upper, group, distribution.
fn problem(factors: &[Factor]) -> String {
    let mut text = String::new();
    for factor in factors {
        let (low, high) = factor.values.bounds();
        let log = factor.values.is_logarithmic();
        let distribution = if log { "logunif" } else { "unif" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{0},{low},{high},{0},{distribution}", factor.name.replace(',', ";"));
    }
    text
}

fn write_indices(found: &[Sensitivity], directory: &Path, csv: bool) -> Result<(), Failure> {
    let rows = || {
        let factors = found.iter().flat_map(|outcome| outcome.factors.iter().map(move |factor| (&outcome.outcome, factor)));
        factors.flat_map(|(outcome, factor)| {
            factor.measures().map(move |(name, estimate)| (outcome, &factor.factor, name, estimate))
        })
    };
    let mut columns = vec![
        ("outcome", Column::text(rows().map(|row| row.0))),
        ("factor", Column::text(rows().map(|row| row.1))),
        ("measure", Column::text(rows().map(|row| row.2))),
    ];
    columns.extend(Column::estimates(rows().map(|row| row.3), "rows"));
    Ok(write_table(directory, "sensitivity", &columns, csv)?)
}

/// What ranks a factor: μ* or the total index.
fn rank(factor: &FactorSensitivity) -> f64 {
    let by = factor.mu_star.as_ref().or(factor.total.as_ref());
    by.and_then(|estimate| estimate.estimate).unwrap_or(f64::NEG_INFINITY)
}

fn printed(found: &Sensitivity, label: &str, console: Console) -> String {
    let mut order: Vec<&FactorSensitivity> = found.factors.iter().collect();
    order.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let header: &[&str] = if found.method == "morris" { &["", "μ*", "μ", "σ"] } else { &["", "alone", "with others"] };
    let columns = columns(header.iter().copied());
    let row = |factor: &&FactorSensitivity| {
        std::iter::once(factor.factor.clone()).chain(factor.measures().map(|(_, estimate)| figure(estimate))).collect()
    };
    let text = table(&columns, order.iter().take(MOST_PRINTED).map(row).collect(), console);
    let rest = order.len().saturating_sub(MOST_PRINTED);
    let rest = if rest > 0 { format!("\n… and {rest} more factors, in sensitivity.json") } else { String::new() };
    let masked = if found.masked > 0 { format!(", {} left out for want of a value", found.masked) } else { String::new() };
    let chance = match (found.seed_noise, found.history_noise) {
        (Some(points), Some(history)) => format!(
            " Chance makes at most {:.1} % of the variance between points, and {:.1} % of that of a single history.",
            100.0 * points,
            100.0 * history
        ),
        _ => " What chance makes of it cannot be told.".to_string(),
    };
    let reason = found.factors.iter().flat_map(FactorSensitivity::measures).find(|(_, estimate)| estimate.lower.is_none());
    let reason = reason.map_or_else(String::new, |(_, estimate)| format!(" No intervals: {}.", estimate.method));
    let rows = if found.rows == 1 { "1 row".to_string() } else { format!("{} rows", found.rows) };
    let noise = format!("{rows}{masked}.{chance}{reason}");
    format!("{}\n\n{}{rest}\n{}", console.heading(label), text, wrapped(&noise, console.columns, "", ""))
}

fn figure(estimate: &Estimate) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_string(), |value| format!("{value:.3}"));
    match (estimate.lower, estimate.upper) {
        (Some(_), Some(_)) => {
            format!("{} [{}, {}]", number(estimate.estimate), number(estimate.lower), number(estimate.upper))
        }
        _ => number(estimate.estimate),
    }
}
