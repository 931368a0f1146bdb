//! What a directory may hold, and who may work on it.

use std::fs;
use std::path::Path;

use super::{Counter, contents, plan, point, run_fake};
use crate::files::Lock;
use crate::{Error, FORMAT, Manifest, Plan, Silent, Status, Study, StudyKind, write_atomically};

fn fresh() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

fn complete() -> tempfile::TempDir {
    let directory = fresh();
    run_fake::<16>(&plan(200), directory.path(), false, 2, &Silent).expect("the study runs");
    directory
}

#[test]
fn an_existing_study_is_never_overwritten() {
    let directory = complete();
    let before = contents(directory.path());
    let error = run_fake::<16>(&plan(200), directory.path(), false, 2, &Silent).expect_err("it exists");
    assert!(error.to_string().contains("--resume") && error.to_string().contains("--out"), "{error}");
    assert_eq!(contents(directory.path()), before);
}

#[test]
fn a_complete_study_has_nothing_to_resume() {
    let directory = complete();
    fs::write(directory.path().join("summary.json"), b"{}").expect("the caller adds its files");
    let before = contents(directory.path());
    let progress = Counter::up_to(u64::MAX);
    assert_eq!(run_fake::<16>(&plan(200), directory.path(), true, 2, &progress).expect("it resumes"), Status::Complete);
    assert_eq!(progress.counted.into_inner(), 400);
    assert_eq!(contents(directory.path()), before);
}

#[test]
fn another_plan_is_refused_and_the_difference_named() {
    let directory = fresh();
    run_fake::<16>(&plan(200), directory.path(), false, 1, &Counter::up_to(100)).expect("the study stops");
    let before = contents(directory.path());
    let mut balance = plan(200);
    balance.points[1] = point("short", &["FRN", "GMY"], 0.75);
    let mut mechanism = plan(200);
    mechanism.points[0].setup.without.insert("trade".to_string());
    let mut name = plan(200);
    name.points.swap(0, 1);
    let mut text = plan(200);
    text.points[0].request.text = Some("// other words\n".to_string());
    let mut fewer = plan(200);
    fewer.points.pop();
    let cases = [
        (Plan { seed: 8, ..plan(200) }, "seed: 7 there, 8 asked for"),
        (plan(201), "histories: 200 there, 201 asked for"),
        (Plan { through_war: true, ..plan(200) }, "through-war: false there, true asked for"),
        (Plan { events_for: 10, ..plan(200) }, "histories with events: 300 there, 10 asked for"),
        (Plan { kind: StudyKind::Sweep, ..plan(200) }, "kind: compare there, sweep asked for"),
        (fewer, "number of points: 2 there, 1 asked for"),
        (balance, "point 1 (short): technology.balance 2 there, 0.75 asked for"),
        (mechanism, "point 0 (long): its rules, years, dated changes, incidents or mechanisms"),
        (name, "point 0: scenario long there, short asked for"),
        (text, "point 0 (long): the same world, but requested with other options"),
    ];
    for (other, wanted) in cases {
        let error = run_fake::<16>(&other, directory.path(), true, 1, &Silent).expect_err("another study");
        assert!(matches!(error, Error::Different { .. }), "{error:?}");
        assert!(error.to_string().contains(wanted), "`{error}` does not say `{wanted}`");
        assert_eq!(contents(directory.path()), before, "{wanted}: the directory was touched");
    }
    // CSV tables beside the others are no part of what a study is.
    let plain = Plan { csv: false, ..plan(200) };
    assert_eq!(run_fake::<16>(&plain, directory.path(), true, 1, &Silent).expect("it resumes"), Status::Complete);
}

#[test]
fn another_version_is_refused() {
    let directory = complete();
    let path = directory.path().join("manifest.json");
    let text = fs::read_to_string(&path).expect("the manifest");
    let version = env!("CARGO_PKG_VERSION");
    fs::write(&path, text.replace(&format!("\"version\": \"{version}\""), "\"version\": \"0.0.0\"")).expect("it can be written");
    let error = run_fake::<16>(&plan(200), directory.path(), true, 1, &Silent).expect_err("another version");
    assert!(error.to_string().contains(&format!("program version: 0.0.0 there, {version} asked for")), "{error}");
    // The format of older programs, one of later programs, and none.
    for (format, wanted) in
        [("1", "a study of format 1,"), ("99", "a study of format 99,"), ("null", "a study without a format,")]
    {
        fs::write(&path, text.replace(&format!("\"format\": {FORMAT}"), &format!("\"format\": {format}")))
            .expect("it can be written");
        let error = run_fake::<16>(&plan(200), directory.path(), true, 1, &Silent).expect_err("another format").to_string();
        let reads = format!("reads format {FORMAT} only: run the study again");
        assert!(error.contains(wanted) && error.contains(&reads) && error.contains(&format!("(version {version})")), "{error}");
        assert!(Study::open(directory.path()).is_err_and(|other| other.to_string() == error));
    }
}

#[test]
fn a_directory_of_other_things_is_left_alone() {
    let directory = fresh();
    fs::write(directory.path().join("thesis.tex"), b"years of work").expect("a file");
    for resume in [false, true] {
        let error = run_fake::<16>(&plan(200), directory.path(), resume, 1, &Silent).expect_err("not a study");
        assert!(error.to_string().contains("thesis.tex"), "{error}");
        assert_eq!(contents(directory.path()).into_keys().collect::<Vec<_>>(), ["thesis.tex"]);
    }
}

#[test]
fn two_processes_do_not_share_a_directory() {
    let directory = fresh();
    run_fake::<16>(&plan(200), directory.path(), false, 1, &Counter::up_to(100)).expect("the study stops");
    let lock = Lock::take(directory.path()).expect("nobody holds it");
    let error = run_fake::<16>(&plan(200), directory.path(), true, 1, &Silent).expect_err("somebody holds it");
    assert!(matches!(error, Error::Busy { .. }), "{error:?}");
    assert!(error.to_string().contains("another process is working on"), "{error}");
    drop(lock);
    assert_eq!(run_fake::<16>(&plan(200), directory.path(), true, 1, &Silent).expect("it is free"), Status::Complete);
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let directory = fresh();
    let file = directory.path().join("file");
    fs::write(&file, b"").expect("a file");
    for path in [file.join("study"), Path::new("/proc/spiral-study").to_path_buf()] {
        let error = run_fake::<16>(&plan(200), &path, false, 1, &Silent).expect_err("it cannot be written");
        assert!(matches!(error, Error::Io { .. }), "{error:?}");
        assert!(error.to_string().contains(&path.display().to_string()), "`{error}` does not name {}", path.display());
    }
    assert_eq!(contents(directory.path()).into_keys().collect::<Vec<_>>(), ["file"]);
}

#[test]
fn an_unfinished_or_missing_study_is_not_read() {
    let directory = fresh();
    assert!(matches!(Study::open(directory.path()), Err(Error::Missing { .. })));
    run_fake::<16>(&plan(200), directory.path(), false, 1, &Counter::up_to(100)).expect("the study stops");
    let error = Study::open(directory.path()).expect_err("unfinished");
    assert!(error.to_string().contains("not finished; --resume"), "{error}");
}

#[test]
fn plans_that_make_no_sense_are_refused() {
    let directory = fresh();
    let path = directory.path().join("study");
    let mut timeless = plan(10);
    timeless.points[0].setup.horizon.end = 1900.0;
    let cases = [
        (Plan { points: Vec::new(), ..plan(10) }, "at least one point"),
        (plan(0), "histories must be at least 1"),
        (timeless, "scenario long has no time to run: it goes from 1900 to 1900"),
    ];
    for (plan, wanted) in cases {
        let error = run_fake::<16>(&plan, &path, false, 1, &Silent).expect_err("no sense");
        assert!(error.to_string().contains(wanted), "`{error}` does not say `{wanted}`");
        assert!(!path.exists());
    }
}

#[test]
fn the_manifest_makes_every_setup_again() {
    let directory = complete();
    let study = Study::open(directory.path()).expect("the study opens");
    let manifest: &Manifest = study.manifest();
    for (position, point) in plan(200).points.iter().enumerate() {
        assert_eq!(manifest.request(position).as_ref(), Some(&point.request));
        let values = manifest.values(position).expect("values");
        let setup = &point.setup;
        for path in ["technology.balance", "states.GMY.greed"] {
            let target = setup.resolve(path).expect("the path resolves")[0];
            assert_eq!(values[path], setup.get(target), "{path} of point {position}");
        }
        assert_eq!(values.contains_key("states.GBR.output"), setup.state("GBR").is_some());
        assert_eq!(manifest.points[position].hash, crate::identity::of(setup));
    }
    let kept = &manifest.points[1].values;
    assert!(kept.contains_key("technology.balance") && !kept.contains_key("states.GMY.greed"), "only what differs is kept");
}

#[test]
fn a_file_is_replaced_whole() {
    let directory = fresh();
    write_atomically(directory.path(), "summary.json", b"old").expect("it can be written");
    write_atomically(directory.path(), "summary.json", b"new").expect("it can be written");
    assert_eq!(contents(directory.path()), [("summary.json".to_string(), b"new".to_vec())].into());
    let error = write_atomically(&directory.path().join("absent"), "a.json", b"").expect_err("no such directory");
    assert!(error.to_string().contains("absent/a.json"), "{error}");
}
