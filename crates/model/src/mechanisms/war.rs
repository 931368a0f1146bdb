//! E15 War.
crate::parameters! {
    /// What wars cost and how long they last.
    pub struct War {
        /// Rate at which a war comes to a decision.
        decision_rate: "θ", "1/year", 0.0..=100.0, 0.5;
        /// Output lost.
        output_loss: "ΔY", "1/year", 0.0..=1.0, 0.04;
        /// Arms lost.
        arms_loss: "Δa", "1/year", 0.0..=10.0, 0.3;
        /// War-weariness gained.
        weariness: "Δw", "1/year", 0.0..=10.0, 0.3;
        /// How fast war-weariness fades.
        recovery: "η_w", "1/year", 0.0..=10.0, 0.05;
        /// Share of the loser's arms that are taken down at the peace.
        disarmament: "Δa_L", "0..1", 0.0..=1.0, 0.5;
        /// Longest war before it ends undecided.
        longest: "years", "years", 0.1..=100.0, 6.0;
    }
}
