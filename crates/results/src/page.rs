//! `report.html`: a finished study as one page, from the files in its directory.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use spiral_analysis::Summary;
use spiral_analysis::calibration::Calibration;
use spiral_analysis::calibration::targets::Use;
use spiral_figures::report::{Attachment, Picture, Report, Results};
use spiral_study::{Manifest, PanelPeriod, Request, StudyKind};

use crate::{Error, files};

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

/// Writes the page of a study from what stands in its directory. Returns how many figures are in it.
pub(crate) fn write(directory: &Path, manifest: &Manifest) -> Result<usize, Error> {
    let kind = manifest.kind;
    let mut value: Value = match kind {
        StudyKind::Calibrate => calibration_page(directory)?,
        _ => files::json(&directory.join(files::SUMMARY))?,
    };
    let explanation = match kind {
        StudyKind::Explain => Some(files::json(&directory.join(files::EXPLANATION))?),
        _ => None,
    };
    if kind == StudyKind::Sensitivity {
        let indices: Value = files::json(&directory.join(files::SENSITIVITY))?;
        value["sensitivity"] = indices["outcomes"].clone();
    }
    let summary: Option<Summary> = match kind {
        StudyKind::Ensemble | StudyKind::Compare => Some(files::json(&directory.join(files::SUMMARY))?),
        _ => None,
    };
    let pictures = pictures(directory, &value)?;
    let facts = facts(manifest);
    let command = command(manifest);
    let mut attachments =
        vec![Attachment { title: "manifest.json".to_string(), text: files::text(&directory.join("manifest.json"))? }];
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
    for name in [files::EXPLANATION, files::SENSITIVITY] {
        let path = directory.join(name);
        if path.is_file() {
            attachments.push(Attachment { title: name.to_string(), text: files::text(&path)? });
        }
    }
    let report = Report {
        title: &manifest.title,
        kind: kind.name(),
        facts: &facts,
        command: &command,
        results: match (&explanation, &summary) {
            (Some(explanation), _) => Results::Explanation(explanation),
            (None, Some(summary)) => Results::Summary(summary),
            (None, None) => Results::Other(&value),
        },
        pictures: &pictures,
        attachments: &attachments,
    };
    files::write(directory, files::PAGE, report.html().as_bytes())?;
    Ok(pictures.len())
}

/// The results of a calibration as the page shows them, in the order of the alphabet: without the sample, which has its own table.
fn calibration_page(directory: &Path) -> Result<Value, Error> {
    let found: Calibration = files::json(&directory.join(files::CALIBRATION))?;
    let parameters: Vec<Value> = found
        .parameters
        .iter()
        .map(|one| {
            json!({ "factor": one.name, "found": one.estimate, "from": one.low, "method": one.estimate.method,
                "near_bound": one.at_bound, "spread_left": one.narrowed_to, "stood_at": one.before, "to": one.high,
                "unit": one.unit })
        })
        .collect();
    let targets = |role: Use| -> Vec<Value> {
        let of_role = found.targets.iter().filter(|target| target.role == role);
        of_role
            .map(|target| {
                let skills: Map<String, Value> =
                    target.skills.iter().map(|skill| (format!("skill on {}", skill.naive), json!(skill.skill))).collect();
                let mut target_json = json!({ "label": target.label, "scenario": target.scenario, "unit": target.unit, "scale": target.scale,
                    "missed_by_as_it_stood": target.residual_before, "missed_by_now": target.residual,
                    "source": target.source, "dates": target.rows });
                if let Some(entries) = target_json.as_object_mut() {
                    entries.extend(skills);
                    entries.extend(
                        target.standing.iter().map(|standing| ("when_the_scenario_was_made".to_string(), json!(standing))),
                    );
                }
                target_json
            })
            .collect()
    };
    let pooled = |role: Use| -> Vec<Value> {
        let of_role = found.pooled.iter().filter(|pooled| pooled.role == role);
        of_role
            .map(|pooled| {
                json!({ "metric": pooled.metric, "scenario": pooled.scenario, "against": pooled.naive, "skill": pooled.skill })
            })
            .collect()
    };
    Ok(json!({
        "question": found.question, "method": found.method, "candidates": found.candidates, "search": found.ended,
        "distance_as_it_stood": found.distance_before, "distance_now": found.distance,
        "least_distance_of_a_candidate": found.least_distance, "tolerance": found.tolerance,
        "effective_sample": found.effective_sample, "notes": found.notes, "factors": parameters, "fitted": targets(Use::Fit),
        "held_out": targets(Use::HoldOut), "fitted_together": pooled(Use::Fit), "held_out_together": pooled(Use::HoldOut),
    }))
}

/// The pictures in the directory, in the order of a reader.
fn pictures(directory: &Path, summary: &serde_json::Value) -> Result<Vec<Picture>, Error> {
    let folder = directory.join("figures");
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|kind| kind == "svg")).collect();
    let name = |path: &PathBuf| path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    // Pictures of the outcomes of a sweep follow the order of its file.
    let outcomes: Vec<String> = summary["outcomes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|outcome| outcome["name"].as_str().unwrap_or_default().replace('_', "-"))
        .collect();
    paths.sort_by_cached_key(|path| {
        let name = name(path);
        let of = name.split_once('-').and_then(|(_, outcome)| outcomes.iter().position(|other| other == outcome));
        // Which factors change an outcome comes before how they change it.
        let how = !name.starts_with("sensitivity-");
        (FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len()), of.unwrap_or(outcomes.len()), how, name)
    });
    paths.iter().map(|path| Ok(Picture { name: name(path), svg: files::text(path)? })).collect()
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
    if manifest.uncertain {
        fact("Judgements", "drawn from their ranges, a draw for every two histories".to_string());
    }
    if let Some(first) = given(manifest) {
        let mut set: Vec<String> = first.set.iter().map(|(path, value)| format!("{path} = {value}")).collect();
        set.extend(first.without.iter().map(|name| format!("without {name}")));
        if !set.is_empty() {
            fact("Changes to the scenario", set.join(", "));
        }
    }
    if manifest.attribution.is_none() && manifest.study.is_none() {
        fact("Curves", if manifest.through_war { "through wars" } else { "until the first war of a history" }.to_string());
    }
    if let Some(panel) = manifest.panel {
        let number = if panel.histories == u32::MAX { "all".to_string() } else { format!("the first {}", panel.histories) };
        fact("Histories in the panel", format!("{number}, by {}", panel.by.name()));
    }
    if !manifest.rows.is_all() {
        fact("Rows of histories", "none: numbers of each point only".to_string());
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
fn command(manifest: &Manifest) -> String {
    let mut words = vec!["spiral".to_string(), manifest.kind.to_string()];
    let uncertain = manifest.uncertain.then(|| "--uncertain".to_string());
    if let Some(python) = in_python(manifest) {
        return python;
    }
    let panel = manifest.panel.map(|panel| {
        let number = if panel.histories == u32::MAX { "all".to_string() } else { panel.histories.to_string() };
        let by = if panel.by == PanelPeriod::Year { "" } else { " --panel-by tick" };
        format!("--panel {number}{by}")
    });
    if let Some(source) = &manifest.study {
        words.push(quoted(&source.file));
        words.extend(source.histories.map(|histories| format!("--histories {histories}")));
        words.extend(source.seed.map(|seed| format!("--seed {seed}")));
        words.extend(uncertain);
        words.extend(panel);
        words.extend((!manifest.rows.is_all()).then(|| format!("--rows {}", manifest.rows.name())));
        return words.join(" ");
    }
    words.extend(manifest.title.split(", ").map(quoted));
    words.push(format!("--histories {} --seed {}", manifest.histories, manifest.seed));
    words.extend(uncertain);
    if let Some(first) = given(manifest) {
        words.extend(first.set.iter().map(|(path, value)| format!("--set {}", quoted(&format!("{path}={value}")))));
        words.extend(first.without.iter().map(|name| format!("--without {name}")));
        words.extend(first.years.iter().map(|(from, to)| format!("--years {from}..{to}")));
    }
    if let Some(source) = &manifest.attribution {
        words.extend(source.outcomes.iter().map(|outcome| format!("--outcome {outcome}")));
        let pairs = source.counterparts.iter().map(|(a, b)| quoted(&format!("{a}={b}")));
        words.extend(pairs.map(|pair| format!("--counterpart {pair}")));
        return words.join(" ");
    }
    if manifest.through_war {
        words.push("--through-war".to_string());
    }
    words.extend(panel);
    if manifest.events_for != 1000 {
        words.push(format!("--events {}", manifest.events_for));
    }
    words.join(" ")
}

/// The call in Python that makes a study again whose scenarios were changed each in its own way or renamed, which no command can do; `None`
/// of any other study.
fn in_python(manifest: &Manifest) -> Option<String> {
    if manifest.study.is_some() {
        return None;
    }
    let requests: Vec<(&Request, Option<&str>)> = match &manifest.attribution {
        Some(source) => vec![(&source.a, None), (&source.b, None)],
        None => manifest.points.iter().map(|point| (&point.request, Some(point.scenario.as_str()))).collect(),
    };
    let changes = |request: &Request| (request.set.clone(), request.without.clone(), request.years);
    let (first, _) = requests.first()?;
    let renamed = |(request, name): &(&Request, Option<&str>)| {
        // A file has the name of its last part, without the ending.
        name.is_some_and(|name| !request.scenario.replace(".ron", "").ends_with(name))
    };
    if !requests.iter().any(renamed) && requests.iter().all(|(request, _)| changes(request) == changes(first)) {
        return None;
    }
    let text = |text: &str| json!(text).to_string();
    let worlds = requests.iter().map(|(request, name)| {
        let mut call = format!("spiral.Scenario.load({})", text(&request.scenario));
        call.extend(request.set.iter().map(|(path, value)| format!(".set({}, {})", text(path), text(value))));
        call.extend(request.without.iter().map(|mechanism| format!(".without({})", text(mechanism))));
        call.extend(request.years.iter().map(|(from, to)| format!(".between({from}, {to})")));
        call.extend(name.map(|name| format!(".named({})", text(name))));
        format!("    {call},\n")
    });
    let (kind, worlds) = (manifest.kind, worlds.collect::<String>());
    let mut options = format!("histories={}, seed={}", manifest.histories, manifest.seed);
    if manifest.uncertain {
        options.push_str(", uncertain=True");
    }
    if let Some(source) = &manifest.attribution {
        options.extend([", outcomes=".to_string(), json!(source.outcomes).to_string()]);
    } else if manifest.through_war {
        options.push_str(", through_war=True");
    }
    Some(format!("import spiral\n\nspiral.{kind}(\n{worlds}    {options},\n)"))
}

/// A word as a shell takes it.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_string() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!([quoted("a.b=1"), quoted("my file"), quoted("it's"), quoted("")], ["a.b=1", "'my file'", "'it'\\''s'", "''"]);
    }
}
