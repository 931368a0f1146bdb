//! The studies and calibrations that come with the program.

use crate::syntax::reader::{self, FileKind};
use crate::syntax::text::{self, Kind};

/// Name and text of every built-in study and calibration file, by name: those of `configs/studies` and `configs/calibrations`.
const STUDIES: &[(&str, &str)] = &[
    ("beliefs-1914", include_str!("../../../../configs/studies/beliefs-1914.ron")),
    ("burdens-1890-1913", include_str!("../../../../configs/calibrations/burdens-1890-1913.ron")),
    ("burdens-1920-1938", include_str!("../../../../configs/calibrations/burdens-1920-1938.ron")),
    ("burdens-both", include_str!("../../../../configs/calibrations/burdens-both.ron")),
    ("calibrate-1890", include_str!("../../../../configs/studies/calibrate-1890.ron")),
    ("calibrate-1920", include_str!("../../../../configs/studies/calibrate-1920.ron")),
    ("calibrate-two-states", include_str!("../../../../configs/studies/calibrate-two-states.ron")),
    ("four-drivers", include_str!("../../../../configs/studies/four-drivers.ron")),
    ("interventions-1914", include_str!("../../../../configs/studies/interventions-1914.ron")),
    ("interventions-1935", include_str!("../../../../configs/studies/interventions-1935.ron")),
    ("jervis-plane", include_str!("../../../../configs/studies/jervis-plane.ron")),
    ("pre-wwi-judgements", include_str!("../../../../configs/studies/pre-wwi-judgements.ron")),
    ("spiral-cut-1930", include_str!("../../../../configs/studies/spiral-cut-1930.ron")),
    ("spiral-cut", include_str!("../../../../configs/studies/spiral-cut.ron")),
    ("suspicion-plane", include_str!("../../../../configs/studies/suspicion-plane.ron")),
    ("two-states-narrow", include_str!("../../../../configs/studies/two-states-narrow.ron")),
];

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
