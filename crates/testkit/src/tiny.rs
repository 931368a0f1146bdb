//! Tiny worlds, and everything that can be seen of a history of one.

use spiral_model::outcome::STATE_METRICS;
use spiral_model::setup::{Dyad, DyadInputs, Ending, Horizon, Setup, State, StateInputs, Target};
use spiral_model::{Compiled, Event, Observer, Outcome, Simulation, Snapshot};

/// Years from 0, in quarters.
#[must_use]
pub fn quarters(years: f64) -> Horizon {
    Horizon { start: 0.0, end: years, ticks_per_year: 4 }
}

/// Equal security seekers, each the neighbour of each, for twenty years or until the first war: attack is as easy and believed as easy
/// as defence, who strikes first has the better of it, and whether it comes to war hangs in the balance: three have one in half of
/// the histories.
#[must_use]
pub fn seekers(codes: &[&str]) -> Setup {
    let mut setup = Setup::complete("seekers", quarters(20.0), codes);
    setup.ending = Ending::FirstWar;
    hang_in_the_balance(&mut setup);
    setup
}

/// Equal security seekers on a chequerboard whose edges meet, `side` a side, each the neighbour of four, for as long as the
/// horizon: a world of any size in which a state has as much to do as in any other.
///
/// # Panics
/// If the side is less than 3, since then a state would be its own neighbour or twice another's.
#[must_use]
pub fn chequerboard(side: usize, horizon: Horizon) -> Setup {
    assert!(side >= 3, "a side of {side} states");
    let mut setup = Setup::complete("chequerboard", horizon, &[]);
    // Codes of one length sort as their numbers do.
    setup.states = (0..side * side)
        .map(|state| State { code: format!("S{state:07}"), great_power: false, inputs: StateInputs::default() })
        .collect();
    for from in 0..side * side {
        let (row, column) = (from / side, from % side);
        let at = |row: usize, column: usize| (row % side) * side + column % side;
        let mut neighbours = [at(row + 1, column), at(row + side - 1, column), at(row, column + 1), at(row, column + side - 1)];
        neighbours.sort_unstable();
        setup.dyads.extend(neighbours.map(|to| Dyad { from, to, inputs: DyadInputs::default() }));
    }
    hang_in_the_balance(&mut setup);
    setup
}

/// Attack is as easy and believed as easy as defence, and who strikes first has the better of it.
fn hang_in_the_balance(setup: &mut Setup) {
    set(setup, "technology.balance", 1.0);
    set(setup, "technology.first_strike", 2.2);
    set_all(setup, "perceived_balance", 1.0);
    set_all(setup, "distance", 500.0);
    set_all(setup, "trade", 0.05);
}

/// Sets the number at a path.
///
/// # Panics
/// If the path names nothing.
pub fn set(setup: &mut Setup, path: &str, value: f64) {
    let targets = setup.resolve(path).unwrap_or_else(|error| panic!("{path}: {error:?}"));
    for target in targets {
        setup.set(target, value);
    }
}

/// Sets a number of every state or of every dyad.
///
/// # Panics
/// If neither has a number of this name.
pub fn set_all(setup: &mut Setup, field: &str, value: f64) {
    let targets = all(setup, field);
    for target in targets {
        setup.set(target, value);
    }
}

/// The targets of a number in every state or in every dyad.
///
/// # Panics
/// If neither has a number of this name.
#[must_use]
pub fn all(setup: &Setup, field: &str) -> Vec<Target> {
    use spiral_model::specification::Group;
    if StateInputs::position(field).is_some() {
        return (0..setup.states.len()).map(|state| of_state(state, field)).collect();
    }
    let position = DyadInputs::position(field).unwrap_or_else(|| panic!("no state and no dyad has a number `{field}`"));
    (0..setup.dyads.len()).map(|dyad| Target::Dyad(dyad, position)).collect()
}

/// The target of a number of one state.
///
/// # Panics
/// If states have no number of this name.
#[must_use]
pub fn of_state(state: usize, field: &str) -> Target {
    use spiral_model::specification::Group;
    let position = StateInputs::position(field).unwrap_or_else(|| panic!("no state has a number `{field}`"));
    Target::State(state, position)
}

/// The world at one look.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Decimal year.
    pub date: f64,
    /// Whether the history has not yet seen a war.
    pub at_peace: bool,
    /// `states[state][metric]`, metrics as in `spiral_model::outcome::STATE_METRICS`.
    pub states: Vec<[f64; 7]>,
    /// Metrics as in `spiral_model::outcome::SYSTEM_METRICS`.
    pub system: [f64; 3],
}

impl Frame {
    /// A metric of a state.
    ///
    /// # Panics
    /// If no metric of states has this name.
    #[must_use]
    pub fn metric(&self, state: usize, name: &str) -> f64 {
        let position = STATE_METRICS.iter().position(|metric| *metric == name);
        self.states[state][position.unwrap_or_else(|| panic!("no metric of states is called `{name}`"))]
    }
}

/// Everything that can be seen of one history: its row, its events, every tick while it ran, the opening first.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its row.
    pub outcome: Outcome,
    /// Its events.
    pub events: Vec<Event>,
    /// Its ticks.
    pub frames: Vec<Frame>,
}

impl Seen {
    /// The values of a metric of a state over time.
    pub fn series(&self, state: usize, metric: usize) -> impl Iterator<Item = f64> + '_ {
        self.frames.iter().map(move |frame| frame.states[state][metric])
    }

    /// Arms of a state at the last look.
    #[must_use]
    pub fn last_arms(&self, state: usize) -> f64 {
        self.frames.last().map_or(f64::NAN, |frame| frame.metric(state, "arms"))
    }

    /// Where another history differs from this one in any bit, if it does. What is not a number equals what is not a number.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        // The shortest text that reads back as the same number tells every bit but those of a NaN.
        let (mine, theirs) = (format!("{:?}", self.outcome), format!("{:?}", other.outcome));
        if mine != theirs {
            return Some(format!("outcomes\n  {mine}\n  {theirs}"));
        }
        if self.frames.len() != other.frames.len() {
            return Some(format!("{} and {} ticks", self.frames.len(), other.frames.len()));
        }
        for (one, two) in self.frames.iter().zip(&other.frames) {
            let (mine, theirs) = (format!("{one:?}"), format!("{two:?}"));
            if !same_frame(one, two) {
                return Some(format!("the look of {}\n  {mine}\n  {theirs}", one.date));
            }
        }
        let (mine, theirs) = (format!("{:?}", self.events), format!("{:?}", other.events));
        (mine != theirs).then(|| format!("events\n  {mine}\n  {theirs}"))
    }
}

fn same(one: f64, two: f64) -> bool {
    one.to_bits() == two.to_bits() || (one.is_nan() && two.is_nan())
}

fn same_frame(one: &Frame, two: &Frame) -> bool {
    same(one.date, two.date)
        && one.at_peace == two.at_peace
        && one.states.len() == two.states.len()
        && one.states.iter().flatten().zip(two.states.iter().flatten()).all(|(a, b)| same(*a, *b))
        && one.system.iter().zip(&two.system).all(|(a, b)| same(*a, *b))
}

/// Looks at every tick of a block.
#[derive(Debug, Default)]
struct Camera {
    lanes: Vec<Vec<Frame>>,
}

impl Camera {
    fn look<const WIDTH: usize>(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.lanes.resize(WIDTH, Vec::new());
        for (lane, frames) in self.lanes.iter_mut().enumerate().filter(|(lane, _)| snapshot.running[*lane]) {
            frames.push(Frame {
                date: snapshot.date,
                at_peace: snapshot.at_peace[lane],
                states: snapshot.states.iter().map(|metrics| metrics.map(|values| values[lane])).collect(),
                system: snapshot.system.map(|values| values[lane]),
            });
        }
    }
}

impl<const WIDTH: usize> Observer<WIDTH> for Camera {
    fn begin(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.look(snapshot);
    }

    fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        self.look(snapshot);
    }
}

/// Everything that can be seen of one block.
pub fn watch_block<const WIDTH: usize>(simulation: &mut Simulation<WIDTH>, seed: u64, first_history: u32) -> Vec<Seen>
where
    Simulation<WIDTH>: Compiled,
{
    let mut camera = Camera::default();
    let (outcomes, events) = simulation.run(seed, first_history, true, &mut camera);
    let of = |history: u32| events.iter().filter(|event| event.history == history).copied().collect();
    outcomes
        .into_iter()
        .zip(camera.lanes)
        .map(|(outcome, frames)| Seen { events: of(outcome.history), outcome, frames })
        .collect()
}

/// Everything that can be seen of the histories `0..histories`, in blocks of `WIDTH`.
#[must_use]
pub fn watch<const WIDTH: usize>(setup: &Setup, seed: u64, histories: u32) -> Vec<Seen>
where
    Simulation<WIDTH>: Compiled,
{
    let mut simulation = Simulation::<WIDTH>::new(setup);
    let mut seen = Vec::new();
    for first in (0..histories).step_by(WIDTH) {
        seen.extend(watch_block(&mut simulation, seed, first));
    }
    seen.truncate(histories as usize);
    seen
}

/// Everything that can be seen of the histories `0..histories`.
#[must_use]
pub fn histories(setup: &Setup, seed: u64, histories: u32) -> Vec<Seen> {
    watch::<16>(setup, seed, histories)
}

/// Outcomes and events of the histories `0..histories`, in blocks of 16.
#[must_use]
pub fn ensemble(setup: &Setup, seed: u64, histories: u32) -> (Vec<Outcome>, Vec<Event>) {
    const WIDTH: usize = 16;
    let mut simulation = Simulation::<WIDTH>::new(setup);
    let (mut outcomes, mut events) = (Vec::new(), Vec::new());
    for first in (0..histories).step_by(WIDTH) {
        let (some_outcomes, some_events) = simulation.run(seed, first, true, &mut ());
        outcomes.extend(some_outcomes);
        events.extend(some_events.into_iter().filter(|event| event.history < histories));
    }
    outcomes.truncate(histories as usize);
    (outcomes, events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_a_chequerboard_has_four_neighbours_that_have_it() {
        let setup = chequerboard(5, quarters(1.0));
        assert_eq!((setup.states.len(), setup.dyads.len()), (25, 100));
        assert!(setup.dyads.windows(2).all(|two| (two[0].from, two[0].to) < (two[1].from, two[1].to)), "dyads are in order");
        assert!(setup.dyads.iter().all(|dyad| dyad.from != dyad.to && setup.dyad(dyad.to, dyad.from).is_some()));
        assert!(setup.states.windows(2).all(|two| two[0].code < two[1].code), "states are in order");
    }

    /// What a name finds is what the world starts with.
    #[test]
    fn numbers_are_found_by_their_names() {
        let mut setup = seekers(&["A", "B"]);
        for (field, value) in [("output", 123.0), ("arms", 12.5), ("perceived_balance", 1.25), ("warheads", 4.0)] {
            setup.set(of_state(1, field), value);
        }
        let given = &setup.states[1].inputs;
        assert_eq!([given.output, given.arms, given.perceived_balance, given.warheads], [123.0, 12.5, 1.25, 4.0]);
        let opening = &histories(&setup, 1, 1)[0].frames[0];
        for (metric, value) in [("arms", 12.5), ("perceived_balance", 1.25), ("warheads", 4.0)] {
            let found = opening.metric(1, metric);
            assert!((found - value).abs() < 1e-12, "{metric} {found}, not {value}");
        }
    }

    #[test]
    #[should_panic(expected = "no metric of states is called `tanks`")]
    fn an_unknown_metric_is_refused() {
        let _ = Frame { date: 0.0, at_peace: true, states: vec![[0.0; 7]], system: [0.0; 3] }.metric(0, "tanks");
    }

    #[test]
    fn a_history_differs_from_another_and_not_from_itself() {
        let seen = watch::<16>(&seekers(&["A", "B"]), 1, 2);
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[0].difference(&seen[0]), None);
        assert!(seen[0].difference(&seen[1]).is_some_and(|text| text.starts_with("outcomes")));
        let mut other = seen[0].clone();
        other.frames[3].states[1][0] = f64::from_bits(other.frames[3].states[1][0].to_bits() ^ 1);
        assert!(seen[0].difference(&other).is_some_and(|text| text.starts_with("the look of 0.75")));
    }
}
