//! Charts of a study, as SVG and PNG, from the tables of the analysis.
//!
//! kuva draws axes, lines and bands; the pages around them (titles, keys, grids of panels, numbers at risk, labels at the ends of
//! lines) are put together here. resvg turns each page into a PNG with the font DejaVu Sans that kuva contains, so that a machine without
//! fonts makes the same picture. The same input makes the same bytes.
//!
//! # Example
//! ```
//! use spiral_analysis::intervals::share;
//! use spiral_figures::findings::Chart;
//!
//! let chart = Chart { name: "war", kicker: "example", title: "Histories with a war", note: "250 histories of each scenario, seed 1." };
//! let rows = [("pre-wwi".to_owned(), share(240, 250)), ("two-states".to_owned(), share(175, 250))];
//! let figure = chart.dots("share of histories", &rows);
//! assert!(figure.svg.starts_with("<?xml") || figure.svg.starts_with("<svg"));
//! assert!(figure.svg.contains("two-states"));
//! ```

mod calibration;
mod compare;
mod effects;
mod fan;
pub mod findings;
mod first_war;
mod forest;
mod growth;
mod heat_map;
mod hindcast;
mod image;
mod interactions;
mod levels;
mod over;
mod page;
mod palette;
mod panel;
mod phase;
mod posterior;
pub mod report;
mod scale;
mod sensitivity;
mod singles;
mod survival;
mod text;
mod validation;
mod view;
mod waterfall;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use spiral_analysis::calibration::Calibration;
use spiral_analysis::hindcast::Hindcast;
use spiral_analysis::table::{CurveRow, Summary};
use spiral_analysis::validation::Validation;
use spiral_analysis::{Explanation, Sensitivity};

pub use effects::Effect;
pub use heat_map::{Axis, HeatMap, MOST_CELLS, Marked};
pub use image::PNG_SCALE;
pub use levels::Levels;
pub use over::{Across, OverFactors};
pub use phase::{PhasePortrait, StraightLine};
pub use singles::{MOST_SINGLES, SingleCurve};

use survival::Until;
use view::{Metric, View};

/// Width of every SVG, px; a PNG has [`PNG_SCALE`] times as many.
pub const WIDTH_PX: u32 = 1200;

/// An observed value of history, to be drawn together with the simulated ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// Scenario that it belongs to.
    pub scenario: String,
    /// Code of the state.
    pub state: String,
    /// Metric, as in [`CurveRow::metric`]: `burden` or `arms`.
    pub metric: String,
    /// Decimal year.
    pub date: f64,
    /// Value in the unit of the curves: a share of output for `burden`, the money of the scenario for `arms`.
    pub value: f64,
    /// Where it comes from, for the footnote.
    pub source: String,
}

/// What the charts are drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The estimates.
    pub summary: &'a Summary,
    /// Curves of `arms` and `burden` by state; other rows are ignored.
    pub curves: &'a [CurveRow],
    /// Curves of a sample of its own whose histories draw their judgements from their ranges: a paler band behind the others, in no
    /// estimate. Empty where there is none.
    pub judged: &'a [CurveRow],
    /// Name of the study, set above the title of every chart.
    pub title: &'a str,
    /// Code and name of each state. The order of codes decides the colours, so give all states of the study.
    pub state_names: &'a [(String, String)],
    /// Unit of money of each scenario, by name.
    pub money: &'a [(String, String)],
    /// Observed values; may be empty.
    pub observed: &'a [Observed],
    /// Curves of `arms` and `burden` in single histories, drawn under the fans; may be empty.
    pub singles: &'a [SingleCurve],
    /// Whether curves continue during and after wars; otherwise a history leaves the curves at its first war.
    pub through_war: bool,
}

/// One chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Name without extension: `burden-pre-wwi`.
    pub name: String,
    /// The chart as SVG. It needs no other file, except a font, which it names.
    pub svg: String,
}

impl Figure {
    /// The chart as PNG bytes, [`PNG_SCALE`] pixels for each pixel of the SVG.
    ///
    /// # Errors
    /// [`Error::Render`] where the picture cannot be made, for example because there is too little memory.
    pub fn png(&self) -> Result<Vec<u8>, Error> {
        image::png(&self.svg).map_err(|reason| Error::Render { figure: self.name.clone(), reason })
    }
}

/// Why a chart could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },
    /// A picture could not be made.
    #[error("cannot draw {figure} as PNG: {reason}")]
    Render {
        /// Name of the chart.
        figure: String,
        /// What went wrong.
        reason: String,
    },
}

/// All charts of a study: for each scenario `arms-SCENARIO`, `burden-SCENARIO` and, with single histories, `growth-SCENARIO`; `war-free`, `general-war-free`, `motives`,
/// `days-to-general-war`, `great-powers`; with two scenarios or more `compare-arms`, `compare-burden`; with contrasts `contrast`.
/// Charts hold at most eight scenarios and twelve states; a note reports if there are more.
#[must_use]
pub fn figures(input: &Input) -> Vec<Figure> {
    let view = View::new(input);
    let mut drawn = Vec::new();
    for world in &view.worlds {
        drawn.push(fan::figure(&view, world, Metric::Arms));
        drawn.push(fan::figure(&view, world, Metric::Burden));
        drawn.extend(growth::figure(&view, world));
    }
    drawn.push(survival::figure(&view, Until::AnyWar));
    drawn.push(survival::figure(&view, Until::GeneralWar));
    drawn.push(forest::motives(&view));
    drawn.push(first_war::days(&view));
    drawn.push(first_war::great_powers(&view));
    drawn.extend(compare::figure(&view, Metric::Arms));
    drawn.extend(compare::figure(&view, Metric::Burden));
    drawn.extend(forest::contrast(&view));
    drawn.into_iter().map(|(name, svg)| Figure { name, svg }).collect()
}

/// The phase portrait of a dyad: `phase-A-B-SCENARIO`.
#[must_use]
pub fn phase(portrait: &PhasePortrait) -> Figure {
    phase::figure(portrait)
}

/// The charts of a validation: `validation-METRIC` for each metric with observed curves, and `skill`.
#[must_use]
pub fn validation_figures(validation: &Validation, state_names: &[(String, String)]) -> Vec<Figure> {
    validation::figures(validation, state_names).into_iter().map(|(name, svg)| Figure { name, svg }).collect()
}

/// Draws [`validation_figures`] as [`draw`] does.
///
/// # Errors
/// As [`draw`].
pub fn draw_validation(
    validation: &Validation,
    state_names: &[(String, String)],
    directory: &Path,
) -> Result<Vec<PathBuf>, Error> {
    write(&validation_figures(validation, state_names), directory)
}

/// Draws [`figures`] into `directory/figures`, made if missing: one `.svg` and one `.png` each. A file appears only when it is complete.
/// Returns the paths written, in the order of the charts.
///
/// # Errors
/// [`Error::Write`] where a file cannot be written, [`Error::Render`] where a picture cannot be made.
pub fn draw(input: &Input, directory: &Path) -> Result<Vec<PathBuf>, Error> {
    write(&figures(input), directory)
}

/// The figure `sensitivity-OUTCOME`: how much each factor changes an outcome, as bars; `label` and `unit` are those of its
/// measure, `study` the title of the
/// study.
#[must_use]
pub fn sensitivity(found: &Sensitivity, label: &str, unit: &str, study: &str) -> Figure {
    sensitivity::figure(found, label, unit, study)
}

/// The figure `effects`: what each point of a list changes against the first; `note` says what was simulated.
#[must_use]
pub fn effects(effects: &[Effect], study: &str, note: &str) -> Figure {
    effects::figure(effects, study, note)
}

/// The figures of an attribution, for each outcome: the waterfall `explain-OUTCOME`, and `interactions-OUTCOME` with the interaction of
/// every two groups.
#[must_use]
pub fn attribution(explanation: &Explanation) -> Vec<Figure> {
    let both = |outcome| [waterfall::figure(outcome, explanation), interactions::figure(outcome, explanation)];
    explanation.outcomes.iter().flat_map(both).collect()
}

/// The charts of a calibration: `calibration-parameters`, `-pairs` (of two parameters or more), `-fit` (where series are targets),
/// `-residuals`, `-convergence`.
#[must_use]
pub fn calibration(found: &Calibration) -> Vec<Figure> {
    calibration::figures(found)
}

/// The charts of a hindcast, for each outcome: `roc-OUTCOME`, `precision-OUTCOME` and `calibration-OUTCOME`, each with a panel for each era.
#[must_use]
pub fn hindcast(found: &Hindcast) -> Vec<Figure> {
    hindcast::figures(found)
}

/// Writes figures into `directory/figures`, as [`draw`] does.
///
/// # Errors
/// As [`draw`].
pub fn write(figures: &[Figure], directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let directory = directory.join("figures");
    fs::create_dir_all(&directory).map_err(|source| Error::Write { path: directory.clone(), source })?;
    let mut paths = Vec::new();
    for figure in figures {
        for (extension, bytes) in [("svg", figure.svg.clone().into_bytes()), ("png", figure.png()?)] {
            let path = directory.join(format!("{}.{extension}", figure.name));
            write_whole(&path, &bytes).map_err(|source| Error::Write { path: path.clone(), source })?;
            paths.push(path);
        }
    }
    Ok(paths)
}

/// Writes beside the target, makes sure that it is on disk, then renames.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let temporary = path.with_file_name(name);
    let mut file = fs::File::create(&temporary)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error is the one that matters; a leftover is harmless.
        let _ = fs::remove_file(&temporary);
    }
    written
}
