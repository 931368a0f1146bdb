//! Which of the numbers of a file reaches which number of the setup. Tables by position: a world may have millions of dyads.

use spiral_model::mechanisms::Parameters;
use spiral_model::setup::{DyadInputs, StateInputs, Target};
use spiral_model::specification::Group;

/// Where the value of a target comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Nothing was said.
    Default,
    /// Distance between capitals.
    Capitals,
    /// Drawn or laid out by `generate`.
    Generated,
    /// `--set` or a call of the same meaning.
    Set,
    /// A number of the file, by position.
    Given(u32),
}

/// The slot of every target; a table is made when its first slot is set.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    system: Vec<Vec<Slot>>,
    /// By field, then state.
    states: Vec<Vec<Slot>>,
    /// By field, then dyad.
    dyads: Vec<Vec<Slot>>,
    state_count: usize,
    dyad_count: usize,
}

impl Slots {
    pub(crate) fn new(state_count: usize, dyad_count: usize) -> Self {
        Self {
            system: Parameters::GROUPS.iter().map(|(_, specifications)| vec![Slot::Default; specifications.len()]).collect(),
            states: vec![Vec::new(); StateInputs::SPECIFICATIONS.len()],
            dyads: vec![Vec::new(); DyadInputs::SPECIFICATIONS.len()],
            state_count,
            dyad_count,
        }
    }

    pub(crate) fn get(&self, target: Target) -> Slot {
        let slot = match target {
            Target::System(group, field) => self.system[group].get(field),
            Target::State(state, field) => self.states[field].get(state),
            Target::Dyad(dyad, field) => self.dyads[field].get(dyad),
        };
        slot.copied().unwrap_or(Slot::Default)
    }

    pub(crate) fn set(&mut self, target: Target, slot: Slot) {
        let (table, position, count) = match target {
            Target::System(group, field) => (&mut self.system[group], field, 0),
            Target::State(state, field) => (&mut self.states[field], state, self.state_count),
            Target::Dyad(dyad, field) => (&mut self.dyads[field], dyad, self.dyad_count),
        };
        if table.len() < count {
            table.resize(count, Slot::Default);
        }
        table[position] = slot;
    }

    /// Every target with a slot that is not the default, in order.
    pub(crate) fn filled(&self) -> impl Iterator<Item = (Target, Slot)> + '_ {
        fn of<'a>(
            tables: &'a [Vec<Slot>],
            target: impl Fn(usize, usize) -> Target + Copy + 'a,
        ) -> impl Iterator<Item = (Target, Slot)> + 'a {
            tables.iter().enumerate().flat_map(move |(first, table)| {
                table
                    .iter()
                    .enumerate()
                    .filter(|(_, slot)| **slot != Slot::Default)
                    .map(move |(second, slot)| (target(first, second), *slot))
            })
        }
        of(&self.system, Target::System)
            .chain(of(&self.states, |field, state| Target::State(state, field)))
            .chain(of(&self.dyads, |field, dyad| Target::Dyad(dyad, field)))
    }
}
