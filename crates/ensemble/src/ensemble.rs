//! An ensemble that is kept in memory.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use spiral_analysis::PanelRows;
use spiral_model::{Event, Outcome};

use crate::curves::Curves;
use crate::simulate::{Block, Broken, Sink};

/// Everything that consecutive histories of one world leave behind. It is the [`Sink`] that keeps all in memory.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ensemble {
    /// One outcome for each history, in order.
    pub outcomes: Vec<Outcome>,
    /// Events of the histories whose events are kept, in order of (history, crisis, day).
    pub events: Vec<Event>,
    /// Curves over all histories. Empty until the simulation has ended, and where no curves are kept.
    pub curves: Curves,
    /// Rows of states and dyads of the histories that are kept as panels, by history.
    pub panel: PanelRows,
    /// Histories in which the simulator itself stopped with an error, in order.
    pub broken: Vec<Broken>,
}

impl Ensemble {
    /// Adds the histories that follow on these.
    pub fn append(&mut self, next: Self) {
        self.outcomes.extend(next.outcomes);
        self.events.extend(next.events);
        self.curves.merge(&next.curves);
        self.panel.append(next.panel);
        self.broken.extend(next.broken);
    }
}

impl Sink for Ensemble {
    fn block(&mut self, block: Block) -> ControlFlow<()> {
        self.outcomes.extend(block.outcomes);
        self.events.extend(block.events);
        self.panel.append(block.panel);
        self.broken.extend(block.broken);
        ControlFlow::Continue(())
    }

    fn curves(&mut self, curves: Curves) {
        self.curves.merge(&curves);
    }
}
