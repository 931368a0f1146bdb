//! `spiral explain`: which differences between two scenarios carry the contrast between them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use spiral_analysis::attribution::{GroupMeaning, StatePair, attribute};
use spiral_analysis::{Attribution, Estimate, Explanation, Measure, Worth, format_difference, format_estimate};
use spiral_model::Ended;
use spiral_scenario::{Group, Role};
use spiral_study::{AttributionPlan, AttributionSource, Column, Plan, Status, Study, write_table};

use crate::commands::explain::Explain;
use crate::console::{self, Console, columns, table, wrapped};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::studies::interrupted;
use crate::worlds::{self, World};
use crate::{interrupt, pool, reports, studies};

/// Format of `explain.json` and of the `summary.json` beside it.
const FORMAT: u32 = 1;
/// Name of the file.
pub(crate) const FILE: &str = "explain.json";
/// Histories of each world unless `--histories` says how many.
pub(crate) const HISTORIES: u32 = 250;
/// Outcomes unless `--outcome` names some.
const OUTCOMES: [&str; 4] = ["general_war", "preemption", "peak_burden", "days_crisis_to_general_war"];
/// Columns of a terminal that the names of groups take, and those of an outcome.
const NAME_COLUMNS: usize = 16;
const OUTCOME_COLUMNS: usize = 28;
/// Pairs of groups that are printed of each outcome.
const MOST_PAIRS: usize = 3;

pub(crate) fn explain(arguments: &Explain, console: Console, words: &[OsString]) -> Result<(), Failure> {
    let (a, b) = (one(&arguments.a, arguments)?, one(&arguments.b, arguments)?);
    if a.scenario.name == b.scenario.name {
        let name = &a.scenario.name;
        return Err(Failure::Usage(format!("{name} is named twice; what differs is explained between two scenarios")));
    }
    worlds::remark_on_years([&a, &b], console);
    let mut outcomes: Vec<String> = arguments.outcomes.clone();
    if outcomes.is_empty() {
        outcomes = OUTCOMES.map(str::to_string).to_vec();
    }
    if let Some(twice) = outcomes.iter().enumerate().find(|(position, name)| outcomes[..*position].contains(name)) {
        return Err(Failure::Usage(format!("--outcome {} is given twice", twice.1)));
    }
    let source = AttributionSource { a: a.request, b: b.request, outcomes, counterparts: arguments.counterparts.clone() };
    let plan = AttributionPlan::plan(source, arguments.histories.number, arguments.seed.number, arguments.keeping.csv.asked)?;
    let directory = match &arguments.keeping.out {
        Some(directory) => directory.clone(),
        None => default_directory(arguments)?,
    };
    interrupt::catch()?;
    let bar = Bar::new(plan.total(), console);
    let status =
        pool::on(arguments.keeping.threads.number, || spiral_study::run(&plan, &directory, arguments.keeping.resume.asked, &bar));
    if !matches!(status, Ok(Ok(Status::Complete))) {
        bar.clear();
    }
    if let Status::Interrupted { done, of } = status?? {
        return Err(interrupted(&format!("{done} of {of} histories are kept in {}", directory.display()), words));
    }
    bar.then("dividing");
    let written = write(&plan, &directory);
    bar.clear();
    let (explanation, pictures) = written?;
    tell(&explanation, pictures, &directory, arguments.keeping.json.asked, console)
}

/// The one scenario of a name.
fn one(name: &str, arguments: &Explain) -> Result<World, Failure> {
    let mut found = worlds::named(name, &arguments.changes)?;
    match (found.len(), found.pop()) {
        (1, Some(world)) => Ok(world),
        (_, last) => {
            let like = last.map_or_else(String::new, |world| format!(", such as {}", world.request.scenario));
            Err(Failure::Usage(format!("{name} holds several scenarios; explain takes two single ones: name a member{like}")))
        }
    }
}

/// `studies/explain-A-B`, and what departs from the defaults.
fn default_directory(arguments: &Explain) -> Result<PathBuf, Failure> {
    let names = [arguments.a.clone(), arguments.b.clone()];
    let histories = (arguments.histories.number != HISTORIES).then_some(arguments.histories.number);
    let mut more = arguments.outcomes.clone();
    more.extend(arguments.counterparts.iter().map(|(a, b)| format!("{a}={b}")));
    studies::named_directory("explain", &names, histories, arguments.seed.number, &arguments.changes, more)
}

/// Divides the differences of a finished study, writes and prints them: what a merged study ends with.
pub(crate) fn results(plan: &Plan, directory: &Path, as_json: bool, console: Console) -> Result<(), Failure> {
    let (explanation, pictures) = write(plan, directory)?;
    tell(&explanation, pictures, directory, as_json, console)
}

/// Divides the differences of a finished study and writes them with pictures, of which it returns the number, and page.
fn write(plan: &Plan, directory: &Path) -> Result<(Explanation, usize), Failure> {
    let study = Study::open(directory)?;
    let (explanation, summary) = divide(plan, &study)?;
    let file = |name: &str, text: String| spiral_study::write_atomically(directory, name, format!("{text}\n").as_bytes());
    file(FILE, console::json(&explanation)?)?;
    file("summary.json", console::json(&summary)?)?;
    write_shares(&explanation, directory, plan.csv)?;
    coalitions(plan, directory)?;
    let pictures = draw(&explanation, directory)?.len();
    reports::write(directory, study.manifest())?;
    Ok((explanation, pictures))
}

fn tell(explanation: &Explanation, pictures: usize, directory: &Path, as_json: bool, console: Console) -> Result<(), Failure> {
    if as_json {
        return console.print_json(explanation);
    }
    console.print(&text(explanation, console))?;
    if console.quiet {
        return Ok(());
    }
    let files = format!(
        "{}: {FILE}, explain, coalitions and outcomes as Parquet; {pictures} pictures in figures/; report.html",
        directory.display()
    );
    console.print(&format!("\n{}", wrapped(&files, console.columns, "Files  ", "       ")))?;
    let first = explanation.outcomes.first().map_or_else(String::new, |found| found.outcome.replace('_', "-"));
    console.print(&format!("Look   {}", directory.join(format!("figures/explain-{first}.png")).display()))
}

/// Draws the pictures.
fn draw(explanation: &Explanation, directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    Ok(spiral_figures::write(&spiral_figures::attribution(explanation), directory)?)
}

/// Draws the pictures of a finished study anew.
pub(crate) fn figures(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    draw(&read(directory)?, directory)
}

/// Reads `explain.json`.
pub(crate) fn read(directory: &Path) -> Result<Explanation, Failure> {
    reports::read_json(&directory.join(FILE))
}

/// Divides every outcome, one world in memory at a time but for the outcomes that are divided.
fn divide(plan: &Plan, study: &Study) -> Result<(Explanation, Value), Failure> {
    let Some(attribution) = &plan.attribution else { return Err(Failure::Usage("this study is no attribution".to_string())) };
    let source = &attribution.source;
    let years = |coalition: Option<&u32>| {
        let point = coalition.and_then(|point| plan.points.get(*point as usize));
        point.map_or(f64::INFINITY, |point| point.setup.horizon.end - point.setup.horizon.start)
    };
    // As in a comparison, years without a war are counted over the years that both worlds have; all else over those of each.
    let length = years(attribution.point_of.first()).min(years(attribution.point_of.last()));
    let mut worths: Vec<Vec<Worth>> = source.outcomes.iter().map(|_| Vec::with_capacity(plan.points.len())).collect();
    let mut points = Vec::new();
    let mut failures = 0;
    study.for_each_point(|point, histories| {
        let setup = &plan.points[point as usize].setup;
        let mut told = Map::new();
        for (name, worths) in source.outcomes.iter().zip(&mut worths) {
            if let Some(worth) = Worth::of(name, histories, (setup.horizon.start, length), plan.histories) {
                told.insert(name.clone(), json!(worth.estimate));
                worths.push(worth);
            }
        }
        let failed = histories.iter().filter(|history| history.ended == Ended::Failure).count() as u64;
        failures += failed;
        let coalition = attribution.coalition_of[point as usize];
        points.push(json!({ "point": point, "scenario": plan.points[point as usize].scenario, "groups": taken(coalition),
            "histories": histories.len(), "failures": failed, "outcomes": told }));
    })?;
    let groups: Vec<String> = Group::ALL.map(|group| group.name().to_string()).to_vec();
    if let Some((name, _)) = source.outcomes.iter().zip(&worths).find(|(_, worths)| worths.len() < plan.points.len()) {
        return Err(Failure::Usage(format!("there is no measure `{name}` to divide")));
    }
    let outcomes = source.outcomes.iter().zip(&worths);
    let outcomes: Vec<Attribution> =
        outcomes.map(|(name, worths)| attribute(name, &groups, &attribution.point_of, worths, plan.seed)).collect();
    let name = |coalition: Option<&u32>| {
        coalition.and_then(|point| plan.points.get(*point as usize)).map_or_else(String::new, |point| point.scenario.clone())
    };
    let (combinations, worlds) = (attribution.point_of.len(), plan.points.len());
    let explanation = Explanation {
        format: FORMAT,
        a: name(attribution.point_of.first()),
        b: name(attribution.point_of.last()),
        seed: plan.seed,
        histories: u64::from(plan.histories),
        worlds: worlds as u64,
        failures,
        method: format!(
            "Shapley values and Shapley interaction indices (Grabisch and Roubens 1999) over all {combinations} combinations of groups, \
             {worlds} different worlds; history k has the same draws in each. An outcome among some \
             histories only, such as those with a war, is divided as (X − R W) / V: X what is counted and W what it is counted among, a history of the \
             world; R the mean of the two scenarios' ratios, V that of their W. So a world weighs by the histories that count."
        ),
        groups: Group::ALL
            .map(|group| GroupMeaning { name: group.name().to_string(), holds: group.holds().to_string() })
            .to_vec(),
        states: attribution
            .counterparts
            .iter()
            .map(|pair| StatePair { a: pair.a.clone(), b: pair.b.clone(), role: pair.role.words().to_string() })
            .collect(),
        outcomes,
    };
    let names: Vec<Value> = explanation
        .outcomes
        .iter()
        .map(|found| json!({ "name": found.outcome, "label": found.label, "unit": found.unit }))
        .collect();
    let summary = json!({ "format": FORMAT, "title": plan.title, "seed": plan.seed, "outcomes": names, "points": points });
    Ok((explanation, summary))
}

/// Names of the groups that a coalition takes from the second scenario.
fn taken(coalition: u32) -> Vec<&'static str> {
    Group::ALL.into_iter().filter(|group| coalition & group.bit() != 0).map(Group::name).collect()
}

/// `explain.parquet`: one row a number.
fn write_shares(explanation: &Explanation, directory: &Path, csv: bool) -> Result<(), Failure> {
    let mut rows: Vec<(&str, &str, &str, String, Estimate)> = Vec::new();
    for found in &explanation.outcomes {
        let (name, unit) = (found.outcome.as_str(), found.unit.as_str());
        let [a, b] = found.ends(&explanation.a, &explanation.b);
        let mut row = |kind: &'static str, measure: Measure| rows.push((name, unit, kind, measure.name, measure.estimate));
        row("world", a);
        found.shares().for_each(|share| row("share", share));
        found.strongest_interactions().into_iter().for_each(|pair| row("interaction", pair));
        row("difference", found.whole());
        row("world", b);
    }
    let mut columns = vec![
        ("outcome", Column::text(rows.iter().map(|row| row.0))),
        ("unit", Column::text(rows.iter().map(|row| row.1))),
        ("kind", Column::text(rows.iter().map(|row| row.2))),
        ("name", Column::text(rows.iter().map(|row| &row.3))),
    ];
    columns.extend(Column::estimates(rows.iter().map(|row| &row.4), "n"));
    Ok(write_table(directory, "explain", &columns, csv)?)
}

/// `coalitions.parquet`: which point of the outcomes each combination is, and what it takes from the second scenario (1) or not (0).
fn coalitions(plan: &Plan, directory: &Path) -> Result<(), Failure> {
    let Some(attribution) = &plan.attribution else { return Ok(()) };
    let all = || (0_u32..).zip(&attribution.point_of);
    let mut columns = vec![
        ("coalition", Column::Integer(all().map(|(coalition, _)| coalition.cast_signed()).collect())),
        ("point", Column::Integer(all().map(|(_, point)| point.cast_signed()).collect())),
    ];
    columns.extend(Group::ALL.map(|group| {
        (group.name(), Column::Integer(all().map(|(coalition, _)| i32::from(coalition & group.bit() != 0)).collect()))
    }));
    Ok(write_table(directory, "coalitions", &columns, plan.csv)?)
}

fn text(explanation: &Explanation, console: Console) -> String {
    let (a, b) = (&explanation.a, &explanation.b);
    let heading = format!("From {a} to {b}: what each group of differences adds");
    let about = format!(
        "{} histories of each of {} worlds, seed {}; Shapley shares with 95 % intervals",
        explanation.histories, explanation.worlds, explanation.seed
    );
    let abreast = (console.columns.saturating_sub(NAME_COLUMNS) / OUTCOME_COLUMNS).max(1);
    let mut parts = vec![format!("{}\n{about}", console.heading(&heading))];
    parts.extend(explanation.outcomes.chunks(abreast).map(|outcomes| shares(outcomes, explanation, console)));
    let mut notes: Vec<String> = explanation.outcomes.iter().filter_map(together).collect();
    notes.extend(roles(explanation));
    notes.extend(explanation.outcomes.iter().filter_map(Attribution::caveat));
    if explanation.failures > 0 {
        notes.push(format!("{} histories blew up and are in no estimate.", explanation.failures));
    }
    parts.push(notes.iter().map(|note| wrapped(note, console.columns, "", "  ")).collect::<Vec<_>>().join("\n"));
    parts.join("\n\n")
}

/// Characters of the name of an outcome on a line.
const LABEL: usize = 24;

/// The shares of some outcomes side by side.
fn shares(outcomes: &[Attribution], explanation: &Explanation, console: Console) -> String {
    let labels: Vec<String> = outcomes.iter().map(|found| textwrap::fill(&found.label, LABEL)).collect();
    let columns = columns(std::iter::once("").chain(labels.iter().map(String::as_str)));
    let ends: Vec<[Measure; 2]> = outcomes.iter().map(|found| found.ends(&explanation.a, &explanation.b)).collect();
    let row = |name: &str, cells: Vec<String>| std::iter::once(name.to_string()).chain(cells).collect::<Vec<_>>();
    let mut rows = vec![row(&explanation.a, ends.iter().map(|ends| format_estimate(&ends[0])).collect())];
    let shares: Vec<Vec<Measure>> = outcomes.iter().map(|found| found.shares().collect()).collect();
    for (position, group) in explanation.groups.iter().enumerate() {
        rows.push(row(&group.name, shares.iter().map(|shares| format_difference(&shares[position])).collect()));
    }
    rows.push(row("together", outcomes.iter().map(|found| format_difference(&found.whole())).collect()));
    rows.push(row(&explanation.b, ends.iter().map(|ends| format_estimate(&ends[1])).collect()));
    table(&columns, rows, console)
}

/// The pairs of groups that most strengthen each other, or stand in for each other, of those whose interval does not hold zero.
fn together(found: &Attribution) -> Option<String> {
    let pairs: Vec<String> = found
        .strongest_interactions()
        .iter()
        .filter(|pair| pair.estimate.excludes_zero())
        .take(MOST_PAIRS)
        .map(|pair| format!("{} {}", pair.name, format_difference(pair)))
        .collect();
    (!pairs.is_empty()).then(|| format!("{}, two groups beyond each alone: {}.", found.label, pairs.join("; ")))
}

/// Who stands for whom, where the codes differ.
fn roles(explanation: &Explanation) -> Option<String> {
    let others = explanation.states.iter().filter(|pair| pair.role != Role::Same.words());
    let parts: Vec<String> = others
        .map(|pair| match (&pair.a, &pair.b) {
            (Some(a), Some(b)) => format!("{a} for {b} ({})", pair.role),
            (code, other) => format!(
                "{} has no counterpart and counts with the system",
                code.as_ref().or(other.as_ref()).map_or("–", String::as_str)
            ),
        })
        .collect();
    (!parts.is_empty()).then(|| format!("States that stand for each other: {}.", parts.join("; ")))
}
