//! How far great powers carry force: by ships under sail, by steam, by aircraft, by missiles. In the model the strength that reaches
//! another falls with distance in the same way for all (E1); a great power that has a navy or bombers reaches as far as another would
//! over a shorter distance. That distance is written into the scenario as a judgement.
//!
//! ```text
//! d' = max(d / p, 500 km),   p = 1 + (p_t − 1) √(Y / Y_max)
//!
//! d'   distance at which an army would lose as much   km
//! d    distance between capitals                      km
//! p_t  what a year's best means of transport give     1
//! Y    output of the great power                      billion int$ a year
//! ```
//! Distance is the same in both directions, so the state that is reached is taken to reach back: its forces meet those of the great power
//! where these are.

use spiral_kernel::maths::{exp, ln};

use super::rules::Judged;

/// Year, how many times further a great power reaches than an army.
const BEST: &[(i32, f64)] =
    &[(1816, 2.0), (1850, 2.3), (1890, 2.8), (1914, 3.0), (1937, 3.5), (1950, 4.5), (1962, 6.0), (1990, 7.0)];
/// Distance that is left of any, km.
const NEAREST_KM: f64 = 500.0;
/// Pairs nearer than this are left as they are, km: armies go there.
const NEAR_KM: f64 = 1500.0;

/// How many times further a great power reaches in a year than an army: `share` is its output in that of the largest great power.
pub(crate) fn factor(year: i32, share: f64) -> f64 {
    let after = BEST.partition_point(|(at, _)| *at <= year);
    let best = match (after.checked_sub(1).map(|position| BEST[position]), BEST.get(after)) {
        (Some((from, low)), Some((to, high))) => low * exp(ln(high / low) * f64::from(year - from) / f64::from(to - from)),
        (Some((_, last)), None) => last,
        (None, _) => BEST[0].1,
    };
    1.0 + (best - 1.0) * share.clamp(0.0, 1.0).sqrt()
}

/// The distance of a pair over which a great power with this factor carries force; `None` where it changes nothing.
pub(crate) fn distance(apart_km: f64, factor: f64, year: i32) -> Option<Judged> {
    if apart_km <= NEAR_KM || factor <= 1.0 {
        return None;
    }
    let value = (apart_km / factor).max(NEAREST_KM);
    let why = match year {
        ..1870 => "a great power carries force by sea: an army would lose as much over this distance",
        1870..1940 => "a great power carries force by steamships: an army would lose as much over this distance",
        1940..1958 => "a great power carries force by ships and aircraft: an army would lose as much over this distance",
        _ => "a great power carries force by ships, aircraft and missiles: an army would lose as much over this distance",
    };
    Some(Judged { value, range: (value / 1.5, (value * 1.5).min(apart_km)), why })
}

#[cfg(test)]
mod tests {
    use super::*;
    use spiral_model::mechanisms::geography::{Geography, reach};

    /// Whether a pair over the sea, at the terrain that an import gives it, is simulated.
    fn simulated(apart_km: f64, year: i32, share: f64) -> bool {
        let geography = Geography::default();
        let near = distance(apart_km, factor(year, share), year).map_or(apart_km, |judged| judged.value);
        reach(0.3, near, &geography) >= geography.negligible
    }

    #[test]
    fn great_powers_reach_each_other_over_any_ocean() {
        // Washington to Moscow, Washington to Tokyo, London to Tokyo.
        for (apart_km, year, share) in
            [(7_820.0, 1955, 1.0), (7_820.0, 1980, 1.0), (7_820.0, 2000, 1.0), (10_900.0, 1937, 1.0), (9_560.0, 1937, 0.32)]
        {
            assert!(simulated(apart_km, year, share), "{apart_km} km in {year}");
            assert!(!simulated(apart_km, year, 0.0), "without the reach of a great power it is not");
        }
        assert!(!simulated(9_100.0, 1905, 0.1), "a small great power does not reach over an ocean");
    }

    #[test]
    fn reach_grows_with_time_and_output() {
        assert!((1816..2016).all(|year| factor(year + 1, 1.0) >= factor(year, 1.0)));
        assert!(factor(1900, 0.2) < factor(1900, 0.9) && factor(1900, 0.0) == 1.0);
        assert_eq!(distance(800.0, 3.0, 1900), None);
        let judged = distance(9000.0, 3.0, 1900).unwrap_or_else(|| panic!("far"));
        assert_eq!((judged.value, judged.range), (3000.0, (2000.0, 4500.0)));
        assert_eq!(distance(2000.0, 10.0, 2000).map(|judged| judged.value), Some(500.0));
    }
}
