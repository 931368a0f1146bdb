//! A block of histories: a world, its schedule, and the loop that steps it.

use bevy_ecs::prelude::{IntoScheduleConfigs, Schedule, World};
use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings, SingleThreadedExecutor};

use crate::components::{Output, Roster, ThreatFelt};
use crate::ledger::Ledger;
use crate::look::Look;
use crate::mechanisms::arming::Richardson;
use crate::mechanisms::{self, Switches};
use crate::outcome::{Event, Outcome};
use crate::phases::{self, Clock, Crises, Date};
pub use crate::record::Snapshot;
use crate::record::{self, Recorded};
use crate::setup::Setup;
use crate::standoff::run_crises;
use crate::step::{self, Inventory, Step};
use crate::world;

/// Watches a block of histories.
pub trait Observer<const WIDTH: usize> {
    /// Whether it wants to see the tick that ends on this date. Other ticks are not shown, which saves time.
    fn wants(&self, tick: u32, date: f64) -> bool {
        let _ = (tick, date);
        true
    }

    /// Called once before the first tick, with the world as it starts; the snapshot's tick is 0 and its date the first date.
    fn begin(&mut self, snapshot: &Snapshot<'_, WIDTH>) {
        let _ = snapshot;
    }

    /// Called after every tick that it wants, while any lane runs.
    fn tick(&mut self, snapshot: &Snapshot<'_, WIDTH>);

    /// Whether it wants a close look at the world when this number of ticks has ended; 0 is before the first tick.
    fn wants_look(&self, boundary: u32) -> bool {
        let _ = boundary;
        false
    }

    /// Called where it wants a close look, after [`Observer::begin`] or [`Observer::tick`].
    fn look(&mut self, look: &Look<'_, WIDTH>) {
        let _ = look;
    }
}

/// An observer that wants nothing.
impl<const WIDTH: usize> Observer<WIDTH> for () {
    fn wants(&self, _: u32, _: f64) -> bool {
        false
    }

    fn tick(&mut self, _: &Snapshot<'_, WIDTH>) {}
}

/// A world for `WIDTH` histories of one setup. Making one costs some tens of microseconds: make one per worker and reuse it,
/// since [`Simulation::run`] resets it.
pub struct Simulation<const WIDTH: usize> {
    setup: Setup,
    world: World,
    schedule: Schedule,
    /// Shows the world before its first tick.
    opening: Schedule,
}

/// A number of lanes for which the step is compiled: here, once, and not again in every crate that runs it. Another width is one
/// more number in this file.
pub trait Compiled: Sized {
    /// A world and its schedules, with the mechanisms registered in the order of these positions of [`mechanisms::REGISTRY`].
    #[doc(hidden)]
    fn assembled(setup: &Setup, order: &[usize]) -> Self;

    #[doc(hidden)]
    fn restart(&mut self, seed: u64, first_history: u32, with_events: bool);
}

macro_rules! compiled {
    ($($width:literal)*) => {
        $( impl Compiled for Simulation<$width> {
            fn assembled(setup: &Setup, order: &[usize]) -> Self {
                assembled(setup, order)
            }

            fn restart(&mut self, seed: u64, first_history: u32, with_events: bool) {
                world::reset::<$width>(&mut self.world, &self.setup, seed, first_history, with_events);
                self.world.resource_mut::<Recorded<$width>>().clear();
            }
        } )*
    };
}

#[cfg(not(test))]
compiled! { 1 16 }
#[cfg(test)]
compiled! { 1 }

fn assembled<const WIDTH: usize>(setup: &Setup, order: &[usize]) -> Simulation<WIDTH> {
    let world = world::build::<WIDTH>(setup);
    let mut schedule = Schedule::default();
    schedule.set_executor(SingleThreadedExecutor::new());
    schedule.set_build_settings(ScheduleBuildSettings { ambiguity_detection: LogLevel::Error, ..Default::default() });
    phases::order(&mut schedule);
    schedule.add_systems(world::move_date::<WIDTH>.in_set(Date::Move));
    let switches = Switches::without(&setup.without);
    for &position in order {
        mechanisms::register::<WIDTH>(position, &switches, setup.arming_rule, &mut schedule);
    }
    if switches.crisis {
        schedule.add_systems(run_crises::<WIDTH>.in_set(Crises::Run));
    }
    record::register::<WIDTH>(&mut schedule);
    let mut opening = Schedule::default();
    opening.set_executor(SingleThreadedExecutor::new());
    record::register_opening::<WIDTH>(&mut opening);
    let mut simulation = Simulation { setup: setup.clone(), world, schedule, opening };
    simulation.world.insert_resource(Recorded::<WIDTH>::new(setup.states.len()));
    simulation
}

impl<const WIDTH: usize> Simulation<WIDTH>
where
    Self: Compiled,
{
    /// A world for this setup.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        Self::registered(setup, |_| {})
    }

    /// The same with the mechanisms registered in an order of the caller's choice: `arrange` may permute the positions. For the
    /// test that the order does not matter.
    #[must_use]
    pub fn registered(setup: &Setup, arrange: impl FnOnce(&mut [usize])) -> Self {
        let mut order: Vec<usize> = (0..mechanisms::REGISTRY.len()).collect();
        arrange(&mut order);
        Self::assembled(setup, &order)
    }

    /// The setup that it simulates.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Makes it simulate another setup. Where both have the same states, dyads, rule of arming and mechanisms, only numbers change and
    /// this costs no more than a reset; otherwise the world is made anew. The bits are those of a new simulation either way.
    pub fn change(&mut self, setup: Setup) {
        if self.setup.has_the_shape_of(&setup) && world::renew(&mut self.world, &setup) {
            self.setup = setup;
        } else {
            *self = Self::new(&setup);
        }
    }

    /// The systems in the order in which they run.
    #[must_use]
    pub fn steps(&mut self) -> Vec<Step> {
        if self.schedule.initialize(&mut self.world).is_err() {
            return Vec::new();
        }
        step::steps(&self.schedule, &self.world)
    }

    /// What states, dyads and the system are made of.
    #[must_use]
    pub fn inventory(&mut self) -> Inventory {
        // A schedule that cannot be built has no systems, and then nothing is touched.
        let _ = self.schedule.initialize(&mut self.world);
        step::inventory(&self.schedule, &mut self.world)
    }

    /// Makes the world ready for the histories from `first_history` on.
    pub fn reset(&mut self, seed: u64, first_history: u32, with_events: bool) {
        self.restart(seed, first_history, with_events);
    }

    /// One tick. Returns whether any lane goes on.
    pub fn step(&mut self, show: bool) -> bool {
        self.world.resource_mut::<Recorded<WIDTH>>().wanted = show;
        self.schedule.run(&mut self.world);
        let mut clock = self.world.resource_mut::<Clock>();
        clock.tick += 1;
        clock.date = clock.horizon.date(clock.tick);
        self.world.resource::<Ledger>().lanes.iter().any(|account| account.running)
    }

    /// Runs the histories `first_history..first_history + WIDTH` from start to end. Returns their outcomes in order and their
    /// events in order of (history, crisis, day). `with_events` false leaves the events out.
    pub fn run(
        &mut self,
        seed: u64,
        first_history: u32,
        with_events: bool,
        observer: &mut impl Observer<WIDTH>,
    ) -> (Vec<Outcome>, Vec<Event>) {
        self.reset(seed, first_history, with_events);
        let horizon = self.setup.horizon;
        self.world.resource_mut::<Recorded<WIDTH>>().wanted = true;
        self.opening.run(&mut self.world);
        let (running, recorded) = (self.lanes_running(), self.world.resource::<Recorded<WIDTH>>());
        observer.begin(&recorded.snapshot(0, horizon.start, &running));
        self.look(0, observer);
        for tick in 0..horizon.ticks() {
            let date = horizon.date(tick + 1);
            let show = observer.wants(tick, date);
            let before = self.lanes_running();
            let goes_on = self.step(show);
            if show {
                let recorded = self.world.resource::<Recorded<WIDTH>>();
                observer.tick(&recorded.snapshot(tick, date, &before));
            }
            self.look(tick + 1, observer);
            if !goes_on {
                break;
            }
        }
        self.close()
    }

    /// Shows the world to an observer that wants a close look.
    fn look(&self, boundary: u32, observer: &mut impl Observer<WIDTH>) {
        if observer.wants_look(boundary) {
            observer.look(&Look::new(&self.setup, &self.world, boundary));
        }
    }

    /// The threat that each state feels from each other one within reach in a history of the block: (from, to, threat), threat in
    /// billion int$. For a close look at one history between [`Simulation::step`]s.
    #[must_use]
    pub fn threats(&self, lane: usize) -> Vec<(usize, usize, f64)> {
        let roster = self.world.resource::<Roster>();
        let felt = |entity| self.world.get::<ThreatFelt<WIDTH>>(entity).map(|threat| threat.0[lane]);
        let dyads = roster.ends.iter().zip(&roster.dyads);
        dyads.filter_map(|(&(from, to), &entity)| Some((from, to, felt(entity)?))).collect()
    }

    /// Richardson's coefficients and constants at the start, where the setup arms by one of his linear rules: the arms of the states change
    /// by `coefficients · arms + constants` a year. After a [`Simulation::reset`].
    #[must_use]
    pub fn richardson(&self) -> Option<(&[Vec<f64>], &[f64])> {
        let rule = self.world.get_resource::<Richardson>()?;
        (!rule.coefficients.is_empty()).then_some((&rule.coefficients[..], &rule.constants[..]))
    }

    /// The output of each state in a history of the block, billion int$ a year, 0 where it has been conquered. For a close
    /// look at one history between [`Simulation::step`]s.
    #[must_use]
    pub fn outputs(&self, lane: usize) -> Vec<f64> {
        let states = &self.world.resource::<Roster>().states;
        states.iter().map(|&state| self.world.get::<Output<WIDTH>>(state).map_or(0.0, |output| output.0[lane])).collect()
    }

    fn lanes_running(&self) -> [bool; WIDTH] {
        let ledger = self.world.resource::<Ledger>();
        std::array::from_fn(|lane| ledger.lanes[lane].running)
    }

    /// Closes the accounts: outcomes and events of the block.
    pub fn close(&mut self) -> (Vec<Outcome>, Vec<Event>) {
        let mut ledger = self.world.resource_mut::<Ledger>();
        let outcomes = ledger.lanes.iter().map(record::closed).collect();
        let mut events = std::mem::take(&mut ledger.events);
        events.sort_by(|a, b| a.history.cmp(&b.history).then(a.crisis.cmp(&b.crisis)).then(a.day.cmp(&b.day)));
        (outcomes, events)
    }
}
