//! From a name, a path or a text to scenarios.

use std::path::Path;

use spiral_model::mechanisms::Parameters;
use spiral_model::setup::Target;

use crate::syntax::problem::{Error, Finding, Span};
use crate::syntax::reader::{self, FileKind};
use crate::syntax::text::{self, Kind, MOST_BYTES};
use crate::syntax::words::{advice, nearest, plain, quote};
use crate::world::build::{self, Built, check_years};
use crate::world::catalogue::BUILT_IN;
use crate::world::generate::Generate;
use crate::world::given::{Given, Values};
use crate::world::layer::{self, Layer};
use crate::world::overrides::{self, Overrides, own_changes};
use crate::world::scenario::{Judgement, MONEY, Scenario, Sourced, Varies};
use crate::world::slots::Slot;

/// Loads scenarios by a built-in name (`pre-wwi`), a member of one (`four-worlds/offence-distinguishable`), a path, or a path
/// and a member (`my.ron/first`). A file with members gives all of them, unless one is named; a file with variants gives the scenario
/// itself, unless a variant is named (`pre-wwii/1920`). Each of these may be followed by changes of its own, as in
/// `pre-wwi+technology.balance=0.5+without=trade`; see [`own_changes`].
///
/// # Errors
/// What is wrong with the name, the file or the overrides; see [`Error`].
pub fn load(name_or_path: &str, overrides: &Overrides) -> Result<Vec<Scenario>, Error> {
    changed(name_or_path, overrides, load_plain)
}

fn load_plain(name_or_path: &str, overrides: &Overrides) -> Result<Vec<Scenario>, Error> {
    let built_in = |name: &str| BUILT_IN.iter().find(|(built_in, _)| *built_in == name);
    if let Some((name, text)) = built_in(name_or_path) {
        return read(name, text, &format!("{name}.ron"), None, overrides);
    }
    if Path::new(name_or_path).is_file() {
        return from_file(name_or_path, None, overrides);
    }
    if let Some((front, member)) = name_or_path.rsplit_once('/') {
        if let Some((name, text)) = built_in(front) {
            return read(name, text, &format!("{name}.ron"), Some(member), overrides);
        }
        if Path::new(front).is_file() {
            return from_file(front, Some(member), overrides);
        }
    }
    if Path::new(name_or_path).exists() {
        let kind = if Path::new(name_or_path).is_dir() { "a directory" } else { "not a regular file" };
        let message = format!("`{}` is {kind}, and no scenario has this name", plain(name_or_path));
        return Err(Error::one(
            "",
            Finding::new(message).help("give the path of a scenario file, or a name of spiral scenarios"),
        ));
    }
    let front = name_or_path.split('/').next().unwrap_or_default().trim_end_matches(".ron");
    let names: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    let help = match nearest(name_or_path, names.iter().copied()).or_else(|| nearest(front, names.iter().copied())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("built in: {}; or give the path of a file", names.join(", ")),
    };
    Err(Error::one("", Finding::new(format!("no scenario and no file `{}`", plain(name_or_path))).help(help)))
}

/// Makes the changes that stand behind a name besides those from outside, and leaves them in the names of the scenarios: worlds with
/// different changes are different worlds.
fn changed(
    name: &str,
    overrides: &Overrides,
    load: impl FnOnce(&str, &Overrides) -> Result<Vec<Scenario>, Error>,
) -> Result<Vec<Scenario>, Error> {
    let (plain, behind) = own_changes(name);
    if behind.is_empty() {
        return load(plain, overrides);
    }
    let mut scenarios = load(plain, &overrides.with(behind))?;
    for scenario in &mut scenarios {
        scenario.name.push_str(behind);
        scenario.setup.name.push_str(behind);
    }
    Ok(scenarios)
}

/// Reads scenarios from a text; `file` is how messages name it, and gives the scenario its name.
///
/// # Errors
/// Every thing that is wrong with the text or the overrides, with its place; see [`Error`].
pub fn parse(text: &str, file: &str, overrides: &Overrides) -> Result<Vec<Scenario>, Error> {
    read(&stem(file), text, file, None, overrides)
}

/// Reads scenarios from bytes that should be UTF-8; otherwise as [`parse`].
///
/// # Errors
/// As [`parse`], and where the bytes are not UTF-8.
pub fn parse_bytes(bytes: &[u8], file: &str, overrides: &Overrides) -> Result<Vec<Scenario>, Error> {
    read(&stem(file), &utf8(bytes, file)?, file, None, overrides)
}

/// File name without folder and extension.
pub(crate) fn stem(file: &str) -> String {
    Path::new(file).file_stem().map_or_else(|| file.to_string(), |stem| stem.to_string_lossy().into_owned())
}

fn from_file(path: &str, member: Option<&str>, overrides: &Overrides) -> Result<Vec<Scenario>, Error> {
    read(&stem(path), &text_of(path)?, path, member, overrides)
}

/// Reads scenarios from the text of a file that is no longer there, by the name it had: a path, or a path and a member.
///
/// # Errors
/// As [`parse`].
pub fn parse_named(text: &str, name: &str, overrides: &Overrides) -> Result<Vec<Scenario>, Error> {
    changed(name, overrides, |name, overrides| parse_named_plain(text, name, overrides))
}

fn parse_named_plain(text: &str, name: &str, overrides: &Overrides) -> Result<Vec<Scenario>, Error> {
    match name.rsplit_once('/') {
        // A member's name has no dot, a file's may have none either: what the text calls a member is one.
        Some((file, member)) if has_member(text, member) => read(&stem(file), text, file, Some(member), overrides),
        _ => read(&stem(name), text, name, None, overrides),
    }
}

fn has_member(text: &str, member: &str) -> bool {
    let Ok(root) = text::read(text) else { return false };
    layer::read(&root, false, &mut Vec::new()).members.iter().any(|(name, ..)| *name == member)
}

/// Whether a scenario is one of the program's own.
pub(crate) fn is_built_in(scenario: &Scenario) -> bool {
    BUILT_IN.iter().any(|(name, text)| *text == scenario.text && scenario.file == format!("{name}.ron"))
}

/// The text of a file.
pub(crate) fn text_of(path: &str) -> Result<String, Error> {
    let unreadable = |error: std::io::Error| Error::one(path, Finding::new(format!("the file cannot be read: {error}")));
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MOST_BYTES as u64 {
        let message = format!("the file is too large: {size} bytes, at most {MOST_BYTES} are read");
        return Err(Error::one(path, Finding::new(message)));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    utf8(&bytes, path)
}

fn utf8(bytes: &[u8], file: &str) -> Result<String, Error> {
    // Some editors begin a file with a byte order mark.
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    std::str::from_utf8(bytes).map(str::to_string).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let message = format!("byte {} of the file is not UTF-8 text", error.valid_up_to() + 1);
        let finding = Finding::at(Span { start: good.len(), end: good.len() }, message);
        Error::new(file, &good, vec![finding.help("save the file as UTF-8")])
    })
}

fn read(name: &str, text: &str, file: &str, member: Option<&str>, overrides: &Overrides) -> Result<Vec<Scenario>, Error> {
    let root = text::read(text).map_err(|finding| Error::new(file, text, vec![finding]))?;
    reader::refuse_other_kinds(&root, FileKind::Scenario).map_err(|finding| Error::new(file, text, vec![finding]))?;
    if !matches!(root.kind, Kind::Map(_)) {
        let finding = reader::wrong(&root, "the scenario", "one group of keys, `( calendar: …, states: …, … )`");
        return Err(Error::new(file, text, vec![finding]));
    }
    let mut findings = Vec::new();
    let base = layer::read(&root, false, &mut findings);
    if let Some((start, end)) = overrides.years {
        let (low, high) = crate::syntax::date::YEARS;
        let inside = |year: f64| year >= low && year <= high;
        let checked = if inside(start) && inside(end) {
            check_years(start, end, base.ticks_per_year.unwrap_or(4)).map(|_| ())
        } else {
            Err(format!("a year is from {low} to {high}"))
        };
        checked.map_err(|message| Error::one(&format!("--years {start}..{end}"), Finding::new(message)))?;
    }
    let source = Source { text, file, overrides };
    if member.is_none() && (base.members.is_empty() || base.has_variants) {
        return source.finish(name, &[&base], findings).map(|scenario| vec![scenario]);
    }
    let chosen: Vec<_> = base.members.iter().filter(|(name, ..)| member.is_none_or(|member| member == *name)).collect();
    if chosen.is_empty() {
        let names = base.members.iter().map(|(name, ..)| *name);
        let member = member.unwrap_or_default();
        let kind = if base.has_variants { "variant" } else { "member" };
        let help = if base.members.is_empty() { "it has no members".to_string() } else { advice(member, names) };
        return Err(Error::one(file, Finding::new(format!("no {kind} {} in {name}", quote(member))).help(help)));
    }
    let mut scenarios = Vec::new();
    let mut problems = Vec::new();
    for (member, _, node) in chosen {
        let mut findings = findings.clone();
        let over = layer::read(node, true, &mut findings);
        match source.finish(&format!("{name}/{member}"), &[&base, &over], findings) {
            Ok(scenario) => scenarios.push(scenario),
            // An error in the file itself is an error in every member: report it once.
            Err(error) => error.problems.into_iter().for_each(|problem| {
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }),
        }
    }
    if problems.is_empty() { Ok(scenarios) } else { Err(Error { problems }) }
}

/// A text and what is asked of it.
struct Source<'a> {
    text: &'a str,
    file: &'a str,
    overrides: &'a Overrides,
}

impl Source<'_> {
    /// The key `generate` of the last layer that has one, with what is set from outside.
    fn generate(&self, layers: &[&Layer<'_>], findings: &mut Vec<Finding>) -> Result<Option<Generate>, Error> {
        let Some(mut generate) = layers.iter().rev().find_map(|layer| layer.generate.clone()) else { return Ok(None) };
        overrides::apply_to_generate(&mut generate, self.overrides)?;
        if let Some((message, help)) = generate.problem() {
            findings.push(Finding::at(generate.span, message).help(help));
            return Ok(None);
        }
        Ok(Some(generate))
    }

    /// Layers to one scenario.
    fn finish(&self, name: &str, layers: &[&Layer<'_>], mut findings: Vec<Finding>) -> Result<Scenario, Error> {
        let generate = self.generate(layers, &mut findings)?;
        let built = build::build(name, layers, generate.as_ref(), self.overrides.years, &mut findings);
        let mut built = match built {
            Some(built) if findings.is_empty() => built,
            _ => return Err(Error::new(self.file, self.text, findings)),
        };
        overrides::apply(&mut built, self.overrides)?;
        let last = |of: fn(&Layer<'_>) -> Option<String>| layers.iter().rev().find_map(|layer| of(layer));
        Ok(Scenario {
            name: name.to_string(),
            question: last(|layer| layer.question.clone()).unwrap_or_default(),
            look_at: last(|layer| layer.look_at.clone()),
            money: last(|layer| layer.money.clone()).unwrap_or_else(|| MONEY.to_string()),
            text: self.text.to_string(),
            file: self.file.to_string(),
            judgements: judgements(&built),
            sources: sources(&built),
            observed: built.observed,
            history: built.history,
            generate: built.generate,
            setup: built.setup,
            state_names: built.state_names,
            capitals: built.capitals,
            givens: built.givens,
            slots: built.slots,
            dated: built.dated,
        })
    }
}

/// Numbers of the file that are used in the setup, in the order of the file.
fn in_order(built: &Built) -> Vec<(&Given, Vec<Target>, Option<f64>)> {
    let mut targets = vec![Vec::new(); built.givens.len()];
    for (target, slot) in built.slots.filled() {
        if let Slot::Given(position) = slot {
            targets[position as usize].push(target);
        }
    }
    let mut found: Vec<_> = built.givens.iter().zip(targets).map(|(given, targets)| (given, targets, None)).collect();
    found.extend(built.dated.iter().map(|dated| (&dated.given, dated.targets.clone(), Some(dated.date))));
    found.retain(|(_, targets, _)| !targets.is_empty());
    found.sort_by_key(|(given, ..)| given.span);
    found
}

fn judgements(built: &Built) -> Vec<Judgement> {
    let mut found = Vec::new();
    for (given, targets, date) in in_order(built) {
        let Some((low, high)) = given.basis.range else { continue };
        let (value, unit, varies) = match (&given.values, date) {
            (Values::Constant(value), None) => (*value, given.specification.unit, Varies::Initial),
            (Values::Constant(value), Some(date)) => (*value, given.specification.unit, Varies::From(date)),
            (Values::Series(_), _) => (1.0, "factor", Varies::Factor),
        };
        let why = given.basis.why.clone().or_else(|| given.basis.source.clone()).unwrap_or_default();
        found.push(Judgement { path: given.path.clone(), unit, value, low, high, why, varies, targets });
    }
    found.extend(defaults(built));
    found
}

/// The defaults of the program that the scenario leaves as they are: judgements too.
fn defaults(built: &Built) -> Vec<Judgement> {
    let mut found = Vec::new();
    for (group, (_, specifications)) in Parameters::GROUPS.iter().enumerate() {
        for (field, specification) in specifications.iter().enumerate() {
            let target = Target::System(group, field);
            let tracked = built.setup.tracks.iter().any(|track| track.target == target);
            if let (Some((low, high)), Slot::Default, false) = (specification.judged, built.slots.get(target), tracked) {
                found.push(Judgement {
                    path: built.setup.path(target),
                    unit: specification.unit,
                    value: specification.default,
                    low,
                    high,
                    why: "default of the program".to_string(),
                    varies: Varies::Initial,
                    targets: vec![target],
                });
            }
        }
    }
    found
}

fn sources(built: &Built) -> Vec<Sourced> {
    let sourced = |(given, _, date): (&Given, Vec<Target>, Option<f64>)| Sourced {
        path: given.path.clone(),
        unit: given.specification.unit,
        date,
        basis: given.basis.clone(),
    };
    in_order(built).into_iter().map(sourced).collect()
}
