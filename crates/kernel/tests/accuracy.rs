//! Largest errors of the portable functions, in units in the last place, over a million inputs each.

use spiral_kernel::maths;

use super::reference::{self, Double, Scaled, unit_in_last_place};

/// A splitmix64 stream: inputs only, never results.
struct Inputs(u64);

impl Inputs {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.bits() >> 11) as f64 / 9007199254740992.0)
    }
    /// Random sign and significand, binary exponent uniform in the range.
    fn spread(&mut self, lowest: i32, highest: i32) -> f64 {
        let exponent = lowest + (self.bits() % (highest - lowest + 1) as u64) as i32;
        let half = exponent / 2;
        self.uniform(1.0, 2.0)
            * 2f64.powi(half)
            * 2f64.powi(exponent - half)
            * if self.bits().is_multiple_of(2) { 1.0 } else { -1.0 }
    }
}

/// The largest error and where it is.
#[derive(Debug, Default)]
struct Worst {
    ulps: f64,
    at: [f64; 2],
    inputs: usize,
}

impl Worst {
    fn take(&mut self, ulps: f64, at: [f64; 2]) {
        assert!(!ulps.is_nan(), "no error at {at:?}");
        self.inputs += 1;
        if ulps > self.ulps {
            self.ulps = ulps;
            self.at = at;
        }
    }
    /// Holds the measured error to what the function's documentation and the table of the crate state.
    fn hold(&self, name: &str, source: &str) {
        let lines: Vec<&str> = source.lines().filter(|line| line.starts_with("/// Error: at most ")).collect();
        assert_eq!(lines.len(), 1, "{name}: one line of documentation states the error");
        let number = lines[0]["/// Error: at most ".len()..].split(' ').next().unwrap_or_default();
        let stated: f64 = number.parse().unwrap_or_else(|_| panic!("{name}: `{number}` is no number"));
        let row = format!("| [`{name}`](maths::{name}) | {number} |");
        assert!(include_str!("../src/lib.rs").contains(&row), "the documentation of the crate lacks {row}");
        assert!(self.inputs >= 1_000_000, "{name}: only {} inputs", self.inputs);
        assert!(
            self.ulps <= stated,
            "{name}: {:.4} ulp at {:?} (bits {:x?}), documented {stated}, {} inputs",
            self.ulps,
            self.at,
            self.at.map(f64::to_bits),
            self.inputs
        );
        assert!(self.ulps > stated - 0.02, "{name}: {:.4} ulp measured, documented {stated}: state the smaller", self.ulps);
    }
}

fn against(value: f64, exact: Double) -> f64 {
    Scaled { mantissa: exact, exponent: 0 }.ulps_from(value)
}

#[test]
fn exp_error() {
    let mut inputs = Inputs(1);
    let mut worst = Worst::default();
    let mut take = |x: f64| worst.take(reference::exp(Double::new(x)).ulps_from(maths::exp(x)), [x, 0.0]);
    for _ in 0..400_000 {
        take(inputs.uniform(-745.2, 709.8));
        take(inputs.uniform(-3.0, 3.0));
    }
    for k in -1074..1024 {
        // on both sides of every multiple and half multiple of ln 2
        for _ in 0..50 {
            let near = (f64::from(k) + inputs.uniform(-1e-9, 1e-9)) * std::f64::consts::LN_2;
            take(near);
            take(near + 0.5 * std::f64::consts::LN_2);
        }
    }
    for _ in 0..50_000 {
        take(inputs.spread(-1074, 8).clamp(-745.2, 709.8));
    }
    worst.hold("exp", include_str!("../src/maths/exp.rs"));
}

#[test]
fn ln_error() {
    let mut inputs = Inputs(2);
    let mut worst = Worst::default();
    let mut take = |x: f64| worst.take(against(maths::ln(x), reference::ln(x)), [x, 0.0]);
    for _ in 0..300_000 {
        take(inputs.spread(-1074, 1023).abs());
        take(inputs.uniform(0.5, 2.0));
        take(1.0 + inputs.spread(-52, -2));
    }
    for _ in 0..100_000 {
        // around the cut at √½ and √2, and the ends
        take(std::f64::consts::FRAC_1_SQRT_2 * (1.0 + inputs.spread(-50, -10)));
        take(f64::from_bits(1 + inputs.bits() % 100_000));
        take(f64::from_bits(f64::MAX.to_bits() - inputs.bits() % 100_000));
    }
    worst.hold("ln", include_str!("../src/maths/ln.rs"));
}

#[test]
fn tanh_error() {
    let mut inputs = Inputs(3);
    let mut worst = Worst::default();
    let mut take = |x: f64| worst.take(against(maths::tanh(x), reference::tanh(x)), [x, 0.0]);
    for _ in 0..300_000 {
        take(inputs.uniform(-1.0, 1.0));
        take(inputs.uniform(-20.5, 20.5));
        take(inputs.spread(-60, 3));
    }
    for _ in 0..100_000 {
        // where the reduction of 2x takes its first step
        take(0.173_286_795_139_986_35 + inputs.uniform(-1e-4, 1e-4));
        take(inputs.spread(-1000, -60));
    }
    worst.hold("tanh", include_str!("../src/maths/tanh.rs"));
}

#[test]
fn logistic_error() {
    let mut inputs = Inputs(4);
    let mut worst = Worst::default();
    let mut take = |x: f64| worst.take(reference::logistic(x).ulps_from(maths::logistic(x)), [x, 0.0]);
    for _ in 0..300_000 {
        take(inputs.uniform(-5.0, 5.0));
        take(inputs.uniform(-745.0, 40.0));
        take(inputs.uniform(-40.0, 40.0));
        take(inputs.spread(-80, 8).max(-745.0));
    }
    worst.hold("logistic", include_str!("../src/maths/logistic.rs"));
}

#[test]
fn powf_error() {
    let mut inputs = Inputs(5);
    let mut worst = Worst::default();
    let mut take = |x: f64, y: f64| worst.take(reference::powf(x, y).ulps_from(maths::powf(x, y)), [x, y]);
    for _ in 0..200_000 {
        take(inputs.uniform(0.0, 4.0), inputs.uniform(-8.0, 8.0));
        take(inputs.spread(-200, 200).abs(), inputs.uniform(-3.0, 3.0));
        // large logarithms, and large powers of numbers near 1
        let x = inputs.spread(-1074, 1023).abs();
        take(x, inputs.uniform(-744.0, 709.0) / libm::log(x));
        let x = 1.0 + inputs.spread(-45, -3);
        take(x, inputs.uniform(-744.0, 709.0) / libm::log(x));
        let x = std::f64::consts::FRAC_1_SQRT_2 * (1.0 + inputs.spread(-50, -6));
        take(x, inputs.uniform(-2000.0, 2000.0));
    }
    worst.hold("powf", include_str!("../src/maths/powf.rs"));
}

#[test]
fn normal_quantile_error() {
    let mut inputs = Inputs(6);
    let mut worst = Worst::default();
    let mut take = |p: f64| {
        let guess = maths::normal_quantile(p);
        let ulps =
            if p == 0.5 { guess.abs() } else { (reference::quantile_correction(p, guess) / unit_in_last_place(guess)).abs() };
        worst.take(ulps, [p, guess]);
    };
    for _ in 0..200_000 {
        take(inputs.uniform(1e-300, 1.0));
        take(inputs.spread(-1074, -2).abs());
        take(inputs.spread(-54, -2).abs());
        take(1.0 - inputs.spread(-53, -2).abs());
        take(0.5 + inputs.spread(-53, -3));
    }
    for _ in 0..20_000 {
        // where the approximations meet
        take(0.125 * (1.0 + inputs.spread(-50, -8)));
        take(1.3887943864964021e-11 * (1.0 + inputs.spread(-50, -8)));
    }
    worst.hold("normal_quantile", include_str!("../src/maths/normal.rs"));
}

/// The double-double reference itself, against values with 320 bits.
#[test]
fn reference_agrees_with_the_fixture() {
    let text = include_str!("../fixtures/reference.txt");
    let mut worst = 0.0f64;
    let mut lines = 0;
    for line in text.lines() {
        let mut words = line.split(' ');
        let name = words.next().expect("a name opens every line");
        let rest: Vec<&str> = words.collect();
        let argument = |i: usize| f64::from_bits(u64::from_str_radix(rest[i], 16).expect("bits"));
        let [mantissa, low, exponent] = rest[rest.len() - 3..] else { unreachable!("three words close every line") };
        let exact = Double { high: mantissa.parse().expect("number"), low: low.parse().expect("number") };
        let exponent: i32 = exponent.parse().expect("integer");
        let scaled = match name {
            "exp" => reference::exp(Double::new(argument(0))),
            "ln" => Scaled { mantissa: reference::ln(argument(0)), exponent: 0 },
            "tanh" => Scaled { mantissa: reference::tanh(argument(0)), exponent: 0 },
            "logistic" => reference::logistic(argument(0)),
            "powf" => reference::powf(argument(0), argument(1)),
            "normal_quantile" => {
                // the quantile less the float next to it, which the Newton step must find
                let guess = exact.high * 2f64.powi(exponent);
                let step = reference::quantile_correction(argument(0), guess);
                let expected = exact.low * 2f64.powi(exponent);
                let error = ((step - expected) / unit_in_last_place(guess)).abs();
                assert!(error < 1e-6, "{line}: off by {error:e} ulp");
                lines += 1;
                continue;
            }
            other => unreachable!("{other}"),
        };
        let shift = scaled.exponent - exponent;
        let half = shift / 2;
        let found = scaled.mantissa.scaled(2f64.powi(half)).scaled(2f64.powi(shift - half));
        let gap = found.minus(exact);
        let error = ((gap.high + gap.low) / exact.high).abs();
        assert!(error < 2f64.powi(-85), "{line}: relative error {error:e}");
        worst = worst.max(error);
        lines += 1;
    }
    assert!(lines > 700 && worst > 0.0, "{lines} lines, largest relative error {worst:e}");
}
