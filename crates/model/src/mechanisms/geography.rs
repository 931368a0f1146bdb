//! E1 Reach.
crate::parameters! {
    /// How force loses strength with distance.
    pub struct Geography {
        /// Share of strength that reaches any distance.
        floor: "o", "0..1", 0.0..=1.0, 0.02;
        /// Distance at which the rest is halved.
        half_distance: "d0", "km", 1.0..=40000.0, 1000.0;
        /// How steeply strength falls with distance.
        steepness: "s", "1", 0.1..=20.0, 3.0;
        /// Reach below which a dyad is not simulated, unless allied.
        negligible: "G_min", "0..1", 0.0..=1.0, 0.03;
    }
}
