//! The logarithm, plain and as an unevaluated sum.

use super::exp::{LN_2_HIGH, LN_2_LOW};
use super::high_part;

/// The bits of a number just below √½, where the binade of the reduced argument is cut.
const CUT: u64 = 0x3FE6_A09E_0000_0000;
const ONE: u64 = 0x3FF0_0000_0000_0000;
const MANTISSA: u64 = 0x000F_FFFF_FFFF_FFFF;
const TWO_POW_52: f64 = 4_503_599_627_370_496.0;
const TWO_POW_54: f64 = 18_014_398_509_481_984.0;

/// `(k, m)` with `x = 2ᵏ m` and `m` in [√½, √2), for finite `x > 0`.
#[inline(always)]
fn exponent_and_mantissa(x: f64) -> (f64, f64) {
    let raised = x * TWO_POW_54;
    let subnormal = x < f64::MIN_POSITIVE;
    let x = if subnormal { raised } else { x };
    let bias = if subnormal { TWO_POW_52 + 1077.0 } else { TWO_POW_52 + 1023.0 };
    let bits = x.to_bits().wrapping_add(ONE - CUT);
    let k = f64::from_bits((bits >> 52) | TWO_POW_52.to_bits()) - bias;
    let m = f64::from_bits((bits & MANTISSA).wrapping_add(CUT));
    (k, m)
}

/// `(high, low)` with `high + low = ln x` to a relative 2⁻⁶³ and |low| ≤ 2⁻²⁴ |high|, for finite `x > 0`; (0, 0) at 1.
#[inline(always)]
pub(super) fn ln_as_sum(x: f64) -> (f64, f64) {
    /// 2/3 in 26 bits and the rest.
    const TWO_THIRDS_HIGH: f64 = 0.6666666567325592;
    const TWO_THIRDS_LOW: f64 = 9.934107462565104e-09;
    let (k, m) = exponent_and_mantissa(x);
    // s = (m - 1) / (m + 1) = s_high + s_low, the first of 26 bits
    let f = m - 1.0;
    let d = m + 1.0;
    let d_error = m - (d - 1.0);
    let reciprocal = 1.0 / d;
    let s = f * reciprocal;
    let s_high = high_part(s);
    let d_high = high_part(d);
    let d_low = (d - d_high) + d_error;
    let s_low = ((f - s_high * d_high) - s_high * d_low) * reciprocal;
    // ln m = s (2 + (2/3) z + z² P(z)), z = s²
    let square = s_high * s_high;
    let z_high = high_part(square);
    let z_low = (square - z_high) + s_low * (s_high + s);
    let exact = z_high + z_low;
    // P varies little: z without the correction of s will do, and is ready sooner
    let z = s * s;
    let z2 = z * z;
    let z4 = z2 * z2;
    let p = ((0.4 + z * 0.28571428571429364) + z2 * (0.22222222221655885 + z * 0.18181818335392802))
        + z4 * ((0.1538459496251843 + z * 0.1333480469384731) + z2 * (0.11706236339491206 + z * 0.11723178623876518));
    let main = TWO_THIRDS_HIGH * z_high;
    let rest = (TWO_THIRDS_LOW * z_high + (2.0 / 3.0) * z_low) + (exact * exact) * p;
    let t_high = high_part(2.0 + (main + rest));
    let t_low = rest - ((t_high - 2.0) - main);
    let u = s_high * t_high;
    let v = s_low * t_high + s * t_low;
    let exponent = k * LN_2_HIGH;
    let high = exponent + u;
    let lost = (exponent - high) + u;
    (high, lost + (v + k * LN_2_LOW))
}

/// `(a, b)` with `a + b = ln x` to 2⁻⁵⁴ of `b`, for finite `x > 0`; |a| ≥ |b| or `a` is 0.
#[inline(always)]
pub(super) fn ln_addends(x: f64) -> (f64, f64) {
    let (k, m) = exponent_and_mantissa(x);
    let f = m - 1.0;
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
    let odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
    let correction = s * (half_square + (even + odd)) + k * LN_2_LOW;
    (k * LN_2_HIGH, (correction - half_square) + f)
}

/// Natural logarithm.
///
/// Error: at most 0.82 ulp (measured). `ln(±0) = -inf`, `ln(inf) = inf`, NaN below zero.
#[inline(always)]
#[must_use]
pub fn ln(x: f64) -> f64 {
    let (a, b) = ln_addends(x);
    let value = if x > 0.0 { a + b } else { f64::NAN };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x == f64::INFINITY { f64::INFINITY } else { value }
}
