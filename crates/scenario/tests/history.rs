//! What history did: the files of the program, and records that a scenario carries itself.

use std::path::Path;

use spiral_analysis::history::{Quantity, Record, Standing};
use spiral_scenario::{Overrides, history_names, history_record, load, parse, parse_history};

fn record(name: &str) -> Record {
    history_record(name).unwrap_or_else(|| panic!("no record {name}"))
}

fn fact(name: &str, quantity: Quantity) -> (f64, f64) {
    let record = record(name);
    let fact = record.facts.iter().find(|fact| fact.quantity == quantity);
    fact.map_or((f64::NAN, f64::NAN), |fact| (fact.history, fact.naive))
}

#[test]
fn every_file_of_history_is_read_and_belongs_to_the_scenario_that_names_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs/history");
    let mut files: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder is part of the repository")
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files, history_names().map(|name| format!("{name}.ron")).collect::<Vec<_>>());
    for name in history_names() {
        let text = std::fs::read_to_string(folder.join(format!("{name}.ron"))).expect("it was just listed");
        let read = parse_history(&text, &format!("{name}.ron")).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read, record(name));
        let scenario = load(name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")).remove(0);
        assert_eq!(scenario.history, Some(read), "{name}.ron is not what the scenario of its name names");
        // Whoever is named is a state of that world.
        let record = record(name);
        let sides = record.sides.iter().flat_map(|sides| sides.one.iter().chain(&sides.other)).map(|(code, _)| code);
        let codes = record.entries.iter().flat_map(|entries| entries.days.iter().map(|(code, _)| code)).chain(sides);
        let noted = record.notes.iter().map(|note| &note.state).filter(|state| *state != "*");
        for code in codes.chain(noted).chain(record.series.iter().map(|series| &series.state)) {
            assert!(scenario.setup.state(code).is_some(), "{name}.ron names {code}, which is no state of {name}");
        }
    }
}

#[test]
fn numbers_that_follow_from_others_do() {
    // War given a dispute to 1945: .615 with an arms race, .272 without; the same from 1816 to 1993: .25 and .167.
    assert_eq!(fact("pre-wwi", Quantity::ArmsRaceOdds).0.to_bits(), f64::to_bits((0.615 / 0.385) / (0.272 / 0.728)));
    assert_eq!(fact("pre-wwii", Quantity::ArmsRaceOdds).0.to_bits(), f64::to_bits((0.615 / 0.385) / (0.272 / 0.728)));
    assert_eq!(fact("cold-war", Quantity::ArmsRaceOdds).0.to_bits(), f64::to_bits((0.25 / 0.75) / (0.167 / 0.833)));
    assert_eq!(fact("pre-wwi", Quantity::Preemption).1.to_bits(), f64::to_bits(3.0 / 67.0));
    let near = |found: f64, expected: f64| (found - expected).abs() < 2e-3;
    let ratio = |name: &str| fact(name, Quantity::SpendingRatio);
    let in_1913 = (0.0320 * 378.0 + 0.0503 * 251.0) / (0.0340 * 230.0 + 0.0397 * 352.0);
    let in_1890 = (0.0304 * 184.0 + 0.0372 * 170.0) / (0.0321 * 152.0 + 0.0383 * 153.0);
    assert!(near(ratio("pre-wwi").0, in_1913) && near(ratio("pre-wwi").1, in_1890), "{in_1913} {in_1890}");
    let in_1938 = 0.1753 * 546.0 / (0.0693 * 474.0 + 0.0772 * 299.0);
    let in_1930 = 0.0093 * 395.0 / (0.0228 * 395.0 + 0.0380 * 294.0);
    assert!(near(ratio("pre-wwii").0, in_1938) && near(ratio("pre-wwii").1, in_1930), "{in_1938} {in_1930}");
    // Richardson's total of each year.
    let series = record("richardson-1909").series;
    let totals: Vec<f64> = (0..5).map(|year| series.iter().map(|series| series.points[year].1).sum()).collect();
    for (found, expected) in totals.iter().zip([199.2, 204.8, 214.9, 238.7, 289.0]) {
        assert!((found - expected).abs() < 1e-9, "{totals:?}");
    }
}

#[test]
fn great_powers_by_day_30_follow_from_the_entries() {
    for name in ["pre-wwi", "pre-wwii"] {
        let setup = load(name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")).remove(0).setup;
        let great = |code: &str| setup.state(code).is_some_and(|state| setup.states[state].great_power);
        let days = record(name).entries.map_or_else(Vec::new, |entries| entries.days);
        let found = days.iter().filter(|(code, day)| great(code) && *day <= 30.0).count();
        assert_eq!(fact(name, Quantity::GreatPowersByDay30).0, found as f64, "{name}");
    }
}

/// Rivals are pairs of states of the scenario, each pair once.
#[test]
fn rivals_are_states_of_the_scenario() {
    for (name, number) in [("pre-wwi", 14), ("pre-wwii", 11)] {
        let setup = load(name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")).remove(0).setup;
        let rivals = record(name).rivals.expect("a list of rivals");
        assert_eq!(rivals.pairs.len(), number, "{name}");
        let places = rivals.pairs.iter().map(|(one, other)| [one, other].map(|code| setup.state(code).expect("a state")));
        let mut pairs: Vec<[usize; 2]> = places.map(|[one, other]| [one.min(other), one.max(other)]).collect();
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), number, "{name}: a pair is given twice");
    }
}

/// A scenario of two states with these keys besides.
fn two_states(keys: &str) -> Result<Option<Record>, String> {
    let text = format!("( calendar: (start: 1900, end: 1920), states: {{ \"A\": (), \"B\": () }}, {keys} )");
    match parse(&text, "my.ron", &Overrides::default()) {
        Ok(mut scenarios) => Ok(scenarios.remove(0).history),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn a_scenario_names_a_record_or_carries_its_own() {
    assert_eq!(two_states(""), Ok(None));
    assert_eq!(two_states("history: \"pre-wwi\""), Ok(Some(record("pre-wwi"))), "its other states are no mistake");
    let own = two_states(
        "history: ( split: 1910, series: { \"*\": (before: \"fitted\", after: \"held out\", why: \"made up\") }, \
         observed: { \"A\": (burden: (points: [(1905.5, 0.03)], source: \"made up\")) }, \
         entries: (days: { \"A\": 0, \"B\": 2 }, standing: \"held out\", source: \"made up\"), \
         facts: ( preemption: (history: 1, naive: 0.1, naive_is: \"as elsewhere\", standing: \"held out\", why: \"nobody looked\", \
         source: \"made up\") ) )",
    );
    let own = own.unwrap_or_else(|error| panic!("{error}")).expect("a record");
    assert_eq!((own.split, own.facts.len(), own.series.len()), (Some(1910.0), 1, 1));
    assert_eq!(own.note("B").map(|note| note.after), Some(Standing::HeldOut));
    assert_eq!(own.entries.map(|entries| entries.days), Some(vec![("A".to_string(), 0.0), ("B".to_string(), 2.0)]));
}

#[test]
fn mistakes_in_a_record_are_shown_where_they_stand() {
    let fact = "history: 1, naive: 0.1, naive_is: \"x\", standing: \"held out\", why: \"x\"";
    for (keys, parts) in [
        ("history: \"pre-wwj\"", &["my.ron:1:78", "no record of history has the name `pre-wwj`", "did you mean `pre-wwi`?"][..]),
        ("history: 3", &["history is a number; it must be the name of a record"]),
        ("history: (fact: ())", &["no key `fact` in history", "did you mean `facts`?"]),
        ("history: (facts: (preemtion: ()))", &["no key `preemtion` in facts", "did you mean `preemption`?"]),
        (&format!("history: (facts: (preemption: ({fact})))"), &["facts.preemption has no `source`", "it must have `history`"]),
        (
            &format!("history: (facts: (preemption: ({}, source: \"x\")))", fact.replace("history: 1,", "history: 1.5,")),
            &["facts.preemption.history is 1.5; allowed: 0 to 1", "First wars begun from fear"],
        ),
        (
            &format!("history: (facts: (preemption: ({}, source: \"x\")))", fact.replace("naive: 0.1", "naive: 1")),
            &["the naive forecast of facts.preemption is what history did"],
        ),
        (
            &format!("history: (facts: (preemption: ({}, source: \"x\")))", fact.replace("held out", "hold out")),
            &["facts.preemption.standing: no such name as `hold out`", "did you mean `held out`?"],
        ),
        (
            &format!("history: (facts: (spending_ratio: ({fact}, source: \"x\")))"),
            &["`facts` has a `spending_ratio`, but there are no `sides`"],
        ),
        ("history: (sides: (date: 1910, one: {\"A\": 3}, other: {\"A\": 2}))", &["`A` is on both sides"]),
        (
            "history: (entries: (days: {\"A\": 3, \"B\": 0}, standing: \"held out\", source: \"x\"))",
            &["`B` is listed after `A`, but entered before it"],
        ),
        (
            "history: (entries: (days: {\"A\": 0, \"GRE\": 0}, standing: \"held out\", source: \"x\"))",
            &["no state `GRE` in this scenario", "allowed: A, B"],
        ),
        ("history: (rivals: (pairs: [\"A-GRE\"], source: \"x\"))", &["no state `GRE` in this scenario", "allowed: A, B"]),
        ("history: (rivals: (pairs: [\"AB\"], source: \"x\"))", &["`AB` is no pair of two states", "such as \"FRA-GER\""]),
        ("history: (rivals: (pairs: [\"A-B\"]))", &["rivals has no `source`"]),
        ("history: (series: {\"*\": (before: \"fitted\")})", &["series.* has no `after`, no `why`"]),
    ] {
        let told = two_states(keys).expect_err(keys);
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in parts {
            assert!(told.contains(part), "{keys}\nshould say {part:?}:\n{told}");
        }
    }
}
