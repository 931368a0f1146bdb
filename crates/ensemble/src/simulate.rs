//! From a world to its histories, block by block.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};
use spiral_analysis::PanelRows;
use spiral_model::{Ended, Event, Look, Observer, Outcome, Setup, Simulation, Snapshot};

use crate::curves::{Curves, Frame};
use crate::engine::{Engine, WIDTH};
use crate::panel::{PanelFrame, PanelOptions, PanelRecorder};
use crate::recorder::Recorder;

/// What is kept of the histories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Whether curves are kept.
    pub curves: bool,
    /// Whether curves and panels follow a history past its first war.
    pub through_war: bool,
    /// Events are kept of the histories that are numbered below this: 0 keeps none, [`u32::MAX`] keeps all.
    pub events_for: u32,
    /// Which histories are kept as rows of states and dyads, if any.
    pub panel: Option<PanelOptions>,
}

impl Default for Options {
    /// Curves up to the first war of each history, and all events; no panel.
    fn default() -> Self {
        Self { curves: true, through_war: false, events_for: u32::MAX, panel: None }
    }
}

/// What consecutive histories that were simulated together leave behind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Block {
    /// One outcome for each history, in order.
    pub outcomes: Vec<Outcome>,
    /// Events of the histories whose events are kept, in order of (history, crisis, day).
    pub events: Vec<Event>,
    /// Rows of states and dyads of the histories that are kept as panels, by history.
    pub panel: PanelRows,
    /// Histories in which the simulator itself stopped with an error, in order. Each has an outcome too, with
    /// [`Ended::Failure`].
    pub broken: Vec<Broken>,
}

/// A history in which the simulator itself stopped with an error (a panic): a fault of the program, not of the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// Number of the history.
    pub history: u32,
    /// The message of the error.
    pub message: String,
}

/// Takes what is simulated.
pub trait Sink {
    /// Takes the next block; blocks come in the order of the histories. [`ControlFlow::Break`] stops the simulation if histories are
    /// left.
    fn block(&mut self, block: Block) -> ControlFlow<()>;

    /// Takes the curves over all blocks, once, after the last block. Not called if the simulation was stopped.
    fn curves(&mut self, curves: Curves);
}

/// The engine returned fewer histories than it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortBlock {
    /// Histories returned.
    pub returned: usize,
    /// Histories asked for.
    pub asked: usize,
}

impl fmt::Display for ShortBlock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the simulator returned {} histories where {} were asked for", self.returned, self.asked)
    }
}

impl Error for ShortBlock {}

/// Simulates these histories of a world one block after the other on this thread, and gives each block to `sink`. Returns whether all
/// of them were simulated; `false` means that the sink stopped the simulation.
///
/// A world that is too large for [`WIDTH`] histories at a time is simulated one history at a time. The bits are the same.
///
/// # Errors
/// An engine that returns too few histories. The model's own engine never does.
pub fn simulate(
    setup: &Setup,
    seed: u64,
    histories: Range<u32>,
    options: &Options,
    sink: &mut impl Sink,
) -> Result<bool, ShortBlock> {
    if spiral_model::world::is_large(setup) {
        return simulate_with::<Simulation<1>, 1>(setup, seed, histories, options, sink);
    }
    simulate_with::<Simulation<WIDTH>, WIDTH>(setup, seed, histories, options, sink)
}

/// [`simulate`] with any engine and any width of blocks.
///
/// # Errors
/// An engine that returns too few histories.
pub fn simulate_with<E: Engine<W>, const W: usize>(
    setup: &Setup,
    seed: u64,
    histories: Range<u32>,
    options: &Options,
    sink: &mut impl Sink,
) -> Result<bool, ShortBlock> {
    let frames = Frames::new(setup, options);
    let mut run = Run { setup, seed, options, frames: &frames, aside: Curves::new(&frames.curves) };
    let mut engine = E::new(setup);
    let mut watch = Watch::<W>::new(&frames, options);
    let mut first = histories.start;
    while first < histories.end {
        let asked = (histories.end - first).min(W as u32);
        let with_events = watch.start_block(first, asked);
        // After a panic the world is discarded.
        let simulated = catch_unwind(AssertUnwindSafe(|| engine.run(seed, first, with_events, &mut watch)));
        let mut block = Block::default();
        if let Ok((outcomes, events)) = simulated {
            block.panel = watch.end_block(&events);
            (block.outcomes, block.events) = (outcomes, events);
        } else {
            watch.recorder.discard_block();
            engine = E::new(setup);
            block = run.one_by_one::<E::Single>(first..first + asked);
        }
        if block.outcomes.len() < asked as usize {
            return Err(ShortBlock { returned: block.outcomes.len(), asked: asked as usize });
        }
        block.outcomes.truncate(asked as usize);
        let kept = first..first + asked.min(options.events_for.saturating_sub(first));
        block.events.retain(|event| kept.contains(&event.history));
        run.aside.add_hazard(&frames.curves, &block.outcomes);
        first += asked;
        if sink.block(block).is_break() && first < histories.end {
            return Ok(false);
        }
    }
    let mut curves = watch.recorder.finish();
    curves.merge(&run.aside);
    sink.curves(curves);
    Ok(true)
}

/// [`simulate`] where histories differ in their numbers: history `k` has the setup that `setup_of(k)` gives, or where it gives none the
/// setup of the history before (the first then has `base`). `base` has the same years and states as all of them: curves are kept for it.
///
/// Histories are simulated one at a time, not in blocks: lanes of different numbers would make every parameter of every mechanism a
/// vector, and a width of one costs only some 2.5 to 4 times the work of blocks of sixteen (measured on three built-in scenarios). Another
/// setup costs about a millisecond, of which most is building the world anew where other dyads come within reach.
///
/// # Errors
/// An engine that returns no history.
pub fn simulate_each<E: Engine<1>>(
    base: &Setup,
    setup_of: &mut dyn FnMut(u32) -> Option<Setup>,
    seed: u64,
    histories: Range<u32>,
    options: &Options,
    sink: &mut impl Sink,
) -> Result<bool, ShortBlock> {
    let frames = Frames::new(base, options);
    let mut aside = Curves::new(&frames.curves);
    let mut watch = Watch::<1>::new(&frames, options);
    let mut setup = base.clone();
    let mut engine = E::new(base);
    for history in histories.clone() {
        if let Some(next) = setup_of(history) {
            engine.change(&next);
            setup = next;
        }
        let block = single(&mut engine, &setup, seed, history, &mut watch);
        if block.outcomes.is_empty() {
            return Err(ShortBlock { returned: 0, asked: 1 });
        }
        aside.add_hazard(&frames.curves, &block.outcomes);
        if sink.block(block).is_break() && history + 1 < histories.end {
            return Ok(false);
        }
    }
    let mut curves = watch.recorder.finish();
    curves.merge(&aside);
    sink.curves(curves);
    Ok(true)
}

/// Simulates one history; where it stops the simulator it becomes a row that reports the error, and the engine is made anew.
fn single<E: Engine<1>>(engine: &mut E, setup: &Setup, seed: u64, history: u32, watch: &mut Watch<'_, 1>) -> Block {
    let with_events = watch.start_block(history, 1);
    let mut block = Block::default();
    match catch_unwind(AssertUnwindSafe(|| engine.run(seed, history, with_events, watch))) {
        Ok((outcomes, mut events)) => {
            block.panel = watch.end_block(&events);
            events.retain(|event| event.history < watch.events_for);
            (block.outcomes, block.events) = (outcomes, events);
        }
        Err(payload) => {
            watch.recorder.discard_block();
            *engine = E::new(setup);
            block.outcomes.push(nothing_known(history, setup));
            block.broken.push(Broken { history, message: message(payload.as_ref()) });
        }
    }
    block
}

/// What is kept of a world: dates and states of its curves, periods and pairs of its panel.
struct Frames {
    curves: Frame,
    panel: Option<PanelFrame>,
}

impl Frames {
    fn new(setup: &Setup, options: &Options) -> Self {
        let panel = options.panel.map(|panel| PanelFrame::new(setup, panel, options.through_war));
        Self { curves: Frame::of(setup, options.curves), panel }
    }
}

/// Watches blocks for curves and panel.
struct Watch<'a, const W: usize> {
    recorder: Recorder<'a, W>,
    panel: PanelRecorder<'a>,
    /// Events are kept of the histories that are numbered below this.
    events_for: u32,
}

impl<'a, const W: usize> Watch<'a, W> {
    fn new(frames: &'a Frames, options: &Options) -> Self {
        let recorder = Recorder::new(&frames.curves, options.through_war);
        Self { recorder, panel: PanelRecorder::new(frames.panel.as_ref()), events_for: options.events_for }
    }

    /// Prepares for a block, and returns whether its events are needed.
    fn start_block(&mut self, first: u32, asked: u32) -> bool {
        self.recorder.start_block(asked as usize);
        // A panel is made from events, whether they are kept or not.
        self.panel.start_block(first, asked) || first < self.events_for
    }

    /// Ends a block, and returns the rows of its panel.
    fn end_block(&mut self, events: &[Event]) -> PanelRows {
        self.recorder.end_block();
        self.panel.end_block(events)
    }
}

impl<const W: usize> Observer<W> for Watch<'_, W> {
    fn wants(&self, tick: u32, date: f64) -> bool {
        self.recorder.wants(tick, date)
    }

    fn begin(&mut self, snapshot: &Snapshot<'_, W>) {
        self.recorder.begin(snapshot);
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, W>) {
        self.recorder.tick(snapshot);
    }

    fn wants_look(&self, _: u32) -> bool {
        self.panel.wants()
    }

    fn look(&mut self, look: &Look<'_, W>) {
        self.panel.look(look);
    }
}

/// What stays the same for all blocks, and the curves that the recorder of the blocks does not see.
struct Run<'a> {
    setup: &'a Setup,
    seed: u64,
    options: &'a Options,
    frames: &'a Frames,
    /// The hazard, and the curves of the histories that had to be simulated one at a time.
    aside: Curves,
}

impl Run<'_> {
    /// Simulates the histories of a block that stopped the simulator one at a time: those that stop it again become rows
    /// that report the error.
    fn one_by_one<E: Engine<1>>(&mut self, histories: Range<u32>) -> Block {
        let mut engine = E::new(self.setup);
        let mut watch = Watch::<1>::new(self.frames, self.options);
        let mut block = Block::default();
        for history in histories {
            let one = single(&mut engine, self.setup, self.seed, history, &mut watch);
            block.outcomes.extend(one.outcomes);
            block.events.extend(one.events);
            block.panel.append(one.panel);
            block.broken.extend(one.broken);
        }
        self.aside.merge(&watch.recorder.finish());
        block
    }
}

/// The message of a panic.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
    text.unwrap_or("the error has no message").to_string()
}

/// The outcome of a history that has no results.
fn nothing_known(history: u32, setup: &Setup) -> Outcome {
    Outcome {
        peak_burden: f64::NAN,
        arms_growth: f64::NAN,
        spiral_rate: f64::NAN,
        concentration: f64::NAN,
        ended: Ended::Failure,
        ..Outcome::unwritten(history, setup.horizon.start)
    }
}
