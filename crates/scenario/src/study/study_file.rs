//! Study files: a scenario, what is varied in it, by which design, how often, and what is asked of the results.
//!
//! | key | holds |
//! |---|---|
//! | `title`, `question` | what the study is, what it asks |
//! | `scenario` | a built-in name, or a path, from the folder of the study |
//! | `set`, `without`, `years` | changes to the scenario at every point, as on the command line |
//! | `design` | `(kind: "grid")`, `(kind: "list", points: [{name: value}, …])` or points as lists `[value, …]` in the order of the factors, `(kind: "list", file: "points.csv")` (or `.parquet`), `(kind: "lhs", points: N)`, `(kind: "sobol", points: N)`, `(kind: "morris", trajectories: N, levels: 4)`, `(kind: "saltelli", samples: N)` |
//! | `factors` | what varies: `(path: …, also: [other paths that take its value], range: (low, high), scale: "log", steps: 3)`, `(path: …, levels: […])`, `(judgement: path)`, `(judgements: prefix or "all")`, `(mechanism: name)`, `(intervention: name, add: [entries], remove: [texts of entries])` |
//! | `problem` | a parameter file of SALib beside the study, a line `path low high` each, in place of `factors` or before them |
//! | `histories` | a number for every point, or `(until: outcome, width: W, at_least: N, at_most: N)` |
//! | `seed` | seed of every draw (1) |
//! | `outcomes` | names of the measures that are reported for each point |
//! | `curves` | true keeps the curves of every point (false) |
//! | `marks` | for a grid of two numbers: scenarios that are marked on its plane, each at its own values of the two |

use std::path::Path;

use crate::study::design::{self, Design};
use crate::study::factor::{self, Factor};
use crate::study::factor_list::{self, check_factors};
use crate::study::marks::{self, Mark};
use crate::study::salib;
use crate::study::source::{Find, StudySource, base, beside, folder_of, from_source, heading};
use crate::syntax::problem::{Error, Finding};
use crate::syntax::reader::{self, FileKind, count};
use crate::syntax::text::{self, Kind, Node};
use crate::syntax::words::{advice, quote};
use crate::world::load::{self, load};
use crate::world::overrides::Overrides;
use crate::world::scenario::Scenario;

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

/// How many histories each point has.
#[derive(Debug, Clone, PartialEq)]
pub enum Histories {
    /// This number.
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
        let refused =
            |_: &Path| Err("a table of this kind cannot be read here; save it as comma separated text (.csv)".to_string());
        Self::load_with_tables(path, measures, histories, seed, &refused)
    }

    /// [`StudyFile::load_with`], with a reader of tables that are no text: it gives a table as comma separated text, or what is wrong.
    ///
    /// # Errors
    /// As [`StudyFile::load`].
    pub fn load_with_tables(
        path: &str,
        measures: &[&str],
        histories: Option<u32>,
        seed: Option<u64>,
        table: &dyn Fn(&Path) -> Result<String, String>,
    ) -> Result<Self, Error> {
        let text = load::text_of(path)?;
        let problem = |name: &str| load::text_of(&folder_of(path).join(name).to_string_lossy());
        let points = |name: &str| {
            let file = folder_of(path).join(name);
            let origin = file.to_string_lossy();
            let unreadable = |reason: String| Error::one(&origin, Finding::new(format!("the file cannot be read: {reason}")));
            if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
                return table(&file).map_err(unreadable);
            }
            std::fs::read_to_string(&file).map_err(|error| unreadable(error.to_string()))
        };
        let find = |name: &str, overrides: &Overrides| beside(path, name, overrides);
        Ok(read(&text, path, measures, [&find, &find], [&problem, &points])?.asked(histories, seed))
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
        let points = |_: &str| Ok(source.points.clone().unwrap_or_default());
        Ok(read(&source.text, &source.file, measures, [&find, &find_mark], [&problem, &points])?
            .asked(source.histories, source.seed))
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

/// Gives the text of a file that a study names.
type Reads<'a> = &'a dyn Fn(&str) -> Result<String, Error>;

fn read(
    text: &str,
    file: &str,
    measures: &[&str],
    [find, find_mark]: [Find<'_>; 2],
    [problem_text, points_text]: [Reads<'_>; 2],
) -> Result<StudyFile, Error> {
    let fail = |findings: Vec<Finding>| Error::new(file, text, findings);
    let root = text::read(text).map_err(|finding| fail(vec![finding]))?;
    reader::refuse_other_kinds(&root, FileKind::Study).map_err(|finding| fail(vec![finding]))?;
    let mut findings = Vec::new();
    let fields = reader::fields(&root, "", KEYS, &mut findings);
    let get = |name: &str| fields.iter().find(|(key, _)| key.name == name).map(|(_, node)| *node);
    let Some(base) = base(&get, find, &mut findings)? else { return Err(fail(findings)) };
    let mut factors = Vec::new();
    let before = findings.len();
    let mut problem = None;
    if let Some(node) = get("problem")
        && let Some(name) = reader::text(node, "problem", &mut findings)
    {
        let lines = problem_text(&name)?;
        salib::read(&lines, &name, &base, &mut factors)?;
        problem = Some(lines);
    }
    for node in get("factors").and_then(|node| reader::list(node, "factors", "a list", &mut findings)).unwrap_or_default() {
        factor_list::read(node, &base, &mut factors, &mut findings);
    }
    check_factors(&factors, &mut findings);
    // Points are looked at only beside factors that are right: a factor that could not be read would make every point wrong as well.
    let known = (findings.len() == before && !factors.is_empty()).then_some(factors.as_slice());
    let mut points = None;
    let design = if let Some(node) = get("design") {
        let mut keep = |name: &str| -> Result<String, Error> {
            let text = points_text(name)?;
            points = Some(text.clone());
            Ok(text)
        };
        design::read(node, known, &mut keep, &mut findings)?
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
        marks = self::marks::read(node, design.as_ref(), &factors, find_mark, &mut marked, &mut findings)?;
    }
    let (title, question, seed) = heading(&get, file, &mut findings);
    match (design, histories, seed, title, curves) {
        (Some(design), Some(histories), Some(seed), Some(title), Some(curves)) if findings.is_empty() => {
            let source = StudySource { problem, points, marks: marked, ..StudySource::of(file, text, &base) };
            Ok(StudyFile { title, question, source, base, design, factors, histories, seed, outcomes, curves, marks })
        }
        _ => Err(fail(findings)),
    }
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
    if !matches!(node.kind, Kind::Map(_)) {
        let finding = reader::wrong(node, "histories", "a number, or a group with `until` and `width`");
        findings.push(finding.help("histories: 1000, or histories: (until: \"general_war\", width: 0.05, at_most: 10000),"));
        return None;
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
