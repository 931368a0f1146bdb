//! The direction of every lever (pattern 5 of the model): what makes war likelier and what makes it rarer.
//!
//! Six equal security seekers, each the neighbour of each, twenty years, on the same seeds at a low and at a high value. Null: the
//! share of histories with a war does not move the way theory says. The paired difference over its standard error is compared with
//! 3.72, the one-sided point of 1e-4: with ten levers a family error of one in a thousand. A difference of .03 in 4096 pairs
//! of which a quarter differ has z = 3.8.

use spiral_model::{Outcome, Setup};
use spiral_testkit::ensembles::{outcomes, paired, share_of};
use spiral_testkit::tiny::{seekers, set, set_all};

const SEED: u64 = 5;
const HISTORIES: u32 = 4096;
const CRITICAL: f64 = 3.72;

/// One thing to turn, from a low to a high value.
struct Lever {
    name: &'static str,
    /// `group.field` of the system, or a number of every state or every dyad.
    path: &'static str,
    low: f64,
    high: f64,
    /// 1 if war becomes likelier, −1 if it becomes rarer.
    direction: f64,
}

const LEVERS: &[Lever] = &[
    Lever { name: "first-strike factor φ0", path: "technology.first_strike", low: 2.0, high: 2.4, direction: 1.0 },
    Lever { name: "levels of reasoning K", path: "reciprocal_fear.levels", low: 0.0, high: 3.0, direction: 1.0 },
    Lever { name: "believed balance m̂", path: "perceived_balance", low: 0.9, high: 1.1, direction: 1.0 },
    Lever { name: "prior suspicion b⁰", path: "beliefs.suspicion", low: 0.1, high: 0.3, direction: 1.0 },
    Lever { name: "unrest u", path: "unrest", low: 0.0, high: 0.5, direction: 1.0 },
    Lever { name: "collective security κ", path: "institutions.collective_security", low: 0.0, high: 0.5, direction: -1.0 },
    Lever { name: "monitoring ρ", path: "monitoring", low: 0.0, high: 0.8, direction: -1.0 },
    Lever { name: "trade t", path: "trade", low: 0.0, high: 0.1, direction: -1.0 },
    Lever { name: "cost of war c", path: "game.war_cost", low: 0.25, high: 0.35, direction: -1.0 },
    Lever { name: "distance d", path: "distance", low: 300.0, high: 1200.0, direction: -1.0 },
];

fn turned(setup: &Setup, lever: &Lever, value: f64) -> Setup {
    let mut turned = setup.clone();
    if lever.path.contains('.') {
        set(&mut turned, lever.path, value);
    } else {
        set_all(&mut turned, lever.path, value);
    }
    turned
}

fn war(outcome: &Outcome) -> f64 {
    f64::from(u8::from(outcome.first_war_date.is_some()))
}

#[test]
fn every_lever_turns_the_way_theory_says() {
    let mut base = seekers(&["A", "B", "C", "D", "E", "F"]);
    // So few crises that half of the histories have no war.
    set(&mut base, "crisis.rate", 0.02);
    let mut told = Vec::new();
    let mut wrong = Vec::new();
    for lever in LEVERS {
        let [low, high] = [lever.low, lever.high].map(|value| outcomes(&turned(&base, lever, value), SEED, HISTORIES));
        let (difference, error) = paired(&low, &high, war);
        let z = difference / error;
        let [before, after] = [&low, &high].map(|some| share_of(some, |outcome| war(outcome) > 0.0).estimate.unwrap_or(f64::NAN));
        let line = format!(
            "{} from {} to {}: war in {before:.3} and {after:.3} of histories, difference {difference:.4} [{:.4}, {:.4}], z {z:.1}",
            lever.name,
            lever.low,
            lever.high,
            difference - 1.96 * error,
            difference + 1.96 * error
        );
        if lever.direction * z < CRITICAL || !z.is_finite() {
            wrong.push(line.clone());
        }
        told.push(line);
    }
    assert!(
        wrong.is_empty(),
        "seed {SEED}, n {HISTORIES}, null: no change in the way of theory, critical |z| {CRITICAL}. Wrong:\n{}\nAll:\n{}",
        wrong.join("\n"),
        told.join("\n")
    );
    println!("{}", told.join("\n"));
}
