//! Why there is no answer, in the words that the user reads.

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A scenario that cannot be used, or a change that cannot be made.
    #[error(transparent)]
    Scenario(#[from] spiral_scenario::Error),
    /// A request that makes no sense or asks for too much.
    #[error("{0}")]
    Request(String),
    /// The caller stopped the work.
    #[error("stopped")]
    Stopped,
}

impl From<spiral_ensemble::ShortBlock> for Error {
    fn from(error: spiral_ensemble::ShortBlock) -> Self {
        Self::Request(error.to_string())
    }
}
