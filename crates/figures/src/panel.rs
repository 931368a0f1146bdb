//! One pair of axes with its lines and bands: kuva draws it, with margins and limits that we set.

use kuva::plot::line::LineStyle;
use kuva::plot::{BandPlot, LinePlot};
use kuva::render::layout::{ComputedLayout, Layout, TickFormat};
use kuva::render::plots::Plot;
use kuva::render::render::{Primitive, Scene, TextAnchor, render_multiple};
use kuva::render::theme::Theme;

use crate::page::{LABEL, Page, TICK, bold, line, upwards, words};
use crate::palette::{AXIS, GRID, INK, Style};
use crate::scale::{Scale, ratio_ticks};
use crate::text;

/// Ticks of an axis on which equal steps are equal ratios, at most; fewer where their labels would touch.
const RATIO_TICKS: usize = 6;

/// Space around the plot area, px: left, right, top, bottom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Margins {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

/// Kind of the numbers on an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ticks {
    /// Calendar years, without commas.
    Years,
    /// Plain numbers.
    Numbers,
    /// Numbers that are per cent already.
    Percent,
    /// Numbers that carry their sign, where zero means no difference.
    Signed,
    /// Positive numbers on a scale on which equal ratios are equal steps; the panel chooses the places of the ticks.
    Ratios,
    /// No ticks.
    None,
}

/// A panel in the making. Places handed out are px from its own upper left corner.
pub(crate) struct Panel {
    layout: Layout,
    computed: ComputedLayout,
    size: (f64, f64),
    margins: Margins,
    /// Range of the axes of ratios, x and y.
    ratios: [Option<(f64, f64)>; 2],
    plots: Vec<Plot>,
    above: Vec<Primitive>,
}

fn ticks(kind: Ticks, step: f64) -> TickFormat {
    let write: Box<dyn Fn(f64) -> String + Send + Sync> = match kind {
        Ticks::Years => Box::new(move |value| text::number(value, step).replace(',', "")),
        Ticks::Numbers => Box::new(move |value| text::number(value, step)),
        Ticks::Percent => Box::new(move |value| format!("{} %", text::number(value, step))),
        Ticks::Signed => Box::new(move |value| {
            let written = text::number(value, step);
            match value {
                value if value > step * 1e-6 => format!("+{written}"),
                value if value < step * -1e-6 => written,
                _ => "0".to_owned(),
            }
        }),
        Ticks::Ratios | Ticks::None => Box::new(|_| String::new()),
    };
    TickFormat::Custom(write.into())
}

impl Panel {
    /// Axes over `x` and `y` in a panel of `size` px.
    pub(crate) fn new(size: (f64, f64), margins: Margins, x: (Scale, Ticks), y: (Scale, Ticks)) -> Self {
        let theme = Theme {
            axis_color: AXIS.into(),
            tick_color: AXIS.into(),
            grid_color: GRID.into(),
            text_color: INK.into(),
            ..Theme::light()
        };
        let ratios = [x, y].map(|(scale, kind)| (kind == Ticks::Ratios).then_some(scale.range));
        let logarithms = |(scale, kind): (Scale, Ticks)| match kind {
            // A step beyond the range: no grid line but our own.
            Ticks::Ratios => (Scale { range: (libm::log(scale.range.0), libm::log(scale.range.1)), step: 1e9 }, kind),
            _ => (scale, kind),
        };
        let (x, y) = (logarithms(x), logarithms(y));
        let mut layout = Layout::new(x.0.range, y.0.range)
            .with_width(size.0)
            .with_height(size.1)
            .with_force_margins(margins.left, margins.right)
            .with_force_margins_y(margins.top, margins.bottom)
            .with_x_axis_min(x.0.range.0)
            .with_x_axis_max(x.0.range.1)
            .with_y_axis_min(y.0.range.0)
            .with_y_axis_max(y.0.range.1)
            .with_x_tick_step(x.0.step)
            .with_y_tick_step(y.0.step)
            .with_x_tick_format(ticks(x.1, x.0.step))
            .with_y_tick_format(ticks(y.1, y.0.step))
            .with_tick_size(TICK)
            .with_show_grid(true)
            .with_theme(theme);
        layout.suppress_x_ticks = matches!(x.1, Ticks::None | Ticks::Ratios);
        layout.suppress_y_ticks = matches!(y.1, Ticks::None | Ticks::Ratios);
        let computed = ComputedLayout::from_layout(&layout);
        Self { layout, computed, size, margins, ratios, plots: Vec::new(), above: Vec::new() }
    }

    /// The place of a value on axis 0 (x) or 1 (y): its logarithm on an axis of ratios.
    fn on(&self, axis: usize, value: f64) -> f64 {
        if self.ratios[axis].is_some() { libm::log(value) } else { value }
    }

    /// Place of a value on the x axis.
    pub(crate) fn x(&self, value: f64) -> f64 {
        self.computed.map_x(self.on(0, value))
    }

    /// Place of a value on the y axis.
    pub(crate) fn y(&self, value: f64) -> f64 {
        self.computed.map_y(self.on(1, value))
    }

    /// Lower end of the plot area.
    pub(crate) fn bottom(&self) -> f64 {
        self.size.1 - self.margins.bottom
    }

    /// Right end of the plot area.
    pub(crate) fn right(&self) -> f64 {
        self.size.0 - self.margins.right
    }

    /// Adds a band between two curves; rows are (x, lower, upper).
    pub(crate) fn band(&mut self, rows: &[(f64, f64, f64)], colour: &str, opacity: f64) {
        let column = |axis: usize, pick: fn(&(f64, f64, f64)) -> f64| {
            rows.iter().map(|row| self.on(axis, pick(row))).collect::<Vec<f64>>()
        };
        let band = BandPlot::new(column(0, |row| row.0), column(1, |row| row.1), column(1, |row| row.2));
        self.plots.push(Plot::Band(band.with_color(colour).with_opacity(opacity)));
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, points: &[(f64, f64)], style: Style, width: f64) {
        let dash = style.dash.map_or(LineStyle::Solid, |dash| LineStyle::Custom(dash.to_owned()));
        let line = LinePlot::new().with_data(points.iter().map(|(x, y)| (self.on(0, *x), self.on(1, *y))));
        self.plots.push(Plot::Line(line.with_color(style.colour).with_stroke_width(width).with_line_style(dash)));
    }

    /// Adds an element above everything, not clipped.
    pub(crate) fn above(&mut self, element: Primitive) {
        self.above.push(element);
    }

    /// Adds a heading above the plot area.
    pub(crate) fn heading(&mut self, content: &str, colour: &str) {
        let limit = self.size.0 - self.margins.left + 30.0;
        let written = text::fit(content, f64::from(LABEL), true, limit);
        self.above(bold(self.margins.left - 20.0, self.margins.top - 12.0, &written, LABEL, TextAnchor::Start, colour));
    }

    /// Adds the label of the x axis.
    pub(crate) fn x_label(&mut self, content: &str) {
        let middle = f64::midpoint(self.margins.left, self.right());
        let y = self.bottom() + 52.0;
        self.above(words(middle, y, content, LABEL, TextAnchor::Middle, INK));
    }

    /// Adds the label of the y axis, running upwards at the left edge.
    pub(crate) fn y_label(&mut self, content: &str) {
        let middle = f64::midpoint(self.margins.top, self.bottom());
        self.above(upwards(16.0, middle, content, LABEL));
    }

    /// Grid lines of the axes of ratios; their ticks go above.
    fn ratio_grid(&mut self) -> Vec<Plot> {
        let mut grid = Vec::new();
        let (left, bottom) = (self.margins.left, self.bottom());
        for axis in 0..2 {
            let Some(range) = self.ratios[axis] else { continue };
            let clear = |ticks: &Vec<f64>| {
                ticks.windows(2).all(|pair| {
                    let size = f64::from(TICK);
                    if axis == 0 {
                        let wide = pair.iter().map(|tick| text::width(&text::own_digits(*tick), size, false)).sum::<f64>() / 2.0;
                        self.x(pair[1]) - self.x(pair[0]) >= wide + 6.0
                    } else {
                        self.y(pair[0]) - self.y(pair[1]) >= size + 4.0
                    }
                })
            };
            let chosen = (1..=RATIO_TICKS).rev().map(|most| ratio_ticks(range, most)).find(clear);
            for tick in chosen.unwrap_or_default() {
                let written = text::own_digits(tick);
                let place = libm::log(tick);
                let ends = if axis == 0 { self.layout.y_range } else { self.layout.x_range };
                let points = [ends.0, ends.1].map(|end| if axis == 0 { (place, end) } else { (end, place) });
                grid.push(Plot::Line(LinePlot::new().with_data(points).with_color(GRID).with_stroke_width(1.0)));
                if axis == 0 {
                    let x = self.x(tick);
                    self.above(line((x, bottom), (x, bottom + 5.0), AXIS, 1.0, None));
                    self.above(words(x, bottom + 20.0, &written, TICK, TextAnchor::Middle, INK));
                } else {
                    let y = self.y(tick);
                    self.above(line((left - 5.0, y), (left, y), AXIS, 1.0, None));
                    self.above(words(left - 9.0, y + 5.5, &written, TICK, TextAnchor::End, INK));
                }
            }
        }
        grid
    }

    /// Puts the panel on the page.
    pub(crate) fn draw(mut self, page: &mut Page, x: f64, y: f64) {
        let mut plots = self.ratio_grid();
        plots.append(&mut self.plots);
        if plots.is_empty() {
            // Without any plot kuva would leave out the axes as well.
            plots.push(Plot::Line(LinePlot::new()));
        }
        let mut scene: Scene = render_multiple(plots, self.layout);
        scene.elements.extend(self.above);
        page.place(scene, x, y);
    }
}
