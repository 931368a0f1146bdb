//! Sinks, widths, and an engine that stops with an error.

use std::ops::ControlFlow;

use spiral_model::setup::{Horizon, Interpolation, Track};
use spiral_model::{Ended, Event, Observer, Outcome, Setup, Simulation};

use crate::curves::Curves;
use crate::engine::Engine;
use crate::{Block, Broken, Ensemble, Options, ShortBlock, Sink, simulate, simulate_each, simulate_with};

pub(super) const SEED: u64 = 5;

/// A world in which some histories have a war: attack is as easy as defence, all believe it, and moving first is worth much.
pub(super) fn setup() -> Setup {
    let mut setup = Setup::complete("world", Horizon { start: 1900.0, end: 1912.0, ticks_per_year: 4 }, &["A", "B", "C"]);
    setup.parameters.technology.balance = 1.0;
    setup.parameters.technology.first_strike = 2.6;
    for state in &mut setup.states {
        state.inputs.perceived_balance = 1.0;
    }
    setup
}

/// The model's engine, but for one history that stops it, or blocks that are too short.
struct Faulty<const W: usize> {
    inner: Simulation<W>,
    name: String,
}

/// The history that stops the engine of a world of the name `breaks`.
const BREAKS: u32 = 21;

macro_rules! faulty {
    ($($width:literal)*) => { $(
        impl Engine<$width> for Faulty<$width> {
            type Single = Faulty<1>;

            fn new(setup: &Setup) -> Self {
                Self { inner: Simulation::new(setup), name: setup.name.clone() }
            }

            fn change(&mut self, setup: &Setup) {
                *self = Self::new(setup);
            }

            fn run(&mut self, seed: u64, first: u32, events: bool, observer: &mut impl Observer<$width>) -> (Vec<Outcome>, Vec<Event>) {
                let (mut outcomes, happened) = self.inner.run(seed, first, events, observer);
                let lanes = first..first + $width;
                assert!(!(self.name == "breaks" && lanes.contains(&BREAKS)), "history {BREAKS} stops the simulator");
                if self.name == "short" {
                    outcomes.pop();
                }
                (outcomes, happened)
            }
        }
    )* };
}

faulty!(1 16);

/// Keeps what it is given, in the order in which it comes, and stops after so many blocks.
#[derive(Default)]
struct Blocks {
    received: Vec<Block>,
    curves: Vec<Curves>,
    most: usize,
}

impl Sink for Blocks {
    fn block(&mut self, block: Block) -> ControlFlow<()> {
        self.received.push(block);
        if self.received.len() < self.most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn curves(&mut self, curves: Curves) {
        self.curves.push(curves);
    }
}

pub(super) fn ensemble(setup: &Setup, histories: std::ops::Range<u32>, options: Options) -> Ensemble {
    let mut ensemble = Ensemble::default();
    assert_eq!(simulate(setup, SEED, histories, &options, &mut ensemble), Ok(true));
    ensemble
}

/// The bits of an ensemble: events hold numbers that are not one, which are not equal to themselves.
pub(super) fn bits(ensemble: &Ensemble) -> Vec<u8> {
    postcard::to_stdvec(ensemble).expect("an ensemble can be written")
}

#[test]
fn calls_and_widths_change_no_bit() {
    let (setup, options) = (setup(), Options { events_for: 50, ..Options::default() });
    let whole = ensemble(&setup, 0..77, options);
    assert_eq!(whole.outcomes.iter().map(|outcome| outcome.history).collect::<Vec<_>>(), (0..77).collect::<Vec<_>>());
    assert!(whole.outcomes.iter().any(|outcome| outcome.first_war_date.is_some()), "no war: the test shows too little");
    assert!(whole.events.iter().all(|event| event.history < 50) && whole.events.iter().any(|event| event.history >= 40));
    for cut in [1, 16, 33, 76] {
        let mut parts = ensemble(&setup, 0..cut, options);
        parts.append(ensemble(&setup, cut..77, options));
        assert!(bits(&parts) == bits(&whole), "cut at {cut}");
    }
    let mut singles = Ensemble::default();
    assert_eq!(simulate_with::<Simulation<1>, 1>(&setup, SEED, 0..77, &options, &mut singles), Ok(true));
    assert!(bits(&singles) == bits(&whole), "one history at a time");
}

#[test]
fn a_sink_gets_blocks_in_order_and_the_curves_once_and_can_stop() {
    let (setup, options) = (setup(), Options::default());
    let whole = ensemble(&setup, 0..40, options);
    let mut blocks = Blocks { most: 3, ..Blocks::default() };
    assert_eq!(simulate(&setup, SEED, 0..40, &options, &mut blocks), Ok(true), "stopping at the end stops nothing");
    assert_eq!(blocks.received.iter().map(|block| block.outcomes.len()).collect::<Vec<_>>(), [16, 16, 8]);
    assert!(blocks.curves == [whole.curves.clone()]);
    let outcomes: Vec<Outcome> = blocks.received.into_iter().flat_map(|block| block.outcomes).collect();
    assert!(outcomes == whole.outcomes);
    let mut stopped = Blocks { most: 2, ..Blocks::default() };
    assert_eq!(simulate(&setup, SEED, 0..40, &options, &mut stopped), Ok(false));
    assert_eq!((stopped.received.len(), stopped.curves.len()), (2, 0));
}

#[test]
fn without_curves_there_are_no_rows() {
    let options = Options { curves: false, events_for: 0, ..Options::default() };
    let found = ensemble(&setup(), 0..20, options);
    assert_eq!((found.outcomes.len(), found.events.len()), (20, 0));
    assert!(found.curves.rows(&setup(), "world", 0).is_empty());
}

#[test]
fn a_history_that_stops_the_simulator_is_a_row_that_says_so() {
    let (options, named) = (Options::default(), |name: &str| Setup { name: name.to_string(), ..setup() });
    let whole = ensemble(&setup(), 0..40, options);
    let mut broken = Ensemble::default();
    assert_eq!(simulate_with::<Faulty<16>, 16>(&named("breaks"), SEED, 0..40, &options, &mut broken), Ok(true));
    assert_eq!(broken.broken, [Broken { history: BREAKS, message: format!("history {BREAKS} stops the simulator") }]);
    for (found, expected) in broken.outcomes.iter().zip(&whole.outcomes) {
        assert_eq!(found.history, expected.history);
        assert!(if found.history == BREAKS { found.ended == Ended::Failure } else { found == expected }, "{}", found.history);
    }
    let at_start = |ensemble: &Ensemble| ensemble.curves.rows(&setup(), "world", 0)[0].at_risk;
    assert_eq!((at_start(&broken), at_start(&whole)), (39, 40));
    let short = simulate_with::<Faulty<16>, 16>(&named("short"), SEED, 0..40, &options, &mut Ensemble::default());
    assert_eq!(short, Err(ShortBlock { returned: 15, asked: 16 }));
}

/// Worlds of the same states whose numbers, dated changes and relevant dyads differ.
fn other_numbers(number: u32) -> Setup {
    let mut setup = setup();
    setup.parameters.technology.first_strike = 1.5 + 0.3 * f64::from(number % 5);
    setup.parameters.beliefs.suspicion = 0.2 + 0.1 * f64::from(number % 4);
    setup.states[0].inputs.output = 60.0 + 10.0 * f64::from(number);
    let target = setup.resolve("pairs.A-B.trade").expect("a number of a pair")[0];
    setup.tracks =
        vec![Track { target, points: vec![(1905.0, 0.05 * f64::from(number % 3))], interpolation: Interpolation::Step }];
    if number % 6 == 5 {
        // Out of reach of each other: the dyad is not simulated, and the world must be built anew.
        for path in ["pairs.A-C.terrain", "pairs.B-C.terrain"] {
            setup.resolve(path).expect("a number of a pair").into_iter().for_each(|target| setup.set(target, 0.0));
        }
    }
    setup
}

#[test]
fn a_world_that_changes_its_numbers_gives_the_bits_of_a_new_one() {
    let options = Options::default();
    let mut changed = Ensemble::default();
    // Two histories for each setup.
    let mut setup_of = |history: u32| history.is_multiple_of(2).then(|| other_numbers(history / 2));
    let all = simulate_each::<Simulation<1>>(&setup(), &mut setup_of, SEED, 0..26, &options, &mut changed);
    assert_eq!(all, Ok(true));
    let mut anew = Ensemble::default();
    for pair in 0..13 {
        let histories = 2 * pair..2 * pair + 2;
        let run = simulate_with::<Simulation<1>, 1>(&other_numbers(pair), SEED, histories, &options, &mut anew);
        assert_eq!(run, Ok(true));
    }
    assert!(bits(&changed) == bits(&anew));
    let wars = changed.outcomes.iter().filter(|outcome| outcome.first_war_date.is_some()).count();
    assert!(wars > 0 && wars < 26, "{wars} of 26 histories have a war: too little can differ");
    // Without a setup for the first history it is the base; a sink can stop.
    let mut base = Ensemble::default();
    assert_eq!(simulate_each::<Simulation<1>>(&setup(), &mut |_| None, SEED, 3..20, &options, &mut base), Ok(true));
    assert!(bits(&base) == bits(&ensemble(&setup(), 3..20, options)));
    let mut stopped = Blocks { most: 2, ..Blocks::default() };
    assert_eq!(simulate_each::<Simulation<1>>(&setup(), &mut |_| None, SEED, 0..20, &options, &mut stopped), Ok(false));
    assert_eq!((stopped.received.len(), stopped.curves.len()), (2, 0));
}

#[test]
fn a_history_that_stops_the_simulator_stops_no_other_where_numbers_change() {
    let named = Setup { name: "breaks".to_string(), ..setup() };
    let mut broken = Ensemble::default();
    let mut setup_of = |_: u32| Some(named.clone());
    let options = Options::default();
    let all = simulate_each::<Faulty<1>>(&named, &mut setup_of, SEED, 15..30, &options, &mut broken);
    assert_eq!(all, Ok(true));
    assert_eq!(broken.broken, [Broken { history: BREAKS, message: format!("history {BREAKS} stops the simulator") }]);
    let whole = ensemble(&setup(), 15..30, options);
    for (found, expected) in broken.outcomes.iter().zip(&whole.outcomes) {
        assert!(if found.history == BREAKS { found.ended == Ended::Failure } else { found == expected }, "{}", found.history);
    }
    let short = Setup { name: "short".to_string(), ..setup() };
    let run = simulate_each::<Faulty<1>>(&short, &mut |_| None, SEED, 0..2, &options, &mut Ensemble::default());
    assert_eq!(run, Err(ShortBlock { returned: 0, asked: 1 }));
}
