//! What the built-in scenarios give, to the bit, as one digest each. A change here is a change of results: say so in the commit.
//!
//! After a change that is meant, write the digests anew:
//!
//! ```text
//! SPIRAL_REMINT=1 cargo nextest run -p spiral -E 'test(golden::)'
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
        for scenario in load(entry.name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")) {
            let seen = ensemble(&scenario.setup, SEED, HISTORIES);
            // A fixed byte order and every bit of every number, on any machine.
            let bytes = postcard::to_stdvec(&seen).expect("outcomes and events are plain numbers");
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
        "{HISTORIES} histories of seed {SEED} are no longer what they were:\n{}\nIf that is meant: {REMINT}=1 cargo nextest run -p spiral -E 'test(golden::)'",
        if changed.is_empty() { "scenarios are gone or in another order".to_string() } else { changed.join("\n") }
    );
}
