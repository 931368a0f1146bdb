//! Panels of the model's histories: the same bytes however the work is done, and nothing else changes.

use std::fs;
use std::path::Path;

use rayon::ThreadPoolBuilder;
use spiral_ensemble::{PanelOptions, PanelPeriod};
use spiral_model::Simulation;

use super::{Counter, plan};
use crate::run::{in_memory_with, run_with};
use crate::tables::Table;
use crate::{Error, KeptRows, Plan, Shard, Silent, Status, Study, merge, panel_parts, shard};

/// Two short worlds, of which the first 150 histories of 200 are kept: the second part of each has some of them.
fn kept(by: PanelPeriod, through_war: bool) -> Plan {
    let mut plan = Plan { panel: Some(PanelOptions { histories: 150, by }), through_war, events_for: 40, ..plan(200) };
    for point in &mut plan.points {
        point.setup.horizon.end = 1904.0;
    }
    plan
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

fn bytes(directory: &Path, name: &str) -> Vec<u8> {
    fs::read(directory.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Asserts that the tables of two directories are the same to the byte.
fn assert_same_tables(one: &Path, other: &Path, panel: bool, why: &str) {
    for table in Table::of_study(panel, KeptRows::All) {
        for ending in ["parquet", "csv"] {
            let name = format!("{}.{ending}", table.name());
            assert!(bytes(one, &name) == bytes(other, &name), "{name}: {why}");
        }
    }
}

#[test]
fn a_panel_is_the_same_in_any_width_on_any_threads_after_any_interruption_and_from_shards() {
    let plan = kept(PanelPeriod::Year, false);
    let whole = folder();
    assert_eq!(crate::run(&plan, whole.path(), false, &Silent).expect("the study runs"), Status::Complete);

    let narrow = folder();
    let pool = ThreadPoolBuilder::new().num_threads(3).build().expect("threads");
    pool.install(|| run_with::<Simulation<1>, 1>(&plan, narrow.path(), false, &Silent)).expect("the study runs");
    assert_same_tables(whole.path(), narrow.path(), true, "blocks of 1 on three threads");

    let stopped = folder();
    let status = crate::run(&plan, stopped.path(), false, &Counter::up_to(250)).expect("the study stops");
    assert!(matches!(status, Status::Interrupted { .. }), "{status:?}");
    // A part whose panel was damaged is simulated again.
    let damaged = (0..4).map(|index| panel_parts::path(stopped.path(), index)).find(|path| path.exists()).expect("a panel");
    let mut content = fs::read(&damaged).expect("bytes");
    *content.last_mut().expect("a byte") ^= 1;
    fs::write(&damaged, content).expect("a writable file");
    let rest = Counter::up_to(u64::MAX);
    assert_eq!(crate::run(&plan, stopped.path(), true, &rest).expect("it resumes"), Status::Complete);
    let notes = rest.notes.into_inner().expect("notes");
    assert!(notes.iter().any(|note| note.contains("simulated again")), "{notes:?}");
    assert_same_tables(whole.path(), stopped.path(), true, "resumed");
    assert!(!stopped.path().join("parts").exists(), "nothing is left of the parts");

    let (first, second, merged) = (folder(), folder(), folder());
    for (index, directory) in [(0, &first), (1, &second)] {
        let status = shard(&plan, Shard { index, of: 2 }, directory.path(), false, &Silent).expect("the shard runs");
        assert_eq!(status, Status::Complete);
    }
    let sources = [first.path().to_path_buf(), second.path().to_path_buf()];
    assert_eq!(merge(&plan, &sources, merged.path(), &Silent).expect("they merge"), Status::Complete);
    assert_same_tables(whole.path(), merged.path(), true, "shards");
}

#[test]
fn a_panel_changes_no_other_table() {
    let (with, without) = (folder(), folder());
    let plan = kept(PanelPeriod::Tick, true);
    crate::run(&plan, with.path(), false, &Silent).expect("the study runs");
    crate::run(&Plan { panel: None, ..plan.clone() }, without.path(), false, &Silent).expect("the study runs");
    assert_same_tables(with.path(), without.path(), false, "with and without a panel");
    assert!(!without.path().join("states.parquet").exists() && !without.path().join("dyads.csv").exists());
    let other = Plan { panel: Some(PanelOptions { histories: u32::MAX, by: PanelPeriod::Tick }), ..plan };
    let error = crate::run(&other, with.path(), true, &Silent).expect_err("another study");
    let Error::Different { differences, .. } = error else { panic!("{error}") };
    assert_eq!(differences, ["histories in the panel: 150 by tick there, all by tick asked for"]);
}

#[test]
fn memory_and_directory_hold_the_same_panel() {
    let plan = kept(PanelPeriod::Year, true);
    let directory = folder();
    crate::run(&plan, directory.path(), false, &Silent).expect("the study runs");
    let read = Study::open(directory.path()).expect("the study opens");
    let kept = in_memory_with::<Simulation<1>, 1>(&plan, &Silent).expect("the study runs");
    for table in [Table::States, Table::Dyads] {
        let join = |study: &Study| {
            let batches = study.record_batches(table).expect("a table");
            arrow::compute::concat_batches(&table.schema(), &batches).expect("batches of one schema")
        };
        assert_eq!(join(&read), join(&kept), "{}", table.name());
    }
    let rows = |study: &Study| {
        let mut rows = Vec::new();
        study.for_each_state_row(|point, row| rows.push(format!("{point} {row:?}"))).expect("rows of states");
        study.for_each_dyad_row(|point, row| rows.push(format!("{point} {row:?}"))).expect("rows of dyads");
        rows
    };
    let expected = rows(&kept);
    assert_eq!(rows(&read), expected);
    // Three states and three pairs, two states and one pair, in four years of 150 histories; the second world stops at its first war.
    let of_first = expected.iter().filter(|row| row.starts_with("0 ")).count();
    assert_eq!(of_first, 150 * 4 * (3 + 3));
    let csv = fs::read_to_string(directory.path().join("states.csv")).expect("the CSV table");
    let first: Vec<&str> = csv.lines().nth(1).expect("a row").split(',').collect();
    assert_eq!(first[..6], ["long", "0", "0", "1900.0", "GBR", "200"], "scenario, point, history, date, state, ccode");
    let header = csv.lines().next().expect("a header");
    assert!(header.starts_with("scenario,point,history,date,state,ccode,great_power,output,arms,procurement,burden"), "{header}");
}
