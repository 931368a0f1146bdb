//! `spiral shard` and `spiral merge`: a study in pieces.

use std::ffi::OsString;
use std::path::Path;

use spiral_study::{Plan, Status, StudyKind};

use crate::commands::merge::Merge;
use crate::commands::shard::Shard;
use crate::console::Console;
use crate::failure::Failure;
use crate::progress::Bar;
use crate::studies::interrupted;
use crate::{explain, interrupt, pool, studies, sweep};

/// The plan of a study file, or of the study in a directory.
fn plan(arguments: &Shard) -> Result<Plan, Failure> {
    let path = Path::new(&arguments.plan);
    if !path.is_dir() {
        return Ok(sweep::read(&arguments.plan, arguments.in_place.histories, arguments.in_place.seed, false)?.1);
    }
    if arguments.in_place.histories.is_some() || arguments.in_place.seed.is_some() {
        let message = "a study in a directory has its histories and its seed: --histories and --seed are for study files";
        return Err(Failure::Usage(message.to_string()));
    }
    Ok(spiral_study::plan_of(&spiral_study::manifest_of(path)?)?)
}

pub(crate) fn shard(arguments: &Shard, console: Console, words: &[OsString]) -> Result<(), Failure> {
    let plan = plan(arguments)?;
    let shard = spiral_study::Shard { index: arguments.index, of: arguments.of };
    interrupt::catch()?;
    let bar = Bar::new(spiral_study::shard_total(&plan, shard), console);
    let (directory, resume) = (&arguments.out, arguments.resume.asked);
    let status = pool::on(arguments.threads.number, || spiral_study::shard(&plan, shard, directory, resume, &bar));
    bar.clear();
    if let Status::Interrupted { done, .. } = status?? {
        return Err(interrupted(&format!("{done} histories of this shard are kept in {}", directory.display()), words));
    }
    if console.quiet {
        return Ok(());
    }
    let (index, of, out) = (arguments.index, arguments.of, directory.display());
    console.print(&format!("Shard {index} of {of} is done: {out}\nNext   spiral merge, with all {of} directories and --out DIR"))
}

pub(crate) fn merge(arguments: &Merge, console: Console, words: &[OsString]) -> Result<(), Failure> {
    let Some(first) = arguments.shards.first() else { return Ok(()) };
    let manifest = spiral_study::manifest_of(first)?;
    let mut plan = spiral_study::plan_of(&manifest)?;
    plan.csv = arguments.csv.asked;
    interrupt::catch()?;
    let bar = Bar::new(plan.total(), console);
    let status = spiral_study::merge(&plan, &arguments.shards, &arguments.out, &bar);
    bar.clear();
    if let Status::Interrupted { .. } = status? {
        let (out, again) = (arguments.out.display(), studies::command(words));
        return Err(Failure::Interrupted(format!("interrupted: what was merged is kept in {out}\nto go on:    {again}")));
    }
    let (out, json) = (&arguments.out, arguments.json.asked);
    match plan.kind {
        StudyKind::Sweep | StudyKind::Sensitivity => sweep::results(&plan, out, json, console),
        StudyKind::Explain => explain::results(&plan, out, json, console),
        // A calibration has no plan of points, and was refused above.
        StudyKind::Ensemble | StudyKind::Compare | StudyKind::Calibrate => studies::results(&manifest, out, json, console),
    }
}
