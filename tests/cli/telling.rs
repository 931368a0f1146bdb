//! `run`: one history told.

use serde_json::Value;

use super::{folder, run_to};

#[test]
fn a_history_is_told_with_dates_reasons_and_a_chart() {
    let folder = folder();
    let told = run_to(0, folder.path(), &["run", "pre-wwi"]);
    assert!(told.err.is_empty(), "{}", told.err);
    for part in ["Entente cordiale", "In short:", "Arms, billion int$", "Germany", "challenges"] {
        assert!(told.out.contains(part), "the chronicle lacks {part:?}:\n{}", told.out);
    }
    assert!(told.out.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c)), "no curves in the chart:\n{}", told.out);
    assert!(!told.out.contains('\u{1b}'), "colours in a pipe");
    let widest = told.out.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest <= 80, "{widest} columns");
    let coloured = run_to(0, folder.path(), &["run", "pre-wwi", "--color=always"]).out;
    assert!(coloured.contains('\u{1b}'), "no colours although asked for");
    let again = run_to(0, folder.path(), &["run", "pre-wwi"]).out;
    assert_eq!(told.out, again);
    let other = run_to(0, folder.path(), &["run", "pre-wwi", "--history", "1"]).out;
    assert_ne!(told.out, other);
}

/// The row of history `history` in outcomes.csv, by column.
fn row(csv: &str, history: &str) -> std::collections::BTreeMap<String, String> {
    let mut lines = csv.lines().map(|line| line.split(',').map(str::to_string).collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let column = header.iter().position(|name| name == "history").expect("a column history");
    let row = lines.find(|row| row[column] == history).expect("the row");
    header.into_iter().zip(row).collect()
}

#[test]
fn the_history_is_that_of_the_ensemble_to_the_bit() {
    let folder = folder();
    run_to(0, folder.path(), &["ensemble", "pre-wwi", "-n", "20", "--csv", "--out", "e", "--quiet"]);
    let outcomes = std::fs::read_to_string(folder.path().join("e/outcomes.csv")).expect("outcomes.csv");
    for history in ["0", "7", "19"] {
        let run = run_to(0, folder.path(), &["run", "pre-wwi", "--history", history, "--json"]);
        let run: Value = serde_json::from_str(&run.out).expect("JSON alone");
        let outcome = &run["histories"][0]["outcome"];
        let row = row(&outcomes, history);
        for name in ["first_war_date", "general_war_date", "peak_burden", "arms_growth", "spiral_rate", "end_date"] {
            let (one, other) = (outcome[name].as_f64(), row[name].parse::<f64>().ok());
            assert_eq!(one.map(f64::to_bits), other.map(f64::to_bits), "history {history}, {name}: {one:?} and {other:?}");
        }
        for name in ["crises", "wars"] {
            assert_eq!(outcome[name].to_string(), row[name], "history {history}, {name}");
        }
        for name in ["initiator", "target", "motive"] {
            assert_eq!(outcome[name].as_str().unwrap_or_default(), row[name], "history {history}, {name}");
        }
    }
}

#[test]
fn what_is_written_says_the_same_as_what_is_printed() {
    let folder = folder();
    let printed = run_to(0, folder.path(), &["run", "pre-wwi", "--out", "told"]).out;
    let chronicle = std::fs::read_to_string(folder.path().join("told/chronicle.txt")).expect("chronicle.txt");
    assert!(printed.starts_with(chronicle.trim_end()), "{chronicle}");
    let history = std::fs::read_to_string(folder.path().join("told/history.json")).expect("history.json");
    let history: Value = serde_json::from_str(&history).expect("JSON");
    let events = history["histories"][0]["events"].as_array().expect("events").len();
    let csv = std::fs::read_to_string(folder.path().join("told/events.csv")).expect("events.csv");
    assert_eq!(csv.lines().count(), events + 1);
    let refused = run_to(2, folder.path(), &["run", "pre-wwi", "--out", "told"]);
    assert!(refused.told().contains("is not changed"), "{}", refused.err);
}

#[test]
fn members_of_a_file_are_told_one_after_the_other() {
    let folder = folder();
    let told = run_to(0, folder.path(), &["run", "four-worlds", "--json"]).out;
    let told: Value = serde_json::from_str(&told).expect("JSON alone");
    let names: Vec<&str> =
        told["histories"].as_array().expect("a list").iter().filter_map(|history| history["scenario"].as_str()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names.contains(&"four-worlds/offence-indistinguishable"), "{names:?}");
}

#[test]
fn crises_that_passed_are_told_when_asked_for() {
    let folder = folder();
    let few = run_to(0, folder.path(), &["run", "pre-wwi"]).out;
    let all = run_to(0, folder.path(), &["run", "pre-wwi", "--all"]).out;
    let count = |text: &str| text.matches("challenges").count();
    assert!(count(&all) > count(&few), "{} and {}", count(&all), count(&few));
    assert!(few.contains("Lesser crises") && !all.contains("Lesser crises"));
}

#[test]
fn without_the_timeline_nothing_of_it_is_told() {
    let folder = folder();
    let treaty = "Franco-Russian military convention";
    assert!(run_to(0, folder.path(), &["run", "pre-wwi"]).out.contains(treaty));
    assert!(!run_to(0, folder.path(), &["run", "pre-wwi", "--without", "timeline"]).out.contains(treaty));
}

#[test]
fn years_that_the_figures_do_not_cover_are_remarked_upon() {
    let folder = folder();
    let remark = |scenario: &'static str, years: &'static str, more: &[&'static str]| {
        let words = [&["run", scenario, "--years", years], more].concat();
        run_to(0, folder.path(), &words).told()
    };
    let both = remark("pre-wwi", "1880..1925", &[]);
    assert!(
        both.contains(
            "pre-wwi is a scenario of 1890 to 1920: before 1890 everything that changes with the date has its first value"
        ),
        "{both}"
    );
    assert!(both.contains("after 1920 output grows as"), "{both}");
    assert!(!remark("pre-wwi", "1890..1920", &[]).contains("is a scenario of"));
    assert!(!remark("pre-wwi", "1880..1925", &["--quiet"]).contains("is a scenario of"));
    assert!(!remark("two-states", "-10..100", &[]).contains("is a scenario of"), "nothing in it has a date");
}
