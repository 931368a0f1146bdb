//! Simulates many histories of one world in memory and collects them into an ensemble: outcomes, curves, events and failures.
//!
//! [`simulate`] gives the results block by block to a [`Sink`] of the caller: a writer of files, Arrow tables, a browser. The sink
//! [`Ensemble`] keeps everything in memory.
//!
//! ```
//! use spiral_ensemble::{Ensemble, Options, simulate};
//! use spiral_model::Setup;
//! use spiral_model::setup::Horizon;
//!
//! let setup = Setup::complete("example", Horizon { start: 1900.0, end: 1910.0, ticks_per_year: 4 }, &["A", "B"]);
//! let options = Options::default();
//! let mut first = Ensemble::default();
//! simulate(&setup, 1, 0..64, &options, &mut first)?;
//! let wars = first.outcomes.iter().filter(|outcome| outcome.first_war_date.is_some()).count();
//! println!("war in {wars} of {} histories", first.outcomes.len());
//! let curves = first.curves.rows(&setup, "example", 0);
//! assert_eq!((curves[0].date, curves[0].metric.as_str()), (1900.0, "arms"));
//!
//! // More histories later, and the result is the same as of all at once.
//! let (mut second, mut together) = (Ensemble::default(), Ensemble::default());
//! simulate(&setup, 1, 64..100, &options, &mut second)?;
//! simulate(&setup, 1, 0..100, &options, &mut together)?;
//! first.append(second);
//! assert!(first.outcomes == together.outcomes && first.curves == together.curves);
//! # Ok::<(), spiral_ensemble::ShortBlock>(())
//! ```
//!
//! # Invariants
//! - What is simulated is a pure function of (setup, seed, number of the history, options). The width of a block, the order of the
//!   calls and how the histories are cut into calls change no bit.
//! - No file, no Parquet, no clock, no printing, no choice of threads. The crate builds for `wasm32-unknown-unknown`.

mod curves;
mod engine;
mod ensemble;
mod panel;
mod recorder;
mod simulate;

#[cfg(test)]
mod tests;

pub use curves::{Curves, Frame, MOST_STATE_CELLS};
pub use engine::{Engine, WIDTH};
pub use ensemble::Ensemble;
pub use panel::{PanelOptions, PanelPeriod};
pub use recorder::Recorder;
pub use simulate::{Block, Broken, Options, ShortBlock, Sink, simulate, simulate_each, simulate_with};
