//! What the scenario dates, in words: history, which the model did not make.

use std::collections::BTreeMap;

use spiral_model::Event;
use spiral_model::setup::Incident;
use spiral_scenario::Scenario;

use crate::chronicle::Entry;
use crate::crisis::Crisis;
use crate::simulate::History;
use crate::{dates, state_name};

/// A crisis of the model that begins so many years around a dated one, between the same states, is that crisis.
const SAME_CRISIS_YEARS: f64 = 5.0 / 365.0;

/// The dated entries of a scenario from its start to `end`. Those after a general war are one entry a year.
pub(crate) fn entries(world: &Scenario, history: &History, crises: &[Crisis<'_>], end: f64) -> Vec<Entry> {
    let setup = &world.setup;
    if setup.without.contains("timeline") {
        return Vec::new();
    }
    let within = |date: f64| date >= setup.horizon.start - 1e-9 && date <= end;
    let mut incidents: Vec<&Incident> = setup.incidents.iter().filter(|incident| within(incident.date)).collect();
    incidents.sort_by(|a, b| a.date.total_cmp(&b.date));
    let (war, general) = (history.outcome.first_war_date, history.outcome.general_war_date);
    let after = |date: Option<f64>, incident: &Incident| date.is_some_and(|date| incident.date > date);
    let mut found = Vec::new();
    let mut grouped: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let mut noted = false;
    for incident in incidents {
        let fact = plain(&incident.what);
        let text = match incident.crisis {
            Some(pair) if ran(crises, incident.date, pair) => {
                found.push(Entry::new(incident.date, sentence(&fact)));
                continue;
            }
            Some((one, other)) => {
                format!("{fact} (no such crisis here{})", why_not(world, crises, incident.date, (one as u32, other as u32)))
            }
            None => fact,
        };
        if after(general, incident) {
            let day = dates::day(incident.date);
            let day = day.rsplit_once(' ').filter(|_| dates::is_calendar(incident.date)).map_or(day.as_str(), |(day, _)| day);
            grouped.entry(incident.date.floor() as i64).or_default().push(format!("{day}, {text}"));
            continue;
        }
        let note = after(war, incident) && !noted;
        noted |= note;
        let source = source(incident.date, if note { ", without the war told above" } else { "" });
        found.push(Entry::new(incident.date, sentence(&format!("{source}: {text}"))));
    }
    for (year, facts) in grouped {
        let source = source(year as f64, ", without the general war told above");
        let text = sentence(&format!("{source}: {}", facts.join("; ")));
        found.push(Entry::of_year(year, end, text));
    }
    found
}

/// Where a dated entry comes from.
fn source(date: f64, note: &str) -> String {
    format!("{}{note}", if dates::is_calendar(date) { "In history" } else { "Given by the scenario" })
}

/// What happened, without a full stop and without the remark of a scenario that it is history.
fn plain(what: &str) -> String {
    let what = what.trim().trim_end_matches('.');
    let what = what.strip_suffix("(history)").map_or(what, str::trim_end);
    what.replace("(history; ", "(")
}

fn sentence(text: &str) -> String {
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{text}{stop}")
}

/// Whether a dated crisis took place.
fn ran(crises: &[Crisis<'_>], date: f64, (one, other): (usize, usize)) -> bool {
    crises.iter().any(|crisis| is_dated(&crisis.events[0], date, (one, other)))
}

/// Whether a crisis that begins with this event is the one that a scenario dates.
pub(crate) fn is_dated(first: &Event, date: f64, (one, other): (usize, usize)) -> bool {
    let pair = [first.actor as usize, first.target as usize];
    (pair == [one, other] || pair == [other, one]) && (first.date - date).abs() < SAME_CRISIS_YEARS
}

/// Why a dated crisis did not take place, as far as the events tell.
fn why_not(world: &Scenario, crises: &[Crisis<'_>], date: f64, (one, other): (u32, u32)) -> String {
    let before = || crises.iter().filter(|crisis| crisis.events[0].date <= date);
    let ended = |crisis: &Crisis<'_>| crisis.war_ended().is_some_and(|end| end <= date);
    let gone = [one, other].into_iter().find(|state| before().any(|crisis| crisis.conquered(*state, date)));
    if let Some(state) = gone {
        return format!(": {} has been conquered", state_name(world, state));
    }
    if before().any(|crisis| crisis.have_fought(one, other) && !ended(crisis)) {
        return ": the two are at war".to_string();
    }
    if before().any(|crisis| crisis.have_fought(one, other)) {
        return ": the two have fought".to_string();
    }
    let busy = [one, other].into_iter().find(|state| before().any(|crisis| crisis.fought(*state) && !ended(crisis)));
    busy.map_or(String::new(), |state| format!(": {} is at war", state_name(world, state)))
}
