//! Which differences between two worlds carry the contrast between them: a game in which groups of differences are the players.
//!
//! # The game
//! A coalition is a set of groups that are taken from the second world, the rest from the first; its worth is the outcome of that
//! hybrid. Coalitions are bit masks: bit `i` is set where group `i` comes from the second world, so 0 is the first world and the last
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
//! 1999). Every coalition is simulated; nothing is sampled but histories.
//!
//! # Intervals
//! Histories with the same number share their draws in all coalitions. A bootstrap draws numbers of histories with replacement and
//! works out every coalition, share and interaction from the same drawn numbers.

mod game;

use serde::{Deserialize, Serialize};
use spiral_model::{Ended, Outcome};

use crate::intervals::Term;
use crate::measures::{Kind, MEASURES, Measurement, Window, of_war};
use crate::paired::{FEWEST_VALUES, REPLICATES, Resampling, Side, percentile_ends};
use crate::summary::estimate;
use crate::table::{Estimate, Measure};

pub use game::{shapley, shapley_interactions};

const BOOTSTRAP: &str = "bootstrap over histories, all worlds together, percentile, B = 2000";
const TOO_FEW: &str = "a world has fewer than 10 values: no interval";
const NO_WORTH: &str = "a world has no value, so no share exists";

/// What one outcome was in every history of one world, by number of history.
#[derive(Debug, Clone, PartialEq)]
pub struct Worth {
    /// The outcome of the world with its interval.
    pub estimate: Estimate,
    histories: Histories,
}

#[derive(Debug, Clone, PartialEq)]
enum Histories {
    /// A ratio of sums: shares, means, rates.
    Ratio { numerators: Vec<f64>, denominators: Vec<f64> },
    /// A median over the histories that have a value.
    Median(Vec<Option<f64>>),
}

impl Worth {
    /// A ratio of sums over histories.
    #[must_use]
    pub fn ratio(terms: &[Term], estimate: Estimate) -> Self {
        let numerators = terms.iter().map(|term| term.numerator).collect();
        let denominators = terms.iter().map(|term| term.denominator).collect();
        Self { estimate, histories: Histories::Ratio { numerators, denominators } }
    }

    /// A median over the histories that have a value.
    #[must_use]
    pub fn median(values: Vec<Option<f64>>, estimate: Estimate) -> Self {
        Self { estimate, histories: Histories::Median(values) }
    }

    /// A measure of a world whose first date is `start`, looked at over `length` years; dates are counted in years from the start.
    /// `histories` is how many were asked for; those that failed have no value. `None` where there is no measure of that name.
    #[must_use]
    pub fn of(measure: &str, outcomes: &[Outcome], (start, length): (f64, f64), histories: u32) -> Option<Self> {
        let measurement = MEASURES.iter().find(|known| known.name == measure)?;
        let window = Window { start, length };
        let valid: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.ended != Ended::Failure).collect();
        let found = estimate(measurement.kind, &valid, window);
        let zero = if is_date(measurement) { start } else { 0.0 };
        let since = |x: Option<f64>| x.map(|x| x - zero);
        let found = Estimate { estimate: since(found.estimate), lower: since(found.lower), upper: since(found.upper), ..found };
        if let Kind::Median(of) = measurement.kind {
            let mut values = vec![None; histories as usize];
            for outcome in valid {
                if let Some(place) = values.get_mut(outcome.history as usize) {
                    *place = since(of(outcome)).filter(|x| x.is_finite());
                }
            }
            return Some(Self::median(values, found));
        }
        let mut terms = vec![Term::ABSENT; histories as usize];
        for outcome in valid {
            if let Some(place) = terms.get_mut(outcome.history as usize) {
                *place = term(measurement.kind, outcome, window);
            }
        }
        Some(Self::ratio(&terms, found))
    }

    /// Histories that have a value.
    fn present(&self) -> usize {
        match &self.histories {
            Histories::Ratio { denominators, .. } => denominators.iter().filter(|denominator| **denominator > 0.0).count(),
            Histories::Median(values) => values.iter().flatten().count(),
        }
    }

    fn len(&self) -> usize {
        match &self.histories {
            Histories::Ratio { denominators, .. } => denominators.len(),
            Histories::Median(values) => values.len(),
        }
    }
}

/// What a history adds to a ratio of sums.
fn term(kind: Kind, outcome: &Outcome, window: Window) -> Term {
    let yes = |is: bool| Term { numerator: f64::from(u8::from(is)), denominator: 1.0 };
    match kind {
        Kind::Share(of) => yes(of(outcome)),
        Kind::ShareOfWars(_) | Kind::Motive(_) => of_war(kind, outcome).map_or(Term::ABSENT, yes),
        Kind::Mean(of) => Term::of(of(outcome, window)),
        Kind::Rate(of) => of(outcome),
        Kind::Median(of) => Term::of(of(outcome)),
    }
}

fn is_date(measurement: &Measurement) -> bool {
    measurement.unit == "year"
}

/// A [`Worth`] in the form in which it is resampled.
enum Resampled<'a> {
    Ratio(&'a [f64], &'a [f64]),
    Median(Side),
}

impl<'a> Resampled<'a> {
    fn new(worth: &'a Worth) -> Self {
        match &worth.histories {
            Histories::Ratio { numerators, denominators } => Self::Ratio(numerators, denominators),
            Histories::Median(values) => Self::Median(Side::new(values.iter().copied())),
        }
    }

    /// The value where each history counts as often as it was drawn; NaN where none of those drawn has one.
    fn value(&self, times_drawn: &[u32]) -> f64 {
        match self {
            Self::Median(side) => side.resampled_median(times_drawn),
            Self::Ratio(numerators, denominators) => {
                let (mut upper, mut lower) = (0.0, 0.0);
                for ((times, numerator), denominator) in times_drawn.iter().zip(*numerators).zip(*denominators) {
                    upper += f64::from(*times) * numerator;
                    lower += f64::from(*times) * denominator;
                }
                upper / lower
            }
        }
    }
}

/// What `explain.json` holds: which differences between two scenarios carry the contrast between them.
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
    /// Histories in which a number blew up, over all worlds; they are in no estimate.
    pub failures: u64,
    /// How the shares were made.
    pub method: String,
    /// The groups, in the order of the bits of a coalition.
    pub groups: Vec<GroupMeaning>,
    /// Which state of one scenario stands for which of the other.
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

/// A state of one scenario and the one that stands for it in the other.
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
    /// What taking the group from the second world adds, in the unit of the outcome. Null where a world has no value.
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
    /// Fewest histories of a world that have a value.
    pub fewest: u64,
    /// Coalitions in which no history has a value, by bit mask.
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

    /// Why there are no shares, or no intervals, where that is so.
    #[must_use]
    pub fn caveat(&self) -> Option<String> {
        let (missing, all) = (self.without_value.len(), 1_u64 << self.groups.len());
        if missing > 0 {
            let what = self.label.to_lowercase();
            return Some(format!(
                "In {missing} of {all} combinations no history has a value of \"{what}\", so its difference cannot be divided."
            ));
        }
        let fewest = self.fewest;
        self.groups.iter().all(|group| group.lower.is_none()).then(|| {
            format!(
                "A world has only {fewest} histories with a value of \"{}\": no intervals. More histories help.",
                self.label.to_lowercase()
            )
        })
    }
}

/// Divides the difference of a measure among groups. `world_of` is the position in `worlds` of every coalition by bit mask; coalitions
/// that are the same world share its entry. Worlds have the same number of histories.
///
/// A share exists only if every world has a value: where in one of them no history has (no war whose motive could count), there is
/// none, and [`Attribution::without_value`] lists the coalitions.
#[must_use]
pub fn attribute(measure: &str, groups: &[String], world_of: &[u32], worlds: &[Worth], seed: u64) -> Attribution {
    let measurement = MEASURES.iter().find(|known| known.name == measure);
    let label = measurement.map_or_else(|| measure.to_string(), |measurement| measurement.label.to_string());
    let unit = measurement.map_or("1", |measurement| if is_date(measurement) { "years" } else { measurement.unit });
    let n = worlds.iter().map(Worth::len).max().unwrap_or(0);
    let resampled: Vec<Resampled<'_>> = worlds.iter().map(Resampled::new).collect();
    let once = vec![1; n];
    let values: Vec<f64> = resampled.iter().map(|world| world.value(&once)).collect();
    let point = Game::new(&values, world_of);
    let fewest = worlds.iter().map(Worth::present).min().unwrap_or(0);
    let ends =
        if fewest < FEWEST_VALUES { None } else { Some(bootstrap(&resampled, world_of, n, Resampling::new(seed, measure))) };
    let method = match (fewest, &ends) {
        (0, _) => NO_WORTH,
        (_, None) => TOO_FEW,
        (_, Some(_)) => BOOTSTRAP,
    };
    let finite = |x: f64| Some(x).filter(|x| x.is_finite());
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
    let of = |coalition: Option<&u32>| {
        let world = coalition.and_then(|world| worlds.get(*world as usize));
        world.map_or_else(|| Estimate::none(0, NO_WORTH), |world| world.estimate.clone())
    };
    Attribution {
        outcome: measure.to_string(),
        label,
        unit: unit.to_string(),
        a: of(world_of.first()),
        b: of(world_of.last()),
        total: finite(point.total),
        total_lower,
        total_upper,
        groups: shares.collect(),
        interactions: interactions.collect(),
        n: n as u64,
        fewest: fewest as u64,
        without_value: (0_u32..).zip(world_of).filter(|(_, world)| values[**world as usize].is_nan()).map(|(s, _)| s).collect(),
        method: method.to_string(),
    }
}

/// What a game comes to.
struct Game {
    total: f64,
    shares: Vec<f64>,
    interactions: Vec<((usize, usize), f64)>,
}

impl Game {
    fn new(values: &[f64], world_of: &[u32]) -> Self {
        let worth: Vec<f64> = world_of.iter().map(|world| values[*world as usize]).collect();
        let total = worth.last().zip(worth.first()).map_or(f64::NAN, |(last, first)| last - first);
        Self { total, shares: shapley(&worth), interactions: shapley_interactions(&worth) }
    }

    fn numbers(&self) -> impl Iterator<Item = f64> + '_ {
        let shares = self.shares.iter().copied();
        std::iter::once(self.total).chain(shares).chain(self.interactions.iter().map(|(_, index)| *index))
    }
}

/// The ends of the intervals of total, shares and interactions.
fn bootstrap(worlds: &[Resampled<'_>], world_of: &[u32], n: usize, resampling: Resampling) -> Vec<(f64, f64)> {
    let mut replicates: Vec<Vec<f64>> = Vec::new();
    let mut times_drawn = vec![0_u32; n];
    for replicate in 0..REPLICATES {
        times_drawn.fill(0);
        resampling.positions(replicate, n, |position| times_drawn[position] += 1);
        let values: Vec<f64> = worlds.iter().map(|world| world.value(&times_drawn)).collect();
        for (position, number) in Game::new(&values, world_of).numbers().enumerate() {
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
        Worth::ratio(&terms, crate::intervals::rate(&terms))
    }

    #[test]
    fn a_world_without_a_value_leaves_no_number() {
        let some = |count: usize| shares(&(0..40).map(|h| (h < 30).then_some(h < count)).collect::<Vec<_>>());
        let worlds = [some(3), shares(&[None; 40]), some(6), some(12)];
        let found = attribute("preemption", &names(2), &[0, 1, 2, 3], &worlds, 1);
        assert_eq!((found.without_value.as_slice(), found.fewest, found.method.as_str()), (&[1][..], 0, NO_WORTH));
        assert!(found.groups.iter().all(|group| group.share.is_none() && group.lower.is_none()), "{:?}", found.groups);
        // The difference itself exists.
        assert!((found.total.unwrap_or(f64::NAN) - 9.0 / 30.0).abs() < 1e-15, "{:?}", found.total);
        // With few values there are shares, and no interval.
        let few = shares(&(0..40).map(|h| (h < 9).then_some(h < 3)).collect::<Vec<_>>());
        let found = attribute("preemption", &names(2), &[0, 1, 2, 3], &[some(3), few, some(6), some(12)], 1);
        assert_eq!((found.fewest, found.method.as_str()), (9, TOO_FEW));
        assert!(found.groups.iter().all(|group| group.share.is_some() && group.upper.is_none()), "{:?}", found.groups);
    }

    #[test]
    fn medians_are_divided_like_shares_and_worlds_may_be_shared() {
        // Group 1 changes nothing: both of its coalitions are the same world. Group 0 adds five days to every history.
        let days = |more: f64| {
            let values: Vec<f64> = (0..101).map(|h| f64::from(h) + more).collect();
            Worth::median(values.iter().copied().map(Some).collect(), crate::intervals::median(&values))
        };
        let found = attribute("days_crisis_to_war", &names(2), &[0, 1, 0, 1], &[days(0.0), days(5.0)], 1);
        assert_eq!((found.a.estimate, found.b.estimate, found.total), (Some(50.0), Some(55.0), Some(5.0)));
        let wanted = [(Some(5.0), Some(5.0), Some(5.0)), (Some(0.0), Some(0.0), Some(0.0))];
        for (group, wanted) in found.groups.iter().zip(wanted) {
            assert_eq!((group.share, group.lower, group.upper), wanted, "common draws leave no doubt: {group:?}");
        }
        assert_eq!(found.unit, "days");
    }
}
