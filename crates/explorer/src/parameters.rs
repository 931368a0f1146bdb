//! Every number of a world, with the range over which a slider moves it.

use serde::Serialize;
use spiral_model::mechanisms::Parameters;
use spiral_model::setup::{DyadInputs, StateInputs};
use spiral_model::specification::{Group, Specification};
use spiral_scenario::{Origin, ResolvedRow, resolved};

use crate::error::Error;
use crate::sample::Explorer;
use crate::world::WorldRequest;

/// One number of a world.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// Path, as `--set` takes it.
    pub path: String,
    /// Date from which it holds, decimal year, where the timeline sets it; such a number has no slider of its own.
    pub date: Option<f64>,
    /// The value as the scenario gives it, or the points of a series.
    pub text: String,
    /// The value; `None` for a series.
    pub value: Option<f64>,
    /// Unit; `1` where there is none.
    pub unit: String,
    /// Symbol in the equations.
    pub symbol: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// What it rests on: `source`, `judgement`, `default` (a judgement of the program's authors), `computed` or `file` (no source).
    pub basis: &'static str,
    /// The source, or the reason of the judgement; may be empty.
    pub why: String,
    /// Ends of the slider: the range of the judgement, or else a part of what is allowed.
    pub range: (f64, f64),
    /// Whether the ends are those of a judgement.
    pub judged: bool,
    /// Smallest and largest value allowed.
    pub allowed: (f64, f64),
}

/// A state of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateEntry {
    /// Code, such as `GBR`.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Whether it is a great power.
    pub great_power: bool,
}

/// What history did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObservedValue {
    /// Code of the state.
    pub state: String,
    /// Metric.
    pub metric: String,
    /// Decimal year.
    pub date: f64,
    /// Value in the unit of the metric.
    pub value: f64,
    /// Source.
    pub source: String,
}

/// A world before it is simulated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorldDescription {
    /// Name of the scenario.
    pub scenario: String,
    /// Name of a file for its text.
    pub file: String,
    /// The question it asks.
    pub question: String,
    /// Which results answer the question; may be empty.
    pub look_at: String,
    /// Unit of money.
    pub money: String,
    /// First and last date, decimal years.
    pub years: (f64, f64),
    /// Its states.
    pub states: Vec<StateEntry>,
    /// Its numbers.
    pub parameters: Vec<Parameter>,
    /// What history did.
    pub observed: Vec<ObservedValue>,
    /// Mechanisms that the scenario itself switches off.
    pub without: Vec<String>,
    /// The text of the scenario file.
    pub text: String,
}

impl Explorer {
    /// The numbers of a world. A page asks for them without changes, so that every number keeps what it rests on.
    ///
    /// # Errors
    /// A scenario that cannot be used.
    pub fn describe(&self, request: &WorldRequest) -> Result<WorldDescription, Error> {
        let scenario = request.scenario(&self.given)?;
        let states = scenario.setup.states.iter().zip(&scenario.state_names);
        let states = states.map(|(state, name)| StateEntry {
            code: state.code.clone(),
            name: name.clone(),
            great_power: state.great_power,
        });
        let observed = scenario.observed.iter().map(|seen| ObservedValue {
            state: seen.state.clone(),
            metric: seen.metric.clone(),
            date: seen.date,
            value: seen.value,
            source: seen.source.clone(),
        });
        Ok(WorldDescription {
            scenario: request.scenario.clone(),
            file: request.file(),
            question: scenario.question.clone(),
            look_at: scenario.look_at.clone().unwrap_or_default(),
            money: scenario.money.clone(),
            years: (scenario.setup.horizon.start, scenario.setup.horizon.end),
            states: states.collect(),
            observed: observed.collect(),
            parameters: resolved(&scenario).into_iter().map(parameter).collect(),
            without: scenario.setup.without.iter().cloned().collect(),
            text: scenario.text,
        })
    }
}

fn parameter(row: ResolvedRow) -> Parameter {
    let value = row.value.parse::<f64>().ok();
    let specification = specification(&row.path);
    let allowed = specification.map_or((f64::MIN, f64::MAX), |specification| (specification.low, specification.high));
    let (basis, why, judged) = match row.origin {
        Origin::Default => ("default", String::new(), None),
        Origin::File => ("file", String::new(), None),
        // A default of the program says so in its reason.
        Origin::Judgement { low, high, why } if why == "default of the program" => ("default", String::new(), Some((low, high))),
        Origin::Judgement { low, high, why } => ("judgement", why, Some((low, high))),
        Origin::Source(source) => ("source", source, None),
        Origin::Capitals => ("computed", "distance of the capitals".to_string(), None),
        Origin::Generated(basis) => ("computed", basis.unwrap_or_default(), None),
        Origin::Set => ("file", "set".to_string(), None),
    };
    // The range of a series is a factor, not a value.
    let judged = judged.filter(|_| value.is_some());
    let range = judged.unwrap_or_else(|| around(value.unwrap_or_default(), allowed));
    Parameter {
        path: row.path,
        date: row.date,
        text: row.value,
        value,
        unit: row.unit,
        symbol: row.symbol,
        meaning: row.meaning,
        basis,
        why,
        range,
        judged: judged.is_some(),
        allowed,
    }
}

/// A range for a number that nobody judged: all that is allowed where that is little, else from half to twice the value.
fn around(value: f64, (low, high): (f64, f64)) -> (f64, f64) {
    const LITTLE: f64 = 2.0;
    if high - low <= LITTLE {
        return (low, high);
    }
    if value == 0.0 {
        return (low.max(-1.0), high.min(1.0));
    }
    let ends = (value / 2.0, value * 2.0);
    let (least, most) = if value < 0.0 { (ends.1, ends.0) } else { ends };
    (least.max(low), most.min(high))
}

/// What the number at a path is.
fn specification(path: &str) -> Option<&'static Specification> {
    let parts: Vec<&str> = path.split('.').collect();
    let (list, field): (&'static [Specification], &str) = match parts.as_slice() {
        ["states", _, field] => (StateInputs::SPECIFICATIONS, *field),
        ["pairs" | "dyads", _, field] => (DyadInputs::SPECIFICATIONS, *field),
        [group, field] => (Parameters::GROUPS.iter().find(|(name, _)| name == group)?.1, *field),
        _ => return None,
    };
    list.iter().find(|specification| specification.name == field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slider_stays_within_what_is_allowed() {
        assert_eq!(around(0.5, (0.0, 1.0)), (0.0, 1.0));
        assert_eq!(around(100.0, (0.0, 150.0)), (50.0, 150.0));
        assert_eq!(around(-4.0, (-100.0, 100.0)), (-8.0, -2.0));
        assert_eq!(around(0.0, (0.0, 50.0)), (0.0, 1.0));
    }

    #[test]
    fn every_number_of_every_scenario_says_what_it_rests_on_and_how_far_it_goes() {
        let explorer = Explorer::default();
        for entry in explorer.start().scenarios {
            let world = explorer.describe(&WorldRequest { scenario: entry.name.clone(), ..WorldRequest::default() });
            let world = world.unwrap_or_else(|error| panic!("{}: {error}", entry.name));
            assert!(!world.parameters.is_empty() && !world.states.is_empty(), "{}", entry.name);
            for parameter in &world.parameters {
                let (low, high) = parameter.range;
                assert!(low <= high && parameter.allowed.0 <= parameter.allowed.1, "{}: {parameter:?}", entry.name);
                assert!(parameter.allowed.0 > f64::MIN, "{}: no specification of {}", entry.name, parameter.path);
            }
        }
    }
}
