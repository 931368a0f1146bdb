//! A finished study.

use std::sync::Arc;

use pyo3::prelude::*;
use spiral_results::{Estimate, Results, StudyResults, SweepResults};

use crate::errors::raised;
use crate::preview;
use crate::table::Table;

/// Tables, estimates and figures of a study.
#[pyclass(frozen, module = "spiral._spiral")]
pub(crate) struct Study {
    results: Arc<StudyResults>,
}

impl Study {
    pub(crate) fn new(results: StudyResults) -> Self {
        Self { results: Arc::new(results) }
    }

    fn sweep(&self) -> Option<&SweepResults> {
        match &*self.results {
            StudyResults::Sweep(results) => Some(results),
            StudyResults::Sensitivity(results) => Some(&results.sweep),
            _ => None,
        }
    }
}

#[pymethods]
impl Study {
    /// What kind of study it is: `ensemble`, `compare`, …
    #[getter]
    fn kind(&self) -> &'static str {
        self.results.kind().name()
    }

    /// Its title; none of a calibration.
    #[getter]
    fn title(&self) -> Option<String> {
        self.results.study().map(|study| study.manifest().title.clone())
    }

    /// Names of its tables.
    #[getter]
    fn table_names(&self) -> Vec<&'static str> {
        self.results.table_names()
    }

    /// One of its tables.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        Table::new(name, py.detach(|| self.results.table(name)).map_err(raised)?)
    }

    /// Its estimates as JSON.
    fn json(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| self.results.json()).map_err(raised)
    }

    /// Name and SVG of each of its figures.
    fn figures(&self, py: Python<'_>) -> PyResult<Vec<(String, String)>> {
        let figures = py.detach(|| self.results.figures()).map_err(raised)?;
        Ok(figures.into_iter().map(|figure| (figure.name, figure.svg)).collect())
    }

    /// Names of the outcomes of a sweep, and the estimates of each point; NaN where there is none. Nothing of another study.
    fn estimates(&self) -> Option<(Vec<String>, Vec<Vec<f64>>)> {
        let responses = &self.sweep()?.responses;
        let names = responses.outcomes.iter().map(|outcome| outcome.name.clone()).collect();
        let number = |estimate: &Estimate| estimate.estimate.unwrap_or(f64::NAN);
        Some((names, responses.estimates.iter().map(|point| point.iter().map(number).collect()).collect()))
    }

    /// Names of the factors of a sweep, and their values at each point; NaN where a point leaves a factor as the scenario has it.
    fn design(&self) -> Option<(Vec<String>, Vec<Vec<f64>>)> {
        let sweep = self.sweep()?.plan.sweep.as_ref()?;
        Some((sweep.factors.iter().map(|factor| factor.name.clone()).collect(), sweep.points.values.clone()))
    }

    /// Its most important estimates as an HTML table.
    fn html(&self) -> String {
        preview::html(&self.results)
    }
}
