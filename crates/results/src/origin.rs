//! Where a number of a scenario comes from.

use spiral_scenario::{Origin, ResolvedRow};

/// Where a number comes from, in words.
#[must_use]
pub fn origin(row: &ResolvedRow) -> String {
    // The range of a series is a factor on all of its values.
    let range = |low: f64, high: f64| {
        let times = if row.value.contains(" in ") { "times " } else { "" };
        format!("judgement, {times}{low} to {high}")
    };
    match &row.origin {
        Origin::Default => "default".to_string(),
        Origin::File => "the file, without a source".to_string(),
        Origin::Judgement { low, high, why } if why.is_empty() => range(*low, *high),
        Origin::Judgement { low, high, why } => format!("{}: {why}", range(*low, *high)),
        Origin::Source(source) => source.clone(),
        Origin::Capitals => "distance of the capitals".to_string(),
        Origin::Generated(basis) => basis.as_ref().map_or("made by generate".to_string(), |basis| format!("drawn: {basis}")),
        Origin::Set => "--set".to_string(),
    }
}
