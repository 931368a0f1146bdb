//! Weapon files: `configs/weapons/NAME.ron`, one row of the menu each. A scenario holds them by name and may lay other numbers over
//! them or add rows of its own.

use std::collections::BTreeMap;

use spiral_model::specification::Group;
use spiral_model::weapons::Weapon;

use crate::syntax::problem::{Error, Finding, Span};
use crate::syntax::reader;
use crate::syntax::text::{self, Kind, Node};
use crate::syntax::words::{advice, quote};
use crate::world::given::{self, Fields, Values};

/// Name and text of every weapon that comes with the program, by name.
const BUILT_IN: &[(&str, &str)] = &[
    ("abm", include_str!("../../../../configs/weapons/abm.ron")),
    ("bomber", include_str!("../../../../configs/weapons/bomber.ron")),
    ("dreadnought", include_str!("../../../../configs/weapons/dreadnought.ron")),
    ("field-army", include_str!("../../../../configs/weapons/field-army.ron")),
    ("fortress", include_str!("../../../../configs/weapons/fortress.ron")),
    ("icbm", include_str!("../../../../configs/weapons/icbm.ron")),
    ("icbm-mirv", include_str!("../../../../configs/weapons/icbm-mirv.ron")),
    ("slbm", include_str!("../../../../configs/weapons/slbm.ron")),
    ("tank-division", include_str!("../../../../configs/weapons/tank-division.ron")),
    ("torpedo-boat", include_str!("../../../../configs/weapons/torpedo-boat.ron")),
    ("trench-line", include_str!("../../../../configs/weapons/trench-line.ron")),
];

/// Numbers that a weapon cannot do without.
const NEEDED: &[&str] = &["cost", "offence", "defence"];

/// A weapon as its file gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct WeaponCard {
    /// Name to hold it by.
    pub name: String,
    /// Its full name.
    pub title: String,
    /// What it is known for; empty where the file does not say.
    pub about: String,
    /// Its numbers.
    pub weapon: Weapon,
    /// Numbers that are judgements, with their range: name, low, high.
    pub judgements: Vec<(&'static str, f64, f64)>,
    /// Whether every number that the file gives has a source or a judgement.
    pub founded: bool,
    /// The file as read.
    pub text: String,
}

/// Every weapon that comes with the program, by name.
#[must_use]
pub fn weapons() -> Vec<WeaponCard> {
    BUILT_IN.iter().filter_map(|(name, text)| parse_weapon(text, &format!("{name}.ron")).ok()).collect()
}

/// Reads a weapon file; `file` is how messages name it, and gives the weapon its name.
///
/// # Errors
/// Every thing that is wrong with the text, with its place; see [`Error`].
pub fn parse_weapon(text: &str, file: &str) -> Result<WeaponCard, Error> {
    if text.trim().is_empty() {
        let finding = Finding::new("the file is empty").help("a weapon is one group `( cost: …, offence: …, defence: … )`");
        return Err(Error::new(file, text, vec![finding]));
    }
    let root = text::read(text).map_err(|finding| Error::new(file, text, vec![finding]))?;
    let mut findings = Vec::new();
    let row = read(&root, "", &mut findings);
    let name = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".ron");
    check(name, &row, &mut findings);
    if !findings.is_empty() {
        return Err(Error::new(file, text, findings));
    }
    let judgements =
        row.fields.iter().filter_map(|(_, given)| given.basis.range.map(|(low, high)| (given.specification.name, low, high)));
    Ok(WeaponCard {
        name: name.to_string(),
        title: row.title.clone().unwrap_or_else(|| name.to_string()),
        about: row.about.clone().unwrap_or_default(),
        weapon: weapon(&row.fields),
        judgements: judgements.collect(),
        founded: row.fields.iter().all(|(_, given)| !given.basis.is_bare()),
        text: text.to_string(),
    })
}

/// One row of the menu, read.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    title: Option<String>,
    about: Option<String>,
    pub(crate) fields: Fields,
    span: Span,
}

/// Reads a row; `path` is empty for a file of its own.
pub(crate) fn read(node: &Node, path: &str, findings: &mut Vec<Finding>) -> Row {
    let mut row = Row { title: None, about: None, fields: Vec::new(), span: node.span };
    let place = if path.is_empty() { "the weapon" } else { path };
    let Kind::Map(_) = node.kind else {
        findings.push(reader::wrong(node, place, "a group of keys, `( cost: …, offence: …, defence: … )`"));
        return row;
    };
    let names = Weapon::SPECIFICATIONS.iter().map(|specification| specification.name);
    let allowed: Vec<&str> = ["name", "about"].into_iter().chain(names).collect();
    for (key, node) in reader::fields(node, place, &allowed, findings) {
        let path = if path.is_empty() { key.name.clone() } else { format!("{path}.{}", key.name) };
        match key.name.as_str() {
            "name" => row.title = reader::text(node, &path, findings),
            "about" => row.about = reader::text(node, &path, findings),
            name => {
                let Some(field) = Weapon::position(name) else { continue };
                let Some(given) = given::read(node, &path, &Weapon::SPECIFICATIONS[field], findings) else { continue };
                if let Values::Series(_) = given.values {
                    let finding = Finding::at(node.span, format!("{path} is a series; a weapon does not change with the date"));
                    findings.push(finding.help("let the shares change: another row of the menu, held from that date"));
                } else {
                    row.fields.push((field, given));
                }
            }
        }
    }
    row
}

/// Notes what a row of the menu lacks.
fn check(name: &str, row: &Row, findings: &mut Vec<Finding>) {
    let has = |field: &str| row.fields.iter().any(|(_, given)| given.specification.name == field);
    let missing: Vec<&str> = NEEDED.iter().copied().filter(|field| !has(field)).collect();
    // A number that is wrong or misspelt has its own finding.
    if !missing.is_empty() && !findings.is_empty() {
        return;
    }
    if !missing.is_empty() {
        let message = format!("the weapon {} has no `{}`", quote(name), missing.join("`, no `"));
        findings
            .push(Finding::at(row.span, message).help("a weapon needs `cost`, `offence` and `defence`, in money of field army"));
        return;
    }
    let weapon = weapon(&row.fields);
    if weapon.offence + weapon.defence == 0.0 {
        let message = format!("the weapon {} is worth nothing in attack and nothing in defence", quote(name));
        findings.push(Finding::at(row.span, message).help("give it an `offence` or a `defence` above 0"));
    }
    if weapon.survivable_share > 0.0 && weapon.warheads == 0.0 {
        let message = format!("the weapon {} has a survivable_share and no warheads", quote(name));
        findings
            .push(Finding::at(row.span, message).help("say how many `warheads` a piece carries, or leave survivable_share out"));
    }
}

/// The weapon of some fields, the rest at their defaults.
pub(crate) fn weapon(fields: &Fields) -> Weapon {
    let mut weapon = Weapon::default();
    for (field, given) in fields {
        if let Values::Constant(value) = given.values {
            weapon.set(*field, value);
        }
    }
    weapon
}

/// The rows on offer: those of the program, with what a scenario lays over them or adds.
#[derive(Debug, Default)]
pub(crate) struct Menu {
    pub(crate) rows: BTreeMap<String, Fields>,
}

impl Menu {
    /// `laid` are rows of the scenario, in order.
    pub(crate) fn new<'a>(laid: impl Iterator<Item = (&'a str, Span, &'a Row)>, findings: &mut Vec<Finding>) -> Self {
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        for (name, text) in BUILT_IN {
            // A test reads every file that comes with the program.
            let Ok(root) = text::read(text) else { continue };
            rows.insert((*name).to_string(), read(&root, "", &mut Vec::new()));
        }
        for (name, span, row) in laid {
            match rows.get_mut(name) {
                Some(known) => {
                    for (field, given) in &row.fields {
                        known.fields.retain(|(position, _)| position != field);
                        known.fields.push((*field, given.clone()));
                    }
                    known.span = span;
                }
                None => {
                    rows.insert(name.to_string(), Row { span, ..row.clone() });
                }
            }
            if let Some(row) = rows.get(name) {
                check(name, row, findings);
            }
        }
        Self { rows: rows.into_iter().map(|(name, row)| (name, row.fields)).collect() }
    }

    /// Advice on a wrong name.
    pub(crate) fn advice(&self, name: &str) -> String {
        advice(name, self.rows.keys().map(String::as_str))
    }
}
