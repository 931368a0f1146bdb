//! `spiral run`: one history, told.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use spiral_model::outcome::{NOBODY, STATE_METRICS, SYSTEM_METRICS};
use spiral_model::{Event, Outcome};

use crate::chronicle::{Entry, chronicle, render};
use crate::commands::run::Run;
use crate::console::{self, Console, wrapped};
use crate::failure::Failure;
use crate::history::{History, simulate};
use crate::worlds::World;
use crate::{chart, dates, pool, sentences, worlds};

/// Format of the JSON.
const FORMAT: u32 = 1;

/// A history with what it is a history of.
struct Told {
    world: World,
    history: History,
    entries: Vec<Entry>,
}

pub(crate) fn run(arguments: &Run, console: Console) -> Result<(), Failure> {
    let worlds = worlds::named(&arguments.scenario, &arguments.changes)?;
    worlds::remark_on_years(&worlds, console);
    tell(worlds, arguments, console)
}

/// Tells a history of each of these worlds.
pub(crate) fn tell(found: Vec<World>, arguments: &Run, console: Console) -> Result<(), Failure> {
    if let Some(directory) = &arguments.out {
        refuse_used(directory)?;
    }
    let told: Vec<Told> = pool::on(arguments.threads.number, || {
        let tell = |world: World| {
            let history = simulate(&world.scenario.setup, arguments.seed.number, arguments.history);
            let entries = chronicle(&world, &history, arguments.all);
            Told { world, history, entries }
        };
        found.into_iter().map(tell).collect()
    })?;
    if let Some(directory) = &arguments.out {
        write(&told, arguments, directory)?;
    }
    if arguments.json.asked {
        return console.print_json(&as_json(&told, arguments));
    }
    console.print(&as_text(&told, arguments, console))?;
    if let Some(directory) = &arguments.out
        && !console.quiet
    {
        console.print(&format!("\nWritten: chronicle.txt, history.json and events.csv in {}", directory.display()))?;
    }
    Ok(())
}

/// The chronicle with its heading, its chart and its sum.
fn as_text(told: &[Told], arguments: &Run, console: Console) -> String {
    let mut parts = Vec::new();
    for Told { world, history, entries } in told {
        let scenario = &world.scenario;
        let horizon = scenario.setup.horizon;
        let heading = format!(
            "{}, {} to {}, history {} of seed {}",
            scenario.name,
            dates::year(horizon.start),
            dates::year(horizon.end),
            arguments.history,
            arguments.seed.number
        );
        parts.push(console.bold(&heading));
        if !scenario.question.is_empty() {
            parts.push(wrapped(&scenario.question, console.columns, "", ""));
        }
        parts.push(String::new());
        parts.push(render(entries, console));
        parts.push(String::new());
        parts.push(wrapped(&sentences::in_short(world, &history.outcome), console.columns, "In short: ", ""));
        parts.push(wrapped(sentences::KEY, console.columns, "", ""));
        let chart = chart::arms_race(world, history, console);
        if !chart.is_empty() {
            parts.push(String::new());
            parts.push(chart);
        }
    }
    parts.join("\n")
}

fn as_json(told: &[Told], arguments: &Run) -> Value {
    let histories: Vec<Value> = told.iter().map(|told| history_json(told, arguments)).collect();
    json!({ "format": FORMAT, "seed": arguments.seed.number, "histories": histories })
}

fn history_json(Told { world, history, entries }: &Told, arguments: &Run) -> Value {
    let setup = &world.scenario.setup;
    let states: Vec<Value> = setup
        .states
        .iter()
        .zip(&world.scenario.state_names)
        .map(|(state, name)| json!({ "code": state.code, "name": name, "great_power": state.great_power }))
        .collect();
    let series = |names: &[&str], values: &[Vec<f64>]| -> serde_json::Map<String, Value> {
        names.iter().zip(values).map(|(name, values)| ((*name).to_string(), json!(values))).collect()
    };
    let curves: serde_json::Map<String, Value> = setup
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
        "history": arguments.history,
        "years": [setup.horizon.start, setup.horizon.end],
        "states": states,
        "outcome": outcome_json(world, &history.outcome),
        "events": history.events.iter().map(|event| event_json(world, event)).collect::<Vec<_>>(),
        "dates": history.dates,
        "curves": curves,
        "chronicle": chronicle,
    })
}

fn code(world: &World, position: u32) -> Option<&str> {
    if position == NOBODY { None } else { world.scenario.setup.states.get(position as usize).map(|state| state.code.as_str()) }
}

/// The outcome under the names of the table `outcomes`.
fn outcome_json(world: &World, outcome: &Outcome) -> Value {
    let war = outcome.first_war_date.is_some();
    json!({
        "inert": outcome.inert,
        "crises": outcome.crises,
        "wars": outcome.wars,
        "war": war,
        "first_war_date": outcome.first_war_date,
        "general_war": outcome.general_war_date.is_some(),
        "general_war_date": outcome.general_war_date,
        "motive": outcome.motive.map(spiral_model::Motive::name),
        "initiator": code(world, outcome.initiator),
        "target": code(world, outcome.target),
        "belligerents_30d": war.then_some(outcome.belligerents_30d),
        "great_powers_30d": war.then_some(outcome.great_powers_30d),
        "days_crisis_to_war": outcome.days_crisis_to_war,
        "days_crisis_to_general_war": outcome.days_crisis_to_general_war,
        "peak_burden": outcome.peak_burden,
        "arms_growth": outcome.arms_growth,
        "spiral_rate": outcome.spiral_rate,
        "entrapments": outcome.entrapments,
        "abandonments": outcome.abandonments,
        "passed": outcome.passed,
        "great_power_crises": outcome.great_power_crises,
        "great_power_dyad_years": outcome.great_power_dyad_years,
        "war_years": outcome.war_years,
        "ended": outcome.ended.name(),
        "end_date": outcome.end_date,
        "conquests": outcome.conquests,
        "concentration": outcome.concentration,
    })
}

/// The event under the names of the table `events`.
fn event_json(world: &World, event: &Event) -> Value {
    json!({
        "crisis": event.crisis,
        "date": event.date,
        "day": event.day,
        "kind": event.kind.name(),
        "actor": code(world, event.actor),
        "target": code(world, event.target),
        "fear": event.fear,
        "first_strike_win": event.first_strike_win,
        "strike_advantage": event.strike_advantage,
        "motive": event.motive.map(spiral_model::Motive::name),
    })
}

/// Refuses a directory in which there is something: nothing is ever overwritten.
fn refuse_used(directory: &Path) -> Result<(), Failure> {
    let used = fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some()) || directory.is_file();
    if used {
        return Err(Failure::Usage(format!("{} exists and is left alone; choose another --out", directory.display())));
    }
    Ok(())
}

fn write(told: &[Told], arguments: &Run, directory: &Path) -> Result<(), Failure> {
    fs::create_dir_all(directory).map_err(|source| Failure::Write { path: directory.to_path_buf(), source })?;
    let plain = Console { colour: false, quiet: false, columns: 80, terminal: false };
    let text = format!("{}\n", as_text(told, arguments, plain).trim_end());
    spiral_study::write_atomically(directory, "chronicle.txt", text.as_bytes())?;
    let history = format!("{}\n", console::json(&as_json(told, arguments))?);
    spiral_study::write_atomically(directory, "history.json", history.as_bytes())?;
    spiral_study::write_atomically(directory, "events.csv", &events_csv(told, directory)?)?;
    Ok(())
}

/// The columns of the table `events`.
fn events_csv(told: &[Told], directory: &Path) -> Result<Vec<u8>, Failure> {
    let unwritable = |error: csv::Error| Failure::Write { path: directory.join("events.csv"), source: error.into() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = [
        "scenario",
        "point",
        "history",
        "crisis",
        "date",
        "day",
        "kind",
        "actor",
        "target",
        "fear",
        "first_strike_win",
        "strike_advantage",
        "motive",
    ];
    writer.write_record(header).map_err(unwritable)?;
    for (point, Told { world, history, .. }) in told.iter().enumerate() {
        for event in &history.events {
            let record = [
                world.scenario.name.clone(),
                point.to_string(),
                event.history.to_string(),
                event.crisis.to_string(),
                event.date.to_string(),
                event.day.to_string(),
                event.kind.name().to_string(),
                code(world, event.actor).unwrap_or_default().to_string(),
                code(world, event.target).unwrap_or_default().to_string(),
                event.fear.to_string(),
                event.first_strike_win.to_string(),
                event.strike_advantage.to_string(),
                event.motive.map_or(String::new(), |motive| motive.name().to_string()),
            ];
            writer.write_record(&record).map_err(unwritable)?;
        }
    }
    writer.into_inner().map_err(|error| unwritable(csv::Error::from(error.into_error())))
}
