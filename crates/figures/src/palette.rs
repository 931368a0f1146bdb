//! Colours that people with any colour vision can tell apart: Okabe and Ito (2008), without yellow, which is too faint for a line on
//! white, and with a grey. Past eight series the colours return with dashed lines.

/// Ink of text and axes.
pub(crate) const INK: &str = "#222222";
/// Ink of less important text: subtitles, footnotes.
pub(crate) const FAINT_INK: &str = "#555555";
/// Grid lines.
pub(crate) const GRID: &str = "#e4e4e4";
/// Axis lines and ticks.
pub(crate) const AXIS: &str = "#777777";
/// Fill of areas without their own colour.
pub(crate) const NEUTRAL: &str = "#767676";

const COLOURS: [&str; 8] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c8c8c"];
const DASHES: [Option<&str>; 3] = [None, Some("9 4"), Some("3 4")];

/// Look of one series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// Colour, `#rrggbb`.
    pub(crate) colour: &'static str,
    /// SVG dash array of its lines.
    pub(crate) dash: Option<&'static str>,
}

/// Look of series number `position`.
pub(crate) fn style(position: usize) -> Style {
    Style { colour: COLOURS[position % COLOURS.len()], dash: DASHES[(position / COLOURS.len()) % DASHES.len()] }
}
