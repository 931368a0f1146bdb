//! Histories that draw their judgements: how much of the variance of an outcome is judgement, and how much is chance.
//!
//! Two histories share a draw of all judgements and differ by chance. So an outcome `x` of history `h` of draw `k` is
//! `x_kh = m + J_k + E_kh`: the draw moves both histories by `J_k`, chance moves each by its own `E_kh`. This is the one-way analysis of
//! variance with random effects, in groups of two (Fisher 1925, "Statistical Methods for Research Workers", ch. 7; Searle, Casella and
//! McCulloch 1992, "Variance Components", ch. 3):
//!
//! ```text
//! B = 2/(K − 1) Σ_k (x̄_k − x̄)²        mean square between the K draws:  expects 2 Var J + Var E
//! W = 1/K Σ_k (x_k1 − x_k2)²/2          mean square within them:          expects Var E
//! share of judgement = (B − W)/(B + W)   intraclass correlation:           estimates Var J/(Var J + Var E)
//! ```
//!
//! The estimate of a small share can come out below 0, where B < W by chance; it is then given as 0. An outcome that is yes or no (a
//! war) is 1 or 0: its share of judgement is the variance of the chance of a war over draws, divided by `p (1 − p)`.
//!
//! The interval is the percentile bootstrap over draws; above 10,000 draws the delta method.
//!
//! An outcome that not every history has (the date of a war) is compared in those draws of which both histories have it.
//!
//! # Intervals
//! Two histories that share a draw say less than two that do not. The variance of a mean is larger by the design effect `1 + ρ`, with
//! `ρ` the share of judgement (Kish 1965, "Survey Sampling", 5.4; groups of two). So the intervals of an uncertain study are those of
//! independent histories, made wider about their estimate by `√(1 + ρ)`, with the upper end of `ρ`'s interval; by `√2`, which is always
//! enough, where `ρ` is not known. p-values that take the histories as independent are left out.

use serde::{Deserialize, Serialize};
use spiral_model::Outcome;

use crate::intervals::normal_critical;
use crate::measures::{Kind, MEASURES, Window, of_war};
use crate::outcomes::{Outcomes, Reader};
use crate::paired::{FEWEST_VALUES, MOST_RESAMPLED, REPLICATES, Resampling, percentile_ends};
use crate::summary::ScenarioOutcomes;
use crate::table::{Contrast, Estimate, Measure, ScenarioSummary, Summary, finite};

/// Histories that share a draw of the judgements: the fewest that tell chance from judgement.
pub const HISTORIES_A_DRAW: u32 = 2;

const BOOTSTRAP: &str = "analysis of variance, two histories a draw, bootstrap over draws, B = 2000";
const DELTA: &str = "analysis of variance, two histories a draw, delta method";
const TOO_FEW: &str = "fewer than 10 draws: no interval";
/// What the method of an interval says that was made wider.
const WIDENED: &str = "wider for two histories a draw";

/// The draw of the judgements that a history has.
#[must_use]
pub const fn draw_of(history: u32) -> u32 {
    history / HISTORIES_A_DRAW
}

/// The variance of an outcome over the histories of an uncertain study, and the part of it that the judgements make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VarianceParts {
    /// Name of the measure.
    pub name: String,
    /// What it is, in words.
    pub label: String,
    /// Variance over histories, in the square of the unit of the measure (a share: of a number that is 0 or 1).
    pub variance: Option<f64>,
    /// Share of the variance that the draws of the judgements make, 0 to 1; the rest is chance. The sample is the number of draws.
    pub judgement: Estimate,
}

impl VarianceParts {
    /// Share of the variance that is chance.
    #[must_use]
    pub fn chance(&self) -> Option<f64> {
        self.judgement.estimate.map(|share| 1.0 - share)
    }

    /// The share of judgement as a measure.
    #[must_use]
    pub fn measure(&self) -> Measure {
        Measure {
            name: self.name.clone(),
            label: self.label.clone(),
            unit: "share".to_string(),
            estimate: self.judgement.clone(),
        }
    }

    /// How much wider an interval of this measure is than with independent histories.
    fn factor(&self) -> f64 {
        self.judgement.upper.map_or(SURELY_ENOUGH, |share| (1.0 + share).sqrt())
    }
}

/// `√2`: two histories that share everything count as one.
pub(crate) const SURELY_ENOUGH: f64 = std::f64::consts::SQRT_2;

/// Pairs of values, each of the two histories of a draw. They are read twice where they are many.
#[derive(Debug, Clone)]
pub(crate) struct Pairs {
    resampling: Resampling,
    reading: u8,
    /// Pairs.
    n: u64,
    /// The first mean, from which means are counted, so that squares of dates lose nothing.
    origin: f64,
    /// Sum of the means, of their squares, and of the squares of the differences.
    means: f64,
    squares: f64,
    within: f64,
    /// Squares of the contributions to the share.
    contributions: f64,
    /// The first pairs, one more than are resampled at most: mean from the origin, and square of the difference.
    kept: Vec<(f64, f64)>,
}

impl Pairs {
    fn new(resampling: Resampling) -> Self {
        let (n, origin, means, squares, within, contributions) = (0, 0.0, 0.0, 0.0, 0.0, 0.0);
        Self { resampling, reading: 0, n, origin, means, squares, within, contributions, kept: Vec::new() }
    }

    /// Mean squares between and within draws.
    fn mean_squares(n: f64, means: f64, squares: f64, within: f64) -> (f64, f64) {
        (2.0 * (squares - means * means / n).max(0.0) / (n - 1.0), 0.5 * within / n)
    }

    fn share((between, within): (f64, f64)) -> f64 {
        (between - within) / (between + within)
    }

    fn all(&self) -> (f64, f64) {
        Self::mean_squares(self.n as f64, self.means, self.squares, self.within)
    }

    /// Variance over histories, and the share of judgement.
    fn estimate(&self) -> (Option<f64>, Estimate) {
        let (between, within) = self.all();
        let share = Self::share((between, within));
        let variance = finite(0.5 * (between + within));
        let (ends, method) = if self.n < FEWEST_VALUES as u64 {
            ((f64::NAN, f64::NAN), TOO_FEW)
        } else if self.kept.len() > MOST_RESAMPLED {
            let half = normal_critical() * self.contributions.sqrt() / self.n as f64;
            ((share - half, share + half), DELTA)
        } else {
            (percentile_ends(self.replicates()), BOOTSTRAP)
        };
        // A number that is none stays none.
        let found = Estimate::new(if share < 0.0 { 0.0 } else { share }, ends, self.n, method);
        (variance, found.within((0.0, 1.0)))
    }

    fn replicates(&self) -> Vec<f64> {
        let n = self.kept.len();
        let replicate = |number| {
            let (mut means, mut squares, mut within) = (0.0, 0.0, 0.0);
            self.resampling.positions(number, n, |position| {
                let (mean, difference) = self.kept[position];
                means += mean;
                squares += mean * mean;
                within += difference;
            });
            Self::share(Self::mean_squares(n as f64, means, squares, within))
        };
        (0..REPLICATES).map(replicate).collect()
    }
}

impl Reader for Pairs {
    type Item = (f64, f64);

    fn take(&mut self, (one, two): (f64, f64)) {
        let centre = f64::midpoint(one, two);
        let difference = (one - two) * (one - two);
        if self.reading > 0 {
            // (B − W)/(B + W) of means of b = 2 (x̄ − m)² and w = (x₁ − x₂)²/2, linearised.
            let (between, within) = self.all();
            let from_mean = centre - self.origin - self.means / self.n as f64;
            let (b, w) = (2.0 * from_mean * from_mean, 0.5 * difference);
            let part = (b - w - Self::share((between, within)) * (b + w)) / (between + within);
            self.contributions += part * part;
            return;
        }
        if self.n == 0 {
            self.origin = centre;
        }
        self.n += 1;
        let mean = centre - self.origin;
        self.means += mean;
        self.squares += mean * mean;
        self.within += difference;
        if self.kept.len() <= MOST_RESAMPLED {
            self.kept.push((mean, difference));
        }
    }

    fn again(&mut self) -> bool {
        self.reading += 1;
        self.reading == 1 && self.kept.len() > MOST_RESAMPLED
    }
}

/// The share of judgement in the variance of values that come in pairs, each of the two histories of a draw.
#[must_use]
pub fn judgement_share(pairs: &[(f64, f64)], resampling: Resampling) -> Estimate {
    Pairs::new(resampling).over(pairs.iter().copied()).estimate().1
}

/// The number of a history that a measure is made of; `None` where the history has none.
fn value(kind: Kind, outcome: &Outcome, window: Window) -> Option<f64> {
    let yes = |is: bool| f64::from(u8::from(is));
    let value = match kind {
        Kind::Share(of) => Some(yes(of.is_true(outcome))),
        Kind::ShareOfWars(_) | Kind::Motive(_) => of_war(kind, outcome).map(yes),
        Kind::Median(of) | Kind::Mean(of, _) => of.number(outcome, window),
        Kind::Rate(..) => {
            let term = kind.ratio(outcome, window);
            (term.denominator > 0.0).then(|| term.numerator / term.denominator)
        }
    };
    value.filter(|value| value.is_finite())
}

/// The parts of the variance of every measure of a scenario whose histories draw their judgements. Draws of which a history failed or is
/// missing are left out.
///
/// # Errors
/// If its outcomes cannot be read.
pub fn variance_parts<S: Outcomes + ?Sized>(seed: u64, source: &ScenarioOutcomes<'_, S>) -> Result<Vec<VarianceParts>, S::Error> {
    let window = source.window();
    let new = |name: &str| Pairs::new(Resampling::new(seed, name));
    let mut found: Vec<Pairs> = MEASURES.iter().map(|measurement| new(measurement.name)).collect();
    loop {
        let mut last: Option<Outcome> = None;
        for outcome in source.outcomes.valid()? {
            let outcome = outcome?;
            if let Some(before) = last.filter(|before| draw_of(before.history) == draw_of(outcome.history)) {
                for (measurement, pairs) in MEASURES.iter().zip(&mut found) {
                    let values = [before, outcome].map(|outcome| value(measurement.kind, &outcome, window));
                    if let [Some(one), Some(two)] = values {
                        pairs.take((one, two));
                    }
                }
            }
            last = Some(outcome);
        }
        if !found.iter_mut().fold(false, |again, pairs| pairs.again() | again) {
            break;
        }
    }
    let parts = MEASURES.iter().zip(found).map(|(measurement, pairs)| {
        let (variance, judgement) = pairs.estimate();
        VarianceParts { name: measurement.name.to_string(), label: measurement.label.to_string(), variance, judgement }
    });
    Ok(parts.collect())
}

impl Estimate {
    /// The same with an interval wider about its estimate by a factor.
    pub(crate) fn wider(self, factor: f64) -> Self {
        let Some(centre) = self.estimate.filter(|_| self.lower.is_some() || self.upper.is_some()) else { return self };
        let moved = |end: Option<f64>| end.map(|end| centre + factor * (end - centre));
        Self { lower: moved(self.lower), upper: moved(self.upper), method: format!("{}, {WIDENED}", self.method), ..self }
    }
}

/// An estimate of the measure of one scenario with these first and last dates, from one that takes its histories as independent.
#[must_use]
pub fn uncertain_estimate(found: Estimate, parts: &VarianceParts, years: (f64, f64)) -> Estimate {
    let wider = found.wider(parts.factor());
    let window = Window { start: years.0, length: years.1 - years.0 };
    let kind = MEASURES.iter().find(|measure| measure.name == parts.name).map(|measure| measure.kind);
    kind.map_or(wider.clone(), |kind| wider.within(kind.range(window)))
}

/// Makes the summary of a study whose histories draw their judgements from one that takes histories as independent: with the parts of
/// the variance, wider intervals, and no p-values.
///
/// # Errors
/// If outcomes cannot be read.
pub fn uncertain<S: Outcomes + ?Sized>(summary: Summary, scenarios: &[ScenarioOutcomes<'_, S>]) -> Result<Summary, S::Error> {
    let mut found = Summary { uncertain: true, ..summary };
    for (scenario, source) in found.scenarios.iter_mut().zip(scenarios) {
        let parts = variance_parts(found.seed, source)?;
        widen(scenario, &parts);
        scenario.variance = parts;
    }
    found.contrasts.iter_mut().for_each(uncertain_contrast);
    Ok(found)
}

fn widen(scenario: &mut ScenarioSummary, parts: &[VarianceParts]) {
    for measure in scenario.measures.iter_mut().chain(&mut scenario.motives).chain(&mut scenario.first_pairs) {
        let found = measure.estimate.clone();
        measure.estimate = match parts.iter().find(|parts| parts.name == measure.name) {
            Some(parts) => uncertain_estimate(found, parts, scenario.years),
            None if measure.unit == "share" => found.wider(SURELY_ENOUGH).within((0.0, 1.0)),
            None => found.wider(SURELY_ENOUGH),
        };
    }
    for point in scenario.war_free.iter_mut().chain(&mut scenario.general_war_free) {
        let moved = |end: f64| (point.survival + SURELY_ENOUGH * (end - point.survival)).clamp(0.0, 1.0);
        (point.lower, point.upper) = (moved(point.lower), moved(point.upper));
    }
}

/// Makes a contrast of histories of which two share a draw from one that takes them as independent.
pub fn uncertain_contrast(contrast: &mut Contrast) {
    for measure in &mut contrast.measures {
        let found = measure.estimate.clone().wider(SURELY_ENOUGH);
        measure.estimate = if measure.unit == "share" { found.within((-1.0, 1.0)) } else { found };
    }
    (contrast.log_rank_chi_square, contrast.log_rank_p) = (None, None);
    (contrast.war_p, contrast.general_war_p) = (None, None);
}

#[cfg(test)]
mod tests {
    use spiral_kernel::draws::{Address, uniforms};
    use spiral_kernel::maths::normal_quantile;

    use spiral_model::Ended;

    use super::*;

    const SEED: u64 = 4;

    /// Draws of a world with these standard deviations of judgement and of chance.
    fn pairs(draws: u32, judgement: f64, chance: f64) -> Vec<(f64, f64)> {
        let normal = |purpose, draw| uniforms(SEED, Address { purpose, entity: 0, time: 0 }, draw).map(normal_quantile);
        let pair = |draw| {
            let ([shared, _], [one, two]) = (normal(1, draw), normal(2, draw));
            (1900.0 + judgement * shared + chance * one, 1900.0 + judgement * shared + chance * two)
        };
        (0..draws).map(pair).collect()
    }

    #[test]
    fn the_share_of_known_variances_is_found() {
        // σ_J² = 9, σ_E² = 4: 9/13 = .692. The standard error of an intraclass correlation of K pairs is (1 − ρ²)/√K (Fisher 1925).
        for (judgement, chance) in [(3.0, 2.0), (0.0, 1.0), (1.0, 3.0), (1.0, 0.0)] {
            let truth: f64 = judgement * judgement / (judgement * judgement + chance * chance);
            for draws in [1000, 12_000] {
                let found = judgement_share(&pairs(draws, judgement, chance), Resampling::new(SEED, "test"));
                let error = (1.0 - truth * truth) / f64::from(draws).sqrt();
                let share = found.estimate.expect("a share");
                assert!((share - truth).abs() <= 4.0 * error + 1e-9, "{share} instead of {truth}, {draws} draws");
                let (lower, upper) = (found.lower.expect("an end"), found.upper.expect("an end"));
                assert!(lower <= share && share <= upper, "[{lower}, {upper}] without {share}");
                // Where no end is cut off at 0, the interval is as wide as theory says.
                if truth > 0.3 && chance > 0.0 {
                    let width = (upper - lower) / (2.0 * normal_critical() * error);
                    assert!((0.8..1.25).contains(&width), "{width} times the width of theory, {draws} draws");
                }
                assert_eq!(found.n, u64::from(draws));
                assert_eq!(found.method, if draws > 10_000 { DELTA } else { BOOTSTRAP });
            }
        }
    }

    #[test]
    fn intervals_cover_the_truth() {
        // Of 200 samples of 100 draws, share 9/13. With a coverage of 95 % fewer than 179 happen with probability 10⁻³ (binomial); the
        // percentile bootstrap of a hundred pairs may fall short by a point or two.
        let all = pairs(20_000, 3.0, 2.0);
        let found = |sample: &[(f64, f64)]| judgement_share(sample, Resampling::new(SEED, "test"));
        let covers =
            |found: &Estimate| found.lower.zip(found.upper).is_some_and(|(low, high)| low <= 9.0 / 13.0 && 9.0 / 13.0 <= high);
        let covering = all.chunks(100).filter(|sample| covers(&found(sample))).count();
        assert!((176..=199).contains(&covering), "{covering} of 200 intervals hold the truth");
    }

    #[test]
    fn by_hand() {
        // Means 1, 2, 6; B = 2/2 ((1−3)² + (2−3)² + (6−3)²) = 14; W = 1/3 (4 + 0 + 4)/2 = 4/3; share (14 − 4/3)/(14 + 4/3) = 38/46.
        let pairs = Pairs::new(Resampling::new(SEED, "x")).over([(0.0, 2.0), (2.0, 2.0), (7.0, 5.0)].into_iter());
        let (variance, share) = pairs.estimate();
        assert!((variance.expect("a variance") - 23.0 / 3.0).abs() < 1e-12);
        assert!((share.estimate.expect("a share") - 38.0 / 46.0).abs() < 1e-12);
        assert_eq!((share.lower, share.method.as_str()), (None, TOO_FEW));
        // Histories that are never alike: no judgement can be seen; histories that never differ from anything: no variance at all.
        let opposite = judgement_share(&[(0.0, 1.0); 20], Resampling::new(SEED, "x"));
        assert_eq!(opposite.estimate, Some(0.0));
        assert_eq!(judgement_share(&[(1.0, 1.0); 20], Resampling::new(SEED, "x")).estimate, None);
    }

    fn history(number: u32, war: bool) -> Outcome {
        let mut outcome = Outcome::unwritten(number, 1900.0);
        outcome.first_war_date = war.then_some(1905.0 + f64::from(number));
        outcome.wars = u32::from(war);
        (outcome.end_date, outcome.ended) = (1910.0, Ended::Horizon);
        outcome
    }

    #[test]
    fn a_study_is_divided_and_its_intervals_grow() {
        // In half of the draws both histories have a war, in the others none: all is judgement. History 40 is alone in its draw.
        let outcomes: Vec<Outcome> = (0..41).map(|number| history(number, number / 2 % 2 == 0)).collect();
        let source = ScenarioOutcomes {
            scenario: "world",
            point: 0,
            years: (1900.0, 1910.0),
            state_codes: &[],
            great_powers: &[],
            outcomes: &outcomes[..],
        };
        let Ok(before) = crate::summarise(SEED, 41, &[source, source]);
        let Ok(after) = uncertain(before.clone(), &[source, source]);
        let part = after.scenarios[0].variance.iter().find(|part| part.name == "war").expect("war");
        assert_eq!((part.judgement.estimate, part.judgement.n, part.chance()), (Some(1.0), 20, Some(0.0)));
        let war = |summary: &Summary| {
            let found = summary.scenarios[0].measures.iter().find(|measure| measure.name == "war").expect("war");
            (
                found.estimate.estimate.expect("a share"),
                found.estimate.lower.expect("an end"),
                found.estimate.upper.expect("an end"),
            )
        };
        let ((share, lower, upper), (same, wide_lower, wide_upper)) = (war(&before), war(&after));
        assert_eq!(share, same);
        for (narrow, wide) in [(lower, wide_lower), (upper, wide_upper)] {
            assert!((wide - share - SURELY_ENOUGH * (narrow - share)).abs() < 1e-12, "{narrow} became {wide}");
        }
        assert_eq!((after.contrasts[0].war_p, after.contrasts[0].log_rank_p), (None, None));
        assert!(after.uncertain && !before.uncertain);
        for point in &after.scenarios[0].war_free {
            assert!(point.lower >= 0.0 && point.lower <= point.survival && point.survival <= point.upper && point.upper <= 1.0);
        }
    }
}
