//! The world of a block: its entities, how they are reset, and how the date moves on.

mod build;
mod date;
mod start;

pub use build::{LARGE, build, is_large, kept_dyads, renew};
pub(crate) use date::move_date;
pub use start::reset;

use bevy_ecs::prelude::{Bundle, Resource};
use spiral_kernel::Lanes;

use crate::components::{
    Alarm, Answered, ArmsGrowth, AtWar, AttackStrength, BeyondHabit, CustomaryNeed, Defence, DefenceStrength, Demands, Greed,
    Greedy, GrowthError, Held, Hostility, JustifiedGrowth, Mistrust, NewOffence, Odds, Offence, Output, Payoffs,
    PerceivedBalance, Procurement, ProgrammeGrowth, Provocation, Punishable, RecentCrises, Retaliation, Shelter, Sight,
    Strengths, Support, ThreatCeiling, ThreatFelt, ThreatIfGreedy, ThreatTotal, Unharmed, Vulnerability, Warheads, Weariness,
};
use crate::description::described;
use crate::inputs::{ArmingRule, DyadInputs, Ending, StateInputs, Track};
use crate::mechanisms::Parameters;
use crate::mechanisms::arming::{Accounts, Programme};
use crate::mechanisms::arms_control::{ForceCaps, Treaty};
use crate::mechanisms::beliefs::{ExpectedCrises, ExpectedPosture};
use crate::mechanisms::memory::Doctrine;
use crate::specification::Group;

described! {
    /// How the scenario arms and ends.
    #[derive(Resource, Debug, Clone, Copy)]
    pub struct Rule {
        /// How arming answers threat.
        pub arming: ArmingRule,
        /// When a history stops early.
        pub ending: Ending,
    }
}

/// A track with the values that it needs: the number at the start, and the last one that was written.
#[derive(Debug, Clone)]
struct LaidTrack {
    track: Track,
    initial: f64,
    last: f64,
}

described! {
    /// The dated changes of a scenario.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Tracks {
        /// The tracks.
        all: Vec<LaidTrack>,
        /// For each setup dyad the simulated dyad, if it is.
        dyads: Vec<Option<usize>>,
    }
}

described! {
    /// Dated changes that take effect while a crisis of the tick may still last, by date.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Ahead {
        /// Date, position of the group, field and new value.
        system: Vec<(f64, usize, usize, f64)>,
        /// Date, position of the state, field and new value.
        states: Vec<(f64, usize, usize, f64)>,
        /// Date, position of the simulated dyad, field and new value.
        dyads: Vec<(f64, usize, usize, f64)>,
    }
}

impl Ahead {
    /// Whether a number of the system changes.
    pub(crate) fn changes_system(&self) -> bool {
        !self.system.is_empty()
    }

    /// Numbers of the system at a date, from those at the start of the tick.
    pub(crate) fn system(&self, at_tick: &Parameters, date: f64) -> Parameters {
        let mut parameters = *at_tick;
        for &(_, group, field, value) in self.system.iter().filter(|change| change.0 <= date) {
            parameters.set(group, field, value);
        }
        parameters
    }

    /// Numbers of a state at a date, from those at the start of the tick.
    pub(crate) fn state(&self, state: usize, mut inputs: StateInputs, date: f64) -> StateInputs {
        for &(_, _, field, value) in self.states.iter().filter(|change| change.1 == state && change.0 <= date) {
            inputs.set(field, value);
        }
        inputs
    }

    /// Numbers of a dyad at a date, from those at the start of the tick.
    pub(crate) fn dyad(&self, dyad: usize, mut inputs: DyadInputs, date: f64) -> DyadInputs {
        for &(_, _, field, value) in self.dyads.iter().filter(|change| change.1 == dyad && change.0 <= date) {
            inputs.set(field, value);
        }
        inputs
    }

    /// Whether anything changes after one date and up to another.
    pub(crate) fn changes(&self, after: f64, up_to: f64) -> bool {
        self.system.iter().chain(&self.states).chain(&self.dyads).any(|change| change.0 > after && change.0 <= up_to)
    }

    /// Whether nothing changes.
    pub(crate) fn is_empty(&self) -> bool {
        self.system.is_empty() && self.states.is_empty() && self.dyads.is_empty()
    }
}

/// What a state is made of, beside its number and its inputs.
#[derive(Default)]
struct StateLanes<const WIDTH: usize> {
    greedy: Greedy<WIDTH>,
    greed: Greed<WIDTH>,
    output: Output<WIDTH>,
    unharmed: Unharmed<WIDTH>,
    offence: Offence<WIDTH>,
    defence: Defence<WIDTH>,
    attack: AttackStrength<WIDTH>,
    resistance: DefenceStrength<WIDTH>,
    arms_growth: ArmsGrowth<WIDTH>,
    programme_growth: ProgrammeGrowth<WIDTH>,
    justified_growth: JustifiedGrowth<WIDTH>,
    new_offence: NewOffence<WIDTH>,
    procurement: Procurement<WIDTH>,
    threat: ThreatTotal<WIDTH>,
    threat_ceiling: ThreatCeiling<WIDTH>,
    customary_need: CustomaryNeed<WIDTH>,
    programme: Programme<WIDTH>,
    accounts: Accounts<WIDTH>,
    provocation: Provocation<WIDTH>,
    perceived_balance: PerceivedBalance<WIDTH>,
    doctrine: Doctrine,
    weariness: Weariness<WIDTH>,
    vulnerability: Vulnerability<WIDTH>,
    punishable: Punishable<WIDTH>,
    at_war: AtWar<WIDTH>,
    expected_posture: ExpectedPosture<WIDTH>,
    warheads: Warheads<WIDTH>,
    force_caps: ForceCaps<WIDTH>,
    answered: Answered<WIDTH>,
    held: Held<WIDTH>,
    beyond_habit: BeyondHabit<WIDTH>,
    alarm: Alarm<WIDTH>,
    recent_crises: RecentCrises<WIDTH>,
    demands: Demands<WIDTH>,
}

impl<const WIDTH: usize> StateLanes<WIDTH> {
    /// A state that war has not harmed, that answers every threat and holds nothing back; all else is 0.
    fn new() -> Self {
        let whole = Lanes::splat(1.0);
        Self { unharmed: Unharmed(whole), answered: Answered(whole), held: Held(whole), ..Self::default() }
    }

    /// The components to insert. The engine derives no bundle from a struct with a constant parameter, and its tuples are short.
    fn bundle(self) -> impl Bundle {
        let Self {
            greedy,
            greed,
            output,
            unharmed,
            offence,
            defence,
            attack,
            resistance,
            arms_growth,
            programme_growth,
            justified_growth,
            new_offence,
            procurement,
            threat,
            threat_ceiling,
            customary_need,
            programme,
            accounts,
            provocation,
            perceived_balance,
            doctrine,
            weariness,
            vulnerability,
            punishable,
            at_war,
            expected_posture,
            warheads,
            force_caps,
            answered,
            held,
            beyond_habit,
            alarm,
            recent_crises,
            demands,
        } = self;
        (
            (
                greedy,
                greed,
                output,
                unharmed,
                offence,
                defence,
                attack,
                resistance,
                arms_growth,
                justified_growth,
                new_offence,
                procurement,
                threat,
            ),
            (
                threat_ceiling,
                perceived_balance,
                weariness,
                vulnerability,
                punishable,
                at_war,
                expected_posture,
                warheads,
                force_caps,
                answered,
                held,
                beyond_habit,
            ),
            (alarm, recent_crises, demands, customary_need, programme, accounts, programme_growth, provocation, doctrine),
        )
    }
}

/// What a dyad is made of, beside its ends, its inputs and its reach.
#[derive(Default)]
struct DyadLanes<const WIDTH: usize> {
    mistrust: Mistrust<WIDTH>,
    hostility: Hostility<WIDTH>,
    sight: Sight<WIDTH>,
    growth_error: GrowthError<WIDTH>,
    expected_crises: ExpectedCrises<WIDTH>,
    threat: ThreatFelt<WIDTH>,
    threat_if_greedy: ThreatIfGreedy<WIDTH>,
    support: Support<WIDTH>,
    strengths: Strengths<WIDTH>,
    odds: Odds<WIDTH>,
    payoffs: Payoffs<WIDTH>,
    treaty: Treaty<WIDTH>,
    retaliation: Retaliation<WIDTH>,
    shelter: Shelter<WIDTH>,
}

impl<const WIDTH: usize> DyadLanes<WIDTH> {
    /// A dyad that is seen without error, between equals, without warheads; all else is 0.
    fn new() -> Self {
        let even = Lanes::splat(0.5);
        let odds = Odds { first: even, struck: even, mutual: even };
        let whole = Lanes::splat(1.0);
        Self { sight: Sight(whole), shelter: Shelter(whole), odds, ..Self::default() }
    }

    /// The components to insert. The engine derives no bundle from a struct with a constant parameter, and its tuples are short.
    fn bundle(self) -> impl Bundle {
        let Self {
            mistrust,
            hostility,
            sight,
            growth_error,
            expected_crises,
            threat,
            threat_if_greedy,
            support,
            strengths,
            odds,
            payoffs,
            treaty,
            retaliation,
            shelter,
        } = self;
        (
            (mistrust, hostility, sight, growth_error, expected_crises, threat, threat_if_greedy, support),
            (strengths, odds, payoffs, treaty, retaliation, shelter),
        )
    }
}
