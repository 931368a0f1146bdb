//! How capabilities become a scenario. The files give the resources of states; what these mean for the model is judged here, by rules that
//! the written scenario repeats next to its numbers, with their ranges.
//!
//! ```text
//! Y = N y,   y = max(y_0, A e^b exp(g (t − 1913)))       β = S p / Y
//!
//! Y   output                                   billion int$ of 2011 a year
//! N   population (tpop)                        heads
//! y   income a head; y_0 is subsistence        int$ of 2011 a year
//! e   primary energy (pec) a head              tons of coal equivalent a year
//! A   income at one ton a head in 1913         int$ of 2011 a year
//! b   elasticity of income to energy           1
//! g   growth of income that energy leaves out  1/year
//! S   military expenditure (milex)             pounds a year to 1913, dollars a year from 1914
//! p   what the currency buys                   int$ of 2011 for a pound or a dollar
//! β   burden                                   share of output
//! ```
//! `A` and `b` put the eight great powers of 1913 within a factor of 1.6 of their output in the Maddison Project Database 2020, and
//! `g` those of 1938. `p` is 135 int$ for a pound, so that British burdens of 1890 to 1913 come out near those of Our World in Data,
//! and for a dollar the ratio of consumer prices of the United States, 2011 to the year. The two do not meet at the seam of 1913 and
//! 1914: no series here crosses it.

use spiral_kernel::maths::{exp, ln, powf};

use super::alliances::Pledge;

/// Last year whose military expenditure is in pounds.
pub(crate) const LAST_YEAR_OF_POUNDS: i32 = 1913;
/// Income a head at one ton of coal equivalent a head in 1913, int$ of 2011 a year.
pub(crate) const INCOME_AT_A_TON: f64 = 4500.0;
/// Elasticity of income to energy.
pub(crate) const ENERGY_ELASTICITY: f64 = 0.42;
/// Growth of income that energy leaves out, per year.
pub(crate) const OTHER_GROWTH: f64 = 0.01;
/// Least income a head, int$ of 2011 a year.
pub(crate) const SUBSISTENCE: f64 = 700.0;
/// What a pound buys, int$ of 2011.
pub(crate) const POUND: f64 = 135.0;
/// Range of a factor on output.
pub(crate) const OUTPUT_FACTOR: (f64, f64) = (0.6, 1.6);
/// Range of a factor on the burden: the errors of output and of prices.
pub(crate) const BURDEN_FACTOR: (f64, f64) = (0.6, 1.6);

/// Consumer prices of the United States, annual averages of all urban consumers, 1982-84 = 100 (Bureau of Labor Statistics).
const PRICES: &[(i32, f64)] = &[
    (1914, 10.0),
    (1917, 12.8),
    (1920, 20.0),
    (1922, 16.8),
    (1929, 17.1),
    (1933, 13.0),
    (1938, 14.1),
    (1941, 14.7),
    (1945, 18.0),
    (1948, 24.1),
    (1950, 24.1),
    (1955, 26.8),
    (1960, 29.6),
    (1965, 31.5),
    (1970, 38.8),
    (1975, 53.8),
    (1980, 82.4),
    (1985, 107.6),
    (1990, 130.7),
    (1995, 152.4),
    (2000, 172.2),
    (2005, 195.3),
    (2010, 218.1),
    (2015, 237.0),
    (2020, 258.8),
];
/// The same in 2011, the year of the international dollar.
const PRICES_2011: f64 = 224.9;

/// What a pound (to 1913) or a dollar (from 1914) buys in a year, int$ of 2011. Prices grow geometrically between the years of the
/// table and hold outside it.
pub(crate) fn purchasing_power(year: i32) -> f64 {
    if year <= LAST_YEAR_OF_POUNDS {
        return POUND;
    }
    let after = PRICES.partition_point(|(at, _)| *at <= year);
    let level = match (after.checked_sub(1).map(|position| PRICES[position]), PRICES.get(after)) {
        (Some((from, low)), Some((to, high))) => low * exp(ln(high / low) * f64::from(year - from) / f64::from(to - from)),
        (Some((_, last)), None) => last,
        (None, _) => PRICES[0].1,
    };
    PRICES_2011 / level
}

/// Output in billion int$ of 2011 a year, from thousands of people and thousands of tons of coal equivalent.
pub(crate) fn output(people: f64, energy: f64, year: i32) -> f64 {
    let a_head = energy / people;
    let income = if a_head > 0.0 {
        INCOME_AT_A_TON * powf(a_head, ENERGY_ELASTICITY) * exp(OTHER_GROWTH * f64::from(year - 1913))
    } else {
        0.0
    };
    people * 1e3 * income.max(SUBSISTENCE) / 1e9
}

/// Military burden, share of output, from thousands of pounds or dollars.
pub(crate) fn burden(spending: f64, output: f64, year: i32) -> f64 {
    spending * 1e3 * purchasing_power(year) / (output * 1e9)
}

/// A judged number: value, range, reason.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Judged {
    pub(crate) value: f64,
    pub(crate) range: (f64, f64),
    pub(crate) why: &'static str,
}

const fn judged(value: f64, low: f64, high: f64, why: &'static str) -> Judged {
    Judged { value, range: (low, high), why }
}

/// Contact and terrain of a pair by its type of contiguity.
pub(crate) fn border(kind: u8) -> (Judged, Judged) {
    match kind {
        1 => (judged(1.0, 0.7, 1.5, "common border"), judged(0.7, 0.4, 1.0, "a border on land or a river; look at the map")),
        2 => (judged(0.6, 0.3, 1.0, "a strait of at most 12 miles"), judged(0.35, 0.2, 0.6, "a strait of at most 12 miles")),
        3 => (judged(0.5, 0.3, 0.8, "a sea of at most 24 miles"), judged(0.25, 0.1, 0.4, "a sea of at most 24 miles")),
        4 => (judged(0.35, 0.15, 0.7, "a sea of at most 150 miles"), judged(0.25, 0.1, 0.4, "a sea of at most 150 miles")),
        _ => (judged(0.25, 0.1, 0.5, "a sea of at most 400 miles"), judged(0.2, 0.1, 0.4, "a sea of at most 400 miles")),
    }
}

/// Distance in km beyond which land neighbours are taken to meet at their border, not at their capitals.
pub(crate) const BORDER_DISTANCE_KM: f64 = 1500.0;

/// Commitment and rivalry of a pair by its strongest pledge.
pub(crate) fn pledge(pledge: Option<Pledge>) -> (Judged, Judged) {
    match pledge {
        Some(Pledge::Defence) => {
            (judged(0.7, 0.5, 0.9, "defence pact"), judged(0.5, 0.2, 0.8, "allies rub against each other less"))
        }
        Some(Pledge::Consultation) => (judged(0.3, 0.1, 0.5, "consultation or entente"), judged(0.7, 0.4, 1.0, "friends")),
        Some(Pledge::Nonaggression) => {
            (judged(0.0, 0.0, 0.1, "no pledge to help"), judged(0.5, 0.3, 0.8, "neutrality or nonaggression"))
        }
        None => (judged(0.0, 0.0, 0.1, "no pledge"), judged(1.0, 0.7, 1.5, "no pledge")),
    }
}

/// What a pledge is called.
pub(crate) fn called(pledge: Option<Pledge>) -> &'static str {
    match pledge {
        Some(Pledge::Defence) => "defence",
        Some(Pledge::Consultation) => "consultation",
        Some(Pledge::Nonaggression) => "nonaggression",
        None => "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, share: f64) -> bool {
        (found / expected - 1.0).abs() < share
    }

    #[test]
    fn output_is_the_rule_in_closed_form() {
        // A ton a head in 1913 is the constant itself; a thousand tons for a thousand people.
        assert!(close(output(1e6, 1e6, 1913), 4500.0, 1e-14), "{}", output(1e6, 1e6, 1913));
        // Twice the energy is 2^0.42 as much.
        let doubled = output(1e6, 2e6, 1913) / output(1e6, 1e6, 1913);
        assert!(close(doubled, 1.337_927_5, 1e-6), "{doubled}");
        // Without energy, subsistence; it is proportional to people.
        assert!(close(output(3e6, 0.0, 1850), 3.0 * 700.0, 1e-14));
        let century = output(1e6, 1e6, 2013) / output(1e6, 1e6, 1913);
        assert!(close(century, std::f64::consts::E, 1e-12), "{century}");
    }

    #[test]
    fn money_is_in_pounds_to_1913_and_in_dollars_from_1914() {
        assert_eq!((purchasing_power(1816), purchasing_power(1913)), (POUND, POUND));
        assert!(close(purchasing_power(1914), 22.49, 1e-12), "{}", purchasing_power(1914));
        assert!(close(purchasing_power(1938), 224.9 / 14.1, 1e-12));
        // Between 1975 and 1980 prices grow evenly: the geometric mean half way would be 1977.5.
        let product = purchasing_power(1977) * purchasing_power(1978);
        assert!(close(product, purchasing_power(1975) * purchasing_power(1980), 1e-12), "{product}");
        assert_eq!(purchasing_power(2020), purchasing_power(2100));
        // A thousand pounds is not a thousand dollars: the seam is a factor of six.
        let seam = burden(1000.0, 1.0, 1913) / burden(1000.0, 1.0, 1914);
        assert!((5.9..6.1).contains(&seam), "{seam}");
    }

    #[test]
    fn every_judgement_lies_in_its_range() {
        let pledges = [None, Some(Pledge::Nonaggression), Some(Pledge::Consultation), Some(Pledge::Defence)];
        let all = (1..=5).map(border).chain(pledges.map(pledge)).flat_map(|(one, other)| [one, other]);
        for judged in all {
            assert!(judged.range.0 < judged.range.1 && !judged.why.is_empty(), "{judged:?}");
            assert!((judged.range.0..=judged.range.1).contains(&judged.value), "{judged:?}");
        }
    }
}
