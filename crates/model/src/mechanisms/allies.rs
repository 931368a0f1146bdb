//! E14 Allies.
crate::parameters! {
    /// Whether allies come.
    pub struct Allies {
        /// Worth of a kept commitment.
        reputation: "r", "share of own value", 0.0..=10.0, 0.3;
        /// Loss from the fall of an ally, at full commitment.
        loss: "Loss", "share of own value", 0.0..=10.0, 1.0;
        /// How the believed balance speeds up the fall of an ally.
        doctrine_exponent: "ν", "1", 0.0..=10.0, 1.0;
        /// Cost of joining.
        cost: "C_k", "share of own value", 0.0..=10.0, 0.3;
        /// Worth of letting others carry the burden.
        waiting: "w", "share of own value", 0.0..=10.0, 0.3;
        /// Noise of the choice on one day.
        noise: "τ_k", "share of own value", 0.0001..=10.0, 0.05;
    }
}
