//! `calibrate`: what it prints, what it leaves, and that it goes on to the same bytes.

use std::path::Path;

use serde_json::Value;

use crate::{assert_same_files, files, folder, run_to, spiral};

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
        ["120 candidates of 32 histories by cma-es", "crisis.rate", "Fitted", "Held out", "skill on", "studies/calibrate-study"]
    {
        assert!(ran.out.contains(part), "the output lacks {part:?}:\n{}", ran.out);
    }
    let widest = ran.out.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest <= 80, "{widest} columns:\n{}", ran.out);
    let directory = folder.path().join("studies/calibrate-study");
    let found = files(&directory);
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
    assert!(replay.err.contains("this is a calibration"), "{}", replay.err);
}

#[test]
fn threads_and_a_kill_change_no_byte() {
    let folder = folder();
    for (method, name) in [(CMA_ES, "cma"), (ABC_SMC, "abc")] {
        study(folder.path(), method, 160);
        let [one, two, killed] = ["one", "two", "killed"].map(|which| format!("{name}-{which}"));
        run_to(0, folder.path(), &["calibrate", "study.ron", "--threads", "1", "--out", &one]);
        run_to(0, folder.path(), &["calibrate", "study.ron", "--threads", "2", "--out", &two]);
        let whole = folder.path().join(&one);
        assert_same_files(&whole, &folder.path().join(&two));
        let mut kills = 0;
        for attempt in 0..6_u64 {
            let mut child =
                spiral(folder.path(), &["calibrate", "study.ron", "--out", &killed, "--resume"]).spawn().expect("it starts");
            std::thread::sleep(std::time::Duration::from_millis(30 + 40 * attempt));
            // It may have ended by then.
            let _ = child.kill();
            kills += u32::from(!child.wait().expect("it ends").success());
        }
        assert!(kills > 0, "it was never killed on its way");
        // A batch that is damaged is simulated again.
        let batch = folder.path().join(&killed).join("batches/000000.batch");
        if let Ok(mut bytes) = std::fs::read(&batch) {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(&batch, bytes).expect("a writable folder");
        }
        run_to(0, folder.path(), &["calibrate", "study.ron", "--out", &killed, "--resume"]);
        assert_same_files(&whole, &folder.path().join(&killed));
    }
}

#[test]
fn another_study_is_refused() {
    let folder = folder();
    study(folder.path(), ABC_SMC, 60);
    let arguments = ["calibrate", "study.ron", "--out", "c"];
    let ran = run_to(0, folder.path(), &[&arguments[..], &["--json"]].concat());
    let told: Value = serde_json::from_str(&ran.out).expect("JSON alone");
    assert_eq!((told["method"].as_str(), told["candidates"].as_u64()), (Some("abc-smc"), Some(60)));
    assert!(folder.path().join("c/posterior.parquet").exists());
    let before = files(&folder.path().join("c"));
    let refused = run_to(2, folder.path(), &arguments);
    assert!(refused.err.contains("already holds a study"), "{}", refused.err);
    let again = run_to(0, folder.path(), &[&arguments[..], &["--resume", "--json"]].concat());
    assert_eq!(again.out, ran.out);
    let other = run_to(2, folder.path(), &[&arguments[..], &["--resume", "--seed", "4"]].concat());
    assert!(other.err.contains("seed: 3 there, 4 asked for"), "{}", other.err);
    let sweep = run_to(2, folder.path(), &["sweep", "study.ron", "--out", "c"]);
    assert!(sweep.err.contains("no key `targets`"), "{}", sweep.err);
    assert_eq!(files(&folder.path().join("c")), before);
}
