//! E7 Belief about the other's type.
crate::parameters! {
    /// How states learn about one another.
    pub struct Beliefs {
        /// Prior chance that another state is greedy.
        suspicion: "b⁰", "probability", 0.0..=1.0, 0.15;
        /// Greed that a greedy state is thought to have.
        greedy_type: "μ_G", "0..1", 0.0..=1.0, 0.9;
        /// Growth in arms that sets a greedy state's bout of building apart.
        growth_shift: "δ_g", "1/year", 0.0..=10.0, 0.067;
        /// Noise in growth.
        growth_noise: "σ_g", "1/year", 0.001..=10.0, 0.115;
        /// Share of time that a greedy state builds in bouts.
        bout_share: "ρ_b", "0..1", 0.0..=0.99, 0.3;
        /// Noise in posture.
        posture_noise: "σ_ω", "share", 0.001..=10.0, 0.25;
        /// Suspicion that vulnerability breeds.
        vulnerability: "β_v", "log-odds/year", 0.0..=10.0, 0.02;
        /// Vulnerability that breeds none.
        vulnerability_neutral: "v0", "probability", 0.0..=2.0, 0.5;
        /// How fast evidence is forgotten.
        forgetting: "η_L", "1/year", 0.0..=10.0, 0.068;
        /// Log likelihood ratio of starting a war.
        war_evidence: "ℓ_w", "log-odds", 0.0..=20.0, 2.0;
        /// Log likelihood ratio of standing firm in a crisis.
        firm_evidence: "ℓ_f", "log-odds", 0.0..=20.0, 0.1;
        /// Log likelihood ratio, for peace, of conceding in a crisis.
        concession_evidence: "ℓ_c", "log-odds", 0.0..=20.0, 0.3;
    }
}
