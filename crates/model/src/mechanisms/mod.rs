//! The theory as a list of files. One mechanism, one file, one line here.
//!
//! Each file gives, from top to bottom: the claim, the equation with symbols and units, the source, the deviation, what the world is
//! like with it off; its parameters; the equation as pure functions; the systems that map them over the lanes; its closed forms as
//! tests.

use bevy_ecs::prelude::{Resource, Schedule};

use crate::phases::Phase;
use crate::setup::ArmingRule;
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
    /// What it claims about the world.
    pub claim: &'static str,
    /// What the world is like without it.
    pub off: &'static str,
}

/// Dated changes are a mechanism too: see [`crate::timeline`].
const TIMELINE: Entry = Entry {
    name: "timeline",
    equation: "dates",
    phase: Phase::Date,
    claim: "What the scenario dates happens on its date.",
    off: "Every number stays at its start, but output grows; scripted crises do not come.",
};

/// What dated changes have touched this tick, so that what follows from it is made anew.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct Dirty {
    /// Reach must be measured.
    pub geography: bool,
    /// Coalitions must be listed.
    pub coalitions: bool,
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
        $( pub mod $module; )*

        /// Every mechanism, in the order of their files.
        pub const REGISTRY: &[Entry] = &[$( $module::ENTRY, )* TIMELINE];

        /// Name and text of each file, in the same order: what [`crate::quoted`] quotes.
        pub(crate) const SOURCES: &[(&str, &str)] = &[
            $( (stringify!($module), include_str!(concat!(stringify!($module), ".rs"))), )*
            ("timeline", include_str!("../timeline.rs")),
        ];

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
            /// All but the named ones. Unknown names switch nothing: the scenario crate has refused them.
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
                        ("arming", true) if rule != ArmingRule::Budget => arming::register_richardson::<WIDTH>(rule, schedule),
                        // Richardson's equations leave nothing to hold back.
                        ("reassurance", true) if rule != ArmingRule::Budget => {}
                        // Off, they see to it that what they need not explain is still there: dated terrain, unrest, beliefs' drift.
                        ("memory" | "geography", _) | (_, true) => $module::register::<WIDTH>(schedule),
                        ("contest", false) => contest::register_even::<WIDTH>(schedule),
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
    threat: Threat,
    deterrence: Deterrence,
    game: Game,
    strike: Strike,
    reciprocal_fear: ReciprocalFear,
    prevention: Prevention,
    arming: Arming,
    posture: Posture,
    crisis: Crisis,
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
