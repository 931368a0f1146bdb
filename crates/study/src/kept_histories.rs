//! Histories that are kept in memory with every tick: validation and calibration compare them with history.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use spiral_analysis::validation::{Histories, Panel};
use spiral_ensemble::WIDTH;
use spiral_model::outcome::STATE_METRICS;
use spiral_model::setup::{StateInputs, Target};
use spiral_model::{Event, Observer, Outcome, Setup, Simulation, Snapshot};
use spiral_scenario::Scenario;

use crate::plan::Progress;

/// Metrics that are kept of every history at every tick.
const KEPT: [&str; 3] = ["burden", "arms", "warheads"];

/// Blocks that are simulated before their results are put together.
const BLOCKS_AT_ONCE: u32 = 64;

/// Every tick, outcome and event of all histories, except those that failed numerically, which are only counted.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptHistories {
    /// Burden, arms and warheads.
    panels: [Panel; KEPT.len()],
    /// Outcome of each history, in order.
    outcomes: Vec<Outcome>,
    /// Their events, by history, crisis and day.
    events: Vec<Event>,
    /// Histories that failed numerically.
    failures: u64,
}

/// Position of a metric of a state.
///
/// # Panics
/// If there is none of this name; a test looks up every name of [`KEPT`].
fn metric(name: &str) -> usize {
    STATE_METRICS.iter().position(|metric| *metric == name).expect("a metric of the model")
}

/// Keeps the scored metrics of every history of a block at every tick; NaN where the history is not at peace.
struct Log {
    states: usize,
    boundaries: usize,
    /// By metric of [`KEPT`].
    values: [Vec<f32>; KEPT.len()],
}

impl Log {
    fn new(setup: &Setup) -> Self {
        let (states, boundaries) = (setup.states.len(), setup.horizon.ticks() as usize + 1);
        let nothing = vec![f32::NAN; WIDTH * boundaries * states];
        Self { states, boundaries, values: std::array::from_fn(|_| nothing.clone()) }
    }

    fn keep(&mut self, boundary: usize, snapshot: &Snapshot<'_, WIDTH>) {
        let metrics = KEPT.map(metric);
        for lane in (0..WIDTH).filter(|&lane| snapshot.running[lane] && snapshot.at_peace[lane]) {
            for (state, values) in snapshot.states.iter().enumerate() {
                let at = (lane * self.boundaries + boundary) * self.states + state;
                for (kept, metric) in self.values.iter_mut().zip(metrics) {
                    kept[at] = values[metric][lane] as f32;
                }
            }
        }
    }
}

impl Observer<WIDTH> for Log {
    fn begin(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.keep(0, snapshot);
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.keep(snapshot.tick as usize + 1, snapshot);
    }
}

impl KeptHistories {
    /// Bytes that the metrics of this number of histories of a world take; outcomes and events take about one kilobyte more for each
    /// history.
    #[must_use]
    pub fn bytes(setup: &Setup, histories: u32) -> u64 {
        let numbers = setup.states.len() as u64 * (u64::from(setup.horizon.ticks()) + 1) * u64::from(histories);
        numbers * (KEPT.len() * size_of::<f32>()) as u64
    }

    /// Simulates the histories `first..first + number` on the current rayon pool. `None` if it was cancelled.
    #[must_use]
    pub fn simulate(setup: &Setup, seed: u64, first: u32, number: u32, progress: &dyn Progress) -> Option<Self> {
        let (states, boundaries) = (setup.states.len(), setup.horizon.ticks() as usize + 1);
        let length = boundaries * states;
        let panels = KEPT.map(|_| Panel { values: Vec::with_capacity(number as usize * length), boundaries, states });
        let mut kept = Self { panels, outcomes: Vec::with_capacity(number as usize), events: Vec::new(), failures: 0 };
        let blocks = number.div_ceil(WIDTH as u32);
        for from in (0..blocks).step_by(BLOCKS_AT_ONCE as usize) {
            #[expect(clippy::type_complexity, reason = "the three parts of what a block leaves")]
            let done: Vec<Option<(Log, Vec<Outcome>, Vec<Event>)>> = (from..blocks.min(from + BLOCKS_AT_ONCE))
                .into_par_iter()
                .map_init(
                    || Simulation::<WIDTH>::new(setup),
                    |simulation, block| {
                        if progress.cancelled() {
                            return None;
                        }
                        let start = block * WIDTH as u32;
                        let mut log = Log::new(setup);
                        let (mut outcomes, mut events) = simulation.run(seed, first + start, true, &mut log);
                        outcomes.truncate((number - start) as usize);
                        events.retain(|event| event.history < first + number);
                        progress.advance(outcomes.len() as u64);
                        Some((log, outcomes, events))
                    },
                )
                .collect();
            for block in done {
                let (log, outcomes, events) = block?;
                kept.add(&log, outcomes, events, length);
            }
        }
        Some(kept)
    }

    /// Adds a block: `length` numbers of each metric a history.
    fn add(&mut self, log: &Log, outcomes: Vec<Outcome>, mut events: Vec<Event>, length: usize) {
        for (lane, outcome) in outcomes.into_iter().enumerate() {
            if outcome.failure.is_some() {
                self.failures += 1;
                events.retain(|event| event.history != outcome.history);
                continue;
            }
            for (panel, values) in self.panels.iter_mut().zip(&log.values) {
                panel.values.extend(&values[lane * length..(lane + 1) * length]);
            }
            self.outcomes.push(outcome);
        }
        self.events.append(&mut events);
    }

    /// Gives the histories to a function that compares them with history. `setup` is the world in which they were simulated, and
    /// `scenario` the scenario that it was made from.
    pub fn show<T>(&self, scenario: &Scenario, setup: &Setup, seed: u64, to: impl FnOnce(&Histories<'_>) -> T) -> T {
        let codes: Vec<String> = setup.states.iter().map(|state| state.code.clone()).collect();
        let great_powers: Vec<bool> = setup.states.iter().map(|state| state.great_power).collect();
        let land = |dyad: &&spiral_model::setup::Dyad| dyad.from < dyad.to && dyad.inputs.contact >= 1.0;
        let neighbours: Vec<(usize, usize)> = setup.dyads.iter().filter(land).map(|dyad| (dyad.from, dyad.to)).collect();
        let output = |state: usize, date: f64| scenario.value_at(Target::State(state, StateInputs::OUTPUT), date);
        let [burden, arms, warheads] = &self.panels;
        to(&Histories {
            seed,
            codes: &codes,
            great_powers: &great_powers,
            neighbours: &neighbours,
            start: setup.horizon.start,
            ticks_per_year: setup.horizon.ticks_per_year,
            burden,
            arms,
            warheads,
            output: &output,
            outcomes: &self.outcomes,
            events: &self.events,
            failures: self.failures,
        })
    }
}

#[cfg(test)]
mod tests {
    use spiral_model::Ended;
    use spiral_model::outcome::Failure;
    use spiral_scenario::{Overrides, load};

    use super::*;
    use crate::plan::Silent;

    #[test]
    fn what_is_kept_is_known_to_the_model() {
        assert!(KEPT.into_iter().all(|name| STATE_METRICS[metric(name)] == name));
    }

    #[test]
    fn histories_that_failed_are_counted_and_not_kept() {
        let scenario = load("two-states", &Overrides::default()).expect("a built-in scenario").remove(0);
        let whole = KeptHistories::simulate(&scenario.setup, 1, 0, 40, &Silent).expect("nobody cancels");
        assert_eq!((whole.outcomes.len(), whole.failures), (40, 0));
        let length = whole.panels[0].values.len() / 40;
        let mut kept = KeptHistories {
            panels: whole.panels.clone().map(|panel| Panel { values: Vec::new(), ..panel }),
            outcomes: Vec::new(),
            events: Vec::new(),
            failures: 0,
        };
        let mut log = Log::new(&scenario.setup);
        for (values, panel) in log.values.iter_mut().zip(&whole.panels) {
            values[..WIDTH * length].copy_from_slice(&panel.values[..WIDTH * length]);
        }
        let mut outcomes = whole.outcomes[..WIDTH].to_vec();
        outcomes[3].failure = Some(Failure { quantity: 0, state: 0, tick: 1 });
        outcomes[3].ended = Ended::Failure;
        kept.add(&log, outcomes, whole.events.iter().filter(|event| event.history < WIDTH as u32).copied().collect(), length);
        assert_eq!((kept.outcomes.len(), kept.failures), (WIDTH - 1, 1));
        assert!(kept.events.iter().all(|event| event.history != 3) && kept.outcomes.iter().all(|outcome| outcome.history != 3));
        let bits = |whole: &KeptHistories, history: usize| -> Vec<u32> {
            whole.panels[0].values[history * length..(history + 1) * length].iter().map(|value| value.to_bits()).collect()
        };
        assert!(bits(&kept, 3) == bits(&whole, 4), "the next moves up");
    }
}
