//! The ground the simulator stands on: [`Lanes`], portable mathematics, keyed draws, the calendar.
//!
//! Invariant: no ECS, no I/O, no clock, no thread. The only crate with `unsafe` code, and only in [`dispatch`].

pub mod calendar;
pub mod dispatch;
pub mod draws;
pub mod lanes;
pub mod maths;

pub use calendar::DecimalYear;
pub use lanes::Lanes;
