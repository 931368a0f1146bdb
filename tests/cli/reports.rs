//! `odd`, `report` and `figures`.

use serde_json::Value;

use super::{assert_same_files, files, folder, run_to};

#[test]
fn the_odd_document_respects_what_is_changed() {
    let folder = folder();
    let plain = run_to(0, folder.path(), &["odd", "two-states"]).out;
    assert!(plain.starts_with("# ODD of two-states\n") && plain.contains("E19 Trade"), "{}", &plain[..500]);
    let changed = run_to(0, folder.path(), &["odd", "two-states", "--without", "trade", "--set", "arming.sensitivity=0.07"]).out;
    assert!(!changed.contains("E19 Trade") && changed.contains("`arming.sensitivity=0.07`"));
    let all = run_to(0, folder.path(), &["odd", "four-worlds"]).out;
    assert_eq!(all.matches("# ODD of four-worlds/").count(), 4);
    let wrong = run_to(2, folder.path(), &["odd", "two-state"]);
    assert!(wrong.told().contains("two-states"), "{}", wrong.err);
}

#[test]
fn a_report_is_one_file_that_needs_no_other() {
    let folder = folder();
    run_to(0, folder.path(), &["compare", "two-states", "maginot/wall", "-n", "20", "--set", "trade.gain=0.9", "--out", "study"]);
    let study = folder.path().join("study");
    let page = std::fs::read_to_string(study.join("report.html")).expect("compare writes it");
    let all = files(&study);
    let pictures = all.keys().filter(|path| path.extension().is_some_and(|kind| kind == "svg")).count();
    assert!(pictures >= 10, "{pictures} pictures");
    assert_eq!(page.matches("<svg ").count(), pictures, "every picture stands in the page");
    for outside in ["<script", "<link", "<img", "src=", "@import", "href=\"http"] {
        assert!(!page.contains(outside), "the page needs {outside}");
    }
    assert_eq!(page.matches("url(").count(), page.matches("url(#").count(), "clips stand in the page too");
    // Every address within the page leads somewhere, and to one place only.
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert_eq!(page.matches(&format!(" id=\"{target}\"")).count(), 1, "#{target}");
    }
    let summary: Value = serde_json::from_slice(&all[std::path::Path::new("summary.json")]).expect("a summary");
    for measure in summary["scenarios"][0]["measures"].as_array().expect("measures") {
        let label = measure["label"].as_str().expect("a label");
        assert!(page.contains(label), "the page lacks {label:?}");
    }
    let command = "spiral compare two-states maginot/wall --histories 20 --seed 1 --set trade.gain=0.9";
    assert!(page.contains(command), "the page does not say how to repeat the study");
    // The command is a real one: it makes the same study.
    let words: Vec<&str> = command.split(' ').skip(1).chain(["--out", "again"]).collect();
    run_to(0, folder.path(), &words);
    assert_same_files(&study, &folder.path().join("again"));
}

#[test]
fn pages_and_pictures_are_made_anew_as_they_were() {
    let folder = folder();
    let file = "( calendar: (start: 1900, end: 1910), states: { \"A\": (name: \"<Aland>\"), \"B\": () } )";
    std::fs::write(folder.path().join("mine.ron"), file).expect("a writable folder");
    run_to(0, folder.path(), &["ensemble", "mine.ron", "-n", "20", "--out", "study"]);
    let study = folder.path().join("study");
    let before = files(&study);
    let page = String::from_utf8_lossy(&before[std::path::Path::new("report.html")]).into_owned();
    assert!(page.contains("&lt;Aland&gt;") && !page.contains("<Aland>"), "the scenario file stands in the page as text");
    std::fs::remove_dir_all(study.join("figures")).expect("a writable folder");
    std::fs::remove_file(study.join("report.html")).expect("a writable folder");
    std::fs::remove_file(folder.path().join("mine.ron")).expect("a writable folder");
    let drawn = run_to(0, folder.path(), &["figures", "study"]).out;
    assert!(drawn.contains("figures, as SVG and PNG"), "{drawn}");
    run_to(0, folder.path(), &["report", "study"]);
    assert_eq!(files(&study).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (name, bytes) in files(&study) {
        assert!(before[&name] == bytes, "{} has changed", name.display());
    }
}

#[test]
fn what_is_no_study_is_said() {
    let folder = folder();
    for command in ["report", "figures"] {
        let ran = run_to(2, folder.path(), &[command, "nowhere"]);
        assert!(ran.told().contains("nowhere"), "{}", ran.err);
    }
}
