//! A study in shards: each machine simulates its own parts into a directory of its own, and the directories are merged.
//!
//! A shard's directory is that of an unfinished study which has the shard's parts only; so a shard is resumed like any study, and
//! merging is the union of the parts of unfinished studies.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use spiral_ensemble::{Engine, WIDTH};
use spiral_model::{Outcome, Simulation};

use crate::files;
use crate::log::{self, Entry, Log};
use crate::manifest::Manifest;
use crate::part;
use crate::plan::{Layout, Plan, Progress, Status};
use crate::run::{Work, check, finish, prepare};
use crate::stopping::{self, Source};
use crate::{Error, Silent, panel_parts, shard_record};

/// Which of the shards of a study this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Position, from 0.
    pub index: u32,
    /// Number of shards.
    pub of: u32,
}

impl Shard {
    /// Whether a part belongs to this shard: parts are distributed in the order of work, or by point where a point's later
    /// parts depend on its
    /// earlier ones.
    fn has(self, plan: &Plan, layout: &Layout, part: u32) -> bool {
        let each = layout.parts_per_point();
        let (point, round) = (part / each, part % each);
        let turn =
            if is_by_point(plan) { u64::from(point) } else { u64::from(round) * plan.points.len() as u64 + u64::from(point) };
        turn % u64::from(self.of) == u64::from(self.index)
    }
}

/// Simulates one shard of a study on the current rayon pool and leaves its parts in `directory`. Any such directory resumes.
/// [`Status::Complete`] means that all its parts are done; [`merge`] makes the tables of all shards.
///
/// # Errors
/// As [`crate::run`]; a shard number that is not one.
pub fn shard(plan: &Plan, shard: Shard, directory: &Path, resume: bool, progress: &dyn Progress) -> Result<Status, Error> {
    shard_with::<Simulation<WIDTH>, WIDTH>(plan, shard, directory, resume, progress)
}

/// [`shard`] with any engine.
pub(crate) fn shard_with<E: Engine<W>, const W: usize>(
    plan: &Plan,
    shard: Shard,
    directory: &Path,
    resume: bool,
    progress: &dyn Progress,
) -> Result<Status, Error> {
    check(plan)?;
    check_shard(plan, shard)?;
    let layout = Layout::new(plan);
    let asked = Manifest::new(plan);
    let Some((lock, entries)) = prepare(plan, &asked, &layout, directory, resume, progress)? else {
        return Err(Error::Plan { reason: format!("{} already holds the complete study", directory.display()) });
    };
    shard_record::write(directory, shard, false)?;
    let mut work = Work::<E, W>::new(plan, &layout, directory, entries, progress)?;
    let mine = |index| shard.has(plan, &layout, index);
    let parts = stopping::gather(plan, &layout, &mine, progress, &mut work)?;
    let (done, _) = work.end();
    if parts.is_some() {
        shard_record::write(directory, shard, true)?;
    }
    drop(lock);
    Ok(if parts.is_some() { Status::Complete } else { Status::Interrupted { done, of: plan.total() } })
}

/// Whether a shard has all parts of its points, because later parts of a point depend on its earlier ones.
fn is_by_point(plan: &Plan) -> bool {
    plan.sweep.as_ref().is_some_and(|sweep| sweep.stop.is_some())
}

/// Checks that a shard is one, and that it can have something to do.
///
/// # Errors
/// More shards than there are parts; a number that is not below the number of shards.
pub fn check_shard(plan: &Plan, shard: Shard) -> Result<(), Error> {
    let most = most_shards(plan);
    if shard.of > most {
        let unit = if is_by_point(plan) { "points" } else { "parts" };
        let reason = format!(
            "the study has {most} {unit}, and each shard needs at least one: {} shards are too many, and {most} is the largest number that is \
             of use",
            shard.of
        );
        return Err(Error::Plan { reason });
    }
    if shard.index >= shard.of {
        let reason = format!("shards are numbered from 0: of {} the last is {}", shard.of, shard.of.saturating_sub(1));
        return Err(Error::Plan { reason });
    }
    Ok(())
}

/// The largest number of shards in which each has something to do.
#[must_use]
pub fn most_shards(plan: &Plan) -> u32 {
    if is_by_point(plan) { plan.points.len() as u32 } else { Layout::new(plan).parts() }
}

/// The parts that a shard has at most: point, first history and number of histories of each, in the order of work.
#[must_use]
pub fn shard_parts(plan: &Plan, shard: Shard) -> Vec<(u32, u32, u32)> {
    let layout = Layout::new(plan);
    let mine = layout.order().filter(|index| shard.has(plan, &layout, *index)).map(|index| layout.span(index));
    mine.map(|span| (span.point as u32, span.first, span.count)).collect()
}

/// The histories that a shard has at most.
#[must_use]
pub fn shard_total(plan: &Plan, shard: Shard) -> u64 {
    let layout = Layout::new(plan);
    layout.order().filter(|index| shard.has(plan, &layout, *index)).map(|index| u64::from(layout.span(index).count)).sum()
}

/// The manifest of a shard, or of any study, finished or not.
///
/// # Errors
/// If there is none, or it cannot be read.
pub fn manifest_of(directory: &Path) -> Result<Manifest, Error> {
    Manifest::read(directory)?.ok_or_else(|| Error::Missing { path: directory.to_path_buf() })
}

/// Puts the parts of several directories together in `directory` and makes the tables: the same bytes as the study without shards.
/// `plan` is the plan that all of them were made from.
///
/// # Errors
/// A directory that holds another study, a finished one or none; parts that no directory has. The sources are never changed.
pub fn merge(plan: &Plan, sources: &[PathBuf], directory: &Path, progress: &dyn Progress) -> Result<Status, Error> {
    check(plan)?;
    let layout = Layout::new(plan);
    let asked = Manifest::new(plan);
    let place = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if sources.iter().any(|source| place(source) == place(directory)) {
        let reason = format!("{} is one of the shards: merge into a directory of its own", directory.display());
        return Err(Error::Plan { reason });
    }
    for source in sources {
        let there = manifest_of(source)?;
        let differences = there.differences(&asked, source)?;
        if !differences.is_empty() {
            return Err(Error::Foreign { path: source.clone(), differences });
        }
        if there.complete {
            let reason = format!("{} holds the finished study, not a shard of it: there is nothing to merge", source.display());
            return Err(Error::Plan { reason });
        }
    }
    let Some((lock, entries)) = prepare(plan, &asked, &layout, directory, true, &Silent)? else {
        return Ok(Status::Complete);
    };
    let mut union = Union { layout: &layout, directory, log: Log::start(directory, &entries)?, entries, sources, progress };
    if !union.collect()? {
        return Ok(Status::Interrupted { done: 0, of: plan.total() });
    }
    let gathered = stopping::gather(plan, &layout, &|_| true, &Silent, &mut union);
    let parts = gathered.map_err(|error| with_shards(error, sources))?.unwrap_or_default();
    let Union { entries, .. } = union;
    let done = finish(plan, &layout, &parts, asked, directory, progress, &|index| part::read(directory, index, &entries[&index]));
    drop(lock);
    if !matches!(done, Ok(true)) {
        files::remove_temporaries(directory)?;
    }
    Ok(if done? { Status::Complete } else { Status::Interrupted { done: 0, of: plan.total() } })
}

/// The error that parts are missing, with the shards that should have them.
fn with_shards(error: Error, sources: &[PathBuf]) -> Error {
    let Error::Unmerged { missing, of, point, first, last, path, .. } = error else { return error };
    // What the shards say is a help only: without it the error still names the first part that is missing.
    let shards = shard_record::shards_found(sources).ok().flatten().map(|found| found.words()).unwrap_or_default();
    Error::Unmerged { missing, of, point, first, last, path, shards }
}

/// Parts of several directories in one.
struct Union<'a> {
    layout: &'a Layout,
    directory: &'a Path,
    log: Log,
    entries: BTreeMap<u32, Entry>,
    sources: &'a [PathBuf],
    progress: &'a dyn Progress,
}

impl Union<'_> {
    /// Takes every intact part that is still missing. Returns false if it was cancelled.
    fn collect(&mut self) -> Result<bool, Error> {
        for source in self.sources {
            let (listed, dropped) = log::read(source)?;
            if dropped > 0 {
                self.progress.note(&format!("{dropped} unfinished line of {} is passed over", source.join(log::NAME).display()));
            }
            let mut taken = BTreeMap::new();
            for (index, entry) in listed {
                if self.progress.cancelled() {
                    self.log.add_all(&taken)?;
                    return Ok(false);
                }
                if self.entries.contains_key(&index) {
                    continue;
                }
                let path = part::path(source, index);
                let fits = index < self.layout.parts() && entry.rows == self.layout.span(index).count;
                let bytes = fs::read(&path).unwrap_or_default();
                if !fits || blake3::hash(&bytes) != entry.hash || !part::has_its_panel(source, index, &entry).unwrap_or(false) {
                    self.progress.note(&format!("{} is damaged or missing and is passed over", path.display()));
                    continue;
                }
                if entry.panel.is_some() {
                    panel_parts::copy(source, self.directory, index)?;
                }
                part::take(&path, self.directory, index, &bytes)?;
                taken.insert(index, entry);
                self.entries.insert(index, entry);
                self.progress.advance(u64::from(entry.rows));
            }
            self.log.add_all(&taken)?;
        }
        Ok(true)
    }
}

impl Source for Union<'_> {
    fn has(&self, index: u32) -> bool {
        self.entries.contains_key(&index)
    }

    fn get(&mut self, parts: &[u32]) -> Result<bool, Error> {
        let Some(first) = parts.first() else { return Ok(true) };
        let span = self.layout.span(*first);
        Err(Error::Unmerged {
            missing: parts.len() as u32,
            of: self.layout.parts(),
            point: span.point as u32,
            first: span.first,
            last: span.first + span.count - 1,
            path: self.directory.to_path_buf(),
            shards: String::new(),
        })
    }

    fn outcomes(&mut self, index: u32) -> Result<Vec<Outcome>, Error> {
        part::read(self.directory, index, &self.entries[&index]).map(|part| part.ensemble.outcomes)
    }
}
