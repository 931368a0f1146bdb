//! Single numbers compared with history.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use spiral_kernel::maths::{exp, ln};
use spiral_model::{EventKind, Motive};

use super::entries::{War, largest};
use super::{Histories, standing_name};
use crate::history::{Fact, Quantity, Record, Standing};
use crate::intervals::{Term, mean, rate, share};
use crate::paired::{REPLICATES, Resampling, percentile_ends};
use crate::skill::number_skill;
use crate::table::Estimate;

/// Years before a crisis over which the growth of arms is measured.
const RACE_YEARS: f64 = 3.0;
const BOOTSTRAP: &str = "bootstrap of histories, percentile, B = 2000";

/// A number compared with history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumberScore {
    /// Stable name.
    pub name: &'static str,
    /// What it is, in words.
    pub label: &'static str,
    /// Unit, as in measures.
    pub unit: &'static str,
    /// What history shows.
    pub history: f64,
    /// What the simulation shows.
    pub simulated: Estimate,
    /// The value of a naive forecast.
    pub naive: f64,
    /// Which forecast that is.
    pub naive_is: String,
    /// Skill of the simulation against it.
    pub skill: Estimate,
    /// How the scenario used history's number.
    #[serde(serialize_with = "standing_name")]
    pub standing: Standing,
    /// What was fitted or looked at.
    pub why: String,
    /// Where history's number comes from.
    pub source: String,
}

/// The numbers that all histories have, independent of real history: rates and shares.
const RATES: [Quantity; 6] = [
    Quantity::GreatPowerCrises,
    Quantity::NeighbourCrises,
    Quantity::GreatPowerWars,
    Quantity::NeighbourWars,
    Quantity::ChallengesMet,
    Quantity::CommitmentsHonoured,
];

/// Name, words and unit of the rates of [`simulated_rate`].
pub fn rates() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    RATES.into_iter().map(|quantity| (quantity.name(), quantity.label(), quantity.unit()))
}

/// How the scenario of a record used history's number of this name, if there is one.
#[must_use]
pub fn standing_of(record: &Record, name: &str) -> Option<Standing> {
    record.facts.iter().find(|fact| fact.quantity.name() == name).map(|fact| fact.standing)
}

/// A rate of simulated histories by its name; `None` where there is no such rate.
#[must_use]
pub fn simulated_rate(histories: &Histories<'_>, name: &str) -> Option<Estimate> {
    let quantity = RATES.into_iter().find(|quantity| quantity.name() == name)?;
    let wars = match quantity {
        Quantity::GreatPowerWars | Quantity::NeighbourWars => super::wars(histories),
        _ => Vec::new(),
    };
    Some(simulated(histories, &wars, None, quantity))
}

pub(super) fn scores(
    histories: &Histories<'_>,
    wars: &[War],
    record: Option<&Record>,
    notes: &mut Vec<String>,
) -> Vec<NumberScore> {
    let Some(record) = record else { return Vec::new() };
    let mut scores = Vec::new();
    for fact in record.facts.clone() {
        let Fact { quantity, history, naive, naive_is, standing, why, source } = fact;
        let (name, label, unit) = (quantity.name(), quantity.label(), quantity.unit());
        let simulated = simulated(histories, wars, Some(record), quantity);
        if simulated.estimate.is_none() {
            notes.push(format!("{label}: no number, {}", simulated.method));
        }
        let skill = number_skill(&simulated, history, naive, quantity.is_logarithmic());
        scores.push(NumberScore { name, label, unit, history, simulated, naive, naive_is, skill, standing, why, source });
    }
    scores
}

fn simulated(histories: &Histories<'_>, wars: &[War], record: Option<&Record>, quantity: Quantity) -> Estimate {
    let outcomes = histories.outcomes;
    let first_wars = outcomes.iter().filter(|outcome| outcome.motive.is_some()).count() as u64;
    let motive =
        |motive: Motive| share(outcomes.iter().filter(|outcome| outcome.motive == Some(motive)).count() as u64, first_wars);
    match quantity {
        Quantity::GreatPowersByDay30 => mean(&largest(wars).iter().map(|war| war.great_powers as f64).collect::<Vec<f64>>()),
        Quantity::Preemption => motive(Motive::Preemption),
        Quantity::Predation => motive(Motive::Predation),
        Quantity::ChallengesMet => challenges(histories),
        Quantity::CommitmentsHonoured => {
            let terms: Vec<Term> = outcomes
                .iter()
                .map(|outcome| Term {
                    numerator: f64::from(outcome.entrapments),
                    denominator: f64::from(outcome.entrapments) + f64::from(outcome.abandonments),
                })
                .collect();
            within_one(rate(&terms))
        }
        Quantity::SpendingRatio => spending_ratio(histories, record),
        Quantity::GreatPowerCrises => {
            let terms = outcomes.iter().map(|outcome| Term {
                numerator: f64::from(outcome.great_power_crises),
                denominator: outcome.great_power_dyad_years,
            });
            rate(&terms.collect::<Vec<Term>>())
        }
        Quantity::NeighbourCrises => {
            let neighbours: BTreeSet<(usize, usize)> = histories.neighbours.iter().copied().collect();
            per_neighbour_year(histories, &crises(histories, |pair| neighbours.contains(&pair)))
        }
        Quantity::GreatPowerWars => {
            let great = |state: usize| histories.great_powers.get(state) == Some(&true);
            let counts = opposed(histories, wars, |one, other| great(one) && great(other));
            let terms = outcomes
                .iter()
                .zip(counts)
                .map(|(outcome, count)| Term { numerator: count, denominator: outcome.great_power_dyad_years });
            rate(&terms.collect::<Vec<Term>>())
        }
        Quantity::NeighbourWars => {
            let neighbours: BTreeSet<(usize, usize)> = histories.neighbours.iter().copied().collect();
            let counts = opposed(histories, wars, |one, other| neighbours.contains(&(one.min(other), one.max(other))));
            per_neighbour_year(histories, &counts)
        }
        Quantity::ArmsRaceOdds => arms_race_odds(histories),
    }
}

/// A ratio of parts to a whole: its interval, made for rates, ends at one.
fn within_one(estimate: Estimate) -> Estimate {
    Estimate { upper: estimate.upper.map(|upper| upper.min(1.0)), ..estimate }
}

/// Crises between some pairs (lower position first), by history.
fn crises(histories: &Histories<'_>, of: impl Fn((usize, usize)) -> bool) -> Vec<f64> {
    let mut counts = vec![0.0; histories.outcomes.len()];
    for event in histories.events.iter().filter(|event| matches!(event.kind, EventKind::Crisis | EventKind::FalseAlarm)) {
        let (one, other) = (event.actor as usize, event.target as usize);
        if let Some(history) = histories.position(event).filter(|_| of((one.min(other), one.max(other)))) {
            counts[history] += 1.0;
        }
    }
    counts
}

/// Pairs that fight on opposite sides, by history.
fn opposed(histories: &Histories<'_>, wars: &[War], of: impl Fn(usize, usize) -> bool) -> Vec<f64> {
    let mut counts = vec![0.0; histories.outcomes.len()];
    for war in wars {
        for (place, one) in war.parties.iter().enumerate() {
            let foes = war.parties[..place].iter().filter(|other| other.1 != one.1 && of(one.0, other.0));
            counts[war.history] += foes.count() as f64;
        }
    }
    counts
}

fn per_neighbour_year(histories: &Histories<'_>, counts: &[f64]) -> Estimate {
    let pairs = histories.neighbours.len() as f64;
    let terms = histories
        .outcomes
        .iter()
        .zip(counts)
        .map(|(outcome, count)| Term { numerator: *count, denominator: pairs * (outcome.end_date - histories.start) });
    rate(&terms.collect::<Vec<Term>>())
}

/// Allies that mobilised or joined, of those and the committed that let a crisis pass or a friend down.
fn challenges(histories: &Histories<'_>) -> Estimate {
    let mut came = vec![0.0; histories.outcomes.len()];
    let mut principals: BTreeMap<(u32, u32), (u32, u32)> = BTreeMap::new();
    let mut counted: BTreeSet<(u32, u32, u32)> = BTreeSet::new();
    for event in histories.events {
        let key = (event.history, event.crisis);
        match event.kind {
            EventKind::Crisis | EventKind::FalseAlarm => {
                principals.insert(key, (event.actor, event.target));
            }
            EventKind::Mobilisation | EventKind::Joining => {
                let principal = principals.get(&key).is_some_and(|(one, other)| [*one, *other].contains(&event.actor));
                if let Some(history) = histories.position(event)
                    && !principal
                    && counted.insert((event.history, event.crisis, event.actor))
                {
                    came[history] += 1.0;
                }
            }
            _ => {}
        }
    }
    let terms = histories.outcomes.iter().zip(came).map(|(outcome, came)| Term {
        numerator: came,
        denominator: came + f64::from(outcome.passed) + f64::from(outcome.abandonments),
    });
    within_one(rate(&terms.collect::<Vec<Term>>()))
}

fn spending_ratio(histories: &Histories<'_>, record: Option<&Record>) -> Estimate {
    let Some(sides) = record.and_then(|record| record.sides.as_ref()) else { return super::unknown("no sides") };
    let mut sums = [vec![0.0; histories.burden.histories()], vec![0.0; histories.burden.histories()]];
    for (side, sum) in [&sides.one, &sides.other].into_iter().zip(&mut sums) {
        for (code, output) in side {
            let Some(state) = histories.state(code) else { return super::unknown("a side is no state of the scenario") };
            let burdens = histories.values(histories.burden, state, sides.date);
            if burdens.is_empty() {
                return super::unknown("the date lies outside the calendar");
            }
            sum.iter_mut().zip(burdens).for_each(|(sum, burden)| *sum += output * burden);
        }
    }
    let [one, other] = sums;
    let ratios: Vec<f64> = one.into_iter().zip(other).map(|(one, other)| one / other).filter(|ratio| ratio.is_finite()).collect();
    if ratios.len() < super::LEAST_AT_PEACE {
        return Estimate::none(ratios.len() as u64, "too few histories are at peace on that date");
    }
    mean(&ratios)
}

/// Odds of war in crises in which both sides' arms grew fast over the odds in the others: fast is at or above the median, over
/// all crises, of
/// the slower side's yearly growth in the [`RACE_YEARS`] before (the upper of the two middle ones of an even number). Crises
/// after the first war of their history are left out.
fn arms_race_odds(histories: &Histories<'_>) -> Estimate {
    let strikes: BTreeSet<(u32, u32)> = histories
        .events
        .iter()
        .filter(|event| event.kind == EventKind::Strike)
        .map(|event| (event.history, event.crisis))
        .collect();
    let ticks = f64::from(histories.ticks_per_year);
    let back = (RACE_YEARS * ticks).round() as usize;
    // History, growth of the slower side, war.
    let mut rows: Vec<(usize, f64, bool)> = Vec::new();
    for event in histories.events.iter().filter(|event| matches!(event.kind, EventKind::Crisis | EventKind::FalseAlarm)) {
        let Some(history) = histories.position(event) else { continue };
        // The last boundary before the crisis.
        let now = ((event.date - histories.start) * ticks + 1e-6).floor().max(0.0) as usize;
        let Some(then) = now.checked_sub(back) else { continue };
        let growth = |state: u32| {
            let (first, last) =
                (histories.arms.get(history, then, state as usize), histories.arms.get(history, now, state as usize));
            ln(last / first) / RACE_YEARS
        };
        let slower = growth(event.actor).min(growth(event.target));
        if growth(event.actor).is_finite() && growth(event.target).is_finite() {
            rows.push((history, slower, strikes.contains(&(event.history, event.crisis))));
        }
    }
    let mut growths: Vec<f64> = rows.iter().map(|row| row.1).collect();
    growths.sort_unstable_by(f64::total_cmp);
    let Some(median) = growths.get(growths.len() / 2).copied() else { return super::unknown("no crises before the first war") };
    // War with a race, peace with one, war without, peace without.
    let mut cells = vec![[0.0; 4]; histories.outcomes.len()];
    for (history, growth, war) in &rows {
        cells[*history][2 * usize::from(*growth < median) + usize::from(!*war)] += 1.0;
    }
    // A half is added to each cell, so that an empty one does not make the ratio infinite (Haldane 1956).
    let log_odds = |sum: [f64; 4]| {
        let [a, b, c, d] = sum.map(|count| count + 0.5);
        ln(a * d / (b * c))
    };
    let all = cells.iter().fold([0.0; 4], |sum, own| std::array::from_fn(|cell| sum[cell] + own[cell]));
    let n = rows.len() as u64;
    if all[0] + all[2] < 5.0 {
        return Estimate::none(n, "fewer than 5 crises led to war");
    }
    let resampling = Resampling::new(histories.seed, "arms race odds");
    let replicates = (0..REPLICATES).map(|replicate| {
        let mut sum = [0.0; 4];
        resampling.positions(replicate, cells.len(), |history| {
            for (cell, own) in sum.iter_mut().zip(&cells[history]) {
                *cell += own;
            }
        });
        exp(log_odds(sum))
    });
    Estimate::new(exp(log_odds(all)), percentile_ends(replicates.collect()), n, BOOTSTRAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_method_says_how_many_replicates_there_are() {
        assert!(BOOTSTRAP.ends_with(&format!("B = {REPLICATES}")), "{BOOTSTRAP}, {REPLICATES} replicates");
    }
}
