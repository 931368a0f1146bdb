//! Moments and quantiles over histories. Their bits do not depend on the order of the histories or on how they are grouped.
//!
//! A value is added as an integer: rounded to 2⁻³⁰ for the sums, and to one of 256 bins an octave for the quantiles. Integer
//! sums give the same result in any order, so threads, parts and block widths change no bit. No transcendental function is used:
//! the bin of a number is taken from its bits.

use serde::{Deserialize, Serialize};
use spiral_analysis::table::CurveRow;
use spiral_model::outcome::{STATE_METRICS, SYSTEM_METRICS};
use spiral_model::setup::Horizon;
use spiral_model::{Ended, Outcome, Setup};

/// Cells (dates × states × metrics) beyond which curves are kept for the system only, so that memory stays bounded.
pub const MOST_STATE_CELLS: usize = 50_000;

/// Steps of the sums in a unit: values are rounded to 2⁻³⁰ ≈ 10⁻⁹, and beyond ±2³³ ≈ 8.6·10⁹ they count as that.
const SCALE: f64 = 1_073_741_824.0;
/// Below this size a value counts as zero for quantiles.
const SMALLEST: f64 = 1.0 / SCALE;
/// Beyond this size a value counts as this size.
const LARGEST: f64 = 8_589_934_592.0;
/// Bits of the mantissa that a bin keeps: 2⁸ bins an octave, each at most 1/256 ≈ 0.4 % wide.
const BIN_BITS: u32 = 8;
/// What is cut off the bits of a number to find its bin.
const BIN_SHIFT: u32 = 52 - BIN_BITS;
/// Cut bits of [`SMALLEST`].
const BIN_BASE: i32 = (1023 - 30) << BIN_BITS;

/// Metrics of the system in the order of their rows: those of the model, and the hazard second.
const SYSTEM_ROWS: [&str; 4] = [SYSTEM_METRICS[0], "hazard", SYSTEM_METRICS[1], SYSTEM_METRICS[2]];
/// Position of the hazard among the system's rows.
const HAZARD: usize = 1;

/// The bin of a number: 0 about zero, rising with the number.
#[inline]
fn bin(value: f64) -> i16 {
    let size = value.abs().min(LARGEST);
    if size < SMALLEST {
        return 0;
    }
    let key = (size.to_bits() >> BIN_SHIFT) as i32 - BIN_BASE + 1;
    // At most 63 · 256 + 1, from the octaves between SMALLEST and LARGEST.
    (if value < 0.0 { -key } else { key }) as i16
}

/// Lower and upper edge of a bin.
fn edges(bin: i16) -> (f64, f64) {
    let edge = |key: i32| f64::from_bits(((key + BIN_BASE) as u64) << BIN_SHIFT);
    let key = i32::from(bin);
    match key {
        0 => (0.0, 0.0),
        1.. => (edge(key - 1), edge(key)),
        _ => (-edge(-key), -edge(-key - 1)),
    }
}

/// How many values fell into each bin.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Sparse", into = "Sparse")]
struct Histogram {
    /// Bin of the first count.
    first: i16,
    counts: Vec<u32>,
}

/// A histogram as it is stored: distance from the bin before, and count, where the count is not 0.
#[derive(Serialize, Deserialize)]
struct Sparse(Vec<(i16, u32)>);

impl From<Histogram> for Sparse {
    fn from(histogram: Histogram) -> Self {
        let mut before = 0;
        let mut pairs = Vec::new();
        for (bin, count) in histogram.bins() {
            pairs.push((bin - before, count));
            before = bin;
        }
        Self(pairs)
    }
}

impl From<Sparse> for Histogram {
    fn from(Sparse(pairs): Sparse) -> Self {
        let mut histogram = Self::default();
        let last = pairs.iter().map(|(step, _)| step).sum();
        if let Some((first, _)) = pairs.first() {
            histogram.cover(*first, last);
        }
        let mut bin = 0;
        for (step, count) in pairs {
            bin += step;
            histogram.add(bin, count);
        }
        histogram
    }
}

impl Histogram {
    /// Makes room for the bins from `low` to `high`.
    fn cover(&mut self, low: i16, high: i16) {
        if self.counts.is_empty() {
            self.first = low;
        }
        if low < self.first {
            let more = usize::from(self.first.abs_diff(low));
            self.counts.splice(0..0, std::iter::repeat_n(0, more));
            self.first = low;
        }
        let needed = usize::from(high.abs_diff(self.first)) + 1;
        if high >= self.first && needed > self.counts.len() {
            self.counts.resize(needed, 0);
        }
    }

    /// Adds to a bin that is covered.
    #[inline]
    fn add(&mut self, bin: i16, count: u32) {
        self.counts[usize::from(bin.abs_diff(self.first))] += count;
    }

    /// The bins that hold something, rising.
    fn bins(&self) -> impl Iterator<Item = (i16, u32)> + Clone + '_ {
        (self.first..).zip(&self.counts).filter(|(_, count)| **count > 0).map(|(bin, count)| (bin, *count))
    }

    fn merge(&mut self, other: &Self) {
        if let Some((last, _)) = other.bins().last() {
            self.cover(other.first, last);
            for (bin, count) in other.bins() {
                self.add(bin, count);
            }
        }
    }
}

/// Moments and histogram of one metric at one date over the histories at risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cell {
    count: u64,
    /// Sum of the rounded values, in steps of 2⁻³⁰.
    sum: i128,
    /// Sum of their squares, in steps of 2⁻⁶⁰; stops at the largest number.
    squares: i128,
    minimum: f64,
    maximum: f64,
    histogram: Histogram,
}

impl Default for Cell {
    fn default() -> Self {
        Self { count: 0, sum: 0, squares: 0, minimum: f64::INFINITY, maximum: f64::NEG_INFINITY, histogram: Histogram::default() }
    }
}

impl Cell {
    /// Adds the values that are numbers; NaN stands for a history that is not at risk.
    pub(crate) fn extend(&mut self, values: &[f64]) {
        let (mut low, mut high) = (i16::MAX, i16::MIN);
        for value in values {
            if value.is_finite() {
                let bin = bin(*value);
                low = low.min(bin);
                high = high.max(bin);
            }
        }
        if low > high {
            return;
        }
        self.histogram.cover(low, high);
        for value in values {
            if value.is_finite() {
                let rounded = (value * SCALE + 0.5_f64.copysign(*value)) as i64;
                self.count += 1;
                self.sum += i128::from(rounded);
                self.squares = self.squares.saturating_add(i128::from(rounded) * i128::from(rounded));
                // Adding zero makes −0 into 0, which are equal but print differently.
                self.minimum = self.minimum.min(value + 0.0);
                self.maximum = self.maximum.max(value + 0.0);
                self.histogram.add(bin(*value), 1);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares = self.squares.saturating_add(other.squares);
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
        self.histogram.merge(&other.histogram);
    }

    fn mean(&self) -> f64 {
        // A constant is returned exactly, not as it was rounded.
        if self.minimum == self.maximum { self.minimum } else { self.sum as f64 / SCALE / self.count as f64 }
    }

    /// Sample standard deviation; 0 for a single value.
    fn standard_deviation(&self) -> f64 {
        if self.count < 2 || self.minimum == self.maximum {
            return 0.0;
        }
        let n = i128::from(self.count);
        // Squares about a whole number next to the mean: exact, and small enough to lose nothing as a float.
        let centre = self.sum / n;
        let rest = self.sum - n * centre;
        let about_centre = n
            .checked_mul(centre)
            .and_then(|product| self.sum.checked_mul(2)?.checked_sub(product))
            .and_then(|twice| twice.checked_mul(centre))
            .and_then(|product| self.squares.checked_sub(product));
        let scatter = about_centre.map_or_else(
            || self.squares as f64 - (self.sum as f64 / n as f64) * self.sum as f64,
            |squares| squares as f64 - (rest as f64 / n as f64) * rest as f64,
        );
        (scatter.max(0.0) / (n - 1) as f64).sqrt() / SCALE
    }

    /// Quantiles at levels that rise, each by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).
    fn quantiles<const N: usize>(&self, levels: [f64; N]) -> [f64; N] {
        let mut walk = Walk { cell: self, bins: self.histogram.bins(), below: 0, bin: None };
        levels.map(|level| {
            let position = level * (self.count - 1) as f64;
            let below = position.floor();
            let lower = walk.at_rank(below as u64);
            if position == below {
                return lower;
            }
            // The next level may ask for this rank again.
            lower + (position - below) * (walk.clone().at_rank(below as u64 + 1) - lower)
        })
    }
}

/// A walk over the bins of a cell, from low to high: the ranks that are asked for do not fall.
#[derive(Clone)]
struct Walk<'a, I> {
    cell: &'a Cell,
    bins: I,
    /// Values in the bins before the present one.
    below: u64,
    /// The present bin and how many values it holds; none before the first.
    bin: Option<(i16, u32)>,
}

impl<I: Iterator<Item = (i16, u32)>> Walk<'_, I> {
    /// Value of the order statistic at `rank`, from 0: values are spread evenly over their bin, so it is off by at most the
    /// width of a bin, 0.4 %.
    fn at_rank(&mut self, rank: u64) -> f64 {
        loop {
            if let Some((bin, count)) = self.bin {
                if rank < self.below + u64::from(count) {
                    let (lower, upper) = edges(bin);
                    let share = ((rank - self.below) as f64 + 0.5) / f64::from(count);
                    return (lower + share * (upper - lower)).clamp(self.cell.minimum, self.cell.maximum);
                }
                self.below += u64::from(count);
            }
            self.bin = self.bins.next();
            if self.bin.is_none() {
                return self.cell.maximum;
            }
        }
    }
}

/// Which ticks of a scenario are kept, and how many states.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Dates kept: the start, each tick in which a year begins, the end.
    pub(crate) dates: Vec<f64>,
    /// Position of a date for each tick boundary; [`Frame::NOT_KEPT`] for those between.
    slots: Vec<u32>,
    /// States kept: all of them, or none where they would be too many.
    pub(crate) states: usize,
    /// Last date.
    end: f64,
}

impl Frame {
    const NOT_KEPT: u32 = u32::MAX;
    /// Decimal years are sums of fractions such as 1/12, whose rounding may not hide the start of a year.
    const ROUNDING: f64 = 1e-6;

    /// The frame of a world.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        let horizon: &Horizon = &setup.horizon;
        let ticks = horizon.ticks();
        let year = |boundary: u32| (horizon.date(boundary) + Self::ROUNDING).floor();
        let mut dates = Vec::new();
        let mut slots = Vec::with_capacity(ticks as usize + 1);
        for boundary in 0..=ticks {
            let kept = boundary == 0 || boundary == ticks || year(boundary) > year(boundary - 1);
            slots.push(if kept { dates.len() as u32 } else { Self::NOT_KEPT });
            if kept {
                dates.push(horizon.date(boundary));
            }
        }
        let states = setup.states.len();
        let few = states * STATE_METRICS.len() * dates.len() <= MOST_STATE_CELLS;
        Self { dates, slots, states: if few { states } else { 0 }, end: horizon.date(ticks) }
    }

    /// The frame of a world; without any date where no curves are kept.
    pub(crate) fn of(setup: &Setup, curves: bool) -> Self {
        let frame = Self::new(setup);
        if curves { frame } else { Self { dates: Vec::new(), slots: Vec::new(), states: 0, end: frame.end } }
    }

    /// Whether curves of each state are kept, or (in very large worlds) of the system only.
    #[must_use]
    pub fn has_states(setup: &Setup) -> bool {
        Self::new(setup).states == setup.states.len()
    }

    /// Position of the date at a tick boundary, if it is kept. Boundary 0 is the start, boundary `t + 1` the end of tick `t`.
    pub(crate) fn slot(&self, boundary: usize) -> Option<usize> {
        self.slots.get(boundary).filter(|slot| **slot != Self::NOT_KEPT).map(|slot| *slot as usize)
    }

    /// Cells of each date.
    pub(crate) fn rows(&self) -> usize {
        self.states * STATE_METRICS.len() + SYSTEM_ROWS.len()
    }

    /// Position, within a date, of a metric of the system by its position in the model's list.
    pub(crate) fn system_row(&self, metric: usize) -> usize {
        self.states * STATE_METRICS.len() + metric + usize::from(metric >= HAZARD)
    }

    fn hazard_row(&self) -> usize {
        self.states * STATE_METRICS.len() + HAZARD
    }
}

/// Every metric at every kept date, over the histories added so far. Curves of different histories of one world can be merged in any
/// order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Curves {
    /// By date, then by row.
    pub(crate) cells: Vec<Cell>,
}

impl Curves {
    /// Curves of no histories yet.
    #[must_use]
    pub fn new(frame: &Frame) -> Self {
        Self { cells: vec![Cell::default(); frame.dates.len() * frame.rows()] }
    }

    /// Adds the curves of other histories of the same world.
    pub fn merge(&mut self, other: &Self) {
        if self.cells.is_empty() {
            self.cells.clone_from(&other.cells);
            return;
        }
        for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
            cell.merge(more);
        }
    }

    /// Adds to the hazard: at each date, of the histories without a war so far that are followed for a year from there, 1
    /// for each whose first war begins within the year, else 0.
    pub(crate) fn add_hazard(&mut self, frame: &Frame, outcomes: &[Outcome]) {
        let mut values = Vec::with_capacity(outcomes.len());
        for (slot, date) in frame.dates.iter().enumerate() {
            let next = date + 1.0;
            if next > frame.end + Frame::ROUNDING {
                break;
            }
            values.clear();
            values.extend(outcomes.iter().map(|outcome| match outcome.first_war_date {
                Some(war) if war < *date => f64::NAN,
                Some(war) if war < next => 1.0,
                _ if outcome.ended == Ended::Failure && outcome.end_date < next => f64::NAN,
                _ => 0.0,
            }));
            self.cells[slot * frame.rows() + frame.hazard_row()].extend(&values);
        }
    }

    /// The rows of the table: by date; at each date the states in order and then the system; the metrics in order. Cells in
    /// which no history is at risk have no row. `setup` is the world of the histories, `point` its position in a design (0 where there is
    /// no design).
    #[must_use]
    pub fn rows(&self, setup: &Setup, scenario: &str, point: u32) -> Vec<CurveRow> {
        let frame = Frame::new(setup);
        let labels: Vec<(&str, &str)> = setup
            .states
            .iter()
            .take(frame.states)
            .flat_map(|state| STATE_METRICS.map(|metric| (state.code.as_str(), metric)))
            .chain(SYSTEM_ROWS.map(|metric| ("*", metric)))
            .collect();
        let mut rows = Vec::with_capacity(self.cells.len());
        for (date, cells) in frame.dates.iter().zip(self.cells.chunks(frame.rows())) {
            for ((state, metric), cell) in labels.iter().zip(cells) {
                if cell.count > 0 {
                    let [q05, q25, q50, q75, q95] = cell.quantiles([0.05, 0.25, 0.5, 0.75, 0.95]);
                    rows.push(CurveRow {
                        scenario: scenario.to_string(),
                        point,
                        date: *date,
                        state: (*state).to_string(),
                        metric: (*metric).to_string(),
                        at_risk: cell.count,
                        mean: cell.mean(),
                        sd: cell.standard_deviation(),
                        q05,
                        q25,
                        q50,
                        q75,
                        q95,
                    });
                }
            }
        }
        rows
    }
}
