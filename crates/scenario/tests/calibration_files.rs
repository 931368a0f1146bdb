//! Calibration files: those of the repository, and what a user sees of a wrong one.

use std::path::Path;

use spiral_scenario::{CalibrationAim, CalibrationFile, CalibrationMethod, KnownMeasure, StudySource};

const MEASURES: &[KnownMeasure] = &[
    KnownMeasure { name: "general_war", label: "Histories with a general war", unit: "share" },
    KnownMeasure { name: "war", label: "Histories with a war", unit: "share" },
    KnownMeasure { name: "crises", label: "Crises in a history", unit: "count" },
    KnownMeasure { name: "preemption", label: "First wars begun by preemption", unit: "share" },
    KnownMeasure { name: "neighbour_crises", label: "Crises, land-neighbour dyad-year", unit: "1/year" },
    KnownMeasure { name: "great_powers_30d", label: "Great powers at war on day 30 of the first war", unit: "count" },
    KnownMeasure { name: "neighbour_wars", label: "Wars, land-neighbour dyad-year", unit: "1/year" },
    KnownMeasure { name: "great_power_crises", label: "Crises, great-power dyad-year", unit: "1/year" },
    KnownMeasure { name: "great_power_wars", label: "Wars, great-power dyad-year", unit: "1/year" },
];

const CRISES: &str = "(judgement: \"crisis.rate\")";
const WAR: &str = "(measure: \"war\", value: 0.5, scale: 0.1, use: \"fit\", source: \"invented\")";

fn read(text: &str) -> Result<CalibrationFile, spiral_scenario::Error> {
    let source = StudySource { file: "mine.ron".to_string(), text: text.to_string(), ..StudySource::default() };
    CalibrationFile::again(&source, MEASURES)
}

fn whole(factors: &str, targets: &str, rest: &str) -> String {
    format!("(\nscenario: \"pre-wwi\",\nfactors: [{factors}],\ntargets: [{targets}],\n{rest}\n)")
}

const REST: &str = "method: (kind: \"cma-es\"), budget: 100,";

#[test]
fn every_calibration_of_the_repository_is_read() {
    let configs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs");
    let folder = |name: &str| std::fs::read_dir(configs.join(name)).expect("the folder is part of the repository");
    let mut read = 0;
    for entry in folder("studies").chain(folder("calibrations")) {
        let path = entry.expect("it can be read").path();
        let starts = |with: &str| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(with));
        if !starts("calibrate-") && !starts("burdens-") {
            continue;
        }
        let file = CalibrationFile::load(&path.to_string_lossy(), MEASURES, None, None).unwrap_or_else(|error| panic!("{error}"));
        assert!(!file.title.is_empty() && !file.question.is_empty(), "{}: a title and a question", path.display());
        let held_out = file.targets.iter().filter(|target| !target.fit).count();
        assert!(held_out > 0 || starts("burdens-both"), "{}: something is held out", path.display());
        assert!(file.targets.iter().all(|target| !target.source.is_empty()), "{}: every target has a source", path.display());
        // What the scenario has lies within the range, so that it is one of the candidates.
        for factor in file.factors() {
            let (low, high) = factor.values.bounds();
            let before = factor.before(&file.worlds[0].base).expect("a number");
            assert!((low..=high).contains(&before), "{}: {} is {before}, of {low} to {high}", path.display(), factor.name);
        }
        read += 1;
    }
    assert!(read >= 6, "{read} calibrations");
}

/// What differs between the calibrations of burdens is what they fit: series, years, scales and constants are the same.
#[test]
fn the_calibrations_of_burdens_differ_in_what_they_fit_only() {
    let read = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../configs/calibrations/burdens-{name}.ron"));
        CalibrationFile::load(&path.to_string_lossy(), MEASURES, None, None).unwrap_or_else(|error| panic!("{error}"))
    };
    let [both, first, second] = ["both", "1890-1913", "1920-1938"].map(read);
    assert_eq!(both.scenario_names(), "pre-wwi, pre-wwii/1920");
    assert!(both.worlds.iter().all(|world| world.base.setup.without.contains("war")), "war is switched off");
    for (file, fitted) in [(&both, [true, true]), (&first, [true, false]), (&second, [false, true])] {
        assert_eq!((file.factors(), file.targets.len()), (both.factors(), both.targets.len()), "{}", file.title);
        for (own, same) in file.targets.iter().zip(&both.targets) {
            assert_eq!((own.label.as_str(), own.scale, &own.aim), (same.label.as_str(), same.scale, &same.aim), "{}", file.title);
            assert_eq!(own.fit, fitted[own.world], "{}: {}", file.title, own.label);
            // A forecast knows nothing of the years that are scored.
            let CalibrationAim::Series { points, known, .. } = &own.aim else { panic!("{} is no series", own.label) };
            assert!(known.len() >= 5 && known.iter().all(|known| known.0 < points[0].0), "{}", own.label);
        }
    }
}

/// Two scenarios in a file.
fn several(targets: &str) -> String {
    format!(
        "(\nscenarios: [(scenario: \"pre-wwi\", years: (1890, 1914)), (scenario: \"pre-wwii/1920\")],\nyears: (1920, 1940),\n\
         factors: [(path: \"crisis.rate\", range: (0.05, 0.3))],\ntargets: [{targets}],\n{REST}\n)"
    )
}

#[test]
fn several_scenarios_have_the_same_numbers_and_their_own_targets() {
    let burden = |scenario: &str, rest: &str| {
        format!("(scenario: \"{scenario}\", observed: \"burden\", states: [\"GBR\"], scale: 0.005, {rest})")
    };
    let targets = [
        burden("pre-wwi", "years: (1896, 1905), except: [(1899, 1903)], known: (1890, 1895), use: \"fit\""),
        burden("pre-wwii/1920", "years: (1930, 1938), use: \"hold_out\""),
        WAR.replacen('(', "(scenario: \"pre-wwi\", ", 1),
        WAR.replacen('(', "(scenario: \"pre-wwii/1920\", ", 1),
    ];
    let file = read(&several(&targets.join(", "))).unwrap_or_else(|error| panic!("{error}"));
    let horizons: Vec<f64> = file.worlds.iter().map(|world| world.base.setup.horizon.end).collect();
    assert_eq!(horizons, [1914.0, 1940.0], "an entry's own years come before those of the file");
    assert_eq!(file.targets.iter().map(|target| target.world).collect::<Vec<usize>>(), [0, 1, 0, 1]);
    let CalibrationAim::Series { points, known, .. } = &file.targets[0].aim else { panic!("a series") };
    let dates = |points: &[(f64, f64)]| points.iter().map(|point| point.0 as u32).collect::<Vec<u32>>();
    assert_eq!(dates(points), [1896, 1897, 1898, 1904, 1905]);
    assert_eq!(dates(known), [1890, 1891, 1892, 1893, 1894, 1895]);
    assert_eq!(file.targets[0].label, "burden GBR 1896-1905, pre-wwi");
    // A candidate has its value in both.
    let rates: Vec<f64> = file
        .worlds
        .iter()
        .map(|world| {
            let setup = world.setup(&[0.07]);
            setup.get(setup.resolve("crisis.rate").expect("a path")[0])
        })
        .collect();
    assert_eq!(rates, [0.07, 0.07]);
}

#[test]
fn mistakes_with_several_scenarios_say_what_to_do() {
    let both = format!(
        "{}, {}",
        WAR.replacen('(', "(scenario: \"pre-wwi\", ", 1),
        WAR.replacen('(', "(scenario: \"pre-wwii/1920\", ", 1)
    );
    let burden = |rest: &str| {
        format!("{both}, (scenario: \"pre-wwi\", observed: \"burden\", states: [\"GBR\"], scale: 0.005, use: \"fit\", {rest})")
    };
    for (text, part) in [
        (several(WAR), "a target names its scenario, where the file has several"),
        (several(&WAR.replacen('(', "(scenario: \"pre-wwii\", ", 1)), "no such name as `pre-wwii`"),
        (several(&WAR.replacen('(', "(scenario: \"pre-wwi\", ", 1)), "no target is of the scenario `pre-wwii/1920`"),
        (several(&both).replace("\"pre-wwii/1920\")]", "\"pre-wwi\")]"), "the scenario `pre-wwi` is given twice"),
        (several(&both).replacen("(\n", "(\nscenario: \"pre-wwi\",\n", 1), "`scenario` or `scenarios`, and not both"),
        (several(&both).replace("(scenario: \"pre-wwi\", years: (1890, 1914))", "(years: (1890, 1914))"), "has no `scenario`"),
        (
            several(&both).replace("path: \"crisis.rate\", range: (0.05, 0.3)", "judgement: \"states.FRA.greed\""),
            "give these factors",
        ),
        (several(&burden("years: (1896, 1905), known: (1890, 1896)")), "`known` reaches to 1896, and the target begins in 1896"),
        (several(&burden("years: (1896, 1905), known: (1894, 1895)")), "2 years of burden of GBR within `known`"),
        (several(&burden("years: (1896, 1905), except: [(1905, 1896)]")), "an entry of except go from 1905 to 1896"),
        (whole(CRISES, &WAR.replacen('(', "(scenario: \"pre-wwj\", ", 1), REST), "pre-wwi"),
    ] {
        let error = read(&text).err().unwrap_or_else(|| panic!("accepted, without {part:?}: {text}")).to_string();
        assert!(error.contains(part), "no {part:?} in:\n{error}");
    }
}

#[test]
fn a_series_stands_for_every_state_and_its_years() {
    let targets = format!(
        "{WAR}, (observed: \"burden\", years: (1890, 1905), scale: 0.005, use: \"fit\"), \
        (observed: \"burden\", states: [\"GER\"], years: (1906, 1913), scale: 0.005, use: \"hold_out\"), \
        (observed: \"burden\", states: [\"TUR\"], points: [(1891.5, 0.03), (1892.5, 0.04)], scale: 0.01, use: \"fit\", source: \"a book\")"
    );
    let file = read(&whole(CRISES, &targets, REST)).unwrap_or_else(|error| panic!("{error}"));
    let labels: Vec<&str> = file.targets.iter().map(|target| target.label.as_str()).collect();
    assert_eq!(labels.len(), 1 + 8 + 1 + 1, "{labels:?}");
    assert!(labels.contains(&"burden GER 1890-1905") && labels.contains(&"burden TUR 1891-1892"), "{labels:?}");
    let held_out: Vec<&str> = file.targets.iter().filter(|target| !target.fit).map(|target| target.label.as_str()).collect();
    assert_eq!(held_out, ["burden GER 1906-1913"]);
    let points = |label: &str| match &file.targets.iter().find(|target| target.label == label).expect(label).aim {
        CalibrationAim::Series { points, .. } => points.clone(),
        CalibrationAim::Number { .. } => Vec::new(),
    };
    let (fitted, scored) = (points("burden GER 1890-1905"), points("burden GER 1906-1913"));
    assert_eq!((fitted.len(), fitted[0], scored.len(), scored[7]), (16, (1890.5, 0.0304), 8, (1913.5, 0.032)));
    assert_eq!(points("burden TUR 1891-1892"), [(1891.5, 0.03), (1892.5, 0.04)]);
    assert_eq!(file.method, CalibrationMethod::CmaEs { population: None, step: 0.3 });
    assert_eq!((file.budget, file.histories, file.seed), (100, 200, 1));
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let targets = |targets: &str| whole(CRISES, targets, REST);
    let burden = |rest: &str| targets(&format!("(observed: \"burden\", scale: 0.005, use: \"fit\", {rest})"));
    let rest = |rest: &str| whole(CRISES, WAR, rest);
    let mut seen = Vec::new();
    for text in [
        whole("", WAR, REST),
        whole("(mechanism: \"trade\")", WAR, REST),
        whole("(path: \"technology.balance\", levels: [0.5, 1.0])", WAR, REST),
        whole("(judgement: \"crisis.rat\")", WAR, REST),
        whole("(path: \"crisis.rate\", range: (0.3, 0.1))", WAR, REST),
        targets(""),
        targets("(measure: \"wars_of_the_roses\", value: 0.5, scale: 0.1, use: \"fit\", source: \"x\")"),
        targets("(measure: \"war\", value: 1.5, scale: 0.1, use: \"fit\", source: \"x\")"),
        targets("(measure: \"war\", value: 0.5, scale: 0, use: \"fit\", source: \"x\")"),
        targets("(measure: \"war\", value: 0.5, use: \"fit\", source: \"x\")"),
        targets("(measure: \"war\", value: 0.5, scale: 0.1, source: \"x\")"),
        targets("(measure: \"war\", value: 0.5, scale: 0.1, use: \"holdout\", source: \"x\")"),
        targets("(measure: \"war\", value: 0.5, scale: 0.1, use: \"fit\")"),
        targets("(measure: \"war\", scale: 0.1, use: \"fit\", source: \"x\")"),
        targets("(measure: \"war\", years: (1890, 1900), value: 0.5, scale: 0.1, use: \"fit\", source: \"x\")"),
        targets("(value: 0.5, scale: 0.1, use: \"fit\")"),
        targets(&WAR.replace("\"fit\"", "\"hold_out\"")),
        targets(&format!("{WAR}, {}", WAR.replace("\"fit\"", "\"hold_out\""))),
        burden("years: (1890, 1905), states: [\"GRE\"]"),
        burden("states: [\"GER\"]"),
        burden("years: (1905, 1890)"),
        burden("years: (1950, 1960), states: [\"GER\"]"),
        burden("states: [\"GER\", \"FRA\"], points: [(1890.5, 0.03)], source: \"x\""),
        burden("states: [\"GER\"], points: [(1890.5, 0.03)]"),
        burden("states: [\"GER\"], points: [(1891.5, 0.03), (1890.5, 0.03)], source: \"x\""),
        burden("states: [\"GER\"], points: [(1850.5, 0.03)], source: \"x\""),
        targets("(observed: \"threat\", years: (1890, 1905), scale: 0.005, use: \"fit\")"),
        rest("budget: 100,"),
        rest("method: (kind: \"cma-es\"),"),
        rest("method: (kind: \"cmaes\"), budget: 100,"),
        rest("method: (population: 8), budget: 100,"),
        rest("method: (kind: \"abc-smc\", step: 0.3), budget: 500,"),
        rest("method: (kind: \"abc-smc\", population: 100), budget: 150,"),
        rest("method: (kind: \"cma-es\"), budget: 100, histories: 5,"),
        rest("method: (kind: \"cma-es\"), budget: 100, design: (kind: \"grid\"),"),
    ] {
        let error = read(&text).map(|file| format!("{:?}", file.targets)).expect_err(&text).to_string();
        let asked = text.lines().skip(2).collect::<Vec<_>>().join(" ");
        seen.push(format!("{asked}\n{}", error.trim_end()));
    }
    insta::assert_snapshot!("wrong_calibrations", seen.join("\n\n"));
}
