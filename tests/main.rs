//! The tests of the whole program, in one binary: linking one is faster than linking six. Run one suite by its name:
//!
//! ```text
//! cargo nextest run -p spiral -E 'test(golden::)'
//! ```

mod architecture;
mod cli;
mod determinism;
mod golden;
mod metamorphic;
mod science;
