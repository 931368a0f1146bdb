//! Single histories, drawn as thin lines under the fan of all.

use std::collections::BTreeMap;

use crate::palette::Style;
use crate::panel::Panel;
use crate::view::{Metric, World};

/// Single histories that a chart shows at most.
pub const MOST_SINGLES: usize = 30;

/// The colour of their lines: between that of the grid and that of the axes.
pub(crate) const COLOUR: &str = "#b5b5b5";
const WIDTH: f64 = 0.7;

/// The curve of a state in one history.
#[derive(Debug, Clone, PartialEq)]
pub struct SingleCurve {
    /// Name of the scenario.
    pub scenario: String,
    /// Design point.
    pub point: u32,
    /// Number of the history.
    pub history: u32,
    /// Code of the state.
    pub state: String,
    /// Metric, `arms` or `burden`.
    pub metric: String,
    /// Date (decimal year) and value in the unit of the curves, by date, one for each year.
    pub points: Vec<(f64, f64)>,
}

/// Curves of single histories by scenario, point, metric and state.
pub(crate) type Singles<'a> = BTreeMap<(&'a str, u32, &'a str, &'a str), Vec<&'a SingleCurve>>;

pub(crate) fn by_state(singles: &[SingleCurve]) -> Singles<'_> {
    let mut found = Singles::new();
    for curve in singles {
        let key = (curve.scenario.as_str(), curve.point, curve.metric.as_str(), curve.state.as_str());
        found.entry(key).or_default().push(curve);
    }
    found
}

/// Points of a curve in the unit of the charts, within the years of the world.
fn points(curve: &SingleCurve, world: &World, metric: Metric) -> Vec<(f64, f64)> {
    let (first, last) = world.summary.years;
    let shown = |(date, value): &(f64, f64)| value.is_finite() && *date >= first && *date <= last;
    curve.points.iter().map(|(date, value)| (*date, value * metric.factor())).filter(shown).collect()
}

/// Largest value of the single histories that are drawn, in the unit of the charts.
pub(crate) fn top(curves: &[&SingleCurve], world: &World, metric: Metric) -> f64 {
    let shown = curves.iter().take(MOST_SINGLES);
    shown.flat_map(|curve| points(curve, world, metric)).map(|point| point.1).fold(0.0, f64::max)
}

/// Draws the single histories of a state.
pub(crate) fn draw(curves: &[&SingleCurve], panel: &mut Panel, world: &World, metric: Metric) {
    for curve in curves.iter().take(MOST_SINGLES) {
        panel.line(&points(curve, world, metric), Style { colour: COLOUR, dash: None }, WIDTH);
    }
}
