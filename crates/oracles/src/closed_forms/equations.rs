//! The pure equations of the mechanisms against closed forms of the literature.

use spiral_kernel::maths::{exp, ln, logistic, powf};
use spiral_model::mechanisms::beliefs::log_odds;
use spiral_model::mechanisms::contest::chance_of_winning;
use spiral_model::mechanisms::geography::{Geography, reach};
use spiral_model::mechanisms::prevention::closing_window;
use spiral_model::mechanisms::reciprocal_fear::{Side, Spreads, fears};
use spiral_model::mechanisms::strike::{bargaining_range, chance_of_choosing, fear_threshold, strike_advantage, trust_threshold};

use super::Check;

/// Closed forms without any simulation are exact but for rounding.
const EXACT: f64 = 1e-12;

fn check(oracle: &'static str, what: String, expected: f64, found: f64) -> Check {
    Check { oracle, what, expected, found, tolerance: EXACT }
}

pub(crate) fn checks() -> Vec<Check> {
    [trust(), bayes(), preemption(), bargaining(), mutual_fears(), strength(), contest(), first_strike()].concat()
}

/// O4: the trust that a stag hunt needs, `m = (P − S) / [(P − S) + (R − T)]`.
fn trust() -> Vec<Check> {
    let cases = [((4.0, 3.0, 2.0, 1.0), 0.5), ((10.0, 8.0, 4.0, 0.0), 2.0 / 3.0)];
    let of = |((r, t, p, s), expected): ((f64, f64, f64, f64), f64)| {
        let found = trust_threshold(r, t, p, s).unwrap_or(f64::NAN);
        check("O4", format!("trust that cooperation needs at R, T, P, S = {r}, {t}, {p}, {s}"), expected, found)
    };
    cases.into_iter().map(of).collect()
}

/// O5: Bayes' rule, prior ½, a greedy state builds with .9 and a seeker with .3.
fn bayes() -> Vec<Check> {
    let (build, refrain) = (ln(0.9 / 0.3), ln((1.0 - 0.9) / (1.0 - 0.3)));
    let mut checks: Vec<Check> = (1..=5)
        .map(|builds| {
            // Odds of 3 to 1 a build: 3ⁿ / (3ⁿ + 1).
            let odds = [1.0, 3.0, 9.0, 27.0, 81.0, 243.0][builds];
            let found = logistic(log_odds(0.5) + builds as f64 * build);
            check("O5", format!("belief that the other is greedy; times that it built: {builds}"), odds / (odds + 1.0), found)
        })
        .collect();
    checks.push(check(
        "O5",
        "belief that the other is a security seeker after it once did not build".into(),
        0.875,
        1.0 - logistic(log_odds(0.5) + refrain),
    ));
    checks
}

/// O7: the fear from which striking is better, `V = .5, W = 1, c = .3`.
fn preemption() -> Vec<Check> {
    let (peace, cost) = (0.5, 0.3);
    let mut checks: Vec<Check> = [((0.7, 0.3), 0.2), ((0.6, 0.4), 0.5), ((0.8, 0.2), 0.0), ((0.55, 0.45), 5.0 / 7.0)]
        .into_iter()
        .map(|((first, struck), expected)| {
            let found = fear_threshold(peace, first - cost, struck - cost);
            check("O7", format!("fear above which striking is better, pF {first}, pS {struck}"), expected, found)
        })
        .collect();
    let at_threshold = strike_advantage(peace, 0.6 - cost, 0.4 - cost, 0.5);
    checks.push(check(
        "O7",
        "chance to strike at the fear for pF 0.6, pS 0.4, τ 0.05".into(),
        0.5,
        chance_of_choosing(at_threshold, 0.05),
    ));
    checks
}

/// O8: Fearon's (1995) bargaining range with a first-strike advantage, and his preventive war.
fn bargaining() -> Vec<Check> {
    let (low, high) = bargaining_range(0.7, 0.5, 0.12, 0.12).unwrap_or((f64::NAN, f64::NAN));
    let none = bargaining_range(0.7, 0.5, 0.08, 0.08).is_none();
    vec![
        check("O8", "lower end of the bargaining range, c 0.12".into(), 0.58, low),
        check("O8", "upper end of the bargaining range, c 0.12".into(), 0.62, high),
        check("O8", "no bargain at c 0.08 (1: none)".into(), 1.0, f64::from(u8::from(none))),
        check("O8", "closing window, p2 0.6: war is better".into(), 0.13, closing_window(0.9, 0.4, 0.6, 1.0)),
        check("O8", "closing window, p2 0.45: peace is better".into(), -0.005, closing_window(0.9, 0.4, 0.45, 1.0)),
    ]
}

/// O9: the fixed point of reciprocal fear. Between two equals `π = F(θ(π))`; so of every fear the cost of war is known at which it is
/// mutual, `c̄ = θ(π) − s ln[π / (1 − π)]` with `s = σ_c √3 / π`, and steps of reasoning from no fear lead to it.
fn mutual_fears() -> Vec<Check> {
    const COST_SPREAD: f64 = 0.3;
    let spreads = Spreads { cost: COST_SPREAD, balance: 0.0 };
    let (first, struck, prize, peace) = (0.55, 0.45, 1.2, 1.0);
    let scale = COST_SPREAD * 3.0_f64.sqrt() / std::f64::consts::PI;
    let equals = |cost: f64| {
        let side = Side { first, struck, prize, prize_if_greedy: prize, peace, cost, ..Side::default() };
        fears(&side, &side, 0.3, 1000.0, &spreads).other_strikes
    };
    let mut checks: Vec<Check> = [0.05, 0.1, 0.25, 0.5]
        .into_iter()
        .map(|fear| {
            let threshold = (first - fear * struck) * prize / (1.0 - fear) - peace;
            let cost = threshold - scale * ln(fear / (1.0 - fear));
            check("O9", format!("mutual fear of two equals at a mean cost of war of {cost:.4}"), fear, equals(cost))
        })
        .collect();
    // Where a first strike brings nothing, `p^F = p^S`, the fear of the other adds nothing: θ = p W − R whatever is feared.
    let level = Side { first: 0.5, struck: 0.5, prize: 1.2, prize_if_greedy: 1.9, peace, cost: 0.1, ..Side::default() };
    let [seeker, greedy] = [1.2, 1.9].map(|prize| 1.0 / (1.0 + exp((0.1 - (0.5 * prize - peace)) / scale)));
    checks.push(check(
        "O9",
        "fear without an advantage of the first strike, where 0.3 are greedy".into(),
        0.3 * greedy + 0.7 * seeker,
        fears(&level, &level, 0.3, 1000.0, &spreads).other_strikes,
    ));
    checks
}

/// O12: loss of strength with distance, `.1 + .9 / (1 + x³)`.
fn strength() -> Vec<Check> {
    let geography = Geography { floor: 0.1, half_distance: 1.0, steepness: 3.0, negligible: 0.0 };
    [(0.0, 1.0), (0.5, 0.9), (1.0, 0.55), (2.0, 0.2), (5.0, 0.1 + 0.9 / 126.0)]
        .into_iter()
        .map(|(distance, expected)| {
            check("O12", format!("strength that remains at distance {distance}"), expected, reach(1.0, distance, &geography))
        })
        .collect()
}

/// O11, O13: contest functions.
fn contest() -> Vec<Check> {
    let mut checks: Vec<Check> = [(2.0, 32.0 / 275.0), (3.0, 0.5), (4.0, 1024.0 / 1267.0)]
        .into_iter()
        .map(|(ratio, expected)| {
            check("O11", format!("chance of attack at force ratio {ratio}"), expected, chance_of_winning(ratio, 3.0, 5.0))
        })
        .collect();
    let root = 1.732_050_807_568_877_2;
    checks.extend([(0.5, root / (1.0 + root)), (1.0, 0.75), (2.0, 0.9)].into_iter().map(|(r, expected)| {
        check("O13", format!("chance of 3 against 1, decisiveness {r}"), expected, chance_of_winning(3.0, 1.0, r))
    }));
    checks.push(check("O13", "chance at a difference of 1, logistic".into(), 0.731_058_578_630_004_9, logistic(1.0)));
    checks
}

/// O17: first-strike advantage of equal arms, `(X − 1) / (X + 1)` with `X = φ m G`, and where no peaceful division is left.
fn first_strike() -> Vec<Check> {
    let edge = |x: f64, r: f64| {
        let first = chance_of_winning(x, 1.0, r);
        first - (1.0 - first)
    };
    let mut checks: Vec<Check> = [0.33, 1.0, 1.6]
        .into_iter()
        .map(|x| check("O17", format!("advantage of the first strike at φmG {x}"), (x - 1.0) / (x + 1.0), edge(x, 1.0)))
        .collect();
    let power = powf(1.6, 1.5);
    checks.push(check(
        "O17",
        "advantage of the first strike at φmG 1.6, decisiveness 1.5".into(),
        (power - 1.0) / (power + 1.0),
        edge(1.6, 1.5),
    ));
    for cost in [0.16, 0.24] {
        // The advantage above which bargaining_range is empty, by bisection.
        let (mut low, mut high) = (1.0, 4.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            let first = chance_of_winning(middle, 1.0, 1.0);
            let bargain = bargaining_range(first, 1.0 - first, 0.5 * cost, 0.5 * cost);
            (low, high) = if bargain.is_some() { (middle, high) } else { (low, middle) };
        }
        let expected = (1.0 + cost) / (1.0 - cost);
        checks.push(check("O17", format!("φmG above which no bargain exists, costs {cost}"), expected, low));
    }
    checks
}
