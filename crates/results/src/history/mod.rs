//! One history: what `spiral run` and `spiral replay` report.

mod chronicle;
pub mod dates;
mod sentences;
mod simulate;

use std::path::Path;

use serde_json::{Map, Value, json};
use spiral_model::Event;
use spiral_model::outcome::{STATE_METRICS, SYSTEM_METRICS};
use spiral_model::table_row::{CellValue, TableRow};

pub use chronicle::Entry;
pub use sentences::{KEY, percent};
pub use simulate::{BuildUp, History, metric};

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
    /// What happened, in numbers.
    pub history: History,
    /// What happened, in words.
    pub entries: Vec<Entry>,
}

/// Simulates history `number` of a scenario, or of each member of a file: the same bits as in an ensemble. With `all`, the chronicle
/// has an entry for every crisis; otherwise crises that did not come near to war are listed by year. [`Options::directory`] must be new.
///
/// # Errors
/// A scenario that cannot be used, a directory that is in use.
pub fn history(scenario: &str, number: u32, all: bool, options: &Options<'_>) -> Result<Vec<HistoryResults>, Error> {
    let worlds = worlds(scenario, &options.changes)?;
    note_years(&worlds, options.progress);
    if let Some(directory) = &options.directory {
        files::new_directory(directory)?;
    }
    options.on_threads(|| worlds.into_iter().map(|world| HistoryResults::new(world, options.seed(), number, all)).collect())
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
    let scenario = spiral_study::scenario_of(&manifest, point)?;
    if number >= manifest.histories {
        let last = manifest.histories - 1;
        return Err(Error::Request(format!("the study has histories 0 to {last} at each point, and no history {number}")));
    }
    let request = manifest.request(point as usize).unwrap_or_default();
    Ok(HistoryResults::new(World { scenario, request }, manifest.seed, number, all))
}

impl HistoryResults {
    fn new(world: World, seed: u64, number: u32, all: bool) -> Self {
        let history = simulate::simulate(&world.scenario.setup, seed, number);
        let entries = chronicle::chronicle(&world, &history, all);
        Self { world, seed, number, history, entries }
    }

    /// The whole history in a paragraph.
    #[must_use]
    pub fn in_short(&self) -> String {
        sentences::in_short(&self.world, &self.history.outcome)
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
    let HistoryResults { world, number, history, entries, .. } = results;
    let setup = &world.scenario.setup;
    let states: Vec<Value> = setup
        .states
        .iter()
        .zip(&world.scenario.state_names)
        .map(|(state, name)| json!({ "code": state.code, "name": name, "great_power": state.great_power }))
        .collect();
    let series = |names: &[&str], values: &[Vec<f64>]| -> Map<String, Value> {
        names.iter().zip(values).map(|(name, values)| ((*name).to_string(), json!(values))).collect()
    };
    let curves: Map<String, Value> = setup
        .states
        .iter()
        .zip(&history.states)
        .map(|(state, values)| (state.code.clone(), Value::Object(series(&STATE_METRICS, values))))
        .chain([("*".to_string(), Value::Object(series(&SYSTEM_METRICS, &history.system)))])
        .collect();
    let chronicle: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let details: Vec<Value> = entry.details.iter().map(|(when, text)| json!({ "when": when, "text": text })).collect();
            json!({ "date": entry.date, "when": entry.when, "text": entry.text, "details": details })
        })
        .collect();
    json!({
        "scenario": world.scenario.name,
        "history": number,
        "years": [setup.horizon.start, setup.horizon.end],
        "states": states,
        "outcome": row_json(world, &history.outcome),
        "events": history.events.iter().map(|event| row_json(world, event)).collect::<Vec<_>>(),
        "dates": history.dates,
        "curves": curves,
        "chronicle": chronicle,
    })
}

/// The code of a state by its position.
fn code(world: &World, position: u32) -> Option<&str> {
    world.scenario.setup.states.get(position as usize).map(|state| state.code.as_str())
}

/// A cell as text; empty where there is no value or the number is not finite.
fn text(world: &World, cell: CellValue<'_>) -> String {
    match cell {
        CellValue::Boolean(value) => value.to_string(),
        CellValue::Integer(value) => value.to_string(),
        CellValue::Number(value) if value.is_finite() => value.to_string(),
        CellValue::Text(value) => value.to_string(),
        CellValue::State(position) => code(world, position).unwrap_or_default().to_string(),
        CellValue::Number(_) | CellValue::Nothing | CellValue::Failure(_) => String::new(),
    }
}

/// A row under the names of the columns of its table, but for the number of the history, which stands beside it, and for numerical
/// failures, which end a command with an error.
fn row_json<Row: TableRow>(world: &World, row: &Row) -> Value {
    let fields = Row::FIELDS.iter().filter(|field| field.column.name != "history" && field.column.name != "failure");
    let value = |cell| match cell {
        CellValue::Boolean(value) => json!(value),
        CellValue::Integer(value) => json!(value),
        // A number that is not finite is null.
        CellValue::Number(value) => json!(value),
        CellValue::Text(value) => json!(value),
        CellValue::State(position) => json!(code(world, position)),
        CellValue::Nothing | CellValue::Failure(_) => Value::Null,
    };
    fields.map(|field| (field.column.name.to_string(), value((field.get)(row)))).collect::<Map<_, _>>().into()
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
