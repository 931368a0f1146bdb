//! Ctrl-C: the first asks for a clean stop, the second kills.

use std::sync::atomic::{AtomicBool, Ordering};

use super::console::complain;
use crate::failure::Failure;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Catches Ctrl-C (and a request to terminate) from now on.
pub(super) fn catch() -> Result<(), Failure> {
    let handler = || {
        if ASKED.swap(true, Ordering::Relaxed) {
            #[allow(
                clippy::exit,
                reason = "the second Ctrl-C kills: a user who presses it again does not want to wait for the end of a block"
            )]
            std::process::exit(130);
        }
        complain("\nstopping when the current blocks of histories are done; press Ctrl-C again to stop at once");
    };
    ctrlc::set_handler(handler).map_err(|error| Failure::Usage(format!("Ctrl-C cannot be caught: {error}")))
}

/// Catches Ctrl-C for a command that ends at once and has nothing to say about it.
pub(crate) fn catch_quietly() -> Result<(), Failure> {
    let handler = || ASKED.store(true, Ordering::Relaxed);
    ctrlc::set_handler(handler).map_err(|error| Failure::Usage(format!("Ctrl-C cannot be caught: {error}")))
}

/// Whether the user has asked to stop.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
