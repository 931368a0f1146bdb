//! Oracles: closed forms, and the numbers that the model and the simulator give in their place.
//!
//! `spiral verify` prints [`checks`]; the tests hold each of them.

mod closed_forms;
mod cooperation;
mod deterrence;
pub mod ensembles;
mod graphs;
pub mod patterns;
mod richardson;
pub mod tiny;
pub mod twin;

/// One number that is known, and the same number as the program finds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Which oracle: `O1` to `O17`, or the equation of the model.
    pub oracle: &'static str,
    /// What is compared.
    pub what: String,
    /// The closed form.
    pub expected: f64,
    /// What the program gives.
    pub found: f64,
    /// Largest error that passes.
    pub tolerance: f64,
}

impl Check {
    /// How far the found number is from the known one: absolute below 1, relative above.
    #[must_use]
    pub fn error(&self) -> f64 {
        (self.found - self.expected).abs() / self.expected.abs().max(1.0)
    }

    /// Whether the error is within the tolerance. What is no number never is.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.error() <= self.tolerance
    }
}

/// Every check, by oracle.
#[must_use]
pub fn checks() -> Vec<Check> {
    let mut checks = richardson::checks();
    checks.extend(graphs::checks());
    checks.extend(closed_forms::checks());
    checks.extend(deterrence::checks());
    checks.extend(cooperation::checks());
    checks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_holds() {
        let failed: Vec<Check> = checks().into_iter().filter(|check| !check.holds()).collect();
        assert!(failed.is_empty(), "{failed:#?}");
    }

    #[test]
    fn a_wrong_number_does_not_hold() {
        let check = |expected, found| Check { oracle: "", what: String::new(), expected, found, tolerance: 1e-6 };
        assert!(check(0.0, 1e-7).holds() && check(1e6, 1e6 + 0.5).holds());
        assert!(!check(0.0, 1e-5).holds() && !check(1.0, f64::NAN).holds() && !check(1.0, f64::INFINITY).holds());
    }
}
