//! Time to an event with censoring: the Kaplan-Meier curve, its median, the log-rank test.
//!
//! A history without the event is censored when it ends. All of it holds only where what censors has nothing to do with what
//! would have happened, as with a last date; a scenario that stops at the first war censors general wars otherwise.

use spiral_kernel::maths::{exp, ln};
use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::intervals::normal_critical;
use crate::outcomes::{Sample, Sorted};
use crate::table::{Estimate, SurvivalPoint};

/// How long a history was watched, and whether the event ended it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spell {
    /// Time of the event or of censoring; any unit and origin, never NaN.
    pub time: f64,
    /// Whether the event happened.
    pub event: bool,
}

/// Spells by rising time: sorted once, read by the curve and by the test.
#[derive(Debug, Clone, PartialEq)]
pub struct SortedSpells {
    /// Times of events.
    events: Sorted,
    /// Times of censoring.
    censored: Sorted,
}

impl SortedSpells {
    /// Sorts spells by time.
    #[must_use]
    pub fn new(spells: impl IntoIterator<Item = Spell>) -> Self {
        let mut unsorted = Spells::default();
        for spell in spells {
            unsorted.add(spell);
        }
        unsorted.sorted()
    }

    fn len(&self) -> u64 {
        (self.events.len() + self.censored.len()) as u64
    }

    /// From each distinct time: the time, spells that end then, events among them.
    fn times(&self) -> impl Iterator<Item = (f64, u64, u64)> + '_ {
        self.times_by(|time| time)
    }

    /// [`SortedSpells::times`] with time as it is told by a function that never falls.
    fn times_by<'a>(&'a self, tell: impl Fn(f64) -> f64 + 'a) -> impl Iterator<Item = (f64, u64, u64)> + 'a {
        let events = self.events.rising().map(|(time, count)| (time, count, count));
        let censored = self.censored.rising().map(|(time, count)| (time, count, 0));
        let (mut events, mut censored) = (events.peekable(), censored.peekable());
        let told = std::iter::from_fn(move || {
            let first = match (events.peek(), censored.peek()) {
                (Some(event), Some(end)) if event.0.total_cmp(&end.0).is_gt() => censored.next(),
                (Some(_), _) => events.next(),
                (None, _) => censored.next(),
            };
            first.map(|(time, ended, events)| (tell(time), ended, events))
        });
        let mut told = told.peekable();
        std::iter::from_fn(move || {
            let (time, mut ended, mut events) = told.next()?;
            while let Some(more) = told.next_if(|more| more.0 == time) {
                (ended, events) = (ended + more.1, events + more.2);
            }
            Some((time, ended, events))
        })
    }
}

/// Spells as they come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spells {
    events: Sample,
    censored: Sample,
}

impl Spells {
    pub(crate) fn add(&mut self, spell: Spell) {
        if spell.event { &mut self.events } else { &mut self.censored }.add(spell.time);
    }

    pub(crate) fn sorted(self) -> SortedSpells {
        SortedSpells { events: self.events.sorted(), censored: self.censored.sorted() }
    }
}

/// A step of the curve: one time at which events happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// When.
    pub time: f64,
    /// Spells at risk just before.
    pub at_risk: u64,
    /// Events.
    pub events: u64,
    /// Survival just after.
    pub survival: f64,
    /// Variance of survival, Greenwood (1926).
    pub variance: f64,
    /// Lower end of the pointwise 95 % interval, by the logarithm of −ln S (Kalbfleisch and Prentice 1980).
    pub lower: f64,
    /// Upper end. Where nobody is left, the upper end of the step before.
    pub upper: f64,
}

/// The product-limit curve (Kaplan and Meier 1958).
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    end: End,
    steps: Vec<Step>,
}

/// Slack for the comparison of a product of shares with a probability.
const ROUNDING: f64 = 1e-12;

/// The steps of the curve, rising in time.
fn steps(sorted: &SortedSpells) -> impl Iterator<Item = Step> + '_ {
    let z = normal_critical();
    let (mut at_risk, mut survival, mut greenwood, mut upper_before) = (sorted.len(), 1.0, 0.0, 1.0);
    sorted.times().filter_map(move |(time, ended, events)| {
        let here = at_risk;
        at_risk -= ended;
        if events == 0 {
            return None;
        }
        let (n, d) = (here as f64, events as f64);
        survival *= (n - d) / n;
        let (variance, lower, upper);
        if events == here {
            (survival, variance, lower, upper) = (0.0, 0.0, 0.0, upper_before);
        } else {
            greenwood += d / (n * (n - d));
            variance = survival * survival * greenwood;
            let log = ln(survival);
            let spread = exp(z * greenwood.sqrt() / -log);
            (lower, upper) = (exp(log * spread), exp(log / spread));
        }
        upper_before = upper;
        Some(Step { time, at_risk: here, events, survival, variance, lower, upper })
    })
}

/// The curve as [`KaplanMeier::points`] and its [`KaplanMeier::median`], without a step kept: there may be one for every history.
pub(crate) fn curve(sorted: &SortedSpells, start: f64, most: usize) -> (Vec<SurvivalPoint>, Estimate) {
    let end = End::of(sorted);
    (end.points(steps(sorted), steps(sorted).count(), start, most), end.median(|| steps(sorted)))
}

/// Where a curve ends.
#[derive(Debug, Clone, Copy, PartialEq)]
struct End {
    spells: u64,
    last_time: f64,
    last_at_risk: u64,
}

impl End {
    fn of(sorted: &SortedSpells) -> Self {
        let last = sorted.times().last();
        let (last_time, last_at_risk) = last.map_or((f64::NAN, 0), |(time, ended, _)| (time, ended));
        Self { spells: sorted.len(), last_time, last_at_risk }
    }

    fn median<I: Iterator<Item = Step>>(&self, steps: impl Fn() -> I) -> Estimate {
        let first = |end: fn(&Step) -> f64| steps().find(|step| end(step) <= 0.5 + ROUNDING).map_or(f64::NAN, |step| step.time);
        let ends = (first(|step| step.lower), first(|step| step.upper));
        Estimate::new(first(|step| step.survival), ends, self.spells, "Kaplan-Meier, Brookmeyer-Crowley log-log")
    }

    fn points(&self, steps: impl Iterator<Item = Step>, count: usize, start: f64, most: usize) -> Vec<SurvivalPoint> {
        if self.spells == 0 {
            return Vec::new();
        }
        let point =
            |date, (survival, lower, upper), at_risk, events| SurvivalPoint { date, survival, lower, upper, at_risk, events };
        let mut points = Vec::new();
        let mut steps = steps.peekable();
        if steps.peek().is_none_or(|step| step.time > start) {
            points.push(point(start, (1.0, 1.0, 1.0), self.spells, 0));
        }
        let span = (self.last_time - start) / most as f64;
        let bin = |step: &Step| if count <= most { 0 } else { ((step.time - start) / span) as usize };
        let mut events = 0;
        while let Some(step) = steps.next() {
            events += step.events;
            let thinned = count > most && steps.peek().is_some_and(|next| bin(next) == bin(&step));
            if !thinned {
                points.push(point(step.time, (step.survival, step.lower, step.upper), step.at_risk, events));
                events = 0;
            }
        }
        if let Some(&last) = points.last().filter(|last| last.date < self.last_time) {
            points.push(SurvivalPoint { date: self.last_time, at_risk: self.last_at_risk, events: 0, ..last });
        }
        points
    }
}

impl KaplanMeier {
    /// Estimates the curve. Spells censored at the time of an event count as at risk.
    #[must_use]
    pub fn fit(sorted: &SortedSpells) -> Self {
        Self { end: End::of(sorted), steps: steps(sorted).collect() }
    }

    /// Every time with an event.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Survival just after `time`.
    #[must_use]
    pub fn survival(&self, time: f64) -> f64 {
        let passed = self.steps.partition_point(|step| step.time <= time);
        passed.checked_sub(1).map_or(1.0, |last| self.steps[last].survival)
    }

    /// The first time at which survival is at most a half, with the interval of Brookmeyer and Crowley (1982): the times at
    /// which the pointwise interval holds a half. What the curve does not reach is `None`.
    #[must_use]
    pub fn median(&self) -> Estimate {
        self.end.median(|| self.steps.iter().copied())
    }

    /// The curve as points from `start` to the end of observation: one at the start, one at each time with an event, one at
    /// the last time. Of more than `most` event times it keeps the last in each of `most` equal spans.
    #[must_use]
    pub fn points(&self, start: f64, most: usize) -> Vec<SurvivalPoint> {
        self.end.points(self.steps.iter().copied(), self.steps.len(), start, most)
    }
}

/// What the log-rank test says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRank {
    /// The statistic.
    pub chi_square: f64,
    /// Groups with somebody at risk, less one.
    pub degrees_of_freedom: u32,
    /// Chance of at least this statistic if the groups do not differ.
    pub p: f64,
}

/// The log-rank test of `k` groups (Mantel 1966, Peto and Peto 1972; hypergeometric variance, so ties are right). `None` with
/// fewer than two groups, or where no event happened while two groups were at risk.
///
/// It takes groups as independent. Histories that share their draws resemble each other, which makes it conservative.
#[must_use]
pub fn log_rank(groups: &[&SortedSpells]) -> Option<LogRank> {
    log_rank_of(groups, |_, time| time)
}

/// [`log_rank`] of groups whose time counts from an origin each, rounded to a millionth of a year, so that equal spans from
/// different origins are ties.
pub(crate) fn log_rank_since(groups: &[&SortedSpells], origins: &[f64]) -> Option<LogRank> {
    log_rank_of(groups, |group, time| ((time - origins[group]) * 1e6).round() / 1e6)
}

fn log_rank_of(groups: &[&SortedSpells], tell: impl Fn(usize, f64) -> f64) -> Option<LogRank> {
    let (k, tell) = (groups.len(), &tell);
    let mut rest: Vec<_> =
        groups.iter().enumerate().map(|(position, group)| group.times_by(move |time| tell(position, time)).peekable()).collect();
    let mut at_risk: Vec<f64> = groups.iter().map(|group| group.len() as f64).collect();
    // Observed less expected events of the groups, and their covariance matrix.
    let mut excess = vec![0.0; k];
    let mut covariance = vec![vec![0.0; k]; k];
    let next_time = |rest: &mut Vec<std::iter::Peekable<_>>| {
        rest.iter_mut().filter_map(|times| times.peek().map(|next: &(f64, u64, u64)| next.0)).min_by(f64::total_cmp)
    };
    while let Some(time) = next_time(&mut rest) {
        let here: Vec<(u64, u64)> = rest
            .iter_mut()
            .map(|times| times.next_if(|next| next.0 == time).map_or((0, 0), |(_, ended, events)| (ended, events)))
            .collect();
        let n: f64 = at_risk.iter().sum();
        let d: f64 = here.iter().map(|(_, events)| *events as f64).sum();
        if d > 0.0 {
            let spread = if n > 1.0 { d * (n - d) / (n - 1.0) } else { 0.0 };
            for i in 0..k {
                excess[i] += here[i].1 as f64 - d * at_risk[i] / n;
                for j in 0..k {
                    let same = if i == j { 1.0 } else { 0.0 };
                    covariance[i][j] += spread * at_risk[i] / n * (same - at_risk[j] / n);
                }
            }
        }
        for (at_risk, (ended, _)) in at_risk.iter_mut().zip(&here) {
            *at_risk -= *ended as f64;
        }
    }
    // Groups that were never compared with another carry nothing; of the rest one is redundant.
    let compared: Vec<usize> = (0..k).filter(|&i| covariance[i][i] > 0.0).collect();
    let (_, used) = compared.split_last()?;
    if used.is_empty() {
        return None;
    }
    let matrix: Vec<Vec<f64>> = used.iter().map(|&i| used.iter().map(|&j| covariance[i][j]).collect()).collect();
    let right: Vec<f64> = used.iter().map(|&i| excess[i]).collect();
    let chi_square: f64 = solve(matrix, right.clone())?.iter().zip(&right).map(|(x, y)| x * y).sum();
    // One degree of freedom, the contrast of two scenarios, is the error function, portable and exact far into the tail.
    let p = match used.len() {
        1 => libm::erfc((chi_square.max(0.0) / 2.0).sqrt()),
        degrees => ChiSquared::new(degrees as f64).ok()?.sf(chi_square.max(0.0)),
    };
    Some(LogRank { chi_square, degrees_of_freedom: used.len() as u32, p })
}

/// Solves a small symmetric positive definite system by elimination; `None` if it is singular.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    let scale = (0..n).map(|i| matrix[i][i]).fold(0.0, f64::max);
    for pivot in 0..n {
        let diagonal = matrix[pivot][pivot];
        if diagonal.is_nan() || diagonal <= ROUNDING * scale {
            return None;
        }
        let (above, below) = matrix.split_at_mut(pivot + 1);
        for (offset, row) in below.iter_mut().enumerate() {
            let factor = row[pivot] / diagonal;
            for (entry, pivot_entry) in row.iter_mut().zip(&above[pivot]) {
                *entry -= factor * pivot_entry;
            }
            right[pivot + 1 + offset] -= factor * right[pivot];
        }
    }
    for pivot in (0..n).rev() {
        let known: f64 = (pivot + 1..n).map(|column| matrix[pivot][column] * right[column]).sum();
        right[pivot] = (right[pivot] - known) / matrix[pivot][pivot];
    }
    Some(right)
}
