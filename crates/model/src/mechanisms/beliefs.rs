#![doc = include_str!("beliefs.md")]

use bevy_ecs::prelude::{Component, IntoScheduleConfigs, Query, Res, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{exp, ln, normal_quantiles};

use super::arms_control::blur;
use super::posture::share_of_pull;
use super::{Concept, Entry, ExplainGroup, Parameters, Switches};
use crate::columns::{columns, sweep};
use crate::components::{
    ArmsGrowth, DyadId, DyadInputsNow, GrowthError, JustifiedGrowth, Mistrust, NewOffence, PerceivedBalance, StateInputsNow,
    Vulnerability,
};
use crate::description::{Described, described};
use crate::draws::{Block, Purpose};
use crate::phases::{Believe, Clock, Large, Phase};

crate::parameters! {
    /// How states learn about one another.
    pub struct Beliefs {
        /// Prior chance that another state is greedy.
        suspicion: "b⁰", "probability", 0.0..=1.0, 0.15, 0.05..=0.4;
        /// Greed that a greedy state is thought to have.
        greedy_type: "μ_G", "0..1", 0.0..=1.0, 0.9, 0.7..=1.0;
        /// How much faster a greedy state's arms grow in a bout of building.
        growth_shift: "δ_g", "1/year", 0.0..=10.0, 0.067, 0.03..=0.1;
        /// Noise in growth.
        growth_noise: "σ_g", "1/year", 0.001..=10.0, 0.115, 0.05..=0.15;
        /// Share of time that a greedy state builds in bouts.
        bout_share: "ρ_b", "0..1", 0.0..=0.99, 0.3, 0.2..=0.5;
        /// Noise in posture.
        posture_noise: "σ_ω", "share", 0.001..=10.0, 0.25, 0.15..=0.6;
        /// Suspicion that vulnerability adds.
        vulnerability: "β_v", "log-odds/year", 0.0..=10.0, 0.02, 0.0..=0.05;
        /// Vulnerability that breeds none.
        vulnerability_neutral: "v0", "probability", 0.0..=2.0, 0.5, 0.4..=0.6;
        /// How fast evidence is forgotten.
        forgetting: "η_L", "1/year", 0.0..=1.0, 0.068, 0.04..=0.12;
        /// awareness
        awareness_discount: "a", "1", 0.0..=1.0, 0.9, 0.5..=1.0;
        /// Log likelihood ratio of starting a war.
        war_evidence: "ℓ_w", "log-odds", 0.0..=20.0, 2.0, 1.0..=3.0;
        /// Log likelihood ratio of standing firm in a crisis.
        firm_evidence: "ℓ_f", "log-odds", 0.0..=20.0, 0.1, 0.0..=0.3;
        /// Log likelihood ratio, for peace, of conceding in a crisis.
        concession_evidence: "ℓ_c", "log-odds", 0.0..=20.0, 0.3, 0.1..=0.6;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "beliefs",
    equation: "E7",
    phase: Phase::Believe,
    explains: ExplainGroup::Beliefs,
    concepts: &[(Concept::Learning, "States learn what the others are, by Bayes' rule, from growth, posture and events (E7).")],
    components: &[ExpectedPosture::<1>::DESCRIPTION],
    text: include_str!("beliefs.md"),
};

described! {
    /// What E6 predicts of a seeker and of a greedy state, under the observer's own belief about the balance.
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct ExpectedPosture<const WIDTH: usize> {
        /// Offensive share of a security seeker's new arms.
        pub seeker: Lanes<WIDTH>,
        /// Offensive share of a greedy state's new arms.
        pub greedy: Lanes<WIDTH>,
    }
}

/// Bayes: log-odds from a probability.
#[must_use]
pub fn log_odds(probability: f64) -> f64 {
    // No evidence can change certainty; a belief a millionth away from it can change.
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    ln(p / (1.0 - p))
}

/// E7: what is left of an excess growth once an aware observer has explained what fear could justify of it.
#[inline(always)]
#[must_use]
pub fn unexplained(excess: f64, justified: f64, awareness: f64) -> f64 {
    let growth = if excess > 0.0 { excess } else { 0.0 };
    excess - awareness * if growth < justified { growth } else { justified }
}

/// Log likelihood ratio per year beyond which growth says no more: a state with almost no arms can grow at any rate.
const MOST_EVIDENCE: f64 = 600.0;

/// E7: log likelihood ratio, per year, of a growth in arms beyond what economy and fear explain.
#[inline(always)]
#[must_use]
pub fn growth_evidence(unexplained: f64, shift: f64, noise: f64, bout_share: f64) -> f64 {
    let evidence = shift / (noise * noise) * (unexplained - 0.5 * shift);
    ln(1.0 - bout_share + bout_share * exp(if evidence > MOST_EVIDENCE { MOST_EVIDENCE } else { evidence }))
}

/// E7: log likelihood ratio, per year, of a posture. `error` is the standard normal error of the look.
#[inline(always)]
#[must_use]
pub fn posture_evidence(posture: f64, seeker: f64, greedy: f64, q: f64, noise: f64, error: f64) -> f64 {
    // [(o − o_S)² − (o − o_G)²] q² / 2σ² with o = ω + σ ε / q: the q in the denominator cancels.
    let apart = greedy - seeker;
    apart * (q * q * (2.0 * posture - seeker - greedy) + 2.0 * q * noise * error) / (2.0 * noise * noise)
}

/// stub-until-merge
pub fn after_firm(severity: f64, awareness: f64, p: &Beliefs) -> f64 { 0.55 * severity * (1.0 - p.awareness_discount * awareness) }
/// stub-until-merge
pub fn after_humbling(severity: f64, awareness: f64, p: &Beliefs) -> f64 { 0.55 * severity * (1.0 - p.awareness_discount * awareness) }
/// stub-until-merge
pub fn after_concession(_severity: f64, p: &Beliefs) -> f64 { -0.2 + 0.0 * p.suspicion }
/// stub-until-merge
pub fn after_repeated_demand(before: f64, awareness: f64, p: &Beliefs) -> f64 { 0.35 * before * (1.0 - p.awareness_discount * awareness) }
/// stub-until-merge
pub fn after_war_begun(awareness: f64, p: &Beliefs) -> f64 { 2.0 * (1.0 - p.awareness_discount * awareness) }

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((expect_postures::<WIDTH>, learn::<WIDTH>).chain().in_set(Believe::Learn));
}

fn expect_postures<const WIDTH: usize>(
    mut states: Query<(&PerceivedBalance<WIDTH>, &mut ExpectedPosture<WIDTH>)>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    large: Res<Large>,
) {
    let technology = parameters.technology.in_force(&switches);
    let (q, m0) = (technology.distinguishability, technology.reference_balance);
    let posture = parameters.posture;
    let greedy_type = parameters.beliefs.greedy_type;
    // Where offence cannot be told apart from defence, nobody compares.
    if q == 0.0 {
        return;
    }
    sweep!(WIDTH, large.0, states, |(balance, expected)| {
        let pull = Lanes::<WIDTH>::from_fn(|l| posture.balance_pull * ln(balance.0[l] / m0));
        let seeker = Lanes::from_fn(|l| share_of_pull(pull[l], 0.0, q, &posture));
        let greedy = Lanes::from_fn(|l| share_of_pull(pull[l], greedy_type, q, &posture));
        *expected = ExpectedPosture { seeker, greedy };
    });
}

/// A state that judges others, and is judged.
#[derive(QueryData)]
#[query_data(contiguous(all))]
struct JudgedState<const WIDTH: usize> {
    given: &'static StateInputsNow,
    growth: &'static ArmsGrowth<WIDTH>,
    justified: &'static JustifiedGrowth<WIDTH>,
    posture: &'static NewOffence<WIDTH>,
    vulnerability: &'static Vulnerability<WIDTH>,
    expected: &'static ExpectedPosture<WIDTH>,
}

/// What one state believes of another.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct BeliefDyad<const WIDTH: usize> {
    id: &'static DyadId,
    terms: &'static DyadInputsNow,
    error: &'static GrowthError<WIDTH>,
    mistrust: &'static mut Mistrust<WIDTH>,
}

fn learn<const WIDTH: usize>(
    states: Query<JudgedState<WIDTH>>,
    mut dyads: Query<BeliefDyad<WIDTH>>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    block: Res<Block>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let Beliefs { growth_shift, growth_noise, bout_share, posture_noise, vulnerability: breeding, vulnerability_neutral, .. } =
        parameters.beliefs;
    let Beliefs { suspicion, forgetting, .. } = parameters.beliefs;
    let q = parameters.technology.in_force(&switches).distinguishability;
    let prior = log_odds(suspicion);
    let skies = parameters.arms_control.in_force(&switches).open_skies_sight;
    let (block, tick, dt) = (*block, clock.tick, clock.years);
    let Some(states) = columns(&states) else { return };
    sweep!(WIDTH, large.0, dyads, |id, terms, error, mistrust| {
        let (from, to) = id.ends;
        let (vulnerability, expected) = (&states.vulnerability[from], &states.expected[from]);
        let (growth, justified, posture) = (&states.growth[to], &states.justified[to], &states.posture[to]);
        let awareness = states.given[from].inputs.awareness;
        let carried = states.given[to].output_growth;
        let blur = blur(&terms.0, skies);
        let origin = prior + terms.0.suspicion_shift;
        let before = mistrust.0;
        let from_growth = Lanes::<WIDTH>::from_fn(|l| {
            let excess = growth.0[l] - carried + growth_noise * error.0[l];
            growth_evidence(unexplained(excess, justified.0[l], awareness), growth_shift, growth_noise, bout_share)
        });
        let mut from_posture = Lanes::<WIDTH>::splat(0.0);
        // Where offence cannot be told apart from defence, posture says nothing, and no draw is needed.
        if q > 0.0 {
            let [u, _] = block.uniforms::<WIDTH>(Purpose::Posture, id.number, tick);
            let look = normal_quantiles(&u);
            from_posture = Lanes::from_fn(|l| {
                posture_evidence(posture.0[l], expected.seeker[l], expected.greedy[l], q, posture_noise, blur * look[l])
            });
        }
        mistrust.0 = Lanes::from_fn(|l| {
            let fear = breeding * (vulnerability.0[l] - vulnerability_neutral);
            let forgotten = forgetting * (before[l] - origin);
            before[l] + (from_growth[l] + from_posture[l] + fear - forgotten) * dt
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, close, one};
    use spiral_kernel::maths::logistic;

    #[test]
    fn bayes_after_builds_and_a_refrain() {
        let build = ln(0.9 / 0.3);
        let refrain = ln(0.1 / 0.7);
        let mut belief = log_odds(0.5);
        for expected in [0.75, 0.9, 0.964_285_714_285_714_3, 0.987_804_878_048_780_5, 0.995_901_639_344_262_3] {
            belief += build;
            assert!((logistic(belief) - expected).abs() < 1e-12, "O5: {} expected {expected}", logistic(belief));
        }
        let seeker = 1.0 - logistic(log_odds(0.5) + refrain);
        assert!((seeker - 0.875).abs() < 1e-12, "O5: seeker after one refrain {seeker}");
    }

    #[test]
    fn growth_evidence_is_the_likelihood_ratio_of_a_mixture() {
        // Density of y under a seeker N(0, σ), under a greedy state (1 − ρ) N(0, σ) + ρ N(δ, σ).
        let (shift, noise, share) = (0.067, 0.115, 0.3);
        for y in [-0.3, -0.05, 0.0, 0.03, 0.067, 0.2] {
            let density = |mean: f64| exp(-(y - mean) * (y - mean) / (2.0 * noise * noise));
            let direct = ln(((1.0 - share) * density(0.0) + share * density(shift)) / density(0.0));
            let found = growth_evidence(y, shift, noise, share);
            assert!((found - direct).abs() < 1e-12, "at {y}: {found}, expected {direct}");
        }
    }

    #[test]
    fn posture_says_nothing_where_nothing_can_be_told_apart() {
        assert_eq!(posture_evidence(0.9, 0.3, 0.8, 0.0, 0.25, 1.7), 0.0);
        assert_eq!(posture_evidence(0.9, 0.5, 0.5, 0.9, 0.25, 1.7), 0.0, "both types choose alike");
        let (posture, seeker, greedy, noise) = (0.7, 0.3, 0.8, 0.25);
        let direct = ((posture - seeker) * (posture - seeker) - (posture - greedy) * (posture - greedy)) / (2.0 * noise * noise);
        let found = posture_evidence(posture, seeker, greedy, 1.0, noise, 0.0);
        assert!((found - direct).abs() < 1e-12, "{found}, expected {direct}");
    }

    #[test]
    fn awareness_explains_what_was_seen_and_fear_could_justify() {
        for (excess, justified, awareness, expected) in [
            (0.10, 0.04, 0.0, 0.10),
            (0.10, 0.04, 0.5, 0.08),
            (0.10, 0.04, 1.0, 0.06),
            (0.02, 0.04, 0.5, 0.01),
            (0.02, 0.04, 1.0, 0.0),
            (-0.05, 0.04, 1.0, -0.05),
            (0.10, 0.0, 1.0, 0.10),
        ] {
            let what = format!("{excess} of which fear justifies {justified}, awareness {awareness}");
            close(&what, unexplained(excess, justified, awareness), expected);
        }
    }

    /// o = .7 + σ ε / q: with q = .5, σ = .25 and ε = 1 it is 1.2, and [.9² − .4²] · .25 / .125 = 1.3; with ε = 0 it is
    /// [.4² − .1²] · 2 = .3.
    #[test]
    fn posture_by_hand() {
        close("without error", posture_evidence(0.7, 0.3, 0.8, 0.5, 0.25, 0.0), 0.3);
        close("one standard deviation off", posture_evidence(0.7, 0.3, 0.8, 0.5, 0.25, 1.0), 1.3);
    }

    /// A world in which only what the caller adds changes suspicion.
    fn learns(set: impl FnOnce(&mut Parameters)) -> Bench {
        Bench::pair(|p| {
            p.technology.distinguishability = 0.0;
            (p.beliefs.bout_share, p.beliefs.vulnerability, p.beliefs.forgetting) = (0.0, 0.0, 0.0);
            p.beliefs.suspicion = 0.5;
            set(p);
        })
    }

    fn mistrust(bench: &Bench) -> f64 {
        bench.of_dyad::<Mistrust<1>>(0, 1).0[0]
    }

    /// g − γ + σ_g ε = .1 − .02 + .1 · .5 = .13, of which half of .06 is explained; δ / σ² = 5, so what is left of .1 is worth
    /// ln(.6 + .4 e^{5 · .075}) = .16720501 a year.
    #[test]
    fn suspicion_grows_with_what_is_not_explained() {
        let mut bench = learns(|p| {
            (p.beliefs.growth_shift, p.beliefs.growth_noise, p.beliefs.bout_share) = (0.05, 0.1, 0.4);
        });
        bench.inputs(0, |given| given.awareness = 0.5).inputs(1, |given| given.awareness = 1.0);
        bench.state(1, ArmsGrowth(one(0.1))).state(1, JustifiedGrowth(one(0.06))).dyad(0, 1, GrowthError(one(0.5)));
        let inputs = bench.of_state::<StateInputsNow>(1).inputs;
        bench.state(1, StateInputsNow { inputs, output_growth: 0.02 });
        bench.run(learn::<1>);
        close("a quarter of a year", mistrust(&bench), 0.25 * 0.167_205_013_605_134_6);
    }

    #[test]
    fn the_vulnerable_suspect_more_and_the_safe_less() {
        for (vulnerable, expected) in [(0.8, 0.03), (0.5, 0.0), (0.2, -0.03)] {
            let mut bench = learns(|p| (p.beliefs.vulnerability, p.beliefs.vulnerability_neutral) = (0.4, 0.5));
            bench.state(0, Vulnerability(one(vulnerable))).state(1, Vulnerability(one(5.0)));
            bench.run(learn::<1>);
            close(&format!(".4 ({vulnerable} − .5) / 4"), mistrust(&bench), expected);
        }
    }

    /// The distance from the prior, with what the dyad adds to it, halves in ln 2 / η_L. A tick takes η_L Δ of it, so that over the
    /// half-life T of n ticks (1 − ln 2 / n)^n is left: less than half, by (ln 2)² / 2n of it.
    #[test]
    fn suspicion_is_half_forgotten_in_its_half_life() {
        let half = ln(2.0);
        for (start, shift) in [(3.0, 1.0), (-2.0, 1.0), (0.0, 0.0)] {
            let mut bench = learns(|p| p.beliefs.forgetting = half / 10.0);
            bench.terms(0, 1, |terms| terms.suspicion_shift = shift).dyad(0, 1, Mistrust(one(start)));
            bench.run(learn::<1>);
            close("a quarter", mistrust(&bench) - shift, (start - shift) * (1.0 - half / 40.0));
            bench.ticks(39, learn::<1>);
            let (left, after) = ((start - shift) / 2.0, mistrust(&bench) - shift);
            let error = half * half / 80.0;
            assert!((after - left).abs() <= 1.02 * error * left.abs(), "{after} after ten years, half of it {left}");
        }
    }
}
