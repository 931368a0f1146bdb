//! Parts into tables, in order, one part in memory at a time.

use std::path::Path;

use spiral_analysis::PointTally;
use spiral_ensemble::Curves;

use crate::panel_tables::{PanelWriter, PointNames};
use crate::part::Part;
use crate::plan::{Layout, Plan, Progress};
use crate::tables::{self, Table, Writer};
use crate::{Error, panel_parts};

/// Writes the tables of these parts, which are in order. Returns false if it was cancelled before the end: then no table is written.
pub(crate) fn tables(
    plan: &Plan,
    layout: &Layout,
    parts: &[u32],
    directory: &Path,
    progress: &dyn Progress,
    read: &dyn Fn(u32) -> Result<Part, Error>,
) -> Result<bool, Error> {
    let all_rows = plan.rows.is_all();
    let start = |table: Table, wanted: bool| wanted.then(|| Writer::start(table, directory)).transpose();
    let mut outcomes = start(Table::Outcomes, all_rows)?;
    let mut events = start(Table::Events, all_rows)?;
    let mut tallies = start(Table::Tallies, !all_rows)?;
    let mut curves = Writer::start(Table::Curves, directory)?;
    let mut failures = Writer::start(Table::Failures, directory)?;
    let mut panel = plan.panel.map(|_| PanelWriter::start(directory)).transpose()?;
    let mut parts = parts.iter().copied().peekable();
    for (position, point) in plan.points.iter().enumerate() {
        let number = position as u32;
        let states: Vec<String> = point.setup.states.iter().map(|state| state.code.clone()).collect();
        let names = PointNames { scenario: &point.scenario, point: number, states: &states };
        let (mut merged, mut tally) = (Curves::default(), PointTally::default());
        while let Some(index) = parts.next_if(|index| layout.span(*index).point == position) {
            if progress.cancelled() {
                return Ok(false);
            }
            let Part { ensemble: part, tally: of_part } = read(index)?;
            if let Some(outcomes) = &mut outcomes {
                outcomes.add(&tables::outcome_batch(&point.scenario, number, &states, &part.outcomes)?)?;
            }
            if let Some(events) = &mut events {
                events.add(&tables::event_batch(&point.scenario, number, &states, &part.events)?)?;
            }
            if let Some(of_part) = &of_part {
                tally.merge(of_part);
            }
            let failed = tables::failure_batch(plan, number, &states, &part.outcomes, &part.broken)?;
            failures.add(&failed)?;
            merged.merge(&part.curves);
            if let Some(panel) = &mut panel {
                panel_parts::for_each(directory, index, &mut |rows| panel.add(&names, rows))?;
            }
        }
        if let Some(panel) = &mut panel {
            panel.end_point(&names)?;
        }
        if let Some(tallies) = &mut tallies {
            tallies.add(&tables::tally_batch(&point.scenario, number, &tally.rows())?)?;
        }
        if plan.curves {
            curves.add(&tables::curve_batch(&merged.rows(&point.setup, &point.scenario, number))?)?;
        }
    }
    for writer in [outcomes, events, tallies].into_iter().flatten() {
        writer.finish()?;
    }
    curves.finish()?;
    failures.finish()?;
    panel.map_or(Ok(()), PanelWriter::finish)?;
    Ok(true)
}
