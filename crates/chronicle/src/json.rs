//! A history as JSON.

use serde_json::{Map, Value, json};
use spiral_model::outcome::{STATE_METRICS, SYSTEM_METRICS};
use spiral_model::table_row::{CellValue, TableRow};
use spiral_scenario::Scenario;

use crate::chronicle::Entry;
use crate::simulate::History;
use crate::state_code;

/// History `number` of a scenario as JSON: outcome, events, curves and chronicle.
#[must_use]
pub fn history_json(scenario: &Scenario, number: u32, history: &History, entries: &[Entry]) -> Value {
    let setup = &scenario.setup;
    let states: Vec<Value> = setup
        .states
        .iter()
        .zip(&scenario.state_names)
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
        "scenario": scenario.name,
        "history": number,
        "years": [setup.horizon.start, setup.horizon.end],
        "states": states,
        "outcome": row_json(scenario, &history.outcome),
        "events": history.events.iter().map(|event| row_json(scenario, event)).collect::<Vec<_>>(),
        "dates": history.dates,
        "curves": curves,
        "chronicle": chronicle,
    })
}

/// A row under the names of the columns of its table, but for the number of the history, which stands beside it, and for numerical
/// failures, which end a command with an error.
fn row_json<Row: TableRow>(scenario: &Scenario, row: &Row) -> Value {
    let fields = Row::FIELDS.iter().filter(|field| field.column.name != "history" && field.column.name != "failure");
    let value = |cell| match cell {
        CellValue::Boolean(value) => json!(value),
        CellValue::Integer(value) => json!(value),
        // A number that is not finite is null.
        CellValue::Number(value) => json!(value),
        CellValue::Text(value) => json!(value),
        CellValue::State(position) => json!(state_code(scenario, position)),
        CellValue::Nothing | CellValue::Failure(_) => Value::Null,
    };
    fields.map(|field| (field.column.name.to_string(), value((field.get)(row)))).collect::<Map<_, _>>().into()
}
