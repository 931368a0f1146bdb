//! Pattern 19: crises in worlds that are imported from data files, beside the numbers of history.

use rayon::prelude::*;
use spiral_analysis::Estimate;
use spiral_analysis::disputes::{Level, disputes};
use spiral_analysis::intervals::point_quantile;
use spiral_analysis::stylised_dyads::{Dyads, History, MEMORY, Onset, Pair};
use spiral_analysis::stylised_facts::{Clustered, Era, RACE};
use spiral_analysis::stylised_logit::{Coefficient, PairYear, PairYears};
use spiral_kernel::maths::ln;
use spiral_model::outcome::STATE_METRICS;
use spiral_model::setup::Setup;
use spiral_model::{Observer, Simulation, Snapshot};

use super::{Criterion, Finding, Picture};
use crate::ensembles::WIDTH;
use crate::made_worlds::made_world;

const SEED: u64 = 1900;
/// Worlds, and histories of each.
const WORLDS: u64 = 8;
const HISTORIES: u32 = WIDTH as u32;
/// Histories of each world whose years are in the logit: it has millions of rows.
const IN_LOGIT: usize = 4;
/// Years of a history, and how many of them pass before anything is counted: at the start nobody remembers a crisis.
const YEARS: usize = 40;
const SETTLING: usize = 10;
/// The era of history that the worlds stand beside.
const ERA: Era = Era::Before1914;
/// A rate is right within this factor.
const FACTOR: f64 = 1.5;
/// Years of pairs behind the rates of history after 0, 1, 2 and 3 or more onsets, 1821 to 1913.
const YEARS_OF_HISTORY: [f64; 4] = [5034.0, 675.0, 150.0, 19.0];
/// Contact from which two states are neighbours on land, below which they are not even across water; commitment of a pact.
const LAND: f64 = 1.0;
const FAR: f64 = 0.15;
const PACT: f64 = 0.4;
/// Years over which an armament is measured.
const SPAN: usize = 3;

/// What the states of the histories of one block had, by year.
struct Recorder {
    outputs: Vec<f64>,
    ticks_a_year: u32,
    /// `arms[history][state][year]` when the year begins, `spending[history][state][year]`.
    arms: Vec<Vec<Vec<f64>>>,
    spending: Vec<Vec<Vec<f64>>>,
}

impl Recorder {
    fn new(setup: &Setup) -> Self {
        let nothing = vec![vec![vec![0.0; YEARS + 1]; setup.states.len()]; WIDTH];
        let outputs = setup.states.iter().map(|state| state.inputs.output).collect();
        Self { outputs, ticks_a_year: setup.horizon.ticks_per_year, arms: nothing.clone(), spending: nothing }
    }

    fn note(&mut self, snapshot: &Snapshot<'_, WIDTH>, year: usize) {
        let metric = crate::panels::metric("arms");
        for (state, metrics) in snapshot.states.iter().enumerate() {
            for (lane, arms) in metrics[metric].as_array().iter().enumerate() {
                self.arms[lane][state][year] = *arms;
            }
        }
    }

    /// Share of a state in the capabilities of all: the mean of its shares in arms and in output.
    fn shares(&self, history: usize, year: usize) -> Vec<f64> {
        let arms: Vec<f64> = self.arms[history].iter().map(|years| years[year]).collect();
        let (all_arms, all_output) = (arms.iter().sum::<f64>(), self.outputs.iter().sum::<f64>());
        arms.iter().zip(&self.outputs).map(|(arms, output)| 0.5 * (arms / all_arms + output / all_output)).collect()
    }

    /// Which states have armed, over the three years before a year, by 8 % a year more than the median state.
    fn armed(&self, history: usize, year: usize) -> Vec<bool> {
        let growth = |years: &Vec<f64>| ln(years[year - 1].max(1e-9) / years[year - 1 - SPAN].max(1e-9)) / SPAN as f64;
        let growths: Vec<f64> = self.spending[history].iter().map(growth).collect();
        let mut sorted = growths.clone();
        sorted.sort_by(f64::total_cmp);
        let median = point_quantile(&sorted, 0.5);
        growths.iter().map(|growth| growth - median >= RACE).collect()
    }
}

impl Observer<WIDTH> for Recorder {
    fn begin(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.note(snapshot, 0);
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        let year = (snapshot.tick / self.ticks_a_year) as usize;
        if let Some(burden) = STATE_METRICS.iter().position(|metric| *metric == "burden") {
            for (state, metrics) in snapshot.states.iter().enumerate() {
                for (lane, burden) in metrics[burden].as_array().iter().enumerate() {
                    self.spending[lane][state][year] += burden * self.outputs[state] / f64::from(self.ticks_a_year);
                }
            }
        }
        if (snapshot.tick + 1).is_multiple_of(self.ticks_a_year) {
            self.note(snapshot, year + 1);
        }
    }
}

/// The pairs of one world: what they are, what came, and the rows of the logit.
struct Seen {
    pairs: Vec<Pair>,
    histories: Vec<History>,
    rows: Vec<(PairYear, bool, usize)>,
    wars: u32,
}

/// A pair of states of a setup: positions, and what the two are to each other.
fn pairs(setup: &Setup) -> Vec<(usize, usize, Pair, f64)> {
    let between = setup.dyads.iter().filter(|dyad| dyad.from < dyad.to);
    let of = |dyad: &spiral_model::setup::Dyad| {
        let (one, other) = (dyad.from, dyad.to);
        let back = setup.dyad(other, one).map_or(0.0, |back| setup.dyads[back].inputs.commitment);
        let allied = dyad.inputs.commitment.max(back) >= PACT;
        let pair = Pair {
            land_neighbours: dyad.inputs.contact >= LAND,
            far: dyad.inputs.contact < FAR,
            great_powers: [one, other].iter().filter(|state| setup.states[**state].great_power).count() as u8,
            allied: vec![allied; YEARS - SETTLING],
        };
        (one, other, pair, dyad.inputs.distance)
    };
    between.map(of).collect()
}

fn seen(world: u64) -> Seen {
    let setup = made_world(SEED + world, YEARS as u32);
    let mut arms = Recorder::new(&setup);
    let (outcomes, events) = Simulation::<WIDTH>::new(&setup).run(SEED, 0, true, &mut arms);
    let pairs = pairs(&setup);
    let mut place = vec![vec![0; setup.states.len()]; setup.states.len()];
    for (position, (one, other, ..)) in pairs.iter().enumerate() {
        place[*one][*other] = position;
        place[*other][*one] = position;
    }
    let mut found = Seen {
        pairs: pairs.iter().map(|(_, _, pair, _)| pair.clone()).collect(),
        histories: Vec::new(),
        rows: Vec::new(),
        wars: outcomes.iter().map(|outcome| outcome.wars).sum(),
    };
    for history in 0..WIDTH {
        let own: Vec<_> = events.iter().filter(|event| event.history as usize == history).copied().collect();
        let mut onsets = vec![vec![false; YEARS]; pairs.len()];
        let mut force = Vec::new();
        for dispute in disputes(&own) {
            let pair = place[dispute.pair.0 as usize][dispute.pair.1 as usize];
            let year = ((dispute.onset() - setup.horizon.start).max(0.0) as usize).min(YEARS - 1);
            onsets[pair][year] = true;
            let kind = &found.pairs[pair];
            if year >= SETTLING && (kind.land_neighbours || kind.great_powers == 2) {
                force.push(dispute.steps.iter().any(|step| step.level >= Level::Force));
            }
        }
        if history < IN_LOGIT {
            rows(&mut found.rows, &arms, history, &pairs, &onsets, world as usize * IN_LOGIT + history);
        }
        let onsets = onsets.into_iter().map(|years| years[SETTLING..].to_vec()).collect();
        found.histories.push(History { onsets, force });
    }
    found
}

/// The years of the pairs of a history, as the logit takes them.
fn rows(
    found: &mut Vec<(PairYear, bool, usize)>,
    arms: &Recorder,
    history: usize,
    pairs: &[(usize, usize, Pair, f64)],
    onsets: &[Vec<bool>],
    group: usize,
) {
    for year in SETTLING..YEARS {
        let (shares, armed) = (arms.shares(history, year), arms.armed(history, year));
        for ((one, other, pair, distance), onsets) in pairs.iter().zip(onsets) {
            let (weaker, stronger) = (shares[*one].min(shares[*other]), shares[*one].max(shares[*other]));
            let row = PairYear {
                land: pair.land_neighbours,
                water: !pair.land_neighbours && !pair.far,
                great_powers: pair.great_powers,
                capability_ratio: weaker / stronger,
                pact: pair.allied[0],
                distance_km: *distance,
                past: onsets[year - MEMORY..year].iter().map(|began| u32::from(*began)).sum(),
                both_armed: armed[*one] && armed[*other],
            };
            found.push((row, onsets[year], group));
        }
    }
}

/// A rate beside that of history.
fn of_rate(onset: Onset, found: &Clustered) -> Criterion {
    let (known, later) = (onset.history(ERA), onset.history(Era::Before1939));
    let estimate = found.found.estimate.unwrap_or(f64::NAN);
    let (least, most, rule) = match onset {
        Onset::After(after) => {
            let of_history = known * (1.0 - known) / YEARS_OF_HISTORY[usize::from(after.min(3))];
            let both = 2.0 * (of_history + found.error * found.error).sqrt();
            (known - both, known + both, "within two standard errors")
        }
        Onset::Force => (known - 0.2, known + 0.2, "within .2"),
        _ => (known / FACTOR, known * FACTOR, "within a factor of 1.5"),
    };
    let required = format!("history {known} (1920-1938: {later}), {rule}: {least:.4} to {most:.4}");
    Criterion::new(&format!("{}, made worlds", onset.label()), found.found.clone(), required, (least..=most).contains(&estimate))
        .target()
}

/// The sign of a coefficient beside that of history. Where history itself leaves the sign open in both eras, it is a target.
fn of_sign(coefficient: Coefficient, found: &Clustered) -> Criterion {
    let what = format!("coefficient of {}, made worlds", coefficient.label());
    let clear = |era: Era| {
        let (value, error) = coefficient.history(era);
        value * coefficient.sign() > 2.0 * error
    };
    let sure = if coefficient.sign() > 0.0 {
        Criterion::surely_above(&what, found.found.clone(), 0.0)
    } else {
        Criterion::surely_below(&what, found.found.clone(), 0.0)
    };
    let [(one, _), (other, _)] = [Era::Before1914, Era::Before1939].map(|era| coefficient.history(era));
    let sure = Criterion { required: format!("{}; history {one} and {other}", sure.required), ..sure };
    if clear(Era::Before1914) && clear(Era::Before1939) { sure } else { sure.target() }
}

pub(super) fn crises_in_made_worlds() -> Finding {
    let worlds: Vec<Seen> = (0..WORLDS).into_par_iter().map(seen).collect();
    let wars: u32 = worlds.iter().map(|world| world.wars).sum();
    // One history of all worlds together is a sample; the worlds share no pair.
    let mut dyads = Dyads { pairs: Vec::new(), histories: vec![History::default(); HISTORIES as usize] };
    let mut years = PairYears::default();
    for world in worlds {
        dyads.pairs.extend(world.pairs);
        for (all, own) in dyads.histories.iter_mut().zip(world.histories) {
            all.onsets.extend(own.onsets);
            all.force.extend(own.force);
        }
        for (row, onset, group) in &world.rows {
            years.push(row, *onset, *group);
        }
    }
    let facts = dyads.facts();
    let mut criteria = vec![Criterion::surely_above(
        "rate of onset after one in five years divided by that after none, made worlds",
        dyads.breeding(),
        1.0,
    )];
    criteria.extend(facts.iter().map(|(onset, found)| of_rate(*onset, found)));
    criteria.extend(years.logit().unwrap_or_default().iter().map(|(coefficient, found)| of_sign(*coefficient, found)));
    let rows = facts.iter().filter(|(onset, _)| *onset != Onset::Force);
    let rows = rows.flat_map(|(onset, found)| {
        let history = Estimate::new(onset.history(ERA), (f64::NAN, f64::NAN), 0, "history");
        [(onset.label().to_string(), found.found.clone()), (format!("{}, history 1816-1913", onset.label()), history)]
    });
    let states = crate::made_worlds::STATES;
    Finding {
        world: format!(
            "{WORLDS} made worlds of {states} states, {} of them great powers, written as data files of {} and imported; {YEARS} years, \
             of which the first {SETTLING} are not counted",
            crate::made_worlds::GREAT_POWERS,
            crate::made_worlds::YEAR
        ),
        seed: SEED,
        histories: HISTORIES,
        criteria,
        pictures: vec![Picture::Dots {
            title: "Rates of onset in made worlds and in history".to_string(),
            axis: "onsets a year".to_string(),
            rows: rows.collect(),
        }],
        remark: format!("{REMARK} In all these histories there were {wars} wars."),
    }
}

/// What misses, and why.
const REMARK: &str = "Two causes of what is missed are known. First, a dispute leaves too little behind: after one in five years the rate of \
    the next doubles, and in history it is three times that after none. An import lowers the rate of pairs without a past to that of the \
    records, but the weight of hostility and its limit (E13) are those of the built-in scenarios, where suspicion is higher and the pairs are \
    chosen rivals. Two great powers, who quarrel most, lack most. With a weight of 8.2 and a limit of .6, which lie in the ranges of \
    these judgements, a trial brought the rates after one and two disputes within two standard errors and that of two great powers within the \
    factor. Second, the rules of the import know pairs without a border by the disputes of 1821 to 1938 together, and between the wars \
    these pairs had less than half the disputes that they had before: the rate lies between the two eras.";

#[cfg(test)]
mod tests {
    use super::*;

    fn clustered(value: f64, error: f64) -> Clustered {
        Clustered { found: Estimate::new(value, (value - 2.0 * error, value + 2.0 * error), 16, "test"), error }
    }

    /// Before 1914 land neighbours had .038 onsets a year; after one onset .094 from 675 years of pairs: the error is .0112.
    #[test]
    fn rates_are_held_against_their_bounds() {
        for (rate, holds) in [(0.0254, true), (0.0253, false), (0.0569, true), (0.0571, false), (f64::NAN, false)] {
            assert_eq!(of_rate(Onset::LandNeighbours, &clustered(rate, 0.001)).holds, holds, "{rate}");
        }
        for (rate, error, holds) in [(0.0720, 0.0, true), (0.0710, 0.0, false), (0.0710, 0.01, true)] {
            assert_eq!(of_rate(Onset::After(1), &clustered(rate, error)).holds, holds, "{rate} {error}");
        }
    }

    #[test]
    fn only_signs_that_history_shows_in_both_eras_are_demanded() {
        let demanded: Vec<Coefficient> =
            Coefficient::ALL.into_iter().filter(|coefficient| of_sign(*coefficient, &clustered(1.0, 0.1)).tested).collect();
        let expected = [Coefficient::Land, Coefficient::OneGreatPower, Coefficient::TwoGreatPowers, Coefficient::Past];
        assert_eq!(demanded, expected);
        assert!(
            of_sign(Coefficient::Pact, &clustered(-1.0, 0.1)).holds && !of_sign(Coefficient::Pact, &clustered(-0.1, 0.1)).holds
        );
    }
}
