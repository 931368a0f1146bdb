//! Distances between capitals.

/// Mean radius of the Earth in km (IUGG, R₁ = (2a + b)/3 of WGS 84).
const MEAN_EARTH_RADIUS_KM: f64 = 6371.0088;

/// Great-circle distance in km between two places (latitude, longitude) in degrees, by the haversine formula.
pub(crate) fn great_circle_km(from: (f64, f64), to: (f64, f64)) -> f64 {
    let radians = core::f64::consts::PI / 180.0;
    let half_latitude = libm::sin((to.0 - from.0) * radians / 2.0);
    let half_longitude = libm::sin((to.1 - from.1) * radians / 2.0);
    let square =
        half_latitude * half_latitude + libm::cos(from.0 * radians) * libm::cos(to.0 * radians) * half_longitude * half_longitude;
    2.0 * MEAN_EARTH_RADIUS_KM * libm::asin(libm::sqrt(square.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_a_great_circle_and_known_capitals() {
        let quarter = MEAN_EARTH_RADIUS_KM * core::f64::consts::FRAC_PI_2;
        let pole = great_circle_km((0.0, 17.0), (90.0, -60.0));
        assert!((pole - quarter).abs() < 1e-8, "equator to pole is {pole} km, not {quarter}");
        let antipode = great_circle_km((10.0, 20.0), (-10.0, -160.0));
        assert!((antipode - 2.0 * quarter).abs() < 1e-3, "half a circle is {antipode} km");
        let (london, paris, berlin) = ((51.51, -0.13), (48.86, 2.35), (52.52, 13.41));
        let channel = great_circle_km(london, paris);
        assert!((channel - 342.0).abs() < 3.0, "London-Paris is {channel} km, not 342");
        let rhine = great_circle_km(paris, berlin);
        assert!((rhine - 879.0).abs() < 3.0, "Paris-Berlin is {rhine} km, not 879");
        assert_eq!(great_circle_km(london, berlin).to_bits(), great_circle_km(berlin, london).to_bits(), "it is symmetric");
    }
}
