//! The base of the simulator: [`Lanes`], portable mathematics, keyed draws, the calendar.
//!
//! A *lane* is one of the histories that are simulated side by side in the vector registers of a processor. A *keyed draw* is a random
//! number that depends only on its address: seed, purpose, state or dyad, time and history. So a history has the same random numbers
//! whether it is simulated alone or beside others.
//!
//! # Example
//! ```
//! use spiral_kernel::draws::{Address, uniform_lanes, uniforms};
//! use spiral_kernel::{Lanes, maths};
//!
//! let address = Address { purpose: 1, entity: 7, time: 40 };
//! let seed = 1;
//! // Histories 0 to 15 side by side, and history 3 alone: the same draw to the bit.
//! let [together, _] = uniform_lanes::<16>(seed, address, 0);
//! let [alone, _] = uniforms(seed, address, 3);
//! assert_eq!(together.as_array()[3].to_bits(), alone.to_bits());
//!
//! // An equation is written for one number and applied to every lane.
//! let chances = Lanes::<16>::from_fn(|lane| maths::logistic(together.as_array()[lane]));
//! assert!(chances.as_array().iter().all(|chance| (0.5..1.0).contains(chance)));
//! ```
//!
//! Invariant: no ECS, no I/O, no clock, no thread. The only crate with `unsafe` code, and only in [`dispatch`].
//!
//! Largest error of each function of [`maths`], in units in the last place (ulp), measured over more than 10⁶ inputs that are
//! dense at the hard points, against double-double arithmetic which is itself held to 320-bit values (`tests/accuracy.rs`):
//!
//! | function | ulp | domain |
//! |---|---|---|
//! | [`exp`](maths::exp) | 0.86 | all floats |
//! | [`ln`](maths::ln) | 0.82 | all floats; NaN below 0 |
//! | [`tanh`](maths::tanh) | 2.30 | all floats |
//! | [`logistic`](maths::logistic) | 1.87 | all floats |
//! | [`powf`](maths::powf) | 0.98 | base ≥ 0, any power |
//! | [`normal_quantile`](maths::normal_quantile) | 1.72 | \[0, 1\]; NaN outside |
//!
//! All are exact where that is promised (`exp(0)`, `powf(x, 1)`, infinities, zeros), keep NaN, and give the same bits for every
//! [`InstructionSet`](dispatch::InstructionSet). `cargo bench -p spiral-kernel` prints the nanoseconds that one value takes.

pub mod calendar;
pub mod dispatch;
pub mod draws;
pub mod lanes;
pub mod maths;

pub use calendar::DecimalYear;
pub use lanes::Lanes;
