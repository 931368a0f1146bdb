//! The scenarios that come with the program: complete, sourced, and what their pages say.

use std::path::Path;

use spiral_model::mechanisms::Parameters;
use spiral_model::setup::{ArmingRule, DyadInputs, Ending, Setup, StateInputs, Target};
use spiral_model::specification::Group;
use spiral_scenario::{
    CalibrationFile, FileKind, KnownMeasure, Origin, Overrides, Scenario, StudyFile, Varies, catalogue, commented_copy, load,
    parse_bytes, resolved, study_catalogue,
};

use super::common;

fn all(name: &str) -> Vec<Scenario> {
    load(name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn one(name: &str) -> Scenario {
    let mut scenarios = all(name);
    assert_eq!(scenarios.len(), 1, "{name}");
    scenarios.remove(0)
}

/// The number at a path at the start.
fn get(setup: &Setup, path: &str) -> f64 {
    setup.get(setup.resolve(path).expect(path)[0])
}

/// The number at a path at a date, where the timeline moves it.
fn step(setup: &Setup, path: &str, date: f64) -> f64 {
    let target = setup.resolve(path).expect(path)[0];
    let track = setup.tracks.iter().find(|track| track.target == target);
    let last = track.and_then(|track| track.points.iter().rfind(|(at, _)| *at <= date));
    last.map_or(setup.get(target), |(_, value)| *value)
}

#[test]
fn every_file_is_in_the_catalogue() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs/scenarios");
    let mut files: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder is part of the repository")
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let listed: Vec<String> = catalogue().iter().map(|entry| format!("{}.ron", entry.name)).collect();
    assert_eq!(files, listed);
    for entry in catalogue() {
        let text = std::fs::read_to_string(folder.join(format!("{}.ron", entry.name))).expect("it was just listed");
        assert_eq!(text, entry.text, "{}", entry.name);
    }
}

#[test]
fn every_scenario_is_valid_and_begins_with_its_question() {
    for entry in catalogue() {
        let scenarios = all(entry.name);
        assert_eq!(scenarios.len(), entry.members.len().max(1), "{}", entry.name);
        assert!(entry.text.starts_with("// "), "{} begins with what it is about", entry.name);
        for scenario in scenarios {
            common::assert_valid(&scenario.setup);
            assert!(scenario.question.ends_with('?'), "{}: {:?}", scenario.name, scenario.question);
            assert!(scenario.look_at.is_some(), "{} does not say what to look at", scenario.name);
            assert_eq!(scenario.setup.name, scenario.name);
            assert!(all(&scenario.name)[0].setup == scenario.setup, "{} is not what its name loads", scenario.name);
        }
    }
}

/// Variants load by their own names only, and are as complete as a scenario.
#[test]
fn every_variant_is_valid_and_has_its_sources() {
    let mut variants = 0;
    for entry in catalogue() {
        assert!(entry.members.is_empty() || entry.variants.is_empty(), "{}", entry.name);
        for variant in &entry.variants {
            let scenario = one(&format!("{}/{variant}", entry.name));
            common::assert_valid(&scenario.setup);
            assert!(scenario.question.ends_with('?') && scenario.look_at.is_some(), "{}", scenario.name);
            assert!(scenario.setup != one(entry.name).setup, "{} is another world", scenario.name);
            for sourced in &scenario.sources {
                assert!(!sourced.basis.is_bare(), "{}: {} rests on nothing", scenario.name, sourced.path);
            }
            let copy = commented_copy(&scenario.name, "mine.ron").unwrap_or_else(|error| panic!("{error}"));
            assert!(copy.contains(&format!("spiral run mine.ron/{variant}")), "{copy}");
            variants += 1;
        }
    }
    assert!(variants > 0);
    let error = load("pre-wwii/1921", &Overrides::default()).expect_err("there is none").to_string();
    assert!(error.contains("no variant `1921` in pre-wwii") && error.contains("1920"), "{error}");
    let both = "(calendar: (start: 1900, end: 1910), states: { \"GBR\": () }, members: { \"a\": () }, variants: { \"b\": () })";
    let error = parse_bytes(both.as_bytes(), "mine.ron", &Overrides::default()).expect_err("one of them is too many").to_string();
    assert!(error.contains("`members` or `variants`, and not both"), "{error}");
}

/// `pre-wwii/1920` is `pre-wwii` ten years earlier: from 1930 on both have the same facts, but for what a state spent when its
/// history began.
#[test]
fn the_world_from_1920_becomes_that_of_1930() {
    let (early, late) = (one("pre-wwii/1920"), one("pre-wwii"));
    assert_eq!((early.setup.horizon.start, early.setup.horizon.end), (1920.0, late.setup.horizon.end));
    let mut compared = 0;
    let mut differ = Vec::new();
    let states =
        (0..late.setup.states.len()).flat_map(|s| (0..StateInputs::SPECIFICATIONS.len()).map(move |f| Target::State(s, f)));
    let dyads = (0..late.setup.dyads.len()).flat_map(|d| (0..DyadInputs::SPECIFICATIONS.len()).map(move |f| Target::Dyad(d, f)));
    let groups = Parameters::GROUPS.iter().enumerate();
    let system = groups.flat_map(|(group, (_, numbers))| (0..numbers.len()).map(move |field| Target::System(group, field)));
    for target in states.chain(dyads).chain(system) {
        for date in [1930.0, 1931.9, 1934.5, 1936.7, 1939.3, 1944.0] {
            let (one, other) = (early.value_at(target, date), late.value_at(target, date));
            compared += 1;
            if (one - other).abs() > 1e-12 * other.abs() {
                differ.push(late.setup.path(target));
            }
        }
    }
    differ.dedup();
    assert!(compared > 1000, "{compared}");
    let begins = |path: &String| path.ends_with(".habitual_burden") || path == "states.GER.maximum_burden";
    assert!(differ.iter().all(begins), "{differ:?}");
    // What happened, and what was observed.
    let later = |scenario: &Scenario| -> Vec<(f64, String)> {
        let incidents = scenario.setup.incidents.iter().filter(|incident| incident.date >= 1930.0);
        incidents.map(|incident| (incident.date, incident.what.clone())).collect()
    };
    assert_eq!(later(&early), later(&late));
    assert!(early.setup.incidents.len() > late.setup.incidents.len());
    assert!(early.setup.incidents.windows(2).all(|pair| pair[0].date <= pair[1].date), "in order of date");
    let seen: Vec<_> = early.observed.iter().filter(|seen| seen.date >= 1930.0).collect();
    assert_eq!(seen, late.observed.iter().collect::<Vec<_>>());
    assert_eq!(early.observed.iter().filter(|seen| seen.state == "GBR").count(), 19);
}

/// What is no fact about a state, a pair or the technology and order of a time is a constant of the model, and the same before both wars.
#[test]
fn both_pre_war_worlds_have_the_constants_of_the_model() {
    let facts_of_the_time =
        ["technology.balance", "technology.distinguishability", "beliefs.suspicion", "institutions.collective_security"];
    for name in ["pre-wwi", "pre-wwii", "pre-wwii/1920"] {
        let scenario = one(name);
        let own = resolved(&scenario).into_iter().filter(|row| {
            let of_the_system = !["states.", "pairs.", "dyads."].iter().any(|list| row.path.starts_with(list));
            let default = match &row.origin {
                Origin::Default => true,
                Origin::Judgement { why, .. } => why == "default of the program",
                _ => false,
            };
            of_the_system && !default
        });
        for row in own {
            assert!(facts_of_the_time.contains(&row.path.as_str()), "{name} has its own {}", row.path);
        }
    }
}

#[test]
fn every_number_has_a_source_or_a_judgement() {
    for entry in catalogue().iter().filter(|entry| entry.name != "two-states") {
        for scenario in all(entry.name) {
            for sourced in &scenario.sources {
                assert!(!sourced.basis.is_bare(), "{}: {} rests on nothing", scenario.name, sourced.path);
            }
            for scenario in &scenario.judgements {
                assert!(scenario.low <= scenario.value && scenario.value <= scenario.high, "{scenario:?}");
            }
        }
    }
}

#[test]
fn every_judgement_can_be_moved_to_its_bounds_and_back() {
    for entry in catalogue() {
        for scenario in all(entry.name) {
            for judgement in &scenario.judgements {
                for value in [judgement.low, judgement.high] {
                    let mut setup = scenario.setup.clone();
                    judgement.apply(&mut setup, value);
                    common::assert_valid(&setup);
                    let moved = setup != scenario.setup;
                    assert_eq!(moved, value != judgement.value, "{}: {} to {value}", scenario.name, judgement.path);
                }
                let mut setup = scenario.setup.clone();
                judgement.apply(&mut setup, judgement.value);
                assert!(setup == scenario.setup, "{}: {} is not at its value", scenario.name, judgement.path);
            }
        }
    }
}

#[test]
fn four_worlds_differ_in_two_numbers_only() {
    let worlds = all("four-worlds");
    let names: Vec<&str> = worlds.iter().map(|world| world.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "four-worlds/offence-indistinguishable",
            "four-worlds/offence-distinguishable",
            "four-worlds/defence-indistinguishable",
            "four-worlds/defence-distinguishable"
        ]
    );
    let mut plain: Vec<Setup> = Vec::new();
    for (world, (balance, distinguishability)) in worlds.iter().zip([(1.0, 0.0), (1.0, 0.9), (0.3333, 0.0), (0.3333, 0.9)]) {
        let mut setup = world.setup.clone();
        assert_eq!(setup.parameters.technology.balance, balance, "{}", world.name);
        assert_eq!(setup.parameters.technology.distinguishability, distinguishability, "{}", world.name);
        assert!(setup.states.iter().all(|state| state.inputs.perceived_balance == balance), "{}", world.name);
        assert_eq!(setup.horizon.ticks(), 160, "forty years in quarters");
        let touching = setup.dyads.iter().filter(|dyad| dyad.inputs.contact > 0.0 && dyad.inputs.terrain > 0.0).count();
        assert_eq!(touching, 16, "eight neighbours in both directions");
        setup.parameters.technology.balance = 1.0;
        setup.parameters.technology.distinguishability = 0.0;
        setup.states.iter_mut().for_each(|state| state.inputs.perceived_balance = 1.0);
        setup.name.clear();
        plain.push(setup);
    }
    assert!(plain.windows(2).all(|pair| pair[0] == pair[1]), "the members differ in more than two numbers");
}

/// O1: with every other factor at one, the numbers of the file are Richardson's, and his closed form gives his path.
#[test]
fn richardson_is_his_closed_form() {
    let setup = one("richardson-1909").setup;
    assert_eq!(setup.arming_rule, ArmingRule::Richardson);
    let parameters = &setup.parameters;
    let [cen, ent] = [&setup.states[0], &setup.states[1]];
    for dyad in &setup.dyads {
        // E1, E4, E5: k_ij = k [b + λ(1 − b)] (m̂/m0) G [(1 − q) + q ω], here with q = 0.
        let belief = parameters.beliefs.suspicion + parameters.threat.anarchy * (1.0 - parameters.beliefs.suspicion);
        let balance = setup.states[dyad.from].inputs.perceived_balance / parameters.technology.reference_balance;
        let ratio = dyad.inputs.distance / parameters.geography.half_distance;
        let floor = parameters.geography.floor;
        let reach = dyad.inputs.terrain * (floor + (1.0 - floor) / (1.0 + libm::pow(ratio, parameters.geography.steepness)));
        assert_eq!(parameters.technology.distinguishability, 0.0);
        let coefficient = parameters.arming.sensitivity * belief * balance * reach;
        assert!((coefficient - 0.9).abs() < 1e-15, "k is {coefficient}");
    }
    let (k, a) = (parameters.arming.sensitivity, parameters.arming.depreciation);
    let (g, h) = (ent.inputs.grievance, cen.inputs.grievance);
    assert_eq!(g, h, "symmetric blocs");
    let saddle = -g / (k - a);
    let (sum, difference) = (ent.inputs.arms + cen.inputs.arms, ent.inputs.arms - cen.inputs.arms);
    // oracles.md, O1.
    for (t, x, y) in
        [(1.0, 107.4618330535, 97.0096810254), (2.0, 109.2831295001, 105.8039103275), (4.0, 139.9488358413, 139.5633273684)]
    {
        let s = 2.0 * saddle + (sum - 2.0 * saddle) * libm::exp((k - a) * t);
        let d = difference * libm::exp(-(k + a) * t);
        let (ent, cen) = (f64::midpoint(s, d), f64::midpoint(s, -d));
        assert!((ent - x).abs() < 1e-8 && (cen - y).abs() < 1e-8, "after {t} years {ent} and {cen}, not {x} and {y}");
    }
}

#[test]
fn europe_in_1914_is_as_its_sources_say() {
    let scenario = one("pre-wwi");
    let setup = &scenario.setup;
    assert_eq!(setup.ending, Ending::GeneralWar);
    assert_eq!(setup.states.len(), 10);
    assert_eq!(setup.states.iter().filter(|state| state.great_power).count(), 8, "6 of 8 great powers were in by day 30");
    // figures.md, section 10: km between capitals, from other coordinates.
    for (pair, km) in
        [("GBR-FRA", 342.0), ("FRA-GER", 879.0), ("GER-AUH", 523.0), ("GER-RUS", 1320.0), ("AUH-RUS", 1579.0), ("GBR-GER", 931.0)]
    {
        let found = get(setup, &format!("pairs.{pair}.distance"));
        assert!((found - km).abs() < 6.0, "{pair} is {found} km, not {km}");
    }
    for (path, date, value) in [
        ("pairs.FRA-RUS.commitment", 1890.5, 0.0),
        ("pairs.FRA-RUS.commitment", 1892.0, 0.3),
        ("pairs.FRA-RUS.commitment", 1900.0, 0.7),
        ("pairs.GBR-FRA.commitment", 1904.0, 0.0),
        ("pairs.GBR-FRA.commitment", 1905.0, 0.4),
        ("dyads.ITA-GER.commitment", 1914.0, 0.3),
        ("dyads.GER-ITA.commitment", 1914.0, 0.5),
        ("institutions.collective_security", 1914.0, 0.0),
    ] {
        assert_eq!(step(setup, path, date), value, "{path} in {date}");
    }
    assert!(
        setup.dyads.iter().all(|dyad| dyad.inputs.commitment == 0.0 || dyad.inputs.commitment >= 0.4),
        "only Bismarck's pacts"
    );
    let scripted: Vec<_> = setup.incidents.iter().filter(|incident| incident.crisis.is_some()).collect();
    assert_eq!(scripted.len(), 1);
    let (challenger, defender) = scripted[0].crisis.expect("it was just filtered");
    assert_eq!([&setup.states[challenger].code, &setup.states[defender].code], ["AUH", "SRB"]);
    assert!((scripted[0].date - (1914.0 + 178.0 / 365.0)).abs() < 1e-12, "28 June 1914 is {}", scripted[0].date);
    // figures.md, section 1: mean burden 1890-95, per cent.
    for (code, percent) in
        [("GBR", 2.18), ("FRA", 3.25), ("GER", 2.67), ("AUH", 3.65), ("RUS", 4.10), ("ITA", 3.33), ("USA", 0.49)]
    {
        let habit = get(setup, &format!("states.{code}.habitual_burden"));
        let found = 100.0 * habit;
        assert!((found - percent).abs() < 0.01, "{code} spends {found} %, not {percent}");
    }
}

#[test]
fn the_thirties_are_as_their_sources_say() {
    let scenario = one("pre-wwii");
    let setup = &scenario.setup;
    assert_eq!(setup.states.len(), 9);
    assert_eq!(setup.states.iter().filter(|state| state.great_power).count(), 7, "3 of 7 great powers were in by day 30");
    let security: Vec<f64> = (1930..=1940).map(|year| step(setup, "institutions.collective_security", f64::from(year))).collect();
    assert_eq!((security[0], security[10]), (0.3, 0.0), "{security:?}");
    assert!(security.windows(2).all(|pair| pair[0] >= pair[1]), "collective security rises somewhere: {security:?}");
    for (path, date, value) in [
        ("states.GER.maximum_burden", 1932.0, 0.0126),
        ("states.GER.maximum_burden", 1937.0, 1.0),
        ("states.GER.greed", 1932.0, 0.2),
        ("states.GER.greed", 1934.0, 0.8),
        ("states.GBR.awareness", 1939.0, 0.9),
        ("states.GBR.awareness", 1939.5, 0.3),
        ("pairs.GBR-POL.commitment", 1939.0, 0.0),
        ("pairs.GBR-POL.commitment", 1939.5, 0.6),
    ] {
        assert_eq!(step(setup, path, date), value, "{path} in {date}");
    }
    let greed = scenario.judgements.iter().filter(|judgement| judgement.path == "states.GER.greed").collect::<Vec<_>>();
    assert_eq!(greed.len(), 2, "before and after 1933");
    assert_eq!(greed[0].varies, Varies::Initial);
    assert!(matches!(greed[1].varies, Varies::From(date) if (date - 1933.0795).abs() < 1e-3), "{:?}", greed[1].varies);
}

#[test]
fn two_states_is_short_enough_to_explain() {
    let lines = catalogue().iter().find(|entry| entry.name == "two-states").expect("it is listed").text.lines().count();
    assert!(lines < 30, "{lines} lines");
}

#[test]
fn history_stands_beside_the_two_great_wars() {
    for (name, number, state, date, value) in
        [("pre-wwi", 8 * 24, "GER", 1913.5, 0.032), ("pre-wwii", 6 * 9 + 2, "RUS", 1937.5, 0.0823)]
    {
        let observed = one(name).observed;
        assert_eq!(observed.len(), number, "{name}");
        let found = observed.iter().find(|seen| seen.state == state && seen.date == date).expect(name);
        assert_eq!((found.metric.as_str(), found.value), ("burden", value), "{name}");
    }
}

/// Every built-in file by the name that copies it.
fn copied() -> Vec<(String, FileKind)> {
    let scenarios = catalogue().iter().map(|entry| (format!("scenarios/{}", entry.name), FileKind::Scenario));
    let studies = study_catalogue().into_iter().map(|entry| (format!("studies/{}", entry.name), entry.kind));
    scenarios.chain(studies).collect()
}

fn is_calibration(name: &str) -> bool {
    name.starts_with("calibrate-") || name.starts_with("burdens-")
}

#[test]
fn every_study_file_is_in_the_catalogue() {
    let configs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs");
    let folder = |name: &str| std::fs::read_dir(configs.join(name)).expect("the folder is part of the repository");
    let mut files: Vec<String> = folder("studies")
        .chain(folder("calibrations"))
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let listed: Vec<String> = study_catalogue().iter().map(|entry| format!("{}.ron", entry.name)).collect();
    assert_eq!(files, listed);
    for entry in study_catalogue() {
        assert!(entry.question.ends_with('?'), "{}: {:?}", entry.name, entry.question);
        assert_eq!(entry.kind == FileKind::Calibration, is_calibration(entry.name), "{}", entry.name);
    }
}

#[test]
fn a_copy_of_every_file_loads_and_is_the_same_but_for_its_head() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let measures: Vec<KnownMeasure> = ["war", "crises", "neighbour_crises", "neighbour_wars", "great_power_crises"]
        .into_iter()
        .chain([
            "great_power_wars",
            "preemption",
            "great_powers_30d",
            "general_war",
            "war_free_years",
            "peak_burden",
            "arms_growth",
        ])
        .map(|name| KnownMeasure { name, label: name, unit: "" })
        .collect();
    let names: Vec<&str> = measures.iter().map(|measure| measure.name).collect();
    for (from, kind) in copied() {
        let path = folder.path().join(format!("{}.ron", from.replace('/', "-")));
        let path = path.to_str().expect("a path of plain letters");
        let text = commented_copy(&from, path).unwrap_or_else(|error| panic!("{error}"));
        assert!(text.contains(path), "{from}: the head does not say how to run the copy");
        std::fs::write(path, &text).expect("a writable folder");
        match kind {
            FileKind::Scenario => {
                let copies = load(path, &Overrides::default()).unwrap_or_else(|error| panic!("{from}: {error}"));
                for (copy, original) in copies.iter().zip(all(from.trim_start_matches("scenarios/"))) {
                    let renamed = Setup { name: original.name.clone(), ..copy.setup.clone() };
                    assert!(renamed == original.setup, "{from}: the copy is another world");
                }
            }
            FileKind::Study => {
                let study = StudyFile::load(path, &names).unwrap_or_else(|error| panic!("{from}: {error}"));
                assert_eq!(study.source.text, text, "{from}");
            }
            FileKind::Calibration => {
                let file = CalibrationFile::load(path, &measures, None, None).unwrap_or_else(|error| panic!("{from}: {error}"));
                assert_eq!(file.source.text, text, "{from}");
            }
        }
    }
}

#[test]
fn a_name_that_cannot_be_copied_has_its_nearest() {
    for (from, part) in [
        ("pre-wwj", "did you mean `pre-wwi`?"),
        ("four-drivres", "did you mean `four-drivers`?"),
        ("studies/suspicion-plain", "did you mean `suspicion-plane`?"),
        ("four-worlds/offence-distinguishible", "did you mean `offence-distinguishable`?"),
        ("pre-wwi/first", "pre-wwi has no members"),
        ("", "allowed: cold-war"),
    ] {
        let error = commented_copy(from, "my.ron").expect_err(from).to_string();
        assert!(error.contains(part), "{from}: {error}");
    }
    let member = commented_copy("four-worlds/defence-distinguishable", "my worlds.ron").expect("a member gives its file");
    assert!(member.contains("spiral run \"my worlds.ron\"/defence-distinguishable"), "{member}");
    // One name, two files: the scenario, unless the study is asked for.
    let head = |from: &str| commented_copy(from, "my.ron").expect(from).lines().next().map(str::to_string);
    assert!(head("jervis-plane").is_some_and(|line| line.contains("the built-in scenario jervis-plane")));
    assert!(head("studies/jervis-plane").is_some_and(|line| line.contains("the built-in study jervis-plane")));
}
