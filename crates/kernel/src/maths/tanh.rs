//! The hyperbolic tangent.

use super::exp::reduced_exp_minus_one;
use super::power_of_two;

/// Hyperbolic tangent.
///
/// Error: at most 2.30 ulp (measured). Odd to the bit; ±1 from |x| = 20 on.
#[inline(always)]
#[must_use]
pub fn tanh(x: f64) -> f64 {
    let size = x.abs();
    let size = if size > 20.0 { 20.0 } else { size };
    let (n, p) = reduced_exp_minus_one(2.0 * size);
    let power = power_of_two(n);
    // exp(2 |x|) - 1, without cancellation for n = 0
    let t = power * p + (power - 1.0);
    (t / (t + 2.0)).copysign(x)
}
