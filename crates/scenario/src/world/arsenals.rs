//! Who holds which weapons, and what follows: balance, first-strike factor and distinguishability of the world, survivable share,
//! nuclear share and interception of each state. Numbers that the scenario gives itself are not changed.
//!
//! At every date that any state names, the numbers are computed from the shares of all states; between dates they are interpolated
//! linearly. The range of what follows is the widest move that one judgement, of a weapon or of a share, makes alone.

use std::collections::BTreeMap;

use spiral_model::setup::Setup;
use spiral_model::specification::{Group, Specification};
use spiral_model::weapons::{Arsenal, Weapon};

use crate::syntax::problem::{Finding, Placed, Span};
use crate::syntax::reader;
use crate::syntax::text::{Kind, Node};
use crate::syntax::words::{figure, quote, rounded};
use crate::world::given::{self, Basis, Given, Values};
use crate::world::paths::resolve;
use crate::world::weapons::{Menu, weapon};

static SHARE: Specification = Specification {
    name: "share",
    symbol: "h",
    unit: "share of arms spending",
    low: 0.0,
    high: 1.0,
    default: 0.0,
    judged: None,
    meaning: "Share of arms spending that goes into the weapon.",
};

/// How far shares may be from a sum of 1.
const SLACK: f64 = 1e-6;

/// What a state holds, as a file gives it.
#[derive(Debug)]
pub(crate) struct ArsenalEntry<'a> {
    pub(crate) code: Placed<&'a str>,
    /// By rising date; one without a date where it never changes.
    holdings: Vec<Holding<'a>>,
}

#[derive(Debug)]
struct Holding<'a> {
    date: Option<f64>,
    shares: Vec<(Placed<&'a str>, Given)>,
}

/// Reads the group by state.
pub(crate) fn read<'a>(node: &'a Node, findings: &mut Vec<Finding>) -> Vec<ArsenalEntry<'a>> {
    let mut entries = Vec::new();
    for (key, node) in reader::entries(node, "weapons", findings) {
        let path = format!("weapons.{}", key.name);
        let code = Placed { value: key.name.as_str(), span: key.span };
        let holdings = match &node.kind {
            Kind::List(list) => dated(list, &path, findings),
            Kind::Map(_) => vec![Holding { date: None, shares: shares(node, &path, findings) }],
            _ => {
                let wanted = "shares by weapon, `{ \"icbm\": 0.6, \"slbm\": 0.4 }`, or a list of them by date";
                findings.push(reader::wrong(node, &path, wanted));
                continue;
            }
        };
        entries.push(ArsenalEntry { code, holdings });
    }
    entries
}

fn dated<'a>(list: &'a [Node], path: &str, findings: &mut Vec<Finding>) -> Vec<Holding<'a>> {
    let example = "( date: 1960, shares: { \"bomber\": 0.7, \"icbm\": 0.3 } )";
    let mut holdings: Vec<Holding<'a>> = Vec::new();
    if list.is_empty() {
        findings.push(Finding::new(format!("{path} is an empty list")).help(format!("write {example}, or leave the state out")));
    }
    for node in list {
        let (mut date, mut held) = (None, None);
        let before = findings.len();
        for (key, node) in reader::fields(node, path, &["date", "shares"], findings) {
            if key.name == "date" {
                date = reader::date(node, &format!("a date of {path}"), findings);
            } else {
                held = Some(shares(node, path, findings));
            }
        }
        let (Some(at), Some(shares)) = (date, held) else {
            if findings.len() == before {
                findings.push(
                    Finding::at(node.span, format!("an entry of {path} needs `date` and `shares`"))
                        .help(format!("write {example}")),
                );
            }
            continue;
        };
        if let Some(last) = holdings.last().and_then(|holding| holding.date)
            && at <= last
        {
            let message = format!("the dates of {path} do not rise: {} after {}", figure(at), figure(last));
            findings.push(Finding::at(node.span, message).help("put the entries in order of date, each date once"));
            continue;
        }
        holdings.push(Holding { date: Some(at), shares });
    }
    holdings
}

fn shares<'a>(node: &'a Node, path: &str, findings: &mut Vec<Finding>) -> Vec<(Placed<&'a str>, Given)> {
    let before = findings.len();
    let mut shares = Vec::new();
    for (key, node) in reader::entries(node, &format!("the shares of {path}"), findings) {
        let Some(given) = given::read(node, &format!("{path}.{}", key.name), &SHARE, findings) else { continue };
        if let Values::Series(_) = given.values {
            let finding = Finding::at(node.span, format!("{path}.{} is a series", key.name));
            findings.push(finding.help("write the state's arsenal as a list: [ ( date: 1950, shares: { … } ), … ]"));
            continue;
        }
        shares.push((Placed { value: key.name.as_str(), span: key.span }, given));
    }
    let sum: f64 = shares.iter().map(|(_, given)| value(given)).sum();
    if findings.len() == before && (sum - 1.0).abs() > SLACK {
        let message = format!("the shares of {path} add up to {}; they must add up to 1", rounded(sum));
        findings.push(Finding::at(node.span, message).help("a share is a part of what the state spends on arms"));
    }
    shares
}

fn value(given: &Given) -> f64 {
    match given.values {
        Values::Constant(value) => value,
        Values::Series(_) => given.specification.default,
    }
}

/// A judgement moved to a bound.
#[derive(Clone, Copy)]
enum Dial {
    Weapon(usize, usize, f64),
    Share(usize, usize, usize, f64),
}

/// A share of a state's spending on a weapon: position of the weapon, value, range.
type Share = (usize, f64, Option<(f64, f64)>);

/// One state's holdings by date.
struct Held {
    state: usize,
    span: Span,
    /// Date, and shares by weapon.
    by_date: Vec<(Option<f64>, Vec<Share>)>,
}

/// Everything that is held, with the rows that it is made of.
struct Store {
    #[expect(clippy::type_complexity, reason = "a list of holders, each a position and two shares")]
    weapons: Vec<(Weapon, Vec<(usize, f64, f64)>)>,
    held: Vec<Held>,
    dates: Vec<f64>,
    /// Whether every number has a source or a judgement.
    founded: bool,
}

const SYSTEM: [&str; 4] =
    ["technology.balance", "technology.first_strike", "technology.distinguishability", "deterrence.warhead_price"];
const STATE: [&str; 3] = ["survivable_share", "nuclear_share", "interception"];

/// What follows at each date; NaN where it does not.
struct Derived {
    system: [Vec<f64>; 4],
    states: Vec<[Vec<f64>; 3]>,
}

impl Store {
    fn arsenal(&self, holder: usize, date: f64, dial: Option<Dial>) -> Arsenal {
        let held = &self.held[holder];
        let share = |at: usize, weapon: usize| -> f64 {
            let found = held.by_date[at].1.iter().position(|(position, ..)| *position == weapon);
            found.map_or(0.0, |position| match dial {
                Some(Dial::Share(h, d, p, value)) if (h, d, p) == (holder, at, position) => value,
                _ => held.by_date[at].1[position].1,
            })
        };
        let after = held.by_date.partition_point(|(at, _)| at.is_none_or(|at| at <= date));
        let last = held.by_date.len() - 1;
        let (from, to) = (after.saturating_sub(1).min(last), after.min(last));
        let weight = match (held.by_date[from].0, held.by_date[to].0) {
            (Some(a), Some(b)) if b > a && date > a => (date - a) / (b - a),
            _ => 0.0,
        };
        let weapons = self.weapons.iter().enumerate().map(|(position, (weapon, _))| {
            let mut weapon = *weapon;
            if let Some(Dial::Weapon(which, field, value)) = dial
                && which == position
            {
                weapon.set(field, value);
            }
            (weapon, (1.0 - weight) * share(from, position) + weight * share(to, position))
        });
        Arsenal::of(weapons.filter(|(_, share)| *share > 0.0).collect())
    }

    fn derive(&self, dial: Option<Dial>) -> Derived {
        let mut derived = Derived { system: Default::default(), states: self.held.iter().map(|_| Default::default()).collect() };
        for &date in &self.dates {
            let arsenals: Vec<Arsenal> = (0..self.held.len()).map(|holder| self.arsenal(holder, date, dial)).collect();
            let all = Arsenal::pooled(&arsenals);
            let system = [all.balance(), all.first_strike(), all.distinguishability(), all.warhead_price().unwrap_or(f64::NAN)];
            for (values, value) in derived.system.iter_mut().zip(system) {
                values.push(value);
            }
            for (values, arsenal) in derived.states.iter_mut().zip(&arsenals) {
                let of = [arsenal.survivable_share().unwrap_or(f64::NAN), arsenal.nuclear_share(), arsenal.interception()];
                for (values, value) in values.iter_mut().zip(of) {
                    values.push(value);
                }
            }
        }
        derived
    }

    fn dials(&self) -> Vec<Dial> {
        let mut dials = Vec::new();
        for (position, (_, judged)) in self.weapons.iter().enumerate() {
            for &(field, low, high) in judged {
                dials.extend([Dial::Weapon(position, field, low), Dial::Weapon(position, field, high)]);
            }
        }
        for (holder, held) in self.held.iter().enumerate() {
            for (at, (_, shares)) in held.by_date.iter().enumerate() {
                for (position, (_, _, range)) in shares.iter().enumerate() {
                    let bounds = range.iter().flat_map(|(low, high)| [*low, *high]);
                    dials.extend(bounds.map(|value| Dial::Share(holder, at, position, value)));
                }
            }
        }
        dials
    }

    /// A number that follows: its values by date, and its range from the values under each dial.
    fn given(
        &self,
        path: String,
        specification: &'static Specification,
        span: Span,
        values: &[f64],
        moved: &[&[f64]],
    ) -> Option<Given> {
        let allowed = |value: f64| value.clamp(specification.low, specification.high);
        let known: Vec<usize> = (0..values.len()).filter(|&at| !values[at].is_nan()).collect();
        let first = *known.first()?;
        let constant = known.iter().all(|&at| values[at] == values[first]);
        let mut range: Option<(f64, f64)> = None;
        let mut widen = |value: f64| {
            let (low, high) = range.unwrap_or((value, value));
            range = Some((low.min(value), high.max(value)));
        };
        let given = |values, range: Option<(f64, f64)>| {
            let why = "follows from the weapons held; the range is the widest move that one judgement of the menu makes alone";
            let basis = if !self.founded {
                Basis::default()
            } else if range.is_some() {
                Basis { range, why: Some(why.to_string()), source: None }
            } else {
                Basis { source: Some("follows from the weapons held".to_string()), ..Basis::default() }
            };
            Given { path, span, specification, values, basis }
        };
        if constant {
            let value = allowed(values[first]);
            widen(value);
            for moved in moved {
                for &at in known.iter().filter(|&&at| !moved[at].is_nan()) {
                    widen(allowed(moved[at]));
                }
            }
            return Some(given(Values::Constant(value), range.filter(|(low, high)| low < high)));
        }
        let points: Vec<(f64, f64)> = known.iter().map(|&at| (self.dates[at], allowed(values[at]))).collect();
        let largest = points.iter().map(|point| point.1).fold(0.0, f64::max);
        let smallest = points.iter().map(|point| point.1).filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
        widen(1.0);
        for moved in moved {
            for &at in known.iter().filter(|&&at| values[at] > 0.0 && moved[at].is_finite()) {
                // The whole series is multiplied, and must stay what it may be.
                widen(
                    (moved[at] / values[at])
                        .clamp((specification.low / smallest).min(1.0), (specification.high / largest).max(1.0)),
                );
            }
        }
        Some(given(Values::Series(points), range.filter(|(low, high)| low < high)))
    }
}

/// What follows from the weapons that states hold: path and number, states that follow in the order of the setup.
pub(crate) fn derive(
    setup: &Setup,
    menu: &Menu,
    entries: &[&ArsenalEntry<'_>],
    findings: &mut Vec<Finding>,
) -> Vec<(String, Given)> {
    let before = findings.len();
    let store = store(setup, menu, entries, findings);
    if findings.len() > before || store.held.is_empty() {
        return Vec::new();
    }
    let found = store.derive(None);
    let moved: Vec<Derived> = store.dials().into_iter().map(|dial| store.derive(Some(dial))).collect();
    let mut numbers = Vec::new();
    let mut note = |path: String, span: Span, values: &[f64], moved: Vec<&[f64]>| {
        let Ok(targets) = resolve(setup, &path) else { return };
        let Some(target) = targets.first() else { return };
        numbers.extend(store.given(path.clone(), setup.specification(*target), span, values, &moved).map(|given| (path, given)));
    };
    let place = store.held[0].span;
    for (position, path) in SYSTEM.iter().enumerate() {
        note((*path).to_string(), place, &found.system[position], moved.iter().map(|m| m.system[position].as_slice()).collect());
    }
    for (holder, held) in store.held.iter().enumerate() {
        let code = &setup.states[held.state].code;
        for (position, field) in STATE.iter().enumerate() {
            let values = &found.states[holder][position];
            if values.iter().all(|value| value.is_nan() || *value == 0.0) {
                continue;
            }
            let moved = moved.iter().map(|m| m.states[holder][position].as_slice()).collect();
            note(format!("states.{code}.{field}"), held.span, values, moved);
        }
    }
    // A state without a given belief believes the truth.
    for state in &setup.states {
        let path = format!("states.{}.perceived_balance", state.code);
        note(path, place, &found.system[0], moved.iter().map(|m| m.system[0].as_slice()).collect());
    }
    numbers
}

fn store(setup: &Setup, menu: &Menu, entries: &[&ArsenalEntry<'_>], findings: &mut Vec<Finding>) -> Store {
    let mut founded = true;
    let mut names: Vec<&str> = Vec::new();
    let mut by_state: BTreeMap<usize, Held> = BTreeMap::new();
    for entry in entries {
        let Some(state) = setup.state(entry.code.value) else {
            let help = crate::syntax::words::advice(entry.code.value, setup.states.iter().map(|state| state.code.as_str()));
            findings
                .push(Finding::at(entry.code.span, format!("no state {} in this scenario", quote(entry.code.value))).help(help));
            continue;
        };
        let mut by_date = Vec::new();
        for holding in &entry.holdings {
            let mut shares = Vec::new();
            for (name, given) in &holding.shares {
                if !menu.rows.contains_key(name.value) {
                    let finding = Finding::at(name.span, format!("no weapon {} on the menu", quote(name.value)));
                    findings.push(finding.help(menu.advice(name.value)));
                    continue;
                }
                founded &= !given.basis.is_bare();
                let position = names.iter().position(|known| *known == name.value).unwrap_or_else(|| {
                    names.push(name.value);
                    names.len() - 1
                });
                shares.push((position, value(given), given.basis.range));
            }
            by_date.push((holding.date, shares));
        }
        if !by_date.is_empty() {
            by_state.insert(state, Held { state, span: entry.code.span, by_date });
        }
    }
    let weapons = names
        .iter()
        .map(|name| {
            let fields = &menu.rows[*name];
            founded &= fields.iter().all(|(_, given)| !given.basis.is_bare());
            let judged = fields.iter().filter_map(|(field, given)| given.basis.range.map(|(low, high)| (*field, low, high)));
            (weapon(fields), judged.collect())
        })
        .collect();
    let held: Vec<Held> = by_state.into_values().collect();
    let mut dates: Vec<f64> = held.iter().flat_map(|held| held.by_date.iter().filter_map(|(date, _)| *date)).collect();
    if dates.is_empty() {
        dates.push(setup.horizon.start);
    }
    dates.sort_by(f64::total_cmp);
    dates.dedup();
    Store { weapons, held, dates, founded }
}
