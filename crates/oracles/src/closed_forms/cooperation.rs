//! Closed forms of cooperation and its failure: peaceful arming, vicious circles, inspection, reassurance, the shadow of the future,
//! and Richardson's variants.

use spiral_kernel::maths::{exp, logistic};
use spiral_model::mechanisms::arms_control::{detection, deterring_detection, worth_of_cheating};
use spiral_model::mechanisms::beliefs::log_odds;
use spiral_model::mechanisms::contest::chance_of_winning;
use spiral_model::mechanisms::game;
use spiral_model::mechanisms::reassurance::restraint_evidence;
use spiral_model::mechanisms::restraint::{sustaining_shadow, worth_of_holding};
use spiral_model::setup::{ArmingRule, Horizon, Setup};

use super::Check;
use super::richardson::{Arms, frozen};

const EXACT: f64 = 1e-12;

fn check(oracle: &'static str, what: String, expected: f64, found: f64) -> Check {
    Check { oracle, what, expected, found, tolerance: EXACT }
}

pub(crate) fn checks() -> Vec<Check> {
    [peaceful_arming(), vicious_circles(), inspection(), reassurance(), restraint(), rivalry(), submissiveness()].concat()
}

/// Fearon's (2018) game of two equals: how well attack does (`m`), what the conquest of the other brings beyond its cost
/// (`κ = μ − c`), and what the disputed issues are worth that arms decide in peace and the victor takes in war (`γ`).
#[derive(Clone, Copy)]
struct Anarchy {
    balance: f64,
    prize: f64,
    issues: f64,
}

impl Anarchy {
    /// What an attack with everything is worth beyond peace: the attacker puts its whole output, 1, against arms `a`, and wins
    /// the issues and the other beside its own; in peace each has half of the issues.
    fn worth_of_attack(self, arms: f64) -> f64 {
        let won = chance_of_winning(self.balance, arms, 1.0);
        let prize = game::prize(0.0, 1.0, self.prize + self.issues, 0.0);
        game::war(won, prize, 0.0) - game::peace(arms, 0.5 * self.issues)
    }

    /// The least arms from which nobody attacks, by bisection up to the arms that deter best, `(1 + γ/2 − m) / 2`. NaN where none do.
    fn least_deterring_arms(self) -> f64 {
        let (mut low, mut high) = (0.0, f64::midpoint(1.0 + 0.5 * self.issues, -self.balance));
        if high <= 0.0 || self.worth_of_attack(high) > 0.0 {
            return f64::NAN;
        }
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            (low, high) = if self.worth_of_attack(middle) > 0.0 { (middle, high) } else { (low, middle) };
        }
        high
    }

    /// The same in closed form: the smaller root of `a² − a (1 + γ/2 − m) + m (κ + γ/2) = 0`.
    fn root(self) -> f64 {
        let sum = 1.0 + 0.5 * self.issues - self.balance;
        0.5 * (sum - (sum * sum - 4.0 * self.balance * (self.prize + 0.5 * self.issues)).sqrt())
    }
}

/// Chance that an attack succeeds against the least arms that keep the peace, in Fearon's game without disputed issues.
pub(crate) fn success_against_deterring_arms(balance: f64, prize: f64) -> f64 {
    let arms = Anarchy { balance, prize, issues: 0.0 }.least_deterring_arms();
    chance_of_winning(balance, arms, 1.0)
}

/// O6: Fearon's arms of peace, the chance of an attack that they leave, and the balance beyond which no arms keep the peace.
/// Proposition 4: at given `κ` that chance falls as offence grows stronger.
fn peaceful_arming() -> Vec<Check> {
    let plain = |balance: f64, prize: f64| Anarchy { balance, prize, issues: 0.0 };
    let least_deterring_arms = |m: f64, kappa: f64| plain(m, kappa).least_deterring_arms();
    let mut checks = Vec::new();
    for (m, kappa) in [(0.1, 0.1), (0.1, 0.2), (0.1, 0.4), (0.2, 0.1), (0.2, 0.2), (0.2, 0.4), (0.3, 0.1), (0.3, 0.2), (0.5, 0.1)]
    {
        let (expected, found) = (plain(m, kappa).root(), least_deterring_arms(m, kappa));
        checks.push(check("O6", format!("smallest arms that keep the peace, m {m}, κ {kappa}"), expected, found));
        checks.push(check(
            "O6",
            format!("chance that an attack on these arms succeeds, m {m}, κ {kappa}"),
            m / (m + expected),
            chance_of_winning(m, found, 1.0),
        ));
    }
    // γ .5, μ .6, c .2, m .2; and others against the root.
    let disputed = Anarchy { balance: 0.2, prize: 0.6 - 0.2, issues: 0.5 };
    let least = disputed.least_deterring_arms();
    checks.push(Check {
        tolerance: 1e-9,
        ..check("O6", "smallest arms that keep the peace, m 0.2, κ 0.4, γ 0.5".into(), 0.143_391_561_9, least)
    });
    // What two rent seekers would have: where a little more arms bring as much of the issues as they cost, γ/4.
    let (rent, step) = (0.25 * disputed.issues, 1e-6);
    let share = |arms: f64| disputed.issues * chance_of_winning(arms, rent, 1.0);
    let marginal = (share(rent + step) - share(rent - step)) / (2.0 * step);
    checks.push(Check {
        tolerance: 1e-9,
        ..check("O6", "issues that one more unit of arms wins at arms γ/4, γ 0.5".into(), 1.0, marginal)
    });
    checks.push(check(
        "O6",
        "deterrence needs more arms than rent seeking (1: yes)".into(),
        1.0,
        f64::from(u8::from(least > rent)),
    ));
    for (m, kappa, gamma) in [(0.1, 0.2, 0.25), (0.2, 0.1, 1.0), (0.3, 0.2, 0.5)] {
        let game = Anarchy { balance: m, prize: kappa, issues: gamma };
        let what = format!("smallest arms that keep the peace, m {m}, κ {kappa}, γ {gamma}");
        checks.push(check("O6", what, game.root(), game.least_deterring_arms()));
    }
    for (m, kappa) in [(0.31, 0.4), (0.5, 0.2), (1.0, 0.1)] {
        let none = f64::from(u8::from(least_deterring_arms(m, kappa).is_nan()));
        checks.push(check("O6", format!("no arms keep the peace, m {m}, κ {kappa} (1: none)"), 1.0, none));
    }
    for kappa in [0.1, 0.2, 0.4, 0.8] {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            (low, high) = if least_deterring_arms(middle, kappa).is_nan() { (low, middle) } else { (middle, high) };
        }
        let half: f64 = 1.0 + 2.0 * kappa;
        let expected = half - (half * half - 1.0).sqrt();
        // Two roots meet there, so the sign of the worth is lost in rounding within its square root.
        checks.push(Check {
            tolerance: 1e-7,
            ..check("O6", format!("balance above which no arms keep the peace, κ {kappa}"), expected, low)
        });
    }
    checks
}

/// O10: Acemoglu and Wolitzky's belief that the other group is bad once conflict has lasted `t` rounds, prior .2, misperception .05: a
/// bad signal tells that somebody began, or misread, within `t` rounds.
fn vicious_circles() -> Vec<Check> {
    let (prior, misperception) = (0.2, 0.05);
    let after = |rounds: u32| {
        // A good group looks bad if one of the rounds was misread; a bad one always does.
        let seeker = detection(misperception, f64::from(rounds));
        logistic(log_odds(prior) - spiral_kernel::maths::ln(seeker))
    };
    let mut checks: Vec<Check> = [1, 5, 10, 27, 28]
        .into_iter()
        .map(|rounds| {
            let kept = (0..rounds).fold(1.0, |kept: f64, _| kept * (1.0 - misperception));
            let expected = prior / (prior + (1.0 - prior) * (1.0 - kept));
            check("O10", format!("belief that the other side began; rounds of conflict: {rounds}"), expected, after(rounds))
        })
        .collect();
    let ends = (1..100).find(|&rounds| after(rounds) < 0.25).unwrap_or(0);
    checks.push(check("O10", "round in which the spiral ends, threshold 0.25".into(), 28.0, f64::from(ends)));
    checks
}

/// E17: detection by repeated inspection, and the detection that deters.
fn inspection() -> Vec<Check> {
    let mut checks: Vec<Check> = [(0.2, 4.0, 0.5904), (0.5, 2.0, 0.75), (0.05, 12.0, 0.459_639_912_337_327_4)]
        .into_iter()
        .map(|(strength, inspections, expected)| {
            check(
                "E17",
                format!("chance that {inspections} inspections of strength {strength} find a breach"),
                expected,
                detection(strength, inspections),
            )
        })
        .collect();
    let found = deterring_detection(0.2, 0.3);
    checks.push(check("E17", "chance of detection that deters, temptation 0.2, cost 0.3".into(), 0.4, found));
    let at = logistic(worth_of_cheating(0.2, found, 0.3) / 0.05);
    checks.push(check("E17", "chance to cheat at the chance of detection that deters".into(), 0.5, at));
    checks
}

/// E20: one refrain (O5).
fn reassurance() -> Vec<Check> {
    let after = 1.0 - logistic(log_odds(0.5) + restraint_evidence(0.9, 0.3));
    vec![check("E20", "belief that the other is a security seeker after it once built nothing".into(), 0.875, after)]
}

/// E21: where trust alone, and where the future alone, makes restraint pay.
fn restraint() -> Vec<Check> {
    let mut checks: Vec<Check> = [((4.0, 3.0, 2.0, 1.0), 0.5), ((10.0, 8.0, 4.0, 0.0), 2.0 / 3.0)]
        .into_iter()
        .map(|((r, t, p, s), threshold)| {
            let found = worth_of_holding([r, t, p, s], threshold, 0.0);
            check(
                "E21",
                format!("value of restraint at the trust that a stag hunt needs, R, T, P, S = {r}, {t}, {p}, {s}"),
                0.0,
                found,
            )
        })
        .collect();
    let needed = sustaining_shadow(3.0, 5.0, 1.0);
    checks.push(check("E21", "shadow of the future that a prisoner's dilemma needs, R, T, P = 3, 5, 1".into(), 0.5, needed));
    let at = worth_of_holding([3.0, 5.0, 1.0, 0.0], 1.0, needed);
    checks.push(check("E21", "value of restraint at the shadow of the future that is needed".into(), 0.0, at));
    checks
}

fn pair(rule: ArmingRule, arms: [f64; 2], end: f64) -> Setup {
    let (k, depreciation) = (0.3, 0.5);
    let mut setup = frozen(&["A", "B"], Horizon { start: 0.0, end, ticks_per_year: 4 }, rule, k, depreciation);
    for (state, arms) in setup.states.iter_mut().zip(arms) {
        state.inputs.arms = arms;
        state.inputs.grievance = 1.0;
    }
    setup
}

/// E5, rivalry of two equals, `k = .3, α = .5, g = 1` from (1, 4): the sum goes to `2g / α` as `e^{−αt}`, the difference to 0 as
/// `e^{−(α + 2k) t}`.
fn rivalry() -> Vec<Check> {
    let arms = Arms::of(&pair(ArmingRule::Rivalry, [1.0, 4.0], 5.0));
    let (sum, difference) = (4.0 + (5.0 - 4.0) * exp(-0.5 * 5.0), -3.0 * exp(-1.1 * 5.0));
    [0.5 * (sum + difference), 0.5 * (sum - difference)]
        .into_iter()
        .enumerate()
        .map(|(state, expected)| check("E5", format!("rivalry: arms of state {state} after 5 years"), expected, arms.last(state)))
        .collect()
}

/// E5, submissiveness of two near-equals about their common `g / (α − k)`: the difference grows as `e^{[k (σ − 1) − α] t}`.
fn submissiveness() -> Vec<Check> {
    let (k, depreciation, equal, apart) = (0.3, 0.5, 5.0, 1e-4);
    [0.0, 1.0, 1.0 + depreciation / k, 4.0]
        .into_iter()
        .map(|submissiveness| {
            let mut setup = pair(ArmingRule::Submissive, [equal + 0.5 * apart, equal - 0.5 * apart], 2.0);
            setup.parameters.arming.submissiveness = submissiveness;
            let arms = Arms::of(&setup);
            Check {
                oracle: "E5",
                what: format!("submissiveness: growth of a small difference in 2 years, σ {submissiveness:.3}"),
                expected: exp(2.0 * (k * (submissiveness - 1.0) - depreciation)),
                found: (arms.last(0) - arms.last(1)) / apart,
                // Eight Runge-Kutta steps a quarter; what is beyond linear is of the order of the squared difference.
                tolerance: 1e-8,
            }
        })
        .collect()
}
