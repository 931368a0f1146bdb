//! Everything that can be observed of single histories: outcome, events, and the world at every tick.

use spiral_model::outcome::STATE_METRICS;
use spiral_model::{Compiled, Event, Observer, Outcome, Setup, Simulation, Snapshot};

/// The world at one tick.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Decimal year.
    pub date: f64,
    /// Whether the history has not yet seen a war.
    pub at_peace: bool,
    /// `states[state][metric]`, metrics as in `spiral_model::outcome::STATE_METRICS`.
    pub states: Vec<[f64; 7]>,
    /// Metrics as in `spiral_model::outcome::SYSTEM_METRICS`.
    pub system: [f64; 3],
}

impl Frame {
    /// A metric of a state.
    ///
    /// # Panics
    /// If no metric of states has this name.
    #[must_use]
    pub fn metric(&self, state: usize, name: &str) -> f64 {
        let position = STATE_METRICS.iter().position(|metric| *metric == name);
        self.states[state][position.unwrap_or_else(|| panic!("no metric of states is called `{name}`"))]
    }
}

/// Everything that can be seen of one history: its row, its events, every tick while it ran, the opening first.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its row.
    pub outcome: Outcome,
    /// Its events.
    pub events: Vec<Event>,
    /// Its ticks.
    pub frames: Vec<Frame>,
}

impl Seen {
    /// The values of a metric of a state over time.
    pub fn series(&self, state: usize, metric: usize) -> impl Iterator<Item = f64> + '_ {
        self.frames.iter().map(move |frame| frame.states[state][metric])
    }

    /// Arms of a state at the last tick.
    #[must_use]
    pub fn last_arms(&self, state: usize) -> f64 {
        self.frames.last().map_or(f64::NAN, |frame| frame.metric(state, "arms"))
    }
}

/// Records every tick of a block.
#[derive(Debug, Default)]
struct Camera {
    lanes: Vec<Vec<Frame>>,
}

impl Camera {
    fn look<const WIDTH: usize>(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.lanes.resize(WIDTH, Vec::new());
        for (lane, frames) in self.lanes.iter_mut().enumerate().filter(|(lane, _)| snapshot.running[*lane]) {
            frames.push(Frame {
                date: snapshot.date,
                at_peace: snapshot.at_peace[lane],
                states: snapshot.states.iter().map(|metrics| metrics.map(|values| values[lane])).collect(),
                system: snapshot.system.map(|values| values[lane]),
            });
        }
    }
}

impl<const WIDTH: usize> Observer<WIDTH> for Camera {
    fn begin(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.look(snapshot);
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.look(snapshot);
    }
}

/// Everything that can be seen of one block.
pub fn watch_block<const WIDTH: usize>(simulation: &mut Simulation<WIDTH>, seed: u64, first_history: u32) -> Vec<Seen>
where
    Simulation<WIDTH>: Compiled,
{
    let mut camera = Camera::default();
    let (outcomes, events) = simulation.run(seed, first_history, true, &mut camera);
    let of = |history: u32| events.iter().filter(|event| event.history == history).copied().collect();
    outcomes
        .into_iter()
        .zip(camera.lanes)
        .map(|(outcome, frames)| Seen { events: of(outcome.history), outcome, frames })
        .collect()
}

/// Everything that can be seen of the histories `0..histories`, in blocks of `WIDTH`.
#[must_use]
pub fn watch<const WIDTH: usize>(setup: &Setup, seed: u64, histories: u32) -> Vec<Seen>
where
    Simulation<WIDTH>: Compiled,
{
    let mut simulation = Simulation::<WIDTH>::new(setup);
    let mut seen = Vec::new();
    for first in (0..histories).step_by(WIDTH) {
        seen.extend(watch_block(&mut simulation, seed, first));
    }
    seen.truncate(histories as usize);
    seen
}

/// Everything that can be seen of the histories `0..histories`.
#[must_use]
pub fn histories(setup: &Setup, seed: u64, histories: u32) -> Vec<Seen> {
    watch::<16>(setup, seed, histories)
}

/// Outcomes and events of the histories `0..histories`, in blocks of 16.
#[must_use]
pub fn ensemble(setup: &Setup, seed: u64, histories: u32) -> (Vec<Outcome>, Vec<Event>) {
    const WIDTH: usize = 16;
    let mut simulation = Simulation::<WIDTH>::new(setup);
    let (mut outcomes, mut events) = (Vec::new(), Vec::new());
    for first in (0..histories).step_by(WIDTH) {
        let (some_outcomes, some_events) = simulation.run(seed, first, true, &mut ());
        outcomes.extend(some_outcomes);
        events.extend(some_events.into_iter().filter(|event| event.history < histories));
    }
    outcomes.truncate(histories as usize);
    (outcomes, events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "no metric of states is called `tanks`")]
    fn an_unknown_metric_is_refused() {
        let _ = Frame { date: 0.0, at_peace: true, states: vec![[0.0; 7]], system: [0.0; 3] }.metric(0, "tanks");
    }
}
