//! Estimates as text. Nothing here prints.

use crate::table::Measure;

/// What stands for a number that does not exist.
pub const ABSENT: &str = "–";

/// A measure with its unit and interval, with as many digits as the interval supports: `63 % [60, 66]`, `1912.8 [1912.1, 1913.4]`,
/// `37 days [35, 40]`, `0.032 a year [0.029, 0.035]`, `4.9 [4.6, 5.2]`. A number that does not exist is `–`, and one without an
/// interval stands alone.
#[must_use]
pub fn format_estimate(measure: &Measure) -> String {
    format(measure, false)
}

/// The same for a difference: signed, and shares in points of a per cent: `+12 points [+8, +16]`.
#[must_use]
pub fn format_difference(measure: &Measure) -> String {
    format(measure, true)
}

fn format(measure: &Measure, signed: bool) -> String {
    let (factor, unit, fewest, most) = match (measure.unit.as_str(), signed) {
        ("share", false) => (100.0, " %", 0, 4),
        ("share", true) => (100.0, " points", 0, 4),
        ("year", _) => (1.0, "", 1, 2),
        ("years", _) => (1.0, " years", 0, 3),
        ("days", _) => (1.0, " days", 0, 2),
        ("1/year", _) => (1.0, " a year", 0, 8),
        _ => (1.0, "", 0, 6),
    };
    let Some(estimate) = measure.estimate.estimate.map(|x| x * factor) else {
        return ABSENT.to_string();
    };
    let ends = (measure.estimate.lower.map(|x| x * factor), measure.estimate.upper.map(|x| x * factor));
    let width = match ends {
        (Some(lower), Some(upper)) => upper - lower,
        (Some(end), None) | (None, Some(end)) => 2.0 * (estimate - end).abs(),
        (None, None) => 0.0,
    };
    let decimals = decimals(estimate, width).clamp(fewest, most);
    let number = |x: f64| {
        // A number of many digits is a power of ten: it would break a table, and nobody reads it.
        let text = if x.abs() >= LARGE { format!("{:.2e}", x.abs()) } else { format!("{:.decimals$}", x.abs()) };
        // Rounding to zero must not leave a sign behind.
        let zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let sign = match (zero, x < 0.0) {
            (false, true) => "-",
            (false, false) if signed => "+",
            _ => "",
        };
        format!("{sign}{text}")
    };
    let end = |end: Option<f64>| end.map_or(ABSENT.to_string(), number);
    match ends {
        (None, None) => format!("{}{unit}", number(estimate)),
        (lower, upper) => format!("{}{unit} [{}, {}]", number(estimate), end(lower), end(upper)),
    }
}

/// From here on numbers are written in powers of ten.
const LARGE: f64 = 1e7;

/// Decimals that give the width of the interval between 4 and 40 units of the last digit; without a width, three digits of
/// the number.
fn decimals(estimate: f64, width: f64) -> usize {
    // A width within rounding of the number is none.
    let (scale, least) = if width > 1e-9 * estimate.abs() { (width, 4.0) } else { (estimate.abs(), 100.0) };
    let mut decimals = 0;
    let mut unit = 1.0;
    while decimals < 10 && scale > 0.0 && scale / unit < least {
        unit /= 10.0;
        decimals += 1;
    }
    decimals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Estimate;

    #[test]
    fn runaways_are_powers_of_ten() {
        let found = format_estimate(&measure("share", 841_710.02, (1e5, 1e22)));
        assert_eq!(found, "8.42e7 % [1.00e7, 1.00e24]");
        assert_eq!(format_estimate(&measure("share", 0.5, (0.4, 0.6))), "50 % [40, 60]");
    }

    fn measure(unit: &str, estimate: f64, ends: (f64, f64)) -> Measure {
        let estimate = Estimate::new(estimate, ends, 1, "");
        Measure { name: String::new(), label: String::new(), unit: unit.to_string(), estimate }
    }

    #[test]
    fn digits_follow_unit_and_width() {
        let cases = [
            ("share", 0.63, (0.60, 0.66), "63 % [60, 66]"),
            ("share", 0.6312, (0.6302, 0.6322), "63.12 % [63.02, 63.22]"),
            ("share", 0.0, (0.0, 0.0037), "0.00 % [0.00, 0.37]"),
            ("count", 0.0, (0.0, 36.9), "0 [0, 37]"),
            ("1/year", 0.01, (0.01, 0.010000000000000002), "0.0100 a year [0.0100, 0.0100]"),
            ("year", 1912.83, (1910.2, 1916.9), "1912.8 [1910.2, 1916.9]"),
            ("year", 1912.83, (1912.81, 1912.85), "1912.83 [1912.81, 1912.85]"),
            ("days", 37.0, (35.0, 40.0), "37 days [35, 40]"),
            ("1/year", 0.032, (0.029, 0.035), "0.032 a year [0.029, 0.035]"),
            ("count", 4.9, (4.6, 5.2), "4.9 [4.6, 5.2]"),
            ("years", -0.01, (-3.0, 3.0), "0 years [-3, 3]"),
        ];
        for (unit, estimate, ends, text) in cases {
            assert_eq!(format_estimate(&measure(unit, estimate, ends)), text, "{unit} {estimate} {ends:?}");
        }
    }

    #[test]
    fn differences_are_signed() {
        assert_eq!(format_difference(&measure("share", 0.12, (0.08, 0.16))), "+12 points [+8, +16]");
        assert_eq!(format_difference(&measure("share", -0.12, (-0.25, 0.004))), "-12 points [-25, 0]");
        assert_eq!(format_difference(&measure("days", -3.0, (-7.0, 1.0))), "-3 days [-7, +1]");
    }

    #[test]
    fn what_does_not_exist_is_a_dash() {
        let nothing = f64::NAN;
        assert_eq!(format_estimate(&measure("year", nothing, (nothing, nothing))), "–");
        assert_eq!(format_estimate(&measure("year", 1912.83, (1910.0, nothing))), "1912.8 [1910.0, –]");
        assert_eq!(format_estimate(&measure("share", 0.5, (nothing, nothing))), "50.0 %");
    }
}
