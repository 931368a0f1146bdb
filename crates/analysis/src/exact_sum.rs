//! Sums of numbers without rounding: the order in which numbers come, and the groups in which they are added, change no bit.

use serde::{Deserialize, Serialize};

/// The exact sum of finite numbers, as a few numbers that do not overlap, the smallest first (Shewchuk 1997, "Adaptive precision
/// floating-point arithmetic", grow-expansion). It is rounded only when it is read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ExactSum {
    parts: Vec<f64>,
}

/// The rounded sum of two numbers, and what rounding took from it.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

impl ExactSum {
    /// Adds a number. After an infinite or undefined one, or beyond the largest double, the sum is undefined (NaN).
    pub fn add(&mut self, number: f64) {
        let (mut carried, mut kept) = (number, 0);
        for at in 0..self.parts.len() {
            let (sum, rest) = two_sum(carried, self.parts[at]);
            if rest != 0.0 {
                self.parts[kept] = rest;
                kept += 1;
            }
            carried = sum;
        }
        self.parts.truncate(kept);
        if carried != 0.0 {
            self.parts.push(carried);
        }
    }

    /// Adds the product of two numbers; exact unless it is below 10⁻²⁹⁰ in size, where doubles have no room for its last digits.
    pub fn add_product(&mut self, a: f64, b: f64) {
        let product = a * b;
        self.add(product);
        self.add(a.mul_add(b, -product));
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        for part in &other.parts {
            self.add(*part);
        }
    }

    /// The double that is nearest to the sum, of two equally near ones the even one.
    #[must_use]
    pub fn nearest(&self) -> f64 {
        let mut below = self.parts.iter().rev().copied();
        let Some(mut high) = below.next() else { return 0.0 };
        let mut rest = 0.0;
        for part in below.by_ref() {
            let (sum, lost) = two_sum(high, part);
            (high, rest) = (sum, lost);
            if rest != 0.0 {
                break;
            }
        }
        // Exactly between two doubles as far as two parts go: the next part says to which side the sum lies.
        if let Some(next) = below.next()
            && (rest < 0.0) == (next < 0.0)
        {
            let twice = rest * 2.0;
            let other = high + twice;
            if other - high == twice {
                return other;
            }
        }
        high
    }

    /// The nearest double, and the double that is nearest to what is left: together some 32 digits.
    #[must_use]
    pub fn rounded(&self) -> (f64, f64) {
        let nearest = self.nearest();
        let mut left = self.clone();
        left.add(-nearest);
        (nearest, left.nearest())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum(numbers: &[f64]) -> ExactSum {
        let mut sum = ExactSum::default();
        for number in numbers {
            sum.add(*number);
        }
        sum
    }

    #[test]
    fn nothing_is_lost() {
        assert_eq!(sum(&[]).nearest(), 0.0);
        assert_eq!(sum(&[1e100, 1.0, -1e100]).nearest(), 1.0);
        assert_eq!(sum(&[0.1; 10]).nearest(), 1.0);
        assert_eq!(sum(&[1.0, 2_f64.powi(-53), 2_f64.powi(-106)]).nearest(), 1.0 + f64::EPSILON, "just above the middle");
        assert_eq!(sum(&[1.0, 2_f64.powi(-53)]).nearest(), 1.0, "of two equally near ones the even one");
        assert_eq!(sum(&[1.0, 1e-30]).rounded(), (1.0, 1e-30));
        assert!(sum(&[f64::INFINITY, 1.0]).nearest().is_nan() && sum(&[f64::NAN]).nearest().is_nan());
    }

    #[test]
    fn a_product_has_all_its_digits() {
        let mut square = ExactSum::default();
        square.add_product(1.0 + f64::EPSILON, 1.0 + f64::EPSILON);
        square.add(-1.0 - 2.0 * f64::EPSILON);
        assert_eq!(square.nearest(), f64::EPSILON * f64::EPSILON);
    }

    proptest! {
        #[test]
        fn order_and_groups_change_no_bit(numbers in prop::collection::vec(-1e12_f64..1e12, 0..60), cut in 0_usize..60) {
            let scaled: Vec<f64> = numbers.iter().enumerate().map(|(at, x)| x * 10_f64.powi(i32::try_from(at % 17).expect("below 17") - 8)).collect();
            let (first, second) = scaled.split_at(cut.min(scaled.len()));
            let mut merged = sum(second);
            merged.merge(&sum(first));
            let mut backwards = scaled.clone();
            backwards.reverse();
            prop_assert_eq!(merged.rounded(), sum(&scaled).rounded());
            prop_assert_eq!(sum(&backwards).rounded(), sum(&scaled).rounded());
        }
    }
}
