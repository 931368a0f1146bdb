//! Dates: civil days of the Gregorian calendar, and decimal years.
//!
//! A decimal year is the year plus the share of it that has passed, with that year's own length of 365 or 366 days: 28 June 1914
//! begins at 1914 + 178/365. The calendar is proleptic: the Gregorian rules hold before 1582 too.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Days in a year, for conversions between rates: the mean Gregorian year.
pub const DAYS_PER_YEAR: f64 = 365.2425;

/// The first and the last year of a [`CivilDate`].
const YEARS: std::ops::RangeInclusive<i32> = 0..=9999;

/// An instant this many days before midnight, 8.6 seconds, counts as midnight: decimal years are rounded numbers.
const ROUNDING_DAYS: f64 = 1e-4;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// Whether the Gregorian year has 366 days.
#[must_use]
pub const fn is_leap_year(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days in the Gregorian year: 365 or 366.
#[must_use]
pub const fn days_in_year(year: i32) -> u32 {
    if is_leap_year(year) { 366 } else { 365 }
}

/// Days in the month, numbered from 1; 0 where there is no such month.
#[must_use]
pub const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + is_leap_year(year) as u8,
        1..=12 => 31,
        _ => 0,
    }
}

/// Why there is no such date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The text does not have the form `1914-06-28`.
    #[error("`{0}` is not a date: write year-month-day with four, two and two digits, as in 1914-06-28")]
    Form(String),
    /// The year is outside 0 to 9999.
    #[error("year {0} is outside 0 to 9999")]
    Year(i32),
    /// The month is outside 1 to 12.
    #[error("month {0} is outside 1 to 12")]
    Month(u8),
    /// The month has no such day.
    #[error("{} {year} has the days 1 to {}, not {day}", MONTHS[usize::from(*month) - 1], days_in_month(*year, *month))]
    Day {
        /// The year.
        year: i32,
        /// The month, valid.
        month: u8,
        /// The day that it does not have.
        day: u8,
    },
}

/// A day of the proleptic Gregorian calendar, in the years 0 to 9999.
///
/// Reads and writes itself as `1914-06-28`; displays as `28 June 1914`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CivilDate {
    year: i32,
    month: u8,
    day: u8,
}

impl CivilDate {
    /// The day of that year, month (1 to 12) and day of the month (from 1).
    ///
    /// # Errors
    /// If there is no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, DateError> {
        if !YEARS.contains(&year) {
            return Err(DateError::Year(year));
        }
        if !(1..=12).contains(&month) {
            return Err(DateError::Month(month));
        }
        if day == 0 || day > days_in_month(year, month) {
            return Err(DateError::Day { year, month, day });
        }
        Ok(Self { year, month, day })
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Days passed in the year when the day begins: 0 on 1 January.
    #[must_use]
    pub fn days_into_year(self) -> u32 {
        (1..self.month).map(|month| u32::from(days_in_month(self.year, month))).sum::<u32>() + u32::from(self.day) - 1
    }

    /// Days from 1 January of the year 0 to the beginning of the day.
    #[must_use]
    pub fn day_number(self) -> i64 {
        days_before_year(i64::from(self.year)) + i64::from(self.days_into_year())
    }

    /// Days from the beginning of this day to the beginning of `later`; negative if that is earlier.
    #[must_use]
    pub fn days_until(self, later: Self) -> i64 {
        later.day_number() - self.day_number()
    }

    /// The instant at which the day begins.
    #[must_use]
    pub fn decimal_year(self) -> DecimalYear {
        DecimalYear(f64::from(self.year) + f64::from(self.days_into_year()) / f64::from(days_in_year(self.year)))
    }

    /// The date in the form `1914-06-28`.
    #[must_use]
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Days from 1 January of the year 0 to 1 January of `year`, negative before.
const fn days_before_year(year: i64) -> i64 {
    // the year 0 is a leap year; of the years 0 to year − 1, count those divisible by 4, 100 and 400
    let last = year - 1;
    365 * year + (last.div_euclid(4) - last.div_euclid(100) + last.div_euclid(400)) + 1
}

impl fmt::Display for CivilDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&format!("{} {} {}", self.day, MONTHS[usize::from(self.month) - 1], self.year))
    }
}

impl FromStr for CivilDate {
    type Err = DateError;

    /// Reads `1914-06-28`.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let number = |part: &str, digits: usize| {
            if part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse::<u16>().ok() } else { None }
        };
        let form = || DateError::Form(text.to_owned());
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(form());
        };
        let year = number(year, 4).ok_or_else(form)?;
        let month = number(month, 2).ok_or_else(form)?;
        let day = number(day, 2).ok_or_else(form)?;
        Self::new(i32::from(year), month as u8, day as u8)
    }
}

impl TryFrom<String> for CivilDate {
    type Error = DateError;
    fn try_from(text: String) -> Result<Self, DateError> {
        text.parse()
    }
}

impl From<CivilDate> for String {
    fn from(date: CivilDate) -> Self {
        date.iso()
    }
}

/// A date as a decimal year: 1914.5 is the middle of 1914.
///
/// Displays as the day it lies in, `28 June 1914`, or as the bare number outside the years 0 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DecimalYear(pub f64);

impl DecimalYear {
    /// The date `days` later, a day being 1/365.2425 of a year.
    #[must_use]
    pub fn plus_days(self, days: f64) -> Self {
        Self(self.0 + days / DAYS_PER_YEAR)
    }

    /// The day it lies in; the next day from 10⁻⁴ days before midnight on. None outside the years 0 to 9999 and for a NaN.
    #[must_use]
    pub fn civil_date(self) -> Option<CivilDate> {
        let (mut year, day_of_year) = self.year_and_day()?;
        let mut days_left = (day_of_year + ROUNDING_DAYS).floor() as u32;
        if days_left >= days_in_year(year) {
            days_left = 0;
            year += 1;
        }
        let mut month = 1;
        while days_left >= u32::from(days_in_month(year, month)) {
            days_left -= u32::from(days_in_month(year, month));
            month += 1;
        }
        CivilDate::new(year, month, days_left as u8 + 1).ok()
    }

    /// Days of the calendar from this date to `later`, with fractions; negative if that is earlier. None where either has no
    /// [`DecimalYear::civil_date`].
    #[must_use]
    pub fn days_until(self, later: Self) -> Option<f64> {
        let (year, day) = self.year_and_day()?;
        let (later_year, later_day) = later.year_and_day()?;
        Some((days_before_year(i64::from(later_year)) - days_before_year(i64::from(year))) as f64 + (later_day - day))
    }

    /// The year, and the days of it that have passed.
    fn year_and_day(self) -> Option<(i32, f64)> {
        let year = self.0.floor();
        // false for a NaN
        if !(year >= f64::from(*YEARS.start()) && year <= f64::from(*YEARS.end())) {
            return None;
        }
        let whole = year as i32;
        Some((whole, (self.0 - year) * f64::from(days_in_year(whole))))
    }
}

impl From<CivilDate> for DecimalYear {
    fn from(date: CivilDate) -> Self {
        date.decimal_year()
    }
}

impl fmt::Display for DecimalYear {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.civil_date() {
            Some(date) => fmt::Display::fmt(&date, formatter),
            None => fmt::Display::fmt(&self.0, formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> CivilDate {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn sarajevo_is_178_days_into_1914() {
        let day = date("1914-06-28");
        assert_eq!(day.days_into_year(), 178);
        assert_eq!(day.decimal_year().0, 1914.0 + 178.0 / 365.0);
        assert_eq!(DecimalYear(1914.0 + 178.0 / 365.0).to_string(), "28 June 1914");
        assert_eq!(day.to_string(), "28 June 1914");
        assert_eq!(format!("{day:>14}|"), "  28 June 1914|");
    }

    #[test]
    fn days_between_known_dates() {
        // Known lengths: the July crisis, the First World War in the west, and the epochs of the Julian day and of Unix time.
        assert_eq!(date("1914-06-28").days_until(date("1914-08-04")), 37);
        assert_eq!(date("1914-07-28").days_until(date("1918-11-11")), 1567);
        assert_eq!(date("1970-01-01").day_number() - date("1858-11-17").day_number(), 40_587, "Modified Julian Day of 1970");
        assert_eq!(date("1970-01-01").day_number(), 719_528);
        assert_eq!(date("2000-02-28").days_until(date("2000-03-01")), 2);
        assert_eq!(date("1900-02-28").days_until(date("1900-03-01")), 1);
        assert_eq!(date("1914-08-04").days_until(date("1914-06-28")), -37);
        let fraction = date("1914-06-28").decimal_year().days_until(date("1918-11-11").decimal_year());
        assert!((fraction.unwrap_or(f64::NAN) - 1597.0).abs() < 1e-6, "{fraction:?} days");
        assert_eq!(DecimalYear(1903.5).days_until(DecimalYear(1904.5)), Some(182.5 + 183.0));
        assert_eq!(DecimalYear(f64::NAN).days_until(DecimalYear(1904.5)), None);
    }

    #[test]
    fn every_day_of_ten_millennia_comes_back() {
        let mut days = 0i64;
        for year in 0..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    let date = CivilDate::new(year, month, day).unwrap_or_else(|error| panic!("{error}"));
                    assert_eq!(date.day_number(), days, "{date}");
                    assert_eq!(date.decimal_year().civil_date(), Some(date), "{:?}", date.decimal_year());
                    let noon = DecimalYear(date.decimal_year().0 + 0.5 / f64::from(days_in_year(year)));
                    assert_eq!(noon.civil_date(), Some(date), "{noon:?}");
                    days += 1;
                }
            }
        }
        assert_eq!(days, 25 * 146_097, "days in 25 Gregorian cycles of 400 years");
    }

    #[test]
    fn texts_come_back_and_bad_ones_teach() {
        for text in ["1914-06-28", "0000-01-01", "9999-12-31", "1904-02-29"] {
            assert_eq!(date(text).iso(), text);
            let json = serde_json::to_string(&date(text)).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<CivilDate>(&json).ok(), Some(date(text)));
        }
        let message = |text: &str| match text.parse::<CivilDate>() {
            Ok(date) => panic!("{text} read as {date}"),
            Err(error) => error.to_string(),
        };
        assert_eq!(message("1914-13-01"), "month 13 is outside 1 to 12");
        assert_eq!(message("1913-02-29"), "February 1913 has the days 1 to 28, not 29");
        assert_eq!(message("1914-06-31"), "June 1914 has the days 1 to 30, not 31");
        for text in ["", "1914", "1914-6-28", "28 June 1914", "1914-06-28-", "-1914-06-28", "+914-06-28", "1914-06-2８"] {
            assert!(message(text).starts_with(&format!("`{text}` is not a date")), "{text}: {}", message(text));
        }
        assert_eq!(CivilDate::new(10_000, 1, 1), Err(DateError::Year(10_000)));
        assert_eq!(CivilDate::new(1914, 0, 1), Err(DateError::Month(0)));
        assert_eq!(CivilDate::new(1914, 1, 0), Err(DateError::Day { year: 1914, month: 1, day: 0 }));
    }

    #[test]
    fn edges_of_decimal_years() {
        let shown = |year: f64| DecimalYear(year).to_string();
        assert_eq!(shown(1914.0), "1 January 1914");
        assert_eq!(shown(1914.999), "31 December 1914");
        assert_eq!(shown(1914.999999999), "1 January 1915");
        assert_eq!(shown(9999.9999999999), "9999.9999999999");
        assert_eq!(shown(-0.5), "-0.5");
        assert_eq!(shown(f64::NAN), "NaN");
        assert_eq!(shown(f64::INFINITY), "inf");
        assert_eq!(DecimalYear(1914.0).plus_days(DAYS_PER_YEAR), DecimalYear(1915.0));
    }
}
