//! Estimates for one scenario or for several that are compared: what `spiral ensemble` and `spiral compare` report.

use std::collections::BTreeSet;
use std::path::Path;

use spiral_analysis::uncertainty::uncertain;
use spiral_analysis::{ScenarioOutcomes, Summary, summarise, typical_history};
use spiral_figures::{Figure, Input, Observed};
use spiral_scenario::Scenario;
use spiral_study::{KeptRows, Plan, PointOutcomes, Study, StudyKind};

use crate::options::{HISTORIES, Options};
use crate::worlds::{World, again, all_named, note_years, worlds};
use crate::written::{Results, ended};
use crate::{Error, files, single_histories};

/// Histories of each scenario whose events are kept unless [`Options::events`] says how many. A large world has millions of
/// events in each history.
pub const EVENTS: u32 = 1000;

/// One scenario or several: every estimate of each, and the differences of the later ones from the first.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The estimates: `summary.json`.
    pub summary: Summary,
    /// The scenarios, in order.
    pub worlds: Vec<World>,
    /// The tables: outcomes, curves and events of every history.
    pub study: Study,
    /// A sample of its own whose histories draw their judgements, for a paler band in the figures.
    pub judged: Option<Study>,
}

/// Histories of each scenario in the sample that draws its judgements for the figures: 100 draws.
const JUDGED_HISTORIES: u32 = 200;
/// Its directory, within that of the study.
const JUDGED: &str = "judgements";

/// Simulates many histories of a scenario, or of each member of a file, and estimates their outcomes.
///
/// # Errors
/// A scenario that cannot be used, a directory that holds something else, an interruption.
pub fn ensemble(scenario: &str, options: &Options<'_>) -> Result<Comparison, Error> {
    let worlds = worlds(scenario, &options.changes)?;
    study(StudyKind::Ensemble, scenario.to_string(), &worlds, options)
}

/// Simulates scenarios on the same random draws, and estimates their outcomes and the differences of the later ones from the first.
///
/// # Errors
/// As [`ensemble`]; fewer than two scenarios.
pub fn compare(scenarios: &[&str], options: &Options<'_>) -> Result<Comparison, Error> {
    let worlds = all_named(scenarios, &options.changes)?;
    if worlds.len() < 2 {
        return Err(Error::request("compare needs at least two scenarios, or a file with members; ensemble simulates one"));
    }
    study(StudyKind::Compare, scenarios.join(", "), &worlds, options)
}

/// As [`ensemble`] of one world or [`compare`] of several, which may each be changed in its own way; [`Options::changes`] is without
/// effect.
///
/// # Errors
/// As [`compare`]; two worlds with one name.
pub fn compare_worlds(worlds: &[World], options: &Options<'_>) -> Result<Comparison, Error> {
    let names: Vec<&str> = worlds.iter().map(|world| world.scenario.name.as_str()).collect();
    if let Some((_, twice)) = names.iter().enumerate().find(|(position, name)| names[..*position].contains(name)) {
        return Err(Error::Request(format!("{twice} is named twice; scenarios of one study need different names")));
    }
    if worlds.is_empty() {
        return Err(Error::request("a study needs at least one scenario"));
    }
    let kind = if worlds.len() == 1 { StudyKind::Ensemble } else { StudyKind::Compare };
    study(kind, names.join(", "), worlds, options)
}

fn study(kind: StudyKind, title: String, worlds: &[World], options: &Options<'_>) -> Result<Comparison, Error> {
    note_years(worlds, options.progress);
    let large = worlds.iter().any(|world| spiral_model::world::is_large(&world.scenario.setup));
    let plan = Plan {
        kind,
        title,
        points: worlds.iter().map(World::point).collect(),
        histories: options.histories.unwrap_or(HISTORIES),
        seed: options.seed(),
        through_war: options.through_war,
        events_for: options.events.unwrap_or(if large { 0 } else { EVENTS }),
        panel: options.panel,
        uncertain: options.uncertain,
        rows: KeptRows::All,
        csv: options.csv,
        curves: true,
        sweep: None,
        attribution: None,
    };
    let band = kind == StudyKind::Compare && options.judgement_band && !options.uncertain && !large;
    let judged = band.then(|| Plan {
        uncertain: true,
        histories: JUDGED_HISTORIES,
        events_for: 0,
        panel: None,
        csv: false,
        ..plan.clone()
    });
    options.progress.begin(plan.total() + judged.as_ref().map_or(0, Plan::total));
    let study = options.simulate_in(&plan, options.directory.as_deref(), options.resume)?;
    let inside = options.directory.as_ref().map(|directory| directory.join(JUDGED));
    // Within a new directory there is nothing; within that of a study that is continued there may be a part of it.
    let judged = judged.map(|plan| options.simulate_in(&plan, inside.as_deref(), true)).transpose()?;
    options.progress.stage("summarising");
    let comparison = Comparison { judged, ..Comparison::new(study)? };
    ended(comparison, options)
}

impl Comparison {
    /// Estimates everything from the tables of a study.
    pub(crate) fn new(study: Study) -> Result<Self, Error> {
        let worlds = made_again(&study)?;
        let summary = summary(&study, &worlds)?;
        Ok(Self { summary, worlds, study, judged: None })
    }

    /// Reads the results from the directory of a finished study.
    pub(crate) fn stored(study: Study, directory: &Path) -> Result<Self, Error> {
        let summary: Summary = files::json(&directory.join(files::SUMMARY))?;
        let inside = directory.join(JUDGED);
        let judged = if inside.is_dir() { Some(Study::open(&inside)?) } else { None };
        Ok(Self { summary, worlds: made_again(&study)?, study, judged })
    }

    /// The history whose first war has the median date, at the first point that has wars: its point and its number. `None` if there is no
    /// war.
    ///
    /// # Errors
    /// Tables that cannot be read.
    pub fn typical(&self) -> Result<Option<(u32, u32)>, Error> {
        for point in 0..self.study.manifest().points.len() as u32 {
            if let Some(history) = typical_history(&self.study.point(point))? {
                return Ok(Some((point, history)));
            }
        }
        Ok(None)
    }
}

impl Results for Comparison {
    fn figures(&self) -> Result<Vec<Figure>, Error> {
        let curves = self.study.curves()?;
        let judged = self.judged.as_ref().map_or_else(|| Ok(Vec::new()), Study::curves)?;
        let mut state_names: Vec<(String, String)> = Vec::new();
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for world in &self.worlds {
            for (state, name) in world.scenario.setup.states.iter().zip(&world.scenario.state_names) {
                if known.insert(&state.code) {
                    state_names.push((state.code.clone(), name.clone()));
                }
            }
        }
        let scenarios = || self.worlds.iter().map(|world| &world.scenario);
        let observed: Vec<Observed> = scenarios().flat_map(observed).collect();
        let money: Vec<(String, String)> = scenarios().map(|scenario| (scenario.name.clone(), scenario.money.clone())).collect();
        let singles = single_histories::singles(&self.study)?;
        let manifest = self.study.manifest();
        Ok(spiral_figures::figures(&Input {
            summary: &self.summary,
            curves: &curves,
            judged: &judged,
            title: &manifest.title,
            state_names: &state_names,
            money: &money,
            observed: &observed,
            singles: &singles,
            through_war: manifest.through_war,
        }))
    }

    fn write(&self, directory: &Path, _csv: bool) -> Result<(), Error> {
        files::write_json(directory, files::SUMMARY, &self.summary)
    }
}

/// The worlds of a study, made again from its manifest.
fn made_again(study: &Study) -> Result<Vec<World>, Error> {
    let manifest = study.manifest();
    let points = manifest.points.iter().enumerate();
    let requests = points.filter_map(|(number, point)| Some((manifest.request(number)?, &point.scenario)));
    // A world that was changed may have been given another name than its file.
    let named = requests.map(|(request, name)| {
        let mut world = again(&request)?;
        world.scenario.name.clone_from(name);
        Ok(world)
    });
    named.collect()
}

fn summary(study: &Study, worlds: &[World]) -> Result<Summary, Error> {
    let states = |world: &World| world.scenario.setup.states.clone();
    let codes: Vec<Vec<String>> =
        worlds.iter().map(|world| states(world).into_iter().map(|state| state.code).collect()).collect();
    let great_powers: Vec<Vec<bool>> =
        worlds.iter().map(|world| states(world).iter().map(|state| state.great_power).collect()).collect();
    let outcomes: Vec<PointOutcomes<'_>> = (0..).zip(worlds).map(|(point, _)| study.point(point)).collect();
    let scenarios: Vec<ScenarioOutcomes<'_, PointOutcomes<'_>>> = worlds
        .iter()
        .enumerate()
        .map(|(point, world)| ScenarioOutcomes {
            scenario: &world.scenario.name,
            point: point as u32,
            years: (world.scenario.setup.horizon.start, world.scenario.setup.horizon.end),
            state_codes: &codes[point],
            great_powers: &great_powers[point],
            outcomes: &outcomes[point],
        })
        .collect();
    let manifest = study.manifest();
    let summary = summarise(manifest.seed, u64::from(manifest.histories), &scenarios)?;
    Ok(if manifest.uncertain { uncertain(summary, &scenarios)? } else { summary })
}

/// The observed values of a scenario, in the form that the charts take.
fn observed(scenario: &Scenario) -> impl Iterator<Item = Observed> + '_ {
    scenario.observed.iter().map(|seen| Observed {
        scenario: scenario.name.clone(),
        state: seen.state.clone(),
        metric: seen.metric.clone(),
        date: seen.date,
        value: seen.value,
        source: seen.source.clone(),
    })
}
