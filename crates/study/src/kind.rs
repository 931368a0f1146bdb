//! The kinds of study.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What kind of study a directory holds. The manifest stores it, so it need not be guessed from the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StudyKind {
    /// Many histories of one scenario, or of each member of a file.
    Ensemble,
    /// Two or more scenarios on the same random draws.
    Compare,
    /// The points of a design.
    Sweep,
    /// The points of a design, and from them the sensitivity index of each factor.
    Sensitivity,
    /// All combinations of the differences between two scenarios.
    Explain,
    /// A search for the values of parameters that fit observed targets.
    Calibrate,
}

// Names by hand, not by strum: `name` is const, and the error of `from_str` lists every kind.
impl StudyKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Ensemble, Self::Compare, Self::Sweep, Self::Sensitivity, Self::Explain, Self::Calibrate];

    /// Its name: the command that makes such a study, and the text in the manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ensemble => "ensemble",
            Self::Compare => "compare",
            Self::Sweep => "sweep",
            Self::Sensitivity => "sensitivity",
            Self::Explain => "explain",
            Self::Calibrate => "calibrate",
        }
    }

    /// Whether a directory of this kind can be continued as a study of the other kind: a sweep and a sensitivity study simulate the
    /// same histories of the same points.
    pub(crate) fn continues_as(self, other: Self) -> bool {
        let design = |kind| matches!(kind, Self::Sweep | Self::Sensitivity);
        self == other || design(self) && design(other)
    }
}

impl fmt::Display for StudyKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for StudyKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("`{text}` is not a kind of study; the kinds are {names}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_manifest_is_the_name_of_the_kind() {
        for kind in StudyKind::ALL {
            let text = serde_json::to_string(&kind).expect("a kind is a text");
            assert_eq!(text, format!("\"{}\"", kind.name()));
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        let error = "hindcasts".parse::<StudyKind>().expect_err("no such kind");
        assert!(error.contains("hindcasts") && error.contains("sensitivity"), "{error}");
    }
}
