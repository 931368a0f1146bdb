//! The facts of history in the years of a scenario: the key `history`, and the files of `configs/history`.

use spiral_analysis::history::{Entries, Fact, Quantity, Record, Rivals, SeriesNote, Sides, Standing};
use spiral_model::setup::Setup;

use crate::syntax::problem::{Error, Finding, Placed, Span};
use crate::syntax::reader;
use crate::syntax::text::{self, Kind, Node};
use crate::syntax::words::{advice, quote};
use crate::world::observed;

/// Name and text of every file of history that comes with the program, by name.
const BUILT_IN: &[(&str, &str)] = &[
    ("cold-war", include_str!("../../../../configs/history/cold-war.ron")),
    ("naval-race", include_str!("../../../../configs/history/naval-race.ron")),
    ("pre-wwi", include_str!("../../../../configs/history/pre-wwi.ron")),
    ("pre-wwii", include_str!("../../../../configs/history/pre-wwii.ron")),
    ("richardson-1909", include_str!("../../../../configs/history/richardson-1909.ron")),
];

const KEYS: &[&str] = &["split", "series", "observed", "sides", "entries", "rivals", "facts"];
/// Longest time after the first belligerent at which a state enters the war, days: a century.
const MOST_DAYS: f64 = 36_525.0;

/// Names of the records of history that come with the program.
pub fn history_names() -> impl Iterator<Item = &'static str> + Clone {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// A record of history that comes with the program.
#[must_use]
pub fn history_record(name: &str) -> Option<Record> {
    let (name, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
    // A test reads every file that comes with the program.
    parse_history(text, &format!("{name}.ron")).ok()
}

/// Reads a file of history, which holds what a scenario can hold under its own key `history`; `file` is how messages name it.
///
/// | key | holds |
/// |---|---|
/// | `split` | the date that divides the observed series: naive forecasts are fitted before it, the scenario is scored after it |
/// | `series` | by state, or `"*"` for all others: `(before: …, after: …, why: "…")`, how the scenario used its observed series |
/// | `observed` | by state and metric, series that are not in the scenario itself, as in its key `observed` |
/// | `sides` | `(date: …, one: { "GER": 378 }, other: { "FRA": 230 })`: states with their output, for `spending_ratio` |
/// | `entries` | `(days: { "GER": 0, … }, standing: …, source: "…")`: days after the first belligerent on which states entered the war |
/// | `rivals` | `(pairs: ["FRA-GER", …], source: "…")`: pairs of states that were strategic rivals |
/// | `facts` | by [quantity](spiral_analysis::history::Quantity): `(history: …, naive: …, naive_is: "…", standing: …, why: "…", source: "…")` |
///
/// A standing is `fitted` (a value of the scenario was set from the figure), `looked at` (values were chosen while it was in view),
/// `held out` (the author did not look at it: only such a figure can validate the scenario) or `not known`.
///
/// # Errors
/// Everything that is wrong with the text, with its place; see [`Error`].
pub fn parse_history(text: &str, file: &str) -> Result<Record, Error> {
    let root = text::read(text).map_err(|finding| Error::new(file, text, vec![finding]))?;
    let mut findings = Vec::new();
    let record = record(&root, "", &mut findings).record;
    if findings.is_empty() { Ok(record) } else { Err(Error::new(file, text, findings)) }
}

/// The key `history` of a scenario: a record, and the codes that it names where the scenario gives it itself.
#[derive(Debug)]
pub(crate) struct History<'a> {
    record: Record,
    codes: Vec<Placed<&'a str>>,
}

/// Reads the key `history`: the name of a record of the program, or a record.
pub(crate) fn read<'a>(node: &'a Node, findings: &mut Vec<Finding>) -> Option<History<'a>> {
    match &node.kind {
        Kind::Text(name) => {
            let found = history_record(name);
            if found.is_none() {
                let finding = Finding::at(node.span, format!("no record of history has the name {}", quote(name)));
                findings.push(finding.help(advice(name, history_names())).help("a record of your own is written ( facts: … )"));
            }
            found.map(|record| History { record, codes: Vec::new() })
        }
        Kind::Map(_) => Some(record(node, "history", findings)),
        _ => {
            let wanted = "the name of a record, such as \"pre-wwi\", or a record of your own, ( facts: … )";
            findings.push(reader::wrong(node, "history", wanted));
            None
        }
    }
}

/// The record of the last layer that has one; a finding for each code of a record of its own that is no state of the scenario.
pub(crate) fn resolve(history: Option<&History<'_>>, setup: &Setup, findings: &mut Vec<Finding>) -> Option<Record> {
    let History { record, codes } = history?;
    for code in codes.iter().filter(|code| setup.state(code.value).is_none()) {
        let help = advice(code.value, setup.states.iter().map(|state| state.code.as_str()));
        findings.push(Finding::at(code.span, format!("no state {} in this scenario", quote(code.value))).help(help));
    }
    Some(record.clone())
}

fn record<'a>(node: &'a Node, path: &str, findings: &mut Vec<Finding>) -> History<'a> {
    let mut record = Record::default();
    let mut codes = Vec::new();
    let before = findings.len();
    let mut facts_span = node.span;
    for (key, node) in reader::fields(node, path, KEYS, findings) {
        match key.name.as_str() {
            "split" => record.split = reader::date(node, "split", findings),
            "series" => record.notes = notes(node, &mut codes, findings),
            "observed" => {
                for series in observed::read(node, findings) {
                    codes.push(series.state);
                    record.series.push(series.into());
                }
            }
            "sides" => record.sides = sides(node, &mut codes, findings),
            "entries" => record.entries = entries(node, &mut codes, findings),
            "rivals" => record.rivals = rivals(node, &mut codes, findings),
            _ => {
                facts_span = key.span;
                record.facts = facts(node, findings);
            }
        }
    }
    let ratio = record.facts.iter().any(|fact| fact.quantity == Quantity::SpendingRatio);
    if findings.len() == before && ratio != record.sides.is_some() {
        let lacks = if ratio {
            "`facts` has a `spending_ratio`, but there are no `sides`"
        } else {
            "`sides` has no `spending_ratio` in `facts`"
        };
        let finding = Finding::at(facts_span, lacks);
        findings.push(finding.help("the ratio is the spending of one side over that of the other, on the date of `sides`"));
    }
    History { record, codes }
}

/// A group of keys, all of which are required.
struct Complete<'a> {
    path: String,
    span: Span,
    fields: Vec<(&'a str, &'a Node)>,
}

impl<'a> Complete<'a> {
    fn read(node: &'a Node, path: String, keys: &[&str], findings: &mut Vec<Finding>) -> Self {
        let before = findings.len();
        let fields = reader::fields(node, &path, keys, findings);
        let fields: Vec<(&str, &Node)> = fields.into_iter().map(|(key, node)| (key.name.as_str(), node)).collect();
        let missing: Vec<&str> = keys.iter().copied().filter(|key| fields.iter().all(|(known, _)| known != key)).collect();
        // A key that is misspelt has its own finding.
        if !missing.is_empty() && findings.len() == before {
            let message = format!("{path} has no `{}`", missing.join("`, no `"));
            findings.push(Finding::at(node.span, message).help(format!("it must have `{}`", keys.join("`, `"))));
        }
        Self { path, span: node.span, fields }
    }

    fn get(&self, name: &str) -> Option<&'a Node> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, node)| *node)
    }

    fn text(&self, name: &str, findings: &mut Vec<Finding>) -> Option<String> {
        self.get(name).and_then(|node| reader::text(node, &format!("{}.{name}", self.path), findings))
    }

    fn standing(&self, name: &str, findings: &mut Vec<Finding>) -> Option<Standing> {
        self.get(name).and_then(|node| reader::choice(node, &format!("{}.{name}", self.path), Standing::NAMES, findings))
    }
}

fn notes<'a>(node: &'a Node, codes: &mut Vec<Placed<&'a str>>, findings: &mut Vec<Finding>) -> Vec<SeriesNote> {
    let mut notes = Vec::new();
    for (key, node) in reader::entries(node, "series", findings) {
        if key.name != "*" {
            codes.push(Placed { value: key.name.as_str(), span: key.span });
        }
        let note = Complete::read(node, format!("series.{}", key.name), &["before", "after", "why"], findings);
        let (before, after) = (note.standing("before", findings), note.standing("after", findings));
        if let (Some(before), Some(after), Some(why)) = (before, after, note.text("why", findings)) {
            notes.push(SeriesNote { state: key.name.clone(), before, after, why });
        }
    }
    notes
}

/// Numbers by state, each once.
fn by_state<'a>(
    node: &'a Node,
    path: &str,
    (low, high, what): (f64, f64, &str),
    codes: &mut Vec<Placed<&'a str>>,
    findings: &mut Vec<Finding>,
) -> Vec<(String, f64)> {
    let mut numbers = Vec::new();
    for (key, node) in reader::entries(node, path, findings) {
        codes.push(Placed { value: key.name.as_str(), span: key.span });
        let value = reader::number(node, &format!("{path}.{}", key.name), low, high, what, findings);
        numbers.extend(value.map(|value| (key.name.clone(), value)));
    }
    numbers
}

fn sides<'a>(node: &'a Node, codes: &mut Vec<Placed<&'a str>>, findings: &mut Vec<Finding>) -> Option<Sides> {
    let group = Complete::read(node, "sides".to_string(), &["date", "one", "other"], findings);
    let date = group.get("date").and_then(|node| reader::date(node, "sides.date", findings));
    let mut side = |name: &str| {
        let path = format!("sides.{name}");
        let output = (f64::MIN_POSITIVE, 1e9, "the output of the state, in the money of the scenario");
        group.get(name).map(|node| by_state(node, &path, output, codes, findings))
    };
    let (one, other) = (side("one")?, side("other")?);
    if let Some((both, _)) = one.iter().find(|(code, _)| other.iter().any(|(other, _)| other == code)) {
        findings.push(Finding::at(group.span, format!("{} is on both sides", quote(both))).help("keep it on one of the two"));
    }
    Some(Sides { date: date?, one, other })
}

fn entries<'a>(node: &'a Node, codes: &mut Vec<Placed<&'a str>>, findings: &mut Vec<Finding>) -> Option<Entries> {
    let group = Complete::read(node, "entries".to_string(), &["days", "standing", "source"], findings);
    let number = (0.0, MOST_DAYS, "days after the first belligerent");
    let days = group.get("days").map(|node| (by_state(node, "entries.days", number, codes, findings), node.span));
    if let Some((days, span)) = &days
        && let Some(two) = days.windows(2).find(|two| two[0].1 > two[1].1)
    {
        let message = format!("{} is listed after {}, but entered before it", quote(&two[1].0), quote(&two[0].0));
        findings.push(Finding::at(*span, message).help("put the states in order of entry"));
    }
    let (standing, source) = (group.standing("standing", findings), group.text("source", findings));
    Some(Entries { days: days?.0, standing: standing?, source: source? })
}

fn rivals<'a>(node: &'a Node, codes: &mut Vec<Placed<&'a str>>, findings: &mut Vec<Finding>) -> Option<Rivals> {
    let group = Complete::read(node, "rivals".to_string(), &["pairs", "source"], findings);
    let list =
        group.get("pairs").and_then(|node| reader::list(node, "rivals.pairs", "a list of pairs, [\"FRA-GER\", …]", findings));
    let mut pairs = Vec::new();
    for node in list.unwrap_or_default() {
        let Kind::Text(pair) = &node.kind else {
            findings.push(reader::wrong(node, "an entry of rivals.pairs", "a pair of codes, such as \"FRA-GER\""));
            continue;
        };
        match pair.split_once('-') {
            Some((one, other)) if one != other => {
                codes.extend([one, other].map(|value| Placed { value, span: node.span }));
                pairs.push((one.to_string(), other.to_string()));
            }
            _ => {
                let finding = Finding::at(node.span, format!("{} is no pair of two states", quote(pair)));
                findings.push(finding.help("write two codes with a hyphen between them, such as \"FRA-GER\""));
            }
        }
    }
    Some(Rivals { pairs, source: group.text("source", findings)? })
}

fn facts(node: &Node, findings: &mut Vec<Finding>) -> Vec<Fact> {
    let names = Quantity::ALL.map(Quantity::name);
    let mut facts = Vec::new();
    for (key, node) in reader::fields(node, "facts", &names, findings) {
        let Some(quantity) = Quantity::ALL.into_iter().find(|quantity| quantity.name() == key.name) else { continue };
        facts.extend(fact(node, quantity, findings));
    }
    facts
}

fn fact(node: &Node, quantity: Quantity, findings: &mut Vec<Finding>) -> Option<Fact> {
    let keys = ["history", "naive", "naive_is", "standing", "why", "source"];
    let group = Complete::read(node, format!("facts.{}", quantity.name()), &keys, findings);
    let (low, high) = match (quantity.unit(), quantity.is_logarithmic()) {
        ("share", _) => (0.0, 1.0),
        // A logarithm is taken of it.
        (_, true) => (1e-12, 1e9),
        _ => (0.0, 1e9),
    };
    let what = format!("{}, {}", quantity.label(), quantity.unit());
    let mut number = |name: &str| {
        let path = format!("{}.{name}", group.path);
        group.get(name).and_then(|node| reader::number(node, &path, low, high, &what, findings))
    };
    let (history, naive) = (number("history"), number("naive"));
    if history.is_some() && history == naive {
        let message = format!("the naive forecast of {} is what history did", group.path);
        findings.push(Finding::at(group.span, message).help("skill is measured against `naive`, which must be another number"));
    }
    let [naive_is, why, source] = ["naive_is", "why", "source"].map(|name| group.text(name, findings));
    let standing = group.standing("standing", findings);
    Some(Fact {
        quantity,
        history: history?,
        naive: naive?,
        naive_is: naive_is?,
        standing: standing?,
        why: why?,
        source: source?,
    })
}
