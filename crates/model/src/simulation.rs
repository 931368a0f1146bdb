//! A block of histories: a world, its schedule, and the loop that steps it.

use crate::outcome::{Event, Outcome};
use crate::setup::Setup;
use spiral_kernel::Lanes;

/// The world at the end of a tick, as observers see it.
pub struct Snapshot<'a, const WIDTH: usize> {
    /// Number of the tick that ended, from 0; the snapshot before the first tick is told by `Observer::begin`.
    pub tick: u32,
    /// Date at the end of the tick, decimal year.
    pub date: f64,
    /// Whether each lane is still running.
    pub running: &'a [bool; WIDTH],
    /// Whether each lane has not yet seen a war.
    pub at_peace: &'a [bool; WIDTH],
    /// `states[state][metric]`, metrics as in [`crate::outcome::STATE_METRICS`].
    pub states: &'a [[Lanes<WIDTH>; 7]],
    /// Metrics as in [`crate::outcome::SYSTEM_METRICS`].
    pub system: &'a [Lanes<WIDTH>; 3],
}

/// Watches a block of histories.
pub trait Observer<const WIDTH: usize> {
    /// Called once before the first tick, with the world as it starts; the snapshot's tick is 0 and its date the first date.
    fn begin(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        let _ = snapshot;
    }

    /// Called after every tick, while any lane runs.
    fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>);
}

/// An observer that looks away.
impl<const WIDTH: usize> Observer<WIDTH> for () {
    fn tick(&mut self, _: &Snapshot<'_, WIDTH>) {}
}

/// A world for `WIDTH` histories of one setup. Make one per worker and reuse it: [`Simulation::run`] resets it.
pub struct Simulation<const WIDTH: usize> {
    setup: Setup,
}

impl<const WIDTH: usize> Simulation<WIDTH> {
    /// A world for this setup.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        Self { setup: setup.clone() }
    }

    /// Runs the histories `first_history..first_history + WIDTH` from start to end. Returns their outcomes in order and their
    /// events in order of (history, crisis, day). `with_events` false leaves the events out.
    pub fn run(
        &mut self,
        seed: u64,
        first_history: u32,
        with_events: bool,
        observer: &mut impl Observer<WIDTH>,
    ) -> (Vec<Outcome>, Vec<Event>) {
        let _ = (seed, first_history, with_events, observer, &self.setup);
        (Vec::new(), Vec::new())
    }
}
