//! What a scenario gives a world: the numbers of a state and of a dyad, the years, dated changes, the rules of arming and of ending.

use serde::Serialize;

use crate::description::described;
use crate::parameters;
use crate::specification::Group;

parameters! {
    /// Numbers of a state. Each may be a series by date, or change by date.
    pub struct StateInputs {
        /// Output.
        output: "Y", "billion int$ a year", 0.000001..=1e9, 100.0;
        /// Habitual military burden: what it spends in ordinary years, greed included and legal caps apart.
        habitual_burden: "β⁰", "share of output", 0.0..=1.0, 0.03;
        /// Largest burden that a treaty or a law allows it; 1 is none. What it is willing to bear follows from its greed (E5).
        maximum_burden: "β^max", "share of output", 0.0..=1.0, 1.0;
        /// Arms at the start; 0 means the stock that the habitual burden keeps up.
        arms: "a(0)", "billion int$", 0.0..=1e9, 0.0;
        /// Constant term of Richardson's equation: grievance or ambition, whatever others do.
        grievance: "g", "billion int$ a year", -1e9..=1e9, 0.0;
        /// Reaction to threat relative to the common elasticity, or sensitivity under Richardson's rules.
        sensitivity_factor: "k_i/k", "1", 0.0..=100.0, 1.0;
        /// Greed: value it puts on others' territory; 0 is a security seeker.
        greed: "μ", "0..1", 0.0..=1.0, 0.0;
        /// Chance that a history draws this state as greedy, with `greed_if_greedy`.
        greedy_chance: "Pr(G)", "probability", 0.0..=1.0, 0.0;
        /// Greed where the history drew a greedy state.
        greed_if_greedy: "μ_G", "0..1", 0.0..=1.0, 0.9;
        /// Awareness of the security dilemma: how much of another's arming it can see as fear.
        awareness: "e", "0..1", 0.0..=1.0, 0.0;
        /// Offence-defence balance that its doctrine teaches (1 is parity, 1/3 the three-to-one rule).
        perceived_balance: "m̂", "ratio", 0.01..=100.0, 0.5;
        /// Domestic unrest.
        unrest: "u", "0..1", 0.0..=1.0, 0.0;
        /// Days to mobilise.
        mobilisation_days: "D", "days", 1.0..=365.0, 15.0;
        /// Fortification, counted as arms that only defend.
        fortification: "fort", "billion int$", 0.0..=1e9, 0.0;
        /// Cost of a war to this state relative to the common cost.
        war_cost_factor: "c_i/c", "1", 0.0..=100.0, 1.0;
        /// Nuclear warheads.
        warheads: "N", "count", 0.0..=1e6, 0.0;
        /// Share of its warheads that no first strike reaches.
        survivable_share: "s", "0..1", 0.0..=1.0, 0.5;
        /// Share of arriving warheads that it shoots down.
        interception: "d", "0..1", 0.0..=1.0, 0.0;
        /// Largest share of procurement that goes into warheads; 0 keeps their number as given.
        nuclear_share: "ν", "share of procurement", 0.0..=1.0, 0.0;
    }
}

impl StateInputs {
    /// Position of the output: it grows whatever policy does.
    pub const OUTPUT: usize = 0;
}

const _: () = assert!(matches!(StateInputs::SPECIFICATIONS[StateInputs::OUTPUT].name.as_bytes(), b"output"));

parameters! {
    /// Numbers of a directed dyad: what `i` has with `j`.
    pub struct DyadInputs {
        /// Great-circle distance between capitals (symmetric).
        distance: "d", "km", 0.0..=20040.0, 1000.0;
        /// Share of force that passes sea, mountains, rivers and buffer states (symmetric).
        terrain: "τ", "0..1", 0.0..=1.0, 1.0;
        /// How often the two come into contact: 1 for land neighbours (symmetric).
        contact: "contact", "ratio", 0.0..=100.0, 1.0;
        /// Rivalry, a multiplier of the crisis rate (symmetric).
        rivalry: "rivalry", "ratio", 0.0..=100.0, 1.0;
        /// Trade, in shares of the value of peace (symmetric).
        trade: "t", "0..1", 0.0..=1.0, 0.0;
        /// How well each can see into the other (symmetric).
        monitoring: "ρ", "0..1", 0.0..=1.0, 0.0;
        /// How far the skies are open: flights and satellites that look in (symmetric).
        open_skies: "o", "0..1", 0.0..=1.0, 0.0;
        /// How well the two can speak in a crisis (symmetric).
        hotline: "h", "0..1", 0.0..=1.0, 0.0;
        /// How far each gives notice of what it moves (symmetric).
        notification: "n", "0..1", 0.0..=1.0, 0.0;
        /// Alliance commitment of `i` to defend `j`.
        commitment: "A", "0..1", 0.0..=1.0, 0.0;
        /// Particular claim of `i` on `j`: a lost province.
        claim: "v", "share of own value", 0.0..=10.0, 0.0;
        /// Suspicion that `i` holds of `j` beyond the common prior.
        suspicion_shift: "ΔL⁰", "log-odds", -20.0..=20.0, 0.0;
        /// Largest offensive force that `i` has promised `j`; the top of the range is no promise.
        offence_cap: "c^off", "billion int$", 0.0..=1000000000.0, 1000000000.0;
        /// Largest force of any kind that `i` has promised `j`; the top of the range is no promise.
        arms_cap: "c^a", "billion int$", 0.0..=1000000000.0, 1000000000.0;
        /// Most warheads that `i` has promised `j`; the top of the range is no promise.
        warhead_cap: "c^N", "count", 0.0..=1000000.0, 1000000.0;
        /// Hostility of `i` toward `j` at the start: what crises and wars before it have left. From then on it fades and rises (E13).
        hostility: "z(0)", "0..1", 0.0..=1.0, 0.0;
    }
}

impl DyadInputs {
    /// Positions of the caps that a treaty sets: on offensive force, on all force, on warheads.
    pub const CAPS: [usize; 3] = [12, 13, 14];

    /// Fields that must be the same in both directions.
    pub const SYMMETRIC: &'static [&'static str] =
        &["distance", "terrain", "contact", "rivalry", "trade", "monitoring", "open_skies", "hotline", "notification"];
}

const _: () = {
    let [offence, arms, warheads] = DyadInputs::CAPS;
    assert!(matches!(DyadInputs::SPECIFICATIONS[offence].name.as_bytes(), b"offence_cap"));
    assert!(matches!(DyadInputs::SPECIFICATIONS[arms].name.as_bytes(), b"arms_cap"));
    assert!(matches!(DyadInputs::SPECIFICATIONS[warheads].name.as_bytes(), b"warhead_cap"));
};

described! {
    /// How arming answers threat.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
    pub enum ArmingRule {
        /// E5: by programmes that are revised now and then.
        #[default]
        Programmes,
        /// Richardson's linear equations, coefficients frozen at the start, solved exactly.
        Richardson,
        /// The same by Euler steps of one tick.
        RichardsonEuler,
        /// Richardson's rivalry: the difference of arms provokes, not their amount. Solved exactly.
        Rivalry,
        /// Richardson's submissiveness, studied by Smoker: who is far behind gives up.
        Submissive,
    }
}

impl ArmingRule {
    /// Every rule with the name that a scenario gives it.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("programmes", Self::Programmes),
        ("richardson", Self::Richardson),
        ("richardson-euler", Self::RichardsonEuler),
        ("rivalry", Self::Rivalry),
        ("submissive", Self::Submissive),
    ];
}

described! {
    /// When a history stops before its last date.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
    pub enum Ending {
        /// Never: wars come and go.
        #[default]
        Never,
        /// With the first general war (its first thirty days are still simulated).
        GeneralWar,
        /// With the first war.
        FirstWar,
    }
}

impl Ending {
    /// Every ending with the name that a scenario gives it.
    pub const NAMES: &'static [(&'static str, Self)] =
        &[("never", Self::Never), ("general-war", Self::GeneralWar), ("first-war", Self::FirstWar)];
}

/// The years of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Horizon {
    /// First date, decimal year.
    pub start: f64,
    /// Date at which histories are cut, decimal year.
    pub end: f64,
    /// Ticks in a year: 4 for quarters.
    pub ticks_per_year: u32,
}

impl Horizon {
    /// Number of ticks.
    #[must_use]
    pub fn ticks(&self) -> u32 {
        ((self.end - self.start) * f64::from(self.ticks_per_year)).round().max(0.0) as u32
    }

    /// Length of a tick in years.
    #[must_use]
    pub fn tick_years(&self) -> f64 {
        1.0 / f64::from(self.ticks_per_year)
    }

    /// Date at which a tick begins.
    #[must_use]
    pub fn date(&self, tick: u32) -> f64 {
        self.start + f64::from(tick) / f64::from(self.ticks_per_year)
    }
}

/// A number that a scenario can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Target {
    /// Parameter of the system: position of group and field.
    System(usize, usize),
    /// Input of a state: position of state and field.
    State(usize, usize),
    /// Input of a directed dyad: position of dyad and field.
    Dyad(usize, usize),
}

/// How a number gets from one dated value to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Interpolation {
    /// Holds the last value: what a treaty or a new government does.
    Step,
    /// Straight line.
    Linear,
    /// Constant growth: what output does.
    Geometric,
}

/// A number that changes by date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Track {
    /// What changes.
    pub target: Target,
    /// (date, value), dates rising. Before the first date the initial value of the setup holds (`Step`) or the first value.
    /// Geometric tracks go on growing past the last date as between the last two points; the others hold the last value.
    pub points: Vec<(f64, f64)>,
    /// Between the points.
    pub interpolation: Interpolation,
}

/// A dated crisis that the scenario scripts, or a dated note for the chronicle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Incident {
    /// Decimal year.
    pub date: f64,
    /// What happened, for the chronicle.
    pub what: String,
    /// Challenger and defender where it is a crisis: positions in `Setup::states`.
    pub crisis: Option<(usize, usize)>,
}
