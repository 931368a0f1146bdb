//! How the arms of great powers move at peace, in the measures in which history is known: growth of yearly spending, its spread, its
//! memory, races, the answer to rivals and to disputes.
//!
//! Growth is the yearly difference of the logarithm of the military spending of a state, a flow, not the stock. Left out are years of
//! a war of the state and the year after, and changes beyond `e^0.7`. The numbers of history (Correlates of War: capabilities, version
//! 7, militarised disputes, version 5; rivalries of Thompson, Colaresi and Rasler) follow the same definitions, so a simulated number
//! stands beside a historical one without any change.
//!
//! Every number has a standard error from a jackknife over groups of whole histories: years, states and rivals of one history are not
//! independent of each other, histories are.
//!
//! ```
//! use spiral_analysis::stylised_facts::{Fact, Panel, StateYears};
//!
//! // One state of one history: spending of four years.
//! let spending = vec![100.0, 110.0, 99.0, 108.9];
//! let state = StateYears { spending, ..StateYears::default() };
//! let panel = Panel { great: vec![true], rivals: vec![Vec::new()], histories: vec![vec![state]] };
//! let mean = panel.value(Fact::MeanGrowth);
//! assert!((mean - spiral_kernel::maths::ln(1.089) / 3.0).abs() < 1e-12);
//! ```

use spiral_kernel::maths::ln;

use crate::intervals::{point_quantile, student_critical};
use crate::table::Estimate;

/// A change beyond this, on the logarithm, is left out: a change of currency or of accounts, not of arms.
const LARGEST_CHANGE: f64 = 0.7;
/// Growth a year, over a span, from which the span is a race.
pub const RACE: f64 = 0.08;
/// Years of a span.
const SPAN: usize = 3;
/// Groups of histories of the jackknife.
const GROUPS: usize = 50;

/// The years of one state in one history. A list that is shorter than `spending` is `false` in its other years.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StateYears {
    /// Military spending of each year, a flow; not finite or not positive where it is not known.
    pub spending: Vec<f64>,
    /// Whether the state had, in each year, a dispute with use of force with a strategic rival.
    pub disputes: Vec<bool>,
    /// Whether the state was at war in each year.
    pub at_war: Vec<bool>,
}

impl StateYears {
    fn disputed(&self, year: usize) -> bool {
        self.disputes.get(year).copied().unwrap_or(false)
    }

    fn fought(&self, year: usize) -> bool {
        self.at_war.get(year).copied().unwrap_or(false)
    }

    /// Growth into each year; NaN in the first, and where it is left out.
    fn growth(&self) -> Vec<f64> {
        let into = |year: usize| {
            let before = year.checked_sub(1).map_or(f64::NAN, |before| self.spending[before]);
            let growth = if before > 0.0 && self.spending[year] > 0.0 { ln(self.spending[year] / before) } else { f64::NAN };
            let war = self.fought(year) || year.checked_sub(1).is_some_and(|before| self.fought(before));
            if war || growth.abs() > LARGEST_CHANGE { f64::NAN } else { growth }
        };
        (0..self.spending.len()).map(into).collect()
    }
}

/// The states of an ensemble over years: `histories[history][state]`, every history with the same states and years.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Panel {
    /// Whether each state is a great power: only these are measured.
    pub great: Vec<bool>,
    /// Strategic rivals of each state, by position.
    pub rivals: Vec<Vec<usize>>,
    /// The histories.
    pub histories: Vec<Vec<StateYears>>,
}

/// One thing that is known of how arms have moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// Mean growth.
    MeanGrowth,
    /// Standard deviation of growth.
    Deviation,
    /// Standard deviation of growth after the mean of each year is taken out.
    DeviationNetOfYear,
    /// Interquartile range of growth.
    InterquartileRange,
    /// Fourth moment over the squared variance, less the 3 of a normal distribution.
    ExcessKurtosis,
    /// Slope of growth on the growth of the year before.
    Autocorrelation,
    /// Share of spans of three years in which spending grows by 8 % a year or more.
    Races,
    /// What one unit more of the mean growth of the rivals in the year before adds to growth, the state's own growth of the year
    /// before held fixed.
    Rivals,
    /// What a dispute with use of force with a rival adds to growth in the same year, one of the year before held fixed.
    DisputeSameYear,
    /// What a dispute with use of force with a rival adds to growth in the year after, one of that year held fixed.
    DisputeYearAfter,
}

impl Fact {
    /// Every fact.
    pub const ALL: [Self; 10] = [
        Self::MeanGrowth,
        Self::Deviation,
        Self::DeviationNetOfYear,
        Self::InterquartileRange,
        Self::ExcessKurtosis,
        Self::Autocorrelation,
        Self::Races,
        Self::Rivals,
        Self::DisputeSameYear,
        Self::DisputeYearAfter,
    ];

    /// What it is, in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::MeanGrowth => "mean growth of military spending, per year",
            Self::Deviation => "standard deviation of yearly growth",
            Self::DeviationNetOfYear => "standard deviation of yearly growth, mean of each year taken out",
            Self::InterquartileRange => "interquartile range of yearly growth",
            Self::ExcessKurtosis => "excess kurtosis of yearly growth",
            Self::Autocorrelation => "first autocorrelation of yearly growth",
            Self::Races => "share of three-year spans that are a race",
            Self::Rivals => "answer to the mean growth of rivals in the year before (elasticity)",
            Self::DisputeSameYear => "effect of a dispute with use of force with a rival on growth, same year",
            Self::DisputeYearAfter => "effect of a dispute with use of force with a rival on growth, year after",
        }
    }
}

/// The years of history that a scenario is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// 1860 to 1913 for arms, 1816 to 1913 for crises.
    Before1914,
    /// 1920 to 1938.
    Before1939,
}

/// A number of history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// The number.
    pub value: f64,
    /// Its standard error, where it was computed.
    pub error: Option<f64>,
}

impl Fact {
    /// What history did: great powers at peace, 300 years of states before 1914, 106 from 1920 to 1938. Standard errors are clustered by
    /// state. Computed for this project from the data that the head of this file names.
    #[must_use]
    pub const fn history(self, era: Era) -> Known {
        let (value, error) = match (self, era) {
            (Self::MeanGrowth, Era::Before1914) => (0.025, None),
            (Self::MeanGrowth, Era::Before1939) => (0.030, None),
            (Self::Deviation, Era::Before1914) => (0.135, None),
            (Self::Deviation, Era::Before1939) => (0.251, None),
            (Self::DeviationNetOfYear, Era::Before1914) => (0.123, None),
            (Self::DeviationNetOfYear, Era::Before1939) => (0.197, None),
            (Self::InterquartileRange, Era::Before1914) => (0.103, None),
            (Self::InterquartileRange, Era::Before1939) => (0.247, None),
            (Self::ExcessKurtosis, Era::Before1914) => (3.4, None),
            (Self::ExcessKurtosis, Era::Before1939) => (0.6, None),
            (Self::Autocorrelation, Era::Before1914) => (-0.12, None),
            (Self::Autocorrelation, Era::Before1939) => (0.05, None),
            (Self::Races, Era::Before1914) => (0.14, None),
            (Self::Races, Era::Before1939) => (0.27, None),
            (Self::Rivals, Era::Before1914) => (0.17, Some(0.09)),
            (Self::Rivals, Era::Before1939) => (0.27, Some(0.15)),
            (Self::DisputeSameYear, Era::Before1914) => (0.038, Some(0.018)),
            (Self::DisputeSameYear, Era::Before1939) => (-0.06, Some(0.07)),
            (Self::DisputeYearAfter, Era::Before1914) => (0.0, Some(0.03)),
            (Self::DisputeYearAfter, Era::Before1939) => (0.13, Some(0.07)),
        };
        Known { value, error }
    }
}

/// Growth into one year of one great power, and what it is explained by.
#[derive(Debug, Clone, Copy)]
struct Observation {
    /// Position of the year among all histories: growths of one year of one history share it.
    year: usize,
    growth: f64,
    /// NaN where it is not known.
    before: f64,
    /// Mean growth of the rivals in the year before; NaN where none is known.
    rivals: f64,
    /// 1 where there was a dispute in the same year, and in the year before; NaN where the year before is not in the panel.
    disputes: [f64; 2],
    /// Growth a year over the three years that end here; NaN where one of them is not known.
    span: f64,
}

impl Panel {
    fn observations(&self, keep: impl Fn(usize) -> bool) -> Vec<Observation> {
        let mut found = Vec::new();
        for (history, states) in self.histories.iter().enumerate().filter(|(history, _)| keep(*history)) {
            let growths: Vec<Vec<f64>> = states.iter().map(StateYears::growth).collect();
            for (state, years) in states.iter().enumerate().filter(|(state, _)| self.great[*state]) {
                let growth = &growths[state];
                for year in (1..growth.len()).filter(|year| !growth[*year].is_nan()) {
                    let known =
                        self.rivals[state].iter().map(|&rival| growths[rival][year - 1]).filter(|growth| !growth.is_nan());
                    let (sum, count) = known.fold((0.0, 0.0), |(sum, count), growth| (sum + growth, count + 1.0));
                    let yes = |is: bool| f64::from(u8::from(is));
                    let span = if year >= SPAN { growth[year + 1 - SPAN..=year].iter().sum::<f64>() } else { f64::NAN };
                    found.push(Observation {
                        year: history * growth.len() + year,
                        growth: growth[year],
                        before: growth[year - 1],
                        rivals: sum / count,
                        disputes: [yes(years.disputed(year)), yes(years.disputed(year - 1))],
                        span: span / SPAN as f64,
                    });
                }
            }
        }
        found
    }

    /// A fact in the whole panel; NaN where the panel cannot show it.
    #[must_use]
    pub fn value(&self, fact: Fact) -> f64 {
        value(fact, &self.observations(|_| true))
    }

    /// Every fact with its standard error, clustered by history, its 95 % interval (Student's t over groups of histories), and the
    /// number of years of states that it rests on.
    #[must_use]
    pub fn facts(&self) -> Vec<(Fact, Clustered)> {
        let groups = GROUPS.min(self.histories.len());
        let all = self.observations(|_| true);
        let without: Vec<Vec<Observation>> =
            (0..groups).map(|group| self.observations(|history| history % groups != group)).collect();
        let of = |fact: Fact| {
            let left: Vec<f64> = without.iter().map(|kept| value(fact, kept)).collect();
            (fact, Clustered::jackknife(value(fact, &all), &left, all.len() as u64))
        };
        Fact::ALL.into_iter().map(of).collect()
    }
}

/// A number with a standard error that is clustered by history.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustered {
    /// The number, its 95 % interval and its sample.
    pub found: Estimate,
    /// Its standard error; NaN where there are too few histories.
    pub error: f64,
}

impl Clustered {
    /// A number and its values with each group of histories left out in turn.
    pub(crate) fn jackknife(value: f64, without: &[f64], n: u64) -> Self {
        let groups = without.len() as f64;
        let mean = without.iter().sum::<f64>() / groups;
        let squares: f64 = without.iter().map(|left| (left - mean) * (left - mean)).sum();
        let error = if without.len() > 1 { ((groups - 1.0) / groups * squares).sqrt() } else { f64::NAN };
        let half = student_critical(groups - 1.0) * error;
        let method = "jackknife over groups of histories, Student t";
        Self { found: Estimate::new(value, (value - half, value + half), n, method), error }
    }
}

fn mean(values: impl Iterator<Item = f64> + Clone) -> f64 {
    values.clone().sum::<f64>() / values.count() as f64
}

/// Mean of a power of the distances from the mean.
fn moment(observations: &[Observation], power: i32) -> f64 {
    let centre = mean(observations.iter().map(|seen| seen.growth));
    mean(observations.iter().map(|seen| (seen.growth - centre).powi(power)))
}

fn value(fact: Fact, observations: &[Observation]) -> f64 {
    match fact {
        Fact::MeanGrowth => mean(observations.iter().map(|seen| seen.growth)),
        Fact::Deviation => moment(observations, 2).sqrt(),
        Fact::DeviationNetOfYear => net_of_year(observations),
        Fact::InterquartileRange => {
            let mut sorted: Vec<f64> = observations.iter().map(|seen| seen.growth).collect();
            sorted.sort_by(f64::total_cmp);
            point_quantile(&sorted, 0.75) - point_quantile(&sorted, 0.25)
        }
        Fact::ExcessKurtosis => moment(observations, 4) / (moment(observations, 2) * moment(observations, 2)) - 3.0,
        Fact::Autocorrelation => slope(observations, |seen| [1.0, seen.before]),
        Fact::Races => {
            let spans = observations.iter().filter(|seen| !seen.span.is_nan());
            mean(spans.map(|seen| f64::from(u8::from(seen.span >= RACE))))
        }
        Fact::Rivals => slope(observations, |seen| [1.0, seen.before, seen.rivals]),
        Fact::DisputeSameYear => slope(observations, |seen| [1.0, seen.disputes[1], seen.disputes[0]]),
        Fact::DisputeYearAfter => slope(observations, |seen| [1.0, seen.disputes[0], seen.disputes[1]]),
    }
}

/// Standard deviation around the mean of each year of each history. The mean of the few powers of a year takes a part of the spread
/// with it, in history as in the simulation; nothing is put back for that.
fn net_of_year(observations: &[Observation]) -> f64 {
    let years = observations.iter().map(|seen| seen.year + 1).max().unwrap_or(0);
    let mut sums = vec![(0.0, 0.0); years];
    for seen in observations {
        let (sum, count) = &mut sums[seen.year];
        *sum += seen.growth;
        *count += 1.0;
    }
    let squares = observations.iter().map(|seen| {
        let (sum, count) = sums[seen.year];
        (seen.growth - sum / count) * (seen.growth - sum / count)
    });
    mean(squares).sqrt()
}

/// Coefficient of the last term of a regression of growth on `N` terms by least squares, over the observations of which all terms are
/// known; NaN where the terms do not vary apart.
fn slope<const N: usize>(observations: &[Observation], terms: impl Fn(&Observation) -> [f64; N]) -> f64 {
    let mut normal = [[0.0; N]; N];
    let mut right = [0.0; N];
    for seen in observations {
        let row = terms(seen);
        if row.iter().any(|term| term.is_nan()) {
            continue;
        }
        for one in 0..N {
            right[one] += row[one] * seen.growth;
            for other in 0..N {
                normal[one][other] += row[one] * row[other];
            }
        }
    }
    // Elimination without exchange: the matrix is positive definite where the terms vary apart. Its last unknown is the one wanted.
    for pivot in 0..N {
        let above = normal[pivot];
        let scale = above[pivot];
        if scale.is_nan() || scale <= 1e-12 {
            return f64::NAN;
        }
        for below in pivot + 1..N {
            let factor = normal[below][pivot] / scale;
            for (entry, above) in normal[below].iter_mut().zip(above) {
                *entry -= factor * above;
            }
            right[below] -= factor * right[pivot];
        }
    }
    right[N - 1] / normal[N - 1][N - 1]
}

#[cfg(test)]
mod tests {
    use spiral_kernel::draws::{Address, KeyedGenerator};
    use spiral_kernel::maths::{exp, normal_quantile};

    use super::*;

    fn of_growth(growth: &[f64], disputes: &[usize]) -> StateYears {
        let mut level = 0.0;
        let mut spending = vec![1.0];
        for step in growth {
            level += step;
            spending.push(exp(level));
        }
        let disputes = (0..spending.len()).map(|year| disputes.contains(&year)).collect();
        StateYears { spending, disputes, at_war: Vec::new() }
    }

    fn alone(states: Vec<StateYears>) -> Panel {
        Panel { great: vec![true; states.len()], rivals: vec![Vec::new(); states.len()], histories: vec![states] }
    }

    fn near(found: f64, wanted: f64, within: f64, what: &str) {
        assert!((found - wanted).abs() < within, "{what}: {found}, not {wanted}");
    }

    /// Growths .1, .2, −.1, .2: mean .1, squares 0, .01, .04, .01; fourth powers 0, .0001, .0016, .0001.
    #[test]
    fn moments_of_four_growths_by_hand() {
        let panel = alone(vec![of_growth(&[0.1, 0.2, -0.1, 0.2], &[])]);
        near(panel.value(Fact::MeanGrowth), 0.1, 1e-12, "mean");
        near(panel.value(Fact::Deviation), 0.015_f64.sqrt(), 1e-12, "deviation");
        near(panel.value(Fact::ExcessKurtosis), 0.000_45 / 0.000_225 - 3.0, 1e-9, "kurtosis");
        // Least squares over the pairs (.1, .2), (.2, −.1), (−.1, .2).
        let (x, y) = ([0.1, 0.2, -0.1], [0.2, -0.1, 0.2]);
        let (mx, my) = (0.2 / 3.0, 0.1);
        let upper: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
        let lower: f64 = x.iter().map(|x| (x - mx) * (x - mx)).sum();
        near(panel.value(Fact::Autocorrelation), upper / lower, 1e-9, "autocorrelation");
        // Spans: (.1 + .2 − .1)/3 = .067 is none, (.2 − .1 + .2)/3 = .1 is a race.
        near(panel.value(Fact::Races), 0.5, 1e-12, "races");
    }

    /// Two states, two years: growths (.1, .3) and (0, −.2). Around the means .2 and −.1 every distance is .1.
    #[test]
    fn the_mean_of_a_year_is_taken_out() {
        let panel = alone(vec![of_growth(&[0.1, 0.0], &[]), of_growth(&[0.3, -0.2], &[])]);
        near(panel.value(Fact::DeviationNetOfYear), 0.1, 1e-12, "net of year");
        // The same years of two histories are not the same years.
        let two = Panel {
            great: vec![true],
            rivals: vec![Vec::new()],
            histories: vec![vec![of_growth(&[0.1, 0.0], &[])], vec![of_growth(&[0.3, -0.2], &[])]],
        };
        near(two.value(Fact::DeviationNetOfYear), 0.0, 1e-12, "one state a year");
    }

    /// Out: war and the year after it, leaps, spending that is not known, small states.
    #[test]
    fn what_is_left_out() {
        let mut fought = of_growth(&[0.1, 0.2, 0.3, 0.4], &[]);
        fought.at_war = vec![false, false, true];
        let panel = alone(vec![fought]);
        near(
            panel.value(Fact::MeanGrowth),
            0.25,
            1e-12,
            "growth into 1 and 4 counts, into 2 (war) and 3 (the year after) does not",
        );
        near(alone(vec![of_growth(&[0.1, 0.71, 0.2], &[])]).value(Fact::MeanGrowth), 0.15, 1e-12, "a leap");
        let unknown = StateYears { spending: vec![1.0, 0.0, 1.0, exp(0.1)], ..StateYears::default() };
        near(alone(vec![unknown]).value(Fact::MeanGrowth), 0.1, 1e-12, "no spending");
        let mut panel = alone(vec![of_growth(&[0.1], &[]), of_growth(&[0.5], &[])]);
        panel.great[1] = false;
        near(panel.value(Fact::MeanGrowth), 0.1, 1e-12, "a small state");
        assert!(alone(vec![of_growth(&[0.1, 0.1], &[])]).value(Fact::Rivals).is_nan(), "no rivals, no answer");
    }

    /// Growth is .02, and .03 more in the year of a dispute and .05 more in the year after, exactly.
    #[test]
    fn the_effect_of_a_dispute_by_hand() {
        // Disputes in the years 2, 5 and 6.
        let panel = alone(vec![of_growth(&[0.02, 0.05, 0.07, 0.02, 0.05, 0.10, 0.07, 0.02], &[2, 5, 6])]);
        near(panel.value(Fact::DisputeSameYear), 0.03, 1e-9, "same year");
        near(panel.value(Fact::DisputeYearAfter), 0.05, 1e-9, "year after");
    }

    /// A panel that answers: `g_i = .02 + .3 g_i' + .4 · mean of rivals' g' + .1 normal`. All coefficients come back within four standard
    /// errors, and the standard errors have the size that theory gives them.
    #[test]
    fn a_synthetic_panel_gives_back_what_was_put_in() {
        const HISTORIES: u32 = 400;
        const YEARS: usize = 22;
        let (own, rivals, noise) = (0.3, 0.4, 0.1);
        let history = |history: u32| {
            let mut draws = KeyedGenerator::new(7, Address { purpose: 1, entity: 1, time: 0 }, history);
            let mut growth = vec![[0.0_f64; 3]; YEARS];
            for year in 1..YEARS {
                let before = growth[year - 1];
                for state in 0..3 {
                    let others = f64::midpoint(before[(state + 1) % 3], before[(state + 2) % 3]);
                    growth[year][state] = 0.02 + own * before[state] + rivals * others + noise * normal_quantile(draws.uniform());
                }
            }
            (0..3).map(|state| of_growth(&growth.iter().map(|year| year[state]).collect::<Vec<f64>>(), &[])).collect()
        };
        let panel = Panel {
            great: vec![true; 3],
            rivals: vec![vec![1, 2], vec![0, 2], vec![0, 1]],
            histories: (0..HISTORIES).map(history).collect(),
        };
        let found = panel.facts();
        let of = |fact: Fact| found.iter().find(|(name, _)| *name == fact).map(|(_, found)| found.clone()).expect("every fact");
        let answer = of(Fact::Rivals);
        let value = answer.found.estimate.expect("a slope");
        assert!((value - rivals).abs() < 4.0 * answer.error, "{value} ± {}", answer.error);
        // Of independent noise the error of a slope is σ over √(n times the variance of the term that the other does not explain),
        // here between a half and twice .1 / √(26 000 × .006).
        assert!((0.004..0.016).contains(&answer.error), "standard error {}", answer.error);
        let kurtosis = of(Fact::ExcessKurtosis);
        assert!(kurtosis.found.estimate.expect("a moment").abs() < 4.0 * kurtosis.error, "normal draws: {kurtosis:?}");
        assert!(panel.value(Fact::DisputeSameYear).is_nan(), "nobody quarrels");
    }

    /// An AR(1) panel, `g = ρ g' + ε`: standard deviation `σ/√(1 − ρ²)`, autocorrelation `ρ`, interquartile range 1.349 standard
    /// deviations, and a span of three years is a race with the chance of a normal variable with variance `s²(3 + 4ρ + 2ρ²)/9`.
    #[test]
    fn an_autoregressive_panel_has_its_closed_form() {
        let (rho, sigma): (f64, f64) = (-0.2, 0.12);
        let history = |history: u32| {
            let mut draws = KeyedGenerator::new(8, Address { purpose: 1, entity: 1, time: 0 }, history);
            let mut growth = Vec::with_capacity(40);
            let mut last = sigma / (1.0 - rho * rho).sqrt() * normal_quantile(draws.uniform());
            for _ in 0..40 {
                growth.push(last);
                last = rho * last + sigma * normal_quantile(draws.uniform());
            }
            vec![of_growth(&growth, &[])]
        };
        let panel = Panel { great: vec![true], rivals: vec![Vec::new()], histories: (0..500).map(history).collect() };
        let spread = sigma / (1.0 - rho * rho).sqrt();
        let span = spread * (3.0 + 4.0 * rho + 2.0 * rho * rho).sqrt() / 3.0;
        let chance = {
            // P(N > x) by the quantile: the p at which the normal quantile is x, by halving.
            let (mut low, mut high) = (0.5, 1.0);
            for _ in 0..60 {
                let middle = f64::midpoint(low, high);
                if normal_quantile(middle) < RACE / span { low = middle } else { high = middle }
            }
            1.0 - low
        };
        let wanted = [
            (Fact::MeanGrowth, 0.0),
            (Fact::Deviation, spread),
            (Fact::InterquartileRange, 1.348_98 * spread),
            (Fact::Autocorrelation, rho),
            (Fact::Races, chance),
        ];
        for (fact, found) in panel.facts() {
            let Some((_, wanted)) = wanted.iter().find(|(name, _)| *name == fact) else { continue };
            let value = found.found.estimate.expect("a number");
            assert!((value - wanted).abs() < 4.0 * found.error, "{}: {value} ± {}, not {wanted}", fact.label(), found.error);
            assert!(found.error > 0.0 && found.error < 0.1 * spread, "{}: standard error {}", fact.label(), found.error);
        }
    }
}
