//! From the errors of the program to exceptions of Python, in the program's words.

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use spiral_results::{Error, ErrorKind};

mod classes {
    pyo3::import_exception!(spiral._errors, SpiralError);
    pyo3::import_exception!(spiral._errors, InputError);
    pyo3::import_exception!(spiral._errors, FileError);
    pyo3::import_exception!(spiral._errors, WorkersError);
}

/// Options of the command line, and what they are called in Python.
const WORDS: &[(&str, &str)] = &[
    ("--resume", "resume=True"),
    ("with resume continues", "with resume=True continues"),
    ("--out", "out="),
    ("--threads", "threads="),
    ("--histories", "histories="),
    ("--seed", "seed="),
    ("--set ", "set "),
    ("--without", "without"),
    ("--years ", "years "),
    ("use fewer with -n", "use fewer with histories="),
];

/// A message of the program in which options have their names in Python.
pub(crate) fn in_python(message: &str) -> String {
    WORDS.iter().fold(message.to_string(), |message, (option, name)| message.replace(option, name))
}

/// The exception of an error.
pub(crate) fn raised(error: impl Into<Error>) -> PyErr {
    let error = error.into();
    let message = in_python(&error.to_string());
    match error.kind() {
        ErrorKind::Input => classes::InputError::new_err(message),
        ErrorKind::Files => classes::FileError::new_err(message),
        ErrorKind::Workers => classes::WorkersError::new_err(message),
        ErrorKind::Interrupted => PyKeyboardInterrupt::new_err(message),
    }
}

/// Why Python code failed: an exception of this package says it all, of any other the class belongs to it.
pub(crate) fn reason(py: Python<'_>, error: &PyErr) -> String {
    let ours = error.is_instance(py, &py.get_type::<classes::SpiralError>());
    if ours { error.value(py).to_string() } else { error.to_string() }
}

/// The exception when workers failed, and nothing of the study is kept.
pub(crate) fn nothing_kept(reason: &str) -> PyErr {
    classes::WorkersError::new_err(format!(
        "the workers stopped: {reason}. Nothing is kept: give the study a directory with out=, and what is finished stays"
    ))
}

/// An exception that says that something inside is not as it should be.
pub(crate) fn unexpected(what: impl std::fmt::Display) -> PyErr {
    classes::SpiralError::new_err(what.to_string())
}
