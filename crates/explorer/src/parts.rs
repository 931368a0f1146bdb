//! Work in parts, for a caller that cannot wait for a whole run: a browser shares the parts among its workers, and drops those that nobody
//! waits for any more.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use spiral_ensemble::Ensemble;
use spiral_scenario::Scenario;

use crate::answer::{Answer, answer};
use crate::error::Error;
use crate::sample::{Explorer, simulated};
use crate::world::{Run, WorldRequest};

/// Histories of a part: few enough that a worker is soon free again.
const PART: u32 = 32;

/// Some histories of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The world.
    pub world: WorldRequest,
    /// Seed of all random draws.
    pub seed: u64,
    /// The histories.
    pub histories: Range<u32>,
}

impl Explorer {
    /// The parts that are still to be simulated before there is an answer of so many histories of a run, one world after the other, in
    /// the order of the histories.
    ///
    /// # Errors
    /// A world that cannot be used, too many histories.
    pub fn missing(&self, run: &Run, histories: u32) -> Result<Vec<Part>, Error> {
        Self::bounded(run)?;
        let mut parts = Vec::new();
        for world in run.worlds() {
            let done = self.samples(world, run.seed)?.nearest(histories).0;
            let starts = (done..histories).step_by(PART as usize);
            parts.extend(starts.map(|start| Part {
                world: world.clone(),
                seed: run.seed,
                histories: start..(start + PART).min(histories),
            }));
        }
        Ok(parts)
    }

    /// Simulates a part.
    ///
    /// # Errors
    /// A world that cannot be used.
    pub fn simulate_part(&self, part: &Part) -> Result<Ensemble, Error> {
        let samples = self.samples(&part.world, part.seed)?;
        simulated(&samples.scenario.setup, part.seed, part.histories.clone(), &|| false)
    }

    /// The answer of so many histories of a run, from the parts that were [missing](Self::missing), in their order.
    ///
    /// # Errors
    /// A world that cannot be used; other parts than those that are missing.
    pub fn finish(&self, run: &Run, histories: u32, parts: Vec<Ensemble>) -> Result<Answer, Error> {
        let missing = self.missing(run, histories)?;
        let fitting = missing.len() == parts.len()
            && missing.iter().zip(&parts).all(|(part, found)| part.histories.len() == found.outcomes.len());
        if !fitting {
            return Err(Error::Request("the parts are not those that are missing".to_string()));
        }
        let mut parts = missing.into_iter().zip(parts).peekable();
        let mut worlds = Vec::new();
        for world in run.worlds() {
            let samples = self.samples(world, run.seed)?;
            let mut sample = samples.nearest(histories).1;
            while let Some((_, found)) = parts.next_if(|(part, _)| part.world == *world) {
                sample.append(found);
            }
            let sample = samples.keep(histories, sample);
            worlds.push((samples, sample));
        }
        let pairs: Vec<(&Scenario, &Ensemble)> = worlds.iter().map(|(world, sample)| (&world.scenario, &**sample)).collect();
        Ok(answer(run, histories, &pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::stages;

    #[test]
    fn parts_give_the_answers_of_a_run() {
        let world = |first_strike: &str| WorldRequest {
            scenario: "two-states".to_string(),
            set: vec![("technology.first_strike".to_string(), first_strike.to_string())],
            ..WorldRequest::default()
        };
        let run = Run { a: Some(world("2.2")), b: world("1.5"), seed: 3, histories: 300 };
        let mut whole = Vec::new();
        Explorer::default().run(&run, &|| false, &mut |answer| whole.push(answer)).unwrap_or_else(|error| panic!("{error}"));
        let (keeper, worker) = (Explorer::default(), Explorer::default());
        let mut found = Vec::new();
        for stage in stages(run.histories) {
            let missing = keeper.missing(&run, stage).unwrap_or_else(|error| panic!("{error}"));
            assert!(missing.iter().all(|part| part.histories.len() <= PART as usize));
            let parts = missing.iter().map(|part| worker.simulate_part(part)).collect::<Result<Vec<_>, _>>();
            let parts = parts.unwrap_or_else(|error| panic!("{error}"));
            found.push(keeper.finish(&run, stage, parts).unwrap_or_else(|error| panic!("{error}")));
        }
        assert_eq!(found, whole);
        // All is kept: nothing is missing any more, and parts that nobody asked for are refused.
        assert_eq!(keeper.missing(&run, 300).unwrap_or_else(|error| panic!("{error}")), []);
        assert_eq!(keeper.finish(&run, 300, Vec::new()).unwrap_or_else(|error| panic!("{error}")), whole[2]);
        assert!(keeper.finish(&run, 300, vec![Ensemble::default()]).is_err());
    }
}
