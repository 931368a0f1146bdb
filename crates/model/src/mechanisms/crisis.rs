//! E13 Crisis.
crate::parameters! {
    /// Crises, day by day.
    pub struct Crisis {
        /// Crises of a pair in full contact.
        rate: "λ_c", "1/year", 0.0..=100.0, 0.08;
        /// False alarms of a pair in full contact without monitoring.
        false_alarms: "f", "1/year", 0.0..=100.0, 0.005;
        /// Chance each day that a crisis is settled.
        settlement: "settle", "1/day", 0.0..=1.0, 0.07;
        /// What being wholly mobilised first multiplies the first-strike factor by, less one.
        readiness: "φ1", "ratio", 0.0..=10.0, 0.2;
        /// Share of force that fights before mobilisation.
        standing_share: "s0", "0..1", 0.01..=1.0, 0.5;
        /// Cost of mobilising.
        mobilisation_cost: "c_m", "share of own value", 0.0..=10.0, 0.05;
        /// Log likelihood ratio of a full mobilisation.
        mobilisation_evidence: "ℓ_m", "log-odds", 0.0..=20.0, 1.0;
        /// Longest crisis.
        longest: "days", "days", 1.0..=90.0, 60.0;
    }
}
