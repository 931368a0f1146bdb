//! What the points of a design give, and what each of them changes.

use serde::Serialize;
use spiral_analysis::VarianceParts;
use spiral_analysis::table::{Contrast, Estimate};
use spiral_scenario::Factor;
use spiral_study::Plan;

/// An outcome with its label and unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutcomeName {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Its unit.
    pub unit: String,
}

/// The outcomes of a study, point by point.
#[derive(Debug, Clone, Serialize)]
pub struct Responses {
    /// Names, labels and units of the outcomes.
    pub outcomes: Vec<OutcomeName>,
    /// By point, then outcome.
    pub estimates: Vec<Vec<Estimate>>,
    /// What makes the variance of an outcome, by point, then outcome; empty unless judgements are drawn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variance: Vec<Vec<VarianceParts>>,
    /// Histories and failed histories, by point.
    pub histories: Vec<(u64, u64)>,
    /// Paired differences from point 0, by later point, then outcome: of a list of points only.
    pub effects: Vec<Contrast>,
}

/// What a point changes, in words.
#[must_use]
pub fn changes(plan: &Plan, point: usize) -> Vec<String> {
    let factors = plan.sweep.iter().flat_map(|sweep| &sweep.factors);
    let kind = |name: &str| factors.clone().find(|factor| factor.name == name).map_or("", Factor::kind);
    let changes: Vec<String> = values(plan, point)
        .filter_map(|(name, value)| match (kind(name), value >= 0.5) {
            ("mechanism", false) => Some(format!("without {name}")),
            ("mechanism", true) => Some(format!("with {name}")),
            ("intervention", false) => None,
            ("intervention", true) => Some(name.to_string()),
            _ => Some(format!("{name} = {}", short_number(value))),
        })
        .collect();
    if changes.is_empty() { vec!["the scenario without changes".to_string()] } else { changes }
}

/// Names and values of the factors of a point, except those that it does not change.
pub(crate) fn values(plan: &Plan, point: usize) -> impl Iterator<Item = (&str, f64)> {
    plan.sweep.iter().flat_map(move |sweep| {
        let names = sweep.factors.iter().map(|factor| factor.name.as_str());
        names.zip(sweep.points.values[point].iter().copied()).filter(|(_, value)| !value.is_nan())
    })
}

/// A value with few digits: three decimals, and more for small values.
#[must_use]
pub fn short_number(value: f64) -> String {
    if value.is_nan() {
        return String::new();
    }
    let decimals = (2.0 - value.abs().log10().floor()).clamp(3.0, 9.0) as usize;
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_few_figures() {
        let shown = [0.25, 2.945_123, 0.000_123_4, 0.0, 1913.25, -0.5, 100.0].map(short_number);
        assert_eq!(shown, ["0.25", "2.945", "0.000123", "0", "1913.25", "-0.5", "100"]);
    }
}
