//! Runs a plan, in a directory or in memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;
use spiral_analysis::{PanelRows, PointTally};
use spiral_ensemble::{Curves, Engine, Ensemble, WIDTH};
use spiral_model::{Outcome, Simulation};

use crate::draws::Draws;
use crate::files::{self, Lock};
use crate::log::{Entry, Log};
use crate::manifest::Manifest;
use crate::part::{self, Part, Simulated};
use crate::plan::{Layout, Plan, Progress, Status};
use crate::stopping::{self, Source};
use crate::study::{Study, Tables};
use crate::tables::{self, Table};
use crate::{Error, csv_tables, log, merge, shard_record, sweep};

/// Runs a study on the current rayon pool and leaves its tables in `directory`. With `resume`, continues the study in the
/// directory; without, the directory must be empty or not exist.
///
/// # Errors
/// Refuses a directory that holds something else, and reports what the file system refused. The work that is finished by then is kept.
pub fn run(plan: &Plan, directory: &Path, resume: bool, progress: &dyn Progress) -> Result<Status, Error> {
    if is_large(plan) {
        return run_with::<Simulation<1>, 1>(plan, directory, resume, progress);
    }
    run_with::<Simulation<WIDTH>, WIDTH>(plan, directory, resume, progress)
}

/// Runs a study on the current rayon pool and keeps the result in memory.
///
/// # Errors
/// [`Error::Stopped`] if it was cancelled; a plan that makes no sense.
pub fn in_memory(plan: &Plan, progress: &dyn Progress) -> Result<Study, Error> {
    if is_large(plan) {
        return in_memory_with::<Simulation<1>, 1>(plan, progress);
    }
    in_memory_with::<Simulation<WIDTH>, WIDTH>(plan, progress)
}

/// Whether a world of the plan is so large that its histories are simulated one by one, each on all processors: several at the same time
/// would need many times the memory. The bits are the same.
pub(crate) fn is_large(plan: &Plan) -> bool {
    plan.points.iter().any(|point| spiral_model::world::is_large(&point.setup))
}

/// [`run`] with any engine.
pub(crate) fn run_with<E: Engine<W>, const W: usize>(
    plan: &Plan,
    directory: &Path,
    resume: bool,
    progress: &dyn Progress,
) -> Result<Status, Error> {
    check(plan)?;
    let layout = Layout::new(plan);
    let asked = Manifest::new(plan);
    let Some((_lock, entries)) = prepare(plan, &asked, &layout, directory, resume, progress)? else {
        progress.advance(plan.total());
        return Ok(Status::Complete);
    };
    let mut work = Work::<E, W>::new(plan, &layout, directory, entries, progress)?;
    let parts = stopping::gather(plan, &layout, &|_| true, progress, &mut work)?;
    let (done, entries) = work.end();
    conclude(plan, &layout, Gathered { parts, done, entries }, asked, directory, progress)
}

/// What a source has got for a study.
pub(crate) struct Gathered {
    /// All parts of the study, in the order of the tables; `None` if it was cancelled before.
    pub(crate) parts: Option<Vec<u32>>,
    /// Histories that are kept.
    pub(crate) done: u64,
    /// The parts that are kept.
    pub(crate) entries: BTreeMap<u32, Entry>,
}

/// Makes the tables of a study whose parts are complete.
pub(crate) fn conclude(
    plan: &Plan,
    layout: &Layout,
    gathered: Gathered,
    asked: Manifest,
    directory: &Path,
    progress: &dyn Progress,
) -> Result<Status, Error> {
    let Gathered { parts, done, entries } = gathered;
    let interrupted = Status::Interrupted { done, of: plan.total() };
    let Some(parts) = parts else { return Ok(interrupted) };
    let read = |index| part::read(directory, index, &entries[&index]);
    match finish(plan, layout, &parts, asked, directory, progress, &read) {
        Ok(true) => Ok(Status::Complete),
        other => {
            // The first error is the one to report; what cannot be removed now is removed by the next run.
            let _ = files::remove_temporaries(directory);
            other.map(|_| interrupted)
        }
    }
}

/// Checks a plan before anything is touched.
pub(crate) fn check(plan: &Plan) -> Result<(), Error> {
    plan.check()?;
    stopping::check(plan)
}

/// The parts of a directory, and the simulator that makes those that are missing.
pub(crate) struct Work<'a, E, const W: usize> {
    plan: &'a Plan,
    layout: &'a Layout,
    directory: &'a Path,
    progress: &'a dyn Progress,
    list: Mutex<(Log, BTreeMap<u32, Entry>)>,
    done: AtomicU64,
    engine: std::marker::PhantomData<fn() -> E>,
}

impl<'a, E: Engine<W>, const W: usize> Work<'a, E, W> {
    pub(crate) fn new(
        plan: &'a Plan,
        layout: &'a Layout,
        directory: &'a Path,
        entries: BTreeMap<u32, Entry>,
        progress: &'a dyn Progress,
    ) -> Result<Self, Error> {
        let kept: u64 = entries.values().map(|entry| u64::from(entry.rows)).sum();
        progress.advance(kept);
        let list = Mutex::new((Log::start(directory, &entries)?, entries));
        let engine = std::marker::PhantomData;
        Ok(Self { plan, layout, directory, progress, list, done: AtomicU64::new(kept), engine })
    }

    /// Histories that are kept, and the parts; the list is closed.
    pub(crate) fn end(self) -> (u64, BTreeMap<u32, Entry>) {
        (self.done.into_inner(), self.list.into_inner().unwrap_or_else(PoisonError::into_inner).1)
    }
}

impl<E: Engine<W>, const W: usize> Source for Work<'_, E, W> {
    fn has(&self, index: u32) -> bool {
        locked(&self.list).1.contains_key(&index)
    }

    fn get(&mut self, parts: &[u32]) -> Result<bool, Error> {
        simulate::<E, W>(self.plan, self.layout, parts, Some(self.directory), self.progress, &|index, simulated| {
            let entry = Entry { panel: simulated.panel, ..part::write(&simulated.part, self.directory, index)? };
            let mut list = locked(&self.list);
            list.0.add(index, &entry)?;
            list.1.insert(index, entry);
            self.done.fetch_add(u64::from(entry.rows), Ordering::Relaxed);
            Ok(())
        })
    }

    fn outcomes(&mut self, index: u32) -> Result<Vec<Outcome>, Error> {
        let entry = locked(&self.list).1[&index];
        part::read(self.directory, index, &entry).map(|part| part.ensemble.outcomes)
    }
}

/// Makes the tables of the parts, and removes everything except the tables. Returns false if it was cancelled.
pub(crate) fn finish(
    plan: &Plan,
    layout: &Layout,
    parts: &[u32],
    asked: Manifest,
    directory: &Path,
    progress: &dyn Progress,
    read: &dyn Fn(u32) -> Result<Part, Error>,
) -> Result<bool, Error> {
    if !merge::tables(plan, layout, parts, directory, progress, read)? {
        return Ok(false);
    }
    if let Some(sweep) = &plan.sweep {
        sweep::write_points(plan, sweep, directory)?;
    }
    write_csv(plan, directory)?;
    Manifest { complete: true, ..asked }.write(directory)?;
    clean(directory)?;
    Ok(true)
}

/// [`in_memory`] with any engine.
pub(crate) fn in_memory_with<E: Engine<W>, const W: usize>(plan: &Plan, progress: &dyn Progress) -> Result<Study, Error> {
    check(plan)?;
    let layout = Layout::new(plan);
    let mut memory = Memory::<E, W> {
        plan,
        layout: &layout,
        progress,
        curves: plan.points.iter().map(|_| Mutex::default()).collect(),
        tallies: plan.points.iter().map(|_| Mutex::default()).collect(),
        parts: Mutex::default(),
        engine: std::marker::PhantomData,
    };
    let gathered = stopping::gather(plan, &layout, &|_| true, progress, &mut memory)?;
    let Memory { curves, tallies, parts, .. } = memory;
    let parts = parts.into_inner().unwrap_or_else(PoisonError::into_inner);
    if gathered.is_none() {
        return Err(Error::Stopped {
            done: parts.keys().map(|index| u64::from(layout.span(*index).count)).sum(),
            of: plan.total(),
        });
    }
    let mut outcomes = vec![Vec::new(); plan.points.len()];
    let mut events = vec![Vec::new(); plan.points.len()];
    let mut panels = vec![PanelRows::default(); plan.points.len()];
    let mut failures = Vec::new();
    for (index, part) in parts {
        let point = layout.span(index).point;
        let states: Vec<String> = plan.points[point].setup.states.iter().map(|state| state.code.clone()).collect();
        failures.push(tables::failure_batch(plan, point as u32, &states, &part.outcomes, &part.broken)?);
        outcomes[point].extend(part.outcomes);
        events[point].extend(part.events);
        panels[point].append(part.panel);
    }
    let mut curve_rows = Vec::new();
    for (position, (point, curves)) in plan.points.iter().zip(curves).enumerate().filter(|_| plan.curves) {
        let curves = curves.into_inner().unwrap_or_else(PoisonError::into_inner);
        curve_rows.extend(curves.rows(&point.setup, &point.scenario, position as u32));
    }
    let rows = |tally: Mutex<Option<PointTally>>| {
        tally.into_inner().unwrap_or_else(PoisonError::into_inner).map_or_else(Vec::new, |tally| tally.rows())
    };
    let tallies = tallies.into_iter().map(rows).collect();
    let manifest = Manifest { complete: true, ..Manifest::new(plan) };
    Ok(Study::from_memory(manifest, Tables { outcomes, curves: curve_rows, events, panels, failures, tallies }))
}

/// Parts in memory, their curves and tallies added up.
struct Memory<'a, E, const W: usize> {
    plan: &'a Plan,
    layout: &'a Layout,
    progress: &'a dyn Progress,
    curves: Vec<Mutex<Curves>>,
    tallies: Vec<Mutex<Option<PointTally>>>,
    parts: Mutex<BTreeMap<u32, Ensemble>>,
    engine: std::marker::PhantomData<fn() -> E>,
}

impl<E: Engine<W>, const W: usize> Source for Memory<'_, E, W> {
    fn has(&self, index: u32) -> bool {
        locked(&self.parts).contains_key(&index)
    }

    fn get(&mut self, parts: &[u32]) -> Result<bool, Error> {
        simulate::<E, W>(self.plan, self.layout, parts, None, self.progress, &|index, simulated| {
            let Part { mut ensemble, tally } = simulated.part;
            let point = self.layout.span(index).point;
            let curves = std::mem::take(&mut ensemble.curves);
            locked(&self.curves[point]).merge(&curves);
            if let Some(tally) = tally {
                locked(&self.tallies[point]).get_or_insert_default().merge(&tally);
            }
            locked(&self.parts).insert(index, ensemble);
            Ok(())
        })
    }

    fn outcomes(&mut self, index: u32) -> Result<Vec<Outcome>, Error> {
        Ok(locked(&self.parts)[&index].outcomes.clone())
    }
}

/// A worker that panicked has ended the study; what it shared is not read after that.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Simulates the parts in this order, and gives each to `sink`, from the worker that made it. Rows of panels go into files of `directory`,
/// if there is one. Returns false if it was cancelled.
fn simulate<E: Engine<W>, const W: usize>(
    plan: &Plan,
    layout: &Layout,
    todo: &[u32],
    directory: Option<&Path>,
    progress: &dyn Progress,
    sink: &(dyn Fn(u32, Simulated) -> Result<(), Error> + Sync),
) -> Result<bool, Error> {
    const { assert!(Layout::STEP.is_multiple_of(W as u64), "blocks must fill a part") }
    let draws = if todo.is_empty() { None } else { Draws::of(plan)? };
    let next = AtomicUsize::new(0);
    let finished = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let failure = Mutex::new(None);
    let watched = Watched { progress, failed: &failed };
    // One loop for each worker, all taking work from one queue, so that parts are begun in order whatever the number of threads.
    (0..rayon::current_num_threads()).into_par_iter().with_max_len(1).for_each(|_| {
        while !watched.cancelled() {
            let Some(index) = todo.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let span = layout.span(*index);
            let part = part::simulate::<E, W>(plan, draws.as_ref(), (*index, span), directory, &watched);
            match part.and_then(|part| part.map(|part| sink(*index, part)).transpose()) {
                Ok(Some(())) => {
                    finished.fetch_add(1, Ordering::Relaxed);
                }
                Ok(None) => return,
                Err(error) => {
                    failed.store(true, Ordering::Relaxed);
                    locked(&failure).get_or_insert(error);
                }
            }
        }
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(finished.into_inner() == todo.len()),
    }
}

/// The caller's progress, which also stops when a worker has failed.
struct Watched<'a> {
    progress: &'a dyn Progress,
    failed: &'a AtomicBool,
}

impl Progress for Watched<'_> {
    fn advance(&self, histories: u64) {
        self.progress.advance(histories);
    }

    fn cancelled(&self) -> bool {
        self.failed.load(Ordering::Relaxed) || self.progress.cancelled()
    }
}

/// Makes the directory ready: takes its lock, writes the manifest or checks it, and finds the parts that are done. `None` if
/// the study is complete.
#[expect(clippy::type_complexity, reason = "the lock, and what is done, by part")]
pub(crate) fn prepare(
    plan: &Plan,
    asked: &Manifest,
    layout: &Layout,
    directory: &Path,
    resume: bool,
    progress: &dyn Progress,
) -> Result<Option<(Lock, BTreeMap<u32, Entry>)>, Error> {
    fs::create_dir_all(directory).map_err(Error::io("create", directory))?;
    if let Some(there) = existing(asked, directory, resume)? {
        let passing = [part::DIRECTORY, log::NAME, shard_record::NAME, files::LOCK];
        let lasting = |name: &String| !passing.contains(&name.as_str()) && !name.ends_with(files::TEMPORARY);
        let csv =
            || Table::of_study(plan.panel.is_some(), plan.rows).all(|table| directory.join(csv_tables::file(table)).exists());
        if there.complete && (!plan.csv || csv()) && files::names(directory)?.iter().all(lasting) {
            there.raise_kind(asked, directory)?;
            return Ok(None);
        }
    }
    let lock = Lock::take(directory)?;
    // Read again: another process may have worked here in between.
    let there = existing(asked, directory, resume)?;
    files::remove_temporaries(directory)?;
    if let Some(there) = there.as_ref().filter(|there| there.complete) {
        there.raise_kind(asked, directory)?;
        write_csv(plan, directory)?;
        clean(directory)?;
        return Ok(None);
    }
    if there.is_none() {
        asked.write(directory)?;
    }
    let parts = directory.join(part::DIRECTORY);
    fs::create_dir_all(&parts).map_err(Error::io("create", &parts))?;
    files::sync(directory)?;
    files::remove_temporaries(&parts)?;
    Ok(Some((lock, finished_parts(layout, directory, progress)?)))
}

/// The manifest of the directory, if it holds the study that is asked for; an error if it holds anything else.
pub(crate) fn existing(asked: &Manifest, directory: &Path, resume: bool) -> Result<Option<Manifest>, Error> {
    let path = || directory.to_path_buf();
    let Some(there) = Manifest::read(directory)? else {
        let foreign = |name: &String| name != files::LOCK && !name.ends_with(files::TEMPORARY);
        let other = files::names(directory)?.into_iter().find(foreign);
        return other.map_or(Ok(None), |found| Err(Error::NotAStudy { path: path(), found }));
    };
    if !resume {
        return Err(Error::Exists { path: path() });
    }
    let differences = there.differences(asked, directory)?;
    if differences.is_empty() { Ok(Some(there)) } else { Err(Error::Different { path: path(), differences }) }
}

/// The parts that are in the list and whose files agree with it.
fn finished_parts(layout: &Layout, directory: &Path, progress: &dyn Progress) -> Result<BTreeMap<u32, Entry>, Error> {
    let (listed, dropped) = log::read(directory)?;
    if dropped > 0 {
        progress.note(&format!("{dropped} unfinished line of {} dropped", directory.join(log::NAME).display()));
    }
    let mut intact = BTreeMap::new();
    for (index, entry) in listed {
        let fits = index < layout.parts() && entry.rows == layout.span(index).count;
        if fits && part::is_intact(directory, index, &entry)? {
            intact.insert(index, entry);
        } else {
            let path = part::path(directory, index);
            progress.note(&format!("{} is damaged or missing and is simulated again", path.display()));
        }
    }
    Ok(intact)
}

/// Writes the CSV tables that are asked for.
fn write_csv(plan: &Plan, directory: &Path) -> Result<(), Error> {
    if plan.csv {
        for table in Table::of_study(plan.panel.is_some(), plan.rows) {
            csv_tables::write(table, directory)?;
        }
        if plan.sweep.is_some() {
            csv_tables::write_named(sweep::POINTS, directory)?;
        }
    }
    Ok(())
}

/// Removes the files that only an unfinished study needs.
fn clean(directory: &Path) -> Result<(), Error> {
    let parts = directory.join(part::DIRECTORY);
    if parts.exists() {
        fs::remove_dir_all(&parts).map_err(Error::io("remove", &parts))?;
    }
    files::remove(&directory.join(log::NAME))?;
    files::remove(&directory.join(shard_record::NAME))?;
    files::remove(&directory.join(files::LOCK))?;
    files::sync(directory)
}

/// Whether a directory holds a manifest, and a complete one.
pub(crate) fn completed(directory: &Path) -> Result<Manifest, Error> {
    match Manifest::read(directory)? {
        None => Err(Error::Missing { path: directory.to_path_buf() }),
        Some(there) if !there.complete => Err(Error::Incomplete { path: directory.to_path_buf() }),
        Some(there) => Ok(there),
    }
}
