//! How narrow the interval of an outcome has become, history by history, without keeping the histories.

use spiral_model::{Ended, Outcome};

use crate::intervals::{half_width, wilson_ends};
use crate::measures::{Kind, MEASURES, Window, of_war};

/// A running estimate of one measure over the histories added so far. The same histories in the same order give the same bits.
#[derive(Debug, Clone)]
pub struct Precision {
    kind: Kind,
    window: Window,
    /// Histories that have a value.
    n: u64,
    /// Of these, those with the property, where the measure is a share.
    successes: u64,
    mean: f64,
    squares: f64,
}

impl Precision {
    /// An estimate of nothing yet. `None` where there is no measure of that name, or where it is a median or a rate, whose intervals
    /// need all histories at once.
    #[must_use]
    pub fn new(measure: &str, window: Window) -> Option<Self> {
        let kind = MEASURES.iter().find(|known| known.name == measure)?.kind;
        let running = !matches!(kind, Kind::Median(_) | Kind::Rate(..));
        running.then_some(Self { kind, window, n: 0, successes: 0, mean: 0.0, squares: 0.0 })
    }

    /// Names of the measures that can be followed.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        let window = Window { start: 0.0, length: 1.0 };
        MEASURES.iter().map(|measure| measure.name).filter(|name| Self::new(name, window).is_some()).collect()
    }

    /// Adds histories. Those that failed count nowhere.
    pub fn add(&mut self, outcomes: &[Outcome]) {
        for outcome in outcomes.iter().filter(|outcome| outcome.ended != Ended::Failure) {
            match self.kind {
                Kind::Share(of) => self.count(of.is_true(outcome)),
                Kind::ShareOfWars(_) | Kind::Motive(_) => of_war(self.kind, outcome).into_iter().for_each(|is| self.count(is)),
                Kind::Mean(of, _) => {
                    of.number(outcome, self.window).filter(|x| x.is_finite()).into_iter().for_each(|x| self.value(x));
                }
                Kind::Median(_) | Kind::Rate(..) => {}
            }
        }
    }

    fn count(&mut self, is: bool) {
        self.n += 1;
        self.successes += u64::from(is);
    }

    /// Welford's update.
    fn value(&mut self, x: f64) {
        self.n += 1;
        let from_mean = x - self.mean;
        self.mean += from_mean / self.n as f64;
        self.squares += from_mean * (x - self.mean);
    }

    /// Upper less lower end of the interval; infinite while there is none.
    #[must_use]
    pub fn width(&self) -> f64 {
        let width = if matches!(self.kind, Kind::Mean(..)) {
            let n = self.n as f64;
            2.0 * half_width(self.n, self.squares / (n * (n - 1.0)))
        } else {
            let (lower, upper) = wilson_ends(self.successes, self.n);
            upper - lower
        };
        if width.is_nan() { f64::INFINITY } else { width }
    }
}
