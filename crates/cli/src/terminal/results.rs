//! The results of a study of any kind.

use spiral_results::{Report, StudyResults};

use super::console::Console;
use super::{calibration, explanation, sensitivity, summary, sweep};
use crate::failure::Failure;

/// Prints the results of a study; its manifest gives its kind.
pub(crate) fn print(report: &Report, json: bool, console: Console) -> Result<(), Failure> {
    let directory = &report.directory;
    match &report.results {
        StudyResults::Comparison(results) if json => console.print_json(&results.summary),
        StudyResults::Comparison(results) => console.print(&summary::text(results, console)),
        StudyResults::Sweep(results) => sweep::print(results, directory, json, console),
        StudyResults::Sensitivity(results) => sensitivity::print(results, directory, json, console),
        StudyResults::Explanation(results) => explanation::print(results, directory, json, console),
        StudyResults::Calibration(results) => calibration::print(results, directory, json, console),
    }
}
