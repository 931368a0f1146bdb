//! From what a page asks for to a scenario.

use serde::{Deserialize, Serialize};
use spiral_scenario::{Overrides, Scenario, catalogue, nearest, parse_named};

use crate::error::Error;

/// States that a world may have; larger worlds take too long for a page.
pub const MOST_STATES: usize = 64;
/// Changes that a world may have.
pub const MOST_CHANGES: usize = 400;
/// Bytes that an edited part of a scenario may have.
pub const MOST_EDITED: usize = 200_000;
/// Bytes of a path or a value.
const MOST_BYTES: usize = 200;

/// A scenario with changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorldRequest {
    /// Name of a built-in scenario, of a member of one, or of a file that the program was started with.
    pub scenario: String,
    /// Path and value of each number that is changed, as `--set` takes them.
    #[serde(default)]
    pub set: Vec<(String, String)>,
    /// Mechanisms that are switched off, as `--without` takes them.
    #[serde(default)]
    pub without: Vec<String>,
    /// A change of the text of the scenario itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<Edit>,
}

/// A change of a text: lines that others take the place of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The first line that is replaced, from 1.
    pub line: usize,
    /// How many lines are taken out.
    pub removed: usize,
    /// What stands in their place, without a line break at its end; nothing where `None`.
    pub text: Option<String>,
}

impl Edit {
    /// The text with the change.
    fn of(&self, text: &str) -> String {
        let lines: Vec<&str> = text.lines().collect();
        let from = self.line.saturating_sub(1).min(lines.len());
        let to = from.saturating_add(self.removed).min(lines.len());
        let mut edited: Vec<&str> = lines[..from].to_vec();
        edited.extend(self.text.as_deref());
        edited.extend(&lines[to..]);
        let mut edited = edited.join("\n");
        edited.push('\n');
        edited
    }

    /// A word that tells one edit from another.
    fn mark(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&serde_json::to_vec(self).unwrap_or_default());
        hasher.finalize().to_hex()[..6].to_string()
    }
}

/// A scenario file that the program was started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its path, as it was given.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What to simulate: one world, or two on the same random draws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The world that the other is compared with.
    #[serde(default)]
    pub a: Option<WorldRequest>,
    /// The world.
    pub b: WorldRequest,
    /// Seed of all random draws.
    pub seed: u64,
    /// Histories of each world.
    pub histories: u32,
}

impl Run {
    /// Its worlds: one, or the first and the second.
    pub(crate) fn worlds(&self) -> impl Iterator<Item = &WorldRequest> {
        self.pinned().into_iter().chain([&self.b])
    }

    /// The first world, where it is another one.
    pub(crate) fn pinned(&self) -> Option<&WorldRequest> {
        self.a.as_ref().filter(|a| a.name() != self.b.name() || a.edit != self.b.edit)
    }
}

impl WorldRequest {
    /// The name by which the command line knows this world: the scenario, or the file into which its edited text is saved, and behind it
    /// the changes.
    #[must_use]
    pub fn name(&self) -> String {
        let changes = self.changes().behind();
        if self.edit.is_none() {
            return format!("{}{changes}", self.scenario);
        }
        let member = self.scenario.rsplit_once('/').map(|(_, last)| last).filter(|last| !last.contains('.'));
        let member = member.map(|member| format!("/{member}")).unwrap_or_default();
        format!("{}{member}{changes}", self.file())
    }

    /// Name of a file for the text of the scenario.
    #[must_use]
    pub fn file(&self) -> String {
        let parts: Vec<&str> = self.scenario.split('/').collect();
        let file = parts.iter().rev().find(|part| part.contains('.')).or(parts.first()).copied().unwrap_or_default();
        let stem = file.strip_suffix(".ron").unwrap_or(file);
        match &self.edit {
            Some(edit) => format!("{stem}-edited-{}.ron", edit.mark()),
            None => format!("{stem}.ron"),
        }
    }

    fn changes(&self) -> Overrides {
        Overrides { set: self.set.clone(), without: self.without.clone(), years: None }
    }

    /// The scenario. Its name holds the changes.
    pub(crate) fn scenario(&self, given: &[Given]) -> Result<Scenario, Error> {
        self.check()?;
        let file = self.scenario.split('/').next().unwrap_or_default();
        let entries = catalogue();
        let text = given
            .iter()
            .find(|given| {
                self.scenario == given.name || self.scenario.strip_prefix(&given.name).is_some_and(|rest| rest.starts_with('/'))
            })
            .map(|given| given.text.as_str())
            .or_else(|| entries.iter().find(|entry| entry.name == file).map(|entry| entry.text));
        let Some(text) = text else {
            let names: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
            let near = nearest(&self.scenario, names.iter().copied());
            let help = near.map_or_else(|| format!("it has {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
            return Err(Error::Request(format!("the explorer has no scenario `{}`: {help}", shortened(&self.scenario))));
        };
        let edited = self.edit.as_ref().map(|edit| edit.of(text));
        let mut scenarios = parse_named(edited.as_deref().unwrap_or(text), &self.name(), &Overrides::default())?;
        if scenarios.len() > 1 {
            let names: Vec<String> = scenarios.iter().map(|scenario| scenario.name.clone()).collect();
            return Err(Error::Request(format!("{} has several worlds; choose one of {}", self.scenario, names.join(", "))));
        }
        let Some(scenario) = scenarios.pop() else {
            return Err(Error::Request(format!("{} has no world", self.scenario)));
        };
        let states = scenario.setup.states.len();
        if states > MOST_STATES {
            return Err(Error::Request(format!(
                "{} has {states} states, which is too large for this page (at most {MOST_STATES}); run it on the command line: spiral \
                 ensemble {}",
                self.scenario, self.scenario
            )));
        }
        Ok(scenario)
    }

    /// Refuses what no page asks for: texts that are too long, and signs with which a change would be read as another.
    fn check(&self) -> Result<(), Error> {
        if self.set.len() + self.without.len() > MOST_CHANGES {
            return Err(Error::Request(format!("a world has at most {MOST_CHANGES} changes")));
        }
        let edited = self.edit.as_ref().and_then(|edit| edit.text.as_ref()).map_or(0, String::len);
        if edited > MOST_EDITED {
            return Err(Error::Request(format!("an edited scenario may have {MOST_EDITED} bytes, not {edited}")));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "_.*-".contains(c);
        let sound = |text: &str| !text.is_empty() && text.len() <= MOST_BYTES && text.chars().all(plain);
        let words = self.set.iter().map(|(path, _)| path).chain(&self.without);
        if let Some(word) = words.into_iter().find(|word| !sound(word)) {
            return Err(Error::Request(format!("`{}` is neither a path nor the name of a mechanism", shortened(word))));
        }
        if let Some((path, value)) = self.set.iter().find(|(_, value)| !sound(value)) {
            return Err(Error::Request(format!("{path}: `{}` is not a number", shortened(value))));
        }
        Ok(())
    }
}

/// The beginning of a text that may be very long.
fn shortened(text: &str) -> String {
    let short: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
