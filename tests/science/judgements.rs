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
    let share =
        |holds: &dyn Fn(&(World, World)) -> bool| pairs.iter().filter(|pair| holds(pair)).count() as f64 / pairs.len() as f64;
    let fear = share(&|(before, after)| before.fear > after.fear);
    let size = share(&|(before, after)| before.great_powers > after.great_powers);
    let mut fears: Vec<(f64, f64)> = pairs.iter().map(|(before, after)| (before.fear, after.fear)).collect();
    fears.sort_by(|a, b| a.0.total_cmp(&b.0));
    let middle = fears[fears.len() / 2].0;
    let measured = format!(
        "{} of {DRAWS} draws have wars in both worlds; more fear before 1914 in {fear}, more great powers in {size}; median share of fear {middle}",
        pairs.len()
    );
    println!("{measured}");
    // A draw counts as evidence against chance: under a fair coin 90 % of even 30 draws has p < 1e-5.
    assert!(pairs.len() >= 60, "{measured}");
    assert!(fear >= 0.9, "{measured}");
    assert!(size >= 0.9, "{measured}");
}
