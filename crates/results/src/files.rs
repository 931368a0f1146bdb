//! Files of results.

use std::fs;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

/// Names of the files of results in the directory of a study.
pub(crate) const SUMMARY: &str = "summary.json";
pub(crate) const EXPLANATION: &str = "explain.json";
pub(crate) const SENSITIVITY: &str = "sensitivity.json";
pub(crate) const CALIBRATION: &str = "calibration.json";
pub(crate) const PAGE: &str = "report.html";

/// How many figures stand in the directory of a study.
#[must_use]
pub fn figures_in(directory: &Path) -> usize {
    let Ok(entries) = fs::read_dir(directory.join("figures")) else { return 0 };
    entries.flatten().filter(|entry| entry.path().extension().is_some_and(|kind| kind == "svg")).count()
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_path_buf(), source })
}

/// What a JSON file of a study holds.
pub(crate) fn json<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    serde_json::from_str(&text(path)?).map_err(|error| Error::Request(format!("{} is damaged: {error}", path.display())))
}

/// JSON for people and programs: indented, complete, no line end.
///
/// # Errors
/// A value that JSON cannot hold.
pub fn to_json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string_pretty(value).map_err(|error| Error::Request(format!("this cannot be written as JSON: {error}")))
}

/// Writes a value as JSON, whole or not at all.
pub(crate) fn write_json(directory: &Path, name: &str, value: &impl Serialize) -> Result<(), Error> {
    write(directory, name, format!("{}\n", to_json(value)?).as_bytes())
}

/// Writes a file, whole or not at all.
///
/// # Errors
/// What the file system refuses; an old file is then untouched.
pub fn write(directory: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    Ok(spiral_study::write_atomically(directory, name, bytes)?)
}

/// Makes a directory that does not exist or is empty: nothing is ever overwritten.
pub(crate) fn new_directory(directory: &Path) -> Result<(), Error> {
    let used = fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some());
    if used || (directory.exists() && !directory.is_dir()) {
        return Err(Error::Request(format!(
            "{} exists already and is not changed; choose another directory with --out",
            directory.display()
        )));
    }
    fs::create_dir_all(directory).map_err(Error::write(directory))
}
