//! What history did, by scenario, and how each figure bears on it: what was fitted, what was chosen with it in view, what was held out.
//!
//! Only a figure that nobody looked at when a scenario was made can validate it. Values of `pre-wwi` and `pre-wwii` were chosen
//! with motives, dates of war and curves of arms in view: agreement with those is no evidence, and no word here calls it that.

/// How a figure of history bears on a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A value of the scenario was set from it.
    Fitted,
    /// Values of the scenario were chosen while this result was looked at.
    LookedAt,
    /// Nobody looked at it when the scenario was made.
    HeldOut,
    /// Nobody says.
    Unknown,
}

impl Standing {
    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fitted => "fitted",
            Self::LookedAt => "looked at",
            Self::HeldOut => "held out",
            Self::Unknown => "not known",
        }
    }
}

/// Something of which history has one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Great powers at war on day 30 of the largest war.
    GreatPowersByDay30,
    /// Share of first wars begun from fear.
    Preemption,
    /// Share of first wars begun from greed or a claim.
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

/// One number of history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fact {
    /// What it is of.
    pub quantity: Quantity,
    /// The number.
    pub history: f64,
    /// What a forecast without any theory would say.
    pub naive: f64,
    /// Which forecast that is.
    pub naive_is: &'static str,
    /// How it bears on the scenario.
    pub standing: Standing,
    /// What was fitted or looked at, or why it was held out.
    pub why: &'static str,
    /// Where the number comes from.
    pub source: &'static str,
}

/// Two sides whose spending is compared at a date: codes with output in thousand million int$.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sides {
    /// Date, decimal year.
    pub date: f64,
    /// The one side.
    pub one: &'static [(&'static str, f64)],
    /// The other.
    pub other: &'static [(&'static str, f64)],
}

/// Who entered the war when, days after the first belligerent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entries {
    /// Code and day, by day. States of the scenario that are not listed stayed out.
    pub days: &'static [(&'static str, f64)],
    /// How it bears on the scenario.
    pub standing: Standing,
    /// Where it comes from.
    pub source: &'static str,
}

/// How series of a metric bear on a scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesNote {
    /// The state, or `*` for all that have no note of their own.
    pub state: &'static str,
    /// How the first part bears on it.
    pub before: Standing,
    /// How the second part does, which is what is scored.
    pub after: Standing,
    /// What was fitted or looked at.
    pub why: &'static str,
}

/// A series of history that no scenario file carries: state, metric, (date, value).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Series {
    /// Code of the state.
    pub state: &'static str,
    /// Metric of the curves.
    pub metric: &'static str,
    /// Dates, decimal years, with values.
    pub points: &'static [(f64, f64)],
    /// Where it comes from.
    pub source: &'static str,
}

/// What history did in the years of a scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// Name of the scenario.
    pub scenario: &'static str,
    /// Series are divided at this date: what comes before fits the naive forecasts, what comes after is scored.
    pub split: Option<f64>,
    /// How series bear on the scenario.
    pub notes: &'static [SeriesNote],
    /// Series that its file does not carry.
    pub series: &'static [Series],
    /// Sides of the spending ratio.
    pub sides: Option<Sides>,
    /// Who entered when.
    pub entries: Option<Entries>,
    /// Single numbers.
    pub facts: &'static [Fact],
}

impl Record {
    /// The note on the series of a state: its own, or that on all states (`*`).
    #[must_use]
    pub fn note(&self, state: &str) -> Option<&'static SeriesNote> {
        let of = |state: &str| self.notes.iter().find(|note| note.state == state);
        of(state).or_else(|| of("*"))
    }
}

const WARS: &str = "COW inter-state wars";
const MID: &str = "MID v5, COW wars and contiguity, 1816-2007";
const RICHARDSON: &str = "Richardson, Arms and Insecurity (1960)";
const ALL_DYADS: &str = "all dyads of the world";
const NOBODY_JOINS: &str = "nobody joins the first two";
const COIN: &str = "a coin";

const fn fact(
    quantity: Quantity,
    (history, naive): (f64, f64),
    naive_is: &'static str,
    standing: Standing,
    why: &'static str,
    source: &'static str,
) -> Fact {
    Fact { quantity, history, naive, naive_is, standing, why, source }
}

/// Base rates that hold for any years; crisis rates are what scenarios are set to.
const fn rates(neighbour_disputes: f64, neighbour_wars: f64) -> [Fact; 4] {
    [
        fact(
            Quantity::GreatPowerCrises,
            (0.0885, 0.00408),
            ALL_DYADS,
            Standing::Fitted,
            "crisis.rate is set so that crises come at about the rate of disputes",
            MID,
        ),
        fact(
            Quantity::NeighbourCrises,
            (neighbour_disputes, 0.00408),
            ALL_DYADS,
            Standing::LookedAt,
            "crisis.rate is set for the great powers; that of neighbours followed",
            MID,
        ),
        fact(
            Quantity::GreatPowerWars,
            (0.0132, 0.000476),
            ALL_DYADS,
            Standing::LookedAt,
            "values were chosen with the dates of war in view",
            MID,
        ),
        fact(
            Quantity::NeighbourWars,
            (neighbour_wars, 0.000476),
            ALL_DYADS,
            Standing::LookedAt,
            "values were chosen with the dates of war in view",
            MID,
        ),
    ]
}

const COMMITMENTS_TO_1944: Fact = fact(
    Quantity::CommitmentsHonoured,
    (0.674, 0.5),
    COIN,
    Standing::LookedAt,
    "entrapments and abandonments were looked at; this share counts joiners of either side but absentees of the attacked only, which flatters it",
    "alliance commitments honoured to 1944; compare Berkemeier and Fuhrmann (2018)",
);

const RATES_1890: [Fact; 4] = rates(0.0563, 0.0125);
const RATES_1919: [Fact; 4] = rates(0.0628, 0.00618);
const RATES_1946: [Fact; 4] = rates(0.0710, 0.00405);

/// War given a dispute to 1945: .615 with an arms race, .272 without.
const ODDS_TO_1945: f64 = (0.615 / 0.385) / (0.272 / 0.728);
/// The same from 1816 to 1993: .25 and .167.
const ODDS_TO_1993: f64 = (0.25 / 0.75) / (0.167 / 0.833);

const fn odds(history: f64) -> Fact {
    fact(
        Quantity::ArmsRaceOdds,
        (history, 1.0),
        "arms races do nothing",
        Standing::HeldOut,
        "no value was set or chosen with it in view; the definition of a race is this program's",
        "war given a dispute, with an arms race and without: Sample (1997), Gibler, Rider and Hutchison (2005), as computed from MID",
    )
}

const fn preemption(history: f64) -> Fact {
    fact(
        Quantity::Preemption,
        (history, 3.0 / 67.0),
        "3 of the 67 wars of 1816-1980",
        Standing::LookedAt,
        "values were chosen with motives in view",
        "the war that came, by the judgement of Reiter (1995) and Van Evera (1999)",
    )
}

/// The records.
pub const RECORDS: &[Record] = &[
    Record {
        scenario: "pre-wwi",
        split: Some(1906.0),
        notes: &[SeriesNote {
            state: "*",
            before: Standing::Fitted,
            after: Standing::LookedAt,
            why: "habitual_burden is the mean of 1890-95; sensitivities were chosen with the curves in view",
        }],
        series: &[],
        sides: Some(Sides { date: 1913.5, one: &[("GER", 378.0), ("AUH", 251.0)], other: &[("FRA", 230.0), ("RUS", 352.0)] }),
        entries: Some(Entries {
            days: &[
                ("AUH", 0.0),
                ("SRB", 0.0),
                ("GER", 3.0),
                ("RUS", 3.0),
                ("FRA", 5.0),
                ("GBR", 7.0),
                ("JPN", 25.0),
                ("TUR", 91.0),
                ("ITA", 298.0),
                ("USA", 993.0),
            ],
            standing: Standing::LookedAt,
            source: WARS,
        }),
        facts: &[
            fact(
                Quantity::GreatPowersByDay30,
                (6.0, 2.0),
                NOBODY_JOINS,
                Standing::LookedAt,
                "values were chosen with the contrast to pre-wwii in view",
                WARS,
            ),
            preemption(1.0),
            fact(
                Quantity::SpendingRatio,
                // 1913: (3.20 % of 378 + 5.03 % of 251) over (3.40 % of 230 + 3.97 % of 352); 1890 with outputs 184, 170, 152, 153.
                (1.133, 1.108),
                "as in 1890",
                Standing::LookedAt,
                "curves of arms were looked at; the ratio was not",
                "burdens of Our World in Data, output of the Maddison Project Database 2020",
            ),
            COMMITMENTS_TO_1944,
            RATES_1890[0],
            RATES_1890[1],
            RATES_1890[2],
            RATES_1890[3],
            odds(ODDS_TO_1945),
        ],
    },
    Record {
        scenario: "pre-wwii",
        split: Some(1935.0),
        notes: &[
            SeriesNote {
                state: "GER",
                before: Standing::Fitted,
                after: Standing::Fitted,
                why: "habitual_burden is that of 1930, maximum_burden by date follows the burdens of 1932 to 1938",
            },
            SeriesNote {
                state: "JPN",
                before: Standing::Fitted,
                after: Standing::Fitted,
                why: "habitual_burden is the mean of 1930-31, maximum_burden from 1937 follows the burden of 1938",
            },
            SeriesNote {
                state: "RUS",
                before: Standing::LookedAt,
                after: Standing::LookedAt,
                why: "habitual_burden is a judgement; sensitivities were chosen with the curves in view",
            },
            SeriesNote {
                state: "*",
                before: Standing::Fitted,
                after: Standing::LookedAt,
                why: "habitual_burden is the mean of 1930-32; sensitivities were chosen with the curves in view",
            },
        ],
        series: &[],
        sides: Some(Sides { date: 1938.5, one: &[("GER", 546.0)], other: &[("GBR", 474.0), ("FRA", 299.0)] }),
        entries: Some(Entries {
            days: &[
                ("GER", 0.0),
                ("POL", 0.0),
                ("GBR", 2.0),
                ("FRA", 2.0),
                ("ITA", 283.0),
                ("RUS", 660.0),
                ("USA", 828.0),
                ("JPN", 828.0),
            ],
            standing: Standing::LookedAt,
            source: WARS,
        }),
        facts: &[
            fact(
                Quantity::GreatPowersByDay30,
                (3.0, 2.0),
                NOBODY_JOINS,
                Standing::LookedAt,
                "values were chosen with the contrast to pre-wwi in view",
                WARS,
            ),
            preemption(0.0),
            fact(
                Quantity::Predation,
                (1.0, 0.5),
                COIN,
                Standing::LookedAt,
                "values were chosen with motives in view",
                "the war that came",
            ),
            fact(
                Quantity::ChallengesMet,
                (0.0, 0.5),
                COIN,
                Standing::LookedAt,
                "abandonments were looked at; this share was not",
                "1936, March and September 1938, March 1939: 0 of 4 met",
            ),
            fact(
                Quantity::SpendingRatio,
                // 1938: 17.53 % of 546 over (6.93 % of 474 + 7.72 % of 299); 1930 with outputs 395, 395, 294.
                (1.713, 0.183),
                "as in 1930",
                Standing::Fitted,
                "maximum_burden of Germany follows its burdens of 1932 to 1938",
                "burdens of Our World in Data, output of the Maddison Project Database 2020",
            ),
            COMMITMENTS_TO_1944,
            RATES_1919[0],
            RATES_1919[1],
            RATES_1919[2],
            RATES_1919[3],
            odds(ODDS_TO_1945),
        ],
    },
    Record {
        scenario: "richardson-1909",
        split: Some(1911.5),
        notes: &[SeriesNote {
            state: "*",
            before: Standing::Fitted,
            after: Standing::Fitted,
            why: "Richardson fitted k, α and g to the total of 1909 to 1913; the split between the blocs is not fitted",
        }],
        series: &[
            Series {
                state: "ENT",
                metric: "arms",
                points: &[(1909.0, 115.3), (1910.0, 119.4), (1911.0, 127.8), (1912.0, 145.0), (1913.0, 166.7)],
                source: RICHARDSON,
            },
            Series {
                state: "CEN",
                metric: "arms",
                points: &[(1909.0, 83.9), (1910.0, 85.4), (1911.0, 87.1), (1912.0, 93.7), (1913.0, 122.3)],
                source: RICHARDSON,
            },
        ],
        sides: None,
        entries: None,
        facts: &[],
    },
    Record {
        scenario: "naval-race",
        split: Some(1911.0),
        notes: &[SeriesNote {
            state: "*",
            before: Standing::LookedAt,
            after: Standing::LookedAt,
            why: "burdens and the price of a dreadnought are judgements, made with the table of dreadnoughts in view",
        }],
        series: &[],
        sides: None,
        entries: None,
        facts: &[],
    },
    Record {
        scenario: "cold-war",
        split: Some(1968.0),
        notes: &[SeriesNote {
            state: "*",
            before: Standing::LookedAt,
            after: Standing::LookedAt,
            why: "shares of the menu of weapons are judgements, made with the table of warheads in view",
        }],
        series: &[],
        sides: None,
        entries: None,
        facts: &[RATES_1946[0], RATES_1946[1], odds(ODDS_TO_1993)],
    },
];

/// The record of a scenario, if there is one.
#[must_use]
pub fn record(scenario: &str) -> Option<&'static Record> {
    RECORDS.iter().find(|record| record.scenario == scenario)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_is_sound() {
        for record in RECORDS {
            for fact in record.facts {
                assert!(fact.history.is_finite() && fact.history != fact.naive, "{}: {fact:?}", record.scenario);
                assert!(!fact.source.is_empty() && !fact.why.is_empty() && !fact.naive_is.is_empty(), "{fact:?}");
            }
            if let Some(entries) = record.entries {
                assert!(entries.days.windows(2).all(|two| two[0].1 <= two[1].1), "{}: days do not rise", record.scenario);
            }
            for series in record.series {
                assert!(series.points.windows(2).all(|two| two[0].0 < two[1].0), "{series:?}");
            }
            let ratio = record.facts.iter().filter(|fact| fact.quantity == Quantity::SpendingRatio).count();
            assert_eq!(ratio, usize::from(record.sides.is_some()), "{}: a ratio has its sides", record.scenario);
        }
    }

    #[test]
    fn numbers_that_follow_from_others_do() {
        assert!((ODDS_TO_1945 - 4.28).abs() < 0.01 && (ODDS_TO_1993 - 1.66).abs() < 0.01, "{ODDS_TO_1945} {ODDS_TO_1993}");
        let of = |scenario: &str| record(scenario).and_then(|r| r.facts.iter().find(|f| f.quantity == Quantity::SpendingRatio));
        let near = |found: Option<f64>, expected: f64| found.is_some_and(|found| (found - expected).abs() < 2e-3);
        let before = (0.0320 * 378.0 + 0.0503 * 251.0) / (0.0340 * 230.0 + 0.0397 * 352.0);
        let then = (0.0304 * 184.0 + 0.0372 * 170.0) / (0.0321 * 152.0 + 0.0383 * 153.0);
        assert!(near(of("pre-wwi").map(|fact| fact.history), before), "{before}");
        assert!(near(of("pre-wwi").map(|fact| fact.naive), then), "{then}");
        let after = 0.1753 * 546.0 / (0.0693 * 474.0 + 0.0772 * 299.0);
        let then = 0.0093 * 395.0 / (0.0228 * 395.0 + 0.0380 * 294.0);
        assert!(near(of("pre-wwii").map(|fact| fact.history), after), "{after}");
        assert!(near(of("pre-wwii").map(|fact| fact.naive), then), "{then}");
        // Richardson's total of each year.
        let table = record("richardson-1909").map_or(&[][..], |record| record.series);
        let totals: Vec<f64> = (0..5).map(|year| table.iter().map(|series| series.points[year].1).sum()).collect();
        for (found, expected) in totals.iter().zip([199.2, 204.8, 214.9, 238.7, 289.0]) {
            assert!((found - expected).abs() < 1e-9, "{totals:?}");
        }
    }

    #[test]
    fn great_powers_by_day_30_follow_from_the_entries() {
        for (scenario, great) in [
            ("pre-wwi", &["GBR", "FRA", "GER", "AUH", "RUS", "ITA", "USA", "JPN"][..]),
            ("pre-wwii", &["GBR", "FRA", "GER", "ITA", "RUS", "JPN", "USA"]),
        ] {
            let record = record(scenario).expect("a built-in record");
            let days = record.entries.map_or(&[][..], |entries| entries.days);
            let found = days.iter().filter(|(code, day)| great.contains(code) && *day <= 30.0).count();
            let fact = record.facts.iter().find(|fact| fact.quantity == Quantity::GreatPowersByDay30);
            assert_eq!(fact.map(|fact| fact.history), Some(found as f64), "{scenario}");
        }
    }
}
