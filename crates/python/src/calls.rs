//! The calls that make studies.
#![expect(clippy::needless_pass_by_value, reason = "what Python passes is made for the call")]

use std::path::PathBuf;

use pyo3::prelude::*;
use spiral_results::{Options, Question, StudyResults, StudySource, histories_json};

use crate::errors::raised;
use crate::options::Given;
use crate::study::Study;
use crate::working::during;
use crate::world::World;

/// Simulates one world, or several on the same random draws.
#[pyfunction]
pub(crate) fn compare(py: Python<'_>, worlds: Vec<World>, given: Given) -> PyResult<Study> {
    let worlds: Vec<spiral_results::World> = worlds.into_iter().map(|world| world.world).collect();
    let made = during(py, &given, |options| spiral_results::compare_worlds(&worlds, options))?;
    Ok(Study::new(StudyResults::Comparison(Box::new(made))))
}

/// Divides the difference between two worlds.
#[pyfunction]
pub(crate) fn explain(
    py: Python<'_>,
    a: World,
    b: World,
    outcomes: Vec<String>,
    counterparts: Vec<(String, String)>,
    given: Given,
) -> PyResult<Study> {
    let question = Question { outcomes, counterparts };
    let made = during(py, &given, |options| spiral_results::explain_worlds(a.world, b.world, &question, options))?;
    Ok(Study::new(StudyResults::Explanation(Box::new(made))))
}

/// Simulates the study of a file; with `sensitivity`, estimates the indices of its factors.
#[pyfunction]
pub(crate) fn study_file(py: Python<'_>, path: &str, sensitivity: bool, given: Given) -> PyResult<Study> {
    let made = during(py, &given, |options| {
        if sensitivity {
            return Ok(StudyResults::Sensitivity(Box::new(spiral_results::sensitivity(path, options)?)));
        }
        Ok(StudyResults::Sweep(Box::new(spiral_results::sweep(path, options)?)))
    });
    Ok(Study::new(made?))
}

/// Simulates the study of a world with these further keys of a study file, which is called `file`.
#[pyfunction]
pub(crate) fn study_text(
    py: Python<'_>,
    world: World,
    file: String,
    keys: &str,
    sensitivity: bool,
    given: Given,
) -> PyResult<Study> {
    let text = format!("(\n    {},\n{keys})\n", world.head());
    let source = StudySource { file, text, scenario: world.world.request.text.clone(), ..StudySource::default() };
    let made = during(py, &given, |options| {
        if sensitivity {
            return Ok(StudyResults::Sensitivity(Box::new(spiral_results::sensitivity_source(&source, options)?)));
        }
        Ok(StudyResults::Sweep(Box::new(spiral_results::sweep_source(&source, options)?)))
    });
    Ok(Study::new(made?))
}

/// Fits numbers of a scenario to the targets of a calibration file.
#[pyfunction]
pub(crate) fn calibrate(py: Python<'_>, path: &str, given: Given) -> PyResult<Study> {
    let made = during(py, &given, |options| spiral_results::calibrate(path, options))?;
    Ok(Study::new(StudyResults::Calibration(Box::new(made))))
}

/// The study in a directory.
#[pyfunction]
pub(crate) fn open(py: Python<'_>, directory: PathBuf) -> PyResult<Study> {
    py.detach(|| spiral_results::open(&directory)).map(Study::new).map_err(raised)
}

/// One history of a world as JSON, with a paragraph that tells it.
#[pyfunction]
pub(crate) fn history(
    py: Python<'_>,
    world: World,
    number: u32,
    seed: u64,
    every_crisis: bool,
    uncertain: bool,
) -> PyResult<(String, String)> {
    let made = py.detach(|| {
        let options = Options { seed: Some(seed), uncertain, ..Options::default() };
        let all = spiral_results::history_of(vec![world.world], number, every_crisis, &options)?;
        let short = all.first().map(spiral_results::HistoryResults::in_short).unwrap_or_default();
        Ok::<_, spiral_results::Error>((histories_json(&all).to_string(), short))
    });
    made.map_err(raised)
}

/// Runs the command line with these words, the first being the name of the program; returns its exit code.
#[pyfunction]
pub(crate) fn command_line(py: Python<'_>, words: Vec<String>) -> u8 {
    py.detach(|| spiral_cli::run_to_code(words))
}
