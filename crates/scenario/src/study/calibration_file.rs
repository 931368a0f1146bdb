//! Calibration files: a scenario, the numbers to fit, the targets they should reproduce, the method and its budget.
//!
//! | key | holds |
//! |---|---|
//! | `title`, `question` | what the study is, what it asks |
//! | `scenario`, `set`, `without`, `years` | as in a study file |
//! | `scenarios` | in place of `scenario`: several scenarios to which the same numbers are fitted together, `[ (scenario: "pre-wwi", years: (1890, 1914)), (scenario: "pre-wwii/1920") ]`; each target then names its `scenario` |
//! | `factors` | the numbers to fit, each with a range: `(path: …, range: (low, high), scale: "log")`, `(judgement: path)`, `(judgements: prefix)` |
//! | `targets` | the observed values to reproduce, and those that are held out: `(measure: name, value: V, scale: S, use: "fit", source: …)`, `(observed: "burden", states: ["GBR"], years: (1890, 1905), scale: S, use: "hold_out")`. A series may leave out years, `except: [(1899, 1903)]`, and say from which years its naive forecasts are made, `known: (1890, 1895)` |
//! | `method` | `(kind: "cma-es", population: 8, step: 0.3)` or `(kind: "abc-smc", population: 100, quantile: 0.5)` |
//! | `budget` | most candidates that are simulated |
//! | `histories` | histories of each candidate: the same ones, on the same draws of chance (200) |
//! | `seed` | seed of every draw (1) |

use crate::study::factor::{Factor, FactorValues};
use crate::study::factor_list::{self, check_factors};
use crate::study::source::{Find, StudySource, beside, from_source, heading};
use crate::study::targets::{self, CalibrationAim, CalibrationTarget, KnownMeasure};
use crate::study::worlds::{self, CalibrationWorld, Named};
use crate::syntax::problem::{Error, Finding, Span};
use crate::syntax::reader::{self, FileKind, count};
use crate::syntax::text::{self, Node};
use crate::syntax::words::quote;
use crate::world::load;
use crate::world::overrides::Overrides;
use crate::world::scenario::Scenario;

/// Most numbers that are fitted at once.
const MOST_FACTORS: usize = 40;
/// Most candidates.
const MOST_CANDIDATES: u32 = 1_000_000;
/// Most histories of a candidate.
const MOST_HISTORIES: u32 = 100_000;
/// Fewest histories of a candidate: fewer at peace give no curve.
const LEAST_HISTORIES: u32 = 20;

/// A calibration file, read, its scenario loaded.
#[derive(Debug, Clone)]
pub struct CalibrationFile {
    /// Title; the name of the file where it gives none.
    pub title: String,
    /// The question it asks.
    pub question: String,
    /// Where everything comes from: enough to read it again.
    pub source: StudySource,
    /// The scenarios, at least one, each with the numbers to fit: the names and ranges of the numbers are the same in all of them.
    pub worlds: Vec<CalibrationWorld>,
    /// The observed values to reproduce, and those that are held out.
    pub targets: Vec<CalibrationTarget>,
    /// The method that fits them.
    pub method: CalibrationMethod,
    /// Most candidates.
    pub budget: u32,
    /// Histories of each candidate.
    pub histories: u32,
    /// Seed of every draw.
    pub seed: u64,
}

/// The method that fits parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CalibrationMethod {
    /// The best values, by an evolution strategy.
    CmaEs {
        /// Candidates of a generation.
        population: Option<u32>,
        /// First step, a share of every range.
        step: f64,
    },
    /// A sample of all values that fit well enough, by population Monte Carlo.
    AbcSmc {
        /// Particles of a population.
        population: u32,
        /// Quantile of the last distances that is the next tolerance.
        quantile: f64,
    },
}

const KEYS: &[&str] = &[
    "title",
    "question",
    "scenario",
    "scenarios",
    "set",
    "without",
    "years",
    "factors",
    "targets",
    "method",
    "budget",
    "histories",
    "seed",
];

impl CalibrationFile {
    /// Reads a calibration file with what it names, with histories and a seed in place of the file's. `measures` are those that a
    /// target may have.
    ///
    /// # Errors
    /// Everything that is wrong with it, with its place; see [`Error`].
    pub fn load(path: &str, measures: &[KnownMeasure], histories: Option<u32>, seed: Option<u64>) -> Result<Self, Error> {
        let text = load::text_of(path)?;
        let find = |name: &str, overrides: &Overrides| beside(path, name, overrides);
        let read = read(&text, path, measures, &find)?;
        if let Some(asked) = histories.filter(|asked| !(LEAST_HISTORIES..=MOST_HISTORIES).contains(asked)) {
            let message = format!("{asked} histories a candidate are asked for in place of the file's {}", read.histories);
            let help = format!("allowed: {LEAST_HISTORIES} to {MOST_HISTORIES}");
            return Err(Error::new(path, &text, vec![Finding::new(message).help(help)]));
        }
        Ok(read.asked(histories, seed))
    }

    /// Reads a calibration again from its texts.
    ///
    /// # Errors
    /// As [`CalibrationFile::load`]; texts that were read before are read again without error by the same version.
    pub fn again(source: &StudySource, measures: &[KnownMeasure]) -> Result<Self, Error> {
        let find = |name: &str, overrides: &Overrides| from_source(source, name, overrides);
        Ok(read(&source.text, &source.file, measures, &find)?.asked(source.histories, source.seed))
    }

    fn asked(mut self, histories: Option<u32>, seed: Option<u64>) -> Self {
        self.histories = histories.unwrap_or(self.histories);
        self.seed = seed.unwrap_or(self.seed);
        self.source.histories = histories;
        self.source.seed = seed;
        self
    }

    /// The numbers to fit, each with its range.
    #[must_use]
    pub fn factors(&self) -> &[Factor] {
        self.worlds.first().map_or(&[], |world| &world.factors)
    }

    /// Names of the scenarios, with commas between them.
    #[must_use]
    pub fn scenario_names(&self) -> String {
        self.worlds.iter().map(|world| world.base.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

fn read(text: &str, file: &str, measures: &[KnownMeasure], find: Find<'_>) -> Result<CalibrationFile, Error> {
    let fail = |findings: Vec<Finding>| Error::new(file, text, findings);
    let root = text::read(text).map_err(|finding| fail(vec![finding]))?;
    reader::refuse_other_kinds(&root, FileKind::Calibration).map_err(|finding| fail(vec![finding]))?;
    let mut findings = Vec::new();
    let fields = reader::fields(&root, "", KEYS, &mut findings);
    let get = |name: &str| fields.iter().find(|(key, _)| key.name == name).map(|(_, node)| *node);
    let Some(Named { scenarios, texts }) = worlds::read(&get, find, &mut findings)? else { return Err(fail(findings)) };
    let mut worlds: Vec<CalibrationWorld> = Vec::new();
    for base in scenarios {
        // What is wrong with the factors in every scenario is told once.
        if findings.is_empty() {
            let factors = read_factors(get("factors"), &base, &mut findings);
            check_same(worlds.first(), &base, &factors, get("factors"), &mut findings);
            worlds.push(CalibrationWorld { base, factors });
        } else {
            worlds.push(CalibrationWorld { base, factors: Vec::new() });
        }
    }
    let (mut targets, mut spans) = (Vec::new(), Vec::new());
    let list = "a list of targets";
    for node in get("targets").and_then(|node| reader::list(node, "targets", list, &mut findings)).unwrap_or_default() {
        self::targets::read(node, &worlds, measures, &mut targets, &mut findings);
        spans.resize(targets.len(), node.span);
    }
    if let (Some(node), true) = (get("scenarios"), findings.is_empty()) {
        for (world, CalibrationWorld { base, .. }) in worlds.iter().enumerate() {
            if targets.iter().all(|target| target.world != world) {
                let message = format!("no target is of the scenario {}", quote(&base.name));
                findings.push(Finding::at(node.span, message).help("give it a target, or leave it out"));
            }
        }
    }
    check_targets(&targets, &spans, get("targets"), &mut findings);
    let method = if let Some(node) = get("method") {
        read_method(node, &mut findings)
    } else {
        let finding = Finding::new("`method` is missing");
        findings.push(finding.help("method: (kind: \"cma-es\"), or (kind: \"abc-smc\")"));
        None
    };
    let budget = if let Some(node) = get("budget") {
        count(node, "budget", 16, MOST_CANDIDATES, &mut findings)
    } else {
        findings.push(Finding::new("`budget` is missing: how many candidates may be simulated").help("budget: 400,"));
        None
    };
    if let (Some(method), Some(budget), Some(node)) = (method, budget, get("budget")) {
        let (population, least) = match method {
            CalibrationMethod::CmaEs { population, .. } => (population.unwrap_or(16), population.unwrap_or(16)),
            CalibrationMethod::AbcSmc { population, .. } => (population, 2 * population),
        };
        if budget < least {
            let message = format!("a budget of {budget} is too small for a population of {population}");
            findings.push(Finding::at(node.span, message).help(format!("at least {least}, better ten times that")));
        }
    }
    let histories =
        get("histories").map_or(Some(200), |node| count(node, "histories", LEAST_HISTORIES, MOST_HISTORIES, &mut findings));
    let (title, question, seed) = heading(&get, file, &mut findings);
    match (method, budget, histories, seed, title) {
        (Some(method), Some(budget), Some(histories), Some(seed), Some(title)) if findings.is_empty() => {
            let source = match worlds.as_slice() {
                [one] if get("scenarios").is_none() => StudySource::of(file, text, &one.base),
                _ => StudySource { file: file.to_string(), text: text.to_string(), scenarios: texts, ..StudySource::default() },
            };
            Ok(CalibrationFile { title, question, source, worlds, targets, method, budget, histories, seed })
        }
        _ => Err(fail(findings)),
    }
}

fn read_factors(node: Option<&Node>, base: &Scenario, findings: &mut Vec<Finding>) -> Vec<Factor> {
    let mut factors: Vec<Factor> = Vec::new();
    let Some(node) = node else {
        findings
            .push(Finding::new("`factors` is missing: the numbers to fit").help("factors: [ (judgement: \"crisis.rate\") ],"));
        return factors;
    };
    for entry in reader::list(node, "factors", "a list", findings).unwrap_or_default() {
        let before = factors.len();
        factor_list::read(entry, base, &mut factors, findings);
        for factor in &factors[before..] {
            if !matches!(factor.values, FactorValues::Range { .. }) {
                let message = format!("{} has no range: a calibration searches between two bounds", quote(&factor.name));
                findings.push(Finding::at(entry.span, message).help("(path: \"crisis.rate\", range: (0.05, 0.3))"));
            }
        }
    }
    check_factors(&factors, findings);
    if factors.len() > MOST_FACTORS {
        let message = format!("{} numbers are fitted at once; at most {MOST_FACTORS} are allowed", factors.len());
        findings.push(Finding::at(node.span, message));
    }
    factors
}

/// The same factors in every scenario: a judgement may have another range, or stand for other numbers, in another one.
fn check_same(
    first: Option<&CalibrationWorld>,
    base: &Scenario,
    factors: &[Factor],
    node: Option<&Node>,
    findings: &mut Vec<Finding>,
) {
    let (Some(first), Some(node)) = (first, node) else { return };
    let alike = |one: &Factor, other: &Factor| one.name == other.name && one.values == other.values;
    let same = first.factors.len() == factors.len() && first.factors.iter().zip(factors).all(|(one, other)| alike(one, other));
    if !same && findings.is_empty() {
        let message = format!("{} and {} give these factors other names or ranges", first.base.name, base.name);
        let help = "give each factor a path and a range of its own: (path: \"arming.elasticity\", range: (0.2, 0.9))";
        findings.push(Finding::at(node.span, message).help(help));
    }
}

fn check_targets(targets: &[CalibrationTarget], spans: &[Span], node: Option<&Node>, findings: &mut Vec<Finding>) {
    const EXAMPLE: &str = "(measure: \"general_war\", value: 0.5, scale: 0.1, use: \"fit\", source: \"…\")";
    for (position, target) in targets.iter().enumerate() {
        if targets[..position].iter().any(|other| other.overlaps(target)) {
            let message = format!("the target {} is given twice, or for years that overlap", quote(&target.label));
            findings.push(Finding::at(spans[position], message).help("a target is either fitted or held out, and counts once"));
        }
    }
    if !findings.is_empty() || targets.iter().any(|target| target.fit) {
        return;
    }
    let finding = match node {
        None => Finding::new("`targets` is missing: the observed values that the scenario should reproduce"),
        Some(node) => Finding::at(node.span, "no target is to be fitted"),
    };
    findings.push(finding.help(EXAMPLE));
}

fn read_method(node: &Node, findings: &mut Vec<Finding>) -> Option<CalibrationMethod> {
    const KINDS: &[(&str, &[&str])] = &[("cma-es", &["population", "step"]), ("abc-smc", &["population", "quantile"])];
    let (kind, entries) = reader::kind(node, "method", KINDS, findings)?;
    let get = |name: &str| entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| *node);
    if kind == "cma-es" {
        let population = match get("population") {
            None => None,
            Some(node) => Some(count(node, "population", 4, 10_000, findings)?),
        };
        let what = "a share of every range";
        let step = get("step").map_or(Some(0.3), |node| reader::number(node, "step", 0.01, 1.0, what, findings))?;
        Some(CalibrationMethod::CmaEs { population, step })
    } else {
        let population = get("population").map_or(Some(100), |node| count(node, "population", 20, 100_000, findings))?;
        let what = "the part of the last distances below the next tolerance";
        let quantile = get("quantile").map_or(Some(0.5), |node| reader::number(node, "quantile", 0.05, 0.95, what, findings))?;
        Some(CalibrationMethod::AbcSmc { population, quantile })
    }
}

impl CalibrationTarget {
    /// Whether another target is for the same quantity.
    fn overlaps(&self, other: &Self) -> bool {
        if self.world != other.world {
            return false;
        }
        match (&self.aim, &other.aim) {
            (CalibrationAim::Number { measure, .. }, CalibrationAim::Number { measure: same, .. }) => measure == same,
            (
                CalibrationAim::Series { metric, state, points, .. },
                CalibrationAim::Series { metric: m, state: s, points: others, .. },
            ) => metric == m && state == s && points.iter().any(|point| others.iter().any(|other| other.0 == point.0)),
            _ => false,
        }
    }
}
