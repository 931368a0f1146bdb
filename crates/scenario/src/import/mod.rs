//! A scenario from a user's own Correlates of War files: National Material Capabilities, Direct Contiguity, alliances.
//!
//! Files to tables with places (`table`), tables to what held in a year (`capabilities`, `contiguity`, `alliances`), that to numbers
//! by rules that are judgements (`rules`), numbers to a commented RON file (`write`), which is read back before it is handed out.

mod alliances;
mod capabilities;
mod contiguity;
mod rules;
mod states;
mod table;
mod write;

use std::path::Path;

use alliances::Alliances;
use capabilities::{Capabilities, Means};
use contiguity::Contiguity;
use states::Seat;
use table::{Kind, Source};

use crate::syntax::problem::{Error, Finding};
use crate::syntax::words::quote;
use crate::world::overrides::Overrides;

const KINDS: &[Kind] = &[capabilities::KIND, contiguity::BY_YEAR, contiguity::BY_SPELL, alliances::COW, alliances::ATOP];

/// Years that a written scenario lasts.
pub const YEARS: i32 = 20;

/// Number of a state in the Correlates of War list, by its code in scenarios or by its abbreviation in that list: 200 for `GBR` and for
/// `UKG`. `None` where the list has no such state.
#[must_use]
pub fn cow_number(code: &str) -> Option<u16> {
    states::number_of(code)
}

/// What a user asks for.
#[derive(Debug, Clone, Copy)]
pub struct CowRequest<'a> {
    /// National Material Capabilities, version 5, 6 or 7.
    pub nmc: &'a Path,
    /// Direct Contiguity 3.2, by dyad-year or by spell.
    pub contiguity: &'a Path,
    /// COW or ATOP alliances by dyad-year.
    pub alliances: Option<&'a Path>,
    /// Year in which the scenario begins.
    pub year: i32,
    /// States by code, abbreviation, number or name; none means the great powers of the year, `all` every state of the year
    /// whose numbers are complete.
    pub states: &'a [String],
    /// Name of the scenario, for messages and comments.
    pub name: &'a str,
}

/// A written scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The file: valid, commented RON.
    pub text: String,
    /// Codes of its states.
    pub states: Vec<String>,
    /// What the user should know: states left out, years without alliances.
    pub notes: Vec<String>,
}

/// A state of the scenario to be written.
#[derive(Debug, Clone)]
struct Member {
    number: u16,
    seat: &'static Seat,
    means: Means,
}

/// Makes a scenario from files.
///
/// # Errors
/// Everything that is wrong with the files or the request, with file, row and column.
pub fn cow(request: &CowRequest<'_>) -> Result<Imported, Error> {
    let nmc = Source::read(request.nmc)?;
    let contiguity = Source::read(request.contiguity)?;
    let alliances = request.alliances.map(Source::read).transpose()?;
    let year = request.year;
    let capabilities = Capabilities::read(&nmc, KINDS)?;
    if !capabilities.has_year(year) {
        let (first, last) = capabilities.years();
        let finding = Finding::new(format!("no row of {year}: the years of the file are {first} to {last}"));
        return Err(nmc.error(vec![finding.help(format!("choose a --year from {first} to {last}"))]));
    }
    let mut notes = Vec::new();
    let members = members(request, &nmc, &capabilities, &mut notes)?;
    let contiguity = Contiguity::read(&contiguity, year, KINDS)?;
    let numbers: Vec<u16> = members.iter().map(|member| member.number).collect();
    let alliances = match &alliances {
        None => None,
        Some(source) => {
            let alliances = Alliances::read(source, &numbers, KINDS)?;
            let (first, last) = alliances.years;
            if !(first..=last).contains(&year) {
                let finding = Finding::new(format!("no row of {year}: the years of the file are {first} to {last}"));
                return Err(source.error(vec![finding.help(format!("choose a --year from {first} to {last}, or leave it out"))]));
            }
            if last < year + YEARS {
                notes.push(format!("the file of alliances ends in {last}: the alliances of {last} are kept for the later years"));
            }
            Some(alliances)
        }
    };
    let world = write::World { request, capabilities: &capabilities, members: &members, contiguity, alliances };
    let text = world.text();
    // The result must load. If it does not, this is a fault of the program, and the message reports it.
    crate::world::load::parse(&text, &format!("{}.ron", request.name), &Overrides::default())?;
    Ok(Imported { text, states: members.iter().map(|member| member.seat.code.to_string()).collect(), notes })
}

/// Military expenditure of a state in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Spending {
    /// Code of the state, as it was asked for.
    pub state: String,
    /// Year.
    pub year: i32,
    /// Thousands of the file's currency: pounds to 1913, dollars from 1914. Only shares within one year can be compared.
    pub thousands: f64,
}

/// Military expenditure of states from National Material Capabilities, for the years of `first..=last` that the file has. States that
/// are in no list and cells that are missing are left out.
///
/// # Errors
/// What is wrong with the file, with row and column.
pub fn spending(nmc: &Path, codes: &[String], (first, last): (i32, i32)) -> Result<Vec<Spending>, Error> {
    let source = Source::read(nmc)?;
    let capabilities = Capabilities::read(&source, KINDS)?;
    let (mut found, mut findings) = (Vec::new(), Vec::new());
    for code in codes {
        let Ok(number) = states::named(code) else { continue };
        for year in first..=last {
            match capabilities.spending(number, year) {
                Ok(Some(thousands)) => found.push(Spending { state: code.clone(), year, thousands }),
                Ok(None) => {}
                Err(finding) => findings.push(finding),
            }
        }
    }
    if findings.is_empty() { Ok(found) } else { Err(source.error(findings)) }
}

fn members(
    request: &CowRequest<'_>,
    nmc: &Source,
    capabilities: &Capabilities<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Member>, Error> {
    let year = request.year;
    let all = request.states.iter().any(|state| state.eq_ignore_ascii_case("all"));
    let mut numbers: Vec<u16> = Vec::new();
    let mut unknown = Vec::new();
    if all {
        numbers = capabilities.states(year);
    } else if request.states.is_empty() {
        numbers.extend(capabilities.states(year).iter().filter(|number| states::great_power(**number, year)));
    }
    for text in request.states.iter().filter(|_| !all) {
        match states::named(text) {
            Ok(number) if numbers.contains(&number) => unknown.push(Finding::new(format!("{} is named twice", quote(text)))),
            Ok(number) => numbers.push(number),
            Err(finding) => unknown.push(finding),
        }
    }
    if !unknown.is_empty() {
        return Err(Error::new("--states", "", unknown));
    }
    let date = f64::from(year);
    let (mut members, mut findings) = (Vec::new(), Vec::new());
    for number in numbers {
        let Some(seat) = states::at(number, date) else {
            notes.push(format!("state {number} has no known capital: left out"));
            continue;
        };
        match capabilities.means(number, year) {
            Some(Ok(means)) => members.push(Member { number, seat, means }),
            Some(Err(_)) if all => notes.push(format!("{} ({}) has missing cells in {year}: left out", seat.name, seat.code)),
            Some(Err(wrong)) => findings.extend(wrong),
            None => {
                let message = format!("no row of {} ({}, number {number}) in {year}", seat.name, seat.abbreviation);
                findings.push(Finding::new(message).help(match capabilities.span(number) {
                    Some((first, last)) => format!("the file has it from {first} to {last}"),
                    None => "the file has no row for this state".to_string(),
                }));
            }
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
    members.sort_by_key(|member| member.seat.code);
    Ok(members)
}
