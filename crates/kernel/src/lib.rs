//! The ground the simulator stands on: [`Lanes`], portable mathematics, keyed draws, the calendar.
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
//! [`InstructionSet`](dispatch::InstructionSet). `cargo bench -p spiral-kernel` prints nanoseconds a value.

pub mod calendar;
pub mod dispatch;
pub mod draws;
pub mod lanes;
pub mod maths;

pub use calendar::DecimalYear;
pub use lanes::Lanes;
