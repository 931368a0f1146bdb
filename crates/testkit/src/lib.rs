//! What only tests and benches use: tiny worlds, comparisons of histories to the bit, and a twin of the model without the ECS.

pub mod tiny;
pub mod twin;

/// The worked example of `CONTRIBUTING.md`, compiled as a test of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../../CONTRIBUTING.md")]
pub struct Contributing;
