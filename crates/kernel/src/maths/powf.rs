//! Powers of a number that is not negative.

use super::exp::{OVERFLOW, UNDERFLOW, exp_of_sum};
use super::high_part;
use super::ln::ln_as_sum;

/// `x` to the power `y`, for `x ≥ 0`.
///
/// Error: at most 0.98 ulp (measured). As IEEE 754's `pow` for `x ≥ 0`: `powf(x, 0) = powf(1, y) = 1` even for a NaN,
/// `powf(0, y)` is 0 or infinite. A zero counts as +0; below zero it is NaN.
#[inline(always)]
#[must_use]
#[allow(clippy::needless_bitwise_bool, reason = "a lazy operator is a branch")]
pub fn powf(x: f64, y: f64) -> f64 {
    // beyond it every power of a float other than 1 overflows or underflows
    const LARGEST_POWER: f64 = 18_446_744_073_709_551_616.0;
    let power = if y > LARGEST_POWER { LARGEST_POWER } else { y };
    let power = if power < -LARGEST_POWER { -LARGEST_POWER } else { power };
    let (ln_high, ln_low) = ln_as_sum(x);
    let l_high = high_part(ln_high);
    let l_low = (ln_high - l_high) + ln_low;
    let y_high = high_part(power);
    let y_low = power - y_high;
    let high = y_high * l_high;
    let low = y_low * l_high + power * l_low;
    let low = if high.abs() > 800.0 { 0.0 } else { low };
    let high = if high > OVERFLOW { OVERFLOW } else { high };
    let high = if high < UNDERFLOW { UNDERFLOW } else { high };
    let value = exp_of_sum(high, low);
    let at_end = if (x == 0.0) == (y < 0.0) { f64::INFINITY } else { 0.0 };
    let value = if (x == 0.0) | (x == f64::INFINITY) { at_end } else { value };
    let value = if (x >= 0.0) & !y.is_nan() { value } else { f64::NAN };
    if (x == 1.0) | (y == 0.0) { 1.0 } else { value }
}
