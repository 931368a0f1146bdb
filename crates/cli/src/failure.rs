//! How a command ends when it does not end well, and with which exit code.

use std::io;
use std::path::PathBuf;

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A check failed; what it found is printed already. Exit code 1.
    #[error("{0}")]
    Check(String),
    /// Bad usage. Exit code 2.
    #[error("{0}")]
    Usage(String),
    /// A scenario that cannot be used. Exit code 2.
    #[error(transparent)]
    Scenario(#[from] spiral_scenario::Error),
    /// A study that cannot be run or read. Exit code 2.
    #[error(transparent)]
    Study(#[from] spiral_study::Error),
    /// Pictures that cannot be drawn. Exit code 2.
    #[error(transparent)]
    Figures(#[from] spiral_figures::Error),
    /// A file that cannot be written. Exit code 2.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Stopped by the user; says how to go on. Exit code 130.
    #[error("{0}")]
    Interrupted(String),
    /// Nobody reads standard output any more: no error, the reader has seen enough. Exit code 0.
    #[error("standard output is closed")]
    Closed,
    /// Standard output cannot be written. Exit code 2.
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
}

impl Failure {
    /// The exit code that the command line promises.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::Check(_) => 1,
            Self::Interrupted(_) => 130,
            _ => 2,
        }
    }
}

impl From<io::Error> for Failure {
    /// An error of standard output; files have [`Failure::Write`].
    fn from(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Output(source) }
    }
}
