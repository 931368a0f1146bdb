//! Events in words.

use std::fmt::Write as _;

use std::collections::BTreeMap;

use spiral_model::outcome::NOBODY;
use spiral_model::{Event, EventKind, Motive, Outcome};
use spiral_scenario::Scenario;

use crate::simulate::BuildUp;
use crate::{dates, state_name};

/// An event of a crisis. `principals` are the two states whose crisis it is: what others do rests on other values.
pub(crate) fn event(world: &Scenario, event: &Event, principals: (u32, u32)) -> String {
    let (actor, target) = (state_name(world, event.actor), state_name(world, event.target));
    let fear = number(event.fear);
    let first = number(event.first_strike_win);
    match event.kind {
        EventKind::Crisis => format!("{actor} challenges {target}."),
        EventKind::FalseAlarm => format!("A false alarm brings {actor} into a crisis with {target}."),
        EventKind::Mobilisation if event.actor == principals.0 || event.actor == principals.1 => format!(
            "{actor} mobilises against {target}: it put its risk of being struck at {fear} and its chance of winning a first strike at \
             {first}."
        ),
        EventKind::Mobilisation => {
            format!("{actor} mobilises against {target} in support of an ally: {}.", falls(event, "the ally"))
        }
        EventKind::Clash => format!("Shots are fired: {actor} uses force against {target}, short of war."),
        EventKind::Strike => format!(
            "{actor} strikes {target}: it put its risk of being struck at {fear} and its chance of winning a first strike at {first}; it \
             valued striking {}. {}",
            valued(event),
            event.motive.map_or(String::new(), |motive| format!("Motive: {}.", motive.name())),
        ),
        EventKind::Joining => format!("{actor} joins {target}: {}.", falls(event, target)),
        EventKind::Abandonment => format!("{actor} is an ally of {target} but stays out."),
        EventKind::Concession => format!("{actor} concedes to {target}: it put its chance of winning a first strike at {first}."),
        EventKind::Settlement => format!("{actor} and {target} settle; neither had a clear advantage."),
        EventKind::Victory => format!("{actor} and its side win the war against {target}."),
        EventKind::Stalemate => format!("The war between {actor} and {target} ends undecided."),
        EventKind::Annexation => {
            format!(
                "{actor} takes {} of what {target} had, and grows by {}.",
                percent(event.fear),
                percent(event.strike_advantage)
            )
        }
        EventKind::Conquest => {
            format!(
                "{actor} conquers {target}, which ceases to exist; it takes {} and grows by {}.",
                percent(event.fear),
                percent(event.strike_advantage)
            )
        }
        EventKind::Alliance => format!("{actor} and {target} form an alliance against common threats."),
        EventKind::Lapse => format!("The alliance of {actor} and {target} lapses."),
        EventKind::Treaty => {
            format!("{actor} and {target} agree to keep no more than {} of their offensive arms.", percent(event.fear))
        }
        EventKind::Breach => format!(
            "{target} detects that {actor} has broken their treaty, and the treaty ends; the chance of detecting such a breach was {fear} a \
             tick."
        ),
    }
}

/// What an ally considered: the three values of its event are the chance that its friend falls alone, that it falls with help, and
/// how much it valued joining.
fn falls(event: &Event, friend: &str) -> String {
    format!(
        "it put the chance that {friend} falls at {} without its help and at {} with it; it valued joining {}",
        number(event.fear),
        number(event.first_strike_win),
        against(event.strike_advantage, "staying out"),
    )
}

/// How much striking was valued against waiting, and what else decided where a state struck although waiting was better.
fn valued(event: &Event) -> String {
    let advantage = against(event.strike_advantage, "waiting");
    if event.strike_advantage > -0.005 {
        return advantage;
    }
    let why = match event.motive {
        Some(Motive::Prevention) => "not counting the decline that it expected in the years ahead",
        _ => "so the random variation of that day decided",
    };
    format!("{advantage}, {why}")
}

/// A value against that of the other choice.
fn against(value: f64, other: &str) -> String {
    if value.abs() < 0.005 {
        return format!("about as much as {other}");
    }
    format!("{} {} than {other}", number(value.abs()), if value < 0.0 { "less" } else { "more" })
}

/// A state that arms.
pub(crate) fn build_up(world: &Scenario, build_up: &BuildUp) -> String {
    let mut text = format!(
        "{} arms: its military burden has risen from {} of output in {} to {}.",
        state_name(world, build_up.state),
        percent(build_up.before),
        dates::year(build_up.since),
        percent(build_up.burden),
    );
    let threats: Vec<String> = build_up
        .threats
        .iter()
        .take(3)
        .map(|(state, share)| format!("{} ({:.0} % of the threat that it perceives)", state_name(world, *state), 100.0 * share))
        .collect();
    if !threats.is_empty() {
        let _ = write!(text, " It feels most threatened by {}.", listed(&threats));
    }
    text
}

/// The crises of a year that passed, by the states that had them.
pub(crate) fn passed(world: &Scenario, pairs: &[(u32, u32)]) -> String {
    let mut counts: Vec<((u32, u32), u32)> = Vec::new();
    for pair in pairs {
        match counts.iter_mut().find(|(known, _)| known == pair) {
            Some((_, count)) => *count += 1,
            None => counts.push((*pair, 1)),
        }
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|((one, other), count)| {
            let times = if *count > 1 { format!(" ({count})") } else { String::new() };
            format!("{} and {}{times}", state_name(world, *one), state_name(world, *other))
        })
        .collect();
    format!("Crises that did not come near to war: {}.", parts.join("; "))
}

/// A year of a world of many states.
pub(crate) fn year_in_numbers(counts: &BTreeMap<EventKind, u32>) -> String {
    const WORDS: [(EventKind, &str, &str); 8] = [
        (EventKind::Crisis, "crisis", "crises"),
        (EventKind::Strike, "war begun", "wars begun"),
        (EventKind::Annexation, "annexation", "annexations"),
        (EventKind::Conquest, "state conquered", "states conquered"),
        (EventKind::Alliance, "alliance formed", "alliances formed"),
        (EventKind::Lapse, "alliance lapsed", "alliances lapsed"),
        (EventKind::Treaty, "treaty signed", "treaties signed"),
        (EventKind::Breach, "breach detected", "breaches detected"),
    ];
    let parts = WORDS.iter().filter_map(|(kind, one, many)| counts.get(kind).map(|count| counted(u64::from(*count), one, many)));
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { "Wars end.".to_string() } else { format!("{}.", listed(&parts)) }
}

/// The whole history in a paragraph.
#[must_use]
pub fn in_short(world: &Scenario, outcome: &Outcome) -> String {
    let mut text = match (outcome.first_war_date, outcome.motive) {
        (Some(date), motive) => format!(
            "The first war begins on {} ({}): {} strikes {}{}. After thirty days {} at war, {} of them great powers.",
            dates::day(date),
            outcome.days_crisis_to_war.map_or("from no crisis".to_string(), |days| match days as u64 {
                1 => "1 day after the crisis".to_string(),
                days => format!("{days} days after the crisis"),
            }),
            state_name(world, outcome.initiator),
            if outcome.target == NOBODY { "nobody" } else { state_name(world, outcome.target) },
            motive.map_or(String::new(), |motive| format!("; motive: {}", explained(motive))),
            counted(u64::from(outcome.belligerents_30d), "state is", "states are"),
            outcome.great_powers_30d,
        ),
        (None, _) => "No war.".to_string(),
    };
    let _ = write!(
        text,
        " {}{}; largest military burden before the first war {} of output; arms grew by {} a year.",
        counted(u64::from(outcome.crises), "crisis", "crises"),
        conquered(outcome),
        percent(outcome.peak_burden),
        percent(outcome.arms_growth),
    );
    text
}

/// How many states were conquered, where any was.
fn conquered(outcome: &Outcome) -> String {
    match outcome.conquests {
        0 => String::new(),
        number => format!(
            "; {} conquered, output at the end as concentrated as among {:.0} states of equal size",
            counted(u64::from(number), "state", "states"),
            1.0 / outcome.concentration
        ),
    }
}

/// How the history ends.
pub(crate) fn end(outcome: &Outcome) -> String {
    match outcome.ended {
        spiral_model::Ended::Horizon => "The last date of the scenario.".to_string(),
        spiral_model::Ended::War => "The history ends with this war, as the scenario asks.".to_string(),
        spiral_model::Ended::Failure => {
            let quantity = outcome.failure.and_then(|failure| spiral_model::audit::QUANTITIES.get(usize::from(failure.quantity)));
            format!("The history failed numerically and ends: {}.", quantity.unwrap_or(&"unknown"))
        }
    }
}

/// What a motive means.
fn explained(motive: Motive) -> &'static str {
    match motive {
        Motive::Preemption => "preemption (it would not have struck without the fear of being struck)",
        Motive::Prevention => "prevention (it would not have struck without a window of opportunity that was closing)",
        Motive::Predation => "predation (it would not have struck without greed or a claim)",
        Motive::Accident => "accident (a false alarm, or the random variation of a day)",
    }
}

/// How to read the numbers of a chronicle.
pub const KEY: &str = "Chances are between 0 and 1, as the acting state estimates them. Values are relative to the value of the state's own existence, \
     which is 1.";

fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A chance or the size of a value.
fn number(value: f64) -> String {
    if value > 0.0 && value < 0.005 { "under 0.01".to_string() } else { format!("{value:.2}") }
}

/// A share of output or a rate, as text.
#[must_use]
pub fn percent(share: f64) -> String {
    if share.abs() >= 1e4 {
        return format!("{:.1e} %", 100.0 * share);
    }
    format!("{:.1} %", 100.0 * share).replace("-0.0 %", "0.0 %")
}

/// `a`, `a and b`, `a, b and c`.
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_numbers_read_well() {
        let words = |words: &[&str]| listed(&words.iter().map(|word| (*word).to_string()).collect::<Vec<_>>());
        assert_eq!([words(&["a"]), words(&["a", "b"]), words(&["a", "b", "c"])], ["a", "a and b", "a, b and c"]);
        assert_eq!([number(0.0), number(0.001), number(0.625), number(1.0)], ["0.00", "under 0.01", "0.62", "1.00"]);
        assert_eq!(against(-0.001, "waiting"), "about as much as waiting");
        assert_eq!(against(-0.09, "waiting"), "0.09 less than waiting");
        assert_eq!(percent(0.0291), "2.9 %");
        assert_eq!(counted(1, "crisis", "crises"), "1 crisis");
    }
}
