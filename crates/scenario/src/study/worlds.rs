//! The scenarios of a calibration: one, under `scenario`, or several to which the same numbers are fitted together, under `scenarios`.

use crate::study::factor::{self, Factor};
use crate::study::source::{Find, base};
use crate::syntax::problem::{Error, Finding};
use crate::syntax::reader;
use crate::syntax::text::Node;
use crate::syntax::words::quote;
use crate::world::load;
use crate::world::scenario::Scenario;

/// A scenario of a calibration, with the numbers that are fitted as they stand in it.
#[derive(Debug, Clone)]
pub struct CalibrationWorld {
    /// The scenario.
    pub base: Scenario,
    /// The numbers to fit: the same names and ranges in every scenario of the calibration.
    pub factors: Vec<Factor>,
}

impl CalibrationWorld {
    /// The setup of a candidate with these values; NaN leaves a number as the scenario has it.
    #[must_use]
    pub fn setup(&self, values: &[f64]) -> spiral_model::Setup {
        factor::setup_with(&self.base, &self.factors, values)
    }
}

/// The scenarios that a file names, and the names and texts of those, among several, that are not built in.
pub(crate) struct Named {
    pub(crate) scenarios: Vec<Scenario>,
    pub(crate) texts: Vec<(String, String)>,
}

const EXAMPLE: &str = "scenarios: [ (scenario: \"pre-wwi\", years: (1890, 1914)), (scenario: \"pre-wwii/1920\") ],";

/// Reads `scenario`, or every entry of `scenarios`; `None`, with findings, where one of them cannot be read.
pub(crate) fn read<'a>(
    get: &dyn Fn(&str) -> Option<&'a Node>,
    find: Find<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Option<Named>, Error> {
    let Some(list) = get("scenarios") else {
        let one = base(get, find, findings)?;
        return Ok(one.map(|one| Named { scenarios: vec![one], texts: Vec::new() }));
    };
    if let Some(one) = get("scenario") {
        findings.push(Finding::at(one.span, "a calibration has `scenario` or `scenarios`, and not both").help(EXAMPLE));
    }
    let mut named = Named { scenarios: Vec::new(), texts: Vec::new() };
    let entries = reader::list(list, "scenarios", "a list of scenarios", findings).unwrap_or_default();
    if entries.is_empty() {
        findings.push(Finding::at(list.span, "`scenarios` names no scenario").help(EXAMPLE));
    }
    for entry in entries {
        let fields = reader::fields(entry, "an entry of scenarios", &["scenario", "years"], findings);
        let own = |name: &str| fields.iter().find(|(key, _)| key.name == name).map(|(_, node)| *node);
        let Some(name) = own("scenario") else {
            findings.push(Finding::at(entry.span, "an entry of `scenarios` has no `scenario`").help(EXAMPLE));
            continue;
        };
        // What the file says for all of them, but for what the entry says itself.
        let both = |name: &str| own(name).or_else(|| get(name).filter(|_| name != "scenario"));
        let Some(scenario) = base(&both, find, findings)? else { continue };
        if named.scenarios.iter().any(|other| other.name == scenario.name) {
            let message = format!("the scenario {} is given twice", quote(&scenario.name));
            findings.push(Finding::at(name.span, message).help("targets name their scenario, so each is given once"));
        }
        if !load::is_built_in(&scenario) {
            named.texts.extend(reader::text(name, "scenario", findings).map(|name| (name, scenario.text.clone())));
        }
        named.scenarios.push(scenario);
    }
    Ok(Some(named).filter(|_| findings.is_empty()))
}
