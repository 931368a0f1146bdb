//! `--uncertain`: histories that draw their judgements.

use serde_json::Value;

use super::{files, folder, run_to};

#[test]
fn an_uncertain_ensemble_divides_its_variance() {
    let folder = folder();
    let arguments = ["ensemble", "two-states", "-n", "60", "--uncertain", "--years", "0..10"];
    let ran = run_to(0, folder.path(), &arguments);
    for part in [
        "judgements drawn",
        "How much is judgement and how much is chance",
        "--uncertain",
        "studies/ensemble-two-states-n60-0to10-uncertain",
    ] {
        assert!(ran.out.contains(part), "the output lacks {part:?}:\n{}", ran.out);
    }
    let widest = ran.out.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest <= 80, "{widest} columns:\n{}", ran.out);
    let study = folder.path().join("studies/ensemble-two-states-n60-0to10-uncertain");
    let found = files(&study);
    let text = |name: &str| String::from_utf8_lossy(&found[std::path::Path::new(name)]).into_owned();
    let summary: Value = serde_json::from_str(&text("summary.json")).expect("JSON");
    assert_eq!(summary["uncertain"], true);
    let war = summary["scenarios"][0]["variance"].as_array().expect("parts").iter().find(|part| part["name"] == "war");
    let war = war.expect("war");
    assert_eq!(war["judgement"]["n"], 30);
    assert!(text("report.html").contains("Judgement and chance") && text("report.html").contains("--uncertain"));
    // The outcomes of a certain study know nothing of it.
    let plain = run_to(0, folder.path(), &["ensemble", "two-states", "-n", "60", "--years", "0..10", "--json"]);
    let plain: Value = serde_json::from_str(&plain.out).expect("JSON");
    assert!(plain["uncertain"].is_null() && plain["scenarios"][0]["variance"].is_null());
    // A history of the study is the one that `run` prints.
    let replayed = run_to(0, folder.path(), &["replay", "studies/ensemble-two-states-n60-0to10-uncertain", "--history", "7"]);
    let run = run_to(0, folder.path(), &["run", "two-states", "--history", "7", "--uncertain", "--years", "0..10"]);
    assert_eq!(replayed.out, run.out);
    assert!(run.out.contains("draw 3") && run.out.contains("History 6 has the same judgements"), "{}", run.out);
}

#[test]
fn one_history_lists_what_it_drew() {
    let folder = folder();
    let json = |history: &str, set: &[&str]| -> Value {
        let arguments = [&["run", "two-states", "--json", "--uncertain", "--years", "0..5", "--history", history], set].concat();
        serde_json::from_str(&run_to(0, folder.path(), &arguments).out).expect("JSON")
    };
    let drawn = |found: &Value| found["histories"][0]["judgement_draw"]["judgements"].clone();
    let (six, seven, eight) = (json("6", &[]), json("7", &[]), json("8", &[]));
    assert!(drawn(&six).as_array().is_some_and(|list| list.len() > 10));
    assert_eq!(drawn(&six), drawn(&seven));
    assert_ne!(drawn(&six), drawn(&eight));
    // What is set is not drawn; all else is drawn as before.
    let set = drawn(&json("6", &["--set", "beliefs.suspicion=0.3"]));
    let set = set.as_array().expect("a list");
    assert!(set.iter().all(|judgement| judgement["path"] != "beliefs.suspicion"));
    assert!(set.iter().all(|judgement| drawn(&six).as_array().expect("a list").contains(judgement)));
}

#[test]
fn figures_of_a_comparison_have_a_paler_band_unless_it_is_left_out() {
    let folder = folder();
    let arguments = ["compare", "two-states", "splendid-isolation", "-n", "20", "--years", "0..6"];
    let ran = run_to(0, folder.path(), &[&arguments[..], &["--out", "with"]].concat());
    assert!(ran.out.contains("judgements/"), "{}", ran.out);
    run_to(0, folder.path(), &[&arguments[..], &["--out", "without", "--no-uncertain"]].concat());
    let (with, without) = (files(&folder.path().join("with")), files(&folder.path().join("without")));
    let file = |name: &str| std::path::PathBuf::from(name);
    assert!(with.contains_key(&file("judgements/curves.parquet")) && !without.contains_key(&file("judgements/curves.parquet")));
    for name in ["outcomes.parquet", "curves.parquet", "events.parquet", "summary.json", "manifest.json"] {
        assert!(with[&file(name)] == without[&file(name)], "{name} differs");
    }
    let pale = |found: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| {
        String::from_utf8_lossy(&found[&file("figures/burden-two-states.svg")]).contains("with judgements drawn")
    };
    assert!(pale(&with) && !pale(&without));
    // The figures are drawn again from the directory, as they were.
    run_to(0, folder.path(), &["figures", "with"]);
    assert!(files(&folder.path().join("with")) == with);
}

#[test]
fn mistakes_are_explained() {
    let folder = folder();
    let both = run_to(2, folder.path(), &["compare", "two-states", "stag-hunt", "--uncertain", "--no-uncertain"]);
    assert!(both.told().contains("cannot be used with"), "{}", both.err);
    let study = "(scenario: \"two-states\", design: (kind: \"grid\"), histories: (until: \"war\", width: 0.2),
                  factors: [(path: \"technology.balance\", levels: [0.5, 1])])";
    std::fs::write(folder.path().join("study.ron"), study).expect("a file");
    let stop = run_to(2, folder.path(), &["sweep", "study.ron", "--uncertain"]);
    assert!(stop.told().contains("give a fixed number of histories"), "{}", stop.err);
    let known = run_to(2, folder.path(), &["run", "two-states", "--uncertian"]);
    assert!(known.told().contains("'--uncertain'"), "{}", known.err);
}
