//! Whatever numbers a scenario may hold, at the ends of their ranges too: no panic, and every history is finite or a named failure.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use spiral_model::audit::QUANTITIES;
use spiral_model::mechanisms::{Parameters, REGISTRY};
use spiral_model::setup::{ArmingRule, DyadInputs, Ending, Incident, Interpolation, StateInputs, Target, Track};
use spiral_model::specification::{Group, Specification};
use spiral_model::{Ended, Event, EventKind, Setup};
use spiral_testkit::tiny::{Seen, quarters, watch};

const STATES: usize = 3;
const YEARS: f64 = 3.0;

/// How a number is chosen from its range: an end, the default, anywhere, or anywhere on the scale of its size.
#[derive(Debug, Clone, Copy)]
enum Choice {
    Low,
    High,
    Default,
    Anywhere(f64),
    BySize(f64),
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        2 => Just(Choice::Low),
        2 => Just(Choice::High),
        6 => Just(Choice::Default),
        3 => (0.0..=1.0).prop_map(Choice::Anywhere),
        3 => (0.0..=1.0).prop_map(Choice::BySize),
    ]
}

impl Choice {
    fn of(self, s: &Specification) -> f64 {
        let value = match self {
            Self::Low => s.low,
            Self::High => s.high,
            Self::Default => s.default,
            Self::Anywhere(u) => s.low + u * (s.high - s.low),
            Self::BySize(u) => {
                let small = if s.low > 0.0 { s.low } else { s.high.abs() * 1e-9 };
                small * libm::pow(s.high.abs() / small, u)
            }
        };
        value.clamp(s.low, s.high)
    }
}

/// A setup as [`choices`] of every number, in the order of the specifications.
fn setup(numbers: &[Choice], rule: usize, ending: usize, off: &[bool], tracked: &[Choice]) -> Setup {
    let mut setup = Setup::complete("anything", quarters(YEARS), &["A", "B", "C"]);
    let mut next = numbers.iter();
    let mut value = |s: &Specification| next.next().map_or(s.default, |choice| choice.of(s));
    for (group, (_, specifications)) in Parameters::GROUPS.iter().enumerate() {
        for (field, s) in specifications.iter().enumerate() {
            setup.parameters.set(group, field, value(s));
        }
    }
    for state in &mut setup.states {
        for (field, s) in StateInputs::SPECIFICATIONS.iter().enumerate() {
            state.inputs.set(field, value(s));
        }
    }
    for position in 0..setup.dyads.len() {
        let (from, to) = (setup.dyads[position].from, setup.dyads[position].to);
        let back = setup.dyad(to, from).expect("both directions are there");
        for (field, s) in DyadInputs::SPECIFICATIONS.iter().enumerate() {
            let symmetric = DyadInputs::SYMMETRIC.contains(&s.name);
            let chosen = if symmetric && from > to { setup.dyads[back].inputs.get(field) } else { value(s) };
            setup.dyads[position].inputs.set(field, chosen);
        }
    }
    setup.arming_rule = ArmingRule::NAMES[rule].1;
    setup.ending = Ending::NAMES[ending].1;
    setup.without = REGISTRY.iter().zip(off).filter(|(_, off)| **off).map(|(entry, _)| entry.name.to_string()).collect();
    // Output grows or falls, doctrine moves, and a crisis comes whatever the rate.
    let field = |name| StateInputs::position(name).expect("an input of states");
    for (target, interpolation, ends) in [
        (Target::State(0, field("output")), Interpolation::Geometric, [0, 1]),
        (Target::State(1, field("perceived_balance")), Interpolation::Linear, [2, 3]),
        (Target::System(1, 1), Interpolation::Step, [4, 5]),
    ] {
        let s = setup.specification(target);
        let points = vec![(0.5, tracked[ends[0]].of(s)), (2.0, tracked[ends[1]].of(s))];
        setup.set(target, points[0].1);
        setup.tracks.push(Track { target, points, interpolation });
    }
    let what = "whatever happens".to_string();
    setup.incidents = vec![Incident { date: 1.1, what, crisis: Some((0, 2)) }];
    setup
}

/// What a world has that the default one has not.
fn unusual(setup: &Setup) -> String {
    let plain = Setup::complete("anything", quarters(YEARS), &["A", "B", "C"]);
    let groups = Parameters::GROUPS.iter().enumerate();
    let system = groups.flat_map(|(group, (_, fields))| (0..fields.len()).map(move |field| Target::System(group, field)));
    let states =
        (0..STATES).flat_map(|state| (0..StateInputs::SPECIFICATIONS.len()).map(move |field| Target::State(state, field)));
    let dyads = (0..setup.dyads.len()).flat_map(|dyad| (0..DyadInputs::SPECIFICATIONS.len()).map(move |f| Target::Dyad(dyad, f)));
    let changed = system.chain(states).chain(dyads).filter(|target| setup.get(*target) != plain.get(*target));
    let numbers: Vec<String> = changed.map(|target| format!("{} = {}", setup.path(target), setup.get(target))).collect();
    format!("{:?}, {:?}, without {:?}, {}", setup.arming_rule, setup.ending, setup.without, numbers.join(", "))
}

fn check(seen: &Seen) -> Result<(), TestCaseError> {
    let o = &seen.outcome;
    let failed = o.ended == Ended::Failure;
    prop_assert_eq!(failed, o.failure.is_some(), "{:?}", o);
    if let Some(failure) = o.failure {
        prop_assert!(usize::from(failure.quantity) < QUANTITIES.len() && (failure.state as usize) < STATES, "{:?}", failure);
        prop_assert!(f64::from(failure.tick) < YEARS * 4.0, "{:?}", failure);
    }
    for (name, number) in [
        ("end_date", o.end_date),
        ("peak_burden", o.peak_burden),
        ("arms_growth", o.arms_growth),
        ("spiral_rate", o.spiral_rate),
        ("great_power_dyad_years", o.great_power_dyad_years),
        ("first_war_date", o.first_war_date.unwrap_or(0.0)),
        ("general_war_date", o.general_war_date.unwrap_or(0.0)),
        ("days_crisis_to_war", o.days_crisis_to_war.unwrap_or(0.0)),
        ("days_crisis_to_general_war", o.days_crisis_to_general_war.unwrap_or(0.0)),
    ] {
        prop_assert!(number.is_finite(), "{} is {} in {:?}", name, number, o);
    }
    // A failed history is told up to the tick in which a number blew up.
    for event in seen.events.iter().filter(|event| !failed || event.date < o.end_date - 0.25) {
        let numbers = [event.fear, event.first_strike_win, event.strike_advantage, event.date];
        prop_assert!(numbers.iter().all(|number| number.is_finite()), "{:?}", event);
    }
    let whole = seen.frames.len() - usize::from(failed);
    for frame in &seen.frames[..whole] {
        // A conquered state has no numbers; every other has all of them.
        let gone = |state: usize| {
            let fell = |event: &Event| event.kind == EventKind::Conquest && event.target as usize == state;
            seen.events.iter().any(|event| fell(event) && event.date <= frame.date + 1e-9)
        };
        for (state, numbers) in frame.states.iter().enumerate() {
            let sound = if gone(state) { f64::is_nan } else { f64::is_finite };
            prop_assert!(numbers.iter().all(|number| sound(*number)), "state {} of {:?} in {:?}", state, frame, o);
        }
        prop_assert!(frame.system.iter().all(|number| number.is_finite()), "{:?} in {:?}", frame, o);
    }
    Ok(())
}

/// 3000 worlds from a fixed seed of the test runner.
#[test]
fn any_valid_numbers_give_finite_histories_or_named_failures() {
    let count: usize = Parameters::GROUPS.iter().map(|(_, specifications)| specifications.len()).sum::<usize>()
        + STATES * (StateInputs::SPECIFICATIONS.len() + (STATES - 1) * DyadInputs::SPECIFICATIONS.len());
    let config = Config { cases: 3000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[19; 32]));
    let worlds = (
        vec(choice(), count),
        0..ArmingRule::NAMES.len(),
        0..Ending::NAMES.len(),
        vec(proptest::bool::weighted(0.05), REGISTRY.len()),
        vec(choice(), 6),
        any::<u64>(),
    );
    let (mut histories, mut failures, mut wars) = (0, 0, 0);
    let tally = std::cell::RefCell::new((&mut histories, &mut failures, &mut wars));
    let result = runner.run(&worlds, |(numbers, rule, ending, off, tracked, seed)| {
        let setup = setup(&numbers, rule, ending, &off, &tracked);
        for seen in watch::<16>(&setup, seed, 4) {
            check(&seen).map_err(|error| TestCaseError::fail(format!("{error}\nseed {seed}, {}", unusual(&setup))))?;
            let mut tally = tally.borrow_mut();
            *tally.0 += 1;
            *tally.1 += u32::from(seen.outcome.failure.is_some());
            *tally.2 += seen.outcome.wars;
        }
        Ok(())
    });
    if let Err(error) = result {
        let text = error.to_string();
        panic!("{}", text.split("minimal failing input").next().unwrap_or(&text));
    }
    println!("{failures} failures and {wars} wars in {histories} histories");
    assert!(wars > 100 && failures < histories / 2, "{failures} failures and {wars} wars in {histories} histories");
}
