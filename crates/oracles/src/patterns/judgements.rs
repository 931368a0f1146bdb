//! Pattern 8 does not depend on the values chosen: every judgement of both scenarios, defaults of the program included, is drawn from
//! its range, two hundred times.

use std::sync::OnceLock;

use rayon::prelude::*;
use spiral_analysis::intervals::{median, share};
use spiral_kernel::draws::{Address, entity_number, uniforms};
use spiral_model::{Motive, Outcome, Setup};
use spiral_scenario::Scenario;

use super::{CRITICAL, Criterion};
use crate::ensembles::{mean, motive_share, outcomes, scenario};

const DRAWS: u32 = 200;
const HISTORIES: u32 = 64;
const SEED: u64 = 8;
/// Wars that a world must have for its shares to be compared.
const FEWEST_WARS: usize = 10;
/// Draws with wars in both worlds that the comparison needs.
const FEWEST_DRAWS: usize = 60;

/// The setup with every judgement drawn uniformly from its range. A judgement that both worlds share is drawn alike in both.
fn drawn(scenario: &Scenario, draw: u32) -> Setup {
    let mut setup = scenario.setup.clone();
    for judgement in &scenario.judgements {
        let key = format!("{}{:?}", judgement.path, judgement.varies);
        let [u, _] = uniforms(SEED, Address { purpose: 100, entity: entity_number(&key), time: 0 }, draw);
        judgement.apply(&mut setup, judgement.low + u * (judgement.high - judgement.low));
    }
    setup
}

#[derive(Debug)]
struct World {
    fear: f64,
    great_powers: f64,
}

fn world(outcomes: &[Outcome]) -> Option<World> {
    let wars: Vec<Outcome> = outcomes.iter().copied().filter(|outcome| outcome.wars > 0).collect();
    (wars.len() >= FEWEST_WARS).then(|| World {
        fear: motive_share(&wars, Motive::Preemption).estimate.unwrap_or(f64::NAN),
        great_powers: mean(&wars, |outcome| f64::from(outcome.great_powers_30d)),
    })
}

/// How many judgements the two worlds have, and what the worlds show in each draw; `None` where a world has too few wars.
type Drawn = (usize, usize, Vec<[Option<World>; 2]>);

/// What the two worlds show in each draw.
fn draws() -> &'static Drawn {
    // Two patterns read them.
    static DRAWN: OnceLock<Drawn> = OnceLock::new();
    DRAWN.get_or_init(|| {
        let worlds = [scenario("pre-wwi", &[]), scenario("pre-wwii", &[])];
        let run = |draw: u32| worlds.each_ref().map(|scenario| world(&outcomes(&drawn(scenario, draw), 1, HISTORIES)));
        let seen = (0..DRAWS).into_par_iter().map(run).collect();
        (worlds[0].judgements.len(), worlds[1].judgements.len(), seen)
    })
}

/// The draws with wars in both worlds.
fn pairs() -> Vec<(&'static World, &'static World)> {
    draws().2.iter().filter_map(|[before, after]| before.as_ref().zip(after.as_ref())).collect()
}

/// A sentence on the sample.
fn sample() -> String {
    let (before, after, _) = draws();
    format!(
        "{before} and {after} judgements drawn {DRAWS} times, {HISTORIES} histories each, {} draws with wars in both worlds",
        pairs().len()
    )
}

/// In how many draws a value is larger in the first world, and in how many it is smaller.
fn signs(value: fn(&World) -> f64) -> (u64, u64) {
    let pairs = pairs();
    let more = pairs.iter().filter(|(before, after)| value(before) > value(after)).count() as u64;
    let less = pairs.iter().filter(|(before, after)| value(before) < value(after)).count() as u64;
    (more, less)
}

/// Sign tests over draws, and a sentence on the sample. Draws without a difference (no fear in either world) are no evidence. Null:
/// either sign is as likely; normal approximation, one-sided, 0.1 %.
pub(super) fn over_judgements() -> (Vec<Criterion>, String) {
    let sign = |what: &str, value: fn(&World) -> f64| {
        let (more, less) = signs(value);
        let all = (more + less) as f64;
        let z = (more as f64 - 0.5 * all) / (0.25 * all).sqrt();
        let what = format!("{what} before 1914: share among draws that differ ({more} more, {less} less)");
        let required = format!("sign test above {CRITICAL}; measured {z:.1}");
        Criterion::new(&what, share(more, more + less), required, z > CRITICAL && pairs().len() >= FEWEST_DRAWS)
    };
    let criteria = vec![
        sign("more first wars from fear", |world| world.fear),
        sign("more great powers at war by day 30", |world| world.great_powers),
    ];
    (criteria, sample())
}

/// How much fear there is before 1914 over the draws, and whether there is more than before 1939.
pub(super) fn of_fear() -> (Vec<Criterion>, String) {
    let mut before: Vec<f64> = draws().2.iter().filter_map(|[before, _]| before.as_ref().map(|world| world.fear)).collect();
    before.sort_by(f64::total_cmp);
    let (more, less) = signs(|world| world.fear);
    let none = before.iter().filter(|fear| **fear == 0.0).count() as u64;
    let criteria = vec![
        Criterion::above("share of first wars from fear, pre-wwi, median over the draws of all judgements", median(&before), 0.3)
            .target(),
        Criterion::at_most("draws in which no first war of pre-wwi is from fear", share(none, before.len() as u64), 0.25)
            .target(),
        Criterion::above(
            &format!(
                "more first wars from fear before 1914 than before 1939, of the draws that differ ({more} more, {less} less)"
            ),
            share(more, more + less),
            0.5,
        ),
        Criterion::above("the same", share(more, more + less), 0.849).target(),
    ];
    (criteria, sample())
}
