//! Sensitivity indices as tables.

use std::path::Path;

use spiral_results::{Estimate, FactorSensitivity, Sensitivity, SensitivityResults, figures_in, short_number};

use super::console::{Console, columns, table, wrapped};
use crate::failure::Failure;

/// Factors that are printed for each outcome: those that change it most.
const MOST_PRINTED: usize = 20;

/// Prints the results of `spiral sensitivity`.
pub(crate) fn print(results: &SensitivityResults, directory: &Path, json: bool, console: Console) -> Result<(), Failure> {
    if json {
        return console.print_json(&results.summary());
    }
    let each = results.indices.iter().zip(&results.sweep.responses.outcomes);
    let texts: Vec<String> = each.map(|(found, outcome)| text(found, &outcome.label, console)).collect();
    console.print(&texts.join("\n\n"))?;
    if let Some(remark) = results.sweep.plan.sweep.as_ref().and_then(|sweep| sweep.design.remark()) {
        console.print(&wrapped(&remark, console.columns, "Remark ", "       "))?;
    }
    let (place, figures) = (directory.display(), figures_in(directory));
    let files = format!(
        "{place}: sensitivity.json, sensitivity.parquet, problem.txt (for SALib), points, responses; {figures} figures in figures/; \
         report.html"
    );
    console.print_files(&files, None)
}

/// What ranks a factor: μ* or the total index.
fn rank(factor: &FactorSensitivity) -> f64 {
    let by = factor.mu_star.as_ref().or(factor.total.as_ref());
    by.and_then(|estimate| estimate.estimate).unwrap_or(f64::NEG_INFINITY)
}

fn text(found: &Sensitivity, label: &str, console: Console) -> String {
    let mut order: Vec<&FactorSensitivity> = found.factors.iter().collect();
    order.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    // Groups have no μ and no σ.
    let signed = found.factors.iter().any(|factor| factor.mu.is_some());
    let header: &[&str] = if found.method == "morris" && !signed {
        &["", "μ*"]
    } else if found.method == "morris" {
        &["", "μ*", "μ", "σ"]
    } else {
        &["", "alone", "with others"]
    };
    let columns = columns(header.iter().copied());
    let row = |factor: &&FactorSensitivity| {
        std::iter::once(factor.factor.clone()).chain(factor.measures().map(|(_, estimate)| figure(estimate))).collect()
    };
    let text = table(&columns, order.iter().take(MOST_PRINTED).map(row).collect(), console);
    let rest = order.len().saturating_sub(MOST_PRINTED);
    let rest = if rest > 0 { format!("\n… and {rest} more factors, in sensitivity.json") } else { String::new() };
    let masked = if found.masked > 0 { format!(", {} left out because they have no value", found.masked) } else { String::new() };
    let chance = match (found.seed_noise, found.history_noise) {
        (Some(points), Some(history)) => format!(
            " Random variation is at most {:.1} % of the variance between points, and {:.1} % of the variance of a single history.",
            100.0 * points,
            100.0 * history
        ),
        _ => " The share of random variation is unknown.".to_string(),
    };
    if let Some(value) = found.constant() {
        let told = format!("The outcome is {} at every point ({} rows): no factor moves it.", short_number(value), found.rows);
        return format!("{}\n\n{}", console.heading(label), wrapped(&told, console.columns, "", ""));
    }
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
