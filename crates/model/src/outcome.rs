//! What a history leaves behind: one [`Outcome`], its [`Event`]s, and the values of each tick.
//!
//! The entries of [`Outcome`] and [`Event`] are the columns of the tables `outcomes` and `events`. A new outcome is one entry here and
//! its computation in `record.rs`; to estimate it, add one line to the measures of the crate `analysis`.

use serde::{Deserialize, Serialize};

use crate::table_row;
use crate::table_row::{Count, StateCode, TableRow, named};
pub use crate::table_row::{Failure, NOBODY};

named! {
    /// Why a war began.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[repr(u8)]
    pub enum Motive {
        /// The state would not have struck without its fear of being struck.
        Preemption = "preemption",
        /// The state would not have struck if its window of opportunity had not been closing.
        Prevention = "prevention",
        /// What the state could win was enough, without fear and without a closing window: by greed, a claim, hostility or relief from a
        /// threat.
        Predation = "predation",
        /// No state decided it: an accident while both sides of the crisis were mobilised.
        Accident = "accident",
    }
}

named! {
    /// Why a state mobilised.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[repr(u8)]
    pub enum MobilisationMotive {
        /// It would not have mobilised without its fear of being struck.
        Fear = "fear",
        /// It would not have mobilised if that had not made the other likelier to give way.
        Coercion = "coercion",
        /// It mobilised to attack.
        Attack = "attack",
        /// It stood by an ally.
        Ally = "ally",
    }
}

named! {
    /// How a history ended.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[repr(u8)]
    pub enum Ended {
        /// It reached its last date.
        Horizon = "horizon",
        /// It ended with a war, as the scenario asks.
        War = "war",
        /// It failed numerically: a number stopped being finite, and the column `failure` says which.
        Failure = "failure",
    }
}

table_row! {
    /// One history in one row. Dates are decimal years; `None` where it did not happen.
    #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
    pub struct Outcome {
        /// Number of the history, from 0.
        history: u32 as Count = 0, "";
        /// True where there was no crisis and no state changed its military burden by 5 % of itself or more.
        inert: bool = false, "";
        /// Number of crises.
        crises: u32 = 0, "count";
        /// Number of crises between two great powers.
        great_power_crises: u32 = 0, "count", after ended;
        /// Number of wars that began.
        wars: u32 = 0, "count";
        derived {
            /// True where at least one war began.
            war: bool = |outcome| outcome.first_war_date.is_some(), "";
        }
        /// Date at which the first war began; empty where there was no war.
        first_war_date: Option<f64> = None, "year";
        derived {
            /// True where there was a general war, which is a war with at least three great powers.
            general_war: bool = |outcome| outcome.general_war_date.is_some(), "";
        }
        /// Date at which a third great power first entered a war; empty where none did.
        general_war_date: Option<f64> = None, "year";
        /// Why the first war began: preemption, prevention, predation or accident; empty where there was no war.
        motive: Option<Motive> = None, "";
        /// State that struck first in the first war; empty where there was no war.
        initiator: u32 as StateCode = NOBODY, "";
        /// State that was struck first in the first war; empty where there was no war.
        target: u32 as StateCode = NOBODY, "";
        /// Number of states at war 30 days after the first war began; empty where there was no war.
        belligerents_30d: u8 = 0, "count", if |outcome| outcome.first_war_date.is_some();
        /// Number of great powers at war 30 days after the first war began; empty where there was no war.
        great_powers_30d: u8 = 0, "count", if |outcome| outcome.first_war_date.is_some();
        /// Days from the start of the crisis to the first strike of the first war; empty where there was no war.
        days_crisis_to_war: Option<f64> = None, "days";
        /// Days from the start of the crisis to the entry of the third great power, in the first general war; empty where there was
        /// none.
        days_crisis_to_general_war: Option<f64> = None, "days", after ended;
        /// Largest military burden of any state before the first war, as a share of its output.
        peak_burden: f64 = 0.0, "share";
        /// Mean growth rate of the arms of all states together, before the first war.
        arms_growth: f64 = 0.0, "1/year";
        /// Mean growth rate of the arms of all states together minus the growth rate of their output, before the first war.
        spiral_rate: f64 = 0.0, "1/year";
        /// Number of times that an ally was drawn into a war that it did not begin.
        entrapments: u32 = 0, "count";
        /// Number of times that an ally with a commitment stayed out of a war.
        abandonments: u32 = 0, "count";
        /// Number of crises in which an ally let its commitment lapse and no war came.
        passed: u32 = 0, "count", after ended;
        /// Years in which a crisis between two great powers was possible, added over all pairs of great powers.
        great_power_dyad_years: f64 = 0.0, "years", after ended;
        /// Years of war, added over all wars.
        war_years: f64 = 0.0, "years", after ended;
        /// How the history ended: horizon (at its last date), war (the scenario stops at a war) or failure (it failed numerically).
        ended: Ended = Ended::Horizon, "";
        /// Date at which the history ended; an event that had not happened by then is censored at this date.
        end_date: f64 = 0.0, "year";
        /// Which number stopped being finite, of which state and at which tick; empty where the history did not fail.
        failure: Option<Failure> = None, "";
        /// Number of states that were conquered.
        conquests: u32 = 0, "count";
        /// Concentration of output at the end: the sum of the squared shares of the states (Herfindahl index), from 1/n to 1.
        concentration: f64 = 0.0, "share";
    }
}

impl Outcome {
    /// The row of a history that begins on a date and in which nothing has happened yet.
    #[must_use]
    pub const fn unwritten(history: u32, start: f64) -> Self {
        Self { history, end_date: start, ..Self::BLANK }
    }
}

named! {
    /// What an [`Event`] is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[repr(u8)]
    pub enum EventKind {
        /// A crisis began between actor and target.
        Crisis = "crisis",
        /// A crisis began between actor and target because of a false alarm.
        FalseAlarm = "false-alarm",
        /// The actor began to mobilise against the target.
        Mobilisation = "mobilisation",
        /// The actor used force against the target, short of war.
        Clash = "clash",
        /// The actor struck the target first.
        Strike = "strike",
        /// The actor joined the war on the target's side.
        Joining = "joining",
        /// The actor, which had a commitment to the target, stayed out of the war.
        Abandonment = "abandonment",
        /// The actor conceded to the target.
        Concession = "concession",
        /// The crisis between actor and target was settled without a concession.
        Settlement = "settlement",
        /// The actor's side won the war against the target's side.
        Victory = "victory",
        /// The war between actor and target ended without a winner.
        Stalemate = "stalemate",
        /// The actor took a part of the target's land.
        Annexation = "annexation",
        /// The actor conquered the target, which ceased to exist.
        Conquest = "conquest",
        /// Actor and target became allies against a common threat.
        Alliance = "alliance",
        /// The alliance of actor and target ended.
        Lapse = "lapse",
        /// Actor and target agreed to freeze their offensive arms.
        Treaty = "treaty",
        /// The actor was caught breaking its treaty with the target, which ends the treaty.
        Breach = "breach",
    }
}

table_row! {
    /// Something that happened, with the values behind it.
    #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
    pub struct Event {
        /// Number of the history in which it happened, from 0.
        history: u32 as Count = 0, "";
        /// Number of the crisis in its history, from 1; what follows from a crisis has its number, and what belongs to no crisis has 0.
        crisis: u32 = 0, "";
        /// Date at which it happened.
        date: f64 = 0.0, "year";
        /// Days since the crisis began.
        day: u16 = 0, "days";
        /// What happened: crisis, false-alarm, mobilisation, clash, strike, joining, abandonment, concession, settlement, victory, stalemate,
        /// annexation, conquest, alliance, lapse, treaty or breach.
        kind: EventKind = EventKind::Crisis, "";
        /// State that acted.
        actor: u32 as StateCode = NOBODY, "";
        /// State to which the event was directed.
        target: u32 as StateCode = NOBODY, "";
        /// Probability of being struck, as the actor judged it; where it helps another, the probability without its help that its side
        /// wins, or that the state that it helps loses; for an alliance, the commitment; for a treaty, the share of offensive arms that
        /// it leaves; for a breach, the probability of being caught.
        fear: f64 = 0.0, "share";
        /// Probability of winning with a first strike, as the actor judged it; where it helps another, the probability of `fear` with its
        /// help.
        first_strike_win: f64 = 0.0, "share";
        /// Value of striking minus value of waiting, as the actor judged them, in shares of the value that it gives itself; where it helps
        /// another, the value of that minus the value of staying out.
        strike_advantage: f64 = 0.0, "share";
        /// Why the actor struck: preemption, prevention, predation or accident; empty where it did not strike.
        motive: Option<Motive> = None, "";
        /// Why the actor mobilised: fear, coercion, attack or ally; empty where it did not mobilise.
        mobilisation_motive: Option<MobilisationMotive> = None, "";
    }
}

/// Metrics recorded for each state and tick.
pub const STATE_METRICS: [&str; 7] = ["arms", "burden", "offensive_share", "threat", "mistrust", "perceived_balance", "warheads"];

/// Metrics recorded for the system and tick (`hazard` is the share of histories at risk whose first war begins in the year
/// that follows, and is made from outcomes).
pub const SYSTEM_METRICS: [&str; 3] = ["arms_total", "stag_hunt_share", "prisoners_dilemma_share"];
