//! The world as a crisis reads and changes it.

use bevy_ecs::prelude::{Query, Res, ResMut};
use bevy_ecs::query::QueryData;
use bevy_ecs::system::SystemParam;
use spiral_kernel::maths::{exp, ln, logistic, normal_quantile};

use super::appraisal::{Perception, SideStakes};
use super::parties::Party;
use crate::components::{
    Alarm, ArmsGrowth, AtWar, AttackStrength, Defence, DefenceStrength, Demands, DyadId, DyadInputsNow, Greed, Hostility,
    Mistrust, Offence, Output, PerceivedBalance, Procurement, Punishable, Reach, RecentCrises, Retaliation, Roster, Sight,
    StateId, StateInputsNow, ThreatFelt, ThreatIfGreedy, Weariness,
};
use crate::draws::{Block, DAYS_PER_TICK, Purpose, within};
use crate::inputs::DyadInputs;
use crate::ledger::Ledger;
use crate::mechanisms::alignment::Alignments;
use crate::mechanisms::arming::alarm_after_crisis;
use crate::mechanisms::beliefs;
use crate::mechanisms::concession;
use crate::mechanisms::conquest::Realms;
use crate::mechanisms::contest::chance_of_winning;
use crate::mechanisms::crisis::{Cause, CrisisUnderWay, day_of_clash};
use crate::mechanisms::hostility::risen;
use crate::mechanisms::institutions::CollectiveSecurity;
use crate::mechanisms::peace::PeaceTerms;
use crate::mechanisms::prevention::{closing_worth, relative_growth};
use crate::mechanisms::reciprocal_fear::imagined_balance;
use crate::mechanisms::strike::logistic_quantile;
use crate::mechanisms::threat::felt_share;
use crate::mechanisms::{Parameters, Switches, game};
use crate::phases::Clock;
use crate::world::Ahead;

/// Patience lies between this and one less this.
const LEAST_PATIENCE: f64 = 0.2;

/// A state as a crisis sees it.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
pub(crate) struct CrisisState<const WIDTH: usize> {
    pub(super) id: &'static StateId,
    pub(super) given: &'static StateInputsNow,
    pub(super) greed: &'static Greed<WIDTH>,
    pub(super) output: &'static Output<WIDTH>,
    pub(super) procurement: &'static Procurement<WIDTH>,
    pub(super) offence: &'static Offence<WIDTH>,
    pub(super) defence: &'static Defence<WIDTH>,
    pub(super) attack: &'static AttackStrength<WIDTH>,
    pub(super) resistance: &'static DefenceStrength<WIDTH>,
    pub(super) growth: &'static ArmsGrowth<WIDTH>,
    pub(super) balance: &'static PerceivedBalance<WIDTH>,
    pub(super) weariness: &'static Weariness<WIDTH>,
    pub(super) punishable: &'static Punishable<WIDTH>,
    pub(super) at_war: &'static mut AtWar<WIDTH>,
    pub(super) alarm: &'static mut Alarm<WIDTH>,
    pub(super) recent: &'static mut RecentCrises<WIDTH>,
    pub(super) demands: &'static mut Demands<WIDTH>,
}

/// A dyad as a crisis sees it.
#[derive(QueryData)]
#[query_data(mutable, contiguous(mutable))]
pub(crate) struct CrisisDyad<const WIDTH: usize> {
    pub(super) id: &'static DyadId,
    pub(super) reach: &'static Reach,
    pub(super) given: &'static DyadInputsNow,
    pub(super) sight: &'static Sight<WIDTH>,
    pub(super) threat: &'static ThreatFelt<WIDTH>,
    pub(super) threat_if_greedy: &'static ThreatIfGreedy<WIDTH>,
    pub(super) retaliation: &'static Retaliation<WIDTH>,
    pub(super) mistrust: &'static mut Mistrust<WIDTH>,
    pub(super) hostility: &'static mut Hostility<WIDTH>,
}

/// What decides the stakes of one side of a pair.
struct Side<'a, const WIDTH: usize> {
    given: &'a StateInputsNow,
    greed: f64,
    /// Claim on the other, in shares of own value.
    claim: f64,
    /// Share of its prize that is relief from threat and revenge.
    relief: f64,
    /// Output of the other side in units of its own.
    relative_output: f64,
    /// Share of output that goes into arms.
    burden: f64,
    weariness: f64,
    punishable: f64,
    /// Its belief about the balance.
    balance: f64,
    /// What the warheads of the other would do.
    loss: &'a Retaliation<WIDTH>,
}

/// What the system of crises asks of the ECS.
#[derive(SystemParam)]
pub(crate) struct CrisisAccess<'w, 's, const WIDTH: usize> {
    states: Query<'w, 's, CrisisState<WIDTH>>,
    dyads: Query<'w, 's, CrisisDyad<WIDTH>>,
    roster: Res<'w, Roster>,
    alignments: Res<'w, Alignments<WIDTH>>,
    peace: ResMut<'w, PeaceTerms>,
    realms: Res<'w, Realms<WIDTH>>,
    parameters: Res<'w, Parameters>,
    switches: Res<'w, Switches>,
    security: ResMut<'w, CollectiveSecurity<WIDTH>>,
    ahead: Res<'w, Ahead>,
    block: Res<'w, Block>,
    clock: Res<'w, Clock>,
    ending: Res<'w, crate::world::Rule>,
    ledger: ResMut<'w, Ledger>,
}

impl<'s, const WIDTH: usize> CrisisAccess<'_, 's, WIDTH> {
    /// Everything a crisis reads and changes, as columns by position; `None` in a world without dyads.
    pub(super) fn world(&mut self) -> Option<CrisisWorld<'_, 's, WIDTH>> {
        // No component of the model is kept in a sparse set, and all states, and all dyads, have the same components.
        let states = self.states.contiguous_iter_mut().ok()?.next()?;
        let dyads = self.dyads.contiguous_iter_mut().ok()?.next()?;
        Some(CrisisWorld {
            states,
            dyads,
            roster: &self.roster,
            alignments: &self.alignments,
            peace: &mut self.peace,
            realms: &self.realms,
            parameters: *self.parameters,
            at_tick: &self.parameters,
            switches: &self.switches,
            security: &mut self.security,
            ahead: &self.ahead,
            block: &self.block,
            clock: &self.clock,
            ending: &self.ending,
            ledger: &mut self.ledger,
        })
    }
}

/// Everything a crisis reads and changes.
pub(crate) struct CrisisWorld<'w, 's, const WIDTH: usize> {
    pub(super) states: CrisisStateContiguousItem<'w, 's, WIDTH>,
    pub(super) dyads: CrisisDyadContiguousItem<'w, 's, WIDTH>,
    pub(super) roster: &'w Roster,
    pub(super) alignments: &'w Alignments<WIDTH>,
    pub(super) peace: &'w mut PeaceTerms,
    pub(super) realms: &'w Realms<WIDTH>,
    /// Numbers of the system on the day that the crisis has reached.
    pub(super) parameters: Parameters,
    /// The same at the start of the tick.
    at_tick: &'w Parameters,
    pub(super) switches: &'w Switches,
    pub(super) security: &'w mut CollectiveSecurity<WIDTH>,
    pub(super) ahead: &'w Ahead,
    pub(super) block: &'w Block,
    pub(super) clock: &'w Clock,
    pub(super) ending: &'w crate::world::Rule,
    pub(super) ledger: &'w mut Ledger,
}

impl<const WIDTH: usize> CrisisWorld<'_, '_, WIDTH> {
    /// Numbers of the system take their values of a date.
    pub(super) fn turn_to(&mut self, date: f64) {
        if self.ahead.changes_system() {
            self.parameters = self.ahead.system(self.at_tick, date);
        }
    }

    pub(super) fn at_war(&self, state: usize, lane: usize) -> bool {
        self.states.at_war[state].0[lane] > 0.0
    }

    /// A state is at war from now on.
    pub(super) fn enters_war(&mut self, state: usize, lane: usize) {
        self.states.at_war.bypass_change_detection()[state].0[lane] = 1.0;
    }

    /// A state as it enters a crisis, with what only it knows, drawn once a crisis (E9).
    pub(super) fn party(&self, state: usize, side: usize, lane: usize, crisis: u32, date: f64) -> Party {
        let given = self.states.given[state].inputs;
        let inputs = self.ahead.state(state, given, date);
        let (id, p) = (&self.states.id[state], &self.parameters);
        let (entity, time) = (within(crisis, id.number), self.clock.tick * DAYS_PER_TICK);
        let [cost, mobilisation] = self.block.lane_uniforms(lane, Purpose::CrisisCosts, entity, time);
        let [patience, reluctance] = self.block.lane_uniforms(lane, Purpose::CrisisTemper, entity, time);
        let spread = p.crisis.mobilisation_cost_spread;
        let error = normal_quantile(mobilisation.clamp(1e-12, 1.0 - 1e-12));
        Party {
            state,
            side,
            mobilised: None,
            fighting: false,
            days_to_mobilise: inputs.mobilisation_days,
            great_power: id.great_power,
            attack: self.states.attack[state].0[lane],
            defence: self.states.resistance[state].0[lane],
            forts: inputs.fortification,
            // What its doctrine teaches may change by date; what it has learnt beyond that stays.
            balance: self.states.balance[state].0[lane] * inputs.perceived_balance / given.perceived_balance,
            cost: logistic_quantile(cost, p.strike.cost_spread),
            mobilisation: p.crisis.mobilisation_cost * exp(spread * error),
            patience: LEAST_PATIENCE + (1.0 - 2.0 * LEAST_PATIENCE) * patience,
            reluctance: logistic_quantile(reluctance, p.allies.spread),
        }
    }

    pub(super) fn reach(&self, from: usize, to: usize) -> f64 {
        self.roster.dyad(from, to).map_or(0.0, |dyad| self.dyads.reach[dyad].forth)
    }

    /// Key of the draws of a state.
    pub(super) fn state_number(&self, state: usize) -> u32 {
        self.states.id[state].number
    }

    /// Commitment of one state to defend another, by what the scenario gives and what has formed (E14, E14b).
    pub(super) fn commitment(&self, from: usize, to: usize, lane: usize, date: f64) -> f64 {
        let Some(position) = self.roster.dyad(from, to).filter(|_| self.switches.allies) else { return 0.0 };
        let terms = &self.dyads.given[position].0;
        let given = if self.ahead.is_empty() { terms.commitment } else { self.ahead.dyad(position, *terms, date).commitment };
        if self.alignments.formed.is_empty() { given } else { self.alignments.commitment(position, lane, given) }
    }

    /// Belief of one state that another is greedy, 0..1.
    pub(super) fn belief(&self, holder: usize, of: usize, lane: usize) -> f64 {
        self.roster.dyad(holder, of).map_or(0.0, |dyad| logistic(self.dyads.mistrust[dyad].0[lane]))
    }

    /// What either of two states holds against the other.
    pub(super) fn hostilities(&self, one: usize, two: usize, lane: usize) -> (f64, f64) {
        let of = |from, to| self.roster.dyad(from, to).map_or(0.0, |dyad| self.dyads.hostility[dyad].0[lane]);
        (of(one, two), of(two, one))
    }

    /// Greed of a state on a date. That of a government counts from the day on which it comes to power, unless the history drew it.
    fn greed(&self, state: usize, lane: usize, date: f64) -> f64 {
        let (at_tick, greed) = (&self.states.given[state].inputs, self.states.greed[state].0[lane]);
        if greed == at_tick.greed { self.ahead.state(state, *at_tick, date).greed } else { greed }
    }

    /// What a side of a pair has at stake.
    fn stakes(&self, side: &Side<WIDTH>, trade: f64, lane: usize) -> SideStakes {
        if !self.switches.game {
            return SideStakes { peace: 1.0, ..SideStakes::default() };
        }
        let parameters = &self.parameters;
        let (trade_gain, trade_loss) = parameters.trade.in_force(self.switches);
        let punishment = self.security.perceived[lane] * parameters.institutions.punishment * side.punishable;
        let ratio = side.balance / parameters.technology.reference_balance;
        let short_war = game::expected_length(ratio, parameters.game.short_war);
        let war_cost = parameters.game.war_cost * side.given.inputs.war_cost_factor * short_war;
        let prize = |greed: f64, claim: f64| game::prize(greed, side.relative_output, claim, side.relief);
        SideStakes {
            peace: game::peace(side.burden, trade_gain * trade),
            prize: prize(side.greed, side.claim),
            prize_if_seeker: prize(0.0, side.claim),
            prize_if_greedy: prize(parameters.beliefs.greedy_type, side.claim),
            prize_of_security: prize(0.0, 0.0),
            cost: game::cost(war_cost, trade_loss * trade, punishment, side.weariness),
            loss_first: side.loss.strike[lane],
            loss_struck: side.loss.struck[lane],
            ..SideStakes::default()
        }
    }

    /// How one state perceives another, and the key of the dyad's draws; `None` where they cannot reach each other.
    pub(super) fn perception(&self, one: &Party, two: &Party, lane: usize, date: f64) -> Option<(Perception, u32)> {
        let position = self.roster.dyad(one.state, two.state)?;
        let back = self.dyads.id[position].mirror_index;
        let (states, dyads, mine, theirs) = (&self.states, &self.dyads, one.state, two.state);
        let parameters = &self.parameters;
        let (terms, back_terms): (DyadInputs, DyadInputs) =
            (self.ahead.dyad(position, dyads.given[position].0, date), self.ahead.dyad(back, dyads.given[back].0, date));
        let greed = self.greed(mine, lane, date);
        let (my_output, their_output) = (states.output[mine].0[lane], states.output[theirs].0[lane]);
        let my_arms = states.offence[mine].0[lane] + states.defence[mine].0[lane];
        let their_arms = states.offence[theirs].0[lane] + states.defence[theirs].0[lane];
        let mistrust = dyads.mistrust[position].0[lane];
        let imagined_balance = imagined_balance(one.balance, two.balance, parameters.reciprocal_fear.empathy);
        // What the other feels is imagined with one's own suspicion.
        let felt = felt_share(logistic(mistrust), parameters.threat.anarchy);
        let game = &parameters.game;
        let own = Side {
            given: &states.given[mine],
            greed,
            claim: self.peace.claim(lane, position, terms.claim),
            relief: game::relief(game.relief, dyads.threat[position].0[lane], my_arms)
                + game.hostility * dyads.hostility[position].0[lane],
            relative_output: their_output / my_output,
            burden: states.procurement[mine].0[lane] / my_output,
            weariness: states.weariness[mine].0[lane],
            punishable: states.punishable[mine].0[lane],
            balance: one.balance,
            loss: &dyads.retaliation[position],
        };
        // The greed of the other is private.
        let other = Side {
            given: &states.given[theirs],
            greed: 0.0,
            claim: self.peace.claim(lane, back, back_terms.claim),
            relief: game::relief(game.relief, felt * dyads.threat_if_greedy[back].0[lane], their_arms)
                + game.hostility * dyads.hostility[back].0[lane],
            relative_output: my_output / their_output,
            burden: states.procurement[theirs].0[lane] / their_output,
            weariness: states.weariness[theirs].0[lane],
            punishable: states.punishable[theirs].0[lane],
            balance: imagined_balance,
            loss: &dyads.retaliation[back],
        };
        let (trade, sight) = (terms.trade, dyads.sight[position].0[lane]);
        let discount = parameters.beliefs.awareness_discount * states.given[mine].inputs.awareness;
        let mut perception = Perception {
            own: self.stakes(&own, trade, lane),
            other: self.stakes(&other, trade, lane),
            own_strength: one.strength(self.reach(one.state, two.state), 1.0),
            other_strength: two.strength(self.reach(two.state, one.state), sight),
            balance: one.balance,
            imagined_balance,
            mistrust,
            evidence_left: (1.0 - discount) * parameters.arms_control.in_force(self.switches).evidence_left(&terms),
            principals: false,
        };
        if self.switches.prevention && self.switches.contest {
            let growth =
                relative_growth(states.growth[mine].0[lane], states.growth[theirs].0[lane], parameters.prevention.horizon);
            let r = parameters.contest.decisiveness;
            let window =
                |by: &super::appraisal::Strength, on: &super::appraisal::Strength, growth: f64, prize: f64, cost: f64| {
                    let chance = |growth: f64| chance_of_winning(one.balance * by.attack * growth, on.defence + on.forts, r);
                    felt * closing_worth(&parameters.prevention, chance(1.0), chance(growth), prize, cost)
                };
            let (mine, theirs) = (perception.own_strength, perception.other_strength);
            perception.own.prevention = window(&theirs, &mine, growth, perception.own.prize, perception.own.cost);
            let other = &perception.other;
            perception.other.prevention = window(&mine, &theirs, 1.0 / growth, other.prize_if_seeker, other.cost);
        }
        Some((perception, dyads.id[position].number))
    }

    /// What a crisis is about, in shares of the challenger's value, and what giving it up costs the defender, in shares of its own.
    pub(super) fn stake(&self, crisis: &CrisisUnderWay) -> (f64, f64) {
        let [challenger, defender] = crisis.principals;
        let (lane, p) = (crisis.lane, &self.parameters.concession);
        // A false alarm is about nothing.
        let position = self.roster.dyad(challenger, defender).filter(|_| crisis.cause != Cause::FalseAlarm);
        let Some(position) = position else { return (0.0, 0.0) };
        let terms = self.ahead.dyad(position, self.dyads.given[position].0, crisis.began);
        let claim = self.peace.claim(lane, position, terms.claim);
        let greed = self.greed(challenger, lane, crisis.began);
        let ratio = self.states.output[defender].0[lane] / self.states.output[challenger].0[lane];
        let demand = concession::demand(claim, greed, ratio, p);
        (demand, concession::loss(demand, 1.0 / ratio, p))
    }

    /// How severe a crisis is to those who look on it: exponential with mean 1.
    pub(super) fn severity(&self, crisis: &CrisisUnderWay, number: u32) -> f64 {
        let time = self.clock.tick * DAYS_PER_TICK;
        let [u, _] = self.block.lane_uniforms(crisis.lane, Purpose::Severity, number, time);
        -ln(u.max(1e-12))
    }

    /// Day on which a crisis has a clash, if it lasts so long, and which of its principals begins it.
    pub(super) fn clash(&self, crisis: &CrisisUnderWay, number: u32) -> Option<(u16, usize)> {
        let [u, who] = self.block.lane_uniforms(crisis.lane, Purpose::Clash, number, self.clock.tick * DAYS_PER_TICK);
        day_of_clash(u, &self.parameters.crisis).map(|day| (day, usize::from(who < 0.5)))
    }

    /// Chance of settlement between two principals on the day of a date.
    pub(super) fn daily_settlement(&self, [one, two]: [usize; 2], date: f64) -> f64 {
        let terms = |dyad: usize| self.ahead.dyad(dyad, self.dyads.given[dyad].0, date);
        let hotline = self.roster.dyad(one, two).map_or(0.0, |dyad| terms(dyad).hotline);
        self.parameters.arms_control.in_force(self.switches).settlement(self.parameters.crisis.settlement, hotline)
    }

    pub(super) fn shift_mistrust(&mut self, holder: usize, of: usize, lane: usize, by: f64) {
        if let Some(dyad) = self.roster.dyad(holder, of)
            && self.switches.beliefs
        {
            self.dyads.mistrust.bypass_change_detection()[dyad].0[lane] += by;
        }
    }

    /// Raises what one state holds against another by a share of the way that is left.
    pub(super) fn raise_hostility(&mut self, holder: usize, against: usize, lane: usize, rise: f64) {
        if let Some(dyad) = self.roster.dyad(holder, against)
            && self.switches.hostility
        {
            let hostility = &mut self.dyads.hostility.bypass_change_detection()[dyad].0[lane];
            *hostility = risen(*hostility, rise);
        }
    }

    /// Awareness of a state of the security dilemma.
    pub(super) fn awareness(&self, state: usize) -> f64 {
        self.states.given[state].inputs.awareness
    }

    /// A war has been begun: everybody within reach thinks worse of who began it.
    pub(super) fn learn_of_war(&mut self, striker: usize, lane: usize) {
        for position in 0..self.roster.outgoing[striker].len() {
            let holder = self.roster.ends[self.roster.outgoing[striker][position]].1;
            let evidence = beliefs::after_war_begun(&self.parameters.beliefs);
            self.shift_mistrust(holder, striker, lane, evidence);
        }
    }

    /// A demand of a state has been granted: everybody within reach takes note. The first demand says nothing.
    pub(super) fn learn_of_demand(&mut self, challenger: usize, lane: usize) {
        let demands = &mut self.states.demands.bypass_change_detection()[challenger].0[lane];
        let before = *demands;
        *demands += 1.0;
        for position in 0..self.roster.outgoing[challenger].len() {
            let holder = self.roster.ends[self.roster.outgoing[challenger][position]].1;
            let evidence = beliefs::after_repeated_demand(before, self.awareness(holder), &self.parameters.beliefs);
            self.shift_mistrust(holder, challenger, lane, evidence);
        }
    }

    /// A crisis alarms who had a part in it.
    pub(super) fn alarm(&mut self, state: usize, lane: usize, severity: f64, lost: bool) {
        let arming = self.parameters.arming;
        self.states.alarm.bypass_change_detection()[state].0[lane] += alarm_after_crisis(severity, lost, &arming);
        self.states.recent.bypass_change_detection()[state].0[lane] += severity;
    }
}
