//! An outcome over the factors of a design: a panel for each factor, a dot for each point, and the mean of the points along the factor.

use kuva::render::render::{Primitive, TextAnchor};
use spiral_analysis::main_effect::{Origin, Part, main_effect};
use spiral_analysis::table::Estimate;

use crate::Figure;
use crate::fan::columns;
use crate::heat_map::unit;
use crate::page::{BODY, Key, LABEL, MARGIN, Mark, Page, TICK, dot, line, upwards, words};
use crate::palette::{AXIS, INK, Style};
use crate::panel::{Margins, Panel, Ticks};
use crate::scale::Scale;
use crate::text;

/// Factors that have a panel.
const MOST_PANELS: usize = 12;
/// Dots of a figure, over all its panels.
const MOST_DOTS: usize = 6000;
/// Colour of a point.
const POINT: &str = "#0072b2";
/// Colour and dash of the means.
const MEAN: Style = Style { colour: "#d55e00", dash: None };
/// If all shares are below this, per cent, the axis ends near the largest; otherwise it runs from 0 to 100.
const RARE: f64 = 25.0;
/// Distance of a mean from the dots of its category, in widths of a category.
const ASIDE: f64 = 0.16;

/// One factor of a design.
#[derive(Debug, Clone, PartialEq)]
pub struct Across {
    /// Its name.
    pub name: String,
    /// Its unit, empty where there is none.
    pub unit: String,
    /// Its value at each point; NaN where a point leaves it as the scenario has it.
    pub values: Vec<f64>,
    /// Lowest and highest value that the design can give it.
    pub range: (f64, f64),
    /// Whether equal steps are equal ratios; then all values are above zero.
    pub logarithmic: bool,
    /// Names of the values 0, 1, …, where they are no numbers (`off`, `on`).
    pub names: Option<Vec<String>>,
}

/// What a figure of an outcome over factors is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct OverFactors<'a> {
    /// Name of the figure without extension.
    pub name: &'a str,
    /// Title of the study.
    pub study: &'a str,
    /// The outcome in words.
    pub outcome: &'a str,
    /// Its unit, as in [`spiral_analysis::Measure`].
    pub unit: &'a str,
    /// Lowest and highest value that it can have, infinite where there is none. Between 0 and 1 it is a probability, which has an axis
    /// from 0 to 100 % unless it is small everywhere.
    pub range: (f64, f64),
    /// The factors, in the order of the study.
    pub factors: &'a [Across],
    /// The outcome at each point.
    pub points: &'a [Estimate],
    /// How the points were chosen.
    pub origin: Origin,
    /// What was simulated, for the footnote.
    pub note: &'a str,
}

/// A factor with the means along it.
struct Drawn<'a> {
    factor: &'a Across,
    parts: Vec<Part>,
}

impl Drawn<'_> {
    /// How far the mean moves along the factor.
    fn moves(&self) -> f64 {
        let means = self.parts.iter().filter_map(|part| part.mean.estimate);
        let (low, high) = means.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), mean| (low.min(mean), high.max(mean)));
        (high - low).max(0.0)
    }
}

impl OverFactors<'_> {
    /// The figure.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let (factor, unit) = unit(self.unit);
        let over = match self.factors {
            [only] => only.name.as_str(),
            _ => "each factor",
        };
        let title = format!("{}, by {over}", self.outcome);
        let (subtitle, point, mean) = self.words();
        let mut page = Page::new(self.name, self.study, &title, subtitle);
        let mut footnotes = vec![self.note.to_owned()];
        if !self.points.iter().any(|point| point.estimate.is_some()) || self.factors.is_empty() {
            page.nothing("No point has a value.");
            return Figure { name: self.name.to_owned(), svg: page.finish(&footnotes) };
        }
        let (shown, left_out) = self.shown();
        if !self.alone() {
            let mut keys = vec![Key { mark: Mark::Dot(POINT), label: point.to_owned() }];
            if shown.iter().any(|drawn| !drawn.parts.is_empty()) {
                keys.push(Key { mark: Mark::Line(MEAN), label: mean.to_owned() });
            }
            page.keys(&keys);
        }
        let up = self.up(&shown, factor);
        let columns = columns(shown.len()).min(3);
        let (width, height) = match columns {
            1 => (BODY - 26.0, 460.0),
            2 => ((BODY - 26.0) / 2.0, 400.0),
            _ => ((BODY - 26.0) / 3.0, 320.0),
        };
        let wide = |value: f64| text::width(&text::number(value, up.step), f64::from(TICK), false);
        let left = 22.0 + wide(up.range.0).max(wide(up.range.1)).max(wide(up.range.1 - up.step));
        let margins = Margins { left, right: 26.0, top: if self.factors.len() == 1 { 16.0 } else { 44.0 }, bottom: 66.0 };
        let first = page.cursor;
        let each = MOST_DOTS / shown.len();
        for (cell, drawn) in shown.iter().enumerate() {
            let panel = self.panel(drawn, (width, height), margins, up, factor, each);
            panel.draw(&mut page, MARGIN + 26.0 + width * (cell % columns) as f64, first + height * (cell / columns) as f64);
        }
        page.cursor = first + height * shown.len().div_ceil(columns) as f64;
        let label = if unit.is_empty() { self.outcome.to_owned() } else { format!("{}, {unit}", self.outcome) };
        let label = text::fit(&label, f64::from(LABEL), false, page.cursor - first);
        page.add(upwards(MARGIN + 12.0, f64::midpoint(first, page.cursor), &label, LABEL));
        footnotes.extend(self.footnotes(&shown, left_out, each));
        if up.range.0 > 0.0 {
            footnotes.push("The vertical scale does not begin at zero.".to_owned());
        }
        Figure { name: self.name.to_owned(), svg: page.finish(&footnotes) }
    }

    /// Whether the points are the values of one factor: then each is its own mean.
    fn alone(&self) -> bool {
        self.origin == Origin::Complete && self.factors.len() == 1
    }

    /// How to read the figure, what a dot is, and what the line is.
    fn words(&self) -> (&'static str, &'static str, &'static str) {
        match self.origin {
            Origin::Complete if self.alone() => ("Each dot is a point of the grid; vertical lines: 95 % intervals.", "", ""),
            Origin::Complete => (
                "Dots: points of the grid. Line: the mean of the points at each value of the factor (main effect), with its 95 % interval. All \
                 panels have one scale.",
                "point of the grid",
                "mean over the other factors, 95 % interval",
            ),
            Origin::Sample { .. } => (
                "Dots: points of the design; all factors vary between them. Line: the mean of neighbouring points along one factor, with its \
                 95 % interval. All panels have one scale.",
                "point of the design",
                "mean of neighbouring points, 95 % interval",
            ),
        }
    }

    /// The factors with a panel, in the order of the study: all, or those along which the mean moves most. And how many have none.
    fn shown(&self) -> (Vec<Drawn<'_>>, usize) {
        let drawn = |factor| Drawn { factor, parts: self.means(factor) };
        let mut all: Vec<(usize, Drawn)> = self.factors.iter().map(drawn).enumerate().collect();
        all.sort_by(|(_, one), (_, other)| other.moves().total_cmp(&one.moves()));
        let left_out = all.len().saturating_sub(MOST_PANELS);
        all.truncate(MOST_PANELS);
        all.sort_by_key(|(position, _)| *position);
        (all.into_iter().map(|(_, drawn)| drawn).collect(), left_out)
    }

    fn means(&self, factor: &Across) -> Vec<Part> {
        let parts = main_effect(&factor.values, self.points, factor.logarithmic, self.origin);
        parts.into_iter().map(|part| Part { mean: part.mean.clone().within(self.range), ..part }).collect()
    }

    /// Whether the outcome is a probability.
    fn is_probability(&self) -> bool {
        self.range == (0.0, 1.0)
    }

    /// Ends of an interval.
    fn ends(estimate: &Estimate) -> Option<(f64, f64)> {
        estimate.lower.zip(estimate.upper).filter(|(low, high)| low.is_finite() && high.is_finite())
    }

    /// The scale of all panels.
    fn up(&self, shown: &[Drawn], factor: f64) -> Scale {
        let dots = self.points.iter().filter_map(|point| point.estimate);
        let ends = shown.iter().flat_map(|drawn| &drawn.parts).filter_map(|part| Self::ends(&part.mean));
        let all: Vec<f64> = dots.chain(ends.flat_map(|(low, high)| [low, high])).map(|value| value * factor).collect();
        let highest = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !self.is_probability() {
            Scale::around(all, 5)
        } else if highest >= RARE {
            Scale { range: (0.0, 100.0), step: 20.0 }
        } else {
            Scale::from_zero(all, 5)
        }
    }

    fn panel(&self, drawn: &Drawn, size: (f64, f64), margins: Margins, up: Scale, factor: f64, most: usize) -> Panel {
        let across = drawn.factor;
        let (scale, kind) = axis(across, if size.0 > 800.0 { 8 } else { 4 });
        let mut panel = Panel::new(size, margins, (scale, kind), (up, Ticks::Numbers));
        let limit = size.0 - margins.left;
        if self.factors.len() > 1 {
            panel.heading(&across.name, INK);
        }
        if let Some(names) = &across.names {
            for (value, name) in names.iter().enumerate() {
                let x = panel.x(value as f64);
                let bottom = panel.bottom();
                panel.above(line((x, bottom), (x, bottom + 5.0), AXIS, 1.0, None));
                panel.above(words(x, bottom + 20.0, name, TICK, TextAnchor::Middle, INK));
            }
        }
        let plain = across.names.is_some() || across.unit.is_empty();
        let label = match (self.factors.len(), plain) {
            (1, true) => across.name.clone(),
            (1, false) => format!("{}, {}", across.name, across.unit),
            (_, true) => String::new(),
            (_, false) => across.unit.clone(),
        };
        panel.x_label(&text::fit(&label, f64::from(LABEL), false, limit));
        let pairs = across.values.iter().zip(self.points);
        let known: Vec<(f64, f64)> = pairs.filter_map(|(x, point)| x.is_finite().then_some(*x).zip(point.estimate)).collect();
        let every = known.len().div_ceil(most.max(1)).max(1);
        let shown = known.len().div_ceil(every);
        // If there are many dots, they are smaller and paler, so that dense regions are visible.
        let (radius, opacity) = if shown > 400 { (2.4, 0.3) } else { (3.6, 0.45) };
        if !self.alone() {
            for (x, y) in known.iter().step_by(every) {
                let mark = spot(panel.x(*x), panel.y(y * factor), radius, opacity);
                panel.above(mark);
            }
        }
        let aside = if across.names.is_some() && !self.alone() { ASIDE } else { 0.0 };
        let colour = if self.alone() { POINT } else { MEAN.colour };
        let means: Vec<(f64, f64)> =
            drawn.parts.iter().filter_map(|part| Some((part.centre + aside, part.mean.estimate? * factor))).collect();
        // Categories have no values between them.
        if across.names.is_none() {
            let places: Vec<(f64, f64)> = means.iter().map(|(x, y)| (panel.x(*x), panel.y(*y))).collect();
            for pair in places.windows(2) {
                panel.above(line(pair[0], pair[1], colour, 2.5, None));
            }
        }
        for part in &drawn.parts {
            let Some(mean) = part.mean.estimate else { continue };
            let x = panel.x(part.centre + aside);
            if let Some((low, high)) = Self::ends(&part.mean) {
                let (low, high) = (panel.y(low * factor), panel.y(high * factor));
                panel.above(line((x, low), (x, high), "#ffffff", 5.0, None));
                panel.above(line((x, low), (x, high), colour, 2.6, None));
            }
            let mark = dot(x, panel.y(mean * factor), if self.alone() { 6.0 } else { 5.0 }, colour);
            panel.above(mark);
        }
        panel
    }

    fn footnotes(&self, shown: &[Drawn], left_out: usize, each: usize) -> Vec<String> {
        let mut notes = Vec::new();
        let bins = || shown.iter().filter(|drawn| drawn.parts.iter().any(|part| part.low < part.high));
        match self.origin {
            Origin::Complete if self.alone() => {}
            Origin::Complete => notes.push(
                "The interval of a mean goes from the mean of the lower ends of its points to the mean of their upper ends. It is wide enough \
                 although the points share their draws of chance."
                    .to_owned(),
            ),
            Origin::Sample { group } => {
                let binned = bins().flat_map(|drawn| &drawn.parts).map(|part| part.points);
                let (fewest, most) = binned.fold((usize::MAX, 0), |(low, high), points| (low.min(points), high.max(points)));
                let bins = match (fewest, most) {
                    (_, 0) => String::new(),
                    (fewest, most) if fewest == most => format!("Each mean is over {most} points. "),
                    (fewest, most) => format!("Each mean is over {fewest} to {most} points. "),
                };
                let of = if group > 1 { "rows of the design, because the points of a row share values" } else { "points" };
                if shown.iter().any(|drawn| !drawn.parts.is_empty()) {
                    notes.push(format!(
                        "{bins}Intervals of means: Student's t over {of}. They include the effects of the other factors and random variation."
                    ));
                }
                if shown.iter().any(|drawn| drawn.parts.is_empty()) {
                    notes.push("A panel without a line has too few points for means.".to_owned());
                }
            }
        }
        let without = self.points.iter().filter(|point| point.estimate.is_none()).count();
        if without > 0 {
            notes.push(format!("{without} of {} points have no value and no dot.", self.points.len()));
        }
        if self.points.len() > each && !self.alone() {
            let every = self.points.len().div_ceil(each);
            notes.push(format!(
                "One in {every} of the {} points is drawn as a dot; the means use all points.",
                text::count(self.points.len() as u64)
            ));
        }
        if left_out > 0 {
            let all = shown.len() + left_out;
            notes.push(format!("{} of {all} factors are shown: those along which the mean changes most. With so many factors, some seem to matter by chance alone.", shown.len()));
        }
        notes
    }
}

/// A dot of a point.
fn spot(x: f64, y: f64, radius: f64, opacity: f64) -> Primitive {
    let pixel = |value: f64| (value * 100.0).round() / 100.0;
    let (cx, cy, fill, fill_opacity) = (pixel(x), pixel(y), POINT.into(), Some(opacity));
    Primitive::Circle { cx, cy, r: radius, fill, fill_opacity, stroke: None, stroke_width: None }
}

/// The axis of a factor, with some space beyond its ends.
fn axis(across: &Across, ticks: usize) -> (Scale, Ticks) {
    let (low, high) = across.range;
    if let Some(names) = &across.names {
        return (Scale { range: (-0.5, names.len() as f64 - 0.5), step: 1e9 }, Ticks::None);
    }
    if across.logarithmic {
        let room = libm::pow(high / low, 0.03);
        return (Scale { range: (low / room, high * room), step: 1.0 }, Ticks::Ratios);
    }
    let room = if high > low { 0.03 * (high - low) } else { 0.5 * high.abs().max(1.0) };
    let step = Scale::exactly((low, high), ticks).step;
    (Scale { range: (low - room, high + room), step }, Ticks::Numbers)
}
