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
        if self.even { 0.5 } else { chance_of_winning(attack, resistance, self.decisiveness) }
    }

    /// Chance that the other wins by striking first once its strength relative to one's own has grown (E11).
    pub(crate) fn later(&self, assault: f64, relative_growth: f64, holding: f64) -> f64 {
        self.odds(self.first_strike * assault * relative_growth, holding)
    }

    /// Chance of a choice on a day.
    #[inline(always)]
    fn chance(&self, worth: f64) -> f64 {
        if self.strikes { chance_of_choosing(worth, self.noise) } else { 0.0 }
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

/// One state's view of a rival, whoever is ready: strengths with allies, stakes of both, suspicion.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct View {
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

/// What a state makes of it on a day.
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

/// Views that are appraised abreast.
pub(crate) const ABREAST: usize = 4;

type Row = Lanes<ABREAST>;

/// [`SideStakes`] abreast.
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
        self.peace[place] = side.peace;
        self.prize[place] = side.prize;
        self.prize_if_greedy[place] = side.prize_if_greedy;
        self.prize_of_security[place] = side.prize_of_security;
        self.cost[place] = side.cost;
        self.cost_if_struck[place] = side.cost_if_struck;
    }

    #[inline(always)]
    fn at(&self, first: &Row, struck: &Row) -> Stakes<ABREAST> {
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

/// Views abreast, how ready both sides of each are (0 not mobilised … 1 wholly), and what is made of that.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rank {
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
    stale: bool,
}

impl Rank {
    /// Puts a view in a place; nobody is ready yet.
    pub(crate) fn set(&mut self, place: usize, view: &View) {
        self.attack[place] = view.attack;
        self.resistance[place] = view.resistance;
        self.assault[place] = view.assault;
        self.holding[place] = view.holding;
        self.own.set(place, &view.own);
        self.other.set(place, &view.other);
        self.mistrust[place] = view.mistrust;
        self.evidence_left[place] = view.evidence_left;
        self.later[place] = view.later;
        self.stale = true;
    }

    /// Both sides of a view are this ready today.
    pub(crate) fn prepare(&mut self, place: usize, own_ready: f64, other_ready: f64) {
        if self.own_ready[place] != own_ready || self.other_ready[place] != other_ready {
            self.own_ready[place] = own_ready;
            self.other_ready[place] = other_ready;
            self.stale = true;
        }
    }

    /// What is made of a view since the last [`Rank::appraise`].
    pub(crate) fn appraisal(&self, place: usize) -> Appraisal {
        Appraisal {
            fear: self.fear[place],
            first: self.first[place],
            advantage: self.advantage[place],
            strikes: self.strikes[place],
            worth_unafraid: self.worth_unafraid[place],
            worth_not_looking_ahead: self.worth_not_looking_ahead[place],
            worth_wanting_nothing: self.worth_wanting_nothing[place],
            mobilises: self.mobilises[place],
        }
    }

    /// Sums the views up, if anything has moved.
    pub(crate) fn appraise(&mut self, rules: &Rules) {
        if !self.stale {
            return;
        }
        self.stale = false;
        // Few loops of many operations each: short ones over so few lanes are unrolled, and then only half of them are vectors.
        simd!({
            let [mut first, mut struck, mut ready_first, mut ready_struck] = [Row::splat(0.0); 4];
            for l in 0..ABREAST {
                let (own_ready, other_ready) = (self.own_ready[l], self.other_ready[l]);
                let (own_force, other_force) = (rules.force(own_ready), rules.force(other_ready));
                let lead = own_ready - other_ready;
                let (resistance, holding) = (self.resistance[l] * other_force, self.holding[l]);
                let (attack, assault) = (self.attack[l], self.assault[l]);
                first[l] = rules.odds(rules.surprise(lead) * attack * own_force, resistance);
                struck[l] = 1.0 - rules.odds(rules.surprise(-lead) * assault * other_force, holding * own_force);
                // Of use only while the order to mobilise is still to be given, when one's own force is the standing one.
                ready_first[l] = rules.odds(rules.surprise(1.0 - other_ready) * attack, resistance);
                ready_struck[l] = 1.0 - rules.odds(rules.surprise(other_ready - 1.0) * assault * other_force, holding);
            }
            let own = self.own.at(&first, &struck);
            let other = self.other.at(&Row::from_fn(|l| 1.0 - struck[l]), &Row::from_fn(|l| 1.0 - first[l]));

            let evidence = rules.mobilisation_evidence;
            let belief = Row::from_fn(|l| logistic(self.mistrust[l] + evidence * self.evidence_left[l] * self.other_ready[l]));
            let fear = fear(&own, &other, &belief, rules.levels, rules.noise);

            let [mut advantage, mut strikes, mut unafraid, mut mobilises] = [Row::splat(0.0); 4];
            let [mut worth_unafraid, mut modest] = [Row::splat(0.0); 2];
            for l in 0..ABREAST {
                let (peace, prize) = (own.peace[l], self.own.prize[l]);
                let closing = closing_window(rules.discount, 1.0 - first[l], self.later[l], rules.war_cost);
                let closing_worth = felt_share(belief[l], rules.anarchy) * prize * not_negative(closing);
                let closing_worth = if rules.looks_ahead { closing_worth } else { 0.0 };
                advantage[l] = strike_advantage(peace, own.strike[l], own.struck[l], fear[l]);
                unafraid[l] = strike_advantage(peace, own.strike[l], own.struck[l], 0.0);
                worth_unafraid[l] = unafraid[l] + closing_worth;
                modest[l] = game::war(first[l], self.own.prize_of_security[l], self.own.cost[l]) - peace;
                let safer = fear[l] * (ready_struck[l] - struck[l]) * prize;
                let now = if own.strike[l] > peace { own.strike[l] } else { peace };
                let stronger = game::war(ready_first[l], prize, self.own.cost[l]) - now;
                strikes[l] = rules.chance(advantage[l] + closing_worth);
                mobilises[l] = rules.chance(safer + (1.0 - fear[l]) * not_negative(stronger) - rules.mobilisation_cost);
            }
            self.fear = fear;
            self.first = first;
            self.advantage = advantage;
            self.strikes = strikes;
            self.worth_unafraid = worth_unafraid;
            self.worth_not_looking_ahead = unafraid;
            self.worth_wanting_nothing = modest;
            self.mobilises = mobilises;
        });
    }
}
