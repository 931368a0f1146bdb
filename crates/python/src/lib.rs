//! The Python module `spiral._spiral`: what the package `spiral` (in `python/spiral`) is made of.
//!
//! The package is in Python: what a user calls, with its types and its documentation. Here is what only Rust can do: to load a scenario
//! (`world`), to make a study (`calls`) while Python stays free (`working`), to give its tables away as Arrow (`table`), and to
//! simulate a part of a study for another process (`parts`). Results are those of `spiral-results`, so they have the same bits as on
//! the command line.
//!
//! Invariant: no science here, and no printing.

mod calls;
mod errors;
mod options;
mod parts;
mod preview;
mod study;
mod table;
mod working;
mod world;

/// The module, as Python sees it.
#[pyo3::pymodule(gil_used = false)]
mod _spiral {
    #[pymodule_export]
    use crate::calls::{calibrate, command_line, compare, explain, history, open, study_file, study_text};
    #[pymodule_export]
    use crate::parts::simulate_parts;
    #[pymodule_export]
    use crate::study::Study;
    #[pymodule_export]
    use crate::table::Table;
    #[pymodule_export]
    use crate::world::{World, catalogue, load, mechanisms, outcomes};
}
