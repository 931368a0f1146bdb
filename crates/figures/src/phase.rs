//! The phase portrait of a dyad: what one state has against what the other has, history by history.

use crate::Figure;
use crate::page::{BODY, Key, MARGIN, Mark, Page, diamond, dot};
use crate::palette::{INK, NEUTRAL, Style};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::singles::{COLOUR, MOST_SINGLES};
use crate::text;

const HEIGHT: f64 = 760.0;
const OF_FIRST: Style = Style { colour: "#0072b2", dash: Some("9 4") };
const OF_SECOND: Style = Style { colour: "#d55e00", dash: Some("9 4") };
const OWN: Style = Style { colour: "#000000", dash: None };

/// A straight line `first · x + second · y + constant = 0`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StraightLine {
    /// Factor of the first state's value.
    pub first: f64,
    /// Factor of the second state's value.
    pub second: f64,
    /// The constant.
    pub constant: f64,
}

/// What a phase portrait is drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct PhasePortrait {
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the study.
    pub title: String,
    /// Code and name of the two states: the first along, the second upwards.
    pub states: [(String, String); 2],
    /// What the values are, for titles: `Arms` or `Military burden`.
    pub what: String,
    /// Unit of the values.
    pub unit: String,
    /// Values of both states in each history, by date.
    pub paths: Vec<Vec<(f64, f64)>>,
    /// What history has: date, value of the first and of the second state; may be empty.
    pub observed: Vec<(f64, f64, f64)>,
    /// Source of what history has.
    pub source: String,
    /// Where the arms of the first, and of the second state, stand still, where the rule of arming is linear.
    pub nullclines: Option<[StraightLine; 2]>,
    /// A sentence on the sample.
    pub note: String,
}

/// The part of a straight line over the range of the axes.
fn ends(found: StraightLine, x: (f64, f64), y: (f64, f64)) -> Vec<(f64, f64)> {
    let steep = found.second.abs() < 1e-12 * found.first.abs();
    if steep {
        let at = -found.constant / found.first;
        return vec![(at, y.0), (at, y.1)];
    }
    let height = |along: f64| -(found.first * along + found.constant) / found.second;
    // Only what lies inside is drawn, so that no line crosses the frame.
    let inside = |along: &f64| (y.0..=y.1).contains(&height(*along));
    let step = (x.1 - x.0) / 200.0;
    (0..=200).map(|number| x.0 + f64::from(number) * step).filter(inside).map(|along| (along, height(along))).collect()
}

/// The figure `phase-A-B-SCENARIO`.
pub(crate) fn figure(portrait: &PhasePortrait) -> Figure {
    let [(a, name_a), (b, name_b)] = &portrait.states;
    let name = format!("phase-{}-{}-{}", text::file_name(a), text::file_name(b), text::file_name(&portrait.scenario));
    let title = format!("{} of {a} against {} of {b}: {}", portrait.what, portrait.what.to_lowercase(), portrait.scenario);
    let subtitle = "Each thin line is a history, year by year, from its dot on. A line that rises to the right is an arms race; one that \
                    turns back is a race that ends.";
    let mut page = Page::new(&name, &portrait.title, &title, subtitle);
    let mut footnotes = vec![portrait.note.clone()];
    let finite = |point: &(f64, f64)| point.0.is_finite() && point.1.is_finite();
    let paths: Vec<Vec<(f64, f64)>> =
        portrait.paths.iter().take(MOST_SINGLES).map(|path| path.iter().copied().filter(finite).collect()).collect();
    if paths.iter().all(Vec::is_empty) {
        page.nothing("No history of these two states was kept, so there is nothing to draw.");
        return Figure { name, svg: page.finish(&footnotes) };
    }
    let thin = Style { colour: COLOUR, dash: None };
    let mut keys = vec![Key { mark: Mark::Line(thin), label: format!("{} histories", paths.len()) }];
    if !portrait.observed.is_empty() {
        keys.push(Key { mark: Mark::Observed, label: "history".into() });
    }
    if portrait.nullclines.is_some() {
        keys.push(Key { mark: Mark::Line(OF_FIRST), label: format!("{a} stands still") });
        keys.push(Key { mark: Mark::Line(OF_SECOND), label: format!("{b} stands still") });
    }
    page.keys(&keys);
    let along = paths.iter().flatten().map(|point| point.0).chain(portrait.observed.iter().map(|point| point.1));
    let up = paths.iter().flatten().map(|point| point.1).chain(portrait.observed.iter().map(|point| point.2));
    let (x, y) = (Scale::from_zero(along, 6), Scale::from_zero(up, 6));
    let margins = Margins { left: 110.0, right: 30.0, top: 20.0, bottom: 66.0 };
    let mut panel = Panel::new((BODY, HEIGHT), margins, (x, Ticks::Numbers), (y, Ticks::Numbers));
    let label = |code: &str, name: &str| {
        let state = if name.is_empty() || name == code { code.to_string() } else { format!("{code} {name}") };
        format!("{state}: {}, {}", portrait.what.to_lowercase(), portrait.unit)
    };
    panel.x_label(&label(a, name_a));
    panel.y_label(&label(b, name_b));
    for path in &paths {
        panel.line(path, thin, 1.0);
        if let Some(start) = path.first() {
            let mark = dot(panel.x(start.0), panel.y(start.1), 3.0, NEUTRAL);
            panel.above(mark);
        }
    }
    if let Some([first, second]) = portrait.nullclines {
        panel.line(&ends(first, x.range, y.range), OF_FIRST, 2.4);
        panel.line(&ends(second, x.range, y.range), OF_SECOND, 2.4);
        footnotes.push(
            "On a broken line the arms of that state stand still, by the coefficients of Richardson's rule at the start and with all \
             other states at their starting arms. Where the two lines cross, both stand still."
                .to_string(),
        );
    }
    if !portrait.observed.is_empty() {
        let own: Vec<(f64, f64)> = portrait.observed.iter().map(|point| (point.1, point.2)).collect();
        panel.line(&own, OWN, 2.0);
        for (date, one, other) in &portrait.observed {
            let (at, height) = (panel.x(*one), panel.y(*other));
            panel.above(diamond(at, height, 4.5));
            let (first, last) = (portrait.observed.first().map(|p| p.0), portrait.observed.last().map(|p| p.0));
            if [first, last].contains(&Some(*date)) {
                let year = text::number(date.floor(), 1.0).replace(',', "");
                panel.above(crate::page::words(at + 9.0, height - 7.0, &year, 15, kuva::render::render::TextAnchor::Start, INK));
            }
        }
        footnotes.push(format!("History: {}.", portrait.source));
    }
    let top = page.cursor;
    panel.draw(&mut page, MARGIN, top);
    page.cursor = top + HEIGHT;
    Figure { name, svg: page.finish(&footnotes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nullcline_is_drawn_as_far_as_the_axes_go() {
        // y = x / 2 + 1, over x from 0 to 10 and y from 0 to 4: to x = 6.
        let found = ends(StraightLine { first: 0.5, second: -1.0, constant: 1.0 }, (0.0, 10.0), (0.0, 4.0));
        assert_eq!(found.first(), Some(&(0.0, 1.0)));
        assert!(found.last().is_some_and(|last| (last.0 - 6.0).abs() < 0.06 && last.1 <= 4.0), "{:?}", found.last());
        let steep = ends(StraightLine { first: 2.0, second: 0.0, constant: -6.0 }, (0.0, 10.0), (0.0, 4.0));
        assert_eq!(steep, [(3.0, 0.0), (3.0, 4.0)]);
    }
}
