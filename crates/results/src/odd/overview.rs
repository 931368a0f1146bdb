//! Purpose and patterns; entities, state variables and scales; process overview and scheduling.

use spiral_model::mechanisms::REGISTRY;
use spiral_model::phases::Phase;
use spiral_model::setup::{ArmingRule, DyadInputs, StateInputs};
use spiral_model::specification::{Group, Specification};
use spiral_model::step::component;
use spiral_oracles::patterns::PATTERNS;

use super::mechanism;
use super::{Markdown, Subject};
use crate::history::dates;

pub(super) fn write(text: &mut Markdown, subject: &Subject<'_>) {
    purpose(text, subject);
    entities(text, subject);
    process(text, subject);
}

fn purpose(text: &mut Markdown, subject: &Subject<'_>) {
    let scenario = &subject.world.scenario;
    text.heading(2, "1. Purpose and patterns");
    text.paragraph(
        "The purpose of the model is to explain: it shows how, when and how strongly states that may all want only safety come to \
         arm against, fear and strike one another, and which changes of technology, belief, geography or institution prevent it. It is \
         built to test the theory of the security dilemma against its own claims and against history; it does not predict events.",
    );
    if !scenario.question.is_empty() {
        text.paragraph(&format!("This scenario asks: {}", scenario.question));
    }
    if let Some(look_at) = &scenario.look_at {
        text.paragraph(&format!("Look at: {look_at}."));
    }
    text.paragraph(
        "The model is judged by these patterns. None of them is programmed directly; tests check each of them in the simulator.",
    );
    text.list(PATTERNS.iter().map(|pattern| format!("**{}. {}.** {}", pattern.number, pattern.title, pattern.claim)));
}

/// The numbers that a scenario gives an entity.
fn inputs(text: &mut Markdown, specifications: &[Specification]) {
    let rows = specifications.iter().map(|s| {
        vec![
            format!("`{}`", s.name),
            s.symbol.to_string(),
            s.unit.to_string(),
            format!("{} to {}", s.low, s.high),
            s.meaning.trim().to_string(),
        ]
    });
    text.table(&["number", "symbol", "unit", "range", "meaning"], rows.collect());
}

/// Components, with the comments in the source code on them and on their fields.
fn components(text: &mut Markdown, names: &[String]) {
    let rows = names.iter().map(|name| {
        let about = match name.as_str() {
            "Parameters" => "The parameters of the system: section 7.".to_string(),
            "Switches" => "Which mechanisms are on: section 7.".to_string(),
            _ => component(name).map_or_else(String::new, |component| {
                let members: Vec<String> = component.members().map(|(member, about)| format!("`{member}`: {about}")).collect();
                format!("{} {}", component.about(), members.join(" "))
            }),
        };
        vec![format!("`{name}`"), about]
    });
    text.table(&["variable", "meaning"], rows.collect());
}

fn entities(text: &mut Markdown, subject: &Subject<'_>) {
    let setup = &subject.world.scenario.setup;
    let inventory = &subject.inventory;
    text.heading(2, "2. Entities, state variables and scales");
    text.paragraph(
        "There are states, directed dyads, the system that they live in, and crises and wars, which exist only while they last. A state \
         is a node of the adjacency network; a dyad is a directed edge, what one state sees, believes and fears of another. Strengths \
         and outputs are in billion international dollars, chances and shares from 0 to 1.",
    );
    text.heading(3, "States");
    text.paragraph("What a scenario gives a state:");
    inputs(text, StateInputs::SPECIFICATIONS);
    text.paragraph("Its state variables while the model runs:");
    components(text, &inventory.state);
    text.heading(3, "Dyads");
    text.paragraph("What a scenario gives a dyad:");
    inputs(text, DyadInputs::SPECIFICATIONS);
    text.paragraph("Its state variables while the model runs:");
    components(text, &inventory.dyad);
    text.heading(3, "Crises and wars");
    components(text, &inventory.passing);
    text.heading(3, "System");
    components(text, &inventory.system);
    text.heading(3, "Scales");
    let horizon = setup.horizon;
    let kept = spiral_model::world::kept_dyads(setup, &spiral_model::mechanisms::Switches::without(&setup.without)).len();
    let ending = setup.ending.description();
    text.list([
        format!(
            "Time runs from {} to {} in {} ticks, {} to the year. Inside a tick a crisis runs in days.",
            dates::day(horizon.start),
            dates::day(horizon.end),
            horizon.ticks(),
            horizon.ticks_per_year
        ),
        format!("When a history stops before its last date: {ending}"),
        format!(
            "Space is the network: {} states and {} directed dyads, of which {kept} are simulated because one of the two is within reach of \
             the other, may later be, or is bound to defend it. Distance is in kilometres between capitals.",
            setup.states.len(),
            setup.dyads.len()
        ),
    ]);
}

fn process(text: &mut Markdown, subject: &Subject<'_>) {
    let setup = &subject.world.scenario.setup;
    text.heading(2, "3. Process overview and scheduling");
    text.paragraph(
        "A tick passes through these phases in this order. Within a phase every state reads the values that earlier phases wrote, so that the order \
         of states never matters; sums run in the order of the states' codes.",
    );
    text.list(Phase::ALL.iter().map(|phase| {
        let about = phase.description();
        let acting: Vec<&str> = subject.running().filter(|entry| entry.phase == *phase).map(|entry| entry.name).collect();
        let acting = if acting.is_empty() { String::new() } else { format!(" Mechanisms: {}.", acting.join(", ")) };
        format!("**{phase:?}**: {about}{acting}")
    }));
    if let Some((name, rule)) = ArmingRule::NAMES.iter().find(|(_, rule)| *rule == setup.arming_rule) {
        text.paragraph(&format!("Arming follows the rule `{name}`: {}", rule.description()));
    }
    text.paragraph("The systems of a tick, in the order that the engine has given them. A system may also read what it writes; crises and wars that it begins or ends are not listed:");
    let list = |names: &[String], exclusive: bool| if exclusive { "anything".to_string() } else { names.join(", ") };
    let rows = subject.steps.iter().enumerate().map(|(position, step)| {
        vec![
            (position + 1).to_string(),
            format!("{:?}", step.phase),
            step.system.replace('_', " "),
            mechanism(step).map_or_else(|| format!("({})", step.file), |entry| entry.name.to_string()),
            list(&step.writes, step.exclusive),
            list(&step.reads, step.exclusive),
        ]
    });
    text.table(&["", "phase", "system", "mechanism", "writes", "reads"], rows.collect());
    let off: Vec<&str> = REGISTRY.iter().map(|entry| entry.name).filter(|name| !subject.runs(name)).collect();
    if !off.is_empty() {
        text.paragraph(&format!("Switched off, and therefore not in this list: {}.", off.join(", ")));
    }
    text.paragraph(
        "In the phase of crises every crisis is played out day by day: mobilisation, strikes, allies, settlement. At the end of a tick \
         every stock and belief is audited; a history in which a number is no longer finite ends there, and its row reports the failure.",
    );
}
