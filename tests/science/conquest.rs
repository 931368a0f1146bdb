//! E15b and E15c: what victors take, who is conquered, what a peace lays down, which alliances form.

use std::collections::BTreeMap;

use spiral_model::outcome::EventKind;
use spiral_model::setup::Ending;
use spiral_model::{Event, Outcome, Setup, Simulation};
use spiral_oracles::ensembles::{outcomes, paired};
use spiral_testkit::tiny::{ensemble, seekers, set, watch};

/// Four neighbours, two of them greedy, one with a claim, crises often.
fn predators() -> Setup {
    let mut setup = seekers(&["A", "B", "C", "D"]);
    setup.ending = Ending::Never;
    setup.horizon.end = setup.horizon.start + 60.0;
    for (path, value) in [
        ("states.A.greed", 0.9),
        ("states.A.output", 180.0),
        ("states.B.greed", 0.4),
        ("dyads.C-D.claim", 0.2),
        ("pairs.B-C.commitment", 0.6),
        ("crisis.rate", 0.3),
        ("war.decision_rate", 2.0),
        ("conquest.taking", 1.0),
    ] {
        set(&mut setup, path, value);
    }
    setup
}

/// What events say of output, followed from the start: who took how much of whom.
fn followed(outputs: &mut [f64], events: &[&Event], damage: f64) {
    // Shares of a defeated state are of what it had before anybody took anything of it.
    let mut before: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for event in events {
        let (actor, target) = (event.actor as usize, event.target as usize);
        let had = *before.entry((event.crisis, event.target)).or_insert(outputs[target]);
        outputs[target] -= event.fear * had;
        let gained = outputs[actor] * event.strike_advantage;
        let expected = (1.0 - damage) * event.fear * had;
        assert!((gained - expected).abs() <= 1e-12 * had, "gained {gained}, taken less damage {expected}: {event:?}");
        outputs[actor] += gained;
    }
}

#[test]
fn output_gained_is_output_lost_less_the_damage() {
    const LANES: usize = 16;

    let (mut conquests, mut annexations) = (0, 0);
    // Where the defeated fall easily, most lose all; where they hold out longer, a part.
    for (damage, collapse) in [(0.0, 0.6), (0.3, 0.6), (0.0, 0.75)] {
        let mut setup = predators();
        // Wars spoil nothing, so that nothing but conquest moves output.
        set(&mut setup, "war.output_loss", 0.0);
        set(&mut setup, "conquest.damage", damage);
        set(&mut setup, "conquest.taking", 0.8);
        set(&mut setup, "conquest.collapse", collapse);
        let mut simulation = Simulation::<LANES>::new(&setup);
        simulation.reset(3, 0, true);
        let mut seen: Vec<Vec<Vec<f64>>> = vec![Vec::new(); LANES];
        for _ in 0..setup.horizon.ticks() {
            simulation.step(false);
            for (lane, seen) in seen.iter_mut().enumerate() {
                seen.push(simulation.outputs(lane));
            }
        }
        let (outcomes, events) = simulation.close();
        for (lane, outcome) in outcomes.iter().enumerate() {
            let mut expected: Vec<f64> = setup.states.iter().map(|state| state.inputs.output).collect();
            let mut taken: Vec<&Event> = events.iter().filter(|event| event.history == outcome.history).collect();
            taken.retain(|event| matches!(event.kind, EventKind::Annexation | EventKind::Conquest));
            taken.sort_by(|a, b| a.date.total_cmp(&b.date));
            for (tick, outputs) in seen[lane].iter().enumerate() {
                let end = setup.horizon.date(tick as u32 + 1);
                let now: Vec<&Event> = taken.iter().copied().filter(|event| (event.date - end).abs() < 1e-9).collect();
                followed(&mut expected, &now, damage);
                for (state, (found, expected)) in outputs.iter().zip(&expected).enumerate() {
                    let error = (found - expected).abs();
                    assert!(error < 1e-9, "history {}, state {state}, {end}: {found}, expected {expected}", outcome.history);
                }
            }
            if damage == 0.0 {
                let (start, last): (f64, f64) = (
                    setup.states.iter().map(|s| s.inputs.output).sum(),
                    seen[lane].last().map_or(0.0, |outputs| outputs.iter().sum()),
                );
                assert!((start - last).abs() < 1e-9, "nothing is lost: {start} at first, {last} at last");
            }
            let squares = |outputs: &[f64]| outputs.iter().map(|y| y * y).sum::<f64>() / outputs.iter().sum::<f64>().powi(2);
            let last = seen[lane].last().expect("it has ticks");
            assert!((outcome.concentration - squares(last)).abs() < 1e-12, "Herfindahl {}", outcome.concentration);
            conquests += taken.iter().filter(|event| event.kind == EventKind::Conquest).count();
            annexations += taken.iter().filter(|event| event.kind == EventKind::Annexation).count();
            assert_eq!(
                outcome.conquests as usize,
                taken.iter().filter(|event| event.kind == EventKind::Conquest).count(),
                "conquests are counted"
            );
        }
    }
    assert!(conquests > 20 && annexations > 20, "{conquests} conquests and {annexations} annexations show too little");
}

#[test]
fn a_conquered_state_never_acts_again_and_what_leads_to_it_comes_first() {
    let setup = predators();
    let mut conquests = 0;
    for seen in watch::<16>(&setup, 5, 64) {
        let fallen = seen.events.iter().filter(|event| event.kind == EventKind::Conquest);
        for conquest in fallen {
            conquests += 1;
            let victory =
                seen.events.iter().position(|event| event.kind == EventKind::Victory && event.crisis == conquest.crisis);
            let place = seen.events.iter().position(|event| event == conquest);
            assert!(victory < place && victory.is_some(), "the war is won before anybody is conquered");
            // A crisis is simulated to its end when it breaks out, so its last days may be dated after the tick. Its begin counts.
            let later = |event: &&Event| {
                let began = seen.events.iter().find(|first| first.crisis == event.crisis).map_or(event.date, |first| first.date);
                began > conquest.date
            };
            let acts = seen.events.iter().filter(later).find(|event| [event.actor, event.target].contains(&conquest.target));
            assert_eq!(acts, None, "history {}: {conquest:?}", seen.outcome.history);
            let gone = conquest.target as usize;
            for frame in &seen.frames {
                let [arms, _, _, threat, ..] = frame.states[gone];
                let after = frame.date > conquest.date - 1e-9;
                assert_eq!((arms.is_nan(), threat.is_nan()), (after, after), "{} {conquest:?}", frame.date);
            }
        }
        assert_eq!(seen.outcome.failure, None);
        assert!(seen.outcome.concentration > 0.25 && seen.outcome.concentration <= 1.0 + 1e-12);
    }
    assert!(conquests > 20, "{conquests} conquests in 64 histories show too little");
}

#[test]
fn states_that_fought_for_safety_take_nothing() {
    let mut setup = seekers(&["A", "B", "C", "D"]);
    setup.ending = Ending::Never;
    // Who was made to give way has a claim, and would take it back.
    setup.without.insert("concession".to_string());
    set(&mut setup, "crisis.rate", 0.3);
    let (before, events_before) = ensemble(&setup, 2, 64);
    set(&mut setup, "conquest.taking", 1.0);
    let (after, events) = ensemble(&setup, 2, 64);
    let wars: u32 = after.iter().map(|outcome| outcome.wars).sum();
    assert!(wars > 30, "{wars} wars");
    assert_eq!(after.iter().map(|outcome| outcome.conquests).sum::<u32>(), 0);
    assert_eq!((before, events_before), (after, events), "no bit changes");
}

#[test]
fn a_peace_settles_claims_disarms_and_holds() {
    let (mut free, mut bound) = (predators(), predators());
    for setup in [&mut free, &mut bound] {
        set(setup, "conquest.taking", 0.0);
    }
    set(&mut bound, "peace.truce", 15.0);
    set(&mut bound, "peace.demilitarisation", 10.0);
    let (_, before) = ensemble(&free, 4, 128);
    let (_, after) = ensemble(&bound, 4, 128);
    // Years from the end of each war to the next crisis of the two that began it.
    let soonest = |events: &[Event]| -> f64 {
        let ends = events.iter().filter(|event| matches!(event.kind, EventKind::Victory | EventKind::Stalemate));
        ends.filter_map(|end| {
            let again = |event: &&Event| {
                event.history == end.history
                    && matches!(event.kind, EventKind::Crisis | EventKind::FalseAlarm)
                    && event.date > end.date
                    && [(event.actor, event.target), (event.target, event.actor)].contains(&(end.actor, end.target))
            };
            events.iter().find(again).map(|event| event.date - end.date)
        })
        .fold(f64::INFINITY, f64::min)
    };
    let (without, with) = (soonest(&before), soonest(&after));
    assert!(without < 5.0 && with >= 15.0, "years to the next crisis of the two: {without} without a truce, {with} with one");

    // Under the terms the defeated has no more arms than the peace left it.
    for seen in watch::<16>(&bound, 4, 16) {
        for end in seen.events.iter().filter(|event| event.kind == EventKind::Victory) {
            let at = |date: f64| seen.frames.iter().position(|frame| (frame.date - date).abs() < 1e-9);
            let Some(start) = at(end.date) else { continue };
            let arms = |look: usize| seen.frames[look].states[end.target as usize][0];
            for look in start..(start + 40).min(seen.frames.len()) {
                assert!(arms(look) <= arms(start) * (1.0 + 1e-12), "{} years on: {} > {}", look - start, arms(look), arms(start));
            }
        }
    }
}

/// A claim that the peace settles is not fought over again.
#[test]
fn settled_claims_make_fewer_wars() {
    let wars = |settled: f64| {
        let mut setup = seekers(&["A", "B"]);
        setup.ending = Ending::Never;
        setup.horizon.end = setup.horizon.start + 60.0;
        for (path, value) in
            [("dyads.A-B.claim", 0.6), ("crisis.rate", 0.3), ("war.decision_rate", 4.0), ("peace.settled_claims", settled)]
        {
            set(&mut setup, path, value);
        }
        outcomes(&setup, 6, 2048)
    };
    let (difference, error) = paired(&wars(1.0), &wars(0.0), |outcome: &Outcome| f64::from(outcome.wars));
    assert!(
        difference > 3.09 * error && difference > 0.0,
        "{difference} ± {error} fewer wars a history where claims are settled"
    );
}

/// Two neighbours of one large greedy state ally against it, and part once it has fallen apart; nobody ever allies with it.
#[test]
fn alliances_form_against_a_shared_threat_and_lapse_with_it() {
    const ALLIES: &str = r#"(
        calendar: (start: 0, end: 60, ticks_per_year: 4),
        without: ["war"],
        alignment: (formation: 0.5),
        beliefs: (suspicion: 0.3),
        states: { "BIG": (output: 500, greed: 0.6), "ONE": (output: 100), "TWO": (output: 100) },
        pairs: { "BIG-ONE": (distance: 400), "BIG-TWO": (distance: 400), "ONE-TWO": (distance: 400) },
        timeline: [(date: 25, what: "BIG falls apart", set: { "states.BIG.output": 30, "states.BIG.greed": 0 })],
    )"#;
    let setup = spiral_scenario::parse(ALLIES, "allies.ron", &spiral_scenario::Overrides::default())
        .unwrap_or_else(|error| panic!("{error}"))
        .remove(0)
        .setup;
    let (_, events) = ensemble(&setup, 1, 64);
    let of = |kind: EventKind| events.iter().filter(|event| event.kind == kind).collect::<Vec<&Event>>();
    let (formed, lapsed) = (of(EventKind::Alliance), of(EventKind::Lapse));
    // BIG is the first of the three. Once it is no threat, any two of them may find a third more dangerous.
    let early: Vec<&&Event> = formed.iter().filter(|event| event.date < 25.0).collect();
    assert!(early.iter().all(|event| event.actor != 0 && event.target != 0), "nobody allies with the threat");
    assert_eq!(early.len(), 64, "one alliance in each of 64 histories");
    let ended = |event: &&Event| event.actor != 0 && event.target != 0;
    let over: std::collections::BTreeSet<u32> = lapsed.iter().copied().filter(ended).map(|event| event.history).collect();
    assert_eq!(over.len(), 64, "and its end");
    let last = lapsed.iter().map(|event| event.date).fold(f64::INFINITY, f64::min);
    assert!(last > 25.0, "lapsed from {last} on; the threat is gone in 25");
}
