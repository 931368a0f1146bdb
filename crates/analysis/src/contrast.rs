//! Two scenarios, history by history: every measure of the second less the first, on the same draws.

use spiral_model::Outcome;

use crate::intervals::Term;
use crate::measures::{Kind, MEASURES, Measurement, Window, of_war};
use crate::outcomes::{Outcomes, Reader as _, common_histories};
use crate::paired::{FourfoldTable, MedianDifference, RatioDifference, Resampling, independent_share_difference};
use crate::pairing::VarianceReduction;
use crate::summary::{ScenarioOutcomes, again, named, until_war};
use crate::survival::{SortedSpells, Spells, log_rank_since};
use crate::table::{Contrast, Estimate, Measure};

/// Contrasts a scenario `b` with `a` over the histories that neither lost to a failure.
///
/// # Errors
/// If outcomes cannot be read.
pub fn contrast<S: Outcomes + ?Sized>(
    seed: u64,
    a: &ScenarioOutcomes<'_, S>,
    b: &ScenarioOutcomes<'_, S>,
) -> Result<Contrast, S::Error> {
    let war_free = |scenario: &ScenarioOutcomes<'_, S>| {
        let mut spells = Spells::default();
        for outcome in scenario.outcomes.valid()? {
            spells.add(until_war(&outcome?));
        }
        Ok(spells.sorted())
    };
    contrast_cohorts(seed, (a, &war_free(a)?), (b, &war_free(b)?))
}

pub(crate) fn contrast_cohorts<S: Outcomes + ?Sized>(
    seed: u64,
    (a, spells_a): (&ScenarioOutcomes<'_, S>, &SortedSpells),
    (b, spells_b): (&ScenarioOutcomes<'_, S>, &SortedSpells),
) -> Result<Contrast, S::Error> {
    let length = a.window().length.min(b.window().length);
    let windows = [a.window(), b.window()].map(|window| Window { length, ..window });
    let mut readers: Vec<Reader> = MEASURES.iter().map(|measurement| Reader::new(seed, measurement, windows)).collect();
    loop {
        for pair in common_histories(a.outcomes.valid()?, b.outcomes.valid()?) {
            let (first, second) = pair?;
            for reader in &mut readers {
                reader.take(&first, &second);
            }
        }
        if !again(&mut readers, Reader::again) {
            break;
        }
    }
    let mcnemar = |name: &str| readers.iter().find(|reader| reader.measurement.name == name)?.fourfold.mcnemar_p();
    let (war_p, general_war_p) = (mcnemar("war"), mcnemar("general_war"));
    let variance_reductions: Vec<Measure> = readers.iter().filter_map(Reader::variance_reduction).collect();
    let reduction = variance_reductions.iter().find(|measure| measure.name == "war");
    let test = log_rank_since(&[spells_a, spells_b], &[a.years.0, b.years.0]);
    Ok(Contrast {
        a: a.scenario.to_string(),
        a_point: a.point,
        b: b.scenario.to_string(),
        b_point: b.point,
        measures: readers.iter().map(Reader::difference).collect(),
        log_rank_chi_square: test.map(|test| test.chi_square),
        log_rank_p: test.map(|test| test.p),
        war_p,
        general_war_p,
        war_variance_reduction: reduction.and_then(|measure| measure.estimate.estimate),
        variance_reductions,
    })
}

/// A measure of pairs of histories that are read up to three times.
struct Reader {
    measurement: &'static Measurement,
    windows: [Window; 2],
    reading: u8,
    fourfold: FourfoldTable,
    /// First wars that meet the condition, and first wars.
    of_wars: [(u64, u64); 2],
    median: MedianDifference,
    ratio: RatioDifference,
    reduction: VarianceReduction,
}

impl Reader {
    fn new(seed: u64, measurement: &'static Measurement, windows: [Window; 2]) -> Self {
        let resampling = Resampling::new(seed, measurement.name);
        Self {
            measurement,
            windows,
            reading: 0,
            fourfold: FourfoldTable::default(),
            of_wars: [(0, 0); 2],
            median: MedianDifference::new(resampling),
            ratio: RatioDifference::new(resampling),
            reduction: VarianceReduction::default(),
        }
    }

    /// Whether it is a date, which scenarios that begin in different years compare from their beginnings.
    fn is_date(&self) -> bool {
        self.measurement.unit == "year"
    }

    fn take(&mut self, a: &Outcome, b: &Outcome) {
        let [window_a, window_b] = self.windows;
        match self.measurement.kind {
            Kind::Share(of) => {
                let (first, second) = (of.is_true(a), of.is_true(b));
                if self.reading == 0 {
                    self.fourfold.add(first, second);
                }
                let term = |is: bool| Term { numerator: f64::from(u8::from(is)), denominator: 1.0 };
                self.reduction.take((term(first), term(second)));
            }
            kind @ (Kind::ShareOfWars(_) | Kind::Motive(_)) if self.reading == 0 => {
                for (counts, outcome) in self.of_wars.iter_mut().zip([a, b]) {
                    let is = of_war(kind, outcome);
                    *counts = (counts.0 + u64::from(is == Some(true)), counts.1 + u64::from(is.is_some()));
                }
            }
            Kind::ShareOfWars(_) | Kind::Motive(_) => {}
            Kind::Median(of) => {
                let date = self.is_date();
                let since = |outcome: &Outcome, window: Window| {
                    of.number(outcome, window).map(|x| if date { x - window.start } else { x })
                };
                self.median.take((since(a, window_a), since(b, window_b)));
            }
            Kind::Mean(of, _) => self.terms(Term::of(of.number(a, window_a)), Term::of(of.number(b, window_b))),
            kind @ Kind::Rate(..) => self.terms(kind.ratio(a, window_a), kind.ratio(b, window_b)),
        }
    }

    fn terms(&mut self, a: Term, b: Term) {
        self.ratio.take((a, b));
        self.reduction.take((a, b));
    }

    /// Ends a reading; whether the pairs must be read again.
    fn again(&mut self) -> bool {
        self.reading += 1;
        match self.measurement.kind {
            Kind::Share(_) => self.reduction.again(),
            Kind::ShareOfWars(_) | Kind::Motive(_) => false,
            Kind::Median(_) => self.median.again(),
            Kind::Mean(..) | Kind::Rate(..) => self.ratio.again() | self.reduction.again(),
        }
    }

    /// The second less the first.
    fn difference(&self) -> Measure {
        let estimate: Estimate = match self.measurement.kind {
            Kind::Share(_) => self.fourfold.difference(),
            Kind::ShareOfWars(_) | Kind::Motive(_) => independent_share_difference(self.of_wars[0], self.of_wars[1]),
            Kind::Median(_) => self.median.estimate(),
            Kind::Mean(..) | Kind::Rate(..) => self.ratio.estimate(),
        };
        named(self.measurement, if self.is_date() { "years" } else { self.measurement.unit }, estimate)
    }

    /// What pairing is worth, of shares, means and rates. Measures that do not differ in any history, or exist in none, have none.
    fn variance_reduction(&self) -> Option<Measure> {
        // Differences of the others are not paired, or follow no sum over histories.
        let paired = matches!(self.measurement.kind, Kind::Share(_) | Kind::Mean(..) | Kind::Rate(..));
        let estimate = paired.then(|| self.reduction.estimate())?;
        estimate.estimate?;
        Some(named(self.measurement, "factor", estimate))
    }
}
