//! Explaining the difference between two worlds: a game in which groups of differences are the players.
//!
//! # The game
//! A coalition is a set of groups that are taken from the second world; the other groups come from the first. Such a mixed world is
//! called a hybrid, and its outcome is the worth of the coalition. Coalitions are bit masks: bit `i` is set if group `i` comes
//! from the second world, so 0 is the first world and the last
//! coalition the second.
//!
//! ```text
//! share        φ_i  = Σ_{S ∌ i} s! (n−s−1)! / n! · [v(S+i) − v(S)]
//! interaction  I_ij = Σ_{S ∌ i,j} s! (n−s−2)! / (n−1)! · [v(S+i+j) − v(S+i) − v(S+j) + v(S)]
//!
//! v  worth of a coalition, unit of the outcome      n  number of groups      s  size of S
//! ```
//! Shares add up to `v(N) − v(∅)`, a group that changes nothing has none, groups that do the same have the same (Shapley 1953). The
//! interaction of two groups is what they do together beyond what each does alone, on average over all others (Grabisch and Roubens
//! 1999). Every coalition is simulated; only histories are sampled.
//!
//! # The worth of a coalition
//! An outcome is a ratio of sums over histories, `R = X / W`: with `W = 1` a share or a mean over all histories, otherwise one over the
//! histories that count, such as those with a war. A hybrid may have no such history, and then no ratio. So the worth is
//!
//! ```text
//! v(S) = [X(S) − R̄ W(S)] / W̄      R̄ = [R(∅) + R(N)] / 2      W̄ = [W(∅) + W(N)] / 2
//!
//! X  mean of what is counted, a history      W  mean of what it is counted among, a history
//! ```
//! and `v(N) − v(∅) = R(N) − R(∅)` exactly. With `W = 1` this is the outcome itself, less a constant. Otherwise it is what the world has
//! beyond the mean ratio of the first and the second world, in units of their mean `W`. So a coalition has weight in proportion to its
//! histories that count, and a coalition without any contributes nothing. Only the first and the second world need such histories.
//!
//! A median is no ratio. For measures that are medians elsewhere, the difference of the means is divided.
//!
//! # Intervals
//! Histories with the same number share their draws in all coalitions. A bootstrap draws numbers of histories with replacement and
//! works out every coalition, share and interaction from the same drawn numbers.

mod game;

use serde::{Deserialize, Serialize};
use spiral_model::{Ended, Outcome};

use crate::intervals::{Term, mean};
use crate::measures::{Kind, MEASURES, Measurement, Window, of_war};
use crate::paired::{FEWEST_VALUES, REPLICATES, Resampling, percentile_ends};
use crate::summary::estimate;
use crate::table::{Estimate, Measure, finite};
use crate::uncertainty::{HISTORIES_A_DRAW, SURELY_ENOUGH};

pub use game::{shapley, shapley_interactions};

const BOOTSTRAP: &str = "bootstrap over histories, all worlds together, percentile, B = 2000";
const BOOTSTRAP_DRAWS: &str = "bootstrap over draws of two histories, all worlds together, percentile, B = 2000";
const TOO_FEW: &str = "one of the two worlds has fewer than 10 values: no interval";
const NO_WORTH: &str = "one of the two worlds has no value";

/// What one outcome was in every history of one world, by number of history: a ratio of sums.
#[derive(Debug, Clone, PartialEq)]
pub struct Worth {
    /// The outcome of the world with its interval.
    pub estimate: Estimate,
    numerators: Vec<f64>,
    denominators: Vec<f64>,
    /// Whether an entry is two histories that share a draw of the judgements.
    by_draws: bool,
}

impl Worth {
    /// From what each history adds, and the outcome with its interval.
    #[must_use]
    pub fn new(terms: &[Term], estimate: Estimate) -> Self {
        let numerators = terms.iter().map(|term| term.numerator).collect();
        let denominators = terms.iter().map(|term| term.denominator).collect();
        Self { estimate, numerators, denominators, by_draws: false }
    }

    /// A measure of a world whose first date is `start`, over `length` years; dates are counted in years from the start.
    /// `histories` is how many were asked for; those that failed have no value. `None` where there is no measure of that name.
    #[must_use]
    pub fn of(measure: &str, outcomes: &[Outcome], (start, length): (f64, f64), histories: u32) -> Option<Self> {
        let measurement = MEASURES.iter().find(|known| known.name == measure)?;
        let window = Window { start, length };
        let zero = if is_date(measurement) { start } else { 0.0 };
        let valid: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.ended != Ended::Failure).collect();
        let mut terms = vec![Term::ABSENT; histories as usize];
        for outcome in &valid {
            if let Some(place) = terms.get_mut(outcome.history as usize) {
                *place = term(measurement.kind, outcome, window, zero);
            }
        }
        let found = if let Kind::Median(_) = measurement.kind {
            let values = terms.iter().filter(|term| term.denominator > 0.0).map(|term| term.numerator);
            mean(&values.collect::<Vec<f64>>())
        } else {
            estimate(measurement.kind, &valid, window)
        };
        Some(Self::new(&terms, found))
    }

    /// The same where two histories that follow each other share a draw of the judgements: together they are one entry, since they are
    /// not independent. The interval of the outcome is made wider, see [`crate::uncertainty`].
    #[must_use]
    pub fn by_draws(self) -> Self {
        let sums = |values: Vec<f64>| values.chunks(HISTORIES_A_DRAW as usize).map(|draw| draw.iter().sum()).collect();
        Self {
            estimate: self.estimate.wider(SURELY_ENOUGH),
            numerators: sums(self.numerators),
            denominators: sums(self.denominators),
            by_draws: true,
        }
    }

    /// Histories that count.
    fn present(&self) -> usize {
        self.denominators.iter().filter(|denominator| **denominator > 0.0).count()
    }

    /// Means of what is counted and of what it is counted among, where each history counts as often as it was drawn.
    fn means(&self, times_drawn: &[u32]) -> (f64, f64) {
        let (mut upper, mut lower) = (0.0, 0.0);
        for ((times, numerator), denominator) in times_drawn.iter().zip(&self.numerators).zip(&self.denominators) {
            upper += f64::from(*times) * numerator;
            lower += f64::from(*times) * denominator;
        }
        let n = times_drawn.len() as f64;
        (upper / n, lower / n)
    }
}

/// What a history adds to a ratio of sums.
fn term(kind: Kind, outcome: &Outcome, window: Window, zero: f64) -> Term {
    let yes = |is: bool| Term { numerator: f64::from(u8::from(is)), denominator: 1.0 };
    match kind {
        Kind::Share(of) => yes(of.is_true(outcome)),
        Kind::ShareOfWars(_) | Kind::Motive(_) => of_war(kind, outcome).map_or(Term::ABSENT, yes),
        Kind::Mean(of, _) => Term::of(of.number(outcome, window)),
        Kind::Rate(..) => kind.ratio(outcome, window),
        Kind::Median(of) => Term::of(of.number(outcome, window).map(|value| value - zero)),
    }
}

fn is_date(measurement: &Measurement) -> bool {
    measurement.unit == "year"
}

/// What a measure is called here: a median elsewhere is a mean.
fn label(measurement: &Measurement) -> String {
    measurement.label.strip_prefix("Median ").map_or_else(|| measurement.label.to_string(), |rest| format!("Mean {rest}"))
}

/// What `explain.json` holds: how much each group of differences explains of the difference between two scenarios.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// Format of this file.
    pub format: u32,
    /// The first scenario.
    pub a: String,
    /// The second scenario.
    pub b: String,
    /// Seed of the study.
    pub seed: u64,
    /// Histories of each world.
    pub histories: u64,
    /// Different worlds that were simulated; coalitions that come out as the same world share one.
    pub worlds: u64,
    /// Whether every two histories drew the judgements of both scenarios; left out where not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncertain: bool,
    /// Histories that failed numerically, over all worlds; they are left out of every estimate.
    pub failures: u64,
    /// How the shares were made.
    pub method: String,
    /// The groups, in the order of the bits of a coalition.
    pub groups: Vec<GroupMeaning>,
    /// Which state of one scenario is the counterpart of which of the other.
    pub states: Vec<StatePair>,
    /// The outcomes.
    pub outcomes: Vec<Attribution>,
}

/// What a group is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMeaning {
    /// Its name.
    pub name: String,
    /// What it holds, in words.
    pub holds: String,
}

/// A state of one scenario and its counterpart in the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatePair {
    /// Code in the first scenario.
    pub a: Option<String>,
    /// Code in the second scenario.
    pub b: Option<String>,
    /// Why they belong together.
    pub role: String,
}

/// A share of the difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupShare {
    /// Name of the group.
    pub name: String,
    /// What taking the group from the second world adds, in the unit of the outcome. Null where one of the two worlds has no value.
    pub share: Option<f64>,
    /// Lower end of the 95 % interval.
    pub lower: Option<f64>,
    /// Upper end of the 95 % interval.
    pub upper: Option<f64>,
}

/// What two groups do together beyond what each does alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interaction {
    /// One group.
    pub first: String,
    /// The other.
    pub second: String,
    /// Shapley interaction index, in the unit of the outcome.
    pub index: Option<f64>,
    /// Lower end of the 95 % interval.
    pub lower: Option<f64>,
    /// Upper end of the 95 % interval.
    pub upper: Option<f64>,
}

/// The difference of one outcome between two worlds, divided among the groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// Name of the measure.
    pub outcome: String,
    /// What it is, in words.
    pub label: String,
    /// Unit as in [`crate::Measure`]; of dates `years`, counted from the start of each world.
    pub unit: String,
    /// The outcome in the first world.
    pub a: Estimate,
    /// The outcome in the second world.
    pub b: Estimate,
    /// The difference, second less first.
    pub total: Option<f64>,
    /// Lower end of the 95 % interval of the difference.
    pub total_lower: Option<f64>,
    /// Upper end of the 95 % interval of the difference.
    pub total_upper: Option<f64>,
    /// The share of each group, in the order of the groups; they add up to the difference.
    pub groups: Vec<GroupShare>,
    /// The interaction of each pair of groups.
    pub interactions: Vec<Interaction>,
    /// Histories of each world.
    pub n: u64,
    /// Histories that count in the first or in the second world, whichever has fewer.
    pub fewest: u64,
    /// Coalitions in which no history counts, by bit mask: they contribute nothing.
    pub without_value: Vec<u32>,
    /// How the intervals were made, or why there are none.
    pub method: String,
}

impl Attribution {
    /// The shares as measures, to be formatted as differences.
    pub fn shares(&self) -> impl Iterator<Item = Measure> + '_ {
        self.groups.iter().map(|group| self.difference(&group.name, (group.share, group.lower, group.upper)))
    }

    /// The whole difference as a measure.
    #[must_use]
    pub fn whole(&self) -> Measure {
        self.difference("difference", (self.total, self.total_lower, self.total_upper))
    }

    /// The interactions, strongest first, as measures called `FIRST × SECOND`.
    #[must_use]
    pub fn strongest_interactions(&self) -> Vec<Measure> {
        let named = |pair: &Interaction| format!("{} × {}", pair.first, pair.second);
        let mut found: Vec<Measure> =
            self.interactions.iter().map(|pair| self.difference(&named(pair), (pair.index, pair.lower, pair.upper))).collect();
        let size = |measure: &Measure| measure.estimate.estimate.map_or(-1.0, f64::abs);
        found.sort_by(|one, other| size(other).total_cmp(&size(one)));
        found
    }

    /// The outcome in the first and in the second world, as measures.
    #[must_use]
    pub fn ends(&self, a: &str, b: &str) -> [Measure; 2] {
        [(a, &self.a), (b, &self.b)].map(|(name, estimate)| Measure {
            name: name.to_string(),
            label: name.to_string(),
            unit: self.unit.clone(),
            estimate: estimate.clone(),
        })
    }

    fn difference(&self, name: &str, (estimate, lower, upper): (Option<f64>, Option<f64>, Option<f64>)) -> Measure {
        let estimate = Estimate { estimate, lower, upper, n: self.n, method: self.method.clone() };
        Measure { name: name.to_string(), label: name.to_string(), unit: self.unit.clone(), estimate }
    }

    /// How the intervals were made, as a sentence.
    #[must_use]
    pub fn method_sentence(&self) -> String {
        format!("Intervals: {}.", self.method)
    }

    /// Why there are no shares or no intervals, or how many worlds contribute nothing; `None` if there is nothing to report.
    #[must_use]
    pub fn caveat(&self) -> Option<String> {
        let what = self.label.to_lowercase();
        if self.groups.iter().all(|group| group.share.is_none()) {
            return Some(format!(
                "In one of the two worlds no history has a value of \"{what}\", so there is no difference to divide."
            ));
        }
        if self.groups.iter().all(|group| group.lower.is_none()) {
            return Some(format!(
                "In one of the two worlds only {} histories have a value of \"{what}\": no intervals.",
                self.fewest
            ));
        }
        let (missing, all) = (self.without_value.len(), 1_u64 << self.groups.len());
        (missing > 0).then(|| {
            format!(
                "In {missing} of {all} combinations no history has a value of \"{what}\". The weight of a combination is in proportion to its \
                 histories with a value, so these contribute nothing to this outcome."
            )
        })
    }
}

/// Divides the difference of a measure among groups. `world_of` is the position in `worlds` of every coalition by bit mask; coalitions
/// that are the same world share its entry. Worlds have the same number of histories.
///
/// # Panics
/// If `world_of` has not one entry for each of the 2ⁿ coalitions of n groups, or names a world that `worlds` does not hold. A measure
/// that [`Worth::of`] does not know has no worlds; the caller must report this before.
#[must_use]
pub fn attribute(measure: &str, groups: &[String], world_of: &[u32], worlds: &[Worth], seed: u64) -> Attribution {
    assert_eq!(world_of.len(), 1 << groups.len(), "{measure}: one world for each coalition of {} groups", groups.len());
    let known = world_of.iter().all(|world| (*world as usize) < worlds.len());
    assert!(known, "{measure}: a coalition has no world among the {} that have a worth", worlds.len());
    let measurement = MEASURES.iter().find(|known| known.name == measure);
    let unit = measurement.map_or("1", |measurement| if is_date(measurement) { "years" } else { measurement.unit });
    let end = |coalition: Option<&u32>| coalition.and_then(|world| worlds.get(*world as usize));
    let (a, b) = (end(world_of.first()), end(world_of.last()));
    let n = worlds.iter().map(|world| world.denominators.len()).max().unwrap_or(0);
    let once = vec![1; n];
    let point = Game::new(worlds, world_of, &once);
    let present = |end: Option<&Worth>| end.map_or(0, Worth::present);
    let fewest = present(a).min(present(b));
    let ends = (fewest >= FEWEST_VALUES).then(|| bootstrap(worlds, world_of, n, Resampling::new(seed, measure)));
    let method = match (fewest, &ends) {
        (0, _) => NO_WORTH,
        (_, None) => TOO_FEW,
        (_, Some(_)) if worlds.iter().any(|world| world.by_draws) => BOOTSTRAP_DRAWS,
        (_, Some(_)) => BOOTSTRAP,
    };
    let interval = |position: usize| {
        let (lower, upper) = ends.as_ref().map_or((f64::NAN, f64::NAN), |ends| ends[position]);
        (finite(lower), finite(upper))
    };
    let (total_lower, total_upper) = interval(0);
    let shares = groups.iter().zip(&point.shares).enumerate().map(|(position, (name, share))| {
        let (lower, upper) = interval(1 + position);
        GroupShare { name: name.clone(), share: finite(*share), lower, upper }
    });
    let interactions = point.interactions.iter().enumerate().map(|(position, ((first, second), index))| {
        let (lower, upper) = interval(1 + groups.len() + position);
        Interaction { first: groups[*first].clone(), second: groups[*second].clone(), index: finite(*index), lower, upper }
    });
    let estimate = |end: Option<&Worth>| end.map_or_else(|| Estimate::none(0, NO_WORTH), |world| world.estimate.clone());
    let empty: Vec<bool> = worlds.iter().map(|world| world.present() == 0).collect();
    Attribution {
        outcome: measure.to_string(),
        label: measurement.map_or_else(|| measure.to_string(), label),
        unit: unit.to_string(),
        a: estimate(a),
        b: estimate(b),
        total: finite(point.total),
        total_lower,
        total_upper,
        groups: shares.collect(),
        interactions: interactions.collect(),
        n: n as u64,
        fewest: fewest as u64,
        without_value: (0_u32..).zip(world_of).filter(|(_, world)| empty[**world as usize]).map(|(s, _)| s).collect(),
        method: method.to_string(),
    }
}

/// The results of a game.
struct Game {
    total: f64,
    shares: Vec<f64>,
    interactions: Vec<((usize, usize), f64)>,
}

impl Game {
    /// The game of a sample in which each history counts as often as it was drawn; NaN if the first or the last world has no ratio.
    fn new(worlds: &[Worth], world_of: &[u32], times_drawn: &[u32]) -> Self {
        let means: Vec<(f64, f64)> = worlds.iter().map(|world| world.means(times_drawn)).collect();
        let of = |coalition: Option<&u32>| coalition.and_then(|world| means.get(*world as usize)).copied().unwrap_or_default();
        let ((x_a, w_a), (x_b, w_b)) = (of(world_of.first()), of(world_of.last()));
        let (ratio_a, ratio_b) = (x_a / w_a, x_b / w_b);
        let (ratio, weight) = (0.5 * (ratio_a + ratio_b), 0.5 * (w_a + w_b));
        let values: Vec<f64> = means.iter().map(|(x, w)| (x - ratio * w) / weight).collect();
        let worth: Vec<f64> = world_of.iter().map(|world| values[*world as usize]).collect();
        Self { total: ratio_b - ratio_a, shares: shapley(&worth), interactions: shapley_interactions(&worth) }
    }

    fn numbers(&self) -> impl Iterator<Item = f64> + '_ {
        let shares = self.shares.iter().copied();
        std::iter::once(self.total).chain(shares).chain(self.interactions.iter().map(|(_, index)| *index))
    }
}

/// The ends of the intervals of total, shares and interactions.
fn bootstrap(worlds: &[Worth], world_of: &[u32], n: usize, resampling: Resampling) -> Vec<(f64, f64)> {
    let mut replicates: Vec<Vec<f64>> = Vec::new();
    let mut times_drawn = vec![0_u32; n];
    for replicate in 0..REPLICATES {
        times_drawn.fill(0);
        resampling.positions(replicate, n, |position| times_drawn[position] += 1);
        for (position, number) in Game::new(worlds, world_of, &times_drawn).numbers().enumerate() {
            if replicate == 0 {
                replicates.push(Vec::with_capacity(REPLICATES as usize));
            }
            replicates[position].push(number);
        }
    }
    replicates.into_iter().map(percentile_ends).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|group| format!("g{group}")).collect()
    }

    fn shares(values: &[Option<bool>]) -> Worth {
        let term = |value: &Option<bool>| Term::of(value.map(|is| f64::from(u8::from(is))));
        let terms: Vec<Term> = values.iter().map(term).collect();
        Worth::new(&terms, crate::intervals::rate(&terms))
    }

    /// Two groups, and a world between the ends in which no history counts.
    #[test]
    fn a_world_without_a_value_weighs_nothing() {
        // Of 40 histories 30 have a war in the first world and 20 in the last; 3 and 12 of them are of the kind that is counted.
        let some = |count: usize, wars: usize| shares(&(0..40).map(|h| (h < wars).then_some(h < count)).collect::<Vec<_>>());
        let worlds = [some(3, 30), shares(&[None; 40]), some(6, 30), some(12, 20)];
        let found = attribute("preemption", &names(2), &[0, 1, 2, 3], &worlds, 1);
        assert_eq!((found.without_value.as_slice(), found.fewest, found.method.as_str()), (&[1][..], 20, BOOTSTRAP));
        assert!(found.caveat().is_some_and(|caveat| caveat.starts_with("In 1 of 4 combinations")), "{:?}", found.caveat());
        // By hand: R̄ = (3/30 + 12/20)/2 = 0.35, W̄ = 25/40; v = (X − 0.35 W)/25 over the counts of the four worlds.
        let v = [(3.0, 30.0), (0.0, 0.0), (6.0, 30.0), (12.0, 20.0)].map(|(x, w): (f64, f64)| (x - 0.35 * w) / 25.0);
        let wanted = [0.5 * (v[1] - v[0] + v[3] - v[2]), 0.5 * (v[2] - v[0] + v[3] - v[1])];
        for (group, wanted) in found.groups.iter().zip(wanted) {
            assert!((group.share.unwrap_or(f64::NAN) - wanted).abs() < 1e-15, "{group:?}, not {wanted}");
        }
        assert!((found.total.unwrap_or(f64::NAN) - 0.5).abs() < 1e-15, "{:?}", found.total);
    }

    #[test]
    fn without_a_value_at_an_end_there_is_no_number() {
        let some = |wars: usize| shares(&(0..40).map(|h| (h < wars).then_some(h < 3)).collect::<Vec<_>>());
        let found = attribute("preemption", &names(1), &[0, 1], &[some(30), shares(&[None; 40])], 1);
        assert_eq!((found.fewest, found.method.as_str(), found.total), (0, NO_WORTH, None));
        assert!(found.groups.iter().all(|group| group.share.is_none() && group.lower.is_none()), "{:?}", found.groups);
        // With few values there are shares, and no interval.
        let found = attribute("preemption", &names(1), &[0, 1], &[some(30), some(9)], 1);
        assert_eq!((found.fewest, found.method.as_str()), (9, TOO_FEW));
        assert!(found.groups.iter().all(|group| group.share.is_some() && group.upper.is_none()), "{:?}", found.groups);
    }

    #[test]
    #[should_panic(expected = "general_war: a coalition has no world among the 1 that have a worth")]
    fn a_coalition_without_its_world_is_refused() {
        let _ = attribute("general_war", &names(1), &[0, 1], &[shares(&[Some(true)])], 1);
    }

    #[test]
    fn methods_say_the_numbers_they_work_with() {
        assert!(BOOTSTRAP.ends_with(&format!("B = {REPLICATES}")), "{BOOTSTRAP}, {REPLICATES} replicates");
        assert!(TOO_FEW.contains(&format!("fewer than {FEWEST_VALUES} values")), "{TOO_FEW}, fewest {FEWEST_VALUES}");
    }

    #[test]
    fn common_draws_leave_no_doubt_and_worlds_may_be_shared() {
        // Group 1 changes nothing: both of its coalitions are the same world. Group 0 adds five days to every history.
        let days = |more: f64| {
            let values: Vec<f64> = (0..101).map(|h| f64::from(h) + more).collect();
            Worth::new(&values.iter().copied().map(|value| Term::of(Some(value))).collect::<Vec<_>>(), mean(&values))
        };
        let found = attribute("days_crisis_to_war", &names(2), &[0, 1, 0, 1], &[days(0.0), days(5.0)], 1);
        assert_eq!((found.a.estimate, found.b.estimate, found.total), (Some(50.0), Some(55.0), Some(5.0)));
        for (group, wanted) in found.groups.iter().zip([5.0, 0.0]) {
            for number in [group.share, group.lower, group.upper] {
                assert!((number.unwrap_or(f64::NAN) - wanted).abs() < 1e-12, "{group:?}, not {wanted}");
            }
        }
        assert_eq!(found.groups[1].share, Some(0.0), "to the bit");
        assert_eq!((found.unit.as_str(), found.label.as_str()), ("days", "Mean days from the crisis to the first strike"));
    }

    #[test]
    fn histories_of_one_draw_are_drawn_together() {
        // Both histories of a draw are the same: the intervals are those of half as many histories. A history without the other of its draw stands alone.
        let wars = |each: u32| {
            let of = |history: u32| Some(f64::from(u8::from((history / each).is_multiple_of(3))));
            let terms: Vec<Term> = (0..60 * each).map(|history| Term::of(of(history))).collect();
            Worth::new(&terms, mean(&terms.iter().map(|term| term.numerator).collect::<Vec<_>>()))
        };
        let none = |histories| Worth::new(&vec![Term::of(Some(0.0)); histories], mean(&vec![0.0; histories]));
        let single = attribute("war", &names(1), &[0, 1], &[none(60), wars(1)], 1);
        let drawn = attribute("war", &names(1), &[0, 1], &[none(120).by_draws(), wars(2).by_draws()], 1);
        assert_eq!((single.total, single.total_lower, single.total_upper), (drawn.total, drawn.total_lower, drawn.total_upper));
        assert_eq!((drawn.n, drawn.method.as_str()), (60, BOOTSTRAP_DRAWS));
        assert_eq!(none(7).by_draws().denominators, [2.0, 2.0, 2.0, 1.0]);
        let (narrow, wide) = (wars(2).estimate, wars(2).by_draws().estimate);
        let half = |found: &Estimate| found.upper.expect("an end") - found.estimate.expect("a mean");
        assert!((half(&wide) / half(&narrow) - SURELY_ENOUGH).abs() < 1e-12);
    }
}
