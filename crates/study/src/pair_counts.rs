//! Histories of a world as counts: for each pair of states, in how many it had a crisis, a clash, a war. Hindcasts need nothing else,
//! so nothing else is kept, and a world of two hundred states fits into memory.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use spiral_analysis::disputes::{Level, disputes};
use spiral_ensemble::WIDTH;
use spiral_kernel::maths::ln;
use spiral_model::outcome::STATE_METRICS;
use spiral_model::{Observer, Outcome, Setup, Simulation, Snapshot};

use crate::plan::Progress;

/// Blocks that are simulated before their results are put together.
const BLOCKS_AT_ONCE: u32 = 16;

/// What histories of one world count up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PairCounts {
    /// By positions of the two states, the lower one first: histories in which the pair had a crisis, in which the two had a clash
    /// or fought, in which they fought a war. Pairs without any are left out.
    pub pairs: BTreeMap<(u32, u32), [u32; 3]>,
    /// By position of the state: mean growth of its arms from the first to the last date, on the logarithm, over the histories in which it
    /// is there at both; NaN where there is none.
    pub growth: Vec<f64>,
    /// Histories that count.
    pub histories: u32,
    /// Histories that failed numerically, which count nowhere.
    pub failures: u32,
}

/// Position of arms among the metrics of a state.
const ARMS: usize = 0;
const _: () = assert!(matches!(STATE_METRICS[ARMS].as_bytes(), b"arms"));

/// Keeps the arms of every state at the first and at the last date.
struct Ends {
    last: u32,
    first_arms: Vec<[f64; WIDTH]>,
    last_arms: Vec<[f64; WIDTH]>,
}

impl Ends {
    fn new(setup: &Setup) -> Self {
        let nothing = vec![[f64::NAN; WIDTH]; setup.states.len()];
        Self { last: setup.horizon.ticks().saturating_sub(1), first_arms: nothing.clone(), last_arms: nothing }
    }
}

fn arms(snapshot: &Snapshot<'_, WIDTH>) -> Vec<[f64; WIDTH]> {
    let of = |lane: usize, arms: f64| if snapshot.running[lane] && arms > 0.0 { arms } else { f64::NAN };
    snapshot.states.iter().map(|metrics| std::array::from_fn(|lane| of(lane, metrics[ARMS][lane]))).collect()
}

impl Observer<WIDTH> for Ends {
    fn wants(&self, tick: u32, _: f64) -> bool {
        tick == self.last
    }

    fn begin(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.first_arms = arms(snapshot);
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.last_arms = arms(snapshot);
    }
}

/// What a block of histories leaves: counts, growth by history and state, failures.
struct Counted {
    pairs: BTreeMap<(u32, u32), [u32; 3]>,
    growth: Vec<Vec<f64>>,
    failures: u32,
}

impl PairCounts {
    /// Simulates the histories `0..histories` on the current rayon pool. `None` if it was cancelled.
    #[must_use]
    pub fn simulate(setup: &Setup, seed: u64, histories: u32, progress: &dyn Progress) -> Option<Self> {
        let mut found = Self { growth: vec![0.0; setup.states.len()], ..Self::default() };
        let mut known = vec![0_u32; setup.states.len()];
        let blocks = histories.div_ceil(WIDTH as u32);
        for from in (0..blocks).step_by(BLOCKS_AT_ONCE as usize) {
            let done: Vec<Option<Counted>> = (from..blocks.min(from + BLOCKS_AT_ONCE))
                .into_par_iter()
                .map_init(
                    || Simulation::<WIDTH>::new(setup),
                    |simulation, block| {
                        if progress.cancelled() {
                            return None;
                        }
                        let first = block * WIDTH as u32;
                        let counted = Counted::of(simulation, setup, seed, first, histories.min(first + WIDTH as u32));
                        progress.advance(u64::from(histories.min(first + WIDTH as u32) - first));
                        Some(counted)
                    },
                )
                .collect();
            for block in done {
                let Counted { pairs, growth, failures } = block?;
                found.failures += failures;
                for (pair, counts) in pairs {
                    let own = found.pairs.entry(pair).or_default();
                    own.iter_mut().zip(counts).for_each(|(own, counts)| *own += counts);
                }
                for history in growth {
                    found.histories += 1;
                    for (state, growth) in history.into_iter().enumerate().filter(|(_, growth)| growth.is_finite()) {
                        found.growth[state] += growth;
                        known[state] += 1;
                    }
                }
            }
        }
        for (growth, known) in found.growth.iter_mut().zip(known) {
            *growth /= f64::from(known);
        }
        Some(found)
    }
}

impl Counted {
    fn of(simulation: &mut Simulation<WIDTH>, setup: &Setup, seed: u64, first: u32, end: u32) -> Self {
        let mut ends = Ends::new(setup);
        let (outcomes, events) = simulation.run(seed, first, true, &mut ends);
        let mut counted = Self { pairs: BTreeMap::new(), growth: Vec::new(), failures: 0 };
        let asked = |outcome: &&Outcome| outcome.history < end;
        for (lane, outcome) in outcomes.iter().enumerate().filter(|(_, outcome)| asked(outcome)) {
            if outcome.failure.is_some() {
                counted.failures += 1;
                continue;
            }
            let own = events.iter().filter(|event| event.history == outcome.history).copied().collect::<Vec<_>>();
            let mut reached: BTreeMap<(u32, u32), Option<Level>> = BTreeMap::new();
            for dispute in disputes(&own) {
                let level = dispute.steps.iter().map(|step| step.level).max();
                let highest = reached.entry(dispute.pair).or_default();
                *highest = (*highest).max(level);
            }
            for (pair, level) in reached {
                let counts = counted.pairs.entry(pair).or_default();
                counts[0] += 1;
                counts[1] += u32::from(level >= Some(Level::Force));
                counts[2] += u32::from(level >= Some(Level::War));
            }
            let growth = ends.first_arms.iter().zip(&ends.last_arms).map(|(first, last)| ln(last[lane] / first[lane]));
            counted.growth.push(growth.collect());
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use spiral_ensemble::{Ensemble, Options, simulate};
    use spiral_scenario::{Overrides, load};

    use super::*;
    use crate::plan::Silent;

    /// The same histories, counted from their panel.
    #[test]
    fn counts_are_those_of_the_events() {
        let scenario = load("pre-wwi", &Overrides { years: Some((1904.0, 1909.0)), ..Overrides::default() });
        let setup = scenario.expect("a built-in scenario").remove(0).setup;
        let counts = PairCounts::simulate(&setup, 5, 40, &Silent).expect("nobody cancels");
        let mut ensemble = Ensemble::default();
        simulate(&setup, 5, 0..40, &Options { through_war: true, ..Options::default() }, &mut ensemble).expect("whole blocks");
        assert_eq!((counts.histories, counts.failures), (40, 0));
        let mut expected: BTreeMap<(u32, u32), [u32; 3]> = BTreeMap::new();
        for history in 0..40 {
            let own: Vec<_> = ensemble.events.iter().filter(|event| event.history == history).copied().collect();
            let mut pairs: BTreeMap<(u32, u32), u8> = BTreeMap::new();
            for dispute in disputes(&own) {
                let level = dispute.steps.iter().map(|step| step.level as u8).max().unwrap_or(0);
                let known = pairs.entry(dispute.pair).or_insert(level);
                *known = (*known).max(level);
            }
            for (pair, level) in pairs {
                let counts = expected.entry(pair).or_default();
                counts[0] += 1;
                counts[1] += u32::from(level >= 4);
                counts[2] += u32::from(level >= 5);
            }
        }
        assert!(!expected.is_empty() && counts.pairs == expected);
        let arms = ensemble.curves.rows(&setup, "x", 0);
        let of = |state: &str, date: f64| {
            arms.iter()
                .find(|row| row.metric == "arms" && row.state == state && (row.date - date).abs() < 1e-6)
                .map(|row| row.mean)
        };
        let code = setup.states[0].code.as_str();
        let growth = of(code, 1909.0).zip(of(code, 1904.0)).map(|(last, first)| ln(last / first));
        // The mean of logarithms is near the logarithm of the mean.
        assert!(growth.is_some_and(|growth| (growth - counts.growth[0]).abs() < 0.05), "{growth:?}, {}", counts.growth[0]);
    }

    #[test]
    fn threads_change_nothing() {
        let setup = load("two-states", &Overrides::default()).expect("a built-in scenario").remove(0).setup;
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| PairCounts::simulate(&setup, 1, 50, &Silent))
        };
        assert_eq!(on(1), on(3));
    }
}
