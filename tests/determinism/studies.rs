//! Studies with the real engine: threads and interruptions change no byte of any file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use spiral_model::setup::Horizon;
use spiral_study::{Error, KeptRows, Plan, Point, Progress, Request, Silent, Status, StudyKind};

use super::scenario;

/// Ten years before either war, in two points of more than one part each.
fn plan() -> Plan {
    let point = |name: &str, start: f64| {
        let mut setup = scenario(name);
        setup.horizon = Horizon { start, end: start + 10.0, ..setup.horizon };
        Point { scenario: name.to_string(), setup, request: Request { scenario: name.to_string(), ..Request::default() } }
    };
    Plan {
        kind: StudyKind::Compare,
        title: "pre-wwi against pre-wwii".to_string(),
        points: vec![point("pre-wwi", 1905.0), point("pre-wwii", 1931.0)],
        histories: 150,
        seed: 1914,
        through_war: true,
        events_for: u32::MAX,
        panel: None,
        uncertain: false,
        rows: KeptRows::All,
        csv: true,
        curves: true,
        sweep: None,
        attribution: None,
    }
}

/// Cancels once it has counted to `limit`.
struct StopsAt {
    counted: AtomicU64,
    limit: u64,
}

impl Progress for StopsAt {
    fn advance(&self, histories: u64) {
        self.counted.fetch_add(histories, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.counted.load(Ordering::Relaxed) >= self.limit
    }
}

fn run(plan: &Plan, directory: &Path, resume: bool, threads: usize, progress: &dyn Progress) -> Result<Status, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    pool.install(|| spiral_study::run(plan, directory, resume, progress))
}

/// Every file below a directory with its bytes.
fn contents(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(directory).expect("the directory can be read") {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        if path.is_dir() {
            files.extend(contents(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            files.insert(name, fs::read(&path).expect("the file can be read"));
        }
    }
    files
}

fn assert_same(expected: &BTreeMap<String, Vec<u8>>, directory: &Path, what: &str) {
    let found = contents(directory);
    assert_eq!(expected.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>(), "{what}");
    for (name, bytes) in expected {
        assert!(*bytes == found[name], "{what}: {name} differs ({} and {} bytes)", bytes.len(), found[name].len());
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

#[test]
fn threads_and_interruptions_change_no_byte() {
    let plan = plan();
    let reference = folder();
    assert_eq!(run(&plan, reference.path(), false, 1, &Silent).expect("the study runs"), Status::Complete);
    let expected = contents(reference.path());
    for file in ["outcomes.parquet", "curves.parquet", "events.parquet", "manifest.json"] {
        assert!(expected.contains_key(file), "{file} is missing among {:?}", expected.keys());
    }
    let wars = String::from_utf8_lossy(&expected["events.csv"]).matches(",strike,").count();
    assert!(wars > 50, "{wars} strikes are too few to show a difference");

    for threads in [2, 7] {
        let directory = folder();
        run(&plan, directory.path(), false, threads, &Silent).expect("the study runs");
        assert_same(&expected, directory.path(), &format!("{threads} threads"));
    }

    for (limit, threads, later) in [(0, 2, 1), (16, 1, 2), (140, 2, 7)] {
        let directory = folder();
        let progress = StopsAt { counted: AtomicU64::new(0), limit };
        let status = run(&plan, directory.path(), false, threads, &progress).expect("the study stops");
        let Status::Interrupted { done, of } = status else { panic!("not interrupted at {limit}: {status:?}") };
        assert!(done < of && of == plan.total(), "{done} of {of} after {limit}");
        assert_eq!(run(&plan, directory.path(), true, later, &Silent).expect("it resumes"), Status::Complete);
        assert_same(&expected, directory.path(), &format!("stopped at {limit} with {done} done, {threads} then {later} threads"));
    }
}
