//! What can go wrong, in the words that the user reads.

use std::io;
use std::path::{Path, PathBuf};

/// Why there are no results.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was asked for makes no sense.
    #[error("{0}")]
    Request(String),
    /// A scenario that cannot be used.
    #[error(transparent)]
    Scenario(#[from] spiral_scenario::Error),
    /// A study that cannot be run or read.
    #[error(transparent)]
    Study(#[from] spiral_study::Error),
    /// Figures that cannot be drawn.
    #[error(transparent)]
    Figures(#[from] spiral_figures::Error),
    /// A file that cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file that cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The caller stopped the work, through [`spiral_study::Progress::cancelled`].
    #[error("interrupted: {kept}")]
    Interrupted {
        /// What is kept, and where.
        kept: String,
        /// How the work can be continued.
        next: Continuation,
    },
}

/// How work that was interrupted can be continued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuation {
    /// The same call with `resume`.
    Resume,
    /// The same call again.
    Again,
    /// Only from the beginning: nothing is kept.
    Nothing,
}

/// What kind of error it is, for a caller whose language has kinds of exceptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// What was asked for, or a file of the user, makes no sense.
    Input,
    /// The file system refused, or a file of the program is damaged.
    Files,
    /// Those who simulate parts of a study elsewhere failed.
    Workers,
    /// The caller stopped the work.
    Interrupted,
}

impl Error {
    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        use spiral_study::Error as Study;
        match self {
            Self::Study(Study::Io { .. } | Study::Damaged { .. } | Study::Short { .. })
            | Self::Figures(_)
            | Self::Read { .. }
            | Self::Write { .. } => ErrorKind::Files,
            Self::Study(Study::Workers { .. }) => ErrorKind::Workers,
            Self::Study(Study::Stopped { .. }) | Self::Interrupted { .. } => ErrorKind::Interrupted,
            Self::Request(_) | Self::Scenario(_) | Self::Study(_) => ErrorKind::Input,
        }
    }

    /// Why those who simulate parts of a study elsewhere failed, if this is the error.
    #[must_use]
    pub fn workers_reason(&self) -> Option<&str> {
        match self {
            Self::Study(spiral_study::Error::Workers { reason, .. }) => Some(reason),
            _ => None,
        }
    }

    /// A request that makes no sense.
    pub(crate) fn request(message: impl Into<String>) -> Self {
        Self::Request(message.into())
    }

    /// What the file system refused to write.
    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write { path: path.to_path_buf(), source }
    }
}
