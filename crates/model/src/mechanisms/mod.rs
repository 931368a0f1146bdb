//! The theory as a list of files. One mechanism, one file, one line here.

use crate::specification::{Group, Specification};

/// Declares the groups of parameters, in the order of their files.
macro_rules! groups {
    ($($module:ident : $group:ident,)*) => {
        $( pub mod $module; )*

        /// Every parameter of the system, by group.
        #[derive(Debug, Clone, Copy, PartialEq, Default, bevy_ecs::resource::Resource)]
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
    game: Game,
    strike: Strike,
    reciprocal_fear: ReciprocalFear,
    prevention: Prevention,
    arming: Arming,
    posture: Posture,
    crisis: Crisis,
    allies: Allies,
    war: War,
    memory: Memory,
    institutions: Institutions,
    trade: Trade,
}
