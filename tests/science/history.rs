//! Timing and shape of the two pre-war worlds. Scenario values were chosen so that crises come at the historical rate and burdens
//! start where they were; what is tested here beyond those two is not fitted.

use spiral_kernel::Lanes;
use spiral_model::outcome::STATE_METRICS;
use spiral_model::{Motive, Observer, Outcome, Setup, Simulation, Snapshot};
use spiral_testkit::ensembles::{mean, motive_share, outcomes, scenario, share_of};

const SEED: u64 = 1914;
const HISTORIES: u32 = 640;

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn great_power_crises(outcomes: &[Outcome]) -> f64 {
    mean(outcomes, |outcome| f64::from(outcome.great_power_crises)) / mean(outcomes, |outcome| outcome.great_power_dyad_years)
}

#[test]
fn the_first_general_war_comes_after_1900_and_before_the_end() {
    let outcomes = outcomes(&scenario("pre-wwi", &[]).setup, SEED, HISTORIES);
    let general = share_of(&outcomes, |outcome| outcome.general_war_date.is_some());
    let median = median(outcomes.iter().filter_map(|outcome| outcome.general_war_date).collect());
    assert!(median > 1900.0 && median < 1920.0, "median first general war {median}, general war in {general:?}");
    let early = share_of(&outcomes, |outcome| outcome.general_war_date.is_some_and(|date| date < 1895.0));
    assert!(early.estimate < Some(0.1), "general war before 1895 in {early:?}");
}

#[test]
fn crises_of_great_powers_come_at_the_historical_rate() {
    let rate = great_power_crises(&outcomes(&scenario("pre-wwi", &[]).setup, SEED, HISTORIES));
    assert!((0.04..=0.1).contains(&rate), "{rate} a dyad and year; history .04 to .1");
}

#[test]
fn inert_histories_are_few() {
    for name in ["pre-wwi", "pre-wwii"] {
        let inert = share_of(&outcomes(&scenario(name, &[]).setup, SEED, HISTORIES), |outcome| outcome.inert);
        assert!(inert.upper < Some(0.5), "{name}: inert {inert:?}");
    }
}

#[test]
fn fear_before_1914_and_predation_before_1939() {
    let before = outcomes(&scenario("pre-wwi", &[]).setup, SEED, HISTORIES);
    let after = outcomes(&scenario("pre-wwii", &[]).setup, SEED, HISTORIES);
    let (fear, other) = (motive_share(&before, Motive::Preemption), motive_share(&after, Motive::Preemption));
    assert!(fear.lower > Some(0.5) && other.upper < Some(0.1), "first wars from fear: {fear:?} against {other:?}");
    let great = |outcomes: &[Outcome]| {
        let wars: Vec<Outcome> = outcomes.iter().copied().filter(|outcome| outcome.wars > 0).collect();
        mean(&wars, |outcome| f64::from(outcome.great_powers_30d))
    };
    assert!(
        great(&before) > great(&after) + 1.0,
        "great powers in by day 30: {} against {} (history 6 and 3)",
        great(&before),
        great(&after)
    );
    let ratio = |outcomes: &[Outcome]| {
        mean(outcomes, |outcome| f64::from(outcome.entrapments)) / mean(outcomes, |outcome| f64::from(outcome.abandonments))
    };
    assert!(
        ratio(&before) > 2.0 * ratio(&after),
        "entrapments for each abandonment: {} against {}",
        ratio(&before),
        ratio(&after)
    );
}

/// Mean burden of each state at two dates, over histories in peace.
struct Burdens {
    dates: [f64; 2],
    sums: Vec<[f64; 2]>,
    counts: [f64; 2],
}

impl<const WIDTH: usize> Observer<WIDTH> for Burdens {
    fn wants(&self, _: u32, date: f64) -> bool {
        self.dates.contains(&date)
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        let Some(position) = self.dates.iter().position(|date| *date == snapshot.date) else { return };
        let burden = STATE_METRICS.iter().position(|metric| *metric == "burden").expect("burden is a metric");
        for lane in (0..WIDTH).filter(|&lane| snapshot.running[lane] && snapshot.at_peace[lane]) {
            self.counts[position] += 1.0;
            for (sum, state) in self.sums.iter_mut().zip(snapshot.states) {
                let lanes: &Lanes<WIDTH> = &state[burden];
                sum[position] += lanes[lane];
            }
        }
    }
}

fn growth_of_burden(setup: &Setup, dates: [f64; 2]) -> Vec<(String, f64)> {
    // Without war every history is followed to the end, so the same histories stand at both dates.
    let mut setup = setup.clone();
    setup.without.insert("war".to_string());
    let mut burdens = Burdens { dates, sums: vec![[0.0; 2]; setup.states.len()], counts: [0.0; 2] };
    let mut simulation = Simulation::<16>::new(&setup);
    for block in 0..8 {
        simulation.run(SEED, block * 16, false, &mut burdens);
    }
    assert_eq!(burdens.counts, [128.0, 128.0]);
    let growth = |sum: &[f64; 2]| sum[1] / sum[0];
    setup.states.iter().map(|state| state.code.clone()).zip(burdens.sums.iter().map(growth)).collect()
}

#[test]
fn arms_race_symmetrically_before_1914_and_lopsidedly_before_1939() {
    let before = growth_of_burden(&scenario("pre-wwi", &[]).setup, [1891.0, 1914.0]);
    let after = growth_of_burden(&scenario("pre-wwii", &[]).setup, [1931.0, 1939.0]);
    let of = |growth: &[(String, f64)], code: &str| growth.iter().find(|(name, _)| name == code).map_or(f64::NAN, |(_, g)| *g);
    for (one, two) in [("FRA", "GER"), ("RUS", "AUH"), ("GER", "RUS")] {
        let ratio = of(&before, one) / of(&before, two);
        assert!((0.5..=2.0).contains(&ratio), "1891 to 1914, {one} against {two}: {ratio} in {before:?}");
    }
    let (germany, france, britain) = (of(&after, "GER"), of(&after, "FRA"), of(&after, "GBR"));
    // History: Germany 1.09 to 17.5 % of output, France 4.2 to 7.7, Britain 2.5 to 6.9.
    assert!(germany > 4.0 && france < 2.0 && britain < 2.0, "1931 to 1939: {after:?}");
}
