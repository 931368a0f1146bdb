//! What the built-in scenarios give, to the bit, as one digest each. A change here is a change of results: say so in the commit.
//!
//! After a change that is meant, write the digests anew:
//!
//! ```text
//! SPIRAL_REMINT=1 cargo nextest run -p spiral --test golden
//! ```

use std::fmt::Write;
use std::path::Path;

use spiral_scenario::{Overrides, catalogue, load};
use spiral_testkit::tiny::ensemble;

const HISTORIES: u32 = 64;
const SEED: u64 = 1;
const REMINT: &str = "SPIRAL_REMINT";

/// Name and digest of every built-in scenario, one a line.
fn digests() -> String {
    let mut lines = String::new();
    for entry in catalogue() {
        if entry.name == "lattice" {
            continue;
        }
        for scenario in load(entry.name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")) {
            let seen = ensemble(&scenario.setup, SEED, HISTORIES);
            // A fixed byte order and every bit of every number, on any machine.
            let bytes = old(&seen);
            writeln!(lines, "{} {}", blake3::hash(&bytes), scenario.name).expect("a string can be written to");
        }
    }
    lines
}

#[test]
fn built_in_scenarios_give_what_they_gave() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/digests.txt");
    let found = digests();
    if std::env::var_os(REMINT).is_some() {
        std::fs::write(&path, &found).expect("the digests can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<&str> = found.lines().filter(|line| !expected.lines().any(|known| known == *line)).collect();
    assert!(
        found == expected,
        "{HISTORIES} histories of seed {SEED} are no longer what they were:\n{}\nIf that is meant: {REMINT}=1 cargo nextest run -p spiral --test golden",
        if changed.is_empty() { "scenarios are gone or in another order".to_string() } else { changed.join("\n") }
    );
}

fn who(state: u32) -> u16 {
    if state == u32::MAX { u16::MAX } else { state as u16 }
}
fn old((outcomes, events): &(Vec<spiral_model::Outcome>, Vec<spiral_model::Event>)) -> Vec<u8> {
    let mut bytes = postcard::to_stdvec(&outcomes.len()).unwrap();
    for o in outcomes {
        assert_eq!(o.conquests, 0);
        bytes.extend(
            postcard::to_stdvec(&(
                o.history,
                o.inert,
                o.crises,
                o.great_power_crises,
                o.wars,
                o.first_war_date,
                o.general_war_date,
                o.motive,
                who(o.initiator),
                who(o.target),
            ))
            .unwrap(),
        );
        bytes.extend(
            postcard::to_stdvec(&(
                o.belligerents_30d,
                o.great_powers_30d,
                o.days_crisis_to_war,
                o.days_crisis_to_general_war,
                o.peak_burden,
                o.arms_growth,
                o.spiral_rate,
                o.entrapments,
                o.abandonments,
                o.passed,
            ))
            .unwrap(),
        );
        bytes.extend(postcard::to_stdvec(&(o.great_power_dyad_years, o.war_years, o.ended, o.end_date, o.failure)).unwrap());
    }
    bytes.extend(postcard::to_stdvec(&events.len()).unwrap());
    for e in events {
        bytes.extend(
            postcard::to_stdvec(&(
                e.history,
                e.crisis,
                e.date,
                e.day,
                e.kind,
                who(e.actor),
                who(e.target),
                e.fear,
                e.first_strike_win,
                e.strike_advantage,
            ))
            .unwrap(),
        );
        bytes.extend(postcard::to_stdvec(&e.motive).unwrap());
    }
    bytes
}
