//! From the tree of a scenario file to a valid setup, with the basis of its numbers.
//!
//! In the order of reading: `layer` (known names, numbers in range), with one file for each kind of entry; `build` (layers to a
//! setup); `overrides` (what is changed from outside); `load` (from a name, a path or a text to scenarios).

pub(crate) mod arsenals;
pub(crate) mod build;
pub(crate) mod catalogue;
pub(crate) mod distance;
pub(crate) mod drawn;
pub(crate) mod generate;
pub(crate) mod given;
pub(crate) mod history;
pub(crate) mod hybrid;
pub(crate) mod layer;
pub(crate) mod load;
pub(crate) mod network;
pub(crate) mod observed;
pub(crate) mod overrides;
pub(crate) mod paths;
pub(crate) mod resolved;
pub(crate) mod scenario;
pub(crate) mod series;
pub(crate) mod slots;
pub(crate) mod weapons;
