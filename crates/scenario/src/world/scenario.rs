//! A scenario that is ready to run, with what its numbers rest on.

use spiral_analysis::history::Record;
use spiral_model::setup::{Interpolation, Setup, Target, Track};

use crate::world::generate::Generate;
use crate::world::given::{Basis, Given};
use crate::world::observed::Observed;
use crate::world::series::value_at;
use crate::world::slots::Slots;

/// Unit of money of a scenario that names no other.
pub const MONEY: &str = "billion int$";

/// A scenario: a valid setup, and where its numbers come from.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Name: `four-worlds/offence-distinguishable` for a member of a file.
    pub name: String,
    /// The question it asks; empty where the file does not say.
    pub question: String,
    /// Which results answer the question.
    pub look_at: Option<String>,
    /// Unit of money of every stock and flow: [`MONEY`] where the file gives no other. The model asks only that it is one.
    pub money: String,
    /// The file as read.
    pub text: String,
    /// Name or path of the file.
    pub file: String,
    /// The world to simulate.
    pub setup: Setup,
    /// Full name of each state, in the order of the setup; its code where the file gives none.
    pub state_names: Vec<String>,
    /// Latitude and longitude of the capital of each state, degrees, in the order of the setup; `None` where the file gives none.
    pub capitals: Vec<Option<(f64, f64)>>,
    /// Every number that is a judgement with a range, in the order of the file: what a sweep can move.
    pub judgements: Vec<Judgement>,
    /// What every number of the file rests on, in the order of the file.
    pub sources: Vec<Sourced>,
    /// What history did, in the order of the file: shown beside the simulated curves, without a part in the simulation.
    pub observed: Vec<Observed>,
    /// What `spiral validate` compares it with, besides the observed values; `None` where the file has no `history`.
    pub history: Option<Record>,
    pub(crate) givens: Vec<Given>,
    pub(crate) slots: Slots,
    pub(crate) dated: Vec<DatedGiven>,
    pub(crate) generate: Option<Generate>,
}

impl Scenario {
    /// The number at a target on a date, as the scenario says it: what a simulation begins with, before anything happens in it.
    #[must_use]
    pub fn value_at(&self, target: Target, date: f64) -> f64 {
        let track = self.setup.tracks.iter().find(|track| track.target == target);
        track.and_then(|track| value_at(track, date)).unwrap_or_else(|| self.setup.get(target))
    }
}

/// A number that the timeline sets.
#[derive(Debug, Clone)]
pub(crate) struct DatedGiven {
    pub(crate) date: f64,
    /// Text of the entry.
    pub(crate) what: String,
    pub(crate) targets: Vec<Target>,
    pub(crate) given: Given,
}

/// What a number of the file rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced {
    /// Path as the file reaches it.
    pub path: String,
    /// Its unit.
    pub unit: &'static str,
    /// Date from which it holds, decimal year, where the timeline sets it.
    pub date: Option<f64>,
    /// Source, or judgement with its range.
    pub basis: Basis,
}

/// How a judgement is varied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Varies {
    /// The value at the start.
    Initial,
    /// A factor on a whole series; the value in the file is 1.
    Factor,
    /// The value that the timeline sets at this date, decimal year.
    From(f64),
}

/// A number that is a judgement: a value, and the range within which another judge might put it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Path as the file reaches it, such as `states.GER.perceived_balance`.
    pub path: String,
    /// Its unit; `factor` where it multiplies a series.
    pub unit: &'static str,
    /// The value in the file.
    pub value: f64,
    /// Lowest value that would be a fair judgement.
    pub low: f64,
    /// Highest value that would be a fair judgement.
    pub high: f64,
    /// Why; empty where the file does not say.
    pub why: String,
    /// What varies.
    pub varies: Varies,
    /// The numbers of the setup that it reaches.
    pub targets: Vec<Target>,
}

impl Judgement {
    /// Gives the judgement another value in a setup that has it at the value of the file. The value is not checked here: any
    /// from `low` to `high` is allowed by the specification.
    pub fn apply(&self, setup: &mut Setup, value: f64) {
        for target in &self.targets {
            match self.varies {
                // A step before the start has overtaken the first value.
                Varies::Initial if step_at_start(setup, *target).is_some() => {}
                Varies::Initial => set_initial(setup, *target, value),
                Varies::Factor => {
                    let initial = setup.get(*target);
                    for track in setup.tracks.iter_mut().filter(|track| track.target == *target) {
                        for point in &mut track.points {
                            point.1 *= value / self.value;
                        }
                    }
                    set_initial(setup, *target, initial * value / self.value);
                }
                Varies::From(date) => {
                    for track in setup.tracks.iter_mut().filter(|track| track.target == *target) {
                        for point in track.points.iter_mut().filter(|point| point.0 == date) {
                            point.1 = value;
                        }
                    }
                    if let Some(initial) = step_at_start(setup, *target) {
                        set_initial(setup, *target, initial);
                    }
                }
            }
        }
    }
}

/// The value that the timeline has given a target by the start.
pub(crate) fn step_at_start(setup: &Setup, target: Target) -> Option<f64> {
    let step = |track: &&Track| track.target == target && track.interpolation == Interpolation::Step;
    setup.tracks.iter().find(step).and_then(|track| value_at(track, setup.horizon.start))
}

/// Sets the value at the start and keeps the track.
pub(crate) fn set_initial(setup: &mut Setup, target: Target, value: f64) {
    let tracks = std::mem::take(&mut setup.tracks);
    setup.set(target, value);
    setup.tracks = tracks;
}
