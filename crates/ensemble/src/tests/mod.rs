//! Tests of the fold from blocks to an ensemble.

mod curves;
mod panels;
mod simulations;
