//! The scenarios that come with the program.

use std::sync::OnceLock;

use crate::syntax::text;
use crate::world::layer;

/// Name and text of every built-in scenario file, by name.
pub(crate) const BUILT_IN: &[(&str, &str)] = &[
    ("cold-war", include_str!("../../../../configs/scenarios/cold-war.ron")),
    ("ethnic-spiral", include_str!("../../../../configs/scenarios/ethnic-spiral.ron")),
    ("four-worlds", include_str!("../../../../configs/scenarios/four-worlds.ron")),
    ("jervis-plane", include_str!("../../../../configs/scenarios/jervis-plane.ron")),
    ("lattice", include_str!("../../../../configs/scenarios/lattice.ron")),
    ("maginot", include_str!("../../../../configs/scenarios/maginot.ron")),
    ("missiles", include_str!("../../../../configs/scenarios/missiles.ron")),
    ("naval-race", include_str!("../../../../configs/scenarios/naval-race.ron")),
    ("pre-wwi", include_str!("../../../../configs/scenarios/pre-wwi.ron")),
    ("pre-wwii", include_str!("../../../../configs/scenarios/pre-wwii.ron")),
    ("richardson-1909", include_str!("../../../../configs/scenarios/richardson-1909.ron")),
    ("splendid-isolation", include_str!("../../../../configs/scenarios/splendid-isolation.ron")),
    ("stag-hunt", include_str!("../../../../configs/scenarios/stag-hunt.ron")),
    ("two-states", include_str!("../../../../configs/scenarios/two-states.ron")),
];

/// A built-in scenario file, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// Name to load it by.
    pub name: &'static str,
    /// The question it asks.
    pub question: String,
    /// Names of its members; each loads as `NAME/MEMBER`, and all of them as `NAME`.
    pub members: Vec<String>,
    /// Names of its variants; each loads as `NAME/VARIANT`, and the scenario itself as `NAME`.
    pub variants: Vec<String>,
    /// The file itself.
    pub text: &'static str,
}

/// Every built-in scenario file, by name. The files are read once, at the first call.
#[must_use]
pub fn catalogue() -> &'static [CatalogueEntry] {
    static ENTRIES: OnceLock<Vec<CatalogueEntry>> = OnceLock::new();
    ENTRIES.get_or_init(|| BUILT_IN.iter().filter_map(|(name, text)| entry(name, text)).collect())
}

fn entry(name: &'static str, text: &'static str) -> Option<CatalogueEntry> {
    let root = text::read(text).ok()?;
    let layer = layer::read(&root, false, &mut Vec::new());
    let named = layer.members.iter().map(|(member, ..)| (*member).to_string()).collect();
    let (members, variants) = if layer.has_variants { (Vec::new(), named) } else { (named, Vec::new()) };
    Some(CatalogueEntry { name, question: layer.question.unwrap_or_default(), members, variants, text })
}
