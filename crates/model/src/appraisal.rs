//! How one state sees one rival on a day of a crisis: the mechanisms E2 and E7 to E11 put together.

use spiral_kernel::maths::{logistic, powf};

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
    fn force(&self, readiness: f64) -> f64 {
        self.standing_share + (1.0 - self.standing_share) * readiness
    }

    fn odds(&self, attack: f64, resistance: f64) -> f64 {
        if self.even { 0.5 } else { chance_of_winning(attack, resistance, self.decisiveness) }
    }

    /// First-strike factor for a side that is ahead in mobilisation by `lead`.
    fn surprise(&self, lead: f64) -> f64 {
        self.first_strike * (1.0 + self.readiness * lead.max(0.0))
    }
}

/// What one side has at stake, whoever is ready.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SideStakes {
    pub(crate) peace: f64,
    pub(crate) prize: f64,
    pub(crate) prize_if_greedy: f64,
    pub(crate) prize_of_security: f64,
    pub(crate) cost: f64,
}

impl SideStakes {
    fn at(&self, first: f64, struck: f64) -> Stakes {
        Stakes {
            peace: self.peace,
            strike: game::war(first, self.prize, self.cost),
            struck: game::war(struck, self.prize, self.cost),
            greedy_strike: game::war(first, self.prize_if_greedy, self.cost),
        }
    }
}

/// One state's view of a rival, whoever is ready: strengths with allies, stakes of both, suspicion.
#[derive(Debug, Clone, Copy)]
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
    /// Monitoring, 0..1.
    pub(crate) monitoring: f64,
    /// What the years ahead multiply the other's relative strength by (E11).
    pub(crate) relative_growth: f64,
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
    /// The same if it did not fear being struck; if in addition it did not look ahead; if in addition it wanted nothing.
    pub(crate) strikes_unafraid: f64,
    pub(crate) strikes_not_looking_ahead: f64,
    pub(crate) strikes_wanting_nothing: f64,
    /// Chance to mobilise on the day.
    pub(crate) mobilises: f64,
}

impl Appraisal {
    /// Why a state whose draw was `u` struck, if it did. But-for tests in the order of the motives.
    pub(crate) fn motive(&self, u: f64) -> Option<Motive> {
        if u >= self.strikes {
            None
        } else if u >= self.strikes_unafraid {
            Some(Motive::Preemption)
        } else if u >= self.strikes_not_looking_ahead {
            Some(Motive::Prevention)
        } else if u >= self.strikes_wanting_nothing {
            Some(Motive::Predation)
        } else {
            Some(Motive::Accident)
        }
    }
}

/// Sums a view up, given how ready both sides are (0 not mobilised … 1 wholly).
pub(crate) fn appraise(view: &View, own_ready: f64, other_ready: f64, rules: &Rules) -> Appraisal {
    let (own_force, other_force) = (rules.force(own_ready), rules.force(other_ready));
    let lead = own_ready - other_ready;
    let first = rules.odds(rules.surprise(lead) * view.attack * own_force, view.resistance * other_force);
    let struck = 1.0 - rules.odds(rules.surprise(-lead) * view.assault * other_force, view.holding * own_force);
    let own = view.own.at(first, struck);
    let other = view.other.at(1.0 - struck, 1.0 - first);

    let belief = logistic(view.mistrust + rules.mobilisation_evidence * (1.0 - view.monitoring) * other_ready);
    let fear = fear(&own, &other, belief, rules.levels, rules.noise);

    let mut closing_worth = 0.0;
    if rules.looks_ahead {
        let later = rules.odds(rules.first_strike * view.assault * view.relative_growth, view.holding);
        let closing = closing_window(rules.discount, 1.0 - first, later, rules.war_cost);
        closing_worth = felt_share(belief, rules.anarchy) * view.own.prize * closing.max(0.0);
    }

    let advantage = strike_advantage(own.peace, own.strike, own.struck, fear);
    let unafraid = strike_advantage(own.peace, own.strike, own.struck, 0.0);
    let modest = game::war(first, view.own.prize_of_security, view.own.cost) - own.peace;
    let chance = |worth: f64| if rules.strikes { chance_of_choosing(worth, rules.noise) } else { 0.0 };

    let mut mobilises = 0.0;
    if own_ready == 0.0 && rules.strikes {
        let ready_first = rules.odds(rules.surprise(1.0 - other_ready) * view.attack, view.resistance * other_force);
        let ready_struck = 1.0 - rules.odds(rules.surprise(other_ready - 1.0) * view.assault * other_force, view.holding);
        let safer = fear * (ready_struck - struck) * view.own.prize;
        let stronger = game::war(ready_first, view.own.prize, view.own.cost) - own.peace.max(own.strike);
        mobilises = chance_of_choosing(safer + (1.0 - fear) * stronger.max(0.0) - rules.mobilisation_cost, rules.noise);
    }

    Appraisal {
        fear,
        first,
        advantage,
        strikes: chance(advantage + closing_worth),
        strikes_unafraid: chance(unafraid + closing_worth),
        strikes_not_looking_ahead: chance(unafraid),
        strikes_wanting_nothing: chance(modest),
        mobilises,
    }
}
