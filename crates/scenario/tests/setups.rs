//! What a file means: which number wins, what both directions are, how members lie over the file.

use spiral_model::setup::{Interpolation, Setup};
use spiral_scenario::{Origin, Overrides, Scenario, Varies, load, parse, resolved};

use super::common;

fn read(text: &str) -> Vec<Scenario> {
    let scenarios = parse(text, "test.ron", &Overrides::default()).unwrap_or_else(|error| panic!("{error}"));
    for scenario in &scenarios {
        common::assert_valid(&scenario.setup);
    }
    scenarios
}

fn one(body: &str) -> Scenario {
    let text = format!("(calendar: (start: 1890, end: 1920), states: {{ \"GBR\": (), \"FRA\": (), \"GER\": () }}, {body})");
    read(&text).remove(0)
}

fn get(setup: &Setup, path: &str) -> f64 {
    setup.get(setup.resolve(path).expect(path)[0])
}

/// What an error says, in one line: where it is wrapped does not matter.
fn flat(error: &impl ToString) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_order_in_the_file_changes_nothing() {
    let first = read(
        r#"(calendar: (start: 0, end: 10), states: { "B": (greed: 0.1), "A": (greed: 0.2) }, pairs: { "B-A": (contact: 0.3) },
            threat: (anarchy: 0.2), technology: (balance: 1))"#,
    );
    let second = read(
        r#"(technology: (balance: 1), pairs: { "A-B": (contact: 0.3) }, states: { "A": (greed: 0.2), "B": (greed: 0.1) },
            threat: (anarchy: 0.2), calendar: (end: 10, start: 0))"#,
    );
    assert!(first[0].setup == second[0].setup, "the order of keys changes the setup");
}

#[test]
fn the_more_particular_number_wins() {
    let scenario = one(r#"defaults: (state: (greed: 0.1), pair: (commitment: 0.2, distance: 700)),
           pairs: { "GBR-FRA": (commitment: 0.4) }, dyads: { "FRA-GBR": (commitment: 0.6) }"#);
    let setup = &scenario.setup;
    assert!(setup.states.iter().all(|state| state.inputs.greed == 0.1));
    for (path, value) in [
        ("dyads.GBR-FRA.commitment", 0.4),
        ("dyads.FRA-GBR.commitment", 0.6),
        ("dyads.GER-FRA.commitment", 0.2),
        ("pairs.FRA-GER.distance", 700.0),
    ] {
        assert_eq!(get(setup, path), value, "{path}");
    }
}

#[test]
fn distances_come_from_capitals_unless_given() {
    let text = r#"(calendar: (start: 0, end: 1), defaults: (pair: (distance: 5)), states: {
        "A": (capital: (0, 0)), "B": (capital: (0, 90)), "C": (capital: (90, 0)), "D": () },
        pairs: { "A-C": (distance: 12) })"#;
    let setup = read(text).remove(0).setup;
    let quarter = 6371.0088 * core::f64::consts::FRAC_PI_2;
    assert!((get(&setup, "pairs.A-B.distance") - quarter).abs() < 1e-8, "a quarter of the equator");
    assert!((get(&setup, "pairs.C-B.distance") - quarter).abs() < 1e-8, "from the pole to the equator");
    assert_eq!(get(&setup, "pairs.A-C.distance"), 12.0);
    assert_eq!(get(&setup, "pairs.A-D.distance"), 5.0);
}

#[test]
fn antipodes_are_within_the_allowed_distance() {
    let text = r#"(calendar: (start: 0, end: 1), states: { "A": (capital: (0, 0)), "B": (capital: (0, 180)) })"#;
    let km = get(&read(text)[0].setup, "pairs.A-B.distance");
    assert!((km - 6371.0088 * core::f64::consts::PI).abs() < 1e-8, "{km}");
}

#[test]
fn series_become_tracks_and_set_the_start() {
    let text = r#"(calendar: (start: 1900, end: 1920), states: { "A": (
        output: (points: [(1890, 100), (1910, 400)], source: "x"),
        awareness: (points: [("1890-01-01", 0.2), (1910, 0.6)], factor: (0.5, 1.5)),
    ) })"#;
    let scenario = read(text).remove(0);
    let setup = &scenario.setup;
    assert!((get(setup, "states.A.output") - 200.0).abs() < 1e-12, "the geometric mean in the middle");
    assert!((get(setup, "states.A.awareness") - 0.4).abs() < 1e-15, "the mean in the middle");
    let kinds: Vec<_> = setup.tracks.iter().map(|track| track.interpolation).collect();
    assert_eq!(kinds, [Interpolation::Geometric, Interpolation::Linear]);
    let judgement = &scenario.judgements[0];
    assert_eq!((judgement.varies, judgement.value, judgement.low, judgement.high), (Varies::Factor, 1.0, 0.5, 1.5));
    let mut setup = setup.clone();
    judgement.apply(&mut setup, 1.5);
    assert!((get(&setup, "states.A.awareness") - 0.6).abs() < 1e-15);
    assert!((setup.tracks[1].points[1].1 - 0.9).abs() < 1e-15);
}

#[test]
fn the_timeline_makes_steps_crises_and_notes() {
    let scenario = one(r#"pairs: { "GBR-FRA": (commitment: 0.1) }, timeline: [
            (date: 1904.25, what: "Entente", set: { "pairs.FRA-GBR.commitment": (value: 0.4, judgement: (0.2, 0.6)) }, source: "ATOP"),
            (date: "1911-07-01", what: "Agadir", crisis: ("GER", "FRA"), set: { "dyads.GBR-FRA.commitment": 0.5 }),
        ]"#);
    let setup = &scenario.setup;
    let points: Vec<_> = setup.tracks.iter().map(|track| (setup.path(track.target), track.points.clone())).collect();
    assert_eq!(points[0], ("dyads.FRA-GBR.commitment".to_string(), vec![(1904.25, 0.4)]));
    assert_eq!(points[1].0, "dyads.GBR-FRA.commitment");
    assert_eq!(points[1].1[1].1, 0.5);
    assert_eq!(get(setup, "pairs.GBR-FRA.commitment"), 0.1, "until the first date");
    assert_eq!(setup.incidents.len(), 2);
    assert_eq!(setup.incidents[1].crisis, Some((setup.state("GER").unwrap(), setup.state("FRA").unwrap())));
    let judgement = &scenario.judgements[0];
    assert_eq!(judgement.varies, Varies::From(1904.25));
    assert_eq!(judgement.why, "ATOP", "the source of the entry");
    let mut moved = setup.clone();
    judgement.apply(&mut moved, 0.6);
    let values: Vec<f64> = moved.tracks.iter().map(|track| track.points[0].1).collect();
    assert_eq!(values, [0.6, 0.6], "both directions move");
    assert_eq!(moved.tracks[1].points[1].1, 0.5, "what comes later stays");
}

#[test]
fn members_lie_over_the_file() {
    let text = r#"(
        question: "Which?", calendar: (start: 0, end: 10),
        technology: (balance: 0.5, first_strike: 1.2), without: ["trade"],
        states: { "A": (greed: 0.1), "B": () }, pairs: { "A-B": (contact: 0.5, terrain: 0.5) }, dyads: { "A-B": (claim: 0.3) },
        timeline: [(date: 1, what: "in the file")],
        members: {
            "second": (technology: (balance: 0.9), pairs: { "B-A": (contact: 0.7) }, timeline: []),
            "first": (question: "Why?", states: { "C": () }, without: [], calendar: (end: 20), pairs: { "B-A": (claim: 0.1) }),
        },
    )"#;
    let scenarios = read(text);
    let names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    assert_eq!(names, ["test/second", "test/first"], "in the order of the file");
    let [second, first] = [&scenarios[0], &scenarios[1]];
    assert_eq!(get(&second.setup, "technology.balance"), 0.9);
    assert_eq!(get(&second.setup, "technology.first_strike"), 1.2, "what the member does not say stays");
    assert_eq!((get(&second.setup, "pairs.A-B.contact"), get(&second.setup, "pairs.A-B.terrain")), (0.7, 0.5));
    assert!(second.setup.incidents.is_empty(), "a list replaces a list");
    assert_eq!(second.question, "Which?");
    assert_eq!(first.question, "Why?");
    assert_eq!((first.setup.states.len(), first.setup.horizon.end), (3, 20.0));
    assert!(first.setup.without.is_empty() && second.setup.without.contains("trade"));
    assert_eq!(get(&first.setup, "dyads.A-B.claim"), 0.1, "the member's pair lies over the file's dyad");
}

#[test]
fn files_load_by_path_and_member() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.ron");
    std::fs::write(&path, "(calendar: (start: 0, end: 1), states: {\"A\": ()}, members: {\"x\": (), \"y\": ()})").unwrap();
    let path = path.to_str().unwrap();
    let names = |given: &str| {
        load(given, &Overrides::default())
            .map(|all| all.into_iter().map(|one| one.name).collect::<Vec<_>>())
            .map_err(|e| e.to_string())
    };
    assert_eq!(names(path).unwrap(), ["mine/x", "mine/y"]);
    assert_eq!(names(&format!("{path}/y")).unwrap(), ["mine/y"]);
    let missing = names(&format!("{path}/z")).unwrap_err();
    assert!(missing.contains("no member `z` in mine") && missing.contains("did you mean `x`?"), "{missing}");
    let folder = names(folder.path().to_str().unwrap()).unwrap_err();
    assert!(folder.contains("is a directory, and no scenario has this name"), "{folder}");
    // Some editors begin a file with a byte order mark.
    let marked = format!("{path}.marked.ron");
    std::fs::write(&marked, "\u{feff}(calendar: (start: 0, end: 1), states: {\"A\": ()})").unwrap();
    assert_eq!(names(&marked).unwrap(), ["mine.ron.marked"]);
}

#[test]
fn a_huge_file_is_refused_by_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.ron");
    let text = format!("( question: \"{}\" )", "a".repeat(5 << 20));
    std::fs::write(&path, &text).unwrap();
    for error in [load(path.to_str().unwrap(), &Overrides::default()), parse(&text, "huge.ron", &Overrides::default())] {
        let error = flat(&error.unwrap_err());
        assert!(error.contains("the file is too large: 5242") && error.contains("at most 4194304"), "{error}");
    }
}

#[test]
fn a_wrong_name_gets_the_nearest_right_one() {
    for (name, part) in [
        ("pre-wwi.ron", "did you mean `pre-wwi`?"),
        ("pre-ww1", "did you mean `pre-wwi`?"),
        ("four_worlds", "did you mean `four-worlds`?"),
        ("four-worlds/offence-distinguishible", "did you mean `offence-distinguishable`?"),
        ("pre-wwi/x", "it has no members"),
        ("zzz", "built in: cold-war"),
    ] {
        let error = load(name, &Overrides::default()).unwrap_err().to_string();
        assert!(error.contains(part), "{name}: {error}");
    }
}

#[test]
fn resolved_rows_say_where_each_number_comes_from() {
    let overrides = Overrides { set: vec![("threat.anarchy".into(), "0.3".into())], ..Overrides::default() };
    let text = r#"(calendar: (start: 1890, end: 1920), technology: (balance: (value: 0.35, judgement: (0.2, 0.6), why: "guns"), first_strike: 1.2),
        defaults: (pair: (trade: 0.1)),
        states: { "A": (output: (points: [(1890, 10), (1900, 20)], source: "Maddison"), capital: (0, 0)), "B": (capital: (0, 1)) },
        pairs: { "A-B": (contact: 0.5) }, dyads: { "B-A": (claim: 0.2) },
        timeline: [(date: 1900, what: "x", set: { "states.A.greed": 0.5 }, source: "y")])"#;
    let scenario = parse(text, "test.ron", &overrides).unwrap().remove(0);
    let rows = resolved(&scenario);
    let row = |path: &str| {
        let found: Vec<_> = rows.iter().filter(|row| row.path == path).collect();
        assert!(!found.is_empty(), "no row {path}");
        found
    };
    assert_eq!(row("technology.balance")[0].origin, Origin::Judgement { low: 0.2, high: 0.6, why: "guns".into() });
    assert_eq!((row("technology.balance")[0].value.as_str(), row("technology.balance")[0].symbol), ("0.35", "m"));
    assert_eq!(row("technology.first_strike")[0].origin, Origin::File);
    assert_eq!(row("threat.anarchy")[0].origin, Origin::Set);
    assert_eq!(row("threat.anarchy")[0].value, "0.3");
    let cost = scenario.setup.specification(scenario.setup.resolve("game.war_cost").unwrap()[0]);
    let (low, high) = cost.judged.expect("a judgement of the program");
    assert_eq!(row("game.war_cost")[0].origin, Origin::Judgement { low, high, why: "default of the program".into() });
    assert_eq!(row("states.A.output")[0].origin, Origin::Source("Maddison".into()));
    assert_eq!(row("states.A.output")[0].value, "10 in 1890, 20 in 1900");
    assert_eq!(row("states.B.output")[0].origin, Origin::Default);
    assert_eq!(row("pairs.A-B.distance")[0].origin, Origin::Capitals);
    assert_eq!(row("pairs.A-B.contact").len(), 1, "both directions are one row");
    assert_eq!(row("dyads.B-A.claim")[0].origin, Origin::File);
    assert_eq!(row("pairs.*.trade")[0].value, "0.1");
    assert_eq!(row("pairs.*.rivalry")[0].origin, Origin::Default);
    let greed = row("states.A.greed");
    assert_eq!((greed[0].date, greed[0].value.as_str()), (None, "0"));
    assert_eq!((greed[1].date, greed[1].value.as_str(), &greed[1].origin), (Some(1900.0), "0.5", &Origin::Source("y".into())));
    assert!(rows.iter().all(|row| !row.meaning.is_empty() && !row.unit.is_empty() && !row.symbol.is_empty()));
}

#[test]
fn what_was_observed_is_kept_and_changes_nothing() {
    let plain = one("");
    let body = r#"observed: { "GER": (burden: (points: [(1890.5, 0.03), ("1892-01-01", 0.04)], source: "a book")) }"#;
    let beside = one(body);
    assert!(beside.setup == plain.setup && plain.observed.is_empty(), "what was observed reaches the setup");
    let found: Vec<_> =
        beside.observed.iter().map(|o| (o.state.as_str(), o.metric.as_str(), o.date, o.value, o.source.as_str())).collect();
    assert_eq!(found, [("GER", "burden", 1890.5, 0.03, "a book"), ("GER", "burden", 1892.0, 0.04, "a book")]);
}
