//! E18 Collective security.
crate::parameters! {
    /// Common punishment of aggression.
    pub struct Institutions {
        /// Perceived chance that aggression is punished in common.
        collective_security: "κ", "0..1", 0.0..=1.0, 0.0;
        /// Cost of being punished.
        punishment: "C", "share of own value", 0.0..=10.0, 0.3;
        /// What is left of the perceived chance after an unpunished aggression.
        unpunished: "κ−", "0..1", 0.0..=1.0, 0.6;
        /// How much of the doubt a punished aggression removes.
        punished: "κ+", "0..1", 0.0..=1.0, 0.3;
    }
}
