//! Decimal years as a reader knows them.

const MONTHS: [(&str, u32); 12] = [
    ("Jan", 31),
    ("Feb", 28),
    ("Mar", 31),
    ("Apr", 30),
    ("May", 31),
    ("Jun", 30),
    ("Jul", 31),
    ("Aug", 31),
    ("Sep", 30),
    ("Oct", 31),
    ("Nov", 30),
    ("Dec", 31),
];

/// First year that counts as a calendar year; scenarios that are not set in history count their years from 0.
const FIRST_CALENDAR_YEAR: f64 = 1000.0;

/// A day of the proleptic Gregorian calendar: `28 Jun 1914`; in a scenario that counts its own years, `year 12.49`.
#[must_use]
pub fn day(date: f64) -> String {
    if date < FIRST_CALENDAR_YEAR {
        return format!("year {date:.2}");
    }
    let year = date.floor();
    let leap = u32::from(year % 4.0 == 0.0 && (year % 100.0 != 0.0 || year % 400.0 == 0.0));
    // A date that stands for the beginning of a day may lie a rounding error before it.
    let mut past = ((date - year) * f64::from(365 + leap) + 1e-6) as u32;
    for (position, (name, days)) in MONTHS.iter().enumerate() {
        let days = days + if position == 1 { leap } else { 0 };
        if past < days {
            return format!("{} {name} {year}", past + 1);
        }
        past -= days;
    }
    format!("31 Dec {year}")
}

/// The year of a date: `1914`, or `year 12`.
#[must_use]
pub fn year(date: f64) -> String {
    if date < FIRST_CALENDAR_YEAR { format!("year {}", date.floor()) } else { date.floor().to_string() }
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
    fn worlds_outside_history_count_their_years() {
        assert_eq!(day(12.494), "year 12.49");
        assert_eq!(year(12.494), "year 12");
        assert_eq!(year(1914.6), "1914");
    }
}
