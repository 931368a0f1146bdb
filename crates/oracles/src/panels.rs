//! The years of an ensemble at peace: spending and crises of every history, as the facts of history are measured.

use rayon::prelude::*;
use spiral_analysis::stylised_dyads::Dyads;
use spiral_analysis::stylised_facts::{Era, Panel};
use spiral_analysis::stylised_panel::PanelObserver;
use spiral_model::outcome::STATE_METRICS;
use spiral_model::setup::{Setup, Target, Track};
use spiral_model::{Observer, Simulation, Snapshot};
use spiral_scenario::history_record;

use crate::ensembles::{WIDTH, scenario};
use crate::worlds::of_state;

/// A scenario, the years of history that it stands beside, and the first and last whole year that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Years {
    /// Name of the scenario.
    pub scenario: &'static str,
    /// Name of the record of history that names its rivals.
    pub record: &'static str,
    /// The years of history.
    pub era: Era,
    /// First year.
    pub first: i32,
    /// Last year.
    pub last: i32,
}

/// The two eras of which the facts are known.
pub const ERAS: [Years; 2] = [
    Years { scenario: "pre-wwi", record: "pre-wwi", era: Era::Before1914, first: 1890, last: 1913 },
    Years { scenario: "pre-wwii/1920", record: "pre-wwii", era: Era::Before1939, first: 1920, last: 1938 },
];
/// Years at the start of a history that do not count for growth: its start is felt in them.
const SETTLING: usize = 2;

/// A setup with war switched off: every history is followed to its end, and crises end without a strike.
#[must_use]
pub fn at_peace(setup: &Setup) -> Setup {
    let mut peaceful = setup.clone();
    peaceful.without.insert("war".to_string());
    peaceful
}

/// What the histories `0..histories` show of arms and of crises.
#[must_use]
pub fn panels(setup: &Setup, years: Years, seed: u64, histories: u32) -> (Panel, Dyads) {
    let rivals = history_record(years.record).and_then(|record| record.rivals).map_or_else(Vec::new, |rivals| rivals.pairs);
    let blocks = histories.div_ceil(WIDTH as u32);
    let seen = (0..blocks).into_par_iter().map_init(
        || Simulation::<WIDTH>::new(setup),
        |simulation, block| {
            let first = block * WIDTH as u32;
            let mut observer = PanelObserver::new(setup, years.first, years.last);
            let (_, mut events) = simulation.run(seed, first, true, &mut observer);
            for event in &mut events {
                event.history -= first;
            }
            observer.panels(WIDTH.min((histories - first) as usize), SETTLING, &events, &rivals)
        },
    );
    let mut all: Option<(Panel, Dyads)> = None;
    for (panel, dyads) in seen.collect::<Vec<_>>() {
        match &mut all {
            None => all = Some((panel, dyads)),
            Some((panels, pairs)) => {
                panels.histories.extend(panel.histories);
                pairs.histories.extend(dyads.histories);
            }
        }
    }
    all.unwrap_or_default()
}

/// Both panels of an era, war switched off.
#[must_use]
pub fn panels_of(years: Years, seed: u64, histories: u32) -> (Panel, Dyads) {
    panels(&at_peace(&scenario(years.scenario, &[]).setup), years, seed, histories)
}

/// Both panels of an era with war as it comes: each history until the year before its first war. Use of force belongs here, since
/// nobody mobilises in a world without war.
#[must_use]
pub fn panels_until_war(years: Years, seed: u64, histories: u32) -> (Panel, Dyads) {
    panels(&scenario(years.scenario, &[]).setup, years, seed, histories)
}

/// Burdens of each state in each year of every history at peace: `burdens[state][year]`, one value a history, years from the first one
/// returned on.
#[must_use]
pub fn burdens(years: Years, seed: u64, histories: u32) -> (Setup, i32, Vec<Vec<Vec<f64>>>) {
    let setup = at_peace(&scenario(years.scenario, &[]).setup);
    let (first, count) = PanelObserver::new(&setup, years.first, years.last).years();
    let wanted: Vec<f64> = (0..count).map(|year| f64::from(first) + year as f64 + 1.0).collect();
    // The burden of a year is that of its last tick: a year's budget is decided once.
    let seen = at_dates(&setup, seed, histories, &wanted);
    let position = metric("burden");
    let of = |state: usize, year: usize| seen.iter().map(|dates| dates[year].states[state][position]).collect();
    let burdens = (0..setup.states.len()).map(|state| (0..count).map(|year| of(state, year)).collect()).collect();
    (setup, first, burdens)
}

/// Position of a metric of states.
///
/// # Panics
/// If states have no such metric.
#[must_use]
pub fn metric(name: &str) -> usize {
    STATE_METRICS.iter().position(|metric| *metric == name).unwrap_or_else(|| panic!("no metric of states is called `{name}`"))
}

/// The world of one history at one date.
#[derive(Debug, Clone)]
pub struct Moment {
    /// `states[state][metric]`, metrics as in `spiral_model::outcome::STATE_METRICS`.
    pub states: Vec<[f64; 7]>,
}

/// Looks at a block at some dates only.
struct At<'a> {
    dates: &'a [f64],
    lanes: Vec<Vec<Moment>>,
}

impl<const W: usize> Observer<W> for At<'_> {
    fn wants(&self, _: u32, date: f64) -> bool {
        self.dates.iter().any(|wanted| (wanted - date).abs() < 1e-6)
    }

    fn begin(&mut self, _: &Snapshot<'_, W>) {
        self.lanes = vec![Vec::new(); W];
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, W>) {
        for (lane, moments) in self.lanes.iter_mut().enumerate().filter(|(lane, _)| snapshot.running[*lane]) {
            moments.push(Moment { states: snapshot.states.iter().map(|metrics| metrics.map(|values| values[lane])).collect() });
        }
    }
}

/// The histories `0..histories` at some dates, each the end of a tick: `[history][date]`. A history that has ended has fewer dates.
#[must_use]
pub fn at_dates(setup: &Setup, seed: u64, histories: u32, dates: &[f64]) -> Vec<Vec<Moment>> {
    let blocks = histories.div_ceil(WIDTH as u32);
    let seen = (0..blocks).into_par_iter().map_init(
        || Simulation::<WIDTH>::new(setup),
        |simulation, block| {
            let mut at = At { dates, lanes: Vec::new() };
            simulation.run(seed, block * WIDTH as u32, false, &mut at);
            at.lanes
        },
    );
    let mut all: Vec<Vec<Moment>> = seen.collect::<Vec<_>>().into_iter().flatten().collect();
    all.truncate(histories as usize);
    all
}

/// A number of a state on a date, as the setup gives it.
#[must_use]
pub fn given(setup: &Setup, state: usize, field: &str, date: f64) -> f64 {
    let target: Target = of_state(state, field);
    let value = setup.get(target);
    let track: Option<&Track> = setup.tracks.iter().find(|track| track.target == target);
    track.map_or(value, |track| track.value(date, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::histories::histories;

    /// What is seen at a date is the frame of that date, history by history.
    #[test]
    fn a_date_is_its_frame() {
        let setup = at_peace(&scenario("two-states", &[]).setup);
        let dates = [setup.horizon.date(4), setup.horizon.date(9)];
        let seen = at_dates(&setup, 3, 20, &dates);
        let frames = histories(&setup, 3, 20);
        assert_eq!(seen.len(), 20);
        for (moments, history) in seen.iter().zip(&frames) {
            for (moment, date) in moments.iter().zip(dates) {
                let frame = history.frames.iter().find(|frame| (frame.date - date).abs() < 1e-9).expect("a frame");
                assert_eq!(moment.states, frame.states);
            }
            assert_eq!(moments.len(), 2);
        }
    }

    /// Panels do not depend on the blocks: the first ten histories are those of a larger ensemble.
    #[test]
    fn panels_are_histories_in_order() {
        let (few, many) = (panels_of(ERAS[1], 5, 10), panels_of(ERAS[1], 5, 40));
        assert_eq!((few.0.histories.len(), many.0.histories.len()), (10, 40));
        assert_eq!(few.0.histories[..], many.0.histories[..10]);
        assert_eq!(few.1.histories[..], many.1.histories[..10]);
        assert!(many.0.rivals.iter().any(|rivals| !rivals.is_empty()), "the scenario's record names rivals");
    }
}
