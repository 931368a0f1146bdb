//! A scenario compared with history: what `spiral validate` reports.

use std::path::Path;

use spiral_analysis::validation::{Histories, Seen, Validation};
use spiral_analysis::{history, validation};
use spiral_model::Setup;
use spiral_scenario::{Scenario, import};
use spiral_study::KeptHistories;

use crate::options::{HISTORIES, Options};
use crate::worlds::{World, note_years, worlds};
use crate::{Continuation, Error, files};

/// Most bytes that the curves of all histories may take.
const MOST_BYTES: u64 = 2_000_000_000;

/// Compares a scenario, or each member of a file, with history: its `observed` series, the facts of its record, and the shares of
/// spending in a file of National Material Capabilities. With [`Options::directory`], writes `validation.json` and `figures/` there.
///
/// # Errors
/// A scenario that cannot be used or has no historical data, a file that cannot be read, a directory that is in use, an interruption.
pub fn validate(scenario: &str, nmc: Option<&Path>, options: &Options<'_>) -> Result<Vec<Validation>, Error> {
    let worlds = worlds(scenario, &options.changes)?;
    note_years(&worlds, options.progress);
    let histories = options.histories.unwrap_or(HISTORIES);
    for world in &worlds {
        if KeptHistories::bytes(&world.scenario.setup, histories) > MOST_BYTES {
            let name = &world.scenario.name;
            return Err(Error::Request(format!("{histories} histories of {name} do not fit into memory: use fewer with -n")));
        }
    }
    let bare = |world: &World| world.scenario.observed.is_empty() && world.scenario.history.is_none();
    if nmc.is_none() && worlds.iter().all(bare) {
        return Err(Error::Request(format!(
            "no historical data for {scenario}: add `observed` (series by state) or `history` (facts, or the name of a record such as \
             \"pre-wwi\") to its file, or pass --nmc FILE"
        )));
    }
    if let Some(directory) = &options.directory {
        files::new_directory(directory)?;
    }
    options.progress.begin(u64::from(histories) * worlds.len() as u64);
    let scored = worlds.iter().map(|world| options.on_threads(|| score(world, nmc, options))?);
    let validations: Vec<Validation> = scored.collect::<Result<_, Error>>()?;
    if let Some(directory) = &options.directory {
        write(&validations, &worlds, directory)?;
    }
    Ok(validations)
}

fn write(validations: &[Validation], worlds: &[World], directory: &Path) -> Result<(), Error> {
    match validations {
        [one] => files::write_json(directory, "validation.json", one)?,
        all => files::write_json(directory, "validation.json", &all)?,
    }
    for (validation, world) in validations.iter().zip(worlds) {
        let states = world.scenario.setup.states.iter().zip(&world.scenario.state_names);
        let names: Vec<(String, String)> = states.map(|(state, name)| (state.code.clone(), name.clone())).collect();
        let folder = if validations.len() == 1 {
            directory.to_path_buf()
        } else {
            directory.join(validation.scenario.rsplit('/').next().unwrap_or("member"))
        };
        spiral_figures::write(&spiral_figures::validation_figures(validation, &names), &folder)?;
    }
    Ok(())
}

fn score(world: &World, nmc: Option<&Path>, options: &Options<'_>) -> Result<Validation, Error> {
    let scenario = &world.scenario;
    let setup = &scenario.setup;
    let codes: Vec<String> = setup.states.iter().map(|state| state.code.clone()).collect();
    let record = scenario.history.as_ref();
    let mut seen = seen(scenario, record);
    if let Some(file) = nmc {
        seen.extend(shares(file, &codes, setup)?);
    }
    let (seed, histories) = (options.seed(), options.histories.unwrap_or(HISTORIES));
    let whole = KeptHistories::simulate(setup, seed, 0, histories, options.progress);
    let whole = whole.ok_or_else(|| Error::Interrupted { kept: "nothing is kept".to_string(), next: Continuation::Nothing })?;
    options.progress.stage("scoring");
    let scored = |histories: &Histories<'_>| validation::validate(&scenario.name, histories, &seen, record);
    Ok(whole.show(scenario, setup, seed, scored))
}

/// What history shows: the scenario's own observed values, then those of its record.
fn seen(scenario: &Scenario, record: Option<&history::Record>) -> Vec<Seen> {
    let own = scenario.observed.iter().map(|seen| Seen {
        state: seen.state.clone(),
        metric: seen.metric.clone(),
        date: seen.date,
        value: seen.value,
        source: seen.source.clone(),
    });
    let mut all: Vec<Seen> = own.collect();
    for series in record.map_or(&[][..], |record| &record.series) {
        all.extend(series.points.iter().map(|(date, value)| Seen {
            state: series.state.clone(),
            metric: series.metric.clone(),
            date: *date,
            value: *value,
            source: series.source.clone(),
        }));
    }
    all
}

/// Shares of spending by state and year from a user's file. Within a year all are in one currency, so no series crosses the seam.
fn shares(file: &Path, codes: &[String], setup: &Setup) -> Result<Vec<Seen>, Error> {
    let (first, last) = (setup.horizon.start.ceil() as i32, setup.horizon.end.floor() as i32 - 1);
    let spending = import::spending(file, codes, (first, last))?;
    let mut seen = Vec::new();
    for year in first..=last {
        let own: Vec<_> = spending.iter().filter(|one| one.year == year).collect();
        let total = own.iter().map(|one| one.thousands).fold(0.0, |sum, x| sum + x);
        if own.len() < 2 || total <= 0.0 {
            continue;
        }
        seen.extend(own.into_iter().map(|one| Seen {
            state: one.state.clone(),
            metric: "spending_share".to_string(),
            date: f64::from(year) + 0.5,
            value: one.thousands / total,
            source: format!("milex in {}, of what all states of the scenario spend that year", file.display()),
        }));
    }
    if seen.is_empty() {
        let message =
            format!("{}: no year from {first} to {last} has the military spending of two states of the scenario", file.display());
        return Err(Error::Request(message));
    }
    Ok(seen)
}
