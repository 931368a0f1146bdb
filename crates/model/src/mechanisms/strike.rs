//! E9 Strike or wait.
crate::parameters! {
    /// How sharply states choose.
    pub struct Strike {
        /// Noise of the choice on one day of a crisis.
        noise: "τ", "share of own value", 0.0001..=10.0, 0.03;
    }
}
