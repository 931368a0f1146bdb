//! When a point has enough histories. A study has all parts of its layout; if a point stops when the interval of an outcome is
//! narrow, the study has only as many rounds of that point as are needed.

use spiral_analysis::measures::Window;
use spiral_analysis::precision::Precision;
use spiral_model::Outcome;

use crate::Error;
use crate::plan::{Layout, Plan, Progress};

/// The parts that exist, and how to get the missing ones.
pub(crate) trait Source {
    /// Whether a part exists.
    fn has(&self, index: u32) -> bool;
    /// Gets missing parts, in this order. Returns false if it was cancelled.
    fn get(&mut self, parts: &[u32]) -> Result<bool, Error>;
    /// The outcomes of a part that exists.
    fn outcomes(&mut self, index: u32) -> Result<Vec<Outcome>, Error>;
}

/// Checks that the width of the interval of the measure can be the stopping rule.
pub(crate) fn check(plan: &Plan) -> Result<(), Error> {
    let Some(stop) = plan.sweep.as_ref().and_then(|sweep| sweep.stop.as_ref()) else { return Ok(()) };
    if Precision::new(&stop.outcome, Window { start: 0.0, length: 1.0 }).is_none() {
        let names = Precision::names().join(", ");
        let reason = format!("`until: {}` is not possible: the outcome must be a share or a mean, one of {names}", stop.outcome);
        return Err(Error::Plan { reason });
    }
    Ok(())
}

/// Gets every part of the study that `mine` lets through, in the order of work, and returns them in the order of the tables; `None`
/// if it was cancelled. Whether a point gets more histories depends on its own outcomes only.
pub(crate) fn gather(
    plan: &Plan,
    layout: &Layout,
    mine: &dyn Fn(u32) -> bool,
    progress: &dyn Progress,
    source: &mut dyn Source,
) -> Result<Option<Vec<u32>>, Error> {
    let Some(stop) = plan.sweep.as_ref().and_then(|sweep| sweep.stop.as_ref()) else {
        let mut parts: Vec<u32> = layout.order().filter(|index| mine(*index)).collect();
        let missing: Vec<u32> = parts.iter().copied().filter(|index| !source.has(*index)).collect();
        let all = source.get(&missing)?;
        parts.sort_unstable();
        return Ok(all.then_some(parts));
    };
    let each = layout.parts_per_point();
    let mut going: Vec<(u32, Precision)> = Vec::new();
    for (number, point) in (0_u32..).zip(&plan.points).filter(|(number, _)| mine(number * each)) {
        let horizon = &point.setup.horizon;
        let window = Window { start: horizon.start, length: horizon.end - horizon.start };
        // Checked before: the measure has an interval.
        going.extend(Precision::new(&stop.outcome, window).map(|precision| (number, precision)));
    }
    let mut parts = Vec::new();
    for round in 0..each {
        let indices: Vec<u32> = going.iter().map(|(point, _)| point * each + round).collect();
        let missing: Vec<u32> = indices.iter().copied().filter(|index| !source.has(*index)).collect();
        if !source.get(&missing)? {
            return Ok(None);
        }
        for ((_, precision), index) in going.iter_mut().zip(&indices) {
            precision.add(&source.outcomes(*index)?);
        }
        parts.extend(indices);
        let before = going.len();
        going.retain(|(_, precision)| precision.width() > stop.width);
        let spared = u64::from(plan.histories.saturating_sub((round + 1).saturating_mul(layout.part_histories)));
        progress.advance(spared * (before - going.len()) as u64);
    }
    parts.sort_unstable();
    Ok(Some(parts))
}
