//! `calibrate`: what it prints, what it leaves, and that it goes on to the same bytes.

use std::path::Path;

use serde_json::Value;

use super::{assert_same_files, files, folder, run_to, spiral};

/// A calibration of `two-states` over twenty years, in a file of this folder.
fn study(folder: &Path, method: &str, budget: u32) {
    let text = format!(
        "(scenario: \"two-states\", years: (0, 20), method: {method}, budget: {budget}, histories: 32, seed: 3,
          factors: [(path: \"crisis.rate\", range: (0.02, 0.4), scale: \"log\"), (path: \"beliefs.suspicion\", range: (0.05, 0.6))],
          targets: [(measure: \"crises\", value: 2.0, scale: 0.3, use: \"fit\", source: \"invented\"),
                    (observed: \"burden\", states: [\"EAST\"], points: [(2.5, 0.03), (4.5, 0.03), (6.5, 0.03)], scale: 0.01,
                        use: \"fit\", source: \"invented\"),
                    (observed: \"burden\", states: [\"EAST\"], points: [(8.5, 0.03), (9.5, 0.03), (10.5, 0.03), (11.5, 0.03)],
                        scale: 0.01, use: \"hold_out\", source: \"invented\"),
                    (measure: \"war\", value: 0.5, scale: 0.1, naive: 0.1, use: \"hold_out\", source: \"invented\")])"
    );
    std::fs::write(folder.join("study.ron"), text).expect("a writable folder");
}

const CMA_ES: &str = "(kind: \"cma-es\", population: 8)";
const ABC_SMC: &str = "(kind: \"abc-smc\", population: 24)";

#[test]
fn an_optimum_is_found_told_and_kept() {
    let folder = folder();
    study(folder.path(), CMA_ES, 120);
    let ran = run_to(0, folder.path(), &["calibrate", "study.ron", "--csv"]);
    assert!(ran.err.is_empty(), "{}", ran.err);
    for part in
        ["120 candidates of 32 histories by cma-es", "crisis.rate", "Fitted", "Held out", "before", "studies/calibrate-study"]
    {
        assert!(ran.out.contains(part), "the output lacks {part:?}:\n{}", ran.out);
    }
    let widest = ran.out.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest <= 80, "{widest} columns:\n{}", ran.out);
    let directory = folder.path().join("studies/calibrate-study");
    let found = files(&directory);
    // What is asked for later is written then.
    std::fs::remove_file(directory.join("candidates.csv")).expect("a writable folder");
    run_to(0, folder.path(), &["calibrate", "study.ron", "--csv", "--resume"]);
    assert!(files(&directory) == found, "a finished calibration, asked for CSV again");
    let names: Vec<String> = found.keys().map(|name| name.display().to_string()).collect();
    for name in [
        "manifest.json",
        "calibration.json",
        "candidates.parquet",
        "candidates.csv",
        "simulated.parquet",
        "report.html",
        "figures/calibration-parameters.svg",
        "figures/calibration-pairs.png",
        "figures/calibration-fit.svg",
        "figures/calibration-residuals.svg",
        "figures/calibration-convergence.svg",
    ] {
        assert!(names.iter().any(|found| found == name), "no {name} in {names:?}");
    }
    let lines = |name: &str| String::from_utf8_lossy(&found[Path::new(name)]).lines().count();
    assert_eq!((lines("candidates.csv"), lines("simulated.csv")), (121, 1 + 120 * 9));
    let told: Value = serde_json::from_slice(&found[Path::new("calibration.json")]).expect("JSON");
    let distance = |name: &str| told[name].as_f64().expect(name);
    assert!(distance("least_distance") < distance("distance_before"), "{told}");
    // What is fitted comes near: crises of a history within three scales on histories that the search has not seen.
    let crises = &told["targets"][0];
    assert!(crises["residual"].as_f64().expect("a residual").abs() < 3.0, "{crises}");
    assert_eq!(told["targets"][2]["skills"].as_array().map(Vec::len), Some(3), "{}", told["targets"][2]);
    // The pictures are drawn again, and the page.
    let before = files(&directory);
    run_to(0, folder.path(), &["figures", "studies/calibrate-study"]);
    run_to(0, folder.path(), &["report", "studies/calibrate-study"]);
    assert_eq!(files(&directory).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    let page = String::from_utf8_lossy(&before[Path::new("report.html")]).into_owned();
    for part in ["crisis.rate", "Held out", "spiral calibrate study.ron", "calibration-pairs"] {
        assert!(page.contains(part), "the page lacks {part:?}");
    }
    let replay = run_to(2, folder.path(), &["replay", "studies/calibrate-study", "--history", "0"]);
    assert!(replay.told().contains("this is a calibration"), "{}", replay.err);
}

#[test]
fn threads_change_no_byte() {
    let folder = folder();
    study(folder.path(), CMA_ES, 48);
    for threads in ["1", "2"] {
        run_to(0, folder.path(), &["calibrate", "study.ron", "--threads", threads, "--out", threads]);
    }
    assert_same_files(&folder.path().join("1"), &folder.path().join("2"));
}

#[test]
fn a_killed_calibration_goes_on_to_the_same_bytes() {
    let folder = folder();
    study(folder.path(), ABC_SMC, 120);
    run_to(0, folder.path(), &["calibrate", "study.ron", "--out", "whole"]);
    let killed = folder.path().join("killed");
    let batches = || std::fs::read_dir(killed.join("batches")).map_or(0, Iterator::count);
    // Killed once its first batch is on disk, and again once there are more.
    for wanted in [1, 3] {
        let mut child =
            spiral(folder.path(), &["calibrate", "study.ron", "--out", "killed", "--resume"]).spawn().expect("it starts");
        let since = std::time::Instant::now();
        while batches() < wanted && since.elapsed() < std::time::Duration::from_mins(1) {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        assert!(batches() >= wanted && !killed.join("calibration.json").exists(), "it was over before it could be killed");
    }
    // A batch that is damaged is simulated again.
    let batch = killed.join("batches/000000.batch");
    let mut bytes = std::fs::read(&batch).expect("a batch");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&batch, bytes).expect("a writable folder");
    let ran = run_to(0, folder.path(), &["calibrate", "study.ron", "--out", "killed", "--resume"]);
    assert!(ran.told().contains("000000.batch is damaged and is simulated again"), "{}", ran.err);
    assert_same_files(&folder.path().join("whole"), &killed);
}

#[test]
fn another_study_is_refused() {
    let folder = folder();
    study(folder.path(), ABC_SMC, 80);
    let arguments = ["calibrate", "study.ron", "--out", "c"];
    let ran = run_to(0, folder.path(), &[&arguments[..], &["--json"]].concat());
    let told: Value = serde_json::from_str(&ran.out).expect("JSON alone");
    assert_eq!((told["method"].as_str(), told["candidates"].as_u64()), (Some("abc-smc"), Some(80)));
    assert!(folder.path().join("c/posterior.parquet").exists());
    let before = files(&folder.path().join("c"));
    let refused = run_to(2, folder.path(), &arguments);
    assert!(refused.told().contains("already holds a study"), "{}", refused.err);
    let again = run_to(0, folder.path(), &[&arguments[..], &["--resume", "--json"]].concat());
    assert_eq!(again.out, ran.out);
    let other = run_to(2, folder.path(), &[&arguments[..], &["--resume", "--seed", "4"]].concat());
    assert!(other.told().contains("seed: 3 there, 4 asked for"), "{}", other.err);
    let sweep = run_to(2, folder.path(), &["sweep", "study.ron", "--out", "c"]);
    assert!(sweep.told().contains("this file is a calibration: `spiral calibrate FILE`"), "{}", sweep.err);
    assert_eq!(files(&folder.path().join("c")), before);
}

#[test]
fn histories_asked_for_are_as_many_as_a_file_may_ask_for() {
    let folder = folder();
    study(folder.path(), CMA_ES, 60);
    let ran = run_to(2, folder.path(), &["calibrate", "study.ron", "-n", "10"]);
    assert!(ran.told().contains("10 histories a candidate") && ran.told().contains("allowed: 20 to 100000"), "{}", ran.err);
    assert!(!folder.path().join("studies").exists(), "nothing is left behind");
}

/// Two calibrations of the same number, each of which holds out what the other fits.
#[test]
fn several_calibrations_are_set_side_by_side() {
    let folder = folder();
    let write = |name: &str, number: &str, first: &str, second: &str| {
        let world = |scenario: &str, level: f64, role: &str| {
            format!(
                "(scenario: \"{scenario}\", observed: \"burden\", states: [\"EAST\"], years: (4, 9), known: (0, 3), scale: 0.01,
                    use: \"{role}\", source: \"invented\", points: [(0.5, 0.03), (1.5, 0.031), (2.5, 0.03), (3.5, 0.032),
                    (4.5, {level}), (6.5, {level}), (8.5, {level})])"
            )
        };
        let text = format!(
            "(title: \"Fit of {name}\", scenarios: [(scenario: \"two-states\"), (scenario: \"late.ron\")], years: (0, 10),
              without: [\"war\"], factors: [(path: \"{number}\", range: (0.1, 0.9))], method: (kind: \"cma-es\", population: 8),
              budget: 16, histories: 20, targets: [{}, {}])",
            world("two-states", 0.04, first),
            world("late", 0.05, second)
        );
        std::fs::write(folder.path().join(format!("{name}.ron")), text).expect("a writable folder");
    };
    run_to(0, folder.path(), &["new", "late.ron", "--from", "two-states"]);
    write("one", "arming.elasticity", "fit", "hold_out");
    write("other", "arming.elasticity", "hold_out", "fit");
    let ran = run_to(0, folder.path(), &["calibrate", "one.ron", "other.ron", "--out", "both"]);
    for part in ["1  Fit of one", "2  Fit of other", "all, two-states", "all, late", "held out", "fitted", "arming.elasticity"] {
        assert!(ran.out.contains(part), "the output lacks {part:?}:\n{}", ran.out);
    }
    for name in ["one", "other"] {
        assert!(folder.path().join(format!("both/{name}/calibration.json")).exists(), "{name} has its own folder");
    }
    // What is there is read, and the numbers are the same.
    let json = |resume: &[&str], out: &str| {
        let arguments = [&["calibrate", "one.ron", "other.ron", "--json", "--out", out][..], resume].concat();
        serde_json::from_str::<Value>(&run_to(0, folder.path(), &arguments).out).expect("JSON")
    };
    let (again, anew) = (json(&["--resume"], "both"), json(&[], "anew"));
    assert_eq!(again, anew);
    assert_eq!(again["rows"].as_array().map(Vec::len), Some(4), "{again}");
    // Other numbers cannot stand beside these; nothing is written.
    write("third", "arming.persistence", "fit", "fit");
    let refused = run_to(2, folder.path(), &["calibrate", "one.ron", "third.ron", "--out", "none"]);
    assert!(refused.told().contains("third.ron fits other numbers than one.ron"), "{}", refused.err);
    assert!(!folder.path().join("none").exists(), "a request that makes no sense leaves nothing");
}
