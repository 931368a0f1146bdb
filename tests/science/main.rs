//! The theory, tested through the engine: oracles, the patterns of the model, history's timing.
//!
//! Every statistical test states seed, sample and interval, and its message carries what was measured.

mod history;
mod judgements;
mod oracles;
mod worlds;
