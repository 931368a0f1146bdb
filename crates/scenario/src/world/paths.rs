//! Paths to numbers of a scenario, as `--set`, factors, marks and timelines write them: `technology.balance`, `states.GER.greed`,
//! `pairs.GBR-FRA.contact`, `dyads.GER-*.claim`.

use spiral_model::mechanisms::{Parameters, REGISTRY};
use spiral_model::setup::{DyadInputs, Setup, StateInputs, Target};
use spiral_model::specification::{Group, Specification};

use crate::syntax::words::{advice, nearest, quote};

/// Names of the groups of parameters.
pub(crate) fn group_names() -> impl Iterator<Item = &'static str> + Clone {
    Parameters::GROUPS.iter().map(|(name, _)| *name)
}

/// Every mechanism that can be switched off.
#[must_use]
pub fn mechanism_names() -> Vec<&'static str> {
    REGISTRY.iter().map(|entry| entry.name).collect()
}

/// Stands for every state in a path.
const EVERY: &str = "*";

/// What is wrong with a path, and the advice.
type Unresolved = (String, String);

/// The targets of a path, or the message and the advice. `*` in the place of a code stands for every state: `states.*.greed`,
/// `pairs.*.contact` (all pairs), `dyads.GER-*.claim` (all from GER).
pub(crate) fn resolve(setup: &Setup, path: &str) -> Result<Vec<Target>, Unresolved> {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["states", code, field] => state_targets(setup, path, code, field),
        [kind @ ("pairs" | "dyads"), pair, field] => dyad_targets(setup, path, *kind == "pairs", pair, field),
        [kind @ ("states" | "pairs" | "dyads"), name] => {
            let form = match *kind {
                "states" => "states.CODE.NUMBER, such as states.GBR.greed",
                "pairs" => "pairs.A-B.NUMBER, such as pairs.GBR-FRA.contact",
                _ => "dyads.FROM-TO.NUMBER, such as dyads.GER-FRA.claim",
            };
            let lacks = if name.is_empty() { "no name and no number" } else { "no number" };
            Err((format!("{} has {lacks}", quote(path)), format!("write {form}; `*` stands for every state")))
        }
        ["defaults", kind @ ("state" | "pair"), field] => {
            let message = format!("{}: defaults can be given in files only", quote(path));
            Err((message, format!("for every one of them, write `{kind}s.*.{field}`")))
        }
        [group, field] => system_target(path, group, field),
        _ => Err((format!("{} names no number", quote(path)), meant(path, &parts))),
    }
}

/// The message about a part of a path that is not known in its place.
fn unknown(path: &str, part: &str, place: &str, help: String) -> Unresolved {
    (format!("{}: no {} {place}", quote(path), quote(part)), help)
}

/// The path with its last part put right, or the names it can have.
fn misspelt(path: &str, field: &str, specifications: &'static [Specification]) -> String {
    let names = specifications.iter().map(|specification| specification.name);
    match nearest(field, names.clone()) {
        Some(near) => format!("did you mean `{}{near}`?", &path[..path.len() - field.len()]),
        None => advice(field, names.collect::<Vec<_>>()),
    }
}

/// The position of a state by its code.
fn state(setup: &Setup, path: &str, code: &str) -> Result<usize, Unresolved> {
    setup.state(code).ok_or_else(|| {
        let codes = setup.states.iter().map(|state| state.code.as_str());
        let help = match nearest(code, codes.clone()) {
            Some(near) => format!("did you mean `{}`?", path.replacen(code, near, 1)),
            None => advice(code, codes),
        };
        (format!("{}: no state {}", quote(path), quote(code)), help)
    })
}

/// A number of one state or of all.
fn state_targets(setup: &Setup, path: &str, code: &str, field: &str) -> Result<Vec<Target>, Unresolved> {
    let states = match code {
        EVERY => (0..setup.states.len()).collect(),
        code => vec![state(setup, path, code)?],
    };
    let position = StateInputs::position(field).ok_or_else(|| {
        let help = misspelt(path, field, StateInputs::SPECIFICATIONS);
        unknown(path, field, "among the numbers of a state", help)
    })?;
    Ok(states.into_iter().map(|state| Target::State(state, position)).collect())
}

/// A number of a directed dyad, of both directions of a pair, or of all that a `*` stands for.
fn dyad_targets(setup: &Setup, path: &str, both: bool, pair: &str, field: &str) -> Result<Vec<Target>, Unresolved> {
    let ends = if pair == EVERY { Some((EVERY, EVERY)) } else { pair.split_once('-') };
    let (from, to) = ends.ok_or_else(|| {
        let help = "write two codes with a hyphen, such as pairs.GBR-FRA.contact; `*` stands for every state";
        unknown(path, pair, "pair of states", help.into())
    })?;
    let end = |code| if code == EVERY { Ok(None) } else { state(setup, path, code).map(Some) };
    let (from, to) = (end(from)?, end(to)?);
    let position = DyadInputs::position(field).ok_or_else(|| {
        let help = misspelt(path, field, DyadInputs::SPECIFICATIONS);
        unknown(path, field, "among the numbers of a pair", help)
    })?;
    let dyads: Vec<usize> = if let (Some(from), Some(to)) = (from, to) {
        let back = setup.dyad(to, from).filter(|_| both);
        setup.dyad(from, to).into_iter().chain(back).collect()
    } else {
        let fits = |one: usize, other: usize| from.is_none_or(|from| from == one) && to.is_none_or(|to| to == other);
        let numbered = setup.dyads.iter().enumerate();
        let fitting = numbered.filter(|(_, dyad)| fits(dyad.from, dyad.to) || (both && fits(dyad.to, dyad.from)));
        fitting.map(|(position, _)| position).collect()
    };
    if dyads.is_empty() {
        let same = from.is_some() && from == to;
        let help = if same { "a pair has two different states" } else { "in a generated world only neighbours make a pair" };
        return Err(unknown(path, pair, "pair in this scenario", help.into()));
    }
    if !both && DyadInputs::SYMMETRIC.contains(&field) {
        let message = format!("{}: {field} is the same in both directions", quote(path));
        return Err((message, format!("write `pairs.{pair}.{field}`")));
    }
    Ok(dyads.into_iter().map(|dyad| Target::Dyad(dyad, position)).collect())
}

/// A number of the world, in the group of its mechanism.
fn system_target(path: &str, group: &str, field: &str) -> Result<Vec<Target>, Unresolved> {
    let position = group_names().position(|name| name == group).ok_or_else(|| {
        let all = group_names().chain(["states", "pairs", "dyads"]);
        let help = match nearest(group, all.clone()) {
            Some(near) => format!("did you mean `{near}.{field}`?"),
            None => advice(group, all.collect::<Vec<_>>()),
        };
        unknown(path, group, "group", help)
    })?;
    let specifications = Parameters::GROUPS[position].1;
    let field_position = specifications.iter().position(|specification| specification.name == field);
    let field = field_position.ok_or_else(|| {
        let help = misspelt(path, field, specifications);
        unknown(path, field, &format!("in {group}"), help)
    })?;
    Ok(vec![Target::System(position, field)])
}

/// What may be meant by a path of no known form.
fn meant(path: &str, parts: &[&str]) -> String {
    let numbers = |(group, specifications): &(&'static str, &'static [Specification])| {
        let group = *group;
        specifications.iter().map(move |specification| format!("{group}.{}", specification.name))
    };
    let paths: Vec<String> = Parameters::GROUPS.iter().flat_map(numbers).collect();
    let kind = if let [kind, _, _] = parts { nearest(kind, ["states", "pairs", "dyads"]) } else { None };
    let respelt = kind.map(|near| format!("{near}{}", &path[parts[0].len()..]));
    let word = parts.last().copied().unwrap_or_default();
    let same = paths.iter().find(|candidate| candidate.rsplit('.').next() == Some(word));
    let near = respelt.as_deref().or(same.map(String::as_str)).or_else(|| nearest(path, paths.iter().map(String::as_str)));
    near.map_or_else(
        || "a path is GROUP.NUMBER, states.CODE.NUMBER, pairs.A-B.NUMBER or dyads.FROM-TO.NUMBER; `*` is every state".to_string(),
        |near| format!("did you mean `{near}`?"),
    )
}
