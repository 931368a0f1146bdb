//! What the explorer offers: scenarios and mechanisms.

use serde::Serialize;
use spiral_model::mechanisms::REGISTRY;
use spiral_scenario::catalogue;

use crate::sample::Explorer;
use crate::world::Given;

/// A scenario that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScenarioEntry {
    /// Name to ask for.
    pub name: String,
    /// The question it asks.
    pub question: String,
    /// Whether its text was given to the program, and is not one of its own.
    pub given: bool,
}

/// A mechanism that can be switched off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MechanismEntry {
    /// Name.
    pub name: &'static str,
    /// Its heading, without the number of the equation.
    pub title: String,
    /// What it claims about the world.
    pub claim: String,
    /// What the world is like without it.
    pub off: String,
}

/// What a page needs at its start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Start {
    /// Version of the program.
    pub version: &'static str,
    /// Scenarios, those that were given first.
    pub scenarios: Vec<ScenarioEntry>,
    /// Mechanisms, in the order of their files.
    pub mechanisms: Vec<MechanismEntry>,
}

impl Explorer {
    /// What a page needs at its start.
    #[must_use]
    pub fn start(&self) -> Start {
        let given = self.given.iter().flat_map(given_entries);
        let own = catalogue().iter().filter(|entry| entry.name != "lattice").flat_map(|entry| {
            let entry_of = |name| ScenarioEntry { name, question: entry.question.clone(), given: false };
            if entry.members.is_empty() {
                return vec![entry_of(entry.name.to_string())];
            }
            entry.members.iter().map(|member| entry_of(format!("{}/{member}", entry.name))).collect()
        });
        let mechanisms = REGISTRY.iter().map(|entry| {
            let page = entry.page();
            let title = page.title.split_once(' ').map_or(page.title.as_str(), |(_, title)| title).to_string();
            MechanismEntry { name: entry.name, title, claim: page.claim, off: page.off }
        });
        Start { version: env!("CARGO_PKG_VERSION"), scenarios: given.chain(own).collect(), mechanisms: mechanisms.collect() }
    }
}

fn given_entries(given: &Given) -> Vec<ScenarioEntry> {
    let scenarios = spiral_scenario::parse_named(&given.text, &given.name, &spiral_scenario::Overrides::default());
    let Ok(scenarios) = scenarios else { return Vec::new() };
    let alone = scenarios.len() == 1;
    let name = |scenario: &str| match scenario.rsplit_once('/') {
        Some((_, member)) if !alone => format!("{}/{member}", given.name),
        _ => given.name.clone(),
    };
    let entry = |scenario: &spiral_scenario::Scenario| ScenarioEntry {
        name: name(&scenario.name),
        question: scenario.question.clone(),
        given: true,
    };
    scenarios.iter().map(entry).collect()
}
