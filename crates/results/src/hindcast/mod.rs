//! Worlds of many years from a user's data, simulated and set beside what came: what `spiral hindcast` reports.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use spiral_analysis::hindcast::{self, DyadRow, Forecast, Hindcast, Input, Known, StateRow};
use spiral_scenario::import::{CowFiles, CowRequest, Imported, Missing, Note, PairKnown, Record, cow, cow_number};
use spiral_scenario::{Overrides, Scenario, parse_named};
use spiral_study::PairCounts;

use crate::options::Options;
use crate::{Continuation, Error, files, quoted};

/// Histories of each start year unless the options say how many.
pub const HINDCAST_HISTORIES: u32 = 200;
/// Name of the data in the directory of a hindcast.
const RESULTS: &str = "hindcast.json";
const DYADS: &str = "dyads.csv";
const STATES: &str = "states.csv";

/// What a hindcast is asked for.
#[derive(Debug, Clone, Copy)]
pub struct HindcastRequest<'a> {
    /// The data files. Capabilities, contiguity and disputes must be among them.
    pub files: &'a CowFiles,
    /// First and last start year. A start year is the first of the years that are forecast; the data are those of the year before.
    pub years: (i32, i32),
    /// Years from one start year to the next.
    pub every: u32,
    /// Years that are forecast from each.
    pub horizon: u32,
    /// States by code, abbreviation, number or name; none means every state of the year.
    pub states: &'a [String],
}

/// What a hindcast found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HindcastResults {
    /// The scores.
    pub scores: Hindcast,
    /// Seed of the simulations.
    pub seed: u64,
    /// Which file says what a war is.
    pub wars: Option<String>,
    /// What the reader should know: years left out, histories that failed.
    pub notes: Vec<String>,
    /// The data files.
    pub files: Vec<String>,
}

/// Imports the world of each start year as the data of the year before it knew the world, simulates it, and scores the chances of every pair
/// of states against what came. With [`Options::directory`], writes `hindcast.json`, `dyads.csv`, `states.csv`, `figures/` and
/// `report.html` there.
///
/// # Errors
/// Files that are missing or wrong, years that the files do not have, a directory that is in use, an interruption.
pub fn hindcast(request: &HindcastRequest<'_>, options: &Options<'_>) -> Result<HindcastResults, Error> {
    let record = Record::read(request.files)?;
    let mut notes = Vec::new();
    let years = start_years(request, &record, &mut notes)?;
    let histories = options.histories.unwrap_or(HINDCAST_HISTORIES);
    if let Some(directory) = &options.directory {
        files::new_directory(directory)?;
    }
    options.progress.begin(u64::from(histories) * years.len() as u64);
    let mut input = Input { horizon: request.horizon, histories, seed: options.seed(), ..Input::default() };
    let mut failures = 0;
    for year in &years {
        failures += options.on_threads(|| one_year(request, &record, *year, histories, options, &mut input))??;
    }
    if failures > 0 {
        notes.push(format!(
            "{failures} of {} histories failed numerically; they are left out, and the chances are those of the others",
            u64::from(histories) * years.len() as u64
        ));
    }
    let lost: Vec<String> =
        years.iter().filter(|year| input.dyads.iter().all(|dyad| dyad.year != **year)).map(ToString::to_string).collect();
    if lost.len() == years.len() {
        return Err(Error::Request(
            "every history failed numerically, so there is no forecast; look at the numbers that --set changes".to_string(),
        ));
    }
    if !lost.is_empty() {
        notes.push(format!("left out, because every history failed numerically: {}", lost.join(", ")));
    }
    for forecast in Forecast::ALL {
        let position = forecast as usize;
        let known = input.dyads.iter().any(|dyad| dyad.came[position].is_some());
        if known && input.dyads.iter().all(|dyad| dyad.simulated[position] == 0) {
            notes.push(format!(
                "{}: no simulated history had any, so every pair of a start year has the same chance; such a chance ranks nothing",
                forecast.title()
            ));
        }
    }
    if request.every < request.horizon {
        notes.push(
            "start years share years of forecast, because --every is less than --horizon: the intervals are too narrow"
                .to_string(),
        );
    }
    options.progress.stage("scoring");
    let scores = hindcast::score(&input);
    let results = HindcastResults {
        scores,
        seed: options.seed(),
        wars: record.source_of_wars().map(str::to_string),
        notes,
        files: named(request.files),
    };
    if let Some(directory) = &options.directory {
        write(&results, &input, request, options, directory)?;
    }
    Ok(results)
}

/// The files that are used, by name.
fn named(files: &CowFiles) -> Vec<String> {
    let CowFiles { nmc, contiguity, alliances, capitals, gdp, disputes, wars, system } = files;
    let all = [nmc, contiguity, alliances, capitals, gdp, disputes, wars, system];
    let name = |path: &std::path::PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    all.into_iter().flatten().filter_map(name).collect()
}

/// The start years for which the files have both the year before and all years that are forecast.
fn start_years(request: &HindcastRequest<'_>, record: &Record, notes: &mut Vec<String>) -> Result<Vec<i32>, Error> {
    let (first, last) = request.years;
    let (every, horizon) = (request.every.max(1), request.horizon.max(1).cast_signed());
    if first > last {
        return Err(Error::Request(format!("--years {first}..{last}: the first year is after the last one")));
    }
    let asked: Vec<i32> = (first..=last).step_by(every as usize).collect();
    let ((from, to), (known_from, known_to)) = (record.years(), record.years_of_capabilities());
    let usable = |year: &i32| *year > known_from && year - 1 <= known_to && *year > from && year + horizon - 1 <= to;
    let years: Vec<i32> = asked.iter().copied().filter(usable).collect();
    if years.is_empty() {
        return Err(Error::Request(format!(
            "--years {first}..{last} with --horizon {horizon}: no start year has the data that it needs: capabilities of the year before \
             (the file has {known_from} to {known_to}) and disputes of all years that are forecast (the file has {from} to {to})"
        )));
    }
    if years.len() < asked.len() {
        let left: Vec<String> = asked.iter().filter(|year| !usable(year)).map(ToString::to_string).collect();
        notes.push(format!(
            "left out, because the files do not have the year before (capabilities, {known_from} to {known_to}) or all years that are \
             forecast (disputes, {from} to {to}): {}",
            left.join(", ")
        ));
    }
    Ok(years)
}

/// Imports, simulates and notes one start year; returns how many histories failed.
fn one_year(
    request: &HindcastRequest<'_>,
    record: &Record,
    year: i32,
    histories: u32,
    options: &Options<'_>,
    input: &mut Input,
) -> Result<u32, Error> {
    let (made, scenario) = world_of(request, year, options)?;
    let counts = PairCounts::simulate(&scenario.setup, options.seed(), histories, options.progress);
    let counts = counts.ok_or_else(|| Error::Interrupted { kept: "nothing is kept".to_string(), next: Continuation::Nothing })?;
    let numbers: Vec<u16> = scenario.setup.states.iter().map(|state| cow_number(&state.code).unwrap_or(0)).collect();
    // A year of which no history is left has no chances.
    if counts.histories > 0 {
        add(input, &made, &counts, &numbers, record, year, request.horizon.cast_signed());
    }
    Ok(counts.failures)
}

/// The world of a start year, as the data of the year before know it.
fn world_of(request: &HindcastRequest<'_>, year: i32, options: &Options<'_>) -> Result<(Imported, Scenario), Error> {
    let all = ["all".to_string()];
    let known = year - 1;
    let asked = CowRequest {
        files: request.files,
        year: known,
        begins: Some(year),
        states: if request.states.is_empty() { &all } else { request.states },
        as_of: Some(known),
        missing: Missing::default(),
        name: "hindcast",
    };
    let made = cow(&asked)?;
    let end = year + request.horizon.cast_signed();
    let Overrides { set, without, .. } = options.changes.clone();
    let changes = Overrides { set, without, years: Some((f64::from(year), f64::from(end))) };
    let scenario = parse_named(&made.text, &format!("hindcast-{year}.ron"), &changes)?
        .into_iter()
        .next()
        .ok_or_else(|| Error::Request(format!("the import of {known} has no scenario")))?;
    Ok((made, scenario))
}

/// Adds the rows of a start year.
fn add(input: &mut Input, made: &Imported, counts: &PairCounts, numbers: &[u16], record: &Record, year: i32, horizon: i32) {
    let mut simulated: BTreeMap<(u16, u16), [u32; 3]> = BTreeMap::new();
    for (pair, counts) in &counts.pairs {
        let (one, other) = (numbers[pair.0 as usize], numbers[pair.1 as usize]);
        simulated.insert((one.min(other), one.max(other)), *counts);
    }
    let of = |states: &(u16, u16)| simulated.get(states).copied().unwrap_or_default();
    let usual = Forecast::ALL.map(|forecast| {
        hindcast::mean_share(made.pairs.iter().map(|pair| of(&pair.states)[forecast as usize]), counts.histories)
    });
    for pair in &made.pairs {
        let (one, other) = pair.states;
        let came = record.between(one, other, year, year + horizon - 1);
        input.dyads.push(DyadRow {
            year,
            states: pair.states,
            known: known(pair),
            simulated: of(&pair.states),
            histories: counts.histories,
            usual,
            came: [Some(came.dispute), came.force, came.war],
        });
    }
    let spending = |state: u16, year: i32| record.spending(state, year);
    for (state, growth) in numbers.iter().zip(&counts.growth).filter(|(_, growth)| growth.is_finite()) {
        let grew = |from: i32, to: i32| {
            spending(*state, from).zip(spending(*state, to)).map(|(before, after)| hindcast::growth(before, after))
        };
        if let Some(came) = grew(year - 1, year + horizon - 1) {
            let before = grew(year - 1 - horizon, year - 1);
            input.states.push(StateRow { year, state: *state, simulated: *growth, came, before });
        }
    }
}

fn known(pair: &PairKnown) -> Known {
    Known {
        contiguity: pair.contiguity.unwrap_or(0),
        great_powers: pair.great_powers,
        capability_ratio: pair.capability_ratio,
        allied: pair.allied,
        distance_km: pair.distance_km,
        disputes: pair.disputes,
    }
}

fn write(
    results: &HindcastResults,
    input: &Input,
    request: &HindcastRequest<'_>,
    options: &Options<'_>,
    directory: &Path,
) -> Result<(), Error> {
    files::write_json(directory, RESULTS, results)?;
    files::write(directory, DYADS, dyads_csv(input).as_bytes())?;
    files::write(directory, STATES, states_csv(input).as_bytes())?;
    let figures = spiral_figures::hindcast(&results.scores);
    spiral_figures::write(&figures, directory)?;
    let facts = vec![
        ("Start years".to_string(), spans(&results.scores.start_years)),
        ("Years forecast from each".to_string(), results.scores.horizon.to_string()),
        ("Histories of each".to_string(), results.scores.histories.to_string()),
        ("Seed".to_string(), results.seed.to_string()),
        ("Data files".to_string(), results.files.join(", ")),
        ("A war is".to_string(), results.wars.clone().unwrap_or_else(|| "not in the files".to_string())),
        ("Command".to_string(), command(results, request, &options.changes)),
        ("Program".to_string(), format!("spiral {}", env!("CARGO_PKG_VERSION"))),
    ];
    let page = spiral_figures::report::hindcast(&results.scores, &facts, &results.notes, &figures);
    files::write(directory, files::PAGE, page.as_bytes())
}

/// The command that makes the same scores from the same files.
fn command(results: &HindcastResults, request: &HindcastRequest<'_>, changes: &Overrides) -> String {
    let (first, last) = request.years;
    let states = if request.states.is_empty() { String::new() } else { format!(" --states {}", request.states.join(",")) };
    let set = changes.set.iter().map(|(path, value)| format!(" --set {}", quoted(&format!("{path}={value}"))));
    let without = changes.without.iter().map(|name| format!(" --without {}", quoted(name)));
    let changes: String = set.chain(without).collect();
    format!(
        "spiral hindcast --cow FOLDER --years {first}..{last} --every {} --horizon {}{states} -n {} --seed {}{changes}",
        request.every, request.horizon, results.scores.histories, results.seed
    )
}

/// Start years in few words.
fn spans(years: &[i32]) -> String {
    match years {
        [] => "none".to_string(),
        [first, .., last] if years.len() > 8 => format!("{} from {first} to {last}", years.len()),
        few => few.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// One row for each pair of states and start year.
fn dyads_csv(input: &Input) -> String {
    let mut text = "year,ccode1,ccode2,conttype,majors,capratio,defense,capdist,disputes".to_string();
    for forecast in Forecast::ALL {
        let name = forecast.name();
        let _ = write!(text, ",histories_{name},chance_{name},came_{name}");
    }
    text.push('\n');
    for dyad in &input.dyads {
        let Known { contiguity, great_powers, capability_ratio, allied, distance_km, disputes } = dyad.known;
        let (one, other) = dyad.states;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{},{one},{other},{contiguity},{great_powers},{capability_ratio:.6},{},{distance_km:.1},{disputes}",
            dyad.year,
            u8::from(allied)
        );
        for ((forecast, with), came) in Forecast::ALL.into_iter().zip(dyad.simulated).zip(dyad.came) {
            let came = came.map_or(String::new(), |came| u8::from(came).to_string());
            let _ = write!(text, ",{with},{:.6},{came}", dyad.chance(forecast));
        }
        text.push('\n');
    }
    text
}

/// One row for each state and start year.
fn states_csv(input: &Input) -> String {
    let mut text = "year,ccode,growth_of_arms_simulated,growth_of_milex,growth_of_milex_before\n".to_string();
    for state in &input.states {
        let before = state.before.map_or(String::new(), |before| format!("{before:.6}"));
        let _ = writeln!(text, "{},{},{:.6},{:.6},{before}", state.year, state.state, state.simulated, state.came);
    }
    text
}

/// The files of a folder, each recognised by its columns, and what is to be said about them.
///
/// # Errors
/// A folder that cannot be read or has no known file.
pub fn hindcast_files(folder: &Path) -> Result<(CowFiles, Vec<Note>), Error> {
    let mut files = CowFiles::default();
    let notes = files.add_folder(folder)?;
    Ok((files, notes))
}

#[cfg(test)]
mod tests;
