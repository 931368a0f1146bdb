//! Laws of the portable functions, on any bits.

use proptest::prelude::*;
use spiral_kernel::maths::{exp, ln, logistic, normal_quantile, powf, tanh};

const INFINITY: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// Any bits at all.
fn any_float() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(f64::from_bits)
}

fn ulps_apart(a: f64, b: f64) -> u64 {
    let ordered = |x: f64| if x.is_sign_negative() { -x.abs().to_bits().cast_signed() } else { x.to_bits().cast_signed() };
    ordered(a).abs_diff(ordered(b))
}

/// Equal values, or two NaNs.
fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

#[test]
fn special_values() {
    let table = [
        ("exp(0)", exp(0.0), 1.0),
        ("exp(-0)", exp(-0.0), 1.0),
        ("exp(inf)", exp(INFINITY), INFINITY),
        ("exp(-inf)", exp(-INFINITY), 0.0),
        ("exp(709.78)", exp(709.78), libm::exp(709.78)),
        ("exp(709.79)", exp(709.79), INFINITY),
        ("exp(-745.13)", exp(-745.13), 5e-324),
        ("exp(-745.14)", exp(-745.14), 0.0),
        ("exp(NaN)", exp(NAN), NAN),
        ("ln(0)", ln(0.0), -INFINITY),
        ("ln(-0)", ln(-0.0), -INFINITY),
        ("ln(1)", ln(1.0), 0.0),
        ("ln(2)", ln(2.0), std::f64::consts::LN_2),
        ("ln(10)", ln(10.0), std::f64::consts::LN_10),
        ("ln(inf)", ln(INFINITY), INFINITY),
        ("ln(-1)", ln(-1.0), NAN),
        ("ln(-inf)", ln(-INFINITY), NAN),
        ("ln(NaN)", ln(NAN), NAN),
        ("tanh(inf)", tanh(INFINITY), 1.0),
        ("tanh(-inf)", tanh(-INFINITY), -1.0),
        ("tanh(5e-324)", tanh(5e-324), 5e-324),
        ("tanh(NaN)", tanh(NAN), NAN),
        ("logistic(0)", logistic(0.0), 0.5),
        ("logistic(inf)", logistic(INFINITY), 1.0),
        ("logistic(-inf)", logistic(-INFINITY), 0.0),
        ("logistic(NaN)", logistic(NAN), NAN),
        ("normal_quantile(0)", normal_quantile(0.0), -INFINITY),
        ("normal_quantile(1/2)", normal_quantile(0.5), 0.0),
        ("normal_quantile(1)", normal_quantile(1.0), INFINITY),
        ("normal_quantile(-0.1)", normal_quantile(-0.1), NAN),
        ("normal_quantile(1.1)", normal_quantile(1.1), NAN),
        ("normal_quantile(inf)", normal_quantile(INFINITY), NAN),
        ("normal_quantile(-inf)", normal_quantile(-INFINITY), NAN),
        ("normal_quantile(NaN)", normal_quantile(NAN), NAN),
    ];
    for (name, found, expected) in table {
        assert!(same(found, expected), "{name} is {found:?}, not {expected:?}");
    }
    assert!(tanh(0.0).is_sign_positive() && tanh(-0.0).is_sign_negative(), "{:?}, {:?}", tanh(0.0), tanh(-0.0));
}

/// Powers of the special numbers are those of C's `pow`, except that −0 counts as +0.
#[test]
fn special_powers() {
    let bases =
        [0.0, 5e-324, f64::MIN_POSITIVE, 0.5, 1.0 - f64::EPSILON, 1.0, 1.0 + f64::EPSILON, 2.0, 1e300, f64::MAX, INFINITY, NAN];
    let powers = [0.0, 5e-324, 0.5, 1.0, 2.0, 3.0, 1e10, 1e18, 1e19, 1e300, f64::MAX, INFINITY];
    for x in bases {
        for y in powers.into_iter().flat_map(|y| [y, -y]).chain([NAN]) {
            let (found, expected) = (powf(x, y), libm::pow(x, y));
            assert!(
                same(found, expected) || ulps_apart(found, expected) <= 1,
                "{x:?} to the power {y:?}: {found:?}, not {expected:?}"
            );
        }
    }
    assert_eq!((powf(-0.0, 3.0), powf(-0.0, -3.0)), (0.0, INFINITY));
    assert!(powf(-2.0, 2.0).is_nan() && powf(-INFINITY, 2.0).is_nan() && powf(-2.0, 0.0) == 1.0);
}

/// Where the power is a float, it is that float.
#[test]
fn exact_powers() {
    for base in 2..=1000u32 {
        let x = f64::from(base);
        assert_eq!(powf(x, 1.0), x);
        assert_eq!(powf(x, 2.0), x * x);
        assert_eq!(powf(x * x, 0.5), x);
        assert_eq!(powf(x, 3.0), x * x * x);
        let sixth = x.powi(6);
        assert!(sixth > 9_007_199_254_740_992.0 || powf(x * x * x, 2.0) == sixth, "{base}");
    }
    for exponent in -1074..1024 {
        let (a, b) = (exponent / 2, exponent - exponent / 2);
        assert_eq!(powf(2.0, f64::from(exponent)), 2f64.powi(a) * 2f64.powi(b), "2^{exponent}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// libm's own errors are below 1 ulp (tanh: 2), so these bounds are ours plus those.
    #[test]
    fn agrees_with_libm(x in any_float(), y in any_float(), small in -50.0..50.0, power in -20.0..20.0) {
        for x in [x, small] {
            for (name, found, expected, ulps) in [
                ("exp", exp(x), libm::exp(x), 2),
                ("ln", ln(x), libm::log(x), 2),
                ("tanh", tanh(x), libm::tanh(x), 4),
                ("powf", powf(x.abs(), y), libm::pow(x.abs(), y), 2),
                ("powf", powf(x.abs(), power), libm::pow(x.abs(), power), 2),
            ] {
                prop_assert!(
                    same(found, expected) || ulps_apart(found, expected) <= ulps,
                    "{} at {:?}, {:?}, {:?}: {:?}, libm {:?}", name, x, y, power, found, expected
                );
            }
        }
    }

    #[test]
    fn results_lie_in_their_ranges(x in any_float(), y in any_float()) {
        if !x.is_nan() {
            prop_assert!(exp(x) >= 0.0);
            prop_assert!(tanh(x).abs() <= 1.0);
            prop_assert!((0.0..=1.0).contains(&logistic(x)));
            prop_assert_eq!(ln(x).is_nan(), x < 0.0);
            prop_assert_eq!(normal_quantile(x).is_nan(), !(0.0..=1.0).contains(&x));
            prop_assert!(y.is_nan() || powf(x.abs(), y) >= 0.0);
        }
    }

    #[test]
    fn the_first_power_is_the_number(x in any_float(), near in 0.0..10.0f64) {
        prop_assert!(same(powf(x.abs(), 1.0), x.abs()) && powf(near, 1.0) == near, "{:?}, {:?}", x, near);
    }

    #[test]
    fn symmetries(x in any_float(), p in 0.5..1.0, moderate in -700.0..700.0) {
        prop_assert!(tanh(-x).to_bits() == (-tanh(x)).to_bits() || x.is_nan());
        prop_assert_eq!(normal_quantile(1.0 - p), -normal_quantile(p));
        // 1 - logistic(x) is rounded, and both sides err by less than 2 ulp
        let sum = logistic(moderate) + logistic(-moderate);
        prop_assert!((sum - 1.0).abs() <= 2.0 * f64::EPSILON, "{} and its mirror image sum to {:?}", moderate, sum);
        prop_assert!((ln(exp(moderate)) - moderate).abs() <= 2.0 * f64::EPSILON * moderate.abs().max(1.0));
    }

    /// Monotone but for rounding: a step up never goes down by more than twice the stated error of the function.
    #[test]
    fn monotone(x in any_float(), moderate in -40.0..40.0f64, share in -17.0..0.0f64, p in 1e-300..1.0f64) {
        let step = libm::exp10(share);
        for x in [x, moderate] {
            let further = x + x.abs() * step;
            if further.is_finite() {
                prop_assert!(falls(exp(x), exp(further)) <= 1, "exp: {:?}, {:?}", x, further);
                prop_assert!(falls(logistic(x), logistic(further)) <= 3, "logistic: {:?}, {:?}", x, further);
                prop_assert!(falls(tanh(x), tanh(further)) <= 4, "tanh: {:?}, {:?}", x, further);
                prop_assert!(x <= 0.0 || falls(ln(x), ln(further)) <= 1, "ln: {:?}, {:?}", x, further);
                prop_assert!(falls(powf(p, further), powf(p, x)) <= 1, "powf: {:?}, {:?}, {:?}", p, x, further);
            }
        }
        let further = p + (p * step).min(1.0 - p);
        prop_assert!(falls(normal_quantile(p), normal_quantile(further)) <= 3, "quantile: {:?}, {:?}", p, further);
    }
}

/// By how many ulp the second value lies below the first, 0 if it does not.
fn falls(first: f64, second: f64) -> u64 {
    if second < first { ulps_apart(first, second) } else { 0 }
}

/// No two neighbours in a dense row, across each seam of the approximations, go down by more than the stated errors allow.
#[test]
fn seams_do_not_step_back() {
    type Function = fn(f64) -> f64;
    let seams: [(&str, Function, f64, u64); 7] = [
        ("exp at ln 2 / 2", exp, 0.5 * std::f64::consts::LN_2, 1),
        ("ln at √½", ln, std::f64::consts::FRAC_1_SQRT_2, 1),
        ("tanh at ln 2 / 4", tanh, 0.25 * std::f64::consts::LN_2, 4),
        ("tanh at 20", tanh, 20.0, 0),
        ("logistic at 1e-9", logistic, 1e-9, 3),
        ("quantile at 1/8", normal_quantile, 0.125, 3),
        ("quantile at exp(-25)", normal_quantile, 1.3887943864964021e-11, 3),
    ];
    for (name, function, seam, ulps) in seams {
        let start = seam.to_bits() - 20_000;
        let value = |bits: u64| function(f64::from_bits(bits));
        let deepest = (start..start + 40_000).map(|bits| falls(value(bits), value(bits + 1))).max();
        assert!(deepest <= Some(ulps), "{name}: goes down by {deepest:?} ulp between neighbours");
    }
}
