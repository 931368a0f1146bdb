//! E17, E18, E20, E21 and the variants of E5, each on, off and against its law; the scenarios that show them; patterns 3 and 7.

use spiral_model::mechanisms::arms_control::detection;
use spiral_model::mechanisms::contest::{attack_strength, chance_of_winning, defence_strength};
use spiral_model::mechanisms::strike::trust_threshold;
use spiral_model::setup::{ArmingRule, Setup};
use spiral_model::{Event, EventKind, Motive, Outcome};
use spiral_oracles::ensembles::{mean, motive_share, outcomes, paired, scenario, share_of};
use spiral_testkit::tiny::{ensemble, histories, quarters, seekers, set, set_all};

const SEED: u64 = 17;
/// One-sided point of 0.1 %.
const CRITICAL: f64 = 3.09;

fn with(setup: &Setup, path: &str, value: f64) -> Setup {
    let mut changed = setup.clone();
    if path.contains('.') {
        set(&mut changed, path, value);
    } else {
        set_all(&mut changed, path, value);
    }
    changed
}

fn off(setup: &Setup, mechanism: &str) -> Setup {
    let mut changed = setup.clone();
    changed.without.insert(mechanism.to_string());
    changed
}

fn war(outcome: &Outcome) -> f64 {
    f64::from(u8::from(outcome.wars > 0))
}

fn inert(outcomes: &[Outcome]) -> f64 {
    mean(outcomes, |outcome| f64::from(u8::from(outcome.inert)))
}

/// `a` has less than `b` on the same seeds.
fn less(what: &str, a: &[Outcome], b: &[Outcome], value: impl Fn(&Outcome) -> f64) {
    let (difference, error) = paired(a, b, &value);
    let measured = format!(
        "{what}: {:.4} against {:.4}, difference {difference:.4} [{:.4}, {:.4}], n {}, seed {SEED}",
        mean(a, &value),
        mean(b, &value),
        difference - 1.96 * error,
        difference + 1.96 * error,
        a.len()
    );
    println!("{measured}");
    assert!(difference > CRITICAL * error && difference > 0.0, "{measured}; one-sided critical z {CRITICAL}");
}

/// Three restless seekers whose arms grow: they fear one another from the start and find each other's growth threatening.
fn racing() -> Setup {
    let mut setup = seekers(&["A", "B", "C"]);
    for (path, value) in
        [("technology.first_strike", 1.9), ("crisis.rate", 0.1), ("arming.sensitivity", 0.15), ("beliefs.suspicion", 0.25)]
    {
        set(&mut setup, path, value);
    }
    setup
}

#[test]
fn caps_hold_back_arms_as_far_as_they_are_inspected() {
    let run = |setup: &Setup| outcomes(&off(setup, "war"), SEED, 512);
    let free = racing();
    let capped = with(&free, "arms_cap", 20.0);
    let [blind, watched] = [0.0, 0.9].map(|strength| run(&with(&capped, "arms_control.inspection", strength)));
    less("peak burden, inspected caps < caps on trust", &watched, &blind, |outcome| outcome.peak_burden);
    less("peak burden, caps on trust < none", &blind, &run(&free), |outcome| outcome.peak_burden);
    let unswitched = run(&off(&capped, "arms_control"));
    assert!(unswitched == run(&off(&free, "arms_control")), "off, a cap is no cap");
}

/// A greedy state under a cap that binds it alone, with nothing to lose by being caught, cheats in every quarter; so its partner finds
/// it out with `D = 1 − (1 − ρ)^n` a quarter, and by year `y` with `1 − (1 − D)^{4y}`.
#[test]
fn a_breach_is_found_as_inspections_say() {
    let mut setup = seekers(&["A", "B"]);
    setup.horizon = quarters(5.0);
    setup.without = ["war", "crisis", "observation", "memory"].map(str::to_string).into();
    for (path, value) in [
        ("states.A.greed", 1.0),
        ("states.A.arms", 20.0),
        ("states.B.arms", 20.0),
        ("states.A.habitual_burden", 0.1),
        ("dyads.A-B.arms_cap", 20.0),
        ("arms_control.inspection", 0.1),
        ("arms_control.inspections", 2.0),
        ("arms_control.breach_cost", 0.0),
        ("arms_control.breach_evidence", 15.0),
        ("strike.noise", 1e-6),
        ("beliefs.suspicion", 0.01),
        ("beliefs.growth_shift", 0.0),
        ("beliefs.vulnerability", 0.0),
        ("beliefs.forgetting", 0.0),
    ] {
        set(&mut setup, path, value);
    }
    let seen = histories(&setup, SEED, 1024);
    let quarter = detection(0.1, 0.5);
    for years in [1.0, 2.5, 5.0] {
        let found = seen.iter().filter(|seen| seen.frames.iter().any(|frame| frame.date <= years && frame.states[1][4] > 0.5));
        let (found, n) = (found.count() as f64 / 1024.0, 1024.0_f64);
        let expected = 1.0 - (0..(4.0 * years) as u32).fold(1.0, |left: f64, _| left * (1.0 - quarter));
        let z = (found - expected) / (expected * (1.0 - expected) / n).sqrt();
        assert!(
            z.abs() < 3.29,
            "found out by year {years} in {found} of 1024, law {expected}, z {z:.2}, seed {SEED}, two-sided 0.1 %"
        );
    }
}

#[test]
fn what_can_be_seen_and_said_in_a_crisis_keeps_the_peace() {
    let base = with(&with(&racing(), "crisis.false_alarms", 0.1), "crisis.rate", 0.05);
    let plain = outcomes(&base, SEED, 2048);
    for measure in ["hotline", "notification", "open_skies"] {
        let calmed = with(&base, measure, 1.0);
        less(&format!("war, {measure} < none"), &outcomes(&calmed, SEED, 2048), &plain, war);
        assert!(outcomes(&off(&calmed, "arms_control"), SEED, 64) == plain[..64], "off, {measure} does nothing");
    }
}

/// States agree on treaties where both can see that they are kept. Treaties make both safer: where offence looks different and is
/// inspected, there are more treaties and fewer offensive arms.
#[test]
fn pairs_freeze_their_offence_where_it_can_be_counted() {
    let base = with(&with(&racing(), "arms_control.heavy_burden", 0.0), "beliefs.suspicion", 0.4);
    let run = |negotiation: f64, q: f64, inspection: f64| {
        let setup = with(&with(&base, "arms_control.negotiation", negotiation), "technology.distinguishability", q);
        outcomes(&off(&with(&setup, "arms_control.inspection", inspection), "war"), SEED, 256)
    };
    less("peak burden, negotiated and inspected < not negotiated", &run(2.0, 0.9, 0.9), &run(0.0, 0.9, 0.9), |o| o.peak_burden);
    less("peak burden, inspected < uninspected", &run(2.0, 0.9, 0.9), &run(2.0, 0.9, 0.0), |o| o.peak_burden);
}

/// A pair signs once and, until the treaty is broken or war ends it, not again; a breach names the state that had promised.
#[test]
fn treaties_and_breaches_are_events() {
    let base = with(&with(&racing(), "arms_control.heavy_burden", 0.0), "beliefs.suspicion", 0.4);
    let base = with(&with(&base, "technology.distinguishability", 0.9), "arms_control.inspection", 0.5);
    let signed = off(&with(&base, "arms_control.negotiation", 2.0), "crisis");
    let of = |events: &[Event], kind: EventKind| events.iter().filter(|event| event.kind == kind).count();
    let events_of = |setup: &Setup| ensemble(setup, SEED, 256).1;
    assert_eq!(of(&events_of(&off(&base, "crisis")), EventKind::Treaty), 0, "nobody negotiates");
    let events = events_of(&signed);
    let (treaties, breaches) = (of(&events, EventKind::Treaty), of(&events, EventKind::Breach));
    let mut in_force = std::collections::BTreeSet::new();
    for event in &events {
        let pair = (event.history, event.actor.min(event.target), event.actor.max(event.target));
        match event.kind {
            EventKind::Treaty => assert!(in_force.insert(pair), "signed twice: {event:?}"),
            EventKind::Breach => assert!(in_force.remove(&pair), "breach of no treaty: {event:?}"),
            other => panic!("no crisis, but {other:?}"),
        }
    }
    println!("{treaties} treaties and {breaches} breaches in 256 histories");
    assert!(treaties > 256 && breaches > 20, "{treaties} treaties and {breaches} breaches");
    let cheap = of(&events_of(&with(&signed, "arms_control.breach_cost", 0.05)), EventKind::Breach);
    assert!(cheap > breaches, "breaches where being caught costs little: {cheap}, else {breaches}");
}

#[test]
fn gestures_of_seekers_calm_seekers() {
    let base = racing();
    let gestures = with(&base, "reassurance.gestures", 1.0);
    let (on, plain) = (outcomes(&gestures, SEED, 1024), outcomes(&base, SEED, 1024));
    less("war, gestures < none", &on, &plain, war);
    less("growth of arms, gestures < none", &on, &plain, |outcome| outcome.arms_growth);
    assert!(outcomes(&off(&gestures, "reassurance"), SEED, 64) == plain[..64], "off, nobody makes a gesture");
    // What both types do alike says nothing: then a gesture is a risk without a gain.
    let silent = with(&gestures, "reassurance.greedy_builds", 0.3);
    less("war, gestures that tell < gestures that tell nothing", &on, &outcomes(&silent, SEED, 1024), war);
}

#[test]
fn restraint_needs_to_be_seen() {
    // T > R here, so that only the shadow of the future holds back: attack pays if the other is unready.
    let mut base = off(&racing(), "war");
    for (path, value) in
        [("technology.first_strike", 3.5), ("game.war_cost", 0.05), ("game.relief", 0.9), ("restraint.deliberation", 1.0)]
    {
        set(&mut base, path, value);
    }
    let run =
        |monitoring: f64| outcomes(&with(&with(&base, "restraint.detection_lag", 8.0), "monitoring", monitoring), SEED, 256);
    less("growth of arms, monitored < not", &run(0.9), &run(0.0), |outcome| outcome.arms_growth);
    let all = outcomes(&off(&base, "restraint"), SEED, 256);
    less("growth of arms, a choice < every threat answered", &outcomes(&base, SEED, 256), &all, |outcome| outcome.arms_growth);
}

/// O4 in the simulator: two equals in a one-shot hunt answer a scare with arms below the trust `(P − S) / [(P − S) + (R − T)]`, and
/// hold above it. The engine's threshold is found by bisection on suspicion.
#[test]
fn a_stag_hunt_turns_at_its_threshold_of_trust() {
    let mut hunt = scenario("stag-hunt/trust", &[]).setup;
    hunt.horizon.end = 3.0;
    for mechanism in ["beliefs", "crisis", "observation", "memory", "posture"] {
        hunt.without.insert(mechanism.to_string());
    }
    set(&mut hunt, "restraint.choice_noise", 1e-5);
    // Programmes are revised at once, and nothing but the scare moves them.
    for (path, value) in [("arming.politics", 0.0), ("arming.budget_noise", 0.0), ("arming.revision_time", 0.01)] {
        set(&mut hunt, path, value);
    }
    let builds = |suspicion: f64| {
        let seen = histories(&with(&hunt, "beliefs.suspicion", suspicion), SEED, 16);
        let armed = seen.iter().filter(|seen| seen.last_arms(0) > seen.frames[0].states[0][0] * (1.0 + 1e-9)).count();
        armed > 8
    };
    let (mut low, mut high) = (0.01, 0.9);
    assert!(!builds(low) && builds(high), "with full trust nobody builds, with none everybody");
    for _ in 0..14 {
        let middle = f64::midpoint(low, high);
        (low, high) = if builds(middle) { (low, middle) } else { (middle, high) };
    }
    let trust = 1.0 - f64::midpoint(low, high);
    // The payoffs by hand: equal arms, half of them offensive, no reach lost but by distance.
    let parameters = &hunt.parameters;
    let geography = &parameters.geography;
    let distance = hunt.dyads[0].inputs.distance;
    let reach = spiral_model::mechanisms::geography::reach(1.0, distance, geography);
    let (contest, game) = (&parameters.contest, &parameters.game);
    let attack = reach * attack_strength(0.5, 0.5, contest.defensive_in_attack);
    let resistance = defence_strength(0.5, 0.5, contest.defence_bonus);
    let first = chance_of_winning(parameters.technology.first_strike * attack, resistance, contest.decisiveness);
    let (strike, struck, mutual) = (first - game.war_cost, 1.0 - first - game.war_cost, 0.5 - game.war_cost);
    let peace = 1.0 - hunt.states[0].inputs.habitual_burden;
    let threshold = trust_threshold(peace, strike, mutual, struck).expect("a stag hunt");
    println!("trust at which the engine turns {trust:.4}, threshold {threshold:.4}");
    assert!((trust - threshold).abs() < 1e-3, "engine {trust}, closed form {threshold}");
}

#[test]
fn expectations_alone_decide_the_stag_hunt() {
    let run = |member: &str| outcomes(&scenario(&format!("stag-hunt/{member}"), &[]).setup, SEED, 512);
    let (trust, mistrust) = (run("trust"), run("mistrust"));
    less("war, trust < mistrust", &trust, &mistrust, war);
    less("growth of arms, trust < mistrust", &trust, &mistrust, |outcome| outcome.arms_growth);
    let (few, many) = (share_of(&trust, |o| o.wars > 0), share_of(&mistrust, |o| o.wars > 0));
    // Costs of war that only the other side knows blur the threshold: the hunt turns, but not all at once.
    assert!(few.upper < Some(0.2) && many.lower > few.upper, "wars {few:?} and {many:?}");
    println!("inert: {} and {}", inert(&trust), inert(&mistrust));
}

/// Nobody wants anything here, and wars are too rare to compare. What an island and an encircled state believe, and what they spend, differ.
#[test]
fn the_insular_trust_and_the_encircled_suspect() {
    let setup = scenario("splendid-isolation", &[]).setup;
    let at_the_end = |setup: &Setup, code: &str, metric: usize| -> Vec<f64> {
        let state = setup.state(code).expect("a state of the scenario");
        let last = |seen: &spiral_testkit::tiny::Seen| seen.frames.last().map_or(f64::NAN, |frame| frame.states[state][metric]);
        histories(setup, SEED, 256).iter().map(last).collect()
    };
    let beyond_chance = |what: &str, less: &[f64], more: &[f64]| {
        let differences: Vec<f64> = more.iter().zip(less).map(|(more, less)| more - less).collect();
        let n = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let error = (differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0) / n).sqrt();
        assert!(mean > 3.09 * error, "{what}: difference {mean}, standard error {error}, {n} histories, seed {SEED}");
    };
    let (burden, threat, mistrust) = (1, 3, 4);
    for (what, metric) in [("burden", burden), ("threat", threat), ("mistrust", mistrust)] {
        let [isle, core] = ["ISLE", "CORE"].map(|code| at_the_end(&setup, code, metric));
        beyond_chance(&format!("{what}, ISLE < CORE"), &isle, &core);
    }
    // A strait in place of a plain makes the encircled safer.
    let strait = with(&setup, "pairs.CORE-WEST.terrain", 0.15);
    beyond_chance("threat to CORE, strait < plain", &at_the_end(&strait, "CORE", threat), &at_the_end(&setup, "CORE", threat));
}

#[test]
fn groups_fight_when_the_state_above_them_fails() {
    let setup = scenario("ethnic-spiral", &[]).setup;
    let all = outcomes(&setup, SEED, 256);
    let early = share_of(&all, |outcome| outcome.first_war_date.is_some_and(|date| date < 1990.0));
    let wars = share_of(&all, |outcome| outcome.wars > 0);
    let fear = motive_share(&all, Motive::Preemption);
    println!("wars {wars:?}, before 1990 {early:?}, from fear {fear:?}, inert {}", inert(&all));
    assert!(early.upper < Some(0.05) && wars.lower > Some(0.5), "wars {wars:?}, before 1990 {early:?}");
    let mut kept = off(&setup, "timeline");
    set(&mut kept, "institutions.collective_security", 0.9);
    less("war, the state lives < it fails", &outcomes(&kept, SEED, 256), &all, war);
    // Anarchy from the first day: without any authority groups fight at once.
    let anarchy = outcomes(&off(&setup, "institutions"), SEED, 256);
    less("date of the first war, anarchy < failing state", &anarchy, &all, |outcome| outcome.first_war_date.unwrap_or(1996.0));
}

/// Equals of Smoker's submissiveness: up to `σ = 1 + α / k` they stay equal, beyond it the weaker gives up. Rivals end at `2 g / α`
/// together, whatever `k` is.
#[test]
fn submission_and_rivalry_end_as_their_equations_say() {
    let world = |rule: ArmingRule, k: f64, submissiveness: f64| {
        let mut setup = Setup::complete("arms", quarters(400.0), &["A", "B"]);
        setup.arming_rule = rule;
        setup.without = ["beliefs", "crisis", "observation", "memory"].map(str::to_string).into();
        for (path, value) in [
            ("beliefs.suspicion", 1.0),
            ("geography.floor", 1.0),
            ("technology.distinguishability", 0.0),
            ("technology.reference_balance", 0.5),
            ("arming.sensitivity", k),
            ("arming.depreciation", 0.2),
            ("arming.submissiveness", submissiveness),
            ("states.A.arms", 10.1),
            ("states.B.arms", 9.9),
        ] {
            set(&mut setup, path, value);
        }
        set_all(&mut setup, "habitual_burden", 0.0);
        set_all(&mut setup, "grievance", 1.0);
        let seen = histories(&setup, SEED, 1).remove(0);
        (seen.last_arms(0), seen.last_arms(1))
    };
    let (k, threshold) = (0.1, 3.0);
    let (a, b) = world(ArmingRule::Submissive, k, threshold - 0.5);
    assert!((a - 10.0).abs() < 1e-6 && (b - 10.0).abs() < 1e-6, "below the threshold both end at g / (α − k) = 10: {a}, {b}");
    let (a, b) = world(ArmingRule::Submissive, k, threshold + 0.5);
    assert!(a - b > 1.0, "beyond it the weaker gives up: {a}, {b}");
    for k in [0.05, 0.5, 2.0] {
        let (a, b) = world(ArmingRule::Rivalry, k, 0.0);
        assert!((a + b - 10.0).abs() < 1e-9 && (a - b).abs() < 1e-9, "k {k}: rivals end at {a} and {b}, together 2 g / α = 10");
    }
}
