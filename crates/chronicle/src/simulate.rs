//! One history, with everything that a chronicle reports of it.

use spiral_model::outcome::{STATE_METRICS, SYSTEM_METRICS};
use spiral_model::{Event, Observer, Outcome, Setup, Simulation, Snapshot};

/// States up to which the chronicle reports who arms and how each crisis ends: in larger worlds it would be too long to read.
pub(crate) const MOST_STATES: usize = 64;
/// States up to which the numbers of each state are kept; in larger worlds only those of the system are.
pub(crate) const MOST_WATCHED: usize = 1000;
/// Years over which a rise of a burden is measured.
const WINDOW_YEARS: f64 = 3.0;
/// Rise of a burden that is reported: by a quarter of itself, and by this share of output.
const RISE: (f64, f64) = (1.25, 0.002);
/// Who threatens a state is reported down to this share of all that threatens it.
const THREAT_SHARE: f64 = 0.25;

/// One history: its outcome, events and curves.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// What it ends in.
    pub outcome: Outcome,
    /// In order of (crisis, day).
    pub events: Vec<Event>,
    /// Date of each look, the first being the start.
    pub dates: Vec<f64>,
    /// `states[state][metric][look]`, metrics as in [`STATE_METRICS`]; empty in very large worlds.
    pub states: Vec<Vec<Vec<f64>>>,
    /// `system[metric][look]`, metrics as in [`SYSTEM_METRICS`].
    pub system: Vec<Vec<f64>>,
    /// Who arms, by date.
    pub build_ups: Vec<BuildUp>,
}

/// A state arms.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildUp {
    /// Tick at whose end it is seen, from 0.
    tick: u32,
    /// Date of the look.
    pub date: f64,
    /// Who.
    pub state: u32,
    /// Burden some years before, share of output.
    pub before: f64,
    /// When that was.
    pub since: f64,
    /// Burden now, share of output.
    pub burden: f64,
    /// Whom it feels most threatened by, most first, each with its share of all threat.
    pub threats: Vec<(u32, f64)>,
}

#[cfg(test)]
impl BuildUp {
    /// A rise from an earlier burden and its date to one that is seen on a date.
    pub(crate) fn seen(date: f64, state: u32, (since, before): (f64, f64), burden: f64) -> Self {
        Self { tick: 0, date, state, before, since, burden, threats: Vec::new() }
    }
}

/// Position of a metric of a state.
#[must_use]
pub fn metric(name: &str) -> usize {
    STATE_METRICS.iter().position(|metric| *metric == name).unwrap_or(0)
}

#[derive(Default)]
struct Watcher {
    dates: Vec<f64>,
    states: Vec<Vec<Vec<f64>>>,
    system: Vec<Vec<f64>>,
}

impl Watcher {
    fn look(&mut self, snapshot: &Snapshot<'_, 1>) {
        self.dates.push(snapshot.date);
        if snapshot.states.len() <= MOST_WATCHED {
            self.states.resize(snapshot.states.len(), vec![Vec::new(); STATE_METRICS.len()]);
        }
        self.system.resize(SYSTEM_METRICS.len(), Vec::new());
        for (kept, metrics) in self.states.iter_mut().zip(snapshot.states) {
            for (kept, value) in kept.iter_mut().zip(metrics) {
                kept.push(value[0]);
            }
        }
        for (kept, value) in self.system.iter_mut().zip(snapshot.system) {
            kept.push(value[0]);
        }
    }
}

impl Observer<1> for Watcher {
    fn begin(&mut self, snapshot: &Snapshot<'_, 1>) {
        self.look(snapshot);
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, 1>) {
        self.look(snapshot);
    }
}

/// Simulates history `number`: the same bits as in an ensemble.
#[must_use]
pub fn simulate(setup: &Setup, seed: u64, number: u32) -> History {
    let mut simulation = Simulation::<1>::new(setup);
    let mut watcher = Watcher::default();
    let (outcomes, events) = simulation.run(seed, number, true, &mut watcher);
    let Watcher { dates, states, system } = watcher;
    let few = setup.states.len() <= MOST_STATES;
    let mut build_ups = if few { build_ups(&dates, &states) } else { Vec::new() };
    if !build_ups.is_empty() {
        // Observers see threats by state only; the history is simulated a second time to see who causes them.
        simulation.reset(seed, number, false);
        let mut tick = 0;
        for build_up in &mut build_ups {
            while tick <= build_up.tick {
                simulation.step(false);
                tick += 1;
            }
            build_up.threats = most_threatening(&simulation.threats(0), build_up.state);
        }
    }
    // One lane gives one outcome.
    History { outcome: outcomes[0], events, dates, states, system, build_ups }
}

/// Who threatens a state most, from (from, to, threat) of each dyad.
fn most_threatening(threats: &[(usize, usize, f64)], state: u32) -> Vec<(u32, f64)> {
    let felt = threats.iter().filter(|(from, ..)| *from == state as usize);
    let total: f64 = felt.clone().map(|(.., threat)| threat).sum();
    let mut shares: Vec<(u32, f64)> = felt.map(|&(_, to, threat)| (to as u32, threat / total)).collect();
    shares.retain(|(_, share)| *share >= THREAT_SHARE);
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    shares
}

/// Every rise of a burden by a quarter within three years. Of each state at most one in three years is told, unless its burden has doubled
/// since the last was told.
fn build_ups(dates: &[f64], states: &[Vec<Vec<f64>>]) -> Vec<BuildUp> {
    let mut found = Vec::new();
    for (state, metrics) in states.iter().enumerate() {
        let burdens = &metrics[metric("burden")];
        // The first look is before the first procurement.
        let mut reported = 1;
        for look in 2..dates.len() {
            let doubled = burdens[look] >= 2.0 * burdens[reported];
            if reported > 1 && dates[look] < dates[reported] + WINDOW_YEARS && !doubled {
                continue;
            }
            let from = reported.max(dates.partition_point(|date| *date < dates[look] - WINDOW_YEARS - 1e-9));
            let lowest = (from..look).min_by(|a, b| burdens[*a].total_cmp(&burdens[*b])).unwrap_or(from);
            if burdens[look] >= burdens[lowest] * RISE.0 && burdens[look] >= burdens[lowest] + RISE.1 {
                found.push(BuildUp {
                    tick: look as u32 - 1,
                    date: dates[look],
                    state: state as u32,
                    before: burdens[lowest],
                    since: dates[lowest],
                    burden: burdens[look],
                    threats: Vec::new(),
                });
                reported = look;
            }
        }
    }
    found.sort_by(|a, b| a.tick.cmp(&b.tick).then(a.state.cmp(&b.state)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(burdens: &[f64]) -> (Vec<f64>, Vec<Vec<Vec<f64>>>) {
        let dates = (0..burdens.len()).map(|look| 1900.0 + look as f64).collect();
        let mut metrics = vec![vec![0.0; burdens.len()]; STATE_METRICS.len()];
        metrics[metric("burden")] = burdens.to_vec();
        (dates, vec![metrics])
    }

    #[test]
    fn a_quarter_more_within_three_years_is_reported_once() {
        let (dates, states) = world(&[0.0, 0.02, 0.021, 0.022, 0.0251, 0.026, 0.0262, 0.0262, 0.0262]);
        let found = build_ups(&dates, &states);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].date, found[0].since, found[0].before, found[0].burden), (1904.0, 1901.0, 0.02, 0.0251));
    }

    #[test]
    fn a_burden_that_doubles_is_told_again_at_once() {
        let (dates, states) = world(&[0.0, 0.02, 0.026, 0.04, 0.053, 0.06, 0.06]);
        let found = build_ups(&dates, &states);
        let told: Vec<(f64, f64, f64)> = found.iter().map(|one| (one.since, one.before, one.burden)).collect();
        assert_eq!(told, [(1901.0, 0.02, 0.026), (1902.0, 0.026, 0.053)], "0.04 is less than twice 0.026");
    }

    #[test]
    fn slow_and_tiny_rises_are_not_reported() {
        let slow: Vec<f64> = (0..30).map(|look| 0.02 * 1.05_f64.powi(look)).collect();
        let (dates, states) = world(&slow);
        assert_eq!(build_ups(&dates, &states), []);
        let (dates, states) = world(&[0.0, 0.0005, 0.001, 0.0015]);
        assert_eq!(build_ups(&dates, &states), []);
    }

    #[test]
    fn threats_are_ranked_by_share() {
        let threats = [(0, 1, 1.0), (0, 2, 6.0), (0, 3, 3.0), (1, 0, 9.0)];
        let found = most_threatening(&threats, 0);
        assert_eq!(found.iter().map(|(state, _)| *state).collect::<Vec<_>>(), [2, 3]);
        assert!((found[0].1 - 0.6).abs() < 1e-12);
    }
}
