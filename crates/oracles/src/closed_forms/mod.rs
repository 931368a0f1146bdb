//! Closed forms: numbers that are known from theory, beside the same numbers as the program computes them.

mod cooperation;
mod deterrence;
mod equations;
mod graphs;
mod richardson;

pub(crate) use cooperation::success_against_deterring_arms;

/// A number that is known from theory, and the same number as the program computes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Which closed form: `O1` to `O17`, or the equation of the model, such as `E5`.
    pub oracle: &'static str,
    /// What is compared.
    pub what: String,
    /// The number from theory.
    pub expected: f64,
    /// The number that the program computes.
    pub found: f64,
    /// Largest error that passes.
    pub tolerance: f64,
}

impl Check {
    /// The distance between the two numbers: absolute where the known number is below 1, relative above.
    #[must_use]
    pub fn error(&self) -> f64 {
        (self.found - self.expected).abs() / self.expected.abs().max(1.0)
    }

    /// Whether the error is within the tolerance. A value that is not a number never passes.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.error() <= self.tolerance
    }
}

/// Every check, by closed form.
#[must_use]
pub fn checks() -> Vec<Check> {
    [richardson::checks(), graphs::checks(), equations::checks(), deterrence::checks(), cooperation::checks()].concat()
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
