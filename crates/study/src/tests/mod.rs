//! A study without the model: an engine whose histories are a pure function of (setup, seed, history).

mod calibrations;
mod cost;
mod curves;
mod determinism;
mod directory;
mod elsewhere;
mod kill;
mod panels;
mod sweeps;
mod tables;
mod tallies;
mod uncertain;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use spiral_ensemble::Engine;
use spiral_kernel::Lanes;
use spiral_kernel::draws::{Address, entity_number, uniforms};
use spiral_model::outcome::{Failure, NOBODY};
use spiral_model::setup::{Ending, Horizon};
use spiral_model::{Ended, Event, EventKind, Motive, Observer, Outcome, Setup, Snapshot};

use crate::run::run_with;
use crate::{Error, KeptRows, Plan, Point, Progress, Request, Status, StudyKind};

/// Histories with every feature that a table can show, made of a few draws.
pub(crate) struct Fake<const W: usize> {
    setup: Setup,
}

/// The history that breaks the fake in a scenario named `breaks`.
pub(crate) const BREAKS: u32 = 77;

/// What the fake decides of one history at its start.
#[derive(Clone, Copy)]
struct Fate {
    war: Option<f64>,
    failure: Option<u32>,
    level: f64,
    pair: (u32, u32),
}

impl<const W: usize> Fake<W> {
    fn fate(&self, seed: u64, history: u32) -> Fate {
        let draw = |purpose| uniforms(seed, Address { purpose, entity: entity_number(&self.setup.name), time: 0 }, history);
        let [chance, when] = draw(1);
        let [level, who] = draw(2);
        let horizon = &self.setup.horizon;
        let states = self.setup.states.len() as f64;
        let first = (who * states).floor();
        Fate {
            war: (chance < 0.6).then_some(horizon.start + when * (horizon.end - horizon.start)),
            failure: (chance > 0.98).then(|| (when * f64::from(horizon.ticks())) as u32),
            level,
            pair: (first as u32, ((first + 1.0) % states) as u32),
        }
    }

    fn outcome(&self, history: u32, fate: Fate) -> Outcome {
        let horizon = &self.setup.horizon;
        let general = fate.war.filter(|_| fate.level > 0.7).map(|war| war + 0.05);
        let stops = self.setup.ending == Ending::FirstWar;
        let (ended, end_date) = match (fate.failure, fate.war) {
            (Some(tick), _) => (Ended::Failure, horizon.date(tick + 1)),
            (None, Some(war)) if stops => (Ended::War, war),
            _ => (Ended::Horizon, horizon.end),
        };
        Outcome {
            history,
            inert: fate.level < 0.1,
            crises: (fate.level * 7.0) as u32,
            great_power_crises: (fate.level * 5.0) as u32,
            wars: u32::from(fate.war.is_some()),
            first_war_date: fate.war,
            general_war_date: general,
            motive: fate.war.map(|_| Motive::ALL[(fate.level * 4.0) as usize]),
            initiator: if fate.war.is_some() { fate.pair.0 } else { NOBODY },
            target: if fate.war.is_some() { fate.pair.1 } else { NOBODY },
            belligerents_30d: if fate.war.is_some() { 2 } else { 0 },
            great_powers_30d: u8::from(fate.war.is_some()),
            days_crisis_to_war: fate.war.map(|_| (fate.level * 40.0).floor()),
            days_crisis_to_general_war: general.map(|_| (fate.level * 60.0).floor()),
            peak_burden: if fate.failure.is_some() { f64::NAN } else { fate.level / 10.0 },
            arms_growth: fate.level - 0.5,
            spiral_rate: fate.level - 0.6,
            entrapments: 1,
            passed: 2,
            great_power_dyad_years: 45.0 * (end_date - horizon.start),
            war_years: if fate.war.is_some() { 0.25 } else { 0.0 },
            ended,
            end_date,
            failure: fate.failure.map(|tick| Failure { quantity: 3, state: fate.pair.0, tick }),
            conquests: (fate.level * 3.0) as u32,
            concentration: fate.level,
            ..Outcome::unwritten(history, horizon.start)
        }
    }
}

impl<const W: usize> Engine<W> for Fake<W> {
    type Single = Fake<1>;

    fn new(setup: &Setup) -> Self {
        Self { setup: setup.clone() }
    }

    fn change(&mut self, setup: &Setup) {
        self.setup = setup.clone();
    }

    fn run(
        &mut self,
        seed: u64,
        first_history: u32,
        with_events: bool,
        observer: &mut impl Observer<W>,
    ) -> (Vec<Outcome>, Vec<Event>) {
        let lanes = first_history..first_history.saturating_add(W as u32);
        assert!(!(self.setup.name == "breaks" && lanes.contains(&BREAKS)), "history {BREAKS} breaks the simulator");
        let fates: [Fate; W] = std::array::from_fn(|lane| self.fate(seed, first_history.wrapping_add(lane as u32)));
        let outcomes: Vec<Outcome> =
            (0..W).map(|lane| self.outcome(first_history.wrapping_add(lane as u32), fates[lane])).collect();
        let mut states = vec![[Lanes::<W>::default(); 7]; self.setup.states.len()];
        for boundary in 0..=self.setup.horizon.ticks() {
            let date = self.setup.horizon.date(boundary);
            let running: [bool; W] = std::array::from_fn(|lane| {
                date <= outcomes[lane].end_date && fates[lane].failure.is_none_or(|tick| boundary <= tick)
            });
            let at_peace: [bool; W] = std::array::from_fn(|lane| fates[lane].war.is_none_or(|war| war >= date));
            let age = date - self.setup.horizon.start;
            for (state, metrics) in states.iter_mut().enumerate() {
                for (metric, values) in metrics.iter_mut().enumerate() {
                    // From well below zero to some thousands, exact zeros included; not a number where the history failed.
                    let scale = [1000.0, 0.04, 0.5, -2.0, 1e-4, 1.5, 0.0][metric] * (1.0 + state as f64);
                    *values =
                        Lanes::from_fn(|lane| if running[lane] { scale * (fates[lane].level + 0.01 * age) } else { f64::NAN });
                }
            }
            let system = [Lanes::from_fn(|lane| fates[lane].level * 1e4 + age), Lanes::splat(0.3), Lanes::splat(-0.0)];
            let tick = boundary.saturating_sub(1);
            let snapshot = Snapshot { tick, date, running: &running, at_peace: &at_peace, states: &states, system: &system };
            if boundary == 0 {
                observer.begin(&snapshot);
            } else if running.contains(&true) && observer.wants(tick, date) {
                observer.tick(&snapshot);
            }
        }
        let mut events = Vec::new();
        if with_events {
            for outcome in outcomes.iter().filter(|outcome| outcome.first_war_date.is_some()) {
                let date = outcome.first_war_date.unwrap_or_default();
                let crisis = Event {
                    history: outcome.history,
                    crisis: 1,
                    date,
                    day: 0,
                    kind: EventKind::Crisis,
                    actor: outcome.initiator,
                    target: outcome.target,
                    fear: f64::NAN,
                    first_strike_win: 0.5,
                    strike_advantage: -0.25,
                    motive: None,
                    mobilisation_motive: None,
                };
                events.push(crisis);
                events.push(Event { day: 7, kind: EventKind::Strike, fear: 0.4, motive: outcome.motive, ..crisis });
            }
        }
        (outcomes, events)
    }
}

/// A point that resolves without a file: 1900 to 1910 in quarters.
pub(crate) fn point(name: &str, codes: &[&str], balance: f64) -> Point {
    let mut setup = Setup::complete(name, Horizon { start: 1900.0, end: 1910.0, ticks_per_year: 4 }, codes);
    let targets = setup.resolve("technology.balance").expect("the model has a balance of technology");
    setup.set(targets[0], balance);
    if name == "short" {
        setup.ending = Ending::FirstWar;
    }
    let request = Request {
        scenario: format!("{name}.ron"),
        text: Some(format!("// {name}\n")),
        set: vec![("technology.balance".to_string(), balance.to_string())],
        ..Request::default()
    };
    Point { scenario: name.to_string(), setup, request }
}

/// Two points of three and two states.
pub(crate) fn plan(histories: u32) -> Plan {
    Plan {
        kind: StudyKind::Compare,
        title: "long against short".to_string(),
        points: vec![point("long", &["GBR", "GMY", "RUS"], 0.5), point("short", &["FRN", "GMY"], 2.0)],
        histories,
        seed: 7,
        through_war: false,
        events_for: 300,
        panel: None,
        uncertain: false,
        rows: KeptRows::All,
        csv: true,
        curves: true,
        sweep: None,
        attribution: None,
    }
}

/// Counts, remembers what it was told, and cancels once it has counted to `limit`.
pub(crate) struct Counter {
    pub(crate) counted: AtomicU64,
    pub(crate) limit: u64,
    pub(crate) notes: Mutex<Vec<String>>,
}

impl Counter {
    pub(crate) fn up_to(limit: u64) -> Self {
        Self { counted: AtomicU64::new(0), limit, notes: Mutex::new(Vec::new()) }
    }
}

impl Progress for Counter {
    fn advance(&self, histories: u64) {
        self.counted.fetch_add(histories, Ordering::Relaxed);
    }
    fn cancelled(&self) -> bool {
        self.counted.load(Ordering::Relaxed) >= self.limit
    }
    fn note(&self, message: &str) {
        self.notes.lock().expect("no test panics while it holds the notes").push(message.to_string());
    }
}

/// Runs a plan with the fake in blocks of `W` on `threads` threads.
pub(crate) fn run_fake<const W: usize>(
    plan: &Plan,
    directory: &Path,
    resume: bool,
    threads: usize,
    progress: &dyn Progress,
) -> Result<Status, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    pool.install(|| run_with::<Fake<W>, W>(plan, directory, resume, progress))
}

/// Every file below a directory with its bytes.
pub(crate) fn contents(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(directory).expect("the directory can be read") {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        if path.is_dir() {
            files.extend(contents(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            files.insert(name, fs::read(&path).expect("the file can be read"));
        }
    }
    files
}

/// Asserts that two directories hold the same files, and names the first that differs.
pub(crate) fn assert_same(left: &Path, right: &Path, what: &str) {
    let (left, right) = (contents(left), contents(right));
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>(), "{what}: different files");
    for (name, bytes) in &left {
        assert!(bytes == &right[name], "{what}: {name} differs ({} and {} bytes)", bytes.len(), right[name].len());
    }
}
