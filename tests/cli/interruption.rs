//! Ctrl-C, and worse: what is kept, how it goes on, and that it ends in the same bytes.
#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Ran, assert_same_files, folder, run_to, spiral};

/// A study of 20 parts, of which one is on disk when it is stopped.
const STUDY: [&str; 6] = ["ensemble", "pre-wwii", "-n", "2500", "--events", "50"];

fn arguments(out: &'static str) -> Vec<&'static str> {
    let mut arguments = STUDY.to_vec();
    arguments.extend(["--out", out]);
    arguments
}

/// Starts the study and returns once its first part is on disk.
fn started(folder: &Path, out: &'static str) -> Child {
    let child =
        spiral(folder, &arguments(out)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let since = Instant::now();
    let parts = || std::fs::read_dir(folder.join(out).join("parts")).map_or(0, Iterator::count);
    while parts() == 0 {
        assert!(since.elapsed() < Duration::from_mins(2), "no part after two minutes");
        std::thread::sleep(Duration::from_millis(2));
    }
    child
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().expect("kill is there");
    assert!(sent.success(), "kill -{name}");
}

#[test]
fn interrupted_and_killed_studies_go_on_to_the_same_bytes() {
    let folder = folder();
    let child = started(folder.path(), "interrupted");
    signal(&child, "INT");
    let stopped: Ran = child.wait_with_output().expect("the program ends").into();
    assert_eq!(stopped.code, Some(130), "stdout: {}\nstderr: {}", stopped.out, stopped.err);
    assert!(stopped.out.is_empty(), "{}", stopped.out);
    assert!(stopped.told().contains("of 2500 histories are kept in interrupted"), "{}", stopped.err);

    // The line that it prints is the line that goes on.
    let line = stopped.err.lines().find_map(|line| line.strip_prefix("to continue:")).expect("a line that resumes").trim();
    assert!(line.ends_with(" --resume"), "{line}");
    let resumed: Ran = Command::new("sh").args(["-c", line]).current_dir(folder.path()).output().expect("a shell").into();
    assert_eq!(resumed.code, Some(0), "{}", resumed.err);

    let mut child = started(folder.path(), "killed");
    signal(&child, "KILL");
    child.wait().expect("the program ends");
    let half = folder.path().join("killed");
    assert!(!half.join("outcomes.parquet").exists(), "the study was over before it could be killed");
    let mut again = arguments("killed");
    again.push("--resume");
    run_to(0, folder.path(), &again);

    run_to(0, folder.path(), &arguments("whole"));
    let whole = folder.path().join("whole");
    assert_same_files(&whole, &folder.path().join("interrupted"));
    assert_same_files(&whole, &half);
}
