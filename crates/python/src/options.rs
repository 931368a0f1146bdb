//! How a study is made, as the Python package passes it.

use std::path::PathBuf;

use pyo3::prelude::*;
use spiral_results::{KeptRows, Options};

/// The keyword arguments that the calls of the package share, in one dictionary.
#[derive(FromPyObject)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
#[pyo3(from_item_all)]
pub(crate) struct Given {
    histories: Option<u32>,
    seed: Option<u64>,
    threads: Option<usize>,
    out: Option<PathBuf>,
    /// Whether the directory lives only as long as the study, so that nothing is left after an error.
    pub(crate) temporary: bool,
    resume: bool,
    csv: bool,
    uncertain: bool,
    through_war: bool,
    events: Option<u32>,
    /// Whether no rows of single histories are kept.
    without_rows: bool,
    /// Called with the histories that are done, the number of all, and what is done now.
    pub(crate) progress: Option<Py<PyAny>>,
    /// Called with a remark of the program.
    pub(crate) note: Option<Py<PyAny>>,
    /// Called with a manifest and numbers of parts; gives back pairs of a number and bytes.
    pub(crate) workers: Option<Py<PyAny>>,
}

impl Given {
    /// The same, as the library takes it.
    pub(crate) fn options(&self) -> Options<'static> {
        Options {
            histories: self.histories,
            seed: self.seed,
            threads: self.threads,
            directory: self.out.clone(),
            resume: self.resume,
            csv: self.csv,
            uncertain: self.uncertain,
            through_war: self.through_war,
            events: self.events,
            rows: if self.without_rows { KeptRows::None } else { KeptRows::All },
            ..Options::default()
        }
    }
}
