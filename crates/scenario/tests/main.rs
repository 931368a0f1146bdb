//! Tests of the scenario crate, in one binary.

mod broken;
mod built_in;
mod calibration_files;
mod common;
mod history;
mod hybrids;
mod import;
mod import_broken;
mod import_real_files;
mod import_world;
mod overrides;
mod properties;
mod runs;
mod setups;
mod study_files;
mod weapons;
