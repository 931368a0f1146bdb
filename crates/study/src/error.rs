//! What can go wrong, in messages that tell the user what to do.

use std::io;
use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;
use spiral_ensemble::ShortBlock;

/// Why a study could not be run or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The plan itself makes no sense.
    #[error("{reason}")]
    Plan {
        /// What is wrong.
        reason: String,
    },
    /// The directory holds a study, and resuming was not asked for.
    #[error("{} already holds a study; --resume continues it, another --out starts a new one", path.display())]
    Exists {
        /// The directory.
        path: PathBuf,
    },
    /// The directory holds something else.
    #[error("{} is not a study (it holds {found} and no manifest.json) and is left alone; choose another --out", path.display())]
    NotAStudy {
        /// The directory.
        path: PathBuf,
        /// A file found there.
        found: String,
    },
    /// There is no study to read.
    #[error("{} holds no study: there is no manifest.json in it", path.display())]
    Missing {
        /// The directory.
        path: PathBuf,
    },
    /// The directory holds a study that a program with another format made.
    #[error("{} holds a study {}, and this program (version {}) reads format {} only: run the study again, or read it with {}", path.display(),
        format.map_or_else(|| "without a format".to_string(), |format| format!("of format {format}")), env!("CARGO_PKG_VERSION"),
        crate::FORMAT, version.as_ref().map_or_else(|| "the program that made it".to_string(), |version| format!("the program that made it (version {version})")))]
    Format {
        /// The directory.
        path: PathBuf,
        /// Its format, if the manifest gives one.
        format: Option<u64>,
        /// Version of the program that made it, if the manifest gives one.
        version: Option<String>,
    },
    /// The directory holds another study.
    #[error("{} holds a different study, which --resume cannot continue; choose another --out. It differs in:\n  {}", path.display(), differences.join("\n  "))]
    Different {
        /// The directory.
        path: PathBuf,
        /// The differences, one for each line: the value in the directory and the value that was asked for.
        differences: Vec<String>,
    },
    /// A directory that is to be merged holds another study.
    #[error("{} holds a part of a different study and is not merged. It differs in:\n  {}", path.display(), differences.join("\n  "))]
    Foreign {
        /// The directory.
        path: PathBuf,
        /// The differences, one for each line: the value in this directory and the value in the first directory.
        differences: Vec<String>,
    },
    /// Not all parts of a study are in the directories that are merged.
    #[error(
        "{missing} of {of} parts are in none of the directories{shards}; the first is histories {first} to {last} of point {point}. The other \
         parts are kept in {}: run the missing shards and merge again, or \
         continue with the study's own command, this --out and --resume", path.display()
    )]
    Unmerged {
        /// Parts that are missing.
        missing: u32,
        /// Parts of the study.
        of: u32,
        /// Point of the first that is missing.
        point: u32,
        /// Its first history.
        first: u32,
        /// Its last history.
        last: u32,
        /// Where the others are kept.
        path: PathBuf,
        /// The shards that are missing or not finished, in words in brackets; empty where the directories do not say.
        shards: String,
    },
    /// Another process works on the directory.
    #[error("another process is working on {}; wait for it to end, or choose another --out", path.display())]
    Busy {
        /// The directory.
        path: PathBuf,
    },
    /// The study is not finished, so its tables do not exist yet.
    #[error("the study in {} is not finished; --resume continues it", path.display())]
    Incomplete {
        /// The directory.
        path: PathBuf,
    },
    /// A run without a directory was stopped: nothing is kept.
    #[error("stopped after {done} of {of} histories")]
    Stopped {
        /// Histories done.
        done: u64,
        /// Histories asked for.
        of: u64,
    },
    /// The file system refused.
    #[error("cannot {action} {}: {source}{}", path.display(), hint(source))]
    Io {
        /// What was tried: `write`, `read`, …
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file of the study is not what it should be.
    #[error("{} is damaged: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The workers that simulate the parts of a study stopped.
    #[error("the workers stopped: {reason}. The parts that they finished are kept in {}: the same call with resume continues", path.display())]
    Workers {
        /// What they said.
        reason: String,
        /// Where the parts are kept.
        path: PathBuf,
    },
    /// The simulator did not give what it was asked for.
    #[error("scenario {scenario}: {short}")]
    Short {
        /// Name of the scenario.
        scenario: String,
        /// How many histories were returned, and how many were asked for.
        #[source]
        short: ShortBlock,
    },
}

/// What to do about a refusal, where there is something to do.
fn hint(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; what is finished is kept: free some room and continue with --resume"
        }
        io::ErrorKind::FileTooLarge => "; what is finished is kept: allow larger files (ulimit -f) and continue with --resume",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; allow writing there, or choose another directory"
        }
        _ => "",
    }
}

impl Error {
    /// An error of the file system.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_path_buf(), source }
    }

    /// An error of a Parquet file: of the file system where it is one, else damage.
    pub(crate) fn parquet(action: &'static str, path: &Path) -> impl FnOnce(ParquetError) -> Self {
        move |error| match error {
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(source) => Self::io(action, path)(*source),
                Err(other) => Self::Damaged { path: path.to_path_buf(), reason: other.to_string() },
            },
            other => Self::Damaged { path: path.to_path_buf(), reason: other.to_string() },
        }
    }

    /// A file that is not what it should be.
    #[expect(clippy::needless_pass_by_value, reason = "a reason is made for this call")]
    pub(crate) fn damaged(path: &Path, reason: impl ToString) -> Self {
        Self::Damaged { path: path.to_path_buf(), reason: reason.to_string() }
    }
}
