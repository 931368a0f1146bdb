//! A scenario beside history, on made-up histories whose scores are known.

use spiral_analysis::history::{Entries, Fact, Quantity, Record, Standing};
use spiral_analysis::validation::{Histories, Panel, Seen, Validation, validate, wars};
use spiral_model::{Event, EventKind, Outcome};

use crate::draws::Stream;
use crate::fixtures::peace;

const STATES: usize = 4;
const TICKS: u32 = 4;
const START: f64 = 1900.0;
const YEARS: usize = 20;
const BOUNDARIES: usize = YEARS * TICKS as usize + 1;

/// A panel of a function of (history, date, state).
fn panel(histories: usize, of: impl Fn(usize, f64, usize) -> f64) -> Panel {
    let mut values = Vec::new();
    for history in 0..histories {
        for boundary in 0..BOUNDARIES {
            let date = START + boundary as f64 / f64::from(TICKS);
            values.extend((0..STATES).map(|state| of(history, date, state) as f32));
        }
    }
    Panel { values, boundaries: BOUNDARIES, states: STATES }
}

fn event(history: u32, crisis: u32, day: u16, kind: EventKind, actor: u32, target: u32) -> Event {
    Event {
        history,
        crisis,
        date: START + 10.0,
        day,
        kind,
        actor,
        target,
        fear: 0.0,
        first_strike_win: 0.0,
        strike_advantage: 0.0,
        motive: None,
        mobilisation_motive: None,
    }
}

/// What a test wants different.
struct Made {
    burden: Panel,
    arms: Panel,
    outcomes: Vec<Outcome>,
    events: Vec<Event>,
}

impl Made {
    fn new(histories: usize) -> Self {
        let outcomes = (0..histories as u32).map(|history| peace(history, START + 20.0)).collect();
        let flat = panel(histories, |_, _, _| 0.03);
        Self { burden: flat.clone(), arms: flat, outcomes, events: Vec::new() }
    }

    fn with<T>(&self, then: impl FnOnce(&Histories<'_>) -> T) -> T {
        let codes = ["A", "B", "C", "D"].map(str::to_string);
        then(&Histories {
            seed: 1,
            codes: &codes,
            great_powers: &[true, true, true, false],
            neighbours: &[(0, 1)],
            start: START,
            ticks_per_year: TICKS,
            burden: &self.burden,
            arms: &self.arms,
            warheads: &self.arms,
            output: &|state, _| 100.0 * (state + 1) as f64,
            outcomes: &self.outcomes,
            events: &self.events,
            failures: 0,
        })
    }

    fn validation(&self, seen: &[Seen], record: &Record) -> Validation {
        self.with(|histories| validate("made", histories, seen, Some(record)))
    }
}

fn seen(state: &str, metric: &str, of: impl Fn(f64) -> f64) -> Vec<Seen> {
    let year = |year: usize| START + year as f64 + 0.5;
    (0..YEARS)
        .map(|at| Seen {
            state: state.to_string(),
            metric: metric.to_string(),
            date: year(at),
            value: of(year(at)),
            source: "made up".to_string(),
        })
        .collect()
}

#[test]
fn a_curve_that_is_history_has_skill_one_and_a_straight_one_none_against_its_trend() {
    let rise = |date: f64| 0.02 + 0.001 * (date - START);
    let mut made = Made::new(30);
    // The mean of the four ends of quarters of a year lies an eighth of a year past its middle.
    made.burden = panel(30, |_, date, _| rise(date - 0.125));
    let scores = made.validation(&seen("A", "burden", rise), &Record::default());
    let [series] = scores.series.as_slice() else { panic!("one curve: {:?}", scores.series) };
    assert_eq!(series.split, 1910.0, "the middle of the dates");
    let skill = |naive: &str| series.scores.iter().find(|score| score.naive == naive).and_then(|score| score.skill.estimate);
    assert!(skill("no change").is_some_and(|skill| skill > 1.0 - 1e-4), "{:?}", skill("no change"));
    assert!(series.error.is_some_and(|error| error < 1e-7), "{:?}", series.error);
    // The trend is exact too: whatever rounding is left decides, and no skill comes of it.
    assert!(series.scores[1].error.is_some_and(|error| error < 1e-12), "{:?}", series.scores[1].error);
    // A flat curve is what no change would be, had history stopped there.
    let flat = rise(1909.5);
    made.burden = panel(30, |_, _, _| flat);
    let scores = made.validation(&seen("A", "burden", rise), &Record::default());
    let skill = scores.series[0].scores[0].skill.estimate;
    assert!(skill.is_some_and(|skill| skill.abs() < 1e-5), "{skill:?}");
    assert_eq!(scores.series[0].after, Standing::Unknown, "nobody said what was fitted");
}

#[test]
fn curves_rest_on_histories_at_peace_alone() {
    let mut made = Made::new(40);
    // Half of the histories go to war in 1905, and would spoil the mean.
    made.burden = panel(40, |history, date, _| if history % 2 == 1 && date > 1905.0 { f64::NAN } else { 0.03 });
    let scores = made.validation(&seen("A", "burden", |_| 0.03), &Record::default());
    let at_risk: Vec<u64> = scores.series[0].rows.iter().map(|row| row.simulated.n).collect();
    assert_eq!((at_risk[0], at_risk[10]), (40, 20));
    assert!(scores.series[0].error.is_some_and(|error| error < 1e-8));
    made.burden = panel(40, |history, date, _| if history > 1 && date > 1905.0 { f64::NAN } else { 0.03 });
    let scores = made.validation(&seen("A", "burden", |_| 0.03), &Record::default());
    assert!(scores.series[0].scores.is_empty(), "two histories are too few to say anything");
}

#[test]
fn shares_of_spending_are_burden_times_output() {
    let made = Made::new(25);
    let mut all = seen("A", "spending_share", |_| 0.25);
    all.extend(seen("C", "spending_share", |_| 0.75));
    let scores = made.validation(&all, &Record::default());
    let share = scores.series[0].rows[3].simulated.estimate;
    // Equal burdens of outputs of 100 and 300; B and D have no value and count for nothing.
    assert!(share.is_some_and(|share| (share - 0.25).abs() < 1e-7), "{share:?}");
}

fn war_of_four() -> Vec<Event> {
    vec![
        event(0, 1, 0, EventKind::Crisis, 0, 1),
        event(0, 1, 5, EventKind::Strike, 0, 1),
        event(0, 1, 9, EventKind::Joining, 2, 1),
        event(0, 1, 45, EventKind::Joining, 3, 0),
        event(1, 1, 0, EventKind::Crisis, 0, 1),
        event(1, 1, 2, EventKind::Settlement, 0, 1),
    ]
}

#[test]
fn a_war_knows_its_sides_and_days() {
    let mut made = Made::new(2);
    made.events = war_of_four();
    let found = made.with(wars);
    assert_eq!(found.len(), 1, "a settled crisis is no war");
    assert_eq!(found[0].parties, [(0, 0, 0.0), (1, 1, 0.0), (2, 1, 4.0), (3, 0, 40.0)]);
    assert_eq!(found[0].great_powers, 3, "the fourth is none, and late");
}

#[test]
fn numbers_are_counted_from_events() {
    let facts = vec![
        fact(Quantity::GreatPowersByDay30, 3.0, 2.0),
        fact(Quantity::NeighbourCrises, 0.05, 0.005),
        fact(Quantity::NeighbourWars, 0.01, 0.001),
        fact(Quantity::GreatPowerWars, 0.02, 0.001),
    ];
    let record = Record {
        facts,
        entries: Some(Entries {
            days: [("A", 0.0), ("B", 0.0), ("C", 4.0)].map(|(code, day)| (code.to_string(), day)).to_vec(),
            standing: Standing::HeldOut,
            source: "made up".to_string(),
        }),
        ..Record::default()
    };
    let mut made = Made::new(2);
    made.events = war_of_four();
    for outcome in &mut made.outcomes {
        outcome.great_power_dyad_years = 60.0;
    }
    let scores = made.validation(&[], &record);
    let of = |name: &str| scores.numbers.iter().find(|score| score.name == name).and_then(|score| score.simulated.estimate);
    assert_eq!(of("great_powers_30d"), Some(3.0));
    // Two crises and one war of one pair in two times twenty years; A fights B and C in two times sixty dyad-years.
    assert_eq!((of("neighbour_crises"), of("neighbour_wars")), (Some(0.05), Some(0.025)));
    assert!(of("great_power_wars").is_some_and(|rate| (rate - 2.0 / 120.0).abs() < 1e-15), "{:?}", of("great_power_wars"));
    // A, B and C in by day 30 in the one war, as in history; D not.
    let order = scores.order.expect("there was a war");
    assert_eq!((order.wars, order.brier, order.skill.estimate), (1, 0.0, Some(1.0)));
    assert_eq!(order.brier_naive, 0.1875, "three of four, always said with .75");
    assert_eq!(order.kendall.estimate, Some(1.0));
}

/// A number of history that was held out.
fn fact(quantity: Quantity, history: f64, naive: f64) -> Fact {
    let [naive_is, why, source] = ["none", "made up", "made up"].map(str::to_string);
    Fact { quantity, history, naive, naive_is, standing: Standing::HeldOut, why, source }
}

/// A record that holds the odds of war after an arms race alone.
fn odds() -> Record {
    Record { facts: vec![fact(Quantity::ArmsRaceOdds, 4.0, 1.0)], ..Record::default() }
}

#[test]
fn the_odds_ratio_of_arms_races_is_that_of_its_table() {
    let mut made = Made::new(400);
    // In even histories arms grow.
    made.arms = panel(400, |history, date, _| if history % 2 == 0 { 10.0 + (date - START) } else { 10.0 });
    // Of two hundred crises with a race one hundred lead to war, of those without fifty.
    for history in 0..400 {
        made.events.push(event(history, 1, 0, EventKind::Crisis, 0, 1));
        let place = history / 2;
        if (history % 2 == 0 && place < 100) || (history % 2 == 1 && place < 50) {
            made.events.push(event(history, 1, 3, EventKind::Strike, 0, 1));
        }
    }
    let scores = made.validation(&[], &odds());
    let odds = &scores.numbers[0].simulated;
    let expected = (100.5 / 100.5) / (50.5 / 150.5);
    assert!(odds.estimate.is_some_and(|odds| (odds / expected - 1.0).abs() < 1e-12), "{odds:?}, not {expected}");
    // Woolf's interval of the same table: a bootstrap of independent crises must come near.
    let width = 1.96 * (1.0 / 100.5 + 1.0 / 100.5 + 1.0 / 50.5 + 1.0 / 150.5_f64).sqrt();
    let woolf = (expected * spiral_kernel::maths::exp(-width), expected * spiral_kernel::maths::exp(width));
    let near = |found: Option<f64>, end: f64| found.is_some_and(|found| (found / end - 1.0).abs() < 0.1);
    assert!(near(odds.lower, woolf.0) && near(odds.upper, woolf.1), "{odds:?}, Woolf {woolf:?}");
}

/// Each history has one crisis, after a race in every other one; a race doubles the chance of war.
#[test]
fn the_interval_of_the_odds_ratio_covers() {
    const HISTORIES: usize = 200;
    let mut made = Made::new(HISTORIES);
    made.arms = panel(HISTORIES, |history, date, _| if history % 2 == 0 { 10.0 + (date - START) } else { 10.0 });
    let truth = (0.4 / 0.6) / (0.2 / 0.8);
    let mut held = 0;
    for replication in 0..400 {
        let mut stream = Stream::new(521, replication);
        made.events.clear();
        for history in 0..HISTORIES as u32 {
            made.events.push(event(history, 1, 0, EventKind::Crisis, 0, 1));
            if stream.bernoulli(if history % 2 == 0 { 0.4 } else { 0.2 }) {
                made.events.push(event(history, 1, 3, EventKind::Strike, 0, 1));
            }
        }
        let odds = made.validation(&[], &odds()).numbers[0].simulated.clone();
        held += u32::from(odds.lower.is_some_and(|lower| lower <= truth) && odds.upper.is_some_and(|upper| truth <= upper));
    }
    let covered = f64::from(held) / 400.0;
    assert!((0.93..=0.97).contains(&covered), "the 95 % interval of the odds ratio covers {covered}");
}
