//! What a study simulates, and how it is cut into parts.

use serde::{Deserialize, Serialize};
use spiral_ensemble::PanelOptions;
use spiral_model::Setup;
use spiral_scenario::{Design, Factor, Mark, StudySource};

use crate::designs::Points;
use crate::{AttributionPlan, Error, StudyKind};

/// A study before it is run: every point of the design with the same number of histories.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Plan {
    /// What kind of study it is.
    pub kind: StudyKind,
    /// Title, for reports.
    pub title: String,
    /// The worlds.
    pub points: Vec<Point>,
    /// Histories of each point.
    pub histories: u32,
    /// Seed of every draw.
    pub seed: u64,
    /// Whether curves and panels follow a history past its first war.
    pub through_war: bool,
    /// Histories of each point whose events are kept: those numbered below this. [`u32::MAX`] keeps all.
    pub events_for: u32,
    /// Which histories of each point are kept as rows of states and dyads, if any.
    pub panel: Option<PanelOptions>,
    /// Whether every two histories of a point draw its judgements from their ranges, keyed by their number: histories 2k and 2k + 1
    /// share draw k. The histories are then simulated one at a time.
    pub uncertain: bool,
    /// Which rows of single histories are kept.
    pub rows: KeptRows,
    /// Whether CSV tables are written beside the Parquet ones. Changes no other file.
    pub csv: bool,
    /// Whether curves are kept. Where they are not, their table is empty.
    pub curves: bool,
    /// What the points vary, where the study is a sweep.
    pub sweep: Option<Sweep>,
    /// The groups that the points take from one scenario or the other, where the study is an attribution.
    pub attribution: Option<AttributionPlan>,
}

/// Which rows of single histories a study keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeptRows {
    /// One for each history.
    #[default]
    All,
    /// None: the table `tallies` has the numbers of each point, which take the same room for any number of histories.
    None,
}

impl KeptRows {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::All, Self::None];

    /// Its name on the command line and in the manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::None => "none",
        }
    }

    /// Whether every history has a row.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::All
    }
}

/// What makes a study a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// The texts that it is made from.
    pub source: StudySource,
    /// How its points are placed.
    pub design: Design,
    /// What varies.
    pub factors: Vec<Factor>,
    /// Where its points lie.
    pub points: Points,
    /// Names of the measures that are reported for each point.
    pub outcomes: Vec<String>,
    /// Scenarios that are marked on the plane of its two factors.
    pub marks: Vec<Mark>,
    /// When a point has enough histories, if their number is not fixed; then [`Plan::histories`] is the largest number for a point.
    pub stop: Option<Stop>,
}

/// When a point has enough histories: the interval of an outcome is narrow. It is computed after every round of as many
/// histories as a part holds, the same for all points, so that threads and interruptions change nothing. An interval that is
/// computed again and again covers somewhat less than its level.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// Name of the measure.
    pub outcome: String,
    /// Widest interval: upper less lower end, in the unit of the measure.
    pub width: f64,
    /// Histories of a round.
    pub at_least: u32,
}

/// One world of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Name of the scenario.
    pub scenario: String,
    /// The world.
    pub setup: Setup,
    /// What it was made from.
    pub request: Request,
}

/// What a user asked for: enough to make the setup of a point again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Built-in name or path, as given, with the member where the file has several.
    pub scenario: String,
    /// Text of the file, where it is not built in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// `--set`: path and value, in order.
    pub set: Vec<(String, String)>,
    /// `--without`: names of mechanisms.
    pub without: Vec<String>,
    /// `--years`: first and last date.
    pub years: Option<(f64, f64)>,
}

/// How a running study reports its progress to its caller, and asks whether to stop. Called from every worker.
pub trait Progress: Sync {
    /// This number of further histories is done: simulated now, or by an earlier run.
    fn advance(&self, histories: u64);
    /// Whether to stop. Asked after every block.
    fn cancelled(&self) -> bool;
    /// This number of histories is requested in total.
    fn begin(&self, histories: u64) {
        let _ = histories;
    }
    /// What is done once the histories are simulated: `summarising`, `drawing`, …
    fn stage(&self, name: &'static str) {
        let _ = name;
    }
    /// Something that the user should know: a part that had to be simulated again.
    fn note(&self, message: &str) {
        let _ = message;
    }
}

/// Progress that is ignored, and never cancelled.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _: u64) {}
    fn cancelled(&self) -> bool {
        false
    }
}

/// How [`crate::run`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Every table is written.
    Complete,
    /// Stopped early; what was done is kept, and a resumed run continues from there.
    Interrupted {
        /// Histories kept, over all points.
        done: u64,
        /// Histories asked for, over all points.
        of: u64,
    },
}

impl Plan {
    /// Histories over all points.
    #[must_use]
    pub fn total(&self) -> u64 {
        u64::from(self.histories) * self.points.len() as u64
    }

    /// Why the study cannot do without a row for each history.
    fn needs_rows(&self) -> Option<&'static str> {
        let Some(sweep) = &self.sweep else {
            return Some("only a sweep can do without a row for each history: write a study file, with one point if need be");
        };
        if sweep.stop.is_some() {
            return Some("without a row for each history, `until` cannot be computed: give a fixed number of histories");
        }
        if self.uncertain {
            return Some("judgements that are drawn need a row for each history: leave out --uncertain, or keep all rows");
        }
        (self.panel.is_some() || self.events_for > 0)
            .then_some("panels and events are rows of single histories: leave them out, or keep all rows")
    }

    /// Checks what the types cannot express.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let problem = if self.points.is_empty() {
            Some("a study needs at least one point, and this one has none".to_string())
        } else if self.histories == 0 {
            Some("histories must be at least 1, and 0 were asked for".to_string())
        } else if self.uncertain && self.sweep.as_ref().is_some_and(|sweep| sweep.stop.is_some()) {
            let reason = "`until` takes the histories of a point as independent, but where judgements are drawn two of them share a draw: \
                          give a fixed number of histories";
            Some(reason.to_string())
        } else if let Some(reason) = self.needs_rows().filter(|_| !self.rows.is_all()) {
            Some(reason.to_string())
        } else {
            let layout = Layout::new(self);
            if u64::from(layout.points) * u64::from(layout.parts_per_point()) > u64::from(u32::MAX) {
                let reason = format!("{} points of {} histories are too many for one study", layout.points, self.histories);
                return Err(Error::Plan { reason });
            }
            let timeless = self.points.iter().find(|point| point.setup.horizon.ticks() == 0);
            timeless.map(|point| {
                let horizon = &point.setup.horizon;
                format!("scenario {} has no time to run: it goes from {} to {}", point.scenario, horizon.start, horizon.end)
            })
        };
        problem.map_or(Ok(()), |reason| Err(Error::Plan { reason }))
    }
}

/// How a study is cut into parts. Depends on the plan alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    points: u32,
    histories: u32,
    /// Histories of a full part.
    pub(crate) part_histories: u32,
}

/// One part: consecutive histories of one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartSpan {
    /// Position of the point.
    pub(crate) point: usize,
    /// First history.
    pub(crate) first: u32,
    /// Number of histories.
    pub(crate) count: u32,
}

impl Layout {
    /// Parts that a study is cut into at most, unless its points alone are more or parts would take too long.
    const PARTS: u64 = 256;
    /// Below that, a part holds this many times the root of all histories: enough parts for every processor, few enough that
    /// writing them costs little.
    const TIMES_ROOT: u64 = 2;
    /// Fewest histories of a part, unless the point has fewer.
    const FEWEST: u64 = 128;
    /// Fewest parts of a point that has histories for them.
    const ROUNDS: u64 = 4;
    /// Most histories of a part: some seconds of work.
    const MOST: u64 = 8192;
    /// Part sizes are multiples of this, so that blocks of any width up to it fill them.
    pub(crate) const STEP: u64 = 64;

    pub(crate) fn new(plan: &Plan) -> Self {
        let total = plan.total();
        let even = total.div_ceil(Self::PARTS).max(Self::TIMES_ROOT * total.isqrt());
        // Several rounds of every point, so that a stopped study has them all.
        let wanted = even.min(u64::from(plan.histories).div_ceil(Self::ROUNDS)).next_multiple_of(Self::STEP);
        let wanted = match plan.sweep.as_ref().and_then(|sweep| sweep.stop.as_ref()) {
            Some(stop) => u64::from(stop.at_least).next_multiple_of(Self::STEP),
            None => wanted.max(Self::FEWEST),
        };
        Self { points: plan.points.len() as u32, histories: plan.histories, part_histories: wanted.min(Self::MOST) as u32 }
    }

    /// Parts of each point.
    pub(crate) fn parts_per_point(&self) -> u32 {
        self.histories.div_ceil(self.part_histories)
    }

    /// All parts.
    pub(crate) fn parts(&self) -> u32 {
        self.points * self.parts_per_point()
    }

    /// What part `index` holds. Parts are numbered point by point, so that their order is the order of the tables.
    pub(crate) fn span(&self, index: u32) -> PartSpan {
        let first = index % self.parts_per_point() * self.part_histories;
        PartSpan {
            point: (index / self.parts_per_point()) as usize,
            first,
            count: self.part_histories.min(self.histories - first),
        }
    }

    /// The parts in order of work: the first of every point, then the second of every point, and so on, so that a stopped
    /// study is a balanced sample.
    pub(crate) fn order(&self) -> impl Iterator<Item = u32> + use<> {
        let Self { points, .. } = *self;
        let each = self.parts_per_point();
        (0..each).flat_map(move |part| (0..points).map(move |point| point * each + part))
    }
}
