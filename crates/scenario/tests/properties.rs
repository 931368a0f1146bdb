//! Whatever the bytes, no panic; whatever the valid numbers, a valid setup with those numbers in it.

use std::sync::LazyLock;

use proptest::prelude::*;
use spiral_model::mechanisms::Parameters;
use spiral_model::setup::{DyadInputs, StateInputs};
use spiral_model::specification::{Group, Specification};
use spiral_scenario::{Overrides, Scenario, catalogue, parse, parse_bytes, resolved};

use super::common;

/// Reads and, where it loads, checks everything that can be asked of it.
fn survive(bytes: &[u8], overrides: &Overrides) -> bool {
    match parse_bytes(bytes, "fuzz.ron", overrides) {
        Ok(scenarios) => {
            for scenario in &scenarios {
                common::assert_valid(&scenario.setup);
                assert!(!resolved(scenario).is_empty());
                for judgement in &scenario.judgements {
                    let mut setup = scenario.setup.clone();
                    judgement.apply(&mut setup, judgement.high);
                    common::assert_valid(&setup);
                }
            }
            true
        }
        Err(error) => {
            let message = error.to_string();
            assert!(!message.is_empty() && !error.problems.is_empty());
            assert!(message.chars().all(|c| c == '\n' || !c.is_control()), "control characters reach the terminal: {message:?}");
            false
        }
    }
}

/// Words that a scenario is made of, to reach past the syntax.
const WORDS: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "//",
    "/*",
    "*/",
    "#",
    "calendar",
    "states",
    "\"GBR\"",
    "\"GBR-FRA\"",
    "pairs",
    "dyads",
    "timeline",
    "members",
    "defaults",
    "technology",
    "balance",
    "value",
    "points",
    "judgement",
    "start",
    "end",
    "1890",
    "-1",
    "1e308",
    "NaN",
    "inf",
    "0.5",
    "None",
    "Some(",
    "true",
    "'",
    "\\",
    "..",
    "r#\"",
    "b\"",
    "date",
    "what",
    "set",
    "crisis",
    "\\t",
    "\\u{7}",
    "\u{0}",
    "\u{7}",
    "\u{fe0f}",
    "é",
    "#![enable(implicit_some)]",
];

/// Texts of the built-in files.
static TEXTS: LazyLock<Vec<&str>> = LazyLock::new(|| catalogue().iter().map(|entry| entry.text).collect());

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survive(&bytes, &Overrides::default());
    }

    #[test]
    fn arbitrary_words_never_panic(words in prop::collection::vec(prop::sample::select(WORDS), 0..80)) {
        survive(words.concat().as_bytes(), &Overrides::default());
        survive(words.join(" ").as_bytes(), &Overrides::default());
    }

}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn mutated_scenarios_never_panic(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, prop::sample::select(WORDS)), 1..6),
    ) {
        let mut bytes = which.get(&TEXTS).as_bytes().to_vec();
        for (place, length, word) in edits {
            let start = place.index(bytes.len());
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, word.bytes());
        }
        survive(&bytes, &Overrides::default());
    }

    #[test]
    fn arbitrary_overrides_never_panic(
        path in "[a-zA-Z.-]{0,30}|states\\.(GBR|GER|XXX|\\*)\\.([a-z_]{0,12}|greed)|(pairs|dyads)\\.(\\*|(GBR|GER|\\*)-(GBR|FRA|\\*))\\.(trade|claim|x)",
        value in "\\PC{0,12}|-?[0-9.e]{1,8}",
        without in "\\PC{0,12}|prevention|timeline",
        years in proptest::option::of((any::<f64>(), any::<f64>())),
    ) {
        let overrides = Overrides { set: vec![(path, value)], without: vec![without], years };
        survive(TEXTS[1].as_bytes(), &overrides);
    }

    /// Any number in its range is taken, to the last bit, wherever it stands.
    #[test]
    fn valid_numbers_make_valid_setups(shares in prop::collection::vec(0.0_f64..=1.0, 200), years in 1_u32..100, ticks in 1_u32..=366) {
        let mut next = shares.iter().cycle();
        let mut numbers = Vec::new();
        let mut draw = |path: String, specification: &Specification| {
            let share = next.next().copied().unwrap_or(0.5);
            let value = (specification.low + share * (specification.high - specification.low)).clamp(specification.low, specification.high);
            numbers.push((path, value));
            format!("{}: {value:?}, ", specification.name)
        };
        let mut text = format!("( calendar: (start: 1900, end: {}, ticks_per_year: {ticks}),\n", 1900 + years);
        for (group, specifications) in Parameters::GROUPS {
            let fields: String = specifications.iter().map(|s| draw(format!("{group}.{}", s.name), s)).collect();
            text.extend([group, ": (", &fields, "),\n"]);
        }
        text += "states: {\n";
        for code in ["A", "B", "C"] {
            let drawn = StateInputs::SPECIFICATIONS.iter();
            let fields: String = drawn.map(|s| draw(format!("states.{code}.{}", s.name), s)).collect();
            text.extend(["\"", code, "\": (", &fields, "),\n"]);
        }
        text += "},\npairs: {\n";
        for pair in ["A-B", "C-A", "B-C"] {
            let fields: String = DyadInputs::SPECIFICATIONS.iter().map(|s| draw(format!("pairs.{pair}.{}", s.name), s)).collect();
            text.extend(["\"", pair, "\": (", &fields, "),\n"]);
        }
        text += "})";
        let ticks_in_all = u64::from(years) * u64::from(ticks);
        prop_assume!(ticks_in_all <= 100_000);
        let scenarios: Vec<Scenario> = parse(&text, "valid.ron", &Overrides::default()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let setup = &scenarios[0].setup;
        common::assert_valid(setup);
        for (path, value) in numbers {
            for target in setup.resolve(&path).expect("it is a path") {
                prop_assert_eq!(setup.get(target).to_bits(), value.to_bits(), "{} is {}, not {}", path, setup.get(target), value);
            }
        }
    }
}

/// The mutation test would prove little if no mutant got through the syntax: many do.
#[test]
fn small_changes_of_numbers_load_or_are_refused_by_range() {
    let mut loaded = 0;
    for entry in catalogue() {
        for (from, to) in [("0.3", "0.31"), ("1890", "1891"), ("0.05", "0.06"), ("40", "41"), ("0.1", "0.11")] {
            loaded += usize::from(survive(entry.text.replacen(from, to, 1).as_bytes(), &Overrides::default()));
        }
    }
    assert!(loaded >= 15, "only {loaded} of 25 loaded");
}
