//! What history did in the years of a scenario, and how each figure bears on the scenario: whether it was fitted, looked at when
//! values were chosen, or held out.
//!
//! Only a figure that nobody looked at when a scenario was made can validate it. The figures themselves are data: scenario files
//! and `configs/history` hold them, and `spiral-scenario` reads them.

/// How a figure of history bears on a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A value of the scenario was set from it.
    Fitted,
    /// Values of the scenario were chosen while this result was looked at.
    LookedAt,
    /// Nobody looked at it when the scenario was made.
    HeldOut,
    /// Not stated.
    Unknown,
}

impl Standing {
    /// Every standing by its name in files and tables.
    pub const NAMES: &'static [(&'static str, Self)] =
        &[("fitted", Self::Fitted), ("looked at", Self::LookedAt), ("held out", Self::HeldOut), ("not known", Self::Unknown)];

    /// Its name in files and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, standing)| *standing == self).map_or("not known", |(name, _)| name)
    }
}

/// Something of which history has one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// Great powers at war on day 30 of the largest war.
    GreatPowersByDay30,
    /// Share of first wars begun from fear.
    Preemption,
    /// Share of first wars begun because what they could win was enough: greed, a claim, hostility or relief from a threat.
    Predation,
    /// Share of the crises with committed partners in which one came to help.
    ChallengesMet,
    /// Allies that joined, of all allies called.
    CommitmentsHonoured,
    /// Military spending of one side over that of the other at a date.
    SpendingRatio,
    /// Crises of two great powers, per dyad-year.
    GreatPowerCrises,
    /// Crises of land neighbours, per dyad-year.
    NeighbourCrises,
    /// Wars between two great powers, per dyad-year.
    GreatPowerWars,
    /// Wars between land neighbours, per dyad-year.
    NeighbourWars,
    /// Odds of war in a crisis with an arms race over those without.
    ArmsRaceOdds,
}

impl Quantity {
    /// Every quantity.
    pub const ALL: [Self; 11] = [
        Self::GreatPowersByDay30,
        Self::Preemption,
        Self::Predation,
        Self::ChallengesMet,
        Self::CommitmentsHonoured,
        Self::SpendingRatio,
        Self::GreatPowerCrises,
        Self::NeighbourCrises,
        Self::GreatPowerWars,
        Self::NeighbourWars,
        Self::ArmsRaceOdds,
    ];

    /// Name, words, unit, and whether distances are measured on the logarithm.
    const fn about(self) -> (&'static str, &'static str, &'static str, bool) {
        match self {
            Self::GreatPowersByDay30 => ("great_powers_30d", "Great powers in by day 30", "count", false),
            Self::Preemption => ("preemption", "First wars begun from fear", "share", false),
            Self::Predation => ("predation", "First wars begun for what they could win", "share", false),
            Self::ChallengesMet => ("challenges_met", "Committed allies that came, of all challenged", "share", false),
            Self::CommitmentsHonoured => ("commitments_honoured", "Allies that joined, of all called to war", "share", false),
            Self::SpendingRatio => ("spending_ratio", "Spending, one side over the other", "ratio", true),
            Self::GreatPowerCrises => ("great_power_crises", "Crises, great-power dyad-year", "1/year", true),
            Self::NeighbourCrises => ("neighbour_crises", "Crises, land-neighbour dyad-year", "1/year", true),
            Self::GreatPowerWars => ("great_power_wars", "Wars, great-power dyad-year", "1/year", true),
            Self::NeighbourWars => ("neighbour_wars", "Wars, land-neighbour dyad-year", "1/year", true),
            Self::ArmsRaceOdds => ("arms_race_odds", "Odds ratio of war in a crisis, arms race", "ratio", true),
        }
    }

    /// Its name in files and results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.about().0
    }

    /// What it is, in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.about().1
    }

    /// Its unit, as in measures: `share`, `count`, `ratio` or `1/year`.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        self.about().2
    }

    /// Whether the distance of two values is that of their logarithms.
    #[must_use]
    pub const fn is_logarithmic(self) -> bool {
        self.about().3
    }
}

/// One number of history.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// What it is of.
    pub quantity: Quantity,
    /// The number.
    pub history: f64,
    /// What a forecast without any theory would say.
    pub naive: f64,
    /// Which forecast that is.
    pub naive_is: String,
    /// How it bears on the scenario.
    pub standing: Standing,
    /// What was fitted or looked at, or why it was held out.
    pub why: String,
    /// Where the number comes from.
    pub source: String,
}

/// Two sides whose spending is compared at a date: codes with output in the money of the scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Sides {
    /// Date, decimal year.
    pub date: f64,
    /// The one side.
    pub one: Vec<(String, f64)>,
    /// The other.
    pub other: Vec<(String, f64)>,
}

/// Who entered the war when, days after the first belligerent.
#[derive(Debug, Clone, PartialEq)]
pub struct Entries {
    /// Code and day, by day. States of the scenario that are not listed stayed out.
    pub days: Vec<(String, f64)>,
    /// How it bears on the scenario.
    pub standing: Standing,
    /// Where it comes from.
    pub source: String,
}

/// Which pairs of states were strategic rivals.
#[derive(Debug, Clone, PartialEq)]
pub struct Rivals {
    /// The two codes of each pair.
    pub pairs: Vec<(String, String)>,
    /// Where the list comes from.
    pub source: String,
}

/// How the observed series of a state bear on a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesNote {
    /// The state, or `*` for all that have no note of their own.
    pub state: String,
    /// How the first part bears on it.
    pub before: Standing,
    /// How the second part does, which is what is scored.
    pub after: Standing,
    /// What was fitted or looked at.
    pub why: String,
}

/// A series of history that no scenario file carries: state, metric, (date, value).
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Code of the state.
    pub state: String,
    /// Metric of the curves.
    pub metric: String,
    /// Dates, decimal years, with values.
    pub points: Vec<(f64, f64)>,
    /// Where it comes from.
    pub source: String,
}

/// What history did in the years of a scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// Series are divided at this date: what comes before fits the naive forecasts, what comes after is scored.
    pub split: Option<f64>,
    /// How series bear on the scenario.
    pub notes: Vec<SeriesNote>,
    /// Series that the scenario itself does not carry.
    pub series: Vec<Series>,
    /// Sides of the spending ratio.
    pub sides: Option<Sides>,
    /// Who entered when.
    pub entries: Option<Entries>,
    /// Who was a strategic rival of whom.
    pub rivals: Option<Rivals>,
    /// Single numbers.
    pub facts: Vec<Fact>,
}

impl Record {
    /// The note on the series of a state: its own, or that on all states (`*`).
    #[must_use]
    pub fn note(&self, state: &str) -> Option<&SeriesNote> {
        let of = |state: &str| self.notes.iter().find(|note| note.state == state);
        of(state).or_else(|| of("*"))
    }
}
