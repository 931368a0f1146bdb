//! Disks that fill up, places that cannot be written, files that are not what they were, two at once: a clear error, nothing
//! lost, and in the end the same bytes.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{Ran, assert_same_files, files, folder, kill_after, run, run_to, spiral};

const PROGRAM: &str = env!("CARGO_BIN_EXE_spiral");
const STUDY: [&str; 6] = ["ensemble", "two-states", "-n", "3000", "--events", "40"];
const SWEEP: [&str; 2] = ["sweep", "study.ron"];

fn with<'a>(command: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    command.iter().chain(more).copied().collect()
}

/// The file of [`SWEEP`], a grid of two factors.
fn study_file(folder: &Path) {
    let text = "(scenario: \"two-states\", design: (kind: \"grid\"), histories: 200, outcomes: [\"war\"], curves: true,
        factors: [(path: \"technology.first_strike\", range: (1.0, 3.0), steps: 3), (path: \"beliefs.suspicion\", range: (0.1, 0.5))])";
    fs::write(folder.join("study.ron"), text).expect("a writable folder");
}

/// Runs a script of the shell in this folder, the program as `$SPIRAL`.
fn shell(folder: &Path, script: &str) -> Ran {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(folder).env("SPIRAL", PROGRAM).env_remove("NO_COLOR").stdin(Stdio::null());
    command.output().expect("a shell").into()
}

/// How a file system of one's own can be had here: the words before `sh -c` with which `mount` is allowed.
fn mounter(folder: &Path) -> Option<&'static str> {
    let try_it = "mkdir -p try && mount -t tmpfs -o size=64k tmpfs try && umount try";
    ["unshare --mount", "unshare --user --map-root-user --mount"]
        .into_iter()
        .find(|words| shell(folder, &format!("{words} sh -c '{try_it}'")).code == Some(0))
}

fn says_how(told: &str) -> bool {
    told.contains("--resume")
}

/// A real file system of some kilobytes fills up at one place after another; when there is room again, the same command with
/// `--resume` ends in the same bytes.
#[test]
#[expect(clippy::print_stderr, reason = "what is not tested here is said")]
fn a_full_file_system_is_told_and_the_study_goes_on() {
    let folder = folder();
    let Some(mounter) = mounter(folder.path()) else {
        eprintln!("no file system can be mounted here; the limit on the size of files makes the same fault in the next test");
        return;
    };
    study_file(folder.path());
    // Kilobytes that are left on the file system.
    let sizes: [(String, &[u32]); 2] = [(SWEEP.join(" "), &[32, 96, 300]), (STUDY.join(" "), &[400])];
    for (command, sizes) in sizes {
        let whole = folder.path().join("whole");
        let _ = fs::remove_dir_all(&whole);
        run_to(0, folder.path(), &with(&command.split(' ').collect::<Vec<_>>(), &["--out", "whole"]));
        let mut failed = 0;
        for size in sizes {
            let script = format!(
                "mkdir -p disk && mount -t tmpfs -o size=8m tmpfs disk || exit 99
                 head -c $((8388608 - {size} * 1024)) /dev/zero >disk/other || exit 98
                 \"$SPIRAL\" {command} --out disk/study >first.out 2>first.err; echo $? >first.code
                 rm disk/other
                 \"$SPIRAL\" {command} --out disk/study --resume >second.out 2>second.err; echo $? >second.code
                 rm -rf copy && cp -R disk/study copy"
            );
            fs::write(folder.path().join("script"), script).expect("a writable folder");
            let ran = shell(folder.path(), &format!("{mounter} sh script"));
            assert_eq!(ran.code, Some(0), "{command}, {size} kB: {}{}", ran.out, ran.err);
            let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("the script writes it");
            let (code, told) = (read("first.code"), read("first.err"));
            if code.trim() != "0" {
                failed += 1;
                assert_eq!(code.trim(), "2", "{command}, {size} kB: {told}");
                assert!(told.starts_with("error: ") && told.contains("No space left on device"), "{command}, {size} kB: {told}");
                assert!(says_how(&told), "{command}, {size} kB: how to go on is not said: {told}");
            }
            assert_eq!(read("second.code").trim(), "0", "{command}, {size} kB: {}", read("second.err"));
            assert_same_files(&whole, &folder.path().join("copy"));
        }
        assert_eq!(failed, sizes.len(), "{command}: so many of these file systems are too small");
    }
}

/// No file may grow beyond a limit: what a full disk does to a write, without a disk. Works for every user.
#[test]
fn a_write_that_is_cut_off_is_told_and_the_study_goes_on() {
    let folder = folder();
    study_file(folder.path());
    let limits: [(String, &str, &[u32]); 2] =
        [(SWEEP.join(" "), "sweep", &[2, 24, 60]), (STUDY.join(" "), "ensemble", &[24, 150])];
    for (command, name, limits) in limits {
        let (whole, cut) = (folder.path().join("whole").join(name), folder.path().join("cut").join(name));
        run_to(0, folder.path(), &with(&command.split(' ').collect::<Vec<_>>(), &["--out", &whole.to_string_lossy()]));
        let mut failed = 0;
        // In blocks of 512 bytes: the limits stop a part, a table, a picture.
        for blocks in limits {
            let resume = if cut.exists() { "--resume" } else { "" };
            let out = cut.display();
            let ran = shell(
                folder.path(),
                &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$SPIRAL\" {command} --out {out} {resume}"),
            );
            if ran.code != Some(0) {
                failed += 1;
                assert_eq!(ran.code, Some(2), "{command}, {blocks} blocks: {}", ran.err);
                assert!(
                    ran.err.starts_with("error: ") && ran.told().contains("File too large"),
                    "{command}, {blocks} blocks: {}",
                    ran.err
                );
                // Before the manifest is there, there is nothing to go on with.
                assert!(ran.told().contains("manifest.json") || says_how(&ran.err), "{command}, {blocks} blocks: {}", ran.err);
            }
        }
        assert!(failed >= limits.len() - 1, "{command}: {failed} of {} limits were too low", limits.len());
        run_to(0, folder.path(), &with(&command.split(' ').collect::<Vec<_>>(), &["--out", &cut.to_string_lossy(), "--resume"]));
        assert_same_files(&whole, &cut);
    }
}

/// A directory that may not be written: by its mode, or for root, whom no mode stops, by the file system.
#[test]
fn a_read_only_directory_is_named_and_left_as_it_is() {
    let folder = folder();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).expect("a writable folder");
    fs::write(closed.join("kept"), b"kept").expect("a writable folder");
    let mut script = "chmod 555 closed; \"$SPIRAL\" ensemble two-states -n 64 --out closed/study".to_string();
    let stopped_by_mode = shell(folder.path(), "chmod 555 closed; touch closed/try 2>/dev/null").code != Some(0);
    if !stopped_by_mode {
        match mounter(folder.path()) {
            Some(mounter) => {
                let mount = "mount -t tmpfs -o ro tmpfs closed || exit 99";
                fs::write(
                    folder.path().join("script"),
                    format!("{mount}\n\"$SPIRAL\" ensemble two-states -n 64 --out closed/study"),
                )
                .expect("a writable folder");
                script = format!("{mounter} sh script");
            }
            // A file system that takes no directories from anybody.
            None => script = "\"$SPIRAL\" ensemble two-states -n 64 --out /proc/closed/study".to_string(),
        }
    }
    let ran = shell(folder.path(), &script);
    let mended = shell(folder.path(), "chmod 755 closed; rm -f closed/try");
    assert_eq!((ran.code, mended.code), (Some(2), Some(0)), "{}{}", ran.err, mended.err);
    assert!(ran.err.starts_with("error: ") && ran.told().contains("closed"), "{}", ran.err);
    assert!(!ran.told().contains("panicked"), "{}", ran.err);
    assert_eq!(files(&closed).into_keys().collect::<Vec<_>>(), [Path::new("kept")]);
}

/// Waits until a study has a part on disk.
fn first_part(directory: &Path) {
    let since = Instant::now();
    while fs::read_dir(directory.join("parts")).map_or(0, Iterator::count) == 0 {
        assert!(since.elapsed() < Duration::from_mins(2), "no part after two minutes");
        std::thread::sleep(Duration::from_millis(2));
    }
}

const LONG: [&str; 6] = ["ensemble", "pre-wwii", "-n", "1920", "--events", "10"];

#[test]
fn two_processes_do_not_work_on_one_directory() {
    let folder = folder();
    let mut first = spiral(folder.path(), &with(&LONG, &["--out", "shared"]))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    first_part(&folder.path().join("shared"));
    let second = run(folder.path(), &with(&LONG, &["--out", "shared", "--resume"]));
    let running = first.try_wait().expect("it can be asked").is_none();
    assert!(running, "the first process was over before the second began: the study is too short");
    assert_eq!(second.code, Some(2), "{}{}", second.out, second.err);
    assert!(second.told().contains("another process is working on"), "{}", second.err);
    let first: Ran = first.wait_with_output().expect("it ends").into();
    assert_eq!(first.code, Some(0), "{}", first.err);
    run_to(0, folder.path(), &with(&LONG, &["--out", "whole"]));
    assert_same_files(&folder.path().join("whole"), &folder.path().join("shared"));
}

/// Everything at once: killed, its list torn, one part corrupted, one from another study in the place of its own.
#[test]
fn parts_that_are_not_what_they_were_are_simulated_again() {
    let folder = folder();
    let stopped = |name: &'static str, seed: &'static str| {
        kill_after(folder.path(), &with(&LONG, &["--out", name, "--seed", seed]), name, 4);
        let parts = folder.path().join(name).join("parts");
        let mut names: Vec<_> = fs::read_dir(&parts).expect("parts").map(|entry| entry.expect("a part").path()).collect();
        names.retain(|path| path.extension().is_some_and(|kind| kind == "part"));
        names.sort();
        names
    };
    let (mine, other) = (stopped("mine", "1"), stopped("other", "2"));
    let list = folder.path().join("mine/parts.log");
    let listed = fs::read(&list).expect("the list of parts");
    let text = String::from_utf8_lossy(&listed);
    // The last line will be torn, and its part forgotten without a word.
    let (whole_lines, _) = text.trim_end().rsplit_once('\n').expect("several parts");
    let in_list = |path: &Path| {
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u32>().ok()).expect("a number");
        whole_lines.lines().any(|line| line.starts_with(&format!("{number} ")))
    };
    let known: Vec<_> = mine.iter().filter(|path| in_list(path)).collect();
    assert!(known.len() >= 2, "{} parts are in the list", known.len());
    fs::copy(&other[0], known[0]).expect("a part can be put there");
    let mut bytes = fs::read(known[1]).expect("a part");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    fs::write(known[1], bytes).expect("a part can be corrupted");
    fs::write(&list, &listed[..listed.len() - 20]).expect("the list can be torn");
    let resumed = run_to(0, folder.path(), &with(&LONG, &["--out", "mine", "--resume"]));
    for path in &known[..2] {
        let name = path.file_name().expect("a name").to_string_lossy();
        assert!(
            resumed.told().contains(&format!("{name} is damaged or missing and is simulated again")),
            "{name}: {}",
            resumed.err
        );
    }
    assert!(resumed.told().contains("unfinished line"), "{}", resumed.err);
    run_to(0, folder.path(), &with(&LONG, &["--out", "whole"]));
    assert_same_files(&folder.path().join("whole"), &folder.path().join("mine"));
}
