//! From the outcomes of a study to `summary.json`: every measure of every scenario, and its contrast with the first scenario.
//!
//! Histories in which a number blew up are counted and are in nothing else. A value that a history does not have (no war, so no
//! days to it) is left out of that measure, never taken as zero.

use std::collections::BTreeMap;

use spiral_model::{Ended, Outcome};

use crate::intervals::{Term, mean, median, rate, share};
use crate::measures::{Kind, MEASURES, Measurement, Window, of_war};
use crate::paired::{FourfoldTable, Resampling, independent_share_difference, median_difference, ratio_difference};
use crate::pairing::pairing;
use crate::survival::{KaplanMeier, SortedSpells, Spell, log_rank};
use crate::table::{Contrast, Estimate, Measure, ScenarioSummary, Summary};

/// Format of [`Summary`].
pub const FORMAT: u32 = 1;
/// Most points of a survival curve.
pub const MOST_CURVE_POINTS: usize = 1000;
/// Most values of a sample that is written out.
pub const MOST_SAMPLED: usize = 10_000;
/// Most pairs of states that are listed.
pub const MOST_PAIRS: usize = 10;

/// The outcomes of one scenario at one design point.
#[derive(Debug, Clone, Copy)]
pub struct ScenarioOutcomes<'a> {
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
    /// One outcome a history, in any order, each history at most once.
    pub outcomes: &'a [Outcome],
}

/// Summarises a study: each scenario, and each later scenario against the first.
///
/// `histories` is the number asked for at each point, and `seed` that of the study, which keys the resampling. The result is
/// the same to the bit for the same outcomes in any order.
#[must_use]
pub fn summarise(seed: u64, histories: u64, scenarios: &[ScenarioOutcomes<'_>]) -> Summary {
    let cohorts: Vec<Cohort<'_>> = scenarios.iter().map(Cohort::new).collect();
    let contrasts = match cohorts.split_first() {
        Some((first, later)) => later.iter().map(|second| contrast_cohorts(seed, first, second)).collect(),
        None => Vec::new(),
    };
    let scenarios = cohorts.iter().map(summarise_cohort).collect();
    Summary { format: FORMAT, seed, histories, scenarios, contrasts }
}

/// Summarises one scenario.
#[must_use]
pub fn summarise_scenario(scenario: &ScenarioOutcomes<'_>) -> ScenarioSummary {
    summarise_cohort(&Cohort::new(scenario))
}

/// Contrasts a scenario `b` with `a` over the histories that neither lost to a failure.
#[must_use]
pub fn contrast(seed: u64, a: &ScenarioOutcomes<'_>, b: &ScenarioOutcomes<'_>) -> Contrast {
    contrast_cohorts(seed, &Cohort::new(a), &Cohort::new(b))
}

/// The histories of a scenario that did not fail, by number, and their spells, sorted once.
struct Cohort<'a> {
    source: ScenarioOutcomes<'a>,
    valid: Vec<&'a Outcome>,
    war_free: SortedSpells,
    general_war_free: SortedSpells,
}

impl<'a> Cohort<'a> {
    fn new(source: &ScenarioOutcomes<'a>) -> Self {
        let mut valid: Vec<&Outcome> = source.outcomes.iter().filter(|outcome| outcome.ended != Ended::Failure).collect();
        // No history stands twice, so nothing is lost by a sort that keeps no order among equals and needs no memory.
        valid.sort_unstable_by_key(|outcome| outcome.history);
        let spells = |date: fn(&Outcome) -> Option<f64>| {
            let spell = |outcome: &&Outcome| match date(outcome) {
                Some(time) => Spell { time, event: true },
                None => Spell { time: outcome.end_date, event: false },
            };
            SortedSpells::new(valid.iter().map(spell).collect())
        };
        let war_free = spells(|outcome| outcome.first_war_date);
        let general_war_free = spells(|outcome| outcome.general_war_date);
        Self { source: *source, valid, war_free, general_war_free }
    }

    fn window(&self) -> Window {
        Window { start: self.source.years.0, length: self.source.years.1 - self.source.years.0 }
    }

    fn failures(&self) -> u64 {
        (self.source.outcomes.len() - self.valid.len()) as u64
    }
}

fn summarise_cohort(cohort: &Cohort<'_>) -> ScenarioSummary {
    let start = cohort.source.years.0;
    // One curve at a time: each has a step for every date with an event, of which there may be a million.
    let curve = |spells: &SortedSpells| {
        let curve = KaplanMeier::fit(spells);
        (curve.points(start, MOST_CURVE_POINTS), curve.median())
    };
    let (war_free, median_war) = curve(&cohort.war_free);
    let (general_war_free, median_general_war) = curve(&cohort.general_war_free);
    let (mut measures, mut motives) = (Vec::new(), Vec::new());
    for measurement in MEASURES {
        let list = if matches!(measurement.kind, Kind::Motive(_)) { &mut motives } else { &mut measures };
        list.push(named(measurement, measurement.unit, estimate(measurement.kind, &cohort.valid, cohort.window())));
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
        label: "Histories in which a number blew up".to_string(),
        unit: "share".to_string(),
        estimate: share(cohort.failures(), cohort.source.outcomes.len() as u64),
    });
    ScenarioSummary {
        scenario: cohort.source.scenario.to_string(),
        point: cohort.source.point,
        histories: cohort.source.outcomes.len() as u64,
        failures: cohort.failures(),
        years: cohort.source.years,
        measures,
        motives,
        first_pairs: first_pairs(cohort),
        war_free,
        general_war_free,
        days_crisis_to_war: sample(&cohort.valid, |outcome| outcome.days_crisis_to_war),
        days_crisis_to_general_war: sample(&cohort.valid, |outcome| outcome.days_crisis_to_general_war),
        great_powers_30d: great_powers_30d(cohort),
    }
}

fn named(measurement: &Measurement, unit: &str, estimate: Estimate) -> Measure {
    Measure { name: measurement.name.to_string(), label: measurement.label.to_string(), unit: unit.to_string(), estimate }
}

/// One measure of the histories of a point, by name; `None` where there is no measure of that name. Histories that failed are left
/// out.
#[must_use]
pub fn measure_estimate(name: &str, outcomes: &[Outcome], years: (f64, f64)) -> Option<Estimate> {
    let kind = MEASURES.iter().find(|measure| measure.name == name)?.kind;
    let valid: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.ended != Ended::Failure).collect();
    Some(estimate(kind, &valid, Window { start: years.0, length: years.1 - years.0 }))
}

fn estimate(kind: Kind, valid: &[&Outcome], window: Window) -> Estimate {
    let finite = |value: &Option<f64>| value.is_some_and(f64::is_finite);
    match kind {
        Kind::Share(of) => share(valid.iter().filter(|outcome| of(outcome)).count() as u64, valid.len() as u64),
        Kind::ShareOfWars(_) | Kind::Motive(_) => {
            let (successes, wars) = wars_with(kind, valid.iter().copied());
            share(successes, wars)
        }
        Kind::Median(of) => {
            let mut values: Vec<f64> = valid.iter().map(|outcome| of(outcome)).filter(finite).flatten().collect();
            values.sort_unstable_by(f64::total_cmp);
            median(&values)
        }
        Kind::Mean(of) => {
            let values: Vec<f64> = valid.iter().map(|outcome| of(outcome, window)).filter(finite).flatten().collect();
            mean(&values)
        }
        Kind::Rate(of) => rate(&valid.iter().map(|outcome| of(outcome)).collect::<Vec<_>>()),
    }
}

/// Histories with a war that meet the condition of the kind, and histories with a war.
fn wars_with<'a>(kind: Kind, outcomes: impl Iterator<Item = &'a Outcome>) -> (u64, u64) {
    outcomes.filter_map(|outcome| of_war(kind, outcome)).fold((0, 0), |(yes, all), is| (yes + u64::from(is), all + 1))
}

fn first_pairs(cohort: &Cohort<'_>) -> Vec<Measure> {
    let mut counts: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    let mut wars = 0;
    for outcome in cohort.valid.iter().filter(|outcome| outcome.first_war_date.is_some()) {
        *counts.entry((outcome.initiator, outcome.target)).or_default() += 1;
        wars += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(pair, count)| (std::cmp::Reverse(count), pair));
    let code = |position: u32| cohort.source.state_codes.get(position as usize).map_or("nobody", String::as_str);
    let measure = |&((initiator, target), count): &((u32, u32), u64)| Measure {
        name: format!("{} → {}", code(initiator), code(target)),
        label: format!("First wars in which {} struck {}", code(initiator), code(target)),
        unit: "share".to_string(),
        estimate: share(count, wars),
    };
    counts.iter().take(MOST_PAIRS).map(measure).collect()
}

fn sample(valid: &[&Outcome], of: impl Fn(&Outcome) -> Option<f64>) -> Vec<f64> {
    let finite = valid.iter().filter_map(|outcome| of(outcome)).filter(|x| x.is_finite());
    let mut values: Vec<f64> = finite.take(MOST_SAMPLED).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

fn great_powers_30d(cohort: &Cohort<'_>) -> Vec<u64> {
    let great_powers = cohort.source.great_powers.iter().filter(|is| **is).count();
    let mut counts = vec![0; great_powers + 1];
    for outcome in cohort.valid.iter().filter(|outcome| outcome.first_war_date.is_some()) {
        let number = usize::from(outcome.great_powers_30d);
        if number >= counts.len() {
            counts.resize(number + 1, 0);
        }
        counts[number] += 1;
    }
    counts
}

fn contrast_cohorts(seed: u64, a: &Cohort<'_>, b: &Cohort<'_>) -> Contrast {
    let pairs = common_histories(&a.valid, &b.valid);
    let length = a.window().length.min(b.window().length);
    let (window_a, window_b) = (Window { length, ..a.window() }, Window { length, ..b.window() });
    let measures = MEASURES.iter().map(|measurement| {
        let resampling = Resampling::new(seed, measurement.name);
        let is_date = measurement.unit == "year";
        let estimate = match measurement.kind {
            Kind::Share(of) => fourfold(&pairs, of).difference(),
            Kind::ShareOfWars(_) | Kind::Motive(_) => independent_share_difference(
                wars_with(measurement.kind, pairs.iter().map(|pair| pair.0)),
                wars_with(measurement.kind, pairs.iter().map(|pair| pair.1)),
            ),
            Kind::Median(of) => {
                // Dates of scenarios that begin in different years are compared from their beginnings.
                let since = |outcome: &Outcome, start: f64| of(outcome).map(|x| if is_date { x - start } else { x });
                let values = pairs.iter().map(|(x, y)| (since(x, window_a.start), since(y, window_b.start)));
                median_difference(&values.collect::<Vec<_>>(), resampling)
            }
            Kind::Mean(of) => {
                let terms = pairs.iter().map(|(x, y)| (Term::of(of(x, window_a)), Term::of(of(y, window_b))));
                ratio_difference(&terms.collect::<Vec<_>>(), resampling)
            }
            Kind::Rate(of) => ratio_difference(&pairs.iter().map(|(x, y)| (of(x), of(y))).collect::<Vec<_>>(), resampling),
        };
        named(measurement, if is_date { "years" } else { measurement.unit }, estimate)
    });
    let measures = measures.collect();
    let test = log_rank(&[&a.war_free.since(window_a.start), &b.war_free.since(window_b.start)]);
    let war = |outcome: &Outcome| outcome.first_war_date.is_some();
    let variance_reductions = pairing(&pairs, window_a, window_b);
    let reduction = variance_reductions.iter().find(|measure| measure.name == "war");
    Contrast {
        a: a.source.scenario.to_string(),
        a_point: a.source.point,
        b: b.source.scenario.to_string(),
        b_point: b.source.point,
        measures,
        log_rank_chi_square: test.map(|test| test.chi_square),
        log_rank_p: test.map(|test| test.p),
        war_p: fourfold(&pairs, war).mcnemar_p(),
        general_war_p: fourfold(&pairs, |outcome| outcome.general_war_date.is_some()).mcnemar_p(),
        war_variance_reduction: reduction.and_then(|measure| measure.estimate.estimate),
        variance_reductions,
    }
}

fn fourfold(pairs: &[(&Outcome, &Outcome)], of: fn(&Outcome) -> bool) -> FourfoldTable {
    FourfoldTable::count(pairs.iter().map(|(a, b)| (of(a), of(b))))
}

/// Outcomes of the histories that stand in both lists, which are sorted by history.
fn common_histories<'a>(a: &[&'a Outcome], b: &[&'a Outcome]) -> Vec<(&'a Outcome, &'a Outcome)> {
    let mut rest = b.iter().peekable();
    let partner = |first: &&'a Outcome| {
        while rest.next_if(|second| second.history < first.history).is_some() {}
        rest.next_if(|second| second.history == first.history).map(|second| (*first, *second))
    };
    a.iter().filter_map(partner).collect()
}
