//! Charts of any estimates: dots with intervals in rows, and lines over a number. The science report is drawn with these.

use kuva::render::render::TextAnchor;
use spiral_analysis::Estimate;

use crate::Figure;
use crate::forest::{Row, Section, draw, sides, value};
use crate::page::{BODY, Key, LABEL, MARGIN, Mark, Page, dot, line, words};
use crate::palette::{self, INK, Style};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;

const HEIGHT: f64 = 460.0;

/// The texts of a chart of estimates.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'a> {
    /// Name without extension.
    pub name: &'a str,
    /// The study that it belongs to, above the title.
    pub kicker: &'a str,
    /// Title.
    pub title: &'a str,
    /// What was simulated, and how the intervals were made; below the chart.
    pub note: &'a str,
}

impl Chart<'_> {
    /// Dots with intervals, one a row. Where an interval passes zero, the place of zero is marked.
    #[must_use]
    pub fn dots(&self, axis: &str, rows: &[(String, Estimate)]) -> Figure {
        let mut page = Page::new(self.name, self.kicker, self.title, "Dot: estimate; line: 95 % interval.");
        let colour = palette::style(0).colour;
        let rows: Vec<Row> =
            rows.iter().map(|(label, estimate)| Row { label: label.clone(), colour, value: value(estimate, 1.0) }).collect();
        let ends = |row: &Row| {
            row.value.into_iter().flat_map(|(middle, interval)| {
                let (low, high) = interval.unwrap_or((middle, middle));
                [low, middle, high]
            })
        };
        let values: Vec<f64> = rows.iter().flat_map(ends).chain([0.0]).collect();
        let signed = values.iter().any(|value| *value < 0.0);
        let scale = Scale::around(values, 6);
        let sections = [Section { heading: None, rows }];
        let kind = if signed { Ticks::Signed } else { Ticks::Numbers };
        draw(&mut page, &sections, sides(sections.iter(), signed), scale, kind, axis, signed);
        Figure { name: self.name.to_owned(), svg: page.finish(&[self.note.to_owned()]) }
    }

    /// Lines over a number; each point has a dot and its interval.
    #[must_use]
    pub fn lines(&self, x: &str, y: &str, lines: &[(String, Vec<(f64, Estimate)>)]) -> Figure {
        let mut page = Page::new(self.name, self.kicker, self.title, "Dots: estimates; vertical lines: 95 % intervals.");
        let style = |position: usize| Style { dash: None, ..palette::style(position) };
        if lines.len() > 1 {
            let key =
                |(position, (label, _)): (usize, &(String, _))| Key { mark: Mark::Line(style(position)), label: label.clone() };
            page.keys(&lines.iter().enumerate().map(key).collect::<Vec<_>>());
        }
        let places = lines.iter().flat_map(|(_, points)| points.iter().map(|point| point.0));
        let ends = lines.iter().flat_map(|(_, points)| points).filter_map(|(_, estimate)| value(estimate, 1.0));
        let tops = ends.map(|(middle, interval)| interval.map_or(middle, |(_, high)| high));
        let margins = Margins { left: 100.0, right: 40.0, top: 16.0, bottom: 70.0 };
        let (across, up) = (Scale::around(places, 6), Scale::from_zero(tops, 5));
        let mut panel = Panel::new((BODY, HEIGHT), margins, (across, Ticks::Numbers), (up, Ticks::Numbers));
        panel.x_label(x);
        panel.y_label(y);
        for (position, (_, points)) in lines.iter().enumerate() {
            let style = style(position);
            let drawn: Vec<_> = points.iter().filter_map(|(x, estimate)| Some((*x, value(estimate, 1.0)?))).collect();
            panel.line(&drawn.iter().map(|(x, (middle, _))| (*x, *middle)).collect::<Vec<_>>(), style, 2.5);
            for (x, (middle, interval)) in drawn {
                let x = panel.x(x);
                if let Some((low, high)) = interval {
                    let (low, high) = (panel.y(low), panel.y(high));
                    panel.above(line((x, low), (x, high), style.colour, 3.0, None));
                }
                let mark = dot(x, panel.y(middle), 6.0, style.colour);
                panel.above(mark);
            }
        }
        if lines.iter().all(|(_, points)| points.is_empty()) {
            panel.above(words(BODY / 2.0, HEIGHT / 2.0, "no estimate", LABEL, TextAnchor::Middle, INK));
        }
        let top = page.cursor;
        panel.draw(&mut page, MARGIN, top);
        page.cursor = top + HEIGHT;
        Figure { name: self.name.to_owned(), svg: page.finish(&[self.note.to_owned()]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(middle: f64) -> Estimate {
        Estimate::new(middle, (middle - 0.1, middle + 0.1), 100, "Wilson")
    }

    #[test]
    fn every_row_and_every_point_is_drawn() {
        let chart = Chart { name: "one", kicker: "pattern", title: "A <title>", note: "seed 1" };
        let rows = [("first".to_owned(), estimate(0.5)), ("second".to_owned(), Estimate::none(0, "none"))];
        let dots = chart.dots("share", &rows).svg;
        for text in ["first", "second", "0.5", "no estimate", "A &lt;title&gt;", "seed 1", "share"] {
            assert!(dots.contains(text), "no {text} in {dots}");
        }
        let points = vec![(0.0, estimate(0.2)), (0.5, estimate(0.4)), (1.0, estimate(0.3))];
        let svg = chart.lines("awareness", "war", &[("m̂ 1".to_owned(), points.clone()), ("m̂ 2".to_owned(), points)]).svg;
        assert_eq!(svg.matches("<circle").count(), 6, "{svg}");
        assert!(svg.contains("awareness") && svg.contains("m̂ 2"));
    }
}
