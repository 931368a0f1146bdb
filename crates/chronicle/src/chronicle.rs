//! A history as a dated chronicle.

use std::collections::BTreeMap;

use serde::Serialize;
use spiral_model::EventKind;
use spiral_scenario::Scenario;

use crate::crisis::{Crisis, ends_war};
use crate::simulate::{BuildUp, History, MOST_STATES};
use crate::{dates, sentences, timeline};

/// Great powers that make a war general.
const GENERAL: usize = 3;

/// What sums up a year comes so many years before the next one.
const YEARS_END: f64 = 1e-6;

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
    pub(crate) fn new(date: f64, text: String) -> Self {
        Self { date, when: dates::day(date), text, details: Vec::new(), war: false }
    }

    /// What sums up a year: it comes at the end of the year, or of the history.
    pub(crate) fn of_year(year: i64, end: f64, text: String) -> Self {
        let year = year as f64;
        Self { when: dates::year(year), ..Self::new((year + 1.0 - YEARS_END).min(end), text) }
    }
}

/// A line of a chronicle before the order is known.
struct Line {
    /// The line as it stands alone.
    entry: Entry,
    /// The crisis to which it belongs, and its text where it follows another line of that crisis.
    within: Option<(u32, String)>,
}

impl From<Entry> for Line {
    fn from(entry: Entry) -> Self {
        Self { entry, within: None }
    }
}

/// The chronicle of a history, by date. In a world of many states each year is one entry of counts. With `all`, minor crises are
/// entries too; otherwise one entry a year lists the states that had them.
#[must_use]
pub fn chronicle(world: &Scenario, history: &History, all: bool) -> Vec<Entry> {
    let setup = &world.setup;
    let end = history.outcome.end_date;
    let numbered = history.events.chunk_by(|a, b| a.crisis == b.crisis).filter(|events| events[0].crisis > 0);
    let crises: Vec<Crisis<'_>> = numbered.map(Crisis::new).collect();
    let mut lines: Vec<Line> = timeline::entries(world, history, &crises, end).into_iter().map(Line::from).collect();
    lines.extend(history.build_ups.iter().map(|build_up| arms(world, build_up).into()));
    let counted = setup.states.len() > MOST_STATES && !all;
    if counted {
        lines.extend(counts(history, end).into_iter().map(Line::from));
    } else {
        // Events outside any crisis: alliances and treaties, made and ended.
        let alone = history.events.iter().filter(|event| event.crisis == 0);
        lines.extend(alone.map(|event| Entry::new(event.date, sentences::between(world, event)).into()));
    }
    let mut lesser: BTreeMap<i64, Vec<&Crisis<'_>>> = BTreeMap::new();
    for crisis in &crises {
        // In a world of many states only wars of great powers have entries of their own.
        if counted {
            if is_general(world, crisis) {
                lines.extend(crisis_lines(world, crisis));
            }
            continue;
        }
        let first = &crisis.events[0];
        let mut dated = setup.incidents.iter().filter_map(|incident| incident.crisis.map(|pair| (incident.date, pair)));
        if all || is_grave(crisis) || dated.any(|(date, pair)| timeline::is_dated(first, date, pair)) {
            lines.extend(crisis_lines(world, crisis));
        } else {
            lesser.entry(first.date.floor() as i64).or_default().push(crisis);
        }
    }
    for (year, crises) in lesser {
        lines.push(Entry::of_year(year, end, sentences::lesser(world, &crises)).into());
    }
    let mut entries = in_order(lines);
    let last = entries.last().map_or(end, |entry| entry.date.max(end));
    entries.push(Entry::new(last, sentences::end(&history.outcome)));
    entries
}

/// Lines by date. What happens in a crisis stands below its beginning, unless something else happened in between.
fn in_order(mut lines: Vec<Line>) -> Vec<Entry> {
    lines.sort_by(|a, b| a.entry.date.total_cmp(&b.entry.date));
    let mut entries: Vec<Entry> = Vec::new();
    let mut open = None;
    for Line { entry, within } in lines {
        match (within, entries.last_mut()) {
            (Some((crisis, text)), Some(last)) if open == Some(crisis) => {
                last.details.push((entry.when, text));
                last.war |= entry.war;
            }
            (within, _) => {
                open = within.map(|(crisis, _)| crisis);
                entries.push(entry);
            }
        }
    }
    entries
}

/// A state that arms. It is seen at the end of a tick, in which the state spent what it did.
fn arms(world: &Scenario, build_up: &BuildUp) -> Entry {
    let tick = 1.0 / f64::from(world.setup.horizon.ticks_per_year);
    let when = dates::tick(build_up.date, tick);
    Entry { when, ..Entry::new(build_up.date - 2.0 * YEARS_END, sentences::build_up(world, build_up, tick)) }
}

/// Whether so many great powers fought that the war was general.
fn is_general(world: &Scenario, crisis: &Crisis<'_>) -> bool {
    let states = world.setup.states.iter().enumerate();
    states.filter(|(position, state)| state.great_power && crisis.fought(*position as u32)).count() >= GENERAL
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
    years.into_iter().map(|(year, counts)| Entry::of_year(year, end, sentences::year_in_numbers(&counts))).collect()
}

/// Whether a crisis came near to war: somebody struck, or two states mobilised.
fn is_grave(crisis: &Crisis<'_>) -> bool {
    let mobilised = crisis.events.iter().filter(|event| event.kind == EventKind::Mobilisation).count();
    mobilised >= 2 || crisis.is_war()
}

/// A crisis and its outcome. The end of its war stands alone, since it may come years later.
fn crisis_lines(world: &Scenario, crisis: &Crisis<'_>) -> Vec<Line> {
    let number = crisis.events[0].crisis;
    let mut lines = Vec::new();
    let mut fighting: Vec<u32> = Vec::new();
    let mut general = false;
    for (place, event) in crisis.events.iter().enumerate() {
        let date = crisis.date(event);
        let text = sentences::in_crisis(world, crisis, event);
        if ends_war(event.kind) {
            lines.push(Entry::new(date, text).into());
            continue;
        }
        let enters = matches!(event.kind, EventKind::Strike | EventKind::Joining);
        let alone = if place == 0 { text.clone() } else { sentences::continued(world, crisis, event, &text) };
        let war = enters || (place == 0 && crisis.is_war());
        lines.push(Line { entry: Entry { war, ..Entry::new(date, alone) }, within: Some((number, text)) });
        if !enters {
            continue;
        }
        for state in [event.actor, event.target] {
            if !fighting.contains(&state) {
                fighting.push(state);
            }
        }
        let states = &world.setup.states;
        let great = fighting.iter().filter(|state| states.get(**state as usize).is_some_and(|state| state.great_power)).count();
        if great >= GENERAL && !general {
            general = true;
            let which = if great == GENERAL { "Three".to_string() } else { great.to_string() };
            let text = format!("{which} great powers are at war: a general war.");
            lines.push(Line { entry: Entry::new(date, text.clone()), within: Some((number, text)) });
        }
    }
    lines
}
