//! How one state sees one rival on a day of a crisis: the mechanisms E2 and E7 to E11 put together.

use spiral_kernel::Lanes;
use spiral_kernel::maths::{logistic, powf};
use spiral_kernel::simd;

use crate::mechanisms::contest::chance_of_winning;
use crate::mechanisms::prevention::closing_window;
use crate::mechanisms::reciprocal_fear::{Stakes, fear};
use crate::mechanisms::strike::{chance_of_choosing, strike_advantage};
use crate::mechanisms::threat::felt_share;
use crate::mechanisms::{Parameters, Switches, game};
use crate::outcome::Motive;

/// What is common to all appraisals of a tick.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    decisiveness: f64,
    first_strike: f64,
    readiness: f64,
    standing_share: f64,
    mobilisation_evidence: f64,
    mobilisation_cost: f64,
    noise: f64,
    levels: f64,
    anarchy: f64,
    discount: f64,
    looks_ahead: bool,
    even: bool,
    strikes: bool,
    war_cost: f64,
}

impl Rules {
    pub(crate) fn new(parameters: &Parameters, switches: &Switches) -> Self {
        let prevention = parameters.prevention;
        Self {
            decisiveness: parameters.contest.decisiveness,
            first_strike: parameters.technology.in_force(switches).first_strike,
            readiness: parameters.crisis.readiness,
            standing_share: parameters.crisis.standing_share,
            mobilisation_evidence: parameters.crisis.mobilisation_evidence,
            mobilisation_cost: parameters.crisis.mobilisation_cost,
            noise: parameters.strike.noise,
            levels: if switches.reciprocal_fear { parameters.reciprocal_fear.levels } else { 0.0 },
            anarchy: parameters.threat.anarchy,
            discount: powf(prevention.discount, prevention.horizon),
            looks_ahead: switches.prevention && prevention.horizon > 0.0,
            even: !switches.contest,
            strikes: switches.strike && switches.war,
            war_cost: parameters.game.war_cost,
        }
    }

    /// Share of force that fights at a readiness in 0..1.
    #[inline(always)]
    fn force(&self, readiness: f64) -> f64 {
        self.standing_share + (1.0 - self.standing_share) * readiness
    }

    #[inline(always)]
    fn odds(&self, attack: f64, resistance: f64) -> f64 {
        // Worked out whether it counts or not: a choice between two numbers vectorises, a branch does not.
        let chance = chance_of_winning(attack, resistance, self.decisiveness);
        if self.even { 0.5 } else { chance }
    }

    /// Chance that the other wins by striking first once its strength relative to one's own has grown (E11).
    pub(crate) fn later(&self, assault: f64, relative_growth: f64, holding: f64) -> f64 {
        self.odds(self.first_strike * assault * relative_growth, holding)
    }

    /// Chance of a choice on a day.
    #[inline(always)]
    fn chance(&self, worth: f64) -> f64 {
        let chance = chance_of_choosing(worth, self.noise);
        if self.strikes { chance } else { 0.0 }
    }

    /// First-strike factor for a side that is ahead in mobilisation by `lead`.
    #[inline(always)]
    fn surprise(&self, lead: f64) -> f64 {
        self.first_strike * (1.0 + self.readiness * not_negative(lead))
    }
}

#[inline(always)]
fn not_negative(value: f64) -> f64 {
    if value > 0.0 { value } else { 0.0 }
}

/// What one side has at stake, whoever is ready.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SideStakes {
    pub(crate) peace: f64,
    pub(crate) prize: f64,
    pub(crate) prize_if_greedy: f64,
    pub(crate) prize_of_security: f64,
    /// Cost of a war that it begins, and of one in which it is struck first: they differ by what warheads do (E12).
    pub(crate) cost: f64,
    pub(crate) cost_if_struck: f64,
}

/// How one state perceives a rival, whoever is ready: strengths with allies, stakes of both, suspicion.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Perception {
    /// Strength in attack and what resists it; the other's in attack and what holds (E2), without first-strike factors.
    pub(crate) attack: f64,
    pub(crate) resistance: f64,
    pub(crate) assault: f64,
    pub(crate) holding: f64,
    pub(crate) own: SideStakes,
    pub(crate) other: SideStakes,
    /// Log-odds that the other is greedy.
    pub(crate) mistrust: f64,
    /// Share of the evidence of a mobilisation that monitoring, open skies and notice leave, 0..1.
    pub(crate) evidence_left: f64,
    /// Chance that the other, grown as it does, wins by striking first some years ahead (E11).
    pub(crate) later: f64,
}

/// The judgement of a state on one day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Appraisal {
    /// Fear of being struck, π.
    pub(crate) fear: f64,
    /// Chance of winning by a first strike, p^F.
    pub(crate) first: f64,
    /// U_F − U_wait.
    pub(crate) advantage: f64,
    /// Chance to strike on the day.
    pub(crate) strikes: f64,
    /// What striking is worth if it does not fear being struck; if in addition it does not look ahead; if in addition it wants
    /// nothing.
    worth_unafraid: f64,
    worth_not_looking_ahead: f64,
    worth_wanting_nothing: f64,
    /// Chance to mobilise on the day.
    pub(crate) mobilises: f64,
}

impl Appraisal {
    /// Why a state whose draw was `u` struck, if it did. But-for tests in the order of the motives.
    pub(crate) fn motive(&self, u: f64, rules: &Rules) -> Option<Motive> {
        if u >= self.strikes {
            None
        } else if u >= rules.chance(self.worth_unafraid) {
            Some(Motive::Preemption)
        } else if u >= rules.chance(self.worth_not_looking_ahead) {
            Some(Motive::Prevention)
        } else if u >= rules.chance(self.worth_wanting_nothing) {
            Some(Motive::Predation)
        } else {
            Some(Motive::Accident)
        }
    }
}

/// Perceptions that are appraised together, in lanes.
pub(crate) const ABREAST: usize = 4;

/// Days that are appraised at once while a side is mobilising: how ready both sides will be is known unless somebody acts.
pub(crate) const DAYS: usize = 4;

/// The perceptions of one day, then those of the next.
const LANES: usize = ABREAST * DAYS;

type Row = Lanes<LANES>;

/// What is the same on every day.
fn set(row: &mut Row, place: usize, value: f64) {
    for day in 0..DAYS {
        row[day * ABREAST + place] = value;
    }
}

/// [`SideStakes`] of several perceptions in lanes.
#[derive(Debug, Clone, Default)]
struct Sides {
    peace: Row,
    prize: Row,
    prize_if_greedy: Row,
    prize_of_security: Row,
    cost: Row,
    cost_if_struck: Row,
}

impl Sides {
    fn set(&mut self, place: usize, side: &SideStakes) {
        set(&mut self.peace, place, side.peace);
        set(&mut self.prize, place, side.prize);
        set(&mut self.prize_if_greedy, place, side.prize_if_greedy);
        set(&mut self.prize_of_security, place, side.prize_of_security);
        set(&mut self.cost, place, side.cost);
        set(&mut self.cost_if_struck, place, side.cost_if_struck);
    }

    #[inline(always)]
    fn at(&self, first: &Row, struck: &Row) -> Stakes<LANES> {
        Stakes {
            peace: self.peace,
            strike: Lanes::from_fn(
                #[inline(always)]
                |l| game::war(first[l], self.prize[l], self.cost[l]),
            ),
            struck: Lanes::from_fn(
                #[inline(always)]
                |l| game::war(struck[l], self.prize[l], self.cost_if_struck[l]),
            ),
            greedy_strike: Lanes::from_fn(
                #[inline(always)]
                |l| game::war(first[l], self.prize_if_greedy[l], self.cost[l]),
            ),
        }
    }
}

/// Several perceptions in lanes, how ready both sides of each are (0 not mobilised, 1 fully), and the judgements that follow.
#[derive(Debug, Clone, Default)]
pub(crate) struct AppraisalBatch {
    own_ready: Row,
    other_ready: Row,
    attack: Row,
    resistance: Row,
    assault: Row,
    holding: Row,
    own: Sides,
    other: Sides,
    mistrust: Row,
    evidence_left: Row,
    later: Row,
    fear: Row,
    first: Row,
    advantage: Row,
    strikes: Row,
    worth_unafraid: Row,
    worth_not_looking_ahead: Row,
    worth_wanting_nothing: Row,
    mobilises: Row,
    /// Day of the first lanes.
    first_day: u16,
    stale: bool,
}

impl AppraisalBatch {
    /// Puts a perception in a place; nobody is ready yet.
    pub(crate) fn set(&mut self, place: usize, perception: &Perception) {
        set(&mut self.attack, place, perception.attack);
        set(&mut self.resistance, place, perception.resistance);
        set(&mut self.assault, place, perception.assault);
        set(&mut self.holding, place, perception.holding);
        self.own.set(place, &perception.own);
        self.other.set(place, &perception.other);
        set(&mut self.mistrust, place, perception.mistrust);
        set(&mut self.evidence_left, place, perception.evidence_left);
        set(&mut self.later, place, perception.later);
        set(&mut self.own_ready, place, 0.0);
        set(&mut self.other_ready, place, 0.0);
        self.stale = true;
    }

    /// Lanes of a day. The last ones stand for later days too, as long as nobody is readier then.
    fn lanes_of(&self, day: u16) -> usize {
        usize::from(day.saturating_sub(self.first_day)).min(DAYS - 1) * ABREAST
    }

    /// Whether the judgement of a perception still holds on a day on which both sides are this ready.
    pub(crate) fn is_current(&self, place: usize, day: u16, own_ready: f64, other_ready: f64) -> bool {
        let lane = self.lanes_of(day) + place;
        !self.stale && self.own_ready[lane] == own_ready && self.other_ready[lane] == other_ready
    }

    /// Something has changed: the perceptions must be appraised anew.
    pub(crate) fn mark_stale(&mut self) {
        self.stale = true;
    }

    /// Whether the perceptions must be appraised anew.
    pub(crate) fn is_stale(&self) -> bool {
        self.stale
    }

    /// Nobody is ready: clears what earlier perceptions have left in places that no new one takes.
    pub(crate) fn clear(&mut self) {
        self.own_ready = Row::splat(0.0);
        self.other_ready = Row::splat(0.0);
    }

    /// Both sides of a perception will be this ready on the days from `first_day` on, if nobody acts before.
    pub(crate) fn prepare(&mut self, place: usize, first_day: u16, own_ready: [f64; DAYS], other_ready: [f64; DAYS]) {
        for day in 0..DAYS {
            self.own_ready[day * ABREAST + place] = own_ready[day];
            self.other_ready[day * ABREAST + place] = other_ready[day];
        }
        self.first_day = first_day;
        self.stale = true;
    }

    /// The judgement of a perception on a day since the last [`AppraisalBatch::appraise`].
    pub(crate) fn appraisal(&self, place: usize, day: u16) -> Appraisal {
        let lane = self.lanes_of(day) + place;
        Appraisal {
            fear: self.fear[lane],
            first: self.first[lane],
            advantage: self.advantage[lane],
            strikes: self.strikes[lane],
            worth_unafraid: self.worth_unafraid[lane],
            worth_not_looking_ahead: self.worth_not_looking_ahead[lane],
            worth_wanting_nothing: self.worth_wanting_nothing[lane],
            mobilises: self.mobilises[lane],
        }
    }

    /// Appraises the perceptions, if anything has changed.
    pub(crate) fn appraise(&mut self, rules: &Rules) {
        if !self.stale {
            return;
        }
        self.stale = false;
        // One small loop for each result: large ones over several results are not vectorised.
        simd!({
            let first = Row::from_fn(|l| {
                let (own, other) = (self.own_ready[l], self.other_ready[l]);
                let attack = rules.surprise(own - other) * self.attack[l] * rules.force(own);
                rules.odds(attack, self.resistance[l] * rules.force(other))
            });
            let struck = Row::from_fn(|l| {
                let (own, other) = (self.own_ready[l], self.other_ready[l]);
                let assault = rules.surprise(-(own - other)) * self.assault[l] * rules.force(other);
                1.0 - rules.odds(assault, self.holding[l] * rules.force(own))
            });
            // Of use only while the order to mobilise is still to be given, when one's own force is the standing one.
            let ready_first = Row::from_fn(|l| {
                let other = self.other_ready[l];
                rules.odds(rules.surprise(1.0 - other) * self.attack[l], self.resistance[l] * rules.force(other))
            });
            let ready_struck = Row::from_fn(|l| {
                let other = self.other_ready[l];
                1.0 - rules.odds(rules.surprise(other - 1.0) * self.assault[l] * rules.force(other), self.holding[l])
            });
            let own = self.own.at(&first, &struck);
            let other = self.other.at(&Row::from_fn(|l| 1.0 - struck[l]), &Row::from_fn(|l| 1.0 - first[l]));

            let evidence = rules.mobilisation_evidence;
            let belief = Row::from_fn(|l| logistic(self.mistrust[l] + evidence * self.evidence_left[l] * self.other_ready[l]));
            let fear = fear(&own, &other, &belief, rules.levels, rules.noise);

            let closing_worth = Row::from_fn(|l| {
                let closing = closing_window(rules.discount, 1.0 - first[l], self.later[l], rules.war_cost);
                let worth = felt_share(belief[l], rules.anarchy) * self.own.prize[l] * not_negative(closing);
                if rules.looks_ahead { worth } else { 0.0 }
            });
            let advantage = Row::from_fn(|l| strike_advantage(own.peace[l], own.strike[l], own.struck[l], fear[l]));
            let unafraid = Row::from_fn(|l| strike_advantage(own.peace[l], own.strike[l], own.struck[l], 0.0));
            let mobilises = Row::from_fn(|l| {
                let (peace, prize) = (own.peace[l], self.own.prize[l]);
                let safer = fear[l] * (ready_struck[l] - struck[l]) * prize;
                let now = if own.strike[l] > peace { own.strike[l] } else { peace };
                let stronger = game::war(ready_first[l], prize, self.own.cost[l]) - now;
                rules.chance(safer + (1.0 - fear[l]) * not_negative(stronger) - rules.mobilisation_cost)
            });
            let strikes = Row::from_fn(|l| rules.chance(advantage[l] + closing_worth[l]));
            let modest = Row::from_fn(|l| game::war(first[l], self.own.prize_of_security[l], self.own.cost[l]) - own.peace[l]);
            self.worth_unafraid = Row::from_fn(|l| unafraid[l] + closing_worth[l]);
            self.fear = fear;
            self.first = first;
            self.advantage = advantage;
            self.strikes = strikes;
            self.worth_not_looking_ahead = unafraid;
            self.worth_wanting_nothing = modest;
            self.mobilises = mobilises;
        });
    }
}
