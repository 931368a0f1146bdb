//! Pattern 8 does not hang on the values chosen: every judgement of both scenarios, defaults of the program included, is drawn from
//! its range, two hundred times.

use rayon::prelude::*;
use spiral_kernel::draws::{Address, entity_number, uniforms};
use spiral_model::{Motive, Outcome, Setup};
use spiral_scenario::Scenario;
use spiral_testkit::ensembles::{mean, motive_share, outcomes, scenario};

const DRAWS: u32 = 200;
const HISTORIES: u32 = 64;
const SEED: u64 = 8;
/// Wars that a world must have for its shares to be compared.
const FEWEST: usize = 10;

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
    (wars.len() >= FEWEST).then(|| World {
        fear: motive_share(&wars, Motive::Preemption).estimate.unwrap_or(f64::NAN),
        great_powers: mean(&wars, |outcome| f64::from(outcome.great_powers_30d)),
    })
}

#[test]
fn the_contrast_of_1914_and_1939_survives_every_judgement() {
    let (before, after) = (scenario("pre-wwi", &[]), scenario("pre-wwii", &[]));
    assert!(
        before.judgements.len() > 100 && after.judgements.len() > 100,
        "judgements: {}, {}",
        before.judgements.len(),
        after.judgements.len()
    );
    let pairs: Vec<(World, World)> = (0..DRAWS)
        .into_par_iter()
        .filter_map(|draw| {
            let run = |scenario: &Scenario| world(&outcomes(&drawn(scenario, draw), 1, HISTORIES));
            Some((run(&before)?, run(&after)?))
        })
        .collect();
    let sign = |value: &dyn Fn(&World) -> f64| {
        let more = pairs.iter().filter(|(before, after)| value(before) > value(after)).count();
        let less = pairs.iter().filter(|(before, after)| value(before) < value(after)).count();
        (more, less)
    };
    let (fear, size) = (sign(&|world| world.fear), sign(&|world| world.great_powers));
    let measured = format!(
        "{} of {DRAWS} draws have wars in both worlds; fear before 1914 greater in {} and smaller in {}, great powers more in {} and fewer in {}",
        pairs.len(),
        fear.0,
        fear.1,
        size.0,
        size.1
    );
    println!("{measured}");
    assert!(pairs.len() >= 60, "{measured}");
    // Sign test; draws without a difference (no fear in either world) are no evidence. Null: either sign is as likely. Normal
    // approximation, one-sided, 0.1 %.
    for (more, less) in [fear, size] {
        let (more, all) = (more as f64, (more + less) as f64);
        let z = (more - 0.5 * all) / (0.25 * all).sqrt();
        assert!(z > 3.09, "{measured}; z = {z}");
    }
}
