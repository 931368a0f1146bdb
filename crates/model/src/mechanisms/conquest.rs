//! # E15b Conquest
//!
//! Claim: who fought for territory and won takes it, in proportion to what it fought for; who fought for its safety takes nothing. A
//! state that loses too much of itself is conquered and is no more.
//!
//! ```text
//! D_ij = (W_ij^territory − 1) Y_i / Y_j,  W_ij^territory = 1 + μ_i min(1, Y_j / Y_i) + v_ij      share of j that i fought for
//! s_ij = Γ min(1, D_ij)                                                                          share of j that i takes
//! j is conquered where Σ_i s_ij ≥ s_c; then the whole of it goes, s_ij / Σ_i s_ij to each
//! h_j ← h_j (1 − Σ s_ij),   Y⁰_i h_i ← Y⁰_i h_i + (1 − d) s_ij Y⁰_j h_j,   Y_i = Y⁰_i h_i u_i
//!
//! i    victors, j the defeated              Γ    share of what it fought for that a victor takes     0..1
//! μ    greed                     0..1       s_c  share whose loss a state does not survive            0..1
//! v    claim      share of own value        d    share of what changes hands that is destroyed        0..1
//! Y⁰   output of the land that the scenario gives a state    int$ a year
//! h    land held, in units of that land     1    u    share of output that wars have left (E15)       0..1
//! ```
//! `W` is the prize of E8 without what security is worth, so a state fights for what it then takes. What war has spoilt stays
//! spoilt: the harm `u` of the taken land mixes with that of the victor's own, so that output gained is output lost less the damage.
//! A conquered state has no output and no arms, is in no crisis, threatens nobody and is feared by nobody.
//!
//! Source: Cederman, Emergent Actors in World Politics (1997), for worlds in which states are conquered; Liberman, Does Conquest
//! Pay? (1996), for what a victor gets; the shares are ours.
//! Deviation: land that has changed hands grows as its holder's own land does; nobody rises again; forts and alliances of a conquered
//! state fall with it.
//! Off: wars leave the map as it was, as they do where `Γ = 0`.

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use spiral_kernel::Lanes;

use super::game::prize;
use super::peace::PeaceTerms;
use super::war::{Endings, WarEnded};
use super::{Entry, Parameters};
use crate::components::{
    ArmsGrowth, AtWar, Defence, DyadId, Given, Greed, Odds, Offence, Output, Procurement, Roster, StateId, Terms, ThreatFelt,
    ThreatIfGreedy, Unharmed, Warheads,
};
use crate::ledger::Ledger;
use crate::outcome::{Event, EventKind};
use crate::phases::Phase;

crate::parameters! {
    /// What victors take.
    pub struct Conquest {
        /// Share of what it fought for that a victor takes; 0 leaves the map as it was.
        taking: "Γ", "0..1", 0.0..=1.0, 0.0;
        /// Share of itself whose loss a state does not survive.
        collapse: "s_c", "0..1", 0.01..=1.0, 0.6, 0.4..=0.9;
        /// Share of the output that changes hands that is destroyed.
        damage: "d", "0..1", 0.0..=1.0, 0.2, 0.1..=0.4;
    }
}

/// This mechanism.
pub const ENTRY: Entry = Entry {
    name: "conquest",
    equation: "E15b",
    phase: Phase::War,
    claim: "Victors take what they fought for, and a state that loses too much is no more.",
    off: "Wars leave the map as it was.",
};

/// Who holds what in each history of a block.
#[derive(Resource, Debug, Clone, Default)]
pub struct Realms<const WIDTH: usize> {
    /// Whether any land has changed hands; else the tables are empty.
    pub changed: bool,
    /// Land that each state holds, `h_i`, in units of what the scenario gives it.
    pub land: Vec<Lanes<WIDTH>>,
    /// 1 where a state has been conquered, else 0.
    pub conquered: Vec<Lanes<WIDTH>>,
}

impl<const WIDTH: usize> Realms<WIDTH> {
    /// Whether a state has been conquered.
    #[must_use]
    pub fn is_conquered(&self, state: usize, lane: usize) -> bool {
        self.changed && self.conquered[state][lane] > 0.0
    }

    /// Land begins to change hands in a world of this many states.
    fn open(&mut self, states: usize) {
        if !self.changed {
            self.changed = true;
            self.land = vec![Lanes::splat(1.0); states];
            self.conquered = vec![Lanes::splat(0.0); states];
        }
    }

    /// Nothing has changed hands.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }
}

/// E15b: share of another that a state fought for.
#[must_use]
pub fn fought_for(greed: f64, claim: f64, own_output: f64, other_output: f64) -> f64 {
    let territory = prize(greed, other_output / own_output, claim, 0.0) - 1.0;
    (territory * own_output / other_output).clamp(0.0, 1.0)
}

/// E15b: what the victors take of a defeated state, in shares of it, and whether it is conquered.
#[must_use]
pub fn shares_taken(fought_for: &[f64], p: &Conquest) -> (Vec<f64>, bool) {
    let wanted: Vec<f64> = fought_for.iter().map(|share| p.taking * share).collect();
    let total: f64 = wanted.iter().sum();
    let conquered = total >= p.collapse;
    // Together they cannot take more than there is, and of a conquered state they leave nothing.
    let scale = if conquered { 1.0 / total } else { 1.0 };
    (wanted.into_iter().map(|share| scale * share).collect(), conquered)
}

/// E15b: land and what war has left of it, once `gained` land of which `gained_unharmed` is left has been added.
#[must_use]
pub fn joined(land: f64, unharmed: f64, gained: f64, gained_unharmed: f64) -> (f64, f64) {
    let whole = land + gained;
    if gained == 0.0 { (land, unharmed) } else { (whole, (land * unharmed + gained * gained_unharmed) / whole) }
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((
        hold_land::<WIDTH>.in_set(Phase::Date).after(crate::world::move_date::<WIDTH>),
        fear_no_conquered::<WIDTH>
            .in_set(Phase::Perceive)
            .after(super::threat::perceive_threat::<WIDTH>)
            .before(super::threat::add_up_threats::<WIDTH>)
            .after(super::contest::weigh_odds::<WIDTH>)
            .before(super::contest::feel_vulnerable::<WIDTH>)
            .before(super::game::see_stakes::<WIDTH>),
        disarm_the_conquered::<WIDTH>
            .in_set(Phase::Arm)
            .after(super::arming::arm::<WIDTH>)
            .after(super::arming::arm_linearly::<WIDTH>)
            .after(super::arming::arm_submissively::<WIDTH>)
            .after(super::arms_control::keep_treaties::<WIDTH>)
            .after(super::deterrence::build_warheads::<WIDTH>),
        take::<WIDTH>.in_set(Phase::War).after(super::war::decide::<WIDTH>),
    ));
}

/// Output is that of the land held.
fn hold_land<const WIDTH: usize>(mut states: Query<(&StateId, &mut Output<WIDTH>)>, realms: Res<Realms<WIDTH>>) {
    if !realms.changed {
        return;
    }
    for (state, mut output) in &mut states {
        let (land, given) = (realms.land[state.index], output.0);
        output.0 = Lanes::from_fn(|l| given[l] * land[l]);
    }
}

/// Nobody fears a state that is no more, and it fears nobody.
fn fear_no_conquered<const WIDTH: usize>(
    mut dyads: Query<(&DyadId, &mut ThreatFelt<WIDTH>, &mut ThreatIfGreedy<WIDTH>, &mut Odds<WIDTH>)>,
    realms: Res<Realms<WIDTH>>,
) {
    if !realms.changed {
        return;
    }
    for (dyad, mut threat, mut ceiling, mut odds) in &mut dyads {
        let (from, to) = (realms.conquered[dyad.ends.0], realms.conquered[dyad.ends.1]);
        for lane in (0..WIDTH).filter(|&lane| from[lane] + to[lane] > 0.0) {
            threat.0[lane] = 0.0;
            ceiling.0[lane] = 0.0;
            odds.struck[lane] = 1.0;
        }
    }
}

/// What is no more buys nothing and has nothing.
pub(crate) fn disarm_the_conquered<const WIDTH: usize>(
    mut states: Query<(
        &StateId,
        &mut Offence<WIDTH>,
        &mut Defence<WIDTH>,
        &mut Procurement<WIDTH>,
        &mut ArmsGrowth<WIDTH>,
        &mut Warheads<WIDTH>,
    )>,
    realms: Res<Realms<WIDTH>>,
) {
    if !realms.changed {
        return;
    }
    for (state, mut offence, mut defence, mut procurement, mut growth, mut warheads) in &mut states {
        let gone = realms.conquered[state.index];
        for lane in (0..WIDTH).filter(|&lane| gone[lane] > 0.0) {
            offence.0[lane] = 0.0;
            defence.0[lane] = 0.0;
            procurement.0[lane] = 0.0;
            growth.0[lane] = 0.0;
            warheads.0[lane] = 0.0;
        }
    }
}

/// What a state can win and lose.
type Belongings<'w, 's, 'a, const WIDTH: usize> = Query<
    'w,
    's,
    (
        (&'a Given, &'a Greed<WIDTH>, &'a mut AtWar<WIDTH>),
        (&'a mut Output<WIDTH>, &'a mut Unharmed<WIDTH>),
        (&'a mut Offence<WIDTH>, &'a mut Defence<WIDTH>, &'a mut Procurement<WIDTH>),
    ),
>;

/// What one victor took of one of the defeated.
#[derive(Debug, Clone, Copy)]
struct Taking {
    victor: usize,
    /// Share of the land that the defeated had.
    share: f64,
    /// Growth of the victor's output by it.
    gain: f64,
}

/// The victors of the wars that ended in the tick take what they fought for.
pub(crate) fn take<const WIDTH: usize>(
    mut states: Belongings<WIDTH>,
    dyads: Query<&Terms>,
    roster: Res<Roster>,
    parameters: Res<Parameters>,
    terms: Res<PeaceTerms>,
    mut endings: ResMut<Endings>,
    mut realms: ResMut<Realms<WIDTH>>,
    mut ledger: ResMut<Ledger>,
) {
    let p = parameters.conquest;
    if p.taking == 0.0 {
        return;
    }
    for ending in &mut endings.0 {
        let Some(winner) = ending.winner else { continue };
        for loser in ending.sides[1 - winner].clone() {
            let wants: Vec<f64> =
                ending.sides[winner].iter().map(|&victor| wanted((victor, loser), ending.lane, &states, &dyads, &roster, &terms)).collect();
            let (shares, conquered) = shares_taken(&wants, &p);
            if shares.iter().all(|share| *share == 0.0) {
                continue;
            }
            realms.open(roster.states.len());
            let takings = divide(ending, (winner, loser), &shares, p.damage, &mut states, &mut realms, &roster);
            let lost: f64 = shares.iter().sum();
            strip((loser, ending.lane), if conquered { None } else { Some(lost) }, &mut states, &mut realms, &roster);
            tell(&takings, conquered, loser, ending, &mut ledger);
        }
    }
}

/// What a victor fought one of the defeated for, billion int$ a year of output.
fn wanted<const WIDTH: usize>(
    (victor, loser): (usize, usize),
    lane: usize,
    states: &Belongings<WIDTH>,
    dyads: &Query<&Terms>,
    roster: &Roster,
    terms: &PeaceTerms,
) -> f64 {
    let Some(dyad) = roster.dyad(victor, loser) else { return 0.0 };
    let (Ok(given), Ok(mine)) = (dyads.get(roster.dyads[dyad]), states.get(roster.states[victor])) else { return 0.0 };
    let claim = terms.claim(lane, dyad, given.0.claim);
    let output = |state: usize| states.get(roster.states[state]).map_or(0.0, |(_, (output, _), _)| output.0[lane]);
    fought_for(mine.0.1.0[lane], claim, output(victor), output(loser))
}

/// Gives each victor its share of the land of one of the defeated, who has it still.
fn divide<const WIDTH: usize>(
    ending: &mut WarEnded,
    (winner, loser): (usize, usize),
    shares: &[f64],
    damage: f64,
    states: &mut Belongings<WIDTH>,
    realms: &mut Realms<WIDTH>,
    roster: &Roster,
) -> Vec<Taking> {
    let lane = ending.lane;
    let mut takings = Vec::new();
    let Ok(((given, ..), (held, left), _)) = states.get(roster.states[loser]) else { return takings };
    let (land, left, before) = (given.inputs.output * realms.land[loser][lane], left.0[lane], held.0[lane]);
    for (&victor, &share) in ending.sides[winner].iter().zip(shares).filter(|(_, share)| **share > 0.0) {
        let Ok(((given, ..), (mut output, mut unharmed), _)) = states.get_mut(roster.states[victor]) else { continue };
        let own = given.inputs.output;
        let had = output.0[lane];
        let (whole, spared) = joined(own * realms.land[victor][lane], unharmed.0[lane], (1.0 - damage) * share * land, left);
        realms.land[victor][lane] = whole / own;
        unharmed.0[lane] = spared;
        output.0[lane] = whole * spared;
        ending.taken.push((victor, loser, share * before));
        takings.push(Taking { victor, share, gain: (output.0[lane] - had) / had });
    }
    takings
}

/// Takes the share that it lost from a state, or all, `None`: then it is out of everything, for good.
fn strip<const WIDTH: usize>(
    (loser, lane): (usize, usize),
    lost: Option<f64>,
    states: &mut Belongings<WIDTH>,
    realms: &mut Realms<WIDTH>,
    roster: &Roster,
) {
    let kept = lost.map_or(0.0, |lost| realms.land[loser][lane] * (1.0 - lost));
    realms.land[loser][lane] = kept;
    let Ok(((given, _, mut at_war), (mut output, unharmed), (mut offence, mut defence, mut procurement))) =
        states.get_mut(roster.states[loser])
    else {
        return;
    };
    output.0[lane] = given.inputs.output * kept * unharmed.0[lane];
    if lost.is_none() {
        realms.conquered[loser][lane] = 1.0;
        at_war.0[lane] = 1.0;
        offence.0[lane] = 0.0;
        defence.0[lane] = 0.0;
        procurement.0[lane] = 0.0;
    }
}

/// Tells who took what. Who takes most is the conqueror, if there is one, and is told last; of equals the first.
fn tell(takings: &[Taking], conquered: bool, loser: usize, ending: &WarEnded, ledger: &mut Ledger) {
    let lane = ending.lane;
    let most = takings.iter().map(|taking| taking.share).fold(0.0, f64::max);
    let conqueror = takings.iter().position(|taking| taking.share == most).filter(|_| conquered);
    let rest = takings.iter().enumerate().filter(|(place, _)| Some(*place) != conqueror);
    let order = rest.map(|(_, taking)| (EventKind::Annexation, *taking));
    let last = conqueror.map(|place| (EventKind::Conquest, takings[place]));
    for (kind, Taking { victor, share, gain }) in order.chain(last) {
        let event = Event {
            history: ledger.history(lane),
            crisis: ending.crisis,
            date: ending.date,
            day: ending.day,
            kind,
            actor: victor as _,
            target: loser as _,
            fear: share,
            first_strike_win: 0.0,
            strike_advantage: gain,
            motive: None,
        };
        ledger.tell(lane, event);
    }
    let outcome = &mut ledger.lanes[lane].outcome;
    outcome.conquests = outcome.conquests.saturating_add(u32::from(conquered));
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Conquest = Conquest { taking: 1.0, collapse: 0.6, damage: 0.2 };

    #[test]
    fn security_takes_nothing_and_greed_and_claims_what_they_are_worth() {
        assert_eq!(fought_for(0.0, 0.0, 100.0, 50.0), 0.0);
        // A lost province worth a twentieth of the victor is a tenth of a neighbour half its size.
        assert!((fought_for(0.0, 0.05, 100.0, 50.0) - 0.1).abs() < 1e-15);
        assert!((fought_for(0.3, 0.05, 100.0, 50.0) - 0.4).abs() < 1e-15);
        // Who is small swallows no more than its own size.
        assert!((fought_for(0.9, 0.0, 10.0, 90.0) - 0.1).abs() < 1e-15);
        assert_eq!(fought_for(1.0, 5.0, 100.0, 50.0), 1.0);
    }

    #[test]
    fn victors_share_what_there_is() {
        let (shares, conquered) = shares_taken(&[0.2, 0.1], &PLAIN);
        assert_eq!((shares, conquered), (vec![0.2, 0.1], false));
        let (shares, conquered) = shares_taken(&[0.9, 0.3, 0.0], &PLAIN);
        assert!(conquered && shares[2] == 0.0, "{shares:?}");
        assert!((shares[0] - 0.75).abs() < 1e-15 && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-15, "{shares:?}");
        let half = Conquest { taking: 0.5, ..PLAIN };
        assert_eq!(shares_taken(&[0.9], &half), (vec![0.45], false), "half of what it fought for, which it survives");
        assert_eq!(shares_taken(&[1.0, 1.0], &Conquest { taking: 0.0, ..PLAIN }), (vec![0.0, 0.0], false));
    }

    /// What is gained is what was taken, harm and all.
    #[test]
    fn joined_land_gives_the_output_of_both() {
        for (land, unharmed, gained, left) in [(100.0, 0.9, 30.0, 0.5), (1.0, 1.0, 50.0, 0.2), (7.0, 0.3, 0.0, 0.9)] {
            let (whole, spared) = joined(land, unharmed, gained, left);
            let expected = land * unharmed + gained * left;
            assert!((whole * spared - expected).abs() < 1e-13 * expected, "{} expected {expected}", whole * spared);
            assert_eq!(whole, land + gained);
        }
    }
}
