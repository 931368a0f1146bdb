//! What a shard says of itself in its directory, and what many of them say together.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Error, Shard, files, manifest};

/// Name of the file in the directory of a shard.
pub(crate) const NAME: &str = "shard.json";

/// What stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    /// Number of the shard, from 0.
    index: u32,
    /// Number of shards.
    of: u32,
    /// Whether all its parts are done.
    complete: bool,
}

/// The shards of a study, as their directories say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShardsFound {
    /// Number of shards that the study was cut into.
    pub of: u32,
    /// Shards that are done.
    pub complete: Vec<u32>,
    /// Shards that were begun and are not done, with their directories.
    pub unfinished: BTreeMap<u32, PathBuf>,
    /// Shards that have no directory.
    pub missing: Vec<u32>,
}

/// Writes what a shard is, before its first part and after its last.
pub(crate) fn write(directory: &Path, shard: Shard, complete: bool) -> Result<(), Error> {
    let record = Record { index: shard.index, of: shard.of, complete };
    let text = serde_json::to_string(&record).map_err(|error| Error::damaged(&directory.join(NAME), error))?;
    files::write_atomically(directory, NAME, format!("{text}\n").as_bytes())
}

fn read(directory: &Path) -> Result<Option<Record>, Error> {
    let path = directory.join(NAME);
    let Some(bytes) = files::read(&path)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| Error::damaged(&path, error))
}

/// The directories of shards that these stand for: each itself or, where it is no study, the studies directly in it, by name. `except` is
/// left out: it is where they are merged.
///
/// # Errors
/// A directory that can be read by nobody, or in which there is no study.
pub fn shard_directories(named: &[PathBuf], except: Option<&Path>) -> Result<Vec<PathBuf>, Error> {
    let place = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let except = except.map(place);
    let is_study = |path: &Path| path.join(manifest::NAME).is_file();
    let mut found = Vec::new();
    for path in named {
        if is_study(path) || !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let inside: Vec<PathBuf> = files::names(path)?
            .into_iter()
            .map(|name| path.join(name))
            .filter(|inner| is_study(inner) && except.as_ref() != Some(&place(inner)))
            .collect();
        if inside.is_empty() {
            return Err(Error::Missing { path: path.clone() });
        }
        found.extend(inside);
    }
    Ok(found)
}

/// Which shards are done, begun and missing, of those in these directories; `None` where no directory says that it is a shard.
///
/// # Errors
/// Files that cannot be read; shards that were cut in different numbers.
pub fn shards_found(directories: &[PathBuf]) -> Result<Option<ShardsFound>, Error> {
    let mut of: Option<(u32, &Path)> = None;
    let mut complete = Vec::new();
    let mut unfinished = BTreeMap::new();
    for directory in directories {
        let Some(record) = read(directory)? else { continue };
        match of {
            Some((of, other)) if of != record.of => {
                let (here, there) = (directory.display(), other.display());
                let reason =
                    format!("{here} is one of {} shards, and {there} one of {of}: they do not belong together", record.of);
                return Err(Error::Plan { reason });
            }
            _ => of = Some((record.of, directory.as_path())),
        }
        if record.complete {
            complete.push(record.index);
        } else {
            unfinished.insert(record.index, directory.clone());
        }
    }
    let Some((of, _)) = of else { return Ok(None) };
    complete.sort_unstable();
    complete.dedup();
    unfinished.retain(|index, _| !complete.contains(index));
    let missing = (0..of).filter(|index| complete.binary_search(index).is_err() && !unfinished.contains_key(index)).collect();
    Ok(Some(ShardsFound { of, complete, unfinished, missing }))
}

impl ShardsFound {
    /// Shards that are still to be run, in order.
    #[must_use]
    pub fn to_run(&self) -> Vec<u32> {
        let mut all: Vec<u32> = self.missing.iter().chain(self.unfinished.keys()).copied().collect();
        all.sort_unstable();
        all
    }

    /// What is missing and what is not done, in words; nothing where all are done.
    pub(crate) fn words(&self) -> String {
        let unfinished: Vec<u32> = self.unfinished.keys().copied().collect();
        let says = |numbers: &[u32], what: &str| {
            let shards = if numbers.len() == 1 { "shard" } else { "shards" };
            (!numbers.is_empty()).then(|| format!("{shards} {} of {} {what}", ranges(numbers), self.of))
        };
        let (no_directory, begun) = (says(&self.missing, "missing"), says(&unfinished, "not finished"));
        let parts: Vec<String> = [no_directory, begun].into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
    }
}

/// Numbers in order as ranges: `3,7-9`.
#[must_use]
pub fn ranges(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let words: Vec<String> =
        runs.into_iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") }).collect();
    words.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_ranges() {
        assert_eq!(ranges(&[]), "");
        assert_eq!(ranges(&[3, 7, 8, 9, 11, 12]), "3,7-9,11-12");
    }
}
