//! Studies whose histories draw their judgements, with the model itself.

use spiral_ensemble::{Ensemble, Options, simulate};
use spiral_model::Simulation;
use spiral_scenario::{StudyFile, StudySource};

use super::{Counter, assert_same, plan};
use crate::draws::Draws;
use crate::plan::PartSpan;
use crate::run::run_with;
use crate::shards::shard_with;
use crate::sweep::{history_scenario, request_setup};
use crate::{
    AttributionPlan, AttributionSource, Error, Plan, Point, Request, Shard, Silent, Status, Study, Sweep, in_memory, merge, part,
};

/// Parts of 128 histories: two of each point, the second shorter.
const HISTORIES: u32 = 141;

fn fresh() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

/// Six years of a built-in scenario.
fn request(name: &str, set: &[(&str, &str)]) -> Request {
    let set = set.iter().map(|(path, value)| (path.to_string(), value.to_string())).collect();
    Request { scenario: name.to_string(), set, years: Some((0.0, 6.0)), ..Request::default() }
}

fn world(request: Request) -> Point {
    let scenario = request_setup(&request).expect("a built-in scenario");
    Point { scenario: scenario.name, setup: scenario.setup, request }
}

fn uncertain(points: Vec<Point>) -> Plan {
    Plan { points, uncertain: true, csv: false, events_for: 20, ..plan(HISTORIES) }
}

/// Two worlds that share all but one of their judgements.
fn two() -> Plan {
    let other = request("two-states", &[("technology.first_strike", "2.6")]);
    uncertain(vec![world(request("two-states", &[])), world(other)])
}

#[test]
fn threads_interruptions_shards_and_widths_change_no_byte() {
    let plan = two();
    let expected = fresh();
    let run = |directory: &tempfile::TempDir, threads, resume, progress: &Counter| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
        pool.install(|| crate::run(&plan, directory.path(), resume, progress)).expect("the study runs")
    };
    assert_eq!(run(&expected, 2, false, &Counter::up_to(u64::MAX)), Status::Complete);
    let (alone, narrow, resumed, merged) = (fresh(), fresh(), fresh(), fresh());
    run(&alone, 1, false, &Counter::up_to(u64::MAX));
    assert_same(expected.path(), alone.path(), "one thread");
    run_with::<Simulation<1>, 1>(&plan, narrow.path(), false, &Silent).expect("the study runs");
    assert_same(expected.path(), narrow.path(), "the engine of one lane");
    assert!(matches!(run(&resumed, 2, false, &Counter::up_to(150)), Status::Interrupted { .. }));
    run(&resumed, 2, true, &Counter::up_to(u64::MAX));
    assert_same(expected.path(), resumed.path(), "interrupted");
    let shards: Vec<tempfile::TempDir> = (0..2)
        .map(|index| {
            let directory = fresh();
            let shard = Shard { index, of: 2 };
            shard_with::<Simulation<1>, 1>(&plan, shard, directory.path(), false, &Silent).expect("the shard runs");
            directory
        })
        .collect();
    let paths: Vec<_> = shards.iter().map(|shard| shard.path().to_path_buf()).collect();
    let again = crate::plan_of(&crate::manifest_of(&paths[0]).expect("a manifest")).expect("the plan is made again");
    assert_eq!(again, plan);
    merge(&again, &paths, merged.path(), &Silent).expect("they merge");
    assert_same(expected.path(), merged.path(), "merged from shards");
    // A study with the values of the file is another one.
    let error = crate::run(&Plan { uncertain: false, ..plan.clone() }, resumed.path(), true, &Silent).expect_err("another study");
    assert!(error.to_string().contains("judgements drawn: true there, false asked for"), "{error}");
}

#[test]
fn a_history_has_the_judgements_of_its_draw_and_the_chance_of_its_number() {
    let plan = two();
    let study = in_memory(&plan, &Silent).expect("the study runs");
    let outcomes = study.outcomes().expect("outcomes");
    for (point, outcomes) in (0..).zip(&outcomes) {
        let scenario = request_setup(&plan.points[point as usize].request).expect("a scenario");
        for history in [0, 1, 2, 7, HISTORIES - 1] {
            let setup = scenario.drawn(plan.seed, history / 2);
            let mut alone = Ensemble::default();
            let options = Options { curves: false, ..Options::default() };
            simulate(&setup, plan.seed, history..history + 1, &options, &mut alone).expect("a history");
            assert_eq!(alone.outcomes[0], outcomes[history as usize], "point {point}, history {history}");
            assert_eq!(history_scenario(study.manifest(), point, history).expect("a scenario").setup, setup);
        }
    }
    // What the second world sets is set in every draw; all else is drawn as in the first.
    let draws = Draws::of(&plan).expect("the worlds are made again").expect("judgements are drawn");
    let (one, mut two) = (draws.setup(0, plan.seed, 10), draws.setup(1, plan.seed, 10));
    assert_eq!(two.parameters.technology.first_strike, 2.6);
    two.parameters.technology.first_strike = one.parameters.technology.first_strike;
    assert_eq!(one, two);
}

#[test]
fn ranges_without_width_give_the_certain_study_to_the_bit() {
    let plan = two();
    let mut scenario = request_setup(&plan.points[0].request).expect("a scenario");
    for judgement in &mut scenario.judgements {
        (judgement.low, judgement.high) = (judgement.value, judgement.value);
    }
    let draws = Draws::Scenarios(vec![scenario]);
    let span = PartSpan { point: 0, first: 0, count: 50 };
    let part = |draws| {
        part::simulate::<Simulation<1>, 1>(&plan, draws, (0, span), None, &Silent)
            .expect("a part")
            .expect("all of it")
            .part
            .ensemble
    };
    let bits = |part: &Ensemble| postcard::to_stdvec(part).expect("a part can be written");
    assert!(bits(&part(Some(&draws))) == bits(&part(None)));
}

#[test]
fn a_factor_that_is_a_judgement_is_not_drawn() {
    let text = "(scenario: \"two-states\", years: (0, 6), design: (kind: \"grid\"), histories: 6,
        factors: [(judgement: \"beliefs.suspicion\", steps: 2), (path: \"states.EAST.output\", levels: [90, 110])])";
    let source = StudySource { file: "test.ron".to_string(), text: text.to_string(), ..StudySource::default() };
    let file = StudyFile::again(&source, &["general_war", "preemption", "peak_burden"]).unwrap_or_else(|error| panic!("{error}"));
    let plan = Plan { uncertain: true, ..Sweep::plan(&file, false).expect("a plan") };
    let draws = Draws::of(&plan).expect("the study is read again").expect("judgements are drawn");
    let points = &plan.sweep.as_ref().expect("a sweep").points;
    for (point, values) in points.values.iter().enumerate() {
        for draw in 0..3 {
            let setup = draws.setup(point, plan.seed, 2 * draw);
            assert_eq!(setup.parameters.beliefs.suspicion, values[0]);
            assert_eq!(setup.states[0].inputs.output, values[1]);
            assert_ne!(setup.parameters, plan.points[point].setup.parameters, "nothing else is drawn");
        }
    }
    let study = in_memory(&plan, &Silent).expect("the study runs");
    assert_eq!(crate::plan_of(study.manifest()).expect("the plan is made again"), plan);
    let stop = text.replace("histories: 6", "histories: (until: \"peak_burden\", width: 0.2)");
    let source = StudySource { text: stop, ..source };
    let file = StudyFile::again(&source, &["general_war", "preemption", "peak_burden"]).unwrap_or_else(|error| panic!("{error}"));
    let plan = Plan { uncertain: true, ..Sweep::plan(&file, false).expect("a plan") };
    let error = in_memory(&plan, &Silent).expect_err("histories that are not independent");
    assert!(error.to_string().contains("give a fixed number of histories"), "{error}");
}

#[test]
fn worlds_between_two_draw_the_judgements_of_both() {
    let source = AttributionSource {
        a: request("two-states", &[]),
        b: request("two-states", &[("technology.balance", "0.5"), ("beliefs.suspicion", "0.4")]),
        outcomes: vec!["war".to_string()],
        counterparts: Vec::new(),
    };
    let plan = AttributionPlan::plan(source.clone(), 4, 3, false).unwrap_or_else(|error| panic!("{error}"));
    let plan = Plan { uncertain: true, ..plan };
    let draws = Draws::of(&plan).expect("the worlds are made again").expect("judgements are drawn");
    let ends = plan.attribution.as_ref().map(|attribution| (attribution.point_of[0], attribution.point_of[511]));
    let (first, last) = ends.expect("an attribution");
    for (point, request) in [(first, &source.a), (last, &source.b)] {
        let scenario = request_setup(request).expect("a scenario");
        let mut drawn = scenario.drawn(plan.seed, 1);
        drawn.tracks.sort_by_key(|track| track.target);
        assert_eq!(draws.setup(point as usize, plan.seed, 3), drawn);
    }
    let study = in_memory(&plan, &Silent).expect("the study runs");
    assert_eq!(crate::plan_of(study.manifest()).expect("the plan is made again"), plan);
}

#[test]
fn a_world_that_is_not_the_one_of_its_request_is_refused() {
    let mut plan = two();
    plan.points[1].setup.states[0].inputs.output = 77.0;
    let error = in_memory(&plan, &Silent).expect_err("another world");
    assert!(matches!(error, Error::Plan { .. }) && error.to_string().contains("two-states"), "{error}");
    let directory = fresh();
    crate::run(&two(), directory.path(), false, &Silent).expect("the study runs");
    assert!(Study::open(directory.path()).expect("a study").manifest().uncertain);
}
