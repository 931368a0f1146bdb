//! From the errors of the program to exceptions of Python, in the program's words.

use pyo3::PyErr;
use pyo3::exceptions::PyKeyboardInterrupt;
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

/// An exception that says that something inside is not as it should be.
pub(crate) fn unexpected(what: impl std::fmt::Display) -> PyErr {
    classes::SpiralError::new_err(what.to_string())
}
