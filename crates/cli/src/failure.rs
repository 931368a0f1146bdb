//! How a command ends when it does not end well, and with which exit code.

use std::io;

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A check failed; the result is printed already. Exit code 1.
    #[error("{0}")]
    Check(String),
    /// Bad usage. Exit code 2.
    #[error("{0}")]
    Usage(String),
    /// No results: the library gives the reason. Exit code 2, or 130 where the user stopped it.
    #[error(transparent)]
    Results(#[from] spiral_results::Error),
    /// A scenario that cannot be used. Exit code 2.
    #[error(transparent)]
    Scenario(#[from] spiral_scenario::Error),
    /// The explorer cannot be started. Exit code 2.
    #[error(transparent)]
    Explorer(#[from] spiral_serve::Error),
    /// The reader of standard output has closed it, such as `head`. This is not an error. Exit code 0.
    #[error("standard output is closed")]
    Closed,
    /// Standard output cannot be written. Exit code 2.
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
}

impl Failure {
    /// Every history of a study failed numerically.
    pub(crate) fn nothing_succeeded() -> Self {
        let message = "every history failed numerically, so there is no result; look at the numbers that grow without limit";
        Self::Check(message.to_string())
    }

    /// The exit code, as the documentation defines it.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::Check(_) => 1,
            Self::Results(spiral_results::Error::Interrupted { .. }) => 130,
            _ => 2,
        }
    }
}

impl From<io::Error> for Failure {
    /// An error of standard output; those of files come from the library.
    fn from(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Output(source) }
    }
}
