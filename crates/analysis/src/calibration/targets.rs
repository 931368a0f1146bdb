//! The targets of a calibration, and the distance of a simulation from them.
//!
//! ```text
//! residual of a number   (simulated − observed) / scale
//! residual of a series   root mean square of (simulated − observed) / scale over its dates: a series is one target, however many
//!                        dates it has, since neighbouring years are alike
//! distance               d = √(Σ residual²) over the targets that are fitted
//! ```
//! Held-out targets do not count in the distance.

use serde::{Deserialize, Serialize};

use crate::skill::root_mean_square;
use crate::summary::measure_estimate;
use crate::validation::{Histories, simulated_rate};

/// What a target is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// The search brings the simulation near it.
    Fit,
    /// It is scored at the end, and no candidate is judged by it.
    HoldOut,
}

/// What a target is of.
#[derive(Debug, Clone, PartialEq)]
pub enum Aim {
    /// A measure of a scenario, or a rate of the validation, by its name.
    Number {
        /// Name.
        measure: String,
        /// What was observed.
        value: f64,
        /// The forecast without any theory.
        naive: Option<f64>,
    },
    /// An observed series of a state.
    Series {
        /// `burden`, `arms` or `warheads`.
        metric: String,
        /// Code of the state.
        state: String,
        /// Dates and observed values.
        points: Vec<(f64, f64)>,
        /// What was observed before, from which the naive forecasts are made; if empty, they are made from the fitted targets before.
        known: Vec<(f64, f64)>,
    },
}

/// A target.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// What it is called in tables.
    pub label: String,
    /// Name of its scenario.
    pub scenario: String,
    /// Unit of its values.
    pub unit: String,
    /// What it is of.
    pub aim: Aim,
    /// What it is for.
    pub role: Use,
    /// Standard deviation of the error with which it was observed, in its unit.
    pub scale: f64,
    /// Where it comes from.
    pub source: String,
}

impl Target {
    /// Dates and observed values; the date of a number is none.
    #[must_use]
    pub fn observed(&self) -> Vec<(Option<f64>, f64)> {
        match &self.aim {
            Aim::Number { value, .. } => vec![(None, *value)],
            Aim::Series { points, .. } => points.iter().map(|(date, value)| (Some(*date), *value)).collect(),
        }
    }

    /// Its residual, in scales; NaN where the simulation lacks a value.
    #[must_use]
    pub fn residual(&self, simulated: &[f64]) -> f64 {
        match &self.aim {
            Aim::Number { value, .. } => simulated.first().map_or(f64::NAN, |found| (found - value) / self.scale),
            Aim::Series { points, .. } => {
                let errors: Vec<f64> =
                    points.iter().zip(simulated).map(|(point, found)| (found - point.1) / self.scale).collect();
                root_mean_square(&errors)
            }
        }
    }
}

/// The values of targets in some histories of their scenario, one after the other, one number for each date; NaN if there is none.
#[must_use]
pub fn measured<'a>(histories: &Histories<'_>, years: (f64, f64), targets: impl IntoIterator<Item = &'a Target>) -> Vec<f64> {
    let mut values = Vec::new();
    for target in targets {
        match &target.aim {
            Aim::Number { measure, .. } => {
                let found = measure_estimate(measure, histories.outcomes, years).or_else(|| simulated_rate(histories, measure));
                values.push(found.and_then(|found| found.estimate).unwrap_or(f64::NAN));
            }
            Aim::Series { metric, state, points, .. } => {
                values.extend(points.iter().map(|(date, _)| histories.mean_at(metric, state, *date).unwrap_or(f64::NAN)));
            }
        }
    }
    values
}

/// The part of `values` that belongs to each target.
pub fn by_target<'a>(targets: &'a [Target], values: &'a [f64]) -> impl Iterator<Item = (&'a Target, &'a [f64])> {
    let mut first = 0;
    targets.iter().map(move |target| {
        let number = match &target.aim {
            Aim::Number { .. } => 1,
            Aim::Series { points, .. } => points.len(),
        };
        first += number;
        (target, values.get(first - number..first).unwrap_or_default())
    })
}

/// The distance of simulated values from the targets that are fitted; infinite where one has no value.
#[must_use]
pub fn distance(targets: &[Target], values: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (target, values) in by_target(targets, values).filter(|(target, _)| target.role == Use::Fit) {
        let residual = target.residual(values);
        sum += residual * residual;
    }
    if sum.is_nan() { f64::INFINITY } else { sum.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(aim: Aim, role: Use, scale: f64) -> Target {
        Target { label: String::new(), scenario: String::new(), unit: String::new(), aim, role, scale, source: String::new() }
    }

    #[test]
    fn a_distance_is_made_of_what_is_fitted() {
        let number = Aim::Number { measure: "war".to_string(), value: 0.5, naive: None };
        let series = |points| Aim::Series { metric: "burden".to_string(), state: "A".to_string(), points, known: Vec::new() };
        let targets = [
            target(number.clone(), Use::Fit, 0.1),
            target(series(vec![(1900.5, 0.03), (1901.5, 0.04)]), Use::Fit, 0.01),
            target(series(vec![(1902.5, 0.05)]), Use::HoldOut, 0.01),
        ];
        // Residuals: 3 scales; 4 and 4, whose root mean square is 4; what is held out counts nothing.
        let values = [0.8, 0.07, 0.0, 9.0];
        assert!((distance(&targets, &values) - 5.0).abs() < 1e-12, "{}", distance(&targets, &values));
        assert_eq!(distance(&targets, &[0.8, f64::NAN, 0.0, 9.0]), f64::INFINITY);
        assert!(distance(&targets, &[0.8, 0.07, 0.0, f64::NAN]).is_finite());
        let parts: Vec<usize> = by_target(&targets, &values).map(|(_, part)| part.len()).collect();
        assert_eq!(parts, [1, 2, 1]);
        assert_eq!(targets[1].observed(), [(Some(1900.5), 0.03), (Some(1901.5), 0.04)]);
    }
}
