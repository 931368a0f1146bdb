//! The simulated values of every target at the end of a search, and the skill of held-out targets.
//!
//! The uncertainty of a simulated value or a skill follows from that of the parameters: its interval is that over the posterior sample, or
//! the range over the candidates in the 95 % region of an optimum, `d² ≤ d_min² + χ²`. It does not include the uncertainty
//! about other years that
//! history might have had.

use std::ops::Range;

use super::chi_square_95;
use super::found::{AS_IT_STOOD, End, Inputs, Pooled, Skill, TargetRow, TargetScore};
use super::targets::{Aim, Target, Use, by_target};
use super::weighted;
use crate::skill::{linear_trend, root_mean_square};
use crate::table::{Estimate, finite};

/// Share of the weight of a posterior, or of the dates of a held-out series, that must have a simulated value.
const MOST_OF_IT: f64 = 0.5;
/// Fewest dates from which a naive forecast is made.
const FEWEST_BEFORE: usize = 3;

/// What was scored.
pub(super) struct Scores {
    /// The simulated values of every target.
    pub(super) simulated: Vec<f64>,
    pub(super) targets: Vec<TargetScore>,
    pub(super) pooled: Vec<Pooled>,
}

/// The worlds that represent the result: the particles of a posterior with their weights, the candidates near an optimum without.
struct Members<'a> {
    simulated: Vec<&'a [f64]>,
    weights: Option<Vec<f64>>,
    method: String,
}

impl<'a> Members<'a> {
    fn of(inputs: &Inputs<'a>, best: usize) -> Self {
        match inputs.end {
            End::Posterior { particles, .. } => Self {
                simulated: particles.iter().map(|one| inputs.candidates[one.candidate].simulated.as_slice()).collect(),
                weights: Some(particles.iter().map(|particle| particle.weight).collect()),
                method: "quantiles over the posterior".to_string(),
            },
            End::Optimum { fresh } => {
                let least = inputs.candidates[best].distance;
                let most = least * least + chi_square_95(inputs.parameters.len());
                let near = inputs.candidates.iter().filter(|one| one.distance * one.distance <= most);
                let mut simulated: Vec<&[f64]> = near.map(|one| one.simulated.as_slice()).collect();
                let method = format!("range over {} candidates in the 95 % region of the optimum", simulated.len());
                // The estimate is the value of the optimum in new histories; the range contains it.
                simulated.push(fresh);
                Self { simulated, weights: None, method }
            }
        }
    }

    /// Mean of a number over the members that have it, where these are most of them.
    fn mean(&self, at: usize) -> f64 {
        let (values, weights) = self.present(&|simulated| simulated[at]);
        if values.is_empty() { f64::NAN } else { weighted::mean(&values, &weights) }
    }

    /// Ends of a number over them.
    fn ends(&self, of: &dyn Fn(&[f64]) -> f64) -> (f64, f64) {
        let (values, weights) = self.present(of);
        if values.is_empty() {
            return (f64::NAN, f64::NAN);
        }
        if self.weights.is_some() {
            return (weighted::quantile(&values, &weights, 0.025), weighted::quantile(&values, &weights, 0.975));
        }
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
    }

    /// A number of the members that have it, with weights; nothing where these are not most of them.
    fn present(&self, of: &dyn Fn(&[f64]) -> f64) -> (Vec<f64>, Vec<f64>) {
        let even = 1.0 / self.simulated.len() as f64;
        let weight = |position: usize| self.weights.as_ref().map_or(even, |weights| weights[position]);
        let (values, weights): (Vec<f64>, Vec<f64>) = self
            .simulated
            .iter()
            .enumerate()
            .map(|(position, simulated)| (of(simulated), weight(position)))
            .filter(|(value, _)| value.is_finite())
            .unzip();
        if weights.iter().fold(0.0, |sum, weight| sum + weight) < MOST_OF_IT {
            (Vec::new(), Vec::new())
        } else {
            (values, weights)
        }
    }
}

/// A held-out series and a forecast of it: where its values stand, and the error of the forecast.
struct Forecast {
    observed: Vec<f64>,
    /// Positions among all simulated values.
    positions: Range<usize>,
    /// Which of them are scored: those with a value of the simulation and of the forecast.
    scored: Vec<bool>,
    /// Root mean square error of the forecast over those.
    error: f64,
}

impl Forecast {
    fn of(target: &Target, positions: Range<usize>, forecast: &[f64], simulated: &[f64]) -> Self {
        let observed = target.observed().into_iter().map(|(_, value)| value).collect();
        let now = &simulated[positions.clone()];
        let scored = now.iter().zip(forecast).map(|(now, naive)| now.is_finite() && naive.is_finite()).collect();
        let mut alone = simulated.to_vec();
        alone[positions.clone()].copy_from_slice(forecast);
        let mut made = Self { observed, positions, scored, error: f64::NAN };
        made.error = made.own(&alone);
        made
    }

    /// Skill of the simulated values over the forecast, where most dates are scored.
    fn skill(&self, simulated: &[f64], members: &Members<'_>) -> Estimate {
        let count = self.scored.iter().filter(|scored| **scored).count();
        if (count as f64) < MOST_OF_IT * self.scored.len() as f64 {
            return Estimate::none(count as u64, "too few dates with a simulated value");
        }
        let skill_of = |simulated: &[f64]| 1.0 - self.own(simulated) / self.error;
        Estimate::new(skill_of(simulated), members.ends(&skill_of), count as u64, &members.method)
    }

    /// Root mean square error of simulated values over the scored dates.
    fn own(&self, simulated: &[f64]) -> f64 {
        let values = &simulated[self.positions.clone()];
        let errors = values.iter().zip(&self.observed).zip(&self.scored).filter(|(_, scored)| **scored);
        root_mean_square(&errors.map(|((value, observed), _)| value - observed).collect::<Vec<f64>>())
    }

    /// Size of the series.
    fn size(&self) -> f64 {
        self.observed.iter().fold(0.0, |sum, value| sum + value) / self.observed.len() as f64
    }
}

pub(super) fn scores(inputs: &Inputs<'_>, best: usize) -> Scores {
    let members = Members::of(inputs, best);
    let simulated: Vec<f64> = match inputs.end {
        End::Optimum { fresh } => fresh.to_vec(),
        End::Posterior { .. } => (0..inputs.before.len()).map(|at| members.mean(at)).collect(),
    };
    let mut targets = Vec::new();
    let mut series: Vec<(Group<'_>, Forecast)> = Vec::new();
    let mut first = 0;
    for (number, (target, before)) in by_target(inputs.targets, inputs.before).enumerate() {
        let positions = first..first + before.len();
        first = positions.end;
        let now = &simulated[positions.clone()];
        let (of, state) = match &target.aim {
            Aim::Number { measure, .. } => (measure.clone(), None),
            Aim::Series { metric, state, .. } => (metric.clone(), Some(state.clone())),
        };
        let mut skills = Vec::new();
        for (naive, values) in forecasts(inputs, target, before) {
            let forecast = Forecast::of(target, positions.clone(), &values, &simulated);
            let skill = forecast.skill(&simulated, &members);
            skills.push(Skill { naive: naive.to_string(), skill: skill.clone() });
            if state.is_some() && skill.estimate.is_some() && forecast.size() > 0.0 {
                let Aim::Series { metric, .. } = &target.aim else { continue };
                series.push((Group { scenario: &target.scenario, role: target.role, metric, naive }, forecast));
            }
        }
        targets.push(TargetScore {
            label: target.label.clone(),
            scenario: target.scenario.clone(),
            of,
            state,
            unit: target.unit.clone(),
            role: target.role,
            scale: target.scale,
            source: target.source.clone(),
            standing: inputs.standing.get(number).cloned().flatten().filter(|_| target.role == Use::HoldOut),
            residual_before: residual(target, before),
            residual: residual(target, now),
            rows: rows(target, before, positions, &simulated, &members),
            skills,
        });
    }
    let pooled = pooled(&series, &simulated, &members);
    Scores { simulated, targets, pooled }
}

/// What was simulated of a target, date by date.
fn rows(target: &Target, before: &[f64], positions: Range<usize>, simulated: &[f64], members: &Members<'_>) -> Vec<TargetRow> {
    let dated = target.observed().into_iter().zip(before).zip(positions);
    dated
        .map(|(((date, observed), before), position)| {
            let (low, high) = members.ends(&|simulated| simulated[position]);
            let range = finite(low).zip(finite(high));
            TargetRow { date, observed, before: finite(*before), simulated: finite(simulated[position]), range }
        })
        .collect()
}

/// Series whose skills are taken together.
#[derive(Clone, Copy, PartialEq)]
struct Group<'a> {
    scenario: &'a str,
    role: Use,
    metric: &'a str,
    naive: &'a str,
}

/// The skill of all series of a group together, each relative to its own size.
fn pooled(series: &[(Group<'_>, Forecast)], simulated: &[f64], members: &Members<'_>) -> Vec<Pooled> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (group, _) in series {
        if !groups.contains(group) {
            groups.push(*group);
        }
    }
    let mut found = Vec::new();
    for group in groups {
        let own: Vec<&Forecast> = series.iter().filter(|(of, _)| *of == group).map(|(_, one)| one).collect();
        if own.len() < 2 {
            continue;
        }
        let squares = |error: &dyn Fn(&Forecast) -> f64| {
            own.iter().map(|one| error(one) / one.size()).fold(0.0, |sum, relative| sum + relative * relative)
        };
        let of_naive = squares(&|one| one.error);
        let skill_of = |simulated: &[f64]| 1.0 - (squares(&|one| one.own(simulated)) / of_naive).sqrt();
        let skill = Estimate::new(skill_of(simulated), members.ends(&skill_of), own.len() as u64, &members.method);
        let Group { scenario, role, metric, naive } = group;
        let (scenario, metric, naive) = (scenario.to_string(), metric.to_string(), naive.to_string());
        found.push(Pooled { scenario, role, metric, naive, skill });
    }
    found
}

/// The residual over the dates that have a simulated value, where these are most of them.
fn residual(target: &Target, values: &[f64]) -> Option<f64> {
    let Aim::Series { points, .. } = &target.aim else { return finite(target.residual(values)) };
    let errors = points.iter().zip(values).map(|(point, value)| (value - point.1) / target.scale);
    let errors: Vec<f64> = errors.filter(|error| error.is_finite()).collect();
    finite(root_mean_square(&errors)).filter(|_| errors.len() as f64 >= MOST_OF_IT * points.len() as f64)
}

/// Forecasts of a target. Of a series: from the years that it names, or, if it is held out, from what was fitted of it before; of a
/// number the one that is given. What is held out is also compared with the scenario before calibration.
fn forecasts(inputs: &Inputs<'_>, target: &Target, before: &[f64]) -> Vec<(&'static str, Vec<f64>)> {
    let mut forecasts = Vec::new();
    let held_out = target.role == Use::HoldOut;
    match &target.aim {
        Aim::Number { naive, .. } if held_out => forecasts.extend(naive.map(|naive| ("naive", vec![naive]))),
        Aim::Number { .. } => {}
        Aim::Series { points, known, .. } => {
            let mut known = known.clone();
            if known.is_empty() && held_out {
                known = fitted_before(inputs, target);
            }
            if let (true, Some(last)) = (known.len() >= FEWEST_BEFORE, known.last()) {
                forecasts.push(("no change", vec![last.1; points.len()]));
                forecasts.push(("linear trend", points.iter().map(|point| linear_trend(&known, point.0)).collect()));
            }
        }
    }
    if held_out {
        forecasts.push((AS_IT_STOOD, before.to_vec()));
    }
    forecasts
}

/// What was fitted of the series of a target before it begins, in order of date.
fn fitted_before(inputs: &Inputs<'_>, target: &Target) -> Vec<(f64, f64)> {
    let Aim::Series { metric, state, points, .. } = &target.aim else { return Vec::new() };
    let start = points.first().map_or(f64::NEG_INFINITY, |point| point.0);
    let mut known: Vec<(f64, f64)> = inputs
        .targets
        .iter()
        .filter(|other| other.role == Use::Fit && other.scenario == target.scenario)
        .filter_map(|other| match &other.aim {
            Aim::Series { metric: m, state: s, points, .. } if m == metric && s == state => Some(points),
            _ => None,
        })
        .flatten()
        .copied()
        .filter(|point| point.0 < start)
        .collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    known
}
