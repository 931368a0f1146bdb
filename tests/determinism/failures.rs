//! A number that blows up ends its own history, by name, and no other.

use spiral_model::audit::QUANTITIES;
use spiral_model::setup::{Interpolation, StateInputs, Target, Track};
use spiral_model::specification::Group;
use spiral_model::{Ended, Setup, Simulation};
use spiral_testkit::tiny::{difference, quarters, set, watch, watch_block};

/// Two states, and numbers far outside what a scenario may say: where the history draws the first as greedy, it arms until its arms
/// overflow.
fn brittle() -> Setup {
    let mut setup = Setup::complete("brittle", quarters(10.0), &["ARMS", "SEES"]);
    for (path, value) in [
        ("states.ARMS.greedy_chance", 0.5),
        ("states.ARMS.greed_if_greedy", 0.0),
        ("states.ARMS.output", 1e9),
        ("states.ARMS.maximum_burden", 1e306),
        ("arming.ceiling", 1e300),
        ("arming.greed_drive", 4e299),
        ("arming.build_up", 1e6),
        ("crisis.rate", 0.0),
    ] {
        set(&mut setup, path, value);
    }
    // The greed that a history draws awakes in the third year, and makes a new programme at once.
    let state = setup.state("ARMS").expect("one of the two");
    let field = StateInputs::position("greed_if_greedy").expect("a number of a state");
    let target = Target::State(state, field);
    setup.tracks.push(Track { target, points: vec![(3.0, 1.0)], interpolation: Interpolation::Step });
    setup
}

#[test]
fn a_failure_is_named_and_touches_no_other_history() {
    let setup = brittle();
    let block = watch_block(&mut Simulation::<16>::new(&setup), 5, 0);
    let failed = block.iter().filter(|seen| seen.outcome.ended == Ended::Failure).count();
    assert!((3..=13).contains(&failed), "{failed} of 16 histories fail: half are drawn greedy");
    let mut overflow = None;
    for seen in &block {
        let outcome = &seen.outcome;
        let alone = watch_block(&mut Simulation::<1>::new(&setup), 5, outcome.history).remove(0);
        assert_eq!(difference(seen, &alone), None, "history {} beside others and alone", outcome.history);
        let Some(failure) = outcome.failure else {
            assert_eq!(outcome.ended, Ended::Horizon, "{outcome:?}");
            let finite = seen.frames.iter().all(|frame| frame.states.iter().flatten().all(|value| value.is_finite()));
            assert!(finite, "history {} did not fail", outcome.history);
            continue;
        };
        assert_eq!(outcome.ended, Ended::Failure, "{outcome:?}");
        assert_eq!(QUANTITIES[usize::from(failure.quantity)], "offensive arms", "{failure:?}");
        // The build-up is the same in every greedy history: it ends in one tick, and every look up to it was seen.
        let tick = *overflow.get_or_insert(failure.tick);
        assert_eq!(failure.tick, tick, "{failure:?}");
        assert_eq!((outcome.end_date, seen.frames.len()), (f64::from(tick + 1) / 4.0, tick as usize + 2), "{failure:?}");
        assert!(outcome.peak_burden.is_finite() && outcome.arms_growth.is_finite(), "{outcome:?}");
    }
}

/// A world whose histories failed is as good as new for the next block.
#[test]
fn a_world_forgets_its_failures() {
    let setup = brittle();
    let mut used = Simulation::<16>::new(&setup);
    let mut found = Vec::new();
    for block in [0, 2, 1, 0] {
        found = watch_block(&mut used, 5, block * 4);
    }
    for (one, two) in watch::<1>(&setup, 5, 4).iter().zip(&found) {
        assert_eq!(difference(one, two), None);
    }
}
