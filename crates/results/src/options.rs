//! How many histories are simulated, with which seed, and where the results are kept.

use std::path::{Path, PathBuf};

use spiral_scenario::Overrides;
use spiral_study::{KeptRows, PanelOptions, Plan, Progress, Silent, Status, Study, Workers};

use crate::{Continuation, Error};

/// How a study is made. The default is what `spiral` does without options, in memory.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Options<'a> {
    /// Histories of each scenario or point. If `None`: 1000; for [`crate::explain`] 250; for a study file the number in the file.
    pub histories: Option<u32>,
    /// Seed of all random draws. If `None`: 1; for a study file the seed in the file.
    pub seed: Option<u64>,
    /// What is changed in the scenarios: numbers, mechanisms, years.
    pub changes: Overrides,
    /// Whether curves and panels continue after the first war of a history.
    pub through_war: bool,
    /// Whether every two histories draw the judgements of their scenario from their ranges, instead of the values of the file.
    pub uncertain: bool,
    /// Whether the figures of a comparison show a second, paler band: of a sample of its own whose histories draw their judgements, which
    /// is in no estimate. Without effect where all histories draw them.
    pub judgement_band: bool,
    /// Histories of each scenario whose events are kept. If `None`: 1000, and 0 in worlds of thousands of states.
    pub events: Option<u32>,
    /// Histories of each scenario or point that are kept as rows of states and dyads, if any, and what a row covers.
    pub panel: Option<PanelOptions>,
    /// Which rows of single histories a sweep keeps. Without, the table `tallies` has the numbers of each point.
    pub rows: KeptRows,
    /// Threads. They do not change the results. If `None`: those of the rayon pool of the caller.
    pub threads: Option<usize>,
    /// Directory in which tables, figures and report are kept. If `None`, nothing is written.
    pub directory: Option<PathBuf>,
    /// Whether the study that is in the directory is continued. Without, the directory must be new or empty.
    pub resume: bool,
    /// Whether the tables are written as CSV too.
    pub csv: bool,
    /// Gets the progress of the work, and is asked whether to stop.
    pub progress: &'a dyn Progress,
    /// Who simulates the parts of the study, in place of the threads of this process; it needs [`Options::directory`]. It changes no
    /// result.
    pub workers: Option<&'a dyn Workers>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            histories: None,
            seed: None,
            changes: Overrides::default(),
            through_war: false,
            uncertain: false,
            judgement_band: false,
            events: None,
            panel: None,
            rows: KeptRows::All,
            threads: None,
            directory: None,
            resume: false,
            csv: false,
            progress: &Silent,
            workers: None,
        }
    }
}

/// Histories of each scenario unless [`Options::histories`] says how many.
pub const HISTORIES: u32 = 1000;
/// Seed unless the options name one.
pub const SEED: u64 = 1;

impl Options<'_> {
    /// The seed.
    pub(crate) fn seed(&self) -> u64 {
        self.seed.unwrap_or(SEED)
    }

    /// Runs `work` on this number of threads, or on those of the caller.
    pub(crate) fn on_threads<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
        on_threads(self.threads, work)
    }

    /// Simulates a plan, in the directory or in memory.
    pub(crate) fn simulate(&self, plan: &Plan) -> Result<Study, Error> {
        self.progress.begin(plan.total());
        self.simulate_in(plan, self.directory.as_deref(), self.resume)
    }

    /// The same in this directory, without a word on how many histories there are.
    pub(crate) fn simulate_in(&self, plan: &Plan, directory: Option<&Path>, resume: bool) -> Result<Study, Error> {
        let Some(directory) = directory else {
            if self.workers.is_some() {
                return Err(Error::request("workers need a directory, in which the parts that they send are kept"));
            }
            let study = self.on_threads(|| spiral_study::in_memory(plan, self.progress))?;
            return study.map_err(|error| match error {
                spiral_study::Error::Stopped { done, of } => Error::Interrupted {
                    kept: format!("nothing is kept of {done} of {of} histories"),
                    next: Continuation::Nothing,
                },
                other => Error::Study(other),
            });
        };
        let status = match self.workers {
            // Their calls come back on the thread of the caller.
            Some(workers) => spiral_study::run_elsewhere(plan, directory, resume, self.progress, workers)?,
            None => self.on_threads(|| spiral_study::run(plan, directory, resume, self.progress))??,
        };
        match status {
            Status::Complete => Ok(Study::open(directory)?),
            Status::Interrupted { done, of } => Err(Error::Interrupted {
                kept: format!("{done} of {of} histories are kept in {}", directory.display()),
                next: Continuation::Resume,
            }),
        }
    }
}

/// Runs `work` on a pool of this number of threads, or on the pool of the caller. The number does not change the results.
///
/// # Errors
/// Threads that cannot be started.
pub fn on_threads<T: Send>(threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    let Some(threads) = threads else { return Ok(work()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Error::Request(format!("{threads} threads cannot be started: {error}")))?;
    Ok(pool.install(work))
}
