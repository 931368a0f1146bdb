//! E2 Chance of winning.
crate::parameters! {
    /// The contest function.
    pub struct Contest {
        /// Decisiveness: how sharply strength decides.
        decisiveness: "r", "1", 0.05..=20.0, 1.5;
        /// Worth of a defensive force in an attack.
        defensive_in_attack: "w0", "0..1", 0.0..=1.0, 0.3;
        /// What a wholly defensive force adds to its own defence.
        defence_bonus: "ψ", "ratio", 0.0..=100.0, 1.0;
    }
}
