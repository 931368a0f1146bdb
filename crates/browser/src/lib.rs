//! The engine of the explorer for a page without a server. `scripts/site` compiles this crate to WebAssembly and puts it beside the page.
//!
//! The page's workers (`web/js/worker.js`) call five plain functions; there is no generated code between them and Rust. A question goes in as JSON and an answer comes out: the same JSON as that of `spiral serve`, or the
//! bytes of a part of a run, which another worker puts together with the others.
//!
//! | function | does |
//! |---|---|
//! | `input(length) -> address` | makes room for so many bytes, into which the caller writes |
//! | `attach()` | keeps the input as the bytes of a part, for the next question |
//! | `ask() -> status` | answers the question that the input holds: 0 where there is an answer, 1 where there is an error in words |
//! | `output() -> address`, `output_length() -> length` | where the answer or the error stands, until the next question |
//!
//! # Invariants
//! - No address is read or followed in Rust: the buffers belong to this crate, and only the caller writes into the input.
//! - Answers are equal, byte for byte, to those of `spiral serve`.

pub mod abi;
mod question;

pub use question::{Question, Reply, reply};
