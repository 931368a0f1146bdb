//! No dead knobs: every parameter of every mechanism moves some output by more than its Monte Carlo error in a world where its
//! mechanism has something to do. And at its off value a parameter is its mechanism switched off, bit for bit.

use spiral_oracles::knobs::{CRITICAL, Moved, SEED, SwitchedOff, busy, changed, every_mechanism, every_parameter};

use super::{assert_same, without};

#[test]
fn every_parameter_moves_some_output() {
    let all = every_parameter();
    let dead: Vec<&Moved> = all.iter().filter(|moved| !moved.beyond_chance()).collect();
    let lines: Vec<String> = dead
        .iter()
        .map(|Moved { path, values: [low, high], world, output, z, histories, .. }| {
            format!("{path} from {low} to {high}: {output}, z {z:.1}, {histories} histories, {world}")
        })
        .collect();
    assert!(
        dead.is_empty(),
        "seed {SEED}, null: no output moves, critical |z| {CRITICAL}; {} of {} parameters move nothing:\n{}",
        dead.len(),
        all.len(),
        lines.join("\n")
    );
}

#[test]
fn every_mechanism_moves_some_output() {
    let all = every_mechanism();
    let idle: Vec<&SwitchedOff> = all.iter().filter(|moved| !moved.beyond_chance()).collect();
    assert!(idle.is_empty(), "seed {SEED}, critical |z| {CRITICAL}: nothing moves without {idle:?}");
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
    for (name, off) in OFF {
        // Alliances that form would go on where those of the scenario are gone.
        let base = if *name == "alignment" { busy() } else { changed(&busy(), &[("alignment.formation", 0.0)]) };
        let setup = changed(&base, off);
        assert_same(&setup, &without(&base, &[name]), 16, &format!("{name} with {off:?}"));
    }
}
