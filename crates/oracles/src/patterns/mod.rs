//! The patterns that the model must show, although no line of code puts them in: the claim of each, and the function that measures it.
//! The tests hold every result, the report prints it, the ODD document lists the claims. To add a pattern: one function, one entry in
//! [`PATTERNS`], one name in `tests/science/patterns.rs`.

mod armed;
mod awareness;
mod deterrence;
mod history;
mod judgements;
mod levers;
mod racing;
mod surprises;
mod worlds;

use spiral_analysis::Estimate;
use spiral_analysis::intervals::{Term, mean, normal_critical, rate};
use spiral_model::Outcome;

pub use surprises::SURPRISES;

/// The one-sided 0.1 % point of the standard normal.
pub const CRITICAL: f64 = 3.09;

/// A pattern of theory or history.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// Its number.
    pub number: u8,
    /// Stable name: that of its test.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What theory or history says.
    pub claim: &'static str,
    /// Measures it. None where no measurement stands in this list.
    pub measure: Option<fn() -> Finding>,
}

/// What the simulator shows of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which world was simulated, in words.
    pub world: String,
    /// Seed of every draw.
    pub seed: u64,
    /// Histories of each variant.
    pub histories: u32,
    /// What must hold.
    pub criteria: Vec<Criterion>,
    /// Pictures for the report.
    pub pictures: Vec<Picture>,
    /// What fails, is weaker than the claim or depends on a choice, and why. Empty where there is nothing to add.
    pub remark: String,
}

impl Finding {
    /// Whether every criterion holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.criteria.iter().all(|criterion| criterion.holds)
    }

    /// Whether the criteria ask for less than the claim. The remark then begins with this.
    #[must_use]
    pub fn in_part(&self) -> bool {
        self.remark.starts_with("The claim holds in part")
    }

    /// The criteria that fail, or all where none does, one a line, with what was measured.
    #[must_use]
    pub fn in_words(&self) -> String {
        let failing: Vec<&Criterion> = self.criteria.iter().filter(|criterion| !criterion.holds).collect();
        let listed = if failing.is_empty() { self.criteria.iter().collect() } else { failing };
        let lines = listed.into_iter().map(|criterion| {
            let Estimate { estimate, lower, upper, n, method } = &criterion.found;
            format!("{}: {estimate:?} [{lower:?}, {upper:?}], n {n}, {method}; required: {}", criterion.what, criterion.required)
        });
        format!("{}; seed {}, {} histories\n{}", self.world, self.seed, self.histories, lines.collect::<Vec<_>>().join("\n"))
    }
}

/// One thing that must hold, and what was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// What was measured.
    pub what: String,
    /// The number, with interval, sample and method.
    pub found: Estimate,
    /// What is required.
    pub required: String,
    /// Whether it holds. A value that is not a number never does.
    pub holds: bool,
}

impl Criterion {
    /// The estimate itself is above a number.
    #[must_use]
    pub fn above(what: &str, found: Estimate, bound: f64) -> Self {
        let holds = found.estimate.is_some_and(|estimate| estimate > bound);
        Self { what: what.to_string(), found, required: format!("above {}", short(bound)), holds }
    }

    /// The estimate itself is at most a number.
    #[must_use]
    pub fn at_most(what: &str, found: Estimate, bound: f64) -> Self {
        let holds = found.estimate.is_some_and(|estimate| estimate <= bound);
        Self { what: what.to_string(), found, required: format!("at most {}", short(bound)), holds }
    }

    /// The whole interval is above a number.
    #[must_use]
    pub fn surely_above(what: &str, found: Estimate, bound: f64) -> Self {
        let holds = found.lower.is_some_and(|lower| lower > bound);
        Self { what: what.to_string(), found, required: format!("interval above {}", short(bound)), holds }
    }

    /// The whole interval is below a number.
    #[must_use]
    pub fn surely_below(what: &str, found: Estimate, bound: f64) -> Self {
        let holds = found.upper.is_some_and(|upper| upper < bound);
        Self { what: what.to_string(), found, required: format!("interval below {}", short(bound)), holds }
    }

    /// The estimate lies from one number to another.
    #[must_use]
    pub fn within(what: &str, found: Estimate, low: f64, high: f64) -> Self {
        let holds = found.estimate.is_some_and(|estimate| (low..=high).contains(&estimate));
        Self { what: what.to_string(), found, required: format!("from {} to {}", short(low), short(high)), holds }
    }

    /// Paired differences have a mean beyond a critical number of standard errors above 0 (below, where `direction` is −1).
    #[must_use]
    pub fn beyond_chance(what: &str, differences: &[f64], direction: f64, critical: f64) -> Self {
        let n = differences.len() as f64;
        let found = mean(differences);
        let centre = found.estimate.unwrap_or(f64::NAN);
        let squares: f64 = differences.iter().map(|difference| (difference - centre) * (difference - centre)).sum();
        let error = (squares / (n * (n - 1.0))).sqrt();
        let interval = (centre - normal_critical() * error, centre + normal_critical() * error);
        let (sign, z) = (if direction < 0.0 { "below" } else { "above" }, direction * centre / error);
        Self {
            what: what.to_string(),
            found: Estimate::new(centre, interval, differences.len() as u64, "paired, normal"),
            required: format!("{sign} 0 by {} standard errors; measured {z:.1}", short(critical)),
            holds: z > critical,
        }
    }
}

/// A bound with three decimals, without zeros at its end.
fn short(bound: f64) -> String {
    let text = format!("{bound:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A picture of a finding, in data.
#[derive(Debug, Clone, PartialEq)]
pub enum Picture {
    /// Rows with a dot and its interval.
    Dots {
        /// Title.
        title: String,
        /// What the axis measures.
        axis: String,
        /// Label and estimate of each row.
        rows: Vec<(String, Estimate)>,
    },
    /// Lines over a number, each point with its interval.
    Lines {
        /// Title.
        title: String,
        /// What the horizontal axis measures.
        x: String,
        /// What the vertical axis measures.
        y: String,
        /// Label and points of each line.
        lines: Vec<(String, Vec<(f64, Estimate)>)>,
    },
}

/// Paired values `b − a` of the same histories.
///
/// # Panics
/// If the two do not hold the same histories.
#[must_use]
pub fn differences(a: &[Outcome], b: &[Outcome], value: impl Fn(&Outcome) -> f64) -> Vec<f64> {
    assert_eq!(a.len(), b.len(), "the same histories");
    let pair = |(a, b): (&Outcome, &Outcome)| {
        assert_eq!(a.history, b.history, "the same histories");
        value(b) - value(a)
    };
    a.iter().zip(b).map(pair).collect()
}

/// Mean over histories, with Student's interval. Where all values are 0, the interval is that of a rate without an event.
#[must_use]
pub fn mean_of(outcomes: &[Outcome], value: impl Fn(&Outcome) -> f64) -> Estimate {
    let values: Vec<f64> = outcomes.iter().map(value).collect();
    if !values.is_empty() && values.iter().all(|value| *value == 0.0) {
        return rate(&values.iter().map(|value| Term { numerator: *value, denominator: 1.0 }).collect::<Vec<Term>>());
    }
    mean(&values)
}

/// Every pattern, by number.
pub const PATTERNS: &[Pattern] = &[
    Pattern {
        number: 1,
        name: "four_worlds",
        title: "Four worlds",
        claim: "The four worlds of Jervis (1978) hold security seekers only. Wars and arms fall from one world to the \
                next: offence has the advantage and looks like defence; offence has the advantage and looks different; \
                defence has the advantage and looks like offence; defence has the advantage and looks different. In the \
                last world there is almost no war.",
        measure: Some(worlds::four_worlds),
    },
    Pattern {
        number: 2,
        name: "tragedy",
        title: "Tragedy",
        claim: "War needs no aggressor. Security seekers who read every build-up of arms as greed fight preemptive \
                wars. Security seekers who understand the security dilemma fight none.",
        measure: Some(worlds::tragedy),
    },
    Pattern {
        number: 3,
        name: "awareness_has_a_middle",
        title: "War is least likely at a middle level of awareness",
        claim: "Where some states are aggressors, war is likely if states do not see the security dilemma at all, and \
                also if they excuse every build-up of arms as fear. The chance of war is U-shaped in awareness.",
        measure: Some(awareness::middle),
    },
    Pattern {
        number: 4,
        name: "belief_not_truth",
        title: "Wars begin from beliefs, not from the true balance",
        claim: "If attack is hard but states believe that it is easy, wars are many and long. If attack is easy but \
                states believe that it is hard, there are no wars.",
        measure: Some(worlds::belief_not_truth),
    },
    Pattern {
        number: 5,
        name: "levers",
        title: "The factors that make war more or less likely",
        claim: "War becomes more likely with the first-strike factor, the levels of reasoning, a believed balance that \
                favours attack, prior suspicion and unrest. War becomes less likely with collective security, \
                monitoring, trade, the cost of war and distance.",
        measure: Some(levers::levers),
    },
    Pattern {
        number: 6,
        name: "preemption_is_rare",
        title: "Preemption is rare outside dangerous worlds",
        claim: "Of 67 interstate wars in history, three were preemptive. Where states do not believe that attack is \
                easy, or where striking first brings no advantage, wars begin from other motives.",
        measure: Some(history::preemption_is_rare),
    },
    Pattern {
        number: 7,
        name: "arms_races_and_neighbours",
        title: "Arms races and neighbours",
        claim: "Arms races raise the chance that a crisis ends in war, with an odds ratio between 1.5 and 4. Land \
                neighbours fight about twenty times as often as other pairs of states.",
        measure: Some(racing::races_and_neighbours),
    },
    Pattern {
        number: 8,
        name: "before_1914_and_before_1939",
        title: "1914 and 1939 compared",
        claim: "The same equations with other numbers give two different histories. Before 1914, first wars begin from \
                fear, most great powers join within a month, and the arms race is symmetric. Before 1939, first wars \
                begin from greed, allies stay out, and one side arms much faster than the other.",
        measure: Some(history::before_1914_and_before_1939),
    },
    Pattern {
        number: 9,
        name: "nuclear",
        title: "Survivable and vulnerable warheads",
        claim: "Warheads that survive a first strike have the same effect as an advantage of defence. Vulnerable \
                warheads make preemption more likely.",
        measure: Some(deterrence::nuclear),
    },
    Pattern {
        number: 10,
        name: "pacifist_paradox",
        title: "Arms look low in violent worlds",
        claim: "Wars destroy arms, so mean arms look low in worlds with many wars. Curves of arms are therefore taken \
                before the first war, or with war switched off.",
        measure: Some(armed::pacifist_paradox),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_numbered_and_named_once() {
        for list in [PATTERNS, SURPRISES] {
            for (position, pattern) in list.iter().enumerate() {
                assert_eq!(usize::from(pattern.number), position + 1);
                assert!(list.iter().filter(|other| other.name == pattern.name).count() == 1, "{}", pattern.name);
                assert!(pattern.claim.ends_with('.') && !pattern.title.ends_with('.'), "{}", pattern.name);
            }
        }
    }

    #[test]
    fn a_criterion_needs_a_number() {
        let none = || Estimate::none(0, "none");
        assert!(!Criterion::above("", none(), -1.0).holds && !Criterion::at_most("", none(), 1.0).holds);
        assert!(!Criterion::surely_above("", none(), -1.0).holds && !Criterion::surely_below("", none(), 1.0).holds);
        assert!(!Criterion::within("", none(), -1.0, 1.0).holds && !Criterion::beyond_chance("", &[], 1.0, 0.0).holds);
    }

    /// Differences 1, 2, 3, 4: mean 2.5, variance 5/3, standard error √(5/12).
    #[test]
    fn differences_are_held_against_their_error() {
        let criterion = Criterion::beyond_chance("", &[1.0, 2.0, 3.0, 4.0], 1.0, 3.8);
        let error = (5.0_f64 / 12.0).sqrt();
        assert_eq!(criterion.found.estimate, Some(2.5));
        assert!((criterion.found.upper.unwrap_or(f64::NAN) - (2.5 + 1.959_963_984_54 * error)).abs() < 1e-9, "{criterion:?}");
        assert!(criterion.holds, "z = {}", 2.5 / error);
        assert!(!Criterion::beyond_chance("", &[1.0, 2.0, 3.0, 4.0], 1.0, 3.9).holds);
        assert!(!Criterion::beyond_chance("", &[1.0, 2.0, 3.0, 4.0], -1.0, 0.0).holds);
        assert!(!Criterion::beyond_chance("no difference at all", &[0.0, 0.0], 1.0, 0.0).holds);
    }
}
