//! Dates as data files write them.

use super::table::Table;

use crate::syntax::problem::Finding;
use crate::syntax::words::quote;

/// The year of a cell: `1914`, `191408`, `19140804`, `1914-08-04`, `8/4/1914`, `4 Aug 1914`.
pub(crate) fn year_of(table: &Table<'_>, row: usize, column: usize) -> Result<i32, Finding> {
    let cell = table.cell(row, column);
    year(cell).ok_or_else(|| {
        let finding = table.finding(row, column, &format!("{} is not a date", quote(cell)));
        finding.help("a date is a year (1914), YEARMONTH (191408), YEARMONTHDAY (19140804) or 1914-08-04")
    })
}

/// The year of a text.
fn year(text: &str) -> Option<i32> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let sound = |year: i32| (1500..=2500).contains(&year).then_some(year);
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = whole.parse().ok()?;
        let part = |from: i64, to: i64| number / from % to;
        return match whole.len() {
            4 => sound(number as i32),
            6 if (1..=12).contains(&part(1, 100)) => sound((number / 100) as i32),
            8 if (1..=12).contains(&part(100, 100)) && (1..=31).contains(&part(1, 100)) => sound((number / 10_000) as i32),
            _ => None,
        };
    }
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ', 'T', ',']).filter(|part| !part.is_empty()).collect();
    let mut years = parts.iter().filter(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit()));
    let found = years.next()?.parse().ok()?;
    if parts.len() >= 3 && years.next().is_none() { sound(found) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_of_every_usual_form() {
        for text in
            ["1914", "1914.0", "191408", "19140804", "1914-08-04", "8/4/1914", "04.08.1914", "4 Aug 1914", "1914-08-04T00:00:00"]
        {
            assert_eq!(year(text), Some(1914), "{text}");
        }
        for text in ["", "191413", "19141399", "14", "soon", "1914-", "1914-1915-1916", "99999", "-1914"] {
            assert_eq!(year(text), None, "{text}");
        }
    }
}
