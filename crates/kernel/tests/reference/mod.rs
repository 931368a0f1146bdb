//! Elementary functions in double-double arithmetic (about 2⁻⁹⁵), to measure errors in fractions of a unit in the last place.
//! They are themselves held to the 40-digit values of `fixtures/reference.txt`.

/// An unevaluated sum `high + low` with |low| at most half a unit in the last place of `high`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Double {
    pub(crate) high: f64,
    pub(crate) low: f64,
}

pub(crate) const LN_2: Double = Double { high: std::f64::consts::LN_2, low: 2.3190468138462996e-17 };
const SQRT_TWO_PI: Double = Double { high: 2.5066282746310007, low: -1.8328579980459167e-16 };

impl Double {
    pub(crate) const fn new(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
    pub(crate) fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let part = high - a;
        Self { high, low: (a - (high - part)) + (b - part) }
    }
    pub(crate) fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        Self { high, low: a.mul_add(b, -high) }
    }
    pub(crate) fn plus(self, other: Self) -> Self {
        let s = Self::sum(self.high, other.high);
        let t = Self::sum(self.low, other.low);
        let u = Self::sum(s.high, s.low + t.high);
        Self::sum(u.high, u.low + t.low)
    }
    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(other.negative())
    }
    pub(crate) fn negative(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
    pub(crate) fn times(self, other: Self) -> Self {
        let p = Self::product(self.high, other.high);
        Self::sum(p.high, p.low + (self.high * other.low + self.low * other.high))
    }
    pub(crate) fn over(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self.minus(other.times(Self::new(first)));
        let second = rest.high / other.high;
        let rest = rest.minus(other.times(Self::new(second)));
        Self::sum(first, second).plus(Self::new(rest.high / other.high))
    }
    pub(crate) fn over_float(self, divisor: f64) -> Self {
        let first = self.high / divisor;
        let rest = first.mul_add(-divisor, self.high) + self.low;
        Self::sum(first, rest / divisor)
    }
    /// Exact for a power of two.
    pub(crate) fn scaled(self, factor: f64) -> Self {
        Self { high: self.high * factor, low: self.low * factor }
    }
}

/// `(n, p)` with `exp(x) = 2ⁿ (1 + p)`, relative accuracy in `p`.
fn exp_minus_one(x: Double) -> (i32, Double) {
    let n = (x.high / LN_2.high).round();
    // n ln 2 to 2⁻¹⁵⁰: ln 2 in three parts of which the first two times n are exact
    let r = x
        .minus(Double::product(n, 0.6931471805598903))
        .minus(Double::product(n, 5.497923018708371e-14))
        .minus(Double::new(n * LN_2_THIRD));
    let small = r.scaled(1.0 / 256.0);
    // Taylor series by Horner's rule
    let mut series = Double::new(1.0);
    for j in (2..=11).rev() {
        series = Double::new(1.0).plus(small.times(series).over_float(f64::from(j)));
    }
    let mut p = small.times(series);
    for _ in 0..8 {
        p = p.scaled(2.0).plus(p.times(p));
    }
    (n as i32, p)
}

/// ln 2 less its first 95 bits, as cut in [`exp_minus_one`].
const LN_2_THIRD: f64 = 1.94704509238075e-31;

/// `2ⁿ` as a product of two factors, so that results may overflow and underflow once.
fn two_to_the(n: i32) -> (f64, f64) {
    let half = n / 2;
    (2f64.powi(half), 2f64.powi(n - half))
}

/// A value that may lie outside the range of floats: `mantissa · 2^exponent`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scaled {
    pub(crate) mantissa: Double,
    pub(crate) exponent: i32,
}

impl Scaled {
    /// The nearest float, rounded once or, among subnormals, twice.
    pub(crate) fn nearest(self) -> f64 {
        let (a, b) = two_to_the(self.exponent);
        self.mantissa.high * a * b
    }
    /// `|value − self|` in units of the last place of the nearest float to `self`.
    pub(crate) fn ulps_from(self, value: f64) -> f64 {
        let nearest = self.nearest();
        if nearest == value && (nearest == 0.0 || nearest.is_infinite()) {
            return 0.0;
        }
        if value.is_infinite() || nearest.is_infinite() {
            // one step beyond the largest float counts as 2^1024
            let largest_unit = 2f64.powi(970);
            let size = |x: f64| if x.is_infinite() { 2f64.powi(54) } else { x.abs() / largest_unit };
            return (size(value) - size(nearest)).abs();
        }
        // bring both to the scale of the mantissa
        let (a, b) = two_to_the(-self.exponent);
        let difference = self.mantissa.minus(Double::new(value * a * b));
        let unit = unit_in_last_place(nearest) * a * b;
        ((difference.high + difference.low) / unit).abs()
    }
}

/// The distance from |x| to the next larger float, for finite `x`.
pub(crate) fn unit_in_last_place(x: f64) -> f64 {
    f64::from_bits(x.abs().to_bits() + 1) - x.abs()
}

pub(crate) fn exp(x: Double) -> Scaled {
    let (exponent, p) = exp_minus_one(x);
    Scaled { mantissa: Double::new(1.0).plus(p), exponent }
}

/// `ln(x)` for finite `x > 0`: one step of Halley's method on `expm1` after a first guess.
pub(crate) fn ln(x: f64) -> Double {
    let (x, shift) = if x < f64::MIN_POSITIVE { (x * 2f64.powi(54), -54) } else { (x, 0) };
    let mut exponent = ((x.to_bits() >> 52) as i32) - 1023;
    let mut m = f64::from_bits((x.to_bits() & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
    if m > std::f64::consts::SQRT_2 {
        m *= 0.5;
        exponent += 1;
    }
    let f = m - 1.0;
    let guess = libm::log1p(f);
    let (n, e) = exp_minus_one(Double::new(guess));
    assert!(n.abs() <= 1, "ln {m}");
    let e = if n == 0 {
        e
    } else {
        let two = 2f64.powi(n);
        e.scaled(two).plus(Double::new(two - 1.0))
    };
    let gap = Double::new(f).minus(e);
    let mean = Double::new(2.0).plus(Double::new(f)).plus(e);
    let ln_m = Double::new(guess).plus(gap.scaled(2.0).over(mean));
    LN_2.times(Double::new(f64::from(exponent + shift))).plus(ln_m)
}

pub(crate) fn powf(x: f64, y: f64) -> Scaled {
    exp(ln(x).times(Double::new(y)))
}

pub(crate) fn tanh(x: f64) -> Double {
    let size = x.abs().min(60.0);
    let (n, p) = exp_minus_one(Double::new(2.0 * size));
    let power = 2f64.powi(n);
    let t = p.scaled(power).plus(Double::new(power - 1.0));
    let ratio = t.over(t.plus(Double::new(2.0)));
    if x < 0.0 { ratio.negative() } else { ratio }
}

pub(crate) fn logistic(x: f64) -> Scaled {
    let e = exp(Double::new(-x.abs()));
    let (a, b) = two_to_the(e.exponent);
    let denominator = Double::new(1.0).plus(e.mantissa.scaled(a).scaled(b));
    if x < 0.0 {
        Scaled { mantissa: e.mantissa.over(denominator), exponent: e.exponent }
    } else {
        Scaled { mantissa: Double::new(1.0).over(denominator), exponent: 0 }
    }
}

/// The exact quantile less `guess`, for a guess within 10⁻¹² of it: one Newton step on the tail probability.
pub(crate) fn quantile_correction(p: f64, guess: f64) -> f64 {
    // the lower tail at -size; 1 - p is exact for p above one half
    let (tail, size) = if p > 0.5 { (1.0 - p, guess) } else { (p, -guess) };
    let x = Double::new(size);
    let square = x.times(x);
    let density = exp(square.scaled(-0.5));
    let (a, b) = two_to_the(density.exponent);
    // upper tail probability over the density, Mills' ratio times √(2π)
    let gap_over_density = if size < 5.5 {
        // tail = ½ − φ(x) Σ x^(2k+1)/(2k+1)!!
        let mut term = x;
        let mut sum = x;
        let mut k = 1.0;
        while term.high.abs() > 1e-34 * sum.high.abs() {
            k += 2.0;
            term = term.times(square).over_float(k);
            sum = sum.plus(term);
        }
        let phi = density.mantissa.over(SQRT_TWO_PI).scaled(a).scaled(b);
        let upper = Double::new(0.5).minus(phi.times(sum));
        let gap = upper.minus(Double::new(tail));
        gap.over(phi)
    } else {
        // Mills' ratio 1/(x + 1/(x + 2/(x + …)))
        let mut fraction = x;
        for j in (1..=40).rev() {
            fraction = x.plus(Double::new(f64::from(j)).over(fraction));
        }
        let mills = Double::new(1.0).over(fraction);
        let scaled_tail = Double::new(tail).scaled(1.0 / a).scaled(1.0 / b);
        mills.minus(scaled_tail.times(SQRT_TWO_PI).over(density.mantissa))
    };
    // the size should grow by (upper tail at size − tail) / density
    let correction = gap_over_density.high;
    if p > 0.5 { correction } else { -correction }
}
