//! The one place that detects histories that failed numerically. At the end of every tick it checks every stock and belief of every
//! history. A history with a NaN or an infinity ends there; its row names the quantity, the state and the tick.

use bevy_ecs::prelude::{Query, Res, ResMut};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;

use crate::components::{
    Defence, DyadId, Mistrust, Offence, Output, PerceivedBalance, Procurement, Roster, StateId, Strengths, ThreatFelt, Weariness,
};
use crate::ledger::Ledger;
use crate::mechanisms::not_below;
use crate::outcome::Failure;
use crate::phases::Clock;

/// What is audited, by position.
pub const QUANTITIES: &[&str] = &[
    "offensive arms",
    "defensive arms",
    "output",
    "burden",
    "perceived balance",
    "war-weariness",
    "mistrust",
    "threat",
    "strength in attack",
];

/// A sum is finite only if every summand is; summands are scaled down so that their sum cannot overflow by itself.
#[inline(always)]
fn probe<const N: usize>(values: [f64; N]) -> f64 {
    let mut sum = 0.0;
    for value in values {
        sum += value * 1e-30;
    }
    sum
}

/// What is audited of a state.
#[derive(QueryData)]
pub(crate) struct AuditedState<const WIDTH: usize> {
    id: &'static StateId,
    offence: &'static Offence<WIDTH>,
    defence: &'static Defence<WIDTH>,
    output: &'static Output<WIDTH>,
    procurement: &'static Procurement<WIDTH>,
    balance: &'static PerceivedBalance<WIDTH>,
    weariness: &'static Weariness<WIDTH>,
}

/// What is audited of a dyad.
#[derive(QueryData)]
pub(crate) struct AuditedDyad<const WIDTH: usize> {
    id: &'static DyadId,
    mistrust: &'static Mistrust<WIDTH>,
    threat: &'static ThreatFelt<WIDTH>,
    strengths: &'static Strengths<WIDTH>,
}

pub(crate) fn audit<const WIDTH: usize>(
    states: Query<AuditedState<WIDTH>>,
    dyads: Query<AuditedDyad<WIDTH>>,
    roster: Res<Roster>,
    clock: Res<Clock>,
    mut ledger: ResMut<Ledger>,
) {
    let sum = spiral_kernel::simd!({
        let mut sum = Lanes::<WIDTH>::splat(0.0);
        for AuditedStateItem { offence, defence, output, procurement, balance, weariness, .. } in &states {
            sum = Lanes::from_fn(|l| {
                let stocks = [offence.0[l], defence.0[l], output.0[l], procurement.0[l] / not_below(output.0[l])];
                sum[l] + (probe(stocks) + probe([balance.0[l], weariness.0[l]]))
            });
        }
        for AuditedDyadItem { mistrust, threat, strengths, .. } in &dyads {
            sum = Lanes::from_fn(|l| sum[l] + probe([mistrust.0[l], threat.0[l], strengths.attack[l]]));
        }
        sum
    });
    for (lane, _) in sum.as_array().iter().enumerate().filter(|(_, sum)| !sum.is_finite()) {
        if !ledger.lanes[lane].running {
            continue;
        }
        let of_states = roster.states.iter().filter_map(|&state| states.get(state).ok()).flat_map(|state| {
            let burden = state.procurement.0[lane] / not_below(state.output.0[lane]);
            let stocks = [state.offence.0[lane], state.defence.0[lane], state.output.0[lane], burden];
            let values = stocks.into_iter().chain([state.balance.0[lane], state.weariness.0[lane]]);
            values.enumerate().map(move |(quantity, value)| (quantity, state.id.index, value))
        });
        let of_dyads = roster.dyads.iter().filter_map(|&dyad| dyads.get(dyad).ok()).flat_map(|dyad| {
            let values = [dyad.mistrust.0[lane], dyad.threat.0[lane], dyad.strengths.attack[lane]];
            let from = roster.ends[dyad.id.index].0;
            values.into_iter().enumerate().map(move |(quantity, value)| (quantity + 6, from, value))
        });
        let found = of_states.chain(of_dyads).find(|(_, _, value)| !value.is_finite());
        let (quantity, state) = found.map_or((0, 0), |(quantity, state, _)| (quantity, state));
        let failure = Failure { quantity: quantity as u16, state: state as u32, tick: clock.tick };
        ledger.fail(lane, failure, clock.horizon.date(clock.tick + 1));
    }
}
