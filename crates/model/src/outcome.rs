//! What a history leaves behind: one [`Outcome`], its [`Event`]s, and the values of each tick.

use serde::{Deserialize, Serialize};

/// No state.
pub const NOBODY: u32 = u32::MAX;

/// Why a war began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Motive {
    /// Would not have struck but for the fear of being struck.
    Preemption,
    /// Would not have struck but for a closing window.
    Prevention,
    /// Would not have struck but for greed or a claim.
    Predation,
    /// Noise: would have struck, or the alarm was false, whatever it feared or wanted.
    Accident,
}

impl Motive {
    /// Every motive, in order.
    pub const ALL: [Self; 4] = [Self::Preemption, Self::Prevention, Self::Predation, Self::Accident];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Preemption => "preemption",
            Self::Prevention => "prevention",
            Self::Predation => "predation",
            Self::Accident => "accident",
        }
    }
}

/// How a history ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Ended {
    /// It reached the last date.
    Horizon,
    /// With a war, as the scenario asks.
    War,
    /// A number blew up; [`Outcome::failure`] says which.
    Failure,
}

impl Ended {
    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Horizon => "horizon",
            Self::War => "war",
            Self::Failure => "failure",
        }
    }
}

/// Where a number stopped being finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Position in [`crate::audit::QUANTITIES`].
    pub quantity: u16,
    /// State that held it, or the state that a dyad starts from.
    pub state: u32,
    /// Tick in which it was found.
    pub tick: u32,
}

/// One history in one row. Dates are decimal years; `None` where it did not happen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Number of the history.
    pub history: u32,
    /// No crisis, and no state's burden moved by a twentieth of itself.
    pub inert: bool,
    /// Crises.
    pub crises: u32,
    /// Crises in which both principals are great powers.
    pub great_power_crises: u32,
    /// Wars begun.
    pub wars: u32,
    /// When the first war began.
    pub first_war_date: Option<f64>,
    /// When a third great power entered one war.
    pub general_war_date: Option<f64>,
    /// Why the first war began.
    pub motive: Option<Motive>,
    /// Who struck first in the first war, or [`NOBODY`].
    pub initiator: u32,
    /// Whom it struck, or [`NOBODY`].
    pub target: u32,
    /// States at war thirty days after the first war began.
    pub belligerents_30d: u8,
    /// Great powers among them.
    pub great_powers_30d: u8,
    /// Days from the crisis to the first strike of the first war.
    pub days_crisis_to_war: Option<f64>,
    /// Days from the crisis to the entry of the third great power, of the first general war.
    pub days_crisis_to_general_war: Option<f64>,
    /// Largest burden of any state before the first war, share of output.
    pub peak_burden: f64,
    /// Mean growth of all arms before the first war, per year.
    pub arms_growth: f64,
    /// Mean growth of all arms beyond that of all output before the first war, per year.
    pub spiral_rate: f64,
    /// Allies drawn into a war that they did not begin.
    pub entrapments: u32,
    /// Allies that stayed out.
    pub abandonments: u32,
    /// Crises in which allies let a commitment lapse and no war came.
    pub passed: u32,
    /// Dyad-years at risk of a crisis: great powers only.
    pub great_power_dyad_years: f64,
    /// Years with a war under way, added over wars.
    pub war_years: f64,
    /// How it ended.
    pub ended: Ended,
    /// When it ended: the date at which it is censored where nothing happened.
    pub end_date: f64,
    /// What blew up.
    pub failure: Option<Failure>,
    /// States conquered.
    pub conquests: u32,
    /// Concentration of output at the end: the sum of the squares of the states' shares (Herfindahl), from 1/n to 1.
    pub concentration: f64,
}

impl Outcome {
    /// The row of a history that begins on a date and in which nothing has happened yet.
    #[must_use]
    pub const fn unwritten(history: u32, start: f64) -> Self {
        Self {
            history,
            inert: false,
            crises: 0,
            great_power_crises: 0,
            wars: 0,
            first_war_date: None,
            general_war_date: None,
            motive: None,
            initiator: NOBODY,
            target: NOBODY,
            belligerents_30d: 0,
            great_powers_30d: 0,
            days_crisis_to_war: None,
            days_crisis_to_general_war: None,
            peak_burden: 0.0,
            arms_growth: 0.0,
            spiral_rate: 0.0,
            entrapments: 0,
            abandonments: 0,
            passed: 0,
            great_power_dyad_years: 0.0,
            war_years: 0.0,
            ended: Ended::Horizon,
            end_date: start,
            failure: None,
            conquests: 0,
            concentration: 0.0,
        }
    }
}

/// What an [`Event`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum EventKind {
    /// A crisis broke out between actor and target.
    Crisis,
    /// It broke out by a false alarm.
    FalseAlarm,
    /// The actor began to mobilise against the target.
    Mobilisation,
    /// The actor struck the target first.
    Strike,
    /// The actor joined the war on the target's side.
    Joining,
    /// The actor, committed to the target, stayed out.
    Abandonment,
    /// The actor conceded to the target.
    Concession,
    /// The crisis was settled, nobody conceding.
    Settlement,
    /// The actor's side won the war against the target's.
    Victory,
    /// The war between actor and target ended undecided.
    Stalemate,
    /// The actor took a part of the target's land.
    Annexation,
    /// The actor conquered the target, which is no more.
    Conquest,
    /// Actor and target became allies against a threat that they share.
    Alliance,
    /// Their alliance lapsed.
    Lapse,
    /// Actor and target agreed to freeze their offences.
    Treaty,
    /// The actor was found in breach of what it had promised the target, which ends their treaty.
    Breach,
}

impl EventKind {
    /// Every kind, in order.
    pub const ALL: [Self; 16] = [
        Self::Crisis,
        Self::FalseAlarm,
        Self::Mobilisation,
        Self::Strike,
        Self::Joining,
        Self::Abandonment,
        Self::Concession,
        Self::Settlement,
        Self::Victory,
        Self::Stalemate,
        Self::Annexation,
        Self::Conquest,
        Self::Alliance,
        Self::Lapse,
        Self::Treaty,
        Self::Breach,
    ];

    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crisis => "crisis",
            Self::FalseAlarm => "false-alarm",
            Self::Mobilisation => "mobilisation",
            Self::Strike => "strike",
            Self::Joining => "joining",
            Self::Abandonment => "abandonment",
            Self::Concession => "concession",
            Self::Settlement => "settlement",
            Self::Victory => "victory",
            Self::Stalemate => "stalemate",
            Self::Annexation => "annexation",
            Self::Conquest => "conquest",
            Self::Alliance => "alliance",
            Self::Lapse => "lapse",
            Self::Treaty => "treaty",
            Self::Breach => "breach",
        }
    }
}

/// Something that happened, with the values behind it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// History in which it happened.
    pub history: u32,
    /// Number of the crisis in its history, from 1; what follows from a crisis carries its number.
    pub crisis: u32,
    /// Decimal year.
    pub date: f64,
    /// Days since the crisis began.
    pub day: u16,
    /// What happened.
    pub kind: EventKind,
    /// Who did it: position of a state.
    pub actor: u32,
    /// To whom: position of a state.
    pub target: u32,
    /// Chance that the actor gave to being struck, π.
    pub fear: f64,
    /// Chance of winning that the actor saw in striking first, p^F.
    pub first_strike_win: f64,
    /// What striking was worth to the actor beyond waiting, U_F − U_wait, in shares of its own value.
    pub strike_advantage: f64,
    /// Why, where it is a strike.
    pub motive: Option<Motive>,
}

/// Metrics recorded for each state and tick, in the order of [`StateMetrics`].
pub const STATE_METRICS: [&str; 7] = ["arms", "burden", "offensive_share", "threat", "mistrust", "perceived_balance", "warheads"];

/// Metrics recorded for the system and tick (`hazard` is the share of histories at risk whose first war begins in the year
/// that follows, and is made from outcomes).
pub const SYSTEM_METRICS: [&str; 3] = ["arms_total", "stag_hunt_share", "prisoners_dilemma_share"];
