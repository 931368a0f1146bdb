//! Where a study or a calibration comes from: its texts, so that it can be read again, and the scenarios that it names.

use std::path::Path;

use crate::syntax::problem::{Error, Finding, Span};
use crate::syntax::reader::{self, whole};
use crate::syntax::text::{Kind, Node};
use crate::syntax::words::quote;
use crate::world::load::{self, load};
use crate::world::overrides::Overrides;
use crate::world::scenario::Scenario;

/// The texts that a study is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StudySource {
    /// Name or path of the study file.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Text of the scenario file, where it is not built in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Names and texts of the scenario files of a calibration of several scenarios, where they are not built in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<(String, String)>,
    /// Text of the parameter file, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Text of the file of points, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
    /// Names and texts of the scenario files that are marked, where they are not built in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<(String, String)>,
    /// Histories of each point that were asked for in place of the file's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub histories: Option<u32>,
    /// Seed that was asked for in place of the file's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

impl StudySource {
    /// Of a file that names nothing but this scenario.
    pub(crate) fn of(file: &str, text: &str, base: &Scenario) -> Self {
        let scenario = (!load::is_built_in(base)).then(|| base.text.clone());
        Self { file: file.to_string(), text: text.to_string(), scenario, ..Self::default() }
    }
}

/// The folder of a file.
pub(crate) fn folder_of(path: &str) -> &Path {
    Path::new(path).parent().unwrap_or_else(|| Path::new(""))
}

/// The scenarios that a study file at this path names: those of a file beside it, else the built-in ones.
pub(crate) fn beside(path: &str, name: &str, overrides: &Overrides) -> Result<Vec<Scenario>, Error> {
    let beside = folder_of(path).join(name);
    let there = beside.is_file() || beside.parent().is_some_and(Path::is_file);
    let name = if there { beside.to_string_lossy().into_owned() } else { name.to_string() };
    load(&name, overrides)
}

/// The scenarios of a name, from the texts of a study.
pub(crate) fn from_source(source: &StudySource, name: &str, overrides: &Overrides) -> Result<Vec<Scenario>, Error> {
    let among_several = source.scenarios.iter().find(|(known, _)| known == name).map(|(_, text)| text);
    match among_several.or(source.scenario.as_ref()) {
        None => load(name, overrides),
        Some(text) => load::parse_named(text, name, overrides),
    }
}

/// Finds the scenarios of a name.
pub(crate) type Find<'a> = &'a dyn Fn(&str, &Overrides) -> Result<Vec<Scenario>, Error>;

/// The scenario that a file names, changed as it says; `None`, with a finding, where there is not one.
pub(crate) fn base<'a>(
    get: &dyn Fn(&str) -> Option<&'a Node>,
    find: Find<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Option<Scenario>, Error> {
    let overrides = overrides(get("set"), get("without"), get("years"), findings);
    let Some(name) = get("scenario").and_then(|node| reader::text(node, "scenario", findings)) else {
        if get("scenario").is_none() {
            findings.push(Finding::new("`scenario` is missing").help("scenario: \"pre-wwi\","));
        }
        return Ok(None);
    };
    let mut found = match find(&name, &overrides) {
        Ok(found) => found,
        // A name that stands for nothing is wrong here, and not in the file that it would name.
        Err(error) if error.problems.iter().all(|problem| problem.origin.is_empty()) => {
            for problem in error.problems {
                let span = get("scenario").map_or(Span { start: 0, end: 0 }, |node| node.span);
                findings.push(problem.help.into_iter().fold(Finding::at(span, problem.message), Finding::help));
            }
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let (1, Some(base)) = (found.len(), found.pop()) else {
        let message = format!("{} holds several scenarios; a study varies one", quote(&name));
        let span = get("scenario").map_or(Span { start: 0, end: 0 }, |node| node.span);
        findings.push(Finding::at(span, message).help("name a member: \"FILE/MEMBER\""));
        return Ok(None);
    };
    Ok(Some(base))
}

/// Title, question and seed of a file; a title or seed that cannot be read is missing, with a finding.
pub(crate) fn heading<'a>(
    get: &dyn Fn(&str) -> Option<&'a Node>,
    file: &str,
    findings: &mut Vec<Finding>,
) -> (Option<String>, String, Option<u64>) {
    let title = get("title").map_or_else(|| Some(load::stem(file)), |node| reader::text(node, "title", findings));
    let question = get("question").and_then(|node| reader::text(node, "question", findings)).unwrap_or_default();
    let seed = get("seed").map_or(Some(1), |node| whole(node, "seed", 0, 1 << 53, findings));
    (title, question, seed)
}

fn overrides(set: Option<&Node>, without: Option<&Node>, years: Option<&Node>, findings: &mut Vec<Finding>) -> Overrides {
    let mut overrides = Overrides::default();
    if let Some(node) = set {
        for (key, node) in reader::entries(node, "set", findings) {
            match &node.kind {
                Kind::Number(value) => overrides.set.push((key.name.clone(), format!("{value:?}"))),
                Kind::Text(text) => overrides.set.push((key.name.clone(), text.clone())),
                _ => findings.push(reader::wrong(node, &format!("set.{}", key.name), "a number or a name in quotes")),
            }
        }
    }
    for node in without.and_then(|node| reader::list(node, "without", "a list of mechanisms", findings)).unwrap_or_default() {
        overrides.without.extend(reader::text(node, "an entry of without", findings));
    }
    overrides.years = years.and_then(|node| reader::two_numbers(node, "years", "(first, last)", findings));
    overrides
}
