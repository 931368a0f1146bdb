//! What the model must reproduce, measured: closed forms of the literature and patterns of theory and history.
//!
//! `spiral verify` prints [`checks`]; `spiral verify --report DIR` writes [`report::Report`]. The tests hold both.
//!
//! ```
//! let checks = spiral_oracles::checks();
//! assert!(checks.iter().all(|check| check.holds()));
//! println!("{} closed forms hold", checks.len());
//! ```

pub mod closed_forms;
pub mod ensembles;
pub mod histories;
pub mod knobs;
pub mod made_worlds;
pub mod panels;
pub mod patterns;
pub mod races;
pub mod report;
pub mod worlds;

pub use closed_forms::{Check, checks};
