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
    self, DyadId, DyadInputsNow, GrowthError, JustifiedGrowth, Mistrust, NewOffence, PerceivedBalance, ProgrammeGrowth,
    StateInputsNow, Vulnerability,
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
        /// How much faster a greedy state's spending grows in a year of a bout of building.
        growth_shift: "δ_g", "log units", 0.0..=10.0, 0.2, 0.09..=0.24;
        /// Spread that a year's growth of spending is thought to have.
        growth_noise: "σ_g", "log units", 0.001..=10.0, 0.125, 0.11..=0.24;
        /// Share of years that a greedy state builds in bouts.
        bout_share: "ρ_b", "0..1", 0.0..=0.99, 0.36, 0.36..=0.5;
        /// Spread of a year's growth of a state that wants only safety, as it has been: what is expected of a year.
        ordinary_growth: "σ_s", "log units", 0.0..=10.0, 0.09, 0.07..=0.12;
        /// Noise in posture.
        posture_noise: "σ_ω", "share", 0.001..=10.0, 0.25, 0.15..=0.6;
        /// Suspicion that vulnerability adds.
        vulnerability: "β_v", "log-odds/year", 0.0..=10.0, 0.08, 0.04..=0.12;
        /// Vulnerability that breeds none.
        vulnerability_neutral: "v0", "probability", 0.0..=2.0, 0.3, 0.2..=0.4;
        /// How fast evidence is forgotten.
        forgetting: "η_L", "1/year", 0.0..=1.0, 0.066, 0.04..=0.08;
        /// How far hostility moves the belief that is left when evidence is forgotten.
        hostility_pull: "z_L", "log-odds", 0.0..=20.0, 2.5, 1.5..=3.0;
        /// Log likelihood ratio of standing firm, of mobilising and of humbling the other, in a crisis of mean severity.
        crisis_evidence: "ℓ_h", "log-odds", 0.0..=20.0, 0.55, 0.45..=0.68;
        /// Log likelihood ratio, for peace, of conceding in a crisis.
        concession_evidence: "ℓ_c", "log-odds", 0.0..=20.0, 0.2, 0.1..=0.3;
        /// Log likelihood ratio of a demand, for each earlier one that was conceded.
        repeated_demand: "ℓ_r", "log-odds", 0.0..=20.0, 0.35, 0.2..=0.5;
        /// Log likelihood ratio of starting a war.
        war_evidence: "ℓ_w", "log-odds", 0.0..=20.0, 2.0, 1.0..=3.0;
        /// Share of the evidence of crises that a state explains by fear if it understands the security dilemma wholly.
        awareness_discount: "χ_e", "0..1", 0.0..=1.0, 0.9, 0.5..=1.0;
        /// Share of crises that usually end by a concession.
        usual_concessions: "s_c", "0..1", 0.0..=1.0, 0.3, 0.1..=0.5;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "beliefs",
    equation: "E7",
    phase: Phase::Believe,
    explains: ExplainGroup::Beliefs,
    concepts: &[(
        Concept::Learning,
        "States learn what the others are, by Bayes' rule, from growth, posture, crises and wars (E7).",
    )],
    components: &[ExpectedPosture::<1>::DESCRIPTION, ExpectedCrises::<1>::DESCRIPTION],
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

described! {
    /// Crises a year that the pair is used to: the rate at the start. They are no news.
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct ExpectedCrises<const WIDTH: usize>(pub Lanes<WIDTH>);
}

/// Bayes: log-odds from a probability.
#[must_use]
pub fn log_odds(probability: f64) -> f64 {
    // No evidence can change certainty; a belief a millionth away from it can change.
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    ln(p / (1.0 - p))
}

/// E7: what is left of an observed growth once an aware observer has explained what fear could justify of it.
#[inline(always)]
#[must_use]
pub fn unexplained(growth: f64, justified: f64, awareness: f64) -> f64 {
    let built = if growth > 0.0 { growth } else { 0.0 };
    growth - awareness * if built < justified { built } else { justified }
}

/// Log likelihood ratio beyond which a year's growth says no more, for peace and for greed: a state with almost no arms can grow at
/// any rate, and one that disarms for a year can arm in the next.
const LEAST_EVIDENCE: f64 = -1.0;
const MOST_EVIDENCE: f64 = 2.0;

/// Exponent from which the evidence is beyond [`MOST_EVIDENCE`] whatever the share of bouts, or the share is nearly none.
const LARGEST_EXPONENT: f64 = 600.0;

/// E7: log likelihood ratio of a year's growth of spending beyond what fear explains.
#[inline(always)]
#[must_use]
pub fn growth_evidence(unexplained: f64, shift: f64, noise: f64, bout_share: f64) -> f64 {
    let exponent = shift / (noise * noise) * (unexplained - 0.5 * shift);
    let evidence = ln(1.0 - bout_share + bout_share * exp(if exponent > LARGEST_EXPONENT { LARGEST_EXPONENT } else { exponent }));
    let above = if evidence > LEAST_EVIDENCE { evidence } else { LEAST_EVIDENCE };
    if above < MOST_EVIDENCE { above } else { MOST_EVIDENCE }
}

/// Points to either side of the middle, and their distance in standard deviations, at which [`usual_evidence`] is summed.
const POINTS: i32 = 60;
const DISTANCE: f64 = 0.1;

/// E7: mean evidence of a year of a state that wants only safety, whose growth is seen with an error of `sight` and is explained
/// by nobody: a sum over a normal distribution. What is expected is no news.
#[must_use]
pub fn usual_evidence(beliefs: &Beliefs, sight: f64) -> f64 {
    let Beliefs { growth_shift, growth_noise, bout_share, ordinary_growth, .. } = *beliefs;
    let spread = (ordinary_growth * ordinary_growth + sight * sight).sqrt();
    let (mut sum, mut weights) = (0.0, 0.0);
    for point in -POINTS..=POINTS {
        let at = DISTANCE * f64::from(point);
        let weight = exp(-0.5 * at * at);
        sum += weight * growth_evidence(spread * at, growth_shift, growth_noise, bout_share);
        weights += weight;
    }
    sum / weights
}

/// E7: log likelihood ratio of a year's posture. `error` is the standard normal error of the look.
#[inline(always)]
#[must_use]
pub fn posture_evidence(posture: f64, seeker: f64, greedy: f64, q: f64, noise: f64, error: f64) -> f64 {
    // [(o − o_S)² − (o − o_G)²] q² / 2σ² with o = ω + σ ε / q: the q in the denominator cancels.
    let apart = greedy - seeker;
    apart * (q * q * (2.0 * posture - seeker - greedy) + 2.0 * q * noise * error) / (2.0 * noise * noise)
}

/// E7: share of the evidence of crises and mobilisations that a state of this awareness takes as evidence.
#[inline(always)]
#[must_use]
pub fn heeded(awareness: f64, beliefs: &Beliefs) -> f64 {
    1.0 - beliefs.awareness_discount * awareness
}

/// E7: what a state learns of a rival that stood firm against it, or mobilised, in a crisis of this severity (1 on average).
#[must_use]
pub fn after_firm(severity: f64, awareness: f64, beliefs: &Beliefs) -> f64 {
    beliefs.crisis_evidence * severity * heeded(awareness, beliefs)
}

/// E7: what a state that has conceded learns of the rival that humbled it.
#[must_use]
pub fn after_humbling(severity: f64, awareness: f64, beliefs: &Beliefs) -> f64 {
    after_firm(severity, awareness, beliefs)
}

/// E7: what a state learns of a rival that has conceded to it: a little less suspicion.
#[must_use]
pub fn after_concession(beliefs: &Beliefs) -> f64 {
    -beliefs.concession_evidence
}

/// E7: what a state learns of a rival that demands again, after this many demands that were conceded.
#[must_use]
pub fn after_repeated_demand(times_before: f64, awareness: f64, beliefs: &Beliefs) -> f64 {
    beliefs.repeated_demand * times_before * heeded(awareness, beliefs)
}

/// E7: what a state learns of one that begins a war. An attack is a deed: no fear explains it away.
#[must_use]
pub fn after_war_begun(beliefs: &Beliefs) -> f64 {
    beliefs.war_evidence
}

/// E7: mean evidence of a usual crisis. Of its two principals each is as likely as the other to concede, where one does.
#[inline(always)]
#[must_use]
pub fn usual_crisis(awareness: f64, beliefs: &Beliefs) -> f64 {
    let other_concedes = 0.5 * beliefs.usual_concessions;
    (1.0 - other_concedes) * after_firm(1.0, awareness, beliefs) + other_concedes * after_concession(beliefs)
}

/// E7: how a belief moves over a while. Exact, whatever its length, for news of a constant rate and a hostility that fades.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forgetting {
    /// Share of the distance from the origin that is forgotten.
    pub forgotten: f64,
    /// Years' worth of news that is left of those that came in.
    pub span: f64,
    /// Weight of the hostility at the beginning.
    pub hostility: f64,
}

impl Forgetting {
    /// Over so many years, with evidence forgotten and hostility fading at these rates.
    #[must_use]
    pub fn over(years: f64, forgetting: f64, fading: f64) -> Self {
        let left = exp(-forgetting * years);
        let apart = forgetting - fading;
        // η ∫ e^{−η (Δ − s)} e^{−η_z s} ds from 0 to Δ; its limit where the rates are equal.
        let hostility =
            if apart.abs() < 1e-6 { forgetting * years * left } else { forgetting * (exp(-fading * years) - left) / apart };
        let span = if forgetting > 1e-9 { (1.0 - left) / forgetting } else { years };
        Self { forgotten: 1.0 - left, span, hostility }
    }

    /// The belief after it: `origin` is what is left when all is forgotten, `pull` what hostility adds to that, `news` log-odds a year.
    #[inline(always)]
    #[must_use]
    pub fn after(&self, belief: f64, origin: f64, pull: f64, news: f64) -> f64 {
        belief + self.forgotten * (origin - belief) + self.hostility * pull + self.span * news
    }
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    let steps = (expect_postures::<WIDTH>, learn_from_the_year::<WIDTH>, forget::<WIDTH>);
    schedule.add_systems(steps.chain().in_set(Believe::Learn));
}

fn expect_postures<const WIDTH: usize>(
    mut states: Query<(&PerceivedBalance<WIDTH>, &mut ExpectedPosture<WIDTH>)>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let technology = parameters.technology.in_force(&switches);
    let (q, m0) = (technology.distinguishability, technology.reference_balance);
    let posture = parameters.posture;
    let greedy_type = parameters.beliefs.greedy_type;
    // Where offence cannot be told apart from defence, nobody compares.
    if q == 0.0 || clock.year_begins().is_none() {
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
    growth: &'static ProgrammeGrowth<WIDTH>,
    justified: &'static JustifiedGrowth<WIDTH>,
    posture: &'static NewOffence<WIDTH>,
    expected: &'static ExpectedPosture<WIDTH>,
}

/// What one state learns of another from a year.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct LearningDyad<const WIDTH: usize> {
    id: &'static DyadId,
    terms: &'static DyadInputsNow,
    error: &'static GrowthError<WIDTH>,
    mistrust: &'static mut Mistrust<WIDTH>,
}

/// Once a year everybody reads the budgets and the new arms of the last year.
fn learn_from_the_year<const WIDTH: usize>(
    states: Query<JudgedState<WIDTH>>,
    mut dyads: Query<LearningDyad<WIDTH>>,
    parameters: Res<Parameters>,
    switches: Res<Switches>,
    block: Res<Block>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let Some(year) = clock.year_begins() else { return };
    let Beliefs { growth_shift, growth_noise, bout_share, posture_noise, .. } = parameters.beliefs;
    let sight = if switches.observation { parameters.observation.growth_noise } else { 0.0 };
    let usual = usual_evidence(&parameters.beliefs, sight);
    let q = parameters.technology.in_force(&switches).distinguishability;
    let skies = parameters.arms_control.in_force(&switches).open_skies_sight;
    let block = *block;
    let Some(states) = columns(&states) else { return };
    sweep!(WIDTH, large.0, dyads, |id, terms, error, mistrust| {
        let (from, to) = id.ends;
        let (growth, justified, posture) = (&states.growth[to], &states.justified[to], &states.posture[to]);
        let expected = &states.expected[from];
        let awareness = states.given[from].inputs.awareness;
        let blur = blur(&terms.0, skies);
        let from_growth = Lanes::<WIDTH>::from_fn(|l| {
            let seen = growth.0[l] + sight * error.0[l];
            growth_evidence(unexplained(seen, justified.0[l], awareness), growth_shift, growth_noise, bout_share) - usual
        });
        let mut from_posture = Lanes::<WIDTH>::splat(0.0);
        // Where offence cannot be told apart from defence, posture says nothing, and no draw is needed.
        if q > 0.0 {
            let [u, _] = block.uniforms::<WIDTH>(Purpose::Posture, id.number, year);
            let look = normal_quantiles(&u);
            from_posture = Lanes::from_fn(|l| {
                posture_evidence(posture.0[l], expected.seeker[l], expected.greedy[l], q, posture_noise, blur * look[l])
            });
        }
        let before = mistrust.0;
        mistrust.0 = Lanes::from_fn(|l| before[l] + from_growth[l] + from_posture[l]);
    });
}

/// A state that may feel safe or in danger.
#[derive(QueryData)]
#[query_data(contiguous(all))]
struct FearingState<const WIDTH: usize> {
    given: &'static StateInputsNow,
    vulnerability: &'static Vulnerability<WIDTH>,
}

/// What one state believes of another, and what it remembers.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
struct RememberingDyad<const WIDTH: usize> {
    id: &'static DyadId,
    terms: &'static DyadInputsNow,
    crises: &'static ExpectedCrises<WIDTH>,
    hostility: &'static components::Hostility<WIDTH>,
    mistrust: &'static mut Mistrust<WIDTH>,
}

/// In every tick evidence is forgotten, hostility pulls, vulnerability makes suspicious, and usual crises are no news.
fn forget<const WIDTH: usize>(
    states: Query<FearingState<WIDTH>>,
    mut dyads: Query<RememberingDyad<WIDTH>>,
    parameters: Res<Parameters>,
    clock: Res<Clock>,
    large: Res<Large>,
) {
    let beliefs = parameters.beliefs;
    let Beliefs { vulnerability: breeding, vulnerability_neutral, suspicion, hostility_pull, .. } = beliefs;
    let forgetting = Forgetting::over(clock.years, beliefs.forgetting, parameters.hostility.decay);
    let prior = log_odds(suspicion);
    let Some(states) = columns(&states) else { return };
    sweep!(WIDTH, large.0, dyads, |id, terms, crises, hostility, mistrust| {
        let from = id.ends.0;
        let vulnerability = &states.vulnerability[from];
        let usual = usual_crisis(states.given[from].inputs.awareness, &beliefs);
        let origin = prior + terms.0.suspicion_shift;
        let before = mistrust.0;
        mistrust.0 = Lanes::from_fn(|l| {
            let news = breeding * (vulnerability.0[l] - vulnerability_neutral) - crises.0[l] * usual;
            forgetting.after(before[l], origin, hostility_pull * hostility.0[l], news)
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::laws::{Bench, close, one, setup};
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
        let (shift, noise, share) = (0.2, 0.125, 0.36);
        for y in [-0.3, -0.05, 0.0, 0.03, 0.067, 0.2, 0.3] {
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

    /// Beyond the bounds a year's growth says no more.
    #[test]
    fn no_year_proves_everything() {
        assert_eq!(growth_evidence(10.0, 0.2, 0.125, 0.36), 2.0);
        assert_eq!(growth_evidence(1e9, 0.2, 0.001, 0.36), 2.0);
        assert_eq!(growth_evidence(-10.0, 0.2, 0.125, 0.9), -1.0);
        close("ln .64", growth_evidence(-10.0, 0.2, 0.125, 0.36), ln(0.64));
    }

    /// The mean against a hundred times finer sum over the quantiles of the normal distribution; and many years of a seeker, centred,
    /// say nothing, while those of a greedy state, half of them bouts, speak against it.
    #[test]
    fn a_usual_year_is_no_news() {
        for beliefs in
            [Beliefs::default(), Beliefs { growth_shift: 0.09, growth_noise: 0.24, bout_share: 0.5, ..Beliefs::default() }]
        {
            let (sight, years) = (0.1, 20_000);
            let spread = (beliefs.ordinary_growth * beliefs.ordinary_growth + sight * sight).sqrt();
            let usual = usual_evidence(&beliefs, sight);
            let mean = |shift: f64| {
                let year = |k: i32| {
                    let seen = shift + spread * spiral_kernel::maths::normal_quantile((f64::from(k) + 0.5) / f64::from(years));
                    growth_evidence(seen, beliefs.growth_shift, beliefs.growth_noise, beliefs.bout_share)
                };
                (0..years).map(year).sum::<f64>() / f64::from(years)
            };
            assert!((mean(0.0) - usual).abs() < 1e-3, "a seeker's years: {}, expected {usual}", mean(0.0));
            assert!(
                mean(0.5 * beliefs.growth_shift) - usual > 0.02,
                "a greedy state's: {}",
                mean(0.5 * beliefs.growth_shift) - usual
            );
        }
    }

    /// .55 · 1.5 of what is heeded: with e = .5, 1 − .9 · .5 = .55 of it.
    #[test]
    fn evidence_of_crises_by_hand() {
        let beliefs = Beliefs::default();
        close("who does not understand heeds all", heeded(0.0, &beliefs), 1.0);
        close("who understands heeds a tenth", heeded(1.0, &beliefs), 0.1);
        close("standing firm", after_firm(1.5, 0.5, &beliefs), 0.453_75);
        close("humbling", after_humbling(1.5, 0.5, &beliefs), 0.453_75);
        close("conceding", after_concession(&beliefs), -0.2);
        close("the first demand", after_repeated_demand(0.0, 0.5, &beliefs), 0.0);
        close("after two concessions", after_repeated_demand(2.0, 0.5, &beliefs), 0.385);
        close("war", after_war_begun(&beliefs), 2.0);
        // .85 · .55 · .55 − .15 · .2.
        close("a usual crisis", usual_crisis(0.5, &beliefs), 0.227_125);
    }

    /// A world in which only what the caller adds changes suspicion.
    fn learns_by(ticks_per_year: u32, set: impl FnOnce(&mut Parameters)) -> Bench {
        let mut setup = setup(2, ticks_per_year);
        let p = &mut setup.parameters;
        p.technology.distinguishability = 0.0;
        (p.beliefs.vulnerability, p.beliefs.forgetting, p.beliefs.hostility_pull, p.crisis.rate) = (0.0, 0.0, 0.0, 0.0);
        (p.beliefs.suspicion, p.beliefs.growth_shift) = (0.5, 0.0);
        set(p);
        Bench::new::<1>(&setup)
    }

    fn learns(set: impl FnOnce(&mut Parameters)) -> Bench {
        learns_by(4, set)
    }

    fn mistrust(bench: &Bench) -> f64 {
        bench.of_dyad::<Mistrust<1>>(0, 1).0[0]
    }

    /// All that happens in the phase, as the schedule orders it.
    fn believes(bench: &mut Bench, ticks: u32) {
        for _ in 0..ticks {
            bench.run(expect_postures::<1>).run(learn_from_the_year::<1>).ticks(1, forget::<1>);
        }
    }

    /// z + σ_z ε = .08 + .1 · .5 = .13, of which half of .06 is explained; δ / σ² = 5, so what is left of .1 is worth
    /// ln(.6 + .4 e^{5 · .075}) = .16720501, less what a usual year would be.
    #[test]
    fn suspicion_grows_with_what_is_not_explained() {
        let mut bench = learns(|p| {
            (p.beliefs.growth_shift, p.beliefs.growth_noise, p.beliefs.bout_share) = (0.05, 0.1, 0.4);
            p.observation.growth_noise = 0.1;
        });
        bench.inputs(0, |given| given.awareness = 0.5).inputs(1, |given| given.awareness = 1.0);
        bench.state(1, ProgrammeGrowth(one(0.08))).state(1, JustifiedGrowth(one(0.06))).dyad(0, 1, GrowthError(one(0.5)));
        believes(&mut bench, 4);
        assert_eq!(mistrust(&bench), 0.0, "no year has passed");
        believes(&mut bench, 1);
        let usual = usual_evidence(&bench.0.resource::<Parameters>().beliefs, 0.1);
        close("a year", mistrust(&bench), 0.167_205_013_605_134_6 - usual);
        believes(&mut bench, 3);
        close("inside the next year nothing is learnt", mistrust(&bench), 0.167_205_013_605_134_6 - usual);
        believes(&mut bench, 1);
        close("two years", mistrust(&bench), 2.0 * (0.167_205_013_605_134_6 - usual));
    }

    /// A greedy posture of .7, of .3 for a seeker and .8 for the greedy, is worth .3 a year, whatever the tick.
    #[test]
    fn posture_is_read_once_a_year() {
        for ticks_per_year in [1, 4, 12] {
            let mut bench = learns_by(ticks_per_year, |p| {
                (p.technology.distinguishability, p.beliefs.posture_noise) = (0.5, 0.25);
            });
            bench.terms(0, 1, |terms| terms.monitoring = 1.0).state(1, NewOffence(one(0.7)));
            bench.state(0, ExpectedPosture { seeker: one(0.3), greedy: one(0.8) });
            bench.ticks(3 * ticks_per_year + 1, learn_from_the_year::<1>);
            close(&format!("{ticks_per_year} ticks a year"), mistrust(&bench), 0.9);
        }
    }

    #[test]
    fn the_vulnerable_suspect_more_and_the_safe_less() {
        for (vulnerable, expected) in [(0.8, 0.03), (0.5, 0.0), (0.2, -0.03)] {
            let mut bench = learns(|p| (p.beliefs.vulnerability, p.beliefs.vulnerability_neutral) = (0.4, 0.5));
            bench.state(0, Vulnerability(one(vulnerable))).state(1, Vulnerability(one(5.0)));
            bench.run(forget::<1>);
            close(&format!(".4 ({vulnerable} − .5) / 4"), mistrust(&bench), expected);
        }
    }

    /// In the long run ease and danger move a belief by β_v (v − v0) / η_L.
    #[test]
    fn an_island_trusts_and_the_encircled_suspect() {
        let long_run = |vulnerable: f64| {
            let mut bench = learns(|p| {
                (p.beliefs.vulnerability, p.beliefs.vulnerability_neutral, p.beliefs.forgetting) = (0.08, 0.3, 0.066);
                p.beliefs.suspicion = 0.25;
            });
            bench.state(0, Vulnerability(one(vulnerable)));
            bench.ticks(4000, forget::<1>);
            mistrust(&bench)
        };
        close("the island", long_run(0.05), log_odds(0.25) - 0.08 * 0.25 / 0.066);
        close("the encircled", long_run(0.8), log_odds(0.25) + 0.08 * 0.5 / 0.066);
        let apart = logistic(long_run(0.8)) - logistic(long_run(0.05));
        assert!(apart > 0.1, "beliefs are {apart} apart");
    }

    /// The distance from the prior, with what the dyad adds to it, halves in ln 2 / η_L, whatever the tick.
    #[test]
    fn suspicion_is_half_forgotten_in_its_half_life() {
        for (start, shift) in [(3.0, 1.0), (-2.0, 1.0), (0.0, 0.0)] {
            for ticks_per_year in [1, 4, 24] {
                let mut bench = learns_by(ticks_per_year, |p| p.beliefs.forgetting = ln(2.0) / 10.0);
                bench.terms(0, 1, |terms| terms.suspicion_shift = shift).dyad(0, 1, Mistrust(one(start)));
                bench.ticks(10 * ticks_per_year, forget::<1>);
                let (found, half) = (mistrust(&bench) - shift, (start - shift) / 2.0);
                assert!((found - half).abs() < 1e-12, "{found} after ten years, half of it {half}");
            }
        }
    }

    /// With η_L = .1 and η_z = .05, hostility 1 that fades leaves 2.5 · .1 / .05 (e^{−.5} − e^{−1}) = 1.1932560924 after ten years; with
    /// the same rate, 2.5 · .05 · 10 e^{−.5}; and where hostility does not fade, 2.5 (1 − e^{−1}).
    #[test]
    fn hostility_pulls_a_belief_and_fades() {
        for (forgetting, fading, expected) in [
            (0.1, 0.05, 5.0 * (exp(-0.5) - exp(-1.0))),
            (0.05, 0.05, 1.25 * exp(-0.5)),
            (0.1, 0.0, 2.5 * (1.0 - exp(-1.0))),
            (0.0, 0.05, 0.0),
        ] {
            for ticks_per_year in [2, 4, 12, 24] {
                let mut bench = learns_by(ticks_per_year, |p| {
                    (p.beliefs.forgetting, p.beliefs.hostility_pull, p.hostility.decay) = (forgetting, 2.5, fading);
                });
                let mut held = 1.0;
                for _ in 0..10 * ticks_per_year {
                    bench.dyad(0, 1, components::Hostility(one(held))).ticks(1, forget::<1>);
                    held *= exp(-fading / f64::from(ticks_per_year));
                }
                let found = mistrust(&bench);
                assert!((found - expected).abs() < 1e-12, "η_L {forgetting}, η_z {fading}: {found}, expected {expected}");
            }
        }
    }

    /// Crises at their usual rate and of their usual kind leave a belief where it is: what comes in over a tick is, on its average
    /// day, forgotten for half of it. Without them a belief eases; without the mechanism of crises none are expected.
    #[test]
    fn crises_at_their_usual_rate_are_no_news() {
        for awareness in [0.0, 0.6] {
            let mut bench = learns(|p| p.beliefs.forgetting = 0.066);
            bench.inputs(0, |given| given.awareness = awareness).dyad(0, 1, ExpectedCrises(one(0.9)));
            let beliefs = bench.0.resource::<Parameters>().beliefs;
            let mut calm = 0.0;
            for quarter in 0..160 {
                believes(&mut bench, 1);
                if quarter == 0 {
                    calm = mistrust(&bench);
                }
                // Of a hundred crises thirty end by a concession, fifteen of them the other's.
                let crisis = 0.7 * after_firm(1.0, awareness, &beliefs)
                    + 0.15 * after_humbling(1.0, awareness, &beliefs)
                    + 0.15 * after_concession(&beliefs);
                let arrived = 0.9 * crisis * Forgetting::over(0.25, 0.066, 0.0).span;
                let before = mistrust(&bench);
                bench.dyad(0, 1, Mistrust(one(before + arrived)));
            }
            assert!(mistrust(&bench).abs() < 1e-12, "after forty years of usual crises {}", mistrust(&bench));
            assert!(calm < -0.02 * (1.0 - awareness), "a quarter without one: {calm}");
        }
    }

    /// Ten years of the same yearly growth, danger, hostility and expected crises, and a crisis at the end of the third year.
    #[test]
    fn the_tick_does_not_matter() {
        let after = |ticks_per_year: u32| {
            let mut bench = learns_by(ticks_per_year, |p| {
                p.beliefs = Beliefs::default();
            });
            bench.state(1, ProgrammeGrowth(one(0.15))).state(1, JustifiedGrowth(one(0.05))).state(0, Vulnerability(one(0.9)));
            bench.inputs(0, |given| given.awareness = 0.3);
            bench.dyad(0, 1, ExpectedCrises(one(0.15)));
            let (mut held, fading) = (0.3, bench.0.resource::<Parameters>().hostility.decay);
            for tick in 0..10 * ticks_per_year {
                bench.dyad(0, 1, components::Hostility(one(held)));
                believes(&mut bench, 1);
                held *= exp(-fading / f64::from(ticks_per_year));
                if tick + 1 == 3 * ticks_per_year {
                    held = crate::mechanisms::hostility::risen(held, 0.25);
                    let before = mistrust(&bench);
                    bench.dyad(0, 1, Mistrust(one(before + after_humbling(2.0, 0.3, &Beliefs::default()))));
                }
            }
            mistrust(&bench)
        };
        let quarters = after(4);
        assert!(quarters > log_odds(0.15) + 0.5, "the same events make suspicious: {quarters}");
        for ticks_per_year in [1, 2, 12, 24] {
            let found = after(ticks_per_year);
            assert!((found - quarters).abs() < 1e-9, "{found} with {ticks_per_year} ticks a year, {quarters} with quarters");
        }
    }
}
