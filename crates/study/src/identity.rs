//! The identity of a world and of the texts of a study: blake3 of a canonical form.
//!
//! The canonical form of a value is its JSON text as `serde_json` writes it: no spaces, fields in the order and under the names of
//! their serialisation, numbers with the fewest digits that give the same bits back, a number that is not finite as `null`. The
//! format of the study comes before the value: `{"format":3,"value":…}`. So the identity depends on the data and not on the
//! Rust code: a field that is renamed in Rust keeps its identity under `#[serde(rename = "…")]`.
//!
//! A test holds the identities of two worlds. When it fails, either the code must change back, or [`crate::FORMAT`] must rise: then
//! older directories are refused with a sentence that explains why.

use std::io::BufWriter;

use serde::Serialize;

use crate::FORMAT;

/// Bytes that are hashed at a time: the text of a large world is long, and is never held as a whole.
const BUFFER: usize = 1 << 16;

#[derive(Serialize)]
struct Canonical<'a, T> {
    format: u32,
    value: &'a T,
}

/// The identity of a value: 64 hexadecimal digits.
pub(crate) fn of(value: &impl Serialize) -> String {
    let mut writer = BufWriter::with_capacity(BUFFER, blake3::Hasher::new());
    let written = serde_json::to_writer(&mut writer, &Canonical { format: FORMAT, value });
    // A hasher takes every byte, and the values of this crate have text keys only, so neither step can fail.
    written.expect("the value has a JSON form");
    let hasher = writer.into_inner().expect("a hasher takes every byte");
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use spiral_model::Setup;
    use spiral_model::setup::{ArmingRule, Ending, Horizon, Incident, Interpolation, StateInputs, Target, Track};

    use super::*;

    /// A world with something in every field.
    fn by_hand() -> Setup {
        let mut setup = Setup::complete("by hand", Horizon { start: 1900.0, end: 1910.5, ticks_per_year: 4 }, &["A", "B"]);
        setup.arming_rule = ArmingRule::RichardsonEuler;
        setup.ending = Ending::GeneralWar;
        let target = Target::State(1, StateInputs::OUTPUT);
        setup.tracks =
            vec![Track { target, points: vec![(1900.0, 0.1), (1905.0, 1e-7)], interpolation: Interpolation::Geometric }];
        setup.incidents = vec![Incident { date: 1901.25, what: "a \"crisis\"".to_string(), crisis: Some((0, 1)) }];
        setup.without = ["trade".to_string()].into();
        setup
    }

    #[test]
    fn the_identity_of_a_world_stays() {
        let plain = Setup::complete("plain", Horizon { start: 1900.0, end: 1901.0, ticks_per_year: 1 }, &["A", "B"]);
        assert_eq!(
            [of(&by_hand()), of(&plain)],
            [
                "7c5a7eea90c6224c16f78d2b6032ed67173df94bbacb119a671da8c1fa05468c",
                "e07c0182a0ebba81cb6575dc897412cdcf756bfa1766073ae352992f31aa95cf",
            ],
            "the identity of a world changed, so finished studies can no longer be continued or replayed. If only a name in Rust \
             changed, give the field its old name with #[serde(rename = \"…\")]. If the world itself changed, raise FORMAT in \
             manifest.rs and put the new identity here"
        );
    }

    #[test]
    fn every_field_counts() {
        let setup = by_hand();
        let identity = of(&setup);
        let changes: [fn(&mut Setup); 10] = [
            |setup| setup.name.push('!'),
            |setup| setup.horizon.end += 1e-12,
            |setup| setup.arming_rule = ArmingRule::Richardson,
            |setup| setup.ending = Ending::Never,
            |setup| setup.parameters.technology.balance *= 1.0 + f64::EPSILON,
            |setup| setup.states[0].great_power = false,
            |setup| setup.dyads[0].inputs.distance += 1.0,
            |setup| setup.tracks[0].points[1].1 = 2e-7,
            |setup| setup.incidents[0].crisis = None,
            |setup| setup.without.clear(),
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut other = setup.clone();
            change(&mut other);
            assert_ne!(of(&other), identity, "change {number}");
        }
        assert_eq!(of(&setup.clone()), identity);
    }

    #[test]
    fn a_long_text_is_hashed_as_a_whole() {
        let text = "long ".repeat(BUFFER);
        let canonical = format!("{{\"format\":{FORMAT},\"value\":\"{text}\"}}");
        assert_eq!(of(&text), blake3::hash(canonical.as_bytes()).to_hex().to_string());
    }
}
