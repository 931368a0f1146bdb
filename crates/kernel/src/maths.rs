//! Portable elementary functions: the same bits on every machine, and fast in lanes.
//!
//! Every function is branch-free (compare and select), uses only operations that IEEE 754 rounds correctly, never `a * b + c`
//! in one rounding, and converts between integers and floats by their bits. So a loop `Lanes::from_fn(|l| exp(x[l]))`
//! vectorises, and gives the same bits for every instruction set. The payload and sign of a NaN are not part of that promise.
//!
//! Reduction and polynomial of [`ln`] are FDLIBM's (Sun Microsystems 1993); the double-double logarithm inside [`powf`] follows
//! FDLIBM's `e_pow.c`; exact products come from operands cut to 26 bits (Dekker 1971, Numer. Math. 18: 224). Other
//! polynomials interpolate at Chebyshev nodes, computed with 300 bits (`fixtures/fit_coefficients.py`).

mod exp;
mod ln;
mod logistic;
mod normal;
mod powf;
mod tanh;

pub use exp::exp;
pub use ln::ln;
pub use logistic::logistic;
pub use normal::{normal_quantile, normal_quantiles};
pub use powf::powf;
pub use tanh::tanh;

/// Adding it, 1.5 · 2⁵², leaves the nearest integer in the low bits of a float below 2⁵¹ in size.
const SHIFTER: f64 = 6_755_399_441_055_744.0;

/// The nearest integer, ties to even, of a number below 2⁵¹ in size.
#[inline(always)]
fn nearest_integer(x: f64) -> f64 {
    (x + SHIFTER) - SHIFTER
}

/// 2ⁿ for an integer `n` in [-1022, 1023].
#[inline(always)]
fn power_of_two(n: f64) -> f64 {
    f64::from_bits((n + (SHIFTER + 1023.0)).to_bits() << 52)
}

/// `x · 2ⁿ` for an integer `n` in [-2044, 2046]: overflows to infinity and underflows through the subnormal numbers.
#[inline(always)]
fn scale(x: f64, n: f64) -> f64 {
    let half = nearest_integer(0.5 * n);
    x * power_of_two(half) * power_of_two(n - half)
}

/// `x` with its significand cut to 26 bits: the product of two such numbers is exact.
#[inline(always)]
fn high_part(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & 0xFFFF_FFFF_F800_0000)
}
