//! What no history may leave.

use spiral_model::Motive;
use spiral_model::setup::Ending;
use spiral_oracles::ensembles::outcomes;
use spiral_testkit::tiny::{ensemble, seekers, set, set_all, watch};

use super::scenario;

/// Arms are never below nothing, and procurement never above what a state bears: `0 ≤ a`, `0 ≤ x ≤ M Y`, but for the chance of a budget.
/// A legal cap binds after the time that running down takes, so it is no bound here.
#[test]
fn arms_and_burdens_stay_within_their_bounds() {
    for name in ["pre-wwi", "pre-wwii", "four-worlds/offence-indistinguishable"] {
        let mut setup = scenario(name);
        setup.ending = Ending::Never;
        setup.parameters.arming.budget_noise = 0.0;
        let mut largest = 0.0_f64;
        for seen in watch::<16>(&setup, 5, 64) {
            for frame in &seen.frames {
                for (state, metrics) in frame.states.iter().enumerate() {
                    let code = &setup.states[state].code;
                    // With all the greed that it could have.
                    let most = setup.parameters.arming.ceiling + setup.parameters.arming.ceiling_of_greed;
                    let [arms, burden, share, threat, mistrust, ..] = *metrics;
                    let place = format!("{name}: history {}, {code} in {}", seen.outcome.history, frame.date);
                    assert!(arms >= 0.0 && threat >= 0.0, "{place}: arms {arms}, threat {threat}");
                    assert!((0.0..=1.0).contains(&share) && (0.0..=1.0).contains(&mistrust), "{place}: {share}, {mistrust}");
                    // tanh rounds to 1, and the sum of two burdens to an ulp above.
                    assert!(burden >= 0.0 && burden <= most * (1.0 + 1e-15), "{place}: burden {burden}, at most {most}");
                    largest = largest.max(burden / most);
                }
                assert!(frame.system[1] + frame.system[2] <= 1.0 + 1e-15, "{name}: shares of games {:?}", frame.system);
            }
        }
        assert!(largest > 0.05, "{name}: no burden went anywhere: {largest}");
    }
}

/// Who does not reason about the other's fear never strikes from fear, whatever a first strike is worth.
#[test]
fn without_reasoning_no_war_is_preemptive() {
    for first_strike in [1.0, 2.2] {
        for levels in [0.0, 3.0] {
            let mut setup = seekers(&["A", "B", "C", "D"]);
            setup.ending = Ending::Never;
            set(&mut setup, "technology.first_strike", first_strike);
            set(&mut setup, "reciprocal_fear.levels", levels);
            set_all(&mut setup, "perceived_balance", 1.5);
            let (all, events) = ensemble(&setup, 2, 256);
            let wars: u32 = all.iter().map(|outcome| outcome.wars).sum();
            let fear = events.iter().filter(|event| event.motive == Some(Motive::Preemption)).count();
            let told = format!("φ0 = {first_strike}, K = {levels}: {fear} preemptive strikes in {wars} wars of 256 histories");
            if levels == 0.0 {
                assert_eq!(fear, 0, "{told}");
            } else if first_strike > 1.0 {
                assert!(fear > 20, "{told}: nothing to rule out");
            }
        }
    }
}

/// Preemption needs another to fear: with a first-strike factor below 1 nobody is safer for striking first, and seekers have no war.
#[test]
fn where_the_first_strike_hurts_nobody_strikes_first() {
    let mut setup = seekers(&["A", "B", "C", "D"]);
    set(&mut setup, "technology.first_strike", 0.3);
    let wars = outcomes(&setup, 3, 512).iter().filter(|outcome| outcome.wars > 0).count();
    assert_eq!(wars, 0, "{wars} of 512 histories have a war");
}

/// Rows agree with themselves: dates in order, counts that bound one another, principals only where there was a war.
#[test]
fn rows_agree_with_themselves_and_with_their_events() {
    use spiral_model::outcome::{EventKind, NOBODY};
    for name in ["pre-wwi", "pre-wwii", "four-worlds/offence-indistinguishable", "two-states"] {
        let setup = scenario(name);
        let (all, events) = ensemble(&setup, 11, 256);
        for outcome in &all {
            let own: Vec<_> = events.iter().filter(|event| event.history == outcome.history).collect();
            let of = |kinds: &[EventKind]| own.iter().filter(|event| kinds.contains(&event.kind)).count();
            let what = format!("{name}: {outcome:?}");
            assert_eq!(of(&[EventKind::Crisis, EventKind::FalseAlarm]), outcome.crises as usize, "{what}");
            assert_eq!(of(&[EventKind::Joining]), outcome.entrapments as usize, "{what}");
            assert_eq!(of(&[EventKind::Abandonment]), outcome.abandonments as usize, "{what}");
            let begun: std::collections::BTreeSet<u32> =
                own.iter().filter(|event| event.kind == EventKind::Strike).map(|event| event.crisis).collect();
            assert_eq!(begun.len(), outcome.wars as usize, "{what}");
            assert!(
                outcome.great_power_crises <= outcome.crises && outcome.great_powers_30d <= outcome.belligerents_30d,
                "{what}"
            );
            let war = outcome.first_war_date.is_some();
            assert_eq!(war, outcome.wars > 0, "{what}");
            assert_eq!(war, outcome.motive.is_some() && outcome.initiator != NOBODY && outcome.target != NOBODY, "{what}");
            assert_eq!(war, outcome.days_crisis_to_war.is_some() && outcome.belligerents_30d >= 2, "{what}");
            assert_eq!(outcome.general_war_date.is_some(), outcome.days_crisis_to_general_war.is_some(), "{what}");
            if let Some(date) = outcome.first_war_date {
                let strike = own.iter().find(|event| event.kind == EventKind::Strike).expect("a war begins with a strike");
                assert_eq!((strike.date, strike.actor, strike.motive), (date, outcome.initiator, outcome.motive), "{what}");
                assert!(date >= setup.horizon.start && outcome.general_war_date.is_none_or(|general| general >= date), "{what}");
            }
            let outside = own.iter().find(|event| !(event.date >= setup.horizon.start && event.date <= setup.horizon.end + 0.5));
            assert!(outside.is_none(), "{name}: {outside:?}");
            assert!(own.windows(2).all(|pair| (pair[0].crisis, pair[0].day) <= (pair[1].crisis, pair[1].day)), "{what}");
            for event in &own {
                let chances = [event.fear, event.first_strike_win];
                assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)), "{name}: {event:?}");
                assert!(event.strike_advantage.is_finite() && event.actor != event.target, "{name}: {event:?}");
                assert_eq!(event.motive.is_some(), event.kind == EventKind::Strike, "{name}: {event:?}");
                let ordered = event.mobilisation_motive.is_some();
                assert_eq!(ordered, event.kind == EventKind::Mobilisation, "{name}: {event:?}");
            }
        }
    }
}

/// Who starts without arms has no rate of growth, and frightens nobody by that: its history goes on.
#[test]
fn a_state_without_arms_is_a_state() {
    let mut setup = seekers(&["A", "B", "C"]);
    set(&mut setup, "states.A.habitual_burden", 0.0);
    for seen in watch::<16>(&setup, 3, 16) {
        assert_eq!(seen.outcome.failure, None);
        assert_eq!(seen.frames[0].metric(0, "arms"), 0.0);
        assert!(seen.frames.iter().all(|frame| frame.metric(0, "mistrust") < 1.0));
    }
}

/// The defeated keep a ceiling (E15c): their arms stay, and so others must not see them grow.
#[test]
fn arms_under_a_ceiling_are_not_seen_to_grow() {
    let mut setup = seekers(&["A", "B"]);
    setup.ending = Ending::Never;
    setup.horizon.end = 60.0;
    // The disarmed are in danger and hold grudges: here only what is seen of arms counts.
    setup.without.insert("hostility".to_string());
    for (path, value) in
        [("crisis.rate", 1.0), ("peace.truce", 50.0), ("peace.settled_claims", 0.0), ("beliefs.vulnerability", 0.0)]
    {
        set(&mut setup, path, value);
    }
    set_all(&mut setup, "perceived_balance", 2.0);
    let mistrust = |years: f64| {
        let mut setup = setup.clone();
        set(&mut setup, "peace.demilitarisation", years);
        let all = watch::<16>(&setup, 2, 64);
        let last = all.iter().filter_map(|seen| seen.frames.last());
        last.map(|frame| frame.metric(0, "mistrust") + frame.metric(1, "mistrust")).sum::<f64>() / 128.0
    };
    let (bound, free) = (mistrust(60.0), mistrust(0.0));
    assert!(bound < free + 0.05, "mistrust {bound:.3} where the defeated keep a ceiling, {free:.3} where not");
}

/// A war in the first tick comes after the spending of that tick: the largest burden before it is that, and not nothing.
#[test]
fn a_war_in_the_first_tick_has_a_burden_before_it() {
    let mut setup = seekers(&["A", "B"]);
    setup.horizon.ticks_per_year = 1;
    for (path, value) in [("crisis.rate", 50.0), ("technology.first_strike", 5.0), ("beliefs.suspicion", 0.9)] {
        set(&mut setup, path, value);
    }
    set_all(&mut setup, "perceived_balance", 3.0);
    set_all(&mut setup, "greed", 1.0);
    set_all(&mut setup, "contact", 1.0);
    let all = watch::<16>(&setup, 1, 32);
    let early: Vec<_> = all.iter().filter(|seen| seen.outcome.first_war_date.is_some_and(|date| date < 1.0)).collect();
    assert!(early.len() > 16, "{} of 32 wars in the first year", early.len());
    for seen in early {
        let first = seen.frames[1].states.iter().map(|state| state[1]).fold(0.0, f64::max);
        assert_eq!(seen.outcome.peak_burden, first, "history {}", seen.outcome.history);
    }
}
