//! `spiral report` and `spiral figures`: what is made from a finished study.

use std::fs;
use std::path::{Path, PathBuf};

use spiral_analysis::Summary;
use spiral_figures::report::{Attachment, Picture, Report, Results};
use spiral_study::{Manifest, Request, Study};

use crate::arguments::Finished;
use crate::console::Console;
use crate::explain;
use crate::failure::Failure;
use crate::{calibrate, studies, sweep, sweep_figures, worlds};

/// Name of the page in the directory of a study.
pub(crate) const PAGE: &str = "report.html";
/// Name of the indices in the directory of a sweep.
pub(crate) const SENSITIVITY: &str = "sensitivity.json";

/// Pictures in the order in which a reader wants them; those of single scenarios and all others follow by name.
const FIRST: &[&str] = &[
    "contrast",
    "effects",
    "compare-burden",
    "compare-arms",
    "war-free",
    "general-war-free",
    "motives",
    "great-powers",
    "days-to-general-war",
    "calibration-parameters",
    "calibration-pairs",
    "calibration-fit",
    "calibration-residuals",
    "calibration-convergence",
];

pub(crate) fn report(arguments: &Finished, console: Console) -> Result<(), Failure> {
    let study = Study::open(&arguments.directory)?;
    let pictures = write(&arguments.directory, study.manifest())?;
    let path = arguments.directory.join(PAGE);
    if console.quiet {
        return Ok(());
    }
    let without = if pictures == 0 { "; it has no pictures, `spiral figures` draws them" } else { "" };
    console.print(&format!("{}: one file with {pictures} pictures, opens offline{without}", path.display()))
}

pub(crate) fn figures(arguments: &Finished, console: Console) -> Result<(), Failure> {
    let directory = &arguments.directory;
    let study = Study::open(directory)?;
    if study.manifest().attribution.is_some() {
        let drawn = explain::figures(directory)?;
        return done(directory, drawn.len(), console);
    }
    if directory.join(calibrate::RESULTS).is_file() {
        let drawn = calibrate::draw(&calibrate::results(directory)?, directory)?;
        return done(directory, drawn.len(), console);
    }
    if study.manifest().study.is_some() {
        let plan = spiral_study::plan_of(study.manifest())?;
        let pictures = sweep_figures::draw(&plan, &sweep::responses(&plan, directory)?, directory)?;
        if console.quiet {
            return Ok(());
        }
        let drawn = if pictures == 0 {
            "no picture: a design of this kind has none".to_string()
        } else {
            format!("{pictures} pictures, as SVG and PNG")
        };
        return console.print(&format!("{}: {drawn}", directory.join("figures").display()));
    }
    let summary: Summary = serde_json::from_value(summary(directory)?).map_err(|error| {
        let kind = study.manifest().kind;
        Failure::Usage(format!("{}: the summary of this {kind} has no curves to draw: {error}", directory.display()))
    })?;
    let manifest = study.manifest();
    let requests = (0..manifest.points.len()).filter_map(|point| manifest.request(point));
    let worlds = requests.map(|request| worlds::again(&request)).collect::<Result<Vec<_>, _>>()?;
    let drawn = studies::draw(&summary, &study, &worlds, directory)?;
    done(directory, drawn.len(), console)
}

fn done(directory: &Path, files: usize, console: Console) -> Result<(), Failure> {
    if console.quiet {
        return Ok(());
    }
    console.print(&format!("{}: {} pictures, as SVG and PNG", directory.join("figures").display(), files / 2))
}

/// Writes the page of a study from what stands in its directory. Returns how many pictures are in it.
pub(crate) fn write(directory: &Path, manifest: &Manifest) -> Result<usize, Failure> {
    let mut value = summary(directory)?;
    let explanation = manifest.attribution.as_ref().map(|_| explain::read(directory)).transpose()?;
    let path = directory.join(SENSITIVITY);
    if path.is_file() {
        let indices: serde_json::Value = read_json(&path)?;
        value["sensitivity"] = indices["outcomes"].clone();
    }
    let parsed: Option<Summary> = serde_json::from_value(value.clone()).ok();
    let pictures = pictures(directory, &value)?;
    let facts = facts(manifest);
    let kind = manifest.kind.name();
    let command = command(manifest, kind);
    let mut attachments = vec![Attachment { title: "manifest.json".to_string(), text: read(&directory.join("manifest.json"))? }];
    for point in &manifest.points {
        let text = point.text.as_ref().and_then(|hash| manifest.texts.get(hash));
        let title = format!("Scenario file of {}", point.scenario.split('/').next().unwrap_or(&point.scenario));
        if let (Some(text), false) = (text, attachments.iter().any(|other| other.title == title)) {
            attachments.push(Attachment { title, text: text.clone() });
        }
    }
    if let Some(source) = &manifest.study {
        let mut attach = |title: String, text: &str| attachments.push(Attachment { title, text: text.to_string() });
        attach(format!("Study file {}", source.file), &source.text);
        if let Some(text) = &source.scenario {
            attach("Scenario file of the study".to_string(), text);
        }
        if let Some(text) = &source.problem {
            attach("Parameter file of the study".to_string(), text);
        }
    }
    if let Some(source) = &manifest.attribution {
        for request in [&source.a, &source.b] {
            if let Some(text) = &request.text {
                attachments.push(Attachment { title: format!("Scenario file {}", request.scenario), text: text.clone() });
            }
        }
    }
    for name in [explain::FILE, SENSITIVITY, "validation.json"] {
        let path = directory.join(name);
        if path.is_file() {
            attachments.push(Attachment { title: name.to_string(), text: read(&path)? });
        }
    }
    let report = Report {
        title: &manifest.title,
        kind,
        facts: &facts,
        command: &command,
        results: match (&explanation, &parsed) {
            (Some(explanation), _) => Results::Explanation(explanation),
            (None, Some(summary)) => Results::Summary(summary),
            (None, None) => Results::Other(&value),
        },
        pictures: &pictures,
        attachments: &attachments,
    };
    spiral_study::write_atomically(directory, PAGE, report.html().as_bytes())?;
    Ok(pictures.len())
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))
}

/// What a JSON file of a study holds.
pub(crate) fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    serde_json::from_str(&read(path)?).map_err(|error| Failure::Usage(format!("{} is damaged: {error}", path.display())))
}

fn summary(directory: &Path) -> Result<serde_json::Value, Failure> {
    if directory.join(calibrate::RESULTS).is_file() {
        return calibrate::page(directory);
    }
    read_json(&directory.join("summary.json"))
}

/// The pictures that stand in the directory, in the order of a reader.
fn pictures(directory: &Path, summary: &serde_json::Value) -> Result<Vec<Picture>, Failure> {
    let folder = directory.join("figures");
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|kind| kind == "svg")).collect();
    let name = |path: &PathBuf| path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    // Pictures of the outcomes of a sweep stand in the order of its file.
    let outcomes: Vec<String> = summary["outcomes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|outcome| outcome["name"].as_str().unwrap_or_default().replace('_', "-"))
        .collect();
    paths.sort_by_cached_key(|path| {
        let name = name(path);
        let of = name.split_once('-').and_then(|(_, outcome)| outcomes.iter().position(|other| other == outcome));
        // What moves an outcome stands before how.
        let how = !name.starts_with("sensitivity-");
        (FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len()), of.unwrap_or(outcomes.len()), how, name)
    });
    paths.iter().map(|path| Ok(Picture { name: name(path), svg: read(path)? })).collect()
}

/// What was simulated.
fn facts(manifest: &Manifest) -> Vec<(String, String)> {
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut fact = |name: &str, value: String| facts.push((name.to_string(), value));
    let mut names: Vec<&str> = manifest.points.iter().map(|point| point.scenario.as_str()).collect();
    if let Some(source) = &manifest.attribution {
        names = vec![&source.a.scenario, &source.b.scenario];
        fact("Different worlds", manifest.points.len().to_string());
    }
    names.dedup();
    fact(if names.len() == 1 { "Scenario" } else { "Scenarios" }, shortened(&names));
    if manifest.points.len() > names.len() && manifest.attribution.is_none() {
        fact("Points of the design", manifest.points.len().to_string());
    }
    fact("Histories", format!("{} each", manifest.histories));
    fact("Seed", manifest.seed.to_string());
    if let Some(first) = given(manifest) {
        let mut set: Vec<String> = first.set.iter().map(|(path, value)| format!("{path} = {value}")).collect();
        set.extend(first.without.iter().map(|name| format!("without {name}")));
        if !set.is_empty() {
            fact("Changed from outside", set.join(", "));
        }
    }
    if manifest.attribution.is_none() && manifest.study.is_none() {
        fact("Curves", if manifest.through_war { "through wars" } else { "until the first war of a history" }.to_string());
    }
    fact("Program", format!("spiral {}", manifest.version));
    fact("Machine", format!("{}, {}", manifest.host.os, manifest.host.arch));
    facts
}

/// The first few of many names.
fn shortened(names: &[&str]) -> String {
    const MOST: usize = 6;
    if names.len() <= MOST {
        return names.join(", ");
    }
    format!("{} and {} more", names[..MOST].join(", "), names.len() - MOST)
}

/// What was asked for, which is the same for all scenarios of a study.
fn given(manifest: &Manifest) -> Option<&Request> {
    let first = manifest.points.first().map(|point| &point.request);
    manifest.attribution.as_ref().map(|source| &source.a).or(first)
}

/// The command that makes the same study again.
fn command(manifest: &Manifest, kind: &str) -> String {
    let mut words = vec!["spiral".to_string(), kind.to_string()];
    if let Some(source) = &manifest.study {
        words.push(studies::quoted(&source.file));
        words.extend(source.histories.map(|histories| format!("--histories {histories}")));
        words.extend(source.seed.map(|seed| format!("--seed {seed}")));
        return words.join(" ");
    }
    words.extend(manifest.title.split(", ").map(studies::quoted));
    words.push(format!("--histories {} --seed {}", manifest.histories, manifest.seed));
    if let Some(first) = given(manifest) {
        words.extend(first.set.iter().map(|(path, value)| format!("--set {}", studies::quoted(&format!("{path}={value}")))));
        words.extend(first.without.iter().map(|name| format!("--without {name}")));
        words.extend(first.years.iter().map(|(from, to)| format!("--years {from}..{to}")));
    }
    if let Some(source) = &manifest.attribution {
        words.extend(source.outcomes.iter().map(|outcome| format!("--outcome {outcome}")));
        let pairs = source.counterparts.iter().map(|(a, b)| studies::quoted(&format!("{a}={b}")));
        words.extend(pairs.map(|pair| format!("--counterpart {pair}")));
        return words.join(" ");
    }
    if manifest.through_war {
        words.push("--through-war".to_string());
    }
    if manifest.events_for != 1000 {
        words.push(format!("--events {}", manifest.events_for));
    }
    words.join(" ")
}
