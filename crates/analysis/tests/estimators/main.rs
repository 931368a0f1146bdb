//! Tests of the estimators: against numbers of other programs, against known truth, and of the summary as a whole.

mod calibration;
mod coverage;
mod draws;
mod fixtures;
mod reference;
mod summary;
mod validation;
