//! Single histories as lines: one metric of every state in the first histories of a world.

use serde::{Deserialize, Serialize};
use spiral_ensemble::{Engine, WIDTH};
use spiral_model::outcome::STATE_METRICS;
use spiral_model::{Observer, Simulation, Snapshot};

use crate::error::Error;
use crate::sample::Explorer;
use crate::world::WorldRequest;

/// Histories that can be asked for.
pub const MOST_STRANDS: u32 = 64;

/// Which histories, and what of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrandsRequest {
    /// The world.
    pub world: WorldRequest,
    /// Seed of all random draws.
    pub seed: u64,
    /// Metric of states, such as `burden`.
    pub metric: String,
    /// How many histories, from number 0.
    pub histories: u32,
}

/// Lines of single histories. A line ends at the first war of its history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Strands {
    /// The metric.
    pub metric: String,
    /// Dates of the values.
    pub dates: Vec<f64>,
    /// Code of each state, and its values by history, then by date; none after the first war.
    pub states: Vec<(String, Vec<Vec<Option<f32>>>)>,
}

/// Keeps one metric of the lanes that are at peace.
struct Watcher {
    metric: usize,
    /// By state, then history, then date.
    values: Vec<Vec<Vec<Option<f32>>>>,
}

impl Watcher {
    fn look(&mut self, snapshot: &Snapshot<'_, WIDTH>, base: usize) {
        for (kept, metrics) in self.values.iter_mut().zip(snapshot.states) {
            for lane in 0..WIDTH {
                let seen = snapshot.running[lane] && snapshot.at_peace[lane];
                let value = metrics[self.metric][lane];
                kept[base + lane].push((seen && value.is_finite()).then_some(value as f32));
            }
        }
    }
}

/// The watcher of one block.
struct Block<'a> {
    watcher: &'a mut Watcher,
    base: usize,
}

impl Observer<WIDTH> for Block<'_> {
    fn begin(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.watcher.look(snapshot, self.base);
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.watcher.look(snapshot, self.base);
    }
}

impl Explorer {
    /// The first histories of a world as lines.
    ///
    /// # Errors
    /// A world that cannot be used, a metric that there is not, too many histories.
    pub fn strands(&self, request: &StrandsRequest) -> Result<Strands, Error> {
        if !(1..=MOST_STRANDS).contains(&request.histories) {
            return Err(Error::Request(format!("from 1 to {MOST_STRANDS} histories can be drawn, not {}", request.histories)));
        }
        let metric = STATE_METRICS.iter().position(|metric| *metric == request.metric);
        let metric = metric.ok_or_else(|| {
            let known = STATE_METRICS.join(", ");
            Error::Request(format!("there is no metric of this name; there are {known}"))
        })?;
        let scenario = request.world.scenario(&self.given)?;
        let blocks = request.histories.div_ceil(WIDTH as u32);
        let lanes = blocks as usize * WIDTH;
        let states = scenario.setup.states.len();
        let mut watcher = Watcher { metric, values: vec![vec![Vec::new(); lanes]; states] };
        let mut simulation = <Simulation<WIDTH> as Engine<WIDTH>>::new(&scenario.setup);
        for block in 0..blocks {
            let base = block as usize * WIDTH;
            let mut observer = Block { watcher: &mut watcher, base };
            Engine::run(&mut simulation, request.seed, base as u32, false, &mut observer);
        }
        // A block whose histories all end early shows fewer dates than there are.
        let horizon = &scenario.setup.horizon;
        let dates: Vec<f64> = (0..=horizon.ticks()).map(|boundary| horizon.date(boundary)).collect();
        let states = scenario.setup.states.iter().zip(watcher.values).map(|(state, mut histories)| {
            histories.truncate(request.histories as usize);
            for history in &mut histories {
                history.resize(dates.len(), None);
            }
            (state.code.clone(), histories)
        });
        Ok(Strands { metric: request.metric.clone(), states: states.collect(), dates })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_the_first_war_and_are_the_same_however_many() {
        let explorer = Explorer::default();
        let world = WorldRequest { scenario: "two-states".to_string(), ..WorldRequest::default() };
        let of = |histories| {
            let request = StrandsRequest { world: world.clone(), seed: 1, metric: "burden".to_string(), histories };
            explorer.strands(&request).unwrap_or_else(|error| panic!("{error}"))
        };
        let (few, many) = (of(3), of(20));
        assert_eq!(many.states.len(), 2);
        assert_eq!(few.states[0].1[..], many.states[0].1[..3]);
        assert_eq!(many.dates.len(), 40 * 4 + 1);
        for line in many.states.iter().flat_map(|(_, lines)| lines) {
            assert_eq!(line.len(), many.dates.len());
            let ends = line.iter().position(Option::is_none).unwrap_or(line.len());
            assert!(ends > 1 && line[ends..].iter().all(Option::is_none), "a line has a hole");
        }
        let wars = many.states[0].1.iter().filter(|line| line.last().is_some_and(Option::is_none)).count();
        assert!(wars > 0 && wars < 20, "{wars} of 20 histories have a war");
    }
}
