//! E3 What arms look like.
crate::parameters! {
    /// How states see one another's arms.
    pub struct Observation {
        /// Standard deviation of the error in another's arms, without monitoring.
        arms_noise: "σ_a", "log units", 0.0..=5.0, 0.1;
        /// Share of a fortress that counts as a base for attack.
        fortress_as_base: "ζ", "0..1", 0.0..=1.0, 0.2;
    }
}
