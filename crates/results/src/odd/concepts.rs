//! The eleven design concepts. What a mechanism contributes to a concept is printed only if the mechanism is switched on.

use spiral_model::description::Described as _;
use spiral_model::draws::Purpose;
use spiral_model::mechanisms::Concept;
use spiral_model::outcome::{EventKind, Motive, STATE_METRICS, SYSTEM_METRICS};
use spiral_study::Table;

use super::{Markdown, Subject};

pub(super) fn write(text: &mut Markdown, subject: &Subject<'_>) {
    text.heading(2, "4. Design concepts");
    text.heading(3, "Basic principles");
    text.paragraph(
        "The model distinguishes four things, because the theory depends on their differences: the true offence-defence balance, each \
         state's belief about it, the advantage of striking first, and the private greed of a state as opposed to what others believe \
         about it. The mechanisms that are switched on, each with its claim:",
    );
    text.list(subject.running().map(|entry| format!("{} (`{}`, {})", entry.page().claim, entry.name, entry.equation)));
    text.heading(3, "Emergence");
    text.paragraph(
        "Arms races, mistrust, the class of game that a pair is in, crises that get out of hand, wars, their motives, their size and \
         their dates emerge from these mechanisms. Imposed are the numbers of the scenario, their dated changes and scripted crises, and \
         the forms of the equations. No line of code decides which world is dangerous, who strikes or when.",
    );
    concept(text, subject, Concept::Adaptation, "Nobody adapts: every mechanism of choice is switched off.");
    concept(text, subject, Concept::Objectives, "States pursue nothing: the game is switched off.");
    concept(text, subject, Concept::Learning, "Nobody learns: every mechanism of belief is switched off.");
    concept(text, subject, Concept::Prediction, "Nobody looks ahead: every mechanism of prediction is switched off.");
    concept(text, subject, Concept::Sensing, "States see everything without error.");
    concept(text, subject, Concept::Interaction, "States do not interact.");
    stochasticity(text, subject);
    text.heading(3, "Collectives");
    if subject.runs("allies") {
        text.paragraph(
            "Coalitions are collectives: a state that is bound to another by a commitment counts in the strengths of a dyad before any crisis, \
             may mobilise and join in a crisis, and fights on one side of a war (E14, E15).",
        );
    } else {
        text.paragraph("There are none: alliances are switched off.");
    }
    observation(text);
}

/// What the mechanisms that run contribute to a concept.
fn concept(text: &mut Markdown, subject: &Subject<'_>, concept: Concept, none: &str) {
    text.heading(3, &format!("{concept:?}"));
    let of_concept = subject.running().flat_map(|entry| entry.concepts).filter(|(its, _)| *its == concept);
    let parts: Vec<String> = of_concept.map(|(_, what)| (*what).to_string()).collect();
    if parts.is_empty() {
        text.paragraph(none);
    }
    text.list(parts);
}

fn stochasticity(text: &mut Markdown, subject: &Subject<'_>) {
    text.heading(3, "Stochasticity");
    text.paragraph(
        "Every random number is a pure function of seed, history, tick or day, purpose and state or dyad (Philox4x32-10); there is no \
         shared stream. A history is therefore the same on any machine and with any number of threads, one more state does not change the draws of \
         the others, and two worlds with one seed are paired draw for draw. The random draws:",
    );
    text.table(
        &["purpose", "what it decides"],
        Purpose::DESCRIPTION.members().map(|(name, about)| vec![format!("`{name}`"), about]).collect(),
    );
    let judgements = subject.world.scenario.judgements.iter().filter(|judgement| judgement.low < judgement.high).count();
    text.paragraph(&format!(
        "{judgements} numbers of this world are judgements with a range. With `--uncertain` every two histories, 2k and 2k + 1, draw all of \
         them uniformly from their ranges, keyed by seed, k and the path of the number, so that two worlds draw alike what they share; the \
         two histories differ by chance only, and a one-way analysis of variance divides the variance of every outcome into judgement \
         and chance."
    ));
}

fn observation(text: &mut Markdown) {
    text.heading(3, "Observation");
    text.paragraph(
        "Every history gives one row of outcomes. Curves are computed over the histories at risk, which are those without a war so far, \
         because wars destroy arms and would make violent worlds look peaceful. Single histories can be kept as rows of states and of pairs of \
         states. The columns of the tables:",
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
