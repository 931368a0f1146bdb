//! A folder of data files, each recognised by its columns.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::kinds::{KINDS, Kind, Role, recognise};
use super::notes::Note;
use super::source::Source;
use super::table::{Table, header};

use crate::syntax::problem::{Error, Finding};

/// The files of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CowFiles {
    /// National Material Capabilities.
    pub nmc: Option<PathBuf>,
    /// Direct Contiguity, by dyad-year or by spell.
    pub contiguity: Option<PathBuf>,
    /// COW or ATOP alliances.
    pub alliances: Option<PathBuf>,
    /// Capitals with their coordinates.
    pub capitals: Option<PathBuf>,
    /// Output a head.
    pub gdp: Option<PathBuf>,
    /// Militarised disputes.
    pub disputes: Option<PathBuf>,
    /// Wars by participant.
    pub wars: Option<PathBuf>,
    /// Members of the state system.
    pub system: Option<PathBuf>,
}

/// Folders in a folder that are looked into.
const DEPTH: usize = 2;
/// Most files that are looked at.
const MOST_FILES: usize = 500;
/// A header is no longer than this, bytes.
const LONGEST_HEADER: u64 = 65_536;

impl CowFiles {
    fn slot(&mut self, role: Role) -> Option<&mut Option<PathBuf>> {
        Some(match role {
            Role::Capabilities => &mut self.nmc,
            Role::Contiguity => &mut self.contiguity,
            Role::Alliances => &mut self.alliances,
            Role::Capitals => &mut self.capitals,
            Role::Output => &mut self.gdp,
            Role::Disputes => &mut self.disputes,
            Role::Wars => &mut self.wars,
            Role::Membership => &mut self.system,
            Role::None => return None,
        })
    }

    /// Adds the files of a folder for everything that is not given yet. Every file whose columns are known is used; of several for one
    /// purpose the most useful.
    ///
    /// # Errors
    /// The folder cannot be read, or has no file that is known.
    pub fn add_folder(&mut self, folder: &Path) -> Result<Vec<Note>, Error> {
        let name = folder.display().to_string();
        let mut paths = Vec::new();
        list(folder, DEPTH, &mut paths)
            .map_err(|error| Error::one(&name, Finding::new(format!("the folder cannot be read: {error}"))))?;
        paths.sort();
        let mut found: BTreeMap<Role, Vec<(usize, PathBuf)>> = BTreeMap::new();
        let mut unused = Vec::new();
        for path in paths.into_iter().take(MOST_FILES) {
            let file = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            match kind_of(&path) {
                Some(kind) if kind.role == Role::None => unused.push(format!("{file} ({})", kind.name)),
                Some(kind) => {
                    let order = KINDS.iter().position(|known| known == kind).unwrap_or(KINDS.len());
                    found.entry(kind.role).or_default().push((order, path));
                }
                None => unused.push(format!("{file} (not known)")),
            }
        }
        if found.is_empty() {
            let finding = Finding::new("no file in this folder has the columns of a known data file");
            return Err(Error::one(&name, finding.help("files are comma separated text (.csv) with the header of the project")));
        }
        let mut notes = Vec::new();
        for (role, mut candidates) in found {
            let Some(slot) = self.slot(role).filter(|slot| slot.is_none()) else { continue };
            candidates.sort();
            let best = candidates[0].0;
            candidates.retain(|(order, path)| {
                let same = *order == best;
                if !same {
                    unused.push(format!("{} (another form is used)", path.display()));
                }
                same
            });
            let mut paths: Vec<PathBuf> = candidates.into_iter().map(|(_, path)| path).collect();
            let chosen = if paths.len() == 1 { paths.remove(0) } else { newest(&paths, role, &mut notes) };
            *slot = Some(chosen);
        }
        if !unused.is_empty() {
            notes.push(Note::of("files of the folder that are not used", unused));
        }
        Ok(notes)
    }
}

/// Of several files of one kind, that whose years reach furthest; else the first by name.
fn newest(paths: &[PathBuf], role: Role, notes: &mut Vec<Note>) -> PathBuf {
    let reach = |path: &PathBuf| last_year(path, role).unwrap_or(i32::MIN);
    let mut years: Vec<(i32, &PathBuf)> = paths.iter().map(|path| (reach(path), path)).collect();
    years.sort_by_key(|(year, _)| std::cmp::Reverse(*year));
    let chosen = years[0].1.clone();
    let others: Vec<String> = paths.iter().filter(|path| **path != chosen).map(|path| path.display().to_string()).collect();
    let summary =
        format!("{} is used; {} gives another. Files of the same kind that are not used", chosen.display(), role.option());
    notes.push(Note::of(&summary, others));
    chosen
}

fn last_year(path: &Path, role: Role) -> Option<i32> {
    let source = Source::read(path).ok()?;
    let (table, kind) = Table::of(&source, role).ok()?;
    let column = kind.columns.iter().position(|column| column.contains(&"year"))?;
    (0..table.len()).filter_map(|row| table.year(row, column).ok()).max()
}

/// Comma separated files of a folder and of the folders in it.
fn list(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if depth > 0 {
                list(&path, depth - 1, paths)?;
            }
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv") || ending.eq_ignore_ascii_case("txt"))
        {
            paths.push(path);
        }
    }
    Ok(())
}

/// The kind of a file by its first line; what cannot be read is not known.
fn kind_of(path: &Path) -> Option<&'static Kind> {
    let file = std::fs::File::open(path).ok()?;
    let mut line = Vec::new();
    BufReader::new(std::io::Read::take(file, LONGEST_HEADER)).read_until(b'\n', &mut line).ok()?;
    let source = Source::new(String::new(), &line).ok()?;
    recognise(&header(source.text.trim_end()))
}
