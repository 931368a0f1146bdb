//! A study whose parts are simulated elsewhere: by other processes or machines, each of which gives back the bytes of a part. Only the
//! caller has the directory. The bytes are those of the same study on one machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use spiral_ensemble::{Engine, WIDTH};
use spiral_model::{Outcome, Simulation};

use crate::draws::Draws;
use crate::log::{Entry, Log};
use crate::manifest::Manifest;
use crate::part::{self, Part};
use crate::plan::{Layout, Plan, Progress, Status};
use crate::run::{Gathered, check, conclude, is_large, locked, prepare};
use crate::sent_part::{self, SentPart};
use crate::stopping::{self, Source};
use crate::{Error, plan_of};

/// Takes the number and the bytes of a part.
pub type Keep<'a> = dyn Fn(u32, &[u8]) -> Result<(), Error> + 'a;

/// Whoever simulates parts of a study for its caller.
pub trait Workers: Sync {
    /// Simulates these parts of the study with this manifest, in any order and as many at a time as there are workers, each with a
    /// [`PartSimulator`]. Gives the bytes of each part to `keep` as soon as it has them. Returns false if it was stopped.
    ///
    /// # Errors
    /// What `keep` refused, which ends the work.
    fn simulate(&self, manifest: &str, parts: &[u32], keep: &Keep<'_>) -> Result<bool, WorkersFailure>;
}

/// Why workers gave no parts.
#[derive(Debug)]
pub enum WorkersFailure {
    /// What they gave could not be kept.
    Refused(Error),
    /// They are gone, or one of them failed: why.
    Lost(String),
}

impl From<Error> for WorkersFailure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// As [`crate::run`], with parts that `workers` simulate.
///
/// # Errors
/// As [`crate::run`]; workers that are gone, or that send what is no part. The parts that came before are kept.
pub fn run_elsewhere(
    plan: &Plan,
    directory: &Path,
    resume: bool,
    progress: &dyn Progress,
    workers: &dyn Workers,
) -> Result<Status, Error> {
    check(plan)?;
    if plan.panel.is_some() {
        let reason = "panels are written where the study is: leave them out, or simulate here".to_string();
        return Err(Error::Workers { reason, path: directory.to_path_buf() });
    }
    let layout = Layout::new(plan);
    let asked = Manifest::new(plan);
    let Some((_lock, entries)) = prepare(plan, &asked, &layout, directory, resume, progress)? else {
        progress.advance(plan.total());
        return Ok(Status::Complete);
    };
    progress.advance(entries.values().map(|entry| u64::from(entry.rows)).sum());
    let list = Mutex::new((Log::start(directory, &entries)?, entries));
    let manifest = asked.text(directory)?;
    let study = sent_part::study(&manifest);
    let mut sent = Sent { layout: &layout, directory, progress, workers, manifest: &manifest, study, list };
    let parts = stopping::gather(plan, &layout, &|_| true, progress, &mut sent)?;
    let entries = sent.list.into_inner().unwrap_or_else(PoisonError::into_inner).1;
    let done = entries.values().map(|entry| u64::from(entry.rows)).sum();
    conclude(plan, &layout, Gathered { parts, done, entries }, asked, directory, progress)
}

/// The parts of a directory, and the workers that make those that are missing.
struct Sent<'a> {
    layout: &'a Layout,
    directory: &'a Path,
    progress: &'a dyn Progress,
    workers: &'a dyn Workers,
    manifest: &'a str,
    /// Its identity.
    study: blake3::Hash,
    list: Mutex<(Log, BTreeMap<u32, Entry>)>,
}

impl Source for Sent<'_> {
    fn has(&self, index: u32) -> bool {
        locked(&self.list).1.contains_key(&index)
    }

    fn get(&mut self, parts: &[u32]) -> Result<bool, Error> {
        if parts.is_empty() {
            return Ok(true);
        }
        let asked: BTreeSet<u32> = parts.iter().copied().collect();
        let keep = |index: u32, bytes: &[u8]| {
            if !asked.contains(&index) {
                let reason = format!("a worker sent part {index}, which nobody asked for");
                return Err(Error::Workers { reason, path: self.directory.to_path_buf() });
            }
            if self.has(index) {
                return Ok(());
            }
            let entry = part::keep(self.directory, self.study, (index, self.layout.span(index)), bytes)?;
            let mut list = locked(&self.list);
            list.0.add(index, &entry)?;
            list.1.insert(index, entry);
            self.progress.advance(u64::from(entry.rows));
            Ok(())
        };
        let path = || self.directory.to_path_buf();
        match self.workers.simulate(self.manifest, parts, &keep) {
            Ok(false) => Ok(false),
            Ok(true) => match parts.iter().filter(|index| !self.has(**index)).count() {
                0 => Ok(true),
                missing => Err(Error::Workers { reason: format!("{missing} parts did not come back"), path: path() }),
            },
            Err(WorkersFailure::Refused(error)) => Err(error),
            Err(WorkersFailure::Lost(reason)) => Err(Error::Workers { reason, path: path() }),
        }
    }

    fn outcomes(&mut self, index: u32) -> Result<Vec<Outcome>, Error> {
        let entry = locked(&self.list).1[&index];
        part::read(self.directory, index, &entry).map(|part| part.ensemble.outcomes)
    }
}

/// Simulates parts of a study, of which it knows the manifest only.
pub struct PartSimulator {
    study: blake3::Hash,
    plan: Plan,
    layout: Layout,
    draws: Option<Draws>,
}

impl PartSimulator {
    /// Of the study with this manifest, which [`Workers::simulate`] was given.
    ///
    /// # Errors
    /// A text that is no manifest; one from another version of the program, in which the worlds are not the same.
    pub fn new(manifest: &str) -> Result<Self, Error> {
        let study = sent_part::study(manifest);
        let manifest = Manifest::from_json(manifest.as_bytes(), Path::new("the study that was sent"))?;
        let plan = plan_of(&manifest)?;
        check(&plan)?;
        let (layout, draws) = (Layout::new(&plan), Draws::of(&plan)?);
        Ok(Self { study, plan, layout, draws })
    }

    /// Simulates part `index` and returns it as bytes that also say which part of which study it is; `None` if it was cancelled.
    ///
    /// # Errors
    /// A part that the study does not have; a history that the simulator does not give.
    pub fn simulate(&self, index: u32, progress: &dyn Progress) -> Result<Option<Vec<u8>>, Error> {
        if index >= self.layout.parts() {
            let (parts, last) = (self.layout.parts(), self.layout.parts() - 1);
            return Err(Error::Plan { reason: format!("the study has {parts} parts, 0 to {last}, and no part {index}") });
        }
        let part = if is_large(&self.plan) {
            self.part::<Simulation<1>, 1>(index, progress)
        } else {
            self.part::<Simulation<WIDTH>, WIDTH>(index, progress)
        };
        let Some(part) = part? else { return Ok(None) };
        let path = part::path(Path::new(""), index);
        let file = part::pack(&part, &path)?;
        SentPart::new(self.study, index, &file).bytes().map(Some).map_err(|error| Error::damaged(&path, error))
    }

    fn part<E: Engine<W>, const W: usize>(&self, index: u32, progress: &dyn Progress) -> Result<Option<Part>, Error> {
        let span = (index, self.layout.span(index));
        let part = part::simulate::<E, W>(&self.plan, self.draws.as_ref(), span, None, progress)?;
        Ok(part.map(|simulated| simulated.part))
    }
}
