//! `spiral ensemble` and `spiral compare`: plan, run, summarise, draw, tell.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use spiral_analysis::{ScenarioOutcomes, Summary, summarise, typical_history};
use spiral_figures::Observed;
use spiral_scenario::Scenario;
use spiral_study::{Manifest, Plan, PointOutcomes, Status, Study, StudyKind};

use crate::arguments::{Changes, InPlaceOfTheFile, Sampling};
use crate::commands::compare::Compare;
use crate::commands::ensemble::Ensemble;
use crate::console::{self, Console, wrapped};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::worlds::{self, World};
use crate::{interrupt, pool, reports, tables};

/// Folder in which studies are put unless `--out` says where.
pub(crate) const STUDIES: &str = "studies";
/// Histories of each scenario whose events are kept unless `--events` says how many. A large world has millions in each.
const EVENTS: u32 = 1000;
/// Longest name of a study that file systems take.
const LONGEST_NAME: usize = 200;

pub(crate) fn ensemble(arguments: &Ensemble, console: Console, words: &[OsString]) -> Result<(), Failure> {
    let worlds = worlds::named(&arguments.scenario, &arguments.changes)?;
    worlds::remark_on_years(&worlds, console);
    study(
        StudyKind::Ensemble,
        std::slice::from_ref(&arguments.scenario),
        worlds,
        &arguments.sampling,
        &arguments.changes,
        console,
        words,
    )
}

pub(crate) fn compare(arguments: &Compare, console: Console, words: &[OsString]) -> Result<(), Failure> {
    let worlds = worlds::all_named(&arguments.scenarios, &arguments.changes)?;
    if worlds.len() < 2 {
        let message = "compare needs at least two scenarios, or a file with members; spiral ensemble simulates one";
        return Err(Failure::Usage(message.to_string()));
    }
    worlds::remark_on_years(&worlds, console);
    study(StudyKind::Compare, &arguments.scenarios, worlds, &arguments.sampling, &arguments.changes, console, words)
}

fn study(
    kind: StudyKind,
    names: &[String],
    worlds: Vec<World>,
    sampling: &Sampling,
    changes: &Changes,
    console: Console,
    words: &[OsString],
) -> Result<(), Failure> {
    let directory = match &sampling.keeping.out {
        Some(directory) => directory.clone(),
        None => default_directory(kind.name(), names, sampling, changes)?,
    };
    let large = worlds.iter().any(|world| spiral_model::world::is_large(&world.scenario.setup));
    let plan = Plan {
        kind,
        title: names.join(", "),
        points: worlds.iter().map(World::point).collect(),
        histories: sampling.histories.number,
        seed: sampling.seed.number,
        through_war: sampling.through_war,
        events_for: sampling.events.unwrap_or(if large { 0 } else { EVENTS }),
        csv: sampling.keeping.csv.asked,
        curves: true,
        sweep: None,
        attribution: None,
    };
    interrupt::catch()?;
    let bar = Bar::new(plan.total(), console);
    let status =
        pool::on(sampling.keeping.threads.number, || spiral_study::run(&plan, &directory, sampling.keeping.resume.asked, &bar));
    if !matches!(status, Ok(Ok(Status::Complete))) {
        bar.clear();
    }
    if let Status::Interrupted { done, of } = status?? {
        return Err(interrupted(&format!("{done} of {of} histories are kept in {}", directory.display()), words));
    }
    let (results, summary, figures) = report(&worlds, &directory, &bar, words)?;
    if sampling.keeping.json.asked {
        return console.print_json(&summary);
    }
    console.print(&tables::summary(&summary, &worlds, console))?;
    if !console.quiet {
        console.print(&what_next(&results, &summary, &worlds, sampling, changes, &directory, &figures, console)?)?;
    }
    Ok(())
}

/// Summarises and draws a study whose tables are complete, and prints the summary: what a merged study ends with.
pub(crate) fn results(manifest: &Manifest, directory: &Path, json: bool, console: Console) -> Result<(), Failure> {
    let worlds: Result<Vec<World>, Failure> = manifest
        .points
        .iter()
        .map(|point| {
            let scenario = spiral_study::scenario_of(manifest, point.point)?;
            Ok(World { scenario, request: manifest.request(point.point as usize).unwrap_or_default() })
        })
        .collect();
    let worlds = worlds?;
    let (_, summary, _) = report(&worlds, directory, &Bar::new(0, console), &[])?;
    if json { console.print_json(&summary) } else { console.print(&tables::summary(&summary, &worlds, console)) }
}

/// Writes `summary.json` and the figures of a study whose tables are complete.
fn report(
    worlds: &[World],
    directory: &Path,
    bar: &Bar,
    words: &[OsString],
) -> Result<(Results, Summary, Vec<PathBuf>), Failure> {
    let results = Results::read(directory, worlds)?;
    bar.then("summarising");
    let summary = results.summary(worlds).inspect_err(|_| bar.clear())?;
    let written = console::json(&summary)
        .and_then(|text| Ok(spiral_study::write_atomically(directory, "summary.json", format!("{text}\n").as_bytes())?));
    written.inspect_err(|_| bar.clear())?;
    if interrupt::asked() {
        bar.clear();
        return Err(interrupted(&format!("the tables in {} are complete, its figures are not", directory.display()), words));
    }
    bar.then("drawing");
    let drawn = draw(&summary, &results.study, worlds, directory)
        .and_then(|figures| reports::write(directory, results.study.manifest()).map(|_| figures));
    bar.clear();
    Ok((results, summary, drawn?))
}

/// What a finished study holds.
struct Results {
    study: Study,
    codes: Vec<Vec<String>>,
    great_powers: Vec<Vec<bool>>,
}

impl Results {
    fn read(directory: &Path, worlds: &[World]) -> Result<Self, Failure> {
        let study = Study::open(directory)?;
        let states = |world: &World| world.scenario.setup.states.clone();
        let codes = worlds.iter().map(|world| states(world).into_iter().map(|state| state.code).collect()).collect();
        let great_powers = worlds.iter().map(|world| states(world).iter().map(|state| state.great_power).collect()).collect();
        Ok(Self { study, codes, great_powers })
    }

    fn summary(&self, worlds: &[World]) -> Result<Summary, Failure> {
        let outcomes: Vec<PointOutcomes<'_>> = (0..).zip(worlds).map(|(point, _)| self.study.point(point)).collect();
        let scenarios: Vec<ScenarioOutcomes<'_, PointOutcomes<'_>>> = worlds
            .iter()
            .enumerate()
            .map(|(point, world)| ScenarioOutcomes {
                scenario: &world.scenario.name,
                point: point as u32,
                years: (world.scenario.setup.horizon.start, world.scenario.setup.horizon.end),
                state_codes: &self.codes[point],
                great_powers: &self.great_powers[point],
                outcomes: &outcomes[point],
            })
            .collect();
        let manifest = self.study.manifest();
        Ok(summarise(manifest.seed, u64::from(manifest.histories), &scenarios)?)
    }
}

/// Draws the figures of a study. Returns the paths written.
pub(crate) fn draw(summary: &Summary, study: &Study, worlds: &[World], directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let curves = study.curves()?;
    let mut state_names: Vec<(String, String)> = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for world in worlds {
        for (state, name) in world.scenario.setup.states.iter().zip(&world.scenario.state_names) {
            if known.insert(&state.code) {
                state_names.push((state.code.clone(), name.clone()));
            }
        }
    }
    let title = study.manifest().title.clone();
    let observed: Vec<Observed> = worlds.iter().flat_map(|world| observed(&world.scenario)).collect();
    let money: Vec<(String, String)> =
        worlds.iter().map(|world| (world.scenario.name.clone(), world.scenario.money.clone())).collect();
    let (title, state_names, money, observed) = (&title, &state_names, &money, &observed);
    let through_war = study.manifest().through_war;
    let input = spiral_figures::Input { summary, curves: &curves, title, state_names, money, observed, through_war };
    Ok(spiral_figures::draw(&input, directory)?)
}

/// What history did beside a scenario, as the charts take it.
fn observed(scenario: &Scenario) -> impl Iterator<Item = Observed> + '_ {
    scenario.observed.iter().map(|seen| Observed {
        scenario: scenario.name.clone(),
        state: seen.state.clone(),
        metric: seen.metric.clone(),
        date: seen.date,
        value: seen.value,
        source: seen.source.clone(),
    })
}

/// Where the files are, and what a user may want next.
fn what_next(
    results: &Results,
    summary: &Summary,
    worlds: &[World],
    sampling: &Sampling,
    changes: &Changes,
    directory: &Path,
    figures: &[PathBuf],
    console: Console,
) -> Result<String, Failure> {
    let mut lines = vec![String::new()];
    let tables = if sampling.keeping.csv.asked {
        "outcomes, curves and events as Parquet and CSV"
    } else {
        "outcomes, curves and events as Parquet"
    };
    let files = format!("{}: {tables}; summary.json; {} pictures in figures/; report.html", directory.display(), figures.len());
    lines.push(wrapped(&files, console.columns, "Files  ", "       "));
    let best = if summary.contrasts.is_empty() { "war-free.png" } else { "contrast.png" };
    lines.push(format!("Look   {}", directory.join("figures").join(best).display()));
    let told = typical(&results.study)?;
    let (point, history) = told.unwrap_or((0, 0));
    let mut words = vec!["spiral".to_string(), "run".to_string(), worlds[point as usize].request.scenario.clone()];
    words.extend(["--history".to_string(), history.to_string()]);
    if sampling.seed.number != 1 {
        words.extend(["--seed".to_string(), sampling.seed.number.to_string()]);
    }
    words.extend(changes.set.iter().flat_map(|(path, value)| ["--set".to_string(), format!("{path}={value}")]));
    words.extend(changes.without.iter().flat_map(|name| ["--without".to_string(), name.clone()]));
    words.extend(changes.years.iter().flat_map(|(from, to)| ["--years".to_string(), format!("{from}..{to}")]));
    lines.push(format!("Next   {}", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")));
    let name = &worlds[point as usize].scenario.name;
    let what = match told {
        Some(_) => format!("tells the history of {name} whose first war is the median one"),
        None => format!("tells a history of {name}"),
    };
    lines.push(wrapped(&what, console.columns, "       ", "       "));
    Ok(lines.join("\n"))
}

/// The history of the first point with wars whose first war comes in the middle of all.
fn typical(study: &Study) -> Result<Option<(u32, u32)>, Failure> {
    for point in 0..study.manifest().points.len() as u32 {
        if let Some(history) = typical_history(&study.point(point))? {
            return Ok(Some((point, history)));
        }
    }
    Ok(None)
}

/// The directory of a study of scenarios unless `--out` says where.
fn default_directory(kind: &str, names: &[String], sampling: &Sampling, changes: &Changes) -> Result<PathBuf, Failure> {
    let mut more = Vec::new();
    if sampling.through_war {
        more.push("through-war".to_string());
    }
    if let Some(events) = sampling.events.filter(|events| *events != EVENTS) {
        more.push(format!("events{events}"));
    }
    let histories = (sampling.histories.number != 1000).then_some(sampling.histories.number);
    named_directory(kind, names, histories, sampling.seed.number, changes, more)
}

/// `studies/KIND-NAMES`, and what departs from the defaults, so that another study has another name and the same one the same.
pub(crate) fn named_directory(
    kind: &str,
    names: &[String],
    histories: Option<u32>,
    seed: u64,
    changes: &Changes,
    more: Vec<String>,
) -> Result<PathBuf, Failure> {
    let mut parts = vec![kind.to_string()];
    parts.extend(names.iter().map(|name| {
        let end = name.strip_suffix(".ron").unwrap_or(name);
        let built_in = spiral_scenario::catalogue().iter().any(|entry| name.split('/').next() == Some(entry.name));
        if built_in { end.to_string() } else { end.rsplit('/').next().unwrap_or(end).to_string() }
    }));
    parts.extend(histories.map(|histories| format!("n{histories}")));
    if seed != 1 {
        parts.push(format!("seed{seed}"));
    }
    parts.extend(changes.set.iter().map(|(path, value)| format!("{path}={value}")));
    parts.extend(changes.without.iter().map(|name| format!("without-{name}")));
    parts.extend(changes.years.iter().map(|(from, to)| format!("{from}to{to}")));
    parts.extend(more);
    fit_directory(&parts)
}

/// `studies/KIND-FILE`, and what departs from the file.
pub(crate) fn directory_of_file(kind: &str, path: &str, in_place: &InPlaceOfTheFile) -> Result<PathBuf, Failure> {
    let stem = Path::new(path).file_stem();
    let name = stem.map_or_else(|| "study".to_string(), |stem| stem.to_string_lossy().into_owned());
    let mut parts = if name.starts_with(kind) { vec![name] } else { vec![kind.to_string(), name] };
    parts.extend(in_place.histories.map(|histories| format!("n{histories}")));
    parts.extend(in_place.seed.map(|seed| format!("seed{seed}")));
    fit_directory(&parts)
}

/// A directory below `studies` whose name any file system takes.
fn fit_directory(parts: &[String]) -> Result<PathBuf, Failure> {
    let fit = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '=') { c } else { '-' };
    let name: String = parts.join("-").chars().map(fit).collect();
    if name.len() > LONGEST_NAME {
        return Err(Failure::Usage("the name of this study would be too long for a directory; name one with --out".to_string()));
    }
    Ok(Path::new(STUDIES).join(name))
}

/// The end of an interrupted study, with the command line that goes on with it.
pub(crate) fn interrupted(what: &str, words: &[OsString]) -> Failure {
    let resume = if words.iter().any(|word| word == "--resume") { "" } else { " --resume" };
    Failure::Interrupted(format!("interrupted: {what}\nto go on:    {}{resume}", command(words)))
}

/// The words of a command as a shell takes them.
pub(crate) fn command(words: &[OsString]) -> String {
    words.iter().map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_string() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Csv, Histories, Json, Keeping, Resume, Seed, Threads};

    fn sampling() -> Sampling {
        Sampling {
            histories: Histories { number: 1000 },
            seed: Seed { number: 1 },
            keeping: Keeping::default(),
            through_war: false,
            events: Some(1000),
        }
    }

    fn directory(names: &[&str], sampling: &Sampling, set: &[(&str, &str)]) -> String {
        let names: Vec<String> = names.iter().map(|name| (*name).to_string()).collect();
        let set = set.iter().map(|(path, value)| ((*path).to_string(), (*value).to_string())).collect();
        let changes = Changes { set, without: Vec::new(), years: None };
        default_directory("ensemble", &names, sampling, &changes)
            .map_or_else(|error| error.to_string(), |path| path.display().to_string())
    }

    #[test]
    fn a_study_is_named_after_what_tells_it_apart() {
        assert_eq!(directory(&["pre-wwi"], &sampling(), &[]), "studies/ensemble-pre-wwi");
        assert_eq!(
            directory(&["four-worlds/offence-distinguishable"], &sampling(), &[]),
            "studies/ensemble-four-worlds-offence-distinguishable"
        );
        assert_eq!(directory(&["../my worlds/a.ron"], &sampling(), &[]), "studies/ensemble-a");
        let other = Sampling { histories: Histories { number: 20 }, seed: Seed { number: 3 }, ..sampling() };
        assert_eq!(directory(&["pre-wwi"], &other, &[("a.b", "0.5")]), "studies/ensemble-pre-wwi-n20-seed3-a.b=0.5");
        // What changes no result changes no name.
        let keeping = Keeping {
            threads: Threads { number: Some(2) },
            out: None,
            resume: Resume { asked: true },
            json: Json { asked: true },
            csv: Csv { asked: true },
        };
        let same = Sampling { keeping, ..sampling() };
        assert_eq!(directory(&["pre-wwi"], &same, &[]), "studies/ensemble-pre-wwi");
        assert!(directory(&["pre-wwi"], &sampling(), &[("x", &"9".repeat(300))]).contains("--out"));
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!([quoted("a.b=1"), quoted("my file"), quoted("it's"), quoted("")], ["a.b=1", "'my file'", "'it'\\''s'", "''"]);
    }
}
