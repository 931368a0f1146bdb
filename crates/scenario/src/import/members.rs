//! Which states a scenario has, what each of them had, and how long the world lasts.

use std::collections::BTreeMap;

use spiral_model::Setup;
use spiral_model::mechanisms::Switches;
use spiral_model::world::kept_dyads;

use super::capabilities::{Capabilities, called};
use super::economy::{Economy, Output};
use super::filling::{self, Means};
use super::habit::{Habit, habit};
use super::notes::{Note, counted};
use super::source::Source;
use super::states::{self, Seat};
use super::{CowRequest, Extras, YEARS, rules, warheads};

use crate::syntax::problem::{Error, Finding};
use crate::syntax::words::quote;

/// A state of the scenario to be written.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) number: u16,
    pub(crate) seat: &'static Seat,
    /// Latitude and longitude of the capital, degrees, and its name.
    pub(crate) place: (f64, f64),
    pub(crate) city: String,
    pub(crate) great: bool,
    pub(crate) means: Means,
    pub(crate) output: Output,
    pub(crate) habit: Habit,
    /// The last year in which it is there, where it ends within the years of the scenario and that is known.
    pub(crate) ends: Option<i32>,
}

/// The states that a request names, each with what it had.
pub(crate) fn members(
    request: &CowRequest<'_>,
    nmc: &Source,
    economy: &Economy<'_>,
    extras: &Extras,
    notes: &mut Vec<Note>,
) -> Result<Vec<Member>, Error> {
    let year = request.year;
    let capabilities = economy.capabilities;
    let all = is_all(request);
    let numbers = numbers(request, capabilities)?;
    let (mut members, mut findings) = (Vec::new(), Vec::new());
    let (mut filled, mut left_out, mut without_capital) = (Vec::new(), Vec::new(), Vec::new());
    for number in numbers {
        let Some(seat) = states::at(number, f64::from(year)) else {
            without_capital.push(format!("number {number}"));
            continue;
        };
        if !capabilities.has(number, year) {
            findings.push(absent(capabilities, number, year, seat));
            continue;
        }
        match filling::means(capabilities, number, year, request.missing, !economy.in_file(number, year)) {
            Ok(means) => {
                filled.extend(means.filled().into_iter().map(|(what, how)| format!("{} {what} {how}", seat.code)));
                members.push(member(request, economy, extras, number, seat, means));
            }
            // A cell that is wrong is a fault of the file; one that is missing is not.
            Err(wrong) if all && wrong.iter().all(|(column, _)| is_missing(capabilities, number, year, *column)) => {
                let cells: Vec<&str> = wrong.iter().map(|(column, _)| called(*column)).collect();
                left_out.push(format!("{} ({})", seat.code, cells.join(", ")));
            }
            Err(wrong) => findings.extend(wrong.into_iter().map(|(_, finding)| finding)),
        }
    }
    if !findings.is_empty() {
        return Err(nmc.error(findings));
    }
    if members.len() < 2 {
        let finding =
            Finding::new(format!("{} of the states asked for can be used in {year}; a scenario needs two", members.len()));
        return Err(nmc.error(vec![finding.help("name them: --states GBR,FRA,GER, or --states all")]));
    }
    let summaries: [(&str, Vec<String>); 3] = [
        ("missing cells that were filled, each a judgement with a range", filled),
        ("states left out, because a cell is missing and no year near has it", left_out),
        ("states left out, because no capital is known", without_capital),
    ];
    for (what, cases) in summaries.into_iter().filter(|(_, cases)| !cases.is_empty()) {
        notes.push(Note::of(&format!("{} {what}", cases.len()), cases));
    }
    let only_war = members.iter().filter(|member| member.habit.only_war).map(|member| member.seat.code.to_string());
    let only_war: Vec<String> = only_war.collect();
    if !only_war.is_empty() {
        notes.push(Note::of(
            "at war in all of the last 15 years of the file, so that the lowest burden counts as habit",
            only_war,
        ));
    }
    members.sort_by_key(|member| member.seat.code);
    Ok(members)
}

fn is_all(request: &CowRequest<'_>) -> bool {
    request.states.iter().any(|state| state.eq_ignore_ascii_case("all"))
}

fn is_missing(capabilities: &Capabilities<'_>, number: u16, year: i32, column: usize) -> bool {
    matches!(capabilities.cell(number, year, column), Ok(None))
}

fn numbers(request: &CowRequest<'_>, capabilities: &Capabilities<'_>) -> Result<Vec<u16>, Error> {
    let year = request.year;
    if is_all(request) {
        return Ok(capabilities.states(year));
    }
    if request.states.is_empty() {
        return Ok(capabilities.states(year).into_iter().filter(|number| states::great_power(*number, year)).collect());
    }
    let (mut numbers, mut unknown): (Vec<u16>, Vec<Finding>) = (Vec::new(), Vec::new());
    for text in request.states {
        match states::named(text) {
            Ok(number) if numbers.contains(&number) => unknown.push(Finding::new(format!("{} is named twice", quote(text)))),
            Ok(number) => numbers.push(number),
            Err(finding) => unknown.push(finding),
        }
    }
    if unknown.is_empty() { Ok(numbers) } else { Err(Error::new("--states", "", unknown)) }
}

/// What is said of a state that has no row in a year.
fn absent(capabilities: &Capabilities<'_>, number: u16, year: i32, seat: &Seat) -> Finding {
    let message = format!("no row of {} ({}, number {number}) in {year}", seat.name, seat.abbreviation);
    let finding = Finding::new(message);
    let spells = capabilities.spells(number);
    let finding = match spells.as_slice() {
        [] => finding.help("the file has no row for this state"),
        [(first, last)] => finding.help(format!("the file has it from {first} to {last}")),
        several => {
            let known: Vec<String> = several.iter().map(|(first, last)| format!("{first} to {last}")).collect();
            let finding =
                finding.help(format!("the file has it from {}; the years between are missing", known.join(" and from ")));
            finding.help(
                "choose a --year in which it is there, or leave it out of --states: the file counts no occupied or divided state",
            )
        }
    };
    let Some(parts) = states::parts(number, year) else { return finding };
    let there = parts.iter().filter(|part| capabilities.has(**part, year));
    let named: Vec<String> = there
        .filter_map(|part| states::at(*part, f64::from(year)))
        .map(|part| format!("{} ({})", part.code, part.name))
        .collect();
    if named.is_empty() { finding } else { finding.help(format!("in {year} there are in its place {}", named.join(" and "))) }
}

fn member(
    request: &CowRequest<'_>,
    economy: &Economy<'_>,
    extras: &Extras,
    number: u16,
    seat: &'static Seat,
    means: Means,
) -> Member {
    let year = request.year;
    let output = economy.output(number, year, means.people.value, means.energy.value);
    let now = rules::burden(means.spending.value, output.value, means.people.value, year);
    let habit = habit(economy, extras.wars.as_ref(), number, year, now);
    let capital = extras.capitals.as_ref().and_then(|capitals| capitals.of(number, year));
    let (place, city) = match capital {
        Some(capital) if capital.city.is_empty() => (capital.place, seat.city.to_string()),
        Some(capital) => (capital.place, capital.city.clone()),
        None => (seat.place, seat.city.to_string()),
    };
    let listed = extras.membership.as_ref().and_then(|members| members.ends(number, year));
    let ends = listed.or_else(|| economy.capabilities.ends(number, year).map(|(last, _)| last));
    // What comes after `as_of` is not known.
    let ends = ends.filter(|last| request.as_of.is_none() && *last < year + YEARS);
    Member { number, seat, place, city, great: states::great_power(number, year), means, output, habit, ends }
}

/// The last year of the scenario: no later than the end of a state that the user named, or of a great power.
pub(crate) fn horizon(
    request: &CowRequest<'_>,
    members: &[Member],
    capabilities: &Capabilities<'_>,
    notes: &mut Vec<Note>,
) -> i32 {
    let year = request.begins.unwrap_or(request.year);
    let last = year + YEARS;
    let all = is_all(request);
    let weighty = |member: &&Member| !all || member.great;
    let first = members.iter().filter(weighty).filter_map(|member| Some((member.ends?, member))).min_by_key(|(ends, _)| *ends);
    let end = first.map_or(last, |(ends, _)| (ends + 1).clamp(year + 1, last));
    if let Some((ends, member)) = first {
        let name = member.seat.name;
        notes.push(Note::new(format!(
            "{name} ({}) ends in {ends}: the scenario ends with {end}, because states do not come and go in the simulation",
            member.seat.code
        )));
    }
    let others = members.iter().filter(|member| member.ends.is_some_and(|ends| ends + 1 < end));
    let others: Vec<String> =
        others.filter_map(|member| member.ends.map(|ends| format!("{} ({ends})", member.seat.code))).collect();
    if !others.is_empty() {
        notes.push(Note::of("states that end earlier, and live on in the simulation", others));
    }
    if request.as_of.is_none() && (all || request.states.is_empty()) {
        let later: BTreeMap<u16, i32> = capabilities.first_years();
        let entering = later
            .into_iter()
            .filter(|(number, first)| *first > year && *first < end && (all || states::great_power(*number, *first)));
        let entering: Vec<String> = entering
            .filter_map(|(number, first)| Some(format!("{} ({first})", states::at(number, f64::from(first))?.code)))
            .collect();
        if !entering.is_empty() {
            notes.push(Note::of("states that the file has only later, and that the world does not have", entering));
        }
    }
    end
}

/// Pairs that are so far apart that the model does not simulate them, by codes in order.
pub(crate) fn out_of_reach(setup: &Setup) -> Vec<(String, String)> {
    let mut kept = vec![false; setup.dyads.len()];
    for dyad in kept_dyads(setup, &Switches::without(&setup.without)) {
        kept[dyad] = true;
    }
    let far = setup.dyads.iter().zip(kept).filter(|(dyad, kept)| dyad.from < dyad.to && !kept);
    let code = |state: usize| setup.states[state].code.clone();
    far.map(|(dyad, _)| (code(dyad.from), code(dyad.to))).collect()
}

/// What is said of the pairs that are out of reach.
pub(crate) fn note_of_dropped(dropped: &[(String, String)], members: &[Member]) -> Option<Note> {
    if dropped.is_empty() {
        return None;
    }
    let pairs = members.len() * (members.len() - 1) / 2;
    let names: Vec<String> = dropped.iter().map(|(one, other)| format!("{one}-{other}")).collect();
    let count = counted(dropped.len(), "pair is", "pairs are");
    let what =
        format!("{count} out of each other's reach and not simulated, of {pairs} (geography.negligible = 0 simulates all)");
    Some(Note::of(&what, names))
}

/// What is said of states whose warheads are in no table here.
pub(crate) fn note_of_warheads(members: &[Member], end: i32) -> Option<Note> {
    let unknown = members.iter().filter(|member| warheads::unknown(member.number, end));
    let unknown: Vec<String> = unknown.map(|member| member.seat.code.to_string()).collect();
    let what = "states with nuclear warheads whose number the program does not know; give states.CODE.warheads";
    (!unknown.is_empty()).then(|| Note::of(what, unknown))
}
