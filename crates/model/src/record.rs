//! The end of a tick: what observers see, and the running account of each history.

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;
use spiral_kernel::maths::{ln, logistic};

use crate::audit::audit;
use crate::columns::columns;
use crate::components::{
    Defence, DyadInputsNow, Mistrust, Offence, Output, Payoffs, PerceivedBalance, Procurement, Roster, StateId, ThreatTotal,
    Warheads,
};
use crate::description::described;
use crate::ledger::{Account, Ledger};
use crate::mechanisms::conquest::Realms;
use crate::mechanisms::game::{GameClass, classify};
use crate::outcome::{Ended, Outcome};
use crate::phases::{Clock, Phase};

/// A burden that moves by less than this share of itself has not moved: see `inert`.
const STILL: f64 = 0.05;

/// The world at the end of a tick, as observers see it.
pub struct Snapshot<'a, const WIDTH: usize> {
    /// Number of the tick that ended, from 0.
    pub tick: u32,
    /// Date at the end of the tick, decimal year.
    pub date: f64,
    /// Whether each lane is still running.
    pub running: &'a [bool; WIDTH],
    /// Whether each lane has not yet seen a war.
    pub at_peace: &'a [bool; WIDTH],
    /// `states[state][metric]`, metrics as in [`crate::outcome::STATE_METRICS`].
    pub states: &'a [[Lanes<WIDTH>; 7]],
    /// Metrics as in [`crate::outcome::SYSTEM_METRICS`].
    pub system: &'a [Lanes<WIDTH>; 3],
}

described! {
    /// What observers see of the last tick.
    #[derive(Resource, Debug, Clone)]
    pub struct Recorded<const WIDTH: usize> {
        /// Whether the tick is to be shown.
        pub wanted: bool,
        /// Metrics of each state.
        pub states: Vec<[Lanes<WIDTH>; 7]>,
        /// Metrics of the system.
        pub system: [Lanes<WIDTH>; 3],
        /// Whether each lane has not yet seen a war.
        pub at_peace: [bool; WIDTH],
        /// Burden of each state in its first tick.
        pub first_burden: Vec<Lanes<WIDTH>>,
    }
}

impl<const WIDTH: usize> Recorded<WIDTH> {
    /// Nothing recorded yet, for this many states.
    #[must_use]
    pub fn new(states: usize) -> Self {
        let nothing = Lanes::splat(0.0);
        Self {
            wanted: false,
            states: vec![[nothing; 7]; states],
            system: [nothing; 3],
            at_peace: [true; WIDTH],
            first_burden: vec![nothing; states],
        }
    }

    /// The last tick as observers see it.
    pub(crate) fn snapshot<'a>(&'a self, tick: u32, date: f64, running: &'a [bool; WIDTH]) -> Snapshot<'a, WIDTH> {
        Snapshot { tick, date, running, at_peace: &self.at_peace, states: &self.states, system: &self.system }
    }

    /// Forgets the last block.
    pub fn clear(&mut self) {
        *self = Self::new(self.states.len());
    }
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((audit::<WIDTH>, show::<WIDTH>, keep_accounts::<WIDTH>).chain().in_set(Phase::Record));
}

pub(crate) fn register_opening<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems(show::<WIDTH>);
}

/// What observers see of a state.
#[derive(QueryData)]
struct ShownState<const WIDTH: usize> {
    warheads: &'static Warheads<WIDTH>,
    offence: &'static Offence<WIDTH>,
    defence: &'static Defence<WIDTH>,
    output: &'static Output<WIDTH>,
    procurement: &'static Procurement<WIDTH>,
    threat: &'static ThreatTotal<WIDTH>,
    balance: &'static PerceivedBalance<WIDTH>,
}

fn show<const WIDTH: usize>(
    states: Query<ShownState<WIDTH>>,
    dyads: Query<(&Mistrust<WIDTH>, &Payoffs<WIDTH>, &DyadInputsNow)>,
    roster: Res<Roster>,
    realms: Res<Realms<WIDTH>>,
    mut recorded: ResMut<Recorded<WIDTH>>,
) {
    if !recorded.wanted {
        return;
    }
    let mut total = Lanes::<WIDTH>::splat(0.0);
    for (position, &entity) in roster.states.iter().enumerate() {
        let Ok(ShownStateItem { warheads, offence, defence, output, procurement, threat, balance }) = states.get(entity) else {
            continue;
        };
        let arms = Lanes::<WIDTH>::from_fn(|l| offence.0[l] + defence.0[l]);
        let mut mistrust = Lanes::<WIDTH>::splat(0.0);
        let outgoing = &roster.outgoing[position];
        for &dyad in outgoing {
            if let Ok((held, ..)) = dyads.get(roster.dyads[dyad]) {
                mistrust = Lanes::from_fn(|l| mistrust[l] + logistic(held.0[l]));
            }
        }
        let number = (outgoing.len() as f64).max(1.0);
        let metrics: [Lanes<WIDTH>; 7] = [
            arms,
            Lanes::from_fn(|l| procurement.0[l] / output.0[l]),
            Lanes::from_fn(|l| if arms[l] > 0.0 { offence.0[l] / arms[l] } else { 0.0 }),
            threat.0,
            Lanes::from_fn(|l| mistrust[l] / number),
            balance.0,
            warheads.0,
        ];
        // A state that is no more has no numbers.
        recorded.states[position] = if realms.changed {
            let gone = realms.conquered[position];
            metrics.map(|metric| Lanes::from_fn(|l| if gone[l] > 0.0 { f64::NAN } else { metric[l] }))
        } else {
            metrics
        };
        total = Lanes::from_fn(|l| total[l] + arms[l]);
    }
    let mut hunts = Lanes::<WIDTH>::splat(0.0);
    let mut dilemmas = Lanes::<WIDTH>::splat(0.0);
    let mut games = Lanes::<WIDTH>::splat(0.0);
    for (position, &entity) in roster.dyads.iter().enumerate() {
        let Ok((_, payoffs, terms)) = dyads.get(entity) else { continue };
        if terms.0.contact <= 0.0 {
            continue;
        }
        let (from, to) = roster.ends[position];
        for lane in 0..WIDTH {
            if realms.is_conquered(from, lane) || realms.is_conquered(to, lane) {
                continue;
            }
            games[lane] += 1.0;
            let class = classify(payoffs.peace[lane], payoffs.strike[lane], payoffs.mutual[lane], payoffs.struck[lane]);
            hunts[lane] += f64::from(u8::from(class == GameClass::StagHunt));
            dilemmas[lane] += f64::from(u8::from(class == GameClass::PrisonersDilemma));
        }
    }
    let share = |count: Lanes<WIDTH>| Lanes::from_fn(|l| count[l] / if games[l] > 1.0 { games[l] } else { 1.0 });
    recorded.system = [total, share(hunts), share(dilemmas)];
}

/// What is counted of a state.
#[derive(QueryData)]
#[query_data(contiguous(all))]
struct CountedState<const WIDTH: usize> {
    id: &'static StateId,
    offence: &'static Offence<WIDTH>,
    defence: &'static Defence<WIDTH>,
    output: &'static Output<WIDTH>,
    procurement: &'static Procurement<WIDTH>,
}

fn keep_accounts<const WIDTH: usize>(
    states: Query<CountedState<WIDTH>>,
    clock: Res<Clock>,
    realms: Res<Realms<WIDTH>>,
    mut recorded: ResMut<Recorded<WIDTH>>,
    mut ledger: ResMut<Ledger>,
) {
    let end = clock.horizon.date(clock.tick + 1);
    let first = clock.tick == 0;
    let Some(states) = columns(&states) else { return };
    let (arms, outputs, squares, peak, moved) = spiral_kernel::simd!({
        let mut arms = Lanes::<WIDTH>::splat(0.0);
        let mut outputs = Lanes::<WIDTH>::splat(0.0);
        let mut squares = Lanes::<WIDTH>::splat(0.0);
        let mut peak = Lanes::<WIDTH>::splat(0.0);
        let mut moved = Lanes::<WIDTH>::splat(0.0);
        let arms_of = states.offence.iter().zip(states.defence);
        let spending_of = states.output.iter().zip(states.procurement);
        for (position, ((offence, defence), (output, procurement))) in arms_of.zip(spending_of).enumerate() {
            let burden = Lanes::<WIDTH>::from_fn(|l| procurement.0[l] / output.0[l]);
            if first {
                recorded.first_burden[position] = burden;
            }
            let start = recorded.first_burden[position];
            arms = Lanes::from_fn(|l| arms[l] + (offence.0[l] + defence.0[l]));
            outputs = Lanes::from_fn(|l| outputs[l] + output.0[l]);
            squares = Lanes::from_fn(|l| squares[l] + output.0[l] * output.0[l]);
            peak = Lanes::from_fn(|l| if burden[l] > peak[l] { burden[l] } else { peak[l] });
            moved = Lanes::from_fn(|l| {
                let change = (burden[l] / if start[l] > 1e-12 { start[l] } else { 1e-12 } - 1.0).abs();
                if change > moved[l] { change } else { moved[l] }
            });
        }
        (arms, outputs, squares, peak, moved)
    });
    let great = states.id.iter().filter(|id| id.great_power).count();
    let dyads_of = |number: usize| (number * number.saturating_sub(1) / 2) as f64;
    for lane in 0..WIDTH {
        let account = &mut ledger.lanes[lane];
        recorded.at_peace[lane] = account.at_peace;
        if !account.running {
            continue;
        }
        let fallen = if realms.changed {
            states.id.iter().filter(|id| id.great_power && realms.is_conquered(id.index, lane)).count()
        } else {
            0
        };
        account.outcome.great_power_dyad_years += dyads_of(great - fallen) * clock.years;
        account.outcome.concentration = squares[lane] / (outputs[lane] * outputs[lane]);
        // What is spent in the first tick was settled before any war.
        if account.at_peace || first {
            account.outcome.peak_burden = account.outcome.peak_burden.max(peak[lane]);
        }
        if account.at_peace {
            account.burden_moved = account.burden_moved.max(moved[lane]);
            account.peace_arms = arms[lane];
            account.peace_output = outputs[lane];
            account.peace_date = end;
            if first {
                // Growth is counted from the end of the first tick: the start is a steady state, not a forecast.
                account.first_arms = arms[lane];
                account.first_output = outputs[lane];
                account.growth_from = end;
            }
        }
        account.outcome.end_date = end.max(account.followed_to);
        if account.stopping {
            account.running = false;
            account.outcome.ended = Ended::War;
        }
    }
}

/// The row of a history whose account is closed.
pub(crate) fn closed(account: &Account) -> Outcome {
    let mut outcome = account.outcome;
    outcome.inert = outcome.crises == 0 && account.burden_moved < STILL;
    let elapsed = account.peace_date - account.growth_from;
    if elapsed > 0.0 && account.first_arms > 0.0 && account.peace_arms > 0.0 {
        outcome.arms_growth = ln(account.peace_arms / account.first_arms) / elapsed;
        outcome.spiral_rate = outcome.arms_growth - ln(account.peace_output / account.first_output) / elapsed;
    }
    outcome
}
