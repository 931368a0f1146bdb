//! Parts of a study that another process asked for.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use spiral_results::{Error, PartSimulator, Silent, on_threads};

use crate::errors::{raised, unexpected};

/// The simulator of the last study, by its manifest: a process simulates many parts of the same.
static LAST: Mutex<Option<(String, Arc<PartSimulator>)>> = Mutex::new(None);

fn simulator(manifest: &str) -> Result<Arc<PartSimulator>, Error> {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, simulator)) = last.as_ref()
        && known == manifest
    {
        return Ok(Arc::clone(simulator));
    }
    let simulator = Arc::new(PartSimulator::new(manifest)?);
    *last = Some((manifest.to_string(), Arc::clone(&simulator)));
    Ok(simulator)
}

/// Simulates parts of the study with this manifest, on this number of threads, and returns number and bytes of each.
#[pyfunction]
pub(crate) fn simulate_parts<'py>(
    py: Python<'py>,
    manifest: &str,
    parts: Vec<u32>,
    threads: usize,
) -> PyResult<Vec<(u32, Bound<'py, PyBytes>)>> {
    let mut made = Vec::with_capacity(parts.len());
    for index in parts {
        // A pool of its own: the common one does not live on in a process that was forked.
        let bytes = py.detach(|| -> Result<_, Error> {
            let simulator = simulator(manifest)?;
            Ok(on_threads(Some(threads), || simulator.simulate(index, &Silent))??)
        });
        let bytes = bytes.map_err(raised)?.ok_or_else(|| unexpected("a part was not finished"))?;
        made.push((index, PyBytes::new(py, &bytes)));
        py.check_signals()?;
    }
    Ok(made)
}
