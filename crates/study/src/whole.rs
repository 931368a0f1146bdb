//! Histories that are kept whole in memory: what validation and calibration set beside history.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use spiral_analysis::validation::{Histories, Panel};
use spiral_model::outcome::STATE_METRICS;
use spiral_model::setup::{StateInputs, Target};
use spiral_model::specification::Group;
use spiral_model::{Event, Observer, Outcome, Setup, Simulation, Snapshot};
use spiral_scenario::Scenario;

use crate::engine::WIDTH;
use crate::plan::Progress;

/// What is kept of every history at every tick.
const KEPT: [&str; 3] = ["burden", "arms", "warheads"];

/// Everything that is kept of all histories.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// Burden, arms and warheads.
    panels: [Panel; KEPT.len()],
    /// Outcome of each history, in order.
    outcomes: Vec<Outcome>,
    /// Their events, by history, crisis and day.
    events: Vec<Event>,
}

/// Keeps what is scored of every history of a block at every tick, NaN where it is not at peace.
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
        let metrics = KEPT.map(|name| STATE_METRICS.iter().position(|metric| *metric == name).unwrap_or(0));
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

impl Whole {
    /// Numbers that so many histories of a world take.
    #[must_use]
    pub fn numbers(setup: &Setup, histories: u32) -> usize {
        setup.states.len() * (setup.horizon.ticks() as usize + 1) * histories as usize
    }

    /// Simulates the histories `first..first + number` on the current rayon pool. `None` if it was cancelled.
    #[must_use]
    pub fn simulate(setup: &Setup, seed: u64, first: u32, number: u32, progress: &dyn Progress) -> Option<Self> {
        let blocks: Vec<Option<(Log, Vec<Outcome>, Vec<Event>)>> = (0..number.div_ceil(WIDTH as u32))
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
        let (states, boundaries) = (setup.states.len(), setup.horizon.ticks() as usize + 1);
        let panels = KEPT.map(|_| Panel { values: Vec::new(), boundaries, states });
        let mut whole = Self { panels, outcomes: Vec::new(), events: Vec::new() };
        for block in blocks {
            let (log, outcomes, events) = block?;
            let length = outcomes.len() * boundaries * states;
            for (panel, values) in whole.panels.iter_mut().zip(&log.values) {
                panel.values.extend(&values[..length]);
            }
            whole.outcomes.extend(outcomes);
            whole.events.extend(events);
        }
        Some(whole)
    }

    /// Shows the histories, which were simulated in a world made of a scenario, to whoever sets them beside history.
    pub fn show<T>(&self, scenario: &Scenario, setup: &Setup, seed: u64, to: impl FnOnce(&Histories<'_>) -> T) -> T {
        let codes: Vec<String> = setup.states.iter().map(|state| state.code.clone()).collect();
        let great_powers: Vec<bool> = setup.states.iter().map(|state| state.great_power).collect();
        let land = |dyad: &&spiral_model::setup::Dyad| dyad.from < dyad.to && dyad.inputs.contact >= 1.0;
        let neighbours: Vec<(usize, usize)> = setup.dyads.iter().filter(land).map(|dyad| (dyad.from, dyad.to)).collect();
        let field = StateInputs::position("output").unwrap_or(0);
        let output = |state: usize, date: f64| scenario.value_at(Target::State(state, field), date);
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
        })
    }
}
