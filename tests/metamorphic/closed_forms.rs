//! Worlds with a solution in closed form, as the engine finds it.

use libm::{exp, log, pow, tanh};
use spiral_kernel::draws::{Address, uniforms};
use spiral_model::Setup;
use spiral_model::setup::{ArmingRule, Horizon};
use spiral_testkit::tiny::{quarters, set, set_all, watch};

use super::without;

/// Numbers between two bounds, the same on every machine.
struct Numbers {
    world: u32,
    next: u32,
}

impl Numbers {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.next += 1;
        low + (high - low) * uniforms(31, Address { purpose: 99, entity: self.world, time: self.next }, 0)[0]
    }
}

/// Richardson's world of `n` states with every factor of `k_ij` at random, and its equations `da/dt = M a + g` by hand.
fn richardson(n: usize, world: u32) -> (Setup, Vec<Vec<f64>>, Vec<f64>) {
    let mut numbers = Numbers { world, next: 0 };
    let codes: Vec<String> = (0..n).map(|state| format!("S{state}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let mut setup = without(&Setup::complete("richardson", quarters(10.0), &codes), &["crisis"]);
    setup.arming_rule = ArmingRule::Richardson;
    let (k, alpha, lambda, q, m0, b0) = (0.12, 0.2, 0.3, 0.4, 0.6, 0.35);
    for (path, value) in [
        ("arming.sensitivity", k),
        ("arming.depreciation", alpha),
        ("threat.anarchy", lambda),
        ("technology.distinguishability", q),
        ("technology.reference_balance", m0),
        ("beliefs.suspicion", b0),
    ] {
        set(&mut setup, path, value);
    }
    for state in &mut setup.states {
        state.inputs.arms = numbers.between(1.0, 10.0);
        state.inputs.grievance = numbers.between(-0.5, 3.0);
        state.inputs.perceived_balance = numbers.between(0.3, 1.5);
        state.inputs.sensitivity_factor = numbers.between(0.2, 2.0);
        state.inputs.greed = numbers.between(0.0, 1.0);
        state.inputs.habitual_burden = 0.02;
        state.inputs.output = numbers.between(10.0, 100.0);
    }
    for position in 0..setup.dyads.len() {
        let (from, to) = (setup.dyads[position].from, setup.dyads[position].to);
        setup.dyads[position].inputs.suspicion_shift = numbers.between(-2.0, 2.0);
        if from < to {
            let back = setup.dyad(to, from).expect("both directions are there");
            for (distance, terrain) in [(numbers.between(100.0, 2500.0), numbers.between(0.3, 1.0))] {
                for dyad in [position, back] {
                    setup.dyads[dyad].inputs.distance = distance;
                    setup.dyads[dyad].inputs.terrain = terrain;
                }
            }
        }
    }
    let logistic = |x: f64| 1.0 / (1.0 + exp(-x));
    let (geography, posture) = (setup.parameters.geography, setup.parameters.posture);
    let mut matrix = vec![vec![0.0; n]; n];
    for (i, row) in matrix.iter_mut().enumerate() {
        row[i] = -alpha;
        for j in (0..n).filter(|&j| j != i) {
            let (own, other) = (setup.states[i].inputs, setup.states[j].inputs);
            let terms = setup.dyads[setup.dyad(i, j).expect("every dyad is there")].inputs;
            let b = logistic(log(b0 / (1.0 - b0)) + terms.suspicion_shift);
            let lost = pow(terms.distance / geography.half_distance, geography.steepness);
            let reach = terms.terrain * (geography.floor + (1.0 - geography.floor) / (1.0 + lost));
            let offence = logistic(
                posture.balance_pull * log(other.perceived_balance / m0) + posture.greed_pull * other.greed
                    - posture.reassurance_pull * q * (1.0 - other.greed),
            );
            let felt = b + lambda * (1.0 - b);
            row[j] = k * own.sensitivity_factor * felt * own.perceived_balance / m0 * reach * (1.0 - q + q * offence);
        }
    }
    let constants = setup.states.iter().map(|state| state.inputs.grievance + 0.02 * state.inputs.output).collect();
    (setup, matrix, constants)
}

/// `a(t)` of `da/dt = M a + g` by its own Taylor series, 20 terms in each of many small steps.
fn taylor(matrix: &[Vec<f64>], constants: &[f64], start: &[f64], years: f64) -> Vec<f64> {
    let steps = 64 * (years.ceil() as usize);
    let h = years / steps as f64;
    let applied = |v: &[f64]| -> Vec<f64> { matrix.iter().map(|row| row.iter().zip(v).map(|(m, x)| m * x).sum()).collect() };
    let mut arms = start.to_vec();
    for _ in 0..steps {
        let mut derivative: Vec<f64> = applied(&arms).iter().zip(constants).map(|(x, g)| x + g).collect();
        let mut weight = h;
        for order in 1..=20 {
            arms.iter_mut().zip(&derivative).for_each(|(a, d)| *a += weight * d);
            derivative = applied(&derivative);
            weight *= h / f64::from(order + 1);
        }
    }
    arms
}

#[test]
fn frozen_beliefs_are_richardson_of_n_nations() {
    let mut worst = 0.0_f64;
    for n in 2..=6 {
        for world in 0..4 {
            let (setup, matrix, constants) = richardson(n, world + 10 * n as u32);
            let seen = watch::<1>(&setup, 1, 1).remove(0);
            let start: Vec<f64> = setup.states.iter().map(|state| state.inputs.arms).collect();
            for years in [1.0, 5.0, 10.0] {
                let frame = seen.frames.iter().rfind(|frame| frame.date == years).expect("every year is seen");
                let expected = taylor(&matrix, &constants, &start, years);
                let size = expected.iter().fold(0.0_f64, |size, arms| size.max(arms.abs()));
                for (state, arms) in expected.iter().enumerate() {
                    let error = (frame.states[state][0] - arms).abs() / size;
                    worst = worst.max(error);
                    assert!(
                        error <= 1e-12,
                        "{n} states, world {world}, year {years}: state {state} has {}, expected {arms}, error {error:e}",
                        frame.states[state][0]
                    );
                }
            }
        }
    }
    assert!(worst > 0.0, "two ways to the same number never agree in every bit");
}

/// Nobody threatens, so every state is a scalar equation of its own: `da/dt = x − α a`.
#[test]
fn without_threat_every_state_is_alone() {
    let codes = ["A", "B", "C", "D", "E"];
    for (rule, off) in [(ArmingRule::Richardson, "crisis"), (ArmingRule::Programmes, "threat")] {
        let mut setup = without(&Setup::complete("apart", quarters(30.0), &codes), &["crisis", off]);
        setup.arming_rule = rule;
        // Under Richardson's rule it is the sensitivity that is nothing.
        set(&mut setup, "arming.sensitivity", if rule == ArmingRule::Richardson { 0.0 } else { 0.1 });
        // Without the chance of politics and budgets.
        set(&mut setup, "arming.politics", 0.0);
        set(&mut setup, "arming.budget_noise", 0.0);
        let mut numbers = Numbers { world: 7, next: 0 };
        for state in &mut setup.states {
            state.inputs.arms = numbers.between(1.0, 50.0);
            state.inputs.grievance = numbers.between(0.0, 9.0);
            state.inputs.output = numbers.between(20.0, 200.0);
        }
        let (alpha, seen) = (setup.parameters.arming.depreciation, watch::<1>(&setup, 1, 1).remove(0));
        for (position, state) in setup.states.iter().enumerate() {
            let given = state.inputs;
            let (habit, ceiling) = (given.habitual_burden, setup.parameters.arming.ceiling);
            // artanh(habit / ceiling) is the seeker's burden before the ceiling.
            let ordinary = 0.5 * ceiling * log((ceiling + habit) / (ceiling - habit));
            let programme = ceiling * tanh((ordinary + given.grievance / given.output) / ceiling) * given.output;
            let x = if rule == ArmingRule::Richardson { habit * given.output + given.grievance } else { programme };
            for frame in &seen.frames {
                let left = exp(-alpha * frame.date);
                let expected = given.arms * left + x / alpha * (1.0 - left);
                let error = (frame.states[position][0] / expected - 1.0).abs();
                assert!(error <= 1e-12, "{rule:?}, {} in {}: {error:e} off {expected}", state.code, frame.date);
            }
        }
    }
}

/// Nobody is greedy, nobody suspects, anarchy frightens nobody, nothing is spent out of habit: what is left is the grievance,
/// and arms go to `B tanh(g / B) / α`.
#[test]
fn without_suspicion_arms_end_where_grievance_alone_puts_them() {
    let codes = ["A", "B", "C", "D"];
    for (grievance, most) in [(2.0, 0.1), (20.0, 0.1), (2.0, 1.0)] {
        let mut setup = without(&Setup::complete("trusting", quarters(200.0), &codes), &["beliefs", "crisis"]);
        set(&mut setup, "threat.anarchy", 0.0);
        set(&mut setup, "beliefs.suspicion", 0.0);
        set_all(&mut setup, "habitual_burden", 0.0);
        set(&mut setup, "arming.ceiling", most);
        set(&mut setup, "arming.politics", 0.0);
        set(&mut setup, "arming.budget_noise", 0.0);
        set_all(&mut setup, "grievance", grievance);
        set_all(&mut setup, "arms", 1.0);
        let (output, alpha) = (100.0, setup.parameters.arming.depreciation);
        let budget = most * output;
        let expected = budget * tanh(grievance / budget) / alpha;
        // Nobody notices the millionth of others' arms that certainty, a millionth off 0 in beliefs, lets them feel.
        let bound = 1e-12;
        for seen in watch::<16>(&setup, 1, 4) {
            for state in 0..codes.len() {
                let error = seen.last_arms(state) / expected - 1.0;
                assert!(
                    error.abs() <= bound,
                    "g {grievance}, budget {budget}: arms {}, expected {expected}: {error:e} off, at most {bound:e}",
                    seen.last_arms(state)
                );
            }
        }
    }
}

/// The exact rule does not depend on the length of the tick.
#[test]
fn richardson_is_the_same_in_months_quarters_and_years() {
    let (setup, ..) = richardson(4, 3);
    let at = |ticks_per_year| {
        let horizon = Horizon { ticks_per_year, ..setup.horizon };
        watch::<1>(&Setup { horizon, ..setup.clone() }, 1, 1).remove(0)
    };
    let yearly = at(1);
    for ticks in [4, 12] {
        let finer = at(ticks);
        for state in 0..4 {
            let (one, two) = (yearly.last_arms(state), finer.last_arms(state));
            assert!((one / two - 1.0).abs() < 1e-12, "{ticks} ticks a year: state {state} has {two}, not {one}");
        }
    }
}
