//! Tests of the kernel, in one binary.

mod accuracy;
mod draws;
mod instruction_sets;
mod properties;
mod reference;
