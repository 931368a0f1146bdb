//! The report on what the model shows: every pattern and every closed form, with estimate, interval, sample, verdict and picture.
//! The numbers come from the functions that the tests hold.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use spiral_analysis::Estimate;
use spiral_figures::Figure;
use spiral_figures::findings::Chart;

use crate::closed_forms::{Check, checks};
use crate::ensembles::{outcomes, share_of};
use crate::knobs::{self, Moved, SwitchedOff};
use crate::patterns::{Criterion, Finding, PATTERNS, Pattern, Picture, SURPRISES};

/// Histories of each scenario for the share of inert ones.
const HISTORIES: u32 = 160;
/// Largest world whose inert histories are counted: larger ones take minutes a history.
const MOST_STATES: usize = 100;

/// The report, in memory.
#[derive(Debug, Clone)]
pub struct Report {
    /// The text, in Markdown. It names the pictures as `report/NAME.svg`.
    pub markdown: String,
    /// The pictures.
    pub figures: Vec<Figure>,
    /// A line for each pattern and each counter-intuitive result that was measured, and one for all closed forms.
    pub verdicts: Vec<Verdict>,
}

/// One line of the report: what was tested, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What was tested.
    pub title: String,
    /// Number of criteria.
    pub criteria: usize,
    /// Number of criteria that hold.
    pub holding: usize,
    /// Whether the criteria ask for less than the claim.
    pub in_part: bool,
    /// Whether a direction that theory or history demands is missing.
    pub missing_direction: bool,
    /// Whether every criterion holds that the tests hold.
    pub sound: bool,
}

impl Verdict {
    fn of(title: String, finding: &Finding) -> Self {
        let holding = finding.criteria.iter().filter(|criterion| criterion.holds).count();
        Self {
            title,
            criteria: finding.criteria.len(),
            holding,
            in_part: finding.in_part(),
            missing_direction: finding.missing_direction(),
            sound: finding.sound(),
        }
    }

    /// Whether every criterion holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.holding == self.criteria
    }

    /// The verdict in words.
    #[must_use]
    pub fn in_words(&self) -> &'static str {
        if !self.sound || 2 * self.holding < self.criteria {
            "does not hold"
        } else if self.missing_direction {
            "a direction is missing"
        } else if self.holds() && !self.in_part {
            "holds"
        } else {
            "holds in part"
        }
    }
}

impl Report {
    /// Measures every pattern and computes every closed form: minutes of work. Before each part, `begin` is called with the number
    /// of parts that are done, the number of all parts and the title of the next one.
    pub fn measure(mut begin: impl FnMut(usize, usize, &str)) -> Self {
        let parts = PATTERNS.iter().chain(SURPRISES).filter(|pattern| pattern.measure.is_some()).count() + 4;
        let mut done = 0;
        let mut next = |title: &str| {
            begin(done, parts, title);
            done += 1;
        };
        let mut measured = |pattern: &'static Pattern| {
            pattern.measure.map(|measure| {
                next(pattern.title);
                measure()
            })
        };
        let findings: Vec<(&Pattern, Option<Finding>)> = PATTERNS.iter().map(|pattern| (pattern, measured(pattern))).collect();
        let surprises: Vec<(&Pattern, Option<Finding>)> = SURPRISES.iter().map(|pattern| (pattern, measured(pattern))).collect();
        next("Closed forms");
        let checks = checks();
        let mut report = Self { markdown: HEAD.to_string(), figures: Vec::new(), verdicts: Vec::new() };
        for (pattern, finding) in &findings {
            report.line(&pattern.number.to_string(), pattern.title, finding.as_ref());
        }
        for (surprise, finding) in &surprises {
            report.line("", surprise.title, finding.as_ref());
        }
        let holding = checks.iter().filter(|check| check.holds()).count();
        report.verdict(
            "",
            Verdict {
                title: "Closed forms".to_string(),
                criteria: checks.len(),
                holding,
                in_part: false,
                missing_direction: false,
                sound: holding == checks.len(),
            },
        );
        for (pattern, finding) in &findings {
            let heading = format!("Pattern {}: {}", pattern.number, pattern.title);
            report.pattern(pattern, &heading, finding.as_ref());
        }
        report.markdown.push_str(
            "\n# Counter-intuitive results\n\nThe literature has results that are against intuition. The model was tested for two \
             of them. It shows something else. This section reports it, and a test checks it.\n",
        );
        for (surprise, finding) in &surprises {
            report.pattern(surprise, surprise.title, finding.as_ref());
        }
        closed_forms(&mut report.markdown, &checks);
        next("Inert histories");
        inert(&mut report.markdown);
        next("Mechanisms");
        mechanisms(&mut report.markdown);
        next("Parameters");
        parameters(&mut report.markdown);
        report
    }

    /// Writes `REPORT.md` and `report/*.svg` into a directory, which is made where it is missing. Files of these names are replaced.
    ///
    /// # Errors
    /// If a file or a directory cannot be written.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        let pictures = directory.join("report");
        fs::create_dir_all(&pictures)?;
        for figure in &self.figures {
            fs::write(pictures.join(format!("{}.svg", figure.name)), &figure.svg)?;
        }
        fs::write(directory.join("REPORT.md"), &self.markdown)
    }

    /// Adds the line of a pattern to the table at the head.
    fn line(&mut self, number: &str, title: &str, finding: Option<&Finding>) {
        match finding {
            Some(finding) => self.verdict(number, Verdict::of(title.to_string(), finding)),
            None => {
                let _ = writeln!(self.markdown, "| {number} | {title} | not measured | – |");
            }
        }
    }

    fn verdict(&mut self, number: &str, verdict: Verdict) {
        let words = if verdict.holds() { verdict.in_words().to_string() } else { format!("**{}**", verdict.in_words()) };
        let Verdict { title, criteria, holding, .. } = &verdict;
        let _ = writeln!(self.markdown, "| {number} | {title} | {words} | {holding} of {criteria} |");
        self.verdicts.push(verdict);
    }

    fn pattern(&mut self, pattern: &Pattern, heading: &str, finding: Option<&Finding>) {
        let _ = write!(self.markdown, "\n## {heading}\n\n{}\n", pattern.claim);
        match finding {
            None => self.markdown.push_str("\nNot measured in this report.\n"),
            Some(finding) => {
                section(&mut self.markdown, finding);
                self.pictures(pattern.name, heading, finding);
            }
        }
    }

    /// Draws every picture of a finding, and names it in the text.
    fn pictures(&mut self, pattern: &str, kicker: &str, finding: &Finding) {
        let note = format!("{}. Seed {}, {} histories of each variant.", finding.world, finding.seed, finding.histories);
        for (position, picture) in finding.pictures.iter().enumerate() {
            let name = format!("{}-{}", pattern.replace('_', "-"), position + 1);
            let chart = |title| Chart { name: &name, kicker, title, note: &note };
            let (title, figure) = match picture {
                Picture::Dots { title, axis, rows } => (title, chart(title).dots(axis, rows)),
                Picture::Lines { title, x, y, lines } => (title, chart(title).lines(x, y, lines)),
            };
            self.figures.push(figure);
            let _ = write!(self.markdown, "\n![{title}](report/{name}.svg)\n");
        }
    }
}

/// What the report is.
const HEAD: &str = "# What the model shows\n\n\
    Written by `spiral verify --report DIR`; do not edit. Every number comes from a function that a test calls too: patterns from \
    `crates/oracles/src/patterns`, closed forms from `crates/oracles/src/closed_forms`. Intervals are 95 % confidence intervals. A \
    pattern holds if all criteria in its table hold. It holds in part if only targets are missed: numbers that the tests do not demand. \
    *A direction is missing* where theory or history demands one that the model does not show; the text below the table says why. A \
    pattern does not hold if fewer than half of its criteria hold.\n\n\
    | | what | verdict | criteria that hold |\n| --- | --- | --- | --- |\n";

const fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "**does not hold**" }
}

fn section(text: &mut String, finding: &Finding) {
    let _ = write!(
        text,
        "\nWorld: {}. Seed {}, {} histories of each variant.\n\n\
         | what | estimate | 95 % interval | n | method | required | verdict |\n| --- | --- | --- | --- | --- | --- | --- |\n",
        finding.world, finding.seed, finding.histories
    );
    for Criterion { what, found, required, holds, tested } in &finding.criteria {
        let Estimate { estimate, lower, upper, n, method } = found;
        let _ = writeln!(
            text,
            "| {what} | {} | {} to {} | {n} | {method} | {}{required} | {} |",
            number(*estimate),
            number(*lower),
            number(*upper),
            if *tested { "" } else { "target: " },
            verdict(*holds)
        );
    }
    let failing: Vec<&str> =
        finding.criteria.iter().filter(|criterion| !criterion.holds).map(|criterion| criterion.what.as_str()).collect();
    if !failing.is_empty() {
        let _ = write!(text, "\nDoes not hold: {}.\n", failing.join("; "));
    }
    if !finding.remark.is_empty() {
        let _ = write!(text, "\n{}\n", finding.remark);
    }
}

/// A number with three significant digits, or a dash.
fn number(value: Option<f64>) -> String {
    let Some(value) = value else { return "–".to_string() };
    let rounded: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    if rounded.abs() >= 1000.0 { format!("{value:.0}") } else { format!("{rounded}") }
}

/// Every closed form, by oracle.
fn closed_forms(text: &mut String, checks: &[Check]) {
    text.push_str(
        "\n## Closed forms\n\n`spiral verify` prints these too. The error is absolute if the known number is below 1, and relative \
         otherwise. The numbers of O1 to O3 and E5 come from simulated histories. The others are computed from the equations of \
         the mechanisms and of the theory, without a simulation. A simulation never uses some of these equations: the bargaining \
         range, the thresholds of trust, of fear and of the shadow of the future, and the vertex of the cone. They describe the \
         theory behind the model, not its behaviour.\n\n\
         | closed form | what | known | computed | error | tolerance | verdict |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let mut by_oracle: BTreeMap<(usize, &str), Vec<&Check>> = BTreeMap::new();
    for check in checks {
        by_oracle.entry((check.oracle.len(), check.oracle)).or_default().push(check);
    }
    let digits = |value: f64| format!("{value:.9}").trim_end_matches('0').trim_end_matches('.').to_string();
    for check in by_oracle.into_values().flatten() {
        let Check { oracle, what, expected, found, tolerance } = check;
        let _ = writeln!(
            text,
            "| {oracle} | {what} | {} | {} | {:.0e} | {tolerance:.0e} | {} |",
            digits(*expected),
            digits(*found),
            check.error(),
            verdict(check.holds())
        );
    }
    text.push_str(
        "\nThe closed form O1 gives the sum of the arms of both blocs as in Richardson's table, but not the share of each bloc. In \
         the closed form, which is symmetric, the difference between the blocs falls to zero much faster than in his figures of \
         1913. The simulator agrees with the closed form, not with this part of history.\n",
    );
}

/// The share of histories in which nothing happens, for every built-in scenario.
fn inert(text: &mut String) {
    let _ = write!(
        text,
        "\n## Inert histories\n\nA world in which nothing happens explains nothing. A history is *inert* if it has no crisis and \
         no burden changes by 5 % of itself or more. The table shows the share of such histories. Seed 1, {HISTORIES} \
         histories.\n\n| scenario | inert | 95 % interval |\n| --- | --- | --- |\n"
    );
    for entry in spiral_scenario::catalogue() {
        let Ok(scenarios) = spiral_scenario::load(entry.name, &spiral_scenario::Overrides::default()) else { continue };
        for scenario in scenarios {
            if scenario.setup.states.len() > MOST_STATES {
                let _ = writeln!(text, "| {} | not counted: {} states | |", scenario.name, scenario.setup.states.len());
                continue;
            }
            let found = share_of(&outcomes(&scenario.setup, 1, HISTORIES), |outcome| outcome.inert);
            let _ = writeln!(
                text,
                "| {} | {} | {} to {} |",
                scenario.name,
                number(found.estimate),
                number(found.lower),
                number(found.upper)
            );
        }
    }
}

/// What every mechanism moves.
fn mechanisms(text: &mut String) {
    let _ = write!(
        text,
        "\n## Every mechanism moves something\n\nEach mechanism is switched off. The table shows the outcome that moves most: in the first \
         scenario of history, or else the first invented world, in which something moves by more than chance. The difference is without \
         the mechanism minus with it, over the same draws; z is its size in standard errors.\n\n\
         | mechanism | world | what moves most | difference | z | histories |\n| --- | --- | --- | --- | --- | --- |\n"
    );
    for SwitchedOff { mechanism, world, output, difference, z, histories } in knobs::every_mechanism() {
        let _ =
            writeln!(text, "| {mechanism} | {world} | {output} | {} | {} | {histories} |", number(Some(difference)), errors(z));
    }
}

/// A size in standard errors.
fn errors(z: f64) -> String {
    if z.is_finite() { format!("{z:.1}") } else { "every history alike".to_string() }
}

/// What every parameter moves.
fn parameters(text: &mut String) {
    let _ = write!(
        text,
        "\n## Every parameter moves something\n\nEach parameter takes two values, as a rule half of the lower and twice the upper end \
         of its judgement. The table shows the outcome that moves most, in a world in which the mechanism has something to do. The \
         difference is over the same draws; z is its size in standard errors.\n\n\
         | parameter | from | to | world | what moves most | difference | z | histories |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n"
    );
    for moved in knobs::every_parameter() {
        let Moved { path, values: [low, high], world, output, difference, z, histories } = moved;
        let z = errors(z);
        let [low, high, difference] = [low, high, difference].map(|value| number(Some(value)));
        let _ = writeln!(text, "| {path} | {low} | {high} | {world} | {output} | {difference} | {z} | {histories} |");
    }
}
