//! A heat map: an outcome over the plane of two factors, with scenarios marked on it.

use kuva::plot::ColorMap;
use kuva::render::render::{Primitive, TextAnchor};
use spiral_analysis::table::Estimate;

use crate::Figure;
use crate::page::{BODY, LABEL, MARGIN, Page, TICK, bold, dot, line, upwards, words};
use crate::palette::{AXIS, INK};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::{Scale, round_step};
use crate::text;

/// Cells that a picture shows at most.
pub const MOST_CELLS: usize = 25_600;

const MARGINS: Margins = Margins { left: 118.0, right: 168.0, top: 10.0, bottom: 74.0 };
/// Height of a single plane, and of one of several, px.
const HEIGHT: f64 = 640.0;
const LAYER_HEIGHT: f64 = 400.0;
/// Largest number of values of an axis for which each value has a tick.
const MOST_TICKS: usize = 16;
/// Fill of a cell without a value.
pub(crate) const EMPTY: &str = "#d9d9d9";
/// Width of the bar of colours, and its distance from the plane.
const BAR: (f64, f64) = (26.0, 30.0);
/// Colours of the bar.
const BAR_STEPS: u32 = 128;

/// One side of the plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Name and unit.
    pub label: String,
    /// The values of the grid, rising.
    pub values: Vec<f64>,
    /// Names of the values, where they are not numbers (`off`, `on`).
    pub names: Option<Vec<String>>,
    /// Whether equal steps are equal ratios; then all values are above zero.
    pub logarithmic: bool,
}

/// A scenario on the plane: on each axis its value, and the lowest and highest that it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// Its name.
    pub name: String,
    /// Value, lowest and highest on the axis across.
    pub across: [f64; 3],
    /// The same on the axis upwards.
    pub up: [f64; 3],
}

/// What a heat map is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct HeatMap<'a> {
    /// Name of the figure without extension.
    pub name: &'a str,
    /// Title of the study.
    pub study: &'a str,
    /// The outcome in words.
    pub outcome: &'a str,
    /// Its unit, as in [`spiral_analysis::Measure`].
    pub unit: &'a str,
    /// The axis across.
    pub across: &'a Axis,
    /// The axis upwards.
    pub up: &'a Axis,
    /// What each plane of several is called, such as the value of a third factor; empty where there is one.
    pub layers: &'a [String],
    /// One estimate a cell: plane by plane, in each row by row from the lowest value of `up`, in each row from the lowest of `across`.
    pub cells: &'a [Estimate],
    /// Scenarios to mark.
    pub marks: &'a [Marked],
    /// What was simulated, for the footnote.
    pub note: &'a str,
}

impl Axis {
    /// The place of a value: its logarithm on a logarithmic axis.
    fn place(&self, value: f64) -> f64 {
        if self.logarithmic { libm::log(value) } else { value }
    }

    /// Edges of the cells: half-way between values, and as far out beyond the first and the last.
    fn edges(&self) -> Vec<f64> {
        let places: Vec<f64> = self.values.iter().map(|value| self.place(*value)).collect();
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return vec![0.0, 1.0] };
        if places.len() == 1 {
            let half = if *first == 0.0 || self.logarithmic { 0.5 } else { 0.5 * first.abs() };
            return vec![first - half, first + half];
        }
        let mut edges = vec![first - (places[1] - first) / 2.0];
        edges.extend(places.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])));
        edges.push(last + (last - places[places.len() - 2]) / 2.0);
        edges
    }

    /// The words of every value: numbers with as few decimals, the same for all, as keep each near its place.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        if let Some(names) = &self.names {
            return names.clone();
        }
        let gap = self.values.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        // A single value is written with a precision of about one per cent.
        let gap = if gap.is_finite() { gap } else { self.values.first().map_or(1.0, |value| 0.1 * value.abs()) };
        let near = |step: f64| self.values.iter().all(|value| ((value / step).round() * step - value).abs() <= 0.15 * gap);
        let step = [1.0, 0.1, 0.01, 0.001].into_iter().find(|step| near(*step)).unwrap_or(0.0001);
        self.values.iter().map(|value| text::number(*value, step)).collect()
    }
}

impl Axis {
    /// The places and labels of the ticks: every value of the grid, or, where those are many, round numbers.
    fn ticks(&self) -> Vec<(f64, String)> {
        let (Some(low), Some(high)) = (self.values.first().copied(), self.values.last().copied()) else { return Vec::new() };
        if self.values.len() <= MOST_TICKS || self.names.is_some() {
            return self.values.iter().copied().zip(self.words()).collect();
        }
        let round = if self.logarithmic && high >= 3.0 * low {
            let decades = (-12..=12).map(|power| libm::exp10(f64::from(power)));
            decades.flat_map(|decade| [1.0, 1.5, 2.0, 3.0, 5.0, 7.0].map(|digit| digit * decade)).collect()
        } else {
            let step = round_step((high - low) / 10.0);
            let first = (low / step).ceil();
            (0..=20).map(|position| (first + f64::from(position)) * step).collect::<Vec<f64>>()
        };
        let slack = 1e-9 * (high - low);
        let inside: Vec<f64> = round.into_iter().filter(|value| *value >= low - slack && *value <= high + slack).collect();
        let axis = Self { values: inside, ..self.clone() };
        axis.values.iter().copied().zip(axis.words()).collect()
    }
}

/// Rounded to a hundredth of a pixel, so that platforms agree.
pub(crate) fn pixel(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Factor and words of the unit of a measure.
pub(crate) fn unit(name: &str) -> (f64, &str) {
    match name {
        "share" => (100.0, "%"),
        "1/year" => (1.0, "per year"),
        other => (1.0, other),
    }
}

/// The colours, from low to high: viridis, which rises in lightness for any colour vision.
fn colour(scale: Scale, value: f64) -> String {
    ColorMap::Viridis.map(((value - scale.range.0) / (scale.range.1 - scale.range.0)).clamp(0.0, 1.0))
}

/// Ink that can be read on a colour `#rrggbb`.
pub(crate) fn ink_on(colour: &str) -> &'static str {
    let channel = |from: usize| {
        let level = f64::from(u8::from_str_radix(colour.get(from..from + 2).unwrap_or("ff"), 16).unwrap_or(255)) / 255.0;
        if level <= 0.04045 { level / 12.92 } else { libm::pow((level + 0.055) / 1.055, 2.4) }
    };
    let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    // Where white and black ink have the same contrast (WCAG).
    if luminance < 0.179 { "#ffffff" } else { "#000000" }
}

pub(crate) fn rectangle(x: f64, y: f64, width: f64, height: f64, fill: &str, opacity: Option<f64>) -> Primitive {
    let (x, y, width, height) = (pixel(x), pixel(y), pixel(width), pixel(height));
    // A line of the same colour closes the hairlines that browsers leave between neighbours.
    let line = opacity.is_none();
    let (stroke, stroke_width) = (line.then(|| fill.into()), line.then_some(0.6));
    Primitive::Rect { x, y, width, height, fill: fill.into(), stroke, stroke_width, opacity }
}

/// Left, top, width and height of the plot area, px.
type Frame = [f64; 4];

fn overlap(a: Frame, b: Frame) -> bool {
    a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]
}

impl HeatMap<'_> {
    /// The heat map. A plane of more than [`MOST_CELLS`] is not drawn, and the figure states this.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let (factor, unit) = unit(self.unit);
        let of = if unit == "%" { String::new() } else { format!(", {unit}") };
        let several = self.layers.len() > 1;
        let title = format!("{}, by {} factors", self.outcome, if several { "three" } else { "two" });
        let marked = if self.marks.is_empty() {
            ""
        } else {
            " Dots: scenarios at their own values; a line spans all values that one has. The cells do not simulate these scenarios."
        };
        let subtitle = format!(
            "Each cell is one point of the grid; its colour gives the value{of}, as the bar on the right shows.{marked}{}",
            if several { " One plane for each value of the third factor." } else { "" }
        );
        let mut page = Page::new(self.name, self.study, &title, &subtitle);
        let mut footnotes = vec![self.note.to_owned()];
        let plane = self.across.values.len() * self.up.values.len();
        let cells = plane * self.layers.len().max(1);
        let value = |estimate: &Estimate| estimate.estimate.filter(|value| value.is_finite()).map(|value| value * factor);
        let known: Vec<f64> = self.cells.iter().filter_map(value).collect();
        if cells > MOST_CELLS || self.cells.len() != cells || known.is_empty() {
            page.nothing(&if known.is_empty() {
                "No point has a value.".to_owned()
            } else {
                format!(
                    "The plane has {} points; at most {} can be drawn. The table of responses holds all.",
                    text::count(cells as u64),
                    text::count(MOST_CELLS as u64)
                )
            });
            return Figure { name: self.name.to_owned(), svg: page.finish(&footnotes) };
        }
        let mut scale = if self.unit == "year" { Scale::around(known, 5) } else { Scale::from_zero(known, 5) };
        if unit == "%" && self.unit == "share" {
            scale.range.1 = scale.range.1.min(100.0);
        }
        let (columns, rows) = (self.across.edges(), self.up.edges());
        let side = |edges: &[f64]| Scale { range: (edges[0], edges[edges.len() - 1]), step: 1e9 };
        let (x, y) = (side(&columns), side(&rows));
        let label = format!("{}{}", self.outcome, if unit.is_empty() { String::new() } else { format!(", {unit}") });
        let height = if several { LAYER_HEIGHT } else { HEIGHT };
        for (layer, cells) in self.cells.chunks(plane).enumerate() {
            if several {
                page.cursor += 30.0;
                let place = page.cursor;
                page.add(bold(MARGIN + MARGINS.left, place, &self.layers[layer], LABEL, TextAnchor::Start, INK));
            }
            let mut panel = Panel::new((BODY, height), MARGINS, (x, Ticks::None), (y, Ticks::None));
            panel.x_label(&self.across.label);
            panel.y_label(&text::fit(&self.up.label, f64::from(LABEL), false, height - 30.0));
            self.cells(&mut panel, cells, scale, &columns, &rows, factor);
            self.ticks(&mut panel);
            bar(&mut panel, MARGINS.top, scale, &label, |value| colour(scale, value));
            let outside = self.marks(&mut panel, x.range, y.range);
            footnotes.extend(outside.filter(|_| layer == 0));
            let top = page.cursor;
            panel.draw(&mut page, MARGIN, top);
            page.cursor = top + height;
        }
        let widths = self.cells.iter().filter_map(|cell| Some((cell.upper? - cell.lower?) * factor));
        let widest = widths.fold(f64::NAN, f64::max);
        let methods: std::collections::BTreeSet<&str> =
            self.cells.iter().filter(|cell| cell.upper.is_some()).map(|cell| cell.method.as_str()).collect();
        if widest.is_finite() {
            let words = if unit == "%" { "percentage points" } else { unit };
            let methods = methods.into_iter().collect::<Vec<_>>().join("; ");
            let width = text::number(widest, if widest >= 10.0 { 1.0 } else { scale.step / 10.0 });
            footnotes.push(format!("The widest 95 % interval of a cell is {width} {words} wide ({methods})."));
        }
        if self.cells.iter().any(|cell| value(cell).is_none()) {
            footnotes.push("Grey cells with a dash: no history had a value.".to_owned());
        }
        Figure { name: self.name.to_owned(), svg: page.finish(&footnotes) }
    }

    /// The cells of one plane.
    fn cells(&self, panel: &mut Panel, cells: &[Estimate], scale: Scale, columns: &[f64], rows: &[f64], factor: f64) {
        let step = scale.step / if scale.step >= 5.0 { 5.0 } else { 10.0 };
        for (row, up) in rows.windows(2).enumerate() {
            for (column, across) in columns.windows(2).enumerate() {
                let estimate = &cells[row * self.across.values.len() + column];
                let value = estimate.estimate.filter(|value| value.is_finite()).map(|value| value * factor);
                let fill = value.map_or_else(|| EMPTY.to_owned(), |value| colour(scale, value));
                // Whole pixels, so that no seam shows between neighbours.
                let (left, right) = (panel.x(across[0]).round(), panel.x(across[1]).round());
                let (bottom, top) = (panel.y(up[0]).round(), panel.y(up[1]).round());
                panel.above(rectangle(left, top, right - left, bottom - top, &fill, None));
                let written = value.map_or_else(|| "–".to_owned(), |value| text::number(value, step));
                let size = f64::from(TICK);
                if right - left >= text::width(&written, size, false) + 8.0 && bottom - top >= size + 6.0 {
                    let (x, y) = (pixel(f64::midpoint(left, right)), pixel(f64::midpoint(bottom, top) + 6.0));
                    panel.above(words(x, y, &written, TICK, TextAnchor::Middle, ink_on(&fill)));
                }
            }
        }
    }

    /// Ticks, as many as fit.
    fn ticks(&self, panel: &mut Panel) {
        let size = f64::from(TICK);
        let (bottom, left) = (panel.bottom(), MARGINS.left);
        let mut free = f64::NEG_INFINITY;
        for (value, written) in self.across.ticks() {
            let x = pixel(panel.x(self.across.place(value)));
            let half = text::width(&written, size, false) / 2.0;
            if x - half >= free {
                free = x + half + 8.0;
                panel.above(line((x, bottom), (x, bottom + 6.0), AXIS, 1.2, None));
                panel.above(words(x, bottom + 24.0, &written, TICK, TextAnchor::Middle, INK));
            }
        }
        let mut free = f64::INFINITY;
        for (value, written) in self.up.ticks() {
            let y = pixel(panel.y(self.up.place(value)));
            if y + size / 2.0 <= free {
                free = y - size / 2.0 - 4.0;
                panel.above(line((left - 6.0, y), (left, y), AXIS, 1.2, None));
                let written = text::fit(&written, size, false, left - 40.0);
                panel.above(words(left - 10.0, y + 6.0, &written, TICK, TextAnchor::End, INK));
            }
        }
    }

    /// Draws the scenarios; returns the footnote about those outside the plane.
    fn marks(&self, panel: &mut Panel, across: (f64, f64), up: (f64, f64)) -> Option<String> {
        let inside = |place: f64, (low, high): (f64, f64)| place >= low && place <= high;
        let (mut drawn, mut outside): (Vec<(&Marked, f64, f64)>, Vec<String>) = (Vec::new(), Vec::new());
        for mark in self.marks {
            let (x, y) = (self.across.place(mark.across[0]), self.up.place(mark.up[0]));
            if inside(x, across) && inside(y, up) {
                drawn.push((mark, pixel(panel.x(x)), pixel(panel.y(y))));
            } else {
                let [x, y] = [mark.across[0], mark.up[0]].map(|value| text::number(value, 0.01));
                outside.push(format!("{} ({x}, {y})", mark.name));
            }
        }
        let mut spans: Vec<Frame> = Vec::new();
        for (mark, x, y) in &drawn {
            let end = |axis: &Axis, value: f64, range: (f64, f64)| axis.place(value).clamp(range.0, range.1);
            let [left, right] = [mark.across[1], mark.across[2]].map(|value| pixel(panel.x(end(self.across, value, across))));
            let [bottom, top] = [mark.up[1], mark.up[2]].map(|value| pixel(panel.y(end(self.up, value, up))));
            for (from, to) in [((left, *y), (right, *y)), ((*x, bottom), (*x, top))] {
                if from != to {
                    panel.above(line(from, to, "#ffffff", 6.0, None));
                    panel.above(line(from, to, "#000000", 2.4, None));
                    let (left, top) = (from.0.min(to.0), from.1.min(to.1));
                    spans.push([left - 2.0, top - 2.0, (to.0 - from.0).abs() + 4.0, (to.1 - from.1).abs() + 4.0]);
                }
            }
        }
        let circles: Vec<Frame> = drawn.iter().map(|(_, x, y)| [x - 9.0, y - 9.0, 18.0, 18.0]).collect();
        for (_, x, y) in &drawn {
            panel.above(dot(*x, *y, 9.0, "#000000"));
            panel.above(dot(*x, *y, 5.0, "#ffffff"));
        }
        let mut taken: Vec<Frame> = Vec::new();
        for (position, (mark, x, y)) in drawn.iter().enumerate() {
            let (wide, high) = (text::width(&mark.name, f64::from(TICK), true) + 12.0, 24.0);
            let (right, left) = (x + 13.0, x - 13.0 - wide);
            let tries = [(right, 0.0), (left, 0.0), (right, -26.0), (right, 26.0), (left, -26.0), (left, 26.0)];
            let within = |place: &Frame| place[0] >= MARGINS.left && place[0] + place[2] <= panel.right() + 20.0;
            let free = |place: &Frame| {
                let others = circles.iter().enumerate().filter(|(other, _)| *other != position).map(|(_, circle)| circle);
                within(place) && !others.chain(&taken).any(|other| overlap(*place, *other))
            };
            let clear = |place: &Frame| free(place) && !spans.iter().any(|span| overlap(*place, *span));
            let places = tries.map(|(left, shift)| [left, y - 12.0 + shift, wide, high]);
            let place = places.iter().find(|place| clear(place)).or_else(|| places.iter().find(|place| free(place)));
            let place = *place.unwrap_or(&places[0]);
            taken.push(place);
            panel.above(rectangle(place[0], place[1], place[2], place[3], "#ffffff", Some(0.88)));
            panel.above(bold(pixel(place[0] + 6.0), pixel(place[1] + 18.0), &mark.name, TICK, TextAnchor::Start, "#000000"));
        }
        (!outside.is_empty()).then(|| format!("Outside the plane: {}.", text::list(&outside)))
    }
}

/// The bar of colours with its numbers and unit.
pub(crate) fn bar(panel: &mut Panel, top: f64, scale: Scale, label: &str, colour: impl Fn(f64) -> String) {
    let (bottom, left) = (panel.bottom(), panel.right() + BAR.1);
    let place = |value: f64| bottom - (value - scale.range.0) / (scale.range.1 - scale.range.0) * (bottom - top);
    let at = |step: u32| scale.range.0 + (scale.range.1 - scale.range.0) * f64::from(step) / f64::from(BAR_STEPS);
    for step in 0..BAR_STEPS {
        let (low, high) = (place(at(step)), place(at(step + 1)));
        // One pixel more, so that no seam shows between neighbours.
        let lower = if step == 0 { low } else { low + 1.0 };
        panel.above(rectangle(left, high, BAR.0, lower - high, &colour(f64::midpoint(at(step), at(step + 1))), None));
    }
    let mut value = scale.range.0;
    while value <= scale.range.1 + scale.step * 1e-6 {
        let y = pixel(place(value));
        panel.above(line((left + BAR.0, y), (left + BAR.0 + 6.0, y), AXIS, 1.2, None));
        panel.above(words(left + BAR.0 + 10.0, y + 6.0, &text::number(value, scale.step), TICK, TextAnchor::Start, INK));
        value += scale.step;
    }
    let label = text::fit(label, f64::from(LABEL), false, bottom - top);
    panel.above(upwards(BODY - 10.0, f64::midpoint(top, bottom), &label, LABEL));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(values: &[f64], logarithmic: bool) -> Axis {
        Axis { label: "m, ratio".to_owned(), values: values.to_vec(), names: None, logarithmic }
    }

    #[test]
    fn a_value_alone_keeps_its_figures() {
        assert_eq!(axis(&[0.45], false).words(), ["0.45"]);
    }

    #[test]
    fn cells_end_half_way_between_values() {
        assert_eq!(axis(&[0.0, 1.0, 3.0], false).edges(), [-0.5, 0.5, 2.0, 4.0]);
        let edges = axis(&[0.25, 1.0, 4.0], true).edges();
        for (found, wanted) in edges.iter().zip([0.125, 0.5, 2.0, 8.0]) {
            assert!((libm::exp(*found) - wanted).abs() < 1e-12, "{} is not {wanted}", libm::exp(*found));
        }
        assert_eq!(axis(&[2.0], false).edges(), [1.0, 3.0]);
    }

    #[test]
    fn values_are_written_short() {
        let words = |values: &[f64]| axis(values, false).words();
        assert_eq!(words(&[0.0, 0.1, 0.2]), ["0.0", "0.1", "0.2"]);
        assert_eq!(words(&[1.0, 2.0, 10.0]), ["1", "2", "10"]);
        assert_eq!(words(&[0.25, 0.293_654_8, 0.344_932_1]), ["0.25", "0.29", "0.34"]);
        let ticks = |low: f64, high: f64, logarithmic| {
            let place = |step: u32| f64::from(step) / 39.0;
            let value =
                |step| if logarithmic { low * libm::pow(high / low, place(step)) } else { low + (high - low) * place(step) };
            let values: Vec<f64> = (0..40).map(value).collect();
            axis(&values, logarithmic).ticks().into_iter().map(|(_, words)| words).collect::<Vec<_>>()
        };
        assert_eq!(ticks(0.25, 1.5, true), ["0.3", "0.5", "0.7", "1.0", "1.5"]);
        assert_eq!(ticks(1.0, 3.0, false), ["1.0", "1.2", "1.4", "1.6", "1.8", "2.0", "2.2", "2.4", "2.6", "2.8", "3.0"]);
        let switch = Axis { names: Some(vec!["off".to_owned(), "on".to_owned()]), ..axis(&[0.0, 1.0], false) };
        assert_eq!(switch.words(), ["off", "on"]);
    }

    /// Contrast of at least 4.5 to 1 (WCAG AA) everywhere on the scale.
    #[test]
    fn numbers_can_be_read_on_every_colour() {
        let level = |hex: &str, from: usize| f64::from(u8::from_str_radix(&hex[from..from + 2], 16).expect("a colour")) / 255.0;
        let linear = |level: f64| if level <= 0.04045 { level / 12.92 } else { libm::pow((level + 0.055) / 1.055, 2.4) };
        let luminance =
            |hex: &str| 0.2126 * linear(level(hex, 1)) + 0.7152 * linear(level(hex, 3)) + 0.0722 * linear(level(hex, 5));
        let scale = Scale { range: (0.0, 100.0), step: 20.0 };
        let mut before = -1.0;
        for percent in 0..=100 {
            let fill = colour(scale, f64::from(percent));
            let (paper, ink) = (luminance(&fill), luminance(ink_on(&fill)));
            let contrast = (paper.max(ink) + 0.05) / (paper.min(ink) + 0.05);
            assert!(contrast >= 4.5, "{percent} %: {contrast:.2} on {fill}");
            assert!(paper >= before - 0.004, "{percent} %: the scale must rise in lightness, {paper:.3} after {before:.3}");
            before = paper;
        }
    }
}
