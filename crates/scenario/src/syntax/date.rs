//! Dates as a scenario writes them: a decimal year, or a text such as "1914-06-28".

/// Years that a date may have.
pub(crate) const YEARS: (f64, f64) = (-10_000.0, 10_000.0);

/// Days before each month of a common year.
const DAYS_BEFORE: [u32; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/// The decimal year at which a day begins: `year + (day of the year − 1) / (days of the year)`, proleptic Gregorian calendar.
///
/// # Errors
/// What is wrong with the text.
pub fn decimal_year(text: &str) -> Result<f64, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return Err("a date is a decimal year, or a text \"YEAR-MONTH-DAY\" such as \"1914-06-28\"".to_string());
    };
    let number = |part: &str, name: &str| {
        let digits = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        let parsed = if digits { part.parse::<u32>().ok() } else { None };
        parsed.ok_or_else(|| format!("the {name} of a date is a whole number, as in \"1914-06-28\""))
    };
    let (year, month, day) = (number(year, "year")?, number(month, "month")?, number(day, "day")?);
    if !(1..=12).contains(&month) {
        return Err(format!("month {month} is not one of 1 to 12"));
    }
    let leap = u32::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    let before = DAYS_BEFORE[month as usize - 1];
    let length = DAYS_BEFORE[month as usize] - before + if month == 2 { leap } else { 0 };
    if !(1..=length).contains(&day) {
        return Err(format!("day {day} is not one of 1 to {length}, the days of that month"));
    }
    let past = before + if month > 2 { leap } else { 0 } + day - 1;
    Ok(f64::from(year) + f64::from(past) / f64::from(365 + leap))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_year() {
        for (text, expected) in [
            ("1914-01-01", 1914.0),
            ("1914-06-28", 1914.0 + 178.0 / 365.0),
            ("1936-03-07", 1936.0 + 66.0 / 366.0),
            ("1900-12-31", 1900.0 + 364.0 / 365.0),
            ("2000-12-31", 2000.0 + 365.0 / 366.0),
        ] {
            assert_eq!(decimal_year(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        for (text, part) in [
            ("1914-13-01", "month 13"),
            ("1914-02-29", "day 29"),
            ("1914", "YEAR-MONTH-DAY"),
            ("19x4-01-01", "year"),
            ("", "date"),
        ] {
            let message = decimal_year(text).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        }
    }
}
