//! Study files: those of the repository, what they do to a world, and what a user sees of a wrong one.

use std::path::Path;

use spiral_model::Setup;
use spiral_scenario::{Design, FactorValues, Overrides, StudyFile, StudySource, load};

const MEASURES: &[&str] = &["general_war", "war", "preemption", "peak_burden", "war_free_years", "arms_growth"];

fn study(text: &str) -> StudyFile {
    read(text).unwrap_or_else(|error| panic!("{error}"))
}

fn read(text: &str) -> Result<StudyFile, spiral_scenario::Error> {
    let source = StudySource { file: "study.ron".to_string(), text: text.to_string(), ..StudySource::default() };
    StudyFile::again(&source, MEASURES)
}

/// A study of pre-wwi with these factors, as a list of points.
fn of_factors(factors: &str) -> StudyFile {
    study(&format!("(scenario: \"pre-wwi\", design: (kind: \"list\", points: [{{}}]), factors: [{factors}])"))
}

fn get(setup: &Setup, path: &str) -> f64 {
    setup.get(setup.resolve(path).expect(path)[0])
}

/// The steps of a number in the timeline.
fn steps(setup: &Setup, path: &str) -> Vec<(f64, f64)> {
    let target = setup.resolve(path).expect(path)[0];
    setup.tracks.iter().find(|track| track.target == target).map(|track| track.points.clone()).unwrap_or_default()
}

/// What an error says, in one line: where it is wrapped does not matter.
fn flat(error: &impl ToString) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_study_of_the_repository_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../configs/studies");
    let mut read = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder is part of the repository") {
        let path = entry.expect("it can be read").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("calibrate-")) {
            continue;
        }
        let measures = [MEASURES, &["great_powers_30d"]].concat();
        let file = StudyFile::load(&path.to_string_lossy(), &measures).unwrap_or_else(|error| panic!("{error}"));
        assert!(!file.title.is_empty() && !file.question.is_empty(), "{}: a title and a question", path.display());
        assert!(file.design.points(&file.factors) > 1, "{}: more than one point", path.display());
        read += 1;
    }
    assert!(read >= 5, "{read} studies");
}

#[test]
fn a_point_that_leaves_everything_alone_is_the_scenario() {
    let file = of_factors("(judgements: \"all\"), (mechanism: \"prevention\"), (intervention: \"x\", remove: [\"Sarajevo\"])");
    let base = load("pre-wwi", &Overrides::default()).unwrap_or_else(|error| panic!("{error}")).remove(0).setup;
    assert_eq!(file.setup(&vec![f64::NAN; file.factors.len()]), base);
    // Judgements at the values of the file, the mechanism on, the intervention undone: the same.
    let mut values: Vec<f64> = file.base.judgements.iter().filter(|j| j.low < j.high).map(|judgement| judgement.value).collect();
    assert!(values.len() > 100, "{} judgements", values.len());
    values.extend([1.0, 0.0]);
    assert_eq!(file.setup(&values), base);
}

#[test]
fn mechanisms_and_numbers_are_set() {
    let file = of_factors("(mechanism: \"prevention\"), (path: \"technology.balance\", levels: [0.2, 0.9])");
    let setup = file.setup(&[0.0, 0.9]);
    assert!(setup.without.contains("prevention") && get(&setup, "technology.balance") == 0.9);
    assert!(!file.setup(&[1.0, 0.2]).without.contains("prevention"));
}

#[test]
fn an_entry_is_added_to_the_timeline() {
    let add = "(date: \"1910-01-01\", what: \"Entente becomes alliance\", set: {\"pairs.GBR-FRA.commitment\": 0.9})";
    let file = of_factors(&format!("(intervention: \"alliance\", add: [{add}])"));
    let (without, with) = (file.setup(&[0.0]), file.setup(&[1.0]));
    assert_eq!(without, file.base.setup);
    let mut wanted = steps(&without, "dyads.GBR-FRA.commitment");
    wanted.insert(wanted.partition_point(|step| step.0 < 1910.0), (1910.0, 0.9));
    assert_eq!(steps(&with, "dyads.GBR-FRA.commitment"), wanted);
    assert_eq!(steps(&with, "dyads.FRA-GBR.commitment"), wanted);
    assert_eq!(with.incidents.len(), without.incidents.len() + 1);
    assert!(with.incidents.is_sorted_by_key(|incident| incident.date));
}

/// `*` in a timeline is every state as well.
#[test]
fn an_entry_may_change_every_state() {
    let add = "(date: \"1910-01-01\", what: \"Everyone believes in defence\", set: {\"dyads.GER-*.claim\": 0.0, \"states.*.greed\": 0.0})";
    let file = of_factors(&format!("(intervention: \"calm\", add: [{add}])"));
    let with = file.setup(&[1.0]);
    for state in &with.states {
        let last = *steps(&with, &format!("states.{}.greed", state.code)).last().expect("a step");
        assert_eq!(last, (1910.0, 0.0), "{}", state.code);
        let claims = steps(&with, &format!("dyads.{}-AUH.claim", state.code).replace("AUH-AUH", "AUH-GER"));
        assert_eq!(claims.contains(&(1910.0, 0.0)), state.code == "GER", "{}: {claims:?}", state.code);
    }
}

#[test]
fn an_entry_is_taken_out_of_the_timeline() {
    let remove = "remove: [\"France and Russia agree to consult\", \"Franco-Russian military convention in force\"]";
    let file = of_factors(&format!("(intervention: \"no alliance\", {remove})"));
    let with = file.setup(&[1.0]);
    assert_eq!(steps(&file.base.setup, "dyads.FRA-RUS.commitment").len(), 2);
    assert_eq!(steps(&with, "dyads.FRA-RUS.commitment"), []);
    assert_eq!(with.incidents.len() + 2, file.base.setup.incidents.len());
    // Nothing else moves.
    assert_eq!(with.tracks.len() + 2, file.base.setup.tracks.len(), "one track for each direction is gone");
}

#[test]
fn an_entry_before_the_start_that_is_taken_out_gives_the_first_value_back() {
    let text = "(scenario: \"pre-wwi\", years: (1900, 1914), design: (kind: \"grid\"), factors: [(intervention: \"no alliance\",
        remove: [\"France and Russia agree to consult\", \"Franco-Russian military convention in force\"])])";
    let file = study(text);
    assert_eq!(get(&file.base.setup, "dyads.FRA-RUS.commitment"), 0.7);
    assert_eq!(get(&file.setup(&[1.0]), "dyads.FRA-RUS.commitment"), 0.0);
}

#[test]
fn factors_of_many_judgements_are_named_apart() {
    let file = of_factors("(judgements: \"states.GER\"), (judgement: \"technology.balance\")");
    let names: Vec<&str> = file.factors.iter().map(|factor| factor.name.as_str()).collect();
    assert!(names.contains(&"states.GER.perceived_balance (factor)"), "{names:?}");
    assert!(names.iter().all(|name| name.starts_with("states.GER.") || *name == "technology.balance"), "{names:?}");
    let balance = file.factors.last().expect("a factor");
    assert_eq!(balance.values, FactorValues::Range { low: 0.25, high: 0.6, logarithmic: false, steps: 3 });
}

#[test]
fn a_parameter_file_gives_factors() {
    let text = "(scenario: \"pre-wwi\", problem: \"problem.txt\", design: (kind: \"saltelli\", samples: 4))";
    let lines =
        "# name lower upper\ntechnology.balance,0.25,1.5,technology.balance,logunif\nbeliefs.suspicion 0.1 0.4\nprevention,0,1\n";
    let source = StudySource {
        file: "study.ron".to_string(),
        text: text.to_string(),
        problem: Some(lines.to_string()),
        ..StudySource::default()
    };
    let file = StudyFile::again(&source, MEASURES).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(file.factors.len(), 3);
    assert!(matches!(file.factors[0].values, FactorValues::Range { logarithmic: true, .. }));
    assert_eq!(file.factors[1].values.bounds(), (0.1, 0.4));
    assert_eq!((file.factors[2].kind(), &file.factors[2].values), ("mechanism", &FactorValues::Switch));
    assert_eq!(file.design, Design::Saltelli { samples: 4 });
    let broken = StudySource { problem: Some("technology.balanse,0.25,1.5\n".to_string()), ..source };
    let error = StudyFile::again(&broken, MEASURES).expect_err("a misspelt name").to_string();
    assert!(error.contains("problem.txt:1:1") && error.contains("technology.balance"), "{error}");
}

/// A grid over the plane of Jervis: the belief of everyone moves with the true balance.
fn plane(more: &str) -> String {
    format!(
        "(scenario: \"jervis-plane/m033-q000\", design: (kind: \"grid\"),
          factors: [(path: \"technology.distinguishability\", range: (0.0, 0.9), steps: 2),
                    (path: \"technology.balance\", also: [\"states.*.perceived_balance\"], range: (0.3333, 1.0), steps: 2)], {more})"
    )
}

/// The corners of the plane are the four worlds, to the bit.
#[test]
fn a_factor_may_set_several_numbers() {
    let file = study(&plane(""));
    let world = |name: &str| load(name, &Overrides::default()).unwrap_or_else(|error| panic!("{error}")).remove(0).setup;
    for (member, balance, distinguishability) in
        [("m033-q000", 0.3333, 0.0), ("m033-q090", 0.3333, 0.9), ("m100-q000", 1.0, 0.0), ("m100-q090", 1.0, 0.9)]
    {
        let mut setup = file.setup(&[distinguishability, balance]);
        let wanted = world(&format!("jervis-plane/{member}"));
        setup.name.clone_from(&wanted.name);
        assert_eq!(setup, wanted, "{member}");
    }
    assert_eq!(file.factors[1].paths(), ["technology.balance", "states.*.perceived_balance"]);
}

#[test]
fn scenarios_are_marked_at_their_own_values() {
    let file = study(&plane("curves: true, marks: [\"pre-wwi\", \"four-worlds\"]"));
    assert!(file.curves && !study(&plane("")).curves);
    let names: Vec<&str> = file.marks.iter().map(|mark| mark.scenario.as_str()).collect();
    assert_eq!(names[0], "pre-wwi");
    assert_eq!(names.len(), 5, "a file stands for its four members: {names:?}");
    let [seen, balance] = file.marks[0].places;
    assert_eq!([seen.value, seen.low, seen.high], [0.15; 3]);
    // The true balance is 0.35; what anyone believed between 1890 and 1920 goes up to 1.1.
    assert_eq!([balance.value, balance.low, balance.high], [0.35, 0.35, 1.1]);
    // Of a path that stands for many, the mean.
    let text = plane("marks: [\"pre-wwi\"]")
        .replace("\"technology.balance\", also: [\"states.*.perceived_balance\"]", "\"states.*.perceived_balance\"");
    let [_, believed] = study(&text).marks[0].places;
    let base = load("pre-wwi", &Overrides::default()).unwrap_or_else(|error| panic!("{error}")).remove(0).setup;
    let mean = base.states.iter().map(|state| state.inputs.perceived_balance).sum::<f64>() / base.states.len() as f64;
    assert!((believed.value - mean).abs() < 1e-12, "{} is not {mean}", believed.value);
    assert_eq!([believed.low, believed.high], [0.4, 1.1]);
}

/// A scenario of one's own that is marked stays with the study.
#[test]
fn marks_are_read_again_from_the_study_itself() {
    let folder = std::env::temp_dir().join(format!("spiral-marks-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let own =
        "(calendar: (start: 0, end: 1), technology: (balance: 0.7, distinguishability: 0.2), states: {\"A\": (), \"B\": ()})";
    let (world, file) = (folder.join("own.ron"), folder.join("study.ron"));
    std::fs::write(&world, own).expect("it can be written");
    std::fs::write(&file, plane(&format!("marks: [\"{}\"]", world.display()))).expect("it can be written");
    let read = StudyFile::load(&file.to_string_lossy(), MEASURES).unwrap_or_else(|error| panic!("{error}"));
    std::fs::remove_dir_all(&folder).expect("it can be removed");
    assert_eq!(read.marks[0].scenario, "own");
    assert_eq!((read.marks[0].places[0].value, read.marks[0].places[1].value), (0.2, 0.7));
    let again = StudyFile::again(&read.source, MEASURES).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(again.marks, read.marks);
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let whole = |design: &str, factors: &str| format!("(\nscenario: \"pre-wwi\",\ndesign: {design},\nfactors: [{factors}],\n)");
    let balance = "(path: \"technology.balance\", range: (0.25, 1.0))";
    for (text, told) in [
        ("(design: (kind: \"grid\"))".to_string(), "`scenario` is missing"),
        (whole("(kind: \"sobel\", points: 3)", balance), "study.ron:3:16: kind: no such name as `sobel`"),
        (whole("(kind: \"sobol\")", balance), "a design of kind sobol needs `points`"),
        (whole("(kind: \"grid\", points: 3)", balance), "study.ron:3:24: no key `points` in a design of kind grid"),
        (whole("(kind: \"morris\", trajectories: 4, levels: 5)", balance), "needs an even number"),
        (whole("(kind: \"grid\")", ""), "a study needs at least one factor"),
        (whole("(kind: \"grid\")", "(path: \"technology.balanse\", range: (0, 1))"), "did you mean `technology.balance`?"),
        (
            whole("(kind: \"grid\")", "(path: \"technology.balance\", range: (0.5, 1e6))"),
            "technology.balance would be 1000000; allowed",
        ),
        (whole("(kind: \"grid\")", "(path: \"technology.balance\", range: (2, 1))"), "goes from 2 to 1"),
        (whole("(kind: \"grid\")", &format!("{balance}, {balance}")), "`technology.balance` is given twice"),
        (
            whole(
                "(kind: \"grid\")",
                "(path: \"states.GER.output\", levels: [1, 2]), (path: \"states.*.output\", levels: [3, 4])",
            ),
            "`states.GER.output` and `states.*.output` set the same number",
        ),
        (whole("(kind: \"grid\")", "(path: \"technology.balance\", levels: [])"), "the levels of technology.balance are empty"),
        (
            whole("(kind: \"grid\")", "(path: \"technology.balance\", levels: [1, 2], range: (0, 1))"),
            "`technology.balance` has `range` and `levels`: one of them",
        ),
        (whole("(kind: \"grid\")", "(path: \"technology.balance\", levels: [1, 2], steps: 3)"), "no meaning beside `levels`"),
        (whole("(kind: \"grid\")", "(judgement: \"technology.balans\")"), "did you mean `technology.balance`?"),
        (whole("(kind: \"grid\")", "(judgement: \"pairs.GBR-FRA.commitment\")"), "several judgements have that path"),
        (whole("(kind: \"grid\")", "(mechanism: \"trad\")"), "did you mean `trade`?"),
        (whole("(kind: \"grid\")", "(intervention: \"x\", remove: [\"Sarajewo\"])"), "did you mean `Sarajevo`?"),
        (whole("(kind: \"grid\")", "(intervention: \"x\")"), "adds and removes nothing"),
        (
            whole("(kind: \"grid\")", "(intervention: \"x\", add: [(date: 1950, what: \"y\")])"),
            "the date 1950 lies outside the calendar, 1890 to 1920",
        ),
        (
            whole("(kind: \"grid\")", "(intervention: \"x\", add: [(date: 1900, what: \"y\", set: {\"states.GBR.output\": 3})])"),
            "states.GBR.output follows a series",
        ),
        (whole("(kind: \"list\", points: [{\"x\": 1}])", balance), "no factor `x`"),
        (whole("(kind: \"list\", points: [{\"technology.balance\": 9}])", balance), "allowed: 0.25 to 1"),
        (whole("(kind: \"list\", points: [[9]])", balance), "allowed: 0.25 to 1"),
        (whole("(kind: \"list\", points: [[0.5, 1]])", balance), "a point has 2 values, and the study has 1 factors"),
        (whole("(kind: \"lhs\", points: 900000)", balance), "allowed: 2 to 200000"),
        (whole("(kind: \"grid\")", balance).replace(",\n)", ",\noutcomes: [\"warr\"],\n)"), "did you mean `war`?"),
        (whole("(kind: \"grid\")", balance).replace("pre-wwi", "four-worlds"), "holds several scenarios"),
        (whole("(kind: \"grid\")", balance).replace(",\n)", ",\nhistories: (until: \"war\"),\n)"), "needs `until` and `width`"),
        (
            whole("(kind: \"grid\")", balance)
                .replace(",\n)", ",\nhistories: (until: \"war\", width: 0.1, at_least: 100, at_most: 10),\n)"),
            "at_least is 100 and at_most 10",
        ),
        (whole("(kind: \"grid\")", balance).replace("pre-wwi", "pre-ww1"), "study.ron:2:11: no scenario and no file `pre-ww1`"),
        (plane("marks: [\"pre-ww1\"]"), "did you mean `pre-wwi`?"),
        (plane("marks: \"pre-wwi\""), "marks is a text"),
        (plane("curves: 1"), "curves is a number"),
        (whole("(kind: \"grid\")", &format!("{balance}],\nmarks: [\"pre-wwi\"")), "`marks` need a plane: a grid of two factors"),
        (
            plane("marks: [\"pre-wwi\"]").replace("states.*.perceived_balance", "states.A.perceived_balance"),
            "`pre-wwi` cannot be marked: `states.A.perceived_balance`: no state `A`",
        ),
        (plane("").replace("states.*.perceived_balance", "states.*.greed"), "states.*.greed is in"),
        (
            plane("").replace("states.*.perceived_balance", "states.*.percieved_balance"),
            "did you mean `states.*.perceived_balance`?",
        ),
    ] {
        let error = flat(&read(&text).map(|file| format!("{:?}", file.factors)).expect_err(&text));
        assert!(error.contains(told), "should say {told:?}:\n{error}");
    }
}

/// A factor that is wrong is told once; nothing is said of points, marks or levels that are wrong only because of it.
#[test]
fn one_mistake_is_told_once() {
    let points = "(kind: \"list\", points: [[0.5], [2.0]])";
    let named = "(kind: \"list\", points: [{\"technology.balance\": 0.5}, {\"technology.balance\": 2.0}])";
    let grid = "(kind: \"grid\")";
    let balance = "(path: \"technology.balance\", range: (0.25, 4.0))";
    let mut seen = Vec::new();
    for (design, factors) in [
        (points, "(path: \"technology.balanse\", range: (0.25, 4.0))"),
        (named, "(path: \"technology.balance\", levels: [0.5, 2000])"),
        (named, "(path: \"technology.balance\", range: (0.25, 4000))"),
        ("(kind: \"list\", file: \"points.csv\")", "(path: \"technology.balance\", range: (4.0, 0.25))"),
        ("(kind: \"list\", file: 3)", balance),
        (points, "\"technology.balance\""),
        (grid, "(path: \"technology.balance\", range: (0.25, \"4\"))"),
        (grid, "(path: \"technology.balance\", range: (0.25, 4.0), steps: 2.5)"),
        (grid, "(path: \"technology.balance\", range: (0.25, 4.0))],\nhistories: [\"many\""),
        (grid, "(mechanism: \"trad\"), (path: \"technology.balance\", levels: [1, 2])],\nmarks: [\"pre-wwi\""),
    ] {
        let text = format!("(\nscenario: \"two-states\",\ndesign: {design},\nfactors: [{factors}],\n)");
        let source = StudySource {
            file: "study.ron".to_string(),
            text,
            points: Some("technology.balance\n0.5\n2.0\n".to_string()),
            ..StudySource::default()
        };
        let error = StudyFile::again(&source, MEASURES).map(|file| file.title).expect_err(factors);
        assert_eq!(error.problems.len(), 1, "one mistake:\n{error}");
        seen.push(error.to_string());
    }
    insta::assert_snapshot!("mistakes_told_once", seen.join("\n\n"));
    // A list of factors under a wrong key: the key is what is wrong, not the points.
    let text = format!("(scenario: \"two-states\", design: {points}, factor: [{balance}])");
    let error = flat(&read(&text).map(|file| file.title).expect_err("no factors"));
    assert!(error.contains("did you mean `factors`?") && !error.contains("a point has"), "{error}");
}

#[test]
fn a_file_of_another_kind_is_called_by_its_name() {
    let scenario = "(calendar: (start: 0, end: 1), states: {\"A\": ()})";
    let study = "(scenario: \"two-states\", design: (kind: \"grid\"), factors: [(path: \"crisis.rate\", range: (0.1, 0.2))])";
    let calibration = "(scenario: \"two-states\", factors: [(judgement: \"crisis.rate\")], targets: [], method: (kind: \"cma-es\"), budget: 32)";
    for (text, told) in [
        (scenario, "this file is a scenario: `spiral run FILE`"),
        (calibration, "this file is a calibration: `spiral calibrate FILE`"),
    ] {
        let error = read(text).map(|_| ()).expect_err("it is no study").to_string();
        assert!(error.contains(told), "should say {told:?}:\n{error}");
    }
    let error = spiral_scenario::parse(study, "study.ron", &Overrides::default()).expect_err("it is no scenario").to_string();
    assert!(error.contains("this file is a study: `spiral sweep FILE`"), "{error}");
}

#[test]
fn groups_of_a_parameter_file_move_together() {
    let text = "(scenario: \"pre-wwi\", problem: \"problem.txt\", design: (kind: \"morris\", trajectories: 4))";
    let lines =
        "technology.first_strike,1.0,3.0,tech,unif\nbeliefs.suspicion,0.05,0.6,mind,unif\ncrisis.rate,0.02,0.4,mind,unif\n";
    let read = |lines: &str| {
        let source = StudySource {
            file: "s.ron".to_string(),
            text: text.to_string(),
            problem: Some(lines.to_string()),
            ..StudySource::default()
        };
        StudyFile::again(&source, MEASURES).unwrap_or_else(|error| panic!("{error}"))
    };
    let study = read(lines);
    let groups = spiral_scenario::groups(&study.factors);
    assert_eq!(groups, [("tech".to_string(), vec![0]), ("mind".to_string(), vec![1, 2])]);
    assert_eq!(study.design.points(&study.factors), 12, "SALib has twelve rows in two groups");
    // A group of one's own name is none.
    let alone = lines.replace(",tech,", ",technology.first_strike,").replace(",mind,unif", "");
    let study = read(&alone);
    assert_eq!((spiral_scenario::groups(&study.factors).len(), study.design.points(&study.factors)), (3, 16));
}

#[test]
fn a_design_that_is_no_power_of_two_is_remarked() {
    let remark = |design: &str| {
        let text = format!("(scenario: \"pre-wwi\", design: {design}, factors: [(judgement: \"technology.balance\")])");
        study(&text).design.remark()
    };
    assert!(remark("(kind: \"saltelli\", samples: 100)").is_some_and(|remark| remark.contains("better 64 or 128")));
    assert!(remark("(kind: \"sobol\", points: 65)").is_some_and(|remark| remark.contains("better 64 or 128")));
    for design in
        ["(kind: \"saltelli\", samples: 64)", "(kind: \"sobol\", points: 1)", "(kind: \"lhs\", points: 100)", "(kind: \"grid\")"]
    {
        assert_eq!(remark(design), None, "{design}");
    }
}

#[test]
fn points_come_from_a_file_in_its_order() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a writable folder");
    write(
        "study.ron",
        "(scenario: \"pre-wwi\", design: (kind: \"list\", file: \"points.csv\"), factors: [(path: \"technology.first_strike\", range: (1.0, 3.0)), (mechanism: \"trade\")])",
    );
    let path = folder.path().join("study.ron").to_string_lossy().into_owned();
    let load = || StudyFile::load(&path, MEASURES);
    write("points.csv", "\u{feff}point,trade,technology.first_strike\r\n0,true,2.5\r\n1,0,\r\n2,1,1.25\r\n");
    let study = load().unwrap_or_else(|error| panic!("{error}"));
    let spiral_scenario::Design::List(points) = &study.design else { panic!("a list") };
    assert_eq!(points.len(), 3);
    assert_eq!((points[0].clone(), points[2].clone()), (vec![2.5, 1.0], vec![1.25, 1.0]));
    assert!(points[1][0].is_nan() && points[1][1] == 0.0, "an empty cell leaves the factor alone");
    // It is read again from its own texts, without the file.
    std::fs::remove_file(folder.path().join("points.csv")).expect("it was there");
    let again = StudyFile::again(&study.source, MEASURES).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(format!("{:?}", again.design), format!("{:?}", study.design));
    for (text, part) in [
        ("technology.first_strike\n9\n", "row 2, column `technology.first_strike`: `9` is not a number from 1 to 3"),
        ("technology.first_strik\n2\n", "did you mean `technology.first_strike`?"),
        ("point\n1\n", "no column of a factor"),
        ("technology.first_strike\n", "no points"),
        ("technology.first_strike,technology.first_strike\n1,2\n", "has two columns"),
        ("technology.first_strike,trade\n1\n", "cannot be read as comma separated text"),
    ] {
        write("points.csv", text);
        let told = load().map_or_else(|error| flat(&error), |_| panic!("{text} is read"));
        assert!(told.contains(part) && told.contains("points.csv"), "{text:?} should say {part:?}:\n{told}");
    }
    std::fs::remove_file(folder.path().join("points.csv")).expect("it was there");
    assert!(load().is_err_and(|error| error.to_string().contains("points.csv")));
}

#[test]
fn a_point_may_be_a_list_of_values_in_the_order_of_the_factors() {
    let study = |points: &str| {
        let source = StudySource {
            file: "study.ron".to_string(),
            text: format!(
                "(scenario: \"two-states\", design: (kind: \"list\", points: [{points}]), factors: [(path: \"technology.balance\", range: \
                 (0.25, 1)), (mechanism: \"beliefs\")])"
            ),
            ..StudySource::default()
        };
        StudyFile::again(&source, &["war", "general_war", "preemption", "peak_burden"])
            .unwrap_or_else(|error| panic!("{error}"))
            .design
    };
    let named = study("{\"technology.balance\": 0.1e1, \"beliefs\": 0}, {\"technology.balance\": 0.3, \"beliefs\": 1}");
    assert_eq!(study("[1, 0], [0.3, 1]"), named);
    assert_eq!(named, Design::List(vec![vec![1.0, 0.0], vec![0.3, 1.0]]));
}
