//! E10 Reciprocal fear of surprise attack.
crate::parameters! {
    /// How far states think about what others think.
    pub struct ReciprocalFear {
        /// Steps of reasoning; 0 none, 1000 and more the fixed point.
        levels: "K", "count", 0.0..=1000.0, 3.0;
    }
}
