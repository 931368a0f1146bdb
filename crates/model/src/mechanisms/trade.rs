//! E19 Trade.
crate::parameters! {
    /// What trade is worth.
    pub struct Trade {
        /// Worth of a unit of trade in peace.
        gain: "t+", "1", 0.0..=10.0, 1.0;
        /// Loss of a unit of trade in war.
        loss: "t−", "1", 0.0..=10.0, 1.0;
    }
}
