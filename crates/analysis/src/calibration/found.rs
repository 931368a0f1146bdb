//! The result of a calibration: parameters with intervals, targets with their simulated values, held-out targets with their skill.
//!
//! A parameter, or a direction among several, is **identified by the targets** where they narrow it: where its standard deviation is
//! clearly less than that of the range from which the search began. Where it is not, its interval is that of the range.

use serde::{Deserialize, Serialize};

use super::local::local_fit;
use super::scores::{Scores, scores};
use super::targets::{Target, Use, distance};
use super::{Particle, Stage, weighted};
use crate::intervals::{normal_critical, point_quantile};
use crate::table::{Estimate, finite};

/// Format of [`Calibration`].
pub const FORMAT: u32 = 2;
/// Share of its range within which an optimum lies at a bound.
const AT_BOUND: f64 = 0.01;
/// A posterior is concentrated at a bound if the outermost tenth of the range holds more than this share of it.
const CONCENTRATED: f64 = 0.25;
/// A parameter with more than this share of the prior's standard deviation left is not identified by the targets.
const NOT_IDENTIFIED: f64 = 0.9;
/// Standard deviation of a uniform number, a share of its range: 1 / √12.
const UNIFORM_SD: f64 = 0.288_675_134_594_812_9;
/// Name of the search whose result is a posterior sample.
const ABC_SMC: &str = "abc-smc";
/// Why there is no posterior.
const NO_CANDIDATE: &str = "no candidate has a value for every target";
/// The forecast that the scenario made before anything was fitted.
pub const AS_IT_STOOD: &str = "the scenario before calibration";

/// A parameter before the search.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Bounds.
    pub bounds: (f64, f64),
    /// Whether the prior is uniform over the logarithm.
    pub logarithmic: bool,
    /// Its value in the scenario, where it has one.
    pub before: Option<f64>,
}

/// A candidate that was simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Generation that asked for it.
    pub generation: u32,
    /// Place in the unit cube.
    pub place: Vec<f64>,
    /// Values of the parameters.
    pub values: Vec<f64>,
    /// The value of every target in its histories.
    pub simulated: Vec<f64>,
    /// Distance from the targets that are fitted.
    pub distance: f64,
}

/// The result of a search.
#[derive(Debug, Clone, Copy)]
pub enum End<'a> {
    /// The best candidate, with its targets in histories that the search did not use.
    Optimum {
        /// The values of the targets.
        fresh: &'a [f64],
    },
    /// A weighted sample, and the tolerance of its generation.
    Posterior {
        /// The sample.
        particles: &'a [Particle],
        /// Tolerance.
        tolerance: f64,
    },
}

/// What a calibration is made from.
pub struct Inputs<'a> {
    /// Title of the study.
    pub title: &'a str,
    /// Its question.
    pub question: &'a str,
    /// Name of the scenario, or names with commas between them.
    pub scenario: &'a str,
    /// Seed of every draw.
    pub seed: u64,
    /// Histories of each candidate.
    pub histories: u32,
    /// Parameters.
    pub parameters: &'a [Parameter],
    /// The value of a parameter at a place of the unit interval.
    pub value: &'a dyn Fn(usize, f64) -> f64,
    /// Targets.
    pub targets: &'a [Target],
    /// How the held-out part of each target was used when the scenario was made, if that is known; by target.
    pub standing: &'a [Option<String>],
    /// Every candidate, in order.
    pub candidates: &'a [Candidate],
    /// The targets at the scenario's own values, in histories that the search did not use.
    pub before: &'a [f64],
    /// How the search ended.
    pub stage: Stage,
    /// Its result.
    pub end: End<'a>,
}

/// The result of a calibration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Format.
    pub format: u32,
    /// Title of the study.
    pub title: String,
    /// Its question.
    pub question: String,
    /// Name of the scenario, or names with commas between them.
    pub scenario: String,
    /// `cma-es` or `abc-smc`.
    pub method: String,
    /// Seed of every draw.
    pub seed: u64,
    /// Histories of each candidate.
    pub histories: u32,
    /// Candidates that were simulated.
    pub candidates: u64,
    /// How the search ended.
    pub ended: String,
    /// Distance of the scenario before calibration, in scales.
    pub distance_before: Option<f64>,
    /// Distance of the result: of the optimum in histories that the search did not use, or of the mean of the posterior's simulations.
    pub distance: Option<f64>,
    /// Least distance of any candidate, on the search's own histories.
    pub least_distance: Option<f64>,
    /// Tolerance of the last population of a posterior.
    pub tolerance: Option<f64>,
    /// Effective sample size of the posterior: the number of equally weighted particles with the same precision.
    pub effective_sample: Option<f64>,
    /// Parameters.
    pub parameters: Vec<Fitted>,
    /// Their correlations in the unit cube, where there are any.
    pub correlations: Vec<Vec<Option<f64>>>,
    /// Targets.
    pub targets: Vec<TargetScore>,
    /// Series of a metric together, by scenario and use.
    pub pooled: Vec<Pooled>,
    /// Generations.
    pub generations: Vec<Generation>,
    /// The posterior sample, or all candidates of a search for an optimum.
    pub sample: Vec<Sampled>,
    /// Warnings for the reader.
    pub notes: Vec<String>,
}

/// A parameter after the search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Whether the prior is uniform over the logarithm.
    pub logarithmic: bool,
    /// Value in the scenario.
    pub before: Option<f64>,
    /// Optimum or posterior mean, with 95 % interval.
    #[serde(flatten)]
    pub estimate: Estimate,
    /// Quantiles of a posterior: 5, 25, 50, 75, 95 %.
    pub quantiles: Option<[f64; 5]>,
    /// Standard deviation over that of the prior: 1 means that the targets give no information.
    pub narrowed_to: Option<f64>,
    /// The bound that it lies at, `lower` or `upper`.
    pub at_bound: Option<String>,
}

/// A target and what is simulated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetScore {
    /// What it is called.
    pub label: String,
    /// Name of its scenario.
    pub scenario: String,
    /// Metric of a series, name of a measure.
    pub of: String,
    /// State of a series.
    pub state: Option<String>,
    /// Unit.
    pub unit: String,
    /// Its use: fitted or held out.
    pub role: Use,
    /// Scale.
    pub scale: f64,
    /// Where it comes from.
    pub source: String,
    /// How the held-out part was used when the scenario was made.
    pub standing: Option<String>,
    /// Residual of the scenario before calibration, in scales.
    pub residual_before: Option<f64>,
    /// Residual of the result.
    pub residual: Option<f64>,
    /// Every date.
    pub rows: Vec<TargetRow>,
    /// Skill of what is held out, and of what is fitted where the file says from which years its naive forecasts are made.
    pub skills: Vec<Skill>,
}

/// One date of a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetRow {
    /// Decimal year, of a series.
    pub date: Option<f64>,
    /// What was observed.
    pub observed: f64,
    /// What the scenario gave before calibration.
    pub before: Option<f64>,
    /// What is simulated now.
    pub simulated: Option<f64>,
    /// 2.5 % and 97.5 % quantile over a posterior; least and greatest over the candidates in the 95 % region of an optimum.
    pub range: Option<(f64, f64)>,
}

/// A skill against a naive forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// The forecast.
    pub naive: String,
    /// The skill.
    #[serde(flatten)]
    pub skill: Estimate,
}

/// The series of a metric of a scenario together: those that are held out, or those that are fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pooled {
    /// Name of the scenario.
    pub scenario: String,
    /// Their use: fitted or held out.
    pub role: Use,
    /// Metric.
    pub metric: String,
    /// The forecast.
    pub naive: String,
    /// The skill, each series relative to its own size.
    #[serde(flatten)]
    pub skill: Estimate,
}

/// A generation of a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Generation {
    /// Number.
    pub generation: u32,
    /// Candidates.
    pub candidates: u32,
    /// Least distance.
    pub least: Option<f64>,
    /// Median distance. None where it is infinite.
    pub median: Option<f64>,
    /// Least distance so far.
    pub least_so_far: Option<f64>,
}

/// A place that is drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sampled {
    /// Values of the parameters.
    pub values: Vec<f64>,
    /// Distance; none where it is infinite.
    pub distance: Option<f64>,
    /// Weight in a posterior.
    pub weight: Option<f64>,
}

impl Calibration {
    /// Whether the result is a posterior sample, and not an optimum.
    #[must_use]
    pub fn is_posterior(&self) -> bool {
        self.method == ABC_SMC
    }
}

/// Builds the result of a calibration from the result of a search.
///
/// # Panics
/// If there is no candidate.
#[must_use]
pub fn calibration(inputs: &Inputs<'_>) -> Calibration {
    let best = inputs
        .candidates
        .iter()
        .enumerate()
        .min_by(|a, b| a.1.distance.total_cmp(&b.1.distance))
        .map(|(position, _)| position)
        .expect("a search has simulated candidates");
    let mut notes = Vec::new();
    let (parameters, correlations) = match inputs.end {
        End::Optimum { .. } => optimum(inputs, best, &mut notes),
        End::Posterior { particles, .. } => posterior(inputs, particles, &mut notes),
    };
    let Scores { simulated, targets, pooled } = scores(inputs, best);
    let now = distance(inputs.targets, &simulated);
    remarks(inputs, &parameters, now, &mut notes);
    let sample = match inputs.end {
        End::Optimum { .. } => inputs
            .candidates
            .iter()
            .map(|one| Sampled { values: one.values.clone(), distance: finite(one.distance), weight: None })
            .collect(),
        End::Posterior { particles, .. } => particles
            .iter()
            .map(|particle| Sampled {
                values: inputs.candidates[particle.candidate].values.clone(),
                distance: finite(particle.distance),
                weight: finite(particle.weight),
            })
            .collect(),
    };
    let (method, tolerance, effective_sample) = match inputs.end {
        End::Optimum { .. } => ("cma-es", None, None),
        End::Posterior { particles, tolerance } => {
            let weights: Vec<f64> = particles.iter().map(|particle| particle.weight).collect();
            (ABC_SMC, finite(tolerance), finite(weighted::effective_size(&weights)))
        }
    };
    Calibration {
        format: FORMAT,
        title: inputs.title.to_string(),
        question: inputs.question.to_string(),
        scenario: inputs.scenario.to_string(),
        method: method.to_string(),
        seed: inputs.seed,
        histories: inputs.histories,
        candidates: inputs.candidates.len() as u64,
        ended: inputs.stage.name().to_string(),
        distance_before: finite(distance(inputs.targets, inputs.before)),
        distance: finite(now),
        least_distance: finite(inputs.candidates[best].distance),
        tolerance,
        effective_sample,
        parameters,
        correlations,
        targets,
        pooled,
        generations: generations(inputs.candidates),
        sample,
        notes,
    }
}

fn fitted(parameter: &Parameter, estimate: Estimate) -> Fitted {
    Fitted {
        name: parameter.name.clone(),
        unit: parameter.unit.clone(),
        low: parameter.bounds.0,
        high: parameter.bounds.1,
        logarithmic: parameter.logarithmic,
        before: parameter.before,
        estimate,
        quantiles: None,
        narrowed_to: None,
        at_bound: None,
    }
}

fn some(matrix: Vec<Vec<f64>>) -> Vec<Vec<Option<f64>>> {
    matrix.into_iter().map(|row| row.into_iter().map(finite).collect()).collect()
}

fn optimum(inputs: &Inputs<'_>, best: usize, notes: &mut Vec<String>) -> (Vec<Fitted>, Vec<Vec<Option<f64>>>) {
    let places: Vec<&[f64]> = inputs.candidates.iter().map(|one| one.place.as_slice()).collect();
    let distances: Vec<f64> = inputs.candidates.iter().map(|one| one.distance).collect();
    let n = inputs.parameters.len();
    let fit = local_fit(&places, &distances, best);
    let method = match &fit {
        Ok(fit) => format!(
            "quadratic form fitted to the squared distances of {} candidates near the optimum; it explains {:.0} % of their variance",
            fit.candidates,
            100.0 * fit.explained.max(0.0)
        ),
        Err(why) => {
            notes.push(format!("no interval: {why}"));
            format!("no interval: {why}")
        }
    };
    if let Some(unidentified) = fit.as_ref().ok().map(|fit| fit.unidentified).filter(|unidentified| *unidentified > 0) {
        notes.push(format!(
            "the targets do not identify {unidentified} of {n} directions among the parameters; in these directions the intervals are as wide \
             as the ranges"
        ));
    }
    let sample = fit.as_ref().map_or(places.len(), |fit| fit.candidates) as u64;
    let parameters = inputs.parameters.iter().enumerate().map(|(k, parameter)| {
        let place = inputs.candidates[best].place[k];
        let sd = fit.as_ref().map_or(f64::NAN, |fit| fit.covariance[k * n + k].sqrt());
        let end = |sign: f64| {
            let place = place + sign * normal_critical() * sd;
            if place.is_nan() { f64::NAN } else { (inputs.value)(k, place.clamp(0.0, 1.0)) }
        };
        let estimate = Estimate::new(inputs.candidates[best].values[k], (end(-1.0), end(1.0)), sample, &method);
        // Of a parameter that is not identified, a place at a bound means nothing.
        let identified = sd.is_nan() || sd < NOT_IDENTIFIED * UNIFORM_SD;
        let at_bound = if identified && place < AT_BOUND {
            Some("lower")
        } else if identified && place > 1.0 - AT_BOUND {
            Some("upper")
        } else {
            None
        };
        Fitted { narrowed_to: finite(sd / UNIFORM_SD), at_bound: at_bound.map(str::to_string), ..fitted(parameter, estimate) }
    });
    let parameters = parameters.collect();
    let correlations = fit.map_or(Vec::new(), |fit| some(weighted::correlations(&fit.covariance, n)));
    (parameters, correlations)
}

fn posterior(inputs: &Inputs<'_>, particles: &[Particle], notes: &mut Vec<String>) -> (Vec<Fitted>, Vec<Vec<Option<f64>>>) {
    if particles.is_empty() {
        notes.push(format!("there is no posterior: {NO_CANDIDATE}"));
        let none = |parameter: &Parameter| fitted(parameter, Estimate::none(0, NO_CANDIDATE));
        return (inputs.parameters.iter().map(none).collect(), Vec::new());
    }
    let weights: Vec<f64> = particles.iter().map(|particle| particle.weight).collect();
    let size = weighted::effective_size(&weights);
    let places: Vec<&[f64]> = particles.iter().map(|particle| particle.place.as_slice()).collect();
    let n = inputs.parameters.len();
    let covariance = weighted::covariance(&places, &weights, n);
    let method = format!("posterior mean and quantiles of a weighted sample; effective sample size {size:.0} particles");
    let parameters = inputs.parameters.iter().enumerate().map(|(k, parameter)| {
        let values: Vec<f64> = particles.iter().map(|particle| inputs.candidates[particle.candidate].values[k]).collect();
        let quantile = |p: f64| weighted::quantile(&values, &weights, p);
        let mean = weighted::mean(&values, &weights);
        let estimate = Estimate::new(mean, (quantile(0.025), quantile(0.975)), particles.len() as u64, &method);
        let share = |inside: &dyn Fn(f64) -> bool| {
            particles.iter().filter(|particle| inside(particle.place[k])).fold(0.0, |sum, particle| sum + particle.weight)
        };
        let at_bound = if share(&|place| place < 0.1) > CONCENTRATED {
            Some("lower")
        } else if share(&|place| place > 0.9) > CONCENTRATED {
            Some("upper")
        } else {
            None
        };
        Fitted {
            quantiles: Some([0.05, 0.25, 0.5, 0.75, 0.95].map(quantile)),
            narrowed_to: finite(covariance[k * n + k].sqrt() / UNIFORM_SD),
            at_bound: at_bound.map(str::to_string),
            ..fitted(parameter, estimate)
        }
    });
    (parameters.collect(), some(weighted::correlations(&covariance, n)))
}

fn remarks(inputs: &Inputs<'_>, parameters: &[Fitted], now: f64, notes: &mut Vec<String>) {
    let number = inputs.targets.iter().filter(|target| target.role == Use::Fit).count();
    for parameter in parameters {
        if let Some(bound) = &parameter.at_bound {
            let lies = if matches!(inputs.end, End::Optimum { .. }) { "lies at" } else { "has its posterior concentrated at" };
            notes.push(format!(
                "{} {lies} the {bound} bound of its range: a value beyond the range would fit the targets better",
                parameter.name
            ));
        }
        if parameter.narrowed_to.is_some_and(|share| share > NOT_IDENTIFIED) && parameter.at_bound.is_none() {
            notes.push(format!(
                "{} is not identified by these targets: its interval is about as wide as its range",
                parameter.name
            ));
        }
    }
    if !now.is_finite() {
        notes.push("some fitted targets have no simulated value".to_string());
    } else if now * now > 4.0 * number as f64 {
        // Twice the root of the number of targets: far more than errors of the stated scales give.
        notes.push(format!(
            "the distance of {now:.1} scales is larger than errors of the stated scales would give for {number} targets: the model does not \
             reproduce them, and the intervals are valid only if it does"
        ));
    }
    let lost = inputs.candidates.iter().filter(|one| one.distance == f64::INFINITY).count();
    if lost > 0 {
        notes.push(format!(
            "{lost} of {} candidates have no value for some target, for example because too few histories are at peace; their distance \
             counts as infinite",
            inputs.candidates.len()
        ));
    }
}

fn generations(candidates: &[Candidate]) -> Vec<Generation> {
    let mut found: Vec<Generation> = Vec::new();
    let mut so_far = f64::INFINITY;
    for group in candidates.chunk_by(|a, b| a.generation == b.generation) {
        let mut distances: Vec<f64> = group.iter().map(|one| one.distance).collect();
        distances.sort_unstable_by(f64::total_cmp);
        so_far = so_far.min(distances[0]);
        found.push(Generation {
            generation: group[0].generation,
            candidates: group.len() as u32,
            least: finite(distances[0]),
            median: finite(point_quantile(&distances, 0.5)),
            least_so_far: finite(so_far),
        });
    }
    found
}
