//! Patterns 1, 2 and 4: the four worlds, tragedy, and belief against truth.

use spiral_model::{Motive, Outcome, Setup};
use spiral_testkit::ensembles::{mean, motive_share, outcomes, paired, scenario, set_all_states, share_of};

const SEED: u64 = 20_260;
const HISTORIES: u32 = 320;

fn world(name: &str, set: &[(&str, f64)]) -> Setup {
    scenario(&format!("four-worlds/{name}"), set).setup
}

fn wars(outcome: &Outcome) -> f64 {
    f64::from(outcome.wars)
}

/// `a` has fewer than `b` on the same seeds: paired z beyond the one-sided 0.1 % point, 3.09.
fn fewer(name: &str, a: &[Outcome], b: &[Outcome], value: impl Fn(&Outcome) -> f64) {
    let (difference, error) = paired(a, b, &value);
    assert!(
        difference > 3.09 * error && difference > 0.0,
        "{name}: difference {difference} with standard error {error}, means {} and {}",
        mean(a, &value),
        mean(b, &value)
    );
}

#[test]
fn four_worlds_order_as_jervis_says() {
    let run = |name: &str| outcomes(&world(name, &[]), SEED, HISTORIES);
    let [oi, od, di, dd] =
        ["offence-indistinguishable", "offence-distinguishable", "defence-indistinguishable", "defence-distinguishable"].map(run);
    fewer("wars, offence/distinguishable < offence/indistinguishable", &od, &oi, wars);
    fewer("wars, defence/indistinguishable < offence/distinguishable", &di, &od, wars);
    let means = [&oi, &od, &di, &dd].map(|world| mean(world, wars));
    assert!(means[0] > 4.0 * means[1], "doubly dangerous world far above the second: wars a history {means:?}");
    assert!(means[2] >= means[3] && means[2] < 0.05, "defence worlds near zero: wars a history {means:?}");
}

#[test]
fn four_worlds_arm_as_jervis_says() {
    // Wars destroy arms, so arms are compared in a branch without war (pattern 10).
    let run = |name: &str| {
        let mut setup = world(name, &[]);
        setup.without.insert("war".to_string());
        outcomes(&setup, SEED, HISTORIES)
    };
    let [oi, od, di, dd] =
        ["offence-indistinguishable", "offence-distinguishable", "defence-indistinguishable", "defence-distinguishable"].map(run);
    let peak = |outcome: &Outcome| outcome.peak_burden;
    fewer("peak burden, offence/distinguishable < offence/indistinguishable", &od, &oi, peak);
    fewer("peak burden, defence/indistinguishable < offence/distinguishable", &di, &od, peak);
    fewer("peak burden, defence/distinguishable < defence/indistinguishable", &dd, &di, peak);
}

#[test]
fn tragedy_needs_no_aggressor_and_awareness_ends_it() {
    // Nobody is greedy, no alarm is false; attack pays a little less than in the scenario, so that fear has to grow.
    let set = [("technology.first_strike", 1.3), ("beliefs.suspicion", 0.2), ("crisis.false_alarms", 0.0)];
    let setup = world("offence-indistinguishable", &set);
    assert!(setup.states.iter().all(|state| state.inputs.greed == 0.0 && state.inputs.greedy_chance == 0.0));
    let with_awareness = |awareness: f64| {
        let mut setup = setup.clone();
        set_all_states(&mut setup, "awareness", awareness);
        outcomes(&setup, SEED, HISTORIES)
    };
    let (blind, aware) = (with_awareness(0.0), with_awareness(1.0));
    let war = share_of(&blind, |outcome| outcome.wars > 0);
    assert!(war.lower > Some(1.0 / 3.0), "war among seekers that read every build-up as greed: {war:?}");
    let preemptive = motive_share(&blind, Motive::Preemption);
    assert!(preemptive.estimate > Some(0.99), "their wars are preemptive: {preemptive:?}");
    let war = share_of(&aware, |outcome| outcome.wars > 0);
    assert!(war.estimate <= Some(0.01), "with full awareness no war: {war:?}");
}

#[test]
fn belief_and_not_truth_starts_wars() {
    let world = |truth: f64, belief: f64| {
        let mut setup = world("offence-indistinguishable", &[("technology.balance", truth)]);
        set_all_states(&mut setup, "perceived_balance", belief);
        setup.without.insert("memory".to_string());
        outcomes(&setup, SEED, HISTORIES)
    };
    let third = 1.0 / 3.0;
    let (illusion, caution, truth) = (world(third, 1.0), world(1.0, third), world(1.0, 1.0));
    let wars_of = |outcomes: &[Outcome]| mean(outcomes, wars);
    assert!(wars_of(&illusion) > 4.0, "m = 1/3 believed 1: many wars, {} a history", wars_of(&illusion));
    assert!(wars_of(&caution) == 0.0, "m = 1 believed 1/3: none, {} a history", wars_of(&caution));
    // Fewer wars fit into forty years where each lasts longer, so length is measured by time at war for each war.
    let length = |outcomes: &[Outcome]| mean(outcomes, |outcome| outcome.war_years) / wars_of(outcomes);
    assert!(
        length(&illusion) > 1.2 * length(&truth),
        "wars under the illusion last longer: {} against {} years",
        length(&illusion),
        length(&truth)
    );
}
