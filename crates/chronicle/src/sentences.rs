//! Events in words.

use std::fmt::Write as _;

use std::collections::BTreeMap;

use spiral_model::outcome::{MobilisationMotive, NOBODY};
use spiral_model::{Event, EventKind, Motive, Outcome};
use spiral_scenario::Scenario;

use crate::crisis::Crisis;
use crate::simulate::BuildUp;
use crate::{dates, state_name};

/// Values that differ by less are told as the same.
const SAME_VALUE: f64 = 0.005;

/// Help changes a chance by more than this where the two chances are told apart.
const SAME_CHANCE: f64 = 1e-9;

/// An event outside any crisis.
pub(crate) fn between(world: &Scenario, event: &Event) -> String {
    let (actor, target) = (state_name(world, event.actor), state_name(world, event.target));
    match event.kind {
        EventKind::Alliance => format!("{actor} and {target} form an alliance against common threats."),
        EventKind::Lapse => format!("The alliance of {actor} and {target} lapses."),
        EventKind::Treaty => {
            format!("{actor} and {target} agree to keep no more than {} of their offensive arms.", percent(event.fear))
        }
        EventKind::Breach => format!(
            "{target} detects that {actor} has broken their treaty, and the treaty ends; the chance of detecting such a breach was {} a \
             tick.",
            number(event.fear)
        ),
        kind => format!("{actor}, {target}: {}.", kind.name()),
    }
}

/// An event of a crisis or of its war.
pub(crate) fn in_crisis(world: &Scenario, crisis: &Crisis<'_>, event: &Event) -> String {
    let (actor, target) = (state_name(world, event.actor), state_name(world, event.target));
    let fear = number(event.fear);
    match event.kind {
        EventKind::Crisis => format!("{actor} challenges {target}."),
        EventKind::FalseAlarm => format!("A false alarm brings {actor} into a crisis with {target}."),
        EventKind::Mobilisation => format!("{actor} mobilises against {target}{}.", why_it_mobilises(world, crisis, event)),
        EventKind::Clash => format!("Shots are fired: {actor} uses force against {target}, short of war."),
        EventKind::Strike => format!(
            "{actor} strikes {target}: it put its risk of being struck at {fear} and its chance of winning a first strike at {}; it \
             valued striking {}. {}",
            number(event.first_strike_win),
            valued(event),
            event.motive.map_or(String::new(), |motive| format!("Motive: {}.", motive.name())),
        ),
        EventKind::Joining => {
            let joins = if crisis.is_principal(event.actor) { "enters the war on the side of" } else { "joins" };
            format!("{actor} {joins} {target}: {}.", help(world, crisis, event, event.target))
        }
        EventKind::Abandonment if crisis.mobilised(event.actor) => {
            format!("{actor} is an ally of {target} and has mobilised, but does not fight.")
        }
        EventKind::Abandonment => format!("{actor} is an ally of {target} but stays out."),
        EventKind::Concession => format!("{actor} gives way to {target}: it put its risk of being struck at {fear}."),
        EventKind::Settlement => match longest_crisis(world).filter(|longest| event.day > *longest) {
            Some(days) => format!("The crisis of {actor} and {target} dies down after {days} days: neither gives way."),
            None => format!("{actor} and {target} settle: neither gives way."),
        },
        EventKind::Victory => {
            let (winners, losers) = (crisis.fighters_beside(event.actor), crisis.fighters_beside(event.target));
            let wins = if winners.len() == 1 { "wins" } else { "win" };
            format!("{} {wins} the war against {}.", names(world, &winners), names(world, &losers))
        }
        EventKind::Stalemate => {
            let [one, other] = [event.actor, event.target].map(|state| names(world, &crisis.fighters_beside(state)));
            format!("The war of {one} against {other} ends undecided.")
        }
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
        EventKind::Alliance | EventKind::Lapse | EventKind::Treaty | EventKind::Breach => between(world, event),
    }
}

/// An event of a crisis that does not stand below its beginning: the reader is told which crisis, where the event does not name both
/// of its principals.
pub(crate) fn continued(world: &Scenario, crisis: &Crisis<'_>, event: &Event, text: &str) -> String {
    if crisis.is_principal(event.actor) && crisis.is_principal(event.target) {
        return text.to_string();
    }
    format!("In the crisis of {}: {text}", names(world, &crisis.principals()))
}

/// Why a state mobilises, with the numbers that it weighed as far as they are recorded.
fn why_it_mobilises(world: &Scenario, crisis: &Crisis<'_>, event: &Event) -> String {
    match event.mobilisation_motive {
        Some(MobilisationMotive::Fear) => format!(" out of fear of being struck: it put that risk at {}", number(event.fear)),
        Some(MobilisationMotive::Coercion) => format!(" to make {} give way", state_name(world, event.target)),
        Some(MobilisationMotive::Attack) => {
            format!(" to attack: before it is ready, a first strike would win with chance {}", number(event.first_strike_win))
        }
        Some(MobilisationMotive::Ally) => {
            let [challenger, defender] = crisis.principals();
            let friend = if crisis.side(event.target) == Some(0) { defender } else { challenger };
            format!(" in support of {}: {}", state_name(world, friend), help(world, crisis, event, friend))
        }
        None => String::new(),
    }
}

/// What a state considered that helps another. The first two values of its event are a chance without and with its help: that its side
/// wins, which help raises, or that its friend falls, which help lowers. The third is how much it valued joining.
fn help(world: &Scenario, crisis: &Crisis<'_>, event: &Event, friend: u32) -> String {
    let (alone, helped) = (event.fear, event.first_strike_win);
    // Where help changes nothing, the friend is in danger if its side does not strike.
    let defends = crisis.side(friend) != Some(crisis.striking_side().unwrap_or(0));
    let falls = if (helped - alone).abs() > SAME_CHANCE { helped < alone } else { defends };
    let what = if falls { format!("{} falls", state_name(world, friend)) } else { "its side wins".to_string() };
    let despite = if event.strike_advantage < -SAME_VALUE {
        "; but its own reluctance to fight, which only it knows, was lower still"
    } else {
        ""
    };
    format!(
        "it put the chance that {what} at {} without its help and at {} with it; it valued joining {}{despite}",
        number(alone),
        number(helped),
        against(event.strike_advantage, "staying out"),
    )
}

/// The most days that a crisis lasts, where this number does not change with the date.
fn longest_crisis(world: &Scenario) -> Option<u16> {
    let setup = &world.setup;
    let targets = setup.resolve("crisis.longest").unwrap_or_default();
    let changes = setup.tracks.iter().any(|track| targets.contains(&track.target));
    (!changes).then_some(setup.parameters.crisis.longest as u16)
}

/// Names of states: `A`, `A and B`, `A, B and C`.
fn names(world: &Scenario, states: &[u32]) -> String {
    listed(&states.iter().map(|state| state_name(world, *state).to_string()).collect::<Vec<_>>())
}

/// How much striking was valued against waiting, and what else decided where a war began although waiting was better.
fn valued(event: &Event) -> String {
    let advantage = against(event.strike_advantage, "waiting");
    if event.strike_advantage > -SAME_VALUE {
        return advantage;
    }
    match event.motive {
        Some(Motive::Accident) => format!("{advantage}, but an accident began the war"),
        _ => advantage,
    }
}

/// A value against that of the other choice.
fn against(value: f64, other: &str) -> String {
    if value.abs() < SAME_VALUE {
        return format!("about as much as {other}");
    }
    format!("{} {} than {other}", number(value.abs()), if value < 0.0 { "less" } else { "more" })
}

/// A state that arms, in a world whose ticks last some years.
pub(crate) fn build_up(world: &Scenario, build_up: &BuildUp, tick: f64) -> String {
    let mut text = format!(
        "{} arms: its military burden has risen from {} of output in {} to {}.",
        state_name(world, build_up.state),
        percent(build_up.before),
        // What is seen at the end of a tick was spent in it.
        dates::year(build_up.since - 0.5 * tick),
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

/// The lesser crises of a year: whose they were, in which of them shots were fired, and who gave way.
pub(crate) fn lesser(world: &Scenario, crises: &[&Crisis<'_>]) -> String {
    let pair = |crisis: &Crisis<'_>| {
        let [one, other] = crisis.principals();
        names(world, &[one.min(other), one.max(other)])
    };
    let has = |crisis: &Crisis<'_>, kind: EventKind| crisis.events.iter().any(|event| event.kind == kind);
    let all = crises.iter().map(|crisis| pair(crisis));
    let mut text = format!("Lesser crises, in which at most one state mobilised: {}.", tallied(all));
    let shots = tallied(crises.iter().filter(|crisis| has(crisis, EventKind::Clash)).map(|crisis| pair(crisis)));
    if !shots.is_empty() {
        let _ = write!(text, " Shots were fired in: {shots}.");
    }
    let yielding = crises.iter().flat_map(|crisis| crisis.events).filter(|event| event.kind == EventKind::Concession);
    let gave =
        tallied(yielding.map(|event| format!("{} to {}", state_name(world, event.actor), state_name(world, event.target))));
    if !gave.is_empty() {
        let _ = write!(text, " Gave way: {gave}.");
    }
    text
}

/// `a (2); b`: each text once, with the number of times that it comes.
fn tallied(texts: impl Iterator<Item = String>) -> String {
    let mut counts: Vec<(String, u32)> = Vec::new();
    for text in texts {
        match counts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    let parts: Vec<String> =
        counts.into_iter().map(|(text, count)| if count > 1 { format!("{text} ({count})") } else { text }).collect();
    parts.join("; ")
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
            "The first war begins {} ({}): {} strikes {}{}. After thirty days {} at war, {} of them great powers.",
            first_war_day(date, outcome.days_crisis_to_war),
            outcome.days_crisis_to_war.map_or("from no crisis".to_string(), |days| {
                format!("{} after the crisis began", counted(days as u64, "day", "days"))
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

/// When the first war began, counted on the calendar from the beginning of its crisis: on a day or, where the calendar has none, in a year.
fn first_war_day(date: f64, days: Option<f64>) -> String {
    let date = days.map_or(date, |days| dates::days_after(dates::mean_days_before(date, days), days as u16));
    let day = dates::day(date);
    format!("{} {day}", if day.starts_with("year ") { "in" } else { "on" })
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
        Motive::Predation => "predation (what it could win was enough, without fear and without a closing window)",
        Motive::Accident => "accident (no state decided it; both were mobilised)",
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
