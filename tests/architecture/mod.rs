//! What the layout promises, checked: which crate knows which, what stands in no source file, that no test is silently left out,
//! that no mechanism lacks its page.

mod circles;
mod command_line;
mod crates;
mod habits;
mod mechanisms;
mod sources;
mod targets;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What stands in a folder, sorted.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let listed = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let found = listed.map(|entry| entry.expect("a readable entry").path());
    // The code map stands among the crates.
    let mut found: Vec<PathBuf> = found.filter(|path| path.extension().is_none_or(|extension| extension != "md")).collect();
    found.sort();
    found
}

/// Every Rust file below a folder, sorted.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The last part of a path.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
