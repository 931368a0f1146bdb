//! Decimal years as a reader knows them.

use spiral_kernel::calendar::{DAYS_PER_YEAR, DecimalYear, days_in_year};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// First year that counts as a calendar year; scenarios that are not set in history count their years from 0.
const FIRST_CALENDAR_YEAR: f64 = 1000.0;

/// A date that stands for the beginning of a day may lie a rounding error before it.
const ROUNDING_DAYS: f64 = 1e-6;

/// Longest tick whose part of the year has a name of its own.
const HALF_A_YEAR: f64 = 0.5;

/// Whether a date counts years of the calendar, and not those of a scenario that is not set in history.
#[must_use]
pub fn is_calendar(date: f64) -> bool {
    date >= FIRST_CALENDAR_YEAR
}

/// The date some days of the calendar after another one.
#[must_use]
pub fn days_after(date: f64, days: u16) -> f64 {
    if !is_calendar(date) {
        return DecimalYear(date).plus_days(f64::from(days)).0;
    }
    let length = |year: f64| f64::from(days_in_year(year as i32));
    let mut year = date.floor();
    let mut past = (date - year) * length(year) + f64::from(days);
    while past + ROUNDING_DAYS >= length(year) {
        past -= length(year);
        year += 1.0;
    }
    year + past.max(0.0) / length(year)
}

/// The date some mean days before another one: events are dated so, by mean days after a crisis began.
#[must_use]
pub fn mean_days_before(date: f64, days: f64) -> f64 {
    date - days / DAYS_PER_YEAR
}

/// The part of the year in which a tick lies that ends on a date and lasts some years: `early 1898`, `mid-1898`, `late 1898`. A tick of
/// more than half a year gives the year, and in a scenario that counts its own years the date of its end.
#[must_use]
pub fn tick(end: f64, years: f64) -> String {
    if !is_calendar(end) {
        return day(end);
    }
    let middle = end - 0.5 * years;
    if years > HALF_A_YEAR {
        return year(middle);
    }
    let part = match middle - middle.floor() {
        share if share < 1.0 / 3.0 => "early ",
        share if share < 2.0 / 3.0 => "mid-",
        _ => "late ",
    };
    format!("{part}{}", year(middle))
}

/// A day of the proleptic Gregorian calendar: `28 Jun 1914`; in a scenario that counts its own years, `year 12.49`.
#[must_use]
pub fn day(date: f64) -> String {
    match DecimalYear(date).civil_date().filter(|_| is_calendar(date)) {
        Some(date) => format!("{} {} {}", date.day(), MONTHS[usize::from(date.month()) - 1], date.year()),
        None => format!("year {date:.2}"),
    }
}

/// The year of a date: `1914`, or `year 12`.
#[must_use]
pub fn year(date: f64) -> String {
    if is_calendar(date) { date.floor().to_string() } else { format!("year {}", date.floor()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_inverse_of_scenario_dates() {
        for (text, expected) in [
            ("1914-06-28", "28 Jun 1914"),
            ("1900-02-28", "28 Feb 1900"),
            ("1900-03-01", "1 Mar 1900"),
            ("1936-02-29", "29 Feb 1936"),
            ("1936-03-07", "7 Mar 1936"),
            ("1999-12-31", "31 Dec 1999"),
            ("2000-01-01", "1 Jan 2000"),
        ] {
            let date = spiral_scenario::decimal_year(text);
            assert_eq!(date.map(day), Ok(expected.to_string()), "{text}");
        }
    }

    #[test]
    fn days_are_counted_on_the_calendar() {
        for (from, days, expected) in [
            ("1914-06-28", 0, "28 Jun 1914"),
            ("1914-06-28", 1, "29 Jun 1914"),
            ("1914-06-28", 37, "4 Aug 1914"),
            ("1913-12-31", 1, "1 Jan 1914"),
            ("1903-12-31", 60, "29 Feb 1904"),
            ("1904-12-31", 60, "1 Mar 1905"),
            ("1914-07-28", 1567, "11 Nov 1918"),
        ] {
            let date = spiral_scenario::decimal_year(from).map(|date| day(days_after(date, days)));
            assert_eq!(date, Ok(expected.to_string()), "{from} and {days} days");
        }
        assert!((days_after(12.5, 30) - (12.5 + 30.0 / 365.2425)).abs() < 1e-12);
    }

    #[test]
    fn a_tick_is_named_by_the_part_of_the_year_in_which_it_lies() {
        let quarters = [1898.25, 1898.5, 1898.75, 1899.0].map(|end| tick(end, 0.25));
        assert_eq!(quarters, ["early 1898", "mid-1898", "mid-1898", "late 1898"]);
        assert_eq!([tick(1899.0, 1.0 / 12.0), tick(1899.0, 1.0), tick(12.5, 0.25)], ["late 1898", "1898", "year 12.50"]);
    }

    #[test]
    fn worlds_outside_history_count_their_years() {
        assert_eq!(day(12.494), "year 12.49");
        assert_eq!(year(12.494), "year 12");
        assert_eq!(year(1914.6), "1914");
    }
}
