//! From the tables of a study to its results. This is the only file that distinguishes the kinds of study.

use std::path::{Path, PathBuf};

use serde::Serialize;
use spiral_analysis::calibration::Calibration;
use spiral_figures::Figure;
use spiral_study::{Plan, Progress, Shard, ShardsFound, Status, Study, StudyKind};

use crate::comparison::Comparison;
use crate::explanation::ExplanationResults;
use crate::options::Options;
use crate::sensitivity::SensitivityResults;
use crate::sweep::{self, SweepResults};
use crate::written::{Results, write};
use crate::{Continuation, Error, calibration, page};

/// The results of a study, by kind.
#[derive(Debug, Clone)]
pub enum StudyResults {
    /// One scenario, or several that are compared.
    Comparison(Box<Comparison>),
    /// The points of a design.
    Sweep(Box<SweepResults>),
    /// The points of a design, with the sensitivity index of each factor.
    Sensitivity(Box<SensitivityResults>),
    /// Differences between two scenarios that explain the difference of their outcomes.
    Explanation(Box<ExplanationResults>),
    /// Fitted numbers of a scenario.
    Calibration(Box<Calibration>),
}

/// Results that were written, with their directory and the number of figures.
#[derive(Debug, Clone)]
pub struct Report {
    /// The results.
    pub results: StudyResults,
    /// Their directory.
    pub directory: PathBuf,
    /// How many figures there are.
    pub figures: usize,
}

impl StudyResults {
    /// The results of a finished study: computed from its tables, or read from its directory.
    fn of(study: Study, stored: Option<&Path>, plan: Option<Plan>) -> Result<Self, Error> {
        let plan_of = |study: &Study| plan.map_or_else(|| spiral_study::plan_of(study.manifest()), Ok);
        Ok(match (study.manifest().kind, stored) {
            (StudyKind::Ensemble | StudyKind::Compare, None) => Self::Comparison(Box::new(Comparison::new(study)?)),
            (StudyKind::Ensemble | StudyKind::Compare, Some(directory)) => {
                Self::Comparison(Box::new(Comparison::stored(study, directory)?))
            }
            (StudyKind::Sweep, _) => Self::Sweep(Box::new(SweepResults::new(plan_of(&study)?, study)?)),
            (StudyKind::Sensitivity, _) => {
                Self::Sensitivity(Box::new(SensitivityResults::new(SweepResults::new(plan_of(&study)?, study)?)?))
            }
            (StudyKind::Explain, None) => Self::Explanation(Box::new(ExplanationResults::new(&plan_of(&study)?, study)?)),
            (StudyKind::Explain, Some(directory)) => Self::Explanation(Box::new(ExplanationResults::stored(study, directory)?)),
            (StudyKind::Calibrate, Some(directory)) => Self::Calibration(Box::new(calibration::stored(directory)?)),
            (StudyKind::Calibrate, None) => return Err(Error::request("a calibration has results only in its directory")),
        })
    }

    /// The tables of the histories; `None` of a calibration, whose candidates stand in its directory.
    #[must_use]
    pub fn study(&self) -> Option<&Study> {
        match self {
            Self::Comparison(results) => Some(&results.study),
            Self::Sweep(results) => Some(&results.study),
            Self::Sensitivity(results) => Some(&results.sweep.study),
            Self::Explanation(results) => Some(&results.study),
            Self::Calibration(_) => None,
        }
    }

    fn inner(&self) -> &dyn Results {
        match self {
            Self::Comparison(results) => &**results,
            Self::Sweep(results) => &**results,
            Self::Sensitivity(results) => &**results,
            Self::Explanation(results) => &**results,
            Self::Calibration(results) => &**results,
        }
    }
}

impl Results for StudyResults {
    fn figures(&self) -> Result<Vec<Figure>, Error> {
        self.inner().figures()
    }

    fn write(&self, directory: &Path, csv: bool) -> Result<(), Error> {
        self.inner().write(directory, csv)
    }
}

/// The results of the finished study in a directory, as they were stored.
///
/// # Errors
/// A directory without a finished study; files that cannot be read.
pub fn open(directory: &Path) -> Result<StudyResults, Error> {
    StudyResults::of(Study::open(directory)?, Some(directory), None)
}

/// Computes and writes the results of a directory whose tables are complete: summary, figures, page.
///
/// # Errors
/// As [`open`]; what the file system refuses; an interruption.
pub fn finish(directory: &Path, csv: bool, progress: &dyn Progress) -> Result<Report, Error> {
    finish_plan(directory, None, csv, progress)
}

fn finish_plan(directory: &Path, plan: Option<Plan>, csv: bool, progress: &dyn Progress) -> Result<Report, Error> {
    progress.stage("summarising");
    let study = Study::open(directory)?;
    let stored = (study.manifest().kind == StudyKind::Calibrate).then_some(directory);
    let results = StudyResults::of(study, stored, plan)?;
    let figures = write(&results, directory, csv, progress)?;
    Ok(Report { results, directory: directory.to_path_buf(), figures })
}

/// Draws the figures of a finished study again, and returns how many there are.
///
/// # Errors
/// As [`open`]; what the file system refuses.
pub fn figures(directory: &Path) -> Result<usize, Error> {
    let figures = open(directory)?.figures()?;
    spiral_figures::write(&figures, directory)?;
    Ok(figures.len())
}

/// Writes `report.html` of a finished study from the files in its directory, and returns how many figures are in it.
///
/// # Errors
/// As [`open`]; what the file system refuses.
pub fn report(directory: &Path) -> Result<usize, Error> {
    page::write(directory, Study::open(directory)?.manifest())
}

/// Simulates one part of a study: of a study file, or of the study in a directory.
///
/// # Errors
/// A plan that makes no sense, a directory that holds something else, an interruption.
pub fn shard(plan: &str, shard: Shard, options: &Options<'_>) -> Result<(), Error> {
    let Some(directory) = &options.directory else { return Err(Error::request("a shard needs a directory")) };
    let plan = plan_to_shard(plan, options)?;
    options.progress.begin(spiral_study::shard_total(&plan, shard));
    let status = options.on_threads(|| spiral_study::shard(&plan, shard, directory, options.resume, options.progress))??;
    match status {
        Status::Complete => Ok(()),
        Status::Interrupted { done, .. } => Err(Error::Interrupted {
            kept: format!("{done} histories of this shard are kept in {}", directory.display()),
            next: Continuation::Resume,
        }),
    }
}

/// What a study that is cut into shards consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShardOutline {
    /// Title of the study.
    pub title: String,
    /// Points of its design.
    pub points: u32,
    /// Histories over all points, at most.
    pub histories: u64,
    /// The largest number of shards in which each has something to do.
    pub most_shards: u32,
    /// The shard that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<ShardWork>,
}

/// What a shard has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShardWork {
    /// Number of the shard, from 0.
    pub index: u32,
    /// Number of shards.
    pub of: u32,
    /// Histories, at most.
    pub histories: u64,
    /// Its cost, at most: histories × ticks × directed dyads, over all its parts.
    pub dyad_ticks: u64,
    /// Its parts, in the order of work.
    pub parts: Vec<ShardPart>,
}

/// A part of a study: consecutive histories of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ShardPart {
    /// Number of the point.
    pub point: u32,
    /// Number of its first history.
    pub first: u32,
    /// Number of histories.
    pub histories: u32,
}

/// What a study, and one of its shards, consists of; simulates nothing.
///
/// # Errors
/// As [`shard`].
pub fn shard_outline(plan: &str, shard: Option<Shard>, options: &Options<'_>) -> Result<ShardOutline, Error> {
    let plan = plan_to_shard(plan, options)?;
    let most_shards = spiral_study::most_shards(&plan);
    let work = |shard: Shard| {
        spiral_study::check_shard(&plan, shard)?;
        let parts = spiral_study::shard_parts(&plan, shard).into_iter();
        let parts: Vec<ShardPart> = parts.map(|(point, first, histories)| ShardPart { point, first, histories }).collect();
        let dyad_ticks = parts.iter().map(|part| {
            let setup = &plan.points[part.point as usize].setup;
            u64::from(part.histories) * u64::from(setup.horizon.ticks()) * setup.dyads.len() as u64
        });
        let (histories, dyad_ticks) = (spiral_study::shard_total(&plan, shard), dyad_ticks.sum());
        Ok::<_, Error>(ShardWork { index: shard.index, of: shard.of, histories, dyad_ticks, parts })
    };
    let shard = shard.map(work).transpose()?;
    let (title, points, histories) = (plan.title.clone(), plan.points.len() as u32, plan.total());
    Ok(ShardOutline { title, points, histories, most_shards, shard })
}

/// The plan of a study file, or of the study in a directory.
fn plan_to_shard(plan: &str, options: &Options<'_>) -> Result<Plan, Error> {
    let path = Path::new(plan);
    if !path.is_dir() {
        return Ok(sweep::read(plan, options)?.1);
    }
    if options.histories.is_some() || options.seed.is_some() || options.panel.is_some() || !options.rows.is_all() {
        let message = "a study in a directory has its number of histories, its seed, its panel and its rows already: use --histories, --seed, \
                       --panel and --rows only with a study file";
        return Err(Error::request(message));
    }
    Ok(spiral_study::plan_of(&spiral_study::manifest_of(path)?)?)
}

/// Which shards in this directory are done, begun and missing.
///
/// # Errors
/// A directory in which there is no shard; files that cannot be read.
pub fn shards_in(directory: &Path) -> Result<ShardsFound, Error> {
    let directories = spiral_study::shard_directories(&[directory.to_path_buf()], None)?;
    spiral_study::shards_found(&directories)?.ok_or_else(|| {
        let place = directory.display();
        Error::Request(format!("no study in {place} is a shard: spiral shard, with --out in this directory, makes one"))
    })
}

/// Joins the shards of a study in a new directory, and writes its results. A directory that is no study stands for the shards in it.
///
/// # Errors
/// Shards of different studies, parts that are missing, what the file system refuses, an interruption.
pub fn merge(shards: &[PathBuf], directory: &Path, csv: bool, progress: &dyn Progress) -> Result<Report, Error> {
    let shards = &spiral_study::shard_directories(shards, Some(directory))?;
    let Some(first) = shards.first() else { return Err(Error::request("merge needs the directory of at least one shard")) };
    let mut plan = spiral_study::plan_of(&spiral_study::manifest_of(first)?)?;
    plan.csv = csv;
    progress.begin(plan.total());
    if let Status::Interrupted { .. } = spiral_study::merge(&plan, shards, directory, progress)? {
        let kept = format!("the parts that were merged are kept in {}", directory.display());
        return Err(Error::Interrupted { kept, next: Continuation::Again });
    }
    finish_plan(directory, Some(plan), csv, progress)
}
