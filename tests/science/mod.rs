//! The theory, tested through the engine: oracles, the patterns of the model, history's timing.
//!
//! Every statistical test states seed, sample and interval, and its message carries what was measured.
#![allow(clippy::print_stdout, reason = "a test prints what it measured")]

mod conquest;
mod cooperation;
mod deterrence;
mod history;
mod oracles;
mod patterns;
