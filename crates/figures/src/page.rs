//! One figure: title, keys, panels and footnote on a page of fixed width, put together as a kuva scene and written as SVG.

use kuva::backend::svg::SvgBackend;
use kuva::render::render::{Primitive, Scene, TextAnchor};

use crate::palette::{FAINT_INK, INK, Style};
use crate::text;

/// Width of every page, px.
pub(crate) const WIDTH: f64 = 1200.0;
/// Blank at the left and right edge, px.
pub(crate) const MARGIN: f64 = 32.0;
/// Width between the margins, px.
pub(crate) const BODY: f64 = WIDTH - 2.0 * MARGIN;
/// Size of axis labels and keys, px.
pub(crate) const LABEL: u32 = 18;
/// Size of tick labels, px.
pub(crate) const TICK: u32 = 16;

const FONTS: &str = "DejaVu Sans, Verdana, Bitstream Vera Sans, sans-serif";

/// What a key shows beside its words.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mark {
    /// A line of a series.
    Line(Style),
    /// A filled area of a colour at an opacity.
    Area(&'static str, f64),
    /// A filled dot.
    Dot(&'static str),
    /// An observed value: the black edge of a diamond.
    Observed,
}

/// One entry of the keys below the title.
pub(crate) struct Key {
    /// What is drawn.
    pub(crate) mark: Mark,
    /// What it means.
    pub(crate) label: String,
}

/// A text at a place; `y` is its base line.
pub(crate) fn words(x: f64, y: f64, content: &str, size: u32, anchor: TextAnchor, colour: &str) -> Primitive {
    Primitive::Text { x, y, content: text::clean(content), size, anchor, rotate: None, bold: false, color: Some(colour.into()) }
}

/// The same in bold.
pub(crate) fn bold(x: f64, y: f64, content: &str, size: u32, anchor: TextAnchor, colour: &str) -> Primitive {
    Primitive::Text { x, y, content: text::clean(content), size, anchor, rotate: None, bold: true, color: Some(colour.into()) }
}

/// A text that runs upwards, centred on the place.
pub(crate) fn upwards(x: f64, y: f64, content: &str, size: u32) -> Primitive {
    let (anchor, rotate, color) = (TextAnchor::Middle, Some(-90.0), Some(INK.into()));
    Primitive::Text { x, y, content: text::clean(content), size, anchor, rotate, bold: false, color }
}

/// A straight line.
pub(crate) fn line(from: (f64, f64), to: (f64, f64), colour: &str, width: f64, dash: Option<&str>) -> Primitive {
    let stroke_dasharray = dash.map(str::to_owned);
    Primitive::Line { x1: from.0, y1: from.1, x2: to.0, y2: to.1, stroke: colour.into(), stroke_width: width, stroke_dasharray }
}

/// A filled rectangle.
pub(crate) fn area(x: f64, y: f64, width: f64, height: f64, colour: &str, opacity: f64) -> Primitive {
    Primitive::Rect { x, y, width, height, fill: colour.into(), stroke: None, stroke_width: None, opacity: Some(opacity) }
}

/// A filled dot with a white edge.
pub(crate) fn dot(x: f64, y: f64, radius: f64, colour: &str) -> Primitive {
    let (stroke, stroke_width) = (Some("#ffffff".into()), Some(1.5));
    Primitive::Circle { cx: x, cy: y, r: radius, fill: colour.into(), fill_opacity: None, stroke, stroke_width }
}

/// The mark of an observed value; not filled, so that the curve under it is seen.
pub(crate) fn diamond(x: f64, y: f64, radius: f64) -> Primitive {
    let round = |value: f64| (value * 100.0).round() / 100.0;
    let (left, right, top, bottom) = (round(x - radius), round(x + radius), round(y - radius), round(y + radius));
    let (x, y) = (round(x), round(y));
    Primitive::Path(Box::new(kuva::render::render::PathData {
        d: format!("M {x} {top} L {right} {y} L {x} {bottom} L {left} {y} Z"),
        fill: Some("none".into()),
        stroke: "#000000".into(),
        stroke_width: 1.4,
        opacity: None,
        stroke_dasharray: None,
    }))
}

/// A page in the making; elements are added at the place that `cursor` marks, or at places that the caller chooses.
pub(crate) struct Page {
    name: String,
    title: String,
    scene: Scene,
    clips: usize,
    /// Height used so far, px.
    pub(crate) cursor: f64,
}

impl Page {
    /// A page that begins with `kicker` (whose study it is), `title` (what is shown) and `subtitle` (how to read it).
    pub(crate) fn new(name: &str, kicker: &str, title: &str, subtitle: &str) -> Self {
        let mut scene = Scene::new(WIDTH, 0.0);
        scene.font_family = Some(FONTS.to_owned());
        scene.text_color = Some(INK.to_owned());
        let mut page = Self { name: name.to_owned(), title: title.to_owned(), scene, clips: 0, cursor: 14.0 };
        page.paragraph(kicker, 16, false, FAINT_INK);
        page.paragraph(title, 25, true, INK);
        page.paragraph(subtitle, LABEL, false, FAINT_INK);
        page.cursor += 10.0;
        page
    }

    /// Adds one element at a place that the caller chooses.
    pub(crate) fn add(&mut self, element: Primitive) {
        self.scene.add(element);
    }

    /// Adds lines of text over the whole width.
    pub(crate) fn paragraph(&mut self, content: &str, size: u32, strong: bool, colour: &str) {
        for written in text::wrap(content, f64::from(size), strong, BODY) {
            self.cursor += f64::from(size) * 1.35;
            let place = if strong { bold } else { words };
            self.scene.add(place(MARGIN, self.cursor, &written, size, TextAnchor::Start, colour));
        }
    }

    /// Adds a row of keys, broken into as many rows as it takes.
    pub(crate) fn keys(&mut self, keys: &[Key]) {
        if keys.is_empty() {
            return;
        }
        let (swatch, gap) = (34.0, 30.0);
        let mut x = MARGIN;
        self.cursor += 22.0;
        for key in keys {
            let label = text::fit(&key.label, f64::from(LABEL), false, BODY - swatch - 10.0);
            let wide = swatch + 10.0 + text::width(&label, f64::from(LABEL), false);
            if x > MARGIN && x + wide > WIDTH - MARGIN {
                x = MARGIN;
                self.cursor += 27.0;
            }
            let middle = self.cursor - 6.5;
            self.add(match key.mark {
                Mark::Line(style) => line((x, middle), (x + swatch, middle), style.colour, 3.5, style.dash),
                Mark::Area(colour, opacity) => area(x, middle - 8.0, swatch, 16.0, colour, opacity),
                Mark::Dot(colour) => dot(x + swatch / 2.0, middle, 7.0, colour),
                Mark::Observed => diamond(x + swatch / 2.0, middle, 7.0),
            });
            self.add(words(x + swatch + 10.0, self.cursor, &label, LABEL, TextAnchor::Start, INK));
            x += wide + gap;
        }
        self.cursor += 14.0;
    }

    /// Adds a panel's scene with its upper left corner at a place. Clip paths get unique names, so that figures can share a document.
    pub(crate) fn place(&mut self, panel: Scene, x: f64, y: f64) {
        self.add(Primitive::GroupStart { transform: Some(format!("translate({x} {y})")), title: None, extra_attrs: None });
        for mut element in panel.elements {
            if let Primitive::ClipStart { x, y, width, height, id } = &mut element {
                self.clips += 1;
                *id = format!("clip-{}-{}", self.name, self.clips);
                // Two pixels of air, so that a line on the edge keeps its full width.
                let (x, y, width, height) = (*x - 2.0, *y - 2.0, *width + 4.0, *height + 4.0);
                self.scene
                    .defs
                    .push(format!(r#"<clipPath id="{id}"><rect x="{x}" y="{y}" width="{width}" height="{height}"/></clipPath>"#));
            }
            self.scene.add(element);
        }
        self.add(Primitive::GroupEnd);
    }

    /// Writes in the middle of an empty space that there is nothing to draw, and why.
    pub(crate) fn nothing(&mut self, why: &str) {
        self.add(area(MARGIN, self.cursor + 8.0, BODY, 180.0, "#f4f4f4", 1.0));
        for (position, written) in text::wrap(why, 20.0, false, BODY - 80.0).iter().enumerate() {
            self.add(words(
                WIDTH / 2.0,
                self.cursor + 100.0 + 28.0 * position as f64,
                written,
                20,
                TextAnchor::Middle,
                FAINT_INK,
            ));
        }
        self.cursor += 200.0;
    }

    /// Closes the page with its footnotes, and writes it as SVG.
    pub(crate) fn finish(mut self, footnotes: &[String]) -> String {
        self.cursor += 10.0;
        self.add(line((MARGIN, self.cursor), (WIDTH - MARGIN, self.cursor), "#cccccc", 1.0, None));
        self.cursor += 4.0;
        for footnote in footnotes {
            self.paragraph(footnote, 15, false, FAINT_INK);
        }
        self.scene.height = (self.cursor + 18.0).round();
        let svg = SvgBackend::new().with_pretty(true).render_scene(&self.scene);
        let view = format!(
            r#"<svg viewBox="0 0 {WIDTH} {}" role="img" aria-label="{}" xmlns="#,
            self.scene.height,
            attribute(&self.title)
        );
        svg.replacen("<svg xmlns=", &view, 1)
    }
}

fn attribute(content: &str) -> String {
    let legal = content
        .chars()
        .map(|character| if character.is_control() || ('\u{fffe}'..='\u{ffff}').contains(&character) { ' ' } else { character });
    legal.collect::<String>().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
