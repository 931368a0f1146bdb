//! Several calibrations as one table.

use std::path::Path;

use spiral_results::{Estimate, Together, TogetherSkill, Use, short_number};

use super::console::{Cells, Console, table, wrapped};
use crate::failure::Failure;

/// Prints the results of `spiral calibrate` of several files.
pub(crate) fn print(found: &Together, directory: &Path, json: bool, console: Console) -> Result<(), Failure> {
    if json {
        return console.print_json(found);
    }
    console.print(&text(found, console))?;
    console.print_files(&format!("{}: the results of each calibration in a folder of its own", directory.display()), None)
}

fn text(found: &Together, console: Console) -> String {
    let numbers = (1..).zip(&found.titles).map(|(number, title)| wrapped(title, console.columns, &format!("{number}  "), "   "));
    let header = |first: &str, before: &str| -> Vec<(String, Cells)> {
        let numbered = (1..=found.titles.len()).map(|number| (number.to_string(), Cells::Figures));
        [(first.to_string(), Cells::Words), (before.to_string(), Cells::Figures)].into_iter().chain(numbered).collect()
    };
    let skills = found.rows.iter().map(|row| {
        let label = if row.label == "all" { format!("all, {}", row.scenario) } else { row.label.clone() };
        let cells = row.skills.iter().map(|skill| skill.as_ref().map_or_else(|| "–".to_string(), cell));
        [label, slashed(row.before)].into_iter().chain(cells).collect::<Vec<String>>()
    });
    let parameters = found.parameters.iter().map(|(name, before, found)| {
        let before = before.map_or_else(|| "–".to_string(), short_number);
        [name.clone(), before].into_iter().chain(found.iter().map(with_interval)).collect::<Vec<String>>()
    });
    let note = "Skill against no change / against the trend: 1 - error / error of the forecast; 1 perfect, 0 no better, below 0 worse. \
        Skills that are fitted are no test of the model; skills that are held out are. The first column has the scenarios as they are: \
        whoever chose their numbers knew these years.";
    [
        numbers.collect::<Vec<String>>().join("\n"),
        table(&header("skill", "before"), skills.collect(), console),
        wrapped(note, console.columns, "", ""),
        table(&header("fitted number", "before"), parameters.collect(), console),
    ]
    .join("\n\n")
}

fn cell(skill: &TogetherSkill) -> String {
    let role = if skill.role == Use::Fit { "fitted" } else { "held out" };
    format!("{}\n{role}", slashed(skill.against.clone().map(|skill| skill.and_then(|skill| skill.estimate))))
}

fn slashed(skills: [Option<f64>; 2]) -> String {
    skills.map(|skill| skill.map_or_else(|| "–".to_string(), |skill| format!("{skill:.2}"))).join(" / ")
}

fn with_interval(estimate: &Estimate) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_string(), short_number);
    format!("{}\n[{}, {}]", number(estimate.estimate), number(estimate.lower), number(estimate.upper))
}
