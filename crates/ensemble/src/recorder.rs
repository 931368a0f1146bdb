//! Watches a block and keeps the values that the curves need.

use spiral_model::outcome::STATE_METRICS;
use spiral_model::{Observer, Snapshot};

use crate::curves::{Curves, Frame};

/// An observer that adds the values of the histories at risk to curves. [`crate::simulate`] uses it; a program that runs
/// a [`spiral_model::Simulation`] itself can use it too.
///
/// Values are first set side by side for several blocks, then added cell by cell: each cell's histogram is fetched once a
/// batch instead of once a block.
pub struct Recorder<'a, const W: usize> {
    frame: &'a Frame,
    through_war: bool,
    /// Lanes that count: the last block may hold fewer than `W` histories.
    asked: usize,
    /// By cell, then block, then lane; NaN where the history is not at risk.
    buffer: Vec<f64>,
    block: usize,
    curves: Curves,
}

impl<'a, const W: usize> Recorder<'a, W> {
    /// Blocks that are added at once.
    const BLOCKS: usize = if W < 128 { 128 / W } else { 1 };
    /// Values of one cell that are added at once.
    const BATCH: usize = Self::BLOCKS * W;

    /// A recorder over the dates and states of a frame. `through_war` follows a history past its first war.
    #[must_use]
    pub fn new(frame: &'a Frame, through_war: bool) -> Self {
        let curves = Curves::new(frame);
        let buffer = vec![f64::NAN; curves.cells.len() * Self::BATCH];
        Self { frame, through_war, asked: W, buffer, block: 0, curves }
    }

    /// Prepares for a block of which the first `asked` lanes count.
    pub fn start_block(&mut self, asked: usize) {
        self.asked = asked;
    }

    /// Ends a block.
    pub fn end_block(&mut self) {
        self.block += 1;
        if self.block == Self::BLOCKS {
            self.flush();
        }
    }

    /// Discards the block that was started.
    pub fn discard_block(&mut self) {
        for values in self.buffer.chunks_mut(Self::BATCH) {
            values[self.block * W..(self.block + 1) * W].fill(f64::NAN);
        }
    }

    fn flush(&mut self) {
        for (cell, values) in self.curves.cells.iter_mut().zip(self.buffer.chunks_mut(Self::BATCH)) {
            cell.extend(values);
            values.fill(f64::NAN);
        }
        self.block = 0;
    }

    /// The curves of all blocks so far, without the hazard.
    #[must_use]
    pub fn finish(mut self) -> Curves {
        self.flush();
        self.curves
    }

    fn record(&mut self, boundary: usize, snapshot: &Snapshot<'_, W>) {
        let Some(slot) = self.frame.slot(boundary) else { return };
        let at_risk: [bool; W] = std::array::from_fn(|lane| {
            lane < self.asked && snapshot.running[lane] && (self.through_war || snapshot.at_peace[lane])
        });
        let first = slot * self.frame.rows();
        let block = self.block;
        let mut keep = |row: usize, values: &[f64; W]| {
            let start = (first + row) * Self::BATCH + block * W;
            let kept = &mut self.buffer[start..start + W];
            for lane in 0..W {
                kept[lane] = if at_risk[lane] { values[lane] } else { f64::NAN };
            }
        };
        for (state, metrics) in snapshot.states.iter().take(self.frame.states).enumerate() {
            for (metric, values) in metrics.iter().enumerate() {
                keep(state * STATE_METRICS.len() + metric, values.as_array());
            }
        }
        for (metric, values) in snapshot.system.iter().enumerate() {
            keep(self.frame.system_row(metric), values.as_array());
        }
    }
}

impl<const W: usize> Observer<W> for Recorder<'_, W> {
    fn wants(&self, tick: u32, _: f64) -> bool {
        self.frame.slot(tick as usize + 1).is_some()
    }

    fn begin(&mut self, snapshot: &Snapshot<'_, W>) {
        self.record(0, snapshot);
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, W>) {
        self.record(snapshot.tick as usize + 1, snapshot);
    }
}
