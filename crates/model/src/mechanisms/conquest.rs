#![doc = include_str!("conquest.md")]

use bevy_ecs::prelude::{IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule};
use bevy_ecs::query::QueryData;
use spiral_kernel::Lanes;

use super::game::prize;
use super::peace::PeaceTerms;
use super::war::{Endings, WarEnded};
use super::{Concept, Entry, ExplainGroup, Parameters};
use crate::components::{
    ArmsGrowth, AtWar, Defence, DyadId, DyadInputsNow, Greed, Odds, Offence, Output, Procurement, Roster, StateId,
    StateInputsNow, ThreatFelt, ThreatIfGreedy, Unharmed, Warheads,
};
use crate::description::{Described, described};
use crate::ledger::Ledger;
use crate::outcome::{Event, EventKind};
use crate::phases::{Arm, Date, Perceive, Phase, Wars};

crate::parameters! {
    /// What victors take.
    pub struct Conquest {
        /// Share of what it fought for that a victor takes; 0 leaves the map as it was.
        taking: "Γ", "0..1", 0.0..=1.0, 0.0;
        /// Share of its land whose loss a state does not survive.
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
    explains: ExplainGroup::Institutions,
    concepts: &[(
        Concept::Interaction,
        "Where land can be taken, victors take what they fought for, and a state that loses too much exists no more (E15b).",
    )],
    components: &[Realms::<1>::DESCRIPTION],
    text: include_str!("conquest.md"),
};

described! {
    /// The land that each state holds in each history of a block.
    #[derive(Resource, Debug, Clone, Default)]
    pub struct Realms<const WIDTH: usize> {
        /// Whether any land has changed hands; else the tables are empty.
        pub changed: bool,
        /// Land that each state holds, `h_i`, in units of what the scenario gives it.
        pub land: Vec<Lanes<WIDTH>>,
        /// 1 where a state has been conquered, else 0.
        pub conquered: Vec<Lanes<WIDTH>>,
    }
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

/// E15b: land and the share that war has left unharmed, after `gained` land of which `gained_unharmed` is unharmed has been added.
#[must_use]
pub fn joined(land: f64, unharmed: f64, gained: f64, gained_unharmed: f64) -> (f64, f64) {
    let whole = land + gained;
    if gained == 0.0 { (land, unharmed) } else { (whole, (land * unharmed + gained * gained_unharmed) / whole) }
}

pub(crate) fn register<const WIDTH: usize>(schedule: &mut Schedule) {
    schedule.add_systems((
        hold_land::<WIDTH>.in_set(Date::Measure),
        fear_no_conquered::<WIDTH>.in_set(Perceive::Survivors),
        disarm_the_conquered::<WIDTH>.in_set(Arm::Conquered),
        take::<WIDTH>.in_set(Wars::Take),
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

/// What one state fears of another.
#[derive(QueryData)]
#[query_data(mutable)]
struct FearedDyad<const WIDTH: usize> {
    id: &'static DyadId,
    threat: &'static mut ThreatFelt<WIDTH>,
    ceiling: &'static mut ThreatIfGreedy<WIDTH>,
    odds: &'static mut Odds<WIDTH>,
}

/// Nobody fears a state that is no more, and it fears nobody.
fn fear_no_conquered<const WIDTH: usize>(mut dyads: Query<FearedDyad<WIDTH>>, realms: Res<Realms<WIDTH>>) {
    if !realms.changed {
        return;
    }
    for mut dyad in &mut dyads {
        let (from, to) = (realms.conquered[dyad.id.ends.0], realms.conquered[dyad.id.ends.1]);
        for lane in (0..WIDTH).filter(|&lane| from[lane] + to[lane] > 0.0) {
            dyad.threat.0[lane] = 0.0;
            dyad.ceiling.0[lane] = 0.0;
            dyad.odds.struck[lane] = 1.0;
        }
    }
}

/// The arms of a state.
#[derive(QueryData)]
#[query_data(mutable)]
struct Forces<const WIDTH: usize> {
    id: &'static StateId,
    offence: &'static mut Offence<WIDTH>,
    defence: &'static mut Defence<WIDTH>,
    procurement: &'static mut Procurement<WIDTH>,
    growth: &'static mut ArmsGrowth<WIDTH>,
    warheads: &'static mut Warheads<WIDTH>,
}

/// A state that is no more buys nothing and has nothing.
fn disarm_the_conquered<const WIDTH: usize>(mut states: Query<Forces<WIDTH>>, realms: Res<Realms<WIDTH>>) {
    if !realms.changed {
        return;
    }
    for mut forces in &mut states {
        let gone = realms.conquered[forces.id.index];
        for lane in (0..WIDTH).filter(|&lane| gone[lane] > 0.0) {
            forces.offence.0[lane] = 0.0;
            forces.defence.0[lane] = 0.0;
            forces.procurement.0[lane] = 0.0;
            forces.growth.0[lane] = 0.0;
            forces.warheads.0[lane] = 0.0;
        }
    }
}

/// What a state can win and lose.
#[derive(QueryData)]
#[query_data(mutable)]
struct Belongings<const WIDTH: usize> {
    given: &'static StateInputsNow,
    greed: &'static Greed<WIDTH>,
    at_war: &'static mut AtWar<WIDTH>,
    output: &'static mut Output<WIDTH>,
    unharmed: &'static mut Unharmed<WIDTH>,
    offence: &'static mut Offence<WIDTH>,
    defence: &'static mut Defence<WIDTH>,
    procurement: &'static mut Procurement<WIDTH>,
}

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
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
fn take<const WIDTH: usize>(
    mut states: Query<Belongings<WIDTH>>,
    dyads: Query<&DyadInputsNow>,
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
            let wants: Vec<f64> = ending.sides[winner]
                .iter()
                .map(|&victor| wanted((victor, loser), ending.lane, &states, &dyads, &roster, &terms))
                .collect();
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
    states: &Query<Belongings<WIDTH>>,
    dyads: &Query<&DyadInputsNow>,
    roster: &Roster,
    terms: &PeaceTerms,
) -> f64 {
    let Some(dyad) = roster.dyad(victor, loser) else { return 0.0 };
    let (Ok(given), Ok(mine)) = (dyads.get(roster.dyads[dyad]), states.get(roster.states[victor])) else { return 0.0 };
    let claim = terms.claim(lane, dyad, given.0.claim);
    let output = |state: usize| states.get(roster.states[state]).map_or(0.0, |belongings| belongings.output.0[lane]);
    fought_for(mine.greed.0[lane], claim, output(victor), output(loser))
}

/// Gives each victor its share of the land of one of the defeated, who has it still.
fn divide<const WIDTH: usize>(
    ending: &mut WarEnded,
    (winner, loser): (usize, usize),
    shares: &[f64],
    damage: f64,
    states: &mut Query<Belongings<WIDTH>>,
    realms: &mut Realms<WIDTH>,
    roster: &Roster,
) -> Vec<Taking> {
    let lane = ending.lane;
    let mut takings = Vec::new();
    let Ok(losing) = states.get(roster.states[loser]) else { return takings };
    let land = losing.given.inputs.output * realms.land[loser][lane];
    let (left, before) = (losing.unharmed.0[lane], losing.output.0[lane]);
    for (&victor, &share) in ending.sides[winner].iter().zip(shares).filter(|(_, share)| **share > 0.0) {
        let Ok(BelongingsItem { given, mut output, mut unharmed, .. }) = states.get_mut(roster.states[victor]) else { continue };
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

/// Takes the lost share of land from a state; with `None` takes all, and the state exists no more.
fn strip<const WIDTH: usize>(
    (loser, lane): (usize, usize),
    lost: Option<f64>,
    states: &mut Query<Belongings<WIDTH>>,
    realms: &mut Realms<WIDTH>,
    roster: &Roster,
) {
    let kept = lost.map_or(0.0, |lost| realms.land[loser][lane] * (1.0 - lost));
    realms.land[loser][lane] = kept;
    let Ok(mut losing) = states.get_mut(roster.states[loser]) else { return };
    losing.output.0[lane] = losing.given.inputs.output * kept * losing.unharmed.0[lane];
    if lost.is_none() {
        realms.conquered[loser][lane] = 1.0;
        losing.at_war.0[lane] = 1.0;
        losing.offence.0[lane] = 0.0;
        losing.defence.0[lane] = 0.0;
        losing.procurement.0[lane] = 0.0;
    }
}

/// Records who took what. The victor that takes most is the conqueror, if there is one, and is recorded last; of equals, the first.
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
            mobilisation_motive: None,
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
        // A small state takes no more than its own size.
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
