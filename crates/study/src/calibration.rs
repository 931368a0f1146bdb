//! Runs a calibration: asks the search for candidates, simulates them on the same random draws, and gives it their distances.
//!
//! The search is a pure function of the file and of the distances, so only the results of the candidates must be kept: a file for
//! each batch, which is either complete or absent. A calibration that continues asks the search again and gives it the results that are
//! kept; it ends with the same bytes as one that was never interrupted.

use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use spiral_analysis::calibration::found::{Candidate, End, Inputs, Parameter};
use spiral_analysis::calibration::targets::{Aim, Target, Use, distance, measured};
use spiral_analysis::calibration::{
    AbcSmc, AbcSmcSettings, Batch, Calibration, CmaEs, CmaEsSettings, Particle, Search, calibration,
};
use spiral_analysis::measures::MEASURES;
use spiral_analysis::validation::{rates, standing_of};
use spiral_ensemble::WIDTH;
use spiral_model::Setup;
use spiral_scenario::{CalibrationAim, CalibrationFile, CalibrationMethod, CalibrationWorld, KnownMeasure};

use crate::columns::{Column, write_table};
use crate::files::{self, Lock};
use crate::run::existing;
use crate::{Error, KeptHistories, KeptRows, Manifest, Plan, Point, Progress, Request, StudyKind, csv_tables};

/// Directory of the batches within the directory of the study.
const BATCHES: &str = "batches";
/// The search stops if the best squared distance gains less than this over many generations: it changes a likelihood by 1 %.
const ENOUGH: f64 = 0.02;

/// How [`calibrate`] ended.
#[derive(Debug)]
pub enum Calibrating {
    /// The directory held the finished calibration already.
    Complete,
    /// Stopped early; what was done is kept, and a resumed run continues from there.
    Interrupted {
        /// Candidates kept.
        done: u32,
    },
    /// The search has ended.
    Searched(Box<Searched>),
}

/// A search that has ended, with its result; its directory is not complete until [`Searched::complete`].
#[derive(Debug)]
pub struct Searched {
    /// The result.
    pub result: Calibration,
    candidates: Vec<Candidate>,
    particles: Vec<Particle>,
    targets: Vec<Target>,
    directory: PathBuf,
    manifest: Manifest,
    /// Held until the directory is complete.
    _lock: Lock,
}

/// Tables of a calibration.
const CANDIDATES: &str = "candidates";
const SIMULATED: &str = "simulated";
const POSTERIOR: &str = "posterior";

/// The measures that a target may have: those of a study, and the rates of the validation.
#[must_use]
pub fn known_measures() -> Vec<KnownMeasure> {
    let measures = MEASURES.iter().map(|measure| (measure.name, measure.label, measure.unit));
    measures.chain(rates()).map(|(name, label, unit)| KnownMeasure { name, label, unit }).collect()
}

/// Runs a calibration on the current rayon pool, in `directory`. With `resume`, continues the calibration in the directory; without,
/// the directory must be empty or not exist.
///
/// # Errors
/// Refuses a directory that holds something else, and reports what the file system refused. The work that is finished by then is kept.
pub fn calibrate(file: &CalibrationFile, directory: &Path, resume: bool, progress: &dyn Progress) -> Result<Calibrating, Error> {
    let asked = manifest(file);
    std::fs::create_dir_all(directory).map_err(Error::io("create", directory))?;
    if existing(&asked, directory, resume)?.is_some_and(|there| there.complete) && !directory.join(BATCHES).exists() {
        return Ok(Calibrating::Complete);
    }
    let lock = Lock::take(directory)?;
    // Read again: another process may have worked here in between.
    let there = existing(&asked, directory, resume)?;
    if there.as_ref().is_some_and(|there| there.complete) {
        clean(directory)?;
        return Ok(Calibrating::Complete);
    }
    files::remove_temporaries(directory)?;
    if there.is_none() {
        asked.write(directory)?;
    }
    let batches = directory.join(BATCHES);
    std::fs::create_dir_all(&batches).map_err(Error::io("create", &batches))?;
    files::sync(directory)?;
    files::remove_temporaries(&batches)?;
    let work = Work { file, targets: targets(file), progress };
    let mut method = Method::new(file);
    let Some(candidates) = work.search(method.search(), &batches)? else {
        return Ok(Calibrating::Interrupted { done: kept(&batches)? });
    };
    let Some((result, particles)) = work.result(&method, &candidates) else {
        return Ok(Calibrating::Interrupted { done: candidates.len() as u32 });
    };
    let (targets, directory) = (work.targets, directory.to_path_buf());
    let searched = Searched { result, candidates, particles, targets, directory, manifest: asked, _lock: lock };
    Ok(Calibrating::Searched(Box::new(searched)))
}

/// Writes the tables of a finished calibration as CSV too.
///
/// # Errors
/// What the file system refused, and tables that cannot be read.
pub fn calibration_csv(directory: &Path) -> Result<(), Error> {
    let there = |name: &&str| directory.join(format!("{name}.parquet")).exists();
    [CANDIDATES, SIMULATED, POSTERIOR].into_iter().filter(there).try_for_each(|name| csv_tables::write_named(name, directory))
}

/// The manifest of a calibration: its worlds are the scenarios before calibration.
fn manifest(file: &CalibrationFile) -> Manifest {
    let point = |CalibrationWorld { base, .. }: &CalibrationWorld| {
        let request = Request { scenario: base.name.clone(), ..Request::default() };
        Point { scenario: base.name.clone(), setup: base.setup.clone(), request }
    };
    let plan = Plan {
        kind: StudyKind::Calibrate,
        title: file.title.clone(),
        points: file.worlds.iter().map(point).collect(),
        histories: file.histories,
        seed: file.seed,
        through_war: false,
        events_for: 0,
        panel: None,
        uncertain: false,
        rows: KeptRows::All,
        csv: false,
        curves: false,
        sweep: None,
        attribution: None,
    };
    Manifest { study: Some(file.source.clone()), ..Manifest::new(&plan) }
}

/// The targets as the analysis takes them.
fn targets(file: &CalibrationFile) -> Vec<Target> {
    let targets = file.targets.iter().map(|target| Target {
        label: target.label.clone(),
        scenario: file.worlds[target.world].base.name.clone(),
        unit: target.unit.to_string(),
        aim: match &target.aim {
            CalibrationAim::Number { measure, value, naive } => {
                Aim::Number { measure: (*measure).to_string(), value: *value, naive: *naive }
            }
            CalibrationAim::Series { metric, state, points, known } => {
                Aim::Series { metric: (*metric).to_string(), state: state.clone(), points: points.clone(), known: known.clone() }
            }
        },
        role: if target.fit { Use::Fit } else { Use::HoldOut },
        scale: target.scale,
        source: target.source.clone(),
    });
    targets.collect()
}

/// For each target, how its held-out part was used when its scenario was made.
fn standings(worlds: &[CalibrationWorld], targets: &[Target]) -> Vec<Option<String>> {
    let standing = |target: &Target| {
        let base = worlds.iter().map(|world| &world.base).find(|base| base.name == target.scenario)?;
        let record = base.history.as_ref()?;
        let standing = match &target.aim {
            Aim::Number { measure, .. } => standing_of(record, measure)?,
            Aim::Series { state, .. } => record.note(state)?.after,
        };
        Some(standing.name().to_string())
    };
    targets.iter().map(standing).collect()
}

/// The search of a file.
enum Method {
    CmaEs(CmaEs),
    AbcSmc(AbcSmc),
}

impl Method {
    fn new(file: &CalibrationFile) -> Self {
        let (parameters, budget, seed) = (file.factors().len(), file.budget, file.seed);
        match file.method {
            CalibrationMethod::CmaEs { population, step } => {
                Self::CmaEs(CmaEs::new(CmaEsSettings { parameters, population, step, enough: ENOUGH, budget, seed }))
            }
            CalibrationMethod::AbcSmc { population, quantile } => {
                Self::AbcSmc(AbcSmc::new(AbcSmcSettings { parameters, population, quantile, budget, seed }))
            }
        }
    }

    fn search(&mut self) -> &mut dyn Search {
        match self {
            Self::CmaEs(search) => search,
            Self::AbcSmc(search) => search,
        }
    }
}

/// What is simulated, and who gets the progress.
struct Work<'a> {
    file: &'a CalibrationFile,
    targets: Vec<Target>,
    progress: &'a dyn Progress,
}

impl Work<'_> {
    /// Runs a search to its end. `None` if it was cancelled.
    fn search(&self, search: &mut dyn Search, batches: &Path) -> Result<Option<Vec<Candidate>>, Error> {
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut number = 0;
        while let Some(batch) = search.ask() {
            let simulated = if let Some(simulated) = read(batches, number, &batch, self.progress)? {
                let histories = u64::from(self.file.histories) * self.file.worlds.len() as u64;
                self.progress.advance(histories * batch.places.len() as u64);
                simulated
            } else {
                let simulate = |place: &Vec<f64>| self.simulate(&self.values(place), 0);
                // A candidate keeps its histories in memory: if one alone has work for all threads, candidates are simulated one by one.
                let alone = self.file.histories as usize >= 2 * WIDTH * rayon::current_num_threads();
                let simulated: Option<Vec<Vec<f64>>> = if alone {
                    batch.places.iter().map(simulate).collect()
                } else {
                    batch.places.par_iter().map(simulate).collect()
                };
                let Some(simulated) = simulated else { return Ok(None) };
                write(batches, number, &batch, &simulated)?;
                simulated
            };
            let distances: Vec<f64> = simulated.iter().map(|simulated| distance(&self.targets, simulated)).collect();
            search.tell(&distances);
            for ((place, simulated), distance) in batch.places.into_iter().zip(simulated).zip(distances) {
                let values = self.values(&place);
                candidates.push(Candidate { generation: batch.generation, place, values, simulated, distance });
            }
            number += 1;
        }
        Ok(Some(candidates))
    }

    fn value(&self, factor: usize, place: f64) -> f64 {
        self.file.factors()[factor].values.at(place)
    }

    fn values(&self, place: &[f64]) -> Vec<f64> {
        place.iter().enumerate().map(|(factor, place)| self.value(factor, *place)).collect()
    }

    /// The values of the targets in histories of the worlds with these values, from history `first` on.
    /// `None` if it was cancelled.
    fn simulate(&self, values: &[f64], first: u32) -> Option<Vec<f64>> {
        self.shown(&|world| world.setup(values), first)
    }

    /// The values of the targets, each in its own world.
    fn shown(&self, setup: &dyn Fn(&CalibrationWorld) -> Setup, first: u32) -> Option<Vec<f64>> {
        let mut shown = Vec::with_capacity(self.file.worlds.len());
        for world in &self.file.worlds {
            let own = self.targets.iter().filter(|target| target.scenario == world.base.name);
            let setup = setup(world);
            let (seed, years) = (self.file.seed, (setup.horizon.start, setup.horizon.end));
            let kept = KeptHistories::simulate(&setup, seed, first, self.file.histories, self.progress)?;
            let values = kept.show(&world.base, &setup, seed, |histories| measured(histories, years, own));
            shown.push((world.base.name.as_str(), values.into_iter()));
        }
        // In the order of the targets, which may be mixed.
        let mut values = Vec::new();
        for target in &self.targets {
            for (_, own) in shown.iter_mut().filter(|(name, _)| *name == target.scenario) {
                values.extend(own.by_ref().take(target.observed().len()));
            }
        }
        Some(values)
    }

    /// Builds the result, after simulating two more worlds in histories that the search has not used: the scenario before calibration
    /// and the optimum. `None` if it was cancelled.
    fn result(&self, method: &Method, candidates: &[Candidate]) -> Option<(Calibration, Vec<Particle>)> {
        let file = self.file;
        let fresh = file.histories;
        let before = self.shown(&|world| world.base.setup.clone(), fresh)?;
        let first = &file.worlds[0].base;
        let parameters: Vec<Parameter> = file
            .factors()
            .iter()
            .map(|factor| Parameter {
                name: factor.name.clone(),
                unit: factor.unit.to_string(),
                bounds: factor.values.bounds(),
                logarithmic: factor.values.is_logarithmic(),
                before: factor.before(first),
            })
            .collect();
        let standing = standings(&file.worlds, &self.targets);
        let particles = match method {
            Method::CmaEs(_) => Vec::new(),
            Method::AbcSmc(search) => search.posterior(),
        };
        let best = candidates.iter().min_by(|a, b| a.distance.total_cmp(&b.distance))?;
        let (stage, shown);
        let end = match method {
            Method::CmaEs(search) => {
                stage = search.stage();
                shown = self.simulate(&best.values, fresh)?;
                End::Optimum { fresh: &shown }
            }
            Method::AbcSmc(search) => {
                stage = search.stage();
                End::Posterior { particles: &particles, tolerance: search.population().1 }
            }
        };
        let result = calibration(&Inputs {
            title: &file.title,
            question: &file.question,
            scenario: &file.scenario_names(),
            seed: file.seed,
            histories: file.histories,
            parameters: &parameters,
            value: &|factor, place| self.value(factor, place),
            targets: &self.targets,
            standing: &standing,
            candidates,
            before: &before,
            stage,
            end,
        });
        Some((result, particles))
    }
}

fn batch_name(number: u32) -> String {
    format!("{number:06}.batch")
}

/// Writes what the candidates of a batch showed, with their places: a hash, then the numbers.
fn write(batches: &Path, number: u32, batch: &Batch, simulated: &[Vec<f64>]) -> Result<(), Error> {
    let name = batch_name(number);
    let body = postcard::to_stdvec(&(&batch.places, simulated)).map_err(|error| Error::damaged(&batches.join(&name), error))?;
    let mut bytes = blake3::hash(&body).as_bytes().to_vec();
    bytes.extend(body);
    files::write_atomically(batches, &name, &bytes)
}

/// The kept results of a batch; `None` if there is no file, if it belongs to another batch, or if it is damaged.
fn read(batches: &Path, number: u32, batch: &Batch, progress: &dyn Progress) -> Result<Option<Vec<Vec<f64>>>, Error> {
    let path = batches.join(batch_name(number));
    let Some(bytes) = files::read(&path)? else { return Ok(None) };
    let kept = bytes.split_at_checked(blake3::OUT_LEN).filter(|(hash, body)| blake3::hash(body).as_bytes() == hash);
    let kept = kept.and_then(|(_, body)| postcard::from_bytes::<(Vec<Vec<f64>>, Vec<Vec<f64>>)>(body).ok());
    let kept = kept.filter(|(places, _)| *places == batch.places).map(|(_, simulated)| simulated);
    if kept.is_none() {
        progress.note(&format!("{} is damaged and is simulated again", path.display()));
    }
    Ok(kept)
}

/// Candidates that are kept.
fn kept(batches: &Path) -> Result<u32, Error> {
    let mut number = 0;
    for name in files::names(batches)? {
        let bytes = files::read(&batches.join(&name))?.unwrap_or_default();
        let body = bytes.get(blake3::OUT_LEN..).unwrap_or_default();
        number += postcard::from_bytes::<(Vec<Vec<f64>>, Vec<Vec<f64>>)>(body).map_or(0, |(places, _)| places.len() as u32);
    }
    Ok(number)
}

impl Searched {
    /// Writes `candidates`, `simulated` and, of a posterior, `posterior`, as Parquet and, if asked for, as CSV.
    ///
    /// # Errors
    /// What the file system refuses.
    pub fn write_tables(&self, csv: bool) -> Result<(), Error> {
        let parameters = |of: &dyn Fn(usize) -> Vec<f64>| -> Vec<(&str, Column)> {
            let named = self.result.parameters.iter().enumerate();
            named.map(|(k, parameter)| (parameter.name.as_str(), Column::Number(of(k)))).collect()
        };
        let all = &self.candidates;
        let mut columns = vec![
            ("candidate", Column::count(0..all.len())),
            ("generation", Column::count(all.iter().map(|one| one.generation as usize))),
            ("distance", Column::Number(all.iter().map(|one| one.distance).collect())),
        ];
        columns.extend(parameters(&|k| all.iter().map(|one| one.values[k]).collect()));
        write_table(&self.directory, CANDIDATES, &columns, csv)?;
        let rows: Vec<(&str, Option<f64>, f64)> = self
            .targets
            .iter()
            .flat_map(|target| target.observed().into_iter().map(|(date, value)| (target.label.as_str(), date, value)))
            .collect();
        let number = rows.len();
        let each = || (0..all.len()).flat_map(|candidate| (0..number).map(move |row| (candidate, row)));
        let columns = [
            ("candidate", Column::count(each().map(|(candidate, _)| candidate))),
            ("target", Column::text(each().map(|(_, row)| rows[row].0))),
            ("date", Column::number(each().map(|(_, row)| rows[row].1))),
            ("observed", Column::Number(each().map(|(_, row)| rows[row].2).collect())),
            ("simulated", Column::Number(each().map(|(candidate, row)| all[candidate].simulated[row]).collect())),
        ];
        write_table(&self.directory, SIMULATED, &columns, csv)?;
        if self.particles.is_empty() {
            return Ok(());
        }
        let sample = &self.particles;
        let mut columns = vec![
            ("candidate", Column::count(sample.iter().map(|particle| particle.candidate))),
            ("weight", Column::Number(sample.iter().map(|particle| particle.weight).collect())),
            ("distance", Column::Number(sample.iter().map(|particle| particle.distance).collect())),
        ];
        columns.extend(parameters(&|k| sample.iter().map(|particle| all[particle.candidate].values[k]).collect()));
        write_table(&self.directory, POSTERIOR, &columns, csv)
    }

    /// Marks the directory as complete: it is not changed after this.
    ///
    /// # Errors
    /// What the file system refuses.
    pub fn complete(self) -> Result<(), Error> {
        Manifest { complete: true, ..self.manifest }.write(&self.directory)?;
        clean(&self.directory)
    }
}

/// Removes what only an unfinished calibration needs.
fn clean(directory: &Path) -> Result<(), Error> {
    let batches = directory.join(BATCHES);
    if batches.exists() {
        std::fs::remove_dir_all(&batches).map_err(Error::io("remove", &batches))?;
    }
    files::remove(&directory.join(files::LOCK))?;
    files::sync(directory)
}
