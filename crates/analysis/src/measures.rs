//! The list of measures: what each is, of which histories, and which kind of estimate it takes.

use spiral_model::{Motive, Outcome};

use crate::intervals::Term;

/// The years that a measure looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// First date, decimal year.
    pub start: f64,
    /// Length in years.
    pub length: f64,
}

/// Which estimate a measure takes, and of what.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Share of histories; contrasts are paired.
    Share(fn(&Outcome) -> bool),
    /// Share of the histories that have a war; contrasts are not paired, since the wars of two scenarios are different wars.
    ShareOfWars(fn(&Outcome) -> bool),
    /// Share of first wars with this motive; as above.
    Motive(Motive),
    /// Median over the histories that have the value.
    Median(fn(&Outcome) -> Option<f64>),
    /// Mean over the histories that have the value, and the lowest and highest value that there can be.
    Mean(fn(&Outcome, Window) -> Option<f64>, fn(Window) -> (f64, f64)),
    /// Ratio of sums over histories.
    Rate(fn(&Outcome) -> Term),
}

impl Kind {
    /// Lowest and highest value that an estimate of this kind can have; an interval stays within them.
    #[must_use]
    pub fn range(self, window: Window) -> (f64, f64) {
        match self {
            Self::Share(_) | Self::ShareOfWars(_) | Self::Motive(_) => (0.0, 1.0),
            Self::Mean(_, range) => range(window),
            Self::Rate(_) => (0.0, f64::INFINITY),
            Self::Median(_) => any(window),
        }
    }
}

/// A measure of a scenario, and of a contrast.
#[derive(Debug, Clone, Copy)]
pub struct Measurement {
    /// Stable name.
    pub name: &'static str,
    /// What it is, in words.
    pub label: &'static str,
    /// Unit as in [`crate::Measure`]; a contrast of dates (`year`) is in `years` since each scenario's start.
    pub unit: &'static str,
    /// What is estimated.
    pub kind: Kind,
}

const fn measurement(name: &'static str, label: &'static str, unit: &'static str, kind: Kind) -> Measurement {
    Measurement { name, label, unit, kind }
}

/// Every measure, in the order of `summary.json`.
pub const MEASURES: &[Measurement] = &[
    measurement("war", "Histories with a war", "share", Kind::Share(|outcome| outcome.first_war_date.is_some())),
    measurement(
        "general_war",
        "Histories with a general war",
        "share",
        Kind::Share(|outcome| outcome.general_war_date.is_some()),
    ),
    measurement(
        "general_war_given_war",
        "Histories with a general war among those with a war",
        "share",
        Kind::ShareOfWars(|outcome| outcome.general_war_date.is_some()),
    ),
    measurement("preemption", "First wars begun by preemption", "share", Kind::Motive(Motive::Preemption)),
    measurement("prevention", "First wars begun by prevention", "share", Kind::Motive(Motive::Prevention)),
    measurement("predation", "First wars begun by predation", "share", Kind::Motive(Motive::Predation)),
    measurement("accident", "First wars begun by accident", "share", Kind::Motive(Motive::Accident)),
    measurement("median_first_war", "Median date of the first war", "year", Kind::Median(|outcome| outcome.first_war_date)),
    measurement(
        "median_general_war",
        "Median date of the first general war",
        "year",
        Kind::Median(|outcome| outcome.general_war_date),
    ),
    measurement(
        "war_free_years",
        "Years without a war",
        "years",
        Kind::Mean(|outcome, window| Some(war_free_years(outcome, window)), |window| (0.0, window.length.max(0.0))),
    ),
    measurement(
        "days_crisis_to_war",
        "Median days from the crisis to the first strike",
        "days",
        Kind::Median(|outcome| outcome.days_crisis_to_war),
    ),
    measurement(
        "days_crisis_to_general_war",
        "Median days from the crisis to the third great power's entry",
        "days",
        Kind::Median(|outcome| outcome.days_crisis_to_general_war),
    ),
    measurement(
        "great_powers_30d",
        "Great powers at war on day 30 of the first war",
        "count",
        Kind::Mean(|outcome, _| outcome.first_war_date.map(|_| f64::from(outcome.great_powers_30d)), not_negative),
    ),
    measurement(
        "belligerents_30d",
        "States at war on day 30 of the first war",
        "count",
        Kind::Mean(|outcome, _| outcome.first_war_date.map(|_| f64::from(outcome.belligerents_30d)), not_negative),
    ),
    measurement(
        "peak_burden",
        "Largest military burden before the first war, of output",
        "share",
        Kind::Mean(|outcome, _| Some(outcome.peak_burden), not_negative),
    ),
    measurement(
        "arms_growth",
        "Growth of arms before the first war",
        "1/year",
        Kind::Mean(|outcome, _| Some(outcome.arms_growth), any),
    ),
    measurement(
        "spiral_rate",
        "Growth of arms beyond that of output before the first war",
        "1/year",
        Kind::Mean(|outcome, _| Some(outcome.spiral_rate), any),
    ),
    measurement("crises", "Crises in a history", "count", Kind::Rate(|outcome| each(outcome.crises))),
    measurement(
        "great_power_crisis_rate",
        "Crises of two great powers, per dyad and year",
        "1/year",
        Kind::Rate(|outcome| Term {
            numerator: f64::from(outcome.great_power_crises),
            denominator: outcome.great_power_dyad_years,
        }),
    ),
    measurement("wars", "Wars in a history", "count", Kind::Rate(|outcome| each(outcome.wars))),
    measurement("entrapments", "Allies drawn into a war, in a history", "count", Kind::Rate(|outcome| each(outcome.entrapments))),
    measurement(
        "abandonments",
        "Allies that stayed out, in a history",
        "count",
        Kind::Rate(|outcome| each(outcome.abandonments)),
    ),
    measurement(
        "passed",
        "Crises in which a commitment lapsed and no war came, in a history",
        "count",
        Kind::Rate(|outcome| each(outcome.passed)),
    ),
    measurement("inert", "Histories in which nothing happened", "share", Kind::Share(|outcome| outcome.inert)),
    measurement("conquests", "States conquered, in a history", "count", Kind::Rate(|outcome| each(outcome.conquests))),
    measurement(
        "concentration",
        "Concentration of output at the end: Herfindahl index",
        "share",
        Kind::Mean(|outcome, _| Some(outcome.concentration), |_| (0.0, 1.0)),
    ),
];

/// A value of any sign and size.
const fn any(_: Window) -> (f64, f64) {
    (f64::NEG_INFINITY, f64::INFINITY)
}

/// A value that is never below zero.
const fn not_negative(_: Window) -> (f64, f64) {
    (0.0, f64::INFINITY)
}

/// A count of one history.
fn each(count: u32) -> Term {
    Term { numerator: f64::from(count), denominator: 1.0 }
}

/// Years from the start to the first war or the end of the window: its mean is the area under the war-free curve, the
/// restricted mean survival time.
fn war_free_years(outcome: &Outcome, window: Window) -> f64 {
    let until = outcome.first_war_date.unwrap_or(outcome.end_date);
    (until - window.start).clamp(0.0, window.length.max(0.0))
}

/// Whether the first war of a history meets the condition of a share of wars; `None` without a war.
#[must_use]
pub fn of_war(kind: Kind, outcome: &Outcome) -> Option<bool> {
    outcome.first_war_date?;
    match kind {
        Kind::ShareOfWars(of) => Some(of(outcome)),
        Kind::Motive(motive) => Some(outcome.motive == Some(motive)),
        _ => None,
    }
}
