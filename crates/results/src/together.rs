//! Several calibrations of the same numbers and the same observed series, which differ in what they fit and what they hold out: the
//! skill of each series in each of them, side by side.
//!
//! This is how constants are tried on an era that did not choose them: one calibration fits all eras, each other one fits an era
//! and holds out the rest. Only what is held out is a test.

use std::fmt::Write;
use std::path::Path;

use serde::Serialize;
use spiral_analysis::Estimate;
use spiral_analysis::calibration::Calibration;
use spiral_analysis::calibration::found::{Skill, TargetRow, TargetScore};
use spiral_analysis::calibration::targets::Use;
use spiral_analysis::skill::root_mean_square;
use spiral_scenario::{CalibrationFile, study_catalogue};
use spiral_study::known_measures;

use crate::options::Options;
use crate::{Error, calibrate, short_number};

/// The calibrations of the constants of arming that come with the program: fitted to both eras, and to each alone.
const BY_ERA: [&str; 3] = ["burdens-both", "burdens-1890-1913", "burdens-1920-1938"];
/// Forecasts with which a series is compared, by their names in a calibration.
const FORECASTS: [&str; 2] = ["no change", "linear trend"];

/// Several calibrations side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Together {
    /// Their titles.
    pub titles: Vec<String>,
    /// The numbers that were fitted: name, value in the scenario, and what each calibration found.
    pub parameters: Vec<(String, Option<f64>, Vec<Estimate>)>,
    /// The series, and all of a scenario together after its last one.
    pub rows: Vec<TogetherRow>,
}

/// An observed series in every calibration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TogetherRow {
    /// Name of the scenario.
    pub scenario: String,
    /// What the series is of; all series of a scenario together have `all`.
    pub label: String,
    /// Skill of the scenario before calibration against no change and against the trend. Whoever set its numbers knew these years.
    pub before: [Option<f64>; 2],
    /// By calibration; none where it has no such series.
    pub skills: Vec<Option<TogetherSkill>>,
}

/// The skill of one series in one calibration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TogetherSkill {
    /// Fitted, or held out.
    pub role: Use,
    /// Against no change, and against the trend.
    pub against: [Option<Estimate>; 2],
}

/// Runs several calibrations, each in a directory of its own with the name of its file within [`Options::directory`], and sets their
/// skills side by side. A calibration that is finished there is read.
///
/// # Errors
/// As [`calibrate`]; two files have one name; the calibrations do not fit the same numbers.
pub fn calibrate_together(files: &[String], options: &Options<'_>) -> Result<Together, Error> {
    let Some(directory) = &options.directory else {
        return Err(Error::request("calibrations need a directory for their candidates"));
    };
    let mut stems: Vec<String> = Vec::new();
    let mut names: Option<Vec<String>> = None;
    // Everything is read before the first search, which takes minutes.
    for file in files {
        let read = CalibrationFile::load(file, &known_measures(), options.histories, options.seed)?;
        let own: Vec<String> = read.factors().iter().map(|factor| factor.name.clone()).collect();
        if let Some(first) = names.as_ref().filter(|first| **first != own) {
            let message = format!(
                "{file} fits other numbers than {}: {} and {}. Calibrations are set side by side only if they fit the same numbers, in \
                 the same order",
                files[0],
                own.join(", "),
                first.join(", ")
            );
            return Err(Error::Request(message));
        }
        names.get_or_insert(own);
        let stem = Path::new(file).file_stem().map_or_else(|| file.clone(), |stem| stem.to_string_lossy().into_owned());
        if stems.contains(&stem) {
            return Err(Error::Request(format!("two files have the name {stem}, and each needs a directory of its own name")));
        }
        stems.push(stem);
    }
    let mut found = Vec::new();
    for (file, stem) in files.iter().zip(&stems) {
        let own = directory.join(stem);
        // The directory of a calibration that has not begun is new, whatever the others are.
        let resume = options.resume && own.exists();
        found.push(calibrate(file, &Options { directory: Some(own), resume, ..options.clone() })?);
    }
    Ok(Together::of(&found))
}

/// The constants of arming, fitted to the burdens of both eras and to each alone: a section of the science report, in Markdown.
///
/// # Errors
/// As [`calibrate_together`], which works in a directory for temporary files.
pub fn held_out_by_era(threads: Option<usize>) -> Result<String, Error> {
    let place = tempfile::tempdir().map_err(|source| Error::Write { path: std::env::temp_dir(), source })?;
    let directory = place.path();
    let mut files = Vec::new();
    for name in BY_ERA {
        let text = study_catalogue().iter().find(|entry| entry.name == name).map_or("", |entry| entry.text);
        let path = directory.join(format!("{name}.ron"));
        crate::files::write(directory, &format!("{name}.ron"), text.as_bytes())?;
        files.push(path.display().to_string());
    }
    let options = Options { directory: Some(directory.join("calibrations")), threads, ..Options::default() };
    Ok(calibrate_together(&files, &options)?.section())
}

impl Together {
    /// Sets calibrations side by side.
    #[must_use]
    pub fn of(found: &[Calibration]) -> Self {
        let titles = found.iter().map(|one| one.title.clone()).collect();
        let first = found.first();
        let parameters = first.map(|first| first.parameters.as_slice()).unwrap_or_default().iter().enumerate();
        let parameters = parameters.map(|(position, parameter)| {
            let estimates = found.iter().map(|one| one.parameters[position].estimate.clone()).collect();
            (parameter.name.clone(), parameter.before, estimates)
        });
        let parameters = parameters.collect();
        let mut series: Vec<&TargetScore> = Vec::new();
        for target in found.iter().flat_map(|one| &one.targets).filter(|target| target.state.is_some()) {
            let known = series.iter().any(|other| other.label == target.label);
            if !known && FORECASTS.iter().all(|naive| skill_of(&target.skills, naive).is_some()) {
                series.push(target);
            }
        }
        let mut scenarios: Vec<&str> = Vec::new();
        for target in &series {
            if !scenarios.contains(&target.scenario.as_str()) {
                scenarios.push(&target.scenario);
            }
        }
        let mut rows = Vec::new();
        for scenario in scenarios {
            let own: Vec<&TargetScore> = series.iter().copied().filter(|target| target.scenario == scenario).collect();
            rows.extend(own.iter().map(|target| {
                let skills = found.iter().map(|one| {
                    let same = one.targets.iter().find(|other| other.label == target.label)?;
                    let against = FORECASTS.map(|naive| skill_of(&same.skills, naive).cloned());
                    Some(TogetherSkill { role: same.role, against })
                });
                TogetherRow {
                    scenario: scenario.to_string(),
                    label: target.label.clone(),
                    before: FORECASTS.map(|naive| before(&[*target], naive)),
                    skills: skills.collect(),
                }
            }));
            rows.push(TogetherRow {
                scenario: scenario.to_string(),
                label: "all".to_string(),
                before: FORECASTS.map(|naive| before(&own, naive)),
                skills: found.iter().map(|one| all_of(one, scenario)).collect(),
            });
        }
        Self { titles, parameters, rows }
    }

    /// The section of the science report.
    #[must_use]
    pub fn section(&self) -> String {
        let mut text = "\n## One set of constants, held out by era\n\n\
            The constants of arming that move burdens most were fitted to what the great powers spent before 1914 (1896-1913) and \
            before 1939 (1930-1938): to both eras together, and to each alone. A fit to one era is then scored on the other, which it \
            has not seen. Skill is 1 − error / error of the forecast: 1 is perfect, 0 is no better than the forecast, below 0 is \
            worse. Each cell has the skill against *no change* and, after the stroke, against the *trend*; both forecasts know only \
            1890-95 and 1924-29. *Fitted* is no test; only *held out* is one. The defaults of the program were chosen by people who \
            knew both eras, so they count as fitted. `spiral calibrate` prints this table from the files in `configs/calibrations`.\n\n"
            .to_string();
        let _ = writeln!(text, "| series | defaults (fitted) | {} |", self.titles.join(" | "));
        let _ = writeln!(text, "| --- | --- |{}", " --- |".repeat(self.titles.len()));
        for row in &self.rows {
            let label = if row.label == "all" { format!("**all, {}**", row.scenario) } else { row.label.clone() };
            let cells: Vec<String> = row.skills.iter().map(|skill| skill.as_ref().map_or("–".to_string(), in_words)).collect();
            let _ = writeln!(text, "| {label} | {} | {} |", slashed(row.before), cells.join(" | "));
        }
        text.push_str(
            "\nThe constants, each with its 95 % interval. An interval as wide as the range of the search means that these burdens do \
             not tell the constant.\n\n",
        );
        let _ = writeln!(text, "| constant | default | {} |", self.titles.join(" | "));
        let _ = writeln!(text, "| --- | --- |{}", " --- |".repeat(self.titles.len()));
        for (name, before, found) in &self.parameters {
            let found: Vec<String> = found.iter().map(with_interval).collect();
            let before = before.map_or_else(|| "–".to_string(), short_number);
            let _ = writeln!(text, "| {name} | {before} | {} |", found.join(" | "));
        }
        text
    }
}

fn skill_of<'a>(skills: &'a [Skill], naive: &str) -> Option<&'a Estimate> {
    skills.iter().find(|skill| skill.naive == naive).map(|skill| &skill.skill).filter(|skill| skill.estimate.is_some())
}

/// All series of a scenario together, in one calibration.
fn all_of(one: &Calibration, scenario: &str) -> Option<TogetherSkill> {
    let role = one.targets.iter().find(|target| target.scenario == scenario && !target.skills.is_empty())?.role;
    let against = FORECASTS.map(|naive| {
        let pooled = one.pooled.iter().find(|pooled| pooled.scenario == scenario && pooled.role == role && pooled.naive == naive);
        pooled.map(|pooled| pooled.skill.clone())
    });
    Some(TogetherSkill { role, against })
}

/// The skill of series before calibration, each relative to its own size; of one series the plain skill.
fn before(series: &[&TargetScore], naive: &str) -> Option<f64> {
    let (mut own, mut other) = (0.0, 0.0);
    for target in series {
        let error = |of: fn(&TargetRow) -> Option<f64>| {
            let errors: Option<Vec<f64>> = target.rows.iter().map(|row| of(row).map(|value| value - row.observed)).collect();
            errors.map(|errors| root_mean_square(&errors))
        };
        let size = target.rows.iter().map(|row| row.observed).fold(0.0, |sum, value| sum + value) / target.rows.len() as f64;
        let (before, now) = (error(|row| row.before)? / size, error(|row| row.simulated)? / size);
        // The error of the forecast follows from the skill over it.
        let forecast = now / (1.0 - skill_of(&target.skills, naive)?.estimate?);
        own += before * before;
        other += forecast * forecast;
    }
    Some(1.0 - (own / other).sqrt()).filter(|skill| skill.is_finite())
}

fn with_interval(estimate: &Estimate) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_string(), short_number);
    format!("{} [{}, {}]", number(estimate.estimate), number(estimate.lower), number(estimate.upper))
}

fn in_words(skill: &TogetherSkill) -> String {
    let role = if skill.role == Use::Fit { "fitted" } else { "**held out**" };
    format!("{role} {}", slashed(skill.against.clone().map(|skill| skill.and_then(|skill| skill.estimate))))
}

fn slashed(skills: [Option<f64>; 2]) -> String {
    skills.map(|skill| skill.map_or_else(|| "–".to_string(), |skill| format!("{skill:.2}"))).join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two calibrations of one world, each of which holds out what the other fits: every series is fitted once and held out once.
    #[test]
    fn what_one_fits_the_other_holds_out() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = |name: &str, first: &str, second: &str| {
            let world = |name: &str, role: &str, level: f64| {
                format!(
                    "(scenario: \"{name}\", observed: \"burden\", states: [\"EAST\"], known: (0, 3), years: (4, 8), scale: 0.01, \
                     use: \"{role}\", source: \"invented\", points: [(0.5, 0.03), (1.5, 0.031), (2.5, 0.03), (3.5, 0.032), \
                     (4.5, {level}), (6.5, {level}), (8.5, {level})])"
                )
            };
            let text = format!(
                "(title: \"{name}\", scenarios: [(scenario: \"two-states\"), (scenario: \"stag.ron\")], years: (0, 10), without: [\"war\"], \
                 factors: [(path: \"arming.elasticity\", range: (0.1, 0.9))], targets: [{}, {}], \
                 method: (kind: \"cma-es\", population: 4), budget: 16, histories: 20)",
                world("two-states", first, 0.04),
                world("stag", second, 0.05)
            );
            let path = folder.path().join(format!("{name}.ron"));
            std::fs::write(&path, text).expect("a writable folder");
            path.display().to_string()
        };
        let two = spiral_scenario::catalogue().iter().find(|entry| entry.name == "two-states").expect("it is built in");
        std::fs::write(folder.path().join("stag.ron"), two.text).expect("a writable folder");
        let files = [file("one", "fit", "hold_out"), file("other", "hold_out", "fit")];
        let options = Options { directory: Some(folder.path().join("out")), ..Options::default() };
        let together = calibrate_together(&files, &options).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(together.titles, ["one", "other"]);
        let roles: Vec<Vec<Use>> =
            together.rows.iter().map(|row| row.skills.iter().flatten().map(|skill| skill.role).collect()).collect();
        let (fit, out) = (Use::Fit, Use::HoldOut);
        assert_eq!(roles, [vec![fit, out], vec![fit, out], vec![out, fit], vec![out, fit]]);
        assert_eq!(together.parameters.len(), 1);
        let section = together.section();
        assert!(section.contains("| **all, two-states** |") && section.contains("**held out**"), "{section}");
        // What is finished is read again, to the same numbers.
        let again = calibrate_together(&files, &Options { resume: true, ..options }).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again, together);
    }
}
