//! The eleven design concepts. What a mechanism contributes to a concept is said only where the mechanism runs.

use spiral_model::outcome::{EventKind, Motive, STATE_METRICS, SYSTEM_METRICS};
use spiral_model::quoted::described;
use spiral_study::Table;

use super::{Markdown, Subject};

/// What a mechanism contributes to a design concept.
struct Share {
    mechanism: &'static str,
    what: &'static str,
}

const fn share(mechanism: &'static str, what: &'static str) -> Share {
    Share { mechanism, what }
}

const ADAPTATION: &[Share] = &[
    share("arming", "States adapt their procurement to the threat that they feel, within a budget (E5)."),
    share("posture", "They choose the offensive share of new arms by what is thought to pay and what can be told apart (E6)."),
    share("crisis", "In a crisis they choose each day whether to mobilise (E13)."),
    share("strike", "They choose each day whether to strike or to wait (E9)."),
    share("allies", "Allies choose each day of a war whether to join (E14)."),
    share(
        "restraint",
        "Where a shadow of the future is given, they choose each tick whether to answer another's arms or to hold (E21).",
    ),
    share(
        "reassurance",
        "Where gestures are, they choose now and then whether to build less and so to show what they are (E20).",
    ),
    share(
        "arms_control",
        "Bound by a treaty, they choose whether to keep it; pairs that negotiate choose whether to freeze (E17).",
    ),
];

const OBJECTIVES: &[Share] = &[share(
    "game",
    "A state values its own survival at 1. Peace, striking, being struck and mutual war are worth what the payoffs of E8 say: prize, \
     greed, claims and relief from threat against the cost of war, lost trade, punishment and weariness.",
)];

const LEARNING: &[Share] = &[
    share("beliefs", "States learn what the others are, by Bayes' rule, from growth, posture and events (E7)."),
    share("memory", "Wars teach those who fought and those who looked on what the balance is; doctrine teaches it back (E16)."),
    share("institutions", "The belief in collective security lives on its record (E18)."),
    share("arms_control", "A breach that is found, and inspections that find none, tell what the other is (E17)."),
    share("reassurance", "A gesture tells what the other is as far as a greedy state would not have made it (E20)."),
];

const PREDICTION: &[Share] = &[
    share(
        "contest",
        "States predict the chance of winning, struck first or striking first, from what they see and believe (E2).",
    ),
    share("reciprocal_fear", "They predict whether the other will strike by putting themselves into its place, and again (E10)."),
    share("prevention", "They project the trends of arms and ask whether their window is closing (E11)."),
    share("deterrence", "They predict how many warheads would survive a first strike, and what those would do to them (E12)."),
];

const SENSING: &[Share] = &[
    share(
        "observation",
        "Arms are seen with error, which monitoring makes smaller; offence is told from defence as far as technology allows (E3).",
    ),
    share("crisis", "Mobilisation is seen, blurred where there is no monitoring (E13)."),
];

const INTERACTION: &[Share] = &[
    share("geography", "Force reaches others as far as distance and terrain let it (E1)."),
    share("threat", "One state's arms are the other's threat (E4)."),
    share("crisis", "States meet in crises, which break out by contact, rivalry, unrest and false alarms (E13)."),
    share("allies", "Allies add their strength to one another, and draw one another in (E14)."),
    share("trade", "Trade makes peace worth more and war cost more (E19)."),
    share("war", "Coalitions fight with the true balance until one side wins or both tire (E15)."),
    share(
        "alignment",
        "Where alliances form, states that fear the same third become bound, and part when they no longer do (E14b).",
    ),
    share(
        "conquest",
        "Where land can be taken, victors take what they fought for, and a state that loses too much is no more (E15b).",
    ),
    share("peace", "A peace may hold for some years, disarm the beaten, settle claims and leave others behind (E15c)."),
];

pub(super) fn write(text: &mut Markdown, subject: &Subject<'_>) {
    text.heading(2, "4. Design concepts");
    text.heading(3, "Basic principles");
    text.paragraph(
        "Four things are kept apart throughout, because the theory turns on their differences: the true offence-defence balance, each \
         state's belief about it, the advantage of striking first, and the private greed of a state against the belief that others hold \
         about it. The claims that run here:",
    );
    text.list(subject.running().map(|entry| format!("{} (`{}`, {})", entry.claim, entry.name, entry.equation)));
    text.heading(3, "Emergence");
    text.paragraph(
        "Arms races, mistrust, the class of game that a pair is in, crises that get out of hand, wars, their motives, their size and \
         their dates emerge from these claims. Imposed are the numbers of the scenario, their dated changes and scripted crises, and \
         the forms of the equations. No line of code says which world is dangerous, who strikes or when.",
    );
    concept(text, subject, "Adaptation", ADAPTATION, "Nobody adapts: every mechanism of choice is switched off.");
    concept(text, subject, "Objectives", OBJECTIVES, "States pursue nothing: the game is switched off.");
    concept(text, subject, "Learning", LEARNING, "Nobody learns: every mechanism of belief is switched off.");
    concept(text, subject, "Prediction", PREDICTION, "Nobody looks ahead: every mechanism of prediction is switched off.");
    concept(text, subject, "Sensing", SENSING, "Everything is seen as it is.");
    concept(text, subject, "Interaction", INTERACTION, "States do not meet.");
    stochasticity(text);
    text.heading(3, "Collectives");
    if subject.runs("allies") {
        text.paragraph(
            "Coalitions are collectives: who is bound to whom by a commitment counts in the strengths of a dyad before anybody has \
             called, may mobilise and join in a crisis, and fights on one side of a war (E14, E15).",
        );
    } else {
        text.paragraph("There are none: alliances are switched off.");
    }
    observation(text);
}

fn concept(text: &mut Markdown, subject: &Subject<'_>, name: &str, shares: &[Share], none: &str) {
    text.heading(3, name);
    let told: Vec<String> =
        shares.iter().filter(|share| subject.runs(share.mechanism)).map(|share| share.what.to_string()).collect();
    if told.is_empty() {
        text.paragraph(none);
    }
    text.list(told);
}

/// What no concept names: the one holds numbers that others read, the other sets them by date.
#[cfg(test)]
const OF_NO_CONCEPT: [&str; 2] = ["technology", "timeline"];

fn stochasticity(text: &mut Markdown) {
    text.heading(3, "Stochasticity");
    text.paragraph(
        "Every random number is a pure function of seed, history, tick or day, purpose and state or dyad (Philox4x32-10); there is no \
         shared stream. A history is therefore the same on any machine and number of threads, another state disturbs nobody's draws, \
         and two worlds on one seed are paired draw for draw. What is drawn:",
    );
    let purposes = described("Purpose").map(|found| found.members).unwrap_or_default();
    text.table(
        &["purpose", "what it decides"],
        purposes.into_iter().map(|(name, about)| vec![format!("`{name}`"), about]).collect(),
    );
}

fn observation(text: &mut Markdown) {
    text.heading(3, "Observation");
    text.paragraph(
        "Every history leaves one row of outcomes; curves are taken over the histories at risk, which are those without a war so far, \
         because wars destroy arms and would make violent worlds look meek. The columns of the three tables:",
    );
    let mut rows = Vec::new();
    for table in Table::ALL.map(Table::definition) {
        for column in table.columns.iter() {
            rows.push(vec![format!("`{}`", table.name), format!("`{}`", column.name), column.meaning.to_string()]);
        }
    }
    text.table(&["table", "column", "meaning"], rows);
    let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    text.paragraph(&format!(
        "Metrics of a state: {}. Of the system: {}, `hazard`.",
        quoted(&STATE_METRICS),
        quoted(&SYSTEM_METRICS)
    ));
    named(text, "Why a war began:", Motive::ALL.map(|motive| (motive.name(), motive.meaning())));
    named(text, "What can happen:", EventKind::ALL.map(|kind| (kind.name(), kind.meaning())));
}

/// Names in tables with what they mean.
fn named<const N: usize>(text: &mut Markdown, lead: &str, names: [(&str, &str); N]) {
    text.paragraph(lead);
    text.list(names.into_iter().map(|(name, meaning)| format!("`{name}`: {meaning}")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use spiral_model::mechanisms::REGISTRY;

    #[test]
    fn every_mechanism_has_a_part_in_a_concept() {
        let lists = [ADAPTATION, OBJECTIVES, LEARNING, PREDICTION, SENSING, INTERACTION];
        let named: Vec<&str> = lists.into_iter().flatten().map(|share| share.mechanism).chain(OF_NO_CONCEPT).collect();
        for entry in REGISTRY {
            assert!(named.contains(&entry.name), "no design concept names {}", entry.name);
        }
        for name in named {
            assert!(REGISTRY.iter().any(|entry| entry.name == name), "{name} is no mechanism");
        }
    }
}
