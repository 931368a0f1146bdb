//! E11 Prevention.
crate::parameters! {
    /// How far ahead states look.
    pub struct Prevention {
        /// Years ahead.
        horizon: "h", "years", 0.0..=50.0, 5.0;
        /// What next year counts for against this one.
        discount: "δ", "1/year", 0.0..=0.9999, 0.9;
    }
}
