//! Parts into tables, in order, one part in memory at a time.

use std::path::Path;

use crate::Error;
use crate::curves::{Curves, Frame};
use crate::part::Part;
use crate::plan::{Layout, Plan, Progress};
use crate::tables::{self, Table, Writer};

/// Writes the three tables. Returns false if it was cancelled on the way: then no table is there.
pub(crate) fn tables(
    plan: &Plan,
    layout: &Layout,
    directory: &Path,
    progress: &dyn Progress,
    read: &dyn Fn(u32) -> Result<Part, Error>,
) -> Result<bool, Error> {
    let mut outcomes = Writer::start(Table::Outcomes, directory)?;
    let mut curves = Writer::start(Table::Curves, directory)?;
    let mut events = Writer::start(Table::Events, directory)?;
    for (position, point) in plan.points.iter().enumerate() {
        let number = position as u32;
        let states: Vec<String> = point.setup.states.iter().map(|state| state.code.clone()).collect();
        let frame = Frame::new(&point.setup);
        let mut merged = Curves::new(&frame);
        let each = layout.parts_per_point();
        for index in number * each..(number + 1) * each {
            if progress.cancelled() {
                return Ok(false);
            }
            let part = read(index)?;
            outcomes.add(&tables::outcome_batch(&point.scenario, number, &states, &part.outcomes)?)?;
            events.add(&tables::event_batch(&point.scenario, number, &states, &part.events)?)?;
            merged.merge(&part.curves);
        }
        curves.add(&tables::curve_batch(&merged.rows(&frame, &point.scenario, number, &point.setup))?)?;
    }
    outcomes.finish()?;
    curves.finish()?;
    events.finish()?;
    Ok(true)
}
