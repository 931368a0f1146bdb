//! `sweep`, `sensitivity`, `replay`, `shard` and `merge`.

use std::path::Path;

use serde_json::Value;

use super::{assert_same_files, files, folder, kill_after, run_to};

/// A study of `two-states` over a few years, in a file of this folder.
fn study(folder: &Path, design: &str, histories: &str) {
    let text = format!(
        "(scenario: \"two-states\", design: {design}, histories: {histories}, outcomes: [\"war\", \"peak_burden\"],
          factors: [(path: \"technology.balance\", range: (0.25, 4.0), scale: \"log\"),
                    (path: \"beliefs.suspicion\", range: (0.05, 0.6)), (mechanism: \"prevention\")])"
    );
    std::fs::write(folder.join("study.ron"), text).expect("a writable folder");
}

#[test]
fn a_sweep_leaves_points_and_responses() {
    let folder = folder();
    study(folder.path(), "(kind: \"lhs\", points: 6)", "40");
    let ran = run_to(0, folder.path(), &["sweep", "study.ron", "--csv"]);
    assert!(ran.err.is_empty(), "{}", ran.err);
    for part in
        ["study: 6 points, 240 histories, 0 failed", "Histories with a war\n", "without prevention", "studies/sweep-study"]
    {
        assert!(ran.out.contains(part), "the output lacks {part:?}:\n{}", ran.out);
    }
    let widest = ran.out.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(widest <= 80, "{widest} columns:\n{}", ran.out);
    let found = files(&folder.path().join("studies/sweep-study"));
    for name in ["points", "responses", "outcomes", "events", "failures"] {
        for ending in ["parquet", "csv"] {
            assert!(found.contains_key(Path::new(&format!("{name}.{ending}"))), "no {name}.{ending} in {:?}", found.keys());
        }
    }
    let lines = |name: &str| String::from_utf8_lossy(&found[Path::new(name)]).lines().count();
    assert_eq!([lines("points.csv"), lines("responses.csv"), lines("outcomes.csv")], [7, 13, 241]);
    let summary: Value = serde_json::from_slice(&found[Path::new("summary.json")]).expect("JSON");
    assert_eq!(summary["points"].as_array().map(Vec::len), Some(6));
    assert_eq!(summary["points"][5]["outcomes"]["war"]["n"], 40);
    let war = picture(&folder.path().join("studies/sweep-study"), "over-war");
    for part in
        ["technology.balance", "beliefs.suspicion", "prevention", "Histories with a war, %", "6 points, 40 histories each"]
    {
        assert!(war.contains(part), "the picture lacks {part:?}: {war}");
    }
}

#[test]
fn grids_of_one_and_of_three_factors_have_pictures() {
    let folder = folder();
    study(folder.path(), "(kind: \"grid\")", "8");
    let text = std::fs::read_to_string(folder.path().join("study.ron")).expect("it is there");
    let text = text.replace("\"log\")", "\"log\", steps: 3)").replace("0.6))", "0.6), steps: 2)");
    std::fs::write(folder.path().join("three.ron"), &text).expect("a writable folder");
    run_to(0, folder.path(), &["sweep", "three.ron", "--out", "three"]);
    let war = picture(&folder.path().join("three"), "over-war");
    for part in ["technology.balance", "beliefs.suspicion", "prevention", "off on", "main effect", "12 points"] {
        assert!(war.contains(part), "the picture lacks {part:?}: {war}");
    }
    let planes = picture(&folder.path().join("three"), "plane-war");
    for part in ["by three factors", "prevention = off", "prevention = on", "technology.balance, ratio"] {
        assert!(planes.contains(part), "the planes lack {part:?}: {planes}");
    }
    let one = "(scenario: \"two-states\", design: (kind: \"grid\"), histories: 24, curves: true, outcomes: [\"war\"],
        factors: [(path: \"beliefs.suspicion\", range: (0.05, 0.6), scale: \"log\", steps: 3)])";
    std::fs::write(folder.path().join("one.ron"), one).expect("a writable folder");
    run_to(0, folder.path(), &["sweep", "one.ron", "--out", "one"]);
    let one = folder.path().join("one");
    for (name, part) in [
        ("over-war", "beliefs.suspicion, probability"),
        ("curves-arms", "by beliefs.suspicion"),
        ("curves-burden", "burden, % of output"),
    ] {
        let said = picture(&one, name);
        assert!(said.contains(part), "{name} lacks {part:?}: {said}");
    }
    let before = files(&one);
    std::fs::remove_dir_all(one.join("figures")).expect("a writable folder");
    run_to(0, folder.path(), &["figures", "one"]);
    assert!(files(&one) == before, "drawn anew, the pictures are others");
}

#[test]
fn threads_shards_and_a_kill_change_no_byte() {
    let folder = folder();
    study(folder.path(), "(kind: \"sobol\", points: 8)", "(until: \"war\", width: 0.05, at_least: 64, at_most: 640)");
    run_to(0, folder.path(), &["sweep", "study.ron", "--threads", "1", "--out", "one"]);
    run_to(0, folder.path(), &["sweep", "study.ron", "--threads", "2", "--out", "two"]);
    let one = folder.path().join("one");
    assert_same_files(&one, &folder.path().join("two"));
    for index in ["0", "1", "2"] {
        run_to(0, folder.path(), &["shard", "study.ron", "--index", index, "--of", "3", "--out", index]);
    }
    let missing = run_to(2, folder.path(), &["merge", "0", "2", "--out", "merged"]);
    assert!(missing.told().contains("parts are in none of the directories"), "{}", missing.err);
    let own = run_to(2, folder.path(), &["merge", "0", "1", "2", "--out", "./1"]);
    assert!(own.told().contains("is one of the shards: merge into a directory of its own"), "{}", own.err);
    run_to(0, folder.path(), &["merge", "0", "1", "2", "--out", "merged"]);
    assert_same_files(&one, &folder.path().join("merged"));
    for parts in [1, 4] {
        kill_after(folder.path(), &["sweep", "study.ron", "--out", "killed", "--resume"], "killed", parts);
    }
    run_to(0, folder.path(), &["sweep", "study.ron", "--out", "killed", "--resume"]);
    assert_same_files(&one, &folder.path().join("killed"));
}

#[test]
fn an_ensemble_is_sharded_by_its_directory() {
    let folder = folder();
    run_to(0, folder.path(), &["ensemble", "two-states", "-n", "600", "--out", "whole"]);
    for index in ["0", "1"] {
        run_to(0, folder.path(), &["shard", "whole", "--index", index, "--of", "2", "--out", index]);
    }
    run_to(0, folder.path(), &["merge", "0", "1", "--out", "merged"]);
    assert_same_files(&folder.path().join("whole"), &folder.path().join("merged"));
}

#[test]
fn sensitivity_tells_what_moves_an_outcome() {
    let folder = folder();
    for (design, measure) in [("(kind: \"morris\", trajectories: 10)", "mu_star"), ("(kind: \"saltelli\", samples: 16)", "total")]
    {
        study(folder.path(), design, "64");
        let ran = run_to(0, folder.path(), &["sensitivity", "study.ron", "--out", measure]);
        assert!(ran.out.contains("Random variation is at most"), "{}", ran.out);
        let widest = ran.out.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(widest <= 80, "{widest} columns:\n{}", ran.out);
        let found = files(&folder.path().join(measure));
        for name in
            ["sensitivity.json", "sensitivity.parquet", "problem.txt", "figures/sensitivity-war.svg", "figures/over-war.svg"]
        {
            assert!(found.contains_key(Path::new(name)), "no {name} in {:?}", found.keys());
        }
        let page = String::from_utf8_lossy(&found[Path::new("report.html")]).into_owned();
        let place = |part: &str| page.find(part).unwrap_or_else(|| panic!("the page lacks {part:?}"));
        assert!(place("Which factors change each outcome") < place("Outcomes of each point"), "the page");
        let told: Value = serde_json::from_slice(&found[Path::new("sensitivity.json")]).expect("JSON");
        let war = &told["outcomes"][0];
        assert_eq!((war["outcome"].as_str(), war["factors"].as_array().map(Vec::len)), (Some("war"), Some(3)));
        let estimate = |factor: usize| war["factors"][factor][measure]["estimate"].as_f64().expect("a number");
        // States act on what they believe of technology, which is given here; suspicion moves them.
        assert!(estimate(1) > 0.1 && estimate(1) > estimate(0), "suspicion moves war more than technology: {war}");
        // What it wrote for SALib, it reads.
        let text = "(scenario: \"two-states\", problem: \"PLACE/problem.txt\", design: (kind: \"lhs\", points: 2), histories: 4)";
        std::fs::write(folder.path().join("again.ron"), text.replace("PLACE", measure)).expect("a writable folder");
        let again = run_to(0, folder.path(), &["sweep", "again.ron", "--json", "--out", &format!("again-{measure}")]);
        let again: Value = serde_json::from_str(&again.out).expect("JSON alone");
        assert_eq!(again["points"][0]["values"].as_object().map(serde_json::Map::len), Some(3));
    }
    study(folder.path(), "(kind: \"grid\")", "4");
    let refused = run_to(2, folder.path(), &["sensitivity", "study.ron"]);
    assert!(refused.told().contains("needs a design of kind morris or saltelli"), "{}", refused.err);
}

#[test]
fn a_history_is_replayed_to_the_bit() {
    let folder = folder();
    run_to(
        0,
        folder.path(),
        &["ensemble", "two-states", "-n", "20", "--seed", "5", "--set", "technology.balance=0.7", "--out", "e"],
    );
    let replayed = run_to(0, folder.path(), &["replay", "e", "--history", "7", "--json"]);
    let arguments = ["run", "two-states", "--seed", "5", "--set", "technology.balance=0.7", "--history", "7", "--json"];
    assert_eq!(replayed.out, run_to(0, folder.path(), &arguments).out);
    let told = run_to(0, folder.path(), &["replay", "e", "--history", "7"]);
    assert!(told.out.contains("history 7 of seed 5"), "{}", told.out);

    // A point of a sweep: the row of the table is the history that is told.
    study(folder.path(), "(kind: \"lhs\", points: 4)", "10");
    run_to(0, folder.path(), &["sweep", "study.ron", "--out", "s", "--csv"]);
    let table = std::fs::read_to_string(folder.path().join("s/outcomes.csv")).expect("the table");
    let header: Vec<&str> = table.lines().next().expect("a header").split(',').collect();
    let column = |name: &str| header.iter().position(|known| *known == name).expect(name);
    for (point, history) in [(0, 3), (3, 9)] {
        let row = table.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
        let row = row
            .into_iter()
            .find(|row| row[column("point")] == point.to_string() && row[column("history")] == history.to_string());
        let row = row.expect("a row");
        let asked = ["replay", "s", "--point", &point.to_string(), "--history", &history.to_string(), "--json"];
        let told: Value = serde_json::from_str(&run_to(0, folder.path(), &asked).out).expect("JSON");
        let burden = told["histories"][0]["outcome"]["peak_burden"].as_f64().expect("a number");
        // The reader of JSON may lose the last bit.
        let there = row[column("peak_burden")].parse::<f64>().expect("a number");
        assert!((burden - there).abs() <= 1e-15 * there.abs(), "{burden} told, {there} in the table: {row:?}");
    }
    for (arguments, told) in [
        (["replay", "s", "--point", "4", "--history", "0"], "no point 4"),
        (["replay", "s", "--point", "0", "--history", "10"], "histories 0 to 9"),
        (["replay", "nowhere", "--point", "0", "--history", "0"], "no manifest.json"),
    ] {
        let ran = run_to(2, folder.path(), &arguments);
        assert!(ran.told().contains(told), "{arguments:?} should say {told:?}: {}", ran.err);
    }
}

/// The texts of a picture.
fn picture(folder: &Path, name: &str) -> String {
    let svg = std::fs::read_to_string(folder.join("figures").join(format!("{name}.svg"))).expect("the picture is there");
    svg.split('<')
        .filter_map(|part| part.strip_prefix("text").and_then(|part| part.split_once('>')))
        .map(|(_, text)| text.trim())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_grid_of_two_factors_is_drawn_as_a_plane_with_its_marks() {
    let folder = folder();
    let text = "(title: \"A plane\", scenario: \"jervis-plane/m033-q000\", design: (kind: \"grid\"), histories: 64, curves: true,
        outcomes: [\"war\", \"preemption\", \"peak_burden\"], marks: [\"pre-wwi\", \"maginot\", \"cold-war\"],
        factors: [(path: \"technology.distinguishability\", range: (0.0, 0.8), steps: 5),
                  (path: \"technology.balance\", also: [\"states.*.perceived_balance\"], range: (0.25, 1.0), scale: \"log\", steps: 3)])";
    std::fs::write(folder.path().join("plane.ron"), text).expect("a writable folder");
    let ran = run_to(0, folder.path(), &["sweep", "plane.ron", "--out", "plane"]);
    assert!(ran.out.contains("curves, events, failures as Parquet"), "{}", ran.out);
    assert!(ran.out.contains("3 figures in figures/; report.html"), "{}", ran.out);
    // Factors that are numbers have columns, by the ends of their paths.
    let header = ran.out.lines().find(|line| line.contains("distinguishability")).expect("a header");
    assert!(header.split_whitespace().eq(["distinguishability", "balance"]), "{header}");
    let plane = folder.path().join("plane");
    let war = picture(&plane, "plane-war");
    for part in [
        "technology.distinguishability ",
        "technology.balance, ratio",
        "Histories with a war, %",
        "0.25 ",
        "0.50 ",
        "1.00 ",
        "pre-wwi",
        // Four members at one place.
        "maginot/*",
        "Outside the plane: cold-war (0.02, 1.46).",
        "states.*.perceived_balance takes the value of technology.balance.",
        "15 points, 64 histories each, seed 1",
        "The widest 95 % interval",
    ] {
        assert!(war.contains(part), "the plane lacks {part:?}: {war}");
    }
    assert!(!war.contains("maginot/wall"), "{war}");
    assert!(!war.contains("0..1"), "a share has no unit: {war}");
    assert!(picture(&plane, "plane-preemption").contains("Grey cells with a dash: no history had a value."));
    // The numbers in the cells are those of the summary: war is almost certain where attack is easy and arms say nothing.
    let summary: Value = serde_json::from_slice(&files(&plane)[Path::new("summary.json")]).expect("JSON");
    let share = |point: usize| summary["points"][point]["outcomes"]["war"]["estimate"].as_f64().expect("a share");
    assert!(share(0) == 0.0 && share(2) > 0.9, "the corners of the defence and of the offence: {} and {}", share(0), share(2));
    assert!(war.contains(&format!(" {:.0} ", 100.0 * share(2))), "{war}");
    // What is drawn anew is what was drawn; the page holds it all.
    let before = files(&plane);
    let page = String::from_utf8_lossy(&before[Path::new("report.html")]).into_owned();
    assert_eq!(page.matches("<svg ").count(), 3);
    assert!(page.contains("spiral sweep plane.ron") && page.contains("Outcomes of each point"), "the page");
    std::fs::remove_dir_all(plane.join("figures")).expect("a writable folder");
    run_to(0, folder.path(), &["figures", "plane"]);
    run_to(0, folder.path(), &["report", "plane"]);
    assert!(files(&plane) == before, "drawn anew, the pictures and the page are others");
}

#[test]
fn interventions_are_told_against_the_first_point() {
    let folder = folder();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/studies/interventions-1914.ron");
    let file = file.to_string_lossy();
    let ran = run_to(0, folder.path(), &["sweep", &file, "-n", "32", "--json", "--out", "i"]);
    let told: Value = serde_json::from_str(&ran.out).expect("JSON alone");
    assert_eq!(told["points"][0]["values"], serde_json::json!({}));
    assert_eq!(told["points"][3]["values"], serde_json::json!({ "no Franco-Russian alliance": 1.0 }));
    assert!(told["points"][3]["against_point_0"][0]["estimate"].is_number(), "{}", told["points"][3]);
    assert!(folder.path().join("i/effects.parquet").exists());
    assert_eq!(told["points"][5]["changes"], "without prevention");
    let effects = picture(&folder.path().join("i"), "effects");
    for part in [
        "no Franco-Russian alliance",
        "without prevention",
        "Histories with a general war",
        "difference, percentage points",
        "difference, years",
        "Point 0: the scenario without changes.",
    ] {
        assert!(effects.contains(part), "the effects lack {part:?}: {effects}");
    }
    // What pairing is worth, with its interval where there are pairs enough.
    let worth = &told["points"][4]["variance_reductions"];
    assert!(worth[0]["estimate"].as_f64().is_some_and(|factor| factor > 0.5 && factor < 100.0), "{worth}");
}

#[test]
fn of_many_points_the_lowest_and_the_highest_are_told() {
    let folder = folder();
    let text = "(scenario: \"two-states\", design: (kind: \"lhs\", points: 24), histories: 8, outcomes: [\"war\"],
        factors: [(path: \"technology.balance\", range: (0.25, 4.0), scale: \"log\"), (path: \"beliefs.suspicion\", range: (0.05, 0.6)),
                  (path: \"states.EAST.greed\", range: (0.0, 0.5)), (path: \"states.WEST.greed\", range: (0.0, 0.5)),
                  (path: \"technology.distinguishability\", range: (0.0, 0.9)), (path: \"crisis.settlement\", range: (0.02, 0.2))])";
    std::fs::write(folder.path().join("many.ron"), text).expect("a writable folder");
    let ran = run_to(0, folder.path(), &["sweep", "many.ron", "--out", "many"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{}", ran.out);
    let header = lines.iter().position(|line| line.contains("balance")).expect("a header");
    // Greed is that of two states, so the name has two parts; the last two factors have no room.
    assert!(lines[header].split_whitespace().eq(["balance", "suspicion", "EAST.greed", "WEST.greed"]), "{}", ran.out);
    let shares: Vec<f64> =
        lines[header + 2..].iter().filter_map(|line| line.split(" %").next()?.split_whitespace().last()?.parse().ok()).collect();
    assert!(shares.len() >= 10 && shares[..10].is_sorted(), "{shares:?} in {}", ran.out);
    assert!(lines[header + 7].trim() == "…" && ran.out.contains("of 24 points"), "{}", ran.out);
    assert!(ran.out.contains("2\nmore factors are in points.parquet"), "{}", ran.out);
}
