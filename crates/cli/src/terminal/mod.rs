//! What commands print: tables, texts, charts, progress.

pub(crate) mod calibration;
mod chart;
pub(crate) mod chronicle;
pub(crate) mod console;
pub(crate) mod explanation;
pub(crate) mod hindcast;
pub(crate) mod interrupt;
pub(crate) mod numbers;
pub(crate) mod progress;
pub(crate) mod results;
pub(crate) mod schedule;
pub(crate) mod sensitivity;
pub(crate) mod summary;
pub(crate) mod sweep;
pub(crate) mod together;
pub(crate) mod validation;
