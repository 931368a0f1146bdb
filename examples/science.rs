//! Writes the science report: every pattern, every lever, every closed form, with estimate, interval, sample, verdict and picture.
//! The numbers come from the functions that the tests hold.
//!
//! `cargo run --release --example science` writes `tests/science/REPORT.md` and `tests/science/report/*.svg`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use spiral_analysis::Estimate;
use spiral_figures::findings::Chart;
use spiral_testkit::Check;
use spiral_testkit::ensembles::{outcomes, share_of};
use spiral_testkit::patterns::{Criterion, Finding, PATTERNS, Pattern, Picture, SURPRISES};

/// Histories of each scenario for the share of inert ones.
const HISTORIES: u32 = 160;
/// Largest world whose inert histories are counted: larger ones take minutes a history.
const MOST_STATES: usize = 100;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/science");
    let pictures = folder.join("report");
    fs::create_dir_all(&pictures)?;
    let findings: Vec<(&Pattern, Option<Finding>)> =
        PATTERNS.iter().map(|pattern| (pattern, pattern.measure.map(|measure| measure()))).collect();
    let checks = spiral_testkit::checks();
    let mut text = head(&findings, &checks);
    for (pattern, finding) in &findings {
        write!(text, "\n## Pattern {}: {}\n\n{}\n", pattern.number, pattern.title, pattern.claim)?;
        let Some(finding) = finding else {
            text.push_str("\nNot measured in this report.\n");
            continue;
        };
        let kicker = format!("Pattern {}: {}", pattern.number, pattern.title);
        section(&mut text, finding);
        pictured(&mut text, pattern.name, &kicker, finding, &pictures)?;
    }
    text.push_str(
        "\n# Counter-intuitive results\n\nThe literature knows results that go against intuition. The model was asked for these; what it \
         shows instead is kept, and a test holds that.\n",
    );
    for surprise in SURPRISES {
        let Some(finding) = surprise.measure.map(|measure| measure()) else { continue };
        write!(text, "\n## {}\n\n{}\n", surprise.title, surprise.claim)?;
        section(&mut text, &finding);
        pictured(&mut text, surprise.name, surprise.title, &finding, &pictures)?;
    }
    oracles(&mut text, &checks);
    inert(&mut text);
    fs::write(folder.join("REPORT.md"), text)?;
    Ok(())
}

/// What the report is, and every verdict in one table.
fn head(findings: &[(&Pattern, Option<Finding>)], checks: &[Check]) -> String {
    let mut text = String::from(
        "# What the model shows\n\n\
         Written by `cargo run --release --example science`; do not edit. Every number comes from the function that a test holds: \
         patterns from `crates/testkit/src/patterns`, closed forms from `spiral verify`. Intervals are 95 %; a verdict is that of the \
         criteria in the pattern's table.\n\n\
         | | pattern | verdict | criteria that hold |\n| --- | --- | --- | --- |\n",
    );
    for (pattern, finding) in findings {
        let (verdict, holding) = match finding {
            None => ("not measured", "–".to_string()),
            Some(finding) => {
                let holding = finding.criteria.iter().filter(|criterion| criterion.holds).count();
                let verdict = if finding.holds() && finding.in_part() { "holds in part" } else { verdict(finding.holds()) };
                (verdict, format!("{holding} of {}", finding.criteria.len()))
            }
        };
        let _ = writeln!(text, "| {} | {} | {verdict} | {holding} |", pattern.number, pattern.title);
    }
    let holding = checks.iter().filter(|check| check.holds()).count();
    let _ = writeln!(text, "| | closed forms | {} | {holding} of {} |", verdict(holding == checks.len()), checks.len());
    text
}

const fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "**fails**" }
}

fn section(text: &mut String, finding: &Finding) {
    let _ = write!(
        text,
        "\nWorld: {}. Seed {}, {} histories of each variant.\n\n\
         | what | estimate | 95 % interval | n | method | required | verdict |\n| --- | --- | --- | --- | --- | --- | --- |\n",
        finding.world, finding.seed, finding.histories
    );
    for Criterion { what, found, required, holds } in &finding.criteria {
        let Estimate { estimate, lower, upper, n, method } = found;
        let _ = writeln!(
            text,
            "| {what} | {} | {} to {} | {n} | {method} | {required} | {} |",
            number(*estimate),
            number(*lower),
            number(*upper),
            verdict(*holds)
        );
    }
    let failing: Vec<&str> =
        finding.criteria.iter().filter(|criterion| !criterion.holds).map(|criterion| criterion.what.as_str()).collect();
    if !failing.is_empty() {
        let _ = write!(text, "\nFails: {}.\n", failing.join("; "));
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

/// Draws every picture of a finding, and names it in the text.
fn pictured(
    text: &mut String,
    name: &str,
    kicker: &str,
    finding: &Finding,
    folder: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let note = format!("{}. Seed {}, {} histories of each variant.", finding.world, finding.seed, finding.histories);
    for (position, picture) in finding.pictures.iter().enumerate() {
        let name = format!("{}-{}", name.replace('_', "-"), position + 1);
        let chart = |title| Chart { name: &name, kicker, title, note: &note };
        let (title, drawn) = match picture {
            Picture::Dots { title, axis, rows } => (title, chart(title).dots(axis, rows)),
            Picture::Lines { title, x, y, lines } => (title, chart(title).lines(x, y, lines)),
        };
        fs::write(folder.join(format!("{name}.svg")), drawn.svg)?;
        write!(text, "\n![{title}](report/{name}.svg)\n")?;
    }
    Ok(())
}

/// Every closed form, by oracle.
fn oracles(text: &mut String, checks: &[Check]) {
    text.push_str(
        "\n## Closed forms\n\n`spiral verify` prints these too. The error is absolute below 1 and relative above. O1 to O3 and E5 are \
         read off simulated histories; the others are the equations of the mechanisms and of the theory by themselves, some of which \
         (the bargaining range, the thresholds of trust, of fear and of the shadow of the future, the vertex of the cone) no system \
         calls: they show what the model is made of, not what it does.\n\n\
         | oracle | what | known | found | error | tolerance | verdict |\n| --- | --- | --- | --- | --- | --- | --- |\n",
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
        "\nO1 gets Richardson's sum of both blocs right and their split wrong: the symmetric closed form lets the difference die away \
         far faster than his figures of 1913 do. The simulator agrees with the closed form, not with that part of history.\n",
    );
}

/// The share of histories in which nothing happens, for every built-in scenario.
fn inert(text: &mut String) {
    let _ = write!(
        text,
        "\n## Inert histories\n\nA configuration in which nothing happens explains nothing: the share of histories without a crisis in \
         which no burden moves by a twentieth of itself. Seed 1, {HISTORIES} histories.\n\n| scenario | inert | 95 % interval |\n| --- | --- | --- |\n"
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
