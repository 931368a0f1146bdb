//! The simulator of a block of histories.

use spiral_model::{Compiled, Event, Observer, Outcome, Setup, Simulation};

/// Histories that advance in step in one block. Blocks of 32 were some 3 % faster on AVX-512 and no faster on AVX2, at twice the
/// memory; each width costs a compilation of the whole step, so 16 is the only one but 1.
pub const WIDTH: usize = 16;

/// Runs blocks of `W` histories of one setup. The model's [`Simulation`] is one; tests bring their own.
pub trait Engine<const W: usize>: Sized {
    /// The same engine for one history at a time.
    type Single: Engine<1>;

    /// A world for this setup.
    fn new(setup: &Setup) -> Self;

    /// Makes it run another setup: the same bits as a new engine.
    fn change(&mut self, setup: &Setup);

    /// Runs the histories `first_history..first_history + W`: outcomes in order, events in order of history.
    fn run(
        &mut self,
        seed: u64,
        first_history: u32,
        with_events: bool,
        observer: &mut impl Observer<W>,
    ) -> (Vec<Outcome>, Vec<Event>);
}

impl<const W: usize> Engine<W> for Simulation<W>
where
    Self: Compiled,
{
    type Single = Simulation<1>;

    fn new(setup: &Setup) -> Self {
        Self::new(setup)
    }

    fn change(&mut self, setup: &Setup) {
        Self::change(self, setup.clone());
    }

    fn run(
        &mut self,
        seed: u64,
        first_history: u32,
        with_events: bool,
        observer: &mut impl Observer<W>,
    ) -> (Vec<Outcome>, Vec<Event>) {
        Self::run(self, seed, first_history, with_events, observer)
    }
}
