//! Dates as decimal years, and days.

use serde::{Deserialize, Serialize};

/// Days in a year, for conversions between rates: the mean Gregorian year.
pub const DAYS_PER_YEAR: f64 = 365.2425;

/// A date as a decimal year: 1914.5 is the middle of 1914.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DecimalYear(pub f64);

impl DecimalYear {
    /// The date `days` later, a day being 1/365.2425 of a year.
    #[must_use]
    pub fn plus_days(self, days: f64) -> Self {
        Self(self.0 + days / DAYS_PER_YEAR)
    }
}
