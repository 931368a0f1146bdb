//! Study files: a scenario, what is varied in it, by which design, how often, and what is asked of the results.
//!
//! | key | holds |
//! |---|---|
//! | `title`, `question` | what the study is, what it asks |
//! | `scenario` | a built-in name, or a path, from the folder of the study |
//! | `set`, `without`, `years` | changes to the scenario at every point, as on the command line |
//! | `design` | `(kind: "grid")`, `(kind: "list", points: [{name: value}, …])`, `(kind: "lhs", points: N)`, `(kind: "sobol", points: N)`, `(kind: "morris", trajectories: N, levels: 4)`, `(kind: "saltelli", samples: N)` |
//! | `factors` | what varies: `(path: …, also: [other paths that take its value], range: (low, high), scale: "log", steps: 3)`, `(path: …, levels: […])`, `(judgement: path)`, `(judgements: prefix or "all")`, `(mechanism: name)`, `(intervention: name, add: [entries], remove: [texts of entries])` |
//! | `problem` | a parameter file of SALib beside the study, a line `path low high` each, in place of `factors` or before them |
//! | `histories` | a number for every point, or `(until: outcome, width: W, at_least: N, at_most: N)` |
//! | `seed` | seed of every draw (1) |
//! | `outcomes` | names of the measures that are reported for each point |
//! | `curves` | true keeps the curves of every point (false) |
//! | `marks` | for a grid of two numbers: scenarios that are marked on its plane, each at its own values of the two |

use std::collections::BTreeMap;

use spiral_model::setup::Target;

use crate::factor::{self, Factor, FactorValues};
use crate::load::{self, load};
use crate::overrides::Overrides;
use crate::problem::{Error, Finding, Span, advice, figure, quote};
use crate::reader::{self, FileKind};
use crate::scenario::Scenario;
use crate::study_factors;
use crate::study_marks::{self, Find, Mark};
use crate::study_source::{StudySource, beside, folder_of, from_source};
use crate::text::{self, Kind, Node};

/// Most points of a design.
pub const MOST_POINTS: usize = 200_000;

/// A study file, read, its scenario loaded.
#[derive(Debug, Clone)]
pub struct StudyFile {
    /// Title; the name of the file where it gives none.
    pub title: String,
    /// The question it asks.
    pub question: String,
    /// Where everything comes from: enough to read the study again.
    pub source: StudySource,
    /// The scenario that is varied.
    pub base: Scenario,
    /// How points are placed.
    pub design: Design,
    /// What varies.
    pub factors: Vec<Factor>,
    /// Histories at each point.
    pub histories: Histories,
    /// Seed of every draw.
    pub seed: u64,
    /// Names of the measures that are reported.
    pub outcomes: Vec<String>,
    /// Whether the curves of every point are kept.
    pub curves: bool,
    /// Scenarios that are marked on the plane of its two factors.
    pub marks: Vec<Mark>,
}

/// How the points of a study are placed.
#[derive(Debug, Clone, PartialEq)]
pub enum Design {
    /// Every combination of the factors' values.
    Grid,
    /// These points; NaN where a point leaves a factor as the scenario has it.
    List(Vec<Vec<f64>>),
    /// One point in each of `points` equal slices of every factor.
    LatinHypercube {
        /// Number of points.
        points: u32,
    },
    /// Scrambled Sobol' points.
    Sobol {
        /// Number of points.
        points: u32,
    },
    /// Morris's trajectories of one step in every factor.
    Morris {
        /// Number of trajectories.
        trajectories: u32,
        /// Levels of each factor, even.
        levels: u32,
    },
    /// Saltelli's two matrices and their mixtures, for Sobol' indices.
    Saltelli {
        /// Rows of each matrix.
        samples: u32,
    },
}

/// How many histories each point has.
#[derive(Debug, Clone, PartialEq)]
pub enum Histories {
    /// So many.
    Fixed(u32),
    /// Until the interval of an outcome is narrow enough.
    Until {
        /// Name of the measure.
        outcome: String,
        /// Widest interval at which a point is done, upper less lower end, in the unit of the measure.
        width: f64,
        /// Fewest histories.
        at_least: u32,
        /// Most histories.
        at_most: u32,
    },
}

const KEYS: &[&str] = &[
    "title",
    "question",
    "scenario",
    "set",
    "without",
    "years",
    "design",
    "factors",
    "problem",
    "histories",
    "seed",
    "outcomes",
    "curves",
    "marks",
];

impl StudyFile {
    /// Reads a study file with what it names. `measures` are the names that an outcome may have.
    ///
    /// # Errors
    /// Everything that is wrong with it, with its place; see [`Error`].
    pub fn load(path: &str, measures: &[&str]) -> Result<Self, Error> {
        Self::load_with(path, measures, None, None)
    }

    /// [`StudyFile::load`] with histories and a seed in place of the file's.
    ///
    /// # Errors
    /// As [`StudyFile::load`].
    pub fn load_with(path: &str, measures: &[&str], histories: Option<u32>, seed: Option<u64>) -> Result<Self, Error> {
        let text = load::text_of(path)?;
        let problem = |name: &str| load::text_of(&folder_of(path).join(name).to_string_lossy());
        let find = |name: &str, overrides: &Overrides| beside(path, name, overrides);
        Ok(read(&text, path, measures, [&find, &find], &problem)?.asked(histories, seed))
    }

    /// Reads a study again from its texts.
    ///
    /// # Errors
    /// As [`StudyFile::load`]; texts that were read before are read again without error by the same version.
    pub fn again(source: &StudySource, measures: &[&str]) -> Result<Self, Error> {
        let find = |name: &str, overrides: &Overrides| from_source(source, name, overrides);
        let find_mark = |name: &str, overrides: &Overrides| match source.marks.iter().find(|(known, _)| known == name) {
            None => load(name, overrides),
            Some((_, text)) => load::parse_named(text, name, overrides),
        };
        let problem = |_: &str| Ok(source.problem.clone().unwrap_or_default());
        Ok(read(&source.text, &source.file, measures, [&find, &find_mark], &problem)?.asked(source.histories, source.seed))
    }

    fn asked(mut self, histories: Option<u32>, seed: Option<u64>) -> Self {
        if let Some(histories) = histories {
            self.histories = Histories::Fixed(histories);
        }
        self.seed = seed.unwrap_or(self.seed);
        self.source.histories = histories;
        self.source.seed = seed;
        self
    }

    /// The setup of a point.
    #[must_use]
    pub fn setup(&self, values: &[f64]) -> spiral_model::Setup {
        factor::setup_with(&self.base, &self.factors, values)
    }
}

/// The scenario that a file names, changed as it says; `None`, with a finding, where there is not one.
pub(crate) fn base<'a>(
    get: &dyn Fn(&str) -> Option<&'a Node>,
    find: Find<'_>,
    findings: &mut Vec<Finding>,
) -> Result<Option<Scenario>, Error> {
    let overrides = overrides(get("set"), get("without"), get("years"), findings);
    let Some(name) = get("scenario").and_then(|node| reader::text(node, "scenario", findings)) else {
        if get("scenario").is_none() {
            findings.push(Finding::new("`scenario` is missing").help("scenario: \"pre-wwi\","));
        }
        return Ok(None);
    };
    let mut found = match find(&name, &overrides) {
        Ok(found) => found,
        // A name that stands for nothing is wrong here, and not in the file that it would name.
        Err(error) if error.problems.iter().all(|problem| problem.origin.is_empty()) => {
            for problem in error.problems {
                let span = get("scenario").map_or(Span { start: 0, end: 0 }, |node| node.span);
                findings.push(problem.help.into_iter().fold(Finding::at(span, problem.message), Finding::help));
            }
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let (1, Some(base)) = (found.len(), found.pop()) else {
        let message = format!("{} holds several scenarios; a study varies one", quote(&name));
        let span = get("scenario").map_or(Span { start: 0, end: 0 }, |node| node.span);
        findings.push(Finding::at(span, message).help("name a member: \"FILE/MEMBER\""));
        return Ok(None);
    };
    Ok(Some(base))
}

fn read(
    text: &str,
    file: &str,
    measures: &[&str],
    [find, find_mark]: [Find<'_>; 2],
    problem_text: &dyn Fn(&str) -> Result<String, Error>,
) -> Result<StudyFile, Error> {
    let fail = |findings: Vec<Finding>| Error::new(file, text, findings);
    let root = text::read(text).map_err(|finding| fail(vec![finding]))?;
    reader::refuse_other_kinds(&root, FileKind::Study).map_err(|finding| fail(vec![finding]))?;
    let mut findings = Vec::new();
    let fields = reader::fields(&root, "", KEYS, &mut findings);
    let get = |name: &str| fields.iter().find(|(key, _)| key.name == name).map(|(_, node)| *node);
    let Some(base) = base(&get, find, &mut findings)? else { return Err(fail(findings)) };
    let mut factors = Vec::new();
    let mut problem = None;
    if let Some(node) = get("problem")
        && let Some(name) = reader::text(node, "problem", &mut findings)
    {
        let lines = problem_text(&name)?;
        study_factors::of_problem(&lines, &name, &base, &mut factors)?;
        problem = Some(lines);
    }
    for node in get("factors").and_then(|node| reader::list(node, "factors", "a list", &mut findings)).unwrap_or_default() {
        study_factors::read(node, &base, &mut factors, &mut findings);
    }
    check_factors(&factors, &mut findings);
    let design = if let Some(node) = get("design") {
        read_design(node, &factors, &mut findings)
    } else {
        findings.push(Finding::new("`design` is missing").help("design: (kind: \"sobol\", points: 64),"));
        None
    };
    let histories = get("histories").map_or(Some(Histories::Fixed(100)), |node| read_histories(node, measures, &mut findings));
    let mut outcomes = Vec::new();
    for node in
        get("outcomes").and_then(|node| reader::list(node, "outcomes", "a list of names", &mut findings)).unwrap_or_default()
    {
        outcomes.extend(measure(node, "outcomes", measures, &mut findings));
    }
    if outcomes.is_empty() {
        outcomes = ["general_war", "preemption", "peak_burden"].map(str::to_string).to_vec();
    }
    let curves = get("curves").map_or(Some(false), |node| reader::flag(node, "curves", &mut findings));
    let (mut marks, mut marked) = (Vec::new(), Vec::new());
    if let Some(node) = get("marks") {
        marks = study_marks::read(node, design.as_ref(), &factors, find_mark, &mut marked, &mut findings)?;
    }
    let (title, question, seed) = heading(&get, file, &mut findings);
    match (design, histories, seed, title, curves) {
        (Some(design), Some(histories), Some(seed), Some(title), Some(curves)) if findings.is_empty() => {
            let source = StudySource { problem, marks: marked, ..StudySource::of(file, text, &base) };
            Ok(StudyFile { title, question, source, base, design, factors, histories, seed, outcomes, curves, marks })
        }
        _ => Err(fail(findings)),
    }
}

/// Title, question and seed of a file; a title or seed that cannot be read is missing, with a finding.
pub(crate) fn heading<'a>(
    get: &dyn Fn(&str) -> Option<&'a Node>,
    file: &str,
    findings: &mut Vec<Finding>,
) -> (Option<String>, String, Option<u64>) {
    let title = get("title").map_or_else(|| Some(load::stem(file)), |node| reader::text(node, "title", findings));
    let question = get("question").and_then(|node| reader::text(node, "question", findings)).unwrap_or_default();
    let seed = get("seed").map_or(Some(1), |node| whole(node, "seed", 0, 1 << 53, findings));
    (title, question, seed)
}

fn overrides(set: Option<&Node>, without: Option<&Node>, years: Option<&Node>, findings: &mut Vec<Finding>) -> Overrides {
    let mut overrides = Overrides::default();
    if let Some(node) = set {
        for (key, node) in reader::entries(node, "set", findings) {
            match &node.kind {
                Kind::Number(value) => overrides.set.push((key.name.clone(), format!("{value:?}"))),
                Kind::Text(text) => overrides.set.push((key.name.clone(), text.clone())),
                _ => findings.push(reader::wrong(node, &format!("set.{}", key.name), "a number or a name in quotes")),
            }
        }
    }
    for node in without.and_then(|node| reader::list(node, "without", "a list of mechanisms", findings)).unwrap_or_default() {
        overrides.without.extend(reader::text(node, "an entry of without", findings));
    }
    overrides.years = years.and_then(|node| reader::two_numbers(node, "years", "(first, last)", findings));
    overrides
}

/// Checks that there are factors, and each once.
pub(crate) fn check_factors(factors: &[Factor], findings: &mut Vec<Finding>) {
    let mut set_by: BTreeMap<Target, &Factor> = BTreeMap::new();
    for (position, factor) in factors.iter().enumerate() {
        let other = factor.numbers().iter().find_map(|number| set_by.get(number).copied());
        set_by.extend(factor.numbers().iter().map(|number| (*number, factor)));
        if factors[..position].iter().any(|other| other.name == factor.name) {
            findings.push(Finding::new(format!("the factor {} is given twice", quote(&factor.name))).help("keep one of the two"));
        } else if let Some(other) = other {
            let message = format!("the factors {} and {} set the same number", quote(&other.name), quote(&factor.name));
            findings.push(
                Finding::new(message).help("one would have no effect there: keep one of the two, or name the states one by one"),
            );
        }
    }
    if factors.is_empty() && findings.is_empty() {
        findings
            .push(Finding::new("a study needs at least one factor").help("factors: [ (judgement: \"technology.balance\") ],"));
    }
}

/// A whole number within a range.
pub(crate) fn whole(node: &Node, path: &str, low: u64, high: u64, findings: &mut Vec<Finding>) -> Option<u64> {
    let value = reader::number(node, path, low as f64, high as f64, "a whole number", findings)?;
    if value.fract() == 0.0 {
        return Some(value as u64);
    }
    findings.push(Finding::at(node.span, format!("{path} is {}; it must be a whole number", figure(value))));
    None
}

pub(crate) fn count(node: &Node, path: &str, low: u32, high: u32, findings: &mut Vec<Finding>) -> Option<u32> {
    whole(node, path, u64::from(low), u64::from(high), findings).map(|value| value as u32)
}

fn measure(node: &Node, path: &str, measures: &[&str], findings: &mut Vec<Finding>) -> Option<String> {
    let name = reader::text(node, path, findings)?;
    if measures.contains(&name.as_str()) {
        return Some(name);
    }
    let help = advice(&name, measures.iter().copied());
    findings.push(Finding::at(node.span, format!("{path}: no measure {}", quote(&name))).help(help));
    None
}

fn read_histories(node: &Node, measures: &[&str], findings: &mut Vec<Finding>) -> Option<Histories> {
    const MOST: u32 = 100_000_000;
    if matches!(node.kind, Kind::Number(_)) {
        return count(node, "histories", 1, MOST, findings).map(Histories::Fixed);
    }
    let (mut outcome, mut width, mut at_least, mut at_most) = (None, None, Some(100), Some(10_000));
    for (key, node) in reader::fields(node, "histories", &["until", "width", "at_least", "at_most"], findings) {
        match key.name.as_str() {
            "until" => outcome = measure(node, "until", measures, findings),
            "width" => width = reader::number(node, "width", 1e-9, 1e9, "upper less lower end of the interval", findings),
            "at_least" => at_least = count(node, "at_least", 2, MOST, findings),
            _ => at_most = count(node, "at_most", 2, MOST, findings),
        }
    }
    if let (Some(outcome), Some(width), Some(at_least), Some(at_most)) = (outcome, width, at_least, at_most) {
        if at_least > at_most {
            let message = format!("at_least is {at_least} and at_most {at_most}: the fewest histories are more than the most");
            findings.push(Finding::at(node.span, message).help("at_least is 100 and at_most 10,000 where they are not given"));
            return None;
        }
        Some(Histories::Until { outcome, width, at_least, at_most })
    } else {
        if findings.is_empty() {
            let finding = Finding::at(node.span, "histories needs `until` and `width`, or is a number");
            findings.push(finding.help("histories: (until: \"general_war\", width: 0.05, at_most: 10000),"));
        }
        None
    }
}

fn read_design(node: &Node, factors: &[Factor], findings: &mut Vec<Finding>) -> Option<Design> {
    const KINDS: &[(&str, &[&str])] = &[
        ("grid", &[]),
        ("list", &["points"]),
        ("lhs", &["points"]),
        ("sobol", &["points"]),
        ("morris", &["trajectories", "levels"]),
        ("saltelli", &["samples"]),
    ];
    let entries = reader::entries(node, "design", findings);
    let get = |name: &str| entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| *node);
    let kinds: Vec<(&str, usize)> = KINDS.iter().enumerate().map(|(position, (name, _))| (*name, position)).collect();
    let Some(kind) = get("kind") else {
        findings.push(Finding::at(node.span, "design has no `kind`").help(advice("", kinds.iter().map(|(name, _)| *name))));
        return None;
    };
    let (kind, keys) = KINDS[reader::choice(kind, "kind", &kinds, findings)?];
    for (key, _) in entries.iter().filter(|(key, _)| key.name != "kind" && !keys.contains(&key.name.as_str())) {
        let help =
            if keys.is_empty() { format!("a {kind} has none but `kind`") } else { advice(&key.name, keys.iter().copied()) };
        findings.push(Finding::at(key.span, format!("no key {} in a design of kind {kind}", quote(&key.name))).help(help));
    }
    let needed = |name: &str, findings: &mut Vec<Finding>| {
        let found = get(name);
        if found.is_none() {
            findings.push(Finding::at(node.span, format!("a design of kind {kind} needs `{name}`")));
        }
        found
    };
    let most = MOST_POINTS as u32;
    let design = match kind {
        "grid" => Design::Grid,
        "list" => Design::List(list_points(needed("points", findings)?, factors, findings)?),
        "lhs" => Design::LatinHypercube { points: count(needed("points", findings)?, "points", 2, most, findings)? },
        "sobol" => Design::Sobol { points: count(needed("points", findings)?, "points", 1, most, findings)? },
        "morris" => {
            let levels = get("levels").map_or(Some(4), |node| count(node, "levels", 2, 100, findings))?;
            if levels % 2 == 1 {
                findings.push(Finding::at(node.span, format!("levels is {levels}; Morris's design needs an even number")));
            }
            let trajectories = count(needed("trajectories", findings)?, "trajectories", 2, most, findings)?;
            Design::Morris { trajectories, levels }
        }
        _ => Design::Saltelli { samples: count(needed("samples", findings)?, "samples", 2, most, findings)? },
    };
    let points = design.points(factors);
    if points > MOST_POINTS {
        findings.push(Finding::at(node.span, format!("the design has {points} points; at most {MOST_POINTS} are allowed")));
        return None;
    }
    Some(design)
}

impl Design {
    /// How many points it has.
    #[must_use]
    pub fn points(&self, factors: &[Factor]) -> usize {
        match self {
            Self::Grid => factors.iter().fold(1, |all: usize, factor| all.saturating_mul(factor.values.grid().len())),
            Self::List(points) => points.len(),
            Self::LatinHypercube { points } | Self::Sobol { points } => *points as usize,
            Self::Morris { trajectories, .. } => (*trajectories as usize).saturating_mul(factors.len() + 1),
            Self::Saltelli { samples } => (*samples as usize).saturating_mul(factors.len() + 2),
        }
    }

    /// Its name in a study file.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::List(_) => "list",
            Self::LatinHypercube { .. } => "lhs",
            Self::Sobol { .. } => "sobol",
            Self::Morris { .. } => "morris",
            Self::Saltelli { .. } => "saltelli",
        }
    }
}

fn list_points(node: &Node, factors: &[Factor], findings: &mut Vec<Finding>) -> Option<Vec<Vec<f64>>> {
    let list = reader::list(node, "points", "a list of points, [ {\"technology.balance\": 0.5}, … ]", findings)?;
    let mut points = Vec::with_capacity(list.len());
    for node in list {
        let mut point = vec![f64::NAN; factors.len()];
        for (key, node) in reader::entries(node, "a point", findings) {
            let Some(position) = factors.iter().position(|factor| factor.name == key.name) else {
                let help = advice(&key.name, factors.iter().map(|factor| factor.name.as_str()));
                findings.push(Finding::at(key.span, format!("no factor {}", quote(&key.name))).help(help));
                continue;
            };
            let (low, high) = factors[position].values.bounds();
            match node.kind {
                Kind::Flag(on) if factors[position].values == FactorValues::Switch => point[position] = f64::from(u8::from(on)),
                _ => {
                    let what = "within the range of the factor";
                    point[position] = reader::number(node, &key.name, low, high, what, findings).unwrap_or(f64::NAN);
                }
            }
        }
        points.push(point);
    }
    if points.is_empty() {
        findings.push(Finding::at(node.span, "the list has no points"));
        return None;
    }
    Some(points)
}
