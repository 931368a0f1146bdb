//! Numbers of a scenario that are fitted to targets, and what was held out: what `spiral calibrate` reports.

use std::path::Path;

use serde_json::{Map, Value, json};
use spiral_analysis::calibration::Calibration;
use spiral_analysis::calibration::targets::Use;
use spiral_figures::Figure;
use spiral_scenario::CalibrationFile;
use spiral_study::{Calibrating, Study, Whole, known_measures};

use crate::finish::Results;
use crate::options::Options;
use crate::{Continuation, Error, files, page};

/// Name of the results in the directory.
pub(crate) const FILE: &str = "calibration.json";
/// Most bytes that the curves of one candidate's histories may take.
const MOST_BYTES: u64 = 500_000_000;

/// Fits numbers of a scenario to the targets of a calibration file, and scores what the file holds out. The search keeps its candidates
/// in [`Options::directory`].
///
/// # Errors
/// A file that is no calibration, no directory or one that holds something else, an interruption.
pub fn calibrate(file: &str, options: &Options<'_>) -> Result<Calibration, Error> {
    let Some(directory) = &options.directory else {
        return Err(Error::request("a calibration needs a directory for its candidates"));
    };
    let progress = options.progress;
    let file = CalibrationFile::load(file, &known_measures(), options.histories, options.seed)?;
    if Whole::bytes(&file.base.setup, file.histories) > MOST_BYTES {
        return Err(Error::Request(format!("the histories of {} do not fit into memory: use fewer with -n", file.base.name)));
    }
    progress.begin((u64::from(file.budget) + 2) * u64::from(file.histories));
    let searched = match options.on_threads(|| spiral_study::calibrate(&file, directory, options.resume, progress))?? {
        Calibrating::Interrupted { done } => {
            let kept = format!("{done} of at most {} candidates are kept in {}", file.budget, directory.display());
            return Err(Error::Interrupted { kept, next: Continuation::Resume });
        }
        Calibrating::Complete => {
            if !directory.join(page::FILE).exists() {
                page::write(directory, Study::open(directory)?.manifest())?;
            }
            if options.csv {
                spiral_study::calibration_csv(directory)?;
            }
            return stored(directory);
        }
        Calibrating::Searched(searched) => searched,
    };
    progress.stage("drawing");
    searched.write_tables(options.csv)?;
    files::write_json(directory, FILE, &searched.result)?;
    spiral_figures::write(&searched.result.figures()?, directory)?;
    let found = searched.result.clone();
    searched.complete()?;
    page::write(directory, Study::open(directory)?.manifest())?;
    Ok(found)
}

/// The results that stand in a directory.
pub(crate) fn stored(directory: &Path) -> Result<Calibration, Error> {
    files::json(&directory.join(FILE))
}

impl Results for Calibration {
    fn figures(&self) -> Result<Vec<Figure>, Error> {
        Ok(spiral_figures::calibration(self))
    }

    /// Its files stand in the directory before the calibration counts as finished: nothing is left to write.
    fn write(&self, _: &Path, _: bool) -> Result<(), Error> {
        Ok(())
    }
}

/// The results as a page tells them, in the order of the alphabet: without the sample, which stands in a table of its own.
pub(crate) fn page(directory: &Path) -> Result<Value, Error> {
    let found = stored(directory)?;
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
                let mut told = json!({ "label": target.label, "unit": target.unit, "scale": target.scale,
                    "missed_by_as_it_stood": target.residual_before, "missed_by_now": target.residual,
                    "source": target.source, "dates": target.rows });
                if let Some(entries) = told.as_object_mut() {
                    entries.extend(skills);
                    entries.extend(
                        target.standing.iter().map(|standing| ("when_the_scenario_was_made".to_string(), json!(standing))),
                    );
                }
                told
            })
            .collect()
    };
    let pooled: Vec<Value> = found
        .pooled
        .iter()
        .map(|pooled| json!({ "metric": pooled.metric, "against": pooled.naive, "skill": pooled.skill }))
        .collect();
    Ok(json!({
        "question": found.question, "method": found.method, "candidates": found.candidates, "search": found.ended,
        "distance_as_it_stood": found.distance_before, "distance_now": found.distance,
        "least_distance_of_a_candidate": found.least_distance, "tolerance": found.tolerance,
        "effective_sample": found.effective_sample, "notes": found.notes, "factors": parameters, "fitted": targets(Use::Fit),
        "held_out": targets(Use::HoldOut), "held_out_together": pooled,
    }))
}
