//! E8 The 2×2 game of every dyad.
crate::parameters! {
    /// What is at stake.
    pub struct Game {
        /// Cost of a war.
        war_cost: "c", "share of own value", 0.0..=10.0, 0.3;
        /// Worth of being rid of a threat.
        relief: "relief", "share of own value", 0.0..=10.0, 0.5;
    }
}
