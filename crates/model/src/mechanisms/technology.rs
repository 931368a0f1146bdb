//! The true offence-defence balance and what can be told apart.
crate::parameters! {
    /// The technology of the day. The truth: what states believe of it is `perceived_balance`.
    pub struct Technology {
        /// True offence-defence balance: 1 is parity, 1/3 the three-to-one rule.
        balance: "m", "ratio", 0.01..=100.0, 0.5;
        /// First-strike factor: what striking first multiplies the attacker's strength by.
        first_strike: "φ0", "ratio", 0.01..=100.0, 1.0;
        /// Distinguishability: how well offensive arms can be told from defensive ones.
        distinguishability: "q", "0..1", 0.0..=1.0, 0.15;
        /// Balance at which arms threaten as much as their number says.
        reference_balance: "m0", "ratio", 0.01..=100.0, 0.5;
    }
}
