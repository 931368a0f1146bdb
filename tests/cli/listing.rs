//! `scenarios`, `show` and `verify`.

use serde_json::Value;

use super::{folder, run_to};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("not JSON alone: {error}\n{text}"))
}

#[test]
fn scenarios_are_listed_with_their_questions() {
    let folder = folder();
    let listed = run_to(0, folder.path(), &["scenarios"]).out;
    let names = json(&run_to(0, folder.path(), &["scenarios", "--json"]).out);
    let names = names.as_array().expect("a list");
    assert!(names.len() >= 5, "{} scenarios", names.len());
    for entry in names {
        let name = entry["name"].as_str().expect("a name");
        assert!(listed.contains(name), "{name} is not listed");
        assert!(!entry["question"].as_str().expect("a question").is_empty(), "{name} asks nothing");
        run_to(0, folder.path(), &["show", name]);
    }
}

#[test]
fn every_number_is_shown_with_unit_meaning_and_origin() {
    let folder = folder();
    let shown = run_to(0, folder.path(), &["show", "pre-wwi"]).out;
    let line = |path: &str| shown.lines().find(|line| line.trim_start().starts_with(path)).unwrap_or_else(|| panic!("no {path}"));
    for (path, parts) in [
        ("technology.balance ", &["0.35", "ratio", "judgement, 0.25 to 0.6"][..]),
        ("states.GBR.output ", &["257 in 1890", "billion int$ a year", "Maddison Project Database 2020"]),
        ("arming.custom_rate ", &["0.044", "1/year", "η_h", "default"]),
    ] {
        for part in parts {
            assert!(line(path).contains(part), "{path} lacks {part:?}: {}", line(path));
        }
    }
    let set = run_to(0, folder.path(), &["show", "pre-wwi", "technology", "--set", "technology.balance=0.5", "--json"]).out;
    let values = json(&set);
    let values = values[0]["values"].as_array().expect("values").clone();
    assert!(values.iter().all(|value| value["path"].as_str().is_some_and(|path| path.starts_with("technology."))));
    let balance = values.iter().find(|value| value["path"] == "technology.balance").expect("the balance");
    assert_eq!((&balance["value"], &balance["origin"]["kind"]), (&Value::from(0.5), &Value::from("set")));
}

#[test]
fn the_step_is_shown_in_the_order_in_which_it_runs() {
    let folder = folder();
    let steps = run_to(0, folder.path(), &["show", "two-states", "--schedule"]).out;
    let at = |name: &str| steps.find(name).unwrap_or_else(|| panic!("no {name} in\n{steps}"));
    assert!(at("perceive threat") < at("run crises"), "{steps}");
    let without = run_to(0, folder.path(), &["show", "two-states", "--schedule", "--without", "threat"]).out;
    assert!(!without.contains("perceive threat"), "{without}");
}

#[test]
fn the_simulator_agrees_with_the_closed_forms() {
    let folder = folder();
    let verified = run_to(0, folder.path(), &["verify", "--json"]);
    let told = run_to(0, folder.path(), &["verify"]).out;
    assert!(told.lines().all(|line| line.chars().count() <= 80) && told.contains("oracle"), "{told}");
    let checks = json(&verified.out);
    let checks = checks.as_array().expect("a list");
    for oracle in ["O1", "O2", "O3", "O4", "O5", "O7", "O8", "O9", "O12", "O13", "O17"] {
        assert!(checks.iter().any(|check| check["oracle"] == oracle), "no check of {oracle}");
    }
    assert!(checks.iter().all(|check| check["ok"] == true), "{checks:?}");
    assert!(verified.err.is_empty(), "{}", verified.err);
}
