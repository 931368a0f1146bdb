//! The quantile of the standard normal distribution.

use super::high_part;
use super::ln::ln_addends;
use crate::Lanes;

/// Where |p − ½| is at most this, the approximation is in (p − ½)², beyond it in √(−ln p).
const CENTRE: f64 = 0.375;
/// The near tail is expanded about this value of √(−ln p), a little below its least, √(ln 8).
const NEAR: f64 = 1.4375;
/// Where √(−ln p) is at least this, the tail is far, and expanded about it.
const FAR: f64 = 5.0;
/// Tails above it are not far: e⁻²⁵ is 1.4 · 10⁻¹¹.
const BEFORE_FAR: f64 = 2e-11;

// Rational functions, lowest coefficient first, fitted to minimise the largest error relative to the quantile (Lawson's
// reweighting of the linearised problem, 400 bits, the quantile by Newton's method on erfc); errors below
// 2⁻⁵⁶. Made by fixtures/fit_coefficients.py.
const CENTRAL_NUMERATOR: [f64; 9] = [
    1.0675983476693551,
    21.966454199011967,
    147.1485111581885,
    285.4668029752811,
    -498.68278294516693,
    -1923.7009814327077,
    -1176.5960585403989,
    -28.350736521656028,
    0.0,
];
const CENTRAL_DENOMINATOR: [f64; 8] = [
    1.0,
    26.537786646064532,
    267.58076353499973,
    1279.4605347084632,
    2949.5514821876595,
    2936.9199513321305,
    896.1101744937267,
    0.0,
];
const NEAR_NUMERATOR: [f64; 9] = [
    -0.01383162110148,
    0.22259196507394083,
    0.3682862652782373,
    0.20603048141012112,
    0.04677743027985435,
    0.0021293448940860205,
    -0.0009506405372231835,
    -0.00014380223879267254,
    -4.638255721907179e-06,
];
const NEAR_DENOMINATOR: [f64; 8] = [
    1.0,
    2.175154418172025,
    1.891731319915692,
    0.8540774281208942,
    0.21762322343360357,
    0.0312229634848841,
    0.0022227858356514093,
    5.4106669579916455e-05,
];
const FAR_NUMERATOR: [f64; 9] = [
    0.15790464350110353,
    0.06704943152519065,
    -0.004123585168748509,
    -0.0056088620680736995,
    -0.0009686784085774995,
    -6.849098703331844e-05,
    -2.127390283208521e-06,
    -2.6098965844207854e-08,
    -8.941940412268235e-11,
];
const FAR_DENOMINATOR: [f64; 8] = [
    1.0,
    0.6135991416259111,
    0.14486648115611614,
    0.016595911472853102,
    0.0009610796808059814,
    2.6802522411763085e-05,
    3.111567260968609e-07,
    1.0423552900327597e-09,
];

/// The standard normal quantile of `p` in (0, 1).
///
/// Error: at most 1.72 ulp (measured). Odd about ½: `normal_quantile(1 - p) = -normal_quantile(p)` to the bit wherever `1 - p` is
/// exact. Infinite at 0 and 1, NaN outside.
#[inline(always)]
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    quantile::<true>(p)
}

/// [`normal_quantile`] of every lane, to the bit. A fifth faster in lanes than lane by lane: the far tail, one number in 10¹⁰, is
/// computed only where a lane is in it.
#[inline(always)]
#[must_use]
pub fn normal_quantiles<const WIDTH: usize>(p: &Lanes<WIDTH>) -> Lanes<WIDTH> {
    let mut least = 0.5;
    for lane in 0..WIDTH {
        let tail = if p[lane] > 0.5 { 1.0 - p[lane] } else { p[lane] };
        least = if tail < least { tail } else { least };
    }
    if least > BEFORE_FAR {
        Lanes::from_fn(
            #[inline(always)]
            |l| quantile::<false>(p[l]),
        )
    } else {
        Lanes::from_fn(
            #[inline(always)]
            |l| quantile::<true>(p[l]),
        )
    }
}

/// The quantile; without `FAR_TOO` only for tails above [`BEFORE_FAR`].
#[inline(always)]
fn quantile<const FAR_TOO: bool>(p: f64) -> f64 {
    let tail = if p > 0.5 { 1.0 - p } else { p };
    let q = 0.5 - tail;
    let q_lost = (0.5 - q) - tail;
    let (a, b) = ln_addends(tail);
    let sum = a + b;
    let square = -sum;
    let r = square.sqrt();
    // what the sum and the root lost: r² + lost = -ln(tail)
    let r_high = high_part(r);
    let lost = ((square - r_high * r_high) - (r - r_high) * (r + r_high)) - ((a - sum) + b);
    let central = q <= CENTRE;
    let far = FAR_TOO && r >= FAR;
    let x = if far { r - FAR } else { r - NEAR };
    let x = if central { CENTRE * CENTRE - q * q } else { x };

    let pick = |centre: f64, near: f64, distant: f64| {
        let outer = if far { distant } else { near };
        if central { centre } else { outer }
    };
    let mut numerator = 0.0;
    let mut i = 9;
    while i > 0 {
        i -= 1;
        numerator = numerator * x + pick(CENTRAL_NUMERATOR[i], NEAR_NUMERATOR[i], FAR_NUMERATOR[i]);
    }
    let mut denominator = 0.0;
    let mut i = 8;
    while i > 0 {
        i -= 1;
        denominator = denominator * x + pick(CENTRAL_DENOMINATOR[i], NEAR_DENOMINATOR[i], FAR_DENOMINATOR[i]);
    }
    // In the tail what was lost joins the ratio, as 1.5 (lost / 2r): the slope of the quantile over r is 1.4 to 1.8.
    let root = if central { 1.0 } else { r };
    let lost = if central { 0.0 } else { 0.75 * lost };
    let ratio = (numerator * root + denominator * lost) / (denominator * root);
    // In the centre it is taken at the slope where q is rounded at all, 3.1 to 4.9.
    let from_centre = 2.0 * q + (q * ratio + 4.0 * q_lost);
    let from_tail = r + ((0.5 * r - 1.0) + ratio);
    let size = if central { from_centre } else { from_tail };
    let size = if tail == 0.0 { f64::INFINITY } else { size };
    let size = if tail >= 0.0 { size } else { f64::NAN };
    size.copysign(p - 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Far tails, both edges of the bound and the centre, alone and beside one another.
    #[test]
    fn lanes_give_the_bits_of_the_scalar() {
        let edge = f64::from_bits(BEFORE_FAR.to_bits() + 1);
        let values =
            [0.5, 0.3, 0.124, 0.125, 1e-3, 1e-9, edge, BEFORE_FAR, 1.4e-11, 1.38e-11, 1e-12, 1e-300, 0.0, 1.0, 1.0 - 1e-12, 0.9];
        for one in values {
            for other in values {
                let found = normal_quantiles(&Lanes::<2>::from_fn(|l| if l == 0 { one } else { other }));
                for (found, p) in [(found[0], one), (found[1], other)] {
                    assert_eq!(found.to_bits(), normal_quantile(p).to_bits(), "at {p} beside {one} and {other}: {found}");
                }
            }
        }
    }
}
