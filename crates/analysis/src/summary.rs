//! From the outcomes of a study to `summary.json`: every measure of every scenario, and its contrast with the first scenario.
//!
//! Histories that failed numerically are counted and are in nothing else. A value that a history does not have (no war, so no
//! days to it) is left out of that measure, never taken as zero.

use std::collections::BTreeMap;

use spiral_model::{Ended, Outcome};

use crate::contrast::contrast_cohorts;
use crate::intervals::{Mean, Ratio, quantile_of, share};
use crate::measures::{Kind, MEASURES, Measurement, Window, of_war};
use crate::outcomes::{Outcomes, Reader as _, Sample};
use crate::survival::{SortedSpells, Spell, Spells, curve};
use crate::table::{Estimate, Measure, ScenarioSummary, Summary};

/// Format of [`Summary`].
pub const FORMAT: u32 = 1;
/// Most points of a survival curve.
pub const MOST_CURVE_POINTS: usize = 1000;
/// Most values of a sample that is written out.
pub const MOST_SAMPLED: usize = 10_000;
/// Most pairs of states that are listed.
pub const MOST_PAIRS: usize = 10;

/// The outcomes of one scenario at one design point.
#[derive(Debug)]
pub struct ScenarioOutcomes<'a, S: ?Sized = [Outcome]> {
    /// Name of the scenario.
    pub scenario: &'a str,
    /// Design point.
    pub point: u32,
    /// First and last date, decimal years.
    pub years: (f64, f64),
    /// Codes of the states, by position.
    pub state_codes: &'a [String],
    /// Whether each state is a great power, by position.
    pub great_powers: &'a [bool],
    /// One outcome a history.
    pub outcomes: &'a S,
}

// By hand: what is derived would want copies of what is only pointed at.
impl<S: ?Sized> Clone for ScenarioOutcomes<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: ?Sized> Copy for ScenarioOutcomes<'_, S> {}

impl<S: ?Sized> ScenarioOutcomes<'_, S> {
    pub(crate) fn window(&self) -> Window {
        Window { start: self.years.0, length: self.years.1 - self.years.0 }
    }
}

/// Summarises a study: each scenario, and each later scenario against the first.
///
/// `histories` is the number asked for at each point, and `seed` that of the study, which keys the resampling. The result is
/// the same to the bit for the same outcomes. They are read several times and not kept.
///
/// # Errors
/// If outcomes cannot be read.
pub fn summarise<S: Outcomes + ?Sized>(
    seed: u64,
    histories: u64,
    scenarios: &[ScenarioOutcomes<'_, S>],
) -> Result<Summary, S::Error> {
    let (mut summaries, mut contrasts, mut first) = (Vec::new(), Vec::new(), None);
    for scenario in scenarios {
        let (summary, spells) = summarise_cohort(scenario)?;
        summaries.push(summary);
        match &first {
            None => first = Some((scenario, spells)),
            Some((a, of_a)) => contrasts.push(contrast_cohorts(seed, (a, of_a), (scenario, &spells))?),
        }
    }
    Ok(Summary { format: FORMAT, seed, histories, uncertain: false, scenarios: summaries, contrasts })
}

/// Summarises one scenario.
///
/// # Errors
/// If its outcomes cannot be read.
pub fn summarise_scenario<S: Outcomes + ?Sized>(scenario: &ScenarioOutcomes<'_, S>) -> Result<ScenarioSummary, S::Error> {
    summarise_cohort(scenario).map(|found| found.0)
}

/// How long a history was without a war.
pub(crate) fn until_war(outcome: &Outcome) -> Spell {
    until(outcome, outcome.first_war_date)
}

fn until(outcome: &Outcome, date: Option<f64>) -> Spell {
    match date {
        Some(time) => Spell { time, event: true },
        None => Spell { time: outcome.end_date, event: false },
    }
}

/// What is counted over the histories of a scenario that did not fail, in one reading.
#[derive(Default)]
struct Counts {
    histories: u64,
    failures: u64,
    war_free: Spells,
    general_war_free: Spells,
    wars: u64,
    /// First wars by who struck whom.
    pairs: BTreeMap<(u32, u32), u64>,
    great_powers_30d: Vec<u64>,
    days_crisis_to_war: Vec<f64>,
    days_crisis_to_general_war: Vec<f64>,
}

impl Counts {
    fn take(&mut self, outcome: &Outcome) {
        self.war_free.add(until_war(outcome));
        self.general_war_free.add(until(outcome, outcome.general_war_date));
        sample(&mut self.days_crisis_to_war, outcome.days_crisis_to_war);
        sample(&mut self.days_crisis_to_general_war, outcome.days_crisis_to_general_war);
        if outcome.first_war_date.is_none() {
            return;
        }
        self.wars += 1;
        *self.pairs.entry((outcome.initiator, outcome.target)).or_default() += 1;
        let number = usize::from(outcome.great_powers_30d);
        if number >= self.great_powers_30d.len() {
            self.great_powers_30d.resize(number + 1, 0);
        }
        self.great_powers_30d[number] += 1;
    }
}

/// Keeps a value while there are not too many.
fn sample(kept: &mut Vec<f64>, value: Option<f64>) {
    if kept.len() < MOST_SAMPLED {
        kept.extend(value.filter(|value| value.is_finite()));
    }
}

fn summarise_cohort<S: Outcomes + ?Sized>(source: &ScenarioOutcomes<'_, S>) -> Result<(ScenarioSummary, SortedSpells), S::Error> {
    let great_powers = source.great_powers.iter().filter(|is| **is).count();
    let mut counts = Counts { great_powers_30d: vec![0; great_powers + 1], ..Counts::default() };
    let mut readers: Vec<Reader> = MEASURES.iter().map(|measurement| Reader::new(measurement.kind, source.window())).collect();
    for outcome in source.outcomes.read()? {
        let outcome = outcome?;
        counts.histories += 1;
        if outcome.ended == Ended::Failure {
            counts.failures += 1;
        } else {
            counts.take(&outcome);
            for reader in &mut readers {
                reader.take(&outcome);
            }
        }
    }
    while again(&mut readers, Reader::again) {
        for outcome in source.outcomes.valid()? {
            let outcome = outcome?;
            for reader in &mut readers {
                reader.take(&outcome);
            }
        }
    }
    let war_free = std::mem::take(&mut counts.war_free).sorted();
    Ok((scenario_summary(source, counts, readers, &war_free), war_free))
}

/// Ends a reading of all; whether one of them must read again.
pub(crate) fn again<R>(readers: &mut [R], end: impl Fn(&mut R) -> bool) -> bool {
    readers.iter_mut().fold(false, |again, reader| end(reader) | again)
}

fn scenario_summary<S: ?Sized>(
    source: &ScenarioOutcomes<'_, S>,
    counts: Counts,
    readers: Vec<Reader>,
    war_free: &SortedSpells,
) -> ScenarioSummary {
    let (war_free, median_war) = curve(war_free, source.years.0, MOST_CURVE_POINTS);
    let (general_war_free, median_general_war) = curve(&counts.general_war_free.sorted(), source.years.0, MOST_CURVE_POINTS);
    let (mut measures, mut motives) = (Vec::new(), Vec::new());
    for (measurement, reader) in MEASURES.iter().zip(readers) {
        let list = if matches!(measurement.kind, Kind::Motive(_)) { &mut motives } else { &mut measures };
        list.push(named(measurement, measurement.unit, reader.estimate()));
        // The median with those that the end cut off stands beside the median of those that got there.
        let survival = match measurement.name {
            "median_first_war" => &median_war,
            "median_general_war" => &median_general_war,
            _ => continue,
        };
        measures.push(Measure {
            name: format!("{}_kaplan_meier", measurement.name),
            label: format!("{}, histories without it counted", measurement.label),
            unit: measurement.unit.to_string(),
            estimate: survival.clone(),
        });
    }
    measures.push(Measure {
        name: "failures".to_string(),
        label: "Histories that failed numerically".to_string(),
        unit: "share".to_string(),
        estimate: share(counts.failures, counts.histories),
    });
    let sorted = |mut values: Vec<f64>| {
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    ScenarioSummary {
        scenario: source.scenario.to_string(),
        point: source.point,
        histories: counts.histories,
        failures: counts.failures,
        years: source.years,
        measures,
        motives,
        first_pairs: first_pairs(source.state_codes, counts.pairs, counts.wars),
        variance: Vec::new(),
        war_free,
        general_war_free,
        days_crisis_to_war: sorted(counts.days_crisis_to_war),
        days_crisis_to_general_war: sorted(counts.days_crisis_to_general_war),
        great_powers_30d: counts.great_powers_30d,
    }
}

pub(crate) fn named(measurement: &Measurement, unit: &str, estimate: Estimate) -> Measure {
    Measure { name: measurement.name.to_string(), label: measurement.label.to_string(), unit: unit.to_string(), estimate }
}

/// What is estimated of the histories of a point.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PointEstimates {
    /// Histories.
    pub histories: u64,
    /// Histories that failed; they are in no estimate.
    pub failures: u64,
    /// The estimate of each measure that was asked for, in that order.
    pub estimates: Vec<Estimate>,
}

/// Measures of the histories of a point, by name; a name of no measure is left out. The histories are read twice and not kept.
///
/// # Errors
/// If they cannot be read.
pub fn measure_estimates<'a, S: Outcomes + ?Sized>(
    names: impl Iterator<Item = &'a str>,
    outcomes: &S,
    years: (f64, f64),
) -> Result<PointEstimates, S::Error> {
    let window = Window { start: years.0, length: years.1 - years.0 };
    let kinds = names.filter_map(|name| MEASURES.iter().find(|measure| measure.name == name));
    let mut readers: Vec<Reader> = kinds.map(|measure| Reader::new(measure.kind, window)).collect();
    let mut found = PointEstimates::default();
    for outcome in outcomes.read()? {
        let outcome = outcome?;
        found.histories += 1;
        if outcome.ended == Ended::Failure {
            found.failures += 1;
        } else {
            for reader in &mut readers {
                reader.take(&outcome);
            }
        }
    }
    while again(&mut readers, Reader::again) {
        for outcome in outcomes.valid()? {
            let outcome = outcome?;
            for reader in &mut readers {
                reader.take(&outcome);
            }
        }
    }
    found.estimates = readers.into_iter().map(Reader::estimate).collect();
    Ok(found)
}

/// One measure of the histories of a point, by name; `None` where there is no measure of that name. Histories that failed are left
/// out.
#[must_use]
pub fn measure_estimate(name: &str, outcomes: &[Outcome], years: (f64, f64)) -> Option<Estimate> {
    let kind = MEASURES.iter().find(|measure| measure.name == name)?.kind;
    let valid: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.ended != Ended::Failure).collect();
    Some(estimate(kind, &valid, Window { start: years.0, length: years.1 - years.0 }))
}

pub(crate) fn estimate(kind: Kind, valid: &[&Outcome], window: Window) -> Estimate {
    let mut reader = Reader::new(kind, window);
    loop {
        for outcome in valid {
            reader.take(outcome);
        }
        if !reader.again() {
            return reader.estimate();
        }
    }
}

/// A measure of histories that are read once or twice.
struct Reader {
    kind: Kind,
    window: Window,
    reading: u8,
    successes: u64,
    trials: u64,
    values: Sample,
    mean: Mean,
    ratio: Ratio,
}

impl Reader {
    fn new(kind: Kind, window: Window) -> Self {
        let (values, mean, ratio) = (Sample::default(), Mean::default(), Ratio::default());
        Self { kind, window, reading: 0, successes: 0, trials: 0, values, mean, ratio }
    }

    /// Takes the next history that did not fail.
    fn take(&mut self, outcome: &Outcome) {
        let first = self.reading == 0;
        let finite = |value: &f64| value.is_finite();
        match self.kind {
            Kind::Share(of) if first => self.count(Some(of.is_true(outcome))),
            Kind::ShareOfWars(_) | Kind::Motive(_) if first => self.count(of_war(self.kind, outcome)),
            Kind::Median(of) if first => {
                if let Some(value) = of.number(outcome, self.window).filter(finite) {
                    self.values.add(value);
                }
            }
            Kind::Mean(of, _) => {
                if let Some(value) = of.number(outcome, self.window).filter(finite) {
                    self.mean.take(value);
                }
            }
            Kind::Rate(..) => self.ratio.take(self.kind.ratio(outcome, self.window)),
            _ => {}
        }
    }

    fn count(&mut self, is: Option<bool>) {
        self.trials += u64::from(is.is_some());
        self.successes += u64::from(is == Some(true));
    }

    /// Ends a reading; whether the histories must be read again.
    fn again(&mut self) -> bool {
        self.reading += 1;
        match self.kind {
            Kind::Mean(..) => self.mean.again(),
            Kind::Rate(..) => self.ratio.again(),
            Kind::Share(_) | Kind::ShareOfWars(_) | Kind::Motive(_) | Kind::Median(_) => false,
        }
    }

    fn estimate(self) -> Estimate {
        match self.kind {
            Kind::Share(_) | Kind::ShareOfWars(_) | Kind::Motive(_) => share(self.successes, self.trials),
            Kind::Median(_) => {
                let sorted = self.values.sorted();
                quantile_of(sorted.len(), 0.5, |position| sorted.at(position))
            }
            Kind::Mean(..) => self.mean.estimate().within(self.kind.range(self.window)),
            Kind::Rate(..) => self.ratio.rate(),
        }
    }
}

fn first_pairs(codes: &[String], counts: BTreeMap<(u32, u32), u64>, wars: u64) -> Vec<Measure> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(pair, count)| (std::cmp::Reverse(count), pair));
    let code = |position: u32| codes.get(position as usize).map_or("nobody", String::as_str);
    let measure = |&((initiator, target), count): &((u32, u32), u64)| Measure {
        name: format!("{} → {}", code(initiator), code(target)),
        label: format!("First wars in which {} struck {}", code(initiator), code(target)),
        unit: "share".to_string(),
        estimate: share(count, wars),
    };
    counts.iter().take(MOST_PAIRS).map(measure).collect()
}
