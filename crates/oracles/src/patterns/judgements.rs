//! Pattern 8 does not depend on the values chosen: every judgement of both scenarios, defaults of the program included, is drawn from
//! its range, two hundred times.

use rayon::prelude::*;
use spiral_analysis::intervals::share;
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

/// Sign tests over draws, and a sentence on the sample. Draws without a difference (no fear in either world) are no evidence. Null:
/// either sign is as likely; normal approximation, one-sided, 0.1 %.
pub(super) fn over_judgements() -> (Vec<Criterion>, String) {
    let (before, after) = (scenario("pre-wwi", &[]), scenario("pre-wwii", &[]));
    let pairs: Vec<(World, World)> = (0..DRAWS)
        .into_par_iter()
        .filter_map(|draw| {
            let run = |scenario: &Scenario| world(&outcomes(&drawn(scenario, draw), 1, HISTORIES));
            Some((run(&before)?, run(&after)?))
        })
        .collect();
    let sign = |what: &str, value: fn(&World) -> f64| {
        let more = pairs.iter().filter(|(before, after)| value(before) > value(after)).count() as u64;
        let less = pairs.iter().filter(|(before, after)| value(before) < value(after)).count() as u64;
        let all = (more + less) as f64;
        let z = (more as f64 - 0.5 * all) / (0.25 * all).sqrt();
        Criterion {
            what: format!("{what} before 1914: share among draws that differ ({more} more, {less} less)"),
            found: share(more, more + less),
            required: format!("sign test above {CRITICAL}; measured {z:.1}"),
            holds: z > CRITICAL && pairs.len() >= FEWEST_DRAWS,
        }
    };
    let criteria = vec![
        sign("more first wars from fear", |world| world.fear),
        sign("more great powers at war by day 30", |world| world.great_powers),
    ];
    let sample = format!(
        "{} and {} judgements drawn {DRAWS} times, {HISTORIES} histories each, {} draws with wars in both worlds",
        before.judgements.len(),
        after.judgements.len(),
        pairs.len()
    );
    (criteria, sample)
}
