//! A scenario from a user's own files: National Material Capabilities, Direct Contiguity, alliances, and more where they are given.
//!
//! Files to tables with places (`source`, `table`), recognised by their columns (`kinds`, `folder`), tables to what held in a year
//! (`capabilities`, `contiguity`, `alliances`, `events`, `places`, `economy`), gaps filled (`filling`), that to numbers by rules that are
//! judgements (`rules`, `projection`, `warheads`), numbers to a commented RON file (`write`), which is read back before it is handed out.

mod alliances;
mod capabilities;
mod codes;
mod contiguity;
mod dates;
mod economy;
mod events;
mod faults;
mod filling;
mod folder;
mod habit;
mod kinds;
mod members;
mod notes;
mod pairs_known;
mod places;
mod projection;
mod record;
mod rules;
mod source;
mod states;
mod table;
mod warheads;
mod write;

use std::path::Path;

use alliances::Alliances;
use capabilities::{Capabilities, SPENDING};
use contiguity::Contiguity;
use economy::{Economy, OutputFile};
use events::{Disputes, Wars};
use kinds::Role;
use places::{Capitals, Membership};
use source::Source;

pub use filling::Missing;
pub use folder::CowFiles;
pub use notes::Note;
pub use pairs_known::PairKnown;
pub use record::{Came, Record};

use crate::syntax::problem::{Error, Finding};
use crate::world::overrides::Overrides;

/// Most years that a written scenario lasts.
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
    /// The files.
    pub files: &'a CowFiles,
    /// Year whose states, resources, borders and pledges the scenario has.
    pub year: i32,
    /// Year in which the scenario begins, if not in `year` itself: with `Some(year + 1)` it begins at the end of the year of the data, and
    /// the disputes of that year are past.
    pub begins: Option<i32>,
    /// States by code, abbreviation, number or name; none means the great powers of the year, `all` every state of the year.
    pub states: &'a [String],
    /// Last year whose data are used; none means all of the files.
    pub as_of: Option<i32>,
    /// What is done about missing cells.
    pub missing: Missing,
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
    /// Last year of the scenario.
    pub end: i32,
    /// What the user should know: states left out, cells filled, pairs out of reach.
    pub notes: Vec<Note>,
    /// What the files say of every pair of its states when it begins.
    pub pairs: Vec<PairKnown>,
}

/// The files of a request that are not needed by every import.
#[derive(Debug, Default)]
struct Extras {
    capitals: Option<Capitals>,
    disputes: Option<Disputes>,
    wars: Option<Wars>,
    membership: Option<Membership>,
}

/// Makes a scenario from files.
///
/// # Errors
/// Everything that is wrong with the files or the request, with file, row and column.
pub fn cow(request: &CowRequest<'_>) -> Result<Imported, Error> {
    let CowRequest { files, year, as_of, .. } = *request;
    if let Some(last) = as_of.filter(|last| *last < year) {
        let finding = Finding::new(format!("nothing after {last} is to be used, and the scenario begins in {year}"));
        return Err(Error::new("--as-of", "", vec![finding.help(format!("--as-of {year} uses what was known at the start"))]));
    }
    let nmc = Source::read(needed(files.nmc.as_deref(), Role::Capabilities)?)?;
    let contiguity = Source::read(needed(files.contiguity.as_deref(), Role::Contiguity)?)?;
    let read = |path: &Option<std::path::PathBuf>| path.as_deref().map(Source::read).transpose();
    let capabilities = Capabilities::read(&nmc, as_of)?;
    if !capabilities.has_year(year) {
        let (first, last) = capabilities.years();
        let finding = Finding::new(format!("no row of {year}: the years of the file are {first} to {last}"));
        return Err(nmc.error(vec![finding.help(format!("choose a --year from {first} to {last}"))]));
    }
    let file = read(&files.gdp)?.map(|source| OutputFile::read(&source, as_of)).transpose()?;
    let economy = Economy { capabilities: &capabilities, file };
    let mut extras = Extras {
        capitals: read(&files.capitals)?.map(|source| Capitals::read(&source)).transpose()?,
        wars: read(&files.wars)?.map(|source| Wars::read(&source, as_of)).transpose()?,
        membership: read(&files.system)?.map(|source| Membership::read(&source)).transpose()?,
        disputes: None,
    };
    let mut notes = Vec::new();
    let members = members::members(request, &nmc, &economy, &extras, &mut notes)?;
    let end = members::horizon(request, &members, &capabilities, &mut notes);
    let contiguity = Contiguity::read(&contiguity, year)?;
    let numbers: Vec<u16> = members.iter().map(|member| member.number).collect();
    extras.disputes = read(&files.disputes)?.map(|source| Disputes::read(&source, &numbers, as_of)).transpose()?;
    let alliances = match read(&files.alliances)? {
        None => None,
        Some(source) => Some(alliances_of(request, &source, &numbers, end, &mut notes)?),
    };
    let mut world =
        write::World { request, economy: &economy, members: &members, contiguity, alliances, extras, end, dropped: None };
    let file = format!("{}.ron", request.name);
    // The result must load. If it does not, this is a fault of the program, and the message reports it.
    let scenarios = crate::world::load::parse(&world.text(), &file, &Overrides::default())?;
    let dropped = scenarios.first().map(|scenario| members::out_of_reach(&scenario.setup)).unwrap_or_default();
    notes.extend(members::note_of_dropped(&dropped, &members));
    notes.extend(members::note_of_warheads(&members, end));
    world.dropped = Some(dropped);
    let states = members.iter().map(|member| member.seat.code.to_string()).collect();
    Ok(Imported { text: world.text(), states, end, notes, pairs: world.known() })
}

fn needed(path: Option<&Path>, role: Role) -> Result<&Path, Error> {
    path.ok_or_else(|| {
        let name = kinds::of(role).next().map_or("", |kind| kind.name);
        let finding = Finding::new(format!("no file of {name} is given"));
        Error::new(
            role.option(),
            "",
            vec![finding.help(format!("give it with {}, or a folder that has it with --cow", role.option()))],
        )
    })
}

fn alliances_of(
    request: &CowRequest<'_>,
    source: &Source,
    numbers: &[u16],
    end: i32,
    notes: &mut Vec<Note>,
) -> Result<Alliances, Error> {
    let year = request.year;
    let alliances = Alliances::read(source, numbers, request.as_of)?;
    let (first, last) = alliances.years;
    if !(first..=last).contains(&year) {
        let finding = Finding::new(format!("no row of {year}: the years of the file are {first} to {last}"));
        return Err(source.error(vec![finding.help(format!("choose a --year from {first} to {last}, or leave it out"))]));
    }
    if last < end && request.as_of.is_none() {
        notes.push(Note::new(format!(
            "the file of alliances ends in {last}: the alliances of {last} are kept for the later years"
        )));
    }
    Ok(alliances)
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
    let capabilities = Capabilities::read(&source, None)?;
    let (mut found, mut faults) = (Vec::new(), faults::Faults::default());
    for code in codes {
        let Ok(number) = states::named(code) else { continue };
        for year in first..=last {
            match capabilities.cell(number, year, SPENDING) {
                Ok(Some(thousands)) => found.push(Spending { state: code.clone(), year, thousands }),
                Ok(None) => {}
                Err(finding) => faults.add(finding),
            }
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(source.error(faults.findings())) }
}
