//! The uncertainty of an optimum, from the shape of the squared distance around it.
//!
//! If the error of every target is normal with the stated scale, `d²/2` is, up to a constant, the negative logarithm of the
//! likelihood. About its least value it is a quadratic form, fitted by least squares to the candidates that lie near,
//! `d²(θ) − d²(θ̂) = g·(θ − θ̂) + (θ − θ̂)ᵀ A (θ − θ̂)`, and the covariance of the parameters is `A⁻¹`. A direction along which the form
//! rises less than the range of a parameter allows, or falls, is not identified by the targets: there the variance is that of a uniform
//! number, 1/12.

use super::chi_square_99;
use super::linear::{cholesky, solve, symmetric_eigen};

/// Candidates for each coefficient that is fitted.
const FOR_EACH: usize = 3;
/// Precision that the range of a parameter gives: one over the variance of a uniform number.
const OF_THE_RANGE: f64 = 12.0;

/// The shape of the squared distance about an optimum.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LocalFit {
    /// Covariance of the parameters in the unit cube, row by row.
    pub(super) covariance: Vec<f64>,
    /// Directions that the targets do not identify.
    pub(super) unidentified: usize,
    /// Candidates that it was fitted to.
    pub(super) candidates: usize,
    /// Share of the variance of their squared distances that the quadratic form explains.
    pub(super) explained: f64,
}

/// Fits the quadratic form about the best of the candidates (places and distances).
///
/// # Errors
/// Why there is none: there are too few candidates, or they do not differ.
pub(super) fn local_fit(places: &[&[f64]], distances: &[f64], best: usize) -> Result<LocalFit, &'static str> {
    let centre = places[best];
    let n = centre.len();
    let least = distances[best] * distances[best];
    let coefficients = n + n * (n + 1) / 2;
    // Those that the posterior holds, or, where these are few, the nearest.
    let mut near: Vec<(f64, &[f64])> = places
        .iter()
        .zip(distances)
        .map(|(place, distance)| (distance * distance - least, *place))
        .filter(|(above, place)| above.is_finite() && *place != centre)
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    let most = chi_square_99(n);
    let inside = near.iter().filter(|(above, _)| *above <= most).count();
    near.truncate(inside.max(FOR_EACH * coefficients));
    if near.len() < FOR_EACH * coefficients {
        return Err("too few candidates near the optimum");
    }
    let row = |place: &[f64]| -> Vec<f64> {
        let away: Vec<f64> = place.iter().zip(centre).map(|(x, c)| x - c).collect();
        let mut row = away.clone();
        for k in 0..n {
            for l in k..n {
                row.push(away[k] * away[l]);
            }
        }
        row
    };
    let rows: Vec<Vec<f64>> = near.iter().map(|(_, place)| row(place)).collect();
    let found = least_squares(&rows, near.iter().map(|(above, _)| *above))
        .ok_or("the candidates cannot separate the effects of the parameters")?;
    let mut shape = vec![0.0; n * n];
    let mut next = n;
    for k in 0..n {
        for l in k..n {
            let half = if k == l { found[next] } else { 0.5 * found[next] };
            shape[k * n + l] = half;
            shape[l * n + k] = half;
            next += 1;
        }
    }
    let (values, vectors) = symmetric_eigen(&shape, n);
    let unidentified = values.iter().filter(|value| **value < OF_THE_RANGE).count();
    let mut covariance = vec![0.0; n * n];
    for (k, value) in values.iter().enumerate() {
        let variance = 1.0 / value.max(OF_THE_RANGE);
        for row in 0..n {
            for column in 0..n {
                covariance[row * n + column] += variance * vectors[row * n + k] * vectors[column * n + k];
            }
        }
    }
    let mean = near.iter().fold(0.0, |sum, (above, _)| sum + above) / near.len() as f64;
    let (mut left, mut all) = (0.0, 0.0);
    for (row, (above, _)) in rows.iter().zip(&near) {
        let fitted = row.iter().zip(&found).fold(0.0, |sum, (x, b)| sum + x * b);
        left += (above - fitted) * (above - fitted);
        all += (above - mean) * (above - mean);
    }
    Ok(LocalFit { covariance, unidentified, candidates: near.len(), explained: 1.0 - left / all })
}

/// Coefficients with which the rows come nearest to the values; `None` where the rows cannot separate the coefficients.
fn least_squares(rows: &[Vec<f64>], values: impl Iterator<Item = f64>) -> Option<Vec<f64>> {
    let count = rows.first()?.len();
    // Columns are brought to one size, so that the equations are not worse than they need be.
    let sizes: Vec<f64> = (0..count)
        .map(|k| rows.iter().fold(0.0, |sum, row| sum + row[k] * row[k]).sqrt())
        .map(|size| if size > 0.0 { size } else { 1.0 })
        .collect();
    let mut normal = vec![0.0; count * count];
    let mut right = vec![0.0; count];
    for (row, value) in rows.iter().zip(values) {
        for k in 0..count {
            right[k] += row[k] / sizes[k] * value;
            for l in 0..count {
                normal[k * count + l] += row[k] / sizes[k] * row[l] / sizes[l];
            }
        }
    }
    (0..count).for_each(|k| normal[k * count + k] += 1e-12);
    let factor = cholesky(&normal, count)?;
    Some(solve(&factor, count, &right).iter().zip(&sizes).map(|(x, size)| x / size).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::Stream;

    #[test]
    fn a_quadratic_form_is_found_exactly() {
        // Two errors of .1 and .2, correlated by one half: Σ = [[.01, .01], [.01, .04]].
        let inverse = [4.0 / 3.0 * 100.0, -100.0 / 3.0, -100.0 / 3.0, 100.0 / 3.0];
        let centre = [0.4, 0.6];
        let mut stream = Stream::new(1, "test", 0, 0);
        let mut places: Vec<Vec<f64>> = (0..60).map(|_| vec![stream.uniform(), stream.uniform()]).collect();
        places[17] = centre.to_vec();
        let distance = |place: &Vec<f64>| {
            let (x, y) = (place[0] - centre[0], place[1] - centre[1]);
            (2.0 + inverse[0] * x * x + 2.0 * inverse[1] * x * y + inverse[3] * y * y).sqrt()
        };
        let distances: Vec<f64> = places.iter().map(distance).collect();
        let places: Vec<&[f64]> = places.iter().map(Vec::as_slice).collect();
        let fit = local_fit(&places, &distances, 17).expect("a quadratic form");
        for (found, wanted) in fit.covariance.iter().zip([0.01, 0.01, 0.01, 0.04]) {
            assert!((found - wanted).abs() < 1e-6, "{:?}", fit.covariance);
        }
        assert!(fit.explained > 0.999_999, "{}", fit.explained);
        assert!(local_fit(&places[..12], &distances[..12], 3).is_err(), "too few");
    }

    #[test]
    fn a_valley_without_end_is_as_uncertain_as_its_range() {
        let mut stream = Stream::new(2, "test", 0, 0);
        let places: Vec<Vec<f64>> = (0..80).map(|_| vec![stream.uniform(), stream.uniform()]).collect();
        // Falls along the second parameter: only a wall holds it.
        let distance = |p: &Vec<f64>| (9.0 + 50.0 * (p[0] - 0.5) * (p[0] - 0.5) - 3.0 * p[1] - 2.0 * p[1] * p[1]).sqrt();
        let distances: Vec<f64> = places.iter().map(distance).collect();
        let best = (0..80).min_by(|a, b| distances[*a].total_cmp(&distances[*b])).expect("eighty");
        let places: Vec<&[f64]> = places.iter().map(Vec::as_slice).collect();
        let fit = local_fit(&places, &distances, best).expect("a form");
        let [x, y] = [fit.covariance[0], fit.covariance[3]];
        assert!((x - 0.02).abs() < 1e-6 && (y - 1.0 / 12.0).abs() < 1e-6 && fit.unidentified == 1, "{fit:?}");
    }
}
