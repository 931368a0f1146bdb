//! Small worlds for tests of single systems against closed forms: components are set by hand and one system runs once. Also tests whose
//! numbers come from several functions of one file.

mod strengths;

use bevy_ecs::component::Mutable;
use bevy_ecs::prelude::{Component, IntoSystem, Resource, World};
use bevy_ecs::system::RunSystemOnce;
use spiral_kernel::Lanes;

use crate::components::{DyadInputsNow, Reach, Roster, StateInputsNow};
use crate::inputs::{DyadInputs, Horizon, StateInputs};
use crate::mechanisms::Parameters;
use crate::phases::Clock;
use crate::setup::Setup;
use crate::world;

/// States `A`, `B`, … within reach of each other, every number at its default, `ticks_per_year` ticks a year.
pub(crate) fn setup(states: usize, ticks_per_year: u32) -> Setup {
    let codes = ["A", "B", "C", "D"];
    Setup::complete("laws", Horizon { start: 0.0, end: 100.0, ticks_per_year }, &codes[..states])
}

/// A world ready for its first block.
pub(crate) struct Bench(pub(crate) World);

impl Bench {
    pub(crate) fn new<const WIDTH: usize>(setup: &Setup) -> Self {
        let mut world = world::build::<WIDTH>(setup);
        world::reset::<WIDTH>(&mut world, setup, 7, 0, true);
        Self(world)
    }

    /// Two states, a quarter a tick, parameters as set.
    pub(crate) fn pair(set: impl FnOnce(&mut Parameters)) -> Self {
        Self::of(2, set)
    }

    /// So many states, a quarter a tick, parameters as set.
    pub(crate) fn of(states: usize, set: impl FnOnce(&mut Parameters)) -> Self {
        let mut setup = setup(states, 4);
        set(&mut setup.parameters);
        Self::new::<1>(&setup)
    }

    /// Puts a component on a state in place of its own.
    pub(crate) fn state(&mut self, state: usize, component: impl Component) -> &mut Self {
        let entity = self.0.resource::<Roster>().states[state];
        self.0.entity_mut(entity).insert(component);
        self
    }

    /// Puts a component on a dyad in place of its own.
    pub(crate) fn dyad(&mut self, from: usize, to: usize, component: impl Component) -> &mut Self {
        let roster = self.0.resource::<Roster>();
        let entity = roster.dyads[roster.dyad(from, to).expect("every dyad is within reach")];
        self.0.entity_mut(entity).insert(component);
        self
    }

    /// Changes what the scenario says of a state.
    pub(crate) fn inputs(&mut self, state: usize, change: impl FnOnce(&mut StateInputs)) -> &mut Self {
        let entity = self.0.resource::<Roster>().states[state];
        change(&mut self.edited::<StateInputsNow>(entity).inputs);
        self
    }

    /// Changes what the scenario says of a dyad.
    pub(crate) fn terms(&mut self, from: usize, to: usize, change: impl FnOnce(&mut DyadInputs)) -> &mut Self {
        let roster = self.0.resource::<Roster>();
        let entity = roster.dyads[roster.dyad(from, to).expect("every dyad is within reach")];
        change(&mut self.edited::<DyadInputsNow>(entity).0);
        self
    }

    /// Sets the reach of `from` at `to`, in both of their dyads.
    pub(crate) fn reach(&mut self, from: usize, to: usize, reach: f64) -> &mut Self {
        let roster = self.0.resource::<Roster>();
        let [there, back] = [(from, to), (to, from)].map(|(from, to)| roster.dyad(from, to).expect("every dyad is within reach"));
        let [there, back] = [there, back].map(|dyad| roster.dyads[dyad]);
        self.edited::<Reach>(there).forth = reach;
        self.edited::<Reach>(back).back = reach;
        self
    }

    fn edited<C: Component<Mutability = Mutable>>(&mut self, entity: bevy_ecs::prelude::Entity) -> &mut C {
        self.0.get_mut::<C>(entity).expect("the entity has it").into_inner()
    }

    /// Changes a resource.
    pub(crate) fn resource<R: Resource<Mutability = Mutable>>(&mut self, change: impl FnOnce(&mut R)) -> &mut Self {
        change(self.0.resource_mut::<R>().into_inner());
        self
    }

    /// Runs one system once, commands included.
    pub(crate) fn run<Marker>(&mut self, system: impl IntoSystem<(), (), Marker>) -> &mut Self {
        self.0.run_system_once(system).expect("the world has what the system asks for");
        self
    }

    /// Runs one system in each of so many ticks.
    pub(crate) fn ticks<Marker>(&mut self, ticks: u32, system: impl IntoSystem<(), (), Marker> + Clone) -> &mut Self {
        for _ in 0..ticks {
            self.run(system.clone());
            let mut clock = self.0.resource_mut::<Clock>();
            clock.tick += 1;
            clock.date = clock.horizon.date(clock.tick);
        }
        self
    }

    /// A component of a state.
    pub(crate) fn of_state<C: Component>(&self, state: usize) -> &C {
        self.0.get(self.0.resource::<Roster>().states[state]).expect("the state has it")
    }

    /// A component of a dyad.
    pub(crate) fn of_dyad<C: Component>(&self, from: usize, to: usize) -> &C {
        let roster = self.0.resource::<Roster>();
        self.0.get(roster.dyads[roster.dyad(from, to).expect("every dyad is within reach")]).expect("the dyad has it")
    }
}

/// One history.
pub(crate) const fn one(value: f64) -> Lanes<1> {
    Lanes::splat(value)
}

/// Asserts that a number is the expected one.
#[track_caller]
pub(crate) fn close(what: &str, found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-13 * expected.abs().max(1.0), "{what}: {found}, expected {expected}");
}

/// Asserts that a measured mean lies within 3.29 standard errors of what it should be: one in a thousand does not.
#[track_caller]
pub(crate) fn within_chance(what: &str, found: f64, expected: f64, standard_error: f64) {
    let z = (found - expected) / standard_error;
    assert!(z.abs() < 3.29, "{what}: {found}, expected {expected}, standard error {standard_error}, z {z}, critical 3.29");
}
