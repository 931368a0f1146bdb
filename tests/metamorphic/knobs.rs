//! No dead knobs: every parameter of every mechanism moves some output by more than its Monte Carlo error in a world where its
//! mechanism has something to do. And at its off value a parameter is its mechanism switched off, bit for bit.

use rayon::prelude::*;
use spiral_model::mechanisms::Parameters;
use spiral_model::setup::{ArmingRule, Ending};
use spiral_model::specification::Specification;
use spiral_model::{Motive, Outcome, Setup};
use spiral_oracles::ensembles::{outcomes, paired};
use spiral_testkit::tiny::{quarters, seekers, set, set_all};

use super::{assert_same, without};

const SEED: u64 = 11;
/// Histories of the first look, and of the later ones where it shows nothing.
const SAMPLES: [u32; 3] = [64, 512, 4096];
/// Two-sided point of some 6e-7: with fifteen outputs, three looks and a hundred parameters a family error of a few thousandths.
const CRITICAL: f64 = 5.0;

const OUTPUTS: usize = 15;

/// What a history is asked for.
fn outputs(outcome: &Outcome, end: f64) -> [f64; OUTPUTS] {
    let yes = |is: bool| f64::from(u8::from(is));
    [
        f64::from(outcome.crises),
        f64::from(outcome.wars),
        yes(outcome.wars > 0),
        outcome.first_war_date.unwrap_or(end),
        outcome.general_war_date.unwrap_or(end),
        yes(outcome.motive == Some(Motive::Preemption)),
        yes(outcome.motive == Some(Motive::Predation)),
        f64::from(outcome.belligerents_30d),
        outcome.days_crisis_to_war.unwrap_or(0.0),
        outcome.peak_burden,
        outcome.arms_growth,
        f64::from(outcome.entrapments),
        f64::from(outcome.abandonments),
        f64::from(outcome.passed),
        outcome.war_years,
    ]
}

fn changed(setup: &Setup, numbers: &[(&str, f64)]) -> Setup {
    let mut changed = setup.clone();
    for (path, value) in numbers {
        if path.contains('.') {
            set(&mut changed, path, *value);
        } else {
            set_all(&mut changed, path, *value);
        }
    }
    changed
}

/// Four unequal states in which every mechanism has something to do: one greedy, two allied, forts, trade, treaties, measures,
/// gestures, deliberation, an authority that punishes.
fn busy() -> Setup {
    let mut setup = seekers(&["A", "B", "C", "D"]);
    setup.ending = Ending::Never;
    setup.horizon = quarters(15.0);
    changed(
        &setup,
        &[
            ("open_skies", 0.3),
            ("hotline", 0.5),
            ("notification", 0.5),
            ("monitoring", 0.1),
            ("awareness", 0.2),
            ("mobilisation_days", 10.0),
            ("states.A.output", 180.0),
            ("states.A.greed", 0.4),
            ("states.B.fortification", 5.0),
            ("states.C.output", 60.0),
            ("states.D.unrest", 0.3),
            ("pairs.B-C.commitment", 0.7),
            ("pairs.A-B.distance", 900.0),
            ("dyads.C-D.claim", 0.2),
            ("technology.distinguishability", 0.3),
            ("technology.first_strike", 2.0),
            ("crisis.rate", 0.2),
            ("crisis.false_alarms", 0.2),
            ("prevention.horizon", 5.0),
            ("institutions.collective_security", 0.2),
            ("institutions.authority", 5.0),
            ("arms_control.negotiation", 0.5),
            ("arms_control.heavy_burden", 0.03),
            ("reassurance.gestures", 0.5),
            ("restraint.deliberation", 0.5),
            ("alignment.formation", 0.5),
        ],
    )
}

/// Caps that bind and are broken.
fn capped() -> Setup {
    changed(&busy(), &[("arms_cap", 20.0), ("arms_control.negotiation", 0.0)])
}

/// Submissive neighbours of unequal arms.
fn submissive() -> Setup {
    Setup { arming_rule: ArmingRule::Submissive, ..changed(&busy(), &[("states.A.arms", 60.0)]) }
}

/// War after war: what they cost, teach and decide comes back in the next one. Belief in attack is below parity, so that doctrine,
/// waiting and lessons differ.
fn warlike() -> Setup {
    let mut setup = seekers(&["A", "B", "C", "D"]);
    setup.ending = Ending::Never;
    setup.horizon = quarters(40.0);
    changed(
        &setup,
        &[
            ("perceived_balance", 0.9),
            ("technology.first_strike", 2.8),
            ("game.war_cost", 0.2),
            ("crisis.rate", 0.3),
            ("pairs.A-B.commitment", 0.6),
            ("pairs.C-D.commitment", 0.6),
            ("dyads.A-C.claim", 0.2),
            ("institutions.collective_security", 0.3),
            ("war.decision_rate", 1.0),
            ("alignment.formation", 0.5),
            ("conquest.taking", 0.3),
            ("peace.truce", 0.5),
            ("peace.demilitarisation", 4.0),
            ("peace.settled_claims", 0.2),
            ("peace.revanche", 0.3),
        ],
    )
}

/// Attack pays against who is unready, and arms are a choice: only the shadow of the future holds back.
fn tempted() -> Setup {
    changed(
        &without(&seekers(&["A", "B", "C"]), &["war"]),
        &[
            ("technology.first_strike", 3.5),
            ("game.war_cost", 0.05),
            ("game.relief", 0.9),
            ("arming.elasticity", 0.9),
            ("restraint.deliberation", 1.0),
        ],
    )
}

/// Peace hangs on what a mobilisation is taken to mean.
fn jumpy() -> Setup {
    changed(
        &seekers(&["A", "B", "C"]),
        &[("technology.first_strike", 2.1), ("crisis.false_alarms", 0.1), ("notification", 0.2), ("hotline", 0.3)],
    )
}

/// Half of the pairs hardly reach each other.
fn faint() -> Setup {
    let setup = seekers(&["A", "B", "C", "D"]);
    let reach = 1.25 * setup.parameters.geography.negligible;
    changed(
        &setup,
        &[("pairs.A-B.terrain", reach), ("pairs.C-D.terrain", reach), ("pairs.A-B.distance", 1.0), ("pairs.C-D.distance", 1.0)],
    )
}

/// Two rivals that build warheads against each other, half of them vulnerable, under an umbrella and a shield; a third looks on.
fn nuclear() -> Setup {
    changed(
        &seekers(&["A", "B", "C"]),
        &[
            ("technology.first_strike", 3.0),
            ("game.war_cost", 0.1),
            ("crisis.rate", 0.3),
            ("warheads", 20.0),
            ("survivable_share", 0.3),
            ("nuclear_share", 0.3),
            ("states.C.warheads", 0.0),
            ("states.C.nuclear_share", 0.0),
            ("pairs.B-C.commitment", 0.5),
            ("deterrence.destruction", 0.3),
            ("deterrence.assured", 40.0),
        ],
    )
}

/// A greedy state and one with a claim press a third again and again: crises end by concessions, and leave hostility.
fn pressed() -> Setup {
    let mut setup = seekers(&["A", "B", "C"]);
    setup.ending = Ending::Never;
    setup.horizon = quarters(40.0);
    changed(
        &setup,
        &[
            ("states.A.greed", 0.4),
            ("states.A.output", 160.0),
            ("dyads.B-C.claim", 0.3),
            ("awareness", 0.2),
            ("mobilisation_days", 10.0),
            ("crisis.rate", 0.3),
        ],
    )
}

/// Three seekers, one of whom believes in attack and one in defence.
fn of_two_minds() -> Setup {
    changed(&seekers(&["A", "B", "C"]), &[("states.A.perceived_balance", 1.6), ("states.B.perceived_balance", 0.7)])
}

/// Where to look, and for which parameters first: the beginnings of their paths.
fn worlds() -> Vec<(&'static [&'static str], Setup)> {
    vec![
        (&["geography.negligible"], faint()),
        (&["observation"], changed(&seekers(&["A", "B", "C"]), &[("fortification", 10.0), ("arming.elasticity", 0.9)])),
        (&["deterrence"], nuclear()),
        (&["reciprocal_fear"], of_two_minds()),
        (&["crisis.between_allies"], busy()),
        (
            &[
                "concession",
                "hostility",
                "crisis",
                "beliefs.concession",
                "beliefs.usual",
                "beliefs.repeated",
                "arming.after_crisis",
            ],
            pressed(),
        ),
        (&["arms_control.inspection", "arms_control.breach", "strike.noise"], capped()),
        (&["arms_control.notice", "arms_control.hotline"], jumpy()),
        (&["restraint"], tempted()),
        (&["arming.submissiveness", "arming.sensitivity"], submissive()),
        (&["geography"], changed(&seekers(&["A", "B", "C"]), &[("distance", 1200.0), ("technology.first_strike", 3.0)])),
        (&["arms_control", "reassurance"], busy()),
        (
            &[
                "war",
                "conquest",
                "alignment",
                "peace",
                "memory",
                "allies",
                "institutions",
                "beliefs.war",
                "beliefs.forgetting",
                "arming.custom",
            ],
            warlike(),
        ),
        (&[""], busy()),
    ]
}

/// Where twice as far as the judgement goes, or half as much again, is too little to see.
const WIDE: &[(&str, [f64; 2])] = &[
    ("reciprocal_fear.levels", [0.0, 10.0]),
    ("crisis.accident", [0.0, 0.5]),
    ("deterrence.assured", [0.0, 60.0]),
    ("memory.onlooker_weight", [0.0, 1.0]),
    ("beliefs.vulnerability", [0.0, 0.2]),
    ("beliefs.vulnerability_neutral", [0.0, 2.0]),
    ("conquest.taking", [0.0, 1.0]),
    ("conquest.collapse", [0.05, 1.0]),
    ("peace.settled_claims", [0.0, 1.0]),
    ("peace.revanche", [0.0, 2.0]),
    ("alignment.lapse", [0.0, 5.0]),
];

/// Two values of a parameter: twice as far out as its judgement goes, or its value in the world and one beside it.
fn values(specification: &Specification, value: f64) -> [f64; 2] {
    if let Some((low, high)) = specification.judged {
        return [0.5 * low, 2.0 * high].map(|value| value.clamp(specification.low, specification.high));
    }
    let beside = if value == 0.0 { 1.0_f64 } else { 1.5 * value };
    [value, if beside <= specification.high { beside } else { 0.5 * value }]
}

/// The largest paired z of any output between two values of a parameter, in the first world that shows one; an error where none does.
fn moves(worlds: &[(&[&str], Setup)], group: usize, field: usize) -> Result<(), String> {
    let specification = &Parameters::GROUPS[group].1[field];
    let path = format!("{}.{}", Parameters::GROUPS[group].0, specification.name);
    let meant = |starts: &[&str]| starts.iter().any(|start| path.starts_with(start));
    let mut best = (0.0, String::from("nothing moved"));
    for histories in SAMPLES {
        // The first world that is meant for it, then, where that shows nothing, a larger sample.
        let Some((_, world)) = worlds.iter().find(|(starts, _)| meant(starts)) else { continue };
        let wide = WIDE.iter().find(|(name, _)| *name == path).map(|(_, values)| *values);
        let [low, high] = wide.unwrap_or_else(|| values(specification, world.parameters.get(group, field)));
        let run = |value: f64| outcomes(&changed(world, &[(&path, value)]), SEED, histories);
        let (one, two) = (run(low), run(high));
        for output in 0..OUTPUTS {
            let (difference, error) = paired(&one, &two, |outcome| outputs(outcome, world.horizon.end)[output]);
            // What moves every history by the same has no error at all.
            let z = if difference == 0.0 { 0.0 } else { (difference / error).abs() };
            if z > best.0 {
                best = (z, format!("output {output}: z {z:.1} from {low} to {high}, {histories} histories"));
            }
        }
        if best.0 > CRITICAL {
            return Ok(());
        }
    }
    Err(format!("{path}: {}", best.1))
}

#[test]
fn every_parameter_moves_some_output() {
    let all: Vec<(usize, usize)> = (0..Parameters::GROUPS.len())
        .flat_map(|group| (0..Parameters::GROUPS[group].1.len()).map(move |field| (group, field)))
        .collect();
    let worlds = worlds();
    let dead: Vec<String> = all.par_iter().filter_map(|&(group, field)| moves(&worlds, group, field).err()).collect();
    assert!(
        dead.is_empty(),
        "seed {SEED}, null: no output moves, critical |z| {CRITICAL}; {} of {} parameters move nothing:\n{}",
        dead.len(),
        all.len(),
        dead.join("\n")
    );
}

/// Mechanism, and what its numbers are where it does nothing. Numbers without a point are of every state or dyad.
const OFF: &[(&str, &[(&str, f64)])] = &[
    ("reciprocal_fear", &[("reciprocal_fear.levels", 0.0)]),
    ("prevention", &[("prevention.horizon", 0.0)]),
    ("institutions", &[("institutions.collective_security", 0.0)]),
    ("trade", &[("trade.gain", 0.0), ("trade.loss", 0.0)]),
    ("trade", &[("trade", 0.0)]),
    ("arms_control", &[("arms_control.negotiation", 0.0), ("open_skies", 0.0), ("hotline", 0.0), ("notification", 0.0)]),
    ("reassurance", &[("reassurance.gestures", 0.0)]),
    ("restraint", &[("restraint.deliberation", 0.0)]),
    ("conquest", &[("conquest.taking", 0.0)]),
    ("alignment", &[("alignment.formation", 0.0)]),
    ("peace", &[("peace.truce", 0.0), ("peace.demilitarisation", 0.0), ("peace.settled_claims", 0.0), ("peace.revanche", 0.0)]),
    ("crisis", &[("crisis.rate", 0.0), ("crisis.false_alarms", 0.0)]),
    ("technology", &[("technology.balance", 0.5), ("technology.first_strike", 1.0), ("technology.distinguishability", 0.0)]),
];

#[test]
fn an_off_value_is_the_mechanism_switched_off() {
    let mut failed = Vec::new();
    for (name, off) in OFF {
        // Alliances that form would go on where those of the scenario are gone.
        let base = if *name == "alignment" { busy() } else { changed(&busy(), &[("alignment.formation", 0.0)]) };
        let setup = changed(&base, off);
        let same = || assert_same(&setup, &without(&base, &[name]), 16, &format!("{name} with {off:?}"));
        if std::panic::catch_unwind(same).is_err() {
            failed.push(*name);
        }
    }
    assert!(failed.is_empty(), "not as when switched off: {failed:?}; the differences stand above");
}
