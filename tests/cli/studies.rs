//! `ensemble` and `compare`: what they print and what they leave.

use serde_json::Value;

use super::{assert_same_files, files, folder, run_to};

#[test]
fn an_ensemble_leaves_a_study_and_prints_its_summary() {
    let folder = folder();
    let ran = run_to(0, folder.path(), &["ensemble", "two-states", "-n", "40"]);
    assert!(ran.err.is_empty(), "{}", ran.err);
    for part in ["40 histories each", "General war", "two-states", "studies/ensemble-two-states-n40"] {
        assert!(ran.out.contains(part), "the output lacks {part:?}:\n{}", ran.out);
    }
    let widest = ran.out.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest <= 80, "{widest} columns:\n{}", ran.out);
    let found = files(&folder.path().join("studies/ensemble-two-states-n40"));
    let names: Vec<String> = found.keys().map(|name| name.display().to_string()).collect();
    for name in ["manifest.json", "outcomes.parquet", "curves.parquet", "events.parquet", "summary.json", "figures/war-free.svg"]
    {
        assert!(names.iter().any(|found| found == name), "no {name} in {names:?}");
    }
}

#[test]
fn json_is_the_summary_and_nothing_else() {
    let folder = folder();
    let ran = run_to(0, folder.path(), &["compare", "four-worlds", "-n", "10", "--json", "--out", "c"]);
    assert!(ran.err.is_empty(), "{}", ran.err);
    let summary: Value = serde_json::from_str(&ran.out).expect("JSON alone");
    assert_eq!(summary["scenarios"].as_array().map(Vec::len), Some(4));
    assert_eq!(summary["contrasts"].as_array().map(Vec::len), Some(3));
    let written = std::fs::read_to_string(folder.path().join("c/summary.json")).expect("summary.json");
    assert_eq!(written, ran.out);
}

#[test]
fn threads_change_no_byte() {
    let folder = folder();
    for threads in ["1", "2"] {
        let arguments = ["compare", "pre-wwi", "pre-wwii", "-n", "200", "--threads", threads, "--out", threads, "--csv"];
        run_to(0, folder.path(), &arguments);
    }
    assert_same_files(&folder.path().join("1"), &folder.path().join("2"));
}

#[test]
fn a_study_is_never_overwritten() {
    let folder = folder();
    let arguments = ["ensemble", "two-states", "-n", "20", "--out", "study"];
    run_to(0, folder.path(), &arguments);
    let before = files(&folder.path().join("study"));
    let refused = run_to(2, folder.path(), &arguments);
    assert!(refused.told().contains("already holds a study") && refused.told().contains("--resume"), "{}", refused.err);
    let other = run_to(2, folder.path(), &["ensemble", "two-states", "-n", "20", "--out", "study", "--resume", "--seed", "2"]);
    assert!(other.told().contains("seed: 1 there, 2 asked for"), "{}", other.err);
    assert_eq!(files(&folder.path().join("study")), before);
    let resumed = run_to(0, folder.path(), &["ensemble", "two-states", "-n", "20", "--out", "study", "--resume"]);
    assert!(resumed.out.contains("20 histories each"), "{}", resumed.out);
    assert_eq!(files(&folder.path().join("study")), before);
}

#[test]
fn a_directory_of_other_things_is_left_alone() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("photos")).expect("a writable folder");
    std::fs::write(folder.path().join("photos/holiday.jpg"), b"sun").expect("a writable folder");
    let refused = run_to(2, folder.path(), &["ensemble", "two-states", "-n", "20", "--out", "photos"]);
    assert!(refused.told().contains("holiday.jpg") && refused.told().contains("left alone"), "{}", refused.err);
    assert_eq!(files(&folder.path().join("photos")).len(), 1);
}

#[test]
fn changes_from_outside_reach_the_study() {
    let folder = folder();
    let arguments = [
        "ensemble",
        "pre-wwi",
        "-n",
        "8",
        "--json",
        "--without",
        "crisis",
        "--years",
        "1890..1900",
        "--set",
        "states.GER.greed=0.5",
    ];
    let summary: Value = serde_json::from_str(&run_to(0, folder.path(), &arguments).out).expect("JSON alone");
    let scenario = &summary["scenarios"][0];
    assert_eq!(scenario["years"], serde_json::json!([1890.0, 1900.0]));
    let crises = scenario["measures"].as_array().expect("measures").iter().find(|measure| measure["name"] == "crises");
    assert_eq!(crises.map(|crises| &crises["estimate"]), Some(&Value::from(0.0)));
}

/// Arms that grow without limit overflow in every history: whatever the command, that is no success, and the reason is said.
#[test]
fn a_study_in_which_nothing_succeeds_is_no_success() {
    let folder = folder();
    let study =
        "(scenario: \"richardson-1909\", years: (1909, 1990), design: (kind: \"grid\"), histories: 4, outcomes: [\"war\"],
        factors: [(path: \"arming.sensitivity\", range: (50, 60), steps: 2)])";
    std::fs::write(folder.path().join("study.ron"), study).expect("a writable folder");
    let runaway = ["--set", "arming.sensitivity=50", "--years", "1909..1990", "-n", "4"];
    let copy = ["new", "--from", "richardson-1909", "other.ron"];
    run_to(0, folder.path(), &copy);
    let commands: [&[&str]; 3] =
        [&["ensemble", "richardson-1909"], &["compare", "richardson-1909", "other.ron"], &["sweep", "study.ron"]];
    for (number, command) in commands.into_iter().enumerate() {
        let mut words = command.to_vec();
        if command[0] != "sweep" {
            words.extend(runaway);
        }
        for more in [&[][..], &["--quiet"], &["--json"]] {
            let out = format!("{number}{}", more.join(""));
            let ran = run_to(1, folder.path(), &[&words[..], more, &["--out", &out]].concat());
            assert!(ran.told().contains("every history failed numerically"), "{words:?}: {}", ran.err);
            let made = files(&folder.path().join(&out));
            assert!(made.keys().any(|name| name.ends_with("summary.json")), "{words:?}: what there is is written");
        }
    }
    // One history that succeeds is a result.
    let mixed = study.replace("range: (50, 60)", "range: (0.5, 50)");
    std::fs::write(folder.path().join("study.ron"), mixed).expect("a writable folder");
    let ran = run_to(0, folder.path(), &["sweep", "study.ron", "--out", "mixed"]);
    assert!(ran.out.contains("4 failed numerically") || ran.out.contains("4 failed"), "{}", ran.out);
}
