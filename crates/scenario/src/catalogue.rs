//! The files that come with the program: scenarios, studies and calibrations.

use crate::layer;
use crate::reader::{self, FileKind};
use crate::text::{self, Kind};

/// Name and text of every built-in scenario file, by name.
pub(crate) const BUILT_IN: &[(&str, &str)] = &[
    ("cold-war", include_str!("../../../configs/scenarios/cold-war.ron")),
    ("ethnic-spiral", include_str!("../../../configs/scenarios/ethnic-spiral.ron")),
    ("four-worlds", include_str!("../../../configs/scenarios/four-worlds.ron")),
    ("jervis-plane", include_str!("../../../configs/scenarios/jervis-plane.ron")),
    ("lattice", include_str!("../../../configs/scenarios/lattice.ron")),
    ("maginot", include_str!("../../../configs/scenarios/maginot.ron")),
    ("missiles", include_str!("../../../configs/scenarios/missiles.ron")),
    ("naval-race", include_str!("../../../configs/scenarios/naval-race.ron")),
    ("pre-wwi", include_str!("../../../configs/scenarios/pre-wwi.ron")),
    ("pre-wwii", include_str!("../../../configs/scenarios/pre-wwii.ron")),
    ("richardson-1909", include_str!("../../../configs/scenarios/richardson-1909.ron")),
    ("splendid-isolation", include_str!("../../../configs/scenarios/splendid-isolation.ron")),
    ("stag-hunt", include_str!("../../../configs/scenarios/stag-hunt.ron")),
    ("two-states", include_str!("../../../configs/scenarios/two-states.ron")),
];

/// Name and text of every built-in study and calibration file, by name.
pub(crate) const STUDIES: &[(&str, &str)] = &[
    ("beliefs-1914", include_str!("../../../configs/studies/beliefs-1914.ron")),
    ("calibrate-1890", include_str!("../../../configs/studies/calibrate-1890.ron")),
    ("calibrate-1920", include_str!("../../../configs/studies/calibrate-1920.ron")),
    ("calibrate-two-states", include_str!("../../../configs/studies/calibrate-two-states.ron")),
    ("four-drivers", include_str!("../../../configs/studies/four-drivers.ron")),
    ("interventions-1914", include_str!("../../../configs/studies/interventions-1914.ron")),
    ("interventions-1935", include_str!("../../../configs/studies/interventions-1935.ron")),
    ("jervis-plane", include_str!("../../../configs/studies/jervis-plane.ron")),
    ("pre-wwi-judgements", include_str!("../../../configs/studies/pre-wwi-judgements.ron")),
    ("suspicion-plane", include_str!("../../../configs/studies/suspicion-plane.ron")),
    ("two-states-narrow", include_str!("../../../configs/studies/two-states-narrow.ron")),
];

/// A built-in scenario file, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// Name to load it by.
    pub name: &'static str,
    /// The question it asks.
    pub question: String,
    /// Names of its members; each loads as `NAME/MEMBER`.
    pub members: Vec<String>,
    /// The file itself.
    pub text: &'static str,
}

/// Every built-in scenario file, by name.
#[must_use]
pub fn catalogue() -> Vec<CatalogueEntry> {
    let mut entries = Vec::with_capacity(BUILT_IN.len());
    for (name, text) in BUILT_IN {
        let Ok(root) = text::read(text) else { continue };
        let layer = layer::read(&root, false, &mut Vec::new());
        let members = layer.members.iter().map(|(member, ..)| (*member).to_string()).collect();
        entries.push(CatalogueEntry { name, question: layer.question.unwrap_or_default(), members, text });
    }
    entries
}

/// A built-in study or calibration file, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyEntry {
    /// Name of the file, without `.ron`.
    pub name: &'static str,
    /// A study or a calibration.
    pub kind: FileKind,
    /// The question it asks.
    pub question: String,
    /// The file itself.
    pub text: &'static str,
}

/// Every built-in study and calibration file, by name.
#[must_use]
pub fn study_catalogue() -> Vec<StudyEntry> {
    let mut entries = Vec::with_capacity(STUDIES.len());
    for (name, text) in STUDIES {
        let Ok(root) = text::read(text) else { continue };
        let Some(kind) = reader::file_kind(&root) else { continue };
        let Kind::Map(keys) = &root.kind else { continue };
        let question = keys.iter().find(|(key, _)| key.name == "question").map(|(_, node)| &node.kind);
        let question = if let Some(Kind::Text(question)) = question { question.clone() } else { String::new() };
        entries.push(StudyEntry { name, kind, question, text });
    }
    entries
}
