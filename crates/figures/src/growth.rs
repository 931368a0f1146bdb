//! How much spending on arms changes from one year to the next: a histogram of single histories beside that of history.

use crate::page::{BODY, Key, MARGIN, Mark, Page, TICK, area, line, words};
use crate::palette::{INK, NEUTRAL, Style};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::text;
use crate::view::{Metric, View, World};
use kuva::render::render::TextAnchor;

/// Width of a bin, in logarithms.
const BIN: f64 = 0.05;
/// Bins on each side of zero; what lies beyond is in the outermost ones.
const SIDE: i32 = 14;
const BINS: usize = 2 * SIDE as usize;
const HEIGHT: f64 = 460.0;

/// Shares of the changes in each bin, per cent.
fn histogram(changes: &[f64]) -> [f64; BINS] {
    let mut shares = [0.0; BINS];
    for change in changes {
        let bin = (change / BIN).floor().clamp(f64::from(-SIDE), f64::from(SIDE - 1)) as i32 + SIDE;
        shares[bin as usize] += 100.0 / changes.len() as f64;
    }
    shares
}

/// Changes of a series from one year to the next, in logarithms.
fn changes(points: &[(f64, f64)]) -> impl Iterator<Item = f64> + '_ {
    points.windows(2).filter_map(|two| {
        let ((before, low), (after, high)) = (two[0], two[1]);
        let a_year = (after - before - 1.0).abs() < 1e-6;
        (a_year && low > 0.0 && high > 0.0 && low.is_finite() && high.is_finite()).then(|| libm::log(high / low))
    })
}

/// The figure of a world: `growth-SCENARIO`. `None` where no single histories are kept.
pub(crate) fn figure(view: &View, world: &World) -> Option<(String, String)> {
    let (states, _) = view.states(world, Metric::Burden);
    let of = |state: &str| view.singles(world, Metric::Burden, state);
    let simulated: Vec<f64> =
        states.iter().flat_map(|(state, _)| of(state).into_iter().flat_map(|curve| changes(&curve.points))).collect();
    if simulated.is_empty() {
        return None;
    }
    let histories = states.iter().map(|(state, _)| of(state).len()).max().unwrap_or(0);
    let observed: Vec<f64> =
        states.iter().flat_map(|(state, _)| changes(&view.observed(world, Metric::Burden, state)).collect::<Vec<_>>()).collect();
    let name = format!("growth-{}", world.file);
    let title = format!("Growth of military burdens from one year to the next: {}", world.label);
    let subtitle = "Burden is spending on arms as a share of output. Each bar is a range of 5 % of growth; the outermost bars hold all \
                    that lies beyond.";
    let mut page = Page::new(&name, view.input.title, &title, subtitle);
    let mut keys = vec![Key {
        mark: Mark::Area(NEUTRAL, 0.45),
        label: format!("simulated: {} state-years of {histories} histories", text::count(simulated.len() as u64)),
    }];
    let own = Style { colour: "#000000", dash: None };
    if !observed.is_empty() {
        keys.push(Key { mark: Mark::Line(own), label: format!("history: {} state-years", text::count(observed.len() as u64)) });
    }
    page.keys(&keys);
    let (bars, steps) = (histogram(&simulated), histogram(&observed));
    let highest = bars.iter().chain(steps.iter().filter(|share| share.is_finite())).copied().fold(0.0, f64::max);
    let margins = Margins { left: 92.0, right: 24.0, top: 24.0, bottom: 66.0 };
    let edge = BIN * f64::from(SIDE) * 100.0;
    let growth = Scale { range: (-edge, edge), step: 20.0 };
    let mut panel = Panel::new((BODY, HEIGHT), margins, (growth, Ticks::None), (Scale::from_zero([highest], 5), Ticks::Percent));
    panel.y_label("share of the state-years");
    panel.x_label("growth of the burden in a year, % (logarithm)");
    for tick in (-60..=60).step_by(20) {
        let written = if tick > 0 { format!("+{tick}") } else { tick.to_string() };
        let x = panel.x(f64::from(tick));
        panel.above(line((x, panel.bottom()), (x, panel.bottom() + 5.0), INK, 1.0, None));
        panel.above(words(x, panel.bottom() + 22.0, &written, TICK, TextAnchor::Middle, INK));
    }
    let left_of = |bin: usize| 100.0 * BIN * (bin as f64 - f64::from(SIDE));
    let mut corners = Vec::new();
    for (bin, (bar, step)) in bars.iter().zip(&steps).enumerate() {
        let (left, right) = (panel.x(left_of(bin)), panel.x(left_of(bin + 1)));
        let high = panel.y(*bar);
        if *bar > 0.0 {
            panel.above(area(left + 0.5, high, right - left - 1.0, panel.bottom() - high, NEUTRAL, 0.45));
        }
        corners.extend([(left_of(bin), *step), (left_of(bin + 1), *step)]);
    }
    if !observed.is_empty() {
        for two in corners.windows(2) {
            let place = |corner: (f64, f64)| (panel.x(corner.0), panel.y(corner.1));
            panel.above(line(place(two[0]), place(two[1]), own.colour, 2.4, None));
        }
    }
    let top = page.cursor;
    panel.draw(&mut page, MARGIN, top);
    page.cursor = top + HEIGHT;
    let mut footnotes = vec![
        view.method(&[world]),
        format!("Drawn from the first {histories} of the histories that are kept as tables of states and dyads."),
    ];
    let spread = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() as f64 - 1.0).max(1.0)).sqrt()
    };
    let mut deviation = format!("Standard deviation of growth: {:.2} simulated", spread(&simulated));
    if !observed.is_empty() {
        deviation = format!("{deviation}, {:.2} in history", spread(&observed));
        footnotes.push(format!("Observed values: {}.", view.sources(world, Metric::Burden).join("; ")));
    }
    footnotes.push(format!("{deviation}."));
    Some((name, page.finish(&footnotes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_count_from_one_year_to_the_next_only() {
        let e = libm::exp(0.1);
        let found: Vec<f64> = changes(&[(1900.5, 1.0), (1901.5, e), (1903.5, 5.0), (1904.5, 0.0), (1905.5, 1.0)]).collect();
        assert!(found.len() == 1 && (found[0] - 0.1).abs() < 1e-12, "{found:?}");
        let shares = histogram(&[0.02, 0.03, -0.01, 9.0]);
        assert_eq!((shares[SIDE as usize], shares[SIDE as usize - 1], shares[BINS - 1]), (50.0, 25.0, 25.0));
    }
}
