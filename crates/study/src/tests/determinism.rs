//! Threads, widths and interruptions change no byte.

use std::fs;

use spiral_model::Simulation;

use super::{Counter, Fake, assert_same, contents, plan, run_fake};
use crate::run::{in_memory_with, run_with};
use crate::{KeptRows, Plan, Silent, Status, Study, Table};

const FILES: [&str; 9] = [
    "curves.csv",
    "curves.parquet",
    "events.csv",
    "events.parquet",
    "failures.csv",
    "failures.parquet",
    "manifest.json",
    "outcomes.csv",
    "outcomes.parquet",
];

/// A study left alone, in blocks of 16 on two threads.
fn reference(plan: &Plan) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let progress = Counter::up_to(u64::MAX);
    assert_eq!(run_fake::<16>(plan, directory.path(), false, 2, &progress).expect("the study runs"), Status::Complete);
    assert_eq!(progress.counted.into_inner(), plan.total(), "progress must count every history once");
    assert_eq!(contents(directory.path()).into_keys().collect::<Vec<_>>(), FILES);
    directory
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let plan = plan(777);
    let expected = reference(&plan);
    for threads in [1, 2, 7] {
        let directory = tempfile::tempdir().expect("a temporary directory");
        run_fake::<16>(&plan, directory.path(), false, threads, &Silent).expect("the study runs");
        assert_same(expected.path(), directory.path(), &format!("{threads} threads"));
    }
}

#[test]
fn any_width_gives_the_same_bytes() {
    // 777 = 6 · 128 + 9 leaves surplus lanes in the last block of every width but 1.
    for through_war in [false, true] {
        let plan = Plan { through_war, ..plan(777) };
        let expected = reference(&plan);
        let directory = || tempfile::tempdir().expect("a temporary directory");
        let (one, eight, wide) = (directory(), directory(), directory());
        run_fake::<1>(&plan, one.path(), false, 2, &Silent).expect("the study runs");
        run_fake::<8>(&plan, eight.path(), false, 2, &Silent).expect("the study runs");
        run_fake::<64>(&plan, wide.path(), false, 2, &Silent).expect("the study runs");
        assert_same(expected.path(), one.path(), "width 1");
        assert_same(expected.path(), eight.path(), "width 8");
        assert_same(expected.path(), wide.path(), "width 64");
    }
}

#[test]
fn memory_and_directory_hold_the_same_study() {
    let plan = plan(400);
    let directory = reference(&plan);
    let read = Study::open(directory.path()).expect("the study opens");
    let kept = in_memory_with::<Fake<8>, 8>(&plan, &Silent).expect("the study runs");
    assert_eq!(read.manifest(), kept.manifest());
    assert_eq!(read.curves().expect("curves"), kept.curves().expect("curves"));
    // As text, since a number that is not one does not equal itself.
    let text = |study: &Study| format!("{:?} {:?}", study.outcomes().expect("outcomes"), study.events().expect("events"));
    assert_eq!(text(&read), text(&kept));
    for table in Table::of_study(false, KeptRows::All) {
        let join = |study: &Study| {
            let batches = study.record_batches(table).expect("a table");
            arrow::compute::concat_batches(&table.schema(), &batches).expect("batches of one schema")
        };
        assert_eq!(join(&read), join(&kept), "{}", table.name());
    }
}

#[test]
fn a_cancelled_study_resumes_to_the_same_bytes() {
    let plan = plan(777);
    let expected = reference(&plan);
    for limit in [0, 1, 130, 500, 1111, 1553] {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let progress = Counter::up_to(limit);
        let status = run_fake::<16>(&plan, directory.path(), false, 2, &progress).expect("the study stops");
        let Status::Interrupted { done, of } = status else { panic!("not interrupted at {limit}: {status:?}") };
        assert_eq!(of, 2 * 777);
        let lines = fs::read_to_string(directory.path().join("parts.log")).expect("the list of parts");
        let listed: u64 = lines.lines().map(|line| line.rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0)).sum();
        assert_eq!(done, listed, "the status must say what the list says");
        let rest = Counter::up_to(u64::MAX);
        assert_eq!(run_fake::<8>(&plan, directory.path(), true, 3, &rest).expect("it resumes"), Status::Complete);
        assert_eq!(rest.counted.into_inner(), plan.total(), "progress starts from what was done");
        assert_same(expected.path(), directory.path(), &format!("cancelled after {limit}"));
    }
}

#[test]
fn a_stopped_study_is_balanced() {
    let plan = plan(2000);
    let directory = tempfile::tempdir().expect("a temporary directory");
    run_fake::<16>(&plan, directory.path(), false, 1, &Counter::up_to(1500)).expect("the study stops");
    let lines = fs::read_to_string(directory.path().join("parts.log")).expect("the list of parts");
    let done: Vec<u32> =
        lines.lines().map(|line| line.split(' ').next().and_then(|n| n.parse().ok()).expect("an index")).collect();
    // 16 parts of 128 a point; eleven parts fit in 1500 histories.
    assert_eq!(done, [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5], "points must take turns");
}

#[test]
fn the_model_gives_the_same_bytes_in_any_width() {
    let mut plan = Plan { events_for: 50, ..plan(130) };
    plan.points[0].setup.horizon.end = 1904.0;
    plan.points[1].setup.horizon.end = 1904.0;
    let directory = || tempfile::tempdir().expect("a temporary directory");
    let (public, narrow) = (directory(), directory());
    assert_eq!(crate::run(&plan, public.path(), false, &Silent).expect("the study runs"), Status::Complete);
    run_with::<Simulation<1>, 1>(&plan, narrow.path(), false, &Silent).expect("the study runs");
    assert_same(public.path(), narrow.path(), "the model in blocks of 1");
    let study = crate::in_memory(&plan, &Silent).expect("the study runs");
    assert_eq!(study.curves().expect("curves"), Study::open(public.path()).expect("a study").curves().expect("curves"));
    let first = study.curves().expect("curves").into_iter().find(|row| row.metric == "arms").expect("a row");
    assert_eq!((first.date, first.at_risk), (1900.0, 130), "every history is at risk at the start: {first:?}");
}

#[test]
fn part_size_depends_on_the_plan_and_stays_bounded() {
    use crate::plan::Layout;
    let expected = [(1, 128), (1000, 128), (16_384, 384), (100_000, 896), (1_000_000, 7872), (10_000_000, 8192)];
    for (histories, size) in expected {
        let layout = Layout::new(&plan(histories));
        assert_eq!(layout.part_histories, size, "{histories} histories of two points");
        let spans: Vec<_> = (0..layout.parts()).map(|index| layout.span(index)).collect();
        let total: u64 = spans.iter().map(|span| u64::from(span.count)).sum();
        assert_eq!(total, 2 * u64::from(histories));
        assert!(spans.windows(2).all(|pair| pair[1].first == 0 || pair[1].first == pair[0].first + pair[0].count));
        let mut order: Vec<u32> = layout.order().collect();
        order.sort_unstable();
        assert!(order.into_iter().eq(0..layout.parts()), "every part must be worked on once");
    }
}
