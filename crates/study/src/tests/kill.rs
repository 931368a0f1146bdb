//! kill -9, torn and corrupted files, a full disk.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Counter, assert_same, plan, run_fake};
use crate::{Error, Progress, Silent, Status};

const DIRECTORY: &str = "SPIRAL_STUDY_TEST_DIRECTORY";
const HISTORIES: u32 = 6000;

/// What [`killed_at_any_moment`] starts and kills; by itself it runs the same study undisturbed.
#[test]
#[ignore = "run by killed_at_any_moment"]
fn victim() {
    let own = tempfile::tempdir().expect("a temporary directory");
    let directory = std::env::var_os(DIRECTORY).map_or_else(|| own.path().to_path_buf(), Into::into);
    let status = run_fake::<16>(&plan(HISTORIES), &directory, true, 2, &Silent).expect("the study runs");
    assert_eq!(status, Status::Complete);
}

#[test]
fn killed_at_any_moment() {
    let expected = tempfile::tempdir().expect("a temporary directory");
    run_fake::<8>(&plan(HISTORIES), expected.path(), false, 2, &Silent).expect("the study runs");
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut kills = 0;
    for attempt in 0_u64.. {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "tests::kill::victim", "--ignored"])
            .env(DIRECTORY, directory.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("the victim starts");
        // Longer each time, in steps that share no factor with anything.
        std::thread::sleep(Duration::from_millis(11 + 23 * attempt));
        child.kill().expect("the victim can be killed");
        if child.wait().expect("the victim ends").success() {
            break;
        }
        kills += 1;
        assert!(kills < 200, "the study never ends");
    }
    assert!(kills > 1, "killed {kills} times only: the study is too short to test anything");
    assert_same(expected.path(), directory.path(), &format!("killed {kills} times"));
}

/// A study that was stopped half-way.
fn stopped() -> (tempfile::TempDir, tempfile::TempDir) {
    let directory = || tempfile::tempdir().expect("a temporary directory");
    let (expected, stopped) = (directory(), directory());
    run_fake::<16>(&plan(777), expected.path(), false, 2, &Silent).expect("the study runs");
    run_fake::<16>(&plan(777), stopped.path(), false, 1, &Counter::up_to(800)).expect("the study stops");
    (expected, stopped)
}

fn resumes(expected: &Path, directory: &Path, notes: &[&str], what: &str) {
    let progress = Counter::up_to(u64::MAX);
    assert_eq!(run_fake::<16>(&plan(777), directory, true, 2, &progress).expect("it resumes"), Status::Complete);
    let told = progress.notes.into_inner().expect("notes");
    assert_eq!(told.len(), notes.len(), "{what}: {told:?}");
    for (told, wanted) in told.iter().zip(notes) {
        assert!(told.contains(wanted), "{what}: `{told}` does not say `{wanted}`");
    }
    assert_same(expected, directory, what);
}

#[test]
fn a_torn_last_line_is_dropped() {
    let (expected, directory) = stopped();
    let path = directory.path().join("parts.log");
    let bytes = fs::read(&path).expect("the list of parts");
    fs::write(&path, &bytes[..bytes.len() - 9]).expect("the list can be torn");
    resumes(expected.path(), directory.path(), &["1 unfinished line"], "torn line");
}

#[test]
fn a_corrupted_part_is_simulated_again() {
    let (expected, directory) = stopped();
    let path = directory.path().join("parts/000000.part");
    let mut bytes = fs::read(&path).expect("the first part");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("the part can be corrupted");
    resumes(expected.path(), directory.path(), &["000000.part is damaged or missing"], "corrupted part");
}

#[test]
fn a_truncated_and_a_missing_part_are_simulated_again() {
    let (expected, directory) = stopped();
    let path = directory.path().join("parts/000000.part");
    let bytes = fs::read(&path).expect("the first part");
    fs::write(&path, &bytes[..bytes.len() / 3]).expect("the part can be cut");
    fs::remove_file(directory.path().join("parts/000007.part")).expect("the part can be removed");
    let notes = ["000000.part is damaged or missing", "000007.part is damaged or missing"];
    resumes(expected.path(), directory.path(), &notes, "truncated part");
}

#[test]
fn leftovers_of_a_killed_write_are_removed() {
    let (expected, directory) = stopped();
    for name in ["outcomes.parquet.part.tmp", "manifest.json.part.tmp", "parts/000012.part.tmp", "parts/000011.part"] {
        fs::write(directory.path().join(name), b"half").expect("a leftover can be left");
    }
    resumes(expected.path(), directory.path(), &[], "leftovers");
    // Killed after the tables were complete, before the parts were removed.
    fs::create_dir(directory.path().join("parts")).expect("a directory can be made");
    fs::write(directory.path().join("parts/000000.part"), b"old").expect("a leftover can be left");
    fs::remove_file(directory.path().join("events.csv")).expect("a table can be removed");
    resumes(expected.path(), directory.path(), &[], "leftovers of a complete study");
}

/// Puts a device that is always full in the place of a file, as soon as the study is under way.
#[cfg(target_os = "linux")]
struct FillsUp {
    paths: [std::path::PathBuf; 2],
}

#[cfg(target_os = "linux")]
impl Progress for FillsUp {
    fn advance(&self, _: u64) {
        // From the second call on, the links are there.
        for path in &self.paths {
            let _ = std::os::unix::fs::symlink("/dev/full", path);
        }
    }
    fn cancelled(&self) -> bool {
        false
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_the_study_resumes() {
    for name in ["parts/000009.part", "outcomes.parquet", "curves.parquet", "events.csv", "manifest.json"] {
        let expected = tempfile::tempdir().expect("a temporary directory");
        run_fake::<16>(&plan(777), expected.path(), false, 2, &Silent).expect("the study runs");
        let directory = tempfile::tempdir().expect("a temporary directory");
        // Under the name that all processes share, or under one of this process's own.
        let own = format!("{name}.{}", std::process::id());
        let paths = [name, own.as_str()].map(|name| directory.path().join(format!("{name}.part.tmp")));
        let result = run_fake::<16>(&plan(777), directory.path(), false, 2, &FillsUp { paths: paths.clone() });
        let error = result.expect_err("a full disk is an error");
        let text = error.to_string();
        assert!(matches!(&error, Error::Io { .. }), "{name}: {error:?}");
        for wanted in [name, "No space left on device", "--resume"] {
            assert!(text.contains(wanted), "{name}: `{text}` does not say `{wanted}`");
        }
        for path in &paths {
            let _ = fs::remove_file(path);
        }
        resumes(expected.path(), directory.path(), &[], &format!("disk full at {name}"));
    }
}
