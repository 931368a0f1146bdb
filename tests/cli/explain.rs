//! `explain`: shares of the difference between two scenarios, in a study directory like any other.

use std::path::Path;

use serde_json::Value;

use super::{assert_same_files, files, folder, kill_after, run_to};

/// Writes `two-states` with other numbers as `other.ron`.
fn other(folder: &Path, changes: &[(&str, &str)]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/scenarios/two-states.ron");
    let mut text = std::fs::read_to_string(file).expect("it is part of the repository");
    for (from, to) in changes {
        assert!(text.contains(from), "two-states says no more {from:?}");
        text = text.replace(from, to);
    }
    std::fs::write(folder.join("other.ron"), text).expect("a writable folder");
}

/// Differs from `two-states` in technology, beliefs and the economy.
const THREE_GROUPS: [(&str, &str); 3] = [
    ("first_strike: 2.2,", "first_strike: 1.4,"),
    ("\"EAST\": (perceived_balance: 1.0, output: 100)", "\"EAST\": (perceived_balance: 0.6, output: 100)"),
    ("\"WEST\": (perceived_balance: 1.0, output: 100)", "\"WEST\": (perceived_balance: 1.0, output: 140)"),
];

fn told(ran: &str) -> Value {
    serde_json::from_str(ran).unwrap_or_else(|error| panic!("no JSON: {error}\n{ran}"))
}

/// Name and share of every group of an outcome.
fn shares(outcome: &Value) -> Vec<(String, f64)> {
    let groups = outcome["groups"].as_array().expect("a list of groups").iter();
    groups.map(|group| (group["name"].as_str().expect("a name").to_string(), group["share"].as_f64().expect("a share"))).collect()
}

#[test]
fn a_difference_in_one_group_is_that_group_s_alone() {
    let folder = folder();
    other(folder.path(), &[("first_strike: 2.2,", "first_strike: 1.2,")]);
    let ran = run_to(0, folder.path(), &["explain", "two-states", "other.ron", "-n", "200", "--json", "--out", "e"]);
    let found = told(&ran.out);
    assert_eq!(
        (found["worlds"].as_u64(), found["a"].as_str(), found["b"].as_str()),
        (Some(2), Some("two-states"), Some("other"))
    );
    let war = &found["outcomes"][0];
    assert_eq!(war["outcome"], "general_war");
    let burden = &found["outcomes"][2];
    assert_eq!(burden["outcome"], "peak_burden");
    let total = burden["total"].as_f64().expect("a number");
    assert!(total.abs() > 1e-6, "a first strike that pays less changes arming: {total}");
    for (name, share) in shares(burden) {
        if name == "technology" {
            assert!((share - total).abs() < 1e-12, "technology has {share} of {total}");
        } else {
            assert_eq!(share, 0.0, "{name} has a share");
        }
    }
    for pair in burden["interactions"].as_array().expect("pairs") {
        assert_eq!(pair["index"].as_f64(), Some(0.0), "{pair}");
    }
    // Two states make no general war: nobody's days to it can be divided, and no number stands in for them.
    let days = &found["outcomes"][3];
    assert_eq!(days["outcome"], "days_crisis_to_general_war");
    assert!(days["total"].is_null() && days["groups"][0]["share"].is_null(), "{days}");
    assert_eq!(days["without_value"].as_array().map(Vec::len), Some(512));
    // The same is said in words, within eighty columns.
    let again = run_to(0, folder.path(), &["explain", "two-states", "other.ron", "-n", "200", "--out", "e", "--resume"]);
    assert!(again.out.contains("In one of the two worlds no history has a value of"), "{}", again.out);
    let widest = again.out.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest <= 80, "{widest} columns:\n{}", again.out);
}

#[test]
fn the_other_way_round_every_share_has_the_other_sign() {
    let folder = folder();
    let explained = |a: &str, b: &str| {
        let outcomes = ["--outcome", "war", "--outcome", "peak_burden", "--outcome", "war_free_years"];
        let mut arguments = vec!["explain", a, b, "-n", "16", "--json", "--out", a];
        arguments.extend(outcomes);
        told(&run_to(0, folder.path(), &arguments).out)
    };
    let (forth, back) = (explained("naval-race", "splendid-isolation"), explained("splendid-isolation", "naval-race"));
    assert!(
        forth["worlds"].as_u64().is_some_and(|worlds| worlds >= 64),
        "the two worlds differ in most groups: {}",
        forth["worlds"]
    );
    for position in 0..3 {
        let (one, other) = (&forth["outcomes"][position], &back["outcomes"][position]);
        let total = one["total"].as_f64().expect("a difference");
        let sum: f64 = shares(one).iter().map(|share| share.1).sum();
        assert!((sum - total).abs() < 1e-12, "{}: shares make {sum} of {total}", one["outcome"]);
        let negated: Vec<(String, f64)> = shares(other).into_iter().map(|(name, share)| (name, -share)).collect();
        assert_eq!(shares(one), negated, "{}", one["outcome"]);
        let (a, b) = (one["a"]["estimate"].as_f64(), one["b"]["estimate"].as_f64());
        assert_eq!((a, b), (other["b"]["estimate"].as_f64(), other["a"]["estimate"].as_f64()));
    }
}

#[test]
fn it_is_a_study_like_any_other() {
    let folder = folder();
    other(folder.path(), &THREE_GROUPS);
    let asked = |out: &'static str, more: &[&'static str]| {
        let mut arguments = vec![
            "explain",
            "two-states",
            "other.ron",
            "-n",
            "300",
            "--outcome",
            "war",
            "--outcome",
            "preemption",
            "--csv",
            "--out",
            out,
        ];
        arguments.extend(more);
        arguments
    };
    let ran = run_to(0, folder.path(), &asked("one", &["--threads", "1"]));
    assert!(ran.err.is_empty(), "{}", ran.err);
    for part in ["From two-states to other", "technology", "together", "points [", "one/figures/explain-war.png"] {
        assert!(ran.out.contains(part), "the output lacks {part:?}:\n{}", ran.out);
    }
    let one = folder.path().join("one");
    let found = files(&one);
    for name in [
        "explain.json",
        "summary.json",
        "report.html",
        "manifest.json",
        "figures/explain-war.svg",
        "figures/explain-preemption.png",
        "figures/interactions-war.svg",
    ] {
        assert!(found.contains_key(Path::new(name)), "no {name} in {:?}", found.keys());
    }
    let lines = |name: &str| String::from_utf8_lossy(&found[Path::new(name)]).lines().count();
    // 512 combinations of three differences are eight worlds; two worlds, nine shares, 36 pairs and a difference for each outcome.
    assert_eq!([lines("coalitions.csv"), lines("outcomes.csv"), lines("explain.csv")], [513, 8 * 300 + 1, 2 * 48 + 1]);
    let page = String::from_utf8_lossy(&found[Path::new("report.html")]).into_owned();
    for part in [
        "What explains the difference",
        "Counterparts",
        "Interactions of two groups",
        "What two groups do together: histories with a war",
        "--outcome war",
    ] {
        assert!(page.contains(part), "the page lacks {part:?}");
    }

    // Threads, interruptions and shards change no byte.
    run_to(0, folder.path(), &asked("two", &["--threads", "2"]));
    assert_same_files(&one, &folder.path().join("two"));
    for parts in [1, 4] {
        kill_after(folder.path(), &asked("killed", &["--resume"]), "killed", parts);
    }
    run_to(0, folder.path(), &asked("killed", &["--resume"]));
    assert_same_files(&one, &folder.path().join("killed"));
    for index in ["0", "1"] {
        run_to(0, folder.path(), &["shard", "one", "--index", index, "--of", "2", "--out", index]);
    }
    run_to(0, folder.path(), &["merge", "0", "1", "--csv", "--out", "merged"]);
    assert_same_files(&one, &folder.path().join("merged"));

    // Page and pictures are made anew from what is there.
    std::fs::remove_dir_all(one.join("figures")).expect("it is there");
    run_to(0, folder.path(), &["figures", "one"]);
    run_to(0, folder.path(), &["report", "one"]);
    assert_same_files(&one, &folder.path().join("two"));

    // A history of a world between the two is told again.
    let rows = String::from_utf8_lossy(&found[Path::new("outcomes.csv")]).into_owned();
    let header: Vec<&str> = rows.lines().next().expect("a header").split(',').collect();
    let column = |name: &str| header.iter().position(|known| *known == name).expect(name);
    let row = rows.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let row = row.into_iter().find(|row| row[column("point")] == "3" && row[column("history")] == "11").expect("a row");
    let replayed = told(&run_to(0, folder.path(), &["replay", "one", "--point", "3", "--history", "11", "--json"]).out);
    let burden = replayed["histories"][0]["outcome"]["peak_burden"].as_f64().expect("a number");
    let there = row[column("peak_burden")].parse::<f64>().expect("a number");
    assert!((burden - there).abs() <= 1e-15 * there.abs(), "{burden} told, {there} in the table");
    assert_eq!(row[column("scenario")], "two-states+technology+beliefs");

    // Another question in the same directory is refused.
    let mut changed = asked("one", &["--resume", "--outcome", "peak_burden"]);
    let refused = run_to(2, folder.path(), &changed);
    assert!(refused.told().contains("scenarios, outcomes and hash"), "{}", refused.err);
    changed = asked("one", &[]);
    assert!(run_to(2, folder.path(), &changed).told().contains("--resume"));
}

#[test]
fn what_cannot_be_mixed_is_refused() {
    let folder = folder();
    other(folder.path(), &[("calendar: (", "money: \"million marks\",\n    calendar: (")]);
    let refused = run_to(2, folder.path(), &["explain", "two-states", "other.ron", "-n", "4"]);
    assert!(refused.told().contains("million marks"), "{}", refused.err);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/scenarios/lattice.ron");
    let lattice = std::fs::read_to_string(file).expect("it is part of the repository");
    assert!(lattice.contains("states: 100,"), "the lattice has other states now");
    std::fs::write(folder.path().join("large.ron"), lattice.replace("states: 100,", "states: 10000,"))
        .expect("a writable folder");
    let refused = run_to(2, folder.path(), &["explain", "two-states", "large.ron", "-n", "4"]);
    assert!(refused.told().contains("too large to be simulated in up to 512 combinations"), "{}", refused.err);
    assert!(!folder.path().join("studies").exists(), "a study that cannot be leaves nothing");
}
