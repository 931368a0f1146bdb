//! E16 Memory of the last war.
crate::parameters! {
    /// What wars teach.
    pub struct Memory {
        /// Weight of a war on those who fought it.
        belligerent_weight: "η_i", "0..1", 0.0..=1.0, 0.5;
        /// Weight of a war on those who looked on.
        onlooker_weight: "η_o", "0..1", 0.0..=1.0, 0.1;
        /// How fast belief drifts to doctrine.
        doctrine_drift: "η_d", "1/year", 0.0..=10.0, 1.0;
        /// Balance that a quick victory of the attacker teaches.
        quick_balance: "m_quick", "ratio", 0.01..=100.0, 1.5;
        /// Balance that a long war teaches.
        long_balance: "m_long", "ratio", 0.01..=100.0, 0.3333;
        /// How long a quick victory takes.
        quick: "t_quick", "years", 0.01..=10.0, 0.75;
    }
}
