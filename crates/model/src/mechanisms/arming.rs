//! E5 Arming.
crate::parameters! {
    /// How states arm.
    pub struct Arming {
        /// Procurement that one unit of threat calls for.
        sensitivity: "k", "1/year", 0.0..=100.0, 0.13;
        /// Share of output that a wholly greedy state would add to its procurement.
        greed_drive: "δ_μ", "share of output", 0.0..=1.0, 0.11;
        /// Share of arms that wears out or grows obsolete.
        depreciation: "α", "1/year", 0.0001..=10.0, 0.15;
        /// How fast the customary threat follows the threat.
        custom_rate: "η_h", "1/year", 0.0..=10.0, 0.01;
    }
}
