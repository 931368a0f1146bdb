//! Studies that keep no rows of histories: the same tables whoever simulates which part, and the estimates of the rows.

use spiral_analysis::measures::MEASURES;
use spiral_analysis::tally::STEPS_A_YEAR;
use spiral_analysis::{TallyRow, measure_estimate, tallied_histories, tally_estimate};

use super::sweeps::{UNTIL, fresh, paths, shards, sweep, whole};
use super::{Counter, Fake, assert_same, contents, plan, run_fake};
use crate::run::in_memory_with;
use crate::{ExportFormat, ExportUnit, KeptRows, PanelOptions, PanelPeriod, Plan, Silent, Status, Study, export, merge};

fn without_rows(plan: Plan) -> Plan {
    Plan { rows: KeptRows::None, ..plan }
}

fn tallies(study: &Study) -> Vec<Vec<TallyRow>> {
    let mut points = Vec::new();
    let gather = |point: u32, rows: &[TallyRow]| {
        assert_eq!(point as usize, points.len());
        points.push(rows.to_vec());
    };
    study.for_each_tally(gather).expect("tallies");
    points
}

#[test]
fn threads_widths_interruptions_and_shards_change_no_byte() {
    let plan = without_rows(sweep("300"));
    let expected = whole(&plan);
    let names: Vec<String> = contents(expected.path()).into_keys().filter(|name| name.contains(".parquet")).collect();
    assert_eq!(names, ["curves.parquet", "failures.parquet", "points.parquet", "tallies.parquet"]);
    for threads in [1, 7] {
        let directory = fresh();
        run_fake::<8>(&plan, directory.path(), false, threads, &Silent).expect("the study runs");
        assert_same(expected.path(), directory.path(), &format!("{threads} threads"));
    }
    let stopped = fresh();
    let status = run_fake::<16>(&plan, stopped.path(), false, 2, &Counter::up_to(800)).expect("the study stops");
    assert!(matches!(status, Status::Interrupted { .. }), "{status:?}");
    run_fake::<16>(&plan, stopped.path(), true, 1, &Silent).expect("it resumes");
    assert_same(expected.path(), stopped.path(), "interrupted");
    let (shards, merged) = (shards(&plan, 5), fresh());
    assert_eq!(merge(&plan, &paths(&shards), merged.path(), &Silent).expect("they merge"), Status::Complete);
    assert_same(expected.path(), merged.path(), "five shards");
}

#[test]
fn estimates_are_those_of_the_rows_and_memory_is_as_good_as_a_directory() {
    let plan = sweep("300");
    let rows = Study::open(whole(&plan).path()).expect("the study").outcomes().expect("outcomes");
    let directory = whole(&without_rows(plan.clone()));
    let kept = Study::open(directory.path()).expect("the study");
    let memory = in_memory_with::<Fake<16>, 16>(&without_rows(plan.clone()), &Silent).expect("a study");
    let found = tallies(&kept);
    assert!(found == tallies(&memory), "memory and directory differ");
    let failed = rows.iter().flatten().filter(|outcome| outcome.ended == spiral_model::Ended::Failure).count();
    assert_eq!(found.iter().map(|rows| tallied_histories(rows).1).sum::<u64>(), failed as u64);
    let horizon = &plan.points[0].setup.horizon;
    let years = (horizon.start, horizon.end);
    for (rows, outcomes) in found.iter().zip(&rows) {
        for name in ["war", "general_war", "preemption", "crises"] {
            let (found, expected) = (tally_estimate(name, rows, years), measure_estimate(name, outcomes, years));
            assert_eq!(found.map(|found| (found.n, found.estimate)), expected.map(|found| (found.n, found.estimate)), "{name}");
        }
    }
}

#[test]
fn the_size_does_not_grow_with_the_histories() {
    let directory = whole(&without_rows(sweep("4000")));
    for rows in tallies(&Study::open(directory.path()).expect("the study")) {
        for name in ["median_first_war", "median_general_war"] {
            let steps = rows.iter().filter(|row| row.outcome == name && row.from.is_some()).count();
            // Ten years, and their last date.
            assert!(steps as f64 <= 10.0 * STEPS_A_YEAR + 1.0, "{name}: {steps} steps");
        }
        let others = rows.iter().filter(|row| row.from.is_none()).count();
        assert!(others < 6 * (MEASURES.len() + 1), "{others} numbers");
    }
}

#[test]
fn what_needs_rows_is_refused_and_says_what_to_do() {
    let refused = |plan: Plan, words: &str| {
        let directory = fresh();
        let told = run_fake::<16>(&without_rows(plan), directory.path(), false, 1, &Silent).expect_err(words).to_string();
        assert!(told.contains(words), "{told}");
        assert!(contents(directory.path()).is_empty(), "something was written");
    };
    refused(plan(100), "only a sweep can do without a row for each history");
    refused(sweep(UNTIL), "give a fixed number of histories");
    refused(Plan { uncertain: true, ..sweep("300") }, "leave out --uncertain");
    let panel = Some(PanelOptions { histories: 3, by: PanelPeriod::Year });
    refused(Plan { panel, ..sweep("300") }, "panels and events are rows of single histories");
    // Nor can it be read as if it had rows, or be continued as a study that has them.
    let directory = whole(&without_rows(sweep("70")));
    let study = Study::open(directory.path()).expect("the study");
    let told = study.outcomes().expect_err("no rows").to_string();
    assert!(told.contains("--rows none") && told.contains("stand in tallies"), "{told}");
    let told = export(directory.path(), ExportUnit::History, ExportFormat::Csv).expect_err("no rows").to_string();
    assert!(told.contains("was made with --rows none"), "{told}");
    let told = run_fake::<16>(&sweep("70"), directory.path(), true, 1, &Silent).expect_err("another study").to_string();
    assert!(told.contains("rows of histories: none there, all asked for"), "{told}");
    let with = Study::open(whole(&sweep("70")).path()).expect("the study");
    let told = with.for_each_tally(|_, _| ()).expect_err("no tallies").to_string();
    assert!(told.contains("belongs to studies that are made with --rows none"), "{told}");
}
