//! Layers put together into a valid setup: the file, and a member that changes it.

use std::collections::BTreeMap;

use spiral_analysis::history::Record;
use spiral_model::setup::{DyadInputs, Horizon, Incident, Interpolation, Setup, StateInputs, Target, Track};
use spiral_model::specification::Group;

use crate::syntax::problem::{Finding, Placed, Span};
use crate::syntax::words::{advice, explain, figure, quote, range, rounded};
use crate::world::arsenals::{self, ArsenalEntry};
use crate::world::distance::great_circle_km;
use crate::world::generate::Generate;
use crate::world::given::{self, Fields, Given, SERIES_MARGIN_YEARS, Values, outside};
use crate::world::history;
use crate::world::layer::{Layer, PairEntry, TimelineEntry};
use crate::world::observed::{self, Observed};
use crate::world::paths::{mechanism_names, resolve};
use crate::world::scenario::{DatedGiven, set_initial};
use crate::world::series::value_at;
use crate::world::slots::{Slot, Slots};
use crate::world::weapons::Menu;

/// Largest number of states in a file.
const MOST_STATES: usize = 2000;
/// A setup and where its numbers come from.
pub(crate) struct Built {
    pub(crate) setup: Setup,
    pub(crate) state_names: Vec<String>,
    pub(crate) capitals: Vec<Option<(f64, f64)>>,
    pub(crate) givens: Vec<Given>,
    pub(crate) slots: Slots,
    pub(crate) dated: Vec<DatedGiven>,
    pub(crate) observed: Vec<Observed>,
    pub(crate) history: Option<Record>,
    pub(crate) generate: Option<Generate>,
}

/// Puts layers together, later ones over earlier ones. `None` if too little is known to continue; otherwise the setup is valid
/// if no finding was added.
pub(crate) fn build(
    name: &str,
    layers: &[&Layer<'_>],
    generate: Option<&Generate>,
    years: Option<(f64, f64)>,
    findings: &mut Vec<Finding>,
) -> Option<Built> {
    let horizon = horizon(layers, years, findings);
    let made = layers.iter().any(|layer| layer.generate_span.is_some());
    let codes = if made { no_codes(layers, findings) } else { codes(layers, findings) };
    let (horizon, codes) = (horizon?, codes?);
    let code_names: Vec<&str> = codes.keys().copied().collect();
    let mut setup = match generate {
        Some(generate) => generate.setup(name, horizon),
        // What is wrong with it has its own finding.
        None if made => return None,
        None => Setup::complete(name, horizon, &code_names),
    };
    setup.ending = layers.iter().rev().find_map(|layer| layer.ending).unwrap_or_default();
    setup.arming_rule = layers.iter().rev().find_map(|layer| layer.arming_rule).unwrap_or_default();
    let slots = Slots::new(setup.states.len(), setup.dyads.len());
    let mut builder = Builder { setup, slots, givens: Vec::new(), dated: Vec::new(), findings, any_date: years.is_some() };
    // Codes of a generated world are known to have different numbers.
    if !made {
        builder.collisions(&codes);
    }
    let state_names = builder.heads(layers);
    builder.defaults(layers);
    let capitals = builder.capitals(layers);
    builder.distances(&capitals);
    if let Some(generate) = generate {
        builder.generated(generate);
    }
    for layer in layers {
        builder.numbers(layer);
    }
    builder.weapons(layers);
    builder.apply();
    builder.timeline(layers);
    builder.without(layers);
    let Builder { setup, slots, givens, dated, .. } = builder;
    let last = layers.iter().rev().find_map(|layer| layer.observed.as_deref());
    let observed = observed::resolve(last.unwrap_or_default(), &setup, years.is_some(), findings);
    let last = layers.iter().rev().find_map(|layer| layer.history.as_ref());
    let history = history::resolve(last, &setup, findings);
    Some(Built { setup, state_names, capitals, givens, slots, dated, observed, history, generate: generate.cloned() })
}

/// Checks and rounds a calendar; the message of what is wrong with it.
pub(crate) fn check_years(start: f64, end: f64, ticks_per_year: u32) -> Result<Horizon, String> {
    if end <= start {
        return Err(format!("the calendar ends in {}, not after its start in {}", figure(end), figure(start)));
    }
    let ticks = ((end - start) * f64::from(ticks_per_year)).round();
    if ticks < 1.0 {
        return Err(format!("the calendar from {} to {} is shorter than one tick", figure(start), figure(end)));
    }
    if ticks > f64::from(Setup::MOST_TICKS) {
        return Err(format!("the calendar has {} ticks; at most {} are allowed", figure(ticks), Setup::MOST_TICKS));
    }
    Ok(Horizon { start, end, ticks_per_year })
}

fn horizon(layers: &[&Layer<'_>], years: Option<(f64, f64)>, findings: &mut Vec<Finding>) -> Option<Horizon> {
    let ticks_per_year = layers.iter().rev().find_map(|layer| layer.ticks_per_year).unwrap_or(4);
    let start = layers.iter().rev().find_map(|layer| layer.start);
    let end = layers.iter().rev().find_map(|layer| layer.end);
    let span = end.map(|end| end.span);
    let given = |key: fn(&Layer<'_>) -> bool| layers.iter().any(|layer| key(layer));
    let (start, end) = match (years, start, end) {
        (Some((start, end)), _, _) => (start, end),
        (None, Some(start), Some(end)) => (start.value, end.value),
        _ => {
            // A date that is wrong has its own finding.
            if !(given(|layer| layer.has_start) && given(|layer| layer.has_end)) {
                let finding = Finding::new("`calendar` with `start` and `end` is missing");
                findings.push(finding.help("calendar: ( start: 1890, end: 1920, ticks_per_year: 4 ),"));
            }
            return None;
        }
    };
    check_years(start, end, ticks_per_year)
        .map_err(|message| {
            let finding = span.map_or_else(|| Finding::new(&message), |span| Finding::at(span, &message));
            let help = "a tick is 1 / ticks_per_year of a year";
            findings.push(if end > start { finding.help(help) } else { finding });
        })
        .ok()
}

/// In a generated world no state is named.
fn no_codes<'a>(layers: &[&Layer<'a>], findings: &mut Vec<Finding>) -> Option<BTreeMap<&'a str, Span>> {
    let span = layers.iter().find_map(|layer| layer.generate_span).filter(|_| layers.iter().any(|layer| layer.has_states));
    let Some(span) = span else { return Some(BTreeMap::new()) };
    let finding = Finding::at(span, "the scenario has both `generate` and `states`");
    findings.push(
        finding.help("keep one: states are generated or listed; single numbers of a generated world are changed with --set"),
    );
    None
}

fn codes<'a>(layers: &[&Layer<'a>], findings: &mut Vec<Finding>) -> Option<BTreeMap<&'a str, Span>> {
    let mut codes = BTreeMap::new();
    for entry in layers.iter().flat_map(|layer| &layer.states) {
        codes.entry(entry.code.value).or_insert(entry.code.span);
    }
    if codes.is_empty() {
        // States that are wrong have their own findings.
        if layers.iter().all(|layer| !layer.has_states) {
            let finding = Finding::new("a scenario needs at least one state");
            findings.push(finding.help("states: { \"GBR\": (), \"GER\": () },"));
        }
        return None;
    }
    if codes.len() > MOST_STATES {
        let message = format!("the scenario has {} states; at most {MOST_STATES} are allowed in a file", codes.len());
        findings.push(Finding::new(message));
        return None;
    }
    Some(codes)
}

struct Builder<'f> {
    setup: Setup,
    slots: Slots,
    givens: Vec<Given>,
    dated: Vec<DatedGiven>,
    findings: &'f mut Vec<Finding>,
    /// Dates of the timeline may lie outside the calendar, since the calendar is not the file's own.
    any_date: bool,
}

impl Builder<'_> {
    /// Two states with the same number would share their draws.
    fn collisions(&mut self, codes: &BTreeMap<&str, Span>) {
        let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
        for state in 0..self.setup.states.len() {
            let Some(first) = seen.insert(self.setup.state_number(state), state) else { continue };
            let (first, second) = (&self.setup.states[first].code, &self.setup.states[state].code);
            let message = format!("the codes {} and {} have the same number in the draws of chance", quote(first), quote(second));
            let finding = codes.get(second.as_str()).map_or_else(|| Finding::new(&message), |span| Finding::at(*span, &message));
            self.findings.push(finding.help("rename one of the two; it happens to one pair of names in four billion"));
        }
    }

    /// Names and great powers.
    fn heads(&mut self, layers: &[&Layer<'_>]) -> Vec<String> {
        let mut names: Vec<String> = self.setup.states.iter().map(|state| state.code.clone()).collect();
        for entry in layers.iter().flat_map(|layer| &layer.states) {
            let Some(state) = self.setup.state(entry.code.value) else { continue };
            if let Some(name) = &entry.name {
                names[state].clone_from(name);
            }
            if let Some(great_power) = entry.great_power {
                self.setup.states[state].great_power = great_power;
            }
        }
        names
    }

    fn keep(&mut self, given: &Given) -> Slot {
        self.givens.push(given.clone());
        Slot::Given(self.givens.len() as u32 - 1)
    }

    fn defaults(&mut self, layers: &[&Layer<'_>]) {
        for layer in layers {
            for (field, given) in &layer.default_state {
                let slot = self.keep(given);
                for state in 0..self.setup.states.len() {
                    self.slots.set(Target::State(state, *field), slot);
                }
            }
            for (field, given) in &layer.default_pair {
                let slot = self.keep(given);
                for dyad in 0..self.setup.dyads.len() {
                    self.slots.set(Target::Dyad(dyad, *field), slot);
                }
            }
        }
    }

    /// Where the capitals lie.
    fn capitals(&self, layers: &[&Layer<'_>]) -> Vec<Option<(f64, f64)>> {
        let mut capitals = vec![None; self.setup.states.len()];
        for entry in layers.iter().flat_map(|layer| &layer.states) {
            if let (Some(state), Some(capital)) = (self.setup.state(entry.code.value), entry.capital) {
                capitals[state] = Some(capital);
            }
        }
        capitals
    }

    /// Distances between capitals, where both are given.
    fn distances(&mut self, capitals: &[Option<(f64, f64)>]) {
        let Some(field) = DyadInputs::position("distance") else { return };
        for position in 0..self.setup.dyads.len() {
            let dyad = &mut self.setup.dyads[position];
            if let (Some(from), Some(to)) = (capitals[dyad.from], capitals[dyad.to]) {
                dyad.inputs.distance = great_circle_km(from, to);
                self.slots.set(Target::Dyad(position, field), Slot::Capitals);
            }
        }
    }

    /// Numbers that the generated world has drawn replace defaults.
    fn generated(&mut self, generate: &Generate) {
        for (field, _) in &generate.draws {
            for state in 0..self.setup.states.len() {
                self.slots.set(Target::State(state, *field), Slot::Generated);
            }
        }
        let Some(field) = DyadInputs::position("distance") else { return };
        for dyad in 0..self.setup.dyads.len() {
            self.slots.set(Target::Dyad(dyad, field), Slot::Generated);
        }
    }

    fn numbers(&mut self, layer: &Layer<'_>) {
        for (group, field, given) in &layer.system {
            let slot = self.keep(given);
            self.slots.set(Target::System(*group, *field), slot);
        }
        for entry in &layer.states {
            let Some(state) = self.setup.state(entry.code.value) else { continue };
            for (field, given) in &entry.fields {
                let slot = self.keep(given);
                self.slots.set(Target::State(state, *field), slot);
            }
        }
        for (entries, both) in [(&layer.pairs, true), (&layer.dyads, false)] {
            for PairEntry { name, from, to, fields } in entries {
                if let Some((from, to)) = self.parties(from, to, name.span) {
                    if self.setup.dyad(from, to).is_none() {
                        let message = format!("{} are no neighbours in this world", quote(name.value));
                        let help = "in a generated world only neighbours make a pair";
                        self.findings.push(Finding::at(name.span, message).help(help));
                        continue;
                    }
                    self.pair(from, to, both, fields);
                }
            }
        }
    }

    fn pair(&mut self, from: usize, to: usize, both: bool, fields: &Fields) {
        let forth = self.setup.dyad(from, to);
        let back = if both { self.setup.dyad(to, from) } else { None };
        for (field, given) in fields {
            let slot = self.keep(given);
            for dyad in forth.iter().chain(&back) {
                self.slots.set(Target::Dyad(*dyad, *field), slot);
            }
        }
    }

    /// Positions of two states, or a finding for each that is unknown.
    fn parties(&mut self, from: &str, to: &str, span: Span) -> Option<(usize, usize)> {
        let from = self.state(from, span);
        let to = self.state(to, span);
        Some((from?, to?))
    }

    fn state(&mut self, code: &str, span: Span) -> Option<usize> {
        let found = self.setup.state(code);
        if found.is_none() {
            let help = advice(code, self.setup.states.iter().map(|state| state.code.as_str()));
            self.findings.push(Finding::at(span, format!("no state {} in this scenario", quote(code))).help(help));
        }
        found
    }

    /// What follows from the weapons that states hold, where the file says nothing else. A later layer re-arms a whole state.
    fn weapons(&mut self, layers: &[&Layer<'_>]) {
        let mut entries: BTreeMap<&str, &ArsenalEntry<'_>> = BTreeMap::new();
        for entry in layers.iter().flat_map(|layer| &layer.arsenals) {
            entries.insert(entry.code.value, entry);
        }
        let rows = layers.iter().flat_map(|layer| &layer.menu).map(|(name, span, row)| (*name, *span, row));
        let menu = Menu::new(rows, self.findings);
        if entries.is_empty() {
            return;
        }
        let entries: Vec<&ArsenalEntry<'_>> = entries.into_values().collect();
        for (path, given) in arsenals::derive(&self.setup, &menu, &entries, self.findings) {
            let targets = resolve(&self.setup, &path).unwrap_or_default();
            let free: Vec<Target> = targets.into_iter().filter(|target| self.slots.get(*target) == Slot::Default).collect();
            if !free.is_empty() {
                let slot = self.keep(&given);
                for target in free {
                    self.slots.set(target, slot);
                }
            }
        }
    }

    /// Writes the numbers of the file into the setup.
    fn apply(&mut self) {
        let filled: Vec<(Target, Slot)> = self.slots.filled().collect();
        let mut checked = vec![false; self.givens.len()];
        for (target, slot) in filled {
            let Slot::Given(position) = slot else { continue };
            let given = &self.givens[position as usize];
            match &given.values {
                Values::Constant(value) => set_initial(&mut self.setup, target, *value),
                Values::Series(points) => {
                    let track = Track { target, points: points.clone(), interpolation: interpolation(target) };
                    let initial = value_at(&track, self.setup.horizon.start);
                    if !std::mem::replace(&mut checked[position as usize], true) {
                        self.findings.extend(check_series(given, &track, &self.setup.horizon));
                    }
                    self.setup.set(target, initial.unwrap_or(given.specification.default));
                    self.setup.tracks.push(track);
                }
            }
        }
    }

    fn timeline(&mut self, layers: &[&Layer<'_>]) {
        let last = layers.iter().rev().find_map(|layer| layer.timeline.as_ref()).into_iter().flatten();
        let mut entries: Vec<&TimelineEntry<'_>> = last.chain(layers.iter().flat_map(|layer| &layer.added_to_timeline)).collect();
        entries.sort_by(|one, other| one.date.value.total_cmp(&other.date.value));
        let horizon = self.setup.horizon;
        let mut steps: BTreeMap<Target, Vec<(f64, f64)>> = BTreeMap::new();
        for entry in entries {
            let date = entry.date.value;
            let inside = date >= horizon.start && date <= horizon.end;
            if !inside && !self.any_date {
                let years = format!("{} to {}", figure(horizon.start), figure(horizon.end));
                let message = format!("the date {} lies outside the calendar, {years}", figure(date));
                self.findings.push(Finding::at(entry.date.span, message));
            }
            let mut crisis = None;
            if let Some((challenger, defender)) = entry.crisis {
                let first = self.state(challenger.value, challenger.span);
                let second = self.state(defender.value, defender.span);
                crisis = first.zip(second);
            }
            if inside {
                self.setup.incidents.push(Incident { date, what: entry.what.clone(), crisis });
            }
            for (path, node) in &entry.set {
                let Some(targets) = self.targets(*path) else { continue };
                let Some(first) = targets.first() else { continue };
                let specification = self.setup.specification(*first);
                let Some(mut given) = given::read(node, path.value, specification, self.findings) else { continue };
                let Values::Constant(value) = given.values else {
                    let finding = Finding::at(node.span, format!("{} is a series within the timeline", path.value));
                    self.findings.push(finding.help("a timeline sets one value at one date"));
                    continue;
                };
                if given.basis.source.is_none() {
                    given.basis.source.clone_from(&entry.source);
                }
                for target in &targets {
                    let points = steps.entry(*target).or_default();
                    if points.last().is_some_and(|(last, _)| *last == date) {
                        let message = format!("{} is set twice on one date", self.setup.path(*target));
                        self.findings.push(Finding::at(path.span, message).help("keep one of the two"));
                    } else {
                        points.push((date, value));
                    }
                }
                self.dated.push(DatedGiven { date, what: entry.what.clone(), targets, given });
            }
        }
        for (target, points) in steps {
            if self.setup.tracks.iter().any(|track| track.target == target) {
                let span = self.dated.iter().find(|dated| dated.targets.contains(&target)).map(|dated| dated.given.span);
                let message = format!("{} has both a series and a value in the timeline", self.setup.path(target));
                let finding = span.map_or_else(|| Finding::new(&message), |span| Finding::at(span, &message));
                self.findings.push(finding.help("keep the series, or give one value and let the timeline change it"));
                continue;
            }
            let track = Track { target, points, interpolation: Interpolation::Step };
            if let Some(initial) = value_at(&track, horizon.start) {
                self.setup.set(target, initial);
            }
            self.setup.tracks.push(track);
        }
        self.setup.tracks.sort_by_key(|track| track.target);
    }

    fn targets(&mut self, path: Placed<&str>) -> Option<Vec<Target>> {
        let found = resolve(&self.setup, path.value);
        found.map_err(|(message, help)| self.findings.push(Finding::at(path.span, message).help(help))).ok()
    }

    fn without(&mut self, layers: &[&Layer<'_>]) {
        let Some(names) = layers.iter().rev().find_map(|layer| layer.without.as_ref()) else { return };
        let known = mechanism_names();
        for name in names {
            if known.contains(&name.value) {
                self.setup.without.insert(name.value.to_string());
            } else {
                let help = advice(name.value, known.iter().copied());
                self.findings.push(Finding::at(name.span, format!("no mechanism {}", quote(name.value))).help(help));
            }
        }
    }
}

fn interpolation(target: Target) -> Interpolation {
    match target {
        Target::State(_, StateInputs::OUTPUT) => Interpolation::Geometric,
        _ => Interpolation::Linear,
    }
}

fn check_series(given: &Given, track: &Track, horizon: &Horizon) -> Option<Finding> {
    let (first, last) = (horizon.start - SERIES_MARGIN_YEARS, horizon.end + SERIES_MARGIN_YEARS);
    if let Some((date, _)) = track.points.iter().find(|(date, _)| *date < first || *date > last) {
        let years = format!("{} to {}", figure(horizon.start), figure(horizon.end));
        let message = format!("the date {} of {} is far outside the calendar, {years}", figure(*date), given.path);
        let help = format!("a series may reach {SERIES_MARGIN_YEARS} years past either end");
        return Some(Finding::at(given.span, message).help(help));
    }
    let highest = given.basis.range.map_or(1.0, |(_, high)| high);
    let end = value_at(track, horizon.end)? * highest;
    if given.specification.allows(end) {
        return None;
    }
    let message = format!("{} grows to {} by {}", given.path, rounded(end), figure(horizon.end));
    let help = format!("past its last point it grows as between the last two; allowed: {}", range(given.specification));
    Some(Finding::at(given.span, message).help(help))
}

/// The message and the advice where a value is not allowed at a target.
pub(crate) fn check_value(path: &str, value: f64, setup: &Setup, target: Target) -> Result<(), (String, String)> {
    let specification = setup.specification(target);
    if specification.allows(value) { Ok(()) } else { Err((outside(path, value, specification), explain(specification))) }
}
