//! E6 Posture.
crate::parameters! {
    /// What kind of arms states buy.
    pub struct Posture {
        /// Pull of the believed balance toward offence.
        balance_pull: "s1", "1", 0.0..=100.0, 2.0;
        /// Pull of greed toward offence.
        greed_pull: "s2", "1", 0.0..=100.0, 2.5;
        /// Pull of reassurance toward defence, where it can be told apart.
        reassurance_pull: "s3", "1", 0.0..=100.0, 2.0;
    }
}
