//! The explorer as a page on this machine: an HTTP server over [`spiral_explorer`] and [`spiral_results`], and the page itself.
//!
//! `web/` is the page: plain ES modules without a build step, with the libraries in `web/vendor/` beside their licences and checksums.
//!
//! | request | answer |
//! |---|---|
//! | `GET /`, `GET /…` | the page and its files, from within the program |
//! | `GET /api/start` | scenarios, mechanisms, version, and what the page shows first |
//! | `POST /api/world` | every number of a world ([`spiral_explorer::WorldRequest`]) |
//! | `POST /api/run` | a stream of events with an answer over 64, 256, 1024, … histories ([`spiral_explorer::Run`]); closing it ends the work |
//! | `POST /api/strands` | single histories as lines ([`spiral_explorer::StrandsRequest`]) |
//! | `POST /api/check` | what is wrong with a scenario that is being edited, by line |
//! | `POST /api/history` | one history with its chronicle ([`spiral_explorer::HistoryRequest`]) |
//! | `POST /api/network` | one history as a network over time |
//! | `POST /api/portrait` | the arms of two states against each other ([`spiral_explorer::PortraitRequest`]) |
//!
//! # Invariants
//! - It listens on 127.0.0.1 only, and answers only requests whose `Host` and `Origin` are its own address: a page of another site cannot
//!   use it, by whatever name it reaches it.
//! - It reads no file but those that the program was started with, and writes none.
//! - Bodies, work and the number of runs at a time are bounded.

mod error;
mod guard;
mod pages;
mod routes;
mod server;
mod subject;

#[cfg(test)]
mod tests;

pub use error::Error;
pub use server::{Server, Settings};
