//! How one state judges one rival in a crisis: the mechanisms E2, E7 and E9 to E13 put together.

use spiral_kernel::Lanes;
use spiral_kernel::maths::logistic;
use spiral_kernel::simd;

use crate::mechanisms::concession::{Choice, chance_to_yield, yielding_cost};
use crate::mechanisms::contest::chance_of_winning;
use crate::mechanisms::crisis::{Crisis, attacks, defends, first_strike};
use crate::mechanisms::game;
use crate::mechanisms::reciprocal_fear::{Fears, Side, Spreads, chance_to_strike, fears, screened};
use crate::mechanisms::strike::{Forecast, timing};
use crate::mechanisms::{Parameters, Switches};
use crate::outcome::{MobilisationMotive, Motive};

/// Days that are looked ahead when waiting is weighed.
pub(super) const LOOK_AHEAD: usize = 16;

/// Days for which an outlook holds while somebody is mobilising, if nobody gives another order.
pub(super) const HOLDS: usize = 4;

/// Days that an outlook covers.
pub(super) const DAYS: usize = LOOK_AHEAD + HOLDS;

/// Strength from which more makes no difference.
const MOST_STRENGTH: f64 = 1e300;

/// Chances of winning that are worked out in one go.
const AT_ONCE: usize = 8;

type Row = Lanes<DAYS>;

/// What is common to all appraisals of a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    decisiveness: f64,
    first_strike: f64,
    crisis: Crisis,
    spreads: Spreads,
    timing_spread: f64,
    audience: f64,
    levels: f64,
    even: bool,
    strikes: bool,
    concedes: bool,
}

impl Rules {
    pub(super) fn new(parameters: &Parameters, switches: &Switches) -> Self {
        let fear = parameters.reciprocal_fear;
        Self {
            decisiveness: parameters.contest.decisiveness,
            first_strike: parameters.technology.in_force(switches).first_strike,
            crisis: parameters.crisis,
            spreads: Spreads {
                cost: parameters.strike.cost_spread,
                balance: parameters.contest.decisiveness * fear.balance_spread,
            },
            timing_spread: parameters.strike.timing_spread,
            audience: parameters.concession.audience,
            levels: if switches.reciprocal_fear { fear.levels } else { 0.0 },
            even: !switches.contest,
            strikes: switches.strike && switches.war,
            concedes: switches.concession,
        }
    }

    #[inline(always)]
    pub(super) fn odds(&self, attack: f64, resistance: f64) -> f64 {
        // Worked out whether it counts or not: a choice between two numbers vectorises, a branch does not.
        // Strengths beyond this are as good as endless; two endless ones have no ratio.
        let bounded = |strength: f64| if strength > MOST_STRENGTH { MOST_STRENGTH } else { strength };
        let chance = chance_of_winning(bounded(attack), bounded(resistance), self.decisiveness);
        if self.even { 0.5 } else { chance }
    }

    /// Chances of winning of up to eight pairs of attack and resistance at once.
    pub(super) fn odds_of<const COUNT: usize>(&self, strengths: [(f64, f64); COUNT]) -> [f64; COUNT] {
        const { assert!(COUNT <= AT_ONCE) };
        let (mut attack, mut resistance) = ([1.0; AT_ONCE], [1.0; AT_ONCE]);
        for (place, strength) in strengths.into_iter().enumerate() {
            (attack[place], resistance[place]) = strength;
        }
        let odds = simd!({ Lanes::<AT_ONCE>::from_fn(|place| self.odds(attack[place], resistance[place])) });
        std::array::from_fn(|place| odds[place])
    }
}

/// What one side has at stake, whoever is ready.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SideStakes {
    /// Value of peace with the other.
    pub(super) peace: f64,
    /// What winning brings it; what it would bring a security seeker and a greedy state in its place; what it would bring if it wanted
    /// nothing but safety.
    pub(super) prize: f64,
    pub(super) prize_if_seeker: f64,
    pub(super) prize_if_greedy: f64,
    pub(super) prize_of_security: f64,
    /// Mean cost of a war, what warheads add to it when it strikes and when it is struck (E12).
    pub(super) cost: f64,
    pub(super) loss_first: f64,
    pub(super) loss_struck: f64,
    /// What a closing window adds to striking (E11).
    pub(super) prevention: f64,
    /// What the other's giving way brings, and what giving way loses.
    pub(super) gain: f64,
    pub(super) loss: f64,
}

/// Strengths of one side in a dyad, before readiness.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Strength {
    /// Strength in attack that reaches the other, and in defence.
    pub(super) attack: f64,
    pub(super) defence: f64,
    pub(super) forts: f64,
    /// What others are expected to add.
    pub(super) attack_support: f64,
    pub(super) defence_support: f64,
}

/// How one state perceives a rival in a crisis.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Perception {
    pub(super) own: SideStakes,
    pub(super) other: SideStakes,
    pub(super) own_strength: Strength,
    pub(super) other_strength: Strength,
    /// Its belief about the balance, and what the other is thought to believe.
    pub(super) balance: f64,
    pub(super) imagined_balance: f64,
    /// Log-odds that the other is greedy, without its mobilisation.
    pub(super) mistrust: f64,
    /// Share of the evidence of a mobilisation that awareness, monitoring, open skies and notice leave, 0..1.
    pub(super) evidence_left: f64,
    /// Whether the two began the crisis: only they can give way.
    pub(super) principals: bool,
}

/// How ready both sides of a dyad will be on the days to come if nobody gives another order, and would be if the observer gave it today.
#[derive(Debug, Clone, Copy)]
pub(super) struct Readiness {
    pub(super) own: [f64; DAYS],
    pub(super) other: [f64; DAYS],
    /// Own readiness after the days of the look-ahead, if it mobilised today.
    pub(super) own_if_ordered: f64,
}

/// What a state expects at the end of its look-ahead if it goes on as it does, or if it mobilises today.
#[derive(Debug, Clone, Copy, Default)]
struct Prospect {
    /// Chance to win by striking first and when struck.
    first: f64,
    struck: f64,
    /// Fear that the other strikes.
    fear: f64,
    /// Chance that the other gives way.
    hope: f64,
}

/// What a state expects of a rival on the days from one on.
#[derive(Debug, Clone)]
pub(super) struct Outlook {
    first_day: u16,
    /// Chance to win by striking first; share of patience used up by either side; chance to win when struck.
    first: Row,
    own_today: Row,
    other_today: Row,
    struck: Row,
    own_ready: [f64; DAYS],
    /// Fear that the satisfied other strikes all the same.
    fear_if_satisfied: f64,
    waits: Prospect,
    ordered: Prospect,
}

/// What only the state itself knows, and what it has learnt of this rival in this crisis.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    /// Its cost of a war less the mean, its cost of mobilising, and its patience.
    pub(super) cost: f64,
    pub(super) mobilisation: f64,
    pub(super) patience: f64,
    /// Whether it has given the order to mobilise.
    pub(super) mobilised: bool,
    /// Whether it is at war: then it weighs the war that it has, not a peace that it no longer has.
    pub(super) fighting: bool,
    /// Chance with which the other could have struck before and did not.
    pub(super) past: f64,
}

/// The judgement of a state on one day.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Appraisal {
    /// Fear of being struck, π, as far as it is not yet refuted.
    pub(super) fear: f64,
    /// Chance of winning by a first strike, p^F.
    pub(super) first: f64,
    /// U_F − U_wait.
    pub(super) advantage: f64,
    /// Why it strikes today, if it does.
    pub(super) strikes: Option<Motive>,
    /// Why it mobilises today, if it does.
    pub(super) mobilises: Option<MobilisationMotive>,
    /// Whether it would rather give way.
    pub(super) yields: bool,
    /// Chance with which the other could have struck by the end of the day and did not, if it does not.
    pub(super) past: f64,
}

/// Attack and resistance if one side strikes another first, at a readiness of both and under a belief about the balance.
#[inline(always)]
fn blow(by: &Strength, on: &Strength, by_ready: f64, on_ready: f64, balance: f64, rules: &Rules) -> (f64, f64) {
    let p = &rules.crisis;
    let attack = balance * (by.attack * attacks(by_ready, p) + by.attack_support);
    let factor = first_strike(rules.first_strike, balance, by_ready, on_ready, p);
    (factor * attack, on.defence * defends(on_ready, p) + on.forts + on.defence_support)
}

impl Perception {
    /// Attack and resistance if the observer strikes first, at a readiness of both and under a belief.
    #[inline(always)]
    fn own_strike(&self, own_ready: f64, other_ready: f64, balance: f64, rules: &Rules) -> (f64, f64) {
        blow(&self.own_strength, &self.other_strength, own_ready, other_ready, balance, rules)
    }

    /// Attack and resistance if the other strikes first.
    #[inline(always)]
    fn other_strike(&self, own_ready: f64, other_ready: f64, balance: f64, rules: &Rules) -> (f64, f64) {
        blow(&self.other_strength, &self.own_strength, other_ready, own_ready, balance, rules)
    }

    /// Chances to win of the observer and of the other, each striking first, as the observer sees them and as the other is thought to.
    fn chances(&self, own_ready: f64, other_ready: f64, rules: &Rules) -> [f64; 4] {
        let (seen, imagined) = (self.balance, self.imagined_balance);
        rules.odds_of([
            self.own_strike(own_ready, other_ready, seen, rules),
            self.other_strike(own_ready, other_ready, seen, rules),
            self.own_strike(own_ready, other_ready, imagined, rules),
            self.other_strike(own_ready, other_ready, imagined, rules),
        ])
    }

    /// Chances to win on the days to come.
    fn forecast(&self, ready: &Readiness, rules: &Rules) -> Forecast<DAYS> {
        // As long as nobody gets ready, all days are alike.
        if ready.own[DAYS - 1] == ready.own[0] && ready.other[DAYS - 1] == ready.other[0] {
            let chances = self.chances(ready.own[0], ready.other[0], rules);
            let [own, other, own_seen_by_other, other_seen_by_other] = chances.map(Row::splat);
            return Forecast { own, other, own_seen_by_other, other_seen_by_other };
        }
        simd!({
            Forecast {
                own: Row::from_fn(|day| self.own_odds(ready, day, self.balance, rules)),
                other: Row::from_fn(|day| self.other_odds(ready, day, self.balance, rules)),
                own_seen_by_other: Row::from_fn(|day| self.own_odds(ready, day, self.imagined_balance, rules)),
                other_seen_by_other: Row::from_fn(|day| self.other_odds(ready, day, self.imagined_balance, rules)),
            }
        })
    }

    #[inline(always)]
    fn own_odds(&self, ready: &Readiness, day: usize, balance: f64, rules: &Rules) -> f64 {
        let (attack, resistance) = self.own_strike(ready.own[day], ready.other[day], balance, rules);
        rules.odds(attack, resistance)
    }

    #[inline(always)]
    fn other_odds(&self, ready: &Readiness, day: usize, balance: f64, rules: &Rules) -> f64 {
        let (attack, resistance) = self.other_strike(ready.own[day], ready.other[day], balance, rules);
        rules.odds(attack, resistance)
    }

    fn sides(&self, own_first: f64, other_first: f64) -> (Side, Side) {
        let side = |stakes: &SideStakes, first: f64, other_first: f64| Side {
            first,
            struck: 1.0 - other_first,
            prize: stakes.prize_if_seeker,
            prize_if_greedy: stakes.prize_if_greedy,
            peace: stakes.peace,
            prevention: stakes.prevention,
            cost: stakes.cost,
            loss_first: stakes.loss_first,
            loss_struck: stakes.loss_struck,
        };
        // The other knows no more of the observer than the observer of it: a seeker or greedy.
        (side(&self.own, own_first, other_first), side(&self.other, other_first, own_first))
    }

    /// Fear, chance that the other gives way, and chances of winning, with the best that either can do up to the last day.
    fn prospect(
        &self,
        seen_best: (f64, f64),
        last: (f64, f64),
        belief: f64,
        other_ready: f64,
        rules: &Rules,
    ) -> (Prospect, Fears, f64) {
        let (own, other) = self.sides(seen_best.0, seen_best.1);
        let fears = fears(&own, &other, belief, rules.levels, &rules.spreads);
        let calm = |side: &Side, extra: f64| {
            if rules.levels < 1.0 { 0.0 } else { chance_to_strike(side, belief, side.peace + extra, 0.0, &rules.spreads) }
        };
        let (other_satisfied, own_satisfied) = (calm(&other, self.other.gain), calm(&own, self.own.gain));
        let hope = if rules.concedes && self.principals {
            let choice = Choice {
                fear: fears.own_strikes,
                fear_if_satisfied: own_satisfied,
                loss: self.other.loss + rules.audience * other_ready,
                hope: 0.0,
            };
            chance_to_yield(&other, belief, &choice, rules.spreads.cost)
        } else {
            0.0
        };
        let prospect = Prospect { first: last.0, struck: 1.0 - last.1, fear: fears.other_strikes, hope };
        (prospect, fears, other_satisfied)
    }

    /// What the state expects on the days from `first_day` on.
    pub(super) fn outlook(&self, first_day: u16, ready: &Readiness, rules: &Rules) -> Outlook {
        let schedule = self.forecast(ready, rules);
        let evidence = rules.crisis.mobilisation_evidence * self.evidence_left * ready.other[HOLDS / 2];
        let belief = logistic(self.mistrust + evidence);
        let last = LOOK_AHEAD;
        let at = |row: &Row| row[0].max(row[last]);
        let seen_best = (at(&schedule.own_seen_by_other), at(&schedule.other_seen_by_other));
        let (mut waits, fears, fear_if_satisfied) =
            self.prospect(seen_best, (schedule.own[last], schedule.other[last]), belief, ready.other[last], rules);
        let timing = timing(&schedule, fears.other_strikes, fears.own_strikes, rules.timing_spread);
        waits.struck = timing.struck[0];
        let ordered = if ready.own_if_ordered > 0.0 {
            let [own, other, own_seen, other_seen] = self.chances(ready.own_if_ordered, ready.other[last], rules);
            let best = (schedule.own_seen_by_other[0].max(own_seen), schedule.other_seen_by_other[0].max(other_seen));
            self.prospect(best, (own, other), belief, ready.other[last], rules).0
        } else {
            waits
        };
        Outlook {
            first_day,
            first: schedule.own,
            own_today: timing.own,
            other_today: timing.other,
            struck: timing.struck,
            own_ready: ready.own,
            fear_if_satisfied,
            waits,
            ordered,
        }
    }

    /// The judgement of a state of this type on a day that the outlook covers.
    pub(super) fn appraise(&self, outlook: &Outlook, day: u16, own: &Type, rules: &Rules) -> Appraisal {
        let place = usize::from(day.saturating_sub(outlook.first_day)).min(DAYS - 1);
        let SideStakes { prize, prize_of_security, loss_first, loss_struck, prevention, gain, .. } = self.own;
        let cost = self.own.cost + own.cost;
        let peace = if own.fighting { self.own.peace - cost } else { self.own.peace };
        let (first, struck) = (outlook.first[place], outlook.struck[place]);
        let fear = screened(outlook.waits.fear, own.past);
        let attack = |p: f64| game::war(p, prize, cost) - loss_first;
        let defend = |p: f64| game::war(p, prize, cost) - loss_struck;

        // Strike or wait.
        let value_of_peace = peace + outlook.waits.hope * gain;
        let strike = attack(first) + prevention;
        let advantage = strike - ((1.0 - fear) * value_of_peace + fear * defend(struck));
        let motive = if strike <= value_of_peace {
            Motive::Preemption
        } else if strike - prevention <= value_of_peace {
            Motive::Prevention
        } else if game::war(first, prize_of_security, cost) - loss_first <= peace || prevention <= 0.0 {
            Motive::Predation
        } else {
            Motive::Prevention
        };
        let strikes = rules.strikes && advantage > 0.0 && outlook.own_today[place] > own.patience;

        // Mobilise or not: what waiting is worth with the order and without.
        let mobilises = if own.mobilised || !rules.strikes {
            None
        } else {
            let end = |fear: f64, hope: f64, p: &Prospect| {
                let calm = peace + hope * gain;
                (1.0 - fear) * calm.max(attack(p.first) + prevention) + fear * defend(p.struck)
            };
            let (waits, ordered) = (&outlook.waits, &outlook.ordered);
            let gained = end(screened(ordered.fear, own.past), ordered.hope, ordered) - end(fear, waits.hope, waits);
            let unafraid = end(0.0, ordered.hope, ordered) - end(0.0, waits.hope, waits);
            let not_coercing = end(0.0, waits.hope, ordered) - end(0.0, waits.hope, waits);
            let motive = if unafraid <= own.mobilisation {
                MobilisationMotive::Fear
            } else if not_coercing <= own.mobilisation {
                MobilisationMotive::Coercion
            } else {
                MobilisationMotive::Attack
            };
            (gained > own.mobilisation).then_some(motive)
        };

        let yields = rules.concedes && self.principals && !strikes && !own.fighting && {
            let choice = Choice {
                fear,
                fear_if_satisfied: outlook.fear_if_satisfied,
                loss: self.own.loss + rules.audience * outlook.own_ready[place],
                hope: outlook.waits.hope * gain,
            };
            cost > yielding_cost(struck, prize, loss_struck, peace, &choice)
        };
        let could = outlook.other_today[place];
        let past = if could > 0.5 { own.past.max(outlook.waits.fear * could) } else { own.past };
        Appraisal { fear, first, advantage, strikes: strikes.then_some(motive), mobilises, yields, past }
    }
}
