//! One history: what `spiral run` and `spiral replay` report.

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};
use spiral_analysis::draw_of;
pub use spiral_chronicle::{BuildUp, Entry, History, KEY, dates, metric, percent};
use spiral_chronicle::{chronicle, in_short, simulate, state_code};
use spiral_model::Event;
use spiral_model::table_row::{CellValue, TableRow};
use spiral_scenario::{Scenario, Varies};

use crate::options::Options;
use crate::worlds::{World, note_years, worlds};
use crate::{Error, files};

/// Format of the JSON.
const FORMAT: u32 = 1;

/// One history of a scenario, with its chronicle.
#[derive(Debug, Clone)]
pub struct HistoryResults {
    /// The scenario.
    pub world: World,
    /// Seed of all random draws.
    pub seed: u64,
    /// Number of the history.
    pub number: u32,
    /// The judgements that it drew from their ranges; `None` where they have the values of the file.
    pub draw: Option<Draw>,
    /// What happened, in numbers.
    pub history: History,
    /// What happened, in words.
    pub entries: Vec<Entry>,
}

/// The judgements that a history drew.
#[derive(Debug, Clone, PartialEq)]
pub struct Draw {
    /// Number of the draw; two histories share it.
    pub number: u32,
    /// Path, date in words where it is set by date, unit and value of each judgement that varies; a factor where it multiplies a series.
    /// Empty where the history is of a world between others or of a design.
    pub judgements: Vec<DrawnJudgement>,
}

/// A judgement with the value that a history drew.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawnJudgement {
    /// Its path.
    pub path: String,
    /// Date from which it holds, decimal year; left out where it holds from the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<f64>,
    /// Its unit; `factor` where it multiplies a series.
    pub unit: &'static str,
    /// The value in the file.
    pub usual: f64,
    /// The value drawn.
    pub value: f64,
}

impl Draw {
    /// The draw of a history of a scenario.
    fn of(scenario: &Scenario, seed: u64, history: u32) -> Self {
        let number = draw_of(history);
        let varying = scenario.judgements.iter().filter(|judgement| judgement.low < judgement.high);
        let judgements = varying.map(|judgement| DrawnJudgement {
            path: judgement.path.clone(),
            date: if let Varies::From(date) = judgement.varies { Some(date) } else { None },
            unit: judgement.unit,
            usual: judgement.value,
            value: judgement.drawn(seed, number),
        });
        Self { number, judgements: judgements.collect() }
    }
}

/// Simulates history `number` of a scenario, or of each member of a file: the same bits as in an ensemble. With `all`, the chronicle
/// has an entry for every crisis; otherwise crises that did not come near to war are listed by year. [`Options::directory`] must be new.
///
/// # Errors
/// A scenario that cannot be used, a directory that is in use.
pub fn history(scenario: &str, number: u32, all: bool, options: &Options<'_>) -> Result<Vec<HistoryResults>, Error> {
    history_of(worlds(scenario, &options.changes)?, number, all, options)
}

/// As [`history()`], of worlds that may each be changed in its own way; [`Options::changes`] is without effect.
///
/// # Errors
/// As [`history()`].
pub fn history_of(worlds: Vec<World>, number: u32, all: bool, options: &Options<'_>) -> Result<Vec<HistoryResults>, Error> {
    note_years(&worlds, options.progress);
    if let Some(directory) = &options.directory {
        files::new_directory(directory)?;
    }
    let seed = options.seed();
    let result = |mut world: World| {
        let draw = options.uncertain.then(|| Draw::of(&world.scenario, seed, number));
        if draw.is_some() {
            world.scenario.setup = world.scenario.drawn(seed, draw_of(number));
        }
        HistoryResults::new(world, seed, number, draw, all)
    };
    options.on_threads(|| worlds.into_iter().map(result).collect())
}

/// Simulates one history of a study in a directory again, bit for bit.
///
/// # Errors
/// A directory without a study; a point or a history that the study does not have.
///
/// # Panics
/// Where the simulator panicked on this history when the study was made.
pub fn replay(directory: &Path, point: u32, number: u32, all: bool) -> Result<HistoryResults, Error> {
    let manifest = spiral_study::manifest_of(directory)?;
    if number >= manifest.histories {
        let last = manifest.histories - 1;
        return Err(Error::Request(format!("the study has histories 0 to {last} at each point, and no history {number}")));
    }
    let scenario = spiral_study::history_scenario(&manifest, point, number)?;
    let draw = manifest.uncertain.then(|| {
        let plain = manifest.study.is_none() && manifest.attribution.is_none();
        let draw = Draw::of(&scenario, manifest.seed, number);
        if plain { draw } else { Draw { judgements: Vec::new(), ..draw } }
    });
    let request = manifest.request(point as usize).unwrap_or_default();
    Ok(HistoryResults::new(World { scenario, request }, manifest.seed, number, draw, all))
}

impl HistoryResults {
    /// History `number` of a world: the same bits as in an ensemble. `all` as in [`history`].
    #[must_use]
    pub fn of(world: World, seed: u64, number: u32, all: bool) -> Self {
        Self::new(world, seed, number, None, all)
    }

    fn new(world: World, seed: u64, number: u32, draw: Option<Draw>, all: bool) -> Self {
        let history = simulate(&world.scenario.setup, seed, number);
        let entries = chronicle(&world.scenario, &history, all);
        Self { world, seed, number, draw, history, entries }
    }

    /// The whole history in a paragraph.
    #[must_use]
    pub fn in_short(&self) -> String {
        in_short(&self.world.scenario, &self.history.outcome)
    }
}

/// Histories as JSON: `history.json`.
#[must_use]
pub fn histories_json(histories: &[HistoryResults]) -> Value {
    let seed = histories.first().map_or(0, |one| one.seed);
    json!({ "format": FORMAT, "seed": seed, "histories": histories.iter().map(history_json).collect::<Vec<Value>>() })
}

/// Writes `history.json` and `events.csv`, and this text as `chronicle.txt`.
///
/// # Errors
/// What the file system refuses.
pub fn write_histories(histories: &[HistoryResults], text: &str, directory: &Path) -> Result<(), Error> {
    files::write(directory, "chronicle.txt", text.as_bytes())?;
    files::write_json(directory, "history.json", &histories_json(histories))?;
    files::write(directory, "events.csv", &events_csv(histories, directory)?)
}

fn history_json(results: &HistoryResults) -> Value {
    let HistoryResults { world, number, draw, history, entries, .. } = results;
    let mut found = spiral_chronicle::history_json(&world.scenario, *number, history, entries);
    if let Some(draw) = draw {
        found["judgement_draw"] = json!({ "number": draw.number, "judgements": draw.judgements });
    }
    found
}

/// A cell as text; empty where there is no value or the number is not finite.
fn text(world: &World, cell: CellValue<'_>) -> String {
    match cell {
        CellValue::Boolean(value) => value.to_string(),
        CellValue::Integer(value) => value.to_string(),
        CellValue::Number(value) if value.is_finite() => value.to_string(),
        CellValue::Text(value) => value.to_string(),
        CellValue::State(position) => state_code(&world.scenario, position).unwrap_or_default().to_string(),
        CellValue::Number(_) | CellValue::Nothing | CellValue::Failure(_) => String::new(),
    }
}

/// The columns of the table `events`.
fn events_csv(histories: &[HistoryResults], directory: &Path) -> Result<Vec<u8>, Error> {
    let unwritable = |error: csv::Error| Error::Write { path: directory.join("events.csv"), source: error.into() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns = Event::FIELDS.iter().map(|field| field.column.name);
    writer.write_record(["scenario", "point"].into_iter().chain(columns)).map_err(unwritable)?;
    for (point, HistoryResults { world, history, .. }) in histories.iter().enumerate() {
        for event in &history.events {
            let cells = Event::FIELDS.iter().map(|field| text(world, (field.get)(event)));
            let record = [world.scenario.name.clone(), point.to_string()].into_iter().chain(cells);
            writer.write_record(record).map_err(unwritable)?;
        }
    }
    writer.into_inner().map_err(|error| unwritable(csv::Error::from(error.into_error())))
}
