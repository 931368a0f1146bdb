//! Portable elementary functions.

/// Natural exponential.
#[inline(always)]
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}
/// Natural logarithm.
#[inline(always)]
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}
/// Hyperbolic tangent.
#[inline(always)]
#[must_use]
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}
/// `1 / (1 + exp(-x))`.
#[inline(always)]
#[must_use]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}
/// `x` to the power `y`, for `x ≥ 0`.
#[inline(always)]
#[must_use]
pub fn powf(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}
/// The standard normal quantile of `p` in (0, 1).
#[inline(always)]
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    // replaced by the branch-free version
    let t = libm::sqrt(-2.0 * libm::log(if p < 0.5 { p } else { 1.0 - p }));
    let z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1.0 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
    if p < 0.5 { -z } else { z }
}
