//! Scenarios.

use pyo3::prelude::*;
use serde_json::{Value, json};
use spiral_results::{Overrides, Request, again, outcome_names, worlds};
use spiral_scenario::{Design, FactorValues, Origin, StudyFile, StudySource, resolved};

use crate::errors::raised;

/// Path and value, mechanisms to switch off, first and last date.
type Changes = (Vec<(String, String)>, Vec<String>, Option<(f64, f64)>);

/// Name, lowest and highest value, value and unit of a judgement.
type Judged = (String, f64, f64, f64, String);

/// A scenario with the changes that were made to it.
#[pyclass(frozen, from_py_object, module = "spiral._spiral")]
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) world: spiral_results::World,
}

#[pymethods]
impl World {
    /// Made again from what [`World::made_from`] gives.
    #[new]
    fn new(scenario: String, text: Option<String>, changes: Changes, name: String) -> PyResult<Self> {
        let (set, without, years) = changes;
        let world = again(&Request { scenario, text, set, without, years }).map_err(raised)?;
        Ok(Self { world }.named(name))
    }

    /// What makes it again: scenario, text of its file where it is not built in, changes, name.
    fn made_from(&self) -> (String, Option<String>, Changes, String) {
        let Request { scenario, text, set, without, years } = self.world.request.clone();
        (scenario, text, (set, without, years), self.world.scenario.name.clone())
    }

    /// The name that tables and figures give it.
    #[getter]
    fn name(&self) -> &str {
        &self.world.scenario.name
    }

    /// The same world under another name.
    fn named(&self, name: String) -> Self {
        let mut world = self.world.clone();
        world.scenario.name = name;
        Self { world }
    }

    /// The world with more changes, under the same name.
    fn changed(&self, changes: Changes) -> PyResult<Self> {
        let (set, without, years) = changes;
        let mut request = self.world.request.clone();
        for (path, value) in set {
            request.set.retain(|(known, _)| *known != path);
            request.set.push((path, value));
        }
        for name in without {
            if !request.without.contains(&name) {
                request.without.push(name);
            }
        }
        request.years = years.or(request.years);
        let world = again(&request).map_err(raised)?;
        Ok(Self { world }.named(self.name().to_string()))
    }

    /// The question it asks.
    #[getter]
    fn question(&self) -> &str {
        &self.world.scenario.question
    }

    /// Code and name of each state.
    #[getter]
    fn states(&self) -> Vec<(String, String)> {
        let scenario = &self.world.scenario;
        scenario.setup.states.iter().map(|state| state.code.clone()).zip(scenario.state_names.clone()).collect()
    }

    /// First and last date, decimal years.
    #[getter]
    fn years(&self) -> (f64, f64) {
        let horizon = &self.world.scenario.setup.horizon;
        (horizon.start, horizon.end)
    }

    /// Every number as JSON: path, date, value, unit, symbol, meaning, origin, and the range of a judgement.
    fn parameters_json(&self) -> String {
        let rows = resolved(&self.world.scenario).into_iter().map(|row| {
            let (origin, why, range) = match row.origin {
                Origin::Default => ("default", String::new(), None),
                Origin::File => ("file", String::new(), None),
                Origin::Judgement { low, high, why } => ("judgement", why, Some((low, high))),
                Origin::Source(source) => ("source", source, None),
                Origin::Capitals => ("capitals", String::new(), None),
                Origin::Generated(basis) => ("generated", basis.unwrap_or_default(), None),
                Origin::Set => ("set", String::new(), None),
            };
            json!({
                "path": row.path, "date": row.date, "value": row.value, "unit": row.unit, "symbol": row.symbol,
                "meaning": row.meaning, "origin": origin, "why": why, "range": range,
            })
        });
        Value::Array(rows.collect()).to_string()
    }

    /// Name, lowest and highest value, value and unit of every judgement that can vary, as a study names them.
    fn judgements(&self) -> PyResult<Vec<Judged>> {
        let made = self.study("factors: [(judgements: \"all\")], design: (kind: \"lhs\", points: 2)").map_err(raised)?;
        let each = made.factors.iter().filter_map(|factor| match factor.values {
            FactorValues::Range { low, high, .. } => {
                let value = factor.before(&made.base).unwrap_or(f64::NAN);
                Some((factor.name.clone(), low, high, value, factor.unit.to_string()))
            }
            _ => None,
        });
        Ok(each.collect())
    }
}

impl World {
    /// A study of this world with these further keys.
    fn study(&self, keys: &str) -> Result<StudyFile, spiral_scenario::Error> {
        let request = &self.world.request;
        let source = StudySource {
            file: "study.ron".to_string(),
            text: format!("({}, {keys})", self.head()),
            scenario: request.text.clone(),
            ..StudySource::default()
        };
        let measures: Vec<&str> = outcome_names().collect();
        let made = StudyFile::again(&source, &measures)?;
        debug_assert!(matches!(made.design, Design::LatinHypercube { .. }), "the design that was asked for");
        Ok(made)
    }

    /// The keys of a study file that name this world: scenario, set, without, years.
    pub(crate) fn head(&self) -> String {
        let text = |text: &String| Value::String(text.clone()).to_string();
        let Request { scenario, set, without, years, .. } = &self.world.request;
        let set: Vec<String> = set.iter().map(|(path, value)| format!("{}: {}", text(path), text(value))).collect();
        let without: Vec<String> = without.iter().map(text).collect();
        let years = years.map_or_else(String::new, |(from, to)| format!(", years: ({from:?}, {to:?})"));
        let (set, without) = (set.join(", "), without.join(", "));
        format!("scenario: {}, set: {{{set}}}, without: [{without}]{years}", text(scenario))
    }
}

/// The worlds of a built-in name or a path: one, or all members of a file.
#[pyfunction]
pub(crate) fn load(name: &str) -> PyResult<Vec<World>> {
    let worlds = worlds(name, &Overrides::default()).map_err(raised)?;
    Ok(worlds.into_iter().map(|world| World { world }).collect())
}

/// Name, question and members of every built-in scenario.
#[pyfunction]
pub(crate) fn catalogue() -> Vec<(String, String, Vec<String>)> {
    let entries = spiral_scenario::catalogue().iter();
    entries.map(|entry| (entry.name.to_string(), entry.question.clone(), entry.members.clone())).collect()
}

/// Names of the mechanisms that can be switched off.
#[pyfunction]
pub(crate) fn mechanisms() -> Vec<String> {
    spiral_scenario::mechanism_names().iter().map(ToString::to_string).collect()
}

/// Names of the outcomes that every study can report.
#[pyfunction]
pub(crate) fn outcomes() -> Vec<&'static str> {
    outcome_names().collect()
}
