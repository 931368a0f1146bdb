//! `columns`: every column of every file is listed, and nothing else.

use std::path::Path;

use serde_json::Value;

use super::{files, folder, run_to};

/// The tables that `spiral columns --json` lists.
fn listed(folder: &Path) -> Vec<Value> {
    let text = run_to(0, folder, &["columns", "--json"]).out;
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("no JSON: {error}\n{text}"))
}

/// Asserts that the header of every CSV file of a study is what is listed of its table; returns the tables that were seen.
fn check(directory: &Path, tables: &[Value]) -> Vec<String> {
    let mut seen = Vec::new();
    for (path, bytes) in files(directory) {
        if path.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let table = tables.iter().find(|table| table["table"] == name.as_str()).unwrap_or_else(|| panic!("{name} is not listed"));
        let columns = table["columns"].as_array().expect("a list");
        let fixed: Vec<&str> = columns
            .iter()
            .filter(|column| column["repeated"] == false)
            .map(|column| column["name"].as_str().expect("a name"))
            .collect();
        let text = String::from_utf8(bytes).expect("text");
        let header: Vec<&str> = text.lines().next().expect("a header").split(',').collect();
        assert!(header.starts_with(&fixed), "{name}: {header:?} where {fixed:?} are listed");
        let repeated = fixed.len() < columns.len();
        assert_eq!(header.len() > fixed.len(), repeated, "{name}: {header:?} where {fixed:?} are listed");
        seen.push(name);
    }
    seen
}

#[test]
fn every_column_of_the_files_of_a_study_is_listed_and_nothing_else() {
    let folder = folder();
    let tables = listed(folder.path());
    run_to(
        0,
        folder.path(),
        &["ensemble", "two-states", "-n", "8", "--years", "0..10", "--panel", "3", "--csv", "--out", "ensemble"],
    );
    assert_eq!(check(&folder.path().join("ensemble"), &tables), ["curves", "dyads", "events", "failures", "outcomes", "states"]);
    let study = "(scenario: \"two-states\", years: (0, 10), design: (kind: \"morris\", trajectories: 4), histories: 8,
        outcomes: [\"peak_burden\"], factors: [(path: \"technology.balance\", range: (0.25, 4.0), scale: \"log\"),
                                              (path: \"beliefs.suspicion\", range: (0.05, 0.6))])";
    std::fs::write(folder.path().join("study.ron"), study).expect("a writable folder");
    run_to(0, folder.path(), &["sensitivity", "study.ron", "--csv", "--out", "sensitivity"]);
    let seen = check(&folder.path().join("sensitivity"), &tables);
    assert!(["points", "responses", "sensitivity"].iter().all(|name| seen.iter().any(|other| other == name)), "{seen:?}");
}

#[test]
fn the_list_says_type_unit_and_meaning_in_eighty_columns() {
    let folder = folder();
    let text = run_to(0, folder.path(), &["columns"]).out;
    let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    for table in listed(folder.path()) {
        assert!(text.contains(&format!("{}: one row is ", table["table"].as_str().expect("a name"))), "{table}");
        for column in table["columns"].as_array().expect("a list") {
            let (name, holds) = (column["name"].as_str().expect("a name"), column["type"].as_str().expect("a type"));
            let known = ["text", "boolean", "int32", "int64", "float64"].contains(&holds);
            let meaning = column["meaning"].as_str().expect("a meaning");
            assert!(known && meaning.ends_with('.') && text.contains(name), "{column}");
        }
    }
    let one = run_to(0, folder.path(), &["columns", "outcomes"]).out;
    assert!(one.contains("first_war_date") && !one.contains("curves: "), "{one}");
    let unknown = run_to(2, folder.path(), &["columns", "outcome"]).told();
    assert!(unknown.contains("there is no table `outcome`; the tables are outcomes, curves, events, failures"), "{unknown}");
}
