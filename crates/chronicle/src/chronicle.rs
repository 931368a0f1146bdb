//! A history as a dated chronicle.

use std::collections::BTreeMap;

use serde::Serialize;
use spiral_model::{Event, EventKind};
use spiral_scenario::Scenario;

use crate::simulate::{History, MOST_STATES};
use crate::{dates, sentences};

/// Great powers that make a war general.
const GENERAL: usize = 3;

/// One entry of a chronicle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Its place in the order.
    pub date: f64,
    /// The date in words.
    pub when: String,
    /// What happened.
    pub text: String,
    /// What followed: date in words, and what happened.
    pub details: Vec<(String, String)>,
    /// Whether it led to war.
    pub war: bool,
}

impl Entry {
    fn new(date: f64, text: String) -> Self {
        Self { date, when: dates::day(date), text, details: Vec::new(), war: false }
    }
}

/// The chronicle of a history, by date. In a world of many states each year is one entry of counts. With `all`, minor crises are
/// entries too; otherwise one entry a year lists the states that had them.
#[must_use]
pub fn chronicle(world: &Scenario, history: &History, all: bool) -> Vec<Entry> {
    let setup = &world.setup;
    let end = history.outcome.end_date;
    let mut entries = Vec::new();
    let within = |date: f64| date >= setup.horizon.start - 1e-9 && date <= end;
    let dated = !setup.without.contains("timeline");
    entries.extend(setup.incidents.iter().filter(|incident| dated && within(incident.date)).map(|incident| {
        let stop = if incident.what.ends_with(['.', '!', '?']) { "" } else { "." };
        Entry::new(incident.date, format!("{}{stop}", incident.what))
    }));
    entries.extend(history.build_ups.iter().map(|build_up| Entry::new(build_up.date, sentences::build_up(world, build_up))));
    let mut passed: BTreeMap<i64, Vec<(u32, u32)>> = BTreeMap::new();
    let counted = setup.states.len() > MOST_STATES && !all;
    if counted {
        entries.extend(counts(history, end));
    }
    for crisis in history.events.chunk_by(|a, b| a.crisis == b.crisis) {
        let first = &crisis[0];
        // In a world of many states only wars of great powers have entries of their own.
        if counted && !is_general(world, crisis) {
            continue;
        }
        // Events outside any crisis: alliances and treaties, made and ended.
        if first.crisis == 0 {
            let entry = |event: &Event| Entry::new(event.date, sentences::event(world, event, (event.actor, event.target)));
            entries.extend(crisis.iter().map(entry));
            continue;
        }
        let scripted =
            setup.incidents.iter().any(|incident| incident.crisis.is_some() && (incident.date - first.date).abs() < 1e-9);
        if all || scripted || is_grave(crisis) {
            entries.extend(crisis_entries(world, crisis));
        } else {
            let pair = (first.actor.min(first.target), first.actor.max(first.target));
            passed.entry(first.date.floor() as i64).or_default().push(pair);
        }
    }
    for (year, crises) in passed {
        let when = dates::year(year as f64);
        // It comes at the end of the year, or of the history.
        let date = (year as f64 + 1.0 - 1e-6).min(end);
        entries.push(Entry { when, ..Entry::new(date, sentences::passed(world, &crises)) });
    }
    entries.sort_by(|a, b| a.date.total_cmp(&b.date));
    entries.push(Entry::new(end, sentences::end(&history.outcome)));
    entries
}

/// Whether so many great powers fought that the war was general.
fn is_general(world: &Scenario, crisis: &[Event]) -> bool {
    let entered = crisis.iter().filter(|event| matches!(event.kind, EventKind::Strike | EventKind::Joining));
    let fought: std::collections::BTreeSet<u32> = entered.flat_map(|event| [event.actor, event.target]).collect();
    let states = &world.setup.states;
    fought.iter().filter(|state| states.get(**state as usize).is_some_and(|state| state.great_power)).count() >= GENERAL
}

/// The years of a history in numbers.
fn counts(history: &History, end: f64) -> Vec<Entry> {
    let mut years: BTreeMap<i64, BTreeMap<EventKind, u32>> = BTreeMap::new();
    let mut begun = 0;
    for event in &history.events {
        // A war is counted once, at the first strike in its crisis.
        let again = event.kind == EventKind::Strike && std::mem::replace(&mut begun, event.crisis) == event.crisis;
        let kind = if event.kind == EventKind::FalseAlarm { EventKind::Crisis } else { event.kind };
        if !again {
            *years.entry(event.date.floor() as i64).or_default().entry(kind).or_default() += 1;
        }
    }
    let entry = |(year, counts): (i64, BTreeMap<EventKind, u32>)| {
        let date = (year as f64 + 1.0 - 1e-6).min(end);
        Entry { when: dates::year(year as f64), ..Entry::new(date, sentences::year_in_numbers(&counts)) }
    };
    years.into_iter().map(entry).collect()
}

/// Whether a crisis came near to war: somebody struck, or two states mobilised.
fn is_grave(crisis: &[Event]) -> bool {
    let mobilised = crisis.iter().filter(|event| event.kind == EventKind::Mobilisation).count();
    mobilised >= 2 || crisis.iter().any(|event| event.kind == EventKind::Strike)
}

/// A crisis and its outcome. The end of its war is an entry of its own, since it may come years later.
fn crisis_entries(world: &Scenario, crisis: &[Event]) -> Vec<Entry> {
    let first = &crisis[0];
    let principals = (first.actor, first.target);
    let mut entry = Entry::new(first.date, sentences::event(world, first, principals));
    let mut ends = Vec::new();
    let mut fighting: Vec<u32> = Vec::new();
    let mut general = false;
    for event in &crisis[1..] {
        let text = sentences::event(world, event, principals);
        if matches!(event.kind, EventKind::Victory | EventKind::Stalemate | EventKind::Annexation | EventKind::Conquest) {
            ends.push(Entry::new(event.date, text));
            continue;
        }
        entry.details.push((dates::day(event.date), text));
        if matches!(event.kind, EventKind::Strike | EventKind::Joining) {
            entry.war = true;
            for state in [event.actor, event.target] {
                if !fighting.contains(&state) {
                    fighting.push(state);
                }
            }
        }
        let states = &world.setup.states;
        let great = fighting.iter().filter(|state| states.get(**state as usize).is_some_and(|state| state.great_power)).count();
        if great >= GENERAL && !general {
            general = true;
            let which = if great == GENERAL { "Three".to_string() } else { great.to_string() };
            entry.details.push((dates::day(event.date), format!("{which} great powers are at war: a general war.")));
        }
    }
    ends.insert(0, entry);
    ends
}
