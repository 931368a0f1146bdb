//! Parts that others simulate give the same study.

use std::sync::Mutex;

use spiral_ensemble::WIDTH;
use spiral_model::Simulation;

use super::{Counter, assert_same, contents, plan};
use crate::run::run_with;
use crate::sent_part::{self, SentPart};
use crate::sweep::request_setup;
use crate::{Keep, PartSimulator, Plan, Point, Request, Silent, Status, Workers, WorkersFailure, run_elsewhere};

fn fresh() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

/// Two small worlds, in four parts.
fn study() -> Plan {
    let point = |first_strike: &str| {
        let set = vec![("technology.first_strike".to_string(), first_strike.to_string())];
        let request = Request { scenario: "two-states".to_string(), set, years: Some((0.0, 6.0)), ..Request::default() };
        let scenario = request_setup(&request).expect("a built-in scenario");
        Point { scenario: scenario.name, setup: scenario.setup, request }
    };
    Plan { points: vec![point("2.2"), point("2.6")], csv: false, events_for: 20, ..plan(141) }
}

/// Simulates from the manifest alone, the last part first; is gone after so many parts.
struct Backwards {
    gone_after: usize,
    seen: Mutex<Vec<u32>>,
}

impl Backwards {
    fn gone_after(parts: usize) -> Self {
        Self { gone_after: parts, seen: Mutex::default() }
    }
}

impl Workers for Backwards {
    fn simulate(&self, manifest: &str, parts: &[u32], keep: &Keep<'_>) -> Result<bool, WorkersFailure> {
        let simulator = PartSimulator::new(manifest)?;
        for (done, index) in parts.iter().rev().enumerate() {
            if done >= self.gone_after {
                return Err(WorkersFailure::Lost("the machine was switched off".to_string()));
            }
            let bytes = simulator.simulate(*index, &Silent)?.expect("nobody cancels");
            keep(*index, &bytes)?;
            self.seen.lock().expect("no test panics while it holds the list").push(*index);
        }
        Ok(true)
    }
}

fn alone(plan: &Plan) -> tempfile::TempDir {
    let directory = fresh();
    let status = run_with::<Simulation<WIDTH>, WIDTH>(plan, directory.path(), false, &Silent);
    assert_eq!(status.expect("it runs"), Status::Complete);
    directory
}

#[test]
fn parts_from_elsewhere_give_the_same_bytes() {
    for plan in [study(), Plan { uncertain: true, ..study() }] {
        let (expected, directory) = (alone(&plan), fresh());
        let workers = Backwards::gone_after(usize::MAX);
        let status = run_elsewhere(&plan, directory.path(), false, &Silent, &workers).expect("it runs");
        assert_eq!((status, workers.seen.into_inner().expect("a list").len()), (Status::Complete, 4));
        assert_same(expected.path(), directory.path(), "the workers");
    }
}

#[test]
fn what_lost_workers_finished_is_kept_and_not_simulated_again() {
    let (plan, directory) = (study(), fresh());
    let lost = Backwards::gone_after(3);
    let error = run_elsewhere(&plan, directory.path(), false, &Silent, &lost).expect_err("they are gone");
    let told = error.to_string();
    assert!(
        told.contains("the workers stopped: the machine was switched off") && told.contains("with resume continues"),
        "{told}"
    );
    let progress = Counter::up_to(u64::MAX);
    let again = Backwards::gone_after(usize::MAX);
    let status = run_elsewhere(&plan, directory.path(), true, &progress, &again).expect("it goes on");
    assert_eq!((status, again.seen.into_inner().expect("a list").len()), (Status::Complete, 1));
    assert_eq!(progress.counted.into_inner(), plan.total(), "what was kept counts too");
    assert_same(alone(&plan).path(), directory.path(), "after the loss");
}

/// Sends these bytes as the first part that is wanted, or as another one.
struct Sends(Vec<u8>, Option<u32>);

impl Workers for Sends {
    fn simulate(&self, _: &str, parts: &[u32], keep: &Keep<'_>) -> Result<bool, WorkersFailure> {
        keep(self.1.unwrap_or(parts[0]), &self.0)?;
        Ok(true)
    }
}

#[test]
fn what_is_no_part_is_refused_and_nothing_of_it_stays() {
    let plan = study();
    let manifest = crate::Manifest::new(&plan).text(std::path::Path::new("")).expect("a text");
    let part_of = |manifest: &str, index| {
        PartSimulator::new(manifest).expect("a manifest").simulate(index, &Silent).expect("a part").expect("it")
    };
    let part = |index| part_of(&manifest, index);
    let study = sent_part::study(&manifest);
    let file = |index| SentPart::file_of(&part(index), study, index).expect("the part itself").to_vec();
    let labelled = |index, file: &[u8]| SentPart::new(study, index, file).bytes().expect("bytes");
    let mut damaged = part(0);
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let other = Plan { seed: plan.seed + 1, ..plan.clone() };
    let other = crate::Manifest::new(&other).text(std::path::Path::new("")).expect("a text");
    for (sent, words) in [
        (Sends(b"nothing".to_vec(), None), "a worker sent no part"),
        (Sends(damaged, None), "a worker sent no part"),
        (Sends(part_of(&other, 0), None), "a worker sent a part of another study as part 0"),
        (Sends(part(1), None), "a worker sent part 1 as part 0"),
        // Part 2 has the same histories as part 0, at another point of the design.
        (Sends(part(2), None), "a worker sent part 2 as part 0"),
        (Sends(labelled(0, &file(1)), None), "a worker sent other histories than 0 to 127"),
        (Sends(labelled(0, b"nothing"), None), "a worker sent a part 0 that cannot be read"),
        (Sends(part(1), Some(99)), "a worker sent part 99, which nobody asked for"),
        (Sends(part(0), None), "3 parts did not come back"),
    ] {
        let directory = fresh();
        let error = run_elsewhere(&plan, directory.path(), false, &Silent, &sent).expect_err(words);
        assert!(error.to_string().contains(words), "{error}");
        let kept = contents(directory.path()).keys().filter(|name| name.starts_with("parts/")).count();
        assert_eq!(kept, usize::from(words.starts_with('3')), "{words}");
    }
    assert!(PartSimulator::new("{}").is_err_and(|error| error.to_string().contains("the study that was sent")));
    let last = PartSimulator::new(&manifest).expect("a manifest").simulate(4, &Silent).expect_err("no such part");
    assert!(last.to_string().contains("4 parts, 0 to 3, and no part 4"), "{last}");
}
