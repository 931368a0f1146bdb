//! Crises by dyad: whether an arms race came before, whether the two states are neighbours, whether the crisis ended in war.

use spiral_analysis::Estimate;
use spiral_analysis::intervals::normal_critical;
use spiral_kernel::maths::{exp, ln};
use spiral_model::Setup;
use spiral_model::outcome::EventKind;

use crate::histories::Seen;
use crate::worlds::of_state;

/// Years over which the growth of arms before a crisis is measured.
pub const YEARS: f64 = 3.0;

/// One crisis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crisis {
    /// History in which it broke out.
    pub history: u32,
    /// Growth of the military spending of the slower of the two over the three years before it, per year; NaN before three years
    /// have passed.
    pub race: f64,
    /// Whether the two are land neighbours: contact of 1 or more.
    pub neighbours: bool,
    /// Whether one struck the other, or an ally of theirs, first in it.
    pub war: bool,
}

/// The crises of the histories `0..histories` of a setup, until the first war of each.
#[must_use]
pub fn crises(setup: &Setup, seed: u64, histories: u32) -> Vec<Crisis> {
    crate::histories::histories(setup, seed, histories).iter().flat_map(|seen| crises_of(setup, seen)).collect()
}

fn crises_of(setup: &Setup, seen: &Seen) -> Vec<Crisis> {
    let first_war = seen.outcome.first_war_date.unwrap_or(f64::INFINITY);
    let begins = [EventKind::Crisis, EventKind::FalseAlarm];
    let of = |actor: usize, target: usize| setup.dyad(actor, target).map(|dyad| setup.dyads[dyad].inputs.contact);
    let begun = seen.events.iter().filter(|event| begins.contains(&event.kind) && event.date <= first_war);
    begun
        .filter_map(|event| {
            let (actor, target) = (event.actor as usize, event.target as usize);
            let strikes = |other: &&spiral_model::Event| other.crisis == event.crisis && other.kind == EventKind::Strike;
            Some(Crisis {
                history: seen.outcome.history,
                race: growth(setup, seen, actor, event.date).min(growth(setup, seen, target, event.date)),
                neighbours: of(actor, target)? >= 1.0,
                war: seen.events.iter().any(|event| strikes(&event)),
            })
        })
        .collect()
}

/// Growth of the spending of a state over the years before a date, per year: burden times output.
fn growth(setup: &Setup, seen: &Seen, state: usize, date: f64) -> f64 {
    let output = of_state(state, "output");
    let track = setup.tracks.iter().find(|track| track.target == output);
    let at = |date: f64| {
        // The opening look holds the start, not a year's spending.
        let frame = seen.frames.iter().skip(1).rev().find(|frame| frame.date <= date);
        let given = setup.states[state].inputs.output;
        let output = track.map_or(given, |track| track.value(date, given));
        frame.map_or(f64::NAN, |frame| frame.metric(state, "burden") * output)
    };
    ln(at(date) / at(date - YEARS)) / YEARS
}

/// Pairs of states on opposite sides of the first war of each history, within its first thirty days: (one, other), one before other;
/// by history.
#[must_use]
pub fn opponents(setup: &Setup, seed: u64, histories: u32) -> Vec<Vec<(usize, usize)>> {
    crate::histories::histories(setup, seed, histories).iter().map(opponents_of).collect()
}

fn opponents_of(seen: &Seen) -> Vec<(usize, usize)> {
    let Some(strike) = seen.events.iter().find(|event| event.kind == EventKind::Strike) else { return Vec::new() };
    let mut sides = [vec![strike.actor as usize], vec![strike.target as usize]];
    for event in seen.events.iter().filter(|event| event.crisis == strike.crisis) {
        let (actor, target) = (event.actor as usize, event.target as usize);
        let side = match event.kind {
            EventKind::Joining => usize::from(sides[1].contains(&target)),
            EventKind::Strike => {
                let side = usize::from(sides[1].contains(&actor) || sides[0].contains(&target));
                sides[1 - side].push(target);
                side
            }
            _ => continue,
        };
        sides[side].push(actor);
    }
    let mut pairs: Vec<(usize, usize)> =
        sides[0].iter().flat_map(|&one| sides[1].iter().map(move |&other| (one.min(other), one.max(other)))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Odds ratio of war after an arms race against war after none, with a half added to each cell (Haldane and Anscombe), over the crises
/// that are known to follow a race or not. Its 95 % interval is normal on the logarithm, with the standard error of a jackknife over
/// histories: crises of one history are not independent.
#[must_use]
pub fn odds_ratio(crises: &[Crisis], racing: f64) -> Estimate {
    let known: Vec<&Crisis> = crises.iter().filter(|crisis| crisis.race.is_finite()).collect();
    let cells = |of: &mut dyn Iterator<Item = &&Crisis>| {
        let mut cells = [0.0; 4];
        for crisis in of {
            cells[2 * usize::from(crisis.race >= racing) + usize::from(crisis.war)] += 1.0;
        }
        cells
    };
    let log_ratio = |[peace, war, race_peace, race_war]: [f64; 4]| {
        ln(((race_war + 0.5) * (peace + 0.5)) / ((war + 0.5) * (race_peace + 0.5)))
    };
    let all = cells(&mut known.iter());
    let estimate = log_ratio(all);
    let mut histories: Vec<u32> = known.iter().map(|crisis| crisis.history).collect();
    histories.dedup();
    let without: Vec<f64> = histories
        .iter()
        .map(|&history| {
            let own = cells(&mut known.iter().filter(|crisis| crisis.history == history));
            log_ratio(std::array::from_fn(|cell| all[cell] - own[cell]))
        })
        .collect();
    let n = without.len() as f64;
    let mean = without.iter().sum::<f64>() / n;
    let variance = (n - 1.0) / n * without.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    let half = normal_critical() * variance.sqrt();
    let ends = (exp(estimate - half), exp(estimate + half));
    Estimate::new(exp(estimate), ends, known.len() as u64, "log odds, jackknife over histories, normal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_odds_ratio_of_a_table_and_its_interval() {
        // War in .6 of 400 crises after a race, in .3 of 400 after none: (.6/.4)/(.3/.7) = 3.5, standard error by Woolf's formula.
        let crisis = |history: u32| {
            let (race, place) = (history.is_multiple_of(2), history / 2);
            let war = if race { place % 10 < 6 } else { place % 10 < 3 };
            Crisis { history, race: if race { 0.2 } else { 0.0 }, neighbours: true, war }
        };
        let mut crises: Vec<Crisis> = (0..800).map(crisis).collect();
        let found = odds_ratio(&crises, 0.08);
        let number = |value: Option<f64>| value.expect("a ratio with its interval");
        let (ratio, lower, upper) = (number(found.estimate), number(found.lower), number(found.upper));
        assert!((ratio - 3.5).abs() < 0.02, "{ratio}");
        let error = (1.0_f64 / 240.0 + 1.0 / 160.0 + 1.0 / 120.0 + 1.0 / 280.0).sqrt();
        let measured = ln(upper / lower) / (2.0 * normal_critical());
        assert!((measured / error - 1.0).abs() < 0.02, "standard error {measured}, Woolf {error}");
        // What came before the first three years had passed is not known, and does not count.
        crises.extend((800..900).map(|history| Crisis { history, race: f64::NAN, neighbours: true, war: true }));
        assert_eq!(odds_ratio(&crises, 0.08), found, "of 900 crises 800 are known");
        assert_eq!(found.n, 800);
    }
}
