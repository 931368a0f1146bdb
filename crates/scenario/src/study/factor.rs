//! What a study varies: a number of a scenario, a judgement by its own range, a mechanism, an intervention.

use spiral_kernel::maths::{exp, ln};
use spiral_model::setup::{Setup, Target};

use crate::study::intervention::Intervention;
use crate::world::scenario::{Judgement, Scenario, Varies};

/// One thing that a study varies.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// Its name, unique in the study: the name of its column.
    pub name: String,
    /// Unit; `on/off` for a switch.
    pub unit: &'static str,
    /// The values that it takes.
    pub values: FactorValues,
    /// The group with which it moves in the designs of sensitivity; `None` moves it alone.
    pub group: Option<String>,
    pub(crate) subject: Subject,
}

/// The values that a factor takes.
#[derive(Debug, Clone, PartialEq)]
pub enum FactorValues {
    /// Any number between two.
    Range {
        /// Lowest.
        low: f64,
        /// Highest.
        high: f64,
        /// Whether equal steps are equal ratios.
        logarithmic: bool,
        /// Values in a grid.
        steps: u32,
    },
    /// These numbers only.
    Levels(Vec<f64>),
    /// 0 (off) or 1 (on).
    Switch,
}

/// What a factor changes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Subject {
    Number {
        /// The path of the factor, and of other numbers that take its value.
        paths: Vec<String>,
        targets: Vec<Target>,
    },
    Judgement(Judgement),
    Mechanism(String),
    Intervention(Intervention),
}

impl Factor {
    /// The numbers that it gives a value to; none where it scales a series, sets a date, or is on or off.
    pub(crate) fn numbers(&self) -> &[Target] {
        match &self.subject {
            Subject::Number { targets, .. } => targets,
            Subject::Judgement(judgement) if judgement.varies == Varies::Initial => &judgement.targets,
            Subject::Judgement(_) | Subject::Mechanism(_) | Subject::Intervention(_) => &[],
        }
    }
}

impl FactorValues {
    /// The value at a place of the unit interval: ranges are stretched over it, levels and switches have equal parts of it.
    #[must_use]
    pub fn at(&self, place: f64) -> f64 {
        let place = place.clamp(0.0, 1.0);
        match self {
            Self::Range { low, high, logarithmic: false, .. } => low + place * (high - low),
            Self::Range { low, high, logarithmic: true, .. } => exp(ln(*low) + place * (ln(*high) - ln(*low))).clamp(*low, *high),
            Self::Levels(levels) => levels[((place * levels.len() as f64) as usize).min(levels.len() - 1)],
            Self::Switch => f64::from(u8::from(place >= 0.5)),
        }
    }

    /// The values of a grid, in order.
    #[must_use]
    pub fn grid(&self) -> Vec<f64> {
        match self {
            Self::Range { steps: 1, .. } => vec![self.at(0.5)],
            Self::Range { steps, .. } => (0..*steps).map(|step| self.at(f64::from(step) / f64::from(steps - 1))).collect(),
            Self::Levels(levels) => levels.clone(),
            Self::Switch => vec![0.0, 1.0],
        }
    }

    /// Whether equal steps of the unit interval are equal ratios.
    #[must_use]
    pub const fn is_logarithmic(&self) -> bool {
        matches!(self, Self::Range { logarithmic: true, .. })
    }

    /// Lowest and highest value.
    #[must_use]
    pub fn bounds(&self) -> (f64, f64) {
        match self {
            Self::Range { low, high, .. } => (*low, *high),
            Self::Levels(levels) => {
                levels.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), level| (low.min(*level), high.max(*level)))
            }
            Self::Switch => (0.0, 1.0),
        }
    }
}

impl Factor {
    /// The paths that it sets, its own first; none where it is no number.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        match &self.subject {
            Subject::Number { paths, .. } => paths,
            _ => &[],
        }
    }

    /// What the factor is, in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.subject {
            Subject::Number { .. } => "number",
            Subject::Judgement(_) => "judgement",
            Subject::Mechanism(_) => "mechanism",
            Subject::Intervention(_) => "intervention",
        }
    }

    /// The number that the factor has in the scenario; `None` of a switch.
    #[must_use]
    pub fn before(&self, base: &Scenario) -> Option<f64> {
        match &self.subject {
            Subject::Number { targets, .. } => targets.first().map(|target| base.setup.get(*target)),
            Subject::Judgement(judgement) => Some(judgement.value),
            Subject::Mechanism(_) | Subject::Intervention(_) => None,
        }
    }
}

/// The setup in which every factor has its value; NaN leaves a factor as the scenario has it, an intervention undone.
///
/// Whatever the order of the factors, judgements come first, then numbers, mechanisms and interventions: so a number that is set
/// drops its series and its entries in the timeline, and an intervention is what happens in the world that results.
#[must_use]
pub(crate) fn setup_with(base: &Scenario, factors: &[Factor], values: &[f64]) -> Setup {
    setup_from(base.setup.clone(), base, factors, values)
}

/// [`setup_with`] from a setup of the scenario whose judgements may have other values, but for those that are factors with a value.
#[must_use]
pub(crate) fn setup_from(mut setup: Setup, base: &Scenario, factors: &[Factor], values: &[f64]) -> Setup {
    for stage in 0..4 {
        for (factor, value) in factors.iter().zip(values).filter(|(_, value)| !value.is_nan()) {
            match (&factor.subject, stage) {
                (Subject::Judgement(judgement), 0) => judgement.apply(&mut setup, *value),
                (Subject::Number { targets, .. }, 1) => targets.iter().for_each(|target| setup.set(*target, *value)),
                (Subject::Mechanism(name), 2) if *value >= 0.5 => {
                    setup.without.remove(name);
                }
                (Subject::Mechanism(name), 2) => {
                    setup.without.insert(name.clone());
                }
                (Subject::Intervention(intervention), 3) if *value >= 0.5 => intervention.apply(base, &mut setup),
                _ => {}
            }
        }
    }
    setup
}

/// The name of a judgement among factors: its path, and what distinguishes it from others of the same number.
#[must_use]
pub(crate) fn judgement_name(judgement: &Judgement) -> String {
    match judgement.varies {
        Varies::Initial => judgement.path.clone(),
        Varies::Factor => format!("{} (factor)", judgement.path),
        Varies::From(date) => format!("{} from {date:.2}", judgement.path),
    }
}

/// The factor of a judgement, by its own range.
pub(crate) fn of_judgement(judgement: &Judgement, steps: u32) -> Factor {
    Factor {
        name: judgement_name(judgement),
        unit: judgement.unit,
        values: FactorValues::Range { low: judgement.low, high: judgement.high, logarithmic: false, steps },
        group: None,
        subject: Subject::Judgement(judgement.clone()),
    }
}

/// The groups of factors, in the order of their first members: name, positions of members. A factor without a group is one of its own.
#[must_use]
pub fn groups(factors: &[Factor]) -> Vec<(String, Vec<usize>)> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for (position, factor) in factors.iter().enumerate() {
        let known = factor.group.as_ref().and_then(|group| groups.iter_mut().find(|(name, _)| name == group));
        match known {
            Some((_, members)) => members.push(position),
            None => groups.push((factor.group.clone().unwrap_or_else(|| factor.name.clone()), vec![position])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_the_unit_interval_are_values() {
        let range = |logarithmic| FactorValues::Range { low: 0.25, high: 4.0, logarithmic, steps: 5 };
        assert_eq!([0.0, 0.5, 1.0].map(|place| range(false).at(place)), [0.25, 2.125, 4.0]);
        for (found, wanted) in range(true).grid().into_iter().zip([0.25, 0.5, 1.0, 2.0, 4.0]) {
            assert!((found - wanted).abs() < 1e-14, "{found}, not {wanted}");
        }
        let levels = FactorValues::Levels(vec![3.0, 1.0, 2.0]);
        assert_eq!([0.0, 0.3333, 0.334, 0.999, 1.0].map(|place| levels.at(place)), [3.0, 3.0, 1.0, 2.0, 2.0]);
        assert_eq!(levels.bounds(), (1.0, 3.0));
        assert_eq!([0.0, 0.49, 0.5, 1.0].map(|place| FactorValues::Switch.at(place)), [0.0, 0.0, 1.0, 1.0]);
    }
}
