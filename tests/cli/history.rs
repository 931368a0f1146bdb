//! `import cow` and `validate`, on small files made for the tests: the right columns, invented numbers.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use super::{files, folder, run_to};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("not JSON alone: {error}\n{text}"))
}

/// Invented files of four states.
fn correlates(folder: &Path) {
    let mut nmc = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n".to_string();
    let mut borders = "dyad,state1no,state1ab,state2no,state2ab,year,conttype,version\n".to_string();
    for year in 1890..=1925 {
        for (name, number, spending) in [("UKG", 200, 30_000), ("FRN", 220, 35_000), ("GMY", 255, 40_000), ("RUS", 365, 45_000)] {
            let spending = spending + 500 * (year - 1890);
            writeln!(nmc, "{name},{number},{year},{spending},500,1000,90000,45000,9000,0.1,2021").expect("a string");
        }
        for (one, other, kind) in [(220, 255, 1), (255, 365, 1), (200, 220, 3)] {
            writeln!(borders, "1,{one},A,{other},B,{year},{kind},3.2").expect("a string");
        }
    }
    std::fs::write(folder.join("nmc.csv"), nmc).expect("a writable folder");
    std::fs::write(folder.join("borders.csv"), borders).expect("a writable folder");
}

const IMPORT: &[&str] = &["import", "cow", "--nmc", "nmc.csv", "--contiguity", "borders.csv"];

#[test]
fn an_imported_scenario_passes_check_runs_and_validates() {
    let folder = folder();
    correlates(folder.path());
    let import = [IMPORT, &["--year", "1900", "--states", "GBR,FRA,GER,RUS", "-o", "made.ron"]].concat();
    let told = run_to(0, folder.path(), &import).out;
    assert!(told.contains("made.ron: 4 states, 1900 to 1920"), "{told}");
    let checked = run_to(0, folder.path(), &["check", "made.ron"]).out;
    assert!(checked.contains("made is valid: 4 states, 1900 to 1920"), "{checked}");
    run_to(0, folder.path(), &["run", "made.ron"]);
    let scores = run_to(0, folder.path(), &["validate", "made.ron", "--nmc", "nmc.csv", "-n", "64", "--json"]).out;
    let scores = json(&scores);
    let metrics: Vec<&str> =
        scores["series"].as_array().expect("a list").iter().filter_map(|series| series["metric"].as_str()).collect();
    assert!(metrics.contains(&"burden") && metrics.contains(&"spending_share"), "{metrics:?}");
    assert!(scores["series"][0]["after"] == "not known", "nobody says what was fitted: {}", scores["series"][0]["after"]);
    // It is there now, and is not written over.
    let again = run_to(2, folder.path(), &import);
    assert!(again.told().contains("made.ron exists already"), "{}", again.err);
}

#[test]
fn what_cannot_be_imported_leaves_nothing_behind() {
    let folder = folder();
    correlates(folder.path());
    let before = files(folder.path());
    for (more, told) in [
        (&["--year", "1800", "-o", "made.ron"][..], "the years of the file are 1890 to 1925"),
        (&["--year", "1900", "--states", "GBR,FRAA", "-o", "made.ron"], "did you mean `FRA` (France)?"),
        (&["--year", "1900", "-o", "nowhere/made.ron"], "there is no folder nowhere"),
        (&["--year", "1900", "--alliances", "borders.csv", "-o", "made.ron"], "this is Direct Contiguity by dyad-year"),
    ] {
        let ran = run_to(2, folder.path(), &[IMPORT, more].concat());
        assert!(ran.told().contains(told), "{more:?} should say {told:?}:\n{}", ran.err);
        assert_eq!(files(folder.path()), before, "{more:?} leaves nothing");
    }
}

#[test]
fn validation_says_what_was_fitted_and_shows_negative_skill() {
    let folder = folder();
    let told = run_to(0, folder.path(), &["validate", "pre-wwii", "-n", "200", "--out", "scores"]).out;
    for part in ["fitted", "looked at", "held out", "Richardson", "Entry into the largest war", "Kendall"] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    // A table that a page cannot hold would be folded letter by letter.
    let longest = told.lines().map(|line| line.chars().count()).max();
    assert!(longest <= Some(80), "a line of {longest:?} characters:\n{told}");
    assert!(!told.contains("validated"), "what was looked at is not called validated:\n{told}");
    let written = files(&folder.path().join("scores"));
    let names: Vec<String> = written.keys().map(|path| path.display().to_string()).collect();
    for name in ["validation.json", "figures/validation-burden.svg", "figures/validation-burden.png", "figures/skill.svg"] {
        assert!(names.iter().any(|written| written == name), "{name} is not among {names:?}");
    }
    let scores = json(&String::from_utf8_lossy(&written[Path::new("validation.json")]));
    let standing = |name: &str| {
        let numbers = scores["numbers"].as_array().expect("a list");
        numbers.iter().find(|number| number["name"] == name).map_or(Value::Null, |number| number["standing"].clone())
    };
    assert_eq!((standing("preemption"), standing("arms_race_odds")), ("fitted".into(), "held out".into()));
    let taken = run_to(2, folder.path(), &["validate", "pre-wwii", "-n", "16", "--out", "scores"]);
    assert!(taken.told().contains("exists already"), "{}", taken.err);
}

#[test]
fn validation_does_not_depend_on_threads() {
    let folder = folder();
    let with = |threads: &str| {
        run_to(0, folder.path(), &["validate", "richardson-1909", "-n", "40", "--json", "--threads", threads]).out
    };
    let one = with("1");
    assert_eq!(one, with("3"));
    // The model is Richardson's own: no chance in it, so every history is the same.
    let scores = json(&one);
    let row = &scores["series"][0]["rows"][0];
    assert_eq!(row["simulated"]["lower"], row["simulated"]["upper"], "{row}");
}
