//! The list of measures: what each is, of which histories, and which kind of estimate it takes.

use spiral_model::table_row::{Field, TableRow, same_name};
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

/// What a measure takes from a history: a column of the table of outcomes, or what is computed from the history and the years.
#[derive(Debug, Clone, Copy)]
pub enum Quantity {
    /// A column.
    Column(&'static Field<Outcome>),
    /// A number that is computed.
    Computed(fn(&Outcome, Window) -> f64),
}

impl Quantity {
    /// The column of this name.
    ///
    /// # Panics
    /// At compile time, where the table of outcomes has no such column.
    const fn column(name: &str) -> Self {
        let mut position = 0;
        while position < Outcome::FIELDS.len() {
            if same_name(Outcome::FIELDS[position].column.name, name) {
                return Self::Column(&Outcome::FIELDS[position]);
            }
            position += 1;
        }
        panic!("a measure is of a column that the table of outcomes does not have")
    }

    /// Unit of the column; a number that is computed has none of its own.
    const fn unit(self) -> &'static str {
        match self {
            Self::Column(field) => field.column.unit,
            Self::Computed(_) => "",
        }
    }

    /// The number of a history; `None` where the history has none.
    #[must_use]
    pub fn number(self, outcome: &Outcome, window: Window) -> Option<f64> {
        match self {
            Self::Column(field) => (field.get)(outcome).number(),
            Self::Computed(compute) => Some(compute(outcome, window)),
        }
    }

    /// Whether the column holds true.
    #[must_use]
    pub fn is_true(self, outcome: &Outcome) -> bool {
        match self {
            Self::Column(field) => (field.get)(outcome).is_true(),
            Self::Computed(_) => false,
        }
    }
}

/// Which estimate a measure takes, and of what.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Share of histories; contrasts are paired.
    Share(Quantity),
    /// Share of the histories that have a war; contrasts are not paired, since the wars of two scenarios are different wars.
    ShareOfWars(Quantity),
    /// Share of first wars with this motive; as above.
    Motive(Motive),
    /// Median over the histories that have the value.
    Median(Quantity),
    /// Mean over the histories that have the value, and the lowest and highest value that there can be.
    Mean(Quantity, fn(Window) -> (f64, f64)),
    /// Ratio of sums over histories: of one column to another, or to the number of histories.
    Rate(Quantity, Option<Quantity>),
}

impl Kind {
    /// Lowest and highest value that an estimate of this kind can have; an interval stays within them.
    #[must_use]
    pub fn range(self, window: Window) -> (f64, f64) {
        match self {
            Self::Share(_) | Self::ShareOfWars(_) | Self::Motive(_) => (0.0, 1.0),
            Self::Mean(_, range) => range(window),
            Self::Rate(..) => (0.0, f64::INFINITY),
            Self::Median(_) => any(window),
        }
    }

    /// What a history adds to a ratio of sums; no estimate of another kind is one.
    #[must_use]
    pub fn ratio(self, outcome: &Outcome, window: Window) -> Term {
        let Self::Rate(above, below) = self else { return Term::ABSENT };
        let number = |quantity: Quantity| quantity.number(outcome, window).unwrap_or(f64::NAN);
        Term { numerator: number(above), denominator: below.map_or(1.0, number) }
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

/// Share of the histories in which a column holds true.
const fn share(column: &'static str, label: &'static str) -> Measurement {
    measurement(column, label, "share", Kind::Share(Quantity::column(column)))
}

/// Share of the first wars with a motive.
const fn motive(motive: Motive, label: &'static str) -> Measurement {
    measurement(motive.name(), label, "share", Kind::Motive(motive))
}

/// Median of a column, under a name of its own.
const fn median(name: &'static str, column: &str, label: &'static str) -> Measurement {
    let quantity = Quantity::column(column);
    measurement(name, label, quantity.unit(), Kind::Median(quantity))
}

/// Mean of a column whose values have a lowest and a highest.
const fn mean(column: &'static str, label: &'static str, range: fn(Window) -> (f64, f64)) -> Measurement {
    let quantity = Quantity::column(column);
    measurement(column, label, quantity.unit(), Kind::Mean(quantity, range))
}

/// Mean number in a history of what a column counts.
const fn count(column: &'static str, label: &'static str) -> Measurement {
    let quantity = Quantity::column(column);
    measurement(column, label, quantity.unit(), Kind::Rate(quantity, None))
}

/// Every measure, in the order of `summary.json`. A column that is estimated has one line here; its unit is that of the column.
pub const MEASURES: &[Measurement] = &[
    share("war", "Histories with a war"),
    share("general_war", "Histories with a general war"),
    measurement(
        "general_war_given_war",
        "Histories with a general war among those with a war",
        "share",
        Kind::ShareOfWars(Quantity::column("general_war")),
    ),
    motive(Motive::Preemption, "First wars begun by preemption"),
    motive(Motive::Prevention, "First wars begun by prevention"),
    motive(Motive::Predation, "First wars begun by predation"),
    motive(Motive::Accident, "First wars begun by accident"),
    median("median_first_war", "first_war_date", "Median date of the first war"),
    median("median_general_war", "general_war_date", "Median date of the first general war"),
    measurement(
        "war_free_years",
        "Years without a war",
        "years",
        Kind::Mean(Quantity::Computed(war_free_years), |window| (0.0, window.length.max(0.0))),
    ),
    median("days_crisis_to_war", "days_crisis_to_war", "Median days from the crisis to the first strike"),
    median(
        "days_crisis_to_general_war",
        "days_crisis_to_general_war",
        "Median days from the crisis to the third great power's entry",
    ),
    mean("great_powers_30d", "Great powers at war on day 30 of the first war", not_negative),
    mean("belligerents_30d", "States at war on day 30 of the first war", not_negative),
    mean("peak_burden", "Largest military burden before the first war, of output", not_negative),
    mean("arms_growth", "Growth of arms before the first war", any),
    mean("spiral_rate", "Growth of arms beyond that of output before the first war", any),
    count("crises", "Crises in a history"),
    measurement(
        "great_power_crisis_rate",
        "Crises of two great powers, per dyad and year",
        "1/year",
        Kind::Rate(Quantity::column("great_power_crises"), Some(Quantity::column("great_power_dyad_years"))),
    ),
    count("wars", "Wars in a history"),
    count("entrapments", "Allies drawn into a war, in a history"),
    count("abandonments", "Allies that stayed out, in a history"),
    count("passed", "Crises in which a commitment lapsed and no war came, in a history"),
    share("inert", "Histories in which nothing happened"),
    count("conquests", "States conquered, in a history"),
    mean("concentration", "Concentration of output at the end: Herfindahl index", |_| (0.0, 1.0)),
];

/// A value of any sign and size.
const fn any(_: Window) -> (f64, f64) {
    (f64::NEG_INFINITY, f64::INFINITY)
}

/// A value that is never below zero.
const fn not_negative(_: Window) -> (f64, f64) {
    (0.0, f64::INFINITY)
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
        Kind::ShareOfWars(of) => Some(of.is_true(outcome)),
        Kind::Motive(motive) => Some(outcome.motive == Some(motive)),
        _ => None,
    }
}
