//! The exponential, and its reduced core for the functions built on it.

use super::{nearest_integer, scale};

const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// The first 42 bits of ln 2: times an integer of 11 bits it is exact.
pub(super) const LN_2_HIGH: f64 = 0.6931471805598903;
/// ln 2 − [`LN_2_HIGH`].
pub(super) const LN_2_LOW: f64 = 5.497923018708371e-14;
/// Above it `exp` overflows, whatever rounding does.
pub(super) const OVERFLOW: f64 = 710.0;
/// Below it `exp` underflows to zero, whatever rounding does.
pub(super) const UNDERFLOW: f64 = -746.0;

/// `exp(r) − 1 − r` for |r| ≤ ln 2 / 2: degree 12, error below 2⁻⁵⁹ of `exp(r)`.
#[inline(always)]
fn exp_beyond_linear(r: f64) -> f64 {
    let r2 = r * r;
    let r4 = r2 * r2;
    let low = (0.16666666666666669 + r * 0.041666666666666664) + r2 * (0.008333333333330062 + r * 0.0013888888888886552);
    let middle =
        (0.00019841269863053618 + r * 2.4801587317144498e-05) + r2 * (2.7557268459997064e-06 + r * 2.755728296954995e-07);
    let high = 2.510038549551032e-08 + r * 2.0911236630261545e-09;
    let cubic = low + r4 * (middle + r4 * high);
    r2 * (0.5 + r * cubic)
}

/// `(n, p)` with `exp(x) = 2ⁿ (1 + p)`, |p| ≤ 0.42, `p` accurate near zero. `x` within ±1,500 or NaN.
#[inline(always)]
pub(super) fn reduced_exp_minus_one(x: f64) -> (f64, f64) {
    let n = nearest_integer(x * LOG2_E);
    let high = x - n * LN_2_HIGH;
    let low = n * LN_2_LOW;
    let r = high - low;
    let remainder = (high - r) - low;
    (n, r + (exp_beyond_linear(r) + remainder))
}

/// `exp(high + low)`, |low| far below |high|, `high` in [[`UNDERFLOW`], [`OVERFLOW`]] or NaN and of at most 52 bits.
#[inline(always)]
pub(super) fn exp_of_sum(high: f64, low: f64) -> f64 {
    let n = nearest_integer(high * LOG2_E);
    let a = high - n * LN_2_HIGH;
    let b = low - n * LN_2_LOW;
    let r = a + b;
    let remainder = (a - r) + b;
    scale(1.0 + (r + (exp_beyond_linear(r) + (remainder + remainder * r))), n)
}

/// Natural exponential.
///
/// Error: at most 0.86 ulp (measured). `exp(-inf) = 0`, `exp(inf) = inf`, `exp(±0) = 1`, NaN stays NaN; subnormal results are
/// rounded twice.
#[inline(always)]
#[must_use]
pub fn exp(x: f64) -> f64 {
    let x = if x > OVERFLOW { OVERFLOW } else { x };
    let x = if x < UNDERFLOW { UNDERFLOW } else { x };
    let (n, p) = reduced_exp_minus_one(x);
    scale(1.0 + p, n)
}
