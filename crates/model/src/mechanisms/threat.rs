//! E4 Threat.
crate::parameters! {
    /// How arms become threat.
    pub struct Threat {
        /// Fear that anarchy leaves even of a peaceful state.
        anarchy: "λ", "0..1", 0.0..=1.0, 0.16;
    }
}
