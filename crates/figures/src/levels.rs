//! Curves of a sweep over one factor: the median of each state by date, one line for each value of the factor.

use std::collections::BTreeMap;

use kuva::render::render::TextAnchor;
use spiral_analysis::table::CurveRow;

use crate::fan::{can_share, columns, margins};
use crate::heat_map::Axis;
use crate::page::{BODY, Key, LABEL, MARGIN, Mark, Page, upwards, words};
use crate::palette::{INK, Style};
use crate::panel::{Panel, Ticks};
use crate::scale::Scale;
use crate::view::{MOST_STATES, Metric, fewest_at_risk, where_lines_end};
use crate::{Figure, text};

/// Viridis from 0 to 0.8: rises in lightness for any colour vision, and no line is too faint on white.
const COLOURS: [&str; 9] = ["#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c", "#22a884", "#44bf70", "#7ad151"];

/// What the curves of a sweep over one factor are drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Levels<'a> {
    /// Title of the study.
    pub study: &'a str,
    /// Values of the factor, rising.
    pub axis: &'a Axis,
    /// The point of each value.
    pub points: &'a [u32],
    /// Curves of `arms` and `burden` by state; other rows are ignored.
    pub curves: &'a [CurveRow],
    /// Code and name of each state.
    pub state_names: &'a [(String, String)],
    /// Unit of money.
    pub money: &'a str,
    /// First and last date of the scenario.
    pub years: (f64, f64),
    /// What was simulated, for the footnote.
    pub note: &'a str,
}

/// A state with the median of each chosen value of the factor: date and value.
struct State<'a> {
    code: &'a str,
    lines: Vec<Vec<(f64, f64)>>,
}

impl State<'_> {
    fn values(&self) -> impl Iterator<Item = f64> {
        self.lines.iter().flatten().map(|point| point.1)
    }

    fn top(&self) -> f64 {
        self.values().fold(0.0, f64::max)
    }
}

impl Levels<'_> {
    /// The figures `curves-arms` and `curves-burden`.
    #[must_use]
    pub fn figures(&self) -> Vec<Figure> {
        vec![self.figure(Metric::Arms), self.figure(Metric::Burden)]
    }

    /// Positions of the values that are drawn: all, or the first, the last and others evenly between.
    fn chosen(&self) -> Vec<usize> {
        let all = self.axis.values.len().min(self.points.len());
        let most = all.min(COLOURS.len());
        (0..most).map(|line| if most < 2 { 0 } else { (line * (all - 1) + (most - 1) / 2) / (most - 1) }).collect()
    }

    /// The states with curves, the largest of them in the order of codes, and how many there are.
    fn states(&self, metric: Metric, chosen: &[usize]) -> (Vec<State<'_>>, usize) {
        let mut lines: BTreeMap<&str, Vec<Vec<&CurveRow>>> = BTreeMap::new();
        for row in self.curves.iter().filter(|row| row.metric == metric.name() && row.state != "*") {
            let Some(line) = chosen.iter().position(|value| self.points[*value] == row.point) else { continue };
            if row.at_risk > 0 && row.date.is_finite() && row.q50.is_finite() {
                lines.entry(&row.state).or_insert_with(|| vec![Vec::new(); chosen.len()])[line].push(row);
            }
        }
        let line = |mut rows: Vec<&CurveRow>| {
            rows.sort_by(|one, other| one.date.total_cmp(&other.date));
            let fewest = fewest_at_risk(rows.first().map(|first| first.at_risk));
            let kept = rows.into_iter().filter(|row| row.at_risk >= fewest);
            kept.map(|row| (row.date, row.q50 * metric.factor())).collect::<Vec<_>>()
        };
        let mut states: Vec<State> =
            lines.into_iter().map(|(code, lines)| State { code, lines: lines.into_iter().map(line).collect() }).collect();
        let all = states.len();
        states.sort_by(|one, other| other.top().total_cmp(&one.top()).then(one.code.cmp(other.code)));
        states.truncate(MOST_STATES);
        states.sort_by(|one, other| one.code.cmp(other.code));
        (states, all)
    }

    fn figure(&self, metric: Metric) -> Figure {
        let name = format!("curves-{}", metric.name());
        let (what, unit) = match metric {
            Metric::Arms => ("Arms", format!("arms, {}", self.money)),
            Metric::Burden => ("Military burden", "burden, % of output".to_owned()),
        };
        let chosen = self.chosen();
        let (states, all) = self.states(metric, &chosen);
        let tops: Vec<f64> = states.iter().map(State::top).collect();
        let shared = metric == Metric::Burden && can_share(&tops);
        let scales_told = match (states.len(), shared) {
            (0 | 1, _) => "",
            (_, true) => " All panels have one scale.",
            (_, false) => " Each panel has its own scale, which need not begin at zero.",
        };
        let (factor, of) = self
            .axis
            .label
            .split_once(", ")
            .map_or((self.axis.label.as_str(), String::new()), |(name, unit)| (name, format!(" ({unit})")));
        let subtitle = format!(
            "A line for each value of {factor}{of}: the median over the histories that have had no war so far.{scales_told}"
        );
        let title = format!("{what} of each state before the first war, by {factor}");
        let mut page = Page::new(&name, self.study, &title, &subtitle);
        let mut footnotes = vec![self.note.to_owned()];
        if states.is_empty() {
            page.nothing(&format!("No curve of {} was recorded by state.", metric.name()));
            return Figure { name, svg: page.finish(&footnotes) };
        }
        let style = |line: usize| {
            let steps = chosen.len().max(2) - 1;
            Style { colour: COLOURS[line * (COLOURS.len() - 1) / steps], dash: None }
        };
        let written = self.axis.words();
        let key = |(line, value): (usize, &usize)| Key { mark: Mark::Line(style(line)), label: written[*value].clone() };
        page.keys(&chosen.iter().enumerate().map(key).collect::<Vec<_>>());
        let across = columns(states.len());
        let width = (BODY - 26.0) / across as f64;
        let height = match across {
            1 => 460.0,
            2 => 380.0,
            _ => 280.0,
        };
        let common = Scale::from_zero(tops.iter().copied(), 4);
        let own = |state: &State| if shared { common } else { Scale::around(state.values(), 4) };
        let scales: Vec<Scale> = states.iter().map(own).collect();
        let margins = margins(scales.iter().copied());
        let dates = Scale::exactly(self.years, if across == 1 { 8 } else { 4 });
        let first = page.cursor;
        for (cell, (state, scale)) in states.iter().zip(&scales).enumerate() {
            let mut panel = Panel::new((width, height), margins, (dates, Ticks::Years), (*scale, Ticks::Numbers));
            let named = self.state_names.iter().find(|(code, name)| code == state.code && !name.is_empty() && name != code);
            panel.heading(&named.map_or_else(|| state.code.to_owned(), |(code, name)| format!("{code} {name}")), INK);
            for (line, points) in state.lines.iter().enumerate().filter(|(_, points)| !points.is_empty()) {
                panel.line(points, style(line), 2.6);
            }
            panel.draw(&mut page, MARGIN + 26.0 + width * (cell % across) as f64, first + height * (cell / across) as f64);
        }
        page.cursor = first + height * states.len().div_ceil(across) as f64;
        page.add(upwards(MARGIN + 12.0, f64::midpoint(first, page.cursor), &unit, LABEL));
        page.add(words(MARGIN + BODY / 2.0, page.cursor + 12.0, "year", LABEL, TextAnchor::Middle, INK));
        page.cursor += 22.0;
        footnotes.push(where_lines_end());
        if chosen.len() < self.axis.values.len() {
            let count = text::count(self.axis.values.len() as u64);
            footnotes.push(format!("{} of {count} values of the factor are drawn; the table of curves holds all.", chosen.len()));
        }
        if states.len() < all {
            footnotes.push(format!("Of {all} states the {} with the largest values are shown.", states.len()));
        }
        Figure { name, svg: page.finish(&footnotes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_values_are_thinned_evenly_with_both_ends() {
        for (values, wanted) in [(1, vec![0]), (3, vec![0, 1, 2]), (9, (0..9).collect()), (17, (0..9).map(|k| 2 * k).collect())] {
            let axis = Axis { label: String::new(), values: vec![1.0; values], names: None, logarithmic: false };
            let points: Vec<u32> = (0..values as u32).collect();
            let levels = Levels {
                study: "",
                axis: &axis,
                points: &points,
                curves: &[],
                state_names: &[],
                money: "",
                years: (0.0, 1.0),
                note: "",
            };
            assert_eq!(levels.chosen(), wanted, "of {values} values");
        }
    }
}
