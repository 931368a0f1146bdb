//! What entities are made of. States and directed dyads are entities once; every component with a `WIDTH` holds one value for
//! each history of the block.

use bevy_ecs::prelude::{Component, Entity, Resource};
use petgraph::graph::{DiGraph, NodeIndex};
use spiral_kernel::Lanes;

use crate::description::{Described, Description, described};
use crate::inputs::{DyadInputs, StateInputs};

/// Declares components that are one quantity in lanes, and lists them.
macro_rules! lanes {
    ($($(#[doc = $about:literal])+ $name:ident;)*) => {
        $(
            described! {
                $(#[doc = $about])+
                #[derive(Component, Debug, Clone, Copy, Default)]
                pub struct $name<const WIDTH: usize>(pub Lanes<WIDTH>);
            }
        )*

        /// Components that are one quantity in lanes.
        const IN_LANES: &[Description] = &[$( $name::<1>::DESCRIPTION ),*];
    };
}

/// The other components that every world has.
const OTHERS: &[Description] = &[
    StateId::DESCRIPTION,
    StateInputsNow::DESCRIPTION,
    DyadId::DESCRIPTION,
    DyadInputsNow::DESCRIPTION,
    Reach::DESCRIPTION,
    Support::<1>::DESCRIPTION,
    Strengths::<1>::DESCRIPTION,
    Odds::<1>::DESCRIPTION,
    Retaliation::<1>::DESCRIPTION,
    Payoffs::<1>::DESCRIPTION,
    Roster::DESCRIPTION,
];

/// Every component and resource of this file.
pub fn descriptions() -> impl Iterator<Item = &'static Description> {
    IN_LANES.iter().chain(OTHERS)
}

described! {
    /// Position of a state in the setup, and the number that selects its random draws.
    #[derive(Component, Debug, Clone, Copy)]
    pub struct StateId {
        /// Position in `Setup::states`.
        pub index: usize,
        /// Key of its draws.
        pub number: u32,
        /// Whether it counts as a great power.
        pub great_power: bool,
    }
}

described! {
    /// Numbers that the scenario gives a state at the date, and the growth of its output per year.
    #[derive(Component, Debug, Clone, Copy)]
    pub struct StateInputsNow {
        /// Inputs at the date.
        pub inputs: StateInputs,
        /// Growth of output, per year.
        pub output_growth: f64,
    }
}

lanes! {
    /// 1 where the history drew the state as greedy.
    Greedy;
    /// Greed `μ_i`.
    Greed;
    /// Output `Y_i`, billion int$ a year.
    Output;
    /// Share of output that wars have left.
    Unharmed;
    /// Offensive force stock, billion int$.
    Offence;
    /// Defensive force stock, billion int$.
    Defence;
    /// Strength in attack, `(w0 + (1 − w0) ω) a`.
    AttackStrength;
    /// Strength in defence, `a (1 + ψ (1 − ω))`.
    DefenceStrength;
    /// Growth of arms over the last tick, per year.
    ArmsGrowth;
    /// Growth of the last year's spending on arms beyond that of output, as others see it, in logarithms a year: `z_i` of E5.
    ProgrammeGrowth;
    /// Growth of spending that fear of all others could justify: from the burden before it to that of a security seeker in its place who
    /// thinks everybody greedy, in logarithms, not below 0.
    JustifiedGrowth;
    /// Offensive share of new arms, `ω^new`.
    NewOffence;
    /// Procurement, billion int$ a year.
    Procurement;
    /// Threat from all dyads, billion int$.
    ThreatTotal;
    /// Threat from all dyads if every other state were greedy.
    ThreatCeiling;
    /// Logarithm of the customary need for arms, in units of the output at the start: the habitual burden already answers it.
    CustomaryNeed;
    /// How far the programmes of others provoke a revision of its own: 1 where all that threaten it have grown by a quarter in a year.
    Provocation;
    /// Share of the threat beyond custom that the state answers with arms: 1 but for restraint (E21).
    Answered;
    /// Procurement beyond what its customary need asks for, gestures apart, billion int$ a year.
    BeyondHabit;
    /// Share of the procurement beyond habit that the state goes through with: 1 but for gestures of reassurance (E20).
    Held;
    /// Believed offence-defence balance `m̂_i`.
    PerceivedBalance;
    /// War-weariness `w_i`.
    Weariness;
    /// Vulnerability: the largest chance of being beaten by a first strike, plus unrest.
    Vulnerability;
    /// Chance that others would punish the state if they all acted.
    Punishable;
    /// 1 while the state is at war.
    AtWar;
    /// Alarm left by crises, `Θ_i`: what it adds to the logarithm of a programme of arms.
    Alarm;
    /// Crises of the last tick in which the state was a principal, each counted by its severity.
    RecentCrises;
    /// Nuclear warheads `N_i`, count.
    Warheads;
    /// Log-odds that the other is greedy, `L_ij`.
    Mistrust;
    /// Hostility toward the other, `z_ij`, 0..1: what crises and wars have left behind.
    Hostility;
    /// Factor by which the state misjudges the arms of the other.
    Sight;
    /// Error in another's growth, in standard deviations.
    GrowthError;
    /// Threat `T_ij`, billion int$.
    ThreatFelt;
    /// Threat from the other if it were greedy.
    ThreatIfGreedy;
}

described! {
    /// The two ends of a directed dyad and its mirror image.
    #[derive(Component, Debug, Clone, Copy)]
    pub struct DyadId {
        /// Position in `Roster::dyads`.
        pub index: usize,
        /// Key of its draws.
        pub number: u32,
        /// State that sees, believes and fears.
        pub from: Entity,
        /// State that is seen, believed and feared.
        pub to: Entity,
        /// The dyad in the other direction.
        pub mirror: Entity,
        /// Its position.
        pub mirror_index: usize,
        /// Positions of `from` and `to` in `Roster::states`.
        pub ends: (usize, usize),
    }
}

described! {
    /// Numbers that the scenario gives a dyad at the date.
    #[derive(Component, Debug, Clone, Copy)]
    pub struct DyadInputsNow(pub DyadInputs);
}

described! {
    /// Reach of either side (E1): `forth` is `G_ij`, `back` is `G_ji`.
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct Reach {
        /// Share of the strength of `i` that reaches `j`.
        pub forth: f64,
        /// Share of the strength of `j` that reaches `i`.
        pub back: f64,
    }
}

described! {
    /// What allies of `i` add to its attack on `j`, and what allies of `j` add to its defence against `i` (E14).
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct Support<const WIDTH: usize> {
        /// Strength in attack.
        pub attack: Lanes<WIDTH>,
        /// Strength in defence.
        pub defence: Lanes<WIDTH>,
    }
}

described! {
    /// Strengths of a dyad as `i` sees them, allies included, before any first-strike factor (E2).
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct Strengths<const WIDTH: usize> {
        /// `X_ij / φ`: own strength in attack.
        pub attack: Lanes<WIDTH>,
        /// `Z_ij`: what the other holds against it.
        pub resistance: Lanes<WIDTH>,
        /// `X_ji / φ`: the other's strength in attack.
        pub assault: Lanes<WIDTH>,
        /// `Z_ji`: what is held against that.
        pub holding: Lanes<WIDTH>,
    }
}

described! {
    /// Chances of winning as `i` sees them (E2).
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct Odds<const WIDTH: usize> {
        /// Striking first, `p^F_ij`.
        pub first: Lanes<WIDTH>,
        /// Being struck first, `p^S_ij`.
        pub struck: Lanes<WIDTH>,
        /// Both at once.
        pub mutual: Lanes<WIDTH>,
    }
}

described! {
    /// Loss that `i` expects from the warheads of `j` and of those who stand by `j` (E12), in shares of its own value.
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct Retaliation<const WIDTH: usize> {
        /// Striking first: from what survives.
        pub strike: Lanes<WIDTH>,
        /// Being struck, or both at once: from the whole force.
        pub struck: Lanes<WIDTH>,
    }
}

described! {
    /// Payoffs of the 2×2 game as `i` sees them (E8), in shares of its own value.
    #[derive(Component, Debug, Clone, Copy, Default)]
    pub struct Payoffs<const WIDTH: usize> {
        /// Peace, `R`.
        pub peace: Lanes<WIDTH>,
        /// Striking an unready rival, `T`.
        pub strike: Lanes<WIDTH>,
        /// Being struck, `S`.
        pub struck: Lanes<WIDTH>,
        /// Mutual war, `P`.
        pub mutual: Lanes<WIDTH>,
    }
}

described! {
    /// States and dyads by position, and the adjacency network that joins them.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Roster {
        /// States by position in the setup.
        pub states: Vec<Entity>,
        /// Simulated dyads, by rising (from, to).
        pub dyads: Vec<Entity>,
        /// Position of the two ends of each dyad.
        pub ends: Vec<(usize, usize)>,
        /// Position of each dyad in the setup.
        pub setup_dyads: Vec<usize>,
        /// The adjacency network: nodes are states by position, edges dyads by position.
        pub network: DiGraph<Entity, usize>,
        /// Dyads from each state, by rising `to`.
        pub outgoing: Vec<Vec<usize>>,
        /// Undirected pairs: position of the dyad with `from < to`, key of its draws.
        pub pairs: Vec<(usize, u32)>,
    }
}

impl Roster {
    /// Position of the dyad between two states.
    #[must_use]
    pub fn dyad(&self, from: usize, to: usize) -> Option<usize> {
        self.network.find_edge(NodeIndex::new(from), NodeIndex::new(to)).map(|edge| self.network[edge])
    }

    /// Fills `outgoing` from the network.
    pub(crate) fn list_outgoing(&mut self) {
        self.outgoing = self
            .network
            .node_indices()
            .map(|node| {
                let mut dyads: Vec<usize> = self.network.edges(node).map(|edge| *edge.weight()).collect();
                dyads.sort_unstable();
                dyads
            })
            .collect();
    }
}
