//! The theory as a list of files. One mechanism is one file, one page beside it, one line in `groups!` below, and one test.
//!
//! The page, `NAME.md`, gives the claim, the equation with symbols and units, the source, the deviation, and what the world is like
//! without the mechanism. The file, `NAME.rs`, gives from top to bottom: its parameters; its entry in the registry; the equation as
//! pure functions; the systems that apply them to every lane; tests against closed forms.
//!
//! The registry names every mechanism, and every mechanism reads the parameters and the switches of all: this circle between this file and
//! its children is meant. Mechanisms do not name each other's systems: they order themselves by the sets of [`crate::phases`].

pub mod alignment;
pub mod allies;
pub mod arming;
pub mod arms_control;
pub mod beliefs;
pub mod concession;
pub mod conquest;
pub mod contest;
pub mod crisis;
pub mod deterrence;
pub mod game;
pub mod geography;
pub mod hostility;
pub mod institutions;
pub mod memory;
pub mod observation;
pub mod peace;
pub mod posture;
pub mod prevention;
pub mod reassurance;
pub mod reciprocal_fear;
pub mod restraint;
pub mod strike;
pub mod technology;
pub mod threat;
pub mod trade;
pub mod war;

use bevy_ecs::prelude::{Resource, Schedule};

use crate::description::{Description, described};
use crate::inputs::ArmingRule;
use crate::page::Page;
use crate::phases::Phase;
use crate::specification::{Group, Specification};

/// A mechanism as `spiral show` and the registry list it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Name: switches it off, and heads its group of parameters.
    pub name: &'static str,
    /// Equation of the model.
    pub equation: &'static str,
    /// Phase in which it acts.
    pub phase: Phase,
    /// Group of differences in which `explain` swaps its parameters and its switch.
    pub explains: ExplainGroup,
    /// What it contributes to the design concepts of the ODD document.
    pub concepts: &'static [(Concept, &'static str)],
    /// Components and resources of its own.
    pub components: &'static [Description],
    /// Its page: the Markdown file beside it.
    pub text: &'static str,
}

impl Entry {
    /// Its page by sections: claim, equation, source, deviation, what the world is like without it.
    #[must_use]
    pub fn page(&self) -> Page {
        Page::read(self.text)
    }
}

/// A group of differences between two scenarios that a mechanism can belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExplainGroup {
    /// What weapons and war are like.
    Technology,
    /// What states see, believe and expect.
    Beliefs,
    /// Where states lie.
    Geography,
    /// Who stands by whom, who is whose rival.
    Alliances,
    /// What states have and spend.
    Economy,
    /// What states want.
    Types,
    /// What states have agreed to, and how crises are handled.
    Institutions,
    /// When, and for how long.
    Calendar,
}

/// A design concept of the ODD protocol to which a mechanism can contribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concept {
    /// How states adapt what they do.
    Adaptation,
    /// What they pursue.
    Objectives,
    /// How what they believe changes.
    Learning,
    /// How they look ahead.
    Prediction,
    /// What they see of one another.
    Sensing,
    /// How they affect one another.
    Interaction,
}

/// Dated changes are a mechanism too: see [`crate::timeline`].
const TIMELINE: Entry = Entry {
    name: "timeline",
    equation: "dates",
    phase: Phase::Date,
    explains: ExplainGroup::Calendar,
    concepts: &[],
    components: &[],
    text: include_str!("../timeline.md"),
};

described! {
    /// What dated changes have changed in this tick, so that what follows from it is computed again.
    #[derive(Resource, Debug, Clone, Copy, Default)]
    pub struct Dirty {
        /// Reach must be measured.
        pub geography: bool,
        /// Coalitions must be listed.
        pub coalitions: bool,
    }
}

/// The value, or the smallest one that may stand below a fraction: keeps `0 / 0` a number and lets NaN through to the audit.
#[inline(always)]
#[must_use]
pub fn not_below(value: f64) -> f64 {
    if value < 1e-300 { 1e-300 } else { value }
}

/// Declares the groups of parameters, in the order of their files.
macro_rules! groups {
    ($($module:ident : $group:ident,)*) => {
        /// Every mechanism, in the order of their files.
        pub const REGISTRY: &[Entry] = &[$( $module::ENTRY, )* TIMELINE];

        /// Which mechanisms are on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, bevy_ecs::resource::Resource)]
        #[allow(clippy::struct_excessive_bools, reason = "one switch a mechanism, by name")]
        pub struct Switches {
            $(
                #[doc = concat!("See [`", stringify!($module), "`].")]
                pub $module: bool,
            )*
            /// See [`crate::timeline`].
            pub timeline: bool,
        }

        impl Default for Switches {
            fn default() -> Self {
                Self { $( $module: true, )* timeline: true }
            }
        }

        impl Switches {
            /// All but the named ones. Unknown names have no effect: the scenario crate refuses them.
            #[must_use]
            pub fn without(names: &std::collections::BTreeSet<String>) -> Self {
                Self { $( $module: !names.contains(stringify!($module)), )* timeline: !names.contains("timeline") }
            }
        }

        /// Adds the systems of the mechanism at a position of [`REGISTRY`].
        pub(crate) fn register<const WIDTH: usize>(position: usize, switches: &Switches, rule: ArmingRule, schedule: &mut Schedule) {
            let mut at = 0;
            $(
                if at == position {
                    match (stringify!($module), switches.$module) {
                        ("arming", true) if rule != ArmingRule::Programmes => arming::register_richardson::<WIDTH>(rule, schedule),
                        // Richardson's equations leave nothing to hold back.
                        ("reassurance", true) if rule != ArmingRule::Programmes => {}
                        // When they are off, these still apply dated terrain and the beliefs that doctrine teaches.
                        ("memory" | "geography", _) | (_, true) => $module::register::<WIDTH>(schedule),
                        ("contest", false) => contest::register_even::<WIDTH>(schedule),
                        ("peace", false) => peace::register_claims::<WIDTH>(schedule),
                        (_, false) => {}
                    }
                }
                at += 1;
            )*
            let _ = at;
        }

        /// Every parameter of the system, by group.
        #[derive(Debug, Clone, Copy, PartialEq, Default, bevy_ecs::resource::Resource, serde::Serialize)]
        pub struct Parameters {
            $(
                #[doc = concat!("See [`", stringify!($module), "`].")]
                pub $module: $module::$group,
            )*
        }

        impl Parameters {
            /// Name and specification of each group.
            pub const GROUPS: &'static [(&'static str, &'static [Specification])] =
                &[$( (stringify!($module), <$module::$group as Group>::SPECIFICATIONS), )*];

            /// The field at a position of a group; NaN where there is none.
            #[must_use]
            pub fn get(&self, group: usize, field: usize) -> f64 {
                let groups: &[&dyn Fn() -> f64] = &[$( &|| Group::get(&self.$module, field), )*];
                groups.get(group).map_or(f64::NAN, |get| get())
            }

            /// Sets the field at a position of a group; does nothing where there is none.
            pub fn set(&mut self, group: usize, field: usize, value: f64) {
                let mut position = 0;
                $(
                    if group == position {
                        Group::set(&mut self.$module, field, value);
                    }
                    position += 1;
                )*
                let _ = position;
            }
        }
    };
}

groups! {
    geography: Geography,
    technology: Technology,
    contest: Contest,
    observation: Observation,
    beliefs: Beliefs,
    hostility: Hostility,
    threat: Threat,
    deterrence: Deterrence,
    game: Game,
    strike: Strike,
    reciprocal_fear: ReciprocalFear,
    prevention: Prevention,
    arming: Arming,
    posture: Posture,
    crisis: Crisis,
    concession: Concession,
    allies: Allies,
    alignment: Alignment,
    war: War,
    conquest: Conquest,
    peace: Peace,
    memory: Memory,
    institutions: Institutions,
    trade: Trade,
    arms_control: ArmsControl,
    reassurance: Reassurance,
    restraint: Restraint,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every page has its sections, in order, each with whole sentences, and nothing else.
    #[test]
    fn every_mechanism_has_a_whole_page() {
        for entry in REGISTRY {
            let page = entry.page();
            let (mut known, mut fenced) = (Page::SECTIONS.into_iter(), false);
            for line in entry.text.lines() {
                fenced ^= line.starts_with("```");
                if let (Some(name), false) = (line.strip_prefix("## "), fenced) {
                    assert!(known.any(|section| section == name), "{}: section {name} is unknown or out of order", entry.name);
                }
            }
            for (what, text) in [("claim", &page.claim), ("source", &page.source), ("off", &page.off)] {
                let begins = text.starts_with(|first: char| first.is_uppercase() || first == '`');
                assert!(begins && text.ends_with('.'), "{}: {what} {text:?}", entry.name);
            }
            assert!(page.deviation.is_empty() || page.deviation.ends_with('.'), "{}: {:?}", entry.name, page.deviation);
            let whole = page.equation.contains("```text\n") && page.equation.matches("```").count().is_multiple_of(2);
            assert!(!page.title.is_empty() && whole, "{}: no title or no equation", entry.name);
        }
    }
}
