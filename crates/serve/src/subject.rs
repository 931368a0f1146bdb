//! What the program was started with: a scenario of its own, a file, or the directory of a study.

use std::path::Path;

use serde::Serialize;
use spiral_explorer::{Given, WorldRequest};
use spiral_results::{Request, StudyResults, open};
use spiral_scenario::{Overrides, catalogue, load, own_changes};

use crate::error::Error;

/// Scenario that is shown where none is asked for.
const FIRST: &str = "pre-wwi";

/// What the page shows first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Opening {
    /// The world that the other is compared with.
    pub(crate) a: Option<WorldRequest>,
    /// The world.
    pub(crate) b: WorldRequest,
    /// Seed, where a study has one.
    pub(crate) seed: Option<u64>,
    /// Histories, where a study has a number of them.
    pub(crate) histories: Option<u32>,
    /// Directory of the study.
    pub(crate) study: Option<String>,
}

/// What the page shows first, and the files that it may use.
pub(crate) fn opening(subject: Option<&str>) -> Result<(Opening, Vec<Given>), Error> {
    let subject = subject.unwrap_or(FIRST);
    if Path::new(subject).is_dir() {
        return study(subject);
    }
    let (plain, behind) = own_changes(subject);
    let changes = Overrides::default().with(behind);
    let scenarios = load(subject, &Overrides::default())?;
    let own = plain.split('/').next().is_some_and(|front| catalogue().iter().any(|entry| entry.name == front));
    let (mut given, mut name) = (Vec::new(), plain.to_string());
    if let Some(first) = scenarios.first() {
        if !own {
            given.push(Given { name: first.file.clone(), text: first.text.clone() });
        }
        let member = own_changes(&first.name).0.split_once('/').map(|(_, member)| member);
        if let Some(member) = member.filter(|_| scenarios.len() > 1) {
            name = format!("{plain}/{member}");
        }
    }
    let b = WorldRequest { scenario: name, set: changes.set, without: changes.without, edit: None };
    Ok((Opening { b, ..Opening::default() }, given))
}

/// The worlds of a finished study: the page simulates the same histories again.
fn study(directory: &str) -> Result<(Opening, Vec<Given>), Error> {
    let StudyResults::Comparison(comparison) = open(Path::new(directory))? else {
        return Err(Error::Subject(format!(
            "{directory} is a study of another kind; the explorer opens studies of spiral ensemble and spiral compare. Its page is \
             {directory}/report.html"
        )));
    };
    let manifest = comparison.study.manifest();
    let (seed, histories) = (manifest.seed, manifest.histories);
    let mut given = Vec::new();
    let mut worlds = Vec::new();
    for world in comparison.worlds.iter().take(2) {
        let Request { scenario, text, set, without, years } = world.request.clone();
        if years.is_some() || manifest.uncertain {
            let what = if years.is_some() { "--years" } else { "--uncertain" };
            return Err(Error::Subject(format!(
                "{directory} was made with {what}, which the explorer does not have. Its page is {directory}/report.html"
            )));
        }
        let (plain, behind) = own_changes(&scenario);
        if let Some(text) = text {
            given.push(Given { name: plain.to_string(), text });
        }
        let changes = Overrides { set, without, years }.with(behind);
        worlds.push(WorldRequest { scenario: plain.to_string(), set: changes.set, without: changes.without, edit: None });
    }
    let b = worlds.pop().unwrap_or_default();
    Ok((Opening { a: worlds.pop(), b, seed: Some(seed), histories: Some(histories), study: Some(directory.to_string()) }, given))
}
