//! Sweeps, shards and broken histories, without the model.

use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int32Type};
use spiral_scenario::{StudyFile, StudySource};

use super::{BREAKS, Counter, Fake, assert_same, contents, plan, point, run_fake};
use crate::shards::shard_with;
use crate::{
    Error, Manifest, Plan, Progress, Shard, Silent, Status, Study, StudyKind, Sweep, merge, most_shards, plan_of, scenario_of,
    shard_directories, shard_parts, shards_found,
};

pub(super) fn fresh() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

/// Twelve points of `two-states`.
pub(super) fn sweep(histories: &str) -> Plan {
    sweep_with(histories, "")
}

/// The same with more keys in its file.
fn sweep_with(histories: &str, more: &str) -> Plan {
    let text = format!(
        "(scenario: \"two-states\", design: (kind: \"sobol\", points: 12), histories: {histories}, seed: 9, {more}
          factors: [(path: \"technology.balance\", range: (0.25, 4.0), scale: \"log\"), (mechanism: \"trade\")])"
    );
    let source = StudySource { file: "test.ron".to_string(), text, ..StudySource::default() };
    let file = StudyFile::again(&source, &["general_war", "war", "preemption", "peak_burden", "crises"]);
    Sweep::plan(&file.unwrap_or_else(|error| panic!("{error}")), true).expect("a plan")
}

/// Histories until the share of wars is known to 0.2: one or more rounds of 64.
pub(super) const UNTIL: &str = "(until: \"war\", width: 0.2, at_least: 64, at_most: 640)";

pub(super) fn whole(plan: &Plan) -> tempfile::TempDir {
    let directory = fresh();
    assert_eq!(run_fake::<16>(plan, directory.path(), false, 2, &Silent).expect("the study runs"), Status::Complete);
    directory
}

#[test]
fn points_stop_when_their_interval_is_narrow() {
    let plan = sweep(UNTIL);
    let directory = whole(&plan);
    let mut counts = Vec::new();
    let study = Study::open(directory.path()).expect("the study opens");
    study
        .for_each_point(|point, outcomes| {
            assert_eq!(point as usize, counts.len());
            assert!(outcomes.iter().enumerate().all(|(at, outcome)| outcome.history as usize == at));
            counts.push(outcomes.len());
            // Narrow at the end, and not a round before.
            let width = |outcomes: &[spiral_model::Outcome]| {
                let estimate = spiral_analysis::measure_estimate("war", outcomes, (1900.0, 1910.0)).expect("a measure");
                estimate.upper.expect("an end") - estimate.lower.expect("an end")
            };
            assert!(width(outcomes) <= 0.2, "{} after {} histories", width(outcomes), outcomes.len());
            let before = &outcomes[..outcomes.len() - 64];
            assert!(before.is_empty() || width(before) > 0.2, "{} a round before", width(before));
        })
        .expect("outcomes");
    assert_eq!(counts.len(), 12);
    assert!(counts.iter().all(|count| (64..640).contains(count)), "{counts:?}");
}

#[test]
fn threads_widths_and_interruptions_change_no_byte_of_a_sweep() {
    for histories in [UNTIL, "300"] {
        let plan = sweep(histories);
        let expected = whole(&plan);
        for threads in [1, 7] {
            let directory = fresh();
            run_fake::<8>(&plan, directory.path(), false, threads, &Silent).expect("the study runs");
            assert_same(expected.path(), directory.path(), &format!("{threads} threads"));
        }
        for limit in [1, 300, 800] {
            let directory = fresh();
            let status = run_fake::<16>(&plan, directory.path(), false, 2, &Counter::up_to(limit)).expect("the study stops");
            assert!(matches!(status, Status::Interrupted { .. }), "{status:?}");
            run_fake::<16>(&plan, directory.path(), true, 1, &Silent).expect("it resumes");
            assert_same(expected.path(), directory.path(), &format!("stopped after {limit} histories of {histories}"));
        }
    }
}

#[test]
fn work_goes_round_the_points() {
    // Stopped half-way, every point has histories, and none has a round more than another and the next.
    let plan = sweep("1024");
    let directory = fresh();
    run_fake::<16>(&plan, directory.path(), false, 1, &Counter::up_to(6144)).expect("the study stops");
    let layout = crate::plan::Layout::new(&plan);
    let mut rounds = vec![0; 12];
    for index in crate::log::read(directory.path()).expect("the list").0.into_keys() {
        rounds[layout.span(index).point] += 1;
    }
    let (least, most) = (rounds.iter().min().expect("points"), rounds.iter().max().expect("points"));
    assert!(*least > 0 && most - least <= 1, "{rounds:?}");
}

#[test]
fn the_table_of_points_has_their_values() {
    let plan = sweep("70");
    let directory = whole(&plan);
    let (_, batches) = crate::tables::open("points", directory.path()).expect("the table");
    let batch = batches.into_iter().next().expect("a batch").expect("rows");
    let sweep = plan.sweep.as_ref().expect("a sweep");
    let balance = batch.column_by_name("technology.balance").expect("a column").as_primitive::<Float64Type>();
    let trade = batch.column_by_name("trade").expect("a column").as_primitive::<Float64Type>();
    for (row, values) in sweep.points.values.iter().enumerate() {
        assert_eq!(batch.column(0).as_primitive::<Int32Type>().value(row) as usize, row);
        assert_eq!([balance.value(row), trade.value(row)], [values[0], values[1]]);
        let setup = &plan.points[row].setup;
        assert_eq!(setup.get(setup.resolve("technology.balance").expect("a path")[0]), values[0]);
        assert_eq!(setup.without.contains("trade"), values[1] == 0.0);
    }
    assert_eq!((batch.num_rows(), balance.null_count()), (12, 0));
    assert!(directory.path().join("points.csv").exists());
}

#[test]
fn a_plan_is_made_again_from_its_manifest() {
    let sweep = sweep(UNTIL);
    let directory = whole(&sweep);
    let manifest = Manifest::read(directory.path()).expect("it can be read").expect("it is there");
    assert_eq!(plan_of(&manifest).expect("the plan"), Plan { csv: false, ..sweep.clone() });
    for point in [0, 11] {
        assert_eq!(scenario_of(&manifest, point).expect("a world").setup, sweep.points[point as usize].setup);
    }
    assert!(scenario_of(&manifest, 12).expect_err("no such point").to_string().contains("12 points"));
    let mut other = manifest;
    other.points[3].hash = "0".repeat(64);
    assert!(plan_of(&other).expect_err("another world").to_string().contains("point 3 (two-states) is not the same world"));
}

#[test]
fn medians_cannot_be_followed() {
    let error = run_fake::<16>(&sweep("(until: \"crises\", width: 1)"), fresh().path(), false, 1, &Silent).expect_err("a rate");
    assert!(error.to_string().contains("must be a share or a mean"), "{error}");
}

pub(super) fn shards(plan: &Plan, of: u32) -> Vec<tempfile::TempDir> {
    let make = |index| {
        let directory = fresh();
        let status = shard_with::<Fake<16>, 16>(plan, Shard { index, of }, directory.path(), false, &Silent);
        assert_eq!(status.expect("the shard runs"), Status::Complete);
        directory
    };
    (0..of).map(make).collect()
}

pub(super) fn paths(directories: &[tempfile::TempDir]) -> Vec<PathBuf> {
    directories.iter().map(|directory| directory.path().to_path_buf()).collect()
}

#[test]
fn merged_shards_are_the_whole_study() {
    for plan in [sweep(UNTIL), sweep("300"), plan(777)] {
        let expected = whole(&plan);
        for of in [1, 3, 5] {
            let (shards, merged) = (shards(&plan, of), fresh());
            let before: Vec<_> = shards.iter().map(|shard| contents(shard.path())).collect();
            assert_eq!(merge(&plan, &paths(&shards), merged.path(), &Silent).expect("they merge"), Status::Complete);
            assert_same(expected.path(), merged.path(), &format!("{of} shards"));
            let after: Vec<_> = shards.iter().map(|shard| contents(shard.path())).collect();
            assert!(before == after, "a shard was changed");
        }
    }
}

#[test]
fn what_cannot_be_merged_says_why_and_nothing_is_lost() {
    let plan = sweep("300");
    let expected = whole(&plan);
    let all = shards(&plan, 3);
    let merged = fresh();
    let error = merge(&plan, &paths(&all[..2]), merged.path(), &Silent).expect_err("a shard is missing");
    assert!(matches!(error, Error::Unmerged { .. }) && error.to_string().contains("run the missing shards"), "{error}");
    // A shard of another study.
    let other = shards(&sweep("301"), 1);
    let error = merge(&plan, &paths(&other), merged.path(), &Silent).expect_err("another study");
    assert!(error.to_string().contains("histories: 301 there, 300 asked for"), "{error}");
    let error = merge(&plan, &[expected.path().to_path_buf()], merged.path(), &Silent).expect_err("finished");
    assert!(error.to_string().contains("finished study"), "{error}");
    assert!(matches!(merge(&plan, &[fresh().path().to_path_buf()], merged.path(), &Silent), Err(Error::Missing { .. })));
    // A part that was damaged on its way is passed over and told, and the missing one is named.
    let name = fs::read_dir(all[2].path().join("parts")).expect("parts").next().expect("one").expect("it").path();
    let bytes = fs::read(&name).expect("a part");
    fs::write(&name, &bytes[..bytes.len() / 2]).expect("it can be cut");
    let progress = Counter::up_to(u64::MAX);
    assert!(matches!(merge(&plan, &paths(&all), merged.path(), &progress), Err(Error::Unmerged { missing: 1, .. })));
    assert!(progress.notes.lock().expect("notes")[0].contains("is damaged or missing and is passed over"));
    // Whole again, all come together; or the directory goes on by itself.
    fs::write(&name, &bytes).expect("it can be mended");
    let resumed = fresh();
    assert!(merge(&plan, &paths(&all[..1]), resumed.path(), &Silent).is_err());
    assert_eq!(merge(&plan, &paths(&all), merged.path(), &Silent).expect("they merge"), Status::Complete);
    assert_same(expected.path(), merged.path(), "after every mishap");
    assert_eq!(run_fake::<16>(&plan, resumed.path(), true, 2, &Silent).expect("it resumes"), Status::Complete);
    assert_same(expected.path(), resumed.path(), "one shard, and the rest by --resume");
    let error = shard_with::<Fake<16>, 16>(&plan, Shard { index: 3, of: 3 }, fresh().path(), false, &Silent);
    assert!(error.expect_err("no such shard").to_string().contains("the last is 2"));
}

/// A sweep and a sensitivity study simulate the same histories: either continues the other, and a finished sweep becomes a
/// sensitivity study when that is asked for. No other kind does.
#[test]
fn a_sweep_can_become_a_sensitivity_study_and_its_manifest_says_so() {
    let plan = sweep("70");
    let indices = Plan { kind: StudyKind::Sensitivity, ..plan.clone() };
    let (expected, directory) = (whole(&indices), whole(&plan));
    let kind = |directory: &Path| Study::open(directory).expect("the study").manifest().kind;
    assert_eq!((kind(expected.path()), kind(directory.path())), (StudyKind::Sensitivity, StudyKind::Sweep));
    for (again, what) in [(&indices, "it becomes one"), (&plan, "it stays one")] {
        run_fake::<16>(again, directory.path(), true, 1, &Silent).expect("it resumes");
        assert_eq!(kind(directory.path()), StudyKind::Sensitivity, "{what}");
        assert_same(expected.path(), directory.path(), what);
    }
    let begun = fresh();
    run_fake::<16>(&plan, begun.path(), false, 1, &Counter::up_to(100)).expect("the study stops");
    run_fake::<16>(&indices, begun.path(), true, 1, &Silent).expect("it resumes");
    assert_same(expected.path(), begun.path(), "begun as a sweep");
    assert_eq!(plan_of(Study::open(begun.path()).expect("the study").manifest()).expect("a plan").kind, StudyKind::Sensitivity);
    let other = Plan { kind: StudyKind::Explain, ..plan };
    let error = run_fake::<16>(&other, begun.path(), true, 1, &Silent).expect_err("another kind").to_string();
    assert!(error.contains("kind: sensitivity there, explain asked for"), "{error}");
}

/// Curves of every point where the file asks for them, one point in memory at a time; whatever the threads and interruptions.
#[test]
fn curves_of_points_are_kept_where_asked() {
    let plan = sweep_with("200", "curves: true,");
    let expected = whole(&plan);
    let rows = Study::open(expected.path()).expect("the study").curves().expect("curves");
    for point in 0..12 {
        let at_start = rows.iter().find(|row| row.point == point && row.metric == "arms").expect("a row of every point");
        assert_eq!((at_start.at_risk, at_start.date), (200, plan.points[0].setup.horizon.start), "point {point}");
    }
    let each = rows.iter().filter(|row| row.point == 0).count();
    assert_eq!(rows.len(), 12 * each, "every point has the same dates, states and metrics");
    let directory = fresh();
    let status = run_fake::<8>(&plan, directory.path(), false, 2, &Counter::up_to(900)).expect("the study stops");
    assert!(matches!(status, Status::Interrupted { .. }), "{status:?}");
    // Without curves it is another study.
    let error = run_fake::<8>(&sweep("200"), directory.path(), true, 1, &Silent).expect_err("another study");
    assert!(matches!(error, Error::Different { .. }), "{error:?}");
    run_fake::<8>(&plan, directory.path(), true, 1, &Silent).expect("it resumes");
    assert_same(expected.path(), directory.path(), "interrupted");
    assert!(Study::open(whole(&sweep("200")).path()).expect("the study").curves().expect("curves").is_empty());
}

/// A plan whose first point breaks the simulator in one history.
pub(super) fn breaking(curves: bool) -> Plan {
    Plan { points: vec![point("breaks", &["A", "B"], 1.0), point("long", &["A", "B"], 1.0)], curves, ..plan(200) }
}

fn batch(directory: &Path, name: &str) -> arrow::array::RecordBatch {
    let (_, batches) = crate::tables::open(name, directory).expect("the table");
    batches.into_iter().next().expect("a batch").expect("rows")
}

#[test]
fn a_history_that_breaks_the_simulator_is_a_row_and_the_study_goes_on() {
    let plan = breaking(true);
    let directory = whole(&plan);
    for width in [1, 64] {
        let other = fresh();
        let status = if width == 1 {
            run_fake::<1>(&plan, other.path(), false, 2, &Silent)
        } else {
            run_fake::<64>(&plan, other.path(), false, 1, &Silent)
        };
        assert_eq!(status.expect("the study runs"), Status::Complete);
        assert_same(directory.path(), other.path(), &format!("width {width}"));
    }
    let failures = batch(directory.path(), "failures");
    let text = |name: &str, row: usize| failures.column_by_name(name).expect(name).as_string::<i32>().value(row).to_string();
    let row = (0..failures.num_rows()).find(|row| text("stage", *row) == "the simulator stopped").expect("a row");
    assert_eq!(text("replay", row), format!("spiral replay . --point 0 --history {BREAKS}"));
    assert_eq!((text("message", row), text("seed", row)), (format!("history {BREAKS} breaks the simulator"), "7".to_string()));
    let outcomes = Study::open(directory.path()).expect("the study").outcomes().expect("outcomes");
    assert_eq!((outcomes[0].len(), outcomes[1].len()), (200, 200));
    assert_eq!(outcomes[0][BREAKS as usize].ended, spiral_model::Ended::Failure);
    // Numbers that blew up are rows too, one for each history that says so.
    let audited = outcomes.iter().flatten().filter(|outcome| outcome.failure.is_some()).count();
    assert_eq!(failures.num_rows(), audited + 1);
    assert!(audited > 0, "no number blew up: the test shows too little");
    let other = (0..failures.num_rows()).find(|other| *other != row).expect("a row");
    assert!(text("stage", other).starts_with("audit of tick ") && text("message", other).ends_with(" is not finite"));
}

#[test]
fn curves_leave_a_broken_history_out() {
    let directory = whole(&breaking(true));
    let study = Study::open(directory.path()).expect("the study");
    let at_start = |point: u32| {
        let rows = study.curves().expect("curves");
        rows.into_iter().find(|row| row.point == point && row.metric == "arms").expect("a row").at_risk
    };
    assert_eq!((at_start(0), at_start(1)), (199, 200));
    assert!(Study::open(whole(&breaking(false)).path()).expect("the study").curves().expect("curves").is_empty());
}

#[test]
fn shards_without_work_are_refused_and_the_largest_number_is_named() {
    for (plan, most, unit) in [(sweep(UNTIL), 12, "points"), (sweep("300"), 36, "parts")] {
        assert_eq!(most_shards(&plan), most);
        let directory = fresh();
        let shard = Shard { index: 0, of: most + 1 };
        let error = shard_with::<Fake<16>, 16>(&plan, shard, directory.path(), false, &Silent).expect_err("too many shards");
        let told = error.to_string();
        assert!(told.contains(&format!("the study has {most} {unit}")) && told.contains("largest number"), "{told}");
        assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 0, "nothing is written");
        let all: Vec<_> = (0..most).flat_map(|index| shard_parts(&plan, Shard { index, of: most })).collect();
        let histories: u64 = all.iter().map(|(_, _, count)| u64::from(*count)).sum();
        assert_eq!(histories, plan.total());
    }
}

#[test]
fn a_parent_directory_stands_for_its_shards_and_missing_ones_are_named() {
    let plan = sweep("300");
    let (expected, parent) = (whole(&plan), fresh());
    let run = |index: u32, progress: &dyn Progress| {
        let directory = parent.path().join(format!("shard-{index}"));
        shard_with::<Fake<16>, 16>(&plan, Shard { index, of: 4 }, &directory, true, progress).expect("the shard runs")
    };
    assert_eq!((run(0, &Silent), run(3, &Silent)), (Status::Complete, Status::Complete));
    assert!(matches!(run(1, &Counter::up_to(64)), Status::Interrupted { .. }));
    let whole = parent.path().join("whole");
    let directories = || shard_directories(&[parent.path().to_path_buf()], Some(&whole)).expect("directories");
    assert_eq!(directories().len(), 3);
    let found = shards_found(&directories()).expect("readable").expect("shards");
    assert_eq!((found.of, found.complete.clone(), found.missing.clone(), found.to_run()), (4, vec![0, 3], vec![2], vec![1, 2]));
    let told = merge(&plan, &directories(), &whole, &Silent).expect_err("a shard is missing").to_string();
    assert!(told.contains("(shard 2 of 4 missing; shard 1 of 4 not finished)"), "{told}");
    assert_eq!((run(1, &Silent), run(2, &Silent)), (Status::Complete, Status::Complete));
    let found = shards_found(&directories()).expect("readable").expect("shards");
    assert_eq!((found.complete.len(), found.to_run()), (4, Vec::new()));
    assert_eq!(merge(&plan, &directories(), &whole, &Silent).expect("they merge"), Status::Complete);
    assert_same(expected.path(), &whole, "from a parent directory");
    assert!(shard_directories(&[fresh().path().to_path_buf()], None).is_err(), "no study in it");
}
