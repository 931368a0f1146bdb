//! Where a study or a calibration comes from: its texts, so that it can be read again, and the scenarios that it names.

use std::path::Path;

use crate::load::{self, load};
use crate::overrides::Overrides;
use crate::problem::Error;
use crate::scenario::Scenario;

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
    /// Text of the parameter file, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
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
    match &source.scenario {
        None => load(name, overrides),
        Some(text) => load::parse_named(text, name, overrides),
    }
}
