//! Studies and calibrations: files that name a scenario, and what is varied or fitted in it.

pub(crate) mod calibration_file;
pub(crate) mod catalogue;
pub(crate) mod design;
pub(crate) mod factor;
pub(crate) mod factor_list;
pub(crate) mod intervention;
pub(crate) mod marks;
pub(crate) mod points_file;
pub(crate) mod salib;
pub(crate) mod source;
pub(crate) mod study_file;
pub(crate) mod targets;
pub(crate) mod worlds;
