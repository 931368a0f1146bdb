//! Why the explorer cannot be started.

use std::io;

/// Why the explorer cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What it was started with cannot be shown.
    #[error("{0}")]
    Subject(String),
    /// A scenario that cannot be used.
    #[error(transparent)]
    Scenario(#[from] spiral_scenario::Error),
    /// A study that cannot be read.
    #[error(transparent)]
    Study(#[from] spiral_results::Error),
    /// The port cannot be had.
    #[error("cannot listen on 127.0.0.1:{port}: {source}\n  = give another port with --port; 0 takes one that is free")]
    Port {
        /// The port.
        port: u16,
        /// Why not.
        source: io::Error,
    },
    /// Threads cannot be started.
    #[error("{0} threads cannot be started: {1}")]
    Threads(usize, String),
    /// The server stopped.
    #[error("the server stopped: {0}")]
    Stopped(#[from] io::Error),
}
