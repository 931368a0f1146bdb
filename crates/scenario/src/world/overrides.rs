//! What a user changes from outside the file: `--set`, `--without`, `--years`.

use spiral_model::setup::{ArmingRule, Ending};

use crate::syntax::problem::{Error, Finding};
use crate::syntax::words::{advice, nearest, plain, quote};
use crate::world::build::{Built, check_value, check_years};
use crate::world::generate::{Generate, setting_names};
use crate::world::paths::{mechanism_names, resolve};
use crate::world::slots::Slot;

/// Changes to a scenario from outside its file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overrides {
    /// Path and value, as in `--set technology.balance=0.5`. A series or timeline of the number is dropped. Besides the numbers,
    /// `ending`, `arming_rule` and `calendar.ticks_per_year` can be set.
    pub set: Vec<(String, String)>,
    /// Mechanisms to switch off, besides those that the file switches off.
    pub without: Vec<String>,
    /// First and last date, decimal years, in place of the file's.
    pub years: Option<(f64, f64)>,
}

/// Divides a name into the scenario and the changes behind it: `pre-wwi` and `+technology.balance=0.5+without=trade`. Each change
/// begins with `+` and is `PATH=VALUE` or `without=MECHANISM`; a `+` without them belongs to the name.
#[must_use]
pub fn own_changes(name: &str) -> (&str, &str) {
    let mut begins = name.len();
    for (position, _) in name.match_indices('+').collect::<Vec<_>>().into_iter().rev() {
        let change = &name[position + 1..begins];
        let Some((path, value)) = change.split_once('=') else {
            // The sign of an exponent, as in 1e+3, belongs to the value before it.
            if change.starts_with(|first: char| first.is_ascii_digit()) && name[..position].ends_with(['e', 'E']) {
                continue;
            }
            break;
        };
        if path.is_empty() || value.is_empty() || path.contains(['/', '+']) {
            break;
        }
        begins = position;
    }
    name.split_at(begins)
}

impl Overrides {
    /// The path that switches a mechanism off among the changes behind a name.
    const WITHOUT: &str = "without";

    /// The same with the changes behind a name, as [`own_changes`] gives them; they come last, so that they win.
    #[must_use]
    pub fn with(&self, behind: &str) -> Self {
        let mut all = self.clone();
        let mut rest = behind;
        while let Some(change) = rest.strip_prefix('+') {
            // The next change begins at the next `+` that has its own `=` before another `+`; one in 1e+3 has none.
            let ends = change.match_indices('+').map(|(position, _)| position).find(|position| {
                let next = &change[position + 1..];
                next.find('=').is_some_and(|equals| !next[..equals].contains('+'))
            });
            let (this, following) = change.split_at(ends.unwrap_or(change.len()));
            if let Some((path, value)) = this.split_once('=') {
                if path == Self::WITHOUT {
                    all.without.push(value.to_string());
                } else {
                    all.set.push((path.to_string(), value.to_string()));
                }
            }
            rest = following;
        }
        all
    }

    /// Behind which text [`own_changes`] finds these changes again; years have none and are left out.
    #[must_use]
    pub fn behind(&self) -> String {
        let set = self.set.iter().map(|(path, value)| format!("+{path}={value}"));
        set.chain(self.without.iter().map(|name| format!("+{}={name}", Self::WITHOUT))).collect()
    }
}

/// Names that are settings, not numbers of the model.
const SETTINGS: &[&str] = &["ending", "arming_rule", "calendar.ticks_per_year"];

/// Applies changes to a setup that is valid, and checks that it still is.
pub(crate) fn apply(built: &mut Built, overrides: &Overrides) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut note = |flag: &str, (message, help): (String, String)| {
        problems.extend(Error::one(flag, Finding::new(message).help(help)).problems);
    };
    for name in &overrides.without {
        let known = mechanism_names();
        if known.contains(&name.as_str()) {
            built.setup.without.insert(name.clone());
        } else {
            note("--without", (format!("no mechanism {}", quote(name)), advice(name, known.iter().copied())));
        }
    }
    for (path, text) in &overrides.set {
        if let Err(problem) = set(built, path, text) {
            note(&format!("--set {}={}", plain(path), plain(text)), problem);
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error { problems }) }
}

/// Applies what is set of a generated world, before it is made.
pub(crate) fn apply_to_generate(generate: &mut Generate, overrides: &Overrides) -> Result<(), Error> {
    let mut problems = Vec::new();
    for (path, text) in &overrides.set {
        let Some(name) = path.strip_prefix(GENERATE).filter(|_| is_generate_setting(path)) else { continue };
        if let Err((message, help)) = generate.set(name, text.trim()) {
            let flag = format!("--set {}={}", plain(path), plain(text));
            problems.extend(Error::one(&flag, Finding::new(message).help(help)).problems);
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error { problems }) }
}

/// What comes before the name of a setting of a generated world.
const GENERATE: &str = "generate.";

fn is_generate_setting(path: &str) -> bool {
    setting_names().any(|name| name == path)
}

fn set(built: &mut Built, path: &str, text: &str) -> Result<(), (String, String)> {
    if path.starts_with(GENERATE) {
        let names: Vec<String> = setting_names().collect();
        return match (&built.generate, is_generate_setting(path)) {
            // The world was generated with it.
            (Some(_), true) => Ok(()),
            (Some(_), false) => Err((
                format!("{} is not a setting of a generated world", quote(path)),
                advice(path, names.iter().map(String::as_str)),
            )),
            (None, _) => Err((
                format!("{}: the states of this scenario are listed, not generated", quote(path)),
                "only a scenario with the key `generate`, such as lattice, has these settings".to_string(),
            )),
        };
    }
    let setup = &mut built.setup;
    let value = text.trim();
    if SETTINGS.contains(&path) {
        return match path {
            "ending" => named(value, Ending::NAMES).map(|ending| setup.ending = ending),
            "arming_rule" => named(value, ArmingRule::NAMES).map(|rule| setup.arming_rule = rule),
            _ => {
                let help = "a whole number from 1 to 366: 1 for years, 4 for quarters, 12 for months";
                let ticks = value.parse::<u32>().ok().filter(|ticks| (1..=366).contains(ticks));
                let ticks =
                    ticks.ok_or_else(|| (format!("{} is not a number of ticks a year", quote(value)), help.to_string()))?;
                let horizon = check_years(setup.horizon.start, setup.horizon.end, ticks);
                horizon.map(|horizon| setup.horizon = horizon).map_err(|message| (message, help.to_string()))
            }
        };
    }
    let targets = resolve(setup, path).map_err(|(message, help)| match nearest(path, SETTINGS.iter().copied()) {
        Some(near) => (message, format!("did you mean `{near}`?")),
        None => (message, help),
    })?;
    let specification = targets.first().map(|target| setup.specification(*target));
    let explained = specification.map(crate::syntax::words::explain).unwrap_or_default();
    let number = value.parse::<f64>().map_err(|_| (format!("{} is not a number", quote(value)), explained))?;
    for target in targets {
        check_value(path, number, setup, target)?;
        setup.set(target, number);
        built.slots.set(target, Slot::Set);
        for dated in &mut built.dated {
            dated.targets.retain(|dated| *dated != target);
        }
    }
    built.dated.retain(|dated| !dated.targets.is_empty());
    Ok(())
}

fn named<T: Copy>(text: &str, names: &[(&str, T)]) -> Result<T, (String, String)> {
    let found = names.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    found.ok_or_else(|| (format!("no such name as {}", quote(text)), advice(text, names.iter().map(|(name, _)| *name))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_behind_a_name_are_found_and_written() {
        for (name, plain, behind) in [
            ("pre-wwi", "pre-wwi", ""),
            ("a+b.ron", "a+b.ron", ""),
            ("a+b.ron+technology.balance=0.5", "a+b.ron", "+technology.balance=0.5"),
            ("four-worlds/x+war.cost=1e+3+without=trade", "four-worlds/x", "+war.cost=1e+3+without=trade"),
            ("x+=3", "x+=3", ""),
            ("x+a.b=", "x+a.b=", ""),
        ] {
            assert_eq!(own_changes(name), (plain, behind), "{name}");
            assert_eq!(Overrides::default().with(behind).behind(), behind);
        }
        let changes = Overrides::default().with("+war.cost=1e+3+without=trade+states.GER.greed=0");
        assert_eq!(changes.set, [("war.cost".into(), "1e+3".into()), ("states.GER.greed".into(), "0".into())]);
        assert_eq!(changes.without, ["trade"]);
    }
}
