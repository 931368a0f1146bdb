//! The append-only list of the parts that are done.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::{Error, files};

/// Name of the list.
pub(crate) const NAME: &str = "parts.log";

/// What a line records about a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// blake3 of the part's file.
    pub(crate) hash: blake3::Hash,
    /// Histories in it.
    pub(crate) rows: u32,
    /// blake3 of the file with the rows of its panel, where it has one.
    pub(crate) panel: Option<blake3::Hash>,
}

/// Reads the complete lines: `index hash rows`, and the hash of the panel where there is one. Returns them with the number of lines that were dropped: the last one
/// of a process that was killed while it wrote.
pub(crate) fn read(directory: &Path) -> Result<(BTreeMap<u32, Entry>, usize), Error> {
    let bytes = files::read(&directory.join(NAME))?.unwrap_or_default();
    let mut entries = BTreeMap::new();
    let mut dropped = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match parse(line) {
            Some((index, entry)) => {
                entries.insert(index, entry);
            }
            None => dropped += 1,
        }
    }
    Ok((entries, dropped))
}

fn parse(line: &[u8]) -> Option<(u32, Entry)> {
    let line = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let mut words = line.split(' ');
    let index = words.next()?.parse().ok()?;
    let hash = blake3::Hash::from_hex(words.next()?).ok()?;
    let rows = words.next()?.parse().ok()?;
    let panel = words.next().map(blake3::Hash::from_hex).transpose().ok()?;
    words.next().is_none().then_some((index, Entry { hash, rows, panel }))
}

fn line(index: u32, entry: &Entry) -> String {
    let panel = entry.panel.map(|hash| format!(" {}", hash.to_hex())).unwrap_or_default();
    format!("{index} {} {}{panel}\n", entry.hash.to_hex(), entry.rows)
}

/// The list, open to be added to.
#[derive(Debug)]
pub(crate) struct Log {
    file: File,
    path: PathBuf,
}

impl Log {
    /// Writes a new list that has only these lines, and opens it.
    pub(crate) fn start(directory: &Path, entries: &BTreeMap<u32, Entry>) -> Result<Self, Error> {
        let text: String = entries.iter().map(|(index, entry)| line(*index, entry)).collect();
        files::write_atomically(directory, NAME, text.as_bytes())?;
        let path = directory.join(NAME);
        let file = File::options().append(true).open(&path).map_err(Error::io("write", &path))?;
        Ok(Self { file, path })
    }

    /// Adds a line, durably.
    pub(crate) fn add(&mut self, index: u32, entry: &Entry) -> Result<(), Error> {
        self.write(&line(index, entry))
    }

    /// Adds lines, durably, all at once.
    pub(crate) fn add_all(&mut self, entries: &BTreeMap<u32, Entry>) -> Result<(), Error> {
        self.write(&entries.iter().map(|(index, entry)| line(*index, entry)).collect::<String>())
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(Error::io("write", &self.path))
    }
}
