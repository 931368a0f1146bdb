//! What may be changed without changing anything, or with a known change.

use spiral_model::mechanisms::Parameters;
use spiral_model::outcome::EventKind;
use spiral_model::setup::{ArmingRule, DyadInputs, Horizon, State, StateInputs};
use spiral_model::specification::{Group, Specification};
use spiral_model::{Setup, Simulation};
use spiral_testkit::tiny::{Seen, difference, quarters, seekers, set, set_all, watch, watch_block};

use super::{every_scenario, resettled, scenario, without};

/// Stepping by hand is running.
#[test]
fn a_history_taken_step_by_step_is_the_same_history() {
    let setup = scenario("pre-wwi");
    let ran = watch::<16>(&setup, 2, 4);
    let mut simulation = Simulation::<16>::new(&setup);
    for _ in 0..2 {
        simulation.reset(2, 0, true);
        let mut steps = 1;
        while simulation.step(false) && steps < setup.horizon.ticks() {
            steps += 1;
        }
        let (outcomes, events) = simulation.close();
        for (seen, outcome) in ran.iter().zip(outcomes) {
            assert_eq!(format!("{:?}", seen.outcome), format!("{outcome:?}"));
            let mine: Vec<_> = events.iter().filter(|event| event.history == outcome.history).collect();
            assert_eq!(format!("{:?}", seen.events.iter().collect::<Vec<_>>()), format!("{mine:?}"));
        }
    }
}

/// The setup with one more state, out of everybody's reach. Its neighbours keep their names, so their draws.
fn with_hermit(setup: &Setup, code: &str) -> (Setup, Vec<usize>) {
    let inputs = StateInputs { output: 500.0, greed: 0.5, unrest: 1.0, ..StateInputs::default() };
    let hermit = State { code: code.to_string(), great_power: false, inputs };
    resettled(setup, |state| setup.states[state].code.clone(), Some(hermit))
}

/// Everything about the old states: their ticks, who did what to whom when, how the history went. The sums over the world
/// (peak burden, growth of all arms) count the newcomer and are left out.
fn told(seen: &Seen, places: &[usize]) -> String {
    let outcome = &seen.outcome;
    let back = |state: u32| places.iter().position(|place| *place == state as usize);
    let frames =
        seen.frames.iter().map(|frame| (frame.date, places.iter().map(|&place| frame.states[place]).collect::<Vec<_>>()));
    let events = seen.events.iter().map(|event| {
        let values = (event.fear, event.first_strike_win, event.strike_advantage);
        (event.crisis, event.date, event.kind, back(event.actor), back(event.target), values, event.motive)
    });
    format!(
        "{:?}\n{:?}\n{:?}",
        (
            outcome.crises,
            outcome.wars,
            outcome.first_war_date,
            outcome.general_war_date,
            outcome.motive,
            outcome.belligerents_30d,
            outcome.entrapments,
            outcome.abandonments,
            outcome.great_power_dyad_years,
            outcome.ended,
            outcome.end_date
        ),
        events.collect::<Vec<_>>(),
        frames.collect::<Vec<_>>()
    )
}

#[test]
fn a_state_out_of_reach_changes_nothing_for_the_others() {
    let (mut wars, mut conquests) = (0, 0);
    for (name, mut setup) in every_scenario() {
        if setup.arming_rule != ArmingRule::Programmes {
            // A matrix of one more row is scaled otherwise before it is squared: see the next test.
            continue;
        }
        setup.ending = spiral_model::setup::Ending::Never;
        setup.horizon.end = setup.horizon.end.min(setup.horizon.start + 30.0);
        let all: Vec<usize> = (0..setup.states.len()).collect();
        let before = watch::<16>(&setup, 4, 8);
        // The first in the alphabet, one in between, the last.
        let between = format!("{}0", setup.states[setup.states.len() / 2].code);
        for (code, place) in [("0AA", 0), (between.as_str(), setup.states.len() / 2 + 1), ("zzz", setup.states.len())] {
            let (changed, places) = with_hermit(&setup, code);
            let hermit = changed.state(code).expect("the hermit is there");
            assert_eq!(hermit, place, "{name}: {code} sorts there");
            for (one, two) in before.iter().zip(&watch::<16>(&changed, 4, 8)) {
                assert_eq!(told(one, &all), told(two, &places), "{name}: history {} with {code}", one.outcome.history);
                wars += one.outcome.wars;
                conquests += one.outcome.conquests;
                let touched = two.events.iter().any(|event| [event.actor, event.target].contains(&(hermit as u32)));
                assert!(!touched, "{name}: {code} has a part in an event");
            }
        }
    }
    assert!(wars > 100 && conquests > 20, "{wars} wars and {conquests} conquests are too few to show a difference");
}

/// By Richardson's rule a state that nobody feels leaves the others what they were, but for rounding.
#[test]
fn a_state_out_of_reach_leaves_richardson_what_he_was() {
    let mut compared = 0;
    for (name, setup) in every_scenario() {
        if setup.arming_rule == ArmingRule::Programmes {
            continue;
        }
        let (changed, places) = with_hermit(&setup, "ZZZ");
        let [one, two] = [&setup, &changed].map(|setup| watch::<1>(setup, 4, 1).remove(0));
        for (a, b) in one.frames.iter().zip(&two.frames) {
            for (state, place) in places.iter().enumerate() {
                let (x, y) = (a.states[state][0], b.states[*place][0]);
                assert!((x - y).abs() <= 1e-11 * x.abs(), "{name}: arms of {state} in {}: {x} and {y}", a.date);
                compared += 1;
            }
        }
    }
    assert!(compared > 20, "{compared} numbers compared");
}

#[test]
fn a_state_alone_has_no_crisis_and_no_war() {
    let mut setup = Setup::complete("alone", quarters(40.0), &["ONE"]);
    set(&mut setup, "states.ONE.greed", 1.0);
    set(&mut setup, "states.ONE.unrest", 1.0);
    set(&mut setup, "crisis.rate", 100.0);
    for seen in watch::<16>(&setup, 1, 4) {
        assert_eq!((seen.outcome.crises, seen.outcome.wars, seen.events.len()), (0, 0, 0));
        let threat = seen.series(0, 3).fold(0.0, f64::max);
        assert_eq!(threat, 0.0, "nobody is there to be felt as a threat");
        assert_eq!(seen.outcome.failure, None);
    }
}

/// Four equal states that see without noise stay equal to the bit, while they arm. Crises, politics and budgets are drawn for each pair
/// or state by itself: without them nothing tells one from another.
#[test]
fn what_is_equal_and_sees_clearly_stays_equal() {
    for q in [0.0, 0.5] {
        let mut setup = without(&seekers(&["A", "B", "C", "D"]), &["crisis"]);
        for (path, value) in [
            ("technology.distinguishability", q),
            ("arming.politics", 0.0),
            ("arming.budget_noise", 0.0),
            ("arming.revision_time", 0.01),
        ] {
            set(&mut setup, path, value);
        }
        set_all(&mut setup, "monitoring", 1.0);
        set_all(&mut setup, "fortification", 3.0);
        set_all(&mut setup, "arms", 8.0);
        let mut moved = 0.0_f64;
        for seen in watch::<16>(&setup, 6, 8) {
            for frame in &seen.frames {
                let first = frame.states[0];
                for (state, metrics) in frame.states.iter().enumerate() {
                    assert_eq!(metrics.map(f64::to_bits), first.map(f64::to_bits), "q {q}: state {state} in {}", frame.date);
                }
                moved = moved.max((first[0] / seen.frames[0].states[0][0] - 1.0).abs());
            }
        }
        assert!(moved > 0.05, "q {q}: arms moved by {moved}: too little to show a difference");
    }
}

/// Whatever money is counted in: at a power of two, to the bit.
#[test]
fn the_unit_of_money_scales_arms_and_nothing_else() {
    let (mut wars, mut conquests) = (0, 0);
    for ((name, mut setup), factor) in every_scenario().into_iter().zip([1024.0, 1.0 / 4096.0, 8.0].into_iter().cycle()) {
        if setup.arming_rule != ArmingRule::Programmes {
            // The constant term is a column of the matrix, whose scaling before it is squared rounds otherwise.
            continue;
        }
        setup.horizon = Horizon { end: setup.horizon.end.min(setup.horizon.start + 25.0), ..setup.horizon };
        for (state, figure) in setup.states.iter_mut().zip([3.0, 0.5, 1.5, 2.25].into_iter().cycle()) {
            state.inputs.fortification = figure * 0.02 * state.inputs.output;
            state.inputs.grievance = (figure - 1.0) * 0.003 * state.inputs.output;
            state.inputs.arms = if figure > 2.0 { 0.2 * state.inputs.output } else { 0.0 };
        }
        let mut scaled = setup.clone();
        // A cap at the top of its range is none.
        let in_money =
            |of: &Specification, value: f64| of.unit.starts_with("billion int$") && (value < of.high || of.symbol == "Y");
        for (group, (_, specifications)) in Parameters::GROUPS.iter().enumerate() {
            for (field, of) in specifications.iter().enumerate().filter(|(_, of)| in_money(of, 0.0)) {
                scaled.parameters.set(group, field, factor * setup.parameters.get(group, field));
                assert!(of.high > factor * setup.parameters.get(group, field), "{} stays in its range", of.name);
            }
        }
        for (field, of) in StateInputs::SPECIFICATIONS.iter().enumerate() {
            for state in scaled.states.iter_mut().filter(|state| in_money(of, state.inputs.get(field))) {
                state.inputs.set(field, factor * state.inputs.get(field));
            }
        }
        for (field, of) in DyadInputs::SPECIFICATIONS.iter().enumerate() {
            for dyad in scaled.dyads.iter_mut().filter(|dyad| in_money(of, dyad.inputs.get(field))) {
                dyad.inputs.set(field, factor * dyad.inputs.get(field));
            }
        }
        for track in &mut scaled.tracks {
            let of = setup.specification(track.target);
            track.points.iter_mut().filter(|point| in_money(of, point.1)).for_each(|point| point.1 *= factor);
        }
        for (one, two) in watch::<16>(&setup, 9, 8).iter().zip(&watch::<16>(&scaled, 9, 8)) {
            let mut expected = one.clone();
            for frame in &mut expected.frames {
                // Arms and threat are in money.
                frame.states.iter_mut().for_each(|metrics| [0, 3].iter().for_each(|&metric| metrics[metric] *= factor));
                frame.system[0] *= factor;
            }
            assert_eq!(difference(&expected, two), None, "{name}: money in units {factor} times as small");
            wars += one.outcome.wars;
            conquests += one.outcome.conquests;
        }
    }
    assert!(wars > 100 && conquests > 20, "{wars} wars and {conquests} conquests are too few to show a difference");
}

/// What `i` wins by striking first, `j` loses by being struck: `p^F_ij + p^S_ji = 1`, where both believe the same and see clearly.
/// The engine tells `p^F`, the fear `π` and the advantage `T − (1 − π) R − π S` of who challenges; without prizes beyond one's own
/// value, and without hope that the other gives way, that gives `p^S`.
///
/// What a war costs is known to the state itself only. Its spread is set to `σ`: a quantile of a chance above 10⁻¹² lies less than
/// `σ (√3 / π) ln 10¹²` from the mean, and `(1 − π)` of that enters the advantage.
#[test]
fn what_one_wins_by_striking_first_the_other_loses_by_being_struck() {
    const COST: f64 = 0.3;
    const SPREAD: f64 = 1e-4;
    const FARTHEST: f64 = 15.3 * SPREAD;
    let off = ["arming", "war", "beliefs", "hostility", "concession"];
    let mut setup = without(&Setup::complete("frozen", quarters(20.0), &["BIG", "SML"]), &off);
    for (path, value) in [
        ("states.BIG.arms", 30.0),
        ("states.SML.arms", 20.0),
        ("technology.first_strike", 1.6),
        ("game.relief", 0.0),
        ("game.war_cost", COST),
        ("game.short_war", 0.0),
        ("strike.cost_spread", SPREAD),
        ("reciprocal_fear.balance_spread", 2.0),
        ("prevention.horizon", 0.0),
        ("beliefs.suspicion", 0.6),
        ("crisis.rate", 2.0),
        ("crisis.standing_attack", 1.0),
        ("crisis.standing_share", 1.0),
        ("pairs.BIG-SML.monitoring", 1.0),
    ] {
        set(&mut setup, path, value);
    }
    set_all(&mut setup, "perceived_balance", 1.0);
    // Struck first: what each fears. First: what each hopes for.
    let mut first = [f64::NAN; 2];
    let mut struck = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
    for seen in watch::<16>(&setup, 1, 8) {
        for event in seen.events.iter().filter(|event| event.kind == EventKind::Crisis) {
            let actor = event.actor as usize;
            let peace = 1.0 - seen.frames[0].states[actor][1];
            let strike = event.first_strike_win - COST;
            let (p, fear) = (event.first_strike_win, event.fear);
            assert!(fear > 0.01, "a fear of {fear} is too small to divide by");
            let beaten = (strike - event.strike_advantage - (1.0 - fear) * peace) / fear + COST;
            assert!(first[actor].is_nan() || first[actor] == p, "nothing moves: {} and {p}", first[actor]);
            first[actor] = p;
            let doubt = (1.0 - fear) * FARTHEST / fear;
            struck[actor] = [struck[actor][0].min(beaten + doubt), struck[actor][1].max(beaten - doubt)];
        }
    }
    for (own, other) in [(0, 1), (1, 0)] {
        let [most, least] = struck[other];
        let sum = [first[own] + least, first[own] + most];
        assert!(most - least < 0.1, "p^S of {other} is known to within {}", most - least);
        assert!(sum[0] <= 1.0 && 1.0 <= sum[1], "p^F of {own} {} and p^S of {other} from {least} to {most}", first[own]);
    }
    assert!((first[0] - first[1]).abs() > 0.05, "the two are not alike: {first:?}");
}

/// A block of one lane and one of many see the same opening: what was there before the first tick.
#[test]
fn the_opening_is_the_world_as_given() {
    let setup = scenario("pre-wwi");
    let seen = watch_block(&mut Simulation::<16>::new(&setup), 1, 0);
    for one in &seen {
        let opening = &one.frames[0];
        assert_eq!(opening.date, setup.horizon.start);
        for (state, given) in setup.states.iter().enumerate() {
            assert_eq!(opening.states[state][5], given.inputs.perceived_balance, "{}", given.code);
            assert_eq!(opening.states[state][6], given.inputs.warheads, "{}", given.code);
        }
        assert_eq!(opening.system[0], opening.states.iter().map(|metrics| metrics[0]).sum::<f64>());
    }
}
