//! A close look at the world of a block between two ticks, for observers that keep single histories: every state and every dyad, lane by
//! lane. Looking changes nothing.

use bevy_ecs::prelude::{Component, Entity, World};
use spiral_kernel::Lanes;
use spiral_kernel::maths::logistic;

use crate::components::{
    AtWar, Defence, DyadInputsNow, Mistrust, Odds, Offence, Output, PerceivedBalance, Procurement, Roster, ThreatFelt,
    ThreatTotal, Warheads,
};
use crate::inputs::DyadInputs;
use crate::ledger::Ledger;
use crate::mechanisms::alignment::Alignments;
use crate::mechanisms::conquest::Realms;
use crate::setup::Setup;

/// The world of a block at the end of a tick, or before the first one.
pub struct Look<'a, const WIDTH: usize> {
    /// The setup that is simulated.
    pub setup: &'a Setup,
    /// Number of ticks that have ended.
    pub boundary: u32,
    /// Date, decimal year.
    pub date: f64,
    /// Whether each history goes on from here.
    pub running: [bool; WIDTH],
    /// Whether each history has not yet seen a war.
    pub at_peace: [bool; WIDTH],
    world: &'a World,
    roster: &'a Roster,
}

/// A state in one history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StateLook {
    /// Output, billion int$ a year.
    pub output: f64,
    /// Procurement, billion int$ a year.
    pub procurement: f64,
    /// Offensive force, billion int$.
    pub offence: f64,
    /// Defensive force, billion int$.
    pub defence: f64,
    /// Threat from all others, as the last tick perceived it, billion int$.
    pub threat: f64,
    /// Offence-defence balance that it believes in, ratio.
    pub perceived_balance: f64,
    /// Nuclear warheads, count.
    pub warheads: f64,
    /// Whether it is at war.
    pub at_war: bool,
}

/// What one state has with another in one history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DyadLook {
    /// Probability that it gives to the other's being greedy.
    pub mistrust: f64,
    /// Threat that it felt from the other in the last tick, billion int$.
    pub threat: f64,
    /// Chance that it would be beaten if the other struck first, as it judged it in the last tick.
    pub vulnerability: f64,
    /// Alliance commitment in force to defend the other, 0 to 1.
    pub commitment: f64,
}

impl<'a, const WIDTH: usize> Look<'a, WIDTH> {
    pub(crate) fn new(setup: &'a Setup, world: &'a World, boundary: u32) -> Self {
        let ledger = world.resource::<Ledger>();
        Self {
            setup,
            boundary,
            date: setup.horizon.date(boundary),
            running: std::array::from_fn(|lane| ledger.lanes[lane].running),
            at_peace: std::array::from_fn(|lane| ledger.lanes[lane].at_peace),
            world,
            roster: world.resource::<Roster>(),
        }
    }

    /// A state by its position in the setup. `None` where it has been conquered.
    #[must_use]
    pub fn state(&self, state: usize, lane: usize) -> Option<StateLook> {
        if self.is_conquered(state, lane) {
            return None;
        }
        let entity = *self.roster.states.get(state)?;
        Some(StateLook {
            output: self.value(entity, lane, |component: &Output<WIDTH>| &component.0)?,
            procurement: self.value(entity, lane, |component: &Procurement<WIDTH>| &component.0)?,
            offence: self.value(entity, lane, |component: &Offence<WIDTH>| &component.0)?,
            defence: self.value(entity, lane, |component: &Defence<WIDTH>| &component.0)?,
            threat: self.value(entity, lane, |component: &ThreatTotal<WIDTH>| &component.0)?,
            perceived_balance: self.value(entity, lane, |component: &PerceivedBalance<WIDTH>| &component.0)?,
            warheads: self.value(entity, lane, |component: &Warheads<WIDTH>| &component.0)?,
            at_war: self.value(entity, lane, |component: &AtWar<WIDTH>| &component.0)? > 0.0,
        })
    }

    /// Whether a state has been conquered.
    #[must_use]
    pub fn is_conquered(&self, state: usize, lane: usize) -> bool {
        self.world.resource::<Realms<WIDTH>>().is_conquered(state, lane)
    }

    /// What one state has with another. `None` where the two are beyond each other's reach and are not simulated as a dyad.
    #[must_use]
    pub fn dyad(&self, from: usize, to: usize, lane: usize) -> Option<DyadLook> {
        let position = self.roster.dyad(from, to)?;
        let entity = self.roster.dyads[position];
        let given = self.world.get::<DyadInputsNow>(entity)?.0.commitment;
        Some(DyadLook {
            mistrust: logistic(self.value(entity, lane, |component: &Mistrust<WIDTH>| &component.0)?),
            threat: self.value(entity, lane, |component: &ThreatFelt<WIDTH>| &component.0)?,
            vulnerability: 1.0 - self.value(entity, lane, |component: &Odds<WIDTH>| &component.struck)?,
            commitment: self.world.resource::<Alignments<WIDTH>>().commitment(position, lane, given),
        })
    }

    /// What the scenario gives a dyad at this date; where the two are beyond each other's reach, what it gave at the start. `None` where
    /// the setup has no such dyad.
    #[must_use]
    pub fn inputs(&self, from: usize, to: usize) -> Option<DyadInputs> {
        let now = self.roster.dyad(from, to).and_then(|position| self.world.get::<DyadInputsNow>(self.roster.dyads[position]));
        now.map(|now| now.0).or_else(|| self.setup.dyad(from, to).map(|position| self.setup.dyads[position].inputs))
    }

    fn value<C: Component>(&self, entity: Entity, lane: usize, lanes: impl Fn(&C) -> &Lanes<WIDTH>) -> Option<f64> {
        self.world.get::<C>(entity).map(|component| lanes(component)[lane])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::Horizon;
    use crate::{Event, Observer, Outcome, Simulation, Snapshot};

    /// Looks after every tick.
    #[derive(Default)]
    struct Looks {
        dates: Vec<f64>,
        outputs: Vec<f64>,
        threats: Vec<f64>,
        mistrust: Vec<f64>,
    }

    impl Observer<1> for Looks {
        fn wants(&self, _: u32, _: f64) -> bool {
            false
        }

        fn wants_look(&self, boundary: u32) -> bool {
            boundary != 2
        }

        fn tick(&mut self, _: &Snapshot<'_, 1>) {}

        fn look(&mut self, look: &Look<'_, 1>) {
            self.dates.push(look.date);
            self.outputs.push(look.state(0, 0).map_or(f64::NAN, |state| state.output));
            self.threats.push(look.dyad(0, 1, 0).map_or(f64::NAN, |dyad| dyad.threat));
            self.mistrust.push(look.dyad(1, 0, 0).map_or(f64::NAN, |dyad| dyad.mistrust));
            assert_eq!(look.inputs(0, 1).map(|inputs| inputs.distance), Some(1000.0));
            assert!(look.dyad(0, 0, 0).is_none() && look.inputs(0, 7).is_none() && look.state(9, 0).is_none());
        }
    }

    #[test]
    fn a_look_shows_the_world_and_changes_nothing() {
        let setup = Setup::complete("look", Horizon { start: 1900.0, end: 1901.0, ticks_per_year: 4 }, &["A", "B"]);
        let mut simulation = Simulation::<1>::new(&setup);
        let text = |(outcomes, events): (Vec<Outcome>, Vec<Event>)| format!("{outcomes:?} {events:?}");
        let unseen = text(simulation.run(3, 5, true, &mut ()));
        let mut looks = Looks::default();
        assert_eq!(text(simulation.run(3, 5, true, &mut looks)), unseen);
        assert_eq!(looks.dates, [1900.0, 1900.25, 1900.75, 1901.0], "the start, and what it wanted to see");
        assert!(looks.outputs.iter().all(|output| (*output - 100.0).abs() < 1e-9), "{:?}", looks.outputs);
        assert!(looks.threats[0] == 0.0 && looks.threats[1] > 0.0, "nothing is perceived before the first tick");
        assert!(looks.mistrust.iter().all(|mistrust| (0.0..1.0).contains(mistrust) && *mistrust > 0.0), "{:?}", looks.mistrust);
    }
}
