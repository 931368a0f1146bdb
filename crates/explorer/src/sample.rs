//! Samples of worlds, which grow by stages and of which the last few are kept.

use std::ops::{ControlFlow, Range};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use spiral_ensemble::{Block, Curves, Ensemble, Options, Sink, WIDTH, simulate};
use spiral_model::Setup;
use spiral_scenario::Scenario;

use crate::answer::{Answer, answer};
use crate::error::Error;
use crate::world::{Given, Run, WorldRequest};

/// Histories of the first answer.
pub const FIRST_STAGE: u32 = 64;
/// Histories that a page may ask for.
pub const MOST_HISTORIES: u32 = 16_384;
/// Worlds whose samples are kept.
const KEPT_WORLDS: usize = 12;
/// How many times more histories the next answer has.
const GROWTH: u32 = 4;

/// The engine, with the samples that it keeps.
#[derive(Debug, Default)]
pub struct Explorer {
    pub(crate) given: Vec<Given>,
    /// The samples, the last used last.
    kept: Mutex<Vec<(Key, Arc<Samples>)>>,
}

/// A world and a seed.
type Key = (WorldRequest, u64);

/// A world and its samples by stage.
#[derive(Debug)]
pub(crate) struct Samples {
    pub(crate) scenario: Scenario,
    by_stage: Mutex<Vec<(u32, Arc<Ensemble>)>>,
}

/// Numbers of histories after which there is an answer.
#[must_use]
pub fn stages(histories: u32) -> Vec<u32> {
    let rising = std::iter::successors(Some(FIRST_STAGE), |stage| stage.checked_mul(GROWTH));
    rising.take_while(|stage| *stage < histories).chain([histories]).collect()
}

impl Explorer {
    /// An engine that knows these files besides the built-in scenarios.
    #[must_use]
    pub fn new(given: Vec<Given>) -> Self {
        Self { given, ..Self::default() }
    }

    /// The scenario of a world, with its changes; its name holds them.
    ///
    /// # Errors
    /// A scenario that cannot be used.
    pub fn scenario(&self, request: &WorldRequest) -> Result<Scenario, Error> {
        request.scenario(&self.given)
    }

    /// Simulates one world or two, and gives an answer after each stage. `stopped` is asked often whether to end the work.
    ///
    /// # Errors
    /// A world that cannot be used, too many histories; [`Error::Stopped`] where `stopped` said so.
    pub fn run(&self, run: &Run, stopped: &(dyn Fn() -> bool + Sync), take: &mut dyn FnMut(Answer)) -> Result<(), Error> {
        Self::bounded(run)?;
        let worlds: Vec<Arc<Samples>> = run.worlds().map(|world| self.samples(world, run.seed)).collect::<Result<_, _>>()?;
        for stage in stages(run.histories) {
            let samples: Vec<Arc<Ensemble>> =
                worlds.iter().map(|world| world.at(stage, run.seed, stopped)).collect::<Result<_, _>>()?;
            if stopped() {
                return Err(Error::Stopped);
            }
            let pairs: Vec<(&Scenario, &Ensemble)> =
                worlds.iter().zip(&samples).map(|(world, sample)| (&world.scenario, &**sample)).collect();
            take(answer(run, stage, &pairs));
        }
        Ok(())
    }

    /// Refuses more histories than a page may ask for.
    pub(crate) fn bounded(run: &Run) -> Result<(), Error> {
        if (1..=MOST_HISTORIES).contains(&run.histories) {
            return Ok(());
        }
        Err(Error::Request(format!("a page simulates from 1 to {MOST_HISTORIES} histories, not {}", run.histories)))
    }

    /// The samples of a world, kept or new.
    pub(crate) fn samples(&self, request: &WorldRequest, seed: u64) -> Result<Arc<Samples>, Error> {
        let key = (request.clone(), seed);
        // A panic elsewhere leaves the list whole: it is changed by single calls.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let position = kept.iter().position(|(known, _)| *known == key);
        let entry = match position {
            Some(position) => kept.remove(position),
            None => (key, Arc::new(Samples { scenario: request.scenario(&self.given)?, by_stage: Mutex::default() })),
        };
        let samples = entry.1.clone();
        kept.push(entry);
        if kept.len() > KEPT_WORLDS {
            kept.remove(0);
        }
        Ok(samples)
    }
}

impl Samples {
    /// The sample of the first histories.
    fn at(&self, histories: u32, seed: u64, stopped: &(dyn Fn() -> bool + Sync)) -> Result<Arc<Ensemble>, Error> {
        let (from, mut sample) = self.nearest(histories);
        if from == histories {
            return Ok(Arc::new(sample));
        }
        sample.append(simulated(&self.scenario.setup, seed, from..histories, stopped)?);
        Ok(self.keep(histories, sample))
    }

    /// The largest kept sample of no more than so many histories, and how many it has.
    pub(crate) fn nearest(&self, histories: u32) -> (u32, Ensemble) {
        let kept = self.by_stage.lock().unwrap_or_else(PoisonError::into_inner);
        let nearest = kept.iter().filter(|(stage, _)| *stage <= histories).max_by_key(|(stage, _)| *stage);
        nearest.map_or((0, Ensemble::default()), |(stage, sample)| (*stage, (**sample).clone()))
    }

    /// Keeps a sample of the first histories.
    pub(crate) fn keep(&self, histories: u32, sample: Ensemble) -> Arc<Ensemble> {
        let sample = Arc::new(sample);
        let mut kept = self.by_stage.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.iter().all(|(stage, _)| *stage != histories) {
            kept.push((histories, sample.clone()));
        }
        // Only few numbers of histories are kept of one world.
        if kept.len() > 6 {
            kept.remove(0);
        }
        sample
    }
}

/// Simulates these histories on the threads of the pool of the caller.
pub(crate) fn simulated(
    setup: &Setup,
    seed: u64,
    histories: Range<u32>,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Ensemble, Error> {
    let options = Options { curves: true, through_war: false, events_for: 0, panel: None };
    let width = WIDTH as u32;
    let threads = rayon::current_num_threads().max(1) as u32;
    // Few large parts, for each makes a world of its own; but enough that no thread waits long for another.
    let part = (histories.len() as u32).div_ceil(threads * 4).div_ceil(width).clamp(1, 16) * width;
    let starts: Vec<u32> = histories.clone().step_by(part as usize).collect();
    let parts: Vec<Result<Ensemble, Error>> = starts
        .into_par_iter()
        .map(|start| {
            let mut sink = Stoppable { sample: Ensemble::default(), stopped };
            if stopped() || !simulate(setup, seed, start..(start + part).min(histories.end), &options, &mut sink)? {
                return Err(Error::Stopped);
            }
            Ok(sink.sample)
        })
        .collect();
    let mut all = Ensemble::default();
    for part in parts {
        all.append(part?);
    }
    Ok(all)
}

/// A sample that stops growing when it is told so.
struct Stoppable<'a> {
    sample: Ensemble,
    stopped: &'a (dyn Fn() -> bool + Sync),
}

impl Sink for Stoppable<'_> {
    fn block(&mut self, block: Block) -> ControlFlow<()> {
        let _ = self.sample.block(block);
        if (self.stopped)() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn curves(&mut self, curves: Curves) {
        self.sample.curves(curves);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn two_states(first_strike: &str) -> WorldRequest {
        let set = vec![("technology.first_strike".to_string(), first_strike.to_string())];
        WorldRequest { scenario: "two-states".to_string(), set, ..WorldRequest::default() }
    }

    fn answers(explorer: &Explorer, run: &Run) -> Vec<Answer> {
        let mut answers = Vec::new();
        explorer.run(run, &|| false, &mut |answer| answers.push(answer)).unwrap_or_else(|error| panic!("{error}"));
        answers
    }

    #[test]
    fn answers_come_by_stages() {
        assert_eq!(stages(1000), [64, 256, 1000]);
        assert_eq!(stages(64), [64]);
        assert_eq!(stages(10), [10]);
        assert_eq!(stages(256), [64, 256]);
    }

    #[test]
    fn what_is_kept_changes_no_number() {
        let kept = Explorer::default();
        let large = Run { a: Some(two_states("2.2")), b: two_states("1"), seed: 5, histories: 300 };
        let first = answers(&kept, &large);
        // Fewer after more, the worlds in the other order, and back.
        let small = Run { a: Some(two_states("1")), b: two_states("2.2"), histories: 100, ..large.clone() };
        assert_eq!(answers(&kept, &small), answers(&Explorer::default(), &small));
        assert_eq!(answers(&kept, &large), first);
    }

    #[test]
    fn a_world_beside_itself_stands_alone() {
        let run = Run { a: Some(two_states("1")), b: two_states("1"), seed: 1, histories: 20 };
        let answer = &answers(&Explorer::default(), &run)[0];
        assert_eq!((answer.worlds.len(), answer.contrast.len()), (1, 0));
    }

    #[test]
    fn work_that_is_stopped_ends_soon_and_leaves_nothing_wrong() {
        let explorer = Explorer::default();
        let run = Run { a: None, b: two_states("2.2"), seed: 2, histories: MOST_HISTORIES };
        let asked = AtomicUsize::new(0);
        let stopped = || asked.fetch_add(1, Ordering::Relaxed) >= 20;
        let mut answers_before = 0;
        let ended = explorer.run(&run, &stopped, &mut |_| answers_before += 1);
        assert!(matches!(ended, Err(Error::Stopped)), "{ended:?}");
        assert!(answers_before < stages(MOST_HISTORIES).len());
        let asked = asked.load(Ordering::Relaxed);
        assert!(asked < 20 + 4 * rayon::current_num_threads() + 80, "asked {asked} times: the work went on");
        let small = Run { histories: 300, ..run };
        assert_eq!(answers(&explorer, &small), answers(&Explorer::default(), &small));
    }

    #[test]
    fn only_few_worlds_are_kept() {
        let explorer = Explorer::default();
        for number in 0..3 * KEPT_WORLDS {
            answers(&explorer, &Run { a: None, b: two_states(&format!("1.{number}")), seed: 1, histories: 1 });
        }
        assert_eq!(explorer.kept.lock().unwrap_or_else(PoisonError::into_inner).len(), KEPT_WORLDS);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let explorer = Explorer::default();
        let run = |b: WorldRequest, histories| Run { a: None, b, seed: 1, histories };
        let said = |run: Run| explorer.run(&run, &|| false, &mut |_| ()).expect_err("a mistake").to_string();
        let named = |scenario: &str| WorldRequest { scenario: scenario.to_string(), ..WorldRequest::default() };
        for (wrong, words) in [
            (run(named("pre-wii"), 1), "did you mean `pre-wwi"),
            (run(named("four-worlds"), 1), "choose one of four-worlds/"),
            (run(named("lattice"), 1), "too large for this page"),
            (run(named("/etc/passwd"), 1), "the explorer has no scenario"),
            (run(two_states("2"), 0), "from 1 to 16384 histories"),
            (run(two_states("1e400"), 1), "technology.first_strike"),
            (run(two_states("a+b=c"), 1), "is not a number"),
        ] {
            let said = said(wrong);
            assert!(said.contains(words), "{words:?} is not in: {said}");
        }
    }
}
