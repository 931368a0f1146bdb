//! `cluster`, `shard --dry-run`, and `merge` of a directory that holds the shards.

use serde_json::Value;

use super::{assert_same_files, folder, run_to};

/// A study of four points and eight parts.
fn study(folder: &std::path::Path) {
    let text = "(scenario: \"two-states\", years: (0, 10), design: (kind: \"grid\"), histories: 256, outcomes: [\"war\", \"peak_burden\"],
        factors: [(path: \"technology.first_strike\", levels: [1.0, 2.2]), (mechanism: \"beliefs\")])";
    std::fs::write(folder.join("study.ron"), text).expect("a writable folder");
}

#[test]
fn a_script_runs_every_shard_and_only_prints() {
    let folder = folder();
    study(folder.path());
    for engine in ["slurm", "pbs", "sge", "lsf", "htcondor", "hq", "kubernetes", "parallel"] {
        let script = run_to(0, folder.path(), &["cluster", engine, "study.ron", "--shards", "4", "--rows", "none"]).out;
        for words in ["--rows", "none", "--of", "--resume", "spiral merge shards"] {
            assert!(script.contains(words), "{engine} lacks {words}:\n{script}");
        }
    }
    let some = run_to(0, folder.path(), &["cluster", "parallel", "study.ron", "--shards", "4", "--only", "1,3"]).out;
    assert!(some.contains("printf '%s\\n' 1 3 |"), "{some}");
    let many = run_to(2, folder.path(), &["cluster", "slurm", "study.ron", "--shards", "9"]);
    assert!(many.told().contains("8 is the largest number that is of use"), "{}", many.err);
    let names: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(names.len(), 1, "a script was written, or something simulated");
}

#[test]
fn a_dry_run_lists_all_parts_once() {
    let folder = folder();
    study(folder.path());
    let mut histories = 0;
    let mut seen = std::collections::BTreeSet::new();
    for index in ["0", "1", "2"] {
        let arguments = ["shard", "study.ron", "--index", index, "--of", "3", "--dry-run", "--json"];
        let told: Value = serde_json::from_str(&run_to(0, folder.path(), &arguments).out).expect("JSON");
        assert_eq!((&told["histories"], &told["points"], &told["most_shards"]), (&1024.into(), &4.into(), &8.into()));
        for part in told["shard"]["parts"].as_array().expect("a list") {
            histories += part["histories"].as_u64().expect("a number");
            assert!(seen.insert((part["point"].as_u64(), part["first"].as_u64())), "{part} is in two shards");
        }
        assert!(told["shard"]["dyad_ticks"].as_u64().is_some_and(|cost| cost > 0));
    }
    assert_eq!((histories, seen.len()), (1024, 8));
    let words = run_to(0, folder.path(), &["shard", "study.ron", "--index", "0", "--of", "3", "--dry-run"]).out;
    assert!(words.starts_with("Shard 0 of 3 has 384 of 1024 histories, in 3 parts; at most 8 shards are of use\n"), "{words}");
    let refused = run_to(2, folder.path(), &["shard", "study.ron", "--index", "0", "--of", "3", "--json", "--out", "x"]);
    assert!(refused.told().contains("--json belongs to --dry-run"), "{}", refused.err);
}

#[test]
fn missing_shards_are_named_and_the_rest_is_merged_when_they_come() {
    let folder = folder();
    study(folder.path());
    for rows in ["all", "none"] {
        let whole = format!("whole-{rows}");
        run_to(0, folder.path(), &["sweep", "study.ron", "--rows", rows, "--out", &whole]);
        let (shards, merged) = (format!("shards-{rows}"), format!("merged-{rows}"));
        let out = format!("{shards}/{{index}}");
        let shard = |index: &str| {
            let arguments = ["shard", "study.ron", "--rows", rows, "--index", index, "--of", "4", "--out", &out, "--resume"];
            run_to(0, folder.path(), &arguments);
        };
        shard("0");
        shard("2");
        let state = run_to(1, folder.path(), &["cluster", "status", &shards]);
        assert!(
            state.out.contains("missing       2      1,3") && state.told().contains("2 of 4 shards"),
            "{}{}",
            state.out,
            state.err
        );
        let missing = run_to(2, folder.path(), &["merge", &shards, "--out", &merged]);
        assert!(missing.told().contains("shards 1,3 of 4 missing"), "{}", missing.err);
        assert!(!folder.path().join(&merged).join("summary.json").exists(), "a summary of some shards");
        shard("1");
        shard("3");
        let state = run_to(0, folder.path(), &["cluster", "status", &shards, "--json"]);
        let state: Value = serde_json::from_str(&state.out).expect("JSON");
        assert_eq!(state["complete"], serde_json::json!([0, 1, 2, 3]));
        run_to(0, folder.path(), &["merge", &shards, "--out", &merged]);
        assert_same_files(&folder.path().join(&whole), &folder.path().join(&merged));
    }
}

#[test]
fn a_study_without_rows_says_what_it_keeps() {
    let folder = folder();
    study(folder.path());
    let ran = run_to(0, folder.path(), &["sweep", "study.ron", "--rows", "none", "--csv", "--out", "lean"]);
    assert!(ran.out.contains("responses, tallies"), "{}", ran.out);
    let lean = folder.path().join("lean");
    assert!(lean.join("tallies.csv").exists() && !lean.join("outcomes.parquet").exists());
    let page = std::fs::read_to_string(lean.join("report.html")).expect("a page");
    assert!(page.contains("spiral sweep study.ron --rows none"), "the page does not say how to make the study again");
    run_to(0, folder.path(), &["sweep", "study.ron", "--out", "full"]);
    let shown = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(folder.path().join(name).join("summary.json")).expect("a summary")).expect("JSON")
    };
    let (lean, full) = (shown("lean"), shown("full"));
    for point in 0..4 {
        let of = |summary: &Value, name: &str| summary["points"][point]["outcomes"][name]["estimate"].as_f64().expect("a number");
        assert_eq!(of(&lean, "war"), of(&full, "war"), "point {point}");
        assert!((of(&lean, "peak_burden") - of(&full, "peak_burden")).abs() < 1e-12, "point {point}");
    }
    let refused = run_to(2, folder.path(), &["export", "lean", "--to", "csv", "--unit", "history"]);
    assert!(refused.told().contains("was made with --rows none"), "{}", refused.err);
    let refused = run_to(2, folder.path(), &["sweep", "study.ron", "--rows", "some", "--out", "x"]);
    assert!(refused.told().contains("write all or none"), "{}", refused.err);
}
