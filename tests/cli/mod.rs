//! The command line as a user meets it: the built program, its exit codes, what it prints where, what it leaves on disk.

mod calibrations;
mod cluster;
mod columns;
mod explain;
mod faults;
mod history;
mod interruption;
mod listing;
mod new;
mod panels;
mod reports;
mod studies;
mod sweeps;
mod telling;
mod uncertain;
mod usage;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A command of the program, in this folder.
pub(crate) fn spiral(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spiral"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).env_remove("NO_COLOR");
    command
}

/// What came of a command.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// What stands on standard error, in one line: where it is wrapped does not matter.
    pub(crate) fn told(&self) -> String {
        self.err.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// Runs a command of the program in this folder.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Ran {
    spiral(folder, arguments).output().expect("the program starts").into()
}

/// Runs a command that must end with this exit code.
pub(crate) fn run_to(code: i32, folder: &Path, arguments: &[&str]) -> Ran {
    let ran = run(folder, arguments);
    assert_eq!(ran.code, Some(code), "spiral {arguments:?}\nstdout: {}\nstderr: {}", ran.out, ran.err);
    ran
}

/// A folder of its own for a test.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Every file under a directory with its bytes, by its path within it.
pub(crate) fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn gather(directory: &Path, root: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(directory).expect("a readable directory") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                gather(&path, root, found);
            } else {
                let name = path.strip_prefix(root).expect("a path under its root").to_path_buf();
                found.insert(name, fs::read(&path).expect("a readable file"));
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(directory, directory, &mut found);
    found
}

/// Asserts that two directories hold the same files with the same bytes.
pub(crate) fn assert_same_files(one: &Path, other: &Path) {
    let (one, other) = (files(one), files(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(other[name] == *bytes, "{} differs: {} and {} bytes", name.display(), bytes.len(), other[name].len());
    }
}

/// Starts a study and kills it once so many of its parts are on disk and in its list, which is before its end.
fn kill_after(folder: &Path, words: &[&str], directory: &str, parts: usize) {
    let mut child = spiral(folder, words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let directory = folder.join(directory);
    // A part is listed once it is whole on disk.
    let listed = || std::fs::read_to_string(directory.join("parts.log")).map_or(0, |list| list.matches('\n').count());
    let since = Instant::now();
    while listed() < parts {
        assert!(since.elapsed() < Duration::from_mins(2), "too few parts after two minutes");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert!(!directory.join("outcomes.parquet").exists(), "the study was over before it could be killed");
}
